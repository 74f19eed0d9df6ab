/*
 * What the files of the desk's side of its rooms share: a room as the desk sees it, and the house.
 * Not for anyone but room/house*.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_HOUSE_PRIVATE_H
#define ROOM_HOUSE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/frame.h"
#include "room/house.h"

struct queued;

struct house_room {
	enum room_kind kind;
	size_t desk;
	uint32_t serial;
	int fd;
	int pidfd;
	pid_t pid;
	uint32_t job;
	int64_t watch_until;	/* clock_mono_ms(), 0 for none */
	bool dismissed;		/* its end is not told */
	bool closed;		/* its socket is; its exit status is awaited */
	enum house_end end;
	struct queued *queue, **queue_tail;
	size_t queue_count;
};

struct house {
	struct house_calls calls;
	int nursery, errand;	/* sockets, -1 once they are gone (and where the conf has no command) */
	pid_t nursery_pid, errand_pid;
	uint32_t last_serial;
	struct house_room *rooms[HOUSE_ROOMS];
	size_t count;
	struct frame frame;	/* what came in */
	struct frame out;	/* what goes out, while one that came in is still being served */
};

/* Takes it out of the house; its queue and descriptors go with it. */
void house_room_free(struct house *house, struct house_room *room);

/* By its pidfd; before that has come nothing happens. */
void house_room_signal(const struct house_room *room, int signal);

/* The room's socket is closed; what remains is to hear why it ended: one that does not leave is killed. */
void house_room_close(struct house_room *room, enum house_end end);

/* Sends of its queue what the socket takes; a frame that no socket would take ends the room. */
void house_room_flush(struct house *house, struct house_room *room);

/* Why it ended, by what the nursery told of its exit. */
enum house_end house_room_end_of(const struct house_room *room, int status);

/* A library of ours never makes such a call: someone else is in that room. */
void house_room_tell_forbidden(const struct house_room *room, int status);

#endif
