/*
 * view/json and view/json_record: the shapes of doc/RULES 5, field by field. The
 * JSON that is expected was written by hand from the rules.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/json.h"

#include "base/arena.h"
#include "base/clock.h"
#include "unit.h"
#include "view/json_record.h"

#include <string.h>

/* 2026-11-22 09:00 in Tokyo */
#define NOW (INT64_C(1795305600) * CLOCK_SECOND)

static struct arena *arena;

static const struct policy_desk desks[] = {
	{ .title = "www", .time_zone = "Asia/Tokyo", .language = LANGUAGE_JA },
	{ .title = "eu", .time_zone = "Europe/Berlin", .language = LANGUAGE_EN },
};

static const struct policy policy = { .desks = desks, .desk_count = 2 };

static struct json_view
view(void)
{
	return (struct json_view){ arena, &policy, NOW };
}

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

/* Check's own comparison has no room for texts of this length. */
static void
expect(struct jsontext *json, const char *wanted)
{
	const char *text = jsontext_text(json);

	ck_assert_msg(strcmp(text, wanted) == 0, "it is\n%s", text);
}

START_TEST(test_values)
{
	struct jsontext *object = jsontext_object(arena);
	struct jsontext *array = jsontext_array(arena);

	jsontext_string(object, "s", "a\"\\\n\033窓");
	jsontext_string(object, "null", NULL);
	jsontext_string(object, "broken", "x\xffy");
	jsontext_number(object, "n", INT64_MAX);
	jsontext_bool(object, "t", true);
	jsontext_bool(object, "f", false);
	jsontext_id(object, "id", 7);
	jsontext_id(object, "no_id", 0);
	jsontext_time(object, "tokyo", NOW, "Asia/Tokyo");
	jsontext_time(object, "berlin", NOW, "Europe/Berlin");
	jsontext_time(object, "never", 0, "Asia/Tokyo");
	jsontext_add_string(array, "x");
	jsontext_add_number(array, -1);
	jsontext_put(object, "list", array);
	jsontext_put(object, "nothing", NULL);
	expect(object,
		"{\n"
		"  \"s\": \"a\\\"\\\\\\n\\u001B窓\",\n"
		"  \"null\": null,\n"
		"  \"broken\": \"x\xef\xbf\xbdy\",\n"
		"  \"n\": 9223372036854775807,\n"
		"  \"t\": true,\n"
		"  \"f\": false,\n"
		"  \"id\": 7,\n"
		"  \"no_id\": null,\n"
		"  \"tokyo\": \"2026-11-22T09:00:00+09:00\",\n"
		"  \"berlin\": \"2026-11-22T01:00:00+01:00\",\n"
		"  \"never\": null,\n"
		"  \"list\": [\n"
		"    \"x\",\n"
		"    -1\n"
		"  ],\n"
		"  \"nothing\": null\n"
		"}\n");
}
END_TEST

START_TEST(test_empty_array)
{
	expect(jsontext_array(arena), "[]\n");
}
END_TEST

static const char *numbers[] = { "IPA#12345678", "VU#123456" };
static const char *sites[] = { "https://www.example.co.jp/" };
static int64_t beside[] = { 2, 9 };

static struct record_case
full_case(void)
{
	return (struct record_case){ .id = 1,
		.desk = "www",
		.title = "T",
		.coordinator = "IPA",
		.origin = ORIGIN_FORM,
		.state = CASE_OPEN,
		.stage = STAGE_ENCRYPTION,
		.phase = PHASE_RECEIVE,
		.trust = TRUST_VERIFIED,
		.number_bound = true,
		.assignee = "officer",
		.opened_at = NOW,
		.updated_at = NOW + CLOCK_DAY,
		.messages = 3,
		.numbers = numbers,
		.number_count = 2,
		.sites = sites,
		.site_count = 1,
		.beside = beside,
		.beside_count = 2,
		.has_deadline = true,
		.next_deadline = { .kind = DEADLINE_VENDOR_RECEIPT,
			.due = NOW - CLOCK_SECOND,
			.state = DEADLINE_PENDING } };
}

#define FULL_CASE \
	"  \"id\": 1,\n" \
	"  \"desk\": \"www\",\n" \
	"  \"title\": \"T\",\n" \
	"  \"number\": \"IPA#12345678\",\n" \
	"  \"numbers\": [\n    \"IPA#12345678\",\n    \"VU#123456\"\n  ],\n" \
	"  \"number_bound\": true,\n" \
	"  \"coordinator\": \"IPA\",\n" \
	"  \"origin\": \"form\",\n" \
	"  \"state\": \"open\",\n" \
	"  \"stage\": \"encryption\",\n" \
	"  \"phase\": \"receive\",\n" \
	"  \"trust\": \"verified\",\n" \
	"  \"sites\": [\n    \"https://www.example.co.jp/\"\n  ],\n" \
	"  \"opened_at\": \"2026-11-22T09:00:00+09:00\",\n" \
	"  \"updated_at\": \"2026-11-23T09:00:00+09:00\",\n" \
	"  \"messages\": 3,\n" \
	"  \"assignee\": \"officer\",\n" \
	"  \"beside\": [\n    2,\n    9\n  ],\n" \
	"  \"next_deadline\": {\n" \
	"    \"kind\": \"vendor-receipt\",\n" \
	"    \"due\": \"2026-11-22T08:59:59+09:00\",\n" \
	"    \"overdue\": true\n" \
	"  }"

START_TEST(test_case)
{
	struct record_case record = full_case();
	struct json_view in = view();

	expect(json_case_head(&in, &record), "{\n" FULL_CASE "\n}\n");
}
END_TEST

/* A case of which nothing is known but that it is there. */
START_TEST(test_case_bare)
{
	struct record_case record = { .id = 5,
		.desk = "eu",
		.title = "",
		.origin = ORIGIN_FINDER,
		.state = CASE_CLOSED,
		.phase = PHASE_REPORT,
		.trust = TRUST_SUSPECT,
		.opened_at = NOW,
		.updated_at = NOW };
	struct json_view in = view();

	expect(json_case_head(&in, &record),
		"{\n"
		"  \"id\": 5,\n"
		"  \"desk\": \"eu\",\n"
		"  \"title\": \"\",\n"
		"  \"number\": null,\n"
		"  \"numbers\": [],\n"
		"  \"number_bound\": false,\n"
		"  \"coordinator\": null,\n"
		"  \"origin\": \"finder\",\n"
		"  \"state\": \"closed\",\n"
		"  \"stage\": null,\n"
		"  \"phase\": \"report\",\n"
		"  \"trust\": \"suspect\",\n"
		"  \"sites\": [],\n"
		"  \"opened_at\": \"2026-11-22T01:00:00+01:00\",\n"
		"  \"updated_at\": \"2026-11-22T01:00:00+01:00\",\n"
		"  \"messages\": 0,\n"
		"  \"assignee\": null,\n"
		"  \"beside\": [],\n"
		"  \"next_deadline\": null\n"
		"}\n");
}
END_TEST

static struct record_attachment attachments[] = {
	{ NULL, "application/pdf", 12345 },
};

static int64_t message_cases[] = { 3, 4 };

static struct record_message
full_message(void)
{
	return (struct record_message){ .id = 2,
		.desk = "www",
		.direction = DIRECTION_IN,
		.kind = KIND_ENCRYPTION_CHECK,
		.stage = STAGE_ENCRYPTION,
		.trust = TRUST_AUTHENTICATED,
		.message_id = "<a@ipa.go.jp>",
		.from = "IPA <vuln-contact@ipa.go.jp>",
		.to = "security@example.co.jp",
		.date = NOW,
		.received_at = NOW + CLOCK_SECOND,
		.subject = "...",
		.encrypted = true,
		.signed_by = "AA",
		.folder = "INBOX",
		.problems = "one\ntwo\n",
		.attachments = attachments,
		.attachment_count = 1,
		.cases = message_cases,
		.case_count = 2 };
}

#define FULL_MESSAGE(indent) \
	indent "  \"id\": 2,\n" \
	indent "  \"direction\": \"in\",\n" \
	indent "  \"kind\": \"encryption-check\",\n" \
	indent "  \"message_id\": \"<a@ipa.go.jp>\",\n" \
	indent "  \"from\": \"IPA <vuln-contact@ipa.go.jp>\",\n" \
	indent "  \"to\": \"security@example.co.jp\",\n" \
	indent "  \"date\": \"2026-11-22T09:00:00+09:00\",\n" \
	indent "  \"received_at\": \"2026-11-22T09:00:01+09:00\",\n" \
	indent "  \"subject\": \"...\",\n" \
	indent "  \"encrypted\": true,\n" \
	indent "  \"signed_by\": \"AA\",\n" \
	indent "  \"trust\": \"authenticated\",\n" \
	indent "  \"attachments\": [\n" \
	indent "    {\n" \
	indent "      \"name\": null,\n" \
	indent "      \"type\": \"application/pdf\",\n" \
	indent "      \"size\": 12345\n" \
	indent "    }\n" \
	indent "  ],\n" \
	indent "  \"problems\": [\n" \
	indent "    \"one\",\n" \
	indent "    \"two\"\n" \
	indent "  ]"

START_TEST(test_message_listed)
{
	struct record_message record = full_message();
	struct json_view in = view();

	expect(json_message_listed(&in, &record), "{\n" FULL_MESSAGE("") ",\n"
		"  \"case\": 3,\n"
		"  \"cases\": [\n    3,\n    4\n  ],\n"
		"  \"folder\": \"INBOX\",\n"
		"  \"desk\": \"www\"\n"
		"}\n");
}
END_TEST

START_TEST(test_message_bare)
{
	struct record_message record = { .id = 8, .desk = "www", .direction = DIRECTION_OUT,
		.kind = KIND_STAFF, .trust = TRUST_UNVERIFIED, .received_at = NOW };
	struct json_view in = view();

	expect(json_message_listed(&in, &record),
		"{\n"
		"  \"id\": 8,\n"
		"  \"direction\": \"out\",\n"
		"  \"kind\": \"staff\",\n"
		"  \"message_id\": null,\n"
		"  \"from\": null,\n"
		"  \"to\": null,\n"
		"  \"date\": null,\n"
		"  \"received_at\": \"2026-11-22T09:00:00+09:00\",\n"
		"  \"subject\": null,\n"
		"  \"encrypted\": false,\n"
		"  \"signed_by\": null,\n"
		"  \"trust\": \"unverified\",\n"
		"  \"attachments\": [],\n"
		"  \"problems\": [],\n"
		"  \"case\": null,\n"
		"  \"cases\": [],\n"
		"  \"folder\": null,\n"
		"  \"desk\": \"www\"\n"
		"}\n");
}
END_TEST

static struct checklist_item items[] = {
	{ "1.1", PHASE_RECEIVE, false, TICK_STAFF, "受け渡し", "Hand over" },
	{ "1.6", PHASE_RECEIVE, true, TICK_STAFF, "判断", "Decide" },
};

static const struct checklist checklist = { items, 2 };

START_TEST(test_case_whole)
{
	struct record_case record = full_case();
	struct record_message message = full_message();
	struct record_deadline deadlines[] = { { 1, 1, NULL, DEADLINE_THEIR_ANSWER, NOW, DEADLINE_MET,
						       SOURCE_MAIL, 2, 6, STAGE_NONE, NULL },
		{ 2, 1, NULL, DEADLINE_REQUESTED, NOW, DEADLINE_CANCELLED, SOURCE_STAFF, 0, 0,
			STAGE_NONE, NULL } };
	struct record_tick tick = { "1.6", NOW, "officer" };
	struct record_log log = { NOW, "root", "opened", "00ff" };
	struct record_finder finder = { "finder@example.org", NOW };
	struct json_merged merged = { { 4, NOW }, &log, 1 };
	const char *texts[] = { "opened text" };
	struct json_case what = { .record = &record,
		.messages = &message,
		.message_count = 1,
		.texts = texts,
		.deadlines = deadlines,
		.deadline_count = 2,
		.checklist = &checklist,
		.ticks = &tick,
		.tick_count = 1,
		.finders = &finder,
		.finder_count = 1,
		.log = &log,
		.log_count = 1,
		.merged = &merged,
		.merged_count = 1 };
	struct json_view in = view();

	expect(json_case_whole(&in, &what), "{\n" FULL_CASE ",\n"
		"  \"message_list\": [\n"
		"    {\n" FULL_MESSAGE("    ") ",\n"
		"      \"text\": \"opened text\"\n"
		"    }\n"
		"  ],\n"
		"  \"unfiled\": [],\n"
		"  \"deadlines\": [\n"
		"    {\n"
		"      \"kind\": \"their-answer\",\n"
		"      \"due\": \"2026-11-22T09:00:00+09:00\",\n"
		"      \"state\": \"met\",\n"
		"      \"source\": \"mail\",\n"
		"      \"from_message\": 2,\n"
		"      \"met_by\": 6\n"
		"    },\n"
		"    {\n"
		"      \"kind\": \"requested\",\n"
		"      \"due\": \"2026-11-22T09:00:00+09:00\",\n"
		"      \"state\": \"cancelled\",\n"
		"      \"source\": \"staff\",\n"
		"      \"from_message\": null,\n"
		"      \"met_by\": null\n"
		"    }\n"
		"  ],\n"
		"  \"checklist\": [\n"
		"    {\n"
		"      \"item\": \"1.1\",\n"
		"      \"title\": \"受け渡し\",\n"
		"      \"vendor_can_help\": false,\n"
		"      \"done_at\": null,\n"
		"      \"done_by\": null\n"
		"    },\n"
		"    {\n"
		"      \"item\": \"1.6\",\n"
		"      \"title\": \"判断\",\n"
		"      \"vendor_can_help\": true,\n"
		"      \"done_at\": \"2026-11-22T09:00:00+09:00\",\n"
		"      \"done_by\": \"officer\"\n"
		"    }\n"
		"  ],\n"
		"  \"incident\": null,\n"
		"  \"finders\": [\n"
		"    {\n"
		"      \"address\": \"finder@example.org\",\n"
		"      \"consented_at\": \"2026-11-22T09:00:00+09:00\"\n"
		"    }\n"
		"  ],\n"
		"  \"log\": [\n"
		"    {\n"
		"      \"at\": \"2026-11-22T09:00:00+09:00\",\n"
		"      \"who\": \"root\",\n"
		"      \"what\": \"opened\",\n"
		"      \"hash\": \"00ff\"\n"
		"    }\n"
		"  ],\n"
		"  \"merged\": [\n"
		"    {\n"
		"      \"id\": 4,\n"
		"      \"at\": \"2026-11-22T09:00:00+09:00\",\n"
		"      \"log\": [\n"
		"        {\n"
		"          \"at\": \"2026-11-22T09:00:00+09:00\",\n"
		"          \"who\": \"root\",\n"
		"          \"what\": \"opened\",\n"
		"          \"hash\": \"00ff\"\n"
		"        }\n"
		"      ]\n"
		"    }\n"
		"  ]\n"
		"}\n");
}
END_TEST

#define OUTBOX_HEAD(state, sent) \
	"{\n" \
	"  \"id\": 4,\n" \
	"  \"case\": 1,\n" \
	"  \"desk\": \"www\",\n" \
	"  \"kind\": \"acknowledgement\",\n" \
	"  \"stage\": \"details\",\n" \
	"  \"to\": \"vuln-contact@ipa.go.jp\",\n" \
	"  \"state\": \"" state "\",\n" \
	"  \"tries\": 2,\n" \
	"  \"next_try_at\": \"2026-11-22T09:00:00+09:00\",\n" \
	"  \"last_error\": \"451 later\",\n" \
	"  \"hold_why\": null,\n" \
	"  \"message_id\": \"<x@example.co.jp>\",\n" \
	"  \"created_at\": \"2026-11-22T09:00:00+09:00\"" sent "\n}\n"

/* The proof stands there once it was sent, and not before. */
START_TEST(test_outbox)
{
	struct record_outbox record = { .id = 4,
		.case_id = 1,
		.desk = "www",
		.kind = KIND_ACKNOWLEDGEMENT,
		.stage = STAGE_DETAILS,
		.to = "vuln-contact@ipa.go.jp",
		.state = OUTBOX_DEFERRED,
		.tries = 2,
		.next_try_at = NOW,
		.last_error = "451 later",
		.message_id = "<x@example.co.jp>",
		.created_at = NOW,
		.sha256 = "00",
		.keys = "AA,BB" };
	struct json_view in = view();

	expect(json_outbox(&in, &record), OUTBOX_HEAD("deferred", ""));
	record.state = OUTBOX_SENT;
	record.sent_at = NOW;
	record.smtp_reply = "250 ok";
	expect(json_outbox(&in, &record), OUTBOX_HEAD("sent", ",\n"
		"  \"sent_at\": \"2026-11-22T09:00:00+09:00\",\n"
		"  \"smtp_reply\": \"250 ok\",\n"
		"  \"sha256\": \"00\",\n"
		"  \"keys\": [\n    \"AA\",\n    \"BB\"\n  ]"));
}
END_TEST

static Suite *
suite_json(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_values);
	tcase_add_test(tcase, test_empty_array);
	tcase_add_test(tcase, test_case);
	tcase_add_test(tcase, test_case_bare);
	tcase_add_test(tcase, test_case_whole);
	tcase_add_test(tcase, test_message_listed);
	tcase_add_test(tcase, test_message_bare);
	tcase_add_test(tcase, test_outbox);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_json());
}
