/*
 * base/frame: what is put comes out, and whatever a hostile peer can send is
 * refused with no descriptor left open.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/frame.h"

#include "base/arena.h"
#include "base/io.h"

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define ROOM (FRAME_MAX - 2) /* values of a frame: the type takes two bytes */

static struct arena *arena;
static int pair[2];
static struct frame out, in;
static int open_before;

static int
count_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	ck_assert_int_eq(frame_pair(pair), 0);
	open_before = count_open();
}

static void
teardown(void)
{
	io_close(&pair[0]);
	io_close(&pair[1]);
	arena_free(&arena);
}

static void
set_nonblocking(int fd)
{
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
}

static void
pass(void)
{
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_OK);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_OK);
}

START_TEST(test_values)
{
	unsigned char three[3];
	size_t len = 9;
	char *blob;

	frame_start(&out, 0xfedc);
	frame_put_u8(&out, 255);
	frame_put_u32(&out, UINT32_MAX);
	frame_put_u32(&out, 0x01020304);
	frame_put_i64(&out, INT64_MIN);
	frame_put_i64(&out, -2);
	frame_put_bool(&out, true);
	frame_put_bool(&out, false);
	frame_put_bytes(&out, "\1\0\2", 3);
	frame_put_bytes(&out, "blob\0", 5);
	frame_put_bytes(&out, NULL, 0);
	frame_put_string(&out, "窓口");
	frame_put_string(&out, "");
	frame_put_string(&out, NULL);
	frame_put_u32(&out, 6);
	pass();
	ck_assert_uint_eq(in.type, 0xfedc);
	ck_assert_uint_eq(frame_get_u8(&in), 255);
	ck_assert_uint_eq(frame_get_u32(&in), UINT32_MAX);
	ck_assert_uint_eq(frame_get_u32(&in), 0x01020304);
	ck_assert_int_eq(frame_get_i64(&in), INT64_MIN);
	ck_assert_int_eq(frame_get_i64(&in), -2);
	ck_assert(frame_get_bool(&in));
	ck_assert(!frame_get_bool(&in));
	frame_get_bytes(&in, three, 3);
	ck_assert_mem_eq(three, "\1\0\2", 3);
	blob = frame_get_blob(&in, arena, 5, &len);
	ck_assert_uint_eq(len, 5);
	ck_assert_mem_eq(blob, "blob\0\0", 6);
	ck_assert_ptr_nonnull(frame_get_blob(&in, arena, 0, &len));
	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(frame_get_string(&in, arena, 6), "窓口");
	ck_assert_str_eq(frame_get_string(&in, arena, 0), "");
	ck_assert_ptr_null(frame_get_string(&in, arena, 10));
	ck_assert(!in.bad);
	ck_assert_uint_eq(frame_get_below(&in, 7), 6);
	ck_assert(frame_end(&in));
}
END_TEST

/* The bytes on the socket are the same on every machine. */
START_TEST(test_wire_form)
{
	static const unsigned char form[] = "\1\2\3\4\5\6\xfe\xff\xff\xff\xff\xff\xff\xff"
					    "\2\0\0\0ab\xff\xff\xff\xff";
	unsigned char bytes[64];

	frame_start(&out, 0x0201);
	frame_put_u32(&out, 0x06050403);
	frame_put_i64(&out, -2);
	frame_put_string(&out, "ab");
	frame_put_string(&out, NULL);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_OK);
	ck_assert_int_eq(recv(pair[1], bytes, sizeof(bytes), 0), 24);
	ck_assert_mem_eq(bytes, form, 24);
}
END_TEST

START_TEST(test_empty)
{
	frame_start(&out, 0);
	pass();
	ck_assert_uint_eq(in.type, 0);
	ck_assert_uint_eq(in.len, 0);
	ck_assert(frame_end(&in));
}
END_TEST

/* Gets on payloads as an attacker would write them. */
enum getter { U8, U32, I64, BOOL, BELOW, BYTES, BLOB, STRING, FD };

static const struct {
	enum getter getter;
	const char *payload;
	size_t len;
} hostile[] = {
	{ U8, "", 0 },
	{ U32, "abc", 3 },
	{ U32, "", 0 },
	{ I64, "1234567", 7 },
	{ BOOL, "", 0 },
	{ BOOL, "\2", 1 },
	{ BOOL, "\xff", 1 },
	{ BELOW, "\5\0\0\0", 4 },	    /* below 5 */
	{ BELOW, "\xff\xff\xff\xff", 4 },
	{ BELOW, "\4\0\0", 3 },
	{ BYTES, "\4\0\0\0abcd", 8 },	    /* 3 are wanted */
	{ BYTES, "\2\0\0\0ab", 6 },
	{ BYTES, "\3\0\0\0ab", 6 },
	{ BYTES, "\3\0\0", 3 },
	{ BYTES, "\xff\xff\xff\xff" "abc", 7 },
	{ BLOB, "\5\0\0\0abcd", 8 },
	{ BLOB, "\xff\xff\xff\xff" "abcd", 8 },
	{ BLOB, "\xfe\xff\xff\xff" "abcd", 8 },
	{ BLOB, "\x0b\0\0\0abcdefghijk", 15 }, /* at most 10 */
	{ BLOB, "\1", 1 },
	{ STRING, "\5\0\0\0abcd", 8 },
	{ STRING, "\xfe\xff\xff\xff" "abcd", 8 },
	{ STRING, "\x0b\0\0\0abcdefghijk", 15 },
	{ STRING, "\3\0\0\0a\0b", 7 },
	{ STRING, "\2\0\0\0\xff" "b", 6 },
	{ STRING, "\2\0\0\0\xe7\xaa\x93", 7 }, /* cut inside a character */
	{ STRING, "\3\0\0\0\xed\xa0\x80", 7 }, /* a surrogate */
	{ STRING, "\2\0\0\0\xc0\x80", 6 },
	{ STRING, "", 0 },
	{ FD, "", 0 },
};

/* Gets once; whether what came is the nothing of that kind. */
static bool
gets_nothing(struct frame *frame, enum getter getter)
{
	unsigned char bytes[3] = { 9, 9, 9 };
	size_t len = 9;

	switch (getter) {
	case U8:
		return frame_get_u8(frame) == 0;
	case U32:
		return frame_get_u32(frame) == 0;
	case I64:
		return frame_get_i64(frame) == 0;
	case BOOL:
		return !frame_get_bool(frame);
	case BELOW:
		return frame_get_below(frame, 5) == 0;
	case BYTES:
		frame_get_bytes(frame, bytes, 3);
		return bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 0;
	case BLOB:
		return frame_get_blob(frame, arena, 10, &len) == NULL && len == 0;
	case STRING:
		return frame_get_string(frame, arena, 10) == NULL;
	default:
		return frame_get_fd(frame) == -1;
	}
}

static void
send_raw(const void *payload, size_t len)
{
	unsigned char bytes[256] = { 7, 0 };

	memcpy(bytes + 2, payload, len);
	ck_assert_int_eq(send(pair[0], bytes, len + 2, 0), (ssize_t)len + 2);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_OK);
	ck_assert_uint_eq(in.type, 7);
	ck_assert_uint_eq(in.len, len);
}

START_TEST(test_hostile)
{
	send_raw(hostile[_i].payload, hostile[_i].len);
	ck_assert(gets_nothing(&in, hostile[_i].getter));
	ck_assert(in.bad);
	/* Once bad, nothing more comes, though bytes may be left. */
	for (int getter = U8; getter <= FD; getter++)
		ck_assert(gets_nothing(&in, (enum getter)getter));
	ck_assert(!frame_end(&in));
}
END_TEST

START_TEST(test_trailing)
{
	send_raw("\1\2", 2);
	ck_assert_uint_eq(frame_get_u8(&in), 1);
	ck_assert(!in.bad);
	ck_assert(!frame_end(&in));
	send_raw("\1\2", 2);
	ck_assert_uint_eq(frame_get_u8(&in), 1);
	ck_assert_uint_eq(frame_get_u8(&in), 2);
	ck_assert(frame_end(&in));
}
END_TEST

START_TEST(test_limit_zero)
{
	send_raw("\0\0\0\0", 4);
	ck_assert_uint_eq(frame_get_below(&in, 0), 0);
	ck_assert(in.bad);
}
END_TEST

/* A whole frame of the greatest size passes; a byte more is never sent. */
START_TEST(test_full)
{
	char *bytes = arena_alloc(arena, ROOM);
	size_t len;

	memset(bytes, 'x', ROOM);
	frame_start(&out, 1);
	frame_put_bytes(&out, bytes, ROOM - 4);
	ck_assert(!out.bad);
	pass();
	ck_assert_uint_eq(in.len, ROOM);
	ck_assert_mem_eq(frame_get_blob(&in, arena, ROOM, &len), bytes, ROOM - 4);
	ck_assert(frame_end(&in));
	frame_put_u8(&out, 1);
	ck_assert(out.bad);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_BAD);
	set_nonblocking(pair[1]);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_AGAIN);
}
END_TEST

static const size_t too_long[] = { ROOM - 3, ROOM, (size_t)FRAME_MAX * 2, SIZE_MAX };

START_TEST(test_put_too_long)
{
	char *bytes = arena_alloc(arena, ROOM);

	frame_start(&out, 1);
	frame_put_bytes(&out, bytes, too_long[_i]);
	ck_assert(out.bad);
	frame_put_u8(&out, 1);
	ck_assert(out.bad);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_BAD);
	frame_start(&out, 1);
	ck_assert(!out.bad);
}
END_TEST

/* Several full frames wait in the socket; then it would block, and nothing is half sent. */
START_TEST(test_queue)
{
	char *bytes = arena_alloc(arena, ROOM);
	int sent = 0;

	set_nonblocking(pair[0]);
	set_nonblocking(pair[1]);
	frame_start(&out, 1);
	frame_put_bytes(&out, bytes, ROOM - 4);
	while (frame_send(pair[0], &out) == FRAME_OK)
		ck_assert_int_lt(++sent, 1000);
	ck_assert_int_ge(sent, 2);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_AGAIN);
	for (; sent > 0; sent--)
		ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_OK);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_AGAIN);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_OK);
}
END_TEST

static void
put_fds(int count)
{
	frame_start(&out, 1);
	for (int i = 0; i < count; i++)
		frame_put_fd(&out, pair[0]);
}

START_TEST(test_fds)
{
	int memfd = io_memfd("sealed", 6);
	int got, rest[FRAME_FDS];

	frame_start(&out, 1);
	frame_put_fd(&out, memfd);
	for (int i = 1; i < FRAME_FDS; i++)
		frame_put_fd(&out, pair[0]);
	frame_put_u8(&out, 3);
	pass();
	io_close(&memfd);
	got = frame_get_fd(&in);
	ck_assert_int_ge(got, 0);
	ck_assert_int_eq(fcntl(got, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert(io_memfd_sealed(got));
	ck_assert_uint_eq(frame_get_u8(&in), 3);
	for (int i = 1; i < FRAME_FDS; i++)
		rest[i] = frame_get_fd(&in);
	ck_assert(frame_end(&in));
	ck_assert_int_eq(count_open(), open_before + FRAME_FDS);
	for (int i = 1; i < FRAME_FDS; i++)
		io_close(&rest[i]);
	io_close(&got);
	ck_assert_int_eq(count_open(), open_before);
}
END_TEST

/* Frames that bear descriptors and are refused somehow: each way leaves none open. */
START_TEST(test_fds_refused)
{
	int got;

	put_fds(FRAME_FDS);
	pass();
	ck_assert_int_eq(count_open(), open_before + FRAME_FDS);
	ck_assert(!frame_end(&in)); /* nobody took them */
	ck_assert_int_eq(count_open(), open_before);
	pass();
	frame_drop(&in);
	frame_drop(&in);
	ck_assert_int_eq(count_open(), open_before);
	pass();
	got = frame_get_fd(&in);
	frame_get_u32(&in); /* past the end */
	ck_assert_int_eq(frame_get_fd(&in), -1);
	ck_assert(!frame_end(&in));
	ck_assert_int_eq(count_open(), open_before + 1);
	io_close(&got); /* the one that was taken is the taker's */
}
END_TEST

START_TEST(test_put_fds)
{
	put_fds(FRAME_FDS);
	ck_assert(!out.bad);
	frame_put_fd(&out, pair[0]);
	ck_assert(out.bad);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_BAD);
	frame_start(&out, 1);
	frame_put_fd(&out, -1);
	ck_assert(out.bad);
	/* One that was closed meanwhile. */
	frame_start(&out, 1);
	frame_put_fd(&out, dup(pair[0]));
	close(out.fds[0]);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_BAD);
	ck_assert_int_eq(count_open(), open_before);
}
END_TEST

/* A datagram of size bytes with count descriptors, sent round frame_send(). */
static const struct {
	size_t size, fds;
	enum frame_result result;
} datagrams[] = {
	{ 2, 0, FRAME_OK },
	{ 1, 0, FRAME_BAD },
	{ 0, 0, FRAME_CLOSED },
	{ FRAME_MAX, 0, FRAME_OK },
	{ FRAME_MAX + 1, 0, FRAME_BAD },
	{ FRAME_MAX + 5000, 1, FRAME_BAD },
	{ 1, FRAME_FDS, FRAME_BAD },
	{ 0, FRAME_FDS, FRAME_CLOSED },
	{ 2, FRAME_FDS, FRAME_OK },
	{ 2, FRAME_FDS + 1, FRAME_BAD },
	{ 10, 200, FRAME_BAD },
};

static void
send_datagram(size_t size, size_t fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(200 * sizeof(int))] = { 0 };
	struct iovec part = { arena_alloc(arena, size), size };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *head;

	if (fds > 0) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(fds * sizeof(int));
		head = CMSG_FIRSTHDR(&msg);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(fds * sizeof(int));
		for (size_t i = 0; i < fds; i++)
			memcpy(CMSG_DATA(head) + i * sizeof(int), &pair[0], sizeof(int));
	}
	ck_assert_int_eq(sendmsg(pair[0], &msg, 0), (ssize_t)size);
}

START_TEST(test_datagrams)
{
	send_datagram(datagrams[_i].size, datagrams[_i].fds);
	memset(&in, 0x5a, sizeof(in)); /* what stood there before must not matter */
	ck_assert_int_eq(frame_recv(pair[1], &in), datagrams[_i].result);
	if (datagrams[_i].result == FRAME_OK) {
		ck_assert_uint_eq(in.fd_count, datagrams[_i].fds);
		ck_assert_uint_eq(in.len, datagrams[_i].size - 2);
	} else {
		ck_assert_uint_eq(in.fd_count, 0);
		ck_assert_uint_eq(in.len, 0);
	}
	frame_end(&in);
	ck_assert_int_eq(count_open(), open_before);
}
END_TEST

START_TEST(test_closed)
{
	frame_start(&out, 1);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_OK);
	io_close(&pair[0]);
	/* What was sent before the end still comes. */
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_OK);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_CLOSED);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_CLOSED);
	/* And no SIGPIPE: Check would report it. */
	ck_assert_int_eq(frame_send(pair[1], &out), FRAME_CLOSED);
}
END_TEST

/* The peer answered and went, without reading what we had sent meanwhile. */
START_TEST(test_last_word)
{
	frame_start(&out, 1);
	ck_assert_int_eq(frame_send(pair[1], &out), FRAME_OK);
	frame_start(&out, 42);
	ck_assert_int_eq(frame_send(pair[0], &out), FRAME_OK);
	io_close(&pair[0]);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_OK);
	ck_assert_uint_eq(in.type, 42);
	ck_assert_int_eq(frame_recv(pair[1], &in), FRAME_CLOSED);
}
END_TEST

START_TEST(test_no_socket)
{
	int fd = io_memfd("", 0);

	frame_start(&out, 1);
	ck_assert_int_eq(frame_send(fd, &out), FRAME_BAD);
	ck_assert_int_eq(frame_recv(fd, &in), FRAME_BAD);
	ck_assert_int_eq(frame_recv(-1, &in), FRAME_BAD);
	io_close(&fd);
}
END_TEST

START_TEST(test_pair)
{
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(pair[i], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}
END_TEST

static Suite *
suite_frame(void)
{
	Suite *suite = suite_create("frame");
	TCase *tc = tcase_create("frame");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_values);
	tcase_add_test(tc, test_wire_form);
	tcase_add_test(tc, test_empty);
	tcase_add_loop_test(tc, test_hostile, 0, SIZE(hostile));
	tcase_add_test(tc, test_trailing);
	tcase_add_test(tc, test_limit_zero);
	tcase_add_test(tc, test_full);
	tcase_add_loop_test(tc, test_put_too_long, 0, SIZE(too_long));
	tcase_add_test(tc, test_queue);
	tcase_add_test(tc, test_fds);
	tcase_add_test(tc, test_fds_refused);
	tcase_add_test(tc, test_put_fds);
	tcase_add_loop_test(tc, test_datagrams, 0, SIZE(datagrams));
	tcase_add_test(tc, test_closed);
	tcase_add_test(tc, test_last_word);
	tcase_add_test(tc, test_no_socket);
	tcase_add_test(tc, test_pair);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(suite_frame());
}
