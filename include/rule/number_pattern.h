/*
 * One coordinator's pattern, compiled, and its match at one place of a text
 * that was made plain. For rule/number.c, which knows where to look. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_NUMBER_PATTERN_H
#define RULE_NUMBER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/number.h"

#define NUMBER_MATCH_MAX 128	/* bytes of a text that one match may take */

struct number_match {
	size_t len;		/* bytes of the text */
	char number[NUMBER_MAX];	/* canonical */
};

/* Where the next match may begin, from `at` on; len when nowhere. */
size_t number_pattern_candidate(const struct number_pattern *pattern, const char *text, size_t len,
	size_t at);

/* The match that begins right at `at`. What stands around it is the caller's to look at. */
bool number_pattern_match(const struct number_pattern *pattern, const char *text, size_t len,
	size_t at, struct number_match *match_r);

/* What stands before the pattern's one group in a canonical number ("IPA#"); NULL when it is of another form, or `pattern` is NULL. */
const char *number_pattern_prefix(const struct number_pattern *pattern);

#endif
