/*
 * Finds what a message holds for OpenPGP or S/MIME to open: the standard
 * containers, wherever gateways left them and whatever they made of them. What
 * people paste or attach is message_armour.c's, S/MIME in one part message_smime.c's. Must not touch keys nor believe
 * anything: it only points at bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header.h"

#include <string.h>

bool
message_part_protected(struct arena *arena, const struct mime_part *part)
{
	const char *hp;

	if (!part->content_type)
		return false;
	hp = header_param(arena, part->content_type, "hp");
	return text_equal_ci(hp, "cipher") || text_equal_ci(hp, "clear") ||
		text_equal_ci(header_param(arena, part->content_type, "protected-headers"), "v1");
}

static struct mime_part *
child(const struct message_parts *parts, size_t parent, size_t nth)
{
	size_t i = message_parts_child(parts, parent, nth);

	return i ? &parts->tree.parts[i] : NULL;
}

static void
take_crypt(struct arena *arena, struct mime_part *part, struct message *message)
{
	message->crypt = mime_body(arena, part);
	message->crypt_len = part->body_len;
}

static bool
is_blob(const struct mime_part *part)
{
	return part && !part->multipart && !part->message && part->body_len > 0;
}

/* The part beside it in the same container: the next one, else the one before, else 0. */
static size_t
sibling(const struct message_parts *parts, size_t i)
{
	size_t before = 0;

	for (size_t j = 1; j < parts->tree.count; j++) {
		if (j == i || parts->tree.parts[j].parent != parts->tree.parts[i].parent)
			continue;
		if (j > i)
			return j;
		before = j;
	}
	return before;
}

static bool
is_sealed_container(const struct mime_part *part)
{
	return text_equal(part->type, "multipart/encrypted") &&
		(!part->protocol || text_equal(part->protocol, "application/pgp-encrypted"));
}

static bool
is_smime_signature(const struct mime_part *part)
{
	return text_equal(part->type, "application/pkcs7-signature") ||
		text_equal(part->type, "application/x-pkcs7-signature");
}

/* What the signature itself is goes before what its container says of it. */
static enum message_form
signed_form(struct arena *arena, const struct mime_part *container,
	const struct mime_part *signature)
{
	const char *protocol = container->protocol ? container->protocol : signature->type;

	if (message_part_is_signature(arena, signature) ||
	    text_equal(protocol, "application/pgp-signature"))
		return MESSAGE_PGP_SIGNED;
	if (text_equal(protocol, "application/pkcs7-signature") ||
	    text_equal(protocol, "application/x-pkcs7-signature") || is_smime_signature(signature))
		return MESSAGE_SMIME_SIGNED;
	return MESSAGE_PLAIN;
}

/* Whether a signature's container stands round the part: that is opened first. */
static bool
is_signed_over(struct arena *arena, const struct message_parts *parts, size_t i)
{
	const struct mime_part *all = parts->tree.parts;

	for (int up = all[i].parent; up >= 0; up = all[up].parent) {
		size_t signature = message_parts_child(parts, (size_t)up, 1);

		if (text_equal(all[up].type, "multipart/signed") && signature != 0 &&
		    signed_form(arena, &all[up], &all[signature]) != MESSAGE_PLAIN)
			return true;
	}
	return false;
}

/*
 * RFC 3156 4: the second part of multipart/encrypted. Exchange servers make
 * such a container multipart/mixed; the control part tells it all the same.
 */
static bool
find_controlled(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 1; i < parts->tree.count; i++) {
		const struct mime_part *part = &parts->tree.parts[i];
		size_t blob;

		if (!text_equal(part->type, "application/pgp-encrypted"))
			continue;
		blob = sibling(parts, i);
		if (blob == 0 || !is_blob(&parts->tree.parts[blob]))
			continue;
		parts->roles[i] = parts->roles[blob] = ROLE_SKIP;
		if (is_signed_over(arena, parts, blob))
			continue;
		message_take_openpgp(arena, &parts->tree.parts[blob], message);
		return true;
	}
	return false;
}

/* The container stayed what it was, but its control part was renamed or is gone. */
static bool
find_uncontrolled(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 1; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (!is_sealed_container(&parts->tree.parts[part->parent]) ||
		    !message_part_is_openpgp(arena, part))
			continue;
		parts->roles[i] = ROLE_SKIP;
		if (is_signed_over(arena, parts, i))
			continue;
		message_take_openpgp(arena, part, message);
		return true;
	}
	return false;
}

/* Line ends as they were when the sender signed (RFC 3156 5), whatever a store made of them. */
static void
cover(struct arena *arena, const struct mime_part *part, struct message *message)
{
	const unsigned char *raw = part->raw;
	size_t bare = 0, len = 0;
	unsigned char *out;

	for (size_t i = 0; i < part->raw_len; i++)
		bare += raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r');
	message->covered = raw;
	message->covered_len = part->raw_len + bare;
	if (bare == 0)
		return;
	out = arena_alloc(arena, part->raw_len + bare);
	for (size_t i = 0; i < part->raw_len; i++) {
		if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r'))
			out[len++] = '\r';
		out[len++] = raw[i];
	}
	message->covered = out;
}

static bool
find_signed(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		const struct mime_part *part = &parts->tree.parts[i];
		struct mime_part *content = child(parts, i, 0), *signature = child(parts, i, 1);
		enum message_form form;

		if (!text_equal(part->type, "multipart/signed"))
			continue;
		if (!content || !content->raw || !is_blob(signature)) {
			message->broken = true;
			continue;
		}
		form = signed_form(arena, part, signature);
		if (form == MESSAGE_PLAIN)
			continue;
		cover(arena, content, message);
		take_crypt(arena, signature, message);
		message->form = form;
		parts->roles[message_parts_child(parts, i, 1)] = ROLE_SKIP;
		return true;
	}
	return false;
}

/* A sealed mail that lost its ciphertext: what is left does not open, and so says what is wrong. */
static bool
find_control(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (!is_blob(part) || !text_equal(part->type, "application/pgp-encrypted"))
			continue;
		take_crypt(arena, part, message);
		message->form = MESSAGE_PGP_ENCRYPTED;
		parts->roles[i] = ROLE_SKIP;
		return true;
	}
	return false;
}

/* Beside a ciphertext a file that says "Version: 1" is the control part, whatever its name. */
static void
skip_versions(struct arena *arena, struct message_parts *parts)
{
	for (size_t i = 0; i < parts->tree.count; i++)
		if (parts->roles[i] == ROLE_NONE &&
		    message_part_is_version(arena, &parts->tree.parts[i]))
			parts->roles[i] = ROLE_SKIP;
}

void
message_crypt_find(struct arena *arena, struct message_parts *parts, struct message *message)
{
	message->form = MESSAGE_PLAIN;
	if (!find_controlled(arena, parts, message) && !find_uncontrolled(arena, parts, message) &&
	    !find_signed(arena, parts, message) &&
	    !message_smime_find(arena, parts, message) &&
	    !message_armour_find(arena, parts, message))
		find_control(arena, parts, message);
	/* What stands inside of a signed part is found again when that is read. */
	if (message->covered != NULL)
		message_smime_find(arena, parts, message);
	if (message->form == MESSAGE_PGP_ENCRYPTED)
		skip_versions(arena, parts);
	for (size_t i = 1; i < parts->tree.count; i++)
		if (text_equal(parts->tree.parts[i].type, "application/pgp-signature") &&
		    text_equal(parts->tree.parts[parts->tree.parts[i].parent].type,
			    "multipart/signed"))
			parts->roles[i] = ROLE_SKIP;
	for (size_t i = 0; i < parts->tree.count; i++)
		message->loose_signature = message->loose_signature ||
			(parts->roles[i] == ROLE_NONE &&
			 (is_smime_signature(&parts->tree.parts[i]) ||
			  message_part_is_signature(arena, &parts->tree.parts[i])));
}
