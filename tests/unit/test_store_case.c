/*
 * Cases: their parts, lists, candidates for threading, who takes part, deadlines,
 * ticks, incidents, merging.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

static const char *site_names[] = { "https://www.example.jp", "https://shop.example.jp" };

static const struct policy_desk desks[] = {
	{ .title = "www", .sites = { 2, site_names } },
	{ .title = "mail", .sites = { 2, site_names } },
};
static const struct policy_coordinator coordinators[] = { { .name = "JPCERT" },
	{ .name = "IPA" } };
static const struct policy policy = {
	.desks = desks, .desk_count = 2, .coordinators = coordinators, .coordinator_count = 2
};

static struct decide_case candidates[DECIDE_CASES];

static size_t
by_number(const char *number)
{
	return store_candidates_by_number(store, arena, &policy, 0, &number, 1, candidates);
}

/* Processor time that it takes to ask for a case of so many messages, many times over. */
static int64_t
cost_of_asking(int messages)
{
	struct record_case in = case_record();
	char name[32];
	int64_t id, from;

	(void)snprintf(name, sizeof(name), "IPA#%08d", messages);
	begin();
	id = store_case_add(store, &in);
	store_case_number_add(store, id, "IPA", name, true);
	for (int i = 0; i < messages; i++) {
		char message_id[48];

		(void)snprintf(message_id, sizeof(message_id), "<%d.%d@x>", messages, i);
		store_case_message_add(store, id, add_message(message_id));
	}
	commit();
	from = unit_cpu_ms();
	for (int i = 0; i < 3000; i++)
		ck_assert_uint_eq(by_number(name), 1);
	return unit_cpu_ms() - from;
}

/* A flood of mail into one case: what is asked for each of them does not grow with it. */
START_TEST(test_asking_costs_the_same)
{
	int64_t few = cost_of_asking(50), many = cost_of_asking(4000);

	ck_assert_msg(many <= 3 * few + 300, "%lld ms, and %lld ms for few", (long long)many,
		(long long)few);
}
END_TEST

START_TEST(test_whole_case)
{
	struct record_case in = case_record(), *out;
	int64_t id;

	in.origin = ORIGIN_FORM;
	in.stage = STAGE_ENCRYPTION;
	in.phase = PHASE_PLAN;
	in.trust = TRUST_VERIFIED;
	in.assignee = "officer";
	begin();
	id = store_case_add(store, &in);
	store_case_number_add(store, id, "IPA", "IPA#00000002", false);
	store_case_number_add(store, id, "IPA", "IPA#00000001", false);
	store_case_number_add(store, id, "IPA", "IPA#00000002", false);
	store_case_site_add(store, id, site_names[1]);
	store_case_site_add(store, id, site_names[0]);
	store_case_site_add(store, id, site_names[1]);
	store_case_message_add(store, id, add_message("<a>"));
	store_case_message_add(store, id, add_message("<b>"));
	commit();
	out = store_case_get(store, arena, id);
	ck_assert_int_eq(out->id, id);
	ck_assert_str_eq(out->desk, "www");
	ck_assert_str_eq(out->title, "a case");
	ck_assert_str_eq(out->coordinator, "IPA");
	ck_assert_int_eq(out->origin, ORIGIN_FORM);
	ck_assert_int_eq(out->state, CASE_OPEN);
	ck_assert_int_eq(out->stage, STAGE_ENCRYPTION);
	ck_assert_int_eq(out->phase, PHASE_PLAN);
	ck_assert_int_eq(out->trust, TRUST_VERIFIED);
	ck_assert_str_eq(out->assignee, "officer");
	ck_assert(!out->number_bound && !out->has_deadline);
	ck_assert_int_eq(out->messages, 2);
	ck_assert_uint_eq(out->number_count, 2);
	ck_assert_str_eq(out->numbers[0], "IPA#00000002");
	ck_assert_uint_eq(out->site_count, 2);
	ck_assert_str_eq(out->sites[0], site_names[1]);
	ck_assert_uint_eq(out->beside_count, 0);
	ck_assert_ptr_null(store_case_get(store, arena, id + 1));
	no_fault();
}
END_TEST

/* The number that is bound becomes the main one, and the case says so. */
START_TEST(test_number_bound_later)
{
	struct record_case *record;
	int64_t id;

	begin();
	id = add_case();
	store_case_number_add(store, id, "IPA", "IPA#1", false);
	store_case_number_add(store, id, "IPA", "IPA#2", true);
	record = store_case_get(store, arena, id);
	ck_assert(record->number_bound);
	ck_assert_str_eq(record->numbers[0], "IPA#2");
	store_case_number_add(store, id, "IPA", "IPA#2", false);
	ck_assert(by_number("IPA#2") == 1 && candidates[0].number_bound);
	store_case_number_add(store, id, "IPA", "IPA#1", true);
	record = store_case_get(store, arena, id);
	ck_assert_str_eq(record->numbers[0], "IPA#1");
	commit();
}
END_TEST

START_TEST(test_update)
{
	struct record_case *record;
	int64_t id;

	begin();
	id = add_case();
	record = store_case_get(store, arena, id);
	record->title = "新しい";
	record->coordinator = NULL;
	record->state = CASE_CLOSED;
	record->stage = STAGE_DETAILS;
	record->phase = PHASE_REPORT;
	record->trust = TRUST_SUSPECT;
	record->assignee = "deputy";
	record->updated_at = NOW + 5;
	record->number_bound = true;
	store_case_update(store, record);
	commit();
	record = store_case_get(store, arena, id);
	ck_assert_str_eq(record->title, "新しい");
	ck_assert_ptr_null(record->coordinator);
	ck_assert_int_eq(record->state, CASE_CLOSED);
	ck_assert_int_eq(record->stage, STAGE_DETAILS);
	ck_assert_int_eq(record->phase, PHASE_REPORT);
	ck_assert_int_eq(record->trust, TRUST_SUSPECT);
	ck_assert_str_eq(record->assignee, "deputy");
	ck_assert_int_eq(record->updated_at, NOW + 5);
	ck_assert_int_eq(record->opened_at, NOW);
	ck_assert(record->number_bound);
}
END_TEST

/* Of the same desk only, and no more than a person can look through. */
START_TEST(test_beside)
{
	struct record_case *record, other = case_record();
	int64_t id, first = 0;

	other.desk = "mail";
	begin();
	id = add_case();
	store_case_number_add(store, id, "IPA", "IPA#1", true);
	store_case_number_add(store, id, "IPA", "IPA#2", false);
	store_case_number_add(store, store_case_add(store, &other), "IPA", "IPA#1", false);
	for (int i = 0; i < STORE_BESIDE_MAX + 6; i++) {
		int64_t forged = add_case();

		if (first == 0)
			first = forged;
		store_case_number_add(store, forged, "IPA", "IPA#1", false);
		store_case_number_add(store, forged, "IPA", "IPA#2", false);
	}
	commit();
	record = store_case_get(store, arena, id);
	ck_assert_uint_eq(record->beside_count, STORE_BESIDE_MAX);
	ck_assert_int_eq(record->beside[0], first);
}
END_TEST

START_TEST(test_list)
{
	struct record_case closed = case_record(), other = case_record(), *list;
	int64_t a, b, c, d;

	closed.state = CASE_CLOSED;
	other.desk = "mail";
	begin();
	a = add_case();
	b = store_case_add(store, &closed);
	c = store_case_add(store, &other);
	d = add_case();
	store_deadline_open(store, a, DEADLINE_CONTACT, NOW + 2, SOURCE_RULE, 0);
	store_deadline_open(store, a, DEADLINE_ACKNOWLEDGE, NOW + 1, SOURCE_RULE, 0);
	store_deadline_open(store, b, DEADLINE_CONTACT, NOW - 1, SOURCE_RULE, 0);
	store_deadline_open(store, d, DEADLINE_CONTACT, NOW - 1, SOURCE_RULE, 0);
	store_deadline_meet(store, d, DEADLINE_CONTACT, 0);
	store_deadline_open(store, d, DEADLINE_REMEDIATION, NOW, SOURCE_RULE, 0);
	commit();
	for (size_t i = 0; i < 2; i++) {
		struct store_case_filter all = { .open = i == 0, .closed = i == 0 };

		ck_assert_uint_eq(store_case_list(store, arena, &all, &list), 4);
	}
	struct {
		struct store_case_filter filter;
		size_t count;
		int64_t first;
	} rows[] = {
		{ { .open = true }, 3, a },
		{ { .open = true, .desk = "mail" }, 1, c },
		{ { .open = true, .desk = "nobody" }, 0, 0 },
		{ { .closed = true }, 1, b },
		{ { .open = true, .overdue = true, .now = NOW + 1 }, 1, d },
		{ { .open = true, .overdue = true, .now = NOW }, 0, 0 },
		{ { .open = true, .overdue = true, .now = NOW + 9 }, 2, a },
		{ { .open = true, .closed = true, .overdue = true, .now = NOW + 1 }, 2, b },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_uint_eq(
			store_case_list(store, arena, &rows[i].filter, &list), rows[i].count);
		if (rows[i].count > 0)
			ck_assert_int_eq(list[0].id, rows[i].first);
	}
	rows[0].filter.desk = NULL;
	store_case_list(store, arena, &rows[0].filter, &list);
	ck_assert(list[0].has_deadline);
	ck_assert_int_eq(list[0].next_deadline.kind, DEADLINE_ACKNOWLEDGE);
	ck_assert_int_eq(list[0].next_deadline.due, NOW + 1);
	ck_assert_int_eq(list[0].next_deadline.case_id, a);
	ck_assert(!list[1].has_deadline);
	no_fault();
}
END_TEST

START_TEST(test_by_number_bound_first)
{
	int64_t claimed, bound, suspect, *ids;
	struct record_case record = case_record();

	record.trust = TRUST_SUSPECT;
	begin();
	suspect = store_case_add(store, &record);
	claimed = add_case();
	bound = add_case();
	store_case_number_add(store, suspect, "IPA", "IPA#1", false);
	store_case_number_add(store, claimed, "IPA", "IPA#1", false);
	store_case_number_add(store, bound, "IPA", "IPA#9", true);
	store_case_number_add(store, bound, "IPA", "IPA#1", true);
	store_case_site_add(store, bound, site_names[1]);
	store_case_site_add(store, bound, "https://gone.example.jp");
	store_case_message_add(store, suspect, add_message("<believed>"));
	commit();
	ck_assert_uint_eq(store_case_by_number(store, arena, "IPA#1", &ids), 3);
	ck_assert_int_eq(ids[0], bound);
	ck_assert_uint_eq(by_number("IPA#1"), 3);
	ck_assert_int_eq(candidates[0].id, bound);
	ck_assert_int_eq(candidates[1].id, claimed);
	ck_assert_int_eq(candidates[2].id, suspect);
	ck_assert(candidates[0].number_bound && candidates[0].has_number);
	ck_assert_str_eq(candidates[0].number, "IPA#1");
	ck_assert_uint_eq(candidates[0].sites, 2);
	ck_assert_int_eq(candidates[0].coordinator, 1);
	ck_assert_int_eq(candidates[0].opened_at, NOW);
	ck_assert(!candidates[1].number_bound);
	ck_assert(!candidates[2].only_suspect);
	ck_assert_uint_eq(by_number("IPA#2"), 0);
	ck_assert_uint_eq(store_candidates_by_number(store, arena, &policy, 1,
				  &(const char *){ "IPA#1" }, 1, candidates),
		0);
	no_fault();
}
END_TEST

/* A flood of forgeries fills the list, and the true case still stands in it. */
START_TEST(test_flood)
{
	struct record_case forged = case_record();
	int64_t id;

	forged.trust = TRUST_SUSPECT;
	begin();
	for (int i = 0; i < 3 * DECIDE_CASES; i++) {
		if (i == DECIDE_CASES)
			id = add_case();
		store_case_number_add(store,
			i == DECIDE_CASES ? id : store_case_add(store, &forged), "IPA", "IPA#1",
			false);
	}
	commit();
	ck_assert_uint_eq(by_number("IPA#1"), DECIDE_CASES);
	ck_assert_int_eq(candidates[0].id, id);
}
END_TEST

START_TEST(test_only_suspect)
{
	struct record_message message;
	int64_t telephone, forged, both, answered;
	const char *numbers[] = { "1", "2", "3", "4" };
	static const bool expected[] = { false, true, false, true };

	begin();
	telephone = add_case();
	forged = add_case();
	both = add_case();
	answered = add_case();
	store_case_number_add(store, telephone, NULL, "1", false);
	store_case_number_add(store, forged, NULL, "2", false);
	store_case_number_add(store, both, NULL, "3", false);
	store_case_number_add(store, answered, NULL, "4", false);
	message = message_record("<suspect>");
	message.trust = TRUST_SUSPECT;
	int64_t suspect = store_message_add(store, &message, NULL, 0);
	message = message_record("<sent>");
	message.direction = DIRECTION_OUT;
	message.trust = TRUST_VERIFIED;
	int64_t sent = store_message_add(store, &message, NULL, 0);
	store_case_message_add(store, forged, suspect);
	store_case_message_add(store, both, suspect);
	store_case_message_add(store, both, add_message("<good>"));
	store_case_message_add(store, answered, suspect);
	store_case_message_add(store, answered, sent);
	commit();
	ck_assert_uint_eq(
		store_candidates_by_number(store, arena, &policy, 0, numbers, 4, candidates), 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(candidates[i].only_suspect, expected[i]);
}
END_TEST

START_TEST(test_by_reference)
{
	const char *ids[] = { "<nobody@x>", "<in@ipa>", "<out@www>", "<in@ipa>" };
	struct record_outbox entry = outbox_record("<out@www>");
	struct record_message twin = message_record("<twin>");
	int64_t a, b, other_desk, message;
	struct record_case record = case_record();

	record.desk = "mail";
	begin();
	a = add_case();
	b = add_case();
	other_desk = store_case_add(store, &record);
	store_case_number_add(store, a, "IPA", "IPA#7", true);
	message = add_message("<in@ipa>");
	store_case_message_add(store, a, message);
	store_case_message_add(store, b, message);
	entry.case_id = b;
	store_outbox_add(store, &entry);
	twin.desk = "mail";
	twin.message_id = "<in@ipa>";
	store_case_message_add(store, other_desk, store_message_add(store, &twin, NULL, 0));
	commit();
	ck_assert_uint_eq(
		store_candidates_by_reference(store, arena, &policy, 0, ids, 4, candidates), 2);
	ck_assert_int_eq(candidates[0].id, a);
	ck_assert_str_eq(candidates[0].number, "IPA#7");
	ck_assert(candidates[0].number_bound);
	ck_assert_int_eq(candidates[1].id, b);
	ck_assert(!candidates[1].has_number);
	ck_assert_uint_eq(
		store_candidates_by_reference(store, arena, &policy, 0, &ids[2], 1, candidates),
		1);
	ck_assert_int_eq(candidates[0].id, b);
	ck_assert_uint_eq(
		store_candidates_by_reference(store, arena, &policy, 0, ids, 1, candidates), 0);
	no_fault();
}
END_TEST

START_TEST(test_by_site)
{
	struct record_case record = case_record();
	int64_t fits, id;

	begin();
	fits = add_case();
	store_case_site_add(store, fits, site_names[0]);
	id = add_case(); /* another site */
	store_case_site_add(store, id, site_names[1]);
	id = add_case(); /* numbered */
	store_case_site_add(store, id, site_names[0]);
	store_case_number_add(store, id, "IPA", "IPA#1", false);
	record.state = CASE_CLOSED;
	store_case_site_add(store, store_case_add(store, &record), site_names[0]);
	record = case_record();
	record.coordinator = "JPCERT";
	store_case_site_add(store, store_case_add(store, &record), site_names[0]);
	record = case_record();
	record.opened_at = NOW - 90 * DAY;
	store_case_site_add(store, store_case_add(store, &record), site_names[0]);
	record = case_record();
	record.desk = "mail";
	store_case_site_add(store, store_case_add(store, &record), site_names[0]);
	commit();
	ck_assert_uint_eq(store_candidates_by_site(
				  store, arena, &policy, 0, 1, 1, NOW - 90 * DAY, candidates),
		1);
	ck_assert_int_eq(candidates[0].id, fits);
	ck_assert_uint_eq(candidates[0].sites, 1);
	ck_assert_uint_eq(store_candidates_by_site(
				  store, arena, &policy, 0, 1, 3, NOW - 91 * DAY, candidates),
		3);
	ck_assert_uint_eq(
		store_candidates_by_site(store, arena, &policy, 0, 1, 0, 0, candidates), 0);
	no_fault();
}
END_TEST

START_TEST(test_takes_part)
{
	int64_t cases[2];

	begin();
	cases[0] = add_case();
	cases[1] = add_case();
	store_case_party_add(store, cases[1], "Finder@Example.com");
	store_case_party_add(store, cases[1], "finder@example.com");
	commit();
	ck_assert(store_takes_part(store, "finder@EXAMPLE.com", cases, 2));
	ck_assert(!store_takes_part(store, "finder@example.com", cases, 1));
	ck_assert(!store_takes_part(store, "finder@example.com", cases, 0));
	ck_assert(!store_takes_part(store, "finder@example.co", cases, 2));
	no_fault();
}
END_TEST

START_TEST(test_case_messages)
{
	struct record_message *list, message;
	int64_t id, late;

	begin();
	id = add_case();
	message = message_record("<late>");
	message.received_at = NOW + SECOND;
	late = store_message_add(store, &message, NULL, 0);
	store_case_message_add(store, id, late);
	store_case_message_add(store, id, late);
	store_case_message_add(store, id, add_message("<early>"));
	/* Ours, made between two mails that the mailbox gives the same second. */
	message = message_record("<answer>");
	message.received_at = NOW + SECOND / 2;
	store_case_message_add(store, id, store_message_add(store, &message, NULL, 0));
	store_case_message_add(store, id, add_message("<same second>"));
	add_message("<elsewhere>");
	ck_assert_uint_eq(store_case_messages(store, arena, id, &list), 4);
	ck_assert_str_eq(list[0].message_id, "<early>");
	ck_assert_str_eq(list[1].message_id, "<answer>");
	ck_assert_str_eq(list[2].message_id, "<same second>");
	ck_assert_str_eq(list[3].message_id, "<late>");
	ck_assert_uint_eq(store_message_list(store, arena, STORE_ALL, 3, &list), 3);
	ck_assert_str_eq(list[0].message_id, "<same second>");
	ck_assert_str_eq(list[2].message_id, "<late>");
	store_case_message_remove(store, id, late);
	ck_assert_uint_eq(store_case_messages(store, arena, id, &list), 3);
	ck_assert_uint_eq(store_message_get(store, arena, late)->case_count, 0);
	commit();
}
END_TEST

START_TEST(test_deadlines)
{
	struct record_deadline *list;
	int64_t id, message;

	begin();
	id = add_case();
	message = add_message("<a>");
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 3, SOURCE_RULE, message),
		0);
	ck_assert_int_eq(
		store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 9, SOURCE_RULE, message),
		0);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 1, SOURCE_MAIL, message),
		0);
	ck_assert_int_eq(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 1, SOURCE_MAIL, message),
		0);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 2, SOURCE_MAIL, message),
		0);
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 3);
	ck_assert_int_eq(list[0].due, NOW + 1);
	ck_assert_int_eq(list[0].source, SOURCE_MAIL);
	ck_assert_int_eq(list[0].from_message, message);
	ck_assert_int_eq(list[2].kind, DEADLINE_CONTACT);
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_REQUESTED, message), 2);
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_REQUESTED, message), 0);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[0].state, DEADLINE_MET);
	ck_assert_int_eq(list[0].met_by, message);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 20, SOURCE_STAFF, 0), 0);
	ck_assert_int_eq(
		store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 20, SOURCE_STAFF, 0), 0);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[2].state, DEADLINE_CANCELLED);
	ck_assert_int_eq(list[3].state, DEADLINE_PENDING);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_INVESTIGATION, NOW + 30, SOURCE_RULE, 0),
		0);
	ck_assert_int_eq(store_deadlines_end(store, id, NOW + SECOND + 25), 2);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[3].state, DEADLINE_MISSED);
	ck_assert_int_eq(list[4].state, DEADLINE_CANCELLED);
	commit();
}
END_TEST

/* Its mail is judged again: what became of it is known. */
START_TEST(test_deadline_not_opened_twice)
{
	int64_t id, message;

	begin();
	id = add_case();
	message = add_message("<a>");
	store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 1, SOURCE_MAIL, message);
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 3, SOURCE_RULE, message);
	store_deadline_meet(store, id, DEADLINE_REQUESTED, 0);
	store_deadline_meet(store, id, DEADLINE_CONTACT, 0);
	ck_assert_int_eq(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 1, SOURCE_MAIL, message),
		0);
	ck_assert_int_eq(
		store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 3, SOURCE_RULE, message),
		0);
	/* Another day, another mail, and what a forgery's withdrawing ended are not met. */
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 2, SOURCE_MAIL, message),
		0);
	ck_assert_int_ne(store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 1, SOURCE_MAIL,
		add_message("<b>")), 0);
	ck_assert_int_eq(store_deadlines_withdraw(store, message), 1);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_REQUESTED, NOW + 2, SOURCE_MAIL, message),
		0);
	commit();
}
END_TEST

static int64_t
add_details(const char *name, enum trust trust)
{
	struct record_message message = message_record(name);

	message.stage = STAGE_DETAILS;
	message.trust = trust;
	return store_message_add(store, &message, NULL, 0);
}

static void
set_trust(int64_t id, enum trust trust)
{
	struct record_message *message = store_message_get(store, arena, id);

	message->trust = trust;
	store_message_update(store, message);
}

static int64_t
ask(int64_t id, int64_t due, enum deadline_source source, int64_t message)
{
	enum deadline_kind kind =
		source == SOURCE_RULE ? DEADLINE_INVESTIGATION : DEADLINE_REQUESTED;

	store_deadline_take_over(store, id, kind, due, source, message);
	return store_deadline_open(store, id, kind, due, source, message);
}

/* The case's pending deadline is that mail's, by that day, and it is the only one. */
static void
check_pending(int64_t id, int64_t message, int64_t due)
{
	struct record_deadline *list;
	size_t count = store_deadlines(store, arena, id, &list), pending = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].state != DEADLINE_PENDING)
			continue;
		pending++;
		ck_assert_int_eq(list[i].from_message, message);
		ck_assert_int_eq(list[i].due, due);
	}
	ck_assert_uint_eq(pending, 1);
}

/* What a mail opened that nobody believes becomes the believed one's, and outlives it. */
START_TEST(test_deadline_taken_over)
{
	static const struct {
		enum deadline_source source;
		int64_t forged, believed;	/* their days */
		int64_t stands, after;		/* and once the first is called forged */
	} rows[] = {
		{ SOURCE_RULE, 3, 7, 3, 7 },
		{ SOURCE_RULE, 7, 3, 3, 3 },
		{ SOURCE_RULE, 5, 5, 5, 5 },
		{ SOURCE_MAIL, 5, 5, 5, 5 },
	};
	int64_t id, forged, believed, first;
	struct record_deadline *list;

	begin();
	id = add_case();
	forged = add_details("<forged>", TRUST_UNVERIFIED);
	believed = add_details("<believed>", TRUST_VERIFIED);
	first = ask(id, NOW + rows[_i].forged, rows[_i].source, forged);
	ck_assert_int_ne(first, 0);
	ck_assert_int_eq(ask(id, NOW + rows[_i].believed, rows[_i].source, believed), 0);
	check_pending(id, believed, NOW + rows[_i].stands);
	/* The first one's stays on record; asked anew, either changes nothing. */
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 2);
	ck_assert_int_eq(ask(id, NOW + rows[_i].believed, rows[_i].source, believed), 0);
	ck_assert_int_eq(ask(id, NOW + rows[_i].forged, rows[_i].source, forged), 0);
	check_pending(id, believed, NOW + rows[_i].stands);
	set_trust(forged, TRUST_SUSPECT);
	ck_assert_int_eq(store_deadlines_withdraw(store, forged), 0);
	check_pending(id, believed, NOW + rows[_i].stands);
	ck_assert_int_eq(ask(id, NOW + rows[_i].believed, rows[_i].source, believed), 0);
	check_pending(id, believed, NOW + rows[_i].after);
	/* Met, it is not asked for again when they are judged again. */
	store_deadline_meet(store, id, DEADLINE_INVESTIGATION, 0);
	store_deadline_meet(store, id, DEADLINE_REQUESTED, 0);
	ck_assert_int_eq(ask(id, NOW + rows[_i].believed, rows[_i].source, believed), 0);
	commit();
	no_fault();
}
END_TEST

/* It is met under the earlier day; then either mail is judged again. */
START_TEST(test_deadline_taken_over_and_met)
{
	int64_t id, first, believed;

	begin();
	id = add_case();
	first = add_details("<first>", TRUST_UNVERIFIED);
	believed = add_details("<believed>", TRUST_VERIFIED);
	ask(id, NOW + 3, SOURCE_RULE, first);
	ask(id, NOW + 7, SOURCE_RULE, believed);
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_INVESTIGATION, 0), 1);
	set_trust(first, TRUST_VERIFIED);
	ck_assert_int_eq(ask(id, NOW + 3, SOURCE_RULE, first), 0);
	ck_assert_int_eq(ask(id, NOW + 7, SOURCE_RULE, believed), 0);
	commit();
	no_fault();
}
END_TEST

/* Only what nobody believes gives way, and only for the same. */
START_TEST(test_deadline_not_taken_over)
{
	int64_t id, first, second;

	begin();
	id = add_case();
	first = add_details("<first>", TRUST_AUTHENTICATED);
	second = add_details("<second>", TRUST_VERIFIED);
	ask(id, NOW + 3, SOURCE_RULE, first);
	ask(id, NOW + 1, SOURCE_RULE, second);
	check_pending(id, first, NOW + 3);
	/* A contact's mail is of another stage. */
	id = add_case();
	set_trust(first, TRUST_UNVERIFIED);
	ask(id, NOW + 3, SOURCE_RULE, first);
	ck_assert_int_ne(ask(id, NOW + 4, SOURCE_RULE, add_message("<contact>")), 0);
	/* Another day that is asked for is another thing. */
	id = add_case();
	ask(id, NOW + 3, SOURCE_MAIL, first);
	ck_assert_int_ne(ask(id, NOW + 4, SOURCE_MAIL, second), 0);
	commit();
	no_fault();
}
END_TEST

/* A person's day stands, though the mail whose day it took the place of is judged again. */
START_TEST(test_deadline_by_hand_stands)
{
	struct record_deadline *list;
	int64_t id, message;

	begin();
	id = add_case();
	message = add_message("<a>");
	store_deadline_open(store, id, DEADLINE_INVESTIGATION, NOW + 1, SOURCE_RULE, message);
	store_deadline_open(store, id, DEADLINE_INVESTIGATION, NOW + 9, SOURCE_STAFF, 0);
	ck_assert_int_eq(store_deadline_open(store, id, DEADLINE_INVESTIGATION, NOW + 1, SOURCE_RULE,
		message), 0);
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 2);
	ck_assert_int_eq(list[0].state, DEADLINE_CANCELLED);
	ck_assert_int_eq(list[1].state, DEADLINE_PENDING);
	commit();
}
END_TEST

/* A letter of ours to that address. */
static int64_t
add_letter(const char *name, const char *to)
{
	struct record_message message = message_record(name);

	message.direction = DIRECTION_OUT;
	message.kind = KIND_FORWARD;
	message.stage = STAGE_NONE;
	message.to = to;
	return store_message_add(store, &message, name, strlen(name));
}

/* Each whom we asked owes it by himself, once. */
START_TEST(test_deadline_of_each)
{
	const enum deadline_kind kind = DEADLINE_VENDOR_RECEIPT;
	struct record_deadline *list;
	int64_t id, maker, hoster;

	begin();
	id = add_case();
	maker = add_letter("<a>", "maker@example.jp");
	hoster = add_letter("<b>", "hoster@example.jp");
	ck_assert_int_ne(store_deadline_open(store, id, kind, NOW + 1, SOURCE_RULE, maker), 0);
	ck_assert_int_ne(store_deadline_open(store, id, kind, NOW + 2, SOURCE_RULE, hoster), 0);
	ck_assert_int_eq(store_deadline_open(store, id, kind, NOW + 3, SOURCE_RULE,
		add_letter("<c>", "Maker@example.jp")), 0);
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 2);
	ck_assert_str_eq(list[0].asked, "maker@example.jp");
	ck_assert_str_eq(list[1].asked, "hoster@example.jp");
	store_deadline_meet_one(store, list[0].id, 0);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[0].state, DEADLINE_MET);
	ck_assert_int_eq(list[1].state, DEADLINE_PENDING);
	ck_assert_int_ne(store_deadline_open(store, id, kind, NOW + 3, SOURCE_RULE,
		add_letter("<d>", "maker@example.jp")), 0);
	/* What met it was forged. */
	store_deadline_meet_one(store, list[1].id, maker);
	store_deadlines_unmeet(store, id, maker);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[0].state, DEADLINE_MET);
	ck_assert_int_eq(list[1].state, DEADLINE_PENDING);
	ck_assert_int_eq(list[1].met_by, 0);
	commit();
}
END_TEST

/* So does each whom a person gives a day; a day of nobody's stands beside what is asked later. */
START_TEST(test_deadline_of_each_by_hand)
{
	const enum deadline_kind kind = DEADLINE_THEIR_ANSWER;
	struct record_deadline *list;
	int64_t id;

	begin();
	id = add_case();
	ck_assert_int_ne(store_deadline_open(store, id, kind, NOW + 9, SOURCE_STAFF, 0), 0);
	store_deadlines(store, arena, id, &list);
	ck_assert_ptr_null(list[0].asked);
	store_deadline_open(store, id, kind, NOW + 1, SOURCE_RULE, add_letter("<a>", "one@example.jp"));
	store_deadline_open(store, id, kind, NOW + 2, SOURCE_RULE, add_letter("<b>", "two@example.jp"));
	ck_assert_int_ne(store_deadline_open(store, id, kind, NOW + 9, SOURCE_STAFF, 0), 0);
	ck_assert_int_eq(store_deadline_open(store, id, kind, NOW + 9, SOURCE_STAFF, 0), 0);
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 5);
	for (size_t i = 0; i < 5; i++) {
		ck_assert_int_eq(list[i].state, i < 2 ? DEADLINE_CANCELLED : DEADLINE_PENDING);
		ck_assert_int_eq(list[i].source, i < 2 ? SOURCE_RULE : SOURCE_STAFF);
	}
	ck_assert_str_eq(list[3].asked, "one@example.jp");
	ck_assert_str_eq(list[4].asked, "two@example.jp");
	commit();
}
END_TEST

START_TEST(test_pending)
{
	struct record_case closed = case_record();
	struct record_deadline *list;
	int64_t a, b;

	closed.state = CASE_CLOSED;
	begin();
	a = add_case();
	b = add_case();
	store_deadline_open(store, a, DEADLINE_CONTACT, NOW + 5, SOURCE_RULE, 0);
	store_deadline_open(store, b, DEADLINE_CONTACT, NOW + 1, SOURCE_RULE, 0);
	store_deadline_open(store, b, DEADLINE_ENCRYPTION, NOW + 9, SOURCE_RULE, 0);
	store_deadline_open(
		store, store_case_add(store, &closed), DEADLINE_CONTACT, NOW, SOURCE_RULE, 0);
	commit();
	ck_assert_uint_eq(store_deadlines_pending(store, arena, 0, &list), 3);
	ck_assert_int_eq(list[0].case_id, b);
	ck_assert_int_eq(list[1].case_id, a);
	ck_assert_uint_eq(store_deadlines_pending(store, arena, 1, &list), 1);
	ck_assert_int_eq(list[0].due, NOW + 1);
}
END_TEST

START_TEST(test_ticks)
{
	struct record_tick *list;
	int64_t id;

	begin();
	id = add_case();
	store_tick(store, id, "1.2", NOW, "officer");
	store_tick(store, id, "1.1", NOW + 1, "officer");
	store_tick(store, id, "1.2", NOW + 2, "deputy");
	ck_assert_uint_eq(store_ticks(store, arena, id, &list), 2);
	ck_assert_str_eq(list[0].item, "1.1");
	ck_assert_str_eq(list[1].done_by, "officer");
	ck_assert_int_eq(list[1].done_at, NOW);
	ck_assert(store_untick(store, id, "1.2"));
	ck_assert(!store_untick(store, id, "1.2"));
	ck_assert_uint_eq(store_ticks(store, arena, id, &list), 1);
	commit();
}
END_TEST

START_TEST(test_incident)
{
	struct record_incident incident;
	int64_t id;

	begin();
	id = add_case();
	ck_assert(!store_incident_get(store, arena, id, &incident));
	ck_assert(store_incident_open(store, id, NOW, "officer"));
	ck_assert(!store_incident_open(store, id, NOW + 1, "deputy"));
	store_incident_due(store, id, "tell-users", NOW + 1);
	store_incident_due(store, id, "authority-report", NOW + 2);
	store_incident_due(store, id, "tell-users", NOW + 3);
	ck_assert(store_incident_get(store, arena, id, &incident));
	ck_assert_int_eq(incident.opened_at, NOW);
	ck_assert_str_eq(incident.opened_by, "officer");
	ck_assert_uint_eq(incident.due_count, 2);
	ck_assert_str_eq(incident.dues[1].item, "tell-users");
	ck_assert_int_eq(incident.dues[1].due, NOW + 3);
	commit();
}
END_TEST

/* What a list for trouble under way has dates for is owed as deadlines are, until it is ticked. */
START_TEST(test_incident_owed)
{
	struct store_case_filter overdue = { .open = true, .closed = true, .overdue = true,
		.now = NOW + 2 };
	struct record_deadline *pending;
	struct store_open_deadline *open;
	struct record_case *record, *cases;
	char before[STORE_STAMP], after[STORE_STAMP];
	int64_t id;

	begin();
	id = add_case();
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 2, SOURCE_RULE, 0);
	store_deadline_open(store, id, DEADLINE_REMEDIATION, NOW + 9, SOURCE_RULE, 0);
	store_incident_open(store, id, NOW, "officer");
	commit();
	store_deadlines_stamp(store, before);
	begin();
	store_incident_due(store, id, "tell-users", NOW + 1);
	store_incident_due(store, id, "authority-report", NOW + 3);
	commit();
	store_deadlines_stamp(store, after);
	ck_assert_str_ne(before, after);
	record = store_case_get(store, arena, id);
	ck_assert(record->has_deadline);
	ck_assert_str_eq(record->next_deadline.item, "tell-users");
	ck_assert_int_eq(record->next_deadline.due, NOW + 1);
	ck_assert_int_eq(record->next_deadline.case_id, id);
	ck_assert_uint_eq(store_case_list(store, arena, &overdue, &cases), 1);
	ck_assert_uint_eq(store_deadlines_pending(store, arena, 3, &pending), 3);
	ck_assert_str_eq(pending[0].item, "tell-users");
	ck_assert_ptr_null(pending[1].item);
	ck_assert_str_eq(pending[2].item, "authority-report");
	ck_assert_uint_eq(store_deadlines_pending(store, arena, 1, &pending), 1);
	ck_assert_str_eq(pending[0].item, "tell-users");
	ck_assert_uint_eq(store_deadlines_open(store, arena, &open), 4);
	ck_assert_ptr_null(open[1].deadline.item);
	ck_assert_str_eq(open[2].deadline.item, "tell-users");
	ck_assert_str_eq(open[2].desk, "www");
	begin();
	store_tick(store, id, "tell-users", NOW, "officer");
	commit();
	store_deadlines_stamp(store, before);
	ck_assert_str_ne(before, after);
	record = store_case_get(store, arena, id);
	ck_assert_ptr_null(record->next_deadline.item);
	ck_assert_uint_eq(store_case_list(store, arena, &overdue, &cases), 0);
	ck_assert_uint_eq(store_deadlines_open(store, arena, &open), 3);
	begin();
	store_untick(store, id, "tell-users");
	record->state = CASE_CLOSED;
	store_case_update(store, record);
	store_deadlines_end(store, id, NOW);
	commit();
	ck_assert(!store_case_get(store, arena, id)->has_deadline);
	ck_assert_uint_eq(store_case_list(store, arena, &overdue, &cases), 0);
	ck_assert_uint_eq(store_deadlines_open(store, arena, &open), 0);
	no_fault();
}
END_TEST

/* Each date of an item is told of by itself, and what was told goes with the item. */
START_TEST(test_incident_reminded)
{
	struct store_reminder *list;
	int64_t id, other;

	begin();
	id = add_case();
	other = add_case();
	store_incident_open(store, id, NOW, "officer");
	store_incident_due(store, id, "tell-users", NOW + 1);
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 2, SOURCE_RULE, 0);
	store_incident_due(store, id, "stop-site", NOW + 3);
	ck_assert_uint_eq(store_reminders(store, arena, "mail", NOW + 3, &list), 0);
	ck_assert_uint_eq(store_reminders(store, arena, "www", NOW + 2, &list), 2);
	ck_assert_ptr_null(list[0].deadline.item);
	ck_assert_str_eq(list[1].deadline.item, "tell-users");
	ck_assert_int_eq(list[1].deadline.case_id, id);
	ck_assert_int_eq(list[1].opened, NOW);
	ck_assert_int_eq(list[1].told, REMINDER_NONE);
	store_item_reminded(store, id, "tell-users", NOW + 1, REMINDER_SOON, NOW);
	store_item_reminded(store, id, "tell-users", NOW + 1, REMINDER_TODAY, NOW);
	store_reminders(store, arena, "www", NOW + 2, &list);
	ck_assert_int_eq(list[1].told, REMINDER_TODAY);
	store_case_merge(store, id, other, NOW);
	ck_assert_uint_eq(store_reminders(store, arena, "www", NOW + 3, &list), 3);
	ck_assert_int_eq(list[1].deadline.case_id, other);
	ck_assert_int_eq(list[1].told, REMINDER_TODAY);
	store_item_reminded(store, other, "tell-users", NOW + 1, REMINDER_OVERDUE, NOW);
	ck_assert_uint_eq(store_reminders(store, arena, "www", NOW + 3, &list), 2);
	store_incident_due(store, other, "tell-users", NOW + 2);
	ck_assert_uint_eq(store_reminders(store, arena, "www", NOW + 3, &list), 3);
	ck_assert_str_eq(list[1].deadline.item, "tell-users");
	ck_assert_int_eq(list[1].told, REMINDER_NONE);
	store_tick(store, other, "tell-users", NOW, "officer");
	ck_assert_uint_eq(store_reminders(store, arena, "www", NOW + 3, &list), 2);
	commit();
	no_fault();
}
END_TEST

START_TEST(test_merge)
{
	struct record_outbox acknowledgement = outbox_record("<ack1>");
	struct record_case *record;
	struct record_deadline *deadlines;
	struct record_outbox *entries;
	struct record_finder *finders;
	struct record_incident incident;
	int64_t from, into, shared;

	begin();
	from = add_case();
	into = add_case();
	shared = add_message("<shared>");
	store_case_message_add(store, from, shared);
	store_case_message_add(store, into, shared);
	store_case_message_add(store, from, add_message("<only>"));
	store_case_number_add(store, from, "IPA", "IPA#1", true);
	store_case_number_add(store, into, "IPA", "IPA#1", false);
	store_case_number_add(store, from, "IPA", "IPA#2", false);
	store_case_site_add(store, from, site_names[0]);
	store_case_party_add(store, from, "finder@example.com");
	store_case_finder_add(store, from, "finder@example.com", NOW);
	store_incident_open(store, from, NOW, "officer");
	store_incident_due(store, from, "stop-site", NOW);
	store_tick(store, from, "1.1", NOW, "officer");
	store_deadline_open(store, from, DEADLINE_CONTACT, NOW + 1, SOURCE_RULE, 0);
	store_deadline_open(store, from, DEADLINE_ENCRYPTION, NOW + 1, SOURCE_RULE, 0);
	store_deadline_open(store, into, DEADLINE_CONTACT, NOW + 2, SOURCE_RULE, 0);
	acknowledgement.kind = KIND_ACKNOWLEDGEMENT;
	acknowledgement.stage = STAGE_CONTACT;
	acknowledgement.case_id = from;
	store_outbox_add(store, &acknowledgement);
	acknowledgement.message_id = "<ack2>";
	acknowledgement.case_id = into;
	store_outbox_add(store, &acknowledgement);
	acknowledgement.message_id = "<ack3>";
	acknowledgement.stage = STAGE_ENCRYPTION;
	acknowledgement.case_id = from;
	store_outbox_add(store, &acknowledgement);
	store_case_merge(store, from, into, NOW);
	commit();
	record = store_case_get(store, arena, into);
	ck_assert_int_eq(record->messages, 2);
	ck_assert_uint_eq(record->number_count, 2);
	ck_assert_uint_eq(record->site_count, 1);
	ck_assert(record->number_bound);
	ck_assert_uint_eq(store_deadlines(store, arena, into, &deadlines), 3);
	ck_assert_uint_eq(store_case_outbox(store, arena, into, &entries), 3);
	ck_assert_uint_eq(store_acknowledged_stages(store, into), 6);
	ck_assert(store_takes_part(store, "finder@example.com", &into, 1));
	ck_assert_uint_eq(store_case_finders(store, arena, into, &finders), 1);
	ck_assert(store_incident_get(store, arena, into, &incident));
	ck_assert_uint_eq(incident.due_count, 1);
	record = store_case_get(store, arena, from);
	ck_assert_int_eq(record->messages, 0);
	ck_assert_uint_eq(record->number_count, 0);
	ck_assert_int_eq(record->state, CASE_CLOSED);
	ck_assert(!record->number_bound && !record->has_deadline);
	no_fault();
}
END_TEST

/* It is found as the other, also by a letter that stays on its own record, and stands in no list. */
START_TEST(test_merged_is_the_other)
{
	struct store_case_filter all = { .open = true, .closed = true };
	struct record_outbox entry = outbox_record("<twice@www>");
	const char *id = "<twice@www>";
	struct store_counts counts;
	struct record_merged *merged;
	struct record_case *list;
	int64_t first, second, third;

	begin();
	first = add_case();
	second = add_case();
	third = add_case();
	store_case_number_add(store, first, "IPA", "IPA#1", false);
	entry.kind = KIND_ACKNOWLEDGEMENT;
	entry.stage = STAGE_CONTACT;
	entry.state = OUTBOX_SENT;
	entry.case_id = third;
	store_outbox_add(store, &entry);
	entry.message_id = "<other@www>";
	entry.case_id = first;
	store_outbox_add(store, &entry);
	store_case_merge(store, first, second, NOW);
	store_case_merge(store, second, third, NOW + 1);
	commit();
	ck_assert_int_eq(store_case_resolve(store, first), third);
	ck_assert_int_eq(store_case_resolve(store, second), third);
	ck_assert_int_eq(store_case_resolve(store, third), third);
	ck_assert_uint_eq(store_case_merged(store, arena, third, &merged), 2);
	ck_assert_int_eq(merged[0].id, first);
	ck_assert_int_eq(merged[0].at, NOW);
	ck_assert_int_eq(merged[1].id, second);
	ck_assert_uint_eq(by_number("IPA#1"), 1);
	ck_assert_int_eq(candidates[0].id, third);
	id = "<other@www>";
	ck_assert_uint_eq(
		store_candidates_by_reference(store, arena, &policy, 0, &id, 1, candidates), 1);
	ck_assert_int_eq(candidates[0].id, third);
	ck_assert_uint_eq(store_case_list(store, arena, &all, &list), 1);
	store_counts(store, &counts);
	ck_assert_int_eq(counts.cases_closed, 0);
	ck_assert_int_eq(counts.cases_open, 1);
	no_fault();
}
END_TEST

/* A person says which number is the case's, or that one is not. */
START_TEST(test_number_of_a_person)
{
	static const struct record_number right = { "IPA", "IPA#3", true }, known = { "IPA",
		"IPA#2", true };
	struct record_number *list;
	int64_t id, *ids;

	begin();
	id = add_case();
	store_case_number_add(store, id, "IPA", "IPA#1", true);
	store_case_number_add(store, id, "JPCERT", "JPCERT#9", true);
	store_case_number_add(store, id, "IPA", "IPA#2", false);
	store_case_number_lead(store, arena, id, &right, "IPA#1");
	ck_assert_uint_eq(store_case_numbers(store, arena, id, &list), 3);
	ck_assert_str_eq(list[0].number, "IPA#3");
	ck_assert_str_eq(list[1].number, "JPCERT#9");
	ck_assert_str_eq(list[1].coordinator, "JPCERT");
	ck_assert(list[0].bound && list[1].bound && !list[2].bound);
	store_case_number_lead(store, arena, id, &known, NULL);
	ck_assert_uint_eq(store_case_numbers(store, arena, id, &list), 3);
	ck_assert_str_eq(list[0].number, "IPA#2");
	ck_assert_str_eq(list[1].number, "IPA#3");
	ck_assert_uint_eq(store_case_bound(store, arena, "IPA#2", &ids), 1);
	ck_assert_int_eq(ids[0], id);
	ck_assert_uint_eq(store_case_bound(store, arena, "IPA#1", &ids), 0);
	store_case_number_unbind(store, id, "IPA#2");
	store_case_number_unbind(store, id, "IPA#3");
	ck_assert(store_case_get(store, arena, id)->number_bound);
	store_case_number_remove(store, id, "JPCERT#9");
	ck_assert(!store_case_get(store, arena, id)->number_bound);
	ck_assert_uint_eq(store_case_numbers(store, arena, id, &list), 2);
	commit();
	no_fault();
}
END_TEST

static int
states(int64_t id, enum deadline_state state)
{
	struct record_deadline *list;
	size_t count = store_deadlines(store, arena, id, &list);
	int found = 0;

	for (size_t i = 0; i < count; i++)
		found += list[i].state == state;
	return found;
}

/* What the closing ended, and nothing else, goes on when the case is opened again. */
/* A letter that was under way when the case was closed. */
START_TEST(test_ended_then_met)
{
	struct record_deadline *list;
	int64_t id, message;

	begin();
	id = add_case();
	message = add_message("<a>");
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW - SECOND, SOURCE_RULE, message);
	store_deadline_open(store, id, DEADLINE_INVESTIGATION, NOW + 1, SOURCE_RULE, message);
	store_deadline_open(store, id, DEADLINE_THEIR_ANSWER, NOW + 2, SOURCE_RULE, 0);
	store_deadline_open(store, id, DEADLINE_REMEDIATION, NOW + 3, SOURCE_RULE, message);
	store_deadline_open(store, id, DEADLINE_REMEDIATION, NOW + 4, SOURCE_STAFF, 0);
	store_deadline_open(store, id, DEADLINE_FINDER, NOW + 5, SOURCE_RULE, message);
	ck_assert_int_eq(store_deadlines_end(store, id, NOW), 5);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[0].state, DEADLINE_MISSED);
	ck_assert_int_eq(store_deadline_meet_stage(store, id, DEADLINE_CONTACT, STAGE_CONTACT, message), 1);
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_INVESTIGATION, message), 1);
	store_deadline_meet_one(store, list[2].id, message);
	/* What a person's day had taken the place of was cancelled before. */
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_REMEDIATION, message), 1);
	ck_assert_int_eq(store_deadlines_resume(store, id), 1);
	store_deadlines(store, arena, id, &list);
	ck_assert_int_eq(list[3].state, DEADLINE_CANCELLED);
	ck_assert_int_eq(list[5].state, DEADLINE_PENDING);
	for (size_t i = 0; i < 5; i++)
		ck_assert(i == 3 || (list[i].state == DEADLINE_MET && list[i].met_by == message));
	ck_assert_int_eq(store_deadline_meet(store, id, DEADLINE_REMEDIATION, message), 0);
	commit();
}
END_TEST

START_TEST(test_deadlines_resumed)
{
	int64_t id, message;

	begin();
	id = add_case();
	message = add_message("<forged later>");
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW - SECOND, SOURCE_RULE, 0);
	store_deadline_open(store, id, DEADLINE_ENCRYPTION, NOW, SOURCE_RULE, 0);
	store_deadline_open(store, id, DEADLINE_FINDER, NOW + 9, SOURCE_RULE, message);
	store_deadline_open(store, id, DEADLINE_REMEDIATION, NOW + 9, SOURCE_RULE, 0);
	store_deadline_meet(store, id, DEADLINE_REMEDIATION, 0);
	ck_assert_int_eq(store_deadlines_end(store, id, NOW + 5), 3);
	ck_assert_int_eq(states(id, DEADLINE_MISSED), 1);
	ck_assert_int_eq(states(id, DEADLINE_CANCELLED), 2);
	store_deadlines_withdraw(store, message);
	ck_assert_int_eq(store_deadlines_resume(store, id), 2);
	ck_assert_int_eq(states(id, DEADLINE_PENDING), 2);
	ck_assert_int_eq(states(id, DEADLINE_MET), 1);
	ck_assert_int_eq(states(id, DEADLINE_CANCELLED), 1);
	store_deadlines_end(store, id, NOW + 5);
	ck_assert_int_eq(store_deadlines_resume(store, id), 2);
	ck_assert_int_eq(store_deadlines_resume(store, id), 0);
	commit();
	no_fault();
}
END_TEST

/* Each stage's receipt is owed and given by itself. */
START_TEST(test_deadline_of_each_stage)
{
	struct record_message message = message_record("<encryption>");
	struct record_deadline *list, met;
	int64_t id, contact, encryption;

	message.stage = STAGE_ENCRYPTION;
	begin();
	id = add_case();
	contact = add_message("<contact>");
	encryption = store_message_add(store, &message, NULL, 0);
	ck_assert_int_ne(store_deadline_open(store, id, DEADLINE_ACKNOWLEDGE, NOW + 1, SOURCE_RULE,
				 contact),
		0);
	ck_assert_int_ne(store_deadline_open(store, id, DEADLINE_ACKNOWLEDGE, NOW + 2, SOURCE_RULE,
				 encryption),
		0);
	ck_assert_int_eq(store_deadline_open(store, id, DEADLINE_ACKNOWLEDGE, NOW + 3, SOURCE_RULE,
				 add_message("<contact again>")),
		0);
	ck_assert_int_ne(
		store_deadline_open(store, id, DEADLINE_ACKNOWLEDGE, NOW + 4, SOURCE_MAIL, 0), 0);
	ck_assert_int_eq(store_deadline_meet_stage(store, id, DEADLINE_ACKNOWLEDGE,
				 STAGE_ENCRYPTION, contact),
		2);
	ck_assert_uint_eq(store_deadlines(store, arena, id, &list), 3);
	ck_assert_int_eq(list[0].stage, STAGE_CONTACT);
	ck_assert_int_eq(list[0].state, DEADLINE_PENDING);
	ck_assert_int_eq(list[1].stage, STAGE_ENCRYPTION);
	ck_assert_int_eq(list[1].state, DEADLINE_MET);
	ck_assert_int_eq(list[2].stage, STAGE_NONE);
	ck_assert(store_deadline_meet_first(store, id, DEADLINE_ACKNOWLEDGE, &met));
	ck_assert_int_eq(met.id, list[0].id);
	ck_assert(!store_deadline_meet_first(store, id, DEADLINE_ACKNOWLEDGE, &met));
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 9, SOURCE_RULE, 0);
	store_deadline_open(store, id, DEADLINE_CONTACT, NOW + 8, SOURCE_MAIL, 0);
	ck_assert(store_deadline_meet_first(store, id, DEADLINE_CONTACT, &met));
	ck_assert_int_eq(met.due, NOW + 8);
	store_deadline_cancel(store, met.id);
	ck_assert_int_eq(states(id, DEADLINE_CANCELLED), 0);
	commit();
	no_fault();
}
END_TEST

START_TEST(test_message_moved)
{
	struct record_outbox entry = outbox_record("<answer@www>"), *entries;
	struct record_deadline *deadlines;
	struct record_message *list;
	int64_t from, to, moved, stays;

	begin();
	from = add_case();
	to = add_case();
	moved = add_message("<moved>");
	stays = add_message("<stays>");
	store_case_message_add(store, from, moved);
	store_case_message_add(store, from, stays);
	store_deadline_open(store, from, DEADLINE_CONTACT, NOW, SOURCE_RULE, moved);
	store_deadline_open(store, from, DEADLINE_ENCRYPTION, NOW, SOURCE_RULE, stays);
	entry.case_id = from;
	entry.answers = moved;
	store_outbox_add(store, &entry);
	entry.message_id = "<other@www>";
	entry.answers = stays;
	store_outbox_add(store, &entry);
	store_case_message_move(store, from, to, moved);
	commit();
	ck_assert_uint_eq(store_case_messages(store, arena, to, &list), 1);
	ck_assert_int_eq(list[0].id, moved);
	ck_assert_uint_eq(store_case_messages(store, arena, from, &list), 1);
	ck_assert_uint_eq(store_deadlines(store, arena, to, &deadlines), 1);
	ck_assert_int_eq(deadlines[0].kind, DEADLINE_CONTACT);
	ck_assert_uint_eq(store_case_outbox(store, arena, to, &entries), 1);
	ck_assert_str_eq(entries[0].message_id, "<answer@www>");
	ck_assert_int_eq(store_message_put(store, moved), to);
	ck_assert_int_eq(store_message_put(store, stays), 0);
	begin();
	store_case_merge(store, to, from, NOW);
	commit();
	ck_assert_int_eq(store_message_put(store, moved), from);
	no_fault();
}
END_TEST

START_TEST(test_finders)
{
	struct record_finder *list;
	int64_t id;

	begin();
	id = add_case();
	store_case_finder_add(store, id, "b@example.com", NOW);
	store_case_finder_add(store, id, "a@example.com", NOW + 1);
	store_case_finder_add(store, id, "b@example.com", NOW + 2);
	commit();
	ck_assert_uint_eq(store_case_finders(store, arena, id, &list), 2);
	ck_assert_str_eq(list[0].address, "b@example.com");
	ck_assert_int_eq(list[0].consented_at, NOW);
	ck_assert(store_takes_part(store, "A@example.com", &id, 1));
	no_fault();
}
END_TEST

START_TEST(test_counts)
{
	struct record_message message = message_record("<unrelated>");
	struct record_case closed = case_record();
	struct store_counts counts;

	closed.state = CASE_CLOSED;
	message.kind = KIND_UNRELATED;
	message.unfiled = true;
	begin();
	store_counts(store, &counts);
	ck_assert_int_eq(counts.messages, 0);
	add_message("<a>");
	store_message_add(store, &message, NULL, 0);
	add_case();
	add_case();
	store_case_add(store, &closed);
	add_outbox("<1>");
	commit();
	store_counts(store, &counts);
	ck_assert_int_eq(counts.messages, 2);
	ck_assert_int_eq(counts.unrelated, 1);
	ck_assert_int_eq(counts.unfiled, 1);
	ck_assert_int_eq(counts.cases_open, 2);
	ck_assert_int_eq(counts.cases_closed, 1);
	ck_assert_int_eq(counts.outbox[OUTBOX_QUEUED], 1);
	ck_assert_int_eq(counts.outbox[OUTBOX_SENT], 0);
	no_fault();
}
END_TEST

static Suite *
suite_store_case(void)
{
	Suite *suite = suite_create("store_case");
	TCase *tcase = tcase_create("store_case");

	tcase_add_checked_fixture(tcase, set_up_memory, tear_down);
	tcase_add_test(tcase, test_whole_case);
	tcase_add_test(tcase, test_number_bound_later);
	tcase_add_test(tcase, test_update);
	tcase_add_test(tcase, test_beside);
	tcase_add_test(tcase, test_list);
	tcase_add_test(tcase, test_by_number_bound_first);
	tcase_add_test(tcase, test_flood);
	tcase_add_test(tcase, test_only_suspect);
	tcase_add_test(tcase, test_by_reference);
	tcase_add_test(tcase, test_by_site);
	tcase_add_test(tcase, test_takes_part);
	tcase_add_test(tcase, test_case_messages);
	tcase_add_test(tcase, test_deadlines);
	tcase_add_test(tcase, test_deadline_not_opened_twice);
	tcase_add_loop_test(tcase, test_deadline_taken_over, 0, 4);
	tcase_add_test(tcase, test_deadline_taken_over_and_met);
	tcase_add_test(tcase, test_deadline_not_taken_over);
	tcase_add_test(tcase, test_deadline_by_hand_stands);
	tcase_add_test(tcase, test_deadline_of_each);
	tcase_add_test(tcase, test_deadline_of_each_by_hand);
	tcase_add_test(tcase, test_pending);
	tcase_add_test(tcase, test_ticks);
	tcase_add_test(tcase, test_incident);
	tcase_add_test(tcase, test_incident_owed);
	tcase_add_test(tcase, test_incident_reminded);
	tcase_add_test(tcase, test_asking_costs_the_same);
	tcase_add_test(tcase, test_merge);
	tcase_add_test(tcase, test_merged_is_the_other);
	tcase_add_test(tcase, test_number_of_a_person);
	tcase_add_test(tcase, test_deadlines_resumed);
	tcase_add_test(tcase, test_ended_then_met);
	tcase_add_test(tcase, test_deadline_of_each_stage);
	tcase_add_test(tcase, test_message_moved);
	tcase_add_test(tcase, test_finders);
	tcase_add_test(tcase, test_counts);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_case());
}
