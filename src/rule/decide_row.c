/*
 * Which row of doc/RULES 2 a mail is of: the rows are tried in
 * the order given there, and the first that fits decides. Says nothing of what
 * follows from it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide_part.h"

#include "rule/policy.h"
#include "rule/signature.h"

#include <string.h>

/* Whom a person's "true" makes the sender: whom it is taken for, or whom text or number name. */
static int
coordinator_meant(const struct decide_first *first)
{
	if (first->trust.coordinator >= 0)
		return first->trust.coordinator;
	if (first->text_coordinator >= 0)
		return first->text_coordinator;
	return first->own_numbers > 0 ? (int)first->numbers.hit[0].coordinator : -1;
}

void
decide_trust(const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known, struct trust_verdict *trust_r)
{
	const struct auth_results *auth = &facts->header.auth;
	struct trust_verdict trust = first->trust;

	if (known->staff_said < 0) {
		trust.trust = TRUST_SUSPECT;
		trust.reason = REASON_STAFF_SAID_FORGED;
	} else if (known->staff_said > 0) {
		trust.trust = TRUST_VERIFIED;
		trust.reason = REASON_STAFF_SAID_TRUE;
		trust.sender_differs = false;
		trust.coordinator = coordinator_meant(first);
	} else if (trust.reason == REASON_LOOK_ALIKE && trust.alike_by_text &&
		   ((known->takes_part && known->is_staff) || known->from_sent)) {
		bool pass = auth->trusted && (auth->dmarc == AUTH_PASS || auth->dkim_aligned);

		trust.trust = pass ? TRUST_AUTHENTICATED : TRUST_UNVERIFIED;
		trust.reason = pass ? REASON_DMARC_PASS : REASON_NO_AUTHENTICATION;
		trust.sender = SENDER_STRANGER;
		trust.coordinator = -1;
	}
	*trust_r = trust;
}

bool
decide_form_chosen(const struct facts *facts, const struct trust_verdict *trust)
{
	return trust->sender == SENDER_FORM && signature_layer(facts, 0)->form_chosen;
}

bool
decide_is_weak(const struct facts *facts, const struct trust_verdict *trust)
{
	return trust->sender == SENDER_STRANGER &&
		signature_layer(facts, trust->used_layer)->finder_weak;
}

/*
 * Made by a program. What a person wrote into a web form is not, though a
 * program sent it: form mailers like to call their mail auto-generated, and
 * IPA's first contact has come that way. What else a site sends from the form's
 * address (receipts, newsletters) has neither a writer's address nor such words.
 */
static bool
is_marked_robot(const struct decide_sight *sight)
{
	const struct facts_header *header = &sight->facts->header;
	bool written = header->form_reply != NULL || sight->first->text_coordinator >= 0 ||
		sight->used->finder_words;

	if (!header->auto_submitted && !header->bulk)
		return false;
	return sight->trust.sender != SENDER_FORM || !written;
}

bool
decide_is_coordinator(const struct decide_sight *sight)
{
	const struct trust_verdict *trust = &sight->trust;

	if (trust->coordinator < 0)
		return false;
	return trust->sender == SENDER_COORDINATOR || trust->signed_by_pinned ||
		trust->reason == REASON_STAFF_SAID_TRUE;
}

/* Whether a coordinator's mail only goes on in a case that runs: nothing in it asks anything. */
static bool
only_goes_on(const struct decide_sight *sight)
{
	struct stage_verdict verdict;

	if (!decide_join_known(sight->first, sight->known))
		return false;
	stage_judge(sight->policy, (size_t)sight->trust.coordinator, sight->facts,
		sight->trust.used_layer, true, &verdict);
	return verdict.kind == KIND_CORRESPONDENCE;
}

/*
 * Made by a program that says so in words alone. A report, and whatever a
 * coordinator asks, may be sent by a program and say so: it is read as a person's.
 */
static bool
is_robot_by_words(const struct decide_sight *sight)
{
	if (!sight->used->robot_words || sight->used->finder_words ||
	    sight->trust.sender == SENDER_FORM || sight->trust.signed_by_pinned)
		return false;
	return !decide_is_coordinator(sight) || only_goes_on(sight);
}

/* Whether a case on record, a forger's too, bears one of the mail's own numbers. */
static bool
number_on_record(const struct decide_sight *sight)
{
	const struct decide_known *known = sight->known;

	for (size_t i = 0; i < known->by_number_count && i < DECIDE_CASES; i++)
		for (size_t k = 0; k < sight->first->own_numbers; k++)
			if (strcmp(sight->first->numbers.hit[k].number,
				    known->by_number[i].number) == 0)
				return true;
	return false;
}

/*
 * One who reports something new: by the form for it, or in words of a report.
 * Who names the number of a case that is on record speaks of what is being
 * handled already, and is a stranger to it; another number is a public note's on
 * a product. Who writes as the desk itself is no finder, unless the window's own
 * list put itself into From (where the writer's domain has a strict policy, lists
 * must). Staff pass reports on
 * that reached them: there the words are in what they quote.
 */
static bool
is_finder(const struct decide_sight *sight)
{
	if (sight->trust.sender == SENDER_FORM)
		return decide_form_chosen(sight->facts, &sight->trust);
	if (sight->trust.sender == SENDER_STAFF && sight->used->finder_quoted)
		return sight->first->own_numbers == 0;
	return sight->used->finder_words && !number_on_record(sight) &&
		(sight->trust.sender != SENDER_DESK || sight->facts->header.own_list);
}

static bool
names_coordinator(const struct facts_layer *layer)
{
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		if (layer->named_coordinator[i])
			return true;
	return false;
}

/*
 * Who quotes a number, or answers a mail of a case: nobody's mail, but shown.
 * So is what staff pass on of a coordinator's that reached another address.
 * Newsletters list public notes by the dozen: of those a number must be known here.
 */
static bool
is_stranger(const struct decide_sight *sight)
{
	bool numbered = sight->first->numbers.count > 0 &&
		(!sight->used->bulk_words || sight->known->by_number_count > 0);

	return numbered || decide_join_reference(sight->known) != 0 ||
		(sight->trust.sender == SENDER_STAFF && names_coordinator(sight->used));
}

/* The rows that follow robot, in the order of doc/RULES 2. */
enum decide_row
decide_row_of_person(const struct decide_sight *sight)
{
	const struct trust_verdict *trust = &sight->trust;
	struct decide_thread unused = { .place = PLACE_NONE };

	if (trust->trust == TRUST_SUSPECT)
		return ROW_SUSPECT;
	if (sight->first->unreadable)
		return ROW_UNREADABLE;
	if (decide_is_coordinator(sight))
		return ROW_COORDINATOR;
	if (trust->sender == SENDER_FORM && !decide_form_chosen(sight->facts, trust))
		return ROW_UNRELATED;
	if (sight->first->text_coordinator >= 0)
		return ROW_FORM;
	if (sight->known->takes_part &&
	    decide_join_participant(sight->first, sight->known, &unused))
		return ROW_PARTICIPANT;
	if (is_finder(sight))
		return ROW_FINDER;
	if (is_stranger(sight))
		return ROW_STRANGER;
	return decide_is_weak(sight->facts, trust) ? ROW_FINDER : ROW_UNRELATED;
}

/*
 * What is seen in Sent was written by one of ours, whatever it says: it is of
 * no row of incoming mail but a participant's.
 */
enum decide_row
decide_row_of(const struct decide_sight *sight)
{
	struct decide_thread unused = { .place = PLACE_NONE };

	if (sight->known->is_own)
		return ROW_OWN;
	if (sight->known->from_sent)
		return decide_join_participant(sight->first, sight->known, &unused) ?
			ROW_PARTICIPANT : ROW_UNRELATED;
	if (sight->known->bounced_outbox != 0 || sight->facts->header.delivery_report)
		return ROW_BOUNCE;
	if (is_marked_robot(sight) || is_robot_by_words(sight))
		return ROW_ROBOT;
	return decide_row_of_person(sight);
}

bool
decide_row_claims(enum decide_row row)
{
	return row == ROW_COORDINATOR || row == ROW_FORM || row == ROW_SUSPECT ||
		row == ROW_UNREADABLE || row == ROW_ROBOT;
}

const char *
decide_row_name(enum decide_row row)
{
	static const char *const names[DECIDE_ROWS] = {
		[ROW_OWN] = "own",
		[ROW_BOUNCE] = "bounce",
		[ROW_ROBOT] = "robot",
		[ROW_SUSPECT] = "suspect",
		[ROW_UNREADABLE] = "unreadable",
		[ROW_COORDINATOR] = "coordinator",
		[ROW_FORM] = "form",
		[ROW_PARTICIPANT] = "participant",
		[ROW_FINDER] = "finder",
		[ROW_STRANGER] = "stranger",
		[ROW_UNRELATED] = "unrelated",
	};

	return (unsigned)row < DECIDE_ROWS ? names[row] : "unknown";
}
