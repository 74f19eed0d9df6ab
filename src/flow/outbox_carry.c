/*
 * The mail that a letter brings along to the person who must act on it: opened once
 * more when the letter is sealed, by a keyring that gives it to the sealer over a link.
 * The desk makes the link and sees no byte of it, no reader has it in between, and the
 * row keeps nothing but what was sealed. A letter that cannot bring it goes without, as
 * a row of its own: so each row says whether its sealed bytes hold a mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/outbox.h"
#include "flow/ticks.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "rule/hand_over.h"

#include <string.h>

#define CARRY_PARAMS_MAX (256 * 1024)
#define CARRY_BESIDE ((size_t)1024 * 1024)	/* what an arena needs beside the bytes in it */

static void
opened(struct engine *engine, struct opening *opening)
{
	struct sending *sending = opening->owner;
	size_t desk = opening->desk;

	struct err err;

	if (opening->state == OPENING_HELD) {
		outbox_seal(engine, desk, sending);
	} else if (opening_passed(opening)) {
		err_set(&err, LATER, "the mail that it is to bring along cannot be opened at the moment");
		outbox_failed(engine, desk, sending, LATER, &err);
	} else {
		(void)outbox_leave_out(engine, desk, sending, false,
			"the mail that it was to bring along cannot be opened whole");
	}
}

/* Why it does not go: a person may have called it forged since, or it was judged again. */
static const char *
refusal(const struct engine *engine, size_t desk, const struct record_message *message)
{
	if (message == NULL || engine_desk_of(engine, message->desk) != desk)
		return "it is not on record here";
	return hand_over_refused(message);
}

static const char *
stays_here(const struct sending *sending, const char *why)
{
	return arena_printf(sending->arena, "the mail that it was to bring along stays here: %s", why);
}

const char *
outbox_carry_refused(struct engine *engine, size_t desk, const struct sending *sending)
{
	const char *why;

	if (sending->letter == NULL || sending->letter->carries == 0)
		return NULL;
	why = refusal(engine, desk,
		store_message_get(engine->store, sending->arena, sending->letter->carries));
	return why != NULL ? stays_here(sending, why) : NULL;
}

/*
 * Its bytes as they are kept, in a memory file; -1 where there is no memory for one. False:
 * they are not kept. They pass through an arena of their own: the letter's has room for the
 * letter alone.
 */
static bool
take_raw(struct engine *engine, int64_t message, bool *boxed_r, int *fd_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FLOW_MESSAGE_MAX + CARRY_BESIDE);
	char *bytes;
	size_t len;
	bool kept = store_message_raw(engine->store, arena, message, &bytes, &len, boxed_r);

	if (kept)
		*fd_r = io_memfd(bytes, len);
	arena_free(&arena);
	return kept;
}

void
outbox_carry(struct engine *engine, size_t desk, struct sending *sending)
{
	const struct record_message *message =
		store_message_get(engine->store, sending->arena, sending->letter->carries);
	const char *refused = refusal(engine, desk, message);
	bool boxed = false, kept = false;
	struct err err;
	int fd = -1;

	if (refused == NULL)
		kept = take_raw(engine, message->id, &boxed, &fd);
	if (refused == NULL && !kept)
		refused = "it is not kept";
	if (refused != NULL) {
		(void)outbox_leave_out(engine, desk, sending, false, stays_here(sending, refused));
		return;
	}
	if (fd < 0) {
		err_set(&err, LATER, "no memory to open its mail in at the moment");
		outbox_failed(engine, desk, sending, LATER, &err);
		return;
	}
	sending->step = SENDING_OPENS;
	sending->opening = opening_start(engine, desk, READ_FACTS, fd, boxed, opened, sending);
	sending->opening->hands = true;
	sending->opening->sealed = message->encrypted;
	sending->opening->received_at = message->received_at;
}

/* The same without the lines of that name. */
static char *
without(struct arena *arena, const char *params, const char *name)
{
	struct text text;

	text_init(&text, arena, CARRY_PARAMS_MAX);
	while (*params != '\0') {
		size_t len = strcspn(params, "\n");

		len += params[len] == '\n';
		if (strncmp(params, name, strlen(name)) != 0 || params[strlen(name)] != ':')
			text_add_bytes(&text, params, len);
		params += len;
	}
	return text.data;
}

/* The same letter to the same person, but for what it cannot bring, and as far as the mail is believed now. */
static void
put_instead(struct engine *engine, size_t desk, struct sending *sending, bool key_dead)
{
	const struct record_outbox *entry = sending->record;
	struct record_outbox instead = { .case_id = entry->case_id,
		.kind = entry->kind,
		.stage = entry->stage,
		.state = OUTBOX_QUEUED,
		.to = entry->to,
		.staff = entry->staff,
		.answers = entry->answers,
		.copied = entry->copied };
	const struct record_message *message = store_message_get(engine->store, sending->arena,
		sending->letter != NULL ? sending->letter->carries : 0);
	char *params = without(sending->arena, entry->params, "carries");

	if (message != NULL)
		params = arena_printf(sending->arena, "trust: %s\n%s", trust_name(message->trust),
			without(sending->arena, params, "trust"));
	if (letter_param(sending->arena, entry->params, "carries") != NULL)
		params = arena_printf(sending->arena, "left_out: yes\n%s", params);
	if (key_dead)
		params = arena_printf(sending->arena, "without_key: yes\n%s", params);
	instead.params = params;
	(void)outbox_put(engine, desk, &instead);
}

static enum outcome
leave_out(struct engine *engine, size_t desk, struct sending *sending, bool key_dead,
	const char *why, struct err *err_r)
{
	struct record_outbox *entry;

	if (store_begin(engine->store, err_r) != DONE)
		return LATER;
	/* A person may have dropped it meanwhile. */
	entry = store_outbox_get(engine->store, sending->arena, sending->entry);
	if (entry != NULL && (entry->state == OUTBOX_QUEUED || entry->state == OUTBOX_DEFERRED)) {
		put_instead(engine, desk, sending, key_dead);
		store_outbox_drop(engine->store, entry->id, why);
		outbox_unseal(engine, sending);
		if (entry->case_id != 0)
			store_log(engine->store, entry->case_id, engine_now(engine), "madoguchid",
				arena_printf(sending->arena, "outbox %lld dropped, the same goes %s: %s",
					(long long)entry->id,
					key_dead ? "in clear, by numbers alone" : "without the mail", why));
	}
	return store_commit(engine->store, err_r);
}

bool
outbox_leave_out(struct engine *engine, size_t desk, struct sending *sending, bool key_dead,
	const char *why)
{
	const char *params = sending->record->params;
	struct err err = { "" };

	if (letter_param(sending->arena, params, "carries") == NULL &&
		(!key_dead || letter_param(sending->arena, params, "without_key") != NULL))
		return false;
	if (sending->record->kind == KIND_FORWARD) {
		outbox_hold(engine, desk, sending, why);
		return true;
	}
	if (sending->record->kind != KIND_ALERT)
		return false;
	if (leave_out(engine, desk, sending, key_dead, why, &err) != DONE) {
		outbox_failed(engine, desk, sending, LATER, &err);
		return true;
	}
	log_warn("outbox=%lld goes without what it was to bring: %s", (long long)sending->entry, why);
	outbox_release(engine, desk, sending);
	return true;
}

static bool
hands_over(const char *alert)
{
	for (int kind = 0; kind < ALERT_KINDS; kind++) {
		if (text_equal(alert, alert_kind_name((enum alert_kind)kind)))
			return hand_over_ticks((enum alert_kind)kind);
	}
	return false;
}

void
outbox_handed_over(struct engine *engine, struct sending *sending)
{
	const struct record_outbox *entry = sending->record;
	const char *carries = letter_param(sending->arena, entry->params, "carries");

	/* In clear it went without. */
	if (entry->case_id == 0 || carries == NULL || entry->keys == NULL || entry->keys[0] == '\0')
		return;
	if (hands_over(letter_param(sending->arena, entry->params, "alert")))
		ticks_event(engine->store, &engine->conf->checklist, entry->case_id,
			TICK_ALERT_DELIVERED, entry->sent_at, "madoguchid", NULL);
	store_log(engine->store, entry->case_id, entry->sent_at, "madoguchid",
		arena_printf(sending->arena,
			"message %s, opened, went to %s, sealed to %.40s: outbox %lld taken by the "
			"server: %d", carries, entry->staff, entry->keys, (long long)entry->id,
			sending->code));
}
