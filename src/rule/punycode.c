/*
 * Punycode (RFC 3492), decoding alone: what an "xn--" label shows to a reader.
 * Labels come from strangers: every sum is checked, nothing longer than a
 * label of the DNS comes out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/confusable.h"

#include <string.h>

/* RFC 3492 5: the parameters of Punycode. */
#define BASE 36u
#define T_MIN 1u
#define T_MAX 26u
#define SKEW 38u
#define DAMP 700u
#define INITIAL_BIAS 72u
#define INITIAL_N 128u

struct decoder {
	uint32_t *points;
	size_t count;
	uint32_t n, i, bias;
};

static uint32_t
digit_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a');
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	return c >= '0' && c <= '9' ? (uint32_t)(c - '0') + 26 : BASE;
}

/* RFC 3492 6.1 */
static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t
threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias + T_MIN)
		return T_MIN;
	return k >= bias + T_MAX ? T_MAX : k - bias;
}

/* One generalized variable-length integer, added to i; moves *at. */
static bool
take_delta(const char **at, const char *end, struct decoder *decoder)
{
	uint32_t weight = 1;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t digit = *at < end ? digit_of(*(*at)++) : BASE;
		uint32_t t = threshold(k, decoder->bias);

		if (digit >= BASE || digit > (UINT32_MAX - decoder->i) / weight)
			return false;
		decoder->i += digit * weight;
		if (digit < t)
			return true;
		if (weight > UINT32_MAX / (BASE - t))
			return false;
		weight *= BASE - t;
	}
}

/* Every point took a byte of the label at least, so there is room for it. */
static bool
insert_point(struct decoder *decoder, uint32_t before)
{
	uint32_t length = (uint32_t)decoder->count + 1;

	decoder->bias = adapt(decoder->i - before, length, before == 0);
	if (decoder->i / length > UINT32_MAX - decoder->n)
		return false;
	decoder->n += decoder->i / length;
	decoder->i %= length;
	if (decoder->n > 0x10ffff || (decoder->n >= 0xd800 && decoder->n < 0xe000))
		return false;
	memmove(decoder->points + decoder->i + 1, decoder->points + decoder->i,
		(decoder->count - decoder->i) * sizeof(decoder->points[0]));
	decoder->points[decoder->i++] = decoder->n;
	decoder->count++;
	return true;
}

/* The basic code points: all before the last hyphen. */
static bool
take_basic(const char **at, const char *end, struct decoder *decoder)
{
	const char *hyphen = memrchr(*at, '-', (size_t)(end - *at));

	if (hyphen == NULL)
		return true;
	for (; *at < hyphen; (*at)++) {
		if ((unsigned char)**at >= INITIAL_N)
			return false;
		decoder->points[decoder->count++] = (unsigned char)**at;
	}
	(*at)++;
	return true;
}

bool
punycode_decode(const char *label, size_t len, uint32_t points_r[PUNYCODE_LABEL_MAX],
	size_t *count_r)
{
	uint32_t points[PUNYCODE_LABEL_MAX];
	struct decoder decoder = { .points = points, .n = INITIAL_N, .bias = INITIAL_BIAS };
	const char *at = label, *end = label + len;

	if (len == 0 || len > PUNYCODE_LABEL_MAX || !take_basic(&at, end, &decoder))
		return false;
	while (at < end) {
		uint32_t before = decoder.i;

		if (!take_delta(&at, end, &decoder) || !insert_point(&decoder, before))
			return false;
	}
	memcpy(points_r, points, decoder.count * sizeof(points[0]));
	*count_r = decoder.count;
	return true;
}
