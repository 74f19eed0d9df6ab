/*
 * Checks and compares addresses. Must not read lists: that is
 * address_parse.c's work.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include "mail/lex.h"

#include <string.h>
#include <strings.h>

#define LOCAL_MAX 64	/* RFC 5321 4.5.3.1.1 */
#define DOMAIN_MAX 255	/* RFC 5321 4.5.3.1.2 */
#define LABEL_MAX 63	/* RFC 1035 2.3.4 */

const char *
address_domain(const char *addr)
{
	const char *sign = addr != NULL ? strrchr(addr, '@') : NULL;

	return sign != NULL ? sign + 1 : "";
}

bool
address_equal(const char *a, const char *b)
{
	return a != NULL && b != NULL && *a != '\0' && strcasecmp(a, b) == 0;
}

bool
address_domain_in(const char *domain, const char *parent)
{
	size_t len = strlen(domain), parent_len = strlen(parent);

	if (parent_len == 0 || len < parent_len ||
		strcasecmp(domain + len - parent_len, parent) != 0)
		return false;
	return len == parent_len || domain[len - parent_len - 1] == '.';
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Atoms with single dots between, in ASCII. */
static bool
is_dot_atom(const char *at, size_t len)
{
	bool atom = false;

	for (size_t i = 0; i < len; i++) {
		if (at[i] == '.' ? !atom : !lex_is_atext(at[i]) || (unsigned char)at[i] >= 0x80)
			return false;
		atom = at[i] != '.';
	}
	return atom;
}

/* Labels of letters, digits and inner hyphens (RFC 1123 2.1). */
static bool
is_host(const char *host)
{
	size_t len = strlen(host);

	if (len == 0 || len > DOMAIN_MAX)
		return false;
	for (;;) {
		size_t label = strcspn(host, ".");

		if (label == 0 || label > LABEL_MAX || host[0] == '-' || host[label - 1] == '-')
			return false;
		for (size_t i = 0; i < label; i++)
			if (!is_alnum(host[i]) && host[i] != '-')
				return false;
		if (host[label] == '\0')
			return true;
		host += label + 1;
	}
}

bool
address_valid(const char *addr)
{
	const char *sign = addr != NULL ? strchr(addr, '@') : NULL;

	return sign != NULL && sign - addr <= LOCAL_MAX &&
		is_dot_atom(addr, (size_t)(sign - addr)) && is_host(sign + 1);
}
