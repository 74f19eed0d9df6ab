/*
 * What stands in a summary of alerts, for the parts of flow/ that make one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_SUMMARY_H
#define FLOW_SUMMARY_H

#include <stddef.h>

#include "rule/policy.h"

struct alert_line;
struct arena;
struct record_outbox;

/*
 * The lines of alerts, out of the params of their outbox entries, in the words and on the wall of
 * who reads them; in the arena, `count` of them.
 */
struct alert_line *summary_lines(struct arena *arena, const char *zone, enum language language,
	const struct record_outbox *list, size_t count);

#endif
