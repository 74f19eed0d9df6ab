/*
 * Transactions and failures. The promise: what store_commit() calls DONE is on
 * the disk whole, and after anything else nothing of it is. The first failure
 * inside is kept and told at the commit; SQLite may have rolled back by itself
 * by then.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

enum outcome
store_outcome(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DONE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_NOMEM:
	case SQLITE_IOERR:
	case SQLITE_INTERRUPT:
	case SQLITE_PROTOCOL:
		return LATER;
	default:
		return NEVER;
	}
}

/* SQLite's own words name tables and indexes, never what stands in a row. */
static enum outcome
say(struct store *store, int code, struct err *err_r)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
		return err_set(err_r, LATER,
			"the store is busy: another process has been writing to it for %d s",
			STORE_BUSY_SECONDS);
	case SQLITE_FULL:
		return err_set(err_r, LATER, "the store cannot grow: the disk is full");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err_r, NEVER, "the store is damaged (%s): restore a backup",
			sqlite3_errmsg(store->db));
	default:
		return err_set(err_r, store_outcome(code), "the store failed: %s (%d)",
			sqlite3_errmsg(store->db), code);
	}
}

void
store_failed(struct store *store, int code)
{
	if (store->outcome == DONE)
		store->outcome = say(store, code, &store->err);
}

void
store_failed_text(struct store *store, enum outcome outcome, const char *sentence)
{
	if (store->outcome == DONE)
		store->outcome = err_set(&store->err, outcome, "%s", sentence);
}

enum outcome
store_fault(struct store *store, struct err *err_r)
{
	enum outcome outcome = store->outcome;

	if (outcome == DONE)
		return DONE;
	if (!store->in_transaction)
		store->outcome = DONE;
	return err_set(err_r, outcome, "%s", store->err.text);
}

int
store_exec(struct store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

bool
store_snapshot(struct store *store)
{
	return sqlite3_get_autocommit(store->db) && store_exec(store, "BEGIN") == SQLITE_OK;
}

void
store_snapshot_end(struct store *store, bool snapshot)
{
	/* Nothing was written: there is nothing that could fail. */
	if (snapshot && !sqlite3_get_autocommit(store->db))
		(void)store_exec(store, "COMMIT");
}

enum outcome
store_begin(struct store *store, struct err *err_r)
{
	int code;

	if (store->in_transaction)
		return err_set(err_r, NEVER, "a transaction of the store inside another one");
	code = store_exec(store, "BEGIN IMMEDIATE");
	if (code != SQLITE_OK)
		return say(store, code, err_r);
	store->in_transaction = true;
	store->outcome = DONE;
	store_tally_forget(store);
	return DONE;
}

void
store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		(void)store_exec(store, "ROLLBACK");
	store->in_transaction = false;
	store->outcome = DONE;
}

enum outcome
store_commit(struct store *store, struct err *err_r)
{
	enum outcome outcome;
	int code;

	if (!store->in_transaction)
		return err_set(err_r, NEVER, "a commit of the store without a transaction");
	/* It may be over already: nothing must be written behind it. */
	if (!sqlite3_get_autocommit(store->db))
		store_tally_write(store);
	outcome = store->outcome;
	if (outcome == DONE && sqlite3_get_autocommit(store->db))
		outcome =
			err_set(&store->err, LATER, "the store gave the transaction up by itself");
	if (outcome != DONE) {
		store_rollback(store);
		return err_set(err_r, outcome, "%s", store->err.text);
	}
	code = store_exec(store, "COMMIT");
	if (code == SQLITE_OK) {
		store->in_transaction = false;
		return DONE;
	}
	outcome = say(store, code, err_r);
	store_rollback(store);
	return outcome;
}
