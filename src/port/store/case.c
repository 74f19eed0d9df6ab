/*
 * Cases, written: the row, its numbers, sites, messages, parties; two cases
 * made one. Must not log: who changes a case says so in its log.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

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

void
store_case_site_add(struct store *store, int64_t case_id, const char *site)
{
	store_run(store,
		"INSERT INTO case_site (case_id, site) VALUES (?, ?)"
		" ON CONFLICT (case_id, site) DO NOTHING",
		"it", case_id, site);
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
store_case_merge(struct store *store, int64_t from, int64_t into)
{
	static const char *const copies[] = {
		"INSERT INTO case_message (case_id, message_id)"
		" SELECT ?, message_id FROM case_message WHERE case_id = ?"
		" ON CONFLICT (case_id, message_id) DO NOTHING",
		"INSERT INTO case_site (case_id, site)"
		" SELECT ?, site FROM case_site WHERE case_id = ? ORDER BY id"
		" ON CONFLICT (case_id, site) DO NOTHING",
		"INSERT INTO case_party (case_id, address)"
		" SELECT ?, address FROM case_party WHERE case_id = ?"
		" ON CONFLICT (case_id, address) DO NOTHING",
		"INSERT INTO checklist_tick (case_id, item, done_at, done_by)"
		" SELECT ?, item, done_at, done_by FROM checklist_tick WHERE case_id = ?"
		" ON CONFLICT (case_id, item) DO NOTHING",
		"INSERT INTO case_number (case_id, coordinator, number, bound)"
		" SELECT ?, coordinator, number, bound FROM case_number WHERE case_id = ?"
		" ORDER BY id ON CONFLICT (case_id, number) DO UPDATE SET bound = 1"
		" WHERE excluded.bound = 1",
	};

	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		store_run(store, copies[i], "ii", into, from);
	store_run(store, "DELETE FROM case_message WHERE case_id = ?", "i", from);
	store_run(store, "UPDATE case_number SET bound = 0 WHERE case_id = ? AND bound = 1", "i",
		from);
	store_run(store,
		"UPDATE deadline SET case_id = ? WHERE case_id = ? AND state = 0"
		" AND kind NOT IN (SELECT kind FROM deadline WHERE case_id = ? AND state = 0)",
		"iii", into, from, into);
	store_run(
		store, "UPDATE deadline SET state = 3 WHERE case_id = ? AND state = 0", "i", from);
	store_run(store,
		"UPDATE outbox SET case_id = ? WHERE case_id = ? AND NOT (kind = 14 AND stage IN"
		" (SELECT stage FROM outbox WHERE case_id = ? AND kind = 14 AND state <> 5))",
		"iii", into, from, into);
	store_run(store,
		"UPDATE case_record SET number_bound = (SELECT coalesce(max(bound), 0)"
		" FROM case_number WHERE case_id = case_record.id) WHERE id IN (?, ?)",
		"ii", into, from);
}
