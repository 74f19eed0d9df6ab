/*
 * Files and memory files: bounded reads, sealed memfds. Must not interpret
 * what it reads.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/* Read-only bytes of a memfd, mapped. */
struct io_map {
	const unsigned char *data;
	size_t len;
};

/* The whole of a file, NUL-ended, in the arena; NEVER when larger than max or not readable. */
enum outcome io_read_file(struct arena *arena, const char *path, size_t max, char **data_r,
	size_t *len_r, struct err *err_r);

/* All of fd until its end, likewise. */
enum outcome io_read_fd(struct arena *arena, int fd, size_t max, char **data_r, size_t *len_r,
	struct err *err_r);

/* len bytes at that offset of a file, in the arena; NEVER when it does not hold them any more. */
enum outcome io_read_part(struct arena *arena, const char *path, int64_t offset, size_t len,
	char **data_r, struct err *err_r);

/* Writes all; -1 with errno when it cannot. */
int io_write_all(int fd, const void *bytes, size_t len);

/*
 * A memfd that holds the bytes, sealed against writing, growing and shrinking,
 * close-on-exec, its offset at 0. -1 with errno.
 */
int io_memfd(const void *bytes, size_t len);

/* Whether fd is a memfd sealed as io_memfd() does it: what a receiver checks before it maps. */
bool io_memfd_sealed(int fd);

/* Seals a memfd that was written piece by piece and rewinds it; -1 with errno. */
int io_memfd_seal(int fd);

/* Maps the whole of a sealed memfd of at most max bytes; an empty one gives len 0 and data "". */
enum outcome io_map(int fd, size_t max, struct io_map *map_r, struct err *err_r);

/* Unmaps; takes an empty map; sets it empty. */
void io_unmap(struct io_map *map);

/*
 * Makes a file of that mode with these bytes, whole or not at all, on the disk
 * when it returns. An older one of that name is replaced, or, with replace
 * false, left as it is: then NEVER. A "PATH.part" is overwritten on the way.
 */
enum outcome io_put_file(const char *path, const void *bytes, size_t len, unsigned mode, bool replace,
	struct err *err_r);

/*
 * Many files of a folder for the price of one. io_put_part() writes FOLDER/NAME.part, which is not
 * on the disk yet; io_place_parts() waits once until all of them are, puts each in the place of
 * FOLDER/NAME, in the order of the list, and waits for their names. NEVER with the first that
 * failed: those before it are in place, the parts of the others are left; io_drop_parts() removes
 * such ones.
 */
enum outcome io_put_part(const char *folder, const char *name, const void *bytes, size_t len,
	unsigned mode, struct err *err_r);
enum outcome io_place_parts(const char *folder, const char *const *names, size_t count,
	struct err *err_r);
void io_drop_parts(const char *folder, const char *const *names, size_t count);

/* Removes a folder with the files and empty folders in it; what cannot be removed stays. */
void io_drop_folder(const char *path);

/* Size in bytes of what fd names, -1 when it cannot be told. */
int64_t io_size(int fd);

/* Closes if >= 0 and sets -1. */
void io_close(int *fd);

/* len bytes from the kernel's random source; ends the process if there is none. */
void io_random(void *bytes_r, size_t len);

#endif
