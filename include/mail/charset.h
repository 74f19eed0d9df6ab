/*
 * Charsets to UTF-8 through descriptors that are opened once, before the room
 * is locked: afterwards no gconv module can be loaded, and nothing here opens a
 * file. ISO-2022-JP is read here (with NEC row 13, IBM extensions and half-width
 * kana, by way of CP932), because glibc's own cannot.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include <stddef.h>

struct arena;

enum charset_result {
	CHARSET_FINE,
	CHARSET_DAMAGED,	/* some bytes were not of that charset: U+FFFD stands for each */
	CHARSET_GUESSED,	/* label missing or US-ASCII with 8-bit bytes: guessed */
	CHARSET_WRONG,		/* the bytes are no text of that charset, and are good text of another: read as that */
	CHARSET_UNKNOWN,	/* label not in the table: guessed, or ASCII with U+FFFD for the rest */
};

/*
 * Opens a descriptor for every charset of the table. Call once in a process
 * before it locks itself in; a second call does nothing.
 */
void charset_open_all(void);

/* Closes them (at the end of a test). */
void charset_close_all(void);

/*
 * Bytes in the charset that label names (NULL or "" for none; MIME aliases and
 * case as IANA has them; a trailing RFC 2231 language "*ja" ignored) to valid,
 * NUL-ended UTF-8 in the arena. Never fails; NULs become U+FFFD.
 */
char *charset_to_utf8(struct arena *arena, const char *label, const void *bytes, size_t len,
	enum charset_result *result_r);

/* Whether two labels name the same charset of the table: adjacent encoded words of one are joined before conversion. */
int charset_same(const char *a, const char *b);

#endif
