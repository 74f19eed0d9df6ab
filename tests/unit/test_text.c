/*
 * base/text: the cap holds whatever is added, the string is always whole, and
 * the small tests on strings are right at their edges.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/arena.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)32 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	size_t cap;
	const char *first, *second, *out;
	bool full;
} adds[] = {
	{ 10, "", "", "", false },
	{ 10, "abc", "def", "abcdef", false },
	{ 6, "abc", "def", "abcdef", false },
	{ 5, "abc", "def", "abcde", true },
	{ 3, "abc", "def", "abc", true },
	{ 2, "abc", "d", "ab", true },
	{ 0, "a", "b", "", true },
	{ 0, "", "", "", false },
	{ 4, "窓", "口", "窓", true }, /* no half character */
	{ 5, "窓", "口", "窓", true },
	{ 6, "窓", "口", "窓口", false },
	{ 2, "窓", "a", "", true }, /* once full, what would fit is dropped too */
};

START_TEST(test_add)
{
	struct text text;

	text_init(&text, arena, adds[_i].cap);
	ck_assert_str_eq(text.data, "");
	text_add(&text, adds[_i].first);
	text_add(&text, adds[_i].second);
	ck_assert_str_eq(text.data, adds[_i].out);
	ck_assert_uint_eq(text.len, strlen(adds[_i].out));
	ck_assert_int_eq(text.full, adds[_i].full);
}
END_TEST

START_TEST(test_addf)
{
	struct text text;

	text_init(&text, arena, adds[_i].cap);
	text_addf(&text, "%s", adds[_i].first);
	text_addf(&text, "%s", adds[_i].second);
	ck_assert_str_eq(text.data, adds[_i].out);
	ck_assert_uint_eq(text.len, strlen(adds[_i].out));
	ck_assert_int_eq(text.full, adds[_i].full);
}
END_TEST

START_TEST(test_bytes)
{
	struct text text;

	text_init(&text, arena, 6);
	text_add_bytes(&text, "a\0b", 3);
	text_add_char(&text, '\0');
	ck_assert_uint_eq(text.len, 4);
	ck_assert(!text.full);
	text_add_bytes(&text, "\xe7\xaa\x93", 3);
	ck_assert_mem_eq(text.data, "a\0b\0\xe7\xaa\0", 7);
	ck_assert_uint_eq(text.len, 6);
	ck_assert(text.full);
	text_add_char(&text, 'x');
	text_addf(&text, "%d", 1);
	ck_assert_uint_eq(text.len, 6);
}
END_TEST

/* Growth over many steps, with other pieces of the arena in between. */
START_TEST(test_growth)
{
	struct text text, copy;

	text_init(&text, arena, 100000);
	for (int i = 0; i < 30000; i++) {
		text_addf(&text, "%04d", i % 10000);
		if (i % 1000 == 0)
			arena_alloc(arena, 1);
	}
	ck_assert_uint_eq(text.len, 100000);
	ck_assert_uint_eq(strlen(text.data), 100000);
	ck_assert(text.full);
	ck_assert_mem_eq(text.data + 4 * 9999, "99990000", 8);
	text_init(&copy, arena, SIZE_MAX);
	text_add_bytes(&copy, text.data, text.len);
	ck_assert_str_eq(copy.data, text.data);
	ck_assert(!copy.full);
}
END_TEST

static const struct {
	const char *a, *b;
	bool equal, equal_ci, starts, starts_ci, ends, ends_ci;
} pairs[] = {
	{ NULL, NULL, false, false, false, false, false, false },
	{ NULL, "", false, false, false, false, false, false },
	{ "", NULL, false, false, false, false, false, false },
	{ "", "", true, true, true, true, true, true },
	{ "a", "", false, false, true, true, true, true },
	{ "", "a", false, false, false, false, false, false },
	{ "abc", "abc", true, true, true, true, true, true },
	{ "abc", "ABC", false, true, false, true, false, true },
	{ "AZ", "az", false, true, false, true, false, true },
	{ "@[`{", "`{@[", false, false, false, false, false, false },
	{ "abcd", "aB", false, false, false, true, false, false },
	{ "abcd", "CD", false, false, false, false, false, true },
	{ "abcd", "ab", false, false, true, true, false, false },
	{ "abcd", "cd", false, false, false, false, true, true },
	{ "ab", "abc", false, false, false, false, false, false },
	{ "\xc3\x84", "\xc3\xa4", false, false, false, false, false, false }, /* ASCII only */
	{ "K", "\xe2\x84\xaa", false, false, false, false, false, false },
};

START_TEST(test_pairs)
{
	const char *a = pairs[_i].a, *b = pairs[_i].b;

	ck_assert_int_eq(text_equal(a, b), pairs[_i].equal);
	ck_assert_int_eq(text_equal_ci(a, b), pairs[_i].equal_ci);
	ck_assert_int_eq(text_starts(a, b), pairs[_i].starts);
	ck_assert_int_eq(text_starts_ci(a, b), pairs[_i].starts_ci);
	ck_assert_int_eq(text_ends(a, b), pairs[_i].ends);
	ck_assert_int_eq(text_ends_ci(a, b), pairs[_i].ends_ci);
}
END_TEST

static const struct {
	const char *hex;
	size_t len;
	bool good;
	const char *bytes;
} hexes[] = {
	{ "", 0, true, "" },
	{ "00", 1, true, "\0" },
	{ "0fF0", 2, true, "\x0f\xf0" },
	{ "deadBEEF", 4, true, "\xde\xad\xbe\xef" },
	{ "3D rest", 1, true, "=" },
	{ "3", 1, false, NULL },
	{ "", 1, false, NULL },
	{ "abc", 2, false, NULL },
	{ "0g", 1, false, NULL },
	{ "g0", 1, false, NULL },
	{ " 0", 1, false, NULL },
	{ "0x", 1, false, NULL },
	{ "-1", 1, false, NULL },
	{ "/:", 1, false, NULL },
	{ "@G", 1, false, NULL },
	{ "`g", 1, false, NULL },
};

START_TEST(test_hex)
{
	unsigned char bytes[8];
	char again[17];

	ck_assert_int_eq(text_unhex(bytes, hexes[_i].hex, hexes[_i].len), hexes[_i].good);
	if (!hexes[_i].good)
		return;
	ck_assert_mem_eq(bytes, hexes[_i].bytes, hexes[_i].len);
	text_hex(again, bytes, hexes[_i].len);
	ck_assert_uint_eq(strlen(again), 2 * hexes[_i].len);
	ck_assert(text_starts_ci(hexes[_i].hex, again));
	for (size_t i = 0; again[i] != '\0'; i++)
		ck_assert(again[i] < 'A' || again[i] > 'Z');
}
END_TEST

static const struct {
	const char *string;
	int64_t min, max;
	bool good;
	int64_t value;
} numbers[] = {
	{ "0", 0, 10, true, 0 },
	{ "10", 0, 10, true, 10 },
	{ "11", 0, 10, false, 0 },
	{ "4", 5, 10, false, 0 },
	{ "007", 0, 10, true, 7 },
	{ "9223372036854775807", 0, INT64_MAX, true, INT64_MAX },
	{ "9223372036854775808", 0, INT64_MAX, false, 0 },
	{ "99999999999999999999999", 0, INT64_MAX, false, 0 },
	{ "", 0, 10, false, 0 },
	{ NULL, 0, 10, false, 0 },
	{ "-1", -5, 10, false, 0 },
	{ "+1", 0, 10, false, 0 },
	{ " 1", 0, 10, false, 0 },
	{ "1 ", 0, 10, false, 0 },
	{ "1x", 0, 10, false, 0 },
	{ "0x1", 0, 10, false, 0 },
	{ "１", 0, 10, false, 0 },
	{ "1.0", 0, 10, false, 0 },
};

START_TEST(test_number)
{
	int64_t value = -77;

	ck_assert_int_eq(text_number(numbers[_i].string, numbers[_i].min, numbers[_i].max, &value),
		numbers[_i].good);
	ck_assert_int_eq(value, numbers[_i].good ? numbers[_i].value : -77);
}
END_TEST

static const struct {
	const char *in, *printable, *line;
} cleans[] = {
	{ "", "", "" },
	{ "plain 窓口 \xf0\x9f\x98\x80", "plain 窓口 \xf0\x9f\x98\x80",
		"plain 窓口 \xf0\x9f\x98\x80" },
	{ "a\tb\nc", "a\tb\nc", "a?b?c" },
	{ "\r\001\033[2J\177", "???[2J?", "???[2J?" },
	{ "\xc2\x80\xc2\x9b" "31m\xc2\xa0", "??31m\xc2\xa0", "??31m\xc2\xa0" },
	{ "\x9b" "31m", "?31m", "?31m" },
	{ "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd" },
	{ "end \xe7\xaa", "end ?", "end ?" },
	{ "\xc0\x8a", "??", "??" },
	{ "a\xf8z", "a?z", "a?z" },
};

START_TEST(test_clean)
{
	char *line = arena_strdup(arena, cleans[_i].in);

	ck_assert_str_eq(text_printable(arena, cleans[_i].in), cleans[_i].printable);
	text_one_line(line);
	ck_assert_str_eq(line, cleans[_i].line);
	ck_assert_ptr_null(text_printable(arena, NULL));
}
END_TEST

static Suite *
suite_text(void)
{
	Suite *suite = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_add, 0, SIZE(adds));
	tcase_add_loop_test(tc, test_addf, 0, SIZE(adds));
	tcase_add_test(tc, test_bytes);
	tcase_add_test(tc, test_growth);
	tcase_add_loop_test(tc, test_pairs, 0, SIZE(pairs));
	tcase_add_loop_test(tc, test_hex, 0, SIZE(hexes));
	tcase_add_loop_test(tc, test_number, 0, SIZE(numbers));
	tcase_add_loop_test(tc, test_clean, 0, SIZE(cleans));
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_text());
}
