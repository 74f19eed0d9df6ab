/*
 * Fuzzes the match copy and phrase_find(). The copy must be clean UTF-8 and no
 * longer than what may come of its text; every hit must be a phrase of the book
 * that stands there, and quoted only where own text lacks it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "rule/finder.h"
#include "rule/finder_signs.h"
#include "rule/fold.h"
#include "rule/phrase.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const char lines[] =
	"情報処理推進機構\tidentity\n突然のご連絡\tcontact\n突然のご連絡失礼\tcontact\n"
	"どちらにお送りすれば\tcontact-ask\n脆弱性の種類\tdetails-heading\n"
	"impact\tdetails-heading\n"
	"第三者…閲覧でき|参照でき\tvulnerability\nXSS\tvulnerability\n"
	"取扱いを終了します\tclosing\n";

static void
check_copy(const char *copy)
{
	if (!utf8_valid(copy, strlen(copy)) || strlen(copy) > 2 * FOLD_TEXT_MAX + 100)
		abort();
	if (copy[0] == ' ' || strchr(copy, '\n') != NULL || strstr(copy, "  ") != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const char *own = utf8_repair(arena, (const char *)data, len / 2, NULL);
	const char *quoted = utf8_repair(arena, (const char *)data + len / 2, len - len / 2, NULL);
	struct phrase_text *text = phrase_text_make(arena, own);
	struct phrase_book *book, *other = NULL;
	struct finder_setting setting = { .site = len % 2 != 0 };
	struct finder_balance balance;
	struct finder_verdict verdict;
	struct phrase_hits hits;

	check_copy(phrase_text_copy(text));
	if (phrase_book_read(arena, lines, strlen(lines), &book, NULL) != DONE)
		abort();
	phrase_find(arena, book, own, quoted, &hits);
	for (size_t i = 0; i < hits.count; i++) {
		if (phrase_book_text(book, hits.hit[i].phrase) == NULL ||
			(i > 0 && hits.hit[i].phrase <= hits.hit[i - 1].phrase))
			abort();
	}
	finder_judge(text, false, &verdict);
	finder_weigh(text, phrase_text_make(arena, quoted), &setting, &balance);
	if (balance.signs >> SIGNS != 0)
		abort();
	/* The input as a book of its own. */
	if (phrase_book_read(arena, (const char *)data, len, &other, NULL) == DONE)
		phrase_find(arena, other, own, quoted, &hits);
	arena_free(&arena);
	return 0;
}
