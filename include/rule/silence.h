/*
 * When staff are told that something has gone silent (a mailbox that is not read, an
 * outbox that does not move), and that it is over; and when a clock has jumped. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_SILENCE_H
#define RULE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

#define SILENCE_FIRST CLOCK_HOUR	/* of silence, then it is told; and again after twice that, … */
#define SILENCE_LONGEST CLOCK_DAY	/* … at last once a day */
#define SILENCE_GRACE (10 * CLOCK_MINUTE)	/* after a start: what lay still need not be broken */
#define SILENCE_JUMP (5 * CLOCK_MINUTE)	/* that a clock may be off its own pace between two looks */

/* What was told of a silence: nothing while told is 0. */
struct silence {
	int64_t since;
	int told;		/* how often */
};

enum silence_act { SILENCE_NOTHING, SILENCE_TELL, SILENCE_OVER };

/*
 * Since when it is silent, by what is silent at the moment (since, 0: nothing is) and whether it
 * was heard at all after the silence that is on record began: a silence that was told goes on
 * when a part of it ends, a folder that is read or a letter that was given up.
 */
int64_t silence_since(const struct silence *known, int64_t since, bool heard);

/*
 * What is to be told now, and what is on record then. since: since when it is silent, 0: it is
 * not. first: how long it may be so before it is told.
 */
enum silence_act silence_step(const struct silence *known, int64_t since, int64_t first, int64_t now,
	struct silence *next_r);

/* By how much the clock went off between two looks (forward is more than 0), 0 for nothing to tell. */
int64_t silence_jump(int64_t before, int64_t before_mono_ms, int64_t now, int64_t now_mono_ms);

#endif
