/*
 * The store: cases, and which of them a mail may belong to.
 * A part of port/store.h, which tells how a store is used and brings this along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_CASE_H
#define PORT_STORE_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"
#include "rule/record.h"

struct arena;
struct store;

int64_t store_case_add(struct store *store, const struct record_case *record);

/* Writes title, coordinator, state, stage, phase, trust, assignee, updated_at, number_bound. */
void store_case_update(struct store *store, const struct record_case *record);

/*
 * A number the case bears; bound: it is this case's against others (the case's number_bound
 * follows). Once each; bound later binds it.
 */
void store_case_number_add(struct store *store, int64_t case_id, const char *coordinator,
	const char *number, bool bound);
/* Its mails are not believed any more: none of its numbers is bound to it. */
void store_case_numbers_unbind(struct store *store, int64_t case_id);
/* One of them is claimed only from now on; or is not the case's any more. */
void store_case_number_unbind(struct store *store, int64_t case_id, const char *number);
void store_case_number_remove(struct store *store, int64_t case_id, const char *number);
/* All of them, the main one first. */
size_t store_case_numbers(
	struct store *store, struct arena *arena, int64_t case_id, struct record_number **list_r);
/*
 * It is bound to the case and the main one from now on; `instead` (or NULL) is
 * the case's no more. The others stay as they were.
 */
void store_case_number_lead(struct store *store, struct arena *arena, int64_t case_id,
	const struct record_number *lead, const char *instead);

/* The case's own site (the conf's string), once each. */
void store_case_site_add(struct store *store, int64_t case_id, const char *site);
void store_case_site_remove(struct store *store, int64_t case_id, const char *site);
void store_case_message_add(struct store *store, int64_t case_id, int64_t message);
void store_case_message_remove(struct store *store, int64_t case_id, int64_t message);

/*
 * An address (of a vendor, finder or staff member, not of a coordinator) that takes part in it
 * from now on; once each.
 */
void store_case_party_add(struct store *store, int64_t case_id, const char *address);

void store_case_parties_copy(struct store *store, int64_t from, int64_t to);

/* A finder who agreed to a direct exchange takes part too; once each. Lists: the first first. */
void store_case_finder_add(struct store *store, int64_t case_id, const char *address, int64_t now);
size_t store_case_finders(
	struct store *store, struct arena *arena, int64_t case_id, struct record_finder **list_r);

/*
 * What belongs to one case belongs to the other: messages, numbers, sites,
 * parties, finders, ticks, deadlines, outbox entries but for an acknowledgement
 * of a stage that has one there. The first is closed, and found as the other
 * from then on. Its log stays. Deadlines and letters that must give way are the
 * caller's to end before (rule/merge).
 */
void store_case_merge(struct store *store, int64_t from, int64_t into, int64_t now);
/* The case that an id means: the one that it was merged into, else the id itself. */
int64_t store_case_resolve(struct store *store, int64_t id);
/* The cases that were merged into this one, by id. */
size_t store_case_merged(
	struct store *store, struct arena *arena, int64_t into, struct record_merged **list_r);

/*
 * A person puts a message into another case, with the deadlines that it opened
 * and our answers to it; store_message_put() gives the case afterwards, 0 where
 * no person did.
 */
void store_case_message_move(struct store *store, int64_t from, int64_t to, int64_t message);
int64_t store_message_put(struct store *store, int64_t message);

/* Without its lists of messages, deadlines, log; NULL if there is none. */
struct record_case *store_case_get(struct store *store, struct arena *arena, int64_t id);

/* Cases that bear the number (of any state), the bound one first. */
size_t store_case_by_number(
	struct store *store, struct arena *arena, const char *number, int64_t **ids_r);

/* Those to which it is bound, by id: one, unless two desks were told it. */
size_t store_case_bound(
	struct store *store, struct arena *arena, const char *number, int64_t **ids_r);

struct store_case_filter {
	bool open, closed; /* neither: both */
	bool overdue;
	const char *desk; /* NULL: all */
	int64_t now;
};

/* By id, but for those that were merged. */
size_t store_case_list(struct store *store, struct arena *arena,
	const struct store_case_filter *filter, struct record_case **list_r);

/*
 * Candidates for threading, as rule/decide wants them; at most DECIDE_CASES each. `sites` maps
 * bits to the desk's site strings.
 */
size_t store_candidates_by_number(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, const char *const *numbers, size_t count,
	struct decide_case *list_r);
size_t store_candidates_by_reference(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, const char *const *message_ids, size_t count,
	struct decide_case *list_r);
size_t store_candidates_by_site(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, size_t coordinator, uint32_t sites,
	int64_t opened_after, struct decide_case *list_r);

/*
 * Whether the address wrote or was written to (as vendor, finder or staff, not as coordinator) in
 * one of these cases.
 */
bool store_takes_part(struct store *store, const char *address, const int64_t *cases,
	size_t count);

#endif
