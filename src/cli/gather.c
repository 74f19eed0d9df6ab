/*
 * Everything that is on record of one case, for whatever shows it: screen, export,
 * sheet. Nothing is opened here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/text.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/reasons.h"

void
cli_read_unfiled(struct cli *cli, struct cli_unfiled *unfiled_r)
{
	unfiled_r->count = store_message_list(cli->store, cli->arena, STORE_UNFILED, 0,
		&unfiled_r->list);
}

static bool
names_case(const struct record_message *message, const struct record_case *record)
{
	if (!text_equal(message->desk, record->desk))
		return false;
	for (size_t i = 0; i < record->number_count; i++) {
		if (reasons_name_number(message->why, record->numbers[i], false))
			return true;
	}
	return false;
}

/* Mail of strangers belongs to no case, but is shown beside the one whose number it names. */
static void
gather_unfiled(struct cli *cli, const struct record_case *record, const struct cli_unfiled *unfiled,
	struct json_case *what)
{
	struct record_message *list;
	size_t count = 0;

	for (size_t i = 0; i < unfiled->count; i++)
		count += names_case(&unfiled->list[i], record);
	what->unfiled = list = arena_calloc(cli->arena, count + 1, sizeof(*list));
	for (size_t i = 0; i < unfiled->count && what->unfiled_count < count; i++) {
		if (names_case(&unfiled->list[i], record))
			list[what->unfiled_count++] = unfiled->list[i];
	}
}

static void
gather_merged(struct cli *cli, const struct record_case *record, struct json_case *what)
{
	struct record_merged *list;
	size_t count = store_case_merged(cli->store, cli->arena, record->id, &list);
	struct json_merged *merged = arena_calloc(cli->arena, count + 1, sizeof(*merged));

	for (size_t i = 0; i < count; i++) {
		struct record_log *log;

		merged[i].record = list[i];
		merged[i].log_count = store_log_list(cli->store, cli->arena, list[i].id, &log);
		merged[i].log = log;
	}
	what->merged = merged;
	what->merged_count = count;
}

static const struct record_incident *
gather_incident(struct cli *cli, int64_t case_id)
{
	struct record_incident *incident = arena_alloc(cli->arena, sizeof(*incident));

	return store_incident_get(cli->store, cli->arena, case_id, incident) ? incident : NULL;
}

void
cli_gather(struct cli *cli, const struct record_case *record, struct json_case *what_r)
{
	struct cli_unfiled unfiled;

	cli_read_unfiled(cli, &unfiled);
	cli_gather_beside(cli, record, &unfiled, what_r);
}

void
cli_gather_beside(struct cli *cli, const struct record_case *record,
	const struct cli_unfiled *unfiled, struct json_case *what_r)
{
	struct record_message *messages;
	struct record_deadline *deadlines;
	struct record_finder *finders;
	struct record_tick *ticks;
	struct record_log *log;

	*what_r = (struct json_case){ .record = record, .checklist = &cli->conf->checklist };
	what_r->message_count = store_case_messages(cli->store, cli->arena, record->id, &messages);
	what_r->messages = messages;
	gather_unfiled(cli, record, unfiled, what_r);
	what_r->deadline_count = store_deadlines(cli->store, cli->arena, record->id, &deadlines);
	what_r->deadlines = deadlines;
	what_r->tick_count = store_ticks(cli->store, cli->arena, record->id, &ticks);
	what_r->ticks = ticks;
	what_r->log_count = store_log_list(cli->store, cli->arena, record->id, &log);
	what_r->log = log;
	what_r->finder_count = store_case_finders(cli->store, cli->arena, record->id, &finders);
	what_r->finders = finders;
	what_r->incident = gather_incident(cli, record->id);
	gather_merged(cli, record, what_r);
}
