/*
 * What a verb works on, opened in the one right order: the conf, then the
 * engine (its rooms are forked before a store is open), then the store.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/engine.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#define MISTAKES_MAX (1024 * 1024)
#define WHO_MAX 64

static int
open_conf(struct cli *cli)
{
	struct text mistakes;

	if (access(cli->conf_file, R_OK) != 0 && errno == EACCES)
		return cli_fail(EX_NOPERM, "%s: %s; run it as the service's user", cli->conf_file,
			strerrordesc_np(EACCES));
	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	cli->conf = conf_read(cli->arena, cli->conf_file, cli->data_dir, NULL, &mistakes);
	if (cli->conf != NULL)
		return EX_OK;
	(void)fputs(mistakes.data, stderr);
	return EX_CONFIG;
}

/* Whoever asked sudo, else who logged in, else whom we run as. */
static const char *
login_name(struct cli *cli)
{
	const char *sudo = getenv("SUDO_USER");
	char name[WHO_MAX];
	const struct passwd *user;

	if (sudo != NULL && sudo[0] != '\0')
		return sudo;
	if (getlogin_r(name, sizeof(name)) == 0 && name[0] != '\0')
		return arena_strdup(cli->arena, name);
	user = getpwuid(getuid());
	return user != NULL ? user->pw_name
			    : arena_printf(cli->arena, "uid %u", (unsigned)getuid());
}

static int
find_who(struct cli *cli)
{
	struct text who;
	size_t staff;
	int status;

	if (cli->options[CLI_AS] != NULL) {
		if (!cli_find_staff(cli, cli->options[CLI_AS], &staff, &status))
			return status;
		cli->who = cli->options[CLI_AS];
		return EX_OK;
	}
	text_init(&who, cli->arena, WHO_MAX);
	text_add(&who, text_printable(cli->arena, login_name(cli)));
	text_one_line(who.data);
	cli->who = who.data;
	return EX_OK;
}

static int
open_engine(struct cli *cli, bool mailboxes)
{
	struct engine_options want = { .send = cli->lock >= 0, .mailboxes = mailboxes };
	struct err err;

	switch (engine_open(cli->conf, &want, &cli->engine, &err)) {
	case DONE:
		return EX_OK;
	case LATER:
		return cli_fail(EX_TEMPFAIL, "%s", err.text);
	default:
		return cli_fail(EX_CONFIG, "%s", err.text);
	}
}

int
cli_open_store(struct cli *cli, enum cli_store want)
{
	bool there = access(cli->store_path, R_OK | W_OK) == 0;
	struct err err;
	enum outcome outcome;

	if (!there && errno == EACCES)
		return cli_fail(EX_NOPERM, "%s: %s; run it as the service's user", cli->store_path,
			strerrordesc_np(EACCES));
	if (!there && want == CLI_STORE_READ)
		return cli_fail(EX_IOERR,
			"there is no store %s yet: madoguchid makes it at its first start",
			cli->store_path);
	outcome = store_open(cli->store_path, want == CLI_STORE_WRITE, &cli->store, &err);
	if (outcome == NEVER && !there)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	return outcome == DONE ? EX_OK : cli_storage(outcome, &err);
}

static size_t
terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static bool
wants_engine(const struct cli *cli, const struct cli_verb *verb)
{
	for (int i = 0; i < CLI_OPTIONS; i++) {
		if ((verb->engine_for & CLI_BIT(i)) != 0 && cli->options[i] != NULL)
			return true;
	}
	return verb->engine || text_equal(cli->options[CLI_FORMAT], verb->engine_format);
}

/* Who sends must be alone; with a daemon about, that one sends. */
static void
take_lock(struct cli *cli)
{
	struct err err;

	if (cli->options[CLI_SEND] != NULL && store_lock(cli->store_path, &cli->lock, &err) != DONE)
		cli->lock = -1;
}

int
cli_open(struct cli *cli, const struct cli_verb *verb)
{
	static const struct rlimit no_core = { 0, 0 };
	bool engine = wants_engine(cli, verb);
	enum outcome outcome;
	struct err err;
	int status;

	/* A reason is kept whole or not at all. */
	if (cli->options[CLI_WHY] != NULL && strlen(cli->options[CLI_WHY]) > CLI_WHY_MAX)
		return cli_fail(EX_DATAERR, "--why is longer than %d bytes", CLI_WHY_MAX);
	/* Opened text passes through here. */
	(void)setrlimit(RLIMIT_CORE, &no_core);
	cli->width = terminal_width();
	cli->now = clock_now();
	box_start();
	if (verb->alone || verb->bare)
		return EX_OK;
	status = open_conf(cli);
	if (status == EX_OK)
		status = find_who(cli);
	if (status != EX_OK)
		return status;
	cli->store_path = arena_printf(cli->arena, "%s/cases.db", cli->conf->state_dir);
	if (engine) {
		take_lock(cli);
		status = open_engine(cli, false);
	}
	if (status == EX_OK && verb->store != CLI_STORE_NONE)
		status = cli_open_store(cli, verb->store);
	if (status != EX_OK || !engine || cli->store == NULL)
		return status;
	outcome = engine_start(cli->engine, cli->store, &err);
	return outcome == DONE ? EX_OK : cli_storage(outcome, &err);
}

int
cli_open_beside(struct cli *cli)
{
	struct err err = { "" };
	enum outcome outcome;
	int status = EX_OK;

	if (store_lock(cli->store_path, &cli->lock, &err) != DONE)
		cli->lock = -1;
	if (cli->lock >= 0)
		status = open_engine(cli, true);
	if (status == EX_OK)
		status = cli_open_store(cli, CLI_STORE_WRITE);
	if (status != EX_OK || cli->engine == NULL)
		return status;
	outcome = engine_start(cli->engine, cli->store, &err);
	return outcome == DONE ? EX_OK : cli_storage(outcome, &err);
}

/* The daemon listens on a FIFO; without one nobody is there to be told. */
void
cli_poke(struct cli *cli)
{
	int fd = open(arena_printf(cli->arena, "%s/wake", cli->conf->state_dir),
		O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "!", 1) < 0 && errno != EAGAIN)
		(void)cli_fail(0, "the daemon could not be woken: %s", strerrordesc_np(errno));
	io_close(&fd);
}

void
cli_close(struct cli *cli)
{
	if (cli->changed)
		cli_poke(cli);
	engine_close(&cli->engine);
	store_close(&cli->store);
	conf_close(cli->conf);
	cli->conf = NULL;
	io_close(&cli->lock);
}
