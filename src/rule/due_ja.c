/*
 * Dates and spans as Japanese mail writes them, and those in figures alone. Says
 * what stands there, not whether it is a limit for anybody (due_find.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due_private.h"

#include <string.h>

#define PAREN_MAX 48	/* bytes of a remark in brackets that is passed over */
#define REIWA 2018	/* the year before its first */
#define HEISEI 1988

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
in_month(int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* "令和8年", "令和元年", "R8." : the year, and the sign behind it to *sign_r ('y' for 年). */
static bool
take_era(const char **at, int *year_r, char *sign_r)
{
	static const char *const eras[] = { "令和", "平成", "r", "h", NULL };
	static const int before_first[] = { REIWA, HEISEI, REIWA, HEISEI };
	const char *from = *at;
	int era, year = 1;

	for (era = 0; eras[era] != NULL; era++) {
		if (strncmp(from, eras[era], strlen(eras[era])) == 0)
			break;
	}
	if (eras[era] == NULL)
		return false;
	from += strlen(eras[era]);
	if (!due_word(&from, "元") && (!due_number(&from, &year) || year < 1 || year > 99))
		return false;
	if (due_word(&from, "年"))
		*sign_r = 'y';
	else if (from[0] == '.' || from[0] == '/' || from[0] == '-')
		*sign_r = *from++;
	else
		return false;
	*year_r = before_first[era] + year;
	*at = from;
	return true;
}

/* What may stand in the place of a day behind "12月". */
static bool
take_part_of_month(const char **at, int *day_r, bool *limit_r)
{
	if (due_word(at, "末日") || due_word(at, "末") || due_word(at, "下旬") ||
		due_word(at, "いっぱい"))
		*day_r = DUE_LAST_DAY;
	else if (due_word(at, "中旬"))
		*day_r = 20;
	else if (due_word(at, "上旬"))
		*day_r = 10;
	else if (due_word(at, "中") || due_word(at, "内"))
		*day_r = DUE_LAST_DAY, *limit_r = true;
	else
		return false;
	return true;
}

/* "12月5日", "12月末", behind a year or not. */
static bool
take_month_day(const char **at, int month, struct due_mention *mention, bool *limit_r)
{
	const char *from = *at;
	int day;

	if (due_number(&from, &day)) {
		if (!due_word(&from, "日") || due_word(&from, "間") || !in_month(month, day))
			return false;
	} else if (month < 1 || month > 12 || !take_part_of_month(&from, &day, limit_r)) {
		return false;
	}
	mention->month = month;
	mention->day = day;
	*at = from;
	return true;
}

/* Whether figures go on behind a date in figures: then it was something else. */
static bool
runs_on(const char *at)
{
	return is_digit(at[0]) || at[0] == '/' || ((at[0] == '.' || at[0] == '-' || at[0] == ':') && is_digit(at[1]));
}

/* Behind the first figure of "2026/12/05", "12/5", "2026-12-05", "2026.12.5", "12/5/2026". */
static bool
take_figures(const char **at, int first, bool four_digits, struct due_mention *mention)
{
	const char *from = *at;
	char sign = *from;
	int second, third = -1;
	bool year_last = false;

	if (sign != '/' && sign != '.' && !(four_digits && sign == '-'))
		return false;
	from++;
	if (!is_digit(*from) || !due_number(&from, &second))
		return false;
	if (*from == sign && is_digit(from[1])) {
		const char *third_at = ++from;

		if (!due_number(&from, &third))
			return false;
		year_last = from - third_at == 4;
	}
	if (runs_on(from) || (sign == '.' && !four_digits && !year_last))
		return false;
	if (third < 0) {
		if (sign != '/' || !in_month(first, second))
			return false;
		mention->month = first;
		mention->day = second;
	} else if (year_last && sign == '.') {
		/* "30.06.2026" is written day first wherever it is written */
		mention->year = third;
		mention->month = second;
		mention->day = first;
	} else if (year_last && !four_digits) {
		mention->year = third;
		mention->day_first_doubt = first <= 12 && second <= 12 && first != second;
		mention->month = first > 12 ? second : first;
		mention->day = first > 12 ? first : second;
	} else {
		mention->year = four_digits ? first : 2000 + first;
		mention->month = second;
		mention->day = third;
		if (!four_digits && (first < 20 || first > 99))
			return false;
	}
	if (!in_month(mention->month, mention->day))
		return false;
	*at = from;
	return true;
}

/* "来年の" before a month: as `count` of a date has it; 0 and nothing taken if none. */
static int
take_year_word(const char **at)
{
	static const char *const years[] = {
		"今年", "本年", "来年", "翌年", "再来年", NULL,
	};
	static const int count[] = {
		DUE_THIS_YEAR, DUE_THIS_YEAR, DUE_THIS_YEAR + 1, DUE_THIS_YEAR + 1, DUE_THIS_YEAR + 2,
	};
	int found = due_words(at, years);

	if (found < 0)
		return 0;
	(void)due_word(at, "の");
	return count[found];
}

static bool
take_date(const char **at, struct due_mention *mention, bool *limit_r)
{
	const char *from = *at;
	int first, month;
	char sign;
	size_t digits;

	mention->form = DUE_DATE;
	mention->count = take_year_word(&from);
	if (mention->count > 0) {
		if (!due_number(&from, &month) || !due_word(&from, "月") ||
			!take_month_day(&from, month, mention, limit_r))
			return false;
		*at = from;
		return true;
	}
	if (take_era(&from, &mention->year, &sign)) {
		if (!due_number(&from, &month))
			return false;
		if (sign != 'y') {
			int day;

			if (*from++ != sign || !is_digit(*from) || !due_number(&from, &day) ||
				!in_month(month, day) || runs_on(from))
				return false;
			mention->month = month;
			mention->day = day;
		} else if (!due_word(&from, "月") || !take_month_day(&from, month, mention, limit_r)) {
			return false;
		}
		*at = from;
		return true;
	}
	digits = strspn(from, "0123456789");
	if (!due_number(&from, &first))
		return false;
	if (due_word(&from, "年")) {
		mention->year = first < 100 ? 2000 + first : first;
		if (!due_number(&from, &month) || !due_word(&from, "月") ||
			!take_month_day(&from, month, mention, limit_r))
			return false;
	} else if (due_word(&from, "月")) {
		if (!take_month_day(&from, first, mention, limit_r))
			return false;
	} else if (due_word(&from, "日")) {
		/* "5日間", "5日以内" and "5日後" are spans. */
		if (first < 1 || first > 31 || due_word(&from, "間") || due_word(&from, "以内") ||
			due_word(&from, "後") || due_word(&from, "中") || due_word(&from, "内"))
			return false;
		mention->day = first;
	} else if (!take_figures(&from, first, digits == 4, mention)) {
		return false;
	}
	*at = from;
	return true;
}

static const struct {
	const char *word;
	enum span_unit unit;
	int times;	/* 0: hours */
} units[] = {
	{ "営業日", SPAN_BUSINESS_DAYS, 1 }, { "稼働日", SPAN_BUSINESS_DAYS, 1 },
	{ "就業日", SPAN_BUSINESS_DAYS, 1 }, { "実働日", SPAN_BUSINESS_DAYS, 1 },
	{ "週間", SPAN_DAYS, 7 }, { "週", SPAN_DAYS, 7 }, { "か月", SPAN_MONTHS, 1 },
	{ "ヶ月", SPAN_MONTHS, 1 }, { "日間", SPAN_DAYS, 1 }, { "日", SPAN_DAYS, 1 },
	{ "年", SPAN_MONTHS, 12 }, { "時間", SPAN_DAYS, 0 },
};
#define UNITS (sizeof(units) / sizeof(units[0]))

/* "3営業日以内", "2~3日中", "一週間後", "半年以内"; of two figures the first, which is the earlier. */
static bool
take_span(const char **at, struct due_mention *mention, bool *limit_r)
{
	const char *from = *at, *behind;
	int count, second;
	size_t i;

	mention->form = DUE_SPAN;
	if (due_word(&from, "半年") || due_word(&from, "半月")) {
		bool year = strncmp(from - strlen("年"), "年", strlen("年")) == 0;

		mention->span = (struct span){ year ? 6 : 15, year ? SPAN_MONTHS : SPAN_DAYS };
		(void)due_word(&from, "間");
		*limit_r = due_word(&from, "以内");
		*at = from;
		return *limit_r;
	}
	if (!due_number(&from, &count))
		return false;
	behind = from;
	if (due_word(&behind, "~") || due_word(&behind, "-") || due_word(&behind, "から")) {
		if (due_number(&behind, &second) && second > count)
			from = behind;
	} else if ((due_word(&behind, ",") || *behind == ' ') && due_number(&behind, &second) &&
		second == count + 1) {
		/* "2、3日"; but "1、5営業日" and what a line's end parts are two things */
		from = behind;
	}
	for (i = 0; i < UNITS && !due_word(&from, units[i].word); i++)
		;
	if (i == UNITS || count < 1 || count > 999)
		return false;
	(void)due_word(&from, "間");
	if (units[i].times == 0) {
		mention->form = DUE_HOURS;
		mention->count = count;
	} else {
		mention->span = (struct span){ count * units[i].times, units[i].unit };
	}
	*limit_r = due_word(&from, "以内") || due_word(&from, "中") || due_word(&from, "内");
	if (!*limit_r && !due_word(&from, "後") && units[i].unit == SPAN_DAYS && units[i].times == 1) {
		/* "5日を目処に" is the fifth as well as five days: a day of the month was tried before. */
		return false;
	}
	*at = from;
	return true;
}

static const struct {
	const char *word;
	enum due_form form;
	int count;
	bool limit;
} words[] = {
	{ "本日中", DUE_DAY, 0, true }, { "今日中", DUE_DAY, 0, true }, { "本日", DUE_DAY, 0, false },
	{ "今日", DUE_DAY, 0, false }, { "明日中", DUE_DAY, 1, true }, { "明日", DUE_DAY, 1, false },
	{ "明後日中", DUE_DAY, 2, true }, { "明後日", DUE_DAY, 2, false },
	{ "翌日中", DUE_DAY, 1, true }, { "翌日", DUE_DAY, 1, false },
	{ "一両日中", DUE_DAY, 1, true },
	{ "今週中", DUE_WEEK, 0, true }, { "今週内", DUE_WEEK, 0, true }, { "今週末", DUE_WEEK, 0, false },
	{ "今週いっぱい", DUE_WEEK, 0, true }, { "週内", DUE_WEEK, 0, true }, { "週末", DUE_WEEK, 0, false },
	{ "再来週中", DUE_WEEK, 2, true }, { "再来週末", DUE_WEEK, 2, false },
	{ "来週中", DUE_WEEK, 1, true }, { "来週内", DUE_WEEK, 1, true }, { "来週末", DUE_WEEK, 1, false },
	{ "来週いっぱい", DUE_WEEK, 1, true }, { "翌週中", DUE_WEEK, 1, true }, { "翌週末", DUE_WEEK, 1, false },
	{ "今月中", DUE_MONTH, 0, true }, { "今月内", DUE_MONTH, 0, true }, { "今月末日", DUE_MONTH, 0, false },
	{ "今月末", DUE_MONTH, 0, false }, { "今月いっぱい", DUE_MONTH, 0, true }, { "当月中", DUE_MONTH, 0, true },
	{ "当月末", DUE_MONTH, 0, false }, { "月内", DUE_MONTH, 0, true }, { "月末", DUE_MONTH, 0, false },
	{ "再来月中", DUE_MONTH, 2, true }, { "再来月末", DUE_MONTH, 2, false },
	{ "来月中", DUE_MONTH, 1, true }, { "来月内", DUE_MONTH, 1, true }, { "来月末", DUE_MONTH, 1, false },
	{ "翌月中", DUE_MONTH, 1, true }, { "翌月末", DUE_MONTH, 1, false },
	{ "年度内", DUE_FISCAL_YEAR, 0, true }, { "今年度中", DUE_FISCAL_YEAR, 0, true },
	{ "本年度中", DUE_FISCAL_YEAR, 0, true }, { "年度末", DUE_FISCAL_YEAR, 0, false },
	{ "今年度末", DUE_FISCAL_YEAR, 0, false }, { "本年度末", DUE_FISCAL_YEAR, 0, false },
	{ "来年度中", DUE_FISCAL_YEAR, 1, true }, { "来年度内", DUE_FISCAL_YEAR, 1, true },
	{ "来年度末", DUE_FISCAL_YEAR, 1, false }, { "翌年度末", DUE_FISCAL_YEAR, 1, false },
	{ "来年中", DUE_YEAR, 1, true }, { "来年内", DUE_YEAR, 1, true }, { "来年末", DUE_YEAR, 1, false },
	{ "年内", DUE_YEAR, 0, true }, { "今年中", DUE_YEAR, 0, true }, { "本年中", DUE_YEAR, 0, true },
	{ "今年末", DUE_YEAR, 0, false }, { "本年末", DUE_YEAR, 0, false }, { "年末", DUE_YEAR, 0, false },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

/* "来週金曜日", "今月10日", "来週" and the like: a day of a week or month that is named by its distance. */
static bool
take_day_of(const char **at, struct due_mention *mention)
{
	static const char *const weeks[] = { "今週", "来週", "再来週", "翌週", NULL };
	static const char *const months[] = { "今月", "来月", "再来月", "翌月", "当月", NULL };
	static const int distance[] = { 0, 1, 2, 1, 0 };
	const char *from = *at;
	int found = due_words(&from, weeks), day;

	if (found >= 0) {
		(void)due_word(&from, "の");
		mention->weekday = due_weekday_ja(&from);
		mention->form = mention->weekday >= 0 ? DUE_WEEKDAY : DUE_WEEK;
		mention->count = distance[found];
	} else if ((found = due_words(&from, months)) >= 0) {
		if (due_word(&from, "上旬"))
			day = 10;
		else if (due_word(&from, "中旬"))
			day = 20;
		else if (due_word(&from, "下旬"))
			day = DUE_LAST_DAY;
		else if (!due_word(&from, "の") && !is_digit(*from))
			return false;
		else if (!due_number(&from, &day) || day < 1 || day > 31 || !due_word(&from, "日"))
			return false;
		mention->form = DUE_MONTH;
		mention->count = distance[found];
		mention->day = day;
	} else {
		(void)(due_word(&from, "次の") || due_word(&from, "今度の"));
		mention->weekday = due_weekday_ja(&from);
		if (mention->weekday < 0 || **at == '(' || **at == '[')
			return false;
		mention->form = DUE_WEEKDAY;
		mention->count = DUE_NEXT;
	}
	*at = from;
	return true;
}

static bool
take_words(const char **at, struct due_mention *mention, bool *limit_r)
{
	const char *from = *at;

	if (due_word(&from, "翌々営業日") || due_word(&from, "翌営業日")) {
		bool second = strncmp(*at, "翌々", strlen("翌々")) == 0;

		mention->form = DUE_SPAN;
		mention->span = (struct span){ second ? 2 : 1, SPAN_BUSINESS_DAYS };
		*limit_r = due_word(&from, "中");
		*at = from;
		return true;
	}
	for (size_t i = 0; i < WORDS; i++) {
		if (!due_word(&from, words[i].word))
			continue;
		if (words[i].form == DUE_YEAR && (due_word(&from, "年始") || due_word(&from, "始")))
			return false;
		mention->form = words[i].form;
		mention->count = words[i].count;
		*limit_r = words[i].limit;
		*at = from;
		return true;
	}
	return take_day_of(at, mention);
}

/* A remark in brackets that stands behind: a date in it says more than "tomorrow" does. */
static void
take_remark(const char **at, struct due_mention *mention)
{
	const char *from = *at, *end;
	struct due_mention inside = { .weekday = -1, .hour = -1, .minute = -1 };
	bool limit = false;

	if (!due_word(&from, "("))
		return;
	end = memchr(from, ')', strnlen(from, PAREN_MAX));
	if (end == NULL)
		return;
	if (mention->form != DUE_DATE && take_date(&from, &inside, &limit)) {
		inside.weekday = due_weekday_ja(&from);
		due_time(&from, &inside);
		if (from + strspn(from, " ") == end)
			*mention = inside;
	}
	*at = end + 1;
}

bool
due_take_ja(const char **at, struct due_mention *mention_r, bool *limit_r)
{
	static const struct due_mention nothing = { .weekday = -1, .hour = -1, .minute = -1 };
	const char *from = *at;

	*limit_r = false;
	*mention_r = nothing;
	if (!take_date(&from, mention_r, limit_r)) {
		from = *at;
		*limit_r = false;
		*mention_r = nothing;
		if (!take_span(&from, mention_r, limit_r)) {
			from = *at;
			*limit_r = false;
			*mention_r = nothing;
			if (!take_words(&from, mention_r, limit_r))
				return false;
		}
	}
	if (mention_r->form != DUE_SPAN && mention_r->form != DUE_HOURS) {
		if (mention_r->weekday < 0)
			mention_r->weekday = due_weekday_ja(&from);
		take_remark(&from, mention_r);
		due_time(&from, mention_r);
	}
	*at = from;
	return true;
}
