/*
 * Finds what a message holds for S/MIME to open (RFC 8551 3). Type, parameter
 * and name say what a part claims to be; the bytes say what it is, and count
 * where they can be read: gateways and web mailers rewrite all the rest.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/text.h"
#include "mail/cms.h"
#include "mail/header.h"

static bool
is_typed(const struct mime_part *part)
{
	return text_equal(part->type, "application/pkcs7-mime") ||
		text_equal(part->type, "application/x-pkcs7-mime");
}

/* RFC 8551 3.2.1: whose type got lost is known by its name. */
static bool
is_named(const struct mime_part *part)
{
	return text_ends_ci(part->name, ".p7m") && !text_starts(part->type, "text/");
}

/* By smime-type, else by name: of bytes that say nothing. */
static enum message_form
claimed_form(struct arena *arena, const struct mime_part *part)
{
	const char *kind = part->content_type ?
		header_param(arena, part->content_type, "smime-type") : NULL;

	if (!is_typed(part) || text_equal_ci(kind, "certs-only") || text_ends_ci(part->name, ".p7c"))
		return MESSAGE_PLAIN;
	return text_equal_ci(kind, "signed-data") || text_ends_ci(part->name, ".p7s") ?
		MESSAGE_SMIME_SIGNED : MESSAGE_SMIME_ENCRYPTED;
}

/* Certificates alone are a file for a person, and so is a signature over nobody knows what. */
static enum message_form
form_of(struct arena *arena, const struct mime_part *part, const unsigned char *bytes)
{
	struct cms_look look;

	cms_look(bytes, part->body_len, &look);
	switch (look.kind) {
	case CMS_SIGNED:
		if (!look.whole)
			return MESSAGE_SMIME_SIGNED;
		return look.content && look.signers > 0 ? MESSAGE_SMIME_SIGNED : MESSAGE_PLAIN;
	case CMS_ENCRYPTED:
	case CMS_OTHER:
		return MESSAGE_SMIME_ENCRYPTED;
	case CMS_NONE:
		break;
	}
	return claimed_form(arena, part);
}

bool
message_smime_find(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];
		const unsigned char *bytes;
		enum message_form form;

		if (part->multipart || part->message || part->body_len == 0 ||
		    (!is_typed(part) && !is_named(part)))
			continue;
		bytes = mime_body(arena, part);
		form = form_of(arena, part, bytes);
		if (form == MESSAGE_PLAIN)
			continue;
		parts->roles[i] = ROLE_SKIP;
		if (message->form != MESSAGE_PLAIN)
			continue;
		message->form = form;
		message->crypt = bytes;
		message->crypt_len = part->body_len;
		return true;
	}
	return false;
}
