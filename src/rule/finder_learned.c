/*
 * The score of a text by its strings of one to four characters. Integers alone,
 * so that every machine says the same. Must know nothing of what is done with it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_learned.h"

#include "rule/phrase.h"

#include <string.h>

#define WORD_BITS 64
#define FNV_START 2166136261u
#define FNV_PRIME 16777619u

/* Bytes of the character that stands at `at`; the match copy is UTF-8. */
static size_t
char_len(const char *at)
{
	size_t len = 1;

	while (((unsigned char)at[len] & 0xC0) == 0x80)
		len++;
	return len;
}

/* Marks the strings that begin at `at`, shorter ones first. */
static size_t
mark(const char *at, uint64_t seen[LEARNED_BUCKETS / WORD_BITS], uint16_t *buckets, size_t count)
{
	uint32_t hash = FNV_START;

	for (size_t n = 0; n < LEARNED_STRING && *at != '\0'; n++) {
		const char *end = at + char_len(at);
		uint32_t bucket;

		for (; at < end; at++)
			hash = (hash ^ (unsigned char)*at) * FNV_PRIME;
		bucket = hash % LEARNED_BUCKETS;
		if ((seen[bucket / WORD_BITS] >> bucket % WORD_BITS & 1) != 0)
			continue;
		seen[bucket / WORD_BITS] |= UINT64_C(1) << bucket % WORD_BITS;
		buckets[count++] = (uint16_t)bucket;
	}
	return count;
}

size_t
finder_learned_buckets(const struct phrase_text *text, uint16_t buckets_r[LEARNED_BUCKETS])
{
	uint64_t seen[LEARNED_BUCKETS / WORD_BITS] = { 0 };
	const char *at = text != NULL ? phrase_text_copy(text) : "";
	size_t count = 0;

	for (size_t i = 0; i < LEARNED_CHARS && *at != '\0'; i++) {
		count = mark(at, seen, buckets_r, count);
		at += char_len(at);
	}
	return count;
}

/* The whole root, in hundredths. */
static int64_t
root_hundredths(size_t count)
{
	int64_t square = (int64_t)count * 10000, root = 1;

	while (root * root < square)
		root++;
	return root;
}

int
finder_learned(const struct phrase_text *text)
{
	uint16_t buckets[LEARNED_BUCKETS];
	size_t count = finder_learned_buckets(text, buckets);
	int64_t sum = 0;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		sum += finder_learned_weights[buckets[i]];
	return (int)(sum * finder_learned_scale / (root_hundredths(count) * 100));
}

/* ASCII, Latin with marks, kana, han and their punctuation: up to U+024F, and U+2000 to U+9FFF without Hangul Jamo's kin. */
static bool
is_learned(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return b[0] < 0x80 || (b[0] >= 0xC2 && b[0] <= 0xC8) || b[0] == 0xC9 ||
		(b[0] >= 0xE2 && b[0] <= 0xE9) || b[0] == 0xEF;
}

bool
finder_learned_not(const struct phrase_text *text)
{
	const char *at = text != NULL ? phrase_text_copy(text) : "";
	size_t foreign = 0, letters = 0;

	for (size_t i = 0; i < LEARNED_CHARS && *at != '\0'; i++) {
		bool plain = (unsigned char)*at < 0x80;

		letters += !plain || (*at >= 'a' && *at <= 'z');
		foreign += !is_learned(at);
		at += char_len(at);
	}
	return 2 * foreign > letters;
}
