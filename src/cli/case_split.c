/*
 * `case split`: a person knows that some messages of a case are of another
 * matter. They go to a new case, with what rule/split says goes along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/store.h"
#include "port/store_undo.h"
#include "rule/split.h"
#include "rule/title.h"
#include "view/json.h"

#include <string.h>
#include <sysexits.h>

#define STAGE_BIT(stage) (UINT32_C(1) << (stage))

struct splitting {
	struct record_case *record;
	struct split split;
	struct split_part stays, goes;
	struct record_number *numbers;
	size_t number_count;
	int64_t new_case;
};

/* The messages that the command line names; false after telling. */
static bool
read_messages(struct cli *cli, struct splitting *splitting, int *status_r)
{
	struct split *split = &splitting->split;
	const struct record_message *stray = NULL;

	for (size_t i = 1; i < cli->arg_count; i++) {
		struct record_message *message;
		size_t at = 0;

		if (!cli_find_message(cli, cli->args[i], &message, status_r))
			return false;
		while (at < split->message_count && split->messages[at].id != message->id)
			at++;
		if (at == split->message_count) {
			*status_r = cli_fail(EX_DATAERR, "message %lld is not in case %lld",
				(long long)message->id, (long long)splitting->record->id);
			return false;
		}
		split->moves[at] = true;
	}
	if (split_follow(split, &stray))
		return true;
	*status_r = cli_fail(EX_DATAERR,
		"message %lld is our answer to one that stays: it goes where that one goes",
		(long long)stray->id);
	return false;
}

static void
gather(struct cli *cli, struct splitting *splitting)
{
	int64_t id = splitting->record->id;
	struct split *split = &splitting->split;
	struct record_message *messages;
	struct record_outbox *letters;

	split->message_count = store_case_messages(cli->store, cli->arena, id, &messages);
	split->messages = messages;
	split->letter_count = store_case_outbox(cli->store, cli->arena, id, &letters);
	split->letters = letters;
	split->moves = arena_calloc(cli->arena, split->message_count + 1, sizeof(bool));
	splitting->number_count =
		store_case_numbers(cli->store, cli->arena, id, &splitting->numbers);
}

/* A case of staff's own was one before any mail; another would be of nothing. */
static bool
leaves_something(struct splitting *splitting, int *status_r)
{
	split_part(&splitting->split, false, &splitting->stays);
	split_part(&splitting->split, true, &splitting->goes);
	if (splitting->stays.messages > 0 || splitting->record->origin == ORIGIN_STAFF)
		return true;
	*status_r = cli_fail(EX_DATAERR, "nothing would be left in case %lld",
		(long long)splitting->record->id);
	return false;
}

static enum origin
origin_of(const struct splitting *splitting)
{
	enum origin origin = splitting->record->origin;

	if (splitting->goes.first != NULL && splitting->goes.first->kind == KIND_FINDER_REPORT)
		return ORIGIN_FINDER;
	if (splitting->goes.first != NULL && splitting->goes.first->kind == KIND_FORM_REPORT)
		return ORIGIN_FORM;
	return origin == ORIGIN_STAFF ? ORIGIN_COORDINATOR : origin;
}

static const char *
first_number(const struct splitting *splitting)
{
	bool by_person = splitting->record->origin == ORIGIN_STAFF;

	for (size_t i = 0; i < splitting->number_count; i++) {
		struct split_number at;

		split_number(&splitting->split, &splitting->numbers[i], by_person, &at);
		if (at.there)
			return splitting->numbers[i].number;
	}
	return NULL;
}

static const char *
first_site(const struct splitting *splitting)
{
	const struct record_case *record = splitting->record;

	for (size_t i = 0; i < record->site_count; i++) {
		if (split_site(&splitting->split, record->sites[i], true))
			return record->sites[i];
	}
	return NULL;
}

static int64_t
open_case(struct cli *cli, const struct splitting *splitting)
{
	const struct record_case *old = splitting->record;
	const struct record_message *first = splitting->goes.first;
	bool report = first != NULL &&
		(first->kind == KIND_FINDER_REPORT || first->kind == KIND_FORM_REPORT);
	struct record_case record = { .desk = old->desk, .origin = origin_of(splitting),
		.coordinator = report ? NULL : old->coordinator,
		.stage = splitting->goes.stage, .trust = splitting->goes.trust,
		.assignee = old->assignee, .updated_at = cli->now,
		.opened_at = first != NULL ? first->received_at : cli->now };

	record.title = title_make(cli->arena, first_number(splitting), first_site(splitting),
		first != NULL ? mail_kind_name(first->kind) : mail_kind_name(KIND_STAFF));
	return store_case_add(cli->store, &record);
}

static void
move_numbers(struct cli *cli, const struct splitting *splitting)
{
	int64_t old = splitting->record->id;
	bool by_person = splitting->record->origin == ORIGIN_STAFF;

	for (size_t i = 0; i < splitting->number_count; i++) {
		const struct record_number *number = &splitting->numbers[i];
		struct split_number at;

		split_number(&splitting->split, number, by_person, &at);
		if (!at.here)
			store_case_number_remove(cli->store, old, number->number);
		else if (number->bound && !at.bound_here)
			store_case_number_unbind(cli->store, old, number->number);
		if (at.there)
			store_case_number_add(cli->store, splitting->new_case, number->coordinator,
				number->number, at.bound_there);
	}
}

static void
move_sites(struct cli *cli, const struct splitting *splitting)
{
	const struct record_case *record = splitting->record;

	for (size_t i = 0; i < record->site_count; i++) {
		if (!split_site(&splitting->split, record->sites[i], true))
			continue;
		store_case_site_add(cli->store, splitting->new_case, record->sites[i]);
		if (!split_site(&splitting->split, record->sites[i], false) &&
			record->origin != ORIGIN_STAFF)
			store_case_site_remove(cli->store, record->id, record->sites[i]);
	}
}

static const char *
moved_ids(struct cli *cli, const struct splitting *splitting)
{
	const struct split *split = &splitting->split;
	int64_t *ids = arena_calloc(cli->arena, split->message_count + 1, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; i < split->message_count; i++) {
		if (split->moves[i])
			ids[count++] = split->messages[i].id;
	}
	return cli_ids(cli, ids, count);
}

/* The old case is what its mails still say; what a person set further stays. */
static int
commit_old(struct cli *cli, const struct splitting *splitting, const struct store_undo *undo,
	const struct store_undone *act)
{
	struct record_case *record =
		store_case_get(cli->store, cli->arena, splitting->record->id);
	const struct split_part *stays = &splitting->stays;

	if (record == NULL)
		return cli_read_well(cli);
	if (splitting->goes.stage == record->stage && stays->stage < record->stage)
		record->stage = stays->stage;
	record->trust = stays->first != NULL ? stays->trust : TRUST_UNVERIFIED;
	store_case_update(cli->store, record);
	store_undo_keep(cli->store, cli->arena, undo, act);
	return cli_commit_case(cli, record);
}

/* Of what there is no acknowledgement, now that the mails are parted: a person writes it. */
static void
tell_unacknowledged(struct cli *cli, int64_t case_id, enum stage stage)
{
	uint32_t have = store_acknowledged_stages(cli->store, case_id);

	if (stage != STAGE_NONE && (have & STAGE_BIT(stage)) == 0)
		(void)cli_fail(0, "case %lld has no acknowledgement of stage %s",
			(long long)case_id, stage_name(stage));
}

static void
tell(struct cli *cli, const struct splitting *splitting)
{
	struct record_case *record =
		store_case_get(cli->store, cli->arena, splitting->new_case);
	struct json_view view = cli_view(cli);

	if (record == NULL)
		return;
	if (cli->options[CLI_JSON] != NULL)
		cli_put_json(json_case_head(&view, record));
	else
		cli_put(arena_printf(cli->arena, "%lld\n", (long long)record->id));
	tell_unacknowledged(cli, splitting->record->id, splitting->stays.stage);
	tell_unacknowledged(cli, record->id, splitting->goes.stage);
}

static int
carry_out(struct cli *cli, struct splitting *splitting)
{
	const struct split *split = &splitting->split;
	const char *ids = moved_ids(cli, splitting);
	int64_t old = splitting->record->id;
	struct store_undone act = { .kind = STORE_UNDO_SPLIT, .case_id = old };
	struct store_undo *undo = store_undo_begin(cli->store, cli->arena, &act);
	int status;

	splitting->new_case = open_case(cli, splitting);
	for (size_t i = 0; i < split->message_count; i++) {
		if (split->moves[i])
			store_case_message_move(cli->store, old, splitting->new_case,
				split->messages[i].id);
	}
	/* What ended with a closed case was not this matter's end. */
	if (splitting->record->state == CASE_CLOSED)
		(void)store_deadlines_resume(cli->store, splitting->new_case);
	move_numbers(cli, splitting);
	move_sites(cli, splitting);
	/* Who takes part in the one is no stranger to the other; a finder's consent was for one. */
	store_case_parties_copy(cli->store, old, splitting->new_case);
	cli_log(cli, old, "messages %s split off into case %lld", ids,
		(long long)splitting->new_case);
	cli_log(cli, splitting->new_case, "case opened with messages %s of case %lld", ids,
		(long long)old);
	act.other = splitting->new_case;
	act.what = arena_printf(cli->arena, "messages %s of case %lld split off into case %lld", ids,
		(long long)old, (long long)act.other);
	status = commit_old(cli, splitting, undo, &act);
	if (status == EX_OK)
		tell(cli, splitting);
	return status;
}

int
verb_case_split(struct cli *cli)
{
	struct splitting splitting = { .new_case = 0 };
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	if (!cli_find_case_itself(cli, cli->args[0], &splitting.record, &status))
		return status;
	gather(cli, &splitting);
	if (!read_messages(cli, &splitting, &status) ||
		!leaves_something(&splitting, &status))
		return status;
	return carry_out(cli, &splitting);
}
