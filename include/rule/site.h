/*
 * Which sites a text names: by URL, by bare host name, and in the forms in which
 * cautious people write both (hxxp://, [.]). Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_SITE_H
#define RULE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/plain.h"

struct arena;
struct policy;

#define SITE_URLS_MAX 1000	/* URLs counted of one text */

/* A text made ready to look for sites in. */
struct site_text {
	struct plain plain;	/* without the disguises of URLs */
	struct plain joined;	/* the same without line ends inside host names */
};

void site_text_make(struct arena *arena, const struct plain *plain, struct site_text *text_r);

/*
 * Whether it names the site of that URL: the same host (and port, if both tell
 * one), and a path at, below or above the URL's own. A host name inside another
 * URL, before an '@', or as part of a longer one names nothing.
 */
bool site_named(struct arena *arena, const struct site_text *text, const char *url);

/* How many URLs lead neither to the desk's sites nor into a coordinator's domain. */
uint32_t site_foreign_urls(struct arena *arena, const struct site_text *text,
	const struct policy *policy, size_t desk);

#endif
