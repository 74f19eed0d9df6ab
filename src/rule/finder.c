/*
 * A finder's report, told from a newsletter that speaks of vulnerabilities and
 * from a vendor who sells tests for them. A word proves nothing; kinds of
 * evidence are counted, and the marks of bulk mail count against them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder.h"

#include "mail/address.h"
#include "rule/phrase.h"
#include "rule/policy.h"
#include "rule/words.h"

#include <string.h>

enum evidence {
	WEAKNESS,	/* that there is something wrong, in general */
	KIND,		/* a kind of vulnerability or its effect */
	LAY,		/* an effect as someone without the trade's words sees it */
	FOUND,		/* the writer saw it */
	SUFFERED,	/* the writer saw it, and that it should not be so */
	REPORT,		/* it is a report */
	YOURS,		/* it is about the reader's site */
	PROOF,		/* how it can be seen */
	ASK,		/* whom to tell, or for what reward */
	HINT,		/* a thing of which reports speak, and others too */
	HELP,		/* who asks for help himself: against hints alone */
	MARKETING,	/* bulk mail's own marks: against all the rest */
	EVIDENCES
};

/* Each word as rule/fold.c leaves it. None stands inside another of its kind. */
static const struct {
	enum evidence evidence;
	const char *word;
} vocabulary[] = {
	{ WEAKNESS, "脆弱性" }, { WEAKNESS, "セキュリティホール" },
	{ WEAKNESS, "セキュリティ上の問題" }, { WEAKNESS, "セキュリティの問題" },
	{ WEAKNESS, "セキュリティ上の不備" }, { WEAKNESS, "セキュリティに問題" },
	{ WEAKNESS, "セキュリティリスク" }, { WEAKNESS, "セキュリティ上の欠陥" },
	{ WEAKNESS, "セキュリティ上の懸念" }, { WEAKNESS, "設定ミス" }, { WEAKNESS, "設定不備" },
	{ WEAKNESS, "vulnerability" }, { WEAKNESS, "vulnerabilities" },
	{ WEAKNESS, "vulnerable" }, { WEAKNESS, "vuln" }, { WEAKNESS, "security issue" },
	{ WEAKNESS, "security issues" }, { WEAKNESS, "security bug" },
	{ WEAKNESS, "security bugs" }, { WEAKNESS, "security flaw" },
	{ WEAKNESS, "security flaws" }, { WEAKNESS, "security problem" },
	{ WEAKNESS, "security hole" }, { WEAKNESS, "security weakness" },
	{ WEAKNESS, "security concern" }, { WEAKNESS, "misconfiguration" },
	{ WEAKNESS, "misconfigured" }, { WEAKNESS, "exploitable" },

	{ KIND, "クロスサイトスクリプティング" }, { KIND, "xss" },
	{ KIND, "cross-site scripting" }, { KIND, "cross site scripting" },
	{ KIND, "sqlインジェクション" }, { KIND, "sql injection" }, { KIND, "sqli" },
	{ KIND, "クロスサイトリクエストフォージェリ" }, { KIND, "csrf" },
	{ KIND, "cross-site request forgery" }, { KIND, "ディレクトリトラバーサル" },
	{ KIND, "パストラバーサル" }, { KIND, "path traversal" },
	{ KIND, "directory traversal" }, { KIND, "コマンドインジェクション" },
	{ KIND, "command injection" }, { KIND, "セッション管理の不備" },
	{ KIND, "セッション固定" }, { KIND, "セッションハイジャック" },
	{ KIND, "session fixation" }, { KIND, "session hijacking" },
	{ KIND, "ヘッダインジェクション" }, { KIND, "header injection" },
	{ KIND, "crlf injection" }, { KIND, "オープンリダイレクト" }, { KIND, "open redirect" },
	{ KIND, "open redirection" }, { KIND, "クリックジャッキング" }, { KIND, "clickjacking" },
	{ KIND, "アクセス制御の不備" }, { KIND, "アクセス制限の不備" },
	{ KIND, "broken access control" }, { KIND, "認証回避" }, { KIND, "認証の不備" },
	{ KIND, "認可制御" }, { KIND, "authentication bypass" }, { KIND, "権限昇格" },
	{ KIND, "privilege escalation" }, { KIND, "任意のコード" }, { KIND, "任意のコマンド" },
	{ KIND, "任意のスクリプト" }, { KIND, "arbitrary code" },
	{ KIND, "remote code execution" }, { KIND, "rce" }, { KIND, "ssrf" },
	{ KIND, "server-side request forgery" }, { KIND, "xxe" },
	{ KIND, "xml external entity" }, { KIND, "idor" }, { KIND, "insecure direct object" },
	{ KIND, "insecure deserialization" }, { KIND, "file inclusion" },
	{ KIND, "subdomain takeover" }, { KIND, "account takeover" },
	{ KIND, "サブドメイン乗っ取り" }, { KIND, "アカウント乗っ取り" }, { KIND, "情報漏洩" },
	{ KIND, "個人情報の漏洩" }, { KIND, "information disclosure" }, { KIND, "data leak" },
	{ KIND, "data exposure" }, { KIND, "改竄され" }, { KIND, "情報の改竄" },
	{ KIND, "ページの改竄" }, { KIND, "データの改竄" }, { KIND, "directory listing" },
	{ KIND, "ディレクトリリスティング" }, { KIND, "buffer overflow" },
	{ KIND, "バッファオーバフロ" }, { KIND, "バッファオーバーフロ" },
	{ KIND, "denial of service" }, { KIND, "サービス運用妨害" }, { KIND, "第三者中継" },
	{ KIND, "web shell" }, { KIND, "webshell" }, { KIND, "バックドア" },
	{ KIND, "html injection" }, { KIND, "rate limit" }, { KIND, "dmarc record" },
	{ KIND, "spf record" }, { KIND, "exposed .git" }, { KIND, "api key" },
	{ KIND, "フィッシングに悪用" }, { KIND, "phpinfo" }, { KIND, ".env" }, { KIND, ".git/" }, { KIND, "default password" },
	{ KIND, "default credentials" }, { KIND, "初期パスワード" }, { KIND, "stack trace" },
	{ KIND, "sql error" }, { KIND, "debug mode" }, { KIND, "database dump" },
	{ KIND, "database dumps" }, { KIND, "security headers" }, { KIND, "httponly" },
	{ KIND, "hsts" }, { KIND, "cors" }, { KIND, "ディレクトリ一覧" },

	{ LAY, "個人情報が" }, { LAY, "他人の" }, { LAY, "書き換え" },
	{ LAY, "平文" }, { LAY, "会員名簿" }, { LAY, "顧客名簿" }, { LAY, "管理画面" },
	{ LAY, "別人の" }, { LAY, "他のお客様の" },
	{ LAY, "ほかのお客様の" }, { LAY, "他の会員の" }, { LAY, "他のユーザの" },
	{ LAY, "他の利用者の" }, { LAY, "顧客情報が" },
	{ LAY, "会員情報が" }, { LAY, "パスワードなしで" }, { LAY, "ログインせずに" },
	{ LAY, "ログインしなくても" }, { LAY, "データベースのエラ" }, { LAY, "不正アクセス" },
	{ LAY, "乗っ取られ" }, { LAY, "改竄" }, { LAY, "ハッキング" }, { LAY, "別の方の" },
	{ LAY, "他の方の" }, { LAY, "ほかの方の" }, { LAY, "別のお客様" }, { LAY, "別のユーザ" },
	{ LAY, "別の会員" }, { LAY, "漏洩" }, { LAY, "盗聴" }, { LAY, "悪用" },
	{ LAY, "sqlのエラ" }, { LAY, "customer data" }, { LAY, "customers' data" },
	{ LAY, "user data" }, { LAY, "customer information" }, { LAY, "source code" },
	{ LAY, "backup file" },
	{ LAY, "other users" }, { LAY, "another user" }, { LAY, "other customers" },
	{ LAY, "other people's" }, { LAY, "someone else's" },
	{ LAY, "your passwords" }, { LAY, "admin panel" }, { LAY, "without a password" },
	{ KIND, "without authentication" }, { LAY, "hackable" }, { LAY, "insecure" },
	{ LAY, "change the price" }, { LAY, "personal data" },
	{ LAY, "without logging in" }, { LAY, "hacked" },
	{ LAY, "leaked" },

	{ FOUND, "発見しました" }, { FOUND, "発見致しました" }, { FOUND, "発見したため" },
	{ FOUND, "発見したので" }, { FOUND, "発見した者" }, { FOUND, "発見した脆弱性" },
	{ FOUND, "見つけました" }, { FOUND, "見つけたので" }, { FOUND, "見つけたため" },
	{ FOUND, "みつけました" }, { FOUND, "気づきました" }, { FOUND, "気付きました" },
	{ FOUND, "気が付きました" }, { FOUND, "気がつきました" }, { FOUND, "気づいた" },
	{ FOUND, "報告致します" }, { FOUND, "報告します" }, { FOUND, "報告させて頂" },
	{ FOUND, "報告申上げ" }, { FOUND, "報告したく" }, { FOUND, "報告したい" },
	{ FOUND, "報告です" }, { FOUND, "脆弱性を確認しました" },
	{ FOUND, "脆弱性を確認致しました" }, { FOUND, "ことを確認しました" },
	{ FOUND, "ことを確認致しました" },
	{ FOUND, "入力すると" },
	{ FOUND, "脆弱性があるようです" },
	{ FOUND, "脆弱性があると思" }, { FOUND, "問題があるようです" },
	{ FOUND, "脆弱性があります" }, { FOUND, "脆弱性が存在" }, { SUFFERED, "できてしま" },
	{ SUFFERED, "見えてしま" }, { SUFFERED, "されてしま" }, { SUFFERED, "見れてしま" },
	{ FOUND, "見られる状態" }, { FOUND, "閲覧できる状態" }, { FOUND, "誰でも閲覧" },
	{ FOUND, "誰でもアクセス" }, { FOUND, "丸見え" }, { FOUND, "表示されました" },
	{ FOUND, "表示されます" }, { FOUND, "表示されてい" }, { FOUND, "見えました" },
	{ FOUND, "見えています" }, { FOUND, "見えている" }, { FOUND, "見えます" },
	{ FOUND, "見ることができ" }, { FOUND, "ようです" }, { FOUND, "と思われます" },
	{ FOUND, "ていないため" }, { FOUND, "悪用されている" }, { FOUND, "i found" },
	{ FOUND, "i have found" }, { FOUND, "i've found" }, { FOUND, "i just found" },
	{ FOUND, "i discovered" }, { FOUND, "i have discovered" }, { FOUND, "i've discovered" },
	{ FOUND, "i identified" }, { FOUND, "i have identified" }, { FOUND, "i've identified" },
	{ FOUND, "i noticed" }, { FOUND, "i came across" }, { FOUND, "i was able to" },
	{ FOUND, "i can access" }, { FOUND, "is vulnerable to" },
	{ FOUND, "are vulnerable to" }, { FOUND, "publicly accessible" },
	{ FOUND, "we noticed" }, { FOUND, "we found" }, { FOUND, "we have found" },
	{ FOUND, "we've found" }, { FOUND, "we discovered" }, { FOUND, "we have discovered" },
	{ FOUND, "we identified" }, { FOUND, "we have identified" }, { FOUND, "like to report" },
	{ FOUND, "want to report" }, { FOUND, "wish to report" }, { FOUND, "am reporting" },
	{ FOUND, "i'm reporting" }, { FOUND, "are reporting" }, { FOUND, "security researcher" },
	{ FOUND, "ethical hacker" }, { FOUND, "bug hunter" }, { FOUND, "white hat" },
	{ FOUND, "i got into" }, { FOUND, "i managed to" }, { FOUND, "i could" },
	{ FOUND, "is exposed" }, { FOUND, "are exposed" }, { FOUND, "is accessible" },
	{ FOUND, "are accessible" }, { FOUND, "can be downloaded" }, { FOUND, "anyone can" },
	{ FOUND, "allowed me" }, { FOUND, "lets me" }, { FOUND, "たところ" },
	{ FOUND, "penetration tester" }, { FOUND, "has been hacked" },
	{ FOUND, "has been compromised" }, { FOUND, "was compromised" },
	{ FOUND, "is compromised" },

	{ REPORT, "脆弱性報告" }, { REPORT, "脆弱性の報告" }, { REPORT, "脆弱性のご報告" },
	{ REPORT, "脆弱性に関する報告" }, { REPORT, "脆弱性についての報告" },
	{ REPORT, "脆弱性の通報" }, { REPORT, "脆弱性の指摘" }, { REPORT, "脆弱性のご指摘" },
	{ REPORT, "脆弱性の連絡" }, { REPORT, "脆弱性について報告" }, { REPORT, "不具合の報告" },
	{ REPORT, "通報" }, { REPORT, "vulnerability report" }, { REPORT, "security report" },
	{ REPORT, "bug report" }, { REPORT, "responsible disclosure" },
	{ REPORT, "coordinated disclosure" }, { REPORT, "vulnerability disclosure" },
	{ REPORT, "responsibly disclose" },

	{ YOURS, "貴社" }, { YOURS, "ご社" }, { YOURS, "貴サイト" }, { YOURS, "貴web" },
	{ YOURS, "貴ホームページ" }, { YOURS, "貴団体" }, { YOURS, "貴校" }, { YOURS, "貴店" },
	{ YOURS, "貴所" }, { YOURS, "貴組織" }, { YOURS, "そちらのサイト" },
	{ YOURS, "そちらのホームページ" }, { YOURS, "そちらのweb" }, { YOURS, "your website" },
	{ YOURS, "your websites" }, { YOURS, "your web site" }, { YOURS, "your site" },
	{ YOURS, "your domain" }, { YOURS, "your web application" },
	{ YOURS, "your application" }, { YOURS, "your server" }, { YOURS, "your platform" },
	{ YOURS, "your subdomain" }, { YOURS, "your webapp" }, { YOURS, "your web page" },
	{ YOURS, "your system" }, { YOURS, "your organization" }, { YOURS, "your company" },

	{ PROOF, "再現手順" }, { PROOF, "再現方法" }, { PROOF, "再現でき" },
	{ PROOF, "再現します" }, { PROOF, "下記の手順" }, { PROOF, "以下の手順" },
	{ PROOF, "次の手順" }, { PROOF, "スクリーンショット" }, { PROOF, "検証コード" },
	{ PROOF, "該当url" }, { PROOF, "該当箇所" }, { PROOF, "該当ページ" },
	{ PROOF, "発生箇所" }, { PROOF, "steps to reproduce" }, { PROOF, "reproduction steps" },
	{ PROOF, "to reproduce" }, { PROOF, "proof of concept" }, { PROOF, "proof-of-concept" },
	{ PROOF, "poc" }, { PROOF, "payload" }, { PROOF, "payloads" }, { PROOF, "<script" },
	{ PROOF, "%3cscript" }, { PROOF, "alert(" }, { PROOF, "onerror=" },
	{ PROOF, "' or '1'='1" }, { PROOF, "or 1=1" }, { PROOF, "../.." },
	{ PROOF, "etc/passwd" }, { PROOF, "screenshot" }, { PROOF, "screenshots" },
	{ PROOF, "vulnerable url" }, { PROOF, "affected url" },
	{ PROOF, "vulnerable parameter" }, { PROOF, "vulnerable endpoint" },

	{ ASK, "謝礼" }, { ASK, "報奨" }, { ASK, "バグバウンティ" }, { ASK, "報告先" },
	{ ASK, "報告窓口" }, { ASK, "連絡先を教えて" }, { ASK, "窓口を教えて" },
	{ ASK, "どちらに報告" }, { ASK, "どこに報告" }, { ASK, "どこに連絡" },
	{ ASK, "どちらにご連絡" }, { ASK, "大丈夫でしょうか" }, { ASK, "ではないでしょうか" }, { ASK, "修正をお願い" },
	{ ASK, "修正して下さい" }, { ASK, "修正頂" }, { ASK, "改善をお願い" },
	{ ASK, "please fix" }, { ASK, "please clean" },
	{ ASK, "please remove" }, { ASK, "bounty" }, { ASK, "bounties" }, { ASK, "reward" },
	{ ASK, "hall of fame" }, { ASK, "security contact" }, { ASK, "security team" },
	{ ASK, "security.txt" }, { ASK, "who should i contact" }, { ASK, "right person" },
	{ ASK, "where should i report" }, { ASK, "where can i report" },
	{ ASK, "how can i report" }, { ASK, "where to report" }, { ASK, "disclosure program" },
	{ ASK, "disclosure policy" }, { ASK, "compensation" }, { ASK, "look forward to" },
	{ ASK, "looking forward" },

	{ MARKETING, "配信停止" }, { MARKETING, "配信解除" }, { MARKETING, "登録解除" },
	{ MARKETING, "配信中止" }, { MARKETING, "本メールマガジン" },
	{ MARKETING, "当メールマガジン" }, { MARKETING, "メールマガジンの配信" },
	{ MARKETING, "本メルマガ" }, { MARKETING, "当メルマガ" }, { MARKETING, "メルマガ配信" },
	{ MARKETING, "ニュースレタをお届け" }, { MARKETING, "セミナのご案内" },
	{ MARKETING, "セミナを開催" }, { MARKETING, "セミナ開催" }, { MARKETING, "無料セミナ" },
	{ MARKETING, "オンラインセミナ" }, { MARKETING, "ウェビナ" }, { MARKETING, "無料診断" },
	{ MARKETING, "無料相談" }, { MARKETING, "資料請求はこちら" },
	{ MARKETING, "資料ダウンロード" }, { MARKETING, "キャンペーン実施" },
	{ MARKETING, "キャンペーンのご案内" }, { MARKETING, "お申し込みはこちら" },
	{ MARKETING, "お申込みはこちら" }, { MARKETING, "お申し込み受付中" },
	{ MARKETING, "参加費" }, { MARKETING, "診断サービス" },
	{ MARKETING, "サービスのご案内" }, { MARKETING, "導入事例" },
	{ MARKETING, "脆弱性診断を" }, { MARKETING, "脆弱性診断の" }, { MARKETING, "お見積" },
	{ MARKETING, "弊社製品" }, { MARKETING, "当社製品" }, { MARKETING, "製品をご利用" },
	{ MARKETING, "弊社サービス" }, { MARKETING, "unsubscribe" },
	{ MARKETING, "this newsletter" }, { MARKETING, "our newsletter" },
	{ MARKETING, "weekly newsletter" }, { MARKETING, "webinar" },
	{ MARKETING, "whitepaper" }, { MARKETING, "free trial" },
	{ MARKETING, "email in your browser" }, { MARKETING, "view in browser" },
	{ MARKETING, "opt out" }, { MARKETING, "our services" }, { MARKETING, "book a demo" },
	{ MARKETING, "schedule a call" }, { MARKETING, "pentest service" },
	{ MARKETING, "bitcoin" }, { MARKETING, "btc" }, { MARKETING, "ビットコイン" },
	{ MARKETING, "price list" }, { MARKETING, "guest post" },
	{ MARKETING, "sponsored post" }, { MARKETING, "link exchange" }, { MARKETING, "seo service" },
	{ MARKETING, "seo services" }, { MARKETING, "seo company" }, { MARKETING, "seo対策" },

	{ KIND, "user enumeration" }, { KIND, "account enumeration" }, { KIND, "rate limiting" },
	{ KIND, "brute force" }, { KIND, "brute forced" }, { KIND, "brute-force" },
	{ KIND, "race condition" }, { KIND, "csv injection" }, { KIND, "host header" },
	{ KIND, "cache poisoning" }, { KIND, "prototype pollution" },
	{ KIND, "request smuggling" }, { KIND, "nosql injection" }, { KIND, "ldap injection" },
	{ KIND, "template injection" }, { KIND, "ssti" }, { KIND, "lfi" },
	{ KIND, "unrestricted file upload" }, { KIND, "mass assignment" },
	{ KIND, "broken authentication" }, { KIND, "weak password" },
	{ KIND, "missing authorization" }, { KIND, "sensitive data exposure" },
	{ LAY, "sensitive information" }, { KIND, "plain text password" },
	{ KIND, "plaintext password" }, { KIND, "hard-coded" }, { KIND, "hardcoded" },
	{ KIND, "anonymous ftp" }, { KIND, "source map" }, { KIND, "レースコンディション" },
	{ KIND, "レート制限" }, { KIND, "総当たり" }, { KIND, "ブルートフォース" },
	{ KIND, "認可の不備" }, { KIND, "認可不備" }, { KIND, "強制ブラウズ" },
	{ KIND, "ユーザ列挙" }, { KIND, "サポート切れ" },

	{ WEAKNESS, "attacker" }, { WEAKNESS, "attackers" }, { LAY, "流出" },
	{ FOUND, "by anyone" }, { FOUND, "お知らせします" }, { FOUND, "お知らせ致します" },
	{ WEAKNESS, "bypass" }, { WEAKNESS, "bypassed" }, { WEAKNESS, "malicious" },
	{ WEAKNESS, "skimmer" }, { LAY, "他の会員様" }, { LAY, "他の利用者様" },
	{ LAY, "他のお客様に" }, { LAY, "upload files" }, { LAY, "upload any file" },
	{ LAY, "card numbers" }, { FOUND, "状態になって" },
	{ ASK, "対応をお願い" }, { YOURS, "your shop" }, { YOURS, "your store" },
	{ YOURS, "your systems" }, { YOURS, "your api" }, { YOURS, "your app" },
	{ WEAKNESS, "world readable" }, { WEAKNESS, "world-readable" },
	{ WEAKNESS, "publicly readable" }, { KIND, "broken authorization" },
	{ KIND, "証明書を検証していな" }, { LAY, "読み取られ" }, { LAY, "前の利用者" },
	{ LAY, "前の方の" }, { LAY, "fake login" }, { LAY, "パスワードが" },
	{ LAY, "まだログインでき" }, { FOUND, "と思われる" }, { ASK, "停止をお願い" },
	{ SUFFERED, "使えてしま" }, { LAY, "ほかの会員" }, { LAY, "カード番号" },
	{ LAY, "被害" }, { FOUND, "any user can" }, { FOUND, "any user could" },
	{ FOUND, "見られる" }, { YOURS, "your members" }, { WEAKNESS, "malware" }, { WEAKNESS, "exploit kit" }, { LAY, "知らない人の" },
	{ LAY, "知らない方の" }, { LAY, "another customer" }, { FOUND, "出てきました" },
	{ FOUND, "is open to" }, { FOUND, "are open to" }, { YOURS, "マイページ" },
	{ YOURS, "会員ページ" }, { YOURS, "your database" }, { YOURS, "your network" },
	{ YOURS, "your instance" }, { YOURS, "your bucket" }, { YOURS, "your cluster" },
	{ YOURS, "your elasticsearch" }, { YOURS, "of yours" }, { ASK, "not intended" },
	{ ASK, "is this intended" }, { ASK, "確認して下さい" },
	{ SUFFERED, "届いてしま" }, { SUFFERED, "出てしま" }, { SUFFERED, "入れてしま" },
	{ WEAKNESS, "安全ではな" }, { WEAKNESS, "安全でな" }, { KIND, "spfレコード" },
	{ KIND, "dmarcレコード" }, { FOUND, "おそれがあ" }, { FOUND, "恐れがあ" },
	{ YOURS, "your customers" }, { YOURS, "your users" }, { YOURS, "your employees" },
	{ YOURS, "your clients" }, { ASK, "let you know" }, { ASK, "どちらに連絡" }, { ASK, "どこへ連絡" }, { ASK, "どこに届け" },

	{ HINT, "admin" }, { HINT, "token" }, { HINT, "tokens" }, { HINT, "hash" },
	{ HINT, "hashes" }, { HINT, "login" }, { HINT, "log in" }, { HINT, "logged out" },
	{ HINT, "logged in" }, { HINT, "password" }, { HINT, "passwords" }, { HINT, "accounts" },
	{ HINT, "exposed" }, { HINT, "private" }, { HINT, "authentication" },
	{ HINT, "authorization" }, { HINT, "endpoint" }, { HINT, "parameter" },
	{ HINT, "internal" }, { HINT, "database" }, { HINT, "backup" }, { HINT, "dns" },
	{ HINT, "leak" }, { HINT, "leaks" }, { HINT, "red team" }, { HINT, "jenkins" },
	{ HINT, "indexed" }, { HINT, "orders" }, { HINT, "invoices" }, { HINT, "members" },
	{ HINT, "the link" }, { HINT, "credentials" }, { HINT, "ssh" }, { HINT, "api" },
	{ HINT, "reset" }, { HINT, "third party" }, { HINT, "third parties" },
	{ HINT, "アカウント" }, { HINT, "第三者" }, { HINT, "会員" }, { HINT, "ダウンロードでき" },
	{ HINT, "バックアップ" }, { HINT, "データベース" }, { HINT, "パスワード" },
	{ HINT, "管理者" }, { HINT, "乗っ取" }, { HINT, "危険" }, { HINT, "漏れ" },
	{ HINT, "閲覧" }, { HINT, "ログアウト" }, { HINT, "ログイン" }, { HINT, "なりすま" },
	{ HINT, "認証" }, { HINT, "権限" },

	{ HELP, "できません" }, { HELP, "できない" }, { HELP, "わかりません" },
	{ HELP, "分かりません" }, { HELP, "届きません" }, { HELP, "忘れ" },
	{ HELP, "教えて下さい" }, { HELP, "can't" }, { HELP, "cannot" },
	{ HELP, "could not log" }, { HELP, "how do i" }, { HELP, "how can i" },
	{ HELP, "たいのですが" }, { HELP, "できますか" }, { HELP, "どこから" },
	{ HELP, "どうすれば" }, { HELP, "unable to" }, { HELP, "forgot" }, { HELP, "変更しました" },

	/* Spanish, Portuguese, French */
	{ WEAKNESS, "vulnerabilidad" }, { WEAKNESS, "vulnerabilidade" },
	{ WEAKNESS, "fallo de seguridad" }, { WEAKNESS, "falha de segurança" },
	{ WEAKNESS, "vulnérabilité" }, { WEAKNESS, "faille de sécurité" },
	{ FOUND, "encontré" }, { FOUND, "encontrei" }, { FOUND, "j'ai trouvé" },
	{ FOUND, "j'ai découvert" }, { YOURS, "su sitio" }, { YOURS, "seu site" },
	{ YOURS, "votre site" },

	/* Chinese, in either script */
	{ WEAKNESS, "漏洞" }, { WEAKNESS, "安全隐患" }, { WEAKNESS, "弱點" },
	{ KIND, "sql注入" }, { KIND, "跨站脚本" }, { KIND, "跨站腳本" }, { KIND, "命令注入" },
	{ KIND, "代码执行" }, { KIND, "信息泄露" }, { KIND, "資料外洩" }, { KIND, "越权" },
	{ KIND, "弱口令" }, { LAY, "用户信息" }, { LAY, "用户数据" }, { LAY, "個人資料" },
	{ LAY, "会员信息" }, { FOUND, "我发现" }, { FOUND, "我發現" }, { FOUND, "发现贵" },
	{ FOUND, "發現貴" }, { FOUND, "安全研究员" }, { FOUND, "安全研究人員" },
	{ FOUND, "白帽" }, { REPORT, "漏洞报告" }, { REPORT, "漏洞報告" }, { REPORT, "漏洞通报" },
	{ REPORT, "漏洞通報" }, { REPORT, "漏洞反馈" }, { YOURS, "贵公司" }, { YOURS, "貴公司" },
	{ YOURS, "贵网站" }, { YOURS, "貴網站" }, { YOURS, "贵站" }, { YOURS, "贵方" },
	{ PROOF, "漏洞地址" }, { PROOF, "复现" }, { PROOF, "重現步驟" }, { ASK, "尽快修复" },
	{ ASK, "儘快修" }, { ASK, "请修复" }, { MARKETING, "优惠" }, { MARKETING, "優惠" },
	{ MARKETING, "欢迎来电" }, { MARKETING, "免费试用" }, { MARKETING, "退订" },
	{ MARKETING, "取消訂閱" }, { MARKETING, "测试服务" }, { MARKETING, "检测服务" },
	{ MARKETING, "我司" }, { MARKETING, "我公司提供" },

	/* Korean */
	{ WEAKNESS, "취약점" }, { WEAKNESS, "보안 문제" }, { WEAKNESS, "보안문제" },
	{ KIND, "인젝션" }, { KIND, "크로스사이트스크립팅" }, { KIND, "크로스 사이트 스크립팅" },
	{ LAY, "회원 정보" }, { LAY, "회원정보" }, { LAY, "개인정보" }, { FOUND, "발견하여" },
	{ FOUND, "발견했습니다" }, { FOUND, "발견하였습니다" }, { FOUND, "제보드립니다" },
	{ FOUND, "제보합니다" }, { REPORT, "취약점 제보" }, { REPORT, "취약점제보" },
	{ REPORT, "취약점 신고" }, { REPORT, "취약점신고" }, { YOURS, "귀사" },
	{ YOURS, "귀 사" }, { MARKETING, "(광고)" }, { MARKETING, "수신거부" },
	{ MARKETING, "할인" }, { MARKETING, "무료로 점검" }, { MARKETING, "무료로점검" },

	/* German */
	{ WEAKNESS, "sicherheitslücke" }, { WEAKNESS, "sicherheitslücken" },
	{ WEAKNESS, "schwachstelle" }, { WEAKNESS, "schwachstellen" },
	{ WEAKNESS, "sicherheitsproblem" }, { LAY, "fremde bestellungen" },
	{ LAY, "fremde daten" }, { LAY, "fremder kunden" }, { LAY, "anderer kunden" },
	{ LAY, "kundendaten" }, { LAY, "personenbezogene daten" }, { LAY, "ohne anmeldung" },
	{ FOUND, "habe ich" }, { FOUND, "ich habe" }, { FOUND, "gefunden" },
	{ FOUND, "entdeckt" }, { FOUND, "aufgefallen" }, { REPORT, "möchte ich melden" },
	{ REPORT, "melde ich" }, { YOURS, "ihrer webseite" }, { YOURS, "ihrer website" },
	{ YOURS, "ihrer internetseite" }, { YOURS, "ihrem shop" }, { YOURS, "ihrem server" },
	{ YOURS, "ihre webseite" }, { YOURS, "ihre website" }, { PROOF, "zum nachstellen" },
	{ PROOF, "nachvollziehen" }, { ASK, "ansprechpartner" }, { MARKETING, "angebot" },
	{ MARKETING, "festpreis" }, { MARKETING, "abmelden" }, { MARKETING, "abbestellen" },
	{ MARKETING, "unverbindlich" }, { MARKETING, "bewerbe" }, { MARKETING, "bewerbung" },

	/* Russian */
	{ WEAKNESS, "уязвимост" }, { KIND, "межсайтов" }, { KIND, "sql-инъекци" },
	{ KIND, "sql инъекци" }, { LAY, "персональные данные" }, { LAY, "чужие заказы" },
	{ LAY, "данные пользователей" }, { FOUND, "я обнаружил" }, { FOUND, "я нашел" },
	{ FOUND, "я нашёл" }, { FOUND, "мною обнаружен" }, { FOUND, "обнаружена уязвимост" },
	{ YOURS, "на вашем" }, { YOURS, "вашего сайта" }, { YOURS, "ваш сайт" },
	{ PROOF, "воспроизве" }, { ASK, "могу прислать" }, { ASK, "кому сообщить" },
	{ MARKETING, "отписаться" }, { MARKETING, "скидк" }, { MARKETING, "стоимость" },
	{ MARKETING, "закажите" }, { MARKETING, "предлагаем" }, { MARKETING, "рассылк" },
};
#define VOCABULARY (sizeof(vocabulary) / sizeof(vocabulary[0]))

#define MARKETING_COST 2	/* kinds of evidence that one mark of bulk mail outweighs */
#define HINTS_LEAST 3		/* hints that, in a mail about ours, make a report without a word for it */
#define REPORT_LEAST 2		/* kinds beside the weakness itself */

/* How many different words of each kind stand in the text. */
static void
count_words(const char *text, int count[EVIDENCES])
{
	bool seen[VOCABULARY] = { false };
	struct word_slot slots[VOCABULARY];
	size_t len = strlen(text);
	struct words words;

	words_start(&words, slots);
	for (size_t i = 0; i < VOCABULARY; i++)
		words_add(&words, vocabulary[i].word);
	for (size_t i = 0; i < len; i++) {
		uint16_t found;

		if (!words_begin(text, i))
			continue;
		for (found = words_at(&words, text + i, len - i); found != WORDS_NONE;
			found = words_more(&words, found, text + i, len - i)) {
			if (seen[found] || words_run_on(text, i, words.slots[found].len))
				continue;
			seen[found] = true;
			count[vocabulary[found].evidence]++;
		}
	}
}

void
finder_judge(const struct phrase_text *text, bool site_named,
	struct finder_verdict *verdict_r)
{
	int count[EVIDENCES] = { 0 };
	bool named, weak, acts, ours;
	int points, found;

	if (text != NULL)
		count_words(phrase_text_copy(text), count);
	named = count[WEAKNESS] > 0 || count[KIND] > 0;
	ours = count[YOURS] > 0 || site_named;
	weak = named || count[LAY] > 0 || (count[REPORT] > 0 && ours);
	found = count[FOUND] + 2 * count[SUFFERED];
	acts = found > 0 || count[REPORT] > 0 || count[PROOF] > 0 || count[ASK] > 0;
	points = (found > 1 ? 2 : found) + (count[REPORT] > 0) + (count[ASK] > 0) + ours +
		(count[LAY] > 1) + (count[HINT] > 1);
	/* News tells of proofs too, but of other people's sites. */
	if (ours && count[PROOF] > 0)
		points++;
	points -= MARKETING_COST * count[MARKETING];
	/* Who names a weakness of ours, or enough round it, needs say no more, unless he sells. */
	verdict_r->report = (weak && acts && points >= REPORT_LEAST) ||
		(named && ours && count[MARKETING] == 0) ||
		(ours && count[HINT] >= HINTS_LEAST && count[MARKETING] + count[HELP] == 0);
	verdict_r->trade = (named || count[LAY] > 0) && count[MARKETING] == 0;
	verdict_r->kind = count[KIND] > 0;
	verdict_r->bulk = count[MARKETING] > 0;
}

const char *
finder_word(size_t index)
{
	return index < VOCABULARY ? vocabulary[index].word : NULL;
}

static bool
ours_or_coordinators(const struct policy *policy, const char *address)
{
	for (size_t i = 0; i < policy->coordinator_count; i++)
		for (size_t k = 0; k < policy->coordinators[i].addresses.count; k++)
			if (address_equal(policy->coordinators[i].addresses.at[k], address))
				return true;
	for (size_t i = 0; i < policy->desk_count; i++) {
		const struct policy_desk *desk = &policy->desks[i];

		if (address_equal(desk->address, address))
			return true;
		for (size_t k = 0; k < desk->aliases.count; k++)
			if (address_equal(desk->aliases.at[k], address))
				return true;
	}
	for (size_t i = 0; i < policy->form_count; i++)
		for (size_t k = 0; k < policy->forms[i].from.count; k++)
			if (address_equal(policy->forms[i].from.at[k], address))
				return true;
	return false;
}

bool
finder_address_valid(const struct policy *policy, const char *address)
{
	return address_valid(address) && !ours_or_coordinators(policy, address);
}
