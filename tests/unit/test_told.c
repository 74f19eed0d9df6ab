/*
 * rule/told: which of the guide's two questions a finder's mail answers.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/told.h"

#include "rule.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define LONG_TEXT ((size_t)128 * 1024)

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	const char *text;
	bool reported, publication;
} texts[] = {
	{ "I found an XSS.", false, false },
	{ "I haven't reported this to anyone else.", true, false },
	{ "I have not told anyone.", true, false },
	{ "I have also reported it to JPCERT/CC.", true, false },
	{ "I would like to report an XSS to you.", false, false },
	{ "IPA にも届け出済みです。", true, false },
	{ "他には報告しておりません。", true, false },
	{ "お返事がない場合は、IPA に届け出ます。", false, false },
	{ "I will not publish it.", false, true },
	{ "I won't publish it.", false, true },
	{ "I don't publish such things.", false, true },
	{ "We plan to publish.", false, false },	/* when? */
	{ "We plan to publish 90 days from now.", false, true },
	{ "I will write a blog post after the fix.", false, true },
	{ "Within 30 days I want an answer.", false, false },
	{ "公表する予定はありません。", false, true },
	{ "修正後にブログで公表する予定です。", false, true },
	{ "公表を予定しています。", false, false },
	{ "ファイルが公開されています。", false, false },
	{ "公開する\nつもりはありません。", false, true },
	{ "Not reported elsewhere. No plans to publish.", true, true },
	{ "", false, false },
};

START_TEST(test_texts)
{
	struct told told;

	told_find(phrase_text_make(arena, texts[_i].text), &told);
	ck_assert_msg(told.reported == texts[_i].reported, "%s", texts[_i].text);
	ck_assert_msg(told.publication == texts[_i].publication, "%s", texts[_i].text);
	told_find(NULL, &told);
	ck_assert(!told.reported && !told.publication);
}
END_TEST

/* A plan here and a date at the other end of the mail have nothing to do with each other. */
START_TEST(test_far)
{
	static const char *const ends[][2] = {
		{ "We plan to publish.", "Call me in 90 days." },
		{ "Call me in 90 days.", "We plan to publish." },
	};

	for (int i = 0; i < SIZE(ends); i++) {
		char *between = arena_alloc(arena, 1001);
		struct told told;

		memset(between, 'x', 1000);
		told_find(phrase_text_make(arena, arena_printf(arena, "%s %s %s", ends[i][0],
			between, ends[i][1])), &told);
		ck_assert(!told.publication);
	}
}
END_TEST

static const char *const hostile[] = { "publish ", "days ", "publish days ", "公表", "日後" };

static int64_t
cost(const char *words, size_t size)
{
	char *text = arena_alloc(arena, size + 1);
	size_t len = strlen(words);
	struct phrase_text *made;
	struct told told;
	int64_t from;

	for (size_t at = 0; at + len <= size; at += len)
		memcpy(text + at, words, len);
	made = phrase_text_make(arena, text);
	from = unit_cpu_ms();
	told_find(made, &told);
	return unit_cpu_ms() - from;
}

START_TEST(test_hostile)
{
	int64_t quarter = cost(hostile[_i], LONG_TEXT / 4), whole = cost(hostile[_i], LONG_TEXT);

	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, and %lld ms for a quarter",
		hostile[_i], (long long)whole, (long long)quarter);
}
END_TEST

/* The built-in words are written as the match copy spells them, else they would never be found. */
START_TEST(test_vocabulary)
{
	size_t count;

	for (count = 0; told_word(count) != NULL; count++)
		ck_assert_str_eq(phrase_match_copy(arena, told_word(count)), told_word(count));
	ck_assert_uint_gt(count, 100);
}
END_TEST

static Suite *
suite_told(void)
{
	Suite *suite = suite_create("told");
	TCase *tcase = tcase_create("told");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_texts, 0, SIZE(texts));
	tcase_add_test(tcase, test_far);
	tcase_add_loop_test(tcase, test_hostile, 0, SIZE(hostile));
	tcase_add_test(tcase, test_vocabulary);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_told());
}
