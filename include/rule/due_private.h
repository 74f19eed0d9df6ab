/* What the files of the reader of due days share: taking expressions off a match copy. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DUE_PRIVATE_H
#define RULE_DUE_PRIVATE_H

#include "rule/due.h"

/* Takes the word, which is in the spelling of a match copy; blanks before it are skipped. */
bool due_word(const char **at, const char *word);

/* The first word of the list, which ends with NULL, that stands there; its index, -1 for none. */
int due_words(const char **at, const char *const *words);

/* A number of up to four digits, or one up to 99 in kanji. */
bool due_number(const char **at, int *number_r);

/* " (金)", "（金曜日）", "金曜": the weekday, if one stands there; -1 and nothing taken if none. */
int due_weekday_ja(const char **at);

/* Hour and minute, if they stand there, with their zone; else takes nothing. */
void due_time(const char **at, struct due_mention *mention);

/* Whether the place is where an expression may begin: not within a number, a word, an address. */
bool due_may_begin(const char *text, const char *at);

/*
 * Takes the longest expression that stands at *at, Japanese or written in figures;
 * with whether it says by itself that it is a limit ("月内", "3日以内").
 */
bool due_take_ja(const char **at, struct due_mention *mention_r, bool *limit_r);

/* The same in English, behind "by", "within" and the like. */
bool due_take_en(const char **at, struct due_mention *mention_r);

/* The text that is searched, and one day that stands in it. */
struct due_place {
	const char *text, *from, *behind, *end;
};

#define DUE_BEFORE 48	/* bytes before a day that are looked at */

/*
 * Whether the day is asked for, by what stands round it; itself: it says by itself that
 * it is a limit. Of a date without a year it also sets whether it can be next year's.
 */
bool due_counts_ja(const struct due_place *place, struct due_mention *mention, bool itself);
bool due_counts_en(const struct due_place *place, struct due_mention *mention);

/* Whether the writer asks for an answer before the day: "please reply in 5 days". */
bool due_asks_answer(const struct due_place *place);

#endif
