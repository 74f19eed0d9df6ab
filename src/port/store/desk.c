/*
 * Desks with their key pair of the box, folders with their cursors, small
 * values, digests that went out, keys that were seen.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <string.h>

int64_t
store_desk_id(struct store *store, const char *desk)
{
	int64_t id = store_ask_int(store, "SELECT id FROM desk WHERE title = ?", "t", desk);

	if (id != 0)
		return id;
	return store_run_id(store, "INSERT INTO desk (title) VALUES (?) RETURNING id", "t", desk);
}

bool
store_box_get(struct store *store, struct arena *arena, const char *desk,
	unsigned char public_r[32], char **sealed_r, size_t *sealed_len_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT box_public, box_secret FROM desk"
		" WHERE title = ? AND box_public IS NOT NULL AND box_secret IS NOT NULL",
		"t", desk);

	if (!store_row(store, row))
		return false;
	if (sqlite3_column_bytes(row, 0) == 32) {
		memcpy(public_r, sqlite3_column_blob(row, 0), 32);
		*sealed_r = store_blob(arena, row, 1, sealed_len_r);
		store_done(row);
		return true;
	}
	store_done(row);
	store_failed_text(store, NEVER, "the public half of a desk's pair is damaged");
	return false;
}

void
store_box_set(struct store *store, const char *desk, const unsigned char public_half[32],
	const char *sealed, size_t sealed_len, int64_t now)
{
	int64_t id = store_desk_id(store, desk);

	store_run(store,
		"UPDATE desk SET box_public = ?, box_secret = ?, box_made_at = ? WHERE id = ?",
		"bbii", public_half, (size_t)32, sealed, sealed_len, now, id);
}

char *
store_value_get(struct store *store, struct arena *arena, const char *name)
{
	sqlite3_stmt *row = store_ask(store, "SELECT value FROM value WHERE name = ?", "t", name);
	char *value;

	if (!store_row(store, row))
		return NULL;
	value = store_text(arena, row, 0);
	store_done(row);
	return value;
}

void
store_value_set(struct store *store, const char *name, const char *value)
{
	store_run(store,
		"INSERT INTO value (name, value) VALUES (?, ?)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		"tt", name, value);
}

static bool
cursor_read(
	struct store *store, const char *desk, const char *folder, struct store_cursor *cursor_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT b.id, b.uid_validity, b.last_uid, b.first_seen, b.last_pass FROM mailbox b"
		" JOIN desk d ON d.id = b.desk_id WHERE d.title = ? AND b.folder = ?",
		"tt", desk, folder);

	if (!store_row(store, row))
		return false;
	cursor_r->mailbox = sqlite3_column_int64(row, 0);
	cursor_r->uid_validity = (uint32_t)sqlite3_column_int64(row, 1);
	cursor_r->last_uid = (uint32_t)sqlite3_column_int64(row, 2);
	cursor_r->first_seen = sqlite3_column_int64(row, 3);
	cursor_r->last_pass = sqlite3_column_int64(row, 4);
	store_done(row);
	return true;
}

void
store_cursor_get(struct store *store, const char *desk, const char *folder, int64_t now,
	struct store_cursor *cursor_r)
{
	memset(cursor_r, 0, sizeof(*cursor_r));
	if (cursor_read(store, desk, folder, cursor_r))
		return;
	cursor_r->first_seen = now;
	if (!store->in_transaction)
		return;
	cursor_r->mailbox = store_run_id(store,
		"INSERT INTO mailbox (desk_id, folder, uid_validity, last_uid, first_seen,"
		" last_pass) VALUES (?, ?, 0, 0, ?, 0) RETURNING id",
		"iti", store_desk_id(store, desk), folder, now);
}

void
store_cursor_set(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t last_uid)
{
	store_run(store, "UPDATE mailbox SET uid_validity = ?, last_uid = ? WHERE id = ?", "iii",
		(int64_t)uid_validity, (int64_t)last_uid, mailbox);
}

void
store_cursor_passed(struct store *store, int64_t mailbox, int64_t now)
{
	store_run(store, "UPDATE mailbox SET last_pass = ? WHERE id = ?", "ii", now, mailbox);
}

size_t
store_mailboxes(struct store *store, struct arena *arena, struct store_mailbox **list_r)
{
	struct store_mailbox *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT d.title, b.folder, b.id, b.uid_validity, b.last_uid, b.first_seen,"
		" b.last_pass FROM mailbox b JOIN desk d ON d.id = b.desk_id ORDER BY d.id, b.id",
		"");

	while (store_row(store, row)) {
		struct store_mailbox *mailbox;

		list = store_grow(arena, list, count, sizeof(*list));
		mailbox = &list[count++];
		mailbox->desk = store_text(arena, row, 0);
		mailbox->folder = store_text(arena, row, 1);
		mailbox->cursor.mailbox = sqlite3_column_int64(row, 2);
		mailbox->cursor.uid_validity = (uint32_t)sqlite3_column_int64(row, 3);
		mailbox->cursor.last_uid = (uint32_t)sqlite3_column_int64(row, 4);
		mailbox->cursor.first_seen = sqlite3_column_int64(row, 5);
		mailbox->cursor.last_pass = sqlite3_column_int64(row, 6);
	}
	*list_r = list;
	return count;
}

void
store_mark_due(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid)
{
	store_run(store,
		"INSERT INTO mark_due (mailbox_id, uid_validity, uid) VALUES (?, ?, ?)"
		" ON CONFLICT (mailbox_id, uid_validity, uid) DO NOTHING",
		"iii", mailbox, (int64_t)uid_validity, (int64_t)uid);
}

void
store_mark_done(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid)
{
	store_run(store,
		"DELETE FROM mark_due WHERE mailbox_id = ? AND uid_validity = ? AND uid = ?",
		"iii", mailbox, (int64_t)uid_validity, (int64_t)uid);
}

size_t
store_marks(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct store_mark **list_r)
{
	struct store_mark *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT b.folder, k.mailbox_id, k.uid_validity, k.uid FROM desk d"
		" JOIN mailbox b ON b.desk_id = d.id JOIN mark_due k ON k.mailbox_id = b.id"
		" WHERE d.title = ? ORDER BY k.mailbox_id, k.uid_validity, k.uid LIMIT ?",
		"ti", desk, (int64_t)limit);

	while (store_row(store, row)) {
		struct store_mark *mark;

		list = store_grow(arena, list, count, sizeof(*list));
		mark = &list[count++];
		mark->folder = store_text(arena, row, 0);
		mark->mailbox = sqlite3_column_int64(row, 1);
		mark->uid_validity = (uint32_t)sqlite3_column_int64(row, 2);
		mark->uid = (uint32_t)sqlite3_column_int64(row, 3);
	}
	*list_r = list;
	return count;
}

void
store_digest_sent(struct store *store, const char *desk, const char *staff, int64_t at)
{
	store_run(store,
		"INSERT INTO digest_sent (desk_id, staff, at) VALUES (?, ?, ?)"
		" ON CONFLICT (desk_id, staff, at) DO NOTHING",
		"iti", store_desk_id(store, desk), staff, at);
}

int64_t
store_digest_last(struct store *store, const char *desk, const char *staff, int64_t until)
{
	return store_ask_int(store,
		"SELECT s.at FROM desk d JOIN digest_sent s ON s.desk_id = d.id"
		" WHERE d.title = ? AND s.staff = ? AND s.at <= ? ORDER BY s.at DESC LIMIT 1",
		"tti", desk, staff, until);
}

bool
store_key_seen(struct store *store, const char *desk, const char *fpr, int64_t now)
{
	return store_run(store,
		       "INSERT INTO key_seen (desk_id, fingerprint, first_seen)"
		       " VALUES (?, ?, ?) ON CONFLICT (desk_id, fingerprint) DO NOTHING",
		       "iti", store_desk_id(store, desk), fpr, now) > 0;
}

enum expiry
store_key_told(struct store *store, const char *desk, const char *key, int64_t end)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT step FROM key_told WHERE desk_id = (SELECT id FROM desk WHERE title = ?)"
		" AND fingerprint = ? AND ends = ?",
		"tti", desk, key, end);
	enum expiry step;

	if (!store_row(store, row))
		return EXPIRY_NONE;
	step = (enum expiry)store_below(store, row, 0, EXPIRIES);
	store_done(row);
	return step;
}

void
store_key_tell(struct store *store, const char *desk, const char *key, int64_t end, enum expiry step,
	int64_t now)
{
	store_run(store,
		"INSERT INTO key_told (desk_id, fingerprint, ends, step, at) VALUES (?, ?, ?, ?, ?)"
		" ON CONFLICT (desk_id, fingerprint) DO UPDATE SET ends = excluded.ends,"
		" step = excluded.step, at = excluded.at",
		"itidi", store_desk_id(store, desk), key, end, (int)step, now);
}
