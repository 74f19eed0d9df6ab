/*
 * Reading a secret from its file (first line), into memory that is wiped.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SECRET_H
#define ROOM_SECRET_H

#include "base/err.h"

struct arena;

#define SECRET_MAX 4096

/* The file's first line without its line end, in the (wiped) arena; NULL for path "". LATER with a sentence that names the file alone. */
enum outcome secret_read(struct arena *arena, const char *path, char **secret_r, struct err *err_r);

/* Waits for what the errand writes into the pipe; *secret stays as it is when nothing whole comes. The pipe stays the caller's. */
void secret_receive(int fd, char **secret);

/* Puts a copy of newer (NULL: none) into *secret; what stood there is wiped. */
void secret_renew(char **secret, const char *newer);

#endif
