/*
 * Fuzzes encoded words (mail/header.h): the bytes are one field's value as it
 * came, line ends and all. What comes out is a line of valid UTF-8 without
 * control characters, and stays what it is when it is written and read again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/header.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)
#define WORTH_WRITING 4000

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check_line(const char *text)
{
	if (!utf8_valid(text, strlen(text)))
		abort();
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			abort();
}

/* Written, unfolded as a header block would be, and read again. */
static void
check_again(struct arena *arena, const char *text)
{
	char *block = arena_printf(arena, "A: %s\r\n\r\n", header_encode(arena, text));
	struct header_block fields;
	const char *again;

	header_scan(arena, block, strlen(block), &fields);
	if (fields.count != 1)
		abort();
	again = header_decode(arena, fields.fields[0].value, fields.fields[0].len, NULL);
	if (strcmp(again, text) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	enum charset_result worst = CHARSET_FINE;
	const char *text;

	charset_open_all();
	text = header_decode(arena, (const char *)data, len, &worst);
	check_line(text);
	if (worst > CHARSET_UNKNOWN)
		abort();
	if (strlen(text) < WORTH_WRITING)
		check_again(arena, text);
	arena_free(&arena);
	return 0;
}
