/*
 * Facts out of mails: which of our sites are named, who claims to write, what is
 * a finder's report and what only a newsletter, what forms carry, and what of a
 * sealed mail stays inside. Expectations were written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/observe.h"

#include "mail/mime.h"
#include "rule_mail.h"

#include <time.h>

#define STRANGER "Taro <taro@example.net>"

static struct arena *arena;
static struct policy *policy;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, 4 * RULE_ARENA_CAP);
	policy = rule_policy(arena);
	mime_start();
}

static void
teardown(void)
{
	rule_policy_free(policy);
	arena_free(&arena);
}

static struct facts_layer *
observe(const char *from, const char *subject, const char *body, bool sealed)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, rule_message(arena, from, subject, body), sealed, layer);
	return layer;
}

static bool
has_problem(const struct facts_layer *layer, enum problem problem)
{
	for (size_t i = 0; i < layer->problem_count; i++) {
		if (layer->problems[i] == problem)
			return true;
	}
	return false;
}

/*
 * a body, the sites that it names (bit 0 www, bit 1 shop/store, bit 2
 * staging:8443), and URLs of strangers
 */
static const struct {
	const char *body;
	uint32_t sites, foreign;
} sites[] = {
	{ "http://www.example.co.jp/", 1, 0 },
	{ "対象のURL:https://www.example.co.jp/search?q=1#top です", 1, 0 },
	{ "対象はhttps://www.example.co.jpです。", 1, 0 },
	{ "HTTPS://WWW.EXAMPLE.CO.JP/Login", 1, 0 },
	{ "ｈｔｔｐｓ：／／ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏ．ｊｐ／", 1, 0 },
	{ "hxxps://www.example[.]co[.]jp/", 1, 0 },
	{ "hXXp://www(.)example(.)co(.)jp", 1, 0 },
	{ "www[dot]example[dot]co[dot]jp", 1, 0 },
	{ "https[:]//www.example.co.jp/", 1, 0 },
	{ "貴サイト www.example.co.jp の件", 1, 0 },
	{ "貴サイト（www.example.co.jp）の件", 1, 0 },
	{ "<https://www.example.co.jp/>", 1, 0 },
	{ "\"www.example.co.jp\".", 1, 0 },
	{ "www.example.co.jp.", 1, 0 },
	{ "www.example.co.jp/contact", 1, 0 },
	{ "https://www.example.co.jp:443/", 1, 0 },
	{ "https://user@www.example.co.jp/", 1, 0 },
	{ "https://user:secret@www.example.co.jp/", 1, 0 },
	{ "mail user/x@www.example.co.jp", 0, 0 },
	{ "https://www.ex\xe2\x80\x8b" "ample.co.jp/", 1, 0 },
	{ "対象 http://www.exa\nmple.co.jp/", 1, 1 },
	{ "> http://www.example.co\n> .jp/", 0, 0 },
	{ "URL=https://www.example.co.jp/", 1, 0 },
	/* not ours */
	{ "https://example.co.jp/", 0, 1 },
	{ "https://www.example.co.jp.evil.test/", 0, 1 },
	{ "https://www.example.co.jp@evil.test/", 0, 1 },
	{ "https://www.example.co.jp:443@evil.test/", 0, 1 },
	{ "https://www.example.co.jp:x@evil.test/", 0, 1 },
	{ "https://evil.test/https://www.example.co.jp/", 0, 1 },
	{ "https://evil.test/?u=www.example.co.jp", 0, 1 },
	{ "https://evil-www.example.co.jp/", 0, 1 },
	{ "https://a.www.example.co.jp/", 0, 1 },
	{ "info@www.example.co.jp", 0, 0 },
	{ "www.example.co.jpx", 0, 0 },
	{ "wwwXexample.co.jp", 0, 0 },
	{ "www.example.co", 0, 0 },
	{ "http://www.example.co.jp\\@evil.test/", 0, 0 },
	{ "https://www.ipa.go.jp/security/ https://jvn.jp/", 0, 1 },
	{ "https://ipa.go.jp.evil.test/", 0, 1 },
	/* paths and ports */
	{ "https://shop.example.jp/store/item/1", 2, 0 },
	{ "https://shop.example.jp/store", 2, 0 },
	{ "https://shop.example.jp/", 2, 0 },
	{ "shop.example.jp", 2, 0 },
	{ "https://shop.example.jp/blog/", 0, 0 },
	{ "https://shop.example.jp/storefront", 0, 0 },
	{ "https://staging.example.co.jp:8443/x", 4, 0 },
	{ "https://staging.example.co.jp/x", 4, 0 },
	{ "https://staging.example.co.jp:9443/x", 0, 0 },
	{ "www.example.co.jp と shop.example.jp", 3, 0 },
	{ "", 0, 0 },
	{ "http://", 0, 0 },
	{ "http:///// :// ://x", 0, 0 },
};

START_TEST(observe_sites)
{
	struct facts_layer *layer = observe(STRANGER, "x", sites[_i].body, false);

	ck_assert_msg(layer->sites == sites[_i].sites, "%s: %x, not %x", sites[_i].body,
		layer->sites, sites[_i].sites);
	ck_assert_msg(layer->foreign_urls == sites[_i].foreign, "%s: %u foreign, not %u",
		sites[_i].body, layer->foreign_urls, sites[_i].foreign);
	layer = observe(STRANGER, "x", sites[_i].body, true);
	ck_assert_uint_eq(layer->sites, sites[_i].sites);
	ck_assert_uint_eq(layer->foreign_urls, 0);
}
END_TEST

START_TEST(observe_sites_of_subject_and_quotation)
{
	ck_assert_uint_eq(observe(STRANGER, "www.example.co.jp の件", "x", false)->sites, 1);
	ck_assert_uint_eq(observe(STRANGER, "x", "はい。\n> www.example.co.jp の件\n",
		false)->sites, 0);
}
END_TEST

/* Whether the text names itself IPA (bit 0) or JPCERT (bit 1), or only speaks of them. */
static const struct {
	int named;
	const char *subject, *body;
} names[] = {
	{ 1, "", "独立行政法人 情報処理推進機構(IPA)セキュリティセンターです。" },
	{ 1, "", "独立行政法人 情報処理推進機構(IPA) 技術本部 セキュリティセンター の◯◯と申しま"
		"す。" },
	{ 1, "", "IPA セキュリティセンターの**です。先ほどはお電話にて" },
	{ 1, "", "情報処理推進機\n構の山田と申し\nます。" },
	{ 1, "", "ＩＰＡの山田です。" },
	{ 1, "", "IPAです。至急ご確認ください。" },
	{ 1, "", "情報処理推進機構よりご連絡いたします。" },
	{ 1, "", "Hello, this is the Information-technology Promotion Agency." },
	{ 1, "", "This is IPA. Please click." },
	{ 1, "【情報処理推進機構】重要なお知らせ", "添付をご確認ください。" },
	{ 1, "重要", "添付をご確認ください。\n\n--\n独立行政法人 情報処理推進機構\n"
		"セキュリティセンター\nE-mail: isec@ipa.go.jp\n" },
	{ 1, "", "情報処理推進機構\n突然のご連絡失礼いたします。詳細情報を、どちらにお送りすれば"
		"よろしいでしょうか。" },
	{ 2, "", "JPCERT/CCの鈴木です。" },
	{ 2, "", "JPCERTコーディネーションセンターの鈴木と申します。" },
	{ 2, "", "This is JPCERT/CC." },
	{ 3, "", "IPAの山田です。JPCERTの鈴木です。" },
	/* speaks of them */
	{ 0, "", "情報処理推進機構(IPA)によると、脆弱性の届出は増えているようです。" },
	{ 0, "", "独立行政法人情報処理推進機構(IPA)が公開した情報セキュリティ10大脅威です。" },
	{ 0, "", "先日、この件を IPA に届け出ました。情報処理推進機構の調査結果を待っています。" },
	{ 0, "", "発行元は情報処理推進機構です。" },
	{ 0, "", "出典：情報処理推進機構の調査です。" },
	{ 0, "", "情報処理推進機構発表のデータです。" },
	{ 0, "IPAが注意喚起 - 週刊セキュリティニュース", "情報処理推進機構（IPA）は、注意喚起を"
		"行いました。" },
	{ 0, "", "お問い合わせ先\n独立行政法人 情報処理推進機構\nE-mail: isec@ipa.go.jp\n" },
	{ 0, "", "CIPAの山田です。" },
	{ 0, "", "IPA 受験対策講座のご案内です。" },
	{ 0, "", "情報処理推進機構は、経済産業省告示に従い、脆弱性の届出を受け付けています。" },
	{ 0, "", "先日、情報処理推進機構よりご連絡があったかと思いますが、いかがでしょうか。" },
	{ 0, "", "はい。\n> 独立行政法人 情報処理推進機構(IPA)セキュリティセンターです。\n" },
	{ 0, "Re: 【情報処理推進機構】お知らせ", "承知しました。" },
	{ 0, "", "vuln-contact@ipa.go.jp からメールが来たのですが、本物でしょうか。" },
	{ 0, "", "Dear IPA, I found a bug." },
	{ 0, "", "JPCERT/CC の注意喚起をお知らせします。" },
	{ 0, "", "" },
};

START_TEST(observe_names)
{
	struct facts_layer *layer = observe(STRANGER, names[_i].subject, names[_i].body, false);
	int named = (layer->named_coordinator[IPA] ? 1 : 0) +
		(layer->named_coordinator[JPCERT] ? 2 : 0);

	ck_assert_msg(named == names[_i].named, "%s / %s: %d, not %d", names[_i].subject,
		names[_i].body, named, names[_i].named);
}
END_TEST

/* Whether it reads like a person's report. */
static const struct {
	bool report;
	const char *subject, *body;
} reports[] = {
	{ true, "脆弱性のご報告", "はじめまして。貴社サイトの検索画面にクロスサイトスクリプティ"
		"ングの脆弱性を発見しましたので、ご報告いたします。" },
	{ true, "脆弱性について", "御社のサイト https://www.example.co.jp/search に XSS があるよ"
		"うです。\n再現手順：検索欄に <script>alert(1)</script> と入力する。" },
	{ true, "お問い合わせ", "会員ページで番号を変えると、他のお客様の名前と住所が表示されま"
		"した。貴社サイトは大丈夫でしょうか。" },
	{ true, "ご連絡", "www.example.co.jp の管理画面に、ログインせずにアクセスできてしまいま"
		"す。修正をお願いします。" },
	{ true, "脆弱性の報告窓口", "脆弱性を見つけました。報告先を教えてください。" },
	{ true, "脆弱性報告", "貴サイトは SQL インジェクションに対して脆弱です。" },
	{ true, "セキュリティ上の問題", "貴ウェブサイトのお問い合わせフォームでメールヘッダイン"
		"ジェクションが可能なことを確認しました。" },
	{ true, "ホームページが改ざん", "御社のホームページが改ざんされています。変な広告が表示"
		"されています。" },
	{ true, "個人情報", "www.example.co.jp で検索したら、個人情報が誰でも閲覧できる状態でし"
		"た。" },
	{ true, "Vulnerability report", "Hi team, I found an XSS vulnerability in your website." },
	{ true, "Security issue", "Hello, I am a security researcher. Your site is vulnerable to"
		" clickjacking. Do you have a bug bounty program?" },
	{ true, "bug bounty", "I have discovered an open redirect at https://www.example.co.jp/g"
		"o?u=. Steps to reproduce: ..." },
	{ true, "Responsible disclosure", "We identified a misconfiguration of your server. Wher"
		"e should I report it?" },
	{ true, "Missing DMARC", "I noticed that your domain has no DMARC record, so this vulner"
		"ability allows phishing. Looking forward to a reward." },
	{ true, "SQLi", "Affected URL: https://www.example.co.jp/item?id=1' or '1'='1 -- SQL inj"
		"ection" },
	{ true, "Re: 脆弱性", "追加のご報告です。脆弱性は https://www.example.co.jp/b にもありま"
		"す。再現でき\nました。" },
	{ true, "【ご報告】貴社ウェブサイトの脆弱性について", "突然のメールにて失礼いたします。"
		"私は個人でセキュリティの研究をしている者です。貴社のウェブサイトを利用していた"
		"ところ、反射型XSSと思われる挙動を発見いたしました。" },
	{ true, "セキュリティに関するお問い合わせ", "https://www.example.co.jp/member/ にて、URL"
		"の末尾の数字を変更すると別の方の注文内容が見えました。" },
	{ true, "Webサイトの不具合", "お世話になります。御社サイトの会員登録画面で ' を入力する"
		"とSQLのエラー文が出ます。脆弱性ではないでしょうか。" },
	{ true, "脆弱性のご連絡", "www.example.co.jp に存在するディレクトリトラバーサルの脆弱性"
		"についてお知らせします。詳細は以下です。 GET /download?f=../../etc/passwd" },
	{ true, "IPAにも届け出済みですが", "御社サイトのXSSについて、IPAに届け出ましたが、直接も"
		"お伝えします。検索欄に\"><svg onload=alert(1)>を入れるとスクリプトが動作します"
		"。" },
	{ true, "セキュリティ上の懸念", "貴サイトのログインページがHTTPSになっていないため、パス"
		"ワードが盗聴される恐れがあります。ご確認ください。" },
	{ true, "通報", "御社のサイトがフィッシングに悪用されているようです。オープンリダイレク"
		"トがあります。" },
	{ true, "サーバーの設定", "https://www.example.co.jp/.git/ が外部から見えています。ソー"
		"スコードが漏えいしている可能性があります。" },
	{ true, "XSS on www.example.co.jp", "Hi, the q parameter on https://www.example.co.jp/se"
		"arch reflects input. PoC: https://www.example.co.jp/search?q=<script>alert(1)</"
		"script>" },
	{ true, "Vulnerability found", "Hello Security Team, While browsing your website I came "
		"across a serious security flaw. Where can I report it? Do you offer rewards?" },
	{ true, "Security bug", "Dear team, your site https://www.example.co.jp is vulnerable to"
		" SQL injection in id parameter. Please fix it. Regards, Bob" },
	{ true, "exposed backup file", "Your backup file https://www.example.co.jp/backup.zip is"
		" publicly accessible and contains customer data." },
	{ true, "IDOR in order API", "By changing the order id I was able to see other customers"
		"' orders at https://www.example.co.jp/api/orders/1" },
	{ true, "[Bug Bounty] Clickjacking", "Hi, I'm a bug hunter. Vulnerability: Clickjacking."
		" URL: https://www.example.co.jp/login. Impact: ... Waiting for your reply and b"
		"ounty." },
	{ true, "subdomain takeover", "We noticed that staging.example.co.jp points to an unclai"
		"med bucket, which makes a subdomain takeover possible." },
	/* newsletters, vendors, other business */
	{ false, "JPCERT/CC Weekly Report", "■今回の注意喚起 複数のCisco製品に脆弱性があります。"
		"対象となる製品及びバージョンは多岐にわたります。詳細は開発者が提供する情報を参"
		"照してください。" },
	{ false, "脆弱性診断サービスのご紹介", "貴社のウェブサイトは大丈夫ですか？ SQLインジェク"
		"ションやXSSの脆弱性が放置されていると情報漏えいにつながります。弊社の診断なら最"
		"短3日。" },
	{ false, "【要確認】サーバー証明書の更新", "ご利用中のサーバー証明書の有効期限が近づいて"
		"います。www.example.co.jp の更新手続きをお願いします。" },
	{ false, "不正アクセスに関するお詫びとお知らせ", "このたび、弊社が運営するサイトにおいて"
		"第三者による不正アクセスを受け、お客様の個人情報が漏えいした可能性があることが"
		"判明しました。" },
	{ false, "WordPressプラグインの更新のお願い", "保守担当の佐藤です。ご利用のプラグインに"
		"脆弱性が公表されたため、今週中に更新作業を実施いたします。作業報告は別途お送り"
		"します。" },
	{ false, "採用応募", "セキュリティエンジニアに応募いたします。前職では脆弱性診断を担当し"
		"、XSSやSQLインジェクションを多数発見しました。" },
	{ false, "CVE-2026-12345 advisory", "A vulnerability was found in libfoo before 1.2.3. U"
		"sers are advised to upgrade. Credit: reported by Alice." },
	{ false, "Your monthly security digest", "Top stories: 1) XSS in popular CMS 2) Zero-day"
		" exploited in the wild. View in browser | Manage preferences | Unsubscribe" },
	{ false, "SEO audit for your website", "Hi, I found several SEO issues on your website t"
		"hat hurt your ranking. Reply for a free report." },
	{ false, "Website redesign", "I was looking at your website www.example.co.jp and notice"
		"d it could look better on mobile. We offer redesign." },
	{ false, "お客様アンケート", "www.example.co.jp をご利用いただきありがとうございます。ア"
		"ンケートにご協力ください。" },
	{ false, "パスワードを忘れました", "www.example.co.jp にログインできません。パスワードを"
		"再発行してください。" },
	{ false, "打ち合わせの件", "来週の打合せですが、セキュリティ上の問題について議論したいと"
		"思います。" },
	{ false, "個人情報の取扱いについて",
	"貴社の個人情報が必要です。契約書をご確認ください。" },
	{ false, "Re: meeting", "Let's discuss the vulnerability management process next week." },
	{ false, "週刊セキュリティニュース", "今週の脆弱性情報をお届けします。複数の製品に SQL "
		"インジェクションの脆弱性が発見されました。配信停止はこちら" },
	{ false, "JVN からのお知らせ", "Example 製品には、クロスサイトスクリプティングの脆弱性が"
		"存在します。実証コードが公開されています。" },
	{ false, "無料診断のご案内", "貴社サイトの脆弱性診断をご提案いたします。XSS や SQL イン"
		"ジェクションを検出し、ご報告いたします。無料診断実施中。" },
	{ false, "製品アップデートのお知らせ", "平素より弊社製品をご利用いただき、ありがとうござ"
		"います。弊社製品に脆弱性が見つかりました。更新をお願いします。" },
	{ false, "セミナーのご案内", "脆弱性対策セミナーを開催します。貴社のご参加をお待ちしてお"
		"ります。お申し込みはこちら" },
	{ false, "Weekly newsletter", "Researchers found a vulnerability in ExampleOS. A proof-o"
		"f-concept exploit is public. Unsubscribe" },
	{ false, "Patch Tuesday", "This month fixes 80 vulnerabilities, three of them remote cod"
		"e execution." },
	{ false, "Penetration testing", "We help you find vulnerabilities in your website. Our s"
		"ervices include XSS tests. Book a demo!" },
	{ false, "【重要】Windows の脆弱性対策について", "IPA では、Microsoft 製品の脆弱性につい"
		"て注意喚起を公開しました。早急に修正プログラムを適用してください。" },
	{ false, "お問い合わせ", "商品が届きません。https://www.example.co.jp/ で注文しました。"
		"報告します。" },
	{ false, "見積依頼", "貴社サイトの改修について、お見積をお願いします。セキュリティ対策も"
		"含めてください。" },
	{ false, "Invoice",
	"I found an error in your invoice. Please look at the attached file." },
	{ false, "議事録", "本日の打合せで、脆弱性対応の進め方を確認しました。" },
	{ false, "", "" },
	{ false, "Re: 脆弱性のご報告", "ありがとうございます。\n"
		"> 貴社サイトに脆弱性を発見しましたのでご報告いたします。\n" },
};

START_TEST(observe_reports)
{
	struct facts_layer *layer = observe(STRANGER, reports[_i].subject, reports[_i].body,
		false);

	ck_assert_msg(layer->finder_words == reports[_i].report, "%s / %s", reports[_i].subject,
		reports[_i].body);
}
END_TEST

START_TEST(observe_number_places)
{
	struct facts_layer *layer = observe(STRANGER, "Re: [IPA#33333333]",
		"IPA#11111111 と IPA#33333333\n> IPA#22222222 IPA#11111111\n", false);
	static const char *const numbers[] = { "IPA#33333333", "IPA#11111111", "IPA#22222222" };

	ck_assert_uint_eq(layer->numbers.count, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_str_eq(layer->numbers.hit[i].number, numbers[i]);
		ck_assert_uint_eq(layer->number_place[i], i);
	}
}
END_TEST

/* Which words stood in a sealed mail's subject is no more told than which they were. */
START_TEST(observe_phrase_places)
{
	static const char body[] = "どちらにお送りすればよろしいでしょうか。\n> 対象のURL:\n";
	struct facts_layer *layer = observe("vuln-contact@ipa.go.jp", "突然のご連絡", body, false);
	const struct phrase_hits *hits = &layer->phrases[IPA];
	size_t subject = 0, quoted = 0;

	for (size_t i = 0; i < hits->count; i++) {
		subject += hits->hit[i].subject;
		quoted += hits->hit[i].quoted;
	}
	ck_assert_uint_eq(hits->count, 3);
	ck_assert_uint_eq(subject, 1);
	ck_assert_uint_eq(quoted, 1);
	layer = observe("vuln-contact@ipa.go.jp", "突然のご連絡", body, true);
	for (size_t i = 0; i < layer->phrases[IPA].count; i++)
		ck_assert(!layer->phrases[IPA].hit[i].subject);
}
END_TEST

START_TEST(observe_too_many_numbers)
{
	char body[64 * 32] = "";
	struct facts_layer *layer;

	for (int i = 0; i < 40; i++)
		snprintf(body + strlen(body), 32, "IPA#%08d\n", 10000000 + i);
	layer = observe(STRANGER, "IPA#99999999", body, false);
	ck_assert_uint_eq(layer->numbers.count, NUMBERS_MAX);
	ck_assert_str_eq(layer->numbers.hit[0].number, "IPA#99999999");
	ck_assert(layer->numbers.more);
	ck_assert_uint_eq(layer->problem_count, 1);
	ck_assert_int_eq(layer->problems[0], PROBLEM_TOO_MANY_NUMBERS);
}
END_TEST

/* From, body, the form, whether it is chosen, the number that is read, the address to answer to */
static const struct {
	const char *from, *body;
	int form;
	bool chosen;
	const char *number, *reply;
} forms[] = {
	{ "www@example.co.jp", "区分: セキュリティ上の問題について\nお名前: 山田\n"
		"メールアドレス: taro@example.net\n"
		"お問い合わせ内容:\nIPA#11111111\n", 0, true, "IPA#11111111", "taro@example.net" },
	{ "Web <WWW@Example.co.jp>", "■お問合せの種類：セキュリティ上の\n問題について\n"
		"■お名前：山田\n■メールアドレス：taro@example.net\n"
		"■お問合せ内容：IPA#11111111\n", 0, true, "IPA#11111111", "taro@example.net" },
	{ "www@example.co.jp", "【メールアドレス】 ｔａｒｏ＠ｅｘａｍｐｌｅ．ｎｅｔ\n"
		"【お問い合せ内容（必須）】\nIPA#11111111\n",
		0, false, "IPA#11111111", "taro@example.net" },
	{ "www@example.co.jp", "IPA#22222222\nメールアドレス(確認): b@example.net\n"
		"メールアドレス\n\ntaro@example.net\n"
		"お問い合わせ内容\n> IPA#1111\n> 1111\n", 0, false, "IPA#11111111", "taro@exampl"
		"e.net" },
	{ "www@example.co.jp", "メールアドレス: <taro@example.net>\n"
		"お問い合わせ内容 IPA#11111111\n", 0, false,
		"IPA#11111111", "taro@example.net" },
	{ "www@example.co.jp", "メールアドレス: taro@example.net, evil@example.net\n"
		"1. お問い合わせ内容 = IPA#11111111\n", 0,
		false, "IPA#11111111", "taro@example.net" },
	{ "www@example.co.jp", "メールアドレス: なし\nお問い合わせ内容: IPA#11111111\n", 0,
	false, "IPA#11111111", NULL },
	{ "www@example.co.jp", "メールアドレス: a b@example.net\n"
		"お問い合わせ内容: IPA#11111111\n", 0, false,
		"IPA#11111111", NULL },
	{ "www@example.co.jp", "ラベルなし IPA#11111111\n", 0, false, "IPA#11111111", NULL },
	{ "www@example.co.jp", "お問い合わせ内容の件 IPA#22222222\n"
		"お問い合わせ内容: IPA#11111111\n", 0, false,
		"IPA#11111111", NULL },
	{ "form2@example.co.jp", "E-mail:\ttaro@example.net\nMessage:\nIPA#11111111\n", 1, true,
	"IPA#11111111",
		"taro@example.net" },
	{ "FORM@example.co.jp", "e-mail > mailto:taro@example.net\n"
		"* Message (required): IPA#11111111\n", 1, true,
		"IPA#11111111", "taro@example.net" },
	{ STRANGER, "メールアドレス: taro@example.net\nお問い合わせ内容: IPA#11111111\n", -1,
	false, "IPA#11111111", NULL },
	{ "www@example.co.jp, taro@example.net", "お問い合わせ内容: IPA#11111111\n", -1, false,
	"IPA#11111111", NULL },
};

START_TEST(observe_forms)
{
	struct message *message = rule_message(arena, forms[_i].from, "お問い合わせ",
		forms[_i].body);
	struct facts_header *header = arena_alloc(arena, sizeof(*header));
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_header(arena, policy, 0, message, header);
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_int_eq(layer->form_index, forms[_i].form);
	ck_assert_int_eq(layer->form_chosen, forms[_i].chosen);
	ck_assert_uint_eq(layer->numbers.count, 1);
	ck_assert_str_eq(layer->numbers.hit[0].number, forms[_i].number);
	ck_assert_uint_eq(layer->number_place[0], PLACE_BODY);
	if (forms[_i].reply == NULL)
		ck_assert_msg(header->form_reply == NULL, "%s", header->form_reply);
	else
		ck_assert_str_eq(header->form_reply, forms[_i].reply);
}
END_TEST

/* Of a sealed mail's wording, only what it is evidence of comes out. */
START_TEST(observe_sealed)
{
	static const char body[] =
		"独立行政法人 情報処理推進機構です。\n脆弱性の種類: SQLインジェクション\n"
		"https://evil.test/\n";
	struct facts_layer *sealed = observe(STRANGER, "内緒", body, true);
	struct facts_layer *clear = observe(STRANGER, "内緒", body, false);

	ck_assert(sealed->sealed && !clear->sealed);
	ck_assert_uint_gt(clear->phrases[IPA].count, 2);
	ck_assert_uint_eq(sealed->phrases[IPA].count, clear->phrases[IPA].count);
	for (size_t i = 0; i < sealed->phrases[IPA].count; i++) {
		ck_assert_uint_eq(sealed->phrases[IPA].hit[i].phrase, PHRASE_WITHHELD);
		ck_assert_uint_lt(clear->phrases[IPA].hit[i].phrase, PHRASE_WITHHELD);
		ck_assert_int_eq(sealed->phrases[IPA].hit[i].meaning,
			clear->phrases[IPA].hit[i].meaning);
	}
	ck_assert_uint_eq(sealed->phrases[JPCERT].count, 0);
	ck_assert(sealed->vulnerability_words);
	ck_assert_uint_eq(sealed->foreign_urls, 0);
	ck_assert_int_eq(sealed->form_index, -1);
}
END_TEST

static struct message *
message_of(const char *raw)
{
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, raw, strlen(raw), NULL, message);
	return message;
}

START_TEST(observe_attachments)
{
	struct message *message = message_of("From: a@example.net\nMIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
		"hello\n"
		"--b\nContent-Type: application/ZIP; name=secret.zip\n"
		"Content-Disposition: attachment; filename=secret.zip\n\nabc\n--b--\n");
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_uint_eq(layer->attachment_count, 1);
	ck_assert_str_eq(layer->attachments[0].name, "secret.zip");
	ck_assert_str_eq(layer->attachments[0].type, "application/zip");
	ck_assert_uint_eq(layer->attachments[0].size, 3);
	observe_layer(arena, policy, 0, message, true, layer);
	ck_assert_uint_eq(layer->attachment_count, 1);
	ck_assert_ptr_null(layer->attachments[0].name);
}
END_TEST

START_TEST(observe_media_type_of_any_length)
{
	char *type = arena_printf(arena, "application/%0988d", 1);
	struct message *message = message_of(arena_printf(arena, "From: a@example.net\n"
		"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Type: %.255s\n\nabc\n--b\nContent-Type: %s\n\nabc\n--b--\n", type, type));
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_uint_eq(layer->attachment_count, 2);
	ck_assert_uint_eq(strlen(layer->attachments[0].type), FACTS_TYPE_MAX);
	ck_assert_str_eq(layer->attachments[1].type, "application/octet-stream");
}
END_TEST

START_TEST(observe_header_fields)
{
	struct facts_header *header = arena_alloc(arena, sizeof(*header));

	observe_header(arena, policy, 0, message_of(
		"Authentication-Results: mx.example.co.jp; dmarc=pass header.from=ipa.go.jp\n"
		"Authentication-Results: evil.test; dmarc=fail\n"
		"From: =?UTF-8?B?5bGx55Sw?= <vuln-contact@IPA.go.jp>\n"
		"To: a@example.co.jp, b@example.co.jp\n"
		"Reply-To: r@example.net\nSubject: =?UTF-8?B?44GT44KT44Gr44Gh44Gv?=\n"
		"Message-ID: <m@x>\n"
		"References: <a@x> <b@x>\nIn-Reply-To: <b@x>\n"
		"Date: Mon, 02 Nov 2026 10:00:00 +0900\n"
		"Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Madoguchi: alert; desk=www\n"
		"\nx\n"), header);
	ck_assert_uint_eq(header->from.count, 1);
	ck_assert_str_eq(header->from.at[0].address, "vuln-contact@ipa.go.jp");
	ck_assert_str_eq(header->from.at[0].name, "山田");
	ck_assert_uint_eq(header->to.count, 2);
	ck_assert_str_eq(header->to.at[1].address, "b@example.co.jp");
	ck_assert_str_eq(header->reply_to.at[0].address, "r@example.net");
	ck_assert_uint_eq(header->cc.count, 0);
	ck_assert_str_eq(header->subject, "こんにちは");
	ck_assert_str_eq(header->message_id, "<m@x>");
	ck_assert_uint_eq(header->reference_count, 2);
	ck_assert_str_eq(header->references[1], "<b@x>");
	ck_assert(header->has_date);
	ck_assert(header->auto_submitted);
	ck_assert(header->bulk);
	ck_assert_str_eq(header->x_madoguchi, "alert; desk=www");
	ck_assert(header->auth.trusted);
	ck_assert_int_eq(header->auth.dmarc, AUTH_PASS);
	ck_assert_ptr_null(header->form_reply);
}
END_TEST

START_TEST(observe_header_limits)
{
	char *raw = arena_alloc(arena, 64 * 1024);
	struct facts_header *header = arena_alloc(arena, sizeof(*header));
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message;

	strcpy(raw, "From: a@example.net\nSubject: ");
	for (int i = 0; i < 400; i++)
		strcat(raw, "あ");
	strcat(raw, "\nTo: ");
	for (int i = 0; i < 80; i++)
		sprintf(raw + strlen(raw), "t%d@example.net,\n ", i);
	strcat(raw, "z@example.net\nReferences:");
	for (int i = 0; i < 120; i++)
		sprintf(raw + strlen(raw), " <r%d@x>\n", i);
	strcat(raw, "\nx\n");
	message = message_of(raw);
	observe_header(arena, policy, 0, message, header);
	ck_assert_uint_eq(strlen(header->subject), 999);
	ck_assert_uint_eq(header->to.count, FACTS_ADDRESSES);
	ck_assert_uint_eq(header->reference_count, FACTS_REFERENCES);
	ck_assert_str_eq(header->references[FACTS_REFERENCES - 1], "<r119@x>");
	ck_assert_ptr_null(header->message_id);
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert(has_problem(layer, PROBLEM_NO_MESSAGE_ID));
	ck_assert(has_problem(layer, PROBLEM_NO_DATE));
	ck_assert(has_problem(layer, PROBLEM_CUT));
	ck_assert(!has_problem(layer, PROBLEM_TOO_MANY_NUMBERS));
}
END_TEST

/* raw messages, their form, and one problem that is told */
static const struct {
	const char *raw;
	enum layer_form form;
	enum problem problem;
} shapes[] = {
	{ "From: a@b.example\nMessage-ID: <a@b>\nDate: Mon, 02 Nov 2026 10:00:00 +0900\n\nx\n",
	FORM_PLAIN,
		PROBLEM_NONE },
	{ "From: a@b.example\nContent-Type: multipart/encrypted; boundary=b;\n"
		" protocol=\"application/pgp-encrypted\"\n\n"
		"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
		"Content-Type: application/octet-stream\n\n"
		"-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n--b--\n",
		FORM_ENCRYPTED, PROBLEM_NO_DATE },
	{ "From: a@b.example\nContent-Type: multipart/signed; boundary=b; micalg=pgp-sha256;\n"
		" protocol=\"application/pgp-signature\"\n\n--b\nContent-Type: text/plain\n\nx\n"
		"--b\n"
		"Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n\n"
		"abcd\n"
		"-----END PGP SIGNATURE-----\n--b--\n", FORM_SIGNED, PROBLEM_NO_MESSAGE_ID },
	{ "From: a@b.example\nContent-Type: multipart/signed; boundary=b; micalg=sha-256;\n"
		" protocol=\"application/pkcs7-signature\"\n\n--b\nContent-Type: text/plain\n\n"
		"x\n--b\n"
		"Content-Type: application/pkcs7-signature\n\nabcd\n--b--\n", FORM_SMIME_SIGNED,
		PROBLEM_NO_DATE },
	{ "From: a@b.example\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
		"UEsDBBQAAQAIAGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ==\n", FORM_PLAIN,
		PROBLEM_LOCKED_ARCHIVE },
	{ "From: a@b.example\nSubject: a\nSubject: b\n\nx\n", FORM_PLAIN,
	PROBLEM_DUPLICATE_FIELD },
	{ "From: a@b.example\nContent-Type: text/plain; charset=x-none\n\n\xe3\x81\x82\n",
	FORM_PLAIN,
		PROBLEM_UNKNOWN_CHARSET },
};

START_TEST(observe_shapes)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message_of(shapes[_i].raw), false, layer);
	ck_assert_int_eq(layer->form, shapes[_i].form);
	if (shapes[_i].problem == PROBLEM_NONE)
		ck_assert_uint_eq(layer->problem_count, 0);
	else
		ck_assert_msg(has_problem(layer, shapes[_i].problem), "%s",
			problem_text(shapes[_i].problem));
}
END_TEST

/* A limit is told, and not a second time as damage. */
START_TEST(observe_limit)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = message_of("From: a@b.example\n\nx\n");

	message->limit = MIME_TOO_DEEP;
	message->broken = true;
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert(has_problem(layer, PROBLEM_TOO_DEEP));
	ck_assert(!has_problem(layer, PROBLEM_BROKEN_MIME));
	message->limit = MIME_FINE;
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert(has_problem(layer, PROBLEM_BROKEN_MIME));
}
END_TEST

START_TEST(observe_problems)
{
	struct facts_layer layer = { 0 };

	for (int i = 0; i < PROBLEMS; i++)
		ck_assert_str_ne(problem_text((enum problem)i), "");
	ck_assert_str_eq(problem_text(PROBLEMS), "unknown problem");
	facts_problem(&layer, PROBLEM_NONE);
	ck_assert_uint_eq(layer.problem_count, 0);
	for (int round = 0; round < 2; round++) {
		for (int i = 1; i < PROBLEMS; i++)
			facts_problem(&layer, (enum problem)i);
	}
	ck_assert_uint_eq(layer.problem_count, FACTS_PROBLEMS);
	ck_assert_int_eq(layer.problems[1], 2);
}
END_TEST

static const char *const hostile[] = {
	"www.example.co.jp", "/www.example.co.jp", "=www.example.co.jp", 
	"https://www.example.co.jp:", "://", "https://x/",
	"情報処理推進機構", "IPAの", "この情報処理推進機構(ipa)", "お問い合わせ内容の ",
	"メールアドレス : : : :\n", ":", "shop.example.jp/x",
	"=shop.example.jp/x", "[.]", "HXXP", "www.\n", "xss ",
};

#define OBSERVED (256 * 1024)	/* bytes; what is read of a longer body costs no more */

/* Processor time that a body of `size` bytes costs, made of the words over and over. */
static int64_t
cost(const char *words, size_t size)
{
	struct facts_header *header = arena_alloc(arena, sizeof(*header));
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	char *body = arena_alloc(arena, size + 1);
	size_t len = strlen(words);
	struct message *message;
	int64_t from;

	for (size_t at = 0; at + len < size; at += len)
		memcpy(body + at, words, len);
	message = rule_message(arena, "www@example.co.jp", "x", "");
	message->text = message->own_text = message->quoted_text = body;
	from = unit_cpu_ms();
	observe_header(arena, policy, 0, message, header);
	observe_layer(arena, policy, 0, message, false, layer);
	return unit_cpu_ms() - from;
}

/* Signed and not sealed, with what its writer's program protects: the rest stands outside. */
START_TEST(observe_signed_part)
{
	static const char raw[] = "Content-Type: text/plain; protected-headers=\"v1\"\n"
		"From: vuln-contact@ipa.go.jp\nSubject: hello\n\nhello\n";
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, raw, strlen(raw), "", message);
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_uint_eq(layer->problem_count, 0);
}
END_TEST

#define TWINS(plain, html) "From: vuln-contact@ipa.go.jp\nDate: Tue, 20 May 2025 10:00:00 +0900\n" \
	"Message-ID: <1@ipa.go.jp>\nSubject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" \
	"Content-Type: text/plain; charset=utf-8\n\n" plain "\n--b\nContent-Type: text/html; charset=utf-8\n\n" html \
	"\n--b--\n"

static const struct { const char *raw; enum problem problem; } twins[] = {
	{ TWINS("IPA#12345678 see below\nhttps://a.example/", "<p>IPA#12345678 <a>see below</a>"), PROBLEM_NONE },
	{ TWINS("IPA#12345678", "IPA#12345678, <br>IPA# 12345678 again"), PROBLEM_NONE },
	{ TWINS("hello", "hello there"), PROBLEM_NONE },
	{ TWINS("hello", "hello IPA#12345678"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("hello IPA#12345678", "hello"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("IPA#12345678", "IPA#12345679"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("> IPA#12345678\n\nok", "ok"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("取扱番号", "問題の詳細と、今後の取扱いにつきましてご連絡します。"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("問題の詳細と、今後の取扱いにつきましてご連絡します。", "取扱番号"), PROBLEM_TEXTS_DIFFER },
	{ TWINS("問題の詳細と、今後の\n取扱いにつきましてご連絡します。",
		"<p>問題の詳細と、<br>今後の取扱いにつきましてご連絡します。<p>では"), PROBLEM_NONE },
	{ TWINS("このメールはHTMLです", "<p>IPA#12345678"), PROBLEM_TEXT_STUB },
};

START_TEST(observe_twins)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, twins[_i].raw, strlen(twins[_i].raw), NULL, message);
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_uint_eq(layer->problem_count, twins[_i].problem != PROBLEM_NONE);
	if (layer->problem_count > 0)
		ck_assert_int_eq(layer->problems[0], twins[_i].problem);
}
END_TEST

/* What a stand-in names beside the HTML is told, though it is not shown. */
START_TEST(observe_stub_that_says_more)
{
	static const char raw[] = TWINS("このメールはHTMLです。問題の詳細と、今後の取扱いにつきましてご連絡します。メールにて。",
		"<p>hello");
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, raw, strlen(raw), NULL, message);
	ck_assert_str_eq(message->text, message->text_stub ? "hello\n" : message->text);
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_int_eq(layer->problems[layer->problem_count - 1], PROBLEM_TEXTS_DIFFER);
}
END_TEST

START_TEST(observe_hostile)
{
	int64_t quarter = cost(hostile[_i], OBSERVED / 4);
	int64_t whole = cost(hostile[_i], 4 * OBSERVED);

	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, and %lld ms for a quarter",
		hostile[_i], (long long)whole, (long long)quarter);
}
END_TEST

static Suite *
suite_observe(void)
{
	Suite *suite = suite_create("observe");
	TCase *tests = tcase_create("observe");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, observe_sites, 0, sizeof(sites) / sizeof(sites[0]));
	tcase_add_test(tests, observe_sites_of_subject_and_quotation);
	tcase_add_loop_test(tests, observe_names, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_loop_test(tests, observe_reports, 0, sizeof(reports) / sizeof(reports[0]));
	tcase_add_test(tests, observe_number_places);
	tcase_add_test(tests, observe_phrase_places);
	tcase_add_test(tests, observe_too_many_numbers);
	tcase_add_loop_test(tests, observe_forms, 0, sizeof(forms) / sizeof(forms[0]));
	tcase_add_test(tests, observe_sealed);
	tcase_add_test(tests, observe_attachments);
	tcase_add_test(tests, observe_signed_part);
	tcase_add_loop_test(tests, observe_twins, 0, sizeof(twins) / sizeof(twins[0]));
	tcase_add_test(tests, observe_stub_that_says_more);
	tcase_add_test(tests, observe_media_type_of_any_length);
	tcase_add_test(tests, observe_header_fields);
	tcase_add_test(tests, observe_header_limits);
	tcase_add_loop_test(tests, observe_shapes, 0, sizeof(shapes) / sizeof(shapes[0]));
	tcase_add_test(tests, observe_limit);
	tcase_add_test(tests, observe_problems);
	tcase_add_loop_test(tests, observe_hostile, 0, sizeof(hostile) / sizeof(hostile[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_observe());
}
