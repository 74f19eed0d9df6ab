/*
 * Sealing at rest of mail that came in clear (X25519, crypto_box_seal), and
 * SHA-256, over libsodium. The secret half never stands in the desk: it is made
 * in the sealer, kept sealed to the desk's OpenPGP key, and opened in a keyring.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_BOX_H
#define PORT_BOX_H

#include <stdbool.h>
#include <stddef.h>

#define BOX_KEY_BYTES 32
#define BOX_OVERHEAD 48	/* bytes that sealing adds */

struct box_public { unsigned char bytes[BOX_KEY_BYTES]; };
struct box_secret { unsigned char bytes[BOX_KEY_BYTES]; };

struct box_sha256 { unsigned char state[128]; };

/* Once in a process, before it locks itself in; ends the process if libsodium cannot start. */
void box_start(void);

void box_make_pair(struct box_public *public_r, struct box_secret *secret_r);

/* The public half of a secret one: to see that a pair belongs together. */
void box_public_of(const struct box_secret *secret, struct box_public *public_r);

/* Seals len bytes into sealed_r (len + BOX_OVERHEAD bytes). */
void box_seal(const struct box_public *to, const void *bytes, size_t len, unsigned char *sealed_r);

/* Opens; false when it was not sealed to this pair or was altered. plain_r has room for len - BOX_OVERHEAD bytes. */
bool box_open(const struct box_public *pub, const struct box_secret *secret, const void *sealed,
	size_t len, unsigned char *plain_r);

void box_sha256(const void *bytes, size_t len, unsigned char hash_r[32]);
void box_sha256_start(struct box_sha256 *hash);
void box_sha256_add(struct box_sha256 *hash, const void *bytes, size_t len);
void box_sha256_end(struct box_sha256 *hash, unsigned char hash_r[32]);

#endif
