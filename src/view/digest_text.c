/*
 * A digest's page as plain text. Columns are aligned as a terminal counts them, Japanese
 * characters as two.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "view/table.h"

#define TEXT_MAX ((size_t)4 * 1024 * 1024)
#define BAR_CELLS 10

static char *
bar(struct arena *arena, int percent)
{
	static const char full[] = "##########", empty[] = "..........";
	int cells = percent * BAR_CELLS / 100;

	_Static_assert(sizeof(full) == BAR_CELLS + 1 && sizeof(empty) == BAR_CELLS + 1, "a bar");
	return arena_printf(arena, "[%.*s%.*s] %d %%", cells, full, BAR_CELLS - cells, empty, percent);
}

static void
add_rows(struct arena *arena, struct text *text, const struct digest_section *section)
{
	const char *cells[DIGEST_COLUMNS];
	struct table *table;

	for (size_t i = 0; i < section->column_count; i++)
		cells[i] = table_column(arena, section->columns[i].title);
	table = table_new(arena, cells, section->column_count);
	for (const struct digest_row *row = section->rows; row != NULL; row = row->next) {
		for (size_t i = 0; i < section->column_count; i++) {
			bool drawn = section->columns[i].kind == COLUMN_BAR &&
				row->percent != DIGEST_NO_BAR;

			cells[i] = drawn ? bar(arena, row->percent) : row->cells[i];
		}
		table_add(table, cells);
	}
	text_add(text, table_text(table, "  ", 0));
}

static void
add_section(struct arena *arena, struct text *text, const struct digest_section *section,
	const struct digest_words *words)
{
	int64_t more = section->all - (int64_t)section->row_count;

	text_add_char(text, '\n');
	table_title(text, section->all >= 0 ? arena_printf(arena, "%s (%lld)", section->title,
				(long long)section->all) : section->title);
	if (section->row_count == 0)
		text_addf(text, "  %s\n", words->none);
	else
		add_rows(arena, text, section);
	if (more > 0)
		text_addf(text, "  %s\n",
			digest_fill(arena, words->more, (const char *[DIGEST_VALUES]){
				arena_printf(arena, "%lld", (long long)more) }));
	if (section->what_to_do != NULL)
		text_addf(text, "\n%s\n", section->what_to_do);
}

char *
digest_text(struct arena *arena, const struct digest_page *page)
{
	const char *pairs[2 * DIGEST_FIGURES];
	struct text text;

	text_init(&text, arena, TEXT_MAX);
	if (page->line != NULL) {
		text_addf(&text, "%s\n", page->line);
		return text.data;
	}
	text_addf(&text, "%s\n%s\n\n", page->title, page->since);
	for (size_t i = 0; i < page->figure_count; i++) {
		pairs[2 * i] = page->figures[i].label;
		pairs[2 * i + 1] = page->figures[i].number;
	}
	text_add(&text, table_pairs(arena, pairs, page->figure_count, 0));
	for (size_t i = 0; i < page->section_count; i++)
		add_section(arena, &text, &page->sections[i], digest_words(page->language));
	text_add_char(&text, '\n');
	for (size_t i = 0; i < page->foot_count; i++)
		text_addf(&text, "%s\n", page->feet[i]);
	return text.data;
}
