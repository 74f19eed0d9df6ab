/*
 * The homes of gpgsm. One for each check: gpgsm keeps every certificate that it
 * meets, so that in a common one a mail could hold what the next one lacks, or a
 * certificate of the same issuer and number that is taken for another's. And
 * one agent for all, since gpgsm asks its agent which root is trusted: the list
 * is ours, and the agent asks nobody to add to it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smime_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "port/x509.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SMIME_ARENA ((size_t)8 * 1024 * 1024)
#define KEYBOX_MAX ((size_t)2 * 1024 * 1024)

/* No pinentry is here to ask a person whether a stranger's root is to be trusted. */
static const char agent_conf[] = "no-allow-mark-trusted\nno-allow-loopback-pinentry\n"
				 "no-allow-external-cache\ndisable-scdaemon\n";
/* Nothing is fetched, looked up, or asked of anybody but the agent. */
static const char gpgsm_conf[] = "disable-crl-checks\ndisable-dirmngr\nno-common-certs-import\n"
				 "no-autostart\n";

/* "FINGERPRINT S": trusted for S/MIME, with all that a root must be. */
static const char *
trust_list(struct arena *arena, const struct x509_list *roots)
{
	struct text text;

	text_init(&text, arena, KEYBOX_MAX);
	text_add(&text, "# The roots of the conf, written by madoguchid\n");
	for (size_t i = 0; i < roots->count; i++)
		if (roots->at[i].root)
			text_addf(&text, "%s S\n", roots->at[i].sha1);
	return text.data;
}

char *
smime_folder(struct arena *arena, const char *home, const struct x509_list *roots)
{
	const char *list = trust_list(arena, roots);
	unsigned char hash[32];

	box_sha256(list, strlen(list), hash);
	return arena_printf(arena, "%s/smime/roots.%02x%02x%02x%02x", home, (unsigned)hash[0],
		(unsigned)hash[1], (unsigned)hash[2], (unsigned)hash[3]);
}

bool
smime_has_roots(const struct smime *smime)
{
	return smime->keybox != NULL;
}

/* No fsync: what a crash leaves of it is swept away. */
static bool
put(struct arena *arena, const char *folder, const char *name, const void *bytes, size_t len)
{
	int fd = open(arena_printf(arena, "%s/%s", folder, name),
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool put = fd >= 0 && io_write_all(fd, bytes, len) == 0;

	io_close(&fd);
	return put;
}

/* ISO 8601 without its signs, as gpgsm wants it: in UTC. */
static char *
instant(struct arena *arena, int64_t at)
{
	struct clock_civil civil;

	clock_civil(at, "UTC", &civil);
	return arena_printf(arena, "%04d%02d%02dT%02d%02d%02d", civil.year, civil.month, civil.day,
		civil.hour, civil.minute, civil.second);
}

static gpgme_error_t
open_context(const char *folder, gpgme_ctx_t *ctx_r)
{
	gpgme_error_t error;

	error = gpgme_new(ctx_r);
	if (error == 0)
		error = gpgme_set_protocol(*ctx_r, GPGME_PROTOCOL_CMS);
	if (error == 0)
		error = gpgme_ctx_set_engine_info(*ctx_r, GPGME_PROTOCOL_CMS, NULL, folder);
	if (error == 0)
		gpgme_set_offline(*ctx_r, 1);
	return error;
}

static bool
fill(struct smime *smime, struct arena *arena, const char *folder, int64_t at)
{
	char *conf = arena_printf(arena, "%sfaked-system-time %s\n", gpgsm_conf,
		instant(arena, at != 0 ? at : clock_now()));
	/* A file in a socket's place that names the socket: libassuan follows it. */
	char *to = arena_printf(arena, "%%Assuan%%\nsocket=%s\n",
		smime->socket != NULL ? smime->socket : "");

	if (mkdir(folder, 0700) != 0 || !put(arena, folder, "gpgsm.conf", conf, strlen(conf)))
		return false;
	if (smime->keybox == NULL)
		return true;
	return put(arena, folder, "S.gpg-agent", to, strlen(to)) &&
		put(arena, folder, "pubring.kbx", smime->keybox, smime->keybox_len);
}

static enum outcome
wake_agent(struct smime *smime, struct err *err_r)
{
	return pgp_socket_alive(smime->socket) ? DONE : pgp_start_agent(smime->folder, err_r);
}

bool
smime_home_make(struct smime *smime, int64_t at, struct smime_home *home_r, struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, SMIME_ARENA);
	char *folder = arena_printf(arena, "%s/%d.%u", smime->folder, (int)getpid(), smime->checks++);
	bool made;

	*home_r = (struct smime_home){ mem_strdup(folder), NULL };
	made = (smime->socket == NULL || wake_agent(smime, err_r) == DONE) &&
		fill(smime, arena, folder, at) && open_context(folder, &home_r->ctx) == 0;
	arena_free(&arena);
	if (made)
		return true;
	smime_home_drop(smime, home_r);
	err_set(err_r, LATER, "gpgsm cannot be set up below %s", smime->folder);
	return false;
}

void
smime_home_drop(const struct smime *smime, struct smime_home *home)
{
	if (home->ctx != NULL)
		gpgme_release(home->ctx);
	home->ctx = NULL;
	if (smime->reaper)
		pgp_collect(true);
	io_drop_folder(home->folder);
	free(home->folder);
	home->folder = NULL;
}

/* What a room left that was ended over a signature: a home named after a process that is no more. */
static void
sweep(struct arena *arena, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (end != entry->d_name && *end == '.' && pid > 0 && kill((pid_t)pid, 0) != 0 &&
		    errno == ESRCH)
			io_drop_folder(arena_printf(arena, "%s/%s", folder, entry->d_name));
	}
	if (dir != NULL)
		closedir(dir);
}

/* Puts the file there unless it says so already; *changed_r tells. */
static enum outcome
say(struct arena *arena, const char *folder, const char *name, const char *text, bool *changed_r,
	struct err *err_r)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	char *old;
	size_t len;
	struct err err;

	if (io_read_file(arena, path, KEYBOX_MAX, &old, &len, &err) == DONE && text_equal(old, text))
		return DONE;
	*changed_r = true;
	return io_put_file(path, text, strlen(text), 0600, true, err_r);
}

static enum outcome
ready_agent(struct smime *smime, struct arena *arena, struct err *err_r)
{
	bool changed = false;
	enum outcome outcome;
	char *socket;

	outcome = say(arena, smime->folder, "gpg-agent.conf", agent_conf, &changed, err_r);
	if (outcome == DONE)
		outcome = say(arena, smime->folder, "trustlist.txt",
			trust_list(arena, smime->roots), &changed, err_r);
	if (outcome == DONE)
		outcome = pgp_agent_socket_path(arena, smime->folder, &socket, err_r);
	/* Another room may be writing them: then they are there in a moment. */
	if (outcome != DONE)
		return LATER;
	smime->socket = mem_strdup(socket);
	/* One that ran before may know another list. */
	if (changed && pgp_socket_alive(socket))
		pgp_stop_agent(smime->folder);
	return wake_agent(smime, err_r);
}

/* In a home of the first check: its keybox is what each later one begins with. */
static enum outcome
import_roots(struct smime *smime, struct arena *arena, struct err *err_r)
{
	struct smime_home home;
	gpgme_error_t error = 0;
	enum outcome outcome;
	char words[128], *bytes;

	if (!smime_home_make(smime, 0, &home, err_r))
		return LATER;
	for (size_t i = 0; error == 0 && i < smime->roots->count; i++) {
		gpgme_data_t der = pgp_input(smime->roots->at[i].der, smime->roots->at[i].len);

		error = der == NULL ? gpgme_error(GPG_ERR_ENOMEM) : gpgme_op_import(home.ctx, der);
		gpgme_data_release(der);
	}
	outcome = error != 0
		? err_set(err_r, smime_ours(error) ? LATER : NEVER, "gpgsm does not take the roots: %s",
			pgp_words(error, words))
		: io_read_file(arena, arena_printf(arena, "%s/pubring.kbx", home.folder), KEYBOX_MAX,
			&bytes, &smime->keybox_len, err_r);
	if (outcome == DONE) {
		smime->keybox = mem_alloc(smime->keybox_len);
		memcpy(smime->keybox, bytes, smime->keybox_len);
	}
	smime_home_drop(smime, &home);
	return outcome;
}

enum outcome
smime_open(const char *home, const struct x509_list *roots, struct smime **smime_r,
	struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, SMIME_ARENA);
	struct smime *smime = mem_alloc(sizeof(*smime));
	enum outcome outcome;
	char *version;

	*smime = (struct smime){ .folder = mem_strdup(smime_folder(arena, home, roots)), .roots = roots,
		.reaper = pgp_reap() };
	outcome = smime_version(arena, &version, err_r);
	(void)mkdir(arena_printf(arena, "%s/smime", home), 0700);
	if (outcome == DONE && mkdir(smime->folder, 0700) != 0 && errno != EEXIST)
		outcome = err_set(err_r, LATER, "%s: %s", smime->folder, strerror(errno));
	if (outcome == DONE)
		sweep(arena, smime->folder);
	if (outcome == DONE && roots->count > 0)
		outcome = ready_agent(smime, arena, err_r);
	if (outcome == DONE && roots->count > 0)
		outcome = import_roots(smime, arena, err_r);
	arena_free(&arena);
	if (outcome != DONE)
		smime_close(&smime);
	else
		*smime_r = smime;
	return outcome;
}

void
smime_close(struct smime **smime)
{
	struct smime *old = *smime;

	*smime = NULL;
	if (old == NULL)
		return;
	free(old->folder);
	free(old->socket);
	free(old->keybox);
	free(old);
}
