/*
 * rule/deadline: what opens and what meets each kind, whose span it has, and
 * the second at which it is past.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/deadline.h"

#include "base/clock.h"

#include "unit.h"

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct policy_desk desk = {
	.title = "www",
	.deadline = {
		.acknowledge = { 1, SPAN_BUSINESS_DAYS }, .contact = { 3, SPAN_BUSINESS_DAYS },
		.encryption = { 4, SPAN_BUSINESS_DAYS }, .investigation = { 10,
			SPAN_BUSINESS_DAYS },
		.finder = { 5, SPAN_BUSINESS_DAYS }, .vendor_receipt = { 2, SPAN_BUSINESS_DAYS },
		.their_answer = { 11, SPAN_BUSINESS_DAYS },
	},
};
static const struct policy_coordinator coordinators[] = {
	{ .name = "IPA", .remediation = { 3, SPAN_MONTHS } },
	{ .name = "JPCERT/CC", .remediation = { 45, SPAN_DAYS } },
};
static const struct policy policy = {
	.desks = &desk, .desk_count = 1, .coordinators = coordinators, .coordinator_count = 2,
};

static const struct {
	enum deadline_kind kind;
	size_t desk;
	int coordinator;
	int count;	/* -1: none */
	enum span_unit unit;
} spans[] = {
	{ DEADLINE_ACKNOWLEDGE, 0, 0, 1, SPAN_BUSINESS_DAYS },
	{ DEADLINE_ACKNOWLEDGE, 0, -1, 1, SPAN_BUSINESS_DAYS },
	{ DEADLINE_ACKNOWLEDGE, 1, 0, -1, SPAN_DAYS },
	{ DEADLINE_CONTACT, 0, 0, 3, SPAN_BUSINESS_DAYS },
	{ DEADLINE_ENCRYPTION, 0, 0, 4, SPAN_BUSINESS_DAYS },
	{ DEADLINE_INVESTIGATION, 0, 0, 10, SPAN_BUSINESS_DAYS },
	{ DEADLINE_FINDER, 0, -1, 5, SPAN_BUSINESS_DAYS },
	{ DEADLINE_VENDOR_RECEIPT, 0, 0, 2, SPAN_BUSINESS_DAYS },
	{ DEADLINE_THEIR_ANSWER, 0, 0, 11, SPAN_BUSINESS_DAYS },
	{ DEADLINE_REMEDIATION, 0, 0, 3, SPAN_MONTHS },
	{ DEADLINE_REMEDIATION, 0, 1, 45, SPAN_DAYS },
	{ DEADLINE_REMEDIATION, 0, 2, -1, SPAN_DAYS },
	{ DEADLINE_REMEDIATION, 0, -1, -1, SPAN_DAYS },
	{ DEADLINE_REQUESTED, 0, 0, -1, SPAN_DAYS },
	{ DEADLINE_KINDS, 0, 0, -1, SPAN_DAYS },
};

START_TEST(test_span)
{
	struct span span = { -7, SPAN_DAYS };
	bool has = deadline_span(&policy, spans[_i].desk, spans[_i].coordinator, spans[_i].kind,
		&span);

	ck_assert_int_eq(has, spans[_i].count >= 0);
	ck_assert_int_eq(span.count, has ? spans[_i].count : -7);
	if (has)
		ck_assert_int_eq(span.unit, spans[_i].unit);
}
END_TEST

static const struct {
	enum deadline_kind kind;
	enum mail_kind mail;
	bool opens, meets;
} events[] = {
	{ DEADLINE_ACKNOWLEDGE, KIND_CONTACT_REQUEST, true, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_ENCRYPTION_CHECK, true, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_DETAILS, true, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_REMINDER, false, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_CLOSING, false, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_CORRESPONDENCE, false, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_UNREADABLE, false, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_ACKNOWLEDGEMENT, false, true },
	{ DEADLINE_ACKNOWLEDGE, KIND_REPLY, false, true },
	{ DEADLINE_ACKNOWLEDGE, KIND_ALERT, false, false },
	{ DEADLINE_ACKNOWLEDGE, KIND_FORWARD, false, false },
	{ DEADLINE_REMEDIATION, KIND_DETAILS, true, false },
	{ DEADLINE_REMEDIATION, KIND_CONTACT_REQUEST, false, false },
	{ DEADLINE_REMEDIATION, KIND_COMPLETION, false, true },
	{ DEADLINE_REMEDIATION, KIND_PROGRESS, false, false },
	{ DEADLINE_REMEDIATION, KIND_ACKNOWLEDGEMENT, false, false },
	{ DEADLINE_INVESTIGATION, KIND_FINDING, false, true },
	{ DEADLINE_INVESTIGATION, KIND_REPLY, false, false },
	{ DEADLINE_FINDER, KIND_FINDER_REPORT, true, false },
	{ DEADLINE_FINDER, KIND_FORM_REPORT, true, false },
	{ DEADLINE_FINDER, KIND_REPLY, false, true },
	{ DEADLINE_CONTACT, KIND_ACKNOWLEDGEMENT, false, true },
	{ DEADLINE_ENCRYPTION, KIND_ACKNOWLEDGEMENT, false, true },
	{ DEADLINE_REQUESTED, KIND_ACKNOWLEDGEMENT, false, false },
	{ DEADLINE_REQUESTED, KIND_EXTENSION, false, true },
	{ DEADLINE_CONTACT, KIND_CONTACT_REQUEST, true, false },
	{ DEADLINE_CONTACT, KIND_DETAILS, false, false },
	{ DEADLINE_CONTACT, KIND_STAFF, false, true },
	{ DEADLINE_ENCRYPTION, KIND_ENCRYPTION_CHECK, true, false },
	{ DEADLINE_ENCRYPTION, KIND_CONTACT_REQUEST, false, false },
	{ DEADLINE_INVESTIGATION, KIND_DETAILS, true, false },
	{ DEADLINE_INVESTIGATION, KIND_COMPLETION, false, true },
	{ DEADLINE_INVESTIGATION, KIND_STAFF, false, false },	/* nobody knows what it says */
	{ DEADLINE_INVESTIGATION, KIND_FINDING, false, true },
	{ DEADLINE_INVESTIGATION, KIND_PROGRESS, false, false },
	{ DEADLINE_INVESTIGATION, KIND_EXTENSION, false, false },
	{ DEADLINE_REMEDIATION, KIND_DETAILS, true, false },
	{ DEADLINE_REMEDIATION, KIND_FINDING, false, false },
	{ DEADLINE_REMEDIATION, KIND_EXTENSION, false, false },	/* it moves it */
	{ DEADLINE_REMEDIATION, KIND_COMPLETION, false, true },
	{ DEADLINE_REMEDIATION, KIND_STAFF, false, false },
	{ DEADLINE_REQUESTED, KIND_PROGRESS, false, true },
	{ DEADLINE_FINDER, KIND_REPLY, false, true },
	{ DEADLINE_REQUESTED, KIND_STAFF, false, true },
	{ DEADLINE_REQUESTED, KIND_DETAILS, false, false },
	{ DEADLINE_VENDOR_RECEIPT, KIND_FORWARD, true, false },
	{ DEADLINE_VENDOR_RECEIPT, KIND_VENDOR_RECEIPT, false, true },
	{ DEADLINE_VENDOR_RECEIPT, KIND_CORRESPONDENCE, false, false },
	{ DEADLINE_THEIR_ANSWER, KIND_QUESTION, true, false },
	{ DEADLINE_THEIR_ANSWER, KIND_REPLY, false, false },
	{ DEADLINE_THEIR_ANSWER, KIND_CORRESPONDENCE, false, true },
	{ DEADLINE_THEIR_ANSWER, KIND_DETAILS, false, true },
	{ DEADLINE_THEIR_ANSWER, KIND_REMINDER, false, false },
	{ DEADLINE_THEIR_ANSWER, KIND_AUTO_REPLY, false, false },
	{ DEADLINE_THEIR_ANSWER, KIND_UNREADABLE, false, false },
};

static const struct {
	enum deadline_kind kind;
	enum stage stage;
	bool meets;
} receipts[] = {
	{ DEADLINE_ACKNOWLEDGE, STAGE_DETAILS, true },
	{ DEADLINE_CONTACT, STAGE_CONTACT, true },
	{ DEADLINE_REQUESTED, STAGE_CONTACT, true },
	{ DEADLINE_REQUESTED, STAGE_ENCRYPTION, true },
	{ DEADLINE_REQUESTED, STAGE_DETAILS, false },
	{ DEADLINE_REQUESTED, STAGE_NONE, false },
	{ DEADLINE_INVESTIGATION, STAGE_DETAILS, false },
	{ DEADLINE_REMEDIATION, STAGE_DETAILS, false },
};

START_TEST(test_receipt)
{
	ck_assert_int_eq(deadline_met_by_receipt(receipts[_i].kind, receipts[_i].stage),
		receipts[_i].meets);
}
END_TEST

START_TEST(test_event)
{
	ck_assert_int_eq(deadline_opened_by(events[_i].kind, events[_i].mail), events[_i].opens);
	ck_assert_int_eq(deadline_met_by(events[_i].kind, events[_i].mail), events[_i].meets);
}
END_TEST

/* An extension moves remediation, and nothing else moves anything. */
START_TEST(test_moved)
{
	for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
		for (int mail = 0; mail < MAIL_KINDS; mail++)
			ck_assert_int_eq(deadline_moved_by((enum deadline_kind)kind,
						 (enum mail_kind)mail),
				kind == DEADLINE_REMEDIATION && mail == KIND_EXTENSION);
	}
}
END_TEST

/* What others owe us: whoever was asked meets it, and no mail of ours does. */
START_TEST(test_by_party)
{
	for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
		bool ours = false;

		for (int mail = KIND_ACKNOWLEDGEMENT; mail < MAIL_KINDS; mail++)
			ours = ours || deadline_met_by((enum deadline_kind)kind, (enum mail_kind)mail);
		ck_assert_int_eq(deadline_by_party((enum deadline_kind)kind), !ours);
	}
	ck_assert(!deadline_by_party(DEADLINE_KINDS));
}
END_TEST

static const struct {
	enum deadline_state state;
	int64_t later;	/* microseconds after due */
	bool overdue;
} overdues[] = {
	{ DEADLINE_PENDING, -1, false },
	{ DEADLINE_PENDING, 0, false },
	{ DEADLINE_PENDING, CLOCK_SECOND - 1, false },	/* still within the last second */
	{ DEADLINE_PENDING, CLOCK_SECOND, true },
	{ DEADLINE_MISSED, CLOCK_DAY, true },
	{ DEADLINE_MET, CLOCK_DAY, false },
	{ DEADLINE_CANCELLED, CLOCK_DAY, false },
};

START_TEST(test_overdue)
{
	int64_t due = 1700000000 * CLOCK_SECOND;

	ck_assert_int_eq(deadline_overdue(due, overdues[_i].state, due + overdues[_i].later),
		overdues[_i].overdue);
}
END_TEST

static Suite *
suite_deadline(void)
{
	Suite *suite = suite_create("deadline");
	TCase *tcase = tcase_create("deadline");

	tcase_add_loop_test(tcase, test_span, 0, SIZE(spans));
	tcase_add_loop_test(tcase, test_event, 0, SIZE(events));
	tcase_add_test(tcase, test_moved);
	tcase_add_test(tcase, test_by_party);
	tcase_add_loop_test(tcase, test_receipt, 0, SIZE(receipts));
	tcase_add_loop_test(tcase, test_overdue, 0, SIZE(overdues));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_deadline());
}
