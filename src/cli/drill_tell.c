/*
 * What a drill saw, for the screen: a line a step, with what it took, and at the
 * first that failed why, and what to do.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/drill.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "view/json.h"
#include "view/table.h"

#define COLUMNS 5

static const char *const steps[DRILL_STEPS] = {
	[DRILL_KEY] = "key",
	[DRILL_SEAL] = "seal",
	[DRILL_SEND] = "send",
	[DRILL_ARRIVE] = "arrive",
	[DRILL_ACKNOWLEDGE] = "answer",
	[DRILL_RETURN] = "return",
	[DRILL_OPEN] = "open",
	[DRILL_REMOVE] = "remove",
};

static const char *const states[] = { "not reached", "fine", "hint", "FAILED" };
static const char *const json_states[] = { "not-reached", "fine", "hint", "failed" };

bool
drill_passed(const struct drill_walk *walk)
{
	for (size_t i = 0; i < DRILL_STEPS; i++) {
		if (walk->steps[i].state == DRILL_NOT_REACHED ||
			walk->steps[i].state == DRILL_FAILED)
			return false;
	}
	return true;
}

static int64_t
whole(const struct drill_walk *walk)
{
	int64_t us = 0;

	for (size_t i = 0; i < DRILL_STEPS; i++)
		us += walk->steps[i].us;
	return us / 1000;
}

static void
tell_one(const struct drill_walk *walk)
{
	static const char *const titles[COLUMNS] = { "RESULT", "STEP", "MS", "WHAT", "WHAT TO DO" };
	struct cli *cli = walk->cli;
	struct table *table = table_new(cli->arena, titles, COLUMNS);

	for (size_t i = 0; i < DRILL_STEPS; i++) {
		const struct drill_result *step = &walk->steps[i];
		bool reached = step->state != DRILL_NOT_REACHED;
		const char *const cells[COLUMNS] = {
			states[step->state],
			steps[i],
			reached ? cli_number(cli, step->us / 1000) : NULL,
			step->text,
			step->todo,
		};

		table_add(table, cells);
	}
	cli_put(arena_printf(cli->arena, "desk %s, %s\n", walk->title, walk->name));
	cli_put(table_text(table, "", cli->width));
	cli_put(drill_passed(walk)
			? arena_printf(cli->arena, "The drill passed in %lld ms.\n",
				  (long long)whole(walk))
			: "The drill failed; staff are told.\n");
}

static struct jsontext *
json_of(const struct drill_walk *walk)
{
	struct arena *arena = walk->cli->arena;
	struct jsontext *object = jsontext_object(arena), *list = jsontext_array(arena);

	jsontext_string(object, "desk", walk->title);
	jsontext_string(object, "number", walk->name);
	jsontext_string(object, "result", drill_passed(walk) ? "passed" : "failed");
	jsontext_time(object, "at", walk->begun,
		walk->cli->conf->policy.desks[walk->desk].time_zone);
	jsontext_number(object, "ms", whole(walk));
	for (size_t i = 0; i < DRILL_STEPS; i++) {
		const struct drill_result *step = &walk->steps[i];
		struct jsontext *line = jsontext_object(arena);

		jsontext_string(line, "step", steps[i]);
		jsontext_string(line, "result", json_states[step->state]);
		jsontext_number(line, "ms", step->us / 1000);
		jsontext_string(line, "what", step->text);
		jsontext_string(line, "todo", step->todo);
		jsontext_add(list, line);
	}
	jsontext_put(object, "steps", list);
	return object;
}

void
drill_tell(const struct drill_walk *walks, size_t count)
{
	struct jsontext *array;

	if (count == 0)
		return;
	if (walks[0].cli->options[CLI_JSON] == NULL) {
		for (size_t i = 0; i < count; i++)
			tell_one(&walks[i]);
		return;
	}
	array = jsontext_array(walks[0].cli->arena);
	for (size_t i = 0; i < count; i++)
		jsontext_add(array, json_of(&walks[i]));
	cli_put_json(array);
}
