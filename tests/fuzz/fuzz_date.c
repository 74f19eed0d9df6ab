/*
 * Fuzzes dates: the bytes as a Date field's value (mail/header.h) and as what a
 * person types (base/clock.h). What is a date at all is the same date when it is
 * written in either form and read again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "mail/header.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)16 * 1024 * 1024)
#define SECOND INT64_C(1000000)
#define FIRST_WRITTEN (INT64_C(-62135596800) * SECOND)	/* year 1, and the end of 9999: of four digits */
#define LAST_WRITTEN (INT64_C(253402300799) * SECOND)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check_again(struct arena *arena, int64_t at)
{
	int64_t again = 0;

	if (at % SECOND != 0 || at < FIRST_WRITTEN || at > LAST_WRITTEN)
		return;
	if (!clock_parse(clock_rfc3339(arena, at, "UTC"), "UTC", &again) || again != at)
		abort();
	/* RFC 5322 knows no year before 1900. */
	if (at < INT64_C(-2208988800) * SECOND)
		return;
	if (!header_date(clock_rfc5322(arena, at, "UTC"), &again) || again != at)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	char *value = arena_strndup(arena, (const char *)data, len);
	int64_t at;

	if (header_date(value, &at))
		check_again(arena, at);
	if (clock_parse(value, "Asia/Tokyo", &at))
		check_again(arena, at);
	arena_free(&arena);
	return 0;
}
