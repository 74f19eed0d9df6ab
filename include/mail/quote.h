/*
 * What the writer of a text wrote himself, and what he quoted or sent on. A
 * ruler alone quotes nothing: coordinators frame their own headings with
 * them. Where it is doubtful, a line is the writer's own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_QUOTE_H
#define MAIL_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Before a line: it is the writer's own, whatever it begins with. Never shown. */
#define QUOTE_OWN '\x01'

/* Whether the line begins with a quote mark. */
bool quote_begins(const char *line, size_t len);

/*
 * Parts text (valid UTF-8, \n line ends) into its own lines and the rest. To the
 * rest go: lines led by '>' or its full-width form (without those marks), the
 * "… wrote:" line before them, and all from an "Original Message" or "Forwarded
 * message" line, or from a block of From/Date/To/Subject lines in mid-text, on.
 * Marks with the initials of who is quoted count behind such a "… wrote:" line
 * alone. QUOTE_OWN is in neither text.
 */
void quote_split(struct arena *arena, const char *text, const char **own_r,
	const char **quoted_r);

/* Takes every QUOTE_OWN out of the text, in place. */
void quote_unmark(char *text);

#endif
