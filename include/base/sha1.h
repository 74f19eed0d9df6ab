/*
 * SHA-1, for one thing: the fingerprint of an OpenPGP key of version 4 is made
 * of it (RFC 4880 12.2). It proves nothing, and nothing here relies on it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SHA1_H
#define BASE_SHA1_H

#include <stddef.h>

#define SHA1_BYTES 20

/* The hash of the three bytes of head and then the len bytes. */
void sha1(const unsigned char head[3], const void *bytes, size_t len,
	unsigned char hash_r[SHA1_BYTES]);

#endif
