/*
 * What can only be tried in rooms, tried for a person: each desk's mailbox and
 * smarthost, its keyring, its key, its pair for sealing at rest. Nothing is
 * decided here and nothing written; what was found is given as values.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_TRIALS_H
#define FLOW_TRIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "port/box.h"
#include "port/pgp.h"
#include "room/trial.h"

#define TRIALS_MS 75000	/* all of them together, passwords' commands aside */

struct arena;
struct conf;
struct trials;

/* One thing that was tried; untried when what it stands on failed. */
struct trials_result {
	bool tried;
	enum outcome outcome;
	struct err err;
};

struct trials_wire {
	bool cut;		/* it ended, or its time did, before it had told everything */
	struct trial *steps;
	size_t count;
};

struct trials_desk {
	struct trials_wire mailbox, smarthost;
	const char *servers[TRIAL_MAILS];	/* of the newest mails: the topmost authserv-id, "" none */
	size_t server_count;
	struct trials_result keys;	/* the keyring's list */
	struct pgp_keys ring;
	struct trials_result seal;	/* the desk's key signs */
	struct trials_result open;	/* and opens what was sealed to it */
	struct trials_result box;	/* the pair opens what was sealed to it */
};

/* A desk's pair as the store has it; sealed NULL: none is there. */
struct trials_pair {
	struct box_public public_half;
	const char *sealed;
	size_t sealed_len;
};

/* Forks the nursery: before the store is opened and before any password is read. */
enum outcome trials_open(const struct conf *conf, struct trials **trials_r, struct err *err_r);

/*
 * Tries everything of all desks side by side. keyrings[i]: whether desk i's
 * keyring can be asked at all (its folder is there, its agent runs). The results
 * stand in the arena, one a desk.
 */
struct trials_desk *trials_run(struct trials *trials, struct arena *arena, const bool *keyrings,
	const struct trials_pair *pairs);

void trials_close(struct trials **trials);

#endif
