/*
 * HTML made into the text that a reader would see, simply: for matching and for
 * showing on a terminal. Fetches nothing, follows nothing, knows no styles.
 *
 * Why this is no library: what Debian 12 has is made for pages that one asked
 * for, and a stranger's letter stops it. Of sixteen hostile pages of 560 KB
 * (unmatched, nested and repeated tags, 80,000 attributes) gumbo 0.10.1 takes
 * more than 30 s for seven and tidy 5.6 for six more than 30 s, for two it
 * crashes (deep nesting); libxml2 2.9.14, its SAX interface alone, takes 18 to
 * 30 s for three, and brings ICU and libstdc++, 2.6 MB of RSS, into every room.
 * lexbor is not there. This reader takes 0.33 s at most: it looks at each byte a
 * bounded number of times, and needs no tree to leave a text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_HTML_TEXT_H
#define MAIL_HTML_TEXT_H

#include <stdbool.h>

struct text;

/*
 * Appends the text of html (valid UTF-8) to out: tags and comments dropped,
 * content of script, style and title dropped, entities decoded, block elements
 * on lines of their own, each line inside a blockquote led by "> ". drop_legacy:
 * leaves out the legacy display element of RFC 9788 (4.5.2).
 */
void html_text_add(struct text *out, const char *html, bool drop_legacy);

#endif
