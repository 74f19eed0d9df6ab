/*
 * base/sha1 and rule/offer: fingerprints of keys that came along. The key is
 * tests/messages/keys/ipa.asc, whose fingerprint gpg told.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/offer.h"

#include "base/sha1.h"
#include "base/text.h"

#include "rule_mail.h"

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define KEY "D27D45A99BB3488B24B28DF7CAC794949EF26857"

/* The public key packet of ipa.asc, as Autocrypt has it. */
#define PACKET "mDMEZ+ssgBYJKwYBBAHaRw8BAQdA"

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, RULE_ARENA_CAP);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const char *
hex(const unsigned char hash[SHA1_BYTES])
{
	struct text text;

	text_init(&text, arena, 100);
	for (int i = 0; i < SHA1_BYTES; i++)
		text_addf(&text, "%02x", (unsigned int)hash[i]);
	return text.data;
}

/* RFC 3174 7.3, and lengths round the end of a block. */
static const struct {
	const char *text;
	const char *hash;
} vectors[] = {
	{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
};

START_TEST(test_sha1)
{
	const unsigned char *text = (const unsigned char *)vectors[_i].text;
	unsigned char hash[SHA1_BYTES];

	sha1(text, text + 3, strlen(vectors[_i].text) - 3, hash);
	ck_assert_str_eq(hex(hash), vectors[_i].hash);
}
END_TEST

/* A key of the tests, as its file has it. */
static char *
key_file(size_t *len_r)
{
	const char *source = getenv("srcdir");
	char *bytes = arena_alloc(arena, RULE_FILE_MAX);
	FILE *file = fopen(arena_printf(arena, "%s/tests/messages/keys/ipa.asc",
		source != NULL ? source : "."), "r");

	ck_assert_ptr_nonnull(file);
	*len_r = fread(bytes, 1, RULE_FILE_MAX - 1, file);
	fclose(file);
	bytes[*len_r] = '\0';
	return bytes;
}

START_TEST(test_armour)
{
	char fpr[OFFER_FPR];
	size_t len;
	char *file = key_file(&len), *crlf = arena_alloc(arena, 2 * len + 1);
	size_t to = 0;

	ck_assert(offer_fingerprint(arena, file, len, fpr));
	ck_assert_str_eq(fpr, KEY);
	for (size_t i = 0; i < len; i++) {
		if (file[i] == '\n')
			crlf[to++] = '\r';
		crlf[to++] = file[i];
	}
	ck_assert(offer_fingerprint(arena, crlf, to, fpr));
	ck_assert_str_eq(fpr, KEY);
	/* cut anywhere: the key or nothing, and never a byte too far */
	for (size_t cut = 0; cut < len; cut += 7) {
		char *part = arena_strndup(arena, file, cut);

		if (offer_fingerprint(arena, part, cut, fpr))
			ck_assert_str_eq(fpr, KEY);
	}
}
END_TEST

#define BYTES(...) { __VA_ARGS__ }, sizeof((const unsigned char[]) { __VA_ARGS__ })

static const struct {
	const char *what;
	const unsigned char bytes[220];
	size_t len;
	bool key;
} packets[] = {
	{ "old format, one octet", BYTES(0x98, 6, 4, 0, 0, 0, 0, 1), true },
	{ "old format, two octets", BYTES(0x99, 0, 6, 4, 0, 0, 0, 0, 1), true },
	{ "old format, four octets", BYTES(0x9a, 0, 0, 0, 6, 4, 0, 0, 0, 0, 1), false },
	{ "new format", BYTES(0xc6, 6, 4, 0, 0, 0, 0, 1), true },
	{ "new format, two octets, too long", BYTES(0xc6, 192, 0, 4, 0, 0, 0, 0, 1), false },
	{ "new format, partial", BYTES(0xc6, 0xe1, 4, 0, 0, 0, 0, 1), false },
	{ "another packet", BYTES(0xc2, 6, 4, 0, 0, 0, 0, 1), false },
	{ "another packet, old format", BYTES(0x88, 6, 4, 0, 0, 0, 0, 1), false },
	{ "version 3", BYTES(0x98, 6, 3, 0, 0, 0, 0, 1), false },
	{ "longer than it is", BYTES(0x98, 7, 4, 0, 0, 0, 0, 1), false },
	{ "shorter than a key", BYTES(0x98, 5, 4, 0, 0, 0, 0), false },
	{ "no packet", BYTES('h', 'e', 'l', 'l', 'o', '!', '!'), false },
	{ "five bytes", BYTES(0x98, 6, 4, 0, 0), false },
};

START_TEST(test_packets)
{
	char fpr[OFFER_FPR];

	ck_assert_msg(offer_fingerprint(arena, packets[_i].bytes, packets[_i].len, fpr) ==
		packets[_i].key, "%s", packets[_i].what);
	ck_assert(!offer_fingerprint(arena, "", 0, fpr));
}
END_TEST

static const struct {
	const char *field, *text;
	size_t count;
} mails[] = {
	{ "", "text", 0 },
	{ "Autocrypt: addr=a@b.example; keydata=" PACKET "\n", "text", 0 },	/* cut short */
	{ "Autocrypt: addr=a@b.example\n", "text", 0 },
	{ "Autocrypt: keydata=AAAA\n", "text", 0 },
	{ "Autocrypt:\n", "text", 0 },
	{ "", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nno empty line", 0 },
	{ "", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnot base64 ===", 0 },
	{ "", "@KEY@", 1 },
	{ "", "@KEY@\n@KEY@", 1 },
};

START_TEST(test_mails)
{
	struct message *message = arena_alloc(arena, sizeof(*message));
	char fprs[2][OFFER_FPR];
	size_t len;
	const char *text = mails[_i].text;
	char *whole;

	if (text[0] == '@')
		text = key_file(&len);
	whole = arena_printf(arena, "From: a@b.example\n%s\nhello\n%s\n", mails[_i].field, text);
	message_read(arena, whole, strlen(whole), NULL, message);
	ck_assert_uint_eq(offer_find(arena, message, fprs, 2), mails[_i].count);
	ck_assert_uint_eq(offer_find(arena, message, fprs, 0), 0);
}
END_TEST

static Suite *
suite_offer(void)
{
	Suite *suite = suite_create("offer");
	TCase *tcase = tcase_create("offer");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_sha1, 0, SIZE(vectors));
	tcase_add_test(tcase, test_armour);
	tcase_add_loop_test(tcase, test_packets, 0, SIZE(packets));
	tcase_add_loop_test(tcase, test_mails, 0, SIZE(mails));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_offer());
}
