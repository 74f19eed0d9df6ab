/*
 * The working calendar: which days are closed and why. Japan's holidays are
 * computed by law for 2000-2099, those of other countries come from a file, the
 * organisation's own closed days from the conf. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_CALENDAR_H
#define RULE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "rule/policy.h"

struct arena;

/*
 * The name of the Japanese holiday on that day (substitute and sandwiched days
 * included), NULL if it is none; *known_r (may be NULL) is false outside 2000-2099.
 */
const char *calendar_jp_holiday(int year, int month, int day, bool *known_r);

/*
 * Why the day (days since 1970-01-01) is closed: the words of the overrides file,
 * a holiday's name, "weekend", "closed"; NULL on a business day. A line "open" of
 * the overrides takes a holiday away, not a weekend or a closed span.
 */
const char *calendar_closed(const struct policy *policy, int64_t days);

/*
 * Whether the holidays of that day's year are known: by law, or because the file of
 * holidays names days of years on both sides of it or of it. Without a country and
 * a file there is nothing to know.
 */
bool calendar_known(const struct policy *policy, int64_t days);

/* The day (since 1970-01-01) of an instant on the wall of a zone. */
int64_t calendar_day_of(int64_t at, const char *zone);
/* That many minutes after midnight of a day, on the wall of a zone. */
int64_t calendar_on_day(int64_t day, int minutes, const char *zone);

/* The files of days. */
enum calendar_file {
	CALENDAR_OVERRIDES,	/* "YYYY-MM-DD open" and "YYYY-MM-DD closed", a remark behind */
	CALENDAR_HOLIDAYS,	/* "YYYY-MM-DD NAME" */
};

/*
 * Reads such a file: a day a line, blank lines and '#' comments; of two lines for
 * one day the later wins. Returns the number of the first line that is none of these,
 * 0 when all are well; then *days_r is in the arena.
 */
int calendar_file_read(struct arena *arena, enum calendar_file file, const char *text,
	struct policy_days *days_r);

/* What the file says of that day, NULL for nothing. */
const struct policy_day *calendar_file_day(const struct policy_days *days, int64_t day);

/*
 * The last second of the day that lies `span` after the instant `from`, on the
 * wall of the zone: the first day is not counted, business days skip closed
 * ones, months are clamped to the month's end. Where the
 * policy leaves no day open, business days are plain days.
 */
int64_t calendar_due(const struct policy *policy, const char *zone, int64_t from, struct span span);

/* The instant that lies `span` before now, for max_age and the like. */
int64_t calendar_before(const struct policy *policy, const char *zone, int64_t now,
	struct span span);

/*
 * How many business days lie behind the day `from`, up to the day `to` (days since
 * 1970-01-01), which counts: as calendar_due() counts them. Negative where `to` comes first.
 * Of days more than fifty years apart, plain days.
 */
int64_t calendar_business_days(const struct policy *policy, int64_t from, int64_t to);

/*
 * "3 business days", "1 business day", "45 days", "3 months", "2 weeks" (14 days);
 * false when it is none of them or out of 0..3650.
 */
bool span_read(const char *text, struct span *span_r);

#endif
