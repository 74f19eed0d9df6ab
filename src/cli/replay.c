/*
 * `replay`: old mail judged once more, by the very rooms and rules of the daemon,
 * against a store in memory that begins empty. Nothing is kept, sent or
 * changed. Under a second conf the same mail is judged again, and what would be
 * otherwise is told.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/mail_files.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "port/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define IN_HAND 64		/* messages given to the rooms at a time */
#define IN_HAND_BYTES ((size_t)16 * 1024 * 1024)
#define PIECE_MAX ((size_t)2 << 30)
#define MISTAKES_MAX (1024 * 1024)
#define NUMBERS_TEXT_MAX ((size_t)NUMBERS_MAX * (NUMBER_MAX + 2))

struct replaying {
	struct cli *cli;
	const struct replay_list *list;
	struct replay_run *run;
	struct engine *engine;
	struct store *store;
	struct progress progress;
	size_t *opener;		/* by case: index of the message that opened it */
	size_t in_hand_bytes;
};

/* --- what is told of each --- */

static const char *
numbers_text(struct cli *cli, const struct decision *decision)
{
	const struct decide_first *first = &decision->first;
	struct text text;

	if (first->own_numbers == 0)
		return "";
	text_init(&text, cli->arena, NUMBERS_TEXT_MAX);
	for (size_t i = 0; i < first->own_numbers; i++)
		text_addf(&text, "%s%s", i > 0 ? ", " : "", first->numbers.hit[i].number);
	return text.data;
}

static size_t
opener_of(const struct replaying *replaying, int64_t case_id)
{
	return case_id > 0 && (size_t)case_id <= replaying->list->count
		? replaying->opener[case_id] : 0;
}

static void
set_case(struct replaying *replaying, const struct engine_judged *judged,
	struct replay_verdict *verdict)
{
	const struct decide_thread *thread = &judged->decision->thread;

	verdict->place = thread->place;
	verdict->beside = thread->place == PLACE_UNFILED && thread->shown_beside != 0;
	if (judged->new_case && (size_t)judged->case_id <= replaying->list->count) {
		replaying->opener[judged->case_id] = judged->tag;
		replaying->run->cases++;
	}
	verdict->opener = opener_of(replaying,
		verdict->beside ? thread->shown_beside : judged->case_id);
}

static void
set_verdict(struct replaying *replaying, const struct engine_judged *judged,
	struct replay_verdict *verdict)
{
	const struct decision *decision = judged->decision;

	verdict->kind = decision->thread.kind;
	verdict->stage = decision->thread.stage;
	verdict->trust = decision->first.trust.trust;
	verdict->row = decision->thread.row;
	verdict->numbers = numbers_text(replaying->cli, decision);
	verdict->answer = decision->answer;
	verdict->answer_stage = decision->answer_stage;
	verdict->answer_state = decision->answer_state;
	verdict->answer_why = decision->answer_why;
	verdict->alert = decision->alert;
	verdict->open_count = decision->opens_deadlines ? decision->open_count : 0;
	memcpy(verdict->opens, decision->opens, sizeof(verdict->opens));
	for (size_t i = 0; i < decision->problem_count; i++)
		verdict->problems |= UINT64_C(1) << decision->problems[i];
	set_case(replaying, judged, verdict);
}

static void
judged(void *context, const struct engine_judged *judged)
{
	struct replaying *replaying = context;
	struct replay_run *run = replaying->run;
	struct replay_verdict *verdict = &run->verdicts[judged->tag];

	/* A commit that failed is made again. */
	if (verdict->state != REPLAY_UNREAD)
		return;
	replaying->in_hand_bytes -= replaying->list->mails[judged->tag].len;
	if (judged->decision == NULL) {
		verdict->state = REPLAY_SAME;
		run->same++;
	} else {
		verdict->state = REPLAY_JUDGED;
		set_verdict(replaying, judged, verdict);
		run->judged++;
	}
	progress_step(&replaying->progress, run->judged + run->same + run->unread);
}

/* --- one run --- */

static bool
stands(const struct replaying *replaying)
{
	return !engine_failed(replaying->engine) && engine_standing(replaying->engine);
}

/* The rooms always have enough to do, and never more than memory is meant for. */
static void
make_room(struct replaying *replaying)
{
	while (stands(replaying) && engine_waiting(replaying->engine) > 0 &&
		(engine_waiting(replaying->engine) >= IN_HAND ||
			replaying->in_hand_bytes > IN_HAND_BYTES))
		engine_turn(replaying->engine, -1, -1);
}

/* As the conf names it; Maildir++ has dots where IMAP may have slashes. */
static bool
is_sent(const struct replaying *replaying, const char *folder)
{
	const char *sent = replaying->run->conf->policy.desks[replaying->run->desk].sent_folder;

	if (folder == NULL)
		return false;
	while (*sent != '\0' && (*folder == *sent || (*folder == '.' && *sent == '/'))) {
		folder++;
		sent++;
	}
	return *folder == '\0' && *sent == '\0';
}

static int
give(struct replaying *replaying, const struct mail_found *found, size_t tag)
{
	const struct replay_run *run = replaying->run;
	struct engine_handed handed = { .desk = run->desk,
		.received_at = found->at,
		.size = found->size,
		.from_sent = is_sent(replaying, replaying->list->mails[tag].folder),
		.tag = tag };
	struct mail_wire wire;

	mail_wire_make(found, (size_t)run->conf->desks[run->desk].imap.max_size, &wire);
	handed.header_only = wire.header_only;
	handed.fd = io_memfd(wire.text.data, wire.len);
	mail_wire_free(&wire);
	if (handed.fd < 0)
		return cli_fail(EX_TEMPFAIL, "%s: no memory file: %s", found->name,
			strerrordesc_np(errno));
	replaying->in_hand_bytes += found->len;
	engine_hand_over(replaying->engine, &handed);
	io_close(&handed.fd);
	return EX_OK;
}

/* One that is gone or was cut since it was listed is told, and the next one taken. */
static int
give_next(struct replaying *replaying, size_t tag)
{
	const struct replay_mail *mail = &replaying->list->mails[tag];
	struct arena *arena = arena_new(ARENA_WIPED, PIECE_MAX);
	struct mail_found found = { .name = mail->name,
		.path = mail->path,
		.len = mail->len,
		.size = (int64_t)mail->len,
		.at = mail->at,
		.quoted = mail->quoted };
	int status = EX_OK;
	struct err err;
	char *bytes;

	make_room(replaying);
	if (!stands(replaying)) {
		status = EX_TEMPFAIL;
	} else if (io_read_part(arena, mail->path, mail->offset, mail->len, &bytes, &err) == DONE) {
		found.bytes = bytes;
		status = give(replaying, &found, tag);
	} else {
		progress_hide(&replaying->progress);
		(void)cli_fail(EX_NOINPUT, "%s: %s", mail->name, err.text);
		replaying->run->unread++;
	}
	arena_free(&arena);
	return status;
}

static int
run_all(struct replaying *replaying)
{
	const struct replay_list *list = replaying->list;
	int64_t began = clock_mono_ms();
	int status = EX_OK;

	progress_begin(&replaying->progress, "mails", list->count);
	for (size_t i = 0; i < list->count && status == EX_OK; i++)
		status = give_next(replaying, i);
	while (status == EX_OK && !engine_idle(replaying->engine) && stands(replaying))
		engine_turn(replaying->engine, -1, -1);
	progress_hide(&replaying->progress);
	replaying->run->took_ms = clock_mono_ms() - began;
	if (!stands(replaying))
		return cli_fail(EX_TEMPFAIL,
			"memory, or the processes that open mail, gave out: what was judged is not told");
	return status;
}

static int
start(struct replaying *replaying)
{
	struct engine_options options = { .dry = true, .judged = judged, .context = replaying };
	struct err err;
	enum outcome outcome =
		engine_open(replaying->run->conf, &options, &replaying->engine, &err);

	if (outcome == DONE)
		outcome = store_open(":memory:", true, &replaying->store, &err);
	if (outcome == DONE)
		outcome = engine_start(replaying->engine, replaying->store, &err);
	if (outcome == DONE)
		return EX_OK;
	return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_CONFIG, "%s", err.text);
}

static int
replay_run(struct cli *cli, const struct replay_list *list, struct replay_run *run)
{
	struct replaying replaying = { .cli = cli, .list = list, .run = run };
	int status;

	run->verdicts = arena_calloc(cli->arena, list->count, sizeof(*run->verdicts));
	replaying.opener = arena_calloc(cli->arena, list->count + 1, sizeof(*replaying.opener));
	status = start(&replaying);
	if (status == EX_OK)
		status = run_all(&replaying);
	engine_close(&replaying.engine);
	store_close(&replaying.store);
	return status;
}

/* --- the verb --- */

static int
read_other(struct cli *cli, const char *file, struct conf **conf_r)
{
	struct text mistakes;

	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	*conf_r = conf_read(cli->arena, file, cli->data_dir, NULL, &mistakes);
	if (*conf_r != NULL)
		return EX_OK;
	(void)fputs(mistakes.data, stderr);
	return EX_CONFIG;
}

/* The desk of --desk, or the only one; under a second conf that of the same title, or the only one. */
static int
choose_desk(const char *title, struct replay_run *run)
{
	const struct policy *policy = &run->conf->policy;

	for (run->desk = 0; title != NULL && run->desk < policy->desk_count; run->desk++) {
		if (text_equal(policy->desks[run->desk].title, title))
			return EX_OK;
	}
	run->desk = 0;
	if (policy->desk_count == 1)
		return EX_OK;
	return cli_fail(EX_USAGE, "%s has several desks: say which with --desk", run->conf_file);
}

static int
tell_other(struct cli *cli, const struct replay_list *list, const struct replay_run *before,
	struct replay_run *after)
{
	int status = replay_run(cli, list, after);

	if (status == EX_OK)
		replay_tell_changes(cli, list, before, after);
	return status;
}

/* The list is not made before both confs are known to be right. */
static int
replay(struct cli *cli, struct replay_run *run, struct replay_run *other)
{
	struct replay_list list;
	int listed = replay_list(cli, &list), status;

	if (list.count == 0)
		return listed;
	status = replay_run(cli, &list, run);
	if (status == EX_OK && other != NULL)
		status = tell_other(cli, &list, run, other);
	else if (status == EX_OK)
		replay_tell(cli, &list, run);
	if (status != EX_OK)
		return status;
	return listed != EX_OK || run->unread > 0 || (other != NULL && other->unread > 0)
		? EXIT_FAILURE : EX_OK;
}

int
verb_replay(struct cli *cli)
{
	struct replay_run run = { .conf = cli->conf, .conf_file = cli->conf_file };
	struct replay_run other = { .conf_file = cli->options[CLI_AGAINST] };
	struct conf *conf = NULL;
	size_t desk;
	int status = EX_OK;

	if (cli->options[CLI_DESK] != NULL && !cli_find_desk(cli, cli->options[CLI_DESK], &desk, &status))
		return status;
	status = choose_desk(cli->options[CLI_DESK], &run);
	if (status == EX_OK && other.conf_file != NULL)
		status = read_other(cli, other.conf_file, &conf);
	other.conf = conf;
	if (status == EX_OK && conf != NULL)
		status = choose_desk(run.conf->policy.desks[run.desk].title, &other);
	if (status == EX_OK)
		status = replay(cli, &run, conf != NULL ? &other : NULL);
	conf_close(conf);
	return status;
}
