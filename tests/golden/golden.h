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

/*
 * The proof that a letter to a person without a key bears no word of sealed text. The
 * smarthost of the golden programs is one of its own, that takes every letter.
 */
struct engine;
struct withheld;
struct withheld *withheld_new(struct arena *arena);
/* Keyrings outlive the stores, and open the pair for sealing at rest once: it is the first store's in all (give), or is taken from it. */
void withheld_pair(struct withheld *withheld, const struct conf *conf, struct store *store, bool give);
/* The words that any letter may bear: the templates', the conf's, kinds and states; in the arena. */
void withheld_allow(struct withheld *withheld, struct arena *arena, const struct conf *conf,
	const char *conf_file, const char *data_dir);
/* Everything was sent: false, and told, where a letter in clear bears what came sealed. */
bool withheld_look(struct withheld *withheld, struct engine *engine, struct store *store,
	const char *eml);
/* Tells how much was looked at; false where that was too little to prove anything. */
bool withheld_end(const struct withheld *withheld);

/* Counts for the tables. theme: the folder's name. got: NULL when nothing is on record. */
struct tally;
struct tally *tally_new(struct arena *arena);
void tally_add(struct tally *tally, const char *theme, const struct lines *expect,
	const struct lines *got);
void tally_print(const struct tally *tally);

#endif
