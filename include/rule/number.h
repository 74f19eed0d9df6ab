/*
 * Handling numbers: finds them in text by the coordinators' patterns and
 * brings every spelling to one canonical form. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_NUMBER_H
#define RULE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "rule/plain.h"

struct arena;
struct policy;

#define NUMBER_MAX 64		/* bytes of a canonical number, NUL included */
#define NUMBERS_MAX 32		/* distinct numbers taken from one text; more are noted */
#define NUMBER_TEXT_MAX PLAIN_TEXT_MAX	/* bytes of a text that are searched */

struct number_pattern;

struct number_hit {
	char number[NUMBER_MAX];	/* canonical, upper case, without blanks: "IPA#12345678" */
	size_t coordinator;		/* index into the policy */
	size_t at;			/* byte offset in the plain text */
};

struct number_hits {
	struct number_hit hit[NUMBERS_MAX];
	size_t count;
	bool more;
};

/*
 * Compiles a POSIX extended regular expression, matched without regard to ASCII
 * case against text after NFKC, with blanks around '#' dropped. Where it is plain
 * characters and one group, the canonical form is those characters and the
 * group's text; else it is the whole match. Either is without blanks, so a blank
 * in the expression may lack in the text too, and a dot or a negated bracket
 * expression stands for no blank. NEVER with the reason when it does
 * not compile, could match the empty string, or refers back to a group (which no
 * engine matches in bounded time).
 */
enum outcome number_pattern_compile(struct arena *arena, const char *regex,
	struct number_pattern **pattern_r, struct err *err_r);

/* Releases what the compiled form holds beyond its arena. Takes NULL; sets NULL. */
void number_pattern_free(struct number_pattern **pattern);

/*
 * Every number of every coordinator in UTF-8 text, in the order of appearance,
 * each once; a line end inside one (a hard wrap) does not hide it. A digit or a
 * letter right before a match, or a digit right after, makes it none. Masks (X's,
 * asterisks) match no pattern of digits.
 */
void number_find(struct arena *arena, const struct policy *policy, const char *text,
	struct number_hits *hits_r);

/* The same in text that was made plain already. */
void number_find_plain(struct arena *arena, const struct policy *policy, const struct plain *plain,
	struct number_hits *hits_r);

/*
 * One spelling, as a person types it on the command line ("ipa＃12345678",
 * "IPA# 12345678"), to its canonical form; false when it is no coordinator's number.
 */
bool number_canonical(struct arena *arena, const struct policy *policy, const char *spelling,
	char number_r[NUMBER_MAX], size_t *coordinator_r);

/* Whether what a reader found can be: a number of that coordinator's, in its canonical form. */
bool number_fits(struct arena *arena, const struct policy *policy, const struct number_hit *hit);

#endif
