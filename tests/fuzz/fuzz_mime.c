/*
 * Fuzzes mail/mime.h over whole messages. Every part must lie inside the bytes,
 * hang below an earlier one within the limits, and decode to the length it told.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "mail/limits.h"
#include "mail/mime.h"

#include <stdlib.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check_inside(const unsigned char *data, size_t len, const unsigned char *at, size_t at_len)
{
	if (at != NULL && (at < data || at_len > len || (size_t)(at - data) > len - at_len))
		abort();
}

static void
check_part(struct arena *arena, struct mime_part *part, int index)
{
	size_t len;

	if (part->parent >= index || part->depth > LIMIT_DEPTH || part->type == NULL)
		abort();
	if (part->multipart || part->message)
		return;
	if (mime_body_head(arena, part, 10, &len) == NULL || len > 10 ||
		mime_body(arena, part) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	struct mime_tree tree;

	mime_start();
	mime_read(arena, data, len, &tree);
	if (tree.count > LIMIT_PARTS || (tree.count == 0 && tree.limit == MIME_FINE))
		abort();
	for (size_t i = 0; i < tree.count; i++) {
		check_inside(data, len, tree.parts[i].raw, tree.parts[i].raw_len);
		check_inside(data, len, tree.parts[i].content, tree.parts[i].content_len);
		check_part(arena, &tree.parts[i], (int)i);
	}
	arena_free(&arena);
	return 0;
}
