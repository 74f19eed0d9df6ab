/*
 * rule/finder_learned and rule/finder_settle: how a text's strings are scored, and
 * what a letter is taken for by all that speaks of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_letter.h"

#include "rule.h"
#include "rule/finder_learned.h"

#include <math.h>
#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

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

static size_t
buckets_of(const char *text, uint16_t *buckets)
{
	return finder_learned_buckets(phrase_text_make(arena, text), buckets);
}

/* How many different strings of one to four characters a text has. */
static const struct {
	const char *text;
	size_t strings;
} texts[] = {
	{ "a", 1 },
	{ "ab", 3 },		/* a ab b */
	{ "aa", 2 },		/* a aa */
	{ "aaaaaaaa", 4 },	/* each once, however often */
	{ "abcd", 10 },
	{ "abcde", 14 },	/* none is longer than four */
	{ "漏洩", 3 },		/* of characters, not of bytes */
};

START_TEST(test_strings)
{
	uint16_t buckets[LEARNED_BUCKETS];

	ck_assert_uint_eq(buckets_of(texts[_i].text, buckets), texts[_i].strings);
}
END_TEST

/* The mean that the learner reckons with, but for the rounding of whole hundredths. */
START_TEST(test_score)
{
	static const char letter[] = "会員ページで他の人の注文が見えてしまいます。住所と電話番号も出ています。";
	static const char offer[] = "弊社のセミナーのご案内です。お申し込みはこちらから。参加費は無料です。";
	uint16_t buckets[LEARNED_BUCKETS];
	size_t count = buckets_of(letter, buckets);
	double sum = 0, wanted;

	for (size_t i = 0; i < count; i++)
		sum += finder_learned_weights[buckets[i]];
	wanted = sum * finder_learned_scale / 10000 / sqrt((double)count);
	ck_assert_double_eq_tol(finder_learned(phrase_text_make(arena, letter)), wanted, 1.0);
	ck_assert_int_gt(finder_learned(phrase_text_make(arena, letter)), 0);
	ck_assert_int_lt(finder_learned(phrase_text_make(arena, offer)), 0);
	ck_assert_int_eq(finder_learned(NULL), 0);
}
END_TEST

/* What comes behind the first characters says nothing; nobody can drown a letter from behind. */
START_TEST(test_length)
{
	char *text = arena_alloc(arena, 4 * LEARNED_CHARS), *longer;
	uint16_t buckets[LEARNED_BUCKETS], more[LEARNED_BUCKETS];
	size_t count;

	memset(text, 0, 4 * LEARNED_CHARS);
	for (size_t i = 0; i < 2 * LEARNED_CHARS; i++)
		text[i] = "abcdefghij klmnopq"[i * i % 18];
	longer = arena_printf(arena, "%s unsubscribe 配信停止", text);
	count = buckets_of(text, buckets);
	ck_assert_uint_eq(buckets_of(longer, more), count);
	ck_assert_mem_eq(buckets, more, count * sizeof(*buckets));
}
END_TEST

static const struct {
	const char *text;
	bool not_learned;
} scripts[] = {
	{ "", false },
	{ "12345 ...", false },
	{ "Good morning", false },
	{ "Schöne Grüße", false },
	{ "おはようございます", false },
	{ "早上好", false },
	{ "안녕하세요 여러분", true },
	{ "Здравствуйте", true },
	{ "สวัสดีค่ะ", true },
	{ "XSS на вашем сайте", true },
	{ "Cross-site scripting was found here: сайт", false },
};

START_TEST(test_scripts)
{
	ck_assert_int_eq(finder_learned_not(phrase_text_make(arena, scripts[_i].text)),
		scripts[_i].not_learned);
}
END_TEST

/* One letter whose text says little, under all that may stand round it. */
#define MUCH "番号を変えるとよその人の明細が見えます"
#define LITTLE "x"
#define THAI "สวัสดีค่ะ"
#define OFFER "弊社のセミナーのご案内です。お申し込みはこちらから。参加費は無料です。"
static const struct {
	const char *text;
	int left;
	bool report, sealed;
	enum finder_sense sense;
} letters[] = {
	{ LITTLE, 8, true, false, FINDER_REPORT },
	{ MUCH, 8, false, false, FINDER_WEAK },
	{ MUCH, 80, false, false, FINDER_WEAK },
	{ LITTLE, 80, false, false, FINDER_DOUBTFUL },
	{ LITTLE, 0, false, false, FINDER_DOUBTFUL },
	{ LITTLE, -4, true, false, FINDER_DOUBTFUL },
	{ OFFER, -8, false, false, FINDER_NOTHING },
	{ OFFER, -8, true, false, FINDER_NOTHING },
	{ LITTLE, -8, true, true, FINDER_REPORT },
	{ LITTLE, -1, false, false, FINDER_DOUBTFUL },
	{ LITTLE, -8, false, false, FINDER_NOTHING },
	{ THAI, -1, false, false, FINDER_DOUBTFUL },
	{ NULL, 0, false, false, FINDER_NOTHING },
};

START_TEST(test_settle)
{
	struct finder_letter letter = { .sealed = letters[_i].sealed };
	int score;

	letter.text = letters[_i].text != NULL ? phrase_text_make(arena, letters[_i].text) : NULL;
	letter.words.report = letters[_i].report;
	letter.balance.left = letters[_i].left;
	ck_assert_int_eq(finder_settle(&letter, &score), letters[_i].sense);
	ck_assert_int_eq(score, finder_spoken(&letter) + finder_learned(letter.text));
}
END_TEST

static Suite *
suite_finder_letter(void)
{
	Suite *suite = suite_create("finder_letter");
	TCase *tcase = tcase_create("finder_letter");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_strings, 0, SIZE(texts));
	tcase_add_test(tcase, test_score);
	tcase_add_test(tcase, test_length);
	tcase_add_loop_test(tcase, test_scripts, 0, SIZE(scripts));
	tcase_add_loop_test(tcase, test_settle, 0, SIZE(letters));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_finder_letter());
}
