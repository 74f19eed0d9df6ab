/*
 * Compares what was read of a mail with what its HTML says. Links, pictures and
 * footers differ in any newsletter, so nothing counts but what decides.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/twins.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/message.h"
#include "rule/facts.h"
#include "rule/number.h"
#include "rule/observe.h"
#include "rule/phrase.h"
#include "rule/policy.h"

/* What of a text decides. */
struct twin {
	struct number_hits numbers;
	uint32_t meanings[FACTS_BOOKS];
};

_Static_assert(PHRASE_MEANINGS <= 32, "a bit for each meaning");

static struct twin *
twin_make(struct arena *arena, const struct policy *policy, const char *text)
{
	struct twin *twin = arena_calloc(arena, 1, sizeof(*twin));
	struct phrase_hits *hits = arena_alloc(arena, sizeof(*hits));
	struct phrase_text *made;

	text = arena_strndup(arena, text, utf8_cut(text, OBSERVE_TEXT_MAX));
	number_find(arena, policy, text, &twin->numbers);
	made = phrase_text_make(arena, text);
	for (size_t i = 0; i < policy->coordinator_count && i < FACTS_BOOKS; i++) {
		if (policy->coordinators[i].phrases == NULL)
			continue;
		phrase_find_texts(policy->coordinators[i].phrases, made, NULL, hits);
		for (size_t k = 0; k < hits->count; k++)
			twin->meanings[i] |= UINT32_C(1) << hits->hit[k].meaning;
	}
	return twin;
}

static bool
names(const struct twin *twin, const char *number)
{
	for (size_t i = 0; i < twin->numbers.count; i++) {
		if (text_equal(twin->numbers.hit[i].number, number))
			return true;
	}
	return false;
}

bool
twins_differ(struct arena *arena, const struct policy *policy, const struct message *message)
{
	const struct twin *read, *html;

	if (message->read_twin == NULL)
		return false;
	read = twin_make(arena, policy, message->read_twin);
	html = twin_make(arena, policy, message->html_twin);
	if (read->numbers.count != html->numbers.count)
		return true;
	for (size_t i = 0; i < read->numbers.count; i++) {
		if (!names(html, read->numbers.hit[i].number))
			return true;
	}
	for (size_t i = 0; i < FACTS_BOOKS; i++) {
		if (read->meanings[i] != html->meanings[i])
			return true;
	}
	return false;
}
