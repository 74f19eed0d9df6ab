/*
 * A libcurl handle with the settings that every connection of ours shares:
 * verified TLS of version 1.2 at least, no proxy, no .netrc, no signals, and
 * clear text to loopback addresses alone. For src/port/curl/ only (but for
 * handle_loopback()); knows no protocol and holds no password.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_HANDLE_H
#define PORT_HANDLE_H

#include <stdbool.h>

#include "base/err.h"
#include "port/conf.h"

struct handle;

/*
 * A handle for that server, which must outlive it. protocols: the URL schemes
 * that it may ever speak. NEVER: the host is not one, or libcurl refuses.
 */
enum outcome handle_new(const struct conf_server *server, const char *protocols,
	struct handle **handle_r, struct err *err_r);
void handle_free(struct handle **handle);

/* libcurl's own handle (a CURL *), the handle's to free. */
void *handle_easy(const struct handle *handle);

/* Sets SCHEME://host:port/path. path is put in as it stands. */
enum outcome handle_url(struct handle *handle, const char *scheme, const char *path,
	struct err *err_r);

/*
 * A sentence on what libcurl's result (a CURLcode) means for this server, and
 * whether trying again can help: NEVER for a certificate, a pinned key, a
 * missing STARTTLS and clear text to a host that is not loopback.
 */
enum outcome handle_failed(const struct handle *handle, int result, struct err *err_r);

/*
 * Called by libcurl's leave while a handshake fails (a CURL *): in a few words
 * what is wrong with the certificate, NULL when that cannot be told.
 */
const char *handle_certificate_fault(void *easy);

/*
 * Before a connection that speaks SMTP or IMAP is closed: libcurl says QUIT or
 * LOGOUT and waits for the answer, but not with the socket closed for reading.
 */
void handle_hush(const struct handle *handle);

/* Whether the host is written as a loopback address or "localhost". */
bool handle_loopback(const char *host);

#endif
