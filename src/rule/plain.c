/*
 * NFKC in one pass. Normalising every mail as a whole would be the dearest step
 * of reading it; nearly all characters are their own normal form, so only the
 * stretches that hold another go through the library. Must give what
 * utf8_nfkc() gives: a character of the short way never joins with one before.
 * The one exception are signs like ① and №, which keep apart.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/plain.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>

#define FULL_WIDTH_OFFSET 0xfee0	/* U+FF01 '！' to U+0021 '!' */
#define FULL_WIDTH_SPACE 0x3000
#define MUSIC_SHARP 0x266f	/* NFKC leaves it, people type it */
#define STRETCH_MAX 4096	/* bytes that go the long way at once */
#define PLAIN_CHARACTER 5	/* bytes of one character and the NUL */
#define PLAIN_SLACK 64

/*
 * Whether NFKC leaves the character as it is, or only changes its width, and it
 * joins with none before it.
 */
static bool
is_easy(uint32_t c)
{
	if (c < 0x80)
		return true;
	if (c >= 0x4e00 && c <= 0x9fff)
		return true;
	if (c >= 0x3000 && c <= 0x30fe)
		return !(c >= 0x302a && c <= 0x3040) && !(c >= 0x3097 && c <= 0x309c) &&
			c != 0x309f;
	return (c >= 0xff01 && c <= 0xff5e) || (c >= 0x2500 && c <= 0x25ff) || c == 0x203b;
}

static bool
has_no_width(uint32_t c)
{
	return c == 0xad || c == 0x034f || c == 0x061c || c == 0x180e ||
		(c >= 0x200b && c <= 0x200f) ||
		(c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
		(c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe01ef);
}

bool
plain_keeps_apart(uint32_t c)
{
	return c == 0x2116 || (c >= 0x2160 && c <= 0x217f) || (c >= 0x2460 && c <= 0x249b) ||
		(c >= 0x24ea && c <= 0x24ff) || (c >= 0x3251 && c <= 0x325f) ||
		(c >= 0x32b1 && c <= 0x32bf);
}

void
plain_start(struct plain_walk *walk, struct arena *arena, const char *text, size_t len,
	bool folded)
{
	walk->arena = arena;
	walk->start = text;
	walk->at = text;
	walk->end = text + len;
	walk->slow = NULL;
	walk->ahead = 0;
	walk->folded = folded;
}

/* The character of three bytes at `at`, 0 when there is none. */
static uint32_t
three_bytes(const char *at, const char *end)
{
	const unsigned char *b = (const unsigned char *)at;
	uint32_t c;

	if (end - at < 3 || (b[0] & 0xf0) != 0xe0 || (b[1] & 0xc0) != 0x80 ||
		(b[2] & 0xc0) != 0x80)
		return 0;
	c = (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 | (b[2] & 0x3f);
	return c >= 0x800 ? c : 0;
}

/* Whether a character that keeps apart stands at `at`. */
static bool
is_apart_at(const char *at, const char *end)
{
	/* They begin with E2 or E3, and most of what does is not among them. */
	return at < end && ((unsigned char)*at & 0xfe) == 0xe2 &&
		plain_keeps_apart(three_bytes(at, end));
}

/* The character at `at` if it goes the short way, else 0. */
static uint32_t
easy_at(const char *at, const char *end)
{
	uint32_t c;

	if (at >= end)
		return 0;
	c = (unsigned char)*at < 0x80 ? (unsigned char)*at : three_bytes(at, end);
	return is_easy(c) ? c : 0;
}

/* Where the stretch that holds the odd character at `odd` ends: at the next easy one. */
static const char *
stretch_end(const struct plain_walk *walk, const char *odd)
{
	const char *from = odd;

	do {
		utf8_next(&from);
	} while (from < walk->end && from - walk->at < STRETCH_MAX &&
		easy_at(from, walk->end) == 0 && !is_apart_at(from, walk->end));
	return from < walk->end ? from : walk->end;
}

/* Sends the stretch through the library and returns its first character. */
static uint32_t
stretch_next(struct plain_walk *walk, const char *odd)
{
	const char *end = stretch_end(walk, odd);
	char *stretch = arena_strndup(walk->arena, walk->at, (size_t)(end - walk->at));

	walk->at = end;
	walk->slow = walk->folded ? utf8_fold(walk->arena, stretch) :
		utf8_nfkc(walk->arena, stretch);
	return utf8_next(&walk->slow);
}

/* Behind "#" a sign is a figure of the number that begins there. */
static bool
is_behind_sharp(const struct plain_walk *walk)
{
	static const char wide[] = "＃";
	size_t len = sizeof(wide) - 1;

	if (walk->at == walk->start)
		return false;
	return walk->at[-1] == '#' || ((size_t)(walk->at - walk->start) >= len &&
		memcmp(walk->at - len, wide, len) == 0);
}

/* Whether a digit is the next on the line: then the sign before it numbers what begins there. */
static bool
is_before_digit(const char *at, const char *end)
{
	uint32_t c = ' ';

	while (at < end && (c == ' ' || c == FULL_WIDTH_SPACE))
		c = utf8_next(&at);
	return (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19);
}

/* The sign at `at` by itself: what it stands for between blanks, or just a blank. */
static uint32_t
apart_next(struct plain_walk *walk)
{
	const char *end = walk->at + 3;
	const char *pad = is_behind_sharp(walk) ? "" : " ";
	char *sign;

	if (pad[0] != '\0' && is_before_digit(end, walk->end)) {
		walk->at = end;
		return ' ';
	}
	sign = arena_strndup(walk->arena, walk->at, 3);
	sign = walk->folded ? utf8_fold(walk->arena, sign) : utf8_nfkc(walk->arena, sign);
	walk->slow = arena_printf(walk->arena, "%s%s%s", pad, sign, pad);
	walk->at = end;
	return utf8_next(&walk->slow);
}

/* The next character of the normal form, whatever it is; 0 at the end. */
static uint32_t
normal_next(struct plain_walk *walk)
{
	const char *next;
	uint32_t c;

	if (walk->slow != NULL) {
		c = utf8_next(&walk->slow);
		if (c != 0)
			return c;
		walk->slow = NULL;
	}
	if (walk->at >= walk->end)
		return 0;
	c = walk->ahead != 0 ? walk->ahead : easy_at(walk->at, walk->end);
	walk->ahead = 0;
	if (c == 0)
		return is_apart_at(walk->at, walk->end) ? apart_next(walk) :
			stretch_next(walk, walk->at);
	next = walk->at + (c < 0x80 ? 1 : 3);
	if (next < walk->end && !is_apart_at(next, walk->end)) {
		walk->ahead = easy_at(next, walk->end);
		if (walk->ahead == 0)
			return stretch_next(walk, next);
	}
	walk->at = next;
	if (c >= 0xff01 && c <= 0xff5e)
		c -= FULL_WIDTH_OFFSET;
	if (walk->folded && c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	return c;
}

uint32_t
plain_next_wide(struct plain_walk *walk)
{
	uint32_t c;

	do {
		c = normal_next(walk);
	} while (has_no_width(c));
	if (c == 0x85 || c == 0x2028 || c == 0x2029)
		return '\n';
	if (c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == FULL_WIDTH_SPACE)
		return ' ';
	return c;
}

/* One character more, upper case. False when the text is full. */
static bool
plain_add(struct arena *arena, struct plain *plain, size_t *room, uint32_t c)
{
	if (plain->len + PLAIN_CHARACTER > *room) {
		if (*room >= PLAIN_TEXT_MAX)
			return false;
		plain->text = arena_resize(arena, plain->text, *room, 2 * *room);
		*room *= 2;
	}
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	plain->len += plain_put(plain->text + plain->len, c);
	return true;
}

/* A sharp takes the blanks and line ends before it away. */
static void
drop_blanks(struct plain *plain)
{
	while (plain->len > 0 &&
		(plain->text[plain->len - 1] == ' ' || plain->text[plain->len - 1] == '\n'))
		plain->len--;
}

void
plain_make(struct arena *arena, const char *text, struct plain *plain_r)
{
	size_t len = text != NULL ? utf8_cut(text, PLAIN_TEXT_MAX) : 0;
	size_t room = len + PLAIN_SLACK;
	struct plain plain = { arena_alloc(arena, room), 0 };
	struct plain_walk walk;
	bool after_sharp = false;
	uint32_t c;

	plain_start(&walk, arena, text, len, false);
	while ((c = plain_next(&walk)) != 0) {
		if (c == MUSIC_SHARP)
			c = '#';
		if (after_sharp && (c == ' ' || c == '\n'))
			continue;
		after_sharp = c == '#';
		if (after_sharp)
			drop_blanks(&plain);
		if (!plain_add(arena, &plain, &room, c))
			break;
	}
	plain.text[plain.len] = '\0';
	*plain_r = plain;
}
