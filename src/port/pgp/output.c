/*
 * Where plaintext goes while gpg still works: a memfd with a cap, hashed on the
 * way, given out only when the whole is known to be good. Never a file.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/io.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* An error from here ends GPGME's part at once; gpg itself is ended by pgp_tidy(). */
static ssize_t
on_write(void *opaque, const void *bytes, size_t len)
{
	struct pgp_output *output = opaque;

	if (len > output->max - output->len) {
		output->over = true;
		errno = EFBIG;
		return -1;
	}
	if (io_write_all(output->fd, bytes, len) != 0) {
		output->broken = true;
		return -1;
	}
	box_sha256_add(&output->hash, bytes, len);
	output->len += len;
	return (ssize_t)len;
}

bool
pgp_output_start(struct pgp_output *output, size_t max)
{
	static struct gpgme_data_cbs callbacks = { .write = on_write };

	memset(output, 0, sizeof(*output));
	output->max = max;
	output->fd = memfd_create("opened", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (output->fd < 0)
		return false;
	if (gpgme_data_new_from_cbs(&output->data, &callbacks, output) != 0) {
		io_close(&output->fd);
		return false;
	}
	box_sha256_start(&output->hash);
	return true;
}

int
pgp_output_take(struct pgp_output *output)
{
	int fd = output->fd;

	gpgme_data_release(output->data);
	output->data = NULL;
	output->fd = -1;
	if (io_memfd_seal(fd) != 0)
		io_close(&fd);
	return fd;
}

void
pgp_output_drop(struct pgp_output *output)
{
	gpgme_data_release(output->data);
	output->data = NULL;
	io_close(&output->fd);
}
