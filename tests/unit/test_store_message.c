/*
 * Messages on record: known by hash alone, places, kept bytes, lists, what is to
 * be judged or fetched again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

static int64_t
add_mailbox(const char *folder_name)
{
	struct store_cursor cursor;

	store_cursor_get(store, "www", folder_name, NOW, &cursor);
	return cursor.mailbox;
}

START_TEST(test_whole_record)
{
	static struct record_attachment attachments[] = { { NULL, "image/png", 1234 },
		{ "poc.txt", "text/plain", 5 } };
	struct record_message in = message_record("<a@ipa.example>"), *out;
	int64_t id, case_a, case_b;

	in.kind = KIND_DETAILS;
	in.stage = STAGE_DETAILS;
	in.trust = TRUST_VERIFIED;
	in.encrypted = true;
	in.signed_by = "0123456789ABCDEF0123456789ABCDEF01234567";
	in.folder = "INBOX";
	in.problems = "one\ntwo";
	in.why = "row: coordinator\n";
	in.subject = "届出について 髙①";
	in.attachments = attachments;
	in.attachment_count = 2;
	begin();
	id = store_message_add(store, &in, "raw", 3);
	case_a = add_case();
	case_b = add_case();
	store_case_message_add(store, case_b, id);
	store_case_message_add(store, case_a, id);
	commit();
	out = store_message_get(store, arena, id);
	ck_assert_int_eq(out->id, id);
	ck_assert_str_eq(out->desk, "www");
	ck_assert_int_eq(out->direction, DIRECTION_IN);
	ck_assert_int_eq(out->kind, KIND_DETAILS);
	ck_assert_int_eq(out->stage, STAGE_DETAILS);
	ck_assert_int_eq(out->trust, TRUST_VERIFIED);
	ck_assert_str_eq(out->message_id, in.message_id);
	ck_assert_str_eq(out->from, in.from);
	ck_assert_str_eq(out->to, in.to);
	ck_assert_int_eq(out->date, NOW);
	ck_assert_int_eq(out->received_at, NOW);
	ck_assert_str_eq(out->subject, in.subject);
	ck_assert(out->encrypted && out->has_raw && !out->boxed && !out->unfiled);
	ck_assert(!out->staff_trusted && !out->staff_forged);
	ck_assert_str_eq(out->signed_by, in.signed_by);
	ck_assert_str_eq(out->folder, "INBOX");
	ck_assert_str_eq(out->problems, in.problems);
	ck_assert_str_eq(out->why, in.why);
	ck_assert_mem_eq(out->sha256, in.sha256, 32);
	ck_assert_int_eq(out->size, in.size);
	ck_assert_uint_eq(out->attachment_count, 2);
	ck_assert_ptr_null(out->attachments[0].name);
	ck_assert_str_eq(out->attachments[0].type, "image/png");
	ck_assert_int_eq(out->attachments[0].size, 1234);
	ck_assert_str_eq(out->attachments[1].name, "poc.txt");
	ck_assert_uint_eq(out->case_count, 2);
	ck_assert_int_eq(out->cases[0], case_a);
	ck_assert_int_eq(out->cases[1], case_b);
	ck_assert_ptr_null(store_message_get(store, arena, id + 1));
	no_fault();
}
END_TEST

/* The Message-ID is a stranger's word; the hash counts, for each desk apart. */
START_TEST(test_known_by_hash)
{
	struct record_message a = message_record("<same@ipa.example>");
	struct record_message b = message_record("<other bytes>");
	int64_t first, second;

	b.message_id = a.message_id;
	begin();
	first = store_message_add(store, &a, NULL, 0);
	second = store_message_add(store, &b, NULL, 0);
	commit();
	ck_assert_int_ne(first, second);
	ck_assert_int_eq(store_message_by_hash(store, "www", a.sha256), first);
	ck_assert_int_eq(store_message_by_hash(store, "www", b.sha256), second);
	ck_assert_int_eq(store_message_by_hash(store, "mail", a.sha256), 0);
	begin();
	a.desk = "mail";
	ck_assert_int_ne(store_message_add(store, &a, NULL, 0), 0);
	ck_assert_int_eq(store_message_add(store, &a, NULL, 0), 0);
	ck_assert_int_eq(store_commit(store, &err), NEVER);
	ck_assert_int_eq(store_message_by_hash(store, "mail", a.sha256), 0);
}
END_TEST

START_TEST(test_places)
{
	uint32_t uid_validity, uid;
	char *desk, *where;
	int64_t inbox, spam, id, other;

	begin();
	inbox = add_mailbox("INBOX");
	spam = add_mailbox("Spam");
	store_cursor_set(store, inbox, 7, 100);
	store_cursor_set(store, spam, 9, 100);
	id = add_message("<a@x>");
	other = add_message("<b@x>");
	ck_assert(!store_place_get(store, arena, id, &desk, &where, &uid_validity, &uid));
	store_place_add(store, id, inbox, 6, 50);
	store_place_add(store, id, inbox, 6, 50);
	ck_assert(store_place_get(store, arena, id, &desk, &where, &uid_validity, &uid));
	ck_assert_uint_eq(uid_validity, 6);
	/* The folder was made anew since: what lies there now is preferred. */
	store_place_add(store, id, spam, 9, 51);
	store_place_add(store, id, inbox, 7, 4294967295u);
	ck_assert(store_place_get(store, arena, id, &desk, &where, &uid_validity, &uid));
	ck_assert_str_eq(desk, "www");
	ck_assert_str_eq(where, "INBOX");
	ck_assert_uint_eq(uid_validity, 7);
	ck_assert_uint_eq(uid, 4294967295u);
	ck_assert_str_eq(store_message_get(store, arena, id)->folder, "INBOX");
	/* A server may change its mind of what lies at a place. */
	store_place_add(store, other, spam, 9, 51);
	ck_assert(store_place_get(store, arena, other, &desk, &where, &uid_validity, &uid));
	ck_assert_str_eq(where, "Spam");
	commit();
}
END_TEST

START_TEST(test_kept_bytes)
{
	struct record_message plain = message_record("<plain>"), boxed = message_record("<boxed>");
	int64_t none, as_came, sealed;
	bool is_boxed;
	char *raw;
	size_t len;

	boxed.boxed = true;
	begin();
	none = add_message("<none>");
	store_message_keep(store, none, "z\0z", 3, true);
	as_came = store_message_add(store, &plain, "a\0b", 3);
	sealed = store_message_add(store, &boxed, "", 0);
	commit();
	ck_assert(store_message_raw(store, arena, as_came, &raw, &len, &is_boxed));
	ck_assert(!is_boxed && len == 3 && memcmp(raw, "a\0b", 3) == 0);
	ck_assert(store_message_raw(store, arena, sealed, &raw, &len, &is_boxed));
	ck_assert(is_boxed && len == 0);
	ck_assert(store_message_raw(store, arena, none, &raw, &len, &is_boxed));
	ck_assert(is_boxed && len == 3);
	ck_assert(store_message_get(store, arena, none)->boxed);
	ck_assert(!store_message_raw(store, arena, 99, &raw, &len, &is_boxed));
	no_fault();
}
END_TEST

START_TEST(test_not_kept)
{
	struct record_message message = message_record("<unrelated>");
	bool boxed;
	char *raw;
	size_t len;
	int64_t id;

	begin();
	id = store_message_add(store, &message, NULL, 0);
	commit();
	ck_assert(!store_message_get(store, arena, id)->has_raw);
	ck_assert(!store_message_raw(store, arena, id, &raw, &len, &boxed));
}
END_TEST

START_TEST(test_judged_again)
{
	static struct record_attachment attachment = { NULL, "text/plain", 7 };
	struct record_message *message;
	int64_t id;

	begin();
	id = add_message("<a@x>");
	store_staff_said(store, id, -1);
	message = store_message_get(store, arena, id);
	ck_assert(message->staff_forged && !message->staff_trusted);
	message->kind = KIND_REMINDER;
	message->stage = STAGE_NONE;
	message->trust = TRUST_SUSPECT;
	message->signed_by = "KEY";
	message->problems = "look-alike";
	message->why = "row: suspect";
	message->unfiled = true;
	message->subject = "not taken over";
	message->attachments = &attachment;
	message->attachment_count = 1;
	store_message_update(store, message);
	store_message_update(store, message);
	commit();
	message = store_message_get(store, arena, id);
	ck_assert_int_eq(message->kind, KIND_REMINDER);
	ck_assert_int_eq(message->stage, STAGE_NONE);
	ck_assert_int_eq(message->trust, TRUST_SUSPECT);
	ck_assert_str_eq(message->signed_by, "KEY");
	ck_assert_str_eq(message->problems, "look-alike");
	ck_assert_str_eq(message->why, "row: suspect");
	ck_assert(message->unfiled);
	ck_assert_str_eq(message->subject, "[IPA#12345678]");
	ck_assert_uint_eq(message->attachment_count, 1);
}
END_TEST

START_TEST(test_flags)
{
	int64_t a, b, *list;

	begin();
	a = add_message("<a>");
	b = add_message("<b>");
	ck_assert_uint_eq(store_again_list(store, arena, &list), 0);
	store_flag_again(store, b, true);
	store_flag_again(store, a, true);
	store_flag_again(store, a, true);
	ck_assert_uint_eq(store_again_list(store, arena, &list), 2);
	ck_assert_int_eq(list[0], a);
	store_flag_again(store, a, false);
	ck_assert_uint_eq(store_again_list(store, arena, &list), 1);
	ck_assert_int_eq(list[0], b);
	commit();
}
END_TEST

START_TEST(test_wanted)
{
	struct record_message sent = message_record("<sent>"), header = message_record("<header>");
	int64_t kept, nowhere, there, out, case_id, mailbox, *list;

	sent.direction = DIRECTION_OUT;
	begin();
	mailbox = add_mailbox("INBOX");
	case_id = add_case();
	kept = add_message("<kept>");
	nowhere = store_message_add(store, &header, NULL, 0);
	header = message_record("<there>");
	there = store_message_add(store, &header, NULL, 0);
	out = store_message_add(store, &sent, NULL, 0);
	store_place_add(store, kept, mailbox, 1, 1);
	store_place_add(store, there, mailbox, 1, 2);
	store_place_add(store, out, mailbox, 1, 3);
	ck_assert_uint_eq(store_wanted(store, arena, "www", &list), 0);
	store_case_message_add(store, case_id, kept);
	store_case_message_add(store, case_id, nowhere);
	store_case_message_add(store, case_id, there);
	store_case_message_add(store, case_id, out);
	ck_assert_uint_eq(store_wanted(store, arena, "www", &list), 1);
	ck_assert_int_eq(list[0], there);
	ck_assert_uint_eq(store_wanted(store, arena, "mail", &list), 0);
	store_want(store, there, false);
	ck_assert_uint_eq(store_wanted(store, arena, "www", &list), 0);
	store_want(store, there, true);
	store_case_message_remove(store, case_id, there);
	ck_assert_uint_eq(store_wanted(store, arena, "www", &list), 0);
	store_case_message_add(store, case_id, there);
	store_message_keep(store, there, "raw", 3, true);
	ck_assert_uint_eq(store_wanted(store, arena, "www", &list), 0);
	commit();
}
END_TEST

/* Sealed to, or signed by, a key that was not here; one already read is left alone. */
START_TEST(test_waiting_for_a_key)
{
	static const struct {
		enum mail_kind kind;
		enum trust trust;
		const char *problems, *key;
		bool waits;
	} rows[] = {
		{ KIND_UNREADABLE, TRUST_UNVERIFIED, NULL, "0123456789abcdef", true },
		{ KIND_UNREADABLE, TRUST_UNVERIFIED, NULL, "0000000000000000", true },
		{ KIND_UNREADABLE, TRUST_UNVERIFIED, NULL, "FFFFFFFFFFFFFFFF", false },
		{ KIND_DETAILS, TRUST_SUSPECT, NULL, "AAAAAAAAAAAAAAAAAAAAAAAA0123456789ABCDEF",
			true },
		{ KIND_DETAILS, TRUST_VERIFIED, NULL, "0123456789ABCDEF", false },
		{ KIND_FINDER_REPORT, TRUST_UNVERIFIED, "key", "0123456789ABCDEF", true },
	};
	static const char fpr[] = "999999999999999999999999"
				  "0123456789ABCDEF";
	size_t expected = 0;
	char name[32];
	int64_t *list;

	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record_message message;
		int64_t id;

		snprintf(name, sizeof(name), "<%zu>", i);
		message = message_record(name);
		message.kind = rows[i].kind;
		message.trust = rows[i].trust;
		if (rows[i].problems != NULL)
			message.problems = arena_printf(
				arena, "first\n%s\nlast", problem_text(PROBLEM_UNKNOWN_KEY));
		id = store_message_add(store, &message, NULL, 0);
		store_message_key_add(store, id, rows[i].key);
		store_message_key_add(store, id, rows[i].key);
		expected += rows[i].waits;
	}
	commit();
	ck_assert_uint_eq(
		store_message_waiting_for_key(store, arena, "www", fpr, &list), expected);
	for (size_t i = 0; i < expected; i++)
		ck_assert(rows[list[i] - 1].waits);
	ck_assert_uint_eq(store_message_waiting_for_key(store, arena, "mail", fpr, &list), 0);
	no_fault();
}
END_TEST

START_TEST(test_lists)
{
	struct record_message *list;
	char name[16];

	begin();
	for (int i = 0; i < 40; i++) {
		struct record_message message;

		snprintf(name, sizeof(name), "<%d>", i);
		message = message_record(name);
		message.received_at = NOW + (i % 2 == 0 ? i : -i) * DAY;
		message.direction = i % 10 == 0 ? DIRECTION_OUT : DIRECTION_IN;
		message.unfiled = i == 5 || i == 8;
		store_message_add(store, &message, NULL, 0);
	}
	commit();
	ck_assert_uint_eq(store_message_list(store, arena, STORE_ALL, 0, &list), 40);
	for (size_t i = 1; i < 40; i++)
		ck_assert_int_lt(list[i - 1].received_at, list[i].received_at);
	ck_assert_uint_eq(store_message_list(store, arena, STORE_ALL, 3, &list), 3);
	ck_assert_str_eq(list[0].message_id, "<34>");
	ck_assert_str_eq(list[2].message_id, "<38>");
	ck_assert_uint_eq(store_message_list(store, arena, STORE_IN, 0, &list), 36);
	ck_assert_uint_eq(store_message_list(store, arena, STORE_OUT, 0, &list), 4);
	ck_assert_str_eq(list[3].message_id, "<30>");
	ck_assert_uint_eq(store_message_list(store, arena, STORE_UNFILED, 0, &list), 2);
	ck_assert_str_eq(list[0].message_id, "<5>");
	no_fault();
}
END_TEST

START_TEST(test_own_message_id)
{
	begin();
	add_message("<theirs@x>");
	add_outbox("<ours@www.example>");
	commit();
	ck_assert(store_own_message_id(store, "www", "<ours@www.example>"));
	ck_assert(!store_own_message_id(store, "mail", "<ours@www.example>"));
	ck_assert(!store_own_message_id(store, "www", "<theirs@x>"));
}
END_TEST

static Suite *
suite_store_message(void)
{
	Suite *suite = suite_create("store_message");
	TCase *tcase = tcase_create("store_message");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_whole_record);
	tcase_add_test(tcase, test_known_by_hash);
	tcase_add_test(tcase, test_places);
	tcase_add_test(tcase, test_kept_bytes);
	tcase_add_test(tcase, test_not_kept);
	tcase_add_test(tcase, test_judged_again);
	tcase_add_test(tcase, test_flags);
	tcase_add_test(tcase, test_wanted);
	tcase_add_test(tcase, test_waiting_for_a_key);
	tcase_add_test(tcase, test_lists);
	tcase_add_test(tcase, test_own_message_id);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_message());
}
