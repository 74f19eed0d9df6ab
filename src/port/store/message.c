/*
 * Messages, written: rows, places, kept bytes, attachments, the flags by which
 * some are looked at again. The key is the hash of the raw bytes, never a
 * Message-ID.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <ctype.h>
#include <string.h>

enum kept { KEPT_NOTHING, KEPT_AS_IT_CAME, KEPT_BOXED };

static enum kept
kept_as(const void *raw, bool boxed)
{
	if (raw == NULL)
		return KEPT_NOTHING;
	return boxed ? KEPT_BOXED : KEPT_AS_IT_CAME;
}

int64_t
store_message_by_hash(struct store *store, const char *desk, const unsigned char sha256[32])
{
	return store_ask_int(store,
		"SELECT m.id FROM desk d JOIN message m ON m.desk_id = d.id"
		" WHERE d.title = ? AND m.sha256 = ?",
		"tb", desk, sha256, (size_t)32);
}

static void
add_attachments(struct store *store, int64_t id, const struct record_message *message)
{
	for (size_t i = 0; i < message->attachment_count; i++) {
		const struct record_attachment *attachment = &message->attachments[i];

		store_run(store,
			"INSERT INTO attachment (message_id, position, name, type, size)"
			" VALUES (?, ?, ?, ?, ?)",
			"iitti", id, (int64_t)i, attachment->name,
			attachment->type != NULL ? attachment->type : "application/octet-stream",
			attachment->size);
	}
}

static int
staff_word(const struct record_message *message)
{
	return message->staff_trusted ? 1 : message->staff_forged ? -1 : 0;
}

int64_t
store_message_add(
	struct store *store, const struct record_message *message, const void *raw, size_t raw_len)
{
	int64_t id = store_run_id(store,
		"INSERT INTO message (desk_id, direction, kind, stage, trust, encrypted, kept,"
		" staff_said, unfiled, again, wanted, in_case, date, received_at, size, sha256,"
		" message_id, folder, signed_by, from_text, to_text, subject, problems, why)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" RETURNING id",
		"iddddddddiiibtttttttt", store_desk_id(store, message->desk),
		(int)message->direction, (int)message->kind, (int)message->stage,
		(int)message->trust, (int)message->encrypted, (int)kept_as(raw, message->boxed),
		staff_word(message), (int)message->unfiled, message->date, message->received_at,
		message->size, message->sha256, sizeof(message->sha256), message->message_id,
		message->folder, message->signed_by, message->from, message->to, message->subject,
		message->problems, message->why);

	if (id == 0)
		return 0;
	if (raw != NULL)
		store_run(store, "INSERT INTO message_raw (message_id, bytes) VALUES (?, ?)", "ib",
			id, raw, raw_len);
	add_attachments(store, id, message);
	return id;
}

void
store_place_add(
	struct store *store, int64_t message, int64_t mailbox, uint32_t uid_validity, uint32_t uid)
{
	store_run(store,
		"INSERT INTO message_place (mailbox_id, uid_validity, uid, message_id)"
		" VALUES (?, ?, ?, ?) ON CONFLICT (mailbox_id, uid_validity, uid)"
		" DO UPDATE SET message_id = excluded.message_id"
		" WHERE message_place.message_id <> excluded.message_id",
		"iiii", mailbox, (int64_t)uid_validity, (int64_t)uid, message);
	store_run(store,
		"UPDATE message SET folder = (SELECT folder FROM mailbox WHERE id = ?)"
		" WHERE id = ? AND folder IS NULL",
		"ii", mailbox, message);
}

bool
store_place_get(struct store *store, struct arena *arena, int64_t message, char **desk_r,
	char **folder_r, uint32_t *uid_validity_r, uint32_t *uid_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT d.title, b.folder, p.uid_validity, p.uid FROM message_place p"
		" JOIN mailbox b ON b.id = p.mailbox_id JOIN desk d ON d.id = b.desk_id"
		" WHERE p.message_id = ?"
		" ORDER BY p.uid_validity = b.uid_validity DESC, p.mailbox_id, p.uid LIMIT 1",
		"i", message);

	if (!store_row(store, row))
		return false;
	*desk_r = store_text(arena, row, 0);
	*folder_r = store_text(arena, row, 1);
	*uid_validity_r = (uint32_t)sqlite3_column_int64(row, 2);
	*uid_r = (uint32_t)sqlite3_column_int64(row, 3);
	store_done(row);
	return true;
}

bool
store_message_raw(struct store *store, struct arena *arena, int64_t message, char **raw_r,
	size_t *len_r, bool *boxed_r)
{
	sqlite3_stmt *row = store_ask(store,
		"SELECT m.kept, r.bytes FROM message m"
		" JOIN message_raw r ON r.message_id = m.id WHERE m.id = ?",
		"i", message);

	if (!store_row(store, row))
		return false;
	*boxed_r = sqlite3_column_int(row, 0) == KEPT_BOXED;
	*raw_r = store_blob(arena, row, 1, len_r);
	store_done(row);
	return true;
}

bool
store_message_kept(struct store *store, int64_t message)
{
	return store_ask_int(store, "SELECT kept FROM message WHERE id = ?", "i", message) != 0;
}

void
store_message_keep(struct store *store, int64_t message, const void *raw, size_t len, bool boxed)
{
	store_run(store,
		"INSERT INTO message_raw (message_id, bytes) VALUES (?, ?)"
		" ON CONFLICT (message_id) DO UPDATE SET bytes = excluded.bytes",
		"ib", message, raw, len);
	store_run(store, "UPDATE message SET kept = ?, wanted = 0 WHERE id = ?", "di",
		(int)kept_as(raw, boxed), message);
}

void
store_message_update(struct store *store, const struct record_message *message)
{
	store_run(store,
		"UPDATE message SET kind = ?, stage = ?, trust = ?, signed_by = ?, problems = ?,"
		" why = ?, unfiled = ? WHERE id = ?",
		"dddtttdi", (int)message->kind, (int)message->stage, (int)message->trust,
		message->signed_by, message->problems, message->why, (int)message->unfiled,
		message->id);
	if (message->attachment_count == 0)
		return;
	store_run(store, "DELETE FROM attachment WHERE message_id = ?", "i", message->id);
	add_attachments(store, message->id, message);
}

void
store_key_tail(const char *key_id, char tail_r[STORE_KEY_DIGITS + 1])
{
	size_t len = strlen(key_id);

	key_id += len > STORE_KEY_DIGITS ? len - STORE_KEY_DIGITS : 0;
	len = strlen(key_id);
	for (size_t i = 0; i <= len; i++)
		tail_r[i] = (char)toupper((unsigned char)key_id[i]);
}

void
store_message_key_add(struct store *store, int64_t message, const char *key_id)
{
	char key[STORE_KEY_DIGITS + 1];

	store_key_tail(key_id, key);
	store_run(store,
		"INSERT INTO message_key (key, message_id) VALUES (?, ?)"
		" ON CONFLICT (key, message_id) DO NOTHING",
		"ti", key, message);
}

void
store_staff_said(struct store *store, int64_t message, int said)
{
	store_run(store, "UPDATE message SET staff_said = ? WHERE id = ?", "di", said, message);
}

void
store_flag_again(struct store *store, int64_t message, bool again)
{
	store_run(store, "UPDATE message SET again = ? WHERE id = ? AND again <> ?", "did",
		(int)again, message, (int)again);
}

void
store_want(struct store *store, int64_t message, bool wanted)
{
	store_run(store, "UPDATE message SET wanted = ? WHERE id = ? AND wanted <> ?", "did",
		(int)wanted, message, (int)wanted);
}
