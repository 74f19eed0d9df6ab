/*
 * Blanks, comments and quoted strings of structured header fields. Must not
 * recurse (comments nest as deep as a stranger likes) and must not look back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/lex.h"

#include "base/text.h"

#include <string.h>

void
lex_start(struct lex *lex, const char *bytes, size_t len)
{
	lex->at = bytes;
	lex->end = bytes + len;
	lex->broken = false;
}

bool
lex_take(struct lex *lex, char c)
{
	if (lex->at == lex->end || *lex->at != c)
		return false;
	lex->at++;
	return true;
}

bool
lex_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
lex_is_atext(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte > ' ' && byte != 0x7f && strchr("()<>[]:;@\\,.\"", c) == NULL;
}

void
lex_skip_blanks(struct lex *lex)
{
	while (lex->at < lex->end && lex_is_blank(*lex->at))
		lex->at++;
}

bool
lex_skip_cfws(struct lex *lex)
{
	const char *from = lex->at;

	lex_skip_blanks(lex);
	while (lex->at < lex->end && *lex->at == '(') {
		lex_comment(lex, NULL);
		lex_skip_blanks(lex);
	}
	return lex->at > from;
}

/* The byte at the cursor or, behind a backslash that escapes one of specials, that one. */
static char
next_char(struct lex *lex, const char *specials, bool *escaped_r)
{
	char c = *lex->at++;

	*escaped_r = c == '\\' && lex->at < lex->end && *lex->at != '\0' &&
		strchr(specials, *lex->at) != NULL;
	return *escaped_r ? *lex->at++ : c;
}

bool
lex_comment(struct lex *lex, struct text *content)
{
	size_t depth = 0;

	while (lex->at < lex->end) {
		bool escaped;
		char c = next_char(lex, "()\\", &escaped);

		if (!escaped && c == ')' && --depth == 0)
			return true;
		if (content != NULL && depth > 0)
			text_add_char(content, c);
		if (!escaped && c == '(')
			depth++;
	}
	lex->broken = true;
	return false;
}

bool
lex_quoted(struct lex *lex, struct text *content)
{
	lex->at++;
	while (lex->at < lex->end) {
		bool escaped;
		char c = next_char(lex, "\"\\", &escaped);

		if (!escaped && c == '"')
			return true;
		if (content != NULL)
			text_add_char(content, c);
	}
	lex->broken = true;
	return false;
}
