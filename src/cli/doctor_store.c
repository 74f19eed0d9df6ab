/*
 * The doctor's look at the store and at who works on it. Opens it as any
 * command does; the one write is a transaction that is rolled back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/drills.h"
#include "flow/trials.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/drill.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHECK_MS 60000
#define WAL_HINT ((int64_t)64 * 1024 * 1024)	/* it is cut to 16 MB at each checkpoint */
#define LATE_INTERVALS 10	/* as `status` has it */

/* A process's name; NULL when there is no such process. */
static const char *
process_name(struct doctor *doctor, int64_t pid)
{
	struct arena *arena = doctor->cli->arena;
	struct err err;
	char *name;
	size_t len;

	if (pid == 0 || io_read_file(arena, arena_printf(arena, "/proc/%lld/comm", (long long)pid),
				64, &name, &len, &err) != DONE)
		return NULL;
	name[strcspn(name, "\n")] = '\0';
	return name;
}

/* The service that a process belongs to (" as x.service"), "" for none. */
static const char *
service_of(struct doctor *doctor, int64_t pid)
{
	struct arena *arena = doctor->cli->arena;
	char *groups, *name;
	struct err err;
	size_t len;

	if (io_read_file(arena, arena_printf(arena, "/proc/%lld/cgroup", (long long)pid), 4096,
		    &groups, &len, &err) != DONE)
		return "";
	groups[strcspn(groups, "\n")] = '\0';
	name = strrchr(groups, '/');
	return name != NULL && text_ends(name, ".service") ? arena_printf(arena, " as %s", name + 1)
							    : "";
}

static void
look_at_lock(struct doctor *doctor)
{
	const char *path = doctor->cli->store_path, *name;
	int64_t pid = 0;
	bool held = false;
	struct err err;

	if (store_lock_look(path, &held, &pid, &err) != DONE) {
		doctor_bad(doctor, NULL, "daemon",
			doctor_do(doctor, "chown the user that runs the desk to %s.lock", path),
			"its lock cannot be looked at: %s", err.text);
		return;
	}
	if (!held) {
		doctor_hint(doctor, NULL, "daemon", "systemctl start madoguchid",
			"none runs: no mail is read and none is sent");
		return;
	}
	name = process_name(doctor, pid);
	doctor->daemon = text_equal(name, "madoguchid");
	if (doctor->daemon || text_equal(name, "madoguchi"))
		doctor_ok(doctor, NULL, "daemon", "process %lld, %s%s, works on this store",
			(long long)pid, name, service_of(doctor, pid));
	else
		doctor_bad(doctor, NULL, "daemon",
			doctor_do(doctor, "end that process (fuser %s.lock names it): while it holds "
					  "the lock, no madoguchid can start",
				path),
			"the daemon's lock is held by process %lld (%s), which is no madoguchid",
			(long long)pid, name != NULL ? name : "not there any more");
}

/* Opened without the right to write, SQLite would leave files beside it that nobody can write. */
static bool
may_be_written(struct doctor *doctor)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct arena *arena = doctor->cli->arena;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *file =
			arena_printf(arena, "%s%s", doctor->cli->store_path, suffixes[i]);

		if (access(file, R_OK | W_OK) == 0 || errno == ENOENT)
			continue;
		doctor_bad(doctor, NULL, "store",
			doctor_do(doctor, "chown the user that runs the desk to %s, chmod 600", file),
			"%s cannot be written: %s", file, strerrordesc_np(errno));
		return false;
	}
	return true;
}

static bool
open_store(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	struct err err;

	if (access(cli->store_path, F_OK) != 0) {
		doctor_hint(doctor, NULL, "store", "madoguchid makes it at its first start",
			"there is no store %s yet", cli->store_path);
		return false;
	}
	if (!may_be_written(doctor))
		return false;
	switch (store_open(cli->store_path, false, &cli->store, &err)) {
	case DONE:
		doctor_ok(doctor, NULL, "store", "%s opens, version %d, %lld KB", cli->store_path,
			store_version(cli->store), (long long)store_bytes(cli->store) / 1024);
		return true;
	case LATER:
		doctor_bad(doctor, NULL, "store",
			"see who holds it (fuser cases.db), and whether the disk is full", "%s",
			err.text);
		return false;
	default:
		doctor_bad(doctor, NULL, "store",
			doctor_do(doctor,
				"put a backup in its place, or run the madoguchi that made it; keep "
				"what lies in %s",
				cli->conf->state_dir),
			"%s", err.text);
		return false;
	}
}

static void
look_at_whole(struct doctor *doctor)
{
	static const char remedy[] = "stop the daemon, keep a copy of cases.db with its -wal, and put "
				     "the last good backup in its place";
	struct cli *cli = doctor->cli;
	const char *why = NULL;
	struct err err;
	enum outcome outcome = store_quick_check(cli->store, cli->arena, CHECK_MS, &why, &err);

	if (outcome == LATER)
		doctor_hint(doctor, NULL, "store-whole", "madoguchi verify, which takes its time",
			"%s", err.text);
	else if (outcome != DONE || why != NULL)
		doctor_bad(doctor, NULL, "store-whole", remedy, "the store is damaged: %s",
			why != NULL ? why : err.text);
	else
		doctor_ok(doctor, NULL, "store-whole", "SQLite finds the file whole");
}

/* Whoever sits on the store keeps the daemon from recording mail. */
static void
look_at_writing(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	struct err err;

	if (store_begin(cli->store, &err) != DONE) {
		doctor_bad(doctor, NULL, "store-write",
			doctor_do(doctor, "see who holds it: fuser %s", cli->store_path),
			"nothing can be written for %d s: %s", STORE_BUSY_SECONDS, err.text);
		return;
	}
	store_rollback(cli->store);
	doctor_ok(doctor, NULL, "store-write", "a transaction can begin");
}

static void
look_at_wal(struct doctor *doctor)
{
	int64_t bytes = store_wal_bytes(doctor->cli->store);

	if (bytes > WAL_HINT)
		doctor_hint(doctor, NULL, "wal",
			"end what reads the store without end (a backup, an sqlite3 left open)",
			"cases.db-wal has grown to %lld MB", (long long)bytes >> 20);
	else
		doctor_ok(doctor, NULL, "wal", "cases.db-wal has %lld KB",
			(long long)bytes / 1024);
}

/* What the keyring is given to open, later. */
static void
take_pairs(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;

	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		struct trials_pair *pair = &doctor->pairs[i];
		char *sealed = NULL;
		size_t len = 0;

		if (store_box_get(cli->store, cli->arena, doctor_title(doctor, i),
			    pair->public_half.bytes, &sealed, &len)) {
			pair->sealed = sealed;
			pair->sealed_len = len;
		} else {
			doctor_hint(doctor, doctor_title(doctor, i), "pair",
				"madoguchid makes it at its first start",
				"there is no pair of keys yet for sealing mail at rest");
		}
	}
}

static bool
is_read_from(const struct conf_imap *imap, const char *folder)
{
	for (size_t i = 0; i < imap->folders.count; i++) {
		if (text_equal(imap->folders.at[i], folder))
			return true;
	}
	return text_equal(imap->sent_folder, folder);
}

/* When a running daemon last read each folder; the clock cannot stand before that. */
static void
look_at_passes(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	struct store_mailbox *list;
	size_t count = store_mailboxes(cli->store, cli->arena, &list);

	for (size_t i = 0; i < count; i++) {
		int64_t last = list[i].cursor.last_pass, longest;
		const struct conf_imap *imap;
		size_t desk = 0;

		doctor_seen(doctor, last, "the daemon's last pass");
		while (desk < cli->conf->policy.desk_count &&
			!text_equal(doctor_title(doctor, desk), list[i].desk))
			desk++;
		if (!doctor->daemon || desk == cli->conf->policy.desk_count)
			continue;
		imap = &cli->conf->desks[desk].imap;
		longest = (int64_t)imap->poll_interval * LATE_INTERVALS * CLOCK_SECOND;
		if (!is_read_from(imap, list[i].folder))
			continue;
		if (cli->now - last > longest)
			doctor_bad(doctor, list[i].desk, "passes",
				"see the mailbox's lines here and the daemon's log (journalctl -u "
				"madoguchid)",
				"%s was last read: %s", list[i].folder,
				last != 0 ? cli_time(cli, last, list[i].desk) : "never");
		else
			doctor_ok(doctor, list[i].desk, "passes", "%s was read at %s",
				list[i].folder, cli_time(cli, last, list[i].desk));
	}
}

/* Whether the whole way was walked lately; what was tried here is each part alone. */
static void
look_at_drill(struct doctor *doctor, const char *desk)
{
	static const char remedy[] = "madoguchi drill";
	struct cli *cli = doctor->cli;
	int64_t passed, last;

	drills_last(cli->store, desk, &passed, &last);
	if (last == 0)
		doctor_hint(doctor, desk, "drill", remedy,
			"the whole way, from a notification to its answer, was never walked");
	else if (last != passed)
		doctor_bad(doctor, desk, "drill", remedy, "the last drill failed at %s",
			cli_time(cli, last, desk));
	else if (drill_late(passed, cli->now))
		doctor_hint(doctor, desk, "drill",
			"madoguchi drill; systemctl enable --now madoguchi-drill.timer for one each month",
			"the last drill passed at %s: that is long ago", cli_time(cli, passed, desk));
	else
		doctor_ok(doctor, desk, "drill", "the last drill passed at %s",
			cli_time(cli, passed, desk));
}

void
doctor_store(struct doctor *doctor)
{
	look_at_lock(doctor);
	if (!open_store(doctor))
		return;
	look_at_whole(doctor);
	look_at_writing(doctor);
	look_at_wal(doctor);
	take_pairs(doctor);
	look_at_passes(doctor);
	for (size_t i = 0; i < doctor->cli->conf->policy.desk_count; i++)
		look_at_drill(doctor, doctor_title(doctor, i));
}
