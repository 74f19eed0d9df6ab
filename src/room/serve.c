/*
 * A room's end of its socket. Leaves by _exit: nothing that a library
 * registered for the end of the process may run in a room.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/serve.h"

#include "base/io.h"
#include "mail/limits.h"
#include "room/room.h"

#include <poll.h>
#include <unistd.h>

#define SERVE_AGAIN_MS 20
#define SERVE_TRIES 500

void
serve_next(int fd, struct frame *frame_r)
{
	switch (frame_recv(fd, frame_r)) {
	case FRAME_OK:
		return;
	case FRAME_CLOSED:
		_exit(ROOM_EXIT_FINE);
	default:
		_exit(ROOM_EXIT_FRAME);
	}
}

void
serve_checked(struct frame *frame)
{
	if (!frame_end(frame))
		_exit(ROOM_EXIT_FRAME);
}

void
serve_answer(int fd, const struct frame *frame)
{
	enum frame_result result;

	/* A blocking socket says "again" only while the system's limit of descriptors under way is met. */
	for (int tries = 0; (result = frame_send(fd, frame)) == FRAME_AGAIN && tries < SERVE_TRIES; tries++)
		poll(NULL, 0, SERVE_AGAIN_MS);
	if (result != FRAME_OK)
		_exit(ROOM_EXIT_FRAME);
}

bool
serve_link(int link, int timeout_ms, uint16_t type, struct frame *frame_r)
{
	struct pollfd wait = { link, POLLIN, 0 };

	if (poll(&wait, 1, timeout_ms) <= 0 || frame_recv(link, frame_r) != FRAME_OK)
		return false;
	if (frame_r->type != type) {
		frame_drop(frame_r);
		return false;
	}
	return true;
}

void
serve_map(int fd, struct io_map *map_r)
{
	struct err err;

	if (!io_memfd_sealed(fd) || io_map(fd, LIMIT_MESSAGE_BYTES, map_r, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
}
