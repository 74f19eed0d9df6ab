/*
 * Signs and seals: to exactly the keys that the caller names by fingerprint,
 * and to no other. Chooses no key and keeps no plaintext.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

static enum outcome
seal_fault(const struct pgp *pgp, gpgme_error_t error, struct err *err_r)
{
	gpgme_err_code_t code = gpgme_err_code(error);
	char words[128];

	if (pgp_passing(code))
		return err_set(err_r, LATER, "gpg: %s", pgp_words(error, words));
	if ((code == GPG_ERR_NO_SECKEY || code == GPG_ERR_UNUSABLE_SECKEY)
		&& !pgp_socket_alive(pgp->socket))
		return err_set(err_r, LATER, "gpg-agent does not answer");
	return err_set(err_r, NEVER, "gpg: %s", pgp_words(error, words));
}

/* The signing key as GPGME wants it; kept, since each lookup is a gpg run. */
static enum outcome
use_signer(struct pgp *pgp, const char *fpr, const char **bad_r, struct err *err_r)
{
	gpgme_key_t key = NULL;
	gpgme_error_t error;

	if (pgp->signer == NULL || !text_equal_ci(pgp->signer_fpr, fpr)) {
		gpgme_set_keylist_mode(pgp->ctx, GPGME_KEYLIST_MODE_LOCAL);
		error = gpgme_get_key(pgp->ctx, fpr, &key, 0);
		if (gpgme_err_code(error) == GPG_ERR_EOF) {
			*bad_r = fpr;
			return err_set(
				err_r, NEVER, "the signing key %s is not in the keyring", fpr);
		}
		if (error != 0)
			return seal_fault(pgp, error, err_r);
		gpgme_key_unref(pgp->signer);
		pgp->signer = key;
		pgp_upper(pgp->signer_fpr, fpr);
	}
	gpgme_signers_clear(pgp->ctx);
	error = gpgme_signers_add(pgp->ctx, pgp->signer);
	return error == 0 ? DONE : seal_fault(pgp, error, err_r);
}

/* GPGME's list of names: "--" keeps each line from being read as an option. */
static char *
recipient_list(struct arena *arena, const char *const *recipients, size_t count)
{
	char *list = arena_alloc(arena, 4 + count * PGP_FPR), *at = list;

	memcpy(at, "--\n", 3);
	at += 3;
	for (size_t i = 0; i < count; i++) {
		memcpy(at, recipients[i], PGP_FPR - 1);
		at[PGP_FPR - 1] = '\n';
		at += PGP_FPR;
	}
	return list;
}

static const char *
first_not_fpr(const char *signer, const char *const *recipients, size_t count)
{
	if (signer != NULL && !pgp_is_fpr(signer))
		return signer;
	for (size_t i = 0; i < count; i++)
		if (!pgp_is_fpr(recipients[i]))
			return recipients[i];
	return NULL;
}

static enum outcome
unusable(const char *what, const char *fpr, gpgme_error_t reason, struct err *err_r)
{
	char words[128];

	return err_set(err_r, NEVER, "the %s %s cannot be used: %s", what, fpr,
		reason != 0 ? pgp_words(reason, words) : "it has expired, or has no key for this");
}

/* Which key it was. Of a signer GPGME may tell the key id alone; there is only one. */
static enum outcome
explain(struct pgp *pgp, struct arena *arena, enum pgp_mode mode, gpgme_error_t error,
	const char **bad_r, struct err *err_r)
{
	gpgme_encrypt_result_t encrypted = mode != PGP_SIGN_DETACHED
		? gpgme_op_encrypt_result(pgp->ctx)
		: NULL;
	gpgme_sign_result_t made = mode != PGP_SEAL ? gpgme_op_sign_result(pgp->ctx) : NULL;
	enum outcome outcome = seal_fault(pgp, error, err_r);

	if (outcome == LATER)
		return outcome;
	if (encrypted != NULL && encrypted->invalid_recipients != NULL) {
		gpgme_invalid_key_t bad = encrypted->invalid_recipients;

		*bad_r = arena_strdup(arena, bad->fpr != NULL ? bad->fpr : "");
		return unusable("key", *bad_r, bad->reason, err_r);
	}
	if (made != NULL && made->invalid_signers != NULL) {
		*bad_r = arena_strdup(arena, pgp->signer_fpr);
		return unusable("signing key", *bad_r, made->invalid_signers->reason, err_r);
	}
	return outcome;
}

static const char *
micalg(struct pgp *pgp, struct arena *arena)
{
	gpgme_sign_result_t made = gpgme_op_sign_result(pgp->ctx);
	const char *name = made != NULL && made->signatures != NULL
		? gpgme_hash_algo_name(made->signatures->hash_algo)
		: NULL;
	char *word;

	if (name == NULL)
		return NULL;
	word = arena_printf(arena, "pgp-%s", name);
	for (char *at = word; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return word;
}

static gpgme_error_t
start(struct pgp *pgp, enum pgp_mode mode, const char *list, gpgme_data_t in, gpgme_data_t out)
{
	gpgme_encrypt_flags_t flags = GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO;

	switch (mode) {
	case PGP_SIGN_DETACHED:
		return gpgme_op_sign_start(pgp->ctx, in, out, GPGME_SIG_MODE_DETACH);
	case PGP_SEAL:
		return gpgme_op_encrypt_ext_start(pgp->ctx, NULL, list, flags, in, out);
	default:
		return gpgme_op_encrypt_sign_ext_start(pgp->ctx, NULL, list, flags, in, out);
	}
}

static gpgme_error_t
run(struct pgp *pgp, enum pgp_mode mode, const char *list, gpgme_data_t in, gpgme_data_t out)
{
	pgp_begin(pgp);
	gpgme_set_armor(pgp->ctx, 1);
	pgp_loop_begin(pgp->ctx);
	return pgp_loop_end(pgp->ctx, start(pgp, mode, list, in, out));
}

enum outcome
pgp_seal(struct pgp *pgp, struct arena *arena, enum pgp_mode mode, const char *signer,
	const char *const *recipients, size_t recipient_count, const void *bytes, size_t len,
	char **armour_r, size_t *armour_len_r, const char **micalg_r, const char **bad_key_r,
	struct err *err_r)
{
	size_t count = mode == PGP_SIGN_DETACHED ? 0 : recipient_count;
	const char *bad = first_not_fpr(mode == PGP_SEAL ? NULL : signer, recipients, count);
	gpgme_data_t in = NULL, out = NULL;
	enum outcome outcome = DONE;
	gpgme_error_t error;
	char *sealed = NULL;
	size_t sealed_len = 0;

	*bad_key_r = bad;
	if (bad != NULL || (mode != PGP_SIGN_DETACHED && count == 0))
		return err_set(err_r, NEVER, "a key to seal to must be named by its fingerprint");
	if (mode != PGP_SEAL && (outcome = use_signer(pgp, signer, bad_key_r, err_r)) != DONE)
		return outcome;
	in = pgp_input(bytes, len);
	error = gpgme_data_new(&out);
	if (in == NULL || error != 0) {
		outcome = err_set(err_r, LATER, "no memory to seal it");
		goto out;
	}
	error = run(pgp, mode, recipient_list(arena, recipients, count), in, out);
	if (error != 0) {
		outcome = explain(pgp, arena, mode, error, bad_key_r, err_r);
		goto out;
	}
	sealed = gpgme_data_release_and_get_mem(out, &sealed_len);
	out = NULL;
	*armour_r = memcpy(arena_alloc(arena, sealed_len + 1), sealed, sealed_len);
	*armour_len_r = sealed_len;
	gpgme_free(sealed);
	if (micalg_r != NULL)
		*micalg_r = mode == PGP_SIGN_DETACHED ? micalg(pgp, arena) : NULL;
out:
	pgp_tidy(pgp, false);
	gpgme_data_release(in);
	gpgme_data_release(out);
	return outcome;
}
