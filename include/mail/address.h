/*
 * Addresses: reading what others write (RFC 5322 and what passes for it), and
 * checking strictly what we put on a wire. An address that is not clearly one
 * comes out empty rather than guessed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct address {
	const char *addr;	/* addr-spec, domain in lower case; "" when it could not be read */
	const char *name;	/* decoded display name or comment, NULL for none; the whole entry if addr is "" */
};

/* Every mailbox of a header field's raw value, groups flattened, at most max; returns how many. */
size_t address_parse(struct arena *arena, const char *value, size_t len, struct address *list_r,
	size_t max);

/*
 * Whether it may go into an SMTP envelope or a header field of ours: dot-atom
 * local part of at most 64 bytes, host name of at most 255 in ASCII, no blank,
 * control character, angle bracket, quote or comma.
 */
bool address_valid(const char *addr);

/* Same mailbox: domain without case, local part without ASCII case as every real server has it. */
bool address_equal(const char *a, const char *b);

/* What follows the '@', or "". */
const char *address_domain(const char *addr);

/* Whether domain is of, or a subdomain of, parent. */
bool address_domain_in(const char *domain, const char *parent);

#endif
