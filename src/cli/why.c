/*
 * `message why`: the argument for what a message was taken for. What is kept of
 * it is ids and places; the words themselves are cut out of the mail anew, in a
 * reader, and go to the screen alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/store.h"
#include "view/argument.h"
#include "view/json.h"

#include <sysexits.h>

static void
put_head(struct cli *cli, const struct record_message *record)
{
	const char *cases = cli_ids(cli, record->cases, record->case_count);

	cli_put(arena_printf(cli->arena, "Message %lld of desk %s, received %s: %s, %s, %s%s.\n",
		(long long)record->id, record->desk, cli_time(cli, record->received_at, record->desk),
		mail_kind_name(record->kind), trust_name(record->trust),
		cases != NULL ? "case " : "in no case", cases != NULL ? cases : ""));
	if (record->subject != NULL && record->subject[0] != '\0')
		cli_put(arena_printf(cli->arena, "Subject%s: %s\n", record->encrypted ? ", outside" : "",
			text_printable(cli->arena, record->subject)));
	if (record->staff_trusted || record->staff_forged)
		cli_put(arena_printf(cli->arena, "A person said that it is %s.\n",
			record->staff_trusted ? "genuine" : "forged"));
	cli_put("\n");
}

/* Of mail that is not kept, or cannot be opened, there are no words: the argument stands without. */
static void
take_quotes(struct cli *cli, const struct record_message *record, struct argument_view *view)
{
	struct err err = { "" };

	if (record->has_raw && !cli_evidence(cli, record->id, view->quotes, ARGUMENT_LAYERS,
		    &view->quote_count, &err))
		(void)cli_fail(0, "its words are not at hand: %s", err.text);
}

static void
put_json(struct cli *cli, const struct record_message *record, const struct argument_view *view)
{
	struct jsontext *object = jsontext_object(cli->arena);

	jsontext_number(object, "id", record->id);
	jsontext_string(object, "kind", mail_kind_name(record->kind));
	jsontext_string(object, "trust", trust_name(record->trust));
	jsontext_put(object, "why", json_lines(cli->arena, record->why));
	jsontext_put(object, "argument", argument_json(cli->arena, view));
	jsontext_put(object, "problems", json_lines(cli->arena, record->problems));
	cli_put_json(object);
}

int
verb_message_why(struct cli *cli)
{
	struct argument_view view = { .why = "" };
	struct record_message *record;
	int status;

	if (!cli_find_message(cli, cli->args[0], &record, &status))
		return status;
	if (record->why != NULL)
		view.why = record->why;
	view.problems = record->problems;
	if (view.why[0] != '\0')
		take_quotes(cli, record, &view);
	if (cli->options[CLI_JSON] != NULL) {
		put_json(cli, record, &view);
		return EX_OK;
	}
	put_head(cli, record);
	if (view.why[0] == '\0')
		cli_put("No reasons: it was made here, not judged.\n");
	else
		cli_put(argument_text(cli->arena, &view, cli->width));
	return EX_OK;
}
