/*
 * The enumerations of doc/RULES 5, each with its spelling: kinds of mail,
 * stages, phases, trust, deadlines, states. One place, so that store, JSON and
 * conf spell alike.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_KINDS_H
#define RULE_KINDS_H

#include <stdbool.h>

enum mail_kind {
	/* in */
	KIND_CONTACT_REQUEST, KIND_ENCRYPTION_CHECK, KIND_DETAILS, KIND_REMINDER, KIND_CLOSING,
	KIND_CORRESPONDENCE, KIND_FINDER_REPORT, KIND_FORM_REPORT, KIND_VENDOR_RECEIPT, KIND_BOUNCE,
	KIND_AUTO_REPLY, KIND_OWN, KIND_UNRELATED, KIND_UNREADABLE,
	/* out */
	KIND_ACKNOWLEDGEMENT, KIND_REPLY, KIND_FINDING, KIND_PROGRESS, KIND_EXTENSION, KIND_COMPLETION,
	KIND_QUESTION, KIND_FORWARD, KIND_ALERT, KIND_DIGEST, KIND_STAFF,
	MAIL_KINDS
};

enum stage { STAGE_NONE, STAGE_CONTACT, STAGE_ENCRYPTION, STAGE_DETAILS, STAGES };
enum phase { PHASE_RECEIVE, PHASE_INVESTIGATE, PHASE_ASSESS, PHASE_PLAN, PHASE_IMPLEMENT, PHASE_REPORT, PHASES };

/* From worst to best, so that the best of several is the largest. */
enum trust { TRUST_SUSPECT, TRUST_UNVERIFIED, TRUST_AUTHENTICATED, TRUST_VERIFIED, TRUSTS };

enum origin { ORIGIN_COORDINATOR, ORIGIN_FINDER, ORIGIN_FORM, ORIGIN_STAFF, ORIGINS };
enum case_state { CASE_OPEN, CASE_CLOSED, CASE_STATES };
enum deadline_kind {
	DEADLINE_ACKNOWLEDGE, DEADLINE_CONTACT, DEADLINE_ENCRYPTION, DEADLINE_INVESTIGATION,
	DEADLINE_REMEDIATION, DEADLINE_REQUESTED, DEADLINE_VENDOR_RECEIPT, DEADLINE_FINDER,
	DEADLINE_THEIR_ANSWER, DEADLINE_KINDS
};
enum deadline_state { DEADLINE_PENDING, DEADLINE_MET, DEADLINE_MISSED, DEADLINE_CANCELLED, DEADLINE_STATES };
enum deadline_source { SOURCE_RULE, SOURCE_MAIL, SOURCE_STAFF, SOURCES };
enum outbox_state { OUTBOX_HELD, OUTBOX_QUEUED, OUTBOX_DEFERRED, OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_DROPPED, OUTBOX_STATES };
enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTIONS };

/*
 * The spelling in JSON and commands ("contact-request"), never NULL for a value
 * in range. kinds_* back: false when the word is none of them. A null stage is
 * spelled NULL.
 */
const char *mail_kind_name(enum mail_kind kind);
const char *stage_name(enum stage stage);
const char *phase_name(enum phase phase);
const char *trust_name(enum trust trust);
const char *origin_name(enum origin origin);
const char *case_state_name(enum case_state state);
const char *deadline_kind_name(enum deadline_kind kind);
const char *deadline_state_name(enum deadline_state state);
const char *deadline_source_name(enum deadline_source source);
const char *outbox_state_name(enum outbox_state state);
const char *direction_name(enum direction direction);

bool mail_kind_read(const char *word, enum mail_kind *kind_r);
bool stage_read(const char *word, enum stage *stage_r);
bool phase_read(const char *word, enum phase *phase_r);
bool deadline_kind_read(const char *word, enum deadline_kind *kind_r);
bool outbox_state_read(const char *word, enum outbox_state *state_r);

#endif
