/*
 * Step three of a decision: what the row brings with it besides the answer.
 * Binding of numbers, deadlines, alert, what is kept. Deadlines run from
 * INTERNALDATE: the mailbox's own clock, which no sender can set.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "base/clock.h"
#include "rule/calendar.h"
#include "rule/deadline.h"
#include "rule/policy.h"

#include <string.h>

/* Whether the number is bound to a case that the mail does not join. */
static bool
taken(const struct decide_known *known, const char *number, int64_t join)
{
	for (size_t i = 0; i < known->by_number_count && i < DECIDE_CASES; i++) {
		const struct decide_case *at = &known->by_number[i];

		if (at->number_bound && at->id != join && strcmp(at->number, number) == 0)
			return true;
	}
	return false;
}

static void
swap(struct number_hit *a, struct number_hit *b)
{
	struct number_hit kept = *a;

	*a = *b;
	*b = kept;
}

/*
 * Which numbers the case takes. A number that is bound elsewhere stays there,
 * but for a mail that opened its own case without being believed: there it is
 * shown, and the two cases are beside each other.
 */
static void
choose_numbers(const struct decide_known *known, struct decision *decision)
{
	struct decide_first *first = &decision->first;
	const struct decide_thread *thread = &decision->thread;
	bool robot_of_nobody = thread->row == ROW_ROBOT && first->trust.coordinator < 0;
	size_t kept = 0;

	if (!decide_row_claims(thread->row) || robot_of_nobody) {
		first->own_numbers = 0;
		return;
	}
	if (thread->place == PLACE_NEW && !decision->bind_numbers)
		return;
	for (size_t i = 0; i < first->own_numbers; i++) {
		if (taken(known, first->numbers.hit[i].number, thread->join)) {
			decision->thread.number_conflict = true;
			continue;
		}
		if (kept != i)
			swap(&first->numbers.hit[kept], &first->numbers.hit[i]);
		kept++;
	}
	first->own_numbers = kept;
}

static bool
binds(const struct decision *decision)
{
	const struct trust_verdict *trust = &decision->first.trust;

	return decide_row_claims(decision->thread.row) && trust->coordinator >= 0 &&
		decide_believed(trust);
}

static bool
opens_deadlines(enum decide_row row)
{
	return row == ROW_COORDINATOR || row == ROW_FORM || row == ROW_PARTICIPANT ||
		row == ROW_FINDER;
}

static void
open_deadlines(const struct policy *policy, size_t desk, const struct decide_known *known,
	int64_t internal_date, struct decision *decision)
{
	const char *zone = policy->desks[desk].time_zone;
	bool done = decide_acknowledged(known, decision);
	int coordinator = decision->first.trust.coordinator;

	if (coordinator < 0)
		coordinator = decision->first.text_coordinator;
	for (int i = 0; i < DEADLINE_KINDS; i++) {
		enum deadline_kind kind = (enum deadline_kind)i;
		struct span span;

		if (!deadline_opened_by(kind, decision->thread.kind) ||
		    !deadline_span(policy, desk, coordinator, kind, &span))
			continue;
		/* The stage has its acknowledgement: none will come to meet a second deadline. */
		if (deadline_by_stage(kind) && done)
			continue;
		if (decision->open_count == DECIDE_OPENS)
			return;
		decision->opens[decision->open_count++] = (struct decide_deadline){
			kind, calendar_due(policy, zone, internal_date, span), SOURCE_RULE };
	}
}

/* Who may ask the window for something by a day: not who only takes part. */
static bool
may_ask(enum decide_row row)
{
	return row == ROW_COORDINATOR || row == ROW_FORM || row == ROW_FINDER;
}

/* Of the days that the text asks for something by the first one that is still to come. */
static void
open_requested(const struct policy *policy, size_t desk, int64_t internal_date,
	struct decision *decision)
{
	static const enum problem problems[DUE_DOUBTS] = {
		[DUE_SURE] = PROBLEM_NONE,
		[DUE_WEEKDAY_DIFFERS] = PROBLEM_DUE_WEEKDAY,
		[DUE_ORDER] = PROBLEM_DUE_ORDER,
		[DUE_FAR] = PROBLEM_DUE_FAR,
		[DUE_BEYOND_CALENDAR] = PROBLEM_DUE_BEYOND_CALENDAR,
	};
	const struct facts_layer *used = decision->first.used;
	const char *zone = policy->desks[desk].time_zone;
	struct due first = { INT64_MAX, DUE_SURE };

	for (size_t i = 0; i < used->due_count; i++) {
		struct due due;

		if (due_resolve(policy, zone, internal_date, &used->dues[i], &due) &&
			due.at < first.at)
			first = due;
	}
	if (first.at == INT64_MAX || decision->open_count == DECIDE_OPENS)
		return;
	decision->opens[decision->open_count++] = (struct decide_deadline){
		DEADLINE_REQUESTED, first.at, SOURCE_MAIL };
	decision->due_problem = problems[first.doubt];
}

/* A day in a year of unknown holidays may be none to work on. */
static void
mark_unknown(const struct policy *policy, size_t desk, struct decision *decision)
{
	for (size_t i = 0; i < decision->open_count; i++) {
		struct clock_civil civil;

		clock_civil(decision->opens[i].due, policy->desks[desk].time_zone, &civil);
		if (decision->due_problem == PROBLEM_NONE &&
			!calendar_known(policy, clock_days(civil.year, civil.month, civil.day)))
			decision->due_problem = PROBLEM_DUE_BEYOND_CALENDAR;
	}
}

static enum alert_kind
coordinator_alert(const struct decide_thread *thread)
{
	if (thread->stage == STAGE_DETAILS)
		return ALERT_DETAILS;
	return thread->place == PLACE_NEW ? ALERT_NEW_CASE : ALERT_CORRESPONDENCE;
}

/* Backscatter (a report on a mail that we never sent) and mere delays are no news. */
static bool
bounce_is_news(const struct facts *facts, const struct decide_known *known)
{
	const struct facts_header *header = &facts->header;

	if (header->delivery_report && !header->report_failed)
		return false;
	return known->bounced_outbox != 0 || header->report_original_id == NULL;
}

static enum alert_kind
alert_of(const struct facts *facts, const struct decide_known *known,
	const struct decision *decision)
{
	switch (decision->thread.row) {
	case ROW_BOUNCE:
		return bounce_is_news(facts, known) ? ALERT_BOUNCE : ALERT_NONE;
	case ROW_ROBOT:
		return decision->first.trust.trust == TRUST_VERIFIED ?
			coordinator_alert(&decision->thread) : ALERT_NONE;
	case ROW_SUSPECT:
		return ALERT_SUSPECT;
	case ROW_UNREADABLE:
		return ALERT_UNREADABLE;
	case ROW_COORDINATOR:
		return coordinator_alert(&decision->thread);
	case ROW_FORM:
		return ALERT_FORM;
	case ROW_PARTICIPANT:
		return known->from_sent ? ALERT_NONE : ALERT_CORRESPONDENCE;
	case ROW_FINDER:
		return ALERT_FINDER;
	default:
		return ALERT_NONE;
	}
}

/* A new key that claims to be a coordinator's: staff compare it by another way. */
static bool
offers_key(const struct facts *facts, const struct decision *decision)
{
	const struct decide_first *first = &decision->first;

	return facts->header.offered_count > 0 && decision->alert != ALERT_NONE &&
		(first->trust.coordinator >= 0 || first->text_coordinator >= 0 ||
			decision->thread.row == ROW_SUSPECT);
}

static bool
joins_closed(const struct decide_known *known, const struct decide_thread *thread)
{
	const struct decide_case *const lists[] = { known->by_number, known->by_reference };
	const size_t counts[] = { known->by_number_count, known->by_reference_count };

	if (thread->place != PLACE_JOIN)
		return false;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < counts[i] && k < DECIDE_CASES; k++)
			if (lists[i][k].id == thread->join)
				return lists[i][k].state == CASE_CLOSED;
	return false;
}

/*
 * A coordinator writes again about what was closed here: it wants something,
 * unless it closes the matter itself. Nobody knows what an unreadable mail
 * wants. Thanks of others are no reason, nor is what a program sends.
 */
static bool
reopens(const struct decide_known *known, const struct decide_thread *thread)
{
	if (!joins_closed(known, thread))
		return false;
	switch (thread->row) {
	case ROW_COORDINATOR:
		return thread->kind != KIND_CLOSING;
	case ROW_UNREADABLE:
	case ROW_FINDER:
		return true;
	case ROW_PARTICIPANT:
		return thread->kind == KIND_FINDER_REPORT;
	default:
		return false;
	}
}

void
decide_finish(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known, const struct decide_thread *thread,
	int64_t internal_date, int64_t now, struct decision *decision_r)
{
	struct decision *decision = decision_r;
	const struct policy_desk *at = &policy->desks[desk];
	int64_t seen = known->first_seen != 0 ? known->first_seen : now;
	bool old = internal_date <
		calendar_before(policy, at->time_zone, seen, at->acknowledge.max_age);

	(void)arena;
	memset(decision, 0, sizeof(*decision));
	decision->first = *first;
	decision->thread = *thread;
	decide_trust(facts, first, known, &decision->first.trust);
	decision->bind_numbers = binds(decision);
	choose_numbers(known, decision);
	decision->reopens = reopens(known, thread);
	decision->reopens_also = thread->row == ROW_COORDINATOR && thread->kind != KIND_CLOSING;
	decision->opens_deadlines = opens_deadlines(thread->row);
	if (decision->opens_deadlines)
		open_deadlines(policy, desk, known, internal_date, decision);
	if (decision->opens_deadlines && may_ask(thread->row) && !first->unreadable)
		open_requested(policy, desk, internal_date, decision);
	mark_unknown(policy, desk, decision);
	decide_answer(policy, desk, facts, known, old, decision);
	decision->alert = alert_of(facts, known, decision);
	if (decision->answer != KIND_OWN && decision->answer_why == ANSWER_WHY_PER_DAY)
		decision->alert = ALERT_HELD;
	decision->offers_key = offers_key(facts, decision);
	decision->alert_in_summary = old && decision->alert != ALERT_NONE;
	decision->keep_whole = thread->place != PLACE_NONE || at->keep_unrelated;
	decide_problems(policy, facts, internal_date, old, decision);
}

const char *
alert_kind_name(enum alert_kind kind)
{
	static const char *const names[ALERT_KINDS] = {
		[ALERT_NONE] = "none",
		[ALERT_NEW_CASE] = "new-case",
		[ALERT_DETAILS] = "details",
		[ALERT_SUSPECT] = "suspect",
		[ALERT_UNREADABLE] = "unreadable",
		[ALERT_CORRESPONDENCE] = "correspondence",
		[ALERT_HELD] = "held",
		[ALERT_FAILED] = "failed",
		[ALERT_FORM] = "form",
		[ALERT_FINDER] = "finder",
		[ALERT_BOUNCE] = "bounce",
		[ALERT_OLD_MAIL] = "old-mail",
		[ALERT_INCIDENT] = "incident",
		[ALERT_SOON] = "soon",
		[ALERT_TODAY] = "today",
		[ALERT_OVERDUE] = "overdue",
		[ALERT_DEADLINES] = "deadlines",
		[ALERT_UNTAKEN] = "untaken",
		[ALERT_UNTAKEN_CASES] = "untaken-cases",
		[ALERT_PASS_ON] = "pass-on",
		[ALERT_DRILL] = "drill",
		[ALERT_MAILBOX_SILENT] = "mailbox-silent",
		[ALERT_MAILBOX_READ] = "mailbox-read",
		[ALERT_OUTBOX_SILENT] = "outbox-silent",
		[ALERT_OUTBOX_MOVES] = "outbox-moves",
		[ALERT_CLOCK] = "clock",
		[ALERT_REQUESTED] = "requested",
		[ALERT_KEY_OWN] = "key-own",
		[ALERT_KEY_COORDINATOR] = "key-coordinator",
		[ALERT_KEY_STAFF] = "key-staff",
		[ALERT_SEVERAL] = "several",
	};

	return (unsigned)kind < ALERT_KINDS ? names[kind] : "unknown";
}

enum alert_kind
alert_kind_read(const char *word)
{
	for (int i = ALERT_NONE + 1; word != NULL && i < ALERT_KINDS; i++) {
		if (strcmp(alert_kind_name((enum alert_kind)i), word) == 0)
			return (enum alert_kind)i;
	}
	return ALERT_NONE;
}
