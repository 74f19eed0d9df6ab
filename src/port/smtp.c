/*
 * Submission, one recipient a message. It is spoken here, over the verified
 * pipe: libcurl's own SMTP cannot tell 4xx from 5xx, knows no SCRAM as Debian
 * builds it, and takes a reply that came too early for the one it waits for.
 * Must not try again by itself once the server has asked for the message.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smtp.h"

#include "base/arena.h"
#include "base/clock.h"
#include "mail/address.h"
#include "port/handle.h"
#include "port/sasl.h"
#include "port/smtp_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MS 60000 /* a connection that lay longer is not used again */
#define CHUNK 16384

struct smtp {
	const struct conf_server *server;
	char *password;
	int reply_seconds, total_seconds;
	struct smtp_session *session; /* kept for the next message, NULL */
	int64_t used_ms;
};

/* The message under way. */
struct sending {
	const char *from, *to;
	const char *bytes;
	size_t len;
	int64_t deadline_ms;
	bool asked; /* 354 came: the server waits for the message */
	bool given; /* the whole of it went out, its end too */
};

enum outcome
smtp_open(const struct conf_server *server, const char *password, struct smtp **smtp_r,
	struct err *err_r)
{
	struct smtp *smtp;

	if (password != NULL && server->user != NULL && server->user[0] != '\0' &&
		sasl_possible(server, password, err_r) != DONE)
		return NEVER;
	smtp = mem_alloc(sizeof *smtp);
	memset(smtp, 0, sizeof *smtp);
	smtp->server = server;
	smtp->password = password != NULL ? mem_strdup(password) : NULL;
	smtp_patience(smtp, SMTP_REPLY_SECONDS, SMTP_TOTAL_SECONDS);
	*smtp_r = smtp;
	return DONE;
}

void
smtp_close(struct smtp **smtp)
{
	struct smtp *old = *smtp;

	if (old == NULL)
		return;
	smtp_session_close(&old->session);
	if (old->password != NULL)
		mem_wipe(old->password, strlen(old->password));
	free(old->password);
	free(old);
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

/* Replies that speak of the login and not of this message, wherever they come. */
static bool
about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

/* What an answer means that is not the one hoped for. */
static enum outcome
unwanted(struct smtp_session *session, const char *what, struct err *err_r)
{
	const char *host = session->server->host;
	int code = session->reply.code;

	if (about_login(code))
		return err_set(err_r, LATER, "%s does not accept the login: %s", host,
			session->reply.text);
	if (code >= 400)
		return err_set(err_r, code >= 500 ? NEVER : LATER, "%s refuses: %s", host,
			session->reply.text);
	session->end = SMTP_GARBLED;
	return smtp_session_lost(session, what, err_r);
}

/* The answer to what was asked: whether it is the one hoped for (3 stands for 354). */
static enum outcome
expect(struct smtp_session *session, bool came, int hundreds, const char *what, struct err *err_r)
{
	if (!came)
		return smtp_session_lost(session, what, err_r);
	return session->reply.code / 100 == hundreds ? DONE : unwanted(session, what, err_r);
}

/* Whom it is from and for; *failed_r is the step that was not taken, SMTP_STEPS when both were. */
static enum outcome
name_envelope(struct smtp_session *session, const char *from, const char *to, const char *size,
	enum smtp_step *failed_r, struct err *err_r)
{
	enum outcome outcome;

	*failed_r = SMTP_SENDER;
	outcome = expect(session, smtp_session_ask(session, "MAIL FROM:<%s>%s", from, size), 2, "MAIL",
		err_r);
	if (outcome != DONE)
		return outcome;
	*failed_r = SMTP_RECIPIENT;
	outcome = expect(session, smtp_session_ask(session, "RCPT TO:<%s>", to), 2, "RCPT", err_r);
	if (outcome == DONE)
		*failed_r = SMTP_STEPS;
	return outcome;
}

static enum outcome
send_envelope(struct smtp_session *session, struct sending *sending, struct err *err_r)
{
	char size[32] = "";
	enum smtp_step failed;
	enum outcome outcome;

	if (session->has_size)
		snprintf(size, sizeof size, " SIZE=%zu", sending->len);
	outcome = name_envelope(session, sending->from, sending->to, size, &failed, err_r);
	if (outcome == DONE)
		outcome = expect(session, smtp_session_ask(session, "DATA"), 3, "DATA", err_r);
	sending->asked = outcome == DONE;
	return outcome;
}

/* Collects what is to be sent, so that a line is not a TLS record of its own. */
struct chunk {
	struct smtp_session *session;
	size_t len;
	char bytes[CHUNK];
};

static bool
chunk_flush(struct chunk *chunk)
{
	size_t len = chunk->len;

	chunk->len = 0;
	return smtp_session_send(chunk->session, chunk->bytes, len);
}

static bool
chunk_put(struct chunk *chunk, const char *bytes, size_t len)
{
	size_t count;

	for (; len > 0; bytes += count, len -= count) {
		count = sizeof chunk->bytes - chunk->len;
		if (count > len)
			count = len;
		memcpy(chunk->bytes + chunk->len, bytes, count);
		chunk->len += count;
		if (chunk->len == sizeof chunk->bytes && !chunk_flush(chunk))
			return false;
	}
	return true;
}

/* The lines, with one more dot before each that begins with one (RFC 5321 section 4.5.2). */
static bool
send_text(struct smtp_session *session, const struct sending *sending)
{
	const char *at = sending->bytes, *end = at + sending->len;
	struct chunk chunk = { .session = session };
	bool fresh = true, went = true;

	while (at < end && went) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		size_t count = feed != NULL ? (size_t)(feed + 1 - at) : (size_t)(end - at);

		if (*at == '.')
			went = chunk_put(&chunk, ".", 1);
		went = went && chunk_put(&chunk, at, count);
		fresh = feed != NULL;
		at += count;
	}
	if (went && !fresh)
		went = chunk_put(&chunk, "\r\n", 2);
	return went && chunk_flush(&chunk);
}

static enum outcome
send_message(struct smtp_session *session, struct sending *sending, struct err *err_r)
{
	static const char what[] = "the message";
	enum outcome outcome = send_envelope(session, sending, err_r);

	if (outcome != DONE)
		return outcome;
	if (!send_text(session, sending))
		return smtp_session_lost(session, what, err_r);
	/* A server that has judged the message before its end was not told the end. */
	if (smtp_session_restless(session))
		return smtp_session_ask(session, NULL) ? unwanted(session, what, err_r) :
							 smtp_session_lost(session, what, err_r);
	if (!smtp_session_send(session, ".\r\n", 3))
		return smtp_session_lost(session, what, err_r);
	sending->given = true;
	return expect(session, smtp_session_ask(session, NULL), 2, what, err_r);
}

/* The connection that was kept, if it is still good. */
static bool
take_kept(struct smtp *smtp, int64_t deadline_ms)
{
	if (smtp->session != NULL &&
		(clock_mono_ms() - smtp->used_ms > KEPT_MS || smtp_session_restless(smtp->session)))
		smtp_session_close(&smtp->session);
	if (smtp->session == NULL)
		return false;
	smtp->session->reply = (struct smtp_reply){ .code = 0 };
	smtp->session->reply_ms = smtp->reply_seconds * 1000;
	smtp->session->deadline_ms = deadline_ms;
	return true;
}

static enum outcome
connect_anew(struct smtp *smtp, const struct sending *sending, struct err *err_r)
{
	const char *name = handle_loopback(smtp->server->host) ? "localhost" :
								  address_domain(sending->from);

	return smtp_session_open(smtp->server, name, smtp->password, smtp->reply_seconds * 1000,
		sending->deadline_ms, &smtp->session, err_r);
}

static enum outcome
try_once(struct smtp *smtp, struct sending *sending, bool kept, struct err *err_r)
{
	enum outcome outcome = kept ? DONE : connect_anew(smtp, sending, err_r);

	if (outcome == DONE)
		outcome = send_message(smtp->session, sending, err_r);
	smtp->used_ms = clock_mono_ms();
	return outcome;
}

/*
 * A kept connection may have been closed by the server just as it was used:
 * as long as the server has not asked for the message, a new one can do no harm.
 */
static bool
was_stale(const struct smtp_session *session, const struct sending *sending)
{
	if (sending->asked || session->end == SMTP_LATE)
		return false;
	return session->end == SMTP_CUT || session->reply.code == 421;
}

static void
tell(const struct smtp *smtp, const struct sending *sending, enum outcome outcome,
	struct smtp_result *result_r, struct err *err_r)
{
	const struct smtp_session *session = smtp->session;

	if (session == NULL)
		return;
	result_r->code = session->reply.code;
	snprintf(result_r->reply, sizeof result_r->reply, "%s", session->reply.text);
	result_r->unknown = outcome != DONE && sending->given && session->end != SMTP_FINE;
	if (result_r->unknown)
		err_set(err_r, LATER,
			"%s was cut off after the message's end: it may have taken it",
			smtp->server->host);
}

enum outcome
smtp_submit(struct smtp *smtp, const char *from, const char *to, const void *bytes, size_t len,
	struct smtp_result *result_r, struct err *err_r)
{
	struct sending sending = { .from = from, .to = to, .bytes = bytes, .len = len };
	enum outcome outcome;
	bool kept;

	*result_r = (struct smtp_result){ .code = 0 };
	if (!address_valid(from) || !address_valid(to))
		return err_set(
			err_r, NEVER, "sender or recipient is no address that can be sent to");
	if (!lines_whole(bytes, len))
		return err_set(err_r, NEVER, "the message has line ends that are not CR LF");
	sending.deadline_ms = clock_mono_ms() + (int64_t)smtp->total_seconds * 1000 +
		(int64_t)len * 1000 / SMTP_SLOWEST;
	kept = take_kept(smtp, sending.deadline_ms);
	outcome = try_once(smtp, &sending, kept, err_r);
	if (kept && outcome != DONE && was_stale(smtp->session, &sending)) {
		smtp_session_close(&smtp->session);
		outcome = try_once(smtp, &sending, false, err_r);
	}
	tell(smtp, &sending, outcome, result_r, err_r);
	if (outcome != DONE)
		smtp_session_close(&smtp->session);
	return outcome;
}

enum outcome
smtp_try(struct smtp *smtp, const char *from, const char *to, enum smtp_step *failed_r,
	struct err *err_r)
{
	struct sending sending = { .from = from, .to = to };
	enum outcome outcome;

	*failed_r = SMTP_SENDER;
	if (!address_valid(from))
		return err_set(err_r, NEVER, "the sender is no address that can be sent from");
	*failed_r = SMTP_RECIPIENT;
	if (!address_valid(to))
		return err_set(err_r, NEVER, "the recipient is no address that can be sent to");
	*failed_r = SMTP_LOGIN;
	sending.deadline_ms = clock_mono_ms() + (int64_t)smtp->total_seconds * 1000;
	outcome = connect_anew(smtp, &sending, err_r);
	if (outcome == DONE)
		outcome = name_envelope(smtp->session, from, to, "", failed_r, err_r);
	/* What there is to know is known; whatever comes to this, no DATA follows. */
	if (smtp->session != NULL)
		(void)smtp_session_ask(smtp->session, "RSET");
	smtp_session_close(&smtp->session);
	return outcome;
}
