/*
 * Fuzzes everything in mail/header.h over one block of bytes. Texts must come
 * out as valid UTF-8, and what header_encode() writes must be read as it was.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/header.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)
#define IDS 50
#define WORTH_ENCODING 2000

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(const char *text)
{
	if (text != NULL && !utf8_valid(text, strlen(text)))
		abort();
}

static void
check_encoding(struct arena *arena, const char *text)
{
	char *raw = arena_printf(arena, "A: %s\n\n", header_encode(arena, text));
	struct header_block block;

	header_scan(arena, raw, strlen(raw), &block);
	if (block.count != 1 || strcmp(header_decode(arena, block.fields[0].value,
		block.fields[0].len, NULL), text) != 0)
		abort();
}

static void
check_value(struct arena *arena, const char *value, size_t len)
{
	const char *ids[IDS], *text = header_decode(arena, value, len, NULL);
	int64_t at;

	check(text);
	if (strlen(text) < WORTH_ENCODING)
		check_encoding(arena, text);
	check(header_token(arena, value));
	check(header_param(arena, value, "name"));
	for (size_t i = header_msg_ids(arena, value, ids, IDS); i > 0; i--)
		check(ids[i - 1]);
	header_date(value, &at);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	struct header_block block;

	charset_open_all();
	header_scan(arena, data, len, &block);
	if (block.body_at > len)
		abort();
	for (size_t i = 0; i < block.count; i++)
		check_value(arena, block.fields[i].value, block.fields[i].len);
	arena_free(&arena);
	return 0;
}
