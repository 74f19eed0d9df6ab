/*
 * Alerts to staff: one outbox entry a person. Their own words are numbers and what to
 * do, and nothing of a mail's content; those about a new mail name it, so that it is
 * put into what is sealed to the person's key (outbox_carry.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/alerts.h"

#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "rule/deadline.h"
#include "rule/expiry.h"
#include "rule/flood.h"
#include "rule/hand_over.h"

#include <string.h>

#define PARAMS_MAX 4096

static bool
has_role(const struct policy *policy, const struct policy_desk *desk, enum staff_role role)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (policy->staff[i].role == role && policy_serves(&policy->staff[i], desk->title))
			return true;
	}
	return false;
}

/* Whether some officer of the desk has that person as deputy (NULL: whether one has any). */
static bool
is_deputy(const struct policy *policy, const struct policy_desk *desk, const char *title)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		const struct policy_staff *officer = &policy->staff[i];

		if (officer->role == ROLE_OFFICER && policy_serves(officer, desk->title) &&
			officer->deputy[0] != '\0' &&
			(title == NULL || text_equal(officer->deputy, title)))
			return true;
	}
	return false;
}

static bool
concerns(const struct policy *policy, const struct policy_staff *staff,
	const struct policy_desk *desk, const struct alert *alert)
{
	enum alert_to to = alert->to;
	bool decides = staff->role == ROLE_DECISION_MAKER && policy_serves(staff, desk->title);

	if (to == ALERT_TO_DEPUTIES && is_deputy(policy, desk, NULL))
		return is_deputy(policy, desk, staff->title);
	if (to == ALERT_TO_PERSON)
		return policy_serves(staff, desk->title) &&
			(staff->role == ROLE_OFFICER || text_equal(staff->title, alert->person));
	if (staff->role == ROLE_VENDOR || !policy_serves(staff, desk->title))
		return false;
	if (to == ALERT_TO_BOTH)
		return staff->alerts || decides;
	if (to != ALERT_TO_STAFF && has_role(policy, desk, ROLE_DECISION_MAKER))
		return decides;
	return staff->alerts;
}

static void
param(struct text *text, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		text_addf(text, "%s: %s\n", name, value);
}

static const struct policy_coordinator *
coordinator_of(const struct policy *policy, const char *name)
{
	for (size_t i = 0; name != NULL && i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name))
			return &policy->coordinators[i];
	}
	return NULL;
}

static void
case_params(struct store *store, const struct policy *policy, struct arena *arena, size_t desk,
	int64_t case_id, const struct record_deadline *about, struct text *text)
{
	struct record_case *record = store_case_get(store, arena, case_id);
	const struct policy_coordinator *coordinator;

	if (record == NULL)
		return;
	param(text, "number", record->number_count > 0 ? record->numbers[0] : NULL);
	param(text, "coordinator", record->coordinator);
	coordinator = coordinator_of(policy, record->coordinator);
	if (coordinator != NULL)
		param(text, "enquiries", coordinator->enquiries);
	if (about == NULL && record->has_deadline)
		about = &record->next_deadline;
	if (about == NULL)
		return;
	param(text, "deadline", arena_printf(arena, "%s %s", deadline_name(about),
		clock_rfc3339(arena, about->due, policy->desks[desk].time_zone)));
}

static void
message_params(struct store *store, struct arena *arena, enum alert_kind kind, int64_t id,
	struct text *text)
{
	struct record_message *record = store_message_get(store, arena, id);

	if (record == NULL)
		return;
	param(text, "message", arena_printf(arena, "%lld", (long long)id));
	param(text, "kind", mail_kind_name(record->kind));
	param(text, "trust", trust_name(record->trust));
	param(text, "received_at", arena_printf(arena, "%lld", (long long)record->received_at));
	/* Brought along to whom it can be sealed. */
	if (hand_over_by_alert(kind) && hand_over_refused(record) == NULL)
		param(text, "carries", arena_printf(arena, "%lld", (long long)id));
	/* What staff wrote themselves, or nobody could read, no command of ours passes on. */
	if (kind == ALERT_PASS_ON)
		param(text, hand_over_refused(record) == NULL ? "finder" : "by_hand", "yes");
}

static void
time_param(struct arena *arena, const char *zone, const char *name, int64_t at, struct text *text)
{
	if (at != 0)
		param(text, name, clock_rfc3339(arena, at, zone));
}

/* What only some alerts have. */
static void
other_params(struct arena *arena, const char *zone, const struct alert *alert, int64_t now,
	struct text *text)
{
	int64_t days = expiry_days(alert->ends, now);

	time_param(arena, zone, "requested", alert->requested, text);
	param(text, "doubt", alert->doubt);
	param(text, "offered", alert->offered);
	if (alert->outbox != 0)
		param(text, "outbox", arena_printf(arena, "%lld", (long long)alert->outbox));
	time_param(arena, zone, "since", alert->since, text);
	if (alert->key == NULL)
		return;
	param(text, "key", letter_grouped(arena, alert->key));
	param(text, "whose", alert->whose);
	time_param(arena, zone, "ends", alert->ends, text);
	if (alert->ends > now)
		param(text, "days", arena_printf(arena, "%lld", (long long)days));
	else
		param(text, "ended", "yes");
}

/* The first ones in a flood go at once; the others wait, so that one letter tells of them all. */
static void
hold_back(struct store *store, const struct alert *alert, struct record_outbox *entry, int64_t now)
{
	struct flood_past past = { .waiting = store_alerts_wait(store, entry->staff),
		.proven = alert->proven };

	if (!past.waiting) {
		past.span = store_alert_letters(store, entry->staff, now - FLOOD_SPAN, now);
		past.summary = store_alert_summary(store, entry->staff, now - FLOOD_SPAN,
			now) != 0;
		past.day = store_alert_letters(store, entry->staff, now - CLOCK_DAY, now);
	}
	if (!flood_waits(alert->kind, &past))
		return;
	entry->next_try_at = now + FLOOD_LATEST;
	entry->last_error = "waits to be told together with others";
}

/* A mail client shows the alerts of a case as one thread: each answers the first. */
static const char *
with_thread(struct store *store, struct arena *arena, const struct record_outbox *entry)
{
	const char *first = entry->case_id == 0 ? NULL
		: store_alert_thread(store, arena, entry->case_id, entry->staff);

	if (first == NULL)
		return entry->params;
	return arena_printf(arena, "%sreferences: %s\n", entry->params, first);
}

/* Who is the decision maker, or has none, is not told that one is told as well. */
static const char *
with_decider(const struct policy *policy, const struct policy_desk *desk, struct arena *arena,
	const struct policy_staff *reader, const char *params)
{
	if (reader->role == ROLE_DECISION_MAKER || !has_role(policy, desk, ROLE_DECISION_MAKER))
		return params;
	return arena_printf(arena, "%sdecider_too: yes\n", params);
}

static bool
is_summary(enum alert_kind kind)
{
	return kind == ALERT_OLD_MAIL || kind == ALERT_DEADLINES || kind == ALERT_UNTAKEN_CASES;
}

size_t
alerts_add(struct store *store, const struct conf *conf, size_t desk, const struct alert *alert,
	int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	const struct policy *policy = &conf->policy;
	/* What a letter was begun for may have been merged meanwhile. */
	int64_t case_id = store_case_resolve(store, alert->case_id);
	size_t count = 0;
	struct text text;

	text_init(&text, arena, PARAMS_MAX);
	param(&text, "alert", alert_kind_name(alert->kind));
	if (case_id != 0)
		case_params(store, policy, arena, desk, case_id, alert->deadline, &text);
	if (alert->message != 0)
		message_params(store, arena, alert->kind, alert->message, &text);
	param(&text, is_summary(alert->kind) ? "count" : "reason", alert->detail);
	other_params(arena, policy->desks[desk].time_zone, alert, now, &text);
	for (size_t i = 0; i < policy->staff_count; i++) {
		struct record_outbox entry = { .case_id = case_id,
			.kind = KIND_ALERT,
			.state = OUTBOX_QUEUED,
			.to = policy->staff[i].address,
			.staff = policy->staff[i].title,
			.copied = true,
			.params = text.data };

		if (!concerns(policy, &policy->staff[i], &policy->desks[desk], alert))
			continue;
		if (alert->to == ALERT_TO_BOTH)
			entry.params = with_decider(policy, &policy->desks[desk], arena,
				&policy->staff[i], entry.params);
		entry.params = with_thread(store, arena, &entry);
		hold_back(store, alert, &entry, now);
		outbox_add(store, conf, desk, &entry, now);
		count++;
	}
	arena_free(&arena);
	return count;
}

void
alerts_put(struct engine *engine, size_t desk, enum alert_kind kind, int64_t case_id, int64_t message,
	const char *detail)
{
	struct alert alert = { .kind = kind, .case_id = case_id, .message = message,
		.detail = detail };

	(void)alerts_add(engine->store, engine->conf, desk, &alert, engine_now(engine));
	engine->outbox_changed = true;
}
