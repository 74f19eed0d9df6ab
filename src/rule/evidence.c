/*
 * Cuts quotations out of a text. Matching is done on folded copies that cannot
 * be led back to the letters as they came; so the text itself is made shorter,
 * from its end and then from its beginning, for as long as what was found is
 * still found in it: some thirty searches for each quotation, whatever the text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/evidence.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/message.h"
#include "rule/finder_signs.h"
#include "rule/form.h"
#include "rule/number.h"
#include "rule/observe.h"
#include "rule/phrase.h"
#include "rule/policy.h"
#include "rule/reasons.h"
#include "rule/site.h"

#include <string.h>

#define SIGNS_BYTES ((size_t)2 * FINDER_TEXT_MAX)	/* of a text in which signs are quoted */
#define SCRATCH ((size_t)64 * 1024 * 1024)

/* A text of one provenance. */
struct piece {
	const char *text, *place;
	bool quoted;
};

struct search {
	struct arena *scratch;	/* of one try */
	const struct policy *policy;
	bool (*stands)(struct search *search, const char *text);
	const struct phrase_book *book;
	uint16_t phrase;
	const char *wanted;	/* number or site */
	enum finder_sign sign;
};

static bool
phrase_stands(struct search *search, const char *text)
{
	struct phrase_hits *hits = arena_alloc(search->scratch, sizeof(*hits));

	phrase_find(search->scratch, search->book, text, NULL, hits);
	for (size_t i = 0; i < hits->count; i++) {
		if (hits->hit[i].phrase == search->phrase)
			return true;
	}
	return false;
}

static bool
number_stands(struct search *search, const char *text)
{
	struct number_hits *hits = arena_alloc(search->scratch, sizeof(*hits));

	number_find(search->scratch, search->policy, text, hits);
	for (size_t i = 0; i < hits->count; i++) {
		if (text_equal(hits->hit[i].number, search->wanted))
			return true;
	}
	return false;
}

static bool
site_stands(struct search *search, const char *text)
{
	struct site_text made;
	struct plain plain;

	plain_make(search->scratch, text, &plain);
	site_text_make(search->scratch, &plain, &made);
	return site_named(search->scratch, &made, search->wanted);
}

/* The signs that the words of a text are, without what stands round it. */
static uint64_t
signs_of(struct arena *arena, const char *text)
{
	const struct finder_setting none = { .site = false };
	struct finder_balance balance;

	finder_weigh(phrase_text_make(arena, text), NULL, &none, &balance);
	return balance.signs;
}

static bool
sign_stands(struct search *search, const char *text)
{
	return (signs_of(search->scratch, text) & (UINT64_C(1) << search->sign)) != 0;
}

static bool
holds(struct search *search, const char *text, size_t from, size_t to)
{
	arena_reset(search->scratch);
	return search->stands(search, arena_strndup(search->scratch, text + from, to - from));
}

/* The next cut at or before `at` that splits no character. */
static size_t
whole(const char *text, size_t at)
{
	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* The shortest beginning in which it stands, then the shortest end of that. */
static void
cut(struct search *search, const char *text, size_t *from_r, size_t *to_r)
{
	size_t low = 0, high = strlen(text), to;

	while (high - low > 1) {
		size_t middle = whole(text, low + (high - low) / 2);

		if (middle <= low)
			break;
		if (holds(search, text, 0, middle))
			high = middle;
		else
			low = middle;
	}
	to = high;
	low = 0;
	while (high - low > 1) {
		size_t middle = whole(text, low + (high - low) / 2);

		if (middle <= low)
			break;
		if (holds(search, text, middle, to))
			low = middle;
		else
			high = middle;
	}
	*from_r = low;
	*to_r = to;
}

/* One line; the line ends of a wrap inside Japanese go, others become blanks. */
static char *
one_line(struct arena *arena, const char *from, size_t len)
{
	struct text line;

	text_init(&line, arena, EVIDENCE_QUOTE_MAX + 8);
	for (size_t i = 0; i < len; i++) {
		if (from[i] == '\r' || from[i] == '\t' || from[i] == '\n') {
			if (line.len > 0 && (unsigned char)line.data[line.len - 1] < 0x80 &&
				line.data[line.len - 1] != ' ')
				text_add_char(&line, ' ');
		} else {
			text_add_char(&line, from[i]);
		}
	}
	if (line.full || line.len > EVIDENCE_QUOTE_MAX) {
		line.data[utf8_cut(line.data, EVIDENCE_QUOTE_MAX)] = '\0';
		return arena_printf(arena, "%s…", line.data);
	}
	return line.data;
}

/* Without the blanks round it. */
static const char *
trimmed(char *line)
{
	size_t len;

	line += strspn(line, " ");
	for (len = strlen(line); len > 0 && line[len - 1] == ' '; len--)
		line[len - 1] = '\0';
	return line;
}

static void
quote(struct arena *arena, struct search *search, const struct piece *piece, const char *what,
	struct text *text)
{
	size_t from, to;

	if (!holds(search, piece->text, 0, strlen(piece->text)))
		return;
	cut(search, piece->text, &from, &to);
	text_addf(text, "%s\t%s\t%s\n", what, piece->place,
		trimmed(one_line(arena, piece->text + from, to - from)));
}

static void
quote_numbers(struct arena *arena, struct search *search, const struct piece *piece, struct text *text)
{
	struct number_hits *hits = arena_alloc(arena, sizeof(*hits));

	number_find(arena, search->policy, piece->text, hits);
	search->stands = number_stands;
	for (size_t i = 0; i < hits->count; i++) {
		search->wanted = hits->hit[i].number;
		quote(arena, search, piece, arena_printf(arena, "number %s", search->wanted), text);
	}
}

static void
quote_sites(struct arena *arena, struct search *search, size_t desk, const struct piece *piece,
	struct text *text)
{
	const struct string_list *sites = &search->policy->desks[desk].sites;

	search->stands = site_stands;
	for (size_t i = 0; i < sites->count; i++) {
		search->wanted = sites->at[i];
		quote(arena, search, piece, arena_printf(arena, "site %s", search->wanted), text);
	}
}

static void
quote_phrases(struct arena *arena, struct search *search, const struct policy_coordinator *coordinator,
	const struct piece *piece, struct text *text)
{
	struct phrase_hits *hits = arena_alloc(arena, sizeof(*hits));

	if (coordinator->phrases == NULL)
		return;
	phrase_find(arena, coordinator->phrases, piece->text, NULL, hits);
	search->stands = phrase_stands;
	search->book = coordinator->phrases;
	for (size_t i = 0; i < hits->count; i++) {
		search->phrase = hits->hit[i].phrase;
		quote(arena, search, piece, arena_printf(arena, "%s %s", coordinator->name,
			phrase_meaning_name(hits->hit[i].meaning)), text);
	}
}

/* Of each sign the words that come first; of whether it was weighed the reasons tell. */
static void
quote_signs(struct arena *arena, struct search *search, const struct piece *piece, struct text *text)
{
	const struct piece head = {
		.text = arena_strndup(arena, piece->text, utf8_cut(piece->text, SIGNS_BYTES)),
		.place = piece->place,
	};
	uint64_t signs = signs_of(arena, head.text);

	search->stands = sign_stands;
	for (size_t i = 0; i < SIGN_AGAINST + SIGNS_AGAINST_WORDS; i++) {
		bool words = i < SIGNS_FOR_WORDS || i >= SIGN_AGAINST;

		if (!words || (signs & (UINT64_C(1) << i)) == 0)
			continue;
		search->sign = (enum finder_sign)i;
		quote(arena, search, &head, arena_printf(arena, EVIDENCE_SIGN "%s",
			finder_sign_text(search->sign)), text);
	}
}

static void
quote_piece(struct arena *arena, struct search *search, size_t desk, const struct piece *piece,
	struct text *text)
{
	const struct policy *policy = search->policy;

	if (piece->text == NULL || piece->text[0] == '\0')
		return;
	quote_numbers(arena, search, piece, text);
	if (!piece->quoted)
		quote_sites(arena, search, desk, piece, text);
	for (size_t i = 0; i < policy->coordinator_count && i < FACTS_BOOKS; i++)
		quote_phrases(arena, search, &policy->coordinators[i], piece, text);
	if (!piece->quoted)
		quote_signs(arena, search, piece, text);
}

static const char *
bounded(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strndup(arena, text, utf8_cut(text, OBSERVE_TEXT_MAX)) : NULL;
}

void
evidence_add(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, struct text *text)
{
	struct search search = { .policy = policy };
	int form = form_find(arena, policy, message);
	const char *own = form >= 0 ? form_text(arena, &policy->forms[form], message)
				    : message->own_text;
	const struct piece pieces[] = {
		{ message->subject, EVIDENCE_PLACE_SUBJECT, false },
		{ bounded(arena, own), form >= 0 ? EVIDENCE_PLACE_FORM : EVIDENCE_PLACE_TEXT, false },
		{ form >= 0 ? NULL : bounded(arena, message->quoted_text), REASONS_QUOTED, true },
	};

	search.scratch = arena_new(ARENA_WIPED, SCRATCH);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		quote_piece(arena, &search, desk, &pieces[i], text);
	arena_free(&search.scratch);
}
