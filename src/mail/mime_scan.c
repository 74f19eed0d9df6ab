/*
 * The raw bytes of a message: what GMime would have to carry, and where the
 * children of a multipart lie. Works on offsets alone: it must not decode or
 * judge what a part means.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime_scan.h"

#include "base/arena.h"
#include "mail/limits.h"

#include <string.h>

#define LINES_FIRST 64

/* The header blocks of parts, or what GMime may take for them: all of them together. */
struct cost {
	size_t lines;
	size_t bytes;
	bool field;	/* the line before was a field or continued one */
};

static size_t
line_end(const unsigned char *bytes, size_t at, size_t end)
{
	const unsigned char *lf = at < end ? memchr(bytes + at, '\n', end - at) : NULL;

	return lf ? (size_t)(lf - bytes) : end;
}

static bool
is_blank(const unsigned char *line, size_t len)
{
	return len == 0 || (len == 1 && line[0] == '\r');
}

/* As GMime has it: anything but blanks and control characters, then a colon. */
static bool
is_field(const unsigned char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] == ':')
			return i > 0;
		if (line[i] <= ' ' || line[i] == 0x7f)
			return false;
	}
	return false;
}

static bool
has_dashes(const unsigned char *bytes, size_t at, size_t len)
{
	return len - at >= 2 && bytes[at] == '-' && bytes[at + 1] == '-';
}

static bool
is_too_dear(const struct cost *cost)
{
	return cost->lines > LIMIT_INNER_HEADER_LINES || cost->bytes > LIMIT_INNER_HEADER_BYTES;
}

/*
 * Counts the lines behind a delimiter up to an empty one or the next that may be
 * a delimiter, and returns the offset of the line end before what comes next.
 */
static size_t
count_block(struct cost *cost, const unsigned char *bytes, size_t at, size_t len)
{
	cost->field = false;
	while (at < len && !is_too_dear(cost)) {
		size_t end = line_end(bytes, at, len);

		if (is_blank(bytes + at, end - at))
			return end;
		if (has_dashes(bytes, at, len))
			return at - 1;
		if (bytes[at] != ' ' && bytes[at] != '\t')
			cost->field = is_field(bytes + at, end - at);
		cost->lines += cost->field;
		cost->bytes += end - at;
		at = end + 1;
	}
	return len;
}

static void
add_line(struct arena *arena, struct mime_lines *lines, size_t *room, size_t at)
{
	if (lines->count == *room) {
		size_t more = *room ? 2 * *room : LINES_FIRST;

		lines->at = arena_resize(arena, lines->at, *room * sizeof(*lines->at),
			more * sizeof(*lines->at));
		*room = more;
	}
	lines->at[lines->count++] = at;
}

/* Where the next line from at on begins with dashes; at is the line end before it, or len. */
static size_t
find_dashes(const unsigned char *bytes, size_t at, size_t len)
{
	const unsigned char *found = at < len ?
		memmem(bytes + at, len - at, "\n--", 3) : NULL;

	return found ? (size_t)(found - bytes) + 1 : len;
}

enum mime_limit
mime_scan_lines(struct arena *arena, const unsigned char *bytes, size_t len, size_t body_at,
	struct mime_lines *lines_r)
{
	struct cost cost = { .field = false };
	size_t room = 0, at = body_at;

	*lines_r = (struct mime_lines){ .bytes = bytes, .len = len };
	if (!has_dashes(bytes, at, len))
		at = find_dashes(bytes, at, len);
	while (at < len) {
		if (lines_r->count == LIMIT_BOUNDARY_LINES)
			return MIME_TOO_MANY_PARTS;
		add_line(arena, lines_r, &room, at);
		at = count_block(&cost, bytes, line_end(bytes, at, len) + 1, len);
		if (is_too_dear(&cost))
			return MIME_HEADER_TOO_LONG;
		at = find_dashes(bytes, at, len);
	}
	return MIME_FINE;
}

enum delimiter { NO_DELIMITER, DELIMITER, LAST_DELIMITER };

/* Whether the line is "--boundary" or "--boundary--", with nothing but blanks behind. */
static enum delimiter
delimiter_of(const unsigned char *line, size_t len, const char *boundary, size_t boundary_len)
{
	enum delimiter found = DELIMITER;
	size_t at = 2 + boundary_len;

	if (len < at || memcmp(line + 2, boundary, boundary_len) != 0)
		return NO_DELIMITER;
	if (len >= at + 2 && line[at] == '-' && line[at + 1] == '-') {
		found = LAST_DELIMITER;
		at += 2;
	}
	while (at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
		at++;
	return at == len ? found : NO_DELIMITER;
}

/* The line end before a delimiter belongs to the delimiter. */
static size_t
before_line_end(const unsigned char *bytes, size_t at, size_t first)
{
	if (at > first && bytes[at - 1] == '\n')
		at--;
	if (at > first && bytes[at - 1] == '\r')
		at--;
	return at;
}

/* The first of the lines that stands at or behind an offset. */
static size_t
first_line(const struct mime_lines *lines, size_t at)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (lines->at[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
mime_scan_parts(const struct mime_lines *lines, struct mime_span whole, const char *boundary,
	struct mime_span *spans_r, size_t max, struct mime_division *division_r)
{
	struct mime_division division = { .first = whole.end, .end = whole.end };
	size_t boundary_len = strlen(boundary), begin = 0;
	bool inside = false;

	for (size_t i = first_line(lines, whole.at); i < lines->count && !division.closed; i++) {
		size_t at = lines->at[i], end = line_end(lines->bytes, at, whole.end);
		enum delimiter found;

		if (at >= whole.end)
			break;
		found = delimiter_of(lines->bytes + at, end - at, boundary, boundary_len);
		if (found == NO_DELIMITER)
			continue;
		if (division.first == whole.end)
			division.first = at;
		if (inside && division.count < max)
			spans_r[division.count] = (struct mime_span){ begin,
				before_line_end(lines->bytes, at, begin) };
		division.count += inside;
		/* A delimiter that ends the bytes opens nothing. */
		inside = found == DELIMITER && end + 1 < whole.end;
		begin = end + 1;
		division.closed = found == LAST_DELIMITER;
		if (division.closed)
			division.end = end < whole.end ? end + 1 : end;
	}
	if (inside && division.count < max)
		spans_r[division.count] = (struct mime_span){ begin, whole.end };
	division.count += inside;
	*division_r = division;
}

size_t
mime_scan_body(const unsigned char *bytes, struct mime_span entity)
{
	for (size_t at = entity.at, end; at < entity.end; at = end + 1) {
		end = line_end(bytes, at, entity.end);
		if (is_blank(bytes + at, end - at))
			return end < entity.end ? end + 1 : entity.end;
	}
	return entity.end;
}

size_t
mime_scan_first_field(const unsigned char *bytes, size_t len)
{
	for (size_t at = 0, end; at < len; at = end + 1) {
		end = line_end(bytes, at, len);
		if (is_blank(bytes + at, end - at))
			return 0;
		if (is_field(bytes + at, end - at))
			return at;
	}
	return 0;
}
