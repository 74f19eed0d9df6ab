/*
 * What a phrase book is made of, for rule/phrase.c that reads it and
 * rule/phrase_find.c that looks for its phrases. Nobody else needs it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_PHRASE_PRIVATE_H
#define RULE_PHRASE_PRIVATE_H

#include "rule/fold.h"
#include "rule/phrase.h"
#include "rule/words.h"

#include <stdbool.h>
#include <stddef.h>

struct phrase {
	const char *text;	/* as written in the file */
	const char *folded;
	const char *head;	/* folded; what stands before the gap, or all of it */
	const char **tails;	/* one of which must follow later in the sentence */
	size_t tail_count;	/* 0 when there is no gap */
	enum phrase_meaning meaning;
};

struct phrase_book {
	struct phrase *phrases;
	size_t count;
	struct words words;
};

struct phrase_text {
	struct fold fold;
};

/*
 * Whether the phrase whose head (of that length) stands at `at` stands there
 * whole, and means what it is listed for.
 */
bool phrase_means(const struct fold *fold, const struct phrase *phrase, const char *at,
	size_t head);

#endif
