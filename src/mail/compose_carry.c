/*
 * What a keyring opened, put into a mail of ours by the sealer. Whoever wrote it
 * may be anybody: it is looked at for how it must be written down, is not taken
 * apart, and cannot end its part, whose boundary is made anew for each mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/compose_private.h"
#include "mail/header.h"
#include "mail/message.h"

#include <string.h>

#define DELIMITER (2 + COMPOSE_BOUNDARY_SIZE - 1)	/* "--" and the boundary */

/* The delimiter line with which an open entity ends; false where it does not. */
static bool
open_part(const char *entity, size_t len, const char **delimiter_r)
{
	const char *at;

	if (len < 2 + DELIMITER + 2 || memcmp(entity + len - 2, "\r\n", 2) != 0)
		return false;
	at = entity + len - 2 - DELIMITER;
	if (memcmp(at - 2, "\r\n--=_", 6) != 0)
		return false;
	for (size_t i = 4; i < DELIMITER; i++)
		if (strchr("0123456789abcdef", at[i]) == NULL || at[i] == '\0')
			return false;
	*delimiter_r = at;
	return true;
}

static bool
has_high(const struct compose_carried *carried)
{
	const unsigned char *bytes = carried->bytes;

	for (size_t i = 0; i < carried->len; i++)
		if (bytes[i] >= 0x80)
			return true;
	return false;
}

/* ISO-2022-JP is 7-bit, and passes as UTF-8: its escapes tell it. */
static const char *
guessed_charset(const struct compose_carried *carried)
{
	if (memmem(carried->bytes, carried->len, "\033$", 2) != NULL && !has_high(carried))
		return "iso-2022-jp";
	return utf8_valid(carried->bytes, carried->len) ? "utf-8" : NULL;
}

/* A charset's name that may stand between quotes. */
static bool
is_charset(const char *name)
{
	return name[0] != '\0' && strlen(name) <= 64 &&
		name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+")] ==
			'\0';
}

static void
add_base64(struct text *out, const char *type, const char *name,
	const struct compose_carried *carried)
{
	text_addf(out, "Content-Type: %s\r\nContent-Disposition: %s", type,
		name != NULL ? "attachment" : "inline");
	if (name != NULL)
		text_addf(out, "; filename=\"%s\"", name);
	text_add(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	compose_base64(out, carried->bytes, carried->len);
}

static void
add_words(struct arena *arena, struct text *out, const struct compose_carried *carried)
{
	const char *charset = carried->charset != NULL && is_charset(carried->charset)
		? carried->charset
		: guessed_charset(carried);

	if (charset == NULL || memchr(carried->bytes, '\0', carried->len) != NULL) {
		add_base64(out, "application/octet-stream", "opened.bin", carried);
		return;
	}
	add_base64(out, arena_printf(arena, "text/plain; charset=\"%s\"", charset), NULL, carried);
}

/* No relay sees it: it may stand as it is, long lines too, but for NUL bytes. */
static void
add_message(struct text *out, const struct compose_carried *carried)
{
	if (memchr(carried->bytes, '\0', carried->len) != NULL) {
		add_base64(out, "application/octet-stream", "message.eml", carried);
		return;
	}
	text_addf(out, "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n"
		"Content-Transfer-Encoding: %s\r\n\r\n", has_high(carried) ? "8bit" : "7bit");
	compose_crlf(out, carried->bytes, carried->len);
}

/* An entity's own header fields, the protected ones among them, are the message's then. */
static bool
is_message(struct arena *arena, const struct compose_carried *carried)
{
	struct header_block block;

	if (carried->whole)
		return true;
	header_scan(arena, carried->bytes, carried->len, &block);
	return message_is_entity(&block, carried->charset != NULL);
}

enum outcome
compose_carry(struct arena *arena, const void *entity, size_t entity_len,
	const struct compose_carried *carried, struct text *whole_r, struct err *err_r)
{
	const char *delimiter;
	struct text whole;

	if (!open_part(entity, entity_len, &delimiter))
		return err_set(err_r, NEVER, "the letter has no place for what it shall bring along");
	if (carried->len == 0)
		return err_set(err_r, NEVER, "what was opened is empty");
	if (carried->len > COMPOSE_CARRIED_MAX)
		return err_set(err_r, NEVER, "what was opened is larger than %u MiB",
			COMPOSE_CARRIED_MAX / 1024 / 1024);
	if (memmem(carried->bytes, carried->len, delimiter, DELIMITER) != NULL)
		return err_set(err_r, NEVER, "what was opened holds the boundary of its own part");
	text_init(&whole, arena, COMPOSE_MAX);
	text_add_bytes(&whole, entity, entity_len);
	if (is_message(arena, carried))
		add_message(&whole, carried);
	else
		add_words(arena, &whole, carried);
	text_addf(&whole, "\r\n%.*s--\r\n", (int)DELIMITER, delimiter);
	if (whole.full)
		return err_set(err_r, NEVER, "the mail would be larger than %u MiB",
			COMPOSE_MAX / 1024 / 1024);
	*whole_r = whole;
	return DONE;
}
