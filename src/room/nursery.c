/*
 * The nursery: one small process, forked from the desk before the store is
 * opened, that forks every room on request. It holds the conf and what the
 * rooms share read-only (charset descriptors, GMime's and libsodium's state),
 * no store, no password, no mail. It tells the desk how each room ended.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/frame.h"
#include "base/io.h"
#include "base/log.h"
#include "mail/charset.h"
#include "mail/mime.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/pipe.h"
#include "room/frames.h"
#include "room/house.h"
#include "room/locks.h"
#include "rule/finder_signs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NURSERY_ROOMS (HOUSE_ROOMS + 128) /* those that the house knows, and those that are just ending */

struct nursery {
	const struct conf *conf;
	int desk;	/* socket */
	int signals;
	struct {
		pid_t pid;
		uint32_t serial;
	} rooms[NURSERY_ROOMS];
	size_t count;
};

const char *
room_kind_name(enum room_kind kind)
{
	static const char *const names[] = { "reader", "keyring", "sealer", "mailbox", "smarthost",
		"vault" };

	return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

static _Noreturn void
live(const struct nursery *nursery, enum room_kind kind, size_t desk, int fd)
{
	static void (*const bodies[])(const struct conf *, size_t, int) = {
		room_reader, room_keyring, room_sealer, room_mailbox, room_smarthost,
	};

	bodies[kind](nursery->conf, desk, room_enter(nursery->conf, kind, desk, fd));
	_exit(ROOM_EXIT_FINE);
}

static void
tell_spawned(struct nursery *nursery, uint32_t serial, pid_t pid)
{
	struct frame frame;
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	frame_start(&frame, FRAME_SPAWNED);
	frame_put_u32(&frame, serial);
	frame_put_i64(&frame, pid);
	if (pidfd >= 0)
		frame_put_fd(&frame, pidfd);
	frame_send(nursery->desk, &frame);
	io_close(&pidfd);
}

static void
tell_gone(struct nursery *nursery, uint32_t serial, int status)
{
	struct frame frame;

	frame_start(&frame, FRAME_GONE);
	frame_put_u32(&frame, serial);
	frame_put_i64(&frame, status);
	frame_send(nursery->desk, &frame);
}

static void
spawn(struct nursery *nursery, struct frame *frame)
{
	enum room_kind kind = (enum room_kind)frame_get_below(frame, ROOM_VAULT + 1);
	size_t desk = frame_get_below(frame, (uint32_t)nursery->conf->policy.desk_count);
	uint32_t serial = frame_get_u32(frame);
	int fd = frame_get_fd(frame);
	pid_t pid = -1;

	if (!frame_end(frame) || fd < 0) {
		io_close(&fd);
		return;
	}
	/* The vault, which gives out secret keys, is not made for a daemon. */
	if (kind != ROOM_VAULT && nursery->count < NURSERY_ROOMS)
		pid = fork();
	if (pid == 0)
		live(nursery, kind, desk, fd);
	io_close(&fd);
	if (pid < 0) {
		tell_gone(nursery, serial, ROOM_UNBORN);
		return;
	}
	nursery->rooms[nursery->count].pid = pid;
	nursery->rooms[nursery->count++].serial = serial;
	tell_spawned(nursery, serial, pid);
}

/* Grandchildren that GPGME left behind come here too: they are reaped and forgotten. */
static void
reap(struct nursery *nursery)
{
	struct signalfd_siginfo info;
	pid_t pid;
	int status;

	while (read(nursery->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < nursery->count; i++) {
			if (nursery->rooms[i].pid != pid)
				continue;
			tell_gone(nursery, nursery->rooms[i].serial, status);
			nursery->rooms[i] = nursery->rooms[--nursery->count];
			break;
		}
	}
}

static _Noreturn void
serve(struct nursery *nursery)
{
	static struct frame frame;

	for (;;) {
		struct pollfd fds[2] = { { nursery->desk, POLLIN, 0 }, { nursery->signals, POLLIN, 0 } };

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			_exit(ROOM_EXIT_FRAME);
		if (fds[1].revents != 0)
			reap(nursery);
		if (fds[0].revents == 0)
			continue;
		switch (frame_recv(nursery->desk, &frame)) {
		case FRAME_OK:
			if (frame.type == FRAME_SPAWN)
				spawn(nursery, &frame);
			else
				frame_drop(&frame);
			break;
		case FRAME_AGAIN:
			break;
		default:
			_exit(ROOM_EXIT_FINE);
		}
	}
}

static int
child_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static _Noreturn void
nursery_main(const struct conf *conf, int fd, pid_t parent)
{
	struct nursery nursery = { .conf = conf, .desk = fd };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(ROOM_EXIT_FINE);
	prctl(PR_SET_NAME, "nursery");
	log_room("nursery");
	nursery.signals = child_signals();
	/* Once for all rooms: what needs files must be loaded before any of them locks itself in. */
	charset_open_all();
	mime_start();
	finder_start();
	box_start();
	pipe_start();
	if (!locks_nursery(conf)) {
		log_err("the rooms cannot be locked in: none is made");
		_exit(ROOM_EXIT_LOCK);
	}
	serve(&nursery);
}

enum outcome
room_nursery(const struct conf *conf, int *fd_r, pid_t *pid_r, struct err *err_r)
{
	pid_t parent = getpid();
	int pair[2];
	pid_t pid;

	if (frame_pair(pair) < 0)
		return err_set(err_r, LATER, "no socket pair for the rooms (errno %d)", errno);
	pid = fork();
	if (pid < 0) {
		io_close(&pair[0]);
		io_close(&pair[1]);
		return err_set(err_r, LATER, "no process for the rooms (errno %d)", errno);
	}
	if (pid == 0) {
		io_close(&pair[0]);
		nursery_main(conf, pair[1], parent);
	}
	io_close(&pair[1]);
	*fd_r = pair[0];
	*pid_r = pid;
	return DONE;
}
