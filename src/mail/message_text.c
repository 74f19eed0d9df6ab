/*
 * From text parts to text: which of them a reader would be shown, each out of
 * its charset, unfolded, without armour and without what only repeats the
 * header. Must not judge whose words they are; mail/quote does.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/html_text.h"
#include "mail/limits.h"
#include "mail/plain_text.h"
#include "mail/quote.h"

#include <string.h>

/* Bytes of one part that are looked at: what fills the limit in any charset, and HTML's markup. */
#define PART_BYTES (2u * LIMIT_TEXT_BYTES)

static bool
param_is(struct arena *arena, const struct mime_part *part, const char *name, const char *value)
{
	return part->content_type &&
		text_equal_ci(header_param(arena, part->content_type, name), value);
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static bool
is_readable(const struct message_parts *parts, size_t i)
{
	const struct mime_part *part = &parts->tree.parts[i];

	return parts->roles[i] == ROLE_NONE && !part->multipart && !part->attachment;
}

static bool
is_below(const struct mime_tree *tree, size_t i, size_t above)
{
	int at = (int)i;

	while (at > (int)above)
		at = tree->parts[at].parent;
	return at == (int)above;
}

static bool
has_words(struct arena *arena, const struct mime_part *part)
{
	size_t len;
	const unsigned char *head = mime_body_head(arena, part, 4096, &len);

	for (size_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", head[i], 4))
			return true;
	return false;
}

/* Whether a reader of plain text would be shown another part in its stead. */
static bool
has_plain_alternative(struct arena *arena, const struct message_parts *parts, size_t i)
{
	const struct mime_part *all = parts->tree.parts;

	for (int up = all[i].parent; up >= 0; up = all[up].parent) {
		if (!text_equal(all[up].type, "multipart/alternative"))
			continue;
		for (size_t j = (size_t)up + 1; j < parts->tree.count; j++)
			if (is_below(&parts->tree, j, (size_t)up) && !all[j].attachment &&
			    text_equal(all[j].type, "text/plain") &&
			    has_words(arena, &all[j]))
				return true;
	}
	return false;
}

/*
 * The display copy of the header that older writers put first (a part of its
 * own with the same mark as its parent) is for programs that know nothing of
 * protected fields.
 */
static bool
is_legacy_display(struct arena *arena, const struct message_parts *parts, size_t i)
{
	const struct mime_part *part = &parts->tree.parts[i];

	return parts->protected && part->parent >= 0 && !part->multipart &&
		text_starts(part->type, "text/") &&
		param_is(arena, part, "protected-headers", "v1") &&
		param_is(arena, &parts->tree.parts[part->parent], "protected-headers", "v1");
}

void
message_note_charset(struct message *message, enum charset_result result)
{
	message->charset_damaged = message->charset_damaged || result == CHARSET_DAMAGED;
	message->charset_guessed = message->charset_guessed || result == CHARSET_GUESSED;
	message->charset_wrong = message->charset_wrong || result == CHARSET_WRONG;
	message->charset_unknown = message->charset_unknown || result == CHARSET_UNKNOWN;
}

bool
message_part_is_plain(const struct mime_part *part)
{
	static const char *const types[] = { "text/plain", "application/pgp", "text/markdown",
		"text/x-markdown", "text/enriched", "text/richtext" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_equal(part->type, types[i]))
			return true;
	return false;
}

/* Too long a part is cut at a line end, where no charset is in mid-character. */
static char *
part_utf8(struct arena *arena, const struct mime_part *part, struct message *message)
{
	enum charset_result result = CHARSET_FINE;
	size_t len;
	const unsigned char *body = mime_body_head(arena, part, PART_BYTES, &len), *lf = NULL;
	char *utf8;

	if (len < part->body_len)
		lf = memrchr(body, '\n', len);
	if (lf)
		len = (size_t)(lf - body) + 1;
	utf8 = charset_to_utf8(arena, part->charset, body, len, &result);
	message_note_charset(message, result);
	return utf8;
}

void
message_end_whole(struct text *text)
{
	if (!text->full)
		return;
	text->len = utf8_cut(text->data, text->len > 3 ? text->len - 1 : text->len);
	text->data[text->len] = '\0';
}

static char *
html_as_text(struct arena *arena, const char *utf8, bool legacy)
{
	struct text shown;

	text_init(&shown, arena, LIMIT_TEXT_BYTES);
	html_text_add(&shown, utf8, legacy);
	message_end_whole(&shown);
	return shown.data;
}

static void
begin_line(struct text *out)
{
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		text_add_char(out, '\n');
}

/* Where nothing is protected a mark of RFC 9788 must not hide a line. */
static void
add_part(struct arena *arena, const struct message_parts *parts, size_t i, bool html,
	struct message *message, struct text *out)
{
	const struct mime_part *part = &parts->tree.parts[i];
	bool legacy = parts->protected && param_is(arena, part, "hp-legacy-display", "1");
	unsigned flags = 0;
	char *utf8;

	if (out->full)
		return;
	utf8 = part_utf8(arena, part, message);

	begin_line(out);
	if (message->form == MESSAGE_PGP_ENCRYPTED)
		flags |= PLAIN_DROP_ARMOUR;
	if (html && flags == 0) {
		html_text_add(out, utf8, legacy);
		return;
	}
	if (html) {
		utf8 = html_as_text(arena, utf8, legacy);
		legacy = false;
	} else {
		if (param_is(arena, part, "format", "flowed"))
			flags |= PLAIN_FLOWED;
		if (param_is(arena, part, "delsp", "yes"))
			flags |= PLAIN_DELSP;
	}
	if (legacy)
		flags |= PLAIN_LEGACY;
	plain_text_add(arena, out, utf8, flags);
}

void
message_text_read(struct arena *arena, struct message_parts *parts, struct message *message)
{
	bool plain = false, html = false;
	struct text out;

	text_init(&out, arena, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < parts->tree.count; i++) {
		const struct mime_part *part = &parts->tree.parts[i];
		size_t before = out.len;

		if (is_legacy_display(arena, parts, i)) {
			parts->roles[i] = ROLE_SKIP;
		} else if (is_readable(parts, i) && message_part_is_plain(part)) {
			parts->roles[i] = ROLE_TEXT;
			add_part(arena, parts, i, false, message, &out);
			plain = plain || !is_blank(out.data + before);
		} else if (is_readable(parts, i) && text_equal(part->type, "text/html")) {
			bool other = has_plain_alternative(arena, parts, i);

			parts->roles[i] = other ? ROLE_SKIP : ROLE_TEXT;
			if (!other)
				add_part(arena, parts, i, true, message, &out);
			html = html || !other;
		} else if (parts->nested[i]) {
			begin_line(&out);
			text_add(&out, parts->nested[i]);
		}
	}
	message_end_whole(&out);
	message->no_text = is_blank(out.data);
	message->html_only = html && !plain && !message->no_text;
	quote_split(arena, out.data, &message->own_text, &message->quoted_text);
	quote_unmark(out.data);
	message->text = out.data;
}
