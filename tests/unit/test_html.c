/*
 * view/html: what becomes of a word wherever it stands in a page, and a whole page. Expected
 * markup was written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/html.h"

#include "base/arena.h"
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

static const struct {
	const char *word, *markup;
} words[] = {
	{ "", "" },
	{ NULL, "" },
	{ "IPA#12345678", "IPA#12345678" },
	{ "脆弱性", "脆弱性" },
	{ "a < b > c & d", "a &lt; b &gt; c &amp; d" },
	{ "\"x\" onload='y'", "&quot;x&quot; onload=&#39;y&#39;" },
	{ "&amp;", "&amp;amp;" },
	{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
	{ "</td></tr></table>", "&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;" },
	{ "<!-- -->]]>", "&lt;!-- --&gt;]]&gt;" },
	{ "50 % of %s", "50 % of %s" },
	{ "a\nb\tc", "a\nb\tc" },
	{ "bell \a, escape \033[31m, nul-free", "bell ?, escape ?[31m, nul-free" },
	{ "no UTF-8: \xff\xfe.", "no UTF-8: ??." },
	{ "overlong \xc0\xbc", "overlong ??" },
	{ "C1: \xc2\x9b" "31m", "C1: ?31m" },
};

START_TEST(a_word)
{
	struct html html = { .arena = arena };
	char *wanted = arena_printf(arena, "<td data-title=\"%s\">%s</td>", words[_i].markup,
		words[_i].markup);

	text_init(&html.text, arena, 10000);
	HTML_PUT(&html, "<td data-title=\"%\">%</td>", words[_i].word, words[_i].word);
	ck_assert_str_eq(html.text.data, wanted);
}
END_TEST

START_TEST(places)
{
	static const char *const two[] = { "1", "2" };
	struct html html = { .arena = arena };

	text_init(&html.text, arena, 10000);
	html_put(&html, "%%,%;", two, 2);
	html_put(&html, "[%]", NULL, 0);
	html_put(&html, "none", two, 2);
	html_mark(&html, "%");
	html_fact(&html, "name", NULL);
	html_fact(&html, "name", "");
	html_fact(&html, "a<b", "c&d");
	ck_assert_str_eq(html.text.data, "12,;[]none%<dt>a&lt;b</dt><dd>c&amp;d</dd>\n");
}
END_TEST

START_TEST(a_page)
{
	static const char *const titles[] = { "A", "\"B\"" };
	static const char *const cells[] = { "<1>", NULL };
	struct html html;

	html_begin(&html, arena, LANGUAGE_JA, "</title>", "p{width:50%}\n");
	html_table(&html, titles, 2);
	html_row(&html, "bad", titles, cells, 2);
	html_table_end(&html);
	ck_assert_str_eq(html_end(&html),
		"<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"robots\" content=\"noindex, nofollow\">\n"
		"<meta name=\"generator\" content=\"madoguchi " PACKAGE_VERSION "\">\n"
		"<title>&lt;/title&gt;</title>\n<style>\np{width:50%}\n</style>\n</head>\n<body>\n"
		"<table>\n<thead><tr><th scope=\"col\">A</th><th scope=\"col\">&quot;B&quot;</th>"
		"</tr></thead>\n<tbody>\n"
		"<tr class=\"bad\"><td data-title=\"A\">&lt;1&gt;</td>"
		"<td data-title=\"&quot;B&quot;\"></td></tr>\n"
		"</tbody>\n</table>\n</body>\n</html>\n");
}
END_TEST

START_TEST(languages)
{
	struct html html;

	html_begin(&html, arena, LANGUAGE_EN, "", "");
	ck_assert_ptr_nonnull(strstr(html_end(&html), "<html lang=\"en\">"));
	ck_assert_ptr_null(strstr(html_screen, "url("));
	ck_assert_ptr_null(strstr(html_screen, "</"));
}
END_TEST

static Suite *
suite_html(void)
{
	Suite *suite = suite_create("html");
	TCase *tcase = tcase_create("html");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_word, 0, SIZE(words));
	tcase_add_test(tcase, places);
	tcase_add_test(tcase, a_page);
	tcase_add_test(tcase, languages);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_html());
}
