/*
 * A message's way through readers and keyrings. Layer 0 is read by any reader;
 * what a keyring opens goes over a link straight to a reader that has seen
 * nothing else, or, for a hand-over, to whom opening_give() has the link of. This
 * file makes the links and keeps the time; it never holds what was opened, and
 * takes no reader's word for what was signed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define OPENING_ARENA ((size_t)16 * 1024 * 1024)
#define OPENING_PASSING_MAX 4	/* passing faults before a message counts as not to be opened */
#define OPENING_PASSING_MS 500	/* doubled at each */

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

static void
release_keyring(struct opening *opening)
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

static void
finish(struct engine *engine, struct opening *opening)
{
	release_reader(engine, opening, was_opened(opening));
	release_keyring(opening);
	opening->state = OPENING_DONE;
	opening->done(engine, opening);
}

/* Anything from before counts for nothing: the next try starts from the bytes. */
static void
restart(struct opening *opening)
{
	uint64_t size = opening->facts->size;

	memset(opening->facts, 0, sizeof(*opening->facts));
	opening->facts->size = size;
	opening->state = OPENING_WAITS;
	close_texts(opening);
}

static struct opening *
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

/* The innermost layer asks to be opened: a link from its reader to a keyring. */
static bool
ask_keyring(struct engine *engine, struct opening *opening)
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

/* From the keyring straight to a fresh reader. */
static void
give_content(struct engine *engine, struct opening *opening, bool whole, bool sealed)
{
	struct house_room *reader = fresh_reader(engine, opening->desk);
	int pair[2];

	if (reader == NULL || house_link(pair) < 0) {
		release_keyring(opening);
		restart(opening);
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
	release_keyring(opening);
	opening->state = OPENING_DONE;
}

static bool
said_header(struct opening *opening, struct frame *frame)
{
	/* Once a reading: what each one takes of memory is the desk's. */
	if (opening->facts->layer_count != 0 || opening->header_told)
		return false;
	opening->header_told = true;
	return frames_get_header(frame, opening->arena, &opening->facts->header) && frame_end(frame);
}

static bool
said_layer(struct engine *engine, struct opening *opening, struct frame *frame)
{
	struct facts *facts = opening->facts;
	struct facts_layer *layer = &facts->layers[facts->layer_count];
	bool asks;

	if (!frames_get_layer(frame, opening->arena, layer) || !frame_end(frame) ||
		!facts_layer_fits(layer, &engine->conf->policy))
		return false;
	layer->parent = facts->layer_count > 0 ? (uint32_t)facts->layer_count - 1 : 0;
	/* Whether a layer is sealed is the keyring's fact, not the reader's. */
	layer->sealed = facts->layer_count > 0 &&
		(facts->layers[layer->parent].sealed || facts->opened[facts->layer_count].encrypted);
	for (size_t i = 0; layer->sealed && i < layer->attachment_count; i++)
		layer->attachments[i].name = NULL;
	facts->layer_count++;
	asks = layer->form == FORM_ENCRYPTED || layer->form == FORM_SIGNED ||
		layer->form == FORM_SMIME_SIGNED;
	if (asks && facts->layer_count == FACTS_LAYERS) {
		facts_problem(layer, PROBLEM_TOO_DEEP);
		asks = false;
	}
	if (!asks) {
		finish(engine, opening);
		return true;
	}
	house_watch(opening->reader, 0);
	opening->state = OPENING_WAITS_KEYRING;
	ask_keyring(engine, opening);
	return true;
}

static bool
said_text(struct engine *engine, struct opening *opening, struct frame *frame)
{
	int fd = frame_get_fd(frame);
	/* It comes before its layer, which is then the one that is counted next. */
	int *text = &opening->text_fds[opening->facts->layer_count % FACTS_LAYERS];

	if (!frame_end(frame) || !io_memfd_sealed(fd)) {
		io_close(&fd);
		return false;
	}
	io_close(text);
	*text = fd;
	if (opening->mode == READ_RAW)
		finish(engine, opening);
	return true;
}

/* gpg, its agent, memory or a fork failed for the moment: later, and only after several times never. */
static void
passing_fault(struct engine *engine, struct opening *opening)
{
	release_keyring(opening);
	if (++opening->passing >= OPENING_PASSING_MAX) {
		opening->facts->room_problem = PROBLEM_KEYRING_CRASHED;
		finish(engine, opening);
		return;
	}
	restart(opening);
	opening->not_before_ms = clock_mono_ms() + (OPENING_PASSING_MS << opening->passing);
}

bool
opening_passed(const struct opening *opening)
{
	return opening->passing >= OPENING_PASSING_MAX;
}

static bool
is_one_of_several(const struct facts *facts)
{
	for (size_t i = 0; i < facts->layer_count; i++) {
		for (size_t k = 0; k < facts->layers[i].problem_count; k++) {
			if (facts->layers[i].problems[k] == PROBLEM_SEVERAL_BLOCKS)
				return true;
		}
	}
	return false;
}

/* Whether what was opened just now is what is to be handed over. */
static bool
is_for_hands(const struct opening *opening, uint32_t layer, const struct facts_opened *opened)
{
	if (!opening->hands)
		return false;
	return opening->boxed && layer == 0 ? !opening->sealed : opened->encrypted;
}

static void
hold_for_hands(struct engine *engine, struct opening *opening)
{
	if (is_one_of_several(opening->facts)) {
		frame_start(&engine->frame, FRAME_FORGET);
		frame_put_u32(&engine->frame, opening->id);
		house_send(engine->house, opening->keyring, &engine->frame);
		finish(engine, opening);
		return;
	}
	house_watch(opening->keyring, 0);
	opening->state = OPENING_HELD;
	opening->done(engine, opening);
}

static bool
said_opened(struct engine *engine, struct opening *opening, struct frame *frame)
{
	struct facts *facts = opening->facts;
	uint32_t layer = frame_get_u32(frame);
	struct facts_opened opened;

	if (!frames_get_opened(frame, &opened) || !frame_end(frame) || layer != facts->layer_count)
		return false;
	if (opened.status == OPEN_LATER) {
		passing_fault(engine, opening);
		return true;
	}
	if (opened.status != OPEN_OK) {
		facts->failed_open = true;
		facts->opened_failed = opened;
		finish(engine, opening);
		return true;
	}
	if (is_for_hands(opening, layer, &opened)) {
		hold_for_hands(engine, opening);
		return true;
	}
	if (opening->boxed && layer == 0) {
		give_content(engine, opening, true, false);
		return true;
	}
	facts->opened[layer] = opened;
	give_content(engine, opening, false, opened.encrypted || facts->layers[layer - 1].sealed);
	return true;
}

bool
opening_frame(struct engine *engine, struct house_room *room, struct frame *frame)
{
	struct opening *opening = opening_of(engine, frame_get_u32(frame));
	bool from_reader = frame->type != FRAME_OPENED;

	/* A word on what it was not asked for is no word. */
	if (opening == NULL || room != (from_reader ? opening->reader : opening->keyring)) {
		frame_drop(frame);
		return false;
	}
	switch (frame->type) {
	case FRAME_HEADER:
		return opening->state == OPENING_READS && said_header(opening, frame);
	case FRAME_LAYER:
		return opening->state == OPENING_READS && said_layer(engine, opening, frame);
	case FRAME_TEXT:
		return opening->state == OPENING_READS && opening->mode != READ_FACTS &&
			said_text(engine, opening, frame);
	case FRAME_OPENED:
		return said_opened(engine, opening, frame);
	default:
		frame_drop(frame);
		return false;
	}
}

static enum problem
problem_of(bool reader, enum house_end end)
{
	if (!reader)
		return PROBLEM_KEYRING_CRASHED;
	if (end == HOUSE_END_TIME)
		return PROBLEM_READER_TIMEOUT;
	return end == HOUSE_END_MEMORY ? PROBLEM_READER_MEMORY : PROBLEM_READER_CRASHED;
}

void
opening_room_end(struct engine *engine, struct house_room *room, enum house_end end)
{
	struct opening *opening = opening_of(engine, house_job(room));
	bool reader = house_kind(room) == ROOM_READER;

	for (size_t i = 0; i < engine->desk_count; i++) {
		if (engine->desks[i].spare == room)
			engine->desks[i].spare = NULL;
	}
	if (opening == NULL || (reader ? opening->reader : opening->keyring) != room)
		return;
	if (reader)
		opening->reader = NULL;
	else
		opening->keyring = NULL;
	if (opening->reader != NULL)
		house_kill(engine->house, opening->reader, HOUSE_END_FINE);
	opening->reader = NULL;
	release_keyring(opening);
	if (end == HOUSE_END_UNBORN) {
		passing_fault(engine, opening);
		return;
	}
	log_warn("opening %u: its %s ended (%s)", opening->id, reader ? "reader" : "keyring",
		problem_text(problem_of(reader, end)));
	if (++opening->tries < 2) {
		restart(opening);
		return;
	}
	opening->facts->room_problem = problem_of(reader, end);
	finish(engine, opening);
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
			ask_keyring(engine, at);
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
