/*
 * Whole mails of ours: the entity that is signed and sealed, and the envelope
 * round what comes of it. Knows neither keys nor templates, and writes nothing
 * that compose_check() has not seen.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/compose_private.h"

#include <string.h>

static enum outcome
finish(struct text *made, struct text *out_r, struct err *err_r)
{
	if (made->full)
		return err_set(err_r, NEVER, "the mail would be larger than %u MiB",
			COMPOSE_MAX / 1024 / 1024);
	*out_r = *made;
	return DONE;
}

enum outcome
compose_inner(struct arena *arena, const struct compose_mail *mail, bool sealed,
	struct text *entity_r, struct err *err_r)
{
	enum outcome outcome = compose_check(mail, err_r);
	struct text fields, entity;

	if (outcome != DONE)
		return outcome;
	if (sealed && !mail->outer_subject)
		return err_set(err_r, NEVER, "the outer Subject is missing");
	if (!sealed && mail->carries)
		return err_set(err_r, NEVER, "what was opened is carried sealed alone");
	text_init(&fields, arena, COMPOSE_MAX);
	text_init(&entity, arena, COMPOSE_MAX);
	compose_fields(arena, &fields, mail, "", mail->subject);
	if (sealed)
		compose_fields(arena, &fields, mail, "HP-Outer: ", mail->outer_subject);
	compose_body(arena, &entity, mail, sealed ? COMPOSE_ROOT_CIPHER : COMPOSE_ROOT_CLEAR,
		fields.data);
	return finish(&entity, entity_r, err_r);
}

/* Armour of the kind, and nothing in it that would not pass as text. */
static bool
is_armour(const char *armour, size_t len, const char *begin)
{
	if (len < strlen(begin) || memcmp(armour, begin, strlen(begin)) != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((armour[i] < 0x20 && armour[i] != '\n' && armour[i] != '\r') ||
		    armour[i] >= 0x7f)
			return false;
	return true;
}

static void
start_outer(struct arena *arena, struct text *out, const struct compose_mail *mail,
	const char *subject)
{
	compose_fields(arena, out, mail, "", subject);
	text_add(out, "MIME-Version: 1.0\r\n");
}

enum outcome
compose_encrypted(struct arena *arena, const struct compose_mail *mail, const void *armour,
	size_t armour_len, struct text *message_r, struct err *err_r)
{
	enum outcome outcome = compose_check(mail, err_r);
	char boundary[COMPOSE_BOUNDARY_SIZE];
	struct text message;

	if (outcome != DONE)
		return outcome;
	if (!mail->outer_subject)
		return err_set(err_r, NEVER, "the outer Subject is missing");
	if (!is_armour(armour, armour_len, "-----BEGIN PGP MESSAGE-----"))
		return err_set(err_r, NEVER, "what came of sealing is no OpenPGP message");
	compose_boundary(boundary);
	text_init(&message, arena, COMPOSE_MAX);
	start_outer(arena, &message, mail, mail->outer_subject);
	text_addf(&message, "Content-Type: multipart/encrypted;\r\n"
		" protocol=\"application/pgp-encrypted\";\r\n boundary=\"%s\"\r\n\r\n"
		"This mail is sealed with OpenPGP (RFC 3156).\r\n\r\n"
		"--%s\r\nContent-Type: application/pgp-encrypted\r\n"
		"Content-Description: PGP/MIME version\r\n\r\nVersion: 1\r\n\r\n"
		"--%s\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n"
		"Content-Description: OpenPGP message\r\n"
		"Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n",
		boundary, boundary, boundary);
	compose_crlf(&message, armour, armour_len);
	text_addf(&message, "\r\n--%s--\r\n", boundary);
	return finish(&message, message_r, err_r);
}

static bool
is_token(const char *value)
{
	return value && *value && value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		'\0';
}

enum outcome
compose_signed(struct arena *arena, const struct compose_mail *mail, const void *entity,
	size_t entity_len, const void *armour, size_t armour_len, const char *micalg,
	struct text *message_r, struct err *err_r)
{
	enum outcome outcome = compose_check(mail, err_r);
	char boundary[COMPOSE_BOUNDARY_SIZE];
	struct text message;

	if (outcome != DONE)
		return outcome;
	if (!is_token(micalg))
		return err_set(err_r, NEVER, "the digest's name cannot be written");
	if (!is_armour(armour, armour_len, "-----BEGIN PGP SIGNATURE-----"))
		return err_set(err_r, NEVER, "what came of signing is no OpenPGP signature");
	compose_boundary(boundary);
	text_init(&message, arena, COMPOSE_MAX);
	start_outer(arena, &message, mail, mail->subject);
	text_addf(&message, "Content-Type: multipart/signed; micalg=%s;\r\n"
		" protocol=\"application/pgp-signature\";\r\n boundary=\"%s\"\r\n\r\n"
		"This mail is signed with OpenPGP (RFC 3156).\r\n\r\n--%s\r\n",
		micalg, boundary, boundary);
	text_add_bytes(&message, entity, entity_len);
	text_addf(&message, "\r\n--%s\r\n"
		"Content-Type: application/pgp-signature; name=\"signature.asc\"\r\n"
		"Content-Description: OpenPGP signature\r\n"
		"Content-Disposition: attachment; filename=\"signature.asc\"\r\n\r\n",
		boundary);
	compose_crlf(&message, armour, armour_len);
	text_addf(&message, "\r\n--%s--\r\n", boundary);
	return finish(&message, message_r, err_r);
}
