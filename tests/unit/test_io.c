/*
 * base/io: bounded reads, and memory files that are mapped only when nobody
 * can change them any more.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/io.h"

#include "base/arena.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

/* size bytes, in a file or from a pipe, read with a bound. */
static const struct bounded {
	size_t size, max;
	enum outcome outcome;
} reads[] = {
	{ 0, 0, DONE },
	{ 0, 10, DONE },
	{ 1, 0, NEVER },
	{ 10, 10, DONE },
	{ 11, 10, NEVER },
	{ 10, SIZE_MAX, DONE },
	{ 16 * 1024 - 1, 60000, DONE },
	{ 16 * 1024, 60000, DONE },
	{ 16 * 1024 + 1, 60000, DONE },
	{ 60000, 60000, DONE },
	{ 60001, 60000, NEVER },
	{ 40000, 16 * 1024, NEVER },
};

static char *
make_bytes(size_t size)
{
	char *bytes = arena_alloc(arena, size);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i % 251);
	return bytes;
}

/* What came of a read: on success the bytes and a NUL, else a sentence and nothing touched. */
static void
check_read(const struct bounded *want, enum outcome outcome, const char *data, size_t len,
	const struct err *err)
{
	ck_assert_int_eq(outcome, want->outcome);
	if (outcome == DONE) {
		ck_assert_uint_eq(len, want->size);
		ck_assert_mem_eq(data, make_bytes(len), len);
		ck_assert_int_eq(data[len], '\0');
		ck_assert_str_eq(err->text, "");
	} else {
		ck_assert_ptr_null(data);
		ck_assert_uint_eq(len, 99);
		ck_assert_ptr_nonnull(strstr(err->text, "larger"));
	}
}

START_TEST(test_read_pipe)
{
	struct err err = { "" };
	enum outcome outcome;
	char *data = NULL;
	size_t len = 99;
	int ends[2];

	/* What a pipe holds without a reader is 64 KiB: more than any size here. */
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(io_write_all(ends[1], make_bytes(reads[_i].size), reads[_i].size), 0);
	io_close(&ends[1]);
	outcome = io_read_fd(arena, ends[0], reads[_i].max, &data, &len, &err);
	check_read(&reads[_i], outcome, data, len, &err);
	io_close(&ends[0]);
	ck_assert_int_eq(ends[0], -1);
	io_close(&ends[0]);
}
END_TEST

START_TEST(test_read_file)
{
	char path[] = "/tmp/test_io.XXXXXX";
	struct err err = { "" };
	enum outcome outcome;
	char *data = NULL;
	size_t len = 99;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(io_write_all(fd, make_bytes(reads[_i].size), reads[_i].size), 0);
	ck_assert_int_eq(io_size(fd), (int64_t)reads[_i].size);
	outcome = io_read_file(arena, path, reads[_i].max, &data, &len, &err);
	check_read(&reads[_i], outcome, data, len, &err);
	unlink(path);
	io_close(&fd);
}
END_TEST

START_TEST(test_read_part)
{
	char path[] = "/tmp/io-test-XXXXXX";
	struct err err = { "" };
	char *data = NULL;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(io_write_all(fd, "0123456789", 10), 0);
	ck_assert_int_eq(io_read_part(arena, path, 3, 4, &data, &err), DONE);
	ck_assert_str_eq(data, "3456");
	ck_assert_int_eq(io_read_part(arena, path, 10, 0, &data, &err), DONE);
	ck_assert_str_eq(data, "");
	data = NULL;
	ck_assert_int_eq(io_read_part(arena, path, 7, 4, &data, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "shorter"));
	ck_assert_int_eq(io_read_part(arena, "/tmp", 0, 4, &data, &err), NEVER);
	ck_assert_int_eq(io_read_part(arena, "/nonexistent/file", 0, 4, &data, &err), NEVER);
	ck_assert_ptr_null(data);
	unlink(path);
	io_close(&fd);
}
END_TEST

static const char *const no_files[] = { "/tmp", "/nonexistent/file", "" };

START_TEST(test_no_file)
{
	struct err err = { "" };
	char *data = NULL;
	size_t len = 99;

	ck_assert_int_eq(io_read_file(arena, no_files[_i], 100, &data, &len, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, no_files[_i]));
	ck_assert_str_ne(err.text, "");
	ck_assert_ptr_null(data);
	ck_assert_uint_eq(len, 99);
	ck_assert_int_eq(io_read_fd(arena, -1, 100, &data, &len, NULL), NEVER);
}
END_TEST

START_TEST(test_write_fails)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(io_write_all(fd, "x", 1), -1);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(io_write_all(fd, "", 0), 0);
	ck_assert_int_eq(io_size(fd), -1);
	io_close(&fd);
	ck_assert_int_eq(io_write_all(fd, "x", 1), -1);
	ck_assert_int_eq(io_size(fd), -1);
}
END_TEST

/* A sealed memory file: what it holds is there, and no way is left to change it. */
START_TEST(test_memfd)
{
	struct io_map map;
	char byte = 0;
	int fd = io_memfd("bytes", 5);

	ck_assert_int_ge(fd, 0);
	ck_assert(io_memfd_sealed(fd));
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(io_size(fd), 5);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(ftruncate(fd, 0), -1);
	ck_assert_int_eq(ftruncate(fd, 9), -1);
	ck_assert_ptr_eq(mmap(NULL, 5, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	ck_assert_int_eq(read(fd, &byte, 1), 1);
	ck_assert_int_eq(byte, 'b');
	ck_assert_int_eq(io_map(fd, 5, &map, NULL), DONE);
	io_close(&fd);
	ck_assert_uint_eq(map.len, 5);
	ck_assert_mem_eq(map.data, "bytes", 5);
	io_unmap(&map);
	ck_assert_uint_eq(map.len, 0);
	ck_assert_int_eq(map.data[0], '\0');
	io_unmap(&map);
}
END_TEST

START_TEST(test_memfd_empty)
{
	struct io_map map = { NULL, 9 };
	int fd = io_memfd(NULL, 0);

	ck_assert_int_eq(io_map(fd, 0, &map, NULL), DONE);
	ck_assert_uint_eq(map.len, 0);
	ck_assert_int_eq(map.data[0], '\0');
	io_unmap(&map);
	io_close(&fd);
}
END_TEST

static const struct {
	int seals;
	bool sealed;
} seals[] = {
	{ 0, false },
	{ F_SEAL_SEAL, false },
	{ F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, false },
	{ ALL_SEALS & ~F_SEAL_WRITE, false },
	{ ALL_SEALS & ~F_SEAL_SHRINK, false },
	{ ALL_SEALS & ~F_SEAL_GROW, false },
	{ ALL_SEALS, true },
};

START_TEST(test_seals)
{
	struct io_map map = { NULL, 9 };
	struct err err = { "" };
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_eq(io_write_all(fd, "abc", 3), 0);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals[_i].seals), 0);
	ck_assert_int_eq(io_memfd_sealed(fd), seals[_i].sealed);
	ck_assert_int_eq(io_map(fd, 10, &map, &err), seals[_i].sealed ? DONE : NEVER);
	ck_assert_uint_eq(map.len, seals[_i].sealed ? 3 : 9);
	ck_assert_int_eq(err.text[0] == '\0', seals[_i].sealed);
	io_close(&fd);
}
END_TEST

/* What is no memory file that can be sealed is never taken for one. */
START_TEST(test_no_memfd)
{
	struct io_map map;
	int ends[2], unsealable = memfd_create("test", MFD_CLOEXEC);
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(!io_memfd_sealed(-1));
	ck_assert(!io_memfd_sealed(ends[0]));
	ck_assert(!io_memfd_sealed(unsealable));
	ck_assert(!io_memfd_sealed(file));
	ck_assert_int_eq(io_map(file, SIZE_MAX, &map, NULL), NEVER);
	ck_assert_int_eq(io_map(-1, SIZE_MAX, &map, NULL), NEVER);
	ck_assert_int_eq(io_memfd_seal(unsealable), -1);
	ck_assert_int_eq(io_memfd_seal(ends[0]), -1);
	ck_assert_int_eq(io_size(ends[0]), -1);
}
END_TEST

START_TEST(test_oversize)
{
	struct io_map map = { NULL, 9 };
	struct err err = { "" };
	int fd = io_memfd("123456", 6);

	ck_assert_int_eq(io_map(fd, 5, &map, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "larger than 5 bytes"));
	ck_assert_ptr_null(map.data);
	ck_assert_uint_eq(map.len, 9);
	ck_assert_int_eq(io_map(fd, 6, &map, &err), DONE);
	io_unmap(&map);
	io_close(&fd);
}
END_TEST

START_TEST(test_seal_pieces)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_eq(io_write_all(fd, "one ", 4), 0);
	ck_assert_int_eq(io_write_all(fd, "two", 3), 0);
	ck_assert_int_eq(io_memfd_seal(fd), 0);
	ck_assert(io_memfd_sealed(fd));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 0);
	ck_assert_int_eq(io_size(fd), 7);
	ck_assert_int_eq(io_memfd_seal(fd), -1);
	io_close(&fd);
}
END_TEST

START_TEST(test_random)
{
	unsigned char one[64] = { 0 }, two[64] = { 0 };

	io_random(one, sizeof(one));
	io_random(two, sizeof(two));
	ck_assert_mem_ne(one, two, sizeof(one));
	io_random(one, 0);
}
END_TEST

static void
expect_file(const char *path, const char *bytes, unsigned mode)
{
	struct err err = { "" };
	struct stat st;
	char *data;
	size_t len;

	ck_assert_int_eq(io_read_file(arena, path, 100, &data, &len, &err), DONE);
	ck_assert_str_eq(data, bytes);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777U, mode);
}

/* Whole, of its mode whatever the mask; one that is there is replaced only when asked. */
START_TEST(test_put_file)
{
	char folder[] = "/tmp/test_io.XXXXXX";
	const char *path, *part;
	struct err err = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = arena_printf(arena, "%s/file", folder);
	part = arena_printf(arena, "%s.part", path);
	umask(077);
	ck_assert_int_eq(io_put_file(path, "one", 3, 0640, false, &err), DONE);
	expect_file(path, "one", 0640);
	ck_assert_int_eq(io_put_file(path, "two", 3, 0600, false, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	expect_file(path, "one", 0640);
	ck_assert_int_eq(access(part, F_OK), -1);
	/* What a run that was killed left behind is no hindrance, nor a link that someone put there. */
	ck_assert_int_eq(symlink("/nonexistent/file", part), 0);
	ck_assert_int_eq(io_put_file(path, "two", 3, 0600, true, &err), DONE);
	expect_file(path, "two", 0600);
	ck_assert_int_eq(access(part, F_OK), -1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(io_put_file(path, "one", 3, 0600, true, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

/* Nothing is in its place before all are written; those that cannot be leave what was there. */
START_TEST(test_parts)
{
	static const char *const names[] = { "one", "two" };
	char folder[] = "/tmp/test_io.XXXXXX";
	const char *one, *two;
	struct err err = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	one = arena_printf(arena, "%s/one", folder);
	two = arena_printf(arena, "%s/two", folder);
	umask(077);
	ck_assert_int_eq(io_put_file(one, "old", 3, 0600, false, &err), DONE);
	ck_assert_int_eq(io_put_part(folder, "one", "new", 3, 0640, &err), DONE);
	expect_file(one, "old", 0600);
	/* The second was never written. */
	ck_assert_int_eq(io_place_parts(folder, names, 2, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, two));
	expect_file(one, "new", 0640);
	ck_assert_int_eq(io_put_part(folder, "one", "newer", 5, 0640, &err), DONE);
	ck_assert_int_eq(io_put_part(folder, "two", "2", 1, 0640, &err), DONE);
	ck_assert_int_eq(io_place_parts(folder, names, 2, &err), DONE);
	expect_file(one, "newer", 0640);
	expect_file(two, "2", 0640);
	ck_assert_int_eq(io_put_part(folder, "two", "3", 1, 0640, &err), DONE);
	io_drop_parts(folder, names, 2);
	ck_assert_int_eq(unlink(one), 0);
	ck_assert_int_eq(unlink(two), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(io_put_part(folder, "one", "x", 1, 0640, &err), NEVER);
	ck_assert_int_eq(io_place_parts(folder, names, 2, &err), NEVER);
}
END_TEST

static Suite *
suite_io(void)
{
	Suite *suite = suite_create("io");
	TCase *tc = tcase_create("io");

	/* A syncfs waits for all that others write to the same file system. */
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_read_pipe, 0, SIZE(reads));
	tcase_add_loop_test(tc, test_read_file, 0, SIZE(reads));
	tcase_add_test(tc, test_read_part);
	tcase_add_loop_test(tc, test_no_file, 0, SIZE(no_files));
	tcase_add_test(tc, test_write_fails);
	tcase_add_test(tc, test_memfd);
	tcase_add_test(tc, test_memfd_empty);
	tcase_add_loop_test(tc, test_seals, 0, SIZE(seals));
	tcase_add_test(tc, test_no_memfd);
	tcase_add_test(tc, test_oversize);
	tcase_add_test(tc, test_seal_pieces);
	tcase_add_test(tc, test_put_file);
	tcase_add_test(tc, test_parts);
	tcase_add_test(tc, test_random);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_io());
}
