/*
 * What the parts of verifying share: what was told so far, and how to tell more.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_VERIFY_PRIVATE_H
#define STORE_VERIFY_PRIVATE_H

#include "private.h"

/* What was read of a table, to be held against its tally. */
struct read_table {
	const char *name;
	int64_t rows;
	struct store_sum sum;
};

struct verifying {
	struct store *store;
	struct arena *arena;
	bool all;
	bool stop; /* something was altered, and the first is enough */
	struct store_verify_row *rows;
	size_t count;
	struct read_table *tables; /* those whose rows all fit their digests */
	size_t table_count;
};

/* One row of the report: fine where why is NULL, else a fault. */
void verify_say(struct verifying *verifying, const char *what, const char *why);

/* "message 7": the table and the first column, which is the row's id or the case's. */
char *verify_name_row(struct verifying *verifying, const char *table, sqlite3_stmt *row);

/* Every row of every table against its digest. */
void verify_tables(struct verifying *verifying);

/* Every table whose rows all fit against its tally; after the chains, which tell more of a log. */
void verify_tallies(struct verifying *verifying);

#endif
