/*
 * The vault as the tool uses it: a room over a real throw-away home. What leaves
 * it holds no secret in clear, and what is no bundle does not leave it at all.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/vault.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define SECONDS 120
#define YEAR ((int64_t)365 * 24 * 3600)
#define PASSPHRASE "twelve bytes or more"

static char base[32];
static struct arena *arena;

static const char *
path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", base, name);
}

static void
make(void)
{
	static const char *const homes[] = { "one", "two" };
	static const char conf[] = "disable-scdaemon\ns2k-count 65536\n";
	struct err err;

	(void)snprintf(base, sizeof(base), "/tmp/vault-XXXXXX");
	arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	ck_assert_ptr_nonnull(mkdtemp(base));
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(mkdir(path_of(homes[i]), 0700), 0);
		ck_assert_int_eq(io_put_file(arena_printf(arena, "%s/%s/gpg-agent.conf", base, homes[i]),
					 conf, sizeof(conf) - 1, 0600, false, &err), DONE);
	}
	signal(SIGPIPE, SIG_IGN);
}

static void
drop(void)
{
	pgp_stop_agent(path_of("one"));
	pgp_stop_agent(path_of("two"));
	ck_assert_int_eq(system(arena_printf(arena, "rm -r %s", base)), 0);
	arena_free(&arena);
}

static struct vault *
at(const char *home)
{
	struct vault *vault = NULL;
	struct err err;

	ck_assert_msg(vault_open(path_of(home), "", &vault, &err) == DONE, "%s", err.text);
	return vault;
}

static void
make_key(struct vault *vault, char fpr_r[static PGP_FPR])
{
	struct err err;

	ck_assert_msg(vault_make_key(vault, "Desk <desk@example.jp>", YEAR, fpr_r, &err) == DONE, "%s",
		err.text);
}

START_TEST(keys_move_locked)
{
	struct vault *one = at("one"), *two = at("two");
	char fpr[PGP_FPR], *locked, *bundle;
	struct pgp_keys keys;
	struct err err;
	size_t len, bundle_len;

	make_key(one, fpr);
	ck_assert_msg(vault_try(one, fpr, &err) == DONE, "%s", err.text);
	ck_assert_int_ne(vault_try(two, fpr, &err), DONE);
	ck_assert_msg(vault_give(one, arena, PASSPHRASE, &locked, &len, &err) == DONE, "%s", err.text);
	ck_assert(text_starts(locked, "-----BEGIN PGP MESSAGE-----"));
	/* With the passphrase too, the keys do not come out in clear. */
	ck_assert_int_eq(vault_unlock(two, arena, PASSPHRASE, locked, len, &bundle, &bundle_len, &err),
		NEVER);
	ck_assert_str_eq(err.text, "it opens, and is not a backup of ours");
	ck_assert_int_eq(vault_take(two, "another passphrase", locked, len, &err), NEVER);
	ck_assert_int_eq(vault_list(two, arena, &keys, &err), DONE);
	ck_assert_uint_eq(keys.count, 0);
	ck_assert_msg(vault_take(two, PASSPHRASE, locked, len, &err) == DONE, "%s", err.text);
	ck_assert_msg(vault_try(two, fpr, &err) == DONE, "%s", err.text);
	vault_close(&one);
	vault_close(&two);
	ck_assert_ptr_null(one);
}
END_TEST

START_TEST(bundles)
{
	static const char words[] = VAULT_BUNDLE " words";
	struct vault *vault = at("one");
	char *locked, *bundle;
	struct err err;
	size_t len, bundle_len;

	ck_assert_int_eq(vault_lock(vault, arena, PASSPHRASE, words, sizeof(words), &locked, &len, &err),
		DONE);
	ck_assert_ptr_null(memmem(locked, len, "words", 5));
	ck_assert_int_eq(vault_unlock(vault, arena, "wrong words", locked, len, &bundle, &bundle_len,
				 &err), NEVER);
	ck_assert_int_eq(vault_unlock(vault, arena, PASSPHRASE, locked, len, &bundle, &bundle_len, &err),
		DONE);
	ck_assert_uint_eq(bundle_len, sizeof(words));
	ck_assert_str_eq(bundle, words);
	vault_close(&vault);
}
END_TEST

/* A mail of ours round that armour. */
static char *
mail_of(const char *armour, size_t *len_r)
{
	char *mail = arena_printf(arena, "Subject: ...\r\n\r\n--x\r\n\r\n%s\r\n--x--\r\n", armour);

	*len_r = strlen(mail);
	return mail;
}

/* The drill's keyring and the desk's: each knows the other's public half. */
START_TEST(a_drill)
{
	static const char words[] = "the number DRILL#12345678 stands here";
	struct vault *drill = at("one"), *desk = at("two");
	char key[PGP_FPR], own[PGP_FPR], *armour, *mail;
	struct pgp_keys keys;
	struct err err;
	size_t len;

	make_key(drill, key);
	make_key(desk, own);
	ck_assert_msg(vault_export(drill, arena, key, &armour, &len, &err) == DONE, "%s", err.text);
	ck_assert(text_starts(armour, "-----BEGIN PGP PUBLIC KEY BLOCK-----"));
	ck_assert_int_eq(vault_import(desk, armour, len, &err), DONE);
	ck_assert_int_eq(vault_list(desk, arena, &keys, &err), DONE);
	ck_assert(!pgp_find(&keys, key)->secret);
	ck_assert_int_eq(vault_export(desk, arena, own, &armour, &len, &err), DONE);
	ck_assert_int_eq(vault_import(drill, armour, len, &err), DONE);
	/* As the answer comes: signed by the desk, sealed to the drill. */
	ck_assert_msg(vault_seal(desk, arena, own, key, words, sizeof(words) - 1, &armour, &len,
			      &err) == DONE, "%s", err.text);
	ck_assert_ptr_null(memmem(armour, len, "DRILL", 5));
	mail = mail_of(armour, &len);
	ck_assert_msg(vault_check(drill, own, "DRILL#12345678", mail, len, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(vault_check(drill, own, "DRILL#87654321", mail, len, &err), NEVER);
	ck_assert_str_eq(err.text, "DRILL#87654321 does not stand in it");
	ck_assert_int_eq(vault_check(drill, key, "DRILL#12345678", mail, len, &err), NEVER);
	ck_assert_msg(text_starts(err.text, "it is not signed by the key"), "%s", err.text);
	ck_assert_int_eq(vault_check(desk, own, "DRILL#12345678", mail, len, &err), NEVER);
	ck_assert_msg(text_starts(err.text, "it does not open"), "%s", err.text);
	ck_assert_int_eq(vault_check(drill, own, "DRILL#12345678", words, sizeof(words), &err), NEVER);
	ck_assert_str_eq(err.text, "it is not sealed");
	/* With the desk's keyring alone nobody signs as the drill. */
	ck_assert_int_eq(vault_seal(desk, arena, key, own, words, sizeof(words) - 1, &armour, &len, &err),
		NEVER);
	vault_close(&drill);
	vault_close(&desk);
}
END_TEST

/* What happens inside is told in a sentence, and the next question is answered all the same. */
START_TEST(faults_are_told)
{
	struct vault *vault = at("one");
	struct pgp_keys keys;
	struct err err = { "" };
	char *locked;
	size_t len;

	ck_assert_int_eq(vault_give(vault, arena, PASSPHRASE, &locked, &len, &err), NEVER);
	ck_assert_msg(text_starts(err.text, "there is no secret key in"), "%s", err.text);
	ck_assert_int_eq(vault_import(vault, "no key", 6, &err), NEVER);
	ck_assert_int_eq(vault_show(vault, arena, "no key", 6, &keys, &err), NEVER);
	ck_assert_int_eq(vault_take(vault, PASSPHRASE, "no message", 10, &err), NEVER);
	ck_assert_int_eq(vault_try(vault, "no fingerprint", &err), NEVER);
	ck_assert_int_eq(vault_list(vault, arena, &keys, &err), DONE);
	ck_assert_uint_eq(keys.count, 0);
	/* An empty passphrase is no question that we ask: it ends the room, and that is told too. */
	ck_assert_int_eq(vault_give(vault, arena, "", &locked, &len, &err), LATER);
	ck_assert_str_eq(err.text, "the process that holds the keys has ended");
	ck_assert_int_eq(vault_list(vault, arena, &keys, &err), LATER);
	vault_close(&vault);
}
END_TEST

START_TEST(no_home)
{
	struct vault *vault = NULL;
	struct pgp_keys keys;
	struct err err = { "" };

	if (vault_open(path_of("none"), "", &vault, &err) == DONE)
		ck_assert_int_ne(vault_list(vault, arena, &keys, &err), DONE);
	ck_assert(err.text[0] != '\0');
	vault_close(&vault);
}
END_TEST

static Suite *
suite_vault(void)
{
	Suite *suite = suite_create("vault");
	TCase *tcase = tcase_create("vault");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_checked_fixture(tcase, make, drop);
	tcase_add_test(tcase, keys_move_locked);
	tcase_add_test(tcase, bundles);
	tcase_add_test(tcase, a_drill);
	tcase_add_test(tcase, faults_are_told);
	tcase_add_test(tcase, no_home);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_vault());
}
