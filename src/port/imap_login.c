/*
 * Connecting and logging in. SASL's few bytes are written here: libetpan's SASL
 * loads plug-ins from disk while it runs, which a locked room can't, and keeps
 * the password in its buffers. No sentence ever bears the password, even if the
 * server repeats it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "port/pipe.h"

#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_MAX 8192 /* bytes of a password or token */
#define NAME_MAX_BYTES 512 /* of a user's name */
#define CLEAR_MAX (SECRET_MAX + 2 * NAME_MAX_BYTES) /* a SASL response before base64 */
#define CODED_MAX (CLEAR_MAX / 3 * 4 + 8)
#define LOGOUT_MS 2000

/* A login under way: what must be wiped, and what must not be repeated. */
struct secrets {
	char clear[CLEAR_MAX];
	char coded[CODED_MAX];
};

static size_t
base64(const char *bytes, size_t len, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)bytes;
	size_t i, at = 0;
	uint32_t bits;

	for (i = 0; i < len; i += 3) {
		bits = (uint32_t)in[i] << 16;
		bits |= i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0;
		bits |= i + 2 < len ? in[i + 2] : 0;
		out[at++] = digits[bits >> 18];
		out[at++] = digits[bits >> 12 & 63];
		out[at++] = i + 1 < len ? digits[bits >> 6 & 63] : '=';
		out[at++] = i + 2 < len ? digits[bits & 63] : '=';
	}
	out[at] = '\0';
	return at;
}

static enum outcome
login_refused(struct imap *imap, const struct secrets *secrets, const char *password,
	const char *text, struct err *err_r)
{
	if (strstr(text, password) != NULL ||
		(secrets->coded[0] != '\0' && strstr(text, secrets->coded) != NULL))
		text = "(its words are left out)";
	return imap_refused(imap, "the login", text, err_r);
}

/* The one message of each mechanism (RFC 4616, RFC 7628, Google's XOAUTH2). */
static int
sasl_clear(struct secrets *secrets, const struct conf_server *server, enum conf_auth auth,
	const char *password)
{
	char *out = secrets->clear;

	if (auth == AUTH_XOAUTH2)
		return snprintf(out, CLEAR_MAX, "user=%s\001auth=Bearer %s\001\001", server->user,
			password);
	if (auth == AUTH_OAUTHBEARER)
		return snprintf(out, CLEAR_MAX,
			"n,a=%s,\001host=%s\001port=%d\001auth=Bearer %s\001\001", server->user,
			server->host, server->port, password);
	return snprintf(out, CLEAR_MAX, "%c%s%c%s", 0, server->user, 0, password);
}

static const char *
sasl_name(enum conf_auth auth)
{
	if (auth == AUTH_XOAUTH2)
		return "XOAUTH2";
	return auth == AUTH_OAUTHBEARER ? "OAUTHBEARER" : "PLAIN";
}

/*
 * After its one "+" a server that refuses a token sends a second, with the
 * reason, and waits for a word before its NO.
 */
static enum imap_answer
sasl_exchange(struct imap *imap, struct secrets *secrets, enum conf_auth auth,
	char line[IMAP_LINE_MAX], const char **text_r)
{
	const char *sigh = auth == AUTH_OAUTHBEARER ? "AQ==\r\n" : "\r\n";
	char tag[IMAP_TAG_MAX];
	enum imap_answer answer;

	if (!imap_sendf(imap, tag, "AUTHENTICATE %s", sasl_name(auth)))
		return IMAP_LOST;
	answer = imap_await(imap, tag, line, text_r);
	if (answer != IMAP_CONTINUE)
		return answer;
	if (!imap_send(imap, secrets->coded, strlen(secrets->coded)) ||
		!imap_send(imap, "\r\n", 2))
		return IMAP_LOST;
	answer = imap_await(imap, tag, line, text_r);
	if (answer != IMAP_CONTINUE)
		return answer;
	if (!imap_send(imap, sigh, strlen(sigh)))
		return IMAP_LOST;
	return imap_await(imap, tag, line, text_r);
}

static enum imap_answer
login_plain(struct imap *imap, const struct conf_server *server, const char *password,
	struct secrets *secrets, char line[IMAP_LINE_MAX], const char **text_r)
{
	char *user = secrets->clear, *pass = secrets->clear + 2 * NAME_MAX_BYTES;
	char tag[IMAP_TAG_MAX];

	if (!imap_quote(server->user, user, 2 * NAME_MAX_BYTES) ||
		!imap_quote(password, pass, SECRET_MAX)) {
		*text_r = "LOGIN cannot carry such a name or password; auth = \"plain\" can";
		return IMAP_NO;
	}
	if (!imap_sendf(imap, tag, "LOGIN %s %s", user, pass))
		return IMAP_LOST;
	return imap_await(imap, tag, line, text_r);
}

/* "auto": PLAIN if it is offered, else LOGIN. */
static enum conf_auth
choose(struct imap *imap, enum conf_auth wanted)
{
	if (wanted != AUTH_AUTO)
		return wanted;
	return mailimap_has_authentication(imap->session, "PLAIN") ? AUTH_PLAIN : AUTH_LOGIN;
}

static enum outcome
authenticate(struct imap *imap, const struct conf_server *server, const char *password,
	struct secrets *secrets, struct err *err_r)
{
	enum conf_auth auth = choose(imap, server->auth);
	char line[IMAP_LINE_MAX];
	const char *text = "";
	enum imap_answer answer;
	int len;

	if (auth == AUTH_LOGIN && mailimap_has_extension(imap->session, "LOGINDISABLED"))
		return err_set(err_r, NEVER, "%s has disabled LOGIN and does not offer PLAIN",
			imap->host);
	if (auth == AUTH_LOGIN) {
		answer = login_plain(imap, server, password, secrets, line, &text);
	} else {
		len = sasl_clear(secrets, server, auth, password);
		if (len < 0 || len >= CLEAR_MAX)
			return err_set(
				err_r, NEVER, "the password for %s is too long", imap->host);
		base64(secrets->clear, (size_t)len, secrets->coded);
		answer = sasl_exchange(imap, secrets, auth, line, &text);
	}
	if (answer == IMAP_OK)
		return DONE;
	if (answer == IMAP_NO || answer == IMAP_BAD)
		return login_refused(imap, secrets, password, text, err_r);
	return imap_lost(imap, "the login", err_r);
}

static enum outcome
login_possible(const struct conf_server *server, const char *password, struct err *err_r)
{
	if (server->auth == AUTH_SCRAM)
		return err_set(err_r, NEVER,
			"%s: SCRAM for IMAP is not in this version; use auth = \"auto\" "
			"(PLAIN within TLS)",
			server->host);
	if (server->user == NULL || server->user[0] == '\0' ||
		strlen(server->user) >= NAME_MAX_BYTES ||
		strpbrk(server->user, "\r\n\001") != NULL)
		return err_set(err_r, NEVER,
			"%s: the user's name is empty, too long or has control characters",
			server->host);
	if (password == NULL || password[0] == '\0' || strlen(password) >= SECRET_MAX ||
		strpbrk(password, "\r\n\001") != NULL)
		return err_set(err_r, NEVER,
			"%s: the password is empty, too long or has control characters",
			server->host);
	return DONE;
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
	struct secrets *secrets;
	enum outcome outcome;

	outcome = read_greeting(imap, greeted, err_r);
	if (outcome == DONE)
		outcome = learn_capabilities(imap, err_r);
	if (outcome != DONE || imap->session->imap_state == MAILIMAP_STATE_AUTHENTICATED)
		return outcome;
	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	secrets = mem_alloc(sizeof *secrets);
	secrets->clear[0] = secrets->coded[0] = '\0';
	outcome = authenticate(imap, server, password, secrets, err_r);
	mem_wipe(secrets, sizeof *secrets);
	free(secrets);
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

	outcome = login_possible(server, password, err_r);
	if (outcome != DONE)
		return outcome;
	outcome = pipe_connect(server, patience->connect_ms, &pipe, &greeted, err_r);
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
