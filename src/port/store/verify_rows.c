/*
 * Verifying, table by table: each row against its digest, each table against
 * its tally.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "verify_private.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

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
		verify_say(verifying, arena_printf(verifying->arena, "rows of %s", table),
			"it has no digests");
		return;
	}
	for (; !verifying->stop && store_row(store, row); read.rows++) {
		if (row_fits(table, row, digest)) {
			store_sum_add(&read.sum, sqlite3_column_blob(row, digest));
			continue;
		}
		faults++;
		verify_say(verifying, verify_name_row(verifying, table, row), "the row does not fit its digest");
	}
	(void)sqlite3_finalize(row);
	if (faults > 0)
		return;
	verify_say(verifying, arena_printf(verifying->arena, "%" PRId64 " rows of %s", read.rows, table),
		NULL);
	verifying->tables = store_grow(verifying->arena, verifying->tables,
		verifying->table_count, sizeof(*verifying->tables));
	verifying->tables[verifying->table_count++] = read;
}

void
verify_tables(struct verifying *verifying)
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

void
verify_tallies(struct verifying *verifying)
{
	int64_t faults = 0;

	for (size_t i = 0; i < verifying->table_count && !verifying->stop; i++) {
		const struct read_table *read = &verifying->tables[i];
		const char *why =
			text_equal(read->name, "tally") ? NULL : tally_fault(verifying, read);

		if (why == NULL)
			continue;
		faults++;
		verify_say(verifying, arena_printf(verifying->arena, "tally of %s", read->name), why);
	}
	if (faults == 0)
		verify_say(verifying, "tallies", NULL);
}
