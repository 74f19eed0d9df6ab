/*
 * A client's half of a login by SASL, for IMAP and SMTP alike: which mechanism,
 * and its answers in base64. Sends nothing itself. Trusts no challenge: one
 * that is not right, or that would keep us computing for hours, ends the login.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_SASL_H
#define PORT_SASL_H

#include <stdbool.h>

#include "base/err.h"
#include "port/conf.h"

struct sasl;

#define SASL_NAME_MAX 512	/* bytes of a user's name */
#define SASL_SECRET_MAX 8192	/* bytes of a password or token */
#define SASL_SECRET_MIN 4	/* a shorter password would be found in every sentence */
/* Rounds that a server may ask for in SCRAM: RFC 7677's least, and about a second of computing. */
#define SASL_ROUNDS_MIN 4096
#define SASL_ROUNDS_MAX 1000000

/*
 * Whether these can be sent at all. NEVER: one is empty, too long or has
 * characters that would end it early.
 */
enum outcome sasl_possible(const struct conf_server *server, const char *password,
	struct err *err_r);

/* Whether the server offers a mechanism of that name. */
typedef bool sasl_offers_fn(const void *context, const char *mechanism);

/*
 * A login by server->auth, of which "auto" means the strongest of SCRAM-SHA-256,
 * SCRAM-SHA-1, PLAIN and LOGIN that is offered. NEVER: what is wanted is not
 * offered (a token's mechanism may be left out of the offer). server must
 * outlive it; the password is copied, and wiped at the end.
 */
enum outcome sasl_open(const struct conf_server *server, const char *password,
	sasl_offers_fn *offers, const void *context, struct sasl **sasl_r, struct err *err_r);
void sasl_close(struct sasl **sasl);

/* The mechanism's name, as it is sent. */
const char *sasl_name(const struct sasl *sasl);

/*
 * The answer to a challenge (both in base64; the first challenge is empty),
 * valid until the next call. NEVER: the challenge is not right, and no answer
 * must be sent but the "*" that gives the login up.
 */
enum outcome sasl_answer(struct sasl *sasl, const char *challenge, const char **answer_r,
	struct err *err_r);

/*
 * Asked when the server says that all is well. NEVER: by this mechanism it had
 * to prove that it knows the password too, and has not.
 */
enum outcome sasl_proved(const struct sasl *sasl, struct err *err_r);

/* The server's words, or a phrase in their place when they repeat the password in some form. */
const char *sasl_clean(const struct sasl *sasl, const char *words);

/*
 * The rounds that the first message of a SCRAM server asks for, 0 when it is
 * not one. len bytes, of which any may be anything.
 */
unsigned long sasl_rounds(const char *message, size_t len);

#endif
