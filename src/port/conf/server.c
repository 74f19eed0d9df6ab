/*
 * The URL of a mail server, taken apart strictly: scheme, host, port and
 * nothing else, since each part goes to a foreign library later.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define HOST_MAX 253
#define PORT_MAX 65535

bool
conf_is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return text_equal_ci(host, "localhost");
}

static bool
host_well(const char *host)
{
	size_t len = strlen(host);

	for (size_t i = 0; i < len; i++) {
		bool edge = i == 0 || i + 1 == len || host[i - 1] == '.' || host[i + 1] == '.';

		if (host[i] == '.' || host[i] == '-' ? edge : !isalnum((unsigned char)host[i]))
			return false;
	}
	return len > 0 && len <= HOST_MAX;
}

/* "[::1]" or a name; *rest_r is what follows. NULL when it is neither. */
static const char *
take_host(struct arena *arena, const char *at, const char **rest_r)
{
	struct in6_addr six;
	size_t len;
	char *host;

	if (at[0] == '[') {
		len = strcspn(at, "]");
		host = arena_strndup(arena, at + 1, len - 1);
		*rest_r = at[len] == ']' ? at + len + 1 : at + len;
		return at[len] == ']' && inet_pton(AF_INET6, host, &six) == 1 ? host : NULL;
	}
	len = strcspn(at, ":/");
	host = arena_strndup(arena, at, len);
	*rest_r = at + len;
	return host_well(host) ? host : NULL;
}

/* Nothing, "/", ":PORT" or ":PORT/". */
static bool
take_port(struct arena *arena, const char *at, int64_t *port_r)
{
	size_t len;

	if (at[0] == ':') {
		len = strcspn(at, "/");
		if (!text_number(arena_strndup(arena, at + 1, len - 1), 1, PORT_MAX, port_r))
			return false;
		at += len;
	}
	return at[0] == '\0' || strcmp(at, "/") == 0;
}

static bool
is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && strncmp(text, word, len) == 0;
}

/* words: scheme, its form inside TLS, and the ports of both. */
bool
conf_url(struct value *value, void *field_r)
{
	const char *const *words = value->key->spec->words;
	struct arena *arena = value->reading->arena;
	struct conf_server *server = field_r;
	const char *text, *sep, *host, *rest = "";
	int64_t port = 0;
	size_t scheme;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	sep = strstr(text, "://");
	scheme = sep != NULL ? (size_t)(sep - text) : 0;
	server->implicit_tls = is_word(text, scheme, words[1]);
	if (!server->implicit_tls && !is_word(text, scheme, words[0]))
		scheme = 0;
	host = scheme != 0 ? take_host(arena, sep + 3, &rest) : NULL;
	text_number(words[server->implicit_tls ? 3 : 2], 1, PORT_MAX, &port);
	if (host == NULL || !take_port(arena, rest, &port)) {
		conf_wrong(value,
			"%s is not a server's URL; \"%s://HOST\" or \"%s://HOST:PORT\", no user, "
			"no path (%s:// with tls = \"starttls\")",
			conf_quoted(value->reading, text), words[1], words[1], words[0]);
		return false;
	}
	server->url = arena_strdup(arena, text);
	server->host = host;
	server->port = (int)port;
	return true;
}
