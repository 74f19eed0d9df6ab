/*
 * The vault: a room of the tool's own, for what is done with secret keys but
 * never by the daemon: making the desk's key, trying it, taking it into a backup
 * and out of one. It stands over one keyring folder. Secret keys leave it only
 * locked with a passphrase, and come in only so. The daemon cannot make one: it
 * is forked by the tool itself, not by a nursery.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_VAULT_H
#define ROOM_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/pgp.h"

struct arena;
struct vault;

#define VAULT_PASSPHRASE_MIN 12		/* bytes of a passphrase that secret keys are locked with */
#define VAULT_PASSPHRASE_MAX 1000
#define VAULT_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* What a bundle must begin with: vault_unlock() gives out nothing else. */
#define VAULT_BUNDLE "madoguchi-keys"

/*
 * Starts the home's agent and forks the room: so call it before a store is open.
 * passphrase_file ("" for none) is read in the room. LATER, NEVER: no process, no
 * home, no gpg.
 */
enum outcome vault_open(const char *home, const char *passphrase_file, struct vault **vault_r,
	struct err *err_r);
void vault_close(struct vault **vault);

/* As pgp_make_key(), pgp_list(), pgp_show(), pgp_certified(), pgp_refresh(). */
enum outcome vault_make_key(struct vault *vault, const char *user_id, int64_t lifetime,
	char fpr_r[static PGP_FPR], struct err *err_r);
enum outcome vault_list(struct vault *vault, struct arena *arena, struct pgp_keys *keys_r,
	struct err *err_r);
enum outcome vault_show(struct vault *vault, struct arena *arena, const void *bytes, size_t len,
	struct pgp_keys *keys_r, struct err *err_r);
enum outcome vault_certified(struct vault *vault, const char *key, const char *root, bool *yes_r,
	struct err *err_r);
enum outcome vault_refresh(struct vault *vault, struct err *err_r);

/* Adds public keys. */
enum outcome vault_import(struct vault *vault, const void *bytes, size_t len, struct err *err_r);

/*
 * Signs and seals a few random bytes with the key to itself, and opens them
 * again. The sentence says which of it failed.
 */
enum outcome vault_try(struct vault *vault, const char *fpr, struct err *err_r);

/* The public half, armoured. */
enum outcome vault_export(struct vault *vault, struct arena *arena, const char *fpr, char **armour_r,
	size_t *len_r, struct err *err_r);

/* --- for the drill, whose keyring is its own --- */

/* Signs an entity with one key and seals it to another, as the sealer does the desk's mail. */
enum outcome vault_seal(struct vault *vault, struct arena *arena, const char *signer,
	const char *recipient, const void *entity, size_t len, char **armour_r, size_t *armour_len_r,
	struct err *err_r);

/*
 * Whether a mail of ours (its armour stands in it as such) opens with a key of this
 * home, is signed by that key, and holds the word. NEVER with the reason; nothing of
 * what opened comes out.
 */
enum outcome vault_check(struct vault *vault, const char *signer, const char *word, const void *mail,
	size_t len, struct err *err_r);

/* All keys of the home with their secret halves, locked; and back into a home. */
enum outcome vault_give(struct vault *vault, struct arena *arena, const char *passphrase,
	char **locked_r, size_t *len_r, struct err *err_r);
enum outcome vault_take(struct vault *vault, const char *passphrase, const void *locked, size_t len,
	struct err *err_r);

/* A bundle (see VAULT_BUNDLE) locked with the passphrase, and out again into a (wiped) arena. */
enum outcome vault_lock(struct vault *vault, struct arena *arena, const char *passphrase,
	const void *bundle, size_t len, char **locked_r, size_t *locked_len_r, struct err *err_r);
enum outcome vault_unlock(struct vault *vault, struct arena *arena, const char *passphrase,
	const void *locked, size_t len, char **bundle_r, size_t *bundle_len_r, struct err *err_r);

/* The room's body, for one home: serves the socket until its end. */
_Noreturn void room_vault(const char *home, const char *passphrase_file, int fd);

#endif
