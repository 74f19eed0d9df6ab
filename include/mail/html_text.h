/*
 * HTML made into the text that a reader would see, simply: for matching and for
 * showing on a terminal. Fetches nothing, follows nothing, knows no styles.
 *
 * Why this is no library: what Debian 12 has is made for pages that one asked
 * for. libxml2's parser takes 14 s for half a megabyte of closing tags that close
 * nothing and 8 s for a tag with 80,000 attributes (both quadratic, measured with
 * 2.9.14), and brings ICU and libstdc++ into every room; gumbo is no longer
 * kept, and lexbor is not there. This reader looks at each byte a bounded
 * number of times, and needs no tree to leave a text.
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
