/*
 * `case undo`: the last merging, splitting or filing of a message that a person
 * did to a case, taken back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "cli/cli.h"
#include "port/store.h"
#include "port/store_undo.h"

#include <sysexits.h>

static int
find_act(struct cli *cli, const struct record_case *record, struct store_undone *act_r)
{
	if (!store_undo_last(cli->store, cli->arena, record->id, act_r))
		return cli_fail(EX_DATAERR, "case %lld: nothing was merged, split or filed that could "
			"be taken back", (long long)record->id);
	if (!store_undo_fits(cli->store, act_r))
		return cli_fail(EX_DATAERR, "case %lld was merged since: take that back first",
			(long long)act_r->other);
	return EX_OK;
}

/* What came into the case since then may be of either matter: a person puts it right. */
static void
tell(struct cli *cli, const struct store_undone *act)
{
	int64_t *stays;
	size_t count = store_undo_stays(cli->store, cli->arena, act, &stays);

	cli_put(arena_printf(cli->arena, "case %lld: taken back: %s\n", (long long)act->case_id,
		act->what));
	if (count > 0 && act->kind == STORE_UNDO_MERGE)
		(void)cli_fail(0, "what came since stays in case %lld: messages %s",
			(long long)act->case_id, cli_ids(cli, stays, count));
}

int
verb_case_undo(struct cli *cli)
{
	const char *why = cli_why(cli);
	const char *because = why != NULL ? arena_printf(cli->arena, ": %s", why) : "";
	struct record_case *record;
	struct store_undone act;
	int status = cli_take_case(cli, &record);

	if (status == EX_OK)
		status = find_act(cli, record, &act);
	if (status != EX_OK)
		return status;
	store_undo(cli->store, cli->arena, &act, cli->now);
	cli_log(cli, act.case_id, "taken back: %s%s", act.what, because);
	if (act.other != 0)
		cli_log(cli, act.other, "taken back: %s%s", act.what, because);
	record = store_case_get(cli->store, cli->arena, act.case_id);
	if (record == NULL)
		return cli_read_well(cli);
	status = cli_commit_case(cli, record);
	if (status == EX_OK)
		tell(cli, &act);
	return status;
}
