/*
 * The family `outbox`: what waits, is held or failed, and a person's word on it.
 * Each change looks at the entry inside its own transaction: the daemon may have
 * moved it meanwhile. Nothing is sent here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/store.h"
#include "view/json.h"
#include "view/table.h"

#include <sysexits.h>

#define OUTBOX_COLUMNS 8

/*
 * Whether it waits to be told with other alerts, as port/store/alert.c finds it: when that
 * is nobody knows yet, and its time is the last resort.
 */
static bool
is_held_back(const struct record_outbox *entry)
{
	return entry->kind == KIND_ALERT && entry->state == OUTBOX_QUEUED && entry->tries == 0 &&
		entry->next_try_at > entry->created_at;
}

static void
put_list(struct cli *cli, const struct record_outbox *list, size_t count)
{
	static const char *const titles[OUTBOX_COLUMNS] = { "ID", "CASE", "KIND", "STATE", "TRIES",
		"NEXT TRY", "TO", "WHY" };
	struct table *table = table_new(cli->arena, titles, OUTBOX_COLUMNS);

	for (size_t i = 0; i < count; i++) {
		const struct record_outbox *entry = &list[i];
		bool waits = entry->state == OUTBOX_QUEUED || entry->state == OUTBOX_DEFERRED;
		const char *const cells[OUTBOX_COLUMNS] = {
			cli_number(cli, entry->id),
			cli_ids(cli, &entry->case_id, entry->case_id != 0),
			mail_kind_name(entry->kind),
			outbox_state_name(entry->state),
			cli_number(cli, entry->tries),
			waits && !is_held_back(entry)
				? cli_time(cli, entry->next_try_at, entry->desk) : NULL,
			entry->to,
			entry->state == OUTBOX_HELD ? entry->hold_why : entry->last_error,
		};

		table_add(table, cells);
	}
	cli_put(table_text(table, "", cli->width));
}

static void
put_list_json(struct cli *cli, const struct record_outbox *list, size_t count)
{
	struct json_view view = cli_view(cli);
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++)
		jsontext_add(array, json_outbox(&view, &list[i]));
	cli_put_json(array);
}

int
verb_outbox_list(struct cli *cli)
{
	enum outbox_state state = OUTBOX_STATES;
	struct record_outbox *list;
	size_t count;
	int status;

	if (cli->options[CLI_STATE] != NULL && !outbox_state_read(cli->options[CLI_STATE], &state))
		return cli_fail(EX_USAGE,
			"--state is one of held, queued, deferred, sent, failed, dropped");
	count = store_outbox_list(cli->store, cli->arena, state, &list);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] != NULL)
		put_list_json(cli, list, count);
	else
		put_list(cli, list, count);
	return EX_OK;
}

/* The entry, inside a transaction that is open when it comes back EX_OK. */
static int
take(struct cli *cli, struct record_outbox **entry_r)
{
	int status = cli_begin(cli);

	if (status == EX_OK && !cli_find_outbox(cli, cli->args[0], entry_r, &status))
		return status;
	return status;
}

static int
refuse(const struct record_outbox *entry, const char *what)
{
	return cli_fail(EX_DATAERR, "outbox entry %lld is %s: %s", (long long)entry->id,
		outbox_state_name(entry->state), what);
}

/* Due at once, with a new span of time in which it is tried. */
static int
queue(struct cli *cli, struct record_outbox *entry, const char *word)
{
	entry->state = OUTBOX_QUEUED;
	entry->hold_why = NULL;
	entry->next_try_at = cli->now;
	entry->first_try_at = 0;
	store_outbox_update(cli->store, entry);
	cli_log(cli, entry->case_id, "outbox %lld (%s) %s", (long long)entry->id,
		mail_kind_name(entry->kind), word);
	return cli_commit(cli);
}

int
verb_outbox_release(struct cli *cli)
{
	struct record_outbox *entry;
	int status = take(cli, &entry);

	if (status != EX_OK)
		return status;
	if (entry->state != OUTBOX_HELD)
		return refuse(entry, "only a held one can be released");
	return queue(cli, entry, "released");
}

int
verb_outbox_retry(struct cli *cli)
{
	struct record_outbox *entry;
	int status = take(cli, &entry);

	if (status != EX_OK)
		return status;
	if (entry->state != OUTBOX_DEFERRED && entry->state != OUTBOX_FAILED)
		return refuse(entry, "only a deferred or a failed one can be tried again");
	return queue(cli, entry, "to be tried again");
}

int
verb_outbox_drop(struct cli *cli)
{
	const char *why = cli_why(cli);
	struct record_outbox *entry;
	int status;

	if (why == NULL)
		return cli_fail(EX_USAGE, "say with --why why it shall not be sent");
	status = take(cli, &entry);
	if (status != EX_OK)
		return status;
	if (entry->state == OUTBOX_SENT || entry->state == OUTBOX_DROPPED)
		return refuse(entry, "there is nothing left to drop");
	store_outbox_drop(cli->store, entry->id, why);
	cli_log(cli, entry->case_id, "outbox %lld (%s) dropped: %s", (long long)entry->id,
		mail_kind_name(entry->kind), why);
	return cli_commit(cli);
}
