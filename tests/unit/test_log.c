/*
 * base/log: one clean line an event, in one write, with the journal's prefix
 * only where the journal reads.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include "base/utf8.h"

#include "unit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_TEST 8192

static int reader;
static char line[LINE_MAX_TEST];
static char program[] = "madoguchid";

/* stderr becomes a socket that keeps each write apart. */
static void
setup(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	reader = ends[0];
	unsetenv("JOURNAL_STREAM");
	program_invocation_short_name = program;
}

/* The next write to stderr, or "" when there was none. */
static const char *
written(void)
{
	ssize_t got = recv(reader, line, sizeof(line) - 1, 0);

	line[got > 0 ? got : 0] = '\0';
	return line;
}

static void
set_stream(int away)
{
	char stream[64];
	struct stat st;

	ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%" PRIuMAX ":%" PRIuMAX, (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino + (uintmax_t)away);
	setenv("JOURNAL_STREAM", stream, 1);
}

START_TEST(test_plain)
{
	log_info("pass %d", 1);
	ck_assert_str_eq(written(), "madoguchid: info: pass 1\n");
	log_room("desk");
	log_warn("%s", "two\nlines \033[1m\tand \xff");
	ck_assert_str_eq(written(), "madoguchid[desk]: warning: two?lines ?[1m?and ?\n");
	log_err("窓口");
	ck_assert_str_eq(written(), "madoguchid[desk]: error: 窓口\n");
	ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(test_debug)
{
	log_debug("not this");
	ck_assert_str_eq(written(), "");
	log_debug_on();
	log_debug("this");
	ck_assert_str_eq(written(), "madoguchid: debug: this\n");
}
END_TEST

START_TEST(test_journal)
{
	set_stream(0);
	log_debug_on();
	log_info("no room yet");
	ck_assert_str_eq(written(), "<6>no room yet\n");
	log_room("wire");
	log_debug("d");
	ck_assert_str_eq(written(), "<7>wire: d\n");
	log_info("i");
	ck_assert_str_eq(written(), "<6>wire: i\n");
	log_warn("w");
	ck_assert_str_eq(written(), "<4>wire: w\n");
	log_err("e");
	ck_assert_str_eq(written(), "<3>wire: e\n");
}
END_TEST

/* JOURNAL_STREAM is inherited by what a unit starts: it may speak of another stderr. */
START_TEST(test_other_stream)
{
	set_stream(1);
	log_info("i");
	ck_assert_str_eq(written(), "madoguchid: info: i\n");
}
END_TEST

static const char *const no_streams[] = { "", "1", ":", "1:2:3", "garbage" };

START_TEST(test_no_stream)
{
	setenv("JOURNAL_STREAM", no_streams[_i], 1);
	log_info("i");
	ck_assert_str_eq(written(), "madoguchid: info: i\n");
}
END_TEST

/* Whether it is the journal is settled when the room is named, not later. */
START_TEST(test_found_early)
{
	log_room("reader");
	set_stream(0);
	log_info("i");
	ck_assert_str_eq(written(), "madoguchid[reader]: info: i\n");
}
END_TEST

/* However long: one write, one line, whole characters. */
START_TEST(test_long)
{
	char text[6000] = "";
	size_t len;

	memset(text, 'a', (size_t)_i);
	while (strlen(text) + 4 < sizeof(text))
		strncat(text, "窓", 4);
	log_info("%s", text);
	len = strlen(written());
	ck_assert_uint_gt(len, 1000);
	ck_assert_uint_lt(len, 2048);
	ck_assert_int_eq(line[len - 1], '\n');
	ck_assert(utf8_valid(line, len));
	ck_assert_ptr_null(strchr(line, '?'));
	ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(test_errno_kept)
{
	errno = EXDEV;
	log_info("%s", "x");
	ck_assert_int_eq(errno, EXDEV);
	close(STDERR_FILENO);
	errno = EXDEV;
	log_info("%s", "x");
	ck_assert_int_eq(errno, EXDEV);
}
END_TEST

static Suite *
suite_log(void)
{
	Suite *suite = suite_create("log");
	TCase *tc = tcase_create("log");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_plain);
	tcase_add_test(tc, test_debug);
	tcase_add_test(tc, test_journal);
	tcase_add_test(tc, test_other_stream);
	tcase_add_loop_test(tc, test_no_stream, 0, 5);
	tcase_add_test(tc, test_found_early);
	tcase_add_loop_test(tc, test_long, 0, 3);
	tcase_add_test(tc, test_errno_kept);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_log());
}
