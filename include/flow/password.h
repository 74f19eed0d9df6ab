/*
 * Passwords from a command: run by the desk, handed to the wire that logs in
 * with it, wiped. A password file is read by the wire itself.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_PASSWORD_H
#define FLOW_PASSWORD_H

#include "port/conf.h"

struct engine;
struct house_room;

#define PASSWORD_COMMAND_MS 15000 /* what a password_command may take */

/* Runs the server's password_command, if it has one, and sends its first line to the room. */
void password_send(struct engine *engine, struct house_room *room, const struct conf_server *server);

#endif
