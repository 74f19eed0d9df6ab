/*
 * view/table: columns as a terminal counts them, and values that try to break
 * out of their cell. Expected tables were written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/table.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct arena *arena;

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

START_TEST(test_aligned)
{
	struct table *table = table_new(arena, (const char *const[]){ "ID", "番号", "X" }, 3);

	table_add(table, (const char *const[]){ "1", "IPA#12345678", "a" });
	table_add(table, (const char *const[]){ "1000", "取扱番号", "" });
	table_add(table, (const char *const[]){ NULL, "", NULL });
	ck_assert_str_eq(table_text(table, "  ", 0),
		"  ID    番号          X\n"
		"  1     IPA#12345678  a\n"
		"  1000  取扱番号      -\n"
		"  -     -             -\n");
}
END_TEST

/* what a value is, and what stands in the cell */
static const struct {
	const char *value, *cell;
} cells[] = {
	{ "plain", "plain" },
	{ "", "-" },
	{ " ", "-" },
	{ " a ", "a" },
	{ "a b", "a b" },
	{ "a  b", "a b" },
	{ "a     b", "a b" },
	{ "a\nb", "a?b" },
	{ "a\tb", "a?b" },
	{ "\033[31mred", "?[31mred" },
	{ "a\rb", "a?b" },
	{ "\x07", "?" },
	{ "\x7f", "?" },
	{ "\xc2\x9b" "31m", "?31m" },
	{ "\xff", "?" },
	{ "窓口", "窓口" },
};

START_TEST(test_cell)
{
	struct table *table = table_new(arena, (const char *const[]){ "X" }, 1);

	table_add(table, (const char *const[]){ cells[_i].value });
	ck_assert_str_eq(table_text(table, "", 0), arena_printf(arena, "X\n%s\n", cells[_i].cell));
}
END_TEST

/* width of the terminal, and the line that is left: no half of a wide character */
static const struct {
	size_t width;
	const char *line;
} cuts[] = {
	{ 0, "12  窓口窓口  z" },
	{ 100, "12  窓口窓口  z" },
	{ 15, "12  窓口窓口  z" },
	{ 14, "12  窓口窓口  " },
	{ 9, "12  窓口" },
	{ 8, "12  窓口" },
	{ 7, "12  窓" },
	{ 5, "12  " },
	{ 1, "1" },
};

START_TEST(test_cut)
{
	struct table *table = table_new(arena, (const char *const[]){ "a", "b", "c" }, 3);
	char *text, *line;

	table_add(table, (const char *const[]){ "12", "窓口窓口", "z" });
	text = table_text(table, "", cuts[_i].width);
	line = strchr(text, '\n') + 1;
	ck_assert_str_eq(line, arena_printf(arena, "%s\n", cuts[_i].line));
	if (cuts[_i].width > 0)
		ck_assert_uint_le(utf8_width(cuts[_i].line), cuts[_i].width);
}
END_TEST

START_TEST(test_long_cell)
{
	char *value = arena_alloc(arena, 100001);
	struct table *table = table_new(arena, (const char *const[]){ "X" }, 1);

	memset(value, 'x', 100000);
	table_add(table, (const char *const[]){ value });
	ck_assert_uint_le(strlen(table_text(table, "", 0)), 4100);
}
END_TEST

START_TEST(test_pairs)
{
	static const char *const pairs[] = { "Case", "1", "番号", "IPA#12345678\nX: y", "None",
		NULL, "Empty", "" };

	ck_assert_str_eq(table_pairs(arena, pairs, 4, 0),
		"Case:  1\n"
		"番号:  IPA#12345678?X: y\n"
		"Empty: -\n");
	ck_assert_str_eq(table_pairs(arena, pairs, 1, 5), "Case:\n");
}
END_TEST

static Suite *
suite_table(void)
{
	Suite *suite = suite_create("table");
	TCase *tcase = tcase_create("table");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_aligned);
	tcase_add_loop_test(tcase, test_cell, 0, SIZE(cells));
	tcase_add_loop_test(tcase, test_cut, 0, SIZE(cuts));
	tcase_add_test(tcase, test_long_cell);
	tcase_add_test(tcase, test_pairs);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_table());
}
