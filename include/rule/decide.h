/*
 * The desk's decision on one mail: doc/RULES 2, its rows in their
 * order. Pure: facts, policy and what the store knows go in; what shall be
 * written comes out. Two steps, since the store must be asked in between.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DECIDE_H
#define RULE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/facts.h"
#include "rule/kinds.h"
#include "rule/stage.h"
#include "rule/trust.h"

struct arena;
struct policy;

#define DECIDE_CASES 64		/* candidate cases looked at for one mail */
#define DECIDE_ALSO 16		/* further cases that one mail goes into */
#define DECIDE_OPENS 5		/* deadlines that one mail can open */

/* The table's row. Tried in this order. */
enum decide_row {
	ROW_OWN, ROW_BOUNCE, ROW_ROBOT, ROW_SUSPECT, ROW_UNREADABLE, ROW_COORDINATOR, ROW_FORM,
	ROW_PARTICIPANT, ROW_FINDER, ROW_STRANGER, ROW_UNRELATED, DECIDE_ROWS
};

/* Step one: what the facts alone say. */
struct decide_first {
	struct trust_verdict trust;
	bool unreadable;		/* nothing could be used: no text, no opening */
	enum problem unreadable_why;
	/*
	 * of the used layer (where nothing is signed and it has none: of the outer
	 * ones), its own before those it only mentions
	 */
	struct number_hits numbers;
	/*
	 * the first so many are its own: not quoted, the sender's before another
	 * coordinator's, one of each scheme ("IPA#")
	 */
	size_t own_numbers;
	/* the first so many are not quoted: its own, and others that it names beside them */
	size_t said_numbers;
	/* the outer text bears a number that the signed part does not */
	bool number_unsigned;
	struct number_hits outer_numbers;	/* of layer 0, for an unreadable mail */
	/* false: its References count for nothing (sender differs, suspect) */
	bool use_references;
	const struct facts_layer *used;	/* the layer whose text counts */
	uint32_t sites;			/* bits of the used layer */
	int text_coordinator;		/* a coordinator by text, through a form; -1 */
};

void decide_first(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, struct decide_first *first_r);

/* A case that may be this mail's, as the store has it. */
struct decide_case {
	int64_t id;
	enum case_state state;
	int coordinator;		/* -1 for none */
	enum stage stage;
	enum trust trust;		/* best of its mails */
	bool number_bound;
	bool has_number;
	/* canonical number by which it was found, or its own, or "" */
	char number[NUMBER_MAX];
	uint32_t sites;
	int64_t opened_at;
	bool only_suspect;		/* all its mails are suspect: a forger's own case */
};

/* What the store answered to what decide_first() said. */
struct decide_known {
	/* its Message-ID is one that we made, and its bytes came from us */
	bool is_own;
	bool from_sent;			/* seen in the Sent folder */
	/* outbox entry that a delivery report is about, 0 for none */
	int64_t bounced_outbox;
	int64_t bounced_case;		/* that entry's case, 0 for none */
	/*
	 * that claim one of first.numbers, mentioned ones too; one entry for each case
	 * and number
	 */
	struct decide_case by_number[DECIDE_CASES];
	size_t by_number_count;
	struct decide_case by_reference[DECIDE_CASES];
	size_t by_reference_count;
	/* open, unnumbered, under 90 days, of that coordinator, naming a site of first.sites */
	struct decide_case by_site[DECIDE_CASES];
	size_t by_site_count;
	/*
	 * From is a vendor, finder or staff member who takes part in a by_number or
	 * by_reference case, or staff of this desk
	 */
	bool takes_part;
	bool is_staff;			/* From is of staff, vendors too, of whichever desk */
	int acknowledged_today;		/* acknowledgements to that address today */
	/*
	 * bit (1 << stage): the joined case has an acknowledgement of that stage
	 * already; asked after decide_thread()
	 */
	uint32_t acknowledged_stages;
	/* of these: it is only held, for a mail that is not believed */
	uint32_t doubted_stages;
	int64_t first_seen;		/* when this mail was first seen here; 0: now */
	/* judged again: the case that a person put it into, 0 for none */
	int64_t put;
	/* judged again: the case that it is in with other mail, 0 for none: it opens no further one */
	int64_t in;
	int staff_said;			/* 0 nothing, 1 trust, -1 forged (message trust|forged) */
};

/* Where it goes. */
enum decide_place { PLACE_NONE, PLACE_UNFILED, PLACE_JOIN, PLACE_NEW };

struct decide_thread {
	enum decide_row row;
	enum mail_kind kind;
	enum stage stage;		/* of this mail */
	enum decide_place place;
	int64_t join;			/* case, for PLACE_JOIN */
	/* further cases that it goes into: it asks nothing new, and names their numbers */
	int64_t also[DECIDE_ALSO];
	size_t also_count;
	int64_t beside[DECIDE_CASES];	/* cases that claim the same number */
	size_t beside_count;
	int64_t shown_beside;		/* unfiled: the case that its number names, 0 for none */
	bool number_conflict, site_doubt;
	struct stage_verdict why;
};

/* Step two: row, kind, and threading by number, then References, then site. */
void decide_thread(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known,
	struct decide_thread *thread_r);

enum answer_why {
	ANSWER_WHY_RULE, ANSWER_WHY_ROW, ANSWER_WHY_MODE, ANSWER_WHY_UNVERIFIED, ANSWER_WHY_OLD,
	ANSWER_WHY_PER_DAY,
	ANSWER_WHY_WEAK,	/* a finder's report that is known by signs alone */
	ANSWER_WHY_DONE, ANSWER_WHY_NO_STAGE, ANSWER_WHY_SENDER_DIFFERS,
	ANSWER_WHY_NULL_PATH,	/* Return-Path: <>, RFC 3834 2 */
	/* nobody to answer, or only ourselves or a coordinator where a finder should be */
	ANSWER_WHY_NO_ADDRESS,
	ANSWER_WHYS
};

enum alert_kind {
	ALERT_NONE, ALERT_NEW_CASE, ALERT_DETAILS, ALERT_SUSPECT, ALERT_UNREADABLE,
	ALERT_CORRESPONDENCE,
	ALERT_HELD, ALERT_FAILED, ALERT_FORM, ALERT_FINDER, ALERT_BOUNCE, ALERT_OLD_MAIL,
	ALERT_INCIDENT,		/* a person said that trouble is under way */
	ALERT_SOON, ALERT_TODAY, ALERT_OVERDUE,	/* a deadline */
	ALERT_DEADLINES,	/* several at once */
	ALERT_UNTAKEN,		/* a case that nobody has taken */
	ALERT_UNTAKEN_CASES,
	ALERT_PASS_ON,		/* a mail between the finder and us, of which the coordinator has no copy */
	ALERT_DRILL,		/* one failed, or none passed for too long */
	ALERT_MAILBOX_SILENT, ALERT_MAILBOX_READ,	/* not read for long; read again */
	ALERT_OUTBOX_SILENT, ALERT_OUTBOX_MOVES,	/* nothing goes out; it goes again */
	ALERT_CLOCK,		/* it jumped */
	ALERT_REQUESTED,	/* a day that a mail asks for something by, where nothing else is told of it */
	ALERT_KEY_OWN, ALERT_KEY_COORDINATOR, ALERT_KEY_STAFF,	/* a key that ends, and whose */
	ALERT_SEVERAL,		/* others that were not told one by one */
	ALERT_KINDS
};

struct decide_deadline {
	enum deadline_kind kind;
	int64_t due;
	enum deadline_source source;
};

/* What shall be done. */
struct decision {
	/*
	 * As given, but for what the store and staff changed: trust (message
	 * trust|forged), and own_numbers, which here counts those that the case
	 * takes (none of a finder's or a participant's mail, none that is bound
	 * to another case).
	 */
	struct decide_first first;
	struct decide_thread thread;
	bool bind_numbers;		/* false: the numbers are claimed only */
	bool opens_deadlines;
	struct decide_deadline opens[DECIDE_OPENS];
	size_t open_count;
	enum problem due_problem;	/* of a day that is due */
	/* KIND_ACKNOWLEDGEMENT, KIND_QUESTION (unreadable), or KIND_OWN for no answer */
	enum mail_kind answer;
	enum stage answer_stage;
	enum outbox_state answer_state;	/* OUTBOX_QUEUED or OUTBOX_HELD */
	enum answer_why answer_why;
	int answer_coordinator;		/* to whose configured address; -1: to answer_to */
	const char *answer_to;		/* a finder's address */
	/* the guide's two questions to a finder, which his mail does not answer */
	bool asks_reported, asks_publication;
	enum alert_kind alert;
	bool offers_key;		/* it says that it is a coordinator's, and brings a key along */
	/* mail that was older than max_age when first seen: one summary */
	bool alert_in_summary;
	/* it asks something of the desk, and the case that it joins is closed: that goes on */
	bool reopens;
	bool reopens_also;		/* likewise for a closed one among those of thread.also */
	bool keep_whole;		/* false: header fields, hash and place alone are kept */
	enum problem problems[FACTS_PROBLEMS];	/* of all layers, and those that deciding adds */
	size_t problem_count;
};

/*
 * Step three: deadlines, answer, alert. now and internal_date in microseconds
 * UTC; deadlines run from internal_date. answer_to points into facts.
 */
void decide_finish(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, const struct decide_first *first,
	const struct decide_known *known,
	const struct decide_thread *thread, int64_t internal_date, int64_t now,
	struct decision *decision_r);

const char *decide_row_name(enum decide_row row);
const char *answer_why_text(enum answer_why why);
const char *alert_kind_name(enum alert_kind kind);
/* ALERT_NONE for a word that names none. */
enum alert_kind alert_kind_read(const char *word);

#endif
