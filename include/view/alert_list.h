/*
 * Several alerts as one text: what each is, of which case and mail. Numbers alone:
 * nothing of a mail's content stands in it. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_ALERT_LIST_H
#define VIEW_ALERT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"
#include "rule/policy.h"

struct arena;

struct alert_line {
	enum alert_kind kind;
	int64_t case_id;	/* 0 for none */
	const char *number;	/* handling number; NULL for none, as are the next ones */
	const char *message;	/* its id */
	const char *deadline;	/* kind and time */
	const char *key;	/* its fingerprint */
	const char *count;	/* of an alert that was a summary itself */
};

/* Whether both would be the same line of the same kind. */
bool alert_line_equal(const struct alert_line *a, const struct alert_line *b);

/* By what they are, the most urgent first, each kind with how many there are; a line each. */
char *alert_list_text(struct arena *arena, enum language language, const struct alert_line *list,
	size_t count);

/* How many of them cannot wait, in words ("suspect mail: 2, deadline over: 1"); NULL for none. */
char *alert_list_urgent(struct arena *arena, enum language language,
	const struct alert_line *list, size_t count);

#endif
