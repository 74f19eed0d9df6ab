/*
 * The store: one SQLite file, cases.db, and everything that is on record. What concerns
 * messages, cases, what is owed, and the outbox stands in the four parts that are included here.
 * The seam where a second engine would join: nothing above knows SQL. Every change happens
 * inside store_begin()/store_commit(); every list is one indexed query. Written by one process
 * at a time for each transaction (BEGIN IMMEDIATE): the daemon and the tool may both be open.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_H
#define PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/store_case.h"
#include "port/store_due.h"
#include "port/store_message.h"
#include "port/store_outbox.h"
#include "rule/daily.h"
#include "rule/decide.h"
#include "rule/expiry.h"
#include "rule/record.h"
#include "rule/remind.h"

struct arena;
struct store;

#define STORE_BUSY_SECONDS 5
#define STORE_BESIDE_MAX 64 /* cases told beside one; a forger may claim a number without end */

/*
 * Opens (create: makes, mode 0600, and brings the schema up to date) the file;
 * ":memory:" for tests and replays. NEVER: not ours, of a newer version, damaged.
 */
enum outcome store_open(const char *path, bool create, struct store **store_r, struct err *err_r);
void store_close(struct store **store);

/*
 * The daemon's lock, an open-file-description lock on a file beside the
 * store ("PATH.lock" for the store's path): one daemon at a time. LATER when another holds it,
 * with its pid in the sentence. The descriptor is the caller's and holds the lock until it is
 * closed.
 */
enum outcome store_lock(const char *path, int *fd_r, struct err *err_r);

/*
 * One transaction at a time. A failed write inside makes every further one fail
 * and the commit roll back: check store_commit()'s outcome, the others' may be
 * ignored. LATER: busy or full; NEVER: damaged.
 */
enum outcome store_begin(struct store *store, struct err *err_r);
enum outcome store_commit(struct store *store, struct err *err_r);
void store_rollback(struct store *store);

/*
 * What went wrong since it was last asked: lists and single rows come back empty
 * when they cannot be read. DONE when all was well; inside a transaction the
 * fault stays for the commit. A change tried outside one is a fault too.
 */
enum outcome store_fault(struct store *store, struct err *err_r);

/* --- desks, keys of the box, small values --- */

/*
 * The X25519 pair of a desk: public half and the secret half as sealed to the desk's OpenPGP key.
 * False when there is none.
 */
bool store_box_get(struct store *store, struct arena *arena, const char *desk,
	unsigned char public_r[32], char **sealed_r, size_t *sealed_len_r);
void store_box_set(struct store *store, const char *desk, const unsigned char public_half[32],
	const char *sealed, size_t sealed_len, int64_t now);

/*
 * Small values kept by name ("daemon.started_at", "digest.www.officer"); NULL when
 * absent.
 */
char *store_value_get(struct store *store, struct arena *arena, const char *name);
void store_value_set(struct store *store, const char *name, const char *value);

/* --- mailboxes: one row a folder --- */

struct store_cursor {
	int64_t mailbox; /* row id */
	uint32_t uid_validity; /* 0: never seen */
	uint32_t last_uid;
	int64_t first_seen; /* when the folder was first looked at */
	int64_t last_pass; /* when it was last read without fault, 0 never */
};

/* Makes the row when it is not there (then inside a transaction). */
void store_cursor_get(struct store *store, const char *desk, const char *folder, int64_t now,
	struct store_cursor *cursor_r);
void store_cursor_set(struct store *store, int64_t mailbox, uint32_t uid_validity,
	uint32_t last_uid);
void store_cursor_passed(struct store *store, int64_t mailbox, int64_t now);

struct store_mailbox {
	const char *desk, *folder;
	struct store_cursor cursor;
};

/* Every folder on record, by desk. */
size_t store_mailboxes(struct store *store, struct arena *arena, struct store_mailbox **list_r);

/*
 * What lies there is on record and still to be flagged or moved; or is so, or
 * cannot be. A desk's that are due, at most limit, in the order in which they lie.
 */
struct store_mark {
	const char *folder;
	int64_t mailbox;
	uint32_t uid_validity, uid;
};
void store_mark_due(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid);
void store_mark_done(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid);
size_t store_marks(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct store_mark **list_r);

/*
 * That a digest for that person was made at that instant; and when the last one was, of those
 * at `until` or before, 0 for never.
 */
void store_digest_sent(struct store *store, const char *desk, const char *staff, int64_t at);
int64_t store_digest_last(struct store *store, const char *desk, const char *staff, int64_t until);

/* What a digest of a desk wants to know. */
struct store_daily {
	const char *desk;
	int64_t since, now;
	/*
	 * Messages that came on record behind that one are told, whenever they were received; -1
	 * where that is not known: then by receipt, from `since` on.
	 */
	int64_t after;
	int64_t until;	/* what was received later is not told; INT64_MAX but for a day that is over */
	int64_t soon_until;	/* what is due up to then is near */
	size_t limit;	/* rows of each list */
	const char *only;	/* a title of staff: nothing but the cases whose mail was forwarded to that
				   person, or which that person has taken; NULL for the whole desk */
};

/*
 * Reads all of it, in the arena, of one state of the store. With `only`, nothing is read that is
 * of no case, nor what waits to be sent.
 */
void store_daily(struct store *store, struct arena *arena, const struct store_daily *want,
	struct daily *daily_r);

/* Notes a key; true when it was never seen at that desk. */
bool store_key_seen(struct store *store, const char *desk, const char *fpr, int64_t now);

/*
 * What staff were told of a key's end: 0 for nothing, or for another end than this (a key is
 * prolonged); and that they were told now (enum expiry). The key's name is the caller's: one that
 * is several persons' is told of under several.
 */
enum expiry store_key_told(struct store *store, const char *desk, const char *key, int64_t end);
void store_key_tell(struct store *store, const char *desk, const char *key, int64_t end,
	enum expiry step, int64_t now);

/* --- the whole --- */

/*
 * A consistent, checked copy while others write: one file, mode 0600, put in the place of what
 * bore that name.
 */
enum outcome store_backup(struct store *store, const char *path, struct err *err_r);

struct store_verify_row {
	const char *what; /* "integrity", "812 rows of message", "log of case 3", "message 7" */
	bool fine;
	const char *why; /* when it is not */
};

/*
 * integrity_check, the schema, foreign keys, every row against its digest, every
 * table against its tally of rows, every kept message against its hash where it
 * came sealed, every sealed mail of the outbox, every log's hash chain. One row a
 * check that went well, one a fault.
 * Stops at the first altered row unless all.
 */
enum outcome store_verify(struct store *store, struct arena *arena, bool all,
	struct store_verify_row **rows_r, size_t *count_r, struct err *err_r);

struct store_counts {
	int64_t messages, cases_open, cases_closed, unfiled, unrelated;
	int64_t outbox[OUTBOX_STATES];
};
void store_counts(struct store *store, struct store_counts *counts_r);

/*
 * SQLite's quick_check, for at most `ms`. DONE: *why_r is NULL when the file is
 * whole, else what was found first. LATER: the time was not enough.
 */
enum outcome store_quick_check(struct store *store, struct arena *arena, int64_t ms,
	const char **why_r, struct err *err_r);

/* The version of its schema. */
int store_version(struct store *store);

/*
 * Looks at the lock of store_lock() without taking it: whether a process holds
 * it, and the number that this one wrote there (0: none). NEVER: it cannot be looked at.
 */
enum outcome store_lock_look(const char *path, bool *held_r, int64_t *pid_r, struct err *err_r);

/* Bytes of its WAL. */
int64_t store_wal_bytes(const struct store *store);

/* Bytes of the store's file and its WAL. */
int64_t store_bytes(const struct store *store);

#endif
