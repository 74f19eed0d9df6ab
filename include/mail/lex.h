/*
 * The lexical pieces of structured header fields (RFC 5322 3.2): blanks,
 * comments, quoted strings. Every step moves forward and a comment or a quoted
 * string that is never closed takes all that is left, so that no input costs
 * more than its length.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_LEX_H
#define MAIL_LEX_H

#include <stdbool.h>
#include <stddef.h>

struct text;

struct lex {
	const char *at;
	const char *end;
	bool broken;	/* a comment or quoted string was not closed */
};

/* Begins to read len bytes, which must outlive it. */
void lex_start(struct lex *lex, const char *bytes, size_t len);

/* Whether the next byte is there and is c; moves behind it if so. */
bool lex_take(struct lex *lex, char c);

/* Moves over blanks and line ends. */
void lex_skip_blanks(struct lex *lex);

/* Moves over blanks, line ends and comments (CFWS); returns whether there were any. */
bool lex_skip_cfws(struct lex *lex);

/*
 * Reads a comment (at a '(') or a quoted string (at a '"'), and adds what stands
 * in it to content (which may be NULL). A backslash is dropped only before what
 * must have one, since it may be half of a Shift_JIS character. False, and
 * `broken`, when it is not closed.
 */
bool lex_comment(struct lex *lex, struct text *content);
bool lex_quoted(struct lex *lex, struct text *content);

/* Blank, tab, CR or LF. */
bool lex_is_blank(char c);

/* What an atom is made of, and any byte above ASCII. */
bool lex_is_atext(char c);

#endif
