/*
 * Sealing at rest and SHA-256, over libsodium, which this file alone includes.
 * Keeps no key; what it is given to open stays the caller's to wipe.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/box.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

_Static_assert(BOX_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "size of a public key");
_Static_assert(BOX_KEY_BYTES == crypto_box_SECRETKEYBYTES, "size of a secret key");
_Static_assert(BOX_OVERHEAD == crypto_box_SEALBYTES, "bytes that sealing adds");
_Static_assert(sizeof(struct box_sha256) >= sizeof(crypto_hash_sha256_state), "state of a hash");

void
box_start(void)
{
	if (sodium_init() >= 0)
		return;
	fputs("libsodium cannot start\n", stderr);
	exit(EX_SOFTWARE);
}

void
box_make_pair(struct box_public *public_r, struct box_secret *secret_r)
{
	crypto_box_keypair(public_r->bytes, secret_r->bytes);
}

void
box_public_of(const struct box_secret *secret, struct box_public *public_r)
{
	crypto_scalarmult_base(public_r->bytes, secret->bytes);
}

void
box_seal(const struct box_public *to, const void *bytes, size_t len, unsigned char *sealed_r)
{
	/* It fails only for a public key of low order, which no pair of ours has. */
	if (crypto_box_seal(sealed_r, bytes, len, to->bytes) == 0)
		return;
	fputs("the box's public key is not a key\n", stderr);
	exit(EX_SOFTWARE);
}

bool
box_open(const struct box_public *pub, const struct box_secret *secret, const void *sealed,
	size_t len, unsigned char *plain_r)
{
	if (len < BOX_OVERHEAD)
		return false;
	return crypto_box_seal_open(plain_r, sealed, len, pub->bytes, secret->bytes) == 0;
}

void
box_sha256(const void *bytes, size_t len, unsigned char hash_r[32])
{
	crypto_hash_sha256(hash_r, bytes, len);
}

/* The caller's bytes need not be aligned as libsodium's state is: it is copied in and out. */
void
box_sha256_start(struct box_sha256 *hash)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	memcpy(hash->state, &state, sizeof(state));
}

void
box_sha256_add(struct box_sha256 *hash, const void *bytes, size_t len)
{
	crypto_hash_sha256_state state;

	memcpy(&state, hash->state, sizeof(state));
	crypto_hash_sha256_update(&state, bytes, len);
	memcpy(hash->state, &state, sizeof(state));
}

void
box_sha256_end(struct box_sha256 *hash, unsigned char hash_r[32])
{
	crypto_hash_sha256_state state;

	memcpy(&state, hash->state, sizeof(state));
	crypto_hash_sha256_final(&state, hash_r);
	sodium_memzero(hash->state, sizeof(hash->state));
	sodium_memzero(&state, sizeof(state));
}
