/*
 * Field values of our own mail: ASCII as it is, the rest as UTF-8 in B words of
 * RFC 2047, folded. What begins and ends in ASCII words keeps them readable, so
 * that a handling number in a subject survives every client. Must not be given
 * what has to be structured (addresses): it knows no quoting.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

#define COLUMNS 76
#define NAME_COLUMNS 18		/* kept free on the first line for the field's name and ": " */
#define WORD_OVERHEAD 12	/* "=?UTF-8?B?" and "?=" */
#define WORD_COLUMNS 75		/* RFC 2047 2 */
#define WORD_BYTES_MIN 6	/* less room than this on a line: begin the next one */

struct folding {
	struct text out;
	size_t column;
};

/*
 * Whether a stretch between blanks must be encoded: it is not ASCII, would be
 * taken for an encoded word, or has nowhere to be folded.
 */
static bool
needs_word(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] < ' ' || at[i] >= 0x7f || (at[i] == '=' && at[i + 1] == '?'))
			return true;
	return len > COLUMNS - NAME_COLUMNS;
}

/* Begins a new line. A blank at the end of this one becomes the one that the next begins with. */
static void
fold(struct folding *folding)
{
	struct text *out = &folding->out;

	if (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	text_add(out, "\r\n ");
	folding->column = 1;
}

/* ASCII words, each but the first with the one blank before it, which is where lines are folded. */
static void
add_plain(struct folding *folding, const char *at, size_t len)
{
	while (len > 0) {
		size_t step = at[0] == ' ';

		while (step < len && at[step] != ' ')
			step++;
		if (at[0] == ' ' && step > 1 && folding->column + step > COLUMNS) {
			fold(folding);
			at++;
			len--;
			step--;
		}
		text_add_bytes(&folding->out, at, step);
		folding->column += step;
		at += step;
		len -= step;
	}
}

static void
add_base64(struct text *out, const unsigned char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)bytes[i] << 16;

		if (i + 1 < len)
			group |= (unsigned)bytes[i + 1] << 8;
		if (i + 2 < len)
			group |= bytes[i + 2];
		text_add_char(out, digits[group >> 18]);
		text_add_char(out, digits[group >> 12 & 63]);
		text_add_char(out, i + 1 < len ? digits[group >> 6 & 63] : '=');
		text_add_char(out, i + 2 < len ? digits[group & 63] : '=');
	}
}

/* How many bytes the encoded word may hold that begins at this column. */
static size_t
word_room(size_t column)
{
	size_t columns = column < COLUMNS ? COLUMNS - column : 0;

	if (columns > WORD_COLUMNS)
		columns = WORD_COLUMNS;
	return columns > WORD_OVERHEAD ? (columns - WORD_OVERHEAD) / 4 * 3 : 0;
}

static void
add_words(struct folding *folding, const char *at, size_t len)
{
	while (len > 0) {
		size_t room = word_room(folding->column), step, from;

		if (room < WORD_BYTES_MIN) {
			fold(folding);
			room = word_room(folding->column);
		}
		step = room < len ? utf8_cut(at, room) : len;
		if (step == 0)
			step = room;
		from = folding->out.len;
		text_add(&folding->out, "=?UTF-8?B?");
		add_base64(&folding->out, (const unsigned char *)at, step);
		text_add(&folding->out, "?=");
		folding->column += folding->out.len - from;
		at += step;
		len -= step;
		if (len > 0)
			fold(folding);
	}
}

/* The stretch from the first to the last word that must be encoded, blanks between included. */
static void
find_words(const char *text, size_t *from_r, size_t *to_r)
{
	size_t at = 0, from = 0, to = 0;

	while (text[at] != '\0') {
		size_t len = strcspn(text + at, " ");

		if (len > 0 && needs_word(text + at, len)) {
			from = to == 0 ? at : from;
			to = at + len;
		}
		at += len;
		at += strspn(text + at, " ");
	}
	*from_r = from;
	*to_r = to;
}

char *
header_encode(struct arena *arena, const char *text)
{
	struct folding folding = { .column = NAME_COLUMNS };
	size_t len = strlen(text), from, to;

	/* base64 makes 4 of 3, at worst each character stands in a word and a line of its own. */
	text_init(&folding.out, arena, 8 * len + 64);
	find_words(text, &from, &to);
	if (len > 0 && (text[0] == ' ' || text[len - 1] == ' ' || strstr(text, "  ") != NULL)) {
		/* A reader may drop such blanks. */
		from = 0;
		to = len;
	}
	add_plain(&folding, text, from);
	add_words(&folding, text + from, to - from);
	add_plain(&folding, text + to, len - to);
	return folding.out.data;
}
