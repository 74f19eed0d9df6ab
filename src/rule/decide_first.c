/*
 * Step one of a decision: what the facts alone say. Which layer counts, which
 * numbers are the mail's own, whether anything could be read. Asks no store
 * and decides nothing yet.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "rule/policy.h"
#include "rule/signature.h"

#include <string.h>

static bool
holds(const struct number_hits *hits, const char *number)
{
	for (size_t i = 0; i < hits->count; i++)
		if (strcmp(hits->hit[i].number, number) == 0)
			return true;
	return false;
}

static void
put(struct number_hits *hits, const struct number_hit *hit)
{
	if (holds(hits, hit->number))
		return;
	if (hits->count < NUMBERS_MAX)
		hits->hit[hits->count++] = *hit;
	else
		hits->more = true;
}

static bool
is_own(const struct facts_layer *layer, size_t i)
{
	return layer->number_place[i] != PLACE_QUOTED;
}

static size_t
hit_count(const struct facts_layer *layer)
{
	return layer->numbers.count < NUMBERS_MAX ? layer->numbers.count : NUMBERS_MAX;
}

/* The layer's numbers that are its own (or are quoted). */
static void
take(const struct facts_layer *layer, bool own, struct number_hits *hits)
{
	for (size_t i = 0; i < hit_count(layer); i++)
		if (is_own(layer, i) == own)
			put(hits, &layer->numbers.hit[i]);
	hits->more = hits->more || layer->numbers.more;
}

size_t
decide_scheme(const char *number)
{
	return strcspn(number, strchr(number, '#') != NULL ? "#" : "0123456789");
}

static bool
same_scheme(const struct number_hit *a, const struct number_hit *b)
{
	size_t len = decide_scheme(a->number);

	return a->coordinator == b->coordinator && len == decide_scheme(b->number) &&
		strncmp(a->number, b->number, len) == 0;
}

static bool
has_scheme(const struct number_hits *hits, const struct number_hit *hit)
{
	for (size_t i = 0; i < hits->count; i++)
		if (same_scheme(&hits->hit[i], hit))
			return true;
	return false;
}

/*
 * Of the mail's numbers the first of each scheme are its own. A second one of
 * the same scheme is another case that it mentions: to take it too would file
 * that case's first mail here, under an acknowledgement long sent.
 */
static void
choose_own(const struct number_hits *all, int coordinator, struct number_hits *own)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < all->count; i++) {
			const struct number_hit *hit = &all->hit[i];

			if ((int)hit->coordinator == coordinator ? pass == 0 : pass == 1)
				if (!has_scheme(own, hit))
					put(own, hit);
		}
	}
}

/*
 * Whether numbers must stand inside the signed part. So it is for a pinned
 * signature, and for a coordinator's mail under a key that is not here yet: it
 * is judged again when the key comes, and must not have claimed more till then.
 * A stranger's own signature proves nothing, and bounds nothing.
 */
static bool
signed_part_only(const struct facts *facts, const struct trust_verdict *trust)
{
	return trust->signed_by_pinned || (trust->sender == SENDER_COORDINATOR &&
					   signature_covers(facts, trust->used_layer));
}

static void
find_numbers(const struct facts *facts, bool strict, struct decide_first *first)
{
	const struct facts_layer *used = signature_layer(facts, first->trust.used_layer);
	struct number_hits all = { .count = 0 };

	take(used, true, &all);
	/* A number inside wins over the outer Subject's; without one that is all there is. */
	for (size_t i = first->trust.used_layer; !strict && all.count == 0 && i > 0; i--)
		take(signature_layer(facts, i - 1), true, &all);
	choose_own(&all, first->trust.coordinator, &first->numbers);
	first->own_numbers = first->numbers.count;
	for (size_t i = 0; i < all.count; i++)
		put(&first->numbers, &all.hit[i]);
	first->said_numbers = first->numbers.count;
	take(used, false, &first->numbers);
	first->numbers.more = first->numbers.more || all.more;
}

static bool
number_outside(const struct facts *facts, size_t used)
{
	const struct facts_layer *inside = signature_layer(facts, used);

	for (size_t i = 0; i < used; i++) {
		const struct facts_layer *layer = signature_layer(facts, i);

		for (size_t k = 0; k < hit_count(layer); k++) {
			const char *number = layer->numbers.hit[k].number;

			if (is_own(layer, k) && !holds(&inside->numbers, number))
				return true;
		}
	}
	return false;
}

static enum problem
open_problem(enum open_status status)
{
	switch (status) {
	case OPEN_NO_SECRET_KEY:
		return PROBLEM_NO_SECRET_KEY;
	case OPEN_NO_INTEGRITY:
		return PROBLEM_NO_INTEGRITY;
	case OPEN_TOO_LARGE:
		return PROBLEM_UNPACKED_TOO_LARGE;
	default:
		return PROBLEM_DECRYPT_FAILED;
	}
}

/* A limit that was met: what was read up to there may be a decoy, so none of it is used. */
static enum problem
limit_problem(const struct facts *facts)
{
	for (size_t i = 0; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		const struct facts_layer *layer = &facts->layers[i];

		for (size_t k = 0; k < layer->problem_count && k < FACTS_PROBLEMS; k++) {
			enum problem problem = layer->problems[k];

			if (problem == PROBLEM_TOO_LARGE || problem == PROBLEM_TOO_DEEP ||
			    problem == PROBLEM_TOO_MANY_PARTS ||
			    problem == PROBLEM_HEADER_TOO_LONG ||
			    problem == PROBLEM_UNPACKED_TOO_LARGE || problem == PROBLEM_TRUNCATED)
				return problem;
			/* Odd, but what it held was opened: then that is what was read. */
			if (problem == PROBLEM_BROKEN_MIME && layer->empty &&
			    i + 1 == facts->layer_count)
				return problem;
		}
	}
	return PROBLEM_NONE;
}

/* Why the used layer's text is none, PROBLEM_NONE when there is one. */
static enum problem
text_missing(const struct facts *facts, const struct facts_layer *used)
{
	enum problem failed = PROBLEM_DECRYPT_FAILED;

	/* What it held was opened, and is a file. */
	if (!facts->failed_open && used != signature_layer(facts, facts->layer_count - 1))
		return PROBLEM_NONE;
	if (facts->failed_open)
		failed = open_problem(facts->opened_failed.status);
	switch (used->form) {
	case FORM_ENCRYPTED:
		return failed;
	case FORM_SMIME_ENCRYPTED:
		return PROBLEM_SMIME_ENCRYPTED;
	case FORM_SIGNED:
		if (!used->empty)
			return PROBLEM_NONE;
		return facts->failed_open ? failed : PROBLEM_BROKEN_MIME;
	case FORM_SMIME_SIGNED:
		return used->empty ? PROBLEM_SMIME_NOT_CHECKED : PROBLEM_NONE;
	case FORM_BROKEN:
		return PROBLEM_BROKEN_MIME;
	default:
		return PROBLEM_NONE;
	}
}

/* Why nothing could be used, PROBLEM_NONE when it could. */
static enum problem
unreadable_why(const struct facts *facts, const struct facts_layer *used)
{
	enum problem limit = limit_problem(facts);

	if (facts->room_problem != PROBLEM_NONE)
		return facts->room_problem;
	return limit != PROBLEM_NONE ? limit : text_missing(facts, used);
}

void
decide_first(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, struct decide_first *first_r)
{
	struct decide_first *first = first_r;
	const struct facts_layer *used;
	bool strict;

	memset(first, 0, sizeof(*first));
	trust_judge(arena, policy, desk, facts, &first->trust);
	used = signature_layer(facts, first->trust.used_layer);
	strict = signed_part_only(facts, &first->trust);
	first->unreadable_why = unreadable_why(facts, used);
	first->unreadable = first->unreadable_why != PROBLEM_NONE;
	find_numbers(facts, strict, first);
	first->number_unsigned = strict && number_outside(facts, first->trust.used_layer);
	take(signature_layer(facts, 0), true, &first->outer_numbers);
	first->use_references = !first->trust.sender_differs &&
		!decide_header_forged(&first->trust) &&
		(first->trust.trust != TRUST_SUSPECT || first->trust.alike_by_text);
	first->used = used;
	first->sites = used->sites;
	first->text_coordinator = -1;
	if (decide_form_chosen(facts, &first->trust))
		first->text_coordinator = stage_coordinator_by_text(policy, used);
}
