/*
 * The logs: appended to, never changed. Each case has a chain of hashes of its
 * own; each entry carries also the head of the chain over all entries, so that
 * an entry cannot vanish from one log unseen by the others.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/text.h"

#include <string.h>

/* A chain begins with zeros. */
static void
read_link(struct store *store, sqlite3_stmt *row, unsigned char link_r[STORE_HASH_BYTES])
{
	memset(link_r, 0, STORE_HASH_BYTES);
	if (!store_row(store, row))
		return;
	if (sqlite3_column_bytes(row, 0) == STORE_HASH_BYTES)
		memcpy(link_r, sqlite3_column_blob(row, 0), STORE_HASH_BYTES);
	else
		store_failed_text(store, NEVER, "a hash in the log is damaged");
	store_done(row);
}

static sqlite3_stmt *
ask_head(struct store *store)
{
	return store_ask(store, "SELECT chain FROM log ORDER BY id DESC LIMIT 1", "");
}

void
store_log(struct store *store, int64_t case_id, int64_t at, const char *who, const char *what)
{
	unsigned char before[STORE_HASH_BYTES], head[STORE_HASH_BYTES];
	unsigned char hash[STORE_HASH_BYTES], chain[STORE_HASH_BYTES];

	read_link(store,
		store_ask(store, "SELECT hash FROM log WHERE case_id = ? ORDER BY id DESC LIMIT 1",
			"i", case_id),
		before);
	read_link(store, ask_head(store), head);
	store_log_hash(before, case_id, at, who, what, hash);
	store_log_chain(head, hash, chain);
	store_run(store,
		"INSERT INTO log (case_id, at, who, what, hash, chain) VALUES (?, ?, ?, ?, ?, ?)",
		"iittbb", case_id, at, who, what, hash, sizeof(hash), chain, sizeof(chain));
}

size_t
store_log_list(
	struct store *store, struct arena *arena, int64_t case_id, struct record_log **list_r)
{
	struct record_log *list = NULL;
	size_t count = 0;
	sqlite3_stmt *row = store_ask(store,
		"SELECT hash, at, who, what FROM log WHERE case_id = ?"
		" ORDER BY id",
		"i", case_id);

	while (store_row(store, row)) {
		struct record_log *entry;

		list = store_grow(arena, list, count, sizeof(*list));
		entry = &list[count++];
		if (sqlite3_column_bytes(row, 0) == STORE_HASH_BYTES)
			text_hex(entry->hash, sqlite3_column_blob(row, 0), STORE_HASH_BYTES);
		entry->at = sqlite3_column_int64(row, 1);
		entry->who = store_text(arena, row, 2);
		entry->what = store_text(arena, row, 3);
	}
	*list_r = list;
	return count;
}

void
store_log_head(struct store *store, char head_r[65])
{
	unsigned char head[STORE_HASH_BYTES];

	read_link(store, ask_head(store), head);
	text_hex(head_r, head, sizeof(head));
}
