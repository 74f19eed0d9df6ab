/*
 * What the files of `keys roll` share: the conf with another key in it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_KEYS_ROLL_H
#define CLI_KEYS_ROLL_H

#include <stddef.h>

#include "base/err.h"

struct cli;

/*
 * Puts the new fingerprint into the conf in the place of the old one, if that stands
 * there once, and the file as it then is has no mistake. What it was is kept beside it
 * (*kept_r). NEVER, and nothing changed, with the reason: a person must do it.
 */
enum outcome roll_conf(struct cli *cli, size_t desk, const char *old_key, const char *new_key,
	const char **kept_r, struct err *err_r);

#endif
