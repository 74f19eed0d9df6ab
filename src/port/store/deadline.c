/*
 * Deadlines, ticks of the checklist.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/arena.h"
#include "rule/deadline.h"

#include <string.h>

void
store_deadline_read(
	struct store *store, sqlite3_stmt *stmt, int column, struct record_deadline *deadline_r)
{
	deadline_r->item = NULL;
	deadline_r->id = sqlite3_column_int64(stmt, column);
	deadline_r->case_id = sqlite3_column_int64(stmt, column + 1);
	deadline_r->kind =
		(enum deadline_kind)store_below(store, stmt, column + 2, DEADLINE_KINDS);
	deadline_r->due = sqlite3_column_int64(stmt, column + 3);
	deadline_r->state =
		(enum deadline_state)store_below(store, stmt, column + 4, DEADLINE_STATES);
	deadline_r->source = (enum deadline_source)store_below(store, stmt, column + 5, SOURCES);
	deadline_r->from_message = sqlite3_column_int64(stmt, column + 6);
	deadline_r->met_by = sqlite3_column_int64(stmt, column + 7);
	deadline_r->stage = (enum stage)store_below(store, stmt, column + 8, STAGES);
	deadline_r->asked = NULL;
}

#define STAGE_OF(message) \
	"coalesce((SELECT f.stage FROM message f WHERE f.id = " message "), 0)"

#define ASKED_AT 9	/* behind STORE_DEADLINE_COLUMNS */
/* To whom a letter of ours went; NULL for mail of others and for none. */
#define ASKED_BY(message) \
	"(SELECT f.to_text FROM message f WHERE f.id = " message " AND f.direction = 1)"

/*
 * Whether the new one is told already by a pending one. Each stage is answered
 * by itself: the next one's receipt is owed too while the first one's is. Whom we asked
 * owes nothing for another.
 */
static bool
is_told(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	enum deadline_source source, int64_t from_message)
{
	if (source == SOURCE_RULE && deadline_by_party(kind))
		return store_ask_int(store,
			       "SELECT 1 FROM deadline WHERE case_id = ? AND state = 0 AND kind = ?"
			       " AND lower(" ASKED_BY("from_message") ") IS lower(" ASKED_BY("?") ")",
			       "idi", case_id, (int)kind, from_message) != 0;
	if (source == SOURCE_RULE)
		return store_ask_int(store,
			       "SELECT 1 FROM deadline WHERE case_id = ? AND state = 0"
			       " AND kind = ? AND " STAGE_OF("from_message") " = " STAGE_OF("?"),
			       "idi", case_id, (int)kind, from_message) != 0;
	return store_ask_int(store,
		       "SELECT 1 FROM deadline"
		       " WHERE case_id = ? AND state = 0 AND kind = ? AND due = ? AND source = ?",
		       "idid", case_id, (int)kind, due, (int)source) != 0;
}

/*
 * Whether its mail, which is judged again, had opened it and it came to an end of its own, or
 * in another mail's name that took it over, or a person put another day in its place. By rule a
 * mail opens one of a kind, whatever its day. A stage's receipt is left to the letters: the
 * mail's stage may be another now.
 */
static bool
has_ended(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	int64_t from_message)
{
	return kind != DEADLINE_ACKNOWLEDGE && store_ask_int(store,
		"SELECT 1 FROM deadline WHERE case_id = ? AND (due = ? OR source = 0) AND kind = ?"
		" AND from_message = ? AND (state IN (1, 2) OR (state = 3 AND EXISTS"
		" (SELECT 1 FROM deadline s WHERE s.case_id = deadline.case_id"
		" AND s.kind = deadline.kind AND ((s.source = 2 AND s.state < 3)"
		" OR (s.source = deadline.source AND s.due = deadline.due"
		" AND s.state IN (1, 2))))))",
		"iidi", case_id, due, (int)kind, from_message) != 0;
}

/*
 * A person's day for what others owe us: it is set for each who does, so that each is still
 * followed up. False when nobody does.
 */
static bool
set_for_each(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	int64_t *id_r)
{
	if (store_ask_int(store,
		    "SELECT 1 FROM deadline WHERE case_id = ? AND state = 0 AND kind = ?", "id",
		    case_id, (int)kind) == 0)
		return false;
	*id_r = store_run_id(store,
		"INSERT INTO deadline (case_id, kind, due, state, source, from_message)"
		" SELECT case_id, kind, ?, 0, 2, from_message FROM deadline WHERE case_id = ?"
		" AND state = 0 AND kind = ? AND NOT (due = ? AND source = 2) ORDER BY id RETURNING id",
		"iidi", due, case_id, (int)kind, due);
	store_run(store,
		"UPDATE deadline SET state = 3 WHERE case_id = ? AND state = 0 AND kind = ?"
		" AND NOT (due = ? AND source = 2)",
		"idi", case_id, (int)kind, due);
	return true;
}

int64_t
store_deadline_open(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	enum deadline_source source, int64_t from_message)
{
	int64_t id;

	if (source == SOURCE_STAFF && from_message == 0 && deadline_by_party(kind) &&
		set_for_each(store, case_id, kind, due, &id))
		return id;
	if (is_told(store, case_id, kind, due, source, from_message) ||
		has_ended(store, case_id, kind, due, from_message))
		return 0;
	if (source == SOURCE_STAFF)
		store_run(store,
			"UPDATE deadline SET state = 3 WHERE case_id = ? AND state = 0"
			" AND kind = ?",
			"id", case_id, (int)kind);
	return store_run_id(store,
		"INSERT INTO deadline (case_id, kind, due, state, source, from_message)"
		" VALUES (?, ?, ?, 0, ?, ?) RETURNING id",
		"ididz", case_id, (int)kind, due, (int)source, from_message);
}

/* Owed, or so until its case was closed: a letter may be under way while that happens. */
#define OWED \
	"(state = 0 OR EXISTS (SELECT 1 FROM deadline_ended e WHERE e.deadline_id = deadline.id))"

/* What is met does not go on with its case. */
static void
forget_ended(struct store *store, int64_t case_id)
{
	store_run(store,
		"DELETE FROM deadline_ended WHERE deadline_id IN"
		" (SELECT id FROM deadline WHERE case_id = ? AND state = 1)",
		"i", case_id);
}

int
store_deadline_meet(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t met_by)
{
	int met = store_run(store,
		"UPDATE deadline SET state = 1, met_by = ? WHERE case_id = ? AND kind = ? AND " OWED,
		"zid", met_by, case_id, (int)kind);

	forget_ended(store, case_id);
	return met;
}

void
store_deadline_meet_one(struct store *store, int64_t id, int64_t met_by)
{
	store_run(store, "UPDATE deadline SET state = 1, met_by = ? WHERE id = ? AND " OWED, "zi",
		met_by, id);
	store_run(store,
		"DELETE FROM deadline_ended WHERE deadline_id IN"
		" (SELECT id FROM deadline WHERE id = ? AND state = 1)",
		"i", id);
}

void
store_deadlines_unmeet(struct store *store, int64_t case_id, int64_t met_by)
{
	store_run(store,
		"UPDATE deadline SET state = 0, met_by = NULL"
		" WHERE case_id = ? AND state = 1 AND met_by = ?",
		"ii", case_id, met_by);
}

int
store_deadline_meet_stage(struct store *store, int64_t case_id, enum deadline_kind kind,
	enum stage stage, int64_t met_by)
{
	int met = store_run(store,
		"UPDATE deadline SET state = 1, met_by = ? WHERE case_id = ? AND kind = ? AND " OWED
		" AND (from_message IS NULL OR " STAGE_OF("from_message") " = ?)",
		"zidd", met_by, case_id, (int)kind, (int)stage);

	forget_ended(store, case_id);
	return met;
}

bool
store_deadline_meet_first(struct store *store, int64_t case_id, enum deadline_kind kind,
	struct record_deadline *met_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT " STORE_DEADLINE_COLUMNS " FROM deadline l WHERE l.case_id = ?"
		" AND l.state = 0 AND l.kind = ? ORDER BY l.due, l.id LIMIT 1",
		"id", case_id, (int)kind);

	if (!store_row(store, row))
		return false;
	store_deadline_read(store, row, 0, met_r);
	store_done(row);
	store_run(store, "UPDATE deadline SET state = 1 WHERE id = ?", "i", met_r->id);
	return true;
}

void
store_deadline_cancel(struct store *store, int64_t id)
{
	store_run(store, "UPDATE deadline SET state = 3 WHERE id = ? AND state = 0", "i", id);
}

int
store_deadlines_withdraw(struct store *store, int64_t from_message)
{
	store_run(store,
		"DELETE FROM deadline_ended WHERE deadline_id IN"
		" (SELECT id FROM deadline WHERE from_message = ?)",
		"i", from_message);
	return store_run(store,
		"UPDATE deadline SET state = 3 WHERE from_message = ? AND state = 0", "i",
		from_message);
}

/*
 * The day that it took over was that of a mail which is called forged since, and of no other:
 * its own counts again.
 */
#define TAKEN_FROM \
	"EXISTS (SELECT 1 FROM deadline t JOIN message m ON m.id = t.from_message" \
	" WHERE t.case_id = deadline.case_id AND t.kind = deadline.kind AND t.state = 3" \
	" AND t.due = deadline.due AND t.from_message <> deadline.from_message AND m.trust "

static void
give_back_day(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	int64_t from_message)
{
	store_run(store,
		"UPDATE deadline SET due = ?1 WHERE case_id = ?2 AND state = 0 AND kind = ?3"
		" AND source = 0 AND from_message = ?4 AND due < ?1"
		" AND " TAKEN_FROM "= 0) AND NOT " TAKEN_FROM "> 0)",
		"iidi", due, case_id, (int)kind, from_message);
}

void
store_deadline_take_over(struct store *store, int64_t case_id, enum deadline_kind kind, int64_t due,
	enum deadline_source source, int64_t from_message)
{
	int64_t id;

	if (source == SOURCE_RULE)
		give_back_day(store, case_id, kind, due, from_message);
	id = store_ask_int(store,
		"SELECT l.id FROM deadline l JOIN message m ON m.id = l.from_message"
		" WHERE l.case_id = ?1 AND l.state = 0 AND l.kind = ?2 AND l.source = ?3"
		" AND m.direction = 0 AND m.trust < 2 AND m.id <> ?5"
		" AND CASE ?3 WHEN 0 THEN m.stage = " STAGE_OF("?5") " ELSE l.due = ?4 END"
		" ORDER BY l.due, l.id LIMIT 1",
		"iddii", case_id, (int)kind, (int)source, due, from_message);
	if (id == 0)
		return;
	/* That the other one had opened it stays on record. */
	store_run(store,
		"INSERT INTO deadline (case_id, kind, due, state, source, from_message)"
		" SELECT case_id, kind, due, 3, source, from_message FROM deadline WHERE id = ?",
		"i", id);
	store_run(store, "UPDATE deadline SET from_message = ?, due = min(due, ?) WHERE id = ?",
		"iii", from_message, due, id);
}

int
store_deadlines_end(struct store *store, int64_t case_id, int64_t now)
{
	store_run(store,
		"INSERT INTO deadline_ended (deadline_id) SELECT id FROM deadline"
		" WHERE case_id = ? AND state = 0 ON CONFLICT (deadline_id) DO NOTHING",
		"i", case_id);
	return store_run(store,
		"UPDATE deadline SET state = CASE WHEN due + 1000000 <= ? THEN 2 ELSE 3 END"
		" WHERE case_id = ? AND state = 0",
		"ii", now, case_id);
}

int
store_deadlines_resume(struct store *store, int64_t case_id)
{
	int resumed = store_run(store,
		"UPDATE deadline SET state = 0 WHERE case_id = ? AND state <> 0 AND EXISTS"
		" (SELECT 1 FROM deadline_ended e WHERE e.deadline_id = deadline.id)",
		"i", case_id);

	store_run(store,
		"DELETE FROM deadline_ended WHERE deadline_id IN"
		" (SELECT id FROM deadline WHERE case_id = ?)",
		"i", case_id);
	return resumed;
}

size_t
store_deadlines(
	struct store *store, struct arena *arena, int64_t case_id, struct record_deadline **list_r)
{
	struct record_deadline *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT " STORE_DEADLINE_COLUMNS ", " ASKED_BY("l.from_message") " FROM deadline l"
		" WHERE l.case_id = ? ORDER BY l.due, l.id",
		"i", case_id);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		store_deadline_read(store, row, 0, &list[count]);
		list[count++].asked = store_text(arena, row, ASKED_AT);
	}
	*list_r = list;
	return count;
}

/* Two lists, each by its days, as one of so many at most. */
static size_t
by_due(struct arena *arena, const struct record_deadline *list, size_t count,
	const struct store_item *items, size_t item_count, size_t limit,
	struct record_deadline **list_r)
{
	struct record_deadline *all = arena_calloc(arena, count + item_count + 1, sizeof(*all));
	size_t of_list = 0, of_items = 0, kept = 0;

	while (kept < limit && (of_list < count || of_items < item_count)) {
		bool is_item = of_items < item_count && (of_list == count ||
			items[of_items].deadline.due < list[of_list].due);

		all[kept++] = is_item ? items[of_items++].deadline : list[of_list++];
	}
	*list_r = all;
	return kept;
}

size_t
store_deadlines_pending(
	struct store *store, struct arena *arena, size_t limit, struct record_deadline **list_r)
{
	struct record_deadline *list = NULL;
	struct store_item *items;
	size_t most = limit == 0 ? INT64_MAX : limit, count = 0, item_count;
	sqlite3_stmt *row = store_ask(store,
		"SELECT " STORE_DEADLINE_COLUMNS " FROM deadline l WHERE l.state = 0"
		" AND EXISTS (SELECT 1 FROM case_record c WHERE c.id = l.case_id"
		" AND c.state = 0) ORDER BY l.due, l.id LIMIT ?",
		"i", (int64_t)most);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		store_deadline_read(store, row, 0, &list[count++]);
	}
	item_count = store_items(store, arena, NULL, INT64_MAX, &items);
	return by_due(arena, list, count, items, item_count, most, list_r);
}

void
store_tick(struct store *store, int64_t case_id, const char *item, int64_t now, const char *who)
{
	store_run(store,
		"INSERT INTO checklist_tick (case_id, item, done_at, done_by) VALUES (?, ?, ?, ?)"
		" ON CONFLICT (case_id, item) DO NOTHING",
		"itit", case_id, item, now, who);
}

bool
store_untick(struct store *store, int64_t case_id, const char *item)
{
	return store_run(store, "DELETE FROM checklist_tick WHERE case_id = ? AND item = ?", "it",
		       case_id, item) > 0;
}

size_t
store_ticks(struct store *store, struct arena *arena, int64_t case_id, struct record_tick **list_r)
{
	struct record_tick *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT item, done_at, done_by FROM checklist_tick"
		" WHERE case_id = ? ORDER BY item",
		"i", case_id);

	while (store_row(store, row)) {
		list = store_grow(arena, list, count, sizeof(*list));
		list[count].item = store_text(arena, row, 0);
		list[count].done_at = sqlite3_column_int64(row, 1);
		list[count++].done_by = store_text(arena, row, 2);
	}
	*list_r = list;
	return count;
}
