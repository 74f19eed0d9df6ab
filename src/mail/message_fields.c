/*
 * A message's header fields as values: who, to whom, about what, which thread, and
 * the marks of programs. Must not look at a body, nor judge what a field claims.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/limits.h"

#include <string.h>

#define REFERENCES_MAX 400	/* of one message; a thread is found by any of them */

/* As many places as the value can hold mailboxes: a long list costs, a short one does not. */
static struct address *
read_addresses(struct arena *arena, const struct header_block *block, const char *name,
	size_t *count_r)
{
	const struct header_field *field = header_find(block, name);
	size_t room = 1;
	struct address *list;

	*count_r = 0;
	if (!field)
		return NULL;
	for (size_t i = 0; i < field->len; i++)
		room += field->value[i] == ',' || field->value[i] == ';';
	if (room > LIMIT_ADDRESSES)
		room = LIMIT_ADDRESSES;
	list = arena_calloc(arena, room, sizeof(*list));
	*count_r = address_parse(arena, field->value, field->len, list, room);
	return list;
}

void
message_subject_read(struct arena *arena, const struct header_block *block, struct message *message)
{
	const struct header_field *field = header_find(block, "Subject");
	enum charset_result result = CHARSET_FINE;

	if (!field)
		return;
	message->subject = header_decode(arena, field->value, field->len, &result);
	message_note_charset(message, result);
}

static void
add_references(struct arena *arena, const struct header_block *block, const char *name,
	struct message *message)
{
	const struct header_field *field = header_find(block, name);
	const char *ids[REFERENCES_MAX];
	size_t count = field ? header_msg_ids(arena, field->value, ids, REFERENCES_MAX) : 0;

	for (size_t i = 0; i < count && message->reference_count < REFERENCES_MAX; i++) {
		size_t seen = 0;

		while (seen < message->reference_count &&
		       strcmp(message->references[seen], ids[i]) != 0)
			seen++;
		if (seen == message->reference_count)
			message->references[message->reference_count++] = ids[i];
	}
}

static void
read_threading(struct arena *arena, const struct header_block *block, struct message *message)
{
	const struct header_field *id = header_find(block, "Message-ID");
	size_t room = 0;

	if (id && header_msg_ids(arena, id->value, &message->message_id, 1) == 0)
		message->message_id = NULL;
	for (size_t i = 0; i < block->count; i++)
		if (text_equal_ci(block->fields[i].name, "References") ||
		    text_equal_ci(block->fields[i].name, "In-Reply-To"))
			room = REFERENCES_MAX;
	message->references = arena_calloc(arena, room + 1, sizeof(*message->references));
	add_references(arena, block, "References", message);
	add_references(arena, block, "In-Reply-To", message);
}

/* RFC 3834, and what list managers and robots write. */
static void
read_robot_fields(struct arena *arena, const struct header_block *block,
	struct message *message)
{
	const struct header_field *automatic = header_find(block, "Auto-Submitted");
	const struct header_field *precedence = header_find(block, "Precedence");
	const struct header_field *path = header_find(block, "Return-Path");
	const char *word = precedence ? header_token(arena, precedence->value) : "";

	message->auto_submitted = automatic &&
		!text_equal(header_token(arena, automatic->value), "no");
	message->bulk = text_equal(word, "bulk") || text_equal(word, "list") ||
		text_equal(word, "junk");
	for (size_t i = 0; i < block->count && !message->bulk; i++)
		message->bulk = text_starts_ci(block->fields[i].name, "List-");
	message->null_return_path = path && text_equal(path->value, "<>");
}

/* Fields that may stand once (RFC 5322 3.6): where they do not, readers differ on which counts. */
bool
message_fields_doubled(const struct header_block *block)
{
	static const char *const once[] = { "From", "Sender", "Reply-To", "To", "Cc", "Subject",
		"Date", "Message-ID", "In-Reply-To", "References", "Content-Type",
		"Content-Transfer-Encoding", "MIME-Version", NULL };

	for (size_t i = 0; once[i]; i++)
		if (header_count(block, once[i]) > 1)
			return true;
	return false;
}

/* Our mail server takes forged ones out by name: one that is spelled to be missed is none. */
static void
read_auth_results(struct arena *arena, const struct header_block *block,
	struct message *message)
{
	size_t count = header_count(block, "Authentication-Results");

	message->auth_results = arena_calloc(arena, count + 1, sizeof(*message->auth_results));
	for (size_t i = 0; i < block->count; i++)
		if (text_equal_ci(block->fields[i].name, "Authentication-Results") &&
		    !block->fields[i].spaced)
			message->auth_results[message->auth_results_count++] =
				block->fields[i].value;
}

void
message_fields_read(struct arena *arena, struct message *message)
{
	const struct header_block *block = &message->fields;
	const struct header_field *date = header_find(block, "Date");
	const struct header_field *ours = header_find(block, "X-Madoguchi");

	message->subject = "";
	message_subject_read(arena, block, message);
	message->from = read_addresses(arena, block, "From", &message->from_count);
	message->sender = read_addresses(arena, block, "Sender", &message->sender_count);
	message->reply_to = read_addresses(arena, block, "Reply-To", &message->reply_to_count);
	message->to = read_addresses(arena, block, "To", &message->to_count);
	message->cc = read_addresses(arena, block, "Cc", &message->cc_count);
	read_threading(arena, block, message);
	message->has_date = date && header_date(date->value, &message->date);
	read_robot_fields(arena, block, message);
	message->x_madoguchi = ours ? ours->value : NULL;
	read_auth_results(arena, block, message);
}
