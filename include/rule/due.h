/*
 * The days by which a text asks for something: "12月5日(金)までに", "5営業日を目処に",
 * "within 45 days". Found in a match copy without knowing when it was written,
 * then brought to an instant by the day of its receipt and the desk's calendar.
 * Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DUE_H
#define RULE_DUE_H

#include "rule/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fold;

#define DUE_MAX 16		/* mentions taken from one text, the first ones */
#define DUE_COUNT_MAX 12000	/* of a count, and of a span: 999 years in months */
#define DUE_LAST_DAY 32		/* in place of a day: the month's last one */

enum due_form {
	DUE_DATE,	/* year, month and day; year, or year and month, may be 0: not named */
	DUE_SPAN,	/* that long after the receipt */
	DUE_HOURS,	/* `count` hours after it */
	DUE_DAY,	/* `count` days after the day of receipt, as "tomorrow" */
	DUE_WEEK,	/* within the week that begins `count` Mondays on */
	DUE_WEEKDAY,	/* that weekday of it; DUE_NEXT: the next such day */
	DUE_MONTH,	/* within the month `count` months on */
	DUE_YEAR,	/* within the year */
	DUE_FISCAL_YEAR,	/* within Japan's fiscal year, which ends in March */
	DUE_FORMS
};

#define DUE_NEXT (-1)
#define DUE_NEAR (-1)	/* of a date without a year: the next such day if that is no half a year on */
#define DUE_THIS_YEAR 1	/* of a date without a year: in this one; one more, in the next one */

/* As the text says it. What does not belong to the form is 0, or -1 where that means none. */
struct due_mention {
	enum due_form form;
	int year, month, day;
	int weekday;		/* 0 is Sunday; -1: not named */
	int count;
	struct span span;
	int hour, minute;	/* -1: not named */
	bool utc;		/* the hour is one of UTC, not of the desk's zone */
	bool day_first_doubt;	/* "12/5/2026": either may be the month */
	size_t at, len;		/* where it stands in the match copy, in bytes */
};

struct due_mentions {
	struct due_mention mention[DUE_MAX];
	size_t count;
	bool more;
};

/* What staff should look at before they rely on the day. */
enum due_doubt {
	DUE_SURE,
	DUE_WEEKDAY_DIFFERS,	/* the weekday that stands beside it is another one */
	DUE_ORDER,		/* month and day may be the other way round: the earlier was taken */
	DUE_FAR,		/* a day without a year, more than nine months ahead */
	DUE_BEYOND_CALENDAR,	/* past what the calendar knows of holidays */
	DUE_DOUBTS
};

struct due {
	int64_t at;		/* the named hour, else the last second of the day, in the desk's zone */
	enum due_doubt doubt;
};

/*
 * Days that something is asked for by. A day in a period, of office hours, of what
 * the writer promises or did, of versions and addresses is none. The caller gives
 * the writer's own text, without quotations. Costs a constant for each byte.
 */
void due_find(const struct fold *fold, struct due_mentions *mentions_r);

/*
 * The instant of a mention in a mail received then. False when it is no day at all
 * (31 February) or had passed when the mail came.
 */
bool due_resolve(const struct policy *policy, const char *zone, int64_t received,
	const struct due_mention *mention, struct due *due_r);

#endif
