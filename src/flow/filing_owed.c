/*
 * What a message changes of what is owed in its case: deadlines that it opens or
 * meets, items that it ticks.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/filing.h"
#include "flow/ticks.h"

#include "base/text.h"
#include "mail/address.h"
#include "rule/deadline.h"

static bool
is_coordinators(struct filing *filing, const char *address)
{
	const struct policy *policy = filing->policy;

	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (engine_is_coordinators(&policy->coordinators[i], address))
			return true;
	}
	return false;
}

static bool
is_staffs(struct filing *filing, const char *address)
{
	const struct policy *policy = filing->policy;

	for (size_t i = 0; i < policy->staff_count; i++) {
		if (address_equal(policy->staff[i].address, address))
			return true;
	}
	return false;
}

static bool
is_theirs(struct filing *filing, const char *address)
{
	if (is_coordinators(filing, address))
		return true;
	if (is_staffs(filing, address))
		return false;
	return store_takes_part(filing->store, address, &filing->case_id, 1);
}

/* Whether it went to one of whom that is true. */
static bool
went_to(struct filing *filing, bool (*is)(struct filing *, const char *))
{
	const struct facts_header *header = &filing->facts->header;

	for (size_t i = 0; i < header->to.count; i++) {
		if (is(filing, header->to.at[i].address))
			return true;
	}
	for (size_t i = 0; i < header->cc.count; i++) {
		if (is(filing, header->cc.at[i].address))
			return true;
	}
	return false;
}

/* Whether the mail server says that From did not write it, and nothing else says that it did. */
static bool
is_contradicted(const struct filing *filing)
{
	const struct auth_results *auth = &filing->facts->header.auth;

	return auth->trusted && auth->dmarc == AUTH_FAIL &&
		filing->first.trust.trust < TRUST_AUTHENTICATED;
}

/*
 * Whether it meets what is owed: a person's letter to them, seen in Sent (what went to
 * the vendor alone answers nobody); their own answer, a coordinator's only if believed,
 * another's unless the mail server contradicts it.
 */
static bool
is_answer(struct filing *filing)
{
	if (filing->met_before)
		return false;
	if (filing->thread.kind == KIND_STAFF)
		return went_to(filing, is_theirs);	/* the coordinator, or the finder */
	switch (filing->thread.row) {
	case ROW_COORDINATOR:
		return filing->decision.first.trust.trust >= TRUST_AUTHENTICATED;
	case ROW_PARTICIPANT:
		return !is_contradicted(filing);
	default:
		return false;
	}
}

/* A finder who agreed to a direct exchange. */
static bool
is_direct_finder(struct filing *filing, const char *address)
{
	struct record_finder *list;
	size_t count =
		store_case_finders(filing->store, filing->arena, filing->case_id, &list);

	for (size_t i = 0; i < count; i++) {
		if (address_equal(list[i].address, address))
			return true;
	}
	return false;
}

bool
filing_owes_copy(struct filing *filing)
{
	const struct facts_addresses *from = &filing->facts->header.from;
	const struct record_case *record;

	/* What a program answers for the finder is nothing that the two wrote to each other. */
	if (filing->case_id == 0 || filing->thread.row == ROW_ROBOT)
		return false;
	/* A letter of staff's, seen in Sent, or the finder's own. */
	if (filing->thread.kind == KIND_STAFF ? !went_to(filing, is_direct_finder)
					      : from->count != 1 ||
				!is_direct_finder(filing, from->at[0].address))
		return false;
	record = store_case_get(filing->store, filing->arena, filing->case_id);
	return record != NULL && record->coordinator != NULL && !went_to(filing, is_coordinators);
}

void
filing_ticks(struct engine *engine, struct filing *filing)
{
	const struct trust_verdict *trust = &filing->first.trust;

	/* What the coordinator's own key signed and ours opened came by a channel that both have. */
	if (filing->case_id != 0 && filing->thread.row == ROW_COORDINATOR &&
		trust->reason == REASON_PINNED_SIGNATURE && filing->first.used->sealed)
		ticks_event(filing->store, &engine->conf->checklist, filing->case_id,
			TICK_CHANNEL_AGREED, filing->now, "madoguchid", NULL);
}

/* What a forger asked for first is owed to the believed mail, and outlives the forger's. */
static void
take_over(struct filing *filing)
{
	const struct decision *decision = &filing->decision;

	for (size_t i = 0; decision->opens_deadlines && i < decision->open_count; i++)
		store_deadline_take_over(filing->store, filing->case_id, decision->opens[i].kind,
			decision->opens[i].due, decision->opens[i].source, filing->message);
}

/* Whether it names that letter of ours. */
static bool
names_letter(struct filing *filing, int64_t letter)
{
	const struct facts_header *header = &filing->facts->header;
	const struct record_message *message =
		store_message_get(filing->store, filing->arena, letter);

	for (size_t i = 0; message != NULL && i < header->reference_count; i++) {
		if (text_equal(header->references[i], message->message_id))
			return true;
	}
	return false;
}

/*
 * A finder may answer from another address of his own: it takes part in the case, and he
 * names the letter. One who agreed under that address is another finder.
 */
static bool
is_finder_elsewhere(struct filing *filing, const struct record_deadline *deadline,
	const char *from)
{
	return !is_staffs(filing, deadline->asked) && !is_coordinators(filing, deadline->asked) &&
		!is_staffs(filing, from) && !is_direct_finder(filing, from) &&
		names_letter(filing, deadline->from_message);
}

/* Whether who wrote it was asked by the letter that opened the deadline. */
static bool
was_asked(struct filing *filing, const struct record_deadline *deadline)
{
	const struct trust_verdict *trust = &filing->first.trust;
	const struct facts_addresses *addresses = &filing->facts->header.from;
	const char *from = addresses->count == 1 ? addresses->at[0].address : "";

	/* A day that a person set, where no letter had asked. */
	if (deadline->asked == NULL || address_equal(from, deadline->asked))
		return true;
	if (filing->thread.row != ROW_COORDINATOR)
		return is_finder_elsewhere(filing, deadline, from);
	/* A person vouched for one who takes part: it is his, not theirs whose number it names. */
	if (trust->reason == REASON_STAFF_SAID_TRUE &&
		store_takes_part(filing->store, from, &filing->case_id, 1))
		return false;
	return trust->coordinator >= 0 &&
		engine_is_coordinators(&filing->policy->coordinators[trust->coordinator],
			deadline->asked);
}

/* Theirs meets what they themselves were asked for; ours all that it is the answer to. */
static void
meet(struct filing *filing)
{
	struct record_deadline *list;
	size_t count = store_deadlines(filing->store, filing->arena, filing->case_id, &list);

	for (size_t i = 0; i < count; i++) {
		if (deadline_met_by(list[i].kind, filing->thread.kind) &&
			(!deadline_by_party(list[i].kind) || was_asked(filing, &list[i])))
			store_deadline_meet_one(filing->store, list[i].id, filing->message);
	}
}

static void
opened(struct filing *filing, enum deadline_kind kind, int64_t id)
{
	if (kind == DEADLINE_REQUESTED && id != 0)
		filing->opened_requested = true;
}

void
filing_deadlines(struct filing *filing)
{
	const struct decision *decision = &filing->decision;

	if (filing->case_id == 0)
		return;
	if (filing->first.trust.trust == TRUST_SUSPECT)
		store_deadlines_withdraw(filing->store, filing->message);
	if (filing->first.trust.trust >= TRUST_AUTHENTICATED)
		take_over(filing);
	for (size_t i = 0; decision->opens_deadlines && i < decision->open_count; i++)
		opened(filing, decision->opens[i].kind,
			store_deadline_open(filing->store, filing->case_id, decision->opens[i].kind,
				decision->opens[i].due, decision->opens[i].source, filing->message));
	if (is_answer(filing))
		meet(filing);
}

/* Whether it may have asked for something that another mail had asked for already. */
static bool
may_be_owed(const struct record_message *message)
{
	if (message->direction != DIRECTION_IN || message->trust == TRUST_SUSPECT ||
		!message->has_raw)
		return false;
	switch (message->kind) {
	case KIND_CONTACT_REQUEST:
	case KIND_ENCRYPTION_CHECK:
	case KIND_DETAILS:
	case KIND_REMINDER:
	case KIND_CLOSING:
	case KIND_CORRESPONDENCE:
	case KIND_FINDER_REPORT:
	case KIND_FORM_REPORT:
		return true;
	default:
		return false;
	}
}

/* Others may have stood back behind it as it was, who need not as it is. */
static bool
is_believed_less(enum trust before, enum trust now)
{
	return now < before && (now == TRUST_SUSPECT || (before >= TRUST_AUTHENTICATED &&
		now < TRUST_AUTHENTICATED));
}

void
filing_judge_others(struct engine *engine, struct filing *filing, const struct record_message *old)
{
	if (old == NULL || !is_believed_less(old->trust, filing->first.trust.trust))
		return;
	for (size_t i = 0; i < old->case_count; i++) {
		const struct record_case *record =
			store_case_get(filing->store, filing->arena, old->cases[i]);
		struct record_message *list;
		size_t count = 0;

		/* In a closed case nothing is owed. */
		if (record != NULL && record->state == CASE_OPEN)
			count = store_case_messages(filing->store, filing->arena, record->id, &list);
		for (size_t k = 0; k < count; k++) {
			if (list[k].id == old->id || !may_be_owed(&list[k]))
				continue;
			store_flag_again(filing->store, list[k].id, true);
			engine->again_after = 0;
			engine->again_due = true;
		}
	}
}
