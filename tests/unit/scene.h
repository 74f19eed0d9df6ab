/*
 * Mails as facts, for the tests of trust and decision: a few words (who, what
 * shape, which signature, which text) made into what reader and keyring would
 * tell. One desk, two coordinators, one form, an officer and a vendor.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCENE_H
#define SCENE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "rule/decide.h"
#include "rule/facts.h"
#include "rule/finder_letter.h"
#include "rule/policy.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define IPA 0
#define JPCERT 1
#define VULN_CONTACT "vuln-contact@ipa.go.jp"
#define VULS "vuls@jpcert.or.jp"
#define STRANGER "someone@example.net"
#define WEB_FORM "www@example.co.jp"
#define OFFICER "officer@example.co.jp"
#define VENDOR "vendor@example.org"
#define WINDOW "security@example.co.jp"

#define KEY_IPA "A000000000000000000000000000000000000001"
#define KEY_IPA_NEW "A000000000000000000000000000000000000002"
/* pinned nowhere, certified by the root */
#define KEY_YEARLY "A000000000000000000000000000000000000009"
#define KEY_JPCERT "B000000000000000000000000000000000000001"
#define KEY_DESK "C000000000000000000000000000000000000001"
#define KEY_OFFICER "D000000000000000000000000000000000000001"
#define KEY_OTHER "E000000000000000000000000000000000000001"

/* How the layers lie; the text stands in the innermost one. */
enum scene_shape {
	PLAIN,
	SIGNED,			/* multipart/signed */
	SEALED,			/* encrypted, signed in the same pass or not at all */
	SEALED_SIGNED,		/* an encrypted container whose inside is multipart/signed */
	SIGNED_SEALED,		/* a signature round a ciphertext */
	SMIME_SIGNED,
	SMIME_ROUND_SEALED,	/* such a signature round a ciphertext, which pinned_inside signed */
	UNOPENED,		/* encrypted, and no key here */
	SIGNED_UNOPENED,	/* a good signature round such a one */
	BROKEN,
};

enum scene_auth { AR_NONE, AR_DMARC, AR_DKIM, AR_FAIL, AR_FAIL_DKIM, AR_UNTRUSTED };

enum scene_text {
	SAYS_NOTHING, SAYS_CONTACT, SAYS_ENCRYPTION, SAYS_DETAILS, SAYS_REMINDER, SAYS_CLOSING,
	SAYS_MENTION,		/* a newsletter: names IPA, asks nothing */
	SAYS_QUOTED_CONTACT,	/* a contact request, but in quoted text alone */
	SAYS_REPORT,		/* a finder's words */
	SAYS_POSING,		/* those, and what a coordinator asks first */
	SAYS_SIGNS,		/* none of them, but enough signs */
	SAYS_LITTLE,		/* a person's letter with fewer */
};

/* Odd things about a mail. */
#define ROBOT 1u
#define BULK 2u
#define REPORT 4u		/* multipart/report, failed */
#define DELAYED 8u		/* multipart/report, not failed */
#define REPORT_NAMES 16u	/* it names the Message-ID that it is about */
#define NULL_PATH 32u
#define FORM_FIELDS 64u		/* the form's reply_field holds an address */
#define FORM_CHOSEN 128u	/* its only_if stands there */
#define CRASHED 256u
#define TOO_LARGE 512u
#define FIELD_TWICE 1024u
#define NO_ID 2048u
#define FAR_DATE 4096u

struct scene_signature {
	const char *key;	/* NULL: no signature */
	enum signature_status status;
	bool root;		/* certified by IPA's root key */
};

struct scene {
	const char *from, *name, *from_too;
	enum scene_shape shape;
	struct scene_signature signatures[2];
	const char *certified[2];	/* the addresses of the certificates that made them */
	const char *pinned_inside;
	enum scene_auth auth;
	/* in the innermost layer: own, own, quoted */
	const char *number, *number_too, *quoted;
	const char *outer;	/* in the outer Subject of what has layers */
	enum scene_text says;
	int coordinator;	/* whose words they are */
	bool site;		/* the desk's first site is named */
	unsigned odd;
};

static const char *const scene_ipa[] = { VULN_CONTACT, "vuln-two@ipa.go.jp" };
static const char *const scene_ipa_keys[] = { KEY_IPA, KEY_IPA_NEW };
static const char *const scene_jpcert[] = { VULS };
static const char *const scene_jpcert_keys[] = { KEY_JPCERT };
static const char *const scene_ipa_smime[] = { "ipa.go.jp" };
static const char *const scene_jpcert_smime[] = { "jpcert.or.jp" };
static const char *const scene_aliases[] = { "psirt@example.co.jp" };
static const char *const scene_sites[] = { "https://www.example.co.jp/" };
static const char *const scene_form_from[] = { WEB_FORM };

static const struct policy_coordinator scene_coordinators[] = {
	{ .name = "IPA", .addresses = { 2, (const char **)scene_ipa },
		.keys = { 2, (const char **)scene_ipa_keys },
		.root_key = "F000000000000000000000000000000000000001",
		.smime = { 1, (const char **)scene_ipa_smime },
		.remediation = { 3, SPAN_MONTHS } },
	{ .name = "JPCERT/CC", .addresses = { 1, (const char **)scene_jpcert },
		.keys = { 1, (const char **)scene_jpcert_keys }, .root_key = "",
		.smime = { 1, (const char **)scene_jpcert_smime },
		.remediation = { 45, SPAN_DAYS } },
};
static const struct policy_form scene_forms[] = {
	{ .title = "contact", .from = { 1, (const char **)scene_form_from } },
};
static const struct policy_staff scene_staff[] = {
	{ .title = "officer", .address = OFFICER, .role = ROLE_OFFICER, .key = KEY_OFFICER },
	{ .title = "vendor", .address = VENDOR, .role = ROLE_VENDOR, .key = "" },
};
static struct policy_desk scene_desk = {
	.title = "www", .name = "窓口", .address = WINDOW,
	.aliases = { 1, (const char **)scene_aliases }, .sites = { 1, (const char **)scene_sites },
	.time_zone = "Asia/Tokyo", .key = KEY_DESK,
	.acknowledge = { .contact = ANSWER_AUTO, .encryption = ANSWER_AUTO, .details = ANSWER_AUTO,
		.follow_up = ANSWER_OFF, .finder = ANSWER_HOLD, .max_age = { 7, SPAN_DAYS },
		.per_day = 20 },
	.deadline = { .acknowledge = { 1, SPAN_BUSINESS_DAYS },
		.contact = { 3, SPAN_BUSINESS_DAYS }, .encryption = { 2, SPAN_BUSINESS_DAYS },
		.investigation = { 10, SPAN_BUSINESS_DAYS },
		.finder = { 5, SPAN_BUSINESS_DAYS } },
};
static const struct policy scene_policy = {
	.desks = &scene_desk, .desk_count = 1,
	.coordinators = scene_coordinators, .coordinator_count = 2,
	.forms = scene_forms, .form_count = 1, .staff = scene_staff, .staff_count = 2,
	.country = "JP",
};

static inline void
scene_number(struct facts_layer *layer, const char *number, enum number_place place)
{
	struct number_hit *hit = &layer->numbers.hit[layer->numbers.count];

	if (number == NULL)
		return;
	strncpy(hit->number, number, NUMBER_MAX - 1);
	hit->coordinator = text_starts(number, "IPA#") ? IPA : JPCERT;
	layer->number_place[layer->numbers.count++] = (uint8_t)place;
}

static inline void
scene_hit(struct phrase_hits *hits, enum phrase_meaning meaning, int count, bool quoted)
{
	for (int i = 0; i < count; i++) {
		hits->hit[hits->count] = (struct phrase_hit){ (uint16_t)hits->count, meaning,
			quoted, false };
		hits->count++;
	}
}

static inline void
scene_say(struct facts_layer *layer, const struct scene *scene)
{
	struct phrase_hits *hits = &layer->phrases[scene->coordinator];
	bool quoted = scene->says == SAYS_QUOTED_CONTACT;

	layer->finder_words = scene->says == SAYS_REPORT || scene->says == SAYS_POSING;
	layer->finder_weak = scene->says == SAYS_SIGNS;
	layer->finder_doubt = scene->says == SAYS_LITTLE;
	layer->finder_notice = layer->finder_words || layer->finder_weak || layer->finder_doubt;
	layer->finder_score = layer->finder_words || layer->finder_weak ? FINDER_SURE
		: layer->finder_doubt ? FINDER_MAYBE : -FINDER_SCORE_MOST;
	layer->finder_signs = UINT64_C(1) << SIGN_PLACE | UINT64_C(1) << SIGN_ASKS;
	if (scene->says == SAYS_POSING)
		scene_hit(hits, PHRASE_CONTACT_ASK, 1, false);
	if (scene->says == SAYS_NOTHING || scene->says >= SAYS_REPORT)
		return;
	layer->named_coordinator[scene->coordinator] = scene->says != SAYS_MENTION && !quoted;
	scene_hit(hits, PHRASE_IDENTITY, 1, quoted);
	if (scene->says == SAYS_CONTACT || quoted) {
		scene_hit(hits, PHRASE_CONTACT, 4, quoted);
		scene_hit(hits, PHRASE_CONTACT_ASK, 2, quoted);
	} else if (scene->says == SAYS_ENCRYPTION) {
		scene_hit(hits, PHRASE_ENCRYPTION, 2, false);
		scene_hit(hits, PHRASE_ENCRYPTION_WORD, 1, false);
		scene_hit(hits, PHRASE_ENCRYPTION_CHOICE, 2, false);
	} else if (scene->says == SAYS_DETAILS) {
		scene_hit(hits, PHRASE_DETAILS, 3, false);
		scene_hit(hits, PHRASE_DETAILS_HEADING, 4, false);
		scene_hit(hits, PHRASE_VULNERABILITY, 1, false);
		layer->vulnerability_words = true;
	} else if (scene->says == SAYS_REMINDER) {
		scene_hit(hits, PHRASE_REMINDER, 3, false);
	} else if (scene->says == SAYS_CLOSING) {
		scene_hit(hits, PHRASE_CLOSING, 3, false);
	}
}

static inline void
scene_sign(struct facts_opened *opened, const struct scene *scene)
{
	for (size_t i = 0; i < 2 && scene->signatures[i].key != NULL; i++) {
		struct facts_signature *signature = &opened->signatures[opened->signature_count++];

		signature->status = scene->signatures[i].status;
		strncpy(signature->key, scene->signatures[i].key, sizeof(signature->key) - 1);
		signature->by_root = scene->signatures[i].root;
		signature->root_coordinator = IPA;
		if (scene->certified[i] != NULL)
			strncpy(signature->addresses[signature->address_count++],
				scene->certified[i], FACTS_CERTIFICATE_ADDRESS - 1);
	}
	opened->smime = scene->shape == SMIME_SIGNED || scene->shape == SMIME_ROUND_SEALED;
}

static inline void
scene_layer(struct facts *facts, enum layer_form form, bool sealed)
{
	size_t at = facts->layer_count++;
	struct facts_layer *layer = &facts->layers[at];

	layer->form = form;
	layer->parent = (uint32_t)(at > 0 ? at - 1 : 0);
	layer->sealed = sealed;
	layer->form_index = -1;
	layer->empty = form != FORM_PLAIN && form != FORM_SMIME_SIGNED;
	facts->opened[at].encrypted = sealed;
}

static inline void
scene_layers(struct facts *facts, const struct scene *scene)
{
	static const struct {
		size_t count, signature;
		enum layer_form forms[3];
	} shapes[] = {
		[PLAIN] = { 1, 0, { FORM_PLAIN } },
		[SIGNED] = { 2, 1, { FORM_SIGNED, FORM_PLAIN } },
		[SEALED] = { 2, 1, { FORM_ENCRYPTED, FORM_PLAIN } },
		[SEALED_SIGNED] = { 3, 2, { FORM_ENCRYPTED, FORM_SIGNED, FORM_PLAIN } },
		[SIGNED_SEALED] = { 3, 1, { FORM_SIGNED, FORM_ENCRYPTED, FORM_PLAIN } },
		[SMIME_SIGNED] = { 2, 1, { FORM_SMIME_SIGNED, FORM_PLAIN } },
		[SMIME_ROUND_SEALED] = { 3, 1, { FORM_SMIME_SIGNED, FORM_ENCRYPTED, FORM_PLAIN } },
		[UNOPENED] = { 1, 0, { FORM_ENCRYPTED } },
		[SIGNED_UNOPENED] = { 2, 1, { FORM_SIGNED, FORM_ENCRYPTED } },
		[BROKEN] = { 1, 0, { FORM_BROKEN } },
	};
	bool sealed = false;

	for (size_t i = 0; i < shapes[scene->shape].count; i++) {
		scene_layer(facts, shapes[scene->shape].forms[i], sealed);
		sealed = sealed || shapes[scene->shape].forms[i] == FORM_ENCRYPTED;
	}
	if (shapes[scene->shape].signature > 0)
		scene_sign(&facts->opened[shapes[scene->shape].signature], scene);
	if (scene->pinned_inside != NULL) {
		struct facts_opened *opened = &facts->opened[facts->layer_count - 1];

		opened->signatures[opened->signature_count++].status = SIGNATURE_GOOD;
		strncpy(opened->signatures[0].key, scene->pinned_inside,
			sizeof(opened->signatures[0].key) - 1);
	}
	if (scene->shape == UNOPENED || scene->shape == SIGNED_UNOPENED) {
		facts->failed_open = true;
		facts->opened_failed.status = OPEN_NO_SECRET_KEY;
		facts->opened_failed.encrypted = true;
	}
}

static inline void
scene_header(struct facts_header *header, const struct scene *scene)
{
	const char *const both[] = { scene->from, scene->from_too };

	for (size_t i = 0; i < 2; i++)
		if (both[i] != NULL)
			header->from.at[header->from.count++] = (struct facts_address){ both[i],
				i == 0 ? scene->name : NULL };
	header->auth.trusted = scene->auth != AR_NONE && scene->auth != AR_UNTRUSTED;
	if (scene->auth == AR_DMARC || scene->auth == AR_UNTRUSTED)
		header->auth.dmarc = AUTH_PASS;
	if (scene->auth == AR_FAIL || scene->auth == AR_FAIL_DKIM)
		header->auth.dmarc = AUTH_FAIL;
	header->auth.dkim_aligned = scene->auth == AR_DKIM || scene->auth == AR_FAIL_DKIM;
	header->auto_submitted = (scene->odd & ROBOT) != 0;
	header->bulk = (scene->odd & BULK) != 0;
	header->null_return_path = (scene->odd & NULL_PATH) != 0;
	header->delivery_report = (scene->odd & (REPORT | DELAYED)) != 0;
	header->report_failed = (scene->odd & REPORT) != 0;
	header->report_original_id = (scene->odd & REPORT_NAMES) != 0 ? "<a@example.co.jp>" : NULL;
	header->message_id = (scene->odd & NO_ID) != 0 ? NULL : "<m@example.net>";
	header->form_reply = (scene->odd & FORM_FIELDS) != 0 ? "finder@example.net" : NULL;
}

/* The facts of that mail, in the arena. */
static inline struct facts *
scene_facts(struct arena *arena, const struct scene *scene)
{
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	struct facts_layer *inner;

	scene_header(&facts->header, scene);
	scene_layers(facts, scene);
	inner = &facts->layers[facts->layer_count - 1];
	scene_number(inner, scene->number, PLACE_BODY);
	scene_number(inner, scene->number_too, PLACE_BODY);
	scene_number(inner, scene->quoted, PLACE_QUOTED);
	scene_number(&facts->layers[0], scene->outer, PLACE_SUBJECT);
	scene_say(inner, scene);
	inner->sites = scene->site ? 1 : 0;
	if (text_equal(scene->from, WEB_FORM))
		facts->layers[0].form_index = 0;
	facts->layers[0].form_chosen = (scene->odd & FORM_CHOSEN) != 0;
	if ((scene->odd & CRASHED) != 0)
		facts->room_problem = PROBLEM_READER_CRASHED;
	if ((scene->odd & TOO_LARGE) != 0)
		facts_problem(&facts->layers[0], PROBLEM_TOO_LARGE);
	if ((scene->odd & FIELD_TWICE) != 0)
		facts_problem(&facts->layers[0], PROBLEM_DUPLICATE_FIELD);
	return facts;
}

#endif
