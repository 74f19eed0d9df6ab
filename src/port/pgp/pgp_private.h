/*
 * What the files of this folder share: the context and what gpg's status lines
 * said in the present run. Nobody outside the folder includes it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_PGP_PRIVATE_H
#define PORT_PGP_PRIVATE_H

#include <gpgme.h>

#include "base/text.h"
#include "port/box.h"
#include "port/pgp.h"

#define PGP_KEY_ID 16	/* hex digits of a key id: the last ones of a fingerprint */

/* What gpg told by the way in one run; GPGME's results leave it out. */
struct pgp_seen {
	int plaintexts;		/* literal packets put out */
	bool encrypted;		/* there was something to decrypt */
	bool no_integrity;	/* decrypted without integrity protection */
	bool checked;		/* gpg says that the protection held */
	bool symmetric;		/* a passphrase of the message itself was asked for */
	gpgme_err_code_t fault;	/* a passing fault in the use of a secret key, or 0 */
};

struct pgp {
	gpgme_ctx_t ctx;
	char *home;
	char *passphrase;	/* NULL for none */
	char *socket;		/* the agent's */
	bool reaper;		/* this process inherits gpg's orphans */
	struct pgp_seen seen;
	gpgme_key_t signer;	/* the last one, NULL for none */
	char signer_fpr[PGP_FPR];
};

/* Forgets what the run before said; call it before each gpgme_op_*. */
void pgp_begin(struct pgp *pgp);

/*
 * Round a gpgme_op_*_start() with data that gpg is to take: begin, start, end with what
 * start said. Gives what the same operation without _start would have; no listings.
 */
void pgp_loop_begin(gpgme_ctx_t ctx);
gpgme_error_t pgp_loop_end(gpgme_ctx_t ctx, gpgme_error_t started);

/* Collects ended gpg processes; with `kill_them` ends those that still run. */
void pgp_tidy(const struct pgp *pgp, bool kill_them);

/* The same for a process that is their reaper, and how it becomes that: false where it cannot be. */
void pgp_collect(bool kill_them);
bool pgp_reap(void);

/* Whether the fault is of this moment and not of the message or the key. */
bool pgp_passing(gpgme_err_code_t code);

/* The agent's socket itself; NEVER when gpgconf is missing. */
enum outcome pgp_agent_socket_path(struct arena *arena, const char *home, char **path_r,
	struct err *err_r);

/* Whether an agent answers that socket. */
bool pgp_socket_alive(const char *path);

/* The version of the program behind a protocol, asked of it. NEVER: it cannot be run, or is too old. */
enum outcome pgp_engine_version(gpgme_protocol_t protocol, const char *program, struct arena *arena,
	char **version_r, struct err *err_r);

/* GPGME's words for an error. */
const char *pgp_words(gpgme_error_t error, char words[static 128]);

/* Whether it is a fingerprint: 40 hex digits. */
bool pgp_is_fpr(const char *fpr);

/* The fingerprint or key id in upper case, cut at PGP_FPR. */
void pgp_upper(char out[static PGP_FPR], const char *fpr);

/* An outcome and gpg's words for an error. */
enum outcome pgp_fault(gpgme_error_t error, struct err *err_r);

/* All keys that a listing begun with this result gives. */
enum outcome pgp_collect_keys(struct pgp *pgp, struct arena *arena, gpgme_error_t started,
	struct pgp_keys *keys_r, struct err *err_r);

/* A gpgme_data_t over bytes that stay the caller's; NULL when there is no memory. */
gpgme_data_t pgp_input(const void *bytes, size_t len);

/* Where plaintext goes: a memfd with a cap, hashed on the way. */
struct pgp_output {
	int fd;
	size_t len, max;
	bool over;		/* more than max came: nothing of it counts */
	bool broken;		/* the memfd took no more */
	struct box_sha256 hash;
	gpgme_data_t data;
};

/* false when there is no memory; then there is nothing to end. */
bool pgp_output_start(struct pgp_output *output, size_t max);

/* Seals and hands over the memfd, -1 when that fails; ends the output. */
int pgp_output_take(struct pgp_output *output);

/* Throws away what came; ends the output. */
void pgp_output_drop(struct pgp_output *output);

/* Where bytes go that stay in this process: a text with a cap, which is in a (wiped) arena. */
gpgme_data_t pgp_into_text(struct text *text);

/* GPGME's list of signatures, judged. */
void pgp_judge(const struct pgp_keys *keys, gpgme_signature_t signature,
	struct facts_opened *opened);

#endif
