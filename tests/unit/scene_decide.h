/*
 * The three steps of a decision on a scene's mail, with what the store knows in
 * a few words: for the tests of rule/decide.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCENE_DECIDE_H
#define SCENE_DECIDE_H

#include "scene.h"
#include "unit.h"

#define GOOD SIGNATURE_GOOD
#define N1 "IPA#11111111"
#define N2 "IPA#22222222"
#define J1 "JPCERT#91111111"

/* Mails that many tests use. */
#define VERIFIED .from = VULN_CONTACT, .shape = SEALED, .signatures = { { KEY_IPA, GOOD, false } }
#define AUTHENTICATED .from = VULN_CONTACT, .auth = AR_DMARC
#define UNVERIFIED .from = VULN_CONTACT
#define SUSPECT .from = VULN_CONTACT, .auth = AR_FAIL
#define BY_FORM .from = WEB_FORM, .odd = FORM_FIELDS | FORM_CHOSEN
#define SENT_ON .from = STRANGER, .shape = SEALED, .signatures = { { KEY_IPA, GOOD, false } }

/* How the store comes upon a case. */
#define BY_NUMBER 1u
#define BY_REFERENCE 2u
#define BY_SITE 4u

/* A case on record. */
struct record {
	unsigned by;
	int64_t id;
	const char *number;	/* NULL: it has none */
	bool claimed;		/* the number is not bound */
	bool suspect, closed;
	int coordinator;	/* 0 is IPA; -1 for none */
};

/* What the store knows. */
#define OWN 1u
#define SENT 2u
#define BOUNCED 4u	/* of outbox entry 9, case 5 */
#define TAKES_PART 8u
#define SAID_TRUE 16u
#define SAID_FORGED 32u
#define IS_STAFF 64u

static struct arena *arena;
static struct decide_known known;
static struct decision decision;
static int64_t arrived;

static inline void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	memset(&known, 0, sizeof(known));
	ck_assert(clock_parse("2026-11-24 10:00", "Asia/Tokyo", &arrived));
}

static inline void
teardown(void)
{
	arena_free(&arena);
}

static inline void
add_case(struct decide_case *list, size_t *count, const struct record *record)
{
	struct decide_case *at = &list[(*count)++];

	*at = (struct decide_case){ .id = record->id, .coordinator = record->coordinator,
		.state = record->closed ? CASE_CLOSED : CASE_OPEN, .sites = 1,
		.has_number = record->number != NULL, .only_suspect = record->suspect,
		.number_bound = record->number != NULL && !record->claimed && !record->suspect };
	at->trust = record->suspect ? TRUST_SUSPECT : record->claimed ? TRUST_UNVERIFIED :
		TRUST_AUTHENTICATED;
	if (record->number != NULL)
		strncpy(at->number, record->number, NUMBER_MAX - 1);
}

static inline void
know(const struct record *records, unsigned what)
{
	for (size_t i = 0; i < 3 && records[i].by != 0; i++) {
		if ((records[i].by & BY_NUMBER) != 0)
			add_case(known.by_number, &known.by_number_count, &records[i]);
		if ((records[i].by & BY_REFERENCE) != 0)
			add_case(known.by_reference, &known.by_reference_count, &records[i]);
		if ((records[i].by & BY_SITE) != 0)
			add_case(known.by_site, &known.by_site_count, &records[i]);
	}
	known.is_own = (what & OWN) != 0;
	known.from_sent = (what & SENT) != 0;
	known.bounced_outbox = (what & BOUNCED) != 0 ? 9 : 0;
	known.bounced_case = (what & BOUNCED) != 0 ? 5 : 0;
	known.takes_part = (what & TAKES_PART) != 0;
	known.is_staff = (what & IS_STAFF) != 0;
	known.staff_said = (what & SAID_TRUE) != 0 ? 1 : (what & SAID_FORGED) != 0 ? -1 : 0;
}

/* All three steps, as the desk takes them. */
static inline void
decide(const struct scene *mail)
{
	struct facts *facts = scene_facts(arena, mail);
	struct decide_first first;
	struct decide_thread thread;

	facts->header.has_date = true;
	facts->header.date = arrived - ((mail->odd & FAR_DATE) != 0 ? 3 * CLOCK_DAY : CLOCK_HOUR);
	decide_first(arena, &scene_policy, 0, facts, &first);
	decide_thread(arena, &scene_policy, 0, facts, &first, &known, &thread);
	decide_finish(arena, &scene_policy, 0, facts, &first, &known, &thread, arrived,
		arrived + CLOCK_MINUTE, &decision);
}

static inline bool
has_problem(enum problem problem)
{
	for (size_t i = 0; i < decision.problem_count; i++)
		if (decision.problems[i] == problem)
			return true;
	return false;
}

static inline const char *
answered(void)
{
	if (decision.answer == KIND_OWN)
		return "none";
	if (decision.answer == KIND_QUESTION)
		return decision.answer_state == OUTBOX_HELD ? "question" : "question sent";
	return decision.answer_state == OUTBOX_HELD ? "held" : "queued";
}

#endif
