/*
 * `restore`: a backup where there is nothing yet. What is there is never
 * overwritten: a conf that is there is kept and says where keyring and store go;
 * any other file that is there and differs, or a store, ends it before anything
 * is written. The store comes last: a run that was cut is simply run again.
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
#include "port/pgp.h"
#include "port/store.h"
#include "room/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define MISTAKES_MAX (256 * 1024)
#define COPY_BYTES ((size_t)1024 * 1024)

struct restore {
	struct cli *cli;
	const char *passphrase;
	struct bundle *bundle;
};

static int
failed(enum outcome outcome, const struct err *err)
{
	return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_DATAERR, "%s", err->text);
}

static void
tell(struct restore *restore, const char *what, const char *of)
{
	cli_put(text_printable(restore->cli->arena,
		arena_printf(restore->cli->arena, "%-12s %s\n", what, of)));
}

/* gpg works in a home of its own while nothing is known of the desk's yet. */
static int
open_bundle(struct restore *restore, const char *locked, size_t len)
{
	struct cli *cli = restore->cli;
	const char *folder = getenv("TMPDIR");
	char *home = arena_printf(cli->arena, "%s/madoguchi.XXXXXX",
		folder != NULL && folder[0] == '/' ? folder : "/tmp");
	struct vault *vault = NULL;
	enum outcome outcome;
	struct err err;
	char *bytes;

	if (mkdtemp(home) == NULL)
		return cli_fail(EX_CANTCREAT, "%s: %s", home, strerrordesc_np(errno));
	outcome = vault_open(home, "", &vault, &err);
	if (outcome == DONE)
		outcome = vault_unlock(vault, cli->arena, restore->passphrase, locked, len, &bytes,
			&len, &err);
	vault_close(&vault);
	pgp_stop_agent(home);
	io_drop_folder(home);
	if (outcome == DONE)
		outcome = bundle_read(cli->arena, bytes, len, restore->bundle, &err);
	if (outcome == DONE)
		return EX_OK;
	err_wrap(&err, outcome, "%s", cli->options[CLI_KEYS]);
	return failed(outcome, &err);
}

/* What lay in the conf's folder goes into that of -c; the rest to where it was. */
static const char *
place_of(struct restore *restore, const char *path)
{
	struct cli *cli = restore->cli;
	const char *old = restore->bundle->conf_file;
	size_t folder = (size_t)(strrchr(old, '/') - old) + 1;
	const char *slash = strrchr(cli->conf_file, '/');

	if (text_equal(path, old))
		return cli->conf_file;
	if (strncmp(path, old, folder) != 0)
		return path;
	if (slash == NULL)
		return path + folder;
	return arena_printf(cli->arena, "%.*s/%s", (int)(slash - cli->conf_file), cli->conf_file,
		path + folder);
}

static bool
is_same(struct restore *restore, const char *path, const struct bundle_file *file)
{
	struct err err;
	char *bytes;
	size_t len;

	return io_read_file(restore->cli->arena, path, file->len, &bytes, &len, &err) == DONE &&
		len == file->len && memcmp(bytes, file->bytes, len) == 0;
}

/* Before anything is written. */
static int
check_places(struct restore *restore)
{
	for (size_t i = 0; i < restore->bundle->file_count; i++) {
		const struct bundle_file *file = &restore->bundle->files[i];
		const char *path = place_of(restore, file->path);

		if (access(path, F_OK) == 0 && !is_same(restore, path, file))
			return cli_fail(EX_CANTCREAT,
				"%s is there and is another; move it away, nothing was written",
				path);
	}
	return EX_OK;
}

static int
make_folders(const char *path)
{
	char folder[PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder))
		return cli_fail(EX_CANTCREAT, "%s: the path is too long", path);
	for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			return cli_fail(
				EX_CANTCREAT, "%s: %s", folder, strerrordesc_np(errno));
		*slash = '/';
	}
	return EX_OK;
}

static int
put_file(struct restore *restore, const struct bundle_file *file)
{
	const char *path = place_of(restore, file->path);
	struct err err;
	int status;

	if (access(path, F_OK) == 0) {
		tell(restore, "is there", path);
		return EX_OK;
	}
	status = make_folders(path);
	if (status != EX_OK)
		return status;
	if (io_put_file(path, file->bytes, file->len, file->mode, false, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	tell(restore, "restored", path);
	return EX_OK;
}

/* The conf after what it names. */
static int
put_files(struct restore *restore)
{
	const struct bundle *bundle = restore->bundle;
	int status = check_places(restore);

	for (int conf = 0; conf < 2; conf++) {
		for (size_t i = 0; status == EX_OK && i < bundle->file_count; i++) {
			if (text_equal(bundle->files[i].path, bundle->conf_file) == (conf == 1))
				status = put_file(restore, &bundle->files[i]);
		}
	}
	return status;
}

static int
read_conf(struct restore *restore)
{
	struct cli *cli = restore->cli;
	struct text mistakes;

	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	cli->conf = conf_read(cli->arena, cli->conf_file, cli->data_dir, NULL, &mistakes);
	if (cli->conf == NULL) {
		(void)fputs(mistakes.data, stderr);
		return EX_CONFIG;
	}
	cli->store_path = arena_printf(cli->arena, "%s/cases.db", cli->conf->state_dir);
	if (access(cli->store_path, F_OK) == 0)
		return cli_fail(EX_CANTCREAT,
			"%s is there; move it away, then restore again", cli->store_path);
	return make_folders(cli->store_path);
}

static bool
has_title(const char *titles, const char *title)
{
	size_t len = strlen(title);

	for (; *titles != '\0'; titles += strcspn(titles, "\n"), titles += *titles == '\n') {
		if (strncmp(titles, title, len) == 0 && (titles[len] == '\n' || titles[len] == '\0'))
			return true;
	}
	return false;
}

/* By the desk's title: the conf may name another folder than it did. */
static int
put_keyring(struct restore *restore, const struct bundle_keyring *keyring)
{
	struct cli *cli = restore->cli;
	const struct conf_pgp *pgp = NULL;
	struct vault *vault = NULL;
	enum outcome outcome;
	struct err err;
	int status;

	for (size_t i = 0; i < cli->conf->policy.desk_count && pgp == NULL; i++) {
		if (has_title(keyring->desks, cli->conf->policy.desks[i].title))
			pgp = &cli->conf->desks[i].pgp;
	}
	if (pgp == NULL)
		return cli_fail(EX_DATAERR, "the conf has no desk for the keyring that was %s",
			keyring->home);
	status = make_folders(arena_printf(cli->arena, "%s/", pgp->home));
	if (status == EX_OK)
		status = cli_make_home(cli, pgp->home);
	if (status != EX_OK)
		return status;
	outcome = vault_open(pgp->home, pgp->passphrase_file, &vault, &err);
	if (outcome == DONE)
		outcome = vault_take(
			vault, restore->passphrase, keyring->locked, keyring->len, &err);
	vault_close(&vault);
	if (outcome != DONE)
		return failed(outcome, &err);
	tell(restore, "restored", arena_printf(cli->arena, "the keyring %s", pgp->home));
	return EX_OK;
}

static enum outcome
copy(int from, int to, char *bytes, struct err *err_r)
{
	ssize_t got;

	while ((got = read(from, bytes, COPY_BYTES)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || io_write_all(to, bytes, (size_t)got) != 0)
			return err_set(err_r, NEVER, "%s", strerrordesc_np(errno));
	}
	return fsync(to) == 0 ? DONE : err_set(err_r, NEVER, "%s", strerrordesc_np(errno));
}

/* Whole or not at all: under another name until it is on the disk, and seen to be a store. */
static int
put_store(struct restore *restore)
{
	struct cli *cli = restore->cli;
	const char *part = arena_printf(cli->arena, "%s.part", cli->store_path);
	int from = open(cli->args[0], O_RDONLY | O_CLOEXEC), to;
	struct store *store = NULL;
	enum outcome outcome = NEVER;
	struct err err;

	if (from < 0)
		return cli_fail(
			EX_NOINPUT, "%s: %s", cli->args[0], strerrordesc_np(errno));
	(void)unlink(part);
	to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	err_set(&err, NEVER, "%s: %s", part, to < 0 ? strerrordesc_np(errno) : "");
	if (to >= 0)
		outcome = copy(from, to, arena_alloc(cli->arena, COPY_BYTES), &err);
	io_close(&from);
	io_close(&to);
	if (outcome == DONE)
		outcome = store_open(part, false, &store, &err);
	store_close(&store);
	if (outcome == DONE && link(part, cli->store_path) != 0)
		outcome = err_set(&err, NEVER, "%s: %s", cli->store_path, strerrordesc_np(errno));
	(void)unlink(part);
	if (outcome != DONE)
		return failed(outcome, &err);
	tell(restore, "restored", cli->store_path);
	return EX_OK;
}

/* An older copy of the store may be without the pair that newer mail was sealed with. */
static int
put_pairs(struct restore *restore)
{
	struct cli *cli = restore->cli;
	int status = cli_open_store(cli, CLI_STORE_WRITE);

	if (status == EX_OK)
		status = cli_begin(cli);
	for (size_t i = 0; status == EX_OK && i < restore->bundle->pair_count; i++) {
		const struct bundle_pair *pair = &restore->bundle->pairs[i];
		unsigned char there[sizeof(pair->public_half)];
		size_t len;
		char *sealed;

		if (!store_box_get(cli->store, cli->arena, pair->desk, there, &sealed, &len))
			store_box_set(cli->store, pair->desk, pair->public_half, pair->sealed,
				pair->len, cli->now);
		else if (memcmp(there, pair->public_half, sizeof(there)) != 0)
			(void)cli_fail(0, "desk %s: the store has another pair for sealing at rest "
				"than the keys: are they of one backup?", pair->desk);
	}
	return status == EX_OK ? cli_commit(cli) : status;
}

static int
run(struct restore *restore)
{
	struct cli *cli = restore->cli;
	struct err err;
	char *locked;
	size_t len;
	int status;

	if (io_read_file(cli->arena, cli->options[CLI_KEYS], VAULT_BYTES_MAX, &locked, &len, &err) !=
		DONE)
		return cli_fail(EX_NOINPUT, "%s", err.text);
	if (access(cli->args[0], R_OK) != 0)
		return cli_fail(EX_NOINPUT, "%s: %s", cli->args[0], strerrordesc_np(errno));
	restore->passphrase = ask_passphrase(cli, false, &status);
	if (restore->passphrase == NULL)
		return status;
	status = open_bundle(restore, locked, len);
	if (status == EX_OK && access(cli->conf_file, F_OK) == 0)
		tell(restore, "left alone", cli->conf_file);
	else if (status == EX_OK)
		status = put_files(restore);
	if (status == EX_OK)
		status = read_conf(restore);
	for (size_t i = 0; status == EX_OK && i < restore->bundle->keyring_count; i++)
		status = put_keyring(restore, &restore->bundle->keyrings[i]);
	if (status == EX_OK)
		status = put_store(restore);
	return status == EX_OK ? put_pairs(restore) : status;
}

int
verb_restore(struct cli *cli)
{
	struct restore restore = { .cli = cli };

	if (cli->options[CLI_KEYS] == NULL)
		return cli_fail(EX_USAGE, "restore wants --keys FILE");
	if (geteuid() == 0)
		(void)cli_fail(0, "running as root: what is restored will be root's; run it as the "
				  "service's user");
	restore.bundle = arena_alloc(cli->arena, sizeof(*restore.bundle));
	return run(&restore);
}
