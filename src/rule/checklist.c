/*
 * Reads the response guide's checklist out of its tab-separated table. Knows
 * the words of its columns; must not know its items, which the guide changes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/checklist.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum column {
	COLUMN_ITEM, COLUMN_PHASE, COLUMN_VENDOR, COLUMN_EVENT, COLUMN_TITLE_JA, COLUMN_TITLE_EN,
	COLUMNS
};

static const char *const events[TICK_EVENTS] = {
	[TICK_STAFF] = "staff",
	[TICK_ALERT_DELIVERED] = "alert-delivered",
	[TICK_ACKNOWLEDGEMENT_SENT] = "acknowledgement-sent",
	[TICK_CHANNEL_AGREED] = "channel-agreed",
	[TICK_PROGRESS_REPORT_SENT] = "progress-report-sent",
	[TICK_COMPLETION_REPORT_SENT] = "completion-report-sent",
};

/* Cuts the line at its tabs; returns how many columns there were, at most COLUMNS + 1. */
static size_t
columns_cut(char *line, char *column_r[COLUMNS])
{
	size_t count = 0;

	for (;;) {
		char *tab = strchr(line, '\t');

		if (count == COLUMNS)
			return COLUMNS + 1;
		column_r[count++] = line;
		if (tab == NULL)
			return count;
		*tab = '\0';
		line = tab + 1;
	}
}

static bool
event_read(const char *word, enum tick_event *event_r)
{
	for (int i = 0; i < TICK_EVENTS; i++) {
		if (text_equal(events[i], word)) {
			*event_r = (enum tick_event)i;
			return true;
		}
	}
	return false;
}

/* What is wrong with the line, NULL when nothing is. */
static const char *
item_read(char *line, const struct checklist *checklist, struct checklist_item *item_r)
{
	char *column[COLUMNS];
	struct checklist_item item;

	if (columns_cut(line, column) != COLUMNS)
		return "six columns, parted by tabs, are wanted";
	for (int i = 0; i < COLUMNS; i++) {
		if (column[i][0] == '\0')
			return "a column is empty";
	}
	if (checklist_find(checklist, column[COLUMN_ITEM]) != NULL)
		return "the item stands there twice";
	if (!phase_read(column[COLUMN_PHASE], &item.phase))
		return "unknown phase";
	if (!text_equal(column[COLUMN_VENDOR], "yes") && !text_equal(column[COLUMN_VENDOR], "no"))
		return "the third column is yes or no";
	if (!event_read(column[COLUMN_EVENT], &item.ticked_by))
		return "unknown event in the fourth column";
	item.vendor_can_help = text_equal(column[COLUMN_VENDOR], "yes");
	item.item = column[COLUMN_ITEM];
	item.title_ja = column[COLUMN_TITLE_JA];
	item.title_en = column[COLUMN_TITLE_EN];
	*item_r = item;
	return NULL;
}

/* The line at *at without its end, moving *at to the next; NULL at the end of the text. */
static char *
line_next(char **at)
{
	char *line = *at;
	char *end;

	if (*line == '\0')
		return NULL;
	end = line + strcspn(line, "\n");
	*at = *end == '\0' ? end : end + 1;
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	*end = '\0';
	return line;
}

enum outcome
checklist_read(struct arena *arena, const char *bytes, size_t len, struct checklist *checklist_r,
	struct err *err_r)
{
	struct checklist checklist = { NULL, 0 };
	char *at = arena_strndup(arena, bytes, len);
	char *line;

	if (!utf8_valid(bytes, len))
		return err_set(err_r, NEVER, "the checklist is not valid UTF-8");
	checklist.items = arena_calloc(arena, CHECKLIST_MAX, sizeof(*checklist.items));
	for (size_t number = 1; (line = line_next(&at)) != NULL; number++) {
		const char *wrong;

		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (checklist.count == CHECKLIST_MAX)
			return err_set(err_r, NEVER, "line %zu: more than %d items", number,
				CHECKLIST_MAX);
		wrong = item_read(line, &checklist, &checklist.items[checklist.count]);
		if (wrong != NULL)
			return err_set(err_r, NEVER, "line %zu: %s", number, wrong);
		checklist.count++;
	}
	*checklist_r = checklist;
	return DONE;
}

enum tick_event
checklist_event_of(enum mail_kind kind)
{
	switch (kind) {
	case KIND_ACKNOWLEDGEMENT:
		return TICK_ACKNOWLEDGEMENT_SENT;
	case KIND_FINDING:
	case KIND_PROGRESS:
	case KIND_EXTENSION:
		return TICK_PROGRESS_REPORT_SENT;
	case KIND_COMPLETION:
		return TICK_COMPLETION_REPORT_SENT;
	default:
		return TICK_STAFF;
	}
}

const struct checklist_item *
checklist_find(const struct checklist *checklist, const char *item)
{
	for (size_t i = 0; i < checklist->count; i++) {
		if (text_equal(checklist->items[i].item, item))
			return &checklist->items[i];
	}
	return NULL;
}

const struct incident_item incident_items[INCIDENT_ITEMS] = {
	{ "stop-site", "サイトの停止", "Stop the site" },
	{ "tell-users", "利用者への告知", "Tell the users" },
	{ "authority-report", "監督官庁への報告（個人データの漏えい等：個人情報保護委員会）",
		"Report to the authority" },
	{ "persons-notice", "本人への通知", "Notify the persons concerned" },
};

const struct incident_item *
incident_find(const char *item)
{
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		if (text_equal(incident_items[i].item, item))
			return &incident_items[i];
	}
	return NULL;
}

bool
checklist_ticked(const struct record_tick *ticks, size_t count, const char *item)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(ticks[i].item, item))
			return true;
	}
	return false;
}

enum phase
checklist_phase(const struct checklist *checklist, const struct record_tick *ticks, size_t count)
{
	size_t ticked[PHASES] = { 0 }, items[PHASES] = { 0 };
	int phase;

	for (size_t i = 0; i < checklist->count; i++) {
		const struct checklist_item *item = &checklist->items[i];

		items[item->phase]++;
		ticked[item->phase] += checklist_ticked(ticks, count, item->item);
	}
	for (phase = PHASES - 1; phase > 0 && ticked[phase] == 0; phase--)
		;
	if (ticked[phase] > 0 && ticked[phase] == items[phase] && phase + 1 < PHASES)
		phase++;
	return (enum phase)phase;
}

enum phase
checklist_follow(enum phase at, enum phase before, enum phase now)
{
	return at == before || now > at ? now : at;
}
