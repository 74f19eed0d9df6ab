/*
 * A year of a desk with forty cases, hour by hour under a false clock: every
 * reminder that went, none twice, none missed. What is expected is reckoned here
 * anew, from a list of holidays that was typed in, not by the calendar of rule/.
 * In the year lie a week in which the daemon stands still, and a clock that jumps; at its
 * end there is a flood, nothing goes out, and the store takes nothing either.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "rule/remind.h"

#include "../../src/port/store/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE "Asia/Tokyo"
#define YEAR 2027
#define CASES 40
#define KINDS 3
#define WARN 3		/* business days: warn_before of the conf */
#define EACH 5
#define PEOPLE 2	/* of the conf who want alerts, the decision maker among them */
#define SEED 20271
#define MANY 2500	/* alerts of a flood: three letters */
#define RUN_MS 60000	/* within which a run of alert_command is seen */
#define NO_RUN_MS 300	/* for which one too many is waited for */

struct owed {
	int64_t id, case_id, day;	/* the day on which it is due */
	int64_t opened;			/* microseconds */
	int64_t met;			/* when a person meets it, 0 for never */
	int told;
};

struct year {
	struct engine *engine;
	struct store *store;
	int64_t cases[CASES], opened[CASES], taken[CASES];
	int untaken[CASES], worked[CASES];	/* what was told; working hours since it was opened */
	struct owed owed[CASES * KINDS];
	size_t owed_count;
	int letters[REMINDERS], summaries, nobodys;
	int checks, failures;
};

static uint32_t state = SEED;

/* The same numbers in each run. */
static int
some(int below)
{
	state = state * 1664525u + 1013904223u;
	return (int)((state >> 8) % (uint32_t)below);
}

static void
check(struct year *year, bool holds, const char *what, int64_t at)
{
	struct clock_civil civil;

	if (holds)
		return;
	year->failures++;
	clock_civil(at, ZONE, &civil);
	printf("%04d-%02d-%02d %02d:%02d: %s\n", civil.year, civil.month, civil.day, civil.hour,
		civil.minute, what);
}

static bool
is_business(int64_t day)
{
	static const int holidays[] = { 101, 111, 211, 223, 322, 429, 503, 504, 505, 719, 811, 920,
		923, 1011, 1103, 1123 };
	int year, month, of_month, weekday = (int)((day + 4) % 7), joined;

	clock_from_days(day, &year, &month, &of_month);
	joined = 100 * month + of_month;
	if (weekday == 0 || weekday == 6 || joined >= 1229 || joined <= 103)
		return false;
	for (size_t i = 0; i < sizeof(holidays) / sizeof(holidays[0]); i++)
		if (joined == holidays[i] && year == YEAR)
			return false;
	return true;
}

static int64_t
business_before(int64_t day, int count)
{
	while (count > 0)
		count -= is_business(--day);
	return day;
}

static int64_t
instant(int64_t day, int hour)
{
	struct clock_civil civil = { .hour = hour };

	clock_from_days(day, &civil.year, &civil.month, &civil.day);
	return clock_from_civil(&civil, ZONE);
}

/* What must have been told of it by that hour of that working day. */
static int
must_be_told(const struct owed *owed, int64_t day)
{
	int64_t today = owed->day, soon = business_before(owed->day, WARN);

	while (!is_business(today))
		today--;
	if (day > owed->day)
		return REMINDER_OVERDUE;
	if (day >= today && owed->opened < instant(today, 9))
		return REMINDER_TODAY;
	return day >= soon && owed->opened < instant(soon, 9) ? REMINDER_SOON : REMINDER_NONE;
}

/* Forty cases over the year, each with an answer, a finding and a fix that are owed. */
static void
open_cases(struct year *year, int64_t first)
{
	static const enum deadline_kind kinds[KINDS] = { DEADLINE_ACKNOWLEDGE, DEADLINE_INVESTIGATION,
		DEADLINE_REMEDIATION };
	static const int days[KINDS] = { 2, 15, 92 };
	struct err err;

	if (store_begin(year->store, &err) != DONE)
		exit(1);
	for (int i = 0; i < CASES; i++) {
		/* Some come right before the daemon stands still. */
		int64_t day = i < 8 ? clock_days(YEAR, 6, 11) : first + some(300);
		struct record_case record = { .desk = "www", .title = "IPA", .origin = ORIGIN_COORDINATOR,
			.trust = TRUST_VERIFIED, .opened_at = instant(day, some(24)) };

		/* A case is there from its first day on: those to come are closed until then. */
		record.state = CASE_CLOSED;
		year->opened[i] = record.opened_at;
		year->taken[i] = record.opened_at + some(30) * CLOCK_HOUR;
		year->cases[i] = store_case_add(year->store, &record);
		for (int k = 0; k < KINDS; k++) {
			struct owed *owed = &year->owed[year->owed_count++];

			owed->case_id = year->cases[i];
			owed->opened = record.opened_at;
			owed->day = day + days[k] + some(5);
			owed->met = some(3) == 0 ? 0 : instant(owed->day - some(8), 20);
			owed->id = store_deadline_open(year->store, owed->case_id, kinds[k],
				instant(owed->day + 1, 0) - CLOCK_SECOND, SOURCE_RULE, 0);
		}
	}
	if (store_commit(year->store, &err) != DONE)
		exit(1);
}

/* What people did up to then. */
static void
let_people_work(struct year *year, struct arena *arena, int64_t now)
{
	struct err err;

	if (store_begin(year->store, &err) != DONE)
		exit(1);
	for (int i = 0; i < CASES; i++) {
		struct record_case *record = store_case_get(year->store, arena, year->cases[i]);
		bool changes = false;

		if (record->state == CASE_CLOSED && year->opened[i] <= now) {
			record->state = CASE_OPEN;
			changes = true;
		}
		if (record->assignee == NULL && year->taken[i] <= now) {
			record->assignee = "officer";
			changes = true;
		}
		if (changes)
			store_case_update(year->store, record);
	}
	for (size_t i = 0; i < year->owed_count; i++) {
		struct owed *owed = &year->owed[i];

		if (owed->met == 0 || owed->met > now || owed->met < owed->opened)
			continue;
		owed->met = -1;
		store_deadline_cancel(year->store, owed->id);
	}
	if (store_commit(year->store, &err) != DONE)
		exit(1);
}

static size_t
letters_in_outbox(struct year *year, struct arena *arena)
{
	struct record_outbox *list;

	return store_outbox_list(year->store, arena, OUTBOX_QUEUED, &list);
}

static int
told_of(struct year *year, const char *sql, int64_t id)
{
	return (int)store_ask_int(year->store, sql, "i", id);
}

/* Cases that are nobody's: the letters that went, by what is on record. */
static size_t
look_at_cases(struct year *year, int64_t now, bool working)
{
	size_t told = 0;

	for (int i = 0; i < CASES; i++) {
		bool nobodys = year->opened[i] <= now && year->taken[i] > now;
		int is = told_of(year, "SELECT what FROM untaken WHERE case_id = ?", year->cases[i]);
		int must = !working || !nobodys ? 0 : year->worked[i] / REMIND_UNTAKEN_HOURS;

		must = must > UNTAKEN_DECISION_MAKER ? UNTAKEN_DECISION_MAKER : must;
		check(year, is == (must > year->untaken[i] ? must : year->untaken[i]),
			"a case of nobody's: told wrongly, or not", now);
		told += is > year->untaken[i];
		year->untaken[i] = is;
	}
	year->nobodys += (int)told;
	return told > EACH ? 1 : told;
}

/* What is on record as told, against what must be; and as many letters as there were tellings. */
static void
look(struct year *year, struct arena *arena, int64_t now, int64_t day, bool working)
{
	size_t before = letters_in_outbox(year, arena), letters = 0, told = 0;

	year->engine->remind_again_ms = 0;
	reminders_advance(year->engine);
	for (size_t i = 0; i < year->owed_count; i++) {
		struct owed *owed = &year->owed[i];
		int is = told_of(year, "SELECT what FROM reminded WHERE deadline_id = ?", owed->id), must;

		if (owed->opened > now || owed->met < 0) {
			check(year, is == owed->told, "told of what is not owed", now);
			continue;
		}
		must = working ? must_be_told(owed, day) : owed->told;
		check(year, is == (must > owed->told ? must : owed->told),
			is > must ? "told too early, or again" : "not told", now);
		if (is > owed->told) {
			told++;
			year->letters[is]++;
			letters += PEOPLE;
		}
		owed->told = is;
	}
	if (told > EACH) {
		letters = PEOPLE;
		year->summaries++;
	}
	letters += look_at_cases(year, now, working);
	check(year, letters_in_outbox(year, arena) - before == letters,
		"not as many letters as tellings", now);
}

static void
play(struct year *year)
{
	int64_t first = clock_days(YEAR, 1, 4), last = clock_days(YEAR + 1, 1, 3);

	for (int64_t day = first; day < last; day++) {
		for (int hour = 0; hour < 24; hour++) {
			struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
			int64_t now = instant(day, hour);
			bool stands_still = day >= clock_days(YEAR, 6, 14) && day < clock_days(YEAR, 6, 21);

			let_people_work(year, arena, now);
			for (int i = 0; i < CASES && hour > 9 && hour <= 18; i++)
				year->worked[i] += is_business(day) && year->opened[i] < now;
			clock_pretend(now);
			if (!stands_still)
				look(year, arena, now, day, is_business(day) && hour >= 9 && hour < 18);
			/* At night the clock jumps back a month, and forth again. */
			if (day == clock_days(YEAR, 9, 10) && hour == 3) {
				clock_pretend(instant(clock_days(YEAR, 8, 10), 10));
				look(year, arena, now, day, false);
			}
			arena_free(&arena);
		}
	}
}

/* A daemon that ends may wait for a server's answer for seconds: in peace. */
static void
end(struct year *year)
{
	engine_stop(year->engine);
	year->engine->remind_again_ms = 0;
	reminders_advance(year->engine);
	check(year, reminders_timeout(year->engine) < 0, "waits for nothing at its end", 0);
}

/* A store that cannot be read leaves the feed as it was: an empty one would say that nothing is owed. */
static bool
feed_stands(struct year *year, struct conf *conf, struct arena *arena)
{
	char *before, *after;
	size_t before_len, after_len;
	struct err err;

	conf->feed_file = arena_printf(arena, "%s/feed.ics", conf->state_dir);
	feed_write(year->engine);
	if (io_read_file(arena, conf->feed_file, 1 << 24, &before, &before_len, &err) != DONE ||
		strstr(before, "BEGIN:VEVENT") == NULL)
		return false;
	(void)store_exec(year->store, "ALTER TABLE case_number RENAME TO gone");
	year->engine->feed_stamp[0] = '\0';
	feed_write(year->engine);
	(void)store_exec(year->store, "ALTER TABLE gone RENAME TO case_number");
	return io_read_file(arena, conf->feed_file, 1 << 24, &after, &after_len, &err) == DONE &&
		strcmp(before, after) == 0;
}

static size_t
waiting(struct year *year, struct arena *arena)
{
	struct record_outbox *list;

	return store_alerts_waiting(year->store, arena, "officer", "www", MANY + 1, &list);
}

/* A flood of alerts beyond what one letter names: none is left, as its last may be what matters. */
static void
tell_many(struct year *year)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	int64_t now = clock_now();
	size_t before = letters_in_outbox(year, arena);
	struct err err;

	if (store_begin(year->store, &err) != DONE)
		exit(1);
	for (int i = 0; i < MANY; i++) {
		struct record_outbox entry = { .desk = "www", .kind = KIND_ALERT, .state = OUTBOX_QUEUED,
			.to = "officer@example.co.jp", .staff = "officer", .case_id = year->cases[0],
			.message_id = arena_printf(arena, "<many.%d@x>", i),
			.created_at = now - CLOCK_HOUR, .next_try_at = now + CLOCK_HOUR,
			.params = "alert: correspondence\n" };

		(void)store_outbox_add(year->store, &entry);
	}
	if (store_commit(year->store, &err) != DONE)
		exit(1);
	check(year, waiting(year, arena) == MANY, "the alerts do not wait", now);
	year->engine->outbox_changed = true;
	summaries_advance(year->engine);
	check(year, waiting(year, arena) == 0, "alerts of a flood are left", now);
	check(year, letters_in_outbox(year, arena) - before == MANY / 1000 + 1,
		"not as many letters as it takes to name them", now);
	arena_free(&arena);
}

/*
 * How often alert_command was run: that many times are waited for, and then a while for one too
 * many. The loop is turned for it, and begins nothing else meanwhile.
 */
static size_t
runs_after(struct year *year, struct arena *arena, const char *path, size_t least)
{
	int64_t end = clock_mono_ms() + RUN_MS, enough = 0;
	char *dots;
	size_t runs = 0;
	struct err err;

	year->engine->options.send = year->engine->options.mailboxes = false;
	while (clock_mono_ms() < (enough != 0 ? enough : end)) {
		(void)engine_turn(year->engine, 20, -1);
		(void)io_read_file(arena, path, 4096, &dots, &runs, &err);
		if (runs >= least && enough == 0)
			enough = clock_mono_ms() + NO_RUN_MS;
	}
	year->engine->options.send = year->engine->options.mailboxes = true;
	return runs;
}

static void
listen(struct year *year, int64_t now)
{
	clock_pretend(now);
	year->engine->silence_again_ms = 0;
	silence_advance(year->engine);
}

/* Of an outbox that stands, while what was told of it cannot be put on record for some minutes. */
static void
tell_outage(struct year *year, struct arena *arena, const char *path)
{
	int64_t now = clock_now();

	year->engine->started_at = 1;
	(void)store_exec(year->store, "PRAGMA query_only = ON");
	listen(year, now);
	check(year, runs_after(year, arena, path, 1) == 1, "alert_command was not run", now);
	for (int minute = 1; minute <= 3; minute++) {
		listen(year, now + minute * CLOCK_MINUTE);
		check(year, runs_after(year, arena, path, 1) == 1,
			"alert_command was run again for what was told", clock_now());
	}
	(void)store_exec(year->store, "PRAGMA query_only = OFF");
	listen(year, now + 4 * CLOCK_MINUTE);
	check(year, runs_after(year, arena, path, 1) == 1,
		"alert_command was run again when it could be put on record", clock_now());
	check(year, store_value_get(year->store, arena, "desk.www.silence.outbox") != NULL,
		"what was told is not on record", clock_now());
	listen(year, now + 25 * CLOCK_HOUR);
	check(year, runs_after(year, arena, path, 2) == 2, "the next day's is not told", clock_now());
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	struct engine_options options = { .mailboxes = false };
	struct year year = { .engine = NULL };
	struct text mistakes;
	struct conf *conf;
	const char *runs;
	struct err err;

	if (argc < 3)
		return 64;
	text_init(&mistakes, arena, 1 << 20);
	box_start();
	conf = conf_read(arena, argv[1], argv[2], NULL, &mistakes);
	runs = conf != NULL ? arena_printf(arena, "%s/runs", conf->state_dir) : "";
	if (conf != NULL)
		conf->alert_command = arena_printf(arena, "cat >/dev/null; printf . >>'%s'", runs);
	if (conf == NULL || engine_open(conf, &options, &year.engine, &err) != DONE ||
		store_open(":memory:", true, &year.store, &err) != DONE ||
		engine_start(year.engine, year.store, &err) != DONE) {
		fprintf(stderr, "year: %s\n", conf == NULL ? mistakes.data : err.text);
		return 1;
	}
	/* Only its reminders are asked for: nothing is fetched, nothing sent. */
	year.engine->options.send = year.engine->options.mailboxes = true;
	open_cases(&year, clock_days(YEAR, 1, 4));
	play(&year);
	tell_many(&year);
	tell_outage(&year, arena, runs);
	end(&year);
	printf("%d cases, %zu deadlines, a year by the hour: near %d, today %d, over %d; %d times in one"
	       " letter; %d tellings of cases of nobody's\n", CASES, year.owed_count,
		year.letters[REMINDER_SOON], year.letters[REMINDER_TODAY],
		year.letters[REMINDER_OVERDUE], year.summaries, year.nobodys);
	check(&year, feed_stands(&year, conf, arena), "a feed of a store that cannot be read", clock_now());
	/* A check is a deadline or a case over the whole year, the letters, the flood, the outage, and the end. */
	year.checks = (int)year.owed_count + CASES + 5;
	if (year.failures > year.checks)
		year.failures = year.checks;
	engine_close(&year.engine);
	store_close(&year.store);
	conf_close(conf);
	arena_free(&arena);
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
		100 * (year.checks - year.failures) / year.checks,
		year.checks, year.failures);
	return year.failures == 0 ? 0 : 1;
}
