/*
 * The page of a case, section by section; one that would be empty is left out. What it
 * says stands in the records alone: no text that was opened is asked for here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/case_html.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/deadline.h"
#include "view/html.h"
#include "view/spoken.h"

#include <stdbool.h>

#define JOINED_MAX ((size_t)64 * 1024)
#define MESSAGE_COLUMNS 9
#define SITE_COLUMNS 7	/* without who wrote it and the subject */
#define DEADLINE_COLUMNS 6
#define LOG_COLUMNS 4

struct words {
	const char *claimed, *back;
	const char *numbers, *coordinator, *sites, *origin, *stage, *phase, *trust, *state, *opened,
		*updated, *assignee, *beside, *finders, *nobody;
	const char *messages, *unfiled, *deadlines, *incident, *checklist, *log, *merged;
	const char *message_titles[MESSAGE_COLUMNS];
	const char *deadline_titles[DEADLINE_COLUMNS];
	const char *log_titles[LOG_COLUMNS];
	const char *sealed, *clear, *vendor, *vendor_note, *since, *due, *foot, *open_with;
};

static const struct words words[] = {
	[LANGUAGE_JA] = {
		.claimed = "（番号は未確認）", .back = "一覧へ",
		.numbers = "すべての番号", .coordinator = "調整機関", .sites = "対象サイト",
		.origin = "受付経路", .stage = "通知の段階", .phase = "対応の段階",
		.trust = "送信者の確認", .state = "状態", .opened = "受付日時", .updated = "更新日時",
		.assignee = "担当者", .beside = "同じ番号を名乗る案件", .finders = "直接連絡する発見者",
		.nobody = "未定",
		.messages = "メール", .unfiled = "案件に入っていないメール（同じ番号を記したもの）",
		.deadlines = "期限", .incident = "被害への対応", .checklist = "チェックリスト",
		.log = "記録", .merged = "統合した案件の記録",
		.message_titles = { "番号", "送受信", "種別", "日時", "送信者の確認", "暗号化",
			"注意", "差出人", "件名（外側）" },
		.deadline_titles = { "種類", "期限", "残り", "状態", "根拠", "メール" },
		.log_titles = { "日時", "担当", "内容", "ハッシュ" },
		.sealed = "あり", .clear = "なし", .vendor = "（SI 事業者が協力可能）",
		.vendor_note = "☑ は済んだ項目です。",
		.since = "発生の記録", .due = "期限",
		.foot = "作成日時",
		.open_with = "メールの内容と添付ファイルの名前は、このページにはありません。"
			     "画面で読むには:",
	},
	[LANGUAGE_EN] = {
		.claimed = " (number not confirmed)", .back = "All cases",
		.numbers = "All numbers", .coordinator = "Coordinator", .sites = "Sites",
		.origin = "Came by", .stage = "Notification", .phase = "Response",
		.trust = "Sender", .state = "State", .opened = "Opened", .updated = "Updated",
		.assignee = "Staff", .beside = "Cases that claim the same number",
		.finders = "Finders written to directly", .nobody = "nobody",
		.messages = "Mail", .unfiled = "Mail in no case that names its number",
		.deadlines = "Deadlines", .incident = "Trouble under way", .checklist = "Checklist",
		.log = "Log", .merged = "Log of a case merged into it",
		.message_titles = { "No.", "In/out", "Kind", "At", "Sender", "Sealed", "Remarks",
			"From", "Subject (outer)" },
		.deadline_titles = { "Kind", "Due", "Left", "State", "Source", "Message" },
		.log_titles = { "At", "Who", "What", "Hash" },
		.sealed = "yes", .clear = "no", .vendor = " (the vendor can help)",
		.vendor_note = "☑ marks what is done.",
		.since = "Since", .due = "due",
		.foot = "Made at",
		.open_with = "This page holds no text of a mail and no attachment's name. "
			     "To read one on the screen:",
	},
};

/* What a section needs of all. */
struct telling {
	const struct json_view *view;
	const struct json_case *what;
	const struct words *words;
	const char *zone, *back;
	enum language language;
	struct html html;
};

char *
case_joined(const struct json_view *view, const char *const *list, size_t count)
{
	struct text text;

	text_init(&text, view->arena, JOINED_MAX);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i > 0 ? ", " : "", list[i]);
	return count > 0 ? text.data : NULL;
}

char *
case_ids(const struct json_view *view, const int64_t *list, size_t count)
{
	struct text text;

	text_init(&text, view->arena, JOINED_MAX);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%lld", i > 0 ? ", " : "", (long long)list[i]);
	return count > 0 ? text.data : NULL;
}

static char *
number_text(struct telling *telling, int64_t number)
{
	return number != 0 ? arena_printf(telling->view->arena, "%lld", (long long)number) : NULL;
}

char *
case_heading(const struct json_view *view, const struct record_case *record, enum language language)
{
	bool english = language == LANGUAGE_EN;

	if (record->number_count == 0)
		return arena_printf(view->arena, english ? "Case %lld" : "案件 %lld",
			(long long)record->id);
	return arena_printf(view->arena, "%s%s", record->numbers[0],
		record->number_bound ? "" : words[language].claimed);
}

static char *
finders_text(struct telling *telling)
{
	const struct json_case *what = telling->what;
	const char **list = arena_calloc(telling->view->arena, what->finder_count + 1, sizeof(*list));

	for (size_t i = 0; i < what->finder_count; i++)
		list[i] = what->finders[i].address;
	return case_joined(telling->view, list, what->finder_count);
}

static void
tell_facts(struct telling *telling)
{
	const struct record_case *record = telling->what->record;
	const struct words *say = telling->words;
	struct arena *arena = telling->view->arena;
	struct html *html = &telling->html;
	enum language language = telling->language;

	html_mark(html, "<dl>\n");
	if (record->number_count > 1)
		html_fact(html, say->numbers,
			case_joined(telling->view, record->numbers, record->number_count));
	html_fact(html, say->coordinator, record->coordinator);
	html_fact(html, say->sites, case_joined(telling->view, record->sites, record->site_count));
	html_fact(html, say->state, spoken_case_state(record->state, language));
	html_fact(html, say->stage, spoken_stage(record->stage, language));
	html_fact(html, say->phase, spoken_phase(record->phase, language));
	html_fact(html, say->trust, spoken_trust(record->trust, language));
	html_fact(html, say->origin, spoken_origin(record->origin, language));
	html_fact(html, say->assignee, record->assignee != NULL ? record->assignee : say->nobody);
	html_fact(html, say->opened, spoken_time(arena, record->opened_at, telling->zone));
	html_fact(html, say->updated, spoken_time(arena, record->updated_at, telling->zone));
	html_fact(html, say->beside, case_ids(telling->view, record->beside, record->beside_count));
	if (telling->back == NULL)
		html_fact(html, say->finders, finders_text(telling));
	html_mark(html, "</dl>\n");
}

/* Pending ones first, each half by its day: what is owed is what one looks for. */
static void
tell_deadlines(struct telling *telling)
{
	const struct json_case *what = telling->what;
	const struct words *say = telling->words;
	struct arena *arena = telling->view->arena;
	enum language language = telling->language;

	if (what->deadline_count == 0)
		return;
	HTML_PUT(&telling->html, "<h2>%</h2>\n", say->deadlines);
	html_table(&telling->html, say->deadline_titles, DEADLINE_COLUMNS);
	for (size_t i = 0; i < 2 * what->deadline_count; i++) {
		const struct record_deadline *one = &what->deadlines[i % what->deadline_count];
		bool pending = one->state == DEADLINE_PENDING;
		const char *const cells[DEADLINE_COLUMNS] = {
			spoken_deadline_kind(one->kind, language),
			spoken_due(arena, one->due, telling->zone, language),
			pending ? spoken_left(arena, telling->view->policy, telling->zone,
				telling->view->now, one->due, language) : NULL,
			spoken_deadline_state(one->state, language),
			spoken_deadline_source(one->source, language),
			number_text(telling, one->from_message),
		};

		if (pending != (i < what->deadline_count))
			continue;
		html_row(&telling->html, !pending ? "over" :
			deadline_overdue(one->due, one->state, telling->view->now) ? "bad" : "",
			say->deadline_titles, cells, DEADLINE_COLUMNS);
	}
	html_table_end(&telling->html);
}

static void
tell_box(struct telling *telling, const char *item, const char *title, const char *more)
{
	const struct record_tick *tick = json_tick(telling->what, item);

	HTML_PUT(&telling->html, "<li class=\"%\">% % %%", tick != NULL ? "done" : "",
		tick != NULL ? "☑" : "☐", item, title, more);
	if (tick != NULL)
		HTML_PUT(&telling->html, " <span class=\"note\">% %</span>",
			spoken_time(telling->view->arena, tick->done_at, telling->zone),
			tick->done_by);
	html_mark(&telling->html, "</li>\n");
}

static void
tell_incident(struct telling *telling)
{
	const struct record_incident *incident = telling->what->incident;
	struct arena *arena = telling->view->arena;
	const struct words *say = telling->words;

	if (incident == NULL)
		return;
	HTML_PUT(&telling->html, "<h2 class=\"bad\">%</h2>\n<p>%: % %</p>\n<ul>\n", say->incident,
		say->since, spoken_time(arena, incident->opened_at, telling->zone),
		incident->opened_by);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];
		int64_t due = json_incident_due(incident, item->item);

		tell_box(telling, item->item,
			telling->language == LANGUAGE_EN ? item->title_en : item->title_ja,
			due == 0 ? "" : arena_printf(arena, " (%s %s)", say->due,
				spoken_due(arena, due, telling->zone, telling->language)));
	}
	html_mark(&telling->html, "</ul>\n");
}

static void
tell_messages(struct telling *telling, const char *title, const struct record_message *list,
	size_t count)
{
	const struct words *say = telling->words;
	enum language language = telling->language;
	size_t columns = telling->back != NULL ? SITE_COLUMNS : MESSAGE_COLUMNS;

	if (count == 0)
		return;
	HTML_PUT(&telling->html, "<h2>%</h2>\n", title);
	html_table(&telling->html, say->message_titles, columns);
	for (size_t i = 0; i < count; i++) {
		const char *const cells[MESSAGE_COLUMNS] = {
			number_text(telling, list[i].id),
			spoken_direction(list[i].direction, language),
			spoken_mail_kind(list[i].kind, language),
			spoken_time(telling->view->arena, list[i].received_at, telling->zone),
			list[i].direction == DIRECTION_IN
				? spoken_trust(list[i].trust, language) : NULL,
			list[i].encrypted ? say->sealed : say->clear,
			list[i].problems,
			list[i].from,
			list[i].subject,
		};

		html_row(&telling->html, list[i].trust == TRUST_SUSPECT ? "bad" : "",
			say->message_titles, cells, columns);
	}
	html_table_end(&telling->html);
}

static void
tell_checklist(struct telling *telling)
{
	const struct checklist *checklist = telling->what->checklist;
	const struct words *say = telling->words;
	bool english = telling->language == LANGUAGE_EN;

	HTML_PUT(&telling->html, "<h2>%</h2>\n<p class=\"note\">%</p>\n", say->checklist,
		say->vendor_note);
	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		if (i == 0 || item[-1].phase != item->phase)
			HTML_PUT(&telling->html, i == 0 ? "<h3>%</h3>\n<ul>\n"
							: "</ul>\n<h3>%</h3>\n<ul>\n",
				spoken_phase(item->phase, telling->language));
		tell_box(telling, item->item, english ? item->title_en : item->title_ja,
			item->vendor_can_help ? say->vendor : "");
	}
	if (checklist->count > 0)
		html_mark(&telling->html, "</ul>\n");
}

static void
tell_log(struct telling *telling, const char *title, const struct record_log *log, size_t count)
{
	const struct words *say = telling->words;

	HTML_PUT(&telling->html, "<h2>%</h2>\n", title);
	html_table(&telling->html, say->log_titles, LOG_COLUMNS);
	for (size_t i = 0; i < count; i++) {
		const char *const cells[LOG_COLUMNS] = {
			spoken_time(telling->view->arena, log[i].at, telling->zone),
			log[i].who,
			log[i].what,
			arena_strndup(telling->view->arena, log[i].hash, 12),
		};

		html_row(&telling->html, "", say->log_titles, cells, LOG_COLUMNS);
	}
	html_table_end(&telling->html);
}

static void
tell_foot(struct telling *telling)
{
	const struct record_case *record = telling->what->record;

	HTML_PUT(&telling->html, "<p class=\"note\">% <code>madoguchi message show %</code>, "
		"<code>madoguchi case show %</code></p>\n<p class=\"note\">%: %</p>\n",
		telling->words->open_with, telling->words->message_titles[0],
		number_text(telling, record->id), telling->words->foot,
		spoken_time(telling->view->arena, telling->view->now, telling->zone));
}

char *
case_html(const struct json_view *view, const struct json_case *what, enum language language,
	const char *back)
{
	struct telling telling = { .view = view, .what = what, .words = &words[language],
		.zone = json_zone(view->policy, what->record->desk), .back = back,
		.language = language };
	const char *heading = case_heading(view, what->record, language);

	html_begin(&telling.html, view->arena, language, heading, html_screen);
	if (back != NULL)
		HTML_PUT(&telling.html, "<p><a href=\"%\">%</a></p>\n", back, telling.words->back);
	HTML_PUT(&telling.html, "<h1>%</h1>\n<p>%</p>\n", heading, what->record->title);
	tell_facts(&telling);
	tell_incident(&telling);
	tell_deadlines(&telling);
	tell_messages(&telling, telling.words->messages, what->messages, what->message_count);
	tell_messages(&telling, telling.words->unfiled, what->unfiled, what->unfiled_count);
	tell_checklist(&telling);
	tell_log(&telling, telling.words->log, what->log, what->log_count);
	for (size_t i = 0; i < what->merged_count; i++)
		tell_log(&telling, arena_printf(view->arena, "%s: %lld", telling.words->merged,
			(long long)what->merged[i].record.id), what->merged[i].log,
			what->merged[i].log_count);
	tell_foot(&telling);
	return html_end(&telling.html);
}
