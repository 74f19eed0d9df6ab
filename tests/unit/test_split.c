/*
 * rule/split, with the reasons it reads: which answers follow, what each of the
 * two cases then is, and where numbers and sites go.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/split.h"

#include "base/arena.h"
#include "rule/reasons.h"
#include "rule/title.h"
#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define ONE "IPA#11111111"
#define WWW "https://www.example.co.jp/"

START_TEST(test_reasons)
{
	static const char why[] = "row: coordinator\n"
		"number: IPA#11111111 in the subject, layer 0\n"
		"number: IPA#22222222 in the quoted text, layer 0\n"
		"site: https://www.example.co.jp/";

	ck_assert(reasons_name_number(why, ONE, true));
	ck_assert(reasons_name_number(why, "IPA#22222222", false));
	ck_assert(!reasons_name_number(why, "IPA#22222222", true));
	ck_assert(!reasons_name_number(why, "IPA#1111111", false));
	ck_assert(!reasons_name_number("xnumber: IPA#11111111 in the text, layer 0", ONE, false));
	ck_assert(!reasons_name_number(NULL, ONE, false));
	ck_assert(!reasons_name_number("", ONE, false));
	ck_assert(reasons_name_site(why, WWW));
	ck_assert(reasons_name_site("site: https://www.example.co.jp/\nanswer: none", WWW));
	ck_assert(!reasons_name_site(why, "https://www.example.co.jp"));
	ck_assert(!reasons_name_site(NULL, WWW));
}
END_TEST

START_TEST(test_title)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);

	ck_assert_str_eq(title_make(arena, ONE, WWW, "staff"), ONE " " WWW " staff");
	ck_assert_str_eq(title_make(arena, NULL, WWW, "staff"), WWW " staff");
	ck_assert_str_eq(title_make(arena, NULL, NULL, "details"), "details");
	arena_free(&arena);
}
END_TEST

/* Mails 1 and 3 came in, 2 answers 1, 4 answers 3, 5 was written by hand. */
static const struct record_message messages[] = {
	{ .id = 1, .trust = TRUST_AUTHENTICATED, .stage = STAGE_CONTACT,
		.why = "number: " ONE " in the subject, layer 0\nsite: " WWW "\n" },
	{ .id = 2, .direction = DIRECTION_OUT, .stage = STAGE_CONTACT, .trust = TRUST_VERIFIED },
	{ .id = 3, .trust = TRUST_UNVERIFIED, .stage = STAGE_ENCRYPTION, .why = "" },
	{ .id = 4, .direction = DIRECTION_OUT, .stage = STAGE_ENCRYPTION },
	{ .id = 5, .direction = DIRECTION_OUT, .kind = KIND_STAFF },
	{ .id = 6, .trust = TRUST_SUSPECT, .stage = STAGE_DETAILS },
};
static const struct record_outbox letters[] = {
	{ .id = 1, .message = 2, .answers = 1 },
	{ .id = 2, .message = 4, .answers = 3 },
	{ .id = 3, .message = 0, .answers = 3 },
};

static const struct {
	const char *named, *goes;	/* a letter a message */
	int64_t stray;			/* 0: it can be done */
} follows[] = {
	{ "x.....", "xx....", 0 },
	{ "xx....", "xx....", 0 },
	{ "..x...", "..xx..", 0 },
	{ "....x.", "....x.", 0 },
	{ ".x....", NULL, 2 },
	{ "x..x..", NULL, 4 },
};

static struct split
split_of(const char *named, bool moves[6])
{
	for (int i = 0; i < 6; i++)
		moves[i] = named[i] == 'x';
	return (struct split){ messages, 6, letters, 3, moves };
}

START_TEST(test_follow)
{
	const struct record_message *stray = NULL;
	bool moves[6];
	struct split split = split_of(follows[_i].named, moves);
	bool fine = split_follow(&split, &stray);

	ck_assert_int_eq(fine, follows[_i].stray == 0);
	if (!fine)
		ck_assert_int_eq(stray->id, follows[_i].stray);
	for (int i = 0; fine && i < 6; i++)
		ck_assert_int_eq(moves[i], follows[_i].goes[i] == 'x');
}
END_TEST

START_TEST(test_part)
{
	bool moves[6];
	struct split split = split_of("xx...x", moves);
	struct split_part part;

	split_part(&split, true, &part);
	ck_assert_uint_eq(part.messages, 3);
	ck_assert_int_eq(part.first->id, 1);
	/* The suspect one names details: nobody's word. */
	ck_assert_int_eq(part.stage, STAGE_CONTACT);
	ck_assert_int_eq(part.trust, TRUST_AUTHENTICATED);
	split_part(&split, false, &part);
	ck_assert_uint_eq(part.messages, 3);
	ck_assert_int_eq(part.first->id, 3);
	ck_assert_int_eq(part.stage, STAGE_ENCRYPTION);
	ck_assert_int_eq(part.trust, TRUST_UNVERIFIED);
	split = split_of(".x.xx.", moves);
	split_part(&split, true, &part);
	ck_assert_ptr_null(part.first);
}
END_TEST

/* Where a number is named: '-' nowhere, 'u' by an unverified mail, 'b' by a believed one. */
static const struct {
	char stays, goes;
	bool bound, by_person;
	bool here, there, bound_here, bound_there;
} numbers[] = {
	{ 'b', '-', true, false, true, false, true, false },
	{ '-', 'b', true, false, false, true, false, true },
	{ 'b', 'b', true, false, true, true, true, false },
	{ 'u', 'b', true, false, true, true, false, true },
	{ 'b', 'u', true, false, true, true, true, false },
	{ 'u', 'u', false, false, true, true, false, false },
	{ '-', 'u', false, false, false, true, false, false },
	{ '-', '-', true, false, true, false, true, false },
	/* A person bound it: it goes where it is named, but stays with a case of staff's own. */
	{ '-', 'u', true, false, false, true, false, true },
	{ '-', 'b', true, true, true, true, true, false },
};

START_TEST(test_number)
{
	static const char why[] = "number: " ONE " in the text, layer 1, sealed\n";
	struct record_message two[2] = { { .id = 1, .why = "" }, { .id = 2, .why = "" } };
	struct record_number number = { "IPA", ONE, numbers[_i].bound };
	bool moves[2] = { false, true };
	struct split split = { two, 2, NULL, 0, moves };
	struct split_number found;

	for (int i = 0; i < 2; i++) {
		char named = i == 0 ? numbers[_i].stays : numbers[_i].goes;

		if (named != '-')
			two[i].why = why;
		two[i].trust = named == 'b' ? TRUST_AUTHENTICATED : TRUST_UNVERIFIED;
	}
	split_number(&split, &number, numbers[_i].by_person, &found);
	ck_assert_int_eq(found.here, numbers[_i].here);
	ck_assert_int_eq(found.there, numbers[_i].there);
	ck_assert_int_eq(found.bound_here, numbers[_i].bound_here);
	ck_assert_int_eq(found.bound_there, numbers[_i].bound_there);
}
END_TEST

START_TEST(test_site)
{
	bool moves[6];
	struct split split = split_of("xx....", moves);

	ck_assert(split_site(&split, WWW, true));
	ck_assert(!split_site(&split, WWW, false));
	ck_assert(!split_site(&split, "https://shop.example.co.jp/", true));
}
END_TEST

static Suite *
suite_split(void)
{
	Suite *suite = suite_create("split");
	TCase *tcase = tcase_create("split");

	tcase_add_test(tcase, test_reasons);
	tcase_add_test(tcase, test_title);
	tcase_add_loop_test(tcase, test_follow, 0, SIZE(follows));
	tcase_add_test(tcase, test_part);
	tcase_add_loop_test(tcase, test_number, 0, SIZE(numbers));
	tcase_add_test(tcase, test_site);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_split());
}
