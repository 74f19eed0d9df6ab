/*
 * `drill`: a sealed notification of our own goes out through the smarthost, comes
 * into the mailbox, is read, opened, believed and answered by the daemon as a
 * coordinator's would be; the answer comes back and is opened with the drill's key.
 * Each step is timed. Where no daemon runs, this process does its work under its
 * lock, which is a pass over the mailbox as `madoguchid --once` makes one.
 *
 * How it ended is on record whatever came, staff are told when it failed, and
 * nothing of it waits to be sent any more.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/drill.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/verbs.h"
#include "flow/drills.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/drill.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define SECONDS_DEFAULT 300
#define SECONDS_MAX 86400
#define END_SECONDS 60		/* more, until we have ended it ourselves if we live */
#define LOOK_MS 100		/* of one turn of our own engine */
#define FINISH_MS 30000

/* --- before: the key, and what the command line says --- */

static void
make_ready(struct drill_walk *walk)
{
	int64_t from = clock_mono_ms();
	struct err err = { "" };

	if (drill_key_ready(walk->cli, walk->cli->conf, walk->desk, &walk->key, &err) == DONE)
		drill_fine(walk, DRILL_KEY, (clock_mono_ms() - from) * 1000,
			arena_printf(walk->cli->arena, "the drill's key %s %s", walk->key.fpr,
				walk->key.made ? "was made" : "is there"));
	else
		drill_fail(walk, DRILL_KEY, err.text);
}

static int
read_line(struct cli *cli, size_t *from_r, size_t *to_r, int64_t *seconds_r)
{
	const char *seconds = cli->options[CLI_TIMEOUT];
	int status = EX_OK;

	*from_r = 0;
	*to_r = cli->conf->policy.desk_count;
	*seconds_r = SECONDS_DEFAULT;
	if (seconds != NULL && !text_number(seconds, 1, SECONDS_MAX, seconds_r))
		return cli_fail(EX_USAGE, "--timeout: a number of seconds up to %d is wanted",
			SECONDS_MAX);
	if (cli->options[CLI_DESK] != NULL &&
		cli_find_desk(cli, cli->options[CLI_DESK], from_r, &status))
		*to_r = *from_r + 1;
	return status;
}

static uint32_t
new_number(void)
{
	uint32_t random;

	io_random(&random, sizeof(random));
	return DRILL_LOW + random % (DRILL_HIGH - DRILL_LOW + 1);
}

/* --- out --- */

/*
 * One at a time: of two, each would take the other's mail for none of its own. In the open
 * transaction, in which a dead one is ended.
 */
static bool
is_free(struct drill_walk *walk, struct drill *other_r)
{
	struct cli *cli = walk->cli;

	(void)drills_end_dead(cli->store, cli->conf, walk->desk, clock_now(), cli->who);
	return !drills_get(cli->store, cli->arena, walk->title, other_r);
}

static int
send_out(struct drill_walk *walk)
{
	struct cli *cli = walk->cli;
	const struct policy_desk *desk = &cli->conf->policy.desks[walk->desk];
	const char *message_id = drills_message_id(cli->arena, desk);
	struct drill drill = { .number = walk->number, .key = walk->key.fpr }, other;
	int64_t from = clock_mono_ms();
	struct err err = { "" };
	char *bytes;
	size_t len;
	int status;

	if (drill_mail(walk, message_id, &bytes, &len, &err) != DONE) {
		drill_fail(walk, DRILL_SEAL, err.text);
		return EX_OK;
	}
	drill_fine(walk, DRILL_SEAL, (clock_mono_ms() - from) * 1000,
		"a notification was sealed to the desk's key");
	status = cli_begin(cli);
	if (status != EX_OK)
		return status;
	if (!is_free(walk, &other)) {
		store_rollback(cli->store);
		return cli_fail(EX_TEMPFAIL, "desk %s: another drill is under way, until %s at most",
			walk->title, cli_time(cli, other.until, walk->title));
	}
	drill.until = clock_now() + (walk->seconds + END_SECONDS) * CLOCK_SECOND;
	walk->question = drills_begin(cli->store, cli->conf, walk->desk, &drill, message_id, bytes, len,
		clock_now());
	status = cli_commit(cli);
	if (status != EX_OK)
		return status;
	if (cli->engine != NULL)
		engine_wake(cli->engine);
	else
		cli_poke(cli);
	return EX_OK;
}

/* --- the end of it, whatever came --- */

static const char *
first_fault(const struct drill_walk *walk)
{
	for (size_t i = 0; i < DRILL_STEPS; i++) {
		if (walk->steps[i].state == DRILL_FAILED)
			return walk->steps[i].text;
	}
	return "";
}

static int
end(struct drill_walk *walk)
{
	struct cli *cli = walk->cli;
	const struct drill_end how = { walk->question, walk->name,
		drill_passed(walk) ? NULL : first_fault(walk), cli->who };
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	drills_end(cli->store, cli->conf, walk->desk, &how, clock_now());
	status = cli_commit(cli);
	if (cli->engine != NULL)
		engine_wake(cli->engine);
	return status;
}

static int
walk_on(struct drill_walk *walk)
{
	int status = EX_OK;

	if (!drill_has_failed(walk))
		status = send_out(walk);
	if (status != EX_OK)
		return status;
	if (!drill_has_failed(walk))
		drill_follow(walk);
	return end(walk);
}

/* Our own engine: what it has in hand is finished, the alert of a failure among it. */
static void
finish(struct cli *cli)
{
	int64_t until = clock_mono_ms() + FINISH_MS;

	if (cli->engine == NULL)
		return;
	while (!engine_idle(cli->engine) && clock_mono_ms() < until)
		engine_turn(cli->engine, LOOK_MS, -1);
	engine_stop(cli->engine);
	while (!engine_idle(cli->engine) && clock_mono_ms() < until)
		engine_turn(cli->engine, LOOK_MS, -1);
}

int
verb_drill(struct cli *cli)
{
	size_t from, to, count = 0;
	struct drill_walk *walks;
	int64_t seconds;
	int status = read_line(cli, &from, &to, &seconds);

	if (status != EX_OK)
		return status;
	walks = arena_calloc(cli->arena, to - from, sizeof(*walks));
	/* The vaults are forked before a store is open. */
	for (size_t i = from; i < to; i++) {
		uint32_t number = new_number();

		walks[i - from] = (struct drill_walk){ .cli = cli, .desk = i,
			.title = cli->conf->policy.desks[i].title, .number = number,
			.name = drill_number_text(cli->arena, number), .seconds = seconds,
			.begun = cli->now };
		make_ready(&walks[i - from]);
	}
	status = cli_open_beside(cli);
	for (; status == EX_OK && count < to - from; count++)
		status = walk_on(&walks[count]);
	for (size_t i = 0; i < to - from; i++)
		drill_key_close(&walks[i].key);
	if (status != EX_OK)
		return status;
	finish(cli);
	drill_tell(walks, count);
	for (size_t i = 0; i < count; i++) {
		if (!drill_passed(&walks[i]))
			return EXIT_FAILURE;
	}
	return EX_OK;
}
