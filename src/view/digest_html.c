/*
 * A digest's text as HTML 4: headings and tables are read back out of its shape
 * (digest.c), so that both parts of the mail say the same. Inline styles, no
 * script, nothing that a mail client would have to fetch.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#define HTML_MAX ((size_t)32 * 1024 * 1024)
#define HTML_COLUMNS 12
#define CELL_STYLE "border:1px solid #999999;padding:2px 8px;text-align:left"

struct line {
	const char *at;
	size_t len;
};

/* The lines that are still to be told. */
struct reading {
	struct arena *arena;
	struct text html;
	const char *at;
};

static void
escape(struct text *html, const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (at[i]) {
		case '&':
			text_add(html, "&amp;");
			break;
		case '<':
			text_add(html, "&lt;");
			break;
		case '>':
			text_add(html, "&gt;");
			break;
		case '"':
			text_add(html, "&quot;");
			break;
		default:
			text_add_char(html, at[i]);
		}
	}
}

static struct line
line_at(const char *at)
{
	return (struct line){ at, strcspn(at, "\n") };
}

static const char *
behind(struct line line)
{
	return line.at + line.len + (line.at[line.len] == '\n');
}

static bool
is_ruler(struct line line)
{
	return line.len > 0 && strspn(line.at, "-") == line.len;
}

static bool
is_row(struct line line)
{
	return line.len > 2 && memcmp(line.at, "  ", 2) == 0;
}

/* Cells are two blanks apart. */
static size_t
split(struct line line, struct line cells_r[HTML_COLUMNS])
{
	const char *at = line.at, *end = line.at + line.len;
	size_t count = 0;

	while (at < end && count < HTML_COLUMNS) {
		const char *gap;

		while (at < end && *at == ' ')
			at++;
		gap = memmem(at, (size_t)(end - at), "  ", 2);
		if (gap == NULL)
			gap = end;
		if (gap > at)
			cells_r[count++] = (struct line){ at, (size_t)(gap - at) };
		at = gap;
	}
	return count;
}

static void
tell_row(struct reading *reading, struct line line, bool title)
{
	struct line cells[HTML_COLUMNS];
	size_t count = split(line, cells);

	text_add(&reading->html, "<tr>");
	for (size_t i = 0; i < count; i++) {
		text_addf(&reading->html, "<%s style=\"" CELL_STYLE "\">", title ? "th" : "td");
		escape(&reading->html, cells[i].at, cells[i].len);
		text_addf(&reading->html, "</%s>", title ? "th" : "td");
	}
	text_add(&reading->html, "</tr>\n");
}

/* Rows that stand together; the first holds the titles. A single one is a plain line. */
static void
tell_rows(struct reading *reading)
{
	struct line line = line_at(reading->at);

	if (!is_row(line_at(behind(line)))) {
		text_add(&reading->html, "<p>");
		escape(&reading->html, line.at + 2, line.len - 2);
		text_add(&reading->html, "</p>\n");
		reading->at = behind(line);
		return;
	}
	text_add(&reading->html, "<table style=\"border-collapse:collapse\">\n");
	for (bool title = true; is_row(line); line = line_at(reading->at), title = false) {
		tell_row(reading, line, title);
		reading->at = behind(line);
	}
	text_add(&reading->html, "</table>\n");
}

static void
tell_paragraph(struct reading *reading)
{
	struct line line = line_at(reading->at);

	text_add(&reading->html, "<p>");
	for (bool first = true; line.len > 0 && !is_row(line); first = false) {
		if (!first)
			text_add(&reading->html, "<br>\n");
		escape(&reading->html, line.at, line.len);
		reading->at = behind(line);
		line = line_at(reading->at);
		if (is_ruler(line_at(behind(line))))
			break;
	}
	text_add(&reading->html, "</p>\n");
}

static void
tell_block(struct reading *reading)
{
	struct line line = line_at(reading->at);
	struct line next = line_at(behind(line));

	if (line.len == 0) {
		reading->at = behind(line);
	} else if (is_ruler(next)) {
		text_add(&reading->html, "<h2 style=\"font-size:120%\">");
		escape(&reading->html, line.at, line.len);
		text_add(&reading->html, "</h2>\n");
		reading->at = behind(next);
	} else if (is_row(line)) {
		tell_rows(reading);
	} else {
		tell_paragraph(reading);
	}
}

char *
digest_html(struct arena *arena, const char *title, const char *text, enum language language)
{
	struct reading reading = { .arena = arena, .at = text };

	text_init(&reading.html, arena, HTML_MAX);
	text_addf(&reading.html,
		"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n<html lang=\"%s\">\n<head>\n"
		"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n<title>",
		language == LANGUAGE_EN ? "en" : "ja");
	escape(&reading.html, title, strlen(title));
	text_add(&reading.html, "</title>\n</head>\n<body style=\"font-family:sans-serif\">\n");
	while (*reading.at != '\0')
		tell_block(&reading);
	text_add(&reading.html, "</body>\n</html>\n");
	return reading.html.data;
}
