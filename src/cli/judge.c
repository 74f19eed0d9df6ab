/*
 * The family `message`, the half that changes: a person says where a message
 * belongs, or whether it is genuine. The desk then judges it again by its own
 * rules; nothing is decided here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/engine.h"
#include "port/store.h"
#include "port/store_undo.h"

#include <stdlib.h>
#include <sysexits.h>

static bool
belongs(const struct record_message *message, int64_t case_id)
{
	for (size_t i = 0; i < message->case_count; i++) {
		if (message->cases[i] == case_id)
			return true;
	}
	return false;
}

int
verb_message_file(struct cli *cli)
{
	struct store_undone act = { .kind = STORE_UNDO_FILE };
	struct record_message *message;
	struct record_case *record;
	struct store_undo *undo;
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	if (!cli_find_message(cli, cli->args[0], &message, &status) ||
		!cli_find_case(cli, cli->args[1], &record, &status))
		return status;
	if (!text_equal(message->desk, record->desk))
		return cli_fail(EX_DATAERR, "message %lld is of desk %s, case %lld of desk %s",
			(long long)message->id, message->desk, (long long)record->id, record->desk);
	if (belongs(message, record->id))
		return cli_fail(EX_DATAERR, "message %lld is in case %lld already",
			(long long)message->id, (long long)record->id);
	act.case_id = record->id;
	act.message = message->id;
	act.what = arena_printf(cli->arena, "message %lld filed in case %lld", (long long)message->id,
		(long long)record->id);
	undo = store_undo_begin(cli->store, cli->arena, &act);
	store_case_message_add(cli->store, record->id, message->id);
	if (message->unfiled) {
		message->unfiled = false;
		store_message_update(cli->store, message);
	}
	store_undo_keep(cli->store, cli->arena, undo, &act);
	cli_log(cli, record->id, "message %lld filed here", (long long)message->id);
	return cli_commit_case(cli, record);
}

/* What a person said, on record together with its log entry. */
static int
note(struct cli *cli, const struct record_message *message, int said, const char *what)
{
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	store_staff_said(cli->store, message->id, said);
	store_flag_again(cli->store, message->id, true);
	if (!message->has_raw)
		store_want(cli->store, message->id, true);
	cli_log_message(cli, message, what);
	return cli_commit(cli);
}

static void
tell(struct cli *cli, int64_t id)
{
	struct record_message *message = store_message_get(cli->store, cli->arena, id);
	const char *cases;

	if (message == NULL)
		return;
	cases = cli_ids(cli, message->cases, message->case_count);
	cli_put(arena_printf(cli->arena, "message %lld: %s, %s, case %s\n", (long long)id,
		mail_kind_name(message->kind), trust_name(message->trust),
		cases != NULL ? cases : "-"));
}

static int
judge(struct cli *cli, int said, const char *word)
{
	struct record_message *message;
	const char *why = cli_why(cli);
	int status;

	if (!cli_find_message(cli, cli->args[0], &message, &status))
		return status;
	if (message->direction != DIRECTION_IN)
		return cli_fail(EX_DATAERR, "message %lld went out: there is nothing to judge",
			(long long)message->id);
	status = note(cli, message, said,
		why == NULL ? word : arena_printf(cli->arena, "%s: %s", word, why));
	if (status != EX_OK)
		return status;
	if (!message->has_raw) {
		cli_put("Only its header fields are kept: it is judged again once it was fetched "
			"whole.\n");
		return EX_OK;
	}
	engine_judge_again(cli->engine, message->id);
	cli_settle(cli);
	tell(cli, message->id);
	return engine_failed(cli->engine) ? EXIT_FAILURE : cli_read_well(cli);
}

int
verb_message_trust(struct cli *cli)
{
	if (cli_why(cli) == NULL)
		return cli_fail(EX_USAGE, "say with --why how you know that it is genuine");
	return judge(cli, 1, "trusted");
}

int
verb_message_forged(struct cli *cli)
{
	return judge(cli, -1, "forged");
}
