/*
 * What rooms say of a message on its way: a reader its header fields, layers and text, a keyring
 * what it opened; and their end. No room's word counts for what it was not asked for, and no
 * reader's for what was signed or sealed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/opening_private.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"

#define OPENING_PASSING_MAX 4	/* passing faults before a message counts as not to be opened */
#define OPENING_PASSING_MS 500	/* doubled at each */

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
		opening_finish(engine, opening);
		return true;
	}
	house_watch(opening->reader, 0);
	opening->state = OPENING_WAITS_KEYRING;
	opening_ask_keyring(engine, opening);
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
		opening_finish(engine, opening);
	return true;
}

/* gpg, its agent, memory or a fork failed for the moment: later, and only after several times never. */
static void
passing_fault(struct engine *engine, struct opening *opening)
{
	opening_release_keyring(opening);
	if (++opening->passing >= OPENING_PASSING_MAX) {
		opening->facts->room_problem = PROBLEM_KEYRING_CRASHED;
		opening_finish(engine, opening);
		return;
	}
	opening_restart(opening);
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
		opening_finish(engine, opening);
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
		opening_finish(engine, opening);
		return true;
	}
	if (is_for_hands(opening, layer, &opened)) {
		hold_for_hands(engine, opening);
		return true;
	}
	if (opening->boxed && layer == 0) {
		opening_give_content(engine, opening, true, false);
		return true;
	}
	facts->opened[layer] = opened;
	opening_give_content(engine, opening, false, opened.encrypted || facts->layers[layer - 1].sealed);
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
	opening_release_keyring(opening);
	if (end == HOUSE_END_UNBORN) {
		passing_fault(engine, opening);
		return;
	}
	log_warn("opening %u: its %s ended (%s)", opening->id, reader ? "reader" : "keyring",
		problem_text(problem_of(reader, end)));
	if (++opening->tries < 2) {
		opening_restart(opening);
		return;
	}
	opening->facts->room_problem = problem_of(reader, end);
	opening_finish(engine, opening);
}
