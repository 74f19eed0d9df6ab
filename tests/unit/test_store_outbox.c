/*
 * The outbox: one acknowledgement a stage, what is due, sealed bytes, attempts
 * that a crash cut.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

static int64_t
acknowledge(int64_t case_id, enum stage stage, const char *message_id)
{
	struct record_outbox entry = outbox_record(message_id);

	entry.kind = KIND_ACKNOWLEDGEMENT;
	entry.case_id = case_id;
	entry.stage = stage;
	return store_outbox_add(store, &entry);
}

START_TEST(test_whole_entry)
{
	struct record_outbox in = outbox_record("<a@www>"), *out;
	int64_t id;

	begin();
	in.case_id = add_case();
	in.kind = KIND_FORWARD;
	in.stage = STAGE_DETAILS;
	in.state = OUTBOX_HELD;
	in.next_try_at = NOW + 1;
	in.hold_why = "unverified";
	in.answers = add_message("<b@ipa>");
	in.staff = "vendor";
	in.params = "until: 2026-12-01\n";
	id = store_outbox_add(store, &in);
	commit();
	out = store_outbox_get(store, arena, id);
	ck_assert_int_eq(out->id, id);
	ck_assert_int_eq(out->case_id, in.case_id);
	ck_assert_str_eq(out->desk, "www");
	ck_assert_int_eq(out->kind, KIND_FORWARD);
	ck_assert_int_eq(out->stage, STAGE_DETAILS);
	ck_assert_str_eq(out->to, in.to);
	ck_assert_int_eq(out->state, OUTBOX_HELD);
	ck_assert_int_eq(out->next_try_at, NOW + 1);
	ck_assert_int_eq(out->created_at, NOW);
	ck_assert_str_eq(out->message_id, "<a@www>");
	ck_assert_str_eq(out->hold_why, "unverified");
	ck_assert_int_eq(out->answers, in.answers);
	ck_assert_str_eq(out->staff, "vendor");
	ck_assert_str_eq(out->params, in.params);
	ck_assert(!out->sealed && !out->copied);
	ck_assert_int_eq(out->message, 0);
	ck_assert_ptr_null(out->last_error);
	ck_assert_ptr_null(store_outbox_get(store, arena, id + 1));
	no_fault();
}
END_TEST

START_TEST(test_one_acknowledgement)
{
	struct record_outbox *entry;
	int64_t first, a, b;

	begin();
	a = add_case();
	b = add_case();
	first = acknowledge(a, STAGE_CONTACT, "<1>");
	ck_assert_int_ne(first, 0);
	ck_assert_int_eq(acknowledge(a, STAGE_CONTACT, "<2>"), 0);
	ck_assert_int_ne(acknowledge(a, STAGE_DETAILS, "<3>"), 0);
	ck_assert_int_ne(acknowledge(b, STAGE_CONTACT, "<4>"), 0);
	ck_assert_int_ne(add_outbox("<5>"), 0);
	ck_assert_uint_eq(
		store_acknowledged_stages(store, a), 1u << STAGE_CONTACT | 1u << STAGE_DETAILS);
	commit();
	/* Also across transactions, sent or failed; a dropped one makes room. */
	begin();
	entry = store_outbox_get(store, arena, first);
	entry->state = OUTBOX_SENT;
	store_outbox_update(store, entry);
	ck_assert_int_eq(acknowledge(a, STAGE_CONTACT, "<6>"), 0);
	entry->state = OUTBOX_DROPPED;
	store_outbox_update(store, entry);
	ck_assert_uint_eq(store_acknowledged_stages(store, a), 1u << STAGE_DETAILS);
	ck_assert_int_ne(acknowledge(a, STAGE_CONTACT, "<7>"), 0);
	commit();
	begin();
	entry->state = OUTBOX_QUEUED;
	store_outbox_update(store, entry);
	ck_assert_int_eq(store_commit(store, &err), NEVER);
}
END_TEST

static int64_t
add_mail(const char *name, enum trust trust)
{
	struct record_message message = message_record(name);

	message.trust = trust;
	return store_message_add(store, &message, NULL, 0);
}

/* What is held for a mail that nobody believes stands in no believed one's way. */
START_TEST(test_doubted)
{
	static const struct {
		enum trust trust;	/* of the mail that it answers */
		enum outbox_state state;
		bool doubted;
	} rows[] = {
		{ TRUST_UNVERIFIED, OUTBOX_HELD, true },
		{ TRUST_SUSPECT, OUTBOX_HELD, true },
		{ TRUST_UNVERIFIED, OUTBOX_QUEUED, false },
		{ TRUST_UNVERIFIED, OUTBOX_DEFERRED, false },
		{ TRUST_UNVERIFIED, OUTBOX_SENT, false },
		{ TRUST_UNVERIFIED, OUTBOX_FAILED, false },
		{ TRUST_UNVERIFIED, OUTBOX_DROPPED, false },
		{ TRUST_AUTHENTICATED, OUTBOX_HELD, false },
		{ TRUST_VERIFIED, OUTBOX_HELD, false },
	};
	struct record_outbox entry = outbox_record("<1>"), *list;
	int64_t id;

	entry.kind = KIND_ACKNOWLEDGEMENT;
	entry.stage = STAGE_DETAILS;
	entry.state = rows[_i].state;
	begin();
	entry.case_id = add_case();
	entry.answers = add_mail("<a>", rows[_i].trust);
	id = store_outbox_add(store, &entry);
	ck_assert_uint_eq(store_doubted_stages(store, entry.case_id),
		rows[_i].doubted ? 1u << STAGE_DETAILS : 0);
	ck_assert_uint_eq(store_outbox_doubted(store, arena, entry.case_id, STAGE_CONTACT, &list), 0);
	ck_assert_uint_eq(store_outbox_doubted(store, arena, entry.case_id, STAGE_DETAILS, &list),
		rows[_i].doubted);
	if (rows[_i].doubted)
		ck_assert_int_eq(list[0].id, id);
	/* A letter of that stage that stands beside it, as merging leaves them, is no doubtful one. */
	entry.message_id = "<2>";
	entry.state = OUTBOX_SENT;
	entry.answers = 0;
	id = entry.case_id;
	entry.case_id = add_case();
	store_outbox_add(store, &entry);
	store_case_merge(store, entry.case_id, id, NOW);
	ck_assert_uint_eq(store_doubted_stages(store, id), 0);
	commit();
	no_fault();
}
END_TEST

/* The same Message-ID twice is our own fault, not a second acknowledgement. */
START_TEST(test_message_id_once)
{
	begin();
	ck_assert_int_ne(add_outbox("<1>"), 0);
	ck_assert_int_eq(add_outbox("<1>"), 0);
	ck_assert_int_eq(store_commit(store, &err), NEVER);
}
END_TEST

START_TEST(test_due)
{
	static const struct {
		enum outbox_state state;
		int64_t next;
	} rows[] = {
		{ OUTBOX_QUEUED, NOW + 2 },
		{ OUTBOX_DEFERRED, NOW + 1 },
		{ OUTBOX_QUEUED, NOW + 50 },
		{ OUTBOX_HELD, NOW },
		{ OUTBOX_SENT, NOW },
		{ OUTBOX_FAILED, NOW },
		{ OUTBOX_DROPPED, NOW },
	};
	struct record_outbox *list;
	char name[16];

	begin();
	ck_assert_int_eq(store_outbox_next(store, -1), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record_outbox entry;

		snprintf(name, sizeof(name), "<%zu>", i);
		entry = outbox_record(name);
		entry.state = rows[i].state;
		entry.next_try_at = rows[i].next;
		store_outbox_add(store, &entry);
	}
	commit();
	ck_assert_uint_eq(store_outbox_due(store, arena, "www", NOW, 10, &list), 0);
	ck_assert_uint_eq(store_outbox_due(store, arena, "www", NOW + 2, 10, &list), 2);
	ck_assert_str_eq(list[0].message_id, "<1>");
	ck_assert_str_eq(list[1].message_id, "<0>");
	ck_assert_uint_eq(store_outbox_due(store, arena, "www", NOW + 2, 1, &list), 1);
	ck_assert_int_eq(store_outbox_next(store, -1), NOW + 1);
	/* What is due already and in hand is no reason to wake again. */
	ck_assert_int_eq(store_outbox_next(store, NOW + 2), NOW + 50);
	ck_assert_int_eq(store_outbox_next(store, NOW + 50), 0);
	ck_assert_uint_eq(store_outbox_due(store, arena, "no such desk", NOW + 2, 10, &list), 0);
	ck_assert_uint_eq(store_outbox_list(store, arena, OUTBOX_STATES, &list), 5);
	ck_assert_uint_eq(store_outbox_list(store, arena, OUTBOX_SENT, &list), 1);
	ck_assert_str_eq(list[0].message_id, "<4>");
	ck_assert_uint_eq(store_outbox_list(store, arena, OUTBOX_DROPPED, &list), 1);
	no_fault();
}
END_TEST

START_TEST(test_seal_and_update)
{
	struct record_outbox *before, *entry;
	char *bytes;
	size_t len;
	int64_t id;

	begin();
	id = add_outbox("<1>");
	commit();
	before = store_outbox_get(store, arena, id);
	ck_assert(!store_outbox_bytes(store, arena, id, &bytes, &len));
	begin();
	store_outbox_seal(store, id, "a\0b", 3, "00ff", "AAAA,BBBB");
	commit();
	ck_assert(store_outbox_bytes(store, arena, id, &bytes, &len));
	ck_assert(len == 3 && memcmp(bytes, "a\0b", 3) == 0);
	begin();
	before->state = OUTBOX_SENT;
	before->tries = 2;
	before->sent_at = NOW + 9;
	before->smtp_reply = "250 queued";
	before->copied = true;
	before->message = add_message("<copy>");
	store_outbox_update(store, before);
	commit();
	entry = store_outbox_get(store, arena, id);
	ck_assert(entry->sealed && entry->copied);
	ck_assert_str_eq(entry->sha256, "00ff");
	ck_assert_str_eq(entry->keys, "AAAA,BBBB");
	ck_assert_int_eq(entry->state, OUTBOX_SENT);
	ck_assert_int_eq(entry->tries, 2);
	ck_assert_int_eq(entry->sent_at, NOW + 9);
	ck_assert_str_eq(entry->smtp_reply, "250 queued");
	ck_assert_int_eq(entry->message, before->message);
	begin();
	store_outbox_seal(store, id, "new", 3, "11", "CCCC");
	commit();
	ck_assert(store_outbox_bytes(store, arena, id, &bytes, &len));
	ck_assert(len == 3 && memcmp(bytes, "new", 3) == 0);
	begin();
	store_outbox_unseal(store, id);
	commit();
	ck_assert(!store_outbox_bytes(store, arena, id, &bytes, &len));
	entry = store_outbox_get(store, arena, id);
	ck_assert(!entry->sealed && entry->sha256 == NULL && entry->keys == NULL);
	no_fault();
}
END_TEST

START_TEST(test_drop)
{
	struct record_outbox *list;
	int64_t id, sent;

	begin();
	id = add_outbox("<1>");
	sent = add_outbox("<2>");
	list = store_outbox_get(store, arena, sent);
	list->state = OUTBOX_SENT;
	store_outbox_update(store, list);
	store_outbox_drop(store, id, "not needed");
	store_outbox_drop(store, sent, "too late");
	commit();
	ck_assert_int_eq(store_outbox_get(store, arena, id)->state, OUTBOX_DROPPED);
	ck_assert_str_eq(store_outbox_get(store, arena, id)->last_error, "not needed");
	ck_assert_int_eq(store_outbox_get(store, arena, sent)->state, OUTBOX_SENT);
	ck_assert_uint_eq(store_outbox_list(store, arena, OUTBOX_STATES, &list), 0);
}
END_TEST

/* A cut attempt is no failed try: its count stays, and it is due at once. */
START_TEST(test_recover)
{
	struct record_outbox *entry, *list;
	int64_t cut, finished, sent;

	begin();
	cut = add_outbox("<cut>");
	finished = add_outbox("<finished>");
	sent = add_outbox("<sent>");
	entry = store_outbox_get(store, arena, cut);
	entry->state = OUTBOX_DEFERRED;
	entry->tries = 1;
	entry->next_try_at = NOW + HOUR;
	store_outbox_update(store, entry);
	store_outbox_begin_try(store, cut, NOW);
	store_outbox_begin_try(store, finished, NOW);
	store_outbox_begin_try(store, sent, NOW);
	entry = store_outbox_get(store, arena, finished);
	ck_assert_int_eq(entry->first_try_at, NOW);
	entry->state = OUTBOX_DEFERRED;
	entry->next_try_at = NOW + DAY;
	store_outbox_update(store, entry);
	entry = store_outbox_get(store, arena, sent);
	entry->state = OUTBOX_SENT;
	store_outbox_update(store, entry);
	commit();
	ck_assert_uint_eq(store_outbox_due(store, arena, "www", NOW, 9, &list), 0);
	begin();
	ck_assert_int_eq(store_outbox_recover(store), 1);
	ck_assert_int_eq(store_outbox_recover(store), 0);
	commit();
	ck_assert_uint_eq(store_outbox_due(store, arena, "www", NOW, 9, &list), 1);
	ck_assert_int_eq(list[0].id, cut);
	ck_assert_int_eq(list[0].tries, 1);
	ck_assert_int_eq(list[0].first_try_at, NOW);
	ck_assert_int_eq(store_outbox_next(store, -1), 1);
}
END_TEST

START_TEST(test_uncopied)
{
	struct record_outbox *list;
	int64_t a, b;

	begin();
	a = add_outbox("<a>");
	b = add_outbox("<b>");
	add_outbox("<waits>");
	for (int64_t id = a; id <= b; id++) {
		struct record_outbox *entry = store_outbox_get(store, arena, id);

		entry->state = OUTBOX_SENT;
		entry->copied = id == b;
		store_outbox_update(store, entry);
	}
	commit();
	ck_assert_uint_eq(store_outbox_uncopied(store, arena, "www", 10, &list), 1);
	ck_assert_int_eq(list[0].id, a);
	ck_assert_uint_eq(store_outbox_uncopied(store, arena, "no such desk", 10, &list), 0);
}
END_TEST

START_TEST(test_by_message_id)
{
	int64_t id;

	begin();
	id = add_outbox("<a@www>");
	commit();
	ck_assert_int_eq(store_outbox_by_message_id(store, "<a@www>"), id);
	ck_assert_int_eq(store_outbox_by_message_id(store, "<A@www>"), 0);
}
END_TEST

START_TEST(test_acknowledged_since)
{
	struct record_outbox entry = outbox_record("<1>");

	begin();
	entry.kind = KIND_ACKNOWLEDGEMENT;
	entry.to = "Vuln@IPA.example";
	store_outbox_add(store, &entry);
	entry.message_id = "<2>";
	entry.created_at = NOW - DAY;
	store_outbox_add(store, &entry);
	entry.message_id = "<3>";
	entry.state = OUTBOX_DROPPED;
	store_outbox_add(store, &entry);
	/* What is held goes to nobody, and what failed went to nobody. */
	entry.message_id = "<5>";
	entry.state = OUTBOX_HELD;
	entry.created_at = NOW;
	store_outbox_add(store, &entry);
	entry.message_id = "<6>";
	entry.state = OUTBOX_FAILED;
	store_outbox_add(store, &entry);
	add_outbox("<4>");
	commit();
	ck_assert_int_eq(store_acknowledged_since(store, "vuln@ipa.example", NOW), 1);
	ck_assert_int_eq(store_acknowledged_since(store, "vuln@ipa.example", NOW - DAY), 2);
	ck_assert_int_eq(store_acknowledged_since(store, "vuln@ipa.example", NOW + 1), 0);
	ck_assert_int_eq(store_acknowledged_since(store, "other@ipa.example", 0), 0);
	no_fault();
}
END_TEST

static Suite *
suite_store_outbox(void)
{
	Suite *suite = suite_create("store_outbox");
	TCase *tcase = tcase_create("store_outbox");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_whole_entry);
	tcase_add_test(tcase, test_one_acknowledgement);
	tcase_add_loop_test(tcase, test_doubted, 0, 9);
	tcase_add_test(tcase, test_message_id_once);
	tcase_add_test(tcase, test_due);
	tcase_add_test(tcase, test_seal_and_update);
	tcase_add_test(tcase, test_drop);
	tcase_add_test(tcase, test_recover);
	tcase_add_test(tcase, test_uncopied);
	tcase_add_test(tcase, test_by_message_id);
	tcase_add_test(tcase, test_acknowledged_since);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_outbox());
}
