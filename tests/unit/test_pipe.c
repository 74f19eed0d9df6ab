/*
 * port/pipe on a real Dovecot with good and bad certificates, and on scripted
 * servers for what no real one does.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pipe.h"

#include "base/clock.h"
#include "dovecot.h"
#include "fake_server.h"
#include "unit.h"

#include <string.h>
#include <sys/eventfd.h>

#define CONNECT_MS 5000

static struct dovecot dovecot;

static struct conf_server
server_at(const char *host, int port, bool implicit_tls, enum conf_tls tls)
{
	return (struct conf_server){ .host = host,
		.port = port,
		.implicit_tls = implicit_tls,
		.tls = tls,
		.ca_file = dovecot.ca,
		.pin = "",
		.user = "desk" };
}

/* Reads until text has come; false when it does not. */
static bool
read_until(struct pipe_line *pipe, const char *text)
{
	int64_t deadline_ms = clock_mono_ms() + CONNECT_MS;
	char buffer[4096];
	size_t len = 0;
	ssize_t got;

	do {
		got = pipe_read(pipe, buffer + len, sizeof buffer - 1 - len, deadline_ms);
		if (got <= 0)
			return false;
		len += (size_t)got;
		buffer[len] = '\0';
	} while (strstr(buffer, text) == NULL);
	return true;
}

static const char wrong_pin[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

static const struct {
	const char *host;
	enum { IMAPS, STARTTLS, PLAIN } how;
	enum { OWN_CA, SYSTEM_CA, NO_SUCH_CA } ca;
	enum { NO_PIN, GOOD_PIN, WRONG_PIN } pin;
	enum outcome outcome;
	const char *sentence;
} matrix[] = {
	{ "127.0.0.1", IMAPS, OWN_CA, NO_PIN, DONE, "" },
	{ "localhost", IMAPS, OWN_CA, NO_PIN, DONE, "" },
	{ "127.0.0.1", STARTTLS, OWN_CA, NO_PIN, DONE, "" },
	{ "127.0.0.1", PLAIN, OWN_CA, NO_PIN, DONE, "" },
	{ "localhost", PLAIN, OWN_CA, NO_PIN, DONE, "" },
	{ "127.0.0.1", IMAPS, OWN_CA, GOOD_PIN, DONE, "" },
	{ "127.0.0.1", STARTTLS, OWN_CA, GOOD_PIN, DONE, "" },
	{ "127.0.0.1", IMAPS, OWN_CA, WRONG_PIN, NEVER, "not the pinned one" },
	{ "127.0.0.1", STARTTLS, OWN_CA, WRONG_PIN, NEVER, "not the pinned one" },
	{ "127.0.0.1", IMAPS, SYSTEM_CA, NO_PIN, NEVER, "issuer is not trusted" },
	{ "127.0.0.1", IMAPS, SYSTEM_CA, GOOD_PIN, NEVER, "certificate" },
	{ "127.0.0.1", STARTTLS, SYSTEM_CA, NO_PIN, NEVER, "certificate" },
	{ "127.0.0.1", IMAPS, NO_SUCH_CA, NO_PIN, NEVER, "" },
	{ "127.0.0.2", IMAPS, OWN_CA, NO_PIN, NEVER, "does not match" },
	{ "127.0.0.2", STARTTLS, OWN_CA, NO_PIN, NEVER, "certificate" },
	{ "127.0.0.3", IMAPS, OWN_CA, NO_PIN, NEVER, "has expired" },
	{ "127.0.0.3", STARTTLS, OWN_CA, NO_PIN, NEVER, "has expired" },
	{ "127.0.0.4", IMAPS, OWN_CA, NO_PIN, NEVER, "signed by itself" },
	{ "127.0.0.4", STARTTLS, OWN_CA, NO_PIN, NEVER, "signed by itself" },
};

START_TEST(test_certificates)
{
	struct conf_server server = server_at(matrix[_i].host, dovecot.imap, false, TLS_NONE);
	struct err err = { "" };
	struct pipe_line *pipe = NULL;
	enum outcome outcome;
	bool greeted = false;

	if (matrix[_i].how == IMAPS)
		server = server_at(matrix[_i].host, dovecot.imaps, true, TLS_REQUIRED);
	if (matrix[_i].how == STARTTLS)
		server.tls = TLS_STARTTLS;
	if (matrix[_i].ca != OWN_CA)
		server.ca_file = matrix[_i].ca == SYSTEM_CA ? "" : "/nonexistent/ca.pem";
	if (matrix[_i].pin != NO_PIN)
		server.pin = matrix[_i].pin == GOOD_PIN ? dovecot.pin : wrong_pin;
	outcome = pipe_connect(&server, NULL, CONNECT_MS, &pipe, &greeted, &err);
	ck_assert_msg(
		outcome == matrix[_i].outcome, "%s: %d %s", matrix[_i].host, outcome, err.text);
	ck_assert_msg(strstr(err.text, matrix[_i].sentence) != NULL, "%s", err.text);
	if (outcome == DONE) {
		ck_assert_int_eq(greeted, matrix[_i].how == STARTTLS);
		ck_assert(greeted || read_until(pipe, "* OK"));
		ck_assert_int_eq(
			pipe_write(pipe, "a LOGOUT\r\n", 10, clock_mono_ms() + CONNECT_MS), 10);
		ck_assert(read_until(pipe, "a OK"));
	}
	pipe_close(&pipe);
	ck_assert_ptr_null(pipe);
}
END_TEST

/* The environment of the service must not send the password to a proxy. */
START_TEST(test_no_proxy)
{
	struct conf_server server = server_at("127.0.0.1", dovecot.imaps, true, TLS_REQUIRED);
	struct pipe_line *pipe;
	struct err err;
	bool greeted;

	setenv("https_proxy", "http://127.0.0.1:9", 1);
	setenv("all_proxy", "http://127.0.0.1:9", 1);
	ck_assert_msg(
		pipe_connect(&server, NULL, CONNECT_MS, &pipe, &greeted, &err) == DONE, "%s", err.text);
	pipe_close(&pipe);
}
END_TEST

/* A TLS record is read whole by TLS: its second half is in no socket. */
START_TEST(test_buffered_data)
{
	struct conf_server server = server_at("127.0.0.1", dovecot.imaps, true, TLS_REQUIRED);
	struct pipe_line *pipe;
	struct err err;
	bool greeted;
	char c;

	ck_assert_int_eq(pipe_connect(&server, NULL, CONNECT_MS, &pipe, &greeted, &err), DONE);
	ck_assert_int_eq(pipe_wait(pipe, -1, CONNECT_MS), PIPE_DATA);
	ck_assert_int_eq(pipe_read(pipe, &c, 1, clock_mono_ms() + CONNECT_MS), 1);
	ck_assert_int_eq(c, '*');
	ck_assert_int_eq(pipe_wait(pipe, -1, 0), PIPE_DATA);
	ck_assert_int_eq(pipe_read(pipe, &c, 1, clock_mono_ms() + CONNECT_MS), 1);
	ck_assert_int_eq(c, ' ');
	ck_assert(read_until(pipe, "\r\n"));
	ck_assert_int_eq(pipe_wait(pipe, -1, 50), PIPE_TIME);
	pipe_close(&pipe);
}
END_TEST

static struct pipe_line *
connect_plain(const struct fake *fake)
{
	struct conf_server server = server_at("127.0.0.1", fake->port, false, TLS_NONE);
	struct pipe_line *pipe;
	struct err err;
	bool greeted;

	ck_assert_msg(
		pipe_connect(&server, NULL, CONNECT_MS, &pipe, &greeted, &err) == DONE, "%s", err.text);
	ck_assert(!greeted);
	return pipe;
}

START_TEST(test_wake)
{
	static const char *const steps[] = { "S hello", "E", NULL };
	struct fake fake = fake_start(steps);
	struct pipe_line *pipe = connect_plain(&fake);
	int wake = eventfd(0, EFD_CLOEXEC);
	int64_t started;

	ck_assert(read_until(pipe, "hello\r\n"));
	started = clock_mono_ms();
	ck_assert_int_eq(pipe_wait(pipe, wake, 100), PIPE_TIME);
	ck_assert_int_ge(clock_mono_ms() - started, 99);
	ck_assert_int_eq(eventfd_write(wake, 1), 0);
	ck_assert_int_eq(pipe_wait(pipe, wake, -1), PIPE_FD);
	ck_assert_int_ge(pipe_fd(pipe), 0);
	close(wake);
	pipe_close(&pipe);
	ck_assert(fake_played(&fake));
}
END_TEST

/* What came and was not read yet does not keep the desk from being heard. */
START_TEST(test_wake_before_data)
{
	static const char *const steps[] = { "S hello", "E", NULL };
	struct fake fake = fake_start(steps);
	struct pipe_line *pipe = connect_plain(&fake);
	int wake = eventfd(1, EFD_CLOEXEC);

	ck_assert_int_eq(pipe_wait(pipe, -1, CONNECT_MS), PIPE_DATA);
	ck_assert_int_eq(pipe_wait(pipe, wake, CONNECT_MS), PIPE_FD);
	ck_assert(read_until(pipe, "hello\r\n"));
	close(wake);
	pipe_close(&pipe);
}
END_TEST

START_TEST(test_deadline)
{
	static const char *const steps[] = { "E", NULL };
	struct fake fake = fake_start(steps);
	struct pipe_line *pipe = connect_plain(&fake);
	int64_t started = clock_mono_ms();
	char c;

	ck_assert_int_eq(pipe_read(pipe, &c, 1, started + 150), -1);
	ck_assert_int_ge(clock_mono_ms() - started, 150);
	ck_assert_int_lt(clock_mono_ms() - started, 2000);
	pipe_close(&pipe);
	ck_assert(fake_played(&fake));
}
END_TEST

START_TEST(test_closed)
{
	static const char *const steps[] = { "S bye", "X", NULL };
	struct fake fake = fake_start(steps);
	struct pipe_line *pipe = connect_plain(&fake);
	char block[1000] = "";
	int i;

	ck_assert(read_until(pipe, "bye\r\n"));
	ck_assert_int_eq(pipe_wait(pipe, -1, CONNECT_MS), PIPE_BROKEN);
	ck_assert_int_eq(pipe_read(pipe, block, 1, clock_mono_ms() + CONNECT_MS), -1);
	/* A signal would end the test here. */
	for (i = 0; i < 100; i++)
		pipe_write(pipe, block, sizeof block, clock_mono_ms() + 100);
	ck_assert_int_eq(pipe_write(pipe, block, 1, clock_mono_ms() + 100), -1);
	pipe_close(&pipe);
}
END_TEST

/* A server that never reads: writing ends at its deadline. */
START_TEST(test_write_deadline)
{
	static const char *const steps[] = { "W 3000", NULL };
	struct fake fake = fake_start(steps);
	struct pipe_line *pipe = connect_plain(&fake);
	static char block[1 << 20];
	int64_t deadline_ms = clock_mono_ms() + 300;

	while (pipe_write(pipe, block, sizeof block, deadline_ms) > 0)
		continue;
	ck_assert_int_lt(clock_mono_ms(), deadline_ms + 2000);
	pipe_close(&pipe);
}
END_TEST

static const struct {
	const char *steps[8];
	enum outcome outcome;
} without_tls[] = {
	{ { "S * OK hi", "C CAPABILITY", "S * CAPABILITY IMAP4rev1 AUTH=PLAIN", "S $T OK done",
		  "E" },
		NEVER },
	/* In this state no STARTTLS is possible any more: somebody in between may have said it. */
	{ { "S * PREAUTH hi", "C CAPABILITY", "S * CAPABILITY IMAP4rev1 STARTTLS", "S $T OK done",
		  "E" },
		NEVER },
	{ { "S * OK hi", "C CAPABILITY", "S * CAPABILITY IMAP4rev1 STARTTLS", "S $T OK done",
		  "C STARTTLS", "S $T NO not now", "E" },
		NEVER },
	{ { "S * OK hi", "C CAPABILITY", "S * CAPABILITY IMAP4rev1 STARTTLS", "S $T OK done",
		  "C STARTTLS", "X" },
		LATER },
	/* Words slipped in before TLS must not be taken for the server's. */
	{ { "S * OK hi", "C CAPABILITY", "S * CAPABILITY IMAP4rev1 STARTTLS", "S $T OK done",
		  "C STARTTLS", "R $T OK go\r\n* OK slipped in\r\n", "E" },
		LATER },
	{ { "S * OK hi", "E" }, LATER },
	{ { "E" }, LATER },
};

START_TEST(test_no_starttls)
{
	struct fake fake = fake_start(without_tls[_i].steps);
	struct conf_server server = server_at("127.0.0.1", fake.port, false, TLS_STARTTLS);
	struct pipe_line *pipe;
	struct err err = { "" };
	bool greeted;

	ck_assert_int_eq(
		pipe_connect(&server, NULL, 500, &pipe, &greeted, &err), without_tls[_i].outcome);
	ck_assert_str_ne(err.text, "");
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *host;
	int port;
	bool implicit_tls;
	enum conf_tls tls;
	enum outcome outcome;
	const char *sentence;
} refused[] = {
	{ "192.0.2.1", 143, false, TLS_NONE, NEVER, "no loopback address" },
	{ "::ffff:127.0.0.1", 143, false, TLS_NONE, NEVER, "no loopback address" },
	{ "127.0.0.1", 1, false, TLS_NONE, LATER, "connect" },
	{ "127.0.0.1", 1, true, TLS_REQUIRED, LATER, "connect" },
	{ "no-such-host.invalid", 993, true, TLS_REQUIRED, LATER, "resolve" },
	{ "", 993, true, TLS_REQUIRED, NEVER, "host or port" },
	{ "evil.example/@127.0.0.1", 993, true, TLS_REQUIRED, NEVER, "host or port" },
	{ "a b", 993, true, TLS_REQUIRED, NEVER, "host or port" },
	{ "127.0.0.1", 0, true, TLS_REQUIRED, NEVER, "host or port" },
	{ "127.0.0.1", 65536, true, TLS_REQUIRED, NEVER, "host or port" },
};

START_TEST(test_refused)
{
	struct conf_server server = server_at(
		refused[_i].host, refused[_i].port, refused[_i].implicit_tls, refused[_i].tls);
	struct pipe_line *pipe;
	struct err err = { "" };
	bool greeted;

	server.ca_file = "";
	ck_assert_msg(
		pipe_connect(&server, NULL, CONNECT_MS, &pipe, &greeted, &err) == refused[_i].outcome,
		"%s: %s", refused[_i].host, err.text);
	ck_assert_msg(strstr(err.text, refused[_i].sentence) != NULL, "%s", err.text);
}
END_TEST

static Suite *
suite_pipe(void)
{
	Suite *suite = suite_create("pipe");
	TCase *real = tcase_create("dovecot");
	TCase *faults = tcase_create("faults");

	if (dovecot.runs) {
		tcase_add_loop_test(real, test_certificates, 0, sizeof matrix / sizeof *matrix);
		tcase_add_test(real, test_no_proxy);
		tcase_add_test(real, test_buffered_data);
		suite_add_tcase(suite, real);
	}
	tcase_add_test(faults, test_wake);
	tcase_add_test(faults, test_wake_before_data);
	tcase_add_test(faults, test_deadline);
	tcase_add_test(faults, test_closed);
	tcase_add_test(faults, test_write_deadline);
	tcase_add_loop_test(faults, test_no_starttls, 0, sizeof without_tls / sizeof *without_tls);
	tcase_add_loop_test(faults, test_refused, 0, sizeof refused / sizeof *refused);
	tcase_set_timeout(faults, 20);
	suite_add_tcase(suite, faults);
	return suite;
}

int
main(void)
{
	int failed;

	pipe_start();
	dovecot = dovecot_start("");
	failed = unit_run(suite_pipe());
	failed = dovecot_verdict(&dovecot, failed);
	dovecot_stop(&dovecot);
	return failed;
}
