/*
 * Taking pieces of dates off a match copy: words, numbers, weekdays, hours. The
 * copy is folded already (rule/fold.h): one width, lower case, no hard wraps, one
 * spelling of words, blanks only where two words need them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/due_private.h"

#include "base/clock.h"

#include <string.h>

#define DIGITS_MAX 4
#define KANJI 3		/* bytes of a character of these scripts */

static const char *const kanji_digits[] = {
	"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", NULL,
};
static const char *const weekdays_ja[] = { "日", "月", "火", "水", "木", "金", "土", NULL };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

bool
due_word(const char **at, const char *word)
{
	const char *from = *at + strspn(*at, " ");
	size_t len = strlen(word);

	if (strncmp(from, word, len) != 0)
		return false;
	if (is_letter(word[len - 1]) && is_letter(from[len]))
		return false;
	*at = from + len;
	return true;
}

int
due_words(const char **at, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++) {
		if (due_word(at, words[i]))
			return i;
	}
	return -1;
}

/* 〇 to 九, or -1; takes nothing. */
static int
kanji_digit(const char *at)
{
	for (int i = 0; kanji_digits[i] != NULL; i++) {
		if (strncmp(at, kanji_digits[i], KANJI) == 0)
			return i;
	}
	return -1;
}

/* 三, 十, 十二, 二十, 三十一 and 二〇二六. */
static bool
kanji_number(const char **at, int *number_r)
{
	const char *from = *at;
	int number = 0, digit, count = 0;

	while (count < DIGITS_MAX && (digit = kanji_digit(from)) >= 0) {
		number = 10 * number + digit;
		from += KANJI;
		count++;
	}
	if (count <= 1 && strncmp(from, "十", KANJI) == 0) {
		from += KANJI;
		number = count == 0 ? 10 : 10 * number;
		count++;
		if ((digit = kanji_digit(from)) > 0) {
			number += digit;
			from += KANJI;
		}
	}
	if (count == 0 || kanji_digit(from) >= 0 || strncmp(from, "十", KANJI) == 0)
		return false;
	*at = from;
	*number_r = number;
	return true;
}

bool
due_number(const char **at, int *number_r)
{
	const char *from = *at + strspn(*at, " ");
	size_t len = strspn(from, "0123456789");
	int number = 0;

	if (len == 0) {
		if (!kanji_number(&from, number_r))
			return false;
		*at = from;
		return true;
	}
	if (len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		number = 10 * number + (from[i] - '0');
	*at = from + len;
	*number_r = number;
	return true;
}

int
due_weekday_ja(const char **at)
{
	static const char *const names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	const char *from = *at;
	bool open = due_word(&from, "(") || due_word(&from, "[");
	bool named;
	int day;

	if (open) {
		from += strspn(from, " ");
		for (day = 0; day < 7; day++) {
			size_t letters = strspn(from, "abcdefghijklmnopqrstuvwxyz.");

			if (strncmp(from, names[day], 3) != 0 || letters > 10)
				continue;
			from += letters;
			if (!due_word(&from, ")") && !due_word(&from, "]"))
				return -1;
			*at = from;
			return day;
		}
	}
	day = due_words(&from, weekdays_ja);
	if (day < 0)
		return -1;
	named = due_word(&from, "曜日") || due_word(&from, "曜");
	if (open) {
		(void)(due_word(&from, "祝日") || due_word(&from, "祝"));
		if (!due_word(&from, ")") && !due_word(&from, "]"))
			return -1;
	} else if (!named) {
		return -1;
	}
	*at = from;
	return day;
}

/* "17:00", "17時", "17時30分", "5時半", with the half of the day before or behind. */
static bool
clock_time(const char **at, bool english, struct due_mention *mention)
{
	const char *from = *at;
	bool morning = due_word(&from, "午前") || due_word(&from, "朝");
	bool evening = !morning && (due_word(&from, "午後") || due_word(&from, "夕方"));
	int hour, minute = 0;
	bool written = false;

	if (!due_number(&from, &hour))
		return false;
	if (from[0] == ':' && is_digit(from[1]) && is_digit(from[2]) && !is_digit(from[3])) {
		minute = 10 * (from[1] - '0') + (from[2] - '0');
		from += 3;
		if (from[0] == ':' && is_digit(from[1]) && is_digit(from[2]))
			from += 3;
		written = true;
	} else if (due_word(&from, "時")) {
		const char *behind = from;

		if (due_word(&from, "間"))
			return false;
		if (due_word(&from, "半"))
			minute = 30;
		else if (due_number(&behind, &minute) && due_word(&behind, "分"))
			from = behind;
		else
			minute = 0;
		written = true;
	}
	if (english || written) {
		if (due_word(&from, "pm") || due_word(&from, "p.m."))
			evening = written = true;
		else if (due_word(&from, "am") || due_word(&from, "a.m."))
			morning = written = true;
	}
	if (!written || minute > 59 || hour > ((morning || evening) ? 12 : 24))
		return false;
	if (morning || evening)
		hour = hour % 12 + (evening ? 12 : 0);
	mention->hour = hour;
	mention->minute = hour == 24 ? 0 : minute;
	*at = from;
	return true;
}

static bool
two_digits(const char **at, int *number_r)
{
	if (!is_digit((*at)[0]) || !is_digit((*at)[1]))
		return false;
	*number_r = 10 * ((*at)[0] - '0') + ((*at)[1] - '0');
	*at += 2;
	return true;
}

/* Brings the hour of a whole date to UTC from a zone that many minutes east of it. */
static void
to_utc(struct due_mention *mention, int east)
{
	int minutes = 60 * mention->hour + mention->minute - east;
	int64_t days = clock_days(mention->year, mention->month, mention->day);

	if (minutes < 0)
		days--;
	else if (minutes >= 24 * 60)
		days++;
	minutes = (minutes + 24 * 60) % (24 * 60);
	clock_from_days(days, &mention->year, &mention->month, &mention->day);
	mention->hour = minutes / 60;
	mention->minute = minutes % 60;
	mention->utc = true;
	/* The weekday beside it was that of the day as it was written. */
	mention->weekday = -1;
}

/* "+09:00", "-0500", "z" behind an hour; where it ends. */
static const char *
take_offset(const char *from, struct due_mention *mention)
{
	bool west = from[0] == '-';
	const char *behind = from + 1;
	int hours, minutes = 0;

	if (from[0] == 'z' && !is_letter(from[1])) {
		mention->utc = true;
		return behind;
	}
	/* Of the last year the day might be one that has five digits. */
	if (mention->year >= 9999 || (from[0] != '+' && !west) || !two_digits(&behind, &hours) || hours > 14)
		return from;
	if (behind[0] == ':')
		behind++;
	if (!two_digits(&behind, &minutes) || minutes > 59 || is_digit(behind[0]))
		return from;
	to_utc(mention, (west ? -1 : 1) * (60 * hours + minutes));
	return behind;
}

/* "t17:00:00+09:00" right behind a date in figures with its year. */
static bool
iso_time(const char **at, struct due_mention *mention)
{
	const char *from = *at + 1;
	int hour, minute, second;

	if (**at != 't' || mention->form != DUE_DATE || mention->year < 1970 ||
		mention->month == 0 || mention->day == 0 ||
		mention->day > clock_month_days(mention->year, mention->month) ||
		!two_digits(&from, &hour) || hour > 23 || *from++ != ':' ||
		!two_digits(&from, &minute) || minute > 59 || is_digit(*from))
		return false;
	if (from[0] == ':') {
		from++;
		if (!two_digits(&from, &second))
			return false;
		if (from[0] == '.' && is_digit(from[1])) {
			from++;
			from += strspn(from, "0123456789");
		}
	}
	mention->hour = hour;
	mention->minute = minute;
	*at = take_offset(from, mention);
	return true;
}

void
due_time(const char **at, struct due_mention *mention)
{
	const char *from = *at;
	bool english;

	if (iso_time(at, mention))
		return;
	(void)(due_word(&from, "の") || due_word(&from, "日本時間"));
	(void)due_word(&from, ",");
	english = due_word(&from, "at");
	if (due_word(&from, "正午") || due_word(&from, "noon") || due_word(&from, "午前中")) {
		mention->hour = 12;
		mention->minute = 0;
	} else if (!clock_time(&from, english, mention)) {
		const char *again = *at;

		if (!clock_time(&again, true, mention))
			return;
		from = again;
	}
	*at = from;
	(void)due_word(&from, "(");
	if (due_word(&from, "utc") || due_word(&from, "gmt"))
		mention->utc = true;
	else if (!due_word(&from, "jst") && !due_word(&from, "日本時間"))
		return;
	(void)due_word(&from, ")");
	*at = from;
}

/* "1,500": figures go on behind a comma. */
static bool
is_thousands(const char *text, const char *at)
{
	return at - text > 1 && at[-1] == ',' && is_digit(at[-2]) &&
		strspn(at, "0123456789") == 3;
}

bool
due_may_begin(const char *text, const char *at)
{
	char before = at > text ? at[-1] : ' ';

	if (is_digit(at[0]) || is_letter(at[0]))
		return !is_digit(before) && !is_letter(before) &&
			strchr("/-._=?&#%+@\\$^", before) == NULL && !is_thousands(text, at) &&
			!(before == ':' && at - text > 1 && (is_digit(at[-2]) || is_letter(at[-2])));
	if ((unsigned char)at[0] < 0xe0)
		return false;
	/* Not behind a figure of the same number. */
	return at - text < KANJI || kanji_digit(at) < 0 ||
		(kanji_digit(at - KANJI) < 0 && strncmp(at - KANJI, "十", KANJI) != 0);
}
