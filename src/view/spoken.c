/*
 * The words, in tables by enumerator and language: of pages, paper, digests and alerts alike.
 * The Japanese ones are the response guide's where it has one. Must not decide anything.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/spoken.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "rule/calendar.h"
#include "rule/checklist.h"
#include "rule/decide.h"
#include "rule/held.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LANGUAGES 2
#define WEEKDAYS 7

static const char *const weekdays[WEEKDAYS][LANGUAGES] = {
	{ "日", "Sun" }, { "月", "Mon" }, { "火", "Tue" }, { "水", "Wed" }, { "木", "Thu" },
	{ "金", "Fri" }, { "土", "Sat" },
};

static const char *const mail_kinds[MAIL_KINDS][LANGUAGES] = {
	[KIND_CONTACT_REQUEST] = { "連絡先の照会", "contact request" },
	[KIND_ENCRYPTION_CHECK] = { "暗号化方法の照会", "encryption check" },
	[KIND_DETAILS] = { "脆弱性の詳細", "details of the vulnerability" },
	[KIND_REMINDER] = { "状況の問い合わせ", "reminder" },
	[KIND_CLOSING] = { "取扱い終了の連絡", "closing" },
	[KIND_CORRESPONDENCE] = { "その他の連絡", "correspondence" },
	[KIND_FINDER_REPORT] = { "発見者からの報告", "finder's report" },
	[KIND_FORM_REPORT] = { "フォームからの報告", "report by the form" },
	[KIND_VENDOR_RECEIPT] = { "SI 事業者の受領連絡", "vendor's receipt" },
	[KIND_BOUNCE] = { "不達の通知", "failure report" },
	[KIND_AUTO_REPLY] = { "自動応答", "automatic answer" },
	[KIND_OWN] = { "窓口のメール", "the desk's own mail" },
	[KIND_UNRELATED] = { "無関係のメール", "unrelated mail" },
	[KIND_UNREADABLE] = { "開けないメール", "unreadable mail" },
	[KIND_ACKNOWLEDGEMENT] = { "受領の連絡", "acknowledgement" },
	[KIND_REPLY] = { "返信", "reply" },
	[KIND_FINDING] = { "検証結果の報告", "finding" },
	[KIND_PROGRESS] = { "対応状況の報告", "progress report" },
	[KIND_EXTENSION] = { "期限延長の連絡", "extension" },
	[KIND_COMPLETION] = { "修正完了の報告", "completion report" },
	[KIND_QUESTION] = { "質問", "question" },
	[KIND_FORWARD] = { "転送", "forward" },
	[KIND_ALERT] = { "担当者への通知", "alert to staff" },
	[KIND_DIGEST] = { "対応状況のお知らせ", "digest for staff" },
	[KIND_STAFF] = { "担当者が書いたメール", "mail by staff" },
};

static const char *const stages[STAGES][LANGUAGES] = {
	[STAGE_CONTACT] = { "連絡先の確認", "contact" },
	[STAGE_ENCRYPTION] = { "暗号化の確認", "encryption" },
	[STAGE_DETAILS] = { "脆弱性の詳細を受領", "details received" },
};

static const char *const phases[PHASES][LANGUAGES] = {
	[PHASE_RECEIVE] = { "1. 通知の受領", "1. Receive" },
	[PHASE_INVESTIGATE] = { "2. 問題の有無の調査", "2. Investigate" },
	[PHASE_ASSESS] = { "3. 影響と対策の検討", "3. Assess" },
	[PHASE_PLAN] = { "4. 対策作業の計画", "4. Plan" },
	[PHASE_IMPLEMENT] = { "5. 対策の実施", "5. Implement" },
	[PHASE_REPORT] = { "6. 修正完了の報告", "6. Report" },
};

static const char *const trusts[TRUSTS][LANGUAGES] = {
	[TRUST_SUSPECT] = { "なりすましの疑い", "suspected forgery" },
	[TRUST_UNVERIFIED] = { "送信者は未確認", "sender not verified" },
	[TRUST_AUTHENTICATED] = { "送信元ドメインを確認済み", "sender's domain authenticated" },
	[TRUST_VERIFIED] = { "送信者を確認済み", "sender verified" },
};

static const char *const origins[ORIGINS][LANGUAGES] = {
	[ORIGIN_COORDINATOR] = { "調整機関からのメール", "mail of a coordinator" },
	[ORIGIN_FINDER] = { "発見者からのメール", "mail of a finder" },
	[ORIGIN_FORM] = { "ウェブフォーム", "web form" },
	[ORIGIN_STAFF] = { "担当者が登録（電話など）", "opened by staff (telephone etc.)" },
};

static const char *const case_states[CASE_STATES][LANGUAGES] = {
	[CASE_OPEN] = { "対応中", "open" },
	[CASE_CLOSED] = { "終了", "closed" },
};

static const char *const deadline_kinds[DEADLINE_KINDS][LANGUAGES] = {
	[DEADLINE_ACKNOWLEDGE] = { "受領の連絡", "acknowledgement" },
	[DEADLINE_CONTACT] = { "連絡先の回答", "answer on the contact" },
	[DEADLINE_ENCRYPTION] = { "暗号化方法の回答", "answer on encryption" },
	[DEADLINE_INVESTIGATION] = { "調査結果の報告", "result of the investigation" },
	[DEADLINE_REMEDIATION] = { "修正の完了", "remediation" },
	[DEADLINE_REQUESTED] = { "メールで求められた期日", "day asked for by mail" },
	[DEADLINE_VENDOR_RECEIPT] = { "SI 事業者の受領連絡", "vendor's receipt" },
	[DEADLINE_FINDER] = { "発見者への返信", "answer to the finder" },
	[DEADLINE_THEIR_ANSWER] = { "先方からの回答", "their answer" },
};

/* In the order of rule/checklist. */
static const char *const incidents[INCIDENT_ITEMS][LANGUAGES] = {
	{ "サイトの停止", "stop the site" },
	{ "利用者への告知", "tell the users" },
	{ "監督官庁への報告", "report to the authority" },
	{ "本人への通知", "notify the persons" },
};

static const char *const deadline_states[DEADLINE_STATES][LANGUAGES] = {
	[DEADLINE_PENDING] = { "未了", "pending" },
	[DEADLINE_MET] = { "済", "met" },
	[DEADLINE_MISSED] = { "期限内に未了", "missed" },
	[DEADLINE_CANCELLED] = { "取消", "cancelled" },
};

static const char *const deadline_sources[SOURCES][LANGUAGES] = {
	[SOURCE_RULE] = { "規定", "rule" },
	[SOURCE_MAIL] = { "メール", "mail" },
	[SOURCE_STAFF] = { "担当者", "staff" },
};

static const char *const outbox_states[OUTBOX_STATES][LANGUAGES] = {
	[OUTBOX_HELD] = { "保留", "held" },
	[OUTBOX_QUEUED] = { "送信待ち", "queued" },
	[OUTBOX_DEFERRED] = { "再送待ち", "deferred" },
	[OUTBOX_SENT] = { "送信済み", "sent" },
	[OUTBOX_FAILED] = { "失敗", "failed" },
	[OUTBOX_DROPPED] = { "取りやめ", "dropped" },
};

static const char *const directions[DIRECTIONS][LANGUAGES] = {
	[DIRECTION_IN] = { "受信", "in" },
	[DIRECTION_OUT] = { "送信", "out" },
};

static const char *const roles[][LANGUAGES] = {
	[ROLE_OFFICER] = { "セキュリティ担当者", "security officer" },
	[ROLE_DECISION_MAKER] = { "対策判断者", "decision maker" },
	[ROLE_IMPLEMENTER] = { "対策実施者", "implementer" },
	[ROLE_VENDOR] = { "SI 事業者", "vendor" },
};

static size_t
column(enum language language)
{
	return language == LANGUAGE_EN ? 1 : 0;
}

const char *
spoken_mail_kind(enum mail_kind kind, enum language language)
{
	return mail_kinds[kind][column(language)];
}

const char *
spoken_stage(enum stage stage, enum language language)
{
	return stages[stage][column(language)];
}

const char *
spoken_phase(enum phase phase, enum language language)
{
	return phases[phase][column(language)];
}

const char *
spoken_trust(enum trust trust, enum language language)
{
	return trusts[trust][column(language)];
}

const char *
spoken_origin(enum origin origin, enum language language)
{
	return origins[origin][column(language)];
}

const char *
spoken_case_state(enum case_state state, enum language language)
{
	return case_states[state][column(language)];
}

const char *
spoken_deadline_kind(enum deadline_kind kind, enum language language)
{
	return deadline_kinds[kind][column(language)];
}

const char *
spoken_incident_item(const char *item, enum language language)
{
	const struct incident_item *found = incident_find(item);

	return found != NULL ? incidents[found - incident_items][column(language)] : item;
}

const char *
spoken_deadline(const struct record_deadline *deadline, enum language language)
{
	return deadline->item != NULL ? spoken_incident_item(deadline->item, language)
				      : spoken_deadline_kind(deadline->kind, language);
}

const char *
spoken_deadline_state(enum deadline_state state, enum language language)
{
	return deadline_states[state][column(language)];
}

const char *
spoken_deadline_source(enum deadline_source source, enum language language)
{
	return deadline_sources[source][column(language)];
}

const char *
spoken_outbox_state(enum outbox_state state, enum language language)
{
	return outbox_states[state][column(language)];
}

const char *
spoken_direction(enum direction direction, enum language language)
{
	return directions[direction][column(language)];
}

const char *
spoken_role(enum staff_role role, enum language language)
{
	return roles[role][column(language)];
}

const char *
spoken_due_doubt(enum problem doubt, enum language language)
{
	static const char *const doubts[] = {
		[PROBLEM_DUE_WEEKDAY - PROBLEM_DUE_WEEKDAY] =
			"期日に添えられた曜日が、その日の曜日と異なります",
		[PROBLEM_DUE_ORDER - PROBLEM_DUE_WEEKDAY] =
			"期日の月と日が逆かもしれません。早いほうの日としています",
		[PROBLEM_DUE_FAR - PROBLEM_DUE_WEEKDAY] =
			"期日に年が書かれておらず、かなり先の日になります",
		[PROBLEM_DUE_BEYOND_CALENDAR - PROBLEM_DUE_WEEKDAY] =
			"期限が、まだ祝日の決まっていない先の日付です",
	};

	return language == LANGUAGE_EN ? problem_text(doubt) : doubts[doubt - PROBLEM_DUE_WEEKDAY];
}

const char *
spoken_held_why(const char *why, enum language language)
{
	static const char *const words[ANSWER_WHYS] = {
		[ANSWER_WHY_RULE] = "設定による",
		[ANSWER_WHY_ROW] = "自動では返信しない種類のメール",
		[ANSWER_WHY_MODE] = "設定により担当者の確認待ち",
		[ANSWER_WHY_WEAK] = "報告らしい手がかりだけのため確認待ち",
		[ANSWER_WHY_UNVERIFIED] = "送信者を確認できない",
		[ANSWER_WHY_OLD] = "最初に見たとき既に古いメール",
		[ANSWER_WHY_PER_DAY] = "この宛先の1日の上限に達した",
		[ANSWER_WHY_DONE] = "この段階の受領の連絡は済み",
		[ANSWER_WHY_NO_STAGE] = "受領の連絡をする段階ではない",
		[ANSWER_WHY_SENDER_DIFFERS] = "別の人が転送したメール",
		[ANSWER_WHY_NULL_PATH] = "返信先が空のメール（Return-Path）",
		[ANSWER_WHY_NO_ADDRESS] = "返信できる宛先がない",
	};

	static const char *const others[HELD_WHYS] = {
		[HELD_JUDGED_AGAIN] = "メールが判定し直されたため確認待ち",
		[HELD_NO_KEY] = "宛先の使える公開鍵がない",
		[HELD_NO_KEY_TO_FORWARD] = "宛先の使える公開鍵がない（暗号化せずに転送しない）",
		[HELD_NEW_KEY] = "新しい鍵のお知らせ（準備ができたら送信する）",
		[HELD_NEW_KEY_IN_USE] = "設定が既に新しい鍵を指しているため、古い鍵で署名できない",
		[HELD_NEW_KEY_LEFT] = "設定が別の鍵に変わったため、始めたときの鍵で署名できない",
	};

	if (language == LANGUAGE_EN)
		return why;
	for (int i = 0; i < ANSWER_WHYS; i++) {
		if (text_equal(answer_why_text((enum answer_why)i), why))
			return words[i];
	}
	for (int i = 0; i < HELD_WHYS; i++) {
		if (text_equal(held_why_text((enum held_why)i), why))
			return others[i];
	}
	return why;
}

const char *
spoken_weekday(int weekday, enum language language)
{
	return weekdays[weekday][column(language)];
}

char *
spoken_time(struct arena *arena, int64_t at, const char *zone)
{
	struct clock_civil civil;

	if (at == 0)
		return NULL;
	clock_civil(at, zone, &civil);
	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day,
		civil.hour, civil.minute);
}

char *
spoken_due(struct arena *arena, int64_t due, const char *zone, enum language language)
{
	struct clock_civil civil;
	char *day;

	if (due == 0)
		return NULL;
	clock_civil(due, zone, &civil);
	day = arena_printf(arena, "%04d-%02d-%02d (%s)", civil.year, civil.month, civil.day,
		spoken_weekday(civil.weekday, language));
	if (civil.hour == 23 && civil.minute == 59 && civil.second == 59)
		return day;
	return arena_printf(arena, "%s %02d:%02d", day, civil.hour, civil.minute);
}

static char *
long_day(struct arena *arena, const struct clock_civil *civil, enum language language)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December" };

	return language == LANGUAGE_EN
		? arena_printf(arena, "%d %s %d", civil->day, months[civil->month - 1], civil->year)
		: arena_printf(arena, "%d年%d月%d日", civil->year, civil->month, civil->day);
}

char *
spoken_date(struct arena *arena, int64_t at, const char *zone, enum language language)
{
	struct clock_civil civil;

	clock_civil(at, zone, &civil);
	if (at == 0 || (civil.hour == 23 && civil.minute == 59))
		return at == 0 ? NULL : long_day(arena, &civil, language);
	return arena_printf(arena, "%s %d:%02d", long_day(arena, &civil, language), civil.hour,
		civil.minute);
}

char *
spoken_moment(struct arena *arena, int64_t at, const char *zone, enum language language)
{
	struct clock_civil civil;
	char *day;

	if (at == 0)
		return NULL;
	clock_civil(at, zone, &civil);
	day = long_day(arena, &civil, language);
	if (language != LANGUAGE_EN)
		return arena_printf(arena, "%s %d:%02d", day, civil.hour, civil.minute);
	return arena_printf(arena, "%s, %d:%02d (UTC%s)", day, civil.hour, civil.minute,
		clock_rfc3339(arena, at, zone) + strlen("2026-12-04T17:00:00"));
}

/* "3 営業日", "1 working day" */
static char *
working_days(struct arena *arena, int64_t count, enum language language)
{
	if (language != LANGUAGE_EN)
		return arena_printf(arena, "%lld 営業日", (long long)count);
	return arena_printf(arena, "%lld working day%s", (long long)count, count == 1 ? "" : "s");
}

char *
spoken_left(struct arena *arena, const struct policy *policy, const char *zone, int64_t now,
	int64_t due, enum language language)
{
	int64_t today = calendar_day_of(now, zone), day = calendar_day_of(due, zone);
	int64_t left = calendar_business_days(policy, today, day);
	bool english = language == LANGUAGE_EN;

	if (due < now && left == 0)
		return arena_strdup(arena, english ? "past" : "期限超過");
	if (due < now)
		return arena_printf(arena, english ? "past by %s" : "%s超過",
			working_days(arena, -left, language));
	if (day == today)
		return arena_strdup(arena, english ? "today" : "本日");
	if (left == 0)
		return arena_strdup(arena, english ? "no working day left" : "残り営業日なし");
	return arena_printf(arena, english ? "%s left" : "あと %s",
		working_days(arena, left, language));
}
