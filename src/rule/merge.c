/*
 * Merging, decided. Of two letters the one that is nearer to the coordinator
 * stands; of two deadlines for one thing the earlier, and a person's before any.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/merge.h"

#include "mail/address.h"
#include "rule/deadline.h"
#include "rule/decide_part.h"

#include <string.h>

static bool
clash(const char *one, const char *other)
{
	size_t len = decide_scheme(one);

	return decide_scheme(other) == len && strncmp(one, other, len) == 0 &&
		strcmp(one, other) != 0;
}

static bool
bears(const struct record_number *list, size_t count, const char *number)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].number, number) == 0)
			return true;
	return false;
}

/* A number that both bear is no clash with further ones that one of them bears. */
bool
merge_numbers_clash(const struct record_number *from, size_t from_count,
	const struct record_number *into, size_t into_count, const char **from_r,
	const char **into_r)
{
	for (size_t i = 0; i < from_count; i++) {
		if (bears(into, into_count, from[i].number))
			continue;
		for (size_t k = 0; k < into_count; k++) {
			if (bears(from, from_count, into[k].number) ||
			    !clash(from[i].number, into[k].number))
				continue;
			*from_r = from[i].number;
			*into_r = into[k].number;
			return true;
		}
	}
	return false;
}

/* How near a letter is to the one that it is for. */
enum nearness { FAILED, HELD, DEFERRED, QUEUED, UNDER_WAY, SENT };

static enum nearness
nearness(const struct record_outbox *letter)
{
	bool under_way = letter->trying != 0;

	switch (letter->state) {
	case OUTBOX_SENT:
		return SENT;
	case OUTBOX_QUEUED:
		return under_way ? UNDER_WAY : QUEUED;
	case OUTBOX_DEFERRED:
		return under_way ? UNDER_WAY : DEFERRED;
	case OUTBOX_HELD:
		return HELD;
	default:
		return FAILED;
	}
}

enum merge_letters
merge_letters(const struct record_outbox *into, const struct record_outbox *from)
{
	enum nearness here = nearness(into), there = nearness(from);

	if (here == SENT && there == SENT)
		return MERGE_BOTH;
	if (here >= UNDER_WAY && there >= UNDER_WAY)
		return MERGE_WAIT;
	return here >= there ? MERGE_KEEP : MERGE_TAKE;
}

/* Whether both are for the same thing, of which one is enough. */
static bool
same_thing(const struct record_deadline *a, const struct record_deadline *b)
{
	if (a->kind != b->kind)
		return false;
	/* Whoever was asked owes his own. */
	if (a->asked != NULL && b->asked != NULL && deadline_by_party(a->kind) &&
	    !address_equal(a->asked, b->asked))
		return false;
	if (a->source == SOURCE_STAFF || b->source == SOURCE_STAFF)
		return true;
	if (a->source != b->source)
		return false;
	return a->source == SOURCE_MAIL ? a->due == b->due : a->stage == b->stage;
}

/* A person's date stands before any; of equals the earlier. */
static int
weigh(const struct record_deadline *a, const struct record_deadline *b)
{
	bool staff_a = a->source == SOURCE_STAFF, staff_b = b->source == SOURCE_STAFF;

	if (staff_a != staff_b)
		return staff_a ? 1 : -1;
	return (a->due < b->due) - (a->due > b->due);
}

bool
merge_deadline_ends(const struct record_deadline *list, size_t count, size_t at,
	uint32_t acknowledged)
{
	const struct record_deadline *own = &list[at];

	if (own->state != DEADLINE_PENDING)
		return false;
	if (own->kind == DEADLINE_ACKNOWLEDGE && own->source == SOURCE_RULE &&
	    (acknowledged & (UINT32_C(1) << own->stage)) != 0)
		return true;
	for (size_t i = 0; i < count; i++) {
		int weight;

		if (i == at || list[i].state != DEADLINE_PENDING || !same_thing(&list[i], own))
			continue;
		weight = weigh(&list[i], own);
		if (weight > 0 || (weight == 0 && i < at))
			return true;
	}
	return false;
}

void
merge_record(struct record_case *into, const struct record_case *from)
{
	if (from->trust > TRUST_SUSPECT && from->stage > into->stage)
		into->stage = from->stage;
	if (from->trust > into->trust)
		into->trust = from->trust;
	if (from->phase > into->phase)
		into->phase = from->phase;
	if (into->coordinator == NULL)
		into->coordinator = from->coordinator;
	if (into->assignee == NULL)
		into->assignee = from->assignee;
}
