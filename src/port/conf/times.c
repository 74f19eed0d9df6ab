/*
 * Values of time: spans, working hours, a time of day, closed days, zones.
 * Reads texts only; what a span means on the calendar is rule/calendar's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "rule/calendar.h"

#include <string.h>

#define DAY_MINUTES (24 * 60)
#define LEAP_YEAR 2000 /* a day without a year may be 29 February */

bool
conf_zone(struct value *value, const char *text, const char **out_r)
{
	if (!clock_zone_known(text)) {
		conf_wrong(value,
			"%s is not known here; a name of the time zone database, like "
			"\"Asia/Tokyo\"",
			conf_quoted(value->reading, text));
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

bool
conf_span(struct value *value, void *field_r)
{
	const char *text;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	if (!span_read(text, field_r)) {
		conf_wrong(value,
			"%s is no span of time; like \"3 business days\", \"45 days\", \"2 "
			"weeks\" or \"3 months\"",
			conf_quoted(value->reading, text));
		return false;
	}
	return true;
}

/* len decimal digits at *at, moving it; false when there are fewer. */
static bool
digits(const char **at, size_t len, int *number_r)
{
	int number = 0;

	for (size_t i = 0; i < len; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	*at += len;
	*number_r = number;
	return true;
}

static bool
take(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* "09:00", moving *at; at most `last` minutes after midnight. */
static bool
minute_of_day(const char **at, int last, int *minute_r)
{
	int hour, minute;

	if (!digits(at, 2, &hour) || !take(at, ':') || !digits(at, 2, &minute) || minute > 59
		|| hour * 60 + minute > last)
		return false;
	*minute_r = hour * 60 + minute;
	return true;
}

/* The field is the first of two: hours_from, hours_to. */
bool
conf_hours(struct value *value, void *field_r)
{
	struct policy *policy = (void *)((char *)field_r - offsetof(struct policy, hours_from));
	const char *text, *at;
	int from, to;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	at = text;
	if (!minute_of_day(&at, DAY_MINUTES, &from) || !take(&at, '-')
		|| !minute_of_day(&at, DAY_MINUTES, &to) || *at != '\0' || from >= to) {
		conf_wrong(value, "%s is not a part of the day; like \"09:00-18:00\"",
			conf_quoted(value->reading, text));
		return false;
	}
	policy->hours_from = from;
	policy->hours_to = to;
	return true;
}

bool
conf_time(struct value *value, void *field_r)
{
	const char *text, *at;
	int minute = -1;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	at = text;
	if (*text != '\0' && (!minute_of_day(&at, DAY_MINUTES - 1, &minute) || *at != '\0')) {
		conf_wrong(value, "%s is not a time of day; like \"09:00\", or \"\" for none",
			conf_quoted(value->reading, text));
		return false;
	}
	*(int *)field_r = minute;
	return true;
}

/* "2026-08-13" or "12-29", moving *at; year 0 for one without. */
static bool
day_of(const char **at, int *year_r, int *month_r, int *day_r)
{
	*year_r = 0;
	if (strspn(*at, "0123456789") == 4
		&& (!digits(at, 4, year_r) || *year_r == 0 || !take(at, '-')))
		return false;
	return digits(at, 2, month_r) && take(at, '-') && digits(at, 2, day_r) && *month_r >= 1
		&& *month_r <= 12 && *day_r >= 1
		&& *day_r <= clock_month_days(*year_r == 0 ? LEAP_YEAR : *year_r, *month_r);
}

static bool
closed_of(const char *at, struct policy_closed *closed_r)
{
	struct policy_closed closed;

	if (!day_of(&at, &closed.from_year, &closed.from_month, &closed.from_day))
		return false;
	closed.to_year = closed.from_year;
	closed.to_month = closed.from_month;
	closed.to_day = closed.from_day;
	if (*at != '\0'
		&& (!take(&at, '.') || !take(&at, '.')
			|| !day_of(&at, &closed.to_year, &closed.to_month, &closed.to_day)
			|| *at != '\0'))
		return false;
	if ((closed.from_year == 0) != (closed.to_year == 0))
		return false;
	if (closed.from_year != 0
		&& clock_days(closed.from_year, closed.from_month, closed.from_day)
			> clock_days(closed.to_year, closed.to_month, closed.to_day))
		return false;
	*closed_r = closed;
	return true;
}

/* A list of texts, each made a span of days. */
bool
conf_closed(struct value *value, void *field_r)
{
	static const struct conf_spec plain = { .read = conf_list, .max = CONF_LIST_MAX };
	struct conf_key key = { value->key->path, value->key->fallback, &plain };
	struct policy *policy = (void *)((char *)field_r - offsetof(struct policy, closed));
	struct string_list list = { .count = 0 };
	struct value as_list = *value;
	struct policy_closed *closed;
	bool well;

	as_list.key = &key;
	well = conf_list(&as_list, &list);
	closed = arena_calloc(value->reading->arena, list.count, sizeof(*closed));
	for (size_t i = 0; well && i < list.count; i++)
		if (!closed_of(list.at[i], &closed[i])) {
			conf_wrong(value,
				"%s names no day; like \"2026-08-13\", \"2026-08-13..2026-08-15\" "
				"or, for each year, \"12-29..01-03\"",
				conf_quoted(value->reading, list.at[i]));
			well = false;
		}
	if (!well)
		return false;
	policy->closed = closed;
	policy->closed_count = list.count;
	return true;
}
