/*
 * rule/decide: the answer by mode, stage, age and count, and to whom; deadlines;
 * the problems that are shown.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide.h"

#include "scene_decide.h"

/* The answer, by mode, stage, age and count. */
static const struct {
	const char *what;
	struct scene mail;
	enum answer_mode details, follow_up, finder;
	uint32_t done;		/* stages that have their acknowledgement, as bits */
	int today;		/* acknowledgements to that address */
	int days_ago;		/* how long before it was first seen it came */
	const char *answer;
	enum answer_why why;
} answers[] = {
	{ "auto", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD, 0, 0, 0,
		"queued", ANSWER_WHY_RULE },
	{ "hold", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_HOLD, ANSWER_OFF, ANSWER_HOLD, 0, 0, 0,
		"held", ANSWER_WHY_MODE },
	{ "off", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_OFF, ANSWER_OFF, ANSWER_HOLD, 0, 0, 0,
		"none", ANSWER_WHY_MODE },
	{ "acknowledged already", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 1u << STAGE_DETAILS, 0, 0, "none", ANSWER_WHY_DONE },
	{ "another stage was", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 1u << STAGE_CONTACT, 0, 0, "queued", ANSWER_WHY_RULE },
	{ "follow_up auto", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_OFF, ANSWER_AUTO,
		ANSWER_HOLD,
		1u << STAGE_DETAILS, 0, 0, "queued", ANSWER_WHY_RULE },
	{ "follow_up hold", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_HOLD,
		ANSWER_HOLD,
		1u << STAGE_DETAILS, 0, 0, "held", ANSWER_WHY_MODE },
	{ "of no stage", { VERIFIED, .number = N1 }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD, 0, 0, 0,
		"none", ANSWER_WHY_NO_STAGE },
	{ "of no stage, follow_up auto", { VERIFIED, .number = N1 }, ANSWER_AUTO, ANSWER_AUTO,
		ANSWER_HOLD, 0, 0, 0, "queued", ANSWER_WHY_RULE },
	{ "unverified", { UNVERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD,
		0,
		0, 0, "held", ANSWER_WHY_UNVERIFIED },
	{ "unverified, off", { UNVERIFIED, .says = SAYS_DETAILS }, ANSWER_OFF, ANSWER_OFF,
		ANSWER_HOLD, 0, 0, 0, "none", ANSWER_WHY_MODE },
	{ "just within max_age", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 0, 0, 7, "queued", ANSWER_WHY_RULE },
	{ "old", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD, 0, 0, 8,
		"held", ANSWER_WHY_OLD },
	{ "per_day not reached", { AUTHENTICATED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 0, 19, 0, "queued", ANSWER_WHY_RULE },
	{ "per_day", { AUTHENTICATED, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD,
		0,
		20, 0, "held", ANSWER_WHY_PER_DAY },
	{ "per_day is not for verified mail", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO,
		ANSWER_OFF, ANSWER_HOLD, 0, 20, 0, "queued", ANSWER_WHY_RULE },
	{ "an empty Return-Path", { AUTHENTICATED, .says = SAYS_DETAILS, .odd = NULL_PATH },
		ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD, 0, 0, 0, "held", ANSWER_WHY_NULL_PATH },
	{ "sent on by someone else", { SENT_ON, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_AUTO,
		ANSWER_AUTO, 0, 0, 0, "none", ANSWER_WHY_SENDER_DIFFERS },
	{ "by form", { BY_FORM, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_OFF, ANSWER_HOLD, 0, 0,
		0,
		"held", ANSWER_WHY_UNVERIFIED },
	{ "by form, off", { BY_FORM, .says = SAYS_DETAILS }, ANSWER_OFF, ANSWER_OFF, ANSWER_HOLD, 0,
		0,
		0, "none", ANSWER_WHY_MODE },
	{ "suspect", { SUSPECT, .says = SAYS_DETAILS }, ANSWER_AUTO, ANSWER_AUTO, ANSWER_AUTO, 0, 0,
		0,
		"none", ANSWER_WHY_ROW },
	{ "finder, hold", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 0, 0, 0, "held", ANSWER_WHY_MODE },
	{ "finder, auto", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_AUTO, 0, 0, 0, "queued", ANSWER_WHY_RULE },
	{ "finder, auto, whom dmarc contradicts", { .from = STRANGER, .auth = AR_FAIL, .says = SAYS_REPORT },
		ANSWER_AUTO, ANSWER_OFF, ANSWER_AUTO, 0, 0, 0, "held", ANSWER_WHY_UNVERIFIED },
	{ "finder, auto, who asks as a coordinator", { .from = STRANGER, .auth = AR_DMARC, .says = SAYS_POSING },
		ANSWER_AUTO, ANSWER_OFF, ANSWER_AUTO, 0, 0, 0, "held", ANSWER_WHY_UNVERIFIED },
	{ "finder by signs, auto", { .from = STRANGER, .says = SAYS_SIGNS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_AUTO, 0, 0, 0, "held", ANSWER_WHY_WEAK },
	{ "finder by signs, off", { .from = STRANGER, .says = SAYS_SIGNS }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_OFF, 0, 0, 0, "none", ANSWER_WHY_MODE },
	{ "finder, off", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_OFF, 0, 0, 0, "none", ANSWER_WHY_MODE },
	{ "finder, auto, per_day", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO,
		ANSWER_OFF,
		ANSWER_AUTO, 0, 20, 0, "held", ANSWER_WHY_PER_DAY },
	{ "finder, auto, old", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_AUTO, 0, 0, 8, "held", ANSWER_WHY_OLD },
	{ "finder, answered already", { .from = STRANGER, .says = SAYS_REPORT }, ANSWER_AUTO,
		ANSWER_OFF, ANSWER_AUTO, 1u << STAGE_NONE, 0, 0, "none", ANSWER_WHY_DONE },
	{ "finder by form", { BY_FORM, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF, ANSWER_AUTO,
		0,
		0, 0, "queued", ANSWER_WHY_RULE },
	{ "finder, an address that is none", { .from = "a b@example.net", .says = SAYS_REPORT },
		ANSWER_AUTO, ANSWER_OFF, ANSWER_AUTO, 0, 0, 0, "none", ANSWER_WHY_NO_ADDRESS },
	{ "staff", { .from = OFFICER, .says = SAYS_REPORT }, ANSWER_AUTO, ANSWER_OFF, ANSWER_AUTO,
		0, 0,
		0, "none", ANSWER_WHY_ROW },
	{ "unreadable and old", { .from = VULN_CONTACT, .shape = UNOPENED }, ANSWER_AUTO,
		ANSWER_OFF,
		ANSWER_AUTO, 0, 0, 8, "question", ANSWER_WHY_ROW },
	{ "old, but not answered anyway", { .from = STRANGER }, ANSWER_AUTO, ANSWER_OFF,
		ANSWER_HOLD, 0, 0, 8, "none", ANSWER_WHY_ROW },
	{ "robot", { VERIFIED, .says = SAYS_DETAILS, .odd = ROBOT }, ANSWER_AUTO, ANSWER_AUTO,
		ANSWER_AUTO, 0, 0, 0, "none", ANSWER_WHY_ROW },
};

START_TEST(test_answer)
{
	scene_desk.acknowledge.details = answers[_i].details;
	scene_desk.acknowledge.follow_up = answers[_i].follow_up;
	scene_desk.acknowledge.finder = answers[_i].finder;
	known.acknowledged_stages = answers[_i].done;
	known.acknowledged_today = answers[_i].today;
	known.first_seen = arrived + answers[_i].days_ago * CLOCK_DAY;
	decide(&answers[_i].mail);
	ck_assert_msg(strcmp(answered(), answers[_i].answer) == 0, "%s: %s", answers[_i].what,
		answered());
	ck_assert_msg(decision.answer_why == answers[_i].why, "%s: %s", answers[_i].what,
		answer_why_text(decision.answer_why));
	ck_assert_int_eq(decision.alert_in_summary,
		answers[_i].days_ago > 7 && decision.alert != ALERT_NONE);
	ck_assert_int_eq(has_problem(PROBLEM_OLD),
		answers[_i].days_ago > 7 && decision.answer != KIND_OWN);
	ck_assert_int_eq(decision.alert == ALERT_HELD, answers[_i].why == ANSWER_WHY_PER_DAY);
}
END_TEST

/* The stage's acknowledgement is only held, for a mail that nobody believes: a believed one's goes before. */
static const struct {
	const char *what;
	struct scene mail;
	enum answer_mode details;
	uint32_t done, doubted;
	const char *answer;
	enum answer_why why;
	bool receipt;		/* opens the deadline of its receipt */
} doubted[] = {
	{ "verified", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO, 1u << STAGE_DETAILS,
		1u << STAGE_DETAILS, "queued", ANSWER_WHY_RULE, true },
	{ "authenticated", { AUTHENTICATED, .says = SAYS_DETAILS }, ANSWER_AUTO,
		1u << STAGE_DETAILS, 1u << STAGE_DETAILS, "queued", ANSWER_WHY_RULE, true },
	{ "by hand", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_HOLD, 1u << STAGE_DETAILS,
		1u << STAGE_DETAILS, "held", ANSWER_WHY_MODE, true },
	{ "not acknowledged at all", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_OFF,
		1u << STAGE_DETAILS, 1u << STAGE_DETAILS, "none", ANSWER_WHY_MODE, true },
	{ "as little believed", { UNVERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO,
		1u << STAGE_DETAILS, 1u << STAGE_DETAILS, "none", ANSWER_WHY_DONE, false },
	{ "by form", { BY_FORM, .says = SAYS_DETAILS }, ANSWER_AUTO, 1u << STAGE_DETAILS,
		1u << STAGE_DETAILS, "none", ANSWER_WHY_DONE, false },
	{ "of another stage", { VERIFIED, .says = SAYS_DETAILS }, ANSWER_AUTO,
		1u << STAGE_DETAILS | 1u << STAGE_CONTACT, 1u << STAGE_CONTACT, "none",
		ANSWER_WHY_DONE, false },
	{ "sent on by someone else", { SENT_ON, .says = SAYS_DETAILS }, ANSWER_AUTO,
		1u << STAGE_DETAILS, 1u << STAGE_DETAILS, "none", ANSWER_WHY_SENDER_DIFFERS, true },
};

START_TEST(test_doubted)
{
	bool receipt = false;

	scene_desk.acknowledge.details = doubted[_i].details;
	scene_desk.acknowledge.follow_up = ANSWER_OFF;
	known.acknowledged_stages = doubted[_i].done;
	known.doubted_stages = doubted[_i].doubted;
	decide(&doubted[_i].mail);
	for (size_t i = 0; i < decision.open_count; i++)
		receipt = receipt || decision.opens[i].kind == DEADLINE_ACKNOWLEDGE;
	ck_assert_msg(strcmp(answered(), doubted[_i].answer) == 0, "%s: %s", doubted[_i].what,
		answered());
	ck_assert_msg(decision.answer_why == doubted[_i].why, "%s: %s", doubted[_i].what,
		answer_why_text(decision.answer_why));
	ck_assert_msg(receipt == doubted[_i].receipt, "%s", doubted[_i].what);
}
END_TEST

/* To whom: never to a Reply-To, never to an address that the mail gave for a coordinator. */
static const struct {
	struct scene mail;
	const char *form_reply;
	int coordinator;
	const char *to;
	enum stage stage;
} recipients[] = {
	{ { VERIFIED, .says = SAYS_CONTACT }, NULL, IPA, NULL, STAGE_CONTACT },
	{ { AUTHENTICATED, .says = SAYS_ENCRYPTION }, NULL, IPA, NULL, STAGE_ENCRYPTION },
	{ { .from = VULS, .auth = AR_DMARC, .says = SAYS_DETAILS, .coordinator = JPCERT }, NULL,
		JPCERT, NULL, STAGE_DETAILS },
	{ { BY_FORM, .says = SAYS_CONTACT }, "finder@example.net", IPA, NULL, STAGE_CONTACT },
	{ { BY_FORM, .says = SAYS_REPORT }, "finder@example.net", -1, "finder@example.net",
		STAGE_NONE },
	{ { BY_FORM, .says = SAYS_REPORT }, VULN_CONTACT, -1, NULL, STAGE_NONE },
	{ { BY_FORM, .says = SAYS_REPORT }, WINDOW, -1, NULL, STAGE_NONE },
	{ { BY_FORM, .says = SAYS_REPORT }, "PSIRT@example.co.jp", -1, NULL, STAGE_NONE },
	{ { BY_FORM, .says = SAYS_REPORT }, WEB_FORM, -1, NULL, STAGE_NONE },
	{ { BY_FORM, .says = SAYS_REPORT }, NULL, -1, NULL, STAGE_NONE },
	{ { .from = STRANGER, .says = SAYS_REPORT }, NULL, -1, STRANGER, STAGE_NONE },
	{ { .from = STRANGER, .shape = UNOPENED }, NULL, -1, STRANGER, STAGE_NONE },
	{ { .from = VULN_CONTACT, .shape = UNOPENED }, NULL, IPA, NULL, STAGE_NONE },
	{ { .from = WINDOW, .shape = UNOPENED }, NULL, -1, NULL, STAGE_NONE },
};

START_TEST(test_recipient)
{
	struct facts *facts = scene_facts(arena, &recipients[_i].mail);
	struct decide_first first;
	struct decide_thread thread;
	bool nobody = recipients[_i].coordinator < 0 && recipients[_i].to == NULL;

	facts->header.form_reply = recipients[_i].form_reply;
	facts->header.reply_to = (struct facts_addresses){ { { "evil@example.net", NULL } }, 1 };
	decide_first(arena, &scene_policy, 0, facts, &first);
	decide_thread(arena, &scene_policy, 0, facts, &first, &known, &thread);
	decide_finish(arena, &scene_policy, 0, facts, &first, &known, &thread, arrived, arrived,
		&decision);
	ck_assert_int_eq(decision.answer == KIND_OWN, nobody);
	ck_assert_int_eq(decision.answer_coordinator, recipients[_i].coordinator);
	ck_assert_pstr_eq(decision.answer_to, recipients[_i].to);
	ck_assert_int_eq(decision.answer_stage, recipients[_i].stage);
}
END_TEST

/* Deadlines run from INTERNALDATE: here Tuesday 2026-11-24, 10:00 in Tokyo. */
static const struct {
	const char *what;
	struct scene mail;
	uint32_t done;
	const char *acknowledge, *remediation, *finder;	/* due, NULL: not opened */
} deadlines[] = {
	{ "contact", { VERIFIED, .says = SAYS_CONTACT }, 0, "2026-11-25", NULL, NULL },
	{ "encryption", { AUTHENTICATED, .says = SAYS_ENCRYPTION }, 0, "2026-11-25", NULL, NULL },
	{ "details", { VERIFIED, .says = SAYS_DETAILS }, 0, "2026-11-25", "2027-02-24", NULL },
	{ "the other coordinator's span",
		{ .from = VULS, .auth = AR_DMARC, .says = SAYS_DETAILS, .coordinator = JPCERT }, 0,
		"2026-11-25", "2027-01-08", NULL },
	{ "unverified", { UNVERIFIED, .says = SAYS_DETAILS }, 0, "2026-11-25", "2027-02-24", NULL },
	{ "by form", { BY_FORM, .says = SAYS_CONTACT }, 0, "2026-11-25", NULL, NULL },
	{ "details by form", { BY_FORM, .says = SAYS_DETAILS }, 0, "2026-11-25", "2027-02-24",
		NULL },
	{ "sent on", { SENT_ON, .says = SAYS_DETAILS }, 0, "2026-11-25", "2027-02-24", NULL },
	{ "acknowledged already", { VERIFIED, .says = SAYS_DETAILS }, 1u << STAGE_DETAILS, NULL,
		"2027-02-24", NULL },
	{ "finder", { .from = STRANGER, .says = SAYS_REPORT }, 0, NULL, NULL, "2026-12-01" },
	{ "finder by form", { BY_FORM, .says = SAYS_REPORT }, 0, NULL, NULL, "2026-12-01" },
	{ "correspondence", { VERIFIED, .number = N1 }, 0, NULL, NULL, NULL },
	{ "suspect", { SUSPECT, .says = SAYS_DETAILS }, 0, NULL, NULL, NULL },
	{ "robot", { VERIFIED, .says = SAYS_DETAILS, .odd = ROBOT }, 0, NULL, NULL, NULL },
	{ "unreadable", { .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED }, 0, NULL,
		NULL,
		NULL },
	{ "stranger", { .from = STRANGER, .number = N1 }, 0, NULL, NULL, NULL },
};

static void
check_due(const char *what, enum deadline_kind kind, const char *due)
{
	const struct decide_deadline *found = NULL;
	int64_t at = 0;

	for (size_t i = 0; i < decision.open_count; i++)
		if (decision.opens[i].kind == kind)
			found = &decision.opens[i];
	ck_assert_msg((found != NULL) == (due != NULL), "%s: %s", what, deadline_kind_name(kind));
	if (found == NULL)
		return;
	ck_assert(clock_parse(due, "Asia/Tokyo", &at));
	ck_assert_msg(found->due == at, "%s: %s", what, deadline_kind_name(kind));
	ck_assert_int_eq(found->source, SOURCE_RULE);
}

START_TEST(test_deadline)
{
	/* Each stage's mail opens the deadline of its stage beside the receipt's. */
	bool receipt = deadlines[_i].acknowledge != NULL;
	bool contact = receipt && deadlines[_i].mail.says == SAYS_CONTACT;
	bool encryption = receipt && deadlines[_i].mail.says == SAYS_ENCRYPTION;
	bool details = deadlines[_i].remediation != NULL;
	size_t count = (size_t)contact + encryption + details;

	known.acknowledged_stages = deadlines[_i].done;
	decide(&deadlines[_i].mail);
	check_due(deadlines[_i].what, DEADLINE_ACKNOWLEDGE, deadlines[_i].acknowledge);
	check_due(deadlines[_i].what, DEADLINE_REMEDIATION, deadlines[_i].remediation);
	check_due(deadlines[_i].what, DEADLINE_FINDER, deadlines[_i].finder);
	check_due(deadlines[_i].what, DEADLINE_CONTACT, contact ? "2026-11-27" : NULL);
	check_due(deadlines[_i].what, DEADLINE_ENCRYPTION, encryption ? "2026-11-26" : NULL);
	check_due(deadlines[_i].what, DEADLINE_INVESTIGATION, details ? "2026-12-08" : NULL);
	count += deadlines[_i].acknowledge != NULL;
	count += deadlines[_i].remediation != NULL;
	count += deadlines[_i].finder != NULL;
	ck_assert_uint_eq(decision.open_count, count);
	ck_assert(decision.opens_deadlines || count == 0);
}
END_TEST

static const struct {
	struct scene mail;
	enum problem problem;
	bool is;
} problems[] = {
	{ { VERIFIED }, PROBLEM_SENDER_DIFFERS, false },
	{ { SENT_ON }, PROBLEM_SENDER_DIFFERS, true },
	{ { .from = VULN_CONTACT, .shape = SIGNED, .auth = AR_FAIL,
		.signatures = { { KEY_IPA, GOOD, false } } }, PROBLEM_AUTHENTICATION_FAILED, true },
	{ { .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_IPA, SIGNATURE_BAD,
		false } } },
		PROBLEM_BAD_SIGNATURE, true },
	{ { .from = VULN_CONTACT, .shape = SIGNED,
		.signatures = { { KEY_OTHER, SIGNATURE_NO_KEY, false } } }, PROBLEM_UNKNOWN_KEY,
			true },
	{ { .from = VULN_CONTACT, .shape = SIGNED, .signatures = { { KEY_OTHER, GOOD, false } } },
		PROBLEM_UNKNOWN_KEY, true },
	{ { .from = OFFICER, .shape = SIGNED, .signatures = { { KEY_OFFICER, GOOD, false } } },
		PROBLEM_UNKNOWN_KEY, false },
	{ { .from = VULN_CONTACT, .shape = SIGNED,
		.signatures = { { KEY_IPA, SIGNATURE_EXPIRED_KEY, false } } }, PROBLEM_EXPIRED_KEY,
			true },
	{ { .from = VULN_CONTACT, .shape = SIGNED,
		.signatures = { { KEY_IPA, SIGNATURE_EXPIRED_KEY, false } } }, PROBLEM_UNKNOWN_KEY,
			false },
	{ { .from = VULN_CONTACT, .shape = SIGNED,
		.signatures = { { KEY_IPA, SIGNATURE_REVOKED_KEY, false } } }, PROBLEM_REVOKED_KEY,
			true },
	{ { .from = "vuln-contact@1pa.go.jp" }, PROBLEM_LOOK_ALIKE, true },
	{ { AUTHENTICATED }, PROBLEM_DATE_FAR_OFF, false },
	{ { AUTHENTICATED, .odd = FAR_DATE }, PROBLEM_DATE_FAR_OFF, true },
	{ { AUTHENTICATED }, PROBLEM_NO_MESSAGE_ID, false },
	{ { AUTHENTICATED, .odd = NO_ID }, PROBLEM_NO_MESSAGE_ID, true },
	{ { AUTHENTICATED, .odd = FIELD_TWICE }, PROBLEM_DUPLICATE_FIELD, true },
	{ { AUTHENTICATED, .odd = CRASHED }, PROBLEM_READER_CRASHED, true },
	{ { AUTHENTICATED, .odd = TOO_LARGE }, PROBLEM_TOO_LARGE, true },
	{ { .from = VULN_CONTACT, .shape = UNOPENED }, PROBLEM_NO_SECRET_KEY, true },
	{ { .from = STRANGER, .shape = BROKEN }, PROBLEM_BROKEN_MIME, true },
};

START_TEST(test_problem)
{
	decide(&problems[_i].mail);
	ck_assert_int_eq(has_problem(problems[_i].problem), problems[_i].is);
	for (size_t i = 0; i < decision.problem_count; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_int_ne(decision.problems[i], decision.problems[k]);
}
END_TEST

static Suite *
suite_decide_answer(void)
{
	Suite *suite = suite_create("decide_answer");
	TCase *tcase = tcase_create("decide_answer");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_answer, 0, SIZE(answers));
	tcase_add_loop_test(tcase, test_doubted, 0, SIZE(doubted));
	tcase_add_loop_test(tcase, test_recipient, 0, SIZE(recipients));
	tcase_add_loop_test(tcase, test_deadline, 0, SIZE(deadlines));
	tcase_add_loop_test(tcase, test_problem, 0, SIZE(problems));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_decide_answer());
}
