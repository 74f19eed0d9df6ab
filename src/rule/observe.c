/*
 * A message's facts. All that a mail says passes through here on its way to the
 * desk, so this is where a sealed mail's content is held back: of its wording
 * only what each phrase is evidence of goes out, never which one it was.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/observe.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/message.h"
#include "rule/drill.h"
#include "rule/form.h"
#include "rule/identity.h"
#include "rule/observe_part.h"
#include "rule/offer.h"
#include "rule/policy.h"
#include "rule/robot.h"
#include "rule/site.h"
#include "rule/twins.h"

#include <string.h>

/* A string as facts carry them: valid, not too long. NULL stays NULL. */
static const char *
keep(struct arena *arena, const char *string)
{
	size_t len;

	if (string == NULL)
		return NULL;
	len = utf8_cut(string, FACTS_STRING_MAX);
	return utf8_repair(arena, string, len, NULL);
}

static void
keep_addresses(struct arena *arena, const struct address *list, size_t count,
	struct facts_addresses *kept_r)
{
	kept_r->count = count < FACTS_ADDRESSES ? count : FACTS_ADDRESSES;
	for (size_t i = 0; i < kept_r->count; i++) {
		kept_r->at[i].address = keep(arena, list[i].addr);
		kept_r->at[i].name = keep(arena, list[i].name);
	}
}

/* The newest ones; one that is too long to be kept whole could only name a wrong mail. */
static void
keep_references(struct arena *arena, const struct message *message, struct facts_header *header)
{
	size_t from = message->reference_count > FACTS_REFERENCES ?
		message->reference_count - FACTS_REFERENCES : 0;

	for (size_t i = from; i < message->reference_count; i++) {
		if (strlen(message->references[i]) <= FACTS_STRING_MAX)
			header->references[header->reference_count++] =
				keep(arena, message->references[i]);
	}
}

static void
read_auth(struct arena *arena, const struct policy_desk *desk, const struct message *message,
	struct auth_results *auth_r)
{
	const char *from = message->from_count == 1 ? message->from[0].addr : "";

	auth_results_read(arena, (const char *const *)message->auth_results,
		message->auth_results_count, (const char *const *)desk->authserv_ids.at,
		desk->authserv_ids.count, from, auth_r);
}

static bool
listed(const struct string_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal_ci(list->at[i], text))
			return true;
	}
	return false;
}

/* Known already: pinned for someone, or the window's own, quoted back. */
static bool
key_known(const struct policy *policy, const char *fpr)
{
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (listed(&policy->coordinators[i].keys, fpr) ||
			text_equal_ci(policy->coordinators[i].root_key, fpr))
			return true;
	}
	for (size_t i = 0; i < policy->desk_count; i++) {
		if (text_equal_ci(policy->desks[i].key, fpr))
			return true;
	}
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (text_equal_ci(policy->staff[i].key, fpr))
			return true;
	}
	return false;
}

/* The fingerprints of keys that came along and are pinned for nobody. */
static size_t
read_offers(struct arena *arena, const struct policy *policy, const struct message *message,
	char fprs_r[FACTS_OFFERS][OFFER_FPR])
{
	size_t count = offer_find(arena, message, fprs_r, FACTS_OFFERS), kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!key_known(policy, fprs_r[i]))
			memmove(fprs_r[kept++], fprs_r[i], OFFER_FPR);
	}
	return kept;
}

/* A coordinator's own address sends no failure notices, whatever words it uses. */
static bool
by_coordinator(const struct policy *policy, const struct message *message)
{
	for (size_t i = 0; i < policy->coordinator_count && message->from_count == 1; i++) {
		if (listed(&policy->coordinators[i].addresses, message->from[0].addr))
			return true;
	}
	return false;
}

/* What marks a program's mail, and what makes it a report on one of ours. */
static void
read_robot(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, struct facts_header *header)
{
	struct robot_notice notice = { .failed = message->report_failed };

	/* That a mail was shown is what a vendor is asked for, and no word of a coordinator's. */
	header->auto_submitted = message->auto_submitted || robot_marked(arena, message) ||
		(message->display_report && by_coordinator(policy, message));
	header->own_list = robot_own_list(arena, &policy->desks[desk], message);
	header->bulk = message->bulk && !header->own_list;
	header->null_return_path = message->null_return_path;
	header->delivery_report = message->delivery_report ||
		(!by_coordinator(policy, message) &&
			robot_failure_notice(arena, message, &notice));
	header->report_failed = header->delivery_report && notice.failed;
	header->report_original_id = keep(arena, message->report_original_id != NULL ?
		message->report_original_id : notice.returned_id);
}

void
observe_header(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, struct facts_header *header_r)
{
	int form = form_find(arena, policy, message);

	memset(header_r, 0, sizeof(*header_r));
	keep_addresses(arena, message->from, message->from_count, &header_r->from);
	keep_addresses(arena, message->sender, message->sender_count, &header_r->sender);
	keep_addresses(arena, message->reply_to, message->reply_to_count, &header_r->reply_to);
	keep_addresses(arena, message->to, message->to_count, &header_r->to);
	keep_addresses(arena, message->cc, message->cc_count, &header_r->cc);
	header_r->subject = keep(arena, message->subject);
	header_r->message_id = keep(arena, message->message_id);
	keep_references(arena, message, header_r);
	header_r->has_date = message->has_date;
	header_r->date = message->date;
	read_robot(arena, policy, desk, message, header_r);
	header_r->x_madoguchi = keep(arena, message->x_madoguchi);
	read_auth(arena, &policy->desks[desk], message, &header_r->auth);
	header_r->offered_count = read_offers(arena, policy, message, header_r->offered);
	if (form >= 0)
		header_r->form_reply = keep(arena,
			form_reply(arena, &policy->forms[form], message));
}

/* Whether the subject is an answer's: then its words are those of the mail that it answers. */
bool
observe_is_answer(const char *subject)
{
	static const char *const marks[] = {
		"re:", "re：", "re[", "re(", "fw:", "fwd:", "aw:", "sv:", "返信:", "転送:",
	};

	subject += strspn(subject, " \t");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (text_starts_ci(subject, marks[i]))
			return true;
	}
	return false;
}

static struct phrase_text *
text_join(struct arena *arena, const char *subject, const char *text)
{
	size_t first = strlen(subject), len = utf8_cut(text, OBSERVE_TEXT_MAX);
	char *both;

	if (first == 0 && len == 0)
		return NULL;
	both = arena_alloc(arena, first + len + 2);
	memcpy(both, subject, first);
	both[first] = '\n';
	memcpy(both + first + 1, text, len);
	return phrase_text_make(arena, both);
}

void
observe_reading_make(struct observe_reading *reading, const struct policy_form *form)
{
	const struct message *message = reading->message;
	const char *quoted = "";
	bool answer = observe_is_answer(message->subject);

	if (form == NULL && message->quoted_text != NULL)
		quoted = message->quoted_text;
	reading->own_text = message->own_text != NULL ? message->own_text : "";
	if (form != NULL)
		reading->own_text = form_text(reading->arena, form, message);
	reading->own = text_join(reading->arena, answer ? "" : message->subject,
		reading->own_text);
	if (!answer && message->subject[0] != '\0')
		reading->title = phrase_text_make(reading->arena, message->subject);
	reading->quoted = text_join(reading->arena, answer ? message->subject : "", quoted);
	plain_make(reading->arena, message->subject, &reading->subject);
	plain_make(reading->arena, reading->own_text, &reading->plain);
}

/* Adds the numbers of one place behind those that are there. */
static void
numbers_add(const struct observe_reading *reading, const struct plain *plain, enum number_place place,
	struct facts_layer *layer)
{
	struct number_hits hits;

	number_find_plain(reading->arena, reading->policy, plain, &hits);
	for (size_t i = 0; i < hits.count; i++) {
		size_t k = 0;

		while (k < layer->numbers.count &&
			!text_equal(layer->numbers.hit[k].number, hits.hit[i].number))
			k++;
		if (k < layer->numbers.count)
			continue;
		if (k == NUMBERS_MAX) {
			layer->numbers.more = true;
			return;
		}
		layer->numbers.hit[k] = hits.hit[i];
		layer->number_place[k] = (uint8_t)place;
		layer->numbers.count++;
	}
	layer->numbers.more = layer->numbers.more || hits.more;
}

static void
read_numbers(const struct observe_reading *reading, struct facts_layer *layer)
{
	const char *quoted = reading->message->quoted_text;

	numbers_add(reading, &reading->subject, PLACE_SUBJECT, layer);
	numbers_add(reading, &reading->plain, PLACE_BODY, layer);
	if (layer->form_index < 0 && quoted != NULL && quoted[0] != '\0') {
		struct plain plain;

		plain_make(reading->arena, quoted, &plain);
		numbers_add(reading, &plain, PLACE_QUOTED, layer);
	}
	if (layer->numbers.more)
		facts_problem(layer, PROBLEM_TOO_MANY_NUMBERS);
	layer->drill = drill_number(&reading->subject);
	if (layer->drill == 0)
		layer->drill = drill_number(&reading->plain);
}

/* Which of them stand in the subject already. */
static void
mark_subject(const struct phrase_book *book, const struct phrase_text *title,
	struct phrase_hits *hits)
{
	struct phrase_hits found;

	if (title == NULL || hits->count == 0)
		return;
	phrase_find_texts(book, title, NULL, &found);
	for (size_t i = 0; i < found.count; i++) {
		for (size_t k = 0; k < hits->count; k++)
			hits->hit[k].subject = hits->hit[k].subject ||
				(hits->hit[k].phrase == found.hit[i].phrase && !hits->hit[k].quoted);
	}
}

static void
read_phrases(const struct observe_reading *reading, bool sealed, struct facts_layer *layer)
{
	const struct policy *policy = reading->policy;

	for (size_t i = 0; i < policy->coordinator_count && i < FACTS_BOOKS; i++) {
		const struct policy_coordinator *coordinator = &policy->coordinators[i];
		struct phrase_hits *hits = &layer->phrases[i];

		if (coordinator->phrases != NULL) {
			phrase_find_texts(coordinator->phrases, reading->own, reading->quoted,
				hits);
			mark_subject(coordinator->phrases, reading->title, hits);
		}
		if (reading->own != NULL)
			layer->named_coordinator[i] =
				identity_claimed(reading->arena, coordinator, hits, reading->own);
		for (size_t k = 0; sealed && k < hits->count; k++) {
			hits->hit[k].phrase = PHRASE_WITHHELD;
			hits->hit[k].subject = false;
		}
	}
}

/* Where a day stands in a sealed text is nothing that anybody else may know. */
static void
read_dues(const struct observe_reading *reading, struct facts_layer *layer)
{
	struct due_mentions found = { .count = 0 };

	if (reading->own != NULL)
		due_find(phrase_text_fold(reading->own), &found);
	for (size_t i = 0; i < found.count && i < FACTS_DUES; i++) {
		layer->dues[i] = found.mention[i];
		layer->dues[i].at = layer->dues[i].len = 0;
		layer->due_count = i + 1;
	}
}

void
observe_sites(const struct observe_reading *reading, bool sealed, struct facts_layer *layer)
{
	const struct string_list *sites = &reading->policy->desks[reading->desk].sites;
	struct site_text subject, body;

	site_text_make(reading->arena, &reading->subject, &subject);
	site_text_make(reading->arena, &reading->plain, &body);
	for (size_t i = 0; i < sites->count && i < FACTS_SITES; i++) {
		if (site_named(reading->arena, &subject, sites->at[i]) ||
			site_named(reading->arena, &body, sites->at[i]))
			layer->sites |= UINT32_C(1) << i;
	}
	if (!sealed)
		layer->foreign_urls = site_foreign_urls(reading->arena, &body, reading->policy,
			reading->desk);
}

/* What is longer is none: 64 of them would leave no room in a frame for the names. */
static const char *
media_type(struct arena *arena, const char *type)
{
	if (type == NULL || strlen(type) > FACTS_TYPE_MAX)
		return "application/octet-stream";
	return keep(arena, type);
}

static void
read_attachments(struct arena *arena, const struct message *message, bool sealed,
	struct facts_layer *layer)
{
	for (size_t i = 0; i < message->attachment_count; i++) {
		const struct message_attachment *from = &message->attachments[i];
		struct facts_attachment *to = &layer->attachments[layer->attachment_count];

		if (layer->attachment_count == FACTS_ATTACHMENTS) {
			facts_problem(layer, PROBLEM_CUT);
			return;
		}
		to->name = sealed ? NULL : keep(arena, from->name);
		to->type = media_type(arena, from->type);
		to->size = from->size;
		layer->attachment_count++;
	}
}

static enum layer_form
layer_form(const struct message *message)
{
	if (message->limit == MIME_BROKEN)
		return FORM_BROKEN;
	switch (message->form) {
	case MESSAGE_PGP_ENCRYPTED:
		return FORM_ENCRYPTED;
	case MESSAGE_PGP_SIGNED:
		return FORM_SIGNED;
	case MESSAGE_SMIME_SIGNED:
		return FORM_SMIME_SIGNED;
	case MESSAGE_SMIME_ENCRYPTED:
		return FORM_SMIME_ENCRYPTED;
	case MESSAGE_PLAIN:
		break;
	}
	return FORM_PLAIN;
}

/* Whether observe_header() could not keep all of it. */
static bool
is_cut(const struct message *message)
{
	return message->from_count > FACTS_ADDRESSES || message->to_count > FACTS_ADDRESSES ||
		message->cc_count > FACTS_ADDRESSES || message->reply_to_count > FACTS_ADDRESSES ||
		message->reference_count > FACTS_REFERENCES ||
		strlen(message->subject) > FACTS_STRING_MAX ||
		(message->message_id != NULL && strlen(message->message_id) > FACTS_STRING_MAX);
}

static void
read_problems(const struct message *message, bool sealed, struct facts_layer *layer)
{
	static const enum problem limits[] = {
		[MIME_FINE] = PROBLEM_NONE,
		[MIME_TOO_LARGE] = PROBLEM_TOO_LARGE,
		[MIME_HEADER_TOO_LONG] = PROBLEM_HEADER_TOO_LONG,
		[MIME_TOO_DEEP] = PROBLEM_TOO_DEEP,
		[MIME_TOO_MANY_PARTS] = PROBLEM_TOO_MANY_PARTS,
		[MIME_BROKEN] = PROBLEM_BROKEN_MIME,
	};
	/* An entity out of a ciphertext or a signed part has no Date of its own to miss. */
	bool whole = !sealed && !message->from_protected &&
		header_find(&message->fields, "From") != NULL;
	const struct {
		bool is;
		enum problem problem;
	} signs[] = {
		/* A limit that was met says more. */
		{ message->broken && message->limit == MIME_FINE, PROBLEM_BROKEN_MIME },
		{ message->duplicate_field, PROBLEM_DUPLICATE_FIELD },
		{ message->has_nul, PROBLEM_NUL_BYTES },
		{ message->charset_unknown, PROBLEM_UNKNOWN_CHARSET },
		{ message->charset_damaged, PROBLEM_CHARSET_DAMAGED },
		{ message->charset_guessed, PROBLEM_CHARSET_GUESSED },
		{ message->charset_wrong, PROBLEM_CHARSET_WRONG },
		{ message->loose_signature, PROBLEM_SIGNATURE_BESIDE },
		{ message->more_blocks, PROBLEM_SEVERAL_BLOCKS },
		{ message->locked_archive, PROBLEM_LOCKED_ARCHIVE },
		{ message->text_stub, PROBLEM_TEXT_STUB },
		{ whole && message->message_id == NULL, PROBLEM_NO_MESSAGE_ID },
		{ whole && !message->has_date, PROBLEM_NO_DATE },
		{ is_cut(message), PROBLEM_CUT },
	};

	facts_problem(layer, limits[message->limit]);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (signs[i].is)
			facts_problem(layer, signs[i].problem);
	}
}

void
observe_layer(struct arena *arena, const struct policy *policy, size_t desk,
	const struct message *message, bool sealed, struct facts_layer *layer_r)
{
	struct observe_reading reading = {
		.arena = arena, .policy = policy, .desk = desk, .message = message,
	};
	const struct policy_form *form = NULL;
	char offered[FACTS_OFFERS][OFFER_FPR];

	memset(layer_r, 0, sizeof(*layer_r));
	layer_r->form = layer_form(message);
	layer_r->sealed = sealed;
	layer_r->form_index = sealed ? -1 : form_find(arena, policy, message);
	if (layer_r->form_index >= 0) {
		form = &policy->forms[layer_r->form_index];
		layer_r->form_chosen = form_chosen(arena, form, message);
	}
	layer_r->empty = message->no_text;
	observe_reading_make(&reading, form);
	read_numbers(&reading, layer_r);
	read_phrases(&reading, sealed, layer_r);
	read_dues(&reading, layer_r);
	observe_sites(&reading, sealed, layer_r);
	observe_finder(&reading, sealed, layer_r);
	layer_r->robot_words = form == NULL && robot_words(arena, message->subject, reading.own);
	read_attachments(arena, message, sealed, layer_r);
	read_problems(message, sealed, layer_r);
	if (twins_differ(arena, policy, message))
		facts_problem(layer_r, PROBLEM_TEXTS_DIFFER);
	if (read_offers(arena, policy, message, offered) > 0)
		facts_problem(layer_r, PROBLEM_KEY_OFFERED);
}

void
observe_from(const struct message *message, const char *outer, struct facts_layer *layer)
{
	if (message->from_protected &&
		(message->from_count != 1 || !address_equal(message->from[0].addr, outer)))
		facts_problem(layer, PROBLEM_FROM_DIFFERS);
}
