/*
 * `export`: one case for another program.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/ical.h"

#include <sysexits.h>

static void
put_ics(struct cli *cli, const struct record_case *record)
{
	struct record_deadline *deadlines;
	size_t count = store_deadlines(cli->store, cli->arena, record->id, &deadlines);
	struct ical_deadline *list = arena_calloc(cli->arena, count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = (struct ical_deadline){ &deadlines[i], record->desk,
			record->number_count > 0 ? record->numbers[0] : NULL };
	cli_put(ical_text(cli->arena, &cli->conf->policy, list, count, cli->now));
}

int
verb_export(struct cli *cli)
{
	struct record_case *record;
	int status;

	if (!text_equal(cli->options[CLI_FORMAT], "ics"))
		return cli_fail(EX_USAGE, "say --format ics: what is exported is the case's deadlines");
	if (!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	status = cli_read_well(cli);
	if (status == EX_OK)
		put_ics(cli, record);
	return status;
}
