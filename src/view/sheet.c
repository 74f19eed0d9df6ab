/*
 * The hand-over sheet. What is told of is cut to what two pages hold, and says so.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet.h"

#include "base/arena.h"
#include "rule/deadline.h"
#include "view/case_html.h"
#include "view/html.h"
#include "view/sheet_private.h"
#include "view/spoken.h"

#include <stdbool.h>

/*
 * What the first page has room for: lines of tables and lists, counted together. Sites,
 * deadlines and staff have their most; messages get what is left.
 */
#define PAGE_LINES 19
#define INCIDENT_LINES 4
#define SUSPECT_LINES 2
#define MESSAGES_LEAST 2
#define DEADLINES_SHOWN 6
#define STAFF_SHOWN 6
#define SITES_SHOWN 3
#define NUMBERS_SHOWN 4

struct telling {
	struct sheet_page page;
	struct html html;
};

/* At most max of a list, and how many more there are. */
static char *
some_of(struct telling *telling, const char *const *list, size_t count, size_t max)
{
	char *some = case_joined(telling->page.view, list, count < max ? count : max);

	return count <= max ? some : arena_printf(telling->page.view->arena, "%s%s", some,
		arena_printf(telling->page.view->arena,
			telling->page.language == LANGUAGE_EN ? " and %zu more" : " ほか %zu 件",
			count - max));
}

static void
tell_more(struct telling *telling, size_t count, size_t shown)
{
	if (count > shown)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->page.view->arena, telling->page.language == LANGUAGE_EN
				? "There are %zu more: madoguchi case show %lld"
				: "ほかに %zu 件あります: madoguchi case show %lld",
				count - shown, (long long)telling->page.what->record->id));
}

static void
tell_head(struct telling *telling)
{
	const struct sheet_words *say = telling->page.words;

	HTML_PUT(&telling->html, "<header><h1>%</h1><p>%<br>% %<br>%: %</p></header>\n", say->title,
		telling->page.desk != NULL ? telling->page.desk->name : telling->page.what->record->desk,
		say->case_id, sheet_number(&telling->page, telling->page.what->record->id), say->made,
		spoken_time(telling->page.view->arena, telling->page.view->now, telling->page.zone));
	HTML_PUT(&telling->html, "<p class=\"lead\">%</p>\n", say->lead);
}

static void
tell_what(struct telling *telling)
{
	const struct record_case *record = telling->page.what->record;
	const struct sheet_words *say = telling->page.words;
	struct html *html = &telling->html;
	enum language language = telling->page.language;

	HTML_PUT(html, "<h2>%</h2>\n<p class=\"number\">%</p>\n", say->what,
		case_heading(telling->page.view, record, language));
	if (record->trust == TRUST_SUSPECT)
		HTML_PUT(html, "<p><b>%</b></p>\n", say->suspect);
	html_mark(html, "<dl>\n");
	html_fact(html, say->coordinator, record->coordinator);
	html_fact(html, say->state, spoken_case_state(record->state, language));
	html_fact(html, say->origin, spoken_origin(record->origin, language));
	html_fact(html, say->opened,
		spoken_time(telling->page.view->arena, record->opened_at, telling->page.zone));
	html_fact(html, say->stage, spoken_stage(record->stage, language));
	html_fact(html, say->phase, spoken_phase(record->phase, language));
	html_fact(html, say->trust, spoken_trust(record->trust, language));
	html_fact(html, say->assignee, record->assignee != NULL ? record->assignee : say->nobody);
	html_mark(html, "</dl>\n<dl class=\"wide\">\n");
	html_fact(html, say->sites,
		some_of(telling, record->sites, record->site_count, SITES_SHOWN));
	if (record->number_count > 1)
		html_fact(html, say->numbers, some_of(telling, record->numbers + 1,
			record->number_count - 1, NUMBERS_SHOWN));
	html_mark(html, "</dl>\n");
}

static void
tell_deadlines(struct telling *telling)
{
	const struct record_deadline **list = telling->page.pending;
	const struct sheet_words *say = telling->page.words;
	size_t count = telling->page.pending_count;

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->deadlines);
	if (count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_deadline);
		return;
	}
	html_table(&telling->html, say->deadline_titles, SHEET_DEADLINE_COLUMNS);
	for (size_t i = 0; i < count && i < DEADLINES_SHOWN; i++) {
		const char *cells[SHEET_DEADLINE_COLUMNS];

		sheet_deadline_cells(&telling->page, list[i], cells);
		html_row(&telling->html, deadline_overdue(list[i]->due, DEADLINE_PENDING,
			telling->page.view->now) ? "bad" : "", say->deadline_titles, cells,
			SHEET_DEADLINE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, count, DEADLINES_SHOWN);
}

/* A box to tick, ticked where it is done. */
static void
tell_box(struct telling *telling, const char *item, const char *number, const char *title,
	const char *more)
{
	const char *done = sheet_done(&telling->page, item);

	HTML_PUT(&telling->html, "<li><i>%</i>", done != NULL ? "✓" : "");
	if (number[0] != '\0')
		HTML_PUT(&telling->html, "<b>%</b>", number);
	HTML_PUT(&telling->html, "%%", title, more);
	if (done != NULL)
		HTML_PUT(&telling->html, " <small>(%)</small>", done);
	html_mark(&telling->html, "</li>\n");
}

static void
tell_incident(struct telling *telling)
{
	if (telling->page.what->incident == NULL)
		return;
	HTML_PUT(&telling->html, "<h2>%</h2>\n<ul class=\"boxes short\">\n", telling->page.words->incident);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];

		tell_box(telling, item->item, "",
			telling->page.language == LANGUAGE_EN ? item->title_en : item->title_ja,
			sheet_incident_due(&telling->page, item->item));
	}
	html_mark(&telling->html, "</ul>\n");
}

/* How many of the messages stand on the first page beside all else. */
static size_t
messages_shown(const struct telling *telling)
{
	const struct json_case *what = telling->page.what;
	size_t deadlines = telling->page.pending_count, sites = what->record->site_count;
	size_t taken = deadlines > DEADLINES_SHOWN ? DEADLINES_SHOWN + 1 : deadlines;

	taken += sites > SITES_SHOWN ? SITES_SHOWN : sites;
	taken += what->incident != NULL ? INCIDENT_LINES : 0;
	taken += what->record->trust == TRUST_SUSPECT ? SUSPECT_LINES : 0;
	if (taken + what->message_count <= PAGE_LINES)
		return what->message_count;
	/* One line says how many more there are. */
	return taken + MESSAGES_LEAST + 1 < PAGE_LINES ? PAGE_LINES - taken - 1 : MESSAGES_LEAST;
}

/* The newest ones: with them one goes on. */
static void
tell_messages(struct telling *telling)
{
	const struct json_case *what = telling->page.what;
	const struct sheet_words *say = telling->page.words;
	size_t shown = messages_shown(telling);

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->messages);
	if (what->message_count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_message);
		return;
	}
	html_table(&telling->html, say->message_titles, SHEET_MESSAGE_COLUMNS);
	for (size_t i = what->message_count - shown; i < what->message_count; i++) {
		const char *cells[SHEET_MESSAGE_COLUMNS];

		sheet_message_cells(&telling->page, &what->messages[i], cells);
		html_row(&telling->html, "", say->message_titles, cells, SHEET_MESSAGE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, what->message_count, shown);
}

static void
tell_staff(struct telling *telling)
{
	const struct sheet_words *say = telling->page.words;
	size_t count = telling->page.staff_count;

	html_table(&telling->html, say->staff_titles, SHEET_STAFF_COLUMNS);
	for (size_t i = 0; i < count && i < STAFF_SHOWN; i++) {
		const char *cells[SHEET_STAFF_COLUMNS];

		sheet_staff_cells(&telling->page, telling->page.staff[i], cells);
		html_row(&telling->html, "", say->staff_titles, cells, SHEET_STAFF_COLUMNS);
	}
	html_table_end(&telling->html);
	if (count > STAFF_SHOWN)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->page.view->arena, telling->page.language == LANGUAGE_EN
				? "and %zu more" : "ほか %zu 名", count - STAFF_SHOWN));
}

static void
tell_ask(struct telling *telling)
{
	const struct policy_coordinator *coordinator =
		policy_coordinator_of(telling->page.view->policy, telling->page.what->record->coordinator);
	const struct sheet_words *say = telling->page.words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"ask\">\n<div>\n", say->ask);
	if (coordinator != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n<p>%</p>\n", say->ask_them,
			coordinator->name, coordinator->enquiries, say->ask_care);
	if (telling->page.desk != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n", say->window,
			telling->page.desk->name, telling->page.desk->address);
	html_mark(&telling->html, "</div>\n<div>\n");
	tell_staff(telling);
	html_mark(&telling->html, "</div>\n</div>\n");
}

static void
tell_read(struct telling *telling)
{
	const struct sheet_words *say = telling->page.words;
	const char *id = sheet_number(&telling->page, telling->page.what->record->id);

	HTML_PUT(&telling->html, "<h2>%</h2>\n<dl class=\"read\">\n"
		"<dt>%</dt><dd><code>madoguchi message show %</code></dd>\n", say->read,
		say->read_message, say->message_titles[0]);
	HTML_PUT(&telling->html, "<dt>%</dt><dd><code>madoguchi case show %</code></dd>\n",
		say->read_case, id);
	HTML_PUT(&telling->html,
		"<dt>%</dt><dd><code>madoguchi case tick % 2.1 --as %</code></dd>\n</dl>\n",
		say->read_tick, id, telling->page.to != NULL ? telling->page.to->title : say->staff_titles[1]);
	HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->screen_only);
}

static void
tell_checklist(struct telling *telling)
{
	const struct checklist *checklist = telling->page.what->checklist;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<p class=\"more\">%</p>\n<div class=\"boxes\">\n",
		telling->page.words->checklist, telling->page.words->vendor_note);
	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			HTML_PUT(&telling->html, i == 0 ? "<h3>%%</h3>\n<ul>\n"
							: "</ul>\n<h3>%%</h3>\n<ul>\n",
				spoken_phase(item->phase, telling->page.language),
				item->phase == telling->page.what->record->phase ? telling->page.words->now
									    : "");
		tell_box(telling, item->item, item->item,
			telling->page.language == LANGUAGE_EN ? item->title_en : item->title_ja,
			item->vendor_can_help ? telling->page.words->vendor : "");
	}
	html_mark(&telling->html, checklist->count > 0 ? "</ul>\n</div>\n" : "</div>\n");
}

static void
tell_signatures(struct telling *telling)
{
	const struct sheet_words *say = telling->page.words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"notes\"></div>\n", say->notes);
	HTML_PUT(&telling->html, "<table class=\"sign\">\n<tr><th></th><th>%</th><th>%</th></tr>\n",
		say->signature, say->day);
	HTML_PUT(&telling->html, "<tr><th>%</th><td></td><td></td></tr>\n", say->giver);
	HTML_PUT(&telling->html, "<tr><th>%</th><td>%</td><td></td></tr>\n</table>\n", say->taker,
		telling->page.to != NULL ? telling->page.to->title : "");
}

char *
sheet_html(const struct json_view *view, const struct json_case *what, enum language language,
	const struct policy_staff *to)
{
	struct telling telling = { .page = sheet_page(view, what, language, to) };

	html_begin(&telling.html, view->arena, language, arena_printf(view->arena, "%s %s",
		telling.page.words->title, case_heading(view, what->record, language)), sheet_style);
	html_mark(&telling.html, "<div class=\"page\">\n");
	tell_head(&telling);
	tell_what(&telling);
	tell_deadlines(&telling);
	tell_incident(&telling);
	tell_messages(&telling);
	tell_ask(&telling);
	tell_read(&telling);
	html_mark(&telling.html, "</div>\n<div class=\"page\">\n");
	tell_checklist(&telling);
	tell_signatures(&telling);
	html_mark(&telling.html, "</div>\n");
	return html_end(&telling.html);
}
