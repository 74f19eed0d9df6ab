/*
 * rule/merge: of two cases made one, which numbers clash, which letters and
 * deadlines give way, and what the record says then.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/merge.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct {
	const char *from[3], *into[3];
	const char *clash;	/* the other case's number, NULL for none */
} numbers[] = {
	{ { "IPA#11111111" }, { NULL }, NULL },
	{ { NULL }, { "IPA#11111111" }, NULL },
	{ { "IPA#11111111" }, { "IPA#11111111" }, NULL },
	{ { "IPA#11111111" }, { "IPA#22222222" }, "IPA#11111111" },
	{ { "IPA#11111111" }, { "JPCERT#91111111" }, NULL },
	{ { "JPCERT#9", "IPA#1" }, { "IPA#2" }, "IPA#1" },
	/* What one bears beside the number of both is its alias already. */
	{ { "IPA#1" }, { "IPA#1", "IPA#2" }, NULL },
	{ { "IPA#1", "IPA#3" }, { "IPA#1", "IPA#2" }, "IPA#3" },
};

static size_t
listed(const char *const words[3], struct record_number list_r[3])
{
	size_t count = 0;

	for (; count < 3 && words[count] != NULL; count++)
		list_r[count] = (struct record_number){ "IPA", words[count], false };
	return count;
}

START_TEST(test_numbers)
{
	struct record_number from[3], into[3];
	const char *one = NULL, *other = NULL;
	size_t from_count = listed(numbers[_i].from, from);
	size_t into_count = listed(numbers[_i].into, into);
	bool clash = merge_numbers_clash(from, from_count, into, into_count, &one, &other);

	ck_assert_int_eq(clash, numbers[_i].clash != NULL);
	if (clash)
		ck_assert_str_eq(one, numbers[_i].clash);
}
END_TEST

/* Rows: the receiving case's letter; columns: the other's. Under way: an attempt has begun. */
static const struct record_outbox letters[] = {
	{ .state = OUTBOX_FAILED },
	{ .state = OUTBOX_HELD },
	{ .state = OUTBOX_DEFERRED },
	{ .state = OUTBOX_QUEUED },
	{ .state = OUTBOX_QUEUED, .trying = 1 },
	{ .state = OUTBOX_DEFERRED, .trying = 1 },
	{ .state = OUTBOX_SENT },
};

#define K MERGE_KEEP
#define T MERGE_TAKE
#define W MERGE_WAIT
#define B MERGE_BOTH

static const enum merge_letters verdicts[7][7] = {
	{ K, T, T, T, T, T, T },
	{ K, K, T, T, T, T, T },
	{ K, K, K, T, T, T, T },
	{ K, K, K, K, T, T, T },
	{ K, K, K, K, W, W, W },
	{ K, K, K, K, W, W, W },
	{ K, K, K, K, W, W, B },
};

START_TEST(test_letters)
{
	for (int i = 0; i < SIZE(letters); i++)
		for (int k = 0; k < SIZE(letters); k++)
			ck_assert_msg(merge_letters(&letters[i], &letters[k]) == verdicts[i][k],
				"%d, %d", i, k);
}
END_TEST

#define RULE(kind, stage, due) { 0, 0, NULL, kind, due, DEADLINE_PENDING, SOURCE_RULE, 0, 0, stage, NULL }
#define MAIL(kind, due) { 0, 0, NULL, kind, due, DEADLINE_PENDING, SOURCE_MAIL, 0, 0, STAGE_NONE, NULL }
#define STAFF(kind, due) { 0, 0, NULL, kind, due, DEADLINE_PENDING, SOURCE_STAFF, 0, 0, STAGE_NONE, NULL }
#define OWED(kind, due, source, to) { 0, 0, NULL, kind, due, DEADLINE_PENDING, source, 0, 0, STAGE_NONE, to }
#define ACK DEADLINE_ACKNOWLEDGE
#define FIX DEADLINE_REMEDIATION
#define ASKED DEADLINE_REQUESTED
#define RECEIPT DEADLINE_VENDOR_RECEIPT

/* Two deadlines, the receiving case's first; which ends. */
static const struct {
	const char *what;
	struct record_deadline list[2];
	uint32_t acknowledged;
	bool first, second;
} deadlines[] = {
	{ "of two kinds both stand", { RULE(FIX, STAGE_DETAILS, 1), RULE(ACK, STAGE_DETAILS, 1) }, 0,
		false, false },
	{ "the earlier stands", { RULE(FIX, STAGE_DETAILS, 2), RULE(FIX, STAGE_DETAILS, 1) }, 0, true,
		false },
	{ "of equals the receiving case's", { RULE(FIX, STAGE_DETAILS, 1), RULE(FIX, STAGE_DETAILS, 1) },
		0, false, true },
	{ "each stage has its receipt", { RULE(ACK, STAGE_CONTACT, 1), RULE(ACK, STAGE_DETAILS, 2) }, 0,
		false, false },
	{ "a stage that was answered owes none",
		{ RULE(ACK, STAGE_CONTACT, 1), RULE(ACK, STAGE_DETAILS, 2) }, 1u << STAGE_CONTACT, true,
		false },
	{ "but what a mail asked for is another thing", { MAIL(ACK, 1), RULE(FIX, STAGE_DETAILS, 2) },
		1u << STAGE_NONE, false, false },
	{ "a person's date stands, later or not", { RULE(FIX, STAGE_DETAILS, 1), STAFF(FIX, 9) }, 0, true,
		false },
	{ "also before what a mail asked for", { STAFF(ASKED, 9), MAIL(ASKED, 1) }, 0, false, true },
	{ "of two persons' the earlier", { STAFF(FIX, 9), STAFF(FIX, 8) }, 0, true, false },
	{ "each date that a mail asked for stands", { MAIL(ASKED, 1), MAIL(ASKED, 2) }, 0, false, false },
	{ "the same date once", { MAIL(ASKED, 1), MAIL(ASKED, 1) }, 0, false, true },
	{ "each who was asked owes his own", { OWED(RECEIPT, 2, SOURCE_RULE, "maker@example.jp"),
		OWED(RECEIPT, 1, SOURCE_RULE, "hoster@example.jp") }, 0, false, false },
	{ "once", { OWED(RECEIPT, 2, SOURCE_RULE, "maker@example.jp"),
		OWED(RECEIPT, 1, SOURCE_RULE, "Maker@example.jp") }, 0, true, false },
	{ "also by a person's day", { OWED(RECEIPT, 9, SOURCE_STAFF, "maker@example.jp"),
		OWED(RECEIPT, 1, SOURCE_RULE, "hoster@example.jp") }, 0, false, false },
	{ "but for one that is nobody's", { OWED(RECEIPT, 9, SOURCE_STAFF, NULL),
		OWED(RECEIPT, 1, SOURCE_RULE, "hoster@example.jp") }, 0, false, true },
	{ "what a letter of ours moved is owed by us", { OWED(FIX, 9, SOURCE_STAFF, "vuln@example.jp"),
		OWED(FIX, 8, SOURCE_STAFF, "finder@example.org") }, 0, true, false },
	{ "rule and mail are two", { RULE(FIX, STAGE_NONE, 1), MAIL(FIX, 1) }, 0, false, false },
};

START_TEST(test_deadlines)
{
	const struct record_deadline *list = deadlines[_i].list;

	ck_assert_msg(merge_deadline_ends(list, 2, 0, deadlines[_i].acknowledged) ==
			deadlines[_i].first, "%s", deadlines[_i].what);
	ck_assert_msg(merge_deadline_ends(list, 2, 1, deadlines[_i].acknowledged) ==
			deadlines[_i].second, "%s", deadlines[_i].what);
}
END_TEST

/* What is over neither ends nor ends another. */
START_TEST(test_deadlines_over)
{
	struct record_deadline list[2] = { RULE(FIX, STAGE_DETAILS, 1), RULE(FIX, STAGE_DETAILS, 2) };

	for (int state = DEADLINE_MET; state < DEADLINE_STATES; state++) {
		list[0].state = (enum deadline_state)state;
		ck_assert(!merge_deadline_ends(list, 2, 0, UINT32_MAX));
		ck_assert(!merge_deadline_ends(list, 2, 1, UINT32_MAX));
	}
}
END_TEST

START_TEST(test_record)
{
	struct record_case into = { .stage = STAGE_CONTACT, .trust = TRUST_UNVERIFIED,
		.phase = PHASE_PLAN, .assignee = "officer" };
	struct record_case from = { .stage = STAGE_DETAILS, .trust = TRUST_SUSPECT,
		.phase = PHASE_RECEIVE, .assignee = "deputy", .coordinator = "IPA" };

	merge_record(&into, &from);
	/* A forger's word lifts nothing. */
	ck_assert_int_eq(into.stage, STAGE_CONTACT);
	ck_assert_int_eq(into.trust, TRUST_UNVERIFIED);
	ck_assert_int_eq(into.phase, PHASE_PLAN);
	ck_assert_str_eq(into.assignee, "officer");
	ck_assert_str_eq(into.coordinator, "IPA");
	from.trust = TRUST_VERIFIED;
	from.phase = PHASE_REPORT;
	from.coordinator = "JPCERT";
	into.assignee = NULL;
	merge_record(&into, &from);
	ck_assert_int_eq(into.stage, STAGE_DETAILS);
	ck_assert_int_eq(into.trust, TRUST_VERIFIED);
	ck_assert_int_eq(into.phase, PHASE_REPORT);
	ck_assert_str_eq(into.assignee, "deputy");
	ck_assert_str_eq(into.coordinator, "IPA");
}
END_TEST

static Suite *
suite_merge(void)
{
	Suite *suite = suite_create("merge");
	TCase *tcase = tcase_create("merge");

	tcase_add_loop_test(tcase, test_numbers, 0, SIZE(numbers));
	tcase_add_test(tcase, test_letters);
	tcase_add_loop_test(tcase, test_deadlines, 0, SIZE(deadlines));
	tcase_add_test(tcase, test_deadlines_over);
	tcase_add_test(tcase, test_record);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_merge());
}
