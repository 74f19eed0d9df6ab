/*
 * Looks at the raw bytes of a message before and beside GMime: whether it would
 * cost too much to parse, and where exactly a multipart's children begin and
 * end, since a signature covers those bytes. Decodes nothing, allocates nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MIME_SCAN_H
#define MAIL_MIME_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/mime.h"

/* Bytes [at, end) of a message. */
struct mime_span {
	size_t at;
	size_t end;
};

/*
 * Counts, in the body that begins at body_at, the lines that may be boundaries
 * and the lines that may be header fields of parts, and tells which limit of
 * mail/limits.h they pass. nested: the body is itself a message or digest, so
 * that its first line may be a field.
 */
enum mime_limit mime_scan_cost(const unsigned char *bytes, size_t len, size_t body_at,
	bool nested);

/*
 * The entities that the boundary delimits inside whole (RFC 2046 5.1.1): from
 * behind a delimiter line to before the line end that precedes the next one.
 * Writes at most max of them and returns how many there are. *closed_r tells
 * whether the closing delimiter was there.
 */
size_t mime_scan_parts(const unsigned char *bytes, struct mime_span whole, const char *boundary,
	struct mime_span *spans_r, size_t max, bool *closed_r);

/* Where the body of the entity begins: behind its first empty line, or its end. */
size_t mime_scan_body(const unsigned char *bytes, struct mime_span entity);

/*
 * Where the first header field begins: behind an mbox From_ line or whatever
 * else is none, for which GMime would refuse the message.
 */
size_t mime_scan_first_field(const unsigned char *bytes, size_t len);

#endif
