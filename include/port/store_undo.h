/*
 * Taking back what a person did to cases: merging, splitting, filing a message.
 * What it changed is kept with the act, in the act's own transaction; taking it
 * back leaves alone what has come or was changed since.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_UNDO_H
#define PORT_STORE_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;
struct store_undo;

enum store_undo_kind { STORE_UNDO_MERGE, STORE_UNDO_SPLIT, STORE_UNDO_FILE, STORE_UNDO_KINDS };

/* An act, or what is to be one. */
struct store_undone {
	enum store_undo_kind kind;
	int64_t case_id;	/* under which it is kept: that merged into, split, or filed into */
	int64_t other;		/* merged, or split off; 0 for none, or where it is not there yet */
	int64_t message;	/* filed; 0 for none */
	const char *what;	/* as in the log */
	const char *name;	/* of one that is on record */
	int64_t last;		/* the last message on record then */
};

/*
 * Before the act, in its transaction: how things stand, in the arena. kind, case_id
 * and message are set; other too where the case is there.
 */
struct store_undo *store_undo_begin(struct store *store, struct arena *arena,
	const struct store_undone *act);

/* Behind it, with all set but name and last: keeps what it changed. */
void store_undo_keep(struct store *store, struct arena *arena, const struct store_undo *undo,
	const struct store_undone *act);

/* The last one of a case that was not taken back; false when there is none. */
bool store_undo_last(struct store *store, struct arena *arena, int64_t case_id,
	struct store_undone *act_r);

/* Whether it can be taken back by itself: its other case is what the act made of it. */
bool store_undo_fits(struct store *store, const struct store_undone *act);

/*
 * Takes it back: messages, numbers, sites, parties, finders, ticks, deadlines and
 * letters are where they were and as they were, but for what was changed since. A
 * case that was split off is merged into the other.
 */
void store_undo(struct store *store, struct arena *arena, const struct store_undone *act, int64_t now);

/* The messages of its case that have come since then. */
size_t store_undo_stays(struct store *store, struct arena *arena, const struct store_undone *act,
	int64_t **ids_r);

#endif
