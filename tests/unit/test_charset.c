/*
 * Charsets against code points from their standards, written by hand; the
 * Japanese ones in every dress that mail puts them in. Runs with all
 * descriptors open and no file left to open, as a locked room does.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/charset.h"

#include "base/arena.h"
#include "mail/charset_private.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define BYTES(s) s, sizeof(s) - 1
#define BAD "\xef\xbf\xbd"
#define TO_JIS "\x1b$B"
#define TO_ASCII "\x1b(B"
#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define HOSTILE ((size_t)256 * 1024)

struct row {
	const char *label;
	const char *bytes;
	size_t len;
	const char *utf8;
	enum charset_result result;
};

static const struct row jis_rows[] = {
	{ "ISO-2022-JP", BYTES(TO_JIS "<h07HV9f" TO_ASCII), "取扱番号", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES("IPA" TO_JIS "!t" TO_ASCII "12345678"), "IPA＃12345678",
		CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "![!Z" TO_ASCII "x" TO_JIS "![" TO_ASCII), "】【x】",
		CHARSET_FINE },
	{ "iso-2022-jp", BYTES(TO_JIS "-!-j" TO_ASCII), "①㈱", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "|b" TO_ASCII), "髙", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "!A!]" TO_ASCII), "～－", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES("\x1b$@<h" TO_ASCII), "取", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES("\x1b&@" TO_JIS "<h" TO_ASCII), "取", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES("\x1b$(B<h" TO_ASCII), "取", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES("\x1b(J\\~" TO_ASCII "\\~"), "\\~\\~", CHARSET_FINE },
	{ "cp50221", BYTES("\x1b(I123" TO_ASCII "1"), "ｱｲｳ1", CHARSET_FINE },
	{ "CP50222", BYTES("a\x0e" "123\x0f" "b"), "aｱｲｳb", CHARSET_FINE },
	{ "CP50220", BYTES("\xb1\xb2\xb3"), "ｱｲｳ", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h\xb1\xb2" TO_ASCII), "取ｱｲ", CHARSET_FINE },
	{ "ISO-2022-JP-1", BYTES("\x1b$(D0!" TO_ASCII), "丂", CHARSET_FINE },
	{ "ISO-2022-JP-3", BYTES("\x1b$(O$w" TO_ASCII), "\u304b\u309a", CHARSET_FINE },
	{ "ISO-2022-JP-2004", BYTES("\x1b$(Q$w$\"" TO_ASCII), "\u304b\u309aあ", CHARSET_FINE },
	{ "ISO-2022-JP-3", BYTES("\x1b$(P!!" TO_ASCII), "\U00020089", CHARSET_FINE },
	{ "ISO-2022-JP-2", BYTES("\x1b$AVP" TO_ASCII "\x1b$(CGQ" TO_ASCII), "中한", CHARSET_FINE },
	{ "ISO-2022-JP-MS", BYTES(TO_JIS "<h <h" TO_ASCII), "取 取", CHARSET_FINE },
	{ "csISO2022JP", BYTES(TO_JIS "<h" TO_ASCII "\r\n" TO_JIS "07" TO_ASCII), "取\r\n扱",
		CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h"), "取", CHARSET_FINE },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h0"), "取" BAD, CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h0\nabc"), "取" BAD "\nabc", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h\nabc\n"), "取\nabc\n", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES("\x1b$Zab\n" TO_JIS "<h" TO_ASCII), BAD "$Zab\n取", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h\x1b(abc"), "取" BAD "(abc", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h\x1b"), "取" BAD, CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "))<h" TO_ASCII), BAD "取", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES(TO_JIS "<h" TO_ASCII "\xff"), "取" BAD, CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES("a\0b" TO_JIS "<h"), "a" BAD "b取", CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES("\x1b(Ip" TO_ASCII), BAD, CHARSET_DAMAGED },
	{ "ISO-2022-JP", BYTES("\x8e\xe6\x88\xb5"), "取扱", CHARSET_WRONG },
	{ "Shift_JIS", BYTES("\x8e\xe6\x88\xb5\x94\xd4\x8d\x86"), "取扱番号", CHARSET_FINE },
	{ "Shift_JIS", BYTES("IPA\x81\x94"), "IPA＃", CHARSET_FINE },
	{ "x-sjis", BYTES("\x87\x40\x87\x8a\xfb\xfc\xee\xe0\xb1"), "①㈱髙髙ｱ", CHARSET_FINE },
	{ "Windows-31J", BYTES("\\~\x95\x5c" "A"), "\\~表A", CHARSET_FINE },
	{ "Shift-JIS", BYTES("\x81\x60\x81\x7c"), "～－", CHARSET_FINE },
	{ "Shift_JIS", BYTES("\x8e x"), BAD " x", CHARSET_DAMAGED },
	{ "Shift_JIS", BYTES("\x8e\xe6\x88"), "取" BAD, CHARSET_DAMAGED },
	{ "Shift_JIS", BYTES("\x85\x9f\x8e\xe6"), BAD "取", CHARSET_DAMAGED },
	{ "Shift_JIS", BYTES("\x81\"<a"), BAD "\"<a", CHARSET_DAMAGED },
	{ "Shift_JIS", BYTES("\xff\xfd\x80\xa0"), BAD BAD BAD BAD, CHARSET_DAMAGED },
	{ "EUC-JP", BYTES("\xbc\xe8\xb0\xb7\xc8\xd6\xb9\xe6"), "取扱番号", CHARSET_FINE },
	{ "x-euc-jp", BYTES("\xad\xa1\xad\xea\xfc\xe2\x8e\xb1\x8f\xb0\xa1"), "①㈱髙ｱ丂",
		CHARSET_FINE },
	{ "EUC-JP", BYTES("\xa1\xc1\xa1\xdd"), "～－", CHARSET_FINE },
	{ "eucJP-ms", BYTES("\x8f\xf3\xf3"), "ⅰ", CHARSET_FINE },
	{ "EUC-JP", BYTES("\xbc" "A\xbc\xe8"), BAD "A取", CHARSET_DAMAGED },
	{ "EUC-JP", BYTES("\xbc\xe8\x8f\xb0"), "取" BAD BAD, CHARSET_DAMAGED },
	{ "EUC-JP", BYTES("\xa9\xa9\xbc\xe8"), BAD "取", CHARSET_DAMAGED },
	{ "EUC-JP", BYTES("\x8f\xf5\xa1\xfe\xfe" "a"), BAD BAD "a", CHARSET_DAMAGED },
	{ "ISO-2022-JP-1", BYTES("\x1b$(Du!" TO_ASCII "a"), BAD "a", CHARSET_DAMAGED },
	{ "EUC-JIS-2004", BYTES("\xa4\xf7"), "\u304b\u309a", CHARSET_FINE },
	{ "Shift_JISX0213", BYTES("\x82\xf5"), "\u304b\u309a", CHARSET_FINE },
};

static const struct row other_rows[] = {
	{ "UTF-8", BYTES("取扱 髙①"), "取扱 髙①", CHARSET_FINE },
	{ "utf8", BYTES("a\xff\xe5\x8f\x96"), "a" BAD "取", CHARSET_DAMAGED },
	{ "UTF-8", BYTES("a\0b"), "a" BAD "b", CHARSET_DAMAGED },
	{ "UTF-8", BYTES("\xef\xbb\xbf" "a"), "a", CHARSET_FINE },
	{ "UTF-8", BYTES("\xc0\xaf"), BAD BAD, CHARSET_DAMAGED },
	{ "US-ASCII", BYTES("plain"), "plain", CHARSET_FINE },
	{ "us-ascii", BYTES("\xe5\x8f\x96"), "取", CHARSET_GUESSED },
	{ "us-ascii", BYTES(TO_JIS "<h" TO_ASCII), "取", CHARSET_GUESSED },
	{ "us-ascii", BYTES("\x1b[1mbold"), "\x1b[1mbold", CHARSET_FINE },
	{ "unknown-8bit", BYTES("\x82\xb1\x82\xf1"), "こん", CHARSET_GUESSED },
	/* Good text of another charset than the one that it names. */
	{ "UTF-8", BYTES("\x8e\xe6\x88\xb5\x94\xd4\x8d\x86"), "取扱番号", CHARSET_WRONG },
	{ "UTF-8", BYTES("\xbc\xe8\xb0\xb7\xc8\xd6\xb9\xe6"), "取扱番号", CHARSET_WRONG },
	{ "UTF-8", BYTES(TO_JIS "<h07" TO_ASCII), "取扱", CHARSET_WRONG },
	{ "ISO-8859-1", BYTES(TO_JIS "<h07" TO_ASCII), "取扱", CHARSET_WRONG },
	{ "ISO-8859-1", BYTES("ウェブの"), "ウェブの", CHARSET_WRONG },
	{ "Shift_JIS", BYTES("取扱の番号"), "取扱の番号", CHARSET_WRONG },
	{ "EUC-JP", BYTES("\x8e\xe6\x88\xb5\x94\xd4\x8d\x86"), "取扱番号", CHARSET_WRONG },
	{ "UTF-8", BYTES("取扱番号の件\xff"), "取扱番号の件" BAD, CHARSET_DAMAGED },
	{ "UTF-8", BYTES("\x8e\xe6\x88\xb5"), BAD "戵", CHARSET_DAMAGED },
	{ "ISO-8859-1", BYTES("\xe9\x80"), "é€", CHARSET_FINE },
	{ "windows-1252", BYTES("\x81\x93"), BAD "“", CHARSET_DAMAGED },
	{ "ISO-8859-2", BYTES("\xb1"), "ą", CHARSET_FINE },
	{ "ISO-8859-3", BYTES("\xb1"), "ħ", CHARSET_FINE },
	{ "ISO-8859-4", BYTES("\xba"), "ē", CHARSET_FINE },
	{ "ISO_8859-5:1988", BYTES("\xd0"), "а", CHARSET_FINE },
	{ "ISO-8859-6", BYTES("\xc7"), "ا", CHARSET_FINE },
	{ "ISO-8859-7", BYTES("\xe1"), "α", CHARSET_FINE },
	{ "ISO-8859-8-I", BYTES("\xe0"), "א", CHARSET_FINE },
	{ "ISO-8859-9", BYTES("\xfd"), "ı", CHARSET_FINE },
	{ "ISO-8859-10", BYTES("\xbd"), "―", CHARSET_FINE },
	{ "ISO-8859-13", BYTES("\xe0"), "ą", CHARSET_FINE },
	{ "ISO-8859-14", BYTES("\xa1"), "Ḃ", CHARSET_FINE },
	{ "ISO-8859-15", BYTES("\xa4"), "€", CHARSET_FINE },
	{ "ISO-8859-16", BYTES("\xaa"), "Ș", CHARSET_FINE },
	{ "windows-1250", BYTES("\x9c"), "ś", CHARSET_FINE },
	{ "windows-1251", BYTES("\xcf"), "П", CHARSET_FINE },
	{ "windows-1253", BYTES("\xe1"), "α", CHARSET_FINE },
	{ "windows-1255", BYTES("\xe0"), "א", CHARSET_FINE },
	{ "windows-1256", BYTES("\xc7"), "ا", CHARSET_FINE },
	{ "windows-1257", BYTES("\xe0"), "ą", CHARSET_FINE },
	{ "windows-1258", BYTES("\xd5"), "Ơ", CHARSET_FINE },
	{ "TIS-620", BYTES("\xa1"), "ก", CHARSET_FINE },
	{ "KOI8-R", BYTES("\xd0"), "п", CHARSET_FINE },
	{ "KOI8-U", BYTES("\xa4"), "є", CHARSET_FINE },
	{ "IBM437", BYTES("\x82"), "é", CHARSET_FINE },
	{ "IBM850", BYTES("\xd0"), "ð", CHARSET_FINE },
	{ "IBM852", BYTES("\xa5"), "ą", CHARSET_FINE },
	{ "IBM866", BYTES("\x8f"), "П", CHARSET_FINE },
	{ "macintosh", BYTES("\x8e"), "é", CHARSET_FINE },
	{ "GB2312", BYTES("\xd6\xd0"), "中", CHARSET_FINE },
	{ "GBK", BYTES("\x81\x40"), "丂", CHARSET_FINE },
	{ "GB18030", BYTES("\x81\x39\xee\x39"), "㐀", CHARSET_FINE },
	{ "GB2312", BYTES("\xd6\"<"), BAD "\"<", CHARSET_DAMAGED },
	{ "Big5", BYTES("\xa4\xa4"), "中", CHARSET_FINE },
	{ "cp950", BYTES("\xa2\x40"), "＼", CHARSET_FINE },
	{ "Big5-HKSCS", BYTES("\x88\x62"), "\u00ca\u0304", CHARSET_FINE },
	{ "EUC-KR", BYTES("\xc7\xd1"), "한", CHARSET_FINE },
	{ "ks_c_5601-1987", BYTES("\x81\x41"), "갂", CHARSET_FINE },
	{ "UTF-7", BYTES("a+ZeVnLIqe-b"), "a日本語b", CHARSET_FINE },
	{ "UTF-16", BYTES("\xfe\xff\x65\xe5"), "日", CHARSET_FINE },
	{ "UTF-16", BYTES("\xff\xfe\xe5\x65"), "日", CHARSET_FINE },
	{ "UTF-16", BYTES("\0a\x65\xe5"), "a日", CHARSET_FINE },
	{ "UTF-16", BYTES("a\0\xe5\x65"), "a日", CHARSET_FINE },
	{ "UTF-16BE", BYTES("\xd8\x40\xdc\x89"), "\U00020089", CHARSET_FINE },
	{ "UTF-16LE", BYTES("\xe5\x65\xe5"), "日" BAD, CHARSET_DAMAGED },
	{ "UTF-16BE", BYTES("\0a\0\0\0b"), "a" BAD "b", CHARSET_DAMAGED },
	{ "UTF-32BE", BYTES("\0\0\x65\xe5"), "日", CHARSET_FINE },
	{ "x-klingon", BYTES("plain"), "plain", CHARSET_UNKNOWN },
	{ "x-klingon", BYTES("\x82\xb1\x82\xf1"), "こん", CHARSET_UNKNOWN },
	{ "\"UTF-8\"", BYTES("取"), "取", CHARSET_FINE },
	{ "ISO-2022-JP*ja", BYTES(TO_JIS "<h"), "取", CHARSET_FINE },
	{ "utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8", BYTES("a"), "a", CHARSET_UNKNOWN },
};

/* Latin by its label: EUC-JP beyond doubt is read as such, and no other charset is taken for it. */
static const struct row latin_rows[] = {
	{ "ISO-8859-1", BYTES("\xa4\xaa\xc0\xa4\xcf\xc3\xa4\xcb\xa4\xca\xa4\xea\xa4\xde\xa4\xb9\x8e\xb1"),
		"お世話になりますｱ", CHARSET_WRONG },
	{ "ISO-8859-1", BYTES("\xa4\xaa\xc0\xa4\xcf\xc3"), "¤ªÀ¤ÏÃ", CHARSET_FINE },
	{ "ISO-8859-1", BYTES("\xa4\xaa\xc0\xa4\xcf\xc3\xa4\xcb\xa4\xca\xa4\xea\xa4\xde\xa4\xb9 \xe9 "),
		"¤ªÀ¤ÏÃ¤Ë¤Ê¤ê¤Þ¤¹ é ", CHARSET_FINE },
	{ "latin1", BYTES("\xc4\xfa\xba\xc3\xa3\xac\xce\xd2\xc3\xc7\xca\xc7\xb0\xb2\xc8\xab\xcd\xc5\xb6\xd3"),
		"ÄúºÃ£¬ÎÒÃÇÊÇ°²È«ÍÅ¶Ó", CHARSET_FINE },
	{ "windows-1252", BYTES("d\xe9j\xe0 vu, Stra\xdf" "e, \xe0 la \xee\xef\xf4 \xe8\xe9"),
		"déjà vu, Straße, à la îïô èé", CHARSET_FINE },
};

/* Without a label. Words of each language as people write them. */
static const struct row guess_rows[] = {
	{ NULL, BYTES("plain"), "plain", CHARSET_FINE },
	{ "", BYTES(""), "", CHARSET_FINE },
	{ NULL, BYTES("a\0b"), "a" BAD "b", CHARSET_DAMAGED },
	{ NULL, BYTES(TO_JIS "<h07" TO_ASCII), "取扱", CHARSET_GUESSED },
	{ NULL, BYTES("取扱番号"), "取扱番号", CHARSET_GUESSED },
	{ NULL, BYTES("\xe5\x8f\x96\xe6\x89"), "取" BAD, CHARSET_GUESSED },
	{ NULL, BYTES("\x8e\xe6\x88\xb5\x94\xd4\x8d\x86"), "取扱番号", CHARSET_GUESSED },
	{ NULL, BYTES("\x82\xa8\x90\xa2\x98\x62"), "お世話", CHARSET_GUESSED },
	{ NULL, BYTES("\x83\x56\x83\x58\x83\x65\x83\x80\xb1"), "システムｱ", CHARSET_GUESSED },
	{ NULL, BYTES("\xbc\xe8\xb0\xb7\xc8\xd6\xb9\xe6"), "取扱番号", CHARSET_GUESSED },
	{ NULL, BYTES("\xa4\xaa\xc0\xa4\xcf\xc3"), "お世話", CHARSET_GUESSED },
	{ NULL, BYTES("\xa5\xb7\xa5\xb9\xa5\xc6\xa5\xe0"), "システム", CHARSET_GUESSED },
	{ NULL, BYTES("\xff\xfe\xd6\x53x\0"), "取x", CHARSET_GUESSED },
	{ NULL, BYTES("\xfe\xff\x53\xd6\0x"), "取x", CHARSET_GUESSED },
	{ NULL, BYTES("caf\xe9"), "café", CHARSET_GUESSED },
	{ NULL, BYTES("d\xe9j\xe0 vu, Stra\xdf" "e"), "déjà vu, Straße", CHARSET_GUESSED },
};

struct pair {
	const char *a, *b;
	int same;
};

static const struct pair pairs[] = {
	{ "ISO-2022-JP", "iso-2022-jp", 1 },
	{ "iso-2022-jp*ja", "csISO2022JP", 1 },
	{ "Shift_JIS", "cp932", 1 },
	{ "utf-8", "UTF8", 1 },
	{ "ISO-8859-1", "windows-1252", 1 },
	{ "utf-8", "iso-2022-jp", 0 },
	{ "ISO-8859-1", "ISO-8859-11", 0 },
	{ "x-klingon", "x-klingon", 0 },
	{ "", "", 0 },
	{ NULL, NULL, 0 },
};

static struct arena *arena;
static struct rlimit files;

static void
set_up(void)
{
	struct rlimit none = { 0, 0 };

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	none.rlim_max = files.rlim_max;
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	charset_open_all();
	charset_open_all();
	/* From here on no file can be opened, and so no conversion be loaded. */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void
tear_down(void)
{
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	charset_close_all();
	charset_close_all();
	arena_free(&arena);
}

static void
check_row(const struct row *row)
{
	enum charset_result result = CHARSET_UNKNOWN;
	char *utf8 = charset_to_utf8(arena, row->label, row->bytes, row->len, &result);

	ck_assert_msg(strcmp(utf8, row->utf8) == 0 && result == row->result,
		"%s: \"%s\" (%d), not \"%s\" (%d)", row->label != NULL ? row->label : "no label",
		utf8, (int)result, row->utf8, (int)row->result);
}

START_TEST(japanese)
{
	check_row(&jis_rows[_i]);
}
END_TEST

START_TEST(other)
{
	check_row(&other_rows[_i]);
}
END_TEST

START_TEST(guesses)
{
	check_row(&guess_rows[_i]);
}
END_TEST

START_TEST(latin_by_label)
{
	check_row(&latin_rows[_i]);
}
END_TEST

START_TEST(same)
{
	ck_assert_int_eq(charset_same(pairs[_i].a, pairs[_i].b), pairs[_i].same);
	ck_assert_int_eq(charset_same(pairs[_i].b, pairs[_i].a), pairs[_i].same);
}
END_TEST

/* Every label of the table names its own row and no other, and every row's charset is open. */
START_TEST(table)
{
	const struct charset *row;

	for (size_t id = 0; (row = charset_row(id)) != NULL; id++) {
		enum charset_result result;
		char first[CHARSET_LABEL_MAX + 1] = "";

		for (const char *at = row->labels + 1; *at != '\0'; at += strcspn(at, " ") + 1) {
			char label[CHARSET_LABEL_MAX + 1];

			snprintf(label, sizeof(label), "%.*s", (int)strcspn(at, " "), at);
			ck_assert_msg(charset_find(label) == (int)id, "%s is there twice", label);
			if (*first == '\0')
				memcpy(first, label, sizeof(first));
		}
		/* The wide ones have rows of their own above. */
		if (row->iconv != NULL && strncmp(row->iconv, "UTF-", 4) != 0)
			ck_assert_str_eq(charset_to_utf8(arena, first, "A", 1, &result), "A");
	}
}
END_TEST

START_TEST(starts_afresh)
{
	struct row unfinished = { "UTF-7", BYTES("+ZeVnLIq"), "日本" BAD, CHARSET_DAMAGED };
	struct row next = { "UTF-7", BYTES("abc"), "abc", CHARSET_FINE };
	enum charset_result result;

	charset_to_utf8(arena, unfinished.label, unfinished.bytes, unfinished.len, &result);
	check_row(&next);
}
END_TEST

/* A buffer of any size gives the same text, wherever the pieces of the work end. */
START_TEST(long_text)
{
	static const char *const labels[] = { "ISO-2022-JP", "EUC-JP", "Shift_JIS" };
	static const char *const texts[] = { TO_JIS "<h" TO_ASCII "a", "\xbc\xe8\x61",
		"\x8e\xe6\x61" };
	enum charset_result result;
	size_t unit = strlen(texts[_i]), count = 5000;
	char *bytes = arena_alloc(arena, unit * count + 1), *utf8;

	for (size_t i = 0; i < count; i++)
		memcpy(bytes + i * unit, texts[_i], unit);
	utf8 = charset_to_utf8(arena, labels[_i], bytes, unit * count, &result);
	ck_assert_int_eq(result, CHARSET_FINE);
	ck_assert_uint_eq(strlen(utf8), 4 * count);
	for (size_t i = 0; i < count; i++)
		ck_assert_mem_eq(utf8 + 4 * i, "取a", 4);
}
END_TEST

/* The worst that there is ends soon: four seconds of a processor for all charsets. */
START_TEST(hostile)
{
	static const char *const fills[] = { "\x1b", "\xff", "\x0e", TO_JIS "0", "\x1b$(P\x7e" };
	static const char *const labels[] = { "ISO-2022-JP", "EUC-JP", "Shift_JIS", "UTF-8",
		"UTF-7", "UTF-16", "GB18030", "EUC-JIS-2004", "Big5-HKSCS", NULL };
	size_t unit = strlen(fills[_i]);
	char *bytes = arena_alloc(arena, HOSTILE);
	int64_t from = unit_cpu_ms();

	for (size_t at = 0; at + unit <= HOSTILE; at += unit)
		memcpy(bytes + at, fills[_i], unit);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		struct arena *own = arena_new(ARENA_PLAIN, ARENA_CAP);
		enum charset_result result;

		ck_assert_ptr_nonnull(charset_to_utf8(own, labels[i], bytes, HOSTILE, &result));
		arena_free(&own);
	}
	ck_assert_int_lt(unit_cpu_ms() - from, UNIT_HOSTILE_MS);
}
END_TEST

START_TEST(closed)
{
	enum charset_result result;

	charset_close_all();
	ck_assert_str_eq(charset_to_utf8(arena, "Big5", "\xa4\xa4", 2, &result), BAD BAD);
	ck_assert_int_eq(result, CHARSET_DAMAGED);
	ck_assert_str_eq(charset_to_utf8(arena, "UTF-8", "a", 1, &result), "a");
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static Suite *
suite_charset(void)
{
	Suite *suite = suite_create("charset");
	TCase *tcase = tcase_create("charset");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, japanese, 0, COUNT(jis_rows));
	tcase_add_loop_test(tcase, other, 0, COUNT(other_rows));
	tcase_add_loop_test(tcase, guesses, 0, COUNT(guess_rows));
	tcase_add_loop_test(tcase, latin_by_label, 0, COUNT(latin_rows));
	tcase_add_loop_test(tcase, same, 0, COUNT(pairs));
	tcase_add_test(tcase, table);
	tcase_add_test(tcase, starts_afresh);
	tcase_add_loop_test(tcase, long_text, 0, 3);
	tcase_add_loop_test(tcase, hostile, 0, 5);
	tcase_add_test(tcase, closed);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_charset());
}
