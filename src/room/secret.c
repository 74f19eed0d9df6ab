/*
 * Passwords and passphrases: read by the room that uses them, never by the desk.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/secret.h"

#include "base/arena.h"
#include "base/io.h"

#include <stdlib.h>
#include <string.h>

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
