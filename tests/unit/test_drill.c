/*
 * rule/drill: which number is one, which mail is believed as a drill's, and which
 * answer is. What is not signed by the drill's own key is never answered.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/drill.h"

#include "scene_decide.h"

#define KEY_DRILL "1000000000000000000000000000000000000001"
#define NUMBER 12345678u
#define SEALED_BY(key) .from = WINDOW, .shape = SEALED, .signatures = { { key, GOOD, false } }

static const struct {
	const char *text;
	uint32_t number;
} numbers[] = {
	{ "DRILL#12345678", 12345678 },
	{ "[DRILL#12345678] Details", 12345678 },
	{ "drill ＃ 12345678", 12345678 },
	{ "see DRILL#99999999.", 99999999 },
	{ "DRILL#1234567 DRILL#87654321", 87654321 },
	{ "DRILL#1234567", 0 },
	{ "DRILL#123456789", 0 },
	{ "DRILL#01234567", 0 },
	{ "XDRILL#12345678", 0 },
	{ "IPA#12345678", 0 },
	{ "", 0 },
};

START_TEST(test_number)
{
	struct plain plain;

	plain_make(arena, numbers[_i].text, &plain);
	ck_assert_msg(drill_number(&plain) == numbers[_i].number, "%s: %u", numbers[_i].text,
		drill_number(&plain));
}
END_TEST

/* Mails that come while a drill is under way, under its Message-ID. */
static const struct {
	const char *what;
	struct scene mail;
	uint32_t number;		/* that the reader found */
	const char *why;		/* how the reason begins, NULL: it is answered */
} mails[] = {
	{ "the drill's", { SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS }, NUMBER, NULL },
	{ "marked by a mailbox that fails it",
		{ SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS, .auth = AR_FAIL }, NUMBER, NULL },
	{ "signed by a coordinator", { SEALED_BY(KEY_IPA), .says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "signed by the desk's own key", { SEALED_BY(KEY_DESK), .says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "not signed", { .from = WINDOW, .shape = SEALED, .says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "a bad signature",
		{ .from = WINDOW, .shape = SEALED, .signatures = { { KEY_DRILL, SIGNATURE_BAD, false } },
			.says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "signed, but not sealed",
		{ .from = WINDOW, .shape = SIGNED, .signatures = { { KEY_DRILL, GOOD, false } },
			.says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "in clear", { .from = WINDOW, .says = SAYS_DETAILS }, NUMBER,
		"it does not bear the signature of the drill's key" },
	{ "it does not open", { .from = WINDOW, .shape = UNOPENED }, NUMBER,
		"sealed to keys that are not here" },
	{ "its reader died", { .from = WINDOW, .shape = UNOPENED, .odd = CRASHED }, NUMBER,
		"reader crashed" },
	{ "another number", { SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS }, NUMBER + 1,
		"the number inside was not read" },
	{ "no number", { SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS }, 0,
		"the number inside was not read" },
	{ "no details", { SEALED_BY(KEY_DRILL), .says = SAYS_NOTHING }, NUMBER,
		"it was taken for correspondence (row coordinator)" },
	{ "something on the way made a program's mail of it",
		{ SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS, .odd = ROBOT }, NUMBER,
		"it was taken for auto-reply (row robot)" },
	{ "the Return-Path was emptied",
		{ SEALED_BY(KEY_DRILL), .says = SAYS_DETAILS, .odd = NULL_PATH }, NUMBER,
		"it would not be answered at once: it came with an empty Return-Path" },
};

static struct facts *
facts_of(const struct scene *mail, uint32_t number)
{
	struct facts *facts = scene_facts(arena, mail);

	for (size_t i = 0; i < facts->layer_count; i++) {
		/* Whatever way it was written, a coordinator's book is not what tells it. */
		memset(facts->layers[i].phrases, 0, sizeof(facts->layers[i].phrases));
		memset(facts->layers[i].named_coordinator, 0,
			sizeof(facts->layers[i].named_coordinator));
		facts->layers[i].vulnerability_words = mail->says == SAYS_DETAILS;
	}
	facts->layers[facts->layer_count - 1].drill = number;
	facts->header.has_date = true;
	facts->header.date = arrived;
	return facts;
}

START_TEST(test_judged)
{
	struct facts *facts = facts_of(&mails[_i].mail, mails[_i].number);
	struct drill_expected expected = { NUMBER, KEY_DRILL, arrived, arrived + CLOCK_MINUTE };
	const char *why;

	/* What the conf says of details is for coordinators. */
	scene_desk.acknowledge.details = ANSWER_HOLD;
	why = drill_judge(arena, &scene_policy, 0, facts, &expected);
	scene_desk.acknowledge.details = ANSWER_AUTO;
	if (mails[_i].why == NULL)
		ck_assert_msg(why == NULL, "%s: %s", mails[_i].what, why);
	else
		ck_assert_msg(why != NULL && text_starts(why, mails[_i].why), "%s: %s", mails[_i].what,
			why != NULL ? why : "answered");
}
END_TEST

/* Outside of a drill there is no such coordinator: the same mails are nobody's. */
START_TEST(test_outside)
{
	decide(&mails[_i].mail);
	ck_assert_msg(decision.answer == KIND_OWN || decision.answer_state == OUTBOX_HELD,
		"%s is answered", mails[_i].what);
	if (text_equal(mails[_i].mail.signatures[0].key, KEY_DRILL))
		ck_assert_msg(decision.first.trust.trust != TRUST_VERIFIED, "%s is believed",
			mails[_i].what);
}
END_TEST

static const struct {
	const char *what;
	struct scene mail;
	uint32_t number;
	const char *why;
} answers[] = {
	{ "the desk's", { SEALED_BY(KEY_DESK) }, NUMBER, NULL },
	{ "by the drill's key", { SEALED_BY(KEY_DRILL) }, NUMBER,
		"the answer does not bear the signature of the desk's key" },
	{ "in clear", { .from = WINDOW }, NUMBER,
		"the answer does not bear the signature of the desk's key" },
	{ "another number", { SEALED_BY(KEY_DESK) }, 1, "the number is not in the answer" },
	{ "it does not open", { .from = WINDOW, .shape = UNOPENED }, NUMBER,
		"sealed to keys that are not here" },
};

START_TEST(test_answer)
{
	struct facts *facts = facts_of(&answers[_i].mail, answers[_i].number);
	const char *why = drill_answered(&scene_policy, 0, facts, NUMBER);

	if (answers[_i].why == NULL)
		ck_assert_msg(why == NULL, "%s: %s", answers[_i].what, why);
	else
		ck_assert_msg(text_equal(why, answers[_i].why), "%s: %s", answers[_i].what,
			why != NULL ? why : "fine");
}
END_TEST

START_TEST(test_window)
{
	static const struct scene own = { .from = WINDOW }, stranger = { .from = STRANGER },
		alias = { .from = "psirt@example.co.jp" }, two = { .from = WINDOW, .from_too = STRANGER };

	ck_assert(drill_from_window(&scene_policy, 0, scene_facts(arena, &own)));
	ck_assert(!drill_from_window(&scene_policy, 0, scene_facts(arena, &stranger)));
	ck_assert(!drill_from_window(&scene_policy, 0, scene_facts(arena, &alias)));
	ck_assert(!drill_from_window(&scene_policy, 0, scene_facts(arena, &two)));
}
END_TEST

START_TEST(test_late)
{
	ck_assert(!drill_late(0, arrived));
	ck_assert(!drill_late(arrived - DRILL_LATE_DAYS * CLOCK_DAY, arrived));
	ck_assert(drill_late(arrived - DRILL_LATE_DAYS * CLOCK_DAY - 1, arrived));
	ck_assert(!drill_late(arrived + CLOCK_DAY, arrived));
}
END_TEST

static Suite *
suite_drill(void)
{
	Suite *suite = suite_create("drill");
	TCase *tcase = tcase_create("drill");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_number, 0, SIZE(numbers));
	tcase_add_loop_test(tcase, test_judged, 0, SIZE(mails));
	tcase_add_loop_test(tcase, test_outside, 0, SIZE(mails));
	tcase_add_loop_test(tcase, test_answer, 0, SIZE(answers));
	tcase_add_test(tcase, test_window);
	tcase_add_test(tcase, test_late);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_drill());
}
