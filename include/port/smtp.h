/*
 * Submission of one message over the verified pipe: used by the wire room alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_SMTP_H
#define PORT_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "port/conf.h"

struct arena;
struct smtp;

struct smtp_result {
	int code;		/* the server's last reply code, 0 when there was none */
	char reply[256];	/* the last reply line, printable */
	bool unknown;		/* cut after the final dot: the server may have taken it */
};

/*
 * A handle that keeps its connection for the next message; server must outlive
 * it. password may be NULL when the server has no user. NEVER: user or password
 * cannot be sent. Nothing is sent yet.
 */
enum outcome smtp_open(const struct conf_server *server, const char *password,
	struct smtp **smtp_r, struct err *err_r);
void smtp_close(struct smtp **smtp);

#define SMTP_CONNECT_SECONDS 60	/* name, TCP, TLS, greeting, EHLO and login together */
#define SMTP_REPLY_SECONDS 300	/* one reply (RFC 5321 section 4.5.3.2) */
#define SMTP_TOTAL_SECONDS 600	/* one message, and what its bytes take at SMTP_SLOWEST */
#define SMTP_SLOWEST (32 * 1024)	/* bytes a second */

/* Waits less than SMTP_REPLY_SECONDS and SMTP_TOTAL_SECONDS from now on: for tests and a drill. */
void smtp_patience(struct smtp *smtp, int reply_seconds, int total_seconds);

/*
 * Submits the bytes (CRLF line ends; dots are stuffed here) from `from` to the
 * one recipient. DONE: 2xx after the final dot. LATER: 4xx, connection faults,
 * a cut, refused credentials. NEVER: 5xx to sender, recipient or data, or an
 * address that address_valid() refuses. *result_r is filled whatever comes. A
 * kept connection that the server has closed meanwhile is replaced here.
 */
enum outcome smtp_submit(struct smtp *smtp, const char *from, const char *to, const void *bytes,
	size_t len, struct smtp_result *result_r, struct err *err_r);

/* How far a try came; in the order in which a server is asked. */
enum smtp_step { SMTP_LOGIN, SMTP_SENDER, SMTP_RECIPIENT, SMTP_STEPS };

/*
 * Connects, logs in, names sender and recipient, takes both back (RSET) and
 * hangs up: no message is sent. The handle is of no use afterwards. *failed_r
 * is filled whatever comes: the step that was refused, SMTP_STEPS for none.
 */
enum outcome smtp_try(struct smtp *smtp, const char *from, const char *to,
	enum smtp_step *failed_r, struct err *err_r);

#endif
