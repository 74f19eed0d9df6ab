/*
 * Bytes of a labelled charset to UTF-8. All descriptors are opened by
 * charset_open_all() and only reset afterwards: a locked room has no files from
 * which a conversion could still be loaded, so nothing else here may open one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/charset.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/charset_private.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define GROWTH 3 /* no charset of the table makes more bytes of UTF-8 out of one */
#define CLOSED ((iconv_t)-1)
#define TELLING 8 /* bytes above ASCII: fewer may be text of anything */

static iconv_t descriptors[CHARSET_ROWS];
static bool opened;

void
charset_open_all(void)
{
	const struct charset *row;

	if (opened)
		return;
	for (size_t id = 0; (row = charset_row(id)) != NULL; id++)
		descriptors[id] = row->iconv != NULL ? iconv_open("UTF-8", row->iconv) : CLOSED;
	opened = true;
}

void
charset_close_all(void)
{
	if (!opened)
		return;
	for (size_t id = 0; charset_row(id) != NULL; id++)
		if (descriptors[id] != CLOSED)
			iconv_close(descriptors[id]);
	opened = false;
}

static bool
add_without_nul(struct text *out, const char *bytes, size_t len)
{
	const char *nul;
	bool fine = true;

	while (len > 0 && (nul = memchr(bytes, '\0', len)) != NULL) {
		text_add_bytes(out, bytes, (size_t)(nul - bytes));
		text_add(out, REPLACEMENT);
		len -= (size_t)(nul + 1 - bytes);
		bytes = nul + 1;
		fine = false;
	}
	text_add_bytes(out, bytes, len);
	return fine;
}

/* Whether the byte begins a character of two or more, in those charsets where that shows. */
static bool
is_lead(int id, unsigned char byte)
{
	if (id == CHARSET_CP932)
		return (byte > 0x80 && byte < 0xa0) || (byte >= 0xe0 && byte <= 0xfc);
	return id >= CHARSET_EUCJP && id <= CHARSET_KOREAN && byte > 0x80 && byte < 0xff;
}

/* How many bytes to give up at a place where a conversion stuck. */
static size_t
stuck_len(int id, const unsigned char *bytes, size_t len, bool whole)
{
	size_t want = 2;

	if (!is_lead(id, bytes[0]) || (!whole && (len < 2 || bytes[1] < 0x80)))
		want = 1;
	else if (bytes[0] == 0x8f && (id == CHARSET_EUCJP || id == CHARSET_JISX0213))
		want = 3;
	return want < len ? want : len;
}

/* Converts up to the next stop; false when it is one that no room for output can mend. */
static bool
convert_some(iconv_t cd, char **in, size_t *len, struct text *out, bool *fine)
{
	char buffer[4096];
	char *end = buffer;
	size_t room = sizeof(buffer);
	size_t done = iconv(cd, in, len, &end, &room);
	bool stuck = done == (size_t)-1 && (errno != E2BIG || end == buffer);

	if (!add_without_nul(out, buffer, (size_t)(end - buffer)))
		*fine = false;
	return !stuck;
}

bool
charset_iconv(int id, const unsigned char *bytes, size_t len, bool whole, struct text *out)
{
	iconv_t cd = opened ? descriptors[id] : CLOSED;
	char *in = (char *)bytes;
	bool fine = true;

	if (cd != CLOSED)
		iconv(cd, NULL, NULL, NULL, NULL);
	while (len > 0) {
		size_t lost;

		if (cd != CLOSED && convert_some(cd, &in, &len, out, &fine))
			continue;
		lost = stuck_len(id, (const unsigned char *)in, len, whole);
		text_add(out, REPLACEMENT);
		in += lost;
		len -= lost;
		fine = false;
	}
	if (cd != CLOSED) {
		size_t none = 0;

		/* A character that waited for a combining one comes out now. */
		convert_some(cd, NULL, &none, out, &fine);
	}
	return fine;
}

/*
 * UTF-16 by its mark; without one as RFC 2781 4.3 has it, unless the NULs of its
 * ASCII say otherwise.
 */
static bool
read_utf16(const unsigned char *bytes, size_t len, struct text *out)
{
	size_t nuls[2] = { 0, 0 };
	int id = CHARSET_UTF16BE;

	for (size_t at = 0; at < len; at++)
		nuls[at % 2] += bytes[at] == 0;
	if (nuls[1] > nuls[0])
		id = CHARSET_UTF16LE;
	if (len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
		id = CHARSET_UTF16LE;
	else if (len >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
		id = CHARSET_UTF16BE;
	return charset_iconv(id, bytes, len, false, out);
}

static char *
read_as(struct arena *arena, int id, const unsigned char *bytes, size_t len, bool *fine_r)
{
	bool repaired;
	struct text out;
	char *utf8;

	if (id == CHARSET_UTF8 || id == CHARSET_ASCII) {
		utf8 = utf8_repair(arena, (const char *)bytes, len, &repaired);
		*fine_r = !repaired;
	} else {
		text_init(&out, arena, GROWTH * len + sizeof(REPLACEMENT));
		if (id == CHARSET_ISO2022JP)
			*fine_r = charset_iso2022jp(bytes, len, &out);
		else if (id == CHARSET_EUCJP)
			*fine_r = charset_eucjp(bytes, len, &out);
		else if (id == CHARSET_UTF16)
			*fine_r = read_utf16(bytes, len, &out);
		else
			*fine_r = charset_iconv(id, bytes, len, false, &out);
		utf8 = out.data;
	}
	return text_starts(utf8, BYTE_ORDER_MARK) ? utf8 + strlen(BYTE_ORDER_MARK) : utf8;
}

static size_t
count_high(const unsigned char *bytes, size_t len)
{
	size_t high = 0;

	for (size_t at = 0; at < len; at++)
		high += bytes[at] >= 0x80;
	return high;
}

/* Japanese text that is valid UTF-8, three bytes a sign, is no other charset's by chance. */
static bool
is_utf8_text(const unsigned char *bytes, size_t len)
{
	size_t wide = 0;

	for (size_t at = 0; at < len; at++)
		wide += bytes[at] >= 0xe0;
	return wide > 0 && count_high(bytes, len) >= TELLING && utf8_valid((const char *)bytes, len);
}

/*
 * Text of another charset is often sent as "ISO-2022-JP": it shows by 8-bit
 * bytes that are no half-width kana, and no escape. And the other way: escapes
 * in what is said to be UTF-8 or Latin, EUC-JP in what is said to be Latin, and
 * UTF-8 in what is said to be one of the others, which takes nearly any bytes.
 */
static bool
is_mislabelled(int id, const unsigned char *bytes, size_t len)
{
	if (id == CHARSET_UTF8 || id == CHARSET_LATIN) {
		if (charset_has_escapes(bytes, len) && charset_is_7bit(bytes, len))
			return true;
		return id == CHARSET_LATIN && charset_is_eucjp(bytes, len);
	}
	if (id == CHARSET_CP932 || id == CHARSET_EUCJP)
		return is_utf8_text(bytes, len);
	if (id != CHARSET_ISO2022JP || charset_has_escapes(bytes, len))
		return false;
	for (size_t at = 0; at < len; at++)
		if (bytes[at] >= 0x80 && (bytes[at] < 0xa1 || bytes[at] > 0xdf))
			return true;
	return false;
}

/* Whether the bytes are hardly UTF-8 at all: a damaged text of it is read as what it is. */
static bool
is_hardly_utf8(const unsigned char *bytes, size_t len, const char *repaired)
{
	size_t high = count_high(bytes, len), lost = 0;

	for (const char *at = repaired; (at = strstr(at, REPLACEMENT)) != NULL; at++)
		lost++;
	return 4 * lost > high;
}

/* Bytes that are none of the charset they are said to be of may be good text of another. */
static char *
read_as_another(struct arena *arena, int id, const unsigned char *bytes, size_t len,
	const char *damaged)
{
	int other = charset_guess(bytes, len);
	bool fine;
	char *utf8;

	if (id != CHARSET_UTF8 && id != CHARSET_LATIN && id != CHARSET_CP932 && id != CHARSET_EUCJP)
		return NULL;
	if (other == id || other == CHARSET_LATIN || count_high(bytes, len) < TELLING ||
		(id == CHARSET_UTF8 && !is_hardly_utf8(bytes, len, damaged)))
		return NULL;
	utf8 = read_as(arena, other, bytes, len, &fine);
	return fine ? utf8 : NULL;
}

char *
charset_to_utf8(struct arena *arena, const char *label, const void *bytes, size_t len,
	enum charset_result *result_r)
{
	int id = charset_find(label);
	bool nameless = label == NULL || *label == '\0';
	enum charset_result result = CHARSET_FINE;
	char *utf8, *another;
	bool fine;

	if (id == CHARSET_NONE && !nameless)
		result = CHARSET_UNKNOWN;
	if (id == CHARSET_NONE)
		id = CHARSET_ASCII;
	if (is_mislabelled(id, bytes, len)) {
		id = charset_guess(bytes, len);
		result = CHARSET_WRONG;
	} else if (id == CHARSET_ASCII &&
		(!charset_is_7bit(bytes, len) || charset_has_escapes(bytes, len))) {
		id = charset_guess(bytes, len);
		if (result == CHARSET_FINE)
			result = CHARSET_GUESSED;
	}
	utf8 = read_as(arena, id, bytes, len, &fine);
	if (!fine && result == CHARSET_FINE) {
		another = read_as_another(arena, id, bytes, len, utf8);
		result = another != NULL ? CHARSET_WRONG : CHARSET_DAMAGED;
		utf8 = another != NULL ? another : utf8;
	}
	*result_r = result;
	return utf8;
}

int
charset_same(const char *a, const char *b)
{
	int id = charset_find(a);

	return id != CHARSET_NONE && id == charset_find(b);
}
