/*
 * rule/number_list: the lists that coordinators send, as they come out of
 * spreadsheets, mail and hands; and texts that would cost too much.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/number_list.h"

#include "base/text.h"
#include "rule.h"

#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)

static struct arena *arena;
static struct policy policy;
static struct policy_coordinator coordinators[3];

static void
setup(void)
{
	static const char *const patterns[] = { "IPA#([0-9]{8})", "VU#([0-9]{6,})", "" };

	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	memset(&policy, 0, sizeof(policy));
	policy.coordinators = coordinators;
	policy.coordinator_count = 3;
	for (size_t i = 0; i < 3; i++) {
		memset(&coordinators[i], 0, sizeof(coordinators[i]));
		if (patterns[i][0] != '\0')
			coordinators[i].pattern = rule_pattern(arena, patterns[i]);
	}
}

static void
teardown(void)
{
	for (size_t i = 0; i < 3; i++)
		rule_pattern_free(&coordinators[i]);
	arena_free(&arena);
}

/* text; "line:number" of each; lines without one; only (-1: anyone's) */
static const struct {
	const char *text, *numbers, *without;
	int only;
} lists[] = {
	{ "", "", "", -1 },
	{ "IPA#12345678", "1:IPA#12345678", "", -1 },
	{ "IPA#12345678\nIPA#23456789\n", "1:IPA#12345678 2:IPA#23456789", "", -1 },
	{ "IPA#12345678\r\n\r\nIPA#23456789\r\n", "1:IPA#12345678 3:IPA#23456789", "", -1 },
	{ "IPA#12345678\rIPA#23456789", "1:IPA#12345678 2:IPA#23456789", "", -1 },
	/* any spelling */
	{ "ＩＰＡ＃１２３４５６７８\nipa# 23456789\n【IPA#34567890】\n",
		"1:IPA#12345678 2:IPA#23456789 3:IPA#34567890", "", -1 },
	{ "取扱い番号 IPA#12345678 です。\n", "1:IPA#12345678", "", -1 },
	/* several in a line of text */
	{ "IPA#12345678 IPA#23456789, VU#123456\n",
		"1:IPA#12345678 1:IPA#23456789 1:VU#123456", "", -1 },
	{ "IPA#12345678、IPA#23456789\n", "1:IPA#12345678 1:IPA#23456789", "", -1 },
	{ "IPA#12345678 IPA#23456789\n", "1:IPA#12345678 1:IPA#23456789", "", -1 },
	/* a byte order mark; a heading */
	{ "\xef\xbb\xbfIPA#12345678\n", "1:IPA#12345678", "", -1 },
	{ "取扱番号,状態\nIPA#12345678,取扱中\n", "2:IPA#12345678", "1", -1 },
	/* any separator, quotes, line ends in quotes, doubled quotes */
	{ "1;IPA#12345678;open\n2\tIPA#23456789\topen\n3|IPA#34567890|\n",
		"1:IPA#12345678 2:IPA#23456789 3:IPA#34567890", "", -1 },
	{ "\"IPA#12345678\",\"a, b\"\n \"IPA#23456789\" ,x\n",
		"1:IPA#12345678 2:IPA#23456789", "", -1 },
	{ "IPA#12345678,\"two\nlines, \"\"so\"\"\"\nIPA#23456789,x\n",
		"1:IPA#12345678 3:IPA#23456789", "", -1 },
	{ "\"No.\nand state\",x\nIPA#12345678\n", "3:IPA#12345678", "1", -1 },
	/* what a remark mentions is not on the list; a bare one in a further column is */
	{ "IPA#12345678,see IPA#99999999\n", "1:IPA#12345678", "", -1 },
	{ "IPA#12345678,IPA#99999999\n", "1:IPA#12345678 1:IPA#99999999", "", -1 },
	{ "a,see IPA#12345678\n", "1:IPA#12345678", "", -1 },
	/* once a row, and again in the next one */
	{ "IPA#12345678,IPA＃12345678\nIPA#12345678\n", "1:IPA#12345678 2:IPA#12345678", "", -1 },
	/* one digit is missing; a mask */
	{ "IPA#1234567\nIPA#XXXXXXXX\n  \n,,\n", "", "1 2", -1 },
	/* quotes that do not end are letters */
	{ "\"IPA#12345678\n\"x\nIPA#23456789\n", "1:IPA#12345678 3:IPA#23456789", "2", -1 },
	{ "IPA#12345678 \"quoted\"\n", "1:IPA#12345678", "", -1 },
	/* one coordinator's alone; then digits will do */
	{ "IPA#12345678\nVU#123456\n", "1:IPA#12345678", "2", 0 },
	{ "IPA#12345678\n see IPA#1 IPA#23456789,  IPA#34567890  \n", "1:IPA#12345678 2:IPA#34567890",
		"", -1 },
	{ "12345678,open\n23456789\n２３４５６７８０\n1234567\n",
		"1:IPA#12345678 2:IPA#23456789 3:IPA#23456780", "4", 0 },
	{ "12345678\n", "", "1", -1 },
	{ "12345678\n", "", "1", 2 },
};

START_TEST(a_list)
{
	struct number_list list;
	struct text numbers, without;

	number_list_read(arena, &policy, lists[_i].only, lists[_i].text, &list);
	text_init(&numbers, arena, 4000);
	text_init(&without, arena, 4000);
	for (size_t i = 0; i < list.count; i++)
		text_addf(&numbers, "%s%zu:%s", i > 0 ? " " : "", list.entries[i].line,
			list.entries[i].number);
	for (size_t i = 0; i < list.without_count; i++)
		text_addf(&without, "%s%zu", i > 0 ? " " : "", list.without[i]);
	ck_assert_str_eq(numbers.data, lists[_i].numbers);
	ck_assert_str_eq(without.data, lists[_i].without);
	ck_assert(!list.more);
}
END_TEST

START_TEST(too_many)
{
	struct number_list list;
	struct text text;

	text_init(&text, arena, NUMBER_LIST_BYTES_MAX);
	for (int i = 0; i <= NUMBER_LIST_MAX; i++)
		text_addf(&text, "IPA#%08d\n", i);
	number_list_read(arena, &policy, -1, text.data, &list);
	ck_assert_uint_eq(list.count, NUMBER_LIST_MAX);
	ck_assert(list.more);
}
END_TEST

/* Texts made to cost as much as they can. */
static const char *const hostile[] = {
	"\"", "\"a\n", "\",", "\"\"", "\"x\" y\n", ",", "\n", " ", "IPA#", "IPA#12345678 ",
	"IPA#12345678,", "IPA#12345678\n", ")", "(,", "、", "，\n", "１", "\"IPA#12345678\",",
	"IPA#12345678 IPA#23456789 ", " \"", "\" ", "a\n\"",
};

static int64_t
cost(const char *words, size_t size)
{
	char *text = arena_alloc(arena, size + 1);
	size_t len = strlen(words);
	struct number_list list;
	int64_t from;

	for (size_t at = 0; at + len <= size; at += len)
		memcpy(text + at, words, len);
	from = unit_cpu_ms();
	number_list_read(arena, &policy, 0, text, &list);
	return unit_cpu_ms() - from;
}

START_TEST(a_hostile_list)
{
	int64_t quarter = cost(hostile[_i], 256 * 1024), whole = cost(hostile[_i], 1024 * 1024);

	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, and %lld ms for a quarter",
		hostile[_i], (long long)whole, (long long)quarter);
}
END_TEST

static Suite *
suite_number_list(void)
{
	Suite *suite = suite_create("number_list");
	TCase *tests = tcase_create("number_list");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_list, 0, sizeof(lists) / sizeof(lists[0]));
	tcase_add_test(tests, too_many);
	tcase_add_loop_test(tests, a_hostile_list, 0, sizeof(hostile) / sizeof(hostile[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_number_list());
}
