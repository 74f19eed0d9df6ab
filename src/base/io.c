/*
 * Files, memory files, the kernel's random source. What comes from another
 * room is checked before it is mapped: a memfd that could still shrink would
 * kill its reader with SIGBUS.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/io.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define IO_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define IO_CHUNK ((size_t)16 * 1024)

static const unsigned char io_nothing[1];

/* read() that takes no notice of signals. */
static ssize_t
read_some(int fd, char *to, size_t room)
{
	ssize_t got;

	do
		got = read(fd, to, room);
	while (got < 0 && errno == EINTR);
	return got;
}

/* What to reserve at first: one byte beyond the size, so that the end is met in one read. */
static size_t
first_room(int fd, size_t max)
{
	int64_t size = io_size(fd);
	size_t room = size > 0 ? (size_t)size + 1 : IO_CHUNK;

	return room < max + 1 ? room : max + 1;
}

/* One byte more than max is reserved, to tell "as long as max" from "longer". */
static enum outcome
read_all(struct arena *arena, int fd, size_t max, const char *name, char **data_r, size_t *len_r,
	struct err *err_r)
{
	size_t room = first_room(fd, max);
	size_t len = 0;
	char *data = arena_alloc(arena, room + 1);

	for (;;) {
		ssize_t got = read_some(fd, data + len, room - len);

		if (got < 0)
			return err_set(err_r, NEVER, "cannot read %s: %s", name, strerror(errno));
		len += (size_t)got;
		if (len > max)
			return err_set(err_r, NEVER, "%s is larger than %zu bytes", name, max);
		if (got == 0)
			break;
		if (len == room) {
			size_t more = room < max / 2 ? 2 * room : max + 1;

			data = arena_resize(arena, data, room + 1, more + 1);
			room = more;
		}
	}
	data[len] = '\0';
	*data_r = data;
	*len_r = len;
	return DONE;
}

enum outcome
io_read_fd(struct arena *arena, int fd, size_t max, char **data_r, size_t *len_r,
	struct err *err_r)
{
	if (max > SIZE_MAX / 4)
		max = SIZE_MAX / 4;
	return read_all(arena, fd, max, "the input", data_r, len_r, err_r);
}

enum outcome
io_read_file(struct arena *arena, const char *path, size_t max, char **data_r, size_t *len_r,
	struct err *err_r)
{
	enum outcome outcome;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_set(err_r, NEVER, "cannot open %s: %s", path, strerror(errno));
	if (max > SIZE_MAX / 4)
		max = SIZE_MAX / 4;
	outcome = read_all(arena, fd, max, path, data_r, len_r, err_r);
	io_close(&fd);
	return outcome;
}

/* How many bytes of len stand there; -1 with errno. */
static ssize_t
read_at(int fd, int64_t offset, char *to, size_t len)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < len && got > 0) {
		do
			got = pread(fd, to + have, len - have, offset + (int64_t)have);
		while (got < 0 && errno == EINTR);
		have += got > 0 ? (size_t)got : 0;
	}
	return got < 0 ? -1 : (ssize_t)have;
}

enum outcome
io_read_part(struct arena *arena, const char *path, int64_t offset, size_t len, char **data_r,
	struct err *err_r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum outcome outcome = DONE;
	char *data;
	ssize_t have;

	if (fd < 0)
		return err_set(err_r, NEVER, "cannot open %s: %s", path, strerror(errno));
	data = arena_alloc(arena, len + 1);
	have = read_at(fd, offset, data, len);
	if (have < 0)
		outcome = err_set(err_r, NEVER, "cannot read %s: %s", path, strerror(errno));
	else if ((size_t)have < len)
		outcome = err_set(err_r, NEVER, "%s has become shorter", path);
	io_close(&fd);
	if (outcome == DONE)
		*data_r = data;
	return outcome;
}

int
io_write_all(int fd, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	while (len > 0) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

int
io_memfd_seal(int fd)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return fcntl(fd, F_ADD_SEALS, IO_SEALS) < 0 ? -1 : 0;
}

int
io_memfd(const void *bytes, size_t len)
{
	int fd = memfd_create("madoguchi", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -1;
	if (io_write_all(fd, bytes, len) < 0 || io_memfd_seal(fd) < 0)
		io_close(&fd);
	return fd;
}

bool
io_memfd_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & IO_SEALS) == IO_SEALS;
}

enum outcome
io_map(int fd, size_t max, struct io_map *map_r, struct err *err_r)
{
	struct io_map map = { io_nothing, 0 };
	int64_t size;
	void *data;

	if (!io_memfd_sealed(fd))
		return err_set(err_r, NEVER, "a memory file came that is not sealed");
	size = io_size(fd);
	if (size < 0 || (uint64_t)size > max)
		return err_set(err_r, NEVER, "a memory file came that is larger than %zu bytes",
			max);
	if (size > 0) {
		data = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data == MAP_FAILED)
			return err_set(err_r, LATER, "cannot map a memory file: %s",
				strerror(errno));
		map.data = data;
		map.len = (size_t)size;
	}
	*map_r = map;
	return DONE;
}

void
io_unmap(struct io_map *map)
{
	/* munmap() wants it writable in name only: the pages are the kernel's to take back. */
	if (map->len > 0)
		(void)munmap((void *)(uintptr_t)map->data, map->len);
	map->data = io_nothing;
	map->len = 0;
}

static enum outcome
put_part(const char *part, const void *bytes, size_t len, unsigned mode, bool sync, struct err *err_r)
{
	int fd;
	bool put;

	(void)unlink(part);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	put = fd >= 0 && io_write_all(fd, bytes, len) == 0 && fchmod(fd, (mode_t)mode) == 0 &&
		(!sync || fsync(fd) == 0);
	io_close(&fd);
	return put ? DONE : err_set(err_r, NEVER, "cannot write %s: %s", part, strerror(errno));
}

/* A new name is on the disk only with its folder. */
static void
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	int fd;

	(void)snprintf(folder, sizeof(folder), "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
		slash == NULL ? "." : path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		(void)fsync(fd);
	io_close(&fd);
}

enum outcome
io_put_file(const char *path, const void *bytes, size_t len, unsigned mode, bool replace,
	struct err *err_r)
{
	char part[PATH_MAX];
	bool placed;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return err_set(err_r, NEVER, "%s: the path is too long", path);
	if (put_part(part, bytes, len, mode, true, err_r) != DONE) {
		(void)unlink(part);
		return NEVER;
	}
	/* link() never replaces. */
	placed = replace ? rename(part, path) == 0 : link(part, path) == 0;
	if (!placed)
		err_set(err_r, NEVER, "cannot make %s: %s", path, strerror(errno));
	if (!placed || !replace)
		(void)unlink(part);
	if (placed)
		sync_folder(path);
	return placed ? DONE : NEVER;
}

/* FOLDER/NAME, and the same with ".part". */
static bool
part_paths(const char *folder, const char *name, char path_r[PATH_MAX], char part_r[PATH_MAX])
{
	return snprintf(path_r, PATH_MAX, "%s/%s", folder, name) < PATH_MAX &&
		snprintf(part_r, PATH_MAX, "%s/%s.part", folder, name) < PATH_MAX;
}

enum outcome
io_put_part(const char *folder, const char *name, const void *bytes, size_t len, unsigned mode,
	struct err *err_r)
{
	char path[PATH_MAX], part[PATH_MAX];

	if (!part_paths(folder, name, path, part))
		return err_set(err_r, NEVER, "%s/%s: the path is too long", folder, name);
	return put_part(part, bytes, len, mode, false, err_r);
}

enum outcome
io_place_parts(const char *folder, const char *const *names, size_t count, struct err *err_r)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum outcome outcome = DONE;

	if (fd < 0 || syncfs(fd) != 0)
		outcome = err_set(err_r, NEVER, "cannot write %s to the disk: %s", folder, strerror(errno));
	for (size_t i = 0; i < count && outcome == DONE; i++) {
		char path[PATH_MAX], part[PATH_MAX];

		if (!part_paths(folder, names[i], path, part) || rename(part, path) != 0)
			outcome = err_set(err_r, NEVER, "cannot make %s/%s: %s", folder, names[i],
				strerror(errno));
	}
	if (fd >= 0)
		(void)fsync(fd);
	io_close(&fd);
	return outcome;
}

void
io_drop_parts(const char *folder, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[PATH_MAX], part[PATH_MAX];

		if (part_paths(folder, names[i], path, part))
			(void)unlink(part);
	}
}

void
io_drop_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL) {
		if (unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno == EISDIR)
			(void)unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	}
	(void)closedir(folder);
	(void)rmdir(path);
}

int64_t
io_size(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	return (int64_t)st.st_size;
}

void
io_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
}

void
io_random(void *bytes_r, size_t len)
{
	unsigned char *at = bytes_r;

	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			mem_end("the kernel gives no random bytes");
		at += got;
		len -= (size_t)got;
	}
}
