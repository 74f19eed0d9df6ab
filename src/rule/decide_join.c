/*
 * Which case a mail belongs to: by number, then References, then site. The
 * reasons why a claim is not enough:
 *
 * A number is bound to a case once a believed mail (or a person) named it
 * there; any mail of a coordinator with that number joins it, closed or not.
 * While a case rests on unverified mail alone, its number is a claim that
 * anybody could have made by writing first, with a forged From or through a
 * web form. A believed mail with the number does not walk into that case, or
 * the forger's text would stand under the trust of the true one; it opens its
 * own, the number is bound there, and the two stand beside each other until a
 * person merges them. But when its References lead to the claiming case too,
 * it is an answer to what the desk wrote to the coordinator's own address about
 * that very case, and joins. Of equals, an unverified mail joins an unverified
 * claim. A case of suspect mail alone is joined by nothing but what takes part
 * in it. A site is no claim: a case without a number is joined by it as the
 * rules say, believed or not, and what is unverified in it stays marked.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include <string.h>

static size_t
bounded(size_t count)
{
	return count < DECIDE_CASES ? count : DECIDE_CASES;
}

bool
decide_believed(const struct trust_verdict *trust)
{
	return trust->trust >= TRUST_AUTHENTICATED;
}

/*
 * An old signed text under a header of anybody's making is signed all the same: when
 * the mail server says that From did not send it, what it answers is nobody's word.
 */
bool
decide_header_forged(const struct trust_verdict *trust)
{
	return trust->signed_by_pinned && trust->authentication_failed &&
		trust->reason != REASON_STAFF_SAID_TRUE;
}

/* The case that the store found by that number: one to which it is bound, or one that claims it. */
static const struct decide_case *
case_of_number(const struct decide_known *known, const char *number, bool bound)
{
	for (size_t i = 0; i < bounded(known->by_number_count); i++) {
		const struct decide_case *at = &known->by_number[i];

		if (at->number_bound == bound && !at->only_suspect &&
		    strcmp(at->number, number) == 0)
			return at;
	}
	return NULL;
}

static bool
may_join(const struct decide_case *at, int coordinator, bool believed)
{
	return believed || at->coordinator < 0 || at->coordinator == coordinator;
}

/* Numbers of the sender's own come first in the list, another coordinator's behind them. */
static const struct decide_case *
join_by_number(const struct decide_first *first, const struct decide_known *known,
	int coordinator, bool believed)
{
	for (int bound = 1; bound >= (believed ? 1 : 0); bound--) {
		for (size_t i = 0; i < first->own_numbers; i++) {
			const struct number_hit *hit = &first->numbers.hit[i];
			const struct decide_case *at;

			if (!believed && (int)hit->coordinator != coordinator)
				continue;
			at = case_of_number(known, hit->number, bound == 1);
			if (at != NULL && (bound == 1 || may_join(at, coordinator, believed)))
				return at;
		}
	}
	return NULL;
}

/* A case with another number of the same scheme is not the mail's, whatever References say. */
static bool
number_speaks_against(const struct decide_first *first, const struct decide_case *at)
{
	size_t len = decide_scheme(at->number);
	bool against = false;

	if (!at->has_number || at->number[0] == '\0')
		return false;
	for (size_t i = 0; i < first->own_numbers; i++) {
		const char *own = first->numbers.hit[i].number;

		if (strcmp(own, at->number) == 0)
			return false;
		if (decide_scheme(own) == len && strncmp(own, at->number, len) == 0)
			against = true;
	}
	return against;
}

static const struct decide_case *
join_by_reference(const struct decide_first *first, const struct decide_known *known,
	int coordinator, bool believed, bool *conflict)
{
	for (size_t i = 0; i < bounded(known->by_reference_count); i++) {
		const struct decide_case *at = &known->by_reference[i];

		if (at->only_suspect || !may_join(at, coordinator, believed))
			continue;
		if (!number_speaks_against(first, at))
			return at;
		*conflict = true;
	}
	return NULL;
}

/* Whether References lead to cases, and none of them is the one that the number names. */
static bool
references_differ(const struct decide_known *known, int64_t joined)
{
	size_t others = 0;

	for (size_t i = 0; i < bounded(known->by_reference_count); i++) {
		if (known->by_reference[i].id == joined)
			return false;
		others += !known->by_reference[i].only_suspect;
	}
	return others > 0;
}

/* Exactly one open, unnumbered case of that coordinator (doc/RULES 2); the store saw to its age. */
static const struct decide_case *
join_by_site(const struct decide_first *first, const struct decide_known *known,
	int coordinator, bool *doubt)
{
	const struct decide_case *found = NULL;

	for (size_t i = 0; i < bounded(known->by_site_count); i++) {
		const struct decide_case *at = &known->by_site[i];

		if (at->state != CASE_OPEN || at->has_number || at->only_suspect ||
		    at->coordinator != coordinator || (at->sites & first->sites) == 0)
			continue;
		if (found != NULL && found->id != at->id) {
			*doubt = true;
			return NULL;
		}
		found = at;
	}
	return found;
}

void
decide_join_coordinator(const struct decide_first *first, const struct decide_known *known,
	const struct trust_verdict *trust, struct decide_thread *thread)
{
	bool believed = decide_believed(trust);
	/* Of a mail that was sent on, only the number inside the signed part counts. */
	bool outer = !trust->sender_differs, followed = outer && !decide_header_forged(trust);
	const struct decide_case *at = join_by_number(first, known, trust->coordinator, believed);

	if (at != NULL && followed)
		thread->number_conflict = references_differ(known, at->id);
	if (at == NULL && followed)
		at = join_by_reference(first, known, trust->coordinator, believed,
			&thread->number_conflict);
	if (at == NULL && outer && !first->unreadable)
		at = join_by_site(first, known, trust->coordinator, &thread->site_doubt);
	thread->place = at != NULL ? PLACE_JOIN : PLACE_NEW;
	thread->join = at != NULL ? at->id : 0;
}

static void
add_also(struct decide_thread *thread, int64_t id)
{
	for (size_t i = 0; i < thread->also_count; i++)
		if (thread->also[i] == id)
			return;
	if (id != thread->join && thread->also_count < DECIDE_ALSO)
		thread->also[thread->also_count++] = id;
}

/*
 * "We ask for the state of these three": the mail belongs to each. What opens or
 * moves on a case is one case's alone: its receipt and its days are counted once.
 */
void
decide_join_also(const struct decide_first *first, const struct decide_known *known,
	const struct trust_verdict *trust, int coordinator, struct decide_thread *thread)
{
	if (thread->place != PLACE_JOIN || thread->stage != STAGE_NONE || !decide_believed(trust) ||
	    trust->sender_differs)
		return;
	for (size_t i = 0; i < first->said_numbers && i < first->numbers.count; i++) {
		const struct number_hit *hit = &first->numbers.hit[i];
		const struct decide_case *at = case_of_number(known, hit->number, true);

		if (at != NULL && (coordinator < 0 || at->coordinator == coordinator))
			add_also(thread, at->id);
	}
}

int64_t
decide_join_reference(const struct decide_known *known)
{
	for (size_t i = 0; i < bounded(known->by_reference_count); i++)
		if (!known->by_reference[i].only_suspect)
			return known->by_reference[i].id;
	return 0;
}

/* The case of one of the numbers from `from` to `to`: bound before claimed. */
static int64_t
case_of_numbers(const struct decide_first *first, const struct decide_known *known, size_t from,
	size_t to)
{
	for (int bound = 1; bound >= 0; bound--) {
		for (size_t i = from; i < to; i++) {
			const struct decide_case *at =
				case_of_number(known, first->numbers.hit[i].number, bound == 1);

			if (at != NULL)
				return at->id;
		}
	}
	return 0;
}

bool
decide_join_participant(const struct decide_first *first, const struct decide_known *known,
	struct decide_thread *thread)
{
	int64_t id = case_of_numbers(first, known, 0, first->own_numbers);

	if (id != 0)
		thread->number_conflict = references_differ(known, id);
	/* A forger's own case too: staff may have asked a vendor or the finder about it. */
	if (id == 0 && known->by_reference_count > 0)
		id = known->by_reference[0].id;
	/* They quote the desk's mail and reply with the quotation alone: better than no case. */
	if (id == 0)
		id = case_of_numbers(first, known, first->own_numbers, first->numbers.count);
	if (id == 0)
		return false;
	thread->place = PLACE_JOIN;
	thread->join = id;
	return true;
}

void
decide_join_beside(const struct decide_first *first, const struct decide_known *known,
	struct decide_thread *thread)
{
	for (size_t i = 0; i < bounded(known->by_number_count); i++) {
		const struct decide_case *at = &known->by_number[i];
		bool claimed = false, there = at->id == thread->join;

		for (size_t k = 0; k < first->own_numbers && !claimed; k++)
			claimed = strcmp(first->numbers.hit[k].number, at->number) == 0;
		for (size_t k = 0; k < thread->beside_count && !there; k++)
			there = thread->beside[k] == at->id;
		if (claimed && !there)
			thread->beside[thread->beside_count++] = at->id;
	}
}

bool
decide_join_known(const struct decide_first *first, const struct decide_known *known)
{
	for (size_t i = 0; i < bounded(known->by_number_count); i++)
		for (size_t k = 0; k < first->own_numbers; k++)
			if (strcmp(first->numbers.hit[k].number, known->by_number[i].number) == 0 &&
			    !known->by_number[i].only_suspect)
				return true;
	return first->use_references && decide_join_reference(known) != 0;
}
