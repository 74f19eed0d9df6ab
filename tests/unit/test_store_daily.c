/*
 * store_daily(): what a digest is told of a desk, and of no other; what came before, after,
 * or late.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

static int64_t first_case, second_case;

static int64_t
put_case(const char *desk, const char *number, bool bound)
{
	struct record_case record = case_record();
	int64_t id;

	record.desk = desk;
	record.opened_at = NOW - 10 * DAY;
	record.assignee = "officer";
	id = store_case_add(store, &record);
	if (number != NULL)
		store_case_number_add(store, id, "IPA", number, bound);
	return id;
}

static int64_t
put_message(const char *desk, const char *name, enum mail_kind kind, int64_t received_at,
	int64_t case_id)
{
	struct record_message message = message_record(name);
	int64_t id;

	message.desk = desk;
	message.kind = kind;
	message.received_at = received_at;
	message.unfiled = case_id == 0 && kind == KIND_CORRESPONDENCE;
	message.direction = kind >= KIND_ACKNOWLEDGEMENT ? DIRECTION_OUT : DIRECTION_IN;
	id = store_message_add(store, &message, NULL, 0);
	if (case_id != 0)
		store_case_message_add(store, case_id, id);
	return id;
}

static void
put_entry(const char *desk, const char *name, enum outbox_state state, int64_t case_id)
{
	struct record_outbox entry = outbox_record(name);

	entry.desk = desk;
	entry.case_id = case_id;
	entry.state = state;
	entry.hold_why = state == OUTBOX_HELD ? "why" : NULL;
	entry.id = store_outbox_add(store, &entry);
	if (state != OUTBOX_SENT)
		return;
	entry.sent_at = NOW - HOUR;
	entry.smtp_reply = "250 ok";
	entry.sha256 = "abcd";
	store_outbox_update(store, &entry);
}

static struct daily
read_daily(const char *desk, int64_t until, int64_t after, size_t limit)
{
	struct store_daily want = { .desk = desk, .since = NOW - DAY, .now = NOW, .after = after,
		.until = until, .soon_until = NOW + 3 * DAY, .limit = limit };
	struct daily daily;

	store_daily(store, arena, &want, &daily);
	ck_assert_msg(store_fault(store, &err) == DONE, "%s", err.text);
	return daily;
}

static void
setup(void)
{
	set_up_memory();
	ck_assert(store_begin(store, &err) == DONE);
	first_case = put_case("www", "IPA#1", true);
	second_case = put_case("www", "IPA#2", false);
	put_case("mail", "IPA#3", true);
}

static void
done(void)
{
	ck_assert_msg(store_commit(store, &err) == DONE, "%s", err.text);
}

START_TEST(test_owed)
{
	int64_t mail = put_message("www", "<m@x>", KIND_DETAILS, NOW - 2 * DAY, first_case);
	struct daily daily;

	store_deadline_open(store, first_case, DEADLINE_INVESTIGATION, NOW + 10 * DAY, SOURCE_RULE, mail);
	store_deadline_open(store, first_case, DEADLINE_CONTACT, NOW - DAY, SOURCE_STAFF, 0);
	store_deadline_open(store, second_case, DEADLINE_CONTACT, NOW - SECOND + 1, SOURCE_RULE, 0);
	store_deadline_open(store, second_case, DEADLINE_FINDER, NOW + 3 * DAY, SOURCE_RULE, 0);
	store_deadline_open(store, 3, DEADLINE_FINDER, NOW, SOURCE_RULE, 0); /* of another desk */
	store_deadline_open(store, second_case, DEADLINE_ENCRYPTION, NOW, SOURCE_RULE, 0);
	store_deadline_meet(store, second_case, DEADLINE_ENCRYPTION, 0);
	store_incident_open(store, first_case, NOW - 3 * DAY, "officer");
	store_incident_due(store, first_case, "authority-report", NOW + 2 * DAY);
	store_incident_due(store, first_case, "stop-site", NOW + DAY);
	store_tick(store, first_case, "stop-site", NOW, "officer");
	done();
	daily = read_daily("www", NOW, -1, 3);
	ck_assert_int_eq(daily.owed_all, 5);
	ck_assert_int_eq(daily.overdue, 1); /* the last second is still in time */
	ck_assert_int_eq(daily.soon, 3);
	ck_assert_uint_eq(daily.owed_count, 3);
	ck_assert_int_eq(daily.owed[0].kind, DEADLINE_CONTACT);
	ck_assert_int_eq(daily.owed[0].began, NOW - 10 * DAY);
	ck_assert_str_eq(daily.owed[0].of.number, "IPA#1");
	ck_assert(daily.owed[0].of.bound);
	ck_assert_ptr_null(daily.owed[0].item);
	ck_assert_str_eq(daily.owed[0].assignee, "officer");
	ck_assert_int_eq(daily.owed[1].of.id, second_case);
	ck_assert(!daily.owed[1].of.bound);
	ck_assert_str_eq(daily.owed[2].item, "authority-report");
	ck_assert_int_eq(daily.owed[2].began, NOW - 3 * DAY);
	daily = read_daily("www", NOW, -1, 10);
	ck_assert_uint_eq(daily.owed_count, 5);
	ck_assert_int_eq(daily.owed[4].began, NOW - 2 * DAY); /* when its mail came */
}
END_TEST

START_TEST(test_came)
{
	int64_t last = put_message("www", "<1@x>", KIND_DETAILS, NOW - 3 * DAY, first_case);
	struct daily daily;

	put_message("www", "<2@x>", KIND_DETAILS, NOW - HOUR, first_case);
	put_message("www", "<3@x>", KIND_CORRESPONDENCE, NOW - 2 * HOUR, 0);
	put_message("www", "<4@x>", KIND_UNRELATED, NOW - 2 * HOUR, 0);
	put_message("www", "<5@x>", KIND_OWN, NOW - 2 * HOUR, 0);
	put_message("mail", "<6@x>", KIND_DETAILS, NOW - HOUR, 3);
	put_message("www", "<7@x>", KIND_CORRESPONDENCE, NOW - 2 * DAY, 0);	/* late */
	put_message("www", "<8@x>", KIND_DETAILS, NOW - 20 * DAY, first_case);	/* an old one, filed now */
	put_message("www", "<9@x>", KIND_DETAILS, NOW + DAY, first_case);	/* of a clock that is wrong */
	done();
	daily = read_daily("www", NOW, -1, 1);
	ck_assert_int_eq(daily.came_all, 2);
	ck_assert_uint_eq(daily.came_count, 1);
	ck_assert_int_eq(daily.came[0].received_at, NOW - HOUR);
	ck_assert_str_eq(daily.came[0].of.number, "IPA#1");
	ck_assert_int_eq(daily.unrelated, 1);
	ck_assert_int_eq(daily.unfiled_all, 2);
	ck_assert_uint_eq(daily.unfiled_count, 1);
	ck_assert_int_eq(daily.unfiled[0].of.id, 0);
	ck_assert_int_eq(daily.newest, last + 8);
	/* One that is told once for all tells what is dated ahead too: the next begins behind it. */
	daily = read_daily("www", INT64_MAX, -1, 10);
	ck_assert_int_eq(daily.came_all, 3);
	ck_assert_int_eq(daily.unfiled_all, 2);
	/* Behind the last digest's last message all is new, whatever its date. */
	daily = read_daily("www", INT64_MAX, last, 10);
	ck_assert_int_eq(daily.came_all, 5);
	ck_assert_int_eq(daily.came[0].received_at, NOW + DAY);
	ck_assert_int_eq(daily.came[4].received_at, NOW - 20 * DAY);
	daily = read_daily("www", INT64_MAX, last + 1, 10);
	ck_assert_int_eq(daily.came_all, 4);
	daily = read_daily("www", INT64_MAX, daily.newest, 10);
	ck_assert_int_eq(daily.came_all + daily.unrelated, 0);
	daily = read_daily("www", INT64_MAX, 0, 10);
	ck_assert_int_eq(daily.came_all, 6);
}
END_TEST

START_TEST(test_letters)
{
	struct daily daily;

	put_entry("www", "<a@x>", OUTBOX_SENT, first_case);
	put_message("www", "<a@x>", KIND_REPLY, NOW - HOUR, first_case);
	put_message("www", "<s@x>", KIND_STAFF, NOW - 2 * HOUR, first_case);
	put_message("www", "<b@x>", KIND_REPLY, NOW - 2 * DAY, first_case);
	put_entry("www", "<c@x>", OUTBOX_HELD, second_case);
	put_entry("www", "<d@x>", OUTBOX_QUEUED, 0);
	put_entry("www", "<e@x>", OUTBOX_FAILED, 0);
	put_entry("www", "<f@x>", OUTBOX_DROPPED, 0);
	put_entry("mail", "<g@x>", OUTBOX_HELD, 3);
	done();
	daily = read_daily("www", NOW, -1, 10);
	ck_assert_int_eq(daily.sent_all, 2);
	ck_assert_uint_eq(daily.sent_count, 2);
	ck_assert_str_eq(daily.sent[0].reply, "250 ok");
	ck_assert_str_eq(daily.sent[0].sha256, "abcd");
	ck_assert_str_eq(daily.sent[0].of.number, "IPA#1");
	ck_assert_int_eq(daily.sent[0].sent_at, NOW - HOUR);
	ck_assert_int_eq(daily.sent[1].kind, KIND_STAFF);
	ck_assert_int_eq(daily.sent[1].entry, 0);
	ck_assert_ptr_null(daily.sent[1].reply);
	ck_assert_uint_eq(daily.stuck_count, 2);
	ck_assert_int_eq(daily.stuck[0].state, OUTBOX_HELD);
	ck_assert_str_eq(daily.stuck[0].why, "why");
	ck_assert_int_eq(daily.stuck[1].state, OUTBOX_FAILED);
	ck_assert_int_eq(daily.stuck[1].of.id, 0);
	ck_assert_int_eq(daily.outbox[OUTBOX_HELD], 1);
	ck_assert_int_eq(daily.outbox[OUTBOX_QUEUED], 1);
	ck_assert_int_eq(daily.outbox[OUTBOX_FAILED], 1);
	ck_assert_int_eq(daily.outbox[OUTBOX_DROPPED], 0);
}
END_TEST

START_TEST(test_progress)
{
	struct record_case *record = store_case_get(store, arena, second_case);
	struct daily daily;

	record->phase = PHASE_ASSESS;
	store_case_update(store, record);
	store_tick(store, first_case, "1.1", NOW, "officer");
	store_tick(store, first_case, "1.2", NOW, "officer");
	store_tick(store, second_case, "3.1", NOW, "officer");
	store_tick(store, second_case, "tell-users", NOW, "officer"); /* no item of the checklist */
	store_log(store, first_case, NOW, "officer", "x");
	done();
	daily = read_daily("www", NOW, -1, 10);
	ck_assert_int_eq(daily.progress[PHASE_RECEIVE].cases, 1);
	ck_assert_int_eq(daily.progress[PHASE_RECEIVE].ticks, 2);
	ck_assert_int_eq(daily.progress[PHASE_ASSESS].cases, 1);
	ck_assert_int_eq(daily.progress[PHASE_ASSESS].ticks, 1);
	ck_assert_int_eq(daily.progress[PHASE_REPORT].cases, 0);
	ck_assert_uint_eq(strlen(daily.log_head), 64);
	ck_assert_int_eq(daily.now, NOW);
	/* A desk of which nothing is on record. */
	daily = read_daily("none", NOW, -1, 10);
	ck_assert_int_eq(daily.owed_all + daily.came_all + daily.sent_all, 0);
}
END_TEST

static const char *
forward_params(int64_t message)
{
	return arena_printf(arena, "carries: %lld\nmessage: %lld\nkind: details\n", (long long)message,
		(long long)message);
}

/* A vendor is told of what was forwarded there, or is the vendor's to do, and of nothing else. */
START_TEST(test_outsider)
{
	struct store_daily want = { .desk = "www", .since = NOW - DAY, .now = NOW, .after = -1, .until = INT64_MAX,
		.soon_until = NOW + 3 * DAY, .limit = 10, .only = "maker" };
	int64_t third = put_case("www", "IPA#4", true), fourth, both;
	struct record_case *record = store_case_get(store, arena, third);
	struct record_outbox forward = outbox_record("<f@x>");
	struct daily daily;

	store_deadline_open(store, first_case, DEADLINE_CONTACT, NOW - DAY, SOURCE_RULE, 0);
	store_deadline_open(store, second_case, DEADLINE_CONTACT, NOW - DAY, SOURCE_RULE, 0);
	store_deadline_open(store, third, DEADLINE_FINDER, NOW + DAY, SOURCE_RULE, 0);
	store_incident_open(store, first_case, NOW - DAY, "officer");
	store_incident_due(store, first_case, "stop-site", NOW + DAY);
	both = put_message("www", "<1@x>", KIND_DETAILS, NOW - HOUR, first_case);
	store_case_message_add(store, second_case, both);
	put_message("www", "<2@x>", KIND_DETAILS, NOW - HOUR, first_case);
	put_message("www", "<3@x>", KIND_CORRESPONDENCE, NOW - HOUR, 0);
	put_message("www", "<4@x>", KIND_UNRELATED, NOW - HOUR, 0);
	put_entry("www", "<5@x>", OUTBOX_SENT, first_case);
	put_message("www", "<5@x>", KIND_REPLY, NOW - HOUR, first_case);
	put_entry("www", "<6@x>", OUTBOX_HELD, first_case);
	forward.desk = "www";
	forward.case_id = second_case;
	forward.kind = KIND_FORWARD;
	forward.staff = "maker";
	forward.params = forward_params(both);
	forward.state = OUTBOX_QUEUED;
	forward.id = store_outbox_add(store, &forward);
	/* Nothing has gone there yet. */
	store_daily(store, arena, &want, &daily);
	ck_assert_int_eq(daily.owed_all + daily.came_all + daily.sent_all + daily.unfiled_all, 0);
	forward.state = OUTBOX_SENT;
	store_outbox_update(store, &forward);
	record->assignee = "maker";
	store_case_update(store, record);
	done();
	store_daily(store, arena, &want, &daily);
	ck_assert_msg(store_fault(store, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(daily.owed_count, 2);
	ck_assert_int_eq(daily.owed_all, 2);
	ck_assert_int_eq(daily.overdue, 1);
	ck_assert_int_eq(daily.owed[0].of.id, second_case);
	ck_assert_int_eq(daily.owed[1].of.id, third);
	/* Of a mail of two cases that which is told. */
	ck_assert_int_eq(daily.came_all, 1);
	ck_assert_uint_eq(daily.came_count, 1);
	ck_assert_int_eq(daily.came[0].id, both);
	ck_assert_int_eq(daily.came[0].of.id, second_case);
	ck_assert_int_eq(daily.sent_all, 0);
	ck_assert_uint_eq(daily.sent_count, 0);
	ck_assert_uint_eq(daily.stuck_count, 0);
	ck_assert_int_eq(daily.outbox[OUTBOX_HELD], 0);
	ck_assert_int_eq(daily.unfiled_all + daily.unrelated, 0);
	ck_assert_int_eq(daily.progress[PHASE_RECEIVE].cases, 2);
	/* The mail is moved into another case: that one is the vendor's now. */
	begin();
	fourth = put_case("www", "IPA#5", true);
	store_deadline_open(store, fourth, DEADLINE_CONTACT, NOW - HOUR, SOURCE_RULE, 0);
	store_case_message_move(store, second_case, fourth, both);
	store_case_message_remove(store, first_case, both);
	put_message("www", "<7@x>", KIND_DETAILS, NOW - HOUR, second_case);
	done();
	store_daily(store, arena, &want, &daily);
	ck_assert_int_eq(daily.owed_all, 2);
	ck_assert_int_eq(daily.owed[0].of.id, fourth);
	ck_assert_int_eq(daily.owed[1].of.id, third);
	ck_assert_int_eq(daily.came_all, 1);
	ck_assert_int_eq(daily.came[0].of.id, fourth);
	ck_assert_int_eq(daily.progress[PHASE_RECEIVE].cases, 2);
	/* Another vendor of another house. */
	want.only = "other";
	store_daily(store, arena, &want, &daily);
	ck_assert_int_eq(daily.owed_all + daily.came_all + daily.sent_all, 0);
	ck_assert_int_eq(daily.progress[PHASE_RECEIVE].cases, 0);
}
END_TEST

START_TEST(test_marks)
{
	store_digest_sent(store, "www", "officer", NOW);
	store_digest_sent(store, "www", "officer", NOW + 2 * DAY);
	ck_assert_int_eq(store_digest_last(store, "www", "officer", NOW - 1), 0);
	ck_assert_int_eq(store_digest_last(store, "www", "officer", NOW), NOW);
	ck_assert_int_eq(store_digest_last(store, "www", "officer", NOW + DAY), NOW);
	ck_assert_int_eq(store_digest_last(store, "www", "officer", NOW + 2 * DAY), NOW + 2 * DAY);
	ck_assert_int_eq(store_digest_last(store, "www", "other", NOW), 0);
	done();
}
END_TEST

static Suite *
suite_daily(void)
{
	Suite *suite = suite_create("store_daily");
	TCase *tcase = tcase_create("store_daily");

	tcase_add_checked_fixture(tcase, setup, tear_down);
	tcase_add_test(tcase, test_owed);
	tcase_add_test(tcase, test_came);
	tcase_add_test(tcase, test_letters);
	tcase_add_test(tcase, test_progress);
	tcase_add_test(tcase, test_outsider);
	tcase_add_test(tcase, test_marks);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_daily());
}
