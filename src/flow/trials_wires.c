/*
 * A desk's wires on trial. The header fields that a mailbox gives go on to a
 * reader, one at a time: nothing of a mail is looked at here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/trials_private.h"

#include "base/arena.h"
#include "base/io.h"
#include "flow/password.h"
#include "mail/auth_results.h"
#include "room/frames.h"

/* A room with its password, under a watch; NULL when it cannot be had. */
static struct house_room *
begin_wire(struct trials *trials, struct trying *trying, enum room_kind kind,
	struct trials_wire *wire)
{
	struct house_room *room = house_spawn(trials->house, kind, trying->desk);

	wire->steps = arena_calloc(trials->arena, TRIALS_MAX, sizeof(*wire->steps));
	wire->cut = room == NULL;
	if (room == NULL)
		return NULL;
	password_send(trials->house, trials->conf, room);
	house_watch(room, TRIALS_MS);
	return room;
}

/* Whom the desk would write to: a coordinator; where there is none, itself. */
static const char *
some_recipient(const struct trials *trials, size_t desk)
{
	const struct policy *policy = &trials->conf->policy;

	if (policy->coordinator_count > 0 && policy->coordinators[0].addresses.count > 0)
		return policy->coordinators[0].addresses.at[0];
	return policy->desks[desk].address;
}

void
trials_wires_begin(struct trials *trials, struct trying *trying)
{
	struct trials_desk *result = trying->result;

	trying->mailbox = begin_wire(trials, trying, ROOM_MAILBOX, &result->mailbox);
	if (trying->mailbox != NULL) {
		frame_start(&trials->frame, FRAME_TRY);
		house_send(trials->house, trying->mailbox, &trials->frame);
	}
	trying->smarthost = begin_wire(trials, trying, ROOM_SMARTHOST, &result->smarthost);
	if (trying->smarthost != NULL) {
		frame_start(&trials->frame, FRAME_TRY);
		frame_put_string(
			&trials->frame, trials->conf->policy.desks[trying->desk].address);
		frame_put_string(&trials->frame, some_recipient(trials, trying->desk));
		house_send(trials->house, trying->smarthost, &trials->frame);
	}
}

/* The next header fields to the reader, or it is let go when there are none. */
static void
read_next(struct trials *trials, struct trying *trying)
{
	if (trying->mail_at == trying->mail_count) {
		trials_dismiss(trials, &trying->reader);
		return;
	}
	frame_start(&trials->frame, FRAME_READ);
	frame_put_u32(&trials->frame, 1);
	frame_put_u32(&trials->frame, READ_SERVER);
	frame_put_fd(&trials->frame, trying->mails[trying->mail_at]);
	house_send(trials->house, trying->reader, &trials->frame);
	io_close(&trying->mails[trying->mail_at++]);
}

static bool
said_step(struct trials *trials, struct trials_wire *wire, struct frame *frame)
{
	(void)trials;
	if (wire->count == TRIALS_MAX || !trial_get(frame, &wire->steps[wire->count]))
		return false;
	wire->count++;
	return frame_end(frame);
}

static bool
said_mail(struct trials *trials, struct trying *trying, struct frame *frame)
{
	int fd = frame_get_fd(frame);

	if (!frame_end(frame) || trying->mail_count == TRIAL_MAILS || !io_memfd_sealed(fd)) {
		io_close(&fd);
		return false;
	}
	trying->mails[trying->mail_count++] = fd;
	if (trying->reader != NULL)
		return true;
	trying->reader = house_spawn(trials->house, ROOM_READER, trying->desk);
	if (trying->reader == NULL)
		return true;
	house_watch(trying->reader, TRIALS_MS);
	read_next(trials, trying);
	return true;
}

bool
trials_wire_said(struct trials *trials, struct trying *trying, struct house_room *room,
	struct frame *frame)
{
	bool mailbox = room == trying->mailbox;
	struct trials_desk *result = trying->result;

	switch (frame->type) {
	case FRAME_TRIED:
		return said_step(
			trials, mailbox ? &result->mailbox : &result->smarthost, frame);
	case FRAME_TRIED_MAIL:
		return mailbox && said_mail(trials, trying, frame);
	case FRAME_TRIED_END:
		trials_dismiss(trials, mailbox ? &trying->mailbox : &trying->smarthost);
		return frame_end(frame);
	default:
		frame_drop(frame);
		return false;
	}
}

bool
trials_reader_said(struct trials *trials, struct trying *trying, struct frame *frame)
{
	struct trials_desk *result = trying->result;
	uint32_t job = frame_get_u32(frame);
	const char *id;

	if (frame->type != FRAME_SERVER || job != 1 || result->server_count == TRIAL_MAILS) {
		frame_drop(frame);
		return false;
	}
	id = frame_get_string(frame, trials->arena, AUTH_ID_MAX);
	if (!frame_end(frame) || id == NULL)
		return false;
	result->servers[result->server_count++] = id;
	read_next(trials, trying);
	return true;
}

void
trials_wires_end(struct trying *trying)
{
	for (; trying->mail_at < trying->mail_count; trying->mail_at++)
		io_close(&trying->mails[trying->mail_at]);
}
