/*
 * The hand-over sheet. What is told of is cut to what two pages hold, and says so.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/sheet.h"

#include "base/arena.h"
#include "rule/deadline.h"
#include "view/case_html.h"
#include "view/html.h"
#include "view/spoken.h"

#include <stdbool.h>
#include <stdlib.h>

/*
 * What the first page has room for: lines of tables and lists, counted together. Sites,
 * deadlines and staff have their most; messages get what is left.
 */
#define PAGE_LINES 19
#define INCIDENT_LINES 4
#define SUSPECT_LINES 2
#define MESSAGES_LEAST 2
#define DEADLINES_SHOWN 6
#define STAFF_SHOWN 6
#define SITES_SHOWN 3
#define NUMBERS_SHOWN 4
#define DEADLINE_COLUMNS 5
#define MESSAGE_COLUMNS 6
#define STAFF_COLUMNS 3
#define NO_BREAK "\xc2\xa0"
#define DAY_LEN (sizeof("2026-12-04") - 1)

static const char style[] =
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

struct words {
	const char *title, *made, *case_id, *lead;
	const char *what, *coordinator, *sites, *origin, *stage, *phase, *trust, *state, *opened,
		*assignee, *nobody, *numbers, *suspect;
	const char *deadlines, *no_deadline, *incident;
	const char *deadline_titles[DEADLINE_COLUMNS];
	const char *messages, *no_message;
	const char *message_titles[MESSAGE_COLUMNS];
	const char *sealed, *clear;
	const char *ask, *ask_them, *ask_care, *window;
	const char *staff_titles[STAFF_COLUMNS];
	const char *read, *read_message, *read_case, *read_tick, *screen_only;
	const char *checklist, *vendor_note, *now, *notes, *giver, *taker, *day, *signature;
};

static const struct words words[] = {
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
		.vendor_note = "○ は SI 事業者が協力できる項目、× は済んだ項目です。", .now = "（現在）",
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
		.vendor_note = "○ marks what the vendor can help with, × what is done.", .now = " (now)",
		.notes = "7. Notes", .giver = "Handed over by", .taker = "Taken over by",
		.day = "Date", .signature = "Signature",
	},
};

struct telling {
	const struct json_view *view;
	const struct json_case *what;
	const struct policy_desk *desk;	/* or NULL */
	const struct policy_staff *to;	/* or NULL */
	const struct words *words;
	const char *zone;
	enum language language;
	const struct record_deadline **pending;
	size_t pending_count;
	struct html html;
};

static char *
number_text(struct telling *telling, int64_t number)
{
	return arena_printf(telling->view->arena, "%lld", (long long)number);
}

/* At most max of a list, and how many more there are. */
static char *
some_of(struct telling *telling, const char *const *list, size_t count, size_t max)
{
	char *some = case_joined(telling->view, list, count < max ? count : max);

	return count <= max ? some : arena_printf(telling->view->arena, "%s%s", some,
		arena_printf(telling->view->arena,
			telling->language == LANGUAGE_EN ? " and %zu more" : " ほか %zu 件",
			count - max));
}

static void
tell_more(struct telling *telling, size_t count, size_t shown)
{
	if (count > shown)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->view->arena, telling->language == LANGUAGE_EN
				? "There are %zu more: madoguchi case show %lld"
				: "ほかに %zu 件あります: madoguchi case show %lld",
				count - shown, (long long)telling->what->record->id));
}

static void
tell_head(struct telling *telling)
{
	const struct words *say = telling->words;

	HTML_PUT(&telling->html, "<header><h1>%</h1><p>%<br>% %<br>%: %</p></header>\n", say->title,
		telling->desk != NULL ? telling->desk->name : telling->what->record->desk,
		say->case_id, number_text(telling, telling->what->record->id), say->made,
		spoken_time(telling->view->arena, telling->view->now, telling->zone));
	HTML_PUT(&telling->html, "<p class=\"lead\">%</p>\n", say->lead);
}

static void
tell_what(struct telling *telling)
{
	const struct record_case *record = telling->what->record;
	const struct words *say = telling->words;
	struct html *html = &telling->html;
	enum language language = telling->language;

	HTML_PUT(html, "<h2>%</h2>\n<p class=\"number\">%</p>\n", say->what,
		case_heading(telling->view, record, language));
	if (record->trust == TRUST_SUSPECT)
		HTML_PUT(html, "<p><b>%</b></p>\n", say->suspect);
	html_mark(html, "<dl>\n");
	html_fact(html, say->coordinator, record->coordinator);
	html_fact(html, say->state, spoken_case_state(record->state, language));
	html_fact(html, say->origin, spoken_origin(record->origin, language));
	html_fact(html, say->opened, spoken_time(telling->view->arena, record->opened_at, telling->zone));
	html_fact(html, say->stage, spoken_stage(record->stage, language));
	html_fact(html, say->phase, spoken_phase(record->phase, language));
	html_fact(html, say->trust, spoken_trust(record->trust, language));
	html_fact(html, say->assignee, record->assignee != NULL ? record->assignee : say->nobody);
	html_mark(html, "</dl>\n<dl class=\"wide\">\n");
	html_fact(html, say->sites, some_of(telling, record->sites, record->site_count, SITES_SHOWN));
	if (record->number_count > 1)
		html_fact(html, say->numbers, some_of(telling, record->numbers + 1,
			record->number_count - 1, NUMBERS_SHOWN));
	html_mark(html, "</dl>\n");
}

static const char *
source_text(struct telling *telling, const struct record_deadline *one)
{
	if (one->source == SOURCE_MAIL && one->from_message != 0)
		return arena_printf(telling->view->arena,
			telling->language == LANGUAGE_EN ? "message %lld" : "メール %lld",
			(long long)one->from_message);
	return spoken_deadline_source(one->source, telling->language);
}

static int
by_due(const void *a, const void *b)
{
	const struct record_deadline *const *first = a, *const *second = b;

	if ((*first)->due != (*second)->due)
		return (*first)->due < (*second)->due ? -1 : 1;
	return (*first)->id < (*second)->id ? -1 : 1;
}

/* What is owed, by its day. */
static void
gather_pending(struct telling *telling)
{
	const struct json_case *what = telling->what;

	telling->pending = arena_calloc(telling->view->arena, what->deadline_count + 1,
		sizeof(*telling->pending));
	for (size_t i = 0; i < what->deadline_count; i++) {
		if (what->deadlines[i].state == DEADLINE_PENDING)
			telling->pending[telling->pending_count++] = &what->deadlines[i];
	}
	qsort(telling->pending, telling->pending_count, sizeof(*telling->pending), by_due);
}

static void
tell_deadlines(struct telling *telling)
{
	const struct record_deadline **list = telling->pending;
	const struct words *say = telling->words;
	struct arena *arena = telling->view->arena;
	size_t count = telling->pending_count;

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->deadlines);
	if (count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_deadline);
		return;
	}
	html_table(&telling->html, say->deadline_titles, DEADLINE_COLUMNS);
	for (size_t i = 0; i < count && i < DEADLINES_SHOWN; i++) {
		const char *const cells[DEADLINE_COLUMNS] = {
			"☐",
			spoken_deadline_kind(list[i]->kind, telling->language),
			spoken_due(arena, list[i]->due, telling->zone, telling->language),
			spoken_left(arena, telling->view->policy, telling->zone, telling->view->now,
				list[i]->due, telling->language),
			source_text(telling, list[i]),
		};

		html_row(&telling->html, deadline_overdue(list[i]->due, DEADLINE_PENDING,
			telling->view->now) ? "bad" : "", say->deadline_titles, cells,
			DEADLINE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, count, DEADLINES_SHOWN);
}

/* A box to tick, crossed where it is done. */
static void
tell_box(struct telling *telling, const char *item, const char *number, const char *title,
	const char *more)
{
	const struct record_tick *tick = json_tick(telling->what, item);

	HTML_PUT(&telling->html, "<li><i>%</i>", tick != NULL ? "×" : "");
	if (number[0] != '\0')
		HTML_PUT(&telling->html, "<b>%</b>", number);
	HTML_PUT(&telling->html, "%%", title, more);
	if (tick != NULL)
		HTML_PUT(&telling->html, " <small>(%, %)</small>",
			arena_strndup(telling->view->arena, spoken_time(telling->view->arena,
				tick->done_at, telling->zone), DAY_LEN), tick->done_by);
	html_mark(&telling->html, "</li>\n");
}

static void
tell_incident(struct telling *telling)
{
	const struct record_incident *incident = telling->what->incident;
	struct arena *arena = telling->view->arena;

	if (incident == NULL)
		return;
	HTML_PUT(&telling->html, "<h2>%</h2>\n<ul class=\"boxes short\">\n", telling->words->incident);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];
		int64_t due = json_incident_due(incident, item->item);

		tell_box(telling, item->item, "",
			telling->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			due == 0 ? "" : arena_printf(arena, " — %s",
				spoken_due(arena, due, telling->zone, telling->language)));
	}
	html_mark(&telling->html, "</ul>\n");
}

/* How many of the messages stand on the first page beside all else. */
static size_t
messages_shown(const struct telling *telling)
{
	const struct json_case *what = telling->what;
	size_t deadlines = telling->pending_count, sites = what->record->site_count;
	size_t taken = deadlines > DEADLINES_SHOWN ? DEADLINES_SHOWN + 1 : deadlines;

	taken += sites > SITES_SHOWN ? SITES_SHOWN : sites;
	taken += what->incident != NULL ? INCIDENT_LINES : 0;
	taken += what->record->trust == TRUST_SUSPECT ? SUSPECT_LINES : 0;
	if (taken + what->message_count <= PAGE_LINES)
		return what->message_count;
	/* One line says how many more there are. */
	return taken + MESSAGES_LEAST + 1 < PAGE_LINES ? PAGE_LINES - taken - 1 : MESSAGES_LEAST;
}

/* The newest ones: with them one goes on. */
static void
tell_messages(struct telling *telling)
{
	const struct json_case *what = telling->what;
	const struct words *say = telling->words;
	enum language language = telling->language;
	size_t shown = messages_shown(telling);

	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->messages);
	if (what->message_count == 0) {
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->no_message);
		return;
	}
	html_table(&telling->html, say->message_titles, MESSAGE_COLUMNS);
	for (size_t i = what->message_count - shown; i < what->message_count; i++) {
		const struct record_message *one = &what->messages[i];
		bool in = one->direction == DIRECTION_IN;
		const char *const cells[MESSAGE_COLUMNS] = {
			number_text(telling, one->id),
			spoken_time(telling->view->arena, one->received_at, telling->zone),
			spoken_direction(one->direction, language),
			spoken_mail_kind(one->kind, language),
			in ? spoken_trust(one->trust, language) : "",
			one->encrypted ? say->sealed : say->clear,
		};

		html_row(&telling->html, "", say->message_titles, cells, MESSAGE_COLUMNS);
	}
	html_table_end(&telling->html);
	tell_more(telling, what->message_count, shown);
}

static void
tell_staff(struct telling *telling)
{
	const struct policy *policy = telling->view->policy;
	const struct words *say = telling->words;
	size_t count = 0;

	html_table(&telling->html, say->staff_titles, STAFF_COLUMNS);
	for (enum staff_role role = ROLE_OFFICER; role <= ROLE_VENDOR; role++) {
		for (size_t i = 0; i < policy->staff_count; i++) {
			const struct policy_staff *staff = &policy->staff[i];
			const char *const cells[STAFF_COLUMNS] = {
				spoken_role(role, telling->language), staff->title, staff->address,
			};

			if (staff->role != role || !policy_serves(staff, telling->what->record->desk))
				continue;
			if (count++ < STAFF_SHOWN)
				html_row(&telling->html, "", say->staff_titles, cells, STAFF_COLUMNS);
		}
	}
	html_table_end(&telling->html);
	if (count > STAFF_SHOWN)
		HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n",
			arena_printf(telling->view->arena, telling->language == LANGUAGE_EN
				? "and %zu more" : "ほか %zu 名", count - STAFF_SHOWN));
}

static void
tell_ask(struct telling *telling)
{
	const struct policy_coordinator *coordinator =
		policy_coordinator_of(telling->view->policy, telling->what->record->coordinator);
	const struct words *say = telling->words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"ask\">\n<div>\n", say->ask);
	if (coordinator != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n<p>%</p>\n", say->ask_them,
			coordinator->name, coordinator->enquiries, say->ask_care);
	if (telling->desk != NULL)
		HTML_PUT(&telling->html, "<p>%<br><b>%</b><br>%</p>\n", say->window,
			telling->desk->name, telling->desk->address);
	html_mark(&telling->html, "</div>\n<div>\n");
	tell_staff(telling);
	html_mark(&telling->html, "</div>\n</div>\n");
}

static void
tell_read(struct telling *telling)
{
	const struct words *say = telling->words;
	const char *id = number_text(telling, telling->what->record->id);

	HTML_PUT(&telling->html, "<h2>%</h2>\n<dl class=\"read\">\n"
		"<dt>%</dt><dd><code>madoguchi message show %</code></dd>\n", say->read,
		say->read_message, say->message_titles[0]);
	HTML_PUT(&telling->html, "<dt>%</dt><dd><code>madoguchi case show %</code></dd>\n",
		say->read_case, id);
	HTML_PUT(&telling->html,
		"<dt>%</dt><dd><code>madoguchi case tick % 2.1 --as %</code></dd>\n</dl>\n",
		say->read_tick, id, telling->to != NULL ? telling->to->title : say->staff_titles[1]);
	HTML_PUT(&telling->html, "<p class=\"more\">%</p>\n", say->screen_only);
}

static void
tell_checklist(struct telling *telling)
{
	const struct checklist *checklist = telling->what->checklist;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<p class=\"more\">%</p>\n<div class=\"boxes\">\n",
		telling->words->checklist, telling->words->vendor_note);
	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			HTML_PUT(&telling->html, i == 0 ? "<h3>%%</h3>\n<ul>\n"
							: "</ul>\n<h3>%%</h3>\n<ul>\n",
				spoken_phase(item->phase, telling->language),
				item->phase == telling->what->record->phase ? telling->words->now
									    : "");
		tell_box(telling, item->item, item->item,
			telling->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			item->vendor_can_help ? NO_BREAK "○" : "");
	}
	html_mark(&telling->html, checklist->count > 0 ? "</ul>\n</div>\n" : "</div>\n");
}

static void
tell_signatures(struct telling *telling)
{
	const struct words *say = telling->words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<div class=\"notes\"></div>\n", say->notes);
	HTML_PUT(&telling->html, "<table class=\"sign\">\n<tr><th></th><th>%</th><th>%</th></tr>\n",
		say->signature, say->day);
	HTML_PUT(&telling->html, "<tr><th>%</th><td></td><td></td></tr>\n", say->giver);
	HTML_PUT(&telling->html, "<tr><th>%</th><td>%</td><td></td></tr>\n</table>\n", say->taker,
		telling->to != NULL ? telling->to->title : "");
}

char *
sheet_html(const struct json_view *view, const struct json_case *what, enum language language,
	const struct policy_staff *to)
{
	struct telling telling = { .view = view, .what = what, .to = to, .words = &words[language],
		.desk = policy_desk_of(view->policy, what->record->desk),
		.zone = json_zone(view->policy, what->record->desk), .language = language };

	gather_pending(&telling);
	html_begin(&telling.html, view->arena, language, arena_printf(view->arena, "%s %s",
		telling.words->title, case_heading(view, what->record, language)), style);
	html_mark(&telling.html, "<div class=\"page\">\n");
	tell_head(&telling);
	tell_what(&telling);
	tell_deadlines(&telling);
	tell_incident(&telling);
	tell_messages(&telling);
	tell_ask(&telling);
	tell_read(&telling);
	html_mark(&telling.html, "</div>\n<div class=\"page\">\n");
	tell_checklist(&telling);
	tell_signatures(&telling);
	html_mark(&telling.html, "</div>\n");
	return html_end(&telling.html);
}
