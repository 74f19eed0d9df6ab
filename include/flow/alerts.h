/*
 * Alerts to staff, over the store alone: the daemon writes them for what happens, the
 * tool for what a person does. They go out with the next look at the outbox.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_ALERTS_H
#define FLOW_ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"

struct conf;
struct policy_desk;
struct policy_staff;
struct record_deadline;
struct store;

/* Whom it concerns, of those who serve the desk; vendors never. */
enum alert_to {
	ALERT_TO_STAFF,			/* who wants alerts */
	ALERT_TO_DECISION_MAKERS,	/* whatever else they are told; where there are none, as above */
	ALERT_TO_BOTH,
	ALERT_TO_DEPUTIES,		/* of the officers; where there are none, the decision makers */
	ALERT_TO_PERSON,		/* of that title, and the officers */
};

struct alert {
	enum alert_kind kind;
	enum alert_to to;
	int64_t case_id, message;	/* 0 for none */
	const char *detail;		/* the template's `reason` (`count` of a summary), or NULL */
	const char *person;	/* ALERT_TO_PERSON: whom */
	bool proven;		/* it is about a mail that a pinned key signed */
	int64_t requested;	/* a day that the message asks for something by, 0 for none */
	const char *doubt;	/* what is doubtful about a day that it set, or NULL */
	const char *offered;	/* fingerprints of keys that it brings along, or NULL */
	int64_t outbox;		/* the entry that it is about, 0 for none */
	const char *key, *whose;	/* of a key that ends: its fingerprint, whose it is; or NULL */
	int64_t ends;		/* when it does */
	int64_t since;		/* since when something is silent, or was; 0 for none */
	const struct record_deadline *deadline;	/* that it is about; NULL: the case's next one */
};

/* One outbox entry for each person whom it concerns, in the open transaction. How many. */
size_t alerts_add(struct store *store, const struct conf *conf, size_t desk,
	const struct alert *alert, int64_t now);

#endif
