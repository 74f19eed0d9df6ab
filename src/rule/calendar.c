/*
 * Which days are closed, and the days that lie a span away. Counts days on the
 * wall of the zone and hands instants out; "now" is always an argument. Must
 * not know what a span is for.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/calendar.h"

#include "base/clock.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>

#define SEARCH_DAYS 20000	/* how far an open day is looked for: a conf may close every day */

static int
weekday_of(int64_t days)
{
	int64_t weekday = (days + 4) % 7;

	return (int)(weekday < 0 ? weekday + 7 : weekday);
}

/* As one number, to compare: 20260813, or 813 without a year. */
static int
joined(int year, int month, int day)
{
	return (year * 100 + month) * 100 + day;
}

static bool
span_covers(const struct policy_closed *closed, int year, int month, int day)
{
	int from = joined(closed->from_year, closed->from_month, closed->from_day);
	int to = joined(closed->to_year, closed->to_month, closed->to_day);
	int at = joined(closed->from_year == 0 ? 0 : year, month, day);

	/* "12-29..01-03": a yearly span may run over the year's end. */
	if (closed->from_year == 0 && from > to)
		return at >= from || at <= to;
	return at >= from && at <= to;
}

/* The holiday that it is, NULL for none. */
static const char *
holiday(const struct policy *policy, int64_t days, int year, int month, int day)
{
	const struct policy_day *named = calendar_file_day(&policy->holidays, days);

	if (named != NULL)
		return named->why;
	return text_equal_ci(policy->country, "JP") ? calendar_jp_holiday(year, month, day, NULL)
						    : NULL;
}

int64_t
calendar_day_of(int64_t at, const char *zone)
{
	struct clock_civil civil;

	clock_civil(at, zone, &civil);
	return clock_days(civil.year, civil.month, civil.day);
}

int64_t
calendar_on_day(int64_t day, int minutes, const char *zone)
{
	struct clock_civil civil = { .hour = minutes / 60, .minute = minutes % 60 };

	clock_from_days(day, &civil.year, &civil.month, &civil.day);
	return clock_from_civil(&civil, zone);
}

const char *
calendar_closed(const struct policy *policy, int64_t days)
{
	const struct policy_day *override = calendar_file_day(&policy->overrides, days);
	const char *why = NULL;
	int year, month, day;

	clock_from_days(days, &year, &month, &day);
	if (override != NULL && !override->open)
		return override->why;
	if (override == NULL)
		why = holiday(policy, days, year, month, day);
	if (why != NULL)
		return why;
	if (weekday_of(days) == 0 || weekday_of(days) == 6)
		return "weekend";
	for (size_t i = 0; i < policy->closed_count; i++)
		if (span_covers(&policy->closed[i], year, month, day))
			return "closed";
	return NULL;
}

static int
year_of(int64_t days)
{
	int year, month, day;

	clock_from_days(days, &year, &month, &day);
	return year;
}

bool
calendar_known(const struct policy *policy, int64_t days)
{
	const struct policy_days *named = &policy->holidays;
	int year = year_of(days);
	bool known = true;

	/* By law; what a file adds to that knows no end of its own. */
	if (text_equal_ci(policy->country, "JP"))
		(void)calendar_jp_holiday(year, 1, 1, &known);
	else if (named->count > 0)
		known = year >= year_of(named->at[0].days) &&
			year <= year_of(named->at[named->count - 1].days);
	return known;
}

/* The count-th business day after (step 1) or before (-1); plain days where none is ever open. */
static int64_t
business_days(const struct policy *policy, int64_t days, int count, int step)
{
	int64_t at = days;
	int left = count;

	for (int i = 0; left > 0; i++) {
		if (i == SEARCH_DAYS)
			return days + (int64_t)step * count;
		at += step;
		if (calendar_closed(policy, at) == NULL)
			left--;
	}
	return at;
}

/* Same day number that many months on, or the month's last day. */
static int64_t
months_away(int64_t days, int count)
{
	int year, month, day, last;

	clock_from_days(days, &year, &month, &day);
	month += 12 * year + count - 1;
	year = month / 12;
	month = month % 12 + 1;
	last = clock_month_days(year, month);
	return clock_days(year, month, day < last ? day : last);
}

static int64_t
days_away(const struct policy *policy, int64_t days, struct span span, int step)
{
	switch (span.unit) {
	case SPAN_BUSINESS_DAYS:
		return business_days(policy, days, span.count, step);
	case SPAN_MONTHS:
		return months_away(days, step * span.count);
	case SPAN_DAYS:
		break;
	}
	return days + (int64_t)step * span.count;
}

/* Puts the wall of `civil` on the day a span away. */
static void
move_day(const struct policy *policy, struct clock_civil *civil, struct span span, int step)
{
	int64_t days = clock_days(civil->year, civil->month, civil->day);

	days = days_away(policy, days, span, step);
	clock_from_days(days, &civil->year, &civil->month, &civil->day);
}

int64_t
calendar_due(const struct policy *policy, const char *zone, int64_t from, struct span span)
{
	struct clock_civil civil;

	clock_civil(from, zone, &civil);
	move_day(policy, &civil, span, 1);
	civil.hour = 23;
	civil.minute = 59;
	civil.second = 59;
	return clock_from_civil(&civil, zone);
}

int64_t
calendar_before(const struct policy *policy, const char *zone, int64_t now, struct span span)
{
	struct clock_civil civil;

	clock_civil(now, zone, &civil);
	move_day(policy, &civil, span, -1);
	return clock_from_civil(&civil, zone);
}

int64_t
calendar_business_days(const struct policy *policy, int64_t from, int64_t to)
{
	int64_t first = from < to ? from : to, last = from < to ? to : from, count = 0;

	if (last - first > SEARCH_DAYS)
		return to - from;
	for (int64_t at = first + 1; at <= last; at++)
		count += calendar_closed(policy, at) == NULL;
	return from < to ? count : -count;
}
