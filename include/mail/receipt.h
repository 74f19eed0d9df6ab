/*
 * When a message was received, as what lies beside its text tells: the name of a
 * Maildir's file, the uppermost Received field, else what its writer says. For
 * putting old mail into order; nothing may be believed because of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_RECEIPT_H
#define MAIL_RECEIPT_H

#include <stddef.h>
#include <stdint.h>

/* Of a Maildir's file name ("1764460000.M12P34.host:2,S"), microseconds UTC; 0 when it does not begin with a time. */
int64_t receipt_of_name(const char *name);

/*
 * Of a message's own header fields: the date of the first Received field
 * (RFC 5321 4.4: behind its last semicolon), else Date; 0 when neither has one.
 */
int64_t receipt_of_header(const char *bytes, size_t len);

#endif
