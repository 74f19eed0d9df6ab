/*
 * Fuzzes charset_to_utf8(): the first line names the charset, the rest are its
 * bytes. What comes out must be valid UTF-8 without NUL.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/charset.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	const unsigned char *end = len > 0 ? memchr(data, '\n', len) : NULL;
	size_t label_len = end != NULL ? (size_t)(end - data) : 0;
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	enum charset_result result;
	char *label, *utf8;

	charset_open_all();
	label = arena_strndup(arena, (const char *)data, label_len);
	utf8 = charset_to_utf8(arena, label, data + label_len, len - label_len, &result);
	if (!utf8_valid(utf8, strlen(utf8)) || charset_same(label, label) > 1)
		abort();
	arena_free(&arena);
	return 0;
}
