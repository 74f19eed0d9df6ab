/*
 * Fuzzes the get functions of room/frames.h: the first byte chooses one, the
 * rest is what a room that was taken over might send. What is taken must go
 * back into a frame and come out as the same bytes again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/frame.h"
#include "port/pgp.h"
#include "room/frames.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

/* Takes one kind of facts, and puts it into `again`; false where the bytes were refused. */
static bool
pass_on(struct arena *arena, unsigned kind, struct frame *frame, struct frame *again)
{
	static struct facts_header header;
	static struct facts_layer layer;
	static struct facts_opened opened;
	struct pgp_key key;
	enum outcome outcome;
	struct err err;

	switch (kind % 5) {
	case 0:
		if (!frames_get_header(frame, arena, &header) || !frame_end(frame))
			return false;
		frames_put_header(again, &header);
		return true;
	case 1:
		if (!frames_get_layer(frame, arena, &layer) || !frame_end(frame))
			return false;
		frames_put_layer(again, &layer);
		return true;
	case 2:
		if (!frames_get_opened(frame, &opened) || !frame_end(frame))
			return false;
		frames_put_opened(again, &opened);
		return true;
	case 3:
		if (!frames_get_key(frame, arena, &key) || !frame_end(frame))
			return false;
		frames_put_key(again, &key);
		return true;
	default:
		if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame))
			return false;
		frames_put_outcome(again, outcome, &err);
		return true;
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct frame frame, again, third;
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);

	frame_start(&frame, FRAME_LAYER);
	frame_start(&again, FRAME_LAYER);
	frame_start(&third, FRAME_LAYER);
	if (len > 0 && len < FRAME_MAX) {
		memcpy(frame.data, data + 1, len - 1);
		frame.len = len - 1;
		if (pass_on(arena, data[0], &frame, &again) &&
			(!pass_on(arena, data[0], &again, &third) || again.len != third.len ||
				memcmp(again.data, third.data, third.len) != 0))
			abort();
	}
	arena_free(&arena);
	return 0;
}
