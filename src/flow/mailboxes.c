/*
 * The desk's side of the mailboxes' wires: cursors out, messages in, copies to
 * Sent, marks after the commit. A wire that dies touches nothing but its own
 * mailbox and is started again with a back-off.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/password.h"
#include "rule/retry.h"

#include <stdlib.h>
#include <string.h>

#define ASK_AGAIN_MS 30000

static struct flow_mailbox *
mailbox_of(struct engine *engine, size_t desk)
{
	return &engine->desks[desk].mailbox;
}

static void
add_folder(struct engine *engine, size_t desk, const char *name)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);

	for (size_t i = 0; i < mailbox->folder_count; i++) {
		if (text_equal(mailbox->folders[i].name, name))
			return;
	}
	if (mailbox->folder_count < FLOW_FOLDERS)
		mailbox->folders[mailbox->folder_count++].name = name;
}

/* The conf's folders, Sent behind them: staff's own mail is threaded from there. */
static void
list_folders(struct engine *engine, size_t desk)
{
	const struct conf_imap *settings = &engine->conf->desks[desk].imap;
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);

	if (mailbox->folder_count > 0)
		return;
	for (size_t i = 0; i < settings->folders.count; i++)
		add_folder(engine, desk, settings->folders.at[i]);
	mailbox->sent = -1;
	if (settings->sent_folder[0] == '\0')
		return;
	add_folder(engine, desk, settings->sent_folder);
	for (size_t i = 0; i < mailbox->folder_count; i++) {
		if (text_equal(mailbox->folders[i].name, settings->sent_folder))
			mailbox->sent = (int)i;
	}
}

static void
send_folders(struct engine *engine, size_t desk)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	const char *title = engine_policy(engine, desk)->title;
	struct err err;

	if (store_begin(engine->store, &err) != DONE)
		return;
	for (size_t i = 0; i < mailbox->folder_count; i++)
		store_cursor_get(engine->store, title, mailbox->folders[i].name, engine_now(engine),
			&mailbox->folders[i].cursor);
	if (store_commit(engine->store, &err) != DONE)
		return;
	for (size_t i = 0; i < mailbox->folder_count; i++) {
		frame_start(&engine->frame, FRAME_FOLDER);
		frame_put_u32(&engine->frame, (uint32_t)i);
		frame_put_string(&engine->frame, mailbox->folders[i].name);
		frame_put_u32(&engine->frame, mailbox->folders[i].cursor.uid_validity);
		frame_put_u32(&engine->frame, mailbox->folders[i].cursor.last_uid);
		house_send(engine->house, mailbox->wire, &engine->frame);
	}
}

static void
restart_later(struct engine *engine, struct flow_mailbox *mailbox)
{
	uint32_t random;

	(void)engine;
	io_random(&random, sizeof(random));
	mailbox->restart_ms = clock_mono_ms() + retry_backoff_ms(++mailbox->failures, random);
}

void
mailboxes_start(struct engine *engine, size_t desk)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);

	list_folders(engine, desk);
	mailbox->restart_ms = 0;
	mailbox->waiting = false;
	mailbox->copies_due = mailbox->wanted_due = mailbox->marks_due = true;
	mailbox->wire = house_spawn(engine->house, ROOM_MAILBOX, desk);
	if (mailbox->wire == NULL) {
		restart_later(engine, mailbox);
		return;
	}
	password_send(engine->house, engine->conf, mailbox->wire);
	send_folders(engine, desk);
	frame_start(&engine->frame, FRAME_START);
	frame_put_bool(&engine->frame, engine->options.once);
	house_send(engine->house, mailbox->wire, &engine->frame);
}

static bool
said_mail(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	size_t at = frame_get_below(frame, (uint32_t)mailbox->folder_count);
	struct intake_job *job;
	struct intake_job read = { .desk = desk, .at = (int)at };

	read.uid_validity = frame_get_u32(frame);
	read.uid = frame_get_u32(frame);
	read.internal_date = frame_get_i64(frame);
	read.size = frame_get_i64(frame);
	read.header_only = frame_get_bool(frame);
	read.fd = frame_get_fd(frame);
	if (!frame_end(frame) || read.uid == 0) {
		io_close(&read.fd);
		return false;
	}
	job = mem_alloc(sizeof(*job));
	*job = read;
	job->mailbox = mailbox->folders[at].cursor.mailbox;
	job->folder = mailbox->folders[at].name;
	job->from_sent = (int)at == mailbox->sent;
	return intake_offer(engine, job);
}

static bool
said_seen(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	uint32_t at = frame_get_below(frame, (uint32_t)mailbox->folder_count);
	uint32_t uid_validity = frame_get_u32(frame);
	uint32_t uid = frame_get_u32(frame);

	if (!frame_end(frame))
		return false;
	intake_seen(engine, desk, (int)at, uid_validity, uid);
	return true;
}

static void
note_pass(struct engine *engine, struct flow_folder *folder)
{
	struct err err;

	if (store_begin(engine->store, &err) != DONE)
		return;
	store_cursor_passed(engine->store, folder->cursor.mailbox, engine_now(engine));
	store_commit(engine->store, &err);
}

static bool
said_passed(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	uint32_t at = frame_get_below(frame, (uint32_t)mailbox->folder_count);
	struct flow_folder *folder = &mailbox->folders[at];
	enum outcome outcome;
	struct err err;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame))
		return false;
	if (outcome == DONE) {
		folder->failed = false;
		note_pass(engine, folder);
		return true;
	}
	engine->failed = true;
	/* A folder that does not exist is told once, not at each pass. */
	if (!folder->failed)
		log_warn("desk=%s folder %zu of %zu cannot be read: %s",
			engine_policy(engine, desk)->title, (size_t)at + 1, mailbox->folder_count, err.text);
	folder->failed = true;
	return true;
}

/* Old mail of a mailbox seen for the first time: one summary instead of an alert for each. */
static void
tell_summary(struct engine *engine, size_t desk)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	char *name = arena_printf(arena, "desk.%s.old_mail", engine_policy(engine, desk)->title);
	char *value = store_value_get(engine->store, arena, name);
	struct err err;

	if (value != NULL && !text_equal(value, "0") && store_begin(engine->store, &err) == DONE) {
		alerts_put(engine, desk, ALERT_OLD_MAIL, 0, 0, value);
		store_value_set(engine->store, name, "0");
		store_commit(engine->store, &err);
		engine->outbox_changed = true;
	}
	arena_free(&arena);
}

static bool
said_waiting(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);

	if (!frame_end(frame))
		return false;
	if (!mailbox->waiting || mailbox->trouble)
		log_info("desk=%s mailbox read, waiting for news", engine_policy(engine, desk)->title);
	if (mailbox->trouble)
		mailbox->ask_after_ms = 0;
	mailbox->waiting = true;
	mailbox->trouble = false;
	mailbox->failures = 0;
	return true;
}

static bool
said_trouble(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	enum outcome outcome;
	struct err err;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame))
		return false;
	log_warn("desk=%s mailbox cannot be reached: %s", engine_policy(engine, desk)->title, err.text);
	mailbox->trouble = true;
	engine->failed = true;
	mailbox->ask_after_ms = clock_mono_ms() + ASK_AGAIN_MS;
	/* A token may have run out: the wire logs in again with a new one. */
	password_send(engine->house, engine->conf, mailbox->wire);
	return true;
}

static void
note_copied(struct engine *engine, int64_t id, enum outcome outcome, const struct err *why)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	struct record_outbox *entry = store_outbox_get(engine->store, arena, id);
	struct err err;

	if (entry != NULL && store_begin(engine->store, &err) == DONE) {
		entry->copied = true;
		store_outbox_update(engine->store, entry);
		if (outcome == NEVER && entry->case_id != 0)
			store_log(engine->store, entry->case_id, engine_now(engine), "madoguchid",
				arena_printf(arena, "no copy of outbox %lld in the Sent folder: %s",
					(long long)id, why->text));
		store_commit(engine->store, &err);
	}
	arena_free(&arena);
}

/* What the wire could not do just now. One pass waits for nothing: the next run takes it up. */
static void
ask_later(struct engine *engine, struct flow_mailbox *mailbox)
{
	mailbox->ask_after_ms = clock_mono_ms() + ASK_AGAIN_MS;
	if (!engine->options.once)
		return;
	mailbox->copies_due = mailbox->wanted_due = mailbox->marks_due = false;
	engine->failed = true;
}

static bool
said_appended(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	uint32_t id = frame_get_u32(frame);
	enum outcome outcome;
	struct err err;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame) || id != mailbox->appending)
		return false;
	mailbox->appending = 0;
	if (outcome == LATER) {
		ask_later(engine, mailbox);
		return true;
	}
	if (outcome == NEVER)
		log_warn("outbox=%u copy not appended: %s", id, err.text);
	note_copied(engine, id, outcome, &err);
	return true;
}

/* A message that a person filed, of which only the header fields had been kept. */
static bool
said_got(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	uint32_t id = frame_get_u32(frame);
	enum outcome outcome;
	struct err err;
	int fd = -1;

	if (!frames_get_outcome(frame, &outcome, &err))
		return false;
	if (outcome == DONE)
		fd = frame_get_fd(frame);
	if (!frame_end(frame) || id != mailbox->getting) {
		io_close(&fd);
		return false;
	}
	mailbox->getting = 0;
	if (outcome == LATER)
		ask_later(engine, mailbox);
	wanted_got(engine, desk, id, outcome, fd, &err);
	io_close(&fd);
	return true;
}

static bool
said_marked(struct engine *engine, size_t desk, struct frame *frame)
{
	bool later = false;

	if (!marks_made(engine, desk, frame, &later))
		return false;
	if (later)
		ask_later(engine, mailbox_of(engine, desk));
	return true;
}

bool
mailboxes_frame(struct engine *engine, struct house_room *room, struct frame *frame)
{
	size_t desk = house_desk(room);

	switch (frame->type) {
	case FRAME_MAIL:
		return said_mail(engine, desk, frame);
	case FRAME_SEEN:
		return said_seen(engine, desk, frame);
	case FRAME_PASSED:
		return said_passed(engine, desk, frame);
	case FRAME_WAITING:
		return said_waiting(engine, desk, frame);
	case FRAME_TROUBLE:
		return said_trouble(engine, desk, frame);
	case FRAME_APPENDED:
		return said_appended(engine, desk, frame);
	case FRAME_GOT:
		return said_got(engine, desk, frame);
	case FRAME_MARKED:
		return said_marked(engine, desk, frame);
	case FRAME_REMOVED:
		return drills_removed(engine, desk, frame);
	default:
		frame_drop(frame);
		return false;
	}
}

void
mailboxes_room_end(struct engine *engine, struct house_room *room, enum house_end end)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, house_desk(room));

	if (mailbox->wire != room)
		return;
	mailbox->wire = NULL;
	mailbox->appending = mailbox->getting = 0;
	mailbox->marks_open = mailbox->removing = 0;
	mailbox->trouble = true;
	engine->failed = true;
	log_warn("desk=%s the mailbox's wire ended: %s; it is started again later",
		engine_policy(engine, house_desk(room))->title, house_end_text(end));
	restart_later(engine, mailbox);
}

/* After the commit: the wire may give another one, and this one may be flagged or moved. */
void
mailboxes_taken(struct engine *engine, const struct intake_job *job)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, job->desk);

	if (job->at < 0 || job->uid == 0 || mailbox->wire == NULL)
		return;
	frame_start(&engine->frame, FRAME_TAKEN);
	frame_put_u32(&engine->frame, 1);
	house_send(engine->house, mailbox->wire, &engine->frame);
	mailbox->marks_due = mailbox->marks_due || job->mark;
	if (job->removes)
		drills_remove(engine, job);
}

static void
append_next(struct engine *engine, size_t desk)
{
	struct flow_mailbox *mailbox = mailbox_of(engine, desk);
	const struct policy_desk *policy = engine_policy(engine, desk);
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	struct record_outbox *list;
	size_t count = store_outbox_uncopied(engine->store, arena, policy->title, 1, &list);

	mailbox->copies_due = false;
	for (size_t i = 0; i < count && mailbox->appending == 0; i++) {
		char *bytes;
		size_t len;
		int fd;

		if (!store_outbox_bytes(engine->store, arena, list[i].id, &bytes, &len))
			continue;
		fd = io_memfd(bytes, len);
		mailbox->appending = (uint32_t)list[i].id;
		mailbox->copies_due = true;
		frame_start(&engine->frame, FRAME_APPEND);
		frame_put_u32(&engine->frame, (uint32_t)list[i].id);
		frame_put_string(&engine->frame, policy->sent_folder);
		frame_put_string(&engine->frame, list[i].message_id);
		frame_put_fd(&engine->frame, fd);
		house_send(engine->house, mailbox->wire, &engine->frame);
		io_close(&fd);
	}
	arena_free(&arena);
}

void
mailboxes_advance(struct engine *engine)
{
	int64_t now = clock_mono_ms();

	if (!engine->options.mailboxes || engine->stopping)
		return;
	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		struct flow_mailbox *mailbox = mailbox_of(engine, desk);

		if (mailbox->restart_ms != 0 && mailbox->restart_ms <= now && !engine->options.once)
			mailboxes_start(engine, desk);
		if (mailbox->wire == NULL || !mailbox->waiting)
			continue;
		if (mailbox->copies_due && mailbox->appending == 0 && mailbox->ask_after_ms <= now)
			append_next(engine, desk);
		if (mailbox->wanted_due && mailbox->getting == 0 && mailbox->ask_after_ms <= now)
			wanted_next(engine, desk);
		if (mailbox->marks_due && mailbox->marks_open == 0 && mailbox->ask_after_ms <= now)
			marks_next(engine, desk);
		if (engine->jobs == NULL)
			tell_summary(engine, desk);
	}
}

void
mailboxes_look(struct engine *engine)
{
	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		if (mailbox_of(engine, desk)->wire == NULL)
			continue;
		frame_start(&engine->frame, FRAME_LOOK);
		house_send(engine->house, mailbox_of(engine, desk)->wire, &engine->frame);
	}
}

int
mailboxes_timeout(const struct engine *engine)
{
	int64_t now = clock_mono_ms(), soonest = -1;

	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		const struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;
		int64_t at = mailbox->restart_ms;

		if (at == 0 && (mailbox->copies_due || mailbox->wanted_due || mailbox->marks_due))
			at = mailbox->ask_after_ms;
		if (at > now && (soonest < 0 || at - now < soonest))
			soonest = at - now;
	}
	return (int)soonest;
}

bool
mailboxes_busy(const struct engine *engine, size_t desk)
{
	const struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;

	if (!engine->options.mailboxes || mailbox->trouble)
		return false;
	return !mailbox->waiting || mailbox->copies_due || mailbox->appending != 0 ||
		mailbox->wanted_due || mailbox->getting != 0 || mailbox->marks_due ||
		mailbox->marks_open != 0 || mailbox->removing != 0;
}
