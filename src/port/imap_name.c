/*
 * Names and strings for the wire: folders' names in modified UTF-7, quoted
 * strings. What could be read as a second command is refused here, since
 * libetpan writes names as they are.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/utf8.h"

#include <string.h>

#define NAME_BYTES_MAX 255

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* A run of characters outside printable ASCII: UTF-16BE in base64, bit by bit. */
struct shift {
	char *out;
	size_t len;
	uint32_t bits;
	unsigned held; /* bits that are not written yet */
	bool open;
};

static void
shift_unit(struct shift *shift, uint32_t unit)
{
	if (!shift->open)
		shift->out[shift->len++] = '&';
	shift->open = true;
	shift->bits = shift->bits << 16 | unit;
	shift->held += 16;
	while (shift->held >= 6) {
		shift->held -= 6;
		shift->out[shift->len++] = BASE64[shift->bits >> shift->held & 63];
	}
}

static void
shift_close(struct shift *shift)
{
	if (!shift->open)
		return;
	if (shift->held > 0)
		shift->out[shift->len++] = BASE64[shift->bits << (6 - shift->held) & 63];
	shift->out[shift->len++] = '-';
	shift->open = false;
	shift->held = 0;
	shift->bits = 0;
}

static void
put_plain(struct shift *shift, char c)
{
	shift_close(shift);
	shift->out[shift->len++] = c;
	if (c == '&')
		shift->out[shift->len++] = '-';
}

static void
put_coded(struct shift *shift, uint32_t c)
{
	if (c < 0x10000) {
		shift_unit(shift, c);
		return;
	}
	c -= 0x10000;
	shift_unit(shift, 0xD800 | c >> 10);
	shift_unit(shift, 0xDC00 | (c & 0x3FF));
}

enum outcome
imap_name(const char *folder, char name_r[IMAP_NAME_MAX], struct err *err_r)
{
	/* The most that 255 bytes can become: "é" is two of them and five on the wire. */
	_Static_assert(NAME_BYTES_MAX / 2 * 5 + 8 < IMAP_NAME_MAX, "a coded name must fit");
	struct shift shift = { .out = name_r };
	size_t len = strlen(folder);
	uint32_t c;

	if (len == 0 || len > NAME_BYTES_MAX || !utf8_valid(folder, len))
		return err_set(
			err_r, NEVER, "a folder's name is 1 to %d bytes of UTF-8", NAME_BYTES_MAX);
	for (const char *at = folder; (c = utf8_next(&at)) != 0;)
		if (c < 0x20 || (c >= 0x7F && c < 0xA0))
			return err_set(
				err_r, NEVER, "a folder's name must not have control characters");
	for (const char *at = folder; (c = utf8_next(&at)) != 0;) {
		if (c < 0x7F)
			put_plain(&shift, (char)c);
		else
			put_coded(&shift, c);
	}
	shift_close(&shift);
	name_r[shift.len] = '\0';
	return DONE;
}

bool
imap_quote(const char *text, char *quoted_r, size_t room)
{
	size_t len = 0;

	if (room < 3)
		return false;
	quoted_r[len++] = '"';
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7F || len + 4 > room)
			return false;
		if (*text == '"' || *text == '\\')
			quoted_r[len++] = '\\';
		quoted_r[len++] = *text;
	}
	quoted_r[len++] = '"';
	quoted_r[len] = '\0';
	return true;
}
