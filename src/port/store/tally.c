/*
 * For each table, how many rows it has and the sum of their digests, carried
 * along with every change and written with its commit. A digest shows that a
 * row was altered; the tally shows that one was taken out or put in, be it the
 * last of the log, behind which no other hash stands. Counts what this
 * connection changes, through a hook that SQLite calls before each row is
 * written: no statement can forget it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <stdio.h>
#include <string.h>

#define TALLY "tally" /* the one table without a tally of its own: its rows' digests must do */
#define WORD_BYTES 8

static uint64_t
read_word(const unsigned char *bytes)
{
	uint64_t word = 0;

	for (int i = 0; i < WORD_BYTES; i++)
		word = word << 8 | bytes[i];
	return word;
}

static void
write_word(unsigned char *bytes_r, uint64_t word)
{
	for (int i = 0; i < WORD_BYTES; i++)
		bytes_r[i] = (unsigned char)(word >> (56 - 8 * i));
}

static struct store_sum
sum_read(const unsigned char bytes[STORE_ROW_DIGEST_BYTES])
{
	return (struct store_sum){ read_word(bytes), read_word(bytes + WORD_BYTES) };
}

static void
add(struct store_sum *sum, struct store_sum other)
{
	sum->low += other.low;
	sum->high += other.high + (sum->low < other.low);
}

static void
subtract(struct store_sum *sum, struct store_sum other)
{
	sum->high -= other.high + (sum->low < other.low);
	sum->low -= other.low;
}

void
store_sum_add(struct store_sum *sum, const unsigned char digest[STORE_ROW_DIGEST_BYTES])
{
	add(sum, sum_read(digest));
}

static struct store_tally *
find(struct store *store, const char *table)
{
	for (size_t i = 0; i < store->tally_count; i++) {
		if (strcmp(store->tallies[i].name, table) == 0)
			return &store->tallies[i];
	}
	return NULL;
}

/* The digest that stands in the row before it is changed, or after. */
static bool
digest_of(struct store *store, const struct store_tally *tally, bool after,
	struct store_sum *sum_r)
{
	sqlite3_value *value = NULL;
	int code = after ? sqlite3_preupdate_new(store->db, tally->digest, &value)
			 : sqlite3_preupdate_old(store->db, tally->digest, &value);

	if (code != SQLITE_OK) {
		store_failed(store, code);
		return false;
	}
	/* Altered behind our back: that row's fault is verify's to tell. */
	if (sqlite3_value_bytes(value) != STORE_ROW_DIGEST_BYTES)
		return false;
	*sum_r = sum_read(sqlite3_value_blob(value));
	return true;
}

static void
note(void *opaque, sqlite3 *db, int change, const char *schema, const char *table,
	sqlite3_int64 old_id, sqlite3_int64 new_id)
{
	struct store *store = opaque;
	struct store_tally *tally = find(store, table);
	struct store_sum digest;

	(void)db;
	(void)schema;
	(void)old_id;
	(void)new_id;
	if (tally == NULL)
		return;
	tally->touched = true;
	tally->entries += (change == SQLITE_INSERT) - (change == SQLITE_DELETE);
	if (change != SQLITE_INSERT && digest_of(store, tally, false, &digest))
		subtract(&tally->sum, digest);
	if (change != SQLITE_DELETE && digest_of(store, tally, true, &digest))
		add(&tally->sum, digest);
}

/* Which tables there are, and where their digests stand. */
static void
learn_tables(struct store *store)
{
	static const char sql[] =
		"SELECT t.name, c.cid FROM sqlite_schema t, pragma_table_xinfo(t.name) c"
		" WHERE t.type = 'table' AND c.name = 'digest' AND t.name <> '" TALLY "'";
	sqlite3_stmt *row;

	store->tally_count = 0;
	if (sqlite3_prepare_v2(store->db, sql, -1, &row, NULL) != SQLITE_OK) {
		store_failed(store, sqlite3_extended_errcode(store->db));
		return;
	}
	while (store->tally_count < STORE_TABLES && store_row(store, row)) {
		struct store_tally *tally = &store->tallies[store->tally_count++];

		memset(tally, 0, sizeof(*tally));
		(void)snprintf(tally->name, sizeof(tally->name), "%s",
			(const char *)sqlite3_column_text(row, 0));
		tally->digest = sqlite3_column_int(row, 1);
	}
	(void)sqlite3_finalize(row);
}

void
store_tally_start(struct store *store)
{
	learn_tables(store);
	(void)sqlite3_preupdate_hook(store->db, note, store);
}

void
store_tally_forget(struct store *store)
{
	for (size_t i = 0; i < store->tally_count; i++) {
		store->tallies[i].touched = false;
		store->tallies[i].entries = 0;
		store->tallies[i].sum = (struct store_sum){ 0, 0 };
	}
}

bool
store_tally_get(struct store *store, const char *table, int64_t *entries_r, struct store_sum *sum_r)
{
	sqlite3_stmt *row =
		store_ask(store, "SELECT entries, sum FROM tally WHERE name = ?", "t", table);
	bool whole;

	if (!store_row(store, row))
		return false;
	whole = sqlite3_column_bytes(row, 1) == STORE_ROW_DIGEST_BYTES;
	if (whole) {
		*entries_r = sqlite3_column_int64(row, 0);
		*sum_r = sum_read(sqlite3_column_blob(row, 1));
	}
	store_done(row);
	return whole;
}

static void
put(struct store *store, const char *table, int64_t entries, struct store_sum sum)
{
	unsigned char bytes[STORE_ROW_DIGEST_BYTES];

	write_word(bytes, sum.high);
	write_word(bytes + WORD_BYTES, sum.low);
	store_run(store,
		"INSERT INTO tally (name, entries, sum) VALUES (?, ?, ?) ON CONFLICT (name)"
		" DO UPDATE SET entries = excluded.entries, sum = excluded.sum",
		"tib", table, entries, bytes, sizeof(bytes));
}

void
store_tally_write(struct store *store)
{
	for (size_t i = 0; i < store->tally_count; i++) {
		struct store_tally *tally = &store->tallies[i];
		struct store_sum sum = { 0, 0 };
		int64_t entries = 0;

		if (!tally->touched)
			continue;
		/* Its row gone, what is put here cannot fit: verify shall tell. */
		(void)store_tally_get(store, tally->name, &entries, &sum);
		add(&sum, tally->sum);
		put(store, tally->name, entries + tally->entries, sum);
	}
	store_tally_forget(store);
}

static void
count_table(struct store *store, const char *table)
{
	char sql[64 + STORE_TABLE_NAME];
	struct store_sum sum = { 0, 0 };
	int64_t entries = 0;
	sqlite3_stmt *row;

	(void)snprintf(sql, sizeof(sql), "SELECT digest FROM \"%s\"", table);
	if (sqlite3_prepare_v2(store->db, sql, -1, &row, NULL) != SQLITE_OK) {
		store_failed(store, sqlite3_extended_errcode(store->db));
		return;
	}
	for (; store_row(store, row); entries++) {
		if (sqlite3_column_bytes(row, 0) == STORE_ROW_DIGEST_BYTES)
			store_sum_add(&sum, sqlite3_column_blob(row, 0));
	}
	(void)sqlite3_finalize(row);
	put(store, table, entries, sum);
}

void
store_tally_count(struct store *store)
{
	learn_tables(store);
	for (size_t i = 0; i < store->tally_count; i++)
		count_table(store, store->tallies[i].name);
}
