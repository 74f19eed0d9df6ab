/*
 * Many words looked for in one text at once: an index over their first three
 * bytes. The words are data of the caller and must outlive the index. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_WORDS_H
#define RULE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_HEADS 1024
#define WORDS_NONE UINT16_MAX	/* also the most words that one index may hold */
#define WORD_BYTES_MIN 3	/* a shorter word is never found */

struct word_slot {
	const char *word;
	uint64_t prefix, mask;	/* its first eight bytes, fewer if it is shorter; their bits */
	uint16_t len;
	uint16_t next;
};

struct words {
	uint16_t head[WORDS_HEADS];
	struct word_slot *slots;
	uint16_t count;
};

/* An index without words, in slots that the caller lends: one for each word that will be added. */
void words_start(struct words *words, struct word_slot *slots);

/*
 * Adds one; its index is how many there were. One that is too short takes an
 * index and is never found.
 */
void words_add(struct words *words, const char *word);

/*
 * The next word of the chain from `index` on that stands at `at` (len bytes are
 * left); WORDS_NONE when there is no other.
 */
uint16_t words_chain(const struct words *words, uint16_t index, const char *at, size_t len);

/* Which chain the words are in that begin with these three bytes. */
static inline size_t
words_head(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (b[0] * 7u + b[1] * 131u + b[2] * 31u) % WORDS_HEADS;
}

/*
 * The first word that stands at `at` (len bytes are left), or the next one
 * after `found`; WORDS_NONE when there is no other. In descending order of index.
 */
static inline uint16_t
words_at(const struct words *words, const char *at, size_t len)
{
	uint16_t head = len >= WORD_BYTES_MIN ? words->head[words_head(at)] : WORDS_NONE;

	return head != WORDS_NONE ? words_chain(words, head, at, len) : WORDS_NONE;
}

static inline uint16_t
words_more(const struct words *words, uint16_t found, const char *at, size_t len)
{
	return words_chain(words, words->slots[found].next, at, len);
}

/* Whether c is a letter or digit of ASCII. */
static inline bool
words_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/*
 * Whether a word may begin at `at`: not inside a character, nor inside a run of
 * letters and digits of ASCII.
 */
static inline bool
words_begin(const char *text, size_t at)
{
	if (((unsigned char)text[at] & 0xc0) == 0x80)
		return false;
	return at == 0 || !words_byte(text[at]) || !words_byte(text[at - 1]);
}

/*
 * Whether a letter or digit of ASCII at either edge of the len bytes at `at`
 * runs on beyond it: then they are part of a longer word.
 */
bool words_run_on(const char *text, size_t at, size_t len);

#endif
