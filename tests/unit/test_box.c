/*
 * Sealing at rest: what is sealed opens with its own pair alone and only
 * unaltered; SHA-256 against the vectors of FIPS 180-4's examples.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/box.h"

#include "base/text.h"

#include <string.h>

#include "unit.h"

static const char words[] = "脆弱性関連情報の取扱い";

START_TEST(seal_and_open)
{
	static const size_t lengths[] = { 0, 1, 16, sizeof(words) };
	unsigned char sealed[sizeof(words) + BOX_OVERHEAD], plain[sizeof(words)];
	size_t len = lengths[_i];
	struct box_public pub, again;
	struct box_secret secret;

	box_make_pair(&pub, &secret);
	box_public_of(&secret, &again);
	ck_assert_mem_eq(pub.bytes, again.bytes, BOX_KEY_BYTES);
	box_seal(&pub, words, len, sealed);
	memset(plain, 0, sizeof(plain));
	ck_assert(box_open(&pub, &secret, sealed, len + BOX_OVERHEAD, plain));
	if (len > 0)
		ck_assert_mem_eq(plain, words, len);
}
END_TEST

START_TEST(altered_or_cut)
{
	unsigned char sealed[sizeof(words) + BOX_OVERHEAD], plain[sizeof(words)];
	const size_t len = sizeof(sealed);
	struct box_public pub;
	struct box_secret secret;

	box_make_pair(&pub, &secret);
	box_seal(&pub, words, sizeof(words), sealed);
	for (size_t at = 0; at < len; at++) {
		sealed[at] ^= 0x40;
		ck_assert_msg(!box_open(&pub, &secret, sealed, len, plain), "byte %zu", at);
		sealed[at] ^= 0x40;
	}
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_msg(!box_open(&pub, &secret, sealed, cut, plain), "cut at %zu", cut);
	ck_assert(box_open(&pub, &secret, sealed, len, plain));
}
END_TEST

START_TEST(another_pair)
{
	unsigned char sealed[sizeof(words) + BOX_OVERHEAD], plain[sizeof(words)];
	struct box_public pub, other_pub;
	struct box_secret secret, other;

	box_make_pair(&pub, &secret);
	box_make_pair(&other_pub, &other);
	ck_assert_mem_ne(pub.bytes, other_pub.bytes, BOX_KEY_BYTES);
	box_seal(&pub, words, sizeof(words), sealed);
	ck_assert(!box_open(&other_pub, &other, sealed, sizeof(sealed), plain));
	ck_assert(!box_open(&pub, &other, sealed, sizeof(sealed), plain));
	ck_assert(!box_open(&other_pub, &secret, sealed, sizeof(sealed), plain));
}
END_TEST

START_TEST(twice_is_not_the_same)
{
	unsigned char one[sizeof(words) + BOX_OVERHEAD], two[sizeof(words) + BOX_OVERHEAD];
	struct box_public pub;
	struct box_secret secret;

	box_make_pair(&pub, &secret);
	box_seal(&pub, words, sizeof(words), one);
	box_seal(&pub, words, sizeof(words), two);
	ck_assert_mem_ne(one, two, sizeof(one));
}
END_TEST

static const struct {
	const char *text, *hash;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

START_TEST(sha256_vectors)
{
	const char *text = vectors[_i].text;
	unsigned char whole[32], pieces[32];
	char hex[65];
	struct box_sha256 hash;

	box_sha256(text, strlen(text), whole);
	text_hex(hex, whole, sizeof(whole));
	ck_assert_str_eq(hex, vectors[_i].hash);
	box_sha256_start(&hash);
	for (size_t at = 0; text[at] != '\0'; at++)
		box_sha256_add(&hash, text + at, 1);
	box_sha256_end(&hash, pieces);
	ck_assert_mem_eq(whole, pieces, sizeof(whole));
}
END_TEST

static Suite *
suite_box(void)
{
	Suite *suite = suite_create("box");
	TCase *tcase = tcase_create("box");

	tcase_add_unchecked_fixture(tcase, box_start, NULL);
	tcase_add_loop_test(tcase, seal_and_open, 0, 4);
	tcase_add_test(tcase, altered_or_cut);
	tcase_add_test(tcase, another_pair);
	tcase_add_test(tcase, twice_is_not_the_same);
	tcase_add_loop_test(tcase, sha256_vectors, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_box());
}
