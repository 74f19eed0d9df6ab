/*
 * The rooms that letters go through: the sealer and the smarthost's wire are
 * started when they are needed, and what they answer is taken here. One that
 * ended is started again with a back-off; a letter that waits for that has not
 * failed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "flow/password.h"
#include "rule/retry.h"

static int64_t
later(int failures)
{
	uint32_t random;

	io_random(&random, sizeof(random));
	return clock_mono_ms() + retry_backoff_ms(failures, random);
}

struct house_room *
outbox_sealer(struct engine *engine, size_t desk)
{
	struct flow_outbox *outbox = &engine->desks[desk].outbox;

	if (outbox->sealer == NULL && outbox->sealer_restart_ms <= clock_mono_ms()) {
		outbox->sealer = house_spawn(engine->house, ROOM_SEALER, desk);
		if (outbox->sealer == NULL)
			outbox->sealer_restart_ms = later(++outbox->sealer_failures);
	}
	return outbox->sealer;
}

struct house_room *
outbox_smarthost(struct engine *engine, size_t desk)
{
	struct flow_outbox *outbox = &engine->desks[desk].outbox;

	if (outbox->smarthost == NULL && outbox->smarthost_restart_ms <= clock_mono_ms()) {
		outbox->smarthost = house_spawn(engine->house, ROOM_SMARTHOST, desk);
		if (outbox->smarthost != NULL)
			password_send(engine->house, engine->conf, outbox->smarthost);
		else
			outbox->smarthost_restart_ms = later(++outbox->smarthost_failures);
	}
	return outbox->smarthost;
}

int64_t
outbox_rooms_at_ms(const struct flow_outbox *outbox)
{
	int64_t at = 0;

	if (outbox->sealer == NULL)
		at = outbox->sealer_restart_ms;
	if (outbox->smarthost == NULL && outbox->smarthost_restart_ms > at)
		at = outbox->smarthost_restart_ms;
	return at > clock_mono_ms() ? at : 0;
}

/* Sealed: the bytes go into the row, and only then to the server. */
static bool
said_sealed(struct engine *engine, struct house_room *room, struct frame *frame)
{
	size_t desk = house_desk(room);
	uint32_t job = frame_get_u32(frame);
	struct outbox_sealed sealed;
	struct sending *sending;

	if (job >= SEALING_JOBS)
		return sealing_said(engine, room, job, frame);
	sending = outbox_sending(engine, desk, job);
	if (sending == NULL || sending->step != SENDING_SEALS) {
		frame_drop(frame);
		return false;
	}
	if (!sealing_read(frame, sending->arena, &sealed))
		return false;
	engine->desks[desk].outbox.sealer_failures = 0;
	if (outbox_keep_sealed(engine, desk, sending, &sealed))
		outbox_submit(engine, desk, sending);
	io_close(&sealed.fd);
	return true;
}

/*
 * A token may have run out, and does so each hour: the letter goes again at once, with the one that
 * the command gives now. Refused again, it is deferred like any other.
 */
static bool
renew_password(struct engine *engine, size_t desk, struct sending *sending, int code)
{
	const struct conf_server *server = &engine->conf->desks[desk].smtp;
	struct flow_outbox *outbox = &engine->desks[desk].outbox;

	if (code / 10 != 53 || outbox->smarthost == NULL || server->password_command[0] == '\0')
		return false;
	password_send(engine->house, engine->conf, outbox->smarthost);
	if (sending->renewed)
		return false;
	sending->renewed = true;
	return true;
}

static bool
said_submitted(struct engine *engine, size_t desk, struct frame *frame)
{
	struct sending *sending = outbox_sending(engine, desk, frame_get_u32(frame));
	struct outbox_reply reply = { 0 };

	if (!frames_get_outcome(frame, &reply.outcome, &reply.err) || sending == NULL ||
		sending->step != SENDING_SUBMITS) {
		frame_drop(frame);
		return false;
	}
	reply.code = (int)frame_get_u32(frame);
	reply.text = frame_get_string(frame, sending->arena, 512);
	reply.unknown = frame_get_bool(frame);
	if (!frame_end(frame))
		return false;
	engine->desks[desk].outbox.smarthost_failures = 0;
	if (reply.outcome != DONE) {
		if (renew_password(engine, desk, sending, reply.code))
			outbox_submit(engine, desk, sending);
		/* Refused for good, it may be for its size: the person must hear of it all the same. */
		else if (reply.outcome != NEVER || sending->record->kind != KIND_ALERT ||
			!outbox_leave_out(engine, desk, sending, false, reply.err.text))
			outbox_failed(engine, desk, sending, reply.outcome, &reply.err);
		return true;
	}
	sending->step = SENDING_RECORDS;
	sending->code = reply.code;
	sending->reply = reply.text;
	sending->sent_at = engine_now(engine);
	outbox_sent(engine, desk, sending);
	return true;
}

bool
outbox_frame(struct engine *engine, struct house_room *room, struct frame *frame)
{
	size_t desk = house_desk(room);
	bool right;

	switch (frame->type) {
	case FRAME_SEALED:
		right = said_sealed(engine, room, frame);
		break;
	case FRAME_SUBMITTED:
		right = said_submitted(engine, desk, frame);
		break;
	case FRAME_PAIR:
		right = pair_made(engine, desk, frame);
		break;
	default:
		frame_drop(frame);
		return false;
	}
	/* Each answer begins the watch anew for the next in the queue; the last one ends it. */
	if (!outbox_awaits(engine, desk, house_kind(room)))
		house_watch(room, 0);
	else
		house_watch(room, house_kind(room) == ROOM_SEALER ? OUTBOX_SEAL_WATCH_MS
								  : OUTBOX_SUBMIT_WATCH_MS);
	return right;
}

bool
outbox_awaits(const struct engine *engine, size_t desk, enum room_kind kind)
{
	for (const struct sending *at = engine->desks[desk].outbox.sending; at != NULL; at = at->next) {
		if (at->step == (kind == ROOM_SEALER ? SENDING_SEALS : SENDING_SUBMITS))
			return true;
	}
	return false;
}

/* What was in its hands is unknown now: deferred, and its sealed bytes stay in the row. */
void
outbox_room_end(struct engine *engine, struct house_room *room, enum house_end end)
{
	size_t desk = house_desk(room);
	struct flow_outbox *outbox = &engine->desks[desk].outbox;
	bool sealer = house_kind(room) == ROOM_SEALER;
	struct err err;

	if (room != (sealer ? outbox->sealer : outbox->smarthost))
		return;
	sealing_room_end(engine, room);
	log_warn("desk=%s the %s ended: %s", engine_policy(engine, desk)->title,
		room_kind_name(house_kind(room)), house_end_text(end));
	if (sealer) {
		outbox->sealer = NULL;
		outbox->making_pair = false;
		outbox->sealer_restart_ms = later(++outbox->sealer_failures);
	} else {
		outbox->smarthost = NULL;
		outbox->smarthost_restart_ms = later(++outbox->smarthost_failures);
	}
	for (struct sending *at = outbox->sending, *next; at != NULL; at = next) {
		next = at->next;
		if (at->step != (sealer ? SENDING_SEALS : SENDING_SUBMITS))
			continue;
		err_set(&err, LATER, "the %s ended while it had the message",
			room_kind_name(house_kind(room)));
		outbox_failed(engine, desk, at, LATER, &err);
	}
}
