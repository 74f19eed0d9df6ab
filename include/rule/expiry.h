/*
 * When a key's end is told: 90, 30 and 7 days before, and when it is over. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_EXPIRY_H
#define RULE_EXPIRY_H

#include <stdint.h>

/* On record by their numbers. */
enum expiry { EXPIRY_NONE, EXPIRY_90, EXPIRY_30, EXPIRY_7, EXPIRY_OVER, EXPIRIES };

/*
 * When a key ceases to do what it is needed for: the earliest of its own end and the ends of the
 * uses that are needed; each 0 for never, or not needed.
 */
int64_t expiry_end(int64_t expires, int64_t encrypts, int64_t signs);

/* The step that a key with that end (0: never) has come to. */
enum expiry expiry_step(int64_t end, int64_t now);

/* Whole days that are left, 0 on the last one and past it. */
int64_t expiry_days(int64_t end, int64_t now);

#endif
