/*
 * A first look at a mail server: how far a connection to it comes (its name,
 * TCP, TLS) and until when its certificate is good. For the wires' trials; no
 * login, and no byte of ours beyond what TLS and STARTTLS need.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_LOOK_H
#define PORT_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "port/conf.h"

enum look_step { LOOK_NAME, LOOK_CONNECT, LOOK_TLS, LOOK_STEPS };

enum look_protocol { LOOK_IMAP, LOOK_SMTP };

struct look {
	enum look_step failed;	/* the step that did not go well; LOOK_STEPS: all went well */
	bool tls;		/* the conf wants TLS, and it was tried */
	int64_t good_until;	/* of the certificate that was shown, UTC; 0: none was seen */
	bool self_signed;	/* its issuer is itself */
};

/*
 * Connects within the time, as the conf says (chain, name, pinned key), and
 * hangs up. DONE: all three steps went well. look_r is filled whatever comes.
 */
enum outcome look_at(const struct conf_server *server, enum look_protocol protocol, int connect_ms,
	struct look *look_r, struct err *err_r);

#endif
