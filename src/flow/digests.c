/*
 * Puts a digest together from the records and into the outbox. What it says is made here
 * and now, and kept in the entry: numbers, dates, ids; nothing of a mail's content.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/digests.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/parts.h"
#include "rule/calendar.h"

#include <string.h>

static const struct policy_desk *
desk_of(const struct engine *engine, const struct digests *digests)
{
	return engine_policy(engine, digests->desk);
}

static const struct policy_staff *
staff_of(const struct engine *engine, const struct digests *digests)
{
	return &engine->conf->policy.staff[digests->staff];
}

/* --- marks: the value "digest.DESK.STAFF": when it was settled, and the last message read then --- */

static char *
mark_name(const struct engine *engine, struct arena *arena, const struct digests *digests)
{
	return arena_printf(arena, "digest.%s.%s", desk_of(engine, digests)->title,
		staff_of(engine, digests)->title);
}

void
digests_marks(struct engine *engine, struct arena *arena, size_t desk, size_t staff, int64_t now,
	struct digests *digests_r)
{
	const struct policy_desk *policy = engine_policy(engine, desk);
	char *mark, *newest;

	*digests_r = (struct digests){ .desk = desk, .staff = staff, .as_of = now, .newest = -1,
		.past = digest_day_end(policy->time_zone, now) < engine_now(engine) };
	digests_r->marks.sent = store_digest_last(engine->store, policy->title,
		engine->conf->policy.staff[staff].title, digest_day_end(policy->time_zone, now));
	mark = store_value_get(engine->store, arena, mark_name(engine, arena, digests_r));
	newest = mark != NULL ? strchr(mark, ' ') : NULL;
	if (newest == NULL)
		return;
	*newest++ = '\0';
	if (text_number(mark, 0, INT64_MAX, &digests_r->marks.looked) &&
		text_number(newest, 0, INT64_MAX, &digests_r->newest))
		return;
	digests_r->marks.looked = 0;
	digests_r->newest = -1;
}

static void
set_mark(struct engine *engine, struct arena *arena, const struct digests *digests)
{
	store_value_set(engine->store, mark_name(engine, arena, digests),
		arena_printf(arena, "%lld %lld", (long long)engine_now(engine),
			(long long)digests->daily.newest));
}

/* --- what it tells --- */

/*
 * What came since the last digest came on record behind the message that was read last for it:
 * ids only grow, whatever the clocks of a server say, so that each mail stands in one digest. A
 * day that is over, or a person's first digest, is told by the time of receipt.
 */
static void
read_records(struct engine *engine, struct arena *arena, struct digests *digests)
{
	const struct policy *policy = &engine->conf->policy;
	const struct policy_desk *desk = desk_of(engine, digests);
	int64_t now = digests->as_of;
	struct store_daily want = { .desk = desk->title, .now = now,
		.since = digest_since(&digests->marks, now),
		.after = digests->past ? -1 : digests->newest,
		.until = digests->past ? now : INT64_MAX,
		.soon_until = calendar_due(policy, desk->time_zone, now, desk->deadline.warn_before),
		.limit = DIGESTS_ROWS,
		.only = digests->digest.outside ? staff_of(engine, digests)->title : NULL };

	store_daily(engine->store, arena, &want, &digests->daily);
}

static struct digest_key
key_of(const struct engine *engine, size_t desk, enum digest_owner owner, const char *name,
	const char *fpr)
{
	const struct pgp_key *key = pgp_find(engine_keys(engine, desk), fpr);
	struct digest_key told = { .owner = owner, .name = name, .fpr = fpr, .missing = key == NULL };
	int64_t now = engine_now(engine);

	if (key == NULL)
		return told;
	told.expires_at = key->expires_at;
	if (key->encrypt_until != 0 && (told.expires_at == 0 || key->encrypt_until < told.expires_at))
		told.expires_at = key->encrypt_until;
	told.unusable = key->revoked || key->disabled || key->invalid ||
		(!key->can_encrypt && (told.expires_at == 0 || told.expires_at > now));
	return told;
}

/* Its pinned keys and those that its root_key certified; one that ended is no trouble while another serves. */
static size_t
coordinator_keys(const struct engine *engine, size_t desk, size_t coordinator,
	struct digest_key *list)
{
	const struct policy_coordinator *policy = &engine->conf->policy.coordinators[coordinator];
	const struct pgp_keys *keys = engine_keys(engine, desk);
	bool serves = keys_of_coordinator(engine, desk, coordinator) != NULL;
	size_t count = 0;

	for (size_t i = 0; i < policy->keys.count; i++)
		list[count++] = key_of(engine, desk, OWNER_COORDINATOR, policy->name,
			policy->keys.at[i]);
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->keys[i].by_root && keys->keys[i].root_coordinator == coordinator)
			list[count++] = key_of(engine, desk, OWNER_COORDINATOR, policy->name,
				keys->keys[i].fpr);
	}
	for (size_t i = 0; i < count; i++)
		list[i].replaced = serves;
	return count;
}

/* An outsider is told of the desk's key and of the outsider's own. */
static void
read_keys(struct engine *engine, struct arena *arena, struct digests *digests)
{
	const struct policy *policy = &engine->conf->policy;
	const struct policy_desk *desk = desk_of(engine, digests);
	size_t most = 1 + engine_keys(engine, digests->desk)->count + policy->staff_count, count = 0;
	bool outside = digests->digest.outside;
	struct digest_key *list;

	for (size_t i = 0; i < policy->coordinator_count; i++)
		most += policy->coordinators[i].keys.count;
	list = arena_calloc(arena, most, sizeof(*list));
	list[count++] = key_of(engine, digests->desk, OWNER_DESK, "", desk->key);
	for (size_t i = 0; i < policy->coordinator_count && !outside; i++)
		count += coordinator_keys(engine, digests->desk, i, list + count);
	for (size_t i = 0; i < policy->staff_count; i++) {
		const struct policy_staff *staff = &policy->staff[i];

		if (staff->key[0] != '\0' && policy_serves(staff, desk->title) &&
			(!outside || i == digests->staff))
			list[count++] = key_of(engine, digests->desk, OWNER_STAFF, staff->title,
				staff->key);
	}
	digests->digest.keys = list;
	digests->digest.key_count = count;
}

static void
add_folder(struct digests *digests, struct digest_folder *list, const char *name,
	const struct store_mailbox *mailboxes, size_t count, const struct conf_imap *imap,
	const char *desk)
{
	struct digest_folder *folder = &list[digests->digest.folder_count++];

	*folder = (struct digest_folder){ .name = name };
	for (size_t i = 0; i < count; i++) {
		if (text_equal(mailboxes[i].desk, desk) && text_equal(mailboxes[i].folder, name))
			folder->last_pass = mailboxes[i].cursor.last_pass;
	}
	folder->late = digests->as_of - folder->last_pass >
		(int64_t)imap->poll_interval * CONF_LATE_INTERVALS * CLOCK_SECOND;
}

/* As the conf names them. */
static void
read_folders(struct engine *engine, struct arena *arena, struct digests *digests)
{
	const struct conf_imap *imap = &engine->conf->desks[digests->desk].imap;
	struct digest_folder *list = arena_calloc(arena, imap->folders.count + 1, sizeof(*list));
	struct store_mailbox *mailboxes;
	size_t count = store_mailboxes(engine->store, arena, &mailboxes);

	digests->digest.folders = list;
	for (size_t i = 0; i < imap->folders.count; i++)
		add_folder(digests, list, imap->folders.at[i], mailboxes, count, imap,
			desk_of(engine, digests)->title);
}

/* The value "drill.DESK": "MICROSECONDS passed" or "MICROSECONDS failed". */
static void
read_drill(struct engine *engine, struct arena *arena, struct digests *digests)
{
	char *value = store_value_get(engine->store, arena,
		arena_printf(arena, "drill.%s", desk_of(engine, digests)->title));
	char *how = value != NULL ? strchr(value, ' ') : NULL;
	int64_t at;

	if (how == NULL)
		return;
	*how++ = '\0';
	if (!text_number(value, 1, INT64_MAX, &at))
		return;
	digests->digest.drill_at = at;
	digests->digest.drill_passed = text_starts(how, "passed");
}

void
digests_read(struct engine *engine, struct arena *arena, struct digests *digests)
{
	digests->digest = (struct digest){ .policy = &engine->conf->policy, .desk = digests->desk,
		.language = staff_of(engine, digests)->language,
		.outside = digest_outside(staff_of(engine, digests)),
		.daily = &digests->daily,
		.checklist_count = engine->conf->checklist.count };
	read_records(engine, arena, digests);
	read_keys(engine, arena, digests);
	digests->news = digest_has_news(&digests->daily);
	if (digests->digest.outside)
		return;
	read_folders(engine, arena, digests);
	read_drill(engine, arena, digests);
	digests->news = digests->news || digest_has_trouble(&digests->digest);
}

/* --- and where it goes --- */

static char *
params_of(const struct engine *engine, struct arena *arena, const struct digests *digests, bool line)
{
	const struct digest_page *page = digest_page(arena, &digests->digest, line);
	struct clock_civil civil;
	struct text text;
	char *packed = digest_pack(arena, page);

	clock_civil(digests->as_of, desk_of(engine, digests)->time_zone, &civil);
	text_init(&text, arena, strlen(packed) + 1000);
	text_addf(&text, "digest: %s\ndate: %04d-%02d-%02d\n", staff_of(engine, digests)->title,
		civil.year, civil.month, civil.day);
	if (digests->daily.owed_all > 0)
		text_addf(&text, "count: %lld\n", (long long)digests->daily.owed_all);
	text_addf(&text, "\n%s", packed);
	return text.data;
}

enum outcome
digests_put(struct engine *engine, struct arena *arena, const struct digests *digests,
	enum digest_size size, int64_t *id_r, struct err *err_r)
{
	const struct policy_staff *staff = staff_of(engine, digests);
	struct record_outbox entry = { .kind = KIND_DIGEST,
		.state = OUTBOX_QUEUED,
		.to = staff->address,
		.staff = staff->title,
		.copied = true };
	int64_t id = 0, now = engine_now(engine);
	enum outcome outcome;

	if (size != DIGEST_NOTHING)
		entry.params = params_of(engine, arena, digests, size == DIGEST_LINE);
	outcome = store_begin(engine->store, err_r);
	if (outcome != DONE)
		return outcome;
	if (size != DIGEST_NOTHING) {
		id = outbox_put(engine, digests->desk, &entry);
		store_digest_sent(engine->store, desk_of(engine, digests)->title, staff->title,
			digests->past ? digests->as_of : now);
	}
	/* One of a day that is over tells nothing of what came since. */
	if (!digests->past)
		set_mark(engine, arena, digests);
	outcome = store_commit(engine->store, err_r);
	if (outcome == DONE)
		*id_r = id;
	return outcome;
}

struct digests *
digests_make(struct engine *engine, struct arena *arena, size_t desk, size_t staff, int64_t as_of)
{
	struct digests *digests = arena_alloc(arena, sizeof(*digests));

	digests_marks(engine, arena, desk, staff, as_of, digests);
	digests_read(engine, arena, digests);
	return digests;
}
