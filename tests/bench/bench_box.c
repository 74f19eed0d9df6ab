/*
 * What sealing one clear mail at rest costs, for mails of several sizes, beside
 * a mere copy of it. Prints microseconds of processor time a mail, medians of
 * several rounds: a loaded machine does not change them much.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/box.h"

#include "base/io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 9
#define LARGEST ((size_t)1024 * 1024)

static const size_t sizes[] = { 1024, 3 * 1024, 13 * 1024, 200 * 1024, LARGEST };

static double
microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

/* One round: so many mails, sealed (or only copied), a mail. */
static double
one_round(const struct box_public *to, const unsigned char *mail, size_t len, unsigned char *out,
	int seal)
{
	int count = len < LARGEST / 8 ? 500 : 50;
	double began = microseconds();

	for (int i = 0; i < count; i++) {
		if (seal)
			box_seal(to, mail, len, out);
		else
			memcpy(out, mail, len);
		/* The compiler must not see that nobody reads it. */
		__asm__ volatile("" : : "r"(out) : "memory");
	}
	return (microseconds() - began) / count;
}

static double
median(const struct box_public *to, const unsigned char *mail, size_t len, unsigned char *out,
	int seal)
{
	double rounds[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		rounds[i] = one_round(to, mail, len, out, seal);
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
	return rounds[ROUNDS / 2];
}

int
main(void)
{
	static unsigned char mail[LARGEST], out[LARGEST + BOX_OVERHEAD];
	struct box_public public_half;
	struct box_secret secret;

	box_start();
	box_make_pair(&public_half, &secret);
	io_random(mail, sizeof(mail));
	printf("%10s %14s %14s\n", "bytes", "sealed, us", "copied, us");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		printf("%10zu %14.1f %14.2f\n", sizes[i],
			median(&public_half, mail, sizes[i], out, 1),
			median(&public_half, mail, sizes[i], out, 0));
	return 0;
}
