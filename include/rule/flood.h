/*
 * When an alert is a letter of its own and when it waits to be told with others. Pure:
 * what a person got already is an argument, as the time is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FLOOD_H
#define RULE_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "rule/decide.h"

#define FLOOD_EACH 5			/* letters to a person within FLOOD_SPAN; more wait */
#define FLOOD_SPAN (10 * CLOCK_MINUTE)	/* also: the longest wait, and the pause between summaries */
#define FLOOD_QUIET CLOCK_MINUTE	/* without news, then what waits is told */
#define FLOOD_DAY 50			/* letters to a person within a day; above, a summary an hour */
#define FLOOD_PAUSE CLOCK_HOUR
/* What no summary has taken by then goes by itself: an alert is late rather than lost. */
#define FLOOD_LATEST (3 * CLOCK_HOUR)

/* What a person was sent of alerts, summaries counted, and whether some wait for them. */
struct flood_past {
	int span, day;		/* letters within the last FLOOD_SPAN, within the last day */
	bool summary;		/* one of them, within FLOOD_SPAN, was a summary */
	bool waiting;
	bool proven;		/* the new alert is about a mail that a pinned key signed */
};

/*
 * Whether a new alert waits. Never what a person reports as under way, nor details that a pinned
 * key signed: of these nobody can make a flood, and they are to be handed over.
 */
bool flood_waits(enum alert_kind kind, const struct flood_past *past);

/* What waits for a person. */
struct flood_queue {
	int64_t first, last;	/* when the oldest and the newest of it came */
	int64_t summary;	/* when the person got the last summary, 0 for never */
	int day;		/* letters within the last day */
};

/*
 * When it is told. once: the desk makes one pass and ends, so that no more is to come: the wait
 * for quiet falls away.
 */
int64_t flood_due(const struct flood_queue *queue, bool once);

#endif
