/*
 * Packing and unpacking of the facts that travel between rooms. The unpacking
 * side trusts nothing: every enumerator, count and string is checked, and a
 * frame that is wrong anywhere is wrong as a whole.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/frames.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "port/pgp.h"
#include "rule/drill.h"
#include "rule/finder_letter.h"

#include <string.h>

/* A string that goes into lines of ours or of a mail's head: it cannot end one and begin another. */
static char *
get_line(struct frame *frame, struct arena *arena)
{
	char *line = frame_get_string(frame, arena, FACTS_STRING_MAX);

	if (line != NULL)
		text_one_line(line);
	return line;
}

static void
put_addresses(struct frame *frame, const struct facts_addresses *list)
{
	frame_put_u32(frame, (uint32_t)list->count);
	for (size_t i = 0; i < list->count; i++) {
		frame_put_string(frame, list->at[i].address);
		frame_put_string(frame, list->at[i].name);
	}
}

static void
get_addresses(struct frame *frame, struct arena *arena, struct facts_addresses *list_r)
{
	list_r->count = frame_get_below(frame, FACTS_ADDRESSES + 1);
	for (size_t i = 0; i < list_r->count && !frame->bad; i++) {
		list_r->at[i].address = get_line(frame, arena);
		list_r->at[i].name = frame_get_string(frame, arena, FACTS_STRING_MAX);
		if (list_r->at[i].address == NULL)
			frame->bad = true;
	}
}

static void
put_auth(struct frame *frame, const struct auth_results *auth)
{
	frame_put_u8(frame, (uint8_t)auth->dmarc);
	frame_put_bool(frame, auth->dkim_aligned);
	frame_put_bool(frame, auth->trusted);
	frame_put_u32(frame, (uint32_t)auth->host);
}

static void
get_auth(struct frame *frame, struct auth_results *auth_r)
{
	auth_r->dmarc = (enum auth_verdict)frame_get_u8(frame);
	if (auth_r->dmarc >= AUTH_VERDICTS)
		frame->bad = true;
	auth_r->dkim_aligned = frame_get_bool(frame);
	auth_r->trusted = frame_get_bool(frame);
	auth_r->host = frame_get_u32(frame);
}

static void
get_hex(struct frame *frame, char *out, size_t room)
{
	frame_get_bytes(frame, out, room - 1);
	out[room - 1] = '\0';
	for (size_t i = 0; out[i] != '\0'; i++) {
		if (strchr("0123456789ABCDEF", out[i]) == NULL)
			frame->bad = true;
	}
}

void
frames_put_header(struct frame *frame, const struct facts_header *header)
{
	put_addresses(frame, &header->from);
	put_addresses(frame, &header->sender);
	put_addresses(frame, &header->reply_to);
	put_addresses(frame, &header->to);
	put_addresses(frame, &header->cc);
	frame_put_string(frame, header->subject);
	frame_put_string(frame, header->message_id);
	frame_put_u32(frame, (uint32_t)header->reference_count);
	for (size_t i = 0; i < header->reference_count; i++)
		frame_put_string(frame, header->references[i]);
	frame_put_bool(frame, header->has_date);
	frame_put_i64(frame, header->date);
	frame_put_bool(frame, header->auto_submitted);
	frame_put_bool(frame, header->bulk);
	frame_put_bool(frame, header->own_list);
	frame_put_bool(frame, header->null_return_path);
	frame_put_bool(frame, header->delivery_report);
	frame_put_string(frame, header->report_original_id);
	frame_put_bool(frame, header->report_failed);
	frame_put_string(frame, header->x_madoguchi);
	put_auth(frame, &header->auth);
	frame_put_string(frame, header->form_reply);
	frame_put_u32(frame, (uint32_t)header->offered_count);
	for (size_t i = 0; i < header->offered_count; i++)
		frame_put_bytes(frame, header->offered[i], sizeof(header->offered[i]) - 1);
}

bool
frames_get_header(struct frame *frame, struct arena *arena, struct facts_header *header_r)
{
	struct facts_header header = { 0 };

	get_addresses(frame, arena, &header.from);
	get_addresses(frame, arena, &header.sender);
	get_addresses(frame, arena, &header.reply_to);
	get_addresses(frame, arena, &header.to);
	get_addresses(frame, arena, &header.cc);
	header.subject = frame_get_string(frame, arena, FACTS_STRING_MAX);
	header.message_id = get_line(frame, arena);
	header.reference_count = frame_get_below(frame, FACTS_REFERENCES + 1);
	for (size_t i = 0; i < header.reference_count && !frame->bad; i++) {
		header.references[i] = get_line(frame, arena);
		if (header.references[i] == NULL)
			frame->bad = true;
	}
	header.has_date = frame_get_bool(frame);
	header.date = frame_get_i64(frame);
	header.auto_submitted = frame_get_bool(frame);
	header.bulk = frame_get_bool(frame);
	header.own_list = frame_get_bool(frame);
	header.null_return_path = frame_get_bool(frame);
	header.delivery_report = frame_get_bool(frame);
	header.report_original_id = get_line(frame, arena);
	header.report_failed = frame_get_bool(frame);
	header.x_madoguchi = get_line(frame, arena);
	get_auth(frame, &header.auth);
	header.form_reply = get_line(frame, arena);
	header.offered_count = frame_get_below(frame, FACTS_OFFERS + 1);
	for (size_t i = 0; i < header.offered_count && !frame->bad; i++) {
		get_hex(frame, header.offered[i], sizeof(header.offered[i]));
		if (strlen(header.offered[i]) != sizeof(header.offered[i]) - 1)
			frame->bad = true;
	}
	if (frame->bad)
		return false;
	*header_r = header;
	return true;
}

static void
put_numbers(struct frame *frame, const struct facts_layer *layer)
{
	frame_put_u32(frame, (uint32_t)layer->numbers.count);
	for (size_t i = 0; i < layer->numbers.count; i++) {
		const struct number_hit *hit = &layer->numbers.hit[i];

		frame_put_string(frame, hit->number);
		frame_put_u32(frame, (uint32_t)hit->coordinator);
		frame_put_u32(frame, (uint32_t)hit->at);
		frame_put_u8(frame, layer->number_place[i]);
	}
	frame_put_bool(frame, layer->numbers.more);
}

static void
get_numbers(struct frame *frame, struct arena *arena, struct facts_layer *layer)
{
	layer->numbers.count = frame_get_below(frame, NUMBERS_MAX + 1);
	for (size_t i = 0; i < layer->numbers.count && !frame->bad; i++) {
		struct number_hit *hit = &layer->numbers.hit[i];
		const char *number = frame_get_string(frame, arena, NUMBER_MAX - 1);

		if (number == NULL || number[0] == '\0')
			frame->bad = true;
		else
			strncpy(hit->number, number, NUMBER_MAX - 1);
		hit->coordinator = frame_get_u32(frame);
		hit->at = frame_get_u32(frame);
		layer->number_place[i] = frame_get_u8(frame);
		if (layer->number_place[i] >= NUMBER_PLACES)
			frame->bad = true;
	}
	layer->numbers.more = frame_get_bool(frame);
}

static void
put_phrases(struct frame *frame, const struct phrase_hits *phrases)
{
	frame_put_u32(frame, (uint32_t)phrases->count);
	for (size_t i = 0; i < phrases->count; i++) {
		frame_put_u32(frame, phrases->hit[i].phrase);
		frame_put_u8(frame, (uint8_t)phrases->hit[i].meaning);
		frame_put_bool(frame, phrases->hit[i].quoted);
		frame_put_bool(frame, phrases->hit[i].subject);
	}
}

static void
get_phrases(struct frame *frame, struct phrase_hits *phrases_r)
{
	phrases_r->count = frame_get_below(frame, PHRASE_HITS_MAX + 1);
	for (size_t i = 0; i < phrases_r->count && !frame->bad; i++) {
		uint8_t meaning;

		phrases_r->hit[i].phrase = (uint16_t)frame_get_below(frame, PHRASES_MAX);
		meaning = frame_get_u8(frame);
		if (meaning >= PHRASE_MEANINGS)
			frame->bad = true;
		phrases_r->hit[i].meaning = (enum phrase_meaning)meaning;
		phrases_r->hit[i].quoted = frame_get_bool(frame);
		phrases_r->hit[i].subject = frame_get_bool(frame);
	}
}

static void
put_attachments(struct frame *frame, const struct facts_layer *layer)
{
	frame_put_u32(frame, (uint32_t)layer->attachment_count);
	for (size_t i = 0; i < layer->attachment_count; i++) {
		frame_put_string(frame, layer->attachments[i].name);
		frame_put_string(frame, layer->attachments[i].type);
		frame_put_i64(frame, (int64_t)layer->attachments[i].size);
	}
}

static void
get_attachments(struct frame *frame, struct arena *arena, struct facts_layer *layer)
{
	layer->attachment_count = frame_get_below(frame, FACTS_ATTACHMENTS + 1);
	for (size_t i = 0; i < layer->attachment_count && !frame->bad; i++) {
		int64_t size;

		layer->attachments[i].name = frame_get_string(frame, arena, FACTS_STRING_MAX);
		layer->attachments[i].type = get_line(frame, arena);
		size = frame_get_i64(frame);
		if (layer->attachments[i].type == NULL || size < 0)
			frame->bad = true;
		layer->attachments[i].size = (uint64_t)size;
	}
}

void
frames_put_layer(struct frame *frame, const struct facts_layer *layer)
{
	frame_put_u8(frame, (uint8_t)layer->form);
	frame_put_bool(frame, layer->sealed);
	put_numbers(frame, layer);
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		put_phrases(frame, &layer->phrases[i]);
	frames_put_dues(frame, layer);
	frame_put_u32(frame, layer->drill);
	frame_put_u32(frame, layer->sites);
	frame_put_u32(frame, layer->foreign_urls);
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		frame_put_bool(frame, layer->named_coordinator[i]);
	frame_put_i64(frame, layer->form_index);
	frame_put_bool(frame, layer->form_chosen);
	frame_put_bool(frame, layer->finder_words);
	frame_put_bool(frame, layer->finder_weak);
	frame_put_bool(frame, layer->finder_doubt);
	frame_put_bool(frame, layer->finder_notice);
	frame_put_i64(frame, layer->finder_score);
	frame_put_i64(frame, (int64_t)layer->finder_signs);
	frame_put_bool(frame, layer->finder_quoted);
	frame_put_bool(frame, layer->told_reported);
	frame_put_bool(frame, layer->told_publication);
	frame_put_bool(frame, layer->bulk_words);
	frame_put_bool(frame, layer->robot_words);
	frame_put_bool(frame, layer->vulnerability_words);
	frame_put_bool(frame, layer->empty);
	put_attachments(frame, layer);
	frame_put_u32(frame, (uint32_t)layer->problem_count);
	for (size_t i = 0; i < layer->problem_count; i++)
		frame_put_u8(frame, (uint8_t)layer->problems[i]);
}

bool
frames_get_layer(struct frame *frame, struct arena *arena, struct facts_layer *layer_r)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	int64_t form_index, score;

	layer->form = (enum layer_form)frame_get_u8(frame);
	if (layer->form >= LAYER_FORMS)
		frame->bad = true;
	layer->sealed = frame_get_bool(frame);
	get_numbers(frame, arena, layer);
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		get_phrases(frame, &layer->phrases[i]);
	frames_get_dues(frame, layer);
	layer->drill = frame_get_below(frame, DRILL_HIGH + 1);
	layer->sites = frame_get_u32(frame);
	layer->foreign_urls = frame_get_u32(frame);
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		layer->named_coordinator[i] = frame_get_bool(frame);
	form_index = frame_get_i64(frame);
	if (form_index < -1 || form_index > INT16_MAX)
		frame->bad = true;
	layer->form_index = (int)form_index;
	layer->form_chosen = frame_get_bool(frame);
	layer->finder_words = frame_get_bool(frame);
	layer->finder_weak = frame_get_bool(frame);
	layer->finder_doubt = frame_get_bool(frame);
	layer->finder_notice = frame_get_bool(frame);
	score = frame_get_i64(frame);
	if (score < -FINDER_SCORE_MOST || score > FINDER_SCORE_MOST)
		frame->bad = true;
	layer->finder_score = (int)score;
	layer->finder_signs = (uint64_t)frame_get_i64(frame);
	layer->finder_quoted = frame_get_bool(frame);
	layer->told_reported = frame_get_bool(frame);
	layer->told_publication = frame_get_bool(frame);
	layer->bulk_words = frame_get_bool(frame);
	layer->robot_words = frame_get_bool(frame);
	layer->vulnerability_words = frame_get_bool(frame);
	layer->empty = frame_get_bool(frame);
	get_attachments(frame, arena, layer);
	layer->problem_count = frame_get_below(frame, FACTS_PROBLEMS + 1);
	for (size_t i = 0; i < layer->problem_count && !frame->bad; i++) {
		layer->problems[i] = (enum problem)frame_get_u8(frame);
		if (layer->problems[i] == PROBLEM_NONE || layer->problems[i] >= PROBLEMS)
			frame->bad = true;
	}
	if (frame->bad)
		return false;
	*layer_r = *layer;
	return true;
}

static void
put_addresses_of(struct frame *frame, const struct facts_signature *signature)
{
	frame_put_u8(frame, (uint8_t)signature->address_count);
	for (size_t i = 0; i < signature->address_count; i++) {
		size_t len = strlen(signature->addresses[i]);

		frame_put_u8(frame, (uint8_t)len);
		frame_put_bytes(frame, signature->addresses[i], len);
	}
}

static void
get_addresses_of(struct frame *frame, struct facts_signature *signature)
{
	signature->address_count = frame_get_u8(frame);
	if (signature->address_count > FACTS_CERTIFICATE_ADDRESSES)
		frame->bad = true;
	for (size_t i = 0; i < signature->address_count && !frame->bad; i++) {
		size_t len = frame_get_u8(frame);

		if (len >= FACTS_CERTIFICATE_ADDRESS) {
			frame->bad = true;
			break;
		}
		frame_get_bytes(frame, signature->addresses[i], len);
		if (!address_valid(signature->addresses[i]))
			frame->bad = true;
	}
}

void
frames_put_opened(struct frame *frame, const struct facts_opened *opened)
{
	frame_put_u8(frame, (uint8_t)opened->status);
	frame_put_bool(frame, opened->encrypted);
	frame_put_bool(frame, opened->smime);
	frame_put_bytes(frame, opened->sha256, sizeof(opened->sha256));
	frame_put_u32(frame, (uint32_t)opened->signature_count);
	for (size_t i = 0; i < opened->signature_count; i++) {
		const struct facts_signature *signature = &opened->signatures[i];

		frame_put_u8(frame, (uint8_t)signature->status);
		frame_put_bytes(frame, signature->key, sizeof(signature->key) - 1);
		frame_put_i64(frame, signature->made_at);
		frame_put_bool(frame, signature->by_root);
		frame_put_u32(frame, signature->root_coordinator);
		put_addresses_of(frame, signature);
	}
	frame_put_u32(frame, (uint32_t)opened->recipient_count);
	for (size_t i = 0; i < opened->recipient_count; i++)
		frame_put_bytes(frame, opened->recipients[i], sizeof(opened->recipients[i]) - 1);
}

bool
frames_get_opened(struct frame *frame, struct facts_opened *opened_r)
{
	struct facts_opened opened = { 0 };

	opened.status = (enum open_status)frame_get_u8(frame);
	if (opened.status >= OPEN_STATUSES)
		frame->bad = true;
	opened.encrypted = frame_get_bool(frame);
	opened.smime = frame_get_bool(frame);
	frame_get_bytes(frame, opened.sha256, sizeof(opened.sha256));
	opened.signature_count = frame_get_below(frame, FACTS_SIGNATURES + 1);
	for (size_t i = 0; i < opened.signature_count && !frame->bad; i++) {
		struct facts_signature *signature = &opened.signatures[i];

		signature->status = (enum signature_status)frame_get_u8(frame);
		if (signature->status >= SIGNATURE_STATUSES)
			frame->bad = true;
		get_hex(frame, signature->key, sizeof(signature->key));
		signature->made_at = frame_get_i64(frame);
		signature->by_root = frame_get_bool(frame);
		signature->root_coordinator = frame_get_u32(frame);
		get_addresses_of(frame, signature);
	}
	opened.recipient_count = frame_get_below(frame, FACTS_RECIPIENTS + 1);
	for (size_t i = 0; i < opened.recipient_count && !frame->bad; i++)
		get_hex(frame, opened.recipients[i], sizeof(opened.recipients[i]));
	if (frame->bad)
		return false;
	*opened_r = opened;
	return true;
}

#define KEY_SUBKEYS (sizeof(((struct pgp_key *)NULL)->subkeys) / PGP_FPR)
#define KEY_FLAGS 8

static void
key_flags(struct pgp_key *key, bool *flags_r[KEY_FLAGS])
{
	flags_r[0] = &key->revoked;
	flags_r[1] = &key->expired;
	flags_r[2] = &key->disabled;
	flags_r[3] = &key->invalid;
	flags_r[4] = &key->secret;
	flags_r[5] = &key->can_encrypt;
	flags_r[6] = &key->can_sign;
	flags_r[7] = &key->weak;
}

void
frames_put_key(struct frame *frame, const struct pgp_key *key)
{
	struct pgp_key copy = *key;
	bool *flags[KEY_FLAGS];

	frame_put_bytes(frame, key->fpr, PGP_FPR - 1);
	frame_put_u32(frame, (uint32_t)key->subkey_count);
	for (size_t i = 0; i < key->subkey_count; i++)
		frame_put_bytes(frame, key->subkeys[i], PGP_FPR - 1);
	frame_put_string(frame, key->user_id);
	frame_put_i64(frame, key->created_at);
	frame_put_i64(frame, key->expires_at);
	frame_put_i64(frame, key->encrypt_until);
	frame_put_i64(frame, key->sign_until);
	frame_put_string(frame, key->algorithm);
	key_flags(&copy, flags);
	for (size_t i = 0; i < KEY_FLAGS; i++)
		frame_put_bool(frame, *flags[i]);
	frame_put_bool(frame, key->by_root);
	frame_put_u32(frame, key->root_coordinator);
}

bool
frames_get_key(struct frame *frame, struct arena *arena, struct pgp_key *key_r)
{
	struct pgp_key key = { 0 };
	bool *flags[KEY_FLAGS];
	const char *algorithm;

	get_hex(frame, key.fpr, PGP_FPR);
	key.subkey_count = frame_get_below(frame, KEY_SUBKEYS + 1);
	for (size_t i = 0; i < key.subkey_count && !frame->bad; i++)
		get_hex(frame, key.subkeys[i], PGP_FPR);
	key.user_id = frame_get_string(frame, arena, FACTS_STRING_MAX);
	key.created_at = frame_get_i64(frame);
	key.expires_at = frame_get_i64(frame);
	key.encrypt_until = frame_get_i64(frame);
	key.sign_until = frame_get_i64(frame);
	algorithm = frame_get_string(frame, arena, PGP_ALGORITHM - 1);
	if (algorithm != NULL)
		memcpy(key.algorithm, algorithm, strlen(algorithm) + 1);
	key_flags(&key, flags);
	for (size_t i = 0; i < KEY_FLAGS; i++)
		*flags[i] = frame_get_bool(frame);
	key.by_root = frame_get_bool(frame);
	key.root_coordinator = frame_get_u32(frame);
	if (frame->bad)
		return false;
	*key_r = key;
	return true;
}

void
frames_put_outcome(struct frame *frame, enum outcome outcome, const struct err *err)
{
	frame_put_u8(frame, (uint8_t)outcome);
	frame_put_string(frame, outcome == DONE ? "" : err->text);
}

bool
frames_get_outcome(struct frame *frame, enum outcome *outcome_r, struct err *err_r)
{
	struct arena *scratch = arena_new(ARENA_PLAIN, 4 * ERR_TEXT_MAX);
	uint8_t outcome = frame_get_u8(frame);
	const char *sentence = frame_get_string(frame, scratch, ERR_TEXT_MAX - 1);

	if (outcome > NEVER || sentence == NULL)
		frame->bad = true;
	if (!frame->bad) {
		*outcome_r = (enum outcome)outcome;
		err_set(err_r, *outcome_r, "%s", sentence);
	}
	arena_free(&scratch);
	return !frame->bad;
}

void
frames_get_asked(struct frame *frame, struct arena *arena, struct frames_asked *asked_r)
{
	*asked_r = (struct frames_asked){ .covered_fd = -1 };
	asked_r->operation = (enum open_operation)frame_get_below(frame, OPEN_OPERATIONS);
	do {
		asked_r->data[asked_r->count].charset =
			frame_get_string(frame, arena, FRAMES_CHARSET_MAX);
		asked_r->data[asked_r->count++].fd = frame_get_fd(frame);
	} while (asked_r->operation == OPERATION_DECRYPT && !frame->bad &&
		frame->fd_at < frame->fd_count);
	if (asked_r->operation == OPERATION_VERIFY ||
		asked_r->operation == OPERATION_SMIME_VERIFY)
		asked_r->covered_fd = frame_get_fd(frame);
}
