/*
 * The store as a whole: a copy while others write, its size, its counts.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * All pages in one step: a reader of a WAL hinders no writer, and a copy in pieces would begin
 * anew at each commit.
 */
static enum outcome
copy_pages(struct store *store, struct store *copy, struct err *err_r)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", store->db, "main");
	int code;

	if (backup == NULL) {
		store_failed(copy, sqlite3_errcode(copy->db));
		return store_fault(copy, err_r);
	}
	code = sqlite3_backup_step(backup, -1);
	(void)sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE)
		return DONE;
	store_failed(copy, code);
	return store_fault(copy, err_r);
}

/* One file, without a WAL beside it, and whole. */
static enum outcome
finish_copy(struct store *copy, struct err *err_r)
{
	sqlite3_stmt *row;
	bool fine = false;

	if (store_exec(copy, "PRAGMA journal_mode = DELETE") != SQLITE_OK)
		store_failed(copy, sqlite3_extended_errcode(copy->db));
	row = store_ask(copy, "PRAGMA integrity_check(1)", "");
	if (store_row(copy, row)) {
		fine = text_equal((const char *)sqlite3_column_text(row, 0), "ok");
		store_done(row);
	}
	if (copy->outcome != DONE)
		return store_fault(copy, err_r);
	return fine ? DONE : err_set(err_r, NEVER, "the store is damaged: ask `madoguchi verify`");
}

static enum outcome
make_copy(struct store *store, const char *path, struct err *err_r)
{
	struct store *copy = NULL;
	enum outcome outcome = store_make_file(path, err_r);

	if (outcome == DONE)
		outcome = store_connect(path, SQLITE_OPEN_READWRITE, &copy, err_r);
	if (outcome == DONE)
		outcome = copy_pages(store, copy, err_r);
	if (outcome == DONE)
		outcome = finish_copy(copy, err_r);
	store_close(&copy);
	return outcome;
}

/* The new name is on the disk only with its folder. */
static enum outcome
put_in_place(const char *part, const char *path, struct err *err_r)
{
	char folder[PATH_MAX];
	char *slash;
	int fd;

	if (rename(part, path) != 0)
		return err_set(err_r, NEVER, "%s: %s", path, strerror(errno));
	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		(void)snprintf(folder, sizeof(folder), ".");
	else
		slash[slash == folder ? 1 : 0] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		(void)fsync(fd);
	io_close(&fd);
	return DONE;
}

/* What a backup that was killed left behind: a WAL of it would be taken for the new copy's. */
static enum outcome
clear(const char *part, struct err *err_r)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };
	char name[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", part, suffixes[i]);
		if (unlink(name) != 0 && errno != ENOENT)
			return err_set(err_r, NEVER, "%s: %s", name, strerror(errno));
	}
	return DONE;
}

enum outcome
store_backup(struct store *store, const char *path, struct err *err_r)
{
	char real[PATH_MAX], part[PATH_MAX];
	enum outcome outcome = store_real_path(path, real, err_r);

	if (outcome != DONE)
		return outcome;
	if (snprintf(part, sizeof(part), "%s.part", real) >= (int)sizeof(part))
		return err_set(err_r, NEVER, "%s: the path is too long", path);
	outcome = clear(part, err_r);
	if (outcome == DONE)
		outcome = make_copy(store, part, err_r);
	if (outcome == DONE)
		outcome = put_in_place(part, real, err_r);
	if (outcome != DONE)
		(void)clear(part, NULL);
	return outcome;
}

void
store_counts(struct store *store, struct store_counts *counts_r)
{
	bool snapshot = store_snapshot(store);
	sqlite3_stmt *row;

	memset(counts_r, 0, sizeof(*counts_r));
	counts_r->messages = store_ask_int(store, "SELECT count(*) FROM message", "");
	counts_r->unrelated =
		counts_r->messages -
		store_ask_int(store, "SELECT count(*) FROM message WHERE kind <> 12", "");
	counts_r->unfiled =
		store_ask_int(store, "SELECT count(*) FROM message WHERE unfiled = 1", "");
	counts_r->cases_open =
		store_ask_int(store, "SELECT count(*) FROM case_record WHERE state = 0", "");
	counts_r->cases_closed =
		store_ask_int(store, "SELECT count(*) FROM case_record WHERE state = 1", "") -
		store_ask_int(store, "SELECT count(*) FROM case_merged", "");
	row = store_ask(store, "SELECT state, count(*) FROM outbox GROUP BY state", "");
	while (store_row(store, row))
		counts_r->outbox[store_below(store, row, 0, OUTBOX_STATES)] =
			sqlite3_column_int64(row, 1);
	store_snapshot_end(store, snapshot);
}

static int64_t
bytes_of(const char *path, const char *suffix)
{
	char whole[PATH_MAX];
	struct stat stat_buffer;

	if (snprintf(whole, sizeof(whole), "%s%s", path, suffix) >= (int)sizeof(whole) ||
		stat(whole, &stat_buffer) != 0)
		return 0;
	return stat_buffer.st_size;
}

int64_t
store_wal_bytes(const struct store *store)
{
	return bytes_of(store->path, "-wal");
}

int64_t
store_bytes(const struct store *store)
{
	return bytes_of(store->path, "") + bytes_of(store->path, "-wal");
}
