/*
 * Days on the wall of the desk's zone. Each day has one digest for a person, whatever a
 * clock or a restart does: the day's mark is looked at, not the time since.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/digest.h"

#include "base/clock.h"
#include "base/text.h"
#include "rule/calendar.h"
#include "rule/daily.h"

#define DEFAULT_MINUTE (9 * 60)

int64_t
digest_day_end(const char *zone, int64_t now)
{
	return calendar_on_day(calendar_day_of(now, zone) + 1, 0, zone) - 1;
}

int64_t
digest_hour(const struct policy *policy, size_t desk, size_t staff, int64_t now)
{
	const char *zone = policy->desks[desk].time_zone;
	int minute = policy->staff[staff].digest_minute;

	return calendar_on_day(calendar_day_of(now, zone), minute >= 0 ? minute : DEFAULT_MINUTE, zone);
}

static bool
is_settled(const struct digest_marks *marks, const char *zone, int64_t now)
{
	int64_t day = calendar_day_of(now, zone);

	return (marks->sent != 0 && calendar_day_of(marks->sent, zone) == day) ||
		(marks->looked != 0 && calendar_day_of(marks->looked, zone) == day);
}

bool
digest_due(const struct policy *policy, size_t desk, size_t staff,
	const struct digest_marks *marks, int64_t now)
{
	const struct policy_staff *person = &policy->staff[staff];
	const char *zone = policy->desks[desk].time_zone;

	if (person->digest_minute < 0 || now < digest_hour(policy, desk, staff, now))
		return false;
	if (!person->digest_every_day && calendar_closed(policy, calendar_day_of(now, zone)) != NULL)
		return false;
	return !is_settled(marks, zone, now);
}

bool
digest_has_news(const struct daily *daily)
{
	return daily->owed_all > 0 || daily->came_all > 0 || daily->sent_all > 0 ||
		daily->outbox[OUTBOX_HELD] > 0 || daily->outbox[OUTBOX_DEFERRED] > 0 ||
		daily->outbox[OUTBOX_FAILED] > 0;
}

bool
digest_outside(const struct policy_staff *reader)
{
	return reader->role == ROLE_VENDOR;
}

enum digest_size
digest_choose(const char *zone, bool outside, bool news, int64_t sent, int64_t now)
{
	if (news)
		return DIGEST_WHOLE;
	if (outside)
		return DIGEST_NOTHING;
	if (sent == 0 || calendar_day_of(now, zone) - calendar_day_of(sent, zone) >= DIGEST_QUIET_DAYS)
		return DIGEST_LINE;
	return DIGEST_NOTHING;
}

int64_t
digest_since(const struct digest_marks *marks, int64_t now)
{
	int64_t since = 0;

	if (marks->sent < now)
		since = marks->sent;
	if (marks->looked > since && marks->looked < now)
		since = marks->looked;
	return since != 0 ? since : now - DIGEST_FIRST_DAYS * CLOCK_DAY;
}
