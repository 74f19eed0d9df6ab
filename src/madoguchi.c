/*
 * The tool: a table of verbs, and the reading of the command line against it.
 * What a verb does stands in cli/; here nothing is opened and nothing decided.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/init.h"
#include "cli/verbs.h"
#include "rule/reply.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#define ARGS_MAX 4096	/* words of a command line */

/* Shorter names for the table below. */
#define ARGS(count) .args_min = (count), .args_max = (count)
#define OPT(option) CLI_BIT(CLI_##option)
#define READS .store = CLI_STORE_READ
#define WRITES .store = CLI_STORE_WRITE

static const struct cli_verb verbs[] = {
	{ .noun = "status", .run = verb_status, .options = OPT(JSON), READS,
		.help = "how the daemon is: folders, backlog, outbox, next deadlines" },
	{ .noun = "init", .run = verb_init, .bare = true, .questions = true,
		.arguments = "[FLAG VALUE ...]",
		.help = "make conf, keyring, the desk's key and store; asks at a terminal, else by flags:" },
	{ .noun = "doctor", .run = verb_doctor, .options = OPT(JSON), .alone = true,
		.help = "try everything, a line each with what to do" },
	{ .noun = "drill", .run = verb_drill, .options = OPT(JSON) | OPT(DESK) | OPT(TIMEOUT),
		.arguments = "[--desk DESK] [--timeout SECONDS]",
		.help = "send a sealed notification to ourselves through the real mailbox, and see it "
			"answered" },
	{ .noun = "case", .verb = "list", .run = verb_case_list, READS,
		.options = OPT(JSON) | OPT(STATE) | OPT(OVERDUE) | OPT(DESK),
		.arguments = "[--state open|closed|all] [--overdue] [--desk DESK]",
		.help = "the cases; without --state the open ones" },
	{ .noun = "case", .verb = "show", .run = verb_case_show, ARGS(1), READS,
		.options = OPT(JSON) | OPT(DECRYPT), .engine_for = OPT(DECRYPT),
		.arguments = "CASE [--decrypt]", .help = "one case with all that is on record" },
	{ .noun = "case", .verb = "open", .run = verb_case_open, WRITES,
		.options = OPT(DESK) | OPT(NUMBER) | OPT(SITE) | OPT(TITLE) | OPT(COORDINATOR) |
			OPT(JSON),
		.arguments = "--desk DESK [--number NUMBER] [--site URL] [--title TITLE] "
			"[--coordinator NAME]",
		.help = "a case that came by telephone, fax or post; prints its id" },
	{ .noun = "case", .verb = "set", .run = verb_case_set, ARGS(3), WRITES,
		.arguments = "CASE number|stage|phase|coordinator VALUE",
		.help = "correct what the record says" },
	{ .noun = "case", .verb = "site", .run = verb_case_site, ARGS(2), WRITES,
		.arguments = "CASE URL", .help = "one of the desk's sites is concerned too" },
	{ .noun = "case", .verb = "finder", .run = verb_case_finder, ARGS(2), WRITES,
		.options = OPT(CONSENTED), .arguments = "CASE ADDRESS --consented",
		.help = "the finder agreed to write and be written to directly" },
	{ .noun = "case", .verb = "take", .run = verb_case_take, ARGS(1), WRITES,
		.arguments = "CASE", .help = "I see to it" },
	{ .noun = "case", .verb = "assign", .run = verb_case_assign, ARGS(2), WRITES,
		.arguments = "CASE STAFF", .help = "someone else sees to it" },
	{ .noun = "case", .verb = "call", .run = verb_case_call, ARGS(2), WRITES,
		.options = OPT(MEETS), .arguments = "CASE TEXT [--meets KIND]",
		.help = "put a conversation on record; it may meet a deadline" },
	{ .noun = "case", .verb = "note", .run = verb_case_note, ARGS(2), WRITES,
		.arguments = "CASE TEXT", .help = "put a note on record, in clear: no details" },
	{ .noun = "case", .verb = "tick", .run = verb_case_tick, ARGS(2), WRITES,
		.arguments = "CASE ITEM", .help = "an item of the checklist is done; the phase follows" },
	{ .noun = "case", .verb = "untick", .run = verb_case_untick, ARGS(2), WRITES,
		.arguments = "CASE ITEM", .help = "it is not" },
	{ .noun = "case", .verb = "due", .run = verb_case_due, ARGS(3), WRITES,
		.arguments = "CASE KIND DATE", .help = "a deadline by hand, instead of the one that is pending" },
	{ .noun = "case", .verb = "done", .run = verb_case_done, ARGS(2), WRITES,
		.arguments = "CASE KIND", .help = "a deadline is met" },
	{ .noun = "case", .verb = "incident", .run = verb_case_incident, ARGS(1), WRITES,
		.arguments = "CASE",
		.help = "trouble is under way: open the list for it, and tell the decision maker" },
	{ .noun = "case", .verb = "close", .run = verb_case_close, ARGS(1), WRITES,
		.options = OPT(WHY), .arguments = "CASE --why WHY",
		.help = "it is over; its deadlines end" },
	{ .noun = "case", .verb = "reopen", .run = verb_case_reopen, ARGS(1), WRITES,
		.options = OPT(WHY), .arguments = "CASE [--why WHY]",
		.help = "it goes on, and so do the deadlines that closing ended" },
	{ .noun = "case", .verb = "merge", .run = verb_case_merge, ARGS(2), WRITES,
		.options = OPT(WHY), .arguments = "CASE INTO [--why WHY]",
		.help = "two cases are one: the first is found as the second; case undo takes it back" },
	{ .noun = "case", .verb = "split", .run = verb_case_split, WRITES,
		.args_min = 2, .args_max = ARGS_MAX, .options = OPT(JSON),
		.arguments = "CASE MESSAGE...",
		.help = "these messages are another matter: a new case; prints its id; case undo takes it "
			"back" },
	{ .noun = "case", .verb = "undo", .run = verb_case_undo, ARGS(1), WRITES,
		.options = OPT(WHY), .arguments = "CASE [--why WHY]",
		.help = "take back the last merge, split or filed message of the case" },
	{ .noun = "ingest", .run = verb_ingest, .args_max = ARGS_MAX, WRITES, .engine = true,
		.options = OPT(JSON) | OPT(DESK) | OPT(RECEIVED), .takes_mail = true,
		.arguments = "[--desk DESK] [--received TIME] [FILE ...]",
		.help = "file mail from a pipe, files, an mbox, a Maildir or a folder" },
	{ .noun = "replay", .run = verb_replay, .args_min = 1, .args_max = ARGS_MAX,
		.options = OPT(JSON) | OPT(DESK) | OPT(AGAINST),
		.arguments = "PATH... [--against CONF] [--desk DESK]",
		.help = "judge old mail once more, and change nothing: a summary, or what another "
			"conf would change" },
	{ .noun = "reconcile", .run = verb_reconcile, ARGS(1), READS,
		.options = OPT(JSON) | OPT(DESK) | OPT(COORDINATOR),
		.arguments = "FILE [--coordinator NAME] [--desk DESK]",
		.help = "a coordinator's list of numbers against the cases; ends with 1 where they "
			"differ" },
	{ .noun = "message", .verb = "list", .run = verb_message_list, READS,
		.options = OPT(JSON) | OPT(IN) | OPT(OUT) | OPT(UNFILED),
		.arguments = "[--in|--out] [--unfiled]", .help = "every message, the newest last" },
	{ .noun = "message", .verb = "show", .run = verb_message_show, ARGS(1), READS,
		.options = OPT(JSON) | OPT(RAW), .engine = true, .arguments = "MESSAGE [--raw]",
		.help = "one message, opened on the screen only; --raw: as it came" },
	{ .noun = "message", .verb = "why", .run = verb_message_why, ARGS(1), READS,
		.options = OPT(JSON), .engine = true, .arguments = "MESSAGE",
		.help = "why it was taken for what it was" },
	{ .noun = "message", .verb = "file", .run = verb_message_file, ARGS(2), WRITES,
		.arguments = "MESSAGE CASE", .help = "put a message into a case; case undo takes it back" },
	{ .noun = "message", .verb = "trust", .run = verb_message_trust, ARGS(1), WRITES,
		.options = OPT(WHY), .engine = true, .arguments = "MESSAGE --why WHY",
		.help = "a person knows that it is genuine; it is judged again" },
	{ .noun = "message", .verb = "forged", .run = verb_message_forged, ARGS(1), WRITES,
		.options = OPT(WHY), .engine = true, .arguments = "MESSAGE [--why WHY]",
		.help = "a person knows that it is forged; it is judged again" },
	{ .noun = "reply", .run = verb_reply, ARGS(1), WRITES, .engine = true,
		.options = OPT(JSON) | OPT(KIND) | OPT(RESULT) | OPT(UNTIL) | OPT(TO) | OPT(BODY) |
			OPT(ATTACH) | OPT(LANG) | OPT(YES),
		.arguments = "CASE [--kind KIND] [--result RESULT] [--until DATE] [--to finder|coordinator] "
			"[--body FILE|-] [--attach FILE ...] [--lang ja|en] [--yes]",
		.help = "write a letter in the case, signed and sealed; opens an editor at a terminal. "
			"KIND: " REPLY_KINDS },
	{ .noun = "forward", .run = verb_forward, ARGS(1), WRITES, .engine = true,
		.options = OPT(TO) | OPT(MESSAGE) | OPT(YES),
		.arguments = "CASE --to STAFF|coordinator [--message MESSAGE] [--yes]",
		.help = "hand the case's mail over, sealed to that person's key; a vendor is asked for a "
			"receipt; coordinator: a finder's mail, as the copy that is owed" },
	{ .noun = "outbox", .verb = "list", .run = verb_outbox_list, READS,
		.options = OPT(JSON) | OPT(STATE),
		.arguments = "[--state held|queued|deferred|sent|failed|dropped]",
		.help = "what waits, is held, or failed" },
	{ .noun = "outbox", .verb = "release", .run = verb_outbox_release, ARGS(1), WRITES,
		.arguments = "ID", .help = "let a held one go" },
	{ .noun = "outbox", .verb = "retry", .run = verb_outbox_retry, ARGS(1), WRITES,
		.arguments = "ID", .help = "try a deferred or failed one again, now" },
	{ .noun = "outbox", .verb = "drop", .run = verb_outbox_drop, ARGS(1), WRITES,
		.options = OPT(WHY), .arguments = "ID --why WHY",
		.help = "give one up that was not sent" },
	{ .noun = "keys", .verb = "list", .run = verb_keys_list, .options = OPT(JSON),
		.engine = true, .help = "the keyrings: whose keys, until when" },
	{ .noun = "keys", .verb = "check", .run = verb_keys_check, .options = OPT(JSON),
		.help = "try the desk's keys; what expires, is missing or weak, and what to do" },
	{ .noun = "keys", .verb = "import", .run = verb_keys_import, ARGS(1), WRITES,
		.engine = true, .arguments = "FILE",
		.help = "add keys; mail that waited for them is judged again" },
	{ .noun = "keys", .verb = "roll", .run = verb_keys_roll,
		.options = OPT(JSON) | OPT(DESK) | OPT(CONFIRM),
		.arguments = "[--desk DESK] [--confirm]",
		.help = "change to a new desk's key, step by step; the old one goes on reading" },
	{ .noun = "calendar", .run = verb_calendar, .options = OPT(JSON), .args_max = 1,
		.arguments = "[YEAR]", .help = "the working calendar, with the reason of each closed day" },
	{ .noun = "export", .run = verb_export, ARGS(1), READS, .options = OPT(FORMAT),
		.engine_format = "mbox", .arguments = "CASE --format mbox|json|html|ics",
		.help = "a case for other programs: its mail as it came, its record as data or page, its deadlines" },
	{ .noun = "sheet", .run = verb_sheet, ARGS(1), READS, .options = OPT(STAFF) | OPT(FORMAT),
		.arguments = "CASE [--staff STAFF] [--format html|text]",
		.help = "the hand-over sheet, a page to print or text: what is owed, what is done, whom to ask" },
	{ .noun = "report", .run = verb_report, ARGS(1), READS, .arguments = "DIR",
		.help = "a static site of all cases: an index by urgency, and a page for each" },
	{ .noun = "digest", .run = verb_digest, READS,
		.options = OPT(JSON) | OPT(STAFF) | OPT(DATE) | OPT(SEND), .engine = true,
		.arguments = "[--staff STAFF] [--date DATE] [--send]",
		.help = "show a digest, as of a day, or send it now" },
	{ .noun = "backup", .run = verb_backup, ARGS(1), .options = OPT(KEYS) | OPT(PASSPHRASE_FILE),
		.arguments = "FILE [--keys FILE] [--passphrase-file FILE]",
		.help = "a consistent copy of the store; --keys: secret keys and conf too, locked with "
			"a passphrase" },
	{ .noun = "restore", .run = verb_restore, ARGS(1), .bare = true,
		.options = OPT(KEYS) | OPT(PASSPHRASE_FILE),
		.arguments = "FILE --keys FILE [--passphrase-file FILE]",
		.help = "put a backup where there is nothing yet" },
	{ .noun = "verify", .run = verb_verify, .options = OPT(JSON) | OPT(ALL), READS,
		.arguments = "[--all]",
		.help = "the store's integrity and the logs' chains, up to the first altered row; "
			"--all: every one" },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* Options of cli_option stand below OPTION_DATA, under their own numbers. */
enum {
	OPTION_DATA = CLI_OPTIONS, OPTION_HELP, OPTION_VERSION, OPTION_NOW, OPTION_WORD = 1 << 10,
	OPTION_INIT = 1 << 11	/* behind it: the questions of init */
};

#define LONG(option) (OPTION_WORD + (option))

static const struct option own_options[] = {
	{ "json", no_argument, NULL, LONG(CLI_JSON) },
	{ "as", required_argument, NULL, LONG(CLI_AS) },
	{ "state", required_argument, NULL, LONG(CLI_STATE) },
	{ "overdue", no_argument, NULL, LONG(CLI_OVERDUE) },
	{ "desk", required_argument, NULL, LONG(CLI_DESK) },
	{ "decrypt", no_argument, NULL, LONG(CLI_DECRYPT) },
	{ "in", no_argument, NULL, LONG(CLI_IN) },
	{ "out", no_argument, NULL, LONG(CLI_OUT) },
	{ "unfiled", no_argument, NULL, LONG(CLI_UNFILED) },
	{ "raw", no_argument, NULL, LONG(CLI_RAW) },
	{ "why", required_argument, NULL, LONG(CLI_WHY) },
	{ "staff", required_argument, NULL, LONG(CLI_STAFF) },
	{ "send", no_argument, NULL, LONG(CLI_SEND) },
	{ "all", no_argument, NULL, LONG(CLI_ALL) },
	{ "number", required_argument, NULL, LONG(CLI_NUMBER) },
	{ "site", required_argument, NULL, LONG(CLI_SITE) },
	{ "title", required_argument, NULL, LONG(CLI_TITLE) },
	{ "coordinator", required_argument, NULL, LONG(CLI_COORDINATOR) },
	{ "meets", required_argument, NULL, LONG(CLI_MEETS) },
	{ "consented", no_argument, NULL, LONG(CLI_CONSENTED) },
	{ "received", required_argument, NULL, LONG(CLI_RECEIVED) },
	{ "keys", required_argument, NULL, LONG(CLI_KEYS) },
	{ "format", required_argument, NULL, LONG(CLI_FORMAT) },
	{ "passphrase-file", required_argument, NULL, LONG(CLI_PASSPHRASE_FILE) },
	{ "against", required_argument, NULL, LONG(CLI_AGAINST) },
	{ "kind", required_argument, NULL, LONG(CLI_KIND) },
	{ "result", required_argument, NULL, LONG(CLI_RESULT) },
	{ "until", required_argument, NULL, LONG(CLI_UNTIL) },
	{ "to", required_argument, NULL, LONG(CLI_TO) },
	{ "lang", required_argument, NULL, LONG(CLI_LANG) },
	{ "body", required_argument, NULL, LONG(CLI_BODY) },
	{ "attach", required_argument, NULL, LONG(CLI_ATTACH) },
	{ "yes", no_argument, NULL, LONG(CLI_YES) },
	{ "timeout", required_argument, NULL, LONG(CLI_TIMEOUT) },
	{ "confirm", no_argument, NULL, LONG(CLI_CONFIRM) },
	{ "message", required_argument, NULL, LONG(CLI_MESSAGE) },
	{ "date", required_argument, NULL, LONG(CLI_DATE) },
	{ "data-dir", required_argument, NULL, LONG(OPTION_DATA) },
	{ "help", no_argument, NULL, LONG(OPTION_HELP) },
	{ "version", no_argument, NULL, LONG(OPTION_VERSION) },
#ifdef ENABLE_TEST_HOOKS
	{ "now", required_argument, NULL, LONG(OPTION_NOW) },
#endif
};

#define OWN_OPTIONS (sizeof(own_options) / sizeof(own_options[0]))

/* With those of init behind, and the empty one that ends them. */
static struct option options[OWN_OPTIONS + INIT_ANSWERS + 1];

static void
join_options(void)
{
	memcpy(options, own_options, sizeof(own_options));
	for (int i = 0; i < INIT_ANSWERS; i++)
		options[OWN_OPTIONS + (size_t)i] = (struct option){ init_questions[i].flag,
			init_questions[i].argument != NULL, NULL, OPTION_INIT + i };
}

struct command_line {
	struct cli *cli;
	const char *words[ARGS_MAX];
	size_t count;
	bool help;
};

static const char usage_text[] =
	"usage: madoguchi [-c FILE] [--as STAFF] [--json] COMMAND ...\n"
	"  -c FILE         the conf file (" SYSCONFDIR "/madoguchi/madoguchi.conf)\n"
	"  --as STAFF      who does it, for the log: a staff title of the conf\n"
	"  --json          for commands that read: JSON instead of a table\n"
	"  --data-dir DIR  shipped phrases, templates and checklist (" PKGDATADIR ")\n"
	"  --help, --version\n"
	"CASE is a case's id or any spelling of its handling number. Commands:\n";

static bool
is_noun(const struct cli_verb *verb, const char *noun)
{
	return noun == NULL || text_equal(verb->noun, noun);
}

static void
put_questions(FILE *to)
{
	for (size_t i = 0; i < INIT_ANSWERS; i++) {
		const struct init_question *question = &init_questions[i];

		if (question->help != NULL)
			(void)fprintf(to, "\t  --%s%s%s\n\t\t%s\n", question->flag,
				question->argument != NULL ? " " : "",
				question->argument != NULL ? question->argument : "",
				question->help);
	}
}

/* All commands, or those of one noun. */
static void
put_usage(FILE *to, const char *noun)
{
	if (noun == NULL)
		(void)fputs(usage_text, to);
	for (size_t i = 0; i < VERBS; i++) {
		const struct cli_verb *verb = &verbs[i];

		if (is_noun(verb, noun))
			(void)fprintf(to, "  madoguchi %s%s%s%s%s\n\t%s\n", verb->noun,
				verb->verb != NULL ? " " : "", verb->verb != NULL ? verb->verb : "",
				verb->arguments != NULL ? " " : "",
				verb->arguments != NULL ? verb->arguments : "", verb->help);
		if (is_noun(verb, noun) && verb->questions)
			put_questions(to);
	}
}

/* The line's first word if it is a noun, else NULL. */
static const char *
known_noun(const struct command_line *line)
{
	for (size_t i = 0; i < VERBS && line->count > 0; i++) {
		if (text_equal(verbs[i].noun, line->words[0]))
			return verbs[i].noun;
	}
	return NULL;
}

#ifdef ENABLE_TEST_HOOKS
static void
pretend(const char *when)
{
	int64_t at;

	if (!clock_parse(when, "UTC", &at))
		exit(cli_fail(EX_USAGE, "--now wants a time"));
	clock_pretend(at);
}
#endif

static void
add_word(struct command_line *line, const char *word)
{
	if (line->count == ARGS_MAX)
		exit(cli_fail(EX_USAGE, "more than %d words", ARGS_MAX));
	line->words[line->count++] = word;
}

static void
add_attachment(struct cli *cli, const char *file)
{
	if (cli->attach_count == CLI_ATTACH_MAX)
		exit(cli_fail(EX_USAGE, "more than %d attachments", CLI_ATTACH_MAX));
	cli->attach[cli->attach_count++] = file;
}

static void
take_option(struct command_line *line, int option)
{
	switch (option - OPTION_WORD) {
	case OPTION_DATA:
		line->cli->data_dir = optarg;
		break;
	case OPTION_HELP:
		line->help = true;
		break;
	case OPTION_VERSION:
		(void)puts("madoguchi " PACKAGE_VERSION);
		exit(EX_OK);
#ifdef ENABLE_TEST_HOOKS
	case OPTION_NOW:
		pretend(optarg);
		break;
#endif
	default:
		line->cli->options[option - OPTION_WORD] = optarg != NULL ? optarg : "";
		/* A word of another verb and of `init`, where it may be repeated: the verb says which is meant. */
		if (option == LONG(CLI_SITE))
			init_given(line->cli, INIT_SITE, optarg);
		if (option == LONG(CLI_YES))
			init_given(line->cli, INIT_YES, optarg);
		if (option == LONG(CLI_ATTACH))
			add_attachment(line->cli, optarg);
	}
}

/*
 * Options may stand anywhere ('-': words come in order, whatever POSIXLY_CORRECT
 * says); behind "--" all are words.
 */
static void
read_line(struct command_line *line, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "-c:", options, NULL)) != -1) {
		if (option == 1)
			add_word(line, optarg);
		else if (option == 'c')
			line->cli->conf_file = optarg;
		else if (option >= OPTION_INIT)
			init_given(line->cli, (enum init_answer)(option - OPTION_INIT), optarg);
		else if (option >= OPTION_WORD)
			take_option(line, option);
		else
			exit(EX_USAGE);
	}
	while (optind < argc)
		add_word(line, argv[optind++]);
}

static const struct cli_verb *
find_verb(const struct command_line *line)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (!text_equal(verbs[i].noun, line->words[0]))
			continue;
		if (verbs[i].verb == NULL ||
			(line->count > 1 && text_equal(verbs[i].verb, line->words[1])))
			return &verbs[i];
	}
	return NULL;
}

/* The first option on the line that the verb does not take, NULL for none. */
static const char *
option_not_taken(const struct cli *cli, const struct cli_verb *verb)
{
	for (size_t i = 0; i < INIT_ANSWERS && !verb->questions; i++) {
		if (cli->answers[i] != NULL)
			return init_questions[i].flag;
	}
	for (const struct option *at = own_options; at < own_options + OWN_OPTIONS; at++) {
		int option = at->val - OPTION_WORD;

		if (option < CLI_OPTIONS && option != CLI_AS && cli->options[option] != NULL &&
			(verb->options & CLI_BIT(option)) == 0)
			return at->name;
	}
	return NULL;
}

static _Noreturn void
help(const struct command_line *line)
{
	put_usage(stdout, known_noun(line));
	exit(EX_OK);
}

/* Words that are an option and an answer too count as one of them. */
static void
share_words(struct cli *cli, bool as_answers)
{
	if (as_answers) {
		cli->options[CLI_SITE] = NULL;
		cli->options[CLI_YES] = NULL;
	} else {
		cli->answers[INIT_SITE] = NULL;
		cli->answers[INIT_YES] = NULL;
	}
}

/* What was typed is named last, where a person looks first. */
static _Noreturn void
no_such_command(const struct command_line *line)
{
	const char *noun = known_noun(line), *const *words = line->words;

	if (line->count == 0 || noun != NULL)
		put_usage(stderr, noun);
	if (line->count == 0)
		exit(EX_USAGE);
	if (noun == NULL)
		exit(cli_fail(EX_USAGE, "%s: no such command; madoguchi --help tells all", words[0]));
	if (line->count == 1)
		exit(cli_fail(EX_USAGE, "%s: say which of these", words[0]));
	exit(cli_fail(EX_USAGE, "%s %s: no such command; those of %s stand above", words[0], words[1],
		words[0]));
}

/* The verb that the line names, if the line fits it. */
static const struct cli_verb *
check_line(struct command_line *line)
{
	const struct cli_verb *verb;
	const char *option;
	size_t words;

	if (line->help)
		help(line);
	verb = line->count > 0 ? find_verb(line) : NULL;
	if (verb == NULL)
		no_such_command(line);
	words = verb->verb != NULL ? 2 : 1;
	line->cli->args = line->words + words;
	line->cli->arg_count = line->count - words;
	if (line->cli->arg_count < verb->args_min || line->cli->arg_count > verb->args_max)
		exit(cli_fail(EX_USAGE, "usage: madoguchi %s%s%s %s", verb->noun,
			verb->verb != NULL ? " " : "", verb->verb != NULL ? verb->verb : "",
			verb->arguments != NULL ? verb->arguments : ""));
	share_words(line->cli, verb->questions);
	option = option_not_taken(line->cli, verb);
	if (option != NULL)
		exit(cli_fail(EX_USAGE, "%s%s%s takes no --%s", verb->noun,
			verb->verb != NULL ? " " : "", verb->verb != NULL ? verb->verb : "",
			option));
	return verb;
}

/* What was printed counts only when it arrived. */
static int
finish_output(int status)
{
	bool arrived = fflush(stdout) == 0 && !ferror(stdout);

	if (arrived || status != EX_OK)
		return status;
	/* Whoever reads has seen enough ("| head"): nothing to tell. */
	if (errno == EPIPE)
		return EX_IOERR;
	return cli_fail(EX_IOERR, "standard output cannot be written");
}

int
main(int argc, char **argv)
{
	struct cli cli = { .conf_file = SYSCONFDIR "/madoguchi/madoguchi.conf",
		.data_dir = PKGDATADIR,
		.lock = -1 };
	static struct command_line line;
	const struct cli_verb *verb;
	int status;

	log_room("tool");
	log_quiet();
	line.cli = &cli;
	cli.arena = arena_new(ARENA_WIPED, CLI_ARENA);
	join_options();
	read_line(&line, argc, argv);
	verb = check_line(&line);
	(void)umask(077);
	(void)signal(SIGPIPE, SIG_IGN);
	status = cli_open(&cli, verb);
	if (status == EX_OK)
		status = finish_output(verb->run(&cli));
	if (verb->takes_mail && cli.arg_count == 0)
		status = cli_mail_status(status);
	cli_close(&cli);
	arena_free(&cli.arena);
	return status;
}
