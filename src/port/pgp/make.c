/*
 * Makes the desk's key, and takes secret halves out of the home for a backup.
 * What is exported here goes to pgp_lock() in the same process; nothing of it is
 * written anywhere.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

static ssize_t
on_write(void *opaque, const void *bytes, size_t len)
{
	struct text *text = opaque;

	text_add_bytes(text, bytes, len);
	if (!text->full)
		return (ssize_t)len;
	errno = EFBIG;
	return -1;
}

gpgme_data_t
pgp_into_text(struct text *text)
{
	static struct gpgme_data_cbs callbacks = { .write = on_write };
	gpgme_data_t data = NULL;

	if (gpgme_data_new_from_cbs(&data, &callbacks, text) != 0)
		return NULL;
	return data;
}

enum outcome
pgp_make_key(struct pgp *pgp, const char *user_id, int64_t lifetime, char fpr_r[static PGP_FPR],
	struct err *err_r)
{
	unsigned flags = GPGME_CREATE_FORCE;
	gpgme_genkey_result_t made;
	gpgme_error_t error;

	if (pgp->passphrase == NULL)
		flags |= GPGME_CREATE_NOPASSWD;
	if (lifetime <= 0)
		flags |= GPGME_CREATE_NOEXPIRE;
	pgp_begin(pgp);
	error = gpgme_op_createkey(pgp->ctx, user_id, "future-default", 0,
		lifetime > 0 ? (unsigned long)lifetime : 0, NULL, flags);
	pgp_tidy(pgp, false);
	if (error != 0)
		return pgp_fault(error, err_r);
	made = gpgme_op_genkey_result(pgp->ctx);
	if (made == NULL || made->fpr == NULL)
		return err_set(err_r, NEVER, "gpg made no key");
	pgp_upper(fpr_r, made->fpr);
	return DONE;
}

static gpgme_error_t
export_into(struct pgp *pgp, gpgme_export_mode_t mode, struct text *text)
{
	gpgme_data_t out = pgp_into_text(text);
	gpgme_error_t error;

	if (out == NULL)
		return gpgme_error(GPG_ERR_ENOMEM);
	pgp_begin(pgp);
	gpgme_set_armor(pgp->ctx, 1);
	error = gpgme_op_export(pgp->ctx, NULL, mode, out);
	gpgme_data_release(out);
	pgp_tidy(pgp, false);
	if (error == 0 && text->full)
		error = gpgme_error(GPG_ERR_TOO_LARGE);
	return error;
}

enum outcome
pgp_export_secrets(struct pgp *pgp, struct arena *arena, char **bytes_r, size_t *len_r,
	struct err *err_r)
{
	struct text text;
	gpgme_error_t error;
	size_t secret;

	text_init(&text, arena, PGP_SECRETS_MAX);
	error = export_into(pgp, GPGME_EXPORT_MODE_SECRET, &text);
	secret = text.len;
	if (error == 0)
		error = export_into(pgp, 0, &text);
	if (error != 0)
		return pgp_fault(error, err_r);
	if (secret == 0)
		return err_set(err_r, NEVER, "there is no secret key in %s", pgp->home);
	*bytes_r = text.data;
	*len_r = text.len;
	return DONE;
}
