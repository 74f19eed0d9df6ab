/*
 * Each kind of deadline: what opens it, what meets it, as data in one table. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DEADLINE_H
#define RULE_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/kinds.h"
#include "rule/policy.h"
#include "rule/record.h"

/*
 * The span of a kind at that desk (remediation: the coordinator's, -1 has none); false
 * for a kind without one (requested).
 */
bool deadline_span(const struct policy *policy, size_t desk, int coordinator,
	enum deadline_kind kind,
	struct span *span_r);

/*
 * Whether a mail of that kind opens the deadline: theirs when it came, ours (a question,
 * a forward) once the server took it.
 */
bool deadline_opened_by(enum deadline_kind kind, enum mail_kind mail);

/* Whether a mail of that kind meets the deadline: ours once the server took it, theirs when it came. */
bool deadline_met_by(enum deadline_kind kind, enum mail_kind mail);

/*
 * Whether a mail of ours that names a day moves the deadline to it, once the server took
 * it: the old one is ended and stays on record.
 */
bool deadline_moved_by(enum deadline_kind kind, enum mail_kind mail);

/* Whether it is owed for a stage, and ends with the stage's acknowledgement. */
bool deadline_by_stage(enum deadline_kind kind);

/*
 * Whether it is owed to us, by each whom a letter of ours asked: the addressee of that
 * letter meets it, and nobody else.
 */
bool deadline_by_party(enum deadline_kind kind);

/*
 * Whether our acknowledgement of that stage meets one that a mail of the stage opened:
 * what is owed for the stage; and what the mail asked for by a day, where the
 * acknowledgement says it (whom to write to, which key). What details ask for takes a
 * person.
 */
bool deadline_met_by_receipt(enum deadline_kind kind, enum stage stage);

/* The word of its kind, or of its item of the list for trouble under way: as commands spell it. */
const char *deadline_name(const struct record_deadline *deadline);

/* Whether it is past at `now`. */
bool deadline_overdue(int64_t due, enum deadline_state state, int64_t now);

#endif
