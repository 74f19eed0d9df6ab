/*
 * Puts a digest together from the records and into the outbox. Its text is made
 * here and now: numbers, dates, ids; nothing of a mail's content.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/digests.h"

#include <string.h>

#define DIGEST_ARENA ((size_t)128 * 1024 * 1024)

char *
digests_text(struct store *store, const struct policy *policy, struct arena *arena, size_t desk,
	size_t staff, int64_t now)
{
	struct store_case_filter filter = { .open = true, .desk = policy->desks[desk].title, .now = now };
	struct digest digest = { .desk = &policy->desks[desk],
		.language = policy->staff[staff].language,
		.now = now };
	struct record_message *unfiled;
	struct record_outbox *outbox;
	struct record_case *cases;
	struct store_counts counts;
	char head[65];

	digest.case_count = store_case_list(store, arena, &filter, &cases);
	digest.cases = cases;
	digest.outbox_count = store_outbox_list(store, arena, OUTBOX_STATES, &outbox);
	digest.outbox = outbox;
	digest.unfiled_count = store_message_list(store, arena, STORE_UNFILED, 50, &unfiled);
	digest.unfiled = unfiled;
	store_counts(store, &counts);
	digest.unrelated_count = counts.unrelated;
	store_log_head(store, head);
	digest.log_head = head;
	return digest_text(arena, &digest);
}

int64_t
engine_digest(struct engine *engine, size_t desk, size_t staff, int64_t now)
{
	const struct policy *policy = &engine->conf->policy;
	struct arena *arena = arena_new(ARENA_PLAIN, DIGEST_ARENA);
	struct record_outbox entry = { .kind = KIND_DIGEST,
		.state = OUTBOX_QUEUED,
		.to = policy->staff[staff].address,
		.staff = policy->staff[staff].title,
		.copied = true,
		.created_at = now };
	struct err err;
	int64_t id = 0;

	entry.params = arena_printf(arena, "digest: %s\n\n%s", policy->staff[staff].title,
		digests_text(engine->store, policy, arena, desk, staff, now));
	if (store_begin(engine->store, &err) == DONE) {
		id = outbox_put(engine, desk, &entry);
		store_digest_sent(engine->store, policy->desks[desk].title, policy->staff[staff].title, now);
		if (store_commit(engine->store, &err) != DONE)
			id = 0;
	}
	arena_free(&arena);
	return id;
}
