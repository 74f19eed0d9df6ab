/*
 * `export`: one case for another program.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/export.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/case_html.h"
#include "view/ical.h"
#include "view/json.h"

#include <sysexits.h>

static int
put_ics(struct cli *cli, const struct json_case *what)
{
	const struct record_case *record = what->record;
	struct ical_deadline *list =
		arena_calloc(cli->arena, what->deadline_count + 1, sizeof(*list));

	for (size_t i = 0; i < what->deadline_count; i++)
		list[i] = (struct ical_deadline){ &what->deadlines[i], record->desk,
			record->number_count > 0 ? record->numbers[0] : NULL };
	cli_put(ical_text(cli->arena, &cli->conf->policy, list, what->deadline_count, cli->now));
	return EX_OK;
}

static int
put_json(struct cli *cli, const struct json_case *what)
{
	struct json_view view = cli_view(cli);

	cli_put_json(json_case_whole(&view, what));
	return EX_OK;
}

static int
put_html(struct cli *cli, const struct json_case *what)
{
	struct json_view view = cli_view(cli);

	cli_put(case_html(&view, what, cli_language(cli, what->record->desk), NULL));
	return EX_OK;
}

static const struct {
	const char *name;
	int (*put)(struct cli *cli, const struct json_case *what);
} formats[] = {
	{ "mbox", export_mbox },
	{ "json", put_json },
	{ "html", put_html },
	{ "ics", put_ics },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

int
verb_export(struct cli *cli)
{
	struct record_case *record;
	struct json_case what;
	size_t format = 0;
	int status;

	while (format < FORMATS && !text_equal(cli->options[CLI_FORMAT], formats[format].name))
		format++;
	if (format == FORMATS)
		return cli_fail(EX_USAGE, "say --format mbox, json, html or ics");
	if (!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	cli_gather(cli, record, &what);
	status = cli_read_well(cli);
	return status == EX_OK ? formats[format].put(cli, &what) : status;
}
