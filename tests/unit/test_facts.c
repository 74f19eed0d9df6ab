/*
 * What a reader may tell: marks of programs and lists, failure notices, keys
 * that came along, what a finder said of others; and whether what it told fits
 * the conf.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/facts.h"

#include "rule/finder_signs.h"
#include "rule_mail.h"

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define IPA_KEY "D27D45A99BB3488B24B28DF7CAC794949EF26857"

static struct arena *arena;
static struct policy *policy;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, RULE_ARENA_CAP);
	policy = rule_policy(arena);
	mime_start();
}

static void
teardown(void)
{
	rule_policy_free(policy);
	arena_free(&arena);
}

static struct message *
message_of(const char *raw)
{
	struct message *message = arena_alloc(arena, sizeof(*message));

	message_read(arena, raw, strlen(raw), NULL, message);
	return message;
}

static struct facts_header *
header_of(const char *raw)
{
	struct facts_header *header = arena_alloc(arena, sizeof(*header));

	observe_header(arena, policy, 0, message_of(raw), header);
	return header;
}

static const struct {
	const char *raw;
	bool automatic, bulk, own_list, report, failed;
	const char *id;
} marks[] = {
	{ "From: a@b.example\n\nx\n", false, false, false, false, false, NULL },
	{ "From: a@b.example\nX-Autoreply: yes\n\nx\n", true, false, false, false, false, NULL },
	{ "From: a@b.example\nList-Id: <x.example>\n\nx\n", false, true, false, false, false, NULL },
	{ "From: a@b.example\nList-Id: <security.example.co.jp>\n\nx\n", false, false, true, false,
		false, NULL },
	{ "From: mailer-daemon@b.example\nSubject: failure notice\n\nx\nMessage-ID: <1@x>\n", false,
		false, false, true, true, "<1@x>" },
	{ "Return-Path: <>\nFrom: vuln-contact@ipa.go.jp\nSubject: Undelivered mail\n\nx\n", false,
		false, false, false, false, NULL },
	{ "From: mailer-daemon@b.example\nSubject: delayed mail\n\nx\n", false, false, false, true,
		false, NULL },
	/* the report's own word goes before what its text says */
	{ "From: mailer-daemon@b.example\nSubject: failure notice\n"
	  "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
	  "--b\nContent-Type: text/plain\n\nMessage-ID: <1@x>\n"
	  "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@x\n"
	  "Action: delayed\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <2@x>\n--b--\n",
		false, false, false, true, false, "<2@x>" },
	/* that a mail was shown: a vendor's receipt, but no word of a coordinator's */
	{ "From: vuln-contact@ipa.go.jp\n"
	  "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
	  "--b\nContent-Type: text/plain\n\nread\n--b--\n",
		true, false, false, false, false, NULL },
	{ "From: a@b.example\n"
	  "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
	  "--b\nContent-Type: text/plain\n\nread\n--b--\n",
		false, false, false, false, false, NULL },
};

START_TEST(test_marks)
{
	struct facts_header *header = header_of(marks[_i].raw);

	ck_assert_msg(header->auto_submitted == marks[_i].automatic, "%s", marks[_i].raw);
	ck_assert_msg(header->bulk == marks[_i].bulk, "%s", marks[_i].raw);
	ck_assert_msg(header->own_list == marks[_i].own_list, "%s", marks[_i].raw);
	ck_assert_msg(header->delivery_report == marks[_i].report, "%s", marks[_i].raw);
	ck_assert_msg(header->report_failed == marks[_i].failed, "%s", marks[_i].raw);
	if (marks[_i].id != NULL)
		ck_assert_str_eq(header->report_original_id, marks[_i].id);
	else
		ck_assert_ptr_null(header->report_original_id);
}
END_TEST

/* The armour of tests/messages/keys/ipa.asc. */
static const char *
key_text(void)
{
	const char *source = getenv("srcdir");
	char *bytes = arena_alloc(arena, RULE_FILE_MAX);
	FILE *file = fopen(arena_printf(arena, "%s/tests/messages/keys/ipa.asc",
		source != NULL ? source : "."), "r");
	size_t len;

	ck_assert_ptr_nonnull(file);
	len = fread(bytes, 1, RULE_FILE_MAX - 1, file);
	fclose(file);
	bytes[len] = '\0';
	return bytes;
}

/* Its data on one line, as Autocrypt has them. */
static const char *
key_data(void)
{
	const char *armour = strstr(key_text(), "\n\n") + 2;
	char *data = arena_alloc(arena, strlen(armour) + 1);
	size_t to = 0;

	for (; *armour != '=' && *armour != '-'; armour++)
		if (*armour != '\n')
			data[to++] = *armour;
	return data;
}

static const struct {
	const char *fields, *body;
	size_t count;
} offers[] = {
	{ "Autocrypt: addr=a@b.example; keydata=@DATA@\n", "x", 1 },
	{ "Autocrypt: prefer-encrypt=mutual; addr=A@b.example; keydata=@DATA@\n", "x", 1 },
	{ "Autocrypt: addr=a@b.example; keydata=@DATA@\nAutocrypt: addr=a@b.example; keydata=x\n",
		"x", 0 },
	{ "Autocrypt: addr=z@b.example; keydata=@DATA@\n", "x", 0 },
	{ "Autocrypt: addr=a@b.example; keydata=@DATA@\n", "@KEY@", 1 },
	{ "Content-Type: application/pgp-keys\n", "@KEY@", 1 },
	{ "Content-Type: text/plain; name=k.asc\nContent-Disposition: attachment\n", "@KEY@", 1 },
	{ "Content-Type: text/plain; name=k.txt\nContent-Disposition: attachment\n", "@KEY@", 1 },
	{ "Content-Type: application/pgp-keys\n", "none", 0 },
	{ "", "@KEY@", 1 },
};

static const char *
offer_mail(int i)
{
	const char *mark = strstr(offers[i].fields, "@DATA@");
	const char *body = offers[i].body[0] == '@' ? key_text() : offers[i].body;

	if (mark == NULL)
		return arena_printf(arena, "From: a@b.example\n%s\n%s\n", offers[i].fields, body);
	return arena_printf(arena, "From: a@b.example\n%.*s%s%s\n%s\n",
		(int)(mark - offers[i].fields), offers[i].fields, key_data(),
		mark + strlen("@DATA@"), body);
}

static bool
layer_offers(const char *raw, bool sealed)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message_of(raw), sealed, layer);
	for (size_t i = 0; i < layer->problem_count; i++)
		if (layer->problems[i] == PROBLEM_KEY_OFFERED)
			return true;
	return false;
}

START_TEST(test_offers)
{
	const char *raw = offer_mail(_i);
	struct facts_header *header = header_of(raw);

	ck_assert_msg(header->offered_count == offers[_i].count, "%s", raw);
	if (offers[_i].count > 0)
		ck_assert_str_eq(header->offered[0], IPA_KEY);
	ck_assert(layer_offers(raw, false) == (offers[_i].count > 0));
	ck_assert(layer_offers(raw, true) == (offers[_i].count > 0));
}
END_TEST

/* Who has it already is told nothing new. */
START_TEST(test_known_keys)
{
	static const char *pinned[] = { "0000000000000000000000000000000000000000", IPA_KEY };
	static const struct policy_staff staff = { .address = "o@example.co.jp", .key = IPA_KEY };
	const char *raw = offer_mail(0);
	struct policy_coordinator *coordinators = (struct policy_coordinator *)policy->coordinators;
	struct policy_desk *desk = (struct policy_desk *)policy->desks;

	coordinators[JPCERT].keys = (struct string_list)RULE_LIST(pinned);
	ck_assert_uint_eq(header_of(raw)->offered_count, 0);
	coordinators[JPCERT].keys = (struct string_list){ 0, NULL };
	coordinators[JPCERT].root_key = IPA_KEY;
	ck_assert_uint_eq(header_of(raw)->offered_count, 0);
	coordinators[JPCERT].root_key = "";
	ck_assert_uint_eq(header_of(raw)->offered_count, 1);
	desk->key = IPA_KEY;
	ck_assert_uint_eq(header_of(raw)->offered_count, 0);
	desk->key = "";
	policy->staff = &staff;
	policy->staff_count = 1;
	ck_assert_uint_eq(header_of(raw)->offered_count, 0);
	policy->staff_count = 0;
	ck_assert_uint_eq(header_of(raw)->offered_count, 1);
}
END_TEST

/* What a finder told of others stays inside a sealed text. */
START_TEST(test_told)
{
	const char *body = "I found an XSS on https://www.example.co.jp/ . I have not told anyone and "
		"will not publish it.\n\n> I found an SQL injection on your website. Steps to reproduce.\n";
	struct message *message = rule_message(arena, "a@b.example", "XSS", body);
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert(layer->finder_words && layer->finder_quoted);
	ck_assert(layer->told_reported && layer->told_publication);
	ck_assert(!layer->bulk_words && !layer->robot_words);
	observe_layer(arena, policy, 0, message, true, layer);
	ck_assert(layer->finder_words && layer->finder_quoted);
	ck_assert(!layer->told_reported && !layer->told_publication);
	message = rule_message(arena, "a@b.example", "Automatic reply: x", "Unsubscribe");
	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert(layer->bulk_words && layer->robot_words);
}
END_TEST

/* The window's domain makes a text one about its house; a mail address does not. */
static const struct {
	const char *body;
	bool ours;
} domains[] = {
	{ "The DNS of old.example.co.jp points to a service, tokens leak.", true },
	{ "The DNS of example.co.jp lacks a record; spoofing is a danger, tokens leak.", true },
	{ "The DNS of old.example.com points to a service, tokens leak.", false },
	{ "Tokens leak, DNS, private. Write to security@example.co.jp .", false },
	{ "Tokens leak, DNS, private. Write to x@mail.example.co.jp .", false },
	{ "Tokens leak, DNS, private at notexample.co.jp .", false },
	{ "Tokens leak, DNS, private at example.co.jpx .", false },
};

START_TEST(test_domains)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, rule_message(arena, "a@b.example", "hello",
		domains[_i].body), false, layer);
	ck_assert_msg((layer->finder_signs >> SIGN_SITE & 1) == domains[_i].ours, "%s", domains[_i].body);
}
END_TEST

/* What is weighed: a letter, and what stands round it. Neither is told of a sealed one's signs. */
static const struct {
	const char *from, *subject, *body;
	bool weak, doubt;
} letters[] = {
	{ "a@b.example", "", "番号を変えるとよその人の明細が見えます", true, false },
	{ "a@b.example", "", "番号だけで次の人の明細が出てきます", false, true },
	{ "a@b.example", "", "Where is my parcel? I ordered it last Monday.", false, false },
	{ "a@b.example", "", "", false, false },
	{ "a@b.example", "", "We offer a new page for your site from 90 dollars per month.", false,
		false },
	{ "a@b.example", "", "Your site: https://elsewhere.example/", false, true },
};

START_TEST(test_letters)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = rule_message(arena, letters[_i].from, letters[_i].subject,
		letters[_i].body);

	observe_layer(arena, policy, 0, message, false, layer);
	ck_assert_msg(layer->finder_weak == letters[_i].weak, "%s", letters[_i].body);
	ck_assert_msg(layer->finder_doubt == letters[_i].doubt, "%s", letters[_i].body);
	ck_assert(!layer->finder_words);
	observe_layer(arena, policy, 0, message, true, layer);
	ck_assert_uint_eq(layer->finder_signs, 0);
}
END_TEST

/*
 * A program's mail, whose header fields speak against a letter: what it says is
 * looked at all the same. An abuse report by its form is one whatever it says.
 */
#define BY_PROGRAM "From: noreply@b.example\nAuto-Submitted: auto-generated\nPrecedence: bulk\n"
static const struct {
	const char *raw;
	bool notice, doubt;
} programs[] = {
	{ BY_PROGRAM "Subject: web01: files changed\n\nNew file on the web server: /var/www/shop/img/x.php,"
		" changed: index.php. Nobody deployed anything.\n", true, true },
	{ BY_PROGRAM "Subject: backup\n\nBackup job finished. Status: OK. Duration: 00:12:44.\n", false,
		false },
	{ BY_PROGRAM "Subject: x\nX-XARF: PLAIN\n\nBackup job finished. Status: OK.\n", true, true },
	{ "From: fbl@b.example\nSubject: x\nContent-Type: multipart/report;"
		" report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n--b--\n", true, true },
	{ BY_PROGRAM "\n", false, false },
};

START_TEST(test_programs)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, message_of(programs[_i].raw), false, layer);
	ck_assert_msg(layer->finder_notice == programs[_i].notice, "%s", programs[_i].raw);
	ck_assert_msg(layer->finder_doubt == programs[_i].doubt, "%s", programs[_i].raw);
}
END_TEST

/* An offer that names a weakness is no report. */
START_TEST(test_veto)
{
	static const char offer[] = "貴社サイトの脆弱性対応を、当社が月額2万円から承ります。お任せいただけませんか。";
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	observe_layer(arena, policy, 0, rule_message(arena, "a@b.example", "x", offer), false, layer);
	ck_assert(!layer->finder_words && !layer->finder_weak);
}
END_TEST

static int64_t
cost(size_t size)
{
	static const char words[] = "example.co.jp.";
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	char *text = arena_alloc(arena, size + 1);
	int64_t from;

	for (size_t at = 0; at + strlen(words) <= size; at += strlen(words))
		memcpy(text + at, words, strlen(words));
	from = unit_cpu_ms();
	observe_layer(arena, policy, 0, rule_message(arena, "a@b.example", "x", text), false, layer);
	return unit_cpu_ms() - from;
}

START_TEST(test_domains_hostile)
{
	int64_t quarter = cost((size_t)32 * 1024), whole = cost((size_t)128 * 1024);

	ck_assert_msg(unit_linear(quarter, whole), "%lld ms, and %lld ms for a quarter",
		(long long)whole, (long long)quarter);
}
END_TEST

/* What a reader that was taken over may make up. */
static const struct {
	const char *number;
	size_t coordinator;
	int form;
	bool fits;
} layers[] = {
	{ "IPA#12345678", IPA, -1, true },
	{ "IPA#12345678", IPA, 1, true },
	{ "IPA#12345678", IPA, 2, false },
	{ "IPA#12345678", JPCERT, -1, false },	/* another's */
	{ "IPA#12345678", 2, -1, false },
	{ "ipa#12345678", IPA, -1, false },
	{ "IPA#1234567", IPA, -1, false },
	{ "a letter of ours", IPA, -1, false },
};

START_TEST(test_fits)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	layer->form_index = layers[_i].form;
	ck_assert(facts_layer_fits(layer, policy) == (layers[_i].form < 2));
	layer->numbers.count = 1;
	strcpy(layer->numbers.hit[0].number, layers[_i].number);
	layer->numbers.hit[0].coordinator = layers[_i].coordinator;
	ck_assert_msg(facts_layer_fits(layer, policy) == layers[_i].fits, "%s", layers[_i].number);
}
END_TEST

START_TEST(test_problems)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	for (int i = 0; i < PROBLEMS; i++) {
		ck_assert_ptr_nonnull(problem_text((enum problem)i));
		facts_problem(layer, (enum problem)i);
		facts_problem(layer, (enum problem)i);
	}
	ck_assert_uint_eq(layer->problem_count, FACTS_PROBLEMS);
	ck_assert_int_eq(layer->problems[0], PROBLEM_NONE + 1);
	ck_assert_str_eq(problem_text(PROBLEMS), "unknown problem");
}
END_TEST

static Suite *
suite_facts(void)
{
	Suite *suite = suite_create("facts");
	TCase *tcase = tcase_create("facts");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_marks, 0, SIZE(marks));
	tcase_add_loop_test(tcase, test_offers, 0, SIZE(offers));
	tcase_add_test(tcase, test_known_keys);
	tcase_add_test(tcase, test_told);
	tcase_add_loop_test(tcase, test_domains, 0, SIZE(domains));
	tcase_add_loop_test(tcase, test_letters, 0, SIZE(letters));
	tcase_add_loop_test(tcase, test_programs, 0, SIZE(programs));
	tcase_add_test(tcase, test_veto);
	tcase_add_test(tcase, test_domains_hostile);
	tcase_add_loop_test(tcase, test_fits, 0, SIZE(layers));
	tcase_add_test(tcase, test_problems);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_facts());
}
