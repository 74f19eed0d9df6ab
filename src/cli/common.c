/*
 * What verbs do again and again: say why not, find a case by any spelling,
 * write to the log in the name of a person.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/deadline.h"
#include "rule/number.h"
#include "view/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define SENTENCE_MAX 2000
#define LOG_MAX 1000
#define IDS_MAX 8000

int
cli_fail(int status, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	text_one_line(sentence);
	(void)fflush(stdout);
	(void)fprintf(stderr, "madoguchi: %s\n", sentence);
	return status;
}

int
cli_storage(enum outcome outcome, const struct err *err)
{
	return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_IOERR, "%s", err->text);
}

void
cli_put(const char *text)
{
	(void)fputs(text, stdout);
}

void
cli_put_json(struct jsontext *json)
{
	cli_put(jsontext_text(json));
}

struct json_view
cli_view(const struct cli *cli)
{
	return (struct json_view){ cli->arena, &cli->conf->policy, cli->now };
}

char *
cli_time(struct cli *cli, int64_t at, const char *desk)
{
	struct clock_civil civil;

	if (at == 0)
		return NULL;
	clock_civil(at, json_zone(&cli->conf->policy, desk), &civil);
	return arena_printf(cli->arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month,
		civil.day, civil.hour, civil.minute);
}

char *
cli_number(struct cli *cli, int64_t number)
{
	return arena_printf(cli->arena, "%lld", (long long)number);
}

char *
cli_ids(struct cli *cli, const int64_t *list, size_t count)
{
	struct text text;

	text_init(&text, cli->arena, IDS_MAX);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%lld", i > 0 ? ", " : "", (long long)list[i]);
	return count > 0 ? text.data : NULL;
}

char *
cli_case_number(struct cli *cli, const struct record_case *record)
{
	if (record->number_count == 0)
		return NULL;
	return arena_printf(cli->arena, "%s%s", record->numbers[0],
		record->number_bound ? "" : " (claimed)");
}

char *
cli_due(struct cli *cli, const struct record_deadline *deadline, const char *desk)
{
	return arena_printf(cli->arena, "%s%s", cli_time(cli, deadline->due, desk),
		deadline_overdue(deadline->due, deadline->state, cli->now) ? " overdue" : "");
}

/* The case that bears the number: the bound one, or the only one. */
static bool
case_by_number(struct cli *cli, const char *spelling, struct record_case **record_r, int *status_r)
{
	char number[NUMBER_MAX];
	size_t coordinator, count;
	struct text list;
	int64_t *ids;

	if (!number_canonical(cli->arena, &cli->conf->policy, spelling, number, &coordinator)) {
		*status_r = cli_fail(EX_DATAERR, "%s is neither a case's id nor a handling number",
			spelling);
		return false;
	}
	count = store_case_by_number(cli->store, cli->arena, number, &ids);
	if (count == 0) {
		*status_r = cli_fail(EX_DATAERR, "no case bears %s", number);
		return false;
	}
	*record_r = store_case_get(cli->store, cli->arena, ids[0]);
	if (*record_r != NULL && (count == 1 || (*record_r)->number_bound))
		return true;
	text_init(&list, cli->arena, SENTENCE_MAX);
	for (size_t i = 0; i < count; i++)
		text_addf(&list, "%s%lld", i > 0 ? ", " : "", (long long)ids[i]);
	*status_r = cli_fail(EX_DATAERR,
		"several cases claim %s, and it is bound to none; give the id: %s", number,
		list.data);
	return false;
}

bool
cli_find_case(struct cli *cli, const char *spelling, struct record_case **record_r, int *status_r)
{
	char number[NUMBER_MAX];
	size_t coordinator;
	int64_t id;

	if (!text_number(spelling, 1, INT64_MAX, &id))
		return case_by_number(cli, spelling, record_r, status_r);
	*record_r = store_case_get(cli->store, cli->arena, id);
	if (*record_r != NULL)
		return true;
	/* A coordinator's numbers may be digits alone. */
	if (number_canonical(cli->arena, &cli->conf->policy, spelling, number, &coordinator))
		return case_by_number(cli, spelling, record_r, status_r);
	*status_r = cli_fail(EX_DATAERR, "there is no case %s", spelling);
	return false;
}

bool
cli_find_message(struct cli *cli, const char *id, struct record_message **record_r, int *status_r)
{
	int64_t number;

	*record_r = text_number(id, 1, INT64_MAX, &number)
		? store_message_get(cli->store, cli->arena, number)
		: NULL;
	if (*record_r == NULL)
		*status_r = cli_fail(EX_DATAERR, "there is no message %s", id);
	return *record_r != NULL;
}

bool
cli_find_outbox(struct cli *cli, const char *id, struct record_outbox **record_r, int *status_r)
{
	int64_t number;

	*record_r = text_number(id, 1, INT64_MAX, &number)
		? store_outbox_get(cli->store, cli->arena, number)
		: NULL;
	if (*record_r == NULL)
		*status_r = cli_fail(EX_DATAERR, "there is no outbox entry %s", id);
	return *record_r != NULL;
}

bool
cli_find_desk(struct cli *cli, const char *title, size_t *desk_r, int *status_r)
{
	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		if (text_equal(cli->conf->policy.desks[i].title, title)) {
			*desk_r = i;
			return true;
		}
	}
	*status_r = cli_fail(EX_USAGE, "the conf has no desk %s", title);
	return false;
}

bool
cli_find_staff(struct cli *cli, const char *title, size_t *staff_r, int *status_r)
{
	for (size_t i = 0; i < cli->conf->policy.staff_count; i++) {
		if (text_equal(cli->conf->policy.staff[i].title, title)) {
			*staff_r = i;
			return true;
		}
	}
	*status_r = cli_fail(EX_USAGE, "%s is no staff title of the conf", title);
	return false;
}

char *
cli_why(struct cli *cli)
{
	const char *given = cli->options[CLI_WHY];
	struct text why;

	if (given == NULL || given[strspn(given, " \t\n")] == '\0')
		return NULL;
	text_init(&why, cli->arena, CLI_WHY_MAX);
	text_add(&why, text_printable(cli->arena, given));
	text_one_line(why.data);
	return why.data;
}

int
cli_begin(struct cli *cli)
{
	struct err err;
	enum outcome outcome = store_begin(cli->store, &err);

	return outcome == DONE ? EX_OK : cli_storage(outcome, &err);
}

int
cli_commit(struct cli *cli)
{
	struct err err;
	enum outcome outcome = store_commit(cli->store, &err);

	if (outcome != DONE)
		return cli_storage(outcome, &err);
	cli->changed = true;
	return EX_OK;
}

void
cli_log(struct cli *cli, int64_t case_id, const char *format, ...)
{
	struct text what;
	va_list args;

	text_init(&what, cli->arena, LOG_MAX);
	va_start(args, format);
	text_vaddf(&what, format, args);
	va_end(args);
	store_log(cli->store, case_id, cli->now, cli->who, what.data);
}

void
cli_log_message(struct cli *cli, const struct record_message *message, const char *what)
{
	for (size_t i = 0; i < message->case_count; i++)
		cli_log(cli, message->cases[i], "message %lld: %s", (long long)message->id, what);
	if (message->case_count == 0)
		cli_log(cli, 0, "message %lld: %s", (long long)message->id, what);
}

int
cli_read_well(struct cli *cli)
{
	struct err err;
	enum outcome outcome = store_fault(cli->store, &err);

	return outcome == DONE ? EX_OK : cli_storage(outcome, &err);
}
