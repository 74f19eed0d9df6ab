/*
 * A verified TLS (or loopback-only plain) pipe to a server, over libcurl's
 * CONNECT_ONLY: what port/imap and port/smtp lay their sessions on. Blocking calls with
 * deadlines; checks chain, host name and pinned key before a byte of ours goes out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_PIPE_H
#define PORT_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "port/conf.h"

struct pipe_line;

/* Once in a process (libcurl's and GnuTLS's global state). */
void pipe_start(void);

/*
 * Connects within connect_ms to an IMAP server, or to an SMTP server, which is
 * then greeted as smtp_name before STARTTLS. *greeted_r: curl has eaten the
 * greeting (STARTTLS): the caller must do without, or supply one to its parser.
 */
enum outcome pipe_connect(const struct conf_server *server, const char *smtp_name, int connect_ms,
	struct pipe_line **pipe_r, bool *greeted_r, struct err *err_r);
void pipe_close(struct pipe_line **pipe);

/*
 * At least one byte before the deadline (on clock_mono_ms()'s scale), else -1:
 * closed, broken or late. After a -1 the pipe is of no use any more.
 */
ssize_t pipe_read(struct pipe_line *pipe, void *bytes_r, size_t len, int64_t deadline_ms);
ssize_t pipe_write(struct pipe_line *pipe, const void *bytes, size_t len, int64_t deadline_ms);

enum pipe_event { PIPE_DATA, PIPE_TIME, PIPE_FD, PIPE_BROKEN };

/*
 * Waits for data (also what TLS has buffered already: nothing is left lying),
 * for wake_fd (-1 for none), which goes first, or for the time (negative: for ever).
 */
enum pipe_event pipe_wait(struct pipe_line *pipe, int wake_fd, int timeout_ms);

/* The socket. */
int pipe_fd(const struct pipe_line *pipe);

#endif
