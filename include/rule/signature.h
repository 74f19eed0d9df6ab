/*
 * What the signatures over a message's layers are worth, and which layer they
 * make the one that is used. From the keyring's facts alone: a reader's word on
 * trust is not taken. Pure; shared by trust.c and decide_first.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_SIGNATURE_H
#define RULE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

struct facts;
struct facts_layer;
struct facts_signature;
struct policy;

struct signature_weight {
	bool any;		/* some OpenPGP signature stands there, whatever it is worth */
	bool bad;		/* one is bad, or by a pinned key that was revoked */
	int pinned;		/* whose pinned (or root-certified) key, or whose certificate, made a good one; -1 */
	bool smime;		/* with pinned: it is S/MIME */
	bool bad_smime;		/* an S/MIME one is, under a coordinator's From */
	int named;		/* the coordinator whose pinned key one names, good or not; -1 */
	size_t layer;		/* with pinned: it covers this layer and all that lies within */
	const char *key;	/* with pinned: its fingerprint; points into facts */
	bool by_coordinator;	/* From is the preferred coordinator's */
};

/*
 * Weighs all of them. preferred: the coordinator whose good signature counts
 * before another's (From's), -1 for none.
 */
void signature_weigh(const struct policy *policy, const struct facts *facts, int preferred,
	struct signature_weight *weight_r);

/*
 * The innermost opened layer of what a good pinned signature covers; without
 * one the innermost opened layer of all; else layer 0. A file that was sealed
 * and attached, and tells nothing that the words round it do not, is passed by;
 * not so under a coordinator's From where a signature covers it.
 */
size_t signature_used_layer(const struct facts *facts, const struct signature_weight *weight);

/* Whether a good S/MIME signature is by a certificate of From's address. */
bool signature_of_sender(const struct facts *facts, const struct facts_signature *signature);

/* Whether an OpenPGP signature of any worth covers that layer. */
bool signature_covers(const struct facts *facts, size_t layer);

/* The layer of that index; one that is broken, empty and came by no form when facts have none. */
const struct facts_layer *signature_layer(const struct facts *facts, size_t layer);

#endif
