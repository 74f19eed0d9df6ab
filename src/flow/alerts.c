/*
 * Alerts to staff: one outbox entry a person. They hold numbers and what to do,
 * and nothing of a mail's content, whether they go sealed or in clear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

#include <string.h>

#define PARAMS_MAX 4096

static bool
concerns(const struct policy_staff *staff, const struct policy_desk *desk)
{
	if (!staff->alerts || staff->role == ROLE_VENDOR)
		return false;
	for (size_t i = 0; i < staff->desks.count; i++) {
		if (text_equal(staff->desks.at[i], desk->title))
			return true;
	}
	return staff->desks.count == 0;
}

static void
param(struct text *text, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		text_addf(text, "%s: %s\n", name, value);
}

static const struct policy_coordinator *
coordinator_of(struct engine *engine, const char *name)
{
	const struct policy *policy = &engine->conf->policy;

	for (size_t i = 0; name != NULL && i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name))
			return &policy->coordinators[i];
	}
	return NULL;
}

static void
case_params(struct engine *engine, struct arena *arena, size_t desk, int64_t case_id, struct text *text)
{
	struct record_case *record = store_case_get(engine->store, arena, case_id);
	const struct policy_coordinator *coordinator;

	if (record == NULL)
		return;
	param(text, "number", record->number_count > 0 ? record->numbers[0] : NULL);
	param(text, "coordinator", record->coordinator);
	coordinator = coordinator_of(engine, record->coordinator);
	if (coordinator != NULL)
		param(text, "enquiries", coordinator->enquiries);
	if (record->has_deadline)
		param(text, "deadline",
			arena_printf(arena, "%s %s", deadline_kind_name(record->next_deadline.kind),
				clock_rfc3339(arena, record->next_deadline.due,
					engine_policy(engine, desk)->time_zone)));
}

static void
message_params(struct engine *engine, struct arena *arena, int64_t id, struct text *text)
{
	struct record_message *record = store_message_get(engine->store, arena, id);

	if (record == NULL)
		return;
	param(text, "message", arena_printf(arena, "%lld", (long long)id));
	param(text, "kind", mail_kind_name(record->kind));
	param(text, "trust", trust_name(record->trust));
	param(text, "received_at", arena_printf(arena, "%lld", (long long)record->received_at));
}

void
alerts_put(struct engine *engine, size_t desk, enum alert_kind kind, int64_t case_id, int64_t message,
	const char *detail)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	const struct policy *policy = &engine->conf->policy;
	struct text text;

	/* What a letter was begun for may have been merged meanwhile. */
	case_id = store_case_resolve(engine->store, case_id);
	text_init(&text, arena, PARAMS_MAX);
	param(&text, "alert", alert_kind_name(kind));
	if (case_id != 0)
		case_params(engine, arena, desk, case_id, &text);
	if (message != 0)
		message_params(engine, arena, message, &text);
	param(&text, kind == ALERT_OLD_MAIL ? "count" : "reason", detail);
	for (size_t i = 0; i < policy->staff_count; i++) {
		struct record_outbox entry = { .case_id = case_id,
			.kind = KIND_ALERT,
			.state = OUTBOX_QUEUED,
			.to = policy->staff[i].address,
			.staff = policy->staff[i].title,
			.copied = true,
			.params = text.data };

		if (concerns(&policy->staff[i], &policy->desks[desk]))
			outbox_put(engine, desk, &entry);
	}
	arena_free(&arena);
}
