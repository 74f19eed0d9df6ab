/*
 * The store: messages, where they lie, what is kept of them.
 * A part of port/store.h, which tells how a store is used and brings this along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_MESSAGE_H
#define PORT_STORE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

struct arena;
struct store;

/* The message of that hash at that desk, 0 if it is not known. */
int64_t store_message_by_hash(struct store *store, const char *desk,
	const unsigned char sha256[32]);

/* New row; raw may be NULL (then it is not kept). Fills in attachments too. Returns its id. */
int64_t store_message_add(struct store *store, const struct record_message *message,
	const void *raw, size_t raw_len);

/*
 * Where else it lies. The same place twice is a no-op; a place that another message was said to
 * lie at is this one's now.
 */
void store_place_add(struct store *store, int64_t message, int64_t mailbox, uint32_t uid_validity,
	uint32_t uid);

/*
 * The first place it is known to lie at, of the folder's present UIDVALIDITY if there is one;
 * false when there is none.
 */
bool store_place_get(struct store *store, struct arena *arena, int64_t message, char **desk_r,
	char **folder_r, uint32_t *uid_validity_r, uint32_t *uid_r);

/* What was kept of it: raw bytes as they came, or (boxed) sealed. False when nothing is kept. */
bool store_message_raw(struct store *store, struct arena *arena, int64_t message, char **raw_r,
	size_t *len_r, bool *boxed_r);

/* Whether anything is kept of it. */
bool store_message_kept(struct store *store, int64_t message);

/* Keeps the whole of a message of which only the header fields were kept. */
void store_message_keep(struct store *store, int64_t message, const void *raw, size_t len,
	bool boxed);

/*
 * Sets what judging again found: kind, stage, trust, signed_by, problems, why, unfiled;
 * attachments when there are any.
 */
void store_message_update(struct store *store, const struct record_message *message);

/* One with its cases and attachments; NULL if there is none. */
struct record_message *store_message_get(struct store *store, struct arena *arena, int64_t id);

enum store_message_filter { STORE_ALL, STORE_IN, STORE_OUT, STORE_UNFILED };

/* Newest last; limit 0: all. */
size_t store_message_list(struct store *store, struct arena *arena,
	enum store_message_filter filter, size_t limit, struct record_message **list_r);

/* The messages of a case, oldest first. */
size_t store_case_messages(
	struct store *store, struct arena *arena, int64_t case_id, struct record_message **list_r);

/*
 * Unreadable messages, and suspect ones of an unknown key, whose recipients or signers (16 hex
 * digits, or whole fingerprints ending in them) are among these: to be judged again.
 */
size_t store_message_waiting_for_key(struct store *store, struct arena *arena, const char *desk,
	const char *fpr, int64_t **ids_r);
/* Key ids that a message was sealed to or signed by, for that. */
void store_message_key_add(struct store *store, int64_t message, const char *key_id);

/* What a person said of it: 1 trust, -1 forged, 0 nothing. */
void store_staff_said(struct store *store, int64_t message, int said);

/*
 * To be judged again at the next turn (a person's word, a new key), or no more. Lists: the oldest
 * first.
 */
void store_flag_again(struct store *store, int64_t message, bool again);
size_t store_again_list(struct store *store, struct arena *arena, int64_t **ids_r);

/*
 * Mail to be fetched again whole: it came in, is not kept, belongs to a case
 * (store_case_message_add() says so by itself) and lies somewhere. By id.
 */
size_t store_wanted(struct store *store, struct arena *arena, const char *desk, int64_t **ids_r);
/* Says so by hand: false for one that cannot be had (too large, gone). */
void store_want(struct store *store, int64_t message, bool wanted);

/* Whether a message that we made bears that Message-ID. */
bool store_own_message_id(struct store *store, const char *desk, const char *message_id);

#endif
