/*
 * Puts together what speaks of a letter: the trade's words, the signs round it, and
 * what was learned of letters. Between a report and nobody's mail lies what a person
 * is shown: a report that is lost costs more than a look.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_letter.h"

#include "rule/finder_learned.h"

#define SIGNS_MOST 8	/* of a balance: more signs say no more */
#define SIGN_WORTH 25
#define WORDS_WORTH 50
#define NOTICE (-100)	/* of what was learned: from here on a program's mail is shown */

static int
within(int value, int most)
{
	if (value > most)
		return most;
	return value < -most ? -most : value;
}

int
finder_spoken(const struct finder_letter *letter)
{
	return SIGN_WORTH * within(letter->balance.left, SIGNS_MOST) +
		(letter->words.report ? WORDS_WORTH : 0);
}

/* What a language of which nothing was learned says is not known: then what stands round it decides. */
static bool
might_be(const struct finder_letter *letter, int score)
{
	if (letter->balance.left <= FINDER_VETO)
		return score >= FINDER_MAYBE_AGAINST;
	return score >= FINDER_MAYBE || finder_learned_not(letter->text);
}

/* Nobody seals what he sells: of a sealed letter the words are enough. */
enum finder_sense
finder_settle(const struct finder_letter *letter, int *score_r)
{
	int score = within(finder_spoken(letter) + finder_learned(letter->text), FINDER_SCORE_MOST);

	*score_r = score;
	if (letter->words.report && (letter->sealed || score >= FINDER_SURE_WORDS))
		return FINDER_REPORT;
	if (score >= FINDER_SURE)
		return FINDER_WEAK;
	return letter->text != NULL && might_be(letter, score) ? FINDER_DOUBTFUL : FINDER_NOTHING;
}

bool
finder_is_notice(const struct finder_letter *letter)
{
	return letter->text != NULL && (letter->sealed || finder_learned(letter->text) >= NOTICE);
}
