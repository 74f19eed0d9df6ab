/*
 * Fuzzes mail/mbox: every byte of a box is in one message or between two, the
 * walk ends, and on the wire no line feed is left without its carriage return.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "mail/mbox.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const char *bytes, *end = arena_strndup(arena, (const char *)data, len);
	struct mbox mbox = { end, len };
	struct text wire;
	size_t found;
	int64_t at;

	while (mbox_next(&mbox, &bytes, &found, &at)) {
		if (bytes < end || at < 0)
			abort();
		end = bytes + found;
		if (end > mbox.at)
			abort();
	}
	if (mbox.left != 0)
		abort();
	text_init(&wire, arena, 3 * len + 1);
	mbox_wire(&wire, (const char *)data, len, true);
	for (size_t i = 0; i < wire.len; i++) {
		if (wire.data[i] == '\n' && (i == 0 || wire.data[i - 1] != '\r'))
			abort();
	}
	arena_free(&arena);
	return 0;
}
