/*
 * Alerts in the outbox: what a person was sent of them, and what waits to be told with
 * others. One that waits is queued for later than it was made (outbox_add()); when to
 * tell it is rule/flood's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

_Static_assert(KIND_ALERT == 22, "kinds are on record");

/* As the two indexes have it, word for word: a partial index serves no other question. */
#define WAITS "kind = 22 AND state = 1 AND tries = 0 AND next_try_at > created_at"
#define LETTER "kind = 22 AND state <> 5"

bool
store_alerts_wait(struct store *store, const char *staff)
{
	return store_ask_int(store, "SELECT 1 FROM outbox WHERE " WAITS " AND staff = ? LIMIT 1", "t",
		staff) != 0;
}

int
store_alert_letters(struct store *store, const char *staff, int64_t since, int64_t now)
{
	return (int)store_ask_int(store,
		"SELECT count(*) FROM outbox WHERE " LETTER " AND staff = ? AND created_at > ?"
		" AND created_at <= ? AND NOT (" WAITS ")",
		"tii", staff, since, now);
}

int64_t
store_alert_summary(struct store *store, const char *staff, int64_t since, int64_t now)
{
	return store_ask_int(store,
		"SELECT coalesce(max(created_at), 0) FROM outbox WHERE " LETTER " AND staff = ?"
		" AND created_at > ? AND created_at <= ? AND params LIKE 'alert: several%'",
		"tii", staff, since, now);
}

char *
store_alert_thread(struct store *store, struct arena *arena, int64_t case_id, const char *staff)
{
	char *found = NULL;
	sqlite3_stmt *row = store_ask(store,
		"SELECT message_id FROM outbox WHERE " STORE_OUTBOX_OF_CASE " AND " LETTER " AND NOT (" WAITS
		") AND staff = ?2 ORDER BY id LIMIT 1",
		"it", case_id, staff);

	if (!store_row(store, row))
		return NULL;
	found = store_text(arena, row, 0);
	store_done(row);
	return found;
}

size_t
store_alert_queues(struct store *store, struct arena *arena, struct store_alert_queue **list_r)
{
	struct store_alert_queue *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT o.staff, d.title, min(o.created_at), max(o.created_at) FROM"
		" (SELECT staff, desk_id, created_at FROM outbox WHERE " WAITS ") o"
		" JOIN desk d ON d.id = o.desk_id GROUP BY o.staff, o.desk_id", "");

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].staff = store_text(arena, row, 0);
		list[count].desk = store_text(arena, row, 1);
		list[count].first = sqlite3_column_int64(row, 2);
		list[count++].last = sqlite3_column_int64(row, 3);
	}
	*list_r = list;
	return count;
}

#define SELECT_ALERT "SELECT id, case_id, created_at, params FROM outbox"

static size_t
read_alerts(struct store *store, struct arena *arena, sqlite3_stmt *row,
	struct record_outbox **list_r)
{
	struct record_outbox *list = NULL;
	size_t count = 0;

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count] = (struct record_outbox){ .id = sqlite3_column_int64(row, 0),
			.case_id = sqlite3_column_int64(row, 1),
			.created_at = sqlite3_column_int64(row, 2),
			.params = store_text(arena, row, 3) };
		count++;
	}
	for (size_t i = 0; i < count; i++)
		list[i].case_id = store_case_resolve(store, list[i].case_id);
	*list_r = list;
	return count;
}

size_t
store_alerts_waiting(struct store *store, struct arena *arena, const char *staff, const char *desk,
	size_t limit, struct record_outbox **list_r)
{
	return read_alerts(store, arena,
		store_ask(store,
			SELECT_ALERT " WHERE " WAITS " AND staff = ?"
			" AND desk_id = (SELECT id FROM desk WHERE title = ?)"
			" ORDER BY created_at, id LIMIT ?",
			"tti", staff, desk, (int64_t)limit),
		list_r);
}

size_t
store_alerts_unsent(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r)
{
	return read_alerts(store, arena,
		store_ask(store,
			SELECT_ALERT " WHERE state IN (1, 2) AND kind = 22"
			" AND desk_id = (SELECT id FROM desk WHERE title = ?) ORDER BY id LIMIT ?",
			"ti", desk, (int64_t)limit),
		list_r);
}

void
store_alert_release(struct store *store, int64_t id, int64_t now)
{
	/* One that is due later than it was made would still be one that waits. */
	store_run(store,
		"UPDATE outbox SET next_try_at = CASE WHEN created_at < ? THEN created_at ELSE ? END,"
		" last_error = NULL WHERE id = ? AND state = 1",
		"iii", now, now, id);
}
