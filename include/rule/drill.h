/*
 * The drill: a sealed notification that the desk writes to itself, to see that it
 * would be answered. Which mail is the drill's, whether a coordinator's would have
 * been answered in its place, and whether the answer is one. Pure. A drill's
 * number means nothing outside of a drill: it is no handling number, no case bears it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DRILL_H
#define RULE_DRILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/facts.h"
#include "rule/plain.h"

struct arena;
struct policy;

#define DRILL_NAME "DRILL"	/* the coordinator that it stands for */
#define DRILL_LOW 10000000u	/* a number's digits are eight */
#define DRILL_HIGH 99999999u
#define DRILL_LATE_DAYS 40	/* without one that passed: staff are told */

/* The first drill's number in the text, 0 for none. Seven digits or nine are none. */
uint32_t drill_number(const struct plain *plain);

/* "DRILL#12345678" */
char *drill_number_text(struct arena *arena, uint32_t number);

/* What is expected of a drill's mails. */
struct drill_expected {
	uint32_t number;
	const char *key;	/* fingerprint of the drill's own key */
	int64_t received_at, now;
};

/* Whether the one From address is the window's: of no other a drill's mail can be. */
bool drill_from_window(const struct policy *policy, size_t desk, const struct facts *facts);

/*
 * Judges the drill's notification by the rules that hold for a coordinator's whose
 * key is pinned and whose details are answered at once. NULL when it would be
 * believed and answered as details; else why not, in words for a person.
 */
const char *drill_judge(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct drill_expected *expected);

/* Whether this is the desk's answer: sealed, signed by its key, with the number inside. NULL, or why not. */
const char *drill_answered(const struct policy *policy, size_t desk, const struct facts *facts,
	uint32_t number);

/* Whether staff are to be told that none has passed for too long; passed_at 0: none ever did. */
bool drill_late(int64_t passed_at, int64_t now);

#endif
