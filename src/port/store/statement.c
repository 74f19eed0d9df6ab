/*
 * Statements: prepared once, found again by the address of their text, bound by
 * a format, every step's code looked at. Must not know any table.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <stdarg.h>

static size_t
slot_of(const char *sql)
{
	uint64_t bits = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(bits >> 32) & (STORE_SLOTS - 1);
}

static sqlite3_stmt *
find(struct store *store, const char *sql)
{
	size_t at = slot_of(sql);
	int code;

	for (size_t i = 0; i < STORE_SLOTS; i++, at = (at + 1) & (STORE_SLOTS - 1)) {
		struct store_slot *slot = &store->slots[at];

		if (slot->sql == sql)
			return slot->stmt;
		if (slot->sql != NULL)
			continue;
		code = sqlite3_prepare_v3(
			store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->stmt, NULL);
		if (code != SQLITE_OK) {
			store_failed(store, code);
			return NULL;
		}
		slot->sql = sql;
		return slot->stmt;
	}
	store_failed_text(store, NEVER, "more SQL statements than slots for them");
	return NULL;
}

static int
bind_one(sqlite3_stmt *stmt, int at, char letter, va_list *args)
{
	const void *bytes;
	int64_t number;
	size_t len;

	switch (letter) {
	case 'd':
		return sqlite3_bind_int(stmt, at, va_arg(*args, int));
	case 'i':
		return sqlite3_bind_int64(stmt, at, va_arg(*args, int64_t));
	case 'z':
		number = va_arg(*args, int64_t);
		return number == 0 ? sqlite3_bind_null(stmt, at)
				   : sqlite3_bind_int64(stmt, at, number);
	case 't':
		return sqlite3_bind_text(stmt, at, va_arg(*args, const char *), -1, SQLITE_STATIC);
	case 'b':
		bytes = va_arg(*args, const void *);
		len = va_arg(*args, size_t);
		return sqlite3_bind_blob64(stmt, at, bytes, len, SQLITE_STATIC);
	default:
		return SQLITE_MISUSE;
	}
}

static sqlite3_stmt *
ask(struct store *store, const char *sql, const char *format, va_list *args)
{
	sqlite3_stmt *stmt = find(store, sql);
	int code = SQLITE_OK, at = 0;

	if (stmt == NULL)
		return NULL;
	for (; code == SQLITE_OK && format[at] != '\0'; at++)
		code = bind_one(stmt, at + 1, format[at], args);
	if (code == SQLITE_OK && at != sqlite3_bind_parameter_count(stmt))
		code = SQLITE_RANGE;
	if (code == SQLITE_OK)
		return stmt;
	store_failed(store, code);
	store_done(stmt);
	return NULL;
}

sqlite3_stmt *
store_ask(struct store *store, const char *sql, const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, format);
	stmt = ask(store, sql, format, &args);
	va_end(args);
	return stmt;
}

bool
store_row(struct store *store, sqlite3_stmt *stmt)
{
	int code;

	if (stmt == NULL)
		return false;
	code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		store_failed(store, code);
	store_done(stmt);
	return false;
}

void
store_done(sqlite3_stmt *stmt)
{
	/* The code of a failed step comes back here once more: it was noted already. */
	(void)sqlite3_reset(stmt);
	(void)sqlite3_clear_bindings(stmt);
}

/* Whether a change may be run now. */
static bool
may_write(struct store *store)
{
	if (!store->in_transaction)
		store_failed_text(store, NEVER, "a change of the store outside a transaction");
	return store->outcome == DONE;
}

int
store_run(struct store *store, const char *sql, const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	if (!may_write(store))
		return 0;
	va_start(args, format);
	stmt = ask(store, sql, format, &args);
	va_end(args);
	while (store_row(store, stmt))
		;
	return store->outcome == DONE ? sqlite3_changes(store->db) : 0;
}

int64_t
store_run_id(struct store *store, const char *sql, const char *format, ...)
{
	sqlite3_stmt *stmt;
	int64_t id = 0;
	va_list args;

	if (!may_write(store))
		return 0;
	va_start(args, format);
	stmt = ask(store, sql, format, &args);
	va_end(args);
	for (bool first = true; store_row(store, stmt); first = false) {
		if (first)
			id = sqlite3_column_int64(stmt, 0);
	}
	return store->outcome == DONE ? id : 0;
}

int64_t
store_ask_int(struct store *store, const char *sql, const char *format, ...)
{
	sqlite3_stmt *stmt;
	int64_t number;
	va_list args;

	va_start(args, format);
	stmt = ask(store, sql, format, &args);
	va_end(args);
	if (!store_row(store, stmt))
		return 0;
	number = sqlite3_column_int64(stmt, 0);
	store_done(stmt);
	return number;
}

size_t
store_ask_ids(struct store *store, struct arena *arena, int64_t **ids_r, const char *sql,
	const char *format, ...)
{
	sqlite3_stmt *stmt;
	int64_t *ids = NULL;
	size_t count = 0;
	va_list args;

	va_start(args, format);
	stmt = ask(store, sql, format, &args);
	va_end(args);
	while (store_row(store, stmt)) {
		ids = store_grow(arena, ids, count, sizeof(*ids));
		ids[count++] = sqlite3_column_int64(stmt, 0);
	}
	*ids_r = ids;
	return count;
}

char *
store_text(struct arena *arena, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return arena_strdup(arena, text);
}

void *
store_blob(struct arena *arena, sqlite3_stmt *stmt, int column, size_t *len_r)
{
	const void *bytes = sqlite3_column_blob(stmt, column);

	*len_r = bytes != NULL ? (size_t)sqlite3_column_bytes(stmt, column) : 0;
	return arena_memdup(arena, bytes != NULL ? bytes : "", *len_r);
}

int
store_below(struct store *store, sqlite3_stmt *stmt, int column, int limit)
{
	int64_t number = sqlite3_column_int64(stmt, column);

	if (number >= 0 && number < limit)
		return (int)number;
	store_failed_text(store, NEVER, "a row of the store holds a value that none may have");
	return 0;
}

void *
store_grow(struct arena *arena, void *list, size_t count, size_t size)
{
	const size_t first = 8;

	if (count == 0)
		return arena_calloc(arena, first, size);
	if (count < first || (count & (count - 1)) != 0)
		return list;
	return arena_resize(arena, list, count * size, 2 * count * size);
}
