/*
 * The drill's key. Its secret half lies in a keyring of its own, below state_dir,
 * that no room of the daemon may open: so neither a room that was taken over nor
 * whoever has the desk's keyring can make a drill's mail. The desk's keyring has its
 * public half, as it has a coordinator's. Lost, it is made anew: nobody else knows it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/drill.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "room/vault.h"

#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#define FINGERPRINT "fingerprint"	/* in the home: of its key */

const char *
drill_home(struct cli *cli, const struct conf *conf, size_t desk)
{
	return arena_printf(cli->arena, "%s/drill/%s", conf->state_dir,
		conf->policy.desks[desk].title);
}

const char *
drill_key_known(struct cli *cli, const struct conf *conf, size_t desk)
{
	const char *path =
		arena_printf(cli->arena, "%s/" FINGERPRINT, drill_home(cli, conf, desk));
	struct err err;
	char *fpr;
	size_t len;

	if (io_read_file(cli->arena, path, PGP_FPR, &fpr, &len, &err) != DONE)
		return NULL;
	fpr[strcspn(fpr, "\n")] = '\0';
	return strlen(fpr) == PGP_FPR - 1 ? fpr : NULL;
}

static enum outcome
make_home(struct cli *cli, const struct conf *conf, const char *home, struct err *err_r)
{
	(void)mkdir(arena_printf(cli->arena, "%s/drill", conf->state_dir), 0700);
	return cli_make_home(cli, home) == EX_OK
		? DONE
		: err_set(err_r, NEVER, "the drill's keyring %s cannot be made", home);
}

static bool
is_good(const struct pgp_key *key)
{
	return key->secret && key->can_sign && key->can_encrypt && !key->revoked &&
		!key->expired && !key->disabled && !key->invalid;
}

static enum outcome
find_or_make(struct cli *cli, const struct conf *conf, size_t desk, struct drill_key *key,
	struct pgp_keys *ring, struct err *err_r)
{
	const char *path = arena_printf(cli->arena, "%s/" FINGERPRINT, key->home);
	const char *user_id = arena_printf(cli->arena, "madoguchi drill of %s <drill@drill.invalid>",
		conf->policy.desks[desk].title);
	enum outcome outcome;

	for (size_t i = 0; i < ring->count && key->fpr[0] == '\0'; i++) {
		if (is_good(&ring->keys[i]))
			memcpy(key->fpr, ring->keys[i].fpr, PGP_FPR);
	}
	if (key->fpr[0] == '\0') {
		outcome = vault_make_key(key->vault, user_id, 0, key->fpr, err_r);
		if (outcome != DONE)
			return outcome;
		key->made = true;
	}
	if (text_equal(drill_key_known(cli, conf, desk), key->fpr))
		return DONE;
	return io_put_file(path, arena_printf(cli->arena, "%s\n", key->fpr), PGP_FPR, 0600, true,
		err_r);
}

/* The public half, from one keyring into another that does not have it. */
static enum outcome
carry(struct cli *cli, const char *fpr, struct vault *from, struct vault *to,
	const struct pgp_keys *there, struct err *err_r)
{
	enum outcome outcome;
	char *armour;
	size_t len;

	if (pgp_find(there, fpr) != NULL)
		return DONE;
	outcome = vault_export(from, cli->arena, fpr, &armour, &len, err_r);
	return outcome == DONE ? vault_import(to, armour, len, err_r) : outcome;
}

enum outcome
drill_key_ready(struct cli *cli, const struct conf *conf, size_t desk, struct drill_key *key_r,
	struct err *err_r)
{
	const struct conf_pgp *pgp = &conf->desks[desk].pgp;
	struct pgp_keys ring, own;
	struct vault *vault = NULL;
	enum outcome outcome;

	*key_r = (struct drill_key){ .home = drill_home(cli, conf, desk) };
	outcome = make_home(cli, conf, key_r->home, err_r);
	if (outcome == DONE)
		outcome = vault_open(key_r->home, "", &key_r->vault, err_r);
	if (outcome == DONE)
		outcome = vault_list(key_r->vault, cli->arena, &own, err_r);
	if (outcome == DONE)
		outcome = find_or_make(cli, conf, desk, key_r, &own, err_r);
	if (outcome == DONE)
		outcome = vault_open(pgp->home, pgp->passphrase_file, &vault, err_r);
	if (outcome == DONE)
		outcome = vault_list(vault, cli->arena, &ring, err_r);
	if (outcome == DONE)
		outcome = carry(cli, conf->policy.desks[desk].key, vault, key_r->vault, &own, err_r);
	if (outcome == DONE)
		outcome = carry(cli, key_r->fpr, key_r->vault, vault, &ring, err_r);
	vault_close(&vault);
	return outcome;
}

void
drill_key_close(struct drill_key *key)
{
	if (key->vault == NULL)
		return;
	vault_close(&key->vault);
	pgp_stop_agent(key->home);
}
