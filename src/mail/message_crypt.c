/*
 * Finds what a message holds for OpenPGP or S/MIME to open: the standard
 * containers wherever gateways left them, then what people paste or attach. Must
 * not touch keys nor believe anything: it only points at bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header.h"

#include <string.h>
#include <strings.h>

#define ARMOUR_WITHIN (64u * 1024)	/* bytes of a text in which armour must begin */
#define CHARSET_NAME_MAX 64		/* a longer name is none */

/* What people paste into a text: a ciphertext, or words with their signature below (RFC 4880 7). */
struct armour {
	const char *begin, *end;
	enum message_form form;
};

static const struct armour sealed_armour = { "-----BEGIN PGP MESSAGE-----",
	"-----END PGP MESSAGE-----", MESSAGE_PGP_ENCRYPTED };
static const struct armour signed_armour = { "-----BEGIN PGP SIGNED MESSAGE-----",
	"-----END PGP SIGNATURE-----", MESSAGE_PGP_SIGNED };

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

/* The part that follows in the same container, 0 if there is none. */
static size_t
next_sibling(const struct message_parts *parts, size_t i)
{
	for (size_t j = i + 1; j < parts->tree.count; j++)
		if (parts->tree.parts[j].parent == parts->tree.parts[i].parent)
			return j;
	return 0;
}

/*
 * RFC 3156 4: the second part of multipart/encrypted. Exchange servers make
 * such a container multipart/mixed; the control part tells it all the same.
 */
static bool
find_encrypted(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 1; i < parts->tree.count; i++) {
		const struct mime_part *part = &parts->tree.parts[i];
		size_t blob;

		if (!text_equal(part->type, "application/pgp-encrypted"))
			continue;
		blob = next_sibling(parts, i);
		if (blob == 0 || !is_blob(&parts->tree.parts[blob]))
			continue;
		take_crypt(arena, &parts->tree.parts[blob], message);
		message->form = MESSAGE_PGP_ENCRYPTED;
		parts->roles[i] = parts->roles[blob] = ROLE_SKIP;
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

static enum message_form
signed_form(const struct mime_part *container, const struct mime_part *signature)
{
	const char *protocol = container->protocol ? container->protocol : signature->type;

	if (text_equal(protocol, "application/pgp-signature"))
		return MESSAGE_PGP_SIGNED;
	if (text_equal(protocol, "application/pkcs7-signature") ||
	    text_equal(protocol, "application/x-pkcs7-signature"))
		return MESSAGE_SMIME_SIGNED;
	return MESSAGE_PLAIN;
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
		form = signed_form(part, signature);
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

/* RFC 8551 3.5: application/pkcs7-mime says by smime-type, else by its name, what it is. */
static bool
find_smime(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];
		const char *kind;

		if (!is_blob(part) || !part->content_type ||
		    (!text_equal(part->type, "application/pkcs7-mime") &&
		     !text_equal(part->type, "application/x-pkcs7-mime")))
			continue;
		kind = header_param(arena, part->content_type, "smime-type");
		if (text_equal_ci(kind, "certs-only") || text_ends_ci(part->name, ".p7c"))
			continue;
		message->form = text_equal_ci(kind, "signed-data") ||
			text_ends_ci(part->name, ".p7s") ?
			MESSAGE_SMIME_SIGNED : MESSAGE_SMIME_ENCRYPTED;
		take_crypt(arena, part, message);
		parts->roles[i] = ROLE_SKIP;
		return true;
	}
	return false;
}

/* The first place from at on where a line begins with word. */
static const unsigned char *
find_line(const unsigned char *at, const unsigned char *end, const char *word)
{
	size_t len = strlen(word);
	const unsigned char *first = at;

	while (at < end && (at = memmem(at, (size_t)(end - at), word, len)) != NULL) {
		if (at == first || at[-1] == '\n')
			return at;
		at++;
	}
	return NULL;
}

/* The armour block in a part: from its first line to its last, or to the end if it has none. */
static bool
take_armour(struct arena *arena, struct mime_part *part, const struct armour *armour,
	struct message *message)
{
	const unsigned char *body, *end, *from, *to;
	size_t len;

	/* A long text is decoded whole only when there is cause. */
	if (part->body_len > ARMOUR_WITHIN) {
		body = mime_body_head(arena, part, ARMOUR_WITHIN, &len);
		if (!find_line(body, body + len, armour->begin))
			return false;
	}
	body = mime_body(arena, part);
	end = body + part->body_len;
	from = find_line(body, end, armour->begin);
	if (!from)
		return false;
	to = find_line(from, end, armour->end);
	message->crypt = from;
	message->crypt_len = to ? (size_t)(to - from) + strlen(armour->end) :
		(size_t)(end - from);
	message->form = armour->form;
	return true;
}

/* The line "Charset: …" in the armour's head (RFC 4880 6.2), NULL without one. */
static const char *
head_charset(struct arena *arena, const struct message *message)
{
	const unsigned char *at = message->crypt, *end = at + message->crypt_len, *lf;
	static const char key[] = "Charset: ";

	while ((lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		size_t len = (size_t)(lf - at) - (lf > at && lf[-1] == '\r');

		if (len == 0)
			break;
		if (len > strlen(key) && strncasecmp((const char *)at, key, strlen(key)) == 0)
			return arena_strndup(arena, (const char *)at + strlen(key),
				len - strlen(key));
		at = lf + 1;
	}
	return NULL;
}

/* The charset of the words inside: the armour's, else the part's. What is no charset's name is none. */
static const char *
armour_charset(struct arena *arena, const struct mime_part *part, const struct message *message)
{
	static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "-_.:+()";
	const char *charset = head_charset(arena, message);
	size_t len;

	if (!charset)
		charset = part->charset ? part->charset : "";
	len = strspn(charset, name);
	return charset[len] == '\0' && len <= CHARSET_NAME_MAX ? charset : "";
}

/* Inline: in the first text that a reader would be shown. */
static bool
find_inline(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (part->multipart || part->attachment || !text_equal(part->type, "text/plain"))
			continue;
		if (!take_armour(arena, part, &sealed_armour, message) &&
		    !take_armour(arena, part, &signed_armour, message))
			return false;
		message->crypt_charset = armour_charset(arena, part, message);
		return true;
	}
	return false;
}

/* A file that is nothing but an armoured message, as people attach it who encrypt by hand. */
static bool
find_attached(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];
		size_t len, blank = 0;
		const unsigned char *head;

		if (!is_blob(part) ||
		    (!text_ends_ci(part->name, ".asc") && !text_ends_ci(part->name, ".pgp") &&
		     !text_ends_ci(part->name, ".gpg")))
			continue;
		head = mime_body_head(arena, part, 256, &len);
		while (blank < len && strchr(" \t\r\n", head[blank]))
			blank++;
		if (len - blank < strlen(sealed_armour.begin) ||
		    memcmp(head + blank, sealed_armour.begin, strlen(sealed_armour.begin)) != 0)
			continue;
		parts->roles[i] = ROLE_SKIP;
		return take_armour(arena, part, &sealed_armour, message);
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

void
message_crypt_find(struct arena *arena, struct message_parts *parts, struct message *message)
{
	message->form = MESSAGE_PLAIN;
	if (find_encrypted(arena, parts, message) || find_signed(arena, parts, message) ||
	    find_smime(arena, parts, message) || find_inline(arena, parts, message) ||
	    find_attached(arena, parts, message))
		return;
	find_control(arena, parts, message);
}
