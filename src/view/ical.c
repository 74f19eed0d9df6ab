/*
 * The calendar object: lines of content, folded at 75 octets (RFC 5545 3.1), text
 * escaped (3.3.11).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ical.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "rule/calendar.h"
#include "rule/remind.h"
#include "view/json_record.h"
#include "view/spoken.h"

#include <stdbool.h>
#include <string.h>

#define ICAL_MAX ((size_t)256 * 1024 * 1024)
#define LINE_OCTETS 75
#define LAST_SECOND (24 * 3600 - 1)

/* A content line; no character is parted by the folding. */
static void
add_line(struct text *text, const char *line)
{
	size_t room = LINE_OCTETS;

	while (strlen(line) > room) {
		size_t len = utf8_cut(line, room);

		text_add_bytes(text, line, len);
		text_add(text, "\r\n ");
		line += len;
		room = LINE_OCTETS - 1;
	}
	text_add(text, line);
	text_add(text, "\r\n");
}

static char *
escaped(struct arena *arena, const char *words)
{
	struct text text;

	text_init(&text, arena, ICAL_MAX);
	text_add(&text, "");
	for (; *words != '\0'; words++) {
		if (strchr("\\;,", *words) != NULL)
			text_add_char(&text, '\\');
		text_add_char(&text, *words);
	}
	return text.data;
}

/* By reckoning: to go to and fro between two zones for each line costs a file each time. */
static char *
utc(struct arena *arena, int64_t at)
{
	int64_t seconds = at / CLOCK_SECOND;
	int year, month, day, left = (int)(seconds % (24 * 3600));

	clock_from_days(seconds / (24 * 3600), &year, &month, &day);
	return arena_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", year, month, day, left / 3600,
		left / 60 % 60, left % 60);
}

/* Of the whole day is what is due with the day's last second. */
static bool
is_whole_day(int64_t due, const char *zone, struct clock_civil *civil_r)
{
	clock_civil(due, zone, civil_r);
	return civil_r->hour * 3600 + civil_r->minute * 60 + civil_r->second == LAST_SECOND;
}

static char *
start_line(struct arena *arena, int64_t due, const char *zone)
{
	struct clock_civil civil;

	if (!is_whole_day(due, zone, &civil))
		return arena_printf(arena, "DTSTART:%s", utc(arena, due));
	return arena_printf(arena, "DTSTART;VALUE=DATE:%04d%02d%02d", civil.year, civil.month, civil.day);
}

/* As staff are reminded by mail; of a desk that the conf has no more, the day before. */
static int64_t
alarm_at(const struct policy *policy, const char *title, int64_t due, const char *zone)
{
	const struct policy_desk *desk = policy_desk_of(policy, title);

	return desk != NULL ? remind_at(policy, (size_t)(desk - policy->desks), due, REMINDER_SOON)
			    : calendar_on_day(calendar_day_of(due, zone) - 1, policy->hours_from, zone);
}

/* From the beginning, not as an instant: of the two, calendars all know this one. */
static char *
trigger_line(struct arena *arena, const struct policy *policy, const char *title, int64_t due)
{
	const char *zone = json_zone(policy, title);
	struct clock_civil civil;
	int64_t start = is_whole_day(due, zone, &civil)
		? calendar_on_day(calendar_day_of(due, zone), 0, zone) : due;
	int64_t minutes = (alarm_at(policy, title, due, zone) - start) / (60 * CLOCK_SECOND);
	bool before = minutes < 0;

	minutes = before ? -minutes : minutes;
	return arena_printf(arena, "TRIGGER:%sPT%lldH%lldM", before ? "-" : "",
		(long long)minutes / 60, (long long)minutes % 60);
}

static const char *
domain_of(const struct policy *policy, const char *title)
{
	const struct policy_desk *desk = policy_desk_of(policy, title);

	return desk != NULL ? address_domain(desk->address) : "madoguchi.invalid";
}

static char *
summary_of(struct arena *arena, const struct policy *policy, const struct ical_deadline *one)
{
	const struct policy_desk *desk = policy_desk_of(policy, one->desk);
	enum language language = desk != NULL ? desk->language : LANGUAGE_JA;
	const char *what = spoken_deadline(one->deadline, language);

	if (one->number != NULL)
		return escaped(arena, arena_printf(arena, "%s: %s", one->number, what));
	return escaped(arena, arena_printf(arena, language == LANGUAGE_EN ? "case %lld: %s" : "案件 %lld: %s",
		(long long)one->deadline->case_id, what));
}

/* An item of a list for trouble under way has one day at a time. */
static char *
uid_line(struct arena *arena, const struct record_deadline *deadline, const char *domain)
{
	if (deadline->item != NULL)
		return arena_printf(arena, "UID:incident-%lld-%s@%s", (long long)deadline->case_id,
			deadline->item, domain);
	return arena_printf(arena, "UID:deadline-%lld@%s", (long long)deadline->id, domain);
}

static void
add_event(struct arena *arena, const struct policy *policy, const struct ical_deadline *one,
	int64_t now, struct text *text)
{
	const struct record_deadline *deadline = one->deadline;
	bool pending = deadline->state == DEADLINE_PENDING;
	const char *summary = summary_of(arena, policy, one);

	add_line(text, "BEGIN:VEVENT");
	add_line(text, uid_line(arena, deadline, domain_of(policy, one->desk)));
	add_line(text, arena_printf(arena, "DTSTAMP:%s", utc(arena, now)));
	add_line(text, start_line(arena, deadline->due, json_zone(policy, one->desk)));
	add_line(text, arena_printf(arena, "SUMMARY:%s", summary));
	add_line(text, arena_printf(arena, "SEQUENCE:%d", pending ? 0 : 1));
	add_line(text, pending ? "STATUS:CONFIRMED" : "STATUS:CANCELLED");
	add_line(text, "CLASS:CONFIDENTIAL");
	add_line(text, "TRANSP:TRANSPARENT");
	if (pending) {
		add_line(text, "BEGIN:VALARM");
		add_line(text, "ACTION:DISPLAY");
		add_line(text, arena_printf(arena, "DESCRIPTION:%s", summary));
		add_line(text, trigger_line(arena, policy, one->desk, deadline->due));
		add_line(text, "END:VALARM");
	}
	add_line(text, "END:VEVENT");
}

char *
ical_text(struct arena *arena, const struct policy *policy, const struct ical_deadline *list,
	size_t count, int64_t now)
{
	struct text text;

	text_init(&text, arena, ICAL_MAX);
	add_line(&text, "BEGIN:VCALENDAR");
	add_line(&text, "VERSION:2.0");
	add_line(&text, "PRODID:-//madoguchi//" PACKAGE_VERSION "//EN");
	add_line(&text, "X-WR-CALNAME:madoguchi");
	for (size_t i = 0; i < count; i++)
		add_event(arena, policy, &list[i], now, &text);
	add_line(&text, "END:VCALENDAR");
	return text.data;
}
