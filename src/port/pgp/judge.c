/*
 * What a signature is worth as such: by GPGME's status and the signing key's
 * dates, never by its summary. Maps the signing subkey to its primary key.
 * Whether that key is pinned for anyone is not asked here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

const struct pgp_key *
pgp_find(const struct pgp_keys *keys, const char *fpr)
{
	for (size_t i = 0; i < keys->count; i++) {
		const struct pgp_key *key = &keys->keys[i];

		if (text_equal_ci(key->fpr, fpr))
			return key;
		for (size_t j = 0; j < key->subkey_count; j++)
			if (text_equal_ci(key->subkeys[j], fpr))
				return key;
	}
	return NULL;
}

/* Of a bad signature GPGME tells no more than the key id: the last half of a fingerprint. */
static const struct pgp_key *
find_signer(const struct pgp_keys *keys, const char *fpr)
{
	if (strlen(fpr) != PGP_KEY_ID)
		return pgp_find(keys, fpr);
	for (size_t i = 0; i < keys->count; i++) {
		const struct pgp_key *key = &keys->keys[i];

		if (text_ends_ci(key->fpr, fpr))
			return key;
		for (size_t j = 0; j < key->subkey_count; j++)
			if (text_ends_ci(key->subkeys[j], fpr))
				return key;
	}
	return NULL;
}

/* When the signing key stopped being good: the primary's end or the subkey's own, 0 for never. */
static int64_t
signer_expires(const struct pgp_key *key, const char *fpr)
{
	int64_t expires = key->expires_at;

	for (size_t i = 0; i < key->subkey_count; i++)
		if (text_equal_ci(key->subkeys[i], fpr) && key->subkey_expires_at[i] != 0
			&& (expires == 0 || key->subkey_expires_at[i] < expires))
			expires = key->subkey_expires_at[i];
	return expires;
}

/* Of a key that has expired gpg says so with every signature, even with those made in time. */
static enum signature_status
judge_expired(const struct pgp_key *key, const char *fpr, int64_t made_at)
{
	int64_t expires = signer_expires(key, fpr);

	return expires != 0 && made_at < expires ? SIGNATURE_GOOD : SIGNATURE_EXPIRED_KEY;
}

static enum signature_status
judge_status(gpgme_signature_t signature, const struct pgp_key *key, int64_t made_at)
{
	switch (gpgme_err_code(signature->status)) {
	case GPG_ERR_NO_ERROR:
		return key != NULL ? SIGNATURE_GOOD : SIGNATURE_NO_KEY;
	case GPG_ERR_KEY_EXPIRED:
		return key != NULL ? judge_expired(key, signature->fpr, made_at)
				   : SIGNATURE_NO_KEY;
	case GPG_ERR_CERT_REVOKED:
		return SIGNATURE_REVOKED_KEY;
	case GPG_ERR_SIG_EXPIRED:
		return SIGNATURE_EXPIRED;
	case GPG_ERR_BAD_SIGNATURE:
		return SIGNATURE_BAD;
	case GPG_ERR_NO_PUBKEY:
		return SIGNATURE_NO_KEY;
	default:
		return SIGNATURE_ERROR;
	}
}

void
pgp_judge(const struct pgp_keys *keys, gpgme_signature_t signature, struct facts_opened *opened)
{
	for (; signature != NULL && opened->signature_count < FACTS_SIGNATURES;
		signature = signature->next) {
		struct facts_signature *fact = &opened->signatures[opened->signature_count++];
		const char *fpr = signature->fpr != NULL ? signature->fpr : "";
		const struct pgp_key *key = find_signer(keys, fpr);

		memset(fact, 0, sizeof(*fact));
		fact->made_at = (int64_t)signature->timestamp * CLOCK_SECOND;
		fact->status = judge_status(signature, key, fact->made_at);
		pgp_upper(fact->key, key != NULL ? key->fpr : fpr);
	}
}
