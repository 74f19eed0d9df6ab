/*
 * What is odd about a mail, gathered for `problems`: what reading it showed in
 * any layer, what the keyring met, and what deciding added. Each once, in that
 * order. Judges nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "base/clock.h"
#include "mail/address.h"
#include "rule/policy.h"
#include "rule/signature.h"

static void
add(struct decision *decision, bool is, enum problem problem)
{
	if (!is || problem == PROBLEM_NONE)
		return;
	for (size_t i = 0; i < decision->problem_count; i++)
		if (decision->problems[i] == problem)
			return;
	if (decision->problem_count < FACTS_PROBLEMS)
		decision->problems[decision->problem_count++] = problem;
}

static void
add_layers(const struct facts *facts, struct decision *decision)
{
	for (size_t i = 0; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		const struct facts_layer *layer = &facts->layers[i];

		for (size_t k = 0; k < layer->problem_count && k < FACTS_PROBLEMS; k++)
			add(decision, true, layer->problems[k]);
	}
}

static void
add_signatures(const struct facts *facts, struct decision *decision)
{
	for (size_t i = 1; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		const struct facts_opened *opened = &facts->opened[i];

		for (size_t k = 0; k < opened->signature_count && k < FACTS_SIGNATURES; k++) {
			enum signature_status status = opened->signatures[k].status;

			add(decision, status == SIGNATURE_BAD, PROBLEM_BAD_SIGNATURE);
			add(decision, status == SIGNATURE_NO_KEY,
				opened->smime ? PROBLEM_SMIME_UNKNOWN : PROBLEM_UNKNOWN_KEY);
			add(decision, status == SIGNATURE_EXPIRED_KEY,
				opened->smime ? PROBLEM_SMIME_OUT_OF_TIME : PROBLEM_EXPIRED_KEY);
			add(decision, opened->smime && status == SIGNATURE_GOOD &&
				!signature_of_sender(facts, &opened->signatures[k]),
				PROBLEM_SMIME_OTHER_ADDRESS);
			add(decision, status == SIGNATURE_REVOKED_KEY, PROBLEM_REVOKED_KEY);
			add(decision, status == SIGNATURE_EXPIRED, PROBLEM_SIGNATURE_EXPIRED);
			add(decision, status == SIGNATURE_ERROR, PROBLEM_SIGNATURE_NOT_CHECKED);
		}
	}
}

/* An S/MIME signature that no keyring told anything of: there are no roots, or it is none. */
static bool
smime_not_checked(const struct facts *facts)
{
	for (size_t i = 0; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		size_t inside = i + 1;

		if (facts->layers[i].form != FORM_SMIME_SIGNED)
			continue;
		if (inside >= facts->layer_count || inside == FACTS_LAYERS ||
		    !facts->opened[inside].smime || facts->opened[inside].signature_count == 0)
			return true;
	}
	return false;
}

/* It says that it is signed, and gpg could make nothing of that. */
static bool
signature_failed(const struct facts *facts)
{
	size_t last = facts->layer_count - 1;

	return facts->failed_open && facts->layer_count > 0 && last < FACTS_LAYERS &&
		facts->layers[last].form == FORM_SIGNED;
}

static bool
has(const struct decision *decision, enum problem problem)
{
	for (size_t i = 0; i < decision->problem_count; i++)
		if (decision->problems[i] == problem)
			return true;
	return false;
}

static bool
far_off(const struct facts_header *header, int64_t internal_date)
{
	const int64_t far = DECIDE_DATE_FAR_DAYS * CLOCK_DAY;

	return header->has_date &&
		(header->date < internal_date - far || header->date > internal_date + far);
}

static bool
of_house(const struct policy_coordinator *coordinator, const char *address)
{
	for (size_t i = 0; i < coordinator->addresses.count; i++)
		if (address_domain_in(address_domain(address),
			    address_domain(coordinator->addresses.at[i])))
			return true;
	return false;
}

/* A person who answers by hand would follow it. */
static bool
reply_elsewhere(const struct policy *policy, const struct facts_header *header,
	const struct trust_verdict *trust)
{
	if (trust->coordinator < 0 || trust->sender != SENDER_COORDINATOR)
		return false;
	for (size_t i = 0; i < header->reply_to.count; i++)
		if (!of_house(&policy->coordinators[trust->coordinator],
			    header->reply_to.at[i].address))
			return true;
	return false;
}

void
decide_problems(const struct policy *policy, const struct facts *facts, int64_t internal_date,
	bool old, struct decision *decision)
{
	const struct facts_header *header = &facts->header;
	const struct decide_first *first = &decision->first;
	const struct trust_verdict *trust = &first->trust;

	add_layers(facts, decision);
	add(decision, true, facts->room_problem);
	add(decision, true, first->unreadable_why);
	add(decision, true, decision->due_problem);
	add_signatures(facts, decision);
	add(decision, signature_failed(facts), PROBLEM_SIGNATURE_NOT_CHECKED);
	add(decision, smime_not_checked(facts), PROBLEM_SMIME_NOT_CHECKED);
	/* Expired, or not to be checked, it counts as little as an unknown key's, but is not that. */
	add(decision, trust->reason == REASON_UNKNOWN_KEY &&
		!has(decision, PROBLEM_EXPIRED_KEY) &&
		!has(decision, PROBLEM_SIGNATURE_EXPIRED) &&
		!has(decision, PROBLEM_SIGNATURE_NOT_CHECKED), PROBLEM_UNKNOWN_KEY);
	add(decision, trust->sender_differs, PROBLEM_SENDER_DIFFERS);
	add(decision, trust->authentication_failed, PROBLEM_AUTHENTICATION_FAILED);
	add(decision, trust->reason == REASON_LOOK_ALIKE, PROBLEM_LOOK_ALIKE);
	add(decision, reply_elsewhere(policy, header, trust), PROBLEM_REPLY_ELSEWHERE);
	add(decision, first->number_unsigned, PROBLEM_NUMBER_UNSIGNED);
	add(decision, first->numbers.more, PROBLEM_TOO_MANY_NUMBERS);
	add(decision, decision->thread.number_conflict, PROBLEM_NUMBER_CONFLICT);
	add(decision, decision->thread.site_doubt, PROBLEM_SITE_DOUBT);
	/* Of a mail that ended its reader nobody knows what its header says. */
	add(decision, header->message_id == NULL && facts->layer_count > 0, PROBLEM_NO_MESSAGE_ID);
	add(decision, !header->has_date && facts->layer_count > 0, PROBLEM_NO_DATE);
	add(decision, far_off(header, internal_date), PROBLEM_DATE_FAR_OFF);
	add(decision, old && decision->answer != KIND_OWN, PROBLEM_OLD);
}
