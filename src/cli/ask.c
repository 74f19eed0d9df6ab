/*
 * The terminal: a question, a line. While a secret is typed the echo is off, and
 * a signal that would end us puts it on again first.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "room/secret.h"
#include "room/vault.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

#define ENDS (sizeof(ends) / sizeof(ends[0]))

static volatile sig_atomic_t ended_by;

static void
on_end(int number)
{
	ended_by = number;
}

bool
ask_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* A byte. Signals are let in by the wait alone: none comes between look and wait. */
static ssize_t
next_byte(const sigset_t *let_in, char *c_r)
{
	struct pollfd wait = { STDIN_FILENO, POLLIN, 0 };

	while (let_in != NULL && ended_by == 0 && ppoll(&wait, 1, NULL, let_in) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return ended_by == 0 ? read(STDIN_FILENO, c_r, 1) : -1;
}

/* Byte by byte into the arena alone: a buffer of stdio would keep what was typed. */
static char *
read_line(struct cli *cli, const sigset_t *let_in)
{
	char *line = arena_alloc(cli->arena, ASK_MAX + 1);
	size_t len = 0;
	ssize_t got;
	char c;

	while ((got = next_byte(let_in, &c)) == 1 && c != '\n') {
		if (len < ASK_MAX)
			line[len++] = c;
	}
	if (got != 1 && (len == 0 || got < 0))
		return NULL;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return line;
}

/* Blanks round an answer are nobody's wish; in a secret they may be. */
static char *
trimmed(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	return line + strspn(line, " ");
}

static void
prompt(struct cli *cli, const char *question)
{
	cli_put(text_printable(cli->arena, question));
	(void)fflush(stdout);
}

char *
ask_line(struct cli *cli, const char *question, const char *fallback)
{
	bool shown = fallback != NULL && fallback[0] != '\0';
	char *line;

	prompt(cli, shown ? arena_printf(cli->arena, "%s [%s]: ", question, fallback)
			  : arena_printf(cli->arena, "%s: ", question));
	line = read_line(cli, NULL);
	if (line != NULL)
		line = trimmed(line);
	if (line != NULL && line[0] == '\0' && fallback != NULL)
		return arena_strdup(cli->arena, fallback);
	return line;
}

char *
ask_secret(struct cli *cli, const char *question)
{
	struct sigaction act = { .sa_handler = on_end }, old[ENDS];
	struct termios usual, silent;
	sigset_t held, let_in;
	char *line;

	if (tcgetattr(STDIN_FILENO, &usual) != 0)
		return NULL;
	ended_by = 0;
	sigemptyset(&held);
	for (size_t i = 0; i < ENDS; i++) {
		sigaddset(&held, ends[i]);
		(void)sigaction(ends[i], &act, &old[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &held, &let_in);
	silent = usual;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	/* Before the question stands there: who answers fast is not seen either. */
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	prompt(cli, arena_printf(cli->arena, "%s (it does not show): ", question));
	line = read_line(cli, &let_in);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
	cli_put("\n");
	for (size_t i = 0; i < ENDS; i++)
		(void)sigaction(ends[i], &old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &let_in, NULL);
	if (ended_by != 0)
		(void)raise(ended_by);
	return line;
}

bool
ask_yes(struct cli *cli, const char *question, bool fallback)
{
	for (;;) {
		const char *line = ask_line(
			cli, arena_printf(cli->arena, "%s [%s]", question, fallback ? "Y/n" : "y/N"),
			NULL);

		if (line == NULL)
			return false;
		if (line[0] == '\0')
			return fallback;
		if (text_equal_ci(line, "y") || text_equal_ci(line, "yes"))
			return true;
		if (text_equal_ci(line, "n") || text_equal_ci(line, "no"))
			return false;
	}
}

static char *
typed_passphrase(struct cli *cli, bool twice, int *status_r)
{
	char *passphrase, *again;

	if (!ask_terminal()) {
		*status_r = cli_fail(EX_USAGE,
			"there is no terminal to ask at: give --passphrase-file FILE");
		return NULL;
	}
	passphrase = ask_secret(cli, "Passphrase of the keys' backup");
	again = passphrase != NULL && twice ? ask_secret(cli, "Once more") : passphrase;
	if (passphrase != NULL && again != NULL && text_equal(passphrase, again))
		return passphrase;
	*status_r = cli_fail(EX_USAGE, passphrase == NULL || again == NULL
			? "no passphrase was given"
			: "the two are not the same");
	return NULL;
}

char *
ask_passphrase(struct cli *cli, bool twice, int *status_r)
{
	const char *file = cli->options[CLI_PASSPHRASE_FILE];
	char *passphrase = NULL;
	struct err err;

	if (file == NULL)
		passphrase = typed_passphrase(cli, twice, status_r);
	else if (secret_read(cli->arena, file, &passphrase, &err) != DONE)
		*status_r = cli_fail(EX_NOINPUT, "%s", err.text);
	if (passphrase == NULL)
		return NULL;
	if (strlen(passphrase) >= VAULT_PASSPHRASE_MIN &&
		strlen(passphrase) <= VAULT_PASSPHRASE_MAX)
		return passphrase;
	*status_r = cli_fail(EX_USAGE, "a passphrase of %d bytes at least, %d at most is wanted",
		VAULT_PASSPHRASE_MIN, VAULT_PASSPHRASE_MAX);
	return NULL;
}
