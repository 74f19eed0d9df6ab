/*
 * How the sheet looks and what it says, for view/sheet.c alone: the style of the two pages,
 * and the words by language.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SHEET_PRIVATE_H
#define VIEW_SHEET_PRIVATE_H

#include "rule/policy.h"

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
	const char *checklist, *vendor_note, *now, *notes, *giver, *taker, *day, *signature;
};

extern const struct sheet_words sheet_words[];	/* by language */
extern const char sheet_style[];

#endif
