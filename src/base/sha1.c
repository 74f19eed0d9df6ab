/*
 * SHA-1 (RFC 3174), block by block, without a copy of what is hashed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha1.h"

#include <stdint.h>
#include <string.h>

#define BLOCK 64

struct state {
	uint32_t h[5];
	unsigned char block[BLOCK];
	size_t filled;
	uint64_t total;
};

static uint32_t
rotate(uint32_t value, unsigned int by)
{
	return value << by | value >> (32 - by);
}

static uint32_t
mix(unsigned int round, uint32_t b, uint32_t c, uint32_t d)
{
	if (round < 20)
		return ((b & c) | (~b & d)) + 0x5a827999u;
	if (round < 40)
		return (b ^ c ^ d) + 0x6ed9eba1u;
	if (round < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
	return (b ^ c ^ d) + 0xca62c1d6u;
}

static void
take_block(struct state *state)
{
	uint32_t w[80], v[5];

	for (size_t i = 0; i < 16; i++) {
		const unsigned char *at = state->block + 4 * i;

		w[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	}
	for (size_t i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(v, state->h, sizeof(v));
	for (unsigned int i = 0; i < 80; i++) {
		uint32_t next = rotate(v[0], 5) + mix(i, v[1], v[2], v[3]) + v[4] + w[i];

		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (size_t i = 0; i < 5; i++)
		state->h[i] += v[i];
	state->filled = 0;
}

static void
add(struct state *state, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		state->block[state->filled++] = bytes[i];
		if (state->filled == BLOCK)
			take_block(state);
	}
	state->total += len;
}

static void
finish(struct state *state)
{
	uint64_t bits = state->total * 8;
	unsigned char mark = 0x80, none = 0, length[8];

	add(state, &mark, 1);
	while (state->filled != BLOCK - sizeof(length))
		add(state, &none, 1);
	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	add(state, length, sizeof(length));
}

void
sha1(const unsigned char head[3], const void *bytes, size_t len, unsigned char hash_r[SHA1_BYTES])
{
	struct state state = {
		.h = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u },
	};

	add(&state, head, 3);
	add(&state, bytes, len);
	finish(&state);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		hash_r[i] = (unsigned char)(state.h[i / 4] >> (24 - 8 * (i % 4)));
}
