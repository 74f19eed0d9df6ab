/*
 * What an outbox entry says, to whom and under which keys (doc/RULES 4). A
 * letter quotes nothing of what it answers; to a coordinator it goes to the
 * configured address and to a pinned key, never to what a mail asks for. A mail that
 * comes along is not made here: the entity is left open for it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"
#include "flow/rolls.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/templates.h"
#include "mail/address.h"
#include "mail/header.h"
#include "rule/held.h"
#include "view/digest.h"
#include "view/mailtext.h"
#include "view/spoken.h"

#include <stdlib.h>
#include <string.h>

#define REFERENCES_MAX 120

/* One letter while it is made. */
struct making {
	struct engine *engine;
	size_t desk;
	struct arena *arena;
	const struct policy_desk *policy;
	const struct record_outbox *entry;
	const struct policy_staff *staff;		/* the addressee, if it is one of staff */
	const struct policy_coordinator *coordinator;	/* likewise */
	const struct pgp_key *key;			/* the addressee's, NULL for none */
	const struct letter_words *words;		/* a person's, NULL for none */
	struct letter *letter;
};

char *
letter_param(struct arena *arena, const char *params, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = params; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0 && strncmp(line + len, ": ", 2) == 0)
			return arena_strndup(arena, line + len + 2, strcspn(line + len + 2, "\n"));
	}
	return NULL;
}

static void
find_addressee(struct making *making)
{
	const struct policy *policy = &making->engine->conf->policy;
	const char *to = making->entry->to;
	const char *drill = letter_param(making->arena, making->entry->params, "drill");

	/* To ourselves, in the drill's coordinator's place. */
	if (drill != NULL && drills_entry(making->entry)) {
		making->key = keys_usable(making->engine, making->desk, &drill, 1);
		return;
	}
	for (size_t i = 0; making->entry->staff != NULL && i < policy->staff_count; i++) {
		if (text_equal(policy->staff[i].title, making->entry->staff))
			making->staff = &policy->staff[i];
	}
	for (size_t i = 0; making->staff == NULL && i < policy->coordinator_count; i++) {
		if (engine_is_coordinators(&policy->coordinators[i], to))
			making->coordinator = &policy->coordinators[i];
	}
	if (making->staff != NULL && making->staff->key[0] != '\0' &&
		letter_param(making->arena, making->entry->params, "without_key") == NULL)
		making->key = keys_usable(making->engine, making->desk, &making->staff->key, 1);
	else if (making->coordinator != NULL)
		making->key = keys_of_coordinator(making->engine, making->desk,
			(size_t)(making->coordinator - policy->coordinators));
	/* Who was of staff when it was written, and is not any more, is nobody to seal anything to. */
	else if (making->staff == NULL && making->entry->staff == NULL)
		making->key = keys_of_address(making->engine, making->desk, to);
}

static enum language
language_of(const struct making *making)
{
	if (making->words != NULL)
		return making->words->language;
	return making->staff != NULL ? making->staff->language : making->policy->language;
}

char *
letter_grouped(struct arena *arena, const char *fpr)
{
	struct text text;

	text_init(&text, arena, 80);
	for (size_t i = 0; fpr[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			text_add_char(&text, ' ');
		text_add_char(&text, fpr[i]);
	}
	return text.data;
}

static const char *
template_name(const struct making *making)
{
	static const char *const by_stage[] = { "finder", "contact", "encryption", "details" };
	const struct record_outbox *entry = making->entry;

	if (making->words != NULL)
		return making->words->template_name;
	if (rolls_entry(entry))
		return "key-roll";
	switch (entry->kind) {
	case KIND_ACKNOWLEDGEMENT:
		if (making->key == NULL)
			return "acknowledgement-clear";
		return arena_printf(making->arena, "acknowledgement-%s", by_stage[entry->stage]);
	case KIND_QUESTION:
		return making->key == NULL ? "acknowledgement-clear" : "question-unreadable";
	case KIND_ALERT:
		return arena_printf(making->arena, "alert-%s",
			letter_param(making->arena, entry->params, "alert"));
	case KIND_FORWARD:
		if (entry->staff == NULL)
			return "forward-coordinator";
		return making->staff != NULL && making->staff->role == ROLE_VENDOR ? "forward-vendor"
										   : "forward";
	default:
		return "digest";
	}
}

static char *
received_at(struct making *making)
{
	char *at = letter_param(making->arena, making->entry->params, "received_at");
	int64_t when;

	if (at == NULL || !text_number(at, 0, INT64_MAX, &when))
		return NULL;
	/* For staff it becomes their words with the other values. */
	return making->staff != NULL
		? clock_rfc3339(making->arena, when, making->policy->time_zone)
		: spoken_moment(making->arena, when, making->policy->time_zone, language_of(making));
}

/* Whether a mail is to come along with it, or was, and could not. */
static bool
brings(const struct making *making)
{
	const char *params = making->entry->params;

	return letter_param(making->arena, params, "carries") != NULL ||
		letter_param(making->arena, params, "left_out") != NULL;
}

static void
fill_words(const struct making *making, struct mailtext_value values_r[TEMPLATE_VALUES])
{
	const struct letter_words *words = making->words;

	values_r[VALUE_BODY].value = words->body;
	values_r[VALUE_SITES].value = words->sites;
	values_r[VALUE_UNTIL].value = words->until;
	values_r[VALUE_COPY_TO].value = words->copy_to;
	if (!words->to_finder)
		return;
	values_r[VALUE_FINDER].value = "yes";
	values_r[VALUE_COORDINATOR].value = NULL;
}

/* What the subjects of all alerts of a case begin with. */
static const char *
tag(const struct making *making, const char *number)
{
	if (number != NULL)
		return arena_printf(making->arena, "[%s]", number);
	if (making->entry->case_id == 0)
		return NULL;
	return arena_printf(making->arena,
		language_of(making) == LANGUAGE_EN ? "[case %lld]" : "[案件 %lld]",
		(long long)making->entry->case_id);
}

static void
fill_values(struct making *making, struct mailtext_value values_r[TEMPLATE_VALUES])
{
	struct arena *arena = making->arena;
	const char *params = making->entry->params;

	for (size_t i = 0; i < TEMPLATE_VALUES; i++) {
		values_r[i].name = template_values[i];
		values_r[i].value = letter_param(arena, params, template_values[i]);
	}
	values_r[VALUE_DESK_NAME].value = making->policy->name;
	values_r[VALUE_DESK_ADDRESS].value = making->policy->address;
	values_r[VALUE_FINGERPRINT].value = letter_grouped(arena, making->policy->key);
	values_r[VALUE_RECEIVED_AT].value = received_at(making);
	values_r[VALUE_TAG].value = tag(making, values_r[VALUE_NUMBER].value);
	if (making->entry->case_id != 0)
		values_r[VALUE_CASE].value =
			arena_printf(arena, "%lld", (long long)making->entry->case_id);
	letter_deadline_values(arena, values_r[VALUE_DEADLINE].value, values_r);
	for (size_t i = 0; making->staff != NULL && i < TEMPLATE_VALUES; i++)
		values_r[i].value = letter_spoken(arena, making->policy->time_zone,
			making->staff->language, values_r[i].name, values_r[i].value);
	if (making->words != NULL)
		fill_words(making, values_r);
	if (making->letter->carries != 0)
		values_r[VALUE_CARRIED].value = "yes";
	else if (making->key == NULL && brings(making))
		values_r[VALUE_WITHOUT_KEY].value = "yes";
	else if (brings(making))
		values_r[VALUE_LEFT_OUT].value = "yes";
}

/* What a digest or several alerts say stands in the params, made when it was put into the outbox: numbers and dates alone. */
static const char *
own_body(const struct making *making)
{
	const char *at = strstr(making->entry->params, "\n\n");

	return at != NULL ? at + 2 : "";
}

static enum outcome
fill_text(struct making *making, struct err *err_r)
{
	struct mailtext_value values[TEMPLATE_VALUES];
	const char *name = template_name(making);
	const char *template_text = templates_find(making->engine, language_of(making), name);
	struct compose_mail *mail = &making->letter->mail;
	struct digest_page *page = NULL;
	struct mailtext text;

	if (template_text == NULL)
		return err_set(err_r, NEVER, "there is no template %s", name);
	fill_values(making, values);
	if (making->entry->kind == KIND_DIGEST) {
		page = digest_unpack(making->arena, language_of(making), own_body(making));
		if (page == NULL)
			return err_set(err_r, NEVER, "what is kept of the digest cannot be read");
		values[VALUE_BODY].value = digest_text(making->arena, page);
	}
	if (making->entry->kind == KIND_ALERT)
		values[VALUE_BODY].value = own_body(making);
	if (mailtext_fill(making->arena, template_text, values, TEMPLATE_VALUES, &text, err_r) != DONE)
		return NEVER;
	mail->subject = text.subject;
	mail->text = text.body;
	if (page != NULL)
		mail->html = digest_html(making->arena, text.subject, page);
	return DONE;
}

/* Outside stand the number and a neutral word, no more. */
static const char *
outer_subject(struct making *making)
{
	const char *number = letter_param(making->arena, making->entry->params, "number");
	const char *word = language_of(making) == LANGUAGE_EN ? "Message" : "ご連絡";

	return number != NULL ? arena_printf(making->arena, "[%s] %s", number, word)
			      : arena_printf(making->arena, "Re: %s", word);
}

static void
fill_references(struct making *making)
{
	struct compose_mail *mail = &making->letter->mail;
	char *line = letter_param(making->arena, making->entry->params, "references");
	const char **ids = arena_calloc(making->arena, REFERENCES_MAX, sizeof(*ids));

	if (line == NULL)
		return;
	mail->reference_count = header_msg_ids(making->arena, line, ids, REFERENCES_MAX);
	mail->references = ids;
	if (mail->reference_count > 0)
		mail->in_reply_to = ids[mail->reference_count - 1];
}

static void
fill_header(struct making *making)
{
	const struct flow_keys *keys = &making->engine->desks[making->desk].keys;
	struct compose_mail *mail = &making->letter->mail;
	enum mail_kind kind = making->entry->kind;
	bool to_staff = kind == KIND_ALERT || kind == KIND_DIGEST;
	const char *label = to_staff || kind == KIND_FORWARD || kind == KIND_ACKNOWLEDGEMENT
		? mail_kind_name(kind)
		: "reply";

	mail->from_name = making->policy->name;
	mail->from = making->policy->address;
	mail->to = making->words != NULL ? making->words->to : making->entry->to;
	if (making->words != NULL && making->words->cc != NULL) {
		mail->cc = &making->words->cc;
		mail->cc_count = 1;
	}
	mail->outer_subject = outer_subject(making);
	mail->message_id = making->entry->message_id;
	mail->date = clock_rfc5322(making->arena, making->entry->created_at, making->policy->time_zone);
	mail->auto_submitted = making->words != NULL ? NULL
		: to_staff ? "auto-generated"
		: kind == KIND_ACKNOWLEDGEMENT || kind == KIND_QUESTION ? "auto-replied"
									: NULL;
	mail->x_madoguchi = arena_printf(making->arena, "%s; desk=%s", label, making->policy->title);
	if (!to_staff && keys->autocrypt != NULL)
		mail->autocrypt = arena_strdup(making->arena, keys->autocrypt);
	fill_references(making);
}

static void
attach(struct making *making, const char *fpr, const char *armour, size_t len)
{
	struct compose_attachment *attachment = arena_alloc(making->arena, sizeof(*attachment));

	attachment->name = arena_printf(making->arena, "%s.asc", fpr);
	attachment->type = "application/pgp-keys";
	attachment->bytes = arena_strndup(making->arena, armour, len);
	attachment->len = len;
	making->letter->mail.attachments = attachment;
	making->letter->mail.attachment_count = 1;
}

/* The answer on encryption brings the desk's key along; the letter about a new one that one. */
static void
attach_key(struct making *making)
{
	const struct flow_keys *keys = &making->engine->desks[making->desk].keys;
	const struct record_outbox *entry = making->entry;
	const char *next;

	if (rolls_entry(entry)) {
		next = rolls_armour(making->engine->store, making->arena, making->policy->title);
		if (next != NULL)
			attach(making, letter_param(making->arena, entry->params, "roll"), next,
				strlen(next));
	} else if (making->key != NULL && keys->own_armour != NULL &&
		(entry->stage == STAGE_ENCRYPTION || entry->kind == KIND_QUESTION)) {
		attach(making, making->policy->key, keys->own_armour, keys->own_armour_len);
	}
}

static void
choose_mode(struct making *making)
{
	struct letter *letter = making->letter;

	if (making->key != NULL) {
		letter->mode = PGP_SIGN_SEAL;
		letter->recipients[0] = arena_strdup(making->arena, making->key->fpr);
		letter->recipients[1] = making->policy->key;
		letter->recipient_count = 2;
		return;
	}
	letter->mode = PGP_SIGN_DETACHED;
	if (making->entry->kind == KIND_FORWARD)
		letter->hold_why = held_why_text(HELD_NO_KEY_TO_FORWARD);
	/* Staff's alerts and digests hold numbers alone and may go in clear; others by without_key. */
	if (making->staff == NULL && !making->policy->acknowledge.without_key_clear)
		letter->hold_why = held_why_text(HELD_NO_KEY);
}

/* To whom, and under which key: before anything is said. */
static enum outcome
begin(struct making *making, struct err *err_r)
{
	memset(making->letter, 0, sizeof(*making->letter));
	if (!address_valid(making->entry->to))
		return err_set(err_r, NEVER, "the address is not one that may stand in an envelope");
	find_addressee(making);
	choose_mode(making);
	return DONE;
}

static enum outcome
make(struct making *making, struct err *err_r)
{
	struct letter *letter = making->letter;

	fill_header(making);
	if (fill_text(making, err_r) != DONE)
		return NEVER;
	text_init(&letter->entity, making->arena, COMPOSE_MAX);
	return compose_inner(making->arena, &letter->mail, letter->mode == PGP_SIGN_SEAL,
		&letter->entity, err_r);
}

/* What was opened leaves sealed alone. */
static void
choose_carried(struct making *making)
{
	const char *carries = letter_param(making->arena, making->entry->params, "carries");
	int64_t message = 0;

	if (making->letter->mode == PGP_SIGN_SEAL && carries != NULL &&
		text_number(carries, 1, INT64_MAX, &message))
		making->letter->carries = message;
	making->letter->mail.carries = making->letter->carries != 0;
}

/* Only the key that is known already can vouch for the next; NULL where it does. */
static const char *
roll_refused(const struct making *making)
{
	const char *next = letter_param(making->arena, making->entry->params, "roll");
	struct roll roll;

	if (text_equal(next, making->policy->key))
		return held_why_text(HELD_NEW_KEY_IN_USE);
	if (!rolls_get(making->engine->store, making->arena, making->policy->title, &roll) ||
		!text_equal(roll.new_key, next) || !text_equal(roll.old_key, making->policy->key))
		return held_why_text(HELD_NEW_KEY_LEFT);
	return NULL;
}

enum outcome
letter_make(struct engine *engine, size_t desk, struct arena *arena, const struct record_outbox *entry,
	struct letter *letter_r, struct err *err_r)
{
	struct making making = { .engine = engine,
		.desk = desk,
		.arena = arena,
		.policy = engine_policy(engine, desk),
		.entry = entry,
		.letter = letter_r };

	if (begin(&making, err_r) != DONE)
		return NEVER;
	if (rolls_entry(entry))
		letter_r->hold_why = roll_refused(&making);
	if (rolls_entry(entry) && letter_r->hold_why == NULL && letter_r->mode != PGP_SIGN_SEAL)
		letter_r->hold_why = held_why_text(HELD_NO_KEY);
	if (letter_r->hold_why != NULL)
		return DONE;
	choose_carried(&making);
	attach_key(&making);
	if (rolls_entry(entry) && letter_r->mail.attachment_count == 0)
		return err_set(err_r, NEVER, "the new key is not in the store");
	return make(&making, err_r);
}

/* In clear it would bear number, time and fingerprint alone: that is no letter of a person's. */
static enum outcome
no_key(const struct making *making, struct err *err_r)
{
	const char *to = making->entry->to;

	if (making->coordinator != NULL)
		return err_set(err_r, NEVER,
			"there is no usable key of %s, and a letter goes sealed or not at all: import its "
			"key (madoguchi keys import FILE), compare the fingerprint by another way, and "
			"name it in coordinator.%s.keys", to, making->coordinator->name);
	return err_set(err_r, NEVER,
		"there is no usable key of %s, and a letter goes sealed or not at all: ask for the key, "
		"compare the fingerprint by another way, and import it (madoguchi keys import FILE)", to);
}

enum outcome
letter_write(struct engine *engine, size_t desk, struct arena *arena,
	const struct record_outbox *entry, const struct letter_words *words,
	struct letter *letter_r, struct err *err_r)
{
	struct making making = { .engine = engine,
		.desk = desk,
		.arena = arena,
		.policy = engine_policy(engine, desk),
		.entry = entry,
		.words = words,
		.letter = letter_r };

	if (begin(&making, err_r) != DONE)
		return NEVER;
	if (letter_r->mode != PGP_SIGN_SEAL)
		return no_key(&making, err_r);
	letter_r->mail.attachments = words->attachments;
	letter_r->mail.attachment_count = words->attachment_count;
	return make(&making, err_r);
}

enum outcome
letter_finish(struct arena *arena, const struct letter *letter, const void *armour, size_t armour_len,
	const char *micalg, struct text *message_r, struct err *err_r)
{
	text_init(message_r, arena, 2 * COMPOSE_MAX);
	if (letter->mode == PGP_SIGN_SEAL)
		return compose_encrypted(arena, &letter->mail, armour, armour_len, message_r, err_r);
	return compose_signed(arena, &letter->mail, letter->entity.data, letter->entity.len, armour,
		armour_len, micalg, message_r, err_r);
}
