/*
 * What the doctor's parts share: the lines that are told, and what was opened
 * on the way. Each part tries its own things and says a line for each; none
 * relies on another's having gone well, but on what it finds set here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;
struct trials;
struct trials_desk;
struct trials_pair;

/* HINT: it works, and could be better, or will not work for ever. */
enum doctor_state { DOCTOR_OK, DOCTOR_HINT, DOCTOR_BAD, DOCTOR_STATES };

struct doctor_line {
	enum doctor_state state;
	const char *desk;	/* title, or NULL: of no one desk */
	const char *check;	/* "imap-login" */
	const char *text;	/* what was found, one line */
	const char *remedy;	/* what to do, one sentence; NULL when all is well */
};

struct doctor {
	struct cli *cli;
	struct doctor_line *lines;
	size_t count, room;
	bool *keyrings;			/* by desk: its folder is there and its agent runs */
	struct trials *trials;		/* NULL: no room can be made */
	struct trials_pair *pairs;	/* by desk, from the store */
	struct trials_desk *found;	/* by desk, NULL: nothing was tried */
	int64_t latest;			/* the latest instant that someone else's clock, or ours before, has told */
	const char *latest_what;
	bool daemon;			/* one runs */
};

/* One line each. The text is made printable and one line. desk may be NULL. */
void doctor_ok(struct doctor *doctor, const char *desk, const char *check, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void doctor_hint(struct doctor *doctor, const char *desk, const char *check, const char *remedy,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void doctor_bad(struct doctor *doctor, const char *desk, const char *check, const char *remedy,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Lines "what is wrong; what would be right", as the conf's mistakes are: a bad one for each. */
void doctor_mistakes(struct doctor *doctor, const char *check, const char *lines);

/* A remedy made up from values. */
char *doctor_do(struct doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "2026-11-28", in the desk's zone. */
const char *doctor_date(struct doctor *doctor, int64_t at, const char *desk);

/* "good until 2026-11-28", for 0 "good without an end". */
const char *doctor_until(struct doctor *doctor, int64_t at, const char *desk);

/* Whole days from now until then; negative when it is past. */
long doctor_days(const struct doctor *doctor, int64_t at);

/* An instant that was read somewhere: the clock is held against the latest. */
void doctor_seen(struct doctor *doctor, int64_t at, const char *what);

/* Title of a desk. */
const char *doctor_title(const struct doctor *doctor, size_t desk);

/* --- the parts, in the order in which they are tried --- */

void doctor_files(struct doctor *doctor);	/* doctor_files.c: modes, owners, room on the disk */
void doctor_gpg(struct doctor *doctor);		/* doctor_gpg.c: gpg, its homes, its agents */
void doctor_smime(struct doctor *doctor);	/* doctor_smime.c: gpgsm, the roots */
void doctor_store(struct doctor *doctor);	/* doctor_store.c */
void doctor_keys(struct doctor *doctor);	/* doctor_keys.c: what the keyrings hold */
void doctor_mailbox(struct doctor *doctor, size_t desk);	/* doctor_servers.c */
void doctor_smarthost(struct doctor *doctor, size_t desk);
void doctor_authserv(struct doctor *doctor, size_t desk);	/* doctor_authserv.c */
void doctor_system(struct doctor *doctor);	/* doctor_system.c: what needs no conf */
void doctor_words(struct doctor *doctor);	/* doctor_system.c: templates */
void doctor_clock(struct doctor *doctor);

#endif
