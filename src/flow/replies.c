/*
 * A person's letters. What is written of one before it is sealed: number, kind, day,
 * addressee, Message-IDs; never its text, its subject or what a verification came to.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/replies.h"

#include "flow/outbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/senders.h"
#include "mail/address.h"
#include "rule/finder.h"
#include "view/spoken.h"

#include <string.h>

#define PARAMS_MAX (64 * 1024)
#define SITES_MAX (16 * 1024)
/* The finished messages of one try, with the buffers that they grew through. */
#define TRY_ARENA ((size_t)512 * 1024 * 1024)

/* --- the finder --- */

/* Staff pass reports on that reached them: those are not theirs. */
static bool
may_be_finder(const struct policy *policy, const char *address)
{
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (address_equal(policy->staff[i].address, address))
			return false;
	}
	return finder_address_valid(policy, address);
}

static bool
is_report(const struct record_message *message)
{
	return message->direction == DIRECTION_IN && message->kind == KIND_FINDER_REPORT &&
		message->trust != TRUST_SUSPECT;
}

/* Whoever reported it to us: From of the report, or whom the receipt of a form's report went to. */
static const char *
reporter(struct engine *engine, struct arena *arena, int64_t case_id)
{
	const struct policy *policy = &engine->conf->policy;
	struct record_message *messages;
	struct record_outbox *outbox;
	size_t count = store_case_messages(engine->store, arena, case_id, &messages);

	for (size_t i = 0; i < count; i++) {
		const char *from = is_report(&messages[i]) ? senders_one(arena, messages[i].from) : NULL;

		if (from != NULL && may_be_finder(policy, from))
			return from;
	}
	count = store_case_outbox(engine->store, arena, case_id, &outbox);
	for (size_t i = 0; i < count; i++) {
		if (outbox[i].kind == KIND_ACKNOWLEDGEMENT && outbox[i].state == OUTBOX_SENT &&
			may_be_finder(policy, outbox[i].to))
			return outbox[i].to;
	}
	return NULL;
}

const char *
replies_finder(struct engine *engine, struct arena *arena, const struct record_case *record,
	const char *address, struct err *err_r)
{
	struct record_finder *list;
	size_t count = store_case_finders(engine->store, arena, record->id, &list);
	const char *own = reporter(engine, arena, record->id);

	for (size_t i = 0; i < count; i++) {
		if (address != NULL ? address_equal(list[i].address, address) : count == 1)
			return list[i].address;
	}
	if (own != NULL && (address != NULL ? address_equal(own, address) : count == 0))
		return own;
	if (address == NULL && count > 1)
		err_set(err_r, NEVER, "case %lld has %zu finders: name one with --to ADDRESS",
			(long long)record->id, count);
	else
		err_set(err_r, NEVER,
			"case %lld has no finder%s%s who may be written to: madoguchi case finder %lld "
			"ADDRESS --consented says that both agreed", (long long)record->id,
			address != NULL ? " " : "", address != NULL ? address : "",
			(long long)record->id);
	return NULL;
}

/* --- making --- */

/* The exchange with whom it goes to, and with nobody else. */
static void
add_references(struct engine *engine, struct arena *arena, const struct reply *reply,
	const struct string_list *addresses, struct text *params)
{
	const char *ids[REPLY_REFERENCES];
	struct record_message *messages;
	size_t count = store_case_messages(engine->store, arena, reply->record->id, &messages);

	count = reply_thread(arena, messages, count, addresses, ids);
	if (count > 0)
		text_add(params, "references:");
	for (size_t i = 0; i < count; i++)
		text_addf(params, " %s", ids[i]);
	if (count > 0)
		text_add(params, "\n");
}

static const char *
number_of(struct engine *engine, struct arena *arena, const struct reply *reply)
{
	struct record_number *list;
	size_t count = store_case_numbers(engine->store, arena, reply->record->id, &list);

	return reply_number(list, count, reply->record->coordinator);
}

static char *
params_of(struct engine *engine, struct arena *arena, const struct reply *reply, bool to_coordinator)
{
	const struct policy_coordinator *coordinator = reply->coordinator >= 0
		? &engine->conf->policy.coordinators[reply->coordinator]
		: NULL;
	const char *number = number_of(engine, arena, reply);
	struct string_list finder = { 1, (const char **)&(const char *){ reply->finder } };
	struct text params;

	text_init(&params, arena, PARAMS_MAX);
	if (number != NULL)
		text_addf(&params, "number: %s\n", number);
	if (coordinator != NULL)
		text_addf(&params, "coordinator: %s\n", coordinator->name);
	/* The day is told where the coordinator is; without one, where the finder is. */
	if (reply->until != 0 && to_coordinator == (coordinator != NULL))
		text_addf(&params, "until: %lld\n", (long long)reply->until);
	/* What the finder is asked is not asked of the coordinator as well. */
	if (to_coordinator && reply->finder != NULL)
		text_add(&params, "copy: yes\n");
	/* Nor does what the finder gets meet what the coordinator is owed. */
	if (!to_coordinator && coordinator != NULL)
		text_add(&params, "copied: yes\n");
	add_references(engine, arena, reply, to_coordinator ? &coordinator->addresses : &finder,
		&params);
	return params.data;
}

static char *
sites_of(struct arena *arena, const struct record_case *record)
{
	struct text text;

	text_init(&text, arena, SITES_MAX);
	for (size_t i = 0; i < record->site_count; i++)
		text_addf(&text, "%s    %s", i > 0 ? "\n" : "", record->sites[i]);
	return text.data;
}

static struct record_outbox *
entry_of(struct engine *engine, struct arena *arena, const struct reply *reply, const char *to,
	bool to_coordinator)
{
	struct record_outbox *entry = arena_alloc(arena, sizeof(*entry));

	entry->case_id = reply->record->id;
	entry->kind = reply->kind;
	entry->state = OUTBOX_QUEUED;
	entry->to = to;
	entry->message_id = outbox_message_id(arena,
		engine_policy(engine, reply->desk), "");
	entry->created_at = reply->now;
	entry->params = params_of(engine, arena, reply, to_coordinator);
	return entry;
}

static enum outcome
make(struct engine *engine, struct arena *arena, const struct reply *reply,
	const struct letter_words *words, const char *to, bool to_coordinator,
	struct reply_letter *letter_r, struct err *err_r)
{
	struct record_outbox *entry = entry_of(engine, arena, reply, to, to_coordinator);
	struct letter *letter = arena_alloc(arena, sizeof(*letter));

	if (letter_write(engine, reply->desk, arena, entry, words, letter, err_r) != DONE)
		return NEVER;
	*letter_r = (struct reply_letter){ .to = to,
		.keys = { letter->recipients[0], letter->recipients[1] },
		.outer_subject = letter->mail.outer_subject,
		.subject = letter->mail.subject,
		.text = letter->mail.text,
		.entry = entry,
		.letter = letter };
	return DONE;
}

/*
 * A finder's letter in a coordinator's case goes to the coordinator too, of whom the guide
 * demands it: the same letter, sealed to each under that one's key.
 */
enum outcome
replies_make(struct engine *engine, struct arena *arena, const struct reply *reply,
	struct reply_letters *letters_r, struct err *err_r)
{
	const struct policy *policy = &engine->conf->policy;
	const struct policy_coordinator *coordinator =
		reply->coordinator >= 0 ? &policy->coordinators[reply->coordinator] : NULL;
	const char *theirs = coordinator != NULL ? coordinator->addresses.at[0] : NULL;
	bool copied = reply->finder != NULL && theirs != NULL;
	struct letter_words *words = arena_alloc(arena, sizeof(*words));
	struct reply_letters letters = { .count = copied ? 2 : 1 };

	*words = (struct letter_words){
		.template_name = reply_template(arena, reply->kind, reply->result),
		.language = reply->language,
		.to = reply->finder != NULL ? reply->finder : theirs,
		.cc = copied ? theirs : NULL,
		.copy_to = copied ? coordinator->name : NULL,
		.body = reply->body,
		.sites = sites_of(arena, reply->record),
		.until = spoken_date(arena, reply->until, policy->desks[reply->desk].time_zone,
			reply->language),
		.to_finder = reply->finder != NULL,
		.attachments = reply->attachments,
		.attachment_count = reply->attachment_count,
	};
	if (make(engine, arena, reply, words, words->to, reply->finder == NULL, &letters.at[0],
		    err_r) != DONE)
		return NEVER;
	if (copied && make(engine, arena, reply, words, theirs, true, &letters.at[1], err_r) != DONE)
		return NEVER;
	*letters_r = letters;
	return DONE;
}

/* --- sealing and queueing --- */

static int64_t
put(struct engine *engine, struct arena *arena, const struct reply *reply,
	const struct reply_letter *letter, const struct text *message)
{
	int64_t id = outbox_add(engine->store, engine->conf, reply->desk, letter->entry, reply->now);

	outbox_note_sealed(engine->store, arena, id, letter->letter, message);
	store_log(engine->store, reply->record->id, reply->now, reply->who,
		arena_printf(arena, "outbox %lld (%s) written and queued", (long long)id,
			mail_kind_name(reply->kind)));
	return id;
}

static enum outcome
seal_and_put(struct engine *engine, struct arena *arena, const struct reply *reply,
	const struct reply_letters *letters, int64_t ids_r[REPLY_LETTERS], struct err *err_r)
{
	struct text messages[REPLY_LETTERS];
	int64_t ids[REPLY_LETTERS];
	enum outcome outcome = DONE;

	for (size_t i = 0; i < letters->count && outcome == DONE; i++)
		outcome = sealing_wait(engine, reply->desk, arena, letters->at[i].letter, &messages[i],
			err_r);
	if (outcome == DONE)
		outcome = store_begin(engine->store, err_r);
	if (outcome != DONE)
		return outcome;
	for (size_t i = 0; i < letters->count; i++)
		ids[i] = put(engine, arena, reply, &letters->at[i], &messages[i]);
	outcome = store_commit(engine->store, err_r);
	if (outcome == DONE)
		memcpy(ids_r, ids, letters->count * sizeof(*ids));
	return outcome;
}

enum outcome
replies_queue(struct engine *engine, const struct reply *reply, const struct reply_letters *letters,
	int64_t ids_r[REPLY_LETTERS], struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_WIPED, TRY_ARENA);
	enum outcome outcome = seal_and_put(engine, arena, reply, letters, ids_r, err_r);

	arena_free(&arena);
	return outcome;
}
