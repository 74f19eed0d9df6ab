/*
 * Alerts in the outbox: which wait, which are letters, which one begins a case's thread;
 * an outbox that stands; what was told of a key's end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

static int64_t
add_alert(const char *message_id, const char *staff, int64_t case_id, int64_t created, int64_t next)
{
	struct record_outbox entry = outbox_record(message_id);

	entry.kind = KIND_ALERT;
	entry.staff = staff;
	entry.case_id = case_id;
	entry.created_at = created;
	entry.next_try_at = next;
	entry.params = "alert: new-case\nnumber: IPA#1\n";
	return store_outbox_add(store, &entry);
}

START_TEST(test_waiting)
{
	struct store_alert_queue *queues;
	struct record_outbox *list;
	int64_t case_id, id;

	begin();
	case_id = add_case();
	add_alert("<1>", "officer", case_id, NOW, NOW);
	id = add_alert("<2>", "officer", case_id, NOW + 1, NOW + HOUR);
	add_alert("<3>", "officer", 0, NOW + 5, NOW + HOUR);
	add_alert("<4>", "boss", 0, NOW, NOW);
	add_outbox("<5>");
	commit();
	ck_assert(store_alerts_wait(store, "officer"));
	ck_assert(!store_alerts_wait(store, "boss"));
	ck_assert_int_eq(store_alert_letters(store, "officer", NOW - 1, NOW + 9), 1);
	ck_assert_int_eq(store_alert_letters(store, "officer", NOW, NOW + 9), 0);
	ck_assert_uint_eq(store_alert_queues(store, arena, &queues), 1);
	ck_assert_str_eq(queues[0].staff, "officer");
	ck_assert_str_eq(queues[0].desk, "www");
	ck_assert_int_eq(queues[0].first, NOW + 1);
	ck_assert_int_eq(queues[0].last, NOW + 5);
	ck_assert_uint_eq(store_alerts_waiting(store, arena, "officer", "www", 10, &list), 2);
	ck_assert_int_eq(list[0].id, id);
	ck_assert_int_eq(list[0].case_id, case_id);
	ck_assert_str_eq(list[0].params, "alert: new-case\nnumber: IPA#1\n");
	ck_assert_uint_eq(store_alerts_waiting(store, arena, "officer", "www", 1, &list), 1);
	ck_assert_uint_eq(store_alerts_unsent(store, arena, "www", 10, &list), 4);

	/* One is told in a summary, one goes by itself. */
	begin();
	store_outbox_drop(store, id, "told together with others, outbox 9");
	store_alert_release(store, id + 1, NOW + 60);
	commit();
	ck_assert(!store_alerts_wait(store, "officer"));
	ck_assert_int_eq(store_alert_letters(store, "officer", NOW - 1, NOW + 9), 2);
	ck_assert_uint_eq(store_alerts_unsent(store, arena, "www", 10, &list), 3);
	no_fault();
}
END_TEST

START_TEST(test_summary)
{
	struct record_outbox entry = outbox_record("<s>");

	entry.kind = KIND_ALERT;
	entry.staff = "officer";
	entry.params = "alert: several\ncount: 3\n";
	begin();
	store_outbox_add(store, &entry);
	add_alert("<1>", "officer", 0, NOW + 7, NOW + 7);
	commit();
	ck_assert_int_eq(store_alert_summary(store, "officer", NOW - 1, NOW), NOW);
	ck_assert_int_eq(store_alert_summary(store, "officer", NOW, NOW + 9), 0);
	ck_assert_int_eq(store_alert_summary(store, "boss", NOW - 1, NOW), 0);
	/* A clock that was ahead made it: it is none yet. */
	ck_assert_int_eq(store_alert_summary(store, "officer", NOW - 9, NOW - 1), 0);
	ck_assert_int_eq(store_alert_letters(store, "officer", NOW - 9, NOW - 1), 0);
	no_fault();
}
END_TEST

/* The first letter of the case to the person; not what waits, or was told elsewhere. */
START_TEST(test_thread)
{
	int64_t case_id, other, dropped;

	begin();
	case_id = add_case();
	other = add_case();
	dropped = add_alert("<1>", "officer", case_id, NOW, NOW + HOUR);
	store_outbox_drop(store, dropped, "told");
	add_alert("<2>", "officer", case_id, NOW, NOW + HOUR);
	add_alert("<3>", "boss", case_id, NOW, NOW);
	add_alert("<4>", "officer", other, NOW, NOW);
	commit();
	ck_assert_ptr_null(store_alert_thread(store, arena, case_id, "officer"));
	ck_assert_str_eq(store_alert_thread(store, arena, case_id, "boss"), "<3>");
	begin();
	add_alert("<5>", "officer", case_id, NOW, NOW);
	add_alert("<6>", "officer", case_id, NOW, NOW);
	commit();
	ck_assert_str_eq(store_alert_thread(store, arena, case_id, "officer"), "<5>");
	/* A case that became part of another brings its thread along. */
	begin();
	store_case_merge(store, other, case_id, NOW);
	commit();
	ck_assert_str_eq(store_alert_thread(store, arena, case_id, "officer"), "<4>");
	no_fault();
}
END_TEST

static void
tried(const char *message_id, enum outbox_state state, int64_t first_try, int64_t sent)
{
	struct record_outbox entry = outbox_record(message_id);

	begin();
	entry.id = store_outbox_add(store, &entry);
	entry.state = state;
	entry.first_try_at = first_try;
	entry.next_try_at = NOW + DAY;
	entry.sent_at = sent;
	entry.last_error = message_id;
	store_outbox_update(store, &entry);
	commit();
}

/* An outbox stands when all that was tried since the last success has failed. */
START_TEST(test_stuck)
{
	struct store_stuck stuck = { 0 };

	ck_assert(!store_outbox_stuck(store, arena, "www", NOW, &stuck));
	tried("<late>", OUTBOX_DEFERRED, NOW + 100, 0);
	tried("<early>", OUTBOX_DEFERRED, NOW + 50, 0);
	ck_assert(store_outbox_stuck(store, arena, "www", NOW + HOUR, &stuck));
	ck_assert_int_eq(stuck.since, NOW + 50);
	ck_assert_int_eq(stuck.count, 2);
	ck_assert_str_eq(stuck.last_error, "<early>");
	ck_assert(!store_outbox_stuck(store, arena, "other", NOW + HOUR, &stuck));
	ck_assert_int_eq(store_outbox_sent_last(store, "www", NOW + 99), 0);
	/* One that a server took in between: the first is a matter of its own. */
	tried("<sent>", OUTBOX_SENT, NOW + 60, NOW + 60);
	ck_assert_int_eq(store_outbox_sent_last(store, "www", NOW + 99), NOW + 60);
	ck_assert_int_eq(store_outbox_sent_last(store, "www", NOW + 59), 0);
	ck_assert(store_outbox_stuck(store, arena, "www", NOW + HOUR, &stuck));
	ck_assert_int_eq(stuck.since, NOW + 100);
	ck_assert_int_eq(stuck.count, 1);
	tried("<again>", OUTBOX_SENT, NOW + 200, NOW + 200);
	ck_assert(!store_outbox_stuck(store, arena, "www", NOW + HOUR, &stuck));
	/* What was never tried counts from when it was due; what is to go later does not. */
	begin();
	add_alert("<waits>", "officer", 0, NOW + 300, NOW + 3 * HOUR);
	commit();
	ck_assert(!store_outbox_stuck(store, arena, "www", NOW + HOUR, &stuck));
	ck_assert(store_outbox_stuck(store, arena, "www", NOW + 4 * HOUR, &stuck));
	ck_assert_int_eq(stuck.since, NOW + 3 * HOUR);
	no_fault();
}
END_TEST

START_TEST(test_key_told)
{
	begin();
	add_outbox("<1>");
	store_key_tell(store, "www", "A", NOW + DAY, EXPIRY_7, NOW);
	commit();
	ck_assert_int_eq(store_key_told(store, "www", "A", NOW + DAY), EXPIRY_7);
	ck_assert_int_eq(store_key_told(store, "www", "A", NOW + 2 * DAY), EXPIRY_NONE);
	ck_assert_int_eq(store_key_told(store, "www", "B", NOW + DAY), EXPIRY_NONE);
	ck_assert_int_eq(store_key_told(store, "other", "A", NOW + DAY), EXPIRY_NONE);
	begin();
	store_key_tell(store, "www", "A", NOW + 2 * DAY, EXPIRY_90, NOW);
	commit();
	ck_assert_int_eq(store_key_told(store, "www", "A", NOW + 2 * DAY), EXPIRY_90);
	ck_assert_int_eq(store_key_told(store, "www", "A", NOW + DAY), EXPIRY_NONE);
	no_fault();
}
END_TEST

static Suite *
suite_store_alert(void)
{
	Suite *suite = suite_create("store_alert");
	TCase *tcase = tcase_create("store_alert");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_waiting);
	tcase_add_test(tcase, test_summary);
	tcase_add_test(tcase, test_thread);
	tcase_add_test(tcase, test_stuck);
	tcase_add_test(tcase, test_key_told);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_alert());
}
