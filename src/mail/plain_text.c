/*
 * Plain text, in three steps that each read lines: line ends, soft breaks,
 * armour. Must not look at words.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/plain_text.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/quote.h"

#include <stdbool.h>
#include <string.h>

enum armour { OUTSIDE, IN_MESSAGE, IN_SIGNED_HEAD, IN_SIGNED, IN_SIGNATURE };

/* CRLF and a lone CR become LF, in place. */
static void
unify_line_ends(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\r')
			*to++ = *from;
		else if (from[1] != '\n')
			*to++ = '\n';
	}
	*to = '\0';
}

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

static const char *
behind_blank_line(const char *text)
{
	while (*text && *text != '\n')
		text = next_line(text);
	return *text ? text + 1 : text;
}

struct flow {
	struct text *out;
	bool delsp;
	bool begun;
	bool soft;	/* the line before goes on here */
	size_t depth;	/* of its quotation */
};

static void
add_flowed_line(struct flow *flow, const char *line, size_t len)
{
	size_t depth = 0;
	bool sign, soft, stuffed;

	while (depth < len && line[depth] == '>')
		depth++;
	line += depth;
	len -= depth;
	stuffed = len > 0 && line[0] == ' ';
	line += stuffed;
	len -= stuffed;
	/* The line that separates the signature stands alone (RFC 3676 4.3). */
	sign = len == 3 && memcmp(line, "-- ", 3) == 0;
	soft = len > 0 && line[len - 1] == ' ' && !sign;
	if (!flow->soft || sign || depth != flow->depth) {
		if (flow->begun)
			text_add_char(flow->out, '\n');
		for (size_t i = 0; i < depth; i++)
			text_add_char(flow->out, '>');
		if (depth > 0)
			text_add_char(flow->out, ' ');
		else if (stuffed && quote_begins(line, len))
			text_add_char(flow->out, QUOTE_OWN);
	}
	text_add_bytes(flow->out, line, len - (soft && flow->delsp));
	flow->begun = true;
	flow->soft = soft;
	flow->depth = depth;
}

static const char *
unflow(struct arena *arena, const char *text, bool delsp)
{
	struct text out;
	struct flow flow = { .out = &out, .delsp = delsp };

	/* A space after each run of marks is all that can be added. */
	text_init(&out, arena, 2 * strlen(text) + 2);
	for (const char *line = text; *line; line = next_line(line))
		add_flowed_line(&flow, line, strcspn(line, "\n"));
	text_add_char(&out, '\n');
	return out.data;
}

static bool
is_armour(const char *line, size_t len, const char *header)
{
	size_t want = strlen(header);

	if (len < want || memcmp(line, header, want) != 0)
		return false;
	while (want < len && strchr(" \t", line[want]))
		want++;
	return want == len;
}

static enum armour
step_outside(const char *line, size_t len, bool drop)
{
	if (drop && is_armour(line, len, "-----BEGIN PGP MESSAGE-----"))
		return IN_MESSAGE;
	if (is_armour(line, len, "-----BEGIN PGP SIGNED MESSAGE-----"))
		return IN_SIGNED_HEAD;
	return OUTSIDE;
}

/* Armour headers ("Hash: …") end at an empty line; for want of it no text may be lost. */
static bool
is_armour_header(const char *line, size_t len)
{
	size_t key = strcspn(line, ": \t\n");

	return key > 0 && key + 1 < len && line[key] == ':' && line[key + 1] == ' ';
}

static enum armour
step(enum armour armour, const char *line, size_t len, bool drop)
{
	switch (armour) {
	case OUTSIDE:
		return step_outside(line, len, drop);
	case IN_MESSAGE:
		return is_armour(line, len, "-----END PGP MESSAGE-----") ? OUTSIDE : armour;
	case IN_SIGNED_HEAD:
		return is_armour_header(line, len) ? armour : IN_SIGNED;
	case IN_SIGNED:
		return is_armour(line, len, "-----BEGIN PGP SIGNATURE-----") ? IN_SIGNATURE :
			armour;
	case IN_SIGNATURE:
		return is_armour(line, len, "-----END PGP SIGNATURE-----") ? OUTSIDE : armour;
	}
	return OUTSIDE;
}

/* A line shows if it stands in plain text both before and after it was looked at. */
static void
add_line(struct text *out, enum armour before, enum armour after, const char *line, size_t len)
{
	bool escaped = before == IN_SIGNED && len >= 2 && line[0] == '-' && line[1] == ' ';

	bool shown = before == after && (before == OUTSIDE || before == IN_SIGNED);

	if (before == IN_SIGNED_HEAD && after == IN_SIGNED)
		shown = strspn(line, " \t") < len;
	if (!shown)
		return;
	text_add_bytes(out, line + (escaped ? 2 : 0), len - (escaped ? 2 : 0));
	if (line[len] == '\n')
		text_add_char(out, '\n');
}

void
plain_text_add(struct arena *arena, struct text *out, const char *text, unsigned flags)
{
	char *unified = arena_strdup(arena, text);
	const char *at = unified;
	enum armour armour = OUTSIDE;

	unify_line_ends(unified);
	if (flags & PLAIN_LEGACY)
		at = behind_blank_line(at);
	/* Signed lines are hard ones, whatever the part's header says. */
	if ((flags & PLAIN_FLOWED) && !strstr(at, "-----BEGIN PGP "))
		at = unflow(arena, at, flags & PLAIN_DELSP);
	for (const char *line = at; *line; line = next_line(line)) {
		size_t len = strcspn(line, "\n");
		enum armour now = step(armour, line, len, flags & PLAIN_DROP_ARMOUR);

		add_line(out, armour, now, line, len);
		armour = now;
	}
}
