/*
 * The context: one home folder, offline, never a prompt. Listens to gpg's status
 * lines for what GPGME's results leave out. Must not judge a message.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pgp.h"

#include "pgp_private.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SOCKET_ARENA_MAX (16 * 1024)

void
pgp_begin(struct pgp *pgp)
{
	memset(&pgp->seen, 0, sizeof(pgp->seen));
}

bool
pgp_passing(gpgme_err_code_t code)
{
	static const gpgme_err_code_t codes[] = {
		GPG_ERR_ENOMEM, GPG_ERR_EAGAIN, GPG_ERR_EMFILE, GPG_ERR_ENFILE, GPG_ERR_ENOSPC,
		GPG_ERR_ENOENT, GPG_ERR_EACCES, GPG_ERR_ECONNREFUSED, GPG_ERR_ECONNRESET,
		GPG_ERR_EPIPE, GPG_ERR_ETIMEDOUT, GPG_ERR_TIMEOUT, GPG_ERR_NO_AGENT, GPG_ERR_AGENT,
		GPG_ERR_NO_PIN_ENTRY, GPG_ERR_PIN_ENTRY, GPG_ERR_CANCELED, GPG_ERR_FULLY_CANCELED,
		GPG_ERR_BAD_PASSPHRASE, GPG_ERR_NO_PASSPHRASE, GPG_ERR_INV_ENGINE, GPG_ERR_LOCKED,
		GPG_ERR_RESOURCE_LIMIT, GPG_ERR_ASS_CONNECT_FAILED, GPG_ERR_ASS_NO_INPUT,
		GPG_ERR_ASS_READ_ERROR, GPG_ERR_ASS_WRITE_ERROR, GPG_ERR_ASS_SERVER_START,
		GPG_ERR_ASS_CANCELED, GPG_ERR_ASSUAN_SERVER_FAULT,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/*
 * "ERROR pkdecrypt_failed CODE": the agent could not use our key. An attacker
 * can make the key's use fail, but not with one of the passing codes.
 * "ERROR proc_pkt.plaintext CODE": gpg left out a second text.
 */
static void
status_error(struct pgp *pgp, const char *args)
{
	static const char where[] = "pkdecrypt_failed ";
	gpgme_err_code_t code;

	if (text_starts(args, "proc_pkt.plaintext "))
		pgp->seen.plaintexts++;
	if (!text_starts(args, where))
		return;
	code = gpgme_err_code((gpgme_error_t)strtoul(args + sizeof(where) - 1, NULL, 10));
	if (pgp_passing(code))
		pgp->seen.fault = code;
}

/*
 * "DECRYPTION_INFO MDC CIPHER AEAD": zeros for both kinds of protection mean
 * none, or AEAD where gpg is of the 2.2 line.
 */
static bool
info_unprotected(const char *args)
{
	char *end = NULL;
	unsigned long mdc = strtoul(args, &end, 10);

	strtoul(end, &end, 10);
	return mdc == 0 && strtoul(end, NULL, 10) == 0;
}

static gpgme_error_t
on_status(void *opaque, const char *keyword, const char *args)
{
	struct pgp *pgp = opaque;

	if (text_equal(keyword, "PLAINTEXT"))
		pgp->seen.plaintexts++;
	else if (text_equal(keyword, "ENC_TO") || text_equal(keyword, "BEGIN_DECRYPTION"))
		pgp->seen.encrypted = true;
	else if (text_equal(keyword, "DECRYPTION_INFO") && info_unprotected(args))
		pgp->seen.no_integrity = true;
	else if (text_equal(keyword, "GOODMDC"))
		pgp->seen.checked = true;
	else if (text_equal(keyword, "NEED_PASSPHRASE_SYM"))
		pgp->seen.encrypted = pgp->seen.symmetric = true;
	else if (text_equal(keyword, "ERROR"))
		status_error(pgp, args);
	return 0;
}

/*
 * Gives our key's passphrase, once: a second question means that it was wrong.
 * Never for a message sealed to a passphrase: its sender could then find out
 * by trying whether ours is the one.
 */
static gpgme_error_t
on_passphrase(void *opaque, const char *uid_hint, const char *info, int was_bad, int fd)
{
	struct pgp *pgp = opaque;

	(void)uid_hint;
	(void)info;
	if (was_bad)
		return gpgme_error(GPG_ERR_BAD_PASSPHRASE);
	if (pgp->seen.symmetric || pgp->passphrase == NULL)
		return gpgme_error(GPG_ERR_CANCELED);
	if (gpgme_io_writen(fd, pgp->passphrase, strlen(pgp->passphrase)) != 0
		|| gpgme_io_writen(fd, "\n", 1) != 0)
		return gpgme_error_from_syserror();
	return 0;
}

const char *
pgp_words(gpgme_error_t error, char words[static 128])
{
	if (gpgme_strerror_r(error, words, 128) != 0)
		words[127] = '\0';
	return words;
}

bool
pgp_is_fpr(const char *fpr)
{
	size_t len = 0;

	while (len < PGP_FPR && isxdigit((unsigned char)fpr[len]))
		len++;
	return len == PGP_FPR - 1 && fpr[len] == '\0';
}

void
pgp_upper(char out[static PGP_FPR], const char *fpr)
{
	size_t len = 0;

	for (; fpr != NULL && fpr[len] != '\0' && len < PGP_FPR - 1; len++)
		out[len] = (char)toupper((unsigned char)fpr[len]);
	out[len] = '\0';
}

gpgme_data_t
pgp_input(const void *bytes, size_t len)
{
	gpgme_data_t data = NULL;

	if (gpgme_data_new_from_mem(&data, len == 0 ? "" : bytes, len, 0) != 0)
		return NULL;
	return data;
}

/* No network, no key fetched or imported by the way, no trust database, no prompt. */
static gpgme_error_t
set_up(struct pgp *pgp)
{
	gpgme_error_t error = gpgme_set_protocol(pgp->ctx, GPGME_PROTOCOL_OpenPGP);

	if (error == 0)
		error = gpgme_ctx_set_engine_info(
			pgp->ctx, GPGME_PROTOCOL_OpenPGP, NULL, pgp->home);
	if (error == 0)
		error = gpgme_set_ctx_flag(pgp->ctx, "full-status", "1");
	if (error == 0)
		error = gpgme_set_ctx_flag(pgp->ctx, "auto-key-retrieve", "0");
	if (error == 0)
		error = gpgme_set_ctx_flag(pgp->ctx, "no-symkey-cache", "1");
	if (error == 0)
		error = gpgme_set_ctx_flag(pgp->ctx, "trust-model", "always");
	if (error == 0)
		error = gpgme_set_pinentry_mode(pgp->ctx,
			pgp->passphrase != NULL ? GPGME_PINENTRY_MODE_LOOPBACK
						: GPGME_PINENTRY_MODE_CANCEL);
	gpgme_set_offline(pgp->ctx, 1);
	gpgme_set_status_cb(pgp->ctx, on_status, pgp);
	gpgme_set_passphrase_cb(pgp->ctx, on_passphrase, pgp);
	return error;
}

static enum outcome
ask_socket(struct pgp *pgp, struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, SOCKET_ARENA_MAX);
	char *path = NULL;
	enum outcome outcome = pgp_agent_socket_path(arena, pgp->home, &path, err_r);

	if (outcome == DONE)
		pgp->socket = mem_strdup(path);
	arena_free(&arena);
	return outcome;
}

enum outcome
pgp_open(const char *home, const char *passphrase, struct pgp **pgp_r, struct err *err_r)
{
	struct pgp *pgp;
	struct stat st;
	char words[128];
	gpgme_error_t error;
	gpgme_engine_info_t engine;

	if (stat(home, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(err_r, NEVER, "there is no keyring folder %s", home);
	gpgme_check_version(NULL);
	pgp = mem_alloc(sizeof(*pgp));
	memset(pgp, 0, sizeof(*pgp));
	pgp->home = mem_strdup(home);
	pgp->passphrase = passphrase != NULL ? mem_strdup(passphrase) : NULL;
	pgp->reaper = pgp_reap();
	error = gpgme_new(&pgp->ctx);
	if (error == 0)
		error = set_up(pgp);
	engine = error == 0 ? gpgme_ctx_get_engine_info(pgp->ctx) : NULL;
	while (engine != NULL && engine->protocol != GPGME_PROTOCOL_OpenPGP)
		engine = engine->next;
	if (error != 0 || engine == NULL || engine->version == NULL) {
		pgp_close(&pgp);
		return err_set(err_r, NEVER, "gpg cannot be used: %s",
			error != 0 ? pgp_words(error, words) : "it is not there");
	}
	if (ask_socket(pgp, err_r) != DONE) {
		pgp_close(&pgp);
		return NEVER;
	}
	*pgp_r = pgp;
	return DONE;
}

void
pgp_close(struct pgp **pgp)
{
	struct pgp *old = *pgp;

	*pgp = NULL;
	if (old == NULL)
		return;
	if (old->passphrase != NULL)
		mem_wipe(old->passphrase, strlen(old->passphrase));
	gpgme_key_unref(old->signer);
	if (old->ctx != NULL)
		gpgme_release(old->ctx);
	pgp_tidy(old, false);
	free(old->passphrase);
	free(old->home);
	free(old->socket);
	free(old);
}

enum outcome
pgp_engine_version(gpgme_protocol_t protocol, const char *program, struct arena *arena,
	char **version_r, struct err *err_r)
{
	gpgme_engine_info_t engine = NULL;
	gpgme_error_t error;
	char words[128];

	gpgme_check_version(NULL);
	error = gpgme_engine_check_version(protocol);
	if (error == 0)
		error = gpgme_get_engine_info(&engine);
	while (engine != NULL && engine->protocol != protocol)
		engine = engine->next;
	if (error != 0 || engine == NULL || engine->version == NULL)
		return err_set(err_r, NEVER, "%s cannot be used: %s", program,
			error != 0 ? pgp_words(error, words) : "it is not there");
	*version_r = arena_strdup(arena, engine->version);
	return DONE;
}

enum outcome
pgp_version(struct arena *arena, char **version_r, struct err *err_r)
{
	return pgp_engine_version(GPGME_PROTOCOL_OpenPGP, "gpg", arena, version_r, err_r);
}
