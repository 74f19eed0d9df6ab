/*
 * The spellings of doc/RULES 5, one table an enumeration. Must hold nothing but
 * names: what a kind means is told where it is decided.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/kinds.h"

#include "base/text.h"

#include <stddef.h>

static const char *const mail_kinds[MAIL_KINDS] = {
	[KIND_CONTACT_REQUEST] = "contact-request",
	[KIND_ENCRYPTION_CHECK] = "encryption-check",
	[KIND_DETAILS] = "details",
	[KIND_REMINDER] = "reminder",
	[KIND_CLOSING] = "closing",
	[KIND_CORRESPONDENCE] = "correspondence",
	[KIND_FINDER_REPORT] = "finder-report",
	[KIND_FORM_REPORT] = "form-report",
	[KIND_VENDOR_RECEIPT] = "vendor-receipt",
	[KIND_BOUNCE] = "bounce",
	[KIND_AUTO_REPLY] = "auto-reply",
	[KIND_OWN] = "own",
	[KIND_UNRELATED] = "unrelated",
	[KIND_UNREADABLE] = "unreadable",
	[KIND_ACKNOWLEDGEMENT] = "acknowledgement",
	[KIND_REPLY] = "reply",
	[KIND_FINDING] = "finding",
	[KIND_PROGRESS] = "progress",
	[KIND_EXTENSION] = "extension",
	[KIND_COMPLETION] = "completion",
	[KIND_QUESTION] = "question",
	[KIND_FORWARD] = "forward",
	[KIND_ALERT] = "alert",
	[KIND_DIGEST] = "digest",
	[KIND_STAFF] = "staff",
};

static const char *const stages[STAGES] = {
	[STAGE_NONE] = NULL,
	[STAGE_CONTACT] = "contact",
	[STAGE_ENCRYPTION] = "encryption",
	[STAGE_DETAILS] = "details",
};

static const char *const phases[PHASES] = {
	[PHASE_RECEIVE] = "receive",
	[PHASE_INVESTIGATE] = "investigate",
	[PHASE_ASSESS] = "assess",
	[PHASE_PLAN] = "plan",
	[PHASE_IMPLEMENT] = "implement",
	[PHASE_REPORT] = "report",
};

static const char *const trusts[TRUSTS] = {
	[TRUST_SUSPECT] = "suspect",
	[TRUST_UNVERIFIED] = "unverified",
	[TRUST_AUTHENTICATED] = "authenticated",
	[TRUST_VERIFIED] = "verified",
};

static const char *const origins[ORIGINS] = {
	[ORIGIN_COORDINATOR] = "coordinator",
	[ORIGIN_FINDER] = "finder",
	[ORIGIN_FORM] = "form",
	[ORIGIN_STAFF] = "staff",
};

static const char *const case_states[CASE_STATES] = {
	[CASE_OPEN] = "open",
	[CASE_CLOSED] = "closed",
};

static const char *const deadline_kinds[DEADLINE_KINDS] = {
	[DEADLINE_ACKNOWLEDGE] = "acknowledge",
	[DEADLINE_CONTACT] = "contact",
	[DEADLINE_ENCRYPTION] = "encryption",
	[DEADLINE_INVESTIGATION] = "investigation",
	[DEADLINE_REMEDIATION] = "remediation",
	[DEADLINE_REQUESTED] = "requested",
	[DEADLINE_VENDOR_RECEIPT] = "vendor-receipt",
	[DEADLINE_FINDER] = "finder",
	[DEADLINE_THEIR_ANSWER] = "their-answer",
};

static const char *const deadline_states[DEADLINE_STATES] = {
	[DEADLINE_PENDING] = "pending",
	[DEADLINE_MET] = "met",
	[DEADLINE_MISSED] = "missed",
	[DEADLINE_CANCELLED] = "cancelled",
};

static const char *const deadline_sources[SOURCES] = {
	[SOURCE_RULE] = "rule",
	[SOURCE_MAIL] = "mail",
	[SOURCE_STAFF] = "staff",
};

static const char *const outbox_states[OUTBOX_STATES] = {
	[OUTBOX_HELD] = "held",
	[OUTBOX_QUEUED] = "queued",
	[OUTBOX_DEFERRED] = "deferred",
	[OUTBOX_SENT] = "sent",
	[OUTBOX_FAILED] = "failed",
	[OUTBOX_DROPPED] = "dropped",
};

static const char *const directions[DIRECTIONS] = {
	[DIRECTION_IN] = "in",
	[DIRECTION_OUT] = "out",
};

/* The index of a word, -1 when it is none of them; a NULL word names no value. */
static int
word_find(const char *const *words, int count, const char *word)
{
	for (int i = 0; i < count; i++) {
		if (words[i] != NULL && text_equal(words[i], word))
			return i;
	}
	return -1;
}

const char *
mail_kind_name(enum mail_kind kind)
{
	return mail_kinds[kind];
}

const char *
stage_name(enum stage stage)
{
	return stages[stage];
}

const char *
phase_name(enum phase phase)
{
	return phases[phase];
}

const char *
trust_name(enum trust trust)
{
	return trusts[trust];
}

const char *
origin_name(enum origin origin)
{
	return origins[origin];
}

const char *
case_state_name(enum case_state state)
{
	return case_states[state];
}

const char *
deadline_kind_name(enum deadline_kind kind)
{
	return deadline_kinds[kind];
}

const char *
deadline_state_name(enum deadline_state state)
{
	return deadline_states[state];
}

const char *
deadline_source_name(enum deadline_source source)
{
	return deadline_sources[source];
}

const char *
outbox_state_name(enum outbox_state state)
{
	return outbox_states[state];
}

const char *
direction_name(enum direction direction)
{
	return directions[direction];
}

bool
mail_kind_read(const char *word, enum mail_kind *kind_r)
{
	int at = word_find(mail_kinds, MAIL_KINDS, word);

	if (at < 0)
		return false;
	*kind_r = (enum mail_kind)at;
	return true;
}

bool
stage_read(const char *word, enum stage *stage_r)
{
	int at = word_find(stages, STAGES, word);

	if (at < 0)
		return false;
	*stage_r = (enum stage)at;
	return true;
}

bool
phase_read(const char *word, enum phase *phase_r)
{
	int at = word_find(phases, PHASES, word);

	if (at < 0)
		return false;
	*phase_r = (enum phase)at;
	return true;
}

bool
deadline_kind_read(const char *word, enum deadline_kind *kind_r)
{
	int at = word_find(deadline_kinds, DEADLINE_KINDS, word);

	if (at < 0)
		return false;
	*kind_r = (enum deadline_kind)at;
	return true;
}

bool
outbox_state_read(const char *word, enum outbox_state *state_r)
{
	int at = word_find(outbox_states, OUTBOX_STATES, word);

	if (at < 0)
		return false;
	*state_r = (enum outbox_state)at;
	return true;
}
