/*
 * The response guide's checklist as data (conf/checklist.tsv): items, phases,
 * and the event that ticks each. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_CHECKLIST_H
#define RULE_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "rule/kinds.h"
#include "rule/record.h"

struct arena;

#define CHECKLIST_MAX 200

enum tick_event {
	TICK_STAFF, TICK_ALERT_DELIVERED, TICK_ACKNOWLEDGEMENT_SENT, TICK_CHANNEL_AGREED,
	TICK_PROGRESS_REPORT_SENT, TICK_COMPLETION_REPORT_SENT, TICK_EVENTS
};

struct checklist_item {
	const char *item;	/* "1.1" */
	enum phase phase;
	bool vendor_can_help;
	enum tick_event ticked_by;
	const char *title_ja, *title_en;
};

struct checklist {
	struct checklist_item *items;
	size_t count;
};

/* Reads the table; NEVER with the line's number and what is wrong. */
enum outcome checklist_read(struct arena *arena, const char *bytes, size_t len,
	struct checklist *checklist_r, struct err *err_r);

/*
 * What happens when the server takes a mail of ours of that kind; TICK_STAFF: nothing that
 * ticks. (The acknowledgement of encryption agrees on the channel besides.)
 */
enum tick_event checklist_event_of(enum mail_kind kind);

/* The item of that name, NULL if there is none. */
const struct checklist_item *checklist_find(const struct checklist *checklist, const char *item);

/* Whether the item, of the checklist or of the list for trouble under way, is among the ticks. */
bool checklist_ticked(const struct record_tick *ticks, size_t count, const char *item);

/*
 * How far the response has come by what is ticked: the last phase with a tick, or the
 * one behind it when all of its items are.
 */
enum phase checklist_phase(const struct checklist *checklist, const struct record_tick *ticks,
	size_t count);

/*
 * The phase of a case whose ticks changed from `before` to `now`: it follows them; but
 * one that a person set is only led on by them.
 */
enum phase checklist_follow(enum phase at, enum phase before, enum phase now);

/* The guide's list for trouble under way. */
struct incident_item {
	const char *item;	/* "stop-site" */
	const char *title_ja, *title_en;
};

#define INCIDENT_ITEMS 4
extern const struct incident_item incident_items[INCIDENT_ITEMS];

/* Its item of that name, NULL if there is none. */
const struct incident_item *incident_find(const char *item);

#endif
