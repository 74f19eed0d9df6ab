/*
 * Passwords and passphrases: read by the room that uses them, never by the
 * desk, from their file or out of the errand's pipe.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/secret.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "room/room.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACE_MS 1000 /* the errand ends a slow command itself, and shall have the first word */

enum outcome
secret_read(struct arena *arena, const char *path, char **secret_r, struct err *err_r)
{
	char *secret;
	size_t len;

	if (path[0] == '\0') {
		*secret_r = NULL;
		return DONE;
	}
	if (io_read_file(arena, path, SECRET_MAX, &secret, &len, err_r) != DONE)
		return err_wrap(err_r, LATER, "the secret in %s", path);
	secret[strcspn(secret, "\r\n")] = '\0';
	*secret_r = secret;
	return DONE;
}

void
secret_renew(char **secret, const char *newer)
{
	if (*secret != NULL)
		mem_wipe(*secret, strlen(*secret));
	free(*secret);
	*secret = newer != NULL ? mem_strdup(newer) : NULL;
}

void
secret_receive(int fd, char **secret)
{
	int64_t until = clock_mono_ms() + ERRAND_MS + GRACE_MS;
	char bytes[SECRET_MAX + 1];
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < SECRET_MAX) {
		struct pollfd wait = { fd, POLLIN, 0 };
		int64_t left = until - clock_mono_ms();

		got = left > 0 && poll(&wait, 1, (int)left) > 0
			? read(fd, bytes + len, SECRET_MAX - len)
			: -1;
		if (got > 0)
			len += (size_t)got;
	}
	bytes[len] = '\0';
	if (got == 0 && len > 0)
		secret_renew(secret, bytes);
	mem_wipe(bytes, sizeof(bytes));
}
