/*
 * Whether a phrase that stands in a text says there what it is listed for: a
 * heading heads its line, a request is not thanked for, an end is not made to
 * depend on something, an effect is not denied, and what is given or asked is not
 * put off to a later mail. Looks at one sentence at a time.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/phrase_private.h"

#include "base/text.h"

#include <string.h>

#define FULL_STOP "。"
#define SENTENCE_MAX 150	/* bytes of a sentence that are looked at, each way */

/* Whether a particle follows: then the words before it stand in a sentence and head nothing. */
static bool
particle_follows(const char *at)
{
	static const char *const particles[] = {
		"や", "と", "を", "が", "に", "の", "な", "も", "で", "へ", "か", "等",
	};

	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++) {
		if (text_starts(at, particles[i]))
			return true;
	}
	return false;
}

/*
 * Whether the len bytes at `at` are a heading: at a line's beginning, and not the
 * beginning of a sentence.
 */
static bool
is_heading(const struct fold *fold, const char *at, size_t len)
{
	const char *behind = at + len;

	if (!fold->line[at - fold->text])
		return false;
	if (*behind == '\0' || fold->line[behind - fold->text])
		return true;
	if ((unsigned char)behind[-1] < 0x80)
		return strchr(":-(=[", *behind) != NULL;
	return !particle_follows(behind);
}

/* Whether one of the words stands between two places of a text. */
static bool
stands_between(const char *from, const char *to, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (memmem(from, (size_t)(to - from), words[i], strlen(words[i])) != NULL)
			return true;
	}
	return false;
}

/* Where the sentence that goes on at `at` ends, or as far as it is looked at. */
static const char *
sentence_end(const char *at)
{
	size_t len = strnlen(at, SENTENCE_MAX);
	const char *end = memmem(at, len, FULL_STOP, strlen(FULL_STOP));

	return end != NULL ? end : at + len;
}

/* Where the sentence of `at` begins, or as far as it is looked at. */
static const char *
sentence_start(const struct fold *fold, const char *at)
{
	size_t before = (size_t)(at - fold->text);
	const char *from = at - (before < SENTENCE_MAX ? before : SENTENCE_MAX);
	const char *stop;

	while ((stop = memmem(from, (size_t)(at - from), FULL_STOP, strlen(FULL_STOP))) != NULL)
		from = stop + strlen(FULL_STOP);
	return from;
}

static bool
is_negated(const char *end)
{
	return text_starts(end, "ない") || text_starts(end, "なく") || text_starts(end, "ません");
}

/*
 * Where the tail stands as a whole word between two places; NULL if nowhere. What
 * denies it is looked at.
 */
static const char *
tail_end(const struct fold *fold, const char *from, const char *to, const char *tail)
{
	size_t len = strlen(tail);

	while ((from = memmem(from, (size_t)(to - from), tail, len)) != NULL) {
		if (!words_run_on(fold->text, (size_t)(from - fold->text), len) &&
			!is_negated(from + len))
			return from + len;
		from++;
	}
	return NULL;
}

/*
 * Where the phrase whose head ends at `behind` ends; NULL when none of its tails
 * is in the sentence.
 */
static const char *
phrase_end(const struct fold *fold, const struct phrase *phrase, const char *behind)
{
	const char *to = sentence_end(behind);
	const char *end = phrase->tail_count == 0 ? behind : NULL;

	for (size_t i = 0; i < phrase->tail_count && end == NULL; i++)
		end = tail_end(fold, behind, to, phrase->tails[i]);
	return end;
}

/* Whether the rest of the sentence gives thanks: then nothing is asked for, it came already. */
static bool
is_thanked(const char *behind)
{
	static const char *const thanks[] = {
		"ありがと", "有難", "有り難", "感謝", "お礼", "拝受",
	};

	return stands_between(behind, sentence_end(behind), thanks,
		sizeof(thanks) / sizeof(thanks[0]));
}

/* Whether the sentence up to there makes it depend on something that has not happened. */
static bool
is_conditional(const struct fold *fold, const char *at, const char *end)
{
	static const char *const conditions[] = {
		"場合", "なければ", "次第", "ましたら", "if ", "unless ",
	};

	/* 「確認できました」 may go on as 「確認できましたら」. */
	return text_starts(end, "ら") || text_starts(end, "場合") ||
		stands_between(sentence_start(fold, at), end, conditions,
			sizeof(conditions) / sizeof(conditions[0]));
}

/* Whether the sentence only says that it will come: 「追って…ご連絡します」. */
static bool
is_announced(const struct fold *fold, const char *at, const char *end)
{
	static const char *const later[] = {
		"追って", "後日", "後ほど", "のちほど", "次のメール", "次回のメール", "改めて", "別メール",
	};
	static const char *const comes[] = {
		"ご連絡", "連絡致", "連絡し", "お送り", "送付", "ご案内", "お知らせ", "お伺い",
	};

	return stands_between(sentence_start(fold, at), end, later,
		       sizeof(later) / sizeof(later[0])) &&
		stands_between(at, sentence_end(end), comes, sizeof(comes) / sizeof(comes[0]));
}

bool
phrase_means(const struct fold *fold, const struct phrase *phrase, const char *at, size_t head)
{
	const char *end = phrase_end(fold, phrase, at + head);

	if (end == NULL)
		return false;
	switch (phrase->meaning) {
	case PHRASE_DETAILS_HEADING:
		return is_heading(fold, at, head);
	case PHRASE_CLOSING:
		return !is_conditional(fold, at, end);
	case PHRASE_CONTACT_ASK: case PHRASE_REMINDER: case PHRASE_REMINDER_WORD:
		return !is_thanked(end);
	case PHRASE_DETAILS_WORD:
		return !is_thanked(end) && !is_announced(fold, at, end);
	case PHRASE_DETAILS: case PHRASE_ENCRYPTION: case PHRASE_ENCRYPTION_WORD:
	case PHRASE_ENCRYPTION_CHOICE:
		return !is_announced(fold, at, end);
	case PHRASE_VULNERABILITY:
		return !is_negated(end);
	default:
		return true;
	}
}
