/*
 * The store: one SQLite file, cases.db, and everything that is on record
 *. The seam where a second engine would join: nothing above knows
 * SQL. Every change happens inside store_begin()/store_commit(); every list is
 * one indexed query. Written by one process at a time for each transaction
 * (BEGIN IMMEDIATE): the daemon and the tool may both be open.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_STORE_H
#define PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/daily.h"
#include "rule/decide.h"
#include "rule/expiry.h"
#include "rule/record.h"
#include "rule/remind.h"

struct arena;
struct store;

#define STORE_BUSY_SECONDS 5
#define STORE_BESIDE_MAX 64 /* cases told beside one; a forger may claim a number without end */

/*
 * Opens (create: makes, mode 0600, and brings the schema up to date) the file;
 * ":memory:" for tests and replays. NEVER: not ours, of a newer version, damaged.
 */
enum outcome store_open(const char *path, bool create, struct store **store_r, struct err *err_r);
void store_close(struct store **store);

/*
 * The daemon's lock, an open-file-description lock on a file beside the
 * store ("PATH.lock" for the store's path): one daemon at a time. LATER when another holds it,
 * with its pid in the sentence. The descriptor is the caller's and holds the lock until it is
 * closed.
 */
enum outcome store_lock(const char *path, int *fd_r, struct err *err_r);

/*
 * One transaction at a time. A failed write inside makes every further one fail
 * and the commit roll back: check store_commit()'s outcome, the others' may be
 * ignored. LATER: busy or full; NEVER: damaged.
 */
enum outcome store_begin(struct store *store, struct err *err_r);
enum outcome store_commit(struct store *store, struct err *err_r);
void store_rollback(struct store *store);

/*
 * What went wrong since it was last asked: lists and single rows come back empty
 * when they cannot be read. DONE when all was well; inside a transaction the
 * fault stays for the commit. A change tried outside one is a fault too.
 */
enum outcome store_fault(struct store *store, struct err *err_r);

/* --- desks, keys of the box, small values --- */

/*
 * The X25519 pair of a desk: public half and the secret half as sealed to the desk's OpenPGP key.
 * False when there is none.
 */
bool store_box_get(struct store *store, struct arena *arena, const char *desk,
	unsigned char public_r[32], char **sealed_r, size_t *sealed_len_r);
void store_box_set(struct store *store, const char *desk, const unsigned char public_half[32],
	const char *sealed, size_t sealed_len, int64_t now);

/*
 * Small values kept by name ("daemon.started_at", "digest.www.officer"); NULL when
 * absent.
 */
char *store_value_get(struct store *store, struct arena *arena, const char *name);
void store_value_set(struct store *store, const char *name, const char *value);

/* --- mailboxes: one row a folder --- */

struct store_cursor {
	int64_t mailbox; /* row id */
	uint32_t uid_validity; /* 0: never seen */
	uint32_t last_uid;
	int64_t first_seen; /* when the folder was first looked at */
	int64_t last_pass; /* when it was last read without fault, 0 never */
};

/* Makes the row when it is not there (then inside a transaction). */
void store_cursor_get(struct store *store, const char *desk, const char *folder, int64_t now,
	struct store_cursor *cursor_r);
void store_cursor_set(struct store *store, int64_t mailbox, uint32_t uid_validity,
	uint32_t last_uid);
void store_cursor_passed(struct store *store, int64_t mailbox, int64_t now);

struct store_mailbox {
	const char *desk, *folder;
	struct store_cursor cursor;
};

/* Every folder on record, by desk. */
size_t store_mailboxes(struct store *store, struct arena *arena, struct store_mailbox **list_r);

/*
 * What lies there is on record and still to be flagged or moved; or is so, or
 * cannot be. A desk's that are due, at most limit, in the order in which they lie.
 */
struct store_mark {
	const char *folder;
	int64_t mailbox;
	uint32_t uid_validity, uid;
};
void store_mark_due(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid);
void store_mark_done(struct store *store, int64_t mailbox, uint32_t uid_validity, uint32_t uid);
size_t store_marks(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct store_mark **list_r);

/*
 * That a digest for that person was made at that instant; and when the last one was, of those
 * at `until` or before, 0 for never.
 */
void store_digest_sent(struct store *store, const char *desk, const char *staff, int64_t at);
int64_t store_digest_last(struct store *store, const char *desk, const char *staff, int64_t until);

/* What a digest of a desk wants to know. */
struct store_daily {
	const char *desk;
	int64_t since, now;
	/*
	 * Messages that came on record behind that one are told, whenever they were received; -1
	 * where that is not known: then by receipt, from `since` on.
	 */
	int64_t after;
	int64_t until;	/* what was received later is not told; INT64_MAX but for a day that is over */
	int64_t soon_until;	/* what is due up to then is near */
	size_t limit;	/* rows of each list */
	const char *only;	/* a title of staff: nothing but the cases whose mail was forwarded to that
				   person, or which that person has taken; NULL for the whole desk */
};

/*
 * Reads all of it, in the arena, of one state of the store. With `only`, nothing is read that is
 * of no case, nor what waits to be sent.
 */
void store_daily(struct store *store, struct arena *arena, const struct store_daily *want,
	struct daily *daily_r);

/* Notes a key; true when it was never seen at that desk. */
bool store_key_seen(struct store *store, const char *desk, const char *fpr, int64_t now);

/*
 * What staff were told of a key's end: 0 for nothing, or for another end than this (a key is
 * prolonged); and that they were told now (enum expiry).
 */
enum expiry store_key_told(struct store *store, const char *desk, const char *fpr, int64_t end);
void store_key_tell(struct store *store, const char *desk, const char *fpr, int64_t end,
	enum expiry step, int64_t now);

/* --- messages --- */

/* The message of that hash at that desk, 0 if it is not known. */
int64_t store_message_by_hash(struct store *store, const char *desk,
	const unsigned char sha256[32]);

/* New row; raw may be NULL (then it is not kept). Fills in attachments too. Returns its id. */
int64_t store_message_add(struct store *store, const struct record_message *message,
	const void *raw, size_t raw_len);

/*
 * Where else it lies. The same place twice is a no-op; a place that another message was said to
 * lie at is this one's now.
 */
void store_place_add(struct store *store, int64_t message, int64_t mailbox, uint32_t uid_validity,
	uint32_t uid);

/*
 * The first place it is known to lie at, of the folder's present UIDVALIDITY if there is one;
 * false when there is none.
 */
bool store_place_get(struct store *store, struct arena *arena, int64_t message, char **desk_r,
	char **folder_r, uint32_t *uid_validity_r, uint32_t *uid_r);

/* What was kept of it: raw bytes as they came, or (boxed) sealed. False when nothing is kept. */
bool store_message_raw(struct store *store, struct arena *arena, int64_t message, char **raw_r,
	size_t *len_r, bool *boxed_r);

/* Whether anything is kept of it. */
bool store_message_kept(struct store *store, int64_t message);

/* Keeps the whole of a message of which only the header fields were kept. */
void store_message_keep(struct store *store, int64_t message, const void *raw, size_t len,
	bool boxed);

/*
 * Sets what judging again found: kind, stage, trust, signed_by, problems, why, unfiled;
 * attachments when there are any.
 */
void store_message_update(struct store *store, const struct record_message *message);

/* One with its cases and attachments; NULL if there is none. */
struct record_message *store_message_get(struct store *store, struct arena *arena, int64_t id);

enum store_message_filter { STORE_ALL, STORE_IN, STORE_OUT, STORE_UNFILED };

/* Newest last; limit 0: all. */
size_t store_message_list(struct store *store, struct arena *arena,
	enum store_message_filter filter, size_t limit, struct record_message **list_r);

/* The messages of a case, oldest first. */
size_t store_case_messages(
	struct store *store, struct arena *arena, int64_t case_id, struct record_message **list_r);

/*
 * Unreadable messages, and suspect ones of an unknown key, whose recipients or signers (16 hex
 * digits, or whole fingerprints ending in them) are among these: to be judged again.
 */
size_t store_message_waiting_for_key(struct store *store, struct arena *arena, const char *desk,
	const char *fpr, int64_t **ids_r);
/* Key ids that a message was sealed to or signed by, for that. */
void store_message_key_add(struct store *store, int64_t message, const char *key_id);

/* What a person said of it: 1 trust, -1 forged, 0 nothing. */
void store_staff_said(struct store *store, int64_t message, int said);

/*
 * To be judged again at the next turn (a person's word, a new key), or no more. Lists: the oldest
 * first.
 */
void store_flag_again(struct store *store, int64_t message, bool again);
size_t store_again_list(struct store *store, struct arena *arena, int64_t **ids_r);

/*
 * Mail to be fetched again whole: it came in, is not kept, belongs to a case
 * (store_case_message_add() says so by itself) and lies somewhere. By id.
 */
size_t store_wanted(struct store *store, struct arena *arena, const char *desk, int64_t **ids_r);
/* Says so by hand: false for one that cannot be had (too large, gone). */
void store_want(struct store *store, int64_t message, bool wanted);

/* Whether a message that we made bears that Message-ID. */
bool store_own_message_id(struct store *store, const char *desk, const char *message_id);

/* --- cases --- */

int64_t store_case_add(struct store *store, const struct record_case *record);

/* Writes title, coordinator, state, stage, phase, trust, assignee, updated_at, number_bound. */
void store_case_update(struct store *store, const struct record_case *record);

/*
 * A number the case bears; bound: it is this case's against others (the case's number_bound
 * follows). Once each; bound later binds it.
 */
void store_case_number_add(struct store *store, int64_t case_id, const char *coordinator,
	const char *number, bool bound);
/* Its mails are not believed any more: none of its numbers is bound to it. */
void store_case_numbers_unbind(struct store *store, int64_t case_id);
/* One of them is claimed only from now on; or is not the case's any more. */
void store_case_number_unbind(struct store *store, int64_t case_id, const char *number);
void store_case_number_remove(struct store *store, int64_t case_id, const char *number);
/* All of them, the main one first. */
size_t store_case_numbers(
	struct store *store, struct arena *arena, int64_t case_id, struct record_number **list_r);
/*
 * It is bound to the case and the main one from now on; `instead` (or NULL) is
 * the case's no more. The others stay as they were.
 */
void store_case_number_lead(struct store *store, struct arena *arena, int64_t case_id,
	const struct record_number *lead, const char *instead);

/* The case's own site (the conf's string), once each. */
void store_case_site_add(struct store *store, int64_t case_id, const char *site);
void store_case_site_remove(struct store *store, int64_t case_id, const char *site);
void store_case_message_add(struct store *store, int64_t case_id, int64_t message);
void store_case_message_remove(struct store *store, int64_t case_id, int64_t message);

/*
 * An address (of a vendor, finder or staff member, not of a coordinator) that takes part in it
 * from now on; once each.
 */
void store_case_party_add(struct store *store, int64_t case_id, const char *address);

void store_case_parties_copy(struct store *store, int64_t from, int64_t to);

/* A finder who agreed to a direct exchange takes part too; once each. Lists: the first first. */
void store_case_finder_add(struct store *store, int64_t case_id, const char *address, int64_t now);
size_t store_case_finders(
	struct store *store, struct arena *arena, int64_t case_id, struct record_finder **list_r);

/*
 * What belongs to one case belongs to the other: messages, numbers, sites,
 * parties, finders, ticks, deadlines, outbox entries but for an acknowledgement
 * of a stage that has one there. The first is closed, and found as the other
 * from then on. Its log stays. Deadlines and letters that must give way are the
 * caller's to end before (rule/merge).
 */
void store_case_merge(struct store *store, int64_t from, int64_t into, int64_t now);
/* The case that an id means: the one that it was merged into, else the id itself. */
int64_t store_case_resolve(struct store *store, int64_t id);
/* The cases that were merged into this one, by id. */
size_t store_case_merged(
	struct store *store, struct arena *arena, int64_t into, struct record_merged **list_r);

/*
 * A person puts a message into another case, with the deadlines that it opened
 * and our answers to it; store_message_put() gives the case afterwards, 0 where
 * no person did.
 */
void store_case_message_move(struct store *store, int64_t from, int64_t to, int64_t message);
int64_t store_message_put(struct store *store, int64_t message);

/* Without its lists of messages, deadlines, log; NULL if there is none. */
struct record_case *store_case_get(struct store *store, struct arena *arena, int64_t id);

/* Cases that bear the number (of any state), the bound one first. */
size_t store_case_by_number(
	struct store *store, struct arena *arena, const char *number, int64_t **ids_r);

/* Those to which it is bound, by id: one, unless two desks were told it. */
size_t store_case_bound(
	struct store *store, struct arena *arena, const char *number, int64_t **ids_r);

struct store_case_filter {
	bool open, closed; /* neither: both */
	bool overdue;
	const char *desk; /* NULL: all */
	int64_t now;
};

/* By id, but for those that were merged. */
size_t store_case_list(struct store *store, struct arena *arena,
	const struct store_case_filter *filter, struct record_case **list_r);

/*
 * Candidates for threading, as rule/decide wants them; at most DECIDE_CASES each. `sites` maps
 * bits to the desk's site strings.
 */
size_t store_candidates_by_number(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, const char *const *numbers, size_t count,
	struct decide_case *list_r);
size_t store_candidates_by_reference(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, const char *const *message_ids, size_t count,
	struct decide_case *list_r);
size_t store_candidates_by_site(struct store *store, struct arena *arena,
	const struct policy *policy, size_t desk, size_t coordinator, uint32_t sites,
	int64_t opened_after, struct decide_case *list_r);

/*
 * Whether the address wrote or was written to (as vendor, finder or staff, not as coordinator) in
 * one of these cases.
 */
bool store_takes_part(struct store *store, const char *address, const int64_t *cases,
	size_t count);

/* --- deadlines, ticks, log --- */

/*
 * Opens one; its id, or 0 when nothing new is told: by rule, when one of that
 * kind is pending that a mail of the same stage opened, by mail or staff, when the
 * same is; nor when that mail had opened it already and it was met or missed, but for
 * receipts. A person's takes the place of all pending ones of that kind (cancelled).
 */
int64_t store_deadline_open(struct store *store, int64_t case_id, enum deadline_kind kind,
	int64_t due, enum deadline_source source, int64_t from_message);
/* Pending ones of that kind of the case become met by that message. How many. */
int store_deadline_meet(struct store *store, int64_t case_id, enum deadline_kind kind,
	int64_t met_by);
/* Of these, those that a mail of that stage opened, or no mail. */
int store_deadline_meet_stage(struct store *store, int64_t case_id, enum deadline_kind kind,
	enum stage stage, int64_t met_by);
/* The pending one of that kind that is due first is met, by no mail; false when there is none. */
bool store_deadline_meet_first(struct store *store, int64_t case_id, enum deadline_kind kind,
	struct record_deadline *met_r);
/* A pending one counts no more. */
void store_deadline_cancel(struct store *store, int64_t id);
/* The message that opened them is not believed any more: pending ones are cancelled. How many. */
int store_deadlines_withdraw(struct store *store, int64_t from_message);
/* The case ends: pending ones whose last second is over are missed, the others cancelled. How many. */
int store_deadlines_end(struct store *store, int64_t case_id, int64_t now);
/* The case goes on: what store_deadlines_end() ended is pending again. How many. */
int store_deadlines_resume(struct store *store, int64_t case_id);
size_t store_deadlines(struct store *store, struct arena *arena, int64_t case_id,
	struct record_deadline **list_r);
/* Pending deadlines of open cases, the earliest first; limit 0: all. */
size_t store_deadlines_pending(
	struct store *store, struct arena *arena, size_t limit, struct record_deadline **list_r);

/* A pending deadline of an open case, as a calendar shows it. */
struct store_open_deadline {
	struct record_deadline deadline;
	const char *desk;
	const char *number;	/* the case's main one, NULL for none */
};
size_t store_deadlines_open(struct store *store, struct arena *arena,
	struct store_open_deadline **list_r);

/* Another word whenever deadlines, cases or their numbers have changed. */
#define STORE_STAMP 128
void store_deadlines_stamp(struct store *store, char stamp_r[STORE_STAMP]);

/* --- reminders: what staff were told --- */

/* A pending deadline of an open case, with what was told of it. */
struct store_reminder {
	struct record_deadline deadline;
	int64_t opened;		/* when the mail that opened it came, else when the case was opened */
	enum reminder told;
};

/* An open case that nobody has taken. */
struct store_untaken {
	int64_t case_id, opened_at;
	enum untaken told;
};

/* Of the desk, due at `until` or before and not told of as overdue, the earliest first. */
size_t store_reminders(struct store *store, struct arena *arena, const char *desk, int64_t until,
	struct store_reminder **list_r);
void store_reminded(struct store *store, int64_t deadline, enum reminder what, int64_t now);

/* Of the desk, in order of their ids, but those of which everybody was told. */
size_t store_untaken_cases(struct store *store, struct arena *arena, const char *desk,
	struct store_untaken **list_r);
void store_untaken(struct store *store, int64_t case_id, enum untaken what, int64_t now);

/* Ticks an item, once: the first who did it stays. untick: whether it was ticked. */
void store_tick(struct store *store, int64_t case_id, const char *item, int64_t now,
	const char *who);
bool store_untick(struct store *store, int64_t case_id, const char *item);
size_t store_ticks(
	struct store *store, struct arena *arena, int64_t case_id, struct record_tick **list_r);

/* False when the case has one already. */
bool store_incident_open(struct store *store, int64_t case_id, int64_t now, const char *who);
void store_incident_due(struct store *store, int64_t case_id, const char *item, int64_t due);
/* False when it has none. */
bool store_incident_get(struct store *store, struct arena *arena, int64_t case_id,
	struct record_incident *incident_r);

/*
 * Appends to the case's log (case 0: the desk's own): hash = SHA-256 over the
 * previous hash and this entry, hex. `what` bears numbers and ids only.
 */
void store_log(struct store *store, int64_t case_id, int64_t at, const char *who,
	const char *what);
size_t store_log_list(
	struct store *store, struct arena *arena, int64_t case_id, struct record_log **list_r);
/* The head of the chain over all cases, hex: what digests and proofs carry. */
void store_log_head(struct store *store, char head_r[65]);

/* --- outbox --- */

/*
 * New entry. For an acknowledgement the pair (case, stage) is unique: 0 comes
 * back, and nothing is written, when there is one already (dropped ones too do not count).
 */
int64_t store_outbox_add(struct store *store, const struct record_outbox *entry);
struct record_outbox *store_outbox_get(struct store *store, struct arena *arena, int64_t id);

/* All but sent and dropped ones when state is OUTBOX_STATES, else of that state; oldest first. */
size_t store_outbox_list(struct store *store, struct arena *arena, enum outbox_state state,
	struct record_outbox **list_r);

/* Those of that state that answer that message, oldest first. */
size_t store_outbox_answering(struct store *store, struct arena *arena, int64_t message,
	enum outbox_state state, struct record_outbox **list_r);

/* A desk's queued or deferred ones whose time has come, oldest first, at most limit. */
size_t store_outbox_due(struct store *store, struct arena *arena, const char *desk, int64_t now,
	size_t limit, struct record_outbox **list_r);
/* Every entry of a case, dropped ones too, oldest first. */
size_t store_case_outbox(
	struct store *store, struct arena *arena, int64_t case_id, struct record_outbox **list_r);
/* When the first that is due after that instant is due (never 0), 0 when none is. */
int64_t store_outbox_next(struct store *store, int64_t after);
/* A desk's sent ones whose copy must still be appended. */
size_t store_outbox_uncopied(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r);

/*
 * state, tries, next_try_at, first_try_at, last_error, sent_at, smtp_reply, hold_why, copied;
 * sha256, keys and message unless they are NULL or 0.
 */
void store_outbox_update(struct store *store, const struct record_outbox *entry);

/* Gives up one that was not sent, with the reason as its last_error. */
void store_outbox_drop(struct store *store, int64_t id, const char *why);

/* The sealed bytes, kept before SMTP begins. */
void store_outbox_seal(struct store *store, int64_t id, const void *bytes, size_t len,
	const char *sha256, const char *keys);
bool store_outbox_bytes(
	struct store *store, struct arena *arena, int64_t id, char **bytes_r, size_t *len_r);
/* They leave the row again, with their hash and keys: it is as it was before it was sealed. */
void store_outbox_unseal(struct store *store, int64_t id);

/*
 * An attempt begins (cleared by update): what a crash cut is due at once at the next start. How
 * many were cut.
 */
void store_outbox_begin_try(struct store *store, int64_t id, int64_t now);
int store_outbox_recover(struct store *store);

/* Entry whose Message-ID that is, 0 for none. */
int64_t store_outbox_by_message_id(struct store *store, const char *message_id);
/* Bit (1 << stage) for each stage the case has a (not dropped) acknowledgement of. */
uint32_t store_acknowledged_stages(struct store *store, int64_t case_id);
/* Acknowledgements made for that address since then. */
int store_acknowledged_since(struct store *store, const char *address, int64_t since);

/* --- alerts in the outbox --- */

/* Whether some wait to be told that person with others: queued for later than they were made. */
bool store_alerts_wait(struct store *store, const char *staff);
/*
 * Alerts made for that person after `since` and not after `now` that are letters: neither waiting
 * nor dropped. What a clock made that was ahead counts for nothing.
 */
int store_alert_letters(struct store *store, const char *staff, int64_t since, int64_t now);
/* When the last summary for that person was made, 0 for none between the two. */
int64_t store_alert_summary(struct store *store, const char *staff, int64_t since, int64_t now);

/* The Message-ID of the first such letter of a case to that person; NULL when there is none. */
char *store_alert_thread(struct store *store, struct arena *arena, int64_t case_id,
	const char *staff);

/* What waits for a person, of one desk. */
struct store_alert_queue {
	const char *staff, *desk;
	int64_t first, last;	/* when the oldest and the newest were made */
};
size_t store_alert_queues(struct store *store, struct arena *arena,
	struct store_alert_queue **list_r);
/* The first of them, oldest first: id, case_id, created_at and params alone are filled in. */
size_t store_alerts_waiting(struct store *store, struct arena *arena, const char *staff,
	const char *desk, size_t limit, struct record_outbox **list_r);
/* One that waits goes by itself. */
void store_alert_release(struct store *store, int64_t id, int64_t now);

/*
 * A desk's outbox that does not move: letters that are due, all of which were first tried, or due,
 * after the last one that a server took.
 */
struct store_stuck {
	int64_t since;		/* when the oldest of them was first tried, or due */
	int64_t count;
	char *last_error;	/* the oldest one's, or NULL */
};
/* False where none is. */
bool store_outbox_stuck(struct store *store, struct arena *arena, const char *desk, int64_t now,
	struct store_stuck *stuck_r);
/* When a server took the desk's last letter, as far as the clock has come; 0 for never. */
int64_t store_outbox_sent_last(struct store *store, const char *desk, int64_t now);
/* A desk's alerts that are still to go, oldest first; as store_alerts_waiting(). */
size_t store_alerts_unsent(struct store *store, struct arena *arena, const char *desk, size_t limit,
	struct record_outbox **list_r);

/* --- the whole --- */

/*
 * A consistent, checked copy while others write: one file, mode 0600, put in the place of what
 * bore that name.
 */
enum outcome store_backup(struct store *store, const char *path, struct err *err_r);

struct store_verify_row {
	const char *what; /* "integrity", "812 rows of message", "log of case 3", "message 7" */
	bool fine;
	const char *why; /* when it is not */
};

/*
 * integrity_check, the schema, foreign keys, every row against its digest, every
 * table against its tally of rows, every kept message against its hash where it
 * came sealed, every sealed mail of the outbox, every log's hash chain. One row a
 * check that went well, one a fault.
 * Stops at the first altered row unless all.
 */
enum outcome store_verify(struct store *store, struct arena *arena, bool all,
	struct store_verify_row **rows_r, size_t *count_r, struct err *err_r);

struct store_counts {
	int64_t messages, cases_open, cases_closed, unfiled, unrelated;
	int64_t outbox[OUTBOX_STATES];
};
void store_counts(struct store *store, struct store_counts *counts_r);

/*
 * SQLite's quick_check, for at most `ms`. DONE: *why_r is NULL when the file is
 * whole, else what was found first. LATER: the time was not enough.
 */
enum outcome store_quick_check(struct store *store, struct arena *arena, int64_t ms,
	const char **why_r, struct err *err_r);

/* The version of its schema. */
int store_version(struct store *store);

/*
 * Looks at the lock of store_lock() without taking it: whether a process holds
 * it, and the number that this one wrote there (0: none). NEVER: it cannot be looked at.
 */
enum outcome store_lock_look(const char *path, bool *held_r, int64_t *pid_r, struct err *err_r);

/* Bytes of its WAL. */
int64_t store_wal_bytes(const struct store *store);

/* Bytes of the store's file and its WAL. */
int64_t store_bytes(const struct store *store);

#endif
