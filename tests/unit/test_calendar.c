/*
 * rule/calendar: Japan's holidays by law, the organisation's closed days, and
 * the days that lie a span away. Expected days come from the law's text and from
 * printed calendars.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/calendar.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define TOKYO "Asia/Tokyo"
#define NEW_YORK "America/New_York"

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct policy_closed new_year = { 0, 12, 29, 0, 1, 3 };
static const struct policy_closed new_year_and_obon[] = {
	{ 2026, 8, 13, 2026, 8, 13 }, { 0, 12, 29, 0, 1, 3 },
};
static const struct policy_closed over_one_new_year = { 2027, 12, 27, 2028, 1, 7 };
static const struct policy_closed always = { 0, 1, 1, 0, 12, 31 };

static struct policy
japan(const struct policy_closed *closed, size_t count, const char *overrides)
{
	struct policy policy = { .country = "JP", .closed = closed, .closed_count = count };

	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_OVERRIDES, overrides, &policy.overrides), 0);
	return policy;
}

static const struct {
	int year, holidays;
} counts[] = {
	{ 2000, 15 }, { 2006, 16 }, { 2007, 19 }, { 2008, 17 }, { 2009, 17 }, { 2019, 22 },
	{ 2020, 18 }, { 2021, 17 }, { 2024, 21 }, { 2026, 18 }, { 2027, 17 },
};

START_TEST(test_count)
{
	int64_t from = clock_days(counts[_i].year, 1, 1), to = clock_days(counts[_i].year + 1, 1,
		1);
	int found = 0;

	for (int64_t at = from; at < to; at++) {
		int year, month, day;

		clock_from_days(at, &year, &month, &day);
		found += calendar_jp_holiday(year, month, day, NULL) != NULL;
	}
	ck_assert_int_eq(found, counts[_i].holidays);
}
END_TEST

static const struct {
	int year, month, day;
	const char *name;	/* NULL: a day like any other */
} days[] = {
	{ 2000, 1, 1, "元日" },
	{ 2000, 1, 10, "成人の日" },	/* the first one on a second Monday */
	{ 2000, 1, 15, NULL },
	{ 2000, 4, 29, "みどりの日" },
	{ 2000, 5, 4, "国民の休日" },
	{ 2003, 5, 4, NULL },		/* until 2006 not on a Sunday */
	{ 2006, 5, 4, "国民の休日" },
	{ 2007, 5, 4, "みどりの日" },
	{ 2007, 4, 29, "昭和の日" },
	{ 2007, 4, 30, "振替休日" },
	{ 2006, 1, 2, "振替休日" },	/* 1 January was a Sunday */
	{ 2002, 7, 20, "海の日" },
	{ 2003, 7, 20, NULL },
	{ 2003, 7, 21, "海の日" },
	{ 2002, 9, 15, "敬老の日" },
	{ 2002, 9, 16, "振替休日" },
	{ 2003, 9, 15, "敬老の日" },
	{ 2008, 5, 6, "振替休日" },	/* 4 May was the Sunday */
	{ 2009, 5, 6, "振替休日" },	/* 3 May was */
	{ 2012, 3, 20, "春分の日" },
	{ 2012, 9, 22, "秋分の日" },
	{ 2012, 9, 23, NULL },
	{ 2015, 8, 11, NULL },
	{ 2016, 8, 11, "山の日" },
	{ 2018, 12, 23, "天皇誕生日" },
	{ 2018, 12, 24, "振替休日" },
	{ 2019, 12, 23, NULL },
	{ 2019, 2, 23, NULL },
	{ 2019, 4, 30, "国民の休日" },
	{ 2019, 5, 1, "天皇の即位の日" },
	{ 2019, 5, 2, "国民の休日" },
	{ 2019, 5, 6, "振替休日" },
	{ 2019, 10, 14, "体育の日" },
	{ 2019, 10, 22, "即位礼正殿の儀の行われる日" },
	{ 2020, 2, 23, "天皇誕生日" },
	{ 2020, 2, 24, "振替休日" },
	{ 2020, 7, 20, NULL },
	{ 2020, 7, 23, "海の日" },
	{ 2020, 7, 24, "スポーツの日" },
	{ 2020, 8, 10, "山の日" },
	{ 2020, 8, 11, NULL },
	{ 2020, 10, 12, NULL },
	{ 2021, 7, 19, NULL },
	{ 2021, 7, 22, "海の日" },
	{ 2021, 7, 23, "スポーツの日" },
	{ 2021, 8, 8, "山の日" },
	{ 2021, 8, 9, "振替休日" },
	{ 2021, 8, 11, NULL },
	{ 2021, 10, 11, NULL },
	{ 2022, 10, 10, "スポーツの日" },
	{ 2026, 3, 20, "春分の日" },
	{ 2026, 5, 6, "振替休日" },
	{ 2026, 9, 21, "敬老の日" },
	{ 2026, 9, 22, "国民の休日" },
	{ 2026, 9, 23, "秋分の日" },
	{ 2074, 9, 23, "秋分の日" },
	{ 2092, 3, 19, "春分の日" },
	{ 2096, 3, 19, "春分の日" },
	{ 2099, 12, 31, NULL },
};

START_TEST(test_day)
{
	bool known = false;
	const char *name = calendar_jp_holiday(days[_i].year, days[_i].month, days[_i].day, &known);

	ck_assert(known);
	if (days[_i].name == NULL)
		ck_assert_msg(name == NULL, "%s", name);
	else
		ck_assert_pstr_eq(name, days[_i].name);
}
END_TEST

/* Every sandwiched day but 4 May before 2007. */
static const struct {
	int year, month, day;
} sandwiched[] = {
	{ 2009, 9, 22 }, { 2015, 9, 22 }, { 2019, 4, 30 }, { 2019, 5, 2 }, { 2026, 9, 22 },
	{ 2032, 9, 21 }, { 2037, 9, 22 }, { 2043, 9, 22 }, { 2049, 9, 21 }, { 2054, 9, 22 },
	{ 2060, 9, 21 }, { 2071, 9, 22 }, { 2077, 9, 21 }, { 2088, 9, 21 }, { 2094, 9, 21 },
	{ 2099, 9, 22 },
};

START_TEST(test_sandwiched)
{
	int next = 0;

	for (int64_t at = clock_days(2007, 1, 1); at < clock_days(2100, 1, 1); at++) {
		int year, month, day;
		const char *name;

		clock_from_days(at, &year, &month, &day);
		name = calendar_jp_holiday(year, month, day, NULL);
		if (!text_equal(name, "国民の休日"))
			continue;
		ck_assert_int_lt(next, SIZE(sandwiched));
		ck_assert_int_eq(year, sandwiched[next].year);
		ck_assert_int_eq(month, sandwiched[next].month);
		ck_assert_int_eq(day, sandwiched[next].day);
		next++;
	}
	ck_assert_int_eq(next, SIZE(sandwiched));
}
END_TEST

/* Substitutes not on a Monday are all 6 May; equinoxes never fall on 24 September. */
START_TEST(test_substitute)
{
	static const int may_sixth[] = { 2008, 2009, 2014, 2015, 2020, 2025, 2026, 2031 };
	int next = 0;

	for (int64_t at = clock_days(2007, 1, 1); at < clock_days(2100, 1, 1); at++) {
		int year, month, day;
		const char *name;

		clock_from_days(at, &year, &month, &day);
		name = calendar_jp_holiday(year, month, day, NULL);
		ck_assert(!(month == 9 && day == 24 && text_equal(name, "秋分の日")));
		if (!text_equal(name, "振替休日") || (at + 4) % 7 == 1)
			continue;
		ck_assert_int_eq(month, 5);
		ck_assert_int_eq(day, 6);
		if (next < SIZE(may_sixth))
			ck_assert_int_eq(year, may_sixth[next++]);
	}
	ck_assert_int_eq(next, SIZE(may_sixth));
}
END_TEST

START_TEST(test_unknown_year)
{
	bool known = true;

	ck_assert_ptr_null(calendar_jp_holiday(1999, 1, 1, &known));
	ck_assert(!known);
	ck_assert_ptr_null(calendar_jp_holiday(2100, 1, 1, &known));
	ck_assert(!known);
}
END_TEST

static const struct {
	int year, month, day;
	const char *why;
} closed_days[] = {
	{ 2026, 1, 1, "元日" },
	{ 2026, 1, 2, "closed" },	/* a Friday, by the span that began the year before */
	{ 2026, 1, 5, NULL },
	{ 2026, 8, 13, "closed" },
	{ 2027, 8, 13, NULL },		/* that one was for 2026 alone; a Friday */
	{ 2026, 8, 15, "weekend" },
	{ 2026, 8, 16, "weekend" },
	{ 2026, 12, 28, NULL },
	{ 2026, 12, 29, "closed" },
	{ 2026, 12, 31, "closed" },
	{ 2026, 11, 3, "文化の日" },
	{ 2024, 11, 3, "文化の日" },	/* a Sunday: the holiday's name says more */
	{ 2026, 9, 22, NULL },		/* the overrides took it away */
	{ 2026, 9, 25, "for this year" },
	{ 2026, 9, 24, NULL },
	{ 2026, 9, 26, "weekend" },	/* "open" opens no Saturday */
};

START_TEST(test_closed)
{
	struct policy policy = japan(new_year_and_obon, 2, "# by the gazette\n2026-09-22 open\n"
		"2026-09-25 closed for this year\n2026-09-26 open\n2026-09-24 closed\n"
		"2026-09-24 open again\n");
	const char *why = calendar_closed(&policy,
		clock_days(closed_days[_i].year, closed_days[_i].month, closed_days[_i].day));

	if (closed_days[_i].why == NULL)
		ck_assert_msg(why == NULL, "%s", why);
	else
		ck_assert_pstr_eq(why, closed_days[_i].why);
}
END_TEST

START_TEST(test_closed_elsewhere)
{
	struct policy policy = { .country = "NL", .closed = &over_one_new_year, .closed_count = 1 };

	ck_assert_ptr_null(calendar_closed(&policy, clock_days(2026, 11, 3)));
	ck_assert_ptr_null(calendar_closed(&policy, clock_days(2026, 12, 28)));
	ck_assert_pstr_eq(calendar_closed(&policy, clock_days(2027, 12, 27)), "closed");
	ck_assert_pstr_eq(calendar_closed(&policy, clock_days(2028, 1, 7)), "closed");
	ck_assert_ptr_null(calendar_closed(&policy, clock_days(2028, 1, 10)));
}
END_TEST

static const struct {
	const char *text;
	int wrong;
} overrides[] = {
	{ "", 0 },
	{ "\n# a remark\n\n2026-09-22 open\r\n", 0 },
	{ "2026-09-22 closed", 0 },
	{ "2026-09-22\tclosed\tit was moved", 0 },
	{ "2026-09-22\n", 1 },
	{ "2026-09-22 holiday\n", 1 },
	{ "2026-09-22 opened\n", 1 },
	{ "2026-09-22open\n", 1 },
	{ "2026-09-22 open\n2026-02-30 open\n", 2 },
	{ "2026-09-22 open\n\n2026-9-2 open\n", 3 },
	{ "2026-13-01 open\n", 1 },
	{ "  2026-09-22 open\n", 1 },
};

START_TEST(test_overrides)
{
	struct policy_days read;

	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_OVERRIDES, overrides[_i].text, &read),
		overrides[_i].wrong);
}
END_TEST

/* Another country's holidays come from a file, in any order, and an override may take one away. */
static const struct {
	int year, month, day;
	const char *why;
} holidays[] = {
	{ 2026, 12, 25, "Christmas Day" },
	{ 2026, 12, 26, "Boxing Day" },	/* a Saturday: the holiday's name says more */
	{ 2026, 4, 3, "holiday" },
	{ 2027, 1, 1, "New Year's Day" },
	{ 2026, 12, 28, NULL },
	{ 2026, 5, 4, NULL },		/* taken away */
	{ 2026, 11, 3, NULL },		/* Japan's */
	{ 2026, 11, 8, "weekend" },
};

START_TEST(test_holidays)
{
	struct policy policy = { .country = "" };
	const char *why;

	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_HOLIDAYS,
		"# England\n2027-01-01 New Year's Day\n2026-12-25 Christmas\n2026-12-26\tBoxing Day \r\n"
		"2026-12-25 Christmas Day\n2026-04-03\n2026-05-04 Early May\n", &policy.holidays), 0);
	ck_assert_uint_eq(policy.holidays.count, 5);
	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_OVERRIDES, "2026-05-04 open\n",
		&policy.overrides), 0);
	why = calendar_closed(&policy,
		clock_days(holidays[_i].year, holidays[_i].month, holidays[_i].day));
	if (holidays[_i].why == NULL)
		ck_assert_msg(why == NULL, "%s", why);
	else
		ck_assert_pstr_eq(why, holidays[_i].why);
}
END_TEST

static const struct {
	const char *text;
	int wrong;
} holiday_files[] = {
	{ "", 0 },
	{ "\n# a remark\n\n2026-12-25 Christmas Day\r\n", 0 },
	{ "2026-12-25", 0 },
	{ "2026-12-25 # no name", 0 },
	{ "2026-12-25Christmas", 1 },
	{ "2026-12-25 x\n25.12.2027 x\n", 2 },
	{ "2026-02-29 x\n", 1 },
	{ "Christmas\n", 1 },
};

START_TEST(test_holiday_files)
{
	struct policy_days read;

	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_HOLIDAYS, holiday_files[_i].text, &read),
		holiday_files[_i].wrong);
}
END_TEST

START_TEST(test_known)
{
	struct policy nowhere = { .country = "" }, here = { .country = "JP" }, listed = { .country = "" };

	ck_assert(calendar_known(&nowhere, clock_days(1999, 1, 1)));
	ck_assert(calendar_known(&nowhere, clock_days(2100, 1, 1)));
	ck_assert(!calendar_known(&here, clock_days(1999, 12, 31)));
	ck_assert(calendar_known(&here, clock_days(2000, 1, 1)));
	ck_assert(calendar_known(&here, clock_days(2099, 12, 31)));
	ck_assert(!calendar_known(&here, clock_days(2100, 1, 1)));
	ck_assert_int_eq(calendar_file_read(arena, CALENDAR_HOLIDAYS,
		"2026-12-25 x\n2028-01-01 x\n", &listed.holidays), 0);
	ck_assert(!calendar_known(&listed, clock_days(2025, 12, 31)));
	ck_assert(calendar_known(&listed, clock_days(2026, 1, 1)));
	ck_assert(calendar_known(&listed, clock_days(2027, 6, 1)));
	ck_assert(calendar_known(&listed, clock_days(2028, 12, 31)));
	ck_assert(!calendar_known(&listed, clock_days(2029, 1, 1)));
	/* Beside the law a file only adds. */
	listed.country = "JP";
	ck_assert(calendar_known(&listed, clock_days(2029, 1, 1)));
	ck_assert(!calendar_known(&listed, clock_days(2100, 1, 1)));
}
END_TEST

static const struct {
	const char *zone, *from, *span, *due;
} dues[] = {
	{ TOKYO, "2012-03-15 10:00", "5 business days", "2012-03-23T23:59:59+09:00" },
	{ TOKYO, "2012-03-15 00:00", "5 business days", "2012-03-23T23:59:59+09:00" },
	{ TOKYO, "2012-03-15 23:59:59", "5 business days", "2012-03-23T23:59:59+09:00" },
	/* 16 March in Tokyo */
	{ TOKYO, "2012-03-15T15:30:00Z", "1 day", "2012-03-17T23:59:59+09:00" },
	{ TOKYO, "2012-03-15T14:59:59Z", "1 day", "2012-03-16T23:59:59+09:00" },
	{ TOKYO, "2025-11-30 09:00", "3 months", "2026-02-28T23:59:59+09:00" },
	{ TOKYO, "2027-11-30 09:00", "3 months", "2028-02-29T23:59:59+09:00" },
	{ TOKYO, "2026-10-31 09:00", "1 month", "2026-11-30T23:59:59+09:00" },
	{ TOKYO, "2026-12-15 09:00", "1 month", "2027-01-15T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "3 months", "2027-02-22T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "25 months", "2028-12-22T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "45 days", "2027-01-06T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "2 weeks", "2026-12-06T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "0 days", "2026-11-22T23:59:59+09:00" },
	{ TOKYO, "2026-11-22 09:00", "0 business days", "2026-11-22T23:59:59+09:00" },
	{ TOKYO, "2026-12-28 17:00", "1 business day", "2027-01-04T23:59:59+09:00" },
	{ TOKYO, "2026-12-28 17:00", "3 business days", "2027-01-06T23:59:59+09:00" },
	{ TOKYO, "2026-09-18 17:00", "1 business day", "2026-09-24T23:59:59+09:00" },
	{ TOKYO, "2026-05-01 09:00", "1 business day", "2026-05-07T23:59:59+09:00" },
	{ TOKYO, "2026-08-12 09:00", "1 business day", "2026-08-14T23:59:59+09:00" },
	/* Saturday; 23 is a holiday */
	{ TOKYO, "2026-11-21 09:00", "1 business day", "2026-11-24T23:59:59+09:00" },
	/* ten days off */
	{ TOKYO, "2019-04-26 09:00", "1 business day", "2019-05-07T23:59:59+09:00" },
	{ NEW_YORK, "2026-03-07T12:00:00-05:00", "1 day", "2026-03-08T23:59:59-04:00" },
	{ NEW_YORK, "2026-10-31T12:00:00-04:00", "1 day", "2026-11-01T23:59:59-05:00" },
	{ NEW_YORK, "2026-03-08T04:30:00Z", "1 day", "2026-03-08T23:59:59-04:00" },
};

START_TEST(test_due)
{
	struct policy policy = japan(new_year_and_obon, 2, "");
	struct span span;
	int64_t from, due;

	ck_assert(span_read(dues[_i].span, &span));
	ck_assert(clock_parse(dues[_i].from, dues[_i].zone, &from));
	ck_assert(clock_parse(dues[_i].due, dues[_i].zone, &due));
	ck_assert_int_eq(calendar_due(&policy, dues[_i].zone, from, span), due);
}
END_TEST

/* A conf that closes every day: plain days, rather than never. */
START_TEST(test_never_open)
{
	struct policy policy = japan(&always, 1, "");
	struct span span = { 5, SPAN_BUSINESS_DAYS };
	int64_t from, due;

	ck_assert(clock_parse("2026-11-22 09:00", TOKYO, &from));
	ck_assert(clock_parse("2026-11-27 23:59:59", TOKYO, &due));
	ck_assert_int_eq(calendar_due(&policy, TOKYO, from, span), due);
}
END_TEST

static const struct {
	const char *zone, *now, *span, *before;
} befores[] = {
	{ TOKYO, "2026-11-22 09:30:15", "7 days", "2026-11-15 09:30:15" },
	{ TOKYO, "2012-03-23 10:00", "5 business days", "2012-03-15 10:00" },
	{ TOKYO, "2027-01-04 08:00", "1 business day", "2026-12-28 08:00" },
	{ TOKYO, "2026-03-31 10:00", "1 month", "2026-02-28 10:00" },
	{ TOKYO, "2026-01-15 10:00", "2 months", "2025-11-15 10:00" },
	{ NEW_YORK, "2026-03-09T12:00:00-04:00", "2 days", "2026-03-07T12:00:00-05:00" },
};

START_TEST(test_before)
{
	struct policy policy = japan(&new_year, 1, "");
	struct span span;
	int64_t now, before;

	ck_assert(span_read(befores[_i].span, &span));
	ck_assert(clock_parse(befores[_i].now, befores[_i].zone, &now));
	ck_assert(clock_parse(befores[_i].before, befores[_i].zone, &before));
	ck_assert_int_eq(calendar_before(&policy, befores[_i].zone, now, span), before);
}
END_TEST

static const struct {
	const char *from, *to;
	int64_t count;
} betweens[] = {
	{ "2026-12-01", "2026-12-01", 0 },
	{ "2026-12-01", "2026-12-02", 1 },
	{ "2026-12-02", "2026-12-01", -1 },
	{ "2026-12-04", "2026-12-07", 1 },	/* a weekend between */
	{ "2026-12-04", "2026-12-06", 0 },	/* due on a Sunday: nothing is left */
	{ "2026-12-06", "2026-12-04", 0 },
	{ "2026-12-28", "2027-01-05", 2 },	/* the house is closed from 29 to 3 */
	{ "2012-03-16", "2012-03-23", 4 },	/* 20 is a holiday */
	{ "2026-01-01", "2099-01-01", 26663 },	/* further than anything is due: plain days */
};

START_TEST(test_between)
{
	struct policy policy = japan(&new_year, 1, "");
	int64_t from, to;

	ck_assert(clock_parse(betweens[_i].from, "UTC", &from));
	ck_assert(clock_parse(betweens[_i].to, "UTC", &to));
	ck_assert_int_eq(calendar_business_days(&policy, from / CLOCK_DAY, to / CLOCK_DAY),
		betweens[_i].count);
}
END_TEST

/* As many as calendar_due() counted. */
START_TEST(test_between_as_due)
{
	struct policy policy = japan(&new_year, 1, "");
	int64_t from;

	ck_assert(clock_parse("2026-04-28 10:00", "UTC", &from));
	for (int count = 1; count < 300; count++) {
		struct span span = { count, SPAN_BUSINESS_DAYS };
		int64_t due = calendar_due(&policy, "UTC", from, span);

		ck_assert_int_eq(calendar_business_days(&policy, from / CLOCK_DAY, due / CLOCK_DAY),
			count);
		ck_assert_int_eq(calendar_business_days(&policy, due / CLOCK_DAY, from / CLOCK_DAY),
			-count);
	}
}
END_TEST

static const struct {
	const char *text;
	int count;	/* -1: none */
	enum span_unit unit;
} spans[] = {
	{ "3 business days", 3, SPAN_BUSINESS_DAYS },
	{ "1 business day", 1, SPAN_BUSINESS_DAYS },
	{ "45 days", 45, SPAN_DAYS },
	{ "1 day", 1, SPAN_DAYS },
	{ "0 days", 0, SPAN_DAYS },
	{ "2 weeks", 14, SPAN_DAYS },
	{ "1 week", 7, SPAN_DAYS },
	{ "3 months", 3, SPAN_MONTHS },
	{ "3650 days", 3650, SPAN_DAYS },
	{ "3651 days", -1, SPAN_DAYS },
	{ "521 weeks", 3647, SPAN_DAYS },
	{ "522 weeks", -1, SPAN_DAYS },
	{ "99999 days", -1, SPAN_DAYS },
	{ "-1 days", -1, SPAN_DAYS },
	{ "+1 days", -1, SPAN_DAYS },
	{ " 1 day", -1, SPAN_DAYS },
	{ "1 day ", -1, SPAN_DAYS },
	{ "1day", -1, SPAN_DAYS },
	{ "days", -1, SPAN_DAYS },
	{ "1 hour", -1, SPAN_DAYS },
	{ "1.5 days", -1, SPAN_DAYS },
	{ "3 business", -1, SPAN_DAYS },
	{ "3 business weeks", -1, SPAN_DAYS },
	{ "", -1, SPAN_DAYS },
	{ NULL, -1, SPAN_DAYS },
};

START_TEST(test_span)
{
	struct span span = { -7, SPAN_DAYS };

	ck_assert_int_eq(span_read(spans[_i].text, &span), spans[_i].count >= 0);
	ck_assert_int_eq(span.count, spans[_i].count >= 0 ? spans[_i].count : -7);
	if (spans[_i].count >= 0)
		ck_assert_int_eq(span.unit, spans[_i].unit);
}
END_TEST

static Suite *
suite_calendar(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tcase = tcase_create("calendar");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_count, 0, SIZE(counts));
	tcase_add_loop_test(tcase, test_day, 0, SIZE(days));
	tcase_add_test(tcase, test_sandwiched);
	tcase_add_test(tcase, test_substitute);
	tcase_add_test(tcase, test_unknown_year);
	tcase_add_loop_test(tcase, test_closed, 0, SIZE(closed_days));
	tcase_add_test(tcase, test_closed_elsewhere);
	tcase_add_loop_test(tcase, test_overrides, 0, SIZE(overrides));
	tcase_add_loop_test(tcase, test_holidays, 0, SIZE(holidays));
	tcase_add_loop_test(tcase, test_holiday_files, 0, SIZE(holiday_files));
	tcase_add_test(tcase, test_known);
	tcase_add_loop_test(tcase, test_due, 0, SIZE(dues));
	tcase_add_test(tcase, test_never_open);
	tcase_add_loop_test(tcase, test_before, 0, SIZE(befores));
	tcase_add_loop_test(tcase, test_between, 0, SIZE(betweens));
	tcase_add_test(tcase, test_between_as_due);
	tcase_add_loop_test(tcase, test_span, 0, SIZE(spans));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_calendar());
}
