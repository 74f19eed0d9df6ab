/*
 * Cases that a mail may belong to, as rule/decide wants them: by number, by the
 * mails it answers, by site. Judges nothing: it tells what is on record.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/text.h"
#include "rule/policy.h"

#include <stdio.h>
#include <string.h>

/* What the queries below hand to the list. */
struct finding {
	struct store *store;
	const struct policy *policy;
	size_t desk;
	struct decide_case *list;
	size_t count;
};

static bool
is_listed(const struct finding *finding, int64_t id)
{
	for (size_t i = 0; i < finding->count; i++) {
		if (finding->list[i].id == id)
			return true;
	}
	return false;
}

static int
coordinator_of(const struct policy *policy, const char *name)
{
	for (size_t i = 0; name != NULL && i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name))
			return (int)i;
	}
	return -1;
}

static uint32_t
sites_of(struct finding *finding, int64_t id)
{
	const struct string_list *sites = &finding->policy->desks[finding->desk].sites;
	uint32_t bits = 0;
	sqlite3_stmt *row =
		store_ask(finding->store, "SELECT site FROM case_site WHERE case_id = ?", "i", id);

	while (store_row(finding->store, row)) {
		const char *site = (const char *)sqlite3_column_text(row, 0);

		for (size_t i = 0; i < sites->count && i < FACTS_SITES; i++) {
			if (text_equal(sites->at[i], site))
				bits |= UINT32_C(1) << i;
		}
	}
	return bits;
}

/* Its main number, or whether it bears the one by which it was found. */
static void
read_number(struct finding *finding, const char *number, struct decide_case *found)
{
	sqlite3_stmt *row = store_ask(finding->store,
		"SELECT number, bound FROM case_number WHERE case_id = ?1"
		" AND (?2 IS NULL OR number = ?2) ORDER BY bound DESC, id LIMIT 1",
		"it", found->id, number);

	if (!store_row(finding->store, row))
		return;
	found->has_number = true;
	found->number_bound = sqlite3_column_int(row, 1) != 0;
	(void)snprintf(found->number, sizeof(found->number), "%s",
		(const char *)sqlite3_column_text(row, 0));
	store_done(row);
}

/* The first believed mail is enough: a case may hold thousands. */
#define IN_MAIL \
	"SELECT 1 FROM case_message c JOIN message m ON m.id = c.message_id" \
	" WHERE c.case_id = ?1 AND m.direction = 0"

/* A case that came by telephone has no mail, and is nobody's forgery. */
static bool
only_suspect(struct finding *finding, int64_t id)
{
	return store_ask_int(finding->store,
		       "SELECT EXISTS (" IN_MAIL ") AND NOT EXISTS (" IN_MAIL " AND m.trust > 0)",
		       "i", id) != 0;
}

static bool
read_case(struct finding *finding, int64_t id, struct decide_case *found)
{
	struct store *store = finding->store;
	sqlite3_stmt *row = store_ask(store,
		"SELECT state, coordinator, stage, trust, opened_at"
		" FROM case_record WHERE id = ?",
		"i", id);

	if (!store_row(store, row))
		return false;
	memset(found, 0, sizeof(*found));
	found->id = id;
	found->state = (enum case_state)store_below(store, row, 0, CASE_STATES);
	found->coordinator =
		coordinator_of(finding->policy, (const char *)sqlite3_column_text(row, 1));
	found->stage = (enum stage)store_below(store, row, 2, STAGES);
	found->trust = (enum trust)store_below(store, row, 3, TRUSTS);
	found->opened_at = sqlite3_column_int64(row, 4);
	store_done(row);
	return true;
}

/*
 * Puts the case of each row at the end of the list, once each; `number` by which it was found, or
 * NULL.
 */
static void
collect(struct finding *finding, sqlite3_stmt *ids, const char *number)
{
	int64_t found[DECIDE_CASES];
	size_t count = 0;

	while (store_row(finding->store, ids)) {
		found[count++] = sqlite3_column_int64(ids, 0);
		if (count == DECIDE_CASES) {
			store_done(ids);
			break;
		}
	}
	for (size_t i = 0; i < count && finding->count < DECIDE_CASES; i++) {
		struct decide_case *at = &finding->list[finding->count];
		/* A letter of ours may be on record of a case that was merged since. */
		int64_t id = store_case_resolve(finding->store, found[i]);

		if (is_listed(finding, id) || !read_case(finding, id, at))
			continue;
		read_number(finding, number, at);
		at->sites = sites_of(finding, id);
		at->only_suspect = only_suspect(finding, id);
		finding->count++;
	}
}

/*
 * Those it is bound to first, then the best believed: a flood of forgeries leaves the true one in
 * the list.
 */
size_t
store_candidates_by_number(struct store *store, struct arena *arena, const struct policy *policy,
	size_t desk, const char *const *numbers, size_t count, struct decide_case *list_r)
{
	struct finding finding = { store, policy, desk, list_r, 0 };

	(void)arena;
	for (size_t i = 0; i < count; i++)
		collect(&finding,
			store_ask(store,
				"SELECT n.case_id FROM case_number n JOIN case_record c"
				" ON c.id = n.case_id JOIN desk d ON d.id = c.desk_id"
				" WHERE n.number = ? AND d.title = ?"
				" ORDER BY n.bound DESC, c.trust DESC, c.id LIMIT ?",
				"ttd", numbers[i], policy->desks[desk].title, DECIDE_CASES),
			numbers[i]);
	return finding.count;
}

size_t
store_candidates_by_reference(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, const char *const *message_ids, size_t count,
	struct decide_case *list_r)
{
	struct finding finding = { store, policy, desk, list_r, 0 };
	const char *title = policy->desks[desk].title;

	(void)arena;
	for (size_t i = 0; i < count; i++) {
		collect(&finding,
			store_ask(store,
				"SELECT o.case_id FROM outbox o JOIN desk d ON d.id = o.desk_id"
				" WHERE o.message_id = ? AND o.case_id IS NOT NULL"
				" AND d.title = ?",
				"tt", message_ids[i], title),
			NULL);
		collect(&finding,
			store_ask(store,
				"SELECT x.case_id FROM message m JOIN desk d ON d.id = m.desk_id"
				" JOIN case_message x ON x.message_id = m.id"
				" WHERE m.message_id = ? AND m.in_case = 1 AND d.title = ?"
				" ORDER BY m.trust DESC, x.case_id LIMIT ?",
				"ttd", message_ids[i], title, DECIDE_CASES),
			NULL);
	}
	return finding.count;
}

size_t
store_candidates_by_site(struct store *store, struct arena *arena, const struct policy *policy,
	size_t desk, size_t coordinator, uint32_t sites, int64_t opened_after,
	struct decide_case *list_r)
{
	const struct string_list *names = &policy->desks[desk].sites;
	struct finding finding = { store, policy, desk, list_r, 0 };

	(void)arena;
	for (size_t i = 0; i < names->count && i < FACTS_SITES; i++) {
		if ((sites & (UINT32_C(1) << i)) == 0)
			continue;
		collect(&finding,
			store_ask(store,
				"SELECT c.id FROM desk d JOIN case_record c ON c.desk_id = d.id"
				" AND c.state = 0 WHERE d.title = ? AND c.coordinator = ?"
				" AND c.opened_at > ? AND EXISTS (SELECT 1 FROM case_site s"
				" WHERE s.case_id = c.id AND s.site = ?) AND NOT EXISTS (SELECT 1"
				" FROM case_number n WHERE n.case_id = c.id)"
				" ORDER BY c.opened_at DESC LIMIT ?",
				"ttitd", policy->desks[desk].title,
				policy->coordinators[coordinator].name, opened_after, names->at[i],
				DECIDE_CASES),
			NULL);
	}
	return finding.count;
}
