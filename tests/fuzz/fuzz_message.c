/*
 * Fuzzes mail/message.h over whole messages, read both as they come and as
 * opened entities. What is text must be UTF-8 within its limit, and own and
 * quoted text may not be more than all of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/limits.h"
#include "mail/message.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static size_t
check(const char *text)
{
	size_t len = strlen(text);

	if (!utf8_valid(text, len))
		abort();
	return len;
}

static void
check_message(const struct message *message)
{
	size_t all = check(message->text);

	check(message->subject);
	if (all > LIMIT_TEXT_BYTES)
		abort();
	if (check(message->own_text) + check(message->quoted_text) > all + 2)
		abort();
	if ((message->form == MESSAGE_PLAIN) != (message->crypt == NULL))
		abort();
	for (size_t i = 0; i < message->attachment_count; i++)
		if (message->attachments[i].name != NULL)
			check(message->attachments[i].name);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	struct message message;
	const char *from = "";

	mime_start();
	charset_open_all();
	message_read(arena, data, len, NULL, &message);
	check_message(&message);
	if (message.from_count > 0)
		from = message.from[0].addr;
	message_read(arena, data, len, from, &message);
	check_message(&message);
	arena_free(&arena);
	return 0;
}
