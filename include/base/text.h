/*
 * A growing string in an arena. `data` is never NULL and always NUL-ended
 * (NULs may stand inside: `len` counts). Has a cap from birth: what would pass
 * it is dropped and `full` is set, so that hostile input cannot grow it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct text {
	char *data;
	size_t len;
	size_t room;
	size_t cap;
	bool full;
	struct arena *arena;
};

/* An empty text that holds at most cap bytes. */
void text_init(struct text *text, struct arena *arena, size_t cap);

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const void *bytes, size_t len);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *text, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Whole, prefix and suffix tests; the _ci forms fold ASCII case only. NULL equals nothing. */
bool text_equal(const char *a, const char *b);
bool text_equal_ci(const char *a, const char *b);
bool text_starts(const char *string, const char *prefix);
bool text_starts_ci(const char *string, const char *prefix);
bool text_ends(const char *string, const char *suffix);
bool text_ends_ci(const char *string, const char *suffix);

/* Writes 2*len lower-case hex digits and a NUL to out (room for 2*len+1). */
void text_hex(char *out, const void *bytes, size_t len);

/* Reads exactly 2*len hex digits, no byte behind them; false (out partly set) if one is not. */
bool text_unhex(void *out_r, const char *hex, size_t len);

/* A decimal without sign or blanks, in [min, max]. */
bool text_number(const char *string, int64_t min, int64_t max, int64_t *value_r);

/*
 * A copy with every control character (C0 but \n and \t, DEL, C1 in UTF-8) and every
 * sequence that is no UTF-8 made '?': for terminals and logs. NULL gives NULL.
 */
char *text_printable(struct arena *arena, const char *string);

/* The same in place, with \n and \t made '?' too: for what must stay one line. */
void text_one_line(char *string);

#endif
