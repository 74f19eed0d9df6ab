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
#include <stdlib.h>

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
#define NO_BREAK "\xc2\xa0"
#define DAY_LEN (sizeof("2026-12-04") - 1)

struct telling {
	const struct json_view *view;
	const struct json_case *what;
	const struct policy_desk *desk;	/* or NULL */
	const struct policy_staff *to;	/* or NULL */
	const struct sheet_words *words;
	const char *zone;
	enum language language;
	const struct record_deadline **pending;
	size_t pending_count;
	struct html html;
};

static char *
number_text(struct telling *telling, int64_t number)
{
	return arena_printf(telling->view->arena, "%lld", (long long)number);
}

/* At most max of a list, and how many more there are. */
static char *
some_of(struct telling *telling, const char *const *list, size_t count, size_t max)
{
	char *some = case_joined(telling->view, list, count < max ? count : max);

	return count <= max ? some : arena_printf(telling->view->arena, "%s%s", some,
		arena_printf(telling->view->arena,
			telling->language == LANGUAGE_EN ? " and %zu more" : " ほか %zu 件",
			count - max));
}

static void
tell_more(struct telling *telling, size_t count, size_t shown)
{
	if (count > shown)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->view->arena, telling->language == LANGUAGE_EN
				? "There are %zu more: madoguchi case show %lld"
				: "ほかに %zu 件あります: madoguchi case show %lld",
				count - shown, (long long)telling->what->record->id));
}

static void
tell_head(struct telling *telling)
{
	const struct sheet_words *say = telling->words;

	HTML_PUT(&telling->html, "<header><h1>%</h1><p>%<br>% %<br>%: %</p></header>\n", say->title,
		telling->desk != NULL ? telling->desk->name : telling->what->record->desk,
		say->case_id, number_text(telling, telling->what->record->id), say->made,
		spoken_time(telling->view->arena, telling->view->now, telling->zone));
	HTML_PUT(&telling->html, "<p class=\"lead\">%</p>\n", say->lead);
}

static void
tell_what(struct telling *telling)
{
	const struct record_case *record = telling->what->record;
	const struct sheet_words *say = telling->words;
	struct html *html = &telling->html;
	enum language language = telling->language;

	HTML_PUT(html, "<h2>%</h2>\n<p class=\"number\">%</p>\n", say->what,
		case_heading(telling->view, record, language));
	if (record->trust == TRUST_SUSPECT)
		HTML_PUT(html, "<p><b>%</b></p>\n", say->suspect);
	html_mark(html, "<dl>\n");
	html_fact(html, say->coordinator, record->coordinator);
	html_fact(html, say->state, spoken_case_state(record->state, language));
	html_fact(html, say->origin, spoken_origin(record->origin, language));
	html_fact(html, say->opened,
		spoken_time(telling->view->arena, record->opened_at, telling->zone));
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

static const char *
source_text(struct telling *telling, const struct record_deadline *one)
{
	if (one->source == SOURCE_MAIL && one->from_message != 0)
		return arena_printf(telling->view->arena,
			telling->language == LANGUAGE_EN ? "message %lld" : "メール %lld",
			(long long)one->from_message);
	return spoken_deadline_source(one->source, telling->language);
}

static int
by_due(const void *a, const void *b)
{
	const struct record_deadline *const *first = a, *const *second = b;

	if ((*first)->due != (*second)->due)
		return (*first)->due < (*second)->due ? -1 : 1;
	return (*first)->id < (*second)->id ? -1 : 1;
}

/* What is owed, by its day. */
static void
gather_pending(struct telling *telling)
{
	const struct json_case *what = telling->what;

	telling->pending = arena_calloc(telling->view->arena, what->deadline_count + 1,
		sizeof(*telling->pending));
	for (size_t i = 0; i < what->deadline_count; i++) {
		if (what->deadlines[i].state == DEADLINE_PENDING)
			telling->pending[telling->pending_count++] = &what->deadlines[i];
	}
	qsort(telling->pending, telling->pending_count, sizeof(*telling->pending), by_due);
}

static void
tell_deadlines(struct telling *telling)
{
	const struct record_deadline **list = telling->pending;
	const struct sheet_words *say = telling->words;
	struct arena *arena = telling->view->arena;
	size_t count = telling->pending_count;

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->deadlines);
	if (count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_deadline);
		return;
	}
	html_table(&telling->html, say->deadline_titles, SHEET_DEADLINE_COLUMNS);
	for (size_t i = 0; i < count && i < DEADLINES_SHOWN; i++) {
		const char *const cells[SHEET_DEADLINE_COLUMNS] = {
			"☐",
			spoken_deadline_kind(list[i]->kind, telling->language),
			spoken_due(arena, list[i]->due, telling->zone, telling->language),
			spoken_left(arena, telling->view->policy, telling->zone, telling->view->now,
				list[i]->due, telling->language),
			source_text(telling, list[i]),
		};

		html_row(&telling->html, deadline_overdue(list[i]->due, DEADLINE_PENDING,
			telling->view->now) ? "bad" : "", say->deadline_titles, cells,
			SHEET_DEADLINE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, count, DEADLINES_SHOWN);
}

/* A box to tick, crossed where it is done. */
static void
tell_box(struct telling *telling, const char *item, const char *number, const char *title,
	const char *more)
{
	const struct record_tick *tick = json_tick(telling->what, item);

	HTML_PUT(&telling->html, "<li><i>%</i>", tick != NULL ? "×" : "");
	if (number[0] != '\0')
		HTML_PUT(&telling->html, "<b>%</b>", number);
	HTML_PUT(&telling->html, "%%", title, more);
	if (tick != NULL)
		HTML_PUT(&telling->html, " <small>(%, %)</small>",
			arena_strndup(telling->view->arena, spoken_time(telling->view->arena,
				tick->done_at, telling->zone), DAY_LEN), tick->done_by);
	html_mark(&telling->html, "</li>\n");
}

static void
tell_incident(struct telling *telling)
{
	const struct record_incident *incident = telling->what->incident;
	struct arena *arena = telling->view->arena;

	if (incident == NULL)
		return;
	HTML_PUT(&telling->html, "<h2>%</h2>\n<ul class=\"boxes short\">\n", telling->words->incident);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];
		int64_t due = json_incident_due(incident, item->item);

		tell_box(telling, item->item, "",
			telling->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			due == 0 ? "" : arena_printf(arena, " — %s",
				spoken_due(arena, due, telling->zone, telling->language)));
	}
	html_mark(&telling->html, "</ul>\n");
}

/* How many of the messages stand on the first page beside all else. */
static size_t
messages_shown(const struct telling *telling)
{
	const struct json_case *what = telling->what;
	size_t deadlines = telling->pending_count, sites = what->record->site_count;
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
	const struct json_case *what = telling->what;
	const struct sheet_words *say = telling->words;
	enum language language = telling->language;
	size_t shown = messages_shown(telling);

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->messages);
	if (what->message_count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_message);
		return;
	}
	html_table(&telling->html, say->message_titles, SHEET_MESSAGE_COLUMNS);
	for (size_t i = what->message_count - shown; i < what->message_count; i++) {
		const struct record_message *one = &what->messages[i];
		bool in = one->direction == DIRECTION_IN;
		const char *const cells[SHEET_MESSAGE_COLUMNS] = {
			number_text(telling, one->id),
			spoken_time(telling->view->arena, one->received_at, telling->zone),
			spoken_direction(one->direction, language),
			spoken_mail_kind(one->kind, language),
			in ? spoken_trust(one->trust, language) : "",
			one->encrypted ? say->sealed : say->clear,
		};

		html_row(&telling->html, "", say->message_titles, cells, SHEET_MESSAGE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, what->message_count, shown);
}

static void
tell_staff(struct telling *telling)
{
	const struct policy *policy = telling->view->policy;
	const struct sheet_words *say = telling->words;
	size_t count = 0;

	html_table(&telling->html, say->staff_titles, SHEET_STAFF_COLUMNS);
	for (enum staff_role role = ROLE_OFFICER; role <= ROLE_VENDOR; role++) {
		for (size_t i = 0; i < policy->staff_count; i++) {
			const struct policy_staff *staff = &policy->staff[i];
			const char *const cells[SHEET_STAFF_COLUMNS] = {
				spoken_role(role, telling->language), staff->title, staff->address,
			};

			if (staff->role != role ||
				!policy_serves(staff, telling->what->record->desk))
				continue;
			if (count++ < STAFF_SHOWN)
				html_row(&telling->html, "", say->staff_titles, cells,
					SHEET_STAFF_COLUMNS);
		}
	}
	html_table_end(&telling->html);
	if (count > STAFF_SHOWN)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->view->arena, telling->language == LANGUAGE_EN
				? "and %zu more" : "ほか %zu 名", count - STAFF_SHOWN));
}

static void
tell_ask(struct telling *telling)
{
	const struct policy_coordinator *coordinator =
		policy_coordinator_of(telling->view->policy, telling->what->record->coordinator);
	const struct sheet_words *say = telling->words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"ask\">\n<div>\n", say->ask);
	if (coordinator != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n<p>%</p>\n", say->ask_them,
			coordinator->name, coordinator->enquiries, say->ask_care);
	if (telling->desk != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n", say->window,
			telling->desk->name, telling->desk->address);
	html_mark(&telling->html, "</div>\n<div>\n");
	tell_staff(telling);
	html_mark(&telling->html, "</div>\n</div>\n");
}

static void
tell_read(struct telling *telling)
{
	const struct sheet_words *say = telling->words;
	const char *id = number_text(telling, telling->what->record->id);

	HTML_PUT(&telling->html, "<h2>%</h2>\n<dl class=\"read\">\n"
		"<dt>%</dt><dd><code>madoguchi message show %</code></dd>\n", say->read,
		say->read_message, say->message_titles[0]);
	HTML_PUT(&telling->html, "<dt>%</dt><dd><code>madoguchi case show %</code></dd>\n",
		say->read_case, id);
	HTML_PUT(&telling->html,
		"<dt>%</dt><dd><code>madoguchi case tick % 2.1 --as %</code></dd>\n</dl>\n",
		say->read_tick, id, telling->to != NULL ? telling->to->title : say->staff_titles[1]);
	HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->screen_only);
}

static void
tell_checklist(struct telling *telling)
{
	const struct checklist *checklist = telling->what->checklist;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<p class=\"more\">%</p>\n<div class=\"boxes\">\n",
		telling->words->checklist, telling->words->vendor_note);
	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			HTML_PUT(&telling->html, i == 0 ? "<h3>%%</h3>\n<ul>\n"
							: "</ul>\n<h3>%%</h3>\n<ul>\n",
				spoken_phase(item->phase, telling->language),
				item->phase == telling->what->record->phase ? telling->words->now
									    : "");
		tell_box(telling, item->item, item->item,
			telling->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			item->vendor_can_help ? NO_BREAK "○" : "");
	}
	html_mark(&telling->html, checklist->count > 0 ? "</ul>\n</div>\n" : "</div>\n");
}

static void
tell_signatures(struct telling *telling)
{
	const struct sheet_words *say = telling->words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"notes\"></div>\n", say->notes);
	HTML_PUT(&telling->html, "<table class=\"sign\">\n<tr><th></th><th>%</th><th>%</th></tr>\n",
		say->signature, say->day);
	HTML_PUT(&telling->html, "<tr><th>%</th><td></td><td></td></tr>\n", say->giver);
	HTML_PUT(&telling->html, "<tr><th>%</th><td>%</td><td></td></tr>\n</table>\n", say->taker,
		telling->to != NULL ? telling->to->title : "");
}

char *
sheet_html(const struct json_view *view, const struct json_case *what, enum language language,
	const struct policy_staff *to)
{
	struct telling telling = { .view = view, .what = what, .to = to, .words = &sheet_words[language],
		.desk = policy_desk_of(view->policy, what->record->desk),
		.zone = json_zone(view->policy, what->record->desk), .language = language };

	gather_pending(&telling);
	html_begin(&telling.html, view->arena, language, arena_printf(view->arena, "%s %s",
		telling.words->title, case_heading(view, what->record, language)), sheet_style);
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
