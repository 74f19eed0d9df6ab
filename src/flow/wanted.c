/*
 * Mail of nobody's case stays on the server; when a person files one, the whole
 * of it is fetched again and kept.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

#define WANTED_ARENA ((size_t)128 * 1024 * 1024)

void
wanted_next(struct engine *engine, size_t desk)
{
	struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;
	struct arena *arena = arena_new(ARENA_PLAIN, WANTED_ARENA);
	uint32_t uid_validity, uid;
	char *title, *folder;
	int64_t *list;
	size_t count;

	count = store_wanted(engine->store, arena, engine_policy(engine, desk)->title, &list);
	mailbox->wanted_due = false;
	for (size_t i = 0; i < count && mailbox->getting == 0; i++) {
		if (list[i] <= mailbox->gone_wanted ||
			!store_place_get(engine->store, arena, list[i], &title, &folder, &uid_validity, &uid))
			continue;
		mailbox->getting = (uint32_t)list[i];
		mailbox->wanted_due = true;
		frame_start(&engine->frame, FRAME_GET);
		frame_put_u32(&engine->frame, mailbox->getting);
		frame_put_string(&engine->frame, folder);
		frame_put_u32(&engine->frame, uid_validity);
		frame_put_u32(&engine->frame, uid);
		house_send(engine->house, mailbox->wire, &engine->frame);
	}
	arena_free(&arena);
}

/* Only the very bytes that were on record before may be kept under its id. */
static bool
keep(struct engine *engine, struct arena *arena, size_t desk, const struct record_message *record,
	const struct io_map *map)
{
	unsigned char hash[32];
	unsigned char *boxed;
	struct err err;

	box_sha256(map->data, map->len, hash);
	if (memcmp(hash, record->sha256, sizeof(hash)) != 0)
		return false;
	boxed = arena_alloc(arena, map->len + BOX_OVERHEAD);
	box_seal(&engine->desks[desk].box_public, map->data, map->len, boxed);
	if (store_begin(engine->store, &err) != DONE)
		return false;
	store_message_keep(engine->store, record->id, boxed, map->len + BOX_OVERHEAD, true);
	return store_commit(engine->store, &err) == DONE;
}

void
wanted_got(struct engine *engine, size_t desk, int64_t id, enum outcome outcome, int fd,
	const struct err *why)
{
	struct arena *arena = arena_new(ARENA_PLAIN, WANTED_ARENA);
	struct record_message *record = store_message_get(engine->store, arena, id);
	struct io_map map = { 0 };
	struct err err;
	bool kept = false;

	if (outcome == DONE && record != NULL && io_memfd_sealed(fd) &&
		io_map(fd, FLOW_MESSAGE_MAX, &map, &err) == DONE)
		kept = keep(engine, arena, desk, record, &map);
	io_unmap(&map);
	/* A person's word on it may be waiting until the whole was here. */
	if (kept)
		engine_judge_marked(engine);
	else
		log_warn("message=%lld could not be fetched again: %s", (long long)id,
			outcome != DONE ? why->text : "what lies there now is another message");
	/* Not asked for again in this run: what is gone from the server does not come back. */
	if (!kept && outcome != LATER)
		engine->desks[desk].mailbox.gone_wanted = id;
	arena_free(&arena);
}
