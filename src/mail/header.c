/*
 * Scans a header block into fields, and finds fields and message ids in it.
 * Goes over the bytes once, whatever they are; a limit ends the fields, never
 * the search for the body. Must not decode: values stay the bytes that came.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/lex.h"
#include "mail/limits.h"

#include <string.h>

struct scan {
	struct arena *arena;
	struct header_block *block;
	size_t room;		/* in block->fields */
	const char *name;	/* of the field that is being gathered, NULL for none */
	size_t name_len;
	const char *from, *to;	/* its value with its line ends */
};

/* A line: its content and where the next one begins. */
struct line {
	const char *at;
	size_t len;
	const char *next;
};

static struct line
line_at(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	const char *stop = newline != NULL ? newline : end;
	struct line line = { at, 0, newline != NULL ? newline + 1 : end };

	while (newline != NULL && stop > at && stop[-1] == '\r')
		stop--;
	line.len = (size_t)(stop - at);
	return line;
}

/* The value without line ends; blanks round it dropped, NULs made '?'. */
static char *
unfold(struct arena *arena, const char *from, const char *to, size_t *len_r)
{
	char *value = arena_alloc(arena, (size_t)(to - from) + 1);
	size_t len = 0, skip = 0;

	while (from < to) {
		struct line line = line_at(from, to);

		memcpy(value + len, line.at, line.len);
		len += line.len;
		from = line.next;
	}
	while (len > 0 && lex_is_blank(value[len - 1]))
		len--;
	while (skip < len && lex_is_blank(value[skip]))
		skip++;
	value[len] = '\0';
	for (size_t i = skip; i < len; i++)
		if (value[i] == '\0')
			value[i] = '?';
	*len_r = len - skip;
	return value + skip;
}

static void
add_field(struct scan *scan)
{
	struct header_block *block = scan->block;
	struct header_field *field;

	if (scan->name == NULL)
		return;
	if (block->count == scan->room) {
		size_t room = 2 * scan->room + 16;

		block->fields = arena_resize(scan->arena, block->fields,
			scan->room * sizeof(*field), room * sizeof(*field));
		scan->room = room;
	}
	field = &block->fields[block->count++];
	field->name = arena_strndup(scan->arena, scan->name, scan->name_len);
	field->spaced = scan->name[scan->name_len] != ':';
	field->value = unfold(scan->arena, scan->from, scan->to, &field->len);
	scan->name = NULL;
}

/* How many bytes the name before the colon has; 0 when the line is no field. */
static size_t
name_len(const struct line *line)
{
	size_t len = 0;

	while (len < line->len && line->at[len] > ' ' && line->at[len] < 0x7f &&
		line->at[len] != ':')
		len++;
	for (size_t at = len; at < line->len; at++) {
		if (line->at[at] == ':')
			return len;
		if (line->at[at] != ' ' && line->at[at] != '\t')
			break;
	}
	return 0;
}

static bool
is_mbox_line(const struct line *line)
{
	return (line->len >= 5 && memcmp(line->at, "From ", 5) == 0) ||
		(line->len >= 6 && memcmp(line->at, ">From ", 6) == 0);
}

/* Takes one line that is not empty; false when a field has become too long. */
static bool
take_line(struct scan *scan, const struct line *line, bool first)
{
	if (line->at[0] == ' ' || line->at[0] == '\t') {
		if (scan->name == NULL)
			scan->block->broken = true;
		scan->to = line->next;
	} else {
		add_field(scan);
		scan->name_len = name_len(line);
		if (scan->name_len > 0) {
			scan->name = line->at;
			scan->from = (const char *)memchr(line->at, ':', line->len) + 1;
			scan->to = line->next;
		} else if (!first || !is_mbox_line(line)) {
			scan->block->broken = true;
		}
	}
	return scan->name == NULL || scan->to - scan->name <= (ptrdiff_t)LIMIT_FIELD_BYTES;
}

void
header_scan(struct arena *arena, const void *bytes, size_t len, struct header_block *block_r)
{
	const char *start = bytes, *end = start + len, *at = start;
	struct scan scan = { .arena = arena, .block = block_r };
	size_t lines = 0;

	memset(block_r, 0, sizeof(*block_r));
	while (at < end) {
		struct line line = line_at(at, end);

		at = line.next;
		if (line.len == 0)
			break;
		if (block_r->too_long)
			continue;
		if (memchr(line.at, '\0', line.len) != NULL)
			block_r->has_nul = true;
		if (++lines > LIMIT_HEADER_LINES || at - start > (ptrdiff_t)LIMIT_HEADER_BYTES ||
			!take_line(&scan, &line, line.at == start)) {
			block_r->too_long = true;
			scan.name = NULL;
		}
	}
	add_field(&scan);
	block_r->body_at = (size_t)(at - start);
}

const struct header_field *
header_find(const struct header_block *block, const char *name)
{
	for (size_t i = 0; i < block->count; i++)
		if (text_equal_ci(block->fields[i].name, name))
			return &block->fields[i];
	return NULL;
}

size_t
header_count(const struct header_block *block, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < block->count; i++)
		count += text_equal_ci(block->fields[i].name, name);
	return count;
}

/* The length of the message id that begins at a '<', 0 if it is none. */
static size_t
msg_id_len(const char *at, const char *end)
{
	const char *from = at, *sign = NULL;

	for (at++; at < end && at - from < LIMIT_MESSAGE_ID_BYTES; at++) {
		if (*at == '>')
			return sign != NULL && sign > from + 1 && at > sign + 1 ?
				(size_t)(at + 1 - from) : 0;
		if (*at <= ' ' || *at >= 0x7f || *at == '<')
			return 0;
		if (*at == '@')
			sign = at;
	}
	return 0;
}

size_t
header_msg_ids(struct arena *arena, const char *value, const char **ids_r, size_t max)
{
	const char *end = value + strlen(value), *at = value;
	bool comments = true;
	size_t count = 0;

	while (at < end && count < max) {
		struct lex lex;
		size_t len = *at == '<' ? msg_id_len(at, end) : 0;

		if (len > 0) {
			ids_r[count++] = arena_strndup(arena, at, len);
			at += len;
			continue;
		}
		if (*at == '(' && comments) {
			lex_start(&lex, at, (size_t)(end - at));
			comments = lex_comment(&lex, NULL);
			/* One that is never closed is garbage like any other. */
			if (comments) {
				at = lex.at;
				continue;
			}
		}
		at++;
	}
	return count;
}
