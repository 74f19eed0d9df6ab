/*
 * `status`: how the daemon is, from what it left in the store: it is not asked,
 * so that this works while it hangs. Exit 1 when something is wrong.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/deadline.h"
#include "rule/silence.h"
#include "view/json.h"
#include "view/table.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define NEXT_DEADLINES 5
#define FAULTS_MAX 4000

/* One folder of a desk as the conf names it. */
struct folder {
	size_t desk;
	const char *name;
	int64_t last_pass;
	bool late;
};

struct health {
	bool running;
	struct folder *folders;
	size_t folder_count;
	struct store_counts counts;
	size_t again, wanted;		/* mail to be judged again, to be fetched again */
	struct record_deadline *deadlines;
	size_t deadline_count;
	struct text faults;		/* one a line */
};

static int64_t
last_pass(const struct store_mailbox *mailboxes, size_t count, const char *desk, const char *folder)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(mailboxes[i].desk, desk) && text_equal(mailboxes[i].folder, folder))
			return mailboxes[i].cursor.last_pass;
	}
	return 0;
}

static void
look_at_folder(struct cli *cli, struct health *health, size_t desk, const char *name,
	const struct store_mailbox *mailboxes, size_t count)
{
	const struct conf_imap *imap = &cli->conf->desks[desk].imap;
	const char *title = cli->conf->policy.desks[desk].title;
	struct folder *folder = &health->folders[health->folder_count++];

	*folder = (struct folder){ desk, name, last_pass(mailboxes, count, title, name), false };
	folder->late = cli->now - folder->last_pass >
		(int64_t)imap->poll_interval * CONF_LATE_INTERVALS * CLOCK_SECOND;
	if (folder->late)
		text_addf(&health->faults, "desk %s: folder %s was last read: %s\n", title, name,
			folder->last_pass != 0 ? cli_time(cli, folder->last_pass, title) : "never");
}

static bool
is_listed(const struct string_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->at[i], name))
			return true;
	}
	return false;
}

/* The folders of every desk, Sent as well: what staff write by themselves is seen there. */
static void
look_at_folders(struct cli *cli, struct health *health)
{
	struct store_mailbox *mailboxes;
	size_t count = store_mailboxes(cli->store, cli->arena, &mailboxes);
	size_t desks = cli->conf->policy.desk_count, most = desks;

	for (size_t i = 0; i < desks; i++)
		most += cli->conf->desks[i].imap.folders.count;
	health->folders = arena_calloc(cli->arena, most, sizeof(*health->folders));
	for (size_t i = 0; i < desks; i++) {
		const struct conf_imap *imap = &cli->conf->desks[i].imap;

		for (size_t k = 0; k < imap->folders.count; k++)
			look_at_folder(cli, health, i, imap->folders.at[k], mailboxes, count);
		if (imap->sent_folder[0] != '\0' && !is_listed(&imap->folders, imap->sent_folder))
			look_at_folder(cli, health, i, imap->sent_folder, mailboxes, count);
	}
}

/* Where nothing has gone out for so long that staff cannot be told of it by mail. */
static void
look_at_outbox(struct cli *cli, struct health *health)
{
	const struct policy *policy = &cli->conf->policy;

	for (size_t i = 0; i < policy->desk_count; i++) {
		const char *title = policy->desks[i].title;
		struct store_stuck stuck;

		if (!store_outbox_stuck(cli->store, cli->arena, title, cli->now, &stuck) ||
			cli->now - stuck.since < SILENCE_FIRST)
			continue;
		text_addf(&health->faults, "desk %s: no mail has gone out since %s, %lld wait: %s\n", title,
			cli_time(cli, stuck.since, title), (long long)stuck.count,
			stuck.last_error != NULL ? stuck.last_error : "not tried yet");
	}
}

/* A daemon holds its lock as long as it lives. */
static bool
daemon_runs(struct cli *cli)
{
	struct err err;
	int fd = -1;
	bool runs = store_lock(cli->store_path, &fd, &err) == LATER;

	io_close(&fd);
	return runs;
}

static void
look(struct cli *cli, struct health *health)
{
	const struct policy *policy = &cli->conf->policy;
	int64_t *ids;

	text_init(&health->faults, cli->arena, FAULTS_MAX);
	health->running = daemon_runs(cli);
	look_at_folders(cli, health);
	store_counts(cli->store, &health->counts);
	look_at_outbox(cli, health);
	if (health->counts.outbox[OUTBOX_FAILED] > 0)
		text_addf(&health->faults,
			"outbox: %lld failed; see madoguchi outbox list --state failed\n",
			(long long)health->counts.outbox[OUTBOX_FAILED]);
	health->again = store_again_list(cli->store, cli->arena, &ids);
	for (size_t i = 0; i < policy->desk_count; i++)
		health->wanted +=
			store_wanted(cli->store, cli->arena, policy->desks[i].title, &ids);
	health->deadline_count = store_deadlines_pending(cli->store, cli->arena, NEXT_DEADLINES,
		&health->deadlines);
}

/* The desk of a deadline's case, for its zone. */
static const char *
desk_of(struct cli *cli, const struct record_deadline *deadline)
{
	struct record_case *record = store_case_get(cli->store, cli->arena, deadline->case_id);

	return record != NULL ? record->desk : NULL;
}

static void
put_folders(struct cli *cli, const struct health *health)
{
	static const char *const titles[] = { "DESK", "FOLDER", "LAST READ", "STATE" };
	struct table *table = table_new(cli->arena, titles, 4);

	for (size_t i = 0; i < health->folder_count; i++) {
		const struct folder *folder = &health->folders[i];
		const char *title = cli->conf->policy.desks[folder->desk].title;
		const char *const cells[] = {
			title,
			folder->name,
			folder->last_pass != 0 ? cli_time(cli, folder->last_pass, title) : "never",
			folder->late ? "late" : "fine",
		};

		table_add(table, cells);
	}
	cli_put(table_text(table, "", cli->width));
}

static void
put_deadlines(struct cli *cli, const struct health *health)
{
	static const char *const titles[] = { "CASE", "DEADLINE", "DUE" };
	struct table *table = table_new(cli->arena, titles, 3);

	for (size_t i = 0; i < health->deadline_count; i++) {
		const struct record_deadline *deadline = &health->deadlines[i];
		const char *const cells[] = {
			cli_number(cli, deadline->case_id),
			deadline_name(deadline),
			cli_due(cli, deadline, desk_of(cli, deadline)),
		};

		table_add(table, cells);
	}
	cli_put("\n");
	cli_put(table_text(table, "", cli->width));
}

static char *
outbox_text(struct cli *cli, const struct health *health)
{
	struct text text;

	text_init(&text, cli->arena, 400);
	for (int state = 0; state < OUTBOX_STATES; state++)
		text_addf(&text, "%s%lld %s", state > 0 ? ", " : "",
			(long long)health->counts.outbox[state],
			outbox_state_name((enum outbox_state)state));
	return text.data;
}

static void
put(struct cli *cli, const struct health *health)
{
	const struct store_counts *counts = &health->counts;
	const char *const pairs[] = {
		"Daemon", health->running ? "running" : "not running",
		"Cases", arena_printf(cli->arena, "%lld open, %lld closed",
			(long long)counts->cases_open, (long long)counts->cases_closed),
		"Messages", arena_printf(cli->arena, "%lld, %lld unfiled, %lld unrelated",
			(long long)counts->messages, (long long)counts->unfiled,
			(long long)counts->unrelated),
		"Backlog", arena_printf(cli->arena, "%zu to judge again, %zu to fetch again",
			health->again, health->wanted),
		"Outbox", outbox_text(cli, health),
		"Store", arena_printf(cli->arena, "%lld bytes", (long long)store_bytes(cli->store)),
	};

	cli_put(table_pairs(cli->arena, pairs, sizeof(pairs) / sizeof(pairs[0]) / 2, 0));
	cli_put("\n");
	put_folders(cli, health);
	if (health->deadline_count > 0)
		put_deadlines(cli, health);
	if (health->faults.len > 0) {
		cli_put("\nWrong:\n");
		cli_put(text_printable(cli->arena, health->faults.data));
	}
}

static struct jsontext *
folders_json(struct cli *cli, const struct health *health)
{
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < health->folder_count; i++) {
		const struct folder *folder = &health->folders[i];
		const struct policy_desk *desk = &cli->conf->policy.desks[folder->desk];
		struct jsontext *object = jsontext_object(cli->arena);

		jsontext_string(object, "desk", desk->title);
		jsontext_string(object, "folder", folder->name);
		jsontext_time(object, "last_pass", folder->last_pass, desk->time_zone);
		jsontext_bool(object, "late", folder->late);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
deadlines_json(struct cli *cli, const struct health *health)
{
	struct json_view view = cli_view(cli);
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < health->deadline_count; i++) {
		const struct record_deadline *deadline = &health->deadlines[i];
		struct jsontext *object = json_next_deadline(&view, deadline,
			json_zone(&cli->conf->policy, desk_of(cli, deadline)));

		jsontext_number(object, "case", deadline->case_id);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
counts_json(struct cli *cli, const struct health *health)
{
	const struct store_counts *counts = &health->counts;
	struct jsontext *object = jsontext_object(cli->arena);

	jsontext_number(object, "bytes", store_bytes(cli->store));
	jsontext_number(object, "cases_open", counts->cases_open);
	jsontext_number(object, "cases_closed", counts->cases_closed);
	jsontext_number(object, "messages", counts->messages);
	jsontext_number(object, "unfiled", counts->unfiled);
	jsontext_number(object, "unrelated", counts->unrelated);
	return object;
}

static void
put_json(struct cli *cli, const struct health *health)
{
	struct jsontext *object = jsontext_object(cli->arena);
	struct jsontext *outbox = jsontext_object(cli->arena);
	struct jsontext *backlog = jsontext_object(cli->arena);

	for (int state = 0; state < OUTBOX_STATES; state++)
		jsontext_number(outbox, outbox_state_name((enum outbox_state)state),
			health->counts.outbox[state]);
	jsontext_number(backlog, "judge_again", (int64_t)health->again);
	jsontext_number(backlog, "fetch_again", (int64_t)health->wanted);
	jsontext_bool(object, "fine", health->faults.len == 0);
	jsontext_bool(object, "running", health->running);
	jsontext_put(object, "folders", folders_json(cli, health));
	jsontext_put(object, "backlog", backlog);
	jsontext_put(object, "outbox", outbox);
	jsontext_put(object, "next_deadlines", deadlines_json(cli, health));
	jsontext_put(object, "store", counts_json(cli, health));
	jsontext_put(object, "wrong", json_lines(cli->arena, health->faults.data));
	cli_put_json(object);
}

int
verb_status(struct cli *cli)
{
	struct health health = { 0 };
	int status;

	look(cli, &health);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] != NULL)
		put_json(cli, &health);
	else
		put(cli, &health);
	return health.faults.len == 0 ? EX_OK : EXIT_FAILURE;
}
