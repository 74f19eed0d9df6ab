/*
 * Step two of a decision: the row, the kind of mail, and where it goes. One
 * function for each row of doc/RULES 2; what is done about the
 * mail is decide_finish.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "mail/address.h"
#include "rule/finder_letter.h"
#include "rule/policy.h"
#include "rule/signature.h"

#include <string.h>

static void
go_stage(const struct decide_sight *sight, int coordinator, bool known,
	struct decide_thread *thread)
{
	stage_judge(sight->policy, (size_t)coordinator, sight->facts, sight->trust.used_layer,
		known, &thread->why);
	thread->kind = thread->why.kind;
	thread->stage = thread->why.stage;
}

static void leave_unfiled(const struct decide_sight *sight, struct decide_thread *thread);

/* What pretends to be a coordinator's mail server may not end a letter: it is shown. */
static void
go_bounce(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = KIND_BOUNCE;
	if (sight->trust.trust == TRUST_SUSPECT) {
		leave_unfiled(sight, thread);
		return;
	}
	thread->join = sight->known->bounced_case;
	thread->place = thread->join != 0 ? PLACE_JOIN : PLACE_NONE;
}

static void
go_suspect(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = sight->first->unreadable ? KIND_UNREADABLE : KIND_CORRESPONDENCE;
	if (sight->trust.coordinator >= 0 && !sight->first->unreadable)
		go_stage(sight, sight->trust.coordinator, false, thread);
	/* A site is enough in a mail of the coordinator's own address, not of one like it. */
	if (thread->why.by_address_alone && sight->trust.sender != SENDER_COORDINATOR) {
		thread->kind = KIND_CORRESPONDENCE;
		thread->stage = STAGE_NONE;
	}
	thread->place = PLACE_NEW;
}

/* The stage stays what it was: nobody knows what the mail says. */
static void
go_unreadable(const struct decide_sight *sight, struct decide_thread *thread)
{
	if (decide_is_coordinator(sight))
		decide_join_coordinator(sight->first, sight->known, &sight->trust, thread);
	else if (!sight->known->takes_part ||
		 !decide_join_participant(sight->first, sight->known, thread))
		thread->place = PLACE_NEW;
	thread->kind = KIND_UNREADABLE;
}

static void
go_coordinator(const struct decide_sight *sight, struct decide_thread *thread)
{
	bool known = decide_join_known(sight->first, sight->known);

	go_stage(sight, sight->trust.coordinator, known, thread);
	decide_join_coordinator(sight->first, sight->known, &sight->trust, thread);
	decide_join_also(sight->first, sight->known, &sight->trust, sight->trust.coordinator,
		thread);
}

/* Always a new one: a form proves nobody, so nothing may be joined through it. */
static void
go_form(const struct decide_sight *sight, struct decide_thread *thread)
{
	go_stage(sight, sight->first->text_coordinator, false, thread);
	thread->place = PLACE_NEW;
}

static bool
is_vendor(const struct decide_sight *sight)
{
	const struct facts_addresses *from = &sight->facts->header.from;

	for (size_t i = 0; i < sight->policy->staff_count && from->count == 1; i++)
		if (sight->policy->staff[i].role == ROLE_VENDOR &&
		    address_equal(sight->policy->staff[i].address, from->at[0].address))
			return true;
	return false;
}

static void
go_participant(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = KIND_CORRESPONDENCE;
	if (sight->trust.sender == SENDER_STAFF && is_vendor(sight))
		thread->kind = KIND_VENDOR_RECEIPT;
	else if (sight->trust.sender == SENDER_STRANGER && sight->used->finder_words)
		thread->kind = KIND_FINDER_REPORT;
	if (sight->known->from_sent)
		thread->kind = KIND_STAFF;
	decide_join_participant(sight->first, sight->known, thread);
	decide_join_also(sight->first, sight->known, &sight->trust, -1, thread);
}

static void
go_finder(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = sight->trust.sender == SENDER_FORM ? KIND_FORM_REPORT : KIND_FINDER_REPORT;
	thread->join = decide_join_reference(sight->known);
	thread->place = thread->join != 0 ? PLACE_JOIN : PLACE_NEW;
}

/* Of no case, but kept and shown beside the one that it speaks of. */
static void
leave_unfiled(const struct decide_sight *sight, struct decide_thread *thread)
{
	struct decide_thread shown = { .place = PLACE_NONE };

	thread->place = PLACE_UNFILED;
	if (decide_join_participant(sight->first, sight->known, &shown))
		thread->shown_beside = shown.join;
}

static void
go_stranger(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = KIND_CORRESPONDENCE;
	leave_unfiled(sight, thread);
}

static void
go_unrelated(const struct decide_sight *sight, struct decide_thread *thread)
{
	thread->kind = sight->known->from_sent ? KIND_STAFF : KIND_UNRELATED;
	thread->place = PLACE_NONE;
	/* What might be a report is nobody's mail, but shown. */
	if (thread->row == ROW_UNRELATED && sight->trust.sender == SENDER_STRANGER &&
		sight->used->finder_doubt && !sight->known->from_sent) {
		thread->kind = KIND_CORRESPONDENCE;
		thread->place = PLACE_UNFILED;
	}
}

static void
go_own(const struct decide_sight *sight, struct decide_thread *thread)
{
	(void)sight;
	thread->kind = KIND_OWN;
	thread->place = PLACE_NONE;
}

static void go_robot(const struct decide_sight *sight, struct decide_thread *thread);

static void (*const ways[DECIDE_ROWS])(const struct decide_sight *, struct decide_thread *) = {
	[ROW_OWN] = go_own,
	[ROW_BOUNCE] = go_bounce,
	[ROW_ROBOT] = go_robot,
	[ROW_SUSPECT] = go_suspect,
	[ROW_UNREADABLE] = go_unreadable,
	[ROW_COORDINATOR] = go_coordinator,
	[ROW_FORM] = go_form,
	[ROW_PARTICIPANT] = go_participant,
	[ROW_FINDER] = go_finder,
	[ROW_STRANGER] = go_stranger,
	[ROW_UNRELATED] = go_unrelated,
};

/* What a watcher of leaks and attacks lets a program write to everyone whom it concerns. */
static bool
is_notice(const struct decide_sight *sight, enum decide_row row)
{
	return sight->trust.sender == SENDER_STRANGER &&
		(row == ROW_FINDER || (row == ROW_UNRELATED && sight->used->finder_notice));
}

/*
 * A program's mail joins what a person's would. Where a person's would open a
 * case, it does so only when it is verified; what might be a coordinator's, or reads
 * as a report (of leaked passwords, say), is kept unfiled rather than dropped. It is of no stage: no answer hangs on it.
 */
static void
go_robot(const struct decide_sight *sight, struct decide_thread *thread)
{
	enum decide_row row = decide_row_of_person(sight);

	ways[row](sight, thread);
	if (thread->place == PLACE_NEW && sight->trust.trust != TRUST_VERIFIED) {
		thread->place = PLACE_NONE;
		if (sight->trust.coordinator >= 0)
			leave_unfiled(sight, thread);
	}
	if (thread->place == PLACE_NONE && is_notice(sight, row))
		leave_unfiled(sight, thread);
	thread->kind = KIND_AUTO_REPLY;
	thread->stage = STAGE_NONE;
}

/*
 * Where a person put it, whatever its number and References say; else, before it opens one,
 * where it was. A suspect one is alone all the same.
 */
static void
stay_put(const struct decide_known *known, struct decide_thread *thread)
{
	if (known->put == 0 && known->in != 0 && thread->place == PLACE_NEW &&
		thread->row != ROW_SUSPECT) {
		thread->place = PLACE_JOIN;
		thread->join = known->in;
		return;
	}
	if (known->put == 0 || thread->row == ROW_SUSPECT ||
	    (thread->place != PLACE_NEW && thread->place != PLACE_JOIN))
		return;
	thread->place = PLACE_JOIN;
	thread->join = known->put;
	thread->also_count = 0;
}

void
decide_thread(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known, struct decide_thread *thread_r)
{
	struct decide_sight sight = {
		.policy = policy, .facts = facts, .first = first, .known = known };

	(void)arena;
	(void)desk;
	memset(thread_r, 0, sizeof(*thread_r));
	decide_trust(facts, first, known, &sight.trust);
	sight.used = signature_layer(facts, sight.trust.used_layer);
	thread_r->row = decide_row_of(&sight);
	ways[thread_r->row](&sight, thread_r);
	stay_put(known, thread_r);
	if (decide_row_claims(thread_r->row) &&
	    (thread_r->place == PLACE_NEW || thread_r->place == PLACE_JOIN))
		decide_join_beside(first, known, thread_r);
}
