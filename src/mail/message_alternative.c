/*
 * A text that came twice, plain and as HTML (multipart/alternative). Mail programs
 * show either; here the plain one is read, unless it only stands in for the other.
 * What both say is kept beside it, for those who compare them: must not judge.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/html_text.h"
#include "mail/limits.h"
#include "mail/stub.h"

#include <string.h>

#define STUBS_MAX 16		/* looked for in one mail */
#define HTML_HEAD (256u * 1024)	/* bytes in which HTML must say something, styles included */

bool
message_part_readable(const struct message_parts *parts, size_t i)
{
	const struct mime_part *part = &parts->tree.parts[i];

	/* What is all of the mail is what it says, whatever its writer's program marked it as. */
	return parts->roles[i] == ROLE_NONE && !part->multipart &&
		(!part->attachment || parts->tree.count == 1);
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

bool
message_has_plain(struct arena *arena, const struct message_parts *parts, size_t i)
{
	const struct mime_part *all = parts->tree.parts;

	for (int up = all[i].parent; up >= 0; up = all[up].parent) {
		if (!text_equal(all[up].type, "multipart/alternative"))
			continue;
		for (size_t j = (size_t)up + 1; j < parts->tree.count; j++)
			if (is_below(&parts->tree, j, (size_t)up) && !parts->stubs[j] &&
			    !all[j].attachment && text_equal(all[j].type, "text/plain") &&
			    has_words(arena, &all[j]))
				return true;
	}
	return false;
}

/* The first HTML part, or plain one, in an alternative that the part stands in too, 0 if there is none. */
static size_t
other_beside(const struct message_parts *parts, size_t i, bool html)
{
	const struct mime_part *all = parts->tree.parts;

	for (int up = all[i].parent; up >= 0; up = all[up].parent) {
		if (!text_equal(all[up].type, "multipart/alternative"))
			continue;
		for (size_t j = (size_t)up + 1; j < parts->tree.count; j++)
			if (is_below(&parts->tree, j, (size_t)up) && !all[j].attachment &&
			    text_equal(all[j].type, html ? "text/html" : "text/plain"))
				return j;
	}
	return 0;
}

/* Whether the HTML part says something itself. */
static bool
says_something(struct arena *arena, const struct mime_part *part)
{
	enum charset_result result = CHARSET_FINE;
	struct text html;

	text_init(&html, arena, HTML_HEAD);
	html_text_add(&html, message_part_utf8(arena, part, HTML_HEAD, &result), false);
	message_end_whole(&html);
	return !stub_is_blank(html.data) && !stub_is_one(arena, html.data);
}

/* Whether a plain part shows nothing, or says only that there is HTML. */
static bool
may_be_stub(struct arena *arena, const struct message_parts *parts, size_t i)
{
	const struct mime_part *part = &parts->tree.parts[i];
	enum charset_result result = CHARSET_FINE;
	const char *text;

	if (!message_part_readable(parts, i) || !text_equal(part->type, "text/plain") ||
	    part->body_len > STUB_PART_BYTES || !has_words(arena, part))
		return false;
	text = message_part_utf8(arena, part, STUB_PART_BYTES, &result);
	return stub_is_blank(text) || stub_is_one(arena, text);
}

void
message_stubs_find(struct arena *arena, struct message_parts *parts)
{
	unsigned left = STUBS_MAX;

	for (size_t i = 0; i < parts->tree.count && left > 0; i++) {
		size_t html = other_beside(parts, i, true);

		if (html == 0 || !may_be_stub(arena, parts, i))
			continue;
		left--;
		parts->stubs[i] = says_something(arena, &parts->tree.parts[html]);
	}
}

bool
message_has_twin(const struct message_parts *parts, size_t i)
{
	return other_beside(parts, i, !text_equal(parts->tree.parts[i].type, "text/html")) != 0;
}
