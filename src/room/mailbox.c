/*
 * A mailbox's wire: one IMAP account, its password, and nothing else. It
 * fetches what is new, waits in IDLE, appends and marks what the desk asks for.
 * It parses no message and decides nothing: bytes go to the desk as memfds, and
 * the cursor it starts from is the desk's. What it was given and not yet told
 * "taken" is bounded, so that a backlog does not fill memory.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/mailbox.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "room/frames.h"
#include "room/sandbox.h"
#include "room/secret.h"
#include "room/serve.h"
#include "rule/retry.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EMPTY_LOOKS 5
#define EMPTY_LOOK_MS 1000

enum outcome
mailbox_select(struct mailbox *mailbox, const char *name, struct imap_folder *state_r, struct err *err_r)
{
	enum outcome outcome = imap_select(mailbox->imap, name, state_r, err_r);

	for (size_t i = 0; i < mailbox->folder_count && outcome == DONE; i++) {
		if (text_equal(mailbox->folders[i].name, name))
			mailbox->folders[i].told = *state_r;
	}
	return outcome;
}

/* Sends what the callback of imap_fetch() is given. */
static bool
give_mail(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct mailbox_batch *batch = context;
	struct mailbox *mailbox = batch->mailbox;
	const struct imap_item *item = NULL;
	int fd;

	for (size_t i = 0; i < batch->count && item == NULL; i++) {
		if (batch->items[i].uid == uid)
			item = &batch->items[i];
	}
	if (item == NULL)
		return true; /* the server says more than it was asked: not ours to believe */
	fd = io_memfd(bytes, len);
	if (fd < 0)
		return false;
	frame_start(&mailbox->frame, FRAME_MAIL);
	frame_put_u32(&mailbox->frame, (uint32_t)batch->folder);
	frame_put_u32(&mailbox->frame, mailbox->folders[batch->folder].uid_validity);
	frame_put_u32(&mailbox->frame, uid);
	frame_put_i64(&mailbox->frame, item->internal_date);
	frame_put_i64(&mailbox->frame, item->size);
	frame_put_bool(&mailbox->frame, batch->header_only);
	frame_put_fd(&mailbox->frame, fd);
	serve_answer(mailbox->fd, &mailbox->frame);
	io_close(&fd);
	mailbox->outstanding++;
	if (uid > batch->last_given)
		batch->last_given = uid;
	return true;
}

/* How many of the items go into the next FETCH: bounded by number and bytes, a large one alone. */
static size_t
batch_of(const struct mailbox *mailbox, const struct imap_item *items, size_t count, bool *header_only_r)
{
	const uint32_t max = (uint32_t)mailbox->settings->max_size;
	size_t taken = 0;
	uint64_t bytes = 0;

	*header_only_r = items[0].size > max;
	if (*header_only_r)
		return 1;
	while (taken < count && taken < IMAP_BATCH_MESSAGES && items[taken].size <= max) {
		bytes += items[taken].size;
		if (taken > 0 && bytes > IMAP_BATCH_BYTES)
			break;
		taken++;
	}
	return taken;
}

static enum outcome
fetch_items(struct mailbox *mailbox, size_t at, const struct imap_list *list, struct err *err_r)
{
	struct mailbox_folder *folder = &mailbox->folders[at];
	struct imap_folder state;

	for (size_t done = 0; done < list->count;) {
		struct mailbox_batch batch = { .mailbox = mailbox, .folder = at };
		enum outcome outcome;

		mailbox_await_credit(mailbox);
		/* What was served meanwhile may have selected another folder. */
		outcome = mailbox_select(mailbox, folder->name, &state, err_r);
		if (outcome != DONE)
			return outcome;
		if (state.uid_validity != folder->uid_validity)
			return err_set(err_r, LATER, "UIDVALIDITY changed while the folder was read");
		batch.items = list->items + done;
		batch.count = batch_of(mailbox, batch.items, list->count - done, &batch.header_only);
		outcome = imap_fetch(mailbox->imap, batch.items, batch.count, batch.header_only, give_mail,
			&batch, err_r);
		if (outcome != DONE)
			return outcome;
		done += batch.count;
		if (batch.last_given > folder->last_uid)
			folder->last_uid = batch.last_given;
	}
	return DONE;
}

static void
tell_seen(struct mailbox *mailbox, size_t at)
{
	frame_start(&mailbox->frame, FRAME_SEEN);
	frame_put_u32(&mailbox->frame, (uint32_t)at);
	frame_put_u32(&mailbox->frame, mailbox->folders[at].uid_validity);
	frame_put_u32(&mailbox->frame, mailbox->folders[at].last_uid);
	serve_answer(mailbox->fd, &mailbox->frame);
}

static void
tell_passed(struct mailbox *mailbox, size_t at, enum outcome outcome, const struct err *err)
{
	frame_start(&mailbox->frame, FRAME_PASSED);
	frame_put_u32(&mailbox->frame, (uint32_t)at);
	frames_put_outcome(&mailbox->frame, outcome, err);
	serve_answer(mailbox->fd, &mailbox->frame);
}

/* Everything above the cursor, in slices, so that a huge folder needs no huge list. */
static enum outcome
read_folder(struct mailbox *mailbox, size_t at, struct err *err_r)
{
	struct mailbox_folder *folder = &mailbox->folders[at];
	struct imap_list list = { .more = true };
	enum outcome outcome = DONE;

	while (outcome == DONE && list.more) {
		struct arena *arena = arena_new(ARENA_PLAIN, (size_t)8 * 1024 * 1024);
		struct imap_folder state;

		outcome = mailbox_select(mailbox, folder->name, &state, err_r);
		if (outcome == DONE)
			outcome = imap_list(mailbox->imap, arena, folder->last_uid, &list, err_r);
		if (outcome == DONE && list.count > 0) {
			outcome = fetch_items(mailbox, at, &list, err_r);
			/* What vanished at the end is listed again if it was a lie; but a walk goes on. */
			if (outcome == DONE && list.more)
				folder->last_uid = list.items[list.count - 1].uid;
			tell_seen(mailbox, at);
		}
		arena_free(&arena);
	}
	return outcome;
}

static bool
has_news(const struct mailbox_folder *folder)
{
	return folder->told.uid_validity != folder->uid_validity ||
		folder->told.uid_next != folder->read.uid_next ||
		folder->told.messages > folder->read.messages;
}

/* Numbers that go back under the same UIDVALIDITY: a mailbox restored from a backup, or a lie. */
static bool
went_back(const struct mailbox_folder *folder)
{
	return folder->told.uid_next != 0 && folder->told.uid_next <= folder->last_uid &&
		folder->told.uid_next != folder->read.uid_next;
}

/*
 * Everything in it is to be looked at anew: what is known already is not filed twice. Also of a
 * folder that is empty the desk shall know which it is.
 */
static void
begin_again(struct mailbox *mailbox, size_t at)
{
	struct mailbox_folder *folder = &mailbox->folders[at];

	if (folder->told.uid_validity == folder->uid_validity)
		log_warn("desk=%s folder %zu of %zu: the server's numbers went back: it is read from its beginning",
			mailbox->desk, at + 1, mailbox->folder_count);
	folder->uid_validity = folder->told.uid_validity;
	folder->last_uid = 0;
	folder->read = (struct imap_folder){ .uid_validity = 0 };
	tell_seen(mailbox, at);
}

/*
 * A look costs one STATUS (of the selected folder a NOOP) when nothing is new. UIDNEXT is a
 * server's forecast: the cursor stands on messages alone, so that a false one hides no mail.
 */
static enum outcome
look(struct mailbox *mailbox, size_t at, bool news, struct err *err_r)
{
	struct mailbox_folder *folder = &mailbox->folders[at];
	struct imap_folder state;
	enum outcome outcome;

	outcome = at == 0 ? mailbox_select(mailbox, folder->name, &state, err_r)
			  : imap_status(mailbox->imap, folder->name, &state, err_r);
	if (outcome != DONE)
		return outcome;
	folder->told = state;
	if (state.uid_validity != folder->uid_validity || went_back(folder))
		begin_again(mailbox, at);
	if (news || has_news(folder))
		outcome = read_folder(mailbox, at, err_r);
	if (outcome == DONE)
		folder->read = state;
	return outcome;
}

/* One pass over the folders from `from` on. A folder that is not there is told and left out; the others go on. */
static enum outcome
pass(struct mailbox *mailbox, size_t from, struct err *err_r)
{
	for (size_t at = from; at < mailbox->folder_count; at++) {
		struct err err = { "" };
		enum outcome outcome = look(mailbox, at, false, &err);

		tell_passed(mailbox, at, outcome, &err);
		if (outcome == LATER) {
			*err_r = err;
			return LATER;
		}
		mailbox_serve_waiting(mailbox);
	}
	frame_start(&mailbox->frame, FRAME_WAITING);
	serve_answer(mailbox->fd, &mailbox->frame);
	mailbox->last_pass_ms = clock_mono_ms();
	return DONE;
}

enum outcome
mailbox_connect(struct mailbox *mailbox, const struct imap_patience *patience, struct err *err_r)
{
	const struct conf_server *server = &mailbox->settings->server;
	struct arena *secrets = arena_new(ARENA_WIPED, 4 * SECRET_MAX);
	char *password = mailbox->password;
	enum outcome outcome = DONE;

	if (password == NULL)
		outcome = secret_read(secrets, server->password_file, &password, err_r);
	if (outcome == DONE && patience != NULL)
		outcome = imap_connect_with(server, password, patience, &mailbox->imap, err_r);
	else if (outcome == DONE)
		outcome = imap_connect(server, password, &mailbox->imap, err_r);
	arena_free(&secrets);
	/* A server that hid a mail before may show it now: each connection lists what is above the cursors. */
	for (size_t i = 0; i < mailbox->folder_count; i++)
		mailbox->folders[i].read = (struct imap_folder){ .uid_validity = 0 };
	return outcome;
}

/*
 * What was told of the first folder and is not read yet. It need not be asked
 * again as long as it is selected: what comes there now, IDLE tells, and what came
 * with an answer since ends IDLE at once.
 */
static enum outcome
settle_first(struct mailbox *mailbox, bool *news_r, struct err *err_r)
{
	const struct mailbox_folder *folder = &mailbox->folders[0];
	struct imap_folder state;
	enum outcome outcome = DONE;

	if (!imap_selected(mailbox->imap, folder->name))
		outcome = mailbox_select(mailbox, folder->name, &state, err_r);
	*news_r = outcome == DONE && has_news(folder);
	return outcome;
}

/* A server that tells of news without end, and has none, is asked less often. */
static enum outcome
look_at_news(struct mailbox *mailbox, struct err *err_r)
{
	uint32_t before = mailbox->folders[0].last_uid;
	enum outcome outcome = look(mailbox, 0, true, err_r);

	tell_passed(mailbox, 0, outcome, err_r);
	if (mailbox->folders[0].last_uid != before)
		mailbox->empty_looks = 0;
	else if (++mailbox->empty_looks > EMPTY_LOOKS)
		mailbox_await_frame(mailbox, EMPTY_LOOK_MS);
	return outcome;
}

/* Waits in IDLE on the first folder until news, the next poll of the others, or the desk. */
static enum outcome
wait_for_news(struct mailbox *mailbox, struct err *err_r)
{
	const int64_t poll_ms = (int64_t)mailbox->settings->poll_interval * 1000;
	int64_t left = mailbox->last_pass_ms + poll_ms - clock_mono_ms();
	enum imap_wake wake = IMAP_WAKE_TIME;
	enum outcome outcome;
	bool news;

	if (left <= 0)
		return pass(mailbox, 0, err_r);
	outcome = settle_first(mailbox, &news, err_r);
	if (outcome == LATER)
		return LATER;
	/* A folder that is not there was told at the pass; the next one looks again. */
	if (outcome == NEVER) {
		mailbox_await_frame(mailbox, (int)left);
		mailbox_serve_waiting(mailbox);
		return DONE;
	}
	if (news)
		wake = IMAP_WAKE_NEWS;
	else if (mailbox->settings->idle)
		outcome = imap_idle(mailbox->imap, mailbox->fd, (int)left, &wake, err_r);
	else
		mailbox_await_frame(mailbox, (int)left);
	mailbox_serve_waiting(mailbox);
	if (outcome == DONE && wake == IMAP_WAKE_NEWS)
		outcome = look_at_news(mailbox, err_r);
	return outcome;
}

static void
trouble(struct mailbox *mailbox, enum outcome outcome, const struct err *err)
{
	uint32_t random;
	int64_t until;

	imap_close(&mailbox->imap);
	frame_start(&mailbox->frame, FRAME_TROUBLE);
	frames_put_outcome(&mailbox->frame, outcome, err);
	serve_answer(mailbox->fd, &mailbox->frame);
	/* A password or the resolver's file was put in another's place: a wire born anew may open it. */
	if (sandbox_stale())
		_exit(ROOM_EXIT_FINE);
	io_random(&random, sizeof(random));
	until = clock_mono_ms() + retry_backoff_ms(++mailbox->failures, random);
	mailbox->look_now = false;
	while (clock_mono_ms() < until && !mailbox->look_now) {
		mailbox_await_frame(mailbox, (int)(until - clock_mono_ms()));
		mailbox_serve_waiting(mailbox);
	}
}

static _Noreturn void
live(struct mailbox *mailbox)
{
	for (;;) {
		struct err err = { "" };
		enum outcome outcome = DONE;

		if (mailbox->imap == NULL) {
			outcome = mailbox_connect(mailbox, NULL, &err);
			if (outcome == DONE)
				outcome = pass(mailbox, 0, &err);
			if (outcome == DONE)
				mailbox->failures = 0;
		} else if (mailbox->look_now) {
			mailbox->look_now = false;
			outcome = pass(mailbox, 0, &err);
		} else if (mailbox->once) {
			mailbox_await_frame(mailbox, -1);
			mailbox_serve_waiting(mailbox);
		} else {
			outcome = wait_for_news(mailbox, &err);
		}
		if (outcome != DONE)
			trouble(mailbox, outcome, &err);
	}
}

_Noreturn void
room_mailbox(const struct conf *conf, size_t desk, int fd)
{
	static struct mailbox mailbox;

	mailbox.settings = &conf->desks[desk].imap;
	mailbox.desk = conf->policy.desks[desk].title;
	mailbox.fd = fd;
	while (!mailbox.started)
		mailbox_serve_one(&mailbox);
	if (mailbox.folder_count == 0)
		_exit(ROOM_EXIT_FRAME);
	live(&mailbox);
}
