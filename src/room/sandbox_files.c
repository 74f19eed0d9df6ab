/*
 * Landlock, by raw system calls: the C library has none of it, and the headers
 * of Debian 12 know less than newer kernels do. What a kernel does not know is
 * left out, never the whole lock.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/sandbox.h"

#include "base/io.h"
#include "room/hooks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights in files, by the version of Landlock that brought them. */
#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_REMOVE_DIR (UINT64_C(1) << 4)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_DIR (UINT64_C(1) << 7)
#define FS_MAKE_REG (UINT64_C(1) << 8)
#define FS_MAKE_SOCK (UINT64_C(1) << 9)
#define FS_VERSION_1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER (UINT64_C(1) << 13)	 /* 2 */
#define FS_TRUNCATE (UINT64_C(1) << 14)	 /* 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define NET_BIND_TCP (UINT64_C(1) << 0)	 /* 4 */
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT_SOCKET (UINT64_C(1) << 0) /* 6 */
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

#define VERSION_REFER 2
#define VERSION_TRUNCATE 3
#define VERSION_NET 4
#define VERSION_IOCTL 5
#define VERSION_SCOPE 6

#define ON_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE)

#define ASK_VERSION 1u
#define RULE_PATH 1
#define RULE_PORT 2

/* The kernel's own shapes; an older kernel takes the longer one when what it does not know is 0. */
struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_rule {
	uint64_t may;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t may, port;
};

/* Files granted alone, as they were when they were granted. */
static struct {
	const char *path;
	dev_t device;
	ino_t inode;
} alone[SANDBOX_FILES];
static size_t alone_count;

/* Asked once: a room's own filter does not let it ask. */
static int
version(void)
{
	static int known = -1;

	if (known < 0) {
		known = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
		known = hooks_landlock(known > 0 ? known : 0);
	}
	return known;
}

void
sandbox_grant(struct sandbox_files *files, const char *path, unsigned int may)
{
	if (path == NULL || path[0] == '\0' || files->count == SANDBOX_FILES)
		return;
	files->grants[files->count++] = (struct sandbox_grant){ path, may };
}

void
sandbox_grant_port(struct sandbox_files *files, int port)
{
	if (files->port_count < SANDBOX_PORTS)
		files->ports[files->port_count++] = (uint16_t)port;
}

static uint64_t
rights_of(unsigned int may)
{
	uint64_t rights = 0;

	if ((may & SANDBOX_READ) != 0)
		rights |= FS_READ_FILE | FS_READ_DIR;
	if ((may & SANDBOX_WRITE) != 0)
		rights |= FS_WRITE_FILE | FS_TRUNCATE;
	if ((may & SANDBOX_CHANGE) != 0)
		rights |= FS_MAKE_REG | FS_MAKE_DIR | FS_MAKE_SOCK | FS_REMOVE_FILE | FS_REMOVE_DIR;
	if ((may & SANDBOX_RUN) != 0)
		rights |= FS_EXECUTE | FS_READ_FILE;
	return rights;
}

static uint64_t
rights_known(int known)
{
	uint64_t rights = FS_VERSION_1;

	if (known >= VERSION_REFER)
		rights |= FS_REFER;
	if (known >= VERSION_TRUNCATE)
		rights |= FS_TRUNCATE;
	if (known >= VERSION_IOCTL)
		rights |= FS_IOCTL_DEV;
	return rights;
}

static void
remember(const char *path, const struct stat *st)
{
	if (alone_count == SANDBOX_FILES)
		return;
	alone[alone_count].path = path;
	alone[alone_count].device = st->st_dev;
	alone[alone_count++].inode = st->st_ino;
}

/* What is not there cannot be granted, and need not be. */
static bool
add_path(int ruleset, const struct sandbox_grant *grant, int known)
{
	struct path_rule rule = { .may = rights_of(grant->may) & rights_known(known) };
	struct stat st;
	int fd = open(grant->path, O_PATH | O_CLOEXEC);
	bool added;

	if (fd < 0)
		return true;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode)) {
		rule.may &= ON_FILES;
		remember(grant->path, &st);
	}
	rule.fd = fd;
	added = rule.may == 0 || syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0) == 0;
	io_close(&fd);
	return added;
}

static bool
add_all(int ruleset, const struct sandbox_files *files, int known)
{
	for (size_t i = 0; i < files->count; i++) {
		if (!add_path(ruleset, &files->grants[i], known))
			return false;
	}
	for (size_t i = 0; i < files->port_count && known >= VERSION_NET && !files->any_port; i++) {
		struct port_rule rule = { NET_CONNECT_TCP, files->ports[i] };

		if (syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) != 0)
			return false;
	}
	return true;
}

bool
sandbox_lock_files(const struct sandbox_files *files)
{
	int known = version();
	struct ruleset handled = { .fs = rights_known(known) };
	int ruleset;
	bool locked;

	if (known == 0)
		return true;
	if (known >= VERSION_NET && !files->any_port)
		handled.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (known >= VERSION_SCOPE && !files->outward)
		handled.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	if (ruleset < 0)
		return false;
	alone_count = 0;
	locked = add_all(ruleset, files, known) && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	io_close(&ruleset);
	return locked;
}

bool
sandbox_stale(void)
{
	for (size_t i = 0; i < alone_count; i++) {
		struct stat st;

		if (stat(alone[i].path, &st) == 0 &&
			(st.st_dev != alone[i].device || st.st_ino != alone[i].inode))
			return true;
	}
	return false;
}

void
sandbox_state(struct sandbox_state *state_r)
{
	*state_r = (struct sandbox_state){ .landlock = version() };
	state_r->seccomp = sandbox_has_seccomp();
	state_r->ports = state_r->landlock >= VERSION_NET;
	state_r->signals = state_r->landlock >= VERSION_SCOPE;
}

const char *
sandbox_lacks(const struct sandbox_state *state)
{
	if (state->landlock == 0 && !state->seccomp)
		return "this kernel has neither Landlock nor seccomp: the rooms are held by nothing but "
		       "what they were given";
	if (state->landlock == 0)
		return "this kernel has no Landlock: a keyring, a sealer or a wire that was taken over "
		       "could open what files the user may";
	if (!state->seccomp)
		return "this kernel has no seccomp: a room that was taken over could make any system call";
	return NULL;
}
