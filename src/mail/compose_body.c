/*
 * The body of what we send: text, its HTML twin, attachments, nested as
 * receivers expect them. Must not know what is sealed, only how the root is
 * marked.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/compose.h"

#include <stdint.h>
#include <string.h>

#define LINE_MAX_BYTES 998	/* RFC 5322 2.1.1 */
#define NAME_PIECE 48		/* columns of a file name's piece */

/* Ends a Content-Type: the root of protected content bears both marks, old and new. */
static void
end_type(struct text *out, enum compose_root root, const char *fields)
{
	if (root != COMPOSE_PART)
		text_addf(out, ";\r\n protected-headers=\"v1\"; hp=\"%s\"",
			root == COMPOSE_ROOT_CIPHER ? "cipher" : "clear");
	text_add(out, "\r\n");
	if (root != COMPOSE_PART)
		text_add(out, fields);
}

static void
add_text(struct arena *arena, struct text *out, const char *type, const char *text,
	enum compose_root root, const char *fields)
{
	size_t len = strlen(text);
	struct text quoted, lines;

	text_init(&quoted, arena, COMPOSE_MAX);
	text_init(&lines, arena, COMPOSE_MAX);
	compose_quoted_printable(&quoted, text);
	compose_crlf(&lines, text, len);
	text_addf(out, "Content-Type: %s; charset=\"utf-8\"", type);
	end_type(out, root, fields);
	if (quoted.len <= (lines.len + 56) / 57 * 78) {
		text_add(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
		text_add_bytes(out, quoted.data, quoted.len);
	} else {
		text_add(out, "Content-Transfer-Encoding: base64\r\n\r\n");
		compose_base64(out, lines.data, lines.len);
	}
	out->full = out->full || quoted.full || lines.full;
}

static void
start_multipart(struct text *out, const char *type, const char *boundary,
	enum compose_root root, const char *fields, bool carries)
{
	text_addf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"", type, boundary);
	end_type(out, root, fields);
	if (carries)
		text_add(out, "Content-Transfer-Encoding: 8bit\r\n");
	text_add(out, "\r\n");
}

static void
add_readable(struct arena *arena, struct text *out, const struct compose_mail *mail,
	enum compose_root root, const char *fields)
{
	char boundary[COMPOSE_BOUNDARY_SIZE];

	if (!mail->html) {
		add_text(arena, out, "text/plain", mail->text, root, fields);
		return;
	}
	compose_boundary(boundary);
	start_multipart(out, "alternative", boundary, root, fields, false);
	text_addf(out, "--%s\r\n", boundary);
	add_text(arena, out, "text/plain", mail->text, COMPOSE_PART, NULL);
	text_addf(out, "\r\n--%s\r\n", boundary);
	add_text(arena, out, "text/html", mail->html, COMPOSE_PART, NULL);
	text_addf(out, "\r\n--%s--\r\n", boundary);
}

static bool
is_plain_name(const char *name)
{
	for (const char *at = name; *at; at++)
		if (*at < 0x20 || *at >= 0x7f || *at == '"' || *at == '\\')
			return false;
	return strlen(name) <= NAME_PIECE;
}

static bool
is_unescaped(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
		c == '.' || c == '_';
}

/* RFC 2231: percent-encoded UTF-8; in pieces only if it must, since not everyone joins them. */
static void
add_name(struct text *out, const char *name)
{
	size_t width = 0;
	bool whole;

	if (is_plain_name(name)) {
		text_addf(out, ";\r\n filename=\"%s\"", name);
		return;
	}
	for (const char *at = name; *at; at++)
		width += is_unescaped(*at) ? 1 : 3;
	whole = width <= NAME_PIECE;
	if (whole)
		text_add(out, ";\r\n filename*=UTF-8''");
	width = NAME_PIECE;
	for (unsigned piece = 0; *name; name++) {
		if (!whole && width >= NAME_PIECE) {
			text_addf(out, ";\r\n filename*%u*=%s", piece, piece ? "" : "UTF-8''");
			piece++;
			width = 0;
		}
		if (is_unescaped(*name))
			text_add_char(out, *name);
		else
			text_addf(out, "%%%02X", (unsigned)(unsigned char)*name);
		width += is_unescaped(*name) ? 1 : 3;
	}
}

/* Whether a message may stand as it is: base64 is forbidden for it (RFC 2046 5.2.1). */
static bool
is_seven_bit(const unsigned char *bytes, size_t len)
{
	size_t line = 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == 0 || bytes[i] >= 0x80)
			return false;
		line = bytes[i] == '\n' ? 0 : line + 1;
		if (line > LINE_MAX_BYTES)
			return false;
	}
	return true;
}

static void
add_attachment(struct text *out, const struct compose_attachment *attachment, bool sealed)
{
	bool message = text_starts_ci(attachment->type, "message/");
	const char *type = attachment->type;
	/* Inside a ciphertext no relay can spoil trailing blanks or "From " lines. */
	bool bare = message && sealed && is_seven_bit(attachment->bytes, attachment->len);

	if (message && !bare)
		type = "application/octet-stream";
	text_addf(out, "Content-Type: %s\r\n", type);
	text_add(out, "Content-Disposition: attachment");
	if (attachment->name && *attachment->name)
		add_name(out, attachment->name);
	text_addf(out, "\r\nContent-Transfer-Encoding: %s\r\n\r\n", bare ? "7bit" : "base64");
	if (bare)
		compose_crlf(out, attachment->bytes, attachment->len);
	else
		compose_base64(out, attachment->bytes, attachment->len);
}

void
compose_body(struct arena *arena, struct text *out, const struct compose_mail *mail,
	enum compose_root root, const char *fields)
{
	char boundary[COMPOSE_BOUNDARY_SIZE];

	if (mail->attachment_count == 0 && !mail->carries) {
		add_readable(arena, out, mail, root, fields);
		return;
	}
	compose_boundary(boundary);
	start_multipart(out, "mixed", boundary, root, fields, mail->carries);
	text_addf(out, "--%s\r\n", boundary);
	add_readable(arena, out, mail, COMPOSE_PART, NULL);
	for (size_t i = 0; i < mail->attachment_count; i++) {
		text_addf(out, "\r\n--%s\r\n", boundary);
		add_attachment(out, &mail->attachments[i], root == COMPOSE_ROOT_CIPHER);
	}
	text_addf(out, mail->carries ? "\r\n--%s\r\n" : "\r\n--%s--\r\n", boundary);
}
