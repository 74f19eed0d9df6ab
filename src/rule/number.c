/*
 * Where handling numbers stand. A text is searched as it is, and once more
 * without the line ends that a hard wrap may have put inside a number; the
 * second search counts only where the first one sees nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/number.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "rule/number_pattern.h"
#include "rule/policy.h"

#include <string.h>

/* Where something was cut out of a text, and how much up to there in all. */
struct cut {
	size_t at, gone;
};

struct cuts {
	struct cut *cut;
	size_t count;
};

struct search {
	const struct number_pattern *pattern;
	size_t coordinator;
	const struct plain *plain;	/* the text as it is */
	const struct plain *text;	/* the text that is searched */
	const struct cuts *cuts;	/* of the text that is searched, NULL when it is `plain` */
	struct number_hits *hits;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether c can stand inside a number that a wrap parts. */
static bool
is_inner(char c)
{
	return is_alnum(c) || c == '#' || c == '-';
}

/*
 * Letters of scripts that are written with blanks between words; kanji before a
 * number are no part of it.
 */
static bool
is_letter(uint32_t c)
{
	return (c >= 0xc0 && c <= 0x24f) || (c >= 0x370 && c <= 0x52f) ||
		(c >= 0x1e00 && c <= 0x1fff);
}

/* The first cut behind `at`, NULL for none. */
static const struct cut *
cut_behind(const struct cuts *cuts, size_t at)
{
	size_t low = 0, high = cuts != NULL ? cuts->count : 0;

	if (cuts == NULL)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cuts->cut[middle].at > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low < cuts->count ? &cuts->cut[low] : NULL;
}

/* Whether something was cut out right at that place: then what stands there began a line. */
static bool
is_cut_at(const struct cuts *cuts, size_t at)
{
	const struct cut *cut = at > 0 ? cut_behind(cuts, at - 1) : NULL;

	return cut != NULL && cut->at == at;
}

static bool
letter_before(const struct plain *text, size_t at)
{
	const char *before;

	if (at == 0)
		return false;
	if ((unsigned char)text->text[at - 1] < 0x80)
		return is_alnum(text->text[at - 1]);
	for (before = text->text + at - 1; before > text->text; before--) {
		if (((unsigned char)*before & 0xc0) != 0x80)
			break;
	}
	return is_letter(utf8_next(&before));
}

/*
 * Whether the match counts in a text with cuts: it spans one, and nothing is seen
 * there without cutting.
 */
static bool
spans_cut(const struct search *search, size_t at, size_t len)
{
	const struct cut *cut = cut_behind(search->cuts, at);
	struct number_match match;
	size_t plain_at = at;

	if (cut == NULL || cut->at >= at + len)
		return false;
	if (cut > search->cuts->cut)
		plain_at += cut[-1].gone;
	return !number_pattern_match(search->pattern, search->plain->text, search->plain->len,
		plain_at, &match);
}

/* Its offset in the text as it is. */
static size_t
plain_offset(const struct search *search, size_t at)
{
	const struct cut *cut = cut_behind(search->cuts, at);

	if (search->cuts == NULL || search->cuts->count == 0)
		return at;
	if (cut == NULL)
		return at + search->cuts->cut[search->cuts->count - 1].gone;
	return cut > search->cuts->cut ? at + cut[-1].gone : at;
}

/*
 * Puts it in its place by offset; one that is there keeps the earlier one. False
 * when it comes too late to count.
 */
static bool
hits_add(struct number_hits *hits, const struct number_hit *hit)
{
	size_t i;

	for (i = 0; i < hits->count; i++) {
		if (!text_equal(hits->hit[i].number, hit->number))
			continue;
		if (hits->hit[i].at <= hit->at)
			return true;
		memmove(&hits->hit[i], &hits->hit[i + 1], (--hits->count - i) * sizeof(*hit));
		break;
	}
	for (i = hits->count; i > 0 && hits->hit[i - 1].at > hit->at; i--)
		;
	if (hits->count == NUMBERS_MAX) {
		hits->more = true;
		if (i == NUMBERS_MAX)
			return false;
		hits->count--;
	}
	memmove(&hits->hit[i + 1], &hits->hit[i], (hits->count - i) * sizeof(*hit));
	hits->hit[i] = *hit;
	hits->count++;
	return true;
}

/* Behind the letters and digits at `at`, where no number can begin; at least one byte on. */
static size_t
skip_word(const struct plain *text, size_t at)
{
	do {
		at++;
	} while (at < text->len && is_alnum(text->text[at]));
	return at;
}

static void
search_text(const struct search *search)
{
	const struct plain *text = search->text;
	size_t at = 0;

	for (;;) {
		struct number_hit hit = { .coordinator = search->coordinator };
		struct number_match match;

		at = number_pattern_candidate(search->pattern, text->text, text->len, at);
		if (at >= text->len)
			return;
		if (!is_cut_at(search->cuts, at) && letter_before(text, at)) {
			at = skip_word(text, at);
			continue;
		}
		if (!number_pattern_match(search->pattern, text->text, text->len, at, &match) ||
			(is_digit(text->text[at + match.len]) &&
				!is_cut_at(search->cuts, at + match.len)) ||
			(search->cuts != NULL && !spans_cut(search, at, match.len))) {
			at++;
			continue;
		}
		memcpy(hit.number, match.number, sizeof(hit.number));
		hit.at = plain_offset(search, at);
		if (!hits_add(search->hits, &hit))
			return;
		at += match.len;
	}
}

/* Behind a line's end with the blanks around it and the marks of a quotation. */
static size_t
wrap_end(const struct plain *plain, size_t at)
{
	bool line = false;

	for (; at < plain->len; at++) {
		char c = plain->text[at];

		line = line || c == '\n';
		if (c != ' ' && c != '\n' && !(line && c == '>'))
			break;
	}
	return line ? at : 0;
}

/* The text without the line ends that stand between characters of a number. */
static void
unwrap(struct arena *arena, const struct plain *plain, struct plain *text_r, struct cuts *cuts_r)
{
	struct plain text = { arena_alloc(arena, plain->len + 1), 0 };
	struct cuts cuts = { NULL, 0 };
	size_t room = 0;

	for (size_t at = 0; at < plain->len;) {
		char c = plain->text[at];
		size_t behind = 0;

		if ((c == '\n' || c == ' ') && text.len > 0 && is_inner(text.text[text.len - 1]))
			behind = wrap_end(plain, at);
		if (behind == 0 || !is_inner(plain->text[behind])) {
			text.text[text.len++] = plain->text[at++];
			continue;
		}
		if (cuts.count == room) {
			cuts.cut = arena_resize(arena, cuts.cut, room * sizeof(*cuts.cut),
				(2 * room + 64) * sizeof(*cuts.cut));
			room = 2 * room + 64;
		}
		cuts.cut[cuts.count].at = text.len;
		cuts.cut[cuts.count++].gone = behind - text.len;
		at = behind;
	}
	*text_r = text;
	*cuts_r = cuts;
}

void
number_find_plain(struct arena *arena, const struct policy *policy, const struct plain *plain,
	struct number_hits *hits_r)
{
	struct plain unwrapped = { NULL, 0 };
	struct cuts cuts = { NULL, 0 };

	memset(hits_r, 0, sizeof(*hits_r));
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		struct search search = {
			policy->coordinators[i].pattern, i, plain, plain, NULL, hits_r,
		};

		if (search.pattern == NULL)
			continue;
		search_text(&search);
		if (unwrapped.text == NULL)
			unwrap(arena, plain, &unwrapped, &cuts);
		search.text = &unwrapped;
		search.cuts = &cuts;
		if (cuts.count > 0)
			search_text(&search);
	}
}

void
number_find(struct arena *arena, const struct policy *policy, const char *text,
	struct number_hits *hits_r)
{
	struct plain plain;

	plain_make(arena, text, &plain);
	number_find_plain(arena, policy, &plain, hits_r);
}

/*
 * Takes blanks and brackets off both ends, as they come along when a number is
 * copied out of a subject.
 */
static void
trim(struct plain *plain)
{
	static const char *const marks[] = {
		" ", "\n", "[", "]", "(", ")", "<", ">", "【", "】", "「", "」",
	};
	size_t i = 0;

	while (i < sizeof(marks) / sizeof(marks[0])) {
		size_t len = strlen(marks[i]);

		if (text_starts(plain->text, marks[i])) {
			plain->text += len;
			plain->len -= len;
		} else if (text_ends(plain->text, marks[i])) {
			plain->len -= len;
			plain->text[plain->len] = '\0';
		} else {
			i++;
			continue;
		}
		i = 0;
	}
}

/* The canonical form of what is one number of that coordinator's from end to end. */
static bool
whole_number(const struct number_pattern *pattern, const struct plain *plain,
	char number_r[NUMBER_MAX])
{
	struct number_match match;

	if (pattern == NULL ||
		!number_pattern_match(pattern, plain->text, plain->len, 0, &match) ||
		match.len != plain->len)
		return false;
	memcpy(number_r, match.number, sizeof(match.number));
	return true;
}

bool
number_canonical(struct arena *arena, const struct policy *policy, const char *spelling,
	char number_r[NUMBER_MAX], size_t *coordinator_r)
{
	struct plain plain;

	plain_make(arena, spelling, &plain);
	trim(&plain);
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (!whole_number(policy->coordinators[i].pattern, &plain, number_r))
			continue;
		*coordinator_r = i;
		return true;
	}
	return false;
}

bool
number_fits(struct arena *arena, const struct policy *policy, const struct number_hit *hit)
{
	char number[NUMBER_MAX];
	struct plain plain;

	if (hit->coordinator >= policy->coordinator_count)
		return false;
	plain_make(arena, hit->number, &plain);
	return whole_number(policy->coordinators[hit->coordinator].pattern, &plain, number) &&
		strcmp(number, hit->number) == 0;
}
