/*
 * Looks at the raw bytes of a message before and beside GMime: whether it would
 * cost too much to parse, and where exactly a multipart's children begin and
 * end, since a signature covers those bytes. One pass over the message, whatever
 * its nesting. Decodes nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MIME_SCAN_H
#define MAIL_MIME_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/mime.h"

struct arena;

/* Bytes [at, end) of a message. */
struct mime_span {
	size_t at;
	size_t end;
};

/* The bytes, and where in them a line begins with "--", in order: all that may be a delimiter. */
struct mime_lines {
	const unsigned char *bytes;
	size_t len;
	size_t *at;
	size_t count;
};

/* What a boundary delimits. Offsets that nothing marks are the end of the whole. */
struct mime_division {
	size_t count;	/* entities */
	size_t first;	/* where the first delimiter line begins */
	size_t end;	/* behind the closing delimiter line */
	bool closed;	/* whether that was there */
};

/*
 * Finds those lines from body_at on, and counts what follows them and may be
 * header fields of parts. Tells which limit of mail/limits.h is passed; the
 * lines are then incomplete.
 */
enum mime_limit mime_scan_lines(struct arena *arena, const unsigned char *bytes, size_t len,
	size_t body_at, struct mime_lines *lines_r);

/*
 * The entities that the boundary delimits inside whole (RFC 2046 5.1.1): from
 * behind a delimiter line to before the line end that precedes the next one.
 * Writes at most max of them.
 */
void mime_scan_parts(const struct mime_lines *lines, struct mime_span whole,
	const char *boundary, struct mime_span *spans_r, size_t max,
	struct mime_division *division_r);

/* Where the body of the entity begins: behind its first empty line, or its end. */
size_t mime_scan_body(const unsigned char *bytes, struct mime_span entity);

/*
 * Where the first header field begins: behind an mbox From_ line or whatever
 * else is none, for which GMime would refuse the message.
 */
size_t mime_scan_first_field(const unsigned char *bytes, size_t len);

#endif
