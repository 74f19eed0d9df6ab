/*
 * Dates and spans as English mail writes them, behind "by", "within" and the
 * like. Dates in figures are read by the Japanese half.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due_private.h"

#include <string.h>

static const char *const months[] = {
	"january", "february", "march", "april", "may", "june", "july", "august", "september",
	"october", "november", "december", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec", NULL,
};
static const char *const weekdays[] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sun", "mon",
	"tue", "wed", "thu", "fri", "sat", NULL,
};
static const char *const numbers[] = {
	"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
	"twelve", NULL,
};

/* 1 to 12, or 0. */
static int
take_month(const char **at)
{
	const char *from = *at;
	int found;

	if (due_word(&from, "sept")) {
		found = 8;
	} else {
		found = due_words(&from, months);
		if (found < 0)
			return 0;
	}
	(void)due_word(&from, ".");
	*at = from;
	return found % 12 + 1;
}

static int
take_weekday(const char **at)
{
	const char *from = *at;
	int found = due_words(&from, weekdays);

	if (found < 0)
		return -1;
	(void)(due_word(&from, ".") || due_word(&from, ","));
	*at = from;
	return found % 7;
}

/* "5", "five", "five (5)", "a": how many. */
static bool
take_count(const char **at, int *count_r)
{
	const char *from = *at, *again;
	int found = due_words(&from, numbers), same;

	if (found >= 0)
		*count_r = found + 1;
	else if (due_word(&from, "a") || due_word(&from, "an"))
		*count_r = 1;
	else if (!due_number(&from, count_r))
		return false;
	again = from;
	if (due_word(&again, "(") && (due_words(&again, numbers) >= 0 || due_number(&again, &same)) &&
		due_word(&again, ")"))
		from = again;
	*at = from;
	return *count_r >= 1 && *count_r <= 999;
}

/* "5th", "1st of": a day of the month. */
static bool
take_day(const char **at, int *day_r)
{
	static const char *const ends[] = { "st", "nd", "rd", "th", NULL };
	const char *from = *at;

	if (!due_number(&from, day_r) || *day_r < 1 || *day_r > 31)
		return false;
	(void)due_words(&from, ends);
	*at = from;
	return true;
}

/* ", 2026" or " 2026" */
static void
take_year(const char **at, struct due_mention *mention)
{
	const char *from = *at, *digits;
	int year;

	(void)due_word(&from, ",");
	digits = from + strspn(from, " ");
	if (strspn(digits, "0123456789") != 4 || digits[4] == ':' || !due_number(&from, &year))
		return;
	mention->year = year;
	*at = from;
}

/* "30th" by itself: a day of this month or the next. "the 3rd party" is none. */
static bool
take_day_alone(const char **at, struct due_mention *mention)
{
	static const char *const ends[] = { "st", "nd", "rd", "th", NULL };
	static const char *const behind[] = { "at", "and", "of this month", "if", "so", NULL };
	const char *from = *at, *next;

	if (from[strspn(from, " ")] < '0' || from[strspn(from, " ")] > '9' ||
		!due_number(&from, &mention->day) || mention->day < 1 || mention->day > 31 ||
		due_words(&from, ends) < 0)
		return false;
	next = from;
	if (from[0] == ' ' && due_words(&next, behind) < 0)
		return false;
	(void)due_word(&from, "of this month");
	mention->form = DUE_DATE;
	*at = from;
	return true;
}

/* "15 December 2026", "December 15th, 2026", each with a weekday before it or not. */
static bool
take_date(const char **at, struct due_mention *mention)
{
	const char *from = *at;

	mention->form = DUE_DATE;
	mention->weekday = take_weekday(&from);
	(void)due_word(&from, "the");
	mention->month = take_month(&from);
	if (mention->month > 0) {
		if (!take_day(&from, &mention->day))
			return false;
	} else {
		if (!take_day(&from, &mention->day))
			return false;
		(void)due_word(&from, "of");
		mention->month = take_month(&from);
		if (mention->month == 0)
			return false;
	}
	take_year(&from, mention);
	*at = from;
	return true;
}

static bool
take_span(const char **at, struct due_mention *mention)
{
	static const char *const units[] = {
		"days", "day", "weeks", "week", "months", "month", "hours", "hour", "hrs", "years", "year", NULL,
	};
	static const struct span spans[] = {
		{ 1, SPAN_DAYS }, { 1, SPAN_DAYS }, { 7, SPAN_DAYS }, { 7, SPAN_DAYS },
		{ 1, SPAN_MONTHS }, { 1, SPAN_MONTHS }, { 0, SPAN_DAYS }, { 0, SPAN_DAYS },
		{ 0, SPAN_DAYS }, { 12, SPAN_MONTHS }, { 12, SPAN_MONTHS },
	};
	static const char *const business[] = { "business", "working", "work", "weekdays", NULL };
	const char *from = *at, *second_at;
	int count, second, unit;
	bool working;

	(void)(due_word(&from, "next") || due_word(&from, "following"));
	if (!take_count(&from, &count))
		return false;
	second_at = from;
	if ((due_word(&second_at, "-") || due_word(&second_at, "~") || due_word(&second_at, "to") ||
		due_word(&second_at, "or")) && take_count(&second_at, &second) && second > count)
		from = second_at;
	(void)due_word(&from, "full");
	working = due_words(&from, business) >= 0;
	if (!working)
		(void)due_word(&from, "calendar");
	(void)due_word(&from, "-");
	unit = due_words(&from, units);
	if (unit < 0)
		return false;
	if (spans[unit].count == 0) {
		mention->form = DUE_HOURS;
		mention->count = count;
	} else {
		mention->form = DUE_SPAN;
		mention->span = spans[unit];
		mention->span.count *= count;
		if (working && unit <= 1)
			mention->span.unit = SPAN_BUSINESS_DAYS;
	}
	*at = from;
	return true;
}

/* "tomorrow", "this week", "the month", "next Friday", "December" behind "end of". */
static bool
take_words(const char **at, bool end_of, struct due_mention *mention)
{
	const char *from = *at;
	bool next = false, named = true;

	if (due_word(&from, "today") || due_word(&from, "tonight") || due_word(&from, "the day") ||
		(end_of && (due_word(&from, "business day") || due_word(&from, "day")))) {
		mention->form = DUE_DAY;
		(void)due_word(&from, "today");
		mention->count = due_word(&from, "tomorrow");
		*at = from;
		return true;
	}
	if (due_word(&from, "tomorrow")) {
		mention->form = DUE_DAY;
		mention->count = 1;
		*at = from;
		return true;
	}
	next = due_word(&from, "next") || due_word(&from, "the next");
	if (!next)
		named = due_word(&from, "this") || due_word(&from, "the coming") ||
			due_word(&from, "the current") || due_word(&from, "coming") || due_word(&from, "the");
	if ((named || end_of) && due_word(&from, "week")) {
		mention->form = DUE_WEEK;
		mention->count = next;
	} else if ((named || end_of) && due_word(&from, "month")) {
		mention->form = DUE_MONTH;
		mention->count = next;
	} else if (named && !next && due_word(&from, "year")) {
		mention->form = DUE_YEAR;
	} else if ((mention->weekday = take_weekday(&from)) >= 0) {
		mention->form = DUE_WEEKDAY;
		mention->count = DUE_NEXT;
	} else if (end_of && (mention->month = take_month(&from)) > 0) {
		mention->form = DUE_DATE;
		mention->day = DUE_LAST_DAY;
		take_year(&from, mention);
	} else {
		return false;
	}
	*at = from;
	return true;
}

/* "2026/12/05", "12/5": as they stand in Japanese mail too. */
static bool
take_figures(const char **at, struct due_mention *mention)
{
	const char *from = *at + strspn(*at, " ");
	struct due_mention figures;
	bool limit;

	if (!due_may_begin(*at, from) || !due_take_ja(&from, &figures, &limit) ||
		figures.form != DUE_DATE || figures.month == 0)
		return false;
	if (figures.hour < 0) {
		figures.hour = mention->hour;
		figures.minute = mention->minute;
	}
	*mention = figures;
	*at = from;
	return true;
}

/* Each way is tried from the same place, with nothing kept of those that did not fit. */
static bool
take_expression(const char **at, bool end_of, struct due_mention *mention)
{
	const struct due_mention before = *mention;
	const char *from = *at;

	if (take_date(at, mention))
		return true;
	*mention = before;
	*at = from;
	if (take_words(at, end_of, mention))
		return true;
	*mention = before;
	*at = from;
	if (take_span(at, mention))
		return true;
	*mention = before;
	*at = from;
	if (take_figures(at, mention))
		return true;
	*mention = before;
	*at = from;
	return take_day_alone(at, mention);
}

bool
due_take_en(const char **at, struct due_mention *mention_r)
{
	static const struct due_mention nothing = { .weekday = -1, .hour = -1, .minute = -1 };
	const char *from = *at;
	bool end_of;

	*mention_r = nothing;
	due_time(&from, mention_r);
	if (mention_r->hour >= 0)
		(void)(due_word(&from, "on") || due_word(&from, "of") || due_word(&from, ","));
	(void)due_word(&from, "the");
	end_of = due_word(&from, "end of") || due_word(&from, "close of business") ||
		due_word(&from, "cob") || due_word(&from, "eod");
	if (end_of)
		(void)(due_word(&from, "on") || due_word(&from, ","));
	if (!take_expression(&from, end_of, mention_r))
		return false;
	if (mention_r->hour < 0 && mention_r->form != DUE_SPAN && mention_r->form != DUE_HOURS) {
		(void)due_word(&from, ",");
		due_time(&from, mention_r);
	}
	*at = from;
	return true;
}
