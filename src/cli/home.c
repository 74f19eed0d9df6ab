/*
 * Keyrings' folders: which desks share one, and what should stand in one before
 * gpg first works in it. Changes nothing that is there.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "port/conf.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/*
 * Two at once in one home would wait for each other's random seed; and of many
 * RSA mails opened at once some fail for want of the agent's locked memory.
 */
const struct cli_home_file cli_home_files[CLI_HOME_FILES] = {
	{ "gpg.conf",
		"# Made by madoguchi.\n"
		"no-random-seed-file\n" },
	{ "gpg-agent.conf",
		"# Made by madoguchi.\n"
		"auto-expand-secmem 0x30000\n"
		"disable-scdaemon\n" },
};

size_t
cli_keyring_of(const struct cli *cli, size_t desk)
{
	size_t i = 0;

	while (!text_equal(cli->conf->desks[i].pgp.home, cli->conf->desks[desk].pgp.home))
		i++;
	return i;
}

int
cli_make_home(struct cli *cli, const char *home)
{
	struct err err;

	if (mkdir(home, 0700) != 0 && errno != EEXIST)
		return cli_fail(EX_CANTCREAT, "%s: %s", home, strerrordesc_np(errno));
	for (size_t i = 0; i < CLI_HOME_FILES; i++) {
		const struct cli_home_file *file = &cli_home_files[i];
		const char *path = arena_printf(cli->arena, "%s/%s", home, file->name);

		if (access(path, F_OK) != 0 &&
			io_put_file(path, file->text, strlen(file->text), 0600, false, &err) != DONE)
			return cli_fail(EX_CANTCREAT, "%s", err.text);
	}
	return EX_OK;
}
