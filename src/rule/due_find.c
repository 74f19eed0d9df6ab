/*
 * Which days of a text are asked for. A day alone is none: something beside it
 * has to make it a limit ("までに", "以内", "期限:", "by"; rule/due_place.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due.h"

#include "rule/due_private.h"
#include "rule/fold.h"

#include <string.h>

/* Behind "by", "within" and the like: what it wants, and whether only a span may follow. */
static bool
take_anchor(const char **at)
{
	static const char *const anchors[] = {
		"no later than", "not later than", "on or before", "within", "by", "before", "deadline:", "deadline is",
		"deadline of", "deadline", "due by", "due on", "due date:", "due date is", "due:", "due", "have until",
		NULL,
	};

	const char *from = *at, *word;

	/* "deadline for your answer:" */
	if (due_word(&from, "deadline for") || due_word(&from, "due date for")) {
		word = from;
		from += strspn(from, "abcdefghijklmnopqrstuvwxyz ");
		if (from > word && from - word < DUE_BEFORE && due_word(&from, ":")) {
			*at = from;
			return true;
		}
	}
	return due_words(at, anchors) >= 0;
}

/* "in" and "until", which are anchors only of a sentence that asks for an answer. */
static bool
take_weak_anchor(const char **at)
{
	return due_word(at, "in") || due_word(at, "until");
}

/* Whether a Japanese expression, or one in figures, can begin with that character. */
static bool
may_be_ja(const char *at)
{
	static const char leads[] = "令平一二三四五六七八九十〇半本今明翌再来月年週次当日火水木金土";
	char character[4] = { at[0], at[1], at[1] != '\0' ? at[2] : '\0', '\0' };

	if (at[0] >= '0' && at[0] <= '9')
		return true;
	if (at[0] == 'r' || at[0] == 'h')
		return (at[1] >= '0' && at[1] <= '9') || (unsigned char)at[1] == 0xe5;
	return (unsigned char)at[0] >= 0xe3 && (unsigned char)at[0] <= 0xe9 && strstr(leads, character) != NULL;
}

/* "2.5月30日": the figure before the dot numbers the line. */
static bool
is_numbered(const struct fold *fold, const char *at)
{
	const char *from = at;

	if (at - fold->text < 2 || at[-1] != '.' || at[0] < '0' || at[0] > '9' ||
		!fold->line[at - fold->text])
		return false;
	for (from--; from > fold->text && from[-1] >= '0' && from[-1] <= '9'; from--)
		;
	return at - from == 2 || (at - from == 3 && due_may_begin(fold->text, from));
}

/* Of what may be a fraction: whether it can only be a day or a count of whole ones. */
static bool
is_whole(const struct due_mention *mention)
{
	return (mention->form == DUE_DATE && mention->month != 0) ||
		(mention->form == DUE_SPAN && mention->span.unit == SPAN_BUSINESS_DAYS);
}

/* Takes a Japanese expression, or one in figures, that may begin there. */
static bool
take_ja(const struct fold *fold, const char **at, struct due_mention *mention, bool *itself)
{
	const char *from = *at;

	if (!may_be_ja(from))
		return false;
	if (due_may_begin(fold->text, from))
		return due_take_ja(at, mention, itself);
	if (!is_numbered(fold, from) || !due_take_ja(&from, mention, itself) ||
		!is_whole(mention))
		return false;
	*at = from;
	return true;
}

static bool
may_be_en(const char *text, const char *at)
{
	return strchr("bwnodiu h", at[0]) != NULL && at[0] != ' ' &&
		(at == text || at[-1] < 'a' || at[-1] > 'z');
}

static void
add(struct due_mentions *mentions, const struct due_place *place, const struct due_mention *mention)
{
	struct due_mention *to = &mentions->mention[mentions->count];

	if (mentions->count == DUE_MAX) {
		mentions->more = true;
		return;
	}
	*to = *mention;
	to->at = (size_t)(place->from - place->text);
	to->len = (size_t)(place->behind - place->from);
	mentions->count++;
}

void
due_find(const struct fold *fold, struct due_mentions *mentions_r)
{
	const char *at = fold->text, *end = fold->text + fold->len;

	mentions_r->count = 0;
	mentions_r->more = false;
	while (at < end) {
		struct due_place place = { fold->text, at, at, end };
		struct due_mention mention;
		bool itself, weak;

		if (take_ja(fold, &place.behind, &mention, &itself)) {
			if (due_counts_ja(&place, &mention, itself))
				add(mentions_r, &place, &mention);
			at = place.behind;
			continue;
		}
		weak = false;
		if (may_be_en(fold->text, at) && (take_anchor(&place.behind) ||
			(weak = take_weak_anchor(&place.behind)))) {
			const char *anchor_end = place.behind;

			if (due_take_en(&place.behind, &mention)) {
				bool asked = !weak || due_asks_answer(&place);

				if (asked && due_counts_en(&place, &mention))
					add(mentions_r, &place, &mention);
				at = asked ? place.behind : anchor_end;
				continue;
			}
			at = anchor_end;
			continue;
		}
		at++;
	}
}
