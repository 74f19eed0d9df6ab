/*
 * X.509 certificates over GnuTLS: the conf's roots, and the addresses that a
 * certificate was issued for. Checks no signature and no chain: that is gpgsm's
 * affair (port/smime.h).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_X509_H
#define PORT_X509_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/facts.h"

struct arena;

#define X509_LIST_MAX 300		/* certificates of one file: a system's whole bundle is half of that */
#define X509_FILE_MAX (1024u * 1024)	/* bytes of such a file */

struct x509_certificate {
	const unsigned char *der;
	size_t len;
	const char *name;		/* its subject (RFC 4514), UTF-8, for a person */
	char sha1[41];			/* fingerprint as gpgsm names it, upper-case hex digits */
	int64_t not_before, not_after;
	bool root;			/* issued by itself: what a chain may end in */
};

struct x509_list {
	struct x509_certificate *at;
	size_t count;
};

/* The certificates of a PEM text, in the arena. NEVER: none, too many, or one that cannot be read. */
enum outcome x509_read(struct arena *arena, const void *bytes, size_t len, struct x509_list *list_r,
	struct err *err_r);

/*
 * The e-mail addresses of a certificate (DER): rfc822Name of its alternative
 * names (RFC 5280 4.2.1.6), and emailAddress of its subject (RFC 8550 3). Only
 * what could stand in a From field as it is counts: an address with a NUL, a
 * blank or a bracket in it is none. Never the common name; and none at all of a
 * certificate that was made for something else than to sign mail. The first ones, their count.
 */
size_t x509_addresses(const void *der, size_t len,
	char list_r[static FACTS_CERTIFICATE_ADDRESSES][FACTS_CERTIFICATE_ADDRESS]);

#endif
