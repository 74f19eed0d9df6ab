/*
 * Authentication-Results: what counts as a pass and, row by row, what must not.
 * Fields are modelled on RFC 8601's examples and on what large servers write.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/auth_results.h"

#include "base/arena.h"
#include "base/text.h"
#include "unit.h"

#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define MEGABYTE ((size_t)1024 * 1024)
#define FROM "vuln-contact@ipa.go.jp"

static const char *const ids[] = { "mx.example.jp", "backup.example.jp" };

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
}

static void
tear_down(void)
{
	arena_free(&arena);
}

struct row {
	const char *value;
	enum auth_verdict dmarc;
	bool aligned, trusted;
};

static const struct row rows[] = {
	{ "mx.example.jp; dmarc=pass header.from=ipa.go.jp", AUTH_PASS, false, true },
	{ "MX.Example.JP; DMARC=Pass HEADER.From=IPA.go.jp", AUTH_PASS, false, true },
	{ "mx.example.jp; dmarc=pass", AUTH_PASS, false, true },
	{ "backup.example.jp; dmarc=pass", AUTH_PASS, false, true },
	{ "\"mx.example.jp\" 1; dmarc=pass", AUTH_PASS, false, true },
	{ "(c) mx.example.jp (c) 1 (c) ; (c) dmarc (c) / (c) 1 (c) = (c) pass (c) header (c) . "
		"(c) from (c) = (c) ipa.go.jp (c)", AUTH_PASS, false, true },
	{ "mx.example.jp; spf=pass smtp.mailfrom=ipa.go.jp; dkim=pass (2048-bit key; secure) "
		"header.d=ipa.go.jp header.i=@ipa.go.jp header.b=\"ab/c=\"; "
		"dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=ipa.go.jp",
		AUTH_PASS, true, true },
	{ "mx.example.jp; dkim=pass header.i=@ipa.go.jp header.s=s1 header.b=aB/c+d==; "
		"arc=none; dmarc=pass action=none header.from=ipa.go.jp;", AUTH_PASS, true, true },
	{ "mx.example.jp; dmarc=pass reason=\"a; dmarc=fail\" header.from=ipa.go.jp",
		AUTH_PASS, false, true },
	{ "mx.example.jp; dmarc=pass header.from=" FROM, AUTH_PASS, false, true },
	{ "mx.example.jp; dmarc=fail header.from=ipa.go.jp", AUTH_FAIL, false, true },
	{ "mx.example.jp; dmarc=fail (p=NONE) header.from=ipa.go.jp; dkim=pass header.d=ipa.go.jp",
		AUTH_FAIL, true, true },
	{ "mx.example.jp; dmarc=pass; dmarc=fail", AUTH_FAIL, false, true },
	{ "mx.example.jp; dmarc=fail header.from=x y z", AUTH_FAIL, false, true },
	/* No pass. */
	{ "mx.example.jp; none", AUTH_NONE, false, true },
	{ "mx.example.jp", AUTH_NONE, false, true },
	{ "mx.example.jp;", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=none; spf=pass", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=bestguesspass header.from=ipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=temperror", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from=example.com", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from=go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from=", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from=ipa.go.jp header.from=example.com",
		AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass; dmarc=none", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from=ipa.go.jp !", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass header.from ipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc/2=pass", AUTH_NONE, false, true },
	{ "mx.example.jp; xdmarc=pass", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=passed", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc pass", AUTH_NONE, false, true },
	{ "mx.example.jp; (dmarc=pass)", AUTH_NONE, false, true },
	{ "mx.example.jp; spf=pass smtp.mailfrom=\"a; dmarc=pass\"", AUTH_NONE, false, true },
	{ "mx.example.jp 2; dmarc=pass", AUTH_NONE, false, true },
	{ "mx.example.jp 1 x; dmarc=pass", AUTH_NONE, false, true },
	{ "mx.example.jp dmarc=pass", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass; spf=pass smtp.mailfrom=\"a", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=pass (unclosed", AUTH_NONE, false, true },
	{ "mx.example.jp; dmarc=fail (unclosed", AUTH_FAIL, false, true },
	/* Not of a trusted server. */
	{ "mx.example.com; dmarc=pass", AUTH_NONE, false, false },
	{ "mx.example.jp.example.com; dmarc=pass", AUTH_NONE, false, false },
	{ "x.mx.example.jp; dmarc=pass", AUTH_NONE, false, false },
	{ "dmarc=pass", AUTH_NONE, false, false },
	{ "; dmarc=pass", AUTH_NONE, false, false },
	{ "\"\"; dmarc=pass", AUTH_NONE, false, false },
	{ "(mx.example.jp); dmarc=pass", AUTH_NONE, false, false },
	{ "", AUTH_NONE, false, false },
	/* DKIM. */
	{ "mx.example.jp; dkim=pass header.d=ipa.go.jp", AUTH_NONE, true, true },
	{ "mx.example.jp; dkim=pass header.d=IPA.GO.JP", AUTH_NONE, true, true },
	{ "mx.example.jp; dkim=fail header.d=ipa.go.jp; dkim=pass header.d=ipa.go.jp",
		AUTH_NONE, true, true },
	{ "mx.example.jp; dkim=pass header.i=x@ipa.go.jp", AUTH_NONE, true, true },
	{ "mx.example.jp; dkim=pass header.d=example.com header.i=@ipa.go.jp",
		AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass header.d=ipa.go.jp header.d=example.com",
		AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=fail header.d=ipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass header.d=go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass header.d=jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass header.d=mail.ipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass header.d=xipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass smtp.d=ipa.go.jp", AUTH_NONE, false, true },
	{ "mx.example.jp; dkim=pass", AUTH_NONE, false, true },
};

START_TEST(read)
{
	const struct row *row = &rows[_i];
	struct auth_results results;

	auth_results_read(arena, &row->value, 1, ids, COUNT(ids), FROM, &results);
	ck_assert_msg(results.dmarc == row->dmarc && results.dkim_aligned == row->aligned &&
		results.trusted == row->trusted, "%s", row->value);
}
END_TEST

struct align_row {
	const char *signer, *from;
	bool aligned;
};

static const struct align_row align_rows[] = {
	{ "ipa.go.jp", "a@mail.ipa.go.jp", true },
	{ "ipa.go.jp", "a@x.y.ipa.go.jp", true },
	{ "mail.ipa.go.jp", "a@ipa.go.jp", false },
	{ "example.com", "a@mail.example.com", true },
	{ "com", "a@example.com", false },
	{ "example.jp", "a@mail.example.jp", true },
	{ "go.jp", "a@ipa.go.jp", false },
	{ "co.jp", "a@example.co.jp", false },
	{ "or.jp", "a@jpcert.or.jp", false },
	{ "ac.jp", "a@example.ac.jp", false },
	{ "ne.jp", "a@example.ne.jp", false },
	{ "LG.jp", "a@example.lg.jp", false },
	{ "ed.jp", "a@example.ed.jp", false },
	{ "gr.jp", "a@example.gr.jp", false },
	{ "ad.jp", "a@example.ad.jp", false },
	{ "co.uk", "a@example.co.uk", false },
	{ "example.co.uk", "a@mail.example.co.uk", true },
	{ "co.com", "a@example.co.com", true },
	{ "pa.go.jp", "a@ipa.go.jp", false },
	{ ".jp", "a@example.jp", false },
	{ "jp.", "a@example.jp.", false },
	{ "localhost", "a@localhost", true },
	{ "ipa.go.jp", "", false },
	{ "ipa.go.jp", "ipa.go.jp", false },
};

START_TEST(align)
{
	const struct align_row *row = &align_rows[_i];
	struct auth_results results;
	const char *value;

	value = arena_printf(arena, "mx.example.jp; dkim=pass header.d=%s", row->signer);
	auth_results_read(arena, &value, 1, ids, 1, row->from, &results);
	ck_assert_msg(results.dkim_aligned == row->aligned, "%s for %s", row->signer, row->from);
}
END_TEST

struct many_row {
	const char *values[3];
	enum auth_verdict dmarc;
};

/* The topmost of a trusted id counts alone. */
static const struct many_row many_rows[] = {
	{ { "mx.example.jp; dmarc=fail", "mx.example.jp; dmarc=pass", "" }, AUTH_FAIL },
	{ { "mx.example.jp; none", "mx.example.jp; dmarc=pass", "" }, AUTH_NONE },
	{ { "mx.example.jp; \"", "mx.example.jp; dmarc=pass", "" }, AUTH_NONE },
	{ { "mx.example.com; dmarc=fail", "mx.example.jp; dmarc=pass",
		"mx.example.jp; dmarc=fail" }, AUTH_PASS },
	{ { "", "(", "backup.example.jp; dmarc=pass" }, AUTH_PASS },
};

START_TEST(topmost)
{
	struct auth_results results;

	auth_results_read(arena, many_rows[_i].values, 3, ids, COUNT(ids), FROM, &results);
	ck_assert_int_eq(results.dmarc, many_rows[_i].dmarc);
	ck_assert_uint_eq(results.host, _i == 4 ? 1 : 0);
	ck_assert(results.trusted);
}
END_TEST

START_TEST(nothing)
{
	static const char *const value = "mx.example.jp; dmarc=pass; dkim=pass header.d=ipa.go.jp";
	struct auth_results results = { AUTH_PASS, true, true, 0 };

	auth_results_read(arena, &value, 0, ids, COUNT(ids), FROM, &results);
	ck_assert(results.dmarc == AUTH_NONE && !results.dkim_aligned && !results.trusted);
	auth_results_read(arena, &value, 1, ids, 0, FROM, &results);
	ck_assert(results.dmarc == AUTH_NONE && !results.dkim_aligned && !results.trusted);
	/* Several From addresses: nobody is meant. */
	auth_results_read(arena, &value, 1, ids, 1, "", &results);
	ck_assert(results.dmarc == AUTH_NONE && !results.dkim_aligned && results.trusted);
}
END_TEST

/* A megabyte of each takes no more than its length: not four seconds of a processor. */
START_TEST(hostile)
{
	static const char *const fills[] = { "(", "\"", ";", "=", "x=", "a.b=c ",
		"; dmarc=pass (x)", "! ", ".", "/" };
	struct auth_results results;
	struct text value;
	const char *values[1];
	int64_t from = unit_cpu_ms();

	text_init(&value, arena, MEGABYTE);
	text_add(&value, "mx.example.jp; dmarc=pass ");
	while (!value.full)
		text_add(&value, fills[_i]);
	values[0] = value.data;
	auth_results_read(arena, values, 1, ids, 1, FROM, &results);
	ck_assert(results.trusted);
	ck_assert_int_lt(unit_cpu_ms() - from, UNIT_HOSTILE_MS);
}
END_TEST

static const struct {
	const char *value, *id;
} id_rows[] = {
	{ "mx.example.jp; dmarc=pass", "mx.example.jp" },
	{ " (a comment) mx.example.jp 1; none", "mx.example.jp" },
	{ "\"mx.example.jp\"; none", "mx.example.jp" },
	{ "mx.example.jp", "mx.example.jp" },
	{ "", "" },
	{ "; dmarc=pass", "" },
	{ "\"mx\x1b[2Jexample\"; none", "" },
	{ "\xE7\xAA\x93\xE5\x8F\xA3; none", "" },
};

START_TEST(id)
{
	ck_assert_str_eq(auth_results_id(arena, id_rows[_i].value), id_rows[_i].id);
}
END_TEST

/* One that is too long to be a host's name is none. */
START_TEST(long_id)
{
	char value[AUTH_ID_MAX + 2];

	memset(value, 'x', sizeof(value));
	value[AUTH_ID_MAX] = '\0';
	ck_assert_str_eq(auth_results_id(arena, value), value);
	value[AUTH_ID_MAX] = 'x';
	value[AUTH_ID_MAX + 1] = '\0';
	ck_assert_str_eq(auth_results_id(arena, value), "");
}
END_TEST

static Suite *
suite_auth_results(void)
{
	Suite *suite = suite_create("auth_results");
	TCase *tcase = tcase_create("auth_results");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, read, 0, COUNT(rows));
	tcase_add_loop_test(tcase, align, 0, COUNT(align_rows));
	tcase_add_loop_test(tcase, topmost, 0, COUNT(many_rows));
	tcase_add_test(tcase, nothing);
	tcase_add_loop_test(tcase, id, 0, COUNT(id_rows));
	tcase_add_test(tcase, long_id);
	tcase_add_loop_test(tcase, hostile, 0, 10);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_auth_results());
}
