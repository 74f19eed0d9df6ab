/*
 * `keys check`: each key that the conf needs, a line each: fine, a warning, or
 * what is wrong with it, and what to do. The desk's own is really tried. Changes
 * nothing; needs no store.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/drill.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "room/vault.h"
#include "rule/expiry.h"
#include "view/json.h"
#include "view/table.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define CHECK_COLUMNS 6
#define CHECK_ROWS 4000

enum check_result { CHECK_FINE, CHECK_WARNING, CHECK_FAILED };

static const char *const results[] = { "fine", "warning", "FAILED" };
static const char *const json_results[] = { "fine", "warning", "failed" };

struct row {
	const char *desk, *whose, *fpr;
	enum check_result result;
	const char *what, *todo;
	int64_t until;	/* when it ends, 0: never or not known */
};

struct check {
	struct cli *cli;
	struct vault *vault;
	size_t desk;
	struct pgp_keys keys;
	struct row rows[CHECK_ROWS];
	size_t count;
};

static struct row *
add(struct check *check, const char *whose, const char *fpr, enum check_result result,
	const char *what, const char *todo)
{
	struct row *row = &check->rows[check->count < CHECK_ROWS ? check->count++ : CHECK_ROWS - 1];

	*row = (struct row){ check->cli->conf->policy.desks[check->desk].title, whose, fpr, result,
		what, todo, 0 };
	return row;
}

/* What a key is needed for, and how its end is told. */
struct need {
	const char *whose;
	bool own;		/* it must sign too */
	bool seals;		/* mail is sealed to it */
	const char *renew;	/* what to do before it ends */
};

/* When it ceases to do what it is needed for, 0: never. */
static int64_t
end_of(const struct pgp_key *key, const struct need *need)
{
	return expiry_end(key->expires_at, need->seals ? key->encrypt_until : 0,
		need->own ? key->sign_until : 0);
}

/* What is wrong with it for good; NULL when nothing is. */
static const char *
wrong_with(const struct check *check, const struct pgp_key *key, const struct need *need)
{
	if (key->revoked)
		return "it is revoked";
	if (key->expired || (key->expires_at != 0 && key->expires_at <= check->cli->now))
		return "it has expired";
	if (key->disabled)
		return "it is disabled in gpg";
	if (key->invalid)
		return "gpg calls it invalid";
	if (need->seals && !key->can_encrypt)
		return "nothing can be sealed to it: it has no usable key for that";
	if (need->own && !key->secret)
		return "its secret half is not here";
	if (need->own && !key->can_sign)
		return "it cannot sign";
	return NULL;
}

static void
add_end(struct check *check, const struct pgp_key *key, const struct need *need)
{
	struct arena *arena = check->cli->arena;
	int64_t end = end_of(key, need), left = expiry_days(end, check->cli->now);
	enum expiry step = expiry_step(end, check->cli->now);
	struct row *row;

	if (step == EXPIRY_NONE)
		row = add(check, need->whose, key->fpr, CHECK_FINE,
			arena_printf(arena, "%s", key->algorithm), NULL);
	else
		row = add(check, need->whose, key->fpr, CHECK_WARNING,
			arena_printf(arena, "it ends in %lld day%s", (long long)left,
				left == 1 ? "" : "s"),
			arena_printf(arena, "%s%s",
				step >= EXPIRY_7 ? "at once: " : step == EXPIRY_30 ? "now: " : "soon: ",
				need->renew));
	row->until = end;
}

/* One key that must be there; whether it can be used. */
static bool
check_key(struct check *check, const char *fpr, const struct need *need, const char *missing)
{
	const struct pgp_key *key = pgp_find(&check->keys, fpr);
	const char *wrong;

	if (key == NULL) {
		add(check, need->whose, fpr, CHECK_FAILED, "it is not in the keyring", missing);
		return false;
	}
	wrong = wrong_with(check, key, need);
	if (wrong != NULL) {
		add(check, need->whose, fpr, CHECK_FAILED, wrong, need->renew)->until =
			end_of(key, need);
		return false;
	}
	add_end(check, key, need);
	if (key->weak)
		add(check, need->whose, fpr, CHECK_WARNING,
			arena_printf(check->cli->arena, "%s is weak", key->algorithm),
			need->own ? "make a new key" : "ask for a new key");
	return true;
}

static void
check_own(struct check *check)
{
	static const struct need need = { "this desk", true, true,
		"prolong it with its subkeys (madoguchi doctor says how) and publish it, or change to a "
		"new one (madoguchi keys roll)" };
	const char *fpr = check->cli->conf->policy.desks[check->desk].key;
	enum outcome outcome;
	struct err err;

	if (!check_key(check, fpr, &need, "restore it from a backup, or import it"))
		return;
	outcome = vault_try(check->vault, fpr, &err);
	if (outcome == DONE)
		add(check, need.whose, fpr, CHECK_FINE, "it signs, and opens what is sealed to it",
			NULL);
	else
		add(check, need.whose, fpr, CHECK_FAILED,
			arena_strdup(check->cli->arena, err.text),
			"is passphrase_file right, and does gpg-agent run?");
}

/* A pinned key that is out of use is no harm while another one of the coordinator serves. */
static size_t
check_pins(struct check *check, const struct policy_coordinator *coordinator,
	const struct need *need)
{
	size_t usable = 0;

	for (size_t i = 0; i < coordinator->keys.count; i++)
		usable += check_key(check, coordinator->keys.at[i], need,
			"get it from the coordinator, compare it, madoguchi keys import FILE");
	return usable;
}

/* Keys that the root vouches for count as pinned ones do. */
static size_t
check_certified(struct check *check, const struct policy_coordinator *coordinator,
	const struct need *need)
{
	size_t usable = 0;

	for (size_t i = 0; i < check->keys.count; i++) {
		const struct pgp_key *key = &check->keys.keys[i];
		bool yes = false;
		struct err err;

		for (size_t k = 0; k < coordinator->keys.count && !yes; k++)
			yes = text_equal(coordinator->keys.at[k], key->fpr);
		if (yes || key->secret || text_equal(key->fpr, coordinator->root_key) ||
			vault_certified(check->vault, key->fpr, coordinator->root_key, &yes, &err) !=
				DONE ||
			!yes)
			continue;
		if (wrong_with(check, key, need) == NULL)
			usable += check_key(check, key->fpr, need, "");
	}
	return usable;
}

/* What failed of one coordinator is only worth a warning when another of its keys serves. */
static void
soften(struct check *check, size_t from)
{
	for (size_t i = from; i < check->count; i++) {
		if (check->rows[i].result != CHECK_FAILED)
			continue;
		check->rows[i].result = CHECK_WARNING;
		check->rows[i].todo = "another key serves; take this one out of the conf";
	}
}

static void
check_coordinator(struct check *check, const struct policy_coordinator *coordinator)
{
	struct arena *arena = check->cli->arena;
	struct need need = { arena_printf(arena, "coordinator %s", coordinator->name), false, true,
		"ask for the new one, compare it, madoguchi keys import FILE" };
	struct need root = { arena_printf(arena, "root of %s", coordinator->name), false, false,
		"ask for the new root key, compare it, write it into the conf" };
	bool has_root = coordinator->root_key[0] != '\0';
	size_t from = check->count, usable;

	if (coordinator->keys.count == 0 && !has_root) {
		add(check, need.whose, "", CHECK_WARNING,
			"no key is pinned: none of its mail can be verified",
			"import its key, compare it, write the fingerprint into the conf");
		return;
	}
	usable = check_pins(check, coordinator, &need);
	if (has_root)
		usable += check_certified(check, coordinator, &need);
	if (usable > 0)
		soften(check, from);
	if (has_root)
		check_key(check, coordinator->root_key, &root,
			"get it from the coordinator, compare it, madoguchi keys import FILE");
	if (usable == 0)
		add(check, need.whose, "", CHECK_FAILED, "nothing can be sealed to it",
			"ask for its present key");
}

static bool
serves(const struct policy_staff *staff, const char *desk)
{
	for (size_t i = 0; i < staff->desks.count; i++) {
		if (text_equal(staff->desks.at[i], desk))
			return true;
	}
	return staff->desks.count == 0;
}

static void
check_staff(struct check *check, const struct policy_staff *staff)
{
	struct need need = { arena_printf(check->cli->arena, "staff %s", staff->title), false, true,
		"ask that person for the new one, madoguchi keys import FILE" };

	if (!serves(staff, check->cli->conf->policy.desks[check->desk].title))
		return;
	if (staff->key[0] == '\0')
		add(check, need.whose, "", CHECK_WARNING,
			"no key: what is mailed to that person goes in clear, without details",
			"import one, write its fingerprint into the conf");
	else
		check_key(check, staff->key, &need,
			"ask that person for it, madoguchi keys import FILE");
}

/* Once it was made, the desk's keyring needs its public half. */
static void
check_drill(struct check *check)
{
	static const struct need need = { "the drill", false, true,
		"remove its folder below state_dir/drill: madoguchi drill makes a new one" };
	const char *fpr = drill_key_known(check->cli, check->cli->conf, check->desk);

	if (fpr != NULL)
		check_key(check, fpr, &need, "madoguchi drill brings it");
}

static void
check_desk(struct check *check)
{
	const struct policy *policy = &check->cli->conf->policy;
	const struct conf_pgp *pgp = &check->cli->conf->desks[check->desk].pgp;
	enum outcome outcome;
	struct err err;

	outcome = vault_open(pgp->home, pgp->passphrase_file, &check->vault, &err);
	if (outcome == DONE)
		outcome = vault_list(check->vault, check->cli->arena, &check->keys, &err);
	if (outcome != DONE) {
		add(check, "this desk", policy->desks[check->desk].key, CHECK_FAILED,
			arena_strdup(check->cli->arena, err.text),
			"is pgp.home right? madoguchi init makes it");
	} else {
		check_own(check);
		check_drill(check);
		for (size_t i = 0; i < policy->coordinator_count; i++)
			check_coordinator(check, &policy->coordinators[i]);
		for (size_t i = 0; i < policy->staff_count; i++)
			check_staff(check, &policy->staff[i]);
	}
	vault_close(&check->vault);
}

static void
put_table(const struct check *check)
{
	static const char *const titles[CHECK_COLUMNS] = { "RESULT", "DESK", "WHOSE", "FINGERPRINT",
		"WHAT", "WHAT TO DO" };
	struct table *table = table_new(check->cli->arena, titles, CHECK_COLUMNS);

	for (size_t i = 0; i < check->count; i++) {
		const struct row *row = &check->rows[i];
		const char *until = cli_time(check->cli, row->until, row->desk);
		const char *const cells[CHECK_COLUMNS] = {
			results[row->result],
			row->desk,
			row->whose,
			row->fpr[0] != '\0' ? row->fpr : NULL,
			until != NULL ? arena_printf(check->cli->arena, "%s (until %.10s)", row->what,
						until)
				      : row->what,
			row->todo,
		};

		table_add(table, cells);
	}
	cli_put(table_text(table, "", check->cli->width));
}

static void
put_json(const struct check *check)
{
	struct jsontext *array = jsontext_array(check->cli->arena);

	for (size_t i = 0; i < check->count; i++) {
		const struct row *row = &check->rows[i];
		struct jsontext *object = jsontext_object(check->cli->arena);

		jsontext_string(object, "result", json_results[row->result]);
		jsontext_string(object, "desk", row->desk);
		jsontext_string(object, "whose", row->whose);
		jsontext_string(object, "fingerprint", row->fpr[0] != '\0' ? row->fpr : NULL);
		jsontext_string(object, "what", row->what);
		jsontext_string(object, "todo", row->todo);
		jsontext_time(object, "until", row->until,
			json_zone(&check->cli->conf->policy, row->desk));
		jsontext_add(array, object);
	}
	cli_put_json(array);
}

int
verb_keys_check(struct cli *cli)
{
	struct check *check = arena_alloc(cli->arena, sizeof(*check));
	int status = EX_OK;

	check->cli = cli;
	for (size_t i = 0; i < cli->conf->policy.desk_count; i++) {
		check->desk = i;
		check_desk(check);
	}
	if (cli->options[CLI_JSON] != NULL)
		put_json(check);
	else
		put_table(check);
	for (size_t i = 0; i < check->count; i++) {
		if (check->rows[i].result == CHECK_FAILED)
			status = EXIT_FAILURE;
	}
	return status;
}
