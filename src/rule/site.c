/*
 * Host names in text. What counts is what a browser would visit: everything
 * before an '@' is a disguise, and everything behind the host is the site's own.
 * Names nobody resolves: it opens nothing and asks no one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/site.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "rule/policy.h"

#include <string.h>

#define TOKEN_MAX 2048	/* bytes of one URL that are looked at */

/* A URL of the conf, upper case as plain text is. */
struct site {
	const char *host;
	const char *port;	/* "" for none */
	const char *path;	/* without a slash at its end */
};

/* The disguises of a dot, a colon and a scheme; the longer form first. */
static const struct {
	const char *from, *to;
} disguises[] = {
	{ "[.]", "." }, { "(.)", "." }, { "{.}", "." }, { "[DOT]", "." }, { "(DOT)", "." },
	{ "[:]", ":" }, { "[://]", "://" }, { "HXXP", "HTTP" }, { "H**P", "HTTP" },
};

static bool
is_host_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		c == '.';
}

/* What ends a URL in running text. */
static bool
is_end(char c)
{
	switch (c) {
	case '<': case '>': case '"': case '\'': case '`': case '|': case '(': case ')': case '[':
	case ']': case '{': case '}': case ',': case ';':
		return true;
	default:
		return (unsigned char)c <= ' ' || (unsigned char)c >= 0x7f;
	}
}

static const char *
disguise_at(const char *at, size_t *len_r)
{
	for (size_t i = 0; i < sizeof(disguises) / sizeof(disguises[0]); i++) {
		if (text_starts(at, disguises[i].from)) {
			*len_r = strlen(disguises[i].from);
			return disguises[i].to;
		}
	}
	return NULL;
}

static void
undisguise(struct arena *arena, const struct plain *plain, struct plain *plain_r)
{
	struct plain made = { arena_alloc(arena, plain->len + 1), 0 };

	for (size_t at = 0; at < plain->len;) {
		const char *to = NULL;
		size_t len = 0;

		char c = plain->text[at];

		if (c == '[' || c == '(' || c == '{' || c == 'H')
			to = disguise_at(plain->text + at, &len);
		if (to == NULL) {
			made.text[made.len++] = plain->text[at++];
			continue;
		}
		at += len;
		memcpy(made.text + made.len, to, strlen(to));
		made.len += strlen(to);
	}
	*plain_r = made;
}

/* Drops line ends, with the blanks around them, where both sides can belong to a host name. */
static void
join(struct arena *arena, const struct plain *plain, struct plain *plain_r)
{
	struct plain made = { arena_alloc(arena, plain->len + 1), 0 };

	for (size_t at = 0; at < plain->len; at++) {
		size_t behind = at;

		if (plain->text[at] == '\n' && made.len > 0 &&
			is_host_byte(made.text[made.len - 1])) {
			behind += strspn(plain->text + at, "\n >");
			if (is_host_byte(plain->text[behind])) {
				at = behind - 1;
				continue;
			}
		}
		made.text[made.len++] = plain->text[at];
	}
	*plain_r = made;
}

void
site_text_make(struct arena *arena, const struct plain *plain, struct site_text *text_r)
{
	struct site_text text;

	undisguise(arena, plain, &text.plain);
	join(arena, &text.plain, &text.joined);
	*text_r = text;
}

static void
site_read(struct arena *arena, const char *url, struct site *site_r)
{
	struct plain plain;
	char *host, *path, *port;

	plain_make(arena, url, &plain);
	host = strstr(plain.text, "://");
	host = host != NULL ? host + strlen("://") : plain.text;
	path = host + strcspn(host, "/?#");
	site_r->path = path[0] == '/' ? arena_strdup(arena, path) : "";
	path[0] = '\0';
	port = strchr(host, ':');
	if (port != NULL)
		*port++ = '\0';
	site_r->port = port != NULL ? port : "";
	site_r->host = host;
}

/* Whether the '@' before a host ends a URL's user name, and not a mail address's. */
static bool
ends_user(const char *text, const char *at)
{
	for (const char *c = at - 1; c > text && !is_end(c[-1]) && at - c < TOKEN_MAX; c--) {
		if (c[-1] == '/')
			return c - text > 2 && c[-2] == '/' && c[-3] == ':';
	}
	return false;
}

/* Whether what stands before the host leaves it one of its own. */
static bool
begins_host(const char *text, const char *at)
{
	const char *token = at;

	if (at > text && at[-1] == '@')
		return ends_user(text, at);
	if (at > text && (is_host_byte(at[-1]) || at[-1] == '%'))
		return false;
	if (at > text && at[-1] == '/' && (at - text < 2 || at[-2] != '/'))
		return false;
	if (at - text > 2 && at[-1] == '/' && at[-3] == ':')
		token = at - 3;
	if (at > text && (unsigned char)at[0] >= 0x80 && (unsigned char)at[-1] >= 0x80)
		return false;
	while (token > text && !is_end(token[-1])) {
		token--;
		if (at - token > TOKEN_MAX)
			return false;
		/* It stands inside another URL: in its path or its query. */
		if (at - token > 3 && text_starts(token, "://") && token != at - 3)
			return false;
	}
	return true;
}

/*
 * Behind the host: its port, if there is one. Returns what follows, NULL when the
 * host is none after all.
 */
static const char *
behind_host(const char *at, const char *port)
{
	size_t digits, dots = strspn(at, ".");

	if (!is_host_byte(at[dots]))
		at += dots;
	if (is_host_byte(at[0]) || at[0] == '@' || at[0] == '%' || at[0] == '\\')
		return NULL;
	if (at[0] != ':')
		return at;
	digits = strspn(at + 1, "0123456789");
	if (digits > 0 && port[0] != '\0' &&
		(digits != strlen(port) || strncmp(at + 1, port, digits) != 0))
		return NULL;
	for (const char *c = at; !is_end(*c) && *c != '/' && c - at < TOKEN_MAX; c++) {
		if (*c == '@')
			return NULL;
	}
	return at + 1 + digits;
}

/* Whether one path is the other, or lies below it. */
static bool
paths_meet(const char *at, const char *path)
{
	size_t len = 0, own = strlen(path);

	while (at[0] == '/' && len < TOKEN_MAX && !is_end(at[len]) && at[len] != '?' &&
		at[len] != '#')
		len++;
	while (len > 0 && at[len - 1] == '/')
		len--;
	while (own > 0 && path[own - 1] == '/')
		own--;
	if (strncmp(at, path, len < own ? len : own) != 0)
		return false;
	return len == own || (len > own ? at[own] == '/' : path[len] == '/');
}

static bool
stands_in(const struct plain *plain, const struct site *site)
{
	const char *at = plain->text;
	const char *end = plain->text + plain->len;
	size_t len = strlen(site->host);

	while (len > 0 && (at = memmem(at, (size_t)(end - at), site->host, len)) != NULL) {
		const char *behind = NULL;

		if (begins_host(plain->text, at))
			behind = behind_host(at + len, site->port);
		if (behind != NULL && paths_meet(behind, site->path))
			return true;
		at += len;
	}
	return false;
}

bool
site_named(struct arena *arena, const struct site_text *text, const char *url)
{
	struct site site;

	site_read(arena, url, &site);
	return stands_in(&text->plain, &site) || stands_in(&text->joined, &site);
}

/* The host of the URL whose "://" is at `at`; *len_r is 0 when there is none. */
static const char *
url_host(const char *at, size_t *len_r)
{
	const char *host = at + strlen("://");
	const char *user;
	size_t len = 0;

	while (len < TOKEN_MAX && !is_end(host[len]) && strchr("/?#\\", host[len]) == NULL)
		len++;
	user = memrchr(host, '@', len);
	if (user != NULL) {
		len -= (size_t)(user + 1 - host);
		host = user + 1;
	}
	*len_r = strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
	if (*len_r > len)
		*len_r = len;
	while (*len_r > 0 && host[*len_r - 1] == '.')
		--*len_r;
	return host;
}

/* The hosts that are no strangers: the desk's sites first, then the coordinators' domains. */
struct familiar {
	const char **name;
	size_t sites, count;
};

static void
familiar_make(struct arena *arena, const struct policy *policy, size_t desk,
	struct familiar *familiar_r)
{
	const struct string_list *sites = &policy->desks[desk].sites;
	struct familiar familiar = { NULL, sites->count, sites->count };

	for (size_t i = 0; i < policy->coordinator_count; i++)
		familiar.count += policy->coordinators[i].addresses.count;
	familiar.name = arena_calloc(arena, familiar.count, sizeof(*familiar.name));
	for (size_t i = 0; i < sites->count; i++) {
		struct site site;

		site_read(arena, sites->at[i], &site);
		familiar.name[i] = site.host;
	}
	familiar.count = familiar.sites;
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		const struct string_list *addresses = &policy->coordinators[i].addresses;

		for (size_t k = 0; k < addresses->count; k++) {
			struct plain domain;

			plain_make(arena, address_domain(addresses->at[k]), &domain);
			familiar.name[familiar.count++] = domain.text;
		}
	}
	*familiar_r = familiar;
}

static bool
is_familiar(const struct familiar *familiar, const char *host, size_t len)
{
	for (size_t i = 0; i < familiar->count; i++) {
		size_t known = strlen(familiar->name[i]);

		if (known == 0 || known > len ||
			memcmp(host + len - known, familiar->name[i], known) != 0)
			continue;
		if (known == len || (i >= familiar->sites && host[len - known - 1] == '.'))
			return true;
	}
	return false;
}

uint32_t
site_foreign_urls(struct arena *arena, const struct site_text *text, const struct policy *policy,
	size_t desk)
{
	const char *at = strstr(text->plain.text, "://");
	struct familiar familiar;
	uint32_t count = 0;

	if (at == NULL)
		return 0;
	familiar_make(arena, policy, desk, &familiar);
	while (at != NULL && count < SITE_URLS_MAX) {
		size_t len;
		const char *host = url_host(at, &len);

		if (at > text->plain.text && (at[-1] == 'P' || at[-1] == 'S') && len > 0 &&
			!is_familiar(&familiar, host, len))
			count++;
		at += strlen("://");
		while (!is_end(*at))
			at++;
		at = strstr(at, "://");
	}
	return count;
}
