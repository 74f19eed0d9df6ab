/*
 * rule/hand_over: which mail goes to the person who must act on it, which one where
 * none is named, and which alert is the guide's hand-over.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/hand_over.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct record_message
message(enum mail_kind kind, enum trust trust)
{
	return (struct record_message){ .kind = kind, .trust = trust, .direction = DIRECTION_IN,
		.has_raw = true, .problems = "" };
}

static const struct {
	enum mail_kind kind;
	enum trust trust;
	enum direction direction;
	bool kept;
	const char *problems;
	const char *refused;	/* a word of the reason, NULL: it may go */
} mails[] = {
	{ KIND_DETAILS, TRUST_VERIFIED, DIRECTION_IN, true, "", NULL },
	{ KIND_CONTACT_REQUEST, TRUST_UNVERIFIED, DIRECTION_IN, true, "", NULL },
	{ KIND_DETAILS, TRUST_VERIFIED, DIRECTION_IN, true, NULL, NULL },
	{ KIND_DETAILS, TRUST_SUSPECT, DIRECTION_IN, true, "", "suspect" },
	{ KIND_UNREADABLE, TRUST_VERIFIED, DIRECTION_IN, true, "", "read" },
	{ KIND_DETAILS, TRUST_VERIFIED, DIRECTION_OUT, true, "", "out" },
	{ KIND_DETAILS, TRUST_VERIFIED, DIRECTION_IN, false, "", "kept" },
};

START_TEST(test_refused)
{
	struct record_message mail = message(mails[_i].kind, mails[_i].trust);
	const char *why;

	mail.direction = mails[_i].direction;
	mail.has_raw = mails[_i].kept;
	mail.problems = mails[_i].problems;
	why = hand_over_refused(&mail);
	ck_assert_int_eq(why != NULL, mails[_i].refused != NULL);
	if (why != NULL)
		ck_assert_msg(strstr(why, mails[_i].refused) != NULL, "%s", why);
}
END_TEST

/* One of several blocks would pass for the whole; the line is known wherever it stands. */
START_TEST(test_several_blocks)
{
	const char *several = problem_text(PROBLEM_SEVERAL_BLOCKS);
	struct record_message mail = message(KIND_DETAILS, TRUST_VERIFIED);
	char lines[1000];

	mail.problems = several;
	ck_assert_ptr_nonnull(hand_over_refused(&mail));
	snprintf(lines, sizeof(lines), "%s\n%s\nsealed to key 0", problem_text(PROBLEM_NO_DATE), several);
	mail.problems = lines;
	ck_assert_ptr_nonnull(hand_over_refused(&mail));
	snprintf(lines, sizeof(lines), "%s, but not that", several);
	ck_assert_ptr_null(hand_over_refused(&mail));
}
END_TEST

static const struct {
	enum mail_kind kinds[4];
	int chosen;	/* index, -1 for none */
} cases[] = {
	{ { KIND_CONTACT_REQUEST, KIND_DETAILS, KIND_CORRESPONDENCE, KIND_REMINDER }, 1 },
	{ { KIND_DETAILS, KIND_DETAILS, KIND_CORRESPONDENCE, KIND_UNREADABLE }, 1 },
	{ { KIND_CONTACT_REQUEST, KIND_ENCRYPTION_CHECK, KIND_CORRESPONDENCE, KIND_UNREADABLE }, 2 },
	{ { KIND_UNREADABLE, KIND_UNREADABLE, KIND_UNREADABLE, KIND_UNREADABLE }, -1 },
};

START_TEST(test_choose)
{
	struct record_message list[4];
	const struct record_message *chosen;

	for (size_t i = 0; i < 4; i++)
		list[i] = message(cases[_i].kinds[i], TRUST_VERIFIED);
	chosen = hand_over_choose(list, 4);
	ck_assert_int_eq(chosen != NULL ? (int)(chosen - list) : -1, cases[_i].chosen);
	ck_assert_ptr_null(hand_over_choose(list, 0));
}
END_TEST

/* New reports come along and tick; later mail comes along; all else does not. */
START_TEST(test_alerts)
{
	for (int kind = 0; kind < ALERT_KINDS; kind++) {
		bool report = kind == ALERT_NEW_CASE || kind == ALERT_DETAILS || kind == ALERT_FORM ||
			kind == ALERT_FINDER;

		ck_assert_int_eq(hand_over_ticks((enum alert_kind)kind), report);
		ck_assert_int_eq(hand_over_by_alert((enum alert_kind)kind),
			report || kind == ALERT_CORRESPONDENCE || kind == ALERT_PASS_ON);
	}
}
END_TEST

static Suite *
suite_hand_over(void)
{
	Suite *suite = suite_create("hand_over");
	TCase *tcase = tcase_create("hand_over");

	tcase_add_loop_test(tcase, test_refused, 0, SIZE(mails));
	tcase_add_test(tcase, test_several_blocks);
	tcase_add_loop_test(tcase, test_choose, 0, SIZE(cases));
	tcase_add_test(tcase, test_alerts);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_hand_over());
}
