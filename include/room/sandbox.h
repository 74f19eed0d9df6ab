/*
 * How a process is locked in: files by Landlock, system calls by seccomp. What
 * each room is locked into is said in room/locks.h and room/sandbox_calls.c;
 * here is only the means. A lock can be made tighter afterwards, never wider,
 * and whoever is forked or executed from here on is under it too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SANDBOX_H
#define ROOM_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_FILES 1024	/* grants of one process: the nursery has those of every room */
#define SANDBOX_PORTS 4	/* more than one server and its names need */

/* What may be done with a file, or with all that lies below a folder. */
enum sandbox_may {
	SANDBOX_READ = 1,	/* opened to read, listed */
	SANDBOX_WRITE = 2,	/* opened to write */
	SANDBOX_CHANGE = 4,	/* files, folders, sockets below it made, renamed, removed */
	SANDBOX_RUN = 8,	/* executed */
};

struct sandbox_grant {
	const char *path;
	unsigned int may;
};

/* What a process may do with files, and to which TCP ports it may connect. */
struct sandbox_files {
	struct sandbox_grant grants[SANDBOX_FILES];
	size_t count;
	uint16_t ports[SANDBOX_PORTS];
	size_t port_count;
	bool any_port;	/* TCP is not this lock's affair */
	bool outward;	/* may signal, and speak to abstract sockets of, those outside the lock */
};

/* Adds a grant. One too many is as one that is not there: the process has less, not more. */
void sandbox_grant(struct sandbox_files *files, const char *path, unsigned int may);
void sandbox_grant_port(struct sandbox_files *files, int port);

/* What the kernel has. */
struct sandbox_state {
	int landlock;	/* the version of its Landlock; 0: none */
	bool seccomp;
	bool ports;	/* TCP ports are held too (version 4) */
	bool signals;	/* signals and abstract sockets too (version 6) */
};

void sandbox_state(struct sandbox_state *state_r);
bool sandbox_has_seccomp(void);

/* What is missing, as one sentence for a person; NULL when files and system calls are both held. */
const char *sandbox_lacks(const struct sandbox_state *state);

/*
 * Locks the files. Paths that are not there are passed over. True when it is
 * done, or when the kernel has no Landlock; false: the process must not go on.
 * Needs no-new-privs to be set.
 */
bool sandbox_lock_files(const struct sandbox_files *files);

/*
 * The same for system calls. Filters are compiled once, by sandbox_compile() in
 * whoever forks the rooms, since that takes longer than all else of a fork.
 */
enum sandbox_calls {
	SANDBOX_CALLS_NEVER,	/* what no process of ours, nor gpg, ever does: ends it at once */
	SANDBOX_CALLS_READER,
	SANDBOX_CALLS_GPG,	/* keyring and sealer, with gpg and its agent */
	SANDBOX_CALLS_WIRE,
	SANDBOX_CALLS_DESK,
	SANDBOX_CALLS_KINDS,
};

/* False when it cannot be had though the kernel knows seccomp. */
bool sandbox_compile(enum sandbox_calls calls);

bool sandbox_lock_calls(enum sandbox_calls calls);

/*
 * Whether a file that was granted alone (not as part of a folder) is another
 * one by now: a file put in its place by rename is not granted. The process had
 * better leave and be born anew.
 */
bool sandbox_stale(void);

#endif
