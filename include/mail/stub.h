/*
 * The stand-in that mail programs put where a text should be: "this mail is HTML,
 * your program does not show it". Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_STUB_H
#define MAIL_STUB_H

#include <stdbool.h>

struct arena;

#define STUB_PART_BYTES 2048	/* of a part that may hold one, encoded as it likes */
#define STUB_BYTES 400		/* what is longer says something */
#define STUB_SENTENCE 240	/* and so does a longer sentence */

/* Whether UTF-8 text shows nothing at all, in any script's blanks. */
bool stub_is_blank(const char *text);

/* Whether two texts are the same but for blanks, quotation marks and ASCII's other marks. */
bool stub_same_letters(const char *one, const char *other);

/*
 * Whether each sentence of UTF-8 text speaks of HTML, of a browser or of how the
 * mail is to be seen, and of nothing beside; addresses of pages apart. Digits as of
 * a handling number make it none.
 */
bool stub_is_one(struct arena *arena, const char *text);

#endif
