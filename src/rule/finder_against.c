/*
 * Words that speak for one of the other things that a window's mailbox gets:
 * offers, invoices, applications, questions of customers, traps, programs' notes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_signs.h"

/* Each as rule/fold.c leaves it. */

static const char *const offer[] = {
	"は安全ですか", "見逃していませんか", "他人事では", "が急増", "今すぐ対策",
	"person in charge", "bring you", "more visitors", "upgrade to", "trial ends",
	"find out in", "start here", "most breaches", "public money", "we fill in", "のご案内",
	"ご案内致し", "ご案内を", "ご導入", "導入でき", "導入事例", "導入のご", "導入支援",
	"資料をお送", "資料をご", "資料のご", "無料診断", "無料相談", "無料の簡易", "無料で試",
	"無料でご", "無料で診断", "無料seo", "は無料", "査定無料", "初期費用", "売上アップ",
	"営業部の", "営業にお", "格安で", "を販売し", "広告掲載", "広告運用", "広告のご",
	"掲載頂", "掲載の", "お見積", "見積依頼", "見積致し", "翻訳サ", "翻訳の", "a quote for",
	"you a quote", "request a quote", "for a quote", "get a quote", "insurance quote",
	"book a demo", "live demo", "some samples", "we sell", "rates on request", "renew now",
	"renew your", "get your free", "prices start", "our prices", "great discount",
	"we can help you", "our clients", "we can bring", "we can put", "bring your website",
	"ご提案", "提案させ", "ご提供", "弊社では", "弊社は", "当社では", "当社は", "弊社サ",
	"承って", "承りま", "ご興味", "サービスのご", "サービスをご", "資料請求", "初回無料",
	"特価", "割引", "格安", "お得", "送料無料", "キャンペーン", "ご紹介", "ご挨拶の機会",
	"ご説明の機会", "オンラインでご説明", "協業", "相互リンク", "集客", "コスト削減",
	"削減できる", "支援致し", "支援サ", "お手伝い致し", "高価買取", "買取", "販売致し",
	"販売のご", "お譲り", "ご契約", "お任せ", "ご検討", "検討され", "実績", "プラン", "月額",
	"年額", "補助金", "助成金", "商談", "ご用命", "デモ", "お試し", "トライアル", "ご満足",
	"改善できる余地", "検索順位", "上位表示", "seo", "リニュアル", "リニューアル", "代行",
	"オフショア", "訓練", "研修", "セール", "新商品", "新製品", "we offer", "we provide",
	"we help", "we build", "we are a team", "our service", "our services", "our product",
	"our products", "our platform", "our solution", "our firewall", "our tool", "our experts",
	"our consultants", "our firm", "proposal", "price list", "pricing", "for a small fee",
	"free trial", "try it free", "free of charge", "free report", "book a", "schedule a",
	"15 minutes", "minutes of your time", "are you interested", "portfolio", "% off",
	"certified in", "ranking", "rank", "guest post", "guest article", "do-follow", "backlink",
	"link exchange", "redesign", "website design", "web design", "we pay", "sponsor",
	"advert", "advertise", "partnership", "collaboration", "investment", "invest", "deposit",
	"profit", "earn", "double your", "click here", "limited offer", "could yours",
	"see the full report", "we have scanned", "we scanned", "launch your", "let us host",
	"host your", "register now", "reply yes", "attack surface", "acquire", "acquiring",
	"supplier", "manufacturer", "wholesale", "get certified", "act now", "we translate",
	"special offer", "best regards from the team", "fix this for", "fix this in",
	"would be a great", "angebot", "unverbindlich", "wir bieten", "wir erneuern",
	"wir erstellen", "gerne senden wir", "ab 990", "festpreis", "rabatt", "kostenlos",
	"unser team", "unsere leistungen", "preis", "beratung", "devis", "gratuit",
	"nous proposons", "notre société", "notre équipe", "nos services", "offert", "offre",
	"euros", "à partir de", "tarif", "promotion", "référencement", "oferta", "presupuesto",
	"precios", "precio", "ofrecemos", "nuestros servicios", "nuestra empresa",
	"podemos llevarla", "le interesa", "descuento", "gratis", "posicionamiento",
	"primeros lugares", "promoción", "优惠", "優惠", "价格", "價格", "报价", "報價", "询价",
	"欢迎", "歡迎", "我们是专业", "我们提供", "我司", "我公司", "本公司", "代开", "发票",
	"推广", "推廣", "优化", "優化", "排名", "费用", "微信", "批发", "厂家", "贷款", "免费",
	"合作", "광고", "특가", "할인", "상담", "무료", "신청", "저렴", "대출", "견적", "제안",
	"이벤트", "안내드립니다", "만원", "수신거부", "предлагаем", "скидк", "стоимость",
	"закажите", "продвижение", "недорого", "топ поиск", "гарантия", "услуг",
};

static const char *const price[] = {
	"の価格を", "特別価格", "ご希望の価格", "更新料", "a small fee", "the fee", "customs fee",
	"million dollars", "円から", "万円", "円(税込", "円より", "円/", "税込", "税抜", "%オフ",
	"%引", "usd", "eur", "gbp", "dollars", "per month", "a month", "per post", "万元", "만원",
	"half price", "costs half", "半額", "clearance sale",
};

static const char *const invoice[] = {
	"ご請求書", "請求書(", "請求書送付", "振込先", "お振込", "振込を", "下記口座", "契約書を",
	"契約書の第", "契約書ひな", "領収書を", "領収書の発", "領収書について", "見積書を",
	"adjunto la factura", "factura de", "請求書を", "ご請求", "お支払期限", "支払期限",
	"お支払い期限", "ご査収", "入金", "発注書", "注文書", "納品", "年会費", "会費",
	"秘密保持", "find attached", "attached invoice", "invoice inv", "invoice for",
	"payment is due", "due within", "payable", "bank details", "shipping documents",
	"purchase order", "wire transfer", "gift card", "gift cards", "remittance", "receipt for",
	"will expire", "expires soon", "rechnung im anhang", "anbei die rechnung", "zahlbar",
	"facture ci-jointe", "ci-joint", "factura", "세금계산서", "청구서",
};

static const char *const job[] = {
	"履歴書をお送", "履歴書を添付", "履歴書及び", "応募し", "応募の件", "応募致し",
	"への応募", "履歴書と", "履歴書の送付", "職務経歴", "面接", "採用ご担当", "インターン",
	"求人", "転職", "人材", "就職", "内定", "候補者", "即戦力", "志望", "apply for",
	"applying for", "application for", "hiring manager", "resume is", "my resume", "my cv",
	"curriculum vitae", "cover letter", "position of", "the position", "internship",
	"job opening", "vacancy", "candidate", "recruiter", "we are looking for",
	"years of experience", "hiring", "available from", "looking for a position", "bewerbe",
	"bewerbung", "bewerben", "lebenslauf", "stellenangebot", "candidature", "cv ci-joint",
	"solicitud de empleo", "mi currículum", "应聘", "應徵", "简历", "履歷", "입사", "이력서",
	"지원합니다", "채용", "вакансия", "резюме",
};

static const char *const support[] = {
	"was charged", "charged twice", "二重に請求", "まだ来ません", "in the rain", "courier",
	"dark mode", "ダークモード", "に書き換えて", "takes ten minutes", "takes too long",
	"annoying", "cannot be used with", "地図", "移転後", "誤って送信", "ログインできません",
	"利用できません", "戻され", "真っ白", "付いていません", "対応機種", "注销", "취소하고",
	"kopie meiner", "merge them", "書き換えて下さ", "変えて下さ", "変更して下さ",
	"変えて頂け", "また利用", "通りでした", "i forgot", "you to change",
	"i would like to order", "i would like to return", "we would like to use",
	"delivery address", "cash on delivery", "tracking number", "documentation", "does your",
	"do you have a", "could not find", "couldn't find", "忘れました", "忘れてしま", "忘れた",
	"再発行", "届きません", "届いていません", "まだ届", "いつ届", "いつごろ", "届かない",
	"方法がわか", "やり方", "使い方", "教えて下さい", "教えて頂", "知りたい", "わかりません",
	"分かりません", "変更したい", "退会したい", "解約", "返品", "返金", "営業時間",
	"できますか", "頂けますか", "可能でしょうか", "たいのですが", "して欲しい",
	"止めて欲しい", "どこから", "どうしたらいい", "どうしたら良", "手続きを",
	"手続きについて", "使えません", "使えない", "使えないと", "サイズ", "問合せ先",
	"お電話番号", "送料", "支払方法", "落とし", "読みにくい", "見づらい", "見にくい",
	"文字が小さ", "誤字", "配信を止め", "たくさん来て", "機種変更", "つながりません",
	"開けません", "表示されません", "表示されない", "うまくいか", "動作が重", "遅いです",
	"ご意見", "口コミ", "レビュ", "forgot my", "forgotten my", "lost my", "can't log",
	"cannot log", "can not log", "could not log", "unable to", "not arrive", "not arrived",
	"has not arrived", "does not arrive", "still nothing", "where is my", "when will",
	"how do i", "how can i", "how do we", "how does this work", "how much", "i want my",
	"money back", "refund", "return the", "too small", "too big", "change of address",
	"please help", "can you help", "do you accept", "do you also", "take me off",
	"off your list", "crashes", "closes itself", "will there be", "hard to read", "slow",
	"timeout", "is down", "typo", "spelling", "broken link", "broken image", "opening hours",
	"is it possible", "could you tell me", "please send me", "sent back to the login",
	"does not work", "doesn't work", "warranty", "remove me", "comparing", "i feel",
	"passwort vergessen", "vergessen", "noch nicht angekommen", "wo ist meine", "wann kommt",
	"wie bekomme ich", "rückgabe", "umtausch", "pas encore reçu", "où est", "où elle est",
	"oublié", "remboursement", "necesito", "no ha llegado", "olvidé", "dónde está",
	"devolución", "reembolso", "忘记密码", "忘記密碼", "什么时候", "什麼時候", "怎么", "如何",
	"发货", "退款", "退货", "잊어버", "어떻게", "언제", "환불", "배송", "반품", "забыл",
	"когда", "возврат",
};

static const char *const phishing[] = {
	"expires today", "最終通知", "お支払いの確認", "お手続き下さ", "カード情報の更新",
	"update your payment", "update your account", "update your billing", "wish to transfer",
	"account will be closed", "24時間以内", "48時間以内", "ご本人確認", "本人確認を",
	"アカウントが制限", "アカウントを制限", "アカウントは停止", "一時的に制限",
	"ご利用を制限", "ご利用の口座", "下記のリンク", "以下のリンク", "下記より", "以下より",
	"下記から", "お支払い方法", "カード情報を更新", "会員資格", "不正なログインが確認",
	"不在のため", "お荷物", "関税", "当選", "解除は", "規制致し", "お客様各位", "お客様へ",
	"不審な取引", "verify your", "confirm your", "your mailbox", "quota", "suspended",
	"has been limited", "has been locked", "unusual activity", "unusual sign",
	"unauthorized login", "dear user", "dear customer", "click the link", "click below",
	"reset your password here", "has shared", "shared with you", "parcel", "customs",
	"congratulations", "lottery", "winner", "you have won", "widow", "late minister",
	"beneficiary", "inheritance", "urgent request", "are you at your desk", "log in here",
	"sign in here", "to keep receiving", "if this was not you", "bestätigen sie", "gewonnen",
	"herzlichen glückwunsch", "gewinn", "konto gesperrt", "cher client", "confirmez",
	"suspendu", "vérifiez votre", "activité inhabituelle", "felicidades", "premio", "ganado",
	"datos bancarios", "confirme sus", "cuenta suspendida", "中奖", "恭喜", "账户异常",
	"당첨", "본인 확인",
};

static const char *const extortion[] = {
	"録画しました", "動画をあなた", "盗みました。公開", "ビットコイン", "送金", "仮想通貨で",
	"仮想通貨を送", "ドル分", "支払わなければ", "公開されたくなければ", "身代金",
	"連絡先全員", "暗号通貨", "bitcoin", "btc", "ethereum", "monero", "wallet", "ransom",
	"pay us", "unless you pay", "send money", "i recorded", "watching you", "your webcam",
	"publish everything", "within 50 hours", "within 48 hours", "your contacts", "lösegeld",
	"rançon", "rescate", "比特币", "비트코인", "биткоин",
};

static const char *const machine[] = {
	"停電", "法定点検", "planned work", "unreachable for", "計画停止",
	"サービス停止のお知らせ", "automated message", "automated report", "自動送信", "送信専用",
	"自動配信", "返信頂いても", "このメールは自動", "システムより", "正常に終了", "監視対象",
	"メンテナンス", "ジョブ", "no-reply", "自動応答", "不在に", "切り替えま", "切替作業",
	"automatically generated", "do not reply", "noreply", "auto-generated",
	"out of the office", "out of office", "automatic reply", "maintenance", "your monitor",
	"build #", "job failed", "this is an aggregate", "this is a test", "downtime",
};

static const char *const meeting[] = {
	"承知しました", "承知致しました", "了解しました", "了解です", "got it", "well noted",
	"次回の会議", "会議の日程", "会議の資料を添付", "会議を", "ありがとうございました",
	"勉強になりました", "お礼申", "定例", "打合せ", "打ち合わせ", "日程", "ご都合", "議題",
	"出欠", "着任", "異動", "後任", "ご挨拶", "おかげさま", "お世話になりました", "講演",
	"懇親会", "総会", "昼食", "飲み会", "演習", "監査", "meeting", "our call", "a call",
	"invitation", "invited", "agenda", "reschedule", "lunch", "dinner", "reunion", "join us",
	"let me know if you come", "see you", "conference", "summit", "workshop",
	"thank you so much", "thanks so much", "thanks for", "have a great", "call for papers",
	"contest", "exhibition", "audit will", "classmates", "besprechung", "termin", "treffen",
	"réunion", "reunión", "会议", "會議", "회의", "встреч",
};

static const char *const press[] = {
	"署名にご協力", "署名のお願い", "取材", "記者", "編集部", "月刊", "インタビュ",
	"お話を伺", "お話をうかが", "コメントを", "プレスリリース", "新刊", "献本", "記事で",
	"記事を", "番組", "卒業研究", "卒業論文", "論文", "研究しており", "調べており",
	"調査を行", "アンケートにご協力", "アンケートのお願い", "アンケートご協力", "満足度",
	"チェックシート", "ご協力下さい", "ご協力頂け", "reporter", "journalist", "media enquiry",
	"media inquiry", "press enquiry", "interview", "interviewed", "i am writing about",
	"article", "survey", "questionnaire", "researching how", "studying", "thesis",
	"phd student", "dissertation", "gift card", "answer a few questions", "for my study",
	"book review", "podcast", "umfrage", "journaliste", "enquête", "entrevista", "encuesta",
	"采访", "问卷", "설문", "취재", "опрос",
};

static const char *const news[] = {
	"別途お知らせ", "別途ご連絡", "手数料改定", "改定のお知らせ", "終了のお知らせ",
	"サポートを終了", "新着記事", "limited places", "ニュースレタ", "セキュリティニュース",
	"今週のニュース", "他社で", "お申し込みは", "お申込みは", "お申込は", "お申し込み下",
	"ポイント残高", "ポイントが", "ポイントのお", "ポイントを貯", "tickets from",
	"sign up now", "sign up today", "register now", "daily scan", "daily digest",
	"researchers found", "researchers discovered", "has been published", "were published",
	"new vulnerabilities", "配信停止", "配信解除", "登録解除", "メルマガ", "メールマガジン",
	"週刊", "日報", "月刊", "号外", "今週の", "本日公開された", "続きは", "特集", "セミナ",
	"ウェビナ", "webセミナ", "開催", "参加費", "受付中", "会員各位", "各位", "導入事例",
	"製品をご利用", "をご利用のお客様", "弊社製品", "修正版", "リリース", "unsubscribe",
	"newsletter", "digest", "weekly", "this week", "in this issue", "read on", "read more",
	"top stories", "view in browser", "webinar", "early bird", "training", "bootcamp",
	"opt out", "you receive this", "you get this", "we have released", "please update",
	"press release", "monthly report", "our blog", "on our blog", "automated report",
	"disclosed today", "new article", "subscribers", "per year", "abmelden", "abbestellen",
	"in dieser ausgabe", "se désabonner", "désabonner", "au sommaire", "lettre", "boletín",
	"darse de baja", "esta semana", "退订", "退訂", "订阅", "每周", "本周", "수신거부",
	"뉴스", "이번 주", "отписаться", "дайджест", "рассылк", "новости",
};

static const char *const legal[] = {
	"サイバ保険", "保険のご", "is for sale", "our trademark", "商標", "著作権", "ライセンス",
	"個人情報を削除", "利用目的", "ロゴ", "プライバシポリシ", "プライバシーポリシ",
	"使用許可", "落とし物", "忘れ物", "財布", "trademark", "copyright", "takedown", "licence",
	"license", "article 15", "all personal data", "domain name in", "owned by",
	"holds the rights", "insurance", "recall", "sublease", "unauthorized use", "legal risk",
	"accessibility",
};

static const char *const asks[] = {
	"please add", "please send", "please cancel", "please deliver", "please call",
	"付けて下さ", "見せて下さ", "教えて", "知りた", "まだ来ません", "ありますか",
	"どこにあり", "ですか", "でしょうか", "ますか", "ませんか", "たいです", "たいの",
	"たいと思", "希望し", "希望致し", "欲しい", "ほしい", "をお願い", "送って下さ",
	"お送り下さ", "下さいませんか", "どうすれば", "どのように", "なぜ", "私の注文", "減らせ",
	"頂けない", "募集", "おたず", "お伺い", "うかがい", "質問", "can i", "can you",
	"could you", "would you", "may i", "do i", "do you", "why does", "why do", "how long",
	"which one", "i want", "i need", "i'd like", "i would like", "my order", "my booking",
	"my parcel", "is there a way", "any chance", "will you", "shall i", "are you",
	"i cannot remember", "well done", "love your", "i like", "kann ich", "können sie",
	"könnten sie", "wie kann ich", "ich brauche", "ich möchte", "wo finde", "puis-je",
	"pouvez-vous", "pourriez", "je voudrais", "je souhaite", "j'ai besoin", "n'arrive pas",
	"comment puis", "puedo cambiar", "me ayudan", "pueden ayudar", "quisiera", "me gustaría",
	"no puedo", "podrían", "请问", "想要", "我想", "可以吗", "能否", "帮我", "싶습니다",
	"싶어요", "가능한가요", "할 수 있나요", "인가요", "나요", "문의", "можно ли", "хочу",
	"подскажите",
};

static const char *const house[] = {
	"the draft", "a draft", "our draft", "ドラフト", "案をお送り", "弊社", "当社", "弊店",
	"当方では", "当店", "私ども", "承り", "致しております", "お客様各位", "ご利用の皆",
	"皆様", "拝啓", "平素より", "平素は", "we will", "we have", "we are", "we can", "we must",
	"we accept", "we would", "we do", "we help", "our", "wir", "unser", "unsere", "nous",
	"notre", "nos", "nosotros", "nuestro", "nuestra", "nuestros", "我们", "我們", "我司",
	"저희", "당사", "мы", "наш", "наша",
};

#define LIST(words) { words, sizeof(words) / sizeof((words)[0]) }

const struct finder_list finder_against[] = {
	[SIGN_OFFER - SIGN_AGAINST] = LIST(offer),
	[SIGN_PRICE - SIGN_AGAINST] = LIST(price),
	[SIGN_INVOICE - SIGN_AGAINST] = LIST(invoice),
	[SIGN_JOB - SIGN_AGAINST] = LIST(job),
	[SIGN_SUPPORT - SIGN_AGAINST] = LIST(support),
	[SIGN_PHISHING - SIGN_AGAINST] = LIST(phishing),
	[SIGN_EXTORTION - SIGN_AGAINST] = LIST(extortion),
	[SIGN_MACHINE - SIGN_AGAINST] = LIST(machine),
	[SIGN_MEETING - SIGN_AGAINST] = LIST(meeting),
	[SIGN_PRESS - SIGN_AGAINST] = LIST(press),
	[SIGN_NEWS - SIGN_AGAINST] = LIST(news),
	[SIGN_LEGAL - SIGN_AGAINST] = LIST(legal),
	[SIGN_ASKS - SIGN_AGAINST] = LIST(asks),
	[SIGN_HOUSE - SIGN_AGAINST] = LIST(house),
};
