/*
 * The end of keys, in steps. Knows of no keyring.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/expiry.h"

#include "base/clock.h"

static int64_t
earlier(int64_t a, int64_t b)
{
	if (a == 0 || b == 0)
		return a + b;
	return a < b ? a : b;
}

int64_t
expiry_end(int64_t expires, int64_t encrypts, int64_t signs)
{
	return earlier(expires, earlier(encrypts, signs));
}

enum expiry
expiry_step(int64_t end, int64_t now)
{
	static const int days[] = { [EXPIRY_90] = 90, [EXPIRY_30] = 30, [EXPIRY_7] = 7, [EXPIRY_OVER] = 0 };

	for (int step = EXPIRY_OVER; end != 0 && step > EXPIRY_NONE; step--) {
		if (end - now <= days[step] * CLOCK_DAY)
			return (enum expiry)step;
	}
	return EXPIRY_NONE;
}

int64_t
expiry_days(int64_t end, int64_t now)
{
	return end > now ? (end - now) / CLOCK_DAY : 0;
}
