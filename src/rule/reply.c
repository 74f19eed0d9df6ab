/*
 * The kinds of reply as rows of data, and the thread that one goes on. What a letter
 * meets and opens is deadline.c's, what it ticks checklist.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/reply.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"

#include <string.h>

#define ADDRESSES_OF_FIELD 64

static const struct {
	const char *word;
	enum mail_kind kind;
	bool result, until, text, complete;	/* what it must have; complete: number and site */
} kinds[] = {
	{ "finding", KIND_FINDING, true, false, false, false },
	{ "progress", KIND_PROGRESS, false, false, true, false },
	{ "extension", KIND_EXTENSION, false, true, false, false },
	{ "completion", KIND_COMPLETION, false, false, true, true },
	{ "question", KIND_QUESTION, false, false, false, false },
	{ "plain", KIND_REPLY, false, false, true, false },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *const results[REPLY_RESULTS] = {
	[REPLY_CONFIRMED] = "confirmed",
	[REPLY_NOT_REPRODUCED] = "not-reproduced",
	[REPLY_NOT_A_VULNERABILITY] = "not-a-vulnerability",
	[REPLY_KNOWN] = "known",
};

bool
reply_kind_read(const char *word, enum mail_kind *kind_r)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (text_equal(kinds[i].word, word)) {
			*kind_r = kinds[i].kind;
			return true;
		}
	}
	return false;
}

bool
reply_result_read(const char *word, enum reply_result *result_r)
{
	for (int i = 0; i < REPLY_RESULTS; i++) {
		if (text_equal(results[i], word)) {
			*result_r = (enum reply_result)i;
			return true;
		}
	}
	return false;
}

static size_t
row_of(enum mail_kind kind)
{
	size_t i;

	for (i = 0; i < KINDS - 1 && kinds[i].kind != kind; i++)
		;
	return i;
}

char *
reply_template(struct arena *arena, enum mail_kind kind, enum reply_result result)
{
	size_t row = row_of(kind);

	return arena_printf(arena, "reply-%s%s%s", kinds[row].word, kinds[row].result ? "-" : "",
		kinds[row].result ? results[result] : "");
}

enum reply_fault
reply_check(const struct reply_has *has)
{
	size_t row = row_of(has->kind);
	/* That it is none is not said without the reason. */
	bool text = kinds[row].text ||
		(kinds[row].result && has->result == REPLY_NOT_A_VULNERABILITY);

	if (kinds[row].result != has->with_result)
		return kinds[row].result ? REPLY_WANTS_RESULT : REPLY_TAKES_NO_RESULT;
	if (kinds[row].until != has->with_until)
		return kinds[row].until ? REPLY_WANTS_UNTIL : REPLY_TAKES_NO_UNTIL;
	/* A finder who wrote to us alone knows no number. */
	if (kinds[row].complete && has->to_coordinator && !has->with_number)
		return REPLY_WANTS_NUMBER;
	if (kinds[row].complete && !has->with_site)
		return REPLY_WANTS_SITE;
	return text && !has->with_text ? REPLY_WANTS_TEXT : REPLY_FINE;
}

const char *
reply_number(const struct record_number *list, size_t count, const char *coordinator)
{
	for (size_t i = 0; i < count; i++) {
		if (coordinator == NULL || list[i].coordinator == NULL ||
			text_equal(list[i].coordinator, coordinator))
			return list[i].number;
	}
	return NULL;
}

static bool
names_one(struct arena *arena, const char *field, const struct string_list *addresses)
{
	struct address list[ADDRESSES_OF_FIELD];
	size_t count = field != NULL
		? address_parse(arena, field, strlen(field), list, ADDRESSES_OF_FIELD)
		: 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < addresses->count; k++) {
			if (address_equal(list[i].addr, addresses->at[k]))
				return true;
		}
	}
	return false;
}

/* Whether it is of the exchange with them. */
static bool
is_between(struct arena *arena, const struct record_message *message,
	const struct string_list *addresses)
{
	if (message->message_id == NULL || message->trust == TRUST_SUSPECT)
		return false;
	if (message->direction == DIRECTION_OUT)
		return names_one(arena, message->to, addresses);
	return message->kind != KIND_BOUNCE && message->kind != KIND_AUTO_REPLY &&
		message->kind != KIND_OWN && names_one(arena, message->from, addresses);
}

size_t
reply_thread(struct arena *arena, const struct record_message *messages, size_t count,
	const struct string_list *addresses, const char *ids_r[REPLY_REFERENCES])
{
	const char **all = arena_calloc(arena, count + 1, sizeof(*all));
	size_t found = 0, answered = 0, kept = 0, skip;
	bool theirs = false;

	for (size_t i = 0; i < count; i++) {
		if (!is_between(arena, &messages[i], addresses))
			continue;
		if (messages[i].direction == DIRECTION_IN || !theirs)
			answered = found;
		theirs = theirs || messages[i].direction == DIRECTION_IN;
		all[found++] = messages[i].message_id;
	}
	/* The first one, by which old clients thread, and the newest. */
	skip = found > REPLY_REFERENCES ? found - REPLY_REFERENCES : 0;
	for (size_t i = 0; i < found; i++) {
		if (i != answered && (i == 0 || i > skip) && kept + 1 < REPLY_REFERENCES)
			ids_r[kept++] = all[i];
	}
	if (found > 0)
		ids_r[kept++] = all[answered];
	return kept;
}
