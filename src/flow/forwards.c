/*
 * A mail that a person hands over: what its letter says of it, by numbers and dates.
 * The mail itself is put into it when it is sealed (outbox_carry.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/forwards.h"

#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

#define FORWARDS_ARENA ((size_t)64 * 1024)
#define FORWARDS_PARAMS_MAX 4096

static void
add_params(struct arena *arena, const struct policy_desk *desk, const struct record_case *record,
	const struct record_message *message, struct text *text)
{
	const struct record_deadline *next = &record->next_deadline;

	text_addf(text, "carries: %lld\nmessage: %lld\nkind: %s\ntrust: %s\nreceived_at: %lld\n",
		(long long)message->id, (long long)message->id, mail_kind_name(message->kind),
		trust_name(message->trust), (long long)message->received_at);
	if (record->number_count > 0)
		text_addf(text, "number: %s\n", record->numbers[0]);
	if (record->coordinator != NULL)
		text_addf(text, "coordinator: %s\n", record->coordinator);
	if (record->has_deadline)
		text_addf(text, "deadline: %s %s\n", deadline_kind_name(next->kind),
			clock_rfc3339(arena, next->due, desk->time_zone));
}

int64_t
forwards_add(struct store *store, const struct conf *conf, size_t desk,
	const struct record_case *record, const struct record_message *message, size_t staff,
	int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FORWARDS_ARENA);
	const struct policy_staff *to = &conf->policy.staff[staff];
	struct record_outbox entry = { .case_id = record->id,
		.kind = KIND_FORWARD,
		.state = OUTBOX_QUEUED,
		.to = to->address,
		.staff = to->title,
		/* In Sent lies what left the house. */
		.copied = to->role != ROLE_VENDOR };
	struct text params;
	int64_t id;

	text_init(&params, arena, FORWARDS_PARAMS_MAX);
	add_params(arena, &conf->policy.desks[desk], record, message, &params);
	entry.params = params.data;
	id = outbox_add(store, conf, desk, &entry, now);
	store_case_party_add(store, record->id, to->address);
	arena_free(&arena);
	return id;
}
