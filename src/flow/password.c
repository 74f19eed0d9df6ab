/*
 * password_command: the desk joins the errand that runs it to the wire that
 * wants its word, by a pipe. It waits for neither, and no password passes it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/password.h"

#include "base/io.h"
#include "port/conf.h"
#include "room/frames.h"
#include "room/house.h"

#include <fcntl.h>
#include <unistd.h>

static const struct conf_server *
server_of(const struct conf *conf, const struct house_room *room)
{
	const struct conf_desk *desk = &conf->desks[house_desk(room)];

	return house_kind(room) == ROOM_MAILBOX ? &desk->imap.server : &desk->smtp;
}

void
password_send(struct house *house, const struct conf *conf, struct house_room *room)
{
	enum errand errand =
		house_kind(room) == ROOM_MAILBOX ? ERRAND_IMAP_PASSWORD : ERRAND_SMTP_PASSWORD;
	static struct frame frame;
	int ends[2];

	if (server_of(conf, room)->password_command[0] == '\0' || pipe2(ends, O_CLOEXEC) < 0)
		return;
	house_errand(house, errand, house_desk(room), ends[1]);
	io_close(&ends[1]);
	frame_start(&frame, FRAME_PASSWORD);
	frame_put_fd(&frame, ends[0]);
	house_send(house, room, &frame);
	io_close(&ends[0]);
}
