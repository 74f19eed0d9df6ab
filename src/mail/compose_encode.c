/*
 * Transfer encodings of what we send, strict enough that no relay has cause to
 * touch a signed byte: no trailing blank, no line that begins with "From " or a
 * dot, none over 76 columns.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose_private.h"

#include "base/io.h"
#include "base/text.h"

#include <string.h>

#define LINE_COLUMNS 76
#define LINE_BYTES (LINE_COLUMNS / 4 * 3)
#define RANDOM_BYTES 16

void
compose_boundary(char boundary_r[COMPOSE_BOUNDARY_SIZE])
{
	unsigned char random[RANDOM_BYTES];

	io_random(random, sizeof(random));
	memcpy(boundary_r, "=_", 2);
	text_hex(boundary_r + 2, random, sizeof(random));
}

static size_t
base64_line(char *line, const unsigned char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t to = 0;

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)bytes[i] << 16;

		group |= i + 1 < len ? (unsigned)bytes[i + 1] << 8 : 0;
		group |= i + 2 < len ? (unsigned)bytes[i + 2] : 0;
		line[to++] = digits[group >> 18];
		line[to++] = digits[group >> 12 & 63];
		line[to++] = i + 1 < len ? digits[group >> 6 & 63] : '=';
		line[to++] = i + 2 < len ? digits[group & 63] : '=';
	}
	line[to++] = '\r';
	line[to++] = '\n';
	return to;
}

void
compose_base64(struct text *out, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	char line[LINE_COLUMNS + 2];

	for (size_t done = 0, step; done < len && !out->full; done += step) {
		step = len - done < LINE_BYTES ? len - done : LINE_BYTES;
		text_add_bytes(out, line, base64_line(line, at + done, step));
	}
}

/* Whether the byte at must be written as =XX; first: it begins a line as it is sent. */
static bool
must_escape(const char *line, size_t at, size_t len, bool first)
{
	char c = line[at];

	if (c == ' ' || c == '\t')
		return at + 1 == len;
	if (first && (c == '.' || (len - at >= 5 && memcmp(line + at, "From ", 5) == 0)))
		return true;
	return c <= ' ' || c >= 0x7f || c == '=';
}

static void
quoted_line(struct text *out, const char *line, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t column = 0;

	for (size_t at = 0; at < len; at++) {
		unsigned char c = (unsigned char)line[at];
		char escape[3] = { '=', digits[c >> 4], digits[c & 15] };
		bool escaped = must_escape(line, at, len, column == 0);

		/* The last column is kept for the "=" of a soft line break. */
		if (column + (escaped ? 3 : 1) > LINE_COLUMNS - 1) {
			text_add(out, "=\r\n");
			column = 0;
			escaped = must_escape(line, at, len, true);
		}
		text_add_bytes(out, escaped ? escape : (const char *)&line[at], escaped ? 3 : 1);
		column += escaped ? 3 : 1;
	}
	text_add(out, "\r\n");
}

void
compose_quoted_printable(struct text *out, const char *text)
{
	while (*text && !out->full) {
		size_t len = strcspn(text, "\n"), shown = len;

		if (shown > 0 && text[shown - 1] == '\r')
			shown--;
		quoted_line(out, text, shown);
		text += len + (text[len] == '\n');
	}
}

void
compose_crlf(struct text *out, const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && !out->full) {
		const char *lf = memchr(bytes + at, '\n', len - at);
		size_t end = lf ? (size_t)(lf - bytes) : len, shown = end;

		if (shown > at && bytes[shown - 1] == '\r')
			shown--;
		text_add_bytes(out, bytes + at, shown - at);
		text_add(out, "\r\n");
		at = end + 1;
	}
}
