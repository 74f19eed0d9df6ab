/*
 * A mail that a person hands over to another, or passes on to the coordinator: what its
 * letter says of it, by numbers and dates. The mail itself is put into it when it is
 * sealed (outbox_carry.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/forwards.h"

#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/senders.h"
#include "mail/address.h"
#include "rule/deadline.h"
#include "rule/hand_over.h"
#include "rule/reply.h"

#define FORWARDS_ARENA ((size_t)256 * 1024)
#define FORWARDS_CASE_ARENA ((size_t)64 * 1024 * 1024)	/* all messages of a case */
#define FORWARDS_PARAMS_MAX (64 * 1024)

static void
add_message(const struct record_message *message, struct text *text)
{
	text_addf(text, "carries: %lld\nmessage: %lld\nkind: %s\ntrust: %s\nreceived_at: %lld\n",
		(long long)message->id, (long long)message->id, mail_kind_name(message->kind),
		trust_name(message->trust), (long long)message->received_at);
}

static void
add_params(struct arena *arena, const struct policy_desk *desk, const struct record_case *record,
	const struct record_message *message, struct text *text)
{
	const struct record_deadline *next = &record->next_deadline;

	add_message(message, text);
	if (record->number_count > 0)
		text_addf(text, "number: %s\n", record->numbers[0]);
	if (record->coordinator != NULL)
		text_addf(text, "coordinator: %s\n", record->coordinator);
	if (record->has_deadline)
		text_addf(text, "deadline: %s %s\n", deadline_name(next),
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

/* Whether an entry that waits or was sent brings that mail to somebody. */
static bool
is_forward_of(struct arena *arena, const struct record_outbox *entry, int64_t message)
{
	return entry->kind == KIND_FORWARD && entry->state != OUTBOX_DROPPED &&
		entry->state != OUTBOX_FAILED &&
		text_equal(letter_param(arena, entry->params, "carries"),
			arena_printf(arena, "%lld", (long long)message));
}

const struct record_outbox *
forwards_before(struct store *store, struct arena *arena, const struct record_case *record,
	const struct record_message *message, const char *address)
{
	struct record_outbox *outbox;
	size_t count = store_case_outbox(store, arena, record->id, &outbox);

	while (count-- > 0) {
		if (address_equal(outbox[count].to, address) &&
			is_forward_of(arena, &outbox[count], message->id))
			return &outbox[count];
	}
	return NULL;
}

/* --- a finder's mail, to the coordinator --- */

static bool
is_finders(struct store *store, struct arena *arena, const struct record_case *record,
	const struct record_message *message)
{
	struct record_finder *list;
	size_t count = store_case_finders(store, arena, record->id, &list);
	const char *from = senders_one(arena, message->from);

	if (message->direction != DIRECTION_IN || from == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (address_equal(list[i].address, from))
			return true;
	}
	return false;
}

bool
forwards_is_finders(struct store *store, const struct record_case *record,
	const struct record_message *message)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FORWARDS_ARENA);
	bool finders = is_finders(store, arena, record, message);

	arena_free(&arena);
	return finders;
}

static bool
was_passed_on(struct arena *arena, const struct record_outbox *outbox, size_t count,
	const struct policy_coordinator *coordinator, int64_t message)
{
	for (size_t i = 0; i < count; i++) {
		if (engine_is_coordinators(coordinator, outbox[i].to) &&
			is_forward_of(arena, &outbox[i], message))
			return true;
	}
	return false;
}

/* The mails of which staff were told that the coordinator is owed a copy. */
static size_t
told_of(struct arena *arena, const struct record_outbox *outbox, size_t count, int64_t *ids_r)
{
	size_t told = 0;

	for (size_t i = 0; i < count; i++) {
		const char *id = outbox[i].kind == KIND_ALERT &&
			text_equal(letter_param(arena, outbox[i].params, "alert"),
				alert_kind_name(ALERT_PASS_ON))
			? letter_param(arena, outbox[i].params, "message") : NULL;

		if (id != NULL && text_number(id, 1, INT64_MAX, &ids_r[told]))
			told++;
	}
	return told;
}

static bool
is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

bool
forwards_is_sure(const struct record_message *message)
{
	return message->trust >= TRUST_AUTHENTICATED;
}

const struct record_message *
forwards_owed(struct store *store, struct arena *arena, const struct record_case *record,
	const struct policy_coordinator *coordinator)
{
	struct record_message *messages;
	struct record_outbox *outbox;
	size_t count = store_case_messages(store, arena, record->id, &messages);
	size_t entries = store_case_outbox(store, arena, record->id, &outbox);
	int64_t *ids = arena_calloc(arena, entries + 1, sizeof(*ids));
	size_t told = told_of(arena, outbox, entries, ids);

	while (count-- > 0) {
		if (is_among(ids, told, messages[count].id) && forwards_is_sure(&messages[count]) &&
			hand_over_refused(&messages[count]) == NULL &&
			is_finders(store, arena, record, &messages[count]) &&
			!was_passed_on(arena, outbox, entries, coordinator, messages[count].id))
			return &messages[count];
	}
	return NULL;
}

/* What they know it by, and the thread that they have of it. */
static void
add_theirs(struct store *store, struct arena *arena, const struct record_case *record,
	const struct policy_coordinator *coordinator, struct text *text)
{
	const char *ids[REPLY_REFERENCES], *number;
	struct record_message *messages;
	struct record_number *numbers;
	size_t count = store_case_numbers(store, arena, record->id, &numbers);

	number = reply_number(numbers, count, coordinator->name);
	if (number != NULL)
		text_addf(text, "number: %s\n", number);
	text_addf(text, "coordinator: %s\n", coordinator->name);
	count = store_case_messages(store, arena, record->id, &messages);
	count = reply_thread(arena, messages, count, &coordinator->addresses, ids);
	for (size_t i = 0; i < count; i++)
		text_addf(text, "%s %s%s", i == 0 ? "references:" : "", ids[i],
			i + 1 == count ? "\n" : "");
}

int64_t
forwards_pass_on(struct store *store, const struct conf *conf, size_t desk,
	const struct record_case *record, const struct record_message *message,
	const struct policy_coordinator *coordinator, int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FORWARDS_CASE_ARENA);
	struct record_outbox entry = { .case_id = record->id,
		.kind = KIND_FORWARD,
		.state = OUTBOX_QUEUED,
		.to = coordinator->addresses.at[0] };
	struct text params;
	int64_t id;

	text_init(&params, arena, FORWARDS_PARAMS_MAX);
	add_message(message, &params);
	if (!forwards_is_sure(message))
		text_add(&params, "unverified: yes\n");
	add_theirs(store, arena, record, coordinator, &params);
	entry.params = params.data;
	id = outbox_add(store, conf, desk, &entry, now);
	arena_free(&arena);
	return id;
}
