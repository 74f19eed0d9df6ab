/*
 * What verbs do again and again: say why not, show a time or a number, write to
 * the log in the name of a person.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/deadline.h"
#include "view/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define SENTENCE_MAX 2000
#define LOG_MAX (CLI_TEXT_MAX + 1000)
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
cli_mail_status(int status)
{
	return status == EX_OK || status == EX_USAGE || status == EX_DATAERR ? status
									     : EX_TEMPFAIL;
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

enum language
cli_language(const struct cli *cli, const char *desk)
{
	const struct policy_desk *found = policy_desk_of(&cli->conf->policy, desk);

	return found != NULL ? found->language : LANGUAGE_JA;
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

bool
cli_one_line(struct cli *cli, const char *what, const char *given, size_t max,
	const char **line_r, int *status_r)
{
	char *line = text_printable(cli->arena, given);

	for (char *at = line; *at != '\0'; at++) {
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	}
	line += strspn(line, " ");
	for (size_t len = strlen(line); len > 0 && line[len - 1] == ' '; len--)
		line[len - 1] = '\0';
	if (line[0] == '\0')
		*status_r = cli_fail(EX_USAGE, "%s is empty", what);
	else if (strlen(line) > max)
		*status_r = cli_fail(EX_DATAERR, "%s is longer than %zu bytes", what, max);
	*line_r = line;
	return line[0] != '\0' && strlen(line) <= max;
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

int
cli_take_case(struct cli *cli, struct record_case **record_r)
{
	int status = cli_begin(cli);

	if (status == EX_OK && !cli_find_case(cli, cli->args[0], record_r, &status))
		return status;
	return status;
}

int
cli_commit_case(struct cli *cli, struct record_case *record)
{
	record->updated_at = cli->now;
	store_case_update(cli->store, record);
	return cli_commit(cli);
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
