/*
 * Japan's holidays by law (国民の祝日に関する法律), 2000-2099: the days as a table
 * of rules, the equinoxes by formula, and articles 3-2 (substitute) and 3-3
 * (sandwiched day), each in the form it had in the year asked for. Knows of no
 * organisation's own closed days and of no gazette: calendar.c does.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/calendar.h"

#include "base/clock.h"

#include <stddef.h>

#define FIRST_YEAR 2000
#define LAST_YEAR 2099
#define AMENDED 2007	/* the first year of today's articles 3-2 and 3-3 */

/* A day of every year from `from` to `to`: a fixed one, or the nth Monday of the month. */
struct holiday_rule {
	int from, to;
	int month, day, monday;
	const char *name;
};

static const struct holiday_rule rules[] = {
	{ 2000, 2099, 1, 1, 0, "元日" },
	{ 2000, 2099, 1, 0, 2, "成人の日" },
	{ 2000, 2099, 2, 11, 0, "建国記念の日" },
	{ 2020, 2099, 2, 23, 0, "天皇誕生日" },
	{ 2000, 2006, 4, 29, 0, "みどりの日" },
	{ 2007, 2099, 4, 29, 0, "昭和の日" },
	{ 2019, 2019, 5, 1, 0, "天皇の即位の日" },
	{ 2000, 2099, 5, 3, 0, "憲法記念日" },
	{ 2007, 2099, 5, 4, 0, "みどりの日" },
	{ 2000, 2099, 5, 5, 0, "こどもの日" },
	{ 2000, 2002, 7, 20, 0, "海の日" },
	{ 2003, 2019, 7, 0, 3, "海の日" },
	{ 2020, 2020, 7, 23, 0, "海の日" },
	{ 2021, 2021, 7, 22, 0, "海の日" },
	{ 2022, 2099, 7, 0, 3, "海の日" },
	{ 2020, 2020, 7, 24, 0, "スポーツの日" },
	{ 2021, 2021, 7, 23, 0, "スポーツの日" },
	{ 2016, 2019, 8, 11, 0, "山の日" },
	{ 2020, 2020, 8, 10, 0, "山の日" },
	{ 2021, 2021, 8, 8, 0, "山の日" },
	{ 2022, 2099, 8, 11, 0, "山の日" },
	{ 2000, 2002, 9, 15, 0, "敬老の日" },
	{ 2003, 2099, 9, 0, 3, "敬老の日" },
	{ 2000, 2019, 10, 0, 2, "体育の日" },
	{ 2022, 2099, 10, 0, 2, "スポーツの日" },
	{ 2019, 2019, 10, 22, 0, "即位礼正殿の儀の行われる日" },
	{ 2000, 2099, 11, 3, 0, "文化の日" },
	{ 2000, 2099, 11, 23, 0, "勤労感謝の日" },
	{ 2000, 2018, 12, 23, 0, "天皇誕生日" },
};

/* 0 is Sunday. 1970-01-01 was a Thursday; all days here are later. */
static int
weekday_of(int64_t day)
{
	return (int)((day + 4) % 7);
}

/*
 * The equinox's day: floor(B + 0.242194 n - floor(n / 4)), n years after 1980,
 * B being 20.8431 in March and 23.2488 in September. In millionths.
 */
static int
equinox(int year, int month)
{
	int n = year - 1980;
	int base = month == 3 ? 20843100 : 23248800;

	return (base + 242194 * n) / 1000000 - n / 4;
}

static bool
rule_fits(const struct holiday_rule *rule, int year, int month, int day)
{
	if (year < rule->from || year > rule->to || month != rule->month)
		return false;
	if (rule->monday == 0)
		return day == rule->day;
	return weekday_of(clock_days(year, month, day)) == 1 && (day + 6) / 7 == rule->monday;
}

/* The name of the 国民の祝日 on that day: neither substitute nor sandwiched. */
static const char *
national(int64_t at)
{
	int year, month, day;

	clock_from_days(at, &year, &month, &day);
	if (month == 3 && day == equinox(year, 3))
		return "春分の日";
	if (month == 9 && day == equinox(year, 9))
		return "秋分の日";
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rule_fits(&rules[i], year, month, day))
			return rules[i].name;
	return NULL;
}

/*
 * Article 3-2. Since 2007 the substitute is the nearest later day that is no
 * 国民の祝日, so the run of such days before it is searched for a Sunday; until
 * 2006 it was the next day or none.
 */
static bool
substitute(int64_t at, int year)
{
	int64_t day = at - 1;

	if (year < AMENDED)
		return weekday_of(day) == 0 && national(day) != NULL;
	for (; national(day) != NULL; day--)
		if (weekday_of(day) == 0)
			return true;
	return false;
}

/* Article 3-3; until 2006 not on a Sunday (and not on a substitute, which is asked first). */
static bool
sandwiched(int64_t at, int year)
{
	if (year < AMENDED && weekday_of(at) == 0)
		return false;
	return national(at - 1) != NULL && national(at + 1) != NULL;
}

const char *
calendar_jp_holiday(int year, int month, int day, bool *known_r)
{
	bool known = year >= FIRST_YEAR && year <= LAST_YEAR;
	const char *name;
	int64_t at;

	if (known_r != NULL)
		*known_r = known;
	if (!known)
		return NULL;
	at = clock_days(year, month, day);
	name = national(at);
	if (name == NULL && substitute(at, year))
		name = "振替休日";
	if (name == NULL && sandwiched(at, year))
		name = "国民の休日";
	return name;
}
