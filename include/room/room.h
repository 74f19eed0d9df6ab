/*
 * The process boundary: the nursery, forked from the desk before the store is
 * opened, which alone forks the rooms; so no room inherits the desk's memory.
 * A room is a function that is given its socket and never returns.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_ROOM_H
#define ROOM_ROOM_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct conf;

enum room_kind { ROOM_READER, ROOM_KEYRING, ROOM_SEALER, ROOM_MAILBOX, ROOM_SMARTHOST, ROOM_KINDS };

const char *room_kind_name(enum room_kind kind);

/* Exit statuses by which a room says why it ended; anything else is a crash. */
#define ROOM_EXIT_FINE 0
#define ROOM_EXIT_MEMORY 91	/* its memory was exhausted */
#define ROOM_EXIT_FRAME 92	/* a frame from the other side was not right */

/* The nursery's word in place of a wait status: no process could be forked. */
#define ROOM_UNBORN (-1)

/*
 * Forks the nursery; *fd_r is the desk's end of its socket (non-blocking), and
 * *pid_r its pid. Call before the store is opened and before a password is
 * read. LATER when the system has no process or descriptor left.
 */
enum outcome room_nursery(const struct conf *conf, int *fd_r, pid_t *pid_r, struct err *err_r);

/* The rooms' bodies: serve the socket until its end, for one desk of the conf. */
_Noreturn void room_reader(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_keyring(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_sealer(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_mailbox(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_smarthost(const struct conf *conf, size_t desk, int fd);

/*
 * What each room gives up before its first byte: core dumps, new privileges,
 * descriptors that are not its own, and its memory and time limits. Returns the
 * descriptor of its socket, which it moves.
 */
int room_enter(enum room_kind kind, int keep_fd);

#endif
