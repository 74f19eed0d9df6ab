/*
 * `doctor`: tries everything that the desk needs, and says a line for each
 * thing, with what to do where it is not well. It opens what it needs by itself
 * and goes on where a part fails; it writes to nothing, takes no lock, moves no
 * cursor, and no line bears a secret.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/verbs.h"
#include "flow/trials.h"
#include "port/conf.h"
#include "view/json.h"
#include "view/json_record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define LINES_MAX 2000
#define LINE_TEXT_MAX 2000
#define MISTAKES_MAX (1024 * 1024)

static const char *const state_names[DOCTOR_STATES] = { "ok", "hint", "bad" };

/* --- lines --- */

static const char *
one_line(struct doctor *doctor, const char *text)
{
	char *line = text_printable(doctor->cli->arena, text);

	text_one_line(line);
	return line;
}

static void
say(struct doctor *doctor, enum doctor_state state, const char *desk, const char *check,
	const char *remedy, const char *format, va_list args)
{
	struct text text;

	if (doctor->count == LINES_MAX)
		return;
	text_init(&text, doctor->cli->arena, LINE_TEXT_MAX);
	text_vaddf(&text, format, args);
	doctor->lines[doctor->count++] = (struct doctor_line){ state, desk, check,
		one_line(doctor, text.data), remedy != NULL ? one_line(doctor, remedy) : NULL };
}

void
doctor_ok(struct doctor *doctor, const char *desk, const char *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(doctor, DOCTOR_OK, desk, check, NULL, format, args);
	va_end(args);
}

void
doctor_hint(struct doctor *doctor, const char *desk, const char *check, const char *remedy,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(doctor, DOCTOR_HINT, desk, check, remedy, format, args);
	va_end(args);
}

void
doctor_bad(struct doctor *doctor, const char *desk, const char *check, const char *remedy,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(doctor, DOCTOR_BAD, desk, check, remedy, format, args);
	va_end(args);
}

void
doctor_mistakes(struct doctor *doctor, const char *check, const char *lines)
{
	struct arena *arena = doctor->cli->arena;

	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");
		char *line = arena_strndup(arena, lines, len);
		char *remedy = NULL;

		for (char *at = strstr(line, "; "); at != NULL; at = strstr(at + 2, "; "))
			remedy = at;
		if (remedy != NULL)
			*remedy = '\0';
		doctor_bad(doctor, NULL, check,
			remedy != NULL ? remedy + 2 : "look at that line of the conf", "%s", line);
		lines += len + (lines[len] == '\n');
	}
}

char *
doctor_do(struct doctor *doctor, const char *format, ...)
{
	struct text text;
	va_list args;

	text_init(&text, doctor->cli->arena, LINE_TEXT_MAX);
	va_start(args, format);
	text_vaddf(&text, format, args);
	va_end(args);
	return text.data;
}

const char *
doctor_date(struct doctor *doctor, int64_t at, const char *desk)
{
	char *date = cli_time(doctor->cli, at, desk);

	if (date == NULL)
		return "-";
	date[strcspn(date, " ")] = '\0';
	return date;
}

const char *
doctor_until(struct doctor *doctor, int64_t at, const char *desk)
{
	return at == 0 ? "good without an end"
		       : doctor_do(doctor, "good until %s", doctor_date(doctor, at, desk));
}

long
doctor_days(const struct doctor *doctor, int64_t at)
{
	int64_t left = at - doctor->cli->now;

	return (long)(left >= 0 ? left / CLOCK_DAY : -1 - (-left / CLOCK_DAY));
}

void
doctor_seen(struct doctor *doctor, int64_t at, const char *what)
{
	if (at <= doctor->latest)
		return;
	doctor->latest = at;
	doctor->latest_what = what;
}

const char *
doctor_title(const struct doctor *doctor, size_t desk)
{
	return doctor->cli->conf->policy.desks[desk].title;
}

/* --- the order of things --- */

/* Every mistake is a line (the keyrings are held against it later); without a conf only what needs none is tried. */
static bool
read_conf(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	struct text mistakes;

	if (access(cli->conf_file, R_OK) != 0 && errno == EACCES) {
		doctor_bad(doctor, NULL, "conf", "run it as the service's user (runuser -u USER)",
			"%s: %s", cli->conf_file, strerrordesc_np(EACCES));
		return false;
	}
	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	cli->conf = conf_read(cli->arena, cli->conf_file, cli->data_dir, NULL, &mistakes);
	if (cli->conf != NULL) {
		doctor_ok(doctor, NULL, "conf", "%s has no mistake", cli->conf_file);
		return true;
	}
	doctor_mistakes(doctor, "conf", mistakes.data);
	return false;
}

/* The nursery is forked before the store is opened and before a password is read. */
static void
open_trials(struct doctor *doctor)
{
	struct err err;

	if (trials_open(doctor->cli->conf, &doctor->trials, &err) != DONE)
		doctor_bad(doctor, NULL, "rooms",
			"raise the limits of processes and descriptors (ulimit -u, -n)", "%s",
			err.text);
}

static void
try_with_conf(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	size_t desks = cli->conf->policy.desk_count;

	doctor->keyrings = arena_calloc(cli->arena, desks, sizeof(*doctor->keyrings));
	doctor->pairs = arena_calloc(cli->arena, desks, sizeof(*doctor->pairs));
	cli->store_path = arena_printf(cli->arena, "%s/cases.db", cli->conf->state_dir);
	doctor_files(doctor);
	doctor_gpg(doctor);
	doctor_smime(doctor);
	open_trials(doctor);
	doctor_store(doctor);
	if (doctor->trials != NULL)
		doctor->found = trials_run(
			doctor->trials, cli->arena, doctor->keyrings, doctor->pairs);
	for (size_t i = 0; doctor->found != NULL && i < desks; i++) {
		doctor_mailbox(doctor, i);
		doctor_authserv(doctor, i);
		doctor_smarthost(doctor, i);
	}
	doctor_keys(doctor);
	doctor_words(doctor);
	doctor_clock(doctor);
	trials_close(&doctor->trials);
}

/* --- telling --- */

static void
put_lines(const struct doctor *doctor, const size_t counts[DOCTOR_STATES])
{
	struct arena *arena = doctor->cli->arena;

	for (size_t i = 0; i < doctor->count; i++) {
		const struct doctor_line *line = &doctor->lines[i];

		cli_put(arena_printf(arena, "%-4s  %s%s%s: %s\n", state_names[line->state],
			line->desk != NULL ? line->desk : "", line->desk != NULL ? " " : "",
			line->check, line->text));
		if (line->remedy != NULL)
			cli_put(arena_printf(arena, "      do: %s\n", line->remedy));
	}
	cli_put(arena_printf(arena, "%zu ok, %zu hint%s, %zu bad\n", counts[DOCTOR_OK],
		counts[DOCTOR_HINT], counts[DOCTOR_HINT] == 1 ? "" : "s", counts[DOCTOR_BAD]));
}

static void
put_json(const struct doctor *doctor)
{
	struct jsontext *array = jsontext_array(doctor->cli->arena);

	for (size_t i = 0; i < doctor->count; i++) {
		const struct doctor_line *line = &doctor->lines[i];
		struct jsontext *object = jsontext_object(doctor->cli->arena);

		jsontext_string(object, "state", state_names[line->state]);
		jsontext_string(object, "desk", line->desk);
		jsontext_string(object, "check", line->check);
		jsontext_string(object, "text", line->text);
		jsontext_string(object, "remedy", line->remedy);
		jsontext_add(array, object);
	}
	cli_put_json(array);
}

int
verb_doctor(struct cli *cli)
{
	struct doctor doctor = { .cli = cli };
	size_t counts[DOCTOR_STATES] = { 0 };

	doctor.lines = arena_calloc(cli->arena, LINES_MAX, sizeof(*doctor.lines));
	if (read_conf(&doctor))
		try_with_conf(&doctor);
	else
		doctor_hint(&doctor, NULL, "conf", "mend the conf, and ask again",
			"store, keys and servers are not tried until the conf has no mistake");
	doctor_system(&doctor);
	for (size_t i = 0; i < doctor.count; i++)
		counts[doctor.lines[i].state]++;
	if (cli->options[CLI_JSON] != NULL)
		put_json(&doctor);
	else
		put_lines(&doctor, counts);
	return counts[DOCTOR_BAD] == 0 ? EX_OK : EXIT_FAILURE;
}
