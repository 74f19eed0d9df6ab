/*
 * The checklist's table: the shipped one has the items of the guide's appendix,
 * and a table with a mistake is refused with its line.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/checklist.h"

#include "rule.h"

#include <string.h>

#define ARENA_CAP ((size_t)8 * 1024 * 1024)
#define GOOD "1.1\treceive\tno\tstaff\tあ\ta\n"

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static enum outcome
read_text(const char *text, struct checklist *checklist_r, struct err *err_r)
{
	return checklist_read(arena, text, strlen(text), checklist_r, err_r);
}

/* Items of each phase in the guide's appendix: 7, 5, 7, 7, 8 and 1. */
START_TEST(checklist_shipped)
{
	static const size_t counts[PHASES] = { 7, 5, 7, 7, 8, 1 };
	static const struct {
		const char *item;
		enum tick_event event;
		bool vendor;
	} rows[] = {
		{ "1.1", TICK_ALERT_DELIVERED, false },
		{ "1.2", TICK_ACKNOWLEDGEMENT_SENT, false },
		{ "1.3", TICK_CHANNEL_AGREED, false },
		{ "1.6", TICK_STAFF, true },
		{ "2.5", TICK_PROGRESS_REPORT_SENT, false },
		{ "4.1", TICK_STAFF, true },
		{ "5.8", TICK_STAFF, true },
		{ "6.1", TICK_COMPLETION_REPORT_SENT, false },
	};
	size_t found[PHASES] = { 0 };
	struct checklist checklist;
	struct err err = { "" };
	size_t len;
	const char *bytes = rule_conf(arena, "checklist.tsv", &len);

	ck_assert_msg(checklist_read(arena, bytes, len, &checklist, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(checklist.count, 35);
	for (size_t i = 0; i < checklist.count; i++)
		found[checklist.items[i].phase]++;
	for (int i = 0; i < PHASES; i++)
		ck_assert_uint_eq(found[i], counts[i]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct checklist_item *item = checklist_find(&checklist, rows[i].item);

		ck_assert_ptr_nonnull(item);
		ck_assert_str_eq(item->item, rows[i].item);
		ck_assert_int_eq(item->ticked_by, rows[i].event);
		ck_assert_int_eq(item->vendor_can_help, rows[i].vendor);
	}
	ck_assert_str_eq(checklist_find(&checklist, "1.2")->title_ja, "通知を受領した旨の返信");
	ck_assert_str_eq(checklist_find(&checklist, "5.3")->title_en, "Make the fix");
	ck_assert_ptr_null(checklist_find(&checklist, "1.9"));
	ck_assert_ptr_null(checklist_find(&checklist, "1"));
}
END_TEST

/* what a mail of ours ticks once the server took it */
static const struct {
	enum mail_kind kind;
	enum tick_event event;
} letters[] = {
	{ KIND_ACKNOWLEDGEMENT, TICK_ACKNOWLEDGEMENT_SENT },
	{ KIND_FINDING, TICK_PROGRESS_REPORT_SENT },
	{ KIND_PROGRESS, TICK_PROGRESS_REPORT_SENT },
	{ KIND_EXTENSION, TICK_PROGRESS_REPORT_SENT },
	{ KIND_COMPLETION, TICK_COMPLETION_REPORT_SENT },
	{ KIND_QUESTION, TICK_STAFF },
	{ KIND_REPLY, TICK_STAFF },
	{ KIND_FORWARD, TICK_STAFF },
	{ KIND_STAFF, TICK_STAFF },
	{ KIND_DETAILS, TICK_STAFF },
};

START_TEST(checklist_letters)
{
	ck_assert_int_eq(checklist_event_of(letters[_i].kind), letters[_i].event);
}
END_TEST

/* a table that can be read, and how many items it has */
static const struct {
	const char *text;
	size_t count;
} tables[] = {
	{ "", 0 },
	{ "# only this\n\n", 0 },
	{ GOOD, 1 },
	{ GOOD "1.2\treport\tyes\tchannel-agreed\tい\tb\n", 2 },
	{ "# x\r\n1.1\treceive\tno\tstaff\tあ\ta\r\n", 1 },
	{ "1.1\treceive\tno\tstaff\tあ\ta", 1 },
};

START_TEST(checklist_tables)
{
	struct checklist checklist;

	ck_assert_int_eq(read_text(tables[_i].text, &checklist, NULL), DONE);
	ck_assert_uint_eq(checklist.count, tables[_i].count);
	if (checklist.count > 0)
		ck_assert_str_eq(checklist.items[0].title_en, "a");
}
END_TEST

/* a table with a mistake, and what the sentence must say */
static const struct {
	const char *text, *wrong;
} mistakes[] = {
	{ "1.1\treceive\tno\tstaff\tあ\n", "line 1: six columns" },
	{ "1.1\treceive\tno\tstaff\tあ\ta\tmore\n", "line 1: six columns" },
	{ "\n1.1 receive no staff\n", "line 2: six columns" },
	{ GOOD "\treceive\tno\tstaff\tあ\ta\n", "line 2: a column is empty" },
	{ "1.1\treceive\tno\tstaff\t\ta\n", "line 1: a column is empty" },
	{ GOOD "# x\n" GOOD, "line 3: the item stands there twice" },
	{ "1.1\treceiving\tno\tstaff\tあ\ta\n", "line 1: unknown phase" },
	{ "1.1\treceive\tmaybe\tstaff\tあ\ta\n", "line 1: the third column" },
	{ "1.1\treceive\tno\tnobody\tあ\ta\n", "line 1: unknown event" },
	{ "1.1\treceive\tno\tstaff\t\xff\ta\n", "not valid UTF-8" },
};

START_TEST(checklist_mistakes)
{
	struct checklist checklist = { NULL, 77 };
	struct err err = { "" };

	ck_assert_int_eq(read_text(mistakes[_i].text, &checklist, &err), NEVER);
	ck_assert_msg(strstr(err.text, mistakes[_i].wrong) != NULL, "%s", err.text);
	ck_assert_uint_eq(checklist.count, 77);
}
END_TEST

START_TEST(checklist_too_long)
{
	char *text = arena_alloc(arena, (CHECKLIST_MAX + 1) * 40 + 1);
	struct checklist checklist;
	struct err err = { "" };
	size_t len = 0;

	for (int i = 0; i < CHECKLIST_MAX; i++)
		len += (size_t)sprintf(text + len, "9.%d\treceive\tno\tstaff\tx\tx\n", i);
	ck_assert_int_eq(checklist_read(arena, text, len, &checklist, &err), DONE);
	ck_assert_uint_eq(checklist.count, CHECKLIST_MAX);
	len += (size_t)sprintf(text + len, "8.1\treceive\tno\tstaff\tx\tx\n");
	ck_assert_int_eq(checklist_read(arena, text, len, &checklist, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "line 201"));
}
END_TEST

/* Phases that follow from ticks of the shipped list. */
static const struct {
	const char *ticks;	/* items with blanks between them */
	enum phase phase;
} progress[] = {
	{ "", PHASE_RECEIVE },
	{ "1.2", PHASE_RECEIVE },
	{ "1.1 1.2 1.3 1.4 1.5 1.6", PHASE_RECEIVE },
	{ "1.1 1.2 1.3 1.4 1.5 1.6 1.7", PHASE_INVESTIGATE },
	{ "1.2 2.3", PHASE_INVESTIGATE },
	{ "2.1 2.2 2.3 2.4 2.5", PHASE_ASSESS },
	{ "5.5 1.2", PHASE_IMPLEMENT },
	{ "6.1", PHASE_REPORT },
	{ "stop-site 9.9", PHASE_RECEIVE },
};

START_TEST(checklist_progress)
{
	char *words = arena_strdup(arena, progress[_i].ticks), *rest = NULL;
	struct record_tick ticks[16];
	struct checklist checklist;
	struct err err = { "" };
	size_t len, count = 0;
	const char *bytes = rule_conf(arena, "checklist.tsv", &len);

	ck_assert(checklist_read(arena, bytes, len, &checklist, &err) == DONE);
	for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		ticks[count++] = (struct record_tick){ .item = word };
	ck_assert_int_eq(checklist_phase(&checklist, ticks, count), progress[_i].phase);
}
END_TEST

START_TEST(checklist_followed)
{
	/* it followed: on and back */
	ck_assert_int_eq(checklist_follow(PHASE_RECEIVE, PHASE_RECEIVE, PHASE_ASSESS), PHASE_ASSESS);
	ck_assert_int_eq(checklist_follow(PHASE_ASSESS, PHASE_ASSESS, PHASE_RECEIVE), PHASE_RECEIVE);
	/* a person set it: on only */
	ck_assert_int_eq(checklist_follow(PHASE_PLAN, PHASE_RECEIVE, PHASE_ASSESS), PHASE_PLAN);
	ck_assert_int_eq(checklist_follow(PHASE_PLAN, PHASE_RECEIVE, PHASE_REPORT), PHASE_REPORT);
	ck_assert_int_eq(checklist_follow(PHASE_RECEIVE, PHASE_ASSESS, PHASE_INVESTIGATE),
		PHASE_INVESTIGATE);
}
END_TEST

START_TEST(incident_list)
{
	ck_assert_ptr_eq(incident_find("authority-report"), &incident_items[2]);
	ck_assert_ptr_null(incident_find("1.1"));
	ck_assert_ptr_null(incident_find(""));
}
END_TEST

static Suite *
suite_checklist(void)
{
	Suite *suite = suite_create("checklist");
	TCase *tests = tcase_create("checklist");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, checklist_shipped);
	tcase_add_loop_test(tests, checklist_letters, 0, sizeof(letters) / sizeof(letters[0]));
	tcase_add_loop_test(tests, checklist_tables, 0, sizeof(tables) / sizeof(tables[0]));
	tcase_add_loop_test(tests, checklist_mistakes, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tests, checklist_too_long);
	tcase_add_loop_test(tests, checklist_progress, 0, sizeof(progress) / sizeof(progress[0]));
	tcase_add_test(tests, checklist_followed);
	tcase_add_test(tests, incident_list);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_checklist());
}
