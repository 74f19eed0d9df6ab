/*
 * Sealed to a passphrase: what a backup of secret keys is. The passphrase is the
 * caller's, never the desk's own; gpg gets it through its loopback, and what is
 * opened stays in the caller's arena.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/arena.h"

#include <string.h>

struct asked {
	struct pgp *pgp;
	const char *passphrase;
};

/* Only for the message's own passphrase; a second question means that it was wrong. */
static gpgme_error_t
on_passphrase(void *opaque, const char *uid_hint, const char *info, int was_bad, int fd)
{
	const struct asked *asked = opaque;

	(void)uid_hint;
	(void)info;
	if (was_bad)
		return gpgme_error(GPG_ERR_BAD_PASSPHRASE);
	if (gpgme_io_writen(fd, asked->passphrase, strlen(asked->passphrase)) != 0
		|| gpgme_io_writen(fd, "\n", 1) != 0)
		return gpgme_error_from_syserror();
	return 0;
}

/* Runs with the other passphrase, and puts the context back as it was. */
static gpgme_error_t
run(struct pgp *pgp, const char *passphrase, bool lock, gpgme_data_t in, gpgme_data_t out)
{
	gpgme_pinentry_mode_t mode = gpgme_get_pinentry_mode(pgp->ctx);
	struct asked asked = { pgp, passphrase };
	gpgme_passphrase_cb_t usual;
	void *usual_opaque;
	gpgme_error_t error;

	gpgme_get_passphrase_cb(pgp->ctx, &usual, &usual_opaque);
	gpgme_set_passphrase_cb(pgp->ctx, on_passphrase, &asked);
	gpgme_set_pinentry_mode(pgp->ctx, GPGME_PINENTRY_MODE_LOOPBACK);
	gpgme_set_armor(pgp->ctx, 1);
	pgp_begin(pgp);
	error = lock ? gpgme_op_encrypt(pgp->ctx, NULL, 0, in, out)
		     : gpgme_op_decrypt(pgp->ctx, in, out);
	pgp_tidy(pgp, false);
	gpgme_set_pinentry_mode(pgp->ctx, mode);
	gpgme_set_passphrase_cb(pgp->ctx, usual, usual_opaque);
	return error;
}

enum outcome
pgp_lock(struct pgp *pgp, struct arena *arena, const char *passphrase, const void *bytes,
	size_t len, char **armour_r, size_t *armour_len_r, struct err *err_r)
{
	gpgme_data_t in = pgp_input(bytes, len), out;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);
	struct text text;

	text_init(&text, arena, 2 * len + 4096);
	out = pgp_into_text(&text);
	if (in != NULL && out != NULL)
		error = run(pgp, passphrase, true, in, out);
	gpgme_data_release(in);
	gpgme_data_release(out);
	if (error != 0)
		return pgp_fault(error, err_r);
	*armour_r = text.data;
	*armour_len_r = text.len;
	return DONE;
}

enum outcome
pgp_unlock(struct pgp *pgp, struct arena *arena, const char *passphrase, const void *bytes,
	size_t len, size_t max, char **plain_r, size_t *plain_len_r, struct err *err_r)
{
	gpgme_data_t in = pgp_input(bytes, len), out;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);
	struct text text;

	text_init(&text, arena, max);
	out = pgp_into_text(&text);
	if (in != NULL && out != NULL)
		error = run(pgp, passphrase, false, in, out);
	gpgme_data_release(in);
	gpgme_data_release(out);
	if (text.full)
		return err_set(err_r, NEVER, "it unpacks to more than may be");
	if (error == 0 && pgp->seen.symmetric && !pgp->seen.no_integrity
		&& pgp->seen.plaintexts == 1) {
		*plain_r = text.data;
		*plain_len_r = text.len;
		return DONE;
	}
	if (error != 0 && pgp_passing(gpgme_err_code(error))
		&& gpgme_err_code(error) != GPG_ERR_BAD_PASSPHRASE)
		return pgp_fault(error, err_r);
	return err_set(err_r, NEVER,
		"it does not open: the passphrase is another, or it is no such file, or damaged");
}
