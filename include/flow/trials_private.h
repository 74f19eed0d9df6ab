/*
 * What the files src/flow/trials*.c share: the trials under way of each desk.
 * Not for anyone else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_TRIALS_PRIVATE_H
#define FLOW_TRIALS_PRIVATE_H

#include "base/frame.h"
#include "flow/trials.h"
#include "port/conf.h"
#include "room/house.h"

/* One desk's rooms; a room that has told everything is let go and NULL here. */
struct trying {
	size_t desk;
	struct trials_desk *result;
	const struct trials_pair *pair;
	struct house_room *mailbox, *smarthost, *reader, *keyring, *sealer;
	int mails[TRIAL_MAILS];	/* header fields that wait for the reader, from mail_at on */
	size_t mail_count, mail_at;
};

struct trials {
	const struct conf *conf;
	struct arena *arena;	/* the results', while trials_run() is at work */
	struct house *house;
	struct trying *desks;
	struct frame frame;	/* what goes out */
};

/* Sets the result and that it was tried. */
void trials_tell(struct trials_result *result, enum outcome outcome, const struct err *err);

/* Lets a room go and forgets it. */
void trials_dismiss(struct trials *trials, struct house_room **room);

/* --- mailbox, smarthost, and the reader that looks at header fields (trials_wires.c) --- */

void trials_wires_begin(struct trials *trials, struct trying *trying);
bool trials_wire_said(struct trials *trials, struct trying *trying, struct house_room *room,
	struct frame *frame);
bool trials_reader_said(struct trials *trials, struct trying *trying, struct frame *frame);
void trials_wires_end(struct trying *trying);

/* --- keyring and sealer (trials_keys.c) --- */

void trials_keys_begin(struct trials *trials, struct trying *trying);
bool trials_keyring_said(struct trials *trials, struct trying *trying, struct frame *frame);
bool trials_sealer_said(struct trials *trials, struct trying *trying, struct frame *frame);
/* Whatever still waited for one of these rooms comes to nothing. */
void trials_keys_gone(struct trying *trying, const char *room);

#endif
