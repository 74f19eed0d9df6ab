/*
 * The text of several alerts at once: what they are, in words, and numbers. Must not
 * show anything else of them: it may go in clear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/alert_list.h"

#include "base/arena.h"
#include "base/text.h"

#define LIST_MAX ((size_t)1024 * 1024)

/* What each is, the most urgent first. */
static const struct {
	enum alert_kind kind;
	bool urgent;
	const char *words[2];	/* by language */
} kinds[] = {
	{ ALERT_INCIDENT, true, { "被害のおそれ", "trouble under way" } },
	{ ALERT_SUSPECT, true, { "疑わしいメール", "suspect mail" } },
	{ ALERT_OVERDUE, true, { "期限超過", "deadline over" } },
	{ ALERT_MAILBOX_SILENT, true, { "読めない受信箱", "mailbox not read" } },
	{ ALERT_OUTBOX_SILENT, true, { "止まっている送信", "mail does not go out" } },
	{ ALERT_KEY_OWN, true, { "窓口の鍵の期限", "end of the window's key" } },
	{ ALERT_DRILL, false, { "訓練の失敗", "drill failed or overdue" } },
	{ ALERT_CLOCK, false, { "時計の飛び", "clock that jumped" } },
	{ ALERT_FAILED, false, { "送れなかった返信", "answer not delivered" } },
	{ ALERT_BOUNCE, false, { "配信不能の通知", "delivery failure" } },
	{ ALERT_UNREADABLE, false, { "開けないメール", "mail that cannot be opened" } },
	{ ALERT_DETAILS, false, { "脆弱性の詳細情報", "details of a vulnerability" } },
	{ ALERT_FORM, false, { "フォーム経由の通知", "notification by the form" } },
	{ ALERT_TODAY, false, { "本日の期限", "deadline today" } },
	{ ALERT_REQUESTED, false, { "メールが求める期日", "day that a mail asks for" } },
	{ ALERT_KEY_COORDINATOR, false, { "調整機関の鍵の期限", "end of a coordinator's key" } },
	{ ALERT_KEY_STAFF, false, { "担当者の鍵の期限", "end of a staff member's key" } },
	{ ALERT_NEW_CASE, false, { "新しい通知", "new notification" } },
	{ ALERT_FINDER, false, { "発見者からの報告", "finder's report" } },
	{ ALERT_HELD, false, { "保留中の返信", "answer held" } },
	{ ALERT_CORRESPONDENCE, false, { "新しいメール", "new mail" } },
	{ ALERT_PASS_ON, false, { "調整機関に写しの要るメール", "mail that the coordinator must have a copy of" } },
	{ ALERT_SOON, false, { "期限間近", "deadline near" } },
	{ ALERT_UNTAKEN, false, { "担当者の決まっていない案件", "case of nobody" } },
	{ ALERT_MAILBOX_READ, false, { "受信箱の復旧", "mailbox read again" } },
	{ ALERT_OUTBOX_MOVES, false, { "送信の復旧", "mail goes out again" } },
	{ ALERT_DEADLINES, false, { "期限のまとめ", "deadlines, a summary" } },
	{ ALERT_UNTAKEN_CASES, false, { "担当者の決まっていない案件のまとめ", "cases of nobody, a summary" } },
	{ ALERT_OLD_MAIL, false, { "以前のメールのまとめ", "old mail, a summary" } },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Every kind but ALERT_NONE, and the summary that this is the text of. */
_Static_assert(KINDS == ALERT_KINDS - 2, "each kind of alert has its words");

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : text_equal(a, b);
}

bool
alert_line_equal(const struct alert_line *a, const struct alert_line *b)
{
	return a->kind == b->kind && a->case_id == b->case_id && same(a->number, b->number) &&
		same(a->message, b->message) && same(a->deadline, b->deadline) &&
		same(a->key, b->key) && same(a->count, b->count);
}

static size_t
count_of(enum alert_kind kind, const struct alert_line *list, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += list[i].kind == kind;
	return found;
}

static void
add_line(struct text *text, enum language language, const struct alert_line *line)
{
	bool english = language == LANGUAGE_EN;

	text_add(text, "  ");
	if (line->case_id != 0)
		text_addf(text, "  %s %lld", english ? "case" : "案件", (long long)line->case_id);
	if (line->number != NULL)
		text_addf(text, "  %s", line->number);
	if (line->message != NULL)
		text_addf(text, "  %s %s", english ? "message" : "メール", line->message);
	if (line->deadline != NULL)
		text_addf(text, "  %s %s", english ? "deadline" : "期限", line->deadline);
	if (line->key != NULL)
		text_addf(text, "  %s", line->key);
	if (line->count != NULL)
		text_addf(text, english ? "  %s of them" : "  %s 件", line->count);
	text_add(text, "\n");
}

char *
alert_list_text(struct arena *arena, enum language language, const struct alert_line *list,
	size_t count)
{
	bool english = language == LANGUAGE_EN;
	struct text text;

	text_init(&text, arena, LIST_MAX);
	for (size_t i = 0; i < KINDS; i++) {
		size_t found = count_of(kinds[i].kind, list, count);

		if (found == 0)
			continue;
		text_addf(&text, english ? "  %s: %zu\n" : "  %s: %zu 件\n",
			kinds[i].words[language], found);
		for (size_t k = 0; k < count; k++)
			if (list[k].kind == kinds[i].kind)
				add_line(&text, language, &list[k]);
	}
	return text.data;
}

char *
alert_list_urgent(struct arena *arena, enum language language, const struct alert_line *list,
	size_t count)
{
	bool english = language == LANGUAGE_EN;
	struct text text;

	text_init(&text, arena, LIST_MAX);
	for (size_t i = 0; i < KINDS; i++) {
		size_t found = kinds[i].urgent ? count_of(kinds[i].kind, list, count) : 0;
		const char *comma = text.len == 0 ? "" : english ? ", " : "、";

		if (found > 0)
			text_addf(&text, english ? "%s%s: %zu" : "%s%s %zu 件", comma,
				kinds[i].words[language], found);
	}
	return text.len > 0 ? text.data : NULL;
}
