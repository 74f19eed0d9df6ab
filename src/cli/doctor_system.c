/*
 * The doctor's look at what lies around the desk: the words of its letters, the
 * clock, time zones, what the kernel has to lock rooms in.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/templates.h"
#include "port/conf.h"
#include "room/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLOCK_SKEW (5 * CLOCK_MINUTE)

static void
tell_template(void *context, const struct err *why)
{
	struct doctor *doctor = context;

	doctor_bad(doctor, NULL, "templates", "mend that file, or install madoguchi anew", "%s",
		why->text);
}

/* Who bears a word of the command line for a title is never meant by it. */
static void
look_at_titles(struct doctor *doctor)
{
	const struct policy *policy = &doctor->cli->conf->policy;

	for (size_t i = 0; i < policy->staff_count; i++) {
		if (text_equal(policy->staff[i].title, CLI_TO_COORDINATOR))
			doctor_hint(doctor, NULL, "staff-title",
				doctor_do(doctor, "call staff.%s by another title", CLI_TO_COORDINATOR),
				"forward --to %s means the case's coordinator, and never the person of "
				"staff who has that title", CLI_TO_COORDINATOR);
	}
}

void
doctor_words(struct doctor *doctor)
{
	const struct policy *policy = &doctor->cli->conf->policy;
	size_t before = doctor->count;
	size_t fine = templates_try(
		doctor->cli->arena, doctor->cli->conf->data_dir, tell_template, doctor);

	if (doctor->count == before)
		doctor_ok(doctor, NULL, "templates", "%zu letters read well and can be filled", fine);
	look_at_titles(doctor);
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (policy->coordinators[i].phrases == NULL)
			doctor_hint(doctor, NULL, "phrases",
				doctor_do(doctor,
					"write down the words that mark its stages, and name the "
					"file in coordinator.%s.phrases",
					policy->coordinators[i].name),
				"%s has none: its stages are told by sender and site alone",
				policy->coordinators[i].name);
	}
	for (size_t i = 0; i < policy->form_count; i++) {
		if (policy->forms[i].reply_field[0] == '\0')
			doctor_hint(doctor, NULL, "form",
				doctor_do(doctor,
					"name the field that holds the writer's address in "
					"form.%s.reply_field",
					policy->forms[i].title),
				"%s: a finder who writes by this form cannot be answered",
				policy->forms[i].title);
	}
}

void
doctor_clock(struct doctor *doctor)
{
	const struct policy *policy = &doctor->cli->conf->policy;

	if (doctor->latest > doctor->cli->now + CLOCK_SKEW)
		doctor_bad(doctor, NULL, "clock",
			"set the clock (timedatectl set-ntp true), or find out whose is wrong",
			"our clock says %s, but %s is %s",
			clock_rfc3339(doctor->cli->arena, doctor->cli->now,
				policy->desks[0].time_zone),
			doctor->latest_what,
			clock_rfc3339(doctor->cli->arena, doctor->latest,
				policy->desks[0].time_zone));
	else
		doctor_ok(doctor, NULL, "clock", "nothing on record or in the mailbox is later");
	for (size_t i = 0; i < policy->desk_count; i++) {
		const struct policy_desk *desk = &policy->desks[i];

		if (clock_zone_known(desk->time_zone))
			doctor_ok(doctor, desk->title, "zone", "%s is known; it is %s there",
				desk->time_zone,
				clock_rfc3339(doctor->cli->arena, doctor->cli->now,
					desk->time_zone));
		else
			doctor_bad(doctor, desk->title, "zone", "apt-get install tzdata",
				"the time zone %s is not there", desk->time_zone);
	}
}

static bool
is_shells(const char *word)
{
	static const char *const words[] = { "if", "for", "while", "until", "case", "test", ".", "exec",
		"eval", "set", "cd" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* The program that the command begins with, as the shell would find it; NULL where only a shell knows. */
static const char *
program_of(struct doctor *doctor, const char *command)
{
	struct arena *arena = doctor->cli->arena;
	size_t len = strcspn(command, " \t");
	const char *word = arena_strndup(arena, command, len), *paths = getenv("PATH");

	if (len == 0 || strpbrk(word, "|&;<>()$`\\\"'*?[#~=%{}!") != NULL || is_shells(word))
		return NULL;
	if (strchr(word, '/') != NULL)
		return word;
	for (const char *at = paths; at != NULL && *at != '\0'; at += *at == ':') {
		size_t dir = strcspn(at, ":");
		const char *path = arena_printf(arena, "%.*s/%s", (int)dir, at, word);

		if (access(path, X_OK) == 0)
			return path;
		at += dir;
	}
	return word;
}

/* It is not run: whom it tells is not to be woken for a trial. */
static void
look_at_alert_command(struct doctor *doctor)
{
	const struct conf *conf = doctor->cli->conf;
	const char *command, *program;

	if (conf == NULL)
		return;
	command = conf->alert_command;
	if (command[0] == '\0') {
		doctor_hint(doctor, NULL, "alert-command",
			"name a command in alert_command that tells you by another way (a text message, a chat)",
			"there is none: when mail itself fails, only the log and madoguchi status say so");
		return;
	}
	program = program_of(doctor, command);
	if (program == NULL)
		doctor_hint(doctor, NULL, "alert-command", "try it by hand: echo test | sh -c COMMAND",
			"only a shell can tell whether it can be run");
	else if (access(program, X_OK) != 0)
		doctor_bad(doctor, NULL, "alert-command", "install it, or mend alert_command in the conf",
			"%s cannot be run", program);
	else
		doctor_ok(doctor, NULL, "alert-command", "%s can be run (and was not)", program);
}

/* What the kernel has to lock rooms in; nothing is locked. */
static void
look_at_walls(struct doctor *doctor)
{
	struct sandbox_state state;
	const char *lacks;

	sandbox_state(&state);
	lacks = sandbox_lacks(&state);
	if (lacks == NULL)
		doctor_ok(doctor, NULL, "sandbox",
			"the kernel has Landlock (version %d) and seccomp: the rooms are locked in",
			state.landlock);
	else
		doctor_hint(doctor, NULL, "sandbox",
			"run a kernel that has both, with landlock in its lsm= list", "%s", lacks);
}

void
doctor_system(struct doctor *doctor)
{
	if (clock_is_kept())
		doctor_ok(doctor, NULL, "clock-sync", "something keeps the clock right");
	else
		doctor_hint(doctor, NULL, "clock-sync",
			"timedatectl set-ntp true, or apt-get install chrony",
			"the kernel does not know of anything (NTP) that keeps the clock right");
	look_at_walls(doctor);
	look_at_alert_command(doctor);
}
