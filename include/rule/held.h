/*
 * Why a letter waits for a person, where that follows from no rule of answers (rule/decide.h has
 * those): one sentence each, as the outbox keeps it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_HELD_H
#define RULE_HELD_H

enum held_why {
	HELD_JUDGED_AGAIN,	/* an answer to a mail that was first judged otherwise */
	HELD_NO_KEY,
	HELD_NO_KEY_TO_FORWARD,
	HELD_NEW_KEY,		/* a letter about a new key, which a person releases */
	HELD_NEW_KEY_IN_USE,	/* one that the old key should have signed */
	HELD_NEW_KEY_LEFT,	/* one of a change of keys that did not go on */
	HELD_WHYS
};

/* Static text; the view has the same in Japanese (spoken_held_why()). */
const char *held_why_text(enum held_why why);

#endif
