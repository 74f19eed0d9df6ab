/*
 * Keys that are about to end, told once a step: looked for at the start and once a day,
 * in working hours. What was told is on record with the end that it was told of, so that
 * a key that was prolonged is told anew, and with whose key it is: one may be several
 * persons', each of whom is told. Imports and changes none.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/alerts.h"
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "rule/expiry.h"
#include "rule/remind.h"

#define EXPIRY_ARENA ((size_t)16 * 1024 * 1024)
#define EXPIRY_MS (24 * 3600 * INT64_C(1000))	/* between two looks */
#define EXPIRY_HOURS_MS 60000	/* until it is looked again whether it is time to work */

struct looking {
	struct engine *engine;
	struct arena *arena;
	size_t desk;
	int64_t now;
};

/* Rows of older versions name the key alone: what was told of that end then is told to all. */
static enum expiry
was_told(const struct looking *looking, const char *key, const char *fpr, int64_t end)
{
	const char *title = engine_policy(looking->engine, looking->desk)->title;
	enum expiry told = store_key_told(looking->engine->store, title, key, end);
	enum expiry before = store_key_told(looking->engine->store, title, fpr, end);

	return told > before ? told : before;
}

static void
tell(const struct looking *looking, struct alert *alert, const char *fpr, int64_t end)
{
	struct engine *engine = looking->engine;
	const char *title = engine_policy(engine, looking->desk)->title;
	const char *key = arena_printf(looking->arena, "%s %s%s%s", fpr, alert_kind_name(alert->kind),
		alert->whose != NULL ? " " : "", alert->whose != NULL ? alert->whose : "");
	enum expiry step = expiry_step(end, looking->now);
	struct err err;

	if (step <= was_told(looking, key, fpr, end))
		return;
	alert->key = fpr;
	alert->ends = end;
	if (store_begin(engine->store, &err) == DONE) {
		store_key_tell(engine->store, title, key, end, step, looking->now);
		(void)alerts_add(engine->store, engine->conf, looking->desk, alert, looking->now);
		if (store_commit(engine->store, &err) == DONE) {
			engine->outbox_changed = true;
			log_warn("desk=%s key %s ends: %lld days left", title, fpr,
				(long long)expiry_days(end, looking->now));
			return;
		}
	}
	log_warn("desk=%s the end of a key could not be told: %s", title, err.text);
}

static void
look_at_own(const struct looking *looking)
{
	const struct pgp_key *key = pgp_find(engine_keys(looking->engine, looking->desk),
		engine_policy(looking->engine, looking->desk)->key);
	struct alert alert = { .kind = ALERT_KEY_OWN, .to = ALERT_TO_STAFF };

	if (key != NULL)
		tell(looking, &alert, key->fpr,
			expiry_end(key->expires_at, key->encrypt_until, key->sign_until));
}

static int64_t
seals_until(const struct pgp_key *key)
{
	return expiry_end(key->expires_at, key->encrypt_until, 0);
}

static const struct pgp_key *
later(const struct pgp_key *best, const struct pgp_key *key)
{
	if (key == NULL || key->revoked)
		return best;
	return best == NULL || seals_until(key) > seals_until(best) ? key : best;
}

/* The one that is used, and where none can be used any more, the one that ended last. */
static const struct pgp_key *
newest(const struct looking *looking, size_t coordinator)
{
	const struct policy_coordinator *policy =
		&looking->engine->conf->policy.coordinators[coordinator];
	const struct pgp_keys *keys = engine_keys(looking->engine, looking->desk);
	const struct pgp_key *best = keys_of_coordinator(looking->engine, looking->desk, coordinator);

	if (best != NULL)
		return best;
	for (size_t i = 0; i < policy->keys.count; i++)
		best = later(best, pgp_find(keys, policy->keys.at[i]));
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->keys[i].by_root && keys->keys[i].root_coordinator == coordinator)
			best = later(best, &keys->keys[i]);
	}
	return best;
}

static void
look_at_coordinator(const struct looking *looking, size_t coordinator)
{
	const struct policy_coordinator *policy =
		&looking->engine->conf->policy.coordinators[coordinator];
	const struct pgp_key *key = newest(looking, coordinator);
	struct alert alert = { .kind = ALERT_KEY_COORDINATOR, .to = ALERT_TO_STAFF,
		.whose = policy->name };

	if (key != NULL)
		tell(looking, &alert, key->fpr, seals_until(key));
	key = pgp_find(engine_keys(looking->engine, looking->desk), policy->root_key);
	alert.whose = arena_printf(looking->arena, "%s (root)", policy->name);
	if (key != NULL)
		tell(looking, &alert, key->fpr, key->expires_at);
}

static void
look_at_staff(const struct looking *looking, const struct policy_staff *staff)
{
	const struct pgp_key *key = pgp_find(engine_keys(looking->engine, looking->desk), staff->key);
	struct alert alert = { .kind = ALERT_KEY_STAFF, .to = ALERT_TO_PERSON, .person = staff->title,
		.whose = staff->title };

	if (key != NULL &&
		policy_serves(staff, engine_policy(looking->engine, looking->desk)->title))
		tell(looking, &alert, key->fpr, seals_until(key));
}

static void
look_at_desk(struct engine *engine, size_t desk)
{
	const struct policy *policy = &engine->conf->policy;
	struct looking looking = { engine, arena_new(ARENA_PLAIN, EXPIRY_ARENA), desk,
		engine_now(engine) };

	look_at_own(&looking);
	for (size_t i = 0; i < policy->coordinator_count; i++)
		look_at_coordinator(&looking, i);
	for (size_t i = 0; i < policy->staff_count; i++)
		look_at_staff(&looking, &policy->staff[i]);
	arena_free(&looking.arena);
}

/* The daemon alone, and not while a keyring is waited for: that turns the loop itself. */
static bool
runs(const struct engine *engine)
{
	return engine->options.send && engine->options.mailboxes && !engine->stopping &&
		engine->store != NULL && engine->keys_wait == NULL;
}

static bool
any_working(const struct engine *engine)
{
	const struct policy *policy = &engine->conf->policy;

	for (size_t i = 0; i < engine->desk_count; i++) {
		if (remind_working(policy, policy->desks[i].time_zone, engine_now(engine)))
			return true;
	}
	return false;
}

void
expiry_look(struct engine *engine)
{
	int64_t mono = clock_mono_ms();
	bool first = engine->expiry_again_ms == 0;
	struct err err;

	if (!runs(engine) || mono < engine->expiry_again_ms)
		return;
	engine->expiry_again_ms = mono + EXPIRY_HOURS_MS;
	if (!any_working(engine))
		return;
	engine->expiry_again_ms = mono + EXPIRY_MS;
	for (size_t i = 0; i < engine->desk_count; i++) {
		/* Listed at the start; a person may have prolonged one since, by gpg alone. */
		if (!first && keys_list(engine, i, &err) != DONE)
			log_warn("the keyring's list was not renewed: %s", err.text);
		look_at_desk(engine, i);
	}
}
