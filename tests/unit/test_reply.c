/*
 * rule/reply: the words of the command line, what each kind of letter must have, the
 * template that it is written by, and the mails that it answers.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/reply.h"

#include "base/arena.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define ARENA_CAP ((size_t)8 * 1024 * 1024)

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	const char *word;
	enum mail_kind kind;
	enum reply_result result;
	const char *template_name;
} kinds[] = {
	{ "finding", KIND_FINDING, REPLY_CONFIRMED, "reply-finding-confirmed" },
	{ "finding", KIND_FINDING, REPLY_NOT_A_VULNERABILITY, "reply-finding-not-a-vulnerability" },
	{ "progress", KIND_PROGRESS, REPLY_KNOWN, "reply-progress" },
	{ "extension", KIND_EXTENSION, REPLY_CONFIRMED, "reply-extension" },
	{ "completion", KIND_COMPLETION, REPLY_CONFIRMED, "reply-completion" },
	{ "question", KIND_QUESTION, REPLY_CONFIRMED, "reply-question" },
	{ "plain", KIND_REPLY, REPLY_CONFIRMED, "reply-plain" },
};

START_TEST(test_kinds)
{
	enum mail_kind kind = MAIL_KINDS;

	ck_assert(reply_kind_read(kinds[_i].word, &kind));
	ck_assert_int_eq(kind, kinds[_i].kind);
	ck_assert_str_eq(reply_template(arena, kind, kinds[_i].result), kinds[_i].template_name);
}
END_TEST

START_TEST(test_other_words)
{
	static const char *const words[] = { "", "reply", "acknowledgement", "Finding", "forward" };
	enum mail_kind kind = MAIL_KINDS;
	enum reply_result result = REPLY_RESULTS;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ck_assert(!reply_kind_read(words[i], &kind));
		ck_assert(!reply_result_read(words[i], &result));
	}
	ck_assert_int_eq(kind, MAIL_KINDS);
	ck_assert_int_eq(result, REPLY_RESULTS);
	ck_assert(reply_result_read("not-reproduced", &result));
	ck_assert_int_eq(result, REPLY_NOT_REPRODUCED);
}
END_TEST

#define F REPLY_CONFIRMED

static const struct {
	struct reply_has has;	/* kind, result, to a coordinator; result, until, text, number, site */
	enum reply_fault fault;
} checks[] = {
	{ { KIND_FINDING, F, true, true, false, false, true, true }, REPLY_FINE },
	{ { KIND_FINDING, F, true, false, false, true, true, true }, REPLY_WANTS_RESULT },
	{ { KIND_FINDING, F, true, true, true, true, true, true }, REPLY_TAKES_NO_UNTIL },
	{ { KIND_FINDING, REPLY_KNOWN, true, true, false, false, true, true }, REPLY_FINE },
	{ { KIND_FINDING, REPLY_NOT_A_VULNERABILITY, true, true, false, false, true, true },
		REPLY_WANTS_TEXT },
	{ { KIND_FINDING, REPLY_NOT_A_VULNERABILITY, true, true, false, true, true, true },
		REPLY_FINE },
	{ { KIND_PROGRESS, F, true, false, false, true, false, false }, REPLY_FINE },
	{ { KIND_PROGRESS, F, true, false, false, false, true, true }, REPLY_WANTS_TEXT },
	{ { KIND_PROGRESS, F, true, true, false, true, true, true }, REPLY_TAKES_NO_RESULT },
	{ { KIND_EXTENSION, F, true, false, true, false, true, true }, REPLY_FINE },
	{ { KIND_EXTENSION, F, true, false, false, true, true, true }, REPLY_WANTS_UNTIL },
	{ { KIND_COMPLETION, F, true, false, false, true, true, true }, REPLY_FINE },
	{ { KIND_COMPLETION, F, true, false, false, false, true, true }, REPLY_WANTS_TEXT },
	{ { KIND_COMPLETION, F, true, false, false, true, false, true }, REPLY_WANTS_NUMBER },
	{ { KIND_COMPLETION, F, true, false, false, true, true, false }, REPLY_WANTS_SITE },
	/* Before the editor is opened all else must be there. */
	{ { KIND_COMPLETION, F, true, false, false, false, false, true }, REPLY_WANTS_NUMBER },
	/* A finder alone has no number. */
	{ { KIND_COMPLETION, F, false, false, false, true, false, true }, REPLY_FINE },
	{ { KIND_COMPLETION, F, false, false, false, true, false, false }, REPLY_WANTS_SITE },
	{ { KIND_QUESTION, F, true, false, false, false, false, false }, REPLY_FINE },
	{ { KIND_QUESTION, F, true, false, true, false, false, false }, REPLY_TAKES_NO_UNTIL },
	{ { KIND_REPLY, F, true, false, false, true, false, false }, REPLY_FINE },
	{ { KIND_REPLY, F, true, false, false, false, true, true }, REPLY_WANTS_TEXT },
};

START_TEST(test_check)
{
	ck_assert_int_eq(reply_check(&checks[_i].has), checks[_i].fault);
}
END_TEST

static const struct {
	struct record_number numbers[3];
	size_t count;
	const char *coordinator, *number;
} numbers[] = {
	{ { { NULL, NULL, false } }, 0, "IPA", NULL },
	{ { { "IPA", "IPA#11111111", true } }, 1, "IPA", "IPA#11111111" },
	{ { { "IPA", "IPA#11111111", false } }, 1, "IPA", "IPA#11111111" },
	/* What another coordinator calls it is not this one's to know. */
	{ { { "JPCERT/CC", "JPCERT#91111111", true } }, 1, "IPA", NULL },
	{ { { "JPCERT/CC", "JPCERT#91111111", true }, { "IPA", "IPA#11111111", true } }, 2, "IPA",
		"IPA#11111111" },
	{ { { "JPCERT/CC", "JPCERT#91111111", true }, { "IPA", "IPA#11111111", true } }, 2, NULL,
		"JPCERT#91111111" },
	{ { { NULL, "X#1", true } }, 1, "IPA", "X#1" },
};

START_TEST(test_number)
{
	const char *number =
		reply_number(numbers[_i].numbers, numbers[_i].count, numbers[_i].coordinator);

	ck_assert_pstr_eq(number, numbers[_i].number);
}
END_TEST

#define IN(id, address) \
	{ .direction = DIRECTION_IN, .kind = KIND_DETAILS, .trust = TRUST_VERIFIED, \
		.message_id = (id), .from = (address), .to = "desk@example.co.jp" }
#define OUT(id, address) \
	{ .direction = DIRECTION_OUT, .kind = KIND_ACKNOWLEDGEMENT, .trust = TRUST_VERIFIED, \
		.message_id = (id), .from = "desk@example.co.jp", .to = (address) }
#define IPA "情報処理推進機構 <vuln-contact@IPA.go.jp>"

static const char *const ipa_addresses[] = { "other@ipa.go.jp", "vuln-contact@ipa.go.jp" };

static const struct {
	struct record_message messages[6];
	size_t count;
	const char *ids;
} threads[] = {
	{ { IN("<1@x>", IPA) }, 1, "<1@x>" },
	{ { IN("<1@x>", "finder@example.org") }, 1, "" },
	{ { IN(NULL, IPA), IN("<2@x>", NULL) }, 2, "" },
	/* Theirs is answered, though ours came later; ours stands among the References. */
	{ { IN("<1@x>", IPA), OUT("<2@x>", "vuln-contact@ipa.go.jp"), IN("<3@x>", IPA),
		  OUT("<4@x>", "vuln-contact@ipa.go.jp") }, 4, "<1@x><2@x><4@x><3@x>" },
	/* Any address of theirs; nobody else's mail. */
	{ { IN("<1@x>", "other@ipa.go.jp"), IN("<2@x>", "finder@example.org"),
		  OUT("<3@x>", "finder@example.org, Other <other@ipa.go.jp>") }, 3, "<3@x><1@x>" },
	/* They never wrote: our last letter goes on. */
	{ { OUT("<1@x>", "other@ipa.go.jp"), OUT("<2@x>", "other@ipa.go.jp") }, 2, "<1@x><2@x>" },
	{ { IN("<1@x>", IPA),
		  { .direction = DIRECTION_IN, .kind = KIND_DETAILS, .trust = TRUST_SUSPECT,
			  .message_id = "<2@x>", .from = IPA },
		  { .direction = DIRECTION_IN, .kind = KIND_BOUNCE, .trust = TRUST_VERIFIED,
			  .message_id = "<3@x>", .from = IPA },
		  { .direction = DIRECTION_IN, .kind = KIND_AUTO_REPLY, .trust = TRUST_VERIFIED,
			  .message_id = "<4@x>", .from = IPA } }, 4, "<1@x>" },
};

static char *
joined(const char *const *ids, size_t count)
{
	char *all = arena_strdup(arena, "");

	for (size_t i = 0; i < count; i++)
		all = arena_printf(arena, "%s%s", all, ids[i]);
	return all;
}

START_TEST(test_thread)
{
	const struct string_list addresses = { 2, (const char **)(uintptr_t)ipa_addresses };
	const char *ids[REPLY_REFERENCES];
	size_t count = reply_thread(arena, threads[_i].messages, threads[_i].count, &addresses, ids);

	ck_assert_str_eq(joined(ids, count), threads[_i].ids);
}
END_TEST

/* Of a long exchange the first, the newest, and at the end what is answered. */
START_TEST(test_long_thread)
{
	static const char *const address[] = { "vuln-contact@ipa.go.jp" };
	const struct string_list addresses = { 1, (const char **)(uintptr_t)address };
	static struct record_message messages[500];
	const char *ids[REPLY_REFERENCES];
	size_t count;

	for (size_t i = 0; i < 500; i++)
		messages[i] = (struct record_message)IN(
			arena_printf(arena, "<%zu@x>", i), "vuln-contact@ipa.go.jp");
	count = reply_thread(arena, messages, 500, &addresses, ids);
	ck_assert_uint_eq(count, REPLY_REFERENCES);
	ck_assert_str_eq(ids[0], "<0@x>");
	ck_assert_str_eq(ids[1], "<441@x>");
	ck_assert_str_eq(ids[count - 2], "<498@x>");
	ck_assert_str_eq(ids[count - 1], "<499@x>");
}
END_TEST

static Suite *
suite_reply(void)
{
	Suite *suite = suite_create("reply");
	TCase *tcase = tcase_create("reply");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_kinds, 0, SIZE(kinds));
	tcase_add_test(tcase, test_other_words);
	tcase_add_loop_test(tcase, test_check, 0, SIZE(checks));
	tcase_add_loop_test(tcase, test_number, 0, SIZE(numbers));
	tcase_add_loop_test(tcase, test_thread, 0, SIZE(threads));
	tcase_add_test(tcase, test_long_thread);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_reply());
}
