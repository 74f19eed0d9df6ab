/*
 * Waits for a run of GPGME's in a loop of this house's own. GPGME's own does not see
 * that gpg closed a full pipe: where gpg ends before it has taken all of its input,
 * which a mail can bring about, it would turn without an end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include <errno.h>
#include <poll.h>

#define PIPES 16	/* gpg is given a handful */

/* One run at a time: a room does one thing after the other. */
static struct {
	struct pollfd fds[PIPES];	/* -1: free */
	struct {
		gpgme_io_cb_t call;
		void *data;
	} ready[PIPES];
	bool made, done;
	gpgme_error_t error;
} loop;

static void
make(void)
{
	for (size_t i = 0; i < PIPES && !loop.made; i++)
		loop.fds[i].fd = -1;
	loop.made = true;
}

static gpgme_error_t
on_add(void *opaque, int fd, int reads, gpgme_io_cb_t call, void *data, void **tag_r)
{
	(void)opaque;
	for (size_t i = 0; i < PIPES; i++) {
		if (loop.fds[i].fd >= 0)
			continue;
		loop.fds[i] = (struct pollfd){ .fd = fd, .events = reads ? POLLIN : POLLOUT };
		loop.ready[i].call = call;
		loop.ready[i].data = data;
		*tag_r = &loop.fds[i];
		return 0;
	}
	return gpgme_error(GPG_ERR_EMFILE);
}

static void
on_remove(void *tag)
{
	*(struct pollfd *)tag = (struct pollfd){ .fd = -1 };
}

static void
on_event(void *opaque, gpgme_event_io_t type, void *data)
{
	(void)opaque;
	if (type != GPGME_EVENT_DONE)
		return;
	loop.done = true;
	loop.error = ((gpgme_io_event_done_data_t)data)->err;
}

/* A closed pipe counts as ready for whatever is waited for: who writes to it then learns of it. */
static void
turn(gpgme_ctx_t ctx)
{
	int ready = poll(loop.fds, PIPES, -1);

	if (ready < 0 && errno != EINTR)
		gpgme_cancel(ctx);
	if (ready <= 0)
		return;
	for (size_t i = 0; i < PIPES && !loop.done; i++) {
		/* One that another took out meanwhile has nothing to tell any more. */
		if (loop.fds[i].fd < 0 || loop.fds[i].revents == 0)
			continue;
		loop.fds[i].revents = 0;
		(void)loop.ready[i].call(loop.ready[i].data, loop.fds[i].fd);
	}
}

static bool
any(void)
{
	for (size_t i = 0; i < PIPES; i++)
		if (loop.fds[i].fd >= 0)
			return true;
	return false;
}

void
pgp_loop_begin(gpgme_ctx_t ctx)
{
	struct gpgme_io_cbs callbacks = { .add = on_add, .remove = on_remove, .event = on_event };

	make();
	loop.done = false;
	loop.error = 0;
	gpgme_set_io_cbs(ctx, &callbacks);
}

gpgme_error_t
pgp_loop_end(gpgme_ctx_t ctx, gpgme_error_t started)
{
	while (started == 0 && !loop.done && any())
		turn(ctx);
	/* Half started it has pipes here, which must be gone before the callbacks are. */
	if (started != 0)
		gpgme_cancel(ctx);
	/* Listings wait in GPGME's loop, and would find this one else. */
	gpgme_set_io_cbs(ctx, NULL);
	if (started != 0)
		return started;
	return loop.done ? loop.error : gpgme_error(GPG_ERR_GENERAL);
}
