/*
 * What every unit test program shares: one call that runs a suite and turns
 * Check's verdict into an exit status; and what a piece of work costs, told so
 * that neither another program on the machine nor its speed decides a test.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/*
 * Runs the suite, prints Check's closing line (which bootstrap sums up) and
 * returns what main() shall return.
 */
static inline int
unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Processor time of this process so far, in milliseconds. */
static inline int64_t
unit_cpu_ms(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	return (int64_t)spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
}

/*
 * Whether four times the work costs what grows with it: a quadratic cost would be sixteen times as
 * much. AddressSanitizer copies at each realloc(), which is a cost of its own, and not the work's.
 */
static inline int
unit_linear(int64_t quarter_ms, int64_t whole_ms)
{
#ifdef __SANITIZE_ADDRESS__
	return whole_ms <= 10 * quarter_ms + 2500;
#else
	return whole_ms <= 10 * quarter_ms + 250;
#endif
}

/* What the worst of inputs may cost of a processor, whatever else the machine does. */
#define UNIT_HOSTILE_MS 4000

#endif
