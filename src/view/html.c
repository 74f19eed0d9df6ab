/*
 * Pages, and the escaping of all markup. What is said with '%' cannot
 * leave its place; what is markup is a constant of ours. Knows no records.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/html.h"

#include "base/arena.h"

#include <string.h>

#define HTML_MAX ((size_t)256 * 1024 * 1024)

const char html_screen[] =
	":root{color-scheme:light dark;--back:#fff;--text:#1b1b1b;--weak:#595959;--line:#c9c9c9;"
	"--head:#f0f2f5;--bad:#b00020;--good:#1a6b35}\n"
	"@media (prefers-color-scheme:dark){:root{--back:#15181c;--text:#e6e6e6;--weak:#a3a9b1;"
	"--line:#3d444d;--head:#22272e;--bad:#ff8a80;--good:#7ddc9a}}\n"
	"@media print{:root{color-scheme:light;--back:#fff;--text:#000;--weak:#444;--line:#999;"
	"--head:#eee;--bad:#900;--good:#000}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--back);color:var(--text);"
	"font:16px/1.6 system-ui,\"Hiragino Sans\",\"Noto Sans CJK JP\",Meiryo,sans-serif;"
	"overflow-wrap:anywhere}\n"
	"h1{font-size:1.6rem;line-height:1.3;margin:.2rem 0 .6rem}\n"
	"h2{font-size:1.15rem;margin:2rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid var(--line)}\n"
	"h3{font-size:1rem;margin:1rem 0 .2rem}\n"
	"a{color:inherit}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:0}\n"
	"dt{color:var(--weak)}dd{margin:0}\n"
	"table{border-collapse:collapse;width:100%;font-size:.92rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;max-width:16rem;"
	"border-bottom:1px solid var(--line);overflow-wrap:break-word}\n"
	"thead th{background:var(--head);white-space:nowrap}\n"
	"tr.bad td{color:var(--bad);font-weight:600}tr.over td{color:var(--weak)}\n"
	"ul{list-style:none;margin:0;padding:0}li{padding:.1rem 0 .1rem 1.6rem;text-indent:-1.6rem}\n"
	"li.done{color:var(--good)}\n"
	".note{color:var(--weak);font-size:.9rem}.bad{color:var(--bad)}\n"
	"code{font-family:ui-monospace,monospace}\n"
	"@media (max-width:44rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}"
	"thead{position:absolute;left:-999rem}tr,td{display:block;max-width:none}"
	"tr{padding:.5rem 0;border-bottom:1px solid var(--line)}td{border:0;padding:.05rem 0}"
	"td:empty{display:none}"
	"td::before{content:attr(data-title) \": \";color:var(--weak);font-weight:400}}\n"
	"@media print{body{max-width:none;padding:0;font-size:10pt}tr,li{break-inside:avoid}"
	"h2,h3{break-after:avoid}}\n";

void
html_escape(struct text *text, const char *word)
{
	static const struct {
		char c;
		const char *as;
	} escapes[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
		{ '\'', "&#39;" },
	};

	for (const char *at = text_printable(text->arena, word); *at != '\0'; at++) {
		size_t i = 0;

		while (i < sizeof(escapes) / sizeof(escapes[0]) && escapes[i].c != *at)
			i++;
		if (i < sizeof(escapes) / sizeof(escapes[0]))
			text_add(text, escapes[i].as);
		else
			text_add_char(text, *at);
	}
}

void
html_mark(struct html *html, const char *markup)
{
	text_add(&html->text, markup);
}

void
html_put(struct html *html, const char *markup, const char *const *words, size_t count)
{
	size_t next = 0;

	for (;;) {
		size_t len = strcspn(markup, "%");

		text_add_bytes(&html->text, markup, len);
		if (markup[len] == '\0')
			return;
		if (next < count && words[next] != NULL)
			html_escape(&html->text, words[next]);
		next++;
		markup += len + 1;
	}
}

void
html_begin(struct html *html, struct arena *arena, enum language language, const char *title,
	const char *style)
{
	html->arena = arena;
	text_init(&html->text, arena, HTML_MAX);
	HTML_PUT(html, "<!DOCTYPE html>\n<html lang=\"%\">\n<head>\n<meta charset=\"utf-8\">\n",
		language == LANGUAGE_EN ? "en" : "ja");
	html_mark(html,
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"robots\" content=\"noindex, nofollow\">\n"
		"<meta name=\"generator\" content=\"madoguchi " PACKAGE_VERSION "\">\n");
	HTML_PUT(html, "<title>%</title>\n", title);
	html_mark(html, "<style>\n");
	html_mark(html, style);
	html_mark(html, "</style>\n</head>\n<body>\n");
}

void
html_fact(struct html *html, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		HTML_PUT(html, "<dt>%</dt><dd>%</dd>\n", name, value);
}

void
html_table(struct html *html, const char *const *titles, size_t columns)
{
	html_mark(html, "<table>\n<thead><tr>");
	for (size_t i = 0; i < columns; i++)
		HTML_PUT(html, "<th scope=\"col\">%</th>", titles[i]);
	html_mark(html, "</tr></thead>\n<tbody>\n");
}

void
html_row(struct html *html, const char *kind, const char *const *titles, const char *const *cells,
	size_t columns)
{
	HTML_PUT(html, "<tr class=\"%\">", kind);
	for (size_t i = 0; i < columns; i++)
		HTML_PUT(html, "<td data-title=\"%\">%</td>", titles[i], cells[i]);
	html_mark(html, "</tr>\n");
}

void
html_table_end(struct html *html)
{
	html_mark(html, "</tbody>\n</table>\n");
}

char *
html_end(struct html *html)
{
	html_mark(html, "</body>\n</html>\n");
	return html->text.data;
}
