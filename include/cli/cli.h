/*
 * What the tool's verbs share: the command line as it was given, and the conf,
 * engine and store that a verb works on, opened as its row in the table says.
 * Nothing here knows a single verb.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/init.h"
#include "rule/policy.h"
#include "rule/record.h"
#include "view/json_record.h"

#define CLI_ARENA ((size_t)2 << 30)	/* of one command: a large store may be listed whole */
#define CLI_WHY_MAX 1500	/* bytes of a reason that a person gives */
#define CLI_TEXT_MAX 3000	/* bytes of what a person puts on record */

struct arena;
struct conf;
struct engine;
struct io_map;
struct jsontext;
struct policy_desk;
struct store;

/* Options; each verb says which it takes. */
enum cli_option {
	CLI_JSON, CLI_AS, CLI_STATE, CLI_OVERDUE, CLI_DESK, CLI_DECRYPT, CLI_IN, CLI_OUT,
	CLI_UNFILED, CLI_RAW, CLI_WHY, CLI_STAFF, CLI_SEND, CLI_ALL, CLI_NUMBER, CLI_SITE,
	CLI_TITLE, CLI_COORDINATOR, CLI_MEETS, CLI_CONSENTED, CLI_RECEIVED, CLI_KEYS,
	CLI_PASSPHRASE_FILE, CLI_FORMAT, CLI_AGAINST, CLI_KIND, CLI_RESULT, CLI_UNTIL, CLI_TO, CLI_LANG,
	CLI_BODY, CLI_ATTACH, CLI_YES, CLI_TIMEOUT, CLI_CONFIRM, CLI_MESSAGE, CLI_DATE, CLI_OPTIONS
};

#define CLI_TO_COORDINATOR "coordinator"	/* --to: the case's own, whoever of staff is called so */
#define CLI_ATTACH_MAX 20	/* files of one --attach after the other */

#define CLI_BIT(option) (UINT64_C(1) << (option))

/* What a verb needs of the store. */
enum cli_store {
	CLI_STORE_NONE,
	CLI_STORE_READ,		/* it must be there */
	CLI_STORE_WRITE,	/* it is made where it is not */
};

struct cli {
	struct arena *arena;	/* wiped: opened text may stand in it */
	const char *conf_file, *data_dir;
	const char *options[CLI_OPTIONS]; /* the value, "" for one without, NULL: not given */
	const char *attach[CLI_ATTACH_MAX]; /* each --attach */
	size_t attach_count;
	const char *answers[INIT_ANSWERS]; /* of init: as init_given() took them */
	const char **args;	/* what stands behind the verb */
	size_t arg_count;
	struct conf *conf;
	struct engine *engine;
	struct store *store;
	const char *store_path;
	const char *who;	/* for the log */
	int64_t now;
	size_t width;		/* columns of the terminal, 0 when it is none */
	int lock;		/* the daemon's lock where a verb has taken it, else -1 */
	bool changed;		/* the daemon should look */
};

struct cli_verb {
	const char *noun, *verb;	/* verb NULL: the noun is all */
	const char *arguments, *help;
	int (*run)(struct cli *cli);	/* gives the exit status */
	uint64_t options;		/* those it takes, beside the common ones */
	size_t args_min, args_max;
	enum cli_store store;
	bool bare;			/* there may be no conf yet: nothing is opened */
	bool questions;			/* it takes the flags of init */
	bool engine;			/* it works through rooms */
	uint64_t engine_for;		/* or only when one of these options is given */
	const char *engine_format;	/* or when --format says this */
	bool takes_mail;		/* without words an MTA hands it a mail: see cli_mail_status() */
	bool alone;			/* it opens what it needs itself, the conf too */
};

/* --- opening and closing (open.c) --- */

/* Opens what the verb needs; EX_OK, or the exit status after telling why not. */
int cli_open(struct cli *cli, const struct cli_verb *verb);

/* For a verb that has something to do before: the store alone, as cli_open() would. */
int cli_open_store(struct cli *cli, enum cli_store want);

/*
 * For a verb that wants mail to go and come, whoever does it: the store, and beside it
 * the daemon that runs, or, where none does, an engine that mans the mailboxes and
 * sends under the daemon's lock (cli->engine; NULL: the daemon does).
 */
int cli_open_beside(struct cli *cli);

/* Wakes the daemon, if one runs. */
void cli_poke(struct cli *cli);

/* Ends what is open; pokes the daemon awake if something was changed. */
void cli_close(struct cli *cli);

/* --- telling (common.c) --- */

/* A sentence to stderr; returns the status. */
int cli_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The status for an MTA that hands over a mail: what may be mended (a conf with
 * a mistake, a store that is full) must not bounce it, so that it is tried again.
 */
int cli_mail_status(int status);

/* The exit status for a failure of the store, after telling it. */
int cli_storage(enum outcome outcome, const struct err *err);

/* Text to stdout; JSON likewise, which is used up. */
void cli_put(const char *text);
void cli_put_json(struct jsontext *json);

/* What views of JSON want to know. */
struct json_view cli_view(const struct cli *cli);

/* The desk's language; of one that the conf no longer has, Japanese. */
enum language cli_language(const struct cli *cli, const char *desk);

/* "2026-11-22 09:00" on the desk's wall, NULL for 0. */
char *cli_time(struct cli *cli, int64_t at, const char *desk);

/* A number's digits. */
char *cli_number(struct cli *cli, int64_t number);

/* Ids with commas between them; NULL for none. */
char *cli_ids(struct cli *cli, const int64_t *list, size_t count);

/* The case's main handling number, marked when it is only claimed; NULL for none. */
char *cli_case_number(struct cli *cli, const struct record_case *record);

/* When a deadline is due, marked when it is past. */
char *cli_due(struct cli *cli, const struct record_deadline *deadline, const char *desk);

/* --- finding (find.c): false after telling why, with the exit status --- */

bool cli_find_case(struct cli *cli, const char *spelling, struct record_case **record_r,
	int *status_r);

/*
 * The same for what is done to a case as such: an id that was merged into
 * another is refused, for nobody means the whole of both by it.
 */
bool cli_find_case_itself(struct cli *cli, const char *spelling, struct record_case **record_r,
	int *status_r);
bool cli_find_message(struct cli *cli, const char *id, struct record_message **record_r,
	int *status_r);
bool cli_find_outbox(struct cli *cli, const char *id, struct record_outbox **record_r,
	int *status_r);

/* Index of a desk or of a staff member by title. */
bool cli_find_desk(struct cli *cli, const char *title, size_t *desk_r, int *status_r);
bool cli_find_staff(struct cli *cli, const char *title, size_t *staff_r, int *status_r);

/* A coordinator by name; -1 for "none". */
bool cli_find_coordinator(struct cli *cli, const char *name, int *coordinator_r, int *status_r);

/* A handling number in any spelling, and whose it is. */
bool cli_find_number(struct cli *cli, const char *spelling, struct record_number *number_r,
	int *status_r);

/* Whether the number is bound to no case but that one (0: to none). */
bool cli_number_is_free(struct cli *cli, const char *number, int64_t own, int *status_r);

/*
 * A day (its last second in the desk's zone), a day with an hour, or a span from now; not
 * one that is over.
 */
bool cli_find_date(struct cli *cli, const char *desk, const char *word, int64_t *at_r,
	int *status_r);

/* Which of the desk's sites a text names, as a mail would: bit i is site i; at least one. */
bool cli_find_sites(struct cli *cli, const struct policy_desk *desk, const char *text,
	uint32_t *sites_r, int *status_r);

/* Mail of strangers that belongs to no case, of all desks: read once for many cases. */
struct cli_unfiled {
	struct record_message *list;
	size_t count;
};
void cli_read_unfiled(struct cli *cli, struct cli_unfiled *unfiled_r);

/*
 * Everything that is on record of a case (gather.c); cli_read_well() tells whether all of it. Of
 * the unfiled mail, which is only looked at, what names the case's number stands beside it.
 */
void cli_gather_beside(struct cli *cli, const struct record_case *record,
	const struct cli_unfiled *unfiled, struct json_case *what_r);

/* The same for one case alone. */
void cli_gather(struct cli *cli, const struct record_case *record, struct json_case *what_r);

/* --- changing (common.c) --- */

/*
 * What a person puts on record: printable, one line, at most max bytes; false
 * after telling when it is empty or longer.
 */
bool cli_one_line(struct cli *cli, const char *what, const char *given, size_t max,
	const char **line_r, int *status_r);

/* The reason of --why, one line; NULL when it was not given or is empty. */
char *cli_why(struct cli *cli);

/*
 * A transaction; EX_OK or the exit status after telling. A verb may return with
 * one open: what was not committed is undone at the end. A commit that is done
 * counts as a change.
 */
int cli_begin(struct cli *cli);
int cli_commit(struct cli *cli);

/*
 * Begins and finds the case of the first argument: what a verb does to it stands
 * on what it is now. EX_OK, or the status after telling.
 */
int cli_take_case(struct cli *cli, struct record_case **record_r);

/* Writes the case's record, changed now, and commits. */
int cli_commit_case(struct cli *cli, struct record_case *record);

/* To the log of a case (0: the desk's own), with who and when, in the open transaction. */
void cli_log(struct cli *cli, int64_t case_id, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* To the log of each of the message's cases. */
void cli_log_message(struct cli *cli, const struct record_message *message, const char *what);

/* EX_OK, or the status after telling that not all could be read. To be asked before all is fine. */
int cli_read_well(struct cli *cli);

/* --- keyrings (home.c) --- */

/* The first desk with the same keyring, perhaps itself. */
size_t cli_keyring_of(const struct cli *cli, size_t desk);

#define CLI_HOME_FILES 2

/* What stands in a keyring's folder beside the keys, for speed and for a day of much mail. */
struct cli_home_file {
	const char *name, *text;
};
extern const struct cli_home_file cli_home_files[CLI_HOME_FILES];

/* Makes the folder and those files where they are missing. */
int cli_make_home(struct cli *cli, const char *home);

/* --- rooms (rooms.c) --- */

/*
 * The opened text of a message, printable, in the arena; NULL with the reason in
 * err_r. Subject and attachment names of its inside stand before it.
 */
char *cli_opened_text(struct cli *cli, int64_t message, struct err *err_r);

/*
 * rule/evidence.h's lines of each of its layers, at most max, in the arena; false
 * with the reason.
 */
bool cli_evidence(struct cli *cli, int64_t message, const char **layers_r, size_t max,
	size_t *count_r, struct err *err_r);

/*
 * Its bytes as they came: ciphertext as such, clear mail out of what it is sealed in at
 * rest. Mapped, for the caller to unmap; false with the reason.
 */
bool cli_raw(struct cli *cli, int64_t message, struct io_map *map_r, struct err *err_r);

/* Prints them. */
bool cli_put_raw(struct cli *cli, int64_t message, struct err *err_r);

/* Turns the engine until nothing is left to do. */
void cli_settle(struct cli *cli);

#endif
