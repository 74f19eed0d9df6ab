/*
 * When a silence is told, played hour by hour, and when a clock has jumped.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/silence.h"

#include "unit.h"

#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define START (INT64_C(20000) * CLOCK_DAY)

/* In minutes: what is on record, since when it is silent (-1: it is not), now. */
static const struct {
	int64_t known_since;
	int told;
	int64_t since, now;
	enum silence_act act;
	int then;
} steps[] = {
	{ 0, 0, 0, 59, SILENCE_NOTHING, 0 },
	{ 0, 0, 0, 60, SILENCE_TELL, 1 },
	{ 0, 1, 0, 179, SILENCE_NOTHING, 1 },
	{ 0, 1, 0, 180, SILENCE_TELL, 2 },
	{ 0, 0, 0, 180, SILENCE_TELL, 2 },		/* once, after a pause */
	{ 0, 2, -1, 181, SILENCE_OVER, 0 },
	{ 0, 0, -1, 181, SILENCE_NOTHING, 0 },
	{ 0, 2, 100, 181, SILENCE_OVER, 0 },	/* it spoke, and is silent anew */
	{ 0, 2, 0, 181, SILENCE_NOTHING, 2 },
	{ 0, 2, 0, -600, SILENCE_NOTHING, 2 },	/* a clock that was set back */
};

START_TEST(silence_steps)
{
	struct silence known = { START + steps[_i].known_since * CLOCK_MINUTE, steps[_i].told };
	int64_t since = steps[_i].since < 0 ? 0 : START + steps[_i].since * CLOCK_MINUTE;
	struct silence next;

	ck_assert_int_eq(silence_step(&known, since, SILENCE_FIRST,
		START + steps[_i].now * CLOCK_MINUTE, &next), steps[_i].act);
	ck_assert_int_eq(next.told, steps[_i].then);
}
END_TEST

/* A part of it that ends is not its end. */
static const struct {
	int told;
	int64_t since;
	bool heard;
	int64_t then;
} parts[] = {
	{ 0, 0, false, 0 },
	{ 0, 500, false, 500 },		/* told of nobody yet */
	{ 2, 0, true, 0 },		/* all is well again */
	{ 2, 500, false, 100 },		/* the oldest letter was given up; one folder is read */
	{ 2, 500, true, 500 },		/* a letter went, and then no other */
};

START_TEST(silence_parts)
{
	struct silence known = { 100, parts[_i].told };

	ck_assert_int_eq(silence_since(&known, parts[_i].since, parts[_i].heard), parts[_i].then);
}
END_TEST

/* A week of silence, looked at each minute: at which hours it is told. */
START_TEST(silence_week)
{
	static const int64_t hours[] = { 1, 3, 7, 15, 31, 55, 79, 103, 127, 151 };
	struct silence known = { 0, 0 };
	int told = 0;

	for (int64_t minute = 0; minute < 7 * 24 * 60; minute++) {
		struct silence next;

		if (silence_step(&known, START, SILENCE_FIRST, START + minute * CLOCK_MINUTE,
			&next) == SILENCE_TELL) {
			ck_assert_int_lt(told, COUNT(hours));
			ck_assert_int_eq(minute, hours[told++] * 60);
		}
		known = next;
	}
	ck_assert_int_eq(told, COUNT(hours));
}
END_TEST

/* A folder that is looked at each six hours may be silent for longer. */
START_TEST(silence_patient)
{
	struct silence known = { 0, 0 }, next;

	ck_assert_int_eq(silence_step(&known, START, 12 * CLOCK_HOUR, START + 11 * CLOCK_HOUR, &next),
		SILENCE_NOTHING);
	ck_assert_int_eq(silence_step(&known, START, 12 * CLOCK_HOUR, START + 12 * CLOCK_HOUR, &next),
		SILENCE_TELL);
	ck_assert_int_eq(next.told, 1);
}
END_TEST

/* In seconds. */
static const struct {
	int64_t wall, mono, jump;
} jumps[] = {
	{ 60, 60, 0 },
	{ 360, 60, 0 },
	{ 361, 60, 301 },
	{ -240, 60, 0 },
	{ -241, 60, -301 },
	{ 86400, 86400, 0 },
	{ 0, 0, 0 },
	{ 1000000, 60, 999940 },
};

START_TEST(silence_jumps)
{
	ck_assert_int_eq(silence_jump(START, 5000, START + jumps[_i].wall * CLOCK_SECOND,
		5000 + jumps[_i].mono * 1000), jumps[_i].jump * CLOCK_SECOND);
}
END_TEST

static Suite *
suite_silence(void)
{
	Suite *suite = suite_create("silence");
	TCase *tests = tcase_create("silence");

	tcase_add_loop_test(tests, silence_steps, 0, COUNT(steps));
	tcase_add_loop_test(tests, silence_parts, 0, COUNT(parts));
	tcase_add_test(tests, silence_week);
	tcase_add_test(tests, silence_patient);
	tcase_add_loop_test(tests, silence_jumps, 0, COUNT(jumps));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_silence());
}
