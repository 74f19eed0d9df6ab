/*
 * Tells a stand-in for a text from a text. What it takes for one is not shown, so
 * it must not hide anything: where it is doubtful, the text is one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/stub.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>

#define DIGITS_MAX 4	/* "HTML 4.01", "2025": of more a number may be made */

/* In folded text: what the stand-in is about, and how it speaks of it. */
static const char *const about[] = { "html", "browser", "ブラウザ", "mime" };
static const char *const seen[] = {
	"support", "view", "display", "see", "read", "show", "client", "format", "message", "mail",
	"online", "click here", "メール", "表示", "対応", "形式", "ご覧", "閲覧", "確認", "クリック",
	"nachricht", "anzeig", "darstell",
};

static bool
holds_any(const char *text, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool
is_blank_char(uint32_t c)
{
	return c <= ' ' || c == 0xa0 || c == 0xad || c == 0x3000 || (c >= 0x2000 && c <= 0x200f) ||
		c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x2060 || c == 0xfeff;
}

bool
stub_is_blank(const char *text)
{
	while (*text)
		if (!is_blank_char(utf8_next(&text)))
			return false;
	return true;
}

/* The next character that is more than a blank or a mark, 0 at the end. */
static uint32_t
next_letter(const char **at)
{
	for (;;) {
		uint32_t c = utf8_next(at);

		if (c == 0 || (c >= 0x80 && !is_blank_char(c)) || (c >= '0' && c <= '9') ||
		    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return c;
	}
}

bool
stub_same_letters(const char *one, const char *other)
{
	uint32_t c;

	do {
		c = next_letter(&one);
		if (c != next_letter(&other))
			return false;
	} while (c != 0);
	return true;
}

/* The addresses of pages made blanks; false where digits stand beside them that could be a number. */
static bool
drop_addresses(char *text)
{
	size_t digits = 0;

	for (char *at = text; *at; at++) {
		if (strncmp(at, "http://", 7) == 0 || strncmp(at, "https://", 8) == 0)
			while (*at > ' ' && *at != '>' && *at != ')' && *at != 0x7f)
				*at++ = ' ';
		if (*at == '\0')
			break;
		digits = *at >= '0' && *at <= '9' ? digits + 1 : 0;
		if (digits > DIGITS_MAX)
			return false;
	}
	return true;
}

/* How far the sentence goes: to its mark, or to an empty line. A point inside of a word ends none. */
static size_t
sentence_len(const char *text)
{
	static const char *const ends[] = { "。", "!", "?", ".\n", ". ", "\n\n", "\n \n" };
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const char *end = strstr(text, ends[i]);

		if (end && (size_t)(end - text) + strlen(ends[i]) < len)
			len = (size_t)(end - text) + strlen(ends[i]);
	}
	return len;
}

static bool
has_letters(const char *text)
{
	for (; *text; text++)
		if ((*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') ||
		    (unsigned char)*text >= 0x80)
			return true;
	return false;
}

bool
stub_is_one(struct arena *arena, const char *text)
{
	bool told = false;
	char *fold;

	if (strlen(text) > STUB_BYTES)
		return false;
	fold = utf8_fold(arena, text);
	if (!drop_addresses(fold))
		return false;
	while (*fold) {
		size_t len = sentence_len(fold);
		const char *sentence = arena_strndup(arena, fold, len);

		fold += len;
		if (stub_is_blank(sentence) || !has_letters(sentence))
			continue;
		if (len > STUB_SENTENCE || !holds_any(sentence, seen, sizeof(seen) / sizeof(seen[0])))
			return false;
		if (holds_any(sentence, about, sizeof(about) / sizeof(about[0])))
			told = true;
		else if (!told)
			return false;
	}
	return told;
}
