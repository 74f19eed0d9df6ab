/*
 * What stands in a digest's cells, and how sections grow row by row. Every word that is put
 * in is made one printable line here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

#include <string.h>

#define CELL_MAX 4000		/* bytes; names of the conf have a thousand at most */
#define REPLY_WORD_MAX 24	/* bytes of a word of a server's reply that is told */
#define REPLY_MAX 60

char *
digest_fill(struct arena *arena, const char *pattern, const char *const values[DIGEST_VALUES])
{
	struct text text;
	size_t at = 0;

	text_init(&text, arena, CELL_MAX);
	for (; *pattern != '\0'; pattern++) {
		if (pattern[0] != '{' || pattern[1] != '}') {
			text_add_char(&text, *pattern);
			continue;
		}
		text_add(&text, at < DIGEST_VALUES && values[at] != NULL ? values[at] : "");
		at++;
		pattern++;
	}
	return text.data;
}

char *
digest_number(struct digest_telling *telling, int64_t number)
{
	return arena_printf(telling->arena, "%lld", (long long)number);
}

char *
digest_id(struct digest_telling *telling, int64_t id)
{
	return id != 0 ? digest_number(telling, id) : NULL;
}

char *
digest_counted(struct digest_telling *telling, const char *pattern, int64_t count)
{
	return digest_fill(telling->arena, pattern,
		(const char *[DIGEST_VALUES]){ digest_number(telling, count) });
}

char *
digest_time(struct digest_telling *telling, int64_t at)
{
	struct clock_civil civil;
	char *day;

	if (at == 0)
		return NULL;
	clock_civil(at, telling->desk->time_zone, &civil);
	day = arena_printf(telling->arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
	if (civil.hour == 23 && civil.minute == 59 && civil.second == 59)
		return day;
	return arena_printf(telling->arena, "%s %02d:%02d", day, civil.hour, civil.minute);
}

const char *
digest_clean(struct arena *arena, const char *text)
{
	char *copy = text_printable(arena, text);

	if (copy != NULL)
		text_one_line(copy);
	return copy;
}

struct digest_section *
digest_section(struct digest_telling *telling, const char *title, int64_t all, const char *what_to_do)
{
	struct digest_page *page = telling->page;
	struct digest_section *section = &page->sections[page->section_count++];

	*section = (struct digest_section){ .title = title, .all = all, .what_to_do = what_to_do };
	section->tail = &section->rows;
	return section;
}

void
digest_column(struct digest_section *section, enum digest_column_kind kind, const char *title)
{
	section->columns[section->column_count++] = (struct digest_column){ kind, title };
}

struct digest_row *
digest_row(struct digest_telling *telling, struct digest_section *section, enum digest_tone tone,
	const char *const *cells)
{
	struct digest_row *row = arena_calloc(telling->arena, 1, sizeof(*row));

	row->tone = tone;
	row->percent = DIGEST_NO_BAR;
	for (size_t i = 0; i < section->column_count; i++)
		row->cells[i] = digest_clean(telling->arena, cells[i]);
	*section->tail = row;
	section->tail = &row->next;
	section->row_count++;
	return row;
}

const char *
digest_case(struct digest_telling *telling, const struct daily_case *of)
{
	if (of->number != NULL)
		return arena_printf(telling->arena, "%s%s", of->number,
			of->bound ? "" : telling->words->claimed);
	return of->id != 0 ? digest_counted(telling, telling->words->case_name, of->id)
			   : telling->words->no_case;
}

static int64_t
day_of(struct digest_telling *telling, int64_t at)
{
	struct clock_civil civil;

	clock_civil(at, telling->desk->time_zone, &civil);
	return clock_days(civil.year, civil.month, civil.day);
}

const char *
digest_left(struct digest_telling *telling, int64_t due)
{
	const struct digest_words *words = telling->words;
	int64_t days = day_of(telling, due) - day_of(telling, telling->daily->now);

	if (days == 0)
		return due < telling->daily->now ? words->over : words->today;
	if (days < 0)
		return digest_counted(telling, days == -1 ? words->day_over : words->days_over, -days);
	return digest_counted(telling, days == 1 ? words->day_left : words->days_left, days);
}

int
digest_percent(int64_t began, int64_t due, int64_t now)
{
	int64_t whole = (due - began) / CLOCK_SECOND;

	if (now >= due || whole <= 0)
		return 100;
	if (now <= began)
		return 0;
	return (int)((now - began) / CLOCK_SECOND * 100 / whole);
}

const char *
digest_form(struct digest_telling *telling, bool encrypted)
{
	return encrypted ? telling->words->sealed : telling->words->clear;
}

char *
digest_reply(struct arena *arena, const char *reply)
{
	struct text text;

	if (reply == NULL)
		return NULL;
	text_init(&text, arena, REPLY_MAX + REPLY_WORD_MAX);
	for (const char *at = reply; *at != '\0' && text.len < REPLY_MAX;) {
		size_t len = strcspn(at, " \t\r\n");

		if (len > 0 && len <= REPLY_WORD_MAX && memchr(at, '@', len) == NULL &&
			memchr(at, '<', len) == NULL) {
			text_add(&text, text.len > 0 ? " " : "");
			text_add_bytes(&text, at, len);
		}
		at += len + (at[len] != '\0');
	}
	return text.data;
}
