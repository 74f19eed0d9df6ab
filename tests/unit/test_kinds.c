/*
 * The spellings of doc/RULES 5, word for word, and that each is read back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/kinds.h"

#include "unit.h"

#include <string.h>

static const char *const kinds[] = {
	"contact-request", "encryption-check", "details", "reminder", "closing", "correspondence",
	"finder-report", "form-report", "vendor-receipt", "bounce", "auto-reply", "own",
	"unrelated",
	"unreadable", "acknowledgement", "reply", "finding", "progress", "extension", "completion",
	"question", "forward", "alert", "digest", "staff",
};

START_TEST(kinds_of_mail)
{
	enum mail_kind kind = KIND_STAFF;

	ck_assert_uint_eq(sizeof(kinds) / sizeof(kinds[0]), MAIL_KINDS);
	ck_assert_str_eq(mail_kind_name((enum mail_kind)_i), kinds[_i]);
	ck_assert(mail_kind_read(kinds[_i], &kind));
	ck_assert_int_eq(kind, _i);
}
END_TEST

START_TEST(kinds_of_deadlines)
{
	static const char *const words[DEADLINE_KINDS] = {
		"acknowledge", "contact", "encryption", "investigation", "remediation",
		"requested",
		"vendor-receipt", "finder", "their-answer",
	};

	for (int i = 0; i < DEADLINE_KINDS; i++) {
		enum deadline_kind kind = DEADLINE_KINDS;

		ck_assert_str_eq(deadline_kind_name((enum deadline_kind)i), words[i]);
		ck_assert(deadline_kind_read(words[i], &kind));
		ck_assert_int_eq(kind, i);
	}
}
END_TEST

START_TEST(kinds_of_the_rest)
{
	static const char *const phases[PHASES] = {
		"receive", "investigate", "assess", "plan", "implement", "report",
	};
	static const char *const outbox[OUTBOX_STATES] = {
		"held", "queued", "deferred", "sent", "failed", "dropped",
	};

	for (int i = 0; i < PHASES; i++) {
		enum phase phase = PHASES;

		ck_assert_str_eq(phase_name((enum phase)i), phases[i]);
		ck_assert(phase_read(phases[i], &phase));
		ck_assert_int_eq(phase, i);
	}
	for (int i = 0; i < OUTBOX_STATES; i++) {
		enum outbox_state state = OUTBOX_STATES;

		ck_assert_str_eq(outbox_state_name((enum outbox_state)i), outbox[i]);
		ck_assert(outbox_state_read(outbox[i], &state));
		ck_assert_int_eq(state, i);
	}
	ck_assert_str_eq(trust_name(TRUST_SUSPECT), "suspect");
	ck_assert_str_eq(trust_name(TRUST_UNVERIFIED), "unverified");
	ck_assert_str_eq(trust_name(TRUST_AUTHENTICATED), "authenticated");
	ck_assert_str_eq(trust_name(TRUST_VERIFIED), "verified");
	ck_assert_str_eq(origin_name(ORIGIN_COORDINATOR), "coordinator");
	ck_assert_str_eq(origin_name(ORIGIN_FINDER), "finder");
	ck_assert_str_eq(origin_name(ORIGIN_FORM), "form");
	ck_assert_str_eq(origin_name(ORIGIN_STAFF), "staff");
	ck_assert_str_eq(case_state_name(CASE_OPEN), "open");
	ck_assert_str_eq(case_state_name(CASE_CLOSED), "closed");
	ck_assert_str_eq(deadline_state_name(DEADLINE_PENDING), "pending");
	ck_assert_str_eq(deadline_state_name(DEADLINE_MET), "met");
	ck_assert_str_eq(deadline_state_name(DEADLINE_MISSED), "missed");
	ck_assert_str_eq(deadline_state_name(DEADLINE_CANCELLED), "cancelled");
	ck_assert_str_eq(deadline_source_name(SOURCE_RULE), "rule");
	ck_assert_str_eq(deadline_source_name(SOURCE_MAIL), "mail");
	ck_assert_str_eq(deadline_source_name(SOURCE_STAFF), "staff");
	ck_assert_str_eq(direction_name(DIRECTION_IN), "in");
	ck_assert_str_eq(direction_name(DIRECTION_OUT), "out");
}
END_TEST

/* No stage is a null in JSON, and no word of a command. */
START_TEST(kinds_of_stages)
{
	enum stage stage = STAGE_NONE;

	ck_assert_ptr_null(stage_name(STAGE_NONE));
	ck_assert_str_eq(stage_name(STAGE_CONTACT), "contact");
	ck_assert_str_eq(stage_name(STAGE_ENCRYPTION), "encryption");
	ck_assert_str_eq(stage_name(STAGE_DETAILS), "details");
	ck_assert(stage_read("details", &stage));
	ck_assert_int_eq(stage, STAGE_DETAILS);
	ck_assert(!stage_read("", &stage));
	ck_assert(!stage_read(NULL, &stage));
	ck_assert(!stage_read("none", &stage));
	ck_assert_int_eq(stage, STAGE_DETAILS);
}
END_TEST

START_TEST(kinds_that_are_none)
{
	static const char *const words[] = { "", "Details", "details ", "contact_request", "x",
		NULL };
	enum mail_kind kind = KIND_OWN;
	enum phase phase = PHASE_PLAN;
	enum deadline_kind deadline = DEADLINE_FINDER;
	enum outbox_state state = OUTBOX_SENT;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ck_assert(!mail_kind_read(words[i], &kind));
		ck_assert(!phase_read(words[i], &phase));
		ck_assert(!deadline_kind_read(words[i], &deadline));
		ck_assert(!outbox_state_read(words[i], &state));
	}
	ck_assert_int_eq(kind, KIND_OWN);
	ck_assert_int_eq(phase, PHASE_PLAN);
	ck_assert_int_eq(deadline, DEADLINE_FINDER);
	ck_assert_int_eq(state, OUTBOX_SENT);
}
END_TEST

static Suite *
suite_kinds(void)
{
	Suite *suite = suite_create("kinds");
	TCase *tests = tcase_create("kinds");

	tcase_add_loop_test(tests, kinds_of_mail, 0, MAIL_KINDS);
	tcase_add_test(tests, kinds_of_deadlines);
	tcase_add_test(tests, kinds_of_the_rest);
	tcase_add_test(tests, kinds_of_stages);
	tcase_add_test(tests, kinds_that_are_none);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_kinds());
}
