/*
 * What has gone silent at a desk, as the store has it: the daemon tells it, and `status`
 * shows it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_SILENCE_H
#define FLOW_SILENCE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct store;

/* Folders that were not read for longer than they may be. */
struct silence_folders {
	int64_t since;		/* the oldest last reading, 0 where none is silent */
	int64_t first;		/* how long one may be silent */
	const char *names;	/* of the silent ones, with commas between them */
};

void silence_folders(struct store *store, const struct conf *conf, struct arena *arena, size_t desk,
	int64_t now, struct silence_folders *folders_r);

#endif
