/*
 * When a deferred submission is tried again. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_RETRY_H
#define RULE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#define RETRY_GIVE_UP_HOURS 120	/* five days, as mail servers do */

/*
 * Microseconds to wait after the given number of failed tries (1 or more):
 * 30 s growing by doubling to 1 h, each with up to a fifth of jitter taken from
 * `random` (any number).
 */
int64_t retry_wait(int tries, uint32_t random);

/* Whether a message first tried then is given up now. */
bool retry_over(int64_t first_try, int64_t now);

/*
 * Back-off of a room or a connection: milliseconds after that many failures in a row: 1
 * s doubling to 5 min, jittered likewise.
 */
int64_t retry_backoff_ms(int failures, uint32_t random);

#endif
