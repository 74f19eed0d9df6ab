/*
 * Changing the desk's key: what the store knows of it, and the letters about it. They
 * are made while the old key still signs, since that is the one that coordinators know;
 * they are held, for a person to say when.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/rolls.h"

#include "flow/parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/held.h"

#define ROLL_ARENA ((size_t)1024 * 1024)
#define ROLL_TEXT 4096

static char *
value_name(struct arena *arena, const char *desk, const char *what)
{
	return arena_printf(arena, "roll.%s%s", desk, what);
}

bool
rolls_get(struct store *store, struct arena *arena, const char *desk, struct roll *roll_r)
{
	const char *lines = store_value_get(store, arena, value_name(arena, desk, ""));
	struct roll roll = { 0 };
	const char *begun, *id;

	if (lines == NULL)
		return false;
	roll.old_key = letter_param(arena, lines, "old");
	roll.new_key = letter_param(arena, lines, "new");
	begun = letter_param(arena, lines, "begun");
	if (roll.old_key == NULL || roll.new_key == NULL || begun == NULL ||
		!text_number(begun, 0, INT64_MAX, &roll.begun_at))
		return false;
	for (size_t i = 0; i < ROLL_LETTERS; i++) {
		id = letter_param(arena, lines, arena_printf(arena, "letter%zu", i));
		if (id == NULL || !text_number(id, 1, INT64_MAX, &roll.letters[i]))
			break;
		roll.letter_count++;
	}
	*roll_r = roll;
	return true;
}

void
rolls_set(struct store *store, const char *desk, const struct roll *roll, const char *armour)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ROLL_ARENA);
	struct text text;

	text_init(&text, arena, ROLL_TEXT);
	text_addf(&text, "old: %s\nnew: %s\nbegun: %lld\n", roll->old_key, roll->new_key,
		(long long)roll->begun_at);
	for (size_t i = 0; i < roll->letter_count; i++)
		text_addf(&text, "letter%zu: %lld\n", i, (long long)roll->letters[i]);
	store_value_set(store, value_name(arena, desk, ""), text.data);
	store_value_set(store, value_name(arena, desk, ".key"), armour);
	arena_free(&arena);
}

int64_t
rolls_announce(struct store *store, const struct conf *conf, size_t desk, size_t coordinator,
	const struct roll *roll, int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ROLL_ARENA);
	const struct policy_coordinator *to = &conf->policy.coordinators[coordinator];
	struct record_outbox entry = { .kind = KIND_REPLY,
		.state = OUTBOX_HELD,
		.to = to->addresses.at[0],
		.hold_why = held_why_text(HELD_NEW_KEY) };
	int64_t id;

	entry.params = arena_printf(arena, "roll: %s\nnew_fingerprint: %s\ncoordinator: %s\n",
		roll->new_key, letter_grouped(arena, roll->new_key), to->name);
	id = outbox_add(store, conf, desk, &entry, now);
	arena_free(&arena);
	return id;
}

bool
rolls_entry(const struct record_outbox *entry)
{
	return entry->kind == KIND_REPLY && entry->case_id == 0 && entry->params != NULL &&
		text_starts(entry->params, "roll: ");
}

char *
rolls_armour(struct store *store, struct arena *arena, const char *desk)
{
	char *armour = store_value_get(store, arena, value_name(arena, desk, ".key"));

	return armour != NULL && armour[0] != '\0' ? armour : NULL;
}
