/*
 * The outbox: from a row to the server's word.
 *
 * The promise: the row with its Message-ID commits before sealing (of what a person
 * writes: together with the sealed bytes, for the text may stand nowhere else), the sealed
 * bytes before SMTP begins, the server's reply after. When it is unknown whether
 * the server took it, the same bytes with the same Message-ID go again: twice at
 * worst, never lost, and the record shows it. What brings a mail along is sealed anew
 * under that Message-ID where its addressee has another key by then, and stays where
 * the mail may go to nobody any more. An attempt that our own death cut is due at once
 * at the next start.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/address.h"

#include <stdlib.h>
#include <string.h>

/* The finished message, the buffers that it grew through, and it once more to be sent. */
#define SENDING_ARENA ((size_t)224 * 1024 * 1024)

char *
outbox_message_id(struct arena *arena, const struct policy_desk *desk, const char *prefix)
{
	unsigned char random[12];
	char hex[2 * sizeof(random) + 1];

	io_random(random, sizeof(random));
	text_hex(hex, random, sizeof(random));
	return arena_printf(arena, "<%s%s@%s>", prefix, hex, address_domain(desk->address));
}

int64_t
outbox_add(struct store *store, const struct conf *conf, size_t desk, struct record_outbox *entry,
	int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4096);
	const struct policy_desk *policy = &conf->policy.desks[desk];
	int64_t id;

	entry->desk = policy->title;
	if (entry->message_id == NULL)
		entry->message_id = outbox_message_id(arena, policy, "");
	if (entry->created_at == 0)
		entry->created_at = now;
	if (entry->params == NULL)
		entry->params = "";
	if (entry->kind != KIND_ALERT && entry->kind != KIND_DIGEST &&
		!conf->desks[desk].imap.save_sent)
		entry->copied = true;
	if (entry->next_try_at == 0)
		entry->next_try_at = entry->created_at;
	id = store_outbox_add(store, entry);
	arena_free(&arena);
	return id;
}

int64_t
outbox_put(struct engine *engine, size_t desk, struct record_outbox *entry)
{
	int64_t id = outbox_add(engine->store, engine->conf, desk, entry, engine_now(engine));

	engine->outbox_changed = true;
	return id;
}

struct sending *
outbox_sending(struct engine *engine, size_t desk, int64_t entry)
{
	struct sending *sending = engine->desks[desk].outbox.sending;

	while (sending != NULL && sending->entry != entry)
		sending = sending->next;
	return sending;
}

void
outbox_release(struct engine *engine, size_t desk, struct sending *sending)
{
	for (struct sending **at = &engine->desks[desk].outbox.sending; *at != NULL; at = &(*at)->next) {
		if (*at == sending) {
			*at = sending->next;
			break;
		}
	}
	/* Its keyring ends with it, if it still holds what was opened. */
	opening_free(engine, &sending->opening);
	arena_free(&sending->arena);
	free(sending);
	engine->outbox_changed = true;
}

/* The sealer's end of a link to the keyring that holds what the letter brings along; -1 where none can be made. */
static int
link_carried(struct engine *engine, struct sending *sending)
{
	int pair[2];

	if (house_link(pair) < 0)
		return -1;
	opening_give(engine, sending->opening, pair[0]);
	io_close(&pair[0]);
	return pair[1];
}

void
outbox_seal(struct engine *engine, size_t desk, struct sending *sending)
{
	struct house_room *sealer = outbox_sealer(engine, desk);
	struct sealing_carried carried = { .link_fd = -1 };
	bool asked;
	struct err err;

	/* No fault of the letter's: it waits for the room. */
	if (sealer == NULL) {
		outbox_release(engine, desk, sending);
		return;
	}
	if (sending->letter->carries != 0) {
		carried.whole = sending->opening->boxed && !sending->opening->sealed;
		carried.link_fd = link_carried(engine, sending);
	}
	asked = (sending->letter->carries == 0 || carried.link_fd >= 0) &&
		sealing_ask(engine, sealer, (uint32_t)sending->entry, sending->letter, &carried);
	io_close(&carried.link_fd);
	if (!asked) {
		err_set(&err, LATER, "no memory to seal it in at the moment");
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	sending->step = SENDING_SEALS;
}

/* Whether it is still to be sent: a person may have dropped it, or hold it, meanwhile. */
static bool
still_due(struct engine *engine, const struct sending *sending)
{
	const struct record_outbox *entry =
		store_outbox_get(engine->store, sending->arena, sending->entry);

	return entry != NULL && (entry->state == OUTBOX_QUEUED || entry->state == OUTBOX_DEFERRED);
}

/* *refused_r: why the mail that it brings along goes to nobody any more. */
static bool
note_try(struct engine *engine, size_t desk, const struct sending *sending, bool *due_r,
	const char **refused_r, struct err *err_r)
{
	if (store_begin(engine->store, err_r) != DONE)
		return false;
	*due_r = still_due(engine, sending);
	*refused_r = outbox_carry_refused(engine, desk, sending);
	if (*due_r && *refused_r == NULL)
		store_outbox_begin_try(engine->store, sending->entry, engine_now(engine));
	return store_commit(engine->store, err_r) == DONE;
}

/* The bytes are in the row by now; the attempt is noted before the server hears of it. */
void
outbox_submit(struct engine *engine, size_t desk, struct sending *sending)
{
	struct house_room *smarthost = outbox_smarthost(engine, desk);
	const char *refused = NULL;
	bool due = false;
	struct err err;
	char *bytes;
	size_t len;
	int fd;

	if (smarthost == NULL) {
		outbox_release(engine, desk, sending);
		return;
	}
	if (!store_outbox_bytes(engine->store, sending->arena, sending->entry, &bytes, &len)) {
		err_set(&err, LATER, "its sealed bytes cannot be read from the store");
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	if (!note_try(engine, desk, sending, &due, &refused, &err)) {
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	if (!due) {
		outbox_release(engine, desk, sending);
		return;
	}
	if (refused != NULL) {
		(void)outbox_leave_out(engine, desk, sending, false, refused);
		return;
	}
	fd = io_memfd(bytes, len);
	sending->step = SENDING_SUBMITS;
	frame_start(&engine->frame, FRAME_SUBMIT);
	frame_put_u32(&engine->frame, (uint32_t)sending->entry);
	frame_put_string(&engine->frame, engine_policy(engine, desk)->address);
	frame_put_string(&engine->frame, sending->record->to);
	frame_put_fd(&engine->frame, fd);
	house_send(engine->house, smarthost, &engine->frame);
	house_watch(smarthost, OUTBOX_SUBMIT_WATCH_MS);
	io_close(&fd);
}

void
outbox_hold(struct engine *engine, size_t desk, struct sending *sending, const char *why)
{
	struct record_outbox *entry = sending->record;
	struct err err;

	if (store_begin(engine->store, &err) != DONE) {
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	if (still_due(engine, sending)) {
		entry->state = OUTBOX_HELD;
		entry->hold_why = why;
		store_outbox_update(engine->store, entry);
		outbox_unseal(engine, sending);
		alerts_put(engine, desk, ALERT_HELD, entry->case_id, entry->answers, why);
	}
	if (store_commit(engine->store, &err) != DONE) {
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	log_warn("outbox=%lld held: %s", (long long)sending->entry, why);
	outbox_release(engine, desk, sending);
}

/* Its bytes were sealed to keys that it would not be sealed to now. */
static bool
unseal(struct engine *engine, size_t desk, struct sending *sending)
{
	struct err err;

	if (store_begin(engine->store, &err) == DONE) {
		outbox_unseal(engine, sending);
		/* Read again: whoever writes it back must not bring back hash and keys of what is gone. */
		sending->record = store_outbox_get(engine->store, sending->arena, sending->entry);
		if (store_commit(engine->store, &err) == DONE)
			return true;
	}
	outbox_failed(engine, desk, sending, LATER, &err);
	return false;
}

static void
start(struct engine *engine, size_t desk, const struct record_outbox *entry)
{
	struct sending *sending = mem_alloc(sizeof(*sending));
	struct err err = { "" };

	*sending = (struct sending){ .next = engine->desks[desk].outbox.sending,
		.entry = entry->id,
		.arena = arena_new(ARENA_PLAIN, SENDING_ARENA) };
	engine->desks[desk].outbox.sending = sending;
	sending->record = store_outbox_get(engine->store, sending->arena, entry->id);
	/* What brings a mail along is asked again, to whom and whether, before each try. */
	if (entry->sealed && letter_param(sending->arena, entry->params, "carries") == NULL) {
		outbox_submit(engine, desk, sending);
		return;
	}
	sending->letter = arena_alloc(sending->arena, sizeof(*sending->letter));
	if (letter_make(engine, desk, sending->arena, sending->record, sending->letter, &err) != DONE)
		outbox_failed(engine, desk, sending, NEVER, &err);
	else if (sending->letter->hold_why != NULL)
		outbox_hold(engine, desk, sending, sending->letter->hold_why);
	else if (entry->sealed && text_equal(entry->keys, outbox_keys(sending->arena, sending->letter)))
		outbox_submit(engine, desk, sending);
	else if (entry->sealed && !unseal(engine, desk, sending))
		return;
	else if (sending->letter->carries != 0)
		outbox_carry(engine, desk, sending);
	else
		outbox_seal(engine, desk, sending);
}

static size_t
in_hand(const struct engine *engine, size_t desk)
{
	size_t count = 0;

	for (const struct sending *at = engine->desks[desk].outbox.sending; at != NULL; at = at->next)
		count++;
	return count;
}

/* What a server took, and the store did not take at once. */
static void
record_late(struct engine *engine)
{
	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		struct sending *next;

		for (struct sending *at = engine->desks[desk].outbox.sending; at != NULL; at = next) {
			next = at->next;
			if (at->step == SENDING_RECORDS && at->record_after_ms <= clock_mono_ms())
				outbox_sent(engine, desk, at);
		}
	}
}

/* Of each desk its own: one whose server stands still must not keep the others waiting. */
static void
start_due(struct engine *engine, size_t desk, int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)32 * 1024 * 1024);
	struct record_outbox *list;
	/* What is in hand is still due by its row. */
	size_t count = store_outbox_due(engine->store, arena, engine_policy(engine, desk)->title, now,
		2 * FLOW_SENDING, &list);

	engine->desks[desk].outbox.rooms_at_ms = count > 0 ? outbox_rooms_at_ms(&engine->desks[desk].outbox) : 0;
	if (engine->desks[desk].outbox.rooms_at_ms != 0)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (outbox_sending(engine, desk, list[i].id) == NULL && in_hand(engine, desk) < FLOW_SENDING)
			start(engine, desk, &list[i]);
	}
	arena_free(&arena);
}

/* Milliseconds until a room that due letters wait for may be started, -1 when none is waited for. */
static int
rooms_timeout(const struct engine *engine)
{
	int64_t now = clock_mono_ms(), soonest = -1;

	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		int64_t at = engine->desks[desk].outbox.rooms_at_ms;
		int64_t left = at > now ? at - now : 0;

		if (at != 0 && (soonest < 0 || left < soonest))
			soonest = left;
	}
	return (int)soonest;
}

void
outbox_advance(struct engine *engine)
{
	int64_t now = engine_now(engine), next;

	if (!engine->options.send || engine->store == NULL)
		return;
	record_late(engine);
	if (engine->stopping || engine->outbox_after_ms > clock_mono_ms())
		return;
	next = engine->outbox_next;
	if (!engine->outbox_changed && (next == 0 || next > now) && rooms_timeout(engine) != 0)
		return;
	engine->outbox_changed = false;
	for (size_t desk = 0; desk < engine->desk_count; desk++) {
		drills_look(engine, desk);
		start_due(engine, desk, now);
	}
	/* What is due and could not be begun is looked at again when something in hand is let go. */
	engine->outbox_next = store_outbox_next(engine->store, now);
}

/* Milliseconds until a store that failed is asked again, -1 when there is nothing to ask. */
static int
store_timeout(const struct engine *engine)
{
	int64_t at = engine->outbox_after_ms, now = clock_mono_ms();

	for (size_t desk = 0; desk < engine->desk_count; desk++)
		for (const struct sending *sending = engine->desks[desk].outbox.sending; sending != NULL;
			sending = sending->next)
			if (sending->step == SENDING_RECORDS && sending->record_after_ms > at)
				at = sending->record_after_ms;
	return at > now ? (int)(at - now) : -1;
}

int
outbox_timeout(const struct engine *engine)
{
	int64_t now = engine_now(engine), left;

	if (!engine->options.send)
		return -1;
	if (store_timeout(engine) >= 0)
		return store_timeout(engine);
	if (engine->stopping)
		return -1;
	if (engine->outbox_changed)
		return 0;
	if (rooms_timeout(engine) >= 0)
		return rooms_timeout(engine);
	if (engine->outbox_next == 0)
		return -1;
	left = (engine->outbox_next - now) / 1000 + 1;
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

bool
outbox_busy(const struct engine *engine, size_t desk)
{
	if (engine->desks[desk].outbox.sending != NULL || engine->desks[desk].outbox.making_pair)
		return true;
	return engine->options.send && !engine->stopping &&
		(engine->outbox_changed || engine->desks[desk].outbox.rooms_at_ms != 0 ||
			(engine->outbox_next != 0 && engine->outbox_next <= engine_now(engine)));
}
