/*
 * Stand-ins for a text, as mail programs write them, and short texts that are none.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/stub.h"

#include "base/arena.h"
#include "base/text.h"

#include "unit.h"

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
}

static void
tear_down(void)
{
	arena_free(&arena);
}

#define X50 "html mail html mail html mail html mail html mail "

static const struct { const char *text; bool is; } stubs[] = {
	{ "このメールはHTMLです", true },
	{ "このメールはＨＴＭＬ形式のメールです。\r\nＨＴＭＬに対応したメールソフトでご覧ください。\r\n", true },
	{ "お使いのメールソフトはHTMLメールに対応していません。\nブラウザで表示: https://mail.example.jp/v/123456789\n", true },
	{ "うまく表示されない場合はブラウザでご覧ください\n", true },
	{ "Your client does not support HTML", true },
	{ "Your mail client\ndoes not support HTML messages.\n", true },
	{ "View this mail in HTML", true },
	{ "View this email in your browser: <https://mail.example.net/a?b=20250520123>\n\n---\n", true },
	{ "To view the message, please use an HTML compatible email viewer!", true },
	{ "This is an HTML 4.01 message. If you can read this, your program does not display it.", true },
	{ "This message is in MIME format. Since your mail reader does not understand it, "
	  "some of it may not be legible.", true },
	{ "Diese Nachricht ist in HTML. Bitte im Browser anzeigen.", true },
	{ "", false },
	{ " \n", false },
	{ "---", false },
	{ "hello", false },
	{ "See the attached mail.", false },
	/* Words before, behind and beside. */
	{ "Dear team,\n\nyour client does not support HTML.\n", false },
	{ "Your client does not support HTML.\nThe shop's order list is open to everybody.\n", false },
	{ "このメールはHTMLです。\n至急ご連絡ください。\n", false },
	{ "HTML", false },
	{ "your page writes what was typed into its HTML", false },
	/* A number is nothing that a stand-in says. */
	{ "このメールはHTMLです。IPA#12345678 のメールです。", false },
	{ "このメールはHTMLです。IPA＃１２３４５６７８ のメールです。", false },
	{ "View message 20250 in HTML", false },
	{ "View message 2025 in HTML", true },
	/* Too long for one, and a sentence too long. */
	{ X50 X50 X50 X50 "html mail", true },
	{ X50 X50 X50 X50 X50, false },
	{ X50 "mail.\n" X50 X50 X50 "mail.\n" X50 X50 X50 "mail", true },
	{ X50 X50 "mail.\n" X50 X50 X50 "mail.\n" X50 X50 X50 "mail", false },
};

START_TEST(told_from_texts)
{
	ck_assert_msg(stub_is_one(arena, stubs[_i].text) == stubs[_i].is, "%s", stubs[_i].text);
}
END_TEST

static const struct { const char *text; bool is; } blanks[] = {
	{ "", true }, { " \t\r\n", true }, { "\xc2\xa0\xe3\x80\x80", true },
	{ "\xe2\x80\x8b\xef\xbb\xbf\xe2\x81\xa0\xc2\xad\xe2\x80\xaf\xe2\x80\xa8\xe2\x80\xa9", true },
	{ "\xe3\x80\x80.", false }, { "\x7f", false }, { "\xe2\x80\x90", false },
};

START_TEST(blanks_of_any_script)
{
	ck_assert_msg(stub_is_blank(blanks[_i].text) == blanks[_i].is, "%d", _i);
}
END_TEST

static const struct { const char *one, *other; bool same; } pairs[] = {
	{ "", "", true }, { "", " \n>- ", true }, { "a", "", false }, { "", "a", false },
	{ "> A b-c\n", "Abc", true }, { "a1", "a2", false }, { "a", "A", false },
	{ "取扱番号\xe3\x80\x80一", "取扱\n番号一", true }, { "取扱番号", "取扱", false },
};

START_TEST(letters_alone_count)
{
	ck_assert_msg(stub_same_letters(pairs[_i].one, pairs[_i].other) == pairs[_i].same,
		"%s, %s", pairs[_i].one, pairs[_i].other);
}
END_TEST

static Suite *
suite_stub(void)
{
	Suite *suite = suite_create("stub");
	TCase *tcase = tcase_create("stub");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, told_from_texts, 0, sizeof(stubs) / sizeof(stubs[0]));
	tcase_add_loop_test(tcase, blanks_of_any_script, 0, sizeof(blanks) / sizeof(blanks[0]));
	tcase_add_loop_test(tcase, letters_alone_count, 0, sizeof(pairs) / sizeof(pairs[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_stub());
}
