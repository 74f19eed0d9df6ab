/*
 * A bar on standard error that says how far a long command has come; on a
 * terminal only, and gone when the command ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *what;	/* "mails" */
	size_t total;
	int64_t began_ms, shown_ms;
	bool terminal, shown;
};

/* A bar of so many steps; nothing is drawn yet. */
void progress_begin(struct progress *progress, const char *what, size_t total);

/* Draws it anew, a few times a second at most. */
void progress_step(struct progress *progress, size_t done);

/* Takes it off the screen: before a line is written there, and at the end. */
void progress_hide(struct progress *progress);

#endif
