/*
 * The site's first page. It tells numbers, states, days and staff titles; no sender, no
 * subject.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/report.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/deadline.h"
#include "view/case_html.h"
#include "view/html.h"
#include "view/spoken.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BEGIN "case-"
#define PAGE_END ".html"
#define NAME_MAX_BYTES 64
#define COLUMNS 9

struct words {
	const char *title, *open, *overdue, *closed, *nobody, *made;
	const char *titles[COLUMNS];
};

static const struct words words[] = {
	[LANGUAGE_JA] = {
		.title = "案件の一覧", .open = "対応中", .overdue = "うち期限超過", .closed = "終了",
		.nobody = "未定", .made = "作成日時",
		.titles = { "案件", "取扱番号", "対象サイト", "状態", "対応の段階", "送信者の確認",
			"担当者", "次の期限", "残り" },
	},
	[LANGUAGE_EN] = {
		.title = "Cases", .open = "Open", .overdue = "of these overdue", .closed = "Closed",
		.nobody = "nobody", .made = "Made at",
		.titles = { "Case", "Number", "Sites", "State", "Response", "Sender", "Staff",
			"Next deadline", "Left" },
	},
};

char *
report_page(struct arena *arena, int64_t case_id)
{
	return arena_printf(arena, PAGE_BEGIN "%lld" PAGE_END, (long long)case_id);
}

int64_t
report_page_of(const char *name)
{
	size_t len = strlen(name), end = strlen(PAGE_END), begin = strlen(PAGE_BEGIN);
	char digits[NAME_MAX_BYTES];
	int64_t id;

	if (len >= sizeof(digits) || len <= begin + end || !text_starts(name, PAGE_BEGIN) ||
		!text_ends(name, PAGE_END))
		return 0;
	memcpy(digits, name + begin, len - begin - end);
	digits[len - begin - end] = '\0';
	return text_number(digits, 1, INT64_MAX, &id) ? id : 0;
}

static int
by_urgency(const void *a, const void *b)
{
	const struct record_case *first = *(struct record_case *const *)a;
	const struct record_case *second = *(struct record_case *const *)b;
	int64_t first_due = first->has_deadline ? first->next_deadline.due : INT64_MAX;
	int64_t second_due = second->has_deadline ? second->next_deadline.due : INT64_MAX;

	if (first->state != second->state)
		return first->state == CASE_OPEN ? -1 : 1;
	if (first_due != second_due)
		return first_due < second_due ? -1 : 1;
	return first->id < second->id ? -1 : first->id > second->id;
}

static bool
is_overdue(const struct json_view *view, const struct record_case *record)
{
	return record->has_deadline && record->state == CASE_OPEN &&
		deadline_overdue(record->next_deadline.due, record->next_deadline.state, view->now);
}

static void
tell_counts(const struct json_view *view, struct record_case **list, size_t count,
	const struct words *say, struct html *html)
{
	size_t open = 0, overdue = 0;

	for (size_t i = 0; i < count; i++) {
		open += list[i]->state == CASE_OPEN;
		overdue += is_overdue(view, list[i]);
	}
	HTML_PUT(html, "<p>%: %, <span class=\"%\">%: %</span>, %: %</p>\n", say->open,
		arena_printf(view->arena, "%zu", open), overdue > 0 ? "bad" : "note", say->overdue,
		arena_printf(view->arena, "%zu", overdue), say->closed,
		arena_printf(view->arena, "%zu", count - open));
}

static void
tell_case(const struct json_view *view, const struct record_case *record, enum language language,
	struct html *html)
{
	const struct words *say = &words[language];
	const char *zone = json_zone(view->policy, record->desk);
	int64_t due = record->has_deadline ? record->next_deadline.due : 0;
	const char *const cells[COLUMNS] = {
		NULL,
		record->number_count > 0 ? case_heading(view, record, language) : NULL,
		case_joined(view, record->sites, record->site_count),
		spoken_case_state(record->state, language),
		spoken_phase(record->phase, language),
		spoken_trust(record->trust, language),
		record->assignee != NULL ? record->assignee : say->nobody,
		due == 0 ? NULL : arena_printf(view->arena, "%s: %s",
			spoken_deadline(&record->next_deadline, language),
			spoken_due(view->arena, due, zone, language)),
		due == 0 ? NULL : spoken_left(view->arena, view->policy, zone, view->now, due,
			language),
	};

	HTML_PUT(html, "<tr class=\"%\"><td data-title=\"%\"><a href=\"%\">%</a></td>",
		record->state == CASE_CLOSED ? "over" : is_overdue(view, record) ? "bad" : "",
		say->titles[0], report_page(view->arena, record->id),
		arena_printf(view->arena, "%lld", (long long)record->id));
	for (size_t i = 1; i < COLUMNS; i++)
		HTML_PUT(html, "<td data-title=\"%\">%</td>", say->titles[i], cells[i]);
	html_mark(html, "</tr>\n");
}

char *
report_index(const struct json_view *view, struct record_case **list, size_t count,
	enum language language)
{
	const struct words *say = &words[language];
	struct html html;

	qsort(list, count, sizeof(*list), by_urgency);
	html_begin(&html, view->arena, language, say->title, html_screen);
	HTML_PUT(&html, "<h1>%</h1>\n", say->title);
	tell_counts(view, list, count, say, &html);
	html_table(&html, say->titles, COLUMNS);
	for (size_t i = 0; i < count; i++)
		tell_case(view, list[i], language, &html);
	html_table_end(&html);
	HTML_PUT(&html, "<p class=\"note\">%: %</p>\n", say->made, spoken_time(view->arena, view->now,
		view->policy->desk_count > 0 ? view->policy->desks[0].time_zone : "UTC"));
	return html_end(&html);
}
