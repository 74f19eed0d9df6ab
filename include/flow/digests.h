/*
 * A person's digest as text, from the records.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_DIGESTS_H
#define FLOW_DIGESTS_H

#include "port/store.h"
#include "view/digest.h"

/* What `digest` shows and what is sent, in the arena. */
char *digests_text(struct store *store, const struct policy *policy, struct arena *arena, size_t desk,
	size_t staff, int64_t now);

#endif
