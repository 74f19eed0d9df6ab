/*
 * From Content-* values to a mime_part. Reads values through mail/header and
 * bytes for damage alone; it must not decode, nor know where values came from.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime_part.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header.h"

#include <string.h>

void
mime_kind_of_block(const struct header_block *block, struct mime_kind *kind_r)
{
	const struct header_field *type = header_find(block, "Content-Type");
	const struct header_field *encoding = header_find(block, "Content-Transfer-Encoding");
	const struct header_field *disposition = header_find(block, "Content-Disposition");

	kind_r->type = type ? type->value : NULL;
	kind_r->encoding = encoding ? encoding->value : NULL;
	kind_r->disposition = disposition ? disposition->value : NULL;
	kind_r->types = header_count(block, "Content-Type");
	kind_r->encodings = header_count(block, "Content-Transfer-Encoding");
}

/* A raw value with its folding, made one line. */
static const char *
unfold(struct arena *arena, const char *value)
{
	char *out = arena_strdup(arena, value), *to = out;

	for (const char *from = out; *from; from++)
		if (*from != '\r' && *from != '\n')
			*to++ = *from;
	while (to > out && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	*to = '\0';
	return out + strspn(out, " \t");
}

void
mime_kind_note(struct arena *arena, const char *name, const char *value, struct mime_kind *kind)
{
	if (text_equal_ci(name, "Content-Type")) {
		kind->type = unfold(arena, value);
		kind->types++;
	} else if (text_equal_ci(name, "Content-Transfer-Encoding")) {
		kind->encoding = unfold(arena, value);
		kind->encodings++;
	} else if (text_equal_ci(name, "Content-Disposition")) {
		kind->disposition = unfold(arena, value);
	}
}

/* "type/subtype" of token characters; anything else cannot be read. */
static bool
is_type(const char *type)
{
	const char *slash = strchr(type, '/');

	if (!slash || slash == type || slash[1] == '\0' || strchr(slash + 1, '/'))
		return false;
	for (const char *at = type; *at; at++)
		if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f)
			return false;
	return true;
}

static bool
encoding_of(struct arena *arena, const char *value, enum mime_encoding *encoding_r)
{
	static const struct { const char *name; enum mime_encoding encoding; } names[] = {
		{ "", MIME_AS_IS }, { "7bit", MIME_AS_IS }, { "8bit", MIME_AS_IS },
		{ "binary", MIME_AS_IS }, { "base64", MIME_BASE64 },
		{ "quoted-printable", MIME_QUOTED_PRINTABLE },
		{ "x-uuencode", MIME_UUENCODE }, { "uuencode", MIME_UUENCODE },
		{ "x-uue", MIME_UUENCODE },
	};
	const char *name = value ? header_token(arena, value) : "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text_equal(names[i].name, name)) {
			*encoding_r = names[i].encoding;
			return true;
		}
	}
	return false;
}

static char *
lower(char *string)
{
	for (char *at = string; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	return string;
}

void
mime_part_describe(struct arena *arena, const struct mime_kind *kind, struct mime_part *part,
	struct mime_tree *tree)
{
	const char *shown;

	part->type = "text/plain";
	part->encoding = MIME_AS_IS;
	if (!encoding_of(arena, kind->encoding, &part->encoding))
		tree->broken = true;
	if (kind->types > 1 || kind->encodings > 1)
		tree->duplicate_type = true;
	if (kind->type) {
		const char *type = header_token(arena, kind->type);

		part->content_type = kind->type;
		part->charset = header_param(arena, kind->type, "charset");
		part->name = header_param(arena, kind->type, "name");
		part->protocol = lower(header_param(arena, kind->type, "protocol"));
		if (is_type(type))
			part->type = type;
		else
			tree->broken = true;
	}
	if (!kind->disposition)
		return;
	part->attachment = text_equal(header_token(arena, kind->disposition), "attachment");
	shown = header_param(arena, kind->disposition, "filename");
	if (shown)
		part->name = shown;
}

/* Letters and line ends, then padding: behind that the decoder reads nothing, others may. */
static bool
base64_is_clean(const unsigned char *bytes, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/\r\n\t ";
	bool fine[256] = { false };
	size_t at = 0;

	for (const char *letter = letters; *letter; letter++)
		fine[(unsigned char)*letter] = true;
	while (at < len && fine[bytes[at]])
		at++;
	while (at < len && memchr("=\r\n\t ", bytes[at], 5))
		at++;
	return at == len;
}

/* Where the line behind the "begin" line starts, or NULL. */
static const unsigned char *
behind_uu_begin(const unsigned char *at, const unsigned char *end)
{
	while (at < end) {
		const unsigned char *lf = memchr(at, '\n', (size_t)(end - at));

		if (!lf)
			return NULL;
		if (lf - at > 6 && memcmp(at, "begin ", 6) == 0)
			return lf + 1;
		at = lf + 1;
	}
	return NULL;
}

void
mime_part_content(struct mime_part *part, const unsigned char *bytes, size_t len,
	struct mime_tree *tree)
{
	part->content = bytes;
	part->content_len = len;
	if (part->encoding == MIME_BASE64 && !base64_is_clean(bytes, len))
		tree->broken = true;
	if (part->encoding == MIME_UUENCODE) {
		const unsigned char *data = behind_uu_begin(bytes, bytes + len);

		if (data) {
			part->content = data;
			part->content_len = len - (size_t)(data - bytes);
		} else {
			part->encoding = MIME_AS_IS;
			tree->broken = true;
		}
	}
	if (part->encoding == MIME_AS_IS) {
		part->body = part->content;
		part->body_len = part->content_len;
	}
}
