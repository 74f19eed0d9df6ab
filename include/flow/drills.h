/*
 * The drill under way, as the tool and the daemon hand it to each other through
 * the store: the tool writes it down beside its mail's outbox entry, the daemon adds
 * what it saw. Only while one stands there is a mail taken for a drill's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_DRILLS_H
#define FLOW_DRILLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct policy_desk;
struct record_outbox;
struct store;

/* How its Message-IDs begin, behind the bracket: room/mailbox.h lets only such mail be removed. */
#define DRILL_MESSAGE_ID "drill."

enum drill_mail { DRILL_COPY, DRILL_QUESTION, DRILL_ANSWER, DRILL_MAILS };

struct drill {
	uint32_t number;
	const char *key;		/* the fingerprint of the drill's key */
	int64_t until;			/* it is dead after that: of a later mail nothing is believed */
	int64_t question, answer;	/* outbox entries; 0 until there is one */
	int64_t came_at, back_at;	/* when the two were read in the mailbox, 0 until then */
	const char *folder, *back_folder;	/* where, or NULL */
	const char *failed;		/* why it cannot pass any more, or NULL */
	const char *left;		/* why a mail of it stays in the mailbox, or NULL */
	bool gone[DRILL_MAILS];		/* removed from it */
};

/* A Message-ID for its mail. */
char *drills_message_id(struct arena *arena, const struct policy_desk *desk);

/*
 * Begins one in the open transaction: its mail, sealed already under that Message-ID,
 * is queued for the smarthost, and what is expected is written down. The outbox entry.
 */
int64_t drills_begin(struct store *store, const struct conf *conf, size_t desk,
	const struct drill *drill, const char *message_id, const char *bytes, size_t len,
	int64_t now);

/* The desk's drill; false when none stands there. All of it lies in the arena. */
bool drills_get(struct store *store, struct arena *arena, const char *desk, struct drill *drill_r);

/* In the open transaction; NULL: it is over, and the answer's bytes go too. */
void drills_set(struct store *store, const char *desk, const struct drill *drill);

/* The answer as it came back; NULL until then. */
char *drills_answer(struct store *store, struct arena *arena, const char *desk);

/* In the open transaction: those bytes, which are ciphertext, until the tool has opened them. */
void drills_keep_answer(struct store *store, const char *desk, const char *bytes, size_t len);

struct drill_end {
	int64_t question;	/* its outbox entry, 0 when it came to none */
	const char *name;	/* "DRILL#12345678" */
	const char *fault;	/* NULL: it passed */
	const char *who;	/* for the log */
};

/*
 * How it ended, in the open transaction: "drill.DESK" is "MICROSECONDS passed|failed"
 * from then on, and the desk's own log has a line. What of it still waits to be sent is
 * dropped; one that stands there and is another is left alone. Of a fault staff are alerted.
 * Where one that began was ended already, nothing is written: its end is the first.
 */
void drills_end(struct store *store, const struct conf *conf, size_t desk,
	const struct drill_end *end, int64_t now);

/*
 * Ends, as one that failed, the desk's drill whose time is up and that nobody ended: its
 * tool was killed. In the open transaction; whether there was one.
 */
bool drills_end_dead(struct store *store, const struct conf *conf, size_t desk, int64_t now,
	const char *who);

/* Whether there is one. */
bool drills_dead(struct store *store, const char *desk, int64_t now);

/* The last that passed, and the last of all; 0 for none. */
void drills_last(struct store *store, const char *desk, int64_t *passed_r, int64_t *last_r);

/* Whether staff were told that none passed since that one; and, in the open transaction, that they are. */
bool drills_told(struct store *store, const char *desk, int64_t passed_at);
void drills_tell(struct store *store, const char *desk, int64_t passed_at);

/* Whether an outbox entry is a drill's: no case's, no message on record, and nobody is alerted of it alone. */
bool drills_entry(const struct record_outbox *entry);

#endif
