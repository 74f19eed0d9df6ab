/*
 * Reads address lists (RFC 5322 3.4 and 4.4, and what passes for them). An
 * entry in which it is not plain which address is meant comes out with none,
 * and with its text for a name; must never build an address out of pieces that
 * do not belong together. Takes each byte a bounded number of times.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "mail/lex.h"
#include "mail/limits.h"

#include <string.h>

/* One entry of the list while it is read. */
struct entry {
	const char *from;	/* where it begins */
	struct text phrase;	/* its words, quotes taken off, one blank for each gap */
	struct text comment;	/* the last one */
	const char *angle;	/* what stands in <>, NULL for nothing yet */
	size_t angle_len;
	bool gap;		/* a blank or comment stood before what comes next */
	bool sign;		/* a bare '@' stood in it */
	bool unclear;
};

static void
clear(struct text *text)
{
	text->len = 0;
	text->full = false;
	text->data[0] = '\0';
}

static void
entry_clear(struct entry *entry, const char *from)
{
	entry->from = from;
	clear(&entry->phrase);
	clear(&entry->comment);
	entry->angle = NULL;
	entry->gap = entry->sign = entry->unclear = false;
}

/* Valid UTF-8 without control characters. */
static bool
is_clean(const char *string)
{
	uint32_t c;

	if (!utf8_valid(string, strlen(string)))
		return false;
	while ((c = utf8_next(&string)) != 0)
		if (c < ' ' || (c >= 0x7f && c <= 0x9f))
			return false;
	return true;
}

/* Labels of atom characters with single dots between, or what stands in one pair of brackets. */
static bool
is_domain(const char *domain)
{
	size_t len = strlen(domain);

	if (domain[0] == '[')
		return len > 2 && strcspn(domain, "]") == len - 1;
	if (len == 0 || domain[0] == '.' || domain[len - 1] == '.')
		return false;
	for (; *domain != '\0'; domain++)
		if (*domain == '.' ? domain[1] == '.' : !lex_is_atext(*domain))
			return false;
	return true;
}

/* The local part that a quoted string stands for, without quotes where they say nothing. */
static void
add_quoted_local(struct text *spec, const struct text *content)
{
	bool plain = content->len > 0;

	for (size_t i = 0; i < content->len; i++)
		plain = plain && (lex_is_atext(content->data[i]) || content->data[i] == '.');
	if (!plain)
		text_add_char(spec, '"');
	for (size_t i = 0; i < content->len; i++) {
		if (content->data[i] == '"' || content->data[i] == '\\')
			text_add_char(spec, '\\');
		text_add_char(spec, content->data[i]);
	}
	if (!plain)
		text_add_char(spec, '"');
}

/*
 * Dots in a local part are taken as they come: addresses like a..b@docomo.ne.jp
 * were given out in Japan and are in use.
 */
static bool
read_local(struct arena *arena, struct lex *lex, struct text *spec)
{
	bool gap = false;

	lex_skip_cfws(lex);
	if (lex->at < lex->end && *lex->at == '"') {
		struct text content;

		text_init(&content, arena, LIMIT_ADDRESS_BYTES);
		if (!lex_quoted(lex, &content) || content.full)
			return false;
		add_quoted_local(spec, &content);
		lex_skip_cfws(lex);
		return true;
	}
	while (lex->at < lex->end && (*lex->at == '.' || lex_is_atext(*lex->at))) {
		/* Blanks may stand round a dot, but not between two words. */
		if (gap && *lex->at != '.' && spec->data[spec->len - 1] != '.')
			return false;
		text_add_char(spec, *lex->at++);
		gap = lex_skip_cfws(lex);
	}
	return spec->len > 0;
}

static bool
read_domain(struct lex *lex, struct text *spec)
{
	size_t from = spec->len;
	bool gap = false;

	lex_skip_cfws(lex);
	if (lex->at < lex->end && *lex->at == '[') {
		while (lex->at < lex->end && !lex_is_blank(*lex->at) && *lex->at != ']')
			text_add_char(spec, *lex->at++);
		if (!lex_take(lex, ']'))
			return false;
		text_add_char(spec, ']');
		lex_skip_cfws(lex);
	}
	while (lex->at < lex->end && (*lex->at == '.' || lex_is_atext(*lex->at))) {
		char c = *lex->at++;

		if (gap && c != '.' && spec->data[spec->len - 1] != '.')
			return false;
		text_add_char(spec, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
		gap = lex_skip_cfws(lex);
	}
	return !spec->full && is_domain(spec->data + from);
}

/* The addr-spec that the bytes are, and are nothing else; NULL when they are none. */
static const char *
read_spec(struct arena *arena, const char *bytes, size_t len)
{
	struct text spec;
	struct lex lex;

	text_init(&spec, arena, LIMIT_ADDRESS_BYTES);
	lex_start(&lex, bytes, len);
	if (!read_local(arena, &lex, &spec) || !lex_take(&lex, '@'))
		return NULL;
	text_add_char(&spec, '@');
	if (!read_domain(&lex, &spec) || lex.at < lex.end || lex.broken)
		return NULL;
	return strlen(spec.data) == spec.len && is_clean(spec.data) ? spec.data : NULL;
}

/* What stands in <>: an addr-spec, perhaps behind an obsolete route "@a,@b:". */
static const char *
read_angle(struct arena *arena, const char *bytes, size_t len)
{
	const char *end = bytes + len, *colon;
	struct lex lex;

	lex_start(&lex, bytes, len);
	lex_skip_cfws(&lex);
	if (lex.at < end && *lex.at == '@') {
		colon = memchr(lex.at, ':', (size_t)(end - lex.at));
		if (colon == NULL)
			return NULL;
		lex.at = colon + 1;
	}
	return read_spec(arena, lex.at, (size_t)(end - lex.at));
}

static const char *
decode(struct arena *arena, const char *bytes, size_t len)
{
	while (len > 0 && lex_is_blank(*bytes)) {
		bytes++;
		len--;
	}
	while (len > 0 && lex_is_blank(bytes[len - 1]))
		len--;
	return len > 0 ? header_decode(arena, bytes, len, NULL) : NULL;
}

/* Makes an address of what was read up to `to`; false when that is blanks and comments alone. */
static bool
entry_end(struct arena *arena, const struct entry *entry, const char *to,
	struct address *address_r)
{
	size_t len = (size_t)(to - entry->from);
	const char *addr = NULL;

	if (entry->phrase.len == 0 && entry->angle == NULL && !entry->unclear)
		return false;
	if (!entry->unclear)
		addr = entry->angle != NULL ? read_angle(arena, entry->angle, entry->angle_len) :
			read_spec(arena, entry->from, len);
	address_r->addr = addr != NULL ? addr : "";
	if (addr == NULL)
		address_r->name = decode(arena, entry->from, len);
	else if (entry->angle != NULL && entry->phrase.len > 0)
		address_r->name = decode(arena, entry->phrase.data, entry->phrase.len);
	else
		address_r->name = decode(arena, entry->comment.data, entry->comment.len);
	return true;
}

/* Moves behind the '>' that closes the '<' at the cursor. */
static void
take_angle(struct entry *entry, struct lex *lex)
{
	const char *from = ++lex->at;

	while (lex->at < lex->end && *lex->at != '>') {
		if (*lex->at == '"')
			lex_quoted(lex, NULL);
		else if (*lex->at == '(')
			lex_comment(lex, NULL);
		else
			lex->at++;
	}
	/* A second one, or none that closes it: who is meant is not plain. */
	if (entry->angle != NULL || lex->at == lex->end)
		entry->unclear = true;
	entry->angle = from;
	entry->angle_len = (size_t)(lex->at - from);
	lex_take(lex, '>');
}

/* Takes a quoted string, an atom or a stray special into the phrase. */
static void
take_word(struct entry *entry, struct lex *lex)
{
	const char *from = lex->at;

	if (entry->angle != NULL)
		entry->unclear = true;
	if (entry->gap && entry->phrase.len > 0)
		text_add_char(&entry->phrase, ' ');
	entry->gap = false;
	if (*lex->at == '"') {
		lex_quoted(lex, &entry->phrase);
		return;
	}
	entry->sign = entry->sign || *lex->at == '@';
	lex->at++;
	while (lex->at < lex->end && lex_is_atext(from[0]) && lex_is_atext(*lex->at))
		lex->at++;
	text_add_bytes(&entry->phrase, from, (size_t)(lex->at - from));
}

/*
 * Reads up to the separator of one entry, or to the end. What stands before
 * the ':' of a group is its name and no entry.
 */
static void
read_entry(struct entry *entry, struct lex *lex, bool *in_group)
{
	while (lex->at < lex->end && *lex->at != ',' && *lex->at != ';') {
		char c = *lex->at;

		if (c == ':' && (*in_group || entry->angle != NULL || entry->sign)) {
			entry->unclear = true;
			lex->at++;
		} else if (c == ':') {
			*in_group = true;
			entry_clear(entry, ++lex->at);
		} else if (c == '(') {
			clear(&entry->comment);
			lex_comment(lex, &entry->comment);
			entry->gap = true;
		} else if (lex_is_blank(c)) {
			lex->at++;
			entry->gap = true;
		} else if (c == '<') {
			take_angle(entry, lex);
		} else {
			take_word(entry, lex);
		}
	}
	entry->unclear = entry->unclear || lex->broken;
}

size_t
address_parse(struct arena *arena, const char *value, size_t len, struct address *list_r,
	size_t max)
{
	struct entry entry;
	bool in_group = false;
	struct lex lex;
	size_t count = 0;

	text_init(&entry.phrase, arena, 2 * len);
	text_init(&entry.comment, arena, len);
	lex_start(&lex, value, len);
	while (lex.at < lex.end && count < max) {
		entry_clear(&entry, lex.at);
		read_entry(&entry, &lex, &in_group);
		count += entry_end(arena, &entry, lex.at, &list_r[count]);
		if (lex_take(&lex, ';'))
			in_group = false;
		else
			lex_take(&lex, ',');
	}
	return count;
}
