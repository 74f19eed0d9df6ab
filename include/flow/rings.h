/*
 * What a keyring holds, asked before there is a desk to ask its rooms: for the
 * reading of the conf, which names keys.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_RINGS_H
#define FLOW_RINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "port/conf.h"

/*
 * A conf_ring: the keys in that home folder, listed by a process of its own,
 * so that gpg's output is parsed, and its orphans are reaped, in none that
 * lives on. False when they cannot be listed: whoever opens the home next is
 * told why.
 */
bool rings_list(struct arena *arena, const char *home, const struct conf_ring_key **keys_r,
	size_t *count_r);

#endif
