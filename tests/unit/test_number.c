/*
 * Handling numbers: every spelling that was seen in real mail, and what only
 * looks like one. What is expected was written by hand from the number's rules.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/number.h"

#include "rule.h"

#include <string.h>
#include <time.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

static struct arena *arena;
static struct policy policy;
static struct policy_coordinator coordinators[8];

static const char *const patterns[] = {
	"IPA#([0-9]{8})",
	"JPCERT#([0-9]{8})",
	"VU#([0-9]{6,})",
	"ICS-VU-([0-9]{6})",
	"CB-Report#([0-9]{8}-[0-9]{8})",
	"(JVN|JVNVU|JVNTA)#[0-9]{6,8}",
	"", /* a coordinator without numbers */
};

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	memset(&policy, 0, sizeof(policy));
	policy.coordinators = coordinators;
	policy.coordinator_count = sizeof(patterns) / sizeof(patterns[0]);
	for (size_t i = 0; i < policy.coordinator_count; i++) {
		memset(&coordinators[i], 0, sizeof(coordinators[i]));
		if (patterns[i][0] != '\0')
			coordinators[i].pattern = rule_pattern(arena, patterns[i]);
	}
}

static void
teardown(void)
{
	for (size_t i = 0; i < sizeof(coordinators) / sizeof(coordinators[0]); i++)
		rule_pattern_free(&coordinators[i]);
	arena_free(&arena);
}

/* text, and the numbers in it in their order, parted by blanks */
static const struct {
	const char *text, *numbers;
} finds[] = {
	/* as real mails and the guide write it */
	{ "【IPA#69145869】 ウェブページのセキュリティ上の問題につきまして", "IPA#69145869" },
	{ "取扱番号（例：IPA＃12345678）が付されます", "IPA#12345678" },
	{ "このメールは、取扱い番号 IPA#69145869 に関する連絡です。", "IPA#69145869" },
	{ "件名にIPA#12345678記載", "IPA#12345678" },
	{ "IPA#12345678", "IPA#12345678" },
	{ "[IPA#12345678]", "IPA#12345678" },
	{ "(IPA#12345678).", "IPA#12345678" },
	{ "Re: [IPA#12345678] 脆弱性の件", "IPA#12345678" },
	/* width, case, blanks, look of the sharp */
	{ "ＩＰＡ＃１２３４５６７８", "IPA#12345678" },
	{ "ｉｐａ＃１２３４５６７８", "IPA#12345678" },
	{ "ipa#12345678", "IPA#12345678" },
	{ "Ipa #12345678", "IPA#12345678" },
	{ "IPA # 12345678", "IPA#12345678" },
	{ "IPA　＃　１２３４５６７８", "IPA#12345678" },
	{ "IPA\xc2\xa0#\xc2\xa0" "12345678", "IPA#12345678" },
	{ "IPA\t#\t12345678", "IPA#12345678" },
	{ "IPA♯12345678", "IPA#12345678" },
	{ "IPA ♯ 12345678", "IPA#12345678" },
	{ "IPA﹟12345678", "IPA#12345678" },
	{ "IPA#①23４5678", "IPA#12345678" },
	{ "IPA＃①23４5678", "IPA#12345678" },
	/* one sign is no part of the number beside it */
	{ "①IPA#12345678\n②IPA#12345679", "IPA#12345678 IPA#12345679" },
	{ "対象は㉑IPA#12345678です", "IPA#12345678" },
	{ "⒈IPA#12345678", "IPA#12345678" },
	{ "IPA#12345678①", "IPA#12345678" },
	{ "IPA#12345678⓪\u0301", "IPA#12345678" },
	{ "№IPA#12345678", "IPA#12345678" },
	{ "ⅠIPA#12345678、ⅱ\u0301IPA#12345679", "IPA#12345678 IPA#12345679" },
	{ "é①IPA#12345678", "IPA#12345678" },
	{ "⑴IPA#12345678 ㈱IPA#12345679", "IPA#12345678 IPA#12345679" },
	{ "IPA#1234\xe2\x80\x8b" "5678", "IPA#12345678" },
	{ "IPA\xef\xbb\xbf#\xe2\x81\xa0" "12345678", "IPA#12345678" },
	{ "I\xc2\xad" "PA#12345678", "IPA#12345678" },
	/* hard wraps */
	{ "取扱番号 IPA#1234\n5678 の件", "IPA#12345678" },
	{ "取扱番号 IPA\n#12345678 の件", "IPA#12345678" },
	{ "取扱番号 IPA#\n12345678 の件", "IPA#12345678" },
	{ "取扱番号 IP\nA#12345678 の件", "IPA#12345678" },
	{ "取扱番号 IPA#1234 \n  5678 の件", "IPA#12345678" },
	{ "> 取扱番号 IPA#1234\n> 5678 の件", "IPA#12345678" },
	{ "ＩＰＡ＃１２３４\n５６７８", "IPA#12345678" },
	{ "IPA#1\n2\n3\n4\n5\n6\n7\n8", "IPA#12345678" },
	{ "number\nIPA#1234\n5678\nthanks", "IPA#12345678" },
	{ "IPA#12345678\n2026年9月1日", "IPA#12345678" },
	{ "IPA#12345678\n9 件", "IPA#12345678" },
	{ "VU#293714\n2026-09-01", "VU#293714" },
	{ "see\nIPA#12345678", "IPA#12345678" },
	/* what is none */
	{ "件名に IPA#XXXXXXXX 記載", "" },
	{ "IPA#********", "" },
	{ "IPA＃ＸＸＸＸＸＸＸＸ", "" },
	{ "IPA#1234567", "" },
	{ "IPA#123456789", "" },
	{ "IPA#1234567８9", "" },
	{ "XIPA#12345678", "" },
	{ "1IPA#12345678", "" },
	{ "ＸIPA#12345678", "" },
	{ "ÉIPA#12345678", "" },
	{ "IPA12345678", "" },
	{ "IPA-12345678", "" },
	{ "IPA#1234-5678", "" },
	{ "IPA#1234 5678", "" },
	{ "IPA#1234567O", "" },
	{ "IPA##12345678", "" },
	{ "", "" },
	{ "IPA#", "" },
	{ "IPA#1234567\n89 件", "" },
	/* other coordinators, and several at once */
	{ "VN: JVN#31459091 / TN: JPCERT#91837758", "JVN#31459091 JPCERT#91837758" },
	{ "VN:JVN#31459091/TN:JPCERT#91837758", "JVN#31459091 JPCERT#91837758" },
	{ "JVNVU#99999999 and VU#670380", "JVNVU#99999999 VU#670380" },
	{ "CERT/CC vu#293714, ICS-VU-614512.", "VU#293714 ICS-VU-614512" },
	{ "[CB-Report#20251015-10007949] Vulnerable", "CB-REPORT#20251015-10007949" },
	{ "JPCERT#91837758 と IPA#12345678", "JPCERT#91837758 IPA#12345678" },
	{ "IPA#22222222 IPA#11111111 IPA#22222222", "IPA#22222222 IPA#11111111" },
	{ "IPA#11111111、ＩＰＡ＃１１１１１１１１、ipa #11111111", "IPA#11111111" },
	{ "IPA#11111111IPA#22222222", "IPA#11111111" },
	{ "IPA#11111111/IPA#22222222", "IPA#11111111 IPA#22222222" },
	{ "IPA#1111\n1111 IPA#22222222", "IPA#11111111 IPA#22222222" },
	{ "VU#12345", "" },
	{ "AVU#123456", "" },
};

START_TEST(number_finds)
{
	struct number_hits hits;
	char found[NUMBERS_MAX * (NUMBER_MAX + 1)] = "";

	number_find(arena, &policy, finds[_i].text, &hits);
	for (size_t i = 0; i < hits.count; i++) {
		if (i > 0)
			strcat(found, " ");
		strcat(found, hits.hit[i].number);
	}
	ck_assert_msg(strcmp(found, finds[_i].numbers) == 0, "\"%s\": found \"%s\", not \"%s\"",
		finds[_i].text, found, finds[_i].numbers);
}
END_TEST

static const struct {
	const char *spelling, *number;
	size_t coordinator;
} spellings[] = {
	{ "IPA#12345678", "IPA#12345678", 0 },
	{ "ipa＃１２３４５６７８", "IPA#12345678", 0 },
	{ " IPA# 12345678 ", "IPA#12345678", 0 },
	{ "【IPA#12345678】", "IPA#12345678", 0 },
	{ "[ipa#12345678]", "IPA#12345678", 0 },
	{ "jpcert#91837758", "JPCERT#91837758", 1 },
	{ "vu#293714", "VU#293714", 2 },
	{ "cb-report#20251015-10007949", "CB-REPORT#20251015-10007949", 4 },
	{ "IPA#123456789", NULL, 0 },
	{ "IPA#12345678 x", NULL, 0 },
	{ "xIPA#12345678", NULL, 0 },
	{ "12345678", NULL, 0 },
	{ "42", NULL, 0 },
	{ "", NULL, 0 },
	{ "【】", NULL, 0 },
};

START_TEST(number_spellings)
{
	char number[NUMBER_MAX] = "untouched";
	size_t coordinator = 99;
	bool is = number_canonical(arena, &policy, spellings[_i].spelling, number, &coordinator);

	ck_assert_msg(is == (spellings[_i].number != NULL), "%s", spellings[_i].spelling);
	if (!is) {
		ck_assert_str_eq(number, "untouched");
		return;
	}
	ck_assert_str_eq(number, spellings[_i].number);
	ck_assert_uint_eq(coordinator, spellings[_i].coordinator);
}
END_TEST

/* a pattern, a text, and the canonical form; NULL when the pattern is to be refused */
static const struct {
	const char *pattern, *text, *number;
} forms[] = {
	{ "IPA *# *([0-9]{8})", "ipa # 12345678", "IPA#12345678" },
	{ "IPA#?([0-9]{8})", "IPA12345678", "IPA#12345678" },
	{ "IPA＃([0-9]{8})", "IPA#12345678", "IPA#12345678" },
	{ "IPA#[0-9]{8}", "IPA#12345678", "IPA#12345678" },
	{ "OBB-([0-9]{3,})", "see obb-1234 now", "OBB-1234" },
	{ "[A-Z]+-([0-9]{4})", "x ab-1234", "AB-1234" },
	{ "DID#([0-9A-F]{8})|UNC-([0-9]{4})", "unc-1234", "UNC-1234" },
	{ "AbuseID:([0-9A-F]{7}:[0-9A-F]{2})", "AbuseID:118DAFD:19", "ABUSEID:118DAFD:19" },
	{ "ICSA-([0-9]{2}-[0-9]{3}-[0-9]{2})", "ICSA-18-058-02", "ICSA-18-058-02" },
	{ "取扱番号([0-9]{4})", "取扱番号１２３４", "取扱番号1234" },
	{ "No[.] ([0-9]{4})", "no. 1234", "NO.1234" },
	{ "No[.] ([0-9]{4})", "no.1234", "NO.1234" },
	{ "AB[ -]([0-9]{4})", "ab 1234", "AB1234" },
	{ "AB[-[:blank:]]([0-9]{4})", "ab 1234", "AB1234" },
	{ "AB[[:space:]]+([0-9]{4})", "ab  1234", "AB1234" },
	{ "AB +([0-9]{4})", "ab  1234", "AB1234" },
	{ "AB {2}([0-9]{4})", "ab 1234", "" },
	{ "AB[]-]([0-9]{4})", "ab]1234", "AB]1234" },
	{ "AB.([0-9]{4})", "ab/1234", "AB/1234" },
	{ "AB.([0-9]{4})", "ab 1234", "" },
	{ "AB[^0-9]([0-9]{4})", "ab=1234", "AB=1234" },
	{ "AB[^-0-9]([0-9]{4})", "ab=1234", "AB=1234" },
	{ "AB[^]0-9]([0-9]{4})", "ab]1234", "" },
	{ "AB[^0-9]([0-9]{4})", "ab 1234", "" },
	{ "", NULL, NULL },
	{ "[0-9]*", NULL, NULL },
	{ "(IPA#[0-9]{8})?", NULL, NULL },
	{ "IPA#([0-9]{8}", NULL, NULL },
	{ "IPA#[0-9", NULL, NULL },
	{ "([0-9])\\1", NULL, NULL },
};

/* What would not fit where numbers are kept is none, and odd expressions do no harm. */
START_TEST(number_odd_forms)
{
	static const struct {
		const char *pattern, *text;
		size_t hits;
	} odd[] = {
		{ "N#([0-9]{10,90})", "N#1234567890", 1 },
		{ "N#([0-9]{10,90})", "N#12345678901234567890123456789012345678901234567890123456789"
			"0123456789", 0 },
		{ "[^ ]#[0-9]{4}", "a#1234", 1 },
		{ "[]#]x[0-9]{4}", "]x1234", 1 },
		{ "\\[([0-9]{4})\\]", "[1234]", 1 },
		{ "(a|b)#([0-9]{4})", "b#1234", 1 },
		{ "N#([0-9]{4}) *", "N#1234  ", 1 },
	};

	policy.coordinator_count = 1;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct number_hits hits;

		rule_pattern_free(&coordinators[0]);
		coordinators[0].pattern = rule_pattern(arena, odd[i].pattern);
		number_find(arena, &policy, odd[i].text, &hits);
		ck_assert_msg(hits.count == odd[i].hits, "%s in %s: %zu", odd[i].pattern,
			odd[i].text, hits.count);
	}
}
END_TEST

START_TEST(number_forms)
{
	struct number_pattern *pattern = NULL;
	struct err err = { "" };
	enum outcome outcome = number_pattern_compile(arena, forms[_i].pattern, &pattern, &err);
	struct number_hits hits;

	if (forms[_i].number == NULL) {
		ck_assert_int_eq(outcome, NEVER);
		ck_assert_str_ne(err.text, "");
		ck_assert_ptr_null(pattern);
		return;
	}
	ck_assert_msg(outcome == DONE, "%s: %s", forms[_i].pattern, err.text);
	rule_pattern_free(&coordinators[0]);
	coordinators[0].pattern = pattern;
	policy.coordinator_count = 1;
	number_find(arena, &policy, forms[_i].text, &hits);
	ck_assert_msg(hits.count == (forms[_i].number[0] != '\0' ? 1 : 0), "%s in %s: %zu",
		forms[_i].pattern, forms[_i].text, hits.count);
	if (hits.count > 0) {
		ck_assert_str_eq(hits.hit[0].number, forms[_i].number);
		/* Else the desk would take the reader that found it for one that lies. */
		ck_assert(number_fits(arena, &policy, &hits.hit[0]));
	}
	coordinators[0].pattern = NULL;
	number_pattern_free(&pattern);
	ck_assert_ptr_null(pattern);
	number_pattern_free(&pattern);
}
END_TEST

/* What a reader that was taken over may say was found. */
static const struct {
	const char *number;
	size_t coordinator;
	bool fits;
} said[] = {
	{ "IPA#12345678", 0, true },
	{ "JPCERT#12345678", 1, true },
	{ "JVNVU#12345678", 5, true },
	{ "IPA#12345678", 1, false },	/* another's */
	{ "IPA#12345678", 6, false },	/* of one without numbers */
	{ "IPA#12345678", 7, false },	/* of nobody */
	{ "IPA#12345678", SIZE_MAX, false },
	{ "IPA#1234567", 0, false },
	{ "IPA#123456789", 0, false },
	{ "ipa#12345678", 0, false },	/* not as we write it */
	{ "IPA＃12345678", 0, false },
	{ "IPA# 12345678", 0, false },
	{ " IPA#12345678", 0, false },
	{ "IPA#12345678 is false; pay to example.com", 0, false },
	{ "IPA#12345678\r\nBcc: all@example.com", 0, false },
	{ "", 0, false },
};

START_TEST(number_words)
{
	struct number_hit hit = { .coordinator = said[_i].coordinator };

	snprintf(hit.number, sizeof(hit.number), "%s", said[_i].number);
	ck_assert_msg(number_fits(arena, &policy, &hit) == said[_i].fits, "%s of %zu",
		said[_i].number, said[_i].coordinator);
}
END_TEST

START_TEST(number_too_many)
{
	struct number_hits hits;
	char text[64 * 32] = "";

	for (int i = 0; i < 50; i++)
		snprintf(text + strlen(text), 32, "IPA#%08d ", 90000000 - i);
	number_find(arena, &policy, text, &hits);
	ck_assert_uint_eq(hits.count, NUMBERS_MAX);
	ck_assert(hits.more);
	ck_assert_str_eq(hits.hit[0].number, "IPA#90000000");
	ck_assert_str_eq(hits.hit[NUMBERS_MAX - 1].number, "IPA#89999969");
}
END_TEST

/*
 * Texts made to cost as much as they can; each pattern begins with no fixed text
 * on the second run.
 */
static const char *const hostile[] = {
	"IPA#", "IPA#1234567 ", "IPA#12345678 ", "IPA#123456789", "1", "A", "#", " #", "#\n",
	"IPA#1\n",
	"ＩＰＡ＃１２３４５６７", "\xcc\x81", "が\xe3\x82\x99", "ﷺ", "IPA#12345678\n9 ", "\n",
	"A\n", "JVN",
};

/* Processor time that a text of `size` bytes costs, made of the words over and over. */
static int64_t
cost(const char *words, size_t size)
{
	char *text = arena_alloc(arena, size + 1);
	size_t len = strlen(words);
	struct number_hits hits;
	int64_t from;

	for (size_t at = 0; at + len <= size; at += len)
		memcpy(text + at, words, len);
	from = unit_cpu_ms();
	number_find(arena, &policy, text, &hits);
	return unit_cpu_ms() - from;
}

START_TEST(number_hostile)
{
	int64_t quarter, whole;

	coordinators[6].pattern = rule_pattern(arena, "[A-Z0-9]+[#:][0-9]{7}X");
	quarter = cost(hostile[_i], NUMBER_TEXT_MAX / 4);
	whole = cost(hostile[_i], 2 * NUMBER_TEXT_MAX);
	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, and %lld ms for a quarter",
		hostile[_i], (long long)whole, (long long)quarter);
}
END_TEST

static Suite *
suite_number(void)
{
	Suite *suite = suite_create("number");
	TCase *tests = tcase_create("number");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, number_finds, 0, sizeof(finds) / sizeof(finds[0]));
	tcase_add_loop_test(tests, number_spellings, 0, sizeof(spellings) / sizeof(spellings[0]));
	tcase_add_loop_test(tests, number_forms, 0, sizeof(forms) / sizeof(forms[0]));
	tcase_add_loop_test(tests, number_words, 0, sizeof(said) / sizeof(said[0]));
	tcase_add_test(tests, number_odd_forms);
	tcase_add_test(tests, number_too_many);
	tcase_add_loop_test(tests, number_hostile, 0, sizeof(hostile) / sizeof(hostile[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_number());
}
