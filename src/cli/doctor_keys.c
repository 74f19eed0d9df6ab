/*
 * The doctor's look at keys: what the conf names against what the keyrings
 * hold, until when each is good, and whether the desk's own key really signs
 * and opens.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/rings.h"
#include "flow/trials.h"
#include "port/conf.h"
#include "port/pgp.h"

#include <string.h>

#define SOON_DAYS 30
#define MISTAKES_MAX (256 * 1024)

static bool
is_past(const struct doctor *doctor, const struct pgp_key *key)
{
	return key->expired || (key->expires_at != 0 && key->expires_at <= doctor->cli->now);
}

static bool
is_usable(const struct doctor *doctor, const struct pgp_key *key)
{
	return key != NULL && !key->revoked && !key->disabled && !key->invalid &&
		key->can_encrypt && !is_past(doctor, key);
}

static bool
ends_soon(const struct doctor *doctor, const struct pgp_key *key)
{
	return key->expires_at != 0 && doctor_days(doctor, key->expires_at) < SOON_DAYS;
}

/* Why a key that is here is of no use. */
static const char *
fault_of(struct doctor *doctor, const struct pgp_key *key, const char *desk)
{
	if (key->revoked)
		return "is revoked";
	if (is_past(doctor, key))
		return arena_printf(doctor->cli->arena, "expired on %s",
			doctor_date(doctor, key->expires_at, desk));
	return key->disabled ? "is disabled" : "cannot be sealed to";
}

/* Keys that the conf names and that are not here are mistakes of it: each a line, as at a start. */
static void
look_for_missing(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;
	struct text mistakes;

	/* Without its folder or agent a keyring shows no keys: that was told. */
	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		if (!doctor->keyrings[i])
			return;
	}
	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	conf_close(conf_read(cli->arena, cli->conf_file, cli->data_dir, rings_list, &mistakes));
	if (mistakes.len > 0)
		doctor_mistakes(doctor, "keys", mistakes.data);
	else
		doctor_ok(doctor, NULL, "keys", "every key that the conf names is there");
}

static void
look_at_trial(struct doctor *doctor, const char *title, const char *check,
	const struct trials_result *result, const char *well, const char *remedy)
{
	if (!result->tried)
		return;
	if (result->outcome == DONE)
		doctor_ok(doctor, title, check, "%s", well);
	else
		doctor_bad(doctor, title, check, remedy, "%s", result->err.text);
}

/* Whether it is worth while to try the key. */
static bool
look_at_own(struct doctor *doctor, size_t desk, const struct pgp_key *own)
{
	const char *title = doctor_title(doctor, desk);
	const char *home = doctor->cli->conf->desks[desk].pgp.home;
	const char *renew = doctor_do(doctor,
		"gpg --homedir %s --quick-set-expire %s 2y, the same for its subkeys with '*' behind "
		"it, and publish the key anew",
		home, own->fpr);

	if (!is_usable(doctor, own) || !own->can_sign) {
		doctor_bad(doctor, title, "key",
			own->revoked || own->disabled
				? doctor_do(doctor, "name a good key in desk.%s.pgp.key", title)
				: renew,
			"the desk's key %s %s", own->fpr, fault_of(doctor, own, title));
		return false;
	}
	if (ends_soon(doctor, own))
		doctor_hint(doctor, title, "key", renew, "the desk's key is %s only",
			doctor_until(doctor, own->expires_at, title));
	else
		doctor_ok(doctor, title, "key", "the desk's key is %s",
			doctor_until(doctor, own->expires_at, title));
	return true;
}

static void
look_at_desk(struct doctor *doctor, size_t desk)
{
	const struct trials_desk *found = &doctor->found[desk];
	const struct policy_desk *policy = &doctor->cli->conf->policy.desks[desk];
	const char *agent = doctor_do(doctor,
		"desk.%s.pgp.passphrase_file must hold the key's passphrase; gpgconf --homedir %s "
		"--kill gpg-agent lets the agent forget an old one",
		policy->title, doctor->cli->conf->desks[desk].pgp.home);
	const struct pgp_key *own = pgp_find(&found->ring, policy->key);

	if (found->keys.tried && found->keys.outcome != DONE)
		doctor_bad(doctor, policy->title, "keys", agent, "%s", found->keys.err.text);
	if (own == NULL || !own->secret || !look_at_own(doctor, desk, own))
		return;
	look_at_trial(doctor, policy->title, "sign", &found->seal, "the desk's key signs", agent);
	look_at_trial(doctor, policy->title, "decrypt", &found->open,
		"what is sealed to the desk opens", agent);
	/* A key that does not open is told once. */
	if (found->open.tried && found->open.outcome == DONE)
		look_at_trial(doctor, policy->title, "pair", &found->box,
			"what is sealed at rest opens",
			doctor_do(doctor,
				"bring back the secret key to which the pair was sealed (madoguchi "
				"keys import FILE): without it clear mail on record stays closed"));
}

/* --- coordinators and staff --- */

static const struct pgp_key *
newest_usable(const struct doctor *doctor, const struct pgp_keys *ring,
	const struct policy_coordinator *coordinator, size_t index, const struct pgp_key **any_r)
{
	const struct pgp_key *best = NULL;

	*any_r = NULL;
	for (size_t i = 0; i < ring->count; i++) {
		const struct pgp_key *key = &ring->keys[i];
		bool theirs = key->by_root && key->root_coordinator == index;

		for (size_t k = 0; k < coordinator->keys.count && !theirs; k++)
			theirs = text_equal(coordinator->keys.at[k], key->fpr);
		if (!theirs)
			continue;
		*any_r = key;
		if (is_usable(doctor, key) && (best == NULL || key->created_at > best->created_at))
			best = key;
	}
	return best;
}

static void
look_at_coordinator(struct doctor *doctor, size_t desk, size_t index)
{
	const struct policy_coordinator *coordinator =
		&doctor->cli->conf->policy.coordinators[index];
	const char *title = doctor_title(doctor, desk);
	const char *remedy = doctor_do(doctor,
		"madoguchi keys import FILE with its present key, and name the fingerprint in "
		"coordinator.%s.keys",
		coordinator->name);
	const struct pgp_key *any, *best = newest_usable(
		doctor, &doctor->found[desk].ring, coordinator, index, &any);

	if (best != NULL && ends_soon(doctor, best))
		doctor_hint(doctor, title, "coordinator", remedy,
			"%s: its key is %s only", coordinator->name,
			doctor_until(doctor, best->expires_at, title));
	else if (best != NULL)
		doctor_ok(doctor, title, "coordinator", "%s: its key is %s",
			coordinator->name, doctor_until(doctor, best->expires_at, title));
	else if (any != NULL)
		doctor_bad(doctor, title, "coordinator", remedy,
			"%s: no letter can be sealed to it: key %s %s", coordinator->name,
			any->fpr, fault_of(doctor, any, title));
}

static bool
is_pinned(const struct policy_coordinator *coordinator)
{
	return coordinator->keys.count > 0 || coordinator->root_key[0] != '\0';
}

static void
look_at_pins(struct doctor *doctor)
{
	const struct policy *policy = &doctor->cli->conf->policy;

	if (policy->coordinator_count == 0)
		doctor_hint(doctor, NULL, "coordinator",
			"name those that may write to you under coordinator, IPA first",
			"the conf names none: every mail is a stranger's");
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (!is_pinned(&policy->coordinators[i]))
			doctor_hint(doctor, NULL, "coordinator",
				doctor_do(doctor,
					"take its key's fingerprint from its own web site, madoguchi "
					"keys import FILE, and name it in coordinator.%s.keys",
					policy->coordinators[i].name),
				"%s: no key is pinned: its mail is never verified, and every answer "
				"to it is held unless without_key is \"clear\"",
				policy->coordinators[i].name);
	}
}

static bool
concerns(const struct policy_staff *staff, const char *title)
{
	for (size_t i = 0; i < staff->desks.count; i++) {
		if (text_equal(staff->desks.at[i], title))
			return true;
	}
	return staff->desks.count == 0;
}

static void
look_at_staff(struct doctor *doctor, size_t desk)
{
	const struct policy *policy = &doctor->cli->conf->policy;
	const char *title = doctor_title(doctor, desk);

	for (size_t i = 0; i < policy->staff_count; i++) {
		const struct policy_staff *staff = &policy->staff[i];
		const struct pgp_key *key;

		if (!concerns(staff, title) || staff->key[0] == '\0')
			continue;
		key = pgp_find(&doctor->found[desk].ring, staff->key);
		if (is_usable(doctor, key))
			doctor_ok(doctor, title, "staff-key", "%s: %s", staff->title,
				doctor_until(doctor, key->expires_at, title));
		else if (key != NULL)
			doctor_bad(doctor, title, "staff-key",
				doctor_do(doctor,
					"madoguchi keys import FILE with the person's present key, "
					"and name its fingerprint in staff.%s.key",
					staff->title),
				"%s: key %s %s", staff->title, key->fpr,
				fault_of(doctor, key, title));
	}
}

static void
look_at_keyless_staff(struct doctor *doctor)
{
	const struct policy *policy = &doctor->cli->conf->policy;

	if (policy->staff_count == 0)
		doctor_hint(doctor, NULL, "staff", "name at least one person under staff",
			"the conf names nobody: no alert reaches anyone");
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (policy->staff[i].key[0] == '\0')
			doctor_hint(doctor, NULL, "staff-key",
				doctor_do(doctor,
					"madoguchi keys import FILE with the person's key, and name its "
					"fingerprint in staff.%s.key",
					policy->staff[i].title),
				"%s has none: alerts go in clear, and no mail can be forwarded",
				policy->staff[i].title);
	}
}

void
doctor_keys(struct doctor *doctor)
{
	const struct conf *conf = doctor->cli->conf;

	look_at_pins(doctor);
	look_at_keyless_staff(doctor);
	look_for_missing(doctor);
	if (doctor->found == NULL)
		return;
	for (size_t desk = 0; desk < conf->policy.desk_count; desk++) {
		look_at_desk(doctor, desk);
		for (size_t i = 0; i < conf->policy.coordinator_count; i++)
			look_at_coordinator(doctor, desk, i);
		look_at_staff(doctor, desk);
	}
}
