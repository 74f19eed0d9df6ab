/*
 * The inside of the store: its handle, and the few calls through which every
 * file here speaks SQL. Not for anyone outside this folder.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQLITE_ENABLE_PREUPDATE_HOOK
#include <sqlite3.h>

#include "base/arena.h"
#include "port/store.h"

#define STORE_SLOTS 512 /* a power of two, well above the number of statements in this folder */
#define STORE_APPLICATION_ID 0x4d414447 /* "MADG" */
#define STORE_HASH_BYTES 32
#define STORE_KEY_DIGITS 16
#define STORE_ROW_DIGEST_BYTES 16
#define STORE_TABLES 64
#define STORE_TABLE_NAME 32

/* A prepared statement, found again by the address of its text: every text is a literal. */
struct store_slot {
	const char *sql;
	sqlite3_stmt *stmt;
};

/* A 128-bit number, added to without regard to overflow. */
struct store_sum {
	uint64_t high, low;
};

/* What the open transaction has added to a table, and taken from it. */
struct store_tally {
	char name[STORE_TABLE_NAME];
	int digest; /* the column that holds it */
	bool touched;
	int64_t entries;
	struct store_sum sum;
};

struct store {
	sqlite3 *db;
	char *path;
	struct store_slot slots[STORE_SLOTS];
	bool in_transaction;
	enum outcome outcome; /* of the first thing that failed and was not told yet */
	struct err err;
	struct store_tally tallies[STORE_TABLES];
	size_t tally_count;
};

/* --- what SQLite says, as outcome and sentence --- */

/* Full, busy, out of memory or descriptors: LATER; the rest NEVER. */
enum outcome store_outcome(int code);

/* Notes the first failure: the transaction is poisoned by it. */
void store_failed(struct store *store, int code);
void store_failed_text(struct store *store, enum outcome outcome, const char *sentence);

/* --- statements --- */

/*
 * A statement with its parameters bound, ready to step; NULL when that failed.
 * One letter a parameter: d int, i int64_t, z int64_t of which 0 is NULL, t text
 * or NULL, b bytes and their size_t length (NULL bytes are NULL). What is bound
 * must live until the last step. A statement is not asked again before its rows
 * are through.
 */
sqlite3_stmt *store_ask(struct store *store, const char *sql, const char *format, ...);

/* Steps: true while there is a row. At the end, or on a failure, the statement is put back. */
bool store_row(struct store *store, sqlite3_stmt *stmt);

/* Puts it back before its last row. */
void store_done(sqlite3_stmt *stmt);

/*
 * Runs a change and gives how many rows it touched, 0 when it failed. Outside a
 * transaction, or in a poisoned one, nothing is run.
 */
int store_run(struct store *store, const char *sql, const char *format, ...);

/* Runs a change with RETURNING and gives the first column of its first row, 0 for none. */
int64_t store_run_id(struct store *store, const char *sql, const char *format, ...);

/* The first column of the first row, 0 for none. */
int64_t store_ask_int(struct store *store, const char *sql, const char *format, ...);

/* Every row's first column. */
size_t store_ask_ids(struct store *store, struct arena *arena, int64_t **ids_r, const char *sql,
	const char *format, ...);

/* Plain SQL without rows, such as BEGIN; the code. */
int store_exec(struct store *store, const char *sql);

/*
 * Several reads of one state of the store (and one lock for all of them), unless
 * a transaction is open already. What comes back goes to the end.
 */
bool store_snapshot(struct store *store);
void store_snapshot_end(struct store *store, bool snapshot);

/* --- columns --- */

char *store_text(struct arena *arena, sqlite3_stmt *stmt, int column);
void *store_blob(struct arena *arena, sqlite3_stmt *stmt, int column, size_t *len_r);

/* A number that must be below limit; a damaged row counts as a failure and gives 0. */
int store_below(struct store *store, sqlite3_stmt *stmt, int column, int limit);

/* Room for one more at the end of a list of count elements that grew by this call alone. */
void *store_grow(struct arena *arena, void *list, size_t count, size_t size);

/* --- shared by several files --- */

/* The desk's row, made when it is not there. */
int64_t store_desk_id(struct store *store, const char *desk);

/* The last 16 digits of a key id or fingerprint, in upper case. */
void store_key_tail(const char *key_id, char tail_r[STORE_KEY_DIGITS + 1]);

/* Brings the schema up to the newest version, inside a transaction of its own. */
enum outcome store_migrate(struct store *store, bool create, struct err *err_r);

/* Opens and sets up a connection; the schema is not looked at. */
enum outcome store_connect(const char *path, int flags, struct store **store_r, struct err *err_r);

/*
 * SQLite refuses a link anywhere in a path, we only in its last part: the folder's true path and
 * the name.
 */
enum outcome store_real_path(const char *path, char real_r[PATH_MAX], struct err *err_r);

/* Makes an empty file, mode 0600 whatever the umask. */
enum outcome store_make_file(const char *path, struct err *err_r);

/* The SQL function with which each row carries a digest of its columns. */
int store_digest_register(sqlite3 *db);

/* The digest of a row as it is read: all columns of the statement but the one at `skip`. */
void store_row_digest(const char *table, sqlite3_stmt *stmt, int skip,
	unsigned char digest_r[STORE_ROW_DIGEST_BYTES]);

/* --- tallies (tally.c): rows that are added or taken away behind the store's back show --- */

/* From now on what this connection changes is counted. */
void store_tally_start(struct store *store);

/* Counts every table anew; after the schema has changed. */
void store_tally_count(struct store *store);

/* The transaction's changes go into the tallies, before its commit; or are forgotten. */
void store_tally_write(struct store *store);
void store_tally_forget(struct store *store);

void store_sum_add(struct store_sum *sum, const unsigned char digest[STORE_ROW_DIGEST_BYTES]);

/* What the tally of a table says; false when it has none. */
bool store_tally_get(struct store *store, const char *table, int64_t *entries_r,
	struct store_sum *sum_r);

/* The hash of a log entry behind the previous one of its case, and the head over all cases. */
void store_log_hash(const unsigned char before[STORE_HASH_BYTES], int64_t case_id, int64_t at,
	const char *who, const char *what, unsigned char hash_r[STORE_HASH_BYTES]);
void store_log_chain(const unsigned char before[STORE_HASH_BYTES],
	const unsigned char hash[STORE_HASH_BYTES], unsigned char chain_r[STORE_HASH_BYTES]);

/* The columns of a message, of a deadline: what the readers below expect, in this order. */
#define STORE_MESSAGE_COLUMNS \
	"m.id, d.title, m.direction, m.kind, m.stage, m.trust, m.message_id, m.from_text," \
	" m.to_text, m.date, m.received_at, m.subject, m.encrypted, m.signed_by, m.folder," \
	" m.problems, m.why, m.sha256, m.size, m.kept, m.staff_said, m.unfiled"
#define STORE_DEADLINE_COLUMNS \
	"l.id, l.case_id, l.kind, l.due, l.state, l.source, l.from_message, l.met_by," \
	" (SELECT f.stage FROM message f WHERE f.id = l.from_message)"

/* Reads a deadline from the columns from `column` on. */
void store_deadline_read(
	struct store *store, sqlite3_stmt *stmt, int column, struct record_deadline *deadline_r);

/* What is owed of a list for trouble under way (incident.c). */
struct store_item {
	struct record_deadline deadline;
	const char *desk;
	const char *number;	/* the case's main one, NULL for none */
	int64_t opened;		/* the list */
	enum reminder told;
};

/* Of the desk (NULL: of all), due at `until` or before, the earliest first. */
size_t store_items(struct store *store, struct arena *arena, const char *desk, int64_t until,
	struct store_item **list_r);

/* What is due first of the case, whether open or not; false for nothing. */
bool store_item_next(struct store *store, struct arena *arena, int64_t case_id,
	struct record_deadline *next_r);

/* Lists of messages: reads all rows of the statement, then their cases and attachments. */
size_t store_messages_read(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
	struct record_message **list_r);

/* Of entries of the outbox: the case's own (?1), and what stayed on record of cases that were merged into it. */
#define STORE_OUTBOX_OF_CASE \
	"(case_id = ?1 OR case_id IN (SELECT case_id FROM case_merged WHERE into_id = ?1))"

#endif
