/*
 * From what a text says to an instant. All relative to the day of receipt, never
 * to today; the day of receipt itself is not counted.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due.h"

#include "base/clock.h"
#include "rule/calendar.h"

#define FAR_DAYS 270	/* a day without a year this far ahead may be one of the past */
#define NEAR_DAYS 183	/* a limit that is spoken of as a known one is not further ahead */
#define FRIDAY 4	/* days behind Monday */
#define MONTHS_TRIED 14	/* until each day of a month has come by */

static bool
is_date(int year, int month, int day)
{
	return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
		day <= clock_month_days(year, month);
}

/* The day of a month, which may be its last. */
static bool
day_in_month(int year, int month, int day, int64_t *days_r)
{
	if (day == DUE_LAST_DAY || day == 0)
		day = clock_month_days(year, month);
	if (!is_date(year, month, day))
		return false;
	*days_r = clock_days(year, month, day);
	return true;
}

/* The month `count` months on. */
static bool
day_in_month_on(const struct clock_civil *now, int count, int day, int64_t *days_r)
{
	int months = 12 * now->year + now->month - 1 + count;

	return day_in_month(months / 12, months % 12 + 1, day, days_r);
}

/* A date as it stands there: with a year, or the next such day. */
static bool
date_days(const struct due_mention *mention, const struct clock_civil *now, int64_t today,
	int64_t *days_r)
{
	if (mention->year != 0) {
		int64_t other;

		if (!day_in_month(mention->year, mention->month, mention->day, days_r))
			return false;
		/* Of two readings the earlier one that is not past. */
		if (mention->day_first_doubt &&
			day_in_month(mention->year, mention->day, mention->month, &other) &&
			other >= today && (other < *days_r || *days_r < today))
			*days_r = other;
		return true;
	}
	if (mention->month != 0 && mention->count >= DUE_THIS_YEAR)
		return mention->count <= MONTHS_TRIED &&
			day_in_month(now->year + mention->count - DUE_THIS_YEAR, mention->month,
				mention->day, days_r);
	if (mention->month != 0) {
		/* 29 February may be some years away. */
		for (int year = now->year; year < now->year + 9; year++)
			if (day_in_month(year, mention->month, mention->day, days_r) && *days_r >= today)
				return mention->count != DUE_NEAR || *days_r - today <= NEAR_DAYS;
		return false;
	}
	for (int count = 0; count < MONTHS_TRIED; count++)
		if (day_in_month_on(now, count, mention->day, days_r) && *days_r >= today)
			return true;
	return false;
}

/* Friday of the week, or the last business day before it in that week; never before the receipt. */
static int64_t
week_end(const struct policy *policy, int64_t monday, int64_t today)
{
	int64_t days = monday + FRIDAY;

	while (days > monday && calendar_closed(policy, days) != NULL)
		days--;
	return days < today ? today : days;
}

static bool
mention_days(const struct policy *policy, const struct due_mention *mention,
	const struct clock_civil *now, int64_t *days_r)
{
	int64_t today = clock_days(now->year, now->month, now->day);
	int64_t monday = today - (now->weekday + 6) % 7;

	switch (mention->form) {
	case DUE_DATE:
		return date_days(mention, now, today, days_r);
	case DUE_DAY:
		*days_r = today + mention->count;
		return true;
	case DUE_WEEK:
		*days_r = week_end(policy, monday + (int64_t)7 * mention->count, today);
		return true;
	case DUE_WEEKDAY:
		if (mention->count == DUE_NEXT)
			*days_r = today + (mention->weekday - now->weekday + 7) % 7;
		else
			*days_r = monday + (int64_t)7 * mention->count + (mention->weekday + 6) % 7;
		return true;
	case DUE_MONTH:
		return day_in_month_on(now, mention->count, mention->day, days_r);
	case DUE_YEAR:
		*days_r = clock_days(now->year + (mention->count > 0), 12, 31);
		return true;
	case DUE_FISCAL_YEAR:
		*days_r = clock_days(now->year + (now->month > 3) + (mention->count > 0), 3, 31);
		return true;
	case DUE_SPAN:
	case DUE_HOURS:
	case DUE_FORMS:
		break;
	}
	return false;
}

static int64_t
instant(const struct due_mention *mention, const char *zone, int64_t days)
{
	struct clock_civil civil = { .hour = 23, .minute = 59, .second = 59 };

	clock_from_days(days, &civil.year, &civil.month, &civil.day);
	if (mention->hour >= 0 && mention->hour < 24) {
		civil.hour = mention->hour;
		civil.minute = mention->minute;
		civil.second = 0;
	}
	return clock_from_civil(&civil, mention->utc ? "UTC" : zone);
}

static enum due_doubt
doubt_of(const struct policy *policy, const struct due_mention *mention, int64_t days,
	int64_t today)
{
	int weekday = (int)((days + 4) % 7);

	if (mention->form == DUE_DATE && mention->weekday >= 0 && mention->weekday != weekday)
		return DUE_WEEKDAY_DIFFERS;
	if (mention->day_first_doubt)
		return DUE_ORDER;
	if (mention->form == DUE_DATE && mention->year == 0 && mention->count < DUE_THIS_YEAR &&
		days - today > FAR_DAYS)
		return DUE_FAR;
	return calendar_known(policy, days) ? DUE_SURE : DUE_BEYOND_CALENDAR;
}

bool
due_resolve(const struct policy *policy, const char *zone, int64_t received,
	const struct due_mention *mention, struct due *due_r)
{
	struct clock_civil now, then;
	struct due due = { 0, DUE_SURE };
	int64_t today, days = 0;

	clock_civil(received, zone, &now);
	today = clock_days(now.year, now.month, now.day);
	if (mention->form == DUE_HOURS) {
		due.at = received + mention->count * CLOCK_HOUR;
	} else if (mention->form == DUE_SPAN) {
		due.at = calendar_due(policy, zone, received, mention->span);
	} else {
		if (!mention_days(policy, mention, &now, &days))
			return false;
		due.at = instant(mention, zone, days);
		due.doubt = doubt_of(policy, mention, days, today);
	}
	clock_civil(due.at, zone, &then);
	if (due.doubt == DUE_SURE &&
		!calendar_known(policy, clock_days(then.year, then.month, then.day)))
		due.doubt = DUE_BEYOND_CALENDAR;
	if (due.at < received || then.year > 9999)
		return false;
	*due_r = due;
	return true;
}
