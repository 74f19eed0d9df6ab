/*
 * The family `keys`: whose keys the keyrings hold and until when; new ones come
 * in here. After an import the mail that waited for such a key is marked, and
 * the daemon judges it again at its next pass. No key material passes through
 * here but the file as it is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/drill.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "port/store.h"
#include "view/json.h"
#include "view/table.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#define KEYS_FILE_MAX ((size_t)16 * 1024 * 1024)
#define KEYS_COLUMNS 6
#define WHOSE_MAX 1000

/* A line of the list: a key that is here, or one that only the conf names (key NULL). */
struct key_line {
	const char *fpr;
	const char *whose;	/* NULL: pinned for nobody */
	const struct pgp_key *key;
};

struct imported {
	const char **fprs;
	size_t count;
};

static void
add_owner(struct text *text, const char *what, const char *name)
{
	const char *comma = text->len > 0 ? ", " : "";

	text_addf(text, "%s%s%s%s", comma, what, name[0] != '\0' ? " " : "", name);
}

static const char *
whose_key(struct cli *cli, size_t desk, const char *fpr)
{
	const struct policy *policy = &cli->conf->policy;
	const struct pgp_key *key = pgp_find(engine_keys(cli->engine, desk), fpr);
	const struct pgp_key *own =
		pgp_find(engine_keys(cli->engine, desk), policy->desks[desk].key);
	struct text text;

	text_init(&text, cli->arena, WHOSE_MAX);
	if (text_equal(policy->desks[desk].key, fpr))
		add_owner(&text, "this desk", "");
	if (text_equal(drill_key_known(cli, cli->conf, desk), fpr))
		add_owner(&text, "the drill", "");
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		const struct policy_coordinator *coordinator = &policy->coordinators[i];

		for (size_t k = 0; k < coordinator->keys.count; k++) {
			if (text_equal(coordinator->keys.at[k], fpr))
				add_owner(&text, "coordinator", coordinator->name);
		}
		if (text_equal(coordinator->root_key, fpr))
			add_owner(&text, "root of", coordinator->name);
	}
	if (key != NULL && key->by_root && key->root_coordinator < policy->coordinator_count)
		add_owner(&text, "certified by the root of",
			policy->coordinators[key->root_coordinator].name);
	for (size_t i = 0; i < policy->staff_count; i++) {
		if (text_equal(policy->staff[i].key, fpr))
			add_owner(&text, "staff", policy->staff[i].title);
	}
	/* A secret half that the conf does not name: of before, or of what is to come. */
	if (text.len == 0 && key != NULL && key->secret)
		add_owner(&text, own != NULL && key->created_at > own->created_at
				? "this desk, next" : "this desk, before", "");
	return text.len > 0 ? text.data : NULL;
}

static const char *
key_state(const struct cli *cli, const struct pgp_key *key)
{
	if (key == NULL)
		return "missing";
	if (key->revoked)
		return "revoked";
	if (key->expired || (key->expires_at != 0 && key->expires_at <= cli->now))
		return "expired";
	if (key->disabled)
		return "disabled";
	return key->invalid ? "invalid" : "good";
}

static bool
is_listed(const struct key_line *lines, size_t count, const char *fpr)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(lines[i].fpr, fpr))
			return true;
	}
	return false;
}

/* What the conf names beside what is here. */
static size_t
add_missing(struct cli *cli, size_t desk, const char *fpr, struct key_line *lines, size_t count)
{
	if (fpr[0] == '\0' || is_listed(lines, count, fpr) ||
		pgp_find(engine_keys(cli->engine, desk), fpr) != NULL)
		return count;
	lines[count] = (struct key_line){ fpr, whose_key(cli, desk, fpr), NULL };
	return count + 1;
}

static size_t
most_lines(const struct cli *cli, size_t desk)
{
	const struct policy *policy = &cli->conf->policy;
	size_t most = engine_keys(cli->engine, desk)->count + policy->coordinator_count +
		policy->staff_count + 1;

	for (size_t i = 0; i < policy->coordinator_count; i++)
		most += policy->coordinators[i].keys.count;
	return most;
}

static size_t
list_keys(struct cli *cli, size_t desk, struct key_line **lines_r)
{
	const struct pgp_keys *keys = engine_keys(cli->engine, desk);
	const struct policy *policy = &cli->conf->policy;
	struct key_line *lines = arena_calloc(cli->arena, most_lines(cli, desk), sizeof(*lines));
	size_t count = 0;

	for (size_t i = 0; i < keys->count; i++)
		lines[count++] = (struct key_line){ keys->keys[i].fpr,
			whose_key(cli, desk, keys->keys[i].fpr), &keys->keys[i] };
	count = add_missing(cli, desk, policy->desks[desk].key, lines, count);
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		const struct policy_coordinator *coordinator = &policy->coordinators[i];

		for (size_t k = 0; k < coordinator->keys.count; k++)
			count = add_missing(cli, desk, coordinator->keys.at[k], lines, count);
		count = add_missing(cli, desk, coordinator->root_key, lines, count);
	}
	for (size_t i = 0; i < policy->staff_count; i++)
		count = add_missing(cli, desk, policy->staff[i].key, lines, count);
	*lines_r = lines;
	return count;
}

static void
put_keys(struct cli *cli, size_t desk, struct table *table)
{
	const char *title = cli->conf->policy.desks[desk].title;
	struct key_line *lines;
	size_t count = list_keys(cli, desk, &lines);

	for (size_t i = 0; i < count; i++) {
		const struct pgp_key *key = lines[i].key;
		const char *const cells[KEYS_COLUMNS] = {
			title,
			lines[i].fpr,
			key_state(cli, key),
			key != NULL ? cli_time(cli, key->expires_at, title) : NULL,
			lines[i].whose,
			key != NULL ? key->user_id : NULL,
		};

		table_add(table, cells);
	}
}

static void
put_keys_json(struct cli *cli, size_t desk, struct jsontext *array)
{
	const struct policy_desk *policy = &cli->conf->policy.desks[desk];
	const char *zone = policy->time_zone;
	struct key_line *lines;
	size_t count = list_keys(cli, desk, &lines);

	for (size_t i = 0; i < count; i++) {
		const struct pgp_key *key = lines[i].key;
		struct jsontext *object = jsontext_object(cli->arena);

		jsontext_string(object, "desk", policy->title);
		jsontext_string(object, "fingerprint", lines[i].fpr);
		jsontext_string(object, "state", key_state(cli, key));
		jsontext_time(object, "created_at", key != NULL ? key->created_at : 0, zone);
		jsontext_time(object, "expires_at", key != NULL ? key->expires_at : 0, zone);
		jsontext_string(object, "whose", lines[i].whose);
		jsontext_string(object, "user_id", key != NULL ? key->user_id : NULL);
		jsontext_bool(object, "secret", key != NULL && key->secret);
		jsontext_bool(object, "can_encrypt", key != NULL && key->can_encrypt);
		jsontext_add(array, object);
	}
}

int
verb_keys_list(struct cli *cli)
{
	static const char *const titles[KEYS_COLUMNS] = { "DESK", "FINGERPRINT", "STATE", "EXPIRES",
		"WHOSE", "USER ID" };
	size_t desks = cli->conf->policy.desk_count;
	struct jsontext *array;
	struct table *table;

	if (cli->options[CLI_JSON] != NULL) {
		array = jsontext_array(cli->arena);
		for (size_t i = 0; i < desks; i++)
			put_keys_json(cli, i, array);
		cli_put_json(array);
		return EX_OK;
	}
	table = table_new(cli->arena, titles, KEYS_COLUMNS);
	for (size_t i = 0; i < desks; i++)
		put_keys(cli, i, table);
	cli_put(table_text(table, "", cli->width));
	return EX_OK;
}

static void
mark_waiting(struct cli *cli, const char *desk, const char *fpr)
{
	int64_t *ids;
	size_t count = store_message_waiting_for_key(cli->store, cli->arena, desk, fpr, &ids);

	for (size_t i = 0; i < count; i++)
		store_flag_again(cli->store, ids[i], true);
}

/*
 * All keys that are here now, not the new ones alone: someone may have imported
 * one with gpg before. Mail names subkeys as often as primary keys.
 */
static void
mark_all_waiting(struct cli *cli, size_t desk)
{
	const struct pgp_keys *keys = engine_keys(cli->engine, desk);
	const char *title = cli->conf->policy.desks[desk].title;

	for (size_t i = 0; i < keys->count; i++) {
		mark_waiting(cli, title, keys->keys[i].fpr);
		for (size_t k = 0; k < keys->keys[i].subkey_count; k++)
			mark_waiting(cli, title, keys->keys[i].subkeys[k]);
	}
}

/* A secret key is told twice: once for each of its halves. */
static bool
told_before(const struct imported *imported, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (text_equal(imported->fprs[i], imported->fprs[at]))
			return true;
	}
	return false;
}

static int
note_import(struct cli *cli, size_t desk, const struct imported *imported)
{
	const char *title = cli->conf->policy.desks[desk].title;
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	mark_all_waiting(cli, desk);
	if (imported->count == 0)
		cli_put(arena_printf(cli->arena, "desk %s: nothing new\n", title));
	for (size_t i = 0; i < imported->count; i++) {
		const char *whose = whose_key(cli, desk, imported->fprs[i]);

		if (told_before(imported, i))
			continue;
		cli_log(cli, 0, "desk %s: key %s imported", title, imported->fprs[i]);
		cli_put(arena_printf(cli->arena, "desk %s: %s, %s\n", title, imported->fprs[i],
			whose != NULL ? whose : "pinned for nobody"));
	}
	return cli_commit(cli);
}

/* Imports into each keyring once. */
static int
import(struct cli *cli, int fd)
{
	size_t desks = cli->conf->policy.desk_count;
	struct imported *imported = arena_calloc(cli->arena, desks, sizeof(*imported));
	struct err err;

	for (size_t i = 0; i < desks; i++) {
		enum outcome outcome = DONE;

		if (cli_keyring_of(cli, i) == i)
			outcome = engine_import(cli->engine, i, fd, cli->arena, &imported[i].fprs,
				&imported[i].count, &err);
		if (outcome != DONE)
			return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_DATAERR, "%s",
				err.text);
	}
	/* The lists anew: now they hold the imported keys with their subkeys. */
	engine_wake(cli->engine);
	for (size_t i = 0; i < desks; i++) {
		int status = note_import(cli, i, &imported[cli_keyring_of(cli, i)]);

		if (status != EX_OK)
			return status;
	}
	return EX_OK;
}

int
verb_keys_import(struct cli *cli)
{
	struct err err;
	char *bytes;
	size_t len;
	int fd, status;

	if (io_read_file(cli->arena, cli->args[0], KEYS_FILE_MAX, &bytes, &len, &err) != DONE)
		return cli_fail(EX_NOINPUT, "%s", err.text);
	fd = io_memfd(bytes, len);
	if (fd < 0)
		return cli_fail(EX_OSERR, "no memory file: %s", strerrordesc_np(errno));
	status = import(cli, fd);
	io_close(&fd);
	return status;
}
