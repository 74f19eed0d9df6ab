/*
 * The conf that `init` writes: the answers as libconfig text, and what the
 * conf's own reader says of it before a file is made. The draft lies in memory
 * and names no file that does not exist yet.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/init.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define MISTAKES_MAX (256 * 1024)
#define DRAFT_KEY "0000000000000000000000000000000000000000"
#define DRAFT_COMMAND "false"	/* stands where a password's file will; a draft runs nothing */

struct writing {
	const struct init *init;
	struct text text;
	bool draft;
};

static const char *
answer(const struct writing *writing, enum init_answer question)
{
	const char *given = writing->init->answers[question];

	return given != NULL ? given : "";
}

static void
put_string(struct writing *writing, const char *indent, const char *name, const char *value)
{
	text_addf(&writing->text, "%s%s = ", indent, name);
	conf_put_string(&writing->text, value);
	text_add(&writing->text, "\n");
}

/* Only what was given: the rest is the default that the manual names. */
static void
put_given(struct writing *writing, const char *indent, const char *name, enum init_answer question)
{
	if (answer(writing, question)[0] != '\0')
		put_string(writing, indent, name, answer(writing, question));
}

/* One a line, as a list. */
static void
put_lines(struct writing *writing, const char *indent, const char *name, const char *lines)
{
	const char *comma = "";

	text_addf(&writing->text, "%s%s = [", indent, name);
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");

		if (len > 0) {
			text_add(&writing->text, comma);
			conf_put_string(&writing->text,
				arena_strndup(writing->init->cli->arena, lines, len));
			comma = ", ";
		}
		lines += len + (lines[len] == '\n');
	}
	text_add(&writing->text, "]\n");
}

static void
put_pins(struct writing *writing, const char *indent, const char *name,
	const struct init_pins *pins)
{
	struct text lines;

	text_init(&lines, writing->init->cli->arena, INIT_PINS_MAX * (PGP_FPR + 1));
	for (size_t i = 0; i < pins->count; i++)
		text_addf(&lines, "%s\n", pins->fprs[i]);
	put_lines(writing, indent, name, lines.data);
}

/* Which keys are pinned is seen later; a draft has what was given, for its form. */
static void
put_given_fpr(struct writing *writing, const char *indent, const char *name,
	enum init_answer question, const char *fallback)
{
	const char *given = answer(writing, question);

	put_string(writing, indent, name,
		given[0] != '\0' ? init_plain_fpr(writing->init, given) : fallback);
}

static void
put_ipa_keys(struct writing *writing)
{
	const struct init *init = writing->init;

	if (writing->draft) {
		put_lines(writing, "        ", "keys",
			init_plain_fpr(init, answer(writing, INIT_IPA_KEY)));
		put_given_fpr(writing, "        ", "root_key", INIT_IPA_ROOT, "");
		return;
	}
	put_pins(writing, "        ", "keys", &init->ipa);
	put_string(writing, "        ", "root_key", init->root != NULL ? init->root : "");
}

static void
put_officer_key(struct writing *writing)
{
	const struct init_pins *pins = &writing->init->officer;

	if (writing->draft)
		put_given_fpr(writing, "        ", "key", INIT_OFFICER_KEY, "");
	else
		put_string(writing, "        ", "key", pins->count > 0 ? pins->fprs[0] : "");
}

const char *
init_password_file(const struct init *init, const char *name)
{
	return arena_printf(init->cli->arena, "%s/%s.password", init->folder, name);
}

static bool
has_file(const struct init *init, const char *name)
{
	return access(init_password_file(init, name), F_OK) == 0;
}

static void
put_password(struct writing *writing, const char *name, enum init_answer file,
	enum init_answer command)
{
	if (answer(writing, file)[0] != '\0')
		put_string(writing, "            ", "password_file", answer(writing, file));
	else if (answer(writing, command)[0] != '\0')
		put_string(writing, "            ", "password_command", answer(writing, command));
	else if (writing->draft)
		put_string(writing, "            ", "password_command", DRAFT_COMMAND);
	else
		put_string(writing, "            ", "password_file",
			arena_printf(writing->init->cli->arena, "%s.password", name));
}

static void
put_server(struct writing *writing, const char *scheme, enum init_answer url, enum init_answer user,
	enum init_answer ca_file)
{
	put_string(writing, "            ", "url", answer(writing, url));
	if (text_starts(answer(writing, url), scheme))
		put_string(writing, "            ", "tls", "starttls");
	put_given(writing, "            ", "ca_file", ca_file);
	put_given(writing, "            ", "user", user);
}

/* The sending server's own password where there is one, else the mailbox's. */
static void
put_smtp_password(struct writing *writing)
{
	const struct init *init = writing->init;
	bool own = answer(writing, INIT_SMTP_PASSWORD_FILE)[0] != '\0' ||
		answer(writing, INIT_SMTP_PASSWORD_COMMAND)[0] != '\0' ||
		(init->smtp_password != NULL && init->smtp_password[0] != '\0') ||
		has_file(init, "smtp");

	if (answer(writing, INIT_SMTP_USER)[0] == '\0')
		return;
	if (own)
		put_password(
			writing, "smtp", INIT_SMTP_PASSWORD_FILE, INIT_SMTP_PASSWORD_COMMAND);
	else
		put_password(
			writing, "imap", INIT_IMAP_PASSWORD_FILE, INIT_IMAP_PASSWORD_COMMAND);
}

static void
put_desk(struct writing *writing)
{
	const struct init *init = writing->init;

	text_add(&writing->text, "desk: {\n    www: {\n");
	put_string(writing, "        ", "name", answer(writing, INIT_NAME));
	put_string(writing, "        ", "address", answer(writing, INIT_ADDRESS));
	put_lines(writing, "        ", "sites", answer(writing, INIT_SITE));
	put_string(writing, "        ", "language", answer(writing, INIT_LANGUAGE));
	put_string(writing, "        ", "time_zone", answer(writing, INIT_TIME_ZONE));
	put_lines(writing, "        ", "trusted_authserv_id", answer(writing, INIT_AUTHSERV_ID));
	text_add(&writing->text, "        imap: {\n");
	put_server(writing, "imap://", INIT_IMAP_URL, INIT_IMAP_USER, INIT_IMAP_CA_FILE);
	put_password(writing, "imap", INIT_IMAP_PASSWORD_FILE, INIT_IMAP_PASSWORD_COMMAND);
	text_add(&writing->text, "        }\n        smtp: {\n");
	put_server(writing, "smtp://", INIT_SMTP_URL, INIT_SMTP_USER, INIT_SMTP_CA_FILE);
	put_smtp_password(writing);
	text_add(&writing->text, "        }\n        pgp: {\n");
	put_string(writing, "            ", "home", answer(writing, INIT_GNUPG_HOME));
	if (writing->draft)
		put_given_fpr(writing, "            ", "key", INIT_KEY, DRAFT_KEY);
	else
		put_string(writing, "            ", "key", init->key);
	put_given(writing, "            ", "passphrase_file", INIT_KEY_PASSPHRASE_FILE);
	text_add(&writing->text, "        }\n    }\n}\n");
}

static void
put_people(struct writing *writing)
{
	if (!text_equal_ci(answer(writing, INIT_IPA), "no")) {
		text_add(&writing->text, "coordinator: {\n    IPA: {\n");
		put_lines(writing, "        ", "addresses", answer(writing, INIT_IPA_ADDRESS));
		put_string(writing, "        ", "number", "IPA#([0-9]{8})");
		text_add(&writing->text, "        # Fingerprints that a person has compared; no other "
					 "key of IPA is believed.\n");
		put_ipa_keys(writing);
		put_string(writing, "        ", "enquiries", "vuln-inq@ipa.go.jp");
		text_add(&writing->text, "    }\n}\n");
	}
	text_add(&writing->text, "staff: {\n    officer: {\n");
	put_string(writing, "        ", "address", answer(writing, INIT_OFFICER));
	put_string(writing, "        ", "role", "officer");
	put_officer_key(writing);
	put_string(writing, "        ", "language", answer(writing, INIT_LANGUAGE));
	text_add(&writing->text, "    }\n}\n");
}

static char *
conf_text(const struct init *init, bool draft)
{
	struct writing writing = { .init = init, .draft = draft };

	text_init(&writing.text, init->cli->arena, CONF_FILE_MAX);
	text_add(&writing.text,
		"# Made by `madoguchi init`. Every key, and the default of those that do not stand\n"
		"# here: madoguchi.conf(5). `madoguchid --check` tells every mistake.\n");
	put_string(&writing, "", "state_dir", answer(&writing, INIT_STATE_DIR));
	put_desk(&writing);
	put_people(&writing);
	return writing.text.data;
}

char *
init_conf_text(const struct init *init)
{
	return conf_text(init, false);
}

/* --- what is wrong with the answers --- */

/* "FILE:LINE: path: words" from its path on: nobody has seen the draft. */
static const char *
from_path(const char *line, const char *file)
{
	const char *path = line + strlen(file) + 1;

	path += strspn(path, "0123456789");
	return path + strspn(path, ": ");
}

static bool
is_of(const char *mistake, const char *path)
{
	return text_starts(mistake, path) &&
		(mistake[strlen(path)] == ':' || mistake[strlen(path)] == '[');
}

/* The question that fills the key, INIT_ANSWERS for none. */
static size_t
question_of(const char *mistake)
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		if (init_questions[i].path != NULL && is_of(mistake, init_questions[i].path))
			return i;
	}
	return INIT_ANSWERS;
}

/* Each mistake with the flag that made it. The officer's language is the desk's: told there. */
static int
tell_mistakes(char *mistakes, const char *file, bool bad_r[static INIT_ANSWERS])
{
	int status = EX_DATAERR;

	for (char *line = strtok_r(mistakes, "\n", &mistakes); line != NULL;
		line = strtok_r(NULL, "\n", &mistakes)) {
		const char *mistake = text_starts(line, file) ? from_path(line, file) : line;
		size_t question = question_of(mistake);

		if (question != INIT_ANSWERS) {
			bad_r[question] = true;
			(void)cli_fail(0, "--%s: %s", init_questions[question].flag, mistake);
		} else if (!bad_r[INIT_LANGUAGE] || !is_of(mistake, "staff.officer.language")) {
			status = cli_fail(EX_CONFIG, "%s", mistake);
		}
	}
	return status;
}

static int
check_draft(const struct init *init, bool bad_r[static INIT_ANSWERS])
{
	struct arena *arena = init->cli->arena;
	const char *draft = conf_text(init, true), *file;
	struct text mistakes;
	struct conf *conf;
	int fd;

	fd = io_memfd(draft, strlen(draft));
	if (fd < 0)
		return cli_fail(EX_OSERR, "no memory file: %s", strerrordesc_np(errno));
	file = arena_printf(arena, "/proc/self/fd/%d", fd);
	text_init(&mistakes, arena, MISTAKES_MAX);
	conf = conf_read(arena, file, init->cli->data_dir, NULL, &mistakes);
	io_close(&fd);
	if (conf == NULL)
		return tell_mistakes(mistakes.data, file, bad_r);
	conf_close(conf);
	return EX_OK;
}

static int
is_bad(enum init_answer question, const char *why, bool bad_r[static INIT_ANSWERS])
{
	bad_r[question] = true;
	return cli_fail(EX_DATAERR, "--%s: %s", init_questions[question].flag, why);
}

static int
check_keys_file(const struct init *init, enum init_answer question, bool bad_r[static INIT_ANSWERS])
{
	const char *path = init->answers[question];

	if (path == NULL || path[0] == '\0' || access(path, R_OK) == 0)
		return EX_OK;
	return is_bad(question, arena_printf(init->cli->arena, "%s: %s", path, strerrordesc_np(errno)),
		bad_r);
}

/* What a conf does not hold. */
static int
check_others(const struct init *init, bool bad_r[static INIT_ANSWERS])
{
	const char *ipa = init->answers[INIT_IPA];
	int status = EX_OK, wrong;
	int64_t years;

	if (!text_equal_ci(ipa, "yes") && !text_equal_ci(ipa, "no"))
		status = is_bad(INIT_IPA, "yes or no is wanted", bad_r);
	if (!text_number(init->answers[INIT_KEY_YEARS], 0, INIT_KEY_YEARS_MAX, &years))
		status = is_bad(INIT_KEY_YEARS, arena_printf(init->cli->arena,
			"a number of years up to %d is wanted", INIT_KEY_YEARS_MAX), bad_r);
	wrong = text_equal_ci(ipa, "yes") ? check_keys_file(init, INIT_IPA_KEYS, bad_r) : EX_OK;
	status = wrong != EX_OK ? wrong : status;
	wrong = check_keys_file(init, INIT_OFFICER_KEYS, bad_r);
	return wrong != EX_OK ? wrong : status;
}

int
init_conf_check(const struct init *init, bool bad_r[static INIT_ANSWERS])
{
	int others = check_others(init, bad_r), draft = check_draft(init, bad_r);

	return draft != EX_OK ? draft : others;
}
