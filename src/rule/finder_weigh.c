/*
 * A report that bears none of the trade's words. In the mailbox of a window a
 * person's own mail is one unless something speaks for one of the other things
 * that such a mailbox gets; so signs are weighed, for and against. What is known
 * by this alone is answered by a person's hand only.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_signs.h"

#include "rule/phrase.h"
#include "rule/words.h"

#include <string.h>

#define WORDS_MAX 3072		/* of all signs, at most; phrase_finder_signs counts them */

/* Several words of a sign weigh more than one. */
static const struct {
	int one, more;
	const char *text;
} weights[SIGNS] = {
	[SIGN_YOURS] = { 1, 1, "speaks of what is the reader's" },
	[SIGN_PLACE] = { 1, 1, "names a part of a site" },
	[SIGN_WRONG] = { 2, 3, "something can be seen, entered or changed" },
	[SIGN_OTHERS] = { 2, 2, "other people are concerned" },
	[SIGN_UNGUARDED] = { 2, 2, "nothing guards it" },
	[SIGN_SAW] = { 1, 1, "tells how it was come upon" },
	[SIGN_WORRY] = { 1, 1, "it should not be so" },
	[SIGN_PROOF] = { 1, 1, "shows how" },
	[SIGN_PERSON] = { 2, 2, "a short letter to the window alone" },
	[SIGN_SITE] = { 2, 2, "names our site or domain" },
	[SIGN_TRADE] = { 2, 2, "names a weakness or its effect" },
	[SIGN_PICTURE] = { 1, 1, "a picture or recording is attached" },
	[SIGN_SEALED] = { 1, 1, "is sealed for the window" },
	[SIGN_OFFER] = { 3, 5, "an offer" },
	[SIGN_PRICE] = { 3, 4, "a price" },
	[SIGN_INVOICE] = { 3, 5, "a bill or a contract" },
	[SIGN_JOB] = { 4, 6, "an application or a vacancy" },
	[SIGN_SUPPORT] = { 3, 6, "a customer's question" },
	[SIGN_PHISHING] = { 3, 6, "a trap's words" },
	[SIGN_EXTORTION] = { 4, 8, "extortion" },
	[SIGN_MACHINE] = { 4, 6, "a program's words" },
	[SIGN_MEETING] = { 3, 5, "an appointment, a greeting or thanks" },
	[SIGN_PRESS] = { 3, 5, "press, a study or a survey" },
	[SIGN_NEWS] = { 3, 5, "news or an event" },
	[SIGN_LEGAL] = { 3, 4, "rights, licences or property" },
	[SIGN_ASKS] = { 2, 3, "asks something for the writer" },
	[SIGN_HOUSE] = { 1, 2, "speaks as a house" },
	[SIGN_BULK] = { 8, 8, "marks of bulk mail" },
	[SIGN_CALENDAR] = { 8, 8, "an invitation is attached" },
	[SIGN_DOCUMENT] = { 1, 1, "a document is attached" },
	[SIGN_CIRCULAR] = { 2, 2, "written to several addresses" },
	[SIGN_ROLE] = { 2, 2, "from an office's address" },
	[SIGN_ELSEWHERE] = { 1, 1, "leads to other houses' pages alone" },
};

/* The words of every sign, looked for at once. */
struct index {
	struct words words;
	struct word_slot slots[WORDS_MAX];
	uint8_t sign[WORDS_MAX];
};

static void
index_add(struct index *index, const struct finder_list *list, size_t sign)
{
	for (size_t i = 0; i < list->count && index->words.count < WORDS_MAX; i++) {
		index->sign[index->words.count] = (uint8_t)sign;
		words_add(&index->words, list->words[i]);
	}
}

/* Made once for each process, or for its parent: it costs ten times what a letter does. */
static const struct index *
index_of_signs(void)
{
	static struct index index;

	if (index.words.slots == NULL) {
		words_start(&index.words, index.slots);
		for (size_t i = 0; i < SIGNS_FOR_WORDS; i++)
			index_add(&index, &finder_for[i], i);
		for (size_t i = 0; i < SIGNS_AGAINST_WORDS; i++)
			index_add(&index, &finder_against[i], SIGN_AGAINST + i);
	}
	return &index;
}

void
finder_start(void)
{
	(void)index_of_signs();
}

static void
count_signs(const char *text, bool seen[WORDS_MAX], int count[SIGNS])
{
	const struct index *index = index_of_signs();
	size_t len = strnlen(text, FINDER_TEXT_MAX);

	for (size_t i = 0; i < len; i++) {
		uint16_t found;

		if (!words_begin(text, i))
			continue;
		for (found = words_at(&index->words, text + i, len - i); found != WORDS_NONE;
			found = words_more(&index->words, found, text + i, len - i)) {
			if (seen[found] || words_run_on(text, i, index->words.slots[found].len))
				continue;
			seen[found] = true;
			count[index->sign[found]]++;
		}
	}
}

static void
count_setting(const struct finder_setting *setting, int count[SIGNS])
{
	count[SIGN_SITE] = setting->site;
	count[SIGN_TRADE] = setting->trade;
	count[SIGN_PICTURE] = setting->picture;
	count[SIGN_SEALED] = setting->sealed;
	count[SIGN_MACHINE] += setting->machine;
	count[SIGN_BULK] = setting->bulk;
	count[SIGN_CALENDAR] = setting->calendar;
	count[SIGN_DOCUMENT] = setting->document;
	count[SIGN_CIRCULAR] = setting->circular;
	count[SIGN_ROLE] = setting->role;
	count[SIGN_ELSEWHERE] = setting->elsewhere;
}

/* Nothing about it says that it is of many, of a program, of an office or to others too. */
static bool
is_personal(const struct finder_setting *setting)
{
	return !setting->answer && !setting->bulk && !setting->machine && !setting->calendar &&
		!setting->document && !setting->circular && !setting->role && !setting->elsewhere;
}

/* Whether it says anything by which a report could be meant: a greeting alone does not. */
static bool
tells(const int count[SIGNS])
{
	return count[SIGN_YOURS] + count[SIGN_PLACE] + count[SIGN_WRONG] + count[SIGN_OTHERS] +
		count[SIGN_UNGUARDED] + count[SIGN_SITE] + count[SIGN_TRADE] > 0;
}

/* Whether the text is no longer than a short letter. */
static bool
is_short(const struct phrase_text *text)
{
	return text != NULL && strlen(phrase_text_copy(text)) <= FINDER_LETTER_MAX;
}

void
finder_weigh(const struct phrase_text *text, const struct phrase_text *passed_on,
	const struct finder_setting *setting, struct finder_balance *balance_r)
{
	bool seen[WORDS_MAX] = { false };
	int count[SIGNS] = { 0 };

	if (text != NULL)
		count_signs(phrase_text_copy(text), seen, count);
	if (passed_on != NULL)
		count_signs(phrase_text_copy(passed_on), seen, count);
	count_setting(setting, count);
	*balance_r = (struct finder_balance){
		.personal = is_short(text) && is_personal(setting),
	};
	count[SIGN_PERSON] = balance_r->personal && tells(count);
	for (size_t i = 0; i < SIGNS; i++) {
		int weight = count[i] > 1 ? weights[i].more : weights[i].one;

		if (count[i] == 0)
			continue;
		balance_r->signs |= UINT64_C(1) << i;
		balance_r->left += i < SIGN_AGAINST ? weight : -weight;
	}
	/* "Your page" is one thing, and no complaint. */
	if (count[SIGN_YOURS] > 0 && count[SIGN_PLACE] > 0)
		balance_r->left--;
}

const char *
finder_sign_text(enum finder_sign sign)
{
	return (unsigned int)sign < SIGNS ? weights[sign].text : "unknown";
}

const char *
finder_sign_word(size_t index)
{
	const struct index *all = index_of_signs();

	return index < all->words.count ? all->slots[index].word : NULL;
}

size_t
finder_sign_words(void)
{
	size_t sum = 0;

	for (size_t i = 0; i < SIGNS_FOR_WORDS; i++)
		sum += finder_for[i].count;
	for (size_t i = 0; i < SIGNS_AGAINST_WORDS; i++)
		sum += finder_against[i].count;
	return sum;
}
