/*
 * The answer to a mail: whether, of which stage, to whom, at once or held, and
 * why. It goes to an address of the conf, or to a finder's; never to a
 * Reply-To. Everything doubtful is held for a person; nothing here sends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "rule/finder.h"
#include "rule/policy.h"
#include "rule/signature.h"

static void
no_answer(struct decision *decision, enum answer_why why)
{
	decision->answer = KIND_OWN;
	decision->answer_why = why;
}

static enum answer_mode
stage_mode(const struct policy_acknowledge *modes, enum stage stage)
{
	switch (stage) {
	case STAGE_CONTACT:
		return modes->contact;
	case STAGE_ENCRYPTION:
		return modes->encryption;
	case STAGE_DETAILS:
		return modes->details;
	default:
		return modes->follow_up;
	}
}

/*
 * Whether a finder's mail asks whom to write to, as a coordinator's first one does: of a
 * coordinator whom no word or address gave away, so that a person looks first.
 */
static bool
asks_as_coordinator(const struct facts *facts, const struct trust_verdict *trust)
{
	const struct facts_layer *used = signature_layer(facts, trust->used_layer);

	for (size_t book = 0; book < FACTS_BOOKS; book++) {
		const struct phrase_hits *hits = &used->phrases[book];

		for (size_t i = 0; i < hits->count; i++) {
			enum phrase_meaning meaning = hits->hit[i].meaning;

			if (!hits->hit[i].quoted &&
				(meaning == PHRASE_CONTACT || meaning == PHRASE_CONTACT_ASK))
				return true;
		}
	}
	return false;
}

/* Whether nobody may have asked for what would go to a finder's address. */
static bool
is_doubtful(const struct facts *facts, const struct trust_verdict *trust)
{
	return trust->reason == REASON_DMARC_FAIL || asks_as_coordinator(facts, trust);
}

/* What makes an answer that could go at once wait for a person; the first reason is told. */
static void
hold_or_queue(const struct policy_acknowledge *modes, const struct facts *facts,
	const struct decide_known *known, enum answer_mode mode, bool old,
	struct decision *decision)
{
	enum trust trust = decision->first.trust.trust;
	bool by_coordinator = decision->answer_coordinator >= 0;
	enum answer_why why = ANSWER_WHY_RULE;

	if (mode == ANSWER_HOLD)
		why = ANSWER_WHY_MODE;
	if (decide_is_weak(facts, &decision->first.trust) && !by_coordinator)
		why = ANSWER_WHY_WEAK;
	if (facts->header.null_return_path)
		why = ANSWER_WHY_NULL_PATH;
	if (trust != TRUST_VERIFIED && known->acknowledged_today >= modes->per_day)
		why = ANSWER_WHY_PER_DAY;
	if (old)
		why = ANSWER_WHY_OLD;
	if (by_coordinator ? trust < TRUST_AUTHENTICATED
			   : is_doubtful(facts, &decision->first.trust))
		why = ANSWER_WHY_UNVERIFIED;
	decision->answer = KIND_ACKNOWLEDGEMENT;
	decision->answer_state = why == ANSWER_WHY_RULE ? OUTBOX_QUEUED : OUTBOX_HELD;
	decision->answer_why = why;
}

bool
decide_acknowledged(const struct decide_known *known, const struct decision *decision)
{
	enum stage stage = decision->thread.stage;
	uint32_t stages = known->acknowledged_stages;

	if (decide_believed(&decision->first.trust))
		stages &= ~known->doubted_stages;
	return stage != STAGE_NONE && (stages & (1u << stage)) != 0;
}

/*
 * One acknowledgement for each stage of a case; what follows within a stage,
 * and what is of none (reminder, closing, correspondence), goes by follow_up.
 */
static void
answer_coordinator(const struct policy_acknowledge *modes, const struct facts *facts,
	const struct decide_known *known, int coordinator, bool old, struct decision *decision)
{
	enum stage stage = decision->thread.stage;
	bool done = decide_acknowledged(known, decision);
	enum answer_mode mode = done ? modes->follow_up : stage_mode(modes, stage);

	if (decision->first.trust.sender_differs)
		no_answer(decision, ANSWER_WHY_SENDER_DIFFERS);
	else if (mode == ANSWER_OFF && done)
		no_answer(decision, ANSWER_WHY_DONE);
	else if (mode == ANSWER_OFF)
		no_answer(decision, stage == STAGE_NONE ? ANSWER_WHY_NO_STAGE : ANSWER_WHY_MODE);
	else {
		decision->answer_stage = stage;
		decision->answer_coordinator = coordinator;
		hold_or_queue(modes, facts, known, mode, old, decision);
	}
}

/*
 * A finder's address: From, or what the form's reply_field holds. What a
 * stranger wrote into a form may be the desk's own address, a coordinator's or
 * the form's: a loop, or a letter that nobody asked for.
 */
static const char *
finder_address(const struct policy *policy, const struct facts *facts,
	const struct trust_verdict *trust)
{
	const struct facts_addresses *from = &facts->header.from;
	const char *address = from->count == 1 ? from->at[0].address : NULL;

	if (trust->sender == SENDER_FORM)
		address = facts->header.form_reply;
	return address != NULL && finder_address_valid(policy, address) ? address : NULL;
}

static void
answer_finder(const struct policy *policy, const struct policy_acknowledge *modes,
	const struct facts *facts, const struct decide_known *known, bool old,
	struct decision *decision)
{
	/* A case that a finder's mail opened or joined has its acknowledgement under no stage. */
	bool done = (known->acknowledged_stages & (1u << STAGE_NONE)) != 0;
	enum answer_mode mode = done ? modes->follow_up : modes->finder;
	const char *to = finder_address(policy, facts, &decision->first.trust);

	if (decision->first.trust.sender == SENDER_STAFF)
		no_answer(decision, ANSWER_WHY_ROW);
	else if (mode == ANSWER_OFF)
		no_answer(decision, done ? ANSWER_WHY_DONE : ANSWER_WHY_MODE);
	else if (to == NULL)
		no_answer(decision, ANSWER_WHY_NO_ADDRESS);
	else {
		const struct facts_layer *used =
			signature_layer(facts, decision->first.trust.used_layer);

		decision->answer_to = to;
		decision->asks_reported = !used->told_reported;
		decision->asks_publication = !used->told_publication;
		hold_or_queue(modes, facts, known, mode, old, decision);
	}
}

/* "We could not open it, our key is …": by a person's hand alone, whoever it is from. */
static void
ask_again(const struct policy *policy, const struct facts *facts, bool coordinator,
	struct decision *decision)
{
	const struct trust_verdict *trust = &decision->first.trust;

	if (trust->sender_differs) {
		no_answer(decision, ANSWER_WHY_SENDER_DIFFERS);
		return;
	}
	if (coordinator)
		decision->answer_coordinator = trust->coordinator;
	else
		decision->answer_to = finder_address(policy, facts, trust);
	if (!coordinator && decision->answer_to == NULL) {
		no_answer(decision, ANSWER_WHY_NO_ADDRESS);
		return;
	}
	decision->answer = KIND_QUESTION;
	decision->answer_state = OUTBOX_HELD;
	decision->answer_why = ANSWER_WHY_ROW;
}

void
decide_answer(const struct policy *policy, size_t desk, const struct facts *facts,
	const struct decide_known *known, bool old, struct decision *decision)
{
	const struct policy_acknowledge *modes = &policy->desks[desk].acknowledge;

	decision->answer_stage = STAGE_NONE;
	decision->answer_coordinator = -1;
	switch (decision->thread.row) {
	case ROW_COORDINATOR:
		answer_coordinator(modes, facts, known, decision->first.trust.coordinator, old,
			decision);
		return;
	case ROW_FORM:
		answer_coordinator(modes, facts, known, decision->first.text_coordinator, old,
			decision);
		return;
	case ROW_FINDER:
		answer_finder(policy, modes, facts, known, old, decision);
		return;
	case ROW_UNREADABLE:
		ask_again(policy, facts, decision->first.trust.coordinator >= 0, decision);
		return;
	default:
		no_answer(decision, ANSWER_WHY_ROW);
	}
}

const char *
answer_why_text(enum answer_why why)
{
	static const char *const texts[ANSWER_WHYS] = {
		[ANSWER_WHY_RULE] = "by the conf's rule",
		[ANSWER_WHY_ROW] = "mail of this kind gets no automatic answer",
		[ANSWER_WHY_MODE] = "the conf leaves it to a person",
		[ANSWER_WHY_WEAK] = "only signs speak for a report, so a person looks at it first",
		[ANSWER_WHY_UNVERIFIED] = "the sender is not verified",
		[ANSWER_WHY_OLD] = "older than max_age when first seen",
		[ANSWER_WHY_PER_DAY] = "per_day is reached for this address",
		[ANSWER_WHY_DONE] = "this stage has its acknowledgement",
		[ANSWER_WHY_NO_STAGE] = "of no stage that is acknowledged",
		[ANSWER_WHY_SENDER_DIFFERS] = "sent on by someone else",
		[ANSWER_WHY_NULL_PATH] = "it came with an empty Return-Path",
		[ANSWER_WHY_NO_ADDRESS] = "no address that may be answered",
	};

	return (unsigned)why < ANSWER_WHYS ? texts[why] : "unknown reason";
}
