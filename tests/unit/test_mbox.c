/*
 * mail/mbox: "From " lines and their dates, where messages part, line ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY "2026-11-26 10:00:00"

static const struct {
	const char *line;
	size_t len;
	const char *at;	/* UTC, NULL for none */
} lines[] = {
	{ "From a@b.example Thu Nov 26 10:00:00 2026\nSubject: x\n", 42, DAY },
	{ "From a@b.example Thu Nov 26 10:00:00 2026\r\nSubject: x\r\n", 43, DAY },
	{ "From a@b.example  Thu Nov 26 19:00:00 +0900 2026\n", 49, DAY },
	{ "From a@b.example Thu Nov 26 04:30:00 2026 -0530\n", 48, DAY },
	{ "From MAILER-DAEMON Thu Nov 26 10:00 2026\n", 41, DAY },
	{ "From a b c Thu Nov 26 10:00:00 2026", 35, DAY },
	{ "From Mar Nov Thu Nov 26 10:00:00 2026\n", 38, DAY },
	{ "From a@b.example\n", 17, NULL },
	{ "From a@b.example Thu Nov 31 10:00:00 2026\n", 42, NULL },
	{ "From a@b.example Thu Nov 26 25:00:00 2026\n", 42, NULL },
	{ "From a@b.example Thu Nov 26 -1:00:00 2026\n", 42, NULL },
	{ "From a@b.example Thu Nov 26 10:00:00\n", 37, NULL },
	{ "From a@b.example Thu ovD 26 10:00:00 2026\n", 42, NULL },
	{ "From: a@b.example\n", 0, NULL },
	{ ">From a@b.example Thu Nov 26 10:00:00 2026\n", 0, NULL },
	{ "From", 0, NULL },
	{ "", 0, NULL },
};

START_TEST(a_from_line)
{
	int64_t at = -1, want = 0;

	if (lines[_i].at != NULL)
		ck_assert(clock_parse(lines[_i].at, "UTC", &want));
	ck_assert_uint_eq(mbox_from_line(lines[_i].line, strlen(lines[_i].line), &at), lines[_i].len);
	ck_assert_int_eq(at, want);
}
END_TEST

#define F1 "From a@b.example Thu Nov 26 10:00:00 2026\n"
#define F2 "From c@d.example Fri Nov 27 10:00:00 2026\n"

static const struct {
	const char *bytes;
	const char *messages[4];
} boxes[] = {
	{ "", { NULL } },
	{ F1 "S: a\n\nx\n", { "S: a\n\nx\n" } },
	{ F1 "S: a\n\nx\n\n", { "S: a\n\nx\n" } },
	{ F1 "S: a\n\nx\n\n" F2 "S: b\n\ny\n\n", { "S: a\n\nx\n", "S: b\n\ny\n" } },
	{ F1 "S: a\r\n\r\nx\r\n\r\n" F2 "S: b\r\n", { "S: a\r\n\r\nx\r\n", "S: b\r\n" } },
	/* Only behind an empty line, and only with a date. */
	{ F1 "S: a\n\nx\n" F2 "y\n", { "S: a\n\nx\n" F2 "y\n" } },
	{ F1 "S: a\n\nFrom here on\n\n" F2 "S: b\n", { "S: a\n\nFrom here on\n", "S: b\n" } },
	{ F1 "S: a\n\n" F2 "\n" F1, { "S: a\n", "", "" } },
	{ "S: a\n\nx", { "S: a\n\nx" } },
};

START_TEST(a_box)
{
	struct mbox mbox = { boxes[_i].bytes, strlen(boxes[_i].bytes) };
	const char *bytes;
	size_t len, count = 0;
	int64_t at;

	while (mbox_next(&mbox, &bytes, &len, &at)) {
		ck_assert_uint_lt(count, 3);
		ck_assert_ptr_nonnull(boxes[_i].messages[count]);
		ck_assert_uint_eq(len, strlen(boxes[_i].messages[count]));
		ck_assert(memcmp(bytes, boxes[_i].messages[count], len) == 0);
		ck_assert_int_eq(at != 0, boxes[_i].bytes[0] == 'F');
		count++;
	}
	ck_assert_ptr_null(boxes[_i].messages[count]);
}
END_TEST

static const struct {
	const char *bytes;
	bool unquote;
	const char *wire;
} wires[] = {
	{ "", true, "" },
	{ "a\nb\n", false, "a\r\nb\r\n" },
	{ "a\r\nb\r\n", false, "a\r\nb\r\n" },
	{ "a\nb\r\nc", false, "a\r\nb\r\nc" },
	{ "\n\n", false, "\r\n\r\n" },
	{ "a\rb\n", false, "a\rb\r\n" },
	{ ">From x\n>>From y\n> From z\nFrom w\n", true, "From x\r\n>From y\r\n> From z\r\nFrom w\r\n" },
	{ ">From x\n", false, ">From x\r\n" },
	{ ">", true, ">" },
};

START_TEST(a_wire)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 16);
	struct text wire;

	text_init(&wire, arena, 1000);
	mbox_wire(&wire, wires[_i].bytes, strlen(wires[_i].bytes), wires[_i].unquote);
	ck_assert_str_eq(wire.data, wires[_i].wire);
	arena_free(&arena);
}
END_TEST

#define AT (INT64_C(1795687200) * CLOCK_SECOND)	/* Thu Nov 26 10:00:00 2026 UTC */
#define FROM_A "From a@b.example Thu Nov 26 10:00:00 2026\n"
#define FROM_NOBODY "From MAILER-DAEMON Thu Nov 26 10:00:00 2026\n"

static const struct {
	const char *sender, *bytes, *mbox;
	bool back;	/* the same bytes come back out of it */
} added[] = {
	{ "a@b.example", "S: a\r\n\r\nx\r\n", FROM_A "S: a\n\nx\n\n", true },
	{ NULL, "S: a\r\n", FROM_NOBODY "S: a\n\n", true },
	{ "a b@c", "S: a\r\n", FROM_NOBODY "S: a\n\n", true },
	{ "a@b\nFrom c", "S: a\r\n", FROM_NOBODY "S: a\n\n", true },
	{ "a@b.example", "S: a\r\n\r\nFrom x\r\n>From y\r\n From z\r\n>>From w\r\nFromage\r\n> From\r\n",
	  FROM_A "S: a\n\n>From x\n>>From y\n From z\n>>>From w\nFromage\n> From\n\n", true },
	{ "a@b.example", "From me: a\r\n\r\n", FROM_A ">From me: a\n\n\n", true },
	{ "a@b.example", "S: a\r\n\r\n" F2 "\r\n" F2, FROM_A "S: a\n\n>" F2 "\n>" F2 "\n", false },
	/* What has no line end gets one; a CR alone is none. */
	{ "a@b.example", "S: a\r\n\r\nx", FROM_A "S: a\n\nx\n\n", false },
	{ "a@b.example", "S: a\r\n\r\nx\ry\r\n\r\r\n\r\n", FROM_A "S: a\n\nx\ry\n\r\n\n\n", false },
	{ "a@b.example", "\n", FROM_A "\n\n", false },
	{ "a@b.example", "", FROM_A "\n", true },
};

START_TEST(an_added_message)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 16);
	struct text box, wire;
	struct mbox mbox;
	const char *bytes;
	size_t len;
	int64_t at;

	text_init(&box, arena, 1000);
	mbox_add(&box, added[_i].sender, AT, added[_i].bytes, strlen(added[_i].bytes));
	ck_assert_str_eq(box.data, added[_i].mbox);
	/* Two of it are two. */
	mbox_add(&box, added[_i].sender, AT, added[_i].bytes, strlen(added[_i].bytes));
	mbox = (struct mbox){ box.data, box.len };
	for (int i = 0; i < 2; i++) {
		ck_assert(mbox_next(&mbox, &bytes, &len, &at));
		ck_assert_int_eq(at, AT);
		text_init(&wire, arena, 1000);
		mbox_wire(&wire, bytes, len, true);
		if (added[_i].back)
			ck_assert_str_eq(wire.data, added[_i].bytes);
	}
	ck_assert(!mbox_next(&mbox, &bytes, &len, &at));
	arena_free(&arena);
}
END_TEST

static Suite *
suite_mbox(void)
{
	Suite *suite = suite_create("mbox");
	TCase *tcase = tcase_create("mbox");

	tcase_add_loop_test(tcase, a_from_line, 0, COUNT(lines));
	tcase_add_loop_test(tcase, a_box, 0, COUNT(boxes));
	tcase_add_loop_test(tcase, a_wire, 0, COUNT(wires));
	tcase_add_loop_test(tcase, an_added_message, 0, COUNT(added));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_mbox());
}
