/*
 * OpenPGP over GPGME, which alone includes its header: one home folder, one
 * context. Opens (keyring) and seals (sealer) memory to memory; writes nothing
 * to disk but what gpg itself keeps in its home.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_PGP_H
#define PORT_PGP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/facts.h"

struct arena;
struct pgp;

#define PGP_KEYS_MAX 5000	/* keys listed of one keyring */
#define PGP_FPR 41		/* 40 upper-case hex digits and a NUL */
#define PGP_ALGORITHM 24	/* bytes of an algorithm's name, NUL included */
#define PGP_SECRETS_MAX ((size_t)16 * 1024 * 1024) /* bytes of a keyring with its secret halves */

struct pgp_key {
	char fpr[PGP_FPR];
	char subkeys[16][PGP_FPR];	/* the subkeys' fingerprints */
	int64_t subkey_expires_at[16];	/* 0: never */
	size_t subkey_count;
	const char *user_id;		/* the first one, UTF-8, printable */
	int64_t created_at, expires_at;	/* expires_at 0: never */
	bool revoked, expired, disabled, invalid;
	bool secret;			/* its secret half is here */
	bool can_encrypt, can_sign;	/* some valid (sub)key can */
	/* When the last such (sub)key ends, or ended where none is left; 0: never, or there was none. */
	int64_t encrypt_until, sign_until;
	char algorithm[PGP_ALGORITHM];	/* "ed25519", "rsa2048": the primary key's, or that of a weak (sub)key in use */
	bool weak;			/* so short, or of such a kind, that it should be replaced */
	bool by_root;			/* certified by a coordinator's root_key (index below); pgp_list() leaves it false */
	uint32_t root_coordinator;
};

struct pgp_keys {
	struct pgp_key *keys;
	size_t count;
};

/*
 * Opens a home folder. passphrase (NULL for none) is copied and wiped at the
 * end. NEVER when the folder is missing or gpg is. This process becomes the
 * reaper of its orphans, since gpg is one of them, and collects those that are
 * named gpg, gpgsm or gpgconf. A home of a process at a time: one thread.
 */
enum outcome pgp_open(const char *home, const char *passphrase, struct pgp **pgp_r, struct err *err_r);
void pgp_close(struct pgp **pgp);

/* Starts the home's gpg-agent, so that it does not inherit a room's limits: call before they are set. */
enum outcome pgp_start_agent(const char *home, struct err *err_r);

/* gpg's own version, asked of gpg. NEVER: it cannot be run, or is too old for GPGME. */
enum outcome pgp_version(struct arena *arena, char **version_r, struct err *err_r);

/* Ends the home's agent and whatever else gpg runs for it: of a home that goes away. */
void pgp_stop_agent(const char *home);

/* The folder of the agent's socket (it may lie outside the home), for the room's lock. */
enum outcome pgp_agent_socket(struct arena *arena, const char *home, char **path_r, struct err *err_r);

/* All keys, with whether their secret half is here. */
enum outcome pgp_list(struct pgp *pgp, struct arena *arena, struct pgp_keys *keys_r, struct err *err_r);

/* The key of that (sub)key fingerprint in a listing, NULL if it is not there. */
const struct pgp_key *pgp_find(const struct pgp_keys *keys, const char *fpr);

/* Whether `key` bears a valid certification, not revoked, by `root`. Slow (a gpg run): ask once a key. */
enum outcome pgp_certified(struct pgp *pgp, const char *key, const char *root, bool *yes_r, struct err *err_r);

/* Adds public keys from bytes (armoured or not); how many were new or changed, and their fingerprints. */
enum outcome pgp_import(struct pgp *pgp, struct arena *arena, const void *bytes, size_t len,
	char (**fprs_r)[PGP_FPR], size_t *count_r, struct err *err_r);

/* The keys that bytes hold, as pgp_list() tells them; nothing is imported. NEVER when there is none. */
enum outcome pgp_show(struct pgp *pgp, struct arena *arena, const void *bytes, size_t len,
	struct pgp_keys *keys_r, struct err *err_r);

/* The public key, minimal, armoured or binary. */
enum outcome pgp_export(struct pgp *pgp, struct arena *arena, const char *fpr, bool armour,
	char **bytes_r, size_t *len_r, struct err *err_r);

/*
 * Decrypts and verifies in one pass. What comes out is held back until the
 * whole is known to be good: with anything but OPEN_OK no plaintext is given.
 * Signatures are judged by status and by fingerprint, keys mapped to their
 * primary by `keys`. opened_r is filled whatever comes, sha256 too (of `bytes`
 * when nothing was opened). What is only signed, inline or as a packet, is
 * opened as well, with encrypted false. The
 * plaintext stands in a sealed memfd, the caller's to close; -1 without one.
 * More than max bytes of it: OPEN_TOO_LARGE.
 */
void pgp_decrypt(struct pgp *pgp, const struct pgp_keys *keys, const void *bytes, size_t len,
	size_t max, int *plain_fd_r, struct facts_opened *opened_r, struct err *err_r);

/* Verifies a detached signature over the bytes. */
void pgp_verify(struct pgp *pgp, const struct pgp_keys *keys, const void *covered, size_t covered_len,
	const void *signature, size_t signature_len, struct facts_opened *opened_r, struct err *err_r);

/*
 * A new key that signs (Ed25519) and opens (Curve25519), both for so many
 * seconds (0: for ever). It is locked with the context's passphrase, if there is one.
 */
enum outcome pgp_make_key(struct pgp *pgp, const char *user_id, int64_t lifetime,
	char fpr_r[static PGP_FPR], struct err *err_r);

/*
 * Every key of the home, public and secret halves, armoured, into a (wiped)
 * arena: for pgp_lock() in the same process, and for nothing else.
 */
enum outcome pgp_export_secrets(struct pgp *pgp, struct arena *arena, char **bytes_r, size_t *len_r,
	struct err *err_r);

/*
 * Seals to a passphrase, so that gpg alone opens it again (AES-256, integrity
 * protected, armoured), and opens such a message into a (wiped) arena. NEVER for
 * a wrong passphrase, a damaged message, one that is not sealed to a passphrase.
 */
enum outcome pgp_lock(struct pgp *pgp, struct arena *arena, const char *passphrase, const void *bytes,
	size_t len, char **armour_r, size_t *armour_len_r, struct err *err_r);
enum outcome pgp_unlock(struct pgp *pgp, struct arena *arena, const char *passphrase,
	const void *bytes, size_t len, size_t max, char **plain_r, size_t *plain_len_r,
	struct err *err_r);

/*
 * Puts a fresh keybox in the place of the home's: all public keys exported and
 * imported anew, so that gpg need not check their own signatures again in each
 * run (a new key is made without that note). Under gpg's own lock, by one
 * rename; secret keys are not touched. NEVER, and nothing changed, when
 * something would be lost by it (a certificate of gpgsm, a signature that is
 * not exported).
 */
enum outcome pgp_refresh(struct pgp *pgp, struct err *err_r);

enum pgp_mode {
	PGP_SIGN_DETACHED,	/* armoured detached signature */
	PGP_SEAL,		/* encrypted to all recipients, not signed: for our own storage */
	PGP_SIGN_SEAL,		/* signed, then encrypted in one pass */
};

/*
 * Signs with `signer` and, unless detached, encrypts to exactly these
 * recipients (no trust model, no encrypt-to of gpg.conf). Armoured. LATER for
 * a passing fault (agent, memory); NEVER with the reason for an unusable key:
 * *bad_key_r (never a null pointer itself) then tells which, or is set NULL.
 * micalg_r ("pgp-sha512") for detached ones, else NULL; may be NULL.
 */
enum outcome pgp_seal(struct pgp *pgp, struct arena *arena, enum pgp_mode mode, const char *signer,
	const char *const *recipients, size_t recipient_count, const void *bytes, size_t len,
	char **armour_r, size_t *armour_len_r, const char **micalg_r, const char **bad_key_r,
	struct err *err_r);

#endif
