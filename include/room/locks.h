/*
 * Who is locked into what: for each process the files that its task needs and
 * its list of system calls. Data, and the three moments at which it is put on.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_LOCKS_H
#define ROOM_LOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "room/room.h"

struct conf;

/*
 * In the nursery, before it forks a room: asks where each gpg-agent listens,
 * compiles the rooms' filters, wipes the environment, and locks the nursery
 * itself into what its rooms need together. False: it must not go on.
 */
bool locks_nursery(const struct conf *conf);

/* In a room, before its first byte. */
bool locks_room(const struct conf *conf, enum room_kind kind, size_t desk);

/*
 * In a process that runs gpg on a home, or starts its agent, and is no room of
 * the nursery's: what lies in the home is a room's to change, so gpg's own conf
 * must not have anything run outside a lock. passphrase_file ("" for none) may be
 * read too. No limits are set: the agent would inherit them.
 */
bool locks_gpg(const char *home, const char *passphrase_file);

/* In the daemon, when its rooms stand and its store is open. Nothing may be read from elsewhere afterwards. */
bool locks_desk(const struct conf *conf);

#endif
