/*
 * Fuzzes mail/compose_carry: whatever a keyring opened, the entity ends with its own
 * delimiter, which stands in it no other time, and the letter's words stay the first.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "mail/compose.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)
#define DELIMITER "--=_0123456789abcdef0123456789abcdef"
#define OPEN "Content-Type: multipart/mixed\r\n\r\nwords\r\n" DELIMITER "\r\n"
#define CLOSE "\r\n" DELIMITER "--\r\n"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static size_t
times(const char *bytes, size_t len, const char *word)
{
	const char *at = bytes, *end = bytes + len;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), word, strlen(word))) != NULL) {
		count++;
		at += strlen(word);
	}
	return count;
}

/* The first byte chooses how it came, and whether a charset was told: what stands before the first NUL. */
int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_WIPED, ARENA_CAP);
	struct compose_carried carried = { .bytes = data, .len = len };
	struct text whole;
	struct err err;

	if (len > 1) {
		carried.bytes = data + 1;
		carried.len = len - 1;
		carried.whole = (data[0] & 1) != 0;
		if ((data[0] & 2) != 0)
			carried.charset = arena_strndup(arena, (const char *)data + 1,
				len < 64 ? len - 1 : 63);
	}
	if (compose_carry(arena, OPEN, strlen(OPEN), &carried, &whole, &err) == DONE &&
		(memcmp(whole.data, OPEN, strlen(OPEN)) != 0 ||
			memcmp(whole.data + whole.len - strlen(CLOSE), CLOSE, strlen(CLOSE)) != 0 ||
			times(whole.data, whole.len, DELIMITER) != 2))
		abort();
	arena_free(&arena);
	return 0;
}
