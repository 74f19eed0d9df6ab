/*
 * port/smtp: what reaches the server, and what each of its replies and each
 * cut is taken for. Scripted servers, and one with TLS.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smtp.h"

#include "base/arena.h"
#include "base/clock.h"
#include "dovecot.h"
#include "fake_server.h"
#include "port/pipe.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define STEPS 40

#define FROM "security@example.co.jp"
#define TO "vuln-contact@ipa.go.jp"
#define TEXT "Subject: a\r\n\r\n.hidden dot\r\nend\r\n"
#define HELLO "S 220 hi", "C EHLO localhost\r\n", "S 250-hi\r\n250 SIZE 100000"
#define ENVELOPE                                                                                  \
	"C MAIL FROM:<" FROM "> SIZE=32\r\n", "S 250 ok", "C RCPT TO:<" TO ">\r\n", "S 250 ok",   \
		"C DATA\r\n", "S 354 go on"
#define GOODBYE "C QUIT", "S 221 bye", "E"

/* Only for its certificates. */
static struct dovecot dovecot;

static struct conf_server
server_at(int port, bool implicit_tls, enum conf_tls tls, const char *user, enum conf_auth auth)
{
	return (struct conf_server){ .host = "127.0.0.1",
		.port = port,
		.implicit_tls = implicit_tls,
		.tls = tls,
		.auth = auth,
		.user = user,
		.ca_file = dovecot.runs ? dovecot.ca : "",
		.pin = "" };
}

static struct smtp *
opened(const struct conf_server *server, const char *password)
{
	struct smtp *smtp = NULL;
	struct err err = { "" };

	ck_assert_msg(smtp_open(server, password, &smtp, &err) == DONE, "%s", err.text);
	smtp_patience(smtp, 1, 2);
	return smtp;
}

static enum outcome
submit(struct smtp *smtp, struct smtp_result *result_r, struct err *err_r)
{
	return smtp_submit(smtp, FROM, TO, TEXT, sizeof TEXT - 1, result_r, err_r);
}

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	int code;
	bool unknown;
	const char *reply;
} replies[] = {
	{ { HELLO, ENVELOPE, "U", "S 250 2.0.0 queued as 77", "Q" }, DONE, 250, false,
		"250 2.0.0 queued as 77" },
	{ { HELLO, ENVELOPE, "U", "S 250-2.0.0 first\r\n250 2.0.0 last", "Q" }, DONE, 250, false,
		"250 2.0.0 last" },
	{ { HELLO, ENVELOPE, "U", "S 250 \xE5\x8F\x97\x07", "Q" }, DONE, 250, false, "250 ????" },
	/* Refused: sender, recipient, DATA, message. */
	{ { HELLO, "C MAIL", "S 550 5.7.1 not you", "Q" }, NEVER, 550, false,
		"550 5.7.1 not you" },
	{ { HELLO, "C MAIL", "S 451 4.3.0 busy", "Q" }, LATER, 451, false, "451 4.3.0 busy" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 550 5.1.1 no such user", "Q" }, NEVER, 550,
		false, "550 5.1.1 no such user" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 450 4.2.1 greylisted", "Q" }, LATER, 450,
		false, "450 4.2.1 greylisted" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 554 5.5.1 no", "Q" },
		NEVER, 554, false, "554 5.5.1 no" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 421 4.3.2 down", "Q" },
		LATER, 421, false, "421 4.3.2 down" },
	{ { HELLO, ENVELOPE, "U", "S 554-5.7.1 spam\r\n554 5.7.1 really", "Q" }, NEVER, 554, false,
		"554 5.7.1 really" },
	{ { HELLO, ENVELOPE, "U", "S 452 4.3.1 disk full", "Q" }, LATER, 452, false,
		"452 4.3.1 disk full" },
	/* About the login, not about this message. */
	{ { HELLO, "C MAIL", "S 530 5.7.0 authenticate first", "Q" }, LATER, 530, false,
		"530 5.7.0 authenticate first" },
	/* Not ready: the message is not judged. */
	{ { "S 554 5.3.2 no service", "Q" }, LATER, 554, false, "554 5.3.2 no service" },
	{ { "S 421 4.3.2 too busy", "Q" }, LATER, 421, false, "421 4.3.2 too busy" },
	{ { "S SSH-2.0-OpenSSH", "Q" }, LATER, 0, false, "" },
	{ { "S 220 hi", "C EHLO", "S 502 what", "C HELO", "S 550 no", "Q" }, LATER, 550, false,
		"550 no" },
	/* Cut: before the message's end it cannot have been taken. */
	{ { "X" }, LATER, 0, false, "" },
	{ { HELLO, "C MAIL", "X" }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "X" }, LATER, 250, false,
		"250 ok" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "E" }, LATER, 250, false, "250 ok" },
	{ { HELLO, ENVELOPE, "U", "X" }, LATER, 354, true, "354 go on" },
	{ { HELLO, ENVELOPE, "U", "E" }, LATER, 354, true, "354 go on" },
	{ { HELLO, ENVELOPE, "U", "R 25", "X" }, LATER, 354, true, "354 go on" },
	{ { HELLO, ENVELOPE, "U", "S what?", "E" }, LATER, 354, true, "354 go on" },
	{ { "D 220-wait ", NULL }, LATER, 0, false, "" },
	{ { "F 3000000", "E" }, LATER, 0, false, "" },
	/* Replies without an end, wherever one is waited for. */
	{ { "L 220-welcome, welcome, welcome", NULL }, LATER, 0, false, "" },
	{ { "S 220 hi", "C EHLO", "L 250-AUTH PLAIN", NULL }, LATER, 220, false, "220 hi" },
	{ { HELLO, "C MAIL", "L 250-ok", NULL }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, "C MAIL", "D 250-ok ", NULL }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, ENVELOPE, "U", "L 250-ok", NULL }, LATER, 354, true, "354 go on" },
	{ { HELLO, ENVELOPE, "U", "F 3000000", NULL }, LATER, 354, true, "354 go on" },
	{ { HELLO, ENVELOPE, "U", "D 250-ok ", NULL }, LATER, 354, true, "354 go on" },
	/* Answers that are not to what was asked. */
	{ { HELLO, "C MAIL", "S 354 go on", "E" }, LATER, 354, false, "354 go on" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 334 ", "E" }, LATER, 334, false, "334 " },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 250 taken", "E" },
		LATER, 250, false, "250 taken" },
	{ { HELLO, ENVELOPE, "U", "S 354 more", "E" }, LATER, 354, true, "354 more" },
	{ { HELLO, "C MAIL", "S 999 what", "E" }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, "C MAIL", "S 250_ok", "E" }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, "C MAIL", "S ", "E" }, LATER, 250, false, "250 SIZE 100000" },
	{ { HELLO, "C MAIL", "S 250-ok\r\n550 or not", "Q" }, NEVER, 550, false, "550 or not" },
	{ { HELLO, "C MAIL", "S 550 %0no%0", "Q" }, NEVER, 550, false, "550 ?no?" },
	/* Answers before the question: none of them is taken for a later one's. */
	{ { "R 220 hi\r\n250 hi\r\n", "E" }, LATER, 220, false, "220 hi" },
	{ { HELLO, "C MAIL", "R 250 ok\r\n250 ok\r\n354 go on\r\n250 taken\r\n", "E" }, LATER,
		250, false, "250 ok" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA",
		  "R 354 go on\r\n250 taken\r\n", "E" },
		LATER, 354, false, "354 go on" },
	{ { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA",
		  "R 354 go on\r\n552 too large\r\n", "E" },
		LATER, 354, false, "354 go on" },
};

START_TEST(test_replies)
{
	struct fake fake = fake_start(replies[_i].steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result = { .code = -1 };
	struct err err = { "" };
	int64_t started = clock_mono_ms();
	enum outcome outcome = submit(smtp, &result, &err);

	ck_assert_msg(outcome == replies[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(result.code, replies[_i].code);
	ck_assert_str_eq(result.reply, replies[_i].reply);
	ck_assert_int_eq(result.unknown, replies[_i].unknown);
	ck_assert((outcome == DONE) == (err.text[0] == '\0'));
	smtp_close(&smtp);
	smtp_close(&smtp);
	ck_assert_int_lt(clock_mono_ms() - started, 4000);
	kill(fake.pid, SIGKILL);
}
END_TEST

#define TRIED "C MAIL FROM:<" FROM ">\r\n"
#define TRIED_TO "C RCPT TO:<" TO ">\r\n"
#define TAKEN_BACK "C RSET\r\n", "S 250 ok", "C QUIT\r\n", "E"

/* A try goes as far as the envelope, and takes it back; to a server that talks nonsense nothing more is said. */
static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	enum smtp_step failed;
	const char *said;
} tries[] = {
	{ { HELLO, TRIED, "S 250 ok", TRIED_TO, "S 250 ok", TAKEN_BACK }, DONE, SMTP_STEPS, "" },
	{ { HELLO, TRIED, "S 250-2.1.0\r\n250 ok", TRIED_TO, "S 251 will forward", TAKEN_BACK },
		DONE, SMTP_STEPS, "" },
	{ { HELLO, TRIED, "S 550 5.7.1 not you", TAKEN_BACK }, NEVER, SMTP_SENDER,
		"550 5.7.1 not you" },
	{ { HELLO, TRIED, "S 250 ok", TRIED_TO, "S 554 5.7.1 no relaying", TAKEN_BACK }, NEVER,
		SMTP_RECIPIENT, "554 5.7.1 no relaying" },
	{ { HELLO, TRIED, "S 250 ok", TRIED_TO, "S 450-4.2.1 wait\r\n450 4.2.1 greylisted",
		  TAKEN_BACK },
		LATER, SMTP_RECIPIENT, "450 4.2.1 greylisted" },
	{ { HELLO, TRIED, "E" }, LATER, SMTP_SENDER, "did not finish MAIL in time" },
	{ { HELLO, TRIED, "S what?", "E" }, LATER, SMTP_SENDER, "cannot be read" },
	{ { HELLO, TRIED, "F 3000000", "E" }, LATER, SMTP_SENDER, "more on MAIL than it may" },
	{ { HELLO, TRIED, "S 250 ok", TRIED_TO, "S 354 go on", "E" }, LATER, SMTP_RECIPIENT,
		"cannot be read" },
	{ { "S 554 5.3.2 no service", "Q" }, LATER, SMTP_LOGIN, "no service" },
};

START_TEST(test_try)
{
	struct fake fake = fake_start(tries[_i].steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	enum smtp_step failed = SMTP_STEPS;
	struct err err = { "" };
	enum outcome outcome = smtp_try(smtp, FROM, TO, &failed, &err);

	ck_assert_msg(outcome == tries[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(failed, tries[_i].failed);
	ck_assert_msg(strstr(err.text, tries[_i].said) != NULL, "%s", err.text);
	smtp_close(&smtp);
	if (outcome == DONE || (failed != SMTP_LOGIN && strstr(err.text, "refuses") != NULL))
		ck_assert(fake_played(&fake));
	kill(fake.pid, SIGKILL);
}
END_TEST

/* An address with a line end in it is not written. */
START_TEST(test_try_address)
{
	struct conf_server server = server_at(1, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	enum smtp_step failed = SMTP_STEPS;
	struct err err = { "" };

	ck_assert_int_eq(smtp_try(smtp, "a@b.c>\r\nDATA", TO, &failed, &err), NEVER);
	ck_assert_int_eq(failed, SMTP_SENDER);
	ck_assert_int_eq(smtp_try(smtp, FROM, "a@b.c>\r\nDATA", &failed, &err), NEVER);
	ck_assert_int_eq(failed, SMTP_RECIPIENT);
	smtp_close(&smtp);
}
END_TEST

/* What goes over the wire, byte for byte: dots stuffed, one final dot, no second recipient. */
START_TEST(test_wire)
{
	static const char *const steps[] = { HELLO, ENVELOPE, "C Subject: a\r\n", "C \r\n",
		"C ..hidden dot\r\n", "C end\r\n", "C .\r\n", "S 250 ok", GOODBYE, NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result;
	struct err err;

	ck_assert_int_eq(submit(smtp, &result, &err), DONE);
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

/* A message without a last line end gets one; an empty one is one too. */
START_TEST(test_wire_end)
{
	static const char *const steps[] = { "S 220 hi", "C EHLO", "S 250 hi",
		"C MAIL FROM:<" FROM ">\r\n", "S 250 ok", "C RCPT", "S 250 ok", "C DATA",
		"S 354 go", "C a\r\n", "C .\r\n", "S 250 ok", "C MAIL", "S 250 ok", "C RCPT",
		"S 250 ok", "C DATA", "S 354 go", "C .\r\n", "S 250 ok", GOODBYE, NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result;
	struct err err;

	ck_assert_int_eq(smtp_submit(smtp, FROM, TO, "a", 1, &result, &err), DONE);
	ck_assert_int_eq(smtp_submit(smtp, FROM, TO, "", 0, &result, &err), DONE);
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

/* A large message is cut off in its middle: the server can't have taken it. */
START_TEST(test_cut_inside)
{
	static const char *const steps[] = { "S 220 hi", "C EHLO", "S 250 hi", "C MAIL",
		"S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 354 go", "B 1000", "X", NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	static char text[20000000];
	struct smtp_result result;
	struct err err = { "" };

	memset(text, 'x', sizeof text);
	ck_assert_int_eq(smtp_submit(smtp, FROM, TO, text, sizeof text, &result, &err), LATER);
	ck_assert(!result.unknown);
	smtp_close(&smtp);
}
END_TEST

#define MAIL "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 354 go", "U", "S 250 ok"

/* The second message of one handle. */
static const struct {
	const char *steps[STEPS];
	unsigned pause_ms;
	enum outcome outcome;
	int code;
	bool unknown;
} seconds[] = {
	/* The same connection. */
	{ { HELLO, MAIL, MAIL, GOODBYE }, 0, DONE, 250, false },
	/* Refused once, used again. */
	{ { HELLO, MAIL, "C MAIL", "S 550 no", "Q" }, 0, NEVER, 550, false },
	/* The server has closed meanwhile, with or without a word. */
	{ { HELLO, MAIL, "X", "A", HELLO, MAIL, GOODBYE }, 100, DONE, 250, false },
	{ { HELLO, MAIL, "S 421 bored", "X", "A", HELLO, MAIL, GOODBYE }, 100, DONE, 250, false },
	/* It closes just as the next one begins. */
	{ { HELLO, MAIL, "C MAIL", "X", "A", HELLO, MAIL, GOODBYE }, 0, DONE, 250, false },
	{ { HELLO, MAIL, "C MAIL", "S 421 bored", "X", "A", HELLO, MAIL, GOODBYE }, 0, DONE, 250,
		false },
	/* Answers kept ready for the next message: that connection is not used again. */
	{ { HELLO, MAIL, "R 250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", "A", HELLO, MAIL,
		  GOODBYE },
		100, DONE, 250, false },
	/* Once the message was asked for, nothing is tried again here. */
	{ { HELLO, MAIL, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 354 go", "U",
		  "X" },
		0, LATER, 354, true },
	{ { HELLO, MAIL, "C MAIL", "X", "A", HELLO, "C MAIL", "X" }, 0, LATER, 250, false },
	{ { HELLO, MAIL, "C MAIL", "S 450 busy", "Q" }, 0, LATER, 450, false },
	{ { HELLO, MAIL, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 354 go", "U",
		  "S 421 going", "Q" },
		0, LATER, 421, false },
};

START_TEST(test_second)
{
	struct fake fake = fake_start(seconds[_i].steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result;
	struct err err = { "" };
	enum outcome outcome;

	ck_assert_msg(submit(smtp, &result, &err) == DONE, "%s", err.text);
	usleep(seconds[_i].pause_ms * 1000);
	outcome = submit(smtp, &result, &err);
	ck_assert_msg(outcome == seconds[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(result.unknown, seconds[_i].unknown);
	ck_assert_int_eq(result.code, seconds[_i].code);
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *from, *to;
} bad_addresses[] = {
	{ FROM, "" },
	{ "", TO },
	{ FROM, "a" },
	{ FROM, "a@b\r\nRCPT TO:<evil@example.org>" },
	{ FROM, "a@b>\r\nDATA" },
	{ "a@b> SIZE=1", TO },
	{ FROM, "a b@example.org" },
	{ FROM, "<a@example.org>" },
	{ FROM, "a@example.org,b@example.org" },
};

START_TEST(test_bad_address)
{
	struct conf_server server = server_at(9, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result = { .code = -1 };
	struct err err = { "" };

	ck_assert_int_eq(smtp_submit(smtp, bad_addresses[_i].from, bad_addresses[_i].to, TEXT,
				 sizeof TEXT - 1, &result, &err),
		NEVER);
	ck_assert_int_eq(result.code, 0);
	smtp_close(&smtp);
}
END_TEST

/* Line ends that servers read differently are not sent at all. */
static const char *const bad_lines[] = {
	"a\nb\r\n",
	"a\r\nb\n",
	"\n",
	"\r",
	"a\rb\r\n",
	"a\r\n\r",
	"a\r\r\n",
	"a\r\n.\n\r\n",
	"a\n.\r\nMAIL FROM:<x@y>\r\n",
};

START_TEST(test_bad_lines)
{
	struct conf_server server = server_at(9, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result;
	struct err err = { "" };

	ck_assert_int_eq(
		smtp_submit(smtp, FROM, TO, bad_lines[_i], strlen(bad_lines[_i]), &result, &err),
		NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "CR LF"));
	smtp_close(&smtp);
}
END_TEST

#define AUTH(how) "S 220 hi", "C EHLO", "S 250-hi\r\n250 AUTH " how

static const struct {
	const char *steps[STEPS];
	enum conf_auth auth;
	enum outcome outcome;
	const char *sentence;
} logins[] = {
	{ { AUTH("LOGIN PLAIN"), "C AUTH PLAIN\r\n", "S 334 ", "C AGRlc2sAc2VjcmV0\r\n",
		  "S 235 ok", MAIL, "E" },
		AUTH_AUTO, DONE, "" },
	{ { AUTH("LOGIN"), "C AUTH LOGIN\r\n", "S 334 VXNlcm5hbWU6", "C ZGVzaw==\r\n",
		  "S 334 UGFzc3dvcmQ6", "C c2VjcmV0\r\n", "S 235 ok", MAIL, "E" },
		AUTH_AUTO, DONE, "" },
	{ { AUTH("PLAIN LOGIN"), "C AUTH LOGIN\r\n", "S 334 VXNlcm5hbWU6", "C ZGVzaw==\r\n",
		  "S 334 UGFzc3dvcmQ6", "C c2VjcmV0\r\n", "S 235 ok", MAIL, "E" },
		AUTH_LOGIN, DONE, "" },
	{ { AUTH("PLAIN XOAUTH2"), "C AUTH XOAUTH2\r\n", "S 334 ",
		  "C dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHNlY3JldAEB\r\n", "S 235 ok", MAIL, "E" },
		AUTH_XOAUTH2, DONE, "" },
	{ { AUTH("PLAIN OAUTHBEARER"), "C AUTH OAUTHBEARER\r\n", "S 334 ", "C bixhPWRlc2ss",
		  "S 235 ok", MAIL, "E" },
		AUTH_OAUTHBEARER, DONE, "" },
	{ { AUTH("PLAIN"), "C AUTH PLAIN", "S 334 ", "C A", "S 535 5.7.8 wrong", "E" }, AUTH_AUTO,
		LATER, "535 5.7.8 wrong" },
	{ { AUTH("PLAIN"), "C AUTH PLAIN", "S 334 ", "C A", "S 454 4.7.0 try later", "E" },
		AUTH_AUTO, LATER, "454" },
	{ { AUTH("PLAIN"), "C AUTH PLAIN", "S 334 ", "C A", "S 535 not secret", "E" }, AUTH_AUTO,
		LATER, "left out" },
	{ { AUTH("LOGIN"), "C AUTH LOGIN", "S 334 ", "C ZGVzaw==", "S 334 ", "C c2Vj", "S 334 ",
		  "C *\r\n", "E" },
		AUTH_AUTO, LATER, "asks for more" },
	{ { AUTH("PLAIN"), "C AUTH PLAIN", "S 334 ", "C A", "S 535 c2VjcmV0", "E" }, AUTH_AUTO,
		LATER, "left out" },
	{ { AUTH("PLAIN"), "C AUTH PLAIN", "S 334 ", "C A", "L 235-welcome", NULL }, AUTH_AUTO,
		LATER, "sent more" },
	{ { AUTH("PLAIN XOAUTH2"), "C AUTH XOAUTH2\r\n", "S 334 ", "C dXNl",
		  "S 334 eyJzdGF0dXMiOiI0MDEifQ==", "C \r\n", "S 535 run out", "E" },
		AUTH_XOAUTH2, LATER, "run out" },
	/* SCRAM: the strongest, and no other way after a lie. */
	{ { AUTH("PLAIN SCRAM-SHA-1 SCRAM-SHA-256"), "C AUTH SCRAM-SHA-256\r\n", "S 334 ",
		  "C biws", "S 535 5.7.8 no", "E" },
		AUTH_AUTO, LATER, "5.7.8 no" },
	{ { AUTH("PLAIN SCRAM-SHA-1"), "C AUTH SCRAM-SHA-1\r\n", "S 334 ", "C biws",
		  "S 235 welcome", "E" },
		AUTH_AUTO, LATER, "does not prove" },
	{ { AUTH("SCRAM-SHA-256"), "C AUTH SCRAM-SHA-256\r\n", "S 334 ", "C biws",
		  "S 334 cj1hYmMscz1BQUFBLGk9MjAwMDAwMDAwMA==", "C *\r\n", "E" },
		AUTH_SCRAM, LATER, "rounds" },
	{ { AUTH("PLAIN LOGIN"), "E" }, AUTH_SCRAM, LATER, "no login by SCRAM" },
	/* Nothing in common: the password stays here. */
	{ { AUTH("CRAM-MD5 GSSAPI"), "E" }, AUTH_AUTO, LATER, "login" },
};

START_TEST(test_login)
{
	struct fake fake = fake_start(logins[_i].steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "desk", logins[_i].auth);
	struct smtp *smtp = opened(&server, "secret");
	struct smtp_result result;
	struct err err = { "" };
	enum outcome outcome = submit(smtp, &result, &err);

	ck_assert_msg(outcome == logins[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, logins[_i].sentence) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "secret"));
	ck_assert_ptr_null(strstr(result.reply, "secret"));
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

/* The name in EHLO: "localhost" on loopback, else the sender's domain. */
START_TEST(test_ehlo_name)
{
	static const char *const steps[] = { "S 220 hi", "C EHLO example.co.jp\r\n", "S 250 hi",
		MAIL, GOODBYE, NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp_result result;
	struct smtp *smtp;
	struct err err = { "" };

	server.host = "mail.localhost";
	smtp = opened(&server, NULL);
	ck_assert_msg(submit(smtp, &result, &err) == DONE, "%s", err.text);
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

/* A server that does not answer QUIT does not hold us up. */
START_TEST(test_close)
{
	static const char *const steps[] = { HELLO, MAIL, "C QUIT", "E", NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_NONE, "", AUTH_AUTO);
	struct smtp *smtp = opened(&server, NULL);
	struct smtp_result result;
	struct err err;
	int64_t started;

	smtp_patience(smtp, 10, 20);
	ck_assert_int_eq(submit(smtp, &result, &err), DONE);
	started = clock_mono_ms();
	smtp_close(&smtp);
	ck_assert_int_lt(clock_mono_ms() - started, 3000);
	ck_assert(fake_played(&fake));
}
END_TEST

START_TEST(test_no_starttls)
{
	static const char *const steps[] = { "S 220 hi", "C EHLO localhost\r\n",
		"S 250-hi\r\n250 AUTH PLAIN", "E", NULL };
	struct fake fake = fake_start(steps);
	struct conf_server server = server_at(fake.port, false, TLS_STARTTLS, "desk", AUTH_AUTO);
	struct smtp *smtp = opened(&server, "secret");
	struct smtp_result result;
	struct err err = { "" };

	ck_assert_int_eq(submit(smtp, &result, &err), LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "STARTTLS"));
	smtp_close(&smtp);
	ck_assert(fake_played(&fake));
}
END_TEST

START_TEST(test_refused_settings)
{
	struct conf_server server = server_at(25, false, TLS_NONE, "desk\r\nRSET", AUTH_AUTO);
	struct smtp *smtp = NULL;
	struct smtp_result result;
	struct err err = { "" };

	ck_assert_int_eq(smtp_open(&server, "secret", &smtp, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "control characters"));
	server.user = "desk";
	server.host = "192.0.2.1";
	smtp = opened(&server, "secret");
	ck_assert_int_eq(submit(smtp, &result, &err), LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "loopback"));
	smtp_close(&smtp);
}
END_TEST

struct tls_server {
	FILE *out;
	int port;
	char noted[128];
};

static struct tls_server
tls_start(const char *mode)
{
	struct tls_server server = { 0 };
	const char *script = dovecot_script();
	char command[1024];

	snprintf(server.noted, sizeof server.noted, "%s/smtp.%s", dovecot.dir, mode);
	snprintf(command, sizeof command,
		"exec python3 %.*ssmtp_tls.py %s/good.pem %s/good.key %s %s",
		(int)(strlen(script) - strlen("dovecot.sh")), script, dovecot.dir, dovecot.dir,
		mode, server.noted);
	server.out = popen(command, "r");
	ck_assert_int_eq(fscanf(server.out, "%d", &server.port), 1);
	return server;
}

static const struct {
	const char *mode;
	enum { GOOD, SYSTEM_CA, WRONG_PIN, WRONG_NAME, WRONG_PASSWORD } fault;
	enum outcome outcome;
	const char *sentence;
} tls_cases[] = {
	{ "smtps", GOOD, DONE, "" },
	{ "starttls", GOOD, DONE, "" },
	{ "smtps", SYSTEM_CA, LATER, "certificate" },
	{ "starttls", SYSTEM_CA, LATER, "certificate" },
	{ "smtps", WRONG_PIN, LATER, "pinned" },
	{ "starttls", WRONG_PIN, LATER, "pinned" },
	{ "smtps", WRONG_PASSWORD, LATER, "535 5.7.8 wrong" },
	{ "starttls", WRONG_PASSWORD, LATER, "535 5.7.8 wrong" },
};

START_TEST(test_tls)
{
	struct tls_server tls = tls_start(tls_cases[_i].mode);
	bool implicit = tls_cases[_i].mode[1] == 'm';
	struct conf_server server = server_at(
		tls.port, implicit, implicit ? TLS_REQUIRED : TLS_STARTTLS, "desk", AUTH_AUTO);
	struct smtp_result result = { 0 };
	struct smtp *smtp;
	struct err err = { "" };
	enum outcome outcome;
	char noted[1024] = "";
	FILE *file;

	if (tls_cases[_i].fault == SYSTEM_CA)
		server.ca_file = "";
	if (tls_cases[_i].fault == WRONG_PIN)
		server.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	smtp = opened(&server, tls_cases[_i].fault == WRONG_PASSWORD ? "hunter2" : "secret");
	outcome = submit(smtp, &result, &err);
	ck_assert_msg(outcome == tls_cases[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, tls_cases[_i].sentence) != NULL, "%s", err.text);
	if (outcome == DONE) {
		ck_assert_str_eq(result.reply, "250 2.0.0 queued as 1");
		ck_assert_int_eq(submit(smtp, &result, &err), DONE);
		file = fopen(tls.noted, "r");
		noted[fread(noted, 1, sizeof noted - 1, file)] = '\0';
		fclose(file);
		ck_assert_str_eq(noted,
			implicit ? "EHLO localhost\r\n"
				   "MAIL FROM:<" FROM ">\r\nRCPT TO:<" TO
				   ">\r\nSubject: a\r\n\r\n..hidden dot\r\nend\r\n"
				   "MAIL FROM:<" FROM ">\r\nRCPT TO:<" TO
				   ">\r\nSubject: a\r\n\r\n..hidden dot\r\nend\r\n" :
				   "EHLO localhost\r\nEHLO localhost\r\nEHLO localhost\r\n"
				   "MAIL FROM:<" FROM ">\r\nRCPT TO:<" TO
				   ">\r\nSubject: a\r\n\r\n..hidden dot\r\nend\r\n"
				   "MAIL FROM:<" FROM ">\r\nRCPT TO:<" TO
				   ">\r\nSubject: a\r\n\r\n..hidden dot\r\nend\r\n");
	}
	smtp_close(&smtp);
}
END_TEST

static Suite *
suite_smtp(void)
{
	Suite *suite = suite_create("smtp");
	TCase *scripted = tcase_create("scripted");
	TCase *tls = tcase_create("tls");

	tcase_add_loop_test(scripted, test_replies, 0, sizeof replies / sizeof *replies);
	tcase_add_loop_test(scripted, test_try, 0, sizeof tries / sizeof *tries);
	tcase_add_test(scripted, test_try_address);
	tcase_add_test(scripted, test_wire);
	tcase_add_test(scripted, test_wire_end);
	tcase_add_test(scripted, test_cut_inside);
	tcase_add_loop_test(scripted, test_second, 0, sizeof seconds / sizeof *seconds);
	tcase_add_loop_test(
		scripted, test_bad_address, 0, sizeof bad_addresses / sizeof *bad_addresses);
	tcase_add_loop_test(scripted, test_bad_lines, 0, sizeof bad_lines / sizeof *bad_lines);
	tcase_add_loop_test(scripted, test_login, 0, sizeof logins / sizeof *logins);
	tcase_add_test(scripted, test_ehlo_name);
	tcase_add_test(scripted, test_close);
	tcase_add_test(scripted, test_no_starttls);
	tcase_add_test(scripted, test_refused_settings);
	tcase_set_timeout(scripted, 20);
	suite_add_tcase(suite, scripted);
	if (dovecot.runs) {
		tcase_add_loop_test(tls, test_tls, 0, sizeof tls_cases / sizeof *tls_cases);
		tcase_set_timeout(tls, 20);
		suite_add_tcase(suite, tls);
	}
	return suite;
}

int
main(void)
{
	int failed;

	pipe_start();
	dovecot = dovecot_start("");
	failed = unit_run(suite_smtp());
	failed = dovecot_verdict(&dovecot, failed);
	dovecot_stop(&dovecot);
	return failed;
}
