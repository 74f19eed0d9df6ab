/*
 * A list of handling numbers as a coordinator sends it: text or a table with any
 * separator. Pure: text in, numbers with their lines out; the cost is linear in
 * the text, whatever it is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_NUMBER_LIST_H
#define RULE_NUMBER_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/number.h"

struct arena;
struct policy;

#define NUMBER_LIST_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define NUMBER_LIST_MAX 100000		/* numbers taken of one list */
#define NUMBER_LIST_FIELDS_MAX 256	/* fields of one row; what follows is the last one's */
#define NUMBER_LIST_EMPTY_MAX 1000	/* lines without a number that are named */

struct number_list_entry {
	char number[NUMBER_MAX];	/* canonical */
	size_t coordinator;
	size_t line;			/* where its row begins, from 1 */
};

struct number_list {
	struct number_list_entry *entries;	/* in their order, as often as they stand there */
	size_t count;
	size_t *without;	/* lines that hold some word and no number: a heading, or a mistake in one */
	size_t without_count;
	bool more;		/* a limit was met: it is not all here */
};

/*
 * Reads valid UTF-8. A row is a line, or more where a field stands in double
 * quotes; ',' ';' '|' tabs and their full-width forms part fields. In a row with
 * fields that are a number and no more, these are its numbers: what a remark
 * beside them mentions is not listed. Else all numbers that stand anywhere in it
 * are. Each counts once a row.
 *
 * only: the index of the coordinator whose numbers alone are taken; then a field
 * may also be what the pattern's one group stands for ("12345678"). -1: anyone's.
 */
void number_list_read(struct arena *arena, const struct policy *policy, int only, const char *text,
	struct number_list *list_r);

#endif
