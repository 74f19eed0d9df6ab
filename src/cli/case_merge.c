/*
 * `case merge`: a person knows that two cases are one. rule/merge says what of
 * them cannot both stand; here it is carried out in one transaction, and told in
 * both logs.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/ticks.h"
#include "port/conf.h"
#include "port/store.h"
#include "port/store_undo.h"
#include "rule/merge.h"

#include <string.h>
#include <sysexits.h>

struct merging {
	struct record_case *from, *into;
	struct record_outbox *from_letters, *into_letters;
	size_t from_count, into_count;
};

/* Whether a person may want it at all. */
static bool
may_merge(const struct merging *merging, int *status_r)
{
	const struct record_case *from = merging->from, *into = merging->into;

	if (from->id == into->id)
		*status_r = cli_fail(EX_DATAERR, "case %lld cannot be merged into itself",
			(long long)from->id);
	else if (!text_equal(from->desk, into->desk))
		*status_r = cli_fail(EX_DATAERR, "case %lld is of desk %s, case %lld of desk %s",
			(long long)from->id, from->desk, (long long)into->id, into->desk);
	else if (into->state == CASE_CLOSED && from->state == CASE_OPEN)
		*status_r = cli_fail(EX_DATAERR,
			"case %lld is closed, and case %lld is open: reopen the first, or merge it "
			"into the second", (long long)into->id, (long long)from->id);
	else
		return true;
	return false;
}

/* The coordinator handles two numbers as two matters: a person must say why they are one. */
static bool
numbers_agree(struct cli *cli, const struct merging *merging, const char *why, int *status_r)
{
	struct record_number *from, *into;
	size_t from_count =
		store_case_numbers(cli->store, cli->arena, merging->from->id, &from);
	size_t into_count =
		store_case_numbers(cli->store, cli->arena, merging->into->id, &into);
	const char *one, *other;

	if (why != NULL ||
		!merge_numbers_clash(from, from_count, into, into_count, &one, &other))
		return true;
	*status_r = cli_fail(EX_DATAERR,
		"case %lld bears %s, case %lld bears %s: their coordinator handles them as two; say "
		"with --why why they are one",
		(long long)merging->from->id, one, (long long)merging->into->id, other);
	return false;
}

static bool
is_acknowledgement(const struct record_outbox *letter)
{
	return letter->kind == KIND_ACKNOWLEDGEMENT && letter->state != OUTBOX_DROPPED;
}

static void
drop(struct cli *cli, const struct record_outbox *letter, int64_t case_id, int64_t other)
{
	store_outbox_drop(cli->store, letter->id,
		arena_printf(cli->arena, "case %lld has its acknowledgement of the same stage",
			(long long)other));
	cli_log(cli, case_id, "outbox %lld (%s) dropped: case %lld has its own",
		(long long)letter->id, mail_kind_name(letter->kind), (long long)other);
}

/* One acknowledgement for each stage: of two that are not out, one goes. */
static bool
settle_pair(struct cli *cli, const struct merging *merging, const struct record_outbox *into,
	const struct record_outbox *from, int *status_r)
{
	switch (merge_letters(into, from)) {
	case MERGE_KEEP:
		drop(cli, from, merging->from->id, merging->into->id);
		return true;
	case MERGE_TAKE:
		drop(cli, into, merging->into->id, merging->from->id);
		return true;
	case MERGE_WAIT:
		*status_r = cli_fail(EX_TEMPFAIL,
			"outbox entries %lld and %lld acknowledge the same stage, and one is being "
			"sent: try again in a moment", (long long)into->id, (long long)from->id);
		return false;
	case MERGE_BOTH:
	default:
		return true;
	}
}

static bool
settle_letters(struct cli *cli, const struct merging *merging, int *status_r)
{
	for (size_t i = 0; i < merging->into_count; i++) {
		const struct record_outbox *into = &merging->into_letters[i];

		for (size_t k = 0; k < merging->from_count && is_acknowledgement(into); k++) {
			const struct record_outbox *from = &merging->from_letters[k];

			if (is_acknowledgement(from) && from->stage == into->stage &&
				!settle_pair(cli, merging, into, from, status_r))
				return false;
		}
	}
	return true;
}

/* Stages of which an acknowledgement has gone out. */
static uint32_t
sent_stages(const struct record_outbox *list, size_t count)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == KIND_ACKNOWLEDGEMENT && list[i].state == OUTBOX_SENT)
			bits |= UINT32_C(1) << list[i].stage;
	}
	return bits;
}

static void
settle_deadlines(struct cli *cli, const struct merging *merging)
{
	uint32_t sent = sent_stages(merging->into_letters, merging->into_count) |
		sent_stages(merging->from_letters, merging->from_count);
	struct record_deadline *into, *from, *all;
	size_t into_count = store_deadlines(cli->store, cli->arena, merging->into->id, &into);
	size_t from_count = store_deadlines(cli->store, cli->arena, merging->from->id, &from);
	size_t count = into_count + from_count;

	all = arena_calloc(cli->arena, count + 1, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = i < into_count ? into[i] : from[i - into_count];
	for (size_t i = 0; i < count; i++) {
		if (!merge_deadline_ends(all, count, i, sent))
			continue;
		store_deadline_cancel(cli->store, all[i].id);
		cli_log(cli, all[i].case_id, "deadline %s, due %s, cancelled: case %lld has it",
			deadline_kind_name(all[i].kind),
			cli_time(cli, all[i].due, merging->into->desk),
			(long long)(i < into_count ? merging->from->id : merging->into->id));
	}
}

static int64_t *
message_ids(struct cli *cli, int64_t case_id, size_t *count_r)
{
	struct record_message *list;
	size_t count = store_case_messages(cli->store, cli->arena, case_id, &list);
	int64_t *ids = arena_calloc(cli->arena, count + 1, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = list[i].id;
	*count_r = count;
	return ids;
}

static int
carry_out(struct cli *cli, const struct merging *merging, const struct store_undo *undo,
	const char *why)
{
	struct record_case *from = merging->from, *into = merging->into;
	const char *because = why != NULL ? arena_printf(cli->arena, ": %s", why) : "";
	size_t count;
	int64_t *ids = message_ids(cli, from->id, &count);
	const char *moved = cli_ids(cli, ids, count);
	struct store_undone act = { .kind = STORE_UNDO_MERGE, .case_id = into->id, .other = from->id,
		.what = arena_printf(cli->arena, "case %lld merged into case %lld",
			(long long)from->id, (long long)into->id) };
	enum phase ticked = ticks_phase(cli->store, &cli->conf->checklist, into->id);
	bool bound;

	cli_log(cli, from->id, "merged into case %lld%s", (long long)into->id, because);
	cli_log(cli, into->id, "case %lld merged into this one, messages: %s%s",
		(long long)from->id, moved != NULL ? moved : "none", because);
	store_case_merge(cli->store, from->id, into->id, cli->now);
	/* Numbers came too: the record that was read before does not know. */
	bound = into->number_bound || from->number_bound;
	merge_record(into, from);
	into->phase = checklist_follow(into->phase, ticked,
		ticks_phase(cli->store, &cli->conf->checklist, into->id));
	into->number_bound = bound;
	store_case_update(cli->store, into);
	store_undo_keep(cli->store, cli->arena, undo, &act);
	return cli_commit_case(cli, into);
}

int
verb_case_merge(struct cli *cli)
{
	const char *why = cli_why(cli);
	struct store_undo *undo;
	struct merging merging;
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	if (!cli_find_case_itself(cli, cli->args[0], &merging.from, &status) ||
		!cli_find_case(cli, cli->args[1], &merging.into, &status) ||
		!may_merge(&merging, &status) ||
		!numbers_agree(cli, &merging, why, &status))
		return status;
	undo = store_undo_begin(cli->store, cli->arena, &(struct store_undone){
		.kind = STORE_UNDO_MERGE, .case_id = merging.into->id, .other = merging.from->id });
	merging.from_count = store_case_outbox(cli->store, cli->arena, merging.from->id,
		&merging.from_letters);
	merging.into_count = store_case_outbox(cli->store, cli->arena, merging.into->id,
		&merging.into_letters);
	if (!settle_letters(cli, &merging, &status))
		return status;
	settle_deadlines(cli, &merging);
	return carry_out(cli, &merging, undo, why);
}
