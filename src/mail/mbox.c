/*
 * mbox, in the forms that are met: with ">From " quoted once or again and again
 * (mboxo, mboxrd), dates with or without an offset. Must not look into a
 * message further than at the beginnings of its lines.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mbox.h"

#include "base/clock.h"
#include "base/text.h"
#include "mail/address.h"

#include <stdio.h>
#include <string.h>

#define FROM "From "
#define FROM_LEN (sizeof(FROM) - 1)
#define LINE_MAX_BYTES 1000	/* of a "From " line; a longer one bears no date */
#define WORDS_MAX 32

/* Bytes of the line at that place, its line end included. */
static size_t
line_len(const char *bytes, size_t len)
{
	const char *feed = memchr(bytes, '\n', len);

	return feed != NULL ? (size_t)(feed - bytes) + 1 : len;
}

static bool
begins_from(const char *bytes, size_t len)
{
	return len >= FROM_LEN && memcmp(bytes, FROM, FROM_LEN) == 0;
}

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "SunMonTueWedThuFriSat";

static int
month_of(const char *word)
{
	const char *found = strlen(word) == 3 ? strstr(months, word) : NULL;

	return found != NULL && (found - months) % 3 == 0 ? (int)(found - months) / 3 + 1 : 0;
}

static bool
is_year(const char *word)
{
	return strlen(word) == 4 && strspn(word, "0123456789") == 4;
}

/* "+0900" in seconds, 0 for anything else. */
static int
offset_of(const char *word)
{
	int hours, minutes;
	char sign;

	if (strlen(word) != 5 || sscanf(word, "%c%2d%2d", &sign, &hours, &minutes) != 3 ||
		(sign != '+' && sign != '-'))
		return 0;
	return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/* "Nov 26 10:00:00 2026", an offset before or behind the year; 0 when it is none. */
static int64_t
date_of(const char *const words[WORDS_MAX], size_t count, size_t at)
{
	struct clock_civil civil = { .month = month_of(words[at]) };
	size_t year = at + 3;
	int offset = 0, read;

	if (civil.month == 0 || count < at + 4)
		return 0;
	read = sscanf(words[at + 2], "%2d:%2d:%2d", &civil.hour, &civil.minute, &civil.second);
	if (read < 2 || sscanf(words[at + 1], "%2d", &civil.day) != 1)
		return 0;
	if (!is_year(words[year]) && year + 1 < count)
		offset = offset_of(words[year++]);
	else if (year + 1 < count)
		offset = offset_of(words[year + 1]);
	if (!is_year(words[year]) || sscanf(words[year], "%d", &civil.year) != 1 ||
		civil.year < 1970 || civil.day < 1 || civil.hour < 0 || civil.hour > 23 ||
		civil.minute < 0 || civil.minute > 59 || civil.second < 0 || civil.second > 60 ||
		civil.day > clock_month_days(civil.year, civil.month))
		return 0;
	return clock_from_civil(&civil, "UTC") - offset * CLOCK_SECOND;
}

/* The date stands behind the sender, who may be of several words. */
static int64_t
date_in(const char *bytes, size_t len)
{
	char line[LINE_MAX_BYTES], *rest = line, *word;
	const char *words[WORDS_MAX];
	size_t count = 0;
	int64_t at = 0;

	if (len >= sizeof(line))
		return 0;
	memcpy(line, bytes, len);
	line[len] = '\0';
	while (count < WORDS_MAX && (word = strsep(&rest, " \t\r\n")) != NULL) {
		if (*word != '\0')
			words[count++] = word;
	}
	for (size_t i = 1; i < count && at == 0; i++)
		at = date_of(words, count, i);
	return at > 0 ? at : 0;
}

size_t
mbox_from_line(const char *bytes, size_t len, int64_t *at_r)
{
	size_t line = line_len(bytes, len);

	*at_r = 0;
	if (!begins_from(bytes, len))
		return 0;
	*at_r = date_in(bytes, line);
	return line;
}

static bool
is_empty(const char *line, size_t len)
{
	return (len == 1 && line[0] == '\n') || (len == 2 && line[0] == '\r');
}

bool
mbox_next(struct mbox *mbox, const char **bytes_r, size_t *len_r, int64_t *at_r)
{
	size_t from = mbox_from_line(mbox->at, mbox->left, at_r);
	const char *begin = mbox->at + from, *at = begin, *end = mbox->at + mbox->left;
	size_t last = 0; /* of the line before, if that is empty */

	if (mbox->left == 0)
		return false;
	while (at < end) {
		size_t line = line_len(at, (size_t)(end - at));

		if (last > 0 && begins_from(at, (size_t)(end - at)) && date_in(at, line) != 0)
			break;
		last = is_empty(at, line) ? line : 0;
		at += line;
	}
	*bytes_r = begin;
	*len_r = (size_t)(at - begin) - last;
	mbox->left = (size_t)(end - at);
	mbox->at = at;
	return true;
}

static bool
is_quoted(const char *line, size_t len)
{
	size_t quotes = 0;

	while (quotes < len && line[quotes] == '>')
		quotes++;
	return quotes > 0 && begins_from(line + quotes, len - quotes);
}

void
mbox_wire(struct text *wire, const char *bytes, size_t len, bool unquote)
{
	while (len > 0) {
		size_t line = line_len(bytes, len);
		size_t skip = unquote && is_quoted(bytes, line) ? 1 : 0;
		bool bare = bytes[line - 1] == '\n' && (line == 1 || bytes[line - 2] != '\r');

		text_add_bytes(wire, bytes + skip, line - skip - (bare ? 1 : 0));
		if (bare)
			text_add(wire, "\r\n");
		bytes += line;
		len -= line;
	}
}

static void
add_from_line(struct text *mbox, const char *sender, int64_t at)
{
	struct clock_civil civil;

	clock_civil(at, "UTC", &civil);
	text_addf(mbox, FROM "%s %.3s %.3s %2d %02d:%02d:%02d %04d\n",
		sender != NULL && address_valid(sender) ? sender : "MAILER-DAEMON",
		weekdays + 3 * (size_t)civil.weekday, months + 3 * (size_t)(civil.month - 1),
		civil.day, civil.hour, civil.minute, civil.second, civil.year);
}

void
mbox_add(struct text *mbox, const char *sender, int64_t at, const char *bytes, size_t len)
{
	add_from_line(mbox, sender, at);
	while (len > 0) {
		size_t line = line_len(bytes, len);
		size_t end = bytes[line - 1] == '\n' ? 1 : 0;

		end += line > 1 && end == 1 && bytes[line - 2] == '\r' ? 1 : 0;
		if (begins_from(bytes, line) || is_quoted(bytes, line))
			text_add_char(mbox, '>');
		text_add_bytes(mbox, bytes, line - end);
		text_add_char(mbox, '\n');
		bytes += line;
		len -= line;
	}
	text_add_char(mbox, '\n');
}
