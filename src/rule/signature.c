/*
 * Signatures: which count, and what they cover. "Pinned" is a coordinator's
 * key in the conf, or one certified by its root_key. The desk's own key and
 * staff's keys are there to seal to; as signatures they speak for nobody.
 *
 * An S/MIME signature counts for one address alone: a CA vouches for whoever
 * reads the mail of an address, and everybody in the same house, and every other
 * customer of that CA, has a certificate that is as good. So the certificate's
 * address must be From itself, which must be one of the coordinator's, in one of
 * the domains that the conf names for it. One that does not count proves
 * nothing, and takes nothing away: mail servers break such signatures daily, and
 * nobody can import what is missing. Only a bad one under a coordinator's From does.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/signature.h"

#include "base/text.h"
#include "mail/address.h"
#include "rule/facts.h"
#include "rule/policy.h"

static const struct facts_layer no_layer = { .form = FORM_BROKEN, .form_index = -1, .empty = true };

const struct facts_layer *
signature_layer(const struct facts *facts, size_t layer)
{
	bool there = layer < facts->layer_count && layer < FACTS_LAYERS;

	return there ? &facts->layers[layer] : &no_layer;
}

static size_t
layers(const struct facts *facts)
{
	return facts->layer_count < FACTS_LAYERS ? facts->layer_count : FACTS_LAYERS;
}

/* Where a layer stood; a parent that is not further out is a lie, and the message itself then. */
static size_t
parent_of(const struct facts *facts, size_t layer)
{
	size_t parent = facts->layers[layer].parent;

	return parent < layer ? parent : 0;
}

static size_t
depth_of(const struct facts *facts, size_t layer)
{
	size_t depth = 0;

	for (; layer > 0; layer = parent_of(facts, layer))
		depth++;
	return depth;
}

static bool
lies_within(const struct facts *facts, size_t layer, size_t outer)
{
	while (layer > outer)
		layer = parent_of(facts, layer);
	return layer == outer;
}

/* The keyring's facts of a layer, or NULL. Whether it is S/MIME is the keyring's word too, never the reader's. */
static const struct facts_opened *
opened_of(const struct facts *facts, size_t layer)
{
	return facts->opened[layer].status == OPEN_OK ? &facts->opened[layer] : NULL;
}

static size_t
signature_count(const struct facts_opened *opened)
{
	if (opened == NULL)
		return 0;
	return opened->signature_count < FACTS_SIGNATURES ? opened->signature_count :
		FACTS_SIGNATURES;
}

static bool
pinned_for(const struct policy_coordinator *coordinator, const char *key)
{
	for (size_t i = 0; i < coordinator->keys.count; i++)
		if (text_equal_ci(coordinator->keys.at[i], key))
			return true;
	return false;
}

/* For whom the key is pinned, the preferred one first; -1 for nobody. */
static int
owner_of(const struct policy *policy, const struct facts_signature *signature, int preferred)
{
	size_t root = signature->root_coordinator;

	if (preferred >= 0 && pinned_for(&policy->coordinators[preferred], signature->key))
		return preferred;
	for (size_t i = 0; i < policy->coordinator_count; i++)
		if (pinned_for(&policy->coordinators[i], signature->key))
			return (int)i;
	if (!signature->by_root || root >= policy->coordinator_count)
		return -1;
	/* Without a root_key in the conf nobody's word makes a key a coordinator's. */
	return text_equal(policy->coordinators[root].root_key, "") ? -1 : (int)root;
}

static void
take(struct signature_weight *weight, int owner, size_t layer,
	const struct facts_signature *signature, bool smime)
{
	weight->pinned = owner;
	weight->layer = layer;
	weight->key = signature->key;
	weight->smime = smime;
}

static void
weigh_one(const struct policy *policy, const struct facts_signature *signature, size_t layer,
	int preferred, struct signature_weight *weight)
{
	int owner = owner_of(policy, signature, preferred);

	weight->any = true;
	if (weight->named < 0)
		weight->named = owner;
	/* A revoked key may be in anybody's hands: a coordinator's is as bad as a bad signature. */
	if (signature->status == SIGNATURE_BAD ||
	    (signature->status == SIGNATURE_REVOKED_KEY && owner >= 0))
		weight->bad = true;
	if (signature->status != SIGNATURE_GOOD || owner < 0)
		return;
	/* One by OpenPGP says more than one by S/MIME. */
	if (weight->pinned >= 0 && !weight->smime &&
	    (weight->pinned == preferred || owner != preferred))
		return;
	take(weight, owner, layer, signature, false);
}

static bool
certified_for(const struct facts_signature *signature, const char *address)
{
	for (size_t i = 0; i < signature->address_count && i < FACTS_CERTIFICATE_ADDRESSES; i++)
		if (address_equal(signature->addresses[i], address))
			return true;
	return false;
}

static bool
in_domains(const struct string_list *domains, const char *address)
{
	for (size_t i = 0; i < domains->count; i++)
		if (address_domain_in(address_domain(address), domains->at[i]))
			return true;
	return false;
}

/* Whether the certificate was issued for one of the coordinator's own addresses. */
static bool
is_coordinators(const struct policy_coordinator *coordinator, const struct facts_signature *signature)
{
	for (size_t i = 0; i < coordinator->addresses.count; i++)
		if (certified_for(signature, coordinator->addresses.at[i]) &&
		    in_domains(&coordinator->smime, coordinator->addresses.at[i]))
			return true;
	return false;
}

bool
signature_of_sender(const struct facts *facts, const struct facts_signature *signature)
{
	return facts->header.from.count == 1 &&
		certified_for(signature, facts->header.from.at[0].address);
}

/* preferred is the coordinator whose address From is; under any other From none counts. */
static void
weigh_smime(const struct policy *policy, const struct facts *facts,
	const struct facts_signature *signature, size_t layer, int preferred,
	struct signature_weight *weight)
{
	if (preferred < 0)
		return;
	if (signature->status == SIGNATURE_BAD) {
		weight->bad_smime = true;
		if (weight->named < 0)
			weight->named = preferred;
	}
	if (signature->status != SIGNATURE_GOOD || weight->pinned == preferred)
		return;
	if (signature_of_sender(facts, signature)) {
		if (is_coordinators(&policy->coordinators[preferred], signature))
			take(weight, preferred, layer, signature, true);
		return;
	}
	for (size_t i = 0; weight->pinned < 0 && i < policy->coordinator_count; i++)
		if ((int)i != preferred && is_coordinators(&policy->coordinators[i], signature))
			take(weight, (int)i, layer, signature, true);
}

void
signature_weigh(const struct policy *policy, const struct facts *facts, int preferred,
	struct signature_weight *weight_r)
{
	*weight_r = (struct signature_weight){ .pinned = -1, .named = -1,
		.by_coordinator = preferred >= 0 };
	for (size_t i = 1; i < layers(facts); i++) {
		const struct facts_opened *opened = opened_of(facts, i);

		for (size_t k = 0; k < signature_count(opened); k++)
			if (opened->smime)
				weigh_smime(policy, facts, &opened->signatures[k], i, preferred,
					weight_r);
			else
				weigh_one(policy, &opened->signatures[k], i, preferred, weight_r);
	}
	/* What a gateway broke round a text that a pinned key signed takes nothing from it. */
	if (weight_r->bad_smime && (weight_r->pinned < 0 || weight_r->smime))
		weight_r->bad = true;
}

bool
signature_covers(const struct facts *facts, size_t layer)
{
	for (; layer > 0 && layer < layers(facts); layer = parent_of(facts, layer))
		if (!facts->opened[layer].smime && signature_count(opened_of(facts, layer)) > 0)
			return true;
	return false;
}

/* No words, or none that anything was known by. */
static bool
says_nothing(const struct facts_layer *layer)
{
	if (layer->empty)
		return layer->numbers.count == 0;
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		if (layer->phrases[i].count > 0 || layer->named_coordinator[i])
			return false;
	return layer->numbers.count == 0 && layer->sites == 0 && !layer->finder_words &&
		!layer->vulnerability_words;
}

/* The layer, or the one round it, no further out than outer, that says more than nothing. */
static size_t
telling_layer(const struct facts *facts, size_t layer, size_t outer)
{
	size_t told = layer;

	while (told > outer && says_nothing(&facts->layers[told]))
		told = parent_of(facts, told);
	return says_nothing(&facts->layers[told]) ? layer : told;
}

size_t
signature_used_layer(const struct facts *facts, const struct signature_weight *weight)
{
	size_t outer = weight->pinned >= 0 ? weight->layer : 0;
	size_t used = outer;

	for (size_t i = outer + 1; i < layers(facts); i++)
		if (facts->opened[i].status == OPEN_OK && lies_within(facts, i, outer) &&
		    depth_of(facts, i) > depth_of(facts, used))
			used = i;
	/* What an unknown key signed for a coordinator may be proven yet: no words from outside. */
	if (weight->pinned < 0 && weight->by_coordinator && signature_covers(facts, used))
		return used;
	return telling_layer(facts, used, outer);
}
