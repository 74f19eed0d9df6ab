/*
 * A fresh keybox: what gpg knows of signatures that it has checked stands in
 * the keybox only for keys that were imported, not for one that was made here;
 * until then it checks them again in each run. Holds gpg's own lock meanwhile,
 * so that no key which comes in between is lost; touches no secret key.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pgp_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define REFRESH_ARENA ((size_t)64 * 1024 * 1024)
#define LOCK_MS 10000
#define LOCK_AGAIN_US 50000
#define BLOB_HEAD 5	/* of a keybox's blob: its length, its type */
#define BLOB_X509 3

struct refresh {
	struct pgp *pgp;
	struct arena *arena;
	const char *keybox, *lock, *lock_own;
	const char *folder;	/* the home of the fresh one, inside ours */
};

/* Whether a process of this machine left the lock that is no more; gpg judges it the same way. */
static bool
is_stale(const struct refresh *refresh, const struct utsname *machine)
{
	char *words, *end;
	struct err err;
	size_t len;
	long pid;

	if (io_read_file(refresh->arena, refresh->lock, sizeof(machine->nodename) + 32, &words, &len,
		    &err) != DONE)
		return false;
	pid = strtol(words, &end, 10);
	if (pid <= 0 || *end != '\n' ||
		strncmp(end + 1, machine->nodename, strlen(machine->nodename)) != 0)
		return false;
	return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* gpg's lock of a file: a link to a file of one's own that tells process and machine. */
static enum outcome
take_lock(const struct refresh *refresh, struct err *err_r)
{
	int64_t until = clock_mono_ms() + LOCK_MS;
	struct utsname machine;
	char words[sizeof(machine.nodename) + 32];
	int fd = open(refresh->lock_own, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written;

	if (fd < 0 || uname(&machine) != 0) {
		io_close(&fd);
		return err_set(err_r, LATER, "the keybox cannot be locked: %s", strerror(errno));
	}
	(void)snprintf(words, sizeof(words), "%10d\n%s\n", (int)getpid(), machine.nodename);
	written = io_write_all(fd, words, strlen(words)) == 0;
	io_close(&fd);
	while (written && link(refresh->lock_own, refresh->lock) != 0) {
		if (errno != EEXIST || clock_mono_ms() >= until) {
			written = false;
			break;
		}
		if (is_stale(refresh, &machine))
			(void)unlink(refresh->lock);
		else
			(void)usleep(LOCK_AGAIN_US);
	}
	(void)unlink(refresh->lock_own);
	return written ? DONE : err_set(err_r, LATER, "the keybox is locked by another gpg");
}

/* gpgsm keeps its certificates in the same file; a copy of the keys would be without them. */
static enum outcome
only_keys(const struct refresh *refresh, struct err *err_r)
{
	const unsigned char *at;
	size_t len;
	char *bytes;

	if (io_read_file(refresh->arena, refresh->keybox, REFRESH_ARENA / 4, &bytes, &len, err_r)
		!= DONE)
		return NEVER;
	for (at = (unsigned char *)bytes; len >= BLOB_HEAD;) {
		size_t blob = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];

		if (blob < BLOB_HEAD || blob > len)
			break;
		if (at[4] == BLOB_X509)
			return err_set(err_r, NEVER, "the keybox holds certificates of gpgsm too");
		at += blob;
		len -= blob;
	}
	return len == 0 ? DONE : err_set(err_r, NEVER, "the keybox is not as it should be");
}

/* A signature that is not exported would be lost. */
static enum outcome
all_exportable(const struct refresh *refresh, struct err *err_r)
{
	gpgme_ctx_t ctx = refresh->pgp->ctx;
	gpgme_error_t error;
	gpgme_key_t key;
	bool local = false;

	pgp_begin(refresh->pgp);
	gpgme_set_keylist_mode(ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_SIGS);
	error = gpgme_op_keylist_start(ctx, NULL, 0);
	while (error == 0 && (error = gpgme_op_keylist_next(ctx, &key)) == 0) {
		for (gpgme_user_id_t uid = key->uids; uid != NULL; uid = uid->next)
			for (gpgme_key_sig_t sig = uid->signatures; sig != NULL; sig = sig->next)
				local = local || !sig->exportable;
		gpgme_key_unref(key);
	}
	gpgme_op_keylist_end(ctx);
	pgp_tidy(refresh->pgp, false);
	if (gpgme_err_code(error) != GPG_ERR_EOF)
		return pgp_fault(error, err_r);
	return local ? err_set(err_r, NEVER, "the keybox holds signatures that are not exported")
		     : DONE;
}

static enum outcome
export_all(const struct refresh *refresh, struct text *keys, struct err *err_r)
{
	gpgme_data_t out;
	gpgme_error_t error;

	text_init(keys, refresh->arena, PGP_SECRETS_MAX);
	out = pgp_into_text(keys);
	if (out == NULL)
		return err_set(err_r, LATER, "no memory for the keys");
	pgp_begin(refresh->pgp);
	gpgme_set_armor(refresh->pgp->ctx, 0);
	error = gpgme_op_export(refresh->pgp->ctx, NULL, 0, out);
	gpgme_data_release(out);
	pgp_tidy(refresh->pgp, false);
	return error == 0 ? DONE : pgp_fault(error, err_r);
}

/* Whether both hold the same keys, with the same subkeys. */
static bool
same_keys(const struct pgp_keys *ours, const struct pgp_keys *fresh)
{
	for (size_t i = 0; i < ours->count; i++) {
		const struct pgp_key *other = pgp_find(fresh, ours->keys[i].fpr);

		if (other == NULL || other->subkey_count != ours->keys[i].subkey_count ||
			other->revoked != ours->keys[i].revoked ||
			other->expires_at != ours->keys[i].expires_at)
			return false;
	}
	return ours->count == fresh->count;
}

/* Without a look at secret halves: that would start an agent for the folder. */
static enum outcome
list(struct pgp *pgp, struct arena *arena, struct pgp_keys *keys_r, struct err *err_r)
{
	pgp_begin(pgp);
	gpgme_set_keylist_mode(pgp->ctx, GPGME_KEYLIST_MODE_LOCAL);
	return pgp_collect_keys(
		pgp, arena, gpgme_op_keylist_start(pgp->ctx, NULL, 0), keys_r, err_r);
}

/* gpg asks for an agent at each import; one of a folder that passes would outlive it. */
static enum outcome
make_folder(const struct refresh *refresh, struct err *err_r)
{
	static const char no_agent[] = "no-autostart\n";
	const char *conf = arena_printf(refresh->arena, "%s/gpg.conf", refresh->folder);

	if (mkdir(refresh->folder, 0700) != 0)
		return err_set(err_r, LATER, "%s: %s", refresh->folder, strerror(errno));
	return io_put_file(conf, no_agent, strlen(no_agent), 0600, true, err_r);
}

/* The keys in a home of their own, seen to be the same ones. */
static enum outcome
make_fresh(const struct refresh *refresh, const struct text *keys, struct err *err_r)
{
	struct pgp_keys ours, copied;
	struct pgp *fresh = NULL;
	char (*fprs)[PGP_FPR];
	enum outcome outcome = make_folder(refresh, err_r);
	size_t count;

	if (outcome == DONE)
		outcome = pgp_open(refresh->folder, NULL, &fresh, err_r);
	if (outcome == DONE)
		outcome = pgp_import(
			fresh, refresh->arena, keys->data, keys->len, &fprs, &count, err_r);
	if (outcome == DONE)
		outcome = list(refresh->pgp, refresh->arena, &ours, err_r);
	if (outcome == DONE)
		outcome = list(fresh, refresh->arena, &copied, err_r);
	pgp_close(&fresh);
	if (outcome == DONE && !same_keys(&ours, &copied))
		outcome = err_set(err_r, NEVER, "not every key came through an export");
	return outcome;
}

/* As a file beside the other one: a lock may forbid to move it here out of its folder. */
static enum outcome
put_in_place(const struct refresh *refresh, struct err *err_r)
{
	const char *fresh = arena_printf(refresh->arena, "%s/pubring.kbx", refresh->folder);
	struct stat old;
	char *bytes;
	size_t len;

	if (stat(refresh->keybox, &old) != 0)
		return err_set(err_r, LATER, "%s: %s", refresh->keybox, strerror(errno));
	if (io_read_file(refresh->arena, fresh, REFRESH_ARENA / 4, &bytes, &len, err_r) != DONE ||
		io_put_file(refresh->keybox, bytes, len, old.st_mode & 0777, true, err_r) != DONE)
		return LATER;
	return DONE;
}

static enum outcome
refresh_locked(const struct refresh *refresh, struct err *err_r)
{
	enum outcome outcome = only_keys(refresh, err_r);
	struct text keys;

	/* What a run that was killed left behind. */
	io_drop_folder(refresh->folder);
	if (outcome == DONE)
		outcome = all_exportable(refresh, err_r);
	if (outcome == DONE)
		outcome = export_all(refresh, &keys, err_r);
	if (outcome == DONE)
		outcome = make_fresh(refresh, &keys, err_r);
	if (outcome == DONE)
		outcome = put_in_place(refresh, err_r);
	io_drop_folder(refresh->folder);
	return outcome;
}

enum outcome
pgp_refresh(struct pgp *pgp, struct err *err_r)
{
	struct refresh refresh = { .pgp = pgp, .arena = arena_new(ARENA_PLAIN, REFRESH_ARENA) };
	enum outcome outcome;

	refresh.keybox = arena_printf(refresh.arena, "%s/pubring.kbx", pgp->home);
	refresh.lock = arena_printf(refresh.arena, "%s.lock", refresh.keybox);
	refresh.lock_own = arena_printf(refresh.arena, "%s.%d", refresh.lock, (int)getpid());
	refresh.folder = arena_printf(refresh.arena, "%s/fresh.part", pgp->home);
	outcome = take_lock(&refresh, err_r);
	if (outcome == DONE) {
		outcome = refresh_locked(&refresh, err_r);
		(void)unlink(refresh.lock);
	}
	arena_free(&refresh.arena);
	return outcome;
}
