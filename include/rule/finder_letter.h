/*
 * What is known of a letter that might be a finder's report, and what it is taken
 * for. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FINDER_LETTER_H
#define RULE_FINDER_LETTER_H

#include <stdbool.h>

#include "rule/finder.h"
#include "rule/finder_signs.h"

struct phrase_text;

struct finder_letter {
	const struct phrase_text *text;	/* the writer's own, NULL for none */
	struct finder_verdict words;
	struct finder_balance balance;
	bool sealed;
};

enum finder_sense {
	FINDER_NOTHING,
	FINDER_DOUBTFUL,	/* might be one: nobody's mail, but shown */
	FINDER_WEAK,		/* a report; a person looks at it before anything is answered */
	FINDER_REPORT,
};

/* From this many hundredths on a letter is a report, with the trade's words or without; and might be. */
#define FINDER_SURE_WORDS 100
#define FINDER_SURE 220
#define FINDER_MAYBE (-280)
#define FINDER_MAYBE_AGAINST (-200)	/* where its signs speak against it: FINDER_VETO or less */
#define FINDER_SCORE_MOST 9999	/* either way */

/* What words and signs say, in hundredths of a natural-logarithm odds. */
int finder_spoken(const struct finder_letter *letter);

/*
 * What it is taken for, by the sum of that and finder_learned(), which score_r
 * becomes. A letter without a text is nothing.
 */
enum finder_sense finder_settle(const struct finder_letter *letter, int *score_r);

/*
 * Whether a program's mail might be a notice of a leak or an attack. What was
 * learned decides alone: the signs that speak against a person's mail (header
 * fields of programs and lists) are what every program's mail bears.
 */
bool finder_is_notice(const struct finder_letter *letter);

#endif
