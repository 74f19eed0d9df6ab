/*
 * What staff were told of deadlines and of cases that are nobody's. What to tell and
 * when is rule/remind's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <stdio.h>

size_t
store_reminders(struct store *store, struct arena *arena, const char *desk, int64_t until,
	struct store_reminder **list_r)
{
	struct store_reminder *list = NULL;
	struct store_item *items;
	size_t count = 0, item_count;
	sqlite3_stmt *row = store_ask(store,
		"SELECT coalesce((SELECT f.received_at FROM message f WHERE f.id = l.from_message),"
		" c.opened_at), coalesce(r.what, 0), " STORE_DEADLINE_COLUMNS " FROM deadline l"
		" JOIN case_record c ON c.id = l.case_id JOIN desk d ON d.id = c.desk_id"
		" LEFT JOIN reminded r ON r.deadline_id = l.id WHERE l.state = 0 AND c.state = 0"
		" AND l.due <= ? AND d.title = ? AND coalesce(r.what, 0) < 3 ORDER BY l.due, l.id",
		"it", until, desk);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].opened = sqlite3_column_int64(row, 0);
		list[count].told = (enum reminder)store_below(store, row, 1, REMINDERS);
		store_deadline_read(store, row, 2, &list[count++].deadline);
	}
	item_count = store_items(store, arena, desk, until, &items);
	for (size_t i = 0; i < item_count; i++) {
		if (items[i].told == REMINDER_OVERDUE)
			continue;
		list = store_grow(arena, list, count, sizeof(*list));
		list[count++] = (struct store_reminder){ items[i].deadline, items[i].opened,
			items[i].told };
	}
	*list_r = list;
	return count;
}

void
store_reminded(struct store *store, int64_t deadline, enum reminder what, int64_t now)
{
	store_run(store,
		"INSERT INTO reminded (deadline_id, what, at) VALUES (?, ?, ?)"
		" ON CONFLICT (deadline_id) DO UPDATE SET what = excluded.what, at = excluded.at",
		"idi", deadline, (int)what, now);
}

size_t
store_untaken_cases(struct store *store, struct arena *arena, const char *desk,
	struct store_untaken **list_r)
{
	struct store_untaken *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT c.id, c.opened_at, coalesce(u.what, 0) FROM case_record c"
		" JOIN desk d ON d.id = c.desk_id LEFT JOIN untaken u ON u.case_id = c.id"
		" WHERE c.state = 0 AND c.assignee IS NULL AND d.title = ?"
		" AND coalesce(u.what, 0) < 2 ORDER BY c.id",
		"t", desk);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].case_id = sqlite3_column_int64(row, 0);
		list[count].opened_at = sqlite3_column_int64(row, 1);
		list[count++].told = (enum untaken)store_below(store, row, 2, UNTAKENS);
	}
	*list_r = list;
	return count;
}

void
store_untaken(struct store *store, int64_t case_id, enum untaken what, int64_t now)
{
	store_run(store,
		"INSERT INTO untaken (case_id, what, at) VALUES (?, ?, ?)"
		" ON CONFLICT (case_id) DO UPDATE SET what = excluded.what, at = excluded.at",
		"idi", case_id, (int)what, now);
}

size_t
store_deadlines_open(struct store *store, struct arena *arena, struct store_open_deadline **list_r)
{
	struct store_open_deadline *list = NULL;
	struct store_item *items;
	size_t count = 0, item_count;
	sqlite3_stmt *row = store_ask(store,
		"SELECT d.title, (SELECT n.number FROM case_number n WHERE n.case_id = c.id"
		" ORDER BY n.id LIMIT 1), " STORE_DEADLINE_COLUMNS " FROM deadline l"
		" JOIN case_record c ON c.id = l.case_id JOIN desk d ON d.id = c.desk_id"
		" WHERE l.state = 0 AND c.state = 0 ORDER BY l.due, l.id", "");

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].desk = store_text(arena, row, 0);
		list[count].number = store_text(arena, row, 1);
		store_deadline_read(store, row, 2, &list[count++].deadline);
	}
	item_count = store_items(store, arena, NULL, INT64_MAX, &items);
	for (size_t i = 0; i < item_count; i++) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count++] = (struct store_open_deadline){ items[i].deadline, items[i].desk,
			items[i].number };
	}
	*list_r = list;
	return count;
}

void
store_deadlines_stamp(struct store *store, char stamp_r[STORE_STAMP])
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT hex(sum) FROM tally WHERE name IN ('deadline', 'case_record', 'case_number',"
		" 'incident_due', 'checklist_tick') ORDER BY name", "");
	size_t len = 0;

	stamp_r[0] = '\0';
	while (store_row(store, row)) {
		const char *sum = (const char *)sqlite3_column_text(row, 0);
		int wrote = snprintf(stamp_r + len, STORE_STAMP - len, "%s", sum != NULL ? sum : "");

		len += wrote > 0 && (size_t)wrote < STORE_STAMP - len ? (size_t)wrote : 0;
	}
}
