/*
 * A desk's change from one key to the next, as it stands in the store: which two, and
 * the letters that tell the coordinators. The conf says which of them signs; the old
 * one stays in the keyring for what is sealed to it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_ROLLS_H
#define FLOW_ROLLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct record_outbox;
struct store;

#define ROLL_LETTERS 32

struct roll {
	const char *old_key, *new_key;	/* fingerprints */
	int64_t begun_at;
	int64_t letters[ROLL_LETTERS];	/* outbox entries */
	size_t letter_count;
};

/* The desk's last change; false when there was none. All of it lies in the arena. */
bool rolls_get(struct store *store, struct arena *arena, const char *desk, struct roll *roll_r);

/* In the open transaction. armour: the new key's public half, which the letters bring along. */
void rolls_set(struct store *store, const char *desk, const struct roll *roll, const char *armour);

/* A held letter to that coordinator, in the open transaction: the outbox entry. */
int64_t rolls_announce(struct store *store, const struct conf *conf, size_t desk, size_t coordinator,
	const struct roll *roll, int64_t now);

/* Whether an outbox entry is such a letter; and the key that it brings, NULL where it is gone. */
bool rolls_entry(const struct record_outbox *entry);
char *rolls_armour(struct store *store, struct arena *arena, const char *desk);

#endif
