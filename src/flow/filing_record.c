/*
 * What is written down of a message itself. Of a sealed one: outer header
 * fields, sizes and media types, no more (doc/RULES 3).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/filing.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/senders.h"
#include "rule/argue.h"

#include <string.h>

#define PROBLEMS_TEXT_MAX (32 * 1024)

/* Opened, it is what the keyring said; else what it looked like. */
static bool
was_sealed(const struct facts *facts)
{
	for (size_t i = 0; i < facts->layer_count; i++)
		if (facts->layers[i].sealed || facts->layers[i].form == FORM_SMIME_ENCRYPTED)
			return true;
	return facts->layers[0].form == FORM_ENCRYPTED && facts->layer_count < 2;
}

/* Sealed to hidden recipients (gpg -R), it names no key: said once, however many there are. */
static void
add_recipients(const struct facts_opened *opened, struct text *text)
{
	bool hidden = false;

	for (size_t i = 0; i < opened->recipient_count; i++) {
		if (text_equal(opened->recipients[i], "0000000000000000"))
			hidden = true;
		else
			text_addf(text, "\nsealed to key %s", opened->recipients[i]);
	}
	if (hidden)
		text_add(text, "\nsealed to a key that is not named");
}

static char *
problem_lines(struct filing *filing)
{
	struct text text;

	text_init(&text, filing->arena, PROBLEMS_TEXT_MAX);
	for (size_t i = 0; i < filing->decision.problem_count; i++)
		text_addf(&text, "%s%s", i > 0 ? "\n" : "", problem_text(filing->decision.problems[i]));
	for (size_t i = 0; i < filing->facts->header.offered_count; i++)
		text_addf(&text, "\noffered key %s", filing->facts->header.offered[i]);
	if (filing->facts->failed_open)
		add_recipients(&filing->facts->opened_failed, &text);
	return text.data;
}

/* The reasons, for `message why`. */
static char *
why_lines(struct filing *filing)
{
	struct argument argument = { filing->policy, filing->desk, filing->facts, &filing->known,
		&filing->decision, filing->own_numbers };
	struct text text;

	text_init(&text, filing->arena, ARGUE_MAX);
	argue(&argument, &text);
	return text.data;
}

/* Whether a layer holds one more of that type and size than were counted off already. */
static bool
holds_another(const struct facts_layer *layer, bool counted[], const struct facts_attachment *one)
{
	for (size_t i = 0; i < layer->attachment_count; i++) {
		if (counted[i] || layer->attachments[i].size != one->size ||
		    !text_equal(layer->attachments[i].type, one->type))
			continue;
		counted[i] = true;
		return true;
	}
	return false;
}

/*
 * Those of a layer, but for what stands in `inside` too: a signed part is read
 * with and without its frame.
 */
static void
add_attachments(const struct facts_layer *layer, const struct facts_layer *inside,
	struct record_message *record)
{
	bool counted[FACTS_ATTACHMENTS] = { false };

	for (size_t i = 0; i < layer->attachment_count; i++) {
		struct record_attachment *to = &record->attachments[record->attachment_count];

		if (inside != NULL && holds_another(inside, counted, &layer->attachments[i]))
			continue;
		record->attachment_count++;
		/* Names may be kept of no mail's attachments: of a clear one neither (doc/RULES 3). */
		to->type = layer->attachments[i].type;
		to->size = (int64_t)layer->attachments[i].size;
	}
}

/* What lies beside a ciphertext or a signed part, and what stands innermost. */
static void
record_attachments(struct filing *filing, struct record_message *record)
{
	const struct facts *facts = filing->facts;
	size_t last = facts->layer_count > 0 ? facts->layer_count - 1 : 0;

	record->attachments = arena_calloc(
		filing->arena, FACTS_LAYERS * FACTS_ATTACHMENTS, sizeof(*record->attachments));
	for (size_t i = 0; i < last; i++)
		add_attachments(&facts->layers[i],
			facts->layers[i].form == FORM_SIGNED ||
				facts->layers[i].form == FORM_SMIME_SIGNED ?
				&facts->layers[i + 1] : NULL, record);
	add_attachments(&facts->layers[last], NULL, record);
}

struct record_message *
filing_record(struct engine *engine, struct filing *filing, const struct intake_job *job)
{
	struct record_message *record = arena_alloc(filing->arena, sizeof(*record));
	const struct facts_header *header = &filing->facts->header;

	record->desk = engine_policy(engine, filing->desk)->title;
	record->direction = filing->thread.kind == KIND_STAFF ? DIRECTION_OUT : DIRECTION_IN;
	record->kind = filing->thread.kind;
	record->stage = filing->thread.stage;
	record->trust = filing->first.trust.trust;
	record->message_id = header->message_id;
	record->from = senders_text(filing->arena, &header->from);
	record->to = senders_text(filing->arena, &header->to);
	record->date = header->has_date ? header->date : 0;
	record->received_at = filing->internal_date;
	record->subject = header->subject;
	record->encrypted = was_sealed(filing->facts);
	record->signed_by =
		filing->first.trust.signed_by[0] != '\0' ? filing->first.trust.signed_by : NULL;
	record->folder = job->folder;
	record->problems = problem_lines(filing);
	record->why = why_lines(filing);
	record->unfiled = filing->thread.place == PLACE_UNFILED;
	record->size = (int64_t)job->len;
	memcpy(record->sha256, job->sha256, sizeof(record->sha256));
	record_attachments(filing, record);
	return record;
}

/*
 * A root that is nothing but ciphertext may be kept as it came; a word in clear
 * beside it may not, nor what looks like a ciphertext and is only packed. The
 * keyring is the one who knows that.
 */
static bool
all_sealed(const struct facts *facts)
{
	const struct facts_layer *layer = &facts->layers[0];
	const struct facts_opened *opened =
		facts->layer_count > 1 ? &facts->opened[1] : &facts->opened_failed;

	return layer->form == FORM_ENCRYPTED && layer->empty && layer->attachment_count == 0 &&
		opened->encrypted;
}

struct filing_kept
filing_keep(struct engine *engine, struct filing *filing, const struct intake_job *job,
	struct record_message *record)
{
	struct filing_kept kept = { NULL, 0 };
	struct io_map map = { 0 };
	unsigned char *boxed;
	struct err err;

	if (engine->options.dry || !(filing->decision.keep_whole || job->only_copy) || io_map(job->fd, FLOW_MESSAGE_MAX, &map, &err) != DONE)
		return kept;
	record->has_raw = true;
	record->boxed = !all_sealed(filing->facts);
	if (record->boxed) {
		kept.len = map.len + BOX_OVERHEAD;
		boxed = arena_alloc(filing->arena, kept.len);
		box_seal(&engine->desks[filing->desk].box_public, map.data, map.len, boxed);
		kept.bytes = boxed;
	} else {
		kept.len = map.len;
		kept.bytes = arena_memdup(filing->arena, map.data, map.len);
	}
	io_unmap(&map);
	return kept;
}

/*
 * An import may bring the key, or make one count that is here: by a new end, or
 * by the root's certification.
 */
static bool
waits_for_key(const struct filing *filing, const struct facts_signature *signature)
{
	return signature->status == SIGNATURE_NO_KEY ||
		(filing->first.trust.reason == REASON_UNKNOWN_KEY &&
		 signature->status != SIGNATURE_BAD);
}

void
filing_key_ids(struct filing *filing)
{
	const struct facts *facts = filing->facts;

	for (size_t i = 0; facts->failed_open && i < facts->opened_failed.recipient_count; i++)
		store_message_key_add(filing->store, filing->message, facts->opened_failed.recipients[i]);
	for (size_t layer = 1; layer < facts->layer_count; layer++) {
		for (size_t i = 0; i < facts->opened[layer].signature_count; i++) {
			const struct facts_signature *signature = &facts->opened[layer].signatures[i];

			if (!facts->opened[layer].smime && waits_for_key(filing, signature))
				store_message_key_add(filing->store, filing->message, signature->key);
		}
	}
}
