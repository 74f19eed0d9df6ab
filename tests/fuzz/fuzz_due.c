/*
 * Fuzzes the reader of days that something is asked for by. A mention must stand in
 * the match copy, hold figures in their range, and lead to no day before the receipt.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "rule/due.h"
#include "rule/fold.h"

#include <stdlib.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define RECEIVED (INT64_C(1795999200) * CLOCK_SECOND)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(const struct due_mention *mention, const struct fold *fold)
{
	static const struct policy policy = { .country = "JP" };
	struct due due;

	if (mention->len == 0 || mention->at + mention->len > fold->len ||
		mention->form >= DUE_FORMS || mention->year < 0 || mention->year > 9999 ||
		mention->month < 0 || mention->month > 12 || mention->day < 0 ||
		mention->day > DUE_LAST_DAY || mention->weekday < -1 || mention->weekday > 6 ||
		mention->count < DUE_NEXT || mention->count > DUE_COUNT_MAX ||
		mention->span.count < 0 || mention->span.count > DUE_COUNT_MAX ||
		mention->hour < -1 || mention->hour > 24 || mention->minute < -1 ||
		mention->minute > 59)
		abort();
	if (due_resolve(&policy, "UTC", RECEIVED, mention, &due) && due.at < RECEIVED)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const char *text = utf8_repair(arena, (const char *)data, len, NULL);
	struct due_mentions mentions;
	struct fold fold;

	fold_make(arena, text, &fold);
	due_find(&fold, &mentions);
	for (size_t i = 0; i < mentions.count; i++)
		check(&mentions.mention[i], &fold);
	arena_free(&arena);
	return 0;
}
