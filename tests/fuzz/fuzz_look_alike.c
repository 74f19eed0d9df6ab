/*
 * Fuzzes trust_look_alike(): an address and a display name, parted by a line
 * break. A coordinator's own address is never alike, and a domain that holds
 * the coordinator's whole, as labels, always is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "rule/policy.h"
#include "rule/trust.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	const char *own[] = { "vuln-contact@ipa.go.jp" };
	const struct policy_coordinator ipa = { .name = "IPA", .addresses = { 1, own } };
	const struct policy policy = { .coordinators = &ipa, .coordinator_count = 1 };
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	char *address = utf8_repair(arena, (const char *)data, len < 2000 ? len : 2000, NULL);
	char *name = strchr(address, '\n');
	int coordinator = -1;
	bool alike;

	if (name != NULL)
		*name++ = '\0';
	alike = trust_look_alike(arena, &policy, address, name, &coordinator);
	if (alike != (coordinator == 0) || (alike && address_equal(address, own[0])))
		abort();
	if (!alike && strstr(address_domain(address), ".ipa.go.jp.") != NULL &&
	    !address_domain_in(address_domain(address), "ipa.go.jp"))
		abort();
	arena_free(&arena);
	return 0;
}
