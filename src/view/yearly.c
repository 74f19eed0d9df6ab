/*
 * The working calendar of a year. A day that is closed but is no weekend bears a
 * mark, so that the eye finds what to compare with the list beneath.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/yearly.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "rule/calendar.h"
#include "view/json.h"

#include <stdbool.h>
#include <string.h>

#define YEARLY_MAX ((size_t)256 * 1024)
#define CELL 4		/* columns of a day: two figures, a mark, a blank */
#define MONTH_WIDTH (7 * CELL)
#define MONTH_GAP 2
#define WEEKS 6
#define SIDE_BY_SIDE 3

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

static int
weekday_of(int64_t days)
{
	return (int)((days + 4) % 7);
}

static bool
is_weekend(const char *why)
{
	return text_equal(why, "weekend");
}

static void
add_padded(struct text *text, const char *words, size_t width)
{
	size_t have = utf8_width(words);

	text_add(text, words);
	for (; have < width; have++)
		text_add_char(text, ' ');
}

/* A line of one month: its name, the weekdays' names, or a week. */
static char *
month_line(struct arena *arena, const struct policy *policy, int year, int month, int line)
{
	int64_t first = clock_days(year, month, 1);
	int day = 1 - weekday_of(first) + 7 * (line - 2), last = clock_month_days(year, month);
	struct text text;

	text_init(&text, arena, YEARLY_MAX);
	if (line == 0)
		text_addf(&text, "%04d-%02d", year, month);
	for (int i = 0; line == 1 && i < 7; i++)
		text_addf(&text, "%.2s  ", weekdays[i]);
	for (int i = 0; line > 1 && i < 7; i++, day++) {
		const char *why;

		if (day < 1 || day > last) {
			text_add(&text, "    ");
			continue;
		}
		why = calendar_closed(policy, first + day - 1);
		text_addf(&text, "%2d%c ", day,
			why == NULL ? ' ' : is_weekend(why) ? '-' : '*');
	}
	return text.data != NULL ? text.data : arena_strdup(arena, "");
}

static void
add_line(struct text *text, char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == ' ')
		line[--len] = '\0';
	text_add(text, line);
	text_add_char(text, '\n');
}

static void
add_months(struct arena *arena, const struct policy *policy, int year, int from, int count,
	struct text *text)
{
	for (int line = 0; line < 2 + WEEKS; line++) {
		struct text row;

		text_init(&row, arena, YEARLY_MAX);
		for (int i = 0; i < count && from + i <= 12; i++)
			add_padded(&row, month_line(arena, policy, year, from + i, line),
				MONTH_WIDTH + MONTH_GAP);
		/* No month of the row has a sixth week. */
		if (line == 1 + WEEKS && row.data[strspn(row.data, " ")] == '\0')
			break;
		add_line(text, row.data);
	}
	text_add_char(text, '\n');
}

static int
business_days(const struct policy *policy, int year)
{
	int count = 0;

	for (int64_t at = clock_days(year, 1, 1); at < clock_days(year + 1, 1, 1); at++)
		count += calendar_closed(policy, at) == NULL;
	return count;
}

/* Why each day is closed, but for plain weekends. */
static void
add_reasons(const struct policy *policy, int year, struct text *text)
{
	for (int64_t at = clock_days(year, 1, 1); at < clock_days(year + 1, 1, 1); at++) {
		const char *why = calendar_closed(policy, at);
		int of, month, day;

		if (why == NULL || is_weekend(why))
			continue;
		clock_from_days(at, &of, &month, &day);
		text_addf(text, "%04d-%02d-%02d %s  %s\n", of, month, day, weekdays[weekday_of(at)],
			why);
	}
}

char *
yearly_text(struct arena *arena, const struct policy *policy, int year, unsigned width)
{
	int count = SIDE_BY_SIDE;
	struct text text;

	while (count > 1 && width > 0 &&
		(unsigned)count * (MONTH_WIDTH + MONTH_GAP) - MONTH_GAP - 1 > width)
		count--;
	text_init(&text, arena, YEARLY_MAX);
	for (int month = 1; month <= 12; month += count)
		add_months(arena, policy, year, month, count, &text);
	text_add(&text, "- weekend, * closed for the reason below\n\n");
	add_reasons(policy, year, &text);
	text_addf(&text, "\n%d business days in %04d\n", business_days(policy, year), year);
	if (!calendar_known(policy, clock_days(year, 1, 1)))
		text_addf(&text, "The holidays of %04d are not known.\n", year);
	return text.data;
}

struct jsontext *
yearly_json(struct arena *arena, const struct policy *policy, int year)
{
	struct jsontext *object = jsontext_object(arena), *closed = jsontext_array(arena);

	jsontext_number(object, "year", year);
	jsontext_string(object, "country", policy->country);
	jsontext_bool(object, "known", calendar_known(policy, clock_days(year, 1, 1)));
	jsontext_number(object, "business_days", business_days(policy, year));
	for (int64_t at = clock_days(year, 1, 1); at < clock_days(year + 1, 1, 1); at++) {
		const char *why = calendar_closed(policy, at);
		struct jsontext *one;
		int of, month, day;

		if (why == NULL)
			continue;
		clock_from_days(at, &of, &month, &day);
		one = jsontext_object(arena);
		jsontext_string(one, "date", arena_printf(arena, "%04d-%02d-%02d", of, month, day));
		jsontext_string(one, "weekday", weekdays[weekday_of(at)]);
		jsontext_string(one, "why", why);
		jsontext_add(closed, one);
	}
	jsontext_put(object, "closed", closed);
	return object;
}
