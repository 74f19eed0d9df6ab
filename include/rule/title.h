/*
 * A case's title: made of what may be known in clear, and of nothing else. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_TITLE_H
#define RULE_TITLE_H

struct arena;

#define TITLE_MAX 300	/* bytes; what is longer is cut */

/* Number and site may be NULL; `what` is the kind of its first mail, or how it came. */
char *title_make(struct arena *arena, const char *number, const char *site, const char *what);

#endif
