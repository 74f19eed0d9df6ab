/*
 * Which texts look alike to a person's eye: a compact form of UTS 39's
 * skeletons for what may stand in a domain or a coordinator's name, and the
 * Unicode form of an internationalised domain. For comparison only; what comes
 * out is never shown. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_CONFUSABLE_H
#define RULE_CONFUSABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define PUNYCODE_LABEL_MAX 63	/* bytes of a label in the DNS, and so code points at most */

/*
 * Valid UTF-8 to its skeleton: folded (NFKC, case), invisible characters
 * dropped, every letter that looks like an ASCII one made that one, "rn" made
 * "m", "vv" made "w"; i, l, 1 and the bar are one letter, 0 is o. Two texts
 * that look alike have one skeleton.
 */
char *confusable_skeleton(struct arena *arena, const char *text);

/* The domain with every label "xn--…" decoded (one that cannot be stays as it is). */
char *confusable_domain(struct arena *arena, const char *domain);

/*
 * RFC 3492 6.2: what follows "xn--" to code points; false when it is not
 * Punycode, holds what is no Unicode scalar value, or is longer than a label.
 */
bool punycode_decode(const char *label, size_t len, uint32_t points_r[PUNYCODE_LABEL_MAX],
	size_t *count_r);

/*
 * The text from its end to its beginning if it turns the direction of writing
 * round (U+202E), as a reader is shown it; else NULL.
 */
char *confusable_reversed(struct arena *arena, const char *text);

#endif
