/*
 * Making a key, taking a keyring's secret halves into a backup and out of it
 * again, and the fresh keybox: on real throw-away homes, one set a test. Needs
 * gpg; leaves nothing behind.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pgp.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "port/box.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define LIMIT (1024 * 1024)
#define SECONDS 120
#define YEAR ((int64_t)365 * 24 * 3600)
#define USER_ID "例示 窓口 <security@example.co.jp>"

static const char make_all[] =
	"set -e; cd \"$1\"; umask 077; mkdir desk other new; exec 2> errors\n"
	"for h in desk other new; do echo no-random-seed-file > $h/gpg.conf\n"
	"  printf '%s\\n' disable-scdaemon 's2k-count 65536' > $h/gpg-agent.conf; done\n"
	"g() { h=$1; shift; gpg --homedir \"$h\" --batch --yes --quiet --no-tty"
	" --pinentry-mode loopback --passphrase '' \"$@\"; }\n"
	"g other --quick-gen-key 'coord <coord@example.jp>' future-default default never\n"
	"g other --quick-gen-key 'short <short@example.jp>' rsa1024 default never\n"
	"g other --export coord@ > coord.pub; g other --export short@ > short.pub\n"
	"g other --armor --export coord@ short@ > both.asc\n";

static const char drop_all[] =
	"for h in desk other new; do gpgconf --homedir \"$1/$h\" --kill all; done; rm -rf \"$1\"\n";

static char base[32];
static struct arena *arena;

/* Runs it with the folder as $1; its exit status. */
static int
shell(const char *script)
{
	char *argv[] = { "sh", "-c", arena_strdup(arena, script), "sh", base, NULL };
	int status;
	pid_t pid;

	ck_assert_int_eq(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
make(void)
{
	(void)snprintf(base, sizeof(base), "/tmp/pgp-keep-XXXXXX");
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	ck_assert_ptr_nonnull(mkdtemp(base));
	ck_assert_int_eq(shell(make_all), 0);
}

static void
drop(void)
{
	shell(drop_all);
	arena_free(&arena);
}

static const char *
path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", base, name);
}

static char *
bytes_of(const char *name, size_t *len_r)
{
	struct err err;
	char *bytes = NULL;

	ck_assert_msg(io_read_file(arena, path_of(name), LIMIT, &bytes, len_r, &err) == DONE,
		"%s: %s", name, err.text);
	return bytes;
}

static struct pgp *
home(const char *name, const char *passphrase)
{
	struct pgp *pgp = NULL;
	struct err err;

	ck_assert_msg(pgp_open(path_of(name), passphrase, &pgp, &err) == DONE, "%s", err.text);
	return pgp;
}

static struct pgp_keys
keys_of(struct pgp *pgp)
{
	struct pgp_keys keys;
	struct err err;

	ck_assert_msg(pgp_list(pgp, arena, &keys, &err) == DONE, "%s", err.text);
	return keys;
}

static void
make_key(struct pgp *pgp, int64_t lifetime, char fpr_r[static PGP_FPR])
{
	struct err err;

	ck_assert_msg(pgp_make_key(pgp, USER_ID, lifetime, fpr_r, &err) == DONE, "%s", err.text);
}

/* Whether what is sealed to the key and signed by it opens again. */
static void
expect_usable(struct pgp *pgp, const char *fpr)
{
	struct pgp_keys keys = keys_of(pgp);
	struct facts_opened opened;
	const char *bad;
	struct err err;
	char *armour;
	size_t len;
	int fd;

	ck_assert_msg(pgp_seal(pgp, arena, PGP_SIGN_SEAL, fpr, &fpr, 1, "words", 5, &armour, &len,
			      NULL, &bad, &err) == DONE, "%s", err.text);
	pgp_decrypt(pgp, &keys, armour, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_OK, "%s", err.text);
	ck_assert_uint_eq(opened.signature_count, 1);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	ck_assert_str_eq(opened.signatures[0].key, fpr);
	io_close(&fd);
}

static const struct {
	const char *passphrase;
	int64_t lifetime;
} makings[] = { { NULL, 2 * YEAR }, { NULL, 0 }, { "letmein", YEAR } };

START_TEST(makes_a_key)
{
	struct pgp *pgp = home("desk", makings[_i].passphrase);
	char fpr[PGP_FPR];
	struct pgp_keys keys;
	const struct pgp_key *key;
	int64_t end;

	make_key(pgp, makings[_i].lifetime, fpr);
	keys = keys_of(pgp);
	ck_assert_uint_eq(keys.count, 1);
	key = pgp_find(&keys, fpr);
	ck_assert_ptr_nonnull(key);
	ck_assert_str_eq(key->user_id, USER_ID);
	ck_assert(key->secret && key->can_sign && key->can_encrypt && !key->weak);
	ck_assert_str_eq(key->algorithm, "ed25519");
	ck_assert_uint_eq(key->subkey_count, 1);
	end = makings[_i].lifetime == 0 ? 0
		: key->created_at + makings[_i].lifetime * CLOCK_SECOND;
	ck_assert_int_eq(key->expires_at, end);
	ck_assert_int_eq(key->encrypt_until, end);
	ck_assert_int_eq(key->sign_until, end);
	expect_usable(pgp, fpr);
	pgp_close(&pgp);
}
END_TEST

/* The desk's key, or with "$3" its subkey, is over when this returns. */
static void
end_key(const char *subkey)
{
	char command[512];

	(void)snprintf(command, sizeof(command),
		"set -- \"$1\" $(gpg --homedir \"$1/desk\" --batch --with-colons --list-keys |"
		" awk -F: '$1 == \"fpr\" { print $10 }') && gpg --homedir \"$1/desk\" --batch --quiet"
		" --pinentry-mode loopback --passphrase '' --quick-set-expire \"$2\" seconds=1 %s && sleep 2",
		subkey);
	ck_assert_int_eq(shell(command), 0);
}

/* The primary key lives on: when it ceased to be of use is still told. */
START_TEST(subkey_that_ended)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR];
	struct pgp_keys keys;
	const struct pgp_key *key;

	make_key(pgp, 0, fpr);
	pgp_close(&pgp);
	end_key("\"$3\"");
	pgp = home("desk", NULL);
	keys = keys_of(pgp);
	key = pgp_find(&keys, fpr);
	ck_assert_ptr_nonnull(key);
	ck_assert(!key->can_encrypt && key->can_sign);
	ck_assert_int_eq(key->expires_at, 0);
	ck_assert_int_gt(key->encrypt_until, 0);
	ck_assert_int_eq(key->encrypt_until, key->subkey_expires_at[0]);
	ck_assert_int_eq(key->sign_until, 0);
	pgp_close(&pgp);
	/* Then that one ends too: the first end stays what it was. */
	end_key("");
	pgp = home("desk", NULL);
	keys = keys_of(pgp);
	key = pgp_find(&keys, fpr);
	ck_assert_ptr_nonnull(key);
	ck_assert(key->expired && !key->can_encrypt && !key->can_sign);
	ck_assert_int_eq(key->encrypt_until, key->subkey_expires_at[0]);
	ck_assert_int_gt(key->expires_at, key->encrypt_until);
	ck_assert_int_eq(key->sign_until, key->expires_at);
	pgp_close(&pgp);
}
END_TEST

/* A subkey that has no end of its own ends with its primary key. */
START_TEST(primary_that_ended)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR];
	struct pgp_keys keys;
	const struct pgp_key *key;

	make_key(pgp, 0, fpr);
	pgp_close(&pgp);
	end_key("");
	pgp = home("desk", NULL);
	keys = keys_of(pgp);
	key = pgp_find(&keys, fpr);
	ck_assert_ptr_nonnull(key);
	ck_assert(key->expired && key->subkey_expires_at[0] == 0);
	ck_assert_int_gt(key->expires_at, 0);
	ck_assert_int_eq(key->encrypt_until, key->expires_at);
	ck_assert_int_eq(key->sign_until, key->expires_at);
	pgp_close(&pgp);
}
END_TEST

/* Without its passphrase a locked key is of no use: it is locked indeed. */
START_TEST(locked_key_is_locked)
{
	struct pgp *pgp = home("desk", "letmein");
	char fpr[PGP_FPR], *armour;
	const char *own = fpr, *bad;
	struct err err;
	size_t len;

	make_key(pgp, YEAR, fpr);
	pgp_close(&pgp);
	ck_assert_int_eq(shell("gpgconf --homedir \"$1/desk\" --kill all"), 0);
	pgp = home("desk", NULL);
	ck_assert(pgp_seal(pgp, arena, PGP_SIGN_SEAL, fpr, &own, 1, "words", 5, &armour, &len, NULL,
			  &bad, &err) != DONE);
	ck_assert(pgp_export_secrets(pgp, arena, &armour, &len, &err) != DONE);
	pgp_close(&pgp);
}
END_TEST

START_TEST(shows_without_importing)
{
	struct pgp *pgp = home("desk", NULL);
	struct pgp_keys keys = { 0 };
	struct err err;
	size_t len;
	char *bytes = bytes_of("both.asc", &len);

	ck_assert_msg(pgp_show(pgp, arena, bytes, len, &keys, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(keys.count, 2);
	ck_assert_str_eq(keys.keys[0].user_id, "coord <coord@example.jp>");
	ck_assert(!keys.keys[0].secret && keys.keys[0].can_encrypt && !keys.keys[0].weak);
	ck_assert_str_eq(keys.keys[1].algorithm, "rsa1024");
	ck_assert(keys.keys[1].weak);
	ck_assert_uint_eq(keys_of(pgp).count, 0);
	ck_assert_int_eq(pgp_show(pgp, arena, "no key", 6, &keys, &err), NEVER);
	ck_assert_str_eq(err.text, "there is no OpenPGP key in it");
	pgp_close(&pgp);
}
END_TEST

/* Out of one home and into another, as a restore does it; the other key's mail opens there too. */
START_TEST(secrets_move)
{
	const char *passphrase = makings[_i].passphrase;
	struct pgp *pgp = home("desk", passphrase), *moved;
	char fpr[PGP_FPR], old[PGP_FPR], (*fprs)[PGP_FPR];
	char *secrets, *locked, *opened, *coord;
	struct err err;
	size_t len, locked_len, opened_len, count;

	make_key(pgp, YEAR, old);
	make_key(pgp, YEAR, fpr);
	coord = bytes_of("coord.pub", &len);
	ck_assert_int_eq(pgp_import(pgp, arena, coord, len, &fprs, &count, &err), DONE);
	ck_assert_msg(pgp_export_secrets(pgp, arena, &secrets, &len, &err) == DONE, "%s", err.text);
	ck_assert_msg(pgp_lock(pgp, arena, "a passphrase", secrets, len, &locked, &locked_len, &err) ==
		DONE, "%s", err.text);
	expect_usable(pgp, fpr);
	pgp_close(&pgp);

	moved = home("new", passphrase);
	ck_assert_int_eq(pgp_unlock(moved, arena, "another", locked, locked_len, LIMIT, &opened,
				 &opened_len, &err), NEVER);
	ck_assert_msg(strstr(err.text, "passphrase") != NULL, "%s", err.text);
	ck_assert_msg(pgp_unlock(moved, arena, "a passphrase", locked, locked_len, LIMIT, &opened,
			      &opened_len, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(opened_len, len);
	ck_assert_mem_eq(opened, secrets, len);
	ck_assert_int_eq(pgp_import(moved, arena, opened, opened_len, &fprs, &count, &err), DONE);
	ck_assert_uint_eq(keys_of(moved).count, 3);
	expect_usable(moved, fpr);
	expect_usable(moved, old);
	pgp_close(&moved);
}
END_TEST

/* What gpg itself says of it: AES-256, protected, and gpg opens it with the passphrase alone. */
START_TEST(lock_is_plain_openpgp)
{
	struct pgp *pgp = home("desk", NULL);
	struct err err;
	char *locked, *opened;
	size_t len, opened_len;
	FILE *file;

	ck_assert_msg(pgp_lock(pgp, arena, "long words", "secret words\n", 13, &locked, &len, &err) ==
		DONE, "%s", err.text);
	ck_assert_ptr_null(memmem(locked, len, "secret", 6));
	file = fopen(path_of("locked.asc"), "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(locked, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(shell("cd \"$1\"; gpg --homedir new --batch --quiet --pinentry-mode loopback "
			       "--passphrase 'long words' -d locked.asc > out 2> errors &&"
			       " [ \"$(cat out)\" = 'secret words' ] &&"
			       " gpg --homedir new --batch --pinentry-mode loopback --passphrase 'long words'"
			       " --list-packets locked.asc > packets 2>> errors &&"
			       " grep -q 'symkey enc packet: version 4, cipher 9, .*s2k 3' packets &&"
			       " grep -q 'mdc_method: 2' packets"), 0);
	for (size_t i = len / 2; i < len / 2 + 3; i++) {
		char *damaged = arena_strndup(arena, locked, len);

		damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
		ck_assert_int_eq(pgp_unlock(pgp, arena, "long words", damaged, len, LIMIT, &opened,
					 &opened_len, &err), NEVER);
	}
	ck_assert_int_eq(pgp_unlock(pgp, arena, "long words", locked, len, 5, &opened, &opened_len,
				 &err), NEVER);
	pgp_close(&pgp);
}
END_TEST

/* To a key, to nobody: nothing that is not sealed to the passphrase counts. */
START_TEST(unlocks_nothing_else)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR], *armour, *opened;
	const char *own = fpr, *bad;
	struct err err;
	size_t len, opened_len;

	make_key(pgp, YEAR, fpr);
	ck_assert_int_eq(pgp_seal(pgp, arena, PGP_SEAL, NULL, &own, 1, "words", 5, &armour, &len,
				 NULL, &bad, &err), DONE);
	ck_assert_int_eq(pgp_unlock(pgp, arena, "x", armour, len, LIMIT, &opened, &opened_len, &err),
		NEVER);
	ck_assert_int_eq(pgp_unlock(pgp, arena, "x", "words", 5, LIMIT, &opened, &opened_len, &err),
		NEVER);
	pgp_close(&pgp);
}
END_TEST

START_TEST(refreshes)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR], (*fprs)[PGP_FPR], *before, *after, *coord;
	struct stat old, now;
	struct err err;
	size_t len, before_len, after_len, count;

	make_key(pgp, YEAR, fpr);
	coord = bytes_of("coord.pub", &len);
	ck_assert_int_eq(pgp_import(pgp, arena, coord, len, &fprs, &count, &err), DONE);
	/* A run that was killed left its folder, and its lock. */
	ck_assert_int_eq(shell("mkdir \"$1/desk/fresh.part\"; : > \"$1/desk/fresh.part/x\"; true & wait;"
			       " printf '%10d\\n%s\\n' $! \"$(uname -n)\" > \"$1/desk/pubring.kbx.lock\""), 0);
	before = bytes_of("desk/pubring.kbx", &before_len);
	ck_assert_int_eq(stat(path_of("desk/pubring.kbx"), &old), 0);
	ck_assert_msg(pgp_refresh(pgp, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(stat(path_of("desk/pubring.kbx"), &now), 0);
	ck_assert(now.st_ino != old.st_ino);
	ck_assert_int_eq(now.st_mode, old.st_mode);
	after = bytes_of("desk/pubring.kbx", &after_len);
	ck_assert_uint_eq(after_len, before_len);
	ck_assert(memcmp(before, after, after_len) != 0);
	ck_assert_uint_eq(keys_of(pgp).count, 2);
	expect_usable(pgp, fpr);
	ck_assert_int_eq(shell("cd \"$1/desk\"; ls -A | grep -E 'lock|part'"), 1);
	pgp_close(&pgp);
}
END_TEST

/* An agent of the passing folder would outlive it, and hold its descriptors and its memory. */
START_TEST(refreshes_without_an_agent)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR];
	struct err err;

	make_key(pgp, YEAR, fpr);
	ck_assert_int_eq(shell("cd \"$1\"; : > watch; (while [ -e watch ]; do"
			       " pgrep -f \"^gpg-agent --homedir $1/desk/fresh.part\" >> seen; done;"
			       " : > watched) > errors 2>&1 &"), 0);
	ck_assert_msg(pgp_refresh(pgp, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(shell("cd \"$1\"; rm watch; until [ -e watched ]; do sleep 0.1; done;"
			       " [ ! -s seen ]"), 0);
	pgp_close(&pgp);
}
END_TEST

/* Keys that come in at the same time are all there afterwards. */
START_TEST(refreshes_beside_imports)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR];
	struct err err;
	int status;
	pid_t pid;

	make_key(pgp, YEAR, fpr);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c",
			"cd \"$1\"; for i in 1 2 3 4 5; do"
			" gpg --homedir desk --batch --quiet --import coord.pub &&"
			" gpg --homedir desk --batch --quiet --yes --delete-keys coord@example.jp ||"
			" exit 1; done 2> import-errors; gpg --homedir desk --batch --quiet --import coord.pub short.pub",
			"sh", base, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 8; i++)
		ck_assert_msg(pgp_refresh(pgp, &err) == DONE, "%s", err.text);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(keys_of(pgp).count, 3);
	expect_usable(pgp, fpr);
	pgp_close(&pgp);
}
END_TEST

/* What a copy of the exported keys would be without: nothing is changed. */
static const struct {
	const char *script, *why;
} losses[] = {
	{ "cd \"$1\"; gpg --homedir desk --batch --quiet --import coord.pub 2> errors;"
	  " gpg --homedir desk --batch --quiet --yes --pinentry-mode loopback --passphrase ''"
	  " --quick-lsign-key $(gpg --homedir desk --with-colons --list-keys coord@example.jp |"
	  " sed -n 's/^fpr:*\\([0-9A-F]*\\):/\\1/p' | head -n 1) > log 2>> errors",
	  "the keybox holds signatures that are not exported" },
	/* Any blob of that type will do: it is known by its fifth byte. */
	{ "printf '\\000\\000\\000\\010\\003\\000\\000\\000' >> \"$1/desk/pubring.kbx\"",
	  "the keybox holds certificates of gpgsm too" },
	{ "printf '\\000\\000\\377' >> \"$1/desk/pubring.kbx\"",
	  "the keybox is not as it should be" },
};

START_TEST(refreshes_nothing_away)
{
	struct pgp *pgp = home("desk", NULL);
	char fpr[PGP_FPR], *before, *after;
	struct err err;
	size_t before_len, after_len;

	make_key(pgp, YEAR, fpr);
	ck_assert_int_eq(shell(losses[_i].script), 0);
	before = bytes_of("desk/pubring.kbx", &before_len);
	ck_assert_int_eq(pgp_refresh(pgp, &err), NEVER);
	ck_assert_str_eq(err.text, losses[_i].why);
	after = bytes_of("desk/pubring.kbx", &after_len);
	ck_assert_uint_eq(after_len, before_len);
	ck_assert_mem_eq(before, after, after_len);
	ck_assert_int_eq(shell("cd \"$1/desk\"; ls -A | grep -E 'lock|part'"), 1);
	pgp_close(&pgp);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static Suite *
suite_keep(void)
{
	Suite *suite = suite_create("pgp_keep");
	TCase *tcase = tcase_create("pgp_keep");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_checked_fixture(tcase, make, drop);
	tcase_add_loop_test(tcase, makes_a_key, 0, COUNT(makings));
	tcase_add_test(tcase, subkey_that_ended);
	tcase_add_test(tcase, primary_that_ended);
	tcase_add_test(tcase, locked_key_is_locked);
	tcase_add_test(tcase, shows_without_importing);
	tcase_add_loop_test(tcase, secrets_move, 0, COUNT(makings));
	tcase_add_test(tcase, lock_is_plain_openpgp);
	tcase_add_test(tcase, unlocks_nothing_else);
	tcase_add_test(tcase, refreshes);
	tcase_add_test(tcase, refreshes_without_an_agent);
	tcase_add_test(tcase, refreshes_beside_imports);
	tcase_add_loop_test(tcase, refreshes_nothing_away, 0, COUNT(losses));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_keep());
}
