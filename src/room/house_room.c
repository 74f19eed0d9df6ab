/*
 * One room as the desk sees it: the frames that wait for it, the watch over it, and its end. The
 * desk never waits for a room: one that does not read its frames fills its queue and is ended.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/house_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "room/frames.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOUSE_QUEUE 4096	/* frames waiting for one room */
#define HOUSE_LINGER_MS 5000	/* how long a room may live on that was let go, or that closed its socket */

struct queued {
	struct queued *next;
	uint16_t type;
	size_t len;
	int fds[FRAME_FDS];
	size_t fd_count;
	unsigned char data[];
};

const char *
house_end_text(enum house_end end)
{
	static const char *const texts[] = {
		[HOUSE_END_FINE] = "it left",
		[HOUSE_END_CRASH] = "it crashed",
		[HOUSE_END_MEMORY] = "its memory was used up",
		[HOUSE_END_TIME] = "it took too long",
		[HOUSE_END_FRAME] = "what it said was no right frame",
		[HOUSE_END_UNBORN] = "it could not be made",
	};

	return texts[end];
}

/* A frame may have borne a password. */
static void
queued_free(struct queued *queued)
{
	for (size_t i = 0; i < queued->fd_count; i++)
		io_close(&queued->fds[i]);
	mem_wipe(queued->data, queued->len);
	free(queued);
}

static void
queue_free(struct house_room *room)
{
	while (room->queue != NULL) {
		struct queued *queued = room->queue;

		room->queue = queued->next;
		queued_free(queued);
	}
	room->queue_tail = &room->queue;
	room->queue_count = 0;
}

void
house_room_free(struct house *house, struct house_room *room)
{
	for (size_t i = 0; i < house->count; i++) {
		if (house->rooms[i] == room) {
			house->rooms[i] = house->rooms[--house->count];
			break;
		}
	}
	queue_free(room);
	io_close(&room->fd);
	io_close(&room->pidfd);
	free(room);
}

void
house_room_signal(const struct house_room *room, int signal)
{
	if (room->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, room->pidfd, signal, NULL, 0);
}

static struct queued *
queued_of(const struct frame *frame)
{
	struct queued *queued = mem_alloc(sizeof(*queued) + frame->len);

	queued->next = NULL;
	queued->type = frame->type;
	queued->len = frame->len;
	queued->fd_count = frame->fd_count;
	for (size_t i = 0; i < frame->fd_count; i++)
		queued->fds[i] = fcntl(frame->fds[i], F_DUPFD_CLOEXEC, 0);
	memcpy(queued->data, frame->data, frame->len);
	return queued;
}

void
house_room_close(struct house_room *room, enum house_end end)
{
	if (!room->closed)
		room->end = end;
	room->closed = true;
	room->watch_until = clock_mono_ms() + HOUSE_LINGER_MS;
	queue_free(room);
	io_close(&room->fd);
}

void
house_room_flush(struct house *house, struct house_room *room)
{
	while (room->queue != NULL) {
		struct queued *queued = room->queue;
		enum frame_result result;

		house->out.type = queued->type;
		house->out.len = queued->len;
		house->out.bad = false;
		house->out.fd_count = queued->fd_count;
		memcpy(house->out.fds, queued->fds, sizeof(queued->fds));
		memcpy(house->out.data, queued->data, queued->len);
		result = frame_send(room->fd, &house->out);
		house->out.fd_count = 0;
		mem_wipe(house->out.data, house->out.len);
		if (result == FRAME_BAD) {
			house_kill(house, room, HOUSE_END_FRAME);
			return;
		}
		if (result != FRAME_OK)
			return; /* full, or its end: that is read from its socket and told from there */
		room->queue = queued->next;
		if (room->queue == NULL)
			room->queue_tail = &room->queue;
		room->queue_count--;
		queued_free(queued);
	}
}

void
house_send(struct house *house, struct house_room *room, const struct frame *frame)
{
	enum frame_result result = FRAME_AGAIN;
	struct queued *queued;

	if (room->closed)
		return;
	if (room->queue_count >= HOUSE_QUEUE) {
		log_warn("a %s does not take its frames", room_kind_name(room->kind));
		house_kill(house, room, HOUSE_END_TIME);
		return;
	}
	if (frame->bad)
		result = FRAME_BAD;
	else if (room->queue == NULL)
		result = frame_send(room->fd, frame);
	if (result == FRAME_OK)
		return;
	/* What cannot be sent now will never be: it must not stand at the queue's head for ever. */
	if (result == FRAME_BAD) {
		log_warn("a frame for a %s cannot be sent: it is ended", room_kind_name(room->kind));
		house_kill(house, room, HOUSE_END_FRAME);
		return;
	}
	queued = queued_of(frame);
	*room->queue_tail = queued;
	room->queue_tail = &queued->next;
	room->queue_count++;
}

void
house_watch(struct house_room *room, int64_t ms)
{
	/* One whose socket is closed is under another watch already, which nobody lifts. */
	if (!room->closed)
		room->watch_until = ms > 0 ? clock_mono_ms() + ms : 0;
}

void
house_kill(struct house *house, struct house_room *room, enum house_end end)
{
	(void)house;
	house_room_signal(room, SIGKILL);
	house_room_close(room, end);
}

void
house_dismiss(struct house *house, struct house_room *room)
{
	(void)house;
	room->dismissed = true;
	house_room_close(room, HOUSE_END_FINE);
}

enum room_kind
house_kind(const struct house_room *room)
{
	return room->kind;
}

size_t
house_desk(const struct house_room *room)
{
	return room->desk;
}

uint32_t
house_job(const struct house_room *room)
{
	return room->job;
}

void
house_set_job(struct house_room *room, uint32_t job)
{
	room->job = job;
}

enum house_end
house_room_end_of(const struct house_room *room, int status)
{
	if (status == ROOM_UNBORN)
		return HOUSE_END_UNBORN;
	if (room->closed && room->end != HOUSE_END_FINE)
		return room->end;
	if (WIFEXITED(status) && WEXITSTATUS(status) == ROOM_EXIT_FINE)
		return HOUSE_END_FINE;
	if (WIFEXITED(status) && WEXITSTATUS(status) == ROOM_EXIT_MEMORY)
		return HOUSE_END_MEMORY;
	if (WIFEXITED(status) && WEXITSTATUS(status) == ROOM_EXIT_FRAME)
		return HOUSE_END_FRAME;
	return HOUSE_END_CRASH;
}

void
house_room_tell_forbidden(const struct house_room *room, int status)
{
	if (status != ROOM_UNBORN && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		log_err("a %s was ended by the kernel: it tried what no room may do",
			room_kind_name(room->kind));
}
