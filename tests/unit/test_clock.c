/*
 * base/clock: the calendar, walls of zones with and without summer time, and
 * the written forms. Instants in the tables are from date(1) and by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include "base/arena.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	int year, month, day;
	int64_t days;
	int weekday;
} dates[] = {
	{ 1970, 1, 1, 0, 4 },
	{ 1969, 12, 31, -1, 3 },
	{ 2026, 11, 22, 20779, 0 },
	{ 2000, 2, 29, 11016, 2 },
	{ 2024, 2, 29, 19782, 4 },
	{ 1900, 2, 28, -25509, 3 },
	{ 1900, 3, 1, -25508, 4 },
	{ 1, 1, 1, -719162, 1 },
	{ 0, 12, 31, -719163, 0 },
	{ 9999, 12, 31, 2932896, 5 },
};

START_TEST(test_dates)
{
	struct clock_civil civil;
	int year, month, day;

	ck_assert_int_eq(clock_days(dates[_i].year, dates[_i].month, dates[_i].day),
		dates[_i].days);
	clock_from_days(dates[_i].days, &year, &month, &day);
	ck_assert_int_eq(year, dates[_i].year);
	ck_assert_int_eq(month, dates[_i].month);
	ck_assert_int_eq(day, dates[_i].day);
	clock_civil(dates[_i].days * CLOCK_DAY, "UTC", &civil);
	ck_assert_int_eq(civil.weekday, dates[_i].weekday);
}
END_TEST

static void
check_day(int64_t days, int year, int month, int day)
{
	int y, m, d;

	clock_from_days(days, &y, &m, &d);
	if (y != year || m != month || d != day || clock_days(year, month, day) != days)
		ck_abort_msg("%d-%d-%d is wrong", year, month, day);
}

/* Each day of four centuries follows the one before it, and every month has its length. */
START_TEST(test_every_day)
{
	int64_t days = clock_days(1896, 1, 1);

	for (int year = 1896; year < 2302; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= clock_month_days(year, month); day++)
				check_day(days++, year, month, day);
	ck_assert_int_eq(days, clock_days(2302, 1, 1));
}
END_TEST

static const struct {
	int year, month, days;
} months[] = {
	{ 2026, 1, 31 }, { 2026, 2, 28 }, { 2024, 2, 29 }, { 2000, 2, 29 }, { 1900, 2, 28 },
	{ 2100, 2, 28 }, { 2026, 4, 30 }, { 2026, 6, 30 }, { 2026, 9, 30 }, { 2026, 11, 30 },
	{ 2026, 12, 31 }, { 0, 2, 29 },
};

START_TEST(test_months)
{
	ck_assert_int_eq(clock_month_days(months[_i].year, months[_i].month), months[_i].days);
}
END_TEST

/* Sums of months and days that leave the year are carried over. */
START_TEST(test_carry)
{
	ck_assert_int_eq(clock_days(2026, 13, 1), clock_days(2027, 1, 1));
	ck_assert_int_eq(clock_days(2026, 0, 1), clock_days(2025, 12, 1));
	ck_assert_int_eq(clock_days(2026, -11, 1), clock_days(2025, 1, 1));
	ck_assert_int_eq(clock_days(2026, 12, 32), clock_days(2027, 1, 1));
	ck_assert_int_eq(clock_days(2026, 3, 0), clock_days(2026, 2, 28));
}
END_TEST

/* Instants and their walls; what is written and can be read back gives the same instant. */
static const struct {
	const char *zone;
	int64_t seconds;
	const char *rfc3339, *rfc5322;
} walls[] = {
	{ "Asia/Tokyo", 1795305600, "2026-11-22T09:00:00+09:00",
		"Sun, 22 Nov 2026 09:00:00 +0900" },
	{ "Asia/Tokyo", 1798729200, "2027-01-01T00:00:00+09:00",
		"Fri, 01 Jan 2027 00:00:00 +0900" },
	{ "Asia/Tokyo", 1767193199, "2025-12-31T23:59:59+09:00",
		"Wed, 31 Dec 2025 23:59:59 +0900" },
	{ "Asia/Tokyo", 1709210096, "2024-02-29T21:34:56+09:00",
		"Thu, 29 Feb 2024 21:34:56 +0900" },
	{ "UTC", 951782400, "2000-02-29T00:00:00+00:00", "Tue, 29 Feb 2000 00:00:00 +0000" },
	{ "UTC", -1, "1969-12-31T23:59:59+00:00", "Wed, 31 Dec 1969 23:59:59 +0000" },
	{ "UTC", 253402300799, "9999-12-31T23:59:59+00:00", "Fri, 31 Dec 9999 23:59:59 +0000" },
	{ "UTC", -62167219200, "0000-01-01T00:00:00+00:00", "Sat, 01 Jan 0000 00:00:00 +0000" },
	{ "Europe/Berlin", 1774745999, "2026-03-29T01:59:59+01:00",
		"Sun, 29 Mar 2026 01:59:59 +0100" },
	{ "Europe/Berlin", 1774746000, "2026-03-29T03:00:00+02:00",
		"Sun, 29 Mar 2026 03:00:00 +0200" },
	{ "Europe/Berlin", 1792888200, "2026-10-25T02:30:00+02:00",
		"Sun, 25 Oct 2026 02:30:00 +0200" },
	{ "Europe/Berlin", 1792891800, "2026-10-25T02:30:00+01:00",
		"Sun, 25 Oct 2026 02:30:00 +0100" },
	{ "America/St_Johns", 1795305600, "2026-11-21T20:30:00-03:30",
		"Sat, 21 Nov 2026 20:30:00 -0330" },
	/* Tokyo's local mean time was 9:18:59 ahead, which neither form can say. */
	{ "Asia/Tokyo", -3000000000, "1874-12-08T03:58:00+09:18",
		"Tue, 08 Dec 1874 03:58:00 +0918" },
	{ "No/Such_Zone", 1795305600, "2026-11-22T00:00:00+00:00",
		"Sun, 22 Nov 2026 00:00:00 +0000" },
	{ NULL, 1795305600, "2026-11-22T00:00:00+00:00", "Sun, 22 Nov 2026 00:00:00 +0000" },
};

START_TEST(test_walls)
{
	int64_t at = walls[_i].seconds * CLOCK_SECOND;
	int64_t back = 0;

	ck_assert_str_eq(clock_rfc3339(arena, at, walls[_i].zone), walls[_i].rfc3339);
	ck_assert_str_eq(clock_rfc5322(arena, at, walls[_i].zone), walls[_i].rfc5322);
	/* Parts of a second are dropped, downwards also before 1970. */
	ck_assert_str_eq(clock_rfc3339(arena, at + 999999, walls[_i].zone), walls[_i].rfc3339);
	ck_assert(clock_parse(walls[_i].rfc3339, "America/New_York", &back));
	ck_assert_int_eq(back, at);
}
END_TEST

START_TEST(test_civil_back)
{
	struct clock_civil civil;
	int64_t at = walls[_i].seconds * CLOCK_SECOND;

	clock_civil(at, walls[_i].zone, &civil);
	/* The second 02:30 of an autumn night is read back as the first. */
	if (walls[_i].seconds == 1792891800)
		at -= CLOCK_HOUR;
	ck_assert_int_eq(clock_from_civil(&civil, walls[_i].zone), at);
}
END_TEST

/* Walls that are not there, or twice, and those beside them. */
static const struct {
	const char *zone, *wall, *instant;
} edges[] = {
	{ "Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z" },
	{ "Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z" }, /* 03:00 */
	{ "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:30:00Z" },    /* 03:30 */
	{ "Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29T01:59:59Z" },
	{ "Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z" },
	{ "Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z" },
	{ "Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T00:00:00Z" },
	{ "Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z" },
	{ "Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25T00:59:59Z" },
	{ "Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z" },
	{ "Europe/Berlin", "2026-07-01 00:00:00", "2026-06-30T22:00:00Z" },
	{ "Europe/Berlin", "2026-10-25", "2026-10-25T22:59:59Z" },
	{ "Asia/Tokyo", "2026-11-22 09:00", "2026-11-22T00:00:00Z" },
	{ "Asia/Tokyo", "2026-12-31", "2026-12-31T14:59:59Z" },
	{ "Asia/Tokyo", "2024-02-29", "2024-02-29T14:59:59Z" },
	{ "America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z" },
	{ "America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z" },
	{ "Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z" }, /* a day left out */
	{ "Pacific/Kiritimati", "2026-01-01 00:00", "2025-12-31T10:00:00Z" },
	{ "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z" }, /* half an hour */
};

START_TEST(test_edges)
{
	int64_t wall = 0, instant = 1;

	ck_assert(clock_parse(edges[_i].wall, edges[_i].zone, &wall));
	ck_assert(clock_parse(edges[_i].instant, NULL, &instant));
	ck_assert_int_eq(wall, instant);
}
END_TEST

static const struct {
	const char *string;
	bool good;
	int64_t at;
} times[] = {
	{ "1970-01-01T00:00:00Z", true, 0 },
	{ "1970-01-01t00:00:00z", true, 0 },
	{ "1970-01-01 00:00:00Z", true, 0 },
	{ "1970-01-01T09:00:00+09:00", true, 0 },
	{ "1969-12-31T20:30:00-03:30", true, 0 },
	{ "1970-01-01T00:00:00-00:00", true, 0 },
	{ "1970-01-01T00:00:00.5Z", true, 500000 },
	{ "1970-01-01T00:00:00.000001Z", true, 1 },
	{ "1970-01-01T00:00:00.1234567899999Z", true, 123456 },
	{ "1969-12-31T23:59:59.999999Z", true, -1 },
	{ "2016-12-31T23:59:60Z", true, INT64_C(1483228800000000) },
	{ "2017-01-01T08:59:60+09:00", true, INT64_C(1483228800000000) },
	{ "2000-02-29T00:00:00Z", true, INT64_C(951782400000000) },
	{ "1970-01-02 00:00", true, INT64_C(86400000000) }, /* in the test's zone, UTC */
	{ "1970-01-02 00:00:01", true, INT64_C(86401000000) },
	{ "1970-01-01", true, INT64_C(86399000000) },
	{ NULL, false, 0 },
	{ "", false, 0 },
	{ "1970", false, 0 },
	{ "1970-01", false, 0 },
	{ "1970-01-", false, 0 },
	{ "1970-1-1", false, 0 },
	{ "70-01-01", false, 0 },
	{ "19700101", false, 0 },
	{ "+1970-01-01", false, 0 },
	{ "-970-01-01", false, 0 },
	{ " 1970-01-01", false, 0 },
	{ "1970-01-01 ", false, 0 },
	{ "1970/01/01", false, 0 },
	{ "1970-00-01", false, 0 },
	{ "1970-13-01", false, 0 },
	{ "1970-01-00", false, 0 },
	{ "1970-01-32", false, 0 },
	{ "1970-04-31", false, 0 },
	{ "1970-02-29", false, 0 },
	{ "1900-02-29", false, 0 },
	{ "10000-01-01", false, 0 },
	{ "1970-01-01T", false, 0 },
	{ "1970-01-01 ", false, 0 },
	{ "1970-01-01 24:00", false, 0 },
	{ "1970-01-01 00:60", false, 0 },
	{ "1970-01-01 00:00:61", false, 0 },
	{ "1970-01-01 00:00:60", false, 0 },
	{ "1970-01-01 0:00", false, 0 },
	{ "1970-01-01 00:00:", false, 0 },
	{ "1970-01-01 00:00Z", false, 0 },
	{ "1970-01-01 00", false, 0 },
	{ "1970-01-01T00:00", false, 0 },
	{ "1970-01-01T00:00:00", false, 0 },
	{ "1970-01-01T00:00Z", false, 0 },
	{ "1970-01-01T00:00:00.Z", false, 0 },
	{ "1970-01-01T00:00:00,5Z", false, 0 },
	{ "1970-01-01T00:00:00.5", false, 0 },
	{ "1970-01-01T00:00:00ZZ", false, 0 },
	{ "1970-01-01T00:00:00 Z", false, 0 },
	{ "1970-01-01T00:00:00+0900", false, 0 },
	{ "1970-01-01T00:00:00+09", false, 0 },
	{ "1970-01-01T00:00:00+24:00", false, 0 },
	{ "1970-01-01T00:00:00+09:60", false, 0 },
	{ "1970-01-01T00:00:00+09:00x", false, 0 },
	{ "\xef\xbc\x91" "970-01-01", false, 0 },
};

START_TEST(test_parse)
{
	int64_t at = -77;

	ck_assert_int_eq(clock_parse(times[_i].string, "UTC", &at), times[_i].good);
	ck_assert_int_eq(at, times[_i].good ? times[_i].at : -77);
}
END_TEST

static const struct {
	const char *zone;
	bool known;
} zones[] = {
	{ "Asia/Tokyo", true },
	{ "UTC", true },
	{ "Etc/GMT+9", true },
	{ "America/Argentina/Buenos_Aires", true },
	{ "Asia/Nowhere", false },
	{ "Asia", false },
	{ "", false },
	{ NULL, false },
	{ "/usr/share/zoneinfo/Asia/Tokyo", false },
	{ "../zoneinfo/Asia/Tokyo", false },
	{ "Asia/../Asia/Tokyo", false },
	{ "Asia/Tokyo\n", false },
	{ ":Asia/Tokyo", false },
	{ "zone.tab", false },
	{ "A/name/of/eighty/characters/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		false },
};

START_TEST(test_zones)
{
	struct clock_civil civil;

	ck_assert_int_eq(clock_zone_known(zones[_i].zone), zones[_i].known);
	/* Unknown is UTC, also when another zone stood before. */
	clock_civil(0, "Asia/Tokyo", &civil);
	ck_assert_int_eq(civil.offset, 9 * 3600);
	clock_civil(0, zones[_i].zone, &civil);
	if (!zones[_i].known)
		ck_assert_int_eq(civil.offset, 0);
}
END_TEST

/* Neither TZ nor TZDIR as the program was started with have a say. */
START_TEST(test_environment)
{
	struct clock_civil civil;

	setenv("TZ", "America/New_York", 1);
	setenv("TZDIR", "/nonexistent", 1);
	clock_civil(0, "UTC", &civil);
	ck_assert_int_eq(civil.offset, 0);
	clock_civil(0, "Asia/Tokyo", &civil);
	ck_assert_int_eq(civil.offset, 9 * 3600);
	ck_assert_int_eq(civil.hour, 9);
	ck_assert_int_eq(civil.weekday, 4);
}
END_TEST

/* Instants that no calendar holds do no harm: they come from a store or a room. */
START_TEST(test_extremes)
{
	struct clock_civil civil;

	clock_civil(INT64_MAX, "Europe/Berlin", &civil);
	ck_assert_int_eq(civil.year, 294247);
	clock_civil(INT64_MIN, "Asia/Tokyo", &civil);
	ck_assert_int_eq(civil.year, -290308);
	ck_assert_ptr_nonnull(clock_rfc3339(arena, INT64_MAX, "Asia/Tokyo"));
	ck_assert_ptr_nonnull(clock_rfc5322(arena, INT64_MIN, "Asia/Tokyo"));
}
END_TEST

START_TEST(test_pretend)
{
	int64_t start = INT64_C(1795305600000000);
	int64_t first, mono = clock_mono_ms();

	/* No machine that runs this stands before 2020. */
	ck_assert_int_gt(clock_now(), INT64_C(1577836800000000));
	clock_pretend(start);
	first = clock_now();
	ck_assert_int_ge(first, start);
	ck_assert_int_lt(first, start + CLOCK_MINUTE);
	usleep(2000);
	ck_assert_int_ge(clock_now(), first + 2000);
	ck_assert_int_ge(clock_mono_ms(), mono + 2);
	clock_pretend(-CLOCK_DAY);
	ck_assert_int_lt(clock_now(), 0);
}
END_TEST

static Suite *
suite_clock(void)
{
	Suite *suite = suite_create("clock");
	TCase *tc = tcase_create("clock");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_dates, 0, SIZE(dates));
	tcase_add_test(tc, test_every_day);
	tcase_add_loop_test(tc, test_months, 0, SIZE(months));
	tcase_add_test(tc, test_carry);
	tcase_add_loop_test(tc, test_walls, 0, SIZE(walls));
	tcase_add_loop_test(tc, test_civil_back, 0, SIZE(walls));
	tcase_add_loop_test(tc, test_edges, 0, SIZE(edges));
	tcase_add_loop_test(tc, test_parse, 0, SIZE(times));
	tcase_add_loop_test(tc, test_zones, 0, SIZE(zones));
	tcase_add_test(tc, test_environment);
	tcase_add_test(tc, test_extremes);
	tcase_add_test(tc, test_pretend);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_clock());
}
