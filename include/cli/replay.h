/*
 * The parts of `replay`: the list of mail in the order in which it came
 * (replay_list.c), a run over it (replay.c), and what is told (replay_tell.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"

struct cli;
struct conf;

/* One message, by its place: its bytes are read when its turn comes. */
struct replay_mail {
	const char *name;	/* for telling */
	const char *path;
	int64_t offset;
	size_t len;
	int64_t at;		/* when it came */
	bool quoted;
	size_t found;		/* its place in the order in which it was found */
	const char *folder;	/* of a Maildir's: "Sent" of ".../.Sent/cur"; else NULL */
};

struct replay_list {
	struct replay_mail *mails;
	size_t count, room;
};

/* All mail below the paths of the command line, oldest first. The status of what could not be read, EX_OK if there was nothing such. */
int replay_list(struct cli *cli, struct replay_list *list_r);

enum replay_state {
	REPLAY_UNREAD,		/* its file is gone or was changed since it was listed */
	REPLAY_SAME,		/* the same bytes as of an earlier one */
	REPLAY_JUDGED
};

/* What a run made of one message. */
struct replay_verdict {
	enum replay_state state;
	enum mail_kind kind;
	enum stage stage;
	enum trust trust;
	enum decide_row row;
	enum decide_place place;
	bool beside;		/* unfiled, and shown beside a case */
	size_t opener;		/* whose case it is in or beside: index of the message that opened it, of its own for a new one */
	const char *numbers;	/* its own, with commas between them, or "" */
	enum mail_kind answer;	/* KIND_OWN: none */
	enum stage answer_stage;
	enum outbox_state answer_state;
	enum answer_why answer_why;
	enum alert_kind alert;
	struct decide_deadline opens[DECIDE_OPENS];
	size_t open_count;
	uint64_t problems;	/* bit (1 << enum problem) */
};

struct replay_run {
	const struct conf *conf;
	const char *conf_file;
	size_t desk;
	struct replay_verdict *verdicts;	/* one a message of the list */
	size_t judged, same, unread, cases;
	int64_t took_ms;
};

/* Tables, or JSON with --json, of one run; or of what a second one judged otherwise. */
void replay_tell(struct cli *cli, const struct replay_list *list, const struct replay_run *run);
void replay_tell_changes(struct cli *cli, const struct replay_list *list,
	const struct replay_run *before, const struct replay_run *after);

/* A verdict's words: "new", "joins", "beside", "none"; "acknowledgement queued" or "none". */
const char *replay_case_word(const struct replay_verdict *verdict);
const char *replay_answer_text(struct cli *cli, const struct replay_verdict *verdict);

/*
 * What two verdicts differ in: fields as texts before and after; how many. Texts
 * lie in the command's arena.
 */
enum replay_field {
	REPLAY_STATE, REPLAY_KIND, REPLAY_STAGE, REPLAY_TRUST, REPLAY_CASE, REPLAY_NUMBERS,
	REPLAY_ANSWER, REPLAY_DEADLINES, REPLAY_ALERT, REPLAY_PROBLEMS, REPLAY_FIELDS
};

struct replay_change {
	enum replay_field field;
	const char *before, *after;
};

const char *replay_field_name(enum replay_field field);
size_t replay_compare(struct cli *cli, const struct replay_list *list,
	const struct replay_run *before, const struct replay_run *after, size_t at,
	struct replay_change changes_r[REPLAY_FIELDS]);

#endif
