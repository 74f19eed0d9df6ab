/*
 * The date-time of RFC 5322 3.3, with the obsolete forms of 4.3 and what is
 * met beside them (a missing zone, JST). Numbers that make no day or no time of
 * day make no date.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/clock.h"
#include "mail/lex.h"

#include <string.h>
#include <strings.h>

#define WORD_MAX 9

struct zone {
	const char *name;
	int hours;
};

/* RFC 5322 4.3; any other name means "unknown", which is UTC. JST is ours. */
static const struct zone zones[] = {
	{ "EDT", -4 }, { "EST", -5 }, { "CDT", -5 }, { "CST", -6 }, { "MDT", -6 }, { "MST", -7 },
	{ "PDT", -7 }, { "PST", -8 }, { "JST", 9 },
};

/* A number of least to most digits; -1 if there is none such. */
static int
read_number(struct lex *lex, int least, int most)
{
	int value = 0, digits = 0;

	while (lex->at < lex->end && *lex->at >= '0' && *lex->at <= '9') {
		if (++digits > most)
			return -1;
		value = value * 10 + (*lex->at++ - '0');
	}
	return digits >= least ? value : -1;
}

/* Letters, cut at WORD_MAX. */
static size_t
read_word(struct lex *lex, char word_r[WORD_MAX + 1])
{
	size_t len = 0;

	while (lex->at < lex->end && ((*lex->at | 0x20) >= 'a' && (*lex->at | 0x20) <= 'z')) {
		if (len < WORD_MAX)
			word_r[len++] = *lex->at;
		lex->at++;
	}
	word_r[len] = '\0';
	return len;
}

static int
month_of(const char *word)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };

	for (int i = 0; i < 12; i++)
		if (strlen(word) >= 3 && strncasecmp(word, months[i], 3) == 0)
			return i + 1;
	return 0;
}

/* RFC 5322 4.3: two digits below 50 are of this century, others and three count from 1900. */
static int
read_year(struct lex *lex)
{
	const char *from = lex->at;
	int year = read_number(lex, 2, 4);
	ptrdiff_t digits = lex->at - from;

	if (year < 0 || digits == 4)
		return year;
	return digits == 2 && year < 50 ? 2000 + year : 1900 + year;
}

static bool
read_day(struct lex *lex, struct clock_civil *civil)
{
	char word[WORD_MAX + 1];

	lex_skip_cfws(lex);
	if (read_word(lex, word) > 0) {
		lex_skip_cfws(lex);
		lex_take(lex, ',');
		lex_skip_cfws(lex);
	}
	civil->day = read_number(lex, 1, 2);
	while (lex_skip_cfws(lex) || lex_take(lex, '-'))
		;
	read_word(lex, word);
	civil->month = month_of(word);
	while (lex_skip_cfws(lex) || lex_take(lex, '-'))
		;
	civil->year = read_year(lex);
	return civil->month > 0 && civil->year >= 1900 && civil->day >= 1 &&
		civil->day <= clock_month_days(civil->year, civil->month);
}

/* A second of 60 is a leap second, and falls on the first of the next minute. */
static bool
read_time(struct lex *lex, struct clock_civil *civil)
{
	lex_skip_cfws(lex);
	civil->hour = read_number(lex, 1, 2);
	lex_skip_cfws(lex);
	if (!lex_take(lex, ':'))
		return false;
	lex_skip_cfws(lex);
	civil->minute = read_number(lex, 2, 2);
	lex_skip_cfws(lex);
	civil->second = 0;
	if (lex_take(lex, ':')) {
		lex_skip_cfws(lex);
		civil->second = read_number(lex, 2, 2);
	}
	return civil->hour >= 0 && civil->hour < 24 && civil->minute >= 0 && civil->minute < 60 &&
		civil->second >= 0 && civil->second <= 60;
}

static int
zone_offset(const char *name)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcasecmp(name, zones[i].name) == 0)
			return zones[i].hours * 3600;
	return 0;
}

static bool
read_zone(struct lex *lex, struct clock_civil *civil)
{
	char word[WORD_MAX + 1];
	bool west;
	int number;

	lex_skip_cfws(lex);
	west = lex->at < lex->end && *lex->at == '-';
	if (west || (lex->at < lex->end && *lex->at == '+')) {
		lex->at++;
		number = read_number(lex, 4, 4);
		if (number < 0 || number % 100 > 59)
			return false;
		civil->offset = (number / 100 * 3600 + number % 100 * 60) * (west ? -1 : 1);
	} else {
		read_word(lex, word);
		civil->offset = zone_offset(word);
	}
	return true;
}

bool
header_date(const char *value, int64_t *at_r)
{
	struct clock_civil civil = { 0 };
	struct lex lex;
	int64_t seconds;

	lex_start(&lex, value, strlen(value));
	if (!read_day(&lex, &civil) || !read_time(&lex, &civil) || !read_zone(&lex, &civil))
		return false;
	seconds = clock_days(civil.year, civil.month, civil.day) * 86400 + civil.hour * 3600 +
		civil.minute * 60 + civil.second - civil.offset;
	*at_r = seconds * CLOCK_SECOND;
	return true;
}
