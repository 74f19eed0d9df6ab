/*
 * When staff are told of what is owed. Expected times were worked out by hand with a
 * calendar; the desk works from nine to six, Monday to Friday, in Japan.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/remind.h"

#include "base/clock.h"

#include "unit.h"

#include <string.h>

#define ZONE "Asia/Tokyo"
#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct policy_closed closed[] = {
	{ .from_month = 12, .from_day = 29, .to_month = 1, .to_day = 3 },
};
static const struct policy_closed always[] = { { 0, 1, 1, 0, 12, 31 } };
static struct policy_desk desk = {
	.title = "www", .time_zone = ZONE,
	.deadline.warn_before = { 3, SPAN_BUSINESS_DAYS },
};
static struct policy policy = {
	.desks = &desk, .desk_count = 1, .country = "JP", .closed = closed, .closed_count = 1,
	.hours_from = 9 * 60, .hours_to = 18 * 60,
};

static int64_t
at(const char *when)
{
	int64_t read;

	ck_assert_msg(clock_parse(when, ZONE, &read), "%s", when);
	return read;
}

static void
expect(const char *what, int64_t found, const char *wanted)
{
	ck_assert_msg(found == at(wanted), "%s: %lld s off %s", what,
		(long long)((found - at(wanted)) / CLOCK_SECOND), wanted);
}

static const struct {
	const char *when;
	bool working;
} working[] = {
	{ "2026-11-30 08:59:59", false },	/* a Monday */
	{ "2026-11-30 09:00", true },
	{ "2026-11-30 17:59:59", true },
	{ "2026-11-30 18:00", false },
	{ "2026-11-28 12:00", false },		/* Saturday */
	{ "2026-11-23 12:00", false },		/* a holiday */
	{ "2026-12-29 12:00", false },
	{ "2027-01-04 12:00", true },
};

START_TEST(remind_hours)
{
	ck_assert(remind_working(&policy, ZONE, at(working[_i].when)) == working[_i].working);
}
END_TEST

static const struct {
	const char *from;
	int hours;
	const char *to;
} spans[] = {
	{ "2026-11-30 10:00", 4, "2026-11-30 14:00" },
	{ "2026-11-30 10:00", 8, "2026-12-01 09:00" },
	{ "2026-11-30 09:00", 9, "2026-12-01 09:00" },
	{ "2026-11-30 16:30", 4, "2026-12-01 11:30" },
	{ "2026-11-30 03:00", 4, "2026-11-30 13:00" },
	{ "2026-11-30 20:00", 4, "2026-12-01 13:00" },
	{ "2026-11-27 17:00", 4, "2026-11-30 12:00" },	/* over a weekend */
	{ "2026-11-20 17:00", 4, "2026-11-24 12:00" },	/* and a holiday */
	{ "2026-12-28 17:00", 4, "2027-01-04 12:00" },
	{ "2026-11-30 10:00", 0, "2026-11-30 10:00" },
	{ "2026-11-28 10:00", 0, "2026-11-30 09:00" },
	{ "2026-11-30 10:00", 45, "2026-12-07 10:00" },
};

START_TEST(remind_spans)
{
	expect(spans[_i].from, remind_after(&policy, ZONE, at(spans[_i].from),
		spans[_i].hours * CLOCK_HOUR), spans[_i].to);
}
END_TEST

/* Where every day is closed nobody would ever be told: then time runs on the wall. */
START_TEST(remind_never_open)
{
	struct policy shut = policy;

	shut.closed = always;
	expect("shut", remind_after(&shut, ZONE, at("2026-11-30 20:00"), 4 * CLOCK_HOUR),
		"2026-12-01 00:00");
}
END_TEST

static const struct {
	const char *due, *soon, *today, *overdue;
} times[] = {
	/* a Wednesday */
	{ "2026-12-09 23:59:59", "2026-12-04 09:00", "2026-12-09 09:00", "2026-12-10 09:00" },
	{ "2026-12-09 17:00", "2026-12-04 09:00", "2026-12-09 09:00", "2026-12-09 17:00:01" },
	{ "2026-12-09 07:00", "2026-12-04 09:00", "2026-12-09 09:00", "2026-12-09 09:00" },
	/* a Saturday: told on the Friday before */
	{ "2026-12-05 23:59:59", "2026-12-02 09:00", "2026-12-04 09:00", "2026-12-07 09:00" },
	/* a Friday: over on Monday */
	{ "2026-12-04 23:59:59", "2026-12-01 09:00", "2026-12-04 09:00", "2026-12-07 09:00" },
	/* the year's end */
	{ "2026-12-31 23:59:59", "2026-12-24 09:00", "2026-12-28 09:00", "2027-01-04 09:00" },
	{ "2027-01-05 23:59:59", "2026-12-25 09:00", "2027-01-05 09:00", "2027-01-06 09:00" },
};

START_TEST(remind_times)
{
	int64_t due = at(times[_i].due);

	expect("soon", remind_at(&policy, 0, due, REMINDER_SOON), times[_i].soon);
	expect("today", remind_at(&policy, 0, due, REMINDER_TODAY), times[_i].today);
	expect("overdue", remind_at(&policy, 0, due, REMINDER_OVERDUE), times[_i].overdue);
	ck_assert(remind_horizon(&policy, 0, at(times[_i].soon)) >= due);
}
END_TEST

static const struct {
	const char *opened, *due, *now;
	enum reminder what;
} tellings[] = {
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-03 17:00", REMINDER_NONE },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-04 08:00", REMINDER_NONE },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-04 09:00", REMINDER_SOON },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-05 10:00", REMINDER_NONE },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-08 17:00", REMINDER_SOON },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-09 09:00", REMINDER_TODAY },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-09 19:00", REMINDER_NONE },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2026-12-10 09:00", REMINDER_OVERDUE },
	{ "2026-11-20 10:00", "2026-12-09 23:59:59", "2027-06-01 10:00", REMINDER_OVERDUE },
	/* opened near: the mail itself was told */
	{ "2026-12-07 10:00", "2026-12-08 23:59:59", "2026-12-07 11:00", REMINDER_NONE },
	{ "2026-12-07 10:00", "2026-12-08 23:59:59", "2026-12-08 10:00", REMINDER_TODAY },
	{ "2026-12-07 10:00", "2026-12-07 23:59:59", "2026-12-07 11:00", REMINDER_NONE },
	{ "2026-12-07 10:00", "2026-12-07 23:59:59", "2026-12-08 09:00", REMINDER_OVERDUE },
	/* old mail that is seen first when all is over */
	{ "2024-12-07 10:00", "2024-12-08 23:59:59", "2026-12-07 11:00", REMINDER_OVERDUE },
};

START_TEST(remind_tells)
{
	ck_assert_int_eq(remind_now(&policy, 0, at(tellings[_i].opened), at(tellings[_i].due),
		at(tellings[_i].now)), tellings[_i].what);
}
END_TEST

static const struct {
	const char *opened, *now;
	enum untaken who;
} cases[] = {
	{ "2026-11-30 10:00", "2026-11-30 13:59:59", UNTAKEN_NONE },
	{ "2026-11-30 10:00", "2026-11-30 14:00", UNTAKEN_DEPUTY },
	{ "2026-11-30 10:00", "2026-11-30 18:00", UNTAKEN_NONE },
	{ "2026-11-30 10:00", "2026-12-01 09:00", UNTAKEN_DECISION_MAKER },
	{ "2026-11-27 17:00", "2026-11-30 11:59", UNTAKEN_NONE },
	{ "2026-11-27 17:00", "2026-11-30 12:00", UNTAKEN_DEPUTY },
	{ "2026-11-27 17:00", "2026-11-29 12:00", UNTAKEN_NONE },
	{ "2020-11-27 17:00", "2026-11-30 12:00", UNTAKEN_DECISION_MAKER },
};

START_TEST(remind_nobodys)
{
	ck_assert_int_eq(remind_untaken(&policy, 0, at(cases[_i].opened), at(cases[_i].now)),
		cases[_i].who);
}
END_TEST

static Suite *
suite_remind(void)
{
	Suite *suite = suite_create("remind");
	TCase *tests = tcase_create("remind");

	tcase_add_loop_test(tests, remind_hours, 0, COUNT(working));
	tcase_add_loop_test(tests, remind_spans, 0, COUNT(spans));
	tcase_add_test(tests, remind_never_open);
	tcase_add_loop_test(tests, remind_times, 0, COUNT(times));
	tcase_add_loop_test(tests, remind_tells, 0, COUNT(tellings));
	tcase_add_loop_test(tests, remind_nobodys, 0, COUNT(cases));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_remind());
}
