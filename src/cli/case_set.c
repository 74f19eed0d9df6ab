/*
 * What a person corrects in a case's record, or adds to it: `case set`, `case
 * site`, `case finder`. The log tells what stood there before.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/finder.h"

#include <sysexits.h>

/* A change to the record, told as old and new; nothing is written where both are the same. */
static int
change(struct cli *cli, struct record_case *record, const char *what, const char *old,
	const char *new)
{
	old = old != NULL ? old : "none";
	new = new != NULL ? new : "none";
	if (text_equal(old, new))
		return EX_OK;
	cli_log(cli, record->id, "%s: %s -> %s", what, old, new);
	return cli_commit_case(cli, record);
}

/*
 * The number that is wrong: the main one of the same coordinator. It goes; a
 * number that the case bears already only becomes the main one.
 */
static const char *
number_instead(const struct record_number *list, size_t count, const struct record_number *lead)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(list[i].number, lead->number))
			return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		if (text_equal(list[i].coordinator, lead->coordinator))
			return list[i].number;
	}
	return NULL;
}

static int
set_number(struct cli *cli, struct record_case *record, const char *spelling)
{
	struct record_number lead, *list;
	const char *instead, *old;
	size_t count;
	int status;

	if (!cli_find_number(cli, spelling, &lead, &status) ||
		!cli_number_is_free(cli, lead.number, record->id, &status))
		return status;
	count = store_case_numbers(cli->store, cli->arena, record->id, &list);
	if (count > 0 && list[0].bound && text_equal(list[0].number, lead.number))
		return EX_OK;
	old = count > 0 ? cli_case_number(cli, record) : "none";
	instead = number_instead(list, count, &lead);
	store_case_number_lead(cli->store, cli->arena, record->id, &lead, instead);
	record->number_bound = true;
	if (record->coordinator == NULL)
		record->coordinator = lead.coordinator;
	cli_log(cli, record->id, "number: %s -> %s", old, lead.number);
	if (instead != NULL && !text_equal(instead, list[0].number))
		cli_log(cli, record->id, "number: not %s any more", instead);
	return cli_commit_case(cli, record);
}

static int
set_stage(struct cli *cli, struct record_case *record, const char *word)
{
	const char *old = stage_name(record->stage);

	if (text_equal(word, "none"))
		record->stage = STAGE_NONE;
	else if (!stage_read(word, &record->stage))
		return cli_fail(EX_USAGE, "a stage is one of contact, encryption, details, none");
	return change(cli, record, "stage", old, stage_name(record->stage));
}

static int
set_phase(struct cli *cli, struct record_case *record, const char *word)
{
	const char *old = phase_name(record->phase);

	if (!phase_read(word, &record->phase))
		return cli_fail(EX_USAGE,
			"a phase is one of receive, investigate, assess, plan, implement, report");
	return change(cli, record, "phase", old, phase_name(record->phase));
}

static int
set_coordinator(struct cli *cli, struct record_case *record, const char *name)
{
	const char *old = record->coordinator;
	int coordinator, status;

	if (!cli_find_coordinator(cli, name, &coordinator, &status))
		return status;
	record->coordinator =
		coordinator >= 0 ? cli->conf->policy.coordinators[coordinator].name : NULL;
	return change(cli, record, "coordinator", old, record->coordinator);
}

int
verb_case_set(struct cli *cli)
{
	static const struct {
		const char *what;
		int (*set)(struct cli *cli, struct record_case *record, const char *value);
	} kinds[] = { { "number", set_number }, { "stage", set_stage }, { "phase", set_phase },
		{ "coordinator", set_coordinator } };
	struct record_case *record;
	int status;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!text_equal(kinds[i].what, cli->args[1]))
			continue;
		status = cli_take_case(cli, &record);
		return status == EX_OK ? kinds[i].set(cli, record, cli->args[2]) : status;
	}
	return cli_fail(EX_USAGE, "%s cannot be set: one of number, stage, phase, coordinator can",
		cli->args[1]);
}

static bool
has_site(const struct record_case *record, const char *site)
{
	for (size_t i = 0; i < record->site_count; i++) {
		if (text_equal(record->sites[i], site))
			return true;
	}
	return false;
}

int
verb_case_site(struct cli *cli)
{
	const struct policy_desk *desk;
	struct record_case *record;
	uint32_t sites;
	size_t index;
	int status = cli_take_case(cli, &record);

	if (status != EX_OK)
		return status;
	if (!cli_find_desk(cli, record->desk, &index, &status))
		return status;
	desk = &cli->conf->policy.desks[index];
	if (!cli_find_sites(cli, desk, cli->args[1], &sites, &status))
		return status;
	for (size_t i = 0; i < desk->sites.count; i++) {
		if ((sites & (UINT32_C(1) << i)) == 0 || has_site(record, desk->sites.at[i]))
			continue;
		store_case_site_add(cli->store, record->id, desk->sites.at[i]);
		cli_log(cli, record->id, "site: %s", desk->sites.at[i]);
	}
	return cli_commit_case(cli, record);
}

/* The address stands in the record; the log bears none. */
int
verb_case_finder(struct cli *cli)
{
	const char *address = cli->args[1];
	struct record_finder *list;
	struct record_case *record;
	size_t before, after;
	int status;

	if (cli->options[CLI_CONSENTED] == NULL)
		return cli_fail(EX_USAGE, "a finder is written to directly only when both agreed: "
			"say so with --consented");
	if (!finder_address_valid(&cli->conf->policy, address))
		return cli_fail(EX_DATAERR, "%s is no address that a finder may have",
			text_printable(cli->arena, address));
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	before = store_case_finders(cli->store, cli->arena, record->id, &list);
	store_case_finder_add(cli->store, record->id, address, cli->now);
	after = store_case_finders(cli->store, cli->arena, record->id, &list);
	if (after != before)
		cli_log(cli, record->id, "finder %zu agreed to a direct exchange", after);
	return cli_commit_case(cli, record);
}
