/*
 * The settings that every connection shares, in one place, so that none can be
 * forgotten for one protocol. Where clear text is allowed, the address is
 * looked at before its socket is opened: a name that resolves to a host
 * outside is never even connected to.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/handle.h"

#include "base/arena.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HANDLE_URL_MAX 1024

struct handle {
	CURL *easy;
	const struct conf_server *server;
	bool outside; /* clear text was wanted to an address that is not loopback */
	const char *fault; /* of the server's certificate, NULL */
	char error[CURL_ERROR_SIZE];
};

static bool
address_loopback(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof in);
		return (ntohl(in.sin_addr.s_addr) >> 24) == 127;
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof in6);
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return false;
}

bool
handle_loopback(const char *host)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (text_equal_ci(host, "localhost") || text_equal(host, "[::1]"))
		return true;
	if (inet_pton(AF_INET, host, &in.sin_addr) == 1)
		return address_loopback((const struct sockaddr *)&in);
	if (inet_pton(AF_INET6, host, &in6.sin6_addr) == 1)
		return address_loopback((const struct sockaddr *)&in6);
	return false;
}

static curl_socket_t
open_loopback(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct handle *handle = context;

	if (purpose != CURLSOCKTYPE_IPCXN || !address_loopback(&address->addr)) {
		handle->outside = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* libcurl's notes, of which one alone is looked at; what went over the wire comes by here too. */
static int
take_note(CURL *easy, curl_infotype type, char *note, size_t len, void *context)
{
	static const char failed[] = "server certificate verification failed";
	struct handle *handle = context;

	if (type == CURLINFO_TEXT && len >= sizeof failed - 1 &&
		memcmp(note, failed, sizeof failed - 1) == 0)
		handle->fault = handle_certificate_fault(easy);
	return 0;
}

/* What would change the meaning of a URL must not stand in a host. */
static bool
host_plain(const char *host)
{
	return host != NULL && host[0] != '\0' && strlen(host) <= 255 &&
		strspn(host,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") ==
		strlen(host);
}

/*
 * The system's certificates lie in one file and once more, each on its own, in
 * a folder. The file alone takes a quarter of the time and memory; where one of
 * the conf takes its place, the folder stays, so that both are trusted.
 */
static CURLcode
set_trust(CURL *easy, const char *ca_file)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	if (ca_file != NULL && ca_file[0] != '\0')
		return curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	if (info->cainfo != NULL && access(info->cainfo, R_OK) == 0)
		return curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	return CURLE_OK;
}

static bool
set_tls(struct handle *handle)
{
	const struct conf_server *server = handle->server;
	CURL *easy = handle->easy;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* With ALPN, "h2" would be offered to a mail server. */
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
	bad |= set_trust(easy, server->ca_file);
	if (server->pin != NULL && server->pin[0] != '\0')
		bad |= curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, server->pin);
	if (!server->implicit_tls && server->tls != TLS_NONE)
		bad |= curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (!server->implicit_tls && server->tls == TLS_NONE) {
		bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_loopback);
		bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, handle);
	}
	return bad == CURLE_OK;
}

static bool
set_all(struct handle *handle, const char *protocols)
{
	CURL *easy = handle->easy;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->error);
	bad |= curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, take_note);
	bad |= curl_easy_setopt(easy, CURLOPT_DEBUGDATA, handle);
	bad |= curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* An empty proxy keeps libcurl from asking the environment for one. */
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	return set_tls(handle) && bad == CURLE_OK;
}

enum outcome
handle_new(const struct conf_server *server, const char *protocols, struct handle **handle_r,
	struct err *err_r)
{
	struct handle *handle;

	if (!host_plain(server->host) || server->port < 1 || server->port > 65535)
		return err_set(err_r, NEVER, "the server's host or port is not one");
	handle = mem_alloc(sizeof *handle);
	memset(handle, 0, sizeof *handle);
	handle->server = server;
	handle->easy = curl_easy_init();
	if (handle->easy == NULL || !set_all(handle, protocols)) {
		handle_free(&handle);
		return err_set(
			err_r, NEVER, "libcurl does not take the settings for %s", server->host);
	}
	*handle_r = handle;
	return DONE;
}

void
handle_free(struct handle **handle)
{
	if (*handle == NULL)
		return;
	if ((*handle)->easy != NULL)
		curl_easy_cleanup((*handle)->easy);
	free(*handle);
	*handle = NULL;
}

void *
handle_easy(const struct handle *handle)
{
	return handle->easy;
}

enum outcome
handle_url(struct handle *handle, const char *scheme, const char *path, struct err *err_r)
{
	const struct conf_server *server = handle->server;
	bool bare6 = strchr(server->host, ':') != NULL && server->host[0] != '[';
	char url[HANDLE_URL_MAX];
	int len;

	len = snprintf(url, sizeof url, "%s://%s%s%s:%d/%s", scheme, bare6 ? "[" : "",
		server->host, bare6 ? "]" : "", server->port, path);
	if (len < 0 || (size_t)len >= sizeof url ||
		curl_easy_setopt(handle->easy, CURLOPT_URL, url) != CURLE_OK)
		return err_set(err_r, NEVER, "the server's URL is too long");
	handle->error[0] = '\0';
	handle->outside = false;
	handle->fault = NULL;
	return DONE;
}

void
handle_hush(const struct handle *handle)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(handle->easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
		fd != CURL_SOCKET_BAD)
		shutdown(fd, SHUT_RD);
}

static bool
lasting(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
	case CURLE_NOT_BUILT_IN:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return true;
	default:
		return false;
	}
}

/* libcurl's words may bear the server's own (a name in its certificate). */
static void
clean(char said_r[CURL_ERROR_SIZE], const char *words)
{
	size_t i;

	for (i = 0; i + 1 < CURL_ERROR_SIZE && words[i] != '\0'; i++)
		said_r[i] = words[i] >= ' ' && words[i] <= '~' ? words[i] : '?';
	said_r[i] = '\0';
}

enum outcome
handle_failed(const struct handle *handle, int result, struct err *err_r)
{
	const struct conf_server *server = handle->server;
	CURLcode code = (CURLcode)result;
	char said[CURL_ERROR_SIZE];

	if (handle->outside)
		return err_set(err_r, NEVER,
			"%s is no loopback address: nothing is sent there without TLS",
			server->host);
	if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return err_set(err_r, NEVER, "%s:%d shows a public key that is not the pinned one",
			server->host, server->port);
	if (code == CURLE_USE_SSL_FAILED)
		return err_set(
			err_r, NEVER, "%s:%d does not offer STARTTLS", server->host, server->port);
	if (code == CURLE_PEER_FAILED_VERIFICATION && handle->fault != NULL)
		return err_set(err_r, NEVER, "%s:%d shows a certificate that is not accepted: %s",
			server->host, server->port, handle->fault);
	clean(said, handle->error[0] != '\0' ? handle->error : curl_easy_strerror(code));
	return err_set(err_r, lasting(code) ? NEVER : LATER, "%s:%d: %s", server->host,
		server->port, said);
}
