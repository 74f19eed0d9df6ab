/*
 * The keys of `init`: the desk's own is found or made; those of others are shown
 * and pinned by a person who has compared them, or by a flag that names the
 * fingerprint. Nothing is ever pinned because it stands in a file.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/init.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "mail/address.h"
#include "room/vault.h"

#include <ctype.h>
#include <string.h>
#include <sysexits.h>

#define YEAR_SECONDS ((int64_t)365 * 24 * 3600)
#define GROUP 4			/* digits of a fingerprint that stand together */

static int
vault_failed(enum outcome outcome, const struct err *err)
{
	return cli_fail(outcome == LATER ? EX_TEMPFAIL : EX_DATAERR, "%s", err->text);
}

/* As people compare it: in groups of four, a gap in the middle. */
static const char *
in_groups(struct init *init, const char *fpr)
{
	struct text text;

	text_init(&text, init->cli->arena, 2 * PGP_FPR);
	for (size_t i = 0; fpr[i] != '\0'; i++) {
		if (i > 0 && i % GROUP == 0)
			text_add(&text, i == (PGP_FPR - 1) / 2 ? "  " : " ");
		text_add_char(&text, fpr[i]);
	}
	return text.data;
}

static const char *
day(struct init *init, int64_t at)
{
	struct clock_civil civil;

	if (at == 0)
		return "never";
	clock_civil(at, "UTC", &civil);
	return arena_printf(
		init->cli->arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

static void
show_key(struct init *init, const struct pgp_key *key)
{
	cli_put(arena_printf(init->cli->arena, "\n    %s\n    %s%s, made %s, ends %s%s\n    %s\n",
		key->user_id, key->algorithm, key->weak ? " (weak)" : "",
		day(init, key->created_at), day(init, key->expires_at),
		key->revoked ? ", REVOKED" : key->expired ? ", EXPIRED" : "",
		in_groups(init, key->fpr)));
}

const char *
init_plain_fpr(const struct init *init, const char *given)
{
	struct text text;

	text_init(&text, init->cli->arena, strlen(given) + 1);
	for (; *given != '\0'; given++) {
		if (*given != ' ' && *given != ':')
			text_add_char(&text, (char)toupper((unsigned char)*given));
	}
	return text.data;
}

/* A flag names the key: it must be in its file or in the keyring, else the conf would be wrong. */
static int
pin_given(struct init *init, const char *flag, const char *given, const struct pgp_keys *keys,
	const char **fpr_r)
{
	const char *fpr = init_plain_fpr(init, given);
	const struct pgp_key *key = pgp_find(keys, fpr);
	struct pgp_keys ring = { 0 };
	struct err err;

	if (key == NULL && vault_list(init->vault, init->cli->arena, &ring, &err) == DONE)
		key = pgp_find(&ring, fpr);
	if (key == NULL || !text_equal(key->fpr, fpr))
		return cli_fail(EX_DATAERR,
			"--%s %s: no key of that fingerprint is in the file or the keyring", flag,
			given);
	*fpr_r = key->fpr;
	return EX_OK;
}

static int
pin_flags(struct init *init, enum init_answer question, const struct pgp_keys *keys,
	struct init_pins *pins)
{
	const char *lines = init->answers[question];
	int status = EX_OK;

	while (lines != NULL && *lines != '\0' && status == EX_OK) {
		size_t len = strcspn(lines, "\n");

		if (pins->count == INIT_PINS_MAX)
			return cli_fail(EX_USAGE, "--%s: more than %d keys",
				init_questions[question].flag, INIT_PINS_MAX);
		status = pin_given(init, init_questions[question].flag,
			arena_strndup(init->cli->arena, lines, len), keys,
			&pins->fprs[pins->count]);
		pins->count += status == EX_OK;
		lines += len + (lines[len] == '\n');
	}
	return status;
}

static void
pin_by_hand(struct init *init, const struct pgp_keys *keys, const char *whose,
	struct init_pins *pins)
{
	for (size_t i = 0; i < keys->count && pins->count < INIT_PINS_MAX; i++) {
		show_key(init, &keys->keys[i]);
		cli_put("    Compare each digit with what its owner says elsewhere: on a web "
			"site, by\n    telephone, on paper. A file that came by mail proves "
			"nothing.\n");
		if (ask_yes(init->cli,
			    arena_printf(init->cli->arena,
				    "    Is it the same, and shall it count as a key of %s?", whose),
			    false))
			pins->fprs[pins->count++] = keys->keys[i].fpr;
	}
}

static void
tell_not_pinned(struct init *init, const struct pgp_keys *keys, const char *flag)
{
	for (size_t i = 0; i < keys->count; i++) {
		show_key(init, &keys->keys[i]);
		init_tell(init, "not pinned",
			arena_printf(init->cli->arena,
				"%s: compare it, then write it into the conf (or --%s)",
				keys->keys[i].fpr, flag));
	}
}

/* The keys of a file that is to be imported; none for no file. */
static int
keys_of_file(struct init *init, enum init_answer file, struct pgp_keys *keys_r)
{
	const char *path = init->answers[file];
	enum outcome outcome;
	struct err err;
	char *bytes;
	size_t len;

	if (path == NULL || path[0] == '\0')
		return EX_OK;
	if (io_read_file(init->cli->arena, path, INIT_KEYS_MAX, &bytes, &len, &err) != DONE)
		return cli_fail(EX_NOINPUT, "--%s: %s", init_questions[file].flag, err.text);
	outcome = vault_show(init->vault, init->cli->arena, bytes, len, keys_r, &err);
	if (outcome == DONE)
		return EX_OK;
	err_wrap(&err, outcome, "%s", path);
	return vault_failed(outcome, &err);
}

static int
pin_of(struct init *init, enum init_answer file, enum init_answer flag, const char *whose,
	struct init_pins *pins)
{
	struct pgp_keys keys = { 0 };
	bool named = init->answers[flag] != NULL || (flag == INIT_IPA_KEY && init->root != NULL);
	int status = keys_of_file(init, file, &keys);

	if (status == EX_OK)
		status = pin_flags(init, flag, &keys, pins);
	if (status != EX_OK || named)
		return status;
	if (init->terminal)
		pin_by_hand(init, &keys, whose, pins);
	else
		tell_not_pinned(init, &keys, init_questions[flag].flag);
	return EX_OK;
}

int
init_pin(struct init *init)
{
	const char *root = init->answers[INIT_IPA_ROOT];
	struct pgp_keys keys = { 0 };
	int status = EX_OK;

	if (text_equal_ci(init->answers[INIT_IPA], "yes")) {
		if (root != NULL)
			status = keys_of_file(init, INIT_IPA_KEYS, &keys);
		if (root != NULL && status == EX_OK)
			status = pin_given(init, "ipa-root", root, &keys, &init->root);
		if (status == EX_OK)
			status = pin_of(init, INIT_IPA_KEYS, INIT_IPA_KEY, "IPA", &init->ipa);
	}
	if (status == EX_OK)
		status = pin_of(init, INIT_OFFICER_KEYS, INIT_OFFICER_KEY, "the officer",
			&init->officer);
	if (status == EX_OK && init->officer.count > 1)
		status = cli_fail(EX_USAGE, "the officer has one key in the conf; pin one");
	return status;
}

int
init_import(struct init *init)
{
	static const enum init_answer files[] = { INIT_IPA_KEYS, INIT_OFFICER_KEYS };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *path = init->answers[files[i]];
		enum outcome outcome;
		struct err err;
		char *bytes;
		size_t len;

		if (path == NULL || path[0] == '\0')
			continue;
		if (io_read_file(init->cli->arena, path, INIT_KEYS_MAX, &bytes, &len, &err) != DONE)
			return cli_fail(EX_NOINPUT, "%s", err.text);
		outcome = vault_import(init->vault, bytes, len, &err);
		if (outcome != DONE)
			return vault_failed(outcome, &err);
		init_tell(init, "imported", path);
		init_step(init);
	}
	return EX_OK;
}

/* The address in a user id: what stands between the last pair of angle brackets, else all of it. */
static bool
is_of_address(const struct pgp_key *key, const char *address)
{
	const char *open = strrchr(key->user_id, '<');
	size_t len = open != NULL ? strcspn(open + 1, ">") : strlen(key->user_id);
	const char *mailbox = open != NULL ? open + 1 : key->user_id;

	return len == strlen(address) && strncasecmp(mailbox, address, len) == 0;
}

/* The newest key of the desk's address that can be used as its own. */
static const struct pgp_key *
own_key(const struct pgp_keys *keys, const char *address)
{
	const struct pgp_key *best = NULL;

	for (size_t i = 0; i < keys->count; i++) {
		const struct pgp_key *key = &keys->keys[i];

		if (!key->secret || !key->can_sign || !key->can_encrypt || key->revoked ||
			key->expired || key->disabled || key->invalid ||
			!is_of_address(key, address))
			continue;
		if (best == NULL || key->created_at > best->created_at)
			best = key;
	}
	return best;
}

/* What OpenPGP's user ids have no room for. */
static char *
user_id(struct init *init)
{
	char *name = arena_strdup(init->cli->arena, init->answers[INIT_NAME]);

	for (char *at = name; *at != '\0'; at++) {
		if (*at == '<' || *at == '>')
			*at = ' ';
	}
	return arena_printf(init->cli->arena, "%s <%s>", name, init->answers[INIT_ADDRESS]);
}

static int
make_own_key(struct init *init)
{
	char *fpr = arena_alloc(init->cli->arena, PGP_FPR);
	enum outcome outcome;
	struct err err;
	int64_t years;

	if (!text_number(init->answers[INIT_KEY_YEARS], 0, INIT_KEY_YEARS_MAX, &years))
		return cli_fail(EX_USAGE, "--key-years: a number of years up to %d is wanted",
			INIT_KEY_YEARS_MAX);
	outcome = vault_make_key(init->vault, user_id(init), years * YEAR_SECONDS, fpr, &err);
	if (outcome != DONE)
		return vault_failed(outcome, &err);
	init->key = fpr;
	init_tell(init, "made", arena_printf(init->cli->arena, "the desk's key %s", fpr));
	init_step(init);
	return EX_OK;
}

int
init_own_key(struct init *init)
{
	const char *given = init->answers[INIT_KEY];
	const struct pgp_key *own;
	enum outcome outcome;
	struct pgp_keys keys;
	struct err err;

	outcome = vault_list(init->vault, init->cli->arena, &keys, &err);
	if (outcome != DONE)
		return vault_failed(outcome, &err);
	own = given != NULL ? pgp_find(&keys, init_plain_fpr(init, given))
			    : own_key(&keys, init->answers[INIT_ADDRESS]);
	if (given != NULL && (own == NULL || !own->secret))
		return cli_fail(EX_DATAERR,
			"the key %s: its secret half is not in the keyring %s", given, init->home);
	if (own == NULL)
		return make_own_key(init);
	init->key = own->fpr;
	init_tell(init, "is there",
		arena_printf(init->cli->arena, "the desk's key %s", own->fpr));
	return EX_OK;
}
