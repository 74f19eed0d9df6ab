/*
 * The two halves of `ingest`: where mail comes from (ingest_files.c), and its
 * way onto record (ingest.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_INGEST_H
#define CLI_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;
struct ingest;

/* One message as it was found. */
struct ingest_found {
	const char *name;	/* for telling: the file's, with a place in an mbox */
	const char *bytes;
	size_t len;		/* at least what max_size allows and one more, of a larger one */
	int64_t size;		/* of the whole */
	int64_t at;		/* when it came, as its place tells; 0: unknown */
	bool quoted;		/* its lines are quoted as in an mbox */
};

/*
 * Takes a message over (its bytes are used until it returns). EX_OK, or the
 * status after telling why not; EX_TEMPFAIL: nothing more can be taken now.
 */
int ingest_take(struct ingest *ingest, const struct ingest_found *found);

/* The bytes of a message that are kept whole. */
size_t ingest_whole_max(const struct ingest *ingest);

/* A message from standard input; a file, an mbox or a Maildir. Statuses as above. */
int ingest_input(struct cli *cli, struct ingest *ingest);
int ingest_path(struct cli *cli, struct ingest *ingest, const char *path);

#endif
