/*
 * The reasons of `message why` as a person would argue them: under headings, in
 * sentences, with the mail's own words where they are at hand. Values in, text
 * out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_ARGUMENT_H
#define VIEW_ARGUMENT_H

#include <stddef.h>

struct arena;
struct jsontext;

#define ARGUMENT_LAYERS 8

struct argument_view {
	const char *why;	/* rule/argue.h's lines */
	/* rule/evidence.h's lines of each layer; NULL: not at hand. Not trusted: made printable here */
	const char *quotes[ARGUMENT_LAYERS];
	size_t quote_count;
	const char *problems;	/* one a line */
};

/* As text, wrapped at so many columns (0: 80). */
char *argument_text(struct arena *arena, const struct argument_view *view, size_t width);

/* {trust, content, case, outcome}: arrays of {topic, text}; quotes: of {layer, what, place, words}. */
struct jsontext *argument_json(struct arena *arena, const struct argument_view *view);

#endif
