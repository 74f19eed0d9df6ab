/*
 * A digest's page as HTML 4 for mail clients, which know tables and inline styles and not
 * much else. One column that fits a telephone and is no wider than a hand's breadth on a
 * desk: a row is a line in bold with what stands beside it, its small print below, and at
 * the right how it stands, with a bar. The ground is the client's, light or dark, so text
 * has the client's colour, and what is coloured brings its own ground.
 *
 * Nothing here is fetched or run, and a page has no class, script, link or picture:
 * tests/lint/digest-html.sh.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "view/html.h"

#define HTML_MAX ((size_t)32 * 1024 * 1024)
#define LINE_COLOUR "#8a8f98"	/* of rules and of what is left of a bar: seen on white and on black */
#define TABLE "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n"
#define SMALL "font-size:13px;line-height:1.5"

/* White letters can be read on each of them. */
static const char *const colours[TONES] = {
	[TONE_PLAIN] = "#2c6e9e",
	[TONE_SOON] = "#96600a",
	[TONE_LATE] = "#c0281f",
};

static void
add_paragraph(struct text *html, const char *style, const char *words)
{
	text_addf(html, "<p style=\"%s\">", style);
	html_escape(html, words);
	text_add(html, "</p>\n");
}

/* --- a row --- */

static void
add_bar_part(struct text *html, int percent, const char *colour)
{
	if (percent > 0)
		text_addf(html,
			"<td width=\"%d%%\" height=\"8\" bgcolor=\"%s\""
			" style=\"font-size:1px;line-height:8px\">&nbsp;</td>",
			percent, colour);
}

static void
add_bar(struct text *html, const struct digest_row *row)
{
	text_add(html, TABLE "<tr>");
	add_bar_part(html, row->percent, colours[row->tone]);
	add_bar_part(html, 100 - row->percent, LINE_COLOUR);
	text_addf(html, "</tr>\n</table>\n<span style=\"" SMALL "\">%d %%</span>", row->percent);
}

/* Its tone's ground and white letters; a plain one is plain text. */
static void
add_state(struct text *html, const struct digest_row *row, const char *state)
{
	if (row->tone == TONE_PLAIN) {
		text_add(html, "<span style=\"" SMALL "\">");
	} else {
		text_addf(html,
			"<span style=\"background-color:%s;color:#ffffff;padding:1px 8px;"
			"font-size:13px;line-height:1.7;font-weight:bold\">",
			colours[row->tone]);
	}
	html_escape(html, state);
	text_add(html, "</span><br>\n");
}

static void
add_cells(struct text *html, const struct digest_section *section, const struct digest_row *row,
	enum digest_column_kind kind)
{
	bool first = true;

	for (size_t i = 0; i < section->column_count; i++) {
		const struct digest_column *column = &section->columns[i];

		if (column->kind != kind || row->cells[i] == NULL)
			continue;
		if (kind == COLUMN_STATE) {
			add_state(html, row, row->cells[i]);
			continue;
		}
		text_add(html, first ? "" : kind == COLUMN_SMALL ? " &middot; " : " ");
		if (kind == COLUMN_SMALL) {
			html_escape(html, column->title);
			text_add(html, "&nbsp;");
		}
		html_escape(html, row->cells[i]);
		first = false;
	}
}

static bool
has(const struct digest_section *section, enum digest_column_kind kind)
{
	for (size_t i = 0; i < section->column_count; i++) {
		if (section->columns[i].kind == kind)
			return true;
	}
	return false;
}

static void
add_row(struct text *html, const struct digest_section *section, const struct digest_row *row)
{
	static const char rule[] = "padding:7px 0;border-top:1px solid " LINE_COLOUR;

	text_addf(html, "<tr><td valign=\"top\" style=\"%s\"><b>", rule);
	add_cells(html, section, row, COLUMN_HEAD);
	text_add(html, "</b> ");
	add_cells(html, section, row, COLUMN_BODY);
	if (has(section, COLUMN_SMALL) || has(section, COLUMN_NOTE)) {
		text_add(html, "<br>\n<span style=\"" SMALL "\">");
		add_cells(html, section, row, COLUMN_SMALL);
		add_cells(html, section, row, COLUMN_NOTE);
		text_add(html, "</span>");
	}
	text_add(html, "</td>");
	if (has(section, COLUMN_STATE) || has(section, COLUMN_BAR)) {
		text_addf(html,
			"\n<td width=\"112\" align=\"right\" valign=\"top\""
			" style=\"%s;padding-left:10px\">\n", rule);
		add_cells(html, section, row, COLUMN_STATE);
		if (row->percent != DIGEST_NO_BAR)
			add_bar(html, row);
		text_add(html, "</td>");
	}
	text_add(html, "</tr>\n");
}

/* --- the page --- */

static void
add_section(struct arena *arena, struct text *html, const struct digest_section *section,
	const struct digest_words *words)
{
	int64_t more = section->all - (int64_t)section->row_count;

	text_add(html, "<h2 style=\"font-size:17px;margin:26px 0 6px 0\">");
	html_escape(html, section->title);
	if (section->all >= 0)
		text_addf(html, " (%lld)", (long long)section->all);
	text_add(html, "</h2>\n");
	if (section->row_count == 0)
		add_paragraph(html, "margin:0", words->none);
	else
		text_add(html, TABLE);
	for (const struct digest_row *row = section->rows; row != NULL; row = row->next)
		add_row(html, section, row);
	if (section->row_count > 0)
		text_add(html, "</table>\n");
	if (more > 0)
		add_paragraph(html, "margin:6px 0",
			digest_fill(arena, words->more, (const char *[DIGEST_VALUES]){
				arena_printf(arena, "%lld", (long long)more) }));
	if (section->what_to_do != NULL)
		add_paragraph(html, SMALL ";margin:6px 0", section->what_to_do);
}

static void
add_figures(struct text *html, const struct digest_page *page)
{
	text_add(html, TABLE "<tr>\n");
	for (size_t i = 0; i < page->figure_count; i++) {
		const struct digest_figure *figure = &page->figures[i];

		text_addf(html,
			"<td width=\"25%%\" align=\"center\" valign=\"top\" style=\"border-top:4px solid %s;"
			"padding:6px 2px\"><span style=\"font-size:24px;line-height:1.3\"><b>",
			figure->tone != TONE_PLAIN ? colours[figure->tone] : LINE_COLOUR);
		html_escape(html, figure->number);
		text_add(html, "</b></span><br>\n<span style=\"" SMALL "\">");
		html_escape(html, figure->label);
		text_add(html, "</span></td>\n");
	}
	text_add(html, "</tr>\n</table>\n");
}

static void
add_whole(struct arena *arena, struct text *html, const struct digest_page *page)
{
	text_add(html, "<h1 style=\"font-size:19px;line-height:1.4;margin:0 0 4px 0\">");
	html_escape(html, page->title);
	text_add(html, "</h1>\n");
	add_paragraph(html, SMALL ";margin:0 0 14px 0", page->since);
	add_figures(html, page);
	for (size_t i = 0; i < page->section_count; i++)
		add_section(arena, html, &page->sections[i], digest_words(page->language));
	text_add(html, TABLE "<tr><td style=\"padding:20px 0 0 0\">\n");
	for (size_t i = 0; i < page->foot_count; i++)
		add_paragraph(html, SMALL ";margin:2px 0;word-break:break-all", page->feet[i]);
	text_add(html, "</td></tr>\n</table>\n");
}

char *
digest_html(struct arena *arena, const char *title, const struct digest_page *page)
{
	struct text html;

	text_init(&html, arena, HTML_MAX);
	text_addf(&html,
		"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">\n<html lang=\"%s\">\n<head>\n"
		"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
		page->language == LANGUAGE_EN ? "en" : "ja");
	html_escape(&html, title);
	text_add(&html,
		"</title>\n</head>\n<body style=\"margin:0;padding:0\">\n" TABLE
		"<tr><td align=\"center\" style=\"padding:16px 12px\">\n"
		"<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:640px\">\n"
		"<tr><td align=\"left\" style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">\n");
	if (page->line != NULL)
		add_paragraph(&html, "margin:0;word-break:break-all", page->line);
	else
		add_whole(arena, &html, page);
	text_add(&html, "</td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n");
	return html.data;
}
