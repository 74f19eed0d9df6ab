/*
 * view/report: the order of the cases, what the index tells, and the names of the pages.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/report.h"

#include "base/arena.h"
#include "base/clock.h"
#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* 2026-11-22 09:00 in Tokyo */
#define NOW (INT64_C(1795305600) * CLOCK_SECOND)

static struct arena *arena;
static const struct policy_desk desk = { .title = "www", .time_zone = "Asia/Tokyo" };
static const struct policy policy = { .desks = &desk, .desk_count = 1, .country = "JP" };
static const char *numbers[] = { "IPA#12345678" };
static const char *sites[] = { "https://www.example.co.jp/<" };

/* By id; the order in which they are to stand is 3, 4, 1, 5, 2, 6. */
static struct record_case cases[] = {
	{ .id = 1, .desk = "www", .title = "SECRET", .numbers = numbers, .number_count = 1,
	  .sites = sites, .site_count = 1, .has_deadline = true, .assignee = "officer",
	  .next_deadline = { .kind = DEADLINE_REMEDIATION, .due = NOW + 9 * CLOCK_DAY } },
	{ .id = 2, .desk = "www", .state = CASE_CLOSED, .has_deadline = true,
	  .next_deadline = { .due = NOW - 9 * CLOCK_DAY } },
	{ .id = 3, .desk = "www", .has_deadline = true,
	  .next_deadline = { .kind = DEADLINE_ACKNOWLEDGE, .due = NOW - 2 * CLOCK_DAY } },
	{ .id = 4, .desk = "www", .has_deadline = true,
	  .next_deadline = { .kind = DEADLINE_CONTACT, .due = NOW + CLOCK_DAY } },
	{ .id = 5, .desk = "www" },
	{ .id = 6, .desk = "gone", .state = CASE_CLOSED },
};

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
index_page(enum language language)
{
	const struct json_view view = { arena, &policy, NOW };
	struct record_case *list[SIZE(cases)];

	for (int i = 0; i < SIZE(cases); i++)
		list[i] = &cases[i];
	return report_index(&view, list, (size_t)SIZE(cases), language);
}

START_TEST(the_order)
{
	static const int wanted[] = { 3, 4, 1, 5, 2, 6 };
	const char *at = index_page(LANGUAGE_JA);

	for (int i = 0; i < SIZE(wanted); i++) {
		at = strstr(at, "<a href=\"");
		ck_assert_ptr_nonnull(at);
		at += strlen("<a href=\"");
		ck_assert_ptr_eq(strstr(at, report_page(arena, wanted[i])), at);
	}
	ck_assert_ptr_null(strstr(at, "<a href"));
}
END_TEST

static const struct {
	enum language language;
	const char *holds, *lacks;
} told[] = {
	{ LANGUAGE_JA, "<html lang=\"ja\">", "SECRET" },
	{ LANGUAGE_EN, "<html lang=\"en\">", "SECRET" },
	{ LANGUAGE_EN, "Open: 4, <span class=\"bad\">of these overdue: 1</span>, Closed: 2", "<script" },
	{ LANGUAGE_EN, "IPA#12345678 (number not confirmed)", "案件" },
	{ LANGUAGE_EN, "<tr class=\"bad\"><td data-title=\"Case\"><a href=\"case-3.html\">3</a>",
	  "<tr class=\"bad\"><td data-title=\"Case\"><a href=\"case-2" },
	{ LANGUAGE_JA, "<tr class=\"over\"><td data-title=\"案件\"><a href=\"case-2.html\">", "Case" },
	{ LANGUAGE_JA, "受領の連絡: 2026-11-20 (金)", "Fri" },
	{ LANGUAGE_JA, "https://www.example.co.jp/&lt;<", "co.jp/<" },
};

START_TEST(what_is_told)
{
	const char *page = index_page(told[_i].language);

	ck_assert_msg(strstr(page, told[_i].holds) != NULL, "lacks %s:\n%s", told[_i].holds, page);
	ck_assert_msg(strstr(page, told[_i].lacks) == NULL, "holds %s", told[_i].lacks);
}
END_TEST

static const struct {
	const char *name;
	int64_t id;
} names[] = {
	{ "case-1.html", 1 },
	{ "case-9223372036854775807.html", INT64_MAX },
	{ "case-9223372036854775808.html", 0 },
	{ "case-0.html", 0 },
	{ "case--1.html", 0 },
	{ "case-1.html.part", 0 },
	{ "case-.html", 0 },
	{ "case-x.html", 0 },
	{ "case-1x.html", 0 },
	{ "my-case-1.html", 0 },
	{ "index.html", 0 },
	{ "case-.htm", 0 },
	{ "", 0 },
	{ "case-0000000000000000000000000000000000000000000000000000000000000000000001.html", 0 },
};

START_TEST(a_name)
{
	ck_assert_int_eq(report_page_of(names[_i].name), names[_i].id);
	if (names[_i].id != 0)
		ck_assert_str_eq(report_page(arena, names[_i].id), names[_i].name);
}
END_TEST

static Suite *
suite_report(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = tcase_create("report");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_order);
	tcase_add_loop_test(tcase, what_is_told, 0, SIZE(told));
	tcase_add_loop_test(tcase, a_name, 0, SIZE(names));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_report());
}
