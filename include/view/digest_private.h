/*
 * What the makers of a digest's page share: the words of both languages, and the cells and
 * rows that all sections are made of. Not for anyone but view/digest*.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_DIGEST_PRIVATE_H
#define VIEW_DIGEST_PRIVATE_H

#include "rule/checklist.h"
#include "rule/kinds.h"
#include "view/digest.h"

/* A "{}" stands for what is put in there. */
struct digest_words {
	const char *title;	/* {}: the desk's name */
	const char *since;	/* {}: day, weekday, hour; and an instant */
	const char *line;	/* {}: two instants, and the log's head */
	const char *overdue, *soon, *came, *stuck;	/* figures */
	/* sections */
	const char *owed_title, *stuck_title, *came_title, *sent_title, *unfiled_title;
	const char *phases_title, *keys_title, *health_title;
	const char *none, *more;	/* more: {} of them */
	/* columns */
	const char *number, *kind, *gone, *left, *due, *staff, *case_id, *received, *trust, *form;
	const char *message, *sent_at, *reply, *sha256, *entry, *state, *next_try, *why;
	const char *phase, *cases, *checklist, *key, *until, *fingerprint, *what, *detail;
	/* cells */
	const char *case_name, *message_name;	/* {}: its id */
	const char *no_case, *claimed, *nobody, *today, *over;
	const char *day_over, *days_over, *day_left, *days_left;	/* {}: how many */
	const char *sealed, *clear, *case_count;
	const char *fine, *late, *never, *missing, *unusable, *ended, *no_end;
	/* folder: {} its name; last_read: {} an instant; outbox_detail: {} queued, held, deferred, failed */
	const char *own_key, *folder, *last_read, *outbox, *outbox_detail, *drill, *passed, *failed, *unknown;
	/* what to do */
	const char *do_owed, *do_stuck, *do_unfiled, *do_keys;
	/* feet */
	const char *unrelated, *log_head, *how;
};

const struct digest_words *digest_words(enum language language);

/* A page that is being made. */
struct digest_telling {
	struct arena *arena;
	const struct digest *digest;
	const struct daily *daily;
	const struct policy_desk *desk;
	const struct digest_words *words;
	struct digest_page *page;
};

/* --- cells; NULL is an empty one --- */

#define DIGEST_VALUES 4

/* The pattern with each "{}" replaced by the next of the values. */
char *digest_fill(struct arena *arena, const char *pattern, const char *const values[DIGEST_VALUES]);
char *digest_counted(struct digest_telling *telling, const char *pattern, int64_t count);
char *digest_number(struct digest_telling *telling, int64_t number);
/* NULL for 0. */
char *digest_id(struct digest_telling *telling, int64_t id);
/* To the minute, the last second of a day as that day; NULL for 0. */
char *digest_time(struct digest_telling *telling, int64_t at);
/* The number of the case, marked when it is only claimed, else its id. */
const char *digest_case(struct digest_telling *telling, const struct daily_case *of);
/* How many days are left. */
const char *digest_left(struct digest_telling *telling, int64_t due);
/* How much of the time is gone. */
int digest_percent(int64_t began, int64_t due, int64_t now);
const char *digest_form(struct digest_telling *telling, bool encrypted);
/* As one printable line; NULL gives NULL. */
const char *digest_clean(struct arena *arena, const char *text);

/* --- sections --- */

struct digest_section *digest_section(struct digest_telling *telling, const char *title, int64_t all,
	const char *what_to_do);
void digest_column(struct digest_section *section, enum digest_column_kind kind, const char *title);
/* A row without a bar, with a cell for each column. */
struct digest_row *digest_row(struct digest_telling *telling, struct digest_section *section,
	enum digest_tone tone, const char *const *cells);

/* Each adds its section; all but the first and the last leave out an empty one. */
void digest_tell_owed(struct digest_telling *telling);
void digest_tell_stuck(struct digest_telling *telling);
void digest_tell_mails(struct digest_telling *telling, const char *title,
	const struct daily_mail *list, size_t count, int64_t all, const char *what_to_do);
void digest_tell_sent(struct digest_telling *telling);
void digest_tell_phases(struct digest_telling *telling);
void digest_tell_keys(struct digest_telling *telling);
void digest_tell_health(struct digest_telling *telling);

/* How many letters do not go out by themselves. */
int64_t digest_stuck_all(const struct daily *daily);

enum digest_tone digest_key_tone(const struct digest *digest, const struct digest_key *key);

#endif
