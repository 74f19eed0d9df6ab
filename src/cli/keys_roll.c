/*
 * `keys roll`: from one desk's key to the next, a step at a time, each asked for first
 * and each found done by the next call. A new key is made beside the old one; signed
 * letters, held for a person to release, tell the coordinators of it while the old key
 * still signs; then the conf names the new one. The old one is never removed: what is
 * sealed to it is read for as long as it lies in the keyring.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/keys_roll.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/verbs.h"
#include "flow/rolls.h"
#include "port/conf.h"
#include "port/store.h"
#include "room/vault.h"
#include "view/json.h"

#include <string.h>
#include <sysexits.h>

#define DONE_DAYS 30	/* so long a change that is over is what is told, and no other begins */

/* ROLL_LETTERS_LEFT: letters wait that the key which the conf names cannot vouch for. */
enum rolling { ROLL_NONE, ROLL_LETTERS_WAIT, ROLL_LETTERS_LEFT, ROLL_READY, ROLL_OVER };

static const char *const rolling_names[] = { "none", "letters-wait", "letters-left", "ready", "over" };

struct rolling_desk {
	struct cli *cli;
	size_t desk;
	const struct policy_desk *policy;
	struct vault *vault;
	struct pgp_keys keys;
	struct roll roll;
	const struct record_outbox *letters[ROLL_LETTERS];
	enum rolling state;
};

static bool
is_usable(const struct rolling_desk *rolling, const struct pgp_key *key)
{
	return key != NULL && !key->revoked && !key->expired && !key->disabled && !key->invalid &&
		key->can_encrypt &&
		(key->expires_at == 0 || key->expires_at > rolling->cli->now);
}

/* --- where it stands --- */

static bool
waits(const struct record_outbox *letter)
{
	return letter != NULL && letter->state != OUTBOX_SENT && letter->state != OUTBOX_DROPPED;
}

static bool
letters_wait(const struct rolling_desk *rolling)
{
	for (size_t i = 0; i < rolling->roll.letter_count; i++) {
		if (waits(rolling->letters[i]))
			return true;
	}
	return false;
}

/* Of a change that is left with letters no other takes the place: they bring its key along. */
static enum rolling
state_of(const struct rolling_desk *rolling)
{
	bool old_signs = text_equal(rolling->roll.old_key, rolling->policy->key);

	if (letters_wait(rolling))
		return old_signs ? ROLL_LETTERS_WAIT : ROLL_LETTERS_LEFT;
	if (text_equal(rolling->roll.new_key, rolling->policy->key))
		return rolling->cli->now - rolling->roll.begun_at < DONE_DAYS * CLOCK_DAY ? ROLL_OVER
											: ROLL_NONE;
	/* The conf names a third one: what was begun is no longer the way. */
	return old_signs ? ROLL_READY : ROLL_NONE;
}

static void
look(struct rolling_desk *rolling)
{
	struct store *store = rolling->cli->store;

	rolling->state = ROLL_NONE;
	if (!rolls_get(store, rolling->cli->arena, rolling->policy->title, &rolling->roll))
		return;
	for (size_t i = 0; i < rolling->roll.letter_count; i++)
		rolling->letters[i] =
			store_outbox_get(store, rolling->cli->arena, rolling->roll.letters[i]);
	rolling->state = state_of(rolling);
}

/* --- the steps --- */

/* Without a terminal and without --confirm nothing is done. */
static bool
is_wanted(struct rolling_desk *rolling, const char *question)
{
	if (rolling->cli->options[CLI_CONFIRM] != NULL)
		return true;
	if (rolling->cli->options[CLI_JSON] != NULL || !ask_terminal())
		return false;
	return ask_yes(rolling->cli, question, false);
}

/* As the old one: its name, and as long a life. */
static enum outcome
make_key(struct rolling_desk *rolling, char fpr_r[static PGP_FPR], struct err *err_r)
{
	const struct pgp_key *old = pgp_find(&rolling->keys, rolling->policy->key);
	int64_t life = 0;
	enum outcome outcome;
	struct err unimportant;

	if (old == NULL || !old->secret)
		return err_set(err_r, NEVER, "the key %s is not in the keyring with its secret half",
			rolling->policy->key);
	if (old->expires_at != 0)
		life = (old->expires_at - old->created_at) / CLOCK_SECOND;
	outcome = vault_make_key(rolling->vault, old->user_id, life, fpr_r, err_r);
	/* For speed alone. */
	if (outcome == DONE)
		(void)vault_refresh(rolling->vault, &unimportant);
	return outcome;
}

/* Whether a letter can be sealed to it: a pinned key, or one that its root certified. */
static bool
can_be_told(struct rolling_desk *rolling, const struct policy_coordinator *coordinator)
{
	bool yes = false;
	struct err err;

	for (size_t i = 0; i < coordinator->keys.count; i++) {
		if (is_usable(rolling, pgp_find(&rolling->keys, coordinator->keys.at[i])))
			return true;
	}
	for (size_t i = 0; i < rolling->keys.count && coordinator->root_key[0] != '\0' && !yes; i++) {
		const struct pgp_key *key = &rolling->keys.keys[i];

		if (!key->secret && is_usable(rolling, key) &&
			!text_equal(key->fpr, coordinator->root_key))
			(void)vault_certified(rolling->vault, key->fpr, coordinator->root_key, &yes,
				&err);
	}
	return yes;
}

/* While the key was made nothing held the store. In the open transaction. */
static bool
has_begun_meanwhile(const struct rolling_desk *rolling)
{
	struct roll roll;

	return rolls_get(rolling->cli->store, rolling->cli->arena, rolling->policy->title, &roll) &&
		roll.begun_at != rolling->roll.begun_at;
}

static int
begin(struct rolling_desk *rolling)
{
	struct cli *cli = rolling->cli;
	const struct policy *policy = &cli->conf->policy;
	bool told[CONF_COORDINATORS_MAX] = { false };
	char *fpr = arena_alloc(cli->arena, PGP_FPR), *armour;
	struct err err = { "" };
	enum outcome outcome;
	size_t len;
	int status;

	outcome = make_key(rolling, fpr, &err);
	if (outcome == DONE)
		outcome = vault_export(rolling->vault, cli->arena, fpr, &armour, &len, &err);
	if (outcome != DONE)
		return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_DATAERR, "%s", err.text);
	for (size_t i = 0; i < policy->coordinator_count && i < CONF_COORDINATORS_MAX; i++)
		told[i] = can_be_told(rolling, &policy->coordinators[i]);
	status = cli_begin(cli);
	if (status != EX_OK)
		return status;
	if (has_begun_meanwhile(rolling)) {
		store_rollback(cli->store);
		return cli_fail(EX_TEMPFAIL, "another call of keys roll has begun a change meanwhile: the "
			"key %s, which was made here, is not used, and may be deleted with gpg", fpr);
	}
	rolling->roll = (struct roll){ .old_key = rolling->policy->key, .new_key = fpr,
		.begun_at = clock_now() };
	for (size_t i = 0; i < policy->coordinator_count && i < CONF_COORDINATORS_MAX; i++) {
		if (told[i])
			rolling->roll.letters[rolling->roll.letter_count++] = rolls_announce(cli->store,
				cli->conf, rolling->desk, i, &rolling->roll, clock_now());
	}
	rolls_set(cli->store, rolling->policy->title, &rolling->roll, armour);
	cli_log(cli, 0, "desk %s: a new key %s was made, to follow %s; %zu letters held",
		rolling->policy->title, fpr, rolling->policy->key, rolling->roll.letter_count);
	return cli_commit(cli);
}

static int
change_conf(struct rolling_desk *rolling)
{
	struct cli *cli = rolling->cli;
	const char *kept;
	struct err err = { "" };
	int status;

	if (roll_conf(cli, rolling->desk, rolling->roll.old_key, rolling->roll.new_key, &kept, &err) !=
		DONE)
		return cli_fail(EX_CANTCREAT, "%s; change desk.%s.pgp.key by hand", err.text,
			rolling->policy->title);
	status = cli_begin(cli);
	if (status == EX_OK) {
		cli_log(cli, 0, "desk %s: the conf names the key %s instead of %s",
			rolling->policy->title, rolling->roll.new_key, rolling->roll.old_key);
		status = cli_commit(cli);
	}
	rolling->state = ROLL_OVER;
	if (status == EX_OK && cli->options[CLI_JSON] == NULL)
		cli_put(arena_printf(cli->arena, "The conf names the new key; as it was it lies in %s\n",
			kept));
	return status;
}

static int
go_on(struct rolling_desk *rolling)
{
	int status = EX_OK;

	if (rolling->state == ROLL_NONE &&
		is_wanted(rolling, arena_printf(rolling->cli->arena,
			"Make a new key for desk %s, and letters about it that you release?",
			rolling->policy->title))) {
		status = begin(rolling);
		if (status == EX_OK)
			look(rolling);
		return status;
	}
	if (rolling->state == ROLL_READY &&
		is_wanted(rolling, arena_printf(rolling->cli->arena, "Change desk.%s.pgp.key in %s now?",
			rolling->policy->title, rolling->cli->conf->file)))
		return change_conf(rolling);
	return EX_OK;
}

/* --- what is told --- */

static void
tell_letters(const struct rolling_desk *rolling)
{
	struct cli *cli = rolling->cli;

	for (size_t i = 0; i < rolling->roll.letter_count; i++) {
		const struct record_outbox *letter = rolling->letters[i];

		if (letter != NULL)
			cli_put(arena_printf(cli->arena, "  letter to %s: outbox %lld, %s\n", letter->to,
				(long long)letter->id, outbox_state_name(letter->state)));
	}
}

/* How far it is, and what comes next. */
static const char *
text_of(const struct rolling_desk *rolling)
{
	switch (rolling->state) {
	case ROLL_NONE:
		return "No change is under way.\n"
		       "Next: madoguchi keys roll --confirm\n";
	case ROLL_LETTERS_WAIT:
		return "The new key is made, and the old one still signs.\n"
		       "Next: back up the keys (madoguchi backup FILE --keys FILE), release the letters\n"
		       "(madoguchi outbox release ID), and when all are sent: madoguchi keys roll\n";
	case ROLL_LETTERS_LEFT:
		return "Letters about a new key wait, and the conf no longer names the old one, which alone\n"
		       "could vouch for it: they do not go, and no other change begins.\n"
		       "Next: tell these coordinators by another way and drop the letters\n"
		       "(madoguchi outbox drop ID --why WHY), or let the conf name the old key again until\n"
		       "they are sent; then: madoguchi keys roll\n";
	case ROLL_READY:
		return arena_printf(rolling->cli->arena,
			"The new key is made%s.\n"
			"Next: publish it, and back it up (madoguchi backup FILE --keys FILE); then let the\n"
			"conf name it: madoguchi keys roll --confirm, or by hand, in desk.%s.pgp:\n"
			"  key = \"%s\"\n",
			rolling->roll.letter_count > 0
				? " and told"
				: "; no coordinator could be told by a sealed letter",
			rolling->policy->title, rolling->roll.new_key);
	default:
		return "The conf names the new key: after a restart of the daemon (systemctl restart\n"
		       "madoguchid) it signs, and mail is sealed to it. What is sealed to the old one is\n"
		       "still read: leave that in the keyring.\n";
	}
}

static void
tell(const struct rolling_desk *rolling)
{
	struct cli *cli = rolling->cli;

	cli_put(arena_printf(cli->arena, "desk %s\n", rolling->policy->title));
	if (rolling->state != ROLL_NONE) {
		cli_put(arena_printf(cli->arena, "  old key: %s\n  new key: %s\n", rolling->roll.old_key,
			rolling->roll.new_key));
		tell_letters(rolling);
	}
	cli_put(text_of(rolling));
}

static struct jsontext *
json_of(const struct rolling_desk *rolling)
{
	struct cli *cli = rolling->cli;
	bool begun = rolling->state != ROLL_NONE;
	struct jsontext *object = jsontext_object(cli->arena), *letters = jsontext_array(cli->arena);

	jsontext_string(object, "desk", rolling->policy->title);
	jsontext_string(object, "state", rolling_names[rolling->state]);
	jsontext_string(object, "old", begun ? rolling->roll.old_key : NULL);
	jsontext_string(object, "new", begun ? rolling->roll.new_key : NULL);
	jsontext_time(object, "begun_at", begun ? rolling->roll.begun_at : 0,
		rolling->policy->time_zone);
	for (size_t i = 0; begun && i < rolling->roll.letter_count; i++) {
		const struct record_outbox *letter = rolling->letters[i];
		struct jsontext *line = jsontext_object(cli->arena);

		if (letter == NULL)
			continue;
		jsontext_number(line, "id", letter->id);
		jsontext_string(line, "to", letter->to);
		jsontext_string(line, "state", outbox_state_name(letter->state));
		jsontext_add(letters, line);
	}
	jsontext_put(object, "letters", letters);
	return object;
}

/* --- one desk after the other --- */

static int
open_vault(struct rolling_desk *rolling)
{
	const struct conf_pgp *pgp = &rolling->cli->conf->desks[rolling->desk].pgp;
	enum outcome outcome;
	struct err err = { "" };

	outcome = vault_open(pgp->home, pgp->passphrase_file, &rolling->vault, &err);
	if (outcome == DONE)
		outcome = vault_list(rolling->vault, rolling->cli->arena, &rolling->keys, &err);
	return outcome == DONE ? EX_OK
			       : cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_DATAERR, "%s", err.text);
}

static int
read_desk(struct cli *cli, size_t *desk_r)
{
	int status = EX_OK;

	*desk_r = 0;
	if (cli->options[CLI_DESK] != NULL)
		(void)cli_find_desk(cli, cli->options[CLI_DESK], desk_r, &status);
	else if (cli->conf->policy.desk_count > 1)
		status = cli_fail(EX_USAGE, "say with --desk which desk's key it is");
	return status;
}

int
verb_keys_roll(struct cli *cli)
{
	struct rolling_desk rolling = { .cli = cli };
	struct jsontext *array;
	int status = read_desk(cli, &rolling.desk);

	if (status != EX_OK)
		return status;
	rolling.policy = &cli->conf->policy.desks[rolling.desk];
	/* The vault is forked before the store is open. */
	status = open_vault(&rolling);
	if (status == EX_OK)
		status = cli_open_store(cli, CLI_STORE_WRITE);
	if (status == EX_OK) {
		look(&rolling);
		status = go_on(&rolling);
	}
	vault_close(&rolling.vault);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] == NULL) {
		tell(&rolling);
		return EX_OK;
	}
	array = jsontext_array(cli->arena);
	jsontext_add(array, json_of(&rolling));
	cli_put_json(array);
	return EX_OK;
}
