/*
 * Cases, read: one, or all that a filter lets through, with numbers, sites, the
 * cases beside them and the next deadline.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#define SELECT_CASE \
	"SELECT c.id, d.title, c.title, c.coordinator, c.origin, c.state, c.stage, c.phase," \
	" c.trust, c.number_bound, c.assignee, c.opened_at, c.updated_at, (SELECT count(*)" \
	" FROM case_message x WHERE x.case_id = c.id), " STORE_DEADLINE_COLUMNS \
	" FROM case_record c JOIN desk d ON d.id = c.desk_id" \
	" LEFT JOIN deadline l ON l.id = (SELECT y.id FROM deadline y" \
	"  WHERE y.case_id = c.id AND y.state = 0 ORDER BY y.due, y.id LIMIT 1)"
#define DEADLINE_AT 14

static void
read_row(struct store *store, struct arena *arena, sqlite3_stmt *row, struct record_case *record)
{
	record->id = sqlite3_column_int64(row, 0);
	record->desk = store_text(arena, row, 1);
	record->title = store_text(arena, row, 2);
	record->coordinator = store_text(arena, row, 3);
	record->origin = (enum origin)store_below(store, row, 4, ORIGINS);
	record->state = (enum case_state)store_below(store, row, 5, CASE_STATES);
	record->stage = (enum stage)store_below(store, row, 6, STAGES);
	record->phase = (enum phase)store_below(store, row, 7, PHASES);
	record->trust = (enum trust)store_below(store, row, 8, TRUSTS);
	record->number_bound = sqlite3_column_int(row, 9) != 0;
	record->assignee = store_text(arena, row, 10);
	record->opened_at = sqlite3_column_int64(row, 11);
	record->updated_at = sqlite3_column_int64(row, 12);
	record->messages = sqlite3_column_int64(row, 13);
	record->has_deadline = sqlite3_column_type(row, DEADLINE_AT) != SQLITE_NULL;
	if (record->has_deadline)
		store_deadline_read(store, row, DEADLINE_AT, &record->next_deadline);
}

static size_t
read_strings(struct store *store, struct arena *arena, sqlite3_stmt *row, const char ***list_r)
{
	const char **list = NULL;
	size_t count = 0;

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count++] = store_text(arena, row, 0);
	}
	*list_r = list;
	return count;
}

/* The earlier of the two; what a closed case has not ticked is owed no more. */
static void
read_item(struct store *store, struct arena *arena, struct record_case *record)
{
	struct record_deadline next;

	if (record->state != CASE_OPEN || !store_item_next(store, arena, record->id, &next) ||
		(record->has_deadline && record->next_deadline.due <= next.due))
		return;
	record->has_deadline = true;
	record->next_deadline = next;
}

static void
read_parts(struct store *store, struct arena *arena, struct record_case *record)
{
	read_item(store, arena, record);
	record->number_count = read_strings(store, arena,
		store_ask(store,
			"SELECT number FROM case_number WHERE case_id = ? ORDER BY bound DESC, id",
			"i", record->id),
		&record->numbers);
	record->site_count = read_strings(store, arena,
		store_ask(store, "SELECT site FROM case_site WHERE case_id = ? ORDER BY id", "i",
			record->id),
		&record->sites);
	if (record->number_count == 0)
		return;
	record->beside_count = store_ask_ids(store, arena, &record->beside,
		"SELECT DISTINCT o.case_id FROM case_number n JOIN case_number o"
		" ON o.number = n.number JOIN case_record mine ON mine.id = n.case_id"
		" JOIN case_record other ON other.id = o.case_id AND other.desk_id = mine.desk_id"
		" WHERE n.case_id = ? AND o.case_id <> n.case_id ORDER BY o.case_id LIMIT ?",
		"id", record->id, STORE_BESIDE_MAX);
}

static size_t
read_cases(
	struct store *store, struct arena *arena, sqlite3_stmt *stmt, struct record_case **list_r)
{
	bool snapshot = store_snapshot(store);
	struct record_case *list = NULL;
	size_t count = 0;

	while (store_row(store, stmt)) {
		list = store_grow(arena, list, count, sizeof(*list));
		read_row(store, arena, stmt, &list[count++]);
	}
	for (size_t i = 0; i < count; i++)
		read_parts(store, arena, &list[i]);
	store_snapshot_end(store, snapshot);
	*list_r = list;
	return count;
}

struct record_case *
store_case_get(struct store *store, struct arena *arena, int64_t id)
{
	struct record_case *list;

	return read_cases(store, arena, store_ask(store, SELECT_CASE " WHERE c.id = ?", "i", id),
		       &list) > 0
		       ? list
		       : NULL;
}

size_t
store_case_by_number(struct store *store, struct arena *arena, const char *number, int64_t **ids_r)
{
	return store_ask_ids(store, arena, ids_r,
		"SELECT case_id FROM case_number WHERE number = ? ORDER BY bound DESC, case_id",
		"t", number);
}

size_t
store_case_bound(struct store *store, struct arena *arena, const char *number, int64_t **ids_r)
{
	return store_ask_ids(store, arena, ids_r,
		"SELECT case_id FROM case_number WHERE number = ? AND bound = 1 ORDER BY case_id",
		"t", number);
}

/* A case that was merged is told by the one that it is part of. */
#define NOT_MERGED " AND NOT EXISTS (SELECT 1 FROM case_merged g WHERE g.case_id = c.id)"
#define LIST(where) \
	SELECT_CASE " WHERE (?1 IS NULL OR d.title = ?1)" where NOT_MERGED " ORDER BY c.id"
#define IN_STATE " AND c.state = ?2"
#define OVERDUE \
	" AND c.id IN (SELECT z.case_id FROM deadline z WHERE z.state = 0 AND z.due < ?3" \
	" UNION ALL SELECT i.case_id FROM incident p CROSS JOIN case_record q CROSS JOIN incident_due i" \
	" WHERE q.id = p.case_id AND q.state = 0 AND i.case_id = p.case_id AND i.due < ?3" \
	" AND NOT EXISTS (SELECT 1 FROM checklist_tick t WHERE t.case_id = i.case_id" \
	" AND t.item = i.item))"

/* Told apart as texts, so that each has the plan that fits it. */
size_t
store_case_list(struct store *store, struct arena *arena, const struct store_case_filter *filter,
	struct record_case **list_r)
{
	int state = filter->closed ? CASE_CLOSED : CASE_OPEN;
	sqlite3_stmt *stmt;

	if (filter->open == filter->closed && filter->overdue)
		stmt = store_ask(store, LIST(OVERDUE), "tdi", filter->desk, state, filter->now);
	else if (filter->open == filter->closed)
		stmt = store_ask(store, LIST(""), "t", filter->desk);
	else if (filter->overdue)
		stmt = store_ask(
			store, LIST(IN_STATE OVERDUE), "tdi", filter->desk, state, filter->now);
	else
		stmt = store_ask(store, LIST(IN_STATE), "td", filter->desk, state);
	return read_cases(store, arena, stmt, list_r);
}
