/*
 * The only caller of the system clock, and the forms in which times are
 * written. A time is int64_t microseconds since 1970-01-01 UTC; everything
 * above this floor takes "now" as an argument.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR (60 * CLOCK_MINUTE)
#define CLOCK_DAY (24 * CLOCK_HOUR)

struct arena;

/* A day and a time of day in some zone; offset is seconds east of UTC. */
struct clock_civil {
	int year, month, day, hour, minute, second;
	int weekday; /* 0 is Sunday */
	int offset;
};

/* The time of day. */
int64_t clock_now(void);

/* Whether the kernel says that something (NTP) keeps the time of day right. */
bool clock_is_kept(void);

/* Milliseconds of a clock that never jumps: for waiting and measuring only. */
int64_t clock_mono_ms(void);

/* From now on clock_now() starts at this instant and runs on: for tests and `--now`. */
void clock_pretend(int64_t now);

/*
 * The same instant on the wall of an IANA zone ("Asia/Tokyo"), and back.
 * Back: a wall time that does not exist (spring) moves forward; one that is
 * twice (autumn) is the first. An unknown zone is UTC (conf checks names first).
 * Not for several threads at once: the zone is switched through TZ. The last zone stays
 * loaded: a room that will lose its files names its zone once before.
 */
void clock_civil(int64_t at, const char *zone, struct clock_civil *civil_r);
int64_t clock_from_civil(const struct clock_civil *civil, const char *zone);

/* Whether the zone's file is there. */
bool clock_zone_known(const char *zone);

/* RFC 3339 with the zone's offset ("2026-11-22T09:00:00+09:00"), in the arena. */
char *clock_rfc3339(struct arena *arena, int64_t at, const char *zone);

/* RFC 5322 date-time ("Sun, 22 Nov 2026 09:00:00 +0900"), in the arena. */
char *clock_rfc5322(struct arena *arena, int64_t at, const char *zone);

/*
 * Reads RFC 3339, "YYYY-MM-DD HH:MM[:SS]" or "YYYY-MM-DD" (last second of that
 * day) in the zone; false when it is none of them.
 */
bool clock_parse(const char *string, const char *zone, int64_t *at_r);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back; any year of four digits. */
int64_t clock_days(int year, int month, int day);
void clock_from_days(int64_t days, int *year_r, int *month_r, int *day_r);

/* How many days the month has. */
int clock_month_days(int year, int month);

#endif
