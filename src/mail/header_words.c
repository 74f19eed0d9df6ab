/*
 * Encoded words of RFC 2047 as display clients read them: also inside quoted
 * strings, without blanks round them, over 75 columns, or cut inside a
 * character or a base64 group. Adjacent words of one charset are joined before
 * they are converted. Must take each byte a bounded number of times.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header_private.h"
#include "mail/lex.h"
#include "mail/limits.h"

#include <string.h>

#define LABEL_MAX 60
#define GROWTH 3 /* bytes of UTF-8 for one byte of anything */

struct word {
	char label[LABEL_MAX + 1];
	bool base64;
	const char *text;
	size_t len;
	const char *next;	/* behind it */
};

struct decoding {
	struct arena *arena;
	struct text out;
	struct text joined;	/* decoded bytes of the words of one charset met so far */
	char label[LABEL_MAX + 1];
	bool in_words;
	unsigned bits, bit_count;	/* left over of base64 */
	enum charset_result worst;
};

int
header_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *
header_clean(char *utf8)
{
	char *to = utf8;

	for (const char *from = utf8; *from != '\0'; from++) {
		unsigned char byte = (unsigned char)*from, next = (unsigned char)from[1];

		if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
			*to++ = ' ';
			from++;
		} else if (byte == 0xef && next == 0xbb && (unsigned char)from[2] == 0xbf) {
			from += 2;
		} else {
			*to++ = byte < ' ' || byte == 0x7f ? ' ' : *from;
		}
	}
	*to = '\0';
	return utf8;
}

/* Reads "=?charset?B?text?=". Text ends at its first '?', so that tries cannot overlap much. */
static bool
word_at(const char *at, const char *end, struct word *word_r)
{
	size_t len = 0;

	if (end - at < 8 || at[1] != '?')
		return false;
	for (at += 2; at < end && *at != '?'; at++) {
		if (len == LABEL_MAX || *at <= ' ' || *at >= 0x7f)
			return false;
		word_r->label[len++] = *at;
	}
	word_r->label[len] = '\0';
	if (len == 0 || end - at < 5 || at[2] != '?' || strchr("bBqQ", at[1]) == NULL)
		return false;
	word_r->base64 = at[1] == 'b' || at[1] == 'B';
	word_r->text = at + 3;
	at = memchr(word_r->text, '?', (size_t)(end - word_r->text));
	if (at == NULL || end - at < 2 || at[1] != '=')
		return false;
	word_r->len = (size_t)(at - word_r->text);
	word_r->next = at + 2;
	return true;
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/*
 * Bits left over by a word without padding belong to the next one (of a client
 * that cut its base64 anywhere), unless they are the zeros of padding left out.
 */
static void
add_base64(struct decoding *d, const char *text, size_t len)
{
	if (d->bit_count < 6 && d->bits == 0)
		d->bit_count = 0;
	for (size_t i = 0; i < len; i++) {
		int value = base64_value(text[i]);

		if (text[i] == '=')
			d->bits = d->bit_count = 0;
		if (value < 0)
			continue;
		d->bits = (d->bits << 6) | (unsigned)value;
		d->bit_count += 6;
		if (d->bit_count >= 8) {
			d->bit_count -= 8;
			text_add_char(&d->joined, (char)(d->bits >> d->bit_count));
			d->bits &= (1u << d->bit_count) - 1;
		}
	}
}

static void
add_quoted(struct decoding *d, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i] == '_' ? ' ' : text[i];

		if (c == '=' && len - i > 2 && header_hex(text[i + 1]) >= 0 &&
			header_hex(text[i + 2]) >= 0) {
			c = (char)(header_hex(text[i + 1]) * 16 + header_hex(text[i + 2]));
			i += 2;
		}
		text_add_char(&d->joined, c);
	}
}

static void
add_converted(struct decoding *d, const char *label, const char *bytes, size_t len)
{
	enum charset_result result;

	if (len == 0)
		return;
	text_add(&d->out, charset_to_utf8(d->arena, label, bytes, len, &result));
	if (result > d->worst)
		d->worst = result;
}

static void
end_words(struct decoding *d)
{
	if (d->in_words)
		add_converted(d, d->label, d->joined.data, d->joined.len);
	d->joined.len = 0;
	d->in_words = false;
	d->bits = d->bit_count = 0;
}

static bool
is_all_blank(const char *bytes, size_t len)
{
	while (len > 0 && lex_is_blank(bytes[len - 1]))
		len--;
	return len == 0;
}

/* Takes a word and the plain text between it and what was before. */
static void
add_word(struct decoding *d, const char *plain, size_t plain_len, const struct word *word)
{
	if (!d->in_words || !is_all_blank(plain, plain_len)) {
		end_words(d);
		add_converted(d, NULL, plain, plain_len);
	} else if (!charset_same(d->label, word->label)) {
		end_words(d);
	}
	d->in_words = true;
	memcpy(d->label, word->label, sizeof(d->label));
	if (word->base64)
		add_base64(d, word->text, word->len);
	else
		add_quoted(d, word->text, word->len);
}

char *
header_decode(struct arena *arena, const char *value, size_t len, enum charset_result *result_r)
{
	const char *end = value + len, *plain = value, *at = value;
	struct decoding d = { .arena = arena, .worst = CHARSET_FINE };
	size_t words = 0;

	text_init(&d.out, arena, GROWTH * len + GROWTH);
	text_init(&d.joined, arena, len);
	while (words < LIMIT_ENCODED_WORDS && (at = memchr(at, '=', (size_t)(end - at))) != NULL) {
		struct word word;

		if (word_at(at, end, &word)) {
			add_word(&d, plain, (size_t)(at - plain), &word);
			plain = at = word.next;
			words++;
		} else {
			at++;
		}
	}
	end_words(&d);
	add_converted(&d, NULL, plain, (size_t)(end - plain));
	if (result_r != NULL)
		*result_r = d.worst;
	return header_clean(d.out.data);
}
