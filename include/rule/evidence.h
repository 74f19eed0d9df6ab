/*
 * The very words that spoke for what a mail was taken for, cut out of its text:
 * for `message why`, on a person's screen alone. Runs in the reader; nothing of
 * it is kept, or goes into a decision. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_EVIDENCE_H
#define RULE_EVIDENCE_H

#include <stddef.h>

struct arena;
struct message;
struct policy;
struct text;

#define EVIDENCE_QUOTE_MAX 240	/* bytes of one quotation; a longer one is cut */
#define EVIDENCE_SIGN "sign "
#define EVIDENCE_PLACE_SUBJECT "subject"
#define EVIDENCE_PLACE_TEXT "text"
#define EVIDENCE_PLACE_FORM "form's field"

/*
 * Adds a line for each number, site, phrase and sign by words (rule/finder_signs.h)
 * of one layer: "what TAB place TAB quotation", where what is "number IPA#12345678",
 * "site https://…", "IPA contact-ask" or "sign an offer", and place is one of the
 * above or REASONS_QUOTED. Of one phrase or sign the first place where it stands;
 * whether signs were weighed at all the reasons tell. What it looks at is bounded as in rule/observe.
 */
void evidence_add(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, struct text *text);

#endif
