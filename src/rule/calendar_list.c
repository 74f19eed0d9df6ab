/*
 * Files of days: those that the gazette or the organisation changed, and the
 * holidays of a country that has no rules here. Read once, kept in order of the
 * days, so that a look-up costs nothing beside the rest of a count.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/calendar.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 200

/* Up to width digits; moves *at. */
static bool
take_digits(const char **at, int width, int *value_r)
{
	*value_r = 0;
	for (int i = 0; i < width; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*value_r = 10 * *value_r + (**at - '0');
	}
	return true;
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool
take_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0)
		return false;
	if ((*at)[len] != '\0' && strchr(" \t#", (*at)[len]) == NULL)
		return false;
	*at += len;
	return true;
}

/* "YYYY-MM-DD" and what stands behind its blanks. */
static bool
take_day(const char **at, int64_t *days_r)
{
	int year, month, day;

	if (!take_digits(at, 4, &year) || !take_char(at, '-') || !take_digits(at, 2, &month) ||
		!take_char(at, '-') || !take_digits(at, 2, &day) || month < 1 || month > 12 ||
		day < 1 || day > clock_month_days(year, month))
		return false;
	if (**at != '\0' && strchr(" \t#", **at) == NULL)
		return false;
	*days_r = clock_days(year, month, day);
	*at += strspn(*at, " \t");
	return true;
}

/* What a line says of its day, in words for a person; `otherwise` when it says nothing. */
static const char *
remark(struct arena *arena, const char *at, const char *otherwise)
{
	char *words;
	size_t len;

	at += strspn(at, " \t#");
	words = text_printable(arena, at);
	text_one_line(words);
	for (len = strlen(words); len > 0 && words[len - 1] == ' '; len--)
		words[len - 1] = '\0';
	words[utf8_cut(words, NAME_MAX_BYTES)] = '\0';
	return words[0] != '\0' ? words : otherwise;
}

static bool
read_line(struct arena *arena, enum calendar_file file, const char *line, struct policy_day *day_r)
{
	const char *at = line;

	if (!take_day(&at, &day_r->days))
		return false;
	day_r->open = false;
	if (file == CALENDAR_HOLIDAYS) {
		day_r->why = remark(arena, at, "holiday");
		return true;
	}
	day_r->open = take_word(&at, "open");
	if (!day_r->open && !take_word(&at, "closed"))
		return false;
	day_r->why = remark(arena, at, "closed by the overrides file");
	return true;
}

static bool
says_nothing(const char *line)
{
	line += strspn(line, " \t");
	return *line == '\0' || *line == '#';
}

/* By day, and lines of one day in the order of the file. */
static int
by_day(const void *one, const void *other)
{
	const struct policy_day *a = one, *b = other;

	if (a->days != b->days)
		return a->days < b->days ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

int
calendar_file_read(struct arena *arena, enum calendar_file file, const char *text,
	struct policy_days *days_r)
{
	struct policy_days days = { NULL, 0 };
	size_t room = 1, last = 0;
	int number = 0;

	for (const char *at = text; *at != '\0'; at++)
		room += *at == '\n';
	days.at = arena_calloc(arena, room, sizeof(*days.at));
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		char *line = arena_strndup(arena, text, len);

		number++;
		text += len + (text[len] == '\n');
		if (len > 0 && line[len - 1] == '\r')
			line[len - 1] = '\0';
		if (says_nothing(line))
			continue;
		if (!read_line(arena, file, line, &days.at[days.count]))
			return number;
		days.at[days.count++].line = number;
	}
	qsort(days.at, days.count, sizeof(*days.at), by_day);
	/* A later line of a day wins. */
	for (size_t i = 0; i < days.count; i++) {
		if (i > 0 && days.at[last].days != days.at[i].days)
			last++;
		days.at[last] = days.at[i];
	}
	days.count = days.count > 0 ? last + 1 : 0;
	*days_r = days;
	return 0;
}

const struct policy_day *
calendar_file_day(const struct policy_days *days, int64_t day)
{
	size_t low = 0, high = days->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (days->at[middle].days < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < days->count && days->at[low].days == day ? &days->at[low] : NULL;
}
