/*
 * Each row carries a digest of its own columns, made by SQLite itself whenever
 * the row is written, through a function that is known here alone: a byte that
 * was altered behind the store's back no longer fits. It is no seal against one
 * who can run this program; the logs' heads in mail already sent are.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "port/box.h"

#include <string.h>

static void
add_number(struct box_sha256 *hash, uint64_t number)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(number >> (56 - 8 * i));
	box_sha256_add(hash, bytes, sizeof(bytes));
}

static void
add_bytes(struct box_sha256 *hash, const void *bytes, size_t len)
{
	add_number(hash, len);
	if (len > 0)
		box_sha256_add(hash, bytes, len);
}

/* Type, length, bytes: no two rows look alike to the hash. */
static void
add_value(struct box_sha256 *hash, sqlite3_value *value)
{
	unsigned char type = (unsigned char)sqlite3_value_type(value);

	box_sha256_add(hash, &type, 1);
	if (type == SQLITE_INTEGER)
		add_number(hash, (uint64_t)sqlite3_value_int64(value));
	else if (type != SQLITE_NULL)
		add_bytes(hash, sqlite3_value_blob(value), (size_t)sqlite3_value_bytes(value));
}

/* row_digest('table', column, …) */
static void
row_digest(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char digest[STORE_HASH_BYTES];
	struct box_sha256 hash;

	box_sha256_start(&hash);
	for (int i = 0; i < count; i++)
		add_value(&hash, values[i]);
	box_sha256_end(&hash, digest);
	sqlite3_result_blob(context, digest, STORE_ROW_DIGEST_BYTES, SQLITE_TRANSIENT);
}

/* The same of a row that is read. */
static void
add_column(struct box_sha256 *hash, sqlite3_stmt *stmt, int column)
{
	unsigned char type = (unsigned char)sqlite3_column_type(stmt, column);

	box_sha256_add(hash, &type, 1);
	if (type == SQLITE_INTEGER)
		add_number(hash, (uint64_t)sqlite3_column_int64(stmt, column));
	else if (type != SQLITE_NULL)
		add_bytes(hash, sqlite3_column_blob(stmt, column),
			(size_t)sqlite3_column_bytes(stmt, column));
}

int
store_digest_register(sqlite3 *db)
{
	return sqlite3_create_function_v2(db, "row_digest", -1,
		SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, row_digest, NULL,
		NULL, NULL);
}

void
store_row_digest(const char *table, sqlite3_stmt *stmt, int skip,
	unsigned char digest_r[STORE_ROW_DIGEST_BYTES])
{
	unsigned char type = SQLITE_TEXT, digest[STORE_HASH_BYTES];
	struct box_sha256 hash;

	box_sha256_start(&hash);
	box_sha256_add(&hash, &type, 1);
	add_bytes(&hash, table, strlen(table));
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		if (i != skip)
			add_column(&hash, stmt, i);
	}
	box_sha256_end(&hash, digest);
	memcpy(digest_r, digest, STORE_ROW_DIGEST_BYTES);
}

void
store_log_hash(const unsigned char before[STORE_HASH_BYTES], int64_t case_id, int64_t at,
	const char *who, const char *what, unsigned char hash_r[STORE_HASH_BYTES])
{
	struct box_sha256 hash;

	box_sha256_start(&hash);
	box_sha256_add(&hash, before, STORE_HASH_BYTES);
	add_number(&hash, (uint64_t)case_id);
	add_number(&hash, (uint64_t)at);
	add_bytes(&hash, who, strlen(who));
	add_bytes(&hash, what, strlen(what));
	box_sha256_end(&hash, hash_r);
}

void
store_log_chain(const unsigned char before[STORE_HASH_BYTES],
	const unsigned char hash[STORE_HASH_BYTES], unsigned char chain_r[STORE_HASH_BYTES])
{
	struct box_sha256 state;

	box_sha256_start(&state);
	box_sha256_add(&state, before, STORE_HASH_BYTES);
	box_sha256_add(&state, hash, STORE_HASH_BYTES);
	box_sha256_end(&state, chain_r);
}
