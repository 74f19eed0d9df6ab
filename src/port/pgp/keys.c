/*
 * The keyring itself: lists keys, imports and exports public ones, and asks
 * whether one key certified another. Decides nothing on trust.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEAK_BELOW 2048	/* bits */
#define SUBKEYS_MAX (sizeof(((struct pgp_key *)NULL)->subkeys) / PGP_FPR)

enum outcome
pgp_fault(gpgme_error_t error, struct err *err_r)
{
	char words[128];

	return err_set(err_r, pgp_passing(gpgme_err_code(error)) ? LATER : NEVER, "gpg: %s",
		pgp_words(error, words));
}

static bool
subkey_usable(gpgme_subkey_t subkey)
{
	return !subkey->revoked && !subkey->expired && !subkey->disabled && !subkey->invalid;
}

/* It would be of use, but for its end. */
static bool
subkey_ended(gpgme_subkey_t subkey)
{
	return subkey->expired && !subkey->revoked && !subkey->disabled && !subkey->invalid;
}

static int64_t
seconds(long at)
{
	return at > 0 ? (int64_t)at * CLOCK_SECOND : 0;
}

/* By today's measure: RSA and ElGamal below 2048 bits, and DSA whatever its size. */
static bool
is_weak(gpgme_subkey_t subkey)
{
	switch (subkey->pubkey_algo) {
	case GPGME_PK_RSA:
	case GPGME_PK_RSA_E:
	case GPGME_PK_RSA_S:
	case GPGME_PK_ELG:
	case GPGME_PK_ELG_E:
		return subkey->length < WEAK_BELOW;
	default:
		return subkey->pubkey_algo == GPGME_PK_DSA;
	}
}

/* Names the algorithm of the primary key, or of a weak one in use. */
static void
note_algorithm(gpgme_subkey_t subkey, struct pgp_key *key)
{
	bool weak = is_weak(subkey);
	char *name;

	if (key->algorithm[0] != '\0' && (!weak || key->weak))
		return;
	name = gpgme_pubkey_algo_string(subkey);
	(void)snprintf(key->algorithm, sizeof(key->algorithm), "%s", name != NULL ? name : "?");
	gpgme_free(name);
	key->weak = weak;
}

/* The later of two ends; `has`: there is one already. */
static int64_t
later_end(bool has, int64_t end, int64_t other)
{
	if (!has)
		return other;
	if (end == 0 || other == 0)
		return 0;
	return end > other ? end : other;
}

static void
note_use(gpgme_subkey_t subkey, struct pgp_key *key)
{
	int64_t end = seconds(subkey->expires);

	if (subkey->can_encrypt)
		key->encrypt_until = later_end(key->can_encrypt, key->encrypt_until, end);
	if (subkey->can_sign)
		key->sign_until = later_end(key->can_sign, key->sign_until, end);
	key->can_encrypt = key->can_encrypt || subkey->can_encrypt;
	key->can_sign = key->can_sign || subkey->can_sign;
	note_algorithm(subkey, key);
}

/* A subkey that is to live for ever ends with its primary key. */
static int64_t
first_end(int64_t end, int64_t primary)
{
	return end == 0 || (primary != 0 && primary < end) ? primary : end;
}

static void
key_fill(struct arena *arena, gpgme_key_t from, struct pgp_key *to)
{
	gpgme_subkey_t at = from->subkeys;
	bool usable = subkey_usable(at), over = subkey_ended(at);
	struct pgp_key ended = { 0 };
	const char *uid = from->uids != NULL && from->uids->uid != NULL ? from->uids->uid : "";

	memset(to, 0, sizeof(*to));
	pgp_upper(to->fpr, at->fpr);
	to->created_at = seconds(at->timestamp);
	to->expires_at = seconds(at->expires);
	to->revoked = from->revoked;
	to->expired = from->expired;
	to->disabled = from->disabled;
	to->invalid = from->invalid;
	to->secret = from->secret;
	to->user_id = text_printable(arena, utf8_repair(arena, uid, strlen(uid), NULL));
	for (; at != NULL; at = at->next) {
		if (usable && subkey_usable(at))
			note_use(at, to);
		/* Where the primary key is over too, its subkeys' ends stay what they were. */
		else if ((usable || over) && (subkey_usable(at) || subkey_ended(at)))
			note_use(at, &ended);
		if (at == from->subkeys || to->subkey_count == SUBKEYS_MAX || at->fpr == NULL)
			continue;
		to->subkey_expires_at[to->subkey_count] = seconds(at->expires);
		pgp_upper(to->subkeys[to->subkey_count++], at->fpr);
	}
	if (to->can_encrypt || ended.can_encrypt)
		to->encrypt_until = first_end(
			to->can_encrypt ? to->encrypt_until : ended.encrypt_until, to->expires_at);
	if (to->can_sign || ended.can_sign)
		to->sign_until =
			first_end(to->can_sign ? to->sign_until : ended.sign_until, to->expires_at);
}

enum outcome
pgp_collect_keys(struct pgp *pgp, struct arena *arena, gpgme_error_t started,
	struct pgp_keys *keys_r, struct err *err_r)
{
	struct pgp_key *keys = NULL;
	size_t count = 0, room = 0;
	gpgme_error_t error = started;
	gpgme_key_t key;

	while (error == 0 && count < PGP_KEYS_MAX
		&& (error = gpgme_op_keylist_next(pgp->ctx, &key)) == 0) {
		if (count == room) {
			room = room == 0 ? 64 : room * 2;
			keys = mem_realloc(keys, room * sizeof(*keys));
		}
		if (key->subkeys != NULL && key->subkeys->fpr != NULL)
			key_fill(arena, key, &keys[count++]);
		gpgme_key_unref(key);
	}
	gpgme_op_keylist_end(pgp->ctx);
	pgp_tidy(pgp, false);
	if (error == 0 || gpgme_err_code(error) == GPG_ERR_EOF) {
		keys_r->keys = arena_memdup(
			arena, keys != NULL ? (void *)keys : "", count * sizeof(*keys));
		keys_r->count = count;
		error = 0;
	}
	free(keys);
	return error == 0 ? DONE : pgp_fault(error, err_r);
}

enum outcome
pgp_list(struct pgp *pgp, struct arena *arena, struct pgp_keys *keys_r, struct err *err_r)
{
	pgp_begin(pgp);
	gpgme_set_keylist_mode(
		pgp->ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_WITH_SECRET);
	return pgp_collect_keys(
		pgp, arena, gpgme_op_keylist_start(pgp->ctx, NULL, 0), keys_r, err_r);
}

enum outcome
pgp_show(struct pgp *pgp, struct arena *arena, const void *bytes, size_t len,
	struct pgp_keys *keys_r, struct err *err_r)
{
	gpgme_data_t in = pgp_input(bytes, len);
	struct pgp_keys keys = { 0 };
	enum outcome outcome;

	if (in == NULL)
		return err_set(err_r, LATER, "no memory to look at it");
	pgp_begin(pgp);
	gpgme_set_keylist_mode(pgp->ctx, GPGME_KEYLIST_MODE_LOCAL);
	outcome = pgp_collect_keys(
		pgp, arena, gpgme_op_keylist_from_data_start(pgp->ctx, in, 0), &keys, err_r);
	gpgme_data_release(in);
	if (outcome != DONE || keys.count == 0)
		return outcome == LATER
			? LATER
			: err_set(err_r, NEVER, "there is no OpenPGP key in it");
	*keys_r = keys;
	return DONE;
}

enum outcome
pgp_import(struct pgp *pgp, struct arena *arena, const void *bytes, size_t len,
	char (**fprs_r)[PGP_FPR], size_t *count_r, struct err *err_r)
{
	gpgme_data_t in = pgp_input(bytes, len);
	gpgme_import_result_t result;
	gpgme_error_t error;
	char (*fprs)[PGP_FPR];
	size_t count = 0;

	if (in == NULL)
		return err_set(err_r, LATER, "no memory to import it");
	pgp_begin(pgp);
	pgp_loop_begin(pgp->ctx);
	error = pgp_loop_end(pgp->ctx, gpgme_op_import_start(pgp->ctx, in));
	gpgme_data_release(in);
	pgp_tidy(pgp, false);
	result = gpgme_op_import_result(pgp->ctx);
	if (error != 0)
		return pgp_fault(error, err_r);
	if (result == NULL || result->considered <= 0)
		return err_set(err_r, NEVER, "there is no OpenPGP key in it");
	for (gpgme_import_status_t at = result->imports; at != NULL; at = at->next)
		count += at->status != 0 && at->result == 0;
	fprs = arena_calloc(arena, count, sizeof(*fprs));
	count = 0;
	for (gpgme_import_status_t at = result->imports; at != NULL; at = at->next)
		if (at->status != 0 && at->result == 0)
			pgp_upper(fprs[count++], at->fpr);
	*fprs_r = fprs;
	*count_r = count;
	return DONE;
}

enum outcome
pgp_export(struct pgp *pgp, struct arena *arena, const char *fpr, bool armour, char **bytes_r,
	size_t *len_r, struct err *err_r)
{
	gpgme_data_t out = NULL;
	gpgme_error_t error;
	size_t len = 0;
	char *bytes;

	if (!pgp_is_fpr(fpr))
		return err_set(err_r, NEVER, "not a fingerprint");
	error = gpgme_data_new(&out);
	if (error != 0)
		return pgp_fault(error, err_r);
	pgp_begin(pgp);
	gpgme_set_armor(pgp->ctx, armour);
	error = gpgme_op_export(pgp->ctx, fpr, GPGME_EXPORT_MODE_MINIMAL, out);
	pgp_tidy(pgp, false);
	bytes = gpgme_data_release_and_get_mem(out, &len);
	if (error == 0 && len > 0) {
		*bytes_r = memcpy(arena_alloc(arena, len + 1), bytes, len);
		*len_r = len;
	}
	gpgme_free(bytes);
	if (error != 0)
		return pgp_fault(error, err_r);
	return len > 0 ? DONE : err_set(err_r, NEVER, "the key %s is not in the keyring", fpr);
}
