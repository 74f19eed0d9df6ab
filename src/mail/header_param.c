/*
 * The token and the parameters of structured values (RFC 2045 5.1), with the
 * continuations and charsets of RFC 2231 and what clients write instead. Takes
 * what can be read; must not put a value together over a piece that is missing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header_private.h"
#include "mail/lex.h"
#include "mail/limits.h"

#include <string.h>
#include <strings.h>

struct piece {
	const char *data;	/* NULL: not there */
	size_t len;
	bool extended;		/* percent-coded */
};

struct params {
	struct arena *arena;
	const char *name;
	size_t name_len;
	struct piece plain;	/* name= */
	struct piece whole;	/* name*= */
	struct piece pieces[LIMIT_PARAM_PIECES];	/* name*N= and name*N*= */
};

static char
token_char(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c < ' ' || c >= 0x7f ? '?' : c;
}

char *
header_token(struct arena *arena, const char *value)
{
	struct text token;
	struct lex lex;

	text_init(&token, arena, strlen(value));
	lex_start(&lex, value, strlen(value));
	lex_skip_cfws(&lex);
	while (lex.at < lex.end && *lex.at != ';') {
		if (*lex.at == '"')
			lex_quoted(&lex, &token);
		else
			text_add_char(&token, *lex.at++);
		/* "text / plain" is one token; "text/plain charset=x", without its ';', is not. */
		if (lex_skip_cfws(&lex) && lex.at < lex.end && *lex.at != '/' &&
			(token.len == 0 || token.data[token.len - 1] != '/'))
			break;
	}
	for (size_t i = 0; i < token.len; i++)
		token.data[i] = token_char(token.data[i]);
	return token.data;
}

static void
skip_to_semicolon(struct lex *lex)
{
	while (lex->at < lex->end && *lex->at != ';') {
		if (*lex->at == '"')
			lex_quoted(lex, NULL);
		else if (*lex->at == '(')
			lex_comment(lex, NULL);
		else
			lex->at++;
	}
}

/*
 * An unquoted value up to ';'. Behind it may stand comments; anything else
 * belongs to a name with blanks in it.
 */
static void
read_unquoted(struct lex *lex, struct piece *piece)
{
	const char *from = lex->at;
	const char *stop = memchr(from, ';', (size_t)(lex->end - from));
	struct lex rest;
	size_t len = 0;

	lex->at = stop != NULL ? stop : lex->end;
	piece->data = from;
	piece->len = (size_t)(lex->at - from);
	while (piece->len > 0 && lex_is_blank(from[piece->len - 1]))
		piece->len--;
	while (len < piece->len && !lex_is_blank(from[len]) && from[len] != '(')
		len++;
	lex_start(&rest, from + len, piece->len - len);
	lex_skip_cfws(&rest);
	if (rest.at == rest.end && !rest.broken)
		piece->len = len;
}

/* Whether the attribute is the name that is looked for, and where its value belongs. */
static struct piece *
piece_for(struct params *params, const char *attribute, size_t len)
{
	bool extended = len > 0 && attribute[len - 1] == '*';
	struct piece *piece;
	size_t number = 0, at = params->name_len + 1;

	if (len < params->name_len || strncasecmp(attribute, params->name, params->name_len) != 0)
		return NULL;
	if (len == params->name_len)
		return &params->plain;
	if (attribute[params->name_len] != '*')
		return NULL;
	len -= extended;
	if (len == params->name_len) {
		piece = &params->whole;
	} else {
		if (at == len)
			return NULL;
		for (; at < len; at++) {
			if (attribute[at] < '0' || attribute[at] > '9' ||
				number >= LIMIT_PARAM_PIECES)
				return NULL;
			number = number * 10 + (size_t)(attribute[at] - '0');
		}
		if (number >= LIMIT_PARAM_PIECES)
			return NULL;
		piece = &params->pieces[number];
	}
	if (piece->data == NULL)
		piece->extended = extended;
	return piece;
}

/* Reads one "attribute=value" behind a ';'. The first of a kind counts. */
static void
read_param(struct params *params, struct lex *lex)
{
	struct piece none, *piece;
	const char *from;
	size_t len;

	lex_skip_cfws(lex);
	from = lex->at;
	while (lex->at < lex->end && !lex_is_blank(*lex->at) && strchr("=;(\"", *lex->at) == NULL)
		lex->at++;
	len = (size_t)(lex->at - from);
	lex_skip_cfws(lex);
	if (!lex_take(lex, '=')) {
		skip_to_semicolon(lex);
		return;
	}
	lex_skip_cfws(lex);
	piece = piece_for(params, from, len);
	if (piece == NULL || piece->data != NULL)
		piece = &none;
	if (lex->at < lex->end && *lex->at == '"') {
		struct text content;

		text_init(&content, params->arena, (size_t)(lex->end - lex->at));
		lex_quoted(lex, piece != &none ? &content : NULL);
		piece->data = content.data;
		piece->len = content.len;
		skip_to_semicolon(lex);
	} else {
		read_unquoted(lex, piece);
	}
}

static void
add_piece(struct text *out, const struct piece *piece)
{
	for (size_t i = 0; i < piece->len; i++) {
		const char *at = piece->data + i;

		if (piece->extended && *at == '%' && piece->len - i > 2 && header_hex(at[1]) >= 0 &&
			header_hex(at[2]) >= 0) {
			text_add_char(out, (char)(header_hex(at[1]) * 16 + header_hex(at[2])));
			i += 2;
		} else {
			text_add_char(out, *at);
		}
	}
}

/* Takes "charset'language'" off the piece; NULL when it has none. */
static const char *
take_charset(struct arena *arena, struct piece *piece)
{
	const char *end = piece->data + piece->len;
	const char *first = memchr(piece->data, '\'', piece->len);
	const char *second = first != NULL ?
		memchr(first + 1, '\'', (size_t)(end - first - 1)) : NULL;
	const char *label;

	if (second == NULL)
		return NULL;
	label = arena_strndup(arena, piece->data, (size_t)(first - piece->data));
	piece->data = second + 1;
	piece->len = (size_t)(end - second - 1);
	return label;
}

static char *
join(struct arena *arena, struct piece *pieces, size_t count)
{
	const char *label = pieces[0].extended ? take_charset(arena, &pieces[0]) : NULL;
	bool extended = false;
	enum charset_result result;
	struct text bytes;
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += pieces[i].len;
	text_init(&bytes, arena, len);
	for (size_t i = 0; i < count; i++) {
		extended = extended || pieces[i].extended;
		add_piece(&bytes, &pieces[i]);
	}
	if (!extended)
		return header_decode(arena, bytes.data, bytes.len, NULL);
	return header_clean(charset_to_utf8(arena, label, bytes.data, bytes.len, &result));
}

char *
header_param(struct arena *arena, const char *value, const char *name)
{
	struct params params = { .arena = arena, .name = name, .name_len = strlen(name) };
	size_t count = 0;
	struct lex lex;

	lex_start(&lex, value, strlen(value));
	skip_to_semicolon(&lex);
	while (lex_take(&lex, ';'))
		read_param(&params, &lex);
	while (count < LIMIT_PARAM_PIECES && params.pieces[count].data != NULL)
		count++;
	if (params.whole.data != NULL)
		return join(arena, &params.whole, 1);
	if (count > 0)
		return join(arena, params.pieces, count);
	return params.plain.data != NULL ? join(arena, &params.plain, 1) : NULL;
}
