/*
 * What the golden program's files share: an expectation's lines, what is on
 * record as such lines, and the tables that are shown at the end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "port/store.h"

#define LINES_MAX 64

struct arena;
struct conf;

struct line {
	const char *key, *value;
};

struct lines {
	struct line at[LINES_MAX];
	size_t count;
};

void lines_add(struct lines *lines, const char *key, const char *value);

/* NULL when no line has the key. */
const char *lines_value(const struct lines *lines, const char *key);

/* The message as it is on record, its case, and what was put into the outbox for it. */
void say_record(const struct conf *conf, struct arena *arena, struct store *store,
	const struct record_message *message, struct lines *lines);

/*
 * The letters that the window wrote on the mails before: taken by the server,
 * as SMTP would have left them.
 */
void letters_sent(struct arena *arena, struct store *store);

/* The bytes with "@LETTER@" in them replaced by the first such letter's Message-ID, without < >. */
char *letters_named(struct arena *arena, struct store *store, const char *bytes, size_t *len_r);

/* Counts for the tables. theme: the folder's name. got: NULL when nothing is on record. */
struct tally;
struct tally *tally_new(struct arena *arena);
void tally_add(struct tally *tally, const char *theme, const struct lines *expect,
	const struct lines *got);
void tally_print(const struct tally *tally);

#endif
