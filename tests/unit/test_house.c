/*
 * The house with real processes: rooms that close their sockets and stay, that
 * are let go and stay, that speak wrongly, that die with a last word. Their
 * bodies are here, in place of the daemon's own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/house.h"

#include "base/clock.h"
#include "port/conf.h"
#include "room/frames.h"
#include "room/sanitized.h"
#include "room/serve.h"
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <unistd.h>

#define FDS 16
#define PATIENCE_MS 15000

static struct policy_desk policy_desk = { .title = "www", .time_zone = "Asia/Tokyo" };
static struct conf_desk conf_desk = {
	.imap.server = { .password_file = "", .password_command = "", .ca_file = "" },
	.smtp = { .password_file = "", .password_command = "", .ca_file = "" },
	.pgp = { .home = "/nonexistent", .passphrase_file = "" },
};
static struct conf conf = { .policy = { .desks = &policy_desk, .desk_count = 1 }, .desks = &conf_desk,
	.alert_command = "", .state_dir = "/nonexistent" };
static struct house *house;
static int frames, ends;
static enum house_end last_end;

/* Closes its socket, and stays. */
_Noreturn void
room_reader(const struct conf *of, size_t desk, int fd)
{
	(void)of;
	(void)desk;
	close(fd);
	for (;;)
		poll(NULL, 0, -1);
}

/* Never looks at its socket again. */
_Noreturn void
room_keyring(const struct conf *of, size_t desk, int fd)
{
	(void)of;
	(void)desk;
	(void)fd;
	for (;;)
		poll(NULL, 0, -1);
}

/* Gives a last word, and dies of it. */
_Noreturn void
room_sealer(const struct conf *of, size_t desk, int fd)
{
	static struct frame frame;

	(void)of;
	(void)desk;
	serve_next(fd, &frame);
	frame_drop(&frame);
	frame_start(&frame, FRAME_SEALED);
	serve_answer(fd, &frame);
	abort();
}

/* Speaks wrongly, with descriptors that nobody takes. */
_Noreturn void
room_mailbox(const struct conf *of, size_t desk, int fd)
{
	static struct frame frame;

	(void)of;
	(void)desk;
	frame_start(&frame, FRAME_LAYER);
	frame_put_fd(&frame, fd);
	frame_put_fd(&frame, fd);
	serve_answer(fd, &frame);
	for (;;)
		poll(NULL, 0, -1);
}

/* Tries what no library of ours ever does. */
_Noreturn void
room_smarthost(const struct conf *of, size_t desk, int fd)
{
	(void)of;
	(void)desk;
	(void)fd;
	ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
	_exit(0);
}

static bool
said(void *context, struct house_room *room, struct frame *frame)
{
	(void)context;
	(void)room;
	frames++;
	return frame->type == FRAME_SEALED && frame_end(frame);
}

static void
ended(void *context, struct house_room *room, enum house_end end)
{
	(void)context;
	(void)room;
	ends++;
	last_end = end;
}

static void
open_house(void)
{
	struct house_calls calls = { said, ended, NULL };
	struct err err;

	frames = ends = 0;
	ck_assert_int_eq(house_open(&conf, &calls, &house, &err), DONE);
}

static void
turn(int longest_ms)
{
	struct pollfd fds[FDS];
	int timeout;
	size_t count = house_poll(house, fds, FDS, &timeout);

	poll(fds, count, timeout < 0 || timeout > longest_ms ? longest_ms : timeout);
	house_serve(house, fds, count);
}

static void
turn_until_end(void)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;

	while (ends == 0 && clock_mono_ms() < until)
		turn(200);
}

static int
open_files(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* A hostile reader closes its socket and lives on: its message must not wait for ever. */
START_TEST(test_closed_and_stays)
{
	open_house();
	ck_assert_ptr_nonnull(house_spawn(house, ROOM_READER, 0));
	turn_until_end();
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last_end, HOUSE_END_CRASH);
	house_close(&house);
}
END_TEST

static int living;

static void
count_one(void *context, enum room_kind kind, size_t desk, pid_t pid)
{
	(void)context;
	(void)kind;
	(void)desk;
	living = (int)pid;
}

START_TEST(test_dismissed_and_stays)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	struct house_room *room;

	open_house();
	room = house_spawn(house, ROOM_KEYRING, 0);
	while (living == 0 && clock_mono_ms() < until) {
		turn(200);
		house_each(house, count_one, NULL);
	}
	ck_assert_int_gt(living, 0);
	house_dismiss(house, room);
	while (kill(living, 0) == 0 && clock_mono_ms() < until)
		turn(200);
	ck_assert_int_ne(kill(living, 0), 0);
	ck_assert_int_eq(ends, 0);
	house_close(&house);
}
END_TEST

START_TEST(test_last_word)
{
	static struct frame frame;
	struct house_room *room;

	open_house();
	room = house_spawn(house, ROOM_SEALER, 0);
	frame_start(&frame, FRAME_MAKE_PAIR);
	house_send(house, room, &frame);
	turn_until_end();
	ck_assert_int_eq(frames, 1);
	ck_assert_int_eq(last_end, HOUSE_END_CRASH);
	house_close(&house);
}
END_TEST

START_TEST(test_wrong_frame)
{
	int before;

	open_house();
	before = open_files();
	house_spawn(house, ROOM_MAILBOX, 0);
	turn_until_end();
	ck_assert_int_eq(last_end, HOUSE_END_FRAME);
	ck_assert_int_eq(open_files(), before);
	house_close(&house);
}
END_TEST

/* What cannot be sent ends the room: it must neither be cut nor stand in the way for ever. */
START_TEST(test_frame_that_cannot_go)
{
	static struct frame frame;
	struct house_room *room;

	open_house();
	room = house_spawn(house, ROOM_KEYRING, 0);
	frame_start(&frame, FRAME_KEYS);
	frame_put_fd(&frame, -1);
	house_send(house, room, &frame);
	turn_until_end();
	ck_assert_int_eq(last_end, HOUSE_END_FRAME);
	house_close(&house);
}
END_TEST

#if !SANITIZED
/* The kernel ends it, and staff shall hear that it was no common crash. */
START_TEST(test_forbidden_call)
{
	int log = memfd_create("log", MFD_CLOEXEC), before = dup(STDERR_FILENO);
	char text[1024];
	ssize_t len;

	open_house();
	dup2(log, STDERR_FILENO);
	house_spawn(house, ROOM_SMARTHOST, 0);
	turn_until_end();
	dup2(before, STDERR_FILENO);
	ck_assert_int_eq(last_end, HOUSE_END_CRASH);
	len = pread(log, text, sizeof(text) - 1, 0);
	ck_assert_int_gt(len, 0);
	text[len] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "it tried what no room may do"));
	house_close(&house);
}
END_TEST
#endif

/* The room that gives out secret keys is the tool's: no nursery makes one. */
START_TEST(no_vault)
{
	open_house();
	ck_assert_ptr_nonnull(house_spawn(house, ROOM_VAULT, 0));
	turn_until_end();
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last_end, HOUSE_END_UNBORN);
	house_close(&house);
}
END_TEST

static Suite *
suite_house(void)
{
	Suite *suite = suite_create("house");
	TCase *tests = tcase_create("rooms that misbehave");

	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, test_closed_and_stays);
	tcase_add_test(tests, test_dismissed_and_stays);
	tcase_add_test(tests, test_last_word);
	tcase_add_test(tests, test_wrong_frame);
	tcase_add_test(tests, test_frame_that_cannot_go);
#if !SANITIZED
	tcase_add_test(tests, test_forbidden_call);
#endif
	tcase_add_test(tests, no_vault);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_house());
}
