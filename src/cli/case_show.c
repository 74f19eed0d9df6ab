/*
 * `case show`: one case with all that is on record of it. Opened text is shown
 * only where --decrypt asks for it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/json_record.h"
#include "view/table.h"

#include <string.h>
#include <sysexits.h>

#define JOINED_MAX 8000
#define LINE_MAX_BYTES 2000
#define CHECKLIST_TEXT_MAX ((size_t)256 * 1024)

/*
 * The opened texts. One that cannot be opened is the mail's own fault: its text
 * is NULL, the reason goes to stderr.
 */
static void
open_texts(struct cli *cli, struct json_case *what)
{
	const char **texts = arena_calloc(cli->arena, what->message_count + 1, sizeof(*texts));

	for (size_t i = 0; i < what->message_count; i++) {
		struct err err = { "" };

		texts[i] = cli_opened_text(cli, what->messages[i].id, &err);
		if (texts[i] == NULL)
			(void)cli_fail(EX_DATAERR, "%s", err.text);
	}
	what->texts = texts;
}

static char *
joined(struct cli *cli, const char *const *list, size_t count)
{
	struct text text;

	text_init(&text, cli->arena, JOINED_MAX);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i > 0 ? ", " : "", list[i]);
	return count > 0 ? text.data : NULL;
}

static char *
finders_text(struct cli *cli, const struct json_case *what)
{
	const char **list = arena_calloc(cli->arena, what->finder_count + 1, sizeof(*list));

	for (size_t i = 0; i < what->finder_count; i++)
		list[i] = what->finders[i].address;
	return joined(cli, list, what->finder_count);
}

static char *
merged_text(struct cli *cli, const struct json_case *what)
{
	int64_t *ids = arena_calloc(cli->arena, what->merged_count + 1, sizeof(*ids));

	for (size_t i = 0; i < what->merged_count; i++)
		ids[i] = what->merged[i].record.id;
	return cli_ids(cli, ids, what->merged_count);
}

static void
put_head(struct cli *cli, const struct json_case *what)
{
	const struct record_case *record = what->record;
	const char *const pairs[] = {
		"Case", cli_number(cli, record->id),
		"Title", record->title,
		"Desk", record->desk,
		"Number", cli_case_number(cli, record),
		"All numbers", record->number_count > 1
			? joined(cli, record->numbers, record->number_count) : NULL,
		"Coordinator", record->coordinator,
		"Origin", origin_name(record->origin),
		"State", case_state_name(record->state),
		"Stage", stage_name(record->stage),
		"Phase", phase_name(record->phase),
		"Trust", trust_name(record->trust),
		"Sites", joined(cli, record->sites, record->site_count),
		"Opened", cli_time(cli, record->opened_at, record->desk),
		"Updated", cli_time(cli, record->updated_at, record->desk),
		"Staff", record->assignee,
		"Finder", finders_text(cli, what),
		"Beside", cli_ids(cli, record->beside, record->beside_count),
		"Merged", merged_text(cli, what),
	};

	cli_put(table_pairs(cli->arena, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2, 0));
}

static void
put_messages(struct cli *cli, const char *title, const struct record_message *list, size_t count)
{
	static const char *const titles[] = { "ID", "DIR", "KIND", "TRUST", "RECEIVED", "SEALED",
		"FROM", "SUBJECT" };
	struct table *table = table_new(cli->arena, titles, 8);

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *const cells[] = {
			cli_number(cli, list[i].id),
			direction_name(list[i].direction),
			mail_kind_name(list[i].kind),
			trust_name(list[i].trust),
			cli_time(cli, list[i].received_at, list[i].desk),
			list[i].encrypted ? "yes" : "no",
			list[i].from,
			list[i].subject,
		};

		table_add(table, cells);
	}
	cli_put(title);
	cli_put(table_text(table, "  ", cli->width));
}

static void
put_deadlines(struct cli *cli, const struct json_case *what)
{
	static const char *const titles[] = { "KIND", "DUE", "STATE", "SOURCE", "FROM", "MET BY" };
	struct table *table = table_new(cli->arena, titles, 6);

	if (what->deadline_count == 0)
		return;
	for (size_t i = 0; i < what->deadline_count; i++) {
		const struct record_deadline *deadline = &what->deadlines[i];
		const char *const cells[] = {
			deadline_kind_name(deadline->kind),
			cli_due(cli, deadline, what->record->desk),
			deadline_state_name(deadline->state),
			deadline_source_name(deadline->source),
			cli_ids(cli, &deadline->from_message, deadline->from_message != 0),
			cli_ids(cli, &deadline->met_by, deadline->met_by != 0),
		};

		table_add(table, cells);
	}
	cli_put("\nDeadlines\n");
	cli_put(table_text(table, "  ", cli->width));
}

/* A box to tick, as on paper, and behind what is done: when and by whom. */
static void
add_box(struct cli *cli, const struct json_case *what, const char *item, const char *title,
	const char *more, struct text *text)
{
	const struct record_tick *tick = json_tick(what, item);
	struct text line;

	text_init(&line, cli->arena, LINE_MAX_BYTES);
	text_addf(&line, "  [%c] %s %s%s", tick != NULL ? 'x' : ' ', item, title, more);
	if (tick != NULL)
		text_addf(&line, " - %s %s", cli_time(cli, tick->done_at, what->record->desk),
			text_printable(cli->arena, tick->done_by));
	text_one_line(line.data);
	text_add_bytes(text, line.data,
		cli->width > 0 ? utf8_fit(line.data, cli->width) : strlen(line.data));
	text_add_char(text, '\n');
}

static void
put_checklist(struct cli *cli, const struct json_case *what)
{
	const char *desk = what->record->desk;
	struct text text;

	text_init(&text, cli->arena, CHECKLIST_TEXT_MAX);
	text_add(&text, "\nChecklist (*: the vendor can help)\n");
	for (size_t i = 0; i < what->checklist->count; i++) {
		const struct checklist_item *item = &what->checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			text_addf(&text, " %s%s\n", phase_name(item->phase),
				item->phase == what->record->phase ? " (now)" : "");
		add_box(cli, what, item->item, json_item_title(&cli->conf->policy, desk, item),
			item->vendor_can_help ? " *" : "", &text);
	}
	cli_put(text.data);
}

static void
put_incident(struct cli *cli, const struct json_case *what)
{
	const char *desk = what->record->desk;
	struct text text;

	if (what->incident == NULL)
		return;
	text_init(&text, cli->arena, CHECKLIST_TEXT_MAX);
	text_addf(&text, "\nTrouble under way, since %s by %s\n",
		cli_time(cli, what->incident->opened_at, desk),
		text_printable(cli->arena, what->incident->opened_by));
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];
		int64_t due = json_incident_due(what->incident, item->item);

		add_box(cli, what, item->item, json_incident_title(&cli->conf->policy, desk, item),
			due == 0 ? "" : arena_printf(cli->arena, ", due %s", cli_time(cli, due, desk)),
			&text);
	}
	cli_put(text.data);
}

static void
put_log(struct cli *cli, const char *title, const struct record_log *log, size_t count,
	const char *desk)
{
	static const char *const titles[] = { "AT", "WHO", "WHAT" };
	struct table *table = table_new(cli->arena, titles, 3);

	for (size_t i = 0; i < count; i++) {
		const char *const cells[] = {
			cli_time(cli, log[i].at, desk),
			log[i].who,
			log[i].what,
		};

		table_add(table, cells);
	}
	cli_put(title);
	cli_put(table_text(table, "  ", cli->width));
}

static void
put_texts(struct cli *cli, const struct json_case *what)
{
	for (size_t i = 0; what->texts != NULL && i < what->message_count; i++) {
		if (what->texts[i] != NULL)
			cli_put(arena_printf(cli->arena, "\n--- message %lld ---\n%s\n",
				(long long)what->messages[i].id, what->texts[i]));
	}
}

static void
put_whole(struct cli *cli, const struct json_case *what)
{
	struct json_view view = cli_view(cli);
	const char *desk = what->record->desk;

	if (cli->options[CLI_JSON] != NULL) {
		cli_put_json(json_case_whole(&view, what));
		return;
	}
	put_head(cli, what);
	put_messages(cli, "\nMessages\n", what->messages, what->message_count);
	put_messages(cli, "\nIn no case, naming its number\n", what->unfiled, what->unfiled_count);
	put_incident(cli, what);
	put_deadlines(cli, what);
	put_checklist(cli, what);
	put_log(cli, "\nLog\n", what->log, what->log_count, desk);
	for (size_t i = 0; i < what->merged_count; i++)
		put_log(cli, arena_printf(cli->arena, "\nLog of case %lld, merged into this one\n",
			(long long)what->merged[i].record.id),
			what->merged[i].log, what->merged[i].log_count, desk);
	put_texts(cli, what);
}

int
verb_case_show(struct cli *cli)
{
	struct record_case *record;
	struct json_case what;
	int status;

	if (!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	cli_gather(cli, record, &what);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_DECRYPT] != NULL)
		open_texts(cli, &what);
	put_whole(cli, &what);
	return EX_OK;
}
