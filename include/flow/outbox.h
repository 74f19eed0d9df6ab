/*
 * The inside of the outbox: what its parts share, the way out (outbox.c), the mail
 * that a letter brings along (outbox_carry.c), the rooms on the way (outbox_rooms.c)
 * and what is written down of it (outbox_record.c). Not for the programs.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_OUTBOX_H
#define FLOW_OUTBOX_H

#include "flow/parts.h"
#include "port/smtp.h"

/*
 * What one message may take in a room, of which more hangs. The smarthost's wire
 * has deadlines of its own, which come first and say what was late.
 */
#define OUTBOX_SEAL_WATCH_MS 300000
#define OUTBOX_SUBMIT_WATCH_MS \
	((int64_t)1000 * (SMTP_TOTAL_SECONDS + 2 * COMPOSE_MAX / SMTP_SLOWEST + 60))

/* A sealer's answer. */
struct outbox_sealed {
	enum outcome outcome;
	struct err err;
	const char *micalg, *bad_key;
	int fd;
};

/* A smarthost's answer. */
struct outbox_reply {
	enum outcome outcome;
	struct err err;
	int code;
	const char *text;
	bool unknown;
};

/* The desk's wire to its smarthost, started if need be; NULL while it must wait. The sealer's is in parts.h. */
struct house_room *outbox_smarthost(struct engine *engine, size_t desk);

/* When a room that ended may be started again (clock_mono_ms()), 0 if none is waited for. */
int64_t outbox_rooms_at_ms(const struct flow_outbox *outbox);

/* What is in hand of that entry, NULL for nothing. */
struct sending *outbox_sending(struct engine *engine, size_t desk, int64_t entry);

/*
 * Hands its sealed bytes, which are in the row by now, to the smarthost; the attempt is noted before.
 * Where the mail in them may be handed to nobody any more, outbox_leave_out() follows instead.
 */
void outbox_submit(struct engine *engine, size_t desk, struct sending *sending);

/* --- sealing.c --- */

#define SEALING_JOBS UINT32_C(0x80000000)	/* from here on no entry's: somebody waits for it */

/* What comes along with a letter: the sealer's end of the link over which a keyring gives it. */
struct sealing_carried {
	int link_fd;	/* -1 for nothing; stays the caller's */
	bool whole;	/* it is a whole message as it came */
};

/*
 * Has a letter sealed; the answer names the job. carried may be NULL. False when there is no
 * memory for it at the moment.
 */
bool sealing_ask(struct engine *engine, struct house_room *sealer, uint32_t job,
	const struct letter *letter, const struct sealing_carried *carried);

/* An answer behind its job; false when it is not a right one, and then sealed_r is as it was. */
bool sealing_read(struct frame *frame, struct arena *arena, struct outbox_sealed *sealed_r);

/* The whole message round what the sealer gave; else its outcome and sentence. */
enum outcome sealing_finish(struct arena *arena, const struct letter *letter,
	const struct outbox_sealed *sealed, struct text *message_r, struct err *err_r);

/*
 * Has a letter sealed and turns the loop until it is: the whole message, in the arena. LATER
 * where no sealer can be started or none answers; one that does not is ended.
 */
enum outcome sealing_wait(struct engine *engine, size_t desk, struct arena *arena,
	const struct letter *letter, struct text *message_r, struct err *err_r);

/*
 * The answer to that, behind its job, and the end of the room that was asked. False for what is
 * not waited for: what was sealed for one letter must never go out as another.
 */
bool sealing_said(struct engine *engine, struct house_room *room, uint32_t job,
	struct frame *frame);
void sealing_room_end(struct engine *engine, struct house_room *room);

/* Sealed bytes into an entry's row in the open transaction, with their hash and their keys. */
void outbox_note_sealed(struct store *store, struct arena *arena, int64_t entry,
	const struct letter *letter, const struct text *message);

/* The keys that it is sealed to, as a row has them. In the arena. */
char *outbox_keys(struct arena *arena, const struct letter *letter);

/*
 * What was sealed for it leaves the row in the open transaction; the case's log keeps the hash.
 * Of a letter that the row alone can make anew, never of one that a person wrote.
 */
void outbox_unseal(struct engine *engine, const struct sending *sending);

/* Lets an entry out of hand; what its row says is what comes next. */
void outbox_release(struct engine *engine, size_t desk, struct sending *sending);

/*
 * Hands a letter to the sealer. Where it carries, its mail waits opened in a keyring
 * (sending->opening), which gives it to the sealer over a link made here.
 */
void outbox_seal(struct engine *engine, size_t desk, struct sending *sending);

/* What cannot go as it is waits for a person, with the reason; nothing stays sealed for it. */
void outbox_hold(struct engine *engine, size_t desk, struct sending *sending, const char *why);

/* --- the mail that a letter brings along (outbox_carry.c) --- */

/* Has it opened once more; outbox_seal() follows, or outbox_leave_out(). */
void outbox_carry(struct engine *engine, size_t desk, struct sending *sending);

/*
 * Why the mail that it brings along may not be handed over, in the sending's arena; NULL where it
 * may, or there is none.
 */
const char *outbox_carry_refused(struct engine *engine, size_t desk, const struct sending *sending);

/*
 * The letter cannot go with it (or, `key_dead`, not to its addressee's key): an alert is
 * dropped, and goes anew without; what was forwarded waits for a person; nothing stays
 * sealed for either. Lets the entry out of hand. False, and nothing is done, where there is nothing to leave out.
 */
bool outbox_leave_out(struct engine *engine, size_t desk, struct sending *sending, bool key_dead,
	const char *why);

/* An alert that the server took: what the mail that it brought along ticks. */
void outbox_handed_over(struct engine *engine, struct sending *sending);

/* Whether a room of that kind has something of the outbox in its hands. */
bool outbox_awaits(const struct engine *engine, size_t desk, enum room_kind kind);

/* The sealed bytes into the row; false when the entry was let go (failed or deferred). */
bool outbox_keep_sealed(struct engine *engine, size_t desk, struct sending *sending,
	const struct outbox_sealed *sealed);

/*
 * The server took it (code, reply, sent_at): proof, record among the messages,
 * deadlines met, items ticked. Lets it go; where the store does not take that,
 * it stays in hand and is never submitted again, but recorded later.
 */
void outbox_sent(struct engine *engine, size_t desk, struct sending *sending);

/* Deferred (LATER) or failed (NEVER, or tried for too long); staff are told of a failure. Lets it go. */
void outbox_failed(struct engine *engine, size_t desk, struct sending *sending, enum outcome outcome,
	const struct err *err);

/*
 * What our own death cut, at a start: due at once, the same bytes but where a mail that is brought
 * along is to be sealed anew; the case's log shows it.
 */
enum outcome outbox_recover(struct engine *engine, struct err *err_r);

/* The pair is there: loaded, or made and kept. */
enum outcome pair_ready(struct engine *engine, size_t desk, struct err *err_r);

/* The pair for sealing clear mail came from the sealer. */
bool pair_made(struct engine *engine, size_t desk, struct frame *frame);

#endif
