/*
 * rule/evidence: the words as they stand in the mail, with where they stand; and
 * texts that would cost too much.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/evidence.h"

#include "base/text.h"
#include "base/utf8.h"
#include "rule_mail.h"

static struct arena *arena;
static struct policy *policy;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)512 * 1024 * 1024);
	policy = rule_policy(arena);
}

static void
teardown(void)
{
	rule_policy_free(policy);
	arena_free(&arena);
}

static char *
evidence(const char *from, const char *subject, const char *body)
{
	struct text text;

	text_init(&text, arena, 1024 * 1024);
	evidence_add(arena, policy, 0, rule_message(arena, from, subject, body), &text);
	ck_assert(utf8_valid(text.data, text.len));
	return text.data;
}

#define IPA_ADDRESS "vuln-contact@ipa.go.jp"

static const struct {
	const char *from, *subject, *body;
	const char *lines[4];	/* each stands there */
} mails[] = {
	/* spelled in any way, it is quoted as it stands */
	{ IPA_ADDRESS, "【ＩＰＡ＃１２３４５６７８】", "x\n",
		{ "number IPA#12345678\tsubject\tＩＰＡ＃１２３４５６７８\n" } },
	/* a wrap inside a word goes, one between words is a blank */
	{ IPA_ADDRESS, "x", "どちらにお送\nりすればよろしいでしょうか。\n",
		{ "IPA contact-ask\ttext\tどちらにお送りすれば\n" } },
	{ IPA_ADDRESS, "x", "IPA#\n12345678\n", { "number IPA#12345678\ttext\tIPA# 12345678\n" } },
	{ IPA_ADDRESS, "x", "see https://www.example.co.jp/a?b=c for it\n",
		{ "site https://www.example.co.jp/\ttext\t" } },
	/* what it quotes is told as such */
	{ IPA_ADDRESS, "x", "はい。\n\n> 突然のご連絡失礼いたします。\n> IPA#12345678\n",
		{ "IPA contact\tquoted text\t突然のご連絡\n", "number IPA#12345678\tquoted text\tIPA#12345678\n" } },
	/* what was written into a form, and not what the mailer put round it */
	{ "www@example.co.jp", "IPA#87654321", "お問い合わせ内容: 突然のご連絡失礼いたします。IPA#12345678\n",
		{ "IPA contact\tform's field\t突然のご連絡\n",
			"number IPA#12345678\tform's field\tIPA#12345678\n" } },
	/* what was weighed of a stranger's letter */
	{ "someone@example.org", "hello", "御社のサイトで、他の人の名前が見えてしまいます。\n",
		{ "sign speaks of what is the reader's\ttext\t御社", "sign other people are concerned\ttext\t他の人" } },
	{ "someone@example.org", "hello", "We would like to offer you our invoice.\n", { "sign speaks as a house\ttext\tWe would\n" } },
	{ "someone@example.org", "hello", "nothing of interest\n", { "" } },
};

START_TEST(words)
{
	const char *found = evidence(mails[_i].from, mails[_i].subject, mails[_i].body);

	for (size_t i = 0; i < 4 && mails[_i].lines[i] != NULL; i++)
		ck_assert_msg(strstr(found, mails[_i].lines[i]) != NULL, "wanted: %s\nin:\n%s",
			mails[_i].lines[i], found);
	if (mails[_i].lines[0][0] == '\0')
		ck_assert_str_eq(found, "");
}
END_TEST

/* The cost is the number of finds times that of some thirty searches. */
START_TEST(a_hostile_text)
{
	static const char *const pieces[] = {
		"どちらにお送りすれば", "IPA#12345678 ", "突然の\nご連絡", "https://www.example.co.jp/",
		"\n", "御", "あ",
	};
	size_t size = 128 * 1024, len = strlen(pieces[_i]);
	char *body = arena_alloc(arena, size + 1);
	int64_t from = unit_cpu_ms();

	for (size_t at = 0; at + len <= size; at += len)
		memcpy(body + at, pieces[_i], len);
	(void)evidence(IPA_ADDRESS, "x", body);
	/* A reader has thirty seconds, on a machine that may be ten times as slow. */
	ck_assert_int_lt(unit_cpu_ms() - from, 3000);
}
END_TEST

static Suite *
suite_evidence(void)
{
	Suite *suite = suite_create("evidence");
	TCase *tests = tcase_create("evidence");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, words, 0, sizeof(mails) / sizeof(mails[0]));
	tcase_add_loop_test(tests, a_hostile_text, 0, 7);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_evidence());
}
