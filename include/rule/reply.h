/*
 * The letters that a person writes in a case, as data: their kinds, what each must
 * have before it may go, and which mails of the case it answers. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_REPLY_H
#define RULE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/kinds.h"
#include "rule/record.h"

struct arena;

#define REPLY_KINDS "finding, progress, extension, completion, question, plain"
#define REPLY_RESULTS_WORDS "confirmed, not-reproduced, not-a-vulnerability, known"
#define REPLY_REFERENCES 60	/* Message-IDs of a References field, at most */

/* What the verification of a report came to; of a finding alone. */
enum reply_result {
	REPLY_CONFIRMED, REPLY_NOT_REPRODUCED, REPLY_NOT_A_VULNERABILITY, REPLY_KNOWN, REPLY_RESULTS
};

/* The words of --kind ("plain" is KIND_REPLY) and --result; false when it is none of them. */
bool reply_kind_read(const char *word, enum mail_kind *kind_r);
bool reply_result_read(const char *word, enum reply_result *result_r);

/* The name of its template ("reply-finding-known"), in the arena; the result is a finding's. */
char *reply_template(struct arena *arena, enum mail_kind kind, enum reply_result result);

/* What a letter has. */
struct reply_has {
	enum mail_kind kind;
	enum reply_result result;
	bool to_coordinator;	/* one is told, by the letter or by a copy */
	bool with_result, with_until, with_text, with_number, with_site;
};

enum reply_fault {
	REPLY_FINE,
	REPLY_WANTS_RESULT, REPLY_TAKES_NO_RESULT,
	REPLY_WANTS_UNTIL, REPLY_TAKES_NO_UNTIL,
	REPLY_WANTS_NUMBER, REPLY_WANTS_SITE,	/* the guide: a completion names both */
	REPLY_WANTS_TEXT,	/* what was done, how it stands ...: the template cannot know */
	REPLY_FAULTS
};

/* Why it may not go yet, REPLY_FINE when it may. The want of a text is told last. */
enum reply_fault reply_check(const struct reply_has *has);

/*
 * The number that a letter in a case with these numbers bears, NULL for none: that
 * coordinator's (or one that is nobody's), and never another coordinator's; in a case
 * without coordinator (NULL) the main one.
 */
const char *reply_number(const struct record_number *list, size_t count, const char *coordinator);

/*
 * The Message-IDs, the answered one last, of the case's mails with whoever has one of
 * these addresses, out of the case's messages (oldest first): answered is their last
 * mail to us, or, where none came by mail, our last one to them. Forged mail, failure
 * reports and robots' answers are left out, and the middle of a long exchange. Returns
 * how many stand in ids_r, at most REPLY_REFERENCES.
 */
size_t reply_thread(struct arena *arena, const struct record_message *messages, size_t count,
	const struct string_list *addresses, const char *ids_r[REPLY_REFERENCES]);

#endif
