/*
 * What the desk asks of a mailbox's wire: folders and cursors at the start,
 * credit, copies to append, marks, single messages. Served between IMAP
 * commands, never inside one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/mailbox.h"

#include "base/io.h"
#include "base/text.h"
#include "mail/compose.h"
#include "room/frames.h"
#include "room/secret.h"
#include "room/serve.h"

#include <poll.h>
#include <unistd.h>

#define NAME_MAX_BYTES 512
#define MESSAGE_ID_MAX 1000

static void
asked_password(struct mailbox *mailbox)
{
	int fd = frame_get_fd(&mailbox->asked);

	serve_checked(&mailbox->asked);
	/* Kept until the desk sends a newer one: it logs in again after each cut. */
	secret_receive(fd, &mailbox->password);
	io_close(&fd);
}

static void
asked_folder(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 2 * NAME_MAX_BYTES);
	uint32_t at = frame_get_below(&mailbox->asked, MAILBOX_FOLDERS);
	const char *name = frame_get_string(&mailbox->asked, arena, NAME_MAX_BYTES);
	struct mailbox_folder *folder = &mailbox->folders[at];

	folder->uid_validity = frame_get_u32(&mailbox->asked);
	folder->last_uid = frame_get_u32(&mailbox->asked);
	serve_checked(&mailbox->asked);
	if (name == NULL || at != mailbox->folder_count)
		_exit(ROOM_EXIT_FRAME);
	folder->name = mem_strdup(name);
	mailbox->folder_count++;
	arena_free(&arena);
}

static void
answer(struct mailbox *mailbox, enum frame_type type, uint32_t id, enum outcome outcome,
	const struct err *err, int fd)
{
	frame_start(&mailbox->frame, (uint16_t)type);
	frame_put_u32(&mailbox->frame, id);
	frames_put_outcome(&mailbox->frame, outcome, err);
	if (fd >= 0)
		frame_put_fd(&mailbox->frame, fd);
	serve_answer(mailbox->fd, &mailbox->frame);
}

/* A repeated APPEND would be a second copy: the folder is searched first. */
static enum outcome
append_once(struct mailbox *mailbox, const char *folder, const char *message_id, int fd,
	struct err *err_r)
{
	struct io_map map = { 0 };
	bool there = false;
	enum outcome outcome;

	if (mailbox->imap == NULL)
		return err_set(err_r, LATER, "no connection to the mailbox");
	if (!io_memfd_sealed(fd) || io_map(fd, 2 * COMPOSE_MAX, &map, err_r) != DONE)
		_exit(ROOM_EXIT_FRAME);
	outcome = imap_has(mailbox->imap, folder, message_id, &there, err_r);
	if (outcome == NEVER)
		outcome = DONE; /* no such folder yet: APPEND makes it */
	if (outcome == DONE && !there)
		outcome = imap_append(mailbox->imap, folder, map.data, map.len, err_r);
	io_unmap(&map);
	return outcome;
}

static void
asked_append(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 2 * (NAME_MAX_BYTES + MESSAGE_ID_MAX));
	uint32_t id = frame_get_u32(&mailbox->asked);
	const char *folder = frame_get_string(&mailbox->asked, arena, NAME_MAX_BYTES);
	const char *message_id = frame_get_string(&mailbox->asked, arena, MESSAGE_ID_MAX);
	int fd = frame_get_fd(&mailbox->asked);
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&mailbox->asked);
	if (folder == NULL || message_id == NULL)
		_exit(ROOM_EXIT_FRAME);
	outcome = append_once(mailbox, folder, message_id, fd, &err);
	answer(mailbox, FRAME_APPENDED, id, outcome, &err, -1);
	io_close(&fd);
	arena_free(&arena);
}

/* Selects the folder if it is still the one in which that UID was given. */
static enum outcome
select_valid(struct mailbox *mailbox, const char *folder, uint32_t uid_validity, struct err *err_r)
{
	struct imap_folder state;
	enum outcome outcome;

	if (mailbox->imap == NULL)
		return err_set(err_r, LATER, "no connection to the mailbox");
	outcome = mailbox_select(mailbox, folder, &state, err_r);
	if (outcome == DONE && state.uid_validity != uid_validity)
		return err_set(err_r, NEVER, "the folder's UIDVALIDITY has changed");
	return outcome;
}

static void
asked_mark(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 2 * NAME_MAX_BYTES);
	uint32_t number = frame_get_u32(&mailbox->asked);
	const char *folder = frame_get_string(&mailbox->asked, arena, NAME_MAX_BYTES);
	uint32_t uid_validity = frame_get_u32(&mailbox->asked);
	uint32_t uid = frame_get_u32(&mailbox->asked);
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&mailbox->asked);
	if (folder == NULL)
		_exit(ROOM_EXIT_FRAME);
	outcome = select_valid(mailbox, folder, uid_validity, &err);
	if (outcome == DONE && mailbox->settings->after == AFTER_FLAG)
		outcome = imap_flag(mailbox->imap, uid, &err);
	else if (outcome == DONE && mailbox->settings->after == AFTER_MOVE)
		outcome = imap_move(mailbox->imap, uid, mailbox->settings->move_to, &err);
	answer(mailbox, FRAME_MARKED, number, outcome, &err, -1);
	arena_free(&arena);
}

/*
 * What may be removed for good is a drill's mail alone: both the Message-ID that the
 * desk names and the one that the server finds must say so. So a desk that was taken
 * over cannot make other mail vanish.
 */
static void
asked_remove(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 2 * (NAME_MAX_BYTES + MESSAGE_ID_MAX));
	uint32_t number = frame_get_u32(&mailbox->asked);
	const char *folder = frame_get_string(&mailbox->asked, arena, NAME_MAX_BYTES);
	uint32_t uid_validity = frame_get_u32(&mailbox->asked);
	uint32_t uid = frame_get_u32(&mailbox->asked);
	const char *message_id = frame_get_string(&mailbox->asked, arena, MESSAGE_ID_MAX);
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&mailbox->asked);
	if (folder == NULL || message_id == NULL || !text_starts(message_id, MAILBOX_REMOVABLE))
		_exit(ROOM_EXIT_FRAME);
	outcome = select_valid(mailbox, folder, uid_validity, &err);
	if (outcome == DONE)
		outcome = imap_remove(mailbox->imap, uid, message_id, &err);
	answer(mailbox, FRAME_REMOVED, number, outcome, &err, -1);
	arena_free(&arena);
}

struct got {
	int fd;
};

static bool
take_one(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct got *got = context;

	(void)uid;
	io_close(&got->fd);
	got->fd = io_memfd(bytes, len);
	return got->fd >= 0;
}

static void
asked_get(struct mailbox *mailbox)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	uint32_t id = frame_get_u32(&mailbox->asked);
	const char *folder = frame_get_string(&mailbox->asked, arena, NAME_MAX_BYTES);
	uint32_t uid_validity = frame_get_u32(&mailbox->asked);
	uint32_t uid = frame_get_u32(&mailbox->asked);
	struct imap_item item = { .uid = uid };
	struct got got = { .fd = -1 };
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&mailbox->asked);
	if (folder == NULL || uid == 0)
		_exit(ROOM_EXIT_FRAME);
	outcome = select_valid(mailbox, folder, uid_validity, &err);
	if (outcome == DONE)
		outcome = imap_fetch(mailbox->imap, &item, 1, false, take_one, &got, &err);
	if (outcome == DONE && got.fd < 0)
		outcome = err_set(&err, NEVER, "the message is no longer in the mailbox");
	answer(mailbox, FRAME_GOT, id, outcome, &err, got.fd);
	io_close(&got.fd);
	arena_free(&arena);
}

static void
asked_start(struct mailbox *mailbox)
{
	mailbox->once = frame_get_bool(&mailbox->asked);
	serve_checked(&mailbox->asked);
	mailbox->started = true;
}

static void
asked_taken(struct mailbox *mailbox)
{
	uint32_t count = frame_get_u32(&mailbox->asked);

	serve_checked(&mailbox->asked);
	mailbox->outstanding -= count < mailbox->outstanding ? count : mailbox->outstanding;
}

static void
asked_look(struct mailbox *mailbox)
{
	serve_checked(&mailbox->asked);
	mailbox->look_now = true;
}

static void
asked_try(struct mailbox *mailbox)
{
	serve_checked(&mailbox->asked);
	if (mailbox->started || mailbox->imap != NULL)
		_exit(ROOM_EXIT_FRAME);
	mailbox_try(mailbox);
}

void
mailbox_serve_one(struct mailbox *mailbox)
{
	serve_next(mailbox->fd, &mailbox->asked);
	switch (mailbox->asked.type) {
	case FRAME_PASSWORD:
		asked_password(mailbox);
		break;
	case FRAME_FOLDER:
		asked_folder(mailbox);
		break;
	case FRAME_START:
		asked_start(mailbox);
		break;
	case FRAME_TAKEN:
		asked_taken(mailbox);
		break;
	case FRAME_APPEND:
		asked_append(mailbox);
		break;
	case FRAME_MARK:
		asked_mark(mailbox);
		break;
	case FRAME_GET:
		asked_get(mailbox);
		break;
	case FRAME_REMOVE:
		asked_remove(mailbox);
		break;
	case FRAME_LOOK:
		asked_look(mailbox);
		break;
	case FRAME_TRY:
		asked_try(mailbox);
		break;
	default:
		_exit(ROOM_EXIT_FRAME);
	}
}

void
mailbox_await_frame(struct mailbox *mailbox, int timeout_ms)
{
	struct pollfd wait = { mailbox->fd, POLLIN, 0 };

	poll(&wait, 1, timeout_ms);
}

void
mailbox_serve_waiting(struct mailbox *mailbox)
{
	struct pollfd wait = { mailbox->fd, POLLIN, 0 };

	while (poll(&wait, 1, 0) > 0)
		mailbox_serve_one(mailbox);
}

void
mailbox_await_credit(struct mailbox *mailbox)
{
	mailbox_serve_waiting(mailbox);
	while (mailbox->outstanding + IMAP_BATCH_MESSAGES > MAILBOX_WINDOW)
		mailbox_serve_one(mailbox);
}
