/*
 * The desk's side of its rooms: spawns them through the nursery, sends and
 * receives frames, ends those that outlast their time, restarts those that die
 * with a back-off. Calls back into flow/ for what a frame means; decides
 * nothing of mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_HOUSE_H
#define ROOM_HOUSE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/frame.h"
#include "room/room.h"

/* Rooms at a time: the most desks of a conf, each with all the rooms that it may have at once. */
#define HOUSE_ROOMS 1024

struct conf;
struct house;
struct house_room;

/* Why a room ended. */
enum house_end {
	HOUSE_END_FINE,
	HOUSE_END_CRASH,
	HOUSE_END_MEMORY,
	HOUSE_END_TIME,
	HOUSE_END_FRAME,
	HOUSE_END_UNBORN,	/* it could not be forked: no fault of what it was to serve */
};

/* The same for a log, behind "it ended: ". */
const char *house_end_text(enum house_end end);

struct house_calls {
	/* A frame came; the callee takes its values and must call frame_end(); false when it was not right: the room is ended. */
	bool (*frame)(void *context, struct house_room *room, struct frame *frame);
	/* The room is gone; its pointer is invalid afterwards. */
	void (*end)(void *context, struct house_room *room, enum house_end end);
	void *context;
};

/* Starts the nursery, and the errand where the conf has a command. */
enum outcome house_open(const struct conf *conf, const struct house_calls *calls, struct house **house_r,
	struct err *err_r);

/* False once the nursery is gone: no room is made any more, and none that ends is told. */
bool house_standing(const struct house *house);

/* Ends every room: sockets closed, a second to leave, then killed. */
void house_close(struct house **house);

/* A new room; frames may be sent at once. NULL when the nursery is gone. */
struct house_room *house_spawn(struct house *house, enum room_kind kind, size_t desk);

/* Has that command of the desk's conf run; its first line goes into the pipe, which stays the caller's. Without a word where it fails. */
void house_errand(struct house *house, enum errand errand, size_t desk, int fd);

/* Queues one frame (descriptors are duplicated) and sends what the socket takes. */
void house_send(struct house *house, struct house_room *room, const struct frame *frame);

/* The room is ended with HOUSE_END_TIME unless the watch is set again or off (ms 0) before. */
void house_watch(struct house_room *room, int64_t ms);

/* Ends it now (SIGKILL); `end` is called with the given reason. */
void house_kill(struct house *house, struct house_room *room, enum house_end end);

/* Lets it leave by closing its socket: `end` is not called. One that stays all the same is killed after a while. */
void house_dismiss(struct house *house, struct house_room *room);

/* A room of that kind and desk without a job, other than `except`; NULL if there is none. How many of the kind live, except included, goes to *count_r. */
struct house_room *house_idle(struct house *house, enum room_kind kind, size_t desk,
	const struct house_room *except, size_t *count_r);

enum room_kind house_kind(const struct house_room *room);
size_t house_desk(const struct house_room *room);

/* What the room is busy with, for the owner's use; 0 for nothing. */
uint32_t house_job(const struct house_room *room);
void house_set_job(struct house_room *room, uint32_t job);

/* A socketpair for a link between two rooms. -1 with errno. */
int house_link(int pair_r[2]);

/* Fills pollfds (at most max), returns how many; and the milliseconds until the next watch ends, -1 for none. */
size_t house_poll(struct house *house, struct pollfd *fds_r, size_t max, int *timeout_r);

/* Serves what poll() found, and watches that have ended. */
void house_serve(struct house *house, const struct pollfd *fds, size_t count);

/* VmHWM in kB and name of each living room, for status: calls fn for each. */
void house_each(struct house *house, void (*fn)(void *context, enum room_kind kind, size_t desk, pid_t pid),
	void *context);

#endif
