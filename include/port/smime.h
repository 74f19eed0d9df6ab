/*
 * S/MIME signatures over GPGME's CMS engine (gpgsm): offline, and in a home of
 * its own for each signature. Nothing that a message brings along is there when
 * the next one is checked, and nothing is trusted but the conf's roots.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_SMIME_H
#define PORT_SMIME_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/facts.h"

struct arena;
struct smime;
struct x509_list;

/*
 * The folder below a keyring folder in which all this happens, in the arena; it
 * need not be there yet. Other roots have another one: desks may share a keyring.
 */
char *smime_folder(struct arena *arena, const char *home, const struct x509_list *roots);

/*
 * Makes ready below that keyring folder: an agent that knows these roots and no
 * other, and their keybox. Of an empty list no signature will be told. `roots`
 * must outlive it. Like pgp_open() it makes this process the reaper of its orphans.
 * NEVER when gpgsm is not there, or does not take the roots.
 */
enum outcome smime_open(const char *home, const struct x509_list *roots, struct smime **smime_r,
	struct err *err_r);
void smime_close(struct smime **smime);

/*
 * Checks a detached signature over the bytes. Certificates must be valid at
 * `at` (microseconds UTC, 0 for now). The status is OPEN_OK also when the signature could not
 * be made out: there are no signatures then. OPEN_LATER: a passing fault of ours.
 */
void smime_verify(struct smime *smime, int64_t at, const void *covered, size_t covered_len,
	const void *signature, size_t signature_len, struct facts_opened *opened_r,
	struct err *err_r);

/*
 * The same of signed data with its text inside, which comes out in a sealed
 * memfd, the caller's to close; -1 without one: then the status is not OPEN_OK.
 * The text comes out of a bad signature too, and without roots. More than max
 * bytes of it: OPEN_TOO_LARGE.
 */
void smime_open_signed(struct smime *smime, int64_t at, const void *bytes, size_t len, size_t max,
	int *plain_fd_r, struct facts_opened *opened_r, struct err *err_r);

/* gpgsm's own version, asked of it. NEVER: it cannot be run. */
enum outcome smime_version(struct arena *arena, char **version_r, struct err *err_r);

#endif
