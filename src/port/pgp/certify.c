/*
 * Whether one key certified another (a coordinator's root key its yearly key).
 * gpg itself checks the signatures (--check-sigs); a mere listing is no proof.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/*
 * Reads one key with its checked signatures. NULL with error 0 when the pattern
 * names no key or, which only a forger would arrange, more than one.
 */
static gpgme_key_t
get_only(struct pgp *pgp, const char *pattern, gpgme_error_t *error_r)
{
	gpgme_key_t key = NULL, more = NULL;
	gpgme_error_t error;

	pgp_begin(pgp);
	gpgme_set_keylist_mode(pgp->ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_SIGS);
	error = gpgme_op_keylist_start(pgp->ctx, pattern, 0);
	if (error == 0)
		error = gpgme_op_keylist_next(pgp->ctx, &key);
	if (error == 0 && (error = gpgme_op_keylist_next(pgp->ctx, &more)) == 0) {
		gpgme_key_unref(more);
		gpgme_key_unref(key);
		key = NULL;
	}
	gpgme_op_keylist_end(pgp->ctx);
	pgp_tidy(pgp, false);
	*error_r = gpgme_err_code(error) == GPG_ERR_EOF ? 0 : error;
	return key;
}

static bool
by_root(gpgme_key_sig_t sig, const char *root)
{
	return sig->keyid != NULL && strlen(sig->keyid) == PGP_KEY_ID
		&& text_equal_ci(sig->keyid, root + PGP_FPR - 1 - PGP_KEY_ID)
		&& gpgme_err_code(sig->status) == GPG_ERR_NO_ERROR;
}

/* Whether it was in force when made and is now. */
static bool
in_force(gpgme_key_sig_t sig, gpgme_key_t root, int64_t now)
{
	if (sig->expires != 0 && sig->expires * CLOCK_SECOND <= now)
		return false;
	return root->subkeys->expires == 0 || sig->timestamp < root->subkeys->expires;
}

/* The root's last word on one user id: a revocation undoes what came before it. */
static bool
uid_certified(gpgme_user_id_t uid, gpgme_key_t root, int64_t now)
{
	gpgme_key_sig_t last = NULL;

	if (uid->revoked || uid->invalid)
		return false;
	for (gpgme_key_sig_t sig = uid->signatures; sig != NULL; sig = sig->next) {
		if (!by_root(sig, root->subkeys->fpr))
			continue;
		if (last == NULL || sig->timestamp > last->timestamp
			|| (sig->timestamp == last->timestamp && sig->revoked))
			last = sig;
	}
	return last != NULL && !last->revoked && in_force(last, root, now);
}

static bool
key_certified(gpgme_key_t key, gpgme_key_t root, int64_t now)
{
	if (key->revoked || root->revoked || root->disabled)
		return false;
	for (gpgme_user_id_t uid = key->uids; uid != NULL; uid = uid->next)
		if (uid_certified(uid, root, now))
			return true;
	return false;
}

enum outcome
pgp_certified(struct pgp *pgp, const char *key, const char *root, bool *yes_r, struct err *err_r)
{
	gpgme_key_t the_root = NULL, the_key = NULL;
	gpgme_error_t error = 0;
	char words[128];

	if (!pgp_is_fpr(key) || !pgp_is_fpr(root))
		return err_set(err_r, NEVER, "not a fingerprint");
	the_root = get_only(pgp, root + PGP_FPR - 1 - PGP_KEY_ID, &error);
	if (error == 0 && the_root != NULL)
		the_key = get_only(pgp, key, &error);
	if (error == 0)
		*yes_r = the_key != NULL && text_equal_ci(the_root->subkeys->fpr, root)
			&& key_certified(the_key, the_root, clock_now());
	gpgme_key_unref(the_key);
	gpgme_key_unref(the_root);
	if (error != 0)
		return err_set(err_r, pgp_passing(gpgme_err_code(error)) ? LATER : NEVER,
			"gpg: %s", pgp_words(error, words));
	return DONE;
}
