/*
 * Fuzzes mail/plain_text.h: the first byte holds the flags, the rest is text.
 * No line may be left that an armour's reader would take for a beginning where
 * armour is to be dropped, and no text may grow but by the marks of quotations.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/plain_text.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	unsigned flags = len > 0 ? data[0] & 15 : 0;
	char *utf8 = utf8_repair(arena, (const char *)data + (len > 0), len - (len > 0), NULL);
	struct text out;

	text_init(&out, arena, ARENA_CAP / 4);
	plain_text_add(arena, &out, utf8, flags);
	if (!utf8_valid(out.data, out.len) || strchr(out.data, '\r'))
		abort();
	if (out.len > 2 * strlen(utf8) + 2)
		abort();
	if ((flags & PLAIN_DROP_ARMOUR) && text_starts(out.data, "-----BEGIN PGP MESSAGE-----\n") &&
		!strstr(utf8, "-----BEGIN PGP SIGNED MESSAGE-----"))
		abort();
	arena_free(&arena);
	return 0;
}
