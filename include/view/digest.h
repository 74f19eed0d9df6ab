/*
 * A digest: from the records to a page of sections, rows and bars, and from the page to
 * plain text and to HTML, which so say the same. A page may go in clear: handling
 * numbers, ids, dates and what to do stand on it, no subject, sender, addressee or text of
 * a mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_DIGEST_H
#define VIEW_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/daily.h"
#include "rule/policy.h"

struct arena;

#define DIGEST_COLUMNS 8	/* of a section, at most */
#define DIGEST_SECTIONS 8
#define DIGEST_FIGURES 4
#define DIGEST_FEET 4
#define DIGEST_NO_BAR (-1)

/* --- what a digest is made of --- */

enum digest_owner { OWNER_DESK, OWNER_COORDINATOR, OWNER_STAFF };

/* A key that the conf names. */
struct digest_key {
	enum digest_owner owner;
	const char *name;	/* of the coordinator or staff member; "" for the desk */
	const char *fpr;
	bool missing, unusable;	/* not in the keyring; revoked, disabled or invalid */
	bool replaced;		/* another one serves in its place: no trouble */
	int64_t expires_at;	/* 0: never */
};

/* A folder of the mailbox. */
struct digest_folder {
	const char *name;
	int64_t last_pass;	/* 0: never */
	bool late;
};

struct digest {
	const struct policy *policy;
	size_t desk;
	enum language language;
	bool outside;	/* for a reader of another house: no word of the desk's health, and no command to give */
	const struct daily *daily;
	size_t checklist_count;	/* items of the checklist */
	const struct digest_key *keys;
	size_t key_count;
	const struct digest_folder *folders;
	size_t folder_count;
	int64_t drill_at;	/* when the last drill was, 0: not known */
	bool drill_passed;
};

/* Whether a key, a folder or the last drill wants a person. */
bool digest_has_trouble(const struct digest *digest);

/* --- the page --- */

enum digest_tone { TONE_PLAIN, TONE_SOON, TONE_LATE, TONES };

/* How a column is shown where there is room for one or two only. */
enum digest_column_kind {
	COLUMN_HEAD,	/* what the row is about */
	COLUMN_BODY,	/* beside it */
	COLUMN_STATE,	/* how it stands: in the row's tone */
	COLUMN_BAR,	/* empty cells: the row's percent is drawn */
	COLUMN_SMALL,	/* below, with the column's title */
	COLUMN_NOTE,	/* below, as it is */
	COLUMN_KINDS
};

struct digest_column {
	enum digest_column_kind kind;
	const char *title;
};

struct digest_row {
	struct digest_row *next;
	enum digest_tone tone;
	int percent;	/* 0 to 100, or DIGEST_NO_BAR */
	const char *cells[DIGEST_COLUMNS];	/* NULL: nothing there */
};

struct digest_section {
	const char *title;
	int64_t all;	/* how many rows there would be; more than there are: the rest is told as a number. -1: not told */
	struct digest_column columns[DIGEST_COLUMNS];
	size_t column_count;
	struct digest_row *rows, **tail;
	size_t row_count;
	const char *what_to_do;	/* or NULL */
};

/* A number at the page's head. */
struct digest_figure {
	enum digest_tone tone;
	const char *label, *number;
};

struct digest_page {
	enum language language;
	const char *line;	/* not NULL: all there is to say */
	const char *title, *since;
	struct digest_figure figures[DIGEST_FIGURES];
	size_t figure_count;
	struct digest_section sections[DIGEST_SECTIONS];
	size_t section_count;
	const char *feet[DIGEST_FEET];	/* lines at the end */
	size_t foot_count;
};

/* The page in the arena, whole; or, with `line`, the one line that says that all is well. */
struct digest_page *digest_page(struct arena *arena, const struct digest *digest, bool line);

/*
 * The page as text that the outbox keeps, a line a part, and back; NULL for what no
 * digest_pack() has made.
 */
char *digest_pack(struct arena *arena, const struct digest_page *page);
struct digest_page *digest_unpack(struct arena *arena, enum language language, const char *packed);

/* As plain text, aligned by columns of a terminal; bars are "[######....] 62 %". */
char *digest_text(struct arena *arena, const struct digest_page *page);

/*
 * As a whole HTML document for mail clients: tables and inline styles, colours that hold
 * on light and dark ground, nothing that would be fetched or run.
 */
char *digest_html(struct arena *arena, const char *title, const struct digest_page *page);

/*
 * What is told of a server's reply as proof: its words but for those that might name an
 * address or are longer than a queue's id is; NULL for no reply.
 */
char *digest_reply(struct arena *arena, const char *reply);

#endif
