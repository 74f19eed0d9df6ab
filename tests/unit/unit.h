/*
 * What every unit test program shares: one call that runs a suite and turns
 * Check's verdict into an exit status.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdlib.h>

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

#endif
