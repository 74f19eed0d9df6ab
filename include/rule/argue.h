/*
 * Why a mail was taken for what it was, as lines that are kept with it and told
 * by `message why`: "topic: what was found". Ids, places, the conf's own words
 * and header fields of the outside; never a word of the mail's text, nor
 * anything of a sealed one beyond doc/RULES 3. Pure.
 *
 * The lines of numbers and sites are read again by rule/reasons.h.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_ARGUE_H
#define RULE_ARGUE_H

#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"

struct policy;
struct text;

#define ARGUE_MAX (64 * 1024)	/* bytes that the lines take at most */

/* Everything that a decision stood on. */
struct argument {
	const struct policy *policy;
	size_t desk;
	const struct facts *facts;
	const struct decide_known *known;
	const struct decision *decision;
	size_t own_numbers;	/* of decision->first.numbers: before a case had to take them */
};

/* All lines, in the order in which a person would argue. */
void argue(const struct argument *argument, struct text *text);

/* Parts of it: who it is from and what proves it; what it says; which case, and what spoke against it; what followed. */
void argue_trust(const struct argument *argument, struct text *text);
void argue_content(const struct argument *argument, struct text *text);
void argue_case(const struct argument *argument, struct text *text);
void argue_outcome(const struct argument *argument, struct text *text);

/* What a layer is to a person: "the mail as it came", "the sealed part" … */
const char *argue_part_name(const struct facts *facts, size_t layer);

#endif
