/*
 * port/look: how far a connection comes, and what is told of the certificate,
 * on a real Dovecot with one certificate for each address.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/look.h"

#include "base/clock.h"
#include "dovecot.h"
#include "port/pipe.h"
#include "unit.h"

#include <string.h>

#define CONNECT_MS 20000
#define CLOSED_PORT 1

static struct dovecot dovecot;

enum port { IMAPS, IMAP, CLOSED };

static const struct {
	const char *host;
	enum port port;
	enum conf_tls tls;
	bool ca, pin;
	enum outcome outcome;
	enum look_step failed;
	const char *until;	/* of the certificate; NULL: not looked at, "": none is told */
	bool self_signed;
} looks[] = {
	{ "127.0.0.1", IMAPS, TLS_REQUIRED, true, false, DONE, LOOK_STEPS, "2099-12-31", false },
	{ "localhost", IMAPS, TLS_REQUIRED, true, true, DONE, LOOK_STEPS, "2099-12-31", false },
	{ "127.0.0.1", IMAP, TLS_STARTTLS, true, false, DONE, LOOK_STEPS, "2099-12-31", false },
	{ "127.0.0.1", IMAP, TLS_NONE, false, false, DONE, LOOK_STEPS, "", false },
	{ "127.0.0.1", IMAPS, TLS_REQUIRED, false, false, NEVER, LOOK_TLS, "2099-12-31", false },
	{ "127.0.0.2", IMAPS, TLS_REQUIRED, true, false, NEVER, LOOK_TLS, "2099-12-31", false },
	{ "127.0.0.3", IMAPS, TLS_REQUIRED, true, false, NEVER, LOOK_TLS, "2020-02-01", false },
	{ "127.0.0.4", IMAPS, TLS_REQUIRED, true, false, NEVER, LOOK_TLS, NULL, true },
	{ "127.0.0.3", IMAP, TLS_STARTTLS, true, false, NEVER, LOOK_TLS, "2020-02-01", false },
	{ "127.0.0.1", IMAP, TLS_REQUIRED, true, false, LATER, LOOK_TLS, "", false },
	{ "127.0.0.1", CLOSED, TLS_REQUIRED, true, false, LATER, LOOK_CONNECT, "", false },
	{ "no-such-host.invalid", IMAPS, TLS_REQUIRED, true, false, LATER, LOOK_NAME, "", false },
	{ "not a host", IMAPS, TLS_REQUIRED, true, false, NEVER, LOOK_NAME, "", false },
};

START_TEST(test_looks)
{
	const int ports[] = { [IMAPS] = dovecot.imaps, [IMAP] = dovecot.imap, [CLOSED] = CLOSED_PORT };
	struct conf_server server = { .host = looks[_i].host,
		.port = ports[looks[_i].port],
		.implicit_tls = looks[_i].tls == TLS_REQUIRED,
		.tls = looks[_i].tls,
		.ca_file = looks[_i].ca ? dovecot.ca : "",
		.pin = looks[_i].pin ? dovecot.pin : "" };
	struct look look = { .good_until = -1 };
	struct err err = { "" };
	enum outcome outcome = look_at(&server, LOOK_IMAP, CONNECT_MS, &look, &err);
	int64_t until = 0;

	ck_assert_msg(outcome == looks[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(look.failed, looks[_i].failed);
	ck_assert_int_eq(look.tls, looks[_i].tls != TLS_NONE);
	ck_assert_int_eq(look.self_signed, looks[_i].self_signed);
	ck_assert((outcome == DONE) == (err.text[0] == '\0'));
	if (looks[_i].until == NULL)
		return;
	if (looks[_i].until[0] != '\0')
		ck_assert(clock_parse(looks[_i].until, "UTC", &until));
	/* The certificates end at midnight, a bare date is its last second. */
	ck_assert_int_le(until - look.good_until, CLOCK_DAY);
	ck_assert_int_ge(until, look.good_until);
	ck_assert_int_eq(until == 0, look.good_until == 0);
}
END_TEST

static Suite *
suite_look(void)
{
	Suite *suite = suite_create("look");
	TCase *tcase = tcase_create("look");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_looks, 0, sizeof looks / sizeof *looks);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	int failed;

	pipe_start();
	dovecot = dovecot_start("");
	failed = dovecot.runs ? unit_run(suite_look()) : EXIT_SUCCESS;
	failed = dovecot_verdict(&dovecot, failed);
	dovecot_stop(&dovecot);
	return failed;
}
