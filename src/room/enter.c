/*
 * What a room gives up before its first byte: descriptors, limits, and by
 * room/locks all that its task does not need. What a room may still do is listed
 * in doc/HACKING.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/log.h"
#include "room/locks.h"
#include "room/sanitized.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Memory beyond what the room starts with. Rooms that run gpg leave it unlimited for gpg's own locked pages. */
static const rlim_t memory_limits[] = {
	[ROOM_READER] = (rlim_t)512 * 1024 * 1024,
	[ROOM_KEYRING] = (rlim_t)512 * 1024 * 1024,
	[ROOM_SEALER] = (rlim_t)512 * 1024 * 1024,
	[ROOM_MAILBOX] = (rlim_t)512 * 1024 * 1024,
	[ROOM_SMARTHOST] = (rlim_t)256 * 1024 * 1024,
	[ROOM_VAULT] = (rlim_t)512 * 1024 * 1024,
};

/* Few suffice; and GPGME closes all that may be open in each child that it forks. */
#define ROOM_FILES 256

static _Noreturn void
out_of_memory(const char *sentence)
{
	log_warn("%s", sentence);
	_exit(ROOM_EXIT_MEMORY);
}

/* Bytes of address space in use now, from the kernel's own count. */
static rlim_t
address_space(void)
{
	char line[64] = "";
	unsigned long pages = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, line, sizeof(line) - 1) > 0)
			sscanf(line, "%lu", &pages);
		close(fd);
	}
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void
limit(enum room_kind kind)
{
	struct rlimit none = { 0, 0 };
	struct rlimit files = { ROOM_FILES, ROOM_FILES };
	struct rlimit memory;

	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_NOFILE, &files);
	memory.rlim_cur = memory.rlim_max = address_space() + memory_limits[kind];
	if (!SANITIZED) /* its shadow is terabytes of address space */
		setrlimit(RLIMIT_AS, &memory);
}

static int
enter(enum room_kind kind, int keep_fd)
{
	const int own = STDERR_FILENO + 1;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, room_kind_name(kind));
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	log_room(room_kind_name(kind));
	arena_on_exhausted(out_of_memory);
	/* Its own socket becomes descriptor 3; everything behind it is someone else's. */
	if (keep_fd != own)
		dup3(keep_fd, own, O_CLOEXEC);
	close_range((unsigned int)own + 1, ~0U, 0);
	limit(kind);
	return own;
}

static void
must_be_locked(bool locked)
{
	if (locked)
		return;
	log_err("it cannot be locked in, and does not begin");
	_exit(ROOM_EXIT_LOCK);
}

int
room_enter(const struct conf *conf, enum room_kind kind, size_t desk, int keep_fd)
{
	int own = enter(kind, keep_fd);

	must_be_locked(locks_room(conf, kind, desk));
	return own;
}

int
room_enter_vault(const char *home, const char *passphrase_file, int keep_fd)
{
	int own = enter(ROOM_VAULT, keep_fd);

	must_be_locked(locks_gpg(home, passphrase_file));
	return own;
}
