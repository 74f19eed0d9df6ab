/*
 * The stage, weighed. Wording drifts from year to year, so no phrase decides
 * alone where others contradict it: each meaning adds to a weight, and the rules
 * below say, in their order, which weight wins. What stands in quoted text is
 * someone else's mail and never counts.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/stage.h"

#include "rule/policy.h"

#include <string.h>

/* How many different phrases of each meaning stand in own text. */
struct count {
	int of[PHRASE_MEANINGS];
};

/* What the mail shows beside its phrases. */
struct evidence {
	struct count count;
	bool vulnerability;	/* a kind of it, or its effect */
	bool numbered;		/* its subject or own text bears a number */
	bool sealed;
	bool known;		/* the case is on record */
	bool locked;		/* an archive is there that wants a password */
};

static struct count
count_phrases(const struct facts_layer *layer, size_t coordinator)
{
	struct count count = { { 0 } };

	if (coordinator >= FACTS_BOOKS)
		return count;
	for (size_t i = 0; i < layer->phrases[coordinator].count; i++) {
		const struct phrase_hit *hit = &layer->phrases[coordinator].hit[i];

		if (!hit->quoted)
			count.of[hit->meaning]++;
	}
	return count;
}

static bool
is_numbered(const struct facts_layer *layer)
{
	for (size_t i = 0; i < layer->numbers.count; i++) {
		if (layer->number_place[i] != PLACE_QUOTED)
			return true;
	}
	return false;
}

static void
weigh(const struct evidence *evidence, struct stage_verdict *verdict)
{
	const int *of = evidence->count.of;
	bool choice = of[PHRASE_ENCRYPTION_WORD] > 0 && of[PHRASE_ENCRYPTION_CHOICE] > 0;

	verdict->contact = of[PHRASE_CONTACT] + 2 * of[PHRASE_CONTACT_ASK];
	verdict->encryption = 2 * of[PHRASE_ENCRYPTION] +
		(choice ? 1 + of[PHRASE_ENCRYPTION_CHOICE] : 0);
	verdict->details = 3 * of[PHRASE_DETAILS] + of[PHRASE_DETAILS_WORD] +
		(of[PHRASE_DETAILS_HEADING] > 1 ? 2 * of[PHRASE_DETAILS_HEADING] : 0);
	if (evidence->vulnerability)
		verdict->details += evidence->sealed ? 2 : 1;
	verdict->reminder = 2 * of[PHRASE_REMINDER] + of[PHRASE_REMINDER_WORD];
	verdict->closing = 2 * of[PHRASE_CLOSING];
}

/*
 * Headings beat everything; a sentence that gives details beats all but a
 * question where to send them.
 */
static bool
gives_details(const struct evidence *evidence)
{
	const int *of = evidence->count.of;

	return of[PHRASE_DETAILS_HEADING] > 1 ||
		(of[PHRASE_DETAILS] > 0 && of[PHRASE_CONTACT_ASK] == 0);
}

static bool
closes(const struct evidence *evidence)
{
	return evidence->known && evidence->count.of[PHRASE_CLOSING] > 0;
}

/*
 * A sealed mail that names the vulnerability asks for progress in passing; a
 * reminder does nothing else.
 */
static bool
reminds(const struct evidence *evidence, const struct stage_verdict *verdict)
{
	const int *of = evidence->count.of;
	bool content = evidence->vulnerability &&
		(evidence->sealed || of[PHRASE_DETAILS_WORD] > 0);
	bool again = of[PHRASE_CONTACT_ASK] > 0 && of[PHRASE_REMINDER_WORD] > 0;

	if (!evidence->known || (of[PHRASE_REMINDER] == 0 && !again))
		return false;
	return !content || verdict->reminder > 2;
}

/* Weaker signs of details: enough where nothing is asked. */
static bool
seems_details(const struct evidence *evidence, const struct stage_verdict *verdict)
{
	const int *of = evidence->count.of;

	if (evidence->sealed && evidence->vulnerability)
		return true;
	if (of[PHRASE_CONTACT_ASK] > 0)
		return false;
	return (of[PHRASE_DETAILS_WORD] > 0 && evidence->vulnerability) ||
		(of[PHRASE_DETAILS_WORD] > 1 && verdict->encryption < 2);
}

static bool
asks_encryption(const struct evidence *evidence, const struct stage_verdict *verdict)
{
	const int *of = evidence->count.of;
	bool placed = evidence->known || evidence->numbered || of[PHRASE_ENCRYPTION] > 0;
	bool first = verdict->contact >= 2 && (!evidence->known || of[PHRASE_CONTACT_ASK] > 0) &&
		verdict->contact > verdict->encryption;

	return verdict->encryption >= 2 && placed && !first;
}

static enum mail_kind
kind_of(const struct evidence *evidence, const struct facts_layer *layer,
	struct stage_verdict *verdict)
{
	if (gives_details(evidence))
		return KIND_DETAILS;
	if (closes(evidence))
		return KIND_CLOSING;
	if (reminds(evidence, verdict))
		return KIND_REMINDER;
	if (seems_details(evidence, verdict))
		return KIND_DETAILS;
	if (asks_encryption(evidence, verdict))
		return KIND_ENCRYPTION_CHECK;
	if (verdict->contact >= 2)
		return KIND_CONTACT_REQUEST;
	/* Whatever stands round it: nobody locks up anything but the details. */
	if (evidence->locked)
		return KIND_DETAILS;
	/* Only words that may mean anything: two of them in a case that runs are a reminder. */
	if (evidence->known)
		return verdict->reminder >= 2 ? KIND_REMINDER : KIND_CORRESPONDENCE;
	verdict->by_address_alone = layer->sites != 0 && layer->form_index < 0 &&
		verdict->closing == 0;
	return verdict->by_address_alone ? KIND_CONTACT_REQUEST : KIND_CORRESPONDENCE;
}

static bool
has_locked_archive(const struct facts_layer *layer)
{
	for (size_t i = 0; i < layer->problem_count && i < FACTS_PROBLEMS; i++)
		if (layer->problems[i] == PROBLEM_LOCKED_ARCHIVE)
			return true;
	return false;
}

static enum stage
stage_of(enum mail_kind kind)
{
	switch (kind) {
	case KIND_CONTACT_REQUEST:
		return STAGE_CONTACT;
	case KIND_ENCRYPTION_CHECK:
		return STAGE_ENCRYPTION;
	case KIND_DETAILS:
		return STAGE_DETAILS;
	default:
		return STAGE_NONE;
	}
}

void
stage_judge(const struct policy *policy, size_t coordinator, const struct facts *facts,
	size_t used_layer, bool known_case, struct stage_verdict *verdict_r)
{
	const struct facts_layer *layer = &facts->layers[used_layer];
	struct stage_verdict verdict = { .kind = KIND_CORRESPONDENCE };
	struct evidence evidence = {
		.count = count_phrases(layer, coordinator),
		.vulnerability = layer->vulnerability_words,
		.numbered = is_numbered(layer),
		.sealed = layer->sealed,
		.known = known_case,
		.locked = has_locked_archive(layer),
	};

	(void)policy;
	if (evidence.count.of[PHRASE_VULNERABILITY] > 0)
		evidence.vulnerability = true;
	weigh(&evidence, &verdict);
	verdict.kind = kind_of(&evidence, layer, &verdict);
	verdict.stage = stage_of(verdict.kind);
	*verdict_r = verdict;
}

/* How much of a coordinator's standing text is there; 0 when it is not one's notification. */
static int
notification_weight(const struct facts_layer *layer, size_t coordinator)
{
	struct evidence evidence = {
		.count = count_phrases(layer, coordinator),
		.vulnerability = layer->vulnerability_words,
	};
	struct stage_verdict verdict = { .kind = KIND_CORRESPONDENCE };

	if (evidence.count.of[PHRASE_IDENTITY] == 0 || !layer->named_coordinator[coordinator])
		return 0;
	weigh(&evidence, &verdict);
	if (verdict.contact < 2 && !gives_details(&evidence) &&
		!asks_encryption(&evidence, &verdict))
		return 0;
	return verdict.contact + verdict.encryption + verdict.details;
}

int
stage_coordinator_by_text(const struct policy *policy, const struct facts_layer *layer)
{
	int best = -1, most = 0;

	for (size_t i = 0; i < policy->coordinator_count && i < FACTS_BOOKS; i++) {
		int weight = notification_weight(layer, i);

		if (weight > most) {
			most = weight;
			best = (int)i;
		}
	}
	return best;
}
