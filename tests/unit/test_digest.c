/*
 * view/digest: what a digest tells and what it must not, and that its HTML says
 * the same. Expected texts were written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest.h"

#include "base/arena.h"
#include "base/clock.h"
#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* 2026-11-22 09:00 in Tokyo */
#define NOW (INT64_C(1795305600) * CLOCK_SECOND)

static struct arena *arena;

static const struct policy_desk desk = { .title = "www", .name = "Desk <One> & Co",
	.time_zone = "Asia/Tokyo" };

static const char *number_a[] = { "IPA#12345678" };
static const char *number_b[] = { "IPA#87654321" };

/* In the order of their ids; case 3 is the most urgent, case 2 has no deadline. */
static const struct record_case cases[] = {
	{ .id = 1,
		.desk = "www",
		.title = "SECRET-TITLE",
		.stage = STAGE_DETAILS,
		.phase = PHASE_INVESTIGATE,
		.number_bound = true,
		.numbers = number_a,
		.number_count = 1,
		.assignee = "officer",
		.has_deadline = true,
		.next_deadline = { .kind = DEADLINE_REMEDIATION, .due = NOW + 3 * CLOCK_DAY } },
	{ .id = 2, .desk = "www", .phase = PHASE_RECEIVE },
	{ .id = 3,
		.desk = "www",
		.stage = STAGE_CONTACT,
		.phase = PHASE_RECEIVE,
		.numbers = number_b,
		.number_count = 1,
		.has_deadline = true,
		.next_deadline = { .kind = DEADLINE_ACKNOWLEDGE, .due = NOW - 2 * CLOCK_DAY } },
	{ .id = 4,
		.desk = "www",
		.phase = PHASE_RECEIVE,
		.has_deadline = true,
		.next_deadline = { .kind = DEADLINE_FINDER, .due = NOW + CLOCK_HOUR } },
};

#define OUTBOX(number, owner, how, why) \
	{ .id = number, .case_id = 1, .desk = owner, .kind = KIND_ACKNOWLEDGEMENT, .state = how, \
		.to = "SECRET-TO", .last_error = "SECRET-ERROR", .smtp_reply = "SECRET-REPLY", \
		.next_try_at = NOW + CLOCK_HOUR, .hold_why = why }

static const struct record_outbox outbox[] = {
	OUTBOX(11, "www", OUTBOX_HELD, "the conf leaves it to a person"),
	OUTBOX(12, "www", OUTBOX_DEFERRED, NULL),
	OUTBOX(13, "www", OUTBOX_FAILED, NULL),
	OUTBOX(14, "www", OUTBOX_QUEUED, NULL),
	OUTBOX(15, "www", OUTBOX_SENT, NULL),
	OUTBOX(16, "other", OUTBOX_HELD, "of another desk"),
};

static const struct record_message unfiled[] = {
	{ .id = 21, .desk = "www", .kind = KIND_CORRESPONDENCE, .trust = TRUST_UNVERIFIED,
		.received_at = NOW, .subject = "SECRET-SUBJECT", .from = "SECRET-FROM" },
	{ .id = 22, .desk = "other", .received_at = NOW },
};

static struct digest
full(enum language language)
{
	return (struct digest){ .desk = &desk, .language = language, .now = NOW, .cases = cases,
		.case_count = 4, .outbox = outbox, .outbox_count = 6, .unfiled = unfiled,
		.unfiled_count = 2, .unrelated_count = 77, .log_head = "abcdef" };
}

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

START_TEST(test_english)
{
	struct digest digest = full(LANGUAGE_EN);

	ck_assert_str_eq(digest_text(arena, &digest),
		"Desk: Desk <One> & Co\n"
		"At: 2026-11-22 09:00\n"
		"Cases past their deadline: 1\n"
		"\n"
		"Open cases (4)\n"
		"--------------\n"
		"  CASE  NUMBER                        STAGE    PHASE        STAFF    DEADLINE"
		"     DUE               LEFT\n"
		"  3     IPA#87654321 (not confirmed)  contact  receive      nobody   acknowledge"
		"  2026-11-20 09:00  2 days over\n"
		"  4     -                             -        receive      nobody   finder"
		"       2026-11-22 10:00  today\n"
		"  1     IPA#12345678                  details  investigate  officer  remediation"
		"  2026-11-25 09:00  3 days\n"
		"  2     -                             -        receive      nobody   -"
		"            -                 -\n"
		"\n"
		"To look at one: madoguchi case show CASE\n"
		"\n"
		"Mail held, deferred or failed (3)\n"
		"---------------------------------\n"
		"  ID  CASE  KIND             STATE     NEXT TRY          HELD BECAUSE\n"
		"  11  1     acknowledgement  held      -                 "
		"the conf leaves it to a person\n"
		"  12  1     acknowledgement  deferred  2026-11-22 10:00  -\n"
		"  13  1     acknowledgement  failed    -                 -\n"
		"\n"
		"To send it: madoguchi outbox release ID (retry ID if it failed); "
		"to drop it: madoguchi outbox drop ID --why REASON\n"
		"\n"
		"Mail in no case (1)\n"
		"-------------------\n"
		"  MESSAGE  RECEIVED AT       KIND            TRUST\n"
		"  21       2026-11-22 09:00  correspondence  unverified\n"
		"\n"
		"To read it: madoguchi message show MESSAGE; "
		"to file it: madoguchi message file MESSAGE CASE\n"
		"\n"
		"Mail judged to be of no case: 77\n"
		"Hash of the log: abcdef\n");
}
END_TEST

static const char *const languages_say[][4] = {
	[LANGUAGE_JA] = { "対応中の案件 (4)", "2 日超過", "IPA#87654321（未確認）", "本日" },
	[LANGUAGE_EN] = { "Open cases (4)", "2 days over", "(not confirmed)", "today" },
};

/* It may go in clear: in no language, text or HTML, does it tell what it must not. */
START_TEST(test_no_content)
{
	struct digest digest = full((enum language)_i);
	char *text = digest_text(arena, &digest);
	char *html = digest_html(arena, "t", text, (enum language)_i);

	for (int i = 0; i < SIZE(languages_say[_i]); i++) {
		ck_assert_msg(strstr(text, languages_say[_i][i]) != NULL, "%s", text);
		ck_assert_msg(strstr(html, languages_say[_i][i]) != NULL, "%s", html);
	}
	ck_assert_ptr_null(strstr(text, "SECRET"));
	ck_assert_ptr_null(strstr(html, "SECRET"));
	ck_assert_ptr_null(strstr(text, "another desk"));
}
END_TEST

START_TEST(test_nothing)
{
	struct digest digest = { .desk = &desk, .language = LANGUAGE_EN, .now = NOW,
		.log_head = "00" };

	ck_assert_str_eq(digest_text(arena, &digest),
		"Desk: Desk <One> & Co\n"
		"At: 2026-11-22 09:00\n"
		"Cases past their deadline: 0\n"
		"\nOpen cases (0)\n--------------\n  None.\n"
		"\nMail held, deferred or failed (0)\n---------------------------------\n  None.\n"
		"\nMail in no case (0)\n-------------------\n  None.\n"
		"\nMail judged to be of no case: 0\n"
		"Hash of the log: 00\n");
}
END_TEST

static size_t
occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
		count++;
	return count;
}

START_TEST(test_html_tables)
{
	struct digest digest = full(LANGUAGE_EN);
	char *html = digest_html(arena, "a<b", digest_text(arena, &digest), LANGUAGE_EN);

	ck_assert_ptr_nonnull(strstr(html, "<title>a&lt;b</title>"));
	ck_assert_ptr_nonnull(strstr(html, "Desk &lt;One&gt; &amp; Co"));
	ck_assert_uint_eq(occurrences(html, "<table"), 3);
	ck_assert_uint_eq(occurrences(html, "</table>"), 3);
	ck_assert_uint_eq(occurrences(html, "<h2"), 3);
	/* a row of titles and the rows: 1 + 4, 1 + 3, 1 + 1 */
	ck_assert_uint_eq(occurrences(html, "<tr>"), 11);
	ck_assert_uint_eq(occurrences(html, "<th "), 8 + 6 + 4);
	ck_assert_uint_eq(occurrences(html, "<td "), 4 * 8 + 3 * 6 + 1 * 4);
	/* nothing that would be fetched or run */
	ck_assert_uint_eq(occurrences(html, "://"), 0);
	ck_assert_uint_eq(occurrences(html, "<img"), 0);
	ck_assert_uint_eq(occurrences(html, "<script"), 0);
	ck_assert_uint_eq(occurrences(html, "<link"), 0);
}
END_TEST

#define CELL(tag, text)                                                                     \
	"<" tag " style=\"border:1px solid #999999;padding:2px 8px;text-align:left\">" text \
	"</" tag ">"

/* a text, and what stands in the body */
static const struct {
	const char *text, *body;
} htmls[] = {
	{ "", "" },
	{ "\n\n\n", "" },
	{ "one", "<p>one</p>\n" },
	{ "one\ntwo\n\nthree\n", "<p>one<br>\ntwo</p>\n<p>three</p>\n" },
	{ "<b>&\"\n", "<p>&lt;b&gt;&amp;&quot;</p>\n" },
	{ "Title\n-----\ntext\n", "<h2 style=\"font-size:120%\">Title</h2>\n<p>text</p>\n" },
	{ "before\nTitle\n---\n", "<p>before</p>\n<h2 style=\"font-size:120%\">Title</h2>\n" },
	{ "  alone\n", "<p>alone</p>\n" },
	{ "  A  B\n  1  x y\n",
		"<table style=\"border-collapse:collapse\">\n"
		"<tr>" CELL("th", "A") CELL("th", "B") "</tr>\n"
		"<tr>" CELL("td", "1") CELL("td", "x y") "</tr>\n"
		"</table>\n" },
	{ "---\n", "<p>---</p>\n" },
	{ "---\n---\n---\n", "<h2 style=\"font-size:120%\">---</h2>\n<p>---</p>\n" },
	{ "  \n", "<p>  </p>\n" },
};

START_TEST(test_html)
{
	ck_assert_str_eq(digest_html(arena, "t", htmls[_i].text, LANGUAGE_JA),
		arena_printf(arena,
			"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n"
			"<html lang=\"ja\">\n<head>\n"
			"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n"
			"<title>t</title>\n</head>\n"
			"<body style=\"font-family:sans-serif\">\n%s</body>\n</html>\n",
			htmls[_i].body));
}
END_TEST

static Suite *
suite_digest(void)
{
	Suite *suite = suite_create("digest");
	TCase *tcase = tcase_create("digest");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_english);
	tcase_add_loop_test(tcase, test_no_content, 0, SIZE(languages_say));
	tcase_add_test(tcase, test_nothing);
	tcase_add_test(tcase, test_html_tables);
	tcase_add_loop_test(tcase, test_html, 0, SIZE(htmls));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_digest());
}
