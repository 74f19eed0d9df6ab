/*
 * A desk on a Monday morning, for the digest's tests: a bit of everything, and what must
 * never be told where it could be.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_UNIT_DIGEST_SCENE_H
#define TESTS_UNIT_DIGEST_SCENE_H

#include <string.h>

#include "base/clock.h"
#include "view/digest.h"

/* 2026-11-30 09:00 in Tokyo, a Monday */
#define SCENE_NOW (INT64_C(1795996800) * CLOCK_SECOND)
#define SCENE_DAY_END(days) (SCENE_NOW + (days) * CLOCK_DAY + 15 * CLOCK_HOUR - CLOCK_SECOND)
#define SCENE_BEFORE(days, hours) (SCENE_NOW - (days) * CLOCK_DAY - (hours) * CLOCK_HOUR)

static const struct policy_desk scene_desk = { .title = "www", .name = "Desk <One> & Co",
	.time_zone = "Asia/Tokyo" };
static const struct policy scene_policy = { .desks = &scene_desk, .desk_count = 1 };

static struct daily_owed scene_owed[] = {
	{ .of = { 3, "IPA#87654321", false },
		.kind = DEADLINE_ACKNOWLEDGE,
		.began = SCENE_BEFORE(4, 0),
		.due = SCENE_DAY_END(-1) },
	{ .of = { 5, NULL, false },
		.kind = DEADLINE_FINDER,
		.began = SCENE_BEFORE(6, 0),
		.due = SCENE_NOW + 8 * CLOCK_HOUR },
	{ .of = { 1, "IPA#12345678", true },
		.item = "authority-report",
		.began = SCENE_BEFORE(2, 0),
		.due = SCENE_DAY_END(1),
		.assignee = "officer" },
	{ .of = { 1, "IPA#12345678", true },
		.kind = DEADLINE_REMEDIATION,
		.began = SCENE_BEFORE(30, 0),
		.due = SCENE_DAY_END(60),
		.assignee = "officer" },
};

static struct daily_mail scene_came[] = {
	{ .of = { 3, "IPA#87654321", false },
		.id = 41,
		.received_at = SCENE_BEFORE(1, 1),
		.kind = KIND_CONTACT_REQUEST,
		.trust = TRUST_UNVERIFIED },
	{ .of = { 1, "IPA#12345678", true },
		.id = 40,
		.received_at = SCENE_BEFORE(2, 3),
		.kind = KIND_DETAILS,
		.trust = TRUST_VERIFIED,
		.encrypted = true },
	{ .id = 39, .received_at = SCENE_BEFORE(2, 4), .kind = KIND_BOUNCE, .trust = TRUST_UNVERIFIED },
};

static struct daily_sent scene_sent[] = {
	{ .of = { 1, "IPA#12345678", true },
		.entry = 21,
		.sent_at = SCENE_BEFORE(2, 2),
		.kind = KIND_ACKNOWLEDGEMENT,
		.reply = "250 2.0.0 Ok: queued as 4D6F1A2B3C for <SECRET@example.org>",
		.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		.encrypted = true },
	{ .of = { 1, "IPA#12345678", true },
		.sent_at = SCENE_BEFORE(2, 5),
		.kind = KIND_STAFF },
};

static struct daily_stuck scene_stuck[] = {
	{ .of = { 3, "IPA#87654321", false },
		.entry = 22,
		.kind = KIND_ACKNOWLEDGEMENT,
		.state = OUTBOX_HELD,
		.why = "the conf leaves it to a person" },
	{ .of = { 1, "IPA#12345678", true },
		.entry = 23,
		.kind = KIND_PROGRESS,
		.state = OUTBOX_DEFERRED,
		.next_try_at = SCENE_NOW + CLOCK_HOUR },
	{ .entry = 24, .kind = KIND_ALERT, .state = OUTBOX_FAILED, .why = "SECRET-WHY" },
};

static struct daily_mail scene_unfiled[] = {
	{ .id = 38,
		.received_at = SCENE_BEFORE(9, 0),
		.kind = KIND_CORRESPONDENCE,
		.trust = TRUST_AUTHENTICATED },
};

static const struct digest_key scene_keys[] = {
	{ .owner = OWNER_DESK,
		.name = "",
		.fpr = "0000111122223333444455556666777788889999",
		.expires_at = SCENE_NOW + 400 * CLOCK_DAY },
	{ .owner = OWNER_COORDINATOR,
		.name = "IPA",
		.fpr = "AAAA111122223333444455556666777788889999",
		.expires_at = SCENE_NOW + 20 * CLOCK_DAY },
	{ .owner = OWNER_COORDINATOR,
		.name = "IPA",
		.fpr = "BBBB111122223333444455556666777788889999",
		.expires_at = SCENE_BEFORE(300, 0),
		.replaced = true },
	{ .owner = OWNER_STAFF, .name = "officer", .fpr = "CCCC111122223333444455556666777788889999" },
};

static const struct digest_folder scene_folders[] = {
	{ "INBOX", SCENE_NOW - CLOCK_MINUTE, false },
	{ "Junk", SCENE_BEFORE(1, 0), true },
};

static struct daily scene_daily = {
	.since = SCENE_BEFORE(3, 0), .now = SCENE_NOW,
	.owed = scene_owed, .owed_count = 4, .owed_all = 4, .overdue = 1, .soon = 2,
	.soon_until = SCENE_DAY_END(3),
	.came = scene_came, .came_count = 3, .came_all = 8,
	.sent = scene_sent, .sent_count = 2, .sent_all = 2,
	.stuck = scene_stuck, .stuck_count = 3,
	.outbox = { [OUTBOX_HELD] = 1, [OUTBOX_QUEUED] = 2, [OUTBOX_DEFERRED] = 1, [OUTBOX_FAILED] = 1 },
	.unfiled = scene_unfiled, .unfiled_count = 1, .unfiled_all = 1, .unrelated = 77,
	.progress = { [PHASE_RECEIVE] = { 2, 5 }, [PHASE_IMPLEMENT] = { 1, 45 } },
	.log_head = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
};

static inline struct digest
scene_digest(enum language language)
{
	return (struct digest){ .policy = &scene_policy, .language = language, .daily = &scene_daily,
		.checklist_count = 50,
		.keys = scene_keys, .key_count = 4,
		.folders = scene_folders, .folder_count = 2,
		.drill_at = SCENE_BEFORE(10, 0), .drill_passed = true };
}

#endif
