/*
 * What the steps of decide.h share among themselves; of no use to others.
 * Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DECIDE_PART_H
#define RULE_DECIDE_PART_H

#include "rule/decide.h"

#define DECIDE_DATE_FAR_DAYS 2	/* a Date further from INTERNALDATE than this is a problem shown */

/* One mail as every row's function sees it. */
struct decide_sight {
	const struct policy *policy;
	const struct facts *facts;
	const struct facts_layer *used;
	const struct decide_first *first;
	const struct decide_known *known;
	struct trust_verdict trust;	/* decide_trust()'s */
};

/*
 * The trust after what the store and staff know: a person's word overrides, and
 * staff and vendors may repeat a coordinator's words without being look-alikes. A
 * finder may not: anybody makes himself one by writing first.
 */
void decide_trust(const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known, struct trust_verdict *trust_r);

/* Verified or authenticated: what the desk acts upon by itself. */
bool decide_believed(const struct trust_verdict *trust);

/* Believed by its signature alone, against the mail server's word: its header is no evidence. */
bool decide_header_forged(const struct trust_verdict *trust);

/* A mail through a web form whose only_if stands there (or has none). */
bool decide_form_chosen(const struct facts *facts, const struct trust_verdict *trust);

/* A stranger's mail that has none of a report's words, but signs of one (rule/finder_signs.h). */
bool decide_is_weak(const struct facts *facts, const struct trust_verdict *trust);

/* A coordinator's mail: by its address, a pinned signature, or a person's word. */
bool decide_is_coordinator(const struct decide_sight *sight);

/* The row; and the one that it would be of were it neither own nor a robot's nor a bounce. */
enum decide_row decide_row_of(const struct decide_sight *sight);
enum decide_row decide_row_of_person(const struct decide_sight *sight);

/* Whether a case takes the numbers of a mail of that row. */
bool decide_row_claims(enum decide_row row);

/* Length of a canonical number's scheme: all before the '#', else before the first digit. */
size_t decide_scheme(const char *number);

/* A coordinator's mail: by number, References, site; fills place, join and the two doubts. */
void decide_join_coordinator(const struct decide_first *first, const struct decide_known *known,
	const struct trust_verdict *trust, struct decide_thread *thread);

/*
 * A believed mail of no stage goes into the cases of the other numbers that it
 * names too, as far as they are bound; coordinator -1: whosoever's they are.
 */
void decide_join_also(const struct decide_first *first, const struct decide_known *known,
	const struct trust_verdict *trust, int coordinator, struct decide_thread *thread);

/* A participant's mail: by number or References; false when there is no such case. */
bool decide_join_participant(const struct decide_first *first, const struct decide_known *known,
	struct decide_thread *thread);

/* The case that References name, 0 for none; never one that is a forger's own. */
int64_t decide_join_reference(const struct decide_known *known);

/* Every case that claims one of the mail's own numbers, but for the one that it joins. */
void decide_join_beside(const struct decide_first *first, const struct decide_known *known,
	struct decide_thread *thread);

/* Whether the mail's number or References name a case on record. */
bool decide_join_known(const struct decide_first *first, const struct decide_known *known);

/*
 * Whether the case that the mail joins has the acknowledgement of the mail's stage.
 * One that is held for a mail that nobody believes gives way to a believed one's.
 */
bool decide_acknowledged(const struct decide_known *known, const struct decision *decision);

/* The answer: whether, to whom, at once or held, and why. */
void decide_answer(const struct policy *policy, size_t desk, const struct facts *facts,
	const struct decide_known *known, bool old, struct decision *decision);

/* Problems of all layers, and those that deciding adds. */
void decide_problems(const struct policy *policy, const struct facts *facts, int64_t internal_date, bool old,
	struct decision *decision);

#endif
