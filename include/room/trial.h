/*
 * A wire's trial: each step of what it would do in earnest, tried once, told in
 * a frame of its own, with no mail sent, marked or stored. What is told, how it
 * travels, and the steps that both kinds of wire share.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_TRIAL_H
#define ROOM_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/frame.h"
#include "port/conf.h"
#include "port/look.h"

#define TRIAL_CONNECT_MS 10000	/* name, TCP and TLS */
#define TRIAL_COMMAND_MS 15000	/* one command of a server, or a login */
#define TRIAL_MAILS 20		/* newest mails whose header fields are looked at */
#define TRIALS_MAX 300		/* steps that one wire may tell */

enum trial_step {
	TRIAL_NAME,		/* the server's name is found */
	TRIAL_CONNECT,
	TRIAL_TLS,		/* chain, name, pin; at: the certificate's last instant, 0 unknown */
	TRIAL_PASSWORD,		/* the one of password_command; told only when there is none */
	TRIAL_LOGIN,
	TRIAL_ABILITIES,	/* bits: enum imap_ability */
	TRIAL_FOLDER,		/* index among the conf's folders */
	TRIAL_NEWEST,		/* of the first folder; at: the newest INTERNALDATE, 0 none; index: how many mails were looked at */
	TRIAL_SENT,		/* sent_folder; bits: TRIAL_WRITABLE */
	TRIAL_SENDER,		/* MAIL FROM the window */
	TRIAL_RECIPIENT,	/* RCPT TO a coordinator */
	TRIAL_STEPS
};

#define TRIAL_SELF_SIGNED 1u	/* of TRIAL_TLS */
#define TRIAL_WRITABLE 1u	/* of TRIAL_SENT */
#define TRIAL_BITS 64u

struct trial {
	enum trial_step step;
	enum outcome outcome;
	struct err err;		/* when it is not DONE */
	uint32_t index;
	uint32_t bits;
	int64_t at;
};

/* FRAME_TRIED as values, and back; false for anything out of range. */
void trial_put(struct frame *frame, const struct trial *trial);
bool trial_get(struct frame *frame, struct trial *trial_r);

/* --- the wire's side --- */

/* Tells one step. */
void trial_tell(int fd, struct frame *frame, const struct trial *trial);

/* That nothing more comes. */
void trial_tell_end(int fd, struct frame *frame);

/* Whether a password is there, where a command is to give one; tells when it is not. */
bool trial_has_password(int fd, struct frame *frame, const struct conf_server *server, const char *given);

/* Tries name, TCP and TLS, and tells of each that was reached; whether all went well. */
bool trial_connects(int fd, struct frame *frame, const struct conf_server *server,
	enum look_protocol protocol);

#endif
