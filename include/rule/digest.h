/*
 * When a person's digest is due, and how much it says. Pure: what was sent before, the
 * calendar and "now" are arguments.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DIGEST_H
#define RULE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/policy.h"

struct daily;

#define DIGEST_QUIET_DAYS 7	/* after so many days without a digest one line says that all is well */
#define DIGEST_FIRST_DAYS 1	/* how far the first one looks back */

/* What is on record of a person's digests of one desk; 0 for never. */
struct digest_marks {
	int64_t sent;	/* when the last one went out, of those up to digest_day_end() */
	int64_t looked;	/* when it was last settled what to tell, even if that was nothing */
};

/* The day's last microsecond on the wall of that zone: marks behind it are a clock's that was wrong. */
int64_t digest_day_end(const char *zone, int64_t now);

/* The person's hour on that day, 09:00 for one who has none. */
int64_t digest_hour(const struct policy *policy, size_t desk, size_t staff, int64_t now);

/*
 * Whether the person's digest is to be looked at now: the hour has come on a day that
 * counts, and that day's is not settled. One that was missed is due until midnight.
 */
bool digest_due(const struct policy *policy, size_t desk, size_t staff,
	const struct digest_marks *marks, int64_t now);

/* Whether there is something new or owed. */
bool digest_has_news(const struct daily *daily);

/*
 * Whether that person is of another house, as a vendor is: who is told of the cases that were
 * handed there and of nothing else.
 */
bool digest_outside(const struct policy_staff *reader);

enum digest_size { DIGEST_NOTHING, DIGEST_LINE, DIGEST_WHOLE };

/*
 * With nothing to tell a line goes out when there was no digest for DIGEST_QUIET_DAYS: that the
 * window is alive, which is the house's to know.
 */
enum digest_size digest_choose(const char *zone, bool outside, bool news, int64_t sent, int64_t now);

/* From when on what came is told: the last digest, whether it went out or there was nothing to tell. */
int64_t digest_since(const struct digest_marks *marks, int64_t now);

#endif
