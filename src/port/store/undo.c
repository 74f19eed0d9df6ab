/*
 * What a person's merging, splitting and filing changed, kept so that it can be
 * taken back: of each table the rows that were taken out and put in, as JSON that
 * SQLite itself makes and reads. Taking it back touches these rows alone: what
 * has come since stays, and what was changed once more is left as it is now. The
 * digests and tallies follow by themselves.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store_undo.h"

#include "private.h"

#include "base/text.h"

#define UNDO_TEXT_MAX ((size_t)256 * 1024 * 1024)

/* ?1 and ?2 are the cases, ?3 the message. */
#define OF_CASE "(case_id IN (?1, ?2) AND ?3 >= 0)"
/* An acknowledgement stays with a merged case where the other had its own. */
#define OF_CASE_OR_MERGED \
	"(?3 >= 0 AND (case_id IN (?1, ?2) OR case_id IN" \
	" (SELECT case_id FROM case_merged WHERE into_id IN (?1, ?2))))"
#define LOOK(table, columns, where) \
	"SELECT json_group_array(json_array(" columns ")) FROM " table " WHERE " where

/* Rows that come and go. ?4 are those that were put in, ?1 of the other those that were taken out. */
#define ROWS(table, columns, values, where) \
	LOOK(table, columns, where), \
	"DELETE FROM " table " WHERE " where " AND json_array(" columns ")" \
	" IN (SELECT value FROM json_each(?4))", \
	"INSERT INTO " table " (" columns ") SELECT " values " FROM json_each(?1) WHERE true" \
	" ON CONFLICT DO NOTHING", NULL

/*
 * Rows that stay and change: as they were, where nothing has changed them since.
 * ?1 are those from before, ?2 those from behind.
 */
#define CHANGES(table, columns, sets, where) \
	LOOK(table, columns, where), NULL, NULL, \
	"UPDATE " table " SET " sets " FROM (SELECT value FROM json_each(?1)) b WHERE " table ".id = b.value ->> 0" \
	" AND json_array(" columns ") IN (SELECT value FROM json_each(?2))"

#define CASE_CHANGES(column) \
	CHANGES("case_record", "id, " column, column " = b.value ->> 1", "(id IN (?1, ?2) AND ?3 >= 0)")

#define VALUES_2 "value ->> 0, value ->> 1"
#define VALUES_3 VALUES_2 ", value ->> 2"
#define VALUES_4 VALUES_3 ", value ->> 3"
#define VALUES_5 VALUES_4 ", value ->> 4"

static const struct {
	const char *look, *take_out, *put_back, *change;
} tables[] = {
	/* Whose it is goes back whatever became of it since; its state only where nothing did. */
	{ CHANGES("deadline", "id, case_id", "case_id = b.value ->> 1", OF_CASE) },
	{ CHANGES("deadline", "id, state, met_by", "state = b.value ->> 1, met_by = b.value ->> 2",
		OF_CASE) },
	/* Its case before its state: a stage has one acknowledgement in each case. */
	{ CHANGES("outbox", "id, case_id", "case_id = b.value ->> 1", OF_CASE_OR_MERGED) },
	{ CHANGES("outbox", "id, state, last_error, next_try_at",
		"state = b.value ->> 1, last_error = b.value ->> 2, next_try_at = b.value ->> 3",
		OF_CASE_OR_MERGED) },
	/* Each by itself: a tick that moves the phase on keeps no stage from going back. */
	{ CASE_CHANGES("title") },
	{ CASE_CHANGES("coordinator") },
	{ CASE_CHANGES("state") },
	{ CASE_CHANGES("stage") },
	{ CASE_CHANGES("phase") },
	{ CASE_CHANGES("trust") },
	{ CASE_CHANGES("assignee") },
	{ CHANGES("message", "id, unfiled", "unfiled = b.value ->> 1", "(id = ?3 AND ?1 >= 0 AND ?2 >= 0)") },
	{ ROWS("deadline_ended", "deadline_id", "value ->> 0",
		"(?3 >= 0 AND deadline_id IN (SELECT id FROM deadline WHERE case_id IN (?1, ?2)))") },
	/* Found by the case's messages, so before these go. */
	{ ROWS("message_put", "message_id, case_id", VALUES_2,
		"(?3 >= 0 AND case_id IN (?1, ?2) AND message_id IN"
		" (SELECT message_id FROM case_message WHERE case_id IN (?1, ?2)))") },
	{ ROWS("case_message", "case_id, message_id", VALUES_2, OF_CASE) },
	{ ROWS("case_number", "id, case_id, coordinator, number, bound", VALUES_5, OF_CASE) },
	{ ROWS("case_site", "id, case_id, site", VALUES_3, OF_CASE) },
	{ ROWS("case_party", "case_id, address", VALUES_2, OF_CASE) },
	{ ROWS("case_finder", "case_id, address, consented_at", VALUES_3, OF_CASE) },
	{ ROWS("checklist_tick", "case_id, item, done_at, done_by", VALUES_4, OF_CASE) },
	{ ROWS("incident", "case_id, opened_at, opened_by", VALUES_3, OF_CASE) },
	{ ROWS("incident_due", "case_id, item, due", VALUES_3, OF_CASE) },
	{ ROWS("case_merged", "case_id, into_id, at", VALUES_3,
		"((case_id IN (?1, ?2) OR into_id IN (?1, ?2)) AND ?3 >= 0)") },
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

struct store_undo {
	const char *rows[TABLES];
};

static const char *
look(struct store *store, struct arena *arena, size_t table, const struct store_undone *act)
{
	sqlite3_stmt *row = store_ask(store, tables[table].look, "iii", act->case_id, act->other,
		act->message);
	const char *rows = "[]";

	if (store_row(store, row)) {
		rows = store_text(arena, row, 0);
		store_done(row);
	}
	return rows;
}

struct store_undo *
store_undo_begin(struct store *store, struct arena *arena, const struct store_undone *act)
{
	struct store_undo *undo = arena_alloc(arena, sizeof(*undo));

	for (size_t i = 0; i < TABLES; i++)
		undo->rows[i] = look(store, arena, i, act);
	return undo;
}

/* The rows of the one list that are not in the other. */
static const char *
without(struct store *store, struct arena *arena, const char *rows, const char *others)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT json_group_array(json(value)) FROM json_each(?1)"
		" WHERE value NOT IN (SELECT value FROM json_each(?2))",
		"tt", rows, others);
	const char *left = "[]";

	if (store_row(store, row)) {
		left = store_text(arena, row, 0);
		store_done(row);
	}
	return left;
}

void
store_undo_keep(struct store *store, struct arena *arena, const struct store_undo *undo,
	const struct store_undone *act)
{
	struct text changes;

	text_init(&changes, arena, UNDO_TEXT_MAX);
	for (size_t i = 0; i < TABLES; i++) {
		const char *now = look(store, arena, i, act);

		text_addf(&changes, "%s[%s,%s]", i > 0 ? "," : "[",
			without(store, arena, undo->rows[i], now),
			without(store, arena, now, undo->rows[i]));
	}
	text_add(&changes, "]");
	store_run(store,
		"INSERT INTO value (name, value) VALUES (printf('undo.%d.%08d', ?1, (SELECT count(*)"
		" FROM value WHERE name GLOB printf('undo.%d.*', ?1))),"
		" json_object('kind', ?2, 'other', ?3, 'message', ?4, 'what', ?5, 'last',"
		" (SELECT coalesce(max(id), 0) FROM message), 'changes', json(?6)))",
		"idiitt", act->case_id, (int)act->kind, act->other, act->message, act->what,
		changes.data);
}

bool
store_undo_last(struct store *store, struct arena *arena, int64_t case_id, struct store_undone *act_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT name, value ->> 'kind', value ->> 'other', value ->> 'message',"
		" value ->> 'what', value ->> 'last' FROM value WHERE name ="
		" (SELECT max(name) FROM value WHERE name GLOB printf('undo.%d.*', ?1))",
		"i", case_id);

	if (!store_row(store, row))
		return false;
	*act_r = (struct store_undone){ .case_id = case_id,
		.name = store_text(arena, row, 0),
		.kind = (enum store_undo_kind)store_below(store, row, 1, STORE_UNDO_KINDS),
		.other = sqlite3_column_int64(row, 2),
		.message = sqlite3_column_int64(row, 3),
		.what = store_text(arena, row, 4),
		.last = sqlite3_column_int64(row, 5) };
	store_done(row);
	return true;
}

/* The rows of one table that were taken out (0) or put in (1). */
static const char *
changes_of(struct store *store, struct arena *arena, const char *name, size_t table, int which)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT json_extract(value, printf('$.changes[%d][%d]', ?2, ?3)) FROM value"
		" WHERE name = ?1",
		"tid", name, (int64_t)table, which);
	const char *rows = "[]";

	if (store_row(store, row)) {
		rows = store_text(arena, row, 0);
		store_done(row);
	}
	return rows != NULL ? rows : "[]";
}

/* A case that is there no more is found as the one from which it was parted. */
static void
end_other(struct store *store, const struct store_undone *act, int64_t now)
{
	if (act->kind == STORE_UNDO_SPLIT)
		store_case_merge(store, act->other, act->case_id, now);
}

/* What a closing in between has ended goes on in a case that is open. */
static void
resume(struct store *store, int64_t case_id)
{
	if (store_ask_int(store, "SELECT state = 0 FROM case_record WHERE id = ?", "i", case_id) != 0)
		(void)store_deadlines_resume(store, case_id);
}

void
store_undo(struct store *store, struct arena *arena, const struct store_undone *act, int64_t now)
{
	const char *out[TABLES], *in[TABLES];

	for (size_t i = 0; i < TABLES; i++) {
		out[i] = changes_of(store, arena, act->name, i, 0);
		in[i] = changes_of(store, arena, act->name, i, 1);
	}
	for (size_t i = 0; i < TABLES; i++) {
		if (tables[i].take_out != NULL)
			store_run(store, tables[i].take_out, "iiit", act->case_id, act->other,
				act->message, in[i]);
	}
	for (size_t i = 0; i < TABLES; i++) {
		if (tables[i].put_back != NULL)
			store_run(store, tables[i].put_back, "t", out[i]);
		else
			store_run(store, tables[i].change, "tt", out[i], in[i]);
	}
	store_run(store,
		"UPDATE case_record SET number_bound = (SELECT coalesce(max(bound), 0)"
		" FROM case_number WHERE case_id = case_record.id) WHERE id IN (?1, ?2)",
		"ii", act->case_id, act->other);
	store_run(store,
		"UPDATE message SET in_case = 0, wanted = 0 WHERE id = ? AND in_case = 1"
		" AND NOT EXISTS (SELECT 1 FROM case_message c WHERE c.message_id = message.id)",
		"i", act->message);
	end_other(store, act, now);
	resume(store, act->case_id);
	resume(store, act->other);
	store_run(store, "DELETE FROM value WHERE name = ?", "t", act->name);
}

bool
store_undo_fits(struct store *store, const struct store_undone *act)
{
	int64_t into = store_case_resolve(store, act->other);

	switch (act->kind) {
	case STORE_UNDO_MERGE:
		return into == act->case_id;
	case STORE_UNDO_SPLIT:
		return into == act->other;
	default:
		return true;
	}
}

size_t
store_undo_stays(struct store *store, struct arena *arena, const struct store_undone *act,
	int64_t **ids_r)
{
	return store_ask_ids(store, arena, ids_r,
		"SELECT message_id FROM case_message WHERE case_id = ? AND message_id > ?"
		" ORDER BY message_id",
		"ii", act->case_id, act->last);
}
