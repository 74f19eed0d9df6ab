/*
 * The X25519 pair of a desk: made by its sealer at the first start where init
 * was not run, its secret half never in the desk's memory in clear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"

#include <string.h>

#define PAIR_MS 60000
#define SEALED_SECRET_MAX (16 * 1024)

static bool
load(struct engine *engine, size_t desk)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * SEALED_SECRET_MAX);
	struct engine_desk *at = &engine->desks[desk];
	char *sealed;
	size_t len;

	at->has_box = store_box_get(engine->store, arena, engine_policy(engine, desk)->title,
		at->box_public.bytes, &sealed, &len);
	arena_free(&arena);
	return at->has_box;
}

static bool
save(struct engine *engine, size_t desk, const struct box_public *public_half, int fd)
{
	struct io_map map = { 0 };
	struct err err = { "" };
	bool saved = false;

	if (io_memfd_sealed(fd) && io_map(fd, SEALED_SECRET_MAX, &map, &err) == DONE &&
		store_begin(engine->store, &err) == DONE) {
		store_box_set(engine->store, engine_policy(engine, desk)->title, public_half->bytes,
			(const char *)map.data, map.len, engine_now(engine));
		saved = store_commit(engine->store, &err) == DONE;
	}
	if (!saved)
		log_err("the pair for sealing mail at rest could not be kept: %s", err.text);
	io_unmap(&map);
	return saved;
}

bool
pair_made(struct engine *engine, size_t desk, struct frame *frame)
{
	struct box_public public_half;
	enum outcome outcome;
	struct err err;
	int fd = -1;

	frame_get_u32(frame);
	if (!frames_get_outcome(frame, &outcome, &err))
		return false;
	frame_get_bytes(frame, public_half.bytes, sizeof(public_half.bytes));
	if (outcome == DONE)
		fd = frame_get_fd(frame);
	if (!frame_end(frame)) {
		io_close(&fd);
		return false;
	}
	engine->desks[desk].outbox.making_pair = false;
	if (outcome == DONE)
		save(engine, desk, &public_half, fd);
	else
		log_err("the pair for sealing mail at rest could not be made: %s", err.text);
	io_close(&fd);
	return true;
}

enum outcome
pair_ready(struct engine *engine, size_t desk, struct err *err_r)
{
	int64_t until = clock_mono_ms() + PAIR_MS;
	struct flow_outbox *outbox = &engine->desks[desk].outbox;

	if (load(engine, desk))
		return DONE;
	if (outbox_sealer(engine, desk) == NULL)
		return err_set(err_r, LATER, "no sealer can be started");
	outbox->making_pair = true;
	frame_start(&engine->frame, FRAME_MAKE_PAIR);
	frame_put_u32(&engine->frame, 0);
	house_send(engine->house, outbox->sealer, &engine->frame);
	while (outbox->making_pair && clock_mono_ms() < until)
		engine_turn(engine, (int)(until - clock_mono_ms()), -1);
	if (!load(engine, desk))
		return err_set(err_r, LATER,
			"desk %s has no pair of keys for sealing mail at rest, and none could be made",
			engine_policy(engine, desk)->title);
	log_info("desk=%s a pair of keys for sealing mail at rest was made",
		engine_policy(engine, desk)->title);
	return DONE;
}
