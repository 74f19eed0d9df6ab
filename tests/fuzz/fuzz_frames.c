/*
 * Fuzzes the get functions of room/frames.h: the first byte chooses one, the
 * rest is what a room that was taken over might send. What is taken must go
 * back into a frame and come out as the same bytes again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
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
	struct frames_seal seal;
	enum outcome outcome;
	struct err err;
	char *charset;
	int fd;

	switch (kind % 7) {
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
	case 4:
		if (!frames_get_seal(frame, arena, &seal))
			return false;
		if (seal.link_fd >= 0 && seal.mode != PGP_SIGN_SEAL)
			abort();
		frames_put_seal(again, &seal);
		return true;
	case 5:
		if (!frames_get_content(frame, arena, &charset, &fd))
			return false;
		frame_put_string(again, charset);
		frame_put_fd(again, fd);
		return true;
	default:
		if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame))
			return false;
		frames_put_outcome(again, outcome, &err);
		return true;
	}
}

/* What a keyring gives has one with it, a request to seal one or two. */
static unsigned
descriptors(unsigned char first)
{
	if (first % 7 == 5)
		return 1;
	return first % 7 == 4 ? 1 + (first & 0x80) / 0x80 : 0;
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
		for (unsigned i = 0; i < descriptors(data[0]); i++)
			frame_put_fd(&frame, io_memfd("a", 1));
		if (pass_on(arena, data[0], &frame, &again) &&
			(!pass_on(arena, data[0], &again, &third) || again.len != third.len ||
				memcmp(again.data, third.data, third.len) != 0))
			abort();
	}
	for (size_t i = 0; i < third.fd_count; i++)
		io_close(&third.fds[i]);
	arena_free(&arena);
	return 0;
}
