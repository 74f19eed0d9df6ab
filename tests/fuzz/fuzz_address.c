/*
 * Fuzzes address_parse(). An address must be clean UTF-8 with something on both
 * sides of its '@', and what is read again must be the same address.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/charset.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)256 * 1024 * 1024)
#define MAX 100

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(struct arena *arena, const struct address *address)
{
	const char *addr = address->addr;
	struct address again;

	if (!utf8_valid(addr, strlen(addr)) ||
		(address->name != NULL && !utf8_valid(address->name, strlen(address->name))))
		abort();
	if (*addr != '\0' && (*address_domain(addr) == '\0' || addr[0] == '@' ||
		address_parse(arena, addr, strlen(addr), &again, 1) != 1 ||
		strcmp(again.addr, addr) != 0))
		abort();
	if (address_valid(addr) && strpbrk(addr, " \t\r\n<>,\"") != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	struct address list[MAX];

	charset_open_all();
	for (size_t i = address_parse(arena, (const char *)data, len, list, MAX); i > 0; i--)
		check(arena, &list[i - 1]);
	arena_free(&arena);
	return 0;
}
