/*
 * view/mailtext, and the shipped templates: what each letter must say (the
 * response guide 4.2, doc/RULES 4) and what it must not. Expected texts were
 * written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/mailtext.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "flow/templates.h"
#include "rule.h"

#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

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

static const struct mailtext_value plain_values[] = {
	{ "a", "one" },
	{ "b", "{{a}} {{#c}}" },
	{ "c", "" },
	{ "d", NULL },
	{ "nl", "two\nlines" },
};

static const struct {
	const char *text, *subject, *body;
} fills[] = {
	{ "Subject: s\n\nbody\n", "s", "body\n" },
	{ "Subject: s\n\n", "s", "" },
	{ "Subject: [{{a}}] s\n\n{{a}}{{a}}", "[one] s", "oneone" },
	/* a value is never scanned again */
	{ "Subject: {{b}}\n\n{{b}}\n", "{{a}} {{#c}}", "{{a}} {{#c}}\n" },
	/* without a value: nothing, NULL or empty alike */
	{ "Subject: x{{c}}y\n\n({{d}})", "xy", "()" },
	/* sections */
	{ "Subject: {{#a}}[{{a}}] {{/a}}s\n\n{{#c}}no{{/c}}{{#d}}no{{/d}}yes", "[one] s", "yes" },
	{ "Subject: {{#c}}[{{c}}] {{/c}}s\n\n{{#c}}{{#a}}no{{/a}}{{/c}}", "s", "" },
	{ "Subject: s\n\n{{#a}}{{#c}}no{{/c}}yes{{/a}}", "s", "yes" },
	/* a section's tag alone on its line leaves no line */
	{ "Subject: s\n\nx\n{{#a}}\ny\n{{/a}}\nz\n", "s", "x\ny\nz\n" },
	{ "Subject: s\n\nx\n{{#c}}\ny\n{{/c}}\nz\n", "s", "x\nz\n" },
	{ "Subject: s\n\n{{#a}}\ny\n{{/a}}\n", "s", "y\n" },
	{ "Subject: s\n\n {{#a}}\ny\n{{/a}}", "s", " \ny\n" },
	/* a line end in a value makes no second line of the subject */
	{ "Subject: {{nl}}\n\n{{nl}}", "two?lines", "two\nlines" },
	/* one brace is text */
	{ "Subject: {s}\n\n{a} }}", "{s}", "{a} }}" },
};

START_TEST(test_fill)
{
	struct mailtext mail;
	struct err err = { "" };

	ck_assert_msg(mailtext_fill(arena, fills[_i].text, plain_values, SIZE(plain_values), &mail,
			      &err) == DONE, "%s", err.text);
	ck_assert_str_eq(mail.subject, fills[_i].subject);
	ck_assert_str_eq(mail.body, fills[_i].body);
}
END_TEST

static const struct {
	const char *text, *sentence;
} mistakes[] = {
	{ "", "Subject" },
	{ "subject: s\n\nb", "Subject" },
	{ "Subject: s", "Subject" },
	{ "Subject: s\nb\n", "Subject" },
	{ "Subject: {{z}}\n\nb", "line 1: {{z}}" },
	{ "Subject: s\n\nb\n{{z}}", "line 4: {{z}}" },
	{ "Subject: s\n\nb\n{{#z}}x{{/z}}", "line 4: {{#z}}" },
	{ "Subject: s\n\n{{ a }}", "{{ a }}" },
	{ "Subject: s\n\n{{}}", "{{}}" },
	{ "Subject: s\n\n{{A}}", "{{A}}" },
	/* also where nobody would see it */
	{ "Subject: s\n\n{{#c}}{{z}}{{/c}}", "{{z}}" },
	{ "Subject: s\n\n{{a", "line 3: {{ without }}" },
	{ "Subject: s\n\n{{a\n}}", "line 3: {{ without }}" },
	{ "Subject: s\n\n{{#a}}x", "{{#a}} is not closed" },
	{ "Subject: {{#a}}x\n\n{{/a}}", "{{#a}} is not closed" },
	{ "Subject: s\n\nx{{/a}}", "{{/a}} closes no section" },
	{ "Subject: s\n\n{{#a}}{{#c}}{{/a}}{{/c}}", "{{/a}} closes no section" },
	{ "Subject: s\n\n{{#a}}\n\n{{/c}}\n", "line 5: {{/c}}" },
	{ "Subject: s\n\n{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}", "more than 8" },
};

START_TEST(test_mistakes)
{
	struct mailtext mail = { NULL, NULL };
	struct err err = { "" };

	ck_assert_int_eq(mailtext_fill(arena, mistakes[_i].text, plain_values, SIZE(plain_values),
				 &mail, &err),
		NEVER);
	ck_assert_msg(strstr(err.text, mistakes[_i].sentence) != NULL, "%s", err.text);
	ck_assert_ptr_null(mail.subject);
	ck_assert_ptr_null(mail.body);
}
END_TEST

/* --- the shipped templates --- */

/* A value for each name that a template may use. */
static const struct mailtext_value values[TEMPLATE_VALUES] = {
	[VALUE_DESK_NAME] = { "desk_name", "DESKNAME" },
	[VALUE_DESK_ADDRESS] = { "desk_address", "desk@example.jp" },
	[VALUE_FINGERPRINT] = { "fingerprint",
		"0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567" },
	[VALUE_NUMBER] = { "number", "IPA#12345678" },
	[VALUE_RECEIVED_AT] = { "received_at", "2026-11-22T09:00:00+09:00" },
	[VALUE_CASE] = { "case", "4711" },
	[VALUE_MESSAGE] = { "message", "815" },
	[VALUE_KIND] = { "kind", "KIND" },
	[VALUE_TRUST] = { "trust", "TRUST" },
	[VALUE_REASON] = { "reason", "REASON" },
	[VALUE_ENQUIRIES] = { "enquiries", "ask@example.jp" },
	[VALUE_COORDINATOR] = { "coordinator", "COORDINATOR" },
	[VALUE_DEADLINE] = { "deadline", "DEADLINE" },
	[VALUE_DEADLINE_KIND] = { "deadline_kind", "DUTY" },
	[VALUE_EXTENDS] = { "extends", "yes" },
	[VALUE_THEY_OWE] = { "they_owe", "yes" },
	[VALUE_WE_OWE] = { "we_owe", "yes" },
	[VALUE_TROUBLE] = { "trouble", "yes" },
	[VALUE_DECIDER_TOO] = { "decider_too", "yes" },
	[VALUE_COUNT] = { "count", "99" },
	[VALUE_OUTBOX] = { "outbox", "6" },
	[VALUE_BODY] = { "body", "BODY" },
	[VALUE_ASK] = { "ask", "yes" },
	[VALUE_ASK_REPORTED] = { "ask_reported", "yes" },
	[VALUE_DATE] = { "date", "2026-11-30" },
	[VALUE_ASK_PUBLICATION] = { "ask_publication", "yes" },
	[VALUE_CARRIED] = { "carried", "yes" },
	[VALUE_LEFT_OUT] = { "left_out", "yes" },
	[VALUE_WITHOUT_KEY] = { "without_key", "yes" },
	[VALUE_TAG] = { "tag", "[IPA#12345678]" },
	[VALUE_SINCE] = { "since", "2026-11-21" },
	[VALUE_REQUESTED] = { "requested", "2026-12-05" },
	[VALUE_DOUBT] = { "doubt", "DOUBT" },
	[VALUE_OFFERED] = { "offered", "OFFERED" },
	[VALUE_KEY] = { "key", "KEY" },
	[VALUE_WHOSE] = { "whose", "WHOSE" },
	[VALUE_ENDS] = { "ends", "2026-12-31" },
	[VALUE_DAYS] = { "days", "30" },
	[VALUE_ENDED] = { "ended", "yes" },
	[VALUE_FINDER] = { "finder", "yes" },
	[VALUE_BY_HAND] = { "by_hand", "yes" },
	[VALUE_UNVERIFIED] = { "unverified", "yes" },
	[VALUE_COPY_TO] = { "copy_to", "COPY" },
	[VALUE_SITES] = { "sites", "https://www.example.jp/" },
	[VALUE_UNTIL] = { "until", "2027-01-31" },
	[VALUE_NEW_FINGERPRINT] = { "new_fingerprint", "4567 0123" },
};

#define FPR "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"
#define ADDRESS "desk@example.jp"
#define NUMBER "IPA#12345678"
#define TIME "2026-11-22T09:00:00+09:00"

/* Values and commands that each letter must hold in its body, in both languages; what only one
 * holds stands in says[]. */
static const struct {
	const char *name;
	const char *holds[8];
} shipped[] = {
	{ "acknowledgement-contact", { ADDRESS, FPR, NUMBER, TIME } },
	{ "acknowledgement-encryption", { "PGP", FPR, ADDRESS, NUMBER, TIME } },
	{ "acknowledgement-details", { NUMBER, TIME } },
	{ "acknowledgement-finder", { TIME, ADDRESS, FPR, "IPA" } },
	{ "acknowledgement-clear", { NUMBER, TIME, ADDRESS, FPR } },
	{ "question-unreadable", { ADDRESS, FPR, NUMBER, TIME } },
	{ "alert-new-case", { NUMBER, "DEADLINE", "case show 4711", "message show 815" } },
	{ "alert-details", { NUMBER, "DEADLINE", "case show 4711", "message show 815" } },
	{ "alert-suspect", { "ask@example.jp", "keys import", "message why 815",
		"message trust 815", "message forged 815" } },
	{ "alert-unreadable", { "message why 815", "keys import", "outbox release" } },
	{ "alert-correspondence", { "message show 815", "case show 4711" } },
	{ "alert-held", { "REASON", "message show 815", "outbox release", "outbox drop" } },
	{ "alert-failed", { "REASON", "--state failed", "outbox retry" } },
	{ "alert-form", { "ask@example.jp", "message show 815", "outbox release" } },
	{ "alert-finder", { "message show 815", "outbox release" } },
	{ "alert-bounce", { "message show 815", "outbox retry" } },
	{ "alert-old-mail", { "99", "case list", "outbox release" } },
	{ "digest", { "BODY" } },
	{ "forward", { NUMBER, "4711", "DEADLINE", TIME, ADDRESS, FPR } },
	{ "forward-vendor", { NUMBER, TIME, ADDRESS, FPR } },
	{ "forward-coordinator", { "COORDINATOR", NUMBER, TIME, ADDRESS, FPR } },
	{ "alert-soon", { "DEADLINE", "case done 4711 DUTY", "case due 4711 DUTY", "case tick 4711 DUTY" } },
	{ "alert-today", { "DEADLINE", "case done 4711 DUTY", "case due 4711 DUTY",
		"reply 4711 --kind extension" } },
	{ "alert-overdue", { "DEADLINE", "case done 4711 DUTY", "case due 4711 DUTY",
		"reply 4711 --kind extension" } },
	{ "alert-pass-on", { "message show 815", "forward 4711 --to coordinator --message 815", "case show 4711" } },
};

static const struct {
	const char *language, *name, *says;
} says[] = {
	{ "ja", "acknowledgement-encryption", "公開鍵を本メー\nルに添付します" },
	{ "en", "acknowledgement-encryption", "key is attached" },
	{ "ja", "acknowledgement-finder", "ありがと\nうございます" },
	{ "en", "acknowledgement-finder", "Thank you" },
	/* the guide's two questions */
	{ "ja", "acknowledgement-finder", "既に届け出または公表" },
	{ "ja", "acknowledgement-finder", "公表されるご予定" },
	{ "ja", "acknowledgement-finder", "方法と\n    時期" },
	{ "en", "acknowledgement-finder", "already reported or disclosed" },
	{ "en", "acknowledgement-finder", "plan to publish it? If so, how and when?" },
	{ "ja", "question-unreadable", "開くことができませんでした" },
	{ "en", "question-unreadable", "could not open" },
	{ "ja", "alert-suspect", "unknown key" },
	{ "ja", "alert-suspect", "年度替わり" },
	{ "en", "alert-suspect", "new yearly\n    key" },
	{ "ja", "forward-vendor", "受領した旨をお知らせください" },
	{ "en", "forward-vendor", "confirm that you have received it" },
};

static struct mailtext
fill_shipped(const char *language, const char *name, const struct mailtext_value *with)
{
	struct mailtext mail = { NULL, NULL };
	struct err err = { "" };
	size_t len;
	char *text = rule_conf(arena, arena_printf(arena, "templates/%s/%s", language, name), &len);

	ck_assert_msg(mailtext_fill(arena, text, with, TEMPLATE_VALUES, &mail, &err) == DONE,
		"%s/%s: %s", language, name, err.text);
	return mail;
}

static const char *const languages[] = { "ja", "en" };

/* Fits a mail: no line over 78 columns, none with blanks at its end, nothing left to fill in. */
static void
check_shape(const char *name, const char *text)
{
	for (const char *line = text; *line != '\0'; line += line[strcspn(line, "\n")] == '\n') {
		size_t len = strcspn(line, "\n");
		char *one = arena_strndup(arena, line, len);

		ck_assert_msg(utf8_width(one) <= 78, "%s: a line is too long: %s", name, one);
		ck_assert_msg(!text_ends(one, " "), "%s: blanks at the end: %s", name, one);
		ck_assert_msg(strstr(one, "{{") == NULL && strstr(one, "}}") == NULL, "%s: %s",
			name, one);
		line += len;
	}
	ck_assert_msg(strstr(text, "\n\n\n") == NULL, "%s: two empty lines", name);
	ck_assert(utf8_valid(text, strlen(text)));
}

START_TEST(test_shipped)
{
	for (int i = 0; i < SIZE(languages); i++) {
		struct mailtext mail = fill_shipped(languages[i], shipped[_i].name, values);

		check_shape(shipped[_i].name, mail.body);
		ck_assert_msg(mail.subject[0] != '\0', "%s", shipped[_i].name);
		for (int k = 0; k < SIZE(shipped[_i].holds) && shipped[_i].holds[k] != NULL; k++)
			ck_assert_msg(strstr(mail.body, shipped[_i].holds[k]) != NULL,
				"%s/%s does not hold %s:\n%s", languages[i], shipped[_i].name,
				shipped[_i].holds[k], mail.body);
	}
}
END_TEST

/* Replies carry the number in their subject, in brackets, and only if there is one. */
START_TEST(test_subject)
{
	struct mailtext_value without[TEMPLATE_VALUES];

	if (text_starts(shipped[_i].name, "alert-") || text_equal(shipped[_i].name, "digest"))
		return;
	memcpy(without, values, sizeof(values));
	without[VALUE_NUMBER].value = NULL;
	for (int i = 0; i < SIZE(languages); i++) {
		struct mailtext mail = fill_shipped(languages[i], shipped[_i].name, values);

		ck_assert_msg(text_starts(mail.subject, "[IPA#12345678] "), "%s", mail.subject);
		mail = fill_shipped(languages[i], shipped[_i].name, without);
		ck_assert_msg(strchr(mail.subject, '[') == NULL && mail.subject[0] != ' ', "%s",
			mail.subject);
	}
}
END_TEST

/* What most often is not there falls away with its label: no label stands there without a value. */
START_TEST(test_sections)
{
	static const enum template_value often_empty[] = { VALUE_NUMBER, VALUE_COORDINATOR,
		VALUE_DEADLINE, VALUE_DEADLINE_KIND, VALUE_EXTENDS, VALUE_THEY_OWE, VALUE_WE_OWE,
		VALUE_TROUBLE, VALUE_ENQUIRIES, VALUE_OUTBOX, VALUE_ASK, VALUE_ASK_REPORTED,
		VALUE_ASK_PUBLICATION, VALUE_CARRIED, VALUE_LEFT_OUT, VALUE_WITHOUT_KEY };
	struct mailtext_value without[TEMPLATE_VALUES];

	memcpy(without, values, sizeof(values));
	for (int i = 0; i < SIZE(often_empty); i++)
		without[often_empty[i]].value = NULL;
	for (int i = 0; i < SIZE(languages); i++) {
		struct mailtext mail = fill_shipped(languages[i], shipped[_i].name, without);

		check_shape(shipped[_i].name, mail.body);
	}
}
END_TEST

START_TEST(test_says)
{
	struct mailtext mail = fill_shipped(says[_i].language, says[_i].name, values);

	ck_assert_msg(strstr(mail.body, says[_i].says) != NULL, "%s", mail.body);
}
END_TEST

/* A finder is asked only what his report does not tell. */
START_TEST(test_questions)
{
	static const char *const words[][2] = {
		{ "既に届け出", "公表されるご予定" }, { "reported or disclosed", "plan to publish" },
	};
	struct mailtext_value with[TEMPLATE_VALUES];

	for (int asked = 0; asked < 4; asked++) {
		memcpy(with, values, sizeof(values));
		with[VALUE_ASK].value = asked != 0 ? "yes" : NULL;
		with[VALUE_ASK_REPORTED].value = (asked & 1) != 0 ? "yes" : NULL;
		with[VALUE_ASK_PUBLICATION].value = (asked & 2) != 0 ? "yes" : NULL;
		for (int i = 0; i < SIZE(languages); i++) {
			const char *body =
				fill_shipped(languages[i], "acknowledgement-finder", with).body;

			check_shape("acknowledgement-finder", body);
			ck_assert((strstr(body, words[i][0]) != NULL) == ((asked & 1) != 0));
			ck_assert((strstr(body, words[i][1]) != NULL) == ((asked & 2) != 0));
		}
	}
}
END_TEST

/* What one value alone brings: with it the words stand there, without it they do not. */
static const struct {
	enum template_value value;
	const char *name, *words[2];
} brings[] = {
	{ VALUE_FINDER, "alert-pass-on", { "forward 4711 --to coordinator --message 815",
		"forward 4711 --to coordinator --message 815" } },
	{ VALUE_BY_HAND, "alert-pass-on", { "メールソフトから送る", "from a mail client as the window" } },
	{ VALUE_EXTENDS, "alert-soon", { "--kind extension", "--kind extension" } },
	{ VALUE_THEY_OWE, "alert-today", { "催促", "ask them again" } },
	{ VALUE_TROUBLE, "alert-overdue", { "case tick", "case tick" } },
	{ VALUE_DECIDER_TOO, "alert-overdue", { "対策判断者の方にも", "decision maker is told" } },
	{ VALUE_UNVERIFIED, "forward-coordinator", { "送信者は確認できていません",
		"its sender could not be confirmed" } },
};

START_TEST(test_brings)
{
	struct mailtext_value without[TEMPLATE_VALUES];

	memcpy(without, values, sizeof(values));
	without[brings[_i].value].value = NULL;
	for (int i = 0; i < SIZE(languages); i++) {
		const char *with = fill_shipped(languages[i], brings[_i].name, values).body;
		const char *rest = fill_shipped(languages[i], brings[_i].name, without).body;

		check_shape(brings[_i].name, rest);
		ck_assert_msg(strstr(with, brings[_i].words[i]) != NULL, "%s", with);
		ck_assert_msg(strstr(rest, brings[_i].words[i]) == NULL, "%s", rest);
	}
}
END_TEST

/* Whether the mail comes along is told in each letter that may bring one, and once. */
START_TEST(test_brought)
{
	static const char *const names[] = { "alert-new-case", "alert-details",
		"alert-correspondence", "alert-form", "alert-finder" };
	static const enum template_value fates[] = { VALUE_CARRIED, VALUE_LEFT_OUT,
		VALUE_WITHOUT_KEY };
	static const char *const words[][3] = {
		{ "末尾に添えています", "添えていません", "登録されていない" },
		{ "at the end of this one", "is not in this one", "No usable key of yours" },
	};
	struct mailtext_value with[TEMPLATE_VALUES];

	for (int fate = 0; fate < SIZE(fates); fate++) {
		memcpy(with, values, sizeof(values));
		for (int i = 0; i < SIZE(fates); i++)
			with[fates[i]].value = i == fate ? "yes" : NULL;
		for (int i = 0; i < SIZE(languages); i++) {
			const char *body = fill_shipped(languages[i], names[_i], with).body;

			check_shape(names[_i], body);
			for (int k = 0; k < SIZE(fates); k++)
				ck_assert_msg((strstr(body, words[i][k]) != NULL) == (k == fate), "%s", body);
		}
	}
}
END_TEST

/* To someone without a key: number, time, address, fingerprint, and no more. */
START_TEST(test_clear)
{
	ck_assert_str_eq(fill_shipped("ja", "acknowledgement-clear", values).body,
		"ご連絡を下記のとおり受領しました。\n\n"
		"  取扱番号: IPA#12345678\n"
		"  受領日時: 2026-11-22T09:00:00+09:00\n"
		"  窓口: desk@example.jp\n"
		"  OpenPGP 公開鍵のフィンガープリント:\n"
		"    0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567\n");
	ck_assert_str_eq(fill_shipped("en", "acknowledgement-clear", values).body,
		"We have received your message:\n\n"
		"  Handling number: IPA#12345678\n"
		"  Received at: 2026-11-22T09:00:00+09:00\n"
		"  Point of contact: desk@example.jp\n"
		"  Fingerprint of our OpenPGP key:\n"
		"    0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567\n");
}
END_TEST

/* What goes outside tells nothing of the desk's inside. */
START_TEST(test_outside)
{
	static const char *const inside[] = { "4711", "815", "KIND", "TRUST", "REASON", "DEADLINE",
		"madoguchi" };

	if (text_starts(shipped[_i].name, "alert-") || text_equal(shipped[_i].name, "digest") ||
		text_equal(shipped[_i].name, "forward"))
		return;
	for (int i = 0; i < SIZE(languages); i++) {
		struct mailtext mail = fill_shipped(languages[i], shipped[_i].name, values);

		for (int k = 0; k < SIZE(inside); k++)
			ck_assert_msg(strstr(mail.body, inside[k]) == NULL &&
				strstr(mail.subject, inside[k]) == NULL, "%s tells %s",
				shipped[_i].name, inside[k]);
	}
}
END_TEST

static Suite *
suite_mailtext(void)
{
	Suite *suite = suite_create("mailtext");
	TCase *fill = tcase_create("fill");
	TCase *templates = tcase_create("templates");

	tcase_add_checked_fixture(fill, setup, teardown);
	tcase_add_loop_test(fill, test_fill, 0, SIZE(fills));
	tcase_add_loop_test(fill, test_mistakes, 0, SIZE(mistakes));
	tcase_add_checked_fixture(templates, setup, teardown);
	tcase_add_loop_test(templates, test_shipped, 0, SIZE(shipped));
	tcase_add_loop_test(templates, test_subject, 0, SIZE(shipped));
	tcase_add_loop_test(templates, test_sections, 0, SIZE(shipped));
	tcase_add_loop_test(templates, test_says, 0, SIZE(says));
	tcase_add_test(templates, test_questions);
	tcase_add_loop_test(templates, test_brings, 0, SIZE(brings));
	tcase_add_loop_test(templates, test_brought, 0, 5);
	tcase_add_test(templates, test_clear);
	tcase_add_loop_test(templates, test_outside, 0, SIZE(shipped));
	suite_add_tcase(suite, fill);
	suite_add_tcase(suite, templates);
	return suite;
}

int
main(void)
{
	return unit_run(suite_mailtext());
}
