/*
 * Opens what came: decrypts and verifies memory to memory. Looks at GPGME's
 * error before its results, and holds plaintext back until all of it is known
 * to be good. Every doubt is a failure; a fault of ours is OPEN_LATER, and must
 * not be anything that a sender can bring about.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include <string.h>

static void
opened_start(struct facts_opened *opened, const void *bytes, size_t len)
{
	memset(opened, 0, sizeof(*opened));
	opened->status = OPEN_FAILED;
	box_sha256(bytes, len, opened->sha256);
}

static enum open_status
opened_end(struct facts_opened *opened, enum open_status status, struct err *err_r,
	const char *sentence)
{
	opened->status = status;
	if (status != OPEN_OK)
		err_set(err_r, NEVER, "%s", sentence);
	return status;
}

static void
note_recipients(struct facts_opened *opened, gpgme_decrypt_result_t result)
{
	gpgme_recipient_t at = result != NULL ? result->recipients : NULL;
	char id[PGP_FPR];

	for (; at != NULL && opened->recipient_count < FACTS_RECIPIENTS; at = at->next) {
		char *to = opened->recipients[opened->recipient_count];

		pgp_upper(id, at->keyid);
		if (strlen(id) != sizeof(opened->recipients[0]) - 1)
			continue;
		memcpy(to, id, sizeof(opened->recipients[0]));
		opened->recipient_count++;
	}
}

/* An error of the whole run, told from the message's own faults. */
static enum open_status
status_of_error(
	const struct pgp *pgp, gpgme_error_t error, struct facts_opened *opened, struct err *err_r)
{
	gpgme_err_code_t code = gpgme_err_code(error);
	char words[128];

	if (pgp->seen.fault != 0)
		return opened_end(
			opened, OPEN_LATER, err_r, pgp_words(gpgme_error(pgp->seen.fault), words));
	if (pgp->seen.no_integrity)
		return opened_end(
			opened, OPEN_NO_INTEGRITY, err_r, "it has no integrity protection");
	if (pgp->seen.symmetric)
		return opened_end(opened, OPEN_FAILED, err_r, "it is sealed to a passphrase");
	if (pgp_passing(code))
		return opened_end(opened, OPEN_LATER, err_r, pgp_words(error, words));
	/* Without an agent gpg finds no secret key either, and says no more than that. */
	if (code == GPG_ERR_NO_SECKEY && !pgp_socket_alive(pgp->socket))
		return opened_end(opened, OPEN_LATER, err_r, "gpg-agent does not answer");
	if (code == GPG_ERR_NO_SECKEY)
		return opened_end(
			opened, OPEN_NO_SECRET_KEY, err_r, "it is sealed to no key of ours");
	return opened_end(opened, OPEN_FAILED, err_r, pgp_words(error, words));
}

/*
 * gpg of the 2.2 line opens AEAD, does not name it, and says that all is well of
 * one that was damaged or cut too. A good signature stands behind the whole
 * text, so where there is one the text is whole.
 */
static bool
vouched_for(struct pgp *pgp)
{
	gpgme_verify_result_t result = gpgme_op_verify_result(pgp->ctx);
	gpgme_signature_t at = result != NULL ? result->signatures : NULL;

	while (at != NULL && gpgme_err_code(at->status) != GPG_ERR_NO_ERROR)
		at = at->next;
	return pgp->seen.checked && at != NULL;
}

/* What became of the run that wrote to output. */
static enum open_status
status_of_run(struct pgp *pgp, gpgme_error_t error, const struct pgp_output *output,
	struct facts_opened *opened, struct err *err_r)
{
	if (output->over)
		return opened_end(opened, OPEN_TOO_LARGE, err_r, "it unpacks to more than may be");
	if (output->broken)
		return opened_end(opened, OPEN_LATER, err_r, "no memory for what it holds");
	if (error != 0)
		return status_of_error(pgp, error, opened, err_r);
	if (pgp->seen.no_integrity && !vouched_for(pgp))
		return opened_end(
			opened, OPEN_NO_INTEGRITY, err_r, "it has no integrity protection");
	/* Of several texts in one message it cannot be told which the signature covers. */
	if (pgp->seen.plaintexts != 1)
		return opened_end(opened, OPEN_FAILED, err_r,
			pgp->seen.plaintexts == 0 ? "there is no text in it"
						  : "there are several texts in it");
	return opened_end(opened, OPEN_OK, err_r, "");
}

/* One run; a message that is only signed needs the other call. */
static gpgme_error_t
run(struct pgp *pgp, gpgme_data_t in, struct pgp_output *output, struct facts_opened *opened)
{
	gpgme_error_t error;

	pgp_begin(pgp);
	pgp_loop_begin(pgp->ctx);
	error = pgp_loop_end(
		pgp->ctx, gpgme_op_decrypt_verify_start(pgp->ctx, in, output->data));
	if (gpgme_err_code(error) == GPG_ERR_NO_DATA && !pgp->seen.encrypted) {
		size_t max = output->max;

		pgp_output_drop(output);
		if (!pgp_output_start(output, max))
			return gpgme_error(GPG_ERR_ENOMEM);
		pgp_begin(pgp);
		gpgme_data_seek(in, 0, SEEK_SET);
		pgp_loop_begin(pgp->ctx);
		return pgp_loop_end(
			pgp->ctx, gpgme_op_verify_start(pgp->ctx, in, NULL, output->data));
	}
	opened->encrypted = pgp->seen.encrypted;
	note_recipients(opened, gpgme_op_decrypt_result(pgp->ctx));
	return error;
}

/* The text is good: hands it over with the signatures on it. */
static void
give(struct pgp *pgp, const struct pgp_keys *keys, struct pgp_output *output, int *plain_fd_r,
	struct facts_opened *opened, struct err *err_r)
{
	gpgme_verify_result_t verified = gpgme_op_verify_result(pgp->ctx);
	int fd;

	box_sha256_end(&output->hash, opened->sha256);
	fd = pgp_output_take(output);
	if (fd < 0) {
		opened_end(opened, OPEN_LATER, err_r, "no memory for what it holds");
		return;
	}
	if (verified != NULL)
		pgp_judge(keys, verified->signatures, opened);
	*plain_fd_r = fd;
}

void
pgp_decrypt(struct pgp *pgp, const struct pgp_keys *keys, const void *bytes, size_t len,
	size_t max, int *plain_fd_r, struct facts_opened *opened_r, struct err *err_r)
{
	struct pgp_output output;
	gpgme_data_t in = NULL;
	gpgme_error_t error;

	*plain_fd_r = -1;
	opened_start(opened_r, bytes, len);
	if (!pgp_output_start(&output, max) || (in = pgp_input(bytes, len)) == NULL) {
		opened_end(opened_r, OPEN_LATER, err_r, "no memory to open it");
		goto out;
	}
	error = run(pgp, in, &output, opened_r);
	if (status_of_run(pgp, error, &output, opened_r, err_r) == OPEN_OK)
		give(pgp, keys, &output, plain_fd_r, opened_r, err_r);
	pgp_tidy(pgp, opened_r->status == OPEN_TOO_LARGE);
out:
	gpgme_data_release(in);
	pgp_output_drop(&output);
}

void
pgp_verify(struct pgp *pgp, const struct pgp_keys *keys, const void *covered, size_t covered_len,
	const void *signature, size_t signature_len, struct facts_opened *opened_r,
	struct err *err_r)
{
	gpgme_data_t text = pgp_input(covered, covered_len);
	gpgme_data_t sig = pgp_input(signature, signature_len);
	gpgme_verify_result_t result;
	gpgme_error_t error;

	opened_start(opened_r, covered, covered_len);
	if (text == NULL || sig == NULL) {
		opened_end(opened_r, OPEN_LATER, err_r, "no memory to check it");
		goto out;
	}
	pgp_begin(pgp);
	pgp_loop_begin(pgp->ctx);
	error = pgp_loop_end(pgp->ctx, gpgme_op_verify_start(pgp->ctx, sig, text, NULL));
	result = gpgme_op_verify_result(pgp->ctx);
	if (error != 0)
		status_of_error(pgp, error, opened_r, err_r);
	else if (result == NULL || result->signatures == NULL || pgp->seen.plaintexts != 0)
		opened_end(opened_r, OPEN_FAILED, err_r, "it is not a detached signature");
	else
		opened_end(opened_r, OPEN_OK, err_r, "");
	if (opened_r->status == OPEN_OK)
		pgp_judge(keys, result->signatures, opened_r);
	pgp_tidy(pgp, false);
out:
	gpgme_data_release(text);
	gpgme_data_release(sig);
}
