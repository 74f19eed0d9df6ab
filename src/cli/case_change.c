/*
 * What a person does with a case as a whole: takes it or gives it to someone,
 * closes and reopens it, puts a conversation or a note on record.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/checklist.h"
#include "rule/deadline.h"
#include "view/json_record.h"

#include <sysexits.h>

static int
assign(struct cli *cli, size_t staff, const char *how)
{
	const struct policy_staff *to = &cli->conf->policy.staff[staff];
	struct record_case *record;
	const char *old;
	int status = cli_take_case(cli, &record);

	if (status != EX_OK)
		return status;
	if (!policy_serves(to, record->desk))
		return cli_fail(EX_DATAERR, "%s does not serve desk %s", to->title, record->desk);
	old = record->assignee;
	if (text_equal(old, to->title))
		return EX_OK;
	record->assignee = to->title;
	cli_log(cli, record->id, "%s %s%s%s", how, to->title, old != NULL ? ", before: " : "",
		old != NULL ? old : "");
	return cli_commit_case(cli, record);
}

/* Who runs it: --as, or a login that is a staff title. */
int
verb_case_take(struct cli *cli)
{
	const struct policy *policy = &cli->conf->policy;

	for (size_t staff = 0; staff < policy->staff_count; staff++) {
		if (text_equal(policy->staff[staff].title, cli->who))
			return assign(cli, staff, "taken by");
	}
	return cli_fail(EX_USAGE, "%s is no staff title of the conf: say with --as who takes it",
		cli->who);
}

int
verb_case_assign(struct cli *cli)
{
	size_t staff;
	int status;

	if (!cli_find_staff(cli, cli->args[1], &staff, &status))
		return status;
	return assign(cli, staff, "assigned to");
}

int
verb_case_note(struct cli *cli)
{
	struct record_case *record;
	const char *text;
	int status;

	if (!cli_one_line(cli, "the note", cli->args[1], CLI_TEXT_MAX, &text, &status))
		return status;
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	cli_log(cli, record->id, "note: %s", text);
	return cli_commit_case(cli, record);
}

/* A deadline as the log names it. */
static char *
deadline_words(struct cli *cli, const struct record_case *record,
	const struct record_deadline *deadline)
{
	return arena_printf(cli->arena, "deadline %s, due %s,", deadline_kind_name(deadline->kind),
		cli_time(cli, deadline->due, record->desk));
}

/* The same kind may be asked for twice: a conversation meets the older. */
static int
meet(struct cli *cli, const struct record_case *record, enum deadline_kind kind)
{
	struct record_deadline met;

	if (!store_deadline_meet_first(cli->store, record->id, kind, &met))
		return cli_fail(EX_DATAERR, "case %lld has no pending deadline %s",
			(long long)record->id, deadline_kind_name(kind));
	cli_log(cli, record->id, "%s met by the call", deadline_words(cli, record, &met));
	return EX_OK;
}

int
verb_case_call(struct cli *cli)
{
	const char *word = cli->options[CLI_MEETS], *text;
	enum deadline_kind kind = DEADLINE_KINDS;
	struct record_case *record;
	int status;

	if (word != NULL && !deadline_kind_read(word, &kind))
		return cli_fail(EX_USAGE, "--meets wants one of acknowledge, contact, encryption, "
			"investigation, remediation, requested, vendor-receipt, finder, "
			"their-answer");
	if (!cli_one_line(cli, "the text", cli->args[1], CLI_TEXT_MAX, &text, &status))
		return status;
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	cli_log(cli, record->id, "call: %s", text);
	if (word != NULL)
		status = meet(cli, record, kind);
	return status == EX_OK ? cli_commit_case(cli, record) : status;
}

static void
log_deadlines(struct cli *cli, const struct record_case *record)
{
	struct record_deadline *list;
	size_t count = store_deadlines(cli->store, cli->arena, record->id, &list);

	for (size_t i = 0; i < count; i++) {
		bool past = deadline_overdue(list[i].due, list[i].state, cli->now);

		if (list[i].state == DEADLINE_PENDING)
			cli_log(cli, record->id, "%s %s", deadline_words(cli, record, &list[i]),
				past ? "missed" : "cancelled");
	}
}

/* What is open of a list for trouble under way. */
struct open_items {
	struct record_deadline items[INCIDENT_ITEMS];	/* due 0: without a day */
	size_t count;
};

static void
read_items(struct cli *cli, const struct record_case *record, struct open_items *open_r)
{
	struct record_incident incident;
	struct record_tick *ticks;
	size_t count;

	open_r->count = 0;
	if (!store_incident_get(cli->store, cli->arena, record->id, &incident))
		return;
	count = store_ticks(cli->store, cli->arena, record->id, &ticks);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const char *item = incident_items[i].item;

		if (!checklist_ticked(ticks, count, item))
			open_r->items[open_r->count++] = (struct record_deadline){ .item = item,
				.due = json_incident_due(&incident, item) };
	}
}

/* ", due 2026-12-04 17:00", or nothing. */
static const char *
due_words(struct cli *cli, const struct record_case *record, int64_t due)
{
	return due == 0 ? "" : arena_printf(cli->arena, ", due %s", cli_time(cli, due, record->desk));
}

static void
log_items(struct cli *cli, const struct record_case *record, const struct open_items *open)
{
	for (size_t i = 0; i < open->count; i++)
		cli_log(cli, record->id, "incident: %s%s, not ticked", open->items[i].item,
			due_words(cli, record, open->items[i].due));
}

/* It waits for a person, or may still go out though the case is over. */
static bool
is_left(const struct record_outbox *letter)
{
	bool goes = letter->state == OUTBOX_QUEUED || letter->state == OUTBOX_DEFERRED;

	return letter->state == OUTBOX_HELD || letter->state == OUTBOX_FAILED ||
		(goes && letter->kind != KIND_ALERT);
}

/* What nobody will look at with the case is told now. */
static void
tell_items(struct cli *cli, const struct record_case *record, const struct open_items *open)
{
	for (size_t i = 0; i < open->count; i++)
		(void)cli_fail(0, "%s of the list for trouble under way is not ticked%s",
			open->items[i].item, due_words(cli, record, open->items[i].due));
}

static void
tell_letters(struct cli *cli, const struct record_case *record)
{
	struct record_outbox *list;
	size_t count = store_case_outbox(cli->store, cli->arena, record->id, &list);

	for (size_t i = 0; i < count; i++) {
		if (is_left(&list[i]))
			(void)cli_fail(0, "outbox entry %lld (%s) is still %s",
				(long long)list[i].id, mail_kind_name(list[i].kind),
				outbox_state_name(list[i].state));
	}
}

int
verb_case_close(struct cli *cli)
{
	const char *why = cli_why(cli);
	struct record_case *record;
	struct open_items open;
	int status;

	if (why == NULL)
		return cli_fail(EX_USAGE, "say with --why why it is over");
	status = cli_begin(cli);
	if (status != EX_OK)
		return status;
	if (!cli_find_case_itself(cli, cli->args[0], &record, &status))
		return status;
	if (record->state == CASE_CLOSED)
		return cli_fail(EX_DATAERR, "case %lld is closed already", (long long)record->id);
	cli_log(cli, record->id, "closed: %s", why);
	log_deadlines(cli, record);
	read_items(cli, record, &open);
	log_items(cli, record, &open);
	store_deadlines_end(cli->store, record->id, cli->now);
	record->state = CASE_CLOSED;
	status = cli_commit_case(cli, record);
	if (status == EX_OK) {
		tell_letters(cli, record);
		tell_items(cli, record, &open);
	}
	return status;
}

int
verb_case_reopen(struct cli *cli)
{
	const char *why = cli_why(cli);
	struct record_case *record;
	struct open_items open;
	int resumed, status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	if (!cli_find_case_itself(cli, cli->args[0], &record, &status))
		return status;
	if (record->state == CASE_OPEN)
		return cli_fail(EX_DATAERR, "case %lld is open", (long long)record->id);
	resumed = store_deadlines_resume(cli->store, record->id);
	read_items(cli, record, &open);
	for (size_t i = 0; i < open.count; i++)
		resumed += open.items[i].due != 0;
	cli_log(cli, record->id, "reopened%s%s; deadlines that go on: %d", why != NULL ? ": " : "",
		why != NULL ? why : "", resumed);
	record->state = CASE_OPEN;
	return cli_commit_case(cli, record);
}
