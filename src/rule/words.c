/*
 * A hash of each word's first three bytes (one Japanese character), chained.
 * What it costs grows with the text and not with the words, but for those that
 * begin alike; of these, eight bytes are compared at once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/words.h"

#include <string.h>

/* The first bytes as one number; missing ones are zero. */
static uint64_t
prefix_of(const char *at, size_t len)
{
	uint64_t prefix = 0;

	memcpy(&prefix, at, len < sizeof(prefix) ? len : sizeof(prefix));
	return prefix;
}

void
words_start(struct words *words, struct word_slot *slots)
{
	memset(words->head, 0xff, sizeof(words->head));
	words->slots = slots;
	words->count = 0;
}

void
words_add(struct words *words, const char *word)
{
	uint16_t index = words->count++;
	struct word_slot *slot = &words->slots[index];
	size_t len = strlen(word);
	uint64_t all = UINT64_MAX;
	size_t head;

	if (len < WORD_BYTES_MIN || len > UINT16_MAX)
		return;
	head = words_head(word);
	slot->word = word;
	slot->prefix = prefix_of(word, len);
	slot->mask = prefix_of((const char *)&all, len);
	slot->len = (uint16_t)len;
	slot->next = words->head[head];
	words->head[head] = index;
}

uint16_t
words_chain(const struct words *words, uint16_t index, const char *at, size_t len)
{
	uint64_t prefix = prefix_of(at, len);

	while (index != WORDS_NONE) {
		const struct word_slot *slot = &words->slots[index];

		if ((prefix & slot->mask) == slot->prefix && slot->len <= len &&
			memcmp(slot->word, at, slot->len) == 0)
			break;
		index = slot->next;
	}
	return index;
}

bool
words_run_on(const char *text, size_t at, size_t len)
{
	if (at > 0 && words_byte(text[at]) && words_byte(text[at - 1]))
		return true;
	return words_byte(text[at + len - 1]) && words_byte(text[at + len]);
}
