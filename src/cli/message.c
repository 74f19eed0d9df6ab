/*
 * The family `message`, the half that shows: lists, one message. Opened text goes
 * to standard output and nowhere else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/store.h"
#include "view/json.h"
#include "view/table.h"

#include <stdio.h>
#include <sysexits.h>

#define MESSAGE_COLUMNS 8
#define ATTACHMENTS_MAX 8000	/* bytes of the line that lists them */

static bool
wanted(const struct cli *cli, const struct record_message *record)
{
	if (cli->options[CLI_IN] != NULL && record->direction != DIRECTION_IN)
		return false;
	if (cli->options[CLI_OUT] != NULL && record->direction != DIRECTION_OUT)
		return false;
	return cli->options[CLI_UNFILED] == NULL || record->unfiled;
}

static enum store_message_filter
filter_of(const struct cli *cli)
{
	if (cli->options[CLI_UNFILED] != NULL)
		return STORE_UNFILED;
	if (cli->options[CLI_IN] != NULL)
		return STORE_IN;
	return cli->options[CLI_OUT] != NULL ? STORE_OUT : STORE_ALL;
}

static void
put_list(struct cli *cli, const struct record_message *list, size_t count)
{
	static const char *const titles[MESSAGE_COLUMNS] = { "ID", "DIR", "KIND", "TRUST",
		"RECEIVED", "CASE", "FROM", "SUBJECT" };
	struct table *table = table_new(cli->arena, titles, MESSAGE_COLUMNS);

	for (size_t i = 0; i < count; i++) {
		const struct record_message *record = &list[i];
		const char *const cells[MESSAGE_COLUMNS] = {
			cli_number(cli, record->id),
			direction_name(record->direction),
			mail_kind_name(record->kind),
			trust_name(record->trust),
			cli_time(cli, record->received_at, record->desk),
			cli_ids(cli, record->cases, record->case_count),
			record->from,
			record->subject,
		};

		if (wanted(cli, record))
			table_add(table, cells);
	}
	cli_put(table_text(table, "", cli->width));
}

static void
put_list_json(struct cli *cli, const struct record_message *list, size_t count)
{
	struct json_view view = cli_view(cli);
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++) {
		if (wanted(cli, &list[i]))
			jsontext_add(array, json_message_listed(&view, &list[i]));
	}
	cli_put_json(array);
}

int
verb_message_list(struct cli *cli)
{
	struct record_message *list;
	size_t count;
	int status;

	if (cli->options[CLI_IN] != NULL && cli->options[CLI_OUT] != NULL)
		return cli_fail(EX_USAGE, "--in and --out exclude each other");
	count = store_message_list(cli->store, cli->arena, filter_of(cli), 0, &list);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] != NULL)
		put_list_json(cli, list, count);
	else
		put_list(cli, list, count);
	return EX_OK;
}

static char *
attachments_text(struct cli *cli, const struct record_message *record)
{
	struct text text;

	text_init(&text, cli->arena, ATTACHMENTS_MAX);
	for (size_t i = 0; i < record->attachment_count; i++)
		text_addf(&text, "%s%s (%lld bytes)", i > 0 ? ", " : "",
			record->attachments[i].type, (long long)record->attachments[i].size);
	return record->attachment_count > 0 ? text.data : NULL;
}

static void
put_lines(struct cli *cli, const char *title, const char *lines)
{
	if (lines == NULL || lines[0] == '\0')
		return;
	cli_put(title);
	cli_put(text_printable(cli->arena, lines));
	if (!text_ends(lines, "\n"))
		cli_put("\n");
}

static void
put_head(struct cli *cli, const struct record_message *record)
{
	const char *forged = record->staff_forged ? "forged" : NULL;
	const char *const pairs[] = {
		"Message", cli_number(cli, record->id),
		"Desk", record->desk,
		"Direction", direction_name(record->direction),
		"Kind", mail_kind_name(record->kind),
		"Stage", stage_name(record->stage),
		"Trust", trust_name(record->trust),
		"A person said", record->staff_trusted ? "trusted" : forged,
		"Case", cli_ids(cli, record->cases, record->case_count),
		"From", record->from,
		"To", record->to,
		"Date", cli_time(cli, record->date, record->desk),
		"Received", cli_time(cli, record->received_at, record->desk),
		"Message-ID", record->message_id,
		"Subject", record->subject,
		"Sealed", record->encrypted ? "yes" : "no",
		"Signed by", record->signed_by,
		"Attachments", attachments_text(cli, record),
		"Folder", record->folder,
	};

	cli_put(table_pairs(cli->arena, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2, 0));
	put_lines(cli, "\nProblems:\n", record->problems);
}

static void
put_shown_json(struct cli *cli, const struct record_message *record, const char *text)
{
	struct json_view view = cli_view(cli);
	struct jsontext *object = json_message_listed(&view, record);

	jsontext_string(object, "text", text);
	cli_put_json(object);
}

int
verb_message_show(struct cli *cli)
{
	struct record_message *record;
	struct err err = { "" };
	const char *text;
	int status;

	if (!cli_find_message(cli, cli->args[0], &record, &status))
		return status;
	if (cli->options[CLI_RAW] != NULL)
		return cli_put_raw(cli, record->id, &err) ? EX_OK
							  : cli_fail(EX_DATAERR, "%s", err.text);
	text = cli_opened_text(cli, record->id, &err);
	if (cli->options[CLI_JSON] != NULL) {
		put_shown_json(cli, record, text);
	} else {
		put_head(cli, record);
		put_lines(cli, "\n", text);
	}
	return text != NULL ? EX_OK : cli_fail(EX_DATAERR, "%s", err.text);
}
