/*
 * What is owed and what is done in a case, by a person's word: the checklist's ticks,
 * deadlines by hand, the list for trouble under way.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/alerts.h"
#include "flow/ticks.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/policy.h"
#include "rule/remind.h"

#include <sysexits.h>

/* An item of the checklist, or of the incident's list where the case has one. */
static bool
item_is_there(struct cli *cli, const struct record_case *record, const char *item, int *status_r)
{
	struct record_incident incident;

	if (checklist_find(&cli->conf->checklist, item) != NULL)
		return true;
	if (incident_find(item) == NULL)
		*status_r = cli_fail(EX_DATAERR, "%s is no item: madoguchi case show %s lists them",
			item, cli->args[0]);
	else if (store_incident_get(cli->store, cli->arena, record->id, &incident))
		return true;
	else
		*status_r = cli_fail(EX_DATAERR, "case %lld has no trouble under way: "
			"madoguchi case incident %s opens its list", (long long)record->id, cli->args[0]);
	return false;
}

static int
tick(struct cli *cli, bool on)
{
	const char *item = cli->args[1];
	struct record_case *record;
	enum phase phase;
	bool changed;
	int status = cli_take_case(cli, &record);

	if (status != EX_OK || !item_is_there(cli, record, item, &status))
		return status;
	phase = record->phase;
	changed = on ? ticks_set(cli->store, &cli->conf->checklist, record->id, item, cli->now,
			       cli->who, record)
		     : ticks_clear(cli->store, &cli->conf->checklist, record->id, item, record);
	if (!changed)
		return EX_OK;
	cli_log(cli, record->id, "%s %s", on ? "ticked" : "unticked", item);
	if (record->phase != phase)
		cli_log(cli, record->id, "phase: %s -> %s", phase_name(phase),
			phase_name(record->phase));
	return cli_commit_case(cli, record);
}

int
verb_case_tick(struct cli *cli)
{
	return tick(cli, true);
}

int
verb_case_untick(struct cli *cli)
{
	return tick(cli, false);
}

/* What was pending of the kind before, for the log; NULL for nothing. */
static char *
pending_before(struct cli *cli, const struct record_case *record, enum deadline_kind kind)
{
	struct record_deadline *list;
	size_t count = store_deadlines(cli->store, cli->arena, record->id, &list);

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == kind && list[i].state == DEADLINE_PENDING)
			return cli_time(cli, list[i].due, record->desk);
	}
	return NULL;
}

/* Who sets a day that is near knows that it is: what need not be told of it. */
static enum reminder
known_already(struct cli *cli, const struct record_case *record, int64_t due)
{
	const struct policy *policy = &cli->conf->policy;
	const struct policy_desk *desk = policy_desk_of(policy, record->desk);

	/* Of a desk that the conf does not know any more nobody is reminded. */
	if (desk == NULL)
		return REMINDER_NONE;
	return remind_passed(policy, (size_t)(desk - policy->desks), 0, due, cli->now);
}

/* Each who owes it. */
static void
reminded_already(struct cli *cli, const struct record_case *record, enum deadline_kind kind,
	int64_t due)
{
	enum reminder passed = known_already(cli, record, due);
	struct record_deadline *list;
	size_t count = passed == REMINDER_NONE
		? 0 : store_deadlines(cli->store, cli->arena, record->id, &list);

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == kind && list[i].state == DEADLINE_PENDING && list[i].due == due)
			store_reminded(cli->store, list[i].id, passed, cli->now);
	}
}

static int
set_due(struct cli *cli, struct record_case *record, enum deadline_kind kind, int64_t due)
{
	const char *before = pending_before(cli, record, kind);

	if (store_deadline_open(cli->store, record->id, kind, due, SOURCE_STAFF, 0) == 0)
		return EX_OK;
	reminded_already(cli, record, kind, due);
	cli_log(cli, record->id, "deadline %s set to %s%s%s", deadline_kind_name(kind),
		cli_time(cli, due, record->desk), before != NULL ? ", before: " : "",
		before != NULL ? before : "");
	return cli_commit_case(cli, record);
}

static int
set_item_due(struct cli *cli, struct record_case *record, const char *item, int64_t due)
{
	enum reminder known = known_already(cli, record, due);

	store_incident_due(cli->store, record->id, item, due);
	if (known != REMINDER_NONE)
		store_item_reminded(cli->store, record->id, item, due, known, cli->now);
	cli_log(cli, record->id, "incident: %s due %s", item, cli_time(cli, due, record->desk));
	return cli_commit_case(cli, record);
}

/* In a case that is over nothing is owed. */
static int
refuse_closed(struct cli *cli, const struct record_case *record)
{
	return cli_fail(EX_DATAERR, "case %lld is closed: madoguchi case reopen %s",
		(long long)record->id, cli->args[0]);
}

int
verb_case_due(struct cli *cli)
{
	const char *word = cli->args[1];
	enum deadline_kind kind;
	struct record_case *record;
	int64_t due;
	int status = cli_take_case(cli, &record);

	if (status != EX_OK || !cli_find_date(cli, record->desk, cli->args[2], &due, &status))
		return status;
	if (deadline_kind_read(word, &kind))
		return record->state == CASE_CLOSED ? refuse_closed(cli, record)
						    : set_due(cli, record, kind, due);
	if (incident_find(word) == NULL)
		return cli_fail(EX_USAGE, "a deadline is one of acknowledge, contact, encryption, "
			"investigation, remediation, requested, vendor-receipt, finder, their-answer, "
			"or an item of the list for trouble under way");
	if (!item_is_there(cli, record, word, &status))
		return status;
	return record->state == CASE_CLOSED ? refuse_closed(cli, record)
					    : set_item_due(cli, record, word, due);
}

int
verb_case_done(struct cli *cli)
{
	struct record_deadline met;
	struct record_case *record;
	enum deadline_kind kind;
	int status;

	if (!deadline_kind_read(cli->args[1], &kind))
		return cli_fail(EX_USAGE, "a deadline is one of acknowledge, contact, encryption, "
			"investigation, remediation, requested, vendor-receipt, finder, their-answer");
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	/* The same kind may be asked for twice: what was done first was owed first. */
	if (!store_deadline_meet_first(cli->store, record->id, kind, &met))
		return cli_fail(EX_DATAERR, "case %lld has no pending deadline %s",
			(long long)record->id, deadline_kind_name(kind));
	cli_log(cli, record->id, "deadline %s, due %s, done", deadline_kind_name(kind),
		cli_time(cli, met.due, record->desk));
	if (kind == DEADLINE_ENCRYPTION)
		ticks_event(cli->store, &cli->conf->checklist, record->id, TICK_CHANNEL_AGREED,
			cli->now, cli->who, record);
	return cli_commit_case(cli, record);
}

int
verb_case_incident(struct cli *cli)
{
	struct alert alert = { .kind = ALERT_INCIDENT, .to = ALERT_TO_DECISION_MAKERS };
	struct record_case *record;
	size_t desk;
	int status = cli_take_case(cli, &record);

	if (status != EX_OK)
		return status;
	if (record->state == CASE_CLOSED)
		return refuse_closed(cli, record);
	if (!store_incident_open(cli->store, record->id, cli->now, cli->who))
		return cli_fail(EX_DATAERR, "case %lld has its list already: madoguchi case show %s",
			(long long)record->id, cli->args[0]);
	cli_log(cli, record->id, "trouble under way: the list is opened");
	alert.case_id = record->id;
	if (cli_find_desk(cli, record->desk, &desk, &status))
		(void)alerts_add(cli->store, cli->conf, desk, &alert, cli->now);
	return cli_commit_case(cli, record);
}
