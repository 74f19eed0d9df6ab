/*
 * The frames' meanings: what is put comes out the same; what is wrong anywhere
 * is refused as a whole.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/frames.h"

#include "base/arena.h"
#include "base/io.h"
#include "port/pgp.h"
#include "room/trial.h"
#include "unit.h"

#include <string.h>

static struct arena *arena;
static struct frame frame, cut;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static struct facts_header *
sample_header(void)
{
	struct facts_header *header = arena_alloc(arena, sizeof(*header));

	header->from.count = 1;
	header->from.at[0] = (struct facts_address){ "vuln-contact@ipa.go.jp", "情報処理推進機構" };
	header->subject = "【IPA#12345678】";
	header->message_id = "<a@ipa.go.jp>";
	header->reference_count = 2;
	header->references[0] = "<b@example.co.jp>";
	header->references[1] = "<c@example.co.jp>";
	header->has_date = true;
	header->date = INT64_C(1795374462000000);
	header->delivery_report = true;
	header->auth = (struct auth_results){ AUTH_PASS, true, true, 1 };
	header->offered_count = 1;
	strcpy(header->offered[0], "D27D45A99BB3488B24B28DF7CAC794949EF26857");
	return header;
}

START_TEST(a_header_comes_out_as_it_went_in)
{
	struct facts_header *header = sample_header();
	struct facts_header *got = arena_alloc(arena, sizeof(*got));

	frame_start(&frame, FRAME_HEADER);
	frames_put_header(&frame, header);
	ck_assert(frames_get_header(&frame, arena, got));
	ck_assert(frame_end(&frame));
	ck_assert_str_eq(got->from.at[0].name, "情報処理推進機構");
	ck_assert_str_eq(got->references[1], "<c@example.co.jp>");
	ck_assert_ptr_null(got->x_madoguchi);
	ck_assert_int_eq(got->date, header->date);
	ck_assert(got->delivery_report && !got->report_failed);
	ck_assert_int_eq(got->auth.dmarc, AUTH_PASS);
	ck_assert_uint_eq(got->auth.host, header->auth.host);
	ck_assert_uint_eq(got->offered_count, 1);
	ck_assert_str_eq(got->offered[0], header->offered[0]);
}
END_TEST

/* What stands beside a mail's problems is a fingerprint, or the reader has lied. */
START_TEST(an_offered_key_is_a_whole_fingerprint)
{
	static const char *const wrong[] = { "", "D27D", "D27D45A99BB3488B24B28DF7CAC794949EF2685x" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct facts_header *header = sample_header();
		struct facts_header *got = arena_alloc(arena, sizeof(*got));

		memset(header->offered[0], 0, sizeof(header->offered[0]));
		strcpy(header->offered[0], wrong[i]);
		frame_start(&frame, FRAME_HEADER);
		frames_put_header(&frame, header);
		ck_assert(!frames_get_header(&frame, arena, got));
	}
}
END_TEST

static struct facts_layer *
sample_layer(void)
{
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));

	layer->form = FORM_SIGNED;
	layer->form_index = -1;
	layer->numbers.count = 1;
	strcpy(layer->numbers.hit[0].number, "IPA#12345678");
	layer->number_place[0] = PLACE_BODY;
	layer->phrases[0].count = 1;
	layer->phrases[0].hit[0] = (struct phrase_hit){ 7, PHRASE_DETAILS, true, true };
	layer->due_count = 2;
	layer->dues[0] = (struct due_mention){ .form = DUE_DATE, .year = 2026, .month = 12,
		.day = 4, .weekday = 5, .hour = 17, .minute = 0, .utc = true };
	layer->dues[1] = (struct due_mention){ .form = DUE_SPAN, .weekday = -1, .hour = -1,
		.minute = -1, .span = { 5, SPAN_BUSINESS_DAYS } };
	layer->drill = 12345678;
	layer->sites = 5;
	layer->finder_weak = layer->finder_doubt = layer->finder_notice = true;
	layer->finder_signs = UINT64_C(0x8000000000000001);
	layer->finder_quoted = layer->told_reported = layer->bulk_words = true;
	layer->attachment_count = 1;
	layer->attachments[0] = (struct facts_attachment){ NULL, "application/pdf", 1234 };
	layer->problem_count = 1;
	layer->problems[0] = PROBLEM_NUL_BYTES;
	return layer;
}

START_TEST(a_layer_comes_out_as_it_went_in)
{
	struct facts_layer *got = arena_alloc(arena, sizeof(*got));

	frame_start(&frame, FRAME_LAYER);
	frames_put_layer(&frame, sample_layer());
	ck_assert(frames_get_layer(&frame, arena, got));
	ck_assert(frame_end(&frame));
	ck_assert_int_eq(got->form, FORM_SIGNED);
	ck_assert_int_eq(got->form_index, -1);
	ck_assert_str_eq(got->numbers.hit[0].number, "IPA#12345678");
	ck_assert_int_eq(got->phrases[0].hit[0].meaning, PHRASE_DETAILS);
	ck_assert(got->phrases[0].hit[0].quoted);
	ck_assert(got->phrases[0].hit[0].subject);
	ck_assert_uint_eq(got->due_count, 2);
	ck_assert(got->dues[0].year == 2026 && got->dues[0].month == 12 && got->dues[0].day == 4);
	ck_assert(got->dues[0].weekday == 5 && got->dues[0].hour == 17 && got->dues[0].utc);
	ck_assert(got->dues[1].form == DUE_SPAN && got->dues[1].span.count == 5);
	ck_assert(got->dues[1].span.unit == SPAN_BUSINESS_DAYS && got->dues[1].hour == -1);
	ck_assert_uint_eq(got->drill, 12345678);
	ck_assert_uint_eq(got->sites, 5);
	ck_assert(got->finder_weak && got->finder_doubt && got->finder_notice);
	ck_assert_uint_eq(got->finder_signs, UINT64_C(0x8000000000000001));
	ck_assert(got->finder_quoted && got->told_reported && got->bulk_words);
	ck_assert(!got->told_publication && !got->robot_words && !got->finder_words);
	ck_assert_ptr_null(got->attachments[0].name);
	ck_assert_uint_eq(got->attachments[0].size, 1234);
	ck_assert_int_eq(got->problems[0], PROBLEM_NUL_BYTES);
}
END_TEST

static const char *
long_string(size_t len)
{
	char *string = arena_alloc(arena, len + 1);

	memset(string, 'x', len);
	string[len] = '\0';
	return string;
}

/* A reader that cannot say what it found is taken for one that crashed. */
START_TEST(the_largest_layer_fits)
{
	struct facts_layer *layer = sample_layer();

	layer->numbers.count = NUMBERS_MAX;
	for (size_t i = 0; i < NUMBERS_MAX; i++)
		strcpy(layer->numbers.hit[i].number, long_string(NUMBER_MAX - 1));
	for (size_t i = 0; i < FACTS_BOOKS; i++)
		layer->phrases[i].count = PHRASE_HITS_MAX;
	layer->due_count = FACTS_DUES;
	layer->attachment_count = FACTS_ATTACHMENTS;
	for (size_t i = 0; i < FACTS_ATTACHMENTS; i++)
		layer->attachments[i] = (struct facts_attachment){ long_string(FACTS_STRING_MAX),
			long_string(FACTS_TYPE_MAX), 1234 };
	layer->problem_count = FACTS_PROBLEMS;
	frame_start(&frame, FRAME_LAYER);
	frame_put_u32(&frame, 1);
	frames_put_layer(&frame, layer);
	ck_assert(!frame.bad);
}
END_TEST

/* What a taken-over reader might put there. */
static void
spoil(struct facts_layer *layer, int way)
{
	switch (way) {
	case 0:
		layer->form = LAYER_FORMS;
		break;
	case 1:
		layer->number_place[0] = NUMBER_PLACES;
		break;
	case 2:
		layer->phrases[0].hit[0].meaning = PHRASE_MEANINGS;
		break;
	case 3:
		layer->phrases[0].hit[0].phrase = PHRASES_MAX;
		break;
	case 4:
		layer->problems[0] = PROBLEMS;
		break;
	case 5:
		layer->problems[0] = PROBLEM_NONE;
		break;
	case 6:
		layer->attachments[0].type = NULL;
		break;
	case 7:
		layer->attachments[0].type = "\xff\xfe";
		break;
	case 8:
		layer->numbers.hit[0].number[0] = '\0';
		break;
	case 9:
		layer->form_index = -2;
		break;
	case 10:
		layer->attachments[0].size = UINT64_MAX;
		break;
	case 11:
		layer->dues[0].form = DUE_FORMS;
		break;
	case 12:
		layer->dues[0].month = 13;
		break;
	case 13:
		layer->dues[0].day = DUE_LAST_DAY + 1;
		break;
	case 14:
		layer->dues[0].year = 10000;
		break;
	case 15:
		layer->dues[0].weekday = 7;
		break;
	case 16:
		layer->dues[0].hour = 25;
		break;
	case 17:
		layer->dues[0].minute = -2;
		break;
	case 18:
		layer->dues[1].span.count = DUE_COUNT_MAX + 1;
		break;
	case 19:
		layer->dues[1].span.unit = (enum span_unit)(SPAN_MONTHS + 1);
		break;
	case 20:
		layer->dues[1].count = -2;
		break;
	default:
		break;
	}
}

START_TEST(a_wrong_value_spoils_the_frame)
{
	struct facts_layer *layer = sample_layer(), *got = arena_alloc(arena, sizeof(*got));

	spoil(layer, _i);
	frame_start(&frame, FRAME_LAYER);
	frames_put_layer(&frame, layer);
	ck_assert(!frames_get_layer(&frame, arena, got));
	ck_assert_uint_eq(got->numbers.count, 0);
}
END_TEST

START_TEST(every_cut_is_refused)
{
	struct facts_layer *got = arena_alloc(arena, sizeof(*got));
	size_t whole;

	frame_start(&frame, FRAME_LAYER);
	frames_put_layer(&frame, sample_layer());
	whole = frame.len;
	for (size_t len = 0; len < whole; len++) {
		cut = frame;
		cut.len = len;
		ck_assert(!frames_get_layer(&cut, arena, got) || !frame_end(&cut));
	}
}
END_TEST

START_TEST(bytes_left_over_are_refused)
{
	struct facts_layer *got = arena_alloc(arena, sizeof(*got));

	frame_start(&frame, FRAME_LAYER);
	frames_put_layer(&frame, sample_layer());
	frame_put_u8(&frame, 0);
	ck_assert(frames_get_layer(&frame, arena, got));
	ck_assert(!frame_end(&frame));
}
END_TEST

START_TEST(the_keyrings_facts_are_checked)
{
	struct facts_opened opened = { .status = OPEN_OK, .encrypted = true };
	struct facts_opened got = { 0 };

	opened.signature_count = 1;
	opened.signatures[0].status = SIGNATURE_GOOD;
	strcpy(opened.signatures[0].key, "0123456789ABCDEF0123456789ABCDEF01234567");
	opened.recipient_count = 1;
	strcpy(opened.recipients[0], "0123456789ABCDEF");
	frame_start(&frame, FRAME_OPENED);
	frames_put_opened(&frame, &opened);
	ck_assert(frames_get_opened(&frame, &got));
	ck_assert_str_eq(got.signatures[0].key, opened.signatures[0].key);
	ck_assert_str_eq(got.recipients[0], opened.recipients[0]);

	opened.smime = true;
	opened.signatures[0].address_count = 2;
	strcpy(opened.signatures[0].addresses[0], "vuln-contact@ipa.go.jp");
	strcpy(opened.signatures[0].addresses[1], "a@b.example");
	frame_start(&frame, FRAME_OPENED);
	frames_put_opened(&frame, &opened);
	ck_assert(frames_get_opened(&frame, &got));
	ck_assert(frame_end(&frame) && got.smime);
	ck_assert_uint_eq(got.signatures[0].address_count, 2);
	ck_assert_str_eq(got.signatures[0].addresses[1], "a@b.example");
	strcpy(opened.signatures[0].addresses[1], "a b@b.example");
	frame_start(&frame, FRAME_OPENED);
	frames_put_opened(&frame, &opened);
	ck_assert(!frames_get_opened(&frame, &got));
	opened.signatures[0].address_count = FACTS_CERTIFICATE_ADDRESSES + 1;
	frame_start(&frame, FRAME_OPENED);
	frame_put_u8(&frame, OPEN_OK);
	frame_put_bool(&frame, false);
	frame_put_bool(&frame, true);
	frame_put_bytes(&frame, opened.sha256, sizeof(opened.sha256));
	frame_put_u32(&frame, 1);
	frame_put_u8(&frame, SIGNATURE_GOOD);
	frame_put_bytes(&frame, opened.signatures[0].key, 40);
	frame_put_i64(&frame, 0);
	frame_put_bool(&frame, false);
	frame_put_u32(&frame, 0);
	frame_put_u8(&frame, FACTS_CERTIFICATE_ADDRESSES + 1);
	ck_assert(!frames_get_opened(&frame, &got));
	opened.signatures[0].address_count = 0;

	opened.signatures[0].key[3] = 'x';
	frame_start(&frame, FRAME_OPENED);
	frames_put_opened(&frame, &opened);
	ck_assert(!frames_get_opened(&frame, &got));

	opened.signatures[0].key[3] = '3';
	opened.signatures[0].status = SIGNATURE_STATUSES;
	frame_start(&frame, FRAME_OPENED);
	frames_put_opened(&frame, &opened);
	ck_assert(!frames_get_opened(&frame, &got));
}
END_TEST

START_TEST(a_key_comes_out_as_it_went_in)
{
	struct pgp_key key = { .fpr = "0123456789ABCDEF0123456789ABCDEF01234567",
		.subkeys = { "1123456789ABCDEF0123456789ABCDEF01234567" },
		.subkey_count = 1,
		.user_id = "IPA <vuln-contact@ipa.go.jp>",
		.created_at = 5,
		.secret = true,
		.can_sign = true,
		.encrypt_until = 7,
		.sign_until = 8,
		.algorithm = "rsa1024",
		.weak = true,
		.by_root = true,
		.root_coordinator = 3 };
	struct pgp_key got = { .user_id = NULL };

	frame_start(&frame, FRAME_KEY);
	frames_put_key(&frame, &key);
	ck_assert(frames_get_key(&frame, arena, &got));
	ck_assert(frame_end(&frame));
	ck_assert_str_eq(got.fpr, key.fpr);
	ck_assert_str_eq(got.subkeys[0], key.subkeys[0]);
	ck_assert(got.secret && got.can_sign && !got.can_encrypt && !got.revoked);
	ck_assert(got.by_root && got.weak);
	ck_assert_int_eq(got.encrypt_until, 7);
	ck_assert_int_eq(got.sign_until, 8);
	ck_assert_str_eq(got.algorithm, "rsa1024");
	ck_assert_uint_eq(got.root_coordinator, 3);
}
END_TEST

START_TEST(an_outcome_keeps_its_sentence)
{
	struct err err, got;
	enum outcome outcome;

	err_set(&err, LATER, "the server says: %d", 451);
	frame_start(&frame, FRAME_SUBMITTED);
	frames_put_outcome(&frame, LATER, &err);
	ck_assert(frames_get_outcome(&frame, &outcome, &got));
	ck_assert_int_eq(outcome, LATER);
	ck_assert_str_eq(got.text, "the server says: 451");

	frame_start(&frame, FRAME_SUBMITTED);
	frame_put_u8(&frame, 3);
	frame_put_string(&frame, "");
	ck_assert(!frames_get_outcome(&frame, &outcome, &got));
}
END_TEST

START_TEST(a_trials_step_comes_out_as_it_went_in)
{
	struct trial trial = { .step = TRIAL_TLS, .outcome = NEVER, .index = 3, .bits = 1 };
	struct trial got;

	trial.at = INT64_C(1795374462000000);
	err_set(&trial.err, NEVER, "expired");
	frame_start(&frame, FRAME_TRIED);
	trial_put(&frame, &trial);
	ck_assert(trial_get(&frame, &got));
	ck_assert(frame_end(&frame));
	ck_assert_int_eq(got.step, TRIAL_TLS);
	ck_assert_int_eq(got.outcome, NEVER);
	ck_assert_str_eq(got.err.text, "expired");
	ck_assert_uint_eq(got.index, 3);
	ck_assert_uint_eq(got.bits, 1);
	ck_assert_int_eq(got.at, trial.at);
}
END_TEST

/* Each value, one past its range. */
START_TEST(a_trials_step_out_of_range_is_refused)
{
	struct trial trial = { .step = TRIAL_FOLDER, .outcome = DONE }, got;

	switch (_i) {
	case 0:
		trial.step = TRIAL_STEPS;
		break;
	case 1:
		trial.outcome = (enum outcome)(NEVER + 1);
		break;
	case 2:
		trial.index = CONF_LIST_MAX;
		break;
	case 3:
		trial.bits = TRIAL_BITS;
		break;
	default:
		trial.at = -1;
	}
	frame_start(&frame, FRAME_TRIED);
	trial_put(&frame, &trial);
	ck_assert(!trial_get(&frame, &got));
}
END_TEST

#define FPR "D27D45A99BB3488B24B28DF7CAC794949EF26857"

static void
put_seal(enum pgp_mode mode, bool whole, int link_fd)
{
	struct frames_seal seal = { .job = 7, .mode = mode, .recipients = { FPR, FPR },
		.recipient_count = 2, .entity_fd = io_memfd("a", 1), .link_fd = link_fd,
		.whole = whole };

	frame_start(&frame, FRAME_SEAL);
	frames_put_seal(&frame, &seal);
}

START_TEST(what_a_sealer_is_asked_for_comes_out_as_it_went_in)
{
	struct frames_seal got;

	put_seal(PGP_SIGN_SEAL, true, io_memfd("b", 1));
	ck_assert(frames_get_seal(&frame, arena, &got));
	ck_assert_uint_eq(got.job, 7);
	ck_assert_int_eq(got.mode, PGP_SIGN_SEAL);
	ck_assert_uint_eq(got.recipient_count, 2);
	ck_assert_str_eq(got.recipients[1], FPR);
	ck_assert(got.whole && got.entity_fd >= 0 && got.link_fd >= 0);
	put_seal(PGP_SIGN_DETACHED, false, -1);
	ck_assert(frames_get_seal(&frame, arena, &got));
	ck_assert(got.entity_fd >= 0 && got.link_fd < 0);
}
END_TEST

/* What was opened leaves in a ciphertext alone, whatever the desk says. */
static const struct {
	enum pgp_mode mode;
	bool whole, link;
} wrong_seals[] = {
	{ PGP_SIGN_DETACHED, false, true },
	{ PGP_SIGN_DETACHED, true, true },
	{ PGP_SEAL, false, true },
	{ PGP_SIGN_SEAL, true, false },
	{ (enum pgp_mode)(PGP_SIGN_SEAL + 1), false, false },
};

START_TEST(a_sealer_refuses_what_is_wrong)
{
	struct frames_seal got;

	put_seal(wrong_seals[_i].mode, wrong_seals[_i].whole,
		wrong_seals[_i].link ? io_memfd("b", 1) : -1);
	ck_assert(!frames_get_seal(&frame, arena, &got));
}
END_TEST

START_TEST(a_request_to_seal_is_whole_or_wrong)
{
	struct frames_seal got;

	/* A descriptor too many, and one too few. */
	put_seal(PGP_SIGN_SEAL, false, -1);
	frame_put_fd(&frame, io_memfd("b", 1));
	ck_assert(!frames_get_seal(&frame, arena, &got));
	put_seal(PGP_SIGN_SEAL, false, io_memfd("b", 1));
	frame.fd_count = 1;
	ck_assert(!frames_get_seal(&frame, arena, &got));
	put_seal(PGP_SIGN_SEAL, false, io_memfd("b", 1));
	for (size_t len = 0; len < frame.len; len++) {
		cut = frame;
		cut.len = len;
		cut.fd_count = 0;
		ck_assert(!frames_get_seal(&cut, arena, &got));
	}
}
END_TEST

START_TEST(what_a_keyring_gives_comes_out_as_it_went_in)
{
	char *charset;
	int fd;

	frame_start(&frame, FRAME_CONTENT);
	frame_put_string(&frame, NULL);
	frame_put_fd(&frame, io_memfd("a", 1));
	ck_assert(frames_get_content(&frame, arena, &charset, &fd));
	ck_assert(charset == NULL && fd >= 0);
	frame_start(&frame, FRAME_CONTENT);
	frame_put_string(&frame, arena_printf(arena, "%0*d", FRAMES_CHARSET_MAX + 1, 1));
	frame_put_fd(&frame, fd);
	ck_assert(!frames_get_content(&frame, arena, &charset, &fd));
	frame_start(&frame, FRAME_CONTENT);
	frame_put_string(&frame, "utf-8");
	ck_assert(!frames_get_content(&frame, arena, &charset, &fd));
}
END_TEST

static Suite *
frames_suite(void)
{
	Suite *suite = suite_create("frames");
	TCase *tcase = tcase_create("frames");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_header_comes_out_as_it_went_in);
	tcase_add_test(tcase, an_offered_key_is_a_whole_fingerprint);
	tcase_add_test(tcase, a_layer_comes_out_as_it_went_in);
	tcase_add_test(tcase, the_largest_layer_fits);
	tcase_add_loop_test(tcase, a_wrong_value_spoils_the_frame, 0, 21);
	tcase_add_test(tcase, every_cut_is_refused);
	tcase_add_test(tcase, bytes_left_over_are_refused);
	tcase_add_test(tcase, the_keyrings_facts_are_checked);
	tcase_add_test(tcase, a_key_comes_out_as_it_went_in);
	tcase_add_test(tcase, an_outcome_keeps_its_sentence);
	tcase_add_test(tcase, what_a_sealer_is_asked_for_comes_out_as_it_went_in);
	tcase_add_loop_test(tcase, a_sealer_refuses_what_is_wrong, 0,
		sizeof(wrong_seals) / sizeof(wrong_seals[0]));
	tcase_add_test(tcase, a_request_to_seal_is_whole_or_wrong);
	tcase_add_test(tcase, what_a_keyring_gives_comes_out_as_it_went_in);
	tcase_add_test(tcase, a_trials_step_comes_out_as_it_went_in);
	tcase_add_loop_test(tcase, a_trials_step_out_of_range_is_refused, 0, 5);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(frames_suite());
}
