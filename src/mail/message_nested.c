/*
 * Mails that lie inside of a mail, as files or as its only part: sent on by
 * somebody. What they say is a quotation, whoever signed it: a signature on
 * somebody's old mail lifts nothing of the one that it came in. What one of them
 * holds sealed is opened as an attached ciphertext is. A delivery report's
 * returned mail is message_report.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/limits.h"

#include <string.h>

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
as_quotation(struct arena *arena, const struct message *inner, struct message_nest *nest)
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
	nest->text_left -= out.len < nest->text_left ? out.len : nest->text_left;
	return out.data;
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

		if (!part->message || parts->roles[i] != ROLE_NONE || nest->left == 0 ||
		    nest->text_left == 0 || nest->depth == LIMIT_NESTED_DEPTH || is_returned(&parts->tree, i))
			continue;
		nest->left--;
		nest->depth++;
		inner = arena_calloc(arena, 1, sizeof(*inner));
		message_read_inside(arena, mime_body(arena, part), part->body_len, nest, inner);
		nest->depth--;
		parts->nested[i] = as_quotation(arena, inner, nest);
		take_sealed(inner, message);
	}
}
