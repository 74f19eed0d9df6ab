/*
 * Where `ingest` finds mail: standard input, a message's file, an mbox, a
 * Maildir. When a message came is told by its place: now for a pipe, an mbox's
 * own line, else the file's date, which a Maildir's server has set. Nothing of a
 * message is looked at but its "From " line.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ingest.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "mail/mbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024 * 1024)
#define INPUT_PIECE 65536

/* What does not fit is read too, so that the MTA can write to the end, and only counted. */
static bool
read_input(struct text *bytes, int64_t *size_r)
{
	char piece[INPUT_PIECE];
	int64_t size = 0;
	ssize_t got;

	while ((got = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		text_add_bytes(bytes, piece, (size_t)got);
		size += got;
	}
	*size_r = size;
	return true;
}

/* One message, whatever stands in it: an MTA gives one, perhaps with a "From " line before it. */
int
ingest_input(struct cli *cli, struct ingest *ingest)
{
	struct ingest_found found = { .name = "standard input", .at = cli->now };
	struct text bytes;
	size_t from;
	int64_t at;

	if (isatty(STDIN_FILENO))
		return cli_fail(EX_USAGE, "name files, or give a mail on standard input");
	text_init(&bytes, cli->arena, ingest_whole_max(ingest) + INPUT_PIECE);
	if (!read_input(&bytes, &found.size))
		return cli_fail(EX_IOERR, "standard input cannot be read: %s", strerrordesc_np(errno));
	from = mbox_from_line(bytes.data, bytes.len, &at);
	found.bytes = bytes.data + from;
	found.len = bytes.len - from;
	found.size -= (int64_t)from;
	if (found.len == 0)
		return cli_fail(EX_DATAERR, "nothing came on standard input");
	return ingest_take(ingest, &found);
}

static int
take_mbox(struct arena *arena, struct ingest *ingest, const struct ingest_found *file)
{
	struct mbox mbox = { file->bytes, file->len };
	struct ingest_found found = { .quoted = true };
	int status = EX_OK;

	for (size_t i = 1; status == EX_OK && mbox_next(&mbox, &found.bytes, &found.len, &found.at);
		i++) {
		found.name = arena_printf(arena, "%s:%zu", file->name, i);
		found.size = (int64_t)found.len;
		if (found.at == 0)
			found.at = file->at;
		status = ingest_take(ingest, &found);
	}
	return status;
}

static int
take_file(struct ingest *ingest, const char *path, const struct stat *st)
{
	struct arena *arena = arena_new(ARENA_WIPED, FILE_BYTES_MAX + ((size_t)1 << 24));
	struct ingest_found file = { .name = path };
	struct err err;
	char *bytes;
	int64_t at;
	int status;

	if (io_read_file(arena, path, FILE_BYTES_MAX, &bytes, &file.len, &err) != DONE) {
		arena_free(&arena);
		return cli_fail(EX_NOINPUT, "%s", err.text);
	}
	file.bytes = bytes;
	file.size = (int64_t)file.len;
	file.at = (int64_t)st->st_mtim.tv_sec * CLOCK_SECOND + st->st_mtim.tv_nsec / 1000;
	if (file.len == 0)
		status = cli_fail(EX_DATAERR, "%s is empty", path);
	else if (mbox_from_line(file.bytes, file.len, &at) > 0)
		status = take_mbox(arena, ingest, &file);
	else
		status = ingest_take(ingest, &file);
	arena_free(&arena);
	return status;
}

static int
is_message(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The files of cur or new, in the order of their names: that in which they came. */
static int
take_folder(struct cli *cli, struct ingest *ingest, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_message, alphasort), status = EX_OK;

	if (count < 0)
		return cli_fail(EX_NOINPUT, "%s: %s", folder, strerrordesc_np(errno));
	for (int i = 0; i < count; i++) {
		if (status != EX_TEMPFAIL) {
			int one = ingest_path(cli, ingest,
				arena_printf(cli->arena, "%s/%s", folder, entries[i]->d_name));

			status = one != EX_OK ? one : status;
		}
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int
take_maildir(struct cli *cli, struct ingest *ingest, const char *path)
{
	static const char *const folders[] = { "cur", "new" };
	int status = EX_OK;

	for (size_t i = 0; i < 2 && status != EX_TEMPFAIL; i++) {
		const char *folder = arena_printf(cli->arena, "%s/%s", path, folders[i]);
		int one = access(folder, F_OK) == 0
			? take_folder(cli, ingest, folder)
			: cli_fail(EX_NOINPUT, "%s is no Maildir: it has no %s", path, folders[i]);

		status = one != EX_OK ? one : status;
	}
	return status;
}

int
ingest_path(struct cli *cli, struct ingest *ingest, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s: %s", path, strerrordesc_np(errno));
	if (S_ISDIR(st.st_mode))
		return take_maildir(cli, ingest, path);
	if (!S_ISREG(st.st_mode))
		return cli_fail(EX_NOINPUT, "%s is neither a file nor a Maildir", path);
	return take_file(ingest, path, &st);
}
