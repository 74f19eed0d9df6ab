/*
 * Every list that is asked for is found by an index: all statements that the
 * store has prepared are explained, and none may walk through a large table. What a digest
 * counts is read from the disk once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

#include "../../src/port/store/private.h"
#include "port/store_undo.h"

#define CASES 3000

static const char *site_names[] = { "https://www.example.jp" };
static const struct policy_desk desks[] = { { .title = "www", .sites = { 1, site_names } } };
static const struct policy_coordinator coordinators[] = { { .name = "IPA" } };
static const struct policy policy = {
	.desks = desks, .desk_count = 1, .coordinators = coordinators, .coordinator_count = 1
};

/* All that reads by case, by message, by time or by name. */
static void
read_everything(int64_t case_id, int64_t message)
{
	static struct decide_case candidates[DECIDE_CASES];
	static const char *const words[] = { "<a@x>" };
	struct store_case_filter filter = { .open = true, .desk = "www", .now = NOW };
	struct record_message *messages;
	struct record_deadline *deadlines;
	struct store_reminder *reminders;
	struct store_open_deadline *open;
	struct record_outbox *entries;
	struct record_case *cases;
	struct record_tick *ticks;
	struct record_log *logs;
	struct record_incident incident;
	struct record_number *numbers;
	struct record_finder *finders;
	struct record_merged *merged;
	struct daily daily;
	uint32_t uid_validity, uid;
	struct store_alert_queue *queues;
	struct store_stuck stuck;
	unsigned char hash[32] = { 0 };
	char *text, *other;
	int64_t *ids;
	size_t len;
	bool boxed;

	store_message_by_hash(store, "www", hash);
	store_place_get(store, arena, message, &text, &other, &uid_validity, &uid);
	store_message_raw(store, arena, message, &text, &len, &boxed);
	store_message_get(store, arena, message);
	store_message_list(store, arena, STORE_OUT, 0, &messages);
	store_message_list(store, arena, STORE_UNFILED, 0, &messages);
	store_case_messages(store, arena, case_id, &messages);
	store_message_waiting_for_key(store, arena, "www", "0123456789ABCDEF", &ids);
	store_again_list(store, arena, &ids);
	store_wanted(store, arena, "www", &ids);
	store_own_message_id(store, "www", "<a@x>");
	store_case_get(store, arena, case_id);
	store_case_by_number(store, arena, "IPA#1", &ids);
	store_case_list(store, arena, &filter, &cases);
	filter.overdue = true;
	store_case_list(store, arena, &filter, &cases);
	filter.closed = true;
	store_case_list(store, arena, &filter, &cases);
	store_case_bound(store, arena, "IPA#1", &ids);
	store_case_numbers(store, arena, case_id, &numbers);
	store_case_finders(store, arena, case_id, &finders);
	store_case_merged(store, arena, case_id, &merged);
	store_case_resolve(store, case_id);
	store_message_put(store, message);
	store_candidates_by_number(store, arena, &policy, 0, words, 1, candidates);
	store_candidates_by_reference(store, arena, &policy, 0, words, 1, candidates);
	store_candidates_by_site(store, arena, &policy, 0, 0, 1, 0, candidates);
	store_takes_part(store, "a@x", &case_id, 1);
	store_deadlines(store, arena, case_id, &deadlines);
	store_deadlines_pending(store, arena, 10, &deadlines);
	store_reminders(store, arena, "www", NOW, &reminders);
	store_deadlines_open(store, arena, &open);
	store_ticks(store, arena, case_id, &ticks);
	store_incident_get(store, arena, case_id, &incident);
	store_log_list(store, arena, case_id, &logs);
	store_outbox_get(store, arena, 1);
	store_outbox_list(store, arena, OUTBOX_STATES, &entries);
	store_outbox_list(store, arena, OUTBOX_HELD, &entries);
	store_case_outbox(store, arena, case_id, &entries);
	store_outbox_by_message_id(store, "<a@x>");
	store_acknowledged_stages(store, case_id);
	store_doubted_stages(store, case_id);
	store_outbox_doubted(store, arena, case_id, STAGE_DETAILS, &entries);
	store_acknowledged_since(store, "a@x", 0);
	store_digest_last(store, "www", "officer", NOW);
	store_daily(store, arena,
		&(struct store_daily){ .desk = "www", .now = NOW, .after = -1, .limit = 1 }, &daily);
	store_daily(store, arena, &(struct store_daily){ .desk = "www", .now = NOW, .after = -1, .limit = 1,
		.only = "maker" }, &daily);
	store_alerts_wait(store, "officer");
	store_alert_letters(store, "officer", 0, NOW);
	store_alert_summary(store, "officer", 0, NOW);
	store_alert_thread(store, arena, case_id, "officer");
	store_alerts_unsent(store, arena, "www", 10, &entries);
	store_key_told(store, "www", "x", NOW);
	store_outbox_stuck(store, arena, "www", NOW, &stuck);
	store_alert_queues(store, arena, &queues);
	store_alerts_waiting(store, arena, "officer", "www", 10, &entries);
	store_value_get(store, arena, "x");
}

static void
write_everything(void)
{
	struct record_message message = message_record("<a@x>");
	struct record_case record = case_record();
	struct record_outbox entry = outbox_record("<o@x>");
	struct record_deadline deadline;
	struct store_cursor cursor;
	struct store_undone act = { .kind = STORE_UNDO_MERGE, .what = "" };
	struct store_undo *undo;
	int64_t id, case_id, *ids;

	begin();
	store_cursor_get(store, "www", "INBOX", NOW, &cursor);
	store_cursor_set(store, cursor.mailbox, 1, 1);
	store_cursor_passed(store, cursor.mailbox, NOW);
	message.id = id = store_message_add(store, &message, "x", 1);
	store_place_add(store, id, cursor.mailbox, 1, 1);
	store_message_keep(store, id, "x", 1, true);
	store_message_update(store, &message);
	store_message_key_add(store, id, "0123456789ABCDEF");
	store_staff_said(store, id, 1);
	store_flag_again(store, id, true);
	record.id = case_id = store_case_add(store, &record);
	store_case_update(store, &record);
	store_case_number_add(store, case_id, "IPA", "IPA#1", true);
	store_case_site_add(store, case_id, site_names[0]);
	store_case_message_add(store, case_id, id);
	store_case_message_remove(store, case_id, id);
	store_case_party_add(store, case_id, "a@x");
	store_deadline_open(store, case_id, DEADLINE_CONTACT, NOW, SOURCE_STAFF, 0);
	store_deadline_take_over(store, case_id, DEADLINE_CONTACT, NOW, SOURCE_RULE, id);
	store_deadline_meet(store, case_id, DEADLINE_CONTACT, id);
	store_deadlines_end(store, case_id, NOW);
	store_tick(store, case_id, "1.1", NOW, "me");
	store_untick(store, case_id, "1.1");
	store_log(store, case_id, NOW, "me", "x");
	entry.id = store_outbox_add(store, &entry);
	store_outbox_seal(store, entry.id, "x", 1, "", "");
	store_outbox_begin_try(store, entry.id, NOW);
	store_outbox_update(store, &entry);
	store_outbox_recover(store);
	store_key_tell(store, "www", "x", NOW, EXPIRY_90, NOW);
	store_alert_release(store, entry.id, NOW);
	store_case_number_unbind(store, case_id, "IPA#1");
	store_case_number_lead(
		store, arena, case_id, &(struct record_number){ "IPA", "IPA#2", true }, "IPA#1");
	store_case_number_remove(store, case_id, "IPA#2");
	store_case_site_remove(store, case_id, site_names[0]);
	store_case_finder_add(store, case_id, "a@x", NOW);
	store_deadline_meet_stage(store, case_id, DEADLINE_CONTACT, STAGE_CONTACT, id);
	store_deadline_meet_first(store, case_id, DEADLINE_CONTACT, &deadline);
	store_deadline_open(store, case_id, DEADLINE_THEIR_ANSWER, NOW, SOURCE_RULE, id);
	store_deadline_open(store, case_id, DEADLINE_THEIR_ANSWER, NOW + 1, SOURCE_STAFF, 0);
	store_deadline_meet_one(store, 1, id);
	store_deadlines_unmeet(store, case_id, id);
	store_deadline_cancel(store, 1);
	store_deadlines_resume(store, case_id);
	store_case_message_move(store, case_id, case_id, id);
	act.case_id = case_id;
	act.message = id;
	act.other = store_case_add(store, &record);
	undo = store_undo_begin(store, arena, &act);
	store_case_merge(store, act.other, case_id, NOW);
	store_undo_keep(store, arena, undo, &act);
	ck_assert(store_undo_last(store, arena, case_id, &act));
	ck_assert(store_undo_fits(store, &act));
	store_undo_stays(store, arena, &act, &ids);
	store_undo(store, arena, &act, NOW);
	store_case_merge(store, case_id, act.other, NOW);
	read_everything(case_id, id);
	commit();
}

/* These touch what is asked for and no more, though an index or the end of a table is walked. */
static const struct {
	const char *detail, *sql; /* of statements in which that stands */
} walks[] = {
	{ "SCAN m USING INDEX message_out", "m.direction = 1" },
	{ "SCAN m USING INDEX message_unfiled", "m.unfiled = 1" },
	{ "SCAN message USING INDEX message_again", "again = 1" },
	{ "SCAN l USING INDEX deadline_pending", "l.state = 0" },
	{ "SCAN o USING INDEX outbox_uncopied", "o.copied = 0" },
	{ "SCAN outbox USING INDEX outbox_alert_waits", "GROUP BY o.staff" },
	{ "SCAN json_each VIRTUAL TABLE INDEX 1:", "json_each(?" },
	{ "SCAN o", "l.due AS due" }, /* what a subquery of a digest's gave */
	{ "SCAN p", "incident p" }, /* few cases ever are in trouble */
	{ "SCAN log", "SELECT chain FROM log ORDER BY id DESC LIMIT 1" },
};

static bool
may_scan(const char *detail, const char *sql)
{
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		if (strcmp(detail, walks[i].detail) == 0 && strstr(sql, walks[i].sql) != NULL)
			return true;
	}
	return false;
}

/* These are asked at each turn, or may be long: they come out of the index in their order. */
static const char *const unsorted[] = {
	"ORDER BY next_try_at",
	"ORDER BY l.due, l.id LIMIT",
	"ORDER BY c.id",
	"ORDER BY m.received_at / 1000000 DESC",
	"FROM log WHERE case_id",
};

static bool
may_sort(const char *sql)
{
	for (size_t i = 0; i < sizeof(unsorted) / sizeof(unsorted[0]); i++) {
		if (strstr(sql, unsorted[i]) != NULL)
			return strstr(sql, "z.due") != NULL ||	/* overdue ones: few */
				strstr(sql, "m.id BETWEEN") != NULL;	/* what is new: few */
	}
	return true;
}

static void
explain(const char *sql)
{
	char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *stmt;

	ck_assert_int_eq(sqlite3_prepare_v2(store->db, question, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(stmt, 3);

		if (strncmp(detail, "SCAN", 4) == 0)
			ck_assert_msg(may_scan(detail, sql), "%s\n%s", detail, sql);
		if (strcmp(detail, "USE TEMP B-TREE FOR ORDER BY") == 0)
			ck_assert_msg(may_sort(sql), "%s\n%s", detail, sql);
	}
	sqlite3_finalize(stmt);
	sqlite3_free(question);
}

/*
 * A new row is found by nobody: what its plan tells of parents runs only when a constraint was put
 * off.
 */
static bool
is_search(const char *sql)
{
	return strncmp(sql, "PRAGMA", 6) != 0 && strstr(sql, "sqlite_schema") == NULL &&
	       strstr(sql, " VALUES (") == NULL;
}

START_TEST(test_plans)
{
	struct record_outbox *entries;
	size_t statements = 0;

	write_everything();
	store_outbox_due(store, arena, "www", NOW, 10, &entries);
	store_outbox_answering(store, arena, 1, OUTBOX_HELD, &entries);
	store_outbox_next(store, NOW);
	store_outbox_uncopied(store, arena, "www", 10, &entries);
	no_fault();
	for (size_t i = 0; i < STORE_SLOTS; i++) {
		if (store->slots[i].sql != NULL && is_search(store->slots[i].sql)) {
			explain(store->slots[i].sql);
			statements++;
		}
	}
	ck_assert_uint_gt(statements, 60);
	ck_assert_uint_lt(statements, STORE_SLOTS / 2);
}
END_TEST

/* Cases that were opened in another order than that in which they lie. */
static void
open_cases(void)
{
	begin();
	for (int i = 0; i < CASES; i++) {
		struct record_case record = case_record();
		int64_t id;

		record.opened_at = NOW - i * 7919 % CASES * SECOND;
		id = store_case_add(store, &record);
		for (int k = 0; k < 3; k++)
			store_deadline_open(store, id, (enum deadline_kind)k,
				NOW + i * 31 % 180 * DAY, SOURCE_RULE, 0);
		store_tick(store, id, "1.1", NOW, "officer");
	}
	commit();
}

/* With little memory for pages, as a large store has little for each of its own. */
START_TEST(test_pages)
{
	struct daily daily;
	int pages, misses, most;

	open_store();
	open_cases();
	ck_assert_int_eq(store_exec(store, "PRAGMA cache_size = 32"), SQLITE_OK);
	pages = (int)store_ask_int(store, "PRAGMA page_count", "");
	sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_MISS, &misses, &most, 1);
	store_daily(store, arena, &(struct store_daily){ .desk = "www", .now = NOW, .after = -1,
		.soon_until = NOW, .limit = 50 }, &daily);
	sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_MISS, &misses, &most, 0);
	no_fault();
	ck_assert_int_eq(daily.owed_all, 3 * CASES);
	ck_assert_int_lt(misses, 2 * pages);
}
END_TEST

static Suite *
suite_store_plan(void)
{
	Suite *suite = suite_create("store_plan");
	TCase *tcase = tcase_create("store_plan"), *on_disk = tcase_create("on_disk");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_plans);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(on_disk, 60);
	tcase_add_checked_fixture(on_disk, set_up_folder, tear_down);
	tcase_add_test(on_disk, test_pages);
	suite_add_tcase(suite, on_disk);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_plan());
}
