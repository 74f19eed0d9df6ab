/*
 * Mails that lie inside of a mail, as files or as its only part: sent on by
 * somebody. What they say is a quotation, whoever signed it: a signature on
 * somebody's old mail lifts nothing of the one that it came in. What one of them
 * holds sealed is opened as an attached ciphertext is. A delivery report's
 * returned mail is message_report.c's. What was signed or sealed may be the mail
 * itself in a wrapper (RFC 8551 3.1): that is nobody else's, and quotes nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/header.h"
#include "mail/limits.h"

#include <string.h>

/* Of a wrapper that says nothing (RFC 8551 has no word for it): whether it could be another's mail. */
static bool
is_from(struct arena *arena, const void *bytes, size_t len, const char *outer_from)
{
	const struct header_field *from;
	struct header_block block;
	struct address address[2];

	header_scan(arena, bytes, len, &block);
	from = header_find(&block, "From");
	return from && header_count(&block, "From") == 1 && outer_from[0] != '\0' &&
		address_parse(arena, from->value, from->len, address, 2) == 1 &&
		address_equal(address[0].addr, outer_from);
}

bool
message_unwrap(struct arena *arena, struct mime_part *part, const char *outer_from,
	const unsigned char **bytes_r, size_t *len_r)
{
	const char *forwarded;
	const unsigned char *bytes;

	if (!part->message || part->attachment || part->body_len == 0 || !part->content_type)
		return false;
	forwarded = header_param(arena, part->content_type, "forwarded");
	bytes = mime_body(arena, part);
	if (forwarded ? !text_equal_ci(forwarded, "no")
		      : !is_from(arena, bytes, part->body_len, outer_from))
		return false;
	*bytes_r = bytes;
	*len_r = part->body_len;
	return true;
}

/* Whether it is all that a signature's container holds: what is signed as it stands is read so. */
static bool
is_wrapped(struct arena *arena, struct message_parts *parts, size_t i, const char *outer_from)
{
	int up = parts->tree.parts[i].parent;
	const unsigned char *bytes;
	size_t len;

	return up >= 0 && text_equal(parts->tree.parts[up].type, "multipart/signed") &&
		message_parts_child(parts, (size_t)up, 0) == i &&
		message_unwrap(arena, &parts->tree.parts[i], outer_from, &bytes, &len);
}

static bool
is_returned(const struct mime_tree *tree, size_t i)
{
	for (int up = tree->parts[i].parent; up >= 0; up = tree->parts[up].parent)
		if (text_equal(tree->parts[up].type, "multipart/report"))
			return true;
	return false;
}

static void
quote_lines(struct text *out, const char *text)
{
	while (*text && !out->full) {
		size_t len = strcspn(text, "\n");

		text_add(out, "> ");
		text_add_bytes(out, text, len);
		text_add_char(out, '\n');
		text += len + (text[len] == '\n');
	}
}

static const char *
as_quotation(struct arena *arena, const struct message *inner)
{
	struct text out;

	text_init(&out, arena, LIMIT_TEXT_BYTES);
	if (inner->from_count > 0)
		quote_lines(&out, arena_printf(arena, "From: %s", inner->from[0].addr));
	if (inner->subject[0] != '\0')
		quote_lines(&out, arena_printf(arena, "Subject: %s", inner->subject));
	text_add(&out, "> \n");
	quote_lines(&out, inner->text);
	message_end_whole(&out);
	return out.data;
}

/* A signature round it that cannot be checked leaves a mail that is read all the same. */
static void
take_wrapped(struct message_parts *parts, size_t i, const struct message *inner)
{
	parts->roles[i] = ROLE_SKIP;
	parts->nested[i] = inner->text;
	parts->wrapped = inner;
}

static void
take_sealed(const struct message *inner, struct message *message)
{
	if (message->form != MESSAGE_PLAIN || inner->form != MESSAGE_PGP_ENCRYPTED)
		return;
	message->form = inner->form;
	message->crypt = inner->crypt;
	message->crypt_len = inner->crypt_len;
	message->crypt_charset = inner->crypt_charset;
	message->more_blocks = inner->more_blocks;
	message->other_count = inner->other_count;
	memcpy(message->others, inner->others, sizeof(message->others));
}

void
message_nested_read(struct arena *arena, struct message_parts *parts, struct message *message)
{
	struct message_nest *nest = parts->nest;

	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];
		struct message *inner;
		size_t len;

		if (!part->message || parts->roles[i] != ROLE_NONE || nest->left == 0 ||
		    nest->text_left == 0 || nest->depth == LIMIT_NESTED_DEPTH || is_returned(&parts->tree, i))
			continue;
		nest->left--;
		nest->depth++;
		inner = arena_calloc(arena, 1, sizeof(*inner));
		message_read_inside(arena, mime_body(arena, part), part->body_len, nest, inner);
		nest->depth--;
		if (is_wrapped(arena, parts, i, message_from(message)))
			take_wrapped(parts, i, inner);
		else
			parts->nested[i] = as_quotation(arena, inner);
		len = strlen(parts->nested[i]);
		nest->text_left -= len < nest->text_left ? len : nest->text_left;
		take_sealed(inner, message);
	}
}
