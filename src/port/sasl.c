/*
 * SCRAM by libgsasl, and the mechanisms of one message, whose few bytes are
 * written here. libetpan's SASL is not used: it loads plug-ins from disk while
 * it runs, which a locked room can't. Must not go on with a server that does
 * not prove itself where the mechanism lets it: such a one may be given the
 * password by no other way afterwards.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/sasl.h"

#include "base/arena.h"
#include "base/text.h"

#include <gsasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLEAR_MAX (SASL_SECRET_MAX + 2 * SASL_NAME_MAX) /* an answer before base64 */
#define CHALLENGE_MAX 4096
#define CODED_MIN 4 /* an answer that is shorter says nothing */

enum mechanism { SCRAM_SHA_256, SCRAM_SHA_1, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2 };

/* From the strongest to the weakest of those that a password is for. */
static const struct {
	const char *name;
	enum conf_auth auth;
	bool automatic;
} mechanisms[] = {
	[SCRAM_SHA_256] = { "SCRAM-SHA-256", AUTH_SCRAM, true },
	[SCRAM_SHA_1] = { "SCRAM-SHA-1", AUTH_SCRAM, true },
	[PLAIN] = { "PLAIN", AUTH_PLAIN, true },
	[LOGIN] = { "LOGIN", AUTH_LOGIN, true },
	[OAUTHBEARER] = { "OAUTHBEARER", AUTH_OAUTHBEARER, false },
	[XOAUTH2] = { "XOAUTH2", AUTH_XOAUTH2, false },
};

struct sasl {
	const struct conf_server *server;
	enum mechanism mechanism;
	char *password;
	char *coded;	/* the password in base64 */
	char *answer;	/* the last one, in base64 */
	int step;
	Gsasl *gsasl;	/* SCRAM's */
	Gsasl_session *session;
	bool proved;
};

static void
forget(char **text)
{
	if (*text != NULL)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static char *
base64(const char *bytes, size_t len)
{
	char *coded = NULL;

	/* Without memory there is no going on, as in mem_alloc(). */
	if (gsasl_base64_to(bytes, len, &coded, NULL) != GSASL_OK)
		abort();
	return coded;
}

/* What would end a name early, in a mechanism or on a line. */
static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7F)
			return true;
	return false;
}

enum outcome
sasl_possible(const struct conf_server *server, const char *password, struct err *err_r)
{
	if (server->user == NULL || server->user[0] == '\0' ||
		strlen(server->user) >= SASL_NAME_MAX || has_control(server->user))
		return err_set(err_r, NEVER,
			"%s: the user's name is empty, too long or has control characters",
			server->host);
	if (password == NULL || password[0] == '\0' || strlen(password) >= SASL_SECRET_MAX ||
		has_control(password))
		return err_set(err_r, NEVER,
			"%s: the password is empty, too long or has control characters",
			server->host);
	return DONE;
}

/*
 * Some servers do not name the mechanisms of tokens: asked for by the conf, one
 * is tried. SCRAM has two names, and the conf's word for it means the stronger.
 */
static enum outcome
choose(const struct conf_server *server, sasl_offers_fn *offers, const void *context,
	enum mechanism *mechanism_r, struct err *err_r)
{
	bool automatic = server->auth == AUTH_AUTO;
	size_t i;

	for (i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (automatic ? !mechanisms[i].automatic : mechanisms[i].auth != server->auth)
			continue;
		if ((automatic || server->auth == AUTH_SCRAM) &&
			!offers(context, mechanisms[i].name))
			continue;
		*mechanism_r = (enum mechanism)i;
		return DONE;
	}
	return err_set(err_r, NEVER, "%s offers no login %s", server->host,
		automatic ? "of a kind that is known here" : "by SCRAM");
}

static enum outcome
open_scram(struct sasl *sasl, struct err *err_r)
{
	int result = gsasl_init(&sasl->gsasl);

	if (result == GSASL_OK)
		result = gsasl_client_start(
			sasl->gsasl, mechanisms[sasl->mechanism].name, &sasl->session);
	if (result == GSASL_OK)
		result = gsasl_property_set(sasl->session, GSASL_AUTHID, sasl->server->user);
	if (result == GSASL_OK)
		result = gsasl_property_set(sasl->session, GSASL_PASSWORD, sasl->password);
	if (result != GSASL_OK)
		return err_set(err_r, NEVER, "SCRAM cannot be had from libgsasl: %s",
			gsasl_strerror(result));
	return DONE;
}

enum outcome
sasl_open(const struct conf_server *server, const char *password, sasl_offers_fn *offers,
	const void *context, struct sasl **sasl_r, struct err *err_r)
{
	enum mechanism mechanism = PLAIN;
	enum outcome outcome;
	struct sasl *sasl;

	outcome = sasl_possible(server, password, err_r);
	if (outcome == DONE)
		outcome = choose(server, offers, context, &mechanism, err_r);
	if (outcome != DONE)
		return outcome;
	sasl = mem_alloc(sizeof *sasl);
	memset(sasl, 0, sizeof *sasl);
	sasl->server = server;
	sasl->mechanism = mechanism;
	sasl->password = mem_strdup(password);
	sasl->coded = base64(password, strlen(password));
	if (mechanism == SCRAM_SHA_256 || mechanism == SCRAM_SHA_1)
		outcome = open_scram(sasl, err_r);
	if (outcome != DONE) {
		sasl_close(&sasl);
		return outcome;
	}
	*sasl_r = sasl;
	return DONE;
}

void
sasl_close(struct sasl **sasl)
{
	struct sasl *old = *sasl;
	const char *kept;

	if (old == NULL)
		return;
	if (old->session != NULL) {
		/* libgsasl frees its copy as it is. */
		kept = gsasl_property_fast(old->session, GSASL_PASSWORD);
		if (kept != NULL)
			mem_wipe((char *)(uintptr_t)kept, strlen(kept));
		gsasl_finish(old->session);
	}
	if (old->gsasl != NULL)
		gsasl_done(old->gsasl);
	forget(&old->password);
	forget(&old->coded);
	forget(&old->answer);
	free(old);
	*sasl = NULL;
}

const char *
sasl_name(const struct sasl *sasl)
{
	return mechanisms[sasl->mechanism].name;
}

unsigned long
sasl_rounds(const char *message, size_t len)
{
	unsigned long rounds = 0;
	size_t i = 0;

	/* "r=NONCE,s=SALT,i=ROUNDS": no comma stands inside a value (RFC 5802 section 5.1). */
	while (i + 3 <= len && memcmp(message + i, ",i=", 3) != 0)
		i++;
	if (i + 3 > len)
		return 0;
	for (i += 3; i < len && message[i] >= '0' && message[i] <= '9'; i++) {
		if (rounds > SASL_ROUNDS_MAX)
			return rounds;
		rounds = rounds * 10 + (unsigned long)(message[i] - '0');
	}
	return i == len || message[i] == ',' ? rounds : 0;
}

static enum outcome
check_rounds(const struct sasl *sasl, const char *challenge, struct err *err_r)
{
	unsigned long rounds = 0;
	char *message = NULL;
	size_t len = 0;

	if (strlen(challenge) <= CHALLENGE_MAX &&
		gsasl_base64_from(challenge, strlen(challenge), &message, &len) == GSASL_OK)
		rounds = sasl_rounds(message, len);
	gsasl_free(message);
	if (rounds < SASL_ROUNDS_MIN || rounds > SASL_ROUNDS_MAX)
		return err_set(err_r, NEVER,
			"%s asks for %lu rounds of %s: %d to %d are done here", sasl->server->host,
			rounds, sasl_name(sasl), SASL_ROUNDS_MIN, SASL_ROUNDS_MAX);
	return DONE;
}

static enum outcome
answer_scram(struct sasl *sasl, const char *challenge, struct err *err_r)
{
	int result;

	if (sasl->step == 2 && check_rounds(sasl, challenge, err_r) != DONE)
		return NEVER;
	result = gsasl_step64(sasl->session, challenge, &sasl->answer);
	sasl->proved = result == GSASL_OK;
	if (result == GSASL_OK || result == GSASL_NEEDS_MORE)
		return DONE;
	if (sasl->step == 3)
		return err_set(err_r, NEVER, "%s does not prove that it knows the password too",
			sasl->server->host);
	return err_set(err_r, NEVER, "%s: its part of %s is not right: %s", sasl->server->host,
		sasl_name(sasl), gsasl_strerror(result));
}

/*
 * The message of each of the others (RFC 4616, RFC 7628, Google's XOAUTH2); LOGIN
 * has two. A server that refuses a token gives the reason as a challenge, and
 * waits for a word before its refusal.
 */
static int
clear_answer(const struct sasl *sasl, char clear_r[CLEAR_MAX])
{
	const struct conf_server *server = sasl->server;

	if (sasl->mechanism == LOGIN)
		return snprintf(clear_r, CLEAR_MAX, "%s",
			sasl->step == 1 ? server->user : sasl->password);
	if (sasl->step > 1)
		return snprintf(
			clear_r, CLEAR_MAX, "%s", sasl->mechanism == OAUTHBEARER ? "\001" : "");
	if (sasl->mechanism == XOAUTH2)
		return snprintf(clear_r, CLEAR_MAX, "user=%s\001auth=Bearer %s\001\001",
			server->user, sasl->password);
	if (sasl->mechanism == OAUTHBEARER)
		return snprintf(clear_r, CLEAR_MAX,
			"n,a=%s,\001host=%s\001port=%d\001auth=Bearer %s\001\001", server->user,
			server->host, server->port, sasl->password);
	return snprintf(clear_r, CLEAR_MAX, "%c%s%c%s", 0, server->user, 0, sasl->password);
}

static enum outcome
answer_clear(struct sasl *sasl, struct err *err_r)
{
	char clear[CLEAR_MAX];
	int len;

	if (sasl->step > (sasl->mechanism == PLAIN ? 1 : 2))
		return err_set(err_r, NEVER, "%s asks for more than %s has", sasl->server->host,
			sasl_name(sasl));
	len = clear_answer(sasl, clear);
	if (len < 0 || len >= CLEAR_MAX)
		return err_set(err_r, NEVER, "the password for %s is too long", sasl->server->host);
	sasl->answer = base64(clear, (size_t)len);
	mem_wipe(clear, (size_t)len);
	return DONE;
}

enum outcome
sasl_answer(struct sasl *sasl, const char *challenge, const char **answer_r, struct err *err_r)
{
	enum outcome outcome;

	forget(&sasl->answer);
	sasl->step++;
	if (sasl->session != NULL)
		outcome = answer_scram(sasl, challenge, err_r);
	else
		outcome = answer_clear(sasl, err_r);
	if (outcome == DONE)
		*answer_r = sasl->answer != NULL ? sasl->answer : "";
	return outcome;
}

enum outcome
sasl_proved(const struct sasl *sasl, struct err *err_r)
{
	if (sasl->session == NULL || sasl->proved)
		return DONE;
	return err_set(err_r, NEVER, "%s does not prove that it knows the password too",
		sasl->server->host);
}

static bool
bears(const char *words, const char *secret, size_t least)
{
	return secret != NULL && strlen(secret) >= least && strstr(words, secret) != NULL;
}

const char *
sasl_clean(const struct sasl *sasl, const char *words)
{
	if (bears(words, sasl->password, SASL_SECRET_MIN) ||
		bears(words, sasl->coded, CODED_MIN) || bears(words, sasl->answer, CODED_MIN))
		return "(its words are left out)";
	return words;
}
