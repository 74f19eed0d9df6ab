/*
 * `reply`: a person writes in a case. What is to be sent is shown with whom it goes to
 * and under which keys; it is sealed here, and the daemon sends it. Nothing of its text
 * is stored, logged or printed but on a terminal.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/letter.h"
#include "flow/replies.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/json.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define SLOT "(...)"	/* where the text goes, in what the editor shows */

/* --- what is wanted --- */

static bool
read_kind(struct cli *cli, struct reply *reply, int *status_r)
{
	const char *kind = cli->options[CLI_KIND], *result = cli->options[CLI_RESULT];

	reply->kind = KIND_REPLY;
	if (kind != NULL && !reply_kind_read(kind, &reply->kind))
		*status_r = cli_fail(EX_USAGE, "--kind is one of " REPLY_KINDS);
	else if (result != NULL && !reply_result_read(result, &reply->result))
		*status_r = cli_fail(EX_USAGE, "--result is one of " REPLY_RESULTS_WORDS);
	else
		return true;
	return false;
}

static int
coordinator_of(const struct policy *policy, const char *name)
{
	for (size_t i = 0; name != NULL && i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name))
			return (int)i;
	}
	return -1;
}

/* The desk's, unless the person names another for this letter. */
static bool
read_language(struct cli *cli, struct reply *reply, int *status_r)
{
	const char *word = cli->options[CLI_LANG];

	reply->language = cli->conf->policy.desks[reply->desk].language;
	if (text_equal(word, "ja"))
		reply->language = LANGUAGE_JA;
	else if (text_equal(word, "en"))
		reply->language = LANGUAGE_EN;
	else if (word != NULL)
		*status_r = cli_fail(EX_USAGE, "--lang is ja or en");
	return *status_r == EX_OK;
}

/* The coordinator where the case has one, else the finder; or whom --to names. */
static bool
find_addressee(struct cli *cli, struct reply *reply, int *status_r)
{
	const char *to = cli->options[CLI_TO];
	const struct record_case *record = reply->record;
	bool to_finder = to != NULL ? !text_equal(to, CLI_TO_COORDINATOR) : record->coordinator == NULL;
	struct err err;

	reply->coordinator = coordinator_of(&cli->conf->policy, record->coordinator);
	if (record->coordinator != NULL && reply->coordinator < 0) {
		*status_r = cli_fail(EX_CONFIG, "the conf has no coordinator %s any more",
			record->coordinator);
		return false;
	}
	if (!to_finder && reply->coordinator < 0) {
		*status_r = cli_fail(EX_DATAERR, "case %lld has no coordinator: madoguchi case set %s "
			"coordinator NAME", (long long)record->id, cli->args[0]);
		return false;
	}
	if (!to_finder)
		return true;
	reply->finder = replies_finder(cli->engine, cli->arena, record,
		to == NULL || text_equal(to, "finder") ? NULL : to, &err);
	if (reply->finder == NULL)
		*status_r = cli_fail(EX_DATAERR, "%s", err.text);
	return reply->finder != NULL;
}

/* A day that is later than what is owed now. */
static bool
read_until(struct cli *cli, struct reply *reply, int *status_r)
{
	const struct record_case *record = reply->record;
	struct record_deadline *list;
	size_t count;

	if (cli->options[CLI_UNTIL] == NULL)
		return true;
	if (!cli_find_date(cli, record->desk, cli->options[CLI_UNTIL], &reply->until, status_r))
		return false;
	if (record->state == CASE_CLOSED) {
		*status_r = cli_fail(EX_DATAERR, "case %lld is closed: madoguchi case reopen %s",
			(long long)record->id, cli->args[0]);
		return false;
	}
	count = store_deadlines(cli->store, cli->arena, record->id, &list);
	for (size_t i = 0; i < count; i++) {
		if (list[i].kind != DEADLINE_REMEDIATION || list[i].state != DEADLINE_PENDING ||
			list[i].due < reply->until)
			continue;
		*status_r = cli_fail(EX_DATAERR, "remediation is due %s: an extension names a later day",
			cli_time(cli, list[i].due, record->desk));
		return false;
	}
	return true;
}

static bool
has_all(struct cli *cli, const struct reply *reply, bool with_text, int *status_r)
{
	struct record_number *numbers;
	size_t count = store_case_numbers(cli->store, cli->arena, reply->record->id, &numbers);
	const struct reply_has has = { reply->kind, reply->result, reply->coordinator >= 0,
		cli->options[CLI_RESULT] != NULL, reply->until != 0, with_text,
		reply_number(numbers, count, reply->record->coordinator) != NULL,
		reply->record->site_count > 0 };
	static const char *const whys[REPLY_FAULTS] = {
		[REPLY_WANTS_RESULT] = "a finding says what came of it: --result is one of "
			REPLY_RESULTS_WORDS,
		[REPLY_TAKES_NO_RESULT] = "only a finding takes --result",
		[REPLY_WANTS_UNTIL] = "an extension names a day: --until DATE",
		[REPLY_TAKES_NO_UNTIL] = "only an extension takes --until",
		[REPLY_WANTS_NUMBER] = "a completion report names the coordinator's handling number, and "
			"the case has none: madoguchi case set CASE number NUMBER",
		[REPLY_WANTS_SITE] = "a completion report names the web site, and the case has none: "
			"madoguchi case site CASE URL",
		[REPLY_WANTS_TEXT] = "it says nothing yet: a completion report wants what was done, "
			"progress how it stands, not-a-vulnerability the reason, a plain letter its text "
			"(--body FILE, or - for a pipe)",
	};
	enum reply_fault fault = reply_check(&has);

	if (fault == REPLY_FINE)
		return true;
	*status_r = cli_fail(fault == REPLY_WANTS_NUMBER || fault == REPLY_WANTS_SITE ? EX_DATAERR
										      : EX_USAGE,
		"%s", whys[fault]);
	return false;
}

/* All but a text that is still to be typed. */
static bool
gather(struct cli *cli, struct reply *reply, int *status_r)
{
	struct record_case *record;

	if (!read_kind(cli, reply, status_r) ||
		!cli_find_case(cli, cli->args[0], &record, status_r) ||
		!cli_find_desk(cli, record->desk, &reply->desk, status_r) ||
		!read_language(cli, reply, status_r))
		return false;
	reply->record = record;
	reply->who = cli->who;
	reply->now = cli->now;
	return find_addressee(cli, reply, status_r) && read_until(cli, reply, status_r) &&
		has_all(cli, reply, true, status_r) &&
		letter_body(cli, &reply->body, status_r) &&
		(letter_is_typed(cli) || has_all(cli, reply, reply->body[0] != '\0', status_r)) &&
		letter_attachments(cli, &reply->attachments, &reply->attachment_count, status_r);
}

static bool
make(struct cli *cli, const struct reply *reply, struct reply_letters *letters_r, int *status_r)
{
	struct err err;

	if (replies_make(cli->engine, cli->arena, reply, letters_r, &err) == DONE)
		return true;
	*status_r = cli_fail(EX_DATAERR, "%s", err.text);
	return false;
}

/* --- showing and asking --- */

static void
put_line(struct cli *cli, const char *name, const char *value)
{
	cli_put(arena_printf(cli->arena, "%-10s%s\n", name, text_printable(cli->arena, value)));
}

static void
show(struct cli *cli, const struct reply *reply, const struct reply_letters *letters)
{
	const struct reply_letter *first = &letters->at[0];

	for (size_t i = 0; i < letters->count; i++) {
		put_line(cli, i == 0 ? "To:" : "Copy to:", letters->at[i].to);
		put_line(cli, "  under:", arena_printf(cli->arena, "%s and the window's %s",
			letters->at[i].keys[0], letters->at[i].keys[1]));
	}
	put_line(cli, "Outside:", first->outer_subject);
	for (size_t i = 0; i < reply->attachment_count; i++)
		put_line(cli, "Attached:", arena_printf(cli->arena, "%s (%zu bytes)",
			reply->attachments[i].name, reply->attachments[i].len));
	/* What goes sealed is shown to a person, and not to a file or a log. */
	if (!ask_terminal())
		return;
	put_line(cli, "Subject:", first->subject);
	cli_put(arena_printf(cli->arena, "\n%s\n", text_printable(cli->arena, first->text)));
}

/* What is to go as it stands now; of a text that was typed and does not do, what is wrong is said. */
static bool
try(struct cli *cli, struct reply *reply, struct reply_letters *letters, bool typed, int *status_r)
{
	if (typed && (!letter_fits(reply->body, status_r) ||
			!has_all(cli, reply, reply->body[0] != '\0', status_r)))
		return false;
	cli->now = reply->now = clock_now();
	return make(cli, reply, letters, status_r);
}

/*
 * The editor, the letter, the question, until the person is content or gives it up: what
 * was typed stands nowhere else, so what is refused can be mended.
 */
static bool
write_and_ask(struct cli *cli, struct reply *reply, struct reply_letters *letters, int *status_r)
{
	bool typed = letter_is_typed(cli);
	const char *frame;

	reply->body = typed ? SLOT : reply->body;
	if (!make(cli, reply, letters, status_r))
		return false;
	frame = letters->at[0].text;
	reply->body = typed ? "" : reply->body;
	for (;;) {
		*status_r = EX_OK;
		if (typed && !letter_edit(cli, reply->body, frame, &reply->body, status_r))
			return false;
		if (try(cli, reply, letters, typed, status_r)) {
			if (cli->options[CLI_JSON] == NULL)
				show(cli, reply, letters);
			if (cli->options[CLI_YES] != NULL || !ask_terminal() ||
				ask_yes(cli, "Seal it and put it into the outbox", false))
				return true;
			*status_r = EXIT_FAILURE;
		}
		if (!typed && *status_r != EXIT_FAILURE)
			return false;
		if (!typed || !ask_yes(cli, "Edit it again", true)) {
			(void)cli_fail(*status_r, "nothing is sent");
			return false;
		}
	}
}

/* --- the end --- */

static void
tell_json(struct cli *cli, const int64_t *ids, size_t count)
{
	struct json_view view = cli_view(cli);
	struct jsontext *object = NULL, *copies = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++) {
		struct record_outbox *entry = store_outbox_get(cli->store, cli->arena, ids[i]);

		if (entry != NULL && i == 0)
			object = json_outbox(&view, entry);
		else if (entry != NULL)
			jsontext_add(copies, json_outbox(&view, entry));
	}
	if (object == NULL)
		return;
	jsontext_put(object, "copies", copies);
	cli_put_json(object);
}

/*
 * A text that was typed stands nowhere but here, and must not on a disk: it is kept for as
 * long as the person wants to try.
 */
static int
seal_and_queue(struct cli *cli, const struct reply *reply, const struct reply_letters *letters,
	int64_t ids_r[REPLY_LETTERS])
{
	enum outcome outcome;
	struct err err;
	int status;

	while ((outcome = replies_queue(cli->engine, reply, letters, ids_r, &err)) != DONE) {
		status = outcome == LATER ? EX_TEMPFAIL : EX_DATAERR;
		if (!letter_is_typed(cli))
			return cli_fail(status, "%s; nothing is sent, the text is still yours alone%s",
				err.text, outcome == LATER ? ": try again" : "");
		(void)cli_fail(status, "%s; nothing is sent yet, the text is still here", err.text);
		if (!ask_yes(cli, "Try again", true))
			return cli_fail(status, "nothing is sent, and the text that you typed is gone");
	}
	return EX_OK;
}

static int
queue(struct cli *cli, const struct reply *reply, const struct reply_letters *letters)
{
	int64_t ids[REPLY_LETTERS];
	int status = seal_and_queue(cli, reply, letters, ids);

	if (status != EX_OK)
		return status;
	cli->changed = true;
	if (cli->options[CLI_JSON] != NULL) {
		tell_json(cli, ids, letters->count);
		return cli_read_well(cli);
	}
	for (size_t i = 0; i < letters->count; i++)
		cli_put(arena_printf(cli->arena, "outbox %lld: %s to %s, queued\n", (long long)ids[i],
			mail_kind_name(reply->kind), letters->at[i].to));
	return EX_OK;
}

int
verb_reply(struct cli *cli)
{
	struct reply reply = { .coordinator = -1 };
	struct reply_letters letters;
	int status = EX_OK;

	if (cli->options[CLI_JSON] != NULL && cli->options[CLI_YES] == NULL && ask_terminal())
		return cli_fail(EX_USAGE, "--json shows nothing and asks nothing: say --yes too");
	if (!gather(cli, &reply, &status) || !write_and_ask(cli, &reply, &letters, &status))
		return status;
	return queue(cli, &reply, &letters);
}
