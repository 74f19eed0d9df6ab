/*
 * Verifying: SQLite's own checks, the schema against a fresh one, each row
 * against its digest, each table against its tally, bytes against their hashes,
 * the logs' chains. Changes nothing, and reads one state of the store throughout.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/text.h"
#include "port/box.h"

#include <inttypes.h>
#include <string.h>

/* What was read of a table, to be held against its tally. */
struct read_table {
	const char *name;
	int64_t rows;
	struct store_sum sum;
};

struct verifying {
	struct store *store;
	struct arena *arena;
	bool all;
	bool stop; /* something was altered, and the first is enough */
	struct store_verify_row *rows;
	size_t count;
	struct read_table *tables; /* those whose rows all fit their digests */
	size_t table_count;
};

static void
say(struct verifying *verifying, const char *what, const char *why)
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
		say(verifying, what,
			text_printable(verifying->arena, why != NULL ? why : "damaged"));
		seen = true;
	}
	if (verifying->stop && faults != NULL)
		store_done(faults);
	if (!seen)
		say(verifying, what, NULL);
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
		say(verifying, "schema", arena_strdup(verifying->arena, err.text));
		return;
	}
	schema_hash(verifying->store, here);
	schema_hash(other, fresh);
	store_close(&other);
	say(verifying, "schema",
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

/* --- each row against its digest --- */

static int
digest_column(sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		if (text_equal(sqlite3_column_name(stmt, i), "digest"))
			return i;
	}
	return -1;
}

static bool
row_fits(const char *table, sqlite3_stmt *row, int digest)
{
	unsigned char found[STORE_ROW_DIGEST_BYTES];

	if (sqlite3_column_bytes(row, digest) != STORE_ROW_DIGEST_BYTES)
		return false;
	store_row_digest(table, row, digest, found);
	return memcmp(found, sqlite3_column_blob(row, digest), sizeof(found)) == 0;
}

/* "message 7": the table and the first column, which is the row's id or the case's. */
static char *
name_row(struct verifying *verifying, const char *table, sqlite3_stmt *row)
{
	return text_printable(
		verifying->arena, arena_printf(verifying->arena, "%s %s", table, text_of(row, 0)));
}

static void
check_table(struct verifying *verifying, const char *table)
{
	struct store *store = verifying->store;
	char *sql = arena_printf(verifying->arena, "SELECT * FROM \"%s\"", table);
	struct read_table read = { .name = table };
	int64_t faults = 0;
	sqlite3_stmt *row;
	int digest;

	if (sqlite3_prepare_v2(store->db, sql, -1, &row, NULL) != SQLITE_OK) {
		store_failed(store, sqlite3_extended_errcode(store->db));
		return;
	}
	digest = digest_column(row);
	if (digest < 0) {
		(void)sqlite3_finalize(row);
		say(verifying, arena_printf(verifying->arena, "rows of %s", table),
			"it has no digests");
		return;
	}
	for (; !verifying->stop && store_row(store, row); read.rows++) {
		if (row_fits(table, row, digest)) {
			store_sum_add(&read.sum, sqlite3_column_blob(row, digest));
			continue;
		}
		faults++;
		say(verifying, name_row(verifying, table, row), "the row does not fit its digest");
	}
	(void)sqlite3_finalize(row);
	if (faults > 0)
		return;
	say(verifying, arena_printf(verifying->arena, "%" PRId64 " rows of %s", read.rows, table),
		NULL);
	verifying->tables = store_grow(verifying->arena, verifying->tables,
		verifying->table_count, sizeof(*verifying->tables));
	verifying->tables[verifying->table_count++] = read;
}

static void
check_tables(struct verifying *verifying)
{
	struct store *store = verifying->store;
	sqlite3_stmt *row = store_ask(store,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		" ORDER BY name",
		"");
	const char **names = NULL;
	size_t count = 0;

	while (store_row(store, row)) {
		names = store_grow(verifying->arena, names, count, sizeof(*names));
		names[count++] = store_text(verifying->arena, row, 0);
	}
	for (size_t i = 0; i < count && !verifying->stop; i++)
		check_table(verifying, names[i]);
}

/* Why the rows are not those that were written, though each fits its digest; NULL: they are. */
static const char *
tally_fault(struct verifying *verifying, const struct read_table *read)
{
	struct store_sum written;
	int64_t entries;

	if (!store_tally_get(verifying->store, read->name, &entries, &written))
		return "its tally is gone";
	if (entries != read->rows)
		return arena_printf(verifying->arena,
			"rows that were written: %" PRId64 ", that are there: %" PRId64, entries,
			read->rows);
	if (read->sum.high != written.high || read->sum.low != written.low)
		return "its rows are not those that were written";
	return NULL;
}

/* After the chains, which tell more of a log that lacks an entry. */
static void
check_tallies(struct verifying *verifying)
{
	int64_t faults = 0;

	for (size_t i = 0; i < verifying->table_count && !verifying->stop; i++) {
		const struct read_table *read = &verifying->tables[i];
		const char *why =
			text_equal(read->name, "tally") ? NULL : tally_fault(verifying, read);

		if (why == NULL)
			continue;
		faults++;
		say(verifying, arena_printf(verifying->arena, "tally of %s", read->name), why);
	}
	if (faults == 0)
		say(verifying, "tallies", NULL);
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
		say(verifying, name_row(verifying, what, row), why);
	}
	if (verifying->stop && row != NULL)
		store_done(row);
	if (faults == 0)
		say(verifying, arena_printf(verifying->arena, "%" PRId64 " %s", rows, plural),
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
		say(verifying, arena_printf(verifying->arena, "log of case %" PRId64, case_id),
			"its chain of hashes is broken");
	}
	if (verifying->stop && row != NULL)
		store_done(row);
	if (faults == 0)
		say(verifying, arena_printf(verifying->arena, "logs of %" PRId64 " cases", logs),
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
		say(verifying, "log",
			arena_printf(verifying->arena,
				"the chain over all entries is broken at entry %" PRId64, id));
		return;
	}
	say(verifying, "log", NULL);
}

enum outcome
store_verify(struct store *store, struct arena *arena, bool all, struct store_verify_row **rows_r,
	size_t *count_r, struct err *err_r)
{
	static void (*const checks[])(struct verifying *) = {
		check_integrity,
		check_schema,
		check_foreign_keys,
		check_tables,
		check_raw,
		check_sent,
		check_case_chains,
		check_whole_chain,
		check_tallies,
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
			say(&verifying, "reading", arena_strdup(arena, err.text));
	}
	store_snapshot_end(store, snapshot);
	*rows_r = verifying.rows;
	*count_r = verifying.count;
	return DONE;
}
