/*
 * Reading times that a person or another program wrote. Strict: a form that
 * is not named in the header is refused rather than guessed at.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <string.h>

/* Exactly count digits, a value of at most max; moves *at. */
static bool
take(const char **at, int count, int max, int *value_r)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		value = 10 * value + (c - '0');
	}
	if (value > max)
		return false;
	*at += count;
	*value_r = value;
	return true;
}

static bool
skip(const char **at, const char *any)
{
	if (**at == '\0' || strchr(any, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

static bool
take_date(const char **at, struct clock_civil *civil)
{
	return take(at, 4, 9999, &civil->year) && skip(at, "-") &&
		take(at, 2, 12, &civil->month) && skip(at, "-") && take(at, 2, 31, &civil->day) &&
		civil->month >= 1 && civil->day >= 1 &&
		civil->day <= clock_month_days(civil->year, civil->month);
}

/* RFC 3339, 5.7: second 60 is a leap second, which stands at the end of an hour alone. */
static bool
take_second(const char **at, struct clock_civil *civil)
{
	return skip(at, ":") && take(at, 2, 60, &civil->second) &&
		(civil->second < 60 || civil->minute == 59);
}

/* A fraction of any length, of which six digits count. */
static bool
take_fraction(const char **at, int64_t *micros_r)
{
	int64_t micros = 0;
	int64_t unit = CLOCK_SECOND / 10;
	int digit;

	if (!take(at, 1, 9, &digit))
		return false;
	do {
		micros += digit * unit;
		unit /= 10;
	} while (take(at, 1, 9, &digit));
	*micros_r = micros;
	return true;
}

static bool
take_offset(const char **at, int *offset_r)
{
	bool west = **at == '-';
	int hours, minutes;

	if (skip(at, "Zz")) {
		*offset_r = 0;
		return true;
	}
	if (!skip(at, "+-") || !take(at, 2, 23, &hours) || !skip(at, ":") ||
		!take(at, 2, 59, &minutes))
		return false;
	*offset_r = (west ? -60 : 60) * (60 * hours + minutes);
	return true;
}

/* What stands behind the seconds of an RFC 3339 time. */
static bool
take_rest(const char *at, const struct clock_civil *civil, int64_t *at_r)
{
	int64_t micros = 0;
	int offset;

	if (skip(&at, ".") && !take_fraction(&at, &micros))
		return false;
	if (!take_offset(&at, &offset) || *at != '\0')
		return false;
	*at_r = clock_from_civil(civil, "UTC") - offset * CLOCK_SECOND + micros;
	return true;
}

bool
clock_parse(const char *string, const char *zone, int64_t *at_r)
{
	struct clock_civil civil = { .hour = 23, .minute = 59, .second = 59 };
	bool local, seconds;

	if (string == NULL || !take_date(&string, &civil))
		return false;
	if (*string != '\0') {
		local = *string == ' ';
		if (!skip(&string, " Tt") || !take(&string, 2, 23, &civil.hour) ||
			!skip(&string, ":") || !take(&string, 2, 59, &civil.minute))
			return false;
		civil.second = 0;
		seconds = *string == ':';
		if (seconds && !take_second(&string, &civil))
			return false;
		if (!local || *string != '\0')
			return seconds && take_rest(string, &civil, at_r);
	}
	*at_r = clock_from_civil(&civil, zone);
	return true;
}
