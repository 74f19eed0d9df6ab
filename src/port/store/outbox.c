/*
 * The outbox: what waits, is held, went out, with its proof. The promises of
 * flow/outbox rest on two things here: the unique key of acknowledgements, and
 * that the sealed bytes are a row before anything is sent.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#define SELECT_OUTBOX \
	"SELECT o.id AS id, o.case_id, d.title, o.kind, o.stage, o.to_text, o.state, o.tries," \
	" o.next_try_at AS next_try_at, o.first_try_at, o.last_error, o.message_id," \
	" o.created_at, o.sent_at, o.smtp_reply, o.sha256, o.keys, o.hold_why, o.sealed," \
	" o.copied, o.answers, o.message, o.staff, o.params, o.trying FROM outbox o JOIN desk d" \
	" ON d.id = o.desk_id"

int64_t
store_outbox_add(struct store *store, const struct record_outbox *entry)
{
	return store_run_id(store,
		"INSERT INTO outbox (case_id, desk_id, kind, stage, state, tries, trying,"
		" next_try_at, first_try_at, created_at, sent_at, sealed, copied, answers,"
		" message, to_text, message_id, last_error, smtp_reply, sha256, keys, hold_why,"
		" staff, params) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?) ON CONFLICT (case_id, stage) WHERE kind = 14 AND state <> 5"
		" DO NOTHING RETURNING id",
		"ziddddiiiidzzttttttttt", entry->case_id, store_desk_id(store, entry->desk),
		(int)entry->kind, (int)entry->stage, (int)entry->state, entry->tries,
		entry->next_try_at, entry->first_try_at, entry->created_at, entry->sent_at,
		(int)entry->copied, entry->answers, entry->message, entry->to, entry->message_id,
		entry->last_error, entry->smtp_reply, entry->sha256, entry->keys, entry->hold_why,
		entry->staff, entry->params);
}

static void
read_row(struct store *store, struct arena *arena, sqlite3_stmt *row, struct record_outbox *entry)
{
	entry->id = sqlite3_column_int64(row, 0);
	entry->case_id = sqlite3_column_int64(row, 1);
	entry->desk = store_text(arena, row, 2);
	entry->kind = (enum mail_kind)store_below(store, row, 3, MAIL_KINDS);
	entry->stage = (enum stage)store_below(store, row, 4, STAGES);
	entry->to = store_text(arena, row, 5);
	entry->state = (enum outbox_state)store_below(store, row, 6, OUTBOX_STATES);
	entry->tries = sqlite3_column_int(row, 7);
	entry->next_try_at = sqlite3_column_int64(row, 8);
	entry->first_try_at = sqlite3_column_int64(row, 9);
	entry->last_error = store_text(arena, row, 10);
	entry->message_id = store_text(arena, row, 11);
	entry->created_at = sqlite3_column_int64(row, 12);
	entry->sent_at = sqlite3_column_int64(row, 13);
	entry->smtp_reply = store_text(arena, row, 14);
	entry->sha256 = store_text(arena, row, 15);
	entry->keys = store_text(arena, row, 16);
	entry->hold_why = store_text(arena, row, 17);
	entry->sealed = sqlite3_column_int(row, 18) != 0;
	entry->copied = sqlite3_column_int(row, 19) != 0;
	entry->answers = sqlite3_column_int64(row, 20);
	entry->message = sqlite3_column_int64(row, 21);
	entry->staff = store_text(arena, row, 22);
	entry->params = store_text(arena, row, 23);
	entry->trying = sqlite3_column_int64(row, 24);
}

static size_t
read_outbox(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
	struct record_outbox **list_r)
{
	struct record_outbox *list = NULL;
	size_t count = 0;

	while (store_row(store, stmt)) {
		list = store_grow(arena, list, count, sizeof(*list));
		read_row(store, arena, stmt, &list[count++]);
	}
	for (size_t i = 0; i < count; i++)
		list[i].case_id = store_case_resolve(store, list[i].case_id);
	*list_r = list;
	return count;
}

struct record_outbox *
store_outbox_get(struct store *store, struct arena *arena, int64_t id)
{
	struct record_outbox *list;
	sqlite3_stmt *row = store_ask(store, SELECT_OUTBOX " WHERE o.id = ?", "i", id);

	return read_outbox(store, arena, row, &list) > 0 ? list : NULL;
}

size_t
store_outbox_list(struct store *store, struct arena *arena, enum outbox_state state,
	struct record_outbox **list_r)
{
	sqlite3_stmt *stmt;

	if (state == OUTBOX_STATES)
		stmt = store_ask(
			store, SELECT_OUTBOX " WHERE o.state IN (0, 1, 2, 4) ORDER BY o.id", "");
	else
		stmt = store_ask(
			store, SELECT_OUTBOX " WHERE o.state = ? ORDER BY o.id", "d", (int)state);
	return read_outbox(store, arena, stmt, list_r);
}

size_t
store_outbox_answering(struct store *store, struct arena *arena, int64_t message,
	enum outbox_state state, struct record_outbox **list_r)
{
	return read_outbox(store, arena,
		store_ask(store, SELECT_OUTBOX " WHERE o.state = ? AND o.answers = ? ORDER BY o.id",
			"di", (int)state, message),
		list_r);
}

/*
 * Each half walks the index in its order, and the halves are merged: a long queue is not sorted
 * anew each time.
 */
size_t
store_outbox_due(struct store *store, struct arena *arena, const char *desk, int64_t now,
	size_t limit, struct record_outbox **list_r)
{
	return read_outbox(store, arena,
		store_ask(store,
			SELECT_OUTBOX
			" WHERE o.state = 1 AND o.next_try_at <= ?1 AND d.title = ?3"
			" UNION ALL " SELECT_OUTBOX
			" WHERE o.state = 2 AND o.next_try_at <= ?1 AND d.title = ?3"
			" ORDER BY next_try_at, id LIMIT ?2",
			"iit", now, (int64_t)limit, desk),
		list_r);
}

int64_t
store_outbox_next(struct store *store, int64_t after)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT next_try_at FROM outbox WHERE state = 1 AND next_try_at > ?1 UNION ALL"
		" SELECT next_try_at FROM outbox WHERE state = 2 AND next_try_at > ?1"
		" ORDER BY next_try_at LIMIT 1",
		"i", after);
	int64_t at;

	if (!store_row(store, row))
		return 0;
	at = sqlite3_column_int64(row, 0);
	store_done(row);
	return at > 0 ? at : 1;
}

size_t
store_outbox_uncopied(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r)
{
	return read_outbox(store, arena,
		store_ask(store,
			SELECT_OUTBOX " WHERE o.state = 3 AND o.copied = 0 AND d.title = ?"
				      " ORDER BY o.id LIMIT ?",
			"ti", desk, (int64_t)limit),
		list_r);
}

size_t
store_case_outbox(
	struct store *store, struct arena *arena, int64_t case_id, struct record_outbox **list_r)
{
	return read_outbox(store, arena,
		store_ask(store, SELECT_OUTBOX " WHERE " STORE_OUTBOX_OF_CASE " ORDER BY o.id", "i", case_id),
		list_r);
}

/* What was sealed stays: an entry that was read before the sealing must not wipe out its proof. */
void
store_outbox_update(struct store *store, const struct record_outbox *entry)
{
	store_run(store,
		"UPDATE outbox SET state = ?, tries = ?, trying = 0, next_try_at = ?,"
		" first_try_at = ?, last_error = ?, sent_at = ?, smtp_reply = ?,"
		" sha256 = coalesce(?, sha256), keys = coalesce(?, keys), hold_why = ?,"
		" copied = ?, message = coalesce(?, message) WHERE id = ?",
		"ddiitittttdzi", (int)entry->state, entry->tries, entry->next_try_at,
		entry->first_try_at, entry->last_error, entry->sent_at, entry->smtp_reply,
		entry->sha256, entry->keys, entry->hold_why, (int)entry->copied, entry->message,
		entry->id);
}

void
store_outbox_drop(struct store *store, int64_t id, const char *why)
{
	store_run(store,
		"UPDATE outbox SET state = 5, trying = 0, last_error = ? WHERE id = ?"
		" AND state <> 3",
		"ti", why, id);
}

void
store_outbox_seal(struct store *store, int64_t id, const void *bytes, size_t len,
	const char *sha256, const char *keys)
{
	store_run(store,
		"INSERT INTO outbox_bytes (outbox_id, bytes) VALUES (?, ?)"
		" ON CONFLICT (outbox_id) DO UPDATE SET bytes = excluded.bytes",
		"ib", id, bytes, len);
	store_run(store, "UPDATE outbox SET sealed = 1, sha256 = ?, keys = ? WHERE id = ?", "tti",
		sha256, keys, id);
}

void
store_outbox_unseal(struct store *store, int64_t id)
{
	store_run(store, "DELETE FROM outbox_bytes WHERE outbox_id = ?", "i", id);
	store_run(store, "UPDATE outbox SET sealed = 0, sha256 = NULL, keys = NULL WHERE id = ?", "i",
		id);
}

bool
store_outbox_bytes(
	struct store *store, struct arena *arena, int64_t id, char **bytes_r, size_t *len_r)
{
	sqlite3_stmt *row =
		store_ask(store, "SELECT bytes FROM outbox_bytes WHERE outbox_id = ?", "i", id);

	if (!store_row(store, row))
		return false;
	*bytes_r = store_blob(arena, row, 0, len_r);
	store_done(row);
	return true;
}

void
store_outbox_begin_try(struct store *store, int64_t id, int64_t now)
{
	store_run(store,
		"UPDATE outbox SET trying = ?1,"
		" first_try_at = CASE WHEN first_try_at = 0 THEN ?1 ELSE first_try_at END"
		" WHERE id = ?2",
		"ii", now, id);
}

int
store_outbox_recover(struct store *store)
{
	return store_run(store,
		"UPDATE outbox SET trying = 0, next_try_at = 0"
		" WHERE state IN (1, 2) AND trying <> 0",
		"");
}

/* When it was first tried, or due; a letter that is to go later is none. */
#define TRIED "CASE WHEN first_try_at > 0 THEN first_try_at ELSE next_try_at END"
#define STUCK \
	"state IN (1, 2) AND desk_id = (SELECT id FROM desk WHERE title = ?1)" \
	" AND (first_try_at > 0 OR next_try_at <= ?2) AND " TRIED " > ?3"

int64_t
store_outbox_sent_last(struct store *store, const char *desk, int64_t now)
{
	return store_ask_int(store,
		"SELECT coalesce(max(sent_at), 0) FROM outbox WHERE state = 3 AND desk_id ="
		" (SELECT id FROM desk WHERE title = ?) AND sent_at <= ?", "ti", desk, now);
}

bool
store_outbox_stuck(struct store *store, struct arena *arena, const char *desk, int64_t now,
	struct store_stuck *stuck_r)
{
	int64_t last = store_outbox_sent_last(store, desk, now), since = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT coalesce(min(" TRIED "), 0), count(*) FROM outbox WHERE " STUCK, "tii", desk, now,
		last);

	if (store_row(store, row)) {
		since = sqlite3_column_int64(row, 0);
		stuck_r->count = sqlite3_column_int64(row, 1);
		store_done(row);
	}
	if (since == 0)
		return false;
	stuck_r->since = since;
	stuck_r->last_error = NULL;
	row = store_ask(store,
		"SELECT last_error FROM outbox WHERE " STUCK " AND " TRIED " = ?4 LIMIT 1", "tiii", desk,
		now, last, since);
	if (store_row(store, row)) {
		stuck_r->last_error = store_text(arena, row, 0);
		store_done(row);
	}
	return true;
}

int64_t
store_outbox_by_message_id(struct store *store, const char *message_id)
{
	return store_ask_int(store, "SELECT id FROM outbox WHERE message_id = ?", "t", message_id);
}

uint32_t
store_acknowledged_stages(struct store *store, int64_t case_id)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT stage FROM outbox WHERE " STORE_OUTBOX_OF_CASE " AND kind = 14 AND state <> 5",
		"i", case_id);
	uint32_t bits = 0;

	while (store_row(store, row))
		bits |= UINT32_C(1) << store_below(store, row, 0, STAGES);
	return bits;
}

/* Held, and what it answers is believed by nobody. */
#define DOUBTED \
	"o.kind = 14 AND o.state = 0 AND EXISTS" \
	" (SELECT 1 FROM message m WHERE m.id = o.answers AND m.trust < 2)"

uint32_t
store_doubted_stages(struct store *store, int64_t case_id)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT o.stage, " DOUBTED " FROM outbox o WHERE " STORE_OUTBOX_OF_CASE
		" AND o.kind = 14 AND o.state <> 5",
		"i", case_id);
	uint32_t doubted = 0, others = 0;

	while (store_row(store, row)) {
		uint32_t bit = UINT32_C(1) << store_below(store, row, 0, STAGES);

		if (sqlite3_column_int(row, 1) != 0)
			doubted |= bit;
		else
			others |= bit;
	}
	return doubted & ~others;
}

size_t
store_outbox_doubted(struct store *store, struct arena *arena, int64_t case_id, enum stage stage,
	struct record_outbox **list_r)
{
	return read_outbox(store, arena,
		store_ask(store,
			SELECT_OUTBOX " WHERE " STORE_OUTBOX_OF_CASE " AND o.stage = ?2 AND " DOUBTED
				      " ORDER BY o.id",
			"id", case_id, (int)stage),
		list_r);
}

int
store_acknowledged_since(struct store *store, const char *address, int64_t since)
{
	return (int)store_ask_int(store,
		"SELECT count(*) FROM outbox WHERE lower(to_text) = lower(?)"
		" AND created_at >= ? AND kind = 14 AND state IN (1, 2, 3)",
		"ti", address, since);
}
