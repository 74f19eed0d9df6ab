/*
 * Encoded words: how they are read, in every dress that clients give them, and
 * how ours are written. Expected texts are by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/limits.h"
#include "unit.h"

#include <string.h>

#define BYTES(s) s, sizeof(s) - 1
#define BAD "\xef\xbf\xbd"
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define MEGABYTE ((size_t)1024 * 1024)

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	charset_open_all();
}

static void
tear_down(void)
{
	charset_close_all();
	arena_free(&arena);
}

struct row {
	const char *raw;
	size_t len;
	const char *utf8;
	enum charset_result result;
};

static const struct row rows[] = {
	{ BYTES(""), "", CHARSET_FINE },
	{ BYTES("plain text"), "plain text", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?5Y+W5omx55Wq5Y+3?="), "取扱番号", CHARSET_FINE },
	{ BYTES("=?utf-8?b?5Y+W5omx55Wq5Y+3?="), "取扱番号", CHARSET_FINE },
	{ BYTES("=?ISO-2022-JP?B?GyRCPGgwN0hWOWYbKEI=?="), "取扱番号", CHARSET_FINE },
	{ BYTES("=?Shift_JIS?B?h0Du4A==?="), "①髙", CHARSET_FINE },
	{ BYTES("=?ISO-2022-JP?B?GyRCLSF8YhsoQg==?="), "①髙", CHARSET_FINE },
	{ BYTES("=?EUC-JP?B?vOiwtw==?="), "取扱", CHARSET_FINE },
	{ BYTES("=?ISO-8859-1?Q?caf=E9_au_lait?="), "café au lait", CHARSET_FINE },
	{ BYTES("=?iso-8859-1*fr?q?caf=e9?="), "café", CHARSET_FINE },
	/* Neighbours: blanks between two words go, others stay. */
	{ BYTES("=?UTF-8?Q?a?= =?UTF-8?Q?b?="), "ab", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?a?=\r\n \t =?UTF-8?Q?b?="), "ab", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?a?==?UTF-8?Q?b?="), "ab", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?a?= =?EUC-JP?B?vOiwtw==?="), "a取扱", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?a?= b =?UTF-8?Q?c?="), "a b c", CHARSET_FINE },
	{ BYTES("Re: =?UTF-8?Q?a?= b"), "Re: a b", CHARSET_FINE },
	{ BYTES("x=?UTF-8?Q?a?=y"), "xay", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?a_?= =?UTF-8?Q?b?="), "a b", CHARSET_FINE },
	/* Split inside a character. */
	{ BYTES("=?UTF-8?B?5Y+W5g==?= =?UTF-8?B?ibHnlarlj7c=?="), "取扱番号", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?=E5=8F?= =?utf-8?Q?=96?="), "取", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?=E5=8F?= =?UTF-8?B?lg==?="), "取", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?=E5=8F?= x =?utf-8?Q?=96?="), BAD " x " BAD, CHARSET_DAMAGED },
	{ BYTES("=?ISO-2022-JP?B?GyRCIVobKEJJUEEbJA==?= "
		"=?ISO-2022-JP?B?QiF0GyhCMTIzNDU2NzgbJEIhW0BIPGVALRsoQg==?="),
		"【IPA＃12345678】脆弱性", CHARSET_FINE },
	{ BYTES("=?ISO-2022-JP?B?GyRCPGg=?= =?ISO-2022-JP?B?MDcbKEI=?="), "取扱", CHARSET_FINE },
	{ BYTES("=?ISO-2022-JP?B?GyRCPGg=?= abc"), "取 abc", CHARSET_FINE },
	/* base64 cut anywhere, and base64 without its padding. */
	{ BYTES("=?UTF-8?B?5Y+W5o?= =?UTF-8?B?mx55Wq5Y+3?="), "取扱番号", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?YQ?= =?UTF-8?B?YmM?= =?UTF-8?B?ZA?="), "abcd", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?YQ==YmM=?="), "abc", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?5Y+W\r\n 5omx?="), "取扱", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?5Y*+W!?="), "取", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?\?= a"), " a", CHARSET_FINE },
	/* Q as clients write it. */
	{ BYTES("=?UTF-8?Q?a b=3f?="), "a b?", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?50=?="), "50=", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?50=4?="), "50=4", CHARSET_FINE },
	{ BYTES("=?UTF-8?Q?=zz?="), "=zz", CHARSET_FINE },
	/* In quotes, and what is no word. */
	{ BYTES("\"=?UTF-8?B?5Y+W?=\" <a@b>"), "\"取\" <a@b>", CHARSET_FINE },
	{ BYTES("=?UTF-8?X?abc?="), "=?UTF-8?X?abc?=", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?abc"), "=?UTF-8?B?abc", CHARSET_FINE },
	{ BYTES("=?UTF-8?B?abc?"), "=?UTF-8?B?abc?", CHARSET_FINE },
	{ BYTES("=??B?abc?="), "=??B?abc?=", CHARSET_FINE },
	{ BYTES("=?UTF 8?B?abc?="), "=?UTF 8?B?abc?=", CHARSET_FINE },
	{ BYTES("=?=?UTF-8?Q?a?="), "=?a", CHARSET_FINE },
	{ BYTES("a=b=?c"), "a=b=?c", CHARSET_FINE },
	/* Control characters, raw bytes, wrong and unknown charsets. */
	{ BYTES("=?UTF-8?B?YQ0KQmNjOiB4QHkA?="), "a  Bcc: x@y" BAD, CHARSET_DAMAGED },
	{ BYTES("a\tb\x01" "c\x7f\xc2\x85" "d"), "a b c  d", CHARSET_GUESSED },
	{ BYTES("\xe5\x8f\x96\xe6\x89\xb1"), "取扱", CHARSET_GUESSED },
	{ BYTES("\x8e\xe6\x88\xb5\x94\xd4\x8d\x86"), "取扱番号", CHARSET_GUESSED },
	{ BYTES("\x1b$B<h\x1b(B =?UTF-8?Q?a?="), "取 a", CHARSET_GUESSED },
	{ BYTES("=?x-klingon?Q?abc?="), "abc", CHARSET_UNKNOWN },
	{ BYTES("=?x-klingon?Q?=E5=8F?= =?x-klingon?Q?a?="), "å\xef\xbf\xbd" "a", CHARSET_UNKNOWN },
	{ BYTES("=?UTF-8?Q?=FF?="), BAD, CHARSET_DAMAGED },
	{ BYTES("=?US-ASCII?Q?=E5=8F=96?="), "取", CHARSET_GUESSED },
};

START_TEST(decode)
{
	const struct row *row = &rows[_i];
	enum charset_result result = CHARSET_UNKNOWN;
	char *got = header_decode(arena, row->raw, row->len, &result);

	ck_assert_str_eq(got, row->utf8);
	ck_assert_int_eq(result, row->result);
	ck_assert_str_eq(header_decode(arena, row->raw, row->len, NULL), row->utf8);
}
END_TEST

START_TEST(many_words)
{
	struct text raw, want;

	text_init(&raw, arena, MEGABYTE);
	text_init(&want, arena, MEGABYTE);
	for (int i = 0; i < LIMIT_ENCODED_WORDS; i++) {
		text_add(&raw, "=?UTF-8?Q?a?= ");
		text_add(&want, "a");
	}
	text_add(&raw, "=?UTF-8?Q?b?=");
	text_add(&want, " =?UTF-8?Q?b?=");
	ck_assert_str_eq(header_decode(arena, raw.data, raw.len, NULL), want.data);
}
END_TEST

/* A megabyte of each takes no more than its length: not four seconds of a processor. */
START_TEST(hostile)
{
	static const char *const fills[] = { "=", "=?", "=?a", "=?a?b?", "=?a?b?x",
		"=?a?q?\?=", "=?iso-2022-jp?b?GyRC?=", "=?iso-2022-jp?q?=1b?= ",
		"=?utf-8?q? ", "\x1b", "\xff", "?=", " " };
	struct text raw;
	int64_t from = unit_cpu_ms();

	text_init(&raw, arena, MEGABYTE);
	while (!raw.full)
		text_add(&raw, fills[_i]);
	ck_assert_ptr_nonnull(header_decode(arena, raw.data, raw.len, NULL));
	ck_assert_int_lt(unit_cpu_ms() - from, UNIT_HOSTILE_MS);
}
END_TEST

struct encode_row {
	const char *text, *raw;
};

static const struct encode_row encode_rows[] = {
	{ "", "" },
	{ "plain text", "plain text" },
	{ "取扱番号", "=?UTF-8?B?5Y+W5omx55Wq5Y+3?=" },
	{ "[IPA#12345678] 取扱", "[IPA#12345678] =?UTF-8?B?5Y+W5omx?=" },
	{ "a 取 b 扱 c", "a =?UTF-8?B?5Y+WIGIg5omx?= c" },
	{ "a =?UTF-8?Q?b?= c", "a =?UTF-8?B?PT9VVEYtOD9RP2I/PQ==?= c" },
	{ " a", "=?UTF-8?B?IGE=?=" },
	{ "a ", "=?UTF-8?B?YSA=?=" },
	{ "a  b", "=?UTF-8?B?YSAgYg==?=" },
	{ "one two three four five six seven eight nine ten eleven twelve",
		"one two three four five six seven eight nine ten eleven\r\n twelve" },
};

START_TEST(encode)
{
	ck_assert_str_eq(header_encode(arena, encode_rows[_i].text), encode_rows[_i].raw);
}
END_TEST

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BLANKS40 "                                        "

static const char *const round_trips[] = {
	"取扱番号IPA＃12345678に関する脆弱性関連情報の受領につきまして、"
		"下記のとおりご連絡いたします。何卒よろしくお願い申し上げます。",
	"a a a a a a a a a a a a a a a a a a a a a a a a a a a a 取",
	"取 a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a",
	A50 "a " A50,
	A50 A50,
	A50 "aaaaaa 取扱番号",
	"a" BLANKS40 BLANKS40 "取",
	"𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉",
	"a𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉𠂉",
	"=?UTF-8?B?5Y+W?= =?UTF-8?B?5Y+W?=",
};

/* What we write is read as it was by one who unfolds it, and its lines are short. */
START_TEST(round_trip)
{
	struct header_block block;
	struct text field;
	enum charset_result result;

	text_init(&field, arena, 10000);
	text_add(&field, "Auto-Submitted: ");
	text_add(&field, header_encode(arena, round_trips[_i]));
	text_add(&field, "\r\n\r\n");
	for (const char *at = field.data; *at != '\0';) {
		size_t len = strcspn(at, "\r"), words = 0;

		ck_assert_uint_le(len, 76);
		ck_assert(len == 0 || at == field.data || (*at == ' ' && strspn(at, " ") < len));
		for (size_t i = 0; i < len; i++)
			words += text_starts(at + i, "=?UTF-8?B?");
		ck_assert_uint_le(words, 1);
		/* Each word is whole characters: it can be read alone. */
		header_decode(arena, at, len, &result);
		ck_assert_int_eq(result, CHARSET_FINE);
		ck_assert_int_eq(at[len + 1], '\n');
		at += len + 2;
	}
	header_scan(arena, field.data, field.len, &block);
	ck_assert_uint_eq(block.count, 1);
	ck_assert_str_eq(header_decode(arena, block.fields[0].value, block.fields[0].len, &result),
		round_trips[_i]);
	ck_assert_int_eq(result, CHARSET_FINE);
}
END_TEST

static Suite *
suite_header_words(void)
{
	Suite *suite = suite_create("header_words");
	TCase *tcase = tcase_create("header_words");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, decode, 0, COUNT(rows));
	tcase_add_test(tcase, many_words);
	tcase_add_loop_test(tcase, hostile, 0, 13);
	tcase_add_loop_test(tcase, encode, 0, COUNT(encode_rows));
	tcase_add_loop_test(tcase, round_trip, 0, COUNT(round_trips));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_header_words());
}
