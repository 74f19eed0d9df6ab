/*
 * Unicode, over libunistring, which alone includes its headers. Knows nothing
 * of mail; must not guess charsets.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Whether the bytes are valid UTF-8 without NUL. */
bool utf8_valid(const char *bytes, size_t len);

/*
 * A NUL-ended copy with every invalid sequence, and NUL, made U+FFFD; *repaired_r tells
 * whether any was (may be NULL).
 */
char *utf8_repair(struct arena *arena, const char *bytes, size_t len, bool *repaired_r);

/* NFKC of valid UTF-8, in the arena. */
char *utf8_nfkc(struct arena *arena, const char *string);

/* NFKC, then full case folding, then NFKC again: for comparison only. */
char *utf8_fold(struct arena *arena, const char *string);

/* The code point at *at, moving *at behind it; 0 at the end; an invalid sequence gives U+FFFD. */
uint32_t utf8_next(const char **at);

/* Appends c's UTF-8 form (1 to 4 bytes) to out and returns the length; out has room for 4. */
size_t utf8_put(char *out, uint32_t c);

/* Columns on a terminal: wide East Asian characters 2, combining ones 0, ambiguous ones 1. */
size_t utf8_width(const char *string);

/* How many bytes of string fit into columns. */
size_t utf8_fit(const char *string, size_t columns);

/* Whether c is written without spaces: kanji, kana, their punctuation, full-width forms. */
bool utf8_is_cjk(uint32_t c);

/* The largest cut <= max bytes that does not split a character. */
size_t utf8_cut(const char *string, size_t max);

#endif
