/*
 * The triggers of a test build. Never compiled into another.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/hooks.h"

#ifdef ENABLE_TEST_HOOKS

#include "base/arena.h"
#include "room/sanitized.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
triggered(const unsigned char *bytes, size_t len, const char *trigger)
{
	return memmem(bytes, len, trigger, strlen(trigger)) != NULL;
}

/* A locked room's abort() cannot signal and runs into a fault, which a sanitizer would tell as a find of its own. */
static _Noreturn void
crash(void)
{
#if SANITIZED
	_exit(EXIT_FAILURE);
#else
	abort();
#endif
}

void
hooks_reader(const unsigned char *bytes, size_t len)
{
	if (triggered(bytes, len, "X-Madoguchi-Test: crash"))
		crash();
	if (triggered(bytes, len, "X-Madoguchi-Test: spin")) {
		for (volatile unsigned spin = 0;; spin++)
			;
	}
	if (triggered(bytes, len, "X-Madoguchi-Test: eat")) {
		struct arena *arena = arena_new(ARENA_PLAIN, (size_t)2 * 1024 * 1024 * 1024);

		for (;;)
			memset(arena_alloc(arena, 1 << 20), 1, 1 << 20);
	}
}

int
hooks_landlock(int known)
{
	const char *highest = getenv("MADOGUCHI_TEST_LANDLOCK");
	int wanted = highest != NULL ? (int)strtol(highest, NULL, 10) : known;

	return wanted < known ? wanted : known;
}

#endif
