/*
 * What the hand-over sheet tells, whatever writes it: which deadlines and persons in
 * which order, and the words in each cell.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet_private.h"

#include "base/arena.h"
#include "view/spoken.h"

#include <stdbool.h>
#include <stdlib.h>

#define DAY_LEN (sizeof("2026-12-04") - 1)

static int
by_due(const void *a, const void *b)
{
	const struct record_deadline *const *first = a, *const *second = b;

	if ((*first)->due != (*second)->due)
		return (*first)->due < (*second)->due ? -1 : 1;
	return (*first)->id < (*second)->id ? -1 : 1;
}

static void
gather_pending(struct sheet_page *page)
{
	const struct json_case *what = page->what;

	page->pending = arena_calloc(page->view->arena, what->deadline_count + 1,
		sizeof(*page->pending));
	for (size_t i = 0; i < what->deadline_count; i++) {
		if (what->deadlines[i].state == DEADLINE_PENDING)
			page->pending[page->pending_count++] = &what->deadlines[i];
	}
	qsort(page->pending, page->pending_count, sizeof(*page->pending), by_due);
}

static void
gather_staff(struct sheet_page *page)
{
	const struct policy *policy = page->view->policy;

	page->staff = arena_calloc(page->view->arena, policy->staff_count + 1, sizeof(*page->staff));
	for (enum staff_role role = ROLE_OFFICER; role <= ROLE_VENDOR; role++) {
		for (size_t i = 0; i < policy->staff_count; i++) {
			const struct policy_staff *staff = &policy->staff[i];

			if (staff->role == role && policy_serves(staff, page->what->record->desk))
				page->staff[page->staff_count++] = staff;
		}
	}
}

struct sheet_page
sheet_page(const struct json_view *view, const struct json_case *what, enum language language,
	const struct policy_staff *to)
{
	struct sheet_page page = { .view = view, .what = what, .to = to, .words = &sheet_words[language],
		.desk = policy_desk_of(view->policy, what->record->desk),
		.zone = json_zone(view->policy, what->record->desk), .language = language };

	gather_pending(&page);
	gather_staff(&page);
	return page;
}

char *
sheet_number(const struct sheet_page *page, int64_t number)
{
	return arena_printf(page->view->arena, "%lld", (long long)number);
}

static const char *
source_text(const struct sheet_page *page, const struct record_deadline *one)
{
	if (one->source == SOURCE_MAIL && one->from_message != 0)
		return arena_printf(page->view->arena,
			page->language == LANGUAGE_EN ? "message %lld" : "メール %lld",
			(long long)one->from_message);
	return spoken_deadline_source(one->source, page->language);
}

void
sheet_deadline_cells(const struct sheet_page *page, const struct record_deadline *one,
	const char *cells_r[SHEET_DEADLINE_COLUMNS])
{
	struct arena *arena = page->view->arena;

	cells_r[0] = "☐";
	cells_r[1] = spoken_deadline_kind(one->kind, page->language);
	cells_r[2] = spoken_due(arena, one->due, page->zone, page->language);
	cells_r[3] = spoken_left(arena, page->view->policy, page->zone, page->view->now, one->due,
		page->language);
	cells_r[4] = source_text(page, one);
}

void
sheet_message_cells(const struct sheet_page *page, const struct record_message *one,
	const char *cells_r[SHEET_MESSAGE_COLUMNS])
{
	bool in = one->direction == DIRECTION_IN;

	cells_r[0] = sheet_number(page, one->id);
	cells_r[1] = spoken_time(page->view->arena, one->received_at, page->zone);
	cells_r[2] = spoken_direction(one->direction, page->language);
	cells_r[3] = spoken_mail_kind(one->kind, page->language);
	cells_r[4] = in ? spoken_trust(one->trust, page->language) : "";
	cells_r[5] = one->encrypted ? page->words->sealed : page->words->clear;
}

void
sheet_staff_cells(const struct sheet_page *page, const struct policy_staff *staff,
	const char *cells_r[SHEET_STAFF_COLUMNS])
{
	cells_r[0] = spoken_role(staff->role, page->language);
	cells_r[1] = staff->title;
	cells_r[2] = staff->address;
}

char *
sheet_done(const struct sheet_page *page, const char *item)
{
	const struct record_tick *tick = json_tick(page->what, item);
	struct arena *arena = page->view->arena;

	if (tick == NULL)
		return NULL;
	return arena_printf(arena, "%s, %s",
		arena_strndup(arena, spoken_time(arena, tick->done_at, page->zone), DAY_LEN),
		tick->done_by);
}

const char *
sheet_incident_due(const struct sheet_page *page, const char *item)
{
	int64_t due = json_incident_due(page->what->incident, item);

	return due == 0 ? "" : arena_printf(page->view->arena, " — %s",
		spoken_due(page->view->arena, due, page->zone, page->language));
}
