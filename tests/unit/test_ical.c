/*
 * Deadlines as iCalendar: lines folded and ended as RFC 5545 wants them, text escaped,
 * whole days in the desk's zone. A calendar library reads the same in tests/e2e.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ical.h"

#include "base/arena.h"
#include "base/clock.h"

#include "unit.h"

#include <stdbool.h>
#include <string.h>

static struct arena *arena;
static struct policy_desk desk = {
	.title = "www", .address = "security@example.co.jp", .time_zone = "Asia/Tokyo",
	.deadline.warn_before = { 3, SPAN_BUSINESS_DAYS },
};
static struct policy policy = { .desks = &desk, .desk_count = 1, .hours_from = 9 * 60, .hours_to = 18 * 60 };

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const char *
text_of(const char *title, const char *number, const char *due, enum deadline_state state)
{
	struct record_deadline deadline = { .id = 7, .case_id = 3, .kind = DEADLINE_REMEDIATION,
		.state = state };
	const struct ical_deadline one = { &deadline, title, number };

	ck_assert(clock_parse(due, "Asia/Tokyo", &deadline.due));
	return ical_text(arena, &policy, &one, 1, INT64_C(1795999200) * CLOCK_SECOND);
}

static const struct {
	const char *number, *due;
	enum deadline_state state;
	const char *line;	/* stands in it, with its end */
	bool lacks;
} rows[] = {
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "UID:deadline-7@example.co.jp\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "DTSTART;VALUE=DATE:20261204\r\n", false },
	{ "IPA#12345678", "2026-12-04 17:00", DEADLINE_PENDING, "DTSTART:20261204T080000Z\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "SUMMARY:IPA#12345678: 修正の完了\r\n", false },
	{ NULL, "2026-12-04", DEADLINE_PENDING, "SUMMARY:案件 3: 修正の完了\r\n", false },
	{ "A,B;C\\D", "2026-12-04", DEADLINE_PENDING, "SUMMARY:A\\,B\\;C\\\\D: 修正の完了\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "SEQUENCE:0\r\nSTATUS:CONFIRMED\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_MET, "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_CANCELLED, "STATUS:CANCELLED\r\n", false },
	/* Three business days before Friday it is Tuesday, 09:00. */
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "TRIGGER:-PT63H0M\r\n", false },
	{ "IPA#12345678", "2026-12-04 17:00", DEADLINE_PENDING, "TRIGGER:-PT80H0M\r\n", false },
	/* A weekend lies between: Thursday. */
	{ "IPA#12345678", "2026-12-08", DEADLINE_PENDING, "TRIGGER:-PT111H0M\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_MET, "VALARM", true },
	/* 75 octets, no character in two */
	{ "取扱番号取扱番号取扱番号取扱番号", "2026-12-04", DEADLINE_PENDING,
	  "SUMMARY:取扱番号取扱番号取扱番号取扱番号: 修正の完了\r\n", false },
	{ "取扱番号取扱番号取扱番号取扱番号取扱番号取扱番号", "2026-12-04", DEADLINE_PENDING,
	  "SUMMARY:取扱番号取扱番号取扱番号取扱番号取扱番号取扱\r\n 番号: 修正の完了\r\n", false },
};

START_TEST(ical_item)
{
	struct record_deadline deadline = { .id = 7, .case_id = 3, .item = "authority-report" };
	const struct ical_deadline one = { &deadline, "www", NULL };
	const char *text;

	ck_assert(clock_parse("2026-12-04", "Asia/Tokyo", &deadline.due));
	text = ical_text(arena, &policy, &one, 1, INT64_C(1795999200) * CLOCK_SECOND);
	ck_assert_ptr_nonnull(strstr(text, "UID:incident-3-authority-report@example.co.jp\r\n"));
	ck_assert_ptr_nonnull(strstr(text, "SUMMARY:案件 3: 監督官庁への報告\r\n"));
}
END_TEST

START_TEST(ical_lines)
{
	const char *text = text_of("www", rows[_i].number, rows[_i].due, rows[_i].state);

	ck_assert_msg((strstr(text, rows[_i].line) == NULL) == rows[_i].lacks, "%s", text);
	ck_assert(strncmp(text, "BEGIN:VCALENDAR\r\n", 17) == 0);
	for (const char *line = text, *end; *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		ck_assert_ptr_nonnull(end);
		ck_assert_msg(end - line <= 75, "%td octets: %s", end - line, line);
	}
}
END_TEST

/* Another language, odd hours, a warning on the day itself; a desk that is no more. */
START_TEST(ical_of_other_desks)
{
	desk.language = LANGUAGE_EN;
	desk.deadline.warn_before.count = 0;
	policy.hours_from = 9 * 60 + 30;
	ck_assert_ptr_nonnull(strstr(text_of("www", NULL, "2026-12-04", DEADLINE_PENDING),
		"SUMMARY:case 3: remediation\r\n"));
	ck_assert_ptr_nonnull(strstr(text_of("www", NULL, "2026-12-04", DEADLINE_PENDING),
		"TRIGGER:PT9H30M\r\n"));
	ck_assert_ptr_nonnull(strstr(text_of("gone", NULL, "2026-12-04", DEADLINE_PENDING),
		"SUMMARY:案件 3: 修正の完了\r\n"));
	ck_assert_ptr_nonnull(strstr(text_of("gone", NULL, "2026-12-04", DEADLINE_PENDING),
		"TRIGGER:-PT29H29M\r\n"));
}
END_TEST

static Suite *
suite_ical(void)
{
	Suite *suite = suite_create("ical");
	TCase *tests = tcase_create("ical");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, ical_lines, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tests, ical_of_other_desks);
	tcase_add_test(tests, ical_item);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_ical());
}
