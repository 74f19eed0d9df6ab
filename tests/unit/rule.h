/*
 * What the tests of rule/ share: files of conf/, and a policy to judge by.
 * Everything lives until the test's process ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_RULE_H
#define UNIT_RULE_H

#include "base/arena.h"
#include "rule/number.h"
#include "rule/phrase.h"
#include "rule/policy.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define RULE_FILE_MAX (256 * 1024)

/* A file of conf/, from the source tree, with its length. */
static inline char *
rule_conf(struct arena *arena, const char *name, size_t *len_r)
{
	const char *source = getenv("srcdir");
	char *bytes = arena_alloc(arena, RULE_FILE_MAX);
	FILE *file = fopen(arena_printf(arena, "%s/conf/%s", source != NULL ? source : ".", name),
		"r");

	if (file == NULL)
		file = fopen(arena_printf(arena, "%s/%s", PKGDATADIR, name), "r");
	ck_assert_msg(file != NULL, "conf/%s is not there", name);
	*len_r = fread(bytes, 1, RULE_FILE_MAX, file);
	fclose(file);
	return bytes;
}

static inline struct number_pattern *
rule_pattern(struct arena *arena, const char *regex)
{
	struct number_pattern *pattern = NULL;
	struct err err = { "" };

	ck_assert_msg(number_pattern_compile(arena, regex, &pattern, &err) == DONE, "%s: %s",
		regex, err.text);
	return pattern;
}

/* A policy holds its patterns as constants; here they are the test's own. */
static inline void
rule_pattern_free(struct policy_coordinator *coordinator)
{
	struct number_pattern *pattern = (struct number_pattern *)coordinator->pattern;

	number_pattern_free(&pattern);
	coordinator->pattern = NULL;
}

static inline const struct phrase_book *
rule_book(struct arena *arena)
{
	struct phrase_book *book = NULL;
	struct err err = { "" };
	size_t len;
	char *bytes = rule_conf(arena, "ipa.phrases", &len);

	ck_assert_msg(phrase_book_read(arena, bytes, len, &book, &err) == DONE, "%s", err.text);
	return book;
}

#endif
