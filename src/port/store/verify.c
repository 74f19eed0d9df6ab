/*
 * Verifying: SQLite's own checks, the schema against a fresh one, bytes against
 * their hashes, the logs' chains; rows and tables in verify_rows.c. Changes
 * nothing, and reads one state of the store throughout.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "verify_private.h"

#include "base/text.h"
#include "port/box.h"

#include <inttypes.h>
#include <string.h>

void
verify_say(struct verifying *verifying, const char *what, const char *why)
{
	struct store_verify_row *row;

	verifying->rows = store_grow(
		verifying->arena, verifying->rows, verifying->count, sizeof(*verifying->rows));
	row = &verifying->rows[verifying->count++];
	row->what = what;
	row->fine = why == NULL;
	row->why = why;
	if (why != NULL && !verifying->all)
		verifying->stop = true;
}

/* The rows of one query are faults; none means that all is fine. */
static void
check_none(struct verifying *verifying, const char *what, sqlite3_stmt *faults, const char *fine)
{
	bool seen = false;

	while (!verifying->stop && store_row(verifying->store, faults)) {
		char *why = store_text(verifying->arena, faults, 0);

		if (fine != NULL && text_equal(why, fine))
			continue;
		verify_say(verifying, what,
			text_printable(verifying->arena, why != NULL ? why : "damaged"));
		seen = true;
	}
	if (verifying->stop && faults != NULL)
		store_done(faults);
	if (!seen)
		verify_say(verifying, what, NULL);
}

static void
check_integrity(struct verifying *verifying)
{
	check_none(verifying, "integrity",
		store_ask(verifying->store, "PRAGMA integrity_check(20)", ""), "ok");
}

static void
check_foreign_keys(struct verifying *verifying)
{
	check_none(verifying, "foreign keys",
		store_ask(verifying->store,
			"SELECT 'a row of ' || \"table\" || ' names a row of ' || parent ||"
			" ' that is not there' FROM pragma_foreign_key_check()",
			""),
		NULL);
}

#define SCHEMA_SQL \
	"SELECT coalesce(sql, name) FROM sqlite_schema" \
	" WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"

static void
schema_hash(struct store *store, unsigned char hash_r[STORE_HASH_BYTES])
{
	sqlite3_stmt *row = store_ask(store, SCHEMA_SQL, "");
	struct box_sha256 hash;

	box_sha256_start(&hash);
	while (store_row(store, row)) {
		const char *sql = (const char *)sqlite3_column_text(row, 0);

		if (sql != NULL)
			box_sha256_add(&hash, sql, strlen(sql) + 1);
	}
	box_sha256_end(&hash, hash_r);
}

static void
check_schema(struct verifying *verifying)
{
	unsigned char here[STORE_HASH_BYTES], fresh[STORE_HASH_BYTES];
	struct store *other;
	struct err err;

	if (store_open(":memory:", true, &other, &err) != DONE) {
		verify_say(verifying, "schema", arena_strdup(verifying->arena, err.text));
		return;
	}
	schema_hash(verifying->store, here);
	schema_hash(other, fresh);
	store_close(&other);
	verify_say(verifying, "schema",
		memcmp(here, fresh, sizeof(here)) == 0
			? NULL
			: "the tables are not as madoguchi makes them");
}

/* A damaged row may hold NULL where the schema allows none. */
static const char *
text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text != NULL ? text : "";
}

char *
verify_name_row(struct verifying *verifying, const char *table, sqlite3_stmt *row)
{
	return text_printable(
		verifying->arena, arena_printf(verifying->arena, "%s %s", table, text_of(row, 0)));
}

static void
hash_of(sqlite3_stmt *row, int column, unsigned char hash_r[STORE_HASH_BYTES])
{
	const void *bytes = sqlite3_column_blob(row, column);

	box_sha256(bytes != NULL ? bytes : "", (size_t)sqlite3_column_bytes(row, column), hash_r);
}

static bool
is_hash(sqlite3_stmt *row, int column, const unsigned char hash[STORE_HASH_BYTES])
{
	return sqlite3_column_bytes(row, column) == STORE_HASH_BYTES &&
	       memcmp(sqlite3_column_blob(row, column), hash, STORE_HASH_BYTES) == 0;
}

/* --- bytes against their hashes --- */

/* Why a message's kept bytes are not what they should be, NULL when they are. */
static const char *
raw_fault(sqlite3_stmt *row)
{
	unsigned char hash[STORE_HASH_BYTES];

	if (sqlite3_column_type(row, 3) == SQLITE_NULL)
		return "what was kept is gone";
	if (sqlite3_column_int(row, 1) != 1)
		return NULL; /* boxed: only its digest can tell */
	hash_of(row, 3, hash);
	return is_hash(row, 2, hash) ? NULL : "what was kept is not what came";
}

static const char *
sent_fault(sqlite3_stmt *row)
{
	unsigned char hash[STORE_HASH_BYTES];
	char hex[2 * STORE_HASH_BYTES + 1];

	if (sqlite3_column_type(row, 3) == SQLITE_NULL)
		return "the sealed bytes are gone";
	hash_of(row, 3, hash);
	text_hex(hex, hash, sizeof(hash));
	return text_equal_ci(text_of(row, 2), hex) ? NULL
						   : "the sealed bytes do not fit their hash";
}

static void
check_bytes(struct verifying *verifying, sqlite3_stmt *row, const char *what, const char *plural,
	const char *(*fault)(sqlite3_stmt *))
{
	int64_t rows = 0, faults = 0;

	for (; !verifying->stop && store_row(verifying->store, row); rows++) {
		const char *why = fault(row);

		if (why == NULL)
			continue;
		faults++;
		verify_say(verifying, verify_name_row(verifying, what, row), why);
	}
	if (verifying->stop && row != NULL)
		store_done(row);
	if (faults == 0)
		verify_say(verifying, arena_printf(verifying->arena, "%" PRId64 " %s", rows, plural),
			NULL);
}

static void
check_raw(struct verifying *verifying)
{
	check_bytes(verifying,
		store_ask(verifying->store,
			"SELECT m.id, m.kept, m.sha256, r.bytes FROM message m"
			" LEFT JOIN message_raw r ON r.message_id = m.id WHERE m.kept <> 0",
			""),
		"message", "messages that are kept", raw_fault);
}

static void
check_sent(struct verifying *verifying)
{
	check_bytes(verifying,
		store_ask(verifying->store,
			"SELECT o.id, o.sealed, o.sha256, b.bytes FROM outbox o"
			" LEFT JOIN outbox_bytes b ON b.outbox_id = o.id WHERE o.sealed = 1",
			""),
		"outbox", "sealed mails of the outbox", sent_fault);
}

/* --- the logs' chains --- */

/* Follows one case's chain after the other; a broken link is told once a case. */
static void
check_case_chains(struct verifying *verifying)
{
	struct store *store = verifying->store;
	sqlite3_stmt *row = store_ask(store,
		"SELECT case_id, at, who, what, hash FROM log"
		" ORDER BY case_id, id",
		"");
	unsigned char hash[STORE_HASH_BYTES] = { 0 };
	int64_t case_id = -1, broken = -1, logs = 0, faults = 0;

	while (!verifying->stop && store_row(store, row)) {
		unsigned char before[STORE_HASH_BYTES] = { 0 };

		if (sqlite3_column_int64(row, 0) == case_id)
			memcpy(before, hash, sizeof(before));
		else
			logs++;
		case_id = sqlite3_column_int64(row, 0);
		store_log_hash(before, case_id, sqlite3_column_int64(row, 1), text_of(row, 2),
			text_of(row, 3), hash);
		if (is_hash(row, 4, hash) || broken == case_id)
			continue;
		broken = case_id;
		faults++;
		verify_say(verifying, arena_printf(verifying->arena, "log of case %" PRId64, case_id),
			"its chain of hashes is broken");
	}
	if (verifying->stop && row != NULL)
		store_done(row);
	if (faults == 0)
		verify_say(verifying, arena_printf(verifying->arena, "logs of %" PRId64 " cases", logs),
			NULL);
}

static void
check_whole_chain(struct verifying *verifying)
{
	struct store *store = verifying->store;
	sqlite3_stmt *row = store_ask(store, "SELECT id, hash, chain FROM log ORDER BY id", "");
	unsigned char chain[STORE_HASH_BYTES] = { 0 };
	int64_t id = 0;

	while (store_row(store, row)) {
		id = sqlite3_column_int64(row, 0);
		if (sqlite3_column_bytes(row, 1) == STORE_HASH_BYTES)
			store_log_chain(chain, sqlite3_column_blob(row, 1), chain);
		if (is_hash(row, 2, chain))
			continue;
		store_done(row);
		verify_say(verifying, "log",
			arena_printf(verifying->arena,
				"the chain over all entries is broken at entry %" PRId64, id));
		return;
	}
	verify_say(verifying, "log", NULL);
}

enum outcome
store_verify(struct store *store, struct arena *arena, bool all, struct store_verify_row **rows_r,
	size_t *count_r, struct err *err_r)
{
	static void (*const checks[])(struct verifying *) = {
		check_integrity,
		check_schema,
		check_foreign_keys,
		verify_tables,
		check_raw,
		check_sent,
		check_case_chains,
		check_whole_chain,
		verify_tallies,
	};
	struct verifying verifying = { .store = store, .arena = arena, .all = all };
	struct err err = { "" };
	bool snapshot;

	if (store->in_transaction)
		return err_set(err_r, NEVER, "the store is not verified inside a transaction");
	snapshot = store_snapshot(store);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && !verifying.stop; i++) {
		checks[i](&verifying);
		/* A damaged page ends the reading of one table, not of all. */
		if (store_fault(store, &err) != DONE)
			verify_say(&verifying, "reading", arena_strdup(arena, err.text));
	}
	store_snapshot_end(store, snapshot);
	*rows_r = verifying.rows;
	*count_r = verifying.count;
	return DONE;
}
