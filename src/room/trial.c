/*
 * Telling a trial's steps, and the first of them, which every server has in
 * common. A step that was not reached is not told.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/trial.h"

#include "room/frames.h"
#include "room/serve.h"

void
trial_put(struct frame *frame, const struct trial *trial)
{
	frame_put_u32(frame, trial->step);
	frames_put_outcome(frame, trial->outcome, &trial->err);
	frame_put_u32(frame, trial->index);
	frame_put_u32(frame, trial->bits);
	frame_put_i64(frame, trial->at);
}

bool
trial_get(struct frame *frame, struct trial *trial_r)
{
	struct trial trial = { .step = TRIAL_STEPS };

	trial.step = (enum trial_step)frame_get_below(frame, TRIAL_STEPS);
	if (!frames_get_outcome(frame, &trial.outcome, &trial.err))
		return false;
	trial.index = frame_get_below(frame, CONF_LIST_MAX);
	trial.bits = frame_get_below(frame, TRIAL_BITS);
	trial.at = frame_get_i64(frame);
	if (frame->bad || trial.at < 0)
		return false;
	*trial_r = trial;
	return true;
}

void
trial_tell(int fd, struct frame *frame, const struct trial *trial)
{
	frame_start(frame, FRAME_TRIED);
	trial_put(frame, trial);
	serve_answer(fd, frame);
}

void
trial_tell_end(int fd, struct frame *frame)
{
	frame_start(frame, FRAME_TRIED_END);
	serve_answer(fd, frame);
}

bool
trial_has_password(int fd, struct frame *frame, const struct conf_server *server, const char *given)
{
	struct trial trial = { .step = TRIAL_PASSWORD };

	if (given != NULL || server->password_command[0] == '\0')
		return true;
	trial.outcome = err_set(&trial.err, LATER, "password_command fails, or prints nothing");
	trial_tell(fd, frame, &trial);
	return false;
}

bool
trial_connects(int fd, struct frame *frame, const struct conf_server *server,
	enum look_protocol protocol)
{
	static const enum trial_step steps[LOOK_STEPS] = {
		[LOOK_NAME] = TRIAL_NAME,
		[LOOK_CONNECT] = TRIAL_CONNECT,
		[LOOK_TLS] = TRIAL_TLS,
	};
	struct err err = { "" };
	struct look look;
	enum outcome outcome = look_at(server, protocol, TRIAL_CONNECT_MS, &look, &err);

	for (int step = 0; step < LOOK_STEPS; step++) {
		struct trial trial = { .step = steps[step] };

		if (step == LOOK_TLS && !look.tls)
			break;
		if (step == LOOK_TLS) {
			trial.at = look.good_until;
			trial.bits = look.self_signed ? TRIAL_SELF_SIGNED : 0;
		}
		if (look.failed == (enum look_step)step) {
			trial.outcome = outcome;
			trial.err = err;
		}
		trial_tell(fd, frame, &trial);
		if (trial.outcome != DONE)
			return false;
	}
	return outcome == DONE;
}
