/*
 * The sealer is asked: for an entry of the outbox, whose answer comes when it comes
 * (outbox_rooms.c), or for a letter that somebody waits for. What is to be sealed goes
 * there by a memory file and stands nowhere else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"

#include "base/clock.h"
#include "base/io.h"

#include <string.h>

#define SEALING_END_MS 5000	/* until the end of a room that was killed is told */

/* One letter, waited for. */
struct sealing {
	struct house_room *sealer;
	struct arena *arena;
	uint32_t job;
	bool done;
	struct outbox_sealed sealed;
};

bool
sealing_ask(struct engine *engine, struct house_room *sealer, uint32_t job,
	const struct letter *letter, const struct sealing_carried *carried)
{
	struct frames_seal seal = { .job = job,
		.mode = letter->mode,
		.recipient_count = letter->recipient_count,
		.entity_fd = io_memfd(letter->entity.data, letter->entity.len),
		.link_fd = carried != NULL ? carried->link_fd : -1,
		.whole = carried != NULL && carried->whole };

	if (seal.entity_fd < 0)
		return false;
	memcpy(seal.recipients, letter->recipients, sizeof(seal.recipients));
	frame_start(&engine->frame, FRAME_SEAL);
	frames_put_seal(&engine->frame, &seal);
	house_send(engine->house, sealer, &engine->frame);
	house_watch(sealer, OUTBOX_SEAL_WATCH_MS);
	io_close(&seal.entity_fd);
	return true;
}

bool
sealing_read(struct frame *frame, struct arena *arena, struct outbox_sealed *sealed_r)
{
	struct outbox_sealed sealed = { .fd = -1 };

	if (!frames_get_outcome(frame, &sealed.outcome, &sealed.err)) {
		frame_drop(frame);
		return false;
	}
	sealed.micalg = frame_get_string(frame, arena, 32);
	sealed.bad_key = frame_get_string(frame, arena, 64);
	if (sealed.outcome == DONE)
		sealed.fd = frame_get_fd(frame);
	if (!frame_end(frame) || (sealed.outcome == DONE && !io_memfd_sealed(sealed.fd))) {
		io_close(&sealed.fd);
		return false;
	}
	*sealed_r = sealed;
	return true;
}

enum outcome
sealing_finish(struct arena *arena, const struct letter *letter,
	const struct outbox_sealed *sealed, struct text *message_r, struct err *err_r)
{
	struct io_map map = { 0 };
	enum outcome outcome;

	if (sealed->outcome != DONE)
		return err_set(err_r, sealed->outcome, "%s", sealed->err.text);
	outcome = io_map(sealed->fd, COMPOSE_MAX, &map, err_r);
	if (outcome == DONE)
		outcome = letter_finish(arena, letter, map.data, map.len, sealed->micalg, message_r,
			err_r);
	io_unmap(&map);
	return outcome;
}

bool
sealing_said(struct engine *engine, struct house_room *room, uint32_t job, struct frame *frame)
{
	struct sealing *sealing = engine->sealing;

	if (sealing == NULL || sealing->sealer != room || sealing->job != job || sealing->done) {
		frame_drop(frame);
		return false;
	}
	sealing->done = sealing_read(frame, sealing->arena, &sealing->sealed);
	return sealing->done;
}

void
sealing_room_end(struct engine *engine, struct house_room *room)
{
	if (engine->sealing != NULL && engine->sealing->sealer == room)
		engine->sealing->sealer = NULL;
}

/* Turns the loop until it has its answer, its room has ended, or that long. */
static void
wait_for(struct engine *engine, const struct sealing *sealing, int64_t ms)
{
	int64_t until = clock_mono_ms() + ms, now;

	while (!sealing->done && sealing->sealer != NULL && (now = clock_mono_ms()) < until)
		engine_turn(engine, (int)(until - now), -1);
}

enum outcome
sealing_wait(struct engine *engine, size_t desk, struct arena *arena, const struct letter *letter,
	struct text *message_r, struct err *err_r)
{
	struct sealing sealing = { .sealer = outbox_sealer(engine, desk),
		.arena = arena,
		.job = SEALING_JOBS | ++engine->sealings,
		.sealed = { .fd = -1 } };
	enum outcome outcome;

	if (sealing.sealer == NULL)
		return err_set(err_r, LATER, "no sealer can be started");
	if (!sealing_ask(engine, sealing.sealer, sealing.job, letter, NULL))
		return err_set(err_r, LATER, "no memory to seal it in at the moment");
	engine->sealing = &sealing;
	wait_for(engine, &sealing, OUTBOX_SEAL_WATCH_MS);
	/* Whoever is asked next is another one: from this one nothing may come any more. */
	if (!sealing.done && sealing.sealer != NULL) {
		house_kill(engine->house, sealing.sealer, HOUSE_END_TIME);
		wait_for(engine, &sealing, SEALING_END_MS);
	}
	engine->sealing = NULL;
	if (!sealing.done)
		return err_set(err_r, LATER, "the sealer does not answer");
	outcome = sealing_finish(arena, letter, &sealing.sealed, message_r, err_r);
	io_close(&sealing.sealed.fd);
	return outcome;
}
