/*
 * Two cases made one, and one made two: what belongs to the first belongs to
 * the other. Rows move; which of them must give way was decided before, by
 * rule/merge and rule/split. Logs stay where they were written.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

static const char copy_parties[] = "INSERT INTO case_party (case_id, address)"
	" SELECT ?1, address FROM case_party WHERE case_id = ?2"
	" ON CONFLICT (case_id, address) DO NOTHING";

/* Each takes the case that receives, then the one that gives. */
static const char *const moves[] = {
	"INSERT INTO case_message (case_id, message_id)"
	" SELECT ?1, message_id FROM case_message WHERE case_id = ?2"
	" ON CONFLICT (case_id, message_id) DO NOTHING",
	"DELETE FROM case_message WHERE case_id = ?2",
	"INSERT INTO case_site (case_id, site)"
	" SELECT ?1, site FROM case_site WHERE case_id = ?2 ORDER BY id"
	" ON CONFLICT (case_id, site) DO NOTHING",
	copy_parties,
	"INSERT INTO case_finder (case_id, address, consented_at)"
	" SELECT ?1, address, consented_at FROM case_finder WHERE case_id = ?2"
	" ON CONFLICT (case_id, address) DO NOTHING",
	"INSERT INTO checklist_tick (case_id, item, done_at, done_by)"
	" SELECT ?1, item, done_at, done_by FROM checklist_tick WHERE case_id = ?2"
	" ON CONFLICT (case_id, item) DO NOTHING",
	"INSERT INTO incident (case_id, opened_at, opened_by)"
	" SELECT ?1, opened_at, opened_by FROM incident WHERE case_id = ?2"
	" ON CONFLICT (case_id) DO NOTHING",
	"INSERT INTO incident_due (case_id, item, due)"
	" SELECT ?1, item, due FROM incident_due WHERE case_id = ?2"
	" ON CONFLICT (case_id, item) DO NOTHING",
	"INSERT INTO incident_reminded (case_id, item, due, what, at)"
	" SELECT ?1, item, due, what, at FROM incident_reminded WHERE case_id = ?2"
	" ON CONFLICT (case_id, item, due) DO NOTHING",
	"INSERT INTO case_number (case_id, coordinator, number, bound)"
	" SELECT ?1, coordinator, number, bound FROM case_number WHERE case_id = ?2"
	" ORDER BY bound DESC, id ON CONFLICT (case_id, number) DO UPDATE SET bound = 1"
	" WHERE excluded.bound = 1",
	/* The case is found by it no more: another stands for it. */
	"DELETE FROM case_number WHERE case_id = ?2",
	/* What its closing ended has ended for good. */
	"DELETE FROM deadline_ended WHERE deadline_id IN"
	" (SELECT id FROM deadline WHERE case_id = ?2)",
	"UPDATE deadline SET case_id = ?1 WHERE case_id = ?2",
	"UPDATE outbox SET case_id = ?1 WHERE case_id = ?2 AND NOT (kind = 14 AND stage IN"
	" (SELECT stage FROM outbox WHERE case_id = ?1 AND kind = 14 AND state <> 5))",
	"UPDATE case_record SET number_bound = (SELECT coalesce(max(bound), 0)"
	" FROM case_number WHERE case_id = case_record.id) WHERE id IN (?1, ?2)",
	"UPDATE message_put SET case_id = ?1 WHERE message_id IN"
	" (SELECT message_id FROM case_message WHERE case_id = ?1) AND case_id = ?2",
	"UPDATE case_merged SET into_id = ?1 WHERE into_id = ?2",
};

void
store_case_merge(struct store *store, int64_t from, int64_t into, int64_t now)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		store_run(store, moves[i], "ii", into, from);
	store_run(store,
		"INSERT INTO case_merged (case_id, into_id, at) VALUES (?, ?, ?)"
		" ON CONFLICT (case_id) DO NOTHING",
		"iii", from, into, now);
	store_run(store, "UPDATE case_record SET state = 1, updated_at = ? WHERE id = ?", "ii", now,
		from);
}

int64_t
store_case_resolve(struct store *store, int64_t id)
{
	int64_t into =
		store_ask_int(store, "SELECT into_id FROM case_merged WHERE case_id = ?", "i", id);

	return into != 0 ? into : id;
}

size_t
store_case_merged(
	struct store *store, struct arena *arena, int64_t into, struct record_merged **list_r)
{
	struct record_merged *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT case_id, at FROM case_merged WHERE into_id = ? ORDER BY case_id", "i",
		into);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].id = sqlite3_column_int64(row, 0);
		list[count++].at = sqlite3_column_int64(row, 1);
	}
	*list_r = list;
	return count;
}

void
store_case_message_move(struct store *store, int64_t from, int64_t to, int64_t message)
{
	store_run(store,
		"INSERT INTO case_message (case_id, message_id) VALUES (?, ?)"
		" ON CONFLICT (case_id, message_id) DO NOTHING",
		"ii", to, message);
	store_run(store, "DELETE FROM case_message WHERE case_id = ? AND message_id = ?", "ii", from,
		message);
	store_run(store, "UPDATE deadline SET case_id = ? WHERE case_id = ? AND from_message = ?",
		"iii", to, from, message);
	store_run(store,
		"INSERT INTO message_put (message_id, case_id) VALUES (?, ?)"
		" ON CONFLICT (message_id) DO UPDATE SET case_id = excluded.case_id",
		"ii", message, to);
	store_run(store,
		"UPDATE outbox SET case_id = ?1 WHERE (case_id = ?2 OR case_id IN"
		" (SELECT case_id FROM case_merged WHERE into_id = ?2)) AND answers = ?3",
		"iii", to, from, message);
}

void
store_case_parties_copy(struct store *store, int64_t from, int64_t to)
{
	store_run(store, copy_parties, "ii", to, from);
}

int64_t
store_message_put(struct store *store, int64_t message)
{
	return store_ask_int(
		store, "SELECT case_id FROM message_put WHERE message_id = ?", "i", message);
}
