/*
 * The questions of `init`: as flags, as words at a terminal, with their
 * defaults. Answers are checked by the conf's own reader (init_conf.c); here
 * only what must be there is seen to be there.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/init.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define FLAGS_MAX 2000

const struct init_question init_questions[] = {
	[INIT_NAME] = { "name", "TEXT", "the window's name, as mail from it shows it",
		"The window's name, as its mail shows it (Example Inc. security contact)",
		"desk.www.name", .must = true },
	[INIT_ADDRESS] = { "address", "ADDRESS", "the window's mail address",
		"The window's mail address", "desk.www.address", .must = true },
	[INIT_SITE] = { "site", "URL", "a site that it answers for; may be repeated",
		"The sites that it answers for (URLs, with blanks between)", "desk.www.sites",
		.many = true, .must = true },
	[INIT_LANGUAGE] = { "language", "ja|en", "the language of what is sent (ja)", NULL,
		"desk.www.language", .many = false },
	[INIT_TIME_ZONE] = { "time-zone", "ZONE", "the desk's time zone (Asia/Tokyo)", NULL,
		"desk.www.time_zone", .many = false },
	[INIT_AUTHSERV_ID] = { "authserv-id", "HOST",
		"the host that writes your mail server's Authentication-Results; may be repeated",
		"The host that writes your mail server's Authentication-Results\n"
		"(look into a mail's header; without it no unsigned mail is believed)",
		"desk.www.trusted_authserv_id", .many = true },
	[INIT_IMAP_URL] = { "imap-url", "URL", "imaps://HOST, or imap://HOST for STARTTLS",
		"The mailbox's server", "desk.www.imap.url", .must = true },
	[INIT_IMAP_USER] = { "imap-user", "USER", "the login there", "Login there",
		"desk.www.imap.user", .must = true },
	[INIT_IMAP_PASSWORD_FILE] = { "imap-password-file", "FILE",
		"a file whose first line is the password", NULL, "desk.www.imap.password_file",
		.many = false },
	[INIT_IMAP_PASSWORD_COMMAND] = { "imap-password-command", "COMMAND",
		"or a command that prints it", NULL, "desk.www.imap.password_command", .many = false },
	[INIT_IMAP_CA_FILE] = { "imap-ca-file", "FILE", "certificates trusted beside the system's",
		NULL, "desk.www.imap.ca_file", .many = false },
	[INIT_SMTP_URL] = { "smtp-url", "URL", "smtps://HOST, or smtp://HOST for STARTTLS",
		"The server that takes what is sent", "desk.www.smtp.url", .must = true },
	[INIT_SMTP_USER] = { "smtp-user", "USER", "the login there (that of the mailbox)",
		"Login there", "desk.www.smtp.user", .many = false },
	[INIT_SMTP_PASSWORD_FILE] = { "smtp-password-file", "FILE",
		"as for the mailbox, whose password is taken without it", NULL,
		"desk.www.smtp.password_file", .many = false },
	[INIT_SMTP_PASSWORD_COMMAND] = { "smtp-password-command", "COMMAND", "likewise", NULL,
		"desk.www.smtp.password_command", .many = false },
	[INIT_SMTP_CA_FILE] = { "smtp-ca-file", "FILE", "likewise", NULL, "desk.www.smtp.ca_file",
		.many = false },
	[INIT_IPA] = { "ipa", "yes|no", "whether IPA's notifications are expected (yes)",
		"Shall notifications of IPA be answered (Japan)? yes or no", NULL, .many = false },
	[INIT_IPA_ADDRESS] = { "ipa-address", "ADDRESS",
		"the address that they come from (vuln-contact@ipa.go.jp); may be repeated", NULL,
		"coordinator.IPA.addresses", .many = true },
	[INIT_IPA_KEYS] = { "ipa-keys", "FILE", "IPA's public keys, to be imported",
		"A file with IPA's public keys from its web site (empty: later)", NULL, .many = false },
	[INIT_IPA_KEY] = { "ipa-key", "FINGERPRINT",
		"pin this key, whose fingerprint you have compared; may be repeated", NULL,
		"coordinator.IPA.keys", .many = true },
	[INIT_IPA_ROOT] = { "ipa-root", "FINGERPRINT", "pin this key as the one that certifies others",
		NULL, "coordinator.IPA.root_key", .many = false },
	[INIT_OFFICER] = { "officer", "ADDRESS", "who is told of new mail",
		"The mail address of the officer who is told of new mail", "staff.officer.address",
		.must = true },
	[INIT_OFFICER_KEYS] = { "officer-keys", "FILE", "that person's public key, to be imported",
		"A file with that person's public key (empty: none, alerts go without details)",
		NULL, .many = false },
	[INIT_OFFICER_KEY] = { "officer-key", "FINGERPRINT",
		"seal to this key, whose fingerprint you have compared", NULL,
		"staff.officer.key", .many = false },
	[INIT_STATE_DIR] = { "state-dir", "FOLDER", "the daemon's folder (/var/lib/madoguchi)",
		"The daemon's own folder", "state_dir", .many = false },
	[INIT_GNUPG_HOME] = { "gnupg-home", "FOLDER", "the keyring's (gnupg in the daemon's folder)",
		NULL, "desk.www.pgp.home", .many = false },
	[INIT_KEY] = { "key", "FINGERPRINT",
		"the desk's key, whose secret half is in the keyring; without it one is made", NULL,
		"desk.www.pgp.key", .many = false },
	[INIT_KEY_YEARS] = { "key-years", "NUMBER",
		"how long a key that is made may be used (2; 0 for ever)", NULL, NULL, .many = false },
	[INIT_KEY_PASSPHRASE_FILE] = { "key-passphrase-file", "FILE",
		"a file whose first line the key is locked with", NULL,
		"desk.www.pgp.passphrase_file", .many = false },
	[INIT_YES] = { "yes", NULL, "do not ask whether all is right (a key is never pinned by it)",
		NULL, NULL, .many = false },
#ifdef ENABLE_TEST_HOOKS
	[INIT_STOP_AFTER] = { "stop-after", "STEPS", NULL, NULL, NULL, .many = false },
#endif
};

void
init_given(struct cli *cli, enum init_answer question, const char *value)
{
	const char *before = cli->answers[question];

	if (before != NULL && init_questions[question].many)
		value = arena_printf(cli->arena, "%s\n%s", before, value);
	cli->answers[question] = value != NULL ? value : "";
}

/* "security@example.co.jp" -> "imaps://imap.example.co.jp" */
static const char *
guess_url(const struct init *init, const char *scheme, const char *host)
{
	const char *address = init->answers[INIT_ADDRESS];
	const char *at = address != NULL ? strrchr(address, '@') : NULL;

	return at == NULL ? NULL
			  : arena_printf(init->cli->arena, "%s://%s.%s", scheme, host, at + 1);
}

static const char *
fallback(const struct init *init, enum init_answer question)
{
	switch (question) {
	case INIT_LANGUAGE:
		return "ja";
	case INIT_TIME_ZONE:
		return "Asia/Tokyo";
	case INIT_IMAP_URL:
		return guess_url(init, "imaps", "imap");
	case INIT_SMTP_URL:
		return guess_url(init, "smtps", "smtp");
	case INIT_IMAP_USER:
		return init->answers[INIT_ADDRESS];
	case INIT_SMTP_USER:
		return init->answers[INIT_IMAP_USER];
	case INIT_IPA:
		return "yes";
	case INIT_IPA_ADDRESS:
		return "vuln-contact@ipa.go.jp";
	case INIT_STATE_DIR:
		return "/var/lib/madoguchi";
	case INIT_GNUPG_HOME:
		return arena_printf(
			init->cli->arena, "%s/gnupg", init->answers[INIT_STATE_DIR]);
	case INIT_KEY_YEARS:
		return "2";
	case INIT_AUTHSERV_ID:
	case INIT_IPA_KEYS:
	case INIT_OFFICER_KEYS:
		return "";
	default:
		return NULL;
	}
}

/* With blanks between at the terminal, one a line for us. */
static char *
as_lines(char *words)
{
	char *to = words;

	for (char *at = words; *at != '\0'; at++) {
		bool blank = *at == ' ' || *at == '\t' || *at == ',';

		if (!blank)
			*to++ = *at;
		else if (to > words && to[-1] != '\n')
			*to++ = '\n';
	}
	*to = '\0';
	return words;
}

static bool
is_no(const char *answer)
{
	return answer != NULL && (text_equal_ci(answer, "no") || text_equal_ci(answer, "n"));
}

/* Questions that another answer has made needless. */
static bool
needless(const struct init *init, enum init_answer question)
{
	switch (question) {
	case INIT_IPA_ADDRESS:
	case INIT_IPA_KEYS:
	case INIT_IPA_KEY:
	case INIT_IPA_ROOT:
		return is_no(init->answers[INIT_IPA]);
	default:
		return false;
	}
}

/* Asks one; false at the input's end. */
static bool
ask(struct init *init, enum init_answer question)
{
	const struct init_question *about = &init_questions[question];
	const char *preset = init->answers[question] != NULL ? init->answers[question]
							     : fallback(init, question);
	char *line;

	do {
		line = ask_line(init->cli, about->ask, about->many ? NULL : preset);
	} while (line != NULL && line[0] == '\0' && about->must);
	if (line == NULL)
		return false;
	init->answers[question] = about->many ? as_lines(line) : line;
	return true;
}

/* The passwords, unless a flag says where they are or a file of ours holds them. */
static bool
ask_passwords(struct init *init)
{
	bool imap = init->answers[INIT_IMAP_PASSWORD_FILE] == NULL &&
		init->answers[INIT_IMAP_PASSWORD_COMMAND] == NULL &&
		access(init_password_file(init, "imap"), F_OK) != 0;
	bool smtp = init->answers[INIT_SMTP_PASSWORD_FILE] == NULL &&
		init->answers[INIT_SMTP_PASSWORD_COMMAND] == NULL &&
		init->answers[INIT_SMTP_USER] != NULL && init->answers[INIT_SMTP_USER][0] != '\0' &&
		access(init_password_file(init, "smtp"), F_OK) != 0;

	if (imap && init->imap_password == NULL) {
		do {
			init->imap_password = ask_secret(init->cli, "The mailbox's password");
		} while (init->imap_password != NULL && init->imap_password[0] == '\0');
		if (init->imap_password == NULL)
			return false;
	}
	if (smtp && init->smtp_password == NULL) {
		init->smtp_password = ask_secret(
			init->cli, "The sending server's password, if it is another");
		if (init->smtp_password == NULL)
			return false;
	}
	return true;
}

static bool
ask_all(struct init *init, const bool again[static INIT_ANSWERS], bool first)
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		bool open = first ? init->answers[i] == NULL : again[i];

		if (open && init_questions[i].ask != NULL && !needless(init, (enum init_answer)i) &&
			!ask(init, (enum init_answer)i))
			return false;
	}
	return ask_passwords(init);
}

static void
fill_defaults(struct init *init)
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		if (init->answers[i] == NULL && !init_questions[i].must)
			init->answers[i] = fallback(init, (enum init_answer)i);
	}
}

/* A file is named by where it lies, whatever folder we were called in. */
static int
absolute_files(struct init *init)
{
	static const enum init_answer files[] = { INIT_IMAP_PASSWORD_FILE, INIT_IMAP_CA_FILE,
		INIT_SMTP_PASSWORD_FILE, INIT_SMTP_CA_FILE, INIT_KEY_PASSPHRASE_FILE };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *given = init->answers[files[i]];

		if (given == NULL || given[0] == '\0')
			continue;
		if (realpath(given, path) == NULL)
			return cli_fail(EX_NOINPUT, "--%s: %s: there is no such file",
				init_questions[files[i]].flag, given);
		init->answers[files[i]] = arena_strdup(init->cli->arena, path);
	}
	return EX_OK;
}

static int
tell_missing(const struct init *init)
{
	struct text flags;

	text_init(&flags, init->cli->arena, FLAGS_MAX);
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		if (init_questions[i].must && init->answers[i] == NULL)
			text_addf(&flags, " --%s", init_questions[i].flag);
	}
	if (init->answers[INIT_IMAP_PASSWORD_FILE] == NULL &&
		init->answers[INIT_IMAP_PASSWORD_COMMAND] == NULL &&
		init->imap_password == NULL &&
		access(init_password_file(init, "imap"), F_OK) != 0)
		text_add(&flags, " --imap-password-file");
	if (flags.len == 0)
		return EX_OK;
	return cli_fail(EX_USAGE, "there is no terminal to ask at; missing:%s", flags.data);
}

/* Whether a person can mend each of them here: some are flags alone. */
static bool
can_be_asked(const bool bad[static INIT_ANSWERS])
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		if (bad[i] && init_questions[i].ask == NULL)
			return false;
	}
	return true;
}

int
init_gather(struct init *init)
{
	bool bad[INIT_ANSWERS] = { false };
	int status;

	if (init->terminal) {
		cli_put("A desk is made here. Nothing but empty folders is made before you say so "
			"at the\nend; an empty answer takes what stands in brackets.\n\n");
		if (!ask_all(init, bad, true))
			return cli_fail(EX_USAGE, "the answers ended");
	}
	fill_defaults(init);
	status = tell_missing(init);
	if (status == EX_OK)
		status = absolute_files(init);
	if (status == EX_OK)
		status = init_conf_check(init, bad);
	while (status == EX_DATAERR && init->terminal && can_be_asked(bad)) {
		if (!ask_all(init, bad, false))
			return cli_fail(EX_USAGE, "the answers ended");
		memset(bad, 0, sizeof(bad));
		status = init_conf_check(init, bad);
	}
	return status;
}
