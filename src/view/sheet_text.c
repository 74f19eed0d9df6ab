/*
 * The hand-over sheet as plain text, for a terminal or a mail: all of each list, since no
 * page ends. Columns are aligned as a terminal counts them, Japanese characters as two.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet.h"

#include "base/arena.h"
#include "base/text.h"
#include "view/case_html.h"
#include "view/sheet_private.h"
#include "view/spoken.h"
#include "view/table.h"

#define TEXT_MAX ((size_t)16 * 1024 * 1024)
#define INDENT "  "
#define BLANK "______________________"

struct telling {
	struct sheet_page page;
	struct text text;
};

/* What a person typed may stand in it: nothing that a terminal would obey. */
static void
add_line(struct telling *telling, const char *indent, const char *line)
{
	char *clean = text_printable(telling->page.view->arena, line);

	text_one_line(clean);
	text_addf(&telling->text, "%s%s\n", indent, clean);
}

static void
add_section(struct telling *telling, const char *title)
{
	text_add_char(&telling->text, '\n');
	table_title(&telling->text, title);
}

static void
add_pairs(struct telling *telling, const char *const *pairs, size_t count)
{
	text_add(&telling->text, table_pairs(telling->page.view->arena, pairs, count, 0));
}

static struct table *
begin_table(struct telling *telling, const char *const *titles, size_t columns)
{
	const char *cells[TABLE_COLUMNS];

	for (size_t i = 0; i < columns; i++)
		cells[i] = table_column(telling->page.view->arena, titles[i]);
	return table_new(telling->page.view->arena, cells, columns);
}

static void
tell_head(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct sheet_words *say = page->words;

	table_title(&telling->text, say->title);
	add_line(telling, "", page->desk != NULL ? page->desk->name : page->what->record->desk);
	add_line(telling, "", arena_printf(page->view->arena, "%s %s, %s: %s", say->case_id,
		sheet_number(page, page->what->record->id), say->made,
		spoken_time(page->view->arena, page->view->now, page->zone)));
	add_line(telling, "", say->lead);
}

static void
tell_what(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct record_case *record = page->what->record;
	const struct sheet_words *say = page->words;
	enum language language = page->language;
	const char *const pairs[] = {
		say->coordinator, record->coordinator,
		say->state, spoken_case_state(record->state, language),
		say->origin, spoken_origin(record->origin, language),
		say->opened, spoken_time(page->view->arena, record->opened_at, page->zone),
		say->stage, spoken_stage(record->stage, language),
		say->phase, spoken_phase(record->phase, language),
		say->trust, spoken_trust(record->trust, language),
		say->assignee, record->assignee != NULL ? record->assignee : say->nobody,
		say->sites, case_joined(page->view, record->sites, record->site_count),
		say->numbers, record->number_count > 1 ? case_joined(page->view, record->numbers + 1,
			record->number_count - 1) : NULL,
	};

	add_section(telling, say->what);
	add_line(telling, "", case_heading(page->view, record, language));
	if (record->trust == TRUST_SUSPECT)
		add_line(telling, "", say->suspect);
	add_pairs(telling, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2);
}

static void
tell_deadlines(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct sheet_words *say = page->words;
	struct table *table = begin_table(telling, say->deadline_titles, SHEET_DEADLINE_COLUMNS);

	add_section(telling, say->deadlines);
	if (page->pending_count == 0) {
		add_line(telling, INDENT, say->no_deadline);
		return;
	}
	for (size_t i = 0; i < page->pending_count; i++) {
		const char *cells[SHEET_DEADLINE_COLUMNS];

		sheet_deadline_cells(page, page->pending[i], cells);
		table_add(table, cells);
	}
	text_add(&telling->text, table_text(table, INDENT, 0));
}

/* A box to tick, ticked where it is done. */
static void
tell_box(struct telling *telling, const char *item, const char *number, const char *title,
	const char *more)
{
	const char *done = sheet_done(&telling->page, item);
	struct arena *arena = telling->page.view->arena;

	add_line(telling, INDENT, arena_printf(arena, "[%s] %s%s%s%s",
		done != NULL ? "✓" : " ", number, title, more,
		done != NULL ? arena_printf(arena, " (%s)", done) : ""));
}

static void
tell_incident(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;

	if (page->what->incident == NULL)
		return;
	add_section(telling, page->words->incident);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];

		tell_box(telling, item->item, "",
			page->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			sheet_incident_due(page, item->item));
	}
}

static void
tell_messages(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct sheet_words *say = page->words;
	struct table *table = begin_table(telling, say->message_titles, SHEET_MESSAGE_COLUMNS);

	add_section(telling, say->messages);
	if (page->what->message_count == 0) {
		add_line(telling, INDENT, say->no_message);
		return;
	}
	for (size_t i = 0; i < page->what->message_count; i++) {
		const char *cells[SHEET_MESSAGE_COLUMNS];

		sheet_message_cells(page, &page->what->messages[i], cells);
		table_add(table, cells);
	}
	text_add(&telling->text, table_text(table, INDENT, 0));
}

static void
tell_ask(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct policy_coordinator *coordinator =
		policy_coordinator_of(page->view->policy, page->what->record->coordinator);
	const struct sheet_words *say = page->words;
	struct table *table = begin_table(telling, say->staff_titles, SHEET_STAFF_COLUMNS);
	struct arena *arena = page->view->arena;
	const char *const pairs[] = {
		say->ask_them, coordinator != NULL ? arena_printf(arena, "%s, %s", coordinator->name,
			coordinator->enquiries) : NULL,
		say->window, page->desk != NULL ? arena_printf(arena, "%s, %s", page->desk->name,
			page->desk->address) : NULL,
	};

	add_section(telling, say->ask);
	add_pairs(telling, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2);
	if (coordinator != NULL)
		add_line(telling, "", say->ask_care);
	for (size_t i = 0; i < page->staff_count; i++) {
		const char *cells[SHEET_STAFF_COLUMNS];

		sheet_staff_cells(page, page->staff[i], cells);
		table_add(table, cells);
	}
	text_add(&telling->text, table_text(table, INDENT, 0));
}

static void
tell_read(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct sheet_words *say = page->words;
	struct arena *arena = page->view->arena;
	const char *id = sheet_number(page, page->what->record->id);
	const char *const pairs[] = {
		say->read_message, arena_printf(arena, "madoguchi message show %s",
			say->message_titles[0]),
		say->read_case, arena_printf(arena, "madoguchi case show %s", id),
		say->read_tick, arena_printf(arena, "madoguchi case tick %s 2.1 --as %s", id,
			page->to != NULL ? page->to->title : say->staff_titles[1]),
	};

	add_section(telling, say->read);
	add_pairs(telling, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2);
	add_line(telling, "", say->screen_only);
}

static void
tell_checklist(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct checklist *checklist = page->what->checklist;
	struct arena *arena = page->view->arena;

	add_section(telling, page->words->checklist);
	add_line(telling, "", page->words->vendor_note);
	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			add_line(telling, "", arena_printf(arena, "%s%s",
				spoken_phase(item->phase, page->language),
				item->phase == page->what->record->phase ? page->words->now : ""));
		tell_box(telling, item->item, arena_printf(arena, "%s ", item->item),
			page->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			item->vendor_can_help ? page->words->vendor : "");
	}
}

static void
tell_signatures(struct telling *telling)
{
	const struct sheet_page *page = &telling->page;
	const struct sheet_words *say = page->words;
	const char *rest = arena_printf(page->view->arena, BLANK " %s: " BLANK, say->day);
	const char *const pairs[] = {
		say->giver, rest,
		say->taker, page->to != NULL ? arena_printf(page->view->arena, "%s %s", page->to->title,
			rest) : rest,
	};

	add_section(telling, say->notes);
	text_add_char(&telling->text, '\n');
	add_pairs(telling, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2);
}

char *
sheet_text(const struct json_view *view, const struct json_case *what, enum language language,
	const struct policy_staff *to)
{
	struct telling telling = { .page = sheet_page(view, what, language, to) };

	text_init(&telling.text, view->arena, TEXT_MAX);
	tell_head(&telling);
	tell_what(&telling);
	tell_deadlines(&telling);
	tell_incident(&telling);
	tell_messages(&telling);
	tell_ask(&telling);
	tell_read(&telling);
	tell_checklist(&telling);
	tell_signatures(&telling);
	return telling.text.data;
}
