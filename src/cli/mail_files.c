/*
 * Where mail is found: standard input, a message's file, an mbox, a Maildir, a
 * folder of files. When a message came is told by its place: now for a pipe, an
 * mbox's own line, else the file's date, which a Maildir's server has set.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/mail_files.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "mail/limits.h"
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
#define FOLDERS_DEEP 32	/* of a folder of files */

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
mail_files_input(struct cli *cli, size_t max, const struct mail_sink *sink)
{
	struct mail_found found = { .name = "standard input", .at = cli->now };
	struct text bytes;
	size_t from;
	int64_t at;

	if (isatty(STDIN_FILENO))
		return cli_fail(EX_USAGE, "name files, or give a mail on standard input");
	text_init(&bytes, cli->arena, max + INPUT_PIECE);
	if (!read_input(&bytes, &found.size))
		return cli_fail(EX_IOERR, "standard input cannot be read: %s", strerrordesc_np(errno));
	from = mbox_from_line(bytes.data, bytes.len, &at);
	found.bytes = bytes.data + from;
	found.len = bytes.len - from;
	found.size -= (int64_t)from;
	if (found.len == 0)
		return cli_fail(EX_DATAERR, "nothing came on standard input");
	return sink->take(sink->context, &found);
}

static int
take_mbox(struct arena *arena, const struct mail_sink *sink, const struct mail_found *file)
{
	struct mbox mbox = { file->bytes, file->len };
	struct mail_found found = { .quoted = true, .path = file->path };
	int status = EX_OK;

	for (size_t i = 1; status != EX_TEMPFAIL &&
		mbox_next(&mbox, &found.bytes, &found.len, &found.at); i++) {
		int one;

		found.name = arena_printf(arena, "%s:%zu", file->name, i);
		found.size = (int64_t)found.len;
		found.offset = found.bytes - file->bytes;
		if (found.at == 0)
			found.at = file->at;
		one = sink->take(sink->context, &found);
		status = one != EX_OK ? one : status;
	}
	return status;
}

static int
take_file(const struct mail_sink *sink, const char *path, const struct stat *st, bool maildir)
{
	struct arena *arena = arena_new(ARENA_WIPED, FILE_BYTES_MAX + ((size_t)1 << 24));
	struct mail_found file = { .name = path, .path = path, .maildir = maildir };
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
		status = take_mbox(arena, sink, &file);
	else
		status = sink->take(sink->context, &file);
	arena_free(&arena);
	return status;
}

/* --- folders --- */

struct walk {
	struct cli *cli;
	const struct mail_sink *sink;
	size_t depth;
	size_t files;	/* met so far, readable or not */
};

static int take_folder(struct walk *walk, const char *folder);

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
is_mail_name(const char *name)
{
	return text_ends_ci(name, ".eml") || text_ends_ci(name, ".mbox");
}

/* A Maildir's files are mail whatever their names are; a folder's may be anything. */
static int
take_entry(struct walk *walk, const char *path, bool maildir)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return maildir ? EX_OK : take_folder(walk, path);
	if (!maildir && !is_mail_name(path))
		return EX_OK;
	walk->files++;
	if (stat(path, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s: %s", path, strerrordesc_np(errno));
	if (!S_ISREG(st.st_mode))
		return cli_fail(EX_NOINPUT, "%s is no file", path);
	return take_file(walk->sink, path, &st, maildir);
}

/* By name: in a Maildir that is the order in which they came. */
static int
take_entries(struct walk *walk, const char *folder, bool maildir)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_shown, alphasort), status = EX_OK;

	if (count < 0)
		return cli_fail(EX_NOINPUT, "%s: %s", folder, strerrordesc_np(errno));
	for (int i = 0; i < count; i++) {
		if (status != EX_TEMPFAIL) {
			int one = take_entry(walk,
				arena_printf(walk->cli->arena, "%s/%s", folder, entries[i]->d_name),
				maildir);

			status = one != EX_OK ? one : status;
		}
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int
take_maildir(struct walk *walk, const char *path)
{
	static const char *const folders[] = { "cur", "new" };
	int status = EX_OK;

	for (size_t i = 0; i < 2 && status != EX_TEMPFAIL; i++) {
		const char *folder = arena_printf(walk->cli->arena, "%s/%s", path, folders[i]);
		int one = access(folder, F_OK) == 0
			? take_entries(walk, folder, true)
			: cli_fail(EX_NOINPUT, "%s is no Maildir: it has no %s", path, folders[i]);

		status = one != EX_OK ? one : status;
	}
	return status;
}

static bool
holds(struct walk *walk, const char *path, const char *name)
{
	return access(arena_printf(walk->cli->arena, "%s/%s", path, name), F_OK) == 0;
}

static int
take_folder(struct walk *walk, const char *folder)
{
	int status;

	if (holds(walk, folder, "cur") || holds(walk, folder, "new"))
		return take_maildir(walk, folder);
	if (walk->depth == FOLDERS_DEEP)
		return cli_fail(EX_NOINPUT, "%s: folders are nested too deep", folder);
	walk->depth++;
	status = take_entries(walk, folder, false);
	walk->depth--;
	return status;
}

int
mail_files_path(struct cli *cli, const char *path, const struct mail_sink *sink)
{
	struct walk walk = { .cli = cli, .sink = sink };
	struct stat st;
	int status;

	if (stat(path, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s: %s", path, strerrordesc_np(errno));
	if (S_ISREG(st.st_mode))
		return take_file(sink, path, &st, false);
	if (!S_ISDIR(st.st_mode))
		return cli_fail(EX_NOINPUT, "%s is neither a file nor a folder", path);
	status = take_folder(&walk, path);
	if (status == EX_OK && walk.files == 0 && !holds(&walk, path, "cur"))
		return cli_fail(EX_NOINPUT, "%s is no Maildir, and has no file named .eml or .mbox",
			path);
	return status;
}

/* --- as on the wire --- */

/* Of a message that is too large its header fields are kept, as of one in a mailbox. */
static size_t
header_len(const struct text *wire)
{
	const char *end = strstr(wire->data, "\r\n\r\n");
	size_t len = end != NULL ? (size_t)(end - wire->data) + 4 : wire->len;

	return len < LIMIT_HEADER_BYTES ? len : LIMIT_HEADER_BYTES;
}

void
mail_wire_make(const struct mail_found *found, size_t max_size, struct mail_wire *wire_r)
{
	size_t room = max_size + 1;

	wire_r->arena = arena_new(ARENA_WIPED, 4 * room + LIMIT_HEADER_BYTES + ((size_t)1 << 20));
	text_init(&wire_r->text, wire_r->arena, room + LIMIT_HEADER_BYTES);
	mbox_wire(&wire_r->text, found->bytes, found->len, found->quoted);
	wire_r->header_only = wire_r->text.full || wire_r->text.len >= room;
	wire_r->len = wire_r->header_only ? header_len(&wire_r->text) : wire_r->text.len;
}

void
mail_wire_free(struct mail_wire *wire)
{
	arena_free(&wire->arena);
}

int64_t
mail_files_received(int64_t at, int64_t now)
{
	return at > 0 && at < now ? at : now;
}
