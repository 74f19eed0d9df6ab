/*
 * Text made plain for recognising: NFKC, a character at a time, without what
 * has no width. Figures in circles and the like keep apart from what stands
 * beside them. The common characters of Japanese mail go a short way, the rest
 * through base/utf8. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_PLAIN_H
#define RULE_PLAIN_H

#include "base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define PLAIN_TEXT_MAX (256 * 1024)	/* bytes of a text that are made plain, at most */

/* A walk over UTF-8 text. */
struct plain_walk {
	struct arena *arena;
	const char *start, *at, *end;
	const char *slow;	/* what is left of a stretch that went the long way, or NULL */
	uint32_t ahead;		/* the character at `at` if known to be a common one, else 0 */
	bool folded;		/* case folded as well */
};

void plain_start(struct plain_walk *walk, struct arena *arena, const char *text, size_t len,
	bool folded);

/*
 * Whether the character is one sign, of which NFKC makes figures or letters that would
 * run into those beside it: "①5" is no 15. It comes with a blank on either side, or
 * as nothing but a blank where a digit follows.
 */
bool plain_keeps_apart(uint32_t c);

/* What plain_next() does when the way is not short. */
uint32_t plain_next_wide(struct plain_walk *walk);

/*
 * The next character, 0 at the end. Characters without width are left out;
 * every blank that is no line end comes as ' ', every line end as '\n'.
 */
static inline uint32_t
plain_next(struct plain_walk *walk)
{
	unsigned char c;

	if (walk->slow != NULL || walk->end - walk->at < 2 || (unsigned char)walk->at[1] >= 0x80)
		return plain_next_wide(walk);
	c = (unsigned char)walk->at[0];
	if (c < ' ' || c > '~')
		return plain_next_wide(walk);
	walk->at++;
	walk->ahead = 0;
	return walk->folded && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Writes c as UTF-8 and returns its length; room for four bytes. The short way of utf8_put(). */
static inline size_t
plain_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800 || c > 0xd7ff)
		return utf8_put(out, c);
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/*
 * The walk's characters with ASCII letters made upper case, musical sharps made '#', blanks and
 * line ends beside '#' dropped. NUL-ended.
 */
struct plain {
	char *text;
	size_t len;
};

/*
 * At most PLAIN_TEXT_MAX bytes of text, and of what comes of it. text may be
 * NULL: then it is empty.
 */
void plain_make(struct arena *arena, const char *text, struct plain *plain_r);

#endif
