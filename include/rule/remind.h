/*
 * When staff are told of what is owed: before a deadline, on its day, past it, and of a
 * case that nobody takes. In working hours alone. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_REMIND_H
#define RULE_REMIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/policy.h"

#define REMIND_UNTAKEN_HOURS 4	/* working hours until a new case goes to the deputy, and again to the decision maker */

/* How near a deadline is, each told once; a later one makes an earlier one needless. */
enum reminder { REMINDER_NONE, REMINDER_SOON, REMINDER_TODAY, REMINDER_OVERDUE, REMINDERS };

/* Who is told of a case that nobody has taken, one after the other. */
enum untaken { UNTAKEN_NONE, UNTAKEN_DEPUTY, UNTAKEN_DECISION_MAKER, UNTAKENS };

/* Whether staff of that zone work at that instant. */
bool remind_working(const struct policy *policy, const char *zone, int64_t at);

/*
 * The instant by which so much working time (microseconds) has passed since `from`.
 * Where the calendar leaves no hour to work in, time runs on the wall.
 */
int64_t remind_after(const struct policy *policy, const char *zone, int64_t from, int64_t span);

/*
 * From when on the reminder is to be told: `warn_before` ahead of the day and on the day
 * (or the last business day before it) at the beginning of the hours; past it in the
 * next hours.
 */
int64_t remind_at(const struct policy *policy, size_t desk, int64_t due, enum reminder what);

/*
 * What is to be told of a deadline now, REMINDER_NONE for nothing. One that was opened
 * when it was near already is not told of as near: the mail that opened it was.
 */
enum reminder remind_now(const struct policy *policy, size_t desk, int64_t opened, int64_t due,
	int64_t now);

/* The same whatever the hour: the last reminder whose time has come. */
enum reminder remind_passed(const struct policy *policy, size_t desk, int64_t opened, int64_t due,
	int64_t now);

/* Who is to hear now of a case that was opened then and is nobody's. */
enum untaken remind_untaken(const struct policy *policy, size_t desk, int64_t opened, int64_t now);

/* The latest due time of which something can be to tell now. */
int64_t remind_horizon(const struct policy *policy, size_t desk, int64_t now);

#endif
