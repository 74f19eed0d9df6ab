/*
 * When a key's end is told.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/expiry.h"

#include "base/clock.h"

#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define NOW (INT64_C(20000) * CLOCK_DAY)

/* Seconds from now. */
static const struct {
	int64_t left;
	enum expiry step;
	int64_t days;
} steps[] = {
	{ INT64_C(86400) * 90 + 1, EXPIRY_NONE, 90 },
	{ INT64_C(86400) * 90, EXPIRY_90, 90 },
	{ INT64_C(86400) * 30 + 1, EXPIRY_90, 30 },
	{ INT64_C(86400) * 30, EXPIRY_30, 30 },
	{ INT64_C(86400) * 7 + 1, EXPIRY_30, 7 },
	{ INT64_C(86400) * 7, EXPIRY_7, 7 },
	{ 1, EXPIRY_7, 0 },
	{ 0, EXPIRY_OVER, 0 },
	{ -INT64_C(86400) * 400, EXPIRY_OVER, 0 },
};

START_TEST(expiry_steps)
{
	int64_t end = NOW + steps[_i].left * CLOCK_SECOND;

	ck_assert_int_eq(expiry_step(end, NOW), steps[_i].step);
	ck_assert_int_eq(expiry_days(end, NOW), steps[_i].days);
}
END_TEST

START_TEST(expiry_never)
{
	ck_assert_int_eq(expiry_step(0, NOW), EXPIRY_NONE);
}
END_TEST

static const struct {
	int64_t expires, encrypts, signs, end;
} ends[] = {
	{ 0, 0, 0, 0 },
	{ 5, 0, 0, 5 },
	{ 0, 4, 0, 4 },
	{ 0, 0, 3, 3 },
	{ 5, 4, 0, 4 },
	{ 5, 6, 7, 5 },
	{ 9, 8, 7, 7 },
	{ 0, 8, 9, 8 },
};

START_TEST(expiry_ends)
{
	ck_assert_int_eq(expiry_end(ends[_i].expires, ends[_i].encrypts, ends[_i].signs), ends[_i].end);
}
END_TEST

static Suite *
suite_expiry(void)
{
	Suite *suite = suite_create("expiry");
	TCase *tests = tcase_create("expiry");

	tcase_add_loop_test(tests, expiry_steps, 0, COUNT(steps));
	tcase_add_test(tests, expiry_never);
	tcase_add_loop_test(tests, expiry_ends, 0, COUNT(ends));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_expiry());
}
