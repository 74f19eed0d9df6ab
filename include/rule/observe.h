/*
 * From a message to facts: what the text says, seen by the rules of one desk.
 * Runs in the reader; pure. What a sealed layer may tell is limited here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_OBSERVE_H
#define RULE_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/facts.h"

#define OBSERVE_TEXT_MAX (128 * 1024)	/* bytes of a text whose wording is looked at */

struct arena;
struct message;
struct policy;

/* Header fields of the message as it came, into facts of layer 0. */
void observe_header(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, struct facts_header *header_r);

/*
 * One layer's facts: numbers (subject first, then own text, then quoted),
 * phrases of each coordinator's book, sites, coordinator's names, form,
 * attachments. sealed: attachment names are left out and nothing but what
 * doc/RULES 3 allows comes out.
 */
void observe_layer(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, bool sealed, struct facts_layer *layer_r);

/*
 * Whether the protected From of a layer is the one outside (RFC 9788 4.4): notes
 * the problem where it is not, and tells nothing else of it. outer: the one
 * address of the message's own From, "" if it has none or several.
 */
void observe_from(const struct message *message, const char *outer, struct facts_layer *layer);

#endif
