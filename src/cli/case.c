/*
 * `case list`: cases as a table or as JSON, out of one query of the store.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/deadline.h"
#include "view/json.h"
#include "view/table.h"

#include <sysexits.h>

#define CASE_COLUMNS 10

static bool
read_state(const char *word, struct store_case_filter *filter)
{
	filter->open = word == NULL || text_equal(word, "open") || text_equal(word, "all");
	filter->closed = text_equal(word, "closed") || text_equal(word, "all");
	return filter->open || filter->closed;
}

static void
put_cases(struct cli *cli, const struct record_case *list, size_t count)
{
	static const char *const titles[CASE_COLUMNS] = { "ID", "NUMBER", "STATE", "STAGE", "PHASE",
		"TRUST", "STAFF", "DEADLINE", "DUE", "TITLE" };
	struct table *table = table_new(cli->arena, titles, CASE_COLUMNS);

	for (size_t i = 0; i < count; i++) {
		const struct record_case *record = &list[i];
		const struct record_deadline *next =
			record->has_deadline ? &record->next_deadline : NULL;
		const char *const cells[CASE_COLUMNS] = {
			cli_number(cli, record->id),
			cli_case_number(cli, record),
			case_state_name(record->state),
			stage_name(record->stage),
			phase_name(record->phase),
			trust_name(record->trust),
			record->assignee,
			next != NULL ? deadline_name(next) : NULL,
			next != NULL ? cli_due(cli, next, record->desk) : NULL,
			record->title,
		};

		table_add(table, cells);
	}
	cli_put(table_text(table, "", cli->width));
}

static void
put_cases_json(struct cli *cli, const struct record_case *list, size_t count)
{
	struct json_view view = cli_view(cli);
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++)
		jsontext_add(array, json_case_head(&view, &list[i]));
	cli_put_json(array);
}

int
verb_case_list(struct cli *cli)
{
	struct store_case_filter filter = { .overdue = cli->options[CLI_OVERDUE] != NULL,
		.desk = cli->options[CLI_DESK],
		.now = cli->now };
	struct record_case *list;
	size_t count, desk;
	int status;

	if (!read_state(cli->options[CLI_STATE], &filter))
		return cli_fail(EX_USAGE, "--state is one of open, closed, all");
	if (filter.desk != NULL && !cli_find_desk(cli, filter.desk, &desk, &status))
		return status;
	count = store_case_list(cli->store, cli->arena, &filter, &list);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] != NULL)
		put_cases_json(cli, list, count);
	else
		put_cases(cli, list, count);
	return EX_OK;
}
