/*
 * What a word of the command line names: a case by any spelling, a message, a
 * desk, a site. Each says why not, with the exit status; nothing is changed here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/calendar.h"
#include "rule/number.h"
#include "rule/plain.h"
#include "rule/site.h"

#include <sysexits.h>

#define SITES_TEXT_MAX 1500	/* bytes of the list that a refusal tells */

bool
cli_find_number(struct cli *cli, const char *spelling, struct record_number *number_r,
	int *status_r)
{
	const struct policy *policy = &cli->conf->policy;
	char number[NUMBER_MAX];
	size_t coordinator;

	if (!number_canonical(cli->arena, policy, spelling, number, &coordinator)) {
		*status_r = cli_fail(EX_DATAERR, "%s is no handling number of any coordinator",
			spelling);
		return false;
	}
	*number_r = (struct record_number){ policy->coordinators[coordinator].name,
		arena_strdup(cli->arena, number), true };
	return true;
}

bool
cli_number_is_free(struct cli *cli, const char *number, int64_t own, int *status_r)
{
	int64_t *ids;
	size_t count = store_case_bound(cli->store, cli->arena, number, &ids);

	for (size_t i = 0; i < count; i++) {
		if (ids[i] == own)
			continue;
		*status_r = cli_fail(EX_DATAERR, "%s is the number of case %lld", number,
			(long long)ids[i]);
		return false;
	}
	return true;
}

/* The case that bears the number: the bound one, or the only one. */
static bool
case_by_number(struct cli *cli, const char *spelling, struct record_case **record_r, int *status_r)
{
	char number[NUMBER_MAX];
	size_t coordinator, count;
	int64_t *ids, *bound;

	if (!number_canonical(cli->arena, &cli->conf->policy, spelling, number, &coordinator)) {
		*status_r = cli_fail(EX_DATAERR, "%s is neither a case's id nor a handling number",
			spelling);
		return false;
	}
	count = store_case_by_number(cli->store, cli->arena, number, &ids);
	if (count == 0) {
		*status_r = cli_fail(EX_DATAERR, "no case bears %s", number);
		return false;
	}
	if (count > 1 && store_case_bound(cli->store, cli->arena, number, &bound) != 1) {
		*status_r = cli_fail(EX_DATAERR,
			"several cases claim %s, and it is bound to none of them alone; give the "
			"id: %s", number, cli_ids(cli, ids, count));
		return false;
	}
	*record_r = store_case_get(cli->store, cli->arena, ids[0]);
	return *record_r != NULL;
}

bool
cli_find_case(struct cli *cli, const char *spelling, struct record_case **record_r, int *status_r)
{
	char number[NUMBER_MAX];
	size_t coordinator;
	int64_t id;

	if (!text_number(spelling, 1, INT64_MAX, &id))
		return case_by_number(cli, spelling, record_r, status_r);
	*record_r = store_case_get(cli->store, cli->arena, store_case_resolve(cli->store, id));
	if (*record_r != NULL)
		return true;
	/* A coordinator's numbers may be digits alone. */
	if (number_canonical(cli->arena, &cli->conf->policy, spelling, number, &coordinator))
		return case_by_number(cli, spelling, record_r, status_r);
	*status_r = cli_fail(EX_DATAERR, "there is no case %s", spelling);
	return false;
}

bool
cli_find_case_itself(struct cli *cli, const char *spelling, struct record_case **record_r,
	int *status_r)
{
	int64_t id, into;

	if (!text_number(spelling, 1, INT64_MAX, &id))
		return case_by_number(cli, spelling, record_r, status_r);
	into = store_case_resolve(cli->store, id);
	if (into == id)
		return cli_find_case(cli, spelling, record_r, status_r);
	*status_r = cli_fail(EX_DATAERR, "case %lld was merged into case %lld", (long long)id,
		(long long)into);
	return false;
}

bool
cli_find_message(struct cli *cli, const char *id, struct record_message **record_r, int *status_r)
{
	int64_t number;

	*record_r = text_number(id, 1, INT64_MAX, &number)
		? store_message_get(cli->store, cli->arena, number)
		: NULL;
	if (*record_r == NULL)
		*status_r = cli_fail(EX_DATAERR, "there is no message %s", id);
	return *record_r != NULL;
}

bool
cli_find_outbox(struct cli *cli, const char *id, struct record_outbox **record_r, int *status_r)
{
	int64_t number;

	*record_r = text_number(id, 1, INT64_MAX, &number)
		? store_outbox_get(cli->store, cli->arena, number)
		: NULL;
	if (*record_r == NULL)
		*status_r = cli_fail(EX_DATAERR, "there is no outbox entry %s", id);
	return *record_r != NULL;
}

bool
cli_find_desk(struct cli *cli, const char *title, size_t *desk_r, int *status_r)
{
	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		if (text_equal(cli->conf->policy.desks[i].title, title)) {
			*desk_r = i;
			return true;
		}
	}
	*status_r = cli_fail(EX_USAGE, "the conf has no desk %s", title);
	return false;
}

bool
cli_find_staff(struct cli *cli, const char *title, size_t *staff_r, int *status_r)
{
	for (size_t i = 0; i < cli->conf->policy.staff_count; i++) {
		if (text_equal(cli->conf->policy.staff[i].title, title)) {
			*staff_r = i;
			return true;
		}
	}
	*status_r = cli_fail(EX_USAGE, "%s is no staff title of the conf", title);
	return false;
}

bool
cli_find_coordinator(struct cli *cli, const char *name, int *coordinator_r, int *status_r)
{
	const struct policy *policy = &cli->conf->policy;

	if (text_equal(name, "none")) {
		*coordinator_r = -1;
		return true;
	}
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name)) {
			*coordinator_r = (int)i;
			return true;
		}
	}
	*status_r = cli_fail(EX_USAGE, "the conf has no coordinator %s", name);
	return false;
}

bool
cli_find_date(struct cli *cli, const char *desk, const char *word, int64_t *at_r, int *status_r)
{
	const struct policy *policy = &cli->conf->policy;
	const char *zone = json_zone(policy, desk);
	struct span span;
	int64_t at;

	if (span_read(word, &span))
		at = calendar_due(policy, zone, cli->now, span);
	else if (!clock_parse(word, zone, &at)) {
		*status_r = cli_fail(EX_USAGE, "%s is no date: \"2026-12-04\", \"2026-12-04 17:00\" "
			"or a span as \"5 business days\"", word);
		return false;
	}
	if (at > cli->now) {
		*at_r = at;
		return true;
	}
	*status_r = cli_fail(EX_DATAERR, "%s has passed", word);
	return false;
}

bool
cli_find_sites(struct cli *cli, const struct policy_desk *desk, const char *text,
	uint32_t *sites_r, int *status_r)
{
	struct site_text site;
	struct plain plain;
	struct text known;
	uint32_t sites = 0;

	plain_make(cli->arena, text, &plain);
	site_text_make(cli->arena, &plain, &site);
	text_init(&known, cli->arena, SITES_TEXT_MAX);
	for (size_t i = 0; i < desk->sites.count && i < FACTS_SITES; i++) {
		if (site_named(cli->arena, &site, desk->sites.at[i]))
			sites |= UINT32_C(1) << i;
		text_addf(&known, "%s%s", i > 0 ? ", " : "", desk->sites.at[i]);
	}
	if (sites != 0) {
		*sites_r = sites;
		return true;
	}
	*status_r = cli_fail(EX_DATAERR, "%s is none of the sites of desk %s: %s", text, desk->title,
		known.data);
	return false;
}
