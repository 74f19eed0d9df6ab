/*
 * Growing strings with a cap, and the small tests on C strings that the house
 * uses. ASCII only: nothing here may depend on the locale.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define TEXT_ROOM_FIRST 64

void
text_init(struct text *text, struct arena *arena, size_t cap)
{
	text->cap = cap < SIZE_MAX / 4 ? cap : SIZE_MAX / 4;
	text->room = text->cap < TEXT_ROOM_FIRST ? text->cap + 1 : TEXT_ROOM_FIRST;
	text->data = arena_alloc(arena, text->room);
	text->len = 0;
	text->full = false;
	text->arena = arena;
}

/* Makes room for more bytes and the NUL; more is within the cap. */
static void
text_grow(struct text *text, size_t more)
{
	size_t need = text->len + more + 1;
	size_t room = 2 * text->room;

	if (need <= text->room)
		return;
	if (room > text->cap + 1)
		room = text->cap + 1;
	if (room < need)
		room = need;
	text->data = arena_resize(text->arena, text->data, text->room, room);
	text->room = room;
}

/* How many of len bytes may be added; once one was dropped, none. */
static size_t
text_admit(struct text *text, size_t len)
{
	if (text->full)
		return 0;
	if (len <= text->cap - text->len)
		return len;
	text->full = true;
	return text->cap - text->len;
}

static void
text_append(struct text *text, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	text_grow(text, len);
	memcpy(text->data + text->len, bytes, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void
text_add_bytes(struct text *text, const void *bytes, size_t len)
{
	text_append(text, bytes, text_admit(text, len));
}

void
text_add(struct text *text, const char *string)
{
	text_append(text, string, utf8_cut(string, text_admit(text, strlen(string))));
}

void
text_add_char(struct text *text, char c)
{
	text_append(text, &c, text_admit(text, 1));
}

/* Prints at the end what is known to be len bytes long. */
static void
text_print(struct text *text, size_t len, const char *format, va_list args)
{
	text_grow(text, len);
	vsnprintf(text->data + text->len, len + 1, format, args);
	text->len += len;
}

/* Prints what does not fit, one byte beyond the room: so a character that is split shows. */
static void
text_print_cut(struct text *text, size_t room, const char *format, va_list args)
{
	char *piece = arena_alloc(text->arena, room + 2);

	vsnprintf(piece, room + 2, format, args);
	text_append(text, piece, utf8_cut(piece, room));
}

void
text_vaddf(struct text *text, const char *format, va_list args)
{
	va_list again;
	size_t len;
	int whole;

	va_copy(again, args);
	whole = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (whole < 0) {
		text->full = true;
		return;
	}
	len = text_admit(text, (size_t)whole);
	if (len == (size_t)whole)
		text_print(text, len, format, args);
	else if (len > 0)
		text_print_cut(text, len, format, args);
}

void
text_addf(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vaddf(text, format, args);
	va_end(args);
}

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
same(const char *a, const char *b, size_t len, bool ci)
{
	if (!ci)
		return memcmp(a, b, len) == 0;
	for (size_t i = 0; i < len; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

static bool
equal(const char *a, const char *b, bool ci)
{
	size_t len;

	if (a == NULL || b == NULL)
		return false;
	len = strlen(a);
	return len == strlen(b) && same(a, b, len, ci);
}

static bool
starts(const char *string, const char *prefix, bool ci)
{
	size_t len;

	if (string == NULL || prefix == NULL)
		return false;
	len = strlen(prefix);
	return strnlen(string, len) == len && same(string, prefix, len, ci);
}

static bool
ends(const char *string, const char *suffix, bool ci)
{
	size_t all, len;

	if (string == NULL || suffix == NULL)
		return false;
	all = strlen(string);
	len = strlen(suffix);
	return all >= len && same(string + (all - len), suffix, len, ci);
}

bool
text_equal(const char *a, const char *b)
{
	return equal(a, b, false);
}

bool
text_equal_ci(const char *a, const char *b)
{
	return equal(a, b, true);
}

bool
text_starts(const char *string, const char *prefix)
{
	return starts(string, prefix, false);
}

bool
text_starts_ci(const char *string, const char *prefix)
{
	return starts(string, prefix, true);
}

bool
text_ends(const char *string, const char *suffix)
{
	return ends(string, suffix, false);
}

bool
text_ends_ci(const char *string, const char *suffix)
{
	return ends(string, suffix, true);
}

void
text_hex(char *out, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *in = bytes;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)fold(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
text_unhex(void *out_r, const char *hex, size_t len)
{
	unsigned char *out = out_r;

	for (size_t i = 0; i < len; i++) {
		int high = hex_value(hex[2 * i]);
		int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

bool
text_number(const char *string, int64_t min, int64_t max, int64_t *value_r)
{
	int64_t value = 0;

	if (string == NULL || *string == '\0')
		return false;
	for (; *string != '\0'; string++) {
		if (*string < '0' || *string > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *string - '0', &value))
			return false;
	}
	if (value < min || value > max)
		return false;
	*value_r = value;
	return true;
}

/* A control character, or U+FFFD that only stands for bytes that are no UTF-8. */
static bool
unfit(uint32_t c, const char *from, bool one_line)
{
	if (c == '\n' || c == '\t')
		return one_line;
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		(c == 0xfffd && strncmp(from, "\xef\xbf\xbd", 3) != 0);
}

/* Shortens or keeps, so that string may be cleaned where it stands. */
static void
clean(char *string, bool one_line)
{
	const char *at = string;
	char *out = string;

	while (*at != '\0') {
		const char *from = at;
		uint32_t c = utf8_next(&at);
		size_t len = (size_t)(at - from);

		if (unfit(c, from, one_line)) {
			*out++ = '?';
		} else {
			memmove(out, from, len);
			out += len;
		}
	}
	*out = '\0';
}

char *
text_printable(struct arena *arena, const char *string)
{
	char *copy = arena_strdup(arena, string);

	if (copy != NULL)
		clean(copy, false);
	return copy;
}

void
text_one_line(char *string)
{
	clean(string, true);
}
