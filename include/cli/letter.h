/*
 * What a person gives for a letter: its text, from a file, a pipe or an editor, and the
 * files that go with it. All of it stays in the command's (wiped) arena.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_LETTER_H
#define CLI_LETTER_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/compose.h"

struct cli;

/* Whether text may be asked of a person: no --body was given, and there is a terminal. */
bool letter_is_typed(const struct cli *cli);

/* The text of --body ("-": standard input), "" without it; false after telling, with the status. */
bool letter_body(struct cli *cli, const char **body_r, int *status_r);

/* The files of --attach; likewise. */
bool letter_attachments(struct cli *cli, const struct compose_attachment **list_r, size_t *count_r,
	int *status_r);

/*
 * The text as the person leaves it in the editor, begun with `body`; what it will stand in
 * is shown below a line, which is cut off again. False after telling, with the status.
 */
bool letter_edit(struct cli *cli, const char *body, const char *frame, const char **body_r,
	int *status_r);

/* Whether what the editor left is a text that a letter can hold; false after telling, with the status. */
bool letter_fits(const char *body, int *status_r);

#endif
