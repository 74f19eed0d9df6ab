/*
 * One spelling out of many. Japanese officials write the same sentence with
 * kanji or kana, wide or narrow, wrapped in the middle of a word; here all of
 * it becomes one string. It is for comparison only: never shown, never kept.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/fold.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "rule/plain.h"
#include "rule/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define FOLD_SLACK 64
#define FOLD_CHARACTER 10	/* bytes that a character, one held back and the NUL can add */
#define LONG_VOWEL 0x30fc
#define MIDDLE_DOT 0x30fb
#define IDEOGRAPHIC_COMMA 0x3001

/*
 * Spellings of one word. No right side is longer than its left one, so that
 * folding never grows a text; where two fit, the longer one is taken.
 */
static const struct {
	const char *from, *to;
} spellings[] = {
	{ "取り扱い", "取扱" }, { "取扱い", "取扱" }, { "取りあつかい", "取扱" },
	{ "とりあつかい", "取扱" }, { "取り扱", "取扱" }, { "受け付け", "受付" },
	{ "受けつけ", "受付" }, { "受付け", "受付" }, { "うけつけ", "受付" },
	{ "問い合わせ", "問合せ" }, { "問い合せ", "問合せ" }, { "問合わせ", "問合せ" },
	{ "といあわせ", "問合せ" }, { "いたし", "致し" }, { "いたす", "致す" },
	{ "いたさ", "致さ" }, { "くださ", "下さ" }, { "いただ", "頂" }, { "戴", "頂" },
	{ "御名前", "お名前" }, { "御願い", "お願い" }, { "御手数", "お手数" },
	{ "御問", "お問" }, { "御礼", "お礼" }, { "御客", "お客" }, { "御知らせ", "お知らせ" },
	{ "御電話", "お電話" }, { "御返事", "お返事" }, { "御送り", "お送り" },
	{ "御伝え", "お伝え" }, { "制御", "制御" }, { "防御", "防御" }, { "御", "ご" },
	{ "出来", "でき" }, { "よろし", "宜し" }, { "まで", "迄" }, { "先ほど", "先程" },
	{ "とおり", "通り" }, { "目途", "目処" }, { "めど", "目処" }, { "漏えい", "漏洩" },
	{ "ろうえい", "漏洩" }, { "改ざん", "改竄" }, { "かいざん", "改竄" },
	{ "ぜい弱", "脆弱" }, { "ぜいじゃく性", "脆弱性" }, { "引き続き", "引続き" },
	{ "ひきつづき", "引続き" }, { "差し上げ", "差上げ" }, { "さしあげ", "差上げ" },
	{ "申し上げ", "申上げ" }, { "申しあげ", "申上げ" }, { "もうしあげ", "申上げ" },
	{ "見積もり", "見積" }, { "見積り", "見積" }, { "または", "又は" }, { "および", "及び" },
	{ "ならびに", "並びに" }, { "行なっ", "行っ" }, { "行ない", "行い" },
	{ "行なう", "行う" }, { "おこなっ", "行っ" }, { "おこない", "行い" },
	{ "おこなう", "行う" }, { "ウェブ", "web" }, { "ウエブ", "web" },
	{ "このたび", "この度" }, { "ヶ月", "か月" }, { "ケ月", "か月" }, { "カ月", "か月" },
	{ "ヵ月", "か月" }, { "箇月", "か月" }, { "ヶ所", "箇所" }, { "カ所", "箇所" },
	{ "ヵ所", "箇所" }, { "セキュリテイ", "セキュリティ" }, { "テイング", "ティング" },
	{ "サーヴァ", "サーバ" }, { "成り済まし", "なりすまし" }, { "成りすまし", "なりすまし" },
};
#define SPELLINGS (sizeof(spellings) / sizeof(spellings[0]))

/* The copy while it is made. */
struct folding {
	struct arena *arena;
	struct fold fold;
	size_t room;
	uint32_t before;	/* the character that was added last, 0 at the beginning */
	bool blank;		/* blanks wait to be added */
	bool line_start;	/* nothing but numbering so far on this line */
	bool long_vowel;	/* one waits: spelled or not at a word's end (サーバー) */
};

static uint32_t
one_dash(uint32_t c)
{
	if (c < 0x2bc || c > 0x301c)
		return c;
	switch (c) {
	case 0x301c: case 0x223c: case 0x223e: case 0x2053:
		return '~';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
	case 0x2500:
		return '-';
	case 0x2018: case 0x2019: case 0x02bc:
		return '\'';
	case 0x201c: case 0x201d:
		return '"';
	default:
		return c;
	}
}

static bool
is_cjk(uint32_t c)
{
	return c >= 0x2e80 && utf8_is_cjk(c);
}

static bool
is_katakana(uint32_t c)
{
	return c >= 0x30a1 && c <= 0x30fa;
}

/* What may stand before a heading on its line: numbers, brackets, bullets. */
static bool
is_numbering(uint32_t c)
{
	if (c < 0x80)
		return strchr("0123456789.()[]{}<>*#+=:-_", (int)c) != NULL;
	return (c >= 0x2500 && c <= 0x25ff) || c == 0x2605 || c == 0x2606 || c == 0x203b ||
		(c >= 0x3008 && c <= 0x3011) || c == 0x3014 || c == 0x3015 || c == 0x2022;
}

static void
put(struct folding *folding, uint32_t c)
{
	struct fold *fold = &folding->fold;
	size_t wrote = plain_put(fold->text + fold->len, c);

	while (wrote-- > 0)
		fold->line[fold->len++] = folding->line_start;
	folding->before = c;
}

static void
grow(struct folding *folding)
{
	size_t room = 2 * folding->room;

	folding->fold.text = arena_resize(folding->arena, folding->fold.text, folding->room, room);
	folding->fold.line = arena_resize(folding->arena, folding->fold.line, folding->room, room);
	folding->room = room;
}

/* Blanks are kept only where two characters that need them meet. */
static void
put_after_blank(struct folding *folding, uint32_t c)
{
	if (folding->blank && folding->before != 0 && !is_cjk(folding->before) && !is_cjk(c))
		put(folding, ' ');
	folding->blank = false;
	put(folding, c);
	if (folding->line_start && !is_numbering(c))
		folding->line_start = false;
}

static void
fold_character(struct folding *folding, uint32_t c)
{
	if (c >= 'a' && c <= 'z' && !folding->blank && !folding->line_start &&
		!folding->long_vowel) {
		put(folding, c);
		return;
	}
	c = one_dash(c);
	if (c == '\n')
		folding->line_start = true;
	if (c == ' ' || c == '\n' || c == MIDDLE_DOT || c == IDEOGRAPHIC_COMMA ||
		(c == ',' && is_cjk(folding->before))) {
		folding->blank = true;
		return;
	}
	if (c == '>' && folding->line_start)
		return;
	if (folding->long_vowel && is_katakana(c))
		put(folding, LONG_VOWEL);
	folding->long_vowel = c == LONG_VOWEL && is_katakana(folding->before);
	if (!folding->long_vowel)
		put_after_blank(folding, c);
}

/* The longest spelling at `at`, SPELLINGS for none. */
static size_t
spelling_at(const struct words *words, const char *at, size_t len)
{
	size_t best = SPELLINGS;
	uint16_t found;

	for (found = words_at(words, at, len); found != WORDS_NONE;
		found = words_more(words, found, at, len)) {
		if (best == SPELLINGS || words->slots[found].len > words->slots[best].len)
			best = found;
	}
	return best;
}

/* Brings every spelling to one, in place. */
static void
fold_spellings(struct fold *fold)
{
	struct word_slot slots[SPELLINGS];
	struct words words;
	size_t to = 0;

	words_start(&words, slots);
	for (size_t i = 0; i < SPELLINGS; i++)
		words_add(&words, spellings[i].from);
	for (size_t from = 0; from < fold->len;) {
		size_t best = SPELLINGS;
		unsigned char mark = fold->line[from];

		if ((unsigned char)fold->text[from] >= 0xe0)
			best = spelling_at(&words, fold->text + from, fold->len - from);
		if (best == SPELLINGS) {
			fold->line[to] = mark;
			fold->text[to++] = fold->text[from++];
			continue;
		}
		from += words.slots[best].len;
		for (const char *c = spellings[best].to; *c != '\0'; c++) {
			fold->line[to] = mark;
			fold->text[to++] = *c;
		}
	}
	fold->len = to;
}

void
fold_make(struct arena *arena, const char *text, struct fold *fold_r)
{
	size_t len = utf8_cut(text, FOLD_TEXT_MAX);
	struct folding folding = { .arena = arena, .room = len + FOLD_SLACK, .line_start = true };
	struct plain_walk walk;
	uint32_t c;

	folding.fold.text = arena_alloc(arena, folding.room);
	folding.fold.line = arena_alloc(arena, folding.room);
	plain_start(&walk, arena, text, len, true);
	while ((c = plain_next(&walk)) != 0) {
		if (folding.fold.len + FOLD_CHARACTER > folding.room) {
			if (folding.room > FOLD_TEXT_MAX)
				break;
			grow(&folding);
		}
		fold_character(&folding, c);
	}
	fold_spellings(&folding.fold);
	folding.fold.text[folding.fold.len] = '\0';
	*fold_r = folding.fold;
}

const char *
fold_word(const struct fold *fold, const char *from, const char *word)
{
	size_t len = strlen(word);
	const char *end = fold->text + fold->len;

	while (len > 0 && (from = memmem(from, (size_t)(end - from), word, len)) != NULL) {
		if (!words_run_on(fold->text, (size_t)(from - fold->text), len))
			return from;
		from++;
	}
	return NULL;
}
