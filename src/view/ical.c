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
#include "view/json_record.h"

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

/* When it begins: the day, where it is due with the day's last second. */
static char *
start_line(struct arena *arena, int64_t due, const char *zone)
{
	struct clock_civil civil;

	clock_civil(due, zone, &civil);
	if (civil.hour * 3600 + civil.minute * 60 + civil.second != LAST_SECOND)
		return arena_printf(arena, "DTSTART:%s", utc(arena, due));
	return arena_printf(arena, "DTSTART;VALUE=DATE:%04d%02d%02d", civil.year, civil.month, civil.day);
}

static const char *
domain_of(const struct policy *policy, const char *title)
{
	const struct policy_desk *desk = policy_desk_of(policy, title);

	return desk != NULL ? address_domain(desk->address) : "madoguchi.invalid";
}

static void
add_event(struct arena *arena, const struct policy *policy, const struct ical_deadline *one,
	int64_t now, struct text *text)
{
	const struct record_deadline *deadline = one->deadline;
	bool pending = deadline->state == DEADLINE_PENDING;
	const char *summary = escaped(arena, one->number != NULL
		? arena_printf(arena, "%s: %s", one->number, deadline_kind_name(deadline->kind))
		: arena_printf(arena, "case %lld: %s", (long long)deadline->case_id,
			deadline_kind_name(deadline->kind)));

	add_line(text, "BEGIN:VEVENT");
	add_line(text, arena_printf(arena, "UID:deadline-%lld@%s", (long long)deadline->id,
		domain_of(policy, one->desk)));
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
		add_line(text, "TRIGGER:-P1D");
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
