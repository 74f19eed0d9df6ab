/*
 * `forward`: a person hands a mail of a case over to another, sealed to that one's
 * key; to nobody without one. What was opened never comes here: the letter is put into
 * the outbox, and the daemon sends it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/engine.h"
#include "flow/forwards.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/hand_over.h"

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

static int
put(struct cli *cli, struct record_case *record, const struct record_message *message, size_t desk,
	size_t staff, const char *fpr)
{
	const char *title = cli->conf->policy.staff[staff].title;
	int64_t id = forwards_add(cli->store, cli->conf, desk, record, message, staff, cli->now);
	int status;

	cli_log(cli, record->id, "message %lld forwarded to %s, to be sealed to %s: outbox %lld",
		(long long)message->id, title, fpr, (long long)id);
	status = cli_commit_case(cli, record);
	if (status == EX_OK)
		cli_put(arena_printf(cli->arena, "outbox %lld: message %lld for %s\n", (long long)id,
			(long long)message->id, title));
	return status;
}

int
verb_forward(struct cli *cli)
{
	const struct record_message *message = NULL;
	struct record_case *record;
	const char *fpr;
	size_t staff, desk;
	int status;

	if (cli->options[CLI_TO] == NULL)
		return cli_fail(EX_USAGE, "say with --to to whom of staff");
	if (!cli_find_staff(cli, cli->options[CLI_TO], &staff, &status))
		return status;
	status = cli_take_case(cli, &record);
	if (status != EX_OK || !cli_find_desk(cli, record->desk, &desk, &status))
		return status;
	fpr = engine_key_of_staff(cli->engine, desk, staff);
	if (fpr == NULL)
		return cli_fail(EX_NOPERM,
			"%s has no key that can be used, and nothing is forwarded in clear; see "
			"madoguchi keys list", cli->options[CLI_TO]);
	status = cli->options[CLI_MESSAGE] != NULL ? take_message(cli, record, &message)
						   : choose_message(cli, record, &message);
	return status == EX_OK ? put(cli, record, message, desk, staff, fpr) : status;
}
