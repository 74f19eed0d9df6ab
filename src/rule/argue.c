/*
 * The argument on whom to believe and on what the mail says: each fact with
 * where it came from, and the row of doc/RULES that it met.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/argue.h"

#include "base/text.h"
#include "rule/decide_part.h"
#include "rule/finder_letter.h"
#include "rule/policy.h"
#include "rule/reasons.h"
#include "rule/signature.h"

/* What stands there so far before no more phrases are told: there is room for what followed. */
#define PHRASES_TO (48 * 1024)

const char *
argue_part_name(const struct facts *facts, size_t layer)
{
	const struct facts_layer *at = signature_layer(facts, layer);

	if (layer == 0)
		return at->form == FORM_PLAIN ? "the mail as it came" : "the outside of the mail";
	return at->sealed ? "the sealed part" : "the signed part";
}

static const char *
coordinator_name(const struct policy *policy, int coordinator)
{
	return coordinator >= 0 ? policy->coordinators[coordinator].name : "nobody";
}

/* --- from --- */

static void
say_sender(const struct argument *argument, struct text *text)
{
	const struct trust_verdict *trust = &argument->decision->first.trust;
	const char *name = coordinator_name(argument->policy, trust->coordinator);

	switch (trust->sender) {
	case SENDER_COORDINATOR:
		text_addf(text, ", an address of %s in the conf", name);
		break;
	case SENDER_LOOK_ALIKE:
		text_addf(text, trust->alike_by_text
			? ", no address of %s in the conf; its text names itself %s"
			: ", no address of %s in the conf; its address or name looks like one of %s",
			name, name);
		break;
	case SENDER_FORM:
		text_add(text, ", the address of a web form in the conf");
		break;
	case SENDER_STAFF:
		text_add(text, ", a staff member's address in the conf");
		break;
	case SENDER_DESK:
		text_add(text, ", the window's own address");
		break;
	default:
		text_add(text, ", which the conf does not name");
	}
}

static void
argue_from(const struct argument *argument, struct text *text)
{
	const struct facts_addresses *from = &argument->facts->header.from;

	text_add(text, "from: ");
	if (from->count == 1 && from->at[0].address[0] != '\0')
		text_add(text, from->at[0].address);
	else
		text_addf(text, "%zu addresses where one is wanted", from->count);
	say_sender(argument, text);
	text_add(text, "\n");
}

/* --- signatures --- */

static const char *
status_text(enum signature_status status)
{
	static const char *const texts[SIGNATURE_STATUSES] = {
		[SIGNATURE_GOOD] = "good",
		[SIGNATURE_BAD] = "bad",
		[SIGNATURE_NO_KEY] = "cannot be checked, the key is not here",
		[SIGNATURE_EXPIRED_KEY] = "made after its key had expired",
		[SIGNATURE_REVOKED_KEY] = "by a key that was revoked",
		[SIGNATURE_EXPIRED] = "expired",
		[SIGNATURE_ERROR] = "cannot be checked",
	};

	return (unsigned int)status < SIGNATURE_STATUSES ? texts[status] : "of no known kind";
}

/* The coordinator for whom the conf pins that key, -1 for none. */
static int
pinned_for(const struct policy *policy, const char *key)
{
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		const struct string_list *keys = &policy->coordinators[i].keys;

		for (size_t k = 0; k < keys->count; k++) {
			if (text_equal(keys->at[k], key))
				return (int)i;
		}
	}
	return -1;
}

static void
say_owner(const struct policy *policy, const struct facts_signature *signature, struct text *text)
{
	int owner = pinned_for(policy, signature->key);

	if (owner >= 0)
		text_addf(text, "pinned for %s", policy->coordinators[owner].name);
	else if (signature->by_root && signature->root_coordinator < policy->coordinator_count)
		text_addf(text, "certified by the root key of %s",
			policy->coordinators[signature->root_coordinator].name);
	else
		text_add(text, "pinned for nobody");
}

static void
say_pgp(const struct policy *policy, const struct facts_signature *signature, struct text *text)
{
	text_addf(text, "%s; key %s, ", status_text(signature->status), signature->key);
	say_owner(policy, signature, text);
}

/* No key of it is pinned: whose address the certificate bears is all that counts. */
static void
say_smime(const struct facts *facts, const struct facts_signature *signature, struct text *text)
{
	const char *status = status_text(signature->status);

	if (signature->status == SIGNATURE_NO_KEY)
		status = "by a certificate that leads to no root of the conf";
	else if (signature->status == SIGNATURE_EXPIRED_KEY)
		status = "by a certificate that was not valid when the mail came";
	text_addf(text, "S/MIME, %s; certificate %s", status, signature->key);
	if (signature->status == SIGNATURE_GOOD)
		text_add(text, signature_of_sender(facts, signature) ? ", of From's own address"
								     : ", of another address");
}

static bool
looks_signed(const struct facts *facts)
{
	for (size_t i = 0; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		enum layer_form form = facts->layers[i].form;

		if (form == FORM_SIGNED || form == FORM_SMIME_SIGNED)
			return true;
	}
	return false;
}

static void
argue_signatures(const struct argument *argument, struct text *text)
{
	const struct facts *facts = argument->facts;
	size_t seen = 0;

	for (size_t i = 1; i < facts->layer_count && i < FACTS_LAYERS; i++) {
		const struct facts_opened *opened = &facts->opened[i];

		for (size_t k = 0; k < opened->signature_count && k < FACTS_SIGNATURES; k++) {
			const struct facts_signature *signature = &opened->signatures[k];

			text_add(text, "signature: ");
			if (opened->smime)
				say_smime(facts, signature, text);
			else
				say_pgp(argument->policy, signature, text);
			text_addf(text, "; it covers %s\n", argue_part_name(facts, i));
			seen++;
		}
	}
	if (seen == 0)
		text_addf(text, "signature: %s\n", looks_signed(facts) ? "one that could not be checked"
								     : "none");
}

/* --- Authentication-Results --- */

static void
argue_results(const struct argument *argument, struct text *text)
{
	static const char *const dmarc[AUTH_VERDICTS] = { "none", "pass", "fail" };
	const struct string_list *ids = &argument->policy->desks[argument->desk].authserv_ids;
	const struct auth_results *auth = &argument->facts->header.auth;

	if (auth->trusted && auth->host < ids->count)
		text_addf(text, "results: %s says dmarc=%s, %s\n", ids->at[auth->host],
			dmarc[auth->dmarc], auth->dkim_aligned
				? "dkim=pass for the domain of From" : "no dkim=pass for the domain of From");
	else if (ids->count == 0)
		text_add(text, "results: the conf names no host whose Authentication-Results count\n");
	else
		text_addf(text, "results: no Authentication-Results of %s%s\n", ids->at[0],
			ids->count > 1 ? ", or another host that counts" : "");
}

/* --- trust --- */

static const char *
trust_row(const struct trust_verdict *trust)
{
	bool coordinator = trust->sender == SENDER_COORDINATOR;

	switch (trust->reason) {
	case REASON_BAD_SIGNATURE:
	case REASON_PINNED_FOR_ANOTHER:
		return "RULES 1, row 1";
	case REASON_PINNED_SIGNATURE:
		return "RULES 1, row 2";
	case REASON_SMIME_SIGNATURE:
		return "RULES 1, row 2s";
	case REASON_SENDER_DIFFERS:
		return "RULES 1, row 3";
	case REASON_UNKNOWN_KEY:
		return "RULES 1, row 4";
	case REASON_DMARC_PASS:
	case REASON_DKIM_ALIGNED:
		return coordinator ? "RULES 1, row 5" : "RULES 1, row 8";
	case REASON_DMARC_FAIL:
		return coordinator ? "RULES 1, row 6" : "RULES 1, row 9";
	case REASON_LOOK_ALIKE:
		return "RULES 1, row L";
	case REASON_FORM:
		return "RULES 1, web form";
	case REASON_STAFF_SAID_TRUE:
	case REASON_STAFF_SAID_FORGED:
		return "RULES 1, a person's word";
	default:
		return coordinator ? "RULES 1, row 7" : "RULES 1, row 9";
	}
}

void
argue_trust(const struct argument *argument, struct text *text)
{
	const struct decide_first *first = &argument->decision->first;
	const struct trust_verdict *trust = &first->trust;

	argue_from(argument, text);
	argue_signatures(argument, text);
	argue_results(argument, text);
	text_addf(text, "trust: %s, %s [%s]\n", trust_name(trust->trust),
		trust_reason_text(trust->reason), trust_row(trust));
	if (trust->signed_by[0] != '\0')
		text_addf(text, "signed by: %s, over layer %zu\n", trust->signed_by, trust->used_layer);
	for (size_t i = 0; argument->facts->layer_count > 1 && i < argument->facts->layer_count; i++)
		text_addf(text, "part: layer %zu, %s%s\n", i, argue_part_name(argument->facts, i),
			i == trust->used_layer ? ": this one counts" : "");
}

/* --- what it says --- */

static void
argue_numbers(const struct argument *argument, size_t at, struct text *text)
{
	static const char *const places[NUMBER_PLACES] = { "subject", "text", REASONS_QUOTED };
	const struct facts_layer *layer = &argument->facts->layers[at];

	for (size_t i = 0; i < layer->numbers.count; i++) {
		bool form = layer->form_index >= 0 && layer->number_place[i] == PLACE_BODY;

		text_addf(text, "number: %s in the %s, layer %zu%s\n", layer->numbers.hit[i].number,
			form ? "form's field" : places[layer->number_place[i]], at,
			layer->sealed ? ", sealed" : "");
	}
}

static const char *
phrase_place(const struct facts_layer *layer, const struct phrase_hit *hit)
{
	if (hit->quoted)
		return REASONS_QUOTED;
	if (layer->sealed)
		return "sealed part";
	if (hit->subject)
		return "subject";
	return layer->form_index >= 0 ? "form's field" : "text";
}

/* Which words stood in a sealed mail is not kept: only what they mean. */
static void
argue_phrases(const struct argument *argument, size_t at, struct text *text)
{
	const struct policy *policy = argument->policy;
	const struct facts_layer *layer = &argument->facts->layers[at];

	for (size_t i = 0; i < policy->coordinator_count && i < FACTS_BOOKS; i++) {
		for (size_t k = 0; k < layer->phrases[i].count && text->len < PHRASES_TO; k++) {
			const struct phrase_hit *hit = &layer->phrases[i].hit[k];

			text_addf(text, "phrase: %s", policy->coordinators[i].name);
			if (hit->phrase != PHRASE_WITHHELD)
				text_addf(text, " %u", (unsigned int)hit->phrase);
			text_addf(text, " %s in the %s, layer %zu%s\n", phrase_meaning_name(hit->meaning),
				phrase_place(layer, hit), at, layer->sealed ? ", sealed" : "");
		}
	}
}

/* The conf's own strings: which of its sites a mail names may be kept, the URL in it may not. */
static void
argue_sites(const struct argument *argument, struct text *text)
{
	const struct string_list *sites = &argument->policy->desks[argument->desk].sites;

	for (size_t i = 0; i < sites->count && i < FACTS_SITES; i++) {
		if ((argument->decision->first.sites & (UINT32_C(1) << i)) != 0)
			text_addf(text, "site: %s\n", sites->at[i]);
	}
}

/* The signs from `from` up to `to`, one behind the other; nothing where none was seen. */
static void
say_signs(const char *topic, uint64_t signs, enum finder_sign from, enum finder_sign to,
	struct text *text)
{
	const char *before = topic;

	for (size_t i = from; i < to; i++) {
		if ((signs & (UINT64_C(1) << i)) == 0)
			continue;
		text_addf(text, "%s%s", before, finder_sign_text((enum finder_sign)i));
		before = "; ";
	}
	if (before != topic)
		text_add(text, "\n");
}

/* Of a stranger's mail: a coordinator's is known by other things. */
static void
argue_signs(const struct argument *argument, struct text *text)
{
	const struct trust_verdict *trust = &argument->decision->first.trust;
	enum decide_row row = argument->decision->thread.row;
	uint64_t signs = signature_layer(argument->facts, trust->used_layer)->finder_signs;

	if (trust->sender != SENDER_STRANGER || (row != ROW_FINDER && row != ROW_UNRELATED))
		return;
	text_addf(text, "score: %d, by its words, its signs and what was learned of letters; from %d on "
		"a report, from %d on shown\n",
		signature_layer(argument->facts, trust->used_layer)->finder_score, FINDER_SURE,
		FINDER_MAYBE);
	say_signs("a report: ", signs, SIGN_YOURS, SIGN_AGAINST, text);
	say_signs("no report: ", signs, SIGN_AGAINST, SIGNS, text);
	if (row == ROW_FINDER && decide_is_weak(argument->facts, trust))
		text_add(text, "weak: no words of a report stand there, but the whole reads as one\n");
	if (row == ROW_UNRELATED && argument->decision->thread.place == PLACE_UNFILED)
		text_add(text, "doubt: it might be a report, or might not: a person looks at it\n");
}

static bool
has_weight(const struct stage_verdict *why)
{
	return why->contact != 0 || why->encryption != 0 || why->details != 0 ||
		why->reminder != 0 || why->closing != 0;
}

void
argue_content(const struct argument *argument, struct text *text)
{
	const struct decide_thread *thread = &argument->decision->thread;

	for (size_t i = 0; i < argument->facts->layer_count; i++)
		argue_numbers(argument, i, text);
	argue_sites(argument, text);
	for (size_t i = 0; i < argument->facts->layer_count; i++)
		argue_phrases(argument, i, text);
	argue_signs(argument, text);
	if (has_weight(&thread->why))
		text_addf(text,
			"weights: contact %d, encryption %d, details %d, reminder %d, closing %d\n",
			thread->why.contact, thread->why.encryption, thread->why.details,
			thread->why.reminder, thread->why.closing);
	if (thread->why.by_address_alone)
		text_add(text, "alone: it is the first mail from the coordinator's address about one "
			"of our sites, whatever its words are\n");
	if (argument->decision->first.unreadable)
		text_addf(text, "unreadable: %s\n",
			problem_text(argument->decision->first.unreadable_why));
	text_addf(text, "row: %s\n", decide_row_name(thread->row));
	text_addf(text, "kind: %s%s%s [RULES 2, %s]\n", mail_kind_name(thread->kind),
		thread->stage != STAGE_NONE ? ", of stage " : "",
		thread->stage != STAGE_NONE ? stage_name(thread->stage) : "",
		decide_row_name(thread->row));
}

void
argue(const struct argument *argument, struct text *text)
{
	argue_trust(argument, text);
	argue_content(argument, text);
	argue_case(argument, text);
	argue_outcome(argument, text);
}
