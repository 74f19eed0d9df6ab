/*
 * What the sheet's two writers, view/sheet.c and sheet_text.c, share: what it tells
 * (sheet_page.c), the words by language, and the style of the two pages (sheet_look.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SHEET_PRIVATE_H
#define VIEW_SHEET_PRIVATE_H

#include <stddef.h>

#include "rule/policy.h"
#include "view/json_record.h"

#define SHEET_DEADLINE_COLUMNS 5
#define SHEET_MESSAGE_COLUMNS 6
#define SHEET_STAFF_COLUMNS 3

struct sheet_words {
	const char *title, *made, *case_id, *lead;
	const char *what, *coordinator, *sites, *origin, *stage, *phase, *trust, *state, *opened,
		*assignee, *nobody, *numbers, *suspect;
	const char *deadlines, *no_deadline, *incident;
	const char *deadline_titles[SHEET_DEADLINE_COLUMNS];
	const char *messages, *no_message;
	const char *message_titles[SHEET_MESSAGE_COLUMNS];
	const char *sealed, *clear;
	const char *ask, *ask_them, *ask_care, *window;
	const char *staff_titles[SHEET_STAFF_COLUMNS];
	const char *read, *read_message, *read_case, *read_tick, *screen_only;
	const char *checklist, *vendor_note, *vendor, *now, *notes, *giver, *taker, *day, *signature;
};

extern const struct sheet_words sheet_words[];	/* by language */
extern const char sheet_style[];

struct sheet_page {
	const struct json_view *view;
	const struct json_case *what;
	const struct policy_desk *desk;	/* or NULL */
	const struct policy_staff *to;	/* or NULL */
	const struct sheet_words *words;
	const char *zone;
	enum language language;
	const struct record_deadline **pending;	/* what is owed, by its day */
	size_t pending_count;
	const struct policy_staff **staff;	/* of the desk, by role */
	size_t staff_count;
};

/* All of it in the view's arena. */
struct sheet_page sheet_page(const struct json_view *view, const struct json_case *what,
	enum language language, const struct policy_staff *to);

char *sheet_number(const struct sheet_page *page, int64_t number);
void sheet_deadline_cells(const struct sheet_page *page, const struct record_deadline *one,
	const char *cells_r[SHEET_DEADLINE_COLUMNS]);
void sheet_message_cells(const struct sheet_page *page, const struct record_message *one,
	const char *cells_r[SHEET_MESSAGE_COLUMNS]);
void sheet_staff_cells(const struct sheet_page *page, const struct policy_staff *staff,
	const char *cells_r[SHEET_STAFF_COLUMNS]);

/* "2026-12-04, officer"; NULL while the item is not done. */
char *sheet_done(const struct sheet_page *page, const char *item);

/* " — 2026-12-04 (Fri)" behind an item of the list for trouble; "" where no day is set. */
const char *sheet_incident_due(const struct sheet_page *page, const char *item);

#endif
