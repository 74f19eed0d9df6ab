/*
 * Clocks, zones and the written forms of time. The calendar is plain
 * arithmetic; the C library is asked for one thing only, a zone's offset at an
 * instant. Nothing above this file may ask what time it is in another way.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_ZONE_MAX 64
#define CLOCK_ZONE_DIR "/usr/share/zoneinfo/"
#define CLOCK_PATH_MAX (sizeof(CLOCK_ZONE_DIR) + CLOCK_ZONE_MAX)
#define DAY_SECONDS 86400

static struct {
	bool on;
	int64_t start; /* what clock_now() said ... */
	int64_t mono;  /* ... when the steady clock said this */
} pretend;

static char zone_set[CLOCK_ZONE_MAX]; /* the conf's name for what TZ stands on */

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

int64_t
clock_now(void)
{
	if (pretend.on)
		return pretend.start + (read_clock(CLOCK_MONOTONIC) - pretend.mono);
	return read_clock(CLOCK_REALTIME);
}

bool
clock_is_kept(void)
{
	struct timex state = { .modes = 0 };

	return adjtimex(&state) != TIME_ERROR;
}

int64_t
clock_mono_ms(void)
{
	return read_clock(CLOCK_MONOTONIC) / 1000;
}

void
clock_pretend(int64_t now)
{
	pretend.on = true;
	pretend.start = now;
	pretend.mono = read_clock(CLOCK_MONOTONIC);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
zone_name_safe(const char *zone)
{
	size_t len = strlen(zone);

	if (len == 0 || len >= CLOCK_ZONE_MAX || zone[0] == '/')
		return false;
	return strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789_+-/") == len;
}

/* The path of the zone's file, whether it is there or not; false for a name that is none. */
static bool
zone_path(const char *zone, char path_r[CLOCK_PATH_MAX])
{
	if (zone == NULL || !zone_name_safe(zone))
		return false;
	snprintf(path_r, CLOCK_PATH_MAX, "%s%s", CLOCK_ZONE_DIR, zone);
	return true;
}

bool
clock_zone_known(const char *zone)
{
	char path[CLOCK_PATH_MAX];
	char magic[4];
	bool known;
	int fd;

	if (!zone_path(zone, path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	known = read(fd, magic, sizeof(magic)) == sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
	io_close(&fd);
	return known;
}

/*
 * Reading a zone's file is slow, and rooms that are locked in cannot: only a new
 * name does it. The whole path, so that no TZDIR in the environment has a say.
 */
static void
zone_switch(const char *zone)
{
	char path[CLOCK_PATH_MAX];

	if (zone == NULL || strlen(zone) >= sizeof(zone_set))
		zone = "UTC";
	if (text_equal(zone, zone_set))
		return;
	if (!clock_zone_known(zone) || !zone_path(zone, path))
		memcpy(path, "UTC0", sizeof("UTC0"));
	if (setenv("TZ", path, 1) != 0)
		mem_end("out of memory");
	tzset();
	memcpy(zone_set, zone, strlen(zone) + 1);
}

/* Seconds east of UTC at an instant of UTC seconds. */
static int
zone_offset(int64_t seconds, const char *zone)
{
	time_t at = (time_t)seconds;
	struct tm tm;

	zone_switch(zone);
	return localtime_r(&at, &tm) != NULL ? (int)tm.tm_gmtoff : 0;
}

int64_t
clock_days(int year, int month, int day)
{
	int64_t y = (int64_t)year + floor_div((int64_t)month - 1, 12);
	int64_t m = month - 1 - 12 * floor_div((int64_t)month - 1, 12); /* 0 is January */
	int64_t era, year_of_era, day_of_year;

	/* Years that begin in March have the leap day at their end. */
	y -= m < 2;
	m = m < 2 ? m + 10 : m - 2; /* 0 is March */
	era = floor_div(y, 400);
	year_of_era = y - 400 * era;
	day_of_year = (153 * m + 2) / 5 + day - 1;
	return 146097 * era + 365 * year_of_era + year_of_era / 4 - year_of_era / 100 +
		day_of_year - 719468;
}

void
clock_from_days(int64_t days, int *year_r, int *month_r, int *day_r)
{
	int64_t era = floor_div(days + 719468, 146097);
	int64_t day = days + 719468 - 146097 * era;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153; /* 0 is March */
	*day_r = (int)(day - (153 * month + 2) / 5 + 1);
	*month_r = (int)(month < 10 ? month + 3 : month - 9);
	*year_r = (int)(year + 400 * era + (month >= 10));
}

int
clock_month_days(int year, int month)
{
	return (int)(clock_days(year, month + 1, 1) - clock_days(year, month, 1));
}

/* The wall at a fixed offset. */
static void
civil_at(int64_t seconds, int offset, struct clock_civil *civil_r)
{
	int64_t local = seconds + offset;
	int64_t days = floor_div(local, DAY_SECONDS);
	int rest = (int)(local - days * DAY_SECONDS);

	clock_from_days(days, &civil_r->year, &civil_r->month, &civil_r->day);
	civil_r->hour = rest / 3600;
	civil_r->minute = rest / 60 % 60;
	civil_r->second = rest % 60;
	civil_r->weekday = (int)(days + 4 - 7 * floor_div(days + 4, 7));
	civil_r->offset = offset;
}

void
clock_civil(int64_t at, const char *zone, struct clock_civil *civil_r)
{
	int64_t seconds = floor_div(at, CLOCK_SECOND);

	civil_at(seconds, zone_offset(seconds, zone), civil_r);
}

int64_t
clock_from_civil(const struct clock_civil *civil, const char *zone)
{
	int64_t wall = clock_days(civil->year, civil->month, civil->day) * DAY_SECONDS +
		(int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
	/* No zone is a day away from UTC: these two lie surely before and after it. */
	int before = zone_offset(wall - DAY_SECONDS, zone);
	int after = zone_offset(wall + DAY_SECONDS, zone);

	if (zone_offset(wall - before, zone) != before && zone_offset(wall - after, zone) == after)
		return (wall - after) * CLOCK_SECOND;
	/*
	 * The old offset: the first of a time that is twice; and of one that is not
	 * at all, as far behind the gap as it was behind the gap's beginning.
	 */
	return (wall - before) * CLOCK_SECOND;
}

/* Neither RFC can write an offset's seconds (local mean times had them): the wall follows. */
static void
civil_whole_minutes(int64_t at, const char *zone, struct clock_civil *civil_r)
{
	clock_civil(at, zone, civil_r);
	if (civil_r->offset % 60 != 0)
		civil_at(floor_div(at, CLOCK_SECOND), civil_r->offset / 60 * 60, civil_r);
}

char *
clock_rfc3339(struct arena *arena, int64_t at, const char *zone)
{
	struct clock_civil c;
	int east;

	civil_whole_minutes(at, zone, &c);
	east = c.offset < 0 ? -c.offset : c.offset;
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year, c.month,
		c.day, c.hour, c.minute, c.second, c.offset < 0 ? '-' : '+', east / 3600,
		east / 60 % 60);
}

char *
clock_rfc5322(struct arena *arena, int64_t at, const char *zone)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	struct clock_civil c;
	int east;

	civil_whole_minutes(at, zone, &c);
	east = c.offset < 0 ? -c.offset : c.offset;
	return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d", days[c.weekday],
		c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second,
		c.offset < 0 ? '-' : '+', east / 3600, east / 60 % 60);
}
