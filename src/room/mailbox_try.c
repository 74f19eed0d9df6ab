/*
 * A mailbox tried for a person: login, what the server can do, each folder, the
 * newest mails' header fields. Looks with EXAMINE and STATUS; moves no cursor,
 * sets no flag, appends nothing. The header fields go to the desk unread.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/mailbox.h"

#include "base/io.h"
#include "room/frames.h"
#include "room/serve.h"
#include "room/trial.h"

static bool
tell(struct mailbox *mailbox, struct trial *trial, enum outcome outcome)
{
	trial->outcome = outcome;
	trial_tell(mailbox->fd, &mailbox->frame, trial);
	return outcome == DONE;
}

static bool
try_login(struct mailbox *mailbox)
{
	static const struct imap_patience patience = {
		.connect_ms = TRIAL_CONNECT_MS,
		.command_ms = TRIAL_COMMAND_MS,
		.silence_ms = TRIAL_COMMAND_MS,
	};
	struct trial trial = { .step = TRIAL_LOGIN };

	return tell(mailbox, &trial, mailbox_connect(mailbox, &patience, &trial.err));
}

static void
try_abilities(struct mailbox *mailbox)
{
	struct trial trial = { .step = TRIAL_ABILITIES, .bits = imap_abilities(mailbox->imap) };

	tell(mailbox, &trial, DONE);
}

/* False once the connection is of no use any more. */
static bool
try_folders(struct mailbox *mailbox)
{
	const struct string_list *folders = &mailbox->settings->folders;

	for (size_t i = 0; i < folders->count; i++) {
		struct trial trial = { .step = TRIAL_FOLDER, .index = (uint32_t)i };
		struct imap_folder state;

		tell(mailbox, &trial,
			imap_status(mailbox->imap, folders->at[i], &state, &trial.err));
		if (trial.outcome == LATER)
			return false;
	}
	return true;
}

static bool
give_header(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct mailbox *mailbox = context;
	int fd = io_memfd(bytes, len);

	(void)uid;
	if (fd < 0)
		return false;
	frame_start(&mailbox->frame, FRAME_TRIED_MAIL);
	frame_put_fd(&mailbox->frame, fd);
	serve_answer(mailbox->fd, &mailbox->frame);
	io_close(&fd);
	return true;
}

/* A folder that is not there was told before. */
static void
try_newest(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	struct trial trial = { .step = TRIAL_NEWEST };
	struct imap_list list = { .count = 0 };
	struct imap_folder state;
	enum outcome outcome = imap_examine(
		mailbox->imap, mailbox->settings->folders.at[0], &state, &trial.err);

	if (outcome == DONE)
		outcome = imap_newest(mailbox->imap, arena, TRIAL_MAILS, &list, &trial.err);
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].internal_date > trial.at)
			trial.at = list.items[i].internal_date;
	}
	trial.index = (uint32_t)list.count;
	if (outcome == DONE && list.count > 0)
		outcome = imap_fetch(mailbox->imap, list.items, list.count, true, give_header,
			mailbox, &trial.err);
	if (outcome != NEVER)
		tell(mailbox, &trial, outcome);
	arena_free(&arena);
}

static void
try_sent(struct mailbox *mailbox, const char *folder)
{
	struct trial trial = { .step = TRIAL_SENT };
	bool writable = false;
	enum outcome outcome = imap_writable(mailbox->imap, folder, &writable, &trial.err);

	trial.bits = writable ? TRIAL_WRITABLE : 0;
	tell(mailbox, &trial, outcome);
}

void
mailbox_try(struct mailbox *mailbox)
{
	const char *sent = mailbox->settings->sent_folder;

	const struct conf_server *server = &mailbox->settings->server;

	if (trial_connects(mailbox->fd, &mailbox->frame, server, LOOK_IMAP) &&
		trial_has_password(mailbox->fd, &mailbox->frame, server, mailbox->password) &&
		try_login(mailbox)) {
		try_abilities(mailbox);
		if (try_folders(mailbox)) {
			try_newest(mailbox);
			if (sent[0] != '\0')
				try_sent(mailbox, sent);
		}
	}
	imap_close(&mailbox->imap);
	trial_tell_end(mailbox->fd, &mailbox->frame);
}
