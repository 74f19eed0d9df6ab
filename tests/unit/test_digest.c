/*
 * view/digest: what a digest tells and what it must not, in text and HTML. The whole pages
 * of the scene stand in tests/unit/digest/; `test_digest --print en|ja text|html|line`
 * writes them anew: look at each line of the difference before you keep it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "digest_scene.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "base/utf8.h"
#include "unit.h"

#include <stdio.h>

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

static const struct {
	const char *name;
	enum language language;
} languages[] = {
	{ "en", LANGUAGE_EN },
	{ "ja", LANGUAGE_JA },
};

static struct digest_page *
scene_page(enum language language, bool line)
{
	struct digest digest = scene_digest(language);

	return digest_page(arena, &digest, line);
}

/* --- whole pages --- */

static const char *
kept(const char *language, const char *form)
{
	const char *source = getenv("MADOGUCHI_SOURCE");
	struct err err;
	char *bytes;
	size_t len;

	ck_assert_msg(io_read_file(arena,
			      arena_printf(arena, "%s/tests/unit/digest/%s.%s",
				      source != NULL ? source : ".", language, form),
			      1024 * 1024, &bytes, &len, &err) == DONE, "%s", err.text);
	return arena_strndup(arena, bytes, len);
}

START_TEST(test_text)
{
	ck_assert_str_eq(digest_text(arena, scene_page(languages[_i].language, false)),
		kept(languages[_i].name, "txt"));
}
END_TEST

START_TEST(test_html)
{
	const struct digest_page *page = scene_page(languages[_i].language, false);

	ck_assert_str_eq(digest_html(arena, page->title, page), kept(languages[_i].name, "html"));
}
END_TEST

/* --- what must not be told --- */

static const char *const secrets[] = { "SECRET", "@", "://", "<One>", "<script", "<img", "<link",
	"class=", "NULL", "(null)" };

START_TEST(test_no_content)
{
	const struct digest_page *page = scene_page(languages[_i].language, false);
	const char *text = digest_text(arena, page), *html = digest_html(arena, page->title, page);

	for (int i = 0; i < SIZE(secrets); i++) {
		ck_assert_msg(strstr(html, secrets[i]) == NULL, "%s in %s", secrets[i], html);
		/* In the text the desk's name stands as it is. */
		ck_assert_msg(i == 3 || strstr(text, secrets[i]) == NULL, "%s in %s", secrets[i], text);
	}
	ck_assert_ptr_nonnull(strstr(html, "Desk &lt;One&gt; &amp; Co"));
	ck_assert_ptr_nonnull(strstr(html, scene_daily.log_head));
	ck_assert_ptr_nonnull(strstr(text, scene_daily.log_head));
}
END_TEST

/* To another house no word of the desk's health, and nothing to type. */
START_TEST(test_outside)
{
	static const char *const house[] = { "madoguchi ", "INBOX", "outbox", "drill", "since the last digest" };
	struct digest digest = scene_digest(LANGUAGE_EN);
	struct daily daily = *digest.daily;
	const char *text;

	digest.outside = true;
	digest.daily = &daily;
	/* As the store gives it to such a reader. */
	daily.stuck_count = daily.unfiled_count = 0;
	daily.sent_count = 0;
	text = digest_text(arena, digest_page(arena, &digest, false));
	for (size_t i = 0; i < sizeof(house) / sizeof(house[0]); i++)
		ck_assert_msg(strstr(text, house[i]) == NULL, "%s in\n%s", house[i], text);
	ck_assert_ptr_nonnull(strstr(text, "IPA#12345678"));
}
END_TEST

/* Nothing that the records hold can break a line, a cell, or what the outbox keeps. */
START_TEST(test_hostile)
{
	struct daily_owed owed = { .of = { 1, "IPA#1\n\trow\t0\t0", true }, .due = SCENE_NOW,
		.assignee = "a\tb\nsection\tx\t0\n\033[2J<b>" };
	struct daily daily = { .now = SCENE_NOW, .owed = &owed, .owed_count = 1, .owed_all = 1 };
	struct digest digest = scene_digest(LANGUAGE_EN);
	const struct digest_page *page, *again;

	digest.daily = &daily;
	page = digest_page(arena, &digest, false);
	again = digest_unpack(arena, LANGUAGE_EN, digest_pack(arena, page));
	ck_assert_ptr_nonnull(again);
	ck_assert_uint_eq(again->section_count, page->section_count);
	ck_assert_uint_eq(again->sections[0].row_count, 1);
	ck_assert_str_eq(digest_text(arena, again), digest_text(arena, page));
	ck_assert_ptr_nonnull(strstr(digest_text(arena, page), "a?b?section?x?0??[2J<b>"));
	ck_assert_ptr_nonnull(strstr(digest_html(arena, "t", page), "?[2J&lt;b&gt;"));
}
END_TEST

static const struct {
	const char *reply, *told;
} replies[] = {
	{ "250 2.0.0 Ok: queued as 4D6F1A2B3C", "250 2.0.0 Ok: queued as 4D6F1A2B3C" },
	{ "250 ok <finder@example.org> it is", "250 ok it is" },
	{ "250 finder@example.org", "250" },
	{ "250 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", "250 b" },
	{ "250 \t two\r\nlines", "250 two lines" },
	{ "", "" },
	{ NULL, NULL },
};

START_TEST(test_reply)
{
	char *told = digest_reply(arena, replies[_i].reply);

	if (replies[_i].told == NULL)
		ck_assert_ptr_null(told);
	else
		ck_assert_str_eq(told, replies[_i].told);
}
END_TEST

START_TEST(test_reply_long)
{
	char reply[4000];

	memset(reply, 'x', sizeof(reply));
	for (size_t i = 5; i < sizeof(reply); i += 5)
		reply[i] = ' ';
	reply[sizeof(reply) - 1] = '\0';
	ck_assert_uint_le(strlen(digest_reply(arena, reply)), 90);
}
END_TEST

/* --- the outbox's form --- */

START_TEST(test_pack)
{
	const struct digest_page *page = scene_page(languages[_i].language, false);
	const struct digest_page *again =
		digest_unpack(arena, languages[_i].language, digest_pack(arena, page));

	ck_assert_ptr_nonnull(again);
	ck_assert_str_eq(digest_text(arena, again), digest_text(arena, page));
	ck_assert_str_eq(digest_html(arena, "t", again), digest_html(arena, "t", page));
	page = scene_page(languages[_i].language, true);
	again = digest_unpack(arena, languages[_i].language, digest_pack(arena, page));
	ck_assert_str_eq(digest_text(arena, again), digest_text(arena, page));
	ck_assert_str_eq(digest_html(arena, "t", again), digest_html(arena, "t", page));
}
END_TEST

/* Not what digest_pack() writes. */
static const char *const damaged[] = {
	"",
	"line\tx",				/* no end */
	"line\n",
	"line\tx\ty\n",
	"word\tx\n",
	"foot\tx\n",				/* nothing to say */
	"title\tx\nfoot\t1\nfoot\t2\nfoot\t3\nfoot\t4\nfoot\t5\n",
	"title\tx\ndo\ty\n",			/* before a section */
	"title\tx\ncolumn\t0\tA\n",
	"title\tx\nrow\t0\t0\n",
	"title\tx\nsection\tA\n",
	"title\tx\nsection\tA\tmany\n",
	"title\tx\nsection\tA\t-2\n",
	"title\tx\nsection\tA\t1\ncolumn\t6\tA\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t0\t0\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t0\t0\ta\tb\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t3\t0\ta\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t0\t101\ta\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t0\t-2\ta\n",
	"title\tx\nsection\tA\t1\ncolumn\t0\tA\nrow\t0\t0\ta\ncolumn\t0\tB\n",
	"title\tx\nfigure\t0\tA\n",
	"title\tx\nfigure\t9\tA\t1\n",
	"title\tx\nrow\t0\t0\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\n",
};

START_TEST(test_damaged)
{
	ck_assert_ptr_null(digest_unpack(arena, LANGUAGE_EN, damaged[_i]));
}
END_TEST

/* --- small pages --- */

START_TEST(test_nothing)
{
	struct daily daily = { .now = SCENE_NOW, .since = SCENE_BEFORE(1, 0), .log_head = "00" };
	struct digest digest = { .policy = &scene_policy, .language = LANGUAGE_EN, .daily = &daily };

	ck_assert_str_eq(digest_text(arena, digest_page(arena, &digest, false)),
		"Desk <One> & Co: how things stand\n"
		"2026-11-30 (Mon) 09:00. What is new and what was sent: since 2026-11-29 09:00.\n"
		"\n"
		"overdue:        0\n"
		"due soon:       0\n"
		"new:            0\n"
		"held or failed: 0\n"
		"\n"
		"What is owed (0)\n"
		"----------------\n"
		"  Nothing.\n"
		"\n"
		"The desk's health\n"
		"-----------------\n"
		"  WHAT        STATE           DETAIL\n"
		"  outbox      fine            0 queued, 0 held, 0 deferred, 0 failed\n"
		"  last drill  none on record  -\n"
		"\n"
		"Mail judged to be of no case, since the last digest: 0\n"
		"At any time: madoguchi digest shows how things stand.\n"
		"Hash of the log: 00\n");
	ck_assert(!digest_has_trouble(&digest));
}
END_TEST

START_TEST(test_line)
{
	const char *text = digest_text(arena, scene_page(languages[_i].language, true));

	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	ck_assert_ptr_nonnull(strstr(text, scene_daily.log_head));
	/* The folder that was read longest ago. */
	ck_assert_ptr_nonnull(strstr(text, "2026-11-29 09:00"));
}
END_TEST

/* How much of the time is gone: from nothing to all of it, and never more. */
static const struct {
	int64_t began, due;
	const char *bar;
} bars[] = {
	{ 0, 100, "[..........] 0 %" },
	{ -10, 90, "[#.........] 10 %" },
	{ -62, 38, "[######....] 62 %" },
	{ -99, 1, "[#########.] 99 %" },
	{ -100, 0, "[##########] 100 %" },
	{ -100, -50, "[##########] 100 %" },
	{ 10, 100, "[..........] 0 %" },	/* the clock went back */
	{ 10, 5, "[##########] 100 %" },	/* due before it began */
};

START_TEST(test_bar)
{
	struct daily_owed owed = { .of = { 1, "IPA#1", true },
		.began = SCENE_NOW + bars[_i].began * CLOCK_MINUTE,
		.due = SCENE_NOW + bars[_i].due * CLOCK_MINUTE };
	struct daily daily = { .now = SCENE_NOW, .owed = &owed, .owed_count = 1, .owed_all = 1 };
	struct digest digest = { .policy = &scene_policy, .language = LANGUAGE_EN, .daily = &daily };
	char *text = digest_text(arena, digest_page(arena, &digest, false));

	ck_assert_msg(strstr(text, bars[_i].bar) != NULL, "%s in %s", bars[_i].bar, text);
}
END_TEST

/* Days, not hours: what is due tomorrow morning is a day away in the evening too. */
static const struct {
	int64_t hours;
	const char *left;
} lefts[] = {
	{ 14, "  today  " },	/* 23:00 */
	{ 15, "  1 day  " },	/* midnight */
	{ -9, "  over  " },
	{ -10, "  1 day over  " },
	{ 15 + 24, "  2 days  " },
	{ -10 - 24, "  2 days over  " },
};

START_TEST(test_left)
{
	struct daily_owed owed = { .of = { 1, "IPA#1", true },
		.due = SCENE_NOW + lefts[_i].hours * CLOCK_HOUR };
	struct daily daily = { .now = SCENE_NOW, .owed = &owed, .owed_count = 1, .owed_all = 1 };
	struct digest digest = { .policy = &scene_policy, .language = LANGUAGE_EN, .daily = &daily };
	char *text = digest_text(arena, digest_page(arena, &digest, false));

	ck_assert_msg(strstr(text, lefts[_i].left) != NULL, "%s in %s", lefts[_i].left, text);
}
END_TEST

/* Each line of a table begins its last column at the same column of a terminal. */
START_TEST(test_aligned)
{
	char *text = digest_text(arena, scene_page(LANGUAGE_JA, false));
	static const char *const wheres[] = { "[##########]", "[#########.]", "[#####.....]",
		"[###.......]" };
	size_t width = 0;

	for (int i = 0; i < SIZE(wheres); i++) {
		char *at = strstr(text, wheres[i]), *line = at;
		size_t here;

		ck_assert_ptr_nonnull(at);
		while (line[-1] != '\n')
			line--;
		here = utf8_width(arena_strndup(arena, line, (size_t)(at - line)));
		ck_assert(width == 0 || width == here);
		width = here;
	}
}
END_TEST

static const struct {
	const char *what;
	struct digest_key key;
	bool trouble;
} keys[] = {
	{ "good", { .fpr = "A", .expires_at = SCENE_NOW + 31 * CLOCK_DAY }, false },
	{ "without end", { .fpr = "A" }, false },
	{ "ends soon", { .fpr = "A", .expires_at = SCENE_NOW + 30 * CLOCK_DAY }, true },
	{ "ended", { .fpr = "A", .expires_at = SCENE_NOW }, true },
	{ "missing", { .fpr = "A", .missing = true }, true },
	{ "revoked", { .fpr = "A", .unusable = true }, true },
	{ "replaced", { .fpr = "A", .expires_at = SCENE_NOW, .replaced = true }, false },
};

START_TEST(test_key_trouble)
{
	struct daily daily = { .now = SCENE_NOW };
	struct digest digest = { .policy = &scene_policy, .daily = &daily, .keys = &keys[_i].key,
		.key_count = 1 };

	ck_assert_msg(digest_has_trouble(&digest) == keys[_i].trouble, "%s", keys[_i].what);
}
END_TEST

START_TEST(test_other_trouble)
{
	struct digest digest = scene_digest(LANGUAGE_EN);

	digest.key_count = 0;
	ck_assert(digest_has_trouble(&digest));	/* a folder is late */
	digest.folder_count = 1;
	ck_assert(!digest_has_trouble(&digest));
	digest.drill_passed = false;
	ck_assert(digest_has_trouble(&digest));
	digest.drill_at = 0;
	ck_assert(!digest_has_trouble(&digest));
}
END_TEST

static Suite *
suite_digest(void)
{
	Suite *suite = suite_create("digest");
	TCase *tcase = tcase_create("digest");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_text, 0, SIZE(languages));
	tcase_add_loop_test(tcase, test_html, 0, SIZE(languages));
	tcase_add_loop_test(tcase, test_no_content, 0, SIZE(languages));
	tcase_add_test(tcase, test_outside);
	tcase_add_test(tcase, test_hostile);
	tcase_add_loop_test(tcase, test_reply, 0, SIZE(replies));
	tcase_add_test(tcase, test_reply_long);
	tcase_add_loop_test(tcase, test_pack, 0, SIZE(languages));
	tcase_add_loop_test(tcase, test_damaged, 0, SIZE(damaged));
	tcase_add_test(tcase, test_nothing);
	tcase_add_loop_test(tcase, test_line, 0, SIZE(languages));
	tcase_add_loop_test(tcase, test_bar, 0, SIZE(bars));
	tcase_add_loop_test(tcase, test_left, 0, SIZE(lefts));
	tcase_add_test(tcase, test_aligned);
	tcase_add_loop_test(tcase, test_key_trouble, 0, SIZE(keys));
	tcase_add_test(tcase, test_other_trouble);
	suite_add_tcase(suite, tcase);
	return suite;
}

static int
print(const char *language, const char *form)
{
	const struct digest_page *page;

	setup();
	page = scene_page(text_equal(language, "en") ? LANGUAGE_EN : LANGUAGE_JA,
		text_equal(form, "line"));
	fputs(text_equal(form, "text") ? digest_text(arena, page)
		: digest_html(arena, page->title != NULL ? page->title : "madoguchi", page), stdout);
	teardown();
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && text_equal(argv[1], "--print"))
		return print(argv[2], argv[3]);
	return unit_run(suite_digest());
}
