/*
 * rule/decide: which case a mail joins, by number, References or site; who does
 * not get a number by having written first; which numbers are a mail's own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/decide.h"

#include "scene_decide.h"

/* Joining: number, then References, then site; who stands beside whom. */
static const struct {
	const char *what;
	struct scene mail;
	struct record records[3];
	enum decide_place place;
	int64_t join, beside;	/* beside: the one case, 0 for none */
	bool conflict, doubt;
} joins[] = {
	{ "number before References", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_REFERENCE, 2, N2 } },
		PLACE_JOIN, 1, 0, true, false },
	{ "number and References agree", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1 } }, PLACE_JOIN, 1, 0, false, false },
	{ "among References stands the number's case", { VERIFIED, .number = N1 },
		{ { .by = BY_REFERENCE, 2, N2 }, { .by = BY_NUMBER | BY_REFERENCE, 1, N1 } },
		PLACE_JOIN, 1, 0, false, false },
	{ "number before site", { VERIFIED, .number = N1, .site = true },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_SITE, 2, NULL } },
		PLACE_JOIN, 1, 0, false, false },
	{ "References before site", { VERIFIED, .site = true },
		{ { .by = BY_REFERENCE, 1, NULL }, { .by = BY_SITE, 2, NULL } },
		PLACE_JOIN, 1, 0, false, false },
	/* A signed text of long ago under a new header; but the number within is signed too. */
	{ "References of a signed mail that dmarc fails", { VERIFIED, .auth = AR_FAIL },
		{ { .by = BY_REFERENCE, 1, N1 } }, PLACE_NEW, 0, 0, false, false },
	{ "its number", { VERIFIED, .auth = AR_FAIL, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_REFERENCE, 2, N2 } },
		PLACE_JOIN, 1, 0, false, false },
	{ "its site", { VERIFIED, .auth = AR_FAIL, .site = true },
		{ { .by = BY_SITE, 1, NULL } }, PLACE_JOIN, 1, 0, false, false },
	{ "a closed case's number joins it", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .closed = true } }, PLACE_JOIN, 1, 0, false, false },
	{ "a new number by References to a case without one", { VERIFIED, .number = N1 },
		{ { .by = BY_REFERENCE, 1, NULL } }, PLACE_JOIN, 1, 0, false, false },
	{ "a new number, References to a case with another: the number wins",
		{ VERIFIED, .number = N1 }, { { .by = BY_REFERENCE, 2, N2 } },
		PLACE_NEW, 0, 0, true, false },
	{ "a number of another scheme is an alias", { VERIFIED, .number = N1 },
		{ { .by = BY_REFERENCE, 2, J1 } }, PLACE_JOIN, 2, 0, false, false },
	{ "two numbers of one mail, two schemes", { VERIFIED, .number = N1, .number_too = J1 },
		{ { .by = BY_NUMBER, 3, J1, .coordinator = JPCERT } }, PLACE_JOIN, 3, 0, false,
			false },
	{ "a second number of the same scheme is only mentioned",
		{ VERIFIED, .number = N1, .number_too = N2 }, { { .by = BY_NUMBER, 2, N2 } },
		PLACE_NEW, 0, 0, false, false },
	{ "a quoted number does not thread a coordinator's mail", { VERIFIED, .quoted = N2 },
		{ { .by = BY_NUMBER, 2, N2 } }, PLACE_NEW, 0, 0, false, false },
	{ "a number outside the signed part neither", { VERIFIED, .outer = N2 },
		{ { .by = BY_NUMBER, 2, N2 } }, PLACE_NEW, 0, 0, false, false },
	{ "the outer Subject's number, where nothing is signed",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = SEALED, .outer = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, PLACE_JOIN, 1, 0, false, false },
	{ "the protected Subject's number wins",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = SEALED, .number = N1,
			.outer = N2 },
		{ { .by = BY_NUMBER, 2, N2 }, { .by = BY_NUMBER, 1, N1 } },
		PLACE_JOIN, 1, 0, false, false },

	/* site: exactly one open, unnumbered case of that coordinator */
	{ "site", { VERIFIED, .number = N1, .site = true },
		{ { .by = BY_SITE, 1, NULL } }, PLACE_JOIN, 1, 0, false, false },
	{ "two such cases", { VERIFIED, .site = true },
		{ { .by = BY_SITE, 1, NULL }, { .by = BY_SITE, 2, NULL } },
		PLACE_NEW, 0, 0, false, true },
	{ "a closed one", { VERIFIED, .site = true },
		{ { .by = BY_SITE, 1, NULL, .closed = true } }, PLACE_NEW, 0, 0, false, false },
	{ "a numbered one", { VERIFIED, .site = true },
		{ { .by = BY_SITE, 1, N1 } }, PLACE_NEW, 0, 0, false, false },
	{ "another coordinator's", { VERIFIED, .site = true },
		{ { .by = BY_SITE, 1, NULL, .coordinator = JPCERT } }, PLACE_NEW, 0, 0, false,
			false },
	{ "one that does not name the site", { VERIFIED },
		{ { .by = BY_SITE, 1, NULL } }, PLACE_NEW, 0, 0, false, false },
	{ "a forger's one beside a true one", { VERIFIED, .site = true },
		{ { .by = BY_SITE, 1, NULL, .suspect = true }, { .by = BY_SITE, 2, NULL } },
		PLACE_JOIN, 2, 0, false, false },

	/* who came first with the number is not believed for it */
	{ "a forger took the number: the true mail opens its own", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .suspect = true } }, PLACE_NEW, 0, 1, false, false },
	{ "nor do References lead into a forger's case", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1, .suspect = true } }, PLACE_NEW, 0, 1,
			false, false },
	{ "an unverified mail does not join it either", { UNVERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .suspect = true } }, PLACE_NEW, 0, 1, false, false },
	{ "an unverified claim is not bound against the believed mail",
		{ VERIFIED, .number = N1 }, { { .by = BY_NUMBER, 1, N1, .claimed = true } },
		PLACE_NEW, 0, 1, false, false },
	{ "nor against an authenticated one", { AUTHENTICATED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .claimed = true } }, PLACE_NEW, 0, 1, false, false },
	{ "but an answer to what we wrote about that case joins it", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1, .claimed = true } }, PLACE_JOIN, 1, 0,
			false, false },
	{ "an unverified mail joins an unverified claim", { UNVERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .claimed = true } }, PLACE_JOIN, 1, 0, false, false },
	{ "a bound case before one that claims", { UNVERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .claimed = true }, { .by = BY_NUMBER, 2, N1 } },
		PLACE_JOIN, 2, 1, false, false },
	{ "believed: the bound case, beside the claim", { VERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .claimed = true }, { .by = BY_NUMBER, 2, N1 } },
		PLACE_JOIN, 2, 1, false, false },
	{ "suspect stands beside the true one", { SUSPECT, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, PLACE_NEW, 0, 1, false, false },
	{ "by form: a new one, beside", { BY_FORM, .number = N1, .says = SAYS_CONTACT },
		{ { .by = BY_NUMBER, 1, N1 } }, PLACE_NEW, 0, 1, false, false },
	{ "sent on, its number only claimed", { SENT_ON, .number = N1 },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1, .claimed = true } }, PLACE_NEW, 0, 1,
			false, false },
	{ "sent on, no number inside", { SENT_ON, .outer = N1, .site = true },
		{ { .by = BY_NUMBER | BY_REFERENCE, 1, N1 }, { .by = BY_SITE, 2, NULL } },
		PLACE_NEW, 0, 0, false, false },
	{ "unverified, another coordinator's number", { UNVERIFIED, .number = J1 },
		{ { .by = BY_NUMBER, 1, J1, .coordinator = JPCERT } }, PLACE_NEW, 0, 1, false,
			false },
	{ "unverified, References into another coordinator's case", { UNVERIFIED },
		{ { .by = BY_REFERENCE, 1, J1, .coordinator = JPCERT } }, PLACE_NEW, 0, 0, false,
			false },
	{ "a case that staff opened without a coordinator", { UNVERIFIED, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1, .coordinator = -1 } }, PLACE_JOIN, 1, 0, false, false },
};

/* One mail to several cases. */
static const struct {
	const char *what;
	struct scene mail;
	struct record records[3];
	unsigned knows;
	int64_t join, also;	/* also: the one further case, 0 for none */
	bool reopens;
} several[] = {
	{ "a believed mail that asks nothing new", { VERIFIED, .number = N1, .number_too = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2, .closed = true } }, 0, 1, 2,
		true },
	{ "the number of one case twice", { AUTHENTICATED, .number = N1, .number_too = J1 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 1, J1 } }, 0, 1, 0, true },
	{ "not believed", { UNVERIFIED, .number = N1, .number_too = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2 } }, 0, 1, 0, true },
	{ "another coordinator's case", { AUTHENTICATED, .number = N1, .number_too = J1 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, J1, .coordinator = JPCERT } },
		0, 1, 0, true },
	{ "a number that is only claimed", { AUTHENTICATED, .number = N1, .number_too = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2, .claimed = true } }, 0, 1, 0,
		true },
	{ "quoted", { AUTHENTICATED, .number = N1, .quoted = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2 } }, 0, 1, 0, true },
	{ "details are one case's", { VERIFIED, .number = N1, .number_too = N2,
			.says = SAYS_DETAILS },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2 } }, 0, 1, 0, true },
	{ "sent on", { SENT_ON, .number = N1, .number_too = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2 } }, 0, 1, 0, true },
	{ "a vendor's", { .from = VENDOR, .auth = AR_DMARC, .number = N1, .number_too = N2 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, N2 } }, TAKES_PART, 1, 2,
		false },
};

START_TEST(test_several)
{
	know(several[_i].records, several[_i].knows);
	decide(&several[_i].mail);
	ck_assert_msg(decision.thread.place == PLACE_JOIN, "%s", several[_i].what);
	ck_assert_msg(decision.thread.join == several[_i].join, "%s: case %lld", several[_i].what,
		(long long)decision.thread.join);
	ck_assert_msg(decision.thread.also_count == (several[_i].also != 0), "%s: %zu further ones",
		several[_i].what, decision.thread.also_count);
	if (several[_i].also != 0)
		ck_assert_int_eq(decision.thread.also[0], several[_i].also);
	ck_assert_msg(decision.reopens_also == several[_i].reopens, "%s", several[_i].what);
	/* Where a person put it, it is alone. */
	known.put = 7;
	decide(&several[_i].mail);
	ck_assert_int_eq(decision.thread.join, 7);
	ck_assert_uint_eq(decision.thread.also_count, 0);
}
END_TEST

START_TEST(test_join)
{
	know(joins[_i].records, 0);
	decide(&joins[_i].mail);
	ck_assert_msg(decision.thread.place == joins[_i].place, "%s: place %d", joins[_i].what,
		decision.thread.place);
	ck_assert_msg(decision.thread.join == joins[_i].join, "%s: case %lld", joins[_i].what,
		(long long)decision.thread.join);
	ck_assert_msg(decision.thread.beside_count == (joins[_i].beside != 0), "%s: beside %zu",
		joins[_i].what, decision.thread.beside_count);
	if (joins[_i].beside != 0)
		ck_assert_int_eq(decision.thread.beside[0], joins[_i].beside);
	ck_assert_msg(has_problem(PROBLEM_NUMBER_CONFLICT) == joins[_i].conflict, "%s: conflict",
		joins[_i].what);
	ck_assert_msg(has_problem(PROBLEM_SITE_DOUBT) == joins[_i].doubt, "%s: doubt",
		joins[_i].what);
}
END_TEST

/* Which numbers are the mail's own, in order, and which the case takes. */
static const struct {
	const char *what;
	struct scene mail;
	struct record records[3];
	const char *own[2];	/* what decide_first() says */
	size_t taken;		/* how many the case takes */
	bool unsigned_number;
} numbers[] = {
	{ "one", { VERIFIED, .number = N1 }, { { 0 } }, { N1 }, 1, false },
	{ "two schemes", { VERIFIED, .number = N1, .number_too = J1 }, { { 0 } }, { N1, J1 }, 2,
		false },
	{ "the sender's own first", { VERIFIED, .number = J1, .number_too = N1 }, { { 0 } },
		{ N1, J1 }, 2, false },
	{ "one of each scheme", { VERIFIED, .number = N1, .number_too = N2 }, { { 0 } }, { N1 }, 1,
		false },
	{ "not a quoted one", { VERIFIED, .number = N1, .quoted = J1 }, { { 0 } }, { N1 }, 1,
		false },
	{ "quoted alone", { AUTHENTICATED, .quoted = N1 }, { { 0 } }, { NULL }, 0, false },
	{ "outside the signed part", { VERIFIED, .number = N1, .outer = N2 }, { { 0 } }, { N1 }, 1,
		true },
	{ "only outside the signed part", { VERIFIED, .outer = N2 }, { { 0 } }, { NULL }, 0, true },
	{ "the same one outside", { VERIFIED, .number = N1, .outer = N1 }, { { 0 } }, { N1 }, 1,
		false },
	{ "outside what an unknown key signed", { .from = VULN_CONTACT, .shape = SIGNED,
		.outer = N2,
			.signatures = { { KEY_OTHER, SIGNATURE_NO_KEY, false } } }, { { 0 } },
				{ NULL }, 0,
		true },
	{ "outside a vendor's signature, which proves nothing",
		{ .from = VENDOR, .shape = SIGNED, .outer = N1,
			.signatures = { { KEY_OTHER, GOOD, false } } }, { { 0 } }, { N1 }, 0,
				false },
	{ "a finder's is not the case's", { BY_FORM, .number = N1 }, { { 0 } }, { N1 }, 0, false },
	{ "a stranger's neither", { .from = STRANGER, .number = N1 }, { { 0 } }, { N1 }, 0, false },
	{ "a suspect's is shown", { SUSPECT, .number = N1 },
		{ { .by = BY_NUMBER, 1, N1 } }, { N1 }, 1, false },
	{ "one that is bound elsewhere stays there", { VERIFIED, .number = N1, .number_too = J1 },
		{ { .by = BY_NUMBER, 1, N1 }, { .by = BY_NUMBER, 2, J1, .coordinator = JPCERT } },
		{ N1, J1 }, 1, false },
	{ "a stranger's robot takes none", { .from = STRANGER, .number = N1, .odd = ROBOT },
		{ { 0 } },
		{ N1 }, 0, false },
};

START_TEST(test_number)
{
	struct decide_first first;
	size_t own = 0;

	decide_first(arena, &scene_policy, 0, scene_facts(arena, &numbers[_i].mail), &first);
	while (own < 2 && numbers[_i].own[own] != NULL)
		own++;
	ck_assert_msg(first.own_numbers == own, "%s: %zu", numbers[_i].what, first.own_numbers);
	for (size_t i = 0; i < own; i++)
		ck_assert_str_eq(first.numbers.hit[i].number, numbers[_i].own[i]);
	ck_assert_int_eq(first.number_unsigned, numbers[_i].unsigned_number);
	know(numbers[_i].records, 0);
	decide(&numbers[_i].mail);
	ck_assert_msg(decision.first.own_numbers == numbers[_i].taken, "%s: taken %zu",
		numbers[_i].what, decision.first.own_numbers);
	ck_assert_int_eq(has_problem(PROBLEM_NUMBER_UNSIGNED), numbers[_i].unsigned_number);
}
END_TEST

/* What makes a closed case go on; and where a person's word leaves a mail that is judged again. */
static const struct {
	const char *what;
	struct scene mail;
	unsigned known;
	struct record record;
	bool reopens;
} closed[] = {
	{ "a coordinator's details", { VERIFIED, .number = N1, .says = SAYS_DETAILS }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, true },
	{ "its reminder, unverified", { UNVERIFIED, .number = N1, .says = SAYS_REMINDER }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, true },
	{ "words that nobody knows", { VERIFIED, .number = N1, .says = SAYS_NOTHING }, 0,
		{ .by = BY_REFERENCE, 1, NULL, .closed = true }, true },
	{ "its closing mail does not", { VERIFIED, .number = N1, .says = SAYS_CLOSING }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, false },
	{ "nor what a program sends",
		{ VERIFIED, .number = N1, .says = SAYS_CONTACT, .odd = ROBOT }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, false },
	{ "an unreadable mail",
		{ .from = VULN_CONTACT, .auth = AR_DMARC, .shape = UNOPENED, .outer = N1 }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, true },
	{ "a vendor's thanks do not", { .from = VENDOR, .number = N1 }, TAKES_PART,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, false },
	{ "a forged mail does not", { SUSPECT, .number = N1, .says = SAYS_DETAILS }, 0,
		{ .by = BY_NUMBER, 1, N1, .closed = true }, false },
	{ "what is open needs not", { VERIFIED, .number = N1, .says = SAYS_DETAILS }, 0,
		{ .by = BY_NUMBER, 1, N1 }, false },
};

START_TEST(test_closed)
{
	struct record records[3] = { closed[_i].record };

	know(records, closed[_i].known);
	decide(&closed[_i].mail);
	ck_assert_msg(decision.reopens == closed[_i].reopens, "%s", closed[_i].what);
}
END_TEST

START_TEST(test_put)
{
	static const struct record records[3] = { { .by = BY_NUMBER, 1, N1 } };
	static const struct scene verified = { VERIFIED, .number = N1 }, alone = { VERIFIED },
		both = { VERIFIED, .number = N1, .number_too = J1 },
		suspect = { SUSPECT, .number = N1 };

	know(records, 0);
	known.put = 7;
	decide(&verified);
	ck_assert_int_eq(decision.thread.place, PLACE_JOIN);
	ck_assert_int_eq(decision.thread.join, 7);
	/* The number stays with the case to which it is bound. */
	ck_assert_uint_eq(decision.first.own_numbers, 0);
	decide(&both);
	ck_assert_uint_eq(decision.first.own_numbers, 1);
	ck_assert_str_eq(decision.first.numbers.hit[0].number, J1);
	decide(&alone);
	ck_assert_int_eq(decision.thread.join, 7);
	decide(&suspect);
	ck_assert_int_eq(decision.thread.place, PLACE_NEW);
}
END_TEST

/* Judged again, it opens no case beside the one in which it is; but it goes where its number is. */
START_TEST(test_in)
{
	static const struct record records[3] = { { .by = BY_NUMBER, 1, N1 } };
	static const struct scene numbered = { VERIFIED, .number = N1 }, alone = { VERIFIED },
		by_form = { BY_FORM, .says = SAYS_CONTACT }, suspect = { SUSPECT };

	known.in = 7;
	decide(&alone);
	ck_assert_int_eq(decision.thread.place, PLACE_JOIN);
	ck_assert_int_eq(decision.thread.join, 7);
	decide(&by_form);
	ck_assert_int_eq(decision.thread.join, 7);
	decide(&suspect);
	ck_assert_int_eq(decision.thread.place, PLACE_NEW);
	know(records, 0);
	known.in = 7;
	decide(&numbered);
	ck_assert_int_eq(decision.thread.join, 1);
}
END_TEST

static Suite *
suite_decide_join(void)
{
	Suite *suite = suite_create("decide_join");
	TCase *tcase = tcase_create("decide_join");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_several, 0, SIZE(several));
	tcase_add_loop_test(tcase, test_join, 0, SIZE(joins));
	tcase_add_loop_test(tcase, test_number, 0, SIZE(numbers));
	tcase_add_loop_test(tcase, test_closed, 0, SIZE(closed));
	tcase_add_test(tcase, test_put);
	tcase_add_test(tcase, test_in);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_decide_join());
}
