/*
 * Whom the desk believes: doc/RULES 1, its rows from the top. A
 * signature by a pinned key is proof; the mailbox's own Authentication-Results
 * are evidence; a From field, a display name and a phrase are claims, and a
 * claim alone never lifts anything. Must not look at the store: who takes part
 * in a case is decide_thread's business.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/trust.h"

#include "base/text.h"
#include "mail/address.h"
#include "rule/phrase.h"
#include "rule/policy.h"
#include "rule/signature.h"
#include "rule/stage.h"

#include <string.h>

static bool
listed(const struct string_list *list, const char *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (address_equal(list->at[i], address))
			return true;
	return false;
}

static int
coordinator_of(const struct policy *policy, const char *address)
{
	for (size_t i = 0; i < policy->coordinator_count; i++)
		if (listed(&policy->coordinators[i].addresses, address))
			return (int)i;
	return -1;
}

static bool
is_form(const struct policy *policy, const char *address)
{
	for (size_t i = 0; i < policy->form_count; i++)
		if (listed(&policy->forms[i].from, address))
			return true;
	return false;
}

static bool
is_staff(const struct policy *policy, size_t desk, const char *address)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		const struct policy_staff *staff = &policy->staff[i];

		if (!address_equal(staff->address, address))
			continue;
		if (staff->desks.count == 0)
			return true;
		for (size_t k = 0; k < staff->desks.count; k++)
			if (text_equal(staff->desks.at[k], policy->desks[desk].title))
				return true;
	}
	return false;
}

static enum sender_role
known_sender(const struct policy *policy, size_t desk, const char *address, int *coordinator_r)
{
	int coordinator = coordinator_of(policy, address);

	if (coordinator >= 0) {
		*coordinator_r = coordinator;
		return SENDER_COORDINATOR;
	}
	if (address_equal(policy->desks[desk].address, address) ||
	    listed(&policy->desks[desk].aliases, address))
		return SENDER_DESK;
	if (is_form(policy, address))
		return SENDER_FORM;
	return is_staff(policy, desk, address) ? SENDER_STAFF : SENDER_STRANGER;
}

/* Whether the mail server proved that it comes from the coordinator's own domain, or one below. */
static bool
of_own_domain(const struct policy_coordinator *coordinator, const struct facts *facts)
{
	const struct facts_header *header = &facts->header;
	const char *domain;

	if (header->from.count != 1 || !header->auth.trusted ||
	    (header->auth.dmarc != AUTH_PASS && !header->auth.dkim_aligned))
		return false;
	domain = address_domain(header->from.at[0].address);
	for (size_t i = 0; i < coordinator->addresses.count; i++)
		if (address_domain_in(domain, address_domain(coordinator->addresses.at[i])))
			return true;
	return false;
}

/*
 * A From with several addresses is nobody's. One among them that is a
 * coordinator's, or like it, is there to be taken for the sender.
 */
static enum sender_role
several_senders(struct arena *arena, const struct policy *policy,
	const struct facts_addresses *from, int *coordinator_r)
{
	for (size_t i = 0; i < from->count; i++) {
		int coordinator = coordinator_of(policy, from->at[i].address);

		if (coordinator < 0 && !trust_look_alike(arena, policy, from->at[i].address,
			    from->at[i].name, &coordinator))
			continue;
		*coordinator_r = coordinator;
		return SENDER_LOOK_ALIKE;
	}
	return SENDER_STRANGER;
}

/* By the From field alone. */
static enum sender_role
sender_by_from(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, int *coordinator_r)
{
	const struct facts_addresses *from = &facts->header.from;
	enum sender_role role;

	*coordinator_r = -1;
	if (from->count == 0)
		return SENDER_STRANGER;
	if (from->count > 1)
		return several_senders(arena, policy, from, coordinator_r);
	role = known_sender(policy, desk, from->at[0].address, coordinator_r);
	if (role == SENDER_STRANGER && trust_look_alike(arena, policy, from->at[0].address,
		    from->at[0].name, coordinator_r))
		return SENDER_LOOK_ALIKE;
	return role;
}

/*
 * Whether there is something in it that is the window's business: else a name
 * that many a team in the world has a part of makes nobody's mail no one's claim.
 */
static bool
concerns_window(const struct facts_layer *layer)
{
	static const bool meant[PHRASE_MEANINGS] = {
		[PHRASE_CONTACT] = true, [PHRASE_CONTACT_ASK] = true, [PHRASE_ENCRYPTION] = true,
		[PHRASE_DETAILS] = true, [PHRASE_DETAILS_HEADING] = true,
		[PHRASE_REMINDER] = true, [PHRASE_CLOSING] = true,
	};

	if (layer->sites != 0 || layer->numbers.count > 0 || layer->finder_words ||
	    layer->finder_weak)
		return true;
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		for (size_t k = 0; k < layer->phrases[i].count && k < PHRASE_HITS_MAX; k++)
			if (!layer->phrases[i].hit[k].quoted &&
				meant[layer->phrases[i].hit[k].meaning])
				return true;
	return false;
}

/* The coordinator whose names, as its phrase book has them, one of the display names bears; or -1. */
static int
named_by(struct arena *arena, const struct policy *policy, const struct facts *facts,
	const struct facts_addresses *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (coordinator_of(policy, list->at[i].address) >= 0)
			continue;
		for (size_t k = 0; k < policy->coordinator_count; k++)
			if (!of_own_domain(&policy->coordinators[k], facts) &&
				trust_name_alike(arena, &policy->coordinators[k], list->at[i].name))
				return (int)k;
	}
	return -1;
}

/*
 * A stranger who is called what the coordinator is called elsewhere than in the
 * conf, by From or by Sender, which mail programs show "on behalf of" it. Another
 * desk of its own house, proven by the mail server, may bear its house's name.
 */
static enum sender_role
sender_by_name(struct arena *arena, const struct policy *policy, const struct facts *facts,
	size_t used, enum sender_role role, int *coordinator_r)
{
	int coordinator;

	if (role != SENDER_STRANGER || !concerns_window(signature_layer(facts, used)))
		return role;
	coordinator = named_by(arena, policy, facts, &facts->header.from);
	if (coordinator < 0)
		coordinator = named_by(arena, policy, facts, &facts->header.sender);
	if (coordinator < 0)
		return role;
	*coordinator_r = coordinator;
	return SENDER_LOOK_ALIKE;
}

/*
 * The coordinator that the text names itself, -1 for none. To mention one is not
 * enough: newsletters, JVN digests and a finder's "I shall tell IPA" all do, and
 * rule/identity tells the two apart. A notification's phrases beside the name
 * are wanted only of another desk in the coordinator's own house, whose answers
 * to a question of ours begin the same way: the forgeries that were seen (2008,
 * 2011, 2015) introduced themselves and had an attachment, and no phrase of a
 * notification.
 */
static int
named_by_text(const struct policy *policy, const struct facts *facts,
	const struct facts_layer *layer)
{
	int coordinator = stage_coordinator_by_text(policy, layer);

	for (size_t i = 0; coordinator < 0 && i < policy->coordinator_count && i < FACTS_BOOKS; i++)
		if (layer->named_coordinator[i] && !of_own_domain(&policy->coordinators[i], facts))
			coordinator = (int)i;
	return coordinator;
}

/* A stranger, or who uses the desk's own address, whose text names itself the coordinator. */
static enum sender_role
sender_by_text(const struct policy *policy, const struct facts *facts, size_t used,
	enum sender_role role, int *coordinator_r)
{
	int coordinator;

	if (role != SENDER_STRANGER && role != SENDER_DESK)
		return role;
	coordinator = named_by_text(policy, facts, signature_layer(facts, used));
	if (coordinator < 0)
		return role;
	*coordinator_r = coordinator;
	return SENDER_LOOK_ALIKE;
}

enum sender_role
trust_sender(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, int *coordinator_r)
{
	enum sender_role role = sender_by_from(arena, policy, desk, facts, coordinator_r);
	struct signature_weight weight;
	size_t used;

	signature_weigh(policy, facts, role == SENDER_COORDINATOR ? *coordinator_r : -1, &weight);
	used = signature_used_layer(facts, &weight);
	role = sender_by_name(arena, policy, facts, used, role, coordinator_r);
	return sender_by_text(policy, facts, used, role, coordinator_r);
}

static void
say(struct trust_verdict *verdict, enum trust trust, enum trust_reason reason)
{
	verdict->trust = trust;
	verdict->reason = reason;
}

/* A good pinned signature: rows one (pinned for someone else), two and three. */
static void
judge_pinned(const struct policy_desk *desk, const struct facts *facts,
	const struct signature_weight *weight, struct trust_verdict *verdict)
{
	if (verdict->sender == SENDER_COORDINATOR && weight->pinned != verdict->coordinator) {
		say(verdict, TRUST_SUSPECT, REASON_PINNED_FOR_ANOTHER);
		return;
	}
	if (weight->smime)
		say(verdict, desk->smime_verified ? TRUST_VERIFIED : TRUST_AUTHENTICATED,
			REASON_SMIME_SIGNATURE);
	else
		say(verdict, TRUST_VERIFIED, REASON_PINNED_SIGNATURE);
	if (verdict->sender != SENDER_COORDINATOR && verdict->sender != SENDER_FORM) {
		verdict->reason = REASON_SENDER_DIFFERS;
		verdict->sender_differs = true;
	}
	verdict->coordinator = weight->pinned;
	verdict->signed_by_pinned = true;
	verdict->authentication_failed = facts->header.auth.dmarc == AUTH_FAIL;
	memcpy(verdict->signed_by, weight->key,
		strnlen(weight->key, sizeof(verdict->signed_by) - 1));
}

/*
 * The rows without a signature that counts. A field given twice is read one
 * way by the mailbox that judged it and another way here: then no pass proves
 * anything, while a fail still does.
 */
static void
judge_by_results(const struct facts *facts, bool twice, struct trust_verdict *verdict)
{
	const struct auth_results *auth = &facts->header.auth;
	bool proves = auth->trusted && !twice;

	if (verdict->sender == SENDER_FORM)
		say(verdict, TRUST_UNVERIFIED, REASON_FORM);
	else if (facts->header.from.count != 1)
		say(verdict, TRUST_UNVERIFIED, REASON_SEVERAL_FROM);
	else if (proves && auth->dmarc == AUTH_PASS)
		say(verdict, TRUST_AUTHENTICATED, REASON_DMARC_PASS);
	else if (proves && auth->dkim_aligned)
		say(verdict, TRUST_AUTHENTICATED, REASON_DKIM_ALIGNED);
	else if (auth->trusted && auth->dmarc == AUTH_FAIL)
		say(verdict, verdict->sender == SENDER_COORDINATOR ? TRUST_SUSPECT :
			TRUST_UNVERIFIED, REASON_DMARC_FAIL);
	else
		say(verdict, TRUST_UNVERIFIED, twice ? REASON_DUPLICATE_FIELD :
			REASON_NO_AUTHENTICATION);
}

static bool
field_twice(const struct facts_layer *layer)
{
	for (size_t i = 0; i < layer->problem_count && i < FACTS_PROBLEMS; i++)
		if (layer->problems[i] == PROBLEM_DUPLICATE_FIELD)
			return true;
	return false;
}

/* The rows from the top, but for the look-alike row, which goes before all but the first three. */
static void
judge(const struct policy_desk *desk, const struct facts *facts,
	const struct signature_weight *weight, struct trust_verdict *verdict)
{
	bool twice = field_twice(signature_layer(facts, 0));

	if (weight->bad) {
		say(verdict, TRUST_SUSPECT, REASON_BAD_SIGNATURE);
		if (verdict->coordinator < 0)
			verdict->coordinator = weight->named;
	} else if (weight->pinned >= 0 && !(weight->smime && twice)) {
		/* S/MIME proves the From that was read here: of two, another may be shown. */
		judge_pinned(desk, facts, weight, verdict);
	} else if (verdict->sender == SENDER_LOOK_ALIKE) {
		say(verdict, TRUST_SUSPECT, REASON_LOOK_ALIKE);
	} else if (verdict->sender == SENDER_COORDINATOR && weight->any) {
		say(verdict, TRUST_SUSPECT, REASON_UNKNOWN_KEY);
	} else {
		judge_by_results(facts, twice, verdict);
	}
}

void
trust_judge(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, struct trust_verdict *verdict_r)
{
	struct trust_verdict verdict = { .coordinator = -1 };
	struct signature_weight weight;
	enum sender_role by_from, by_name;

	by_from = sender_by_from(arena, policy, desk, facts, &verdict.coordinator);
	signature_weigh(policy, facts, by_from == SENDER_COORDINATOR ? verdict.coordinator : -1,
		&weight);
	verdict.used_layer = signature_used_layer(facts, &weight);
	by_name = sender_by_name(arena, policy, facts, verdict.used_layer, by_from,
		&verdict.coordinator);
	verdict.sender = sender_by_text(policy, facts, verdict.used_layer, by_name,
		&verdict.coordinator);
	verdict.alike_by_text = verdict.sender != by_name;
	judge(&policy->desks[desk], facts, &weight, &verdict);
	*verdict_r = verdict;
}

const char *
trust_reason_text(enum trust_reason reason)
{
	static const char *const texts[TRUST_REASONS] = {
		[REASON_BAD_SIGNATURE] = "bad signature",
		[REASON_PINNED_FOR_ANOTHER] = "signed by a key pinned for someone else",
		[REASON_PINNED_SIGNATURE] = "good signature by a pinned key",
		[REASON_SMIME_SIGNATURE] =
			"good S/MIME signature by a certificate of the sender's address",
		[REASON_SENDER_DIFFERS] = "good signature by a pinned key, but the sender differs",
		[REASON_UNKNOWN_KEY] = "unknown key",
		[REASON_DMARC_PASS] = "dmarc=pass",
		[REASON_DKIM_ALIGNED] = "dkim=pass, aligned with From",
		[REASON_DMARC_FAIL] = "dmarc=fail",
		[REASON_NO_AUTHENTICATION] = "no signature, no authentication result",
		[REASON_LOOK_ALIKE] = "look-alike of a coordinator",
		[REASON_SEVERAL_FROM] = "not exactly one From address",
		[REASON_FORM] = "came through a web form",
		[REASON_STAFF_SAID_TRUE] = "trusted by a person",
		[REASON_STAFF_SAID_FORGED] = "called forged by a person",
		[REASON_DUPLICATE_FIELD] = "a header field is given twice",
	};

	return (unsigned)reason < TRUST_REASONS ? texts[reason] : "unknown reason";
}
