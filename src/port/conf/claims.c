/*
 * What the conf says about keys, with the place where it says it: so that the
 * keyring can be held against it later, when its mistakes still have a line.
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

static bool
in_ring(const char *const *fprs, size_t count, const char *fpr)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal_ci(fprs[i], fpr))
			return true;
	return false;
}

/* Whether the claim is about this desk's keyring. */
static bool
concerns(const struct conf *conf, const struct conf_claim *claim, size_t desk)
{
	const struct string_list *desks;

	if (claim->base == BASE_DESK_POLICY)
		return claim->index == desk;
	if (claim->base != BASE_STAFF)
		return true;
	desks = &conf->policy.staff[claim->index].desks;
	for (size_t i = 0; i < desks->count; i++)
		if (strcmp(desks->at[i], conf->policy.desks[desk].title) == 0)
			return true;
	return desks->count == 0;
}

/* Adds the line unless another desk's check has added it already. */
static void
tell(const struct conf_claim *claim, const char *sentence, struct text *mistakes)
{
	const char *line = arena_printf(mistakes->arena, "%s:%u: %s: %s %s\n", claim->file,
		claim->line, claim->path, claim->fpr, sentence);

	if (strstr(mistakes->data, line) == NULL)
		text_add(mistakes, line);
}

bool
conf_check_keys(const struct conf *conf, size_t desk, const char *const *fprs, size_t count,
	const char *const *secrets, size_t secret_count, struct text *mistakes)
{
	const char *home = conf->desks[desk].pgp.home;
	bool well = true;

	for (size_t i = 0; i < conf->claim_count; i++) {
		const struct conf_claim *claim = &conf->claims[i];
		const char *sentence = NULL;

		if (!concerns(conf, claim, desk))
			continue;
		if (!in_ring(fprs, count, claim->fpr))
			sentence = arena_printf(mistakes->arena,
				"is not in the keyring %s; madoguchi keys import FILE, or leave "
				"it out",
				home);
		else if (claim->base == BASE_DESK_POLICY
			&& !in_ring(secrets, secret_count, claim->fpr))
			sentence = arena_printf(mistakes->arena,
				"is in the keyring %s without its secret half; import that too, "
				"or name the desk's own key",
				home);
		if (sentence != NULL)
			tell(claim, sentence, mistakes);
		well = well && sentence == NULL;
	}
	return well;
}
