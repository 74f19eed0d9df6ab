/*
 * Deadlines as an iCalendar object (RFC 5545), for the calendars that people look at
 * anyway: handling numbers, kinds and days, nothing else. Values in, text out.
 *
 * Written here and not by a library: it is one flat list, while libical brings ICU and
 * the C++ runtime into every room.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_ICAL_H
#define VIEW_ICAL_H

#include <stddef.h>
#include <stdint.h>

#include "rule/policy.h"
#include "rule/record.h"

struct arena;

struct ical_deadline {
	const struct record_deadline *deadline;
	const char *desk;	/* its title */
	const char *number;	/* the case's, or NULL */
};

/*
 * One VEVENT a deadline, in the words of the desk's language, with an alarm when staff are
 * first reminded (rule/remind.h): `warn_before` ahead, as the hours begin; of the whole day
 * where it ends with the day in the desk's zone (3.6.1). UID is the deadline's own for ever
 * (an item's, whatever its day: DTSTAMP tells which is newer); SEQUENCE is 1
 * and STATUS CANCELLED once it is not pending (3.8.7.4), so that a calendar into which
 * the file is imported again changes what it has. `now` is DTSTAMP. In the arena.
 */
char *ical_text(struct arena *arena, const struct policy *policy, const struct ical_deadline *list,
	size_t count, int64_t now);

#endif
