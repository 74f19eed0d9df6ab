/*
 * Alerts in a flood of mail: the first ones at once, the others together. Knows of no
 * letter and no person, but for their numbers.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/flood.h"

bool
flood_waits(enum alert_kind kind, const struct flood_past *past)
{
	if (kind == ALERT_INCIDENT || (kind == ALERT_DETAILS && past->proven))
		return false;
	/* Behind what waits: nothing overtakes. After a summary the flood may go on. */
	return past->waiting || past->summary || past->span >= FLOOD_EACH || past->day >= FLOOD_DAY;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
flood_due(const struct flood_queue *queue, bool once)
{
	int64_t quiet = queue->last + FLOOD_QUIET, longest = queue->first + FLOOD_SPAN;
	int64_t due = once ? queue->first : quiet < longest ? quiet : longest;

	if (queue->summary == 0)
		return due;
	return later(due, queue->summary + (queue->day >= FLOOD_DAY ? FLOOD_PAUSE : FLOOD_SPAN));
}
