/*
 * Alerts that wait, told in one letter. Each is then dropped with the number of the
 * letter that has it, in the transaction that writes the letter: no restart loses one
 * or tells it twice. One that no summary takes goes by itself at last (outbox.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"
#include "flow/summary.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "rule/flood.h"
#include "view/alert_list.h"

#define SUMMARIES_ARENA ((size_t)1 << 30)
#define SUMMARIES_LINES 1000	/* alerts of one letter; more make a second one */
#define SUMMARIES_SECONDS 60	/* the longest time between two looks while something waits */

static const struct policy_staff *
find_staff(const struct policy *policy, const char *title)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (text_equal(policy->staff[i].title, title))
			return &policy->staff[i];
	}
	return NULL;
}

struct alert_line *
summary_lines(struct arena *arena, const char *zone, enum language language,
	const struct record_outbox *list, size_t count)
{
	struct alert_line *lines = arena_calloc(arena, count + 1, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		const char *params = list[i].params;

		lines[i] = (struct alert_line){
			.kind = alert_kind_read(letter_param(arena, params, "alert")),
			.case_id = list[i].case_id,
			.number = letter_param(arena, params, "number"),
			.message = letter_param(arena, params, "message"),
			.deadline = letter_spoken(arena, zone, language, "deadline",
				letter_param(arena, params, "deadline")),
			.key = letter_param(arena, params, "key"),
			.count = letter_param(arena, params, "count") };
	}
	return lines;
}

static void
tell(struct engine *engine, struct arena *arena, size_t desk, const struct policy_staff *staff,
	const struct record_outbox *list, size_t count, int64_t now)
{
	struct alert_line *lines = summary_lines(arena,
		engine_policy(engine, desk)->time_zone, staff->language, list, count);
	const char *urgent = alert_list_urgent(arena, staff->language, lines, count);
	struct record_outbox entry = { .kind = KIND_ALERT, .state = OUTBOX_QUEUED,
		.to = staff->address, .staff = staff->title, .copied = true };
	int64_t id;

	entry.params = arena_printf(arena, "alert: %s\ncount: %zu\n%s%s%s\n%s",
		alert_kind_name(ALERT_SEVERAL), count, urgent != NULL ? "reason: " : "",
		urgent != NULL ? urgent : "", urgent != NULL ? "\n" : "",
		alert_list_text(arena, staff->language, lines, count));
	id = outbox_add(engine->store, engine->conf, desk, &entry, now);
	for (size_t i = 0; i < count; i++)
		store_outbox_drop(engine->store, list[i].id,
			arena_printf(arena, "told together with others, outbox %lld", (long long)id));
	log_info("desk=%s outbox=%lld tells of %zu alerts", engine_policy(engine, desk)->title,
		(long long)id, count);
}

/* Of a person and a desk. One alone needs no summary, nor does who is no staff any more. */
static void
tell_queue(struct engine *engine, struct arena *arena, const struct store_alert_queue *queue,
	int64_t now)
{
	const struct policy_staff *staff = find_staff(&engine->conf->policy, queue->staff);
	size_t desk = engine_desk_of(engine, queue->desk);
	struct record_outbox *list;
	struct err err = { "" };
	size_t count;

	if (store_begin(engine->store, &err) == DONE) {
		/* All that waits: what comes last in a flood may be what matters. */
		do {
			count = store_alerts_waiting(engine->store, arena, queue->staff, queue->desk,
				SUMMARIES_LINES, &list);
			if (count > 1 && staff != NULL && desk < engine->desk_count)
				tell(engine, arena, desk, staff, list, count, now);
			else
				for (size_t i = 0; i < count; i++)
					store_alert_release(engine->store, list[i].id, now);
		} while (count == SUMMARIES_LINES);
		if (store_commit(engine->store, &err) == DONE) {
			engine->outbox_changed = true;
			return;
		}
	}
	log_warn("desk=%s alerts that wait could not be told: %s", queue->desk, err.text);
}

/* Whether one pass has brought all that it will. */
static bool
pass_over(const struct engine *engine)
{
	if (!engine->options.once || engine->jobs != NULL)
		return false;
	for (size_t i = 0; engine->options.mailboxes && i < engine->desk_count; i++) {
		const struct flow_mailbox *mailbox = &engine->desks[i].mailbox;

		if (!mailbox->waiting && !mailbox->trouble)
			return false;
	}
	return true;
}

static int64_t
due_of(struct engine *engine, const struct store_alert_queue *queue, int64_t now, bool over)
{
	struct flood_queue flood = { .first = queue->first, .last = queue->last,
		.summary = store_alert_summary(engine->store, queue->staff, now - CLOCK_DAY, now),
		.day = store_alert_letters(engine->store, queue->staff, now - CLOCK_DAY, now) };

	return flood_due(&flood, over);
}

/* The daemon, which sees what is to come, tells; a tool that sends one letter does not. */
static bool
runs(const struct engine *engine)
{
	return engine->options.send && engine->options.mailboxes && !engine->stopping;
}

void
summaries_advance(struct engine *engine)
{
	int64_t now = engine_now(engine), next = now + SUMMARIES_SECONDS * CLOCK_SECOND;
	bool over = pass_over(engine);
	struct store_alert_queue *queues;
	struct arena *arena;
	size_t count;

	if (!runs(engine) || (!engine->outbox_changed && !over && engine->summaries_next > now))
		return;
	arena = arena_new(ARENA_PLAIN, SUMMARIES_ARENA);
	count = store_alert_queues(engine->store, arena, &queues);
	for (size_t i = 0; i < count; i++) {
		int64_t due = due_of(engine, &queues[i], now, over);

		if (due <= now)
			tell_queue(engine, arena, &queues[i], now);
		else if (due < next)
			next = due;
	}
	engine->summaries_next = next;
	arena_free(&arena);
}

int
summaries_timeout(const struct engine *engine)
{
	int64_t left = (engine->summaries_next - engine_now(engine)) / 1000 + 1;

	if (!runs(engine))
		return -1;
	return left < 0 ? 0 : left > SUMMARIES_SECONDS * 1000 ? SUMMARIES_SECONDS * 1000 : (int)left;
}
