/*
 * rule/digest: whose digest is due, how much it says, from when on. Expected answers were
 * worked out by hand with a calendar.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/digest.h"

#include "base/clock.h"
#include "rule/daily.h"
#include "unit.h"

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define TOKYO "Asia/Tokyo"
#define BERLIN "Europe/Berlin"

static const char *mail_desks[] = { "mail", "shop" };
static struct policy_desk desks[] = { { .title = "www", .time_zone = TOKYO },
	{ .title = "mail", .time_zone = BERLIN } };
static struct policy_staff staff[] = {
	{ .title = "nine", .digest_minute = 9 * 60 },
	{ .title = "none", .digest_minute = -1 },
	{ .title = "every", .digest_minute = 9 * 60, .digest_every_day = true },
	{ .title = "midnight", .digest_minute = 0, .digest_every_day = true },
	{ .title = "last", .digest_minute = 23 * 60 + 59, .digest_every_day = true },
	{ .title = "night", .digest_minute = 2 * 60 + 30, .digest_every_day = true,
		.desks = { 2, mail_desks } },
};
static const struct policy_closed closed = { 0, 12, 29, 0, 1, 3 };
static const struct policy policy = { .desks = desks, .desk_count = 2, .staff = staff,
	.staff_count = 6, .country = "JP", .closed = &closed, .closed_count = 1 };

enum { NINE, NONE, EVERY, MIDNIGHT, LAST, NIGHT };
enum { WWW, MAIL };

static int64_t
at(const char *when, const char *zone)
{
	int64_t read = 0;

	if (when != NULL)
		ck_assert_msg(clock_parse(when, zone, &read), "%s", when);
	return read;
}

/* desk, person, last sent, last settled, now */
static const struct {
	const char *what;
	size_t desk, person;
	const char *sent, *looked, *now;
	bool due;
} dues[] = {
	{ "before the hour", WWW, NINE, NULL, NULL, "2026-11-30 08:59:59", false },
	{ "at the hour", WWW, NINE, NULL, NULL, "2026-11-30 09:00", true },
	{ "yesterday's is none of today's", WWW, NINE, "2026-11-27 09:00", "2026-11-27 09:00",
		"2026-11-30 09:00", true },
	{ "sent today", WWW, NINE, "2026-11-30 09:00", "2026-11-30 09:00", "2026-11-30 09:01", false },
	{ "sent today by hand before the hour", WWW, NINE, "2026-11-30 07:00", NULL,
		"2026-11-30 09:00", false },
	{ "nothing to tell today", WWW, NINE, NULL, "2026-11-30 09:00", "2026-11-30 17:00", false },
	{ "the daemon was off over the hour", WWW, NINE, "2026-11-27 09:00", NULL,
		"2026-11-30 23:59:59", true },
	{ "and over midnight", WWW, NINE, "2026-11-27 09:00", NULL, "2026-12-01 00:00", false },
	{ "the next day has its own", WWW, NINE, "2026-11-27 09:00", NULL, "2026-12-01 09:00", true },
	{ "the clock went back an hour", WWW, NINE, "2026-11-30 09:00", NULL, "2026-11-30 08:00", false },
	{ "and comes round again", WWW, NINE, "2026-11-30 09:00", NULL, "2026-11-30 09:00", false },
	{ "the clock went back a day", WWW, NINE, "2026-11-27 09:00", "2026-12-01 09:00",
		"2026-11-30 10:00", true },
	{ "a clock of years ahead has gone", WWW, NINE, "2026-11-27 09:00", "2031-01-06 09:00",
		"2026-11-30 10:00", true },
	{ "a Saturday", WWW, NINE, NULL, NULL, "2026-11-28 10:00", false },
	{ "a Saturday, every day", WWW, EVERY, NULL, NULL, "2026-11-28 10:00", true },
	{ "a holiday", WWW, NINE, NULL, NULL, "2026-11-23 10:00", false },
	{ "a holiday, every day", WWW, EVERY, NULL, NULL, "2026-11-23 10:00", true },
	{ "the house is closed", WWW, NINE, NULL, NULL, "2026-12-29 10:00", false },
	{ "without an hour", WWW, NONE, NULL, NULL, "2026-11-30 10:00", false },
	{ "at midnight", WWW, MIDNIGHT, "2026-11-29 00:00", NULL, "2026-11-30 00:00", true },
	{ "a second before", WWW, MIDNIGHT, "2026-11-29 00:00", NULL, "2026-11-29 23:59:59", false },
	{ "at the day's last minute", WWW, LAST, "2026-11-29 23:59", NULL, "2026-11-30 23:59:30", true },
	/* Berlin's own day and hour. */
	{ "nine in Berlin", MAIL, NINE, NULL, NULL, "2026-11-30 09:00", true },
	{ "not yet in Berlin", MAIL, NINE, NULL, NULL, "2026-11-30 08:59", false },
	/* 29 March 2026: from 02:00 to 03:00; 02:30 is not there, and is 03:30. */
	{ "an hour that is not there", MAIL, NIGHT, "2026-03-28 02:30", NULL, "2026-03-29 03:29", false },
	{ "is the one behind it", MAIL, NIGHT, "2026-03-28 02:30", NULL, "2026-03-29 03:30", true },
};

START_TEST(test_due)
{
	const char *zone = desks[dues[_i].desk].time_zone;
	struct digest_marks marks = { at(dues[_i].sent, zone), at(dues[_i].looked, zone) };

	ck_assert_msg(digest_due(&policy, dues[_i].desk, dues[_i].person, &marks,
			      at(dues[_i].now, zone)) == dues[_i].due, "%s", dues[_i].what);
}
END_TEST

/* 25 October 2026 in Berlin: 02:30 comes twice, an hour apart. */
START_TEST(test_hour_twice)
{
	int64_t first = at("2026-10-25T02:30:00+02:00", BERLIN);
	struct digest_marks none = { 0, 0 }, sent = { first, first };

	ck_assert(!digest_due(&policy, MAIL, NIGHT, &none, first - CLOCK_SECOND));
	ck_assert(digest_due(&policy, MAIL, NIGHT, &none, first));
	ck_assert(!digest_due(&policy, MAIL, NIGHT, &sent, first + CLOCK_HOUR));
}
END_TEST

/* Minute by minute through a year, with a restart at each: one digest a day that counts. */
START_TEST(test_year)
{
	int64_t now = at("2026-01-01 00:00", BERLIN), end = at("2027-01-01 00:00", BERLIN);
	struct digest_marks marks = { 0, 0 };
	int sent = 0;

	for (; now < end; now += 7 * CLOCK_MINUTE) {
		if (!digest_due(&policy, MAIL, NIGHT, &marks, now))
			continue;
		marks.sent = now;
		sent++;
	}
	ck_assert_int_eq(sent, 365);
}
END_TEST

static const struct {
	const char *what;
	bool news;
	const char *sent, *now;
	enum digest_size size;
} sizes[] = {
	{ "news", true, "2026-11-30 09:00", "2026-12-01 09:00", DIGEST_WHOLE },
	{ "news, and the first", true, NULL, "2026-12-01 09:00", DIGEST_WHOLE },
	{ "no news, the first", false, NULL, "2026-12-01 09:00", DIGEST_LINE },
	{ "no news, the day after", false, "2026-11-30 09:00", "2026-12-01 09:00", DIGEST_NOTHING },
	{ "six days after", false, "2026-11-30 09:00", "2026-12-06 09:00", DIGEST_NOTHING },
	{ "a week after, sooner in the day", false, "2026-11-30 17:00", "2026-12-07 09:00", DIGEST_LINE },
	{ "long after", false, "2026-11-30 09:00", "2027-01-04 09:00", DIGEST_LINE },
	{ "the clock went back", false, "2026-11-30 09:00", "2026-11-20 09:00", DIGEST_NOTHING },
};

START_TEST(test_size)
{
	ck_assert_msg(digest_choose(TOKYO, false, sizes[_i].news, at(sizes[_i].sent, TOKYO),
			      at(sizes[_i].now, TOKYO)) == sizes[_i].size, "%s", sizes[_i].what);
	/* That all is well is told in the house alone. */
	ck_assert_int_eq(digest_choose(TOKYO, true, sizes[_i].news, at(sizes[_i].sent, TOKYO),
		at(sizes[_i].now, TOKYO)), sizes[_i].news ? DIGEST_WHOLE : DIGEST_NOTHING);
}
END_TEST

START_TEST(test_outside)
{
	for (int role = ROLE_OFFICER; role <= ROLE_VENDOR; role++) {
		struct policy_staff reader = { .role = (enum staff_role)role };

		ck_assert_int_eq(digest_outside(&reader), role == ROLE_VENDOR);
	}
}
END_TEST

static const struct {
	const char *sent, *looked, *now, *since;
} sinces[] = {
	{ NULL, NULL, "2026-11-30 09:00", "2026-11-29 09:00" },
	{ "2026-11-27 09:00", NULL, "2026-11-30 09:00", "2026-11-27 09:00" },
	{ "2026-11-20 09:00", "2026-11-27 09:00", "2026-11-30 09:00", "2026-11-27 09:00" },
	{ "2026-11-27 09:00", "2026-11-20 09:00", "2026-11-30 09:00", "2026-11-27 09:00" },
	/* of a clock that was wrong */
	{ "2026-11-27 09:00", "2031-11-27 09:00", "2026-11-30 09:00", "2026-11-27 09:00" },
	{ "2026-11-30 10:00", NULL, "2026-11-30 09:00", "2026-11-29 09:00" },
};

START_TEST(test_since)
{
	struct digest_marks marks = { at(sinces[_i].sent, TOKYO), at(sinces[_i].looked, TOKYO) };

	ck_assert_int_eq(digest_since(&marks, at(sinces[_i].now, TOKYO)), at(sinces[_i].since, TOKYO));
}
END_TEST

static const struct {
	const char *what;
	struct daily daily;
	bool news;
} all_news[] = {
	{ "nothing", { .since = 1 }, false },
	{ "old unfiled mail", { .unfiled_all = 5 }, false },
	{ "unrelated mail", { .unrelated = 5 }, false },
	{ "letters on their way", { .outbox = { [OUTBOX_QUEUED] = 5 } }, false },
	{ "open cases that owe nothing", { .progress = { { 5, 0 } } }, false },
	{ "owed", { .owed_all = 1 }, true },
	{ "came", { .came_all = 1 }, true },
	{ "sent", { .sent_all = 1 }, true },
	{ "held", { .outbox = { [OUTBOX_HELD] = 1 } }, true },
	{ "deferred", { .outbox = { [OUTBOX_DEFERRED] = 1 } }, true },
	{ "failed", { .outbox = { [OUTBOX_FAILED] = 1 } }, true },
};

START_TEST(test_news)
{
	ck_assert_msg(digest_has_news(&all_news[_i].daily) == all_news[_i].news, "%s", all_news[_i].what);
}
END_TEST

START_TEST(test_small)
{
	ck_assert(policy_serves(&staff[NINE], desks[WWW].title));
	ck_assert(!policy_serves(&staff[NIGHT], desks[WWW].title));
	ck_assert(policy_serves(&staff[NIGHT], desks[MAIL].title));
	ck_assert_int_eq(digest_day_end(TOKYO, at("2026-11-30 00:00", TOKYO)) + 1,
		at("2026-12-01 00:00", TOKYO));
	/* a day of 23 hours */
	ck_assert_int_eq(digest_day_end(BERLIN, at("2026-03-29 12:00", BERLIN)) + 1 -
			at("2026-03-29 00:00", BERLIN), 23 * CLOCK_HOUR);
	ck_assert_int_eq(digest_hour(&policy, WWW, NINE, at("2026-11-30 23:59", TOKYO)),
		at("2026-11-30 09:00", TOKYO));
	ck_assert_int_eq(digest_hour(&policy, WWW, NONE, at("2026-11-30", TOKYO)),
		at("2026-11-30 09:00", TOKYO));
}
END_TEST

static Suite *
suite_daily(void)
{
	Suite *suite = suite_create("daily");
	TCase *tcase = tcase_create("daily");

	tcase_add_loop_test(tcase, test_due, 0, SIZE(dues));
	tcase_add_test(tcase, test_hour_twice);
	tcase_add_test(tcase, test_year);
	tcase_add_loop_test(tcase, test_size, 0, SIZE(sizes));
	tcase_add_test(tcase, test_outside);
	tcase_add_loop_test(tcase, test_since, 0, SIZE(sinces));
	tcase_add_loop_test(tcase, test_news, 0, SIZE(all_news));
	tcase_add_test(tcase, test_small);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_daily());
}
