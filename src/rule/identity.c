/*
 * Self-introduction. A name alone proves nothing: half the security news of
 * Japan names IPA. What follows the name tells: 「…です」「…と申します」 after a
 * department and a person, but no particle that makes it someone else's subject.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/identity.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "rule/fold.h"
#include "rule/phrase.h"
#include "rule/policy.h"

#include <string.h>

#define FULL_STOP 0x3002
#define HIRAGANA_NO 0x306e
#define TITLE_MAX 40		/* characters between a name and its verb: department, person */
#define SIGNATURE_MAX 400	/* bytes below a name in which its address must stand */
#define HINT_MAX 60		/* bytes before a name that may make it a reference */
#define OWN_WORDS 3		/* weight of standing sentences that a name needs beside it */

/* What ends an introduction. All words here are in their match copy's spelling. */
static const char *const endings[] = {
	"です", "と申します", "と申す", "でございます", "より連絡致し", "よりご連絡致し",
	"よりご連絡申上げ", "よりご連絡差上げ", "よりご連絡し", "よりご連絡させて",
	"よりのご連絡です", "からのご連絡です", "からご連絡致し", "からご連絡し",
	"からご連絡差上げ", "からご連絡させて", "よりお知らせ致し",
};

/* What stands between a name and its verb when it is no department and no person. */
static const char *const works[] = {
	"発表", "公表", "公開", "資料", "調査", "主催", "監修", "提供", "認定", "注意喚起",
	"報告書", "試験", "資格", "講座", "10大", "の情報", "の報告", "の見解", "の指針",
	"の基準", "のガイド", "のサイト", "のページ", "のホームページ", "のweb", "の届出",
	"の窓口", "の方", "の件",
};

/* What may follow a short name and still be the name. */
static const char *const suffixes[] = {
	"/cc", "コーディネーションセンタ", "セキュリティセンタ", "security center",
};

/* What comes before a name that is only referred to. */
static const char *const references[] = {
	"問合せ先", "出典", "引用", "参考", "提供", "発表元", "情報源", "届出先", "連絡先は",
	"source", "reference", "see also",
};

static const char *const english[] = {
	"this is ", "this is the ", "i am from ", "i am from the ", "i'm from ", "i am with ",
	"i'm with the ", "we are ", "we are the ", "on behalf of ", "on behalf of the ",
	"i work for ", "i work at ", "writing from ", "writing from the ", "my name is ",
};

static bool
starts_any(const char *at, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_starts(at, words[i]))
			return true;
	}
	return false;
}

#define STARTS_ANY(at, words) starts_any(at, words, sizeof(words) / sizeof((words)[0]))

static bool
is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x309f;
}

/* Whether the text behind a name goes on as an introduction does. */
static bool
introduces(const char *at)
{
	for (int i = 0; i < TITLE_MAX && *at != '\0'; i++) {
		const char *here = at;
		uint32_t c;

		if (STARTS_ANY(here, endings))
			return true;
		c = utf8_next(&at);
		if (c == FULL_STOP || (is_hiragana(c) && c != HIRAGANA_NO) ||
			STARTS_ANY(here, works))
			return false;
	}
	return false;
}

/*
 * The same behind an abbreviation, which is part of many other words' names: only
 * a person or the verb may follow.
 */
static bool
introduces_short(const char *at)
{
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (text_starts(at, suffixes[i]))
			at += strlen(suffixes[i]);
	}
	return (STARTS_ANY(at, endings) || text_starts(at, "の")) && introduces(at);
}

/*
 * Whether particles before it make the name the sentence's predicate, and someone
 * else its subject.
 */
static bool
is_predicate(const char *text, const char *at)
{
	static const char *const own[] = { "私は", "当方は", "こちらは", "我々は", "私ども" };
	char before[32];
	size_t len = (size_t)(at - text);

	if (len > sizeof(before) - 1)
		len = sizeof(before) - 1;
	memcpy(before, at - len, len);
	before[len] = '\0';
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (text_ends(before, own[i]))
			return false;
	}
	return text_ends(before, "は") || text_ends(before, "が") || text_ends(before, "も");
}

/* Whether one of the words stands in the few bytes before `at`. */
static bool
hinted(struct arena *arena, const char *text, const char *at)
{
	size_t len = (size_t)(at - text) < HINT_MAX ? (size_t)(at - text) : HINT_MAX;
	const char *before = arena_strndup(arena, at - len, len);

	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		if (strstr(before, references[i]) != NULL)
			return true;
	}
	return false;
}

static bool
introduced_in_english(const char *text, const char *at)
{
	for (size_t i = 0; i < sizeof(english) / sizeof(english[0]); i++) {
		size_t len = strlen(english[i]);

		if ((size_t)(at - text) >= len && strncmp(at - len, english[i], len) == 0)
			return true;
	}
	return false;
}

/* Whether an address of the coordinator's domain stands below the name. */
static bool
signs(struct arena *arena, const struct policy_coordinator *coordinator, const char *at)
{
	size_t len = strnlen(at, SIGNATURE_MAX);
	const char *below = arena_strndup(arena, at, len);

	for (size_t i = 0; i < coordinator->addresses.count; i++) {
		const char *domain = address_domain(coordinator->addresses.at[i]);
		const char *found = NULL;

		if (domain[0] != '\0')
			found = strstr(below, phrase_match_copy(arena, domain));
		if (found != NULL && found > below && (found[-1] == '@' || found[-1] == '.') &&
			memchr(below, '@', (size_t)(found - below)) != NULL)
			return true;
	}
	return false;
}

/* Whether the name begins its line, but for the words that go before it by custom. */
static bool
begins_line(const struct fold *fold, const char *at)
{
	static const char *const prefixes[] = { "独立行政法人", "(独)", "ipa(", "ipa/", "(" };
	size_t i = 0;

	while (i < sizeof(prefixes) / sizeof(prefixes[0])) {
		size_t len = strlen(prefixes[i]);

		if (fold->line[at - fold->text])
			return true;
		if ((size_t)(at - fold->text) >= len && memcmp(at - len, prefixes[i], len) == 0) {
			at -= len;
			i = 0;
		} else {
			i++;
		}
	}
	return fold->line[at - fold->text];
}

/*
 * Whether some place where the name stands in the text makes it the writer's.
 * full: more than an abbreviation.
 */
static bool
name_claims(struct arena *arena, const struct policy_coordinator *coordinator,
	const struct fold *fold, const char *name, bool full)
{
	const char *at = fold->text;
	size_t len = strlen(name);

	while ((at = fold_word(fold, at, name)) != NULL) {
		const char *behind = at + len;
		bool begins = full && begins_line(fold, at);

		if (introduced_in_english(fold->text, at))
			return true;
		if ((full ? introduces(behind) : introduces_short(behind)) &&
			!is_predicate(fold->text, at) && !hinted(arena, fold->text, at))
			return true;
		if (begins && (text_starts(behind, "】") || text_starts(behind, "]")))
			return true;
		if (begins && signs(arena, coordinator, behind) && !hinted(arena, fold->text, at))
			return true;
		at = behind;
	}
	return false;
}

/*
 * Whether it speaks as only the coordinator does: asks us, or gives details, in
 * its own sentences.
 */
static bool
speaks(const struct phrase_hits *hits)
{
	static const int weights[PHRASE_MEANINGS] = {
		[PHRASE_CONTACT] = 1, [PHRASE_CONTACT_ASK] = 2, [PHRASE_ENCRYPTION] = 2,
		[PHRASE_DETAILS] = 3, [PHRASE_DETAILS_HEADING] = 1,
	};
	bool named = false, acts = false;
	int weight = 0;

	for (size_t i = 0; i < hits->count; i++) {
		enum phrase_meaning meaning = hits->hit[i].meaning;

		if (hits->hit[i].quoted)
			continue;
		named = named || meaning == PHRASE_IDENTITY;
		acts = acts || meaning == PHRASE_CONTACT_ASK || meaning == PHRASE_DETAILS;
		weight += weights[meaning];
	}
	return named && acts && weight >= OWN_WORDS;
}

bool
identity_claimed(struct arena *arena, const struct policy_coordinator *coordinator,
	const struct phrase_hits *hits, const struct phrase_text *own)
{
	const struct phrase_book *book = coordinator->phrases;
	const struct fold *fold = phrase_text_fold(own);

	if (speaks(hits))
		return true;
	for (size_t i = 0; i < hits->count; i++) {
		const char *name;

		if (hits->hit[i].meaning != PHRASE_IDENTITY || hits->hit[i].quoted || book == NULL)
			continue;
		name = phrase_match_copy(arena, phrase_book_text(book, hits->hit[i].phrase));
		if (name_claims(arena, coordinator, fold, name, true))
			return true;
	}
	return name_claims(arena, coordinator, fold, phrase_match_copy(arena, coordinator->name),
		false);
}
