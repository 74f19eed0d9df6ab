/*
 * Archives in memory: what goes in comes out, tar(1) reads it and writes what we
 * read, and no cut or altered archive is taken for a whole one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tar.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#define ARCHIVE_MAX (1024 * 1024)
#define LONG "/a-folder-with-a-name-that-is-rather-long/and-another-one-that-is-no-shorter/and-one-more/last"

static struct arena *arena;
static struct text tar;

static void
make(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	text_init(&tar, arena, ARCHIVE_MAX);
}

static void
drop(void)
{
	arena_free(&arena);
}

static const struct {
	const char *name;
	unsigned mode;
	size_t len;
	bool fits;
} members[] = {
	{ "madoguchi-keys/README", 0600, 0, true },
	{ "x", 0640, 1, true },
	{ "a/b", 0755, 511, true },
	{ "a/c", 0600, 512, true },
	{ "a/d", 0600, 513, true },
	{ "files" LONG, 0600, 7, true },
	{ "files" LONG LONG, 0600, 7, true },
	{ "files" LONG LONG LONG, 0600, 7, false },
	/* No slash where a cut would have to be. */
	{ "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
	  "1234567890", 0600, 3, false },
	{ "", 0600, 3, false },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

static const char *
bytes_of(size_t i)
{
	char *bytes = arena_alloc(arena, members[i].len + 1);

	memset(bytes, 'a' + (int)i, members[i].len);
	return bytes;
}

START_TEST(comes_out_as_it_went_in)
{
	struct tar_member member;
	size_t at = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		ck_assert(tar_add(&tar, members[i].name, members[i].mode, bytes_of(i),
				  members[i].len) == members[i].fits);
	tar_end(&tar);
	ck_assert_uint_eq(tar.len % 512, 0);
	for (size_t i = 0; i < MEMBERS; i++) {
		if (!members[i].fits)
			continue;
		ck_assert(tar_next(tar.data, tar.len, &at, &member));
		ck_assert_str_eq(member.name, members[i].name);
		ck_assert_uint_eq(member.mode, members[i].mode);
		ck_assert_uint_eq(member.len, members[i].len);
		ck_assert_mem_eq(member.bytes, bytes_of(i), member.len);
	}
	ck_assert(!tar_next(tar.data, tar.len, &at, &member));
	ck_assert(at != SIZE_MAX);
}
END_TEST

/* Every cut and every changed header byte is seen. */
START_TEST(damaged)
{
	struct tar_member member;
	size_t at;

	ck_assert(tar_add(&tar, "one", 0600, "1", 1));
	ck_assert(tar_add(&tar, "two", 0600, "22", 2));
	for (size_t len = 1; len < tar.len; len++) {
		at = 0;
		while (tar_next(tar.data, len, &at, &member))
			;
		ck_assert(at == SIZE_MAX);
	}
	for (size_t i = 0; i < 512; i++) {
		char *copy = arena_memdup(arena, tar.data, tar.len);

		copy[i] ^= 1;
		at = 0;
		/* The blank behind the sum belongs to nothing. */
		ck_assert(!tar_next(copy, tar.len, &at, &member) || i >= 154);
	}
	at = 0;
	ck_assert(!tar_next("no archive", 10, &at, &member));
	ck_assert(at == SIZE_MAX);
}
END_TEST

static int
piped(const char *command, const char *in, size_t len)
{
	FILE *pipe = popen(command, "w");

	ck_assert_ptr_nonnull(pipe);
	ck_assert_uint_eq(fwrite(in, 1, len, pipe), len);
	return pclose(pipe);
}

START_TEST(tar_reads_it)
{
	ck_assert(tar_add(&tar, "files" LONG LONG, 0640, "words\n", 6));
	ck_assert(tar_add(&tar, "two", 0600, "22", 2));
	tar_end(&tar);
	ck_assert_int_eq(piped("[ \"$(tar -xO -f - 2>&1)\" = \"words\n22\" ]", tar.data, tar.len), 0);
	ck_assert_int_eq(piped("tar -tv -f - | grep -q '^-rw-r----- .* 6 .*/last$'", tar.data, tar.len), 0);
}
END_TEST

START_TEST(reads_tars_own)
{
	static char bytes[ARCHIVE_MAX];
	FILE *pipe = popen("d=$(mktemp -d) && cd $d && mkdir sub && printf words > sub/file &&"
			   " ln -s sub link && chmod 640 sub/file && tar -c --format=ustar sub link;"
			   " rm -r $d", "r");
	struct tar_member member;
	size_t len, at = 0;

	ck_assert_ptr_nonnull(pipe);
	len = fread(bytes, 1, sizeof(bytes), pipe);
	ck_assert_int_eq(pclose(pipe), 0);
	/* Folder and link are passed over. */
	ck_assert(tar_next(bytes, len, &at, &member));
	ck_assert_str_eq(member.name, "sub/file");
	ck_assert_uint_eq(member.mode, 0640);
	ck_assert_uint_eq(member.len, 5);
	ck_assert_mem_eq(member.bytes, "words", 5);
	ck_assert(!tar_next(bytes, len, &at, &member));
	ck_assert(at != SIZE_MAX);
}
END_TEST

static Suite *
suite_tar(void)
{
	Suite *suite = suite_create("tar");
	TCase *tcase = tcase_create("tar");

	tcase_add_checked_fixture(tcase, make, drop);
	tcase_add_test(tcase, comes_out_as_it_went_in);
	tcase_add_test(tcase, damaged);
	tcase_add_test(tcase, tar_reads_it);
	tcase_add_test(tcase, reads_tars_own);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_tar());
}
