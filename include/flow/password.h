/*
 * Passwords from a command, for a wire that logs in with one. A password file is
 * read by the wire itself.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_PASSWORD_H
#define FLOW_PASSWORD_H

struct conf;
struct house;
struct house_room;

/* Has the password_command of the wire's server run, if it has one, for the wire to hear; does not wait. */
void password_send(struct house *house, const struct conf *conf, struct house_room *room);

#endif
