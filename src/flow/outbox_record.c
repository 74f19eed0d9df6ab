/*
 * What is written down of the way out: sealed bytes, proof, failures, and what
 * a mail of ours meets and ticks once the server took it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"
#include "flow/ticks.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "rule/calendar.h"
#include "rule/deadline.h"
#include "rule/retry.h"

#include <string.h>

#define OUTBOX_STORE_MS 1000	/* until a store that failed is asked again */
#define RECORD_ARENA ((size_t)160 * 1024 * 1024)

static char *
sha256_hex(struct arena *arena, const void *bytes, size_t len)
{
	unsigned char hash[32];
	char *hex = arena_alloc(arena, 2 * sizeof(hash) + 1);

	box_sha256(bytes, len, hash);
	text_hex(hex, hash, sizeof(hash));
	return hex;
}

char *
outbox_keys(struct arena *arena, const struct letter *letter)
{
	struct text text;

	text_init(&text, arena, 1024);
	for (size_t i = 0; i < letter->recipient_count; i++)
		text_addf(&text, "%s%s", i > 0 ? "," : "", letter->recipients[i]);
	return text.data;
}

void
outbox_note_sealed(struct store *store, struct arena *arena, int64_t entry,
	const struct letter *letter, const struct text *message)
{
	store_outbox_seal(store, entry, message->data, message->len,
		sha256_hex(arena, message->data, message->len), outbox_keys(arena, letter));
}

void
outbox_unseal(struct engine *engine, const struct sending *sending)
{
	const struct record_outbox *entry =
		store_outbox_get(engine->store, sending->arena, sending->entry);

	if (entry == NULL || !entry->sealed)
		return;
	store_outbox_unseal(engine->store, entry->id);
	if (entry->case_id != 0)
		store_log(engine->store, entry->case_id, engine_now(engine), "madoguchid",
			arena_printf(sending->arena,
				"outbox %lld: what was sealed for it is thrown away, sha256 %s",
				(long long)entry->id, entry->sha256));
}

/* Whether the key that could not be used is the addressee's, and not the desk's own. */
static bool
is_addressees(const struct sending *sending, const char *bad_key)
{
	const struct letter *letter = sending->letter;

	return bad_key != NULL && letter->mode == PGP_SIGN_SEAL && text_equal(bad_key, letter->recipients[0]);
}

bool
outbox_keep_sealed(struct engine *engine, size_t desk, struct sending *sending,
	const struct outbox_sealed *sealed)
{
	struct err err = { "" };
	struct text message;
	enum outcome outcome =
		sealing_finish(sending->arena, sending->letter, sealed, &message, &err);

	if (outcome == DONE)
		outcome = store_begin(engine->store, &err);
	if (outcome == DONE) {
		outbox_note_sealed(engine->store, sending->arena, sending->entry, sending->letter,
			&message);
		outcome = store_commit(engine->store, &err);
	}
	if (outcome == DONE)
		return true;
	if (outcome != NEVER ||
		!outbox_leave_out(engine, desk, sending, is_addressees(sending, sealed->bad_key), err.text))
		outbox_failed(engine, desk, sending, outcome, &err);
	return false;
}

/* What went out stands among the messages as it went: ciphertext, or a signed text of numbers and dates. */
static int64_t
record_message(struct engine *engine, size_t desk, struct sending *sending)
{
	const struct record_outbox *entry = sending->record;
	struct record_message record = { 0 };
	char *bytes;
	size_t len;

	if (!store_outbox_bytes(engine->store, sending->arena, entry->id, &bytes, &len))
		return 0;
	record.desk = entry->desk;
	record.direction = DIRECTION_OUT;
	record.kind = entry->kind;
	record.stage = entry->stage;
	record.trust = TRUST_VERIFIED;
	record.message_id = entry->message_id;
	record.from = engine_policy(engine, desk)->address;
	record.to = entry->to;
	record.date = entry->created_at;
	record.received_at = entry->sent_at;
	record.encrypted = entry->keys != NULL && entry->keys[0] != '\0';
	record.signed_by = engine_policy(engine, desk)->key;
	record.problems = "";
	record.why = "";
	record.size = (int64_t)len;
	record.has_raw = true;
	box_sha256(bytes, len, record.sha256);
	/* On record from an earlier sending that came back, or seen in Sent before. */
	record.id = store_message_by_hash(engine->store, entry->desk, record.sha256);
	if (record.id == 0)
		return store_message_add(engine->store, &record, bytes, len);
	store_message_update(engine->store, &record);
	return record.id;
}

/* Of what is forwarded a vendor owes a receipt; who works here does not. */
static bool
is_to_vendor(const struct policy *policy, const struct record_outbox *entry)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (text_equal(policy->staff[i].title, entry->staff))
			return policy->staff[i].role == ROLE_VENDOR;
	}
	return false;
}

/* What they owe us from now on, or a vendor does. */
static void
open_own(struct engine *engine, const struct record_outbox *entry, enum deadline_kind kind)
{
	const struct policy *policy = &engine->conf->policy;
	size_t desk = engine_desk_of(engine, entry->desk);
	struct span span;

	if (entry->kind == KIND_FORWARD && !is_to_vendor(policy, entry))
		return;
	if (desk >= engine->desk_count || !deadline_span(policy, desk, -1, kind, &span))
		return;
	store_deadline_open(engine->store, entry->case_id, kind,
		calendar_due(policy, policy->desks[desk].time_zone, entry->sent_at, span),
		SOURCE_RULE, entry->message);
}

/*
 * An extension that was told: the old day ends, and stays on record; the new one is
 * owed. A day that has been told already is owed already.
 */
static void
move_own(struct engine *engine, struct arena *arena, const struct record_outbox *entry,
	enum deadline_kind kind)
{
	const char *word = letter_param(arena, entry->params, "until");
	size_t desk = engine_desk_of(engine, entry->desk);
	int64_t until;

	if (word == NULL || !text_number(word, 1, INT64_MAX, &until) || desk >= engine->desk_count ||
		store_deadline_open(engine->store, entry->case_id, kind, until, SOURCE_STAFF,
			entry->message) == 0)
		return;
	store_log(engine->store, entry->case_id, entry->sent_at, "madoguchid",
		arena_printf(arena, "deadline %s moved to %s, as outbox %lld told",
			deadline_kind_name(kind),
			clock_rfc3339(arena, until, engine_policy(engine, desk)->time_zone),
			(long long)entry->id));
}

/* What is owed from now on, or another day than before. A copy opens nothing: it only tells. */
static void
open_and_move(struct engine *engine, struct arena *arena, const struct record_outbox *entry)
{
	bool copy = letter_param(arena, entry->params, "copy") != NULL;

	for (int i = 0; i < DEADLINE_KINDS; i++) {
		enum deadline_kind kind = (enum deadline_kind)i;

		if (!copy && deadline_opened_by(kind, entry->kind))
			open_own(engine, entry, kind);
		if (deadline_moved_by(kind, entry->kind))
			move_own(engine, arena, entry, kind);
	}
}

/*
 * Of a letter to a finder and its copy each meets what is owed to its own addressee: the
 * other one may fail.
 */
static bool
is_owed_to_another(struct arena *arena, const struct record_outbox *entry, enum deadline_kind kind)
{
	const char *mark = kind == DEADLINE_FINDER ? "copy" : "copied";

	return letter_param(arena, entry->params, mark) != NULL;
}

static void
meet(struct engine *engine, struct arena *arena, const struct record_outbox *entry)
{
	for (int i = 0; i < DEADLINE_KINDS; i++) {
		enum deadline_kind kind = (enum deadline_kind)i;

		if (is_owed_to_another(arena, entry, kind))
			continue;
		/* The receipt of one stage is none of another's. */
		if (entry->kind == KIND_ACKNOWLEDGEMENT && deadline_met_by_receipt(kind, entry->stage))
			store_deadline_meet_stage(engine->store, entry->case_id, kind, entry->stage,
				entry->message);
		else if (deadline_met_by(kind, entry->kind))
			store_deadline_meet(engine->store, entry->case_id, kind, entry->message);
	}
}

static void
tick(struct engine *engine, const struct record_outbox *entry, struct record_case *record)
{
	const struct checklist *checklist = &engine->conf->checklist;
	enum tick_event event = checklist_event_of(entry->kind);

	if (event != TICK_STAFF)
		ticks_event(engine->store, checklist, entry->case_id, event, entry->sent_at,
			"madoguchid", record);
	if (entry->kind == KIND_ACKNOWLEDGEMENT && entry->stage == STAGE_ENCRYPTION)
		ticks_event(engine->store, checklist, entry->case_id, TICK_CHANNEL_AGREED,
			entry->sent_at, "madoguchid", record);
}

static void
note_case(struct engine *engine, struct sending *sending)
{
	struct record_outbox *entry = sending->record;
	struct record_case *record = store_case_get(engine->store, sending->arena, entry->case_id);

	store_case_message_add(engine->store, entry->case_id, entry->message);
	/* In a case that is over nothing is owed. */
	if (record != NULL && record->state == CASE_OPEN)
		open_and_move(engine, sending->arena, entry);
	meet(engine, sending->arena, entry);
	if (letter_param(sending->arena, entry->params, "copied") == NULL)
		tick(engine, entry, record);
	if (record != NULL) {
		record->updated_at = entry->sent_at;
		store_case_update(engine->store, record);
	}
	store_log(engine->store, entry->case_id, entry->sent_at, "madoguchid",
		arena_printf(sending->arena, "outbox %lld (%s) taken by the server: %d, sha256 %s",
			(long long)entry->id, mail_kind_name(entry->kind), sending->code, entry->sha256));
}

/* No correspondence: it does not stand among the messages. */
static bool
is_by_the_way(const struct record_outbox *entry)
{
	return entry->kind == KIND_ALERT || entry->kind == KIND_DIGEST || drills_entry(entry);
}

static enum outcome
record_sent(struct engine *engine, size_t desk, struct sending *sending, struct err *err_r)
{
	struct record_outbox *entry;

	if (store_begin(engine->store, err_r) != DONE)
		return LATER;
	/* Read again: sealing wrote hash and keys into the row. */
	entry = store_outbox_get(engine->store, sending->arena, sending->entry);
	if (entry != NULL) {
		sending->record = entry;
		entry->state = OUTBOX_SENT;
		entry->tries++;
		entry->sent_at = sending->sent_at;
		entry->smtp_reply = sending->reply;
		entry->last_error = NULL;
		if (!is_by_the_way(entry))
			entry->message = record_message(engine, desk, sending);
		store_outbox_update(engine->store, entry);
		if (entry->kind == KIND_ALERT)
			outbox_handed_over(engine, sending);
		if (entry->case_id != 0 && entry->message != 0)
			note_case(engine, sending);
	}
	return store_commit(engine->store, err_r);
}

/* In memory of its own: a store that takes nothing for hours is asked each second. */
static enum outcome
record_once(struct engine *engine, size_t desk, struct sending *sending, struct err *err_r)
{
	struct record_outbox *before = sending->record;
	struct arena *whole = sending->arena;
	const struct record_outbox *entry;
	enum outcome outcome;

	sending->arena = arena_new(ARENA_PLAIN, RECORD_ARENA);
	outcome = record_sent(engine, desk, sending, err_r);
	entry = sending->record;
	if (outcome == DONE) {
		log_info("outbox=%lld case=%lld kind=%s sent: %d", (long long)entry->id,
			(long long)entry->case_id, mail_kind_name(entry->kind), sending->code);
		if (!entry->copied)
			engine->desks[desk].mailbox.copies_due = true;
	}
	arena_free(&sending->arena);
	sending->arena = whole;
	sending->record = before;
	return outcome;
}

void
outbox_sent(struct engine *engine, size_t desk, struct sending *sending)
{
	struct err err = { "" };

	if (record_once(engine, desk, sending, &err) != DONE) {
		if (sending->record_after_ms == 0)
			log_err("outbox=%lld was sent, and cannot be recorded yet: %s",
				(long long)sending->entry, err.text);
		sending->record_after_ms = clock_mono_ms() + OUTBOX_STORE_MS;
		engine->failed = true;
		return;
	}
	outbox_release(engine, desk, sending);
}

/* The next try, or the end of trying. */
static void
plan(struct record_outbox *entry, enum outcome outcome, int64_t now)
{
	uint32_t random;

	io_random(&random, sizeof(random));
	entry->tries++;
	if (entry->first_try_at == 0)
		entry->first_try_at = now;
	if (outcome == NEVER || retry_over(entry->first_try_at, now)) {
		entry->state = OUTBOX_FAILED;
		entry->next_try_at = 0;
	} else {
		entry->state = OUTBOX_DEFERRED;
		entry->next_try_at = now + retry_wait(entry->tries, random);
	}
}

static enum outcome
record_failed(struct engine *engine, size_t desk, struct sending *sending, enum outcome outcome,
	const struct err *why, struct err *err_r)
{
	int64_t now = engine_now(engine);
	struct record_outbox *entry;

	if (store_begin(engine->store, err_r) != DONE)
		return LATER;
	entry = store_outbox_get(engine->store, sending->arena, sending->entry);
	/* A person may have dropped it while it was in hand. */
	if (entry != NULL && (entry->state == OUTBOX_QUEUED || entry->state == OUTBOX_DEFERRED)) {
		plan(entry, outcome, now);
		entry->last_error = why->text;
		store_outbox_update(engine->store, entry);
		if (entry->case_id != 0)
			store_log(engine->store, entry->case_id, now, "madoguchid",
				arena_printf(sending->arena, "outbox %lld %s after try %d",
					(long long)entry->id, outbox_state_name(entry->state),
					entry->tries));
		/* An alert about an alert that fails would fail likewise; of a drill the tool tells. */
		if (entry->state == OUTBOX_FAILED && !is_by_the_way(entry))
			alerts_put(engine, desk, ALERT_FAILED, entry->case_id, entry->answers, why->text);
		log_warn("outbox=%lld case=%lld kind=%s %s, try %d: %s", (long long)entry->id,
			(long long)entry->case_id, mail_kind_name(entry->kind),
			outbox_state_name(entry->state), entry->tries, why->text);
	}
	return store_commit(engine->store, err_r);
}

void
outbox_failed(struct engine *engine, size_t desk, struct sending *sending, enum outcome outcome,
	const struct err *why)
{
	struct err err = { "" };

	engine->failed = true;
	if (record_failed(engine, desk, sending, outcome, why, &err) != DONE) {
		log_err("outbox=%lld failed, and the store does not take it: %s",
			(long long)sending->entry, err.text);
		engine->outbox_after_ms = clock_mono_ms() + OUTBOX_STORE_MS;
	}
	outbox_release(engine, desk, sending);
}

static void
log_cut(struct engine *engine, struct arena *arena, enum outbox_state state)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(engine->store, arena, state, &list);

	for (size_t i = 0; i < count; i++) {
		const char *how = letter_param(arena, list[i].params, "carries") == NULL
			? "the same bytes go again"
			: "it goes again, sealed anew if its addressee's key is another";

		if (list[i].trying != 0 && list[i].case_id != 0)
			store_log(engine->store, list[i].case_id, engine_now(engine), "madoguchid",
				arena_printf(arena, "outbox %lld: an attempt was cut, %s",
					(long long)list[i].id, how));
	}
}

enum outcome
outbox_recover(struct engine *engine, struct err *err_r)
{
	struct arena *arena;
	enum outcome outcome;
	int cut;

	if (store_begin(engine->store, err_r) != DONE)
		return LATER;
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	log_cut(engine, arena, OUTBOX_QUEUED);
	log_cut(engine, arena, OUTBOX_DEFERRED);
	cut = store_outbox_recover(engine->store);
	outcome = store_commit(engine->store, err_r);
	arena_free(&arena);
	if (outcome == DONE && cut > 0)
		log_info("%d attempts that were cut are due again", cut);
	engine->outbox_changed = true;
	return outcome;
}
