/*
 * The store: letters on their way out, alerts to staff among them.
 * A part of port/store.h, which tells how a store is used and brings this along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_OUTBOX_H
#define PORT_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

struct arena;
struct store;

/*
 * New entry. For an acknowledgement the pair (case, stage) is unique: 0 comes
 * back, and nothing is written, when there is one already (dropped ones too do not count).
 */
int64_t store_outbox_add(struct store *store, const struct record_outbox *entry);
struct record_outbox *store_outbox_get(struct store *store, struct arena *arena, int64_t id);

/* All but sent and dropped ones when state is OUTBOX_STATES, else of that state; oldest first. */
size_t store_outbox_list(struct store *store, struct arena *arena, enum outbox_state state,
	struct record_outbox **list_r);

/* Those of that state that answer that message, oldest first. */
size_t store_outbox_answering(struct store *store, struct arena *arena, int64_t message,
	enum outbox_state state, struct record_outbox **list_r);

/* A desk's queued or deferred ones whose time has come, oldest first, at most limit. */
size_t store_outbox_due(struct store *store, struct arena *arena, const char *desk, int64_t now,
	size_t limit, struct record_outbox **list_r);
/* Every entry of a case, dropped ones too, oldest first. */
size_t store_case_outbox(
	struct store *store, struct arena *arena, int64_t case_id, struct record_outbox **list_r);
/* When the first that is due after that instant is due (never 0), 0 when none is. */
int64_t store_outbox_next(struct store *store, int64_t after);
/* A desk's sent ones whose copy must still be appended. */
size_t store_outbox_uncopied(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r);

/*
 * state, tries, next_try_at, first_try_at, last_error, sent_at, smtp_reply, hold_why, copied;
 * sha256, keys and message unless they are NULL or 0.
 */
void store_outbox_update(struct store *store, const struct record_outbox *entry);

/* Gives up one that was not sent, with the reason as its last_error. */
void store_outbox_drop(struct store *store, int64_t id, const char *why);

/* The sealed bytes, kept before SMTP begins. */
void store_outbox_seal(struct store *store, int64_t id, const void *bytes, size_t len,
	const char *sha256, const char *keys);
bool store_outbox_bytes(
	struct store *store, struct arena *arena, int64_t id, char **bytes_r, size_t *len_r);
/* They leave the row again, with their hash and keys: it is as it was before it was sealed. */
void store_outbox_unseal(struct store *store, int64_t id);

/*
 * An attempt begins (cleared by update): what a crash cut is due at once at the next start. How
 * many were cut.
 */
void store_outbox_begin_try(struct store *store, int64_t id, int64_t now);
int store_outbox_recover(struct store *store);

/* Entry whose Message-ID that is, 0 for none. */
int64_t store_outbox_by_message_id(struct store *store, const char *message_id);
/* Bit (1 << stage) for each stage the case has a (not dropped) acknowledgement of. */
uint32_t store_acknowledged_stages(struct store *store, int64_t case_id);
/*
 * Of these the stages whose acknowledgement is only held, for a mail that is not
 * believed; and such letters of one stage.
 */
uint32_t store_doubted_stages(struct store *store, int64_t case_id);
size_t store_outbox_doubted(struct store *store, struct arena *arena, int64_t case_id,
	enum stage stage, struct record_outbox **list_r);
/* Acknowledgements made for that address since then that go or went: what is held is for a person. */
int store_acknowledged_since(struct store *store, const char *address, int64_t since);

/* --- alerts in the outbox --- */

/* Whether some wait to be told that person with others: queued for later than they were made. */
bool store_alerts_wait(struct store *store, const char *staff);
/*
 * Alerts made for that person after `since` and not after `now` that are letters: neither waiting
 * nor dropped. What a clock made that was ahead counts for nothing.
 */
int store_alert_letters(struct store *store, const char *staff, int64_t since, int64_t now);
/* When the last summary for that person was made, 0 for none between the two. */
int64_t store_alert_summary(struct store *store, const char *staff, int64_t since, int64_t now);

/* The Message-ID of the first such letter of a case to that person; NULL when there is none. */
char *store_alert_thread(struct store *store, struct arena *arena, int64_t case_id,
	const char *staff);

/* What waits for a person, of one desk. */
struct store_alert_queue {
	const char *staff, *desk;
	int64_t first, last;	/* when the oldest and the newest were made */
};
size_t store_alert_queues(struct store *store, struct arena *arena,
	struct store_alert_queue **list_r);
/* The first of them, oldest first: id, case_id, created_at and params alone are filled in. */
size_t store_alerts_waiting(struct store *store, struct arena *arena, const char *staff,
	const char *desk, size_t limit, struct record_outbox **list_r);
/* One that waits goes by itself. */
void store_alert_release(struct store *store, int64_t id, int64_t now);

/*
 * A desk's outbox that does not move: letters that are due, all of which were first tried, or due,
 * after the last one that a server took.
 */
struct store_stuck {
	int64_t since;		/* when the oldest of them was first tried, or due */
	int64_t count;
	char *last_error;	/* the oldest one's, or NULL */
};
/* False where none is. */
bool store_outbox_stuck(struct store *store, struct arena *arena, const char *desk, int64_t now,
	struct store_stuck *stuck_r);
/* When a server took the desk's last letter, as far as the clock has come; 0 for never. */
int64_t store_outbox_sent_last(struct store *store, const char *desk, int64_t now);
/* A desk's alerts that are still to go, oldest first; as store_alerts_waiting(). */
size_t store_alerts_unsent(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r);

#endif
