/*
 * The lists of system calls, as the compiler of filters reads them. Not for the
 * rooms.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SANDBOX_PRIVATE_H
#define ROOM_SANDBOX_PRIVATE_H

#include <stdint.h>

#include "room/sandbox.h"

/* One call; with a mask, only where an argument's masked bits are `value`. */
struct sandbox_call {
	int call;
	unsigned int arg;
	uint32_t mask, value;	/* mask 0: whatever its arguments */
};

#define SANDBOX_CALLS_END { 0, 0, UINT32_MAX, UINT32_MAX }
#define SANDBOX_GROUPS 8

/* The lists whose sum a kind may call (for SANDBOX_CALLS_NEVER: what ends the process), up to a NULL. */
extern const struct sandbox_call *const sandbox_call_lists[SANDBOX_CALLS_KINDS][SANDBOX_GROUPS];

#endif
