/*
 * The way of a drill's mail, as far as the daemon, or our own engine, has written it
 * down by now: the store is looked at until the last step is seen, one has failed, or
 * the time is up.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/drill.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/drills.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "port/store.h"
#include "room/vault.h"

#include <poll.h>
#include <string.h>

#define LOOK_MS 100		/* between two looks at the store */
#define REMOVE_MS 30000		/* for what is not the mail's way itself */
#define WALK_ARENA ((size_t)4 * 1024 * 1024)

void
drill_fine(struct drill_walk *walk, enum drill_step step, int64_t us, const char *text)
{
	walk->steps[step] = (struct drill_result){ DRILL_FINE, us > 0 ? us : 0, text, NULL };
}

void
drill_fail(struct drill_walk *walk, enum drill_step step, const char *why)
{
	static const char *const todos[DRILL_STEPS] = {
		[DRILL_KEY] = "madoguchi keys check",
		[DRILL_SEAL] = "madoguchi keys check",
		[DRILL_SEND] = "see the lines of smtp in: madoguchi doctor",
		[DRILL_ARRIVE] = ("see the lines of imap and keys in: madoguchi doctor; and whether mail to "
				  "the window comes into a folder that desk.imap.folders names"),
		[DRILL_ACKNOWLEDGE] = "see the lines of smtp and keys in: madoguchi doctor",
		[DRILL_RETURN] = "see the lines of imap in: madoguchi doctor",
		[DRILL_OPEN] = "madoguchi keys check",
		[DRILL_REMOVE] = "see the lines of imap in: madoguchi doctor",
	};

	walk->steps[step] = (struct drill_result){ DRILL_FAILED, 0,
		text_printable(walk->cli->arena, why), todos[step] };
}

bool
drill_has_failed(const struct drill_walk *walk)
{
	for (size_t i = 0; i < DRILL_STEPS; i++) {
		if (walk->steps[i].state == DRILL_FAILED)
			return true;
	}
	return false;
}

/* The first that was not reached, DRILL_STEPS when all were. */
static enum drill_step
next_step(const struct drill_walk *walk)
{
	size_t i = 0;

	while (i < DRILL_STEPS && walk->steps[i].state != DRILL_NOT_REACHED)
		i++;
	return (enum drill_step)i;
}

static const char *
say(const struct drill_walk *walk, const char *format, const char *of)
{
	return arena_printf(walk->cli->arena, format, of);
}

struct seen {
	struct arena *arena;	/* of one look */
	struct drill drill;
	const struct record_outbox *question, *answer;	/* NULL: none yet */
};

static bool
look(struct drill_walk *walk, struct seen *seen)
{
	struct store *store = walk->cli->store;

	if (!drills_get(store, seen->arena, walk->title, &seen->drill))
		return false;
	seen->question = store_outbox_get(store, seen->arena, walk->question);
	seen->answer = seen->drill.answer != 0
		? store_outbox_get(store, seen->arena, seen->drill.answer)
		: NULL;
	return seen->question != NULL;
}

/* Whether an entry is out; when it never will be, the step has failed. */
static bool
is_sent(struct drill_walk *walk, enum drill_step step, const struct record_outbox *entry)
{
	if (entry->state == OUTBOX_FAILED || entry->state == OUTBOX_DROPPED || entry->state == OUTBOX_HELD)
		drill_fail(walk, step, entry->last_error != NULL ? entry->last_error
			: entry->hold_why != NULL ? entry->hold_why : "it was dropped");
	return entry->state == OUTBOX_SENT;
}

static void
open_answer(struct drill_walk *walk)
{
	struct cli *cli = walk->cli;
	const char *answer = drills_answer(cli->store, cli->arena, walk->title);
	int64_t from = clock_mono_ms();
	struct err err = { "" };

	if (answer == NULL)
		drill_fail(walk, DRILL_OPEN, "the answer's bytes are not in the store");
	else if (vault_check(walk->key.vault, cli->conf->policy.desks[walk->desk].key, walk->name, answer,
			 strlen(answer), &err) == DONE)
		drill_fine(walk, DRILL_OPEN, (clock_mono_ms() - from) * 1000,
			"it opens with the drill's key, is signed by the desk's, and names the number");
	else
		drill_fail(walk, DRILL_OPEN, err.text);
}

static void
look_at_removal(struct drill_walk *walk, const struct drill *drill, int64_t us)
{
	if (drill->gone[DRILL_QUESTION] && drill->gone[DRILL_ANSWER])
		drill_fine(walk, DRILL_REMOVE, us, "both were removed from the mailbox");
	else if (drill->left != NULL || us > REMOVE_MS * INT64_C(1000))
		walk->steps[DRILL_REMOVE] = (struct drill_result){ DRILL_HINT, us,
			say(walk, "a mail of it stays in the mailbox: %s",
				drill->left != NULL ? drill->left : "the server was too slow"),
			"remove it by hand; its subject bears the number" };
}

/* One step on, if there is news of it. */
static void
go_on(struct drill_walk *walk, const struct seen *seen, enum drill_step step)
{
	const struct drill *drill = &seen->drill;

	switch (step) {
	case DRILL_SEND:
		if (!is_sent(walk, step, seen->question))
			return;
		walk->question_sent = seen->question->sent_at;
		drill_fine(walk, step, seen->question->sent_at - seen->question->created_at,
			say(walk, "the smarthost took it: %s",
				text_printable(walk->cli->arena, seen->question->smtp_reply != NULL
						? seen->question->smtp_reply : "")));
		return;
	case DRILL_ARRIVE:
		if (drill->came_at != 0 && drill->failed != NULL)
			drill_fail(walk, step, drill->failed);
		else if (drill->came_at != 0)
			drill_fine(walk, step, drill->came_at - walk->question_sent,
				say(walk, "it came into %s, was opened, verified and taken for details",
					drill->folder));
		return;
	case DRILL_ACKNOWLEDGE:
		if (seen->answer != NULL && is_sent(walk, step, seen->answer))
			drill_fine(walk, step, seen->answer->sent_at - drill->came_at,
				"the answer was sealed, and the smarthost took it");
		return;
	case DRILL_RETURN:
		if (drill->back_at != 0 && drill->failed != NULL)
			drill_fail(walk, step, drill->failed);
		else if (drill->back_at != 0)
			drill_fine(walk, step, drill->back_at - seen->answer->sent_at,
				say(walk, "the answer came into %s, and the desk's own key opened it",
					drill->back_folder));
		return;
	case DRILL_OPEN:
		open_answer(walk);
		return;
	default:
		look_at_removal(walk, drill, clock_now() - drill->back_at);
	}
}

/* What was waited for in vain. */
static void
too_late(struct drill_walk *walk, const struct seen *seen, enum drill_step step)
{
	const struct record_outbox *entry = step == DRILL_SEND ? seen->question
		: step == DRILL_ACKNOWLEDGE ? seen->answer : NULL;
	const char *why = entry != NULL && entry->last_error != NULL ? entry->last_error
								     : "nothing was seen of it";

	drill_fail(walk, step, arena_printf(walk->cli->arena, "not within %lld s: %s",
		(long long)walk->seconds, why));
}

static void
wait_a_little(const struct drill_walk *walk)
{
	if (walk->cli->engine != NULL)
		engine_turn(walk->cli->engine, LOOK_MS, -1);
	else
		(void)poll(NULL, 0, LOOK_MS);
}

void
drill_follow(struct drill_walk *walk)
{
	int64_t until = clock_mono_ms() + walk->seconds * 1000;

	while (!drill_has_failed(walk) && next_step(walk) < DRILL_STEPS) {
		struct seen seen = { .arena = arena_new(ARENA_PLAIN, WALK_ARENA) };
		enum drill_step step = next_step(walk);

		if (!look(walk, &seen))
			drill_fail(walk, step, "what was written down of it is gone from the store");
		else if (step < DRILL_ARRIVE && seen.drill.failed != NULL)
			/* One came that we have not even sent. */
			drill_fail(walk, DRILL_ARRIVE, seen.drill.failed);
		else
			go_on(walk, &seen, step);
		if (!drill_has_failed(walk) && walk->steps[step].state == DRILL_NOT_REACHED &&
			clock_mono_ms() >= until && step != DRILL_REMOVE)
			too_late(walk, &seen, step);
		arena_free(&seen.arena);
		if (!drill_has_failed(walk) && walk->steps[step].state == DRILL_NOT_REACHED)
			wait_a_little(walk);
	}
}
