/*
 * Fuzzes mail/mime_scan.h with the boundaries "b" and "": what signatures hang
 * on must be spans in order, inside the bytes and apart from each other.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "mail/limits.h"
#include "mail/mime_scan.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define SPANS 8

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(const struct mime_lines *lines, const unsigned char *data, size_t len, const char *boundary)
{
	struct mime_span spans[SPANS], whole = { 0, len };
	struct mime_division division;
	size_t behind = 0;

	mime_scan_parts(lines, whole, boundary, spans, SPANS, &division);
	if (division.first > len || division.end > len)
		abort();
	for (size_t i = 0; i < division.count && i < SPANS; i++) {
		size_t body = mime_scan_body(data, spans[i]);

		if (spans[i].at < behind || spans[i].end < spans[i].at || spans[i].end > len ||
			body < spans[i].at || body > spans[i].end)
			abort();
		behind = spans[i].end;
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	struct mime_lines lines;

	if (mime_scan_first_field(data, len) > len)
		abort();
	if (mime_scan_lines(arena, data, len, 0, &lines) == MIME_FINE) {
		check(&lines, data, len, "b");
		check(&lines, data, len, "");
	}
	arena_free(&arena);
	return 0;
}
