/*
 * The locks of every process, in one place. A path that stands here is all of
 * the file system that its process can open; a list's name, all that it can
 * call (room/sandbox_calls.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/locks.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "port/smime.h"
#include "room/sandbox.h"
#include "room/sanitized.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCKS_ARENA ((size_t)1024 * 1024)
#define SAFE_PATH "/usr/local/bin:/usr/bin:/bin" /* where GPGME looks for gpgconf */

#define GRANTS_END { NULL, 0 }
#define READ SANDBOX_READ
#define RUN SANDBOX_RUN
#define ALL (SANDBOX_READ | SANDBOX_WRITE | SANDBOX_CHANGE)

static const struct sandbox_grant nothing[] = { GRANTS_END };

/* gpg, its agent and what GPGME runs of them; the home and the agent's socket come from the conf. */
static const struct sandbox_grant gpg[] = {
	{ "/usr/bin/gpg", RUN }, { "/usr/bin/gpg-agent", RUN }, { "/usr/bin/gpgconf", RUN },
	{ "/usr/bin/gpg-connect-agent", RUN },
	{ "/usr/local/bin/gpg", RUN }, { "/usr/local/bin/gpg-agent", RUN },
	{ "/usr/local/bin/gpgconf", RUN }, { "/usr/local/bin/gpg-connect-agent", RUN },
	{ "/lib", READ | RUN }, { "/lib64", READ | RUN }, { "/usr/lib", READ | RUN },
	{ "/usr/local/lib", READ | RUN }, { "/etc/ld.so.cache", READ }, { "/etc/gnupg", READ },
	{ "/etc/gcrypt", READ }, { "/etc/localtime", READ }, { "/usr/share/zoneinfo", READ },
	{ "/usr/share/locale", READ }, { "/usr/share/gnupg", READ }, { "/proc", READ },
	{ "/dev/null", READ | SANDBOX_WRITE }, { "/dev/urandom", READ }, { "/dev/random", READ },
	GRANTS_END,
};

/* S/MIME, which the keyring alone checks; never dirmngr, which would fetch. */
static const struct sandbox_grant gpgsm[] = {
	{ "/usr/bin/gpgsm", RUN }, { "/usr/local/bin/gpgsm", RUN }, GRANTS_END,
};

/* Certificates and names; the password file and a CA of its own come from the conf. */
static const struct sandbox_grant wire[] = {
	{ "/etc/ssl/certs", READ }, { "/usr/share/ca-certificates", READ },
	{ "/usr/local/share/ca-certificates", READ }, { "/etc/gnutls", READ },
	{ "/etc/pkcs11", READ }, { "/usr/share/p11-kit", READ },
	{ "/etc/resolv.conf", READ }, { "/run/systemd/resolve", READ }, { "/run/resolvconf", READ },
	{ "/etc/hosts", READ }, { "/etc/host.conf", READ }, { "/etc/nsswitch.conf", READ },
	{ "/etc/gai.conf", READ }, { "/etc/services", READ }, { "/etc/protocols", READ },
	{ "/lib", READ }, { "/usr/lib", READ }, { "/etc/ld.so.cache", READ },
	{ "/etc/localtime", READ }, { "/usr/share/zoneinfo", READ },
	GRANTS_END,
};

/* Zones, by name. The store comes from the conf; what else it reads it has read by then. */
static const struct sandbox_grant desk[] = {
	{ "/etc/localtime", READ }, { "/usr/share/zoneinfo", READ },
#if SANITIZED
	{ "/proc", READ }, /* the sanitizer looks for leaks at the end */
#endif
	GRANTS_END,
};

static const struct {
	enum sandbox_calls calls;
	const struct sandbox_grant *grants;
} rooms[ROOM_KINDS] = {
	[ROOM_READER] = { SANDBOX_CALLS_READER, nothing },
	[ROOM_KEYRING] = { SANDBOX_CALLS_GPG, gpg },
	[ROOM_SEALER] = { SANDBOX_CALLS_GPG, gpg },
	[ROOM_MAILBOX] = { SANDBOX_CALLS_WIRE, wire },
	[ROOM_SMARTHOST] = { SANDBOX_CALLS_WIRE, wire },
};

/* Where each desk's gpg-agent listens, and the one for S/MIME; NULL where that is not told: the home then. */
static struct {
	struct arena *arena;
	char *sockets[CONF_DESKS_MAX], *smime[CONF_DESKS_MAX];
} agents;

/* The port of names, for answers too long for a datagram. */
#define PORT_NAMES 53

static void
grant_list(struct sandbox_files *files, const struct sandbox_grant *list)
{
	for (; list->path != NULL; list++)
		sandbox_grant(files, list->path, list->may);
}

static void
grant_home(struct sandbox_files *files, const char *home, const char *socket)
{
	sandbox_grant(files, home, ALL);
	sandbox_grant(files, socket, ALL);
}

static void
grant_conf(struct sandbox_files *files, const struct conf *conf, enum room_kind kind, size_t at)
{
	const struct conf_desk *of = &conf->desks[at];
	const struct conf_server *server = kind == ROOM_MAILBOX ? &of->imap.server : &of->smtp;

	if (kind == ROOM_KEYRING || kind == ROOM_SEALER) {
		grant_home(files, of->pgp.home, agents.sockets[at]);
		sandbox_grant(files, of->pgp.passphrase_file, READ);
		if (kind == ROOM_KEYRING)
			sandbox_grant(files, agents.smime[at], ALL);
	} else if (kind != ROOM_READER) {
		sandbox_grant(files, server->ca_file, READ);
		sandbox_grant(files, server->password_file, READ);
		sandbox_grant_port(files, server->port);
		sandbox_grant_port(files, PORT_NAMES);
	}
}

bool
locks_room(const struct conf *conf, enum room_kind kind, size_t at)
{
	static struct sandbox_files files;

	/* A zone's file is read when it is first named: this one's shall be known. */
	if (kind == ROOM_READER)
		clock_rfc3339(agents.arena, 0, conf->policy.desks[at].time_zone);
	grant_list(&files, rooms[kind].grants);
	if (kind == ROOM_KEYRING)
		grant_list(&files, gpgsm);
	grant_conf(&files, conf, kind, at);
	return sandbox_lock_files(&files) && sandbox_lock_calls(rooms[kind].calls);
}

/* Where the file lies in truth: resolv.conf may be a link. */
static const char *
folder_of(const char *path)
{
	char *real = realpath(path, NULL);
	char *folder = arena_strdup(agents.arena, real != NULL ? real : path);
	char *slash = strrchr(folder, '/');

	free(real);
	if (slash != NULL)
		slash[slash == folder] = '\0';
	return folder;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A file may be put in another's place by rename, and a room born later shall have the new one: so, its folder. */
static void
widen(struct sandbox_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct sandbox_grant *grant = &files->grants[i];

		if (!is_folder(grant->path) && strncmp(grant->path, "/dev/", 5) != 0)
			grant->path = folder_of(grant->path);
	}
}

/* Passwords in an environment are no affair of a room: what stood there is gone from its memory too. */
static void
wipe_environment(void)
{
	for (char **at = environ; at != NULL && *at != NULL; at++)
		mem_wipe(*at, strlen(*at));
	clearenv();
	setenv("PATH", SAFE_PATH, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("HOME", "/nonexistent", 1); /* gpg would look it up among the users */
}

static void
ask_agents(const struct conf *conf)
{
	struct err err;

	agents.arena = arena_new(ARENA_PLAIN, LOCKS_ARENA);
	for (size_t i = 0; i < conf->policy.desk_count; i++) {
		if (pgp_agent_socket(agents.arena, conf->desks[i].pgp.home, &agents.sockets[i], &err) !=
			DONE)
			agents.sockets[i] = NULL;
		if (pgp_agent_socket(agents.arena, smime_folder(agents.arena, conf->desks[i].pgp.home,
			    &conf->desks[i].smime.certificates), &agents.smime[i], &err) != DONE)
			agents.smime[i] = NULL;
	}
}

bool
locks_nursery(const struct conf *conf)
{
	static struct sandbox_files files;

	ask_agents(conf);
	wipe_environment();
	prctl(PR_SET_DUMPABLE, SANITIZED);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (enum room_kind kind = 0; kind < ROOM_KINDS; kind++) {
		if (!sandbox_compile(rooms[kind].calls))
			return false;
		for (size_t i = 0; i < conf->policy.desk_count; i++)
			grant_conf(&files, conf, kind, i);
	}
	grant_list(&files, gpg);
	grant_list(&files, gpgsm);
	grant_list(&files, wire);
	widen(&files);
	files.any_port = true;
	return sandbox_compile(SANDBOX_CALLS_NEVER) && sandbox_lock_files(&files) &&
		sandbox_lock_calls(SANDBOX_CALLS_NEVER);
}

bool
locks_gpg(const char *home, const char *passphrase_file)
{
	static struct sandbox_files files;
	char *socket = NULL;
	struct err err;

	agents.arena = arena_new(ARENA_PLAIN, LOCKS_ARENA);
	if (pgp_agent_socket(agents.arena, home, &socket, &err) != DONE)
		socket = NULL;
	wipe_environment();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	grant_list(&files, gpg);
	grant_home(&files, home, socket);
	sandbox_grant(&files, passphrase_file, READ);
	return sandbox_compile(SANDBOX_CALLS_NEVER) && sandbox_compile(SANDBOX_CALLS_GPG) &&
		sandbox_lock_files(&files) && sandbox_lock_calls(SANDBOX_CALLS_NEVER) &&
		sandbox_lock_calls(SANDBOX_CALLS_GPG);
}

/* The store's own files, each by itself: a keyring folder beside them is none of the desk's. */
static void
grant_state(struct sandbox_files *files, struct arena *arena, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);

		if (!is_folder(path))
			sandbox_grant(files, path, SANDBOX_READ | SANDBOX_WRITE);
	}
	if (dir != NULL)
		closedir(dir);
}

bool
locks_desk(const struct conf *conf)
{
	static struct sandbox_files files;
	const struct rlimit none = { 0, 0 };
	struct sandbox_state state;

	sandbox_state(&state);
	if (sandbox_lacks(&state) != NULL)
		log_warn("%s", sandbox_lacks(&state));
	agents.arena = arena_new(ARENA_PLAIN, LOCKS_ARENA);
	grant_list(&files, desk);
	grant_state(&files, agents.arena, conf->state_dir);
	if (conf->feed_file[0] != '\0')
		sandbox_grant(&files, folder_of(conf->feed_file), ALL);
	files.outward = true; /* it ends its rooms, and tells systemd of its life */
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, SANITIZED);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return sandbox_compile(SANDBOX_CALLS_NEVER) && sandbox_compile(SANDBOX_CALLS_DESK) &&
		sandbox_lock_files(&files) && sandbox_lock_calls(SANDBOX_CALLS_NEVER) &&
		sandbox_lock_calls(SANDBOX_CALLS_DESK);
}
