/*
 * What a digest says, as plain text. It may go in clear: handling numbers, ids,
 * dates and what to do stand in it; no subject, sender, addressee or text of a
 * mail, and no server's reply.
 *
 * Its shape is what digest_html() reads back: a heading has a line of dashes
 * below it, rows stand behind two blanks with two blanks between cells.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "rule/deadline.h"
#include "view/table.h"

#include <stdbool.h>
#include <stdlib.h>

#define DIGEST_MAX ((size_t)4 * 1024 * 1024)
#define CASE_COLUMNS 8
#define OUTBOX_COLUMNS 6
#define UNFILED_COLUMNS 4

/* The words, by language. */
struct words {
	const char *desk, *at, *overdue_count, *unrelated, *head;
	const char *cases, *outbox, *unfiled, *none;
	const char *case_titles[CASE_COLUMNS];
	const char *outbox_titles[OUTBOX_COLUMNS];
	const char *unfiled_titles[UNFILED_COLUMNS];
	const char *claimed, *nobody, *days_over, *days_left, *today;
	const char *do_cases, *do_outbox, *do_unfiled;
};

static const struct words words[] = {
	[LANGUAGE_JA] = {
		.desk = "窓口",
		.at = "日時",
		.overdue_count = "期限を過ぎた案件",
		.unrelated = "案件と関係がないと判定したメール",
		.head = "記録のハッシュ",
		.cases = "対応中の案件",
		.outbox = "送信の保留・遅延・失敗",
		.unfiled = "案件に入っていないメール",
		.none = "  該当はありません。\n",
		.case_titles = { "案件", "取扱番号", "段階", "対応", "担当", "期限の種類", "期限",
			"残り" },
		.outbox_titles = { "ID", "案件", "種別", "状態", "次の送信", "保留の理由" },
		.unfiled_titles = { "メール", "受領日時", "種別", "信頼度" },
		.claimed = "（未確認）",
		.nobody = "未定",
		.days_over = "日超過",
		.days_left = "日",
		.today = "本日",
		.do_cases = "案件を見る: madoguchi case show 案件\n",
		.do_outbox = "送る: madoguchi outbox release ID（失敗したものは retry ID）、"
			     "取りやめる: madoguchi outbox drop ID --why 理由\n",
		.do_unfiled = "読む: madoguchi message show メール、"
			      "案件に入れる: madoguchi message file メール 案件\n",
	},
	[LANGUAGE_EN] = {
		.desk = "Desk",
		.at = "At",
		.overdue_count = "Cases past their deadline",
		.unrelated = "Mail judged to be of no case",
		.head = "Hash of the log",
		.cases = "Open cases",
		.outbox = "Mail held, deferred or failed",
		.unfiled = "Mail in no case",
		.none = "  None.\n",
		.case_titles = { "CASE", "NUMBER", "STAGE", "PHASE", "STAFF", "DEADLINE", "DUE",
			"LEFT" },
		.outbox_titles = { "ID", "CASE", "KIND", "STATE", "NEXT TRY", "HELD BECAUSE" },
		.unfiled_titles = { "MESSAGE", "RECEIVED AT", "KIND", "TRUST" },
		.claimed = " (not confirmed)",
		.nobody = "nobody",
		.days_over = "days over",
		.days_left = "days",
		.today = "today",
		.do_cases = "To look at one: madoguchi case show CASE\n",
		.do_outbox = "To send it: madoguchi outbox release ID (retry ID if it failed); "
			     "to drop it: madoguchi outbox drop ID --why REASON\n",
		.do_unfiled = "To read it: madoguchi message show MESSAGE; "
			      "to file it: madoguchi message file MESSAGE CASE\n",
	},
};

struct telling {
	struct arena *arena;
	const struct digest *digest;
	const struct words *words;
	struct text text;
};

static char *
number_text(struct telling *telling, int64_t number)
{
	return number != 0 ? arena_printf(telling->arena, "%lld", (long long)number) : NULL;
}

/* To the minute: the seconds of a deadline or a receipt help nobody here. */
static char *
time_text(struct telling *telling, int64_t at)
{
	struct clock_civil civil;

	if (at == 0)
		return NULL;
	clock_civil(at, telling->digest->desk->time_zone, &civil);
	return arena_printf(telling->arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month,
		civil.day, civil.hour, civil.minute);
}

static int64_t
day_of(struct telling *telling, int64_t at)
{
	struct clock_civil civil;

	clock_civil(at, telling->digest->desk->time_zone, &civil);
	return clock_days(civil.year, civil.month, civil.day);
}

static bool
is_overdue(struct telling *telling, const struct record_case *record)
{
	const struct record_deadline *deadline = &record->next_deadline;

	return record->has_deadline
		&& deadline_overdue(deadline->due, deadline->state, telling->digest->now);
}

static char *
left_text(struct telling *telling, const struct record_case *record)
{
	int64_t days;

	if (!record->has_deadline)
		return NULL;
	days = day_of(telling, record->next_deadline.due) - day_of(telling, telling->digest->now);
	if (days == 0)
		return arena_strdup(telling->arena, telling->words->today);
	return arena_printf(telling->arena, "%lld %s", (long long)(days < 0 ? -days : days),
		days < 0 ? telling->words->days_over : telling->words->days_left);
}

static const char *
case_number(struct telling *telling, const struct record_case *record)
{
	if (record->number_count == 0)
		return NULL;
	if (record->number_bound)
		return record->numbers[0];
	return arena_printf(telling->arena, "%s%s", record->numbers[0], telling->words->claimed);
}

static void
heading(struct telling *telling, const char *what, size_t count)
{
	char *title = arena_printf(telling->arena, "%s (%zu)", what, count);

	text_addf(&telling->text, "\n%s\n", title);
	for (size_t i = utf8_width(title); i > 0; i--)
		text_add_char(&telling->text, '-');
	text_add_char(&telling->text, '\n');
}

static void
tell_table(struct telling *telling, const struct table *table, size_t rows, const char *what_to_do)
{
	if (rows == 0) {
		text_add(&telling->text, telling->words->none);
		return;
	}
	text_add(&telling->text, table_text(table, "  ", 0));
	text_addf(&telling->text, "\n%s", what_to_do);
}

/* The nearest deadline first, cases without one last. */
static int
by_urgency(const void *a, const void *b)
{
	const struct record_case *const *first = a, *const *second = b;
	int64_t first_due = (*first)->has_deadline ? (*first)->next_deadline.due : INT64_MAX;
	int64_t second_due = (*second)->has_deadline ? (*second)->next_deadline.due : INT64_MAX;

	if (first_due != second_due)
		return first_due < second_due ? -1 : 1;
	return (*first)->id < (*second)->id ? -1 : (*first)->id > (*second)->id;
}

static const struct record_case **
sorted_cases(struct telling *telling)
{
	size_t count = telling->digest->case_count;
	const struct record_case **sorted;

	sorted = arena_calloc(telling->arena, count + 1, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &telling->digest->cases[i];
	qsort(sorted, count, sizeof(*sorted), by_urgency);
	return sorted;
}

static void
tell_cases(struct telling *telling)
{
	const struct digest *digest = telling->digest;
	const struct record_case **sorted = sorted_cases(telling);
	struct table *table = table_new(telling->arena, telling->words->case_titles, CASE_COLUMNS);

	for (size_t i = 0; i < digest->case_count; i++) {
		const struct record_case *record = sorted[i];
		const struct record_deadline *deadline = &record->next_deadline;
		const char *const cells[CASE_COLUMNS] = {
			number_text(telling, record->id),
			case_number(telling, record),
			stage_name(record->stage),
			phase_name(record->phase),
			record->assignee != NULL ? record->assignee : telling->words->nobody,
			record->has_deadline ? deadline_kind_name(deadline->kind) : NULL,
			record->has_deadline ? time_text(telling, deadline->due) : NULL,
			left_text(telling, record),
		};

		table_add(table, cells);
	}
	heading(telling, telling->words->cases, digest->case_count);
	tell_table(telling, table, digest->case_count, telling->words->do_cases);
}

static bool
wants_a_person(struct telling *telling, const struct record_outbox *entry)
{
	return text_equal(entry->desk, telling->digest->desk->title)
		&& (entry->state == OUTBOX_HELD || entry->state == OUTBOX_DEFERRED ||
			entry->state == OUTBOX_FAILED);
}

static void
tell_outbox(struct telling *telling)
{
	const struct digest *digest = telling->digest;
	struct table *table =
		table_new(telling->arena, telling->words->outbox_titles, OUTBOX_COLUMNS);
	size_t count = 0;

	for (size_t i = 0; i < digest->outbox_count; i++) {
		const struct record_outbox *entry = &digest->outbox[i];
		bool deferred = entry->state == OUTBOX_DEFERRED;
		const char *const cells[OUTBOX_COLUMNS] = {
			number_text(telling, entry->id),
			number_text(telling, entry->case_id),
			mail_kind_name(entry->kind),
			outbox_state_name(entry->state),
			deferred ? time_text(telling, entry->next_try_at) : NULL,
			entry->state == OUTBOX_HELD ? entry->hold_why : NULL,
		};

		if (!wants_a_person(telling, entry))
			continue;
		table_add(table, cells);
		count++;
	}
	heading(telling, telling->words->outbox, count);
	tell_table(telling, table, count, telling->words->do_outbox);
}

static void
tell_unfiled(struct telling *telling)
{
	const struct digest *digest = telling->digest;
	struct table *table =
		table_new(telling->arena, telling->words->unfiled_titles, UNFILED_COLUMNS);
	size_t count = 0;

	for (size_t i = 0; i < digest->unfiled_count; i++) {
		const struct record_message *message = &digest->unfiled[i];
		const char *const cells[UNFILED_COLUMNS] = {
			number_text(telling, message->id),
			time_text(telling, message->received_at),
			mail_kind_name(message->kind),
			trust_name(message->trust),
		};

		if (!text_equal(message->desk, digest->desk->title))
			continue;
		table_add(table, cells);
		count++;
	}
	heading(telling, telling->words->unfiled, count);
	tell_table(telling, table, count, telling->words->do_unfiled);
}

char *
digest_text(struct arena *arena, const struct digest *digest)
{
	struct telling telling = { .arena = arena,
		.digest = digest,
		.words = &words[digest->language == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_JA] };
	size_t overdue = 0;

	text_init(&telling.text, arena, DIGEST_MAX);
	for (size_t i = 0; i < digest->case_count; i++)
		overdue += is_overdue(&telling, &digest->cases[i]);
	text_addf(&telling.text, "%s: %s\n", telling.words->desk, digest->desk->name);
	text_addf(&telling.text, "%s: %s\n", telling.words->at, time_text(&telling, digest->now));
	text_addf(&telling.text, "%s: %zu\n", telling.words->overdue_count, overdue);
	tell_cases(&telling);
	tell_outbox(&telling);
	tell_unfiled(&telling);
	text_addf(&telling.text, "\n%s: %lld\n", telling.words->unrelated,
		(long long)digest->unrelated_count);
	text_addf(&telling.text, "%s: %s\n", telling.words->head, digest->log_head);
	return telling.text.data;
}
