/*
 * A message out of its bytes, put together from the modules that read header
 * fields, text, ciphertext and reports. Must not decide what a message means or
 * whom to believe.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/limits.h"
#include "mail/message_parts.h"

#include <string.h>

#define FILE_HEAD 64		/* bytes in which a NUL tells a file from words */

/* Whether header fields may be protected ones, and whether they need to say so. */
enum provenance { AS_IT_CAME, OPENED, UNWRAPPED };

size_t
message_parts_child(const struct message_parts *parts, size_t parent, size_t nth)
{
	for (size_t i = parent + 1; i < parts->tree.count; i++)
		if (parts->tree.parts[i].parent == (int)parent && nth-- == 0)
			return i;
	return 0;
}

const char *
message_from(const struct message *message)
{
	return message->from_count == 1 ? message->from[0].addr : "";
}

/*
 * The protected Subject: of an opened entity its own, of a signed mail that of
 * the signed part, whether or not an outer one differs.
 */
static void
read_protected(struct arena *arena, const struct message_parts *parts, struct message *message)
{
	const struct mime_part *root = parts->tree.parts;
	const unsigned char *bytes;
	struct mime_part *inner;
	struct header_block block;
	size_t first, len;

	if (parts->tree.count == 0)
		return;
	if (parts->protected) {
		message->subject_protected = header_find(&message->fields, "Subject") != NULL;
		message->from_protected = header_find(&message->fields, "From") != NULL;
		return;
	}
	first = message_parts_child(parts, 0, 0);
	inner = &parts->tree.parts[first];
	if (!text_equal(root->type, "multipart/signed") || first == 0 || !inner->raw)
		return;
	if (message_part_protected(arena, inner)) {
		bytes = inner->raw;
		len = inner->raw_len;
	} else if (!message_unwrap(arena, inner, message_from(message), &bytes, &len)) {
		return;
	}
	header_scan(arena, bytes, len, &block);
	if (!header_find(&block, "Subject"))
		return;
	message_subject_read(arena, &block, message);
	message->subject_protected = true;
}

static void
list_attachments(struct arena *arena, const struct message_parts *parts,
	struct message *message)
{
	const struct mime_tree *tree = &parts->tree;
	size_t wrapped = parts->wrapped ? parts->wrapped->attachment_count : 0;

	message->attachments = arena_calloc(arena, tree->count + wrapped + 1,
		sizeof(*message->attachments));
	for (size_t i = 0; i < wrapped; i++)
		message->attachments[message->attachment_count++] = parts->wrapped->attachments[i];
	for (size_t i = 0; i < tree->count; i++) {
		const struct mime_part *part = &tree->parts[i];
		bool read = parts->roles[i] == ROLE_TEXT && !part->name;

		if (part->multipart || parts->roles[i] == ROLE_SKIP || read)
			continue;
		message->attachments[message->attachment_count++] = (struct message_attachment){
			part->name, part->type, part->body_len };
	}
}

/* Words may begin with a line that looks like a field. */
bool
message_is_entity(const struct header_block *block, bool bare)
{
	static const char *const mail[] = { "From", "To", "Subject", "Date", "Message-ID", NULL };

	/* Out of inline armour: a PGP/MIME mail that a gateway, or its header, made an inline one. */
	if (bare)
		return header_find(block, "Content-Type") != NULL && !block->broken;
	if (block->count == 0)
		return !block->broken;
	for (size_t i = 0; i < block->count; i++)
		if (text_starts_ci(block->fields[i].name, "Content-") ||
		    text_equal_ci(block->fields[i].name, "MIME-Version"))
			return true;
	for (size_t i = 0; mail[i] && !block->broken; i++)
		if (header_find(block, mail[i]))
			return true;
	return false;
}

/* The media type of bytes that are a file and no words, NULL if they are words. */
static const char *
file_type(const unsigned char *bytes, size_t len)
{
	size_t head = len < FILE_HEAD ? len : FILE_HEAD;

	if (len > 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return "application/zip";
	if (len > 5 && memcmp(bytes, "%PDF-", 5) == 0)
		return "application/pdf";
	return head > 0 && memchr(bytes, '\0', head) ? "application/octet-stream" : NULL;
}

static void
start_parts(struct arena *arena, struct message_parts *parts)
{
	parts->roles = arena_calloc(arena, parts->tree.count + 1, sizeof(*parts->roles));
	parts->stubs = arena_calloc(arena, parts->tree.count + 1, sizeof(*parts->stubs));
	parts->nested = arena_calloc(arena, parts->tree.count + 1, sizeof(*parts->nested));
}

/* The bytes as one leaf, with no header at all. */
static void
read_leaf(struct arena *arena, const void *bytes, size_t len, struct message_parts *parts)
{
	const struct header_block none = { .broken = true };

	mime_read_block(arena, bytes, len, &none, &parts->tree);
	start_parts(arena, parts);
}

/* A block inside of words counts where it is all of them: signed by hand, then sealed by hand. */
static bool
is_one_block(const unsigned char *bytes, size_t len)
{
	static const char *const begin[] = { "-----BEGIN PGP MESSAGE-----",
		"-----BEGIN PGP SIGNED MESSAGE-----" };
	size_t at = 0;

	while (at < len && memchr(" \t\r\n", bytes[at], 4))
		at++;
	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (len - at > strlen(begin[i]) &&
		    memcmp(bytes + at, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

/* What people attach as their public key: by its type, or by its name. */
static bool
may_be_key(const struct mime_part *part)
{
	return text_equal(part->type, "application/pgp-keys") ||
		(part->attachment && part->name != NULL && text_ends_ci(part->name, ".asc"));
}

static void
list_keys(struct arena *arena, const struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count && message->key_count < MESSAGE_KEYS; i++) {
		struct message_key *key = &message->keys[message->key_count];

		if (parts->tree.parts[i].multipart || !may_be_key(&parts->tree.parts[i]))
			continue;
		key->bytes = mime_body_head(arena, &parts->tree.parts[i], LIMIT_KEY_BYTES,
			&key->len);
		message->key_count++;
	}
}

static void
read_words(struct arena *arena, const void *bytes, size_t len, const char *charset,
	struct message *message)
{
	const char *type = charset[0] == '\0' ? file_type(bytes, len) : NULL;
	struct message_parts parts = { .nest = NULL };

	message->fields = (struct header_block){ .count = 0 };
	message_fields_read(arena, message);
	read_leaf(arena, bytes, len, &parts);
	message->limit = parts.tree.limit;
	message->broken = parts.tree.limit != MIME_FINE;
	if (parts.tree.count > 0 && charset[0] != '\0')
		parts.tree.parts[0].charset = charset;
	if (parts.tree.count > 0 && type) {
		parts.tree.parts[0].type = type;
		parts.tree.parts[0].attachment = true;
	} else if (is_one_block(bytes, len)) {
		message_crypt_find(arena, &parts, message);
	}
	message->has_nul = !type && len > 0 && memchr(bytes, '\0', len) != NULL;
	message_text_read(arena, &parts, message);
	message_archive_find(arena, &parts, message);
	list_attachments(arena, &parts, message);
}

/* What has a header, or is a whole mail; message's fields are scanned. */
static void
read_entity(struct arena *arena, const void *bytes, size_t len, enum provenance provenance,
	struct message_nest *nest, struct message *message)
{
	struct message_parts parts = { .nest = nest };

	message_fields_read(arena, message);
	mime_read_block(arena, bytes, len, &message->fields, &parts.tree);
	start_parts(arena, &parts);
	parts.protected = provenance == UNWRAPPED ||
		(provenance == OPENED && parts.tree.count > 0 &&
			message_part_protected(arena, &parts.tree.parts[0]));
	message->limit = parts.tree.limit;
	message->broken = parts.tree.broken || message->fields.broken ||
		parts.tree.limit != MIME_FINE;
	message->duplicate_field = parts.tree.duplicate_type ||
		message_fields_doubled(&message->fields);
	message->has_nul = len > 0 && memchr(bytes, '\0', len) != NULL;
	message_crypt_find(arena, &parts, message);
	message_nested_read(arena, &parts, message);
	read_protected(arena, &parts, message);
	message_text_read(arena, &parts, message);
	message_report_read(arena, &parts, message);
	message_archive_find(arena, &parts, message);
	message->locked_archive = message->locked_archive ||
		(parts.wrapped && parts.wrapped->locked_archive);
	list_attachments(arena, &parts, message);
	list_keys(arena, &parts, message);
}

/* What is odd about the wrapper is odd about the mail. */
static bool
read_wrapped(struct arena *arena, const void *bytes, size_t len, const char *outer_from,
	struct message_nest *nest, struct message *message)
{
	const struct header_field *type = header_find(&message->fields, "Content-Type");
	const unsigned char *inside;
	struct mime_tree tree;
	size_t inside_len;
	bool broken, doubled;

	if (!type || !text_equal(header_token(arena, type->value), "message/rfc822"))
		return false;
	mime_read_block(arena, bytes, len, &message->fields, &tree);
	if (tree.count == 0 ||
	    !message_unwrap(arena, tree.parts, outer_from, &inside, &inside_len))
		return false;
	broken = tree.broken || message->fields.broken || tree.limit != MIME_FINE;
	doubled = tree.duplicate_type || message_fields_doubled(&message->fields);
	header_scan(arena, inside, inside_len, &message->fields);
	read_entity(arena, inside, inside_len, UNWRAPPED, nest, message);
	message->broken = message->broken || broken;
	message->duplicate_field = message->duplicate_field || doubled;
	return true;
}

void
message_read(struct arena *arena, const void *bytes, size_t len, const char *outer_from,
	struct message *message_r)
{
	struct message_nest nest = { .left = LIMIT_NESTED_MAILS,
		.text_left = LIMIT_TEXT_BYTES };

	memset(message_r, 0, sizeof(*message_r));
	header_scan(arena, bytes, len, &message_r->fields);
	if (!outer_from)
		read_entity(arena, bytes, len, AS_IT_CAME, &nest, message_r);
	else if (!message_is_entity(&message_r->fields, false))
		read_words(arena, bytes, len, "", message_r);
	else if (!read_wrapped(arena, bytes, len, outer_from, &nest, message_r))
		read_entity(arena, bytes, len, OPENED, &nest, message_r);
}

void
message_read_inside(struct arena *arena, const void *bytes, size_t len, struct message_nest *nest,
	struct message *message_r)
{
	memset(message_r, 0, sizeof(*message_r));
	header_scan(arena, bytes, len, &message_r->fields);
	read_entity(arena, bytes, len, AS_IT_CAME, nest, message_r);
}

void
message_read_words(struct arena *arena, const void *bytes, size_t len, const char *charset,
	const char *outer_from, struct message *message_r)
{
	struct header_block block;

	memset(message_r, 0, sizeof(*message_r));
	header_scan(arena, bytes, len, &block);
	if (message_is_entity(&block, true))
		message_read(arena, bytes, len, outer_from, message_r);
	else
		read_words(arena, bytes, len, charset, message_r);
}
