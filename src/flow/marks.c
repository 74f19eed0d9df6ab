/*
 * Mail on record is flagged or moved in its mailbox, as the conf says. What is
 * to be marked is written down in the commit that puts the mail on record, and
 * is struck out when the wire has done it: a connection that is gone, or our
 * own death, leaves it due.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/log.h"

void
marks_next(struct engine *engine, size_t desk)
{
	struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	struct store_mark *list;

	mailbox->mark_count = 0;
	if (engine->conf->desks[desk].imap.after != AFTER_KEEP)
		mailbox->mark_count = store_marks(engine->store, arena,
			engine_policy(engine, desk)->title, FLOW_MARKS, &list);
	mailbox->marks_open = mailbox->mark_count;
	mailbox->marks_due = mailbox->mark_count > 0;
	for (uint32_t i = 0; i < mailbox->mark_count; i++) {
		mailbox->marks[i] = (struct flow_mark){ .mailbox = list[i].mailbox,
			.uid_validity = list[i].uid_validity,
			.uid = list[i].uid,
			.open = true };
		frame_start(&engine->frame, FRAME_MARK);
		frame_put_u32(&engine->frame, i);
		frame_put_string(&engine->frame, list[i].folder);
		frame_put_u32(&engine->frame, list[i].uid_validity);
		frame_put_u32(&engine->frame, list[i].uid);
		house_send(engine->house, mailbox->wire, &engine->frame);
	}
	arena_free(&arena);
}

/* When all that were asked for are answered. What cannot be struck out is made once more: no harm. */
static void
strike_out(struct engine *engine, const struct flow_mailbox *mailbox)
{
	struct err err;

	if (store_begin(engine->store, &err) != DONE)
		return;
	for (size_t i = 0; i < mailbox->mark_count; i++) {
		const struct flow_mark *mark = &mailbox->marks[i];

		if (mark->settled)
			store_mark_done(engine->store, mark->mailbox, mark->uid_validity, mark->uid);
	}
	store_commit(engine->store, &err);
}

bool
marks_made(struct engine *engine, size_t desk, struct frame *frame, bool *later_r)
{
	struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;
	uint32_t number = frame_get_below(frame, FLOW_MARKS);
	enum outcome outcome;
	struct err err;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame) ||
		number >= mailbox->mark_count || mailbox->marks_open == 0 || !mailbox->marks[number].open)
		return false;
	mailbox->marks[number].open = false;
	mailbox->marks[number].settled = outcome != LATER;
	mailbox->marks_open--;
	if (outcome == NEVER)
		log_warn("desk=%s a message on record cannot be marked in the mailbox: %s",
			engine_policy(engine, desk)->title, err.text);
	if (mailbox->marks_open == 0)
		strike_out(engine, mailbox);
	*later_r = outcome == LATER;
	return true;
}
