/*
 * When alerts wait: single decisions, and whole floods played through second by second,
 * in which none may be lost and nobody may get too many letters.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/flood.h"

#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define LETTERS_MAX 4000
#define START (INT64_C(20000) * CLOCK_DAY)

static const struct {
	enum alert_kind kind;
	struct flood_past past;
	bool waits;
} asked[] = {
	{ ALERT_NEW_CASE, { 0, 0, false, false, false }, false },
	{ ALERT_NEW_CASE, { 4, 4, false, false, false }, false },
	{ ALERT_NEW_CASE, { 5, 5, false, false, false }, true },
	{ ALERT_NEW_CASE, { 1, 6, true, false, false }, true },
	{ ALERT_NEW_CASE, { 0, 49, false, false, false }, false },
	{ ALERT_NEW_CASE, { 0, 50, false, false, false }, true },
	{ ALERT_NEW_CASE, { 0, 0, false, true, false }, true },
	{ ALERT_SUSPECT, { 5, 5, false, false, false }, true },
	{ ALERT_INCIDENT, { 5, 50, true, true, false }, false },
	/* What a pinned key signed cannot be flooded with, but for itself. */
	{ ALERT_DETAILS, { 5, 50, true, true, true }, false },
	{ ALERT_DETAILS, { 5, 50, true, true, false }, true },
	{ ALERT_NEW_CASE, { 5, 50, true, true, true }, true },
};

START_TEST(flood_decides)
{
	ck_assert(flood_waits(asked[_i].kind, &asked[_i].past) == asked[_i].waits);
}
END_TEST

/* Seconds after the first one that waits. */
static const struct {
	int64_t last, summary;
	int day;
	bool once;
	int64_t due;
} queues[] = {
	{ 0, 0, 5, false, 60 },
	{ 30, 0, 5, false, 90 },
	{ 599, 0, 5, false, 600 },	/* no longer than ten minutes */
	{ 30, 0, 5, true, 0 },
	{ 0, -60, 6, false, 540 },	/* ten minutes after the last summary */
	{ 0, -60, 6, true, 540 },
	{ 0, -6000, 6, false, 60 },
	{ 0, -60, 50, false, 3540 },	/* an hour, above the day's measure */
	{ 0, -6000, 50, false, 60 },
};

START_TEST(flood_is_due)
{
	struct flood_queue queue = { .first = START, .last = START + queues[_i].last * CLOCK_SECOND,
		.summary = queues[_i].summary != 0 ? START + queues[_i].summary * CLOCK_SECOND : 0,
		.day = queues[_i].day };

	ck_assert_int_eq((flood_due(&queue, queues[_i].once) - START) / CLOCK_SECOND, queues[_i].due);
}
END_TEST

/* A person's letters while a flood goes on. */
struct person {
	int64_t letters[LETTERS_MAX];
	int letter_count, summaries;
	int64_t summary, first, last;
	int waiting, told;
};

static int
letters_since(const struct person *person, int64_t since)
{
	int found = 0;

	for (int i = 0; i < person->letter_count; i++)
		found += person->letters[i] > since;
	return found;
}

static void
letter(struct person *person, int alerts, int64_t now)
{
	ck_assert_int_lt(person->letter_count, LETTERS_MAX);
	person->letters[person->letter_count++] = now;
	person->told += alerts;
}

static void
arrives(struct person *person, int64_t now)
{
	struct flood_past past = { letters_since(person, now - FLOOD_SPAN),
		letters_since(person, now - CLOCK_DAY), person->summary > now - FLOOD_SPAN,
		person->waiting > 0, false };

	if (!flood_waits(ALERT_NEW_CASE, &past)) {
		letter(person, 1, now);
		return;
	}
	if (person->waiting++ == 0)
		person->first = now;
	person->last = now;
}

static void
looks(struct person *person, int64_t now)
{
	struct flood_queue queue = { person->first, person->last, person->summary,
		letters_since(person, now - CLOCK_DAY) };

	if (person->waiting == 0 || flood_due(&queue, false) > now)
		return;
	letter(person, person->waiting, now);
	person->waiting = 0;
	person->summary = now;
	person->summaries++;
}

/* So many alerts, one each so many seconds. */
static const struct {
	int alerts, every;
	int most_letters;	/* in all */
	int most_of_hour;
} floods[] = {
	{ 1, 1, 1, 1 },
	{ 5, 1, 5, 5 },
	{ 6, 1, 6, 6 },
	{ 40, 1, 6, 6 },
	{ 40, 0, 6, 6 },
	{ 5000, 0, 6, 6 },
	{ 5000, 1, 14, 12 },		/* an hour and a half */
	{ 86400, 1, 71, 12 },		/* a day: fifty, and then one an hour */
	{ 1440, 60, 71, 12 },
	{ 20, 3600, 20, 1 },		/* no flood at all */
	{ 100, 200, 55, 18 },		/* three in ten minutes: at once, up to the day's measure */
};

static int
most_of_hour(const struct person *person)
{
	int most = 0;

	for (int i = 0; i < person->letter_count; i++) {
		int found = 0;

		for (int k = i; k < person->letter_count &&
			person->letters[k] < person->letters[i] + CLOCK_HOUR; k++)
			found++;
		most = found > most ? found : most;
	}
	return most;
}

START_TEST(flood_played)
{
	static struct person person;
	int64_t now = START, end;
	int left = floods[_i].alerts;

	person = (struct person){ 0 };
	for (int64_t next = START; left > 0; now += CLOCK_SECOND) {
		for (; left > 0 && next <= now; left--) {
			arrives(&person, now);
			next += floods[_i].every * CLOCK_SECOND;
		}
		looks(&person, now);
	}
	for (end = now + FLOOD_PAUSE + FLOOD_QUIET; now < end; now += CLOCK_SECOND)
		looks(&person, now);
	ck_assert_int_eq(person.waiting, 0);
	ck_assert_int_eq(person.told, floods[_i].alerts);
	ck_assert_msg(person.letter_count <= floods[_i].most_letters, "%d letters", person.letter_count);
	ck_assert_msg(most_of_hour(&person) <= floods[_i].most_of_hour, "%d in an hour",
		most_of_hour(&person));
}
END_TEST

/* What no summary takes goes by itself, and not before one could have taken it. */
START_TEST(flood_latest)
{
	ck_assert_int_gt(FLOOD_LATEST, FLOOD_PAUSE + FLOOD_SPAN);
}
END_TEST

static Suite *
suite_flood(void)
{
	Suite *suite = suite_create("flood");
	TCase *tests = tcase_create("flood");

	tcase_add_loop_test(tests, flood_decides, 0, COUNT(asked));
	tcase_add_loop_test(tests, flood_is_due, 0, COUNT(queues));
	tcase_add_loop_test(tests, flood_played, 0, COUNT(floods));
	tcase_add_test(tests, flood_latest);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_flood());
}
