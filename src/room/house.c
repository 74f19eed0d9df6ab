/*
 * The desk's side of its rooms. Every socket is non-blocking here: the desk
 * never waits for a room. One that outlasts its watch is killed; why it ended is
 * told once. What concerns one room alone is house_room.c's.
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
#include <sys/wait.h>

#define HOUSE_LEAVE_MS 1000	/* how long rooms have to leave at the end */

static void
set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

enum outcome
house_open(const struct conf *conf, const struct house_calls *calls, struct house **house_r,
	struct err *err_r)
{
	struct house *house = mem_alloc(sizeof(*house));
	enum outcome outcome;

	memset(house, 0, sizeof(*house));
	house->calls = *calls;
	house->nursery = house->errand = -1;
	house->nursery_pid = house->errand_pid = -1;
	outcome = room_errand(conf, &house->errand, &house->errand_pid, err_r);
	if (outcome == DONE)
		outcome = room_nursery(conf, &house->nursery, &house->nursery_pid, err_r);
	if (outcome != DONE) {
		house_close(&house);
		return outcome;
	}
	set_nonblocking(house->nursery);
	if (house->errand >= 0)
		set_nonblocking(house->errand);
	*house_r = house;
	return DONE;
}

void
house_errand(struct house *house, enum errand errand, size_t desk, int fd)
{
	frame_start(&house->out, FRAME_ERRAND);
	frame_put_u32(&house->out, errand);
	frame_put_u32(&house->out, (uint32_t)desk);
	frame_put_fd(&house->out, fd);
	if (house->errand < 0 || frame_send(house->errand, &house->out) != FRAME_OK)
		log_err("the process that runs the conf's commands is gone");
	house->out.fd_count = 0;
}

struct house_room *
house_spawn(struct house *house, enum room_kind kind, size_t desk)
{
	struct house_room *room;
	int pair[2];

	if (house->count == HOUSE_ROOMS || house->nursery < 0 || frame_pair(pair) < 0)
		return NULL;
	frame_start(&house->out, FRAME_SPAWN);
	frame_put_u32(&house->out, kind);
	frame_put_u32(&house->out, (uint32_t)desk);
	frame_put_u32(&house->out, ++house->last_serial);
	frame_put_fd(&house->out, pair[1]);
	if (frame_send(house->nursery, &house->out) != FRAME_OK) {
		io_close(&pair[0]);
		io_close(&pair[1]);
		return NULL;
	}
	io_close(&pair[1]);
	set_nonblocking(pair[0]);
	room = mem_alloc(sizeof(*room));
	*room = (struct house_room){ .kind = kind,
		.desk = desk,
		.serial = house->last_serial,
		.fd = pair[0],
		.pidfd = -1 };
	room->queue_tail = &room->queue;
	house->rooms[house->count++] = room;
	return room;
}

struct house_room *
house_idle(struct house *house, enum room_kind kind, size_t desk, const struct house_room *except,
	size_t *count_r)
{
	struct house_room *idle = NULL;

	*count_r = 0;
	for (size_t i = 0; i < house->count; i++) {
		struct house_room *room = house->rooms[i];

		if (room->kind != kind || room->desk != desk || room->closed)
			continue;
		++*count_r;
		if (room->job == 0 && room != except && idle == NULL)
			idle = room;
	}
	return idle;
}

int
house_link(int pair_r[2])
{
	return frame_pair(pair_r);
}

static struct house_room *
room_of_serial(const struct house *house, uint32_t serial)
{
	for (size_t i = 0; i < house->count; i++) {
		if (house->rooms[i]->serial == serial)
			return house->rooms[i];
	}
	return NULL;
}

/* Reads what the room still said before it ended, so that its last words count. */
static bool
hear(struct house *house, struct house_room *room)
{
	while (!room->closed) {
		switch (frame_recv(room->fd, &house->frame)) {
		case FRAME_OK:
			if (house->calls.frame(house->calls.context, room, &house->frame))
				break;
			frame_drop(&house->frame);
			log_warn("a %s sent a frame that is not right: ended", room_kind_name(room->kind));
			house_kill(house, room, HOUSE_END_FRAME);
			return false;
		case FRAME_AGAIN:
			return true;
		case FRAME_CLOSED:
			/* Its status tells whether this is an end or a crash. */
			house_room_close(room, HOUSE_END_FINE);
			return false;
		default:
			house_kill(house, room, HOUSE_END_FRAME);
			return false;
		}
	}
	return false;
}

static void
room_gone(struct house *house, uint32_t serial, int status)
{
	struct house_room *room = room_of_serial(house, serial);
	enum house_end end;

	if (room == NULL)
		return;
	hear(house, room);
	house_room_tell_forbidden(room, status);
	end = house_room_end_of(room, status);
	if (!room->dismissed)
		house->calls.end(house->calls.context, room, end);
	house_room_free(house, room);
}

static void
nursery_said(struct house *house)
{
	uint32_t serial = frame_get_u32(&house->frame);
	int64_t value = frame_get_i64(&house->frame);
	struct house_room *room = room_of_serial(house, serial);

	if (house->frame.type == FRAME_GONE) {
		if (frame_end(&house->frame))
			room_gone(house, serial, (int)value);
		return;
	}
	if (room != NULL && room->pidfd < 0 && house->frame.fd_count > 0) {
		room->pid = (pid_t)value;
		room->pidfd = frame_get_fd(&house->frame);
		/* Killed before its pidfd came: the signal goes out now. */
		if (room->closed && room->end != HOUSE_END_FINE)
			house_room_signal(room, SIGKILL);
	}
	frame_end(&house->frame);
}

static void
serve_nursery(struct house *house)
{
	for (;;) {
		switch (frame_recv(house->nursery, &house->frame)) {
		case FRAME_OK:
			nursery_said(house);
			break;
		case FRAME_AGAIN:
			return;
		default:
			log_err("the nursery is gone: no room can be made");
			io_close(&house->nursery);
			return;
		}
	}
}

bool
house_standing(const struct house *house)
{
	return house->nursery >= 0;
}

size_t
house_poll(struct house *house, struct pollfd *fds_r, size_t max, int *timeout_r)
{
	int64_t soonest = -1, now = clock_mono_ms();
	size_t count = 0;

	if (max > 0)
		fds_r[count++] = (struct pollfd){ house->nursery, POLLIN, 0 };
	for (size_t i = 0; i < house->count; i++) {
		const struct house_room *room = house->rooms[i];

		if (room->watch_until != 0) {
			int64_t left = room->watch_until > now ? room->watch_until - now : 0;

			soonest = soonest < 0 || left < soonest ? left : soonest;
		}
		if (!room->closed && count < max)
			fds_r[count++] = (struct pollfd){ room->fd,
				(short)(POLLIN | (room->queue != NULL ? POLLOUT : 0)), 0 };
	}
	*timeout_r = soonest < 0 ? -1 : (int)soonest;
	return count;
}

static struct house_room *
room_of_fd(const struct house *house, int fd)
{
	for (size_t i = 0; i < house->count; i++) {
		if (!house->rooms[i]->closed && house->rooms[i]->fd == fd)
			return house->rooms[i];
	}
	return NULL;
}

static void
end_watches(struct house *house)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < house->count; i++) {
		struct house_room *room = house->rooms[i];

		if (room->watch_until != 0 && room->watch_until <= now)
			house_kill(house, room, HOUSE_END_TIME);
	}
}

void
house_serve(struct house *house, const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct house_room *room;

		if (fds[i].revents == 0)
			continue;
		if (fds[i].fd == house->nursery) {
			serve_nursery(house);
			continue;
		}
		room = room_of_fd(house, fds[i].fd);
		if (room != NULL && (fds[i].revents & POLLOUT) != 0)
			house_room_flush(house, room);
		if (room != NULL && (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
			hear(house, room);
	}
	end_watches(house);
}

void
house_each(struct house *house, void (*fn)(void *context, enum room_kind kind, size_t desk, pid_t pid),
	void *context)
{
	for (size_t i = 0; i < house->count; i++) {
		if (!house->rooms[i]->closed)
			fn(context, house->rooms[i]->kind, house->rooms[i]->desk, house->rooms[i]->pid);
	}
}

/* Rooms leave at their sockets' end; what has not left within the time is killed. */
void
house_close(struct house **house)
{
	struct house *old = *house;
	int64_t until = clock_mono_ms() + HOUSE_LEAVE_MS;

	if (old == NULL)
		return;
	for (size_t i = 0; i < old->count; i++)
		house_dismiss(old, old->rooms[i]);
	while (old->count > 0 && old->nursery >= 0 && clock_mono_ms() < until) {
		struct pollfd fd = { old->nursery, POLLIN, 0 };

		if (poll(&fd, 1, (int)(until - clock_mono_ms())) > 0)
			serve_nursery(old);
	}
	while (old->count > 0) {
		house_room_signal(old->rooms[0], SIGKILL);
		house_room_free(old, old->rooms[0]);
	}
	io_close(&old->nursery);
	io_close(&old->errand);
	if (old->nursery_pid > 0)
		waitpid(old->nursery_pid, NULL, 0);
	if (old->errand_pid > 0)
		waitpid(old->errand_pid, NULL, 0);
	free(old);
	*house = NULL;
}
