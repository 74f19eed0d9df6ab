/*
 * What is owed is told: each step of a deadline once, and a case that nobody takes.
 * What was told is on record in the transaction that writes the letter, so that no
 * restart and no clock tells it twice. Several at once, as after a pause, are told in
 * one letter.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/alerts.h"
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "rule/deadline.h"
#include "rule/remind.h"

#define REMINDERS_ARENA ((size_t)1 << 30)
#define REMINDERS_EACH 5	/* letters at a time; more become one */
#define REMINDERS_MS 60000

/* What is to be told of one desk. */
struct telling {
	struct engine *engine;
	struct arena *arena;
	size_t desk;
	int64_t now;
	const char *zone;
};

static const struct {
	enum alert_kind kind;
	enum alert_to to;
	const char *log;
} steps[REMINDERS] = {
	[REMINDER_SOON] = { ALERT_SOON, ALERT_TO_STAFF, "is near" },
	[REMINDER_TODAY] = { ALERT_TODAY, ALERT_TO_STAFF, "is today" },
	[REMINDER_OVERDUE] = { ALERT_OVERDUE, ALERT_TO_BOTH, "is over" },
};

/* Keeps those of the list that are to be told now, with what. */
static size_t
choose_deadlines(const struct telling *telling, struct store_reminder *list, size_t count,
	enum reminder *what_r)
{
	const struct policy *policy = &telling->engine->conf->policy;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		enum reminder what = remind_now(policy, telling->desk, list[i].opened,
			list[i].deadline.due, telling->now);

		if (what <= list[i].told)
			continue;
		list[kept] = list[i];
		what_r[kept++] = what;
	}
	return kept;
}

static void
tell_deadline(const struct telling *telling, const struct record_deadline *deadline,
	enum reminder what, bool alone)
{
	struct engine *engine = telling->engine;
	struct alert alert = { .kind = steps[what].kind, .to = steps[what].to,
		.case_id = deadline->case_id, .deadline = deadline };

	if (deadline->item != NULL)
		store_item_reminded(engine->store, deadline->case_id, deadline->item, deadline->due, what,
			telling->now);
	else
		store_reminded(engine->store, deadline->id, what, telling->now);
	store_log(engine->store, deadline->case_id, telling->now, "madoguchid",
		arena_printf(telling->arena, "told: deadline %s, due %s, %s",
			deadline_name(deadline),
			clock_rfc3339(telling->arena, deadline->due, telling->zone), steps[what].log));
	if (alone)
		(void)alerts_add(engine->store, engine->conf, telling->desk, &alert, telling->now);
}

static void
tell_deadlines(const struct telling *telling, const struct store_reminder *list,
	const enum reminder *what, size_t count)
{
	struct alert summary = { .kind = ALERT_DEADLINES, .to = ALERT_TO_STAFF };
	struct engine *engine = telling->engine;

	for (size_t i = 0; i < count; i++) {
		tell_deadline(telling, &list[i].deadline, what[i], count <= REMINDERS_EACH);
		if (what[i] == REMINDER_OVERDUE)
			summary.to = ALERT_TO_BOTH;
	}
	if (count <= REMINDERS_EACH)
		return;
	summary.detail = arena_printf(telling->arena, "%zu", count);
	(void)alerts_add(engine->store, engine->conf, telling->desk, &summary, telling->now);
}

static size_t
choose_cases(const struct telling *telling, struct store_untaken *list, size_t count,
	enum untaken *what_r)
{
	const struct policy *policy = &telling->engine->conf->policy;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		enum untaken what = remind_untaken(policy, telling->desk, list[i].opened_at, telling->now);

		if (what <= list[i].told)
			continue;
		list[kept] = list[i];
		what_r[kept++] = what;
	}
	return kept;
}

/* Those of one step: the deputy is told of his, the decision maker of the others. */
static void
tell_cases(const struct telling *telling, const struct store_untaken *list,
	const enum untaken *what, size_t count, enum untaken step)
{
	enum alert_to to = step == UNTAKEN_DEPUTY ? ALERT_TO_DEPUTIES : ALERT_TO_DECISION_MAKERS;
	struct alert summary = { .kind = ALERT_UNTAKEN_CASES, .to = to };
	struct engine *engine = telling->engine;
	size_t told = 0;

	for (size_t i = 0; i < count; i++)
		told += what[i] == step;
	for (size_t i = 0; i < count; i++) {
		struct alert alert = { .kind = ALERT_UNTAKEN, .case_id = list[i].case_id, .to = to };

		if (what[i] != step)
			continue;
		store_untaken(engine->store, list[i].case_id, step, telling->now);
		store_log(engine->store, list[i].case_id, telling->now, "madoguchid",
			step == UNTAKEN_DEPUTY ? "told: nobody has taken it, to the deputy"
					       : "told: nobody has taken it, to the decision maker");
		if (told <= REMINDERS_EACH)
			(void)alerts_add(engine->store, engine->conf, telling->desk, &alert, telling->now);
	}
	if (told <= REMINDERS_EACH)
		return;
	summary.detail = arena_printf(telling->arena, "%zu", told);
	(void)alerts_add(engine->store, engine->conf, telling->desk, &summary, telling->now);
}

static void
tell_desk(const struct telling *telling)
{
	struct engine *engine = telling->engine;
	const struct policy *policy = &engine->conf->policy;
	const char *desk = policy->desks[telling->desk].title;
	struct store_reminder *deadlines;
	struct store_untaken *cases;
	enum reminder *reminders;
	enum untaken *untaken;
	size_t deadline_count, case_count;
	struct err err = { "" };

	deadline_count = store_reminders(engine->store, telling->arena, desk,
		remind_horizon(policy, telling->desk, telling->now), &deadlines);
	case_count = store_untaken_cases(engine->store, telling->arena, desk, &cases);
	reminders = arena_calloc(telling->arena, deadline_count + 1, sizeof(*reminders));
	untaken = arena_calloc(telling->arena, case_count + 1, sizeof(*untaken));
	deadline_count = choose_deadlines(telling, deadlines, deadline_count, reminders);
	case_count = choose_cases(telling, cases, case_count, untaken);
	if (deadline_count == 0 && case_count == 0)
		return;
	if (store_begin(engine->store, &err) == DONE) {
		tell_deadlines(telling, deadlines, reminders, deadline_count);
		tell_cases(telling, cases, untaken, case_count, UNTAKEN_DEPUTY);
		tell_cases(telling, cases, untaken, case_count, UNTAKEN_DECISION_MAKER);
		if (store_commit(engine->store, &err) == DONE) {
			engine->outbox_changed = true;
			return;
		}
	}
	/* The next look, a minute from now, tells it. */
	log_warn("desk=%s reminders could not be written: %s", desk, err.text);
}

/* The daemon alone tells, while it runs: a tool that sends one letter has another task. */
static bool
runs(const struct engine *engine)
{
	return engine->options.send && engine->options.mailboxes && !engine->stopping;
}

void
reminders_advance(struct engine *engine)
{
	const struct policy *policy = &engine->conf->policy;
	int64_t mono = clock_mono_ms();

	if (!runs(engine) || mono < engine->remind_again_ms)
		return;
	engine->remind_again_ms = mono + REMINDERS_MS;
	feed_write(engine);
	for (size_t i = 0; i < engine->desk_count; i++) {
		struct telling telling = { engine, NULL, i, engine_now(engine),
			policy->desks[i].time_zone };

		drills_look(engine, i);
		if (!remind_working(policy, telling.zone, telling.now))
			continue;
		telling.arena = arena_new(ARENA_PLAIN, REMINDERS_ARENA);
		tell_desk(&telling);
		drills_remind(engine, i, telling.arena);
		arena_free(&telling.arena);
	}
}

int
reminders_timeout(const struct engine *engine)
{
	int64_t wait = engine->remind_again_ms - clock_mono_ms();

	if (!runs(engine))
		return -1;
	return wait > 0 ? (int)wait : 0;
}
