/*
 * Splitting, decided from the messages' records and the reasons kept with them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/split.h"

#include "rule/reasons.h"

#include <string.h>

static bool
is_moved(const struct split *split, int64_t message)
{
	for (size_t i = 0; i < split->message_count; i++)
		if (split->messages[i].id == message)
			return split->moves[i];
	return false;
}

/* The letter that a message of ours is, if it answers one; NULL for none. */
static const struct record_outbox *
answer_of(const struct split *split, int64_t message)
{
	for (size_t i = 0; i < split->letter_count; i++)
		if (split->letters[i].message == message && split->letters[i].answers != 0)
			return &split->letters[i];
	return NULL;
}

bool
split_follow(struct split *split, const struct record_message **stray_r)
{
	for (size_t i = 0; i < split->message_count; i++) {
		const struct record_outbox *answer = answer_of(split, split->messages[i].id);

		if (answer == NULL)
			continue;
		if (split->moves[i] && !is_moved(split, answer->answers)) {
			*stray_r = &split->messages[i];
			return false;
		}
		split->moves[i] = is_moved(split, answer->answers);
	}
	return true;
}

void
split_part(const struct split *split, bool moved, struct split_part *part_r)
{
	memset(part_r, 0, sizeof(*part_r));
	for (size_t i = 0; i < split->message_count; i++) {
		const struct record_message *message = &split->messages[i];

		if (split->moves[i] != moved)
			continue;
		part_r->messages++;
		if (message->direction != DIRECTION_IN)
			continue;
		if (part_r->first == NULL)
			part_r->first = message;
		if (message->trust > TRUST_SUSPECT && message->stage > part_r->stage)
			part_r->stage = message->stage;
		if (message->trust > part_r->trust)
			part_r->trust = message->trust;
	}
}

/* Whether a mail of that side names the number; believed_r: a believed one does. */
static bool
names(const struct split *split, const char *number, bool moved, bool *believed_r)
{
	bool named = false;

	*believed_r = false;
	for (size_t i = 0; i < split->message_count; i++) {
		const struct record_message *message = &split->messages[i];

		if (split->moves[i] != moved || message->direction != DIRECTION_IN ||
		    !reasons_name_number(message->why, number, true))
			continue;
		named = true;
		*believed_r = *believed_r || message->trust >= TRUST_AUTHENTICATED;
	}
	return named;
}

void
split_number(const struct split *split, const struct record_number *number, bool by_person,
	struct split_number *number_r)
{
	bool believed_here, believed_there;
	bool here = names(split, number->number, false, &believed_here);
	bool there = names(split, number->number, true, &believed_there);
	bool keeps = number->bound && (believed_here || by_person || !believed_there);

	number_r->there = there;
	number_r->here = here || !there || (number->bound && by_person);
	number_r->bound_here = number_r->here && keeps;
	number_r->bound_there = there && number->bound && !number_r->bound_here;
}

bool
split_site(const struct split *split, const char *site, bool moved)
{
	for (size_t i = 0; i < split->message_count; i++)
		if (split->moves[i] == moved && reasons_name_site(split->messages[i].why, site))
			return true;
	return false;
}
