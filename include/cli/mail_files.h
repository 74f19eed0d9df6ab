/*
 * Mail as it lies in files, for `ingest` and `replay`: where it is found, message
 * by message, and what a mail server would give of it. Nothing of a message is
 * looked at but its "From " line and its line ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MAIL_FILES_H
#define CLI_MAIL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct cli;

/* One message as it was found; its bytes are there until take() returns. */
struct mail_found {
	const char *name;	/* for telling: the file's, with a place in an mbox */
	const char *bytes;
	size_t len;		/* at least what max_size allows and one more, of a larger one */
	int64_t size;		/* of the whole */
	int64_t at;		/* when it came, as its place tells; 0: unknown */
	bool quoted;		/* its lines are quoted as in an mbox, which has a date of its own */
	bool maildir;		/* it lies in a Maildir's cur or new */
	const char *path;	/* the file's, NULL for standard input; stays as long as the command */
	int64_t offset;		/* in the file */
};

/* Takes a message. EX_OK, or the status after telling why not; EX_TEMPFAIL: nothing more can be taken now. */
struct mail_sink {
	int (*take)(void *context, const struct mail_found *found);
	void *context;
};

/* A message from standard input, of which at least max bytes are kept. Statuses as above. */
int mail_files_input(struct cli *cli, size_t max, const struct mail_sink *sink);

/*
 * A file of one message, an mbox, a Maildir, or a folder: of that all files
 * named .eml or .mbox and all folders and Maildirs in it, by name. What cannot
 * be read is told, and the rest is taken: the last status that is not EX_OK.
 */
int mail_files_path(struct cli *cli, const char *path, const struct mail_sink *sink);

/* A message as on the wire. */
struct mail_wire {
	struct arena *arena;
	struct text text;
	size_t len;		/* of what counts: all, or the header block */
	bool header_only;	/* it is longer than max_size */
};

/* Makes it, of a desk whose mailbox takes at most max_size bytes; to be freed. */
void mail_wire_make(const struct mail_found *found, size_t max_size, struct mail_wire *wire_r);
void mail_wire_free(struct mail_wire *wire);

/* When it was received: never later than now, since a file's date can be anything. */
int64_t mail_files_received(int64_t at, int64_t now);

#endif
