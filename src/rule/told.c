/*
 * What a finder says of himself by custom, in Japanese and English. "We publish
 * in 90 days" answers when; "I blog about security" answers nothing. A file
 * that is exposed (公開されている) is no plan to publish.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/told.h"

#include "rule/phrase.h"
#include "rule/words.h"

#include <string.h>

#define NEAR 200	/* bytes between a plan and its time, at most */

enum use {
	REPORTED,	/* told someone, or nobody */
	REFUSED,	/* will not publish */
	PLANNED,	/* will */
	WHEN		/* a time, beside a plan */
};

/* Each word as rule/fold.c leaves it. */
static const struct {
	enum use use;
	const char *word;
} vocabulary[] = {
	{ REPORTED, "not reported" }, { REPORTED, "'t reported" }, { REPORTED, "not report it" },
	{ REPORTED, "'t report it" }, { REPORTED, "not report this" },
	{ REPORTED, "not told anyone" }, { REPORTED, "'t told anyone" },
	{ REPORTED, "not told anybody" }, { REPORTED, "'t told anybody" },
	{ REPORTED, "not tell anyone" }, { REPORTED, "'t tell anyone" },
	{ REPORTED, "told nobody" }, { REPORTED, "told no one" }, { REPORTED, "not shared" },
	{ REPORTED, "'t shared" }, { REPORTED, "not disclosed" }, { REPORTED, "'t disclosed" },
	{ REPORTED, "nobody else knows" }, { REPORTED, "no one else knows" },
	{ REPORTED, "nobody else has" }, { REPORTED, "no one else has" },
	{ REPORTED, "already reported" }, { REPORTED, "also reported" },
	{ REPORTED, "reported to ipa" }, { REPORTED, "reported it to ipa" },
	{ REPORTED, "reported this to ipa" }, { REPORTED, "reported to jpcert" },
	{ REPORTED, "reported it to jpcert" }, { REPORTED, "reported this to jpcert" },
	{ REPORTED, "reported to cert" }, { REPORTED, "reported it to cert" },
	{ REPORTED, "reported this to cert" }, { REPORTED, "only reported" },
	{ REPORTED, "reported only" }, { REPORTED, "has been reported to" },
	{ REPORTED, "have informed" }, { REPORTED, "also informed" },
	{ REPORTED, "届け出済" }, { REPORTED, "届出済" }, { REPORTED, "届け出ており" },
	{ REPORTED, "届け出ていま" }, { REPORTED, "届け出ました" }, { REPORTED, "届出ており" },
	{ REPORTED, "届出ていま" }, { REPORTED, "届出ました" }, { REPORTED, "届出はして" },
	{ REPORTED, "届出をして" }, { REPORTED, "届出を行って" }, { REPORTED, "報告しておりません" },
	{ REPORTED, "報告していません" }, { REPORTED, "報告はしておりません" },
	{ REPORTED, "報告はしていません" }, { REPORTED, "報告しておらず" },
	{ REPORTED, "にも報告しました" }, { REPORTED, "にも報告済" }, { REPORTED, "報告済" },
	{ REPORTED, "にも届け" }, { REPORTED, "通報済" }, { REPORTED, "誰にも話して" },
	{ REPORTED, "誰にも伝えて" }, { REPORTED, "他言して" }, { REPORTED, "共有しておりません" },
	{ REPORTED, "共有していません" },

	{ REFUSED, "not publish" }, { REFUSED, "'t publish" }, { REFUSED, "not plan to publish" },
	{ REFUSED, "'t plan to publish" }, { REFUSED, "no plan to publish" },
	{ REFUSED, "no plans to publish" }, { REFUSED, "not intend to publish" },
	{ REFUSED, "'t intend to publish" }, { REFUSED, "not going to publish" },
	{ REFUSED, "no intention to publish" }, { REFUSED, "no intention of publishing" },
	{ REFUSED, "not make it public" }, { REFUSED, "not make this public" },
	{ REFUSED, "not go public" }, { REFUSED, "not publicly disclose" },
	{ REFUSED, "not disclose it publicly" }, { REFUSED, "公表の予定はありません" },
	{ REFUSED, "公表の予定もありません" }, { REFUSED, "公表の予定はござい" },
	{ REFUSED, "公表する予定はありません" }, { REFUSED, "公表する予定もありません" },
	{ REFUSED, "公表する予定はござい" }, { REFUSED, "公表する予定はない" },
	{ REFUSED, "公表するつもりはありません" }, { REFUSED, "公表するつもりはない" },
	{ REFUSED, "公表しません" }, { REFUSED, "公表致しません" }, { REFUSED, "公表は考えて" },
	{ REFUSED, "公表は致しません" }, { REFUSED, "公表はしません" },
	{ REFUSED, "公開の予定はありません" }, { REFUSED, "公開の予定はござい" },
	{ REFUSED, "公開する予定はありません" }, { REFUSED, "公開する予定はござい" },
	{ REFUSED, "公開するつもりはありません" }, { REFUSED, "公開するつもりはない" },
	{ REFUSED, "公開しません" }, { REFUSED, "公開致しません" }, { REFUSED, "公開は考えて" },
	{ REFUSED, "公開は致しません" },

	{ PLANNED, "publish" }, { PLANNED, "publishing" }, { PLANNED, "publication" },
	{ PLANNED, "published" }, { PLANNED, "go public" }, { PLANNED, "make it public" },
	{ PLANNED, "make this public" }, { PLANNED, "public disclosure" },
	{ PLANNED, "full disclosure" }, { PLANNED, "disclose publicly" },
	{ PLANNED, "publicly disclose" }, { PLANNED, "disclose it publicly" },
	{ PLANNED, "write-up" }, { PLANNED, "writeup" }, { PLANNED, "blog post" },
	{ PLANNED, "present this" }, { PLANNED, "present it" }, { PLANNED, "disclosure deadline" },
	{ PLANNED, "公表" }, { PLANNED, "公開する" }, { PLANNED, "公開予定" },
	{ PLANNED, "公開を予定" }, { PLANNED, "公開致します" }, { PLANNED, "公開します" },
	{ PLANNED, "公開させて" }, { PLANNED, "発表する" }, { PLANNED, "発表します" },
	{ PLANNED, "発表致します" }, { PLANNED, "記事にする" }, { PLANNED, "記事に致します" },

	{ WHEN, "days" }, { WHEN, "weeks" }, { WHEN, "months" }, { WHEN, "january" },
	{ WHEN, "february" }, { WHEN, "in march" }, { WHEN, "april" }, { WHEN, "in may" },
	{ WHEN, "june" }, { WHEN, "july" }, { WHEN, "in august" }, { WHEN, "september" },
	{ WHEN, "october" }, { WHEN, "november" }, { WHEN, "december" }, { WHEN, "after your fix" },
	{ WHEN, "after the fix" }, { WHEN, "after it is fixed" }, { WHEN, "after it's fixed" },
	{ WHEN, "once it is fixed" }, { WHEN, "once fixed" }, { WHEN, "after you fix" },
	{ WHEN, "日後" }, { WHEN, "日以降" }, { WHEN, "週間後" }, { WHEN, "か月後" },
	{ WHEN, "月に" }, { WHEN, "日に" }, { WHEN, "修正後" }, { WHEN, "修正され" },
	{ WHEN, "修正が完了" }, { WHEN, "修正を確認" }, { WHEN, "対応後" }, { WHEN, "対策後" },
};
#define VOCABULARY (sizeof(vocabulary) / sizeof(vocabulary[0]))

/* One pass over the text, whatever stands in it. */
struct search {
	bool reported, refused, planned;
	size_t plan, when;	/* where the last of each ended, counted from 1; 0 for none */
};

static void
note(struct search *search, enum use use, size_t at)
{
	switch (use) {
	case REPORTED:
		search->reported = true;
		return;
	case REFUSED:
		search->refused = true;
		return;
	case PLANNED:
		search->plan = at + 1;
		break;
	case WHEN:
		search->when = at + 1;
		break;
	}
	if (search->plan > 0 && search->when > 0 && search->plan < search->when + NEAR &&
		search->when < search->plan + NEAR)
		search->planned = true;
}

static void
look(const char *text, struct search *search)
{
	struct word_slot slots[VOCABULARY];
	size_t len = strlen(text);
	struct words words;

	words_start(&words, slots);
	for (size_t i = 0; i < VOCABULARY; i++)
		words_add(&words, vocabulary[i].word);
	for (size_t i = 0; i < len; i++) {
		uint16_t found;

		if (!words_begin(text, i))
			continue;
		for (found = words_at(&words, text + i, len - i); found != WORDS_NONE;
			found = words_more(&words, found, text + i, len - i)) {
			if (!words_run_on(text, i, words.slots[found].len))
				note(search, vocabulary[found].use, i);
		}
	}
}

void
told_find(const struct phrase_text *text, struct told *told_r)
{
	struct search search = { .plan = 0, .when = 0 };

	if (text != NULL)
		look(phrase_text_copy(text), &search);
	told_r->reported = search.reported;
	told_r->publication = search.refused || search.planned;
}

const char *
told_word(size_t index)
{
	return index < VOCABULARY ? vocabulary[index].word : NULL;
}
