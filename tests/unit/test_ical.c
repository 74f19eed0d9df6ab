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
};
static const struct policy policy = { .desks = &desk, .desk_count = 1 };

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
text_of(const char *number, const char *due, enum deadline_state state)
{
	struct record_deadline deadline = { .id = 7, .case_id = 3, .kind = DEADLINE_REMEDIATION,
		.state = state };
	const struct ical_deadline one = { &deadline, "www", number };

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
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "SUMMARY:IPA#12345678: remediation\r\n", false },
	{ NULL, "2026-12-04", DEADLINE_PENDING, "SUMMARY:case 3: remediation\r\n", false },
	{ "A,B;C\\D", "2026-12-04", DEADLINE_PENDING, "SUMMARY:A\\,B\\;C\\\\D: remediation\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "SEQUENCE:0\r\nSTATUS:CONFIRMED\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_MET, "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_CANCELLED, "STATUS:CANCELLED\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_PENDING, "TRIGGER:-P1D\r\n", false },
	{ "IPA#12345678", "2026-12-04", DEADLINE_MET, "VALARM", true },
	/* 75 octets, no character in two */
	{ "取扱番号取扱番号取扱番号取扱番号", "2026-12-04", DEADLINE_PENDING,
	  "SUMMARY:取扱番号取扱番号取扱番号取扱番号: remediation\r\n", false },
	{ "取扱番号取扱番号取扱番号取扱番号取扱番号取扱番号", "2026-12-04", DEADLINE_PENDING,
	  "SUMMARY:取扱番号取扱番号取扱番号取扱番号取扱番号取扱\r\n 番号: remediation\r\n", false },
};

START_TEST(ical_lines)
{
	const char *text = text_of(rows[_i].number, rows[_i].due, rows[_i].state);

	ck_assert_msg((strstr(text, rows[_i].line) == NULL) == rows[_i].lacks, "%s", text);
	ck_assert(strncmp(text, "BEGIN:VCALENDAR\r\n", 17) == 0);
	for (const char *line = text, *end; *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		ck_assert_ptr_nonnull(end);
		ck_assert_msg(end - line <= 75, "%td octets: %s", end - line, line);
	}
}
END_TEST

static Suite *
suite_ical(void)
{
	Suite *suite = suite_create("ical");
	TCase *tests = tcase_create("ical");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, ical_lines, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_ical());
}
