/*
 * base/utf8: what is valid, what repair makes of the rest, the comparison
 * forms, and columns.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include "base/arena.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define BAD "\xef\xbf\xbd"

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

/*
 * len 0 stands for strlen. Sequences that are formed well but forbidden (too
 * long, a surrogate, beyond the last code point) give one U+FFFD or several:
 * that is libunistring's choice, and repaired is NULL.
 */
static const struct {
	const char *in;
	size_t len;
	bool valid;
	const char *repaired;
} inputs[] = {
	{ "", 0, true, "" },
	{ "ascii", 0, true, "ascii" },
	{ "\xc2\x80", 0, true, "\xc2\x80" },
	{ "窓口", 0, true, "窓口" },
	{ "\xed\x9f\xbf\xee\x80\x80", 0, true, "\xed\x9f\xbf\xee\x80\x80" },
	{ "\xf4\x8f\xbf\xbf", 0, true, "\xf4\x8f\xbf\xbf" },
	{ BAD, 0, true, BAD },
	{ "a\0b", 3, false, "a" BAD "b" },
	{ "\0", 1, false, BAD },
	{ "\x80", 0, false, BAD },
	{ "a\xff" "b", 0, false, "a" BAD "b" },
	{ "\xc0\x80", 0, false, NULL },
	{ "\xc1\xbf", 0, false, NULL },
	{ "\xe0\x80\xaf", 0, false, NULL },
	{ "\xed\xa0\x80", 0, false, NULL },
	{ "\xf4\x90\x80\x80", 0, false, NULL },
	{ "\xf8\x88\x80\x80\x80", 0, false, NULL },
	{ "\xe7\xaa", 0, false, BAD },
	{ "\xe7\xaa!", 0, false, BAD "!" },
	{ "\xe7\xaa\x93", 2, false, BAD }, /* cut by its length, whatever stands behind */
	{ "\xf0\x9f\x98", 0, false, BAD },
	{ "\xe7\xe7\xaa\x93", 0, false, BAD "窓" },
};

static size_t
input_len(int i)
{
	return inputs[i].len > 0 ? inputs[i].len : strlen(inputs[i].in);
}

START_TEST(test_valid)
{
	ck_assert_int_eq(utf8_valid(inputs[_i].in, input_len(_i)), inputs[_i].valid);
	ck_assert(utf8_valid(NULL, 0));
}
END_TEST

static void
check_only_bad(const char *out, size_t most)
{
	size_t count = strlen(out) / 3;

	ck_assert_uint_ge(count, 1);
	ck_assert_uint_le(count, most);
	while (*out != '\0')
		ck_assert_uint_eq(utf8_next(&out), 0xfffd);
}

START_TEST(test_repair)
{
	bool repaired = inputs[_i].valid;
	char *out = utf8_repair(arena, inputs[_i].in, input_len(_i), &repaired);

	if (inputs[_i].repaired == NULL)
		check_only_bad(out, input_len(_i));
	else
		ck_assert_str_eq(out, inputs[_i].repaired);
	ck_assert_int_eq(repaired, !inputs[_i].valid);
	ck_assert_str_eq(utf8_repair(arena, inputs[_i].in, input_len(_i), NULL), out);
}
END_TEST

/* Every byte that there is, twice, comes out as UTF-8. */
START_TEST(test_repair_all)
{
	char in[513] = "";
	char *out;

	for (int i = 0; i < 512; i++)
		in[i] = (char)(i / 2);
	out = utf8_repair(arena, in, 512, NULL);
	ck_assert(utf8_valid(out, strlen(out)));
	out = utf8_fold(arena, in + 2);
	ck_assert(utf8_valid(out, strlen(out)));
}
END_TEST

static const struct {
	const char *in, *nfkc, *folded;
} forms[] = {
	{ "", "", "" },
	{ "IPA", "IPA", "ipa" },
	{ "ＩＰＡ＃１２３", "IPA#123", "ipa#123" },
	{ "ｶﾞ", "ガ", "ガ" },
	{ "か\xe3\x82\x99", "が", "が" },
	{ "\xe3\x80\x80", " ", " " },
	{ "㈱", "(株)", "(株)" },
	{ "①", "1", "1" },
	{ "Stra\xc3\x9f" "e", "Stra\xc3\x9f" "e", "strasse" },
	{ "\xe2\x84\xaa", "K", "k" }, /* the Kelvin sign */
	{ "\xce\xa3\xcf\x82", "\xce\xa3\xcf\x82", "\xcf\x83\xcf\x83" },
	{ "\xef\xac\x81", "fi", "fi" },
	{ "A\xcc\x8a", "\xc3\x85", "\xc3\xa5" },
	{ "\xc4\xb0", "\xc4\xb0", "i\xcc\x87" }, /* no Turkish rules, whatever the locale */
	{ "取扱い番号", "取扱い番号", "取扱い番号" },
	{ "x\xff", "x" BAD, "x" BAD },
};

START_TEST(test_forms)
{
	char *folded = utf8_fold(arena, forms[_i].in);

	ck_assert_str_eq(utf8_nfkc(arena, forms[_i].in), forms[_i].nfkc);
	ck_assert_str_eq(folded, forms[_i].folded);
	ck_assert_str_eq(utf8_fold(arena, folded), folded);
}
END_TEST

static const uint32_t points[] = { 1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff,
	0x10000, 0x10ffff };
static const size_t point_lens[] = { 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 4 };

START_TEST(test_points)
{
	char bytes[5] = "";
	const char *at = bytes;

	ck_assert_uint_eq(utf8_put(bytes, points[_i]), point_lens[_i]);
	ck_assert_uint_eq(utf8_next(&at), points[_i]);
	ck_assert_ptr_eq(at, bytes + point_lens[_i]);
	ck_assert_uint_eq(utf8_next(&at), 0);
	ck_assert_ptr_eq(at, bytes + point_lens[_i]);
}
END_TEST

static const uint32_t no_points[] = { 0xd800, 0xdfff, 0x110000, UINT32_MAX };

START_TEST(test_no_points)
{
	char bytes[5] = "";

	ck_assert_uint_eq(utf8_put(bytes, no_points[_i]), 3);
	ck_assert_str_eq(bytes, BAD);
}
END_TEST

/* The walk over broken bytes stops at the end and nowhere behind it. */
START_TEST(test_next_broken)
{
	char *in = arena_strndup(arena, inputs[_i].in, strlen(inputs[_i].in));
	const char *at = in;
	int steps = 0;

	while (utf8_next(&at) != 0)
		ck_assert_int_le(++steps, 10);
	ck_assert_ptr_eq(at, in + strlen(in));
}
END_TEST

static const struct {
	const char *string;
	size_t width;
} widths[] = {
	{ "", 0 },
	{ "abc", 3 },
	{ "窓口", 4 },
	{ "ｶﾞ", 2 },
	{ "ＡＢ", 4 },
	{ "e\xcc\x81", 1 },
	{ "か\xe3\x82\x99", 2 },
	{ "\xe2\x80\xa6", 1 },	 /* ambiguous */
	{ "\xce\xb1", 1 },	 /* ambiguous */
	{ "\xe2\x80\x8b", 0 },	 /* zero width space */
	{ "a\nb", 2 },		 /* a control character has no width */
	{ "\xe3\x80\x80", 2 },	 /* ideographic space */
	{ "\xed\x95\x9c", 2 },	 /* Hangul */
};

START_TEST(test_width)
{
	const char *string = widths[_i].string;

	ck_assert_uint_eq(utf8_width(string), widths[_i].width);
	ck_assert_uint_eq(utf8_fit(string, widths[_i].width), strlen(string));
}
END_TEST

static const struct {
	const char *string;
	size_t columns, bytes;
} fits[] = {
	{ "abc", 0, 0 },
	{ "abc", 2, 2 },
	{ "窓口", 1, 0 },
	{ "窓口", 2, 3 },
	{ "窓口", 3, 3 },
	{ "窓口", 100, 6 },
	{ "a窓", 2, 1 },
	{ "e\xcc\x81x", 1, 3 }, /* the accent stays with its letter */
	{ "\xcc\x81x", 0, 2 },
};

START_TEST(test_fit)
{
	ck_assert_uint_eq(utf8_fit(fits[_i].string, fits[_i].columns), fits[_i].bytes);
}
END_TEST

static const struct {
	const char *string;
	size_t max, bytes;
} cuts[] = {
	{ "", 0, 0 },
	{ "", 10, 0 },
	{ "abc", 0, 0 },
	{ "abc", 2, 2 },
	{ "abc", 3, 3 },
	{ "abc", SIZE_MAX, 3 },
	{ "窓口", 2, 0 },
	{ "窓口", 3, 3 },
	{ "窓口", 4, 3 },
	{ "窓口", 5, 3 },
	{ "窓口", 6, 6 },
	{ "\xf0\x9f\x98\x80", 3, 0 },
	{ "a\xf0\x9f\x98\x80", 4, 1 },
	{ "a\xf0\x9f\x98\x80", 5, 5 },
	{ "\x80\x80\x80\x80\x80\x80\x80\x80", 6, 6 }, /* no characters: cut anywhere */
};

START_TEST(test_cut)
{
	ck_assert_uint_eq(utf8_cut(cuts[_i].string, cuts[_i].max), cuts[_i].bytes);
}
END_TEST

static const struct {
	const char *character;
	bool cjk;
} scripts[] = {
	{ "a", false }, { " ", false }, { "-", false }, { "é", false }, { "α", false },
	{ "窓", true }, { "々", true }, { "あ", true }, { "ア", true }, { "ー", true },
	{ "、", true }, { "。", true }, { "「", true }, { "　", true }, { "ｱ", true },
	{ "Ａ", true }, { "（", true }, { "￥", true }, { "㈱", true }, { "㎏", true },
	{ "𠮷", true }, { "ㇰ", true }, { "한", false }, { "ㄱ", false }, { "ﾡ", false },
	{ "😀", false },
};

START_TEST(test_cjk)
{
	const char *at = scripts[_i].character;

	ck_assert_int_eq(utf8_is_cjk(utf8_next(&at)), scripts[_i].cjk);
	ck_assert_str_eq(at, "");
}
END_TEST

static Suite *
suite_utf8(void)
{
	Suite *suite = suite_create("utf8");
	TCase *tc = tcase_create("utf8");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_valid, 0, SIZE(inputs));
	tcase_add_loop_test(tc, test_repair, 0, SIZE(inputs));
	tcase_add_test(tc, test_repair_all);
	tcase_add_loop_test(tc, test_forms, 0, SIZE(forms));
	tcase_add_loop_test(tc, test_points, 0, SIZE(points));
	tcase_add_loop_test(tc, test_no_points, 0, SIZE(no_points));
	tcase_add_loop_test(tc, test_next_broken, 0, SIZE(inputs));
	tcase_add_loop_test(tc, test_width, 0, SIZE(widths));
	tcase_add_loop_test(tc, test_fit, 0, SIZE(fits));
	tcase_add_loop_test(tc, test_cut, 0, SIZE(cuts));
	tcase_add_loop_test(tc, test_cjk, 0, SIZE(scripts));
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_utf8());
}
