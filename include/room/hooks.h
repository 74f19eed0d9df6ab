/*
 * Triggers for tests, by which a message makes the room that reads it crash,
 * spin or eat memory, or the kernel's locks are older than they are. Only a build with --enable-test-hooks has them: in any
 * other the call is nothing and no trigger's text stands in the binary.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_HOOKS_H
#define ROOM_HOOKS_H

#include <stddef.h>

#ifdef ENABLE_TEST_HOOKS
void hooks_reader(const unsigned char *bytes, size_t len);
/* The version of Landlock that shall be taken for the kernel's: MADOGUCHI_TEST_LANDLOCK, if that is lower. */
int hooks_landlock(int known);
#else
static inline void
hooks_reader(const unsigned char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
}

static inline int
hooks_landlock(int known)
{
	return known;
}
#endif

#endif
