/*
 * Cases, written: the row, its numbers, sites, messages, parties. Must not log:
 * who changes a case says so in its log.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/text.h"

int64_t
store_case_add(struct store *store, const struct record_case *record)
{
	return store_run_id(store,
		"INSERT INTO case_record (desk_id, title, coordinator, origin, state, stage,"
		" phase, trust, number_bound, assignee, opened_at, updated_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
		"ittddddddtii", store_desk_id(store, record->desk),
		record->title != NULL ? record->title : "", record->coordinator,
		(int)record->origin, (int)record->state, (int)record->stage, (int)record->phase,
		(int)record->trust, (int)record->number_bound, record->assignee, record->opened_at,
		record->updated_at);
}

void
store_case_update(struct store *store, const struct record_case *record)
{
	store_run(store,
		"UPDATE case_record SET title = ?, coordinator = ?, state = ?, stage = ?,"
		" phase = ?, trust = ?, number_bound = ?, assignee = ?, updated_at = ?"
		" WHERE id = ?",
		"ttdddddtii", record->title != NULL ? record->title : "", record->coordinator,
		(int)record->state, (int)record->stage, (int)record->phase, (int)record->trust,
		(int)record->number_bound, record->assignee, record->updated_at, record->id);
}

void
store_case_number_add(struct store *store, int64_t case_id, const char *coordinator,
	const char *number, bool bound)
{
	store_run(store,
		"INSERT INTO case_number (case_id, coordinator, number, bound) VALUES (?, ?, ?, ?)"
		" ON CONFLICT (case_id, number) DO UPDATE SET bound = 1"
		" WHERE excluded.bound = 1 AND case_number.bound = 0",
		"ittd", case_id, coordinator, number, (int)bound);
	if (bound)
		store_run(store,
			"UPDATE case_record SET number_bound = 1 WHERE id = ?"
			" AND number_bound = 0",
			"i", case_id);
}

void
store_case_numbers_unbind(struct store *store, int64_t case_id)
{
	store_run(store, "UPDATE case_number SET bound = 0 WHERE case_id = ? AND bound = 1", "i",
		case_id);
	store_run(store, "UPDATE case_record SET number_bound = 0 WHERE id = ? AND number_bound = 1",
		"i", case_id);
}

/* The case says that a number is bound to it while one is. */
static void
follow_numbers(struct store *store, int64_t case_id)
{
	store_run(store,
		"UPDATE case_record SET number_bound = (SELECT coalesce(max(bound), 0)"
		" FROM case_number WHERE case_id = case_record.id) WHERE id = ?",
		"i", case_id);
}

void
store_case_number_unbind(struct store *store, int64_t case_id, const char *number)
{
	store_run(store, "UPDATE case_number SET bound = 0 WHERE case_id = ? AND number = ?", "it",
		case_id, number);
	follow_numbers(store, case_id);
}

void
store_case_number_remove(struct store *store, int64_t case_id, const char *number)
{
	store_run(store, "DELETE FROM case_number WHERE case_id = ? AND number = ?", "it", case_id,
		number);
	follow_numbers(store, case_id);
}

size_t
store_case_numbers(
	struct store *store, struct arena *arena, int64_t case_id, struct record_number **list_r)
{
	struct record_number *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT coordinator, number, bound FROM case_number"
		" WHERE case_id = ? ORDER BY bound DESC, id",
		"i", case_id);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].coordinator = store_text(arena, row, 0);
		list[count].number = store_text(arena, row, 1);
		list[count++].bound = sqlite3_column_int(row, 2) != 0;
	}
	*list_r = list;
	return count;
}

/* The main one is the first of those that are bound: all are written anew behind it. */
void
store_case_number_lead(struct store *store, struct arena *arena, int64_t case_id,
	const struct record_number *lead, const char *instead)
{
	struct record_number *list;
	size_t count = store_case_numbers(store, arena, case_id, &list);

	store_run(store, "DELETE FROM case_number WHERE case_id = ?", "i", case_id);
	store_case_number_add(store, case_id, lead->coordinator, lead->number, true);
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(list[i].number, lead->number) &&
			!text_equal(list[i].number, instead))
			store_case_number_add(store, case_id, list[i].coordinator, list[i].number,
				list[i].bound);
	}
}

void
store_case_site_add(struct store *store, int64_t case_id, const char *site)
{
	store_run(store,
		"INSERT INTO case_site (case_id, site) VALUES (?, ?)"
		" ON CONFLICT (case_id, site) DO NOTHING",
		"it", case_id, site);
}

void
store_case_site_remove(struct store *store, int64_t case_id, const char *site)
{
	store_run(store, "DELETE FROM case_site WHERE case_id = ? AND site = ?", "it", case_id,
		site);
}

/* What came in and is kept in part only is fetched whole, now that it belongs to a case. */
void
store_case_message_add(struct store *store, int64_t case_id, int64_t message)
{
	store_run(store,
		"INSERT INTO case_message (case_id, message_id) VALUES (?, ?)"
		" ON CONFLICT (case_id, message_id) DO NOTHING",
		"ii", case_id, message);
	store_run(store,
		"UPDATE message SET in_case = 1,"
		" wanted = CASE WHEN kept = 0 AND direction = 0 THEN 1 ELSE 0 END"
		" WHERE id = ? AND in_case = 0",
		"i", message);
}

void
store_case_message_remove(struct store *store, int64_t case_id, int64_t message)
{
	store_run(store, "DELETE FROM case_message WHERE case_id = ? AND message_id = ?", "ii",
		case_id, message);
	store_run(store,
		"UPDATE message SET in_case = 0, wanted = 0 WHERE id = ? AND in_case = 1"
		" AND NOT EXISTS (SELECT 1 FROM case_message c WHERE c.message_id = message.id)",
		"i", message);
}

/* SQL's lower() folds ASCII letters alone, as every real server compares addresses. */
void
store_case_party_add(struct store *store, int64_t case_id, const char *address)
{
	store_run(store,
		"INSERT INTO case_party (case_id, address) VALUES (?, lower(?))"
		" ON CONFLICT (case_id, address) DO NOTHING",
		"it", case_id, address);
}

bool
store_takes_part(struct store *store, const char *address, const int64_t *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (store_ask_int(store,
			    "SELECT 1 FROM case_party WHERE case_id = ? AND address = lower(?)",
			    "it", cases[i], address) != 0)
			return true;
	}
	return false;
}

void
store_case_finder_add(struct store *store, int64_t case_id, const char *address, int64_t now)
{
	store_run(store,
		"INSERT INTO case_finder (case_id, address, consented_at) VALUES (?, ?, ?)"
		" ON CONFLICT (case_id, address) DO NOTHING",
		"iti", case_id, address, now);
	store_case_party_add(store, case_id, address);
}

size_t
store_case_finders(
	struct store *store, struct arena *arena, int64_t case_id, struct record_finder **list_r)
{
	struct record_finder *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT address, consented_at FROM case_finder WHERE case_id = ?"
		" ORDER BY consented_at, address",
		"i", case_id);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].address = store_text(arena, row, 0);
		list[count++].consented_at = sqlite3_column_int64(row, 1);
	}
	*list_r = list;
	return count;
}
