/*
 * What the parts of flow/ share: the engine's inside. Not for the programs.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_PARTS_H
#define FLOW_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/drills.h"
#include "flow/engine.h"
#include "mail/compose.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "port/store.h"
#include "room/frames.h"
#include "room/house.h"
#include "rule/decide.h"
#include "rule/silence.h"

#define FLOW_READING 4		/* messages being read at a time */
#define FLOW_KEYRINGS 3		/* keyrings of one desk at a time */
#define FLOW_SENDING 4		/* outbox entries of one desk in hand at a time */
#define FLOW_COMMIT_MESSAGES 64	/* messages that share a commit at most */
#define FLOW_COMMIT_MS 20
#define FLOW_FOLDERS 64		/* folders of one mailbox, Sent among them */
#define FLOW_MARKS 32		/* marks that a mailbox's wire is asked for at a time */
#define FLOW_AGAIN 64		/* messages that wait to be judged again at a time */
#define FLOW_MESSAGE_MAX (96u * 1024 * 1024)

struct engine;
struct mailtext_value;

/* --- opening: a message through readers and keyrings, to facts --- */

enum opening_state { OPENING_WAITS, OPENING_READS, OPENING_ASKS, OPENING_WAITS_KEYRING,
	OPENING_HELD,	/* opened for a hand-over, and waits in its keyring for opening_give() */
	OPENING_DONE };

struct opening {
	struct opening *next;
	uint32_t id;
	size_t desk;
	enum read_mode mode;
	int fd;			/* the message: as it came, or boxed */
	bool boxed;
	char *box_secret;	/* the pair's sealed secret half, for a boxed one */
	size_t box_secret_len;
	bool hands;		/* for a hand-over: what was opened goes to no reader, see opening_give() */
	bool sealed;		/* then: on record as mail that held a ciphertext */
	int64_t received_at;	/* when the message came: certificates must have been valid then; 0: now */
	enum opening_state state;
	int tries;		/* readers or keyrings that it ended */
	int passing;		/* passing faults met */
	int64_t not_before_ms;	/* after a passing fault */
	bool header_told;	/* by the present reader */
	struct house_room *reader, *keyring;
	struct arena *arena;
	struct facts *facts;
	int text_fds[FACTS_LAYERS];	/* READ_TEXT, READ_EVIDENCE: each layer's; READ_RAW: the bytes, the first; -1 until then */
	void (*done)(struct engine *engine, struct opening *opening);
	void *owner;
};

/* Starts one (takes over fd); `done` is called from a turn of the loop, once; then opening_free() is the owner's duty. */
struct opening *opening_start(struct engine *engine, size_t desk, enum read_mode mode, int fd,
	bool boxed, void (*done)(struct engine *, struct opening *), void *owner);
void opening_free(struct engine *engine, struct opening **opening);
/*
 * Of one that `hands`: what stood in its first ciphertext, or all of a mail without one,
 * goes from the keyring over that link, past every reader. To be called in `done`, where
 * the state is OPENING_HELD; in any other there is nothing to give (it cannot be opened,
 * or is one of several blocks and not the whole of what was sealed).
 */
void opening_give(struct engine *engine, struct opening *opening, int link_fd);
/* Whether it ended for what passes (gpg or its agent failed, no memory), not for the mail itself. */
bool opening_passed(const struct opening *opening);
void opening_advance(struct engine *engine);
bool opening_frame(struct engine *engine, struct house_room *room, struct frame *frame);
void opening_room_end(struct engine *engine, struct house_room *room, enum house_end end);
/* Lets keyrings go, so that the next ones see the changed keyring. */
void opening_fresh_keyrings(struct engine *engine, size_t desk);
/* Milliseconds until a passing fault is tried again, -1 for none. */
int opening_timeout(const struct engine *engine);

/* --- intake: from a mailbox's wire to the store --- */

struct intake_job {
	struct intake_job *next;
	size_t desk;
	int64_t mailbox;	/* the folder's row, 0 for none */
	const char *folder;
	int at;			/* the folder's index at its wire, -1 for none */
	uint32_t uid_validity, uid;
	int64_t internal_date;
	int64_t size;		/* as the server says */
	bool header_only, from_sent;
	bool only_copy;		/* no server has it: kept whole, whatever it is */
	bool mark_only;		/* no message: the cursor moves to `size` when what stands before is on record */
	int64_t again;		/* a message on record that is judged again, 0 for a new one */
	int fd;
	unsigned char sha256[32];
	size_t len;
	struct opening *opening;
	bool known;		/* on record already: only its place is noted */
	bool ready;
	bool filed;		/* written in the transaction that is open */
	bool mark;		/* to be flagged or moved after the commit, if the conf wants that */
	bool removes;		/* a drill's mail: taken away after the commit */
	enum drill_mail removed_mail;
	size_t tag;		/* of a dry run */
};

/* Takes the job over. False when its bytes cannot be had: nothing behind it may move the cursor then. */
bool intake_offer(struct engine *engine, struct intake_job *job);
void intake_again(struct engine *engine, int64_t message);
void intake_advance(struct engine *engine);
void intake_close(struct engine *engine);
/* Everything up to that UID was given: the cursor moves when what came before is on record. */
void intake_seen(struct engine *engine, size_t desk, int at, uint32_t uid_validity, uint32_t uid);

/* --- filing: one decided message into the open transaction --- */

void filing_write(struct engine *engine, struct intake_job *job);

/* --- mailboxes: the desk's side of a mailbox's wire --- */

struct flow_folder {
	const char *name;
	struct store_cursor cursor;
	bool failed;
};

struct flow_mark {
	int64_t mailbox;
	uint32_t uid_validity, uid;
	bool open;		/* not answered */
	bool settled;		/* made, or cannot be */
};

struct flow_mailbox {
	struct house_room *wire;
	struct flow_folder folders[FLOW_FOLDERS];
	size_t folder_count;
	int sent;		/* index of the Sent folder, -1 */
	bool waiting;		/* every folder was read once */
	bool trouble;		/* the connection is gone at the moment */
	int failures;
	int64_t restart_ms;	/* when a wire that died is started again, 0 */
	uint32_t appending;	/* outbox entry whose copy is being appended, 0 */
	int64_t ask_after_ms;	/* copies and fetches wait until then */
	bool copies_due, wanted_due;	/* the store may hold copies to append, messages to fetch again */
	uint32_t getting;	/* message that is being fetched again, 0 */
	int64_t gone_wanted;	/* messages up to this one are not asked for again in this run */
	bool marks_due;		/* the store may hold marks to make */
	struct flow_mark marks[FLOW_MARKS];	/* those that the wire was asked for */
	size_t mark_count, marks_open;	/* how many, and how many of them are not answered */
	size_t removing;	/* a drill's mails that are being removed */
};

void mailboxes_start(struct engine *engine, size_t desk);
bool mailboxes_frame(struct engine *engine, struct house_room *room, struct frame *frame);
void mailboxes_room_end(struct engine *engine, struct house_room *room, enum house_end end);
void mailboxes_advance(struct engine *engine);
void mailboxes_taken(struct engine *engine, const struct intake_job *job);
void mailboxes_look(struct engine *engine);
int mailboxes_timeout(const struct engine *engine);
/* Whether a copy or a fetch is under way or due. */
bool mailboxes_busy(const struct engine *engine, size_t desk);

/* --- wanted: mail of which only the header fields were kept, fetched again --- */

void wanted_next(struct engine *engine, size_t desk);
void wanted_got(struct engine *engine, size_t desk, int64_t id, enum outcome outcome, int fd,
	const struct err *why);

/* --- marks: mail on record that is to be flagged or moved in its mailbox --- */

void marks_next(struct engine *engine, size_t desk);
/* The wire's answer; false when it is not one. *later_r: that it could not be made just now. */
bool marks_made(struct engine *engine, size_t desk, struct frame *frame, bool *later_r);

/* --- drills: mail of our own that is answered to ourselves (flow/drills.h) --- */

/*
 * Whether the job's mail is that of a drill under way, and as it should be: then all of
 * it is written, and filing is not for it. Of one that is not, that is written.
 */
bool drills_take(struct engine *engine, struct intake_job *job);
/* After the commit: the wire is to remove it. */
void drills_remove(struct engine *engine, const struct intake_job *job);
/* The wire's answer; false when it is not one. */
bool drills_removed(struct engine *engine, size_t desk, struct frame *frame);
/* Ends one that nobody ended in its time, so that nothing of it is sent any more. */
void drills_look(struct engine *engine, size_t desk);
/* Tells staff, once, that none has passed for too long. */
void drills_remind(struct engine *engine, size_t desk, struct arena *arena);

/* --- outbox --- */

struct sending {
	struct sending *next;
	int64_t entry;
	enum { SENDING_OPENS, SENDING_SEALS, SENDING_SUBMITS, SENDING_RECORDS } step;
	struct opening *opening;	/* SENDING_OPENS: of the mail that it brings along */
	struct arena *arena;
	struct record_outbox *record;
	struct letter *letter;
	int code;		/* SENDING_RECORDS: what the server said when it took it */
	const char *reply;
	int64_t sent_at;
	bool renewed;		/* it went again with a new password */
	int64_t record_after_ms;	/* the store did not take that at once: when to try again */
};

struct flow_outbox {
	struct house_room *sealer, *smarthost;
	struct sending *sending;
	int sealer_failures, smarthost_failures;
	int64_t sealer_restart_ms, smarthost_restart_ms;
	int64_t rooms_at_ms;	/* letters are due and wait for a room until then, 0 */
	bool making_pair;
};

void outbox_advance(struct engine *engine);
bool outbox_frame(struct engine *engine, struct house_room *room, struct frame *frame);
void outbox_room_end(struct engine *engine, struct house_room *room, enum house_end end);
int outbox_timeout(const struct engine *engine);
bool outbox_busy(const struct engine *engine, size_t desk);
/* A new entry in the open transaction; fills Message-ID (if it has none) and times. Its id, 0 when an acknowledgement of that stage is there. */
int64_t outbox_put(struct engine *engine, size_t desk, struct record_outbox *entry);
/*
 * The same over the store alone, for the tool: the daemon finds it when it is woken. A
 * Message-ID that the entry has already stays.
 */
int64_t outbox_add(struct store *store, const struct conf *conf, size_t desk,
	struct record_outbox *entry, int64_t now);
/* A new one in the desk's domain: the prefix, and 96 random bits. In the arena. */
char *outbox_message_id(struct arena *arena, const struct policy_desk *desk, const char *prefix);
struct house_room *outbox_sealer(struct engine *engine, size_t desk);

/* --- letters: what an outbox entry says --- */

/* All of it is in its own arena: the desk's list of keys may be another one before it is sealed. */
struct letter {
	struct compose_mail mail;
	enum pgp_mode mode;
	const char *recipients[FRAMES_RECIPIENTS];
	size_t recipient_count;
	struct text entity;	/* what is signed and sealed; left open where it carries */
	int64_t carries;	/* the message that it brings along, opened and sealed; 0 for none */
	const char *hold_why;	/* not NULL: it cannot go, a person must look */
};

/* What a person wrote, and how it is shown. The text stands in here alone, never in the entry. */
struct letter_words {
	const char *template_name;
	enum language language;
	const char *to, *cc;		/* of the header; cc NULL: none. The envelope is the entry's */
	const char *copy_to;		/* whose address cc is, by name */
	const char *body;		/* "" for none */
	const char *sites;		/* a line each, indented; "" for none */
	const char *until;		/* a day in words; "" for none */
	bool to_finder;
	const struct compose_attachment *attachments;
	size_t attachment_count;
};

/* The letter of an entry that a person wrote: sealed or, where there is no usable key, NEVER. */
enum outcome letter_write(struct engine *engine, size_t desk, struct arena *arena,
	const struct record_outbox *entry, const struct letter_words *words,
	struct letter *letter_r, struct err *err_r);

/* Makes the letter of an entry: template, recipients, keys. NEVER with the reason when it cannot be made at all. */
enum outcome letter_make(struct engine *engine, size_t desk, struct arena *arena,
	const struct record_outbox *entry, struct letter *letter_r, struct err *err_r);
/* The whole message once the armour is there. */
enum outcome letter_finish(struct arena *arena, const struct letter *letter, const void *armour,
	size_t armour_len, const char *micalg, struct text *message_r, struct err *err_r);

/* A fingerprint as people compare it: "0123 4567 …". */
char *letter_grouped(struct arena *arena, const char *fpr);

/* A line "name: value" of an entry's params, in the arena; NULL if it is not there. */
char *letter_param(struct arena *arena, const char *params, const char *name);

/*
 * What such a line says, in the words of a reader among staff: kinds, trust, times and days of the
 * zone; anything else, and what is none of those, as it is. In the arena, of the value, or static;
 * NULL for NULL.
 */
const char *letter_spoken(struct arena *arena, const char *zone, enum language language,
	const char *name, const char *value);

/* Sets VALUE_DEADLINE_KIND and what goes with it, of a deadline as params spell it; NULL: none. */
void letter_deadline_values(struct arena *arena, const char *deadline,
	struct mailtext_value *values_r);

/* The shipped templates of both languages, read and tried out at the start. */
enum outcome templates_load(struct engine *engine, struct err *err_r);
const char *templates_find(const struct engine *engine, enum language language, const char *name);

/* --- alerts --- */

/* One entry for each person who is alerted, in the open transaction. */
void alerts_put(struct engine *engine, size_t desk, enum alert_kind kind, int64_t case_id,
	int64_t message, const char *detail);

/* --- summaries: alerts that wait to be told in one letter --- */

void summaries_advance(struct engine *engine);
/* Milliseconds until some are due, -1 for none. */
int summaries_timeout(const struct engine *engine);

/* --- silence: mailboxes that are not read, an outbox that stands, a clock that jumped --- */

void silence_advance(struct engine *engine);
/* Milliseconds until the next look, -1 for none. */
int silence_timeout(const struct engine *engine);
/* Runs alert_command, where the conf has one, with what is to be told of the desk's outbox. */
void outage_tell(struct engine *engine, size_t desk, struct arena *arena,
	const struct store_stuck *stuck);

/* --- expiry: keys that are about to end --- */

/* Looks if it is time to. Asks keyrings, which turns the loop: from its outermost turn alone. */
void expiry_look(struct engine *engine);

/* --- reminders: deadlines that are near or past, cases that nobody takes --- */

void reminders_advance(struct engine *engine);
/* Writes feed_file if what stands in it has changed. */
void feed_write(struct engine *engine);
/* Milliseconds until the next look, -1 for none. */
int reminders_timeout(const struct engine *engine);

/* --- digests: each person's, once a day --- */

void daily_advance(struct engine *engine);
/* Milliseconds until the next look, -1 for none. */
int daily_timeout(const struct engine *engine);

/* --- keys --- */

struct flow_keys {
	struct arena *arena;
	struct pgp_keys keys;
	char *own_armour;	/* the desk's public key, to attach */
	size_t own_armour_len;
	char *autocrypt;	/* the header field's value with it, NULL if it is too long for one */
};

/* The newest valid key among these that can be encrypted to, NULL if there is none. */
const struct pgp_key *keys_usable(const struct engine *engine, size_t desk, const char *const *fprs,
	size_t count);
/* Likewise among a coordinator's pinned keys and those that its root_key certified. */
const struct pgp_key *keys_of_coordinator(const struct engine *engine, size_t desk, size_t coordinator);
/*
 * Likewise among those whose first user id names the address: for a finder, whose
 * key a person imported. Never for a coordinator's or staff's address.
 */
const struct pgp_key *keys_of_address(const struct engine *engine, size_t desk, const char *address);
/* Asks the desk's keyring for its keys and for the desk's own public key; waits for it. */
enum outcome keys_list(struct engine *engine, size_t desk, struct err *err_r);
bool keys_frame(struct engine *engine, struct house_room *room, struct frame *frame);
void keys_room_end(struct engine *engine, struct house_room *room);

/* --- the engine --- */

struct engine_desk {
	struct flow_mailbox mailbox;
	struct flow_outbox outbox;
	struct flow_keys keys;
	struct box_public box_public;
	bool has_box;
	struct house_room *spare;	/* a fresh reader, forked ahead of need */
	struct silence outage;	/* what was told of the outbox's silence, and the store did not take */
};

struct flow_templates;

struct engine {
	const struct conf *conf;
	struct arena *arena;	/* lives as long as the engine */
	struct flow_templates *templates;
	struct engine_options options;
	struct store *store;
	struct house *house;
	struct engine_desk *desks;
	size_t desk_count;
	struct opening *openings;
	uint32_t last_opening;
	struct intake_job *jobs, **jobs_tail;
	size_t job_count;
	bool again_due;			/* more are marked to be judged again than were put into the queue */
	int64_t again_after;		/* those up to this one were */
	int64_t commit_again_ms;	/* after a commit that failed */
	int64_t remind_again_ms;	/* when it is looked what staff are to be told */
	int64_t daily_again_ms;		/* when it is looked whose digest is due, 0: at once */
	int64_t daily_until_ms;		/* until when the mailboxes are waited for after the start, 0: not begun */
	int64_t summaries_next;		/* when what waits is looked at, 0: as soon as something has changed */
	int64_t expiry_again_ms;	/* when it is looked which keys end, 0 at the start */
	int64_t silence_again_ms;	/* when it is looked what has gone silent */
	int64_t started_at;		/* when that was looked at first, 0 before */
	int64_t clock_seen, clock_seen_mono_ms;	/* both clocks at the last look */
	char feed_stamp[STORE_STAMP];	/* of what stands in feed_file */
	bool stopping, failed;
	bool outbox_changed;
	int64_t outbox_next;		/* when the next entry is due, 0 for none */
	int64_t outbox_after_ms;	/* the store failed: nothing is begun before */
	struct keys_wait *keys_wait;
	struct sealing *sealing;	/* a letter whose sealing is waited for */
	uint32_t sealings;		/* how many were: each ask has its own number */
	struct frame frame;		/* for what the parts send */
};

/* Judges again whatever a person's word or a new key has marked. */
void engine_judge_marked(struct engine *engine);
/* The next of them, when those before are done. */
void engine_judge_more(struct engine *engine);
int64_t engine_now(const struct engine *engine);
const struct policy_desk *engine_policy(const struct engine *engine, size_t desk);
/* Whether it is one of that coordinator's addresses. */
bool engine_is_coordinators(const struct policy_coordinator *coordinator, const char *address);
/* Index of the desk of that title, (size_t)-1 if the conf no longer has it. */
size_t engine_desk_of(const struct engine *engine, const char *title);

#endif
