/*
 * Each kind of deadline as a row of data: whose span it has, which mail from
 * outside opens it, which mail of ours meets it. Holds no dates: calendar.c
 * counts, the store keeps.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/deadline.h"

#include "base/clock.h"

#define BIT(kind) (UINT64_C(1) << (kind))

/*
 * Any letter of ours about the matter, a person's own from a mail client too;
 * an automatic acknowledgement is none.
 */
#define LETTERS (BIT(KIND_REPLY) | BIT(KIND_FINDING) | BIT(KIND_PROGRESS) | BIT(KIND_EXTENSION) | \
	BIT(KIND_COMPLETION) | BIT(KIND_QUESTION) | BIT(KIND_STAFF))

/* What a coordinator answers a question of ours with; a reminder is none. */
#define ANSWERS (BIT(KIND_CONTACT_REQUEST) | BIT(KIND_ENCRYPTION_CHECK) | BIT(KIND_DETAILS) | \
	BIT(KIND_CORRESPONDENCE) | BIT(KIND_CLOSING) | BIT(KIND_FINDER_REPORT))

struct deadline_row {
	uint64_t opened_by, met_by;	/* bits of enum mail_kind: theirs or ours */
	bool by_stage;			/* our acknowledgement meets that of its own stage alone */
	uint64_t moved_by;		/* ours: to the day that it names */
	bool by_party;			/* each whom a letter of ours asks owes it by himself */
};

_Static_assert(MAIL_KINDS <= 64, "kinds of mail as bits");

/*
 * requested is opened by a day in a text, not by a kind of mail; what a person sets
 * takes the place of any.
 */
static const struct deadline_row rows[DEADLINE_KINDS] = {
	[DEADLINE_ACKNOWLEDGE] = {
		BIT(KIND_CONTACT_REQUEST) | BIT(KIND_ENCRYPTION_CHECK) | BIT(KIND_DETAILS),
		BIT(KIND_ACKNOWLEDGEMENT) | LETTERS, true, 0, false },
	[DEADLINE_CONTACT] = {
		BIT(KIND_CONTACT_REQUEST), BIT(KIND_ACKNOWLEDGEMENT) | LETTERS, true, 0, false },
	[DEADLINE_ENCRYPTION] = {
		BIT(KIND_ENCRYPTION_CHECK), BIT(KIND_ACKNOWLEDGEMENT) | LETTERS, true, 0, false },
	[DEADLINE_INVESTIGATION] = {
		BIT(KIND_DETAILS), BIT(KIND_FINDING) | BIT(KIND_COMPLETION), false, 0, false },
	[DEADLINE_REMEDIATION] = {
		BIT(KIND_DETAILS), BIT(KIND_COMPLETION), false, BIT(KIND_EXTENSION), false },
	[DEADLINE_REQUESTED] = { 0, LETTERS, false, 0, false },
	[DEADLINE_VENDOR_RECEIPT] = { BIT(KIND_FORWARD), BIT(KIND_VENDOR_RECEIPT), false, 0, true },
	[DEADLINE_FINDER] = {
		BIT(KIND_FINDER_REPORT) | BIT(KIND_FORM_REPORT),
		BIT(KIND_ACKNOWLEDGEMENT) | LETTERS, false, 0, false },
	[DEADLINE_THEIR_ANSWER] = { BIT(KIND_QUESTION), ANSWERS, false, 0, true },
};

static const struct span *
desk_span(const struct policy_deadlines *spans, enum deadline_kind kind)
{
	switch (kind) {
	case DEADLINE_ACKNOWLEDGE:
		return &spans->acknowledge;
	case DEADLINE_CONTACT:
		return &spans->contact;
	case DEADLINE_ENCRYPTION:
		return &spans->encryption;
	case DEADLINE_INVESTIGATION:
		return &spans->investigation;
	case DEADLINE_VENDOR_RECEIPT:
		return &spans->vendor_receipt;
	case DEADLINE_FINDER:
		return &spans->finder;
	case DEADLINE_THEIR_ANSWER:
		return &spans->their_answer;
	default:
		return NULL;
	}
}

bool
deadline_span(const struct policy *policy, size_t desk, int coordinator, enum deadline_kind kind,
	struct span *span_r)
{
	bool has_coordinator = coordinator >= 0 && (size_t)coordinator < policy->coordinator_count;
	const struct span *span = NULL;

	if (kind == DEADLINE_REMEDIATION && has_coordinator)
		span = &policy->coordinators[coordinator].remediation;
	if (kind != DEADLINE_REMEDIATION && desk < policy->desk_count)
		span = desk_span(&policy->desks[desk].deadline, kind);
	if (span == NULL)
		return false;
	*span_r = *span;
	return true;
}

bool
deadline_opened_by(enum deadline_kind kind, enum mail_kind mail)
{
	return kind < DEADLINE_KINDS && mail < MAIL_KINDS &&
		(rows[kind].opened_by & BIT(mail)) != 0;
}

bool
deadline_met_by(enum deadline_kind kind, enum mail_kind mail)
{
	return kind < DEADLINE_KINDS && mail < MAIL_KINDS &&
		(rows[kind].met_by & BIT(mail)) != 0;
}

bool
deadline_moved_by(enum deadline_kind kind, enum mail_kind mail)
{
	return kind < DEADLINE_KINDS && mail < MAIL_KINDS &&
		(rows[kind].moved_by & BIT(mail)) != 0;
}

bool
deadline_by_stage(enum deadline_kind kind)
{
	return kind < DEADLINE_KINDS && rows[kind].by_stage;
}

bool
deadline_by_party(enum deadline_kind kind)
{
	return kind < DEADLINE_KINDS && rows[kind].by_party;
}

bool
deadline_met_by_receipt(enum deadline_kind kind, enum stage stage)
{
	return deadline_by_stage(kind) ||
		(kind == DEADLINE_REQUESTED &&
			(stage == STAGE_CONTACT || stage == STAGE_ENCRYPTION));
}

const char *
deadline_name(const struct record_deadline *deadline)
{
	return deadline->item != NULL ? deadline->item : deadline_kind_name(deadline->kind);
}

bool
deadline_overdue(int64_t due, enum deadline_state state, int64_t now)
{
	if (state != DEADLINE_PENDING && state != DEADLINE_MISSED)
		return false;
	/* `due` names the day's last second, and that second is still in time. */
	return now >= due + CLOCK_SECOND;
}
