/*
 * Fuzzes number_list_read(). What is found must be its own canonical form, in
 * the order of its lines, and once a row.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "rule/number_list.h"
#include "rule/policy.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(struct arena *arena, const struct policy *policy, const struct number_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct number_list_entry *entry = &list->entries[i];
		char number[NUMBER_MAX];
		size_t coordinator;

		if (!number_canonical(arena, policy, entry->number, number, &coordinator) ||
			strcmp(number, entry->number) != 0 || coordinator != entry->coordinator)
			abort();
		if (i > 0 && entry->line < entry[-1].line)
			abort();
		if (i > 0 && entry->line == entry[-1].line &&
			strcmp(entry->number, entry[-1].number) == 0)
			abort();
	}
	for (size_t i = 1; i < list->without_count; i++) {
		if (list->without[i] <= list->without[i - 1])
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const char *const regex[] = { "IPA#([0-9]{8})", "VU#([0-9]{6,})" };
	struct policy_coordinator coordinators[2] = { 0 };
	const struct policy policy = { .coordinators = coordinators, .coordinator_count = 2 };
	struct number_pattern *patterns[2];
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const char *text = utf8_repair(arena, (const char *)data, len, NULL);
	struct number_list list;

	for (size_t i = 0; i < 2; i++) {
		if (number_pattern_compile(arena, regex[i], &patterns[i], NULL) != DONE)
			abort();
		coordinators[i].pattern = patterns[i];
	}
	for (int only = -1; only < 1; only++) {
		number_list_read(arena, &policy, only, text, &list);
		check(arena, &policy, &list);
	}
	for (size_t i = 0; i < 2; i++)
		number_pattern_free(&patterns[i]);
	arena_free(&arena);
	return 0;
}
