/*
 * The match copy of a text, and where its lines began. Both sides of every
 * comparison of wording go through here. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FOLD_H
#define RULE_FOLD_H

#include <stddef.h>

struct arena;

#define FOLD_TEXT_MAX (128 * 1024)	/* bytes of a text that are folded, at most */

struct fold {
	char *text;		/* NUL-ended */
	unsigned char *line;	/* of each byte: whether only numbering is before it on its line */
	size_t len;
};

/* text is valid UTF-8. */
void fold_make(struct arena *arena, const char *text, struct fold *fold_r);

/* Where word (folded as well) stands as a whole word, at or behind `from`; NULL if nowhere. */
const char *fold_word(const struct fold *fold, const char *from, const char *word);

#endif
