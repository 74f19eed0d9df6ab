/*
 * Mail as files and pipes hold it: the "From " line that an mbox or an MTA's
 * pipe puts before a message, where the next message of an mbox begins, and the
 * line ends as they are on the wire. Bytes in, bytes out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MBOX_H
#define MAIL_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

/*
 * Bytes of a leading "From sender date" line, its line end included; 0 when
 * there is none. *at_r is its date (UTC unless it names an offset), 0 when it is none.
 */
size_t mbox_from_line(const char *bytes, size_t len, int64_t *at_r);

/* An mbox being read; begins as { bytes, len }. */
struct mbox {
	const char *at;
	size_t left;
};

/*
 * The next message, without its "From " line and without the empty line that
 * ends it; its lines may be quoted. A "From " line counts as one when it
 * bears a date and stands first or behind an empty line (RFC 4155). False at the end.
 */
bool mbox_next(struct mbox *mbox, const char **bytes_r, size_t *len_r, int64_t *at_r);

/*
 * The message as a mail server would give it: CR LF line ends; of lines that
 * begin with '>'s and "From ", one '>' taken away if unquote.
 */
void mbox_wire(struct text *wire, const char *bytes, size_t len, bool unquote);

/*
 * Appends a message to an mbox as it stands on disk: a "From " line with the sender
 * (MAILER-DAEMON where that is NULL or no plain address) and the date in UTC, lines
 * ended by LF alone, one '>' more before "From " and before '>'s and "From " (mboxrd),
 * an empty line behind. mbox_next() and mbox_wire() give it back.
 */
void mbox_add(struct text *mbox, const char *sender, int64_t at, const char *bytes, size_t len);

#endif
