/*
 * What the files src/port/smtp*.c share: a session with its server over the
 * verified pipe, and the reading of replies. Not for anyone else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_SMTP_PRIVATE_H
#define PORT_SMTP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/conf.h"
#include "port/smtp.h"

struct pipe_line;
struct sasl;

#define SMTP_LINE_MAX 2048	/* bytes of a reply's line that are looked at; RFC 4954 has the longest */
#define SMTP_COMMAND_MAX 16384	/* bytes of a command or of an answer of a login */
#define SMTP_REPLY_BYTES 65536	/* of one reply, all its lines together */
#define SMTP_READ_BYTES 4096
#define SMTP_AUTH_MAX 512	/* bytes of the names of mechanisms */

struct smtp_reply {
	int code;		/* 0: none came */
	char text[256];		/* its last line, printable */
};

/* One line of a reply (RFC 5321 section 4.2). */
struct smtp_line {
	int code;
	bool last;
	const char *text;	/* behind the code, NUL-ended, in the line */
};

/* Takes a line without its end apart; false when it is none of a reply. */
bool smtp_line_read(const char *line, struct smtp_line *line_r);

/* A line with whatever is not printable ASCII made '?', cut to fit. */
void smtp_printable(const char *line, char *text_r, size_t room);

/* Of a word of EHLO's answer: whether it stands in the line as such, in any case. */
bool smtp_has_word(const char *line, const char *word);

/* Why the session came to its end, if it did. */
enum smtp_end { SMTP_FINE, SMTP_CUT, SMTP_LATE, SMTP_FLOOD, SMTP_GARBLED };

struct smtp_session {
	const struct conf_server *server;
	struct pipe_line *pipe;
	struct sasl *sasl;	/* while a login is under way */
	enum smtp_end end;
	int reply_ms;		/* patience with one reply */
	int64_t deadline_ms;	/* of everything that is under way */
	bool has_size;
	char auth[SMTP_AUTH_MAX];	/* " PLAIN LOGIN " */
	struct smtp_reply reply;	/* the last whole one */
	char challenge[SMTP_LINE_MAX];	/* what stands behind its code */
	size_t at, len;
	char buffer[SMTP_READ_BYTES];
};

/*
 * Connects, checks the certificate, greets as `name` and logs in (password NULL:
 * not at all), until the session's deadline. LATER in any case: no message is
 * at fault.
 */
enum outcome smtp_session_open(const struct conf_server *server, const char *name,
	const char *password, int reply_ms, int64_t deadline_ms, struct smtp_session **session_r,
	struct err *err_r);

/* Says QUIT if it can still be said, and does not wait for the answer. */
void smtp_session_close(struct smtp_session **session);

/*
 * Sends a command, or with NULL nothing, and reads the reply. False when none
 * came, which is the end of the session; the last reply is left as it was.
 */
bool smtp_session_ask(struct smtp_session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sends bytes as they are. */
bool smtp_session_send(struct smtp_session *session, const char *bytes, size_t len);

/* Whether the server has said something that was not asked for, or has gone. */
bool smtp_session_restless(struct smtp_session *session);

/* The sentence on a session that came to its end while doing what. LATER. */
enum outcome smtp_session_lost(const struct smtp_session *session, const char *what,
	struct err *err_r);

#endif
