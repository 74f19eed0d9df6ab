/*
 * What the files src/port/imap*.c share: the session over its stream, with the
 * deadline and the byte budget of the command under way, and lines sent and
 * read by our own code where libetpan's is not enough (login, APPEND, IDLE).
 * Not for anyone else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_IMAP_PRIVATE_H
#define PORT_IMAP_PRIVATE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/imap.h"

struct _mailstream;
struct mailimap;
struct pipe_line;

#define IMAP_LINE_MAX 8192	/* bytes of a line that our own code reads; more is read and cut */
#define IMAP_TAG_MAX 16
#define IMAP_NAME_MAX 1100	/* bytes of a folder's name in modified UTF-7, with a NUL */

struct imap {
	struct mailimap *session;
	struct _mailstream *stream;
	struct pipe_line *pipe;
	struct imap_patience patience;
	char *host;
	int64_t deadline_ms;	/* of the command under way */
	size_t budget;		/* bytes that it may still bring */
	bool late, flooded;	/* why the stream failed */
	bool broken;		/* nothing more can be said on this connection */
	bool can_idle, can_move, can_uidplus;
	char *selected;		/* wire name of the selected folder, NULL for none */
	struct imap_folder folder;	/* what SELECT told of it */
};

/* The mailstream over the pipe; it owns the pipe. */
void imap_stream_open(struct imap *imap);

/*
 * A command begins: it has the patience's time, and as much more as `bytes`
 * (what it will carry) take, and may bring `budget` bytes. False when the
 * connection is broken.
 */
bool imap_begin(struct imap *imap, size_t bytes, size_t budget, struct err *err_r);

/* Puts the deadline off by the time since started_ms, which was not the server's. */
void imap_excuse(struct imap *imap, int64_t started_ms);

/* What a libetpan result that is no success means; `what` names the command in the sentence. */
enum outcome imap_failed(struct imap *imap, int result, const char *what, struct err *err_r);

/* The connection is of no use any more; the sentence tells why by the stream's own state. */
enum outcome imap_lost(struct imap *imap, const char *what, struct err *err_r);

/* Sends bytes as they are. */
bool imap_send(struct imap *imap, const void *bytes, size_t len);

/* Makes the next tag and sends "TAG format CR LF". */
bool imap_sendf(struct imap *imap, char tag_r[IMAP_TAG_MAX], const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads one line without its end into line_r; literals in it are read and left out. */
bool imap_line(struct imap *imap, char line_r[IMAP_LINE_MAX]);

enum imap_answer {
	IMAP_CONTINUE,	/* "+ …" */
	IMAP_OK, IMAP_NO, IMAP_BAD,	/* tagged */
	IMAP_UNTAGGED,
	IMAP_BYE,
	IMAP_LOST,	/* the stream failed */
};

/*
 * Reads one line and tells what it is; an untagged EXISTS or EXPUNGE is noted
 * in the session. *text_r points into line.
 */
enum imap_answer imap_answer(struct imap *imap, const char *tag, char line[IMAP_LINE_MAX],
	const char **text_r);

/* The same until something other than an untagged line comes. */
enum imap_answer imap_await(struct imap *imap, const char *tag, char line[IMAP_LINE_MAX],
	const char **text_r);

/* NEVER with the server's words; LATER if its response code says that it will pass (RFC 5530). */
enum outcome imap_refused(struct imap *imap, const char *what, const char *text,
	struct err *err_r);

/* The server says BYE: the connection is of no use any more. LATER, with its words. */
enum outcome imap_said_bye(struct imap *imap, const char *what, const char *text,
	struct err *err_r);

/*
 * A folder's name for the wire: UTF-8 in modified UTF-7 (RFC 3501 section
 * 5.1.3). NEVER: empty, longer than 255 bytes, not UTF-8, or with control characters.
 */
enum outcome imap_name(const char *folder, char name_r[IMAP_NAME_MAX], struct err *err_r);

/* An IMAP quoted string; false when text does not fit or cannot be quoted (8-bit, CR, LF). */
bool imap_quote(const char *text, char *quoted_r, size_t room);

/* Which of the items' messages are still in the selected folder; there_r[i] for items[i]. */
enum outcome imap_present(struct imap *imap, const struct imap_item *items, size_t count,
	bool *there_r, struct err *err_r);

/* Creates a folder that the server says is missing. */
enum outcome imap_create(struct imap *imap, const char *name, struct err *err_r);

#endif
