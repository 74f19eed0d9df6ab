/*
 * flow/senders: what a record keeps of From, and whose mail it says that it is. A name is
 * whatever the sender likes: it must neither hide an address nor pass for one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/senders.h"

#include "base/arena.h"
#include "rule/facts.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	struct facts_address at[2];	/* the second without address: there is none */
	const char *text, *one;
} kept[] = {
	{ { { "t@x.org", NULL } }, "t@x.org", "t@x.org" },
	{ { { "t@x.org", "" } }, "t@x.org", "t@x.org" },
	{ { { "t@x.org", "山田 太郎" } }, "山田 太郎 <t@x.org>", "t@x.org" },
	{ { { "t@x.org", "Yamada, Taro" } }, "\"Yamada, Taro\" <t@x.org>", "t@x.org" },
	{ { { "t@x.org", "a \"b\" \\, c" } }, "\"a \\\"b\\\" \\\\, c\" <t@x.org>", "t@x.org" },
	{ { { "m@evil.org", "t@x.org, a" } }, "\"t@x.org, a\" <m@evil.org>", "m@evil.org" },
	{ { { "m@evil.org", "T <t@x.org>" } }, "\"T <t@x.org>\" <m@evil.org>", "m@evil.org" },
	{ { { "m@evil.org", "T <t@x.org>, \"" } }, "\"T <t@x.org>, \\\"\" <m@evil.org>",
		"m@evil.org" },
	{ { { "\"<t@x.org\"@evil.org", "T" } }, "T <\"<t@x.org\"@evil.org>", NULL },
	{ { { "t@x.org", NULL }, { "m@evil.org", NULL } }, "t@x.org, m@evil.org", NULL },
	{ { { "t@x.org", NULL }, { "m@evil.org", "M" } }, "t@x.org, M <m@evil.org>", NULL },
	{ { { "m@evil.org", "M" }, { "t@x.org", NULL } }, "M <m@evil.org>, t@x.org", NULL },
	{ { { "m@evil.org", "\"" }, { "t@x.org", "\"" } },
		"\"\\\"\" <m@evil.org>, \"\\\"\" <t@x.org>", NULL },
	{ { { "\"a, b\"@evil.org", NULL }, { "t@x.org", "T" } },
		"\"a, b\"@evil.org, T <t@x.org>", NULL },
	{ { { "", "no address" } }, "no address <>", NULL },
};

START_TEST(test_kept)
{
	struct facts_addresses *list = arena_alloc(arena, sizeof(*list));
	const char *one;

	memcpy(list->at, kept[_i].at, sizeof(kept[_i].at));
	list->count = kept[_i].at[1].address != NULL ? 2 : 1;
	ck_assert_str_eq(senders_text(arena, list), kept[_i].text);
	one = senders_one(arena, kept[_i].text);
	if (kept[_i].one == NULL)
		ck_assert_msg(one == NULL, "%s: %s", kept[_i].text, one);
	else
		ck_assert_pstr_eq(one, kept[_i].one);
}
END_TEST

/* As it was kept before names stood in quotes. */
static const struct {
	const char *text, *one;
} older[] = {
	{ "Yamada, Taro <t@x.org>", "t@x.org" },
	{ "Taro (ACME <t@x.org>", "t@x.org" },
	{ "ACME: Taro; <t@x.org>", "t@x.org" },
	{ "5\" disks, Taro <t@x.org>", "t@x.org" },
	{ "t@x.org <m@evil.org>", "m@evil.org" },
	{ "t@x.org, a <m@evil.org>", NULL },
	{ "m@evil.org, a <t@x.org>", NULL },
	{ "T <t@x.org> <m@evil.org>", NULL },
	{ "", NULL },
	{ ">", NULL },
	{ "<>", NULL },
	{ NULL, NULL },
};

START_TEST(test_older)
{
	ck_assert_pstr_eq(senders_one(arena, older[_i].text), older[_i].one);
}
END_TEST

/* Cut off within a name that holds an address of the finder's, it says nothing. */
START_TEST(test_cut)
{
	struct facts_addresses *list = arena_alloc(arena, sizeof(*list));
	char *name = arena_alloc(arena, 2100);

	memset(name, 'a', 2099);
	name[2099] = '\0';
	memcpy(name + 1990, "<t@x.org>", strlen("<t@x.org>"));
	*list = (struct facts_addresses){ .at = { { "m@evil.org", name } }, .count = 1 };
	ck_assert_ptr_null(senders_one(arena, senders_text(arena, list)));
	ck_assert_ptr_null(senders_one(arena, arena_strndup(arena, name, 1999)));
	ck_assert_pstr_eq(senders_one(arena, arena_strndup(arena, name + 100, 1899)), "t@x.org");
}
END_TEST

static Suite *
suite_senders(void)
{
	Suite *suite = suite_create("senders");
	TCase *kept_case = tcase_create("kept");

	tcase_add_checked_fixture(kept_case, setup, teardown);
	tcase_add_loop_test(kept_case, test_kept, 0, SIZE(kept));
	tcase_add_loop_test(kept_case, test_older, 0, SIZE(older));
	tcase_add_test(kept_case, test_cut);
	suite_add_tcase(suite, kept_case);
	return suite;
}

int
main(void)
{
	return unit_run(suite_senders());
}
