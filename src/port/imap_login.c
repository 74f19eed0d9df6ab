/*
 * Connecting and logging in. What is said is port/sasl's; here it goes over the
 * wire, and the IMAP command LOGIN for servers that know nothing else. No
 * sentence ever bears the password, even if the server repeats it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "port/pipe.h"
#include "port/sasl.h"

#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGOUT_MS 2000
#define LOGIN_STEPS 8 /* challenges of one login */

/* LOGIN can always be tried, unless the server says that it cannot. */
static bool
offers(const void *context, const char *mechanism)
{
	struct mailimap *session = (struct mailimap *)(uintptr_t)context;

	if (text_equal(mechanism, "LOGIN"))
		return !mailimap_has_extension(session, "LOGINDISABLED");
	return mailimap_has_authentication(session, mechanism);
}

/* "*" gives the login up; what the server says to that is of no use any more. */
static enum imap_answer
give_up(struct imap *imap, const char *tag, char line[IMAP_LINE_MAX], const char **text_r)
{
	if (imap_send(imap, "*\r\n", 3))
		imap_await(imap, tag, line, text_r);
	return IMAP_LOST;
}

/* NEVER in *outcome_r: a challenge was not right, and the sentence says so. */
static enum imap_answer
sasl_exchange(struct imap *imap, struct sasl *sasl, char line[IMAP_LINE_MAX], const char **text_r,
	enum outcome *outcome_r, struct err *err_r)
{
	const char *said = "";
	char tag[IMAP_TAG_MAX];
	enum imap_answer answer;
	int steps = 0;

	if (!imap_sendf(imap, tag, "AUTHENTICATE %s", sasl_name(sasl)))
		return IMAP_LOST;
	while ((answer = imap_await(imap, tag, line, text_r)) == IMAP_CONTINUE) {
		if (++steps > LOGIN_STEPS)
			return give_up(imap, tag, line, text_r);
		*outcome_r = sasl_answer(sasl, line + 1 + strspn(line + 1, " "), &said, err_r);
		if (*outcome_r != DONE)
			return give_up(imap, tag, line, text_r);
		if (!imap_send(imap, said, strlen(said)) || !imap_send(imap, "\r\n", 2))
			return IMAP_LOST;
	}
	if (answer == IMAP_OK)
		*outcome_r = sasl_proved(sasl, err_r);
	return answer;
}

static enum imap_answer
login_plain(struct imap *imap, const struct conf_server *server, const char *password,
	char line[IMAP_LINE_MAX], const char **text_r)
{
	char user[2 * SASL_NAME_MAX], pass[IMAP_LINE_MAX / 2];
	enum imap_answer answer = IMAP_LOST;
	char tag[IMAP_TAG_MAX];

	if (!imap_quote(server->user, user, sizeof user) ||
		!imap_quote(password, pass, sizeof pass)) {
		*text_r = "LOGIN cannot carry such a name or password; auth = \"plain\" can";
		answer = IMAP_NO;
	} else if (imap_sendf(imap, tag, "LOGIN %s %s", user, pass)) {
		answer = imap_await(imap, tag, line, text_r);
	}
	mem_wipe(pass, sizeof pass);
	return answer;
}

static enum outcome
authenticate(struct imap *imap, const struct conf_server *server, const char *password,
	struct err *err_r)
{
	enum outcome outcome = DONE;
	char line[IMAP_LINE_MAX];
	const char *text = "";
	enum imap_answer answer;
	struct sasl *sasl;

	if (server->auth == AUTH_LOGIN && !offers(imap->session, "LOGIN"))
		return err_set(err_r, NEVER, "%s has disabled LOGIN", imap->host);
	if (sasl_open(server, password, offers, imap->session, &sasl, err_r) != DONE)
		return NEVER;
	if (text_equal(sasl_name(sasl), "LOGIN"))
		answer = login_plain(imap, server, password, line, &text);
	else
		answer = sasl_exchange(imap, sasl, line, &text, &outcome, err_r);
	if (outcome == DONE && (answer == IMAP_NO || answer == IMAP_BAD))
		outcome = imap_refused(imap, "the login", sasl_clean(sasl, text), err_r);
	else if (outcome == DONE && answer == IMAP_BYE)
		outcome = imap_said_bye(imap, "the login", sasl_clean(sasl, text), err_r);
	else if (outcome == DONE && answer != IMAP_OK)
		outcome = imap_lost(imap, "the login", err_r);
	sasl_close(&sasl);
	return outcome;
}

static enum outcome
learn_capabilities(struct imap *imap, struct err *err_r)
{
	struct mailimap_capability_data *unused = NULL;
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	result = mailimap_capability(imap->session, &unused);
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(imap, result, "CAPABILITY", err_r);
	mailimap_capability_data_free(unused);
	imap->can_idle = mailimap_has_extension(imap->session, "IDLE");
	imap->can_move = mailimap_has_extension(imap->session, "MOVE");
	imap->can_uidplus = mailimap_has_extension(imap->session, "UIDPLUS");
	return DONE;
}

/*
 * The greeting (RFC 3501 section 7.1), read here: where STARTTLS is used,
 * libcurl has eaten it, and libetpan loses the memory of one that turns us away.
 */
static enum outcome
read_greeting(struct imap *imap, bool greeted, struct err *err_r)
{
	struct mailimap *session = imap->session;
	char line[IMAP_LINE_MAX] = "* OK";

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	if (!greeted && !imap_line(imap, line))
		return imap_lost(imap, "the greeting", err_r);
	imap->broken = !text_starts_ci(line, "* OK") && !text_starts_ci(line, "* PREAUTH");
	if (text_starts_ci(line, "* BYE ")) {
		imap_refused(imap, "the connection", line + 6, err_r);
		return LATER;
	}
	if (imap->broken)
		return err_set(err_r, LATER, "%s does not greet as an IMAP server", imap->host);
	session->imap_stream = imap->stream;
	session->imap_connection_info = mailimap_connection_info_new();
	session->imap_state = text_starts_ci(line, "* PREAUTH") ? MAILIMAP_STATE_AUTHENTICATED :
								  MAILIMAP_STATE_NON_AUTHENTICATED;
	return DONE;
}

static enum outcome
log_in(struct imap *imap, const struct conf_server *server, const char *password, bool greeted,
	struct err *err_r)
{
	enum outcome outcome;

	outcome = read_greeting(imap, greeted, err_r);
	if (outcome == DONE)
		outcome = learn_capabilities(imap, err_r);
	if (outcome != DONE || imap->session->imap_state == MAILIMAP_STATE_AUTHENTICATED)
		return outcome;
	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	outcome = authenticate(imap, server, password, err_r);
	if (outcome != DONE)
		return outcome;
	imap->session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return learn_capabilities(imap, err_r);
}

enum outcome
imap_connect_with(const struct conf_server *server, const char *password,
	const struct imap_patience *patience, struct imap **imap_r, struct err *err_r)
{
	struct imap *imap;
	struct pipe_line *pipe;
	enum outcome outcome;
	bool greeted;

	outcome = sasl_possible(server, password, err_r);
	if (outcome != DONE)
		return outcome;
	outcome = pipe_connect(server, NULL, patience->connect_ms, &pipe, &greeted, err_r);
	if (outcome != DONE)
		return outcome;
	imap = mem_alloc(sizeof *imap);
	memset(imap, 0, sizeof *imap);
	imap->pipe = pipe;
	imap->patience = *patience;
	imap->host = mem_strdup(server->host);
	imap_stream_open(imap);
	outcome = log_in(imap, server, password, greeted, err_r);
	if (outcome != DONE) {
		imap_close(&imap);
		return outcome;
	}
	*imap_r = imap;
	return DONE;
}

enum outcome
imap_connect(const struct conf_server *server, const char *password, struct imap **imap_r,
	struct err *err_r)
{
	static const struct imap_patience patience = {
		.connect_ms = IMAP_CONNECT_SECONDS * 1000,
		.command_ms = IMAP_COMMAND_SECONDS * 1000,
		.silence_ms = IMAP_SILENCE_SECONDS * 1000,
	};

	return imap_connect_with(server, password, &patience, imap_r, err_r);
}

void
imap_close(struct imap **imap)
{
	struct imap *old = *imap;

	if (old == NULL)
		return;
	old->patience.command_ms = old->patience.silence_ms = LOGOUT_MS;
	imap_begin(old, 0, IMAP_REPLY_BYTES, NULL);
	/* libetpan sends LOGOUT and closes the stream, but only one that it was given. */
	if (old->session->imap_stream == NULL && old->stream != NULL)
		mailstream_close(old->stream);
	mailimap_free(old->session);
	free(old->selected);
	free(old->host);
	free(old);
	*imap = NULL;
}
