/*
 * `forward`: a person hands a mail of a case over to another, or passes a finder's on to
 * the coordinator, sealed to that one's key; to nobody without one. What was opened never
 * comes here: the letter is put into the outbox, and the daemon sends it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "flow/engine.h"
#include "flow/forwards.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/hand_over.h"
#include "view/spoken.h"

#include <stdlib.h>
#include <sysexits.h>

/* The one of --message, if it is the case's. */
static int
take_message(struct cli *cli, const struct record_case *record,
	const struct record_message **message_r)
{
	struct record_message *message;
	const char *refused;
	int status;

	if (!cli_find_message(cli, cli->options[CLI_MESSAGE], &message, &status))
		return status;
	for (size_t i = 0; i < message->case_count; i++) {
		if (message->cases[i] != record->id)
			continue;
		refused = hand_over_refused(message);
		if (refused != NULL)
			return cli_fail(EX_DATAERR, "message %lld is not forwarded: %s",
				(long long)message->id, refused);
		*message_r = message;
		return EX_OK;
	}
	return cli_fail(EX_DATAERR, "message %lld is not of case %lld", (long long)message->id,
		(long long)record->id);
}

static int
choose_message(struct cli *cli, const struct record_case *record,
	const struct record_message **message_r)
{
	struct record_message *list;
	size_t count = store_case_messages(cli->store, cli->arena, record->id, &list);

	*message_r = hand_over_choose(list, count);
	if (*message_r == NULL)
		return cli_fail(EX_DATAERR, "case %lld has no mail that may be forwarded",
			(long long)record->id);
	return EX_OK;
}

/* --- what is shown first, and asked --- */

/* It is what was seen that may go: nothing was kept waiting while the person looked. */
static int
has_changed(struct cli *cli)
{
	store_rollback(cli->store);
	return cli_fail(EX_TEMPFAIL, "what goes to whom has changed meanwhile: nothing is forwarded, and "
		"the next call shows it as it is now");
}

static void
show(struct cli *cli, const struct record_message *message, const char *desk, const char *to,
	const char *fpr)
{
	cli_put(arena_printf(cli->arena,
		"message %lld, from %s, received %s\ntrust: %s\nto %s, under %s\n",
		(long long)message->id, text_printable(cli->arena, message->from),
		cli_time(cli, message->received_at, desk), spoken_trust(message->trust, LANGUAGE_EN),
		to, fpr));
}

static int
ask(struct cli *cli, const char *question)
{
	return cli->options[CLI_YES] != NULL || ask_yes(cli, question, false)
		? EX_OK
		: cli_fail(EXIT_FAILURE, "nothing is forwarded");
}

static void
put_done(struct cli *cli, int64_t id, const struct record_message *message, const char *name,
	const char *fpr)
{
	cli_put(arena_printf(cli->arena, "outbox %lld: message %lld for %s, under %s\n",
		(long long)id, (long long)message->id, name, fpr));
}

/* --- to one of staff --- */

struct handing {
	const struct record_message *message;
	const char *fpr;
	size_t desk, staff;
};

static int
find_what_is_handed(struct cli *cli, const struct record_case *record, struct handing *handing)
{
	int status;

	if (!cli_find_desk(cli, record->desk, &handing->desk, &status))
		return status;
	handing->fpr = engine_key_of_staff(cli->engine, handing->desk, handing->staff);
	if (handing->fpr == NULL)
		return cli_fail(EX_NOPERM,
			"%s has no key that can be used, and nothing is forwarded in clear; see "
			"madoguchi keys list", cli->options[CLI_TO]);
	return cli->options[CLI_MESSAGE] != NULL ? take_message(cli, record, &handing->message)
						 : choose_message(cli, record, &handing->message);
}

static void
show_before(struct cli *cli, const struct record_case *record, const struct handing *handing)
{
	const struct policy_staff *to = &cli->conf->policy.staff[handing->staff];
	const struct record_outbox *before =
		forwards_before(cli->store, cli->arena, record, handing->message, to->address);

	if (before != NULL && before->sent_at != 0)
		cli_put(arena_printf(cli->arena, "already forwarded to %s at %s (outbox %lld)\n",
			to->title, cli_time(cli, before->sent_at, record->desk),
			(long long)before->id));
	else if (before != NULL)
		cli_put(arena_printf(cli->arena, "already forwarded to %s, %s: outbox %lld\n",
			to->title, outbox_state_name(before->state), (long long)before->id));
}

static int
ask_to_hand(struct cli *cli, const struct record_case *record, const struct handing *handing)
{
	const struct policy_staff *to = &cli->conf->policy.staff[handing->staff];

	if (!ask_terminal())
		return EX_OK;
	show(cli, handing->message, record->desk,
		arena_printf(cli->arena, "%s (%s)", to->title, to->address), handing->fpr);
	show_before(cli, record, handing);
	return ask(cli, "Hand it over, opened");
}

static int
put_handing(struct cli *cli, struct record_case *record, const struct handing *handing)
{
	const char *title = cli->conf->policy.staff[handing->staff].title;
	int64_t id = forwards_add(cli->store, cli->conf, handing->desk, record, handing->message,
		handing->staff, cli->now);
	int status;

	cli_log(cli, record->id, "message %lld forwarded to %s, to be sealed to %s: outbox %lld",
		(long long)handing->message->id, title, handing->fpr, (long long)id);
	status = cli_commit_case(cli, record);
	if (status == EX_OK)
		put_done(cli, id, handing->message, title, handing->fpr);
	return status;
}

static int
hand_over(struct cli *cli)
{
	struct handing shown = { 0 }, handing = { 0 };
	struct record_case *record;
	int status;

	if (!cli_find_staff(cli, cli->options[CLI_TO], &shown.staff, &status) ||
		!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	handing.staff = shown.staff;
	status = find_what_is_handed(cli, record, &shown);
	if (status == EX_OK)
		status = ask_to_hand(cli, record, &shown);
	if (status != EX_OK)
		return status;
	cli->now = clock_now();
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	if (find_what_is_handed(cli, record, &handing) == EX_OK &&
		handing.message->id == shown.message->id &&
		handing.message->trust == shown.message->trust && handing.desk == shown.desk &&
		text_equal(handing.fpr, shown.fpr))
		return put_handing(cli, record, &handing);
	return has_changed(cli);
}

/* --- to the coordinator --- */

struct passing {
	const struct record_message *message;
	const struct policy_coordinator *coordinator;
	const char *fpr;
	size_t desk;
};

static int
find_coordinator(struct cli *cli, const struct record_case *record, struct passing *passing)
{
	int index, status;

	if (record->coordinator == NULL)
		return cli_fail(EX_DATAERR, "case %lld has no coordinator: madoguchi case set %s "
			"coordinator NAME", (long long)record->id, cli->args[0]);
	if (!cli_find_coordinator(cli, record->coordinator, &index, &status) ||
		!cli_find_desk(cli, record->desk, &passing->desk, &status))
		return status;
	passing->coordinator = &cli->conf->policy.coordinators[index];
	passing->fpr = engine_key_of_coordinator(cli->engine, passing->desk, (size_t)index);
	if (passing->fpr == NULL)
		return cli_fail(EX_NOPERM,
			"%s has no key that can be used, and nothing is forwarded in clear; see "
			"madoguchi keys list", record->coordinator);
	return EX_OK;
}

static int
find_finders(struct cli *cli, const struct record_case *record, struct passing *passing)
{
	int status;

	if (cli->options[CLI_MESSAGE] == NULL) {
		passing->message =
			forwards_owed(cli->store, cli->arena, record, passing->coordinator);
		return passing->message != NULL ? EX_OK
			: cli_fail(EX_DATAERR, "case %lld has no mail of a finder's that staff were told "
				"to pass on, whose sender is sure, and that was not passed on yet; any "
				"other mail of a finder's is named with --message", (long long)record->id);
	}
	status = take_message(cli, record, &passing->message);
	if (status == EX_OK && !forwards_is_finders(cli->store, record, passing->message))
		return cli_fail(EX_DATAERR, "message %lld is no finder's with whom a direct exchange was "
			"agreed (case finder): to the coordinator goes nothing else",
			(long long)passing->message->id);
	return status;
}

static int
find_what_goes(struct cli *cli, const struct record_case *record, struct passing *passing_r)
{
	int status = find_coordinator(cli, record, passing_r);

	return status == EX_OK ? find_finders(cli, record, passing_r) : status;
}

static bool
is_the_same(const struct passing *passing, const struct passing *shown)
{
	return passing->message->id == shown->message->id &&
		passing->message->trust == shown->message->trust &&
		passing->coordinator == shown->coordinator && passing->desk == shown->desk &&
		text_equal(passing->fpr, shown->fpr);
}

/*
 * It leaves the house: a person sees first what goes to whom under which key. Where nobody
 * vouches for the sender it may be a forger's, and goes on a person's word alone.
 */
static int
ask_first(struct cli *cli, const struct passing *passing, const char *desk)
{
	const struct record_message *message = passing->message;

	if (!ask_terminal())
		return cli->options[CLI_YES] != NULL || forwards_is_sure(message) ? EX_OK
			: cli_fail(EX_USAGE, "message %lld: %s, and there is no terminal to ask at: "
				"--yes passes it on all the same", (long long)message->id,
				spoken_trust(message->trust, LANGUAGE_EN));
	show(cli, message, desk, passing->coordinator->addresses.at[0], passing->fpr);
	return ask(cli, "Pass it on, opened");
}

static int
put_passing(struct cli *cli, struct record_case *record, const struct passing *passing)
{
	const char *name = passing->coordinator->name;
	int64_t id = forwards_pass_on(cli->store, cli->conf, passing->desk, record, passing->message,
		passing->coordinator, cli->now);
	int status;

	cli_log(cli, record->id, "message %lld passed on to %s, to be sealed to %s: outbox %lld",
		(long long)passing->message->id, name, passing->fpr, (long long)id);
	status = cli_commit_case(cli, record);
	if (status == EX_OK)
		put_done(cli, id, passing->message, name, passing->fpr);
	return status;
}

static int
pass_on(struct cli *cli)
{
	struct passing shown = { 0 }, passing = { 0 };
	struct record_case *record;
	int status;

	if (!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	status = find_what_goes(cli, record, &shown);
	if (status == EX_OK)
		status = ask_first(cli, &shown, record->desk);
	if (status != EX_OK)
		return status;
	cli->now = clock_now();
	status = cli_take_case(cli, &record);
	if (status != EX_OK)
		return status;
	if (find_what_goes(cli, record, &passing) == EX_OK && is_the_same(&passing, &shown))
		return put_passing(cli, record, &passing);
	return has_changed(cli);
}

int
verb_forward(struct cli *cli)
{
	if (cli->options[CLI_TO] == NULL)
		return cli_fail(EX_USAGE, "say with --to to whom of staff, or " CLI_TO_COORDINATOR);
	return text_equal(cli->options[CLI_TO], CLI_TO_COORDINATOR) ? pass_on(cli) : hand_over(cli);
}
