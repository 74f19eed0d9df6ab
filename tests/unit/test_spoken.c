/*
 * view/spoken: every kind has a word in both languages, and no two the same one; days, and
 * what is left of them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/spoken.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "rule/checklist.h"
#include "rule/decide.h"
#include "rule/held.h"
#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define TOKYO "Asia/Tokyo"

static struct arena *arena;
static const struct policy_closed new_year = { 0, 12, 29, 0, 1, 3 };
static const struct policy policy = { .country = "JP", .closed = &new_year, .closed_count = 1 };

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

/* Each value of an enumeration has its own word, in each language another. */
#define CHECK_WORDS(call, count) \
	for (int i = 0; i < (count); i++) { \
		const char *ja = call(i, LANGUAGE_JA), *en = call(i, LANGUAGE_EN); \
 \
		ck_assert_msg(ja != NULL && ja[0] != '\0', #call " %d", i); \
		ck_assert_msg(en != NULL && en[0] != '\0', #call " %d", i); \
		ck_assert_str_ne(ja, en); \
		for (int k = 0; k < i; k++) { \
			ck_assert_str_ne(ja, call(k, LANGUAGE_JA)); \
			ck_assert_str_ne(en, call(k, LANGUAGE_EN)); \
		} \
	}

#define AS(name, type) \
	static const char *name##_at(int value, enum language language) \
	{ return name((enum type)value, language); }

AS(spoken_mail_kind, mail_kind)
AS(spoken_phase, phase)
AS(spoken_trust, trust)
AS(spoken_origin, origin)
AS(spoken_case_state, case_state)
AS(spoken_deadline_kind, deadline_kind)
static const char *
incident_item_at(int value, enum language language)
{
	return spoken_incident_item(incident_items[value].item, language);
}

AS(spoken_deadline_state, deadline_state)
AS(spoken_deadline_source, deadline_source)
static const char *
due_doubt_at(int value, enum language language)
{
	return spoken_due_doubt((enum problem)(PROBLEM_DUE_WEEKDAY + value), language);
}

AS(spoken_outbox_state, outbox_state)
AS(spoken_direction, direction)
AS(spoken_role, staff_role)

START_TEST(held_why)
{
	for (int i = 0; i < ANSWER_WHYS + HELD_WHYS; i++) {
		const char *why = i < ANSWER_WHYS ? answer_why_text((enum answer_why)i)
						  : held_why_text((enum held_why)(i - ANSWER_WHYS));
		const char *ja = spoken_held_why(why, LANGUAGE_JA);

		ck_assert_str_eq(spoken_held_why(why, LANGUAGE_EN), why);
		ck_assert_msg(ja != NULL && ja[0] != '\0' && (unsigned char)ja[0] > 0x7f, "%s", why);
	}
	ck_assert_str_eq(spoken_held_why("another reason", LANGUAGE_JA), "another reason");
}
END_TEST

START_TEST(words)
{
	CHECK_WORDS(spoken_mail_kind_at, MAIL_KINDS)
	CHECK_WORDS(spoken_phase_at, PHASES)
	CHECK_WORDS(spoken_trust_at, TRUSTS)
	CHECK_WORDS(spoken_origin_at, ORIGINS)
	CHECK_WORDS(spoken_case_state_at, CASE_STATES)
	CHECK_WORDS(spoken_deadline_kind_at, DEADLINE_KINDS)
	CHECK_WORDS(incident_item_at, INCIDENT_ITEMS)
	ck_assert_str_eq(spoken_incident_item("unknown", LANGUAGE_EN), "unknown");
	CHECK_WORDS(spoken_deadline_state_at, DEADLINE_STATES)
	CHECK_WORDS(spoken_deadline_source_at, SOURCES)
	CHECK_WORDS(spoken_outbox_state_at, OUTBOX_STATES)
	CHECK_WORDS(spoken_direction_at, DIRECTIONS)
	CHECK_WORDS(spoken_weekday, 7)
	CHECK_WORDS(due_doubt_at, PROBLEM_DUE_BEYOND_CALENDAR - PROBLEM_DUE_WEEKDAY + 1)
	CHECK_WORDS(spoken_role_at, ROLE_VENDOR + 1)
	ck_assert_ptr_null(spoken_stage(STAGE_NONE, LANGUAGE_JA));
	for (int i = STAGE_CONTACT; i < STAGES; i++)
		ck_assert_str_ne(spoken_stage((enum stage)i, LANGUAGE_JA),
			spoken_stage((enum stage)i, LANGUAGE_EN));
}
END_TEST

/* Now is Tuesday 2026-12-01 10:00 in Tokyo. */
static const struct {
	const char *due, *day_ja, *day_en, *left_ja, *left_en;
} dues[] = {
	{ "2026-12-04", "2026-12-04 (金)", "2026-12-04 (Fri)", "あと 3 営業日", "3 working days left" },
	{ "2026-12-04 17:00", "2026-12-04 (金) 17:00", "2026-12-04 (Fri) 17:00", "あと 3 営業日",
	  "3 working days left" },
	{ "2026-12-02", "2026-12-02 (水)", "2026-12-02 (Wed)", "あと 1 営業日", "1 working day left" },
	{ "2027-01-04", "2027-01-04 (月)", "2027-01-04 (Mon)", "あと 20 営業日", "20 working days left" },
	{ "2026-12-01", "2026-12-01 (火)", "2026-12-01 (Tue)", "本日", "today" },
	{ "2026-12-01 09:00", "2026-12-01 (火) 09:00", "2026-12-01 (Tue) 09:00", "期限超過", "past" },
	{ "2026-11-30", "2026-11-30 (月)", "2026-11-30 (Mon)", "1 営業日超過", "past by 1 working day" },
	{ "2026-11-20", "2026-11-20 (金)", "2026-11-20 (Fri)", "6 営業日超過", "past by 6 working days" },
};

START_TEST(days)
{
	int64_t now, due;

	ck_assert(clock_parse("2026-12-01 10:00", TOKYO, &now));
	ck_assert(clock_parse(dues[_i].due, TOKYO, &due));
	ck_assert_str_eq(spoken_due(arena, due, TOKYO, LANGUAGE_JA), dues[_i].day_ja);
	ck_assert_str_eq(spoken_due(arena, due, TOKYO, LANGUAGE_EN), dues[_i].day_en);
	ck_assert_str_eq(spoken_left(arena, &policy, TOKYO, now, due, LANGUAGE_JA), dues[_i].left_ja);
	ck_assert_str_eq(spoken_left(arena, &policy, TOKYO, now, due, LANGUAGE_EN), dues[_i].left_en);
}
END_TEST

/* Asked on a Saturday, due on the Sunday: not today, and nobody works before it. */
START_TEST(no_day_left)
{
	int64_t now, due;

	ck_assert(clock_parse("2026-12-05 10:00", TOKYO, &now));
	ck_assert(clock_parse("2026-12-06", TOKYO, &due));
	ck_assert_str_eq(spoken_left(arena, &policy, TOKYO, now, due, LANGUAGE_JA), "残り営業日なし");
	ck_assert_str_eq(spoken_left(arena, &policy, TOKYO, now, due, LANGUAGE_EN), "no working day left");
	ck_assert_str_eq(spoken_time(arena, now, TOKYO), "2026-12-05 10:00");
	ck_assert_ptr_null(spoken_time(arena, 0, TOKYO));
	ck_assert_ptr_null(spoken_due(arena, 0, TOKYO, LANGUAGE_JA));
}
END_TEST

/* As letters to people outside say it. */
START_TEST(outside)
{
	int64_t at, end;

	ck_assert(clock_parse("2026-12-05 09:05", TOKYO, &at));
	ck_assert(clock_parse("2026-12-06", TOKYO, &end));
	ck_assert_str_eq(spoken_date(arena, end, TOKYO, LANGUAGE_JA), "2026年12月6日");
	ck_assert_str_eq(spoken_date(arena, end, TOKYO, LANGUAGE_EN), "6 December 2026");
	ck_assert_str_eq(spoken_date(arena, at, TOKYO, LANGUAGE_EN), "5 December 2026 9:05");
	ck_assert_str_eq(spoken_moment(arena, at, TOKYO, LANGUAGE_JA), "2026年12月5日 9:05");
	ck_assert_str_eq(spoken_moment(arena, at, TOKYO, LANGUAGE_EN), "5 December 2026, 9:05 (UTC+09:00)");
	ck_assert_ptr_null(spoken_date(arena, 0, TOKYO, LANGUAGE_JA));
	ck_assert_ptr_null(spoken_moment(arena, 0, TOKYO, LANGUAGE_JA));
}
END_TEST

static Suite *
suite_spoken(void)
{
	Suite *suite = suite_create("spoken");
	TCase *tcase = tcase_create("spoken");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, held_why);
	tcase_add_test(tcase, words);
	tcase_add_loop_test(tcase, days, 0, SIZE(dues));
	tcase_add_test(tcase, no_day_left);
	tcase_add_test(tcase, outside);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_spoken());
}
