/*
 * A message's way through readers and keyrings. Layer 0 is read by any reader;
 * what a keyring opens goes over a link straight to a reader that has seen
 * nothing else, or, for a hand-over, to whom opening_give() has the link of. This
 * file makes the links and keeps the time; it never holds what was opened. What the
 * rooms say is opening_said.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/opening_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"

#include <stdlib.h>
#include <string.h>

#define OPENING_ARENA ((size_t)16 * 1024 * 1024)

struct opening *
opening_start(struct engine *engine, size_t desk, enum read_mode mode, int fd, bool boxed,
	void (*done)(struct engine *, struct opening *), void *owner)
{
	struct opening *opening = mem_alloc(sizeof(*opening));
	struct opening **tail = &engine->openings;

	*opening = (struct opening){ .id = ++engine->last_opening,
		.desk = desk,
		.mode = mode,
		.fd = fd,
		.boxed = boxed,
		.done = done,
		.owner = owner };
	for (size_t i = 0; i < FACTS_LAYERS; i++)
		opening->text_fds[i] = -1;
	opening->arena = arena_new(ARENA_PLAIN, OPENING_ARENA);
	opening->facts = arena_alloc(opening->arena, sizeof(*opening->facts));
	opening->facts->size = (uint64_t)io_size(fd);
	if (boxed) {
		unsigned char public_half[32];
		char *secret = NULL;

		store_box_get(engine->store, opening->arena, engine_policy(engine, desk)->title,
			public_half, &secret, &opening->box_secret_len);
		opening->box_secret = secret;
	}
	while (*tail != NULL)
		tail = &(*tail)->next;
	*tail = opening;
	return opening;
}

/* A reader that has seen only clear mail may go on; one that was given opened bytes has ended with them. */
static void
release_reader(struct engine *engine, struct opening *opening, bool fresh_only)
{
	if (opening->reader == NULL)
		return;
	house_watch(opening->reader, 0);
	house_set_job(opening->reader, 0);
	if (fresh_only)
		house_dismiss(engine->house, opening->reader);
	opening->reader = NULL;
}

void
opening_release_keyring(struct opening *opening)
{
	if (opening->keyring == NULL)
		return;
	house_watch(opening->keyring, 0);
	house_set_job(opening->keyring, 0);
	opening->keyring = NULL;
}

static void
close_texts(struct opening *opening)
{
	for (size_t i = 0; i < FACTS_LAYERS; i++)
		io_close(&opening->text_fds[i]);
}

void
opening_free(struct engine *engine, struct opening **opening)
{
	struct opening *old = *opening;

	if (old == NULL)
		return;
	for (struct opening **at = &engine->openings; *at != NULL; at = &(*at)->next) {
		if (*at == old) {
			*at = old->next;
			break;
		}
	}
	if (old->reader != NULL)
		house_kill(engine->house, old->reader, HOUSE_END_FINE);
	if (old->keyring != NULL)
		house_kill(engine->house, old->keyring, HOUSE_END_FINE);
	io_close(&old->fd);
	close_texts(old);
	arena_free(&old->arena);
	free(old);
	*opening = NULL;
}

/* Whether its present reader was given bytes out of a keyring. */
static bool
was_opened(const struct opening *opening)
{
	return opening->facts->layer_count > 1 || opening->boxed;
}

void
opening_finish(struct engine *engine, struct opening *opening)
{
	release_reader(engine, opening, was_opened(opening));
	opening_release_keyring(opening);
	opening->state = OPENING_DONE;
	opening->done(engine, opening);
}

void
opening_restart(struct opening *opening)
{
	uint64_t size = opening->facts->size;

	memset(opening->facts, 0, sizeof(*opening->facts));
	opening->facts->size = size;
	opening->state = OPENING_WAITS;
	close_texts(opening);
}

struct opening *
opening_of(struct engine *engine, uint32_t id)
{
	struct opening *opening = engine->openings;

	while (opening != NULL && opening->id != id)
		opening = opening->next;
	return opening;
}

static struct house_room *
idle_room(struct engine *engine, enum room_kind kind, size_t desk, size_t *count_r)
{
	return house_idle(engine->house, kind, desk, engine->desks[desk].spare, count_r);
}

/* A reader that may serve a message as it came: one that has served others like it, else a new one. */
static struct house_room *
plain_reader(struct engine *engine, size_t desk)
{
	size_t count;
	struct house_room *reader = idle_room(engine, ROOM_READER, desk, &count);

	return reader != NULL ? reader : house_spawn(engine->house, ROOM_READER, desk);
}

/* A reader that has seen nothing: the one that was forked ahead of need, else a new one. */
static struct house_room *
fresh_reader(struct engine *engine, size_t desk)
{
	struct house_room *reader = engine->desks[desk].spare;

	engine->desks[desk].spare = NULL;
	if (reader == NULL)
		reader = house_spawn(engine->house, ROOM_READER, desk);
	engine->desks[desk].spare = house_spawn(engine->house, ROOM_READER, desk);
	return reader;
}

static struct house_room *
free_keyring(struct engine *engine, size_t desk)
{
	size_t count;
	struct house_room *keyring = idle_room(engine, ROOM_KEYRING, desk, &count);

	if (keyring != NULL || count >= FLOW_KEYRINGS)
		return keyring;
	return house_spawn(engine->house, ROOM_KEYRING, desk);
}

static int64_t
time_allowed(const struct engine *engine)
{
	return (int64_t)engine->conf->reader_timeout * 1000;
}

static void
take_reader(struct engine *engine, struct opening *opening, struct house_room *reader)
{
	opening->reader = reader;
	house_set_job(reader, opening->id);
	house_watch(reader, time_allowed(engine));
	opening->header_told = false;
	opening->state = OPENING_READS;
}

static void
take_keyring(struct engine *engine, struct opening *opening, struct house_room *keyring)
{
	opening->keyring = keyring;
	house_set_job(keyring, opening->id);
	house_watch(keyring, time_allowed(engine));
	opening->state = OPENING_ASKS;
}

/* A boxed message is unboxed by a keyring, since the pair's secret half opens nowhere else. */
static bool
start_boxed(struct engine *engine, struct opening *opening)
{
	struct house_room *keyring = free_keyring(engine, opening->desk);

	if (keyring == NULL)
		return false;
	take_keyring(engine, opening, keyring);
	frame_start(&engine->frame, FRAME_UNBOX);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_bytes(&engine->frame, opening->box_secret, opening->box_secret_len);
	frame_put_fd(&engine->frame, opening->fd);
	house_send(engine->house, keyring, &engine->frame);
	return true;
}

static bool
start_plain(struct engine *engine, struct opening *opening)
{
	/*
	 * What ended a reader before is tried in one of its own; so is what is handed over: a
	 * reader that has seen other mail could ask for another mail's inside.
	 */
	struct house_room *reader = opening->tries > 0 || opening->hands
		? house_spawn(engine->house, ROOM_READER, opening->desk)
		: plain_reader(engine, opening->desk);

	if (reader == NULL)
		return false;
	take_reader(engine, opening, reader);
	frame_start(&engine->frame, FRAME_READ);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_u32(&engine->frame, opening->mode);
	frame_put_fd(&engine->frame, opening->fd);
	house_send(engine->house, reader, &engine->frame);
	return true;
}

bool
opening_ask_keyring(struct engine *engine, struct opening *opening)
{
	struct house_room *keyring = free_keyring(engine, opening->desk);
	int pair[2];

	if (keyring == NULL || house_link(pair) < 0)
		return false;
	frame_start(&engine->frame, FRAME_LINK);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_fd(&engine->frame, pair[0]);
	house_send(engine->house, opening->reader, &engine->frame);
	frame_start(&engine->frame, FRAME_ASK);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_u32(&engine->frame, (uint32_t)opening->facts->layer_count);
	frame_put_i64(&engine->frame, opening->received_at);
	frame_put_fd(&engine->frame, pair[1]);
	house_send(engine->house, keyring, &engine->frame);
	io_close(&pair[0]);
	io_close(&pair[1]);
	/* Its part is over with the link: a reader of clear mail is free, one of opened bytes ends. */
	release_reader(engine, opening, was_opened(opening));
	take_keyring(engine, opening, keyring);
	return true;
}

/* Whom the message itself says that it is from, if that is one address. */
static const char *
outer_from(const struct opening *opening)
{
	const struct facts_addresses *from = &opening->facts->header.from;

	return from->count == 1 && from->at[0].address != NULL ? from->at[0].address : "";
}

void
opening_give_content(struct engine *engine, struct opening *opening, bool whole, bool sealed)
{
	struct house_room *reader = fresh_reader(engine, opening->desk);
	int pair[2];

	if (reader == NULL || house_link(pair) < 0) {
		opening_release_keyring(opening);
		opening_restart(opening);
		return;
	}
	opening_give(engine, opening, pair[0]);
	take_reader(engine, opening, reader);
	frame_start(&engine->frame, FRAME_READ_LINK);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_u32(&engine->frame, opening->mode);
	frame_put_bool(&engine->frame, whole);
	frame_put_bool(&engine->frame, sealed);
	frame_put_string(&engine->frame, outer_from(opening));
	frame_put_fd(&engine->frame, pair[1]);
	house_send(engine->house, reader, &engine->frame);
	io_close(&pair[0]);
	io_close(&pair[1]);
}

void
opening_give(struct engine *engine, struct opening *opening, int link_fd)
{
	frame_start(&engine->frame, FRAME_GIVE);
	frame_put_u32(&engine->frame, opening->id);
	frame_put_u32(&engine->frame, (uint32_t)opening->facts->layer_count);
	frame_put_fd(&engine->frame, link_fd);
	house_send(engine->house, opening->keyring, &engine->frame);
	opening_release_keyring(opening);
	opening->state = OPENING_DONE;
}

void
opening_advance(struct engine *engine)
{
	int64_t now = clock_mono_ms();
	size_t busy = 0;

	for (struct opening *at = engine->openings; at != NULL; at = at->next)
		busy += at->state != OPENING_WAITS && at->state != OPENING_DONE;
	for (struct opening *at = engine->openings; at != NULL; at = at->next) {
		bool went = true;

		if (at->state == OPENING_WAITS_KEYRING)
			opening_ask_keyring(engine, at);
		if (at->state != OPENING_WAITS || at->not_before_ms > now || busy >= FLOW_READING)
			continue;
		went = at->boxed ? start_boxed(engine, at) : start_plain(engine, at);
		busy += went;
	}
}

int
opening_timeout(const struct engine *engine)
{
	int64_t now = clock_mono_ms(), soonest = -1;

	for (const struct opening *at = engine->openings; at != NULL; at = at->next) {
		int64_t left = at->not_before_ms - now;

		/* One that is due and has not begun waits for a room: that comes with a frame. */
		if (at->state == OPENING_WAITS && left > 0 && (soonest < 0 || left < soonest))
			soonest = left;
	}
	return (int)soonest;
}

void
opening_fresh_keyrings(struct engine *engine, size_t desk)
{
	size_t count;
	struct house_room *keyring;

	while ((keyring = idle_room(engine, ROOM_KEYRING, desk, &count)) != NULL)
		house_dismiss(engine->house, keyring);
}
