/*
 * base/err: the sentence stays one clean line of bounded length, and the
 * outcome passes through.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "base/utf8.h"

#include "unit.h"

#include <string.h>

static const struct {
	const char *in, *out;
} sentences[] = {
	{ "plain words", "plain words" },
	{ "", "" },
	{ "窓口 is kept", "窓口 is kept" },
	{ "two\nlines\r\n", "two?lines??" },
	{ "tab\there", "tab?here" },
	{ "esc \033[31m", "esc ?[31m" },
	{ "del \177", "del ?" },
	{ "c1 \xc2\x9b", "c1 ?" },
	{ "not UTF-8 \xff!", "not UTF-8 ?!" },
	{ "100%", "100%" },
};

START_TEST(test_sentence)
{
	struct err err = { "before" };

	ck_assert_int_eq(err_set(&err, NEVER, "%s", sentences[_i].in), NEVER);
	ck_assert_str_eq(err.text, sentences[_i].out);
}
END_TEST

START_TEST(test_outcomes)
{
	struct err err = { "" };

	ck_assert_int_eq(err_set(&err, DONE, "%d", 1), DONE);
	ck_assert_int_eq(err_set(&err, LATER, "%d", 2), LATER);
	ck_assert_int_eq(err_wrap(&err, NEVER, "folder %d", 3), NEVER);
	ck_assert_str_eq(err.text, "folder 3: 2");
	ck_assert_int_eq(err_set(NULL, LATER, "nobody listens"), LATER);
	ck_assert_int_eq(err_wrap(NULL, NEVER, "nobody listens"), NEVER);
}
END_TEST

START_TEST(test_wrap_twice)
{
	struct err err = { "" };

	err_set(&err, NEVER, "no such file");
	err_wrap(&err, NEVER, "cannot read %s", "a\nb");
	err_wrap(&err, NEVER, "desk %s", "main");
	ck_assert_str_eq(err.text, "desk main: cannot read a?b: no such file");
}
END_TEST

/* _i bytes of ASCII stand before the wide characters: the cut falls on each of their bytes. */
START_TEST(test_cut)
{
	char in[3 * ERR_TEXT_MAX];
	struct err err = { "" };
	size_t len, room = ERR_TEXT_MAX - 1 - (size_t)_i;

	memset(in, 'a', (size_t)_i);
	in[_i] = '\0';
	while (strlen(in) + 4 < sizeof(in))
		strncat(in, "窓", 4);
	err_set(&err, NEVER, "%s", in);
	len = strlen(err.text);
	ck_assert_uint_eq(len, (size_t)_i + room / 3 * 3);
	ck_assert(utf8_valid(err.text, len));
	ck_assert(strncmp(in, err.text, len) == 0);
}
END_TEST

START_TEST(test_wrap_long)
{
	char prefix[2 * ERR_TEXT_MAX];
	struct err err = { "" };

	memset(prefix, 'p', sizeof(prefix) - 1);
	prefix[sizeof(prefix) - 1] = '\0';
	err_set(&err, NEVER, "sentence");
	err_wrap(&err, LATER, "%s", prefix);
	ck_assert_uint_lt(strlen(err.text), ERR_TEXT_MAX);
	ck_assert(strncmp(err.text, prefix, 500) == 0);
}
END_TEST

static Suite *
suite_err(void)
{
	Suite *suite = suite_create("err");
	TCase *tc = tcase_create("err");

	tcase_add_loop_test(tc, test_sentence, 0, sizeof(sentences) / sizeof(sentences[0]));
	tcase_add_test(tc, test_outcomes);
	tcase_add_test(tc, test_wrap_twice);
	tcase_add_loop_test(tc, test_cut, 0, 4);
	tcase_add_test(tc, test_wrap_long);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_err());
}
