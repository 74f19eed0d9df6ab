/*
 * Submission over libcurl, one recipient a transfer, since with several nothing
 * tells which of them was refused. What the server said is taken from its
 * reply lines, not from libcurl's result alone, which can't tell 4xx from 5xx.
 * Must not try again by itself once the message's bytes may have gone out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smtp.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "port/handle.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SMTP_SECRET_MIN 4 /* a shorter password would be found in every reply */
#define SMTP_IDLE_SECONDS 60L /* a connection that lay longer is not used again */

struct reply {
	int code;
	char text[256];
};

struct smtp {
	struct handle *handle;
	CURL *easy;
	const struct conf_server *server;
	char *secret; /* for keeping it out of sentences */
	int reply_seconds, total_seconds;

	/* of the transfer under way */
	const char *bytes;
	size_t len, at;
	bool asked; /* 354 was seen: the server waits for the message */
	bool emptied; /* libcurl has taken the last byte */
	struct reply reply, before; /* the last reply, and the one before it */
};

static size_t
give_bytes(char *buffer, size_t size, size_t count, void *context)
{
	struct smtp *smtp = context;
	size_t room = size * count;
	size_t left = smtp->len - smtp->at;

	if (room > left)
		room = left;
	memcpy(buffer, smtp->bytes + smtp->at, room);
	smtp->at += room;
	smtp->emptied = smtp->at == smtp->len;
	return room;
}

/* Whether the line bears a login's secret, as it is: then nothing of it is kept. */
static bool
bears_secret(const struct smtp *smtp, const char *line)
{
	return smtp->secret != NULL && strlen(smtp->secret) >= SMTP_SECRET_MIN &&
		strstr(line, smtp->secret) != NULL;
}

static void
keep_text(const struct smtp *smtp, struct reply *reply, const char *line, size_t len)
{
	size_t i;

	while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	if (len >= sizeof reply->text)
		len = sizeof reply->text - 1;
	for (i = 0; i < len; i++)
		reply->text[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
	reply->text[len] = '\0';
	if (bears_secret(smtp, reply->text))
		snprintf(reply->text, sizeof reply->text, "%03d (its text is left out)",
			reply->code);
}

/* One line of a reply (RFC 5321 section 4.2): "250-more" or "250 last". */
static size_t
take_line(char *line, size_t size, size_t count, void *context)
{
	struct smtp *smtp = context;
	size_t len = size * count;
	int code = 0;
	size_t i;

	for (i = 0; i < 3 && i < len && line[i] >= '0' && line[i] <= '9'; i++)
		code = code * 10 + (line[i] - '0');
	if (i < 3 || (len > 3 && line[3] == '-'))
		return len;
	if (code == 354)
		smtp->asked = true;
	smtp->before = smtp->reply;
	smtp->reply.code = code;
	keep_text(smtp, &smtp->reply, line, len);
	return len;
}

/*
 * After a refusal libcurl says QUIT, and the answer to that is no reply to the
 * message. Its own code leaves that one out.
 */
static void
settle_reply(struct smtp *smtp)
{
	long code = 0;

	if (curl_easy_getinfo(smtp->easy, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK &&
		code != smtp->reply.code && code == smtp->before.code)
		smtp->reply = smtp->before;
}

/*
 * Which mechanisms libcurl may use. "auto" is held to the two that every
 * submission server has: libcurl's own order would try challenge mechanisms
 * first, which servers offer that can't do them for every user.
 */
static const char *
login_options(enum conf_auth auth)
{
	switch (auth) {
	case AUTH_PLAIN:
		return "AUTH=PLAIN";
	case AUTH_LOGIN:
		return "AUTH=LOGIN";
	case AUTH_XOAUTH2:
		return "AUTH=XOAUTH2";
	case AUTH_OAUTHBEARER:
		return "AUTH=OAUTHBEARER";
	case AUTH_AUTO:
	case AUTH_SCRAM:
		break;
	}
	return "AUTH=PLAIN;AUTH=LOGIN";
}

static bool
set_login(struct smtp *smtp, const char *password)
{
	const struct conf_server *server = smtp->server;
	bool token = server->auth == AUTH_XOAUTH2 || server->auth == AUTH_OAUTHBEARER;
	CURLcode bad = CURLE_OK;

	if (server->user == NULL || server->user[0] == '\0' || password == NULL)
		return true;
	bad |= curl_easy_setopt(smtp->easy, CURLOPT_USERNAME, server->user);
	bad |= curl_easy_setopt(
		smtp->easy, token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, password);
	bad |= curl_easy_setopt(smtp->easy, CURLOPT_LOGIN_OPTIONS, login_options(server->auth));
	smtp->secret = mem_strdup(password);
	return bad == CURLE_OK;
}

static bool
set_transfer(struct smtp *smtp)
{
	CURL *easy = smtp->easy;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_bytes);
	bad |= curl_easy_setopt(easy, CURLOPT_READDATA, smtp);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_line);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, smtp);
	bad |= curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, SMTP_IDLE_SECONDS);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)SMTP_CONNECT_SECONDS);
	return bad == CURLE_OK;
}

enum outcome
smtp_open(const struct conf_server *server, const char *password, struct smtp **smtp_r,
	struct err *err_r)
{
	struct handle *handle;
	struct smtp *smtp;
	enum outcome outcome;

	if (server->auth == AUTH_SCRAM)
		return err_set(err_r, NEVER,
			"%s: SCRAM is not built into the system's libcurl; "
			"use auth = \"auto\" (PLAIN within TLS)",
			server->host);
	outcome = handle_new(server, "smtp,smtps", &handle, err_r);
	if (outcome != DONE)
		return outcome;
	smtp = mem_alloc(sizeof *smtp);
	memset(smtp, 0, sizeof *smtp);
	smtp->handle = handle;
	smtp->easy = handle_easy(handle);
	smtp->server = server;
	smtp_patience(smtp, SMTP_REPLY_SECONDS, SMTP_TOTAL_SECONDS);
	if (!set_transfer(smtp) || !set_login(smtp, password)) {
		smtp_close(&smtp);
		return err_set(
			err_r, NEVER, "libcurl does not take the settings for %s", server->host);
	}
	*smtp_r = smtp;
	return DONE;
}

/* libcurl says QUIT and waits for the answer, but not with the socket closed for reading. */
static void
hush(CURL *easy)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
		fd != CURL_SOCKET_BAD)
		shutdown(fd, SHUT_RD);
}

void
smtp_close(struct smtp **smtp)
{
	if (*smtp == NULL)
		return;
	hush((*smtp)->easy);
	handle_free(&(*smtp)->handle);
	if ((*smtp)->secret != NULL)
		mem_wipe((*smtp)->secret, strlen((*smtp)->secret));
	free((*smtp)->secret);
	free(*smtp);
	*smtp = NULL;
}

void
smtp_patience(struct smtp *smtp, int reply_seconds, int total_seconds)
{
	smtp->reply_seconds = reply_seconds;
	smtp->total_seconds = total_seconds;
}

/*
 * Every CR must stand before a LF and every LF behind a CR: servers differ on
 * what a bare one means, and one that takes it for a line end could be given
 * a second message behind a forged final dot.
 */
static bool
lines_whole(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	const char *at = bytes;
	const char *feed;

	while ((feed = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		if (feed == at || feed[-1] != '\r')
			return false;
		if (memchr(at, '\r', (size_t)(feed - 1 - at)) != NULL)
			return false;
		at = feed + 1;
	}
	return memchr(at, '\r', (size_t)(end - at)) == NULL;
}

static void
start_over(struct smtp *smtp, const void *bytes, size_t len)
{
	smtp->bytes = bytes;
	smtp->len = len;
	smtp->at = 0;
	smtp->asked = smtp->emptied = false;
	smtp->reply = smtp->before = (struct reply){ .code = 0 };
}

static CURLcode
transfer(struct smtp *smtp, const void *bytes, size_t len, bool fresh)
{
	CURL *easy = smtp->easy;
	CURLcode bad = CURLE_OK, result;

	start_over(smtp, bytes, len);
	bad |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)len);
	bad |= curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)smtp->reply_seconds);
	bad |= curl_easy_setopt(
		easy, CURLOPT_TIMEOUT, smtp->total_seconds + (long)(len / SMTP_SLOWEST));
	result = bad == CURLE_OK ? curl_easy_perform(easy) : CURLE_OUT_OF_MEMORY;
	settle_reply(smtp);
	return result;
}

/*
 * A kept connection may have been closed by the server just as it was used:
 * as long as the server has not asked for the message, a new one can do no harm.
 */
static bool
was_stale(struct smtp *smtp, CURLcode result)
{
	long connects = 1;

	if (result == CURLE_OK || result == CURLE_OPERATION_TIMEDOUT || smtp->asked)
		return false;
	if (curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK ||
		connects != 0)
		return false;
	return smtp->reply.code == 0 || smtp->reply.code == 421 || smtp->reply.code / 100 == 2;
}

/* Replies that speak of the login and not of this message, wherever they come. */
static bool
about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static enum outcome
judge(const struct smtp *smtp, CURLcode result, bool *unknown_r, struct err *err_r)
{
	const char *host = smtp->server->host, *text = smtp->reply.text;
	int code = smtp->reply.code;
	bool refused = code >= 400 && code <= 599;

	*unknown_r = false;
	if (result == CURLE_OK)
		return DONE;
	if (result == CURLE_LOGIN_DENIED || (refused && about_login(code)))
		return err_set(err_r, LATER, "%s does not accept the login: %s", host,
			text[0] != '\0' ? text : "no mechanism in common");
	/* 55: sender, recipient or DATA refused; 8: after the final dot, or no greeting. */
	if (refused &&
		(result == CURLE_SEND_ERROR ||
			(result == CURLE_WEIRD_SERVER_REPLY && smtp->asked)))
		return err_set(err_r, code >= 500 ? NEVER : LATER, "%s refuses: %s", host, text);
	if (refused)
		return err_set(err_r, LATER, "%s is not ready: %s", host, text);
	if (smtp->asked && smtp->emptied) {
		*unknown_r = true;
		return err_set(err_r, LATER,
			"%s was cut off after the message's end: it may have taken it", host);
	}
	handle_failed(smtp->handle, (int)result, err_r);
	return LATER;
}

static enum outcome
set_envelope(struct smtp *smtp, const char *from, struct err *err_r)
{
	const struct conf_server *server = smtp->server;

	if (curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM, from) != CURLE_OK)
		return err_set(err_r, LATER, "libcurl does not take the sender");
	/* libcurl takes the name for EHLO from the URL's path. */
	return handle_url(smtp->handle, server->implicit_tls ? "smtps" : "smtp",
		handle_loopback(server->host) ? "localhost" : address_domain(from), err_r);
}

enum outcome
smtp_submit(struct smtp *smtp, const char *from, const char *to, const void *bytes, size_t len,
	struct smtp_result *result_r, struct err *err_r)
{
	struct smtp_result seen = { .code = 0 };
	struct curl_slist *list;
	enum outcome outcome;
	CURLcode result;

	*result_r = seen;
	if (!address_valid(from) || !address_valid(to))
		return err_set(
			err_r, NEVER, "sender or recipient is no address that can be sent to");
	if (!lines_whole(bytes, len))
		return err_set(err_r, NEVER, "the message has line ends that are not CR LF");
	outcome = set_envelope(smtp, from, err_r);
	if (outcome != DONE)
		return outcome;
	list = curl_slist_append(NULL, to);
	if (list == NULL || curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, list) != CURLE_OK) {
		curl_slist_free_all(list);
		return err_set(err_r, LATER, "libcurl does not take the recipient");
	}
	result = transfer(smtp, bytes, len, false);
	if (was_stale(smtp, result))
		result = transfer(smtp, bytes, len, true);
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	outcome = judge(smtp, result, &seen.unknown, err_r);
	seen.code = smtp->reply.code;
	snprintf(seen.reply, sizeof seen.reply, "%s", smtp->reply.text);
	*result_r = seen;
	return outcome;
}
