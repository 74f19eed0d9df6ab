/*
 * Each person's digest at that person's hour, once a day: what was sent, or that there was
 * nothing to tell, is on record in the transaction that writes the letter, so that no
 * restart and no clock tells it twice.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "flow/digests.h"

#define DAILY_ARENA ((size_t)1 << 30)
#define DAILY_MS 60000
#define DAILY_START_MS (5 * 60000)	/* how long after its start the daemon waits for its mailboxes */

/* The daemon alone tells, while it runs. */
static bool
runs(const struct engine *engine)
{
	return engine->options.send && engine->options.mailboxes && !engine->stopping;
}

/*
 * After a start the mail of the night comes first: every folder is read once, or cannot
 * be, and what it held is on record.
 */
static bool
has_read(struct engine *engine)
{
	if (engine->daily_until_ms == 0)
		engine->daily_until_ms = clock_mono_ms() + DAILY_START_MS;
	if (clock_mono_ms() >= engine->daily_until_ms)
		return true;
	for (size_t i = 0; i < engine->desk_count; i++) {
		const struct flow_mailbox *mailbox = &engine->desks[i].mailbox;

		if (!mailbox->waiting && !mailbox->trouble)
			return false;
	}
	if (engine->jobs != NULL || engine->openings != NULL)
		return false;
	engine->daily_until_ms = clock_mono_ms();
	return true;
}

/* Whether a digest was due and its day is settled now; what failed is due at the next look. */
static bool
tell_person(struct engine *engine, struct arena *arena, size_t desk, size_t staff)
{
	const struct policy *policy = &engine->conf->policy;
	struct digests *digests = arena_alloc(arena, sizeof(*digests));
	const char *zone = policy->desks[desk].time_zone;
	enum digest_size size;
	int64_t id, now = engine_now(engine);
	struct err err = { "" };

	digests_marks(engine, arena, desk, staff, now, digests);
	if (!digest_due(policy, desk, staff, &digests->marks, now))
		return false;
	digests_read(engine, arena, digests);
	/* What could not be read is no "nothing to tell": the next look tells it. */
	if (store_fault(engine->store, &err) != DONE) {
		log_warn("desk=%s the digest for %s could not be made: %s", policy->desks[desk].title,
			policy->staff[staff].title, err.text);
		return false;
	}
	size = digest_choose(zone, digests->digest.outside, digests->news, digests->marks.sent, now);
	if (digests_put(engine, arena, digests, size, &id, &err) != DONE) {
		log_warn("desk=%s the digest for %s could not be written: %s",
			policy->desks[desk].title, policy->staff[staff].title, err.text);
		return false;
	}
	if (id != 0)
		log_info("desk=%s outbox=%lld digest for %s", policy->desks[desk].title,
			(long long)id, policy->staff[staff].title);
	return true;
}

/* In memory of its own. */
static bool
tell(struct engine *engine, size_t desk, size_t staff)
{
	struct arena *arena = arena_new(ARENA_PLAIN, DAILY_ARENA);
	bool settled = tell_person(engine, arena, desk, staff);

	arena_free(&arena);
	return settled;
}

void
daily_advance(struct engine *engine)
{
	const struct policy *policy = &engine->conf->policy;
	int64_t mono = clock_mono_ms();

	if (!runs(engine) || mono < engine->daily_again_ms || !has_read(engine))
		return;
	engine->daily_again_ms = mono + DAILY_MS;
	for (size_t i = 0; i < engine->desk_count; i++) {
		for (size_t k = 0; k < policy->staff_count; k++) {
			if (!policy_serves(&policy->staff[k], policy->desks[i].title) ||
				!tell(engine, i, k))
				continue;
			/* One a turn, so that the mail of the hour does not wait for all of them. */
			engine->daily_again_ms = mono;
			return;
		}
	}
}

int
daily_timeout(const struct engine *engine)
{
	int64_t wait = engine->daily_again_ms - clock_mono_ms();

	if (!runs(engine) || engine->daily_again_ms == 0)
		return -1;
	return wait > 0 ? (int)wait : 0;
}
