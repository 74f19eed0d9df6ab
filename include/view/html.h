/*
 * HTML pages: the one place where text becomes markup. A page stands by itself: one
 * style element, no script, nothing that would be fetched, and a policy that forbids
 * both. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include <stddef.h>

#include "base/text.h"
#include "rule/policy.h"

struct arena;

/* A page being written. */
struct html {
	struct arena *arena;
	struct text text;
};

/* The look of a page for the screen: phone and desktop, light and dark, and paper. */
extern const char html_screen[];

/*
 * The word as it may stand in text and between double quotes, added to the text; a byte that
 * no page may hold is shown as '?'. For markup that is no `struct html`; pages use HTML_PUT.
 */
void html_escape(struct text *text, const char *word);

/* Begins a page in the arena; `style` is CSS of ours, and no word of anybody else's. */
void html_begin(struct html *html, struct arena *arena, enum language language, const char *title,
	const char *style);

/*
 * Markup of ours, in which each '%' stands for the next word: escaped, made printable,
 * good in text and between double quotes. NULL and what lacks is "".
 */
void html_put(struct html *html, const char *markup, const char *const *words, size_t count);

/* The same with the words behind it, at least one. */
#define HTML_PUT(html, markup, ...) \
	html_put((html), (markup), (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Markup without a word. */
void html_mark(struct html *html, const char *markup);

/* A name and what it is, within <dl>; nothing for a NULL or empty value. */
void html_fact(struct html *html, const char *name, const char *value);

/*
 * A table; each cell bears its column's title for screens on which a row is a block.
 * `kind` is the row's class, "" for none. NULL cells are empty.
 */
void html_table(struct html *html, const char *const *titles, size_t columns);
void html_row(struct html *html, const char *kind, const char *const *titles,
	const char *const *cells, size_t columns);
void html_table_end(struct html *html);

/* The whole page. */
char *html_end(struct html *html);

#endif
