/*
 * What it costs to know what is owed: a store on disk of so many open cases, each with
 * three deadlines spread over half a year, and trouble under way in each thousandth.
 *
 * usage: bench_owed FOLDER [CASES]
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "port/box.h"
#include "port/store.h"
#include "rule/calendar.h"
#include "rule/daily.h"
#include "rule/remind.h"
#include "view/digest.h"
#include "view/ical.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW (INT64_C(1795999200) * CLOCK_SECOND)	/* 2026-11-29T22:00Z */
#define KINDS 3
#define ROWS 50	/* of each list of a digest */

static struct policy_desk desk = {
	.title = "www", .address = "security@example.co.jp", .time_zone = "Asia/Tokyo",
	.deadline.warn_before = { 3, SPAN_BUSINESS_DAYS },
};
static const struct policy_closed closed = { 0, 12, 29, 0, 1, 3 };
static const struct policy policy = {
	.desks = &desk, .desk_count = 1, .country = "JP", .closed = &closed, .closed_count = 1,
	.hours_from = 9 * 60, .hours_to = 18 * 60,
};

static int64_t began;

static void
tell(const char *what, size_t count)
{
	int64_t now = clock_mono_ms();

	printf("%-44s %8zu  %6lld ms\n", what, count, (long long)(now - began));
	began = clock_mono_ms();
}

/* A mail that came, and in each hundredth case a letter that is held. */
static void
put_mail(struct store *store, int64_t case_id, int i)
{
	struct record_message message = { .desk = "www", .kind = KIND_DETAILS,
		.trust = TRUST_VERIFIED, .received_at = NOW - i % 180 * CLOCK_DAY, .encrypted = true };
	struct record_outbox entry = { .desk = "www", .case_id = case_id, .kind = KIND_PROGRESS,
		.state = OUTBOX_HELD, .to = "vuln@ipa.example", .hold_why = "why" };
	char id[64];

	(void)snprintf(id, sizeof(id), "<%d@x>", i);
	message.message_id = entry.message_id = id;
	box_sha256(id, strlen(id), message.sha256);
	store_case_message_add(store, case_id, store_message_add(store, &message, NULL, 0));
	if (i % 100 == 0)
		store_outbox_add(store, &entry);
}

static void
fill(struct store *store, int cases)
{
	static const enum deadline_kind kinds[KINDS] = { DEADLINE_ACKNOWLEDGE, DEADLINE_INVESTIGATION,
		DEADLINE_REMEDIATION };
	struct err err;

	if (store_begin(store, &err) != DONE)
		exit(1);
	for (int i = 0; i < cases; i++) {
		struct record_case record = { .desk = "www", .title = "IPA", .coordinator = "IPA",
			.trust = TRUST_VERIFIED, .opened_at = NOW - i % 180 * CLOCK_DAY,
			.assignee = i % 10 == 0 ? NULL : "officer" };
		int64_t id = store_case_add(store, &record);
		char number[32];

		(void)snprintf(number, sizeof(number), "IPA#%08d", i);
		store_case_number_add(store, id, "IPA", number, true);
		for (int k = 0; k < KINDS; k++)
			store_deadline_open(store, id, kinds[k],
				NOW + ((i * 7 + k * 31) % 180 - 5) * CLOCK_DAY, SOURCE_RULE, 0);
		store_tick(store, id, "1.1", NOW, "officer");
		if (i % 1000 == 0) {
			store_incident_open(store, id, NOW, "officer");
			store_incident_due(store, id, "authority-report",
				NOW + (i * 7 % 180 - 5) * CLOCK_DAY);
		}
		put_mail(store, id, i);
	}
	if (store_commit(store, &err) != DONE)
		exit(1);
}

/* Of what came in the last three days. */
static size_t
make_digest(struct store *store, struct arena *arena)
{
	struct store_daily want = { .desk = "www", .since = NOW - 3 * CLOCK_DAY, .now = NOW,
		.after = -1, .until = NOW, .soon_until = NOW + 3 * CLOCK_DAY, .limit = ROWS };
	struct daily daily;
	struct digest digest = { .policy = &policy, .daily = &daily, .checklist_count = 50 };
	struct digest_page *page;
	size_t written;

	store_daily(store, arena, &want, &daily);
	tell("a digest read, of so many deadlines", (size_t)daily.owed_all);
	page = digest_page(arena, &digest, false);
	written = strlen(digest_text(arena, page)) + strlen(digest_html(arena, "digest", page)) +
		strlen(digest_pack(arena, page));
	tell("and written, so many bytes", written);
	return written;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)4 << 30);
	int cases = argc > 2 ? atoi(argv[2]) : 100000;
	struct store *store = NULL;
	struct record_deadline *next;
	struct store_reminder *reminders;
	struct store_open_deadline *open;
	struct store_untaken *untaken;
	struct ical_deadline *list;
	struct span span = { 10, SPAN_BUSINESS_DAYS };
	size_t count, due = 0;
	struct err err;

	if (argc < 2 || cases <= 0 || cases > 10000000)
		return 64;
	box_start();
	if (store_open(arena_printf(arena, "%s/cases.db", argv[1]), true, &store, &err) != DONE) {
		fprintf(stderr, "bench_owed: %s\n", err.text);
		return 1;
	}
	began = clock_mono_ms();
	fill(store, cases);
	tell("cases with three deadlines put on record", (size_t)cases);
	for (int i = 0; i < cases; i++)
		due += calendar_due(&policy, desk.time_zone, NOW - i * CLOCK_MINUTE, span) > NOW;
	tell("ten business days counted", (size_t)cases);
	count = store_deadlines_pending(store, arena, 10, &next);
	tell("the next ten of all", count);
	count = store_reminders(store, arena, "www", remind_horizon(&policy, 0, NOW), &reminders);
	for (size_t i = 0; i < count; i++)
		due += remind_passed(&policy, 0, reminders[i].opened, reminders[i].deadline.due, NOW) !=
			REMINDER_NONE;
	tell("deadlines looked at for reminders", count);
	count = store_untaken_cases(store, arena, "www", &untaken);
	tell("cases of nobody's", count);
	count = store_deadlines_open(store, arena, &open);
	list = arena_calloc(arena, count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ical_deadline){ &open[i].deadline, open[i].desk, open[i].number };
	due += strlen(ical_text(arena, &policy, list, count, NOW)) > 0;
	tell("the whole feed for calendars written", count);
	due += make_digest(store, arena);
	store_close(&store);
	arena_free(&arena);
	return due > 0 ? 0 : 1;
}
