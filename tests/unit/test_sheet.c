/*
 * view/sheet and view/case_html: what they tell, in which language, what they leave out, and
 * that the sheet cuts what two pages do not hold. Expected texts were written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet.h"

#include "base/arena.h"
#include "base/clock.h"
#include "unit.h"
#include "view/case_html.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* 2026-11-22 09:00 in Tokyo, a Sunday */
#define NOW (INT64_C(1795305600) * CLOCK_SECOND)
#define MANY 30

static struct arena *arena;

static const struct policy_desk desk = { .title = "www", .name = "窓口 <One> & Co",
	.address = "security@example.co.jp", .time_zone = "Asia/Tokyo" };
static const struct policy_coordinator coordinator = { .name = "IPA",
	.enquiries = "ask@ipa.example" };
static struct policy_staff staff[MANY];
static struct policy policy = { .desks = &desk, .desk_count = 1, .coordinators = &coordinator,
	.coordinator_count = 1, .staff = staff, .country = "JP" };

static const char *numbers[] = { "IPA#12345678", "VU#1", "VU#2", "VU#3", "VU#4", "VU#5" };
static const char *sites[] = { "https://one.example/", "https://two.example/",
	"https://three.example/", "https://four.example/" };
static struct record_attachment attachment = { "SECRET-NAME", "text/plain", 7 };
static struct record_message messages[MANY];
static struct record_deadline deadlines[MANY];
static const char *const texts[MANY] = { "SECRET-TEXT" };
static struct checklist_item items[] = {
	{ "1.1", PHASE_RECEIVE, false, TICK_STAFF, "受け渡し", "Hand over" },
	{ "1.2", PHASE_RECEIVE, true, TICK_STAFF, "返信", "Reply" },
	{ "2.1", PHASE_INVESTIGATE, true, TICK_STAFF, "調査", "Investigate it" },
};
static const struct checklist checklist = { items, 3 };
static const struct record_tick ticks[] = { { "1.2", NOW, "o<fficer" }, { "stop-site", NOW, "dev" } };
static struct record_item_due item_due = { "authority-report", NOW + 3 * CLOCK_DAY };
static const struct record_incident incident = { NOW, "officer", &item_due, 1 };
static const struct record_log entries[] = { { NOW, "officer", "note: <b>", "0123456789abcdef" } };

static struct record_case
the_case(void)
{
	return (struct record_case){ .id = 7, .desk = "www", .title = "A & B", .coordinator = "IPA",
		.stage = STAGE_DETAILS, .phase = PHASE_INVESTIGATE, .trust = TRUST_VERIFIED,
		.number_bound = true, .opened_at = NOW, .updated_at = NOW, .numbers = numbers,
		.number_count = 1, .sites = sites, .site_count = 1 };
}

static struct json_case
the_whole(const struct record_case *record, size_t message_count, size_t deadline_count)
{
	return (struct json_case){ .record = record, .messages = messages,
		.message_count = message_count, .texts = texts, .deadlines = deadlines,
		.deadline_count = deadline_count, .checklist = &checklist, .ticks = ticks,
		.tick_count = 2, .log = entries, .log_count = 1 };
}

static struct json_view
view(void)
{
	return (struct json_view){ arena, &policy, NOW };
}

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	policy.staff_count = 4;
	for (int i = 0; i < MANY; i++) {
		staff[i] = (struct policy_staff){ .title = arena_printf(arena, "person%d", i),
			.address = "p@example.co.jp", .role = (enum staff_role)(i % 4) };
		messages[i] = (struct record_message){ .id = 100 + i, .desk = "www",
			.direction = i % 2 == 0 ? DIRECTION_IN : DIRECTION_OUT,
			.kind = KIND_DETAILS, .trust = TRUST_VERIFIED, .received_at = NOW,
			.from = "\"A\" <a@b.example>", .subject = "SUBJECT", .encrypted = i % 2 == 0,
			.attachments = &attachment, .attachment_count = 1 };
		deadlines[i] = (struct record_deadline){ .id = i, .kind = DEADLINE_REMEDIATION,
			.due = NOW + (10 - i) * CLOCK_DAY, .source = SOURCE_MAIL,
			.from_message = 200 + i };
	}
}

static void
teardown(void)
{
	arena_free(&arena);
}

static size_t
count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
		count++;
	return count;
}

static const struct {
	bool sheet;
	enum language language;
	const char *holds, *lacks;
} told[] = {
	{ true, LANGUAGE_JA, "<html lang=\"ja\">", "<script" },
	{ true, LANGUAGE_EN, "<html lang=\"en\">", "SECRET-" },
	{ true, LANGUAGE_JA, "窓口 &lt;One&gt; &amp; Co", "<One>" },
	{ true, LANGUAGE_JA, "<p class=\"number\">IPA#12345678</p>", "未確認" },
	{ true, LANGUAGE_JA, "<i>✓</i><b>1.2</b>返信\xc2\xa0[SI] <small>(2026-11-22, o&lt;fficer)</small>",
	  "なりすまし" },
	{ true, LANGUAGE_JA, "<i></i><b>1.1</b>受け渡し</li>", "Hand over" },
	{ true, LANGUAGE_EN, "<i></i><b>1.1</b>Hand over</li>", "受け渡し" },
	{ true, LANGUAGE_JA, "<h3>2. 問題の有無の調査（現在）</h3>", "1. 通知の受領（現在）" },
	{ true, LANGUAGE_JA, "ask@ipa.example", "a@b.example" },
	{ true, LANGUAGE_EN, "madoguchi case tick 7 2.1 --as Title", "SUBJECT" },
	{ true, LANGUAGE_JA, "メール 200", "被害への対応" },
	{ true, LANGUAGE_EN, "decision maker", "Trouble under way" },
	{ false, LANGUAGE_JA, "<html lang=\"ja\">", "<script" },
	{ false, LANGUAGE_JA, "<p>A &amp; B</p>", "SECRET-" },
	{ false, LANGUAGE_EN, "&quot;A&quot; &lt;a@b.example&gt;", "<a@b" },
	{ false, LANGUAGE_EN, "note: &lt;b&gt;", "<b>" },
	{ false, LANGUAGE_EN, ">SUBJECT<", "SECRET-" },
	{ false, LANGUAGE_JA, "☑ 1.2 返信（SI 事業者が協力可能）", "☑ 1.1" },
	{ false, LANGUAGE_JA, "☐ 1.1 受け渡し", "一覧へ" },
	{ false, LANGUAGE_EN, "12345678", "href" },
};

START_TEST(what_is_told)
{
	struct record_case record = the_case();
	struct json_case what = the_whole(&record, 2, 2);
	struct json_view of = view();
	const char *page = told[_i].sheet ? sheet_html(&of, &what, told[_i].language, NULL)
		: case_html(&of, &what, told[_i].language, NULL);

	ck_assert_msg(strstr(page, told[_i].holds) != NULL, "lacks %s:\n%s", told[_i].holds, page);
	ck_assert_msg(strstr(page, told[_i].lacks) == NULL, "holds %s:\n%s", told[_i].lacks, page);
}
END_TEST

/* Of a site many may read. */
START_TEST(page_of_a_site)
{
	static const struct record_finder finder = { "finder@example.org", NOW };
	struct record_case record = the_case();
	struct json_case what = the_whole(&record, 2, 2);
	struct json_view of = view();
	const char *page;

	what.finders = &finder;
	what.finder_count = 1;
	page = case_html(&of, &what, LANGUAGE_EN, NULL);
	ck_assert_ptr_nonnull(strstr(page, "finder@example.org"));
	ck_assert_ptr_nonnull(strstr(page, "Subject (outer)"));
	page = case_html(&of, &what, LANGUAGE_EN, "index.html");
	ck_assert_ptr_nonnull(strstr(page, "details of the vulnerability"));
	ck_assert_ptr_null(strstr(page, "finder@example.org"));
	ck_assert_ptr_null(strstr(page, "a@b.example"));
	ck_assert_ptr_null(strstr(page, "SUBJECT"));
	ck_assert_ptr_null(strstr(page, "Subject (outer)"));
}
END_TEST

START_TEST(in_trouble)
{
	struct record_case record = the_case();
	struct json_case what = the_whole(&record, 0, 0);
	struct json_view of = view();
	const char *page;

	record.trust = TRUST_SUSPECT;
	record.number_bound = false;
	what.incident = &incident;
	page = sheet_html(&of, &what, LANGUAGE_JA, &staff[2]);
	ck_assert_ptr_nonnull(strstr(page, "IPA#12345678（番号は未確認）"));
	ck_assert_ptr_nonnull(strstr(page, "<b>なりすましの疑いがあります。"));
	ck_assert_ptr_nonnull(strstr(page, "被害への対応"));
	ck_assert_ptr_nonnull(strstr(page, "— 2026-11-25 (水)"));
	ck_assert_ptr_nonnull(strstr(page, "未了の期限はありません。"));
	ck_assert_ptr_nonnull(strstr(page, "メールはありません。"));
	ck_assert_ptr_nonnull(strstr(page, "<th>引き継がれる人</th><td>person2</td>"));
	ck_assert_uint_eq(count_of(page, "<i>✓</i>"), 2);
	page = case_html(&of, &what, LANGUAGE_EN, "index.html");
	ck_assert_ptr_nonnull(strstr(page, "<a href=\"index.html\">All cases</a>"));
	ck_assert_ptr_nonnull(strstr(page, "☑ stop-site "));
	ck_assert_ptr_nonnull(strstr(page, "☐ authority-report "));
	record.number_count = 0;
	ck_assert_ptr_nonnull(strstr(sheet_html(&of, &what, LANGUAGE_JA, NULL), ">案件 7</p>"));
}
END_TEST

/* Of deadlines the nearest stand there, of messages the newest, and what stands not is counted. */
static const struct {
	size_t messages, deadlines, sites, staff;
	bool incident;
	size_t messages_told, deadlines_told, sites_told, staff_told;
} sizes[] = {
	{ 3, 2, 1, 4, false, 3, 2, 1, 4 },
	{ 18, 0, 1, 4, false, 18, 0, 1, 4 },
	{ 19, 0, 1, 4, false, 17, 0, 1, 4 },
	{ 12, 6, 1, 6, false, 12, 6, 1, 6 },
	{ 30, 6, 1, 6, false, 11, 6, 1, 6 },
	{ 30, 30, 4, 30, false, 8, 6, 3, 6 },
	{ 30, 30, 4, 30, true, 4, 6, 3, 6 },
};

START_TEST(what_two_pages_hold)
{
	struct record_case record = the_case();
	struct json_case what = the_whole(&record, sizes[_i].messages, sizes[_i].deadlines);
	struct json_view of = view();
	size_t count = sizes[_i].messages;
	const char *page;

	record.site_count = sizes[_i].sites;
	policy.staff_count = sizes[_i].staff;
	what.incident = sizes[_i].incident ? &incident : NULL;
	page = sheet_html(&of, &what, LANGUAGE_EN, NULL);
	ck_assert_uint_eq(count_of(page, ">details of the vulnerability<"), sizes[_i].messages_told);
	ck_assert_uint_eq(count_of(page, "☐"), sizes[_i].deadlines_told);
	ck_assert_uint_eq(count_of(page, ".example/"), sizes[_i].sites_told);
	ck_assert_uint_eq(count_of(page, "p@example.co.jp"), sizes[_i].staff_told);
	ck_assert_uint_eq(count_of(page, "more: madoguchi case show 7"),
		(sizes[_i].messages_told < count ? 1U : 0U) +
		(sizes[_i].deadlines_told < sizes[_i].deadlines ? 1U : 0U));
	/* The newest message, and the first deadline, which is the last of the list. */
	ck_assert_ptr_nonnull(strstr(page, arena_printf(arena, ">%zu</td>", 100 + count - 1)));
	if (sizes[_i].deadlines > 0)
		ck_assert_ptr_nonnull(strstr(page, arena_printf(arena, ">message %zu</td>",
			200 + sizes[_i].deadlines - 1)));
}
END_TEST

/* As text: all of each list, columns aligned, nothing that a terminal would obey. */
START_TEST(as_text)
{
	struct record_case record = the_case();
	struct json_case what = the_whole(&record, MANY, MANY);
	struct json_view of = view();
	const char *text;

	record.site_count = 4;
	record.assignee = "of\033[31mficer";
	what.incident = &incident;
	text = sheet_text(&of, &what, LANGUAGE_EN, &staff[2]);
	ck_assert_uint_eq(count_of(text, "details of the vulnerability"), MANY);
	ck_assert_uint_eq(count_of(text, "☐"), MANY);
	ck_assert_uint_eq(count_of(text, ".example/"), 4);
	ck_assert_uint_eq(count_of(text, "p@example.co.jp"), policy.staff_count);
	ck_assert_uint_eq(count_of(text, "[✓]"), 2);
	ck_assert_ptr_nonnull(strstr(text, "\n  [✓] 1.2 Reply\xc2\xa0[vendor] (2026-11-22, o<fficer)\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n  [ ] 1.1 Hand over\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n2. What is owed\n---------------\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nTaken over by:  person2 ____"));
	ck_assert_ptr_null(strstr(text, "SECRET-"));
	ck_assert_ptr_null(strstr(text, "SUBJECT"));
	ck_assert_ptr_null(strstr(text, "a@b.example"));
	ck_assert_ptr_null(strchr(text, '\033'));
	/* Characters of two columns: the line below the title is as wide, the values stand aligned. */
	what = the_whole(&record, 0, 0);
	record.assignee = NULL;
	text = sheet_text(&of, &what, LANGUAGE_JA, NULL);
	ck_assert_ptr_nonnull(strstr(text, "\n2. 期限\n-------\n  未了の期限はありません。\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n調整機関:     IPA\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n送信者の確認: 送信者を確認済み\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n2. 問題の有無の調査（現在）\n"));
}
END_TEST

static Suite *
suite_sheet(void)
{
	Suite *suite = suite_create("sheet");
	TCase *tcase = tcase_create("sheet");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, what_is_told, 0, SIZE(told));
	tcase_add_test(tcase, page_of_a_site);
	tcase_add_test(tcase, in_trouble);
	tcase_add_test(tcase, as_text);
	tcase_add_loop_test(tcase, what_two_pages_hold, 0, SIZE(sizes));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_sheet());
}
