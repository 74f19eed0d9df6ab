/*
 * Questions to a person at a terminal, and secrets read without an echo or from
 * a file. What is typed goes into the caller's (wiped) arena and nowhere else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stdbool.h>

struct cli;

#define ASK_MAX 4000	/* bytes of an answer */

/* Whether both input and output are a terminal. */
bool ask_terminal(void);

/* One line; fallback (NULL for none) is shown, and taken for an empty one. NULL at the input's end. */
char *ask_line(struct cli *cli, const char *question, const char *fallback);

/* One line that does not show. NULL at the input's end. */
char *ask_secret(struct cli *cli, const char *question);

/* Anything but a clear answer is asked again; the input's end is no. */
bool ask_yes(struct cli *cli, const char *question, bool fallback);

/*
 * The passphrase of a backup's keys: the first line of --passphrase-file, else
 * asked, with `twice` typed again to see that it is the same. Long enough, or
 * NULL with the exit status after telling why not.
 */
char *ask_passphrase(struct cli *cli, bool twice, int *status_r);

#endif
