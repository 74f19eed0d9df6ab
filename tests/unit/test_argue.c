/*
 * rule/argue: the reasons of a decision. What is expected was written from
 * doc/RULES and from the scene, not from what came out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/argue.h"

#include "base/text.h"
#include "rule/reasons.h"
#include "scene_decide.h"

#define LINES 12
#define SMIME(status, address) .from = VULN_CONTACT, .shape = SMIME_SIGNED, \
	.signatures = { { KEY_OTHER, status, false } }, .certified = { address }

static const struct {
	struct scene mail;
	struct record records[3];
	unsigned what;
	const char *lines[LINES];	/* each stands there as a whole line */
} arguments[] = {
	{ { VERIFIED, .number = N1 }, { { BY_NUMBER | BY_REFERENCE, 7, N1, false, false, false, 0 } }, 0,
		{ "from: " VULN_CONTACT ", an address of IPA in the conf",
			"signature: good; key " KEY_IPA ", pinned for IPA; it covers the sealed part",
			"trust: verified, good signature by a pinned key [RULES 1, row 2]",
			"part: layer 1, the sealed part: this one counts",
			"number: " N1 " in the text, layer 1, sealed",
			"case: joins case 7: its number " N1
			" is bound to that case, and its References lead there too" } },
	{ { AUTHENTICATED, .number = N1 }, { { BY_REFERENCE, 8, N2, false, false, false, 0 } }, 0,
		{ "signature: none", "results: mx.example.co.jp says dmarc=pass, no dkim=pass for the "
			"domain of From",
			"trust: authenticated, dmarc=pass [RULES 1, row 5]",
			"case: opens a new case: no case here has its number bound to it",
			"against: its References lead to case 8; its number was followed" } },
	{ { AUTHENTICATED, .site = true }, { { BY_SITE, 9, NULL, false, false, false, 0 } }, 0,
		{ "case: joins case 9: the only open case of that coordinator without a number that is "
			"about this site" } },
	{ { AUTHENTICATED }, { { BY_REFERENCE, 9, NULL, false, false, false, 0 } }, 0,
		{ "case: joins case 9: its References lead to mail of that case" } },
	{ { UNVERIFIED }, { { 0 } }, 0,
		{ "trust: unverified, no signature, no authentication result [RULES 1, row 7]",
			"case: opens a new case: neither number, References nor site lead to one" } },
	{ { SUSPECT, .number = N1 }, { { BY_NUMBER, 7, N1, false, false, false, 0 } }, 0,
		{ "trust: suspect, dmarc=fail [RULES 1, row 6]", "row: suspect",
			"case: opens a new case: what is not believed joins none",
			"against: its number is named by case 7 too, and they stay apart until a person "
			"merges them",
			"deadline: none" } },
	{ { SENT_ON, .number = N1 }, { { BY_NUMBER, 7, N1, false, false, false, 0 } }, 0,
		{ "trust: verified, good signature by a pinned key, but the sender differs "
			"[RULES 1, row 3]",
			"answer: none: sent on by someone else [RULES 2, coordinator]" } },
	{ { .from = STRANGER, .says = SAYS_SIGNS }, { { 0 } }, 0,
		{ "a report: names a part of a site", "no report: asks something for the writer",
			"weak: no words of a report stand there, but the whole reads as one",
			"row: finder" } },
	{ { .from = STRANGER, .says = SAYS_LITTLE }, { { 0 } }, 0,
		{ "a report: names a part of a site", "no report: asks something for the writer",
			"doubt: it might be a report, or might not: a person looks at it",
			"row: unrelated" } },
	{ { .from = STRANGER, .quoted = N1 }, { { BY_NUMBER, 7, N1, false, false, false, 0 } }, TAKES_PART,
		{ "from: " STRANGER ", which the conf does not name", "number: " N1
			" in the quoted text, layer 0",
			"case: joins case 7: a number in what it quotes is that case's" } },
	{ { .from = STRANGER, .number = N1 }, { { BY_NUMBER, 7, N1, false, false, false, 0 } }, TAKES_PART,
		{ "case: joins case 7: its number " N1 " is bound to that case" } },
	{ { .from = STRANGER, .number = N1 }, { { BY_NUMBER, 7, N1, false, false, false, 0 } }, 0,
		{ "row: stranger",
			"case: belongs to none: who wrote it takes part in none; shown beside case 7, of "
			"which it speaks" } },
	{ { SMIME(GOOD, VULN_CONTACT) }, { { 0 } }, 0,
		{ "signature: S/MIME, good; certificate " KEY_OTHER ", of From's own address; it covers "
			"the signed part",
			"trust: authenticated, good S/MIME signature by a certificate of the sender's "
			"address [RULES 1, row 2s]" } },
	{ { SMIME(GOOD, "yamada@ipa.go.jp") }, { { 0 } }, 0,
		{ "signature: S/MIME, good; certificate " KEY_OTHER ", of another address; it covers the "
			"signed part" } },
	{ { SMIME(SIGNATURE_NO_KEY, VULN_CONTACT) }, { { 0 } }, 0,
		{ "signature: S/MIME, by a certificate that leads to no root of the conf; certificate "
			KEY_OTHER "; it covers the signed part" } },
	{ { SMIME(SIGNATURE_EXPIRED_KEY, VULN_CONTACT) }, { { 0 } }, 0,
		{ "signature: S/MIME, by a certificate that was not valid when the mail came; certificate "
			KEY_OTHER "; it covers the signed part" } },
	{ { UNVERIFIED }, { { 0 } }, SAID_TRUE,
		{ "trust: verified, trusted by a person [RULES 1, a person's word]" } },
};

static bool
has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *at = text; (at = strstr(at, line)) != NULL; at++) {
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	}
	return false;
}

static char *
argued(const struct scene *mail, const struct record *records, unsigned what)
{
	static const char *const ids[] = { "mx.example.co.jp" };
	struct policy_desk desk = scene_policy.desks[0];
	struct policy policy = scene_policy;
	struct argument argument = { .policy = &policy, .known = &known, .decision = &decision };
	struct facts *facts = scene_facts(arena, mail);
	struct decide_first first;
	struct text text;

	desk.authserv_ids = (struct string_list){ 1, (const char **)ids };
	policy.desks = &desk;
	know(records, what);
	decide(mail);
	decide_first(arena, &scene_policy, 0, facts, &first);
	argument.facts = facts;
	argument.own_numbers = first.own_numbers;
	text_init(&text, arena, 64 * 1024);
	argue(&argument, &text);
	return text.data;
}

START_TEST(an_argument)
{
	const char *text = argued(&arguments[_i].mail, arguments[_i].records, arguments[_i].what);

	for (size_t i = 0; i < LINES && arguments[_i].lines[i] != NULL; i++)
		ck_assert_msg(has_line(text, arguments[_i].lines[i]), "wanted: %s\nin:\n%s",
			arguments[_i].lines[i], text);
}
END_TEST

/* What splitting a case reads again. */
START_TEST(numbers_and_sites_are_read_again)
{
	struct scene mail = { AUTHENTICATED, .number = N1, .quoted = N2 };
	const char *text = argued(&mail, arguments[4].records, 0);

	ck_assert(reasons_name_number(text, N1, true));
	ck_assert(reasons_name_number(text, N2, false));
	ck_assert(!reasons_name_number(text, N2, true));
}
END_TEST

static Suite *
suite_argue(void)
{
	Suite *suite = suite_create("argue");
	TCase *tests = tcase_create("argue");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, an_argument, 0, sizeof(arguments) / sizeof(arguments[0]));
	tcase_add_test(tests, numbers_and_sites_are_read_again);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_argue());
}
