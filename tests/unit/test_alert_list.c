/*
 * Several alerts as one text, in both languages.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/alert_list.h"

#include "base/arena.h"

#include "unit.h"

#include <string.h>

static const struct alert_line list[] = {
	{ ALERT_NEW_CASE, 3, "IPA#10000003", "5", "contact 2026-12-02T23:59:59+09:00", NULL, NULL },
	{ ALERT_CORRESPONDENCE, 3, "IPA#10000003", "6", NULL, NULL, NULL },
	{ ALERT_SUSPECT, 4, NULL, "7", NULL, NULL, NULL },
	{ ALERT_NEW_CASE, 5, NULL, "8", NULL, NULL, NULL },
	{ ALERT_DEADLINES, 0, NULL, NULL, NULL, NULL, "6" },
	{ ALERT_OVERDUE, 3, "IPA#10000003", NULL, "finder 2026-12-01T23:59:59+09:00", NULL, NULL },
};

#define COUNT (sizeof(list) / sizeof(list[0]))

START_TEST(list_english)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)4 * 1024 * 1024);

	ck_assert_str_eq(alert_list_text(arena, LANGUAGE_EN, list, COUNT),
		"  suspect mail: 1\n"
		"    case 4  message 7\n"
		"  deadline over: 1\n"
		"    case 3  IPA#10000003  deadline finder 2026-12-01T23:59:59+09:00\n"
		"  new notification: 2\n"
		"    case 3  IPA#10000003  message 5  deadline contact 2026-12-02T23:59:59+09:00\n"
		"    case 5  message 8\n"
		"  new mail: 1\n"
		"    case 3  IPA#10000003  message 6\n"
		"  deadlines, a summary: 1\n"
		"    6 of them\n");
	ck_assert_str_eq(alert_list_urgent(arena, LANGUAGE_EN, list, COUNT),
		"suspect mail: 1, deadline over: 1");
	arena_free(&arena);
}
END_TEST

START_TEST(list_japanese)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)4 * 1024 * 1024);

	ck_assert_str_eq(alert_list_text(arena, LANGUAGE_JA, list, 3),
		"  疑わしいメール: 1 件\n"
		"    案件 4  メール 7\n"
		"  新しい通知: 1 件\n"
		"    案件 3  IPA#10000003  メール 5  期限 contact 2026-12-02T23:59:59+09:00\n"
		"  新しいメール: 1 件\n"
		"    案件 3  IPA#10000003  メール 6\n");
	ck_assert_str_eq(alert_list_urgent(arena, LANGUAGE_JA, list, COUNT),
		"疑わしいメール 1 件、期限超過 1 件");
	ck_assert_ptr_null(alert_list_urgent(arena, LANGUAGE_JA, list, 2));
	arena_free(&arena);
}
END_TEST

/* No kind is left out: what is not listed would be lost. */
START_TEST(list_every_kind)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);

	for (int i = ALERT_NONE + 1; i < ALERT_KINDS; i++) {
		struct alert_line line = { .kind = (enum alert_kind)i, .case_id = 77 };

		if (i == ALERT_SEVERAL)
			continue;
		for (int language = LANGUAGE_JA; language <= LANGUAGE_EN; language++)
			ck_assert_ptr_nonnull(strstr(
				alert_list_text(arena, (enum language)language, &line, 1), " 77\n"));
		ck_assert_int_eq(alert_kind_read(alert_kind_name(line.kind)), i);
	}
	ck_assert_int_eq(alert_kind_read("none"), ALERT_NONE);
	ck_assert_int_eq(alert_kind_read("something"), ALERT_NONE);
	ck_assert_int_eq(alert_kind_read(NULL), ALERT_NONE);
	arena_free(&arena);
}
END_TEST

static Suite *
suite_alert_list(void)
{
	Suite *suite = suite_create("alert_list");
	TCase *tests = tcase_create("alert_list");

	tcase_add_test(tests, list_english);
	tcase_add_test(tests, list_japanese);
	tcase_add_test(tests, list_every_kind);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_alert_list());
}
