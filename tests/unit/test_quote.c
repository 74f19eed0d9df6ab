/*
 * Own words and quoted ones, plain text made readable, and HTML as text: what
 * mail programs and coordinators really write, and what only looks like it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/quote.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/html_text.h"
#include "mail/limits.h"
#include "mail/plain_text.h"

#include "unit.h"

#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
}

static void
tear_down(void)
{
	arena_free(&arena);
}

static const struct { const char *text, *own, *quoted; } quotes[] = {
	{ "", "", "" },
	{ "a\nb", "a\nb", "" },
	{ "a\n> b\n>> c\nd\n", "a\nd\n", "b\nc\n" },
	{ "a\n  > b\n＞ c\n＞d\n", "a\n", "b\nc\nd\n" },
	{ "a -> b\n", "a -> b\n", "" },
	{ "Yes.\n\nOn Sun, 22 Nov 2026, IPA wrote:\n> no\nBye\n", "Yes.\n\nBye\n",
		"On Sun, 22 Nov 2026, IPA wrote:\nno\n" },
	{ "Yes.\n\nOn Sun, Nov 22, 2026 at 9:00 IPA <\nvuln-contact@ipa.example> wrote:\n\n> no\n",
		"Yes.\n\n",
		"On Sun, Nov 22, 2026 at 9:00 IPA <\nvuln-contact@ipa.example> wrote:\nno\n" },
	{ "承知しました。\n2026年11月22日(日) 9:00 IPA <vuln-contact@ipa.example>:\n> 本文\n",
		"承知しました。\n", "2026年11月22日(日) 9:00 IPA <vuln-contact@ipa.example>:\n本文\n" },
	{ "山田さんは書きました：\n> 本文\n以上\n", "以上\n", "山田さんは書きました：\n本文\n" },
	/* A colon alone introduces no quotation, and no quotation follows the second. */
	{ "次の通りです:\n> 本文\n", "次の通りです:\n", "本文\n" },
	{ "On Sunday he wrote:\nnothing\n", "On Sunday he wrote:\nnothing\n", "" },
	{ "はい\n-----Original Message-----\nFrom: a\n\n古い\n", "はい\n",
		"-----Original Message-----\nFrom: a\n\n古い\n" },
	{ "はい\n-------- 元のメッセージ --------\n古い", "はい\n",
		"-------- 元のメッセージ --------\n古い" },
	{ "fyi\n---------- Forwarded message ---------\nold\n", "fyi\n",
		"---------- Forwarded message ---------\nold\n" },
	{ "FYI\n\nBegin forwarded message:\n\nold\n", "FYI\n\n", "Begin forwarded message:\n\n"
		"old\n" },
	{ "はい\n________________________________\n差出人: IPA\n送信日時: 2026年11月22日 9:00\n"
		"宛先: 窓口\n件名: IPA#12345678\n\n古い\n",
		"はい\n________________________________\n",
		"差出人: IPA\n送信日時: 2026年11月22日 9:00\n宛先: 窓口\n件名: IPA#12345678\n\n古い\n" },
	/* A form's own fields at the top quote nothing, nor do two labels of a list. */
	{ "差出人: IPA\n日時: 2026年11月22日\n件名: IPA#12345678\n本文\n",
		"差出人: IPA\n日時: 2026年11月22日\n件名: IPA#12345678\n本文\n", "" },
	{ "x\nFrom: the finder\nURL: http://www.example.jp/\n",
		"x\nFrom: the finder\nURL: http://www.example.jp/\n", "" },
	/* The frames of a coordinator's details mail. */
	{ "--------------------------------\nこのメールは、取扱い番号 IPA#12345678 に関する連絡です。\n"
		"--------------------------------\n1.詳細情報\n=====\n1) URL\n=====\n",
		"--------------------------------\nこのメールは、取扱い番号 IPA#12345678 に関する連絡です。\n"
		"--------------------------------\n1.詳細情報\n=====\n1) URL\n=====\n", "" },
	{ "--- a/index.php\n+++ b/index.php\n", "--- a/index.php\n+++ b/index.php\n", "" },
	{ "-- \n窓口\n", "-- \n窓口\n", "" },
	/* What was stuffed is the writer's own; the mark itself is nobody's. */
	{ "\x01> mine\n> old\n", "> mine\n", "old\n" },
	{ "a\n\x01>> mine\nOn it a@b wrote:\n> old\n", "a\n>> mine\n", "On it a@b wrote:\nold\n" },
	{ "> a\x01" "b\n", "", "ab\n" },
	/* A name before the mark, behind the line that says who; else a program's prompt. */
	{ "山田 wrote:\nyama> a\nyama> b\n\nyama> c\nはい\nyama> d\n", "\nはい\nyama> d\n",
		"山田 wrote:\na\nb\nc\n" },
	{ "mysql> select 1;\nmysql> quit\n", "mysql> select 1;\nmysql> quit\n", "" },
	{ "a wrote:\na_very_long_name> x\n", "a wrote:\na_very_long_name> x\n", "" },
};

START_TEST(own_and_quoted)
{
	const char *own, *quoted;

	quote_split(arena, quotes[_i].text, &own, &quoted);
	ck_assert_str_eq(own, quotes[_i].own);
	ck_assert_str_eq(quoted, quotes[_i].quoted);
}
END_TEST

static const struct { unsigned flags; const char *text, *want; } plains[] = {
	{ 0, "a\r\nb\rc\n", "a\nb\nc\n" },
	{ 0, "no end", "no end" },
	{ PLAIN_FLOWED, "one \ntwo\nthree\n", "one two\nthree\n" },
	{ PLAIN_FLOWED | PLAIN_DELSP, "脆弱性の \r\n件\r\n", "脆弱性の件\n" },
	{ PLAIN_FLOWED, "> a \n> b\n>> c \nd\n", "> a b\n>> c \nd\n" },
	{ PLAIN_FLOWED, " From a\n >b\n", "From a\n\x01>b\n" },
	{ PLAIN_FLOWED, " ＞b\n> >b\n c \n >d\n", "\x01＞b\n> >b\nc >d\n" },
	{ 0, " >b\n", " >b\n" },
	{ PLAIN_FLOWED, "x \n-- \nsig\n", "x \n-- \nsig\n" },
	{ PLAIN_FLOWED, "\n\nx \ny\n", "\n\nx y\n" },
	{ 0, "x \ny\n", "x \ny\n" },
	{ PLAIN_LEGACY, "Subject: x\n\nbody\n", "body\n" },
	{ PLAIN_LEGACY, "Subject: x\n", "" },
	{ 0, "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -----\nIPA#12345678\n- -- \n"
		"-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nfooter\n",
		"-----\nIPA#12345678\n-- \nfooter\n" },
	{ 0, "-----BEGIN PGP SIGNED MESSAGE-----\nno header line here\n",
		"no header line here\n" },
	{ PLAIN_FLOWED, "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\na \nb\n", "a \nb\n" },
	{ 0, "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n",
		"-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n" },
	{ PLAIN_DROP_ARMOUR, "a\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"
		"b\n",
		"a\nb\n" },
	{ PLAIN_DROP_ARMOUR, "> -----BEGIN PGP MESSAGE-----\nb\n",
		"> -----BEGIN PGP MESSAGE-----\nb\n" },
};

START_TEST(plain_is_made_readable)
{
	struct text out;

	text_init(&out, arena, LIMIT_TEXT_BYTES);
	plain_text_add(arena, &out, plains[_i].text, plains[_i].flags);
	ck_assert_str_eq(out.data, plains[_i].want);
}
END_TEST

static const struct { bool legacy; const char *html, *want; } pages[] = {
	{ false, "", "" },
	{ false, "<p>a  b\n c</p><p>d</p>", "a b c\nd\n" },
	{ false, "a<br>b<BR/>c", "a\nb\nc\n" },
	{ false, "a<br><br>b", "a\n\nb\n" },
	{ false, "<html><head><title>t</title><style>p{x:\"<p>\"}</style></head><body>a"
		"<script>if(a<b)document.write('<p>x</p>')</script>b</body></html>", "ab\n" },
	{ false, "a<!-- <p>no</p> -->b", "ab\n" },
	{ false, "a<!-- never closed <p>b", "a\n" },
	{ false, "&lt;b&gt; &amp;amp; &quot;&#x8106;&#24369;&quot;&nbsp;&copy;",
		"<b> &amp; \"脆弱\" ©\n" },
	{ false, "&#0;&#xD800;&#99999999999999999999;x&unknown; & y &amp", "x&unknown; & y &\n" },
	{ false, "a < b > c <3", "a < b > c <3\n" },
	{ false, "<b>IPA#</b><i>1234</i>5678", "IPA#12345678\n" },
	{ false, "new<blockquote>old<br>older<blockquote>x</blockquote></blockquote>end",
		"new\n> old\n> older\n> > x\nend\n" },
	{ false, "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n" },
	{ false, "<pre>a  b\n\nc</pre>", "a  b\n\nc\n" },
	{ true,
		"<div class=\"header-protection-legacy-display\"><pre>Subject: x</pre></div>"
		"<p>y</p>",
		"y\n" },
	{ false, "<div class=\"header-protection-legacy-display\">x</div>y", "x\ny\n" },
	{ false, "<p>unclosed <a href=", "unclosed <a href=\n" },
	/* A bracket in a quoted value ends no tag; a quote that is no value's is a sign. */
	{ false, "<img alt=\"a > b\">c", "c\n" },
	{ false, "<img alt = 'a > \"' title='>'>c", "c\n" },
	{ false, "<p don't>a</p><p x'>b", "a\nb\n" },
	{ false, "<a b=\"c>d</a>e", "de\n" },
	{ false, "<a b='>' c>x<a b='>y", "xy\n" },
	{ false, "&eacute;&Uuml;&frac12;&euro;&lpar;&num;&rpar;&sup2;&nosuch2;", "éÜ½€(#)²&nosuch2;\n" },
};

START_TEST(html_is_made_text)
{
	struct text out;

	text_init(&out, arena, LIMIT_TEXT_BYTES);
	html_text_add(&out, pages[_i].html, pages[_i].legacy);
	ck_assert_str_eq(out.data, pages[_i].want);
}
END_TEST

static const char *const pieces[] = { "<", "<a", "<a>", "&#", "&", "<script>", "<!--",
	"<blockquote>a", "</", "<pre>\n", "<div class=header-protection-legacy-display>",
	">", "> x\nOn a@ wrote:\n", "From: \n", "--", "-----Original\n", "\n", "＞",
	"-----BEGIN PGP SIGNED MESSAGE-----\n", "> \n", "年:\n", "<a b='>", "<a b=\"", "<a b='>' ",
	"a@ wrote:\nx> \n", " >\n", "&eacute" };

/* What every reader takes for so many of that piece, in processor time. */
static int64_t
flood(const char *piece, size_t times)
{
	const char *own, *quoted;
	size_t len = strlen(piece);
	int64_t start = unit_cpu_ms();
	struct text in, out;

	text_init(&in, arena, 2 * LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < times; i++)
		text_add_bytes(&in, piece, len);
	text_init(&out, arena, LIMIT_TEXT_BYTES);
	html_text_add(&out, in.data, true);
	ck_assert_uint_le(out.len, LIMIT_TEXT_BYTES);
	text_init(&out, arena, LIMIT_TEXT_BYTES);
	plain_text_add(arena, &out, in.data, PLAIN_FLOWED | PLAIN_DROP_ARMOUR);
	quote_split(arena, out.data, &own, &quoted);
	ck_assert_uint_le(strlen(own) + strlen(quoted), LIMIT_TEXT_BYTES + 2);
	return unit_cpu_ms() - start;
}

/* Two megabytes of anything pass every reader at once, in linear time and within the cap. */
START_TEST(floods_cost_little)
{
	size_t times = 2 * LIMIT_TEXT_BYTES / strlen(pieces[_i]);
	int64_t quarter = flood(pieces[_i], times / 4), whole = flood(pieces[_i], times);

	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, a quarter %lld ms", pieces[_i],
		(long long)whole, (long long)quarter);
}
END_TEST

static Suite *
suite_quote(void)
{
	Suite *suite = suite_create("quote");
	TCase *tcase = tcase_create("text");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, own_and_quoted, 0, sizeof(quotes) / sizeof(quotes[0]));
	tcase_add_loop_test(tcase, plain_is_made_readable, 0, sizeof(plains) / sizeof(plains[0]));
	tcase_add_loop_test(tcase, html_is_made_text, 0, sizeof(pages) / sizeof(pages[0]));
	tcase_add_loop_test(tcase, floods_cost_little, 0, sizeof(pieces) / sizeof(pieces[0]));
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_quote());
}
