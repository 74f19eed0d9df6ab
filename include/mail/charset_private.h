/*
 * What the charset_*.c files share: the table of charsets, the conversion
 * through an open descriptor, the readers of Japanese and the guess. For them
 * alone; everyone else uses mail/charset.h.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_CHARSET_PRIVATE_H
#define MAIL_CHARSET_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct text;

/* Those that the code names; the rest of the table follows from CHARSET_OTHERS on. */
enum charset_id {
	CHARSET_UTF8,
	CHARSET_ASCII,
	CHARSET_ISO2022JP,
	CHARSET_EUCJP,
	CHARSET_CP932,
	CHARSET_JISX0213,	/* as EUC */
	CHARSET_GB,
	CHARSET_KOREAN,
	CHARSET_LATIN,		/* windows-1252, which ISO-8859-1 means in practice */
	CHARSET_UTF16,
	CHARSET_UTF16BE,
	CHARSET_UTF16LE,
	CHARSET_OTHERS,
	CHARSET_NONE = -1,
};

#define CHARSET_ROWS 64		/* room for the table */
#define CHARSET_LABEL_MAX 40	/* a longer label names nothing */

struct charset {
	const char *iconv;	/* what iconv_open takes; NULL: read without it */
	const char *labels;	/* letters and digits only, lower case, a blank round each */
};

/* Row of the table, NULL behind its end. */
const struct charset *charset_row(size_t id);

/* The charset that a label names, CHARSET_NONE if there is no such. */
int charset_find(const char *label);

/*
 * Adds bytes, as UTF-8, to out; U+FFFD for what cannot be converted and for
 * NUL: false if there was any. whole: a character that cannot be converted is
 * passed over as a whole; else an ASCII byte behind a bad lead byte is kept.
 */
bool charset_iconv(int id, const unsigned char *bytes, size_t len, bool whole, struct text *out);

/* The ISO-2022-JP family and EUC-JP to UTF-8; false if there was damage. */
bool charset_iso2022jp(const unsigned char *bytes, size_t len, struct text *out);
bool charset_eucjp(const unsigned char *bytes, size_t len, struct text *out);

/* What bytes without a usable label seem to be. Any bytes: at worst CHARSET_LATIN. */
int charset_guess(const unsigned char *bytes, size_t len);

/* Whether the bytes are EUC-JP beyond doubt: pairs throughout, with kana among them. */
bool charset_is_eucjp(const unsigned char *bytes, size_t len);

/* Whether an escape of the ISO-2022-JP family stands in the bytes. */
bool charset_has_escapes(const unsigned char *bytes, size_t len);

/* Whether all bytes are below 0x80. */
bool charset_is_7bit(const unsigned char *bytes, size_t len);

#endif
