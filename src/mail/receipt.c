/*
 * The time of receipt out of names and header fields. Must not look at a body.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/receipt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "mail/header.h"
#include "mail/limits.h"

#include <string.h>

#define RECEIPT_ARENA ((size_t)16 * 1024 * 1024)
#define SECONDS_MIN INT64_C(100000000)		/* 1973: a shorter number counts something else */
#define SECONDS_MAX INT64_C(100000000000)

int64_t
receipt_of_name(const char *name)
{
	int64_t seconds = 0;
	const char *at = name;

	for (; *at >= '0' && *at <= '9' && seconds < SECONDS_MAX; at++)
		seconds = 10 * seconds + (*at - '0');
	if (*at != '.' || seconds < SECONDS_MIN || seconds >= SECONDS_MAX)
		return 0;
	return seconds * CLOCK_SECOND;
}

static int64_t
date_of(const char *value)
{
	int64_t at;

	return header_date(value, &at) && at > 0 ? at : 0;
}

int64_t
receipt_of_header(const char *bytes, size_t len)
{
	struct arena *arena = arena_new(ARENA_WIPED, RECEIPT_ARENA);
	const struct header_field *received, *date;
	struct header_block block;
	const char *semicolon;
	int64_t at = 0;

	header_scan(arena, bytes, len < LIMIT_HEADER_BYTES ? len : LIMIT_HEADER_BYTES, &block);
	received = header_find(&block, "Received");
	date = header_find(&block, "Date");
	semicolon = received != NULL ? strrchr(received->value, ';') : NULL;
	if (semicolon != NULL)
		at = date_of(semicolon + 1);
	if (at == 0 && date != NULL)
		at = date_of(date->value);
	arena_free(&arena);
	return at;
}
