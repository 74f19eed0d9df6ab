/*
 * Header blocks as they come: scanning (RFC 5322), unfolding, encoded words
 * (RFC 2047, joined when split inside a character) and parameters with
 * continuations and charsets (RFC 2231). Bytes in, values out; trusts nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/charset.h"

struct arena;

struct header_field {
	const char *name;	/* as written, NUL-ended */
	const char *value;	/* unfolded raw bytes, leading and trailing blanks dropped, NUL-ended; NULs in it became '?' */
	size_t len;
	bool spaced;		/* a blank stood before the colon (obsolete): what filters by name may have missed it */
};

struct header_block {
	struct header_field *fields;
	size_t count;
	size_t body_at;		/* offset of the body: behind the empty line, or the end of the bytes */
	bool too_long;		/* a limit of mail/limits.h was met: the fields up to there are here */
	bool has_nul;
	bool broken;		/* a line that is no field and no continuation stood in it (an mbox From_ line at the top is skipped silently) */
};

/* Scans the block at the start of bytes. CRLF, LF and mixtures are line ends. */
void header_scan(struct arena *arena, const void *bytes, size_t len, struct header_block *block_r);

/* The first field of that name (ASCII case ignored), NULL if there is none. */
const struct header_field *header_find(const struct header_block *block, const char *name);

/* How many there are. */
size_t header_count(const struct header_block *block, const char *name);

/*
 * Decodes encoded words in unstructured text: B and Q, adjacent words of one
 * charset joined before conversion, blanks between adjacent words dropped;
 * raw 8-bit bytes taken as UTF-8 or guessed. The worst charset result goes to
 * *result_r (may be NULL). Control characters become blanks.
 */
char *header_decode(struct arena *arena, const char *value, size_t len,
	enum charset_result *result_r);

/* A structured value ("multipart/mixed; boundary=x"): the part before ';', lower case, comments dropped. */
char *header_token(struct arena *arena, const char *value);

/*
 * A parameter of a structured value, decoded by RFC 2231 (continuations,
 * charset'lang'…) or, where clients do that, by RFC 2047 inside quotes; NULL if
 * it is not there.
 */
char *header_param(struct arena *arena, const char *value, const char *name);

/* Every "<…@…>" in a value (References, Message-ID), in order, at most max; comments and garbage between are skipped. */
size_t header_msg_ids(struct arena *arena, const char *value, const char **ids_r, size_t max);

/* RFC 5322 date-time, obsolete zones included; false when it is none. */
bool header_date(const char *value, int64_t *at_r);

/* RFC 2047 form of UTF-8 text for a field value, folded at 76 columns with CRLF (continuation lines begin with a blank); ASCII stays as it is. */
char *header_encode(struct arena *arena, const char *text);

#endif
