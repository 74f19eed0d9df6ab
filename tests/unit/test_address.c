/*
 * Address lists as they come, and the checks on our own addresses. What is
 * expected is by hand from RFC 5322 and, where that has no answer, "no address".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/limits.h"
#include "unit.h"

#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define MEGABYTE ((size_t)1024 * 1024)
#define MAX 8

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
	const char *value;
	const char *list;	/* "addr/name|" of each, "-" for no name */
};

static const struct row rows[] = {
	{ "", "" },
	{ "a@b.jp", "a@b.jp/-|" },
	{ "A@B.JP", "A@b.jp/-|" },
	{ "Taro <a@b.jp>", "a@b.jp/Taro|" },
	{ "<a@b.jp>", "a@b.jp/-|" },
	{ "a@b.jp, c@d.jp", "a@b.jp/-|c@d.jp/-|" },
	{ "a@b.jp,,; c@d.jp,", "a@b.jp/-|c@d.jp/-|" },
	{ "\"Yamada, Taro\" <a@b.jp>", "a@b.jp/Yamada, Taro|" },
	{ "John Q. Public <a@b.jp>", "a@b.jp/John Q. Public|" },
	{ "\"q\\\"q\\\\\" <a@b.jp>", "a@b.jp/q\"q\\|" },
	{ "a@b.jp (Taro)", "a@b.jp/Taro|" },
	{ "a@b.jp (Taro (IPA) \\))", "a@b.jp/Taro (IPA) )|" },
	{ "Taro <a@b.jp> (IPA)", "a@b.jp/Taro|" },
	{ "<a@b.jp> (IPA)", "a@b.jp/IPA|" },
	{ "(x) a (y) @ (z) b . jp (IPA)", "a@b.jp/IPA|" },
	{ "a . b@c.jp", "a.b@c.jp/-|" },
	{ "Taro < a@b.jp >", "a@b.jp/Taro|" },
	{ "=?UTF-8?B?5Y+W5omx?= <a@b.jp>", "a@b.jp/取扱|" },
	{ "\"=?ISO-2022-JP?B?GyRCPGgbKEI=?=\" <a@b.jp>", "a@b.jp/取|" },
	{ "=?UTF-8?B?5Y+W?=\r\n =?UTF-8?B?5omx?= <a@b.jp>", "a@b.jp/取扱|" },
	{ "a@b.jp (=?UTF-8?B?5Y+W?=)", "a@b.jp/取|" },
	{ "\x8e\xe6\x88\xb5\x94\xd4 <a@b.jp>", "a@b.jp/取扱番|" },
	{ "\"john doe\"@b.jp", "\"john doe\"@b.jp/-|" },
	{ "\"a@b\"@C.jp", "\"a@b\"@c.jp/-|" },
	{ "\"abc.d\"@b.jp", "abc.d@b.jp/-|" },
	{ "<\"a\\\"b\"@b.jp>", "\"a\\\"b\"@b.jp/-|" },
	{ "a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp/-|" },
	{ "a@[192.0.2.1]", "a@[192.0.2.1]/-|" },
	{ "<@x.jp,@y.jp:a@b.jp>", "a@b.jp/-|" },
	{ "Taro <@x.jp:a@b.jp>, c@d.jp", "a@b.jp/Taro|c@d.jp/-|" },
	{ "a@\xe5\x8f\x96.jp", "a@取.jp/-|" },
	/* Groups. */
	{ "undisclosed-recipients:;", "" },
	{ "team: a@b.jp, Taro <c@d.jp>; e@f.jp", "a@b.jp/-|c@d.jp/Taro|e@f.jp/-|" },
	{ "\"vuln-contact@ipa.go.jp\": a@b.jp;", "a@b.jp/-|" },
	/* Names that lie. */
	{ "\"vuln-contact@ipa.go.jp\" <evil@example.com>",
		"evil@example.com/vuln-contact@ipa.go.jp|" },
	{ "vuln-contact@ipa.go.jp <evil@example.com>", "evil@example.com/vuln-contact@ipa.go.jp|" },
	{ "evil@example.com (vuln-contact@ipa.go.jp)", "evil@example.com/vuln-contact@ipa.go.jp|" },
	{ "\"<vuln-contact@ipa.go.jp>\" <evil@example.com>",
		"evil@example.com/<vuln-contact@ipa.go.jp>|" },
	{ "=?UTF-8?Q?=3Cvuln-contact=40ipa.go.jp=3E?= <evil@example.com>",
		"evil@example.com/<vuln-contact@ipa.go.jp>|" },
	/* Who is meant is not plain, or nobody. */
	{ "<vuln-contact@ipa.go.jp> <evil@example.com>",
		"/<vuln-contact@ipa.go.jp> <evil@example.com>|" },
	{ "<a@b.jp> x", "/<a@b.jp> x|" },
	{ "a@b.jp c@d.jp", "/a@b.jp c@d.jp|" },
	{ "a b@c.jp", "/a b@c.jp|" },
	{ "a(x)b@c.jp", "/a(x)b@c.jp|" },
	{ "a@b@c.jp", "/a@b@c.jp|" },
	{ "\"a b\"@b@c.jp", "/\"a b\"@b@c.jp|" },
	{ "\"abc\"def@b.jp", "/\"abc\"def@b.jp|" },
	{ "abc\"def\"@b.jp", "/abc\"def\"@b.jp|" },
	{ "Taro <a@b.jp", "/Taro <a@b.jp|" },
	{ "\"Taro <a@b.jp>", "/\"Taro <a@b.jp>|" },
	{ "a@b.jp (Taro", "/a@b.jp (Taro|" },
	{ "MAILER-DAEMON", "/MAILER-DAEMON|" },
	{ "<>", "/<>|" },
	{ "a@", "/a@|" },
	{ "@b.jp", "/@b.jp|" },
	{ "a@.jp", "/a@.jp|" },
	{ "a@b..jp", "/a@b..jp|" },
	{ "a@b.jp.", "/a@b.jp.|" },
	{ "a@[192.0.2.1", "/a@[192.0.2.1|" },
	{ "a@[1]b", "/a@[1]b|" },
	{ "<@x.jp a@b.jp>", "/<@x.jp a@b.jp>|" },
	{ "<mailto:a@b.jp>", "/<mailto:a@b.jp>|" },
	{ "a@b.jp: c@d.jp;", "/a@b.jp: c@d.jp|" },
	{ "x: y: a@b.jp;", "/y: a@b.jp|" },
	{ "=?UTF-8?B?VGFybyA8YUBiLmpwPg==?=", "/Taro <a@b.jp>|" },
	{ "a\x01@b.jp", "/a @b.jp|" },
	{ "a@b\xc2\x85.jp", "/a@b .jp|" },
	{ "a@b\xff.jp", "/a@bÿ.jp|" },
	{ "\\a@b.jp", "/\\a@b.jp|" },
	{ ", , (only a comment)", "" },
};

START_TEST(parse)
{
	struct address list[MAX];
	size_t count = address_parse(arena, rows[_i].value, strlen(rows[_i].value), list, MAX);
	struct text all;

	text_init(&all, arena, 1000);
	for (size_t i = 0; i < count; i++)
		text_addf(&all, "%s/%s|", list[i].addr, list[i].name != NULL ? list[i].name : "-");
	ck_assert_str_eq(all.data, rows[_i].list);
}
END_TEST

START_TEST(most)
{
	static const char value[] = "a@b.jp, c@d.jp, e@f.jp";
	struct address list[3] = { 0 };

	ck_assert_uint_eq(address_parse(arena, value, strlen(value), list, 2), 2);
	ck_assert_str_eq(list[1].addr, "c@d.jp");
	ck_assert_ptr_null(list[2].addr);
	ck_assert_uint_eq(address_parse(arena, value, strlen(value), list, 0), 0);
}
END_TEST

START_TEST(too_long)
{
	char value[1000];
	struct address list[1];

	memset(value, 'a', sizeof(value));
	memcpy(value + 505, "@b.jp", 6);
	ck_assert_uint_eq(address_parse(arena, value, 510, list, 1), 1);
	ck_assert_str_eq(list[0].addr, value);
	memset(value, 'a', sizeof(value));
	memcpy(value + 600, "@b.jp", 6);
	ck_assert_uint_eq(address_parse(arena, value, 605, list, 1), 1);
	ck_assert_str_eq(list[0].addr, "");
}
END_TEST

/* A megabyte of each takes no more than its length: not four seconds of a processor. */
START_TEST(hostile)
{
	static const char *const fills[] = { "(", ")", "\"", "\\", "<", ">", "<a@b>", ",", ";", ":",
		"a@", "[", "a:b@c;", " ", "=?utf-8?q?a?= ", "(x)", "\"x\"", ".", "\xff" };
	struct address list[LIMIT_ADDRESSES];
	struct text value;
	int64_t from = unit_cpu_ms();

	text_init(&value, arena, MEGABYTE);
	while (!value.full)
		text_add(&value, fills[_i]);
	ck_assert_uint_le(address_parse(arena, value.data, value.len, list, LIMIT_ADDRESSES),
		LIMIT_ADDRESSES);
	ck_assert_int_lt(unit_cpu_ms() - from, UNIT_HOSTILE_MS);
}
END_TEST

struct valid_row {
	const char *addr;
	bool valid;
};

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct valid_row valid_rows[] = {
	{ "vuln-contact@ipa.go.jp", true },
	{ "a.b+c=d@example.com", true },
	{ "desk@localhost", true },
	{ L63 "a@b.jp", true },
	{ L63 "aa@b.jp", false },
	{ "a@" L63 ".jp", true },
	{ "a@" L63 "a.jp", false },
	{ "a@" L63 "." L63 "." L63 "." L63, true },
	{ "a@" L63 "." L63 "." L63 "." L63 ".jp", false },
	{ "a..b@c.jp", false },
	{ ".a@b.jp", false },
	{ "a.@b.jp", false },
	{ "a b@c.jp", false },
	{ "\"a\"@b.jp", false },
	{ "a@b@c.jp", false },
	{ "a@b..jp", false },
	{ "a@b.jp.", false },
	{ "a@-b.jp", false },
	{ "a@b-.jp", false },
	{ "a@b_c.jp", false },
	{ "a@[192.0.2.1]", false },
	{ "<a@b.jp>", false },
	{ "a@b.jp\r\nDATA", false },
	{ "a,b@c.jp", false },
	{ "a@b.jp,c@d.jp", false },
	{ "\xe5\x8f\x96@b.jp", false },
	{ "a@\xe5\x8f\x96.jp", false },
	{ "@b.jp", false },
	{ "a@", false },
	{ "a", false },
	{ "", false },
	{ NULL, false },
};

START_TEST(valid)
{
	ck_assert_int_eq(address_valid(valid_rows[_i].addr), valid_rows[_i].valid);
}
END_TEST

struct pair {
	const char *a, *b;
	bool yes;
};

static const struct pair equals[] = {
	{ "a@b.jp", "A@B.jp", true }, { "a@b.jp", "a@b.jp", true }, { "a@b.jp", "b@b.jp", false },
	{ "a@b.jp", "a@b.jp.evil.com", false }, { "", "", false }, { NULL, NULL, false },
};

START_TEST(equal)
{
	ck_assert_int_eq(address_equal(equals[_i].a, equals[_i].b), equals[_i].yes);
}
END_TEST

static const struct pair inside[] = {
	{ "ipa.go.jp", "ipa.go.jp", true }, { "mail.IPA.go.jp", "ipa.GO.jp", true },
	{ "xipa.go.jp", "ipa.go.jp", false }, { "go.jp", "ipa.go.jp", false },
	{ "ipa.go.jp.evil.com", "ipa.go.jp", false }, { "ipa.go.jp", "", false }, { "", "", false },
};

START_TEST(domain_in)
{
	ck_assert_int_eq(address_domain_in(inside[_i].a, inside[_i].b), inside[_i].yes);
}
END_TEST

START_TEST(domain)
{
	ck_assert_str_eq(address_domain("a@b.jp"), "b.jp");
	ck_assert_str_eq(address_domain("\"a@b\"@c.jp"), "c.jp");
	ck_assert_str_eq(address_domain("a"), "");
	ck_assert_str_eq(address_domain(""), "");
	ck_assert_str_eq(address_domain(NULL), "");
}
END_TEST

static Suite *
suite_address(void)
{
	Suite *suite = suite_create("address");
	TCase *tcase = tcase_create("address");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, parse, 0, COUNT(rows));
	tcase_add_test(tcase, most);
	tcase_add_test(tcase, too_long);
	tcase_add_loop_test(tcase, hostile, 0, 19);
	tcase_add_loop_test(tcase, valid, 0, COUNT(valid_rows));
	tcase_add_loop_test(tcase, equal, 0, COUNT(equals));
	tcase_add_loop_test(tcase, domain_in, 0, COUNT(inside));
	tcase_add_test(tcase, domain);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_address());
}
