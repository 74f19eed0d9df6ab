/*
 * The process boundary: the nursery, forked from the desk before the store is
 * opened, which alone forks the rooms; so no room inherits the desk's memory.
 * A room is a function that is given its socket and never returns.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_ROOM_H
#define ROOM_ROOM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct conf;

/* The vault is the tool's own (room/vault.h): no nursery makes one. */
enum room_kind { ROOM_READER, ROOM_KEYRING, ROOM_SEALER, ROOM_MAILBOX, ROOM_SMARTHOST, ROOM_KINDS,
	ROOM_VAULT = ROOM_KINDS };

const char *room_kind_name(enum room_kind kind);

/* Exit statuses by which a room says why it ended; anything else is a crash. */
#define ROOM_EXIT_FINE 0
#define ROOM_EXIT_MEMORY 91	/* its memory was exhausted */
#define ROOM_EXIT_FRAME 92	/* a frame from the other side was not right */
#define ROOM_EXIT_LOCK 93	/* it could not be locked in */

/* The nursery's word in place of a wait status: no process could be forked. */
#define ROOM_UNBORN (-1)

/*
 * Forks the nursery; *fd_r is the desk's end of its socket (non-blocking), and
 * *pid_r its pid. Call before the store is opened and before a password is
 * read. LATER when the system has no process or descriptor left.
 */
enum outcome room_nursery(const struct conf *conf, int *fd_r, pid_t *pid_r, struct err *err_r);

/* Starts the home's gpg-agent behind a keyring's lock, but without a room's limits. One that runs already is let be. */
enum outcome room_agent(const char *home, struct err *err_r);

/* What a command of the conf is run for. */
enum errand { ERRAND_IMAP_PASSWORD, ERRAND_SMTP_PASSWORD, ERRAND_ALERT, ERRAND_KINDS };

#define ERRAND_MS 15000 /* what a command may take that gives a password */
#define ERRAND_ALERT_MS 60000 /* what alert_command may take */
#define ERRAND_ALERT_MAX ((size_t)1024 * 1024) /* bytes of the text that it is given */

/*
 * Forks the process that runs the conf's commands, since the desk itself may
 * execute nothing once it is locked in. It is told which command by desk and
 * kind alone; *fd_r is -1 where the conf has none. Call it when the nursery is.
 */
enum outcome room_errand(const struct conf *conf, int *fd_r, pid_t *pid_r, struct err *err_r);

/* The rooms' bodies: serve the socket until its end, for one desk of the conf. */
_Noreturn void room_reader(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_keyring(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_sealer(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_mailbox(const struct conf *conf, size_t desk, int fd);
_Noreturn void room_smarthost(const struct conf *conf, size_t desk, int fd);

/*
 * What each room gives up before its first byte: core dumps, new privileges,
 * descriptors that are not its own, memory without limit, and what its lock
 * (room/locks.h) keeps from it. Returns the descriptor of its socket, which it
 * moves. A room that cannot be locked in ends here.
 */
int room_enter(const struct conf *conf, enum room_kind kind, size_t desk, int keep_fd);

/* The same for the tool's vault over a keyring folder. */
int room_enter_vault(const char *home, const char *passphrase_file, int keep_fd);

#endif
