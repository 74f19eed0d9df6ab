/*
 * rule/trust: doc/RULES 1, every row; which layer is used; what a
 * signature covers. The expected trust is the table's, word by word.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/trust.h"

#include "scene.h"
#include "unit.h"

#define GOOD SIGNATURE_GOOD
#define BAD SIGNATURE_BAD

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)32 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	const char *what;
	struct scene mail;
	enum trust trust;
	enum trust_reason reason;
	enum sender_role sender;
	int coordinator;
	size_t used;
} rows[] = {
	/* row one: bad, or good by a key pinned for someone else */
	{ "bad signature, coordinator",
		{ .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_IPA, BAD,
			false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "bad signature weighs more than dmarc=pass",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_IPA, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "bad signature, anyone else",
		{ .from = STRANGER, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_STRANGER, -1, 1 },
	{ "a stranger's bad signature in a coordinator's key",
		{ .from = STRANGER, .shape = SIGNED, .signatures = { { KEY_JPCERT, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_STRANGER, JPCERT, 1 },
	{ "bad signature through a form",
		{ .from = WEB_FORM, .shape = SIGNED, .odd = FORM_FIELDS | FORM_CHOSEN,
			.signatures = { { KEY_IPA, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_FORM, IPA, 1 },
	{ "a good one beside a bad one",
		{ .from = VULN_CONTACT, .shape = SIGNED,
			.signatures = { { KEY_IPA, GOOD, false }, { KEY_OTHER, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "pinned for another coordinator",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_JPCERT, GOOD, false } } },
		TRUST_SUSPECT, REASON_PINNED_FOR_ANOTHER, SENDER_COORDINATOR, IPA, 1 },
	{ "the root's word is for one coordinator",
		{ .from = VULS, .shape = SIGNED, .signatures = { { KEY_YEARLY, GOOD, true } } },
		TRUST_SUSPECT, REASON_PINNED_FOR_ANOTHER, SENDER_COORDINATOR, JPCERT, 1 },
	{ "a pinned key that was revoked",
		{ .from = VULN_CONTACT, .shape = SIGNED,
			.signatures = { { KEY_IPA, SIGNATURE_REVOKED_KEY, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },

	/* row two: good by a pinned key, or one certified by root_key */
	{ "pinned, no results",
		{ .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_IPA, GOOD,
			false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "the second pinned key, the second address",
		{ .from = "Vuln-Two@IPA.go.jp", .shape = SIGNED,
			.signatures = { { KEY_IPA_NEW, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "certified by the root",
		{ .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_YEARLY, GOOD,
			true } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "sealed and signed in one pass",
		{ .from = VULN_CONTACT, .shape = SEALED, .signatures = { { KEY_IPA, GOOD,
			false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "a signed part inside a sealed one",
		{ .from = VULN_CONTACT, .shape = SEALED_SIGNED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 2 },
	{ "a signature round a ciphertext covers what lies within",
		{ .from = VULN_CONTACT, .shape = SIGNED_SEALED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 2 },
	{ "dmarc=fail is noted and no more",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_FAIL,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "a second signature by an unknown key takes nothing away",
		{ .from = VULN_CONTACT, .shape = SIGNED,
			.signatures = { { KEY_OTHER, SIGNATURE_NO_KEY, false }, { KEY_IPA, GOOD,
				false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "two coordinators sign: From's own counts",
		{ .from = VULS, .shape = SIGNED,
			.signatures = { { KEY_IPA, GOOD, false }, { KEY_JPCERT, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, JPCERT, 1 },
	{ "in whichever order",
		{ .from = VULS, .shape = SIGNED,
			.signatures = { { KEY_JPCERT, GOOD, false }, { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, JPCERT, 1 },
	{ "through a form, with a pinned signature",
		{ .from = WEB_FORM, .shape = SEALED, .odd = FORM_FIELDS | FORM_CHOSEN,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_FORM, IPA, 1 },

	/* row three: From is not one of the coordinator's addresses */
	{ "a ciphertext sent on by someone else",
		{ .from = STRANGER, .shape = SEALED, .signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_SENDER_DIFFERS, SENDER_STRANGER, IPA, 1 },
	{ "sent on by staff",
		{ .from = OFFICER, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_SENDER_DIFFERS, SENDER_STAFF, IPA, 1 },
	{ "the same domain, another address",
		{ .from = "isec-info@ipa.go.jp", .shape = SIGNED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_SENDER_DIFFERS, SENDER_STRANGER, IPA, 1 },
	{ "a look-alike round a pinned signature: row three goes before the look-alike's",
		{ .from = "vuln-contact@ipaa.go.jp", .shape = SIGNED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_SENDER_DIFFERS, SENDER_LOOK_ALIKE, IPA, 1 },
	{ "several From addresses are nobody's",
		{ .from = VULN_CONTACT, .from_too = STRANGER, .shape = SIGNED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_VERIFIED, REASON_SENDER_DIFFERS, SENDER_LOOK_ALIKE, IPA, 1 },

	/* row four: a key that is not here, or pinned for nobody */
	{ "a key that is not here",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, SIGNATURE_NO_KEY, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "a pinned key's name on a signature that cannot be checked",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_IPA, SIGNATURE_NO_KEY, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "a key that is here and pinned for nobody",
		{ .from = VULN_CONTACT, .shape = SEALED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, GOOD, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "the desk's own key is no coordinator's",
		{ .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_DESK, GOOD,
			false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "nor is an officer's",
		{ .from = VULN_CONTACT, .shape = SIGNED,
			.signatures = { { KEY_OFFICER, GOOD, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "made after the key expired",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_IPA, SIGNATURE_EXPIRED_KEY, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },
	{ "a signature that is none",
		{ .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_DMARC,
			.signatures = { { "", SIGNATURE_ERROR, false } } },
		TRUST_SUSPECT, REASON_UNKNOWN_KEY, SENDER_COORDINATOR, IPA, 1 },

	/* rows five to seven: no signature, a coordinator's address */
	{ "dmarc=pass", { .from = VULN_CONTACT, .auth = AR_DMARC },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_COORDINATOR, IPA, 0 },
	{ "dkim=pass, aligned", { .from = VULN_CONTACT, .auth = AR_DKIM },
		TRUST_AUTHENTICATED, REASON_DKIM_ALIGNED, SENDER_COORDINATOR, IPA, 0 },
	{ "dmarc=pass, sealed without a signature",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = SEALED },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_COORDINATOR, IPA, 1 },
	{ "dmarc=fail", { .from = VULN_CONTACT, .auth = AR_FAIL },
		TRUST_SUSPECT, REASON_DMARC_FAIL, SENDER_COORDINATOR, IPA, 0 },
	{ "dmarc=fail beside an aligned dkim=pass: the row above decides",
		{ .from = VULN_CONTACT, .auth = AR_FAIL_DKIM },
		TRUST_AUTHENTICATED, REASON_DKIM_ALIGNED, SENDER_COORDINATOR, IPA, 0 },
	{ "no results", { .from = VULN_CONTACT },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 0 },
	{ "results of no trusted id", { .from = VULN_CONTACT, .auth = AR_UNTRUSTED },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 0 },
	/* S/MIME: for one address alone, and at most authenticated */
	{ "S/MIME that nobody checked",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = SMIME_SIGNED },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_COORDINATOR, IPA, 1 },
	{ "S/MIME by the sender's own certificate",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_AUTHENTICATED, REASON_SMIME_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "dmarc=fail takes nothing from it",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED, .auth = AR_FAIL,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_AUTHENTICATED, REASON_SMIME_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "by a colleague's",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { "yamada@ipa.go.jp" } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 1 },
	{ "by that of another of its addresses",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { "vuln-two@ipa.go.jp" } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 1 },
	{ "by another customer's of the CA, dmarc=pass",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { STRANGER } },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_COORDINATOR, IPA, 1 },
	{ "by another coordinator's",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULS } },
		TRUST_SUSPECT, REASON_PINNED_FOR_ANOTHER, SENDER_COORDINATOR, IPA, 1 },
	{ "by a certificate of no known root",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, SIGNATURE_NO_KEY, false } },
			.certified = { VULN_CONTACT } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 1 },
	{ "by one that was not valid then",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, SIGNATURE_EXPIRED_KEY, false } },
			.certified = { VULN_CONTACT } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 1 },
	{ "a pinned key's fingerprint is no certificate's",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_IPA, GOOD, false } } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_COORDINATOR, IPA, 1 },
	{ "a bad one under a coordinator's address",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, BAD, false } } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "a good one beside a bad one",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false }, { KEY_OTHER, BAD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_SUSPECT, REASON_BAD_SIGNATURE, SENDER_COORDINATOR, IPA, 1 },
	{ "a bad one of a stranger",
		{ .from = STRANGER, .shape = SMIME_SIGNED, .auth = AR_DMARC,
			.signatures = { { KEY_OTHER, BAD, false } } },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 1 },
	{ "a stranger's good one lifts nothing",
		{ .from = STRANGER, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { STRANGER } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_STRANGER, -1, 1 },
	{ "a coordinator's under a stranger's address",
		{ .from = STRANGER, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_STRANGER, -1, 1 },
	{ "nor through a form",
		{ .from = WEB_FORM, .odd = FORM_FIELDS | FORM_CHOSEN, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_UNVERIFIED, REASON_FORM, SENDER_FORM, -1, 1 },
	{ "From given twice: which one, nobody knows",
		{ .from = VULN_CONTACT, .shape = SMIME_SIGNED, .odd = FIELD_TWICE,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_UNVERIFIED, REASON_DUPLICATE_FIELD, SENDER_COORDINATOR, IPA, 1 },
	{ "one of two senders",
		{ .from = VULN_CONTACT, .from_too = STRANGER, .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 1 },
	{ "a look-alike's own",
		{ .from = "vuln-contact@1pa.go.jp", .shape = SMIME_SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { "vuln-contact@1pa.go.jp" } },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 1 },
	{ "round a ciphertext",
		{ .from = VULN_CONTACT, .shape = SMIME_ROUND_SEALED,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_AUTHENTICATED, REASON_SMIME_SIGNATURE, SENDER_COORDINATOR, IPA, 2 },
	{ "a pinned key inside counts more",
		{ .from = VULN_CONTACT, .shape = SMIME_ROUND_SEALED, .pinned_inside = KEY_IPA,
			.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 2 },
	{ "also inside of what a gateway broke",
		{ .from = VULN_CONTACT, .shape = SMIME_ROUND_SEALED, .pinned_inside = KEY_IPA,
			.signatures = { { KEY_OTHER, BAD, false } } },
		TRUST_VERIFIED, REASON_PINNED_SIGNATURE, SENDER_COORDINATOR, IPA, 2 },

	{ "a field given twice proves nothing",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .odd = FIELD_TWICE },
		TRUST_UNVERIFIED, REASON_DUPLICATE_FIELD, SENDER_COORDINATOR, IPA, 0 },
	{ "but fails all the same",
		{ .from = VULN_CONTACT, .auth = AR_FAIL, .odd = FIELD_TWICE },
		TRUST_SUSPECT, REASON_DMARC_FAIL, SENDER_COORDINATOR, IPA, 0 },

	/* rows eight and nine: anyone else */
	{ "a stranger, dmarc=pass", { .from = STRANGER, .auth = AR_DMARC },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 0 },
	{ "a stranger, dkim aligned", { .from = STRANGER, .auth = AR_DKIM },
		TRUST_AUTHENTICATED, REASON_DKIM_ALIGNED, SENDER_STRANGER, -1, 0 },
	{ "a stranger's own signature", { .from = STRANGER, .auth = AR_DMARC, .shape = SIGNED,
			.signatures = { { KEY_OTHER, GOOD, false } } },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 1 },
	{ "an officer's own signature", { .from = OFFICER, .shape = SIGNED,
			.signatures = { { KEY_OFFICER, GOOD, false } } },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_STAFF, -1, 1 },
	{ "a stranger, no results", { .from = STRANGER },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_STRANGER, -1, 0 },
	{ "a stranger, dmarc=fail", { .from = STRANGER, .auth = AR_FAIL },
		TRUST_UNVERIFIED, REASON_DMARC_FAIL, SENDER_STRANGER, -1, 0 },
	{ "a vendor", { .from = VENDOR, .auth = AR_DMARC },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STAFF, -1, 0 },
	{ "who writes as the desk", { .from = WINDOW, .auth = AR_DMARC },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_DESK, -1, 0 },
	{ "or as its alias", { .from = "psirt@example.co.jp" },
		TRUST_UNVERIFIED, REASON_NO_AUTHENTICATION, SENDER_DESK, -1, 0 },
	{ "nobody at all", { .from = NULL, .auth = AR_DMARC },
		TRUST_UNVERIFIED, REASON_SEVERAL_FROM, SENDER_STRANGER, -1, 0 },
	{ "two strangers", { .from = STRANGER, .from_too = VENDOR, .auth = AR_DMARC },
		TRUST_UNVERIFIED, REASON_SEVERAL_FROM, SENDER_STRANGER, -1, 0 },

	/* a form never rises above unverified without a pinned signature */
	{ "a form, dmarc=pass",
		{ .from = WEB_FORM, .auth = AR_DMARC, .odd = FORM_FIELDS | FORM_CHOSEN },
		TRUST_UNVERIFIED, REASON_FORM, SENDER_FORM, -1, 0 },
	{ "a form, a signature by nobody's key",
		{ .from = WEB_FORM, .auth = AR_DMARC, .odd = FORM_FIELDS | FORM_CHOSEN,
			.shape = SIGNED, .signatures = { { KEY_OTHER, GOOD, false } } },
		TRUST_UNVERIFIED, REASON_FORM, SENDER_FORM, -1, 1 },
	{ "IPA's words by a form are no look-alike",
		{ .from = WEB_FORM, .says = SAYS_CONTACT, .odd = FORM_FIELDS | FORM_CHOSEN },
		TRUST_UNVERIFIED, REASON_FORM, SENDER_FORM, -1, 0 },

	/* the last row: look-alikes */
	{ "a look-alike domain", { .from = "vuln-contact@1pa.go.jp", .auth = AR_DMARC },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "a display name", { .from = STRANGER, .name = "IPA", .auth = AR_DMARC },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "an address as display name", { .from = STRANGER, .name = VULN_CONTACT, .auth = AR_DKIM },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "with its own signature", { .from = STRANGER, .name = "IPA", .auth = AR_DMARC,
			.shape = SIGNED, .signatures = { { KEY_OTHER, GOOD, false } } },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 1 },
	{ "a coordinator beside another From",
		{ .from = STRANGER, .from_too = VULN_CONTACT, .auth = AR_DMARC },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "a text that names itself the coordinator",
		{ .from = STRANGER, .auth = AR_DMARC, .says = SAYS_CONTACT },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "such a text inside a ciphertext",
		{ .from = STRANGER, .auth = AR_DMARC, .says = SAYS_DETAILS, .shape = SEALED },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 1 },
	{ "the other coordinator's text",
		{ .from = STRANGER, .says = SAYS_CONTACT, .coordinator = JPCERT },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, JPCERT, 0 },
	{ "such a text from the desk's own address",
		{ .from = WINDOW, .says = SAYS_CONTACT },
		TRUST_SUSPECT, REASON_LOOK_ALIKE, SENDER_LOOK_ALIKE, IPA, 0 },
	{ "a newsletter that mentions IPA",
		{ .from = STRANGER, .auth = AR_DMARC, .says = SAYS_MENTION },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 0 },
	{ "who quotes IPA's mail", { .from = STRANGER, .auth = AR_DMARC,
		.says = SAYS_QUOTED_CONTACT },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 0 },
	{ "staff may pass IPA's text on", { .from = OFFICER, .auth = AR_DMARC,
		.says = SAYS_CONTACT },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STAFF, -1, 0 },
	{ "under IPA's own domain",
		{ .from = "xxx@xxx.ipa.go.jp", .auth = AR_DMARC },
		TRUST_AUTHENTICATED, REASON_DMARC_PASS, SENDER_STRANGER, -1, 0 },
};

START_TEST(test_row)
{
	struct facts *facts = scene_facts(arena, &rows[_i].mail);
	struct trust_verdict verdict;
	int coordinator = 7;

	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_msg(verdict.trust == rows[_i].trust, "%s: %s", rows[_i].what,
		trust_name(verdict.trust));
	ck_assert_msg(verdict.reason == rows[_i].reason, "%s: %s", rows[_i].what,
		trust_reason_text(verdict.reason));
	ck_assert_msg(verdict.sender == rows[_i].sender, "%s: %d", rows[_i].what, verdict.sender);
	ck_assert_msg(verdict.coordinator == rows[_i].coordinator, "%s: %d", rows[_i].what,
		verdict.coordinator);
	ck_assert_uint_eq(verdict.used_layer, rows[_i].used);
	ck_assert_int_eq(verdict.signed_by_pinned, verdict.trust == TRUST_VERIFIED ||
		verdict.reason == REASON_SMIME_SIGNATURE);
	ck_assert_int_eq(verdict.sender_differs, rows[_i].reason == REASON_SENDER_DIFFERS);
	ck_assert_int_eq(verdict.signed_by[0] != '\0', verdict.signed_by_pinned);
	ck_assert_int_eq(trust_sender(arena, &scene_policy, 0, facts, &coordinator),
		verdict.sender);
}
END_TEST

START_TEST(test_noted)
{
	struct scene mail = { .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_FAIL,
		.signatures = { { KEY_IPA, GOOD, false } } };
	struct trust_verdict verdict;

	trust_judge(arena, &scene_policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert(verdict.authentication_failed);
	ck_assert_str_eq(verdict.signed_by, KEY_IPA);
	mail.auth = AR_DMARC;
	trust_judge(arena, &scene_policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert(!verdict.authentication_failed);
}
END_TEST

/* A key that a keyring calls certified counts only for a coordinator whose conf names a root. */
START_TEST(test_root)
{
	struct scene mail = { .from = VULS, .shape = SIGNED,
		.signatures = { { KEY_YEARLY, GOOD, true } } };
	struct facts *facts = scene_facts(arena, &mail);
	struct trust_verdict verdict;

	facts->opened[1].signatures[0].root_coordinator = JPCERT;
	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_int_eq(verdict.reason, REASON_UNKNOWN_KEY);
	facts->opened[1].signatures[0].root_coordinator = 99;
	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_int_eq(verdict.reason, REASON_UNKNOWN_KEY);
}
END_TEST

/* A signature counts for the layer that it covers, not for one that merely stands beside it. */
START_TEST(test_beside)
{
	struct scene mail = { .from = VULN_CONTACT, .shape = SIGNED,
		.signatures = { { KEY_IPA, GOOD, false } } };
	struct facts *facts = scene_facts(arena, &mail);
	struct trust_verdict verdict;

	scene_layer(facts, FORM_ENCRYPTED, false);
	facts->layers[2].parent = 0;
	scene_layer(facts, FORM_PLAIN, true);
	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_int_eq(verdict.trust, TRUST_VERIFIED);
	ck_assert_uint_eq(verdict.used_layer, 1);
}
END_TEST

/* A reader that was taken over: counts and parents out of bounds must not be followed. */
START_TEST(test_hostile)
{
	struct scene mail = { .from = VULN_CONTACT, .shape = SEALED_SIGNED,
		.signatures = { { KEY_IPA, GOOD, false } } };
	struct facts *facts = scene_facts(arena, &mail);
	struct trust_verdict verdict;

	facts->layer_count = 1000;
	facts->opened[2].signature_count = 1000;
	for (size_t i = 0; i < FACTS_LAYERS; i++)
		facts->layers[i].parent = 4000000000u;
	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_uint_lt(verdict.used_layer, FACTS_LAYERS);
	facts->layer_count = 0;
	facts->header.from.count = 0;
	trust_judge(arena, &scene_policy, 0, facts, &verdict);
	ck_assert_uint_eq(verdict.used_layer, 0);
	ck_assert_int_eq(verdict.trust, TRUST_UNVERIFIED);
}
END_TEST

/* Staff of another desk are strangers to this one. */
START_TEST(test_other_desk)
{
	static const char *const desks[] = { "shop" };
	struct policy_staff staff = { .title = "shop", .address = "shop@example.org",
		.desks = { 1, (const char **)desks }, .key = "" };
	struct policy policy = scene_policy;
	struct scene mail = { .from = "shop@example.org" };
	struct trust_verdict verdict;

	policy.staff = &staff;
	policy.staff_count = 1;
	trust_judge(arena, &policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert_int_eq(verdict.sender, SENDER_STRANGER);
}
END_TEST

/* What a good S/MIME signature is worth, and for whom, is the conf's to say. */
START_TEST(test_smime_worth)
{
	struct scene mail = { .from = VULN_CONTACT, .shape = SMIME_SIGNED,
		.signatures = { { KEY_OTHER, GOOD, false } },
			.certified = { VULN_CONTACT } };
	struct policy_coordinator coordinators[2] = { scene_coordinators[0], scene_coordinators[1] };
	struct policy_desk desk = scene_desk;
	struct policy policy = scene_policy;
	struct trust_verdict verdict;

	policy.desks = &desk;
	policy.coordinators = coordinators;
	desk.smime_verified = true;
	trust_judge(arena, &policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert_int_eq(verdict.trust, TRUST_VERIFIED);
	ck_assert_int_eq(verdict.reason, REASON_SMIME_SIGNATURE);
	coordinators[0].smime = coordinators[1].smime;
	trust_judge(arena, &policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert_int_eq(verdict.trust, TRUST_UNVERIFIED);
	coordinators[0].smime.count = 0;
	trust_judge(arena, &policy, 0, scene_facts(arena, &mail), &verdict);
	ck_assert_int_eq(verdict.trust, TRUST_UNVERIFIED);
}
END_TEST

static const struct {
	struct scene mail;
	const char *sender_name;	/* of somebody's Sender field, NULL for none */
	enum trust trust;
	bool idle;	/* nothing in it is the window's business */
} bearers[] = {
	{ { .from = STRANGER, .name = "情報処理推進機構", .auth = AR_DMARC }, NULL, TRUST_SUSPECT, false },
	{ { .from = STRANGER, .name = "情報処理推進機構", .auth = AR_DMARC }, NULL,
		TRUST_AUTHENTICATED, true },
	{ { .from = STRANGER, .name = "山田太郎", .auth = AR_DMARC }, NULL, TRUST_AUTHENTICATED, false },
	/* another desk of its own house, proven and not */
	{ { .from = "isec-info@ipa.go.jp", .name = "情報処理推進機構", .auth = AR_DMARC }, NULL,
		TRUST_AUTHENTICATED, false },
	{ { .from = "isec-info@ipa.go.jp", .name = "情報処理推進機構", .auth = AR_FAIL }, NULL,
		TRUST_SUSPECT, false },
	{ { .from = VULN_CONTACT, .name = "情報処理推進機構", .auth = AR_DMARC }, NULL,
		TRUST_AUTHENTICATED, false },
	/* who sent it is shown as well */
	{ { .from = STRANGER, .auth = AR_DMARC }, "情報処理推進機構", TRUST_SUSPECT, false },
	{ { .from = STRANGER, .auth = AR_DMARC }, "IPA", TRUST_SUSPECT, false },
	{ { .from = STRANGER, .auth = AR_DMARC }, "山田太郎", TRUST_AUTHENTICATED, false },
	{ { .from = VULN_CONTACT, .auth = AR_DMARC }, "情報処理推進機構", TRUST_AUTHENTICATED, false },
};

/* What a phrase book calls the coordinator's identity, as a display name. */
START_TEST(test_bearer)
{
	static const char line[] = "情報処理推進機構\tidentity\n";
	struct policy_coordinator coordinators[2] = { scene_coordinators[0], scene_coordinators[1] };
	struct policy policy = scene_policy;
	struct facts *facts = scene_facts(arena, &bearers[_i].mail);
	struct trust_verdict verdict;
	struct phrase_book *book;
	struct err err;

	ck_assert_int_eq(phrase_book_read(arena, line, strlen(line), &book, &err), DONE);
	coordinators[0].phrases = book;
	policy.coordinators = coordinators;
	facts->layers[0].sites = bearers[_i].idle ? 0 : 1;
	if (bearers[_i].sender_name != NULL)
		facts->header.sender = (struct facts_addresses){ .count = 1,
			.at = { { "sender@example.org", bearers[_i].sender_name } } };
	trust_judge(arena, &policy, 0, facts, &verdict);
	ck_assert_int_eq(verdict.trust, bearers[_i].trust);
	ck_assert(!verdict.alike_by_text);
}
END_TEST


START_TEST(test_texts)
{
	for (int i = 0; i < TRUST_REASONS; i++)
		ck_assert_uint_gt(strlen(trust_reason_text((enum trust_reason)i)), 0);
	ck_assert_str_eq(trust_reason_text(REASON_UNKNOWN_KEY), "unknown key");
	ck_assert_ptr_nonnull(trust_reason_text(TRUST_REASONS));
}
END_TEST

static Suite *
suite_trust(void)
{
	Suite *suite = suite_create("trust");
	TCase *tcase = tcase_create("trust");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_row, 0, SIZE(rows));
	tcase_add_test(tcase, test_noted);
	tcase_add_test(tcase, test_root);
	tcase_add_test(tcase, test_beside);
	tcase_add_test(tcase, test_hostile);
	tcase_add_test(tcase, test_other_desk);
	tcase_add_test(tcase, test_smime_worth);
	tcase_add_loop_test(tcase, test_bearer, 0, SIZE(bearers));
	tcase_add_test(tcase, test_texts);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_trust());
}
