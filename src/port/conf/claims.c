/*
 * What the conf says about keys, with the place where it says it, held against
 * the keyrings: what lacks there is a mistake of the conf like any other.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"

#include <string.h>

void
conf_claim_key(struct value *value, const char *fpr)
{
	struct reading *reading = value->reading;
	struct conf_claim *claim;

	if (reading->claim_count == reading->claim_room) {
		size_t room = reading->claim_room == 0 ? 32 : reading->claim_room * 2;
		struct conf_claim *more = arena_calloc(reading->arena, room, sizeof(*more));

		if (reading->claim_count > 0)
			memcpy(more, reading->claims, reading->claim_count * sizeof(*more));
		reading->claims = more;
		reading->claim_room = room;
	}
	claim = &reading->claims[reading->claim_count++];
	claim->base = value->key->spec->base;
	claim->index = value->index;
	claim->fpr = arena_strdup(reading->arena, fpr);
	claim->path = value->path;
	claim->file = conf_file_of(reading, value->at);
	claim->line = config_setting_source_line(value->at);
}

static const struct conf_ring_key *
find(const struct conf_ring_key *keys, size_t count, const char *fpr)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal_ci(keys[i].fpr, fpr))
			return &keys[i];
	return NULL;
}

/* Whether the claim is about this desk's keyring. */
static bool
concerns(const struct reading *reading, const struct conf_claim *claim, size_t desk)
{
	const struct string_list *desks;

	if (claim->base == BASE_DESK_POLICY)
		return claim->index == desk;
	if (claim->base != BASE_STAFF)
		return true;
	desks = &reading->staff[claim->index].desks;
	for (size_t i = 0; i < desks->count; i++)
		if (text_equal(desks->at[i], reading->desks[desk].title))
			return true;
	return desks->count == 0;
}

/* Desks that share a keyring lack the same key: that is one mistake. */
static void
tell(struct reading *reading, const struct conf_claim *claim, const char *sentence)
{
	const char *text = arena_printf(
		reading->arena, "%s: %s %s", claim->path, claim->fpr, sentence);

	for (size_t i = 0; i < reading->mistake_count; i++)
		if (reading->mistakes[i].line == claim->line
			&& strcmp(reading->mistakes[i].text, text) == 0)
			return;
	conf_wrong_file(reading, claim->file, claim->line, claim->path, "%s %s", claim->fpr,
		sentence);
}

static void
check_ring(struct reading *reading, size_t desk, const struct conf_ring_key *keys, size_t count)
{
	const char *home = reading->conf->desks[desk].pgp.home;

	for (size_t i = 0; i < reading->claim_count; i++) {
		const struct conf_claim *claim = &reading->claims[i];
		const struct conf_ring_key *key = find(keys, count, claim->fpr);

		if (!concerns(reading, claim, desk))
			continue;
		if (key == NULL)
			tell(reading, claim,
				arena_printf(reading->arena,
					"is not in the keyring %s; madoguchi keys import FILE, or "
					"leave it out",
					home));
		else if (claim->base == BASE_DESK_POLICY && !key->secret)
			tell(reading, claim,
				arena_printf(reading->arena,
					"is in the keyring %s without its secret half; import that "
					"too, or name the desk's own key",
					home));
	}
}

void
conf_check_keys(struct reading *reading, conf_ring *ring)
{
	for (size_t i = 0; i < reading->conf->policy.desk_count; i++) {
		const char *home = reading->conf->desks[i].pgp.home;
		const struct conf_ring_key *keys;
		size_t count;

		/* A home that is a mistake itself was told as one. */
		if (home != NULL && ring(reading->arena, home, &keys, &count))
			check_ring(reading, i, keys, count);
	}
}
