/*
 * port/store/undo: what a person did to cases, taken back; and what has come or
 * was changed in between is left alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

#include "port/store_undo.h"

static int64_t one, two, mail_one, mail_two;
static struct store_undo *undo;

static int64_t
add_mail(const char *message_id, unsigned char mark)
{
	struct record_message message = message_record(message_id);

	message.sha256[0] = mark;
	return store_message_add(store, &message, "x", 1);
}

static void
set_up_cases(void)
{
	struct record_case record = case_record();

	set_up_memory();
	begin();
	one = store_case_add(store, &record);
	two = store_case_add(store, &record);
	mail_one = add_mail("<one@x>", 1);
	mail_two = add_mail("<two@x>", 2);
	store_case_message_add(store, one, mail_one);
	store_case_message_add(store, two, mail_two);
	store_case_number_add(store, one, "IPA", "IPA#10000001", true);
	store_case_number_add(store, two, "IPA", "IPA#10000001", false);
	store_deadline_open(store, one, DEADLINE_CONTACT, NOW + DAY, SOURCE_RULE, mail_one);
	store_case_party_add(store, one, "a@x");
	commit();
}

static struct store_undone
merging(void)
{
	return (struct store_undone){ .kind = STORE_UNDO_MERGE, .case_id = two, .other = one,
		.what = "case 1 merged into case 2" };
}

static void
begin_merge(void)
{
	struct store_undone act = merging();

	begin();
	undo = store_undo_begin(store, arena, &act);
	store_case_merge(store, one, two, NOW);
}

static void
end_merge(void)
{
	struct store_undone act = merging();

	store_undo_keep(store, arena, undo, &act);
	commit();
}

static void
merge_one_into_two(void)
{
	begin_merge();
	end_merge();
}

static void
take_back(int64_t case_id)
{
	struct store_undone act;

	begin();
	ck_assert(store_undo_last(store, arena, case_id, &act));
	store_undo(store, arena, &act, NOW);
	commit();
}

static const struct record_deadline *
only_deadline(int64_t case_id)
{
	struct record_deadline *list;

	ck_assert_uint_eq(store_deadlines(store, arena, case_id, &list), 1);
	return list;
}

START_TEST(all_is_as_it_was)
{
	struct record_number *numbers;
	struct record_case *record;

	merge_one_into_two();
	ck_assert_int_eq(store_case_resolve(store, one), two);
	take_back(two);
	ck_assert_int_eq(store_case_resolve(store, one), one);
	record = store_case_get(store, arena, one);
	ck_assert_int_eq(record->state, CASE_OPEN);
	ck_assert(record->number_bound);
	ck_assert_int_eq(record->messages, 1);
	ck_assert_uint_eq(store_case_numbers(store, arena, two, &numbers), 1);
	ck_assert(!numbers[0].bound);
	ck_assert_int_eq(only_deadline(one)->state, DEADLINE_PENDING);
	ck_assert(store_takes_part(store, "a@x", &one, 1));
	ck_assert(!store_takes_part(store, "a@x", &two, 1));
}
END_TEST

START_TEST(once_and_the_last_first)
{
	struct store_undone act;

	ck_assert(!store_undo_last(store, arena, two, &act));
	merge_one_into_two();
	take_back(two);
	ck_assert(!store_undo_last(store, arena, two, &act));
	merge_one_into_two();
	ck_assert(store_undo_last(store, arena, two, &act));
	ck_assert_str_eq(act.what, "case 1 merged into case 2");
	ck_assert_int_eq(act.other, one);
	ck_assert_int_eq(act.last, mail_two);
}
END_TEST

/* Of what has happened since, nothing is lost. */
START_TEST(what_came_since_stays)
{
	struct store_undone act;
	int64_t late, *ids;

	merge_one_into_two();
	begin();
	late = add_mail("<late@x>", 3);
	store_case_message_add(store, two, late);
	store_deadline_meet(store, two, DEADLINE_CONTACT, late);
	store_case_party_add(store, two, "b@x");
	commit();
	ck_assert(store_undo_last(store, arena, two, &act));
	ck_assert_uint_eq(store_undo_stays(store, arena, &act, &ids), 1);
	ck_assert_int_eq(ids[0], late);
	take_back(two);
	/* A deadline that was met is met, and again the other case's. */
	ck_assert_int_eq(store_case_get(store, arena, two)->messages, 2);
	ck_assert(store_takes_part(store, "b@x", &two, 1));
	ck_assert_int_eq(only_deadline(one)->state, DEADLINE_MET);
}
END_TEST

/* The phase follows a tick since then, and whose it is a person's word: the rest was the merging's. */
START_TEST(what_was_not_changed_since_goes_back)
{
	struct record_case *record, before;

	before = *store_case_get(store, arena, two);
	begin_merge();
	record = store_case_get(store, arena, two);
	record->stage = STAGE_DETAILS;
	record->trust = TRUST_VERIFIED;
	record->coordinator = "JPCERT";
	store_case_update(store, record);
	end_merge();
	begin();
	record = store_case_get(store, arena, two);
	record->phase = PHASE_INVESTIGATE;
	record->assignee = "officer";
	store_case_update(store, record);
	commit();
	take_back(two);
	record = store_case_get(store, arena, two);
	ck_assert_int_eq(record->stage, before.stage);
	ck_assert_int_eq(record->trust, before.trust);
	ck_assert_str_eq(record->coordinator, before.coordinator);
	ck_assert_int_eq(record->phase, PHASE_INVESTIGATE);
	ck_assert_str_eq(record->assignee, "officer");
}
END_TEST

/* The merged case was closed, and with it the deadline of what was another matter after all. */
START_TEST(a_closing_in_between)
{
	struct record_case *record;

	merge_one_into_two();
	begin();
	record = store_case_get(store, arena, two);
	record->state = CASE_CLOSED;
	store_case_update(store, record);
	ck_assert_int_eq(store_deadlines_end(store, two, NOW), 1);
	commit();
	take_back(two);
	ck_assert_int_eq(store_case_get(store, arena, one)->state, CASE_OPEN);
	ck_assert_int_eq(store_case_get(store, arena, two)->state, CASE_CLOSED);
	ck_assert_int_eq(only_deadline(one)->state, DEADLINE_PENDING);
}
END_TEST

START_TEST(a_case_that_was_split_off)
{
	struct store_undone act = { .kind = STORE_UNDO_SPLIT, .case_id = one, .what = "split" };
	struct record_case record = case_record();

	begin();
	undo = store_undo_begin(store, arena, &act);
	act.other = store_case_add(store, &record);
	store_case_message_move(store, one, act.other, mail_one);
	store_undo_keep(store, arena, undo, &act);
	commit();
	ck_assert(store_undo_last(store, arena, one, &act));
	ck_assert(store_undo_fits(store, &act));
	begin();
	store_case_merge(store, act.other, two, NOW);
	commit();
	ck_assert(!store_undo_fits(store, &act));
}
END_TEST

static Suite *
suite_undo(void)
{
	Suite *suite = suite_create("store_undo");
	TCase *tests = tcase_create("store_undo");

	tcase_add_checked_fixture(tests, set_up_cases, tear_down);
	tcase_add_test(tests, all_is_as_it_was);
	tcase_add_test(tests, once_and_the_last_first);
	tcase_add_test(tests, what_came_since_stays);
	tcase_add_test(tests, what_was_not_changed_since_goes_back);
	tcase_add_test(tests, a_closing_in_between);
	tcase_add_test(tests, a_case_that_was_split_off);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_undo());
}
