/*
 * OpenPGP against real throw-away keys: a shell script makes two homes (ours
 * and the coordinator's side) and the messages once; each test opens, checks or
 * seals one thing. Needs gpg; leaves nothing behind.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pgp.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "port/box.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define LIMIT (1024 * 1024)
#define SECONDS 120

extern char **environ;

/*
 * big, begins: more than a pipe holds, of which gpg does not take all before it ends.
 * $1 is a new folder. ours: desk (secret) and the others' public keys; theirs:
 * all the others' secret keys; locked: a desk key with a passphrase; deaf: ours,
 * but gpg may not start its agent.
 */
static const char make_all[] =
	"set -e; cd \"$1\"; umask 077; mkdir ours theirs locked deaf; exec 2> errors\n"
	"g() { h=$1; shift; gpg --homedir \"$h\" --batch --yes --quiet --no-tty"
	" --pinentry-mode loopback --passphrase '' --trust-model always $at \"$@\"; }\n"
	"key() { h=$1; u=$2; shift 2; g \"$h\" --quick-gen-key \"$u <$u@example.jp>\" \"$@\"; }\n"
	"fpr() { g \"$1\" --with-colons --list-keys \"$2@\" | sed -n "
	"'s/^fpr:*\\([0-9A-F]*\\):/\\1/p'"
	" | head -n 1 > $2.fpr; }\n"
	"at=\n"
	"key ours desk ed25519 default never; fpr ours desk; d=$(cat desk.fpr)\n"
	"g ours --quick-add-key $d cv25519 encr never\n"
	"key theirs coord ed25519 cert never; fpr theirs coord; c=$(cat coord.fpr)\n"
	"g theirs --quick-add-key $c ed25519 sign never\n"
	"g theirs --quick-add-key $c cv25519 encr never\n"
	"for k in root certified withdrawn forged stranger; do\n"
	"  key theirs $k ed25519 default never; fpr theirs $k; done\n"
	"for k in certified withdrawn forged; do\n"
	"  g theirs -u $(cat root.fpr) --quick-sign-key $(cat $k.fpr) > log; done\n"
	"g theirs --quick-revoke-sig $(cat withdrawn.fpr) $(cat root.fpr)\n"
	"at=--faked-system-time=20200101T000000; key theirs old ed25519 default 1y\n"
	"fpr theirs old; o=$(cat old.fpr); g theirs --quick-add-key $o cv25519 encr 1y; at=\n"
	"key theirs revoked ed25519 default never; fpr theirs revoked; r=$(cat revoked.fpr)\n"
	"g theirs --quick-add-key $r cv25519 encr never\n"
	"printf 'Content-Type: text/plain\\r\\n\\r\\n脆弱性\\r\\n' > plain\n"
	/* the messages */
	"g ours --export $d | g theirs --import\n"
	"s() { by=$1; to=$2; shift 2; g theirs -u $by -o $to \"$@\" plain; }\n"
	"s $c sealed -r $d -e; s $c both -r $d -s -e; s $c opaque -s; s $c clear --clearsign\n"
	"s $c detached -a -b; s $c not-ours -r $c -e; s $c hidden -R $c -e\n"
	"s $c no-mdc --rfc2440 -r $d -e; s $(cat stranger.fpr) by-stranger -r $d -s -e\n"
	"s $r by-revoked -r $d -s -e; s $o in-time --faked-system-time=20200601T000000 -b\n"
	"gpg --homedir theirs --batch --quiet --passphrase x --pinentry-mode loopback"
	" -o symmetric -c plain\n"
	"head -c 60000000 /dev/zero | g theirs -o bomb -z 6 -r $d -e\n"
	": | g theirs -o empty -r $d -s -u $c -e\n"
	"head -c 300000 /dev/zero > big; yes -- '-----BEGIN PGP SIGNED MESSAGE-----'"
	" | head -n 9000 > begins\n"
	"g theirs -o literal --store plain; cat opaque literal > tail; cat clear clear > "
	"two-texts\n"
	/* what ours knows of the others: the old key before it was prolonged */
	"g theirs --export $c $o $(cat root.fpr certified.fpr withdrawn.fpr) | g ours --import\n"
	"g theirs --export $(cat stranger.fpr) > stranger.pub\n"
	"g theirs --export $(cat forged.fpr) > forged.pub\n"
	"g theirs --quick-set-expire $o 20y; s $o too-late --faked-system-time=20230601T000000 "
	"-b\n"
	"sed 's/^:---/---/' theirs/openpgp-revocs.d/$r.rev | g theirs --import\n"
	"g theirs --export $r | g ours --import\n"
	/* the locked and the deaf home */
	"gpg --homedir locked --batch --quiet --passphrase letmein --pinentry-mode loopback"
	" --quick-gen-key 'locked <locked@example.jp>' ed25519 default never; fpr locked locked\n"
	"gpg --homedir locked --batch --quiet --passphrase letmein --pinentry-mode loopback"
	" --quick-add-key $(cat locked.fpr) cv25519 encr never\n"
	"g locked --export | g theirs --import; s $c to-locked -r $(cat locked.fpr) -e\n"
	"gpgconf --homedir locked --kill all\n"
	"cp -r ours/pubring.kbx ours/private-keys-v1.d deaf/; echo no-autostart > deaf/gpg.conf\n";

static const char drop_all[] =
	"for h in ours theirs locked deaf made; do\n"
	"  if [ -d \"$1/$h\" ]; then gpgconf --homedir \"$1/$h\" --kill all; fi; done; rm -rf "
	"\"$1\"\n";

static char base[32] = "/tmp/pgp-test-XXXXXX";
static struct arena *arena;

static int
shell(const char *script)
{
	char *argv[] = { "sh", "-c", arena_strdup(arena, script), "sh", base, NULL };
	int status;
	pid_t pid;

	ck_assert_int_eq(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return status;
}

static void
make(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	ck_assert_ptr_nonnull(mkdtemp(base));
	if (shell(make_all) != 0) {
		fputs("the keys for the test could not be made:\n", stderr);
		shell("cat \"$1/errors\" >&2");
		shell(drop_all);
		exit(EXIT_FAILURE);
	}
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

static const char *
fpr_of(const char *who)
{
	size_t len;
	char *fpr = bytes_of(arena_printf(arena, "%s.fpr", who), &len);

	ck_assert_uint_eq(len, PGP_FPR);
	fpr[PGP_FPR - 1] = '\0';
	return fpr;
}

static struct pgp *
home(const char *name, const char *passphrase, struct pgp_keys *keys_r)
{
	struct pgp *pgp = NULL;
	struct err err;

	ck_assert_msg(pgp_open(path_of(name), passphrase, &pgp, &err) == DONE, "%s", err.text);
	ck_assert_msg(pgp_list(pgp, arena, keys_r, &err) == DONE, "%s", err.text);
	return pgp;
}

static void
expect_plain(int fd, const char *name)
{
	struct io_map map;
	struct err err;
	size_t len;
	const char *plain = bytes_of(name, &len);

	ck_assert(io_memfd_sealed(fd));
	ck_assert_msg(io_map(fd, LIMIT, &map, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(map.len, len);
	ck_assert_mem_eq(map.data, plain, len);
	io_unmap(&map);
	close(fd);
}

enum { ONE_BY = 1, NONE = 0 };

/* tail: what follows the signed text is no part of it and does not come out. */
static const struct {
	const char *file;
	enum open_status status;
	bool encrypted;
	size_t signatures;
	enum signature_status signature;
	const char *by;
} messages[] = {
	{ "sealed", OPEN_OK, true, NONE, SIGNATURE_GOOD, NULL },
	{ "both", OPEN_OK, true, ONE_BY, SIGNATURE_GOOD, "coord" },
	{ "opaque", OPEN_OK, false, ONE_BY, SIGNATURE_GOOD, "coord" },
	{ "literal", OPEN_OK, false, NONE, SIGNATURE_GOOD, NULL },
	{ "tail", OPEN_OK, false, ONE_BY, SIGNATURE_GOOD, "coord" },
	{ "by-revoked", OPEN_OK, true, ONE_BY, SIGNATURE_REVOKED_KEY, "revoked" },
	{ "by-stranger", OPEN_OK, true, ONE_BY, SIGNATURE_NO_KEY, "stranger" },
	{ "not-ours", OPEN_NO_SECRET_KEY, true, NONE, SIGNATURE_GOOD, NULL },
	{ "hidden", OPEN_NO_SECRET_KEY, true, NONE, SIGNATURE_GOOD, NULL },
	{ "no-mdc", OPEN_NO_INTEGRITY, true, NONE, SIGNATURE_GOOD, NULL },
	{ "symmetric", OPEN_FAILED, true, NONE, SIGNATURE_GOOD, NULL },
	{ "bomb", OPEN_TOO_LARGE, true, NONE, SIGNATURE_GOOD, NULL },
	{ "two-texts", OPEN_FAILED, false, NONE, SIGNATURE_GOOD, NULL },
	{ "plain", OPEN_FAILED, false, NONE, SIGNATURE_GOOD, NULL },
	{ "detached", OPEN_FAILED, false, NONE, SIGNATURE_GOOD, NULL },
	{ "begins", OPEN_FAILED, false, NONE, SIGNATURE_GOOD, NULL },
	{ "stranger.pub", OPEN_FAILED, false, NONE, SIGNATURE_GOOD, NULL },
};

START_TEST(opens_each)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	unsigned char hash[32];
	size_t len;
	char *bytes = bytes_of(messages[_i].file, &len);
	int fd = -2;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == messages[_i].status, "%s: status %d, %s",
		messages[_i].file, opened.status, err.text);
	ck_assert_msg(opened.encrypted == messages[_i].encrypted, "%s", messages[_i].file);
	ck_assert_uint_eq(opened.signature_count, messages[_i].signatures);
	if (messages[_i].by != NULL) {
		ck_assert_int_eq(opened.signatures[0].status, messages[_i].signature);
		ck_assert_str_eq(opened.signatures[0].key, fpr_of(messages[_i].by));
		ck_assert_int_gt(opened.signatures[0].made_at, INT64_C(1600000000) * CLOCK_SECOND);
	}
	if (opened.status == OPEN_OK) {
		expect_plain(fd, "plain");
		bytes = bytes_of("plain", &len);
	} else {
		ck_assert_int_eq(fd, -1);
	}
	box_sha256(bytes, len, hash);
	ck_assert_mem_eq(hash, opened.sha256, sizeof(hash));
	pgp_close(&pgp);
	ck_assert_ptr_null(pgp);
}
END_TEST

START_TEST(names_recipients)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	const struct pgp_key *coord = pgp_find(&keys, fpr_of("coord"));
	bool found = false;
	struct err err;
	size_t len;
	char *bytes = bytes_of("not-ours", &len);
	int fd;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_uint_eq(opened.recipient_count, 1);
	ck_assert_ptr_nonnull(coord);
	for (size_t i = 0; i < coord->subkey_count; i++)
		found = found || text_ends(coord->subkeys[i], opened.recipients[0]);
	ck_assert(found);
	bytes = bytes_of("hidden", &len);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_uint_eq(opened.recipient_count, 1);
	ck_assert_str_eq(opened.recipients[0], "0000000000000000");
	pgp_close(&pgp);
}
END_TEST

START_TEST(damaged_or_cut)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	size_t len, at;
	char *bytes = bytes_of("both", &len);
	int fd = -2;

	at = _i == 0 ? len - 5 : _i == 1 ? len / 2 : 30;
	if (_i < 3)
		bytes[at] = (char)(bytes[at] ^ 1);
	else
		len = _i == 3 ? len - 30 : _i == 4 ? len / 2 : _i == 5 ? 10 : 0;
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_FAILED || (_i == 2
		&& opened.status == OPEN_NO_SECRET_KEY),
		"%d: %d %s", _i, opened.status, err.text);
	ck_assert_int_eq(fd, -1);
	ck_assert_uint_eq(opened.signature_count, 0);
	ck_assert_str_ne(err.text, "");
	pgp_close(&pgp);
}
END_TEST

START_TEST(clear_signed)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	size_t len;
	char *bytes = bytes_of("clear", &len), *word;
	int fd;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_OK, "%s", err.text);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	ck_assert_str_eq(opened.signatures[0].key, fpr_of("coord"));
	close(fd);
	word = strstr(bytes, "text/plain");
	ck_assert_ptr_nonnull(word);
	*word = 'T';
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_OK);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_BAD);
	close(fd);
	pgp_close(&pgp);
}
END_TEST

START_TEST(empty_text)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	size_t len;
	char *bytes = bytes_of("empty", &len);
	int fd;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_OK, "%s", err.text);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	ck_assert_int_eq(io_size(fd), 0);
	close(fd);
	pgp_close(&pgp);
}
END_TEST

/* The cap is exact, and a bomb's gpg does not outlive it. */
START_TEST(cap)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	size_t len, plain_len;
	char *bytes = bytes_of("sealed", &len);
	siginfo_t left = { .si_pid = 0 };
	int fd;

	bytes_of("plain", &plain_len);
	pgp_decrypt(pgp, &keys, bytes, len, plain_len, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_OK);
	close(fd);
	pgp_decrypt(pgp, &keys, bytes, len, plain_len - 1, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_TOO_LARGE);
	bytes = bytes_of("bomb", &len);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_TOO_LARGE);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(waitid(P_ALL, 0, &left, WEXITED | WNOHANG | WNOWAIT), -1);
	ck_assert_int_eq(errno, ECHILD);
	bytes = bytes_of("sealed", &len);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_OK);
	close(fd);
	pgp_close(&pgp);
}
END_TEST

static const struct {
	const char *signature, *covered;
	enum open_status status;
	enum signature_status judged;
	const char *by;
} detached[] = {
	{ "detached", "plain", OPEN_OK, SIGNATURE_GOOD, "coord" },
	{ "detached", "sealed", OPEN_OK, SIGNATURE_BAD, "coord" },
	{ "in-time", "plain", OPEN_OK, SIGNATURE_GOOD, "old" },
	{ "in-time", "sealed", OPEN_OK, SIGNATURE_BAD, "old" },
	{ "too-late", "plain", OPEN_OK, SIGNATURE_EXPIRED_KEY, "old" },
	{ "plain", "plain", OPEN_FAILED, SIGNATURE_GOOD, NULL },
	{ "opaque", "plain", OPEN_FAILED, SIGNATURE_GOOD, NULL },
	{ "sealed", "plain", OPEN_FAILED, SIGNATURE_GOOD, NULL },
	{ "clear", "plain", OPEN_FAILED, SIGNATURE_GOOD, NULL },
	{ "detached", "big", OPEN_OK, SIGNATURE_BAD, "coord" },
	{ "clear", "big", OPEN_FAILED, SIGNATURE_GOOD, NULL },
	{ "begins", "big", OPEN_FAILED, SIGNATURE_GOOD, NULL },
};

START_TEST(verifies_each)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	size_t len, covered_len;
	char *bytes = bytes_of(detached[_i].signature, &len);
	char *covered = bytes_of(detached[_i].covered, &covered_len);
	unsigned char hash[32];

	pgp_verify(pgp, &keys, covered, covered_len, bytes, len, &opened, &err);
	ck_assert_msg(opened.status == detached[_i].status, "%d: %s", opened.status, err.text);
	ck_assert_uint_eq(opened.signature_count, detached[_i].by != NULL);
	if (detached[_i].by != NULL) {
		ck_assert_int_eq(opened.signatures[0].status, detached[_i].judged);
		ck_assert_str_eq(opened.signatures[0].key, fpr_of(detached[_i].by));
	}
	ck_assert(!opened.encrypted);
	box_sha256(covered, covered_len, hash);
	ck_assert_mem_eq(hash, opened.sha256, sizeof(hash));
	pgp_close(&pgp);
}
END_TEST

/* A wrong or missing passphrase is our fault and passes; ours is not tried on a sender's seal. */
START_TEST(locked_key)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("locked", NULL, &keys);
	struct err err;
	size_t len;
	char *bytes = bytes_of("to-locked", &len), *symmetric;
	int fd;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_LATER, "%d %s", opened.status, err.text);
	pgp_close(&pgp);
	pgp = home("locked", "wrong", &keys);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_LATER, "%d %s", opened.status, err.text);
	ck_assert_int_eq(fd, -1);
	pgp_close(&pgp);
	pgp = home("locked", "letmein", &keys);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_OK, "%d %s", opened.status, err.text);
	expect_plain(fd, "plain");
	pgp_close(&pgp);
	pgp = home("locked", "x", &keys);
	symmetric = bytes_of("symmetric", &len);
	pgp_decrypt(pgp, &keys, symmetric, len, LIMIT, &fd, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_FAILED);
	pgp_close(&pgp);
}
END_TEST

START_TEST(no_agent)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("deaf", NULL, &keys);
	const char *to = fpr_of("desk"), *bad;
	struct err err;
	size_t len;
	char *bytes = bytes_of("sealed", &len), *armour;
	int fd;

	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_LATER, "%d %s", opened.status, err.text);
	ck_assert_msg(pgp_seal(pgp, arena, PGP_SIGN_DETACHED, to, NULL, 0, "x", 1, &armour, &len,
		NULL, &bad, &err) == LATER, "%s", err.text);
	pgp_close(&pgp);
}
END_TEST

START_TEST(home_missing)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = NULL;
	struct err err;
	size_t len;
	char *bytes = bytes_of("sealed", &len);
	int fd;

	ck_assert_int_eq(pgp_open(path_of("nowhere"), NULL, &pgp, &err), NEVER);
	ck_assert_ptr_null(pgp);
	ck_assert_int_eq(pgp_open(path_of("plain"), NULL, &pgp, &err), NEVER);
	ck_assert_int_eq(shell("mkdir -m 700 \"$1/made\""), 0);
	pgp = home("made", NULL, &keys);
	ck_assert_uint_eq(keys.count, 0);
	ck_assert_int_eq(shell("gpgconf --homedir \"$1/made\" --kill all; rm -rf \"$1/made\""), 0);
	pgp_decrypt(pgp, &keys, bytes, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_LATER, "%d %s", opened.status, err.text);
	pgp_close(&pgp);
	pgp_close(&pgp);
}
END_TEST

START_TEST(lists)
{
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	const struct pgp_key *desk = pgp_find(&keys, fpr_of("desk"));
	const struct pgp_key *coord = pgp_find(&keys, fpr_of("coord"));
	const struct pgp_key *old = pgp_find(&keys, fpr_of("old"));
	const struct pgp_key *revoked = pgp_find(&keys, fpr_of("revoked"));

	ck_assert_uint_eq(keys.count, 7);
	ck_assert(desk != NULL && desk->secret && desk->can_sign && desk->can_encrypt);
	ck_assert(coord != NULL && !coord->secret && coord->can_sign && coord->can_encrypt);
	ck_assert_str_eq(desk->user_id, "desk <desk@example.jp>");
	ck_assert_uint_eq(coord->subkey_count, 2);
	ck_assert_ptr_eq(pgp_find(&keys, coord->subkeys[1]), coord);
	ck_assert_int_eq(coord->expires_at, 0);
	ck_assert(old != NULL && old->expired && !old->can_sign && !old->can_encrypt);
	ck_assert_int_eq(old->created_at, INT64_C(1577836800) * CLOCK_SECOND);
	ck_assert_int_eq(old->expires_at, INT64_C(1609372800) * CLOCK_SECOND);
	ck_assert(revoked != NULL && revoked->revoked && !revoked->can_encrypt);
	ck_assert_ptr_null(pgp_find(&keys, fpr_of("stranger")));
	pgp_close(&pgp);
}
END_TEST

static const struct {
	const char *key, *root;
	bool yes;
} certifications[] = {
	{ "certified", "root", true },
	{ "withdrawn", "root", false },
	{ "coord", "root", false },
	{ "root", "coord", false },
	{ "certified", "coord", false },
	{ "certified", "stranger", false },
	{ "stranger", "root", false },
};

START_TEST(certified)
{
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	struct err err;
	bool yes = !certifications[_i].yes;

	ck_assert_msg(pgp_certified(pgp, fpr_of(certifications[_i].key),
		fpr_of(certifications[_i].root), &yes, &err) == DONE, "%s", err.text);
	ck_assert(yes == certifications[_i].yes);
	ck_assert_int_eq(pgp_certified(pgp, "root", fpr_of("root"), &yes, &err), NEVER);
	pgp_close(&pgp);
}
END_TEST

/* The same certificate with one bit of the root's signature wrong is listed, and proves nothing. */
START_TEST(forged_certificate)
{
	struct pgp_keys keys;
	struct pgp *pgp;
	struct err err;
	size_t len, count;
	char *pub = bytes_of("forged.pub", &len), *root;
	char (*fprs)[PGP_FPR];
	bool yes = true;
	size_t root_len;

	ck_assert_int_eq(shell("mkdir -m 700 \"$1/made\""), 0);
	pgp = home("made", NULL, &keys);
	root = bytes_of("stranger.pub", &root_len);
	ck_assert_int_eq(pgp_import(pgp, arena, root, root_len, &fprs, &count, &err), DONE);
	ck_assert_int_eq(shell("gpg --homedir \"$1/ours\" --batch --quiet --export root@"
		" | gpg --homedir \"$1/made\" --batch --quiet --import"), 0);
	if (_i == 1)
		pub[len - 3] = (char)(pub[len - 3] ^ 1);
	ck_assert_int_eq(pgp_import(pgp, arena, pub, len, &fprs, &count, &err), DONE);
	ck_assert_int_eq(pgp_certified(pgp, fpr_of("forged"), fpr_of("root"), &yes, &err), DONE);
	ck_assert(yes == (_i == 0));
	pgp_close(&pgp);
	ck_assert_int_eq(shell("gpgconf --homedir \"$1/made\" --kill all; rm -rf \"$1/made\""), 0);
}
END_TEST

START_TEST(imports_and_exports)
{
	struct pgp_keys keys;
	struct pgp *pgp;
	struct err err;
	size_t len, count = 9, out_len;
	char *pub = bytes_of("stranger.pub", &len), *out = NULL;
	char (*fprs)[PGP_FPR] = NULL;

	ck_assert_int_eq(shell("mkdir -m 700 \"$1/made\""), 0);
	pgp = home("made", NULL, &keys);
	ck_assert_int_eq(pgp_import(pgp, arena, pub, len, &fprs, &count, &err), DONE);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(fprs[0], fpr_of("stranger"));
	ck_assert_int_eq(pgp_import(pgp, arena, pub, len, &fprs, &count, &err), DONE);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(pgp_import(pgp, arena, "no key\n", 7, &fprs, &count, &err), NEVER);
	ck_assert_int_eq(pgp_export(pgp, arena, fpr_of("stranger"), true, &out, &out_len, &err),
		DONE);
	ck_assert(text_starts(out, "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"));
	ck_assert_uint_eq(out_len, strlen(out));
	ck_assert_int_eq(pgp_export(pgp, arena, fpr_of("stranger"), false, &out, &out_len,
		&err), DONE);
	ck_assert_int_eq((unsigned char)out[0], 0x98);
	ck_assert_int_eq(pgp_export(pgp, arena, fpr_of("coord"), true, &out, &out_len, &err),
		NEVER);
	ck_assert_int_eq(pgp_export(pgp, arena, "--help", true, &out, &out_len, &err), NEVER);
	pgp_close(&pgp);
	ck_assert_int_eq(shell("gpgconf --homedir \"$1/made\" --kill all; rm -rf \"$1/made\""), 0);
}
END_TEST

/* What ours seals, the other side opens, and sees whose signature it bears. */
START_TEST(seals)
{
	enum pgp_mode mode = _i == 0 ? PGP_SIGN_SEAL : PGP_SEAL;
	const char *to[] = { fpr_of("coord"), fpr_of("desk") }, *bad, *hash_name = "untouched";
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *ours = home("ours", NULL, &keys), *theirs;
	struct err err;
	size_t len, plain_len;
	char *armour, *plain = bytes_of("plain", &plain_len);
	int fd;

	ck_assert_msg(pgp_seal(ours, arena, mode, fpr_of("desk"), to, 2, plain, plain_len, &armour,
		&len, &hash_name, &bad, &err) == DONE, "%s", err.text);
	ck_assert(text_starts(armour, "-----BEGIN PGP MESSAGE-----\n"));
	ck_assert_uint_eq(len, strlen(armour));
	ck_assert_ptr_null(hash_name);
	pgp_close(&ours);
	theirs = home("theirs", NULL, &keys);
	pgp_decrypt(theirs, &keys, armour, len, LIMIT, &fd, &opened, &err);
	ck_assert_msg(opened.status == OPEN_OK, "%s", err.text);
	ck_assert_uint_eq(opened.recipient_count, 2);
	ck_assert_uint_eq(opened.signature_count, mode == PGP_SIGN_SEAL);
	if (mode == PGP_SIGN_SEAL) {
		ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
		ck_assert_str_eq(opened.signatures[0].key, to[1]);
	}
	expect_plain(fd, "plain");
	pgp_close(&theirs);
}
END_TEST

START_TEST(signs)
{
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	const char *micalg = NULL, *bad;
	struct err err;
	size_t len;
	char *armour;

	for (int round = 0; round < 2; round++) {
		ck_assert_msg(pgp_seal(pgp, arena, PGP_SIGN_DETACHED, fpr_of("desk"), NULL, 0,
			"text",
			4, &armour, &len, &micalg, &bad, &err) == DONE, "%s", err.text);
		ck_assert(text_starts(armour, "-----BEGIN PGP SIGNATURE-----\n"));
		ck_assert(text_equal(micalg, "pgp-sha512") || text_equal(micalg, "pgp-sha256"));
		pgp_verify(pgp, &keys, "text", 4, armour, len, &opened, &err);
		ck_assert_int_eq(opened.status, OPEN_OK);
		ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
		ck_assert_str_eq(opened.signatures[0].key, fpr_of("desk"));
	}
	pgp_close(&pgp);
}
END_TEST

static const struct {
	enum pgp_mode mode;
	const char *signer, *to;	/* a name, or the text itself when it starts with '=' */
	const char *bad;
} unusable[] = {
	{ PGP_SEAL, "desk", "old", "old" },
	{ PGP_SIGN_SEAL, "desk", "old", "old" },
	{ PGP_SIGN_SEAL, "desk", "revoked", "revoked" },
	{ PGP_SIGN_SEAL, "desk", "stranger", "stranger" },
	{ PGP_SIGN_SEAL, "desk", "root", "root" },
	{ PGP_SIGN_SEAL, "coord", "desk", "coord" },
	{ PGP_SIGN_SEAL, "stranger", "desk", "stranger" },
	{ PGP_SIGN_DETACHED, "coord", "desk", "coord" },
	{ PGP_SIGN_SEAL, "desk", "=coord@example.jp", "=coord@example.jp" },
	{ PGP_SEAL, "desk", "=--output", "=--output" },
	{ PGP_SEAL, "desk", "=", "=" },
};

static const char *
name_or_text(const char *word)
{
	return word[0] == '=' ? word + 1 : fpr_of(word);
}

START_TEST(seals_to_no_unusable_key)
{
	struct pgp_keys keys;
	struct pgp *pgp = home("ours", NULL, &keys);
	const char *to[] = { fpr_of("desk"), name_or_text(unusable[_i].to) }, *bad = NULL;
	char *armour = NULL;
	struct err err;
	size_t len = 0;

	ck_assert_msg(pgp_seal(pgp, arena, unusable[_i].mode, name_or_text(unusable[_i].signer),
		to, 2,
		"x", 1, &armour, &len, NULL, &bad, &err) == NEVER, "%s", err.text);
	ck_assert_ptr_nonnull(bad);
	ck_assert_str_eq(bad, name_or_text(unusable[_i].bad));
	ck_assert_str_ne(err.text, "");
	ck_assert_ptr_null(armour);
	ck_assert_int_eq(pgp_seal(pgp, arena, PGP_SEAL, NULL, to, 0, "x", 1, &armour, &len, NULL,
		&bad, &err), NEVER);
	pgp_close(&pgp);
}
END_TEST

START_TEST(agent)
{
	struct err err;
	char *folder = NULL;

	ck_assert_int_eq(shell("gpgconf --homedir \"$1/theirs\" --kill gpg-agent"), 0);
	ck_assert_msg(pgp_start_agent(path_of("theirs"), &err) == DONE, "%s", err.text);
	ck_assert_int_eq(pgp_agent_socket(arena, path_of("theirs"), &folder, &err), DONE);
	ck_assert_int_eq(folder[0], '/');
	ck_assert_int_eq(access(arena_printf(arena, "%s/S.gpg-agent", folder), F_OK), 0);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static Suite *
suite_pgp(void)
{
	Suite *suite = suite_create("pgp");
	TCase *tcase = tcase_create("pgp");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_unchecked_fixture(tcase, make, drop);
	tcase_add_loop_test(tcase, opens_each, 0, COUNT(messages));
	tcase_add_test(tcase, names_recipients);
	tcase_add_loop_test(tcase, damaged_or_cut, 0, 7);
	tcase_add_test(tcase, clear_signed);
	tcase_add_test(tcase, empty_text);
	tcase_add_test(tcase, cap);
	tcase_add_loop_test(tcase, verifies_each, 0, COUNT(detached));
	tcase_add_test(tcase, locked_key);
	tcase_add_test(tcase, no_agent);
	tcase_add_test(tcase, home_missing);
	tcase_add_test(tcase, lists);
	tcase_add_loop_test(tcase, certified, 0, COUNT(certifications));
	tcase_add_loop_test(tcase, forged_certificate, 0, 2);
	tcase_add_test(tcase, imports_and_exports);
	tcase_add_loop_test(tcase, seals, 0, 2);
	tcase_add_test(tcase, signs);
	tcase_add_loop_test(tcase, seals_to_no_unusable_key, 0, COUNT(unusable));
	tcase_add_test(tcase, agent);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_pgp());
}
