/*
 * Whether a text names itself a coordinator, which only the coordinator may do,
 * or merely speaks of one, as newsletters and finders do. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_IDENTITY_H
#define RULE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct phrase_hits;
struct phrase_text;
struct policy_coordinator;

/*
 * own: subject and own text. hits: what its book found there (no hits if it has
 * no book). True for an introduction ("…機構(IPA)セキュリティセンターです", "this is
 * …"), a signature block with an address in the coordinator's domain, its name in
 * brackets at a line's beginning, or its name beside its own standing sentences.
 */
bool identity_claimed(struct arena *arena, const struct policy_coordinator *coordinator,
	const struct phrase_hits *hits, const struct phrase_text *own);

#endif
