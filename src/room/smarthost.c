/*
 * A smarthost's wire: one SMTP account, its password, and nothing else. It
 * submits the bytes that it is given and tells what the server said.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "mail/compose.h"
#include "port/conf.h"
#include "port/smtp.h"
#include "room/frames.h"
#include "room/sandbox.h"
#include "room/secret.h"
#include "room/serve.h"
#include "room/trial.h"

#include <unistd.h>

#define ADDRESS_MAX 320

struct smarthost {
	const struct conf_server *settings;
	int fd;
	char *password;	/* from password_command; NULL: the file is read */
	struct smtp *smtp;
	struct frame frame;
};

static enum outcome
ready(struct smarthost *smarthost, struct err *err_r)
{
	struct arena *secrets;
	char *password = smarthost->password;
	enum outcome outcome = DONE;

	if (smarthost->smtp != NULL)
		return DONE;
	secrets = arena_new(ARENA_WIPED, 4 * SECRET_MAX);
	if (password == NULL)
		outcome = secret_read(secrets, smarthost->settings->password_file, &password, err_r);
	if (outcome == DONE)
		outcome = smtp_open(smarthost->settings, password, &smarthost->smtp, err_r);
	arena_free(&secrets);
	return outcome == DONE ? DONE : LATER;
}

static void
serve_submit(struct smarthost *smarthost)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * ADDRESS_MAX);
	uint32_t id = frame_get_u32(&smarthost->frame);
	const char *from = frame_get_string(&smarthost->frame, arena, ADDRESS_MAX);
	const char *to = frame_get_string(&smarthost->frame, arena, ADDRESS_MAX);
	int fd = frame_get_fd(&smarthost->frame);
	struct smtp_result result = { 0 };
	struct io_map map = { 0 };
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&smarthost->frame);
	if (from == NULL || to == NULL || !io_memfd_sealed(fd) ||
		io_map(fd, 2 * COMPOSE_MAX, &map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	outcome = ready(smarthost, &err);
	if (outcome == DONE)
		outcome = smtp_submit(smarthost->smtp, from, to, map.data, map.len, &result, &err);
	/* The password may be another one at the next try. */
	if (outcome == LATER)
		smtp_close(&smarthost->smtp);
	frame_start(&smarthost->frame, FRAME_SUBMITTED);
	frame_put_u32(&smarthost->frame, id);
	frames_put_outcome(&smarthost->frame, outcome, &err);
	frame_put_u32(&smarthost->frame, (uint32_t)result.code);
	frame_put_string(&smarthost->frame, result.reply);
	frame_put_bool(&smarthost->frame, result.unknown);
	serve_answer(smarthost->fd, &smarthost->frame);
	io_unmap(&map);
	io_close(&fd);
	arena_free(&arena);
	/* A password or the resolver's file was put in another's place: a wire born anew may open it. */
	if (outcome == LATER && sandbox_stale())
		_exit(ROOM_EXIT_FINE);
}

static void
try_envelope(struct smarthost *smarthost, const char *from, const char *to)
{
	static const enum trial_step steps[SMTP_STEPS] = {
		[SMTP_LOGIN] = TRIAL_LOGIN,
		[SMTP_SENDER] = TRIAL_SENDER,
		[SMTP_RECIPIENT] = TRIAL_RECIPIENT,
	};
	enum smtp_step failed = SMTP_LOGIN;
	struct err err = { "" };
	enum outcome outcome = ready(smarthost, &err);

	if (outcome == DONE) {
		smtp_patience(smarthost->smtp, TRIAL_COMMAND_MS / 1000,
			2 * TRIAL_COMMAND_MS / 1000);
		outcome = smtp_try(smarthost->smtp, from, to, &failed, &err);
	}
	smtp_close(&smarthost->smtp);
	for (int step = 0; step < SMTP_STEPS && step <= (int)failed; step++) {
		struct trial trial = { .step = steps[step] };

		if (step == (int)failed) {
			trial.outcome = outcome;
			trial.err = err;
		}
		trial_tell(smarthost->fd, &smarthost->frame, &trial);
	}
}

/* Everything but the message: name, TLS, login, envelope. */
static void
serve_try(struct smarthost *smarthost)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * ADDRESS_MAX);
	const char *from = frame_get_string(&smarthost->frame, arena, ADDRESS_MAX);
	const char *to = frame_get_string(&smarthost->frame, arena, ADDRESS_MAX);

	serve_checked(&smarthost->frame);
	if (from == NULL || to == NULL)
		_exit(ROOM_EXIT_FRAME);
	if (trial_connects(smarthost->fd, &smarthost->frame, smarthost->settings, LOOK_SMTP) &&
		trial_has_password(smarthost->fd, &smarthost->frame, smarthost->settings,
			smarthost->password))
		try_envelope(smarthost, from, to);
	trial_tell_end(smarthost->fd, &smarthost->frame);
	arena_free(&arena);
}

static void
serve_password(struct smarthost *smarthost)
{
	int fd = frame_get_fd(&smarthost->frame);

	serve_checked(&smarthost->frame);
	secret_receive(fd, &smarthost->password);
	io_close(&fd);
	smtp_close(&smarthost->smtp);
}

_Noreturn void
room_smarthost(const struct conf *conf, size_t desk, int fd)
{
	static struct smarthost smarthost;

	smarthost.settings = &conf->desks[desk].smtp;
	smarthost.fd = fd;
	for (;;) {
		serve_next(fd, &smarthost.frame);
		if (smarthost.frame.type == FRAME_SUBMIT)
			serve_submit(&smarthost);
		else if (smarthost.frame.type == FRAME_PASSWORD)
			serve_password(&smarthost);
		else if (smarthost.frame.type == FRAME_TRY)
			serve_try(&smarthost);
		else
			_exit(ROOM_EXIT_FRAME);
	}
}
