/*
 * rule/decide: doc/RULES 2: every row with what it brings: where
 * the mail goes, what is bound, answered, told and kept. Expectations are the
 * rules', row by row; where it leaves a choice, the reason stands beside.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide.h"

#include "scene_decide.h"

/* The table's rows, their columns: row, kind, case, number bound, answer, alert. */
static const struct {
	const char *what;
	struct scene mail;
	struct record records[3];
	unsigned known;
	enum decide_row row;
	enum mail_kind kind;
	enum decide_place place;
	int64_t join;
	bool bound;
	const char *answer;
	enum alert_kind alert;
} rows[] = {
	/* own, before all others */
	{ "own", { VERIFIED, .number = N1, .says = SAYS_DETAILS, .odd = ROBOT }, { { 0 } }, OWN,
		ROW_OWN, KIND_OWN, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "own, as a report too", { .from = WINDOW, .odd = REPORT }, { { 0 } }, OWN | BOUNCED,
		ROW_OWN, KIND_OWN, PLACE_NONE, 0, false, "none", ALERT_NONE },

	/* bounce: its outbox entry's case; an alert */
	{ "bounce", { .from = "mailer-daemon@example.net",
		.odd = REPORT | REPORT_NAMES | NULL_PATH },
		{ { 0 } }, BOUNCED,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_JOIN, 5, false, "none", ALERT_BOUNCE },
	{ "bounce that calls itself automatic",
		{ .from = "mailer-daemon@example.net", .odd = REPORT | ROBOT }, { { 0 } }, BOUNCED,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_JOIN, 5, false, "none", ALERT_BOUNCE },
	{ "a mere delay", { .from = "mailer-daemon@example.net", .odd = DELAYED | REPORT_NAMES },
		{ { 0 } }, BOUNCED,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_JOIN, 5, false, "none", ALERT_NONE },
	{ "a report on what we never sent",
		{ .from = "mailer-daemon@example.net", .odd = REPORT | REPORT_NAMES }, { { 0 } }, 0,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "a report that does not say on what: it may be ours",
		{ .from = "mailer-daemon@example.net", .odd = REPORT }, { { 0 } }, 0,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_NONE, 0, false, "none", ALERT_BOUNCE },
	{ "a report as from the coordinator",
		{ VERIFIED, .number = N1, .odd = REPORT }, { { 0 } }, BOUNCED,
		ROW_BOUNCE, KIND_BOUNCE, PLACE_JOIN, 5, false, "none", ALERT_BOUNCE },

	/* robot: joined as the rows above would; opens one only when verified; never answered */
	{ "robot with the case's number", { AUTHENTICATED, .number = N1, .odd = ROBOT },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_JOIN, 1, true, "none", ALERT_NONE },
	{ "robot with References", { UNVERIFIED, .odd = ROBOT },
		{ { .by = BY_REFERENCE, 1, NULL } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_JOIN, 1, false, "none", ALERT_NONE },
	{ "verified robot opens one", { VERIFIED, .number = N1, .says = SAYS_CONTACT,
		.odd = ROBOT },
		{ { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_NEW, 0, true, "none", ALERT_NEW_CASE },
	{ "authenticated robot opens none", { AUTHENTICATED, .says = SAYS_CONTACT, .odd = ROBOT },
		{ { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, true, "none", ALERT_NONE },
	{ "suspect robot joins nothing", { SUSPECT, .number = N1, .odd = ROBOT },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "bulk mail of a stranger with a number", { .from = STRANGER, .quoted = N1, .odd = BULK },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "newsletter", { .from = STRANGER, .odd = BULK }, { { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "a watcher of leaks writes to all concerned",
		{ .from = STRANGER, .says = SAYS_REPORT, .odd = BULK }, { { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "a receipt that the shop sends from the form's address",
		{ .from = WEB_FORM, .odd = FORM_CHOSEN | ROBOT }, { { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "a vendor is on holiday", { .from = VENDOR, .odd = ROBOT },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_JOIN, 1, false, "none", ALERT_NONE },
	{ "robot that cannot be read",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED, .odd = ROBOT },
			{ { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, true, "none", ALERT_NONE },

	/* suspect: a new one of its own, never joined */
	{ "suspect", { SUSPECT, .says = SAYS_CONTACT }, { { 0 } }, 0,
		ROW_SUSPECT, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "suspect with the number of a case", { SUSPECT, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1 } }, 0,
		ROW_SUSPECT, KIND_DETAILS, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "a look-alike", { .from = "vuln-contact@1pa.go.jp", .auth = AR_DMARC, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_SUSPECT, KIND_CORRESPONDENCE, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "a look-alike that names a site", { .from = "vuln-contact@1pa.go.jp", .site = true },
		{ { 0 } }, 0,
		ROW_SUSPECT, KIND_CORRESPONDENCE, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "a suspect mail of the own address that names a site", { SUSPECT, .site = true },
		{ { 0 } }, 0,
		ROW_SUSPECT, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "suspect and sealed for nobody here",
		{ .from = VULN_CONTACT, .auth = AR_FAIL, .shape = UNOPENED }, { { 0 } }, 0,
		ROW_SUSPECT, KIND_UNREADABLE, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "a stranger's broken signature", { .from = STRANGER, .shape = SIGNED,
			.signatures = { { KEY_OTHER, SIGNATURE_BAD, false } } }, { { 0 } }, 0,
		ROW_SUSPECT, KIND_CORRESPONDENCE, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },

	/* unreadable: a held question; the stage stays */
	{ "unreadable, authenticated",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED, .outer = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_JOIN, 1, true, "question",
			ALERT_UNREADABLE },
	{ "unreadable, no case yet",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED, .outer = N1 },
			{ { 0 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, true, "question", ALERT_UNREADABLE },
	{ "unreadable, its outer Subject is \"...\"",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED },
		{ { .by = BY_REFERENCE, 1, N1 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_JOIN, 1, true, "question",
			ALERT_UNREADABLE },
	{ "unreadable, unverified",
		{ .from = VULN_CONTACT, .shape = UNOPENED, .outer = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_JOIN, 1, false, "question",
			ALERT_UNREADABLE },
	{ "unreadable, a stranger: trust allows no case",
		{ .from = STRANGER, .auth = AR_DMARC, .shape = UNOPENED, .outer = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, false, "question",
			ALERT_UNREADABLE },
	{ "unreadable, a vendor who takes part",
		{ .from = VENDOR, .auth = AR_DMARC, .shape = UNOPENED },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_JOIN, 1, false, "question",
			ALERT_UNREADABLE },
	{ "unreadable inside a good signature: the outer number is not signed",
		{ .from = VULN_CONTACT, .shape = SIGNED_UNOPENED, .outer = N1,
			.signatures = { { KEY_IPA, GOOD, false } } },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, true, "question", ALERT_UNREADABLE },
	{ "unreadable, sent on by someone else",
		{ .from = STRANGER, .shape = SIGNED_UNOPENED, .signatures = { { KEY_IPA, GOOD,
			false } } },
		{ { 0 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, true, "none", ALERT_UNREADABLE },
	{ "broken MIME of nobody", { .from = NULL, .shape = BROKEN }, { { 0 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, false, "none", ALERT_UNREADABLE },
	{ "killed its reader", { AUTHENTICATED, .number = N1, .odd = CRASHED }, { { 0 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, true, "question", ALERT_UNREADABLE },
	{ "met a limit", { AUTHENTICATED, .says = SAYS_CONTACT, .odd = TOO_LARGE }, { { 0 } }, 0,
		ROW_UNREADABLE, KIND_UNREADABLE, PLACE_NEW, 0, true, "question", ALERT_UNREADABLE },

	/* coordinator, verified or authenticated */
	{ "verified contact request", { VERIFIED, .number = N1, .says = SAYS_CONTACT }, { { 0 } },
		0,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_NEW, 0, true, "queued",
			ALERT_NEW_CASE },
	{ "authenticated encryption check", { AUTHENTICATED, .number = N1,
		.says = SAYS_ENCRYPTION },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_ENCRYPTION_CHECK, PLACE_JOIN, 1, true, "queued",
		ALERT_CORRESPONDENCE },
	{ "verified details", { VERIFIED, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_JOIN, 1, true, "queued", ALERT_DETAILS },
	{ "details without a first contact", { VERIFIED, .number = N1, .says = SAYS_DETAILS },
		{ { 0 } }, 0,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_NEW, 0, true, "queued", ALERT_DETAILS },
	{ "no phrase known, but one of our sites", { AUTHENTICATED, .site = true }, { { 0 } }, 0,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_NEW, 0, true, "queued",
			ALERT_NEW_CASE },
	{ "no site, number or phrase", { AUTHENTICATED }, { { 0 } }, 0,
		ROW_COORDINATOR, KIND_CORRESPONDENCE, PLACE_NEW, 0, true, "none", ALERT_NEW_CASE },
	{ "a reminder", { AUTHENTICATED, .number = N1, .says = SAYS_REMINDER },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_REMINDER, PLACE_JOIN, 1, true, "none", ALERT_CORRESPONDENCE },
	{ "a closing mail", { AUTHENTICATED, .number = N1, .says = SAYS_CLOSING },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_CLOSING, PLACE_JOIN, 1, true, "none", ALERT_CORRESPONDENCE },
	{ "the other coordinator", { .from = VULS, .auth = AR_DKIM, .number = J1,
			.says = SAYS_CONTACT, .coordinator = JPCERT }, { { 0 } }, 0,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_NEW, 0, true, "queued",
			ALERT_NEW_CASE },
	{ "one who takes part and is a coordinator", { AUTHENTICATED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, TAKES_PART,
		ROW_COORDINATOR, KIND_CORRESPONDENCE, PLACE_JOIN, 1, true, "none",
		ALERT_CORRESPONDENCE },

	/* coordinator, unverified: joined and marked, or a new one; held */
	{ "unverified contact request", { UNVERIFIED, .number = N1, .says = SAYS_CONTACT },
		{ { 0 } }, 0,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "held",
			ALERT_NEW_CASE },
	{ "unverified details to a bound case", { UNVERIFIED, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_JOIN, 1, false, "held", ALERT_DETAILS },

	/* sender differs */
	{ "sent on, its number's case", { SENT_ON, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_JOIN, 1, true, "none", ALERT_DETAILS },
	{ "sent on: References count for nothing", { SENT_ON, .says = SAYS_DETAILS },
		{ { .by = BY_REFERENCE | BY_SITE, 1, NULL } }, 0,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_NEW, 0, true, "none", ALERT_DETAILS },

	/* a coordinator's notification through a form: a new one, held */
	{ "by form", { BY_FORM, .number = N1, .says = SAYS_CONTACT }, { { 0 } }, 0,
		ROW_FORM, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "held", ALERT_FORM },
	{ "by form, the number of a case: a new one all the same",
		{ BY_FORM, .number = N1, .says = SAYS_CONTACT },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_FORM, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "held", ALERT_FORM },
	{ "by a form that calls its mail auto-generated",
		{ .from = WEB_FORM, .says = SAYS_CONTACT,
			.odd = FORM_FIELDS | FORM_CHOSEN | ROBOT },
		{ { 0 } }, 0,
		ROW_FORM, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "held", ALERT_FORM },
	{ "by form, but not for us",
		{ .from = WEB_FORM, .says = SAYS_CONTACT, .odd = FORM_FIELDS }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "by form, with a pinned signature: a coordinator's own",
		{ .from = WEB_FORM, .number = N1, .says = SAYS_CONTACT, .shape = SEALED,
			.signatures = { { KEY_IPA, GOOD, false } },
				.odd = FORM_FIELDS | FORM_CHOSEN },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_JOIN, 1, true, "queued",
		ALERT_CORRESPONDENCE },
	{ "by form, no writer's address, auto-generated: IPA's words are not dropped",
		{ .from = WEB_FORM, .says = SAYS_CONTACT, .odd = FORM_CHOSEN | ROBOT }, { { 0 } }, 0,
		ROW_FORM, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "held", ALERT_FORM },

	/* one who takes part: by References or number, never answered */
	{ "a vendor's receipt", { .from = VENDOR, .auth = AR_DMARC },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART,
		ROW_PARTICIPANT, KIND_VENDOR_RECEIPT, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	{ "an officer, by number", { .from = OFFICER, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, TAKES_PART,
		ROW_PARTICIPANT, KIND_CORRESPONDENCE, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	{ "a finder writes again", { .from = STRANGER, .says = SAYS_REPORT },
		{ { .by = BY_REFERENCE, 1, NULL, .coordinator = -1 } }, TAKES_PART,
		ROW_PARTICIPANT, KIND_FINDER_REPORT, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	{ "staff who take part may repeat IPA's text", { .from = STRANGER, .says = SAYS_CONTACT },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART | IS_STAFF,
		ROW_PARTICIPANT, KIND_CORRESPONDENCE, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	/* Anybody makes himself one by writing first. */
	{ "but not a finder", { .from = STRANGER, .auth = AR_DMARC, .says = SAYS_CONTACT },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART,
		ROW_SUSPECT, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "nor under IPA's name", { .from = STRANGER, .name = "IPA", .says = SAYS_CONTACT },
		{ { .by = BY_REFERENCE, 1, N1 } }, TAKES_PART | IS_STAFF,
		ROW_SUSPECT, KIND_CONTACT_REQUEST, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
	{ "a number that stands in quoted text alone", { .from = VENDOR, .quoted = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, TAKES_PART,
		ROW_PARTICIPANT, KIND_VENDOR_RECEIPT, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	{ "staff about a suspect case", { .from = OFFICER },
		{ { .by = BY_REFERENCE, 1, N1, .suspect = true } }, TAKES_PART,
		ROW_PARTICIPANT, KIND_CORRESPONDENCE, PLACE_JOIN, 1, false, "none",
		ALERT_CORRESPONDENCE },
	{ "seen in Sent", { .from = WINDOW, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, SENT,
		ROW_PARTICIPANT, KIND_STAFF, PLACE_JOIN, 1, false, "none", ALERT_NONE },
	{ "seen in Sent, with IPA's text in it", { .from = WINDOW, .says = SAYS_CONTACT },
		{ { .by = BY_REFERENCE, 1, N1 } }, SENT,
		ROW_PARTICIPANT, KIND_STAFF, PLACE_JOIN, 1, false, "none", ALERT_NONE },
	{ "seen in Sent, sealed to others alone", { .from = WINDOW, .shape = UNOPENED,
		.outer = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, SENT,
		ROW_PARTICIPANT, KIND_STAFF, PLACE_JOIN, 1, false, "none", ALERT_NONE },
	{ "seen in Sent, of no case", { .from = WINDOW, .says = SAYS_REPORT }, { { 0 } }, SENT,
		ROW_UNRELATED, KIND_STAFF, PLACE_NONE, 0, false, "none", ALERT_NONE },

	/* finder, direct or by form: by `finder` */
	{ "finder", { .from = STRANGER, .auth = AR_DMARC, .says = SAYS_REPORT }, { { 0 } }, 0,
		ROW_FINDER, KIND_FINDER_REPORT, PLACE_NEW, 0, false, "held", ALERT_FINDER },
	{ "finder, joined by References", { .from = STRANGER, .says = SAYS_REPORT },
		{ { .by = BY_REFERENCE, 1, NULL, .coordinator = -1 } }, 0,
		ROW_FINDER, KIND_FINDER_REPORT, PLACE_JOIN, 1, false, "held", ALERT_FINDER },
	{ "finder by form", { BY_FORM, .says = SAYS_REPORT }, { { 0 } }, 0,
		ROW_FINDER, KIND_FORM_REPORT, PLACE_NEW, 0, false, "held", ALERT_FINDER },
	{ "anyone by the form for reports", { BY_FORM, .number = N1 }, { { 0 } }, 0,
		ROW_FINDER, KIND_FORM_REPORT, PLACE_NEW, 0, false, "held", ALERT_FINDER },
	{ "by form, but not for us", { .from = WEB_FORM, .says = SAYS_REPORT, .odd = FORM_FIELDS },
		{ { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "a report that staff pass on", { .from = OFFICER, .says = SAYS_REPORT }, { { 0 } },
		TAKES_PART,
		ROW_FINDER, KIND_FINDER_REPORT, PLACE_NEW, 0, false, "none", ALERT_FINDER },
	{ "\"I have broken into your mailbox\", as from ourselves",
		{ .from = WINDOW, .says = SAYS_REPORT }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },

	/* the same by signs alone: a stranger's, and about nothing that is on record */
	{ "finder by signs", { .from = STRANGER, .auth = AR_DMARC, .says = SAYS_SIGNS }, { { 0 } }, 0,
		ROW_FINDER, KIND_FINDER_REPORT, PLACE_NEW, 0, false, "held", ALERT_FINDER },
	{ "signs in an answer to a mail of a case", { .from = STRANGER, .says = SAYS_SIGNS },
		{ { .by = BY_REFERENCE, 1, NULL, .coordinator = -1 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "signs and a number", { .from = STRANGER, .number = N1, .says = SAYS_SIGNS }, { { 0 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "signs in staff's mail", { .from = OFFICER, .says = SAYS_SIGNS }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "signs in a program's mail", { .from = STRANGER, .says = SAYS_SIGNS, .odd = ROBOT },
		{ { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "too few signs", { .from = STRANGER, .says = SAYS_LITTLE }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "too few signs, by a program", { .from = STRANGER, .says = SAYS_LITTLE, .odd = ROBOT },
		{ { 0 } }, 0,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "too few signs, by the form", { .from = WEB_FORM, .says = SAYS_LITTLE }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },

	/* a stranger who quotes a number: unfiled, in the digest */
	{ "stranger with a number", { .from = STRANGER, .auth = AR_DMARC, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "stranger with a number and a report's words",
		{ .from = STRANGER, .number = N1, .says = SAYS_REPORT },
		{ { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "stranger with a number of no case", { .from = STRANGER, .quoted = N1 }, { { 0 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "someone at IPA, not its address for us", { .from = "taro@ipa.go.jp", .auth = AR_DMARC,
			.number = N1 }, { { .by = BY_NUMBER, 1, N1 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "someone who answers a mail of a case", { .from = "taro@ipa.go.jp", .auth = AR_DMARC },
		{ { .by = BY_REFERENCE, 1, N1 } }, 0,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },
	{ "staff pass on IPA's mail of another mailbox", { .from = OFFICER, .says = SAYS_CONTACT },
		{ { 0 } }, TAKES_PART,
		ROW_STRANGER, KIND_CORRESPONDENCE, PLACE_UNFILED, 0, false, "none", ALERT_NONE },

	/* unrelated */
	{ "unrelated", { .from = STRANGER, .auth = AR_DMARC }, { { 0 } }, 0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "a newsletter that mentions IPA", { .from = STRANGER, .says = SAYS_MENTION }, { { 0 } },
		0,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },
	{ "staff's mail of no case", { .from = OFFICER }, { { 0 } }, TAKES_PART,
		ROW_UNRELATED, KIND_UNRELATED, PLACE_NONE, 0, false, "none", ALERT_NONE },

	/* a person's word */
	{ "suspect, called true", { SUSPECT, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 } }, SAID_TRUE,
		ROW_COORDINATOR, KIND_DETAILS, PLACE_JOIN, 1, true, "queued", ALERT_DETAILS },
	{ "a look-alike, called true", { .from = "vuln-contact@ipa2.go.jp", .says = SAYS_CONTACT },
		{ { 0 } }, SAID_TRUE,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_NEW, 0, true, "queued",
			ALERT_NEW_CASE },
	{ "a stranger with a number, called true", { .from = "taro@ipa.go.jp", .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, SAID_TRUE,
		ROW_COORDINATOR, KIND_CORRESPONDENCE, PLACE_JOIN, 1, true, "none",
		ALERT_CORRESPONDENCE },
	{ "by form, called true", { BY_FORM, .number = N1, .says = SAYS_CONTACT },
		{ { .by = BY_NUMBER, 1, N1 } }, SAID_TRUE,
		ROW_COORDINATOR, KIND_CONTACT_REQUEST, PLACE_JOIN, 1, true, "queued",
		ALERT_CORRESPONDENCE },
	{ "a robot, called true", { AUTHENTICATED, .says = SAYS_CONTACT, .odd = ROBOT }, { { 0 } },
		SAID_TRUE,
		ROW_ROBOT, KIND_AUTO_REPLY, PLACE_NEW, 0, true, "none", ALERT_NEW_CASE },
	{ "verified, called forged", { VERIFIED, .number = N1, .says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 } }, SAID_FORGED,
		ROW_SUSPECT, KIND_DETAILS, PLACE_NEW, 0, false, "none", ALERT_SUSPECT },
};

START_TEST(test_row)
{
	know(rows[_i].records, rows[_i].known);
	decide(&rows[_i].mail);
	ck_assert_msg(decision.thread.row == rows[_i].row, "%s: row %s", rows[_i].what,
		decide_row_name(decision.thread.row));
	ck_assert_msg(decision.thread.kind == rows[_i].kind, "%s: kind %s", rows[_i].what,
		mail_kind_name(decision.thread.kind));
	ck_assert_msg(decision.thread.place == rows[_i].place, "%s: place %d", rows[_i].what,
		decision.thread.place);
	ck_assert_msg(decision.thread.join == rows[_i].join, "%s: case %lld", rows[_i].what,
		(long long)decision.thread.join);
	ck_assert_msg(decision.bind_numbers == rows[_i].bound, "%s: bound", rows[_i].what);
	ck_assert_msg(strcmp(answered(), rows[_i].answer) == 0, "%s: %s", rows[_i].what,
		answered());
	ck_assert_msg(decision.alert == rows[_i].alert, "%s: alert %s", rows[_i].what,
		alert_kind_name(decision.alert));
	ck_assert_int_eq(decision.keep_whole, decision.thread.place != PLACE_NONE);
	if (decision.thread.row == ROW_UNREADABLE || decision.thread.row == ROW_ROBOT)
		ck_assert_int_eq(decision.thread.stage, STAGE_NONE);
}
END_TEST

/*
 * The trust that is recorded is the person's; what staff write is no look-alike;
 * unrelated mail is kept whole only if the conf says so.
 */
START_TEST(test_person)
{
	struct scene forged = { SUSPECT, .number = N1 }, verified = { VERIFIED, .number = N1 };
	struct scene unrelated = { .from = STRANGER };
	struct scene sent = { .from = WINDOW, .says = SAYS_CONTACT };

	known.staff_said = 1;
	decide(&forged);
	ck_assert_int_eq(decision.first.trust.trust, TRUST_VERIFIED);
	ck_assert_int_eq(decision.first.trust.reason, REASON_STAFF_SAID_TRUE);
	known.staff_said = -1;
	decide(&verified);
	ck_assert_int_eq(decision.first.trust.trust, TRUST_SUSPECT);
	ck_assert_int_eq(decision.first.trust.reason, REASON_STAFF_SAID_FORGED);
	known.staff_said = 0;
	known.from_sent = true;
	decide(&sent);
	ck_assert_int_eq(decision.first.trust.trust, TRUST_UNVERIFIED);
	known.from_sent = false;
	decide(&unrelated);
	ck_assert(!decision.keep_whole);
	scene_desk.keep_unrelated = true;
	decide(&unrelated);
	ck_assert(decision.keep_whole);
}
END_TEST

/* An unfiled mail is shown beside the case that it names: the bound one, else what it answers. */
START_TEST(test_shown)
{
	static const struct record records[3] = { { .by = BY_NUMBER, 1, N1, .claimed = true },
		{ .by = BY_NUMBER, 2, N1 }, { .by = BY_REFERENCE, 3, N2 } };
	struct scene by_number = { .from = STRANGER, .number = N1 };
	struct scene by_reference = { .from = STRANGER };

	know(records, 0);
	decide(&by_number);
	ck_assert_int_eq(decision.thread.shown_beside, 2);
	known.by_number_count = 0;
	decide(&by_reference);
	ck_assert_int_eq(decision.thread.shown_beside, 3);
	ck_assert_uint_eq(decision.thread.beside_count, 0);
}
END_TEST

/* A key that comes along is told where the mail says that it is a coordinator's. */
static const struct {
	const char *what;
	struct scene mail;
	size_t keys;
	bool told;
} offers[] = {
	{ "believed", { AUTHENTICATED, .says = SAYS_CONTACT }, 1, true },
	{ "none", { AUTHENTICATED, .says = SAYS_CONTACT }, 0, false },
	{ "suspect", { SUSPECT, .says = SAYS_CONTACT }, 1, true },
	{ "a look-alike", { .from = "vuln-contact@ipa2.go.jp", .says = SAYS_CONTACT }, 2, true },
	{ "a finder", { .from = STRANGER, .says = SAYS_REPORT }, 1, false },
	{ "nobody", { .from = STRANGER }, 1, false },
};

START_TEST(test_offers)
{
	struct facts *facts = scene_facts(arena, &offers[_i].mail);
	struct decide_first first;
	struct decide_thread thread;

	facts->header.offered_count = offers[_i].keys;
	decide_first(arena, &scene_policy, 0, facts, &first);
	decide_thread(arena, &scene_policy, 0, facts, &first, &known, &thread);
	decide_finish(arena, &scene_policy, 0, facts, &first, &known, &thread, arrived, arrived,
		&decision);
	ck_assert_msg(decision.offers_key == offers[_i].told, "%s", offers[_i].what);
}
END_TEST

/* Layers that a reader lied about, and more cases than there is room for. */
START_TEST(test_hostile)
{
	struct scene mail = { VERIFIED, .number = N1 };
	struct facts *facts = scene_facts(arena, &mail);
	struct decide_first first;
	struct decide_thread thread;

	facts->layer_count = 1000;
	for (size_t i = 0; i < FACTS_LAYERS; i++)
		facts->layers[i].parent = 77;
	known.by_number_count = known.by_reference_count = known.by_site_count = 1000;
	decide_first(arena, &scene_policy, 0, facts, &first);
	ck_assert_uint_le(first.numbers.count, NUMBERS_MAX);
	decide_thread(arena, &scene_policy, 0, facts, &first, &known, &thread);
	ck_assert_uint_le(thread.beside_count, DECIDE_CASES);
	decide_finish(arena, &scene_policy, 0, facts, &first, &known, &thread, arrived, arrived,
		&decision);
	ck_assert_uint_le(decision.problem_count, FACTS_PROBLEMS);
}
END_TEST

START_TEST(test_names)
{
	for (int i = 0; i < DECIDE_ROWS; i++)
		ck_assert_ptr_nonnull(decide_row_name((enum decide_row)i));
	for (int i = 0; i < ANSWER_WHYS; i++)
		ck_assert_ptr_nonnull(answer_why_text((enum answer_why)i));
	for (int i = 0; i < ALERT_KINDS; i++)
		ck_assert_ptr_nonnull(alert_kind_name((enum alert_kind)i));
	ck_assert_ptr_nonnull(decide_row_name(DECIDE_ROWS));
	ck_assert_ptr_nonnull(answer_why_text(ANSWER_WHYS));
	ck_assert_ptr_nonnull(alert_kind_name(ALERT_KINDS));
}
END_TEST

static Suite *
suite_decide(void)
{
	Suite *suite = suite_create("decide");
	TCase *tcase = tcase_create("decide");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_row, 0, SIZE(rows));
	tcase_add_test(tcase, test_person);
	tcase_add_test(tcase, test_shown);
	tcase_add_loop_test(tcase, test_offers, 0, SIZE(offers));
	tcase_add_test(tcase, test_hostile);
	tcase_add_test(tcase, test_names);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_decide());
}
