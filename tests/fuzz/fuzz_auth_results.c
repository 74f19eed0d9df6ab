/*
 * Fuzzes auth_results_read(): each line is a field. What is not of the trusted
 * server must say nothing, whatever stands in it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "mail/auth_results.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)
#define MAX 20

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const char *const ids[] = { "mx.example.jp" };
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	char *line = arena_strndup(arena, (const char *)data, len);
	struct auth_results results;
	const char *values[MAX];
	size_t count = 0;

	while (line != NULL && count < MAX)
		values[count++] = strsep(&line, "\n");
	auth_results_read(arena, values, count, ids, 1, "a@mail.ipa.go.jp", &results);
	if (!results.trusted && (results.dmarc != AUTH_NONE || results.dkim_aligned))
		abort();
	auth_results_read(arena, values, count, ids, 1, "", &results);
	if (results.dmarc == AUTH_PASS || results.dkim_aligned)
		abort();
	arena_free(&arena);
	return 0;
}
