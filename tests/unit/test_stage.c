/*
 * What kind of mail it is: mails as IPA wrote them, as the guide describes them,
 * and as nobody has written them yet. Each row's kind was decided by reading the
 * mail, before the program saw it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/stage.h"

#include "mail/mime.h"
#include "rule_mail.h"

#define SEALED 1
#define KNOWN 2

#define IPA_FROM "IPA <vuln-contact@ipa.go.jp>"
#define INTRO_2009 \
	"突然のご連絡失礼いたします。独立行政法人 情報処理推進機構(IPA)セキュリティセ" \
	"ンターです。\n\n"
#define DUTY_2009 \
	"IPA では、情報セキュリティ対策の一環として、経済産業省告示に従い、一般の方や\n" \
	"研究者の方が発見された、ウェブページのセキュリティ上の問題点の届出を受けつけ、\n" \
	"ウェブページの管理者の方に連絡する業務をおこなっています。\n\n"
#define ASK_2009 \
	"問題の詳細や影響といった詳細情報をウェブサイトのご担当の方へお伝えしたいので\n" \
	"すが、どちらにお送りすればよろしいでしょうか。お手数ですが、下記までご連絡くだ\n" \
	"さいますよう、お願いいたします。\n\n"
#define SIGNATURE \
	"--------\nIPA(独立行政法人 情報処理推進機構) セキュリティセンター\n本件担当:山田\n" \
	"メール:vuln-contact@ipa.go.jp\n電話 :03-5978-7527\n"
#define OUTSOURCED \
	"なお、ウェブサイトの運用・管理を外部の事業者に委託されている場合も、IPA からの\n" \
	"連絡窓口は上記サイトの運営者様とさせていただいております。\n"

static struct arena *arena;
static struct policy *policy;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, RULE_ARENA_CAP);
	policy = rule_policy(arena);
	mime_start();
}

static void
teardown(void)
{
	rule_policy_free(policy);
	arena_free(&arena);
}

static const struct {
	enum mail_kind kind;
	int flags;
	const char *subject, *body;
} mails[] = {
	/* --- stage 1 --- */
	{ KIND_CONTACT_REQUEST, 0, "【IPA#69145869】 ウェブページのセキュリティ上の問題につきま"
		"して",
		"例示株式会社ご担当者様\n\n" INTRO_2009 DUTY_2009
		"このたび、下記ウェブページのセキュリティ上の問題につきまして届出がありましたの"
		"で、\n"
		"ご連絡差し上げた次第です。\n\n対象のURL: http://www.example.co.jp/\n\n"
		ASK_2009 OUTSOURCED SIGNATURE },
	{ KIND_CONTACT_REQUEST, 0, "お問い合わせ",
		"ウェブサイト管理者様 突然のご連絡失礼致します。 独立行政法人 情報処理推進機構(I"
		"PA)\n"
		"技術本部 セキュリティセンター の◯◯と申します。\n"
		"IPA では、経済産業省告示に従い、一般の方が発見された、ウェブペー\n"
		"ジのセキュリティ上の問題点の届出を受けつけ、ウェブページの管理者\n"
		"へ連絡する業務を行なっています。\n"
		"下記ウェブページのセキュリティ上の問題の詳細情報を運営者様へご連\n"
		"絡したいので、お手数ですが 5 営業日を目処に返信(件名に IPA#XXXXXXXX\n"
		"記載)する形で、通知先となるメールアドレスをご教示下さい。\n" },
	/* hard-wrapped at 16 columns, full width throughout */
	{ KIND_CONTACT_REQUEST, 0, "ＩＰＡ＃１２３４５６７８",
		"突然のご連\n絡失礼いた\nします。独\n立行政法人\n情報処理推\n進機構（Ｉ\n"
		"ＰＡ）セキ\nュリティセ\nンターです。\n"
		"問題の詳細\nを、どちら\nにお送りす\nればよろし\nいでしょう\nか。\n" },
	{ KIND_CONTACT_REQUEST, 0, "脆弱性に関する届出について",
		"IPAセキュリティセンターです。貴団体のウェブサイトについて脆弱性に関する届出を受"
		"け付けました。\n"
		"脆弱性の種類や再現手順などの詳細情報をお送りしたく、送付先となるメールアドレス"
		"をお知らせください。\n" },
	{ KIND_CONTACT_REQUEST, 0, "ご連絡先の確認",
		"IPA セキュリティセンターです。\n"
		"担当窓口の確認のためご連絡しました。詳細情報はPGPで暗号化してお送りします。\n"
		"ご担当者様の連絡先をご教示ください。\n" },
	{ KIND_CONTACT_REQUEST, 0, "IPA#12345678",
		"突然のご連絡失礼します。\n\n下記ウェブサイトにつきまして、ご相談がございます。"
		"\nhttps://www.example.co.jp/login\n" },
	{ KIND_CONTACT_REQUEST, 0, "Vulnerability in your website IPA#12345678",
		"This is the Information-technology Promotion Agency, Japan (IPA).\n"
		"We have received a report concerning https://www.example.co.jp/.\n"
		"Could you let us know to whom we should send the details?\n" },
	/* words never seen: the address and our site are enough, but only for the first mail */
	{ KIND_CONTACT_REQUEST, 0, "ウェブサイトの件", "https://www.example.co.jp/ の件でお話し"
		"したいことがあります。\nIPA 山田\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "ウェブサイトの件", "https://www.example.co.jp/ の件でお話"
		"ししたいことがあります。\nIPA 山田\n" },
	{ KIND_CORRESPONDENCE, 0, "ご挨拶", "来月から担当が山田に替わります。よろしくお願いいた"
		"します。\n" },
	{ KIND_CORRESPONDENCE, 0, "ウェブサイトの件", "https://www.example.org/ の件でお話しした"
		"いことがあります。\n" },
	/* lost the first mail: to us the second one is the first */
	{ KIND_CONTACT_REQUEST, 0, "再送: 【IPA#69145869】",
		"先日ご連絡いたしましたが、ご返信をいただいておりません。\n"
		"下記ウェブページの件です。 http://www.example.co.jp/\n"
		"どちらにお送りすればよろしいでしょうか。\n" },
	/* its own stage-1 sentences quoted below an answer decide nothing */
	{ KIND_CORRESPONDENCE, KNOWN, "Re: 【IPA#69145869】 ウェブページのセキュリティ上の問題に"
		"つきまして",
		"ご返信ありがとうございます。担当に申し伝えます。\n\n"
		"> 突然のご連絡失礼いたします。\n> 経済産業省告示に従い\n"
		"> どちらにお送りすればよろしいでしょうか。\n> 1.詳細情報\n"
		"> 発見者から次の報告が届いています。\n" },
	{ KIND_CONTACT_REQUEST, KNOWN, "【IPA#69145869】 ウェブページのセキュリティ上の問題につ"
		"きまして",
		INTRO_2009 DUTY_2009 ASK_2009 },

	/* --- stage 2 --- */
	{ KIND_ENCRYPTION_CHECK, KNOWN, "Re: [IPA#69145869]",
		"ご連絡先をお知らせいただき、ありがとうございました。\n"
		"今後の連絡メールに用いる暗号化について確認させてください。\n"
		"PGP をご利用の場合は公開鍵をお送りください。\n" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "[IPA#69145869] 暗号化の方法について",
		"IPA セキュリティセンターです。詳細情報をお送りするにあたり、暗号化の方法につい"
		"てご希望をお伺いします。\n"
		"1) PGP  2) パスワード付きZIP  3) 暗号化を希望されない\n" },
	{ KIND_ENCRYPTION_CHECK, 0, "IPA#69145869",
		"メールの暗号化には PGP とパスワードのどちらを希望されますか。\n" },
	{ KIND_ENCRYPTION_CHECK, KNOWN | SEALED, "[IPA#69145869]",
		"このメールは暗号化の試験です。復号できるかご確認のうえ、ご返信ください。\n" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "IPA#69145869",
		"お問い合わせの件、暗\n号化には ＰＧＰ 公開\n鍵を使う方\n"
		"式でお願いしたく、公開鍵をお知らせください。\n" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "IPA#12345678 encryption",
		"Which encryption method do you prefer? We can use your PGP public key.\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#69145869]", "公開鍵を受け取りました。近日中に改"
		"めてお送りします。\n" },
	{ KIND_CORRESPONDENCE, 0, "お知らせ", "弊機構では暗号化に PGP を使っています。\n" },

	/* --- stage 3 --- */
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]",
		"-----------------------------------------------\n"
		"このメールは、取扱い番号 IPA#69145869 に関する連絡です。\n"
		"-----------------------------------------------\n例示株式会社ご担当者様\n\n"
		"IPA セキュリティセンターの山田です。先ほどはお電話にてご対応いただき、ありがと"
		"うございました。\n"
		"本メールでは、先にご連絡しました貴ウェブページのセキュリティ上の問題に関し、問"
		"題の詳細と、今後の取扱いにつ\n"
		"きましてご連絡します。\n\n1.詳細情報\n発見者から次の報告が届いています。\n=====\n"
		"1) セキュリティ上の問題を確認したウェブサイトのURL\n"
		"http://www.example.co.jp/search\n"
		"2) セキュリティ上の問題の種類\nクロスサイト・スクリプティング\n3) 問題の説明\n"
		"検索欄に……\n"
		"4) セキュリティ上の問題により発生しうる脅威\n偽のページが表示される。\n=====\n"
		"2.今後の取扱い\n"
		"3 ヶ月以内を目処に対応状況をご連絡ください。\n" },
	/* the same in clear: the operator wanted no encryption */
	{ KIND_DETAILS, KNOWN, "IPA#69145869 詳細情報",
		"1.詳細情報\n発見者から次の報告が届いています。\n2) セキュリティ上の問題の種類\n"
		"SQLインジェクション\n" },
	/* skips stage 2, or all before */
	{ KIND_DETAILS, SEALED, "[IPA#69145869]",
		"発見者から次の報告が届いています。\n脆弱性の種類：SQLインジェクション\n"
		"現状から想定されるリスク：情報漏えい\n" },
	{ KIND_DETAILS, 0, "IPA#69145869",
		"http://www.example.co.jp/\n■脆弱性の種類\nディレクトリ・トラバーサル\n"
		"■想定される影響\nサーバ内のファイルが閲覧される\n" },
	/* says how it is encrypted, and what mail came before */
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]",
		"本メールは PGP で暗号化しています。公開鍵は先日ご連絡いただいたものです。今後の"
		"暗号化の方法も同じです。\n"
		"(1) 脆弱性の種類 ＯＳコマンド・インジェクション\n(2) 問題の説明 ……\n"
		"(3) 想定される影響 任意のコマンドの実行\n" },
	{ KIND_DETAILS, KNOWN, "IPA#69145869",
		"詳細情報を添付のパスワード付きZIPファイルにてお送りします。暗号化のパスワードは"
		"別途ご連絡します。\n"
		"受領した旨をご返信ください。詳細情報は添付をご覧ください。\n" },
	/* sealed, and no phrase of any book but the kind */
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]", "ログイン画面に SQL インジェクションが"
		"見つかった件です。\n" },
	{ KIND_DETAILS, SEALED, "[IPA#69145869]", "検索欄でＸＳＳが起こります。\n" },
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]", "会員の個人情報の漏えいにつながるもの"
		"です。\n" },
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]", "A cross-site request forgery in the o"
		"rder form.\n" },
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]", "Vulnerability type: open redirect\n"
		"Impact: phishing\n" },
	{ KIND_DETAILS, KNOWN | SEALED, "[IPA#69145869]",
		"クロスサイトスクリプティングの報告です。進捗状況は随時お知らせください。\n" },
	{ KIND_CORRESPONDENCE, KNOWN | SEALED, "[IPA#69145869]", "来週の打合せの時間を 15 時に変"
		"更させてください。\n" },
	/* sealed, first, and about our site: not missed, though nothing tells its stage */
	{ KIND_CONTACT_REQUEST, SEALED, "...", "www.example.co.jp についてお話があります。\n" },
	{ KIND_DETAILS, KNOWN, "IPA#69145869",
		"脆弱性関連情報を通知いたします。受領した旨をご返信ください。3か月以内を目途にご"
		"対応をお願いします。\n" },
	/* details announced, not given */
	{ KIND_CONTACT_REQUEST, 0, "IPA#69145869",
		"突然のご連絡失礼いたします。IPA セキュリティセンターです。\n"
		"詳細情報（脆弱性の種類、想定される影響など）をお伝えしたいのですが、どちらにお"
		"送りすればよろしいでしょうか。\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#69145869]", "詳細情報は明日お送りします。\n" },

	/* --- reminders --- */
	{ KIND_REMINDER, KNOWN, "[IPA#69145869] その後の対応状況について",
		"IPA セキュリティセンターです。\n"
		"先日お送りした件につきまして、その後の対応状況はいかがでしょうか。\n" },
	{ KIND_REMINDER, KNOWN, "IPA#69145869",
		"標記の件、まだご回答をいただいておりません。進捗状況をお知らせください。\n" },
	{ KIND_REMINDER, KNOWN, "【IPA#69145869】再度のご連絡",
		"先日メールをお送りしましたがご返信をいただいておりませんので、再度ご連絡いたし"
		"ました。\n"
		"問題の詳細を、どちらにお送りすればよろしいでしょうか。\n" },
	{ KIND_REMINDER, KNOWN, "【IPA#69145869】 ウェブページのセキュリティ上の問題につきまして",
		"再度ご連絡いたします。" INTRO_2009 ASK_2009 },
	{ KIND_REMINDER, KNOWN | SEALED, "[IPA#69145869]",
		"お伝えした SQL インジェクションの件、その後の進捗はいかがでしょうか。ご返答をい"
		"ただいておりません。\n" },
	{ KIND_REMINDER, KNOWN, "IPA#69145869",
		"ご対応状況をご連絡くださいますようお願いいたします。\n"
		"期日までにご回答がない場合は、取扱いを終了いたします。\n" },
	{ KIND_REMINDER, KNOWN, "IPA#69145869 reminder", "We have not heard from you. Any update"
		" on this case?\n" },
	{ KIND_REMINDER, KNOWN, "IPA#69145869",
		"修正完了のご報告をいただいておりませんので、ご確認をお願いいたします。\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#69145869]",
		"対応状況のご連絡をいただき、ありがとうございます。引き続きよろしくお願いいたし"
		"ます。\n" },
	{ KIND_CORRESPONDENCE, 0, "IPA#69145869", "その後の対応状況はいかがでしょうか。\n" },

	/* --- closing --- */
	{ KIND_CLOSING, KNOWN, "[IPA#69145869] 取扱い終了のご連絡",
		"修正完了のご報告ありがとうございました。\n当機構にて修正を確認いたしました。\n"
		"これをもちまして本件の取扱いを終了いたします。\n" },
	{ KIND_CLOSING, KNOWN | SEALED, "[IPA#69145869]",
		"ご報告いただいたクロスサイト・スクリプティングにつきまして、修正が完了している"
		"ことを確認しました。\n"
		"本件の取り扱いを終了とさせていただきます。\n" },
	{ KIND_CLOSING, KNOWN, "IPA#69145869", "検討の結果、脆弱性ではないと判断し、取扱いを終了"
		"いたしました。\n" },
	{ KIND_CLOSING, KNOWN, "IPA#69145869",
	"We confirmed the fix. This case is now closed.\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#69145869] 修正完了報告",
		"修正完了のご報告ありがとうございます。内容を確認のうえ、改めてお知らせします。"
		"\n" },
	{ KIND_CORRESPONDENCE, 0, "IPA#69145869", "当機構にて修正を確認いたしました。 https://ww"
		"w.example.co.jp/\n" },

	/* --- nothing of these --- */
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#69145869]", "承知いたしました。\n" },
	{ KIND_CORRESPONDENCE, KNOWN, "IPA#69145869", "" },
	{ KIND_CORRESPONDENCE, KNOWN, "IPA#69145869",
		"ご質問の件、クロスサイト・スクリプティングの対策は「安全なウェブサイトの作り方"
		"」をご参照ください。\n" },

	/* --- the same stages in words that no guide and no real mail has --- */
	{ KIND_CONTACT_REQUEST, 0, "【IPA#87654321】貴社ウェブサイトの脆弱性について",
	"例示株式会社\nウェブサイトご担当者様\n\nお世話になっております。\n"
	"独立行政法人情報処理推進機構（IPA）セキュリティセンターの鈴木と申します。\n\n"
	"IPAでは、経済産業省の告示に基づき、脆弱性関連情報の届出を受け付けております。\n"
	"このたび、貴社が運営する下記ウェブサイトに脆弱性が存在する可能性があるとの届出を受けま"
	"したのでご連絡いたしました。\n\n  URL: https://www.example.co.jp/contact/\n\n"
	"詳細な情報をお伝えしたく、脆弱性に関する情報を受け取る窓口（メールアドレス）を、本メー"
	"ルへの返信にてお知らせくださいますようお願い申し上げます。\n"
	"ご返信は11月9日（月）までにお願いいたします。\n" },
	{ KIND_CONTACT_REQUEST, 0, "ウェブサイトのセキュリティ上の問題について(IPA)",
	"貴サイトのセキュリティ上の問題に関する情報が当機構に届けられました。https://www.example"
	".co.jp/\n詳細をお知らせするにあたり、ご連絡先を確認させていただきたく存じます。" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "Re: 【IPA#87654321】貴社ウェブサイトの脆弱性について",
	"ご連絡ありがとうございます。\n今後、脆弱性の詳細情報をメールにてお送りいたします。\n"
	"つきましては、メールの暗号化方式をご指定ください。\n(1) PGPによる暗号化(推奨)\n"
	"(2) パスワード付きZIPファイル\n(3) 暗号化なし\n"
	"PGPを選択される場合は公開鍵を添付してください。" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "[IPA#87654321] 暗号化について", "詳細情報の送付に際し、"
		"メールを暗号化してお送りすることが可能です。暗号化をご希望の場合は公開鍵をお送"
		"りください。" },
	{ KIND_ENCRYPTION_CHECK, KNOWN, "[IPA#87654321]", "詳細情報はPGPで暗号化してお送りします"
		"。貴社のPGP公開鍵をご提供いただけますでしょうか。" },
	{ KIND_ENCRYPTION_CHECK, KNOWN | SEALED, "[IPA#87654321]", "暗号化メールの送受信テストで"
		"す。内容が読めましたら、その旨ご返信ください。" },
	{ KIND_DETAILS, KNOWN | SEALED, "【IPA#87654321】脆弱性関連情報のご連絡", "IPAセキュリテ"
		"ィセンターの鈴木です。\n\n脆弱性の詳細情報をお送りいたします。受け取られました"
		"ら、受領した旨をご返信ください。\n\n■脆弱性の種類\n"
		"クロスサイト・スクリプティング\n■脆弱性が確認されたURL\n"
		"https://www.example.co.jp/search?q=\n■想定されるリスク\n"
		"本脆弱性が悪用された場合、利用者のCookie情報が漏えいする可能性があります。\n\n"
		"本通知から3ヶ月以内を目処に対応をお願いいたします。対応が難しい場合は、対応に要"
		"する期間の見積りをご連絡ください。\n"
		"対応が完了しましたら、修正完了のご報告をお願いいたします。\n" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "不正な文字列を検索欄に入力すると、利用者のブラウ"
		"ザ上で任意のスクリプトが実行されます。ご確認をお願いいたします。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "商品一覧の id パラメータに引用符を入れるとデータ"
		"ベースのエラーが表示され、データベースの内容を読み出される恐れがあります。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "届出によれば、ログインしていない第三者が会員の氏"
		"名と住所を見ることができるとのことです。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "パスワードリセットの仕組みに不備があり、第三者が"
		"他人のアカウントを乗っ取ることができます。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "The search page reflects user input without esca"
		"ping, so scripts run in the visitor's browser." },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "An attacker can read other members' orders by ch"
		"anging the id in the URL." },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "管理画面が認証なしで外部から参照できる状態になっ"
		"ています。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "設定ファイルが外部から閲覧可能であり、データベー"
		"スのパスワードが記載されています。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "CSRF対策がなされておらず、利用者が意図せず退会さ"
		"せられる可能性があります。" },
	{ KIND_DETAILS, KNOWN | SEALED, "...", "Apache Struts の既知の脆弱性 (CVE-2017-5638) が"
		"残っています。" },
	{ KIND_REMINDER, KNOWN, "【IPA#87654321】ご対応状況について", "お世話になっております。I"
		"PAセキュリティセンターです。\n10月1日にお送りした脆弱性関連情報につきまして、ご"
		"対応の状況をお知らせいただけますでしょうか。\n" },
	{ KIND_REMINDER, KNOWN, "【再送】【IPA#87654321】", "標記の件、ご連絡をいただけていない"
		"ようですので、念のため再送いたします。\n\n"
		"突然のご連絡失礼いたします。 IPA では、経済産業省告示に従い…どちらにお送りすれ"
		"ばよろしいでしょうか。" },
	{ KIND_REMINDER, KNOWN, "IPA#87654321 進捗のお伺い", "修正の見込み時期をご教示いただけま"
		"すと幸いです。前回のご連絡から2か月が経過しております。" },
	{ KIND_REMINDER, KNOWN, "IPA#87654321 の件", "お送りした詳細情報について、受領のご返信が"
		"まだ届いておりません。お手数ですがご確認ください。" },
	{ KIND_REMINDER, KNOWN, "[IPA#87654321]", "修正状況はいかがでしょうか。" },
	{ KIND_REMINDER, KNOWN | SEALED, "[IPA#87654321]", "先にご連絡したXSSの件ですが、修正状"
		"況はいかがでしょうか。ご返信をお待ちしております。" },
	{ KIND_REMINDER, KNOWN, "IPA#87654321", "本件についてまだお返事をいただいておりません。" },
	{ KIND_REMINDER, KNOWN, "IPA#87654321: second notice", "We sent you details on 1 October"
		" but have received no reply. Could you tell us the status of the fix?" },
	{ KIND_CLOSING, KNOWN, "【IPA#87654321】修正完了の確認", "ご報告いただいた修正内容を確認"
		"し、問題が解消されたことを確認しました。本件の取扱いを終了します。ご協力ありが"
		"とうございました。" },
	{ KIND_CLOSING, KNOWN, "【IPA#87654321】取扱い終了のご連絡", "本件につきましては、取扱い"
		"を終了いたしましたのでご連絡いたします。" },
	{ KIND_CLOSING, KNOWN, "[IPA#87654321]", "修正を確認いたしましたので、本届出の取扱いは終"
		"了となります。" },
	{ KIND_CLOSING, KNOWN | SEALED, "[IPA#87654321]", "SQLインジェクションの修正を確認しまし"
		"たので、本件の処理を終了いたします。" },
	{ KIND_CLOSING, KNOWN, "IPA#87654321 修正完了確認のお知らせ", "ご報告のとおり修正されて"
		"いることを当機構でも確認いたしました。これにて本件は終了となります。" },
	{ KIND_CLOSING, KNOWN, "IPA#87654321", "届出者にも修正完了を連絡し、本件の対応を終了いた"
		"しました。" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#87654321]", "ご質問いただいた件につきまして回答"
		"いたします。該当の画面はお知らせのとおりです。" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#87654321]", "期限の延長について承知いたしました"
		"。2027年1月末までの対応をお待ちしております。" },
	{ KIND_CORRESPONDENCE, KNOWN, "IPA#87654321", "発見者より、追加で確認したい点があるとの"
		"連絡がありました。お電話の可能な日時をお知らせください。" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#87654321] 受領のご連絡", "受領のご連絡ありがとう"
		"ございます。引き続きよろしくお願いいたします。" },
	{ KIND_CORRESPONDENCE, KNOWN, "Re: [IPA#87654321] 修正完了のご報告", "修正完了のご報告、"
		"ありがとうございます。発見者に確認いたしますので、しばらくお待ちください。" },
	{ KIND_CONTACT_REQUEST, 0, "【IPA#87654321】", "貴団体のホームページ（http://www.example"
		".co.jp）について、第三者から問題の指摘がありました。ご担当の部署をお教えいただ"
		"けますか。" },
	{ KIND_CONTACT_REQUEST, 0, "Security contact for www.example.co.jp", "We are looking for"
		" the person who is responsible for the security of your site." },
	{ KIND_DETAILS, 0, "【IPA#87654321】脆弱性関連情報の通知", "お電話でお話ししました件につ"
		"いて、詳細をお送りします。\n\n脆弱性の種類：SQLインジェクション\n"
		"対象：https://www.example.co.jp/list\n" },
	{ KIND_ENCRYPTION_CHECK, 0, "【IPA#87654321】暗号化の確認", "お電話で伺ったアドレスにお"
		"送りしています。今後の連絡メールに用いる暗号化について確認いたします。" },
};

START_TEST(stage_mails)
{
	struct message *message = rule_message(arena, IPA_FROM, mails[_i].subject, mails[_i].body);
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	struct stage_verdict verdict;

	facts->layer_count = 1;
	observe_layer(arena, policy, 0, message, (mails[_i].flags & SEALED) != 0,
		&facts->layers[0]);
	stage_judge(policy, IPA, facts, 0, (mails[_i].flags & KNOWN) != 0, &verdict);
	ck_assert_msg(verdict.kind == mails[_i].kind,
		"%s\n%s\nis %s, not %s (contact %d, encryption %d, details %d, reminder %d, clos"
		"ing %d)",
		mails[_i].subject, mails[_i].body, mail_kind_name(verdict.kind),
		mail_kind_name(mails[_i].kind), verdict.contact, verdict.encryption,
			verdict.details,
		verdict.reminder, verdict.closing);
	ck_assert_int_eq(verdict.stage, mails[_i].kind == KIND_CONTACT_REQUEST ? STAGE_CONTACT :
		mails[_i].kind == KIND_ENCRYPTION_CHECK ? STAGE_ENCRYPTION :
		mails[_i].kind == KIND_DETAILS ? STAGE_DETAILS : STAGE_NONE);
}
END_TEST

/* A coordinator without a phrase book: address, site and kind of vulnerability alone. */
START_TEST(stage_without_book)
{
	static const struct {
		enum mail_kind kind;
		int flags;
		const char *body;
	} rows[] = {
		{ KIND_CONTACT_REQUEST, 0, "We would like to talk about https://www.example.co.j"
			"p/" },
		{ KIND_CORRESPONDENCE, 0, "We would like to talk about something" },
		{ KIND_CORRESPONDENCE, KNOWN, "We would like to talk about https://www.example.c"
			"o.jp/" },
		{ KIND_DETAILS, KNOWN | SEALED, "It is an SQL injection." },
		{ KIND_DETAILS, SEALED, "オープンリダイレクトの件です。" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts *facts = arena_alloc(arena, sizeof(*facts));
		struct stage_verdict verdict;

		facts->layer_count = 1;
		observe_layer(arena, policy, 0,
			rule_message(arena, "vuls@jpcert.or.jp", "JPCERT#91837758", rows[i].body),
			(rows[i].flags & SEALED) != 0, &facts->layers[0]);
		stage_judge(policy, JPCERT, facts, 0, (rows[i].flags & KNOWN) != 0, &verdict);
		ck_assert_msg(verdict.kind == rows[i].kind, "%s", rows[i].body);
	}
}
END_TEST

/* Text that came by a form: whose notification it is, -1 for nobody's. */
static const struct {
	int coordinator;
	const char *body;
} forms[] = {
	{ IPA, "お名前: 山田\nお問い合わせ内容:\n"
		"【IPA#69145869】 ウェブページのセキュリティ上の問題につきまして\n"
		INTRO_2009 DUTY_2009 ASK_2009 SIGNATURE },
	{ IPA, "お問い合わせ内容: ウェブサイト管理者様 突然のご連絡失礼致します。 独立行政法人 "
		"情報処理推進機構(IPA)\n"
		"技術本部 セキュリティセンター の◯◯と申します。 IPA では、経済産業省告示に従い、"
		"ウェブペー\n"
		"ジの管理者 へ連絡する業務を行なっています。通知先となるメールアドレスをご教示下"
		"さい。\n" },
	{ -1, "お問い合わせ内容: 突然のご連絡失礼します。御社サイトに脆弱性を発見し、IPA(情報処"
		"理推進機構)にも届け出ました。\n" },
	{ -1, "お問い合わせ内容: 独立行政法人 情報処理推進機構(IPA)セキュリティセンターです。\n" },
	{ -1, "お問い合わせ内容: 突然のご連絡失礼いたします。下記ウェブページの件、どちらにお送"
		"りすればよろしいですか。\n" },
	{ -1, "お問い合わせ内容: 商品の在庫はありますか。\n" },
	/* what stands before the field is the mailer's own text */
	{ -1, INTRO_2009 DUTY_2009 ASK_2009 "お問い合わせ内容: こんにちは\n" },
};

START_TEST(stage_forms)
{
	struct message *message = rule_message(arena, "www@example.co.jp", "お問い合わせ",
		forms[_i].body);
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_int_eq(layer->form_index, 0);
	ck_assert_msg(stage_coordinator_by_text(policy, layer) == forms[_i].coordinator, "%s",
		forms[_i].body);
}
END_TEST

static Suite *
suite_stage(void)
{
	Suite *suite = suite_create("stage");
	TCase *tests = tcase_create("stage");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, stage_mails, 0, sizeof(mails) / sizeof(mails[0]));
	tcase_add_test(tests, stage_without_book);
	tcase_add_loop_test(tests, stage_forms, 0, sizeof(forms) / sizeof(forms[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_stage());
}
