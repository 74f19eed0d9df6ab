/*
 * A session with a submission server: connected, greeted, logged in. Each reply
 * has a deadline and a budget of bytes, and everything together has one more:
 * a server that drips or never ends its reply is left. Must not send a word
 * while the server has said something that it was not asked for: what comes
 * early could be taken for the answer to what is sent next.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smtp_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "port/handle.h"
#include "port/pipe.h"
#include "port/sasl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN_STEPS 8 /* challenges of one login */
#define QUIT_MS 500

static int64_t
reply_deadline(const struct smtp_session *session)
{
	int64_t soon = clock_mono_ms() + session->reply_ms;

	return soon < session->deadline_ms ? soon : session->deadline_ms;
}

static bool
ended(struct smtp_session *session, enum smtp_end end)
{
	session->end = end;
	return false;
}

static bool
fill(struct smtp_session *session, int64_t deadline_ms)
{
	ssize_t got = pipe_read(
		session->pipe, session->buffer, sizeof session->buffer, deadline_ms);

	session->at = 0;
	session->len = got > 0 ? (size_t)got : 0;
	if (got <= 0)
		return ended(session, clock_mono_ms() >= deadline_ms ? SMTP_LATE : SMTP_CUT);
	return true;
}

/* One line without its end, cut to what fits; what it takes goes off the budget. */
static bool
read_line(struct smtp_session *session, char line_r[SMTP_LINE_MAX], int64_t deadline_ms,
	size_t *budget)
{
	size_t len = 0;
	char c;

	for (;;) {
		if (session->at == session->len && !fill(session, deadline_ms))
			return false;
		if ((*budget)-- == 0)
			return ended(session, SMTP_FLOOD);
		c = session->buffer[session->at++];
		if (c == '\n')
			break;
		if (len + 1 < SMTP_LINE_MAX)
			line_r[len++] = c == '\0' ? '?' : c;
	}
	if (len > 0 && line_r[len - 1] == '\r')
		len--;
	line_r[len] = '\0';
	return true;
}

/* What a line of EHLO's answer tells. */
static void
note_extension(struct smtp_session *session, const char *text)
{
	if (text_equal_ci(text, "SIZE") || text_starts_ci(text, "SIZE "))
		session->has_size = true;
	if (text_starts_ci(text, "AUTH ") && strlen(text) < sizeof session->auth)
		snprintf(session->auth, sizeof session->auth, "%s", text + 5);
}

static bool
read_reply(struct smtp_session *session)
{
	int64_t deadline_ms = reply_deadline(session);
	size_t budget = SMTP_REPLY_BYTES;
	char raw[SMTP_LINE_MAX];
	struct smtp_line line;

	do {
		if (!read_line(session, raw, deadline_ms, &budget))
			return false;
		if (!smtp_line_read(raw, &line))
			return ended(session, SMTP_GARBLED);
		note_extension(session, line.text);
	} while (!line.last);
	session->reply.code = line.code;
	smtp_printable(raw, session->reply.text, sizeof session->reply.text);
	snprintf(session->challenge, sizeof session->challenge, "%s", line.text);
	if (session->sasl != NULL && sasl_clean(session->sasl, raw) != raw)
		snprintf(session->reply.text, sizeof session->reply.text, "%03d %s", line.code,
			sasl_clean(session->sasl, raw));
	return true;
}

bool
smtp_session_send(struct smtp_session *session, const char *bytes, size_t len)
{
	int64_t deadline_ms = reply_deadline(session);
	ssize_t put;

	for (; len > 0; bytes += put, len -= (size_t)put) {
		put = pipe_write(session->pipe, bytes, len, deadline_ms);
		if (put <= 0)
			return ended(session,
				clock_mono_ms() >= deadline_ms ? SMTP_LATE : SMTP_CUT);
	}
	return true;
}

bool
smtp_session_restless(struct smtp_session *session)
{
	return session->at < session->len || pipe_wait(session->pipe, -1, 0) != PIPE_TIME;
}

bool
smtp_session_ask(struct smtp_session *session, const char *format, ...)
{
	char command[SMTP_COMMAND_MAX];
	va_list args;
	bool sent;
	int len;

	if (session->end != SMTP_FINE)
		return false;
	if (session->at < session->len)
		return ended(session, SMTP_GARBLED);
	if (format != NULL) {
		va_start(args, format);
		len = vsnprintf(command, sizeof command - 2, format, args);
		va_end(args);
		if (len < 0 || (size_t)len >= sizeof command - 2)
			return ended(session, SMTP_GARBLED);
		memcpy(command + len, "\r\n", 2);
		sent = smtp_session_send(session, command, (size_t)len + 2);
		mem_wipe(command, (size_t)len);
		if (!sent)
			return false;
	}
	return read_reply(session);
}

enum outcome
smtp_session_lost(const struct smtp_session *session, const char *what, struct err *err_r)
{
	const char *host = session->server->host;

	switch (session->end) {
	case SMTP_FLOOD:
		return err_set(err_r, LATER, "%s sent more on %s than it may", host, what);
	case SMTP_LATE:
		return err_set(err_r, LATER, "%s did not finish %s in time", host, what);
	case SMTP_GARBLED:
		return err_set(err_r, LATER, "%s answers %s with what cannot be read", host, what);
	default:
		return err_set(err_r, LATER, "%s broke the connection off during %s", host, what);
	}
}

static enum outcome
not_ready(const struct smtp_session *session, struct err *err_r)
{
	return err_set(err_r, LATER, "%s is not ready: %s", session->server->host,
		session->reply.text);
}

/* After STARTTLS libcurl has taken the greeting; what was offered before it does not count. */
static enum outcome
greet(struct smtp_session *session, const char *name, bool greeted, struct err *err_r)
{
	if (!greeted) {
		if (!smtp_session_ask(session, NULL))
			return smtp_session_lost(session, "the greeting", err_r);
		if (session->reply.code != 220)
			return not_ready(session, err_r);
	}
	if (!smtp_session_ask(session, "EHLO %s", name))
		return smtp_session_lost(session, "EHLO", err_r);
	if (session->reply.code >= 500 && !smtp_session_ask(session, "HELO %s", name))
		return smtp_session_lost(session, "HELO", err_r);
	return session->reply.code == 250 ? DONE : not_ready(session, err_r);
}

static bool
offers(const void *context, const char *mechanism)
{
	return smtp_has_word(context, mechanism);
}

/* "*" gives the login up, and nothing more is said on this connection. */
static enum outcome
give_up(struct smtp_session *session)
{
	smtp_session_send(session, "*\r\n", 3);
	session->end = SMTP_GARBLED;
	return LATER;
}

static enum outcome
exchange(struct smtp_session *session, struct err *err_r)
{
	const char *answer;
	bool went = smtp_session_ask(session, "AUTH %s", sasl_name(session->sasl));

	for (int step = 0; went && session->reply.code == 334; step++) {
		if (step == LOGIN_STEPS) {
			went = ended(session, SMTP_GARBLED);
			break;
		}
		if (sasl_answer(session->sasl, session->challenge, &answer, err_r) != DONE)
			return give_up(session);
		went = smtp_session_ask(session, "%s", answer);
	}
	if (!went)
		return smtp_session_lost(session, "the login", err_r);
	if (session->reply.code / 100 != 2)
		return err_set(err_r, LATER, "%s does not accept the login: %s",
			session->server->host, session->reply.text);
	if (sasl_proved(session->sasl, err_r) != DONE)
		return give_up(session);
	return DONE;
}

static enum outcome
log_in(struct smtp_session *session, const char *password, struct err *err_r)
{
	const struct conf_server *server = session->server;
	enum outcome outcome;

	if (server->user == NULL || server->user[0] == '\0' || password == NULL)
		return DONE;
	if (sasl_open(server, password, offers, session->auth, &session->sasl, err_r) != DONE)
		return LATER;
	outcome = exchange(session, err_r);
	sasl_close(&session->sasl);
	return outcome;
}

static int
milliseconds_until(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_mono_ms();

	if (left > SMTP_CONNECT_SECONDS * 1000)
		left = SMTP_CONNECT_SECONDS * 1000;
	return left > 0 ? (int)left : 1;
}

enum outcome
smtp_session_open(const struct conf_server *server, const char *name, const char *password,
	int reply_ms, int64_t deadline_ms, struct smtp_session **session_r, struct err *err_r)
{
	struct smtp_session *session;
	struct pipe_line *pipe;
	enum outcome outcome;
	bool greeted;

	outcome = pipe_connect(
		server, name, milliseconds_until(deadline_ms), &pipe, &greeted, err_r);
	if (outcome != DONE)
		return LATER;
	session = mem_alloc(sizeof *session);
	memset(session, 0, sizeof *session);
	session->server = server;
	session->pipe = pipe;
	session->reply_ms = reply_ms;
	session->deadline_ms = clock_mono_ms() + milliseconds_until(deadline_ms);
	*session_r = session;
	outcome = greet(session, name, greeted, err_r);
	if (outcome == DONE)
		outcome = log_in(session, password, err_r);
	session->deadline_ms = deadline_ms;
	return outcome;
}

void
smtp_session_close(struct smtp_session **session)
{
	struct smtp_session *old = *session;

	if (old == NULL)
		return;
	old->deadline_ms = clock_mono_ms() + QUIT_MS;
	if (old->end == SMTP_FINE)
		smtp_session_send(old, "QUIT\r\n", 6);
	pipe_close(&old->pipe);
	mem_wipe(old, sizeof *old);
	free(old);
	*session = NULL;
}
