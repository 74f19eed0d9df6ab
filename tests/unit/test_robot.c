/*
 * rule/robot: programs that mark their mail in older ways or in words alone, and
 * the window's own mailing list.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/robot.h"

#include "rule_mail.h"

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, RULE_ARENA_CAP);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct message *
mail(const char *text)
{
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, text, strlen(text), NULL, message);
	return message;
}

static const struct {
	const char *fields;
	bool marked, own_list;
} marks[] = {
	{ "From: a@b.example\n", false, false },
	{ "X-Autoreply: yes\n", true, false },
	{ "X-Autorespond:\n", true, false },
	{ "Precedence: auto_reply\n", true, false },
	{ "Precedence: Auto-Reply\n", true, false },
	{ "Precedence: bulk\n", false, false },
	{ "X-Auto-Response-Suppress: All\n", false, false },
	{ "List-Id: <security.example.co.jp>\n", false, true },
	{ "List-Id: The window <Security.example.co.jp>\nPrecedence: list\n", false, true },
	{ "List-Post: <https://g.example/p>, <mailto:security@example.co.jp>\n", false, true },
	{ "List-Post: <mailto:desk@example.co.jp>\n", false, true },
	{ "List-Post: <mailto:insecurity@example.co.jp>\n", false, false },
	{ "List-Post: <mailto:security@example.co.jp.evil.example>\n", false, false },
	{ "List-Id: <websec.lists.example.org>\n", false, false },
	{ "List-Id: <security.example.co.jp>\nPrecedence: bulk\n", false, false },
	{ "List-Unsubscribe: <mailto:security@example.co.jp>\n", false, false },
};

START_TEST(test_marks)
{
	static const char *aliases[] = { "desk@example.co.jp" };
	const struct policy_desk desk = {
		.address = "security@example.co.jp", .aliases = RULE_LIST(aliases),
	};
	const struct message *message = mail(arena_printf(arena, "%s\ntext\n", marks[_i].fields));

	ck_assert_msg(robot_marked(arena, message) == marks[_i].marked, "%s", marks[_i].fields);
	ck_assert_msg(robot_own_list(arena, &desk, message) == marks[_i].own_list, "%s",
		marks[_i].fields);
}
END_TEST

static const struct {
	const char *subject, *text;
	bool words;
} wordings[] = {
	{ "Out of Office: hello", "I am away.", true },
	{ "Re: [Out of office] hello", "I am away.", true },
	{ "AW: Abwesenheitsnotiz", "Ich bin nicht da.", true },
	{ "【自動返信】お問い合わせ", "受け付けました。", true },
	{ "【不在通知】Re: x", "", true },
	{ "[EXTERNAL] Automatic reply: x", "", true },
	{ "[a][b] 【c】 (d) Automatic reply: x", "", false },	/* too many tags for a gateway's */
	{ "[never closed Automatic reply: x", "", false },
	{ "When I am out of office", "Please wait.", false },
	{ "Re: x", "This is an automated response.", true },
	{ "Re: x", "※このメールは、システムより自動的に\n送信されています。", true },
	{ "Re: x", "Diese Nachricht wurde automatisch versandt.", true },
	{ "Re: x", "I am out of the office from Friday on.", false },
	{ "x", "We automate things.", false },
	{ "", "", false },
};

START_TEST(test_words)
{
	struct phrase_text *text = phrase_text_make(arena, wordings[_i].text);

	ck_assert_msg(robot_words(arena, wordings[_i].subject, text) == wordings[_i].words,
		"%s / %s", wordings[_i].subject, wordings[_i].text);
	ck_assert(!robot_words(arena, "x", NULL));
}
END_TEST

static const struct {
	const char *mail;
	bool notice, failed;
	const char *id;
} notices[] = {
	{ "From: mailer-daemon@mx.example\nSubject: failure notice\n\nSorry.\n\nMessage-ID: <1@b>\n",
		true, true, "<1@b>" },
	{ "From: Postmaster@mx.example\nSubject: Undeliverable: x\n\nno such user\n", true, true, NULL },
	{ "Return-Path: <>\nFrom: x@mx.example\nSubject: Returned mail\n\nIt came back.\n"
	  "> Message-Id: <2@b>\n", true, true, "<2@b>" },
	{ "Return-Path: <>\nFrom: x@mx.example\nSubject: x\n\nIt could not be delivered.\n", false,
		false, NULL },
	{ "From: mailer-daemon@mx.example\nSubject: Warning: message 1 delayed 24 hours\n\nx\n", true,
		false, NULL },
	{ "From: mailer-daemon@mx.example\nSubject: x\n\nIt has not yet been delivered.\n", true,
		false, NULL },
	/* an id inside a sentence is quoted by a person, or by chance */
	{ "From: mailer-daemon@mx.example\nSubject: failure notice\n\nyour Message-ID: <3@b>\n", true,
		true, NULL },
	{ "From: mailer-daemon@mx.example\nSubject: failure notice\n\nMessage-ID: none\n", true, true,
		NULL },
	/* a person, and a mail system that speaks of something else */
	{ "From: x@b.example\nSubject: failure notice\n\nIt could not be delivered.\n", false, false,
		NULL },
	{ "From: postmaster@mx.example\nSubject: New rules\n\nNew rules for all.\n", false, false, NULL },
	{ "From: postmaster@mx.example, a@b.example\nSubject: failure notice\n\nx\n", false, false,
		NULL },
};

START_TEST(test_notices)
{
	struct robot_notice notice = { .failed = false };
	bool is = robot_failure_notice(arena, mail(notices[_i].mail), &notice);

	ck_assert_msg(is == notices[_i].notice, "%s", notices[_i].mail);
	ck_assert_msg(notice.failed == notices[_i].failed, "%s", notices[_i].mail);
	if (notices[_i].id != NULL)
		ck_assert_str_eq(notice.returned_id, notices[_i].id);
	else
		ck_assert_ptr_null(notice.returned_id);
}
END_TEST

/* The built-in words are written as the match copy spells them, else they would never be found. */
START_TEST(test_vocabulary)
{
	size_t count;

	for (count = 0; robot_word(count) != NULL; count++)
		ck_assert_str_eq(phrase_match_copy(arena, robot_word(count)), robot_word(count));
	ck_assert_uint_gt(count, 80);
}
END_TEST

static Suite *
suite_robot(void)
{
	Suite *suite = suite_create("robot");
	TCase *tcase = tcase_create("robot");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_marks, 0, SIZE(marks));
	tcase_add_loop_test(tcase, test_words, 0, SIZE(wordings));
	tcase_add_loop_test(tcase, test_notices, 0, SIZE(notices));
	tcase_add_test(tcase, test_vocabulary);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_robot());
}
