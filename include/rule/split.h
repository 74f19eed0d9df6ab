/*
 * One case made two at a person's word: messages go to a new one, and with them
 * what they brought. Pure: decides, and moves nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_SPLIT_H
#define RULE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

struct split {
	const struct record_message *messages;	/* of the case, oldest first */
	size_t message_count;
	const struct record_outbox *letters;	/* of the case */
	size_t letter_count;
	bool *moves;		/* one a message: it goes; a person's word, then split_follow()'s */
};

/*
 * Our answers follow what they answer. False, with the message in stray_r, when
 * a person named an answer of ours to a message that stays.
 */
bool split_follow(struct split *split, const struct record_message **stray_r);

/* One of the two cases as its messages make it; mail of ours counts for nothing but `messages`. */
struct split_part {
	size_t messages;
	const struct record_message *first;	/* that came in, the oldest; NULL for none */
	enum stage stage;	/* the furthest that a mail names which is not suspect */
	enum trust trust;	/* the best; TRUST_SUSPECT when none came in */
};

/* moved: the new case, else the one that is left. */
void split_part(const struct split *split, bool moved, struct split_part *part_r);

/* Where one of the case's numbers is found then. */
struct split_number {
	bool here, there;	/* the case that is left bears it; the new one does */
	bool bound_here, bound_there;
};

/*
 * A case bears what its own mails name; what no mail names was a person's word
 * and stays. It is bound where a believed mail names it, first to the case that
 * is left; by_person: the case is staff's own, and keeps what is bound to it.
 */
void split_number(const struct split *split, const struct record_number *number, bool by_person,
	struct split_number *number_r);

/* Whether a mail that goes, or one that stays, names that site of the case. */
bool split_site(const struct split *split, const char *site, bool moved);

#endif
