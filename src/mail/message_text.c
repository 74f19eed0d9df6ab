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
#include "mail/stub.h"

#include <string.h>

/* Bytes of one part that are looked at: what fills the limit in any charset, and HTML's markup. */
#define PART_BYTES (2u * LIMIT_TEXT_BYTES)

static bool
param_is(struct arena *arena, const struct mime_part *part, const char *name, const char *value)
{
	return part->content_type &&
		text_equal_ci(header_param(arena, part->content_type, name), value);
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
char *
message_part_utf8(struct arena *arena, const struct mime_part *part, size_t max,
	enum charset_result *result_r)
{
	size_t len;
	const unsigned char *body = mime_body_head(arena, part, max, &len), *lf = NULL;

	if (len < part->body_len)
		lf = memrchr(body, '\n', len);
	if (lf)
		len = (size_t)(lf - body) + 1;
	return charset_to_utf8(arena, part->charset, body, len, result_r);
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

/* What is read so far: the text; and of what came twice what was read, and what HTML says. */
struct reading {
	struct message *message;
	struct text out, read_twin, html_twin;
	bool plain, html;	/* something of either kind is in the text */
};

/* Kept only where they differ in more than blanks and marks. */
static void
keep_twins(struct reading *reading)
{
	struct text *plain = &reading->read_twin, *html = &reading->html_twin;

	message_end_whole(plain);
	message_end_whole(html);
	if (stub_is_blank(plain->data) || stub_same_letters(plain->data, html->data))
		return;
	quote_unmark(plain->data);
	quote_unmark(html->data);
	reading->message->read_twin = plain->data;
	reading->message->html_twin = html->data;
}

/* Where nothing is protected a mark of RFC 9788 must not hide a line. */
static enum charset_result
add_part(struct arena *arena, const struct message_parts *parts, size_t i, bool html,
	bool drop_armour, struct text *out)
{
	const struct mime_part *part = &parts->tree.parts[i];
	bool legacy = parts->protected && param_is(arena, part, "hp-legacy-display", "1");
	enum charset_result result = CHARSET_FINE;
	unsigned flags = drop_armour ? PLAIN_DROP_ARMOUR : 0;
	char *utf8;

	if (out->full)
		return result;
	utf8 = message_part_utf8(arena, part, PART_BYTES, &result);
	begin_line(out);
	if (html && flags == 0) {
		html_text_add(out, utf8, legacy);
		return result;
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
	return result;
}

/* One that is shown, into the text; its twin of the other kind beside it. */
static void
read_part(struct arena *arena, struct message_parts *parts, size_t i, struct reading *reading)
{
	struct message *message = reading->message;
	bool html = text_equal(parts->tree.parts[i].type, "text/html");
	bool sealed = message->form == MESSAGE_PGP_ENCRYPTED;
	size_t before = reading->out.len;
	const char *added;

	if (parts->stubs[i] || (html && message_has_plain(arena, parts, i))) {
		struct text *twin = html ? &reading->html_twin : &reading->read_twin;

		before = twin->len;
		parts->roles[i] = ROLE_SKIP;
		add_part(arena, parts, i, html, sealed, twin);
		message->text_stub = message->text_stub ||
			(!html && !stub_is_blank(twin->data + before));
		return;
	}
	parts->roles[i] = ROLE_TEXT;
	message_note_charset(message, add_part(arena, parts, i, html, sealed, &reading->out));
	added = reading->out.data + before;
	if (html)
		reading->html = true;
	else
		reading->plain = reading->plain || !stub_is_blank(added);
	if (!message_has_twin(parts, i))
		return;
	text_add(&reading->read_twin, added);
	if (html)
		text_add(&reading->html_twin, added);
}

void
message_text_read(struct arena *arena, struct message_parts *parts, struct message *message)
{
	struct reading reading = { .message = message };
	struct text *out = &reading.out;

	text_init(out, arena, LIMIT_TEXT_BYTES);
	text_init(&reading.read_twin, arena, LIMIT_TEXT_BYTES);
	text_init(&reading.html_twin, arena, LIMIT_TEXT_BYTES);
	message_stubs_find(arena, parts);
	for (size_t i = 0; i < parts->tree.count; i++) {
		const struct mime_part *part = &parts->tree.parts[i];

		if (is_legacy_display(arena, parts, i)) {
			parts->roles[i] = ROLE_SKIP;
		} else if (message_part_readable(parts, i) && (message_part_is_plain(part) ||
			text_equal(part->type, "text/html"))) {
			read_part(arena, parts, i, &reading);
		} else if (parts->nested[i]) {
			begin_line(out);
			text_add(out, parts->nested[i]);
		}
	}
	message_end_whole(out);
	message->no_text = stub_is_blank(out->data);
	message->html_only = reading.html && !reading.plain && !message->no_text;
	quote_split(arena, out->data, &message->own_text, &message->quoted_text);
	quote_unmark(out->data);
	message->text = out->data;
	keep_twins(&reading);
}
