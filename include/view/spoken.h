/*
 * Kinds, states, days and what is left of them in the words of a person's language:
 * for pages, paper and staff's mail. JSON and commands spell them as rule/kinds.h does. Values in,
 * text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SPOKEN_H
#define VIEW_SPOKEN_H

#include <stdint.h>

#include "rule/facts.h"
#include "rule/kinds.h"
#include "rule/policy.h"
#include "rule/record.h"

struct arena;

/* Never NULL for a value in range; STAGE_NONE is NULL. */
const char *spoken_mail_kind(enum mail_kind kind, enum language language);
const char *spoken_stage(enum stage stage, enum language language);
const char *spoken_phase(enum phase phase, enum language language);
const char *spoken_trust(enum trust trust, enum language language);
const char *spoken_origin(enum origin origin, enum language language);
const char *spoken_case_state(enum case_state state, enum language language);
const char *spoken_deadline_kind(enum deadline_kind kind, enum language language);
/* rule/checklist's titles are too long for a row. What is no item is given back as it is. */
const char *spoken_incident_item(const char *item, enum language language);
/* Of its item, or else of its kind. */
const char *spoken_deadline(const struct record_deadline *deadline, enum language language);
const char *spoken_deadline_state(enum deadline_state state, enum language language);
const char *spoken_deadline_source(enum deadline_source source, enum language language);
const char *spoken_outbox_state(enum outbox_state state, enum language language);
const char *spoken_direction(enum direction direction, enum language language);
const char *spoken_role(enum staff_role role, enum language language);

/* What is doubtful about a day that a mail set: of the four PROBLEM_DUE_... alone. */
const char *spoken_due_doubt(enum problem doubt, enum language language);

/* Why a letter is held, of what answer_why_text() and held_why_text() say; anything else is given back as it is. */
const char *spoken_held_why(const char *why, enum language language);

/* "金", "Fri"; 0 is Sunday. */
const char *spoken_weekday(int weekday, enum language language);

/* "2026-12-04 17:00" on the zone's wall, NULL for 0. */
char *spoken_time(struct arena *arena, int64_t at, const char *zone);

/* "2026-12-04 (金)", with the hour unless it is the day's last second; NULL for 0. */
char *spoken_due(struct arena *arena, int64_t due, const char *zone, enum language language);

/*
 * As letters to others say it: "2026年12月4日", "4 December 2026"; with the hour unless
 * it is the day's last minute. NULL for 0.
 */
char *spoken_date(struct arena *arena, int64_t at, const char *zone, enum language language);

/* Likewise a moment: "2026年12月4日 17:00", "4 December 2026, 17:00 (UTC+09:00)". */
char *spoken_moment(struct arena *arena, int64_t at, const char *zone, enum language language);

/*
 * How many working days are left, or by how many it is past: "あと 3 営業日",
 * "1 working day left", "today", "past by 2 working days".
 */
char *spoken_left(struct arena *arena, const struct policy *policy, const char *zone, int64_t now,
	int64_t due, enum language language);

#endif
