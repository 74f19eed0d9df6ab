/*
 * Scanning of header blocks, message ids, dates and parameters. Expected values
 * are by hand from RFC 5322, 2045 and 2231.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/limits.h"
#include "unit.h"

#include <string.h>

#define BYTES(s) s, sizeof(s) - 1
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

struct scan_row {
	const char *bytes;
	size_t len;
	const char *fields;	/* "name=value|" of each */
	size_t body_at;
	bool broken, has_nul;
};

static const struct scan_row scan_rows[] = {
	{ BYTES(""), "", 0, false, false },
	{ BYTES("\r\nbody"), "", 2, false, false },
	{ BYTES("A: b\r\n\r\nbody"), "A=b|", 8, false, false },
	{ BYTES("A: b\n\nbody"), "A=b|", 6, false, false },
	{ BYTES("A: b\r\nC: d\n\r\nbody"), "A=b|C=d|", 13, false, false },
	{ BYTES("A: b\r\r\n\r\r\nbody"), "A=b|", 10, false, false },
	{ BYTES("A: b"), "A=b|", 4, false, false },
	{ BYTES("A: b\n"), "A=b|", 5, false, false },
	{ BYTES("A:b\r\n c\r\n\td\r\n\r\n"), "A=b c\td|", 15, false, false },
	{ BYTES("A:\r\n b\r\n\r\n"), "A=b|", 10, false, false },
	{ BYTES("A: b\r\n \r\n c\r\n\r\n"), "A=b  c|", 15, false, false },
	{ BYTES("A:  \r\nB: \t x \t\r\n\r\n"), "A=|B=x|", 18, false, false },
	{ BYTES("A \t: b\n\n"), "A=b|", 8, false, false },
	{ BYTES("A: b:c\n\n"), "A=b:c|", 8, false, false },
	{ BYTES("A: b\nA: c\n\n"), "A=b|A=c|", 11, false, false },
	{ BYTES("From x Sun Nov 22\nA: b\n\n"), "A=b|", 24, false, false },
	{ BYTES(">From x Sun Nov 22\nA: b\n\n"), "A=b|", 25, false, false },
	{ BYTES("A: b\nFrom x y\nC: d\n\n"), "A=b|C=d|", 20, true, false },
	{ BYTES("no field\n still none\nA: b\n\n"), "A=b|", 27, true, false },
	{ BYTES("two words: b\nA: b\n\n"), "A=b|", 19, true, false },
	{ BYTES(" first\nA: b\n\n"), "A=b|", 13, true, false },
	{ BYTES(": b\nA: b\n\n"), "A=b|", 10, true, false },
	{ BYTES("S\xe9: b\nA: b\n\n"), "A=b|", 12, true, false },
	{ BYTES("A: b\0c\n\n"), "A=b?c|", 8, false, true },
	{ BYTES("A: b\rc\n\n"), "A=b\rc|", 8, false, false },
	{ BYTES("A: \xe5\x8f\x96\n\n"), "A=\xe5\x8f\x96|", 8, false, false },
};

START_TEST(scan)
{
	const struct scan_row *row = &scan_rows[_i];
	struct header_block block;
	struct text all;

	text_init(&all, arena, 1000);
	header_scan(arena, row->bytes, row->len, &block);
	for (size_t i = 0; i < block.count; i++) {
		text_addf(&all, "%s=%s|", block.fields[i].name, block.fields[i].value);
		ck_assert_uint_eq(block.fields[i].len, strlen(block.fields[i].value));
	}
	ck_assert_str_eq(all.data, row->fields);
	ck_assert_uint_eq(block.body_at, row->body_at);
	ck_assert_int_eq(block.broken, row->broken);
	ck_assert_int_eq(block.has_nul, row->has_nul);
	ck_assert(!block.too_long);
}
END_TEST

START_TEST(find)
{
	struct header_block block;

	header_scan(arena, BYTES("Subject: a\nTo: b\nSUBJECT: c\n\n"), &block);
	ck_assert_str_eq(header_find(&block, "subject")->value, "a");
	ck_assert_ptr_null(header_find(&block, "subjec"));
	ck_assert_uint_eq(header_count(&block, "sUbject"), 2);
	ck_assert_uint_eq(header_count(&block, "From"), 0);
}
END_TEST

struct limit_row {
	const char *before, *fill, *after;
	size_t times;
	size_t count;	/* fields that are still there */
	bool too_long;
};

/*
 * A field that a limit cuts off is not there: 3449 lines of 76 bytes fit, and
 * the last of them might go on.
 */
static const struct limit_row limit_rows[] = {
	{ "A: b\n", "X: 0123456789ab\n", "\n", LIMIT_HEADER_LINES - 1, LIMIT_HEADER_LINES, false },
	{ "A: b\n", "X: 0123456789ab\n", "\n", LIMIT_HEADER_LINES, LIMIT_HEADER_LINES - 1, true },
	{ "A: b\nB: c\n", " 23456789abcdef\n", "Z: z\n\n", 4090, 1, true },
	{ "A: b\nB: c\n", " 23456789abcdef\n", "Z: z\n\n", 3990, 3, false },
	{ "A: b\nB: ", "0123456789abcdef", "\nZ: z\n\n", 4200, 1, true },
	{ "A: b\n", "X: 0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz\n",
		"\n", 3990, 3449, true },
};

START_TEST(limits)
{
	const struct limit_row *row = &limit_rows[_i];
	struct header_block block;
	struct text bytes;

	text_init(&bytes, arena, MEGABYTE);
	text_add(&bytes, row->before);
	for (size_t i = 0; i < row->times; i++)
		text_add(&bytes, row->fill);
	text_add(&bytes, row->after);
	header_scan(arena, bytes.data, bytes.len, &block);
	ck_assert_int_eq(block.too_long, row->too_long);
	ck_assert_uint_eq(block.count, row->count);
	ck_assert_str_eq(block.fields[0].name, "A");
	/* The body is found all the same. */
	ck_assert_uint_eq(block.body_at, bytes.len);
}
END_TEST

struct ids_row {
	const char *value, *ids;
};

static const struct ids_row ids_rows[] = {
	{ "<a@b>", "<a@b>" },
	{ "<a@b> <c@d>\t<e@f>", "<a@b><c@d><e@f>" },
	{ "<a@b><c@d>", "<a@b><c@d>" },
	{ "Your message of <a@b>, and \"x\" <c@d>.", "<a@b><c@d>" },
	{ "(see <no@no> (or <no@no>)) <a@b>", "<a@b>" },
	{ "so :-( <a@b> (<c@d>", "<a@b><c@d>" },
	{ "<a b@c> <d@e>", "<d@e>" },
	{ "<<a@b>", "<a@b>" },
	{ "<a> <@b> <a@> <> <", "" },
	{ "a@b", "" },
	{ "<a@b@c>", "<a@b@c>" },
	{ "<\xe5\x8f\x96@b> <a@b>", "<a@b>" },
	{ "<1@a> <2@a> <3@a> <4@a> <5@a> <6@a>", "<1@a><2@a><3@a><4@a><5@a>" },
	{ "", "" },
};

START_TEST(msg_ids)
{
	const char *ids[5];
	size_t count = header_msg_ids(arena, ids_rows[_i].value, ids, COUNT(ids));
	struct text all;

	text_init(&all, arena, 1000);
	for (size_t i = 0; i < count; i++)
		text_add(&all, ids[i]);
	ck_assert_str_eq(all.data, ids_rows[_i].ids);
}
END_TEST

START_TEST(long_msg_id)
{
	char value[LIMIT_MESSAGE_ID_BYTES + 2];
	const char *ids[1];

	memset(value, 'a', sizeof(value));
	memcpy(value, "<x@", 3);
	memcpy(value + LIMIT_MESSAGE_ID_BYTES - 1, ">", 2);
	ck_assert_uint_eq(header_msg_ids(arena, value, ids, 1), 1);
	memcpy(value + LIMIT_MESSAGE_ID_BYTES - 1, "a>", 3);
	ck_assert_uint_eq(header_msg_ids(arena, value, ids, 1), 0);
}
END_TEST

struct date_row {
	const char *value;
	bool good;
	int64_t seconds;
};

/* 2026-11-22 00:00:00 UTC is day 20779. */
#define DAY INT64_C(86400)
#define NOV22 (20779 * DAY)

static const struct date_row date_rows[] = {
	{ "Sun, 22 Nov 2026 09:00:00 +0900", true, NOV22 },
	{ "22 Nov 2026 00:00:00 +0000", true, NOV22 },
	{ "Sun, 22 Nov 2026 09:00 +0900", true, NOV22 },
	{ "Sun,22 Nov 2026 09:00:00 +0900 (JST)", true, NOV22 },
	{ "(a (b)) Sun (c), (d) 22 (e) Nov (f) 2026 (g) 09 : 00 : 00 (h) +0900", true, NOV22 },
	{ "Sun, 22 Nov 26 09:00:00 +0900", true, NOV22 },
	{ "Sun, 22 Nov 126 09:00:00 +0900", true, NOV22 },
	{ "sun, 22 NOV 2026 9:00:00 +0900", true, NOV22 },
	{ "Mon, 22 Nov 2026 09:00:00 +0900", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00 GMT", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00 UT", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00 -0000", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00", true, NOV22 },
	{ "Sat, 21 Nov 2026 19:00:00 EST", true, NOV22 },
	{ "Sat, 21 Nov 2026 17:00:00 PDT", true, NOV22 },
	{ "Sun, 22 Nov 2026 09:00:00 JST", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00 Z", true, NOV22 },
	{ "Sun, 22 Nov 2026 00:00:00 A", true, NOV22 },
	{ "Sat, 21 Nov 2026 20:30:00 -0330", true, NOV22 },
	{ "Sun, 22-Nov-2026 09:00:00 +0900", true, NOV22 },
	{ "Sat, 21 Nov 2026 23:59:60 +0000", true, NOV22 },
	{ "Thu, 1 Jan 1970 00:00:00 +0000", true, 0 },
	{ "Wed, 31 Dec 69 23:59:59 +0000", true, -1 },
	{ "29 Feb 2024 00:00:00 +0000", true, 19782 * DAY },
	{ "29 Feb 2026 00:00:00 +0000", false, 0 },
	{ "31 Nov 2026 00:00:00 +0000", false, 0 },
	{ "0 Nov 2026 00:00:00 +0000", false, 0 },
	{ "22 Nov 2026 24:00:00 +0000", false, 0 },
	{ "22 Nov 2026 00:60:00 +0000", false, 0 },
	{ "22 Nov 2026 00:00:61 +0000", false, 0 },
	{ "22 Nov 2026 00:00:00 +0960", false, 0 },
	{ "22 Nov 2026 00:00:00 +900", false, 0 },
	{ "22 Foo 2026 00:00:00 +0000", false, 0 },
	{ "22 Nov 20260 00:00:00 +0000", false, 0 },
	{ "22 Nov 6 00:00:00 +0000", false, 0 },
	{ "122 Nov 2026 00:00:00 +0000", false, 0 },
	{ "2026-11-22T00:00:00Z", false, 0 },
	{ "22 Nov 2026", false, 0 },
	{ "(((((", false, 0 },
	{ "", false, 0 },
};

START_TEST(date)
{
	int64_t at = 42;

	ck_assert_int_eq(header_date(date_rows[_i].value, &at), date_rows[_i].good);
	ck_assert_int_eq(at, date_rows[_i].good ? date_rows[_i].seconds * 1000000 : 42);
}
END_TEST

struct token_row {
	const char *value, *token;
};

static const struct token_row token_rows[] = {
	{ "text/plain; charset=x", "text/plain" },
	{ " TEXT/Plain ;x=y", "text/plain" },
	{ "multipart/mixed (a; b); x=y", "multipart/mixed" },
	{ "(c) text (c) / (c) html", "text/html" },
	{ "text/plain charset=us-ascii", "text/plain" },
	{ "\"attachment\"; filename=a", "attachment" },
	{ "auto-replied (vacation)", "auto-replied" },
	{ "text/\xe5\x8f\x96\x01", "text/????" },
	{ "(unclosed", "" },
	{ ";", "" },
	{ "", "" },
};

START_TEST(token)
{
	ck_assert_str_eq(header_token(arena, token_rows[_i].value), token_rows[_i].token);
}
END_TEST

struct param_row {
	const char *value, *name, *param;
};

static const struct param_row param_rows[] = {
	{ "text/plain; charset=utf-8", "charset", "utf-8" },
	{ "text/plain; charset=\"utf-8\"", "CHARSET", "utf-8" },
	{ "text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii" },
	{ "text/plain; Charset = x ; format=flowed", "charset", "x" },
	{ "text/plain; x=\"a;charset=no\"; charset=yes", "charset", "yes" },
	{ "text/plain (; charset=no); charset=yes", "charset", "yes" },
	{ "text/plain; charset=a; charset=b", "charset", "a" },
	{ "text/plain; charset", "charset", NULL },
	{ "text/plain; charset=", "charset", "" },
	{ "text/plain; xcharset=a", "charset", NULL },
	{ "charset=a", "charset", NULL },
	{ "a; name=\"q\\\"q\\\\b\"", "name", "q\"q\\b" },
	{ "a; name=\"C:\\dir\\x.pdf\"", "name", "C:\\dir\\x.pdf" },
	{ "a; name=my report (1).pdf; x=y", "name", "my report (1).pdf" },
	{ "a; name=\"unclosed; x=y", "name", "unclosed; x=y" },
	{ "a; name=\"=?UTF-8?B?5Y+W5omx?=.pdf\"", "name", "取扱.pdf" },
	{ "a; name==?Shift_JIS?B?juaItQ==?=", "name", "取扱" },
	{ "a; name=\"\x8e\xe6\x95\x5c\x88\xb5.txt\"", "name", "取表扱.txt" },
	{ "a; name*=UTF-8''%E5%8F%96%e6%89%b1.pdf", "name", "取扱.pdf" },
	{ "a; name*=iso-2022-jp'ja'%1B%24B%3Ch%1B%28B.pdf", "name", "取.pdf" },
	{ "a; name*=\"EUC-JP''%BC%E8\"", "name", "取" },
	{ "a; name*=''%E5%8F%96", "name", "取" },
	{ "a; name*=%E5%8F%96", "name", "取" },
	{ "a; name*=utf-8'ja'100%", "name", "100%" },
	{ "a; name*=utf-8''%zz%4", "name", "%zz%4" },
	{ "a; name*=utf-8''a%00b%0D%0Ac", "name", "a\xef\xbf\xbd" "b  c" },
	{ "a; name=old; name*=utf-8''new", "name", "new" },
	{ "a; name*0=one; name*1=\" two\"; name*2=three", "name", "one twothree" },
	{ "a; name*1=b; name*0=a; name*2=c", "name", "abc" },
	{ "a; name*0*=UTF-8''%E5%8F; name*1*=%96; name*2=.pdf", "name", "取.pdf" },
	{ "a; name*0*=UTF-8''a%20; name*1=b%20c", "name", "a b%20c" },
	{ "a; name*0=a; name*2=c", "name", "a" },
	{ "a; name*1=b; name*2=c", "name", NULL },
	{ "a; name*1=b; name=plain", "name", "plain" },
	{ "a; name*0=a; name*0=b", "name", "a" },
	{ "a; name*0=\"=?UTF-8?B?5Y+W?= \"; name*1=\"=?UTF-8?B?5omx?=\"", "name", "取扱" },
	{ "a; name*999999999999999999999=x; name*=''y", "name", "y" },
	{ "a; name*x=x; name**=x; name*0x*=z", "name", NULL },
	{ "a;;; ; =x; \"q\"=x; name=ok", "name", "ok" },
	{ "a; name (c) = (c) \"v\" (c) ; x=y", "name", "v" },
	{ "", "name", NULL },
};

START_TEST(param)
{
	const struct param_row *row = &param_rows[_i];
	char *got = header_param(arena, row->value, row->name);

	if (row->param == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_str_eq(got, row->param);
}
END_TEST

/* A megabyte of each takes no more than its length: not four seconds of a processor. */
START_TEST(hostile)
{
	static const char *const fills[] = { "(", ")", "\"", "\\", "<", "<a@", ";x=a (",
		";name*0=\"", ";name*1=x", ";", "=?u?b?", "\n ", "A:\n", "a\n" };
	const char *ids[100];
	struct header_block block;
	struct text bytes;
	int64_t at;
	int64_t from = unit_cpu_ms();

	text_init(&bytes, arena, MEGABYTE);
	while (!bytes.full)
		text_add(&bytes, fills[_i]);
	header_scan(arena, bytes.data, bytes.len, &block);
	header_msg_ids(arena, bytes.data, ids, 100);
	header_token(arena, bytes.data);
	header_param(arena, bytes.data, "name");
	ck_assert(!header_date(bytes.data, &at));
	ck_assert_int_lt(unit_cpu_ms() - from, UNIT_HOSTILE_MS);
}
END_TEST

static Suite *
suite_header(void)
{
	Suite *suite = suite_create("header");
	TCase *tcase = tcase_create("header");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, scan, 0, COUNT(scan_rows));
	tcase_add_test(tcase, find);
	tcase_add_loop_test(tcase, limits, 0, COUNT(limit_rows));
	tcase_add_loop_test(tcase, msg_ids, 0, COUNT(ids_rows));
	tcase_add_test(tcase, long_msg_id);
	tcase_add_loop_test(tcase, date, 0, COUNT(date_rows));
	tcase_add_loop_test(tcase, token, 0, COUNT(token_rows));
	tcase_add_loop_test(tcase, param, 0, COUNT(param_rows));
	tcase_add_loop_test(tcase, hostile, 0, 14);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_header());
}
