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

/* What has a day in the list for trouble under way, as a deadline. */
static struct record_deadline *
items(struct cli *cli, const struct json_case *what, size_t *count_r)
{
	size_t count = what->incident != NULL ? what->incident->due_count : 0;
	struct record_deadline *list = arena_calloc(cli->arena, count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const struct record_item_due *one = &what->incident->dues[i];
		bool ticked = json_tick(what, one->item) != NULL;
		bool open = what->record->state == CASE_OPEN;

		list[i] = (struct record_deadline){ .case_id = what->record->id, .item = one->item,
			.due = one->due, .source = SOURCE_STAFF,
			.state = ticked ? DEADLINE_MET : open ? DEADLINE_PENDING : DEADLINE_CANCELLED };
	}
	*count_r = count;
	return list;
}

static int
put_ics(struct cli *cli, const struct json_case *what)
{
	const struct record_case *record = what->record;
	const char *number = record->number_count > 0 ? record->numbers[0] : NULL;
	size_t count = what->deadline_count, item_count;
	const struct record_deadline *item = items(cli, what, &item_count);
	struct ical_deadline *list = arena_calloc(cli->arena, count + item_count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = (struct ical_deadline){ &what->deadlines[i], record->desk, number };
	for (size_t i = 0; i < item_count; i++)
		list[count + i] = (struct ical_deadline){ &item[i], record->desk, number };
	cli_put(ical_text(cli->arena, &cli->conf->policy, list, count + item_count, cli->now));
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
