/*
 * A message's parts, over GMime, behind the limits of mail/limits.h. Decodes
 * transfer encodings; charsets are mail/charset's work and crypto is nobody's
 * here. Only src/mail/mime.c includes GMime.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct header_block;

enum mime_limit { MIME_FINE, MIME_TOO_LARGE, MIME_HEADER_TOO_LONG, MIME_TOO_DEEP, MIME_TOO_MANY_PARTS, MIME_BROKEN };

enum mime_encoding { MIME_AS_IS, MIME_BASE64, MIME_QUOTED_PRINTABLE, MIME_UUENCODE };

/* The longest beginning of a leaf that was asked for. */
struct mime_head {
	const unsigned char *bytes;
	size_t len;
};

/* One leaf or container, in the order of the message. */
struct mime_part {
	int parent;		/* index, -1 for the root */
	int depth;
	const char *type;	/* "text/plain", lower case; what is missing or cannot be read is text/plain (RFC 2045 5.2) */
	const char *content_type;	/* the raw value of Content-Type, unfolded, or NULL */
	const char *charset;	/* parameter, or NULL */
	const char *name;	/* file name: Content-Disposition, else Content-Type name; decoded; or NULL */
	const char *protocol;	/* of multipart/signed and multipart/encrypted, lower case, or NULL */
	bool attachment;	/* Content-Disposition: attachment */
	bool multipart;
	bool message;		/* message/rfc822: a leaf here; its body is a message for mime_read() */
	const unsigned char *body;	/* bytes of a leaf that has no transfer encoding; of others NULL until mime_body() decodes them */
	size_t body_len;	/* transfer-decoded, of every leaf */
	struct mime_head *head;	/* what was decoded of it so far, or NULL: nothing is remembered */
	const unsigned char *content;	/* the same as they came, pointing into the bytes given */
	size_t content_len;
	enum mime_encoding encoding;
	const unsigned char *raw;	/* the entity as it came, header included: points into the bytes given (for signatures), NULL for the root */
	size_t raw_len;
};

struct mime_tree {
	struct mime_part *parts;
	size_t count;
	enum mime_limit limit;	/* other than MIME_FINE: parts up to the limit are here */
	bool broken;		/* odd, but read: missing end boundary, bad base64, … */
	bool duplicate_type;	/* the root, or a part, has Content-Type or Content-Transfer-Encoding twice */
};

/* Initialises GMime once in a process: before it locks itself in. */
void mime_start(void);

/*
 * Parses. The bytes must outlive the tree. Never fails: what cannot be read is
 * `limit` or `broken`.
 */
void mime_read(struct arena *arena, const void *bytes, size_t len, struct mime_tree *tree_r);

/* The same for a caller who has scanned the header block (header_scan()) already. */
void mime_read_block(struct arena *arena, const void *bytes, size_t len,
	const struct header_block *block, struct mime_tree *tree_r);

/*
 * The transfer-decoded bytes of a leaf, body_len of them: decoded into the arena
 * at the first call, so that an attachment nobody looks at costs nothing. Never
 * NULL for a leaf.
 */
const unsigned char *mime_body(struct arena *arena, struct mime_part *part);

/*
 * No more than the first max of those bytes, at most *len_r of them; what was
 * decoded before is not decoded again. Never NULL for a leaf.
 */
const unsigned char *mime_body_head(struct arena *arena, const struct mime_part *part, size_t max,
	size_t *len_r);

#endif
