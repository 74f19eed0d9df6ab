/*
 * rule/retry: waits double up to their cap, jitter never shortens them, and a
 * message is given up after five days and not before.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/retry.h"

#include "base/clock.h"

#include "unit.h"

#include <limits.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct {
	int count;
	int64_t retry_seconds, backoff_ms;
} waits[] = {
	{ INT_MIN, 30, 1000 },
	{ 0, 30, 1000 },
	{ 1, 30, 1000 },
	{ 2, 60, 2000 },
	{ 3, 120, 4000 },
	{ 4, 240, 8000 },
	{ 7, 1920, 64000 },
	{ 8, 3600, 128000 },
	{ 9, 3600, 256000 },
	{ 10, 3600, 300000 },
	{ 1000, 3600, 300000 },
	{ INT_MAX, 3600, 300000 },
};

static const uint32_t randoms[] = { 0, 1, 500, 999, 1000, 1001, 123456789, UINT32_MAX };

START_TEST(test_wait)
{
	int64_t retry = waits[_i].retry_seconds * CLOCK_SECOND, backoff = waits[_i].backoff_ms;

	ck_assert_int_eq(retry_wait(waits[_i].count, 0), retry);
	ck_assert_int_eq(retry_backoff_ms(waits[_i].count, 0), backoff);
	ck_assert_int_eq(retry_wait(waits[_i].count, 1000), retry + retry / 5);
	for (int i = 0; i < SIZE(randoms); i++) {
		ck_assert_int_ge(retry_wait(waits[_i].count, randoms[i]), retry);
		ck_assert_int_le(retry_wait(waits[_i].count, randoms[i]), retry + retry / 5);
		ck_assert_int_ge(retry_backoff_ms(waits[_i].count, randoms[i]), backoff);
		ck_assert_int_le(retry_backoff_ms(waits[_i].count, randoms[i]),
			backoff + backoff / 5);
	}
}
END_TEST

START_TEST(test_over)
{
	int64_t first = 1700000000 * CLOCK_SECOND;

	ck_assert(!retry_over(first, first));
	ck_assert(!retry_over(first, first + 5 * CLOCK_DAY - 1));
	ck_assert(retry_over(first, first + 5 * CLOCK_DAY));
	ck_assert(!retry_over(first, first - CLOCK_DAY)); /* a clock that went back */
}
END_TEST

static Suite *
suite_retry(void)
{
	Suite *suite = suite_create("retry");
	TCase *tcase = tcase_create("retry");

	tcase_add_loop_test(tcase, test_wait, 0, SIZE(waits));
	tcase_add_test(tcase, test_over);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_retry());
}
