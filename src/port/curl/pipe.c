/*
 * The pipe over libcurl's CONNECT_ONLY. For implicit TLS libcurl is told
 * https: it then does the handshake, checks the certificate and sends nothing;
 * for STARTTLS it is told imap or smtp: it then eats the greeting and does STARTTLS.
 * Must not let a byte of ours out before that is done.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pipe.h"

#include "base/arena.h"
#include "base/clock.h"
#include "port/handle.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PIPE_PEEK 16384 /* what one TLS record holds */

struct pipe_line {
	struct handle *handle;
	CURL *easy;
	curl_socket_t fd;
	bool broken;
	size_t peek_at, peek_len;
	char peek[PIPE_PEEK]; /* what pipe_wait() had to read to see whether there is anything */
};

void
pipe_start(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static const char *
scheme_of(const struct conf_server *server, bool smtp)
{
	if (server->implicit_tls)
		return "https";
	if (server->tls == TLS_NONE)
		return "http";
	return smtp ? "smtp" : "imap";
}

static enum outcome
connect_now(struct pipe_line *pipe, int connect_ms, struct err *err_r)
{
	CURLcode result;

	curl_easy_setopt(pipe->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(pipe->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	/* The greeting and STARTTLS count too; what comes later has deadlines of its own. */
	curl_easy_setopt(pipe->easy, CURLOPT_TIMEOUT_MS, (long)connect_ms);
	result = curl_easy_perform(pipe->easy);
	if (result == CURLE_OK)
		result = curl_easy_getinfo(pipe->easy, CURLINFO_ACTIVESOCKET, &pipe->fd);
	if (result == CURLE_OK && pipe->fd == CURL_SOCKET_BAD)
		result = CURLE_COULDNT_CONNECT;
	if (result != CURLE_OK)
		return handle_failed(pipe->handle, (int)result, err_r);
	return DONE;
}

enum outcome
pipe_connect(const struct conf_server *server, const char *smtp_name, int connect_ms,
	struct pipe_line **pipe_r, bool *greeted_r, struct err *err_r)
{
	struct pipe_line *pipe;
	struct handle *handle;
	enum outcome outcome;

	outcome = handle_new(server, "https,http,imap,smtp", &handle, err_r);
	if (outcome != DONE)
		return outcome;
	pipe = mem_alloc(sizeof *pipe);
	memset(pipe, 0, sizeof *pipe);
	pipe->handle = handle;
	pipe->easy = handle_easy(handle);
	pipe->fd = CURL_SOCKET_BAD;
	outcome = handle_url(handle, scheme_of(server, smtp_name != NULL),
		smtp_name != NULL ? smtp_name : "", err_r);
	if (outcome == DONE)
		outcome = connect_now(pipe, connect_ms, err_r);
	if (outcome != DONE) {
		pipe_close(&pipe);
		return outcome;
	}
	*pipe_r = pipe;
	*greeted_r = !server->implicit_tls && server->tls != TLS_NONE;
	return DONE;
}

void
pipe_close(struct pipe_line **pipe)
{
	if (*pipe == NULL)
		return;
	/* After STARTTLS libcurl takes itself for the IMAP client: it would LOGOUT and wait. */
	if ((*pipe)->fd != CURL_SOCKET_BAD)
		shutdown((*pipe)->fd, SHUT_RDWR);
	handle_free(&(*pipe)->handle);
	free(*pipe);
	*pipe = NULL;
}

static int
left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_mono_ms();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* Whether the socket became ready before the deadline. */
static bool
ready(const struct pipe_line *pipe, short events, int64_t deadline_ms)
{
	struct pollfd poller = { .fd = pipe->fd, .events = events };
	int count, left;

	while ((left = left_ms(deadline_ms)) > 0) {
		count = poll(&poller, 1, left);
		if (count > 0)
			return true;
		if (count < 0 && errno != EINTR)
			return false;
	}
	return false;
}

static size_t
take_peeked(struct pipe_line *pipe, void *bytes_r, size_t len)
{
	size_t count = pipe->peek_len < len ? pipe->peek_len : len;

	memcpy(bytes_r, pipe->peek + pipe->peek_at, count);
	pipe->peek_at += count;
	pipe->peek_len -= count;
	return count;
}

ssize_t
pipe_read(struct pipe_line *pipe, void *bytes_r, size_t len, int64_t deadline_ms)
{
	CURLcode result;
	size_t got;

	if (pipe->peek_len > 0)
		return (ssize_t)take_peeked(pipe, bytes_r, len);
	while (!pipe->broken) {
		got = 0;
		result = curl_easy_recv(pipe->easy, bytes_r, len, &got);
		if (result == CURLE_OK && got > 0)
			return (ssize_t)got;
		/* CURLE_OK with nothing is the peer's end. */
		if (result != CURLE_AGAIN || !ready(pipe, POLLIN, deadline_ms))
			pipe->broken = true;
	}
	return -1;
}

ssize_t
pipe_write(struct pipe_line *pipe, const void *bytes, size_t len, int64_t deadline_ms)
{
	CURLcode result;
	size_t put;

	while (!pipe->broken) {
		put = 0;
		result = curl_easy_send(pipe->easy, bytes, len, &put);
		if (result == CURLE_OK && put > 0)
			return (ssize_t)put;
		if (result != CURLE_AGAIN || !ready(pipe, POLLOUT, deadline_ms))
			pipe->broken = true;
	}
	return -1;
}

/* Reads without waiting what TLS or the kernel holds. */
static enum pipe_event
peek(struct pipe_line *pipe)
{
	CURLcode result;
	size_t got = 0;

	if (pipe->broken)
		return PIPE_BROKEN;
	result = curl_easy_recv(pipe->easy, pipe->peek, sizeof pipe->peek, &got);
	if (result == CURLE_AGAIN)
		return PIPE_TIME;
	if (result != CURLE_OK || got == 0) {
		pipe->broken = true;
		return PIPE_BROKEN;
	}
	pipe->peek_at = 0;
	pipe->peek_len = got;
	return PIPE_DATA;
}

/* This goes first: a server that never stops talking must not keep the desk from being heard. */
static bool
woken(int wake_fd)
{
	struct pollfd poller = { .fd = wake_fd, .events = POLLIN };

	return wake_fd >= 0 && poll(&poller, 1, 0) > 0;
}

enum pipe_event
pipe_wait(struct pipe_line *pipe, int wake_fd, int timeout_ms)
{
	int64_t deadline_ms = clock_mono_ms() + timeout_ms;
	struct pollfd pollers[2] = { { .fd = pipe->fd, .events = POLLIN },
		{ .fd = wake_fd, .events = POLLIN } };
	enum pipe_event event;
	int left;

	for (;;) {
		if (woken(wake_fd))
			return PIPE_FD;
		if (pipe->peek_len > 0)
			return PIPE_DATA;
		/* The socket may be silent while a whole record lies decrypted in TLS; and it
		 * may speak without data (a session ticket), so this goes round again. */
		event = peek(pipe);
		if (event != PIPE_TIME)
			return event;
		left = timeout_ms < 0 ? -1 : left_ms(deadline_ms);
		if (left == 0)
			return PIPE_TIME;
		if (poll(pollers, wake_fd >= 0 ? 2 : 1, left) < 0 && errno != EINTR)
			return PIPE_BROKEN;
	}
}

int
pipe_fd(const struct pipe_line *pipe)
{
	return pipe->fd;
}
