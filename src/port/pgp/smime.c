/*
 * Checks S/MIME signatures. gpgsm gets a processor's few seconds for each: whoever
 * makes a certificate chooses the size of its numbers. Judges a signature by
 * status and chain, and asks the certificate itself for whom it was issued.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smime_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "mail/cms.h"
#include "port/x509.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define GPGSM_CPU 3			/* seconds; it needs some hundredths */
#define CERTIFICATE_MAX (64u * 1024)	/* bytes of one */

bool
smime_ours(gpgme_error_t error)
{
	static const gpgme_err_code_t codes[] = { GPG_ERR_ENOMEM, GPG_ERR_EAGAIN, GPG_ERR_EMFILE,
		GPG_ERR_ENFILE, GPG_ERR_ENOSPC, GPG_ERR_NO_AGENT, GPG_ERR_AGENT };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == gpgme_err_code(error))
			return true;
	return false;
}

/* MD5 and SHA-1 collide at will: one signature, two texts. */
static bool
is_weak(gpgme_hash_algo_t hash)
{
	return hash != GPGME_MD_SHA256 && hash != GPGME_MD_SHA384 && hash != GPGME_MD_SHA512 &&
		hash != GPGME_MD_SHA224;
}

static enum signature_status
judge_chain(gpgme_signature_t signature)
{
	gpgme_err_code_t why = gpgme_err_code(signature->validity_reason);

	if (signature->validity == GPGME_VALIDITY_FULL ||
	    signature->validity == GPGME_VALIDITY_ULTIMATE)
		return is_weak(signature->hash_algo) ? SIGNATURE_ERROR : SIGNATURE_GOOD;
	return why == GPG_ERR_CERT_TOO_YOUNG || why == GPG_ERR_CERT_EXPIRED ?
		SIGNATURE_EXPIRED_KEY : SIGNATURE_NO_KEY;
}

static enum signature_status
judge_status(gpgme_signature_t signature)
{
	enum signature_status chain = judge_chain(signature);

	switch (gpgme_err_code(signature->status)) {
	case GPG_ERR_NO_ERROR:
		return chain;
	case GPG_ERR_KEY_EXPIRED:
		return chain == SIGNATURE_GOOD ? SIGNATURE_EXPIRED_KEY : chain;
	case GPG_ERR_CERT_REVOKED:
		return SIGNATURE_REVOKED_KEY;
	case GPG_ERR_BAD_SIGNATURE:
		return SIGNATURE_BAD;
	case GPG_ERR_NO_PUBKEY:
		return SIGNATURE_NO_KEY;
	default:
		return SIGNATURE_ERROR;
	}
}

/* Out of the home's keybox, where gpgsm has put it; by the fingerprint that it told. */
static void
read_addresses(gpgme_ctx_t ctx, struct facts_signature *fact)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * CERTIFICATE_MAX);
	struct text der;
	gpgme_data_t out;

	text_init(&der, arena, CERTIFICATE_MAX);
	out = pgp_into_text(&der);
	gpgme_set_armor(ctx, 0);
	if (out != NULL && gpgme_op_export(ctx, fact->key, 0, out) == 0 && !der.full)
		fact->address_count = x509_addresses(der.data, der.len, fact->addresses);
	gpgme_data_release(out);
	arena_free(&arena);
}

/* False when a chain could not be followed for a fault of ours. */
static bool
judge(gpgme_signature_t signature, struct facts_opened *opened)
{
	for (; signature != NULL && opened->signature_count < FACTS_SIGNATURES;
		signature = signature->next) {
		struct facts_signature *fact = &opened->signatures[opened->signature_count++];

		memset(fact, 0, sizeof(*fact));
		fact->made_at = (int64_t)signature->timestamp * CLOCK_SECOND;
		fact->status = judge_status(signature);
		pgp_upper(fact->key, signature->fpr != NULL ? signature->fpr : "");
		if (smime_ours(signature->validity_reason))
			return false;
	}
	return true;
}

static void
stay(int signal)
{
	(void)signal;
}

/*
 * gpgsm is started by the first operation, and inherits what a process may use
 * up, counted from its own start. This one may have used more by then: it is
 * told so by a signal, which it takes and which ends gpgsm.
 */
static gpgme_error_t
run(gpgme_ctx_t ctx, gpgme_data_t signature, gpgme_data_t covered, gpgme_data_t plain)
{
	const struct sigaction stays = { .sa_handler = stay, .sa_flags = SA_RESTART };
	struct sigaction before;
	struct rlimit usual, tight;
	gpgme_error_t error;

	sigaction(SIGXCPU, &stays, &before);
	getrlimit(RLIMIT_CPU, &usual);
	tight = (struct rlimit){ GPGSM_CPU, usual.rlim_max };
	setrlimit(RLIMIT_CPU, &tight);
	pgp_loop_begin(ctx);
	error = pgp_loop_end(ctx, gpgme_op_verify_start(ctx, signature, covered, plain));
	setrlimit(RLIMIT_CPU, &usual);
	sigaction(SIGXCPU, &before, NULL);
	return error;
}

static void
check(struct smime *smime, int64_t at, gpgme_data_t signature, gpgme_data_t covered,
	gpgme_data_t plain, struct facts_opened *opened, struct err *err_r)
{
	struct smime_home home;
	gpgme_verify_result_t result;
	gpgme_error_t error;
	char words[128];

	opened->status = OPEN_LATER;
	if (!smime_home_make(smime, at, &home, err_r))
		return;
	error = run(home.ctx, signature, covered, plain);
	result = error == 0 ? gpgme_op_verify_result(home.ctx) : NULL;
	if (error != 0)
		err_set(err_r, NEVER, "%s", pgp_words(error, words));
	if (error != 0 || result == NULL)
		opened->status = smime_ours(error) ? OPEN_LATER : OPEN_FAILED;
	else if (!smime_has_roots(smime) || judge(result->signatures, opened))
		opened->status = OPEN_OK;
	for (size_t i = 0; i < opened->signature_count; i++)
		if (opened->signatures[i].status == SIGNATURE_GOOD)
			read_addresses(home.ctx, &opened->signatures[i]);
	smime_home_drop(smime, &home);
}

static void
begin(struct facts_opened *opened, const void *bytes, size_t len)
{
	memset(opened, 0, sizeof(*opened));
	opened->smime = true;
	opened->status = OPEN_FAILED;
	box_sha256(bytes, len, opened->sha256);
}

/* What is so large that only looking for its signers' certificates would take long is not looked at. */
static bool
fits(const void *bytes, size_t len, struct err *err_r)
{
	struct cms_look look;

	cms_look(bytes, len, &look);
	if (!cms_fits(&look))
		err_set(err_r, NEVER, "it is no S/MIME signature, or one past all measure");
	return cms_fits(&look);
}

void
smime_verify(struct smime *smime, int64_t at, const void *covered, size_t covered_len,
	const void *signature, size_t signature_len, struct facts_opened *opened_r,
	struct err *err_r)
{
	gpgme_data_t text = pgp_input(covered, covered_len);
	gpgme_data_t sig = pgp_input(signature, signature_len);

	begin(opened_r, covered, covered_len);
	if (text == NULL || sig == NULL)
		opened_r->status = OPEN_LATER;
	else if (smime_has_roots(smime) && fits(signature, signature_len, err_r))
		check(smime, at, sig, text, NULL, opened_r, err_r);
	if (opened_r->status == OPEN_LATER)
		err_set(err_r, LATER, "gpgsm cannot check it at the moment");
	else
		opened_r->status = OPEN_OK;
	gpgme_data_release(text);
	gpgme_data_release(sig);
}

void
smime_open_signed(struct smime *smime, int64_t at, const void *bytes, size_t len, size_t max,
	int *plain_fd_r, struct facts_opened *opened_r, struct err *err_r)
{
	struct pgp_output output;
	gpgme_data_t in = NULL;

	*plain_fd_r = -1;
	begin(opened_r, bytes, len);
	if (!fits(bytes, len, err_r))
		return;
	if (!pgp_output_start(&output, max) || (in = pgp_input(bytes, len)) == NULL) {
		opened_r->status = OPEN_LATER;
		err_set(err_r, LATER, "no memory to open it");
		pgp_output_drop(&output);
		return;
	}
	check(smime, at, in, NULL, output.data, opened_r, err_r);
	if (output.over)
		opened_r->status = OPEN_TOO_LARGE;
	if (opened_r->status == OPEN_OK) {
		box_sha256_end(&output.hash, opened_r->sha256);
		*plain_fd_r = pgp_output_take(&output);
		if (*plain_fd_r < 0)
			opened_r->status = OPEN_LATER;
	}
	if (opened_r->status != OPEN_OK)
		opened_r->signature_count = 0;
	gpgme_data_release(in);
	pgp_output_drop(&output);
}

enum outcome
smime_version(struct arena *arena, char **version_r, struct err *err_r)
{
	return pgp_engine_version(GPGME_PROTOCOL_CMS, "gpgsm", arena, version_r, err_r);
}
