/*
 * Working hours, and what is due to be told in them. Days are the calendar's; here they
 * get hours.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/remind.h"

#include "base/clock.h"
#include "rule/calendar.h"

#define SEARCH_DAYS 20000	/* how far a working day is looked for: a conf may close every day */

bool
remind_working(const struct policy *policy, const char *zone, int64_t at)
{
	int64_t day = calendar_day_of(at, zone);

	return calendar_closed(policy, day) == NULL &&
		at >= calendar_on_day(day, policy->hours_from, zone) && at < calendar_on_day(day, policy->hours_to, zone);
}

/* The hours of the day that it is, or of the next one that has some at or after `at`. */
static bool
hours_at(const struct policy *policy, const char *zone, int64_t at, int64_t *from_r, int64_t *to_r)
{
	int64_t day = calendar_day_of(at, zone);

	for (int i = 0; i < SEARCH_DAYS; i++, day++) {
		if (calendar_closed(policy, day) != NULL)
			continue;
		*from_r = calendar_on_day(day, policy->hours_from, zone);
		*to_r = calendar_on_day(day, policy->hours_to, zone);
		if (*to_r > at && *to_r > *from_r)
			return true;
	}
	return false;
}

int64_t
remind_after(const struct policy *policy, const char *zone, int64_t from, int64_t span)
{
	int64_t at = from, begin, end;

	for (;;) {
		if (!hours_at(policy, zone, at, &begin, &end))
			return from + span;
		if (at < begin)
			at = begin;
		if (end - at > span)
			return at + span;
		span -= end - at;
		at = end;
	}
}

int64_t
remind_at(const struct policy *policy, size_t desk, int64_t due, enum reminder what)
{
	const struct policy_desk *at = &policy->desks[desk];
	int64_t day = calendar_day_of(due, at->time_zone);

	if (what == REMINDER_OVERDUE)
		return remind_after(policy, at->time_zone, due + CLOCK_SECOND, 0);
	if (what == REMINDER_SOON)
		day = calendar_day_of(calendar_before(policy, at->time_zone, due, at->deadline.warn_before),
			at->time_zone);
	for (int i = 0; i < SEARCH_DAYS && calendar_closed(policy, day - i) != NULL; i++)
		if (calendar_closed(policy, day - i - 1) == NULL)
			return calendar_on_day(day - i - 1, policy->hours_from, at->time_zone);
	return calendar_on_day(day, policy->hours_from, at->time_zone);
}

enum reminder
remind_passed(const struct policy *policy, size_t desk, int64_t opened, int64_t due, int64_t now)
{
	for (int what = REMINDER_OVERDUE; what > REMINDER_NONE; what--) {
		int64_t at = remind_at(policy, desk, due, (enum reminder)what);

		if (at <= now && (what == REMINDER_OVERDUE || at > opened))
			return (enum reminder)what;
	}
	return REMINDER_NONE;
}

enum reminder
remind_now(const struct policy *policy, size_t desk, int64_t opened, int64_t due, int64_t now)
{
	if (!remind_working(policy, policy->desks[desk].time_zone, now))
		return REMINDER_NONE;
	return remind_passed(policy, desk, opened, due, now);
}

enum untaken
remind_untaken(const struct policy *policy, size_t desk, int64_t opened, int64_t now)
{
	const char *zone = policy->desks[desk].time_zone;
	int64_t span = REMIND_UNTAKEN_HOURS * CLOCK_HOUR;

	if (!remind_working(policy, zone, now))
		return UNTAKEN_NONE;
	if (now >= remind_after(policy, zone, opened, 2 * span))
		return UNTAKEN_DECISION_MAKER;
	return now >= remind_after(policy, zone, opened, span) ? UNTAKEN_DEPUTY : UNTAKEN_NONE;
}

int64_t
remind_horizon(const struct policy *policy, size_t desk, int64_t now)
{
	const struct policy_desk *at = &policy->desks[desk];
	int64_t soon = calendar_due(policy, at->time_zone, now, at->deadline.warn_before);
	struct span week = { 7, SPAN_BUSINESS_DAYS };

	/* A day that is closed is told of on a business day before it: holidays lie between. */
	return calendar_due(policy, at->time_zone, soon, week);
}
