/*
 * The desk's side of its rooms. Every socket is non-blocking here: the desk
 * never waits for a room. A room that does not read its frames fills its queue
 * and is ended; one that outlasts its watch is killed; why it ended is told
 * once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/house.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "room/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOUSE_QUEUE 4096	/* frames waiting for one room */
#define HOUSE_LEAVE_MS 1000	/* how long rooms have to leave at the end */
#define HOUSE_LINGER_MS 5000	/* how long a room may live on that was let go, or that closed its socket */

struct queued {
	struct queued *next;
	uint16_t type;
	size_t len;
	int fds[FRAME_FDS];
	size_t fd_count;
	unsigned char data[];
};

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

static void
room_free(struct house *house, struct house_room *room)
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

static void
room_signal(const struct house_room *room, int signal)
{
	if (room->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, room->pidfd, signal, NULL, 0);
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

/* The room's socket is closed; what remains is to hear why it ended: one that does not leave is killed. */
static void
room_close(struct house_room *room, enum house_end end)
{
	if (!room->closed)
		room->end = end;
	room->closed = true;
	room->watch_until = clock_mono_ms() + HOUSE_LINGER_MS;
	queue_free(room);
	io_close(&room->fd);
}

static void
flush(struct house *house, struct house_room *room)
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
	room_signal(room, SIGKILL);
	room_close(room, end);
}

void
house_dismiss(struct house *house, struct house_room *room)
{
	(void)house;
	room->dismissed = true;
	room_close(room, HOUSE_END_FINE);
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

int
house_link(int pair_r[2])
{
	return frame_pair(pair_r);
}

static enum house_end
end_of_status(const struct house_room *room, int status)
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

/* A library of ours never makes such a call: someone else is in that room. */
static void
tell_forbidden(const struct house_room *room, int status)
{
	if (status != ROOM_UNBORN && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		log_err("a %s was ended by the kernel: it tried what no room may do",
			room_kind_name(room->kind));
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
			room_close(room, HOUSE_END_FINE);
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
	tell_forbidden(room, status);
	end = end_of_status(room, status);
	if (!room->dismissed)
		house->calls.end(house->calls.context, room, end);
	room_free(house, room);
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
			room_signal(room, SIGKILL);
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
			flush(house, room);
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
		room_signal(old->rooms[0], SIGKILL);
		room_free(old, old->rooms[0]);
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
