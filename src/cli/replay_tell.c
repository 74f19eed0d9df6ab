/*
 * What `replay` tells: a table that sums up one run, or what a second conf would
 * change, a line a mail; the same as JSON, message by message, so that a hundred
 * thousand of them are never text at once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "view/json.h"
#include "view/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUM_COLUMNS 5
#define MESSAGE_ARENA ((size_t)64 * 1024 * 1024)

/* A row of the table: verdicts that are alike. */
struct sum {
	const char *cells[SUM_COLUMNS - 1];	/* kind, trust, case, answer */
	uint64_t key;
	size_t count;
};

static uint64_t
key_of(const struct replay_verdict *verdict)
{
	uint64_t key = (uint64_t)verdict->kind;

	key = key << 8 | (uint64_t)(TRUST_VERIFIED - verdict->trust);
	key = key << 8 | (uint64_t)verdict->place;
	key = key << 8 | (uint64_t)verdict->answer;
	return key << 8 | (uint64_t)(verdict->answer == KIND_OWN ? 0 : verdict->answer_state);
}

static int
by_key(const void *one, const void *other)
{
	uint64_t a = ((const struct sum *)one)->key, b = ((const struct sum *)other)->key;

	return a < b ? -1 : a > b;
}

/* The rows, by kind, then from verified down; how many. */
static size_t
sum_up(struct cli *cli, const struct replay_list *list, const struct replay_run *run,
	struct sum **sums_r)
{
	struct sum *sums = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct replay_verdict *verdict = &run->verdicts[i];
		uint64_t key = key_of(verdict);
		size_t at = 0;

		if (verdict->state != REPLAY_JUDGED)
			continue;
		while (at < count && sums[at].key != key)
			at++;
		if (at == room) {
			sums = arena_resize(cli->arena, sums, room * sizeof(*sums),
				(2 * room + 32) * sizeof(*sums));
			room = 2 * room + 32;
		}
		if (at == count)
			sums[count++] = (struct sum){ { mail_kind_name(verdict->kind),
							      trust_name(verdict->trust),
							      replay_case_word(verdict),
							      replay_answer_text(cli, verdict) },
				key, 0 };
		sums[at].count++;
	}
	if (count > 1)
		qsort(sums, count, sizeof(*sums), by_key);
	*sums_r = sums;
	return count;
}

static char *
count_text(struct cli *cli, size_t count)
{
	return cli_number(cli, (int64_t)count);
}

static void
put_sums(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	static const char *const titles[SUM_COLUMNS] = { "MAILS", "KIND", "TRUST", "CASE", "ANSWER" };
	struct table *table = table_new(cli->arena, titles, SUM_COLUMNS);
	struct sum *sums;
	size_t count = sum_up(cli, list, run, &sums);

	for (size_t i = 0; i < count; i++) {
		const char *const cells[SUM_COLUMNS] = { count_text(cli, sums[i].count),
			sums[i].cells[0], sums[i].cells[1], sums[i].cells[2], sums[i].cells[3] };

		table_add(table, cells);
	}
	if (count > 0)
		cli_put(table_text(table, "", cli->width));
}

static size_t
with_problem(const struct replay_list *list, const struct replay_run *run, int problem)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += (run->verdicts[i].problems >> problem) & 1;
	return count;
}

static void
put_problems(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	static const char *const titles[2] = { "MAILS", "WHAT IS ODD ABOUT THEM" };
	struct table *table = table_new(cli->arena, titles, 2);
	bool any = false;

	for (int i = 0; i < PROBLEMS; i++) {
		size_t count = with_problem(list, run, i);
		const char *const cells[2] = { count_text(cli, count),
			problem_text((enum problem)i) };

		if (count > 0)
			table_add(table, cells);
		any = any || count > 0;
	}
	if (any)
		cli_put(arena_printf(cli->arena, "\n%s", table_text(table, "", cli->width)));
}

static int64_t
per_second(const struct replay_list *list, const struct replay_run *run)
{
	return (int64_t)list->count * 1000 / (run->took_ms > 0 ? run->took_ms : 1);
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* "12 mails in 0.1 s (120 a second); cases opened: 3; …" */
static void
put_closing(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	cli_put(arena_printf(cli->arena, "\n%zu mail%s in %.1f s, %lld a second. Cases opened: %zu.\n",
		list->count, plural(list->count), (double)run->took_ms / 1000,
		(long long)per_second(list, run), run->cases));
	if (run->same > 0)
		cli_put(arena_printf(cli->arena, "Came more than once, byte for byte: %zu.\n",
			run->same));
	if (run->unread > 0)
		cli_put(arena_printf(cli->arena, "Could not be read any more: %zu.\n",
			run->unread));
}

/* --- JSON --- */

/* One element of an array that is written piece by piece. */
static void
put_element(struct jsontext *element, bool first)
{
	cli_put(first ? "" : ",\n");
	cli_put_json(element);
}

static struct jsontext *
deadlines_json(struct arena *arena, const struct replay_run *run, const struct replay_verdict *verdict)
{
	const char *zone = run->conf->policy.desks[run->desk].time_zone;
	struct jsontext *array = jsontext_array(arena);

	for (size_t i = 0; i < verdict->open_count; i++) {
		struct jsontext *object = jsontext_object(arena);

		jsontext_string(object, "kind", deadline_kind_name(verdict->opens[i].kind));
		jsontext_time(object, "due", verdict->opens[i].due, zone);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
problems_json(struct arena *arena, uint64_t problems)
{
	struct jsontext *array = jsontext_array(arena);

	for (int i = 0; i < PROBLEMS; i++) {
		if ((problems & (UINT64_C(1) << i)) != 0)
			jsontext_add_string(array, problem_text((enum problem)i));
	}
	return array;
}

/* "IPA#12345678, VU#123456" */
static struct jsontext *
numbers_json(struct arena *arena, const char *numbers)
{
	struct jsontext *array = jsontext_array(arena);

	while (*numbers != '\0') {
		size_t len = strcspn(numbers, ",");

		jsontext_add_string(array, arena_strndup(arena, numbers, len));
		numbers += len + strspn(numbers + len, ", ");
	}
	return array;
}

static void
judged_json(struct arena *arena, struct jsontext *object, const struct replay_list *list,
	const struct replay_run *run, const struct replay_verdict *verdict)
{
	bool answered = verdict->answer != KIND_OWN;
	bool of_case = verdict->place == PLACE_NEW || verdict->place == PLACE_JOIN || verdict->beside;

	jsontext_string(object, "kind", mail_kind_name(verdict->kind));
	jsontext_string(object, "stage", stage_name(verdict->stage));
	jsontext_string(object, "trust", trust_name(verdict->trust));
	jsontext_string(object, "row", decide_row_name(verdict->row));
	jsontext_string(object, "case", replay_case_word(verdict));
	jsontext_string(object, "case_of", of_case ? list->mails[verdict->opener].name : NULL);
	jsontext_put(object, "numbers", numbers_json(arena, verdict->numbers));
	jsontext_string(object, "answer", answered ? mail_kind_name(verdict->answer) : NULL);
	jsontext_string(object, "answer_state",
		answered ? outbox_state_name(verdict->answer_state) : NULL);
	jsontext_string(object, "answer_why", answer_why_text(verdict->answer_why));
	jsontext_put(object, "deadlines", deadlines_json(arena, run, verdict));
	jsontext_string(object, "alert", alert_kind_name(verdict->alert));
	jsontext_put(object, "problems", problems_json(arena, verdict->problems));
}

static struct jsontext *
head_json(struct arena *arena, const struct replay_list *list, const struct replay_run *run, size_t at)
{
	struct jsontext *object = jsontext_object(arena);

	jsontext_string(object, "file", list->mails[at].name);
	jsontext_time(object, "received_at", list->mails[at].at,
		run->conf->policy.desks[run->desk].time_zone);
	return object;
}

static void
put_messages_json(const struct replay_list *list, const struct replay_run *run)
{
	static const char *const states[] = { "unread", "same", "judged" };
	struct arena *arena = arena_new(ARENA_PLAIN, MESSAGE_ARENA);

	for (size_t i = 0; i < list->count; i++) {
		const struct replay_verdict *verdict = &run->verdicts[i];
		struct jsontext *object = head_json(arena, list, run, i);

		jsontext_string(object, "state", states[verdict->state]);
		if (verdict->state == REPLAY_JUDGED)
			judged_json(arena, object, list, run, verdict);
		put_element(object, i == 0);
		arena_reset(arena);
	}
	arena_free(&arena);
}

static struct jsontext *
sums_json(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	static const char *const names[SUM_COLUMNS - 1] = { "kind", "trust", "case", "answer" };
	struct jsontext *array = jsontext_array(cli->arena);
	struct sum *sums;
	size_t count = sum_up(cli, list, run, &sums);

	for (size_t i = 0; i < count; i++) {
		struct jsontext *object = jsontext_object(cli->arena);

		for (size_t k = 0; k < SUM_COLUMNS - 1; k++)
			jsontext_string(object, names[k], sums[i].cells[k]);
		jsontext_number(object, "mails", (int64_t)sums[i].count);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
summary_json(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	struct jsontext *object = jsontext_object(cli->arena);

	jsontext_number(object, "mails", (int64_t)list->count);
	jsontext_number(object, "judged", (int64_t)run->judged);
	jsontext_number(object, "same", (int64_t)run->same);
	jsontext_number(object, "unread", (int64_t)run->unread);
	jsontext_number(object, "cases", (int64_t)run->cases);
	jsontext_number(object, "milliseconds", run->took_ms);
	jsontext_number(object, "per_second", per_second(list, run));
	return object;
}

void
replay_tell(struct cli *cli, const struct replay_list *list, const struct replay_run *run)
{
	struct jsontext *summary;

	if (cli->options[CLI_JSON] == NULL) {
		put_sums(cli, list, run);
		put_problems(cli, list, run);
		put_closing(cli, list, run);
		return;
	}
	cli_put("{\n\"messages\": [\n");
	put_messages_json(list, run);
	cli_put("],\n\"summary\": ");
	summary = summary_json(cli, list, run);
	jsontext_put(summary, "table", sums_json(cli, list, run));
	cli_put_json(summary);
	cli_put("}\n");
}

/* --- what a second conf would change --- */

static void
put_change(struct cli *cli, const struct replay_mail *mail, const struct replay_change *changes,
	size_t count)
{
	struct text line;

	text_init(&line, cli->arena, CLI_ARENA / 4);
	text_addf(&line, "%s  ", mail->name);
	for (size_t i = 0; i < count; i++)
		text_addf(&line, "%s%s: %s → %s", i > 0 ? "; " : "",
			replay_field_name(changes[i].field), changes[i].before, changes[i].after);
	cli_put(text_printable(cli->arena, line.data));
	cli_put("\n");
}

static void
put_change_json(struct jsontext *object, struct arena *arena, const struct replay_change *changes,
	size_t count)
{
	struct jsontext *fields = jsontext_object(arena);

	for (size_t i = 0; i < count; i++) {
		struct jsontext *one = jsontext_object(arena);

		jsontext_string(one, "before", changes[i].before);
		jsontext_string(one, "after", changes[i].after);
		jsontext_put(fields, replay_field_name(changes[i].field), one);
	}
	jsontext_put(object, "changes", fields);
}

static void
put_change_counts(struct cli *cli, const struct replay_list *list, size_t changed,
	const size_t counts[REPLAY_FIELDS])
{
	struct text line;

	text_init(&line, cli->arena, 1000);
	text_addf(&line, "%s%zu of %zu mails would be judged otherwise", changed > 0 ? "\n" : "",
		changed, list->count);
	for (int i = 0, told = 0; i < REPLAY_FIELDS; i++) {
		if (counts[i] > 0)
			text_addf(&line, "%s%s %zu", told++ == 0 ? ": " : ", ",
				replay_field_name((enum replay_field)i), counts[i]);
	}
	text_add(&line, ".\n");
	cli_put(line.data);
}

static void
put_changes_end_json(struct cli *cli, const struct replay_list *list, size_t changed,
	const size_t counts[REPLAY_FIELDS])
{
	struct jsontext *summary = jsontext_object(cli->arena);
	struct jsontext *fields = jsontext_object(cli->arena);

	jsontext_number(summary, "mails", (int64_t)list->count);
	jsontext_number(summary, "changed", (int64_t)changed);
	for (int i = 0; i < REPLAY_FIELDS; i++)
		jsontext_number(fields, replay_field_name((enum replay_field)i), (int64_t)counts[i]);
	jsontext_put(summary, "fields", fields);
	cli_put("],\n\"summary\": ");
	cli_put_json(summary);
	cli_put("}\n");
}

void
replay_tell_changes(struct cli *cli, const struct replay_list *list, const struct replay_run *before,
	const struct replay_run *after)
{
	struct arena *arena = arena_new(ARENA_PLAIN, CLI_ARENA), *own = cli->arena;
	bool json = cli->options[CLI_JSON] != NULL;
	struct replay_change changes[REPLAY_FIELDS];
	size_t counts[REPLAY_FIELDS] = { 0 }, changed = 0;

	cli_put(json ? "{\n\"messages\": [\n" : "");
	for (size_t i = 0; i < list->count; i++) {
		size_t count;

		/* The words of one mail are not needed for the next. */
		arena_reset(arena);
		cli->arena = arena;
		count = replay_compare(cli, list, before, after, i, changes);
		if (count > 0 && json) {
			struct jsontext *object = head_json(arena, list, after, i);

			put_change_json(object, arena, changes, count);
			put_element(object, changed == 0);
		} else if (count > 0) {
			put_change(cli, &list->mails[i], changes, count);
		}
		for (size_t k = 0; k < count; k++)
			counts[changes[k].field]++;
		changed += count > 0;
	}
	cli->arena = own;
	arena_free(&arena);
	if (json)
		put_changes_end_json(cli, list, changed, counts);
	else
		put_change_counts(cli, list, changed, counts);
}
