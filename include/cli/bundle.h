/*
 * What `backup --keys` locks and `restore` opens: a tar archive of the keyrings
 * (each locked by itself), the pairs for sealing at rest, the conf and the files
 * that it names.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_BUNDLE_H
#define CLI_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;

#define BUNDLE_KEYRINGS 64
#define BUNDLE_FILES 512

struct bundle_keyring {
	const char *home;	/* where it stood */
	const char *desks;	/* the titles of its desks, one a line */
	const char *locked;	/* vault_give()'s */
	size_t len;
};

struct bundle_pair {
	const char *desk;
	unsigned char public_half[32];
	const char *sealed;	/* the secret half, sealed to the desk's key */
	size_t len;
};

struct bundle_file {
	const char *path;	/* absolute */
	unsigned mode;
	const char *bytes;
	size_t len;
};

struct bundle {
	const char *conf_file;	/* which of the files is the conf */
	struct bundle_keyring keyrings[BUNDLE_KEYRINGS];
	struct bundle_pair pairs[BUNDLE_KEYRINGS];
	struct bundle_file files[BUNDLE_FILES];
	size_t keyring_count, pair_count, file_count;
};

/* Packs it. NEVER: a path is too long, or there is too much of it. */
enum outcome bundle_write(struct arena *arena, const struct bundle *bundle, char **bytes_r,
	size_t *len_r, struct err *err_r);

/* Takes it apart; everything lies in the arena. NEVER: it is not whole. */
enum outcome bundle_read(struct arena *arena, const char *bytes, size_t len, struct bundle *bundle_r,
	struct err *err_r);

#endif
