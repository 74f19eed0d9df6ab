/*
 * The phrase book and its matching: the shipped book is read, spellings of one
 * sentence come out the same, and a phrase counts where it means something.
 * What is expected was written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/phrase.h"

#include "rule.h"
#include "rule/finder.h"
#include "rule/finder_signs.h"
#include "rule/words.h"
#include "rule/fold.h"

#include <string.h>
#include <time.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

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

/* two spellings; whether their match copies are the same */
static const struct {
	const char *a, *b;
	bool same;
} copies[] = {
	{ "突然のご連絡失礼いたします", "突然のご連絡失礼致します", true },
	{ "突然のご連絡", "突然の御連絡", true },
	{ "ウェブペー\nジ", "ウェブページ", true },
	{ "ご連\n  絡したい", "ご連絡したい", true },
	{ "ご連\r\n絡", "ご連絡", true },
	{ "> ご連\n> 絡したい", "ご連絡したい", true },
	{ "IPA セキュリティセンター", "IPAセキュリティセンター", true },
	{ "IPA　セキュリティセンター", "ＩＰＡセキュリティセンタ", true },
	{ "ipaｾｷｭﾘﾃｨｾﾝﾀｰ", "IPA セキュリティセンター", true },
	{ "ﾊﾟｽﾜｰﾄﾞ", "パスワード", true },
	{ "パ\xe3\x82\x9aスワード", "パスワード", false },
	{ "ハ\xe3\x82\x9aスワート\xe3\x82\x99", "パスワード", true },
	{ "取り扱い番号", "取扱番号", true },
	{ "取扱い番号", "取扱番号", true },
	{ "取り扱\nい番号", "取扱番号", true },
	{ "届出を受けつけ", "届出を受け付け", true },
	{ "届出を受付け", "届出を受付", true },
	{ "ご教示ください", "ご教示下さい", true },
	{ "お問い合わせ内容", "お問い合せ内容", true },
	{ "お問合せ内容", "お問い合わせ内容", true },
	{ "3 ヶ月以内を目処", "３ヵ月以内を目途", true },
	{ "3ケ月以内をめどに", "3 箇月以内を目処に", true },
	{ "3カ月以内", "3か月以内", true },
	{ "業務を行なっています", "業務をおこなっています", true },
	{ "9:30〜12:30", "9:30～12:30", true },
	{ "−1", "－1", true },
	{ "A–B", "A-B", true },
	{ "クロスサイト・スクリプティング", "クロスサイトスクリプティング", true },
	{ "ｸﾛｽｻｲﾄ･ｽｸﾘﾌﾟﾃｨﾝｸﾞ", "クロスサイト・スクリプティング", true },
	{ "問題の詳細と、今後の取扱い", "問題の詳細と今後の取り扱い", true },
	{ "お手数ですが，下記まで", "お手数ですが、下記まで", true },
	{ "サーバーとユーザー", "サーバとユーザ", true },
	{ "Webページ", "ウェブページ", true },
	{ "ＷＥＢ ページ", "ウエブページ", true },
	{ "情報漏洩", "情報漏えい", true },
	{ "改竄", "改ざん", true },
	{ "I’ve found", "i've  found", true },
	{ "cross-site\n  scripting", "Cross-Site Scripting", true },
	{ "XSS、SQL", "xss sql", true },
	{ "foo, bar", "foo bar", false },
	{ "ハ", "パ", false },
	{ "サーバ", "サービス", false },
	{ "データベース", "デタベス", false },
	{ "1 2", "12", false },
	{ "ご\xe2\x80\x8b連絡", "ご連絡", true },
	{ "①詳細情報", "1詳細情報", true },
	{ "①5営業日", "15営業日", false },
	{ "① 5営業日", "5営業日", true },
	{ "件名№①②の", "件名No 1 2の", true },
	{ "㈮、㋿8年", "(金)令和8年", true },
	{ "", "\n\n 　", true },
};

START_TEST(phrase_copies)
{
	const char *a = phrase_match_copy(arena, copies[_i].a);
	const char *b = phrase_match_copy(arena, copies[_i].b);

	ck_assert_msg((strcmp(a, b) == 0) == copies[_i].same, "\"%s\" is \"%s\", \"%s\" is \"%s\"",
		copies[_i].a, a, copies[_i].b, b);
	/* A match copy is its own match copy: both sides may be prepared any number of times. */
	ck_assert_str_eq(phrase_match_copy(arena, a), a);
}
END_TEST

static const char book[] =
	"# a comment\n"
	"\n"
	"情報処理推進機構\tidentity\tobserved\n"
	"突然のご連絡\tcontact\n"
	"突然のご連絡失礼いたします\tcontact\tobserved\r\n"
	"どちらにお送りすれば\tcontact-ask\n"
	"XSS\tvulnerability\n"
	"脆弱性の種類\tdetails-heading\n"
	"問題の説明\tdetails-heading\n"
	"impact\tdetails-heading\n"
	"進捗状況\treminder\n"
	"取扱いを終了いたします\tclosing\n"
	"1.詳細\tdetails\n"
	"第三者…閲覧でき|参照でき\tvulnerability\n"
	"進捗\treminder-word\n"
	"修正を確認できました\tclosing\n"
	"暗号化の方法\tencryption\n"
	"詳細情報をご連絡\tdetails\n";

/* own text, quoted text, and the hits: index of the phrase, with a q when it is quoted only */
static const struct {
	const char *own, *quoted, *hits;
} finds[] = {
	{ "独立行政法人 情報処理推進機構です", NULL, "0" },
	{ NULL, "独立行政法人 情報処理\n推進機構です", "0q" },
	{ "情報処理推進機構", "情報処理推進機構", "0" },
	{ "突然のご連絡ですが", NULL, "1" },
	{ "突然のご連絡失礼致します", NULL, "2" },
	{ "突然のご連絡失礼いたします。突然のご連絡", NULL, "2" },
	{ "突然のご連絡", "突然のご連絡失礼いたします", "1 2q" },
	{ "XSS です", NULL, "4" },
	{ "ｘｓｓがあります", NULL, "4" },
	{ "SQLとXSS、他", NULL, "4" },
	{ "MaXSSe", NULL, "" },
	{ "XSSA", NULL, "" },
	{ "脆弱性の種類: SQL", NULL, "5" },
	{ "2) 脆弱性の種類\nSQL", NULL, "5" },
	{ "■脆弱性の種類", NULL, "5" },
	{ "【脆弱性の種類】", NULL, "5" },
	{ "① 脆弱性の種類 SQL", NULL, "5" },
	{ "（２）脆弱性の種類\n\n（３）問題の説明\n", NULL, "5 6" },
	{ "> 2) 脆弱性の種類\n", NULL, "5" },
	{ "詳細（脆弱性の種類など）", NULL, "" },
	{ "お伝えするのは\n脆弱性の種類と\n問題の説明です", NULL, "" },
	{ "脆弱性の種類や影響", NULL, "" },
	{ "Impact: high", NULL, "7" },
	{ "Impact of this is high", NULL, "" },
	{ "the impact: high", NULL, "" },
	{ "進捗状況をお知らせください", NULL, "8" },
	{ "進捗状況のご連絡をいただき、ありがとうございます。", NULL, "" },
	{ "進捗状況をお知らせください。いつもありがとうございます。", NULL, "8" },
	{ "どちらにお送りすればよいか、ご連絡ありがとうございました", NULL, "" },
	{ "本件の取扱いを終了いたします。", NULL, "9" },
	{ "ご回答がない場合は、取り扱いを終了いたします。", NULL, "" },
	{ "修正できた場合はご連絡ください。取り扱いを終了いたします。", NULL, "9" },
	{ "修正を確認できましたら、ご連絡します。", NULL, "" },
	{ "修正を確認できました。", NULL, "13" },
	{ "追って暗号化の方法についてご連絡します。", NULL, "" },
	{ "暗号化の方法について、追ってお知らせください。", NULL, "14" },
	{ "暗号化の方法についてご連絡ください。追ってお電話します。", NULL, "14" },
	{ "後日、詳細情報をご連絡いたします。", NULL, "" },
	{ "詳細情報をご連絡いたします。", NULL, "15" },
	{ "1.詳細", NULL, "10" },
	{ "１．詳細", NULL, "10" },
	{ "11.詳細", NULL, "" },
	{ "第三者が会員の氏名を閲覧できます", NULL, "11" },
	{ "第三者がファイルを参\n照できる状態", NULL, "11" },
	{ "第三者が閲覧できないように", NULL, "" },
	{ "第三者が閲覧できませんが、参照できます", NULL, "11" },
	{ "第三者から報告がありました。画面を閲覧できます", NULL, "" },
	{ "閲覧できるのは第三者です", NULL, "" },
	{ "進捗をお知らせください", NULL, "12" },
	{ "その後の進捗状況、または進捗", NULL, "8" },
	{ "", "", "" },
	{ NULL, NULL, "" },
};

START_TEST(phrase_finds)
{
	struct phrase_book *read = NULL;
	struct phrase_hits hits;
	char found[256] = "";
	struct err err;

	ck_assert_int_eq(phrase_book_read(arena, book, strlen(book), &read, &err), DONE);
	ck_assert_uint_eq(phrase_book_count(read), 16);
	ck_assert_str_eq(phrase_book_text(read, 2), "突然のご連絡失礼いたします");
	ck_assert_ptr_null(phrase_book_text(read, 16));
	phrase_find(arena, read, finds[_i].own, finds[_i].quoted, &hits);
	for (size_t i = 0; i < hits.count; i++)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%u%s",
			i > 0 ? " " : "", hits.hit[i].phrase, hits.hit[i].quoted ? "q" : "");
	ck_assert_msg(strcmp(found, finds[_i].hits) == 0, "\"%s\" / \"%s\": \"%s\", not \"%s\"",
		finds[_i].own, finds[_i].quoted, found, finds[_i].hits);
}
END_TEST

/* a book, and the line that is told to be wrong */
static const struct {
	const char *book, *line;
} mistakes[] = {
	{ "突然のご連絡\n", "line 1:" },
	{ "突然のご連絡 contact\n", "line 1:" },
	{ "# x\n突然のご連絡\tcontakt\n", "line 2:" },
	{ "突然のご連絡\t\n", "line 1:" },
	{ "\tcontact\n", "line 1:" },
	{ "突然\tcontact\n\n、\tcontact\n", "line 3:" },
	{ "ab\tcontact\n", "line 1:" },
	{ "第三者…\tvulnerability\n", "line 1:" },
	{ "…閲覧でき\tvulnerability\n", "line 1:" },
	{ "第三者…閲覧でき||参照でき\tvulnerability\n", "line 1:" },
	{ "\xff\tcontact\n", "UTF-8" },
};

START_TEST(phrase_mistakes)
{
	struct phrase_book *read = NULL;
	struct err err = { "" };
	const char *bytes = mistakes[_i].book;

	ck_assert_int_eq(phrase_book_read(arena, bytes, strlen(bytes), &read, &err), NEVER);
	ck_assert_msg(strstr(err.text, mistakes[_i].line) != NULL, "%s", err.text);
	ck_assert_ptr_null(read);
}
END_TEST

START_TEST(phrase_too_many)
{
	char *bytes = arena_alloc(arena, PHRASES_MAX * 16 + 1);
	struct phrase_book *read = NULL;
	struct err err;
	size_t len = 0;

	for (int i = 0; i < PHRASE_WITHHELD; i++)
		len += (size_t)sprintf(bytes + len, "p%04d\tcontact\n", i);
	ck_assert_int_eq(phrase_book_read(arena, bytes, len, &read, &err), DONE);
	ck_assert_uint_eq(phrase_book_count(read), PHRASE_WITHHELD);
	len += (size_t)sprintf(bytes + len, "one more\tcontact\n");
	ck_assert_int_eq(phrase_book_read(arena, bytes, len, &read, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "line 1024:"));
}
END_TEST

/*
 * Every phrase of the shipped book is found when it stands alone on a line, and
 * has a name for its meaning.
 */
START_TEST(phrase_shipped)
{
	const struct phrase_book *read = rule_book(arena);

	ck_assert_uint_gt(phrase_book_count(read), 300);
	for (size_t i = 0; i < phrase_book_count(read); i++) {
		struct phrase_hits hits;
		bool found = false;

		phrase_find(arena, read, phrase_book_text(read, i), NULL, &hits);
		for (size_t k = 0; k < hits.count; k++)
			found = found || hits.hit[k].phrase == i;
		ck_assert_msg(found, "%s", phrase_book_text(read, i));
	}
	for (int i = 0; i < PHRASE_MEANINGS; i++)
		ck_assert_ptr_nonnull(phrase_meaning_name((enum phrase_meaning)i));
}
END_TEST

/* The books of other coordinators are read, and each phrase finds itself. */
START_TEST(phrase_shipped_others)
{
	static const char *const names[] = { "jpcert.phrases", "certcc.phrases" };

	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		struct phrase_book *read = NULL;
		struct err err = { "" };
		size_t len;
		char *bytes = rule_conf(arena, names[n], &len);

		ck_assert_msg(phrase_book_read(arena, bytes, len, &read, &err) == DONE, "%s: %s",
			names[n], err.text);
		ck_assert_uint_gt(phrase_book_count(read), 30);
		for (size_t i = 0; i < phrase_book_count(read); i++) {
			struct phrase_hits hits;

			phrase_find(arena, read, phrase_book_text(read, i), NULL, &hits);
			ck_assert_msg(hits.count > 0, "%s: %s", names[n],
				phrase_book_text(read, i));
		}
	}
}
END_TEST

/* The built-in words are written as the match copy spells them, else they would never be found. */
START_TEST(phrase_finder_words)
{
	size_t count;

	for (count = 0; finder_word(count) != NULL; count++)
		ck_assert_str_eq(phrase_match_copy(arena, finder_word(count)), finder_word(count));
	ck_assert_uint_gt(count, 200);
}
END_TEST

/* So are those of the signs; and no word is so short that it would never be looked for. */
START_TEST(phrase_finder_signs)
{
	size_t count;

	for (count = 0; finder_sign_word(count) != NULL; count++) {
		const char *word = finder_sign_word(count);

		ck_assert_str_eq(phrase_match_copy(arena, word), word);
		ck_assert_uint_ge(strlen(word), WORD_BYTES_MIN);
	}
	ck_assert_uint_eq(count, finder_sign_words());
}
END_TEST

static const char *const hostile[] = {
	"突然のご連絡", "突", "取り扱", "ー", "サー", "a", " ", "\n", "\n>", "ｶﾞ",
	"\xe3\x82\x99", "が\xe3\x82\x99", "ﷺ",
	"a\xcc\x81", "取扱いを終了いたします", "場合", "脆弱性の種類\n", "・", "、", "１",
	"①", "①  ", "№a",
};

/* Processor time that a text of `size` bytes costs, made of the words over and over. */
static int64_t
cost(const struct phrase_book *read, const char *words, size_t size)
{
	char *text = arena_alloc(arena, size + 1);
	size_t len = strlen(words);
	struct phrase_hits hits;
	int64_t from;

	for (size_t at = 0; at + len <= size; at += len)
		memcpy(text + at, words, len);
	from = unit_cpu_ms();
	phrase_find(arena, read, text, text, &hits);
	return unit_cpu_ms() - from;
}

START_TEST(phrase_hostile)
{
	const struct phrase_book *read = rule_book(arena);
	int64_t quarter = cost(read, hostile[_i], FOLD_TEXT_MAX / 4);
	int64_t whole = cost(read, hostile[_i], 2 * FOLD_TEXT_MAX);

	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, and %lld ms for a quarter",
		hostile[_i], (long long)whole, (long long)quarter);
}
END_TEST

static Suite *
suite_phrase(void)
{
	Suite *suite = suite_create("phrase");
	TCase *tests = tcase_create("phrase");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, phrase_copies, 0, sizeof(copies) / sizeof(copies[0]));
	tcase_add_loop_test(tests, phrase_finds, 0, sizeof(finds) / sizeof(finds[0]));
	tcase_add_loop_test(tests, phrase_mistakes, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tests, phrase_too_many);
	tcase_add_test(tests, phrase_shipped);
	tcase_add_test(tests, phrase_shipped_others);
	tcase_add_test(tests, phrase_finder_words);
	tcase_add_test(tests, phrase_finder_signs);
	tcase_add_loop_test(tests, phrase_hostile, 0, sizeof(hostile) / sizeof(hostile[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_phrase());
}
