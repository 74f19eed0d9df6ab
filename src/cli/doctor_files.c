/*
 * The doctor's look at files and folders: whose they are, who else may touch
 * them, whether there is room. Reads the content of none.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "cli/cli.h"
#include "port/conf.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DISK_BAD ((uint64_t)64 * 1024 * 1024)	/* less than the largest mail takes with its WAL */
#define DISK_HINT ((uint64_t)1024 * 1024 * 1024)

static const char *
user_name(struct doctor *doctor, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user != NULL ? arena_strdup(doctor->cli->arena, user->pw_name)
			    : arena_printf(doctor->cli->arena, "%u", (unsigned)uid);
}

/* Ours or root's: nobody else could change it behind our back. */
static bool
is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() || st->st_uid == 0;
}

/* password_command and alert_command stand in it: who writes it, runs commands as the desk. */
static void
look_at_conf(struct doctor *doctor)
{
	const char *file = doctor->cli->conf->file;
	struct stat st;

	if (stat(file, &st) != 0)
		return;
	if (!is_ours(&st) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		doctor_bad(doctor, NULL, "conf-file",
			doctor_do(doctor, "chown root %s && chmod go-w %s", file, file),
			"%s may be changed by others (owner %s, mode %04o)", file,
			user_name(doctor, st.st_uid), (unsigned)st.st_mode & 07777U);
	else
		doctor_ok(doctor, NULL, "conf-file", "%s: nobody else may change it", file);
}

static void
look_at_user(struct doctor *doctor, const struct stat *state)
{
	uid_t me = geteuid();

	if (state->st_uid != me)
		doctor_bad(doctor, NULL, "user",
			doctor_do(doctor, "runuser -u %s -- madoguchi doctor",
				user_name(doctor, state->st_uid)),
			"this runs as %s, and state_dir is %s's", user_name(doctor, me),
			user_name(doctor, state->st_uid));
	else if (me == 0)
		doctor_hint(doctor, NULL, "user",
			"make a user of its own, give it state_dir, the keyring folder and the "
			"secret files, and run daemon and tool as that",
			"this runs as root");
	else
		doctor_ok(doctor, NULL, "user", "this runs as %s, whose state_dir is",
			user_name(doctor, me));
}

static void
look_at_disk(struct doctor *doctor, const char *folder)
{
	static const char remedy[] = "make room on that disk, or let state_dir name another";
	struct statvfs disk;
	uint64_t room;

	if (statvfs(folder, &disk) != 0)
		return;
	room = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (room < DISK_BAD)
		doctor_bad(doctor, NULL, "disk", remedy, "%s has %llu MB left: mail will not fit",
			folder, (unsigned long long)room >> 20);
	else if (room < DISK_HINT)
		doctor_hint(doctor, NULL, "disk", remedy, "%s has %llu MB left", folder,
			(unsigned long long)room >> 20);
	else
		doctor_ok(doctor, NULL, "disk", "%s has %llu MB left", folder,
			(unsigned long long)room >> 20);
}

static void
look_at_state(struct doctor *doctor)
{
	const char *folder = doctor->cli->conf->state_dir;
	struct stat st;

	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
		doctor_bad(doctor, NULL, "state-dir",
			doctor_do(doctor, "install -d -m 700 -o USER %s, or let state_dir name "
					  "another folder", folder),
			"there is no folder %s", folder);
		return;
	}
	look_at_user(doctor, &st);
	if (access(folder, R_OK | W_OK | X_OK) != 0)
		doctor_bad(doctor, NULL, "state-dir",
			doctor_do(doctor, "chmod 700 %s, on a disk that can be written, or let "
					  "state_dir name another folder", folder),
			"nothing can be written in %s: %s", folder, strerrordesc_np(errno));
	else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		doctor_hint(doctor, NULL, "state-dir", doctor_do(doctor, "chmod 700 %s", folder),
			"others may look into %s (mode %04o)", folder,
			(unsigned)st.st_mode & 07777U);
	else
		doctor_ok(doctor, NULL, "state-dir", "%s is the desk's alone", folder);
	look_at_disk(doctor, folder);
}

/* What the world may read the conf's reader has refused; whose it is, is asked here. */
static bool
secret_is_well(struct doctor *doctor, size_t desk, const char *file)
{
	struct stat st;

	if (file[0] == '\0' || stat(file, &st) != 0)
		return true;
	if (st.st_size == 0) {
		doctor_bad(doctor, doctor_title(doctor, desk), "secret-files",
			doctor_do(doctor, "write the secret into the first line of %s", file),
			"%s is empty", file);
		return false;
	}
	if (is_ours(&st))
		return true;
	doctor_bad(doctor, doctor_title(doctor, desk), "secret-files",
		doctor_do(doctor, "chown %s %s", user_name(doctor, geteuid()), file),
		"%s belongs to %s, who may read and change it", file,
		user_name(doctor, st.st_uid));
	return false;
}

static void
look_at_secrets(struct doctor *doctor, size_t desk)
{
	const struct conf_desk *ports = &doctor->cli->conf->desks[desk];
	const char *const files[] = { ports->imap.server.password_file, ports->smtp.password_file,
		ports->pgp.passphrase_file };
	bool well = true;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		well = secret_is_well(doctor, desk, files[i]) && well;
	if (well)
		doctor_ok(doctor, doctor_title(doctor, desk), "secret-files",
			"password and passphrase files are nobody else's");
}

void
doctor_files(struct doctor *doctor)
{
	look_at_conf(doctor);
	look_at_state(doctor);
	for (size_t i = 0; i < doctor->cli->conf->policy.desk_count; i++)
		look_at_secrets(doctor, i);
}
