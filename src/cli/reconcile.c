/*
 * `reconcile`: a coordinator's list of numbers against the cases. What is on the
 * list and here, on one side alone, closed here, claimed only, and listed twice;
 * nothing is changed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "mail/charset.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/number_list.h"
#include "view/json.h"
#include "view/table.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define COLUMNS 6
#define LINES_TOLD 3	/* of one number in the table: a terminal is narrow */
#define LINES_TEXT_MAX 100
#define SUM_MAX 2000

enum result { KNOWN, CLAIMED, CLOSED, UNKNOWN, MISSING, RESULTS };

struct row {
	const char *number;	/* NULL: an open case that has none */
	const size_t *lines;	/* where it stands on the list */
	size_t times;
	enum result result;
	const struct record_case *record;	/* NULL for none */
};

struct reconciling {
	struct cli *cli;
	int only;		/* coordinator, -1 for any */
	struct number_list list;
	bool *coordinators;	/* by index: some number on the list is its */
	struct row *rows;
	size_t count, room;
	size_t twice;
};

/* --- the list --- */

/* A spreadsheet's "Unicode text" is UTF-16 and says so; the rest is told by its bytes. */
static const char *
charset_of(const char *bytes, size_t len)
{
	if (len >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
		return "UTF-16LE";
	return len >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0 ? "UTF-16BE" : NULL;
}

static int
read_list(struct reconciling *at, const char *file)
{
	struct cli *cli = at->cli;
	enum charset_result guessed;
	enum outcome outcome;
	struct err err;
	char *bytes;
	size_t len;

	outcome = text_equal(file, "-")
		? io_read_fd(cli->arena, STDIN_FILENO, NUMBER_LIST_BYTES_MAX, &bytes, &len, &err)
		: io_read_file(cli->arena, file, NUMBER_LIST_BYTES_MAX, &bytes, &len, &err);
	if (outcome != DONE)
		return cli_fail(EX_NOINPUT, "%s", err.text);
	charset_open_all();
	number_list_read(cli->arena, &cli->conf->policy, at->only,
		charset_to_utf8(cli->arena, charset_of(bytes, len), bytes, len, &guessed),
		&at->list);
	if (at->list.count == 0)
		return cli_fail(EX_DATAERR, "%s holds no handling number", file);
	if (at->list.more)
		return cli_fail(EX_DATAERR, "%s holds more than %d numbers, or more in one row "
			"than can be told apart", file, NUMBER_LIST_MAX);
	return EX_OK;
}

/* --- against the cases --- */

static struct row *
add_row(struct reconciling *at)
{
	if (at->count == at->room) {
		size_t room = 2 * at->room + 64;

		at->rows = arena_resize(at->cli->arena, at->rows, at->room * sizeof(*at->rows),
			room * sizeof(*at->rows));
		at->room = room;
	}
	return &at->rows[at->count++];
}

static const struct record_case *
case_of_desk(struct cli *cli, const int64_t *ids, size_t count)
{
	const char *desk = cli->options[CLI_DESK];

	for (size_t i = 0; i < count; i++) {
		const struct record_case *record = store_case_get(cli->store, cli->arena, ids[i]);

		if (record != NULL && (desk == NULL || text_equal(record->desk, desk)))
			return record;
	}
	return NULL;
}

/* The case to which it is bound, else one that claims it. */
static void
find_case(struct cli *cli, struct row *row)
{
	int64_t *ids;
	size_t count = store_case_bound(cli->store, cli->arena, row->number, &ids);

	row->record = case_of_desk(cli, ids, count);
	if (row->record != NULL) {
		row->result = row->record->state == CASE_OPEN ? KNOWN : CLOSED;
		return;
	}
	count = store_case_by_number(cli->store, cli->arena, row->number, &ids);
	row->record = case_of_desk(cli, ids, count);
	row->result = row->record != NULL ? CLAIMED : UNKNOWN;
}

static int
by_number(const void *one, const void *other)
{
	const struct number_list_entry *a = one, *b = other;
	int order = strcmp(a->number, b->number);

	if (order != 0)
		return order;
	return a->line < b->line ? -1 : a->line > b->line;
}

/* The entries are put into the order of their numbers: the same ones stand together then. */
static void
look_up(struct reconciling *at)
{
	struct number_list_entry *entries = at->list.entries;
	size_t *lines = arena_calloc(at->cli->arena, at->list.count, sizeof(*lines));

	qsort(entries, at->list.count, sizeof(*entries), by_number);
	for (size_t i = 0; i < at->list.count; i++) {
		struct row *last = at->count > 0 ? &at->rows[at->count - 1] : NULL;

		lines[i] = entries[i].line;
		at->coordinators[entries[i].coordinator] = true;
		if (last != NULL && text_equal(last->number, entries[i].number)) {
			at->twice += last->times++ == 1;
			continue;
		}
		last = add_row(at);
		*last = (struct row){ .number = entries[i].number, .lines = &lines[i], .times = 1 };
		find_case(at->cli, last);
	}
}

static bool
is_listed(const struct reconciling *at, const char *number)
{
	struct number_list_entry key = { .line = 0 };
	const struct number_list_entry *entries = at->list.entries;
	size_t from = 0, to = at->list.count;

	if (strlen(number) >= sizeof(key.number))
		return false;
	memcpy(key.number, number, strlen(number) + 1);
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (by_number(&entries[middle], &key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < at->list.count && text_equal(entries[from].number, number);
}

/* Of a coordinator that the list is about; a forger's case is none of its. */
static bool
is_concerned(const struct reconciling *at, const struct record_case *record)
{
	const struct policy *policy = &at->cli->conf->policy;

	for (size_t i = 0; i < policy->coordinator_count && record->trust != TRUST_SUSPECT; i++) {
		if (at->coordinators[i] && text_equal(policy->coordinators[i].name, record->coordinator))
			return true;
	}
	return false;
}

static void
add_missing(struct reconciling *at)
{
	struct cli *cli = at->cli;
	struct store_case_filter filter = { .open = true,
		.desk = cli->options[CLI_DESK],
		.now = cli->now };
	struct record_case *list;
	size_t count = store_case_list(cli->store, cli->arena, &filter, &list);

	for (size_t i = 0; i < count; i++) {
		bool listed = !is_concerned(at, &list[i]);

		for (size_t k = 0; k < list[i].number_count && !listed; k++)
			listed = is_listed(at, list[i].numbers[k]);
		if (!listed)
			*add_row(at) = (struct row){ .result = MISSING,
				.record = &list[i],
				.number = list[i].number_count > 0 ? list[i].numbers[0] : NULL };
	}
}

/* --- telling --- */

static const char *const words[RESULTS] = { "known", "claimed", "closed", "unknown", "missing" };

static const char *
sentence(struct cli *cli, const struct row *row)
{
	static const char *const sentences[RESULTS] = {
		"known",
		"claimed by mail not believed",
		"closed here",
		"unknown here",
		"open here, not on the list",
	};
	const char *text = sentences[row->result];

	if (row->number == NULL)
		return "open here, without a number";
	return row->times > 1 ? arena_printf(cli->arena, "%s; listed %zu times", text, row->times)
			      : text;
}

static const char *
lines_text(struct cli *cli, const struct row *row)
{
	struct text text;

	if (row->times == 0)
		return NULL;
	text_init(&text, cli->arena, LINES_TEXT_MAX);
	for (size_t i = 0; i < row->times && i < LINES_TOLD; i++)
		text_addf(&text, "%s%zu", i > 0 ? ", " : "", row->lines[i]);
	if (row->times > LINES_TOLD)
		text_add(&text, ", …");
	return text.data;
}

/* What is well stands first: the rest is what a person looks for. */
static int
by_result(const void *one, const void *other)
{
	const struct row *a = one, *b = other;

	if (a->result != b->result)
		return a->result < b->result ? -1 : 1;
	if (a->times == 0 || b->times == 0)
		return a->record->id < b->record->id ? -1 : a->record->id > b->record->id;
	return a->lines[0] < b->lines[0] ? -1 : a->lines[0] > b->lines[0];
}

static void
put_rows(struct reconciling *at)
{
	static const char *const titles[COLUMNS] = { "NUMBER", "LINE", "CASE", "STATE", "STAGE",
		"WHAT" };
	struct cli *cli = at->cli;
	struct table *table = table_new(cli->arena, titles, COLUMNS);

	for (size_t i = 0; i < at->count; i++) {
		const struct row *row = &at->rows[i];
		const struct record_case *record = row->record;
		const char *const cells[COLUMNS] = {
			row->number,
			lines_text(cli, row),
			record != NULL ? cli_number(cli, record->id) : NULL,
			record != NULL ? case_state_name(record->state) : NULL,
			record != NULL ? stage_name(record->stage) : NULL,
			sentence(cli, row),
		};

		table_add(table, cells);
	}
	cli_put(table_text(table, "", cli->width));
}

static void
count_rows(const struct reconciling *at, size_t counts_r[RESULTS])
{
	memset(counts_r, 0, RESULTS * sizeof(*counts_r));
	for (size_t i = 0; i < at->count; i++)
		counts_r[at->rows[i].result]++;
}

static void
put_sum(struct reconciling *at, const size_t counts[RESULTS])
{
	size_t without = at->list.without_count;
	struct text text;

	text_init(&text, at->cli->arena, SUM_MAX);
	text_addf(&text,
		"\nOn the list: %zu. Known: %zu. Claimed: %zu. Closed here: %zu. Unknown here: %zu.\n"
		"Open here, not on the list: %zu. On the list more than once: %zu.\n",
		at->count - counts[MISSING], counts[KNOWN], counts[CLAIMED], counts[CLOSED],
		counts[UNKNOWN], counts[MISSING], at->twice);
	if (without > 0)
		text_addf(&text, "Without a number: %zu (line%s", without, without > 1 ? "s" : "");
	for (size_t i = 0; i < without && text.len < SUM_MAX - 100; i++)
		text_addf(&text, "%s%zu", i == 0 ? " " : ", ", at->list.without[i]);
	if (without > 0)
		text_add(&text, ").\n");
	cli_put(text.data);
}

static struct jsontext *
row_json(struct arena *arena, const struct row *row)
{
	struct jsontext *object = jsontext_object(arena), *lines = jsontext_array(arena);
	const struct record_case *record = row->record;

	for (size_t i = 0; i < row->times; i++)
		jsontext_add_number(lines, (int64_t)row->lines[i]);
	jsontext_string(object, "number", row->number);
	jsontext_put(object, "lines", lines);
	jsontext_string(object, "result", words[row->result]);
	jsontext_bool(object, "twice", row->times > 1);
	jsontext_id(object, "case", record != NULL ? record->id : 0);
	jsontext_string(object, "state", record != NULL ? case_state_name(record->state) : NULL);
	jsontext_string(object, "stage", record != NULL ? stage_name(record->stage) : NULL);
	return object;
}

static void
put_json(struct reconciling *at, const size_t counts[RESULTS])
{
	struct arena *arena = at->cli->arena;
	struct jsontext *object = jsontext_object(arena), *rows = jsontext_array(arena);
	struct jsontext *summary = jsontext_object(arena), *without = jsontext_array(arena);

	for (size_t i = 0; i < at->count; i++)
		jsontext_add(rows, row_json(arena, &at->rows[i]));
	for (int i = 0; i < RESULTS; i++)
		jsontext_number(summary, words[i], (int64_t)counts[i]);
	jsontext_number(summary, "twice", (int64_t)at->twice);
	for (size_t i = 0; i < at->list.without_count; i++)
		jsontext_add_number(without, (int64_t)at->list.without[i]);
	jsontext_put(object, "numbers", rows);
	jsontext_put(object, "summary", summary);
	jsontext_put(object, "lines_without_number", without);
	cli_put_json(object);
}

/* --- the verb --- */

static int
choose(struct reconciling *at)
{
	struct cli *cli = at->cli;
	int status = EX_OK;
	size_t desk;

	at->only = -1;
	at->coordinators = arena_calloc(cli->arena, cli->conf->policy.coordinator_count + 1,
		sizeof(*at->coordinators));
	if (cli->options[CLI_DESK] != NULL && !cli_find_desk(cli, cli->options[CLI_DESK], &desk, &status))
		return status;
	if (cli->options[CLI_COORDINATOR] == NULL)
		return EX_OK;
	if (!cli_find_coordinator(cli, cli->options[CLI_COORDINATOR], &at->only, &status))
		return status;
	if (at->only < 0)
		return cli_fail(EX_USAGE, "--coordinator wants the name of one in the conf");
	at->coordinators[at->only] = true;
	return EX_OK;
}

int
verb_reconcile(struct cli *cli)
{
	struct reconciling at = { .cli = cli };
	size_t counts[RESULTS];
	int status = choose(&at);

	if (status == EX_OK)
		status = read_list(&at, cli->args[0]);
	if (status != EX_OK)
		return status;
	look_up(&at);
	add_missing(&at);
	status = cli_read_well(cli);
	if (status != EX_OK)
		return status;
	qsort(at.rows, at.count, sizeof(*at.rows), by_result);
	count_rows(&at, counts);
	if (cli->options[CLI_JSON] != NULL) {
		put_json(&at, counts);
	} else {
		put_rows(&at);
		put_sum(&at, counts);
	}
	return counts[KNOWN] == at.count && at.twice == 0 ? EX_OK : EXIT_FAILURE;
}
