/*
 * Fuzzes HTML made text and what quotations are told by (mail/html_text.h,
 * mail/quote.h): the first byte says whether legacy display goes. Text stays
 * valid, and parting it loses no line that was the writer's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/html_text.h"
#include "mail/quote.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define QUOTES_MAX 60	/* bytes of marks before a line in a blockquote */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	char *html = utf8_repair(arena, (const char *)data + (len > 0), len - (len > 0), NULL);
	const char *own, *quoted;
	struct text out;

	text_init(&out, arena, ARENA_CAP / 4);
	html_text_add(&out, html, len > 0 && (data[0] & 1));
	if (!utf8_valid(out.data, out.len) || out.len > (QUOTES_MAX + 2) * (strlen(html) + 1))
		abort();
	quote_split(arena, out.data, &own, &quoted);
	if (!utf8_valid(own, strlen(own)) || !utf8_valid(quoted, strlen(quoted)))
		abort();
	if (strlen(own) + strlen(quoted) > out.len + 2 || strchr(own, QUOTE_OWN))
		abort();
	arena_free(&arena);
	return 0;
}
