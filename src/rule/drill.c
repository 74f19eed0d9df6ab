/*
 * A drill's mails, judged. The notification goes through the same three steps as
 * any mail, under a policy that has one coordinator more: the drill, whose address
 * is the window's and whose one key is the drill's. That policy is made here, for
 * one mail, and stands nowhere else: for all other mail there is no such coordinator.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/drill.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "mail/address.h"
#include "rule/decide.h"
#include "rule/policy.h"

#include <string.h>

#define DIGITS 8

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

uint32_t
drill_number(const struct plain *plain)
{
	static const char scheme[] = DRILL_NAME "#";

	for (const char *at = strstr(plain->text, scheme); at != NULL; at = strstr(at + 1, scheme)) {
		const char *digits = at + sizeof(scheme) - 1;
		uint32_t number = 0;
		size_t count = 0;

		while (count < DIGITS && is_digit(digits[count]))
			number = number * 10 + (uint32_t)(digits[count++] - '0');
		if (count == DIGITS && !is_digit(digits[count]) && number >= DRILL_LOW &&
			(at == plain->text || !is_word(at[-1])))
			return number;
	}
	return 0;
}

char *
drill_number_text(struct arena *arena, uint32_t number)
{
	return arena_printf(arena, DRILL_NAME "#%08u", (unsigned)number);
}

bool
drill_from_window(const struct policy *policy, size_t desk, const struct facts *facts)
{
	const struct facts_addresses *from = &facts->header.from;

	return from->count == 1 &&
		address_equal(from->at[0].address, policy->desks[desk].address);
}

/* The layer inside a ciphertext that the key signed, 0 for none: layer 0 was never inside of one. */
static size_t
signed_layer(const struct facts *facts, const char *key)
{
	for (size_t i = 1; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		const struct facts_opened *opened = &facts->opened[i];

		for (size_t k = 0; k < opened->signature_count && k < FACTS_SIGNATURES; k++)
			if (opened->status == OPEN_OK && opened->encrypted && !opened->smime &&
				opened->signatures[k].status == SIGNATURE_GOOD &&
				text_equal_ci(opened->signatures[k].key, key))
				return i;
	}
	return 0;
}

/* Why no layer was found: it did not open, or what opened bears no such signature. */
static const char *
not_sealed(const struct facts *facts, const char *unsigned_text)
{
	if (facts->room_problem != PROBLEM_NONE)
		return problem_text(facts->room_problem);
	if (facts->failed_open && facts->opened_failed.status == OPEN_NO_SECRET_KEY)
		return problem_text(PROBLEM_NO_SECRET_KEY);
	return facts->failed_open ? problem_text(PROBLEM_DECRYPT_FAILED) : unsigned_text;
}

/* The policy with the drill behind the others; its desks answer details at once. */
static const struct policy *
policy_of(struct arena *arena, const struct policy *policy, size_t desk, const char *key)
{
	struct policy *drill = arena_alloc(arena, sizeof(*drill));
	struct policy_desk *desks = arena_calloc(arena, policy->desk_count, sizeof(*desks));
	struct policy_coordinator *coordinators =
		arena_calloc(arena, policy->coordinator_count + 1, sizeof(*coordinators));
	const char **lists = arena_calloc(arena, 2, sizeof(*lists));

	*drill = *policy;
	memcpy(desks, policy->desks, policy->desk_count * sizeof(*desks));
	memcpy(coordinators, policy->coordinators, policy->coordinator_count * sizeof(*coordinators));
	desks[desk].acknowledge.details = ANSWER_AUTO;
	lists[0] = policy->desks[desk].address;
	lists[1] = key;
	coordinators[policy->coordinator_count] = (struct policy_coordinator){
		.name = DRILL_NAME,
		.addresses = { 1, &lists[0] },
		.number = "",
		.keys = { 1, &lists[1] },
		.root_key = "",
		.enquiries = "",
		.remediation = { 3, SPAN_MONTHS },
	};
	drill->desks = desks;
	drill->coordinators = coordinators;
	drill->coordinator_count = policy->coordinator_count + 1;
	return drill;
}

/* The facts, with the drill's number where a reader puts those of coordinators. */
static const struct facts *
facts_of(struct arena *arena, const struct policy *policy, const struct facts *facts, size_t layer,
	uint32_t number)
{
	struct facts *drill = arena_alloc(arena, sizeof(*drill));
	struct number_hits *hits = &drill->layers[layer].numbers;

	*drill = *facts;
	memset(hits, 0, sizeof(*hits));
	strncpy(hits->hit[0].number, drill_number_text(arena, number), NUMBER_MAX - 1);
	hits->hit[0].coordinator = policy->coordinator_count - 1;
	hits->count = 1;
	drill->layers[layer].number_place[0] = PLACE_BODY;
	return drill;
}

/* All three steps, the store knowing nothing of it. */
static void
decide(struct arena *arena, const struct policy *policy, size_t desk, const struct facts *facts,
	const struct drill_expected *expected, struct decision *decision_r)
{
	struct decide_known *known = arena_alloc(arena, sizeof(*known));
	struct decide_first first;
	struct decide_thread thread;

	memset(known, 0, sizeof(*known));
	known->first_seen = expected->now;
	decide_first(arena, policy, desk, facts, &first);
	decide_thread(arena, policy, desk, facts, &first, known, &thread);
	decide_finish(arena, policy, desk, facts, &first, known, &thread, expected->received_at,
		expected->now, decision_r);
}

const char *
drill_judge(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct drill_expected *expected)
{
	size_t layer = signed_layer(facts, expected->key);
	const struct policy *drill = policy_of(arena, policy, desk, expected->key);
	struct decision *decision = arena_alloc(arena, sizeof(*decision));

	if (layer == 0)
		return not_sealed(facts, "it does not bear the signature of the drill's key");
	if (facts->layers[layer].drill != expected->number)
		return "the number inside was not read";
	decide(arena, drill, desk, facts_of(arena, drill, facts, layer, expected->number), expected,
		decision);
	if (decision->first.trust.trust != TRUST_VERIFIED)
		return arena_printf(arena, "it was not verified: %s",
			trust_reason_text(decision->first.trust.reason));
	if (decision->thread.row != ROW_COORDINATOR || decision->thread.kind != KIND_DETAILS)
		return arena_printf(arena, "it was taken for %s (row %s)",
			mail_kind_name(decision->thread.kind),
			decide_row_name(decision->thread.row));
	if (decision->answer != KIND_ACKNOWLEDGEMENT || decision->answer_state != OUTBOX_QUEUED)
		return arena_printf(arena, "it would not be answered at once: %s",
			answer_why_text(decision->answer_why));
	return NULL;
}

const char *
drill_answered(const struct policy *policy, size_t desk, const struct facts *facts, uint32_t number)
{
	size_t layer = signed_layer(facts, policy->desks[desk].key);

	if (layer == 0)
		return not_sealed(facts, "the answer does not bear the signature of the desk's key");
	if (facts->layers[layer].drill != number)
		return "the number is not in the answer";
	return NULL;
}

bool
drill_late(int64_t passed_at, int64_t now)
{
	return passed_at != 0 && now - passed_at > DRILL_LATE_DAYS * CLOCK_DAY;
}
