/*
 * The two halves of a mailbox's wire: its round of passes (mailbox.c) and what
 * the desk asks of it in between (mailbox_asked.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_MAILBOX_H
#define ROOM_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/frame.h"
#include "port/conf.h"
#include "port/imap.h"
#include "room/room.h"

#define MAILBOX_FOLDERS 64	/* folders of one mailbox */
#define MAILBOX_REMOVABLE "<drill."	/* how the Message-ID of a mail begins that may be removed */
#define MAILBOX_WINDOW 128	/* messages given and not yet taken */

struct mailbox_folder {
	const char *name;
	uint32_t uid_validity;	/* 0: never seen */
	uint32_t last_uid;
	struct imap_folder told;	/* what the server said of it last */
	struct imap_folder read;	/* what it said when the folder was last read to its end */
};

struct mailbox {
	const struct conf_imap *settings;
	const char *desk;	/* its title, for the log */
	int fd;
	struct imap *imap;	/* NULL while there is no connection */
	char *password;		/* from password_command; NULL: the file is read */
	struct mailbox_folder folders[MAILBOX_FOLDERS];
	size_t folder_count;
	size_t outstanding;	/* messages given and not yet taken */
	bool started, once;
	bool look_now;		/* the desk asks for a pass */
	int failures;
	int empty_looks;	/* news, one after the other, that were none */
	int64_t last_pass_ms;
	struct frame frame;
	struct frame asked;	/* separate: an answer is written while this one is read */
};

struct mailbox_batch {
	struct mailbox *mailbox;
	size_t folder;
	const struct imap_item *items;
	size_t count;
	bool header_only;
	uint32_t last_given;	/* the highest UID of those that came */
};

/* Selects a folder, and keeps what the server tells of it if it is one that is read. */
enum outcome mailbox_select(struct mailbox *mailbox, const char *name, struct imap_folder *state_r,
	struct err *err_r);

/* Reads the password and logs in; patience NULL: as port/imap has it. */
enum outcome mailbox_connect(struct mailbox *mailbox, const struct imap_patience *patience,
	struct err *err_r);

/* FRAME_TRY: everything once, nothing in earnest. */
void mailbox_try(struct mailbox *mailbox);

/* Waits for one frame and serves it. */
void mailbox_serve_one(struct mailbox *mailbox);

/* Serves what waits, without waiting. */
void mailbox_serve_waiting(struct mailbox *mailbox);

/* Waits at most that long (-1: for ever) for a frame, without serving it. */
void mailbox_await_frame(struct mailbox *mailbox, int timeout_ms);

/* Serves frames until a whole batch may be given. */
void mailbox_await_credit(struct mailbox *mailbox);

#endif
