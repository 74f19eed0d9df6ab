/*
 * Looking at the store's health for a person who asks: a bounded check of the
 * file, its version, its lock. Takes no lock and changes nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STEPS_BETWEEN 10000 /* of SQLite's machine, between two looks at the clock: some milliseconds */

struct patience {
	int64_t until_ms;
	bool over;
};

static int
is_over(void *context)
{
	struct patience *patience = context;

	patience->over = clock_mono_ms() >= patience->until_ms;
	return patience->over;
}

/* A fault stands behind a line that names the database. */
static const char *
first_fault(const char *said)
{
	const char *line = strchr(said, '\n');

	return text_starts(said, "*** ") && line != NULL ? line + 1 : said;
}

enum outcome
store_quick_check(struct store *store, struct arena *arena, int64_t ms, const char **why_r,
	struct err *err_r)
{
	struct patience patience = { .until_ms = clock_mono_ms() + ms };
	const char *why = NULL;
	enum outcome outcome;
	sqlite3_stmt *row;

	sqlite3_progress_handler(store->db, STEPS_BETWEEN, is_over, &patience);
	row = store_ask(store, "PRAGMA quick_check(1)", "");
	while (store_row(store, row)) {
		const char *said = store_text(arena, row, 0);

		if (!text_equal(said, "ok") && why == NULL)
			why = text_printable(
				arena, said != NULL ? first_fault(said) : "damaged");
	}
	sqlite3_progress_handler(store->db, 0, NULL, NULL);
	outcome = store_fault(store, err_r);
	if (patience.over)
		return err_set(err_r, LATER, "the time was not enough for it");
	if (outcome == DONE)
		*why_r = why;
	return outcome;
}

int
store_version(struct store *store)
{
	return (int)store_ask_int(store, "PRAGMA user_version", "");
}

enum outcome
store_lock_look(const char *path, bool *held_r, int64_t *pid_r, struct err *err_r)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char lock_path[PATH_MAX], pid[24] = "";
	bool looked;
	int fd;

	if (snprintf(lock_path, sizeof(lock_path), "%s.lock", path) >= (int)sizeof(lock_path))
		return err_set(err_r, NEVER, "%s: the path is too long", path);
	fd = open(lock_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		*held_r = false;
		*pid_r = 0;
		return DONE;
	}
	looked = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 &&
		pread(fd, pid, sizeof(pid) - 1, 0) >= 0;
	if (!looked)
		err_set(err_r, NEVER, "%s: %s", lock_path, strerror(errno));
	io_close(&fd);
	if (!looked)
		return NEVER;
	*held_r = lock.l_type != F_UNLCK;
	pid[strcspn(pid, "\n")] = '\0';
	if (!text_number(pid, 1, INT32_MAX, pid_r))
		*pid_r = 0;
	return DONE;
}
