/*
 * S/MIME by the real gpgsm, with the golden messages' certificates: what openssl
 * signs is checked here, at one time and another, in one home and the next. And
 * what is sent to keep the desk busy: it costs a bounded time, and never another
 * message's verdict. Leaves nothing behind.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smime.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "port/pgp.h"
#include "port/x509.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT (1024 * 1024)
#define FILE_MAX (4u * 1024 * 1024)
#define SECONDS 120
#define BODY "Content-Type: text/plain\r\n\r\nIPA#12345678\r\n"
#define IPA "vuln-contact@ipa.go.jp"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

extern char **environ;

/* $1 is a new folder, $2 that of the certificates. */
static const char make_all[] =
	"set -e; cd \"$1\"; k=$2; umask 077; mkdir home rootless; exec 2> errors\n"
	"printf 'Content-Type: text/plain\\r\\n\\r\\nIPA#12345678\\r\\n' > body\n"
	"s() { to=$1; by=$2; shift 2; openssl cms -sign -binary -in body -outform DER -md sha256"
	" -signer $k/$by.pem -inkey $k/$by.key -out $to \"$@\"; }\n"
	"s ipa ipa; s opaque ipa -nodetach; s pieces ipa -nodetach -stream; s subject ipa-subject\n"
	"s two ipa-of-two; s cn ipa-cn; s nul ipa-nul; s closed ipa-nul-closed; s expired ipa-expired\n"
	"s early ipa-early; s other ipa-other-root; s chain ipa-middle -certfile $k/middle.pem\n"
	"s broken-chain ipa-middle; s sha1 ipa -md sha1; s md5 ipa -md md5; s bare ipa -nocerts\n"
	"s below ipa-below-colleague -certfile $k/ipa-colleague.pem\n"
	"s both ipa -signer $k/finder.pem -inkey $k/finder.key\n"
	/* made for another purpose: to encrypt, to serve the web */
	"m() { openssl req -new -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj /CN=x"
	" -config /dev/null; printf \"$2\\nsubjectAltName=email:" IPA "\\n\" > ext\n"
	"openssl x509 -req -in $1.csr -CA $k/root.pem -CAkey $k/root.key -set_serial 0x7$3 -days 400"
	" -extfile ext -out $1.pem; openssl cms -sign -binary -in body -outform DER -md sha256"
	" -signer $1.pem -inkey $1.key -out $1; }\n"
	"m encrypts keyUsage=keyEncipherment 1; m serves extendedKeyUsage=serverAuth 2\n";

static const char drop_all[] =
	"for h in \"$1\"/home/smime/*; do [ ! -d \"$h\" ] ||"
	" gpgconf --homedir \"$h\" --kill all; done; rm -rf \"$1\"\n";

static char base[32] = "/tmp/smime-test-XXXXXX";
static struct arena *arena;
static struct x509_list roots, no_roots;
static const struct x509_list *open_roots;
static struct smime *smime;

static const char *
certificates(void)
{
	const char *source = getenv("srcdir");

	return arena_printf(arena, "%s/tests/messages/keys/smime", source != NULL ? source : ".");
}

static int
shell(const char *script)
{
	char *keys = realpath(certificates(), NULL);
	char *argv[] = { "sh", "-c", arena_strdup(arena, script), "sh", base, keys, NULL };
	int status;
	pid_t pid;

	ck_assert_int_eq(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	free(keys);
	return status;
}

static char *
file(const char *name, size_t *len_r)
{
	struct err err;
	char *bytes;

	ck_assert_int_eq(io_read_file(arena, arena_printf(arena, "%s/%s", base, name), FILE_MAX, &bytes,
		len_r, &err), DONE);
	return bytes;
}

static void
make(void)
{
	struct err err;
	size_t len;
	char *pem;

	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	ck_assert_ptr_nonnull(mkdtemp(base));
	if (shell(make_all) != 0) {
		fputs("the signatures for the test could not be made:\n", stderr);
		shell("cat \"$1/errors\" >&2");
		shell(drop_all);
		exit(EXIT_FAILURE);
	}
	ck_assert_int_eq(io_read_file(arena, arena_printf(arena, "%s/roots.pem", certificates()), FILE_MAX,
		&pem, &len, &err), DONE);
	ck_assert_int_eq(x509_read(arena, pem, len, &roots, &err), DONE);
}

static void
drop(void)
{
	shell(drop_all);
	arena_free(&arena);
}

static void
open_with(const struct x509_list *list)
{
	struct err err = { "" };

	open_roots = list;
	ck_assert_msg(smime_open(arena_printf(arena, "%s/home", base), list, &smime, &err) == DONE,
		"%s", err.text);
}

static void
open_home(void)
{
	open_with(&roots);
}

/* Of the checks' homes nothing may be left: the agent's own files are all that lies there. */
static void
close_home(void)
{
	const char *home = arena_printf(arena, "%s/home", base);
	DIR *dir = opendir(smime_folder(arena, home, open_roots));
	const struct dirent *entry;

	smime_close(&smime);
	while ((entry = readdir(dir)) != NULL)
		ck_assert_msg(strspn(entry->d_name, "0123456789") == 0, "%s is left", entry->d_name);
	closedir(dir);
}

static int64_t
instant(const char *text)
{
	int64_t at = 0;

	ck_assert(clock_parse(text, "UTC", &at));
	return at;
}

static void
verify(const char *name, const char *at, const char *body, struct facts_opened *opened_r)
{
	struct err err = { "" };
	size_t len;
	char *signature = file(name, &len);

	smime_verify(smime, instant(at), body, strlen(body), signature, len, opened_r, &err);
	ck_assert_msg(opened_r->status == OPEN_OK, "%s: %s", name, err.text);
	ck_assert(opened_r->smime && !opened_r->encrypted);
}

#define NOW "2027-03-01 12:00"
#define NONE SIGNATURE_STATUSES

static const struct {
	const char *name, *at, *body;
	enum signature_status status;
	const char *addresses[2];
} signatures[] = {
	{ "ipa", NOW, BODY, SIGNATURE_GOOD, { IPA } },
	{ "ipa", NOW, BODY " ", SIGNATURE_BAD, { NULL } },
	{ "ipa", NOW, "", SIGNATURE_BAD, { NULL } },
	{ "chain", NOW, BODY, SIGNATURE_GOOD, { IPA } },
	{ "subject", NOW, BODY, SIGNATURE_GOOD, { IPA } },
	{ "two", NOW, BODY, SIGNATURE_GOOD, { "ichiro@ipa.go.jp", IPA } },
	{ "cn", NOW, BODY, SIGNATURE_GOOD, { NULL } },
	{ "nul", NOW, BODY, SIGNATURE_GOOD, { NULL } },
	{ "closed", NOW, BODY, SIGNATURE_GOOD, { NULL } },
	{ "encrypts", NOW, BODY, SIGNATURE_GOOD, { NULL } },
	{ "serves", NOW, BODY, SIGNATURE_GOOD, { NULL } },
	{ "other", NOW, BODY, SIGNATURE_NO_KEY, { NULL } },
	{ "broken-chain", NOW, BODY, SIGNATURE_NO_KEY, { NULL } },
	{ "below", NOW, BODY, SIGNATURE_NO_KEY, { NULL } },
	{ "bare", NOW, BODY, SIGNATURE_NO_KEY, { NULL } },
	{ "sha1", NOW, BODY, SIGNATURE_ERROR, { NULL } },
	{ "md5", NOW, BODY, SIGNATURE_ERROR, { NULL } },
	/* valid when the mail came, whatever time it is and whatever the signature claims */
	{ "expired", NOW, BODY, SIGNATURE_EXPIRED_KEY, { NULL } },
	{ "expired", "2024-06-01 12:00", BODY, SIGNATURE_GOOD, { IPA } },
	{ "expired", "2024-12-30 23:00", BODY, SIGNATURE_GOOD, { IPA } },
	{ "expired", "2025-01-01 01:00", BODY, SIGNATURE_EXPIRED_KEY, { NULL } },
	{ "early", "2025-05-31 23:00", BODY, SIGNATURE_EXPIRED_KEY, { NULL } },
	{ "early", "2025-06-01 01:00", BODY, SIGNATURE_GOOD, { IPA } },
	{ "ipa", "2055-01-01 01:00", BODY, SIGNATURE_EXPIRED_KEY, { NULL } },
	/* no signature at all */
	{ "body", NOW, BODY, NONE, { NULL } },
	{ "opaque", NOW, BODY, NONE, { NULL } },
};

START_TEST(a_signature)
{
	struct facts_opened opened;
	size_t count = 0;

	open_home();
	verify(signatures[_i].name, signatures[_i].at, signatures[_i].body, &opened);
	ck_assert_uint_eq(opened.signature_count, signatures[_i].status == NONE ? 0 : 1);
	if (signatures[_i].status != NONE)
		ck_assert_msg(opened.signatures[0].status == signatures[_i].status, "%s: %d",
			signatures[_i].name, opened.signatures[0].status);
	for (; count < 2 && signatures[_i].addresses[count] != NULL; count++)
		ck_assert_str_eq(opened.signatures[0].addresses[count],
			signatures[_i].addresses[count]);
	ck_assert_uint_eq(opened.signatures[0].address_count, count);
	close_home();
}
END_TEST

START_TEST(each_signer_for_itself)
{
	struct facts_opened opened;

	open_home();
	verify("both", NOW, BODY, &opened);
	ck_assert_uint_eq(opened.signature_count, 2);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	ck_assert_int_eq(opened.signatures[1].status, SIGNATURE_GOOD);
	/* In the order of their bytes, which nobody chose. */
	ck_assert_str_ne(opened.signatures[0].addresses[0], opened.signatures[1].addresses[0]);
	for (size_t i = 0; i < 2; i++)
		ck_assert(text_equal(opened.signatures[i].addresses[0], IPA) ||
			text_equal(opened.signatures[i].addresses[0], "hana@finder.example"));
	close_home();
}
END_TEST

/* What one message brought along must not help, or hurt, the next one. */
START_TEST(nothing_is_remembered)
{
	struct facts_opened opened;

	open_home();
	verify("chain", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	verify("broken-chain", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_NO_KEY);
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	verify("bare", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_NO_KEY);
	close_home();
}
END_TEST

/*
 * A root that is struck out of the conf is trusted no more, nor is one of another
 * desk's with the same keyring, whose roots are in use meanwhile.
 */
START_TEST(roots_are_the_confs)
{
	struct x509_list others;
	struct facts_opened opened;
	struct smime *first;
	struct err err;
	size_t len;
	char *pem;

	ck_assert_int_eq(io_read_file(arena, arena_printf(arena, "%s/other-root.pem", certificates()),
		FILE_MAX, &pem, &len, &err), DONE);
	ck_assert_int_eq(x509_read(arena, pem, len, &others, &err), DONE);
	open_home();
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	first = smime;
	open_with(&others);
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_NO_KEY);
	verify("other", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	close_home();
	smime = first;
	open_roots = &roots;
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	verify("other", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_NO_KEY);
	close_home();
}
END_TEST

/* An issuer that signers forget to send along may stand beside the roots: it is no root for that. */
START_TEST(issuers_help)
{
	struct x509_list middle, both;
	struct facts_opened opened;
	struct err err;
	size_t len;
	char *pem;

	ck_assert_int_eq(io_read_file(arena, arena_printf(arena, "%s/middle.pem", certificates()), FILE_MAX,
		&pem, &len, &err), DONE);
	ck_assert_int_eq(x509_read(arena, pem, len, &middle, &err), DONE);
	ck_assert(!middle.at[0].root);
	both.count = 2;
	both.at = arena_calloc(arena, 2, sizeof(*both.at));
	both.at[0] = middle.at[0];
	both.at[1] = roots.at[0];
	open_with(&both);
	verify("broken-chain", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	close_home();
	open_with(&middle);
	verify("broken-chain", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_NO_KEY);
	close_home();
}
END_TEST

/* The list of roots is written anew where something else stands there, and the agent told. */
START_TEST(a_list_that_was_changed)
{
	struct facts_opened opened;
	struct err err;
	const char *list;

	open_home();
	close_home();
	list = arena_printf(arena, "%s/trustlist.txt",
		smime_folder(arena, arena_printf(arena, "%s/home", base), &roots));
	ck_assert_int_eq(io_put_file(list, "include-default\n", 16, 0600, true, &err), DONE);
	open_home();
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	close_home();
}
END_TEST

static void
expect_text(const char *name, size_t max, enum open_status status, size_t signers)
{
	struct facts_opened opened;
	struct err err = { "" };
	struct io_map map = { 0 };
	int fd = -1;
	size_t len;
	char *bytes = file(name, &len);

	smime_open_signed(smime, instant(NOW), bytes, len, max, &fd, &opened, &err);
	ck_assert_msg(opened.status == status, "%s: %d %s", name, opened.status, err.text);
	ck_assert_uint_eq(opened.signature_count, signers);
	ck_assert_int_eq(fd >= 0, status == OPEN_OK);
	if (fd >= 0) {
		ck_assert(io_memfd_sealed(fd));
		ck_assert_int_eq(io_map(fd, LIMIT, &map, &err), DONE);
		ck_assert_uint_eq(map.len, strlen(BODY));
		ck_assert_mem_eq(map.data, BODY, map.len);
	}
	io_unmap(&map);
	io_close(&fd);
}

START_TEST(a_text_inside)
{
	open_home();
	expect_text("opaque", LIMIT, OPEN_OK, 1);
	expect_text("pieces", LIMIT, OPEN_OK, 1);
	expect_text("opaque", 5, OPEN_TOO_LARGE, 0);
	expect_text("body", LIMIT, OPEN_FAILED, 0);
	close_home();
}
END_TEST

START_TEST(without_roots_all_is_read_and_nothing_told)
{
	struct facts_opened opened;
	struct err err = { "" };

	ck_assert_int_eq(smime_open(arena_printf(arena, "%s/rootless", base), &no_roots, &smime, &err), DONE);
	expect_text("opaque", LIMIT, OPEN_OK, 0);
	verify("ipa", NOW, BODY " ", &opened);
	ck_assert_uint_eq(opened.signature_count, 0);
	smime_close(&smime);
}
END_TEST

/* Bytes of one element, put before what the text holds already. */
static void
put_head(struct text *out, unsigned tag, size_t len)
{
	text_add_char(out, (char)tag);
	text_add_char(out, (char)0x83);
	for (int shift = 16; shift >= 0; shift -= 8)
		text_add_char(out, (char)(len >> shift & 0xff));
}

static struct text
element(unsigned tag, const void *bytes, size_t len)
{
	struct text out;

	text_init(&out, arena, 2 * LIMIT);
	put_head(&out, tag, len);
	text_add_bytes(&out, bytes, len);
	return out;
}

static void
add(struct text *to, struct text what)
{
	text_add_bytes(to, what.data, what.len);
}

/* A signature by a self-made RSA key whose numbers are that long: seconds, or hours, of one processor. */
static struct text
slow_signature(size_t key_bytes)
{
#define OBJECT(literal) element(0x06, literal, sizeof(literal) - 1)
	struct text number, key, rsa, sha, name, tbs, certificate, signer, data, out;
	unsigned char *odd = arena_alloc(arena, key_bytes + 1);

	memset(odd, 0x77, key_bytes);
	text_init(&number, arena, LIMIT);
	add(&number, element(0x02, odd, key_bytes));
	add(&number, element(0x02, odd, key_bytes));
	number = element(0x30, number.data, number.len);
	text_init(&key, arena, LIMIT);
	text_add_char(&key, '\0');
	add(&key, number);
	key = element(0x03, key.data, key.len);
	rsa = OBJECT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
	rsa = element(0x30, rsa.data, rsa.len);
	sha = OBJECT("\x60\x86\x48\x01\x65\x03\x04\x02\x01");
	sha = element(0x30, sha.data, sha.len);
	name = element(0x30, "\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "big", 14);
	text_init(&tbs, arena, LIMIT);
	text_add_bytes(&tbs, "\x02\x01\x07", 3);
	certificate = OBJECT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b");
	certificate = element(0x30, certificate.data, certificate.len);
	add(&tbs, certificate);
	add(&tbs, name);
	add(&tbs, element(0x30, "\x17\x0d" "240101000000Z" "\x17\x0d" "490101000000Z", 30));
	add(&tbs, name);
	number = rsa;
	text_init(&out, arena, LIMIT);
	add(&out, number);
	add(&out, key);
	add(&tbs, element(0x30, out.data, out.len));
	tbs = element(0x30, tbs.data, tbs.len);
	add(&tbs, certificate);
	odd[0] = 0;
	add(&tbs, element(0x03, odd, key_bytes));
	certificate = element(0x30, tbs.data, tbs.len);
	text_init(&signer, arena, LIMIT);
	text_add_bytes(&signer, name.data, name.len);
	text_add_bytes(&signer, "\x02\x01\x07", 3);
	number = element(0x30, signer.data, signer.len);
	text_init(&signer, arena, LIMIT);
	text_add_bytes(&signer, "\x02\x01\x01", 3);
	add(&signer, number);
	add(&signer, sha);
	add(&signer, rsa);
	odd[0] = 0x55;
	add(&signer, element(0x04, odd, key_bytes));
	signer = element(0x30, signer.data, signer.len);
	text_init(&data, arena, LIMIT);
	text_add_bytes(&data, "\x02\x01\x01", 3);
	add(&data, element(0x31, sha.data, sha.len));
	number = OBJECT("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
	add(&data, element(0x30, number.data, number.len));
	add(&data, element(0xa0, certificate.data, certificate.len));
	add(&data, element(0x31, signer.data, signer.len));
	data = element(0x30, data.data, data.len);
	data = element(0xa0, data.data, data.len);
	out = OBJECT("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
	add(&out, data);
	return element(0x30, out.data, out.len);
#undef OBJECT
}

/* gpgsm gets some seconds, and the next message is checked as if nothing had been. */
START_TEST(a_slow_signature_ends)
{
	struct text slow = slow_signature(8192);
	struct facts_opened opened;
	struct err err = { "" };
	int64_t before;

	open_home();
	/* A room that has worked for long has used up more itself than gpgsm may. */
	while (_i > 0 && unit_cpu_ms() < 4000)
		continue;
	before = clock_mono_ms();
	smime_verify(smime, instant(NOW), BODY, strlen(BODY), slow.data, slow.len, &opened, &err);
	ck_assert_int_eq(opened.status, OPEN_OK);
	ck_assert_uint_eq(opened.signature_count, 0);
	/* It was gpgsm's time that ended, and no fault of how this test wrote it. */
	ck_assert_int_ge(clock_mono_ms() - before, 1000);
	ck_assert_int_lt(clock_mono_ms() - before, 60000);
	verify("ipa", NOW, BODY, &opened);
	ck_assert_int_eq(opened.signatures[0].status, SIGNATURE_GOOD);
	close_home();
}
END_TEST

START_TEST(garbage_is_no_signature)
{
	struct facts_opened opened;
	struct err err = { "" };
	size_t len;
	char *signature = file("ipa", &len), *copy;

	open_home();
	for (size_t at = 0; at < len; at += 97) {
		copy = arena_memdup(arena, signature, len);
		copy[at] = (char)(copy[at] ^ 0x40);
		smime_verify(smime, instant(NOW), BODY, strlen(BODY), copy, len, &opened, &err);
		ck_assert_int_eq(opened.status, OPEN_OK);
		/* Some bytes nobody signed: the count of a length, an attribute that is not covered. */
		ck_assert(opened.signature_count == 0 || opened.signatures[0].status != SIGNATURE_GOOD ||
			text_equal(opened.signatures[0].addresses[0], IPA));
		smime_verify(smime, instant(NOW), BODY, strlen(BODY), signature, at, &opened, &err);
		ck_assert_int_eq(opened.status, OPEN_OK);
		ck_assert_uint_eq(opened.signature_count, 0);
	}
	close_home();
}
END_TEST

static Suite *
suite_smime(void)
{
	Suite *suite = suite_create("smime");
	TCase *tcase = tcase_create("smime");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_unchecked_fixture(tcase, make, drop);
	tcase_add_loop_test(tcase, a_signature, 0, COUNT(signatures));
	tcase_add_test(tcase, each_signer_for_itself);
	tcase_add_test(tcase, nothing_is_remembered);
	tcase_add_test(tcase, roots_are_the_confs);
	tcase_add_test(tcase, issuers_help);
	tcase_add_test(tcase, a_list_that_was_changed);
	tcase_add_test(tcase, a_text_inside);
	tcase_add_test(tcase, without_roots_all_is_read_and_nothing_told);
	tcase_add_loop_test(tcase, a_slow_signature_ends, 0, 2);
	tcase_add_test(tcase, garbage_is_no_signature);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_smime());
}
