/*
 * A digest's page as text that the outbox keeps until it is sent, and back: a line a
 * part, its fields behind tabs, the first a word that says what it is. What is read back
 * is what this file wrote; a line of another shape makes the whole worth nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

#define PACK_MAX ((size_t)4 * 1024 * 1024)
#define FIELDS (DIGEST_COLUMNS + 3)

/* --- writing --- */

static void
put(struct text *text, const char *word, const char *value)
{
	if (value != NULL)
		text_addf(text, "%s\t%s\n", word, value);
}

static void
put_section(struct text *text, const struct digest_section *section)
{
	text_addf(text, "section\t%s\t%lld\n", section->title, (long long)section->all);
	put(text, "do", section->what_to_do);
	for (size_t i = 0; i < section->column_count; i++)
		text_addf(text, "column\t%d\t%s\n", (int)section->columns[i].kind,
			section->columns[i].title);
	for (const struct digest_row *row = section->rows; row != NULL; row = row->next) {
		text_addf(text, "row\t%d\t%d", (int)row->tone, row->percent);
		for (size_t i = 0; i < section->column_count; i++)
			text_addf(text, "\t%s", row->cells[i] != NULL ? row->cells[i] : "");
		text_add_char(text, '\n');
	}
}

char *
digest_pack(struct arena *arena, const struct digest_page *page)
{
	struct text text;

	text_init(&text, arena, PACK_MAX);
	put(&text, "line", page->line);
	put(&text, "title", page->title);
	put(&text, "since", page->since);
	for (size_t i = 0; i < page->figure_count; i++)
		text_addf(&text, "figure\t%d\t%s\t%s\n", (int)page->figures[i].tone,
			page->figures[i].label, page->figures[i].number);
	for (size_t i = 0; i < page->section_count; i++)
		put_section(&text, &page->sections[i]);
	for (size_t i = 0; i < page->foot_count; i++)
		put(&text, "foot", page->feet[i]);
	return text.data;
}

/* --- reading --- */

struct reading {
	struct arena *arena;
	struct digest_page *page;
	char *fields[FIELDS];	/* of the line, its first word among them */
	size_t count;
};

/* A field that is a number in [min, max]. */
static bool
number_field(struct reading *reading, size_t at, int64_t min, int64_t max, int64_t *value_r)
{
	const char *field = at < reading->count ? reading->fields[at] : "";
	bool negative = field[0] == '-';
	int64_t value;

	if (!text_number(field + negative, 0, INT64_MAX, &value))
		return false;
	*value_r = negative ? -value : value;
	return *value_r >= min && *value_r <= max;
}

static bool
read_figure(struct reading *reading)
{
	struct digest_page *page = reading->page;
	int64_t tone;

	if (reading->count != 4 || page->figure_count == DIGEST_FIGURES ||
		!number_field(reading, 1, 0, TONES - 1, &tone))
		return false;
	page->figures[page->figure_count++] = (struct digest_figure){ (enum digest_tone)tone,
		reading->fields[2], reading->fields[3] };
	return true;
}

static bool
read_section(struct reading *reading)
{
	struct digest_page *page = reading->page;
	struct digest_section *section;
	int64_t all;

	if (reading->count != 3 || page->section_count == DIGEST_SECTIONS ||
		!number_field(reading, 2, -1, INT64_MAX, &all))
		return false;
	section = &page->sections[page->section_count++];
	*section = (struct digest_section){ .title = reading->fields[1], .all = all };
	section->tail = &section->rows;
	return true;
}

static bool
read_column(struct reading *reading, struct digest_section *section)
{
	int64_t kind;

	if (reading->count != 3 || section->column_count == DIGEST_COLUMNS || section->row_count > 0 ||
		!number_field(reading, 1, 0, COLUMN_KINDS - 1, &kind))
		return false;
	section->columns[section->column_count++] =
		(struct digest_column){ (enum digest_column_kind)kind, reading->fields[2] };
	return true;
}

static bool
read_row(struct reading *reading, struct digest_section *section)
{
	struct digest_row *row = arena_calloc(reading->arena, 1, sizeof(*row));
	int64_t tone, percent;

	if (reading->count != section->column_count + 3 ||
		!number_field(reading, 1, 0, TONES - 1, &tone) ||
		!number_field(reading, 2, DIGEST_NO_BAR, 100, &percent))
		return false;
	row->tone = (enum digest_tone)tone;
	row->percent = (int)percent;
	for (size_t i = 0; i < section->column_count; i++)
		row->cells[i] = reading->fields[i + 3][0] != '\0' ? reading->fields[i + 3] : NULL;
	*section->tail = row;
	section->tail = &row->next;
	section->row_count++;
	return true;
}

static bool
read_part(struct reading *reading)
{
	struct digest_page *page = reading->page;
	struct digest_section *section =
		page->section_count > 0 ? &page->sections[page->section_count - 1] : NULL;
	const char *word = reading->fields[0];

	if (text_equal(word, "figure"))
		return read_figure(reading);
	if (text_equal(word, "section"))
		return read_section(reading);
	if (text_equal(word, "column"))
		return section != NULL && read_column(reading, section);
	if (text_equal(word, "row"))
		return section != NULL && read_row(reading, section);
	if (reading->count != 2)
		return false;
	if (text_equal(word, "foot") && page->foot_count < DIGEST_FEET)
		page->feet[page->foot_count++] = reading->fields[1];
	else if (text_equal(word, "do") && section != NULL)
		section->what_to_do = reading->fields[1];
	else if (text_equal(word, "line"))
		page->line = reading->fields[1];
	else if (text_equal(word, "title"))
		page->title = reading->fields[1];
	else if (text_equal(word, "since"))
		page->since = reading->fields[1];
	else
		return false;
	return true;
}

/* The line's fields, cut in place; false when there are more than any part has. */
static bool
cut(struct reading *reading, char *line)
{
	reading->count = 0;
	for (;;) {
		if (reading->count == FIELDS)
			return false;
		reading->fields[reading->count++] = line;
		line = strchr(line, '\t');
		if (line == NULL)
			return true;
		*line++ = '\0';
	}
}

struct digest_page *
digest_unpack(struct arena *arena, enum language language, const char *packed)
{
	struct reading reading = { .arena = arena, .page = arena_calloc(arena, 1, sizeof(*reading.page)) };
	char *at = arena_strdup(arena, packed);

	reading.page->language = language;
	while (*at != '\0') {
		char *end = strchr(at, '\n');

		if (end == NULL)
			return NULL;
		*end = '\0';
		if (!cut(&reading, at) || !read_part(&reading))
			return NULL;
		at = end + 1;
	}
	return reading.page->line != NULL || reading.page->title != NULL ? reading.page : NULL;
}
