/*
 * port/sasl against libgsasl's own server half, and against servers that lie
 * in one word of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/sasl.h"

#include "base/text.h"
#include "unit.h"

#include <gsasl.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD "\xE7\xAA\x93\xE5\x8F\xA3 pencil"

/* The offer is a string of names between blanks. */
static bool
offered(const void *context, const char *mechanism)
{
	char name[64];

	snprintf(name, sizeof name, " %s ", mechanism);
	return strstr(context, name) != NULL;
}

static struct conf_server
server_of(enum conf_auth auth, const char *user)
{
	return (struct conf_server){
		.host = "mail.example.jp", .port = 993, .auth = auth, .user = user
	};
}

#define ALL " LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 XOAUTH2 SCRAM-SHA-256 OAUTHBEARER "

static const struct {
	const char *offer;
	enum conf_auth auth;
	const char *name; /* NULL: refused */
} choices[] = {
	{ ALL, AUTH_AUTO, "SCRAM-SHA-256" },
	{ " LOGIN PLAIN SCRAM-SHA-1 ", AUTH_AUTO, "SCRAM-SHA-1" },
	{ " LOGIN PLAIN SCRAM-SHA-256-PLUS ", AUTH_AUTO, "PLAIN" },
	{ " LOGIN XOAUTH2 ", AUTH_AUTO, "LOGIN" },
	{ " CRAM-MD5 GSSAPI XOAUTH2 OAUTHBEARER ", AUTH_AUTO, NULL },
	{ " ", AUTH_AUTO, NULL },
	{ ALL, AUTH_SCRAM, "SCRAM-SHA-256" },
	{ " PLAIN SCRAM-SHA-1 ", AUTH_SCRAM, "SCRAM-SHA-1" },
	{ " PLAIN LOGIN ", AUTH_SCRAM, NULL },
	{ ALL, AUTH_PLAIN, "PLAIN" },
	{ ALL, AUTH_LOGIN, "LOGIN" },
	{ " PLAIN ", AUTH_XOAUTH2, "XOAUTH2" },
	{ ALL, AUTH_OAUTHBEARER, "OAUTHBEARER" },
};

START_TEST(test_choice)
{
	struct conf_server server = server_of(choices[_i].auth, "desk");
	struct sasl *sasl = NULL;
	struct err err = { "" };
	enum outcome outcome =
		sasl_open(&server, "pass", offered, choices[_i].offer, &sasl, &err);

	if (choices[_i].name == NULL) {
		ck_assert_int_eq(outcome, NEVER);
		ck_assert_ptr_nonnull(strstr(err.text, "mail.example.jp offers no"));
	} else {
		ck_assert_msg(outcome == DONE, "%s", err.text);
		ck_assert_str_eq(sasl_name(sasl), choices[_i].name);
	}
	sasl_close(&sasl);
	sasl_close(&sasl);
}
END_TEST

static const struct {
	enum conf_auth auth;
	const char *answers[3]; /* to one challenge after the other; NULL: refused */
} messages[] = {
	/* "\0desk\0pass"; LOGIN's two; the tokens' one and the word before a refusal. */
	{ AUTH_PLAIN, { "AGRlc2sAcGFzcw==", NULL } },
	{ AUTH_LOGIN, { "ZGVzaw==", "cGFzcw==", NULL } },
	{ AUTH_XOAUTH2, { "dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHBhc3MBAQ==", "", NULL } },
	{ AUTH_OAUTHBEARER,
		{ "bixhPWRlc2ssAWhvc3Q9bWFpbC5leGFtcGxlLmpwAXBvcnQ9OTkzAWF1dGg9QmVhcmVyIHBhc3MBAQ==",
			"AQ==", NULL } },
};

START_TEST(test_messages)
{
	struct conf_server server = server_of(messages[_i].auth, "desk");
	struct sasl *sasl = NULL;
	struct err err = { "" };
	const char *answer;
	size_t i;

	ck_assert_int_eq(sasl_open(&server, "pass", offered, ALL, &sasl, &err), DONE);
	for (i = 0; messages[_i].answers[i] != NULL; i++) {
		ck_assert_int_eq(sasl_answer(sasl, "", &answer, &err), DONE);
		ck_assert_str_eq(answer, messages[_i].answers[i]);
		if (*answer != '\0')
			ck_assert_str_ne(sasl_clean(sasl, answer), answer);
	}
	ck_assert_int_eq(sasl_answer(sasl, "", &answer, &err), NEVER);
	ck_assert_int_eq(sasl_proved(sasl, &err), DONE);
	sasl_close(&sasl);
}
END_TEST

static int
knows(Gsasl *gsasl, Gsasl_session *session, Gsasl_property property)
{
	(void)gsasl;
	if (property == GSASL_PASSWORD)
		return gsasl_property_set(session, GSASL_PASSWORD, PASSWORD);
	if (property == GSASL_SCRAM_ITER)
		return gsasl_property_set(session, GSASL_SCRAM_ITER, "4096");
	return GSASL_NO_CALLBACK;
}

/* The server's next challenge, for the caller to free; NULL when it refuses. */
static char *
challenge_of(Gsasl_session *session, const char *answer)
{
	char *challenge = NULL;
	int result = gsasl_step64(session, answer, &challenge);

	return result == GSASL_OK || result == GSASL_NEEDS_MORE ? challenge : NULL;
}

static const struct {
	const char *offer, *password;
	enum { HONEST, FORGETS_PROOF, WRONG_PROOF, WRONG_NONCE, ONCE_MORE } lie;
} scrams[] = {
	{ " SCRAM-SHA-256 ", PASSWORD, HONEST },
	{ " SCRAM-SHA-1 ", PASSWORD, HONEST },
	{ " SCRAM-SHA-256 ", "guess", HONEST },
	{ " SCRAM-SHA-256 ", PASSWORD, FORGETS_PROOF },
	{ " SCRAM-SHA-256 ", PASSWORD, WRONG_PROOF },
	{ " SCRAM-SHA-1 ", PASSWORD, WRONG_PROOF },
	{ " SCRAM-SHA-256 ", PASSWORD, WRONG_NONCE },
	{ " SCRAM-SHA-256 ", PASSWORD, ONCE_MORE },
};

START_TEST(test_scram)
{
	struct conf_server server = server_of(AUTH_SCRAM, "d\xC3\xA9sk=1,2");
	bool guess = text_equal(scrams[_i].password, "guess");
	struct sasl *sasl = NULL;
	Gsasl_session *session;
	struct err err = { "" };
	const char *answer;
	char *first, *final;
	Gsasl *gsasl;

	ck_assert_int_eq(gsasl_init(&gsasl), GSASL_OK);
	gsasl_callback_set(gsasl, knows);
	ck_assert_int_eq(sasl_open(&server, scrams[_i].password, offered, scrams[_i].offer, &sasl,
				 &err),
		DONE);
	ck_assert_int_eq(gsasl_server_start(gsasl, sasl_name(sasl), &session), GSASL_OK);
	ck_assert_int_eq(sasl_answer(sasl, "", &answer, &err), DONE);
	first = challenge_of(session, answer);
	ck_assert_str_eq(gsasl_property_fast(session, GSASL_AUTHID), server.user);
	ck_assert_int_eq(sasl_proved(sasl, &err), NEVER);
	if (scrams[_i].lie == WRONG_NONCE) {
		first[8] = first[8] == 'A' ? 'B' : 'A';
		ck_assert_int_eq(sasl_answer(sasl, first, &answer, &err), NEVER);
	} else {
		ck_assert_msg(sasl_answer(sasl, first, &answer, &err) == DONE, "%s", err.text);
		final = challenge_of(session, answer);
		ck_assert_int_eq(final == NULL, guess);
		if (scrams[_i].lie == WRONG_PROOF)
			final[5] = final[5] == 'A' ? 'B' : 'A';
		if (final != NULL && scrams[_i].lie != FORGETS_PROOF)
			ck_assert_int_eq(sasl_answer(sasl, final, &answer, &err),
				scrams[_i].lie == WRONG_PROOF ? NEVER : DONE);
		if (scrams[_i].lie == ONCE_MORE)
			ck_assert_int_eq(sasl_answer(sasl, final, &answer, &err), NEVER);
		gsasl_free(final);
	}
	ck_assert_int_eq(sasl_proved(sasl, &err),
		scrams[_i].lie == HONEST && !guess ? DONE : NEVER);
	gsasl_free(first);
	gsasl_finish(session);
	gsasl_done(gsasl);
	sasl_close(&sasl);
}
END_TEST

static const struct {
	const char *user, *password, *sentence;
} impossible[] = {
	{ "", "pass", "user's name" },
	{ "desk\r\nA LOGOUT", "pass", "user's name" },
	{ "desk\001auth=Bearer x", "pass", "user's name" },
	{ "desk\x7F", "pass", "user's name" },
	{ "desk", "", "password" },
	{ "desk", "a\r\nb LOGOUT", "password" },
	{ "desk", "a\001b", "password" },
	{ "desk", "a\tb", "password" },
};

START_TEST(test_possible)
{
	struct conf_server server = server_of(AUTH_AUTO, impossible[_i].user);
	struct sasl *sasl = NULL;
	struct err err = { "" };

	ck_assert_int_eq(sasl_open(&server, impossible[_i].password, offered, ALL, &sasl, &err),
		NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, impossible[_i].sentence));
	ck_assert_ptr_null(sasl);
}
END_TEST

static const struct {
	const char *words;
	bool kept;
} words[] = {
	{ "535 wrong", true },
	{ "535 not correct horse", false },
	{ "535 Y29ycmVjdCBob3JzZQ==", false },
	{ "535 AGRlc2sAY29ycmVjdCBob3JzZQ==", false },
};

START_TEST(test_clean)
{
	struct conf_server server = server_of(AUTH_PLAIN, "desk");
	struct sasl *sasl = NULL;
	struct err err = { "" };
	const char *answer;

	ck_assert_int_eq(sasl_open(&server, "correct horse", offered, ALL, &sasl, &err), DONE);
	ck_assert_int_eq(sasl_answer(sasl, "", &answer, &err), DONE);
	ck_assert_int_eq(sasl_clean(sasl, words[_i].words) == words[_i].words, words[_i].kept);
	sasl_close(&sasl);
}
END_TEST

static const struct {
	const char *message;
	unsigned long rounds;
} rounds[] = {
	{ "r=abc,s=AAAA,i=4096", 4096 },
	{ "r=abc,s=AAAA,i=4096,x=y", 4096 },
	{ "r=abc,s=AAAA,i=", 0 },
	{ "r=abc,s=AAAA,i=-1", 0 },
	{ "r=abc,s=AAAA,i=40 96", 0 },
	{ "r=abc,s=AAAA", 0 },
	{ "i=4096", 0 },
	{ "", 0 },
	{ ",i=", 0 },
	{ "r=abc,s=AAAA,i=1000000", 1000000 },
};

START_TEST(test_rounds)
{
	const char *message = rounds[_i].message;

	ck_assert_uint_eq(sasl_rounds(message, strlen(message)), rounds[_i].rounds);
	ck_assert_uint_gt(sasl_rounds(",i=99999999999999999999999999", 29), SASL_ROUNDS_MAX);
}
END_TEST

static Suite *
suite_sasl(void)
{
	Suite *suite = suite_create("sasl");
	TCase *tests = tcase_create("sasl");

	tcase_add_loop_test(tests, test_choice, 0, sizeof choices / sizeof *choices);
	tcase_add_loop_test(tests, test_messages, 0, sizeof messages / sizeof *messages);
	tcase_add_loop_test(tests, test_scram, 0, sizeof scrams / sizeof *scrams);
	tcase_add_loop_test(tests, test_possible, 0, sizeof impossible / sizeof *impossible);
	tcase_add_loop_test(tests, test_clean, 0, sizeof words / sizeof *words);
	tcase_add_loop_test(tests, test_rounds, 0, sizeof rounds / sizeof *rounds);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_sasl());
}
