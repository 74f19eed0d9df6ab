/*
 * The response guide's two questions to a finder: was it reported elsewhere; is
 * publication intended, how and when. Whether his mail answers them already. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_TOLD_H
#define RULE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

struct phrase_text;

struct told {
	bool reported;		/* says whom he told, or that he told nobody */
	bool publication;	/* says that he will not, or that he will and when */
};

/* text may be NULL. Where it is in doubt the answer is no: a question too many harms nobody. */
void told_find(const struct phrase_text *text, struct told *told_r);

/* The words, in their match copy's spelling; NULL beyond the last. */
const char *told_word(size_t index);

#endif
