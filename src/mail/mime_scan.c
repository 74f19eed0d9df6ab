/*
 * The raw bytes of a message, line by line: what GMime would have to carry, and
 * where the children of a multipart lie. Works on offsets alone: it must not
 * decode, allocate or judge what a part means.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime_scan.h"

#include "mail/limits.h"

#include <string.h>
#include <strings.h>

/* Where we stand among lines that GMime may take for header fields. */
struct cost {
	size_t boundaries;
	size_t lines;
	size_t bytes;
	int blocks;	/* header blocks that may still follow here */
	bool field;	/* the line before was a field or continued one */
	bool type;	/* and that field is Content-Type */
	bool nested;	/* it names a message or digest: one more block follows this one */
	bool digest;	/* a digest was seen: its children are messages without saying so */
};

static size_t
line_end(const unsigned char *bytes, size_t at, size_t end)
{
	const unsigned char *lf = memchr(bytes + at, '\n', end - at);

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
has_word(const unsigned char *line, size_t len, const char *word)
{
	size_t want = strlen(word);

	for (size_t i = 0; i + want <= len; i++)
		if (strncasecmp((const char *)line + i, word, want) == 0)
			return true;
	return false;
}

static void
cost_field_line(struct cost *cost, const unsigned char *line, size_t len)
{
	bool folded = line[0] == ' ' || line[0] == '\t';

	if (!folded) {
		cost->field = is_field(line, len);
		cost->type = cost->field && len > 12 &&
			strncasecmp((const char *)line, "content-type", 12) == 0;
	}
	if (cost->field)
		cost->lines++;
	if (!cost->type)
		return;
	if (has_word(line, len, "digest"))
		cost->digest = cost->nested = true;
	else if (has_word(line, len, "message"))
		cost->nested = true;
}

static void
cost_line(struct cost *cost, const unsigned char *line, size_t len)
{
	if (len >= 2 && line[0] == '-' && line[1] == '-') {
		cost->boundaries++;
		cost->blocks = cost->digest ? 2 : 1;
		cost->field = cost->type = cost->nested = false;
		return;
	}
	if (cost->blocks == 0)
		return;
	if (is_blank(line, len)) {
		cost->blocks += cost->nested ? 0 : -1;
		cost->field = cost->type = cost->nested = false;
		return;
	}
	cost->bytes += len;
	if (cost->bytes <= LIMIT_INNER_HEADER_BYTES)
		cost_field_line(cost, line, len);
}

enum mime_limit
mime_scan_cost(const unsigned char *bytes, size_t len, size_t body_at, bool nested)
{
	struct cost cost = { .blocks = nested, .digest = nested };

	for (size_t at = body_at, end; at < len; at = end + 1) {
		end = line_end(bytes, at, len);
		cost_line(&cost, bytes + at, end - at);
		if (cost.boundaries > LIMIT_BOUNDARY_LINES)
			return MIME_TOO_MANY_PARTS;
		if (cost.lines > LIMIT_INNER_HEADER_LINES ||
		    cost.bytes > LIMIT_INNER_HEADER_BYTES)
			return MIME_HEADER_TOO_LONG;
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

	if (len < at || line[0] != '-' || line[1] != '-' ||
	    memcmp(line + 2, boundary, boundary_len) != 0)
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

size_t
mime_scan_parts(const unsigned char *bytes, struct mime_span whole, const char *boundary,
	struct mime_span *spans_r, size_t max, bool *closed_r)
{
	size_t boundary_len = strlen(boundary), count = 0, begin = 0;
	bool inside = false, closed = false;

	for (size_t at = whole.at, end; at < whole.end && !closed; at = end + 1) {
		enum delimiter found;

		end = line_end(bytes, at, whole.end);
		found = delimiter_of(bytes + at, end - at, boundary, boundary_len);
		if (found == NO_DELIMITER)
			continue;
		if (inside && count < max)
			spans_r[count] = (struct mime_span){ begin,
				before_line_end(bytes, at, begin) };
		count += inside;
		/* A delimiter that ends the bytes opens nothing. */
		inside = found == DELIMITER && end + 1 < whole.end;
		begin = end + 1;
		closed = found == LAST_DELIMITER;
	}
	if (inside && count < max)
		spans_r[count] = (struct mime_span){ begin, whole.end };
	count += inside;
	*closed_r = closed;
	return count;
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
