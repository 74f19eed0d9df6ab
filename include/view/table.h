/*
 * Aligned tables of text, in columns as a terminal counts them. Values in, text
 * out; what is odd in a value (control characters, line ends, several blanks)
 * is made harmless here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include <stddef.h>

#define TABLE_COLUMNS 12	/* at most */

struct arena;
struct table;
struct text;

/* An empty table; the titles of its columns are the first row. */
struct table *table_new(struct arena *arena, const char *const *titles, size_t columns);

/* One more row, as many cells as there are columns, copied; NULL and "" are shown as "-". */
void table_add(struct table *table, const char *const *cells);

/*
 * The table as text, each line behind `indent`, the cells of a line at least two
 * blanks apart and never two blanks within; the last column is not padded. A
 * line is cut at `width` columns (0: never).
 */
char *table_text(const struct table *table, const char *indent, size_t width);

/*
 * Lines "name: value", the values aligned: `pairs` holds name, value, name, value …,
 * `count` pairs. A NULL value's line is left out.
 */
char *table_pairs(struct arena *arena, const char *const *pairs, size_t count, size_t width);

/* A title above what follows: a line, and one of hyphens as wide. */
void table_title(struct text *text, const char *title);

/* The title of a column: "server's reply" -> "SERVER'S REPLY", as in the tool's tables; other letters stay. */
char *table_column(struct arena *arena, const char *title);

#endif
