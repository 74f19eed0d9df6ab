/*
 * Fuzzes number_find(). What is found must be its own canonical form, each once
 * and in its order; and plain text, unless it has signs that are kept apart, must
 * be what NFKC of the whole would be.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "rule/number.h"
#include "rule/policy.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)
#define SHORT 4000	/* longer stretches of rare characters may be normalised in parts */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

/* Whether one of the signs is there that deliberately are not what NFKC makes of them. */
static bool
has_signs(const char *text)
{
	uint32_t c;

	while ((c = utf8_next(&text)) != 0)
		if (plain_keeps_apart(c))
			return true;
	return false;
}

static void
check_plain(struct arena *arena, const char *text)
{
	const char *normal = utf8_nfkc(arena, text);
	struct plain_walk walk, again;
	uint32_t c;

	if (strlen(text) > SHORT || has_signs(text))
		return;
	plain_start(&walk, arena, text, strlen(text), false);
	plain_start(&again, arena, normal, strlen(normal), false);
	while ((c = plain_next(&walk)) != 0) {
		if (c != plain_next(&again))
			abort();
	}
	if (plain_next(&again) != 0)
		abort();
}

static void
check_hits(struct arena *arena, const struct policy *policy, const struct number_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		char number[NUMBER_MAX];
		size_t coordinator;

		if (!number_canonical(arena, policy, hits->hit[i].number, number, &coordinator) ||
			strcmp(number, hits->hit[i].number) != 0 ||
			coordinator != hits->hit[i].coordinator ||
			(i > 0 && hits->hit[i].at <= hits->hit[i - 1].at))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const char *const regex[] = {
		"IPA#([0-9]{8})", "VU#([0-9]{6,})", "CB-Report#([0-9]{8}-[0-9]{8})",
	};
	struct policy_coordinator coordinators[3] = { 0 };
	const struct policy policy = { .coordinators = coordinators, .coordinator_count = 3 };
	struct number_pattern *patterns[3];
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const char *text = utf8_repair(arena, (const char *)data, len, NULL);
	struct number_hits hits;

	for (size_t i = 0; i < 3; i++) {
		if (number_pattern_compile(arena, regex[i], &patterns[i], NULL) != DONE)
			abort();
		coordinators[i].pattern = patterns[i];
	}
	number_find(arena, &policy, text, &hits);
	check_hits(arena, &policy, &hits);
	check_plain(arena, text);
	for (size_t i = 0; i < 3; i++)
		number_pattern_free(&patterns[i]);
	arena_free(&arena);
	return 0;
}
