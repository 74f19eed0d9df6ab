/*
 * Messages, read: one, all, those of a case, those that are to be looked at
 * again. Never touches the kept bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <string.h>

#define HIDDEN_KEY "0000000000000000"

#define SELECT_MESSAGE \
	"SELECT " STORE_MESSAGE_COLUMNS " FROM message m JOIN desk d ON d.id = m.desk_id"

static void
read_hash(struct store *store, sqlite3_stmt *row, int column, unsigned char hash_r[32])
{
	const void *bytes = sqlite3_column_blob(row, column);

	if (bytes != NULL && sqlite3_column_bytes(row, column) == 32)
		memcpy(hash_r, bytes, 32);
	else
		store_failed_text(store, NEVER, "the hash of a message on record is damaged");
}

static void
read_row(struct store *store, struct arena *arena, sqlite3_stmt *row,
	struct record_message *message)
{
	int kept, said;

	message->id = sqlite3_column_int64(row, 0);
	message->desk = store_text(arena, row, 1);
	message->direction = (enum direction)store_below(store, row, 2, DIRECTIONS);
	message->kind = (enum mail_kind)store_below(store, row, 3, MAIL_KINDS);
	message->stage = (enum stage)store_below(store, row, 4, STAGES);
	message->trust = (enum trust)store_below(store, row, 5, TRUSTS);
	message->message_id = store_text(arena, row, 6);
	message->from = store_text(arena, row, 7);
	message->to = store_text(arena, row, 8);
	message->date = sqlite3_column_int64(row, 9);
	message->received_at = sqlite3_column_int64(row, 10);
	message->subject = store_text(arena, row, 11);
	message->encrypted = sqlite3_column_int(row, 12) != 0;
	message->signed_by = store_text(arena, row, 13);
	message->folder = store_text(arena, row, 14);
	message->problems = store_text(arena, row, 15);
	message->why = store_text(arena, row, 16);
	read_hash(store, row, 17, message->sha256);
	message->size = sqlite3_column_int64(row, 18);
	kept = store_below(store, row, 19, 3);
	message->has_raw = kept != 0;
	message->boxed = kept == 2;
	said = sqlite3_column_int(row, 20);
	message->staff_trusted = said > 0;
	message->staff_forged = said < 0;
	message->unfiled = sqlite3_column_int(row, 21) != 0;
}

static void
read_attachments(struct store *store, struct arena *arena, struct record_message *message)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT name, type, size FROM attachment"
		" WHERE message_id = ? ORDER BY position",
		"i", message->id);

	while (store_row(store, row)) {
		struct record_attachment *attachment;

		message->attachments = store_grow(arena, message->attachments,
			message->attachment_count, sizeof(*message->attachments));
		attachment = &message->attachments[message->attachment_count++];
		attachment->name = store_text(arena, row, 0);
		attachment->type = store_text(arena, row, 1);
		attachment->size = sqlite3_column_int64(row, 2);
	}
}

size_t
store_messages_read(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
	struct record_message **list_r)
{
	bool snapshot = store_snapshot(store);
	struct record_message *list = NULL;
	size_t count = 0;

	while (store_row(store, stmt)) {
		list = store_grow(arena, list, count, sizeof(*list));
		read_row(store, arena, stmt, &list[count++]);
	}
	for (size_t i = 0; i < count; i++) {
		read_attachments(store, arena, &list[i]);
		list[i].case_count = store_ask_ids(store, arena, &list[i].cases,
			"SELECT case_id FROM case_message WHERE message_id = ? ORDER BY case_id",
			"i", list[i].id);
	}
	store_snapshot_end(store, snapshot);
	*list_r = list;
	return count;
}

struct record_message *
store_message_get(struct store *store, struct arena *arena, int64_t id)
{
	struct record_message *list;
	sqlite3_stmt *row = store_ask(store, SELECT_MESSAGE " WHERE m.id = ?", "i", id);

	return store_messages_read(store, arena, row, &list) > 0 ? list : NULL;
}

/*
 * The newest so many, given oldest first. By whole seconds: the mailbox knows no
 * finer ones, and an answer must not stand behind what came after it.
 */
#define NEWEST(where) \
	SELECT_MESSAGE " " where " ORDER BY m.received_at / 1000000 DESC, m.id DESC LIMIT ?"

static const char *
list_sql(enum store_message_filter filter)
{
	switch (filter) {
	case STORE_IN:
		return NEWEST("WHERE m.direction = 0");
	case STORE_OUT:
		return NEWEST("WHERE m.direction = 1");
	case STORE_UNFILED:
		return NEWEST("WHERE m.unfiled = 1");
	case STORE_ALL:
	default:
		return NEWEST("");
	}
}

size_t
store_message_list(struct store *store, struct arena *arena, enum store_message_filter filter,
	size_t limit, struct record_message **list_r)
{
	int64_t most = limit == 0 ? INT64_MAX : (int64_t)limit;
	struct record_message *list;
	size_t count = store_messages_read(
		store, arena, store_ask(store, list_sql(filter), "i", most), &list);

	for (size_t i = 0; i < count / 2; i++) {
		struct record_message other = list[i];

		list[i] = list[count - 1 - i];
		list[count - 1 - i] = other;
	}
	*list_r = list;
	return count;
}

size_t
store_case_messages(
	struct store *store, struct arena *arena, int64_t case_id, struct record_message **list_r)
{
	return store_messages_read(store, arena,
		store_ask(store,
			"SELECT " STORE_MESSAGE_COLUMNS " FROM case_message c"
			" JOIN message m ON m.id = c.message_id JOIN desk d ON d.id = m.desk_id"
			" WHERE c.case_id = ? ORDER BY m.received_at / 1000000, m.id",
			"i", case_id),
		list_r);
}

size_t
store_message_waiting_for_key(struct store *store, struct arena *arena, const char *desk,
	const char *fpr, int64_t **ids_r)
{
	char key[STORE_KEY_DIGITS + 1];

	store_key_tail(fpr, key);
	return store_ask_ids(store, arena, ids_r,
		"SELECT DISTINCT m.id FROM message_key k JOIN message m ON m.id = k.message_id"
		" JOIN desk d ON d.id = m.desk_id"
		" WHERE k.key IN (?, '" HIDDEN_KEY "') AND d.title = ?"
		" AND (m.kind = ? OR m.trust = ? OR m.problems LIKE '%' || ? || '%')"
		" ORDER BY m.id",
		"ttddt", key, desk, (int)KIND_UNREADABLE, (int)TRUST_SUSPECT,
		problem_text(PROBLEM_UNKNOWN_KEY));
}

size_t
store_again_list(struct store *store, struct arena *arena, int64_t **ids_r)
{
	return store_ask_ids(
		store, arena, ids_r, "SELECT id FROM message WHERE again = 1 ORDER BY id", "");
}

size_t
store_wanted(struct store *store, struct arena *arena, const char *desk, int64_t **ids_r)
{
	return store_ask_ids(store, arena, ids_r,
		"SELECT m.id FROM desk d JOIN message m ON m.desk_id = d.id AND m.wanted = 1"
		" WHERE d.title = ? AND EXISTS (SELECT 1 FROM message_place p"
		" WHERE p.message_id = m.id) ORDER BY m.id",
		"t", desk);
}

bool
store_own_message_id(struct store *store, const char *desk, const char *message_id)
{
	return store_ask_int(store,
		       "SELECT 1 FROM outbox o JOIN desk d ON d.id = o.desk_id"
		       " WHERE o.message_id = ? AND d.title = ?",
		       "tt", message_id, desk) != 0;
}
