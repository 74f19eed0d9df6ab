/*
 * Silence is an alarm: in steps that double, so that nobody is told without end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/silence.h"

/* How often it is told within so long a silence. */
static int
tellings(int64_t span, int64_t first)
{
	int64_t wait = first, at = first;
	int count = 0;

	while (at <= span) {
		count++;
		wait = 2 * wait < SILENCE_LONGEST ? 2 * wait : SILENCE_LONGEST;
		at += wait;
	}
	return count;
}

int64_t
silence_since(const struct silence *known, int64_t since, bool heard)
{
	return known->told > 0 && since != 0 && !heard ? known->since : since;
}

enum silence_act
silence_step(const struct silence *known, int64_t since, int64_t first, int64_t now,
	struct silence *next_r)
{
	int due;

	*next_r = *known;
	/* Read meanwhile and silent anew: that is another silence. */
	if (known->told > 0 && (since == 0 || since > known->since)) {
		*next_r = (struct silence){ 0, 0 };
		return SILENCE_OVER;
	}
	if (since == 0)
		return SILENCE_NOTHING;
	due = tellings(now - since, first);
	if (due <= known->told)
		return SILENCE_NOTHING;
	*next_r = (struct silence){ since, due };
	return SILENCE_TELL;
}

int64_t
silence_jump(int64_t before, int64_t before_mono_ms, int64_t now, int64_t now_mono_ms)
{
	int64_t off = now - before - (now_mono_ms - before_mono_ms) * (CLOCK_SECOND / 1000);

	return off > SILENCE_JUMP || off < -SILENCE_JUMP ? off : 0;
}
