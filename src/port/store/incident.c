/*
 * The list for trouble under way: its items' dates are owed as deadlines are, as long as
 * they are not ticked and the case is open.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <string.h>

bool
store_incident_open(struct store *store, int64_t case_id, int64_t now, const char *who)
{
	return store_run(store,
		       "INSERT INTO incident (case_id, opened_at, opened_by) VALUES (?, ?, ?)"
		       " ON CONFLICT (case_id) DO NOTHING",
		       "iit", case_id, now, who) > 0;
}

void
store_incident_due(struct store *store, int64_t case_id, const char *item, int64_t due)
{
	store_run(store,
		"INSERT INTO incident_due (case_id, item, due) VALUES (?, ?, ?)"
		" ON CONFLICT (case_id, item) DO UPDATE SET due = excluded.due",
		"iti", case_id, item, due);
}

bool
store_incident_get(struct store *store, struct arena *arena, int64_t case_id,
	struct record_incident *incident_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT opened_at, opened_by FROM incident WHERE case_id = ?", "i", case_id);

	if (!store_row(store, row))
		return false;
	memset(incident_r, 0, sizeof(*incident_r));
	incident_r->opened_at = sqlite3_column_int64(row, 0);
	incident_r->opened_by = store_text(arena, row, 1);
	store_done(row);
	row = store_ask(store,
		"SELECT item, due FROM incident_due WHERE case_id = ? ORDER BY item", "i",
		case_id);
	while (store_row(store, row)) {
		struct record_item_due *item;

		incident_r->dues = store_grow(
			arena, incident_r->dues, incident_r->due_count, sizeof(*incident_r->dues));
		item = &incident_r->dues[incident_r->due_count++];
		item->item = store_text(arena, row, 0);
		item->due = sqlite3_column_int64(row, 1);
	}
	return true;
}

static void
item_is(struct record_deadline *deadline, int64_t case_id, const char *item, int64_t due)
{
	*deadline = (struct record_deadline){ .case_id = case_id, .item = item, .due = due,
		.state = DEADLINE_PENDING, .source = SOURCE_STAFF };
}

bool
store_item_next(struct store *store, struct arena *arena, int64_t case_id,
	struct record_deadline *next_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT i.item, i.due FROM incident_due i WHERE i.case_id = ? AND NOT EXISTS"
		" (SELECT 1 FROM checklist_tick t WHERE t.case_id = i.case_id AND t.item = i.item)"
		" ORDER BY i.due, i.item LIMIT 1",
		"i", case_id);

	if (!store_row(store, row))
		return false;
	item_is(next_r, case_id, store_text(arena, row, 0), sqlite3_column_int64(row, 1));
	store_done(row);
	return true;
}

/* Few cases ever are in trouble: their lists are walked, and no index is kept for it. */
size_t
store_items(struct store *store, struct arena *arena, const char *desk, int64_t until,
	struct store_item **list_r)
{
	struct store_item *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT i.case_id, i.item, i.due, p.opened_at, d.title,"
		" (SELECT n.number FROM case_number n WHERE n.case_id = c.id ORDER BY n.id LIMIT 1),"
		" coalesce((SELECT r.what FROM incident_reminded r WHERE r.case_id = i.case_id"
		" AND r.item = i.item AND r.due = i.due), 0)"
		" FROM incident p CROSS JOIN case_record c CROSS JOIN desk d CROSS JOIN incident_due i"
		" WHERE c.id = p.case_id AND c.state = 0 AND d.id = c.desk_id"
		" AND (?1 IS NULL OR d.title = ?1) AND i.case_id = p.case_id AND i.due <= ?2"
		" AND NOT EXISTS (SELECT 1 FROM checklist_tick t WHERE t.case_id = i.case_id"
		" AND t.item = i.item) ORDER BY i.due, i.case_id, i.item",
		"ti", desk, until);

	while (store_row(store, row)) {
		struct store_item *item;

		list = store_grow(arena, list, count, sizeof(*list));
		item = &list[count++];
		item_is(&item->deadline, sqlite3_column_int64(row, 0), store_text(arena, row, 1),
			sqlite3_column_int64(row, 2));
		item->opened = sqlite3_column_int64(row, 3);
		item->desk = store_text(arena, row, 4);
		item->number = store_text(arena, row, 5);
		item->told = (enum reminder)store_below(store, row, 6, REMINDERS);
	}
	*list_r = list;
	return count;
}

void
store_item_reminded(struct store *store, int64_t case_id, const char *item, int64_t due,
	enum reminder what, int64_t now)
{
	store_run(store,
		"INSERT INTO incident_reminded (case_id, item, due, what, at) VALUES (?, ?, ?, ?, ?)"
		" ON CONFLICT (case_id, item, due) DO UPDATE SET what = excluded.what, at = excluded.at",
		"itidi", case_id, item, due, (int)what, now);
}
