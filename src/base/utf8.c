/*
 * Unicode, over libunistring. What is not UTF-8 is U+FFFD here, wherever it
 * comes from: no function may read past a string's end or fail on its bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include "base/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#define UTF8_REPLACEMENT 0xfffd
#define UTF8_MAX 4

bool
utf8_valid(const char *bytes, size_t len)
{
	if (len == 0)
		return true;
	return memchr(bytes, '\0', len) == NULL && u8_check((const uint8_t *)bytes, len) == NULL;
}

char *
utf8_repair(struct arena *arena, const char *bytes, size_t len, bool *repaired_r)
{
	const uint8_t *at = (const uint8_t *)bytes;
	bool valid = utf8_valid(bytes, len);
	char *copy, *out;

	if (repaired_r != NULL)
		*repaired_r = !valid;
	if (valid)
		return arena_strndup(arena, bytes, len);
	/* The worst case: each byte is one U+FFFD, which is three. */
	copy = out = arena_calloc(arena, len + 1, 3);
	while (len > 0) {
		ucs4_t c;
		int step = u8_mbtouc(&c, at, len);

		out += utf8_put(out, c != 0 ? c : UTF8_REPLACEMENT);
		at += step;
		len -= (size_t)step;
	}
	*out = '\0';
	return copy;
}

static char *
keep(struct arena *arena, uint8_t *made, size_t len)
{
	char *copy;

	if (made == NULL)
		mem_end("out of memory");
	copy = arena_strndup(arena, (const char *)made, len);
	/* It may be text of an opened mail, and the arena one that is wiped. */
	mem_wipe(made, len);
	free(made);
	return copy;
}

char *
utf8_nfkc(struct arena *arena, const char *string)
{
	size_t len = strlen(string);
	uint8_t *made;

	if (!utf8_valid(string, len)) {
		string = utf8_repair(arena, string, len, NULL);
		len = strlen(string);
	}
	if (len == 0)
		return arena_strdup(arena, "");
	made = u8_normalize(UNINORM_NFKC, (const uint8_t *)string, len, NULL, &len);
	return keep(arena, made, len);
}

char *
utf8_fold(struct arena *arena, const char *string)
{
	const char *flat = utf8_nfkc(arena, string);
	size_t len = strlen(flat);
	uint8_t *made;

	if (len == 0)
		return arena_strdup(arena, "");
	made = u8_casefold((const uint8_t *)flat, len, NULL, NULL, NULL, &len);
	return utf8_nfkc(arena, keep(arena, made, len));
}

uint32_t
utf8_next(const char **at)
{
	const uint8_t *from = (const uint8_t *)*at;
	ucs4_t c;

	if (*from == 0)
		return 0;
	if (*from < 0x80) {
		*at += 1;
		return *from;
	}
	*at += u8_mbtouc(&c, from, strnlen(*at, UTF8_MAX));
	return c;
}

size_t
utf8_put(char *out, uint32_t c)
{
	int len = u8_uctomb((uint8_t *)out, c, UTF8_MAX);

	if (len < 0)
		len = u8_uctomb((uint8_t *)out, UTF8_REPLACEMENT, UTF8_MAX);
	return (size_t)len;
}

static size_t
width(uint32_t c)
{
	int columns;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	columns = uc_width(c, "UTF-8");
	return columns > 0 ? (size_t)columns : 0;
}

size_t
utf8_width(const char *string)
{
	size_t columns = 0;

	while (*string != '\0')
		columns += width(utf8_next(&string));
	return columns;
}

size_t
utf8_fit(const char *string, size_t columns)
{
	const char *at = string;
	const char *end = string;

	while (*at != '\0') {
		size_t wide = width(utf8_next(&at));

		if (wide > columns)
			break;
		columns -= wide;
		end = at;
	}
	return (size_t)(end - string);
}

/* Hangul is left out on purpose, also its half-width forms: it is written with spaces. */
bool
utf8_is_cjk(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{ 0x2e80, 0x2fff },   /* radicals, description characters */
		{ 0x3000, 0x312f },   /* punctuation, kana, bopomofo */
		{ 0x3190, 0x31ff },   /* kanbun, strokes, small kana */
		{ 0x3220, 0x325f },   /* enclosed ideographs and numbers */
		{ 0x3280, 0x4dbf },   /* enclosed, square words, extension A */
		{ 0x4e00, 0x9fff },   /* unified ideographs */
		{ 0xf900, 0xfaff },   /* compatibility ideographs */
		{ 0xfe30, 0xfe4f },   /* vertical punctuation */
		{ 0xff01, 0xff9f },   /* full-width ASCII, half-width katakana */
		{ 0xffe0, 0xffe6 },   /* full-width signs */
		{ 0x16fe0, 0x16fff }, /* ideographic marks */
		{ 0x1aff0, 0x1b16f }, /* old kana */
		{ 0x1f200, 0x1f2ff }, /* enclosed ideographs */
		{ 0x20000, 0x3fffd }, /* extensions B and later */
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

size_t
utf8_cut(const char *string, size_t max)
{
	size_t cut = max;

	if (strnlen(string, max) < max)
		return strnlen(string, max);
	while (cut > 0 && max - cut < UTF8_MAX && ((unsigned char)string[cut] & 0xc0) == 0x80)
		cut--;
	/* Four continuation bytes in a row are no character that could be split. */
	return max - cut < UTF8_MAX ? cut : max;
}
