/*
 * base/arena: pieces are zeroed, aligned and apart; the cap ends the process;
 * a wiped arena leaves nothing behind.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include "unit.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#define CAP ((size_t)64 * 1024 * 1024)
#define EXIT_OURS 42

static const enum arena_kind kinds[] = { ARENA_PLAIN, ARENA_WIPED };

/* One assertion for all bytes: Check writes a record for each it meets. */
static void
check_all(const unsigned char *bytes, size_t len, unsigned char value)
{
	size_t at = 0;

	while (at < len && bytes[at] == value)
		at++;
	ck_assert_uint_eq(at, len);
}

static void
check_zero(const unsigned char *bytes, size_t len)
{
	check_all(bytes, len, 0);
}

/* Sizes round every edge: of the alignment, of a block, far above a block. */
static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 16 * 1024 - 48, 16 * 1024 - 32, 16 * 1024,
	32 * 1024 - 32, 32 * 1024, 1024 * 1024 - 32, 1024 * 1024, 5000001 };

START_TEST(test_sizes)
{
	struct arena *arena = arena_new(kinds[_i], CAP);
	unsigned char *pieces[sizeof(sizes) / sizeof(sizes[0])];

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			pieces[i] = arena_alloc(arena, sizes[i]);
			ck_assert_ptr_nonnull(pieces[i]);
			ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
			check_zero(pieces[i], sizes[i]);
			memset(pieces[i], (int)i + 1, sizes[i]);
		}
		/* No piece lies over another: each still holds its own. */
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			check_all(pieces[i], sizes[i], (unsigned char)(i + 1));
		arena_reset(arena);
		ck_assert_uint_eq(arena_used(arena), 0);
	}
	arena_free(&arena);
	ck_assert_ptr_null(arena);
	arena_free(&arena);
}
END_TEST

START_TEST(test_copies)
{
	struct arena *arena = arena_new(kinds[_i], CAP);
	const char bytes[] = { 1, 0, 2 };
	char *copy;

	ck_assert_ptr_null(arena_strdup(arena, NULL));
	copy = arena_strdup(arena, "");
	ck_assert_str_eq(copy, "");
	copy = arena_strdup(arena, "窓口");
	ck_assert_str_eq(copy, "窓口");
	copy = arena_strndup(arena, "abcdef", 3);
	ck_assert_str_eq(copy, "abc");
	copy = arena_strndup(arena, bytes, sizeof(bytes));
	ck_assert_mem_eq(copy, "\1\0\2\0", 4);
	copy = arena_memdup(arena, bytes, sizeof(bytes));
	ck_assert_mem_eq(copy, bytes, sizeof(bytes));
	ck_assert_ptr_nonnull(arena_memdup(arena, NULL, 0));
	ck_assert_str_eq(arena_printf(arena, "%s-%03d", "n", 7), "n-007");
	ck_assert_str_eq(arena_printf(arena, "%s", ""), "");
	check_zero(arena_calloc(arena, 7, 11), 77);
	arena_free(&arena);
}
END_TEST

START_TEST(test_resize)
{
	struct arena *arena = arena_new(kinds[_i], CAP);
	unsigned char *first = arena_resize(arena, NULL, 0, 10);
	unsigned char *grown, *moved, *other;

	memset(first, 'a', 10);
	grown = arena_resize(arena, first, 10, 1000);
	ck_assert_ptr_eq(grown, first);
	check_zero(grown + 10, 990);
	other = arena_alloc(arena, 8);
	memset(other, 'o', 8);
	moved = arena_resize(arena, grown, 1000, 2000);
	ck_assert_ptr_ne(moved, grown);
	ck_assert_mem_eq(moved, "aaaaaaaaaa", 10);
	check_zero(moved + 10, 1990);
	moved = arena_resize(arena, moved, 2000, 3000000);
	ck_assert_mem_eq(moved, "aaaaaaaaaa", 10);
	check_zero(moved + 10, 2999990);
	ck_assert_ptr_eq(arena_resize(arena, moved, 3000000, 5), moved);
	ck_assert_mem_eq(other, "oooooooo", 8);
	arena_free(&arena);
}
END_TEST

static void
end_ours(const char *sentence)
{
	_exit(strlen(sentence) > 0 ? EXIT_OURS : 1);
}

/* What passes the cap, whole or bit by bit, or cannot be counted at all. */
enum excess { BY_ONE, BIT_BY_BIT, AFTER_FULL, EMPTY_ONES, RESIZE_PLACE, RESIZE_HUGE, PRODUCT, HUGE,
	STRNDUP_HUGE, EXCESSES };

static void
exceed(struct arena *arena, enum excess how)
{
	volatile size_t huge = SIZE_MAX;

	switch (how) {
	case BY_ONE:
		arena_alloc(arena, 4097);
		break;
	case BIT_BY_BIT:
		for (size_t got = 0; got <= 4096; got += 10)
			arena_alloc(arena, 10);
		break;
	case AFTER_FULL:
		arena_alloc(arena, 4096);
		arena_alloc(arena, 1);
		break;
	case EMPTY_ONES:
		for (int i = 0; i < 4097; i++)
			arena_alloc(arena, 0);
		break;
	case RESIZE_PLACE:
		arena_resize(arena, arena_alloc(arena, 4000), 4000, 4097);
		break;
	case RESIZE_HUGE:
		arena_resize(arena, arena_alloc(arena, 10), 10, huge);
		break;
	case PRODUCT:
		arena_calloc(arena, huge / 2 + 2, 2);
		break;
	case HUGE:
		arena_alloc(arena, huge);
		break;
	default:
		arena_strndup(arena, "a", huge);
		break;
	}
}

START_TEST(test_cap)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4096);

	arena_on_exhausted(end_ours);
	exceed(arena, (enum excess)_i);
	_exit(0);
}
END_TEST

START_TEST(test_default_end)
{
	struct arena *arena = arena_new(ARENA_WIPED, 10);

	dup2(STDOUT_FILENO, STDERR_FILENO);
	arena_on_exhausted(NULL);
	exceed(arena, BY_ONE);
	_exit(0);
}
END_TEST

START_TEST(test_mem_end)
{
	arena_on_exhausted(end_ours);
	mem_end("no remedy");
}
END_TEST

/* Exactly the cap may be had, and again after a reset. */
START_TEST(test_within_cap)
{
	struct arena *arena = arena_new(kinds[_i], 4096);

	for (int round = 0; round < 3; round++) {
		memset(arena_alloc(arena, 2048), 1, 2048);
		memset(arena_alloc(arena, 2048), 1, 2048);
		ck_assert_uint_eq(arena_used(arena), 4096);
		arena_reset(arena);
	}
	arena_free(&arena);
	arena = arena_new(kinds[_i], 100);
	arena_alloc(arena, 100);
	arena_free(&arena);
	arena = arena_new(kinds[_i], SIZE_MAX);
	arena_alloc(arena, 100000);
	arena_free(&arena);
}
END_TEST

/*
 * The first block stays mapped over a reset, and the first piece of the next
 * message stands where the last one's stood: it must be overwritten already.
 * What lies behind a piece is read by the kernel: no sanitizer lets us do it.
 */
START_TEST(test_wiped)
{
	static const char words[] = "the secret of the mail";
	unsigned char seen[sizeof(words)] = "";
	struct arena *arena = arena_new(kinds[_i], CAP);
	char *secret = arena_strdup(arena, words);
	char *later;
	int fd = memfd_create("test", MFD_CLOEXEC);

	arena_reset(arena);
	later = arena_memdup(arena, NULL, 0);
	ck_assert_ptr_eq(later, secret);
	ck_assert_int_eq(syscall(SYS_write, fd, later, sizeof(words)), sizeof(words));
	ck_assert_int_eq(pread(fd, seen, sizeof(seen), 0), sizeof(seen));
	if (kinds[_i] == ARENA_WIPED)
		check_zero(seen, sizeof(seen));
	else
		ck_assert_mem_eq(seen, words, sizeof(seen)); /* so this test can see at all */
	close(fd);
	arena_free(&arena);
}
END_TEST

START_TEST(test_mem)
{
	char *text = mem_strdup("text");
	void *none = mem_alloc(0);

	text = mem_realloc(text, 100);
	ck_assert_str_eq(text, "text");
	ck_assert_ptr_nonnull(none);
	mem_wipe(text, 4);
	check_zero((unsigned char *)text, 4);
	mem_wipe(NULL, 0);
	free(text);
	free(none);
}
END_TEST

static Suite *
suite_arena(void)
{
	Suite *suite = suite_create("arena");
	TCase *tc = tcase_create("arena");

	tcase_add_loop_test(tc, test_sizes, 0, 2);
	tcase_add_loop_test(tc, test_copies, 0, 2);
	tcase_add_loop_test(tc, test_resize, 0, 2);
	tcase_add_loop_test(tc, test_within_cap, 0, 2);
	tcase_add_loop_exit_test(tc, test_cap, EXIT_OURS, 0, EXCESSES);
	tcase_add_exit_test(tc, test_default_end, EX_SOFTWARE);
	tcase_add_exit_test(tc, test_mem_end, EXIT_OURS);
	tcase_add_loop_test(tc, test_wiped, 0, 2);
	tcase_add_test(tc, test_mem);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_arena());
}
