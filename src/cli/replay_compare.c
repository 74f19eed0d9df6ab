/*
 * Verdicts of `replay` as words, and what two of them differ in. A case has no
 * number of its own here that would be the same in two runs: it is named by the
 * mail that opened it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"

#define FIELD_MAX 8000	/* bytes of one field's words */
#define NONE "none"

const char *
replay_field_name(enum replay_field field)
{
	static const char *const names[REPLAY_FIELDS] = {
		[REPLAY_STATE] = "read",
		[REPLAY_KIND] = "kind",
		[REPLAY_STAGE] = "stage",
		[REPLAY_TRUST] = "trust",
		[REPLAY_CASE] = "case",
		[REPLAY_NUMBERS] = "numbers",
		[REPLAY_ANSWER] = "answer",
		[REPLAY_DEADLINES] = "deadlines",
		[REPLAY_ALERT] = "alert",
		[REPLAY_PROBLEMS] = "problems",
	};

	return names[field];
}

const char *
replay_case_word(const struct replay_verdict *verdict)
{
	switch (verdict->place) {
	case PLACE_NEW:
		return "new";
	case PLACE_JOIN:
		return "joins";
	case PLACE_UNFILED:
		return "beside";
	default:
		return NONE;
	}
}

const char *
replay_answer_text(struct cli *cli, const struct replay_verdict *verdict)
{
	if (verdict->answer == KIND_OWN)
		return NONE;
	return arena_printf(cli->arena, "%s %s", mail_kind_name(verdict->answer),
		outbox_state_name(verdict->answer_state));
}

static const char *
case_text(struct cli *cli, const struct replay_list *list, const struct replay_verdict *verdict)
{
	const char *opener = list->mails[verdict->opener].name;

	if (verdict->place == PLACE_JOIN)
		return arena_printf(cli->arena, "joins that of %s", opener);
	if (verdict->beside)
		return arena_printf(cli->arena, "beside that of %s", opener);
	return replay_case_word(verdict);
}

/* With the reason, where a person would have to release it, or where there is none. */
static const char *
answer_text(struct cli *cli, const struct replay_verdict *verdict)
{
	const char *what = replay_answer_text(cli, verdict);

	if (verdict->answer_why == ANSWER_WHY_RULE)
		return what;
	return arena_printf(cli->arena, "%s (%s)", what, answer_why_text(verdict->answer_why));
}

static const char *
deadlines_text(struct cli *cli, const struct replay_run *run, const struct replay_verdict *verdict)
{
	const char *desk = run->conf->policy.desks[run->desk].title;
	struct text text;

	if (verdict->open_count == 0)
		return NONE;
	text_init(&text, cli->arena, FIELD_MAX);
	for (size_t i = 0; i < verdict->open_count; i++)
		text_addf(&text, "%s%s %s", i > 0 ? ", " : "",
			deadline_kind_name(verdict->opens[i].kind),
			cli_time(cli, verdict->opens[i].due, desk));
	return text.data;
}

static const char *
problems_text(struct cli *cli, uint64_t problems)
{
	struct text text;

	if (problems == 0)
		return NONE;
	text_init(&text, cli->arena, FIELD_MAX);
	for (int i = 0; i < PROBLEMS; i++) {
		if ((problems & (UINT64_C(1) << i)) != 0)
			text_addf(&text, "%s%s", text.len > 0 ? "; " : "",
				problem_text((enum problem)i));
	}
	return text.data;
}

static const char *
field_text(struct cli *cli, const struct replay_list *list, const struct replay_run *run, size_t at,
	enum replay_field field)
{
	const struct replay_verdict *verdict = &run->verdicts[at];

	switch (field) {
	case REPLAY_STATE:
		return verdict->state == REPLAY_UNREAD ? "no" : "yes";
	case REPLAY_KIND:
		return mail_kind_name(verdict->kind);
	case REPLAY_STAGE:
		return verdict->stage == STAGE_NONE ? NONE : stage_name(verdict->stage);
	case REPLAY_TRUST:
		return trust_name(verdict->trust);
	case REPLAY_CASE:
		return case_text(cli, list, verdict);
	case REPLAY_NUMBERS:
		return verdict->numbers[0] != '\0' ? verdict->numbers : NONE;
	case REPLAY_ANSWER:
		return answer_text(cli, verdict);
	case REPLAY_DEADLINES:
		return deadlines_text(cli, run, verdict);
	case REPLAY_ALERT:
		return alert_kind_name(verdict->alert);
	default:
		return problems_text(cli, verdict->problems);
	}
}

size_t
replay_compare(struct cli *cli, const struct replay_list *list, const struct replay_run *before,
	const struct replay_run *after, size_t at, struct replay_change changes_r[REPLAY_FIELDS])
{
	bool judged = before->verdicts[at].state == REPLAY_JUDGED &&
		after->verdicts[at].state == REPLAY_JUDGED;
	size_t count = 0;

	/* Of bytes that came before there is nothing else to compare. */
	for (int field = 0; field < (judged ? REPLAY_FIELDS : REPLAY_STATE + 1); field++) {
		struct replay_change change = { .field = (enum replay_field)field,
			.before = field_text(cli, list, before, at, (enum replay_field)field),
			.after = field_text(cli, list, after, at, (enum replay_field)field) };

		if (!text_equal(change.before, change.after))
			changes_r[count++] = change;
	}
	return count;
}
