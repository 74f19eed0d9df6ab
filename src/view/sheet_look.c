/*
 * The sheet's style, in millimetres and points, and its words. Nothing here asks for
 * anything: no font, no picture.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet_private.h"

#define NO_BREAK "\xc2\xa0"

const char sheet_style[] =
	"@page{size:A4;margin:11mm 13mm}\n"
	":root{color-scheme:light}\n"
	"*{box-sizing:border-box}\n"
	"html{background:#8a8f96}\n"
	"body{margin:0;color:#000;font:9.2pt/1.42 \"Noto Sans CJK JP\",\"Hiragino Sans\","
	"\"Yu Gothic\",Meiryo,sans-serif;overflow-wrap:anywhere;"
	"-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
	".page{background:#fff;max-width:210mm;min-height:297mm;margin:6mm auto;padding:11mm 13mm;"
	"display:flex;flex-direction:column}\n"
	"header{display:flex;justify-content:space-between;align-items:flex-end;gap:6mm;"
	"border-bottom:2.2pt solid #000;padding-bottom:1.6mm}\n"
	"h1{font-size:17pt;line-height:1.2;margin:0;letter-spacing:.04em}\n"
	"header p{margin:0;text-align:right;font-size:8.4pt;line-height:1.4}\n"
	"h2{font-size:10.4pt;line-height:1.25;margin:2.7mm 0 1mm;padding:.4mm 2mm;background:#e9ecef;"
	"border-left:3pt solid #000}\n"
	".lead{margin:1.6mm 0 0;font-size:8.4pt;color:#333}\n"
	".number{font-size:15pt;font-weight:700;margin:2mm 0 1mm}\n"
	"dl{display:grid;grid-template-columns:24mm 1fr 22mm 1fr;gap:.4mm 3.5mm;margin:0}\n"
	"dl.wide{grid-template-columns:24mm 1fr;margin-top:.4mm}\n"
	"dt{color:#444}dd{margin:0;font-weight:600}\n"
	"table{border-collapse:collapse;width:100%;font-size:8.8pt}\n"
	"th,td{text-align:left;padding:.42mm 1.6mm;border-bottom:.4pt solid #999;vertical-align:top}\n"
	"th{font-weight:600;color:#444;border-bottom:.8pt solid #000;font-size:8.2pt}\n"
	"tr.bad td{font-weight:700}tr.bad td:nth-child(4){text-decoration:underline}\n"
	".more{margin:.6mm 0 0;font-size:8.2pt;color:#333}\n"
	".ask{display:grid;grid-template-columns:1fr 1.35fr;gap:0 6mm}.ask p{margin:0 0 1mm}\n"
	".read{display:grid;grid-template-columns:max-content 1fr;gap:.3mm 4mm;margin:0}\n"
	".read dd{font-weight:400}code{font-family:\"DejaVu Sans Mono\",Consolas,monospace;font-size:8.4pt}\n"
	".boxes{columns:2;column-gap:7mm;margin-top:1mm}\n"
	".boxes h3{font-size:9.2pt;margin:0 0 .5mm;padding-top:1.6mm;border-bottom:.6pt solid #000;"
	"break-after:avoid}\n"
	".boxes h3:first-child{padding-top:0}\n"
	"ul{list-style:none;margin:0;padding:0}\n"
	"li{padding:.42mm 0 .42mm 11.5mm;text-indent:-11.5mm;break-inside:avoid;line-height:1.32}\n"
	".boxes.short li{padding-left:4.5mm;text-indent:-4.5mm}\n"
	"li b{font-weight:400;display:inline-block;text-indent:0;width:7mm}\n"
	"li i{display:inline-block;width:3mm;height:3mm;border:.8pt solid #000;margin-right:1.5mm;"
	"vertical-align:-.4mm;text-indent:0;font-style:normal;line-height:2.6mm;text-align:center;"
	"font-size:9pt}\n"
	"li small{font-size:7.6pt;color:#444;white-space:nowrap;display:inline-block;text-indent:0}\n"
	".notes{flex:1;min-height:30mm;border:.6pt solid #000;background:repeating-linear-gradient("
	"#fff 0,#fff 8.6mm,#bbb 8.6mm,#bbb 9mm)}\n"
	".sign{margin-top:3mm;table-layout:fixed}.sign th,.sign td{border:.6pt solid #000}"
	".sign td{height:9mm;vertical-align:middle}.sign th{vertical-align:middle}"
	".sign th:first-child{width:34mm}.sign th:last-child{width:44mm}\n"
	"@media screen and (max-width:50rem){.page{margin:0;padding:4mm;min-height:0}"
	"header{display:block}header p{text-align:left}dl,dl.wide,.ask,.read{grid-template-columns:1fr}"
	".boxes{columns:1}.notes{min-height:50mm;flex:none}}\n"
	"@media print{html{background:#fff}.page{margin:0;padding:0;max-width:none;min-height:0}"
	".page+.page{break-before:page;min-height:266mm}}\n";

const struct sheet_words sheet_words[] = {
	[LANGUAGE_JA] = {
		.title = "脆弱性対応 引き継ぎ票", .made = "作成", .case_id = "案件",
		.lead = "対応を引き継ぐための控えです。脆弱性の内容は載せていません。対応に必要な人だけに"
			"渡してください。",
		.what = "1. 案件", .coordinator = "調整機関", .sites = "対象サイト",
		.origin = "受付経路", .stage = "通知の段階", .phase = "対応の段階",
		.trust = "送信者の確認", .state = "状態", .opened = "受付", .assignee = "担当者",
		.nobody = "未定", .numbers = "ほかの番号",
		.suspect = "なりすましの疑いがあります。下の問い合わせ先に確かめるまで、返信も対応もしないで"
			   "ください。",
		.deadlines = "2. 期限", .no_deadline = "未了の期限はありません。",
		.incident = "被害への対応（至急）",
		.deadline_titles = { "済", "内容", "期限", "残り", "根拠" },
		.messages = "3. 受け取ったメールと送ったメール", .no_message = "メールはありません。",
		.message_titles = { "番号", "日時", "送受信", "種別", "送信者の確認", "暗号化" },
		.sealed = "あり", .clear = "なし",
		.ask = "4. 問い合わせ先", .ask_them = "調整機関の問い合わせ先",
		.ask_care = "取扱番号を伝えて確かめます。メールに書かれた連絡先は使いません。",
		.window = "窓口",
		.staff_titles = { "役割", "担当", "メールアドレス" },
		.read = "5. 内容の読み方と記録", .read_message = "メールを読む", .read_case = "案件を見る",
		.read_tick = "済んだ項目を記録する",
		.screen_only = "内容は画面にだけ表示されます。印刷や転記をしないでください。",
		.checklist = "6. チェックリスト",
		.vendor_note = "✓ は済んだ項目、[SI] は SI 事業者が協力できる項目です。", .vendor = NO_BREAK "[SI]",
		.now = "（現在）",
		.notes = "7. 申し送り", .giver = "引き継ぐ人", .taker = "引き継がれる人",
		.day = "日付", .signature = "署名",
	},
	[LANGUAGE_EN] = {
		.title = "Vulnerability hand-over sheet", .made = "Made", .case_id = "Case",
		.lead = "For whoever goes on with the case. Nothing of the vulnerability stands here. "
			"Give it to nobody who does not need it.",
		.what = "1. The case", .coordinator = "Coordinator", .sites = "Sites",
		.origin = "Came by", .stage = "Notification", .phase = "Response",
		.trust = "Sender", .state = "State", .opened = "Opened", .assignee = "Staff",
		.nobody = "nobody", .numbers = "Other numbers",
		.suspect = "It may be forged. Answer nothing and do nothing before you have asked "
			   "those named below.",
		.deadlines = "2. What is owed", .no_deadline = "Nothing is pending.",
		.incident = "Trouble under way (urgent)",
		.deadline_titles = { "Done", "What", "Due", "Left", "By" },
		.messages = "3. What came and what went out", .no_message = "There is no mail.",
		.message_titles = { "No.", "At", "In/out", "Kind", "Sender", "Sealed" },
		.sealed = "yes", .clear = "no",
		.ask = "4. Whom to ask", .ask_them = "Enquiries of the coordinator",
		.ask_care = "Ask with the handling number; use no address or telephone number out "
			    "of a mail.",
		.window = "The window",
		.staff_titles = { "Role", "Title", "Address" },
		.read = "5. To read and to record", .read_message = "Read a mail",
		.read_case = "Look at the case", .read_tick = "Record what is done",
		.screen_only = "The content is shown on the screen only. Do not print or copy it.",
		.checklist = "6. Checklist",
		.vendor_note = "✓ marks what is done, [vendor] what the vendor can help with.",
		.vendor = NO_BREAK "[vendor]", .now = " (now)",
		.notes = "7. Notes", .giver = "Handed over by", .taker = "Taken over by",
		.day = "Date", .signature = "Signature",
	},
};
