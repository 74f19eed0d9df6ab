/*
 * A mail that a person hands over to another of staff, or a finder's that goes on to the
 * case's coordinator, over the store alone: it goes out with the next look at the outbox.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_FORWARDS_H
#define FLOW_FORWARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

struct arena;
struct conf;
struct policy_coordinator;
struct store;

/*
 * Its outbox entry, in the open transaction; the person takes part in the case from
 * then on. The entry's id.
 */
int64_t forwards_add(struct store *store, const struct conf *conf, size_t desk,
	const struct record_case *record, const struct record_message *message, size_t staff,
	int64_t now);

/*
 * The newest entry, one that waits or was sent, that brings the mail to that address
 * already; in the arena, NULL when there is none.
 */
const struct record_outbox *forwards_before(struct store *store, struct arena *arena,
	const struct record_case *record, const struct record_message *message,
	const char *address);

/* Whether a finder who agreed to a direct exchange in the case wrote it. */
bool forwards_is_finders(struct store *store, const struct record_case *record,
	const struct record_message *message);

/* Whether somebody vouches for its sender: a signature that counts, or the sender's domain. */
bool forwards_is_sure(const struct record_message *message);

/*
 * The newest mail of such a finder's of which an alert said that the coordinator is owed a
 * copy, which may be handed over, is sure, and was not passed on by an entry that waits or
 * was sent; in the arena, NULL when there is none.
 */
const struct record_message *forwards_owed(struct store *store, struct arena *arena,
	const struct record_case *record, const struct policy_coordinator *coordinator);

/*
 * The entry that brings it to the coordinator as a copy, in the open transaction and in the
 * coordinator's thread; of one that is not sure the letter says so. Its id.
 */
int64_t forwards_pass_on(struct store *store, const struct conf *conf, size_t desk,
	const struct record_case *record, const struct record_message *message,
	const struct policy_coordinator *coordinator, int64_t now);

#endif
