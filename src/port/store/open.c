/*
 * Opening: the file with mode 0600 whatever the umask, never through a link,
 * every guard of SQLite on; the daemon's lock beside it.
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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMORY ":memory:"

/* Temporary tables and sorting stay in memory: subjects must not reach a temp file. */
static const char *const settings[] = {
	"PRAGMA journal_mode = WAL",
	"PRAGMA synchronous = FULL",
	"PRAGMA foreign_keys = ON",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA mmap_size = 0",
	"PRAGMA wal_autocheckpoint = 4000",
	"PRAGMA cache_size = -4096",
	"PRAGMA journal_size_limit = 16777216",
};

enum outcome
store_real_path(const char *path, char real_r[PATH_MAX], struct err *err_r)
{
	char *copy = mem_strdup(path);
	char *slash = strrchr(copy, '/');
	const char *name = slash != NULL ? slash + 1 : copy;
	char folder[PATH_MAX];
	enum outcome outcome = DONE;

	if (slash != NULL)
		*slash = '\0';
	if (realpath(slash == NULL ? "." : copy[0] == '\0' ? "/" : copy, folder) == NULL)
		outcome = err_set(err_r, NEVER, "%s: %s", path, strerror(errno));
	else if (snprintf(real_r, PATH_MAX, "%s/%s", text_equal(folder, "/") ? "" : folder,
			 name) >= PATH_MAX)
		outcome = err_set(err_r, NEVER, "%s: the path is too long", path);
	free(copy);
	return outcome;
}

/* WAL and shared memory take their mode from the file. */
enum outcome
store_make_file(const char *path, struct err *err_r)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool fine;

	if (fd < 0)
		return err_set(
			err_r, errno == ENOSPC ? LATER : NEVER, "%s: %s", path, strerror(errno));
	fine = fchmod(fd, 0600) == 0;
	close(fd);
	return fine ? DONE : err_set(err_r, NEVER, "%s: %s", path, strerror(errno));
}

static enum outcome
check_file(const char *path, bool create, struct err *err_r)
{
	enum outcome outcome = DONE;
	struct stat stat;

	if (create && lstat(path, &stat) != 0 && errno == ENOENT)
		outcome = store_make_file(path, err_r);
	/* Another process may have made it in between. */
	if (lstat(path, &stat) != 0)
		return outcome != DONE ? outcome
				       : err_set(err_r, NEVER, "%s: %s", path, strerror(errno));
	if (!S_ISREG(stat.st_mode))
		return err_set(err_r, NEVER, "%s is not a plain file", path);
	if ((stat.st_mode & 077) != 0 && chmod(path, 0600) != 0)
		return err_set(
			err_r, NEVER, "%s may be read by others: %s", path, strerror(errno));
	return DONE;
}

static int
set_up(struct store *store)
{
	static const int on[] = { SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY };
	static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
		SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML };
	int code = sqlite3_busy_timeout(store->db, STORE_BUSY_SECONDS * 1000);

	for (size_t i = 0; code == SQLITE_OK && i < sizeof(on) / sizeof(on[0]); i++)
		code = sqlite3_db_config(store->db, on[i], 1, (int *)NULL);
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(off) / sizeof(off[0]); i++)
		code = sqlite3_db_config(store->db, off[i], 0, (int *)NULL);
	if (code == SQLITE_OK)
		code = store_digest_register(store->db);
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(settings) / sizeof(settings[0]); i++)
		code = store_exec(store, settings[i]);
	return code;
}

enum outcome
store_connect(const char *path, int flags, struct store **store_r, struct err *err_r)
{
	struct store *store = mem_alloc(sizeof(*store));
	enum outcome outcome;
	int code;

	memset(store, 0, sizeof(*store));
	store->path = mem_strdup(path);
	code = sqlite3_open_v2(path, &store->db,
		flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX |
			SQLITE_OPEN_PRIVATECACHE,
		NULL);
	if (store->db == NULL)
		mem_end("no memory for the store");
	if (code == SQLITE_OK)
		code = set_up(store);
	if (code == SQLITE_OK) {
		*store_r = store;
		return DONE;
	}
	if ((code & 0xff) == SQLITE_NOTADB) {
		outcome = err_set(err_r, NEVER, "%s is no store: it is not an SQLite file", path);
	} else {
		store_failed(store, code);
		outcome = store_fault(store, err_r);
		err_wrap(err_r, outcome, "%s", path);
	}
	store_close(&store);
	return outcome;
}

enum outcome
store_open(const char *path, bool create, struct store **store_r, struct err *err_r)
{
	bool memory = text_equal(path, MEMORY);
	char real[PATH_MAX] = MEMORY;
	enum outcome outcome = DONE;
	struct store *store;

	if (!memory) {
		outcome = store_real_path(path, real, err_r);
		if (outcome == DONE)
			outcome = check_file(real, create, err_r);
	}
	if (outcome == DONE)
		outcome = store_connect(real,
			SQLITE_OPEN_READWRITE | (memory ? SQLITE_OPEN_MEMORY : 0), &store, err_r);
	if (outcome != DONE)
		return outcome;
	outcome = store_migrate(store, create || memory, err_r);
	if (outcome != DONE) {
		store_close(&store);
		return outcome;
	}
	store_tally_start(store);
	*store_r = store;
	return DONE;
}

void
store_close(struct store **store)
{
	struct store *old = *store;

	if (old == NULL)
		return;
	for (size_t i = 0; i < STORE_SLOTS; i++)
		(void)sqlite3_finalize(old->slots[i].stmt);
	(void)sqlite3_close_v2(old->db);
	free(old->path);
	free(old);
	*store = NULL;
}

static enum outcome
held(int fd, const char *path, struct err *err_r)
{
	char pid[24];
	ssize_t len = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[len > 0 ? len : 0] = '\0';
	pid[strcspn(pid, "\n")] = '\0';
	return err_set(err_r, LATER, "another daemon holds %s: process %s", path,
		pid[0] != '\0' ? pid : "unknown");
}

static enum outcome
write_pid(int fd, const char *path, struct err *err_r)
{
	char pid[24];
	int len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) == 0 && io_write_all(fd, pid, (size_t)len) == 0)
		return DONE;
	return err_set(err_r, LATER, "%s: %s", path, strerror(errno));
}

enum outcome
store_lock(const char *path, int *fd_r, struct err *err_r)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char lock_path[PATH_MAX];
	enum outcome outcome;
	int fd;

	if (snprintf(lock_path, sizeof(lock_path), "%s.lock", path) >= (int)sizeof(lock_path))
		return err_set(err_r, NEVER, "%s: the path is too long", path);
	fd = open(lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err_r, NEVER, "%s: %s", lock_path, strerror(errno));
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		outcome = write_pid(fd, lock_path, err_r);
	else if (errno == EAGAIN || errno == EACCES)
		outcome = held(fd, lock_path, err_r);
	else
		outcome = err_set(err_r, NEVER, "%s: %s", lock_path, strerror(errno));
	if (outcome == DONE)
		*fd_r = fd;
	else
		close(fd);
	return outcome;
}
