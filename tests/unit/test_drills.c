/*
 * What the store knows of drills, when the daemon and a tool both end one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/drills.h"

#include "port/conf.h"

#include "test_store.h"

static struct policy_desk policy_desk = { .title = "www", .address = "security@example.jp",
	.key = "0123456789ABCDEF0123456789ABCDEF01234567", .time_zone = "Asia/Tokyo" };
static struct conf_desk conf_desk;
static struct conf conf = { .policy = { .desks = &policy_desk, .desk_count = 1 }, .desks = &conf_desk };

static int64_t
begin_drill(int64_t now)
{
	const struct drill drill = { .number = 12345678, .key = policy_desk.key, .until = now + HOUR };

	return drills_begin(store, &conf, 0, &drill,
		arena_printf(arena, "<drill%lld@example.jp>", (long long)now), "sealed", 6, now);
}

static void
end(int64_t question, const char *fault, int64_t now)
{
	const struct drill_end how = { question, "DRILL#12345678", fault, "officer" };

	drills_end(store, &conf, 0, &how, now);
}

static size_t
log_count(void)
{
	struct record_log *list;

	return store_log_list(store, arena, 0, &list);
}

START_TEST(test_passed)
{
	int64_t passed, last;
	struct drill drill;

	begin();
	end(begin_drill(NOW), NULL, NOW + SECOND);
	commit();
	ck_assert(!drills_get(store, arena, "www", &drill));
	drills_last(store, "www", &passed, &last);
	ck_assert_int_eq(passed, NOW + SECOND);
	ck_assert_int_eq(last, NOW + SECOND);
}
END_TEST

/* Its tool slept past its time, and the daemon ended it: that stays so. */
START_TEST(test_ended_already)
{
	int64_t passed, last, question;
	size_t count;

	begin();
	question = begin_drill(NOW);
	ck_assert(drills_end_dead(store, &conf, 0, NOW + DAY, "madoguchid"));
	count = log_count();
	end(question, NULL, NOW + DAY + SECOND);
	commit();
	drills_last(store, "www", &passed, &last);
	ck_assert_int_eq(passed, 0);
	ck_assert_int_eq(last, NOW + DAY);
	ck_assert_uint_eq(log_count(), count);
}
END_TEST

/* Another one is under way by then. */
START_TEST(test_another)
{
	int64_t passed, last, question;
	struct drill drill;

	begin();
	question = begin_drill(NOW);
	ck_assert(drills_end_dead(store, &conf, 0, NOW + DAY, "madoguchid"));
	begin_drill(NOW + DAY);
	end(question, "it is late", NOW + DAY + SECOND);
	commit();
	drills_last(store, "www", &passed, &last);
	ck_assert_int_eq(last, NOW + DAY);
	ck_assert(drills_get(store, arena, "www", &drill));
}
END_TEST

/* One that failed before it began is on record all the same. */
START_TEST(test_not_begun)
{
	int64_t passed, last;

	begin();
	end(0, "no key", NOW);
	commit();
	drills_last(store, "www", &passed, &last);
	ck_assert_int_eq(last, NOW);
}
END_TEST

static Suite *
suite_drills(void)
{
	Suite *suite = suite_create("drills");
	TCase *tcase = tcase_create("drills");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_passed);
	tcase_add_test(tcase, test_ended_already);
	tcase_add_test(tcase, test_another);
	tcase_add_test(tcase, test_not_begun);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_drills());
}
