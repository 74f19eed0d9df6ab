/*
 * `backup`: a copy of the store, and with --keys all that a new machine needs
 * beside it, locked with a passphrase. Secret keys pass through no memory but
 * the vault's; the passwords' files do through ours, and nothing is on a disk
 * before it is locked.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/bundle.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "room/vault.h"

#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#define FILE_MAX ((size_t)4 * 1024 * 1024)	/* bytes of a file that the conf names */
#define TITLES_MAX (8 * 1024)

struct backup {
	struct cli *cli;
	const char *passphrase;
	struct vault *vaults[CONF_DESKS_MAX];	/* of each home, at its first desk */
	struct bundle *bundle;
};

static int
failed(enum outcome outcome, const struct err *err)
{
	return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_CANTCREAT, "%s", err->text);
}

static const char *
home_of(const struct cli *cli, size_t desk)
{
	return cli->conf->desks[desk].pgp.home;
}

/* Before the store is open: they are forked. */
static int
open_vaults(struct backup *backup)
{
	struct cli *cli = backup->cli;
	enum outcome outcome;
	struct err err;

	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		if (cli_keyring_of(cli, i) != i)
			continue;
		outcome = vault_open(home_of(cli, i), cli->conf->desks[i].pgp.passphrase_file,
			&backup->vaults[i], &err);
		if (outcome != DONE)
			return failed(outcome, &err);
	}
	return EX_OK;
}

static const char *
titles_at(struct cli *cli, size_t keyring)
{
	struct text titles;

	text_init(&titles, cli->arena, TITLES_MAX);
	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		if (cli_keyring_of(cli, i) == keyring)
			text_addf(&titles, "%s\n", cli->conf->policy.desks[i].title);
	}
	return titles.data;
}

static int
add_keyrings(struct backup *backup)
{
	struct cli *cli = backup->cli;
	struct bundle *bundle = backup->bundle;

	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		struct bundle_keyring *keyring = &bundle->keyrings[bundle->keyring_count];
		enum outcome outcome;
		struct err err;
		char *locked;

		if (backup->vaults[i] == NULL)
			continue;
		outcome = vault_give(backup->vaults[i], cli->arena, backup->passphrase, &locked,
			&keyring->len, &err);
		if (outcome != DONE)
			return failed(outcome, &err);
		keyring->locked = locked;
		keyring->home = home_of(cli, i);
		keyring->desks = titles_at(cli, i);
		bundle->keyring_count++;
	}
	return EX_OK;
}

static void
add_pairs(struct backup *backup)
{
	struct cli *cli = backup->cli;
	struct bundle *bundle = backup->bundle;

	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		struct bundle_pair *pair = &bundle->pairs[bundle->pair_count];
		char *sealed;

		pair->desk = cli->conf->policy.desks[i].title;
		if (!store_box_get(cli->store, cli->arena, pair->desk, pair->public_half, &sealed,
			    &pair->len))
			continue;
		pair->sealed = sealed;
		bundle->pair_count++;
	}
}

static int
add_file(struct backup *backup, const char *path)
{
	struct cli *cli = backup->cli;
	struct bundle *bundle = backup->bundle;
	struct stat st;
	struct err err;
	char *bytes;
	size_t len;

	for (size_t i = 0; i < bundle->file_count; i++) {
		if (text_equal(bundle->files[i].path, path))
			return EX_OK;
	}
	if (bundle->file_count == BUNDLE_FILES)
		return cli_fail(EX_CANTCREAT, "the conf names more than %d files", BUNDLE_FILES);
	if (io_read_file(cli->arena, path, FILE_MAX, &bytes, &len, &err) != DONE)
		return cli_fail(EX_NOINPUT, "%s", err.text);
	if (stat(path, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s is gone", path);
	bundle->files[bundle->file_count++] =
		(struct bundle_file){ path, (unsigned)st.st_mode & 0777U, bytes, len };
	return EX_OK;
}

static int
add_files(struct backup *backup)
{
	const struct conf *conf = backup->cli->conf;
	int status = add_file(backup, conf->file);

	backup->bundle->conf_file = conf->file;
	for (size_t i = 0; status == EX_OK && i < conf->files.count; i++)
		status = add_file(backup, conf->files.at[i]);
	return status;
}

/* All of it, locked once more as a whole. */
static int
write_keys(struct backup *backup)
{
	struct cli *cli = backup->cli;
	enum outcome outcome;
	char *bytes, *locked;
	struct err err;
	size_t len;

	outcome = bundle_write(cli->arena, backup->bundle, &bytes, &len, &err);
	if (outcome == DONE)
		outcome = vault_lock(backup->vaults[0], cli->arena, backup->passphrase, bytes, len,
			&locked, &len, &err);
	if (outcome == DONE)
		outcome = io_put_file(cli->options[CLI_KEYS], locked, len, 0600, true, &err);
	return outcome == DONE ? EX_OK : failed(outcome, &err);
}

static int
backup_keys(struct backup *backup)
{
	int status = add_keyrings(backup);

	if (status == EX_OK)
		status = add_files(backup);
	if (status != EX_OK)
		return status;
	add_pairs(backup);
	status = cli_read_well(backup->cli);
	return status == EX_OK ? write_keys(backup) : status;
}

static int
backup_store(struct cli *cli)
{
	struct err err;
	enum outcome outcome = store_backup(cli->store, cli->args[0], &err);

	return outcome == DONE ? EX_OK : failed(outcome, &err);
}

int
verb_backup(struct cli *cli)
{
	struct backup backup = { .cli = cli };
	bool keys = cli->options[CLI_KEYS] != NULL;
	int status = EX_OK;

	if (!keys && cli->options[CLI_PASSPHRASE_FILE] != NULL)
		return cli_fail(EX_USAGE, "--passphrase-file goes with --keys");
	if (keys && text_equal(cli->options[CLI_KEYS], cli->args[0]))
		return cli_fail(EX_USAGE, "the copy and its keys are two files");
	if (keys) {
		backup.bundle = arena_alloc(cli->arena, sizeof(*backup.bundle));
		backup.passphrase = ask_passphrase(cli, true, &status);
		if (backup.passphrase == NULL)
			return status;
		status = open_vaults(&backup);
	}
	if (status == EX_OK)
		status = cli_open_store(cli, CLI_STORE_READ);
	if (status == EX_OK)
		status = backup_store(cli);
	if (status == EX_OK && keys)
		status = backup_keys(&backup);
	for (size_t i = 0; i < CONF_DESKS_MAX; i++)
		vault_close(&backup.vaults[i]);
	return status;
}
