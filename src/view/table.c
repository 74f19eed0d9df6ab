/*
 * Aligned tables. Cells are cleaned before they are measured, so that no value
 * can break a line or reach the terminal as a command to it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/table.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

#define TABLE_TEXT_MAX ((size_t)256 * 1024 * 1024)
#define CELL_MAX 4000	/* bytes of a cell; a longer one is cut */
#define GAP 2

struct table_row {
	struct table_row *next;
	const char *cells[TABLE_COLUMNS];
};

struct table {
	struct arena *arena;
	struct table_row *first, **tail;
	size_t columns;
	size_t widths[TABLE_COLUMNS];
};

/* One line, no blanks in a row, none at either end. */
static char *
clean(struct arena *arena, const char *cell)
{
	char *copy = text_printable(arena, cell != NULL ? cell : "");
	char *to = copy;

	text_one_line(copy);
	for (const char *from = copy; *from != '\0'; from++) {
		if (*from != ' ' || (to > copy && to[-1] != ' '))
			*to++ = *from;
	}
	if (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	copy[utf8_cut(copy, CELL_MAX)] = '\0';
	return copy[0] != '\0' ? copy : arena_strdup(arena, "-");
}

void
table_add(struct table *table, const char *const *cells)
{
	struct table_row *row = arena_alloc(table->arena, sizeof(*row));

	for (size_t i = 0; i < table->columns; i++) {
		size_t width;

		row->cells[i] = clean(table->arena, cells[i]);
		width = utf8_width(row->cells[i]);
		if (width > table->widths[i])
			table->widths[i] = width;
	}
	*table->tail = row;
	table->tail = &row->next;
}

struct table *
table_new(struct arena *arena, const char *const *titles, size_t columns)
{
	struct table *table = arena_alloc(arena, sizeof(*table));

	table->arena = arena;
	table->tail = &table->first;
	table->columns = columns < TABLE_COLUMNS ? columns : TABLE_COLUMNS;
	table_add(table, titles);
	return table;
}

static void
add_blanks(struct text *line, size_t count)
{
	while (count-- > 0)
		text_add_char(line, ' ');
}

static void
add_cut(struct text *text, const char *line, size_t width)
{
	text_add_bytes(text, line, width > 0 ? utf8_fit(line, width) : strlen(line));
	text_add_char(text, '\n');
}

static void
add_row(const struct table *table, const struct table_row *row, const char *indent, size_t width,
	struct text *line, struct text *text)
{
	line->len = 0;
	line->data[0] = '\0';
	text_add(line, indent);
	for (size_t i = 0; i < table->columns; i++) {
		text_add(line, row->cells[i]);
		if (i + 1 < table->columns)
			add_blanks(line, table->widths[i] - utf8_width(row->cells[i]) + GAP);
	}
	add_cut(text, line->data, width);
}

char *
table_text(const struct table *table, const char *indent, size_t width)
{
	struct text text, line;

	text_init(&text, table->arena, TABLE_TEXT_MAX);
	text_init(&line, table->arena, TABLE_TEXT_MAX);
	for (const struct table_row *row = table->first; row != NULL; row = row->next)
		add_row(table, row, indent, width, &line, &text);
	return text.data;
}

char *
table_pairs(struct arena *arena, const char *const *pairs, size_t count, size_t width)
{
	struct text text, line;
	size_t widest = 0;

	text_init(&text, arena, TABLE_TEXT_MAX);
	text_init(&line, arena, TABLE_TEXT_MAX);
	for (size_t i = 0; i < count; i++) {
		if (pairs[2 * i + 1] != NULL && utf8_width(pairs[2 * i]) > widest)
			widest = utf8_width(pairs[2 * i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (pairs[2 * i + 1] == NULL)
			continue;
		line.len = 0;
		text_addf(&line, "%s:", pairs[2 * i]);
		add_blanks(&line, widest - utf8_width(pairs[2 * i]) + 1);
		text_add(&line, clean(arena, pairs[2 * i + 1]));
		add_cut(&text, line.data, width);
	}
	return text.data;
}

void
table_title(struct text *text, const char *title)
{
	text_addf(text, "%s\n", title);
	for (size_t i = utf8_width(title); i > 0; i--)
		text_add_char(text, '-');
	text_add_char(text, '\n');
}

char *
table_column(struct arena *arena, const char *title)
{
	char *copy = arena_strdup(arena, title);

	for (char *at = copy; *at != '\0'; at++) {
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	}
	return copy;
}
