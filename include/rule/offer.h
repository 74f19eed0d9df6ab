/*
 * OpenPGP keys that come along with a mail: in Autocrypt, attached, pasted into
 * the text. None is ever used; their fingerprints are shown to staff, who may
 * compare them with what the other side publishes. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_OFFER_H
#define RULE_OFFER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct message;

#define OFFER_FPR 41	/* 40 upper-case hex digits and the NUL */

/*
 * The fingerprint of the first public key in the bytes, binary or armoured, of
 * version 4; false when there is none.
 */
bool offer_fingerprint(struct arena *arena, const void *bytes, size_t len,
	char fpr_r[OFFER_FPR]);

/*
 * Those of the message, each once, at most `max`: by Autocrypt where exactly one
 * such field is valid for the one From (Autocrypt 1.1), by parts, by text.
 */
size_t offer_find(struct arena *arena, const struct message *message, char (*fprs_r)[OFFER_FPR],
	size_t max);

#endif
