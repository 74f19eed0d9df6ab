/*
 * The phrase book: reads it, and looks for its phrases in a text. Says which
 * stand where; what they weigh is rule/stage.c's to say.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/phrase.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "rule/phrase_private.h"

#include <string.h>

#define GAP "…"
#define TAILS_MAX 64	/* tails of one phrase */
#define SEEN_OWN 1
#define SEEN_QUOTED 2

static const char *const meanings[PHRASE_MEANINGS] = {
	[PHRASE_IDENTITY] = "identity",
	[PHRASE_CONTACT] = "contact",
	[PHRASE_CONTACT_ASK] = "contact-ask",
	[PHRASE_ENCRYPTION] = "encryption",
	[PHRASE_ENCRYPTION_WORD] = "encryption-word",
	[PHRASE_ENCRYPTION_CHOICE] = "encryption-choice",
	[PHRASE_DETAILS] = "details",
	[PHRASE_DETAILS_HEADING] = "details-heading",
	[PHRASE_DETAILS_WORD] = "details-word",
	[PHRASE_VULNERABILITY] = "vulnerability",
	[PHRASE_REMINDER] = "reminder",
	[PHRASE_REMINDER_WORD] = "reminder-word",
	[PHRASE_CLOSING] = "closing",
	[PHRASE_NUMBER_LABEL] = "number-label",
	[PHRASE_FORM] = "form",
	[PHRASE_FINDER] = "finder",
};

static bool
meaning_read(const char *word, enum phrase_meaning *meaning_r)
{
	for (int i = 0; i < PHRASE_MEANINGS; i++) {
		if (text_equal(meanings[i], word)) {
			*meaning_r = (enum phrase_meaning)i;
			return true;
		}
	}
	return false;
}

/* Folds what may stand behind a gap. False when a part is too short to mean anything. */
static bool
tails_fold(struct arena *arena, const char *at, struct phrase *phrase)
{
	phrase->tails = arena_calloc(arena, TAILS_MAX, sizeof(*phrase->tails));
	for (;;) {
		size_t len = strcspn(at, "|");
		char *tail = phrase_match_copy(arena, arena_strndup(arena, at, len));

		if (phrase->tail_count == TAILS_MAX || strlen(tail) < WORD_BYTES_MIN)
			return false;
		phrase->tails[phrase->tail_count++] = tail;
		if (at[len] == '\0')
			return true;
		at += len + 1;
	}
}

/*
 * Folds the phrase, and its parts if it has a gap. False when a part is too short
 * to mean anything.
 */
static bool
phrase_fold(struct arena *arena, struct phrase *phrase)
{
	const char *gap = strstr(phrase->text, GAP);

	phrase->folded = phrase_match_copy(arena, phrase->text);
	phrase->head = phrase->folded;
	if (gap != NULL)
		phrase->head = phrase_match_copy(arena,
			arena_strndup(arena, phrase->text, (size_t)(gap - phrase->text)));
	if (strlen(phrase->head) < WORD_BYTES_MIN)
		return false;
	return gap == NULL || tails_fold(arena, gap + strlen(GAP), phrase);
}

/* Reads one line, cutting it; returns what is wrong, NULL when nothing is. */
static const char *
phrase_read(struct arena *arena, char *line, struct phrase *phrase_r)
{
	struct phrase phrase = { .tail_count = 0 };
	char *meaning = strchr(line, '\t');
	char *source;

	if (meaning == NULL)
		return "a phrase, a tab and its meaning are wanted";
	*meaning++ = '\0';
	source = strchr(meaning, '\t');
	if (source != NULL)
		*source = '\0';
	if (!meaning_read(meaning, &phrase.meaning))
		return "unknown meaning";
	phrase.text = line;
	if (!phrase_fold(arena, &phrase))
		return "the phrase, or a part of it, is too short to mean anything";
	*phrase_r = phrase;
	return NULL;
}

/* Fills the book; returns the number of the first bad line, 0 when there is none. */
static size_t
lines_read(struct arena *arena, char *at, struct phrase_book *book, const char **wrong_r)
{
	for (size_t number = 1; *at != '\0'; number++) {
		char *line = at;
		char *end = line + strcspn(line, "\n");

		at = *end == '\0' ? end : end + 1;
		*end = '\0';
		if (end > line && end[-1] == '\r')
			end[-1] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		*wrong_r = "too many phrases";
		if (book->count < PHRASE_WITHHELD)
			*wrong_r = phrase_read(arena, line, &book->phrases[book->count]);
		if (*wrong_r != NULL)
			return number;
		book->count++;
	}
	return 0;
}

enum outcome
phrase_book_read(struct arena *arena, const char *bytes, size_t len, struct phrase_book **book_r,
	struct err *err_r)
{
	struct phrase_book *book = arena_alloc(arena, sizeof(*book));
	const char *wrong = NULL;
	size_t bad;

	if (!utf8_valid(bytes, len))
		return err_set(err_r, NEVER, "the phrases are not valid UTF-8");
	book->phrases = arena_calloc(arena, PHRASES_MAX, sizeof(*book->phrases));
	bad = lines_read(arena, arena_strndup(arena, bytes, len), book, &wrong);
	if (bad != 0)
		return err_set(err_r, NEVER, "line %zu: %s", bad, wrong);
	words_start(&book->words,
		arena_calloc(arena, book->count, sizeof(*book->words.slots)));
	for (size_t i = 0; i < book->count; i++)
		words_add(&book->words, book->phrases[i].head);
	*book_r = book;
	return DONE;
}

size_t
phrase_book_count(const struct phrase_book *book)
{
	return book->count;
}

const char *
phrase_book_text(const struct phrase_book *book, size_t phrase)
{
	return phrase < book->count ? book->phrases[phrase].text : NULL;
}

enum phrase_meaning
phrase_book_meaning(const struct phrase_book *book, size_t phrase)
{
	return book->phrases[phrase].meaning;
}

const char *
phrase_meaning_name(enum phrase_meaning meaning)
{
	return meanings[meaning];
}

char *
phrase_match_copy(struct arena *arena, const char *text)
{
	struct fold fold;

	fold_make(arena, text, &fold);
	return fold.text;
}

struct phrase_text *
phrase_text_make(struct arena *arena, const char *text)
{
	struct phrase_text *made;

	if (text == NULL)
		return NULL;
	made = arena_alloc(arena, sizeof(*made));
	fold_make(arena, text, &made->fold);
	return made;
}

const char *
phrase_text_copy(const struct phrase_text *text)
{
	return text->fold.text;
}

const struct fold *
phrase_text_fold(const struct phrase_text *text)
{
	return &text->fold;
}

static void
text_search(const struct phrase_book *book, const struct phrase_text *text, unsigned char mark,
	unsigned char *seen)
{
	const struct fold *fold = &text->fold;

	for (size_t i = 0; i < fold->len; i++) {
		const char *at = fold->text + i;
		uint16_t found;

		if (!words_begin(fold->text, i))
			continue;
		for (found = words_at(&book->words, at, fold->len - i); found != WORDS_NONE;
			found = words_more(&book->words, found, at, fold->len - i)) {
			size_t len = book->words.slots[found].len;

			if ((seen[found] & mark) == 0 && !words_run_on(fold->text, i, len) &&
				phrase_means(fold, &book->phrases[found], at, len))
				seen[found] |= mark;
		}
	}
}

/*
 * Whether what counts as outer counts for what inner says too: the same meaning,
 * or the stronger one of two.
 */
static bool
covers(enum phrase_meaning outer, enum phrase_meaning inner)
{
	return outer == inner || (outer == PHRASE_REMINDER && inner == PHRASE_REMINDER_WORD) ||
		(outer == PHRASE_DETAILS && inner == PHRASE_DETAILS_WORD);
}

/* Whether the phrase is part of another one of its meaning that was found at least as well. */
static bool
stands_inside(const struct phrase_book *book, size_t phrase, const unsigned char *seen)
{
	const struct phrase *inner = &book->phrases[phrase];

	for (size_t i = 0; i < book->count; i++) {
		const struct phrase *outer = &book->phrases[i];
		bool weaker = (seen[i] & SEEN_OWN) == 0 && (seen[phrase] & SEEN_OWN) != 0;

		if (i == phrase || seen[i] == 0 || weaker ||
			!covers(outer->meaning, inner->meaning))
			continue;
		if (strstr(outer->folded, inner->folded) != NULL &&
			(i < phrase || strlen(outer->folded) > strlen(inner->folded)))
			return true;
	}
	return false;
}

void
phrase_find_texts(const struct phrase_book *book, const struct phrase_text *own,
	const struct phrase_text *quoted, struct phrase_hits *hits_r)
{
	unsigned char seen[PHRASES_MAX] = { 0 };

	hits_r->count = 0;
	if (own != NULL)
		text_search(book, own, SEEN_OWN, seen);
	if (quoted != NULL)
		text_search(book, quoted, SEEN_QUOTED, seen);
	for (size_t i = 0; i < book->count && hits_r->count < PHRASE_HITS_MAX; i++) {
		struct phrase_hit *hit = &hits_r->hit[hits_r->count];

		if (seen[i] == 0 || stands_inside(book, i, seen))
			continue;
		hit->phrase = (uint16_t)i;
		hit->meaning = book->phrases[i].meaning;
		hit->quoted = (seen[i] & SEEN_OWN) == 0;
		hit->subject = false;
		hits_r->count++;
	}
}

void
phrase_find(struct arena *arena, const struct phrase_book *book, const char *own,
	const char *quoted, struct phrase_hits *hits_r)
{
	phrase_find_texts(book, phrase_text_make(arena, own), phrase_text_make(arena, quoted),
		hits_r);
}
