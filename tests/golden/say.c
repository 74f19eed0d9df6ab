/*
 * A message as it is on record, in the words of an .expect file. Judges nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "port/conf.h"

#include <string.h>

void
lines_add(struct lines *lines, const char *key, const char *value)
{
	if (lines->count < LINES_MAX)
		lines->at[lines->count++] = (struct line){ key, value };
}

const char *
lines_value(const struct lines *lines, const char *key)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (text_equal(lines->at[i].key, key))
			return lines->at[i].value;
	}
	return NULL;
}

static const char *
stamp(const struct conf *conf, struct arena *arena, int64_t at)
{
	return clock_rfc3339(arena, at, conf->policy.desks[0].time_zone);
}

static const char *
signer(const struct conf *conf, const char *fpr)
{
	const struct policy *policy = &conf->policy;

	if (fpr == NULL)
		return "nobody";
	if (text_equal(fpr, policy->desks[0].key))
		return "desk";
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		for (size_t k = 0; k < policy->coordinators[i].keys.count; k++) {
			if (text_equal(policy->coordinators[i].keys.at[k], fpr))
				return policy->coordinators[i].name;
		}
	}
	return "other";
}

static const char *
joined(struct arena *arena, const char *lines)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (const char *at = lines; *at != '\0'; at++) {
		if (*at == '\n')
			text_add(&text, "; ");
		else
			text_add_char(&text, *at);
	}
	return text.len > 0 ? text.data : "none";
}

static const char *
attachments(struct arena *arena, const struct record_message *message)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < message->attachment_count; i++)
		text_addf(&text, "%s%s %lld", i > 0 ? "; " : "", message->attachments[i].type,
			(long long)message->attachments[i].size);
	return text.len > 0 ? text.data : "none";
}

static void
say_message(const struct conf *conf, struct arena *arena, const struct record_message *message,
	struct lines *lines)
{
	lines_add(lines, "kind", mail_kind_name(message->kind));
	lines_add(lines, "stage", message->stage == STAGE_NONE ? "none" : stage_name(message->stage));
	lines_add(lines, "trust", trust_name(message->trust));
	lines_add(lines, "encrypted", message->encrypted ? "yes" : "no");
	lines_add(lines, "signed", signer(conf, message->signed_by));
	lines_add(lines, "subject", message->subject != NULL && message->subject[0] != '\0' ? message->subject : "none");
	lines_add(lines, "from", message->from);
	lines_add(lines, "kept", !message->has_raw ? "header" : message->boxed ? "boxed" : "sealed");
	lines_add(lines, "problems", joined(arena, message->problems));
	lines_add(lines, "attachments", attachments(arena, message));
}

static const char *
list_of(struct arena *arena, const char *const *list, size_t count)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i > 0 ? " " : "", list[i]);
	return text.len > 0 ? text.data : "none";
}

static const char *
deadlines(const struct conf *conf, struct arena *arena, struct store *store, int64_t id)
{
	struct record_deadline *list;
	size_t count = store_deadlines(store, arena, id, &list);
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s %s%s%s", i > 0 ? "; " : "", deadline_kind_name(list[i].kind),
			stamp(conf, arena, list[i].due),
			list[i].state == DEADLINE_PENDING ? "" : " ",
			list[i].state == DEADLINE_PENDING ? "" : deadline_state_name(list[i].state));
	return text.len > 0 ? text.data : "none";
}

static void
say_case(const struct conf *conf, struct arena *arena, struct store *store,
	const struct record_message *message, struct lines *lines)
{
	struct record_case *record;

	if (message->case_count == 0) {
		lines_add(lines, "case", message->unfiled ? "unfiled" : "none");
		return;
	}
	record = store_case_get(store, arena, message->cases[0]);
	lines_add(lines, "case", record->messages > 1 ? "joined" : "new");
	lines_add(lines, "origin", origin_name(record->origin));
	lines_add(lines, "numbers", list_of(arena, record->numbers, record->number_count));
	lines_add(lines, "bound", record->number_bound ? "yes" : "no");
	lines_add(lines, "sites", list_of(arena, record->sites, record->site_count));
	lines_add(lines, "beside", record->beside_count > 0 ? "yes" : "no");
	lines_add(lines, "case-stage", record->stage == STAGE_NONE ? "none" : stage_name(record->stage));
	lines_add(lines, "case-trust", trust_name(record->trust));
	lines_add(lines, "coordinator", record->coordinator != NULL ? record->coordinator : "none");
	lines_add(lines, "deadlines", deadlines(conf, arena, store, record->id));
}

static const char *
param(struct arena *arena, const char *params, const char *name)
{
	const char *at = strstr(params, name);

	return at != NULL ? arena_strndup(arena, at + strlen(name), strcspn(at + strlen(name), "\n")) : "";
}

/* Which of the guide's two questions the letter asks. */
static const char *
asked(struct arena *arena, const char *params)
{
	bool reported = strstr(params, "ask_reported: ") != NULL;
	bool publication = strstr(params, "ask_publication: ") != NULL;

	if (!reported && !publication)
		return "none";
	return arena_printf(arena, "%s%s%s", reported ? "reported" : "",
		reported && publication ? " " : "", publication ? "publication" : "");
}

static void
say_outbox(struct arena *arena, struct store *store, int64_t message, struct lines *lines)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(store, arena, OUTBOX_STATES, &list);
	const char *answer = "none", *alert = "none", *asks = "none";
	char *mark = arena_printf(arena, "message: %lld\n", (long long)message);

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == KIND_ALERT && strstr(list[i].params, mark) != NULL)
			alert = param(arena, list[i].params, "alert: ");
		if (list[i].answers != message || list[i].kind == KIND_ALERT)
			continue;
		asks = asked(arena, list[i].params);
		answer = arena_printf(arena, "%s %s %s to %s", mail_kind_name(list[i].kind),
			list[i].stage == STAGE_NONE ? "none" : stage_name(list[i].stage),
			outbox_state_name(list[i].state), list[i].to);
	}
	lines_add(lines, "answer", answer);
	lines_add(lines, "alert", alert);
	lines_add(lines, "asks", asks);
}

static const char *
letter_state(struct arena *arena, struct store *store)
{
	static const enum outbox_state states[] = { OUTBOX_SENT, OUTBOX_FAILED };
	struct record_outbox *list;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		size_t count = store_outbox_list(store, arena, states[i], &list);

		for (size_t k = 0; k < count; k++) {
			if (list[k].kind == KIND_ACKNOWLEDGEMENT)
				return outbox_state_name(states[i]);
		}
	}
	return "none";
}

static const char *
case_count(struct arena *arena, const struct record_message *message)
{
	return arena_printf(arena, "%zu", message->case_count);
}

void
say_record(const struct conf *conf, struct arena *arena, struct store *store,
	const struct record_message *message, struct lines *lines)
{
	say_message(conf, arena, message, lines);
	lines_add(lines, "cases", case_count(arena, message));
	say_case(conf, arena, store, message, lines);
	say_outbox(arena, store, message->id, lines);
	lines_add(lines, "letter", letter_state(arena, store));
}

static bool
is_letter(const struct record_outbox *entry)
{
	return entry->kind != KIND_ALERT && entry->kind != KIND_DIGEST;
}

void
letters_sent(struct arena *arena, struct store *store)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(store, arena, OUTBOX_STATES, &list);
	struct err err;

	store_begin(store, &err);
	for (size_t i = 0; i < count; i++) {
		if (!is_letter(&list[i]))
			continue;
		list[i].state = OUTBOX_SENT;
		list[i].sent_at = list[i].created_at;
		store_outbox_update(store, &list[i]);
	}
	store_commit(store, &err);
}

char *
letters_named(struct arena *arena, struct store *store, const char *bytes, size_t *len_r)
{
	static const char mark[] = "@LETTER@";
	struct record_outbox *list;
	size_t count = store_outbox_list(store, arena, OUTBOX_SENT, &list), size = *len_r;
	const char *id = NULL, *at = bytes, *end = bytes + *len_r, *found;
	char *named, *to;

	for (size_t i = 0; i < count && id == NULL; i++)
		id = is_letter(&list[i]) ? list[i].message_id : NULL;
	if (id == NULL || memmem(bytes, *len_r, mark, strlen(mark)) == NULL)
		return arena_strndup(arena, bytes, *len_r);
	id = arena_strndup(arena, id + 1, strlen(id) - 2);
	named = to = arena_alloc(arena, (size / strlen(mark) + 1) * strlen(id) + size);
	while ((found = memmem(at, (size_t)(end - at), mark, strlen(mark))) != NULL) {
		memcpy(to, at, (size_t)(found - at));
		to += found - at;
		memcpy(to, id, strlen(id));
		to += strlen(id);
		at = found + strlen(mark);
	}
	memcpy(to, at, (size_t)(end - at));
	*len_r = (size_t)(to - named) + (size_t)(end - at);
	return named;
}
