/*
 * Fuzzes the finding of OpenPGP in one part (mail/message_parts.h): the first
 * byte chooses what the part says that it is. What is found must lie within the
 * part's decoded bytes, or be gathered from what is shown of a text, and begin
 * where it should.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/message.h"
#include "mail/message_parts.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const struct { const char *type, *name, *charset; bool attachment; } guises[] = {
	{ "text/plain", NULL, "utf-8", false },
	{ "application/pgp", NULL, NULL, false },
	{ "text/html", NULL, "iso-2022-jp", false },
	{ "application/octet-stream", "notice.asc", NULL, true },
	{ "application/octet-stream", "notice.gpg", NULL, true },
	{ "application/octet-stream", "notice.sig", NULL, true },
	{ "application/octet-stream", NULL, NULL, true },
};

static void
check(const struct message *message, const struct mime_part *part)
{
	bool inside = message->crypt >= part->body &&
		message->crypt_len <= part->body_len - (size_t)(message->crypt - part->body);

	if (message->crypt_len == 0 || (!inside && part->attachment))
		abort();
	if (message->crypt_charset && strlen(message->crypt_charset) > 64)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	size_t guise = len > 0 ? data[0] % (sizeof(guises) / sizeof(guises[0])) : 0;
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	const unsigned char *body = data + (len > 0);
	struct mime_part part = { .parent = -1, .type = guises[guise].type,
		.name = guises[guise].name, .charset = guises[guise].charset,
		.attachment = guises[guise].attachment, .body = body,
		.body_len = len - (len > 0), .content = body, .content_len = len - (len > 0) };
	enum part_role role = ROLE_NONE;
	struct message_parts parts = { .tree = { .parts = &part, .count = 1 }, .roles = &role };
	struct message message = { .form = MESSAGE_PLAIN };

	charset_open_all();
	message_part_is_version(arena, &part);
	message_part_is_signature(arena, &part);
	if (message_armour_find(arena, &parts, &message))
		check(&message, &part);
	arena_free(&arena);
	return 0;
}
