/*
 * The store: of a case what is owed, what is ticked, and its log.
 * A part of port/store.h, which tells how a store is used and brings this along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_DUE_H
#define PORT_STORE_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"
#include "rule/remind.h"

struct arena;
struct store;

/*
 * Opens one; its id, or 0 when nothing new is told: by rule, when one of that
 * kind is pending that a mail of the same stage opened (what letters of ours ask for: one
 * to the same address), by mail or staff, when the same is; nor when that mail had opened
 * it already and it was met or missed, but for receipts. A person's takes the place of all
 * pending ones of that kind (cancelled); of what several were asked for, of each of them.
 */
int64_t store_deadline_open(struct store *store, int64_t case_id, enum deadline_kind kind,
	int64_t due, enum deadline_source source, int64_t from_message);
/* Of that kind those that are pending, or ended with their case, become met, for good. How many. */
int store_deadline_meet(struct store *store, int64_t case_id, enum deadline_kind kind,
	int64_t met_by);
/* Of these, those that a mail of that stage opened, or no mail. */
int store_deadline_meet_stage(struct store *store, int64_t case_id, enum deadline_kind kind,
	enum stage stage, int64_t met_by);
/* One of them, by its id. */
void store_deadline_meet_one(struct store *store, int64_t id, int64_t met_by);
/* That message is none of the case's any more: what it had met there is pending again. */
void store_deadlines_unmeet(struct store *store, int64_t case_id, int64_t met_by);
/* The pending one of that kind that is due first is met, by no mail; false when there is none. */
bool store_deadline_meet_first(struct store *store, int64_t case_id, enum deadline_kind kind,
	struct record_deadline *met_r);
/* A pending one counts no more. */
void store_deadline_cancel(struct store *store, int64_t id);
/* The message that opened them is not believed any more: pending ones are cancelled. How many. */
int store_deadlines_withdraw(struct store *store, int64_t from_message);
/*
 * A believed mail asks for what a pending one tells already that a mail opened which is not
 * believed: it is the believed one's from then on, by the earlier of the two days, and outlives
 * what is said of the other. Called forged, that one takes its day with it when the believed
 * one is judged again. To be asked before store_deadline_open(), which then opens none.
 */
void store_deadline_take_over(struct store *store, int64_t case_id, enum deadline_kind kind,
	int64_t due, enum deadline_source source, int64_t from_message);
/* The case ends: pending ones whose last second is over are missed, the others cancelled. How many. */
int store_deadlines_end(struct store *store, int64_t case_id, int64_t now);
/* The case goes on: what store_deadlines_end() ended is pending again. How many. */
int store_deadlines_resume(struct store *store, int64_t case_id);
size_t store_deadlines(struct store *store, struct arena *arena, int64_t case_id,
	struct record_deadline **list_r);
/*
 * Pending deadlines of open cases and what is owed of their lists for trouble under way,
 * the earliest first; limit 0: all.
 */
size_t store_deadlines_pending(
	struct store *store, struct arena *arena, size_t limit, struct record_deadline **list_r);

/* A pending deadline of an open case, or an item that is owed, as a calendar shows it. */
struct store_open_deadline {
	struct record_deadline deadline;
	const char *desk;
	const char *number;	/* the case's main one, NULL for none */
};
/* Deadlines, then items; of each the earliest first. */
size_t store_deadlines_open(struct store *store, struct arena *arena,
	struct store_open_deadline **list_r);

/* Another word whenever deadlines, items, ticks, cases or their numbers have changed. */
#define STORE_STAMP 192
void store_deadlines_stamp(struct store *store, char stamp_r[STORE_STAMP]);

/* --- reminders: what staff were told --- */

/* A pending deadline of an open case, or an item that is owed, with what was told of it. */
struct store_reminder {
	struct record_deadline deadline;
	int64_t opened;		/* when the mail that opened it came, else when the case or the list was opened */
	enum reminder told;
};

/* An open case that nobody has taken. */
struct store_untaken {
	int64_t case_id, opened_at;
	enum untaken told;
};

/*
 * Of the desk, due at `until` or before and not told of as overdue: deadlines, then items;
 * of each the earliest first.
 */
size_t store_reminders(struct store *store, struct arena *arena, const char *desk, int64_t until,
	struct store_reminder **list_r);
void store_reminded(struct store *store, int64_t deadline, enum reminder what, int64_t now);
/* The same of an item with that day: with another day it is told anew. */
void store_item_reminded(struct store *store, int64_t case_id, const char *item, int64_t due,
	enum reminder what, int64_t now);

/* Of the desk, in order of their ids, but those of which everybody was told. */
size_t store_untaken_cases(struct store *store, struct arena *arena, const char *desk,
	struct store_untaken **list_r);
void store_untaken(struct store *store, int64_t case_id, enum untaken what, int64_t now);

/* Ticks an item, once: the first who did it stays. untick: whether it was ticked. */
void store_tick(struct store *store, int64_t case_id, const char *item, int64_t now,
	const char *who);
bool store_untick(struct store *store, int64_t case_id, const char *item);
size_t store_ticks(
	struct store *store, struct arena *arena, int64_t case_id, struct record_tick **list_r);

/* False when the case has one already. */
bool store_incident_open(struct store *store, int64_t case_id, int64_t now, const char *who);
void store_incident_due(struct store *store, int64_t case_id, const char *item, int64_t due);
/* False when it has none. */
bool store_incident_get(struct store *store, struct arena *arena, int64_t case_id,
	struct record_incident *incident_r);

/*
 * Appends to the case's log (case 0: the desk's own): hash = SHA-256 over the
 * previous hash and this entry, hex. `what` bears numbers and ids only.
 */
void store_log(struct store *store, int64_t case_id, int64_t at, const char *who,
	const char *what);
size_t store_log_list(
	struct store *store, struct arena *arena, int64_t case_id, struct record_log **list_r);
/* The head of the chain over all cases, hex: what digests and proofs carry. */
void store_log_head(struct store *store, char head_r[65]);

#endif
