/*
 * How long to wait before the same thing is tried again: doubling, capped, and
 * jittered so that many entries that failed together do not come back together.
 * The caller brings the random number; nothing here keeps state.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/retry.h"

#include "base/clock.h"

#define RETRY_FIRST_MS (INT64_C(30) * 1000)
#define RETRY_LONGEST_MS (INT64_C(60) * 60 * 1000)
#define BACKOFF_FIRST_MS INT64_C(1000)
#define BACKOFF_LONGEST_MS (INT64_C(5) * 60 * 1000)
#define JITTER_STEPS 1000

/* first, 2 * first, 4 * first … up to longest; the count may be any number. */
static int64_t
doubled(int64_t first, int64_t longest, int count)
{
	int64_t wait = first;

	for (int i = 1; i < count && wait < longest; i++)
		wait *= 2;
	return wait < longest ? wait : longest;
}

/* Never shorter than the wait itself: a server that asked for a pause gets it. */
static int64_t
jittered(int64_t wait, uint32_t random)
{
	return wait + wait / 5 * (int64_t)(random % (JITTER_STEPS + 1)) / JITTER_STEPS;
}

int64_t
retry_wait(int tries, uint32_t random)
{
	int64_t ms = jittered(doubled(RETRY_FIRST_MS, RETRY_LONGEST_MS, tries), random);

	return ms * (CLOCK_SECOND / 1000);
}

bool
retry_over(int64_t first_try, int64_t now)
{
	return now - first_try >= RETRY_GIVE_UP_HOURS * CLOCK_HOUR;
}

int64_t
retry_backoff_ms(int failures, uint32_t random)
{
	return jittered(doubled(BACKOFF_FIRST_MS, BACKOFF_LONGEST_MS, failures), random);
}
