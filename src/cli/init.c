/*
 * `init`: a desk from nothing. Every question is asked and checked before
 * anything lasting is made; then one step after the other, in an order in which
 * a run that was cut leaves what the next one takes up: keys before the conf
 * that names them, the conf before the store. What is there is never changed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/drill.h"
#include "cli/init.h"
#include "port/conf.h"
#include "room/vault.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define CONF_MODE 0640
#define SECRET_MODE 0600
#define FOLDER_MODE 0700
#define REFRESHED "madoguchi.refreshed"	/* in the home: whose key the keybox was made anew for */
#define CONF_FOLDER_MODE 0750
#define MISTAKES_MAX (256 * 1024)

void
init_tell(struct init *init, const char *what, const char *of)
{
	cli_put(text_printable(
		init->cli->arena, arena_printf(init->cli->arena, "%-12s %s\n", what, of)));
}

void
init_step(struct init *init)
{
#ifdef ENABLE_TEST_HOOKS
	int64_t stop;

	init->steps++;
	if (init->answers[INIT_STOP_AFTER] != NULL &&
		text_number(init->answers[INIT_STOP_AFTER], 1, 1000, &stop) &&
		init->steps == (unsigned)stop)
		(void)raise(SIGKILL);
#else
	(void)init;
#endif
	(void)fflush(stdout);
}

/* The folder with those above it. */
static int
make_folder(struct init *init, const char *path, mode_t mode)
{
	char *copy = arena_strdup(init->cli->arena, path);
	struct stat st;

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode)
			? EX_OK
			: cli_fail(EX_CANTCREAT, "%s is there and is no folder", path);
	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(copy, 0755);
		*slash = '/';
	}
	if (mkdir(path, mode) != 0 || chmod(path, mode) != 0)
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerrordesc_np(errno));
	init_tell(init, "made", path);
	init_step(init);
	return EX_OK;
}

/* Never over one that is there. */
static int
make_file(struct init *init, const char *path, const char *bytes, unsigned mode)
{
	struct err err;

	if (access(path, F_OK) == 0) {
		init_tell(init, "left alone", path);
		return EX_OK;
	}
	if (io_put_file(path, bytes, strlen(bytes), mode, false, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	init_tell(init, "made", path);
	init_step(init);
	return EX_OK;
}

/* The keyring's folder as performance wants it, with a vault over it. */
static int
open_home(struct init *init)
{
	struct arena *arena = init->cli->arena;
	int status = make_folder(init, init->home, FOLDER_MODE);
	enum outcome outcome;
	struct err err;

	for (size_t i = 0; status == EX_OK && i < CLI_HOME_FILES; i++)
		status = make_file(init,
			arena_printf(arena, "%s/%s", init->home, cli_home_files[i].name),
			cli_home_files[i].text, SECRET_MODE);
	if (status != EX_OK)
		return status;
	outcome = vault_open(init->home, init->passphrase_file, &init->vault, &err);
	return outcome == DONE
		? EX_OK
		: cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_UNAVAILABLE, "%s", err.text);
}

static int
make_password(struct init *init, const char *name, const char *typed)
{
	if (typed == NULL || typed[0] == '\0')
		return EX_OK;
	return make_file(init, init_password_file(init, name),
		arena_printf(init->cli->arena, "%s\n", typed), SECRET_MODE);
}

static int
confirm(struct init *init)
{
	if (!init->terminal || init->answers[INIT_YES] != NULL ||
		ask_yes(init->cli,
			arena_printf(init->cli->arena, "\nMake the desk now, with its conf %s?",
				init->conf_file),
			true))
		return EX_OK;
	return cli_fail(EXIT_FAILURE, "as you wish: nothing was made but empty folders");
}

/*
 * The keybox anew, once for each key that the desk gets: gpg then need not check
 * the key's own signatures in each run. That it was done stands beside it.
 */
static int
refresh_keybox(struct init *init)
{
	struct arena *arena = init->cli->arena;
	const char *mark = arena_printf(arena, "%s/" REFRESHED, init->home);
	const char *line = arena_printf(arena, "%s\n", init->key);
	struct err err;
	char *done;
	size_t len;

	if (io_read_file(arena, mark, PGP_FPR, &done, &len, &err) == DONE && text_equal(done, line))
		return EX_OK;
	switch (vault_refresh(init->vault, &err)) {
	case DONE:
		init_tell(init, "made", "the keybox anew, for speed");
		break;
	case LATER:
		return cli_fail(EX_TEMPFAIL, "%s", err.text);
	default:
		init_tell(init, "left alone", arena_printf(arena, "the keybox: %s", err.text));
		break;
	}
	init_step(init);
	if (io_put_file(mark, line, strlen(line), SECRET_MODE, true, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	init_step(init);
	return EX_OK;
}

/* A desk that is not there yet. */
static int
make_desk(struct init *init)
{
	int status = init_gather(init);

	if (status != EX_OK)
		return status;
	init->home = init->answers[INIT_GNUPG_HOME];
	init->passphrase_file = init->answers[INIT_KEY_PASSPHRASE_FILE] != NULL
		? init->answers[INIT_KEY_PASSPHRASE_FILE]
		: "";
	status = make_folder(init, init->folder, CONF_FOLDER_MODE);
	if (status == EX_OK)
		status = make_folder(init, init->answers[INIT_STATE_DIR], FOLDER_MODE);
	if (status == EX_OK)
		status = open_home(init);
	if (status == EX_OK)
		status = init_pin(init);
	if (status == EX_OK)
		status = confirm(init);
	if (status == EX_OK)
		status = init_own_key(init);
	if (status == EX_OK)
		status = init_import(init);
	if (status == EX_OK)
		status = refresh_keybox(init);
	if (status == EX_OK)
		status = make_password(init, "imap", init->imap_password);
	if (status == EX_OK)
		status = make_password(init, "smtp", init->smtp_password);
	if (status == EX_OK)
		status = make_file(init, init->conf_file, init_conf_text(init), CONF_MODE);
	return status;
}

/* Answers that only a new conf could take up. */
static void
tell_unused(struct init *init)
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		if (init->answers[i] != NULL && init_questions[i].path != NULL)
			(void)cli_fail(0, "--%s is not used: %s is there already",
				init_questions[i].flag, init->conf_file);
	}
}

/* What a conf that is there speaks of and that is missing. */
static int
complete_desk(struct init *init)
{
	struct cli *cli = init->cli;
	struct text mistakes;
	struct conf *conf;
	int status;

	init_tell(init, "left alone", init->conf_file);
	tell_unused(init);
	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	conf = conf_read(cli->arena, init->conf_file, cli->data_dir, NULL, &mistakes);
	if (conf == NULL) {
		(void)fputs(mistakes.data, stderr);
		return EX_CONFIG;
	}
	status = make_folder(init, conf->state_dir, FOLDER_MODE);
	for (size_t i = 0; status == EX_OK && i < conf->policy.desk_count; i++) {
		vault_close(&init->vault);
		init->home = conf->desks[i].pgp.home;
		init->passphrase_file = conf->desks[i].pgp.passphrase_file;
		init->key = init->answers[INIT_KEY] = conf->policy.desks[i].key;
		status = open_home(init);
		if (status == EX_OK)
			status = init_own_key(init);
		if (status == EX_OK)
			status = init_import(init);
		if (status == EX_OK)
			status = refresh_keybox(init);
	}
	init->answers[INIT_STATE_DIR] = conf->state_dir;
	conf_close(conf);
	return status;
}

/* Each desk's key for drills, which nobody else knows; before the store, since it forks. */
static int
make_drill_keys(struct init *init)
{
	struct cli *cli = init->cli;
	struct text mistakes;
	struct conf *conf;
	int status = EX_OK;

	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	conf = conf_read(cli->arena, init->conf_file, cli->data_dir, NULL, &mistakes);
	if (conf == NULL) {
		(void)fputs(mistakes.data, stderr);
		return EX_CONFIG;
	}
	for (size_t i = 0; status == EX_OK && i < conf->policy.desk_count; i++) {
		struct drill_key key;
		struct err err;
		enum outcome outcome = drill_key_ready(cli, conf, i, &key, &err);

		drill_key_close(&key);
		if (outcome != DONE)
			status = cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_UNAVAILABLE, "%s", err.text);
		else
			init_tell(init, key.made ? "made" : "is there",
				arena_printf(cli->arena, "the key for drills %s", key.fpr));
		init_step(init);
	}
	conf_close(conf);
	return status;
}

/* The store, and the pair for sealing mail at rest, as the daemon's first start would make them. */
static int
make_store(struct init *init)
{
	static const struct cli_verb rest = { .store = CLI_STORE_WRITE, .engine = true };
	struct cli *cli = init->cli;
	const char *path = arena_printf(cli->arena, "%s/cases.db", init->answers[INIT_STATE_DIR]);
	bool there = access(path, F_OK) == 0;
	int status = cli_open(cli, &rest);

	if (status != EX_OK)
		return status;
	init_tell(init, there ? "is there" : "made", cli->store_path);
	init_step(init);
	return EX_OK;
}

static int
find_conf_file(struct init *init)
{
	const char *given = init->cli->conf_file;
	char here[PATH_MAX];

	if (given[0] != '/' && getcwd(here, sizeof(here)) == NULL)
		return cli_fail(EX_NOINPUT, "the working folder is gone");
	init->conf_file = given[0] == '/' ? given
					  : arena_printf(init->cli->arena, "%s/%s", here, given);
	init->folder = arena_strndup(init->cli->arena, init->conf_file,
		(size_t)(strrchr(init->conf_file, '/') - init->conf_file));
	return EX_OK;
}

static void
tell_next(struct init *init)
{
	struct cli *cli = init->cli;

	cli_put(arena_printf(cli->arena,
		"\nThe desk's key, for its web site: %s\n"
		"Now: madoguchid --check%s%s, then start the daemon; and, soon,\n"
		"`madoguchi backup FILE --keys FILE`: without its keys no sealed mail opens again.\n",
		init->key, text_equal(cli->conf_file, SYSCONFDIR "/madoguchi/madoguchi.conf") ? ""
			: " -c ",
		text_equal(cli->conf_file, SYSCONFDIR "/madoguchi/madoguchi.conf") ? ""
			: cli->conf_file));
}

int
verb_init(struct cli *cli)
{
	struct init init = { .cli = cli, .terminal = ask_terminal() };
	int status = find_conf_file(&init);

	if (status != EX_OK)
		return status;
	memcpy(init.answers, cli->answers, sizeof(init.answers));
	if (geteuid() == 0)
		(void)cli_fail(0, "running as root: what is made here will be root's; run it as "
				  "the service's user (runuser -u madoguchi -- madoguchi init)");
	status = access(init.conf_file, F_OK) == 0 ? complete_desk(&init) : make_desk(&init);
	vault_close(&init.vault);
	if (status == EX_OK)
		status = make_drill_keys(&init);
	if (status == EX_OK)
		status = make_store(&init);
	if (status == EX_OK)
		tell_next(&init);
	return status;
}
