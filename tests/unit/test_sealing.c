/*
 * A letter whose sealing is waited for, with a sealer that answers late, or to another
 * ask, or not at all: what was sealed for one letter is never taken for the next one's.
 * The house, the loop and the clock are stood in for here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "room/frames.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define NONE 0	/* no job has that number */

struct house_room {
	size_t number;
};

static struct engine engine;
static struct house_room rooms[4];
static struct arena *arena;
static int64_t now;
static size_t spawned, killed;
static uint32_t asked;		/* the last ask's job */
static bool alive;
static struct { uint32_t job; const char *bytes; bool taken; } answers[4];
static size_t answer_count, answered;

int64_t
clock_mono_ms(void)
{
	return now;
}

struct house_room *
outbox_sealer(struct engine *of, size_t desk)
{
	(void)of;
	(void)desk;
	if (!alive)
		spawned++;
	alive = true;
	return &rooms[spawned - 1];
}

void
house_send(struct house *house, struct house_room *room, const struct frame *frame)
{
	static struct frame copy;
	struct frames_seal seal;

	(void)house;
	(void)room;
	copy.type = frame->type;
	copy.len = frame->len;
	memcpy(copy.data, frame->data, frame->len);
	copy.fd_count = frame->fd_count;
	copy.at = copy.fd_at = 0;
	copy.bad = false;
	for (size_t i = 0; i < frame->fd_count; i++)
		copy.fds[i] = dup(frame->fds[i]);
	ck_assert(frames_get_seal(&copy, arena, &seal));
	io_close(&seal.entity_fd);
	asked = seal.job;
}

void
house_watch(struct house_room *room, int64_t ms)
{
	(void)room;
	(void)ms;
}

/* Its end is told by a later turn. */
void
house_kill(struct house *house, struct house_room *room, enum house_end end)
{
	(void)house;
	(void)room;
	ck_assert_int_eq(end, HOUSE_END_TIME);
	killed++;
	alive = false;
}

static bool
say(struct house_room *room, uint32_t job, const char *bytes)
{
	static struct frame frame;
	struct err err = { "" };
	int fd = io_memfd(bytes, strlen(bytes));

	frame_start(&frame, FRAME_SEALED);
	frames_put_outcome(&frame, DONE, &err);
	frame_put_string(&frame, "pgp-sha256");
	frame_put_string(&frame, NULL);
	frame_put_fd(&frame, fd);
	return sealing_said(&engine, room, job, &frame);
}

bool
engine_turn(struct engine *of, int timeout_ms, int extra_fd)
{
	struct house_room *room = &rooms[spawned - 1];

	(void)extra_fd;
	if (!alive) {
		sealing_room_end(of, room);
		return false;
	}
	if (answered < answer_count) {
		uint32_t job = answers[answered].job != NONE ? answers[answered].job : asked;

		answers[answered].taken = say(room, job, answers[answered].bytes);
		answered++;
		return false;
	}
	now += timeout_ms;
	return false;
}

enum outcome
letter_finish(struct arena *of, const struct letter *letter, const void *armour, size_t armour_len,
	const char *micalg, struct text *message_r, struct err *err_r)
{
	(void)letter;
	(void)micalg;
	(void)err_r;
	text_init(message_r, of, 1024);
	text_add_bytes(message_r, armour, armour_len);
	return DONE;
}

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)1024 * 1024);
	now = 1;
	spawned = killed = answer_count = answered = 0;
	alive = false;
}

static void
teardown(void)
{
	arena_free(&arena);
}

static void
will_say(uint32_t job, const char *bytes)
{
	answers[answer_count].job = job;
	answers[answer_count++].bytes = bytes;
}

static enum outcome
seal(struct text *message_r)
{
	struct letter letter = { .mode = PGP_SIGN_SEAL };
	struct err err;

	letter.entity = (struct text){ .data = arena_strdup(arena, "entity"), .len = 6 };
	return sealing_wait(&engine, 0, arena, &letter, message_r, &err);
}

START_TEST(test_answered)
{
	struct text message;

	will_say(NONE, "to one");
	ck_assert_int_eq(seal(&message), DONE);
	ck_assert_str_eq(message.data, "to one");
	ck_assert_uint_eq(killed, 0);
}
END_TEST

/* Who does not answer is ended, and the next one is asked. */
START_TEST(test_silent)
{
	struct text message;

	ck_assert_int_eq(seal(&message), LATER);
	ck_assert_uint_eq(killed, 1);
	ck_assert_ptr_null(engine.sealing);
	will_say(NONE, "to another");
	ck_assert_int_eq(seal(&message), DONE);
	ck_assert_str_eq(message.data, "to another");
	ck_assert_uint_eq(spawned, 2);
}
END_TEST

/* What was sealed for the first letter comes when the second is waited for. */
START_TEST(test_late)
{
	struct text message;
	uint32_t first;

	ck_assert_int_eq(seal(&message), LATER);
	first = asked;
	will_say(first, "to the finder");
	will_say(NONE, "to the coordinator");
	ck_assert_int_eq(seal(&message), DONE);
	ck_assert_uint_ne(asked, first);
	ck_assert(!answers[0].taken);
	ck_assert_str_eq(message.data, "to the coordinator");
}
END_TEST

/* Nobody waits any more. */
START_TEST(test_unasked)
{
	struct text message;

	will_say(NONE, "to one");
	ck_assert_int_eq(seal(&message), DONE);
	ck_assert(!say(&rooms[0], asked, "to one"));
}
END_TEST

static Suite *
suite_sealing(void)
{
	Suite *suite = suite_create("sealing");
	TCase *tcase = tcase_create("sealing");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_answered);
	tcase_add_test(tcase, test_silent);
	tcase_add_test(tcase, test_late);
	tcase_add_test(tcase, test_unasked);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_sealing());
}
