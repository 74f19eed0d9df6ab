/*
 * Which servers a password is given to, and by which login: every way of TLS to
 * a real Dovecot and a real Postfix, with every certificate that is wrong in
 * one way. Each row logs in under a name of its own, so that the servers' log
 * tells who came so far: of those that are refused, nobody. Prints the table.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/text.h"
#include "dovecot.h"
#include "port/imap.h"
#include "port/pipe.h"
#include "port/smtp.h"
#include "unit.h"

#include <poll.h>
#include <string.h>

#define FROM "security@example.co.jp"
#define TO "vuln-contact@ipa.go.jp"
#define TEXT "Subject: a\r\n\r\nb\r\n"
#define LOG_MS 10000
#define LOG_BYTES (4 * 1024 * 1024)

static struct dovecot dovecot;
static int smtps, submission; /* 0: no Postfix here */

enum certificate { GOOD = 1, OTHER_HOST, EXPIRED, SELF_SIGNED, OTHER_CA, STRIPPED };
enum way { IMAPS, IMAP_STARTTLS, SMTPS, SMTP_STARTTLS, WAYS };

static const char *const ways[] = { "imaps", "imap+starttls", "smtps", "smtp+starttls" };
static const char *const certificates[] = { "", "good", "other host", "expired", "self-signed",
	"of another CA", "stripped" };

static const char WRONG_PIN[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

static const struct {
	enum certificate certificate;
	const char *trust; /* what ca_file names; NULL: it is empty */
	const char *pin; /* "good", "wrong", NULL */
	const char *refused; /* what the sentence says, NULL: it logs in */
} rows[] = {
	{ GOOD, "ca.pem", NULL, NULL },
	{ GOOD, "ca.pem", "good", NULL },
	{ GOOD, "ca.pem", "wrong", "not the pinned one" },
	{ GOOD, NULL, NULL, "issuer is not trusted" },
	{ GOOD, NULL, "good", "issuer is not trusted" },
	{ OTHER_HOST, "ca.pem", NULL, "does not match" },
	{ EXPIRED, "ca.pem", NULL, "has expired" },
	{ SELF_SIGNED, "ca.pem", NULL, "signed by itself" },
	{ SELF_SIGNED, "self.pem", NULL, NULL },
	{ OTHER_CA, "ca.pem", NULL, "issuer is not trusted" },
	{ OTHER_CA, "foreign.pem", NULL, NULL },
	{ STRIPPED, "ca.pem", NULL, "STARTTLS" },
};

#define ROWS (sizeof rows / sizeof *rows)

/* What one row is, in one way. */
struct attempt {
	char host[16], ca[128], user[24];
	struct conf_server server;
	enum outcome outcome;
	struct err err;
};

static void
prepare(struct attempt *attempt, size_t row, enum way way)
{
	static const int *const ports[] = { &dovecot.imaps, &dovecot.imap, &smtps, &submission };
	bool implicit = way == IMAPS || way == SMTPS;

	snprintf(attempt->host, sizeof attempt->host, "127.0.0.%d", (int)rows[row].certificate);
	snprintf(attempt->user, sizeof attempt->user, "row%zu-way%d", row, (int)way);
	if (rows[row].trust != NULL)
		snprintf(attempt->ca, sizeof attempt->ca, "%s/%s", dovecot.dir, rows[row].trust);
	attempt->server = (struct conf_server){ .host = attempt->host,
		.port = *ports[way],
		.implicit_tls = implicit,
		.tls = implicit ? TLS_REQUIRED : TLS_STARTTLS,
		.auth = AUTH_AUTO,
		.user = attempt->user,
		.ca_file = attempt->ca,
		.pin = "" };
	if (rows[row].pin != NULL)
		attempt->server.pin = text_equal(rows[row].pin, "good") ? dovecot.pin : WRONG_PIN;
}

static enum outcome
log_in(const struct conf_server *server, enum way way, const char *password, struct err *err_r)
{
	struct smtp_result result;
	struct imap *imap = NULL;
	struct smtp *smtp = NULL;
	enum outcome outcome;

	if (way == IMAPS || way == IMAP_STARTTLS) {
		outcome = imap_connect(server, password, &imap, err_r);
		imap_close(&imap);
		return outcome;
	}
	outcome = smtp_open(server, password, &smtp, err_r);
	if (outcome == DONE)
		outcome = smtp_submit(smtp, FROM, TO, TEXT, sizeof TEXT - 1, &result, err_r);
	smtp_close(&smtp);
	return outcome;
}

/* Whether Dovecot's log, which tells of Postfix's logins too, has the name. */
static bool
log_has(const char *user)
{
	static char log[LOG_BYTES];
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/log", dovecot.dir);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	log[fread(log, 1, sizeof log - 1, file)] = '\0';
	fclose(file);
	return strstr(log, user) != NULL;
}

/* The log is written by a process of its own: what came before has been written when this has. */
static void
log_settle(void)
{
	struct attempt last;
	int64_t until = clock_mono_ms() + LOG_MS;

	for (enum way way = 0; way <= (smtps != 0 ? SMTP_STARTTLS : IMAP_STARTTLS); way++) {
		memset(&last, 0, sizeof last);
		prepare(&last, 0, way);
		snprintf(last.user, sizeof last.user, "last-way%d", (int)way);
		ck_assert_int_eq(log_in(&last.server, way, "secret", &last.err), DONE);
		while (!log_has(last.user) && clock_mono_ms() < until)
			poll(NULL, 0, 20);
		ck_assert_msg(log_has(last.user), "the log does not tell of %s", last.user);
	}
}

static int
judge(const struct attempt *attempt, size_t row, enum way way)
{
	bool came = log_has(attempt->user);
	const char *refused = rows[row].refused;
	bool right = refused == NULL ?
		attempt->outcome == DONE && came :
		attempt->outcome != DONE && !came && strstr(attempt->err.text, refused) != NULL;

	printf("%-8s| %-13s | %-13s | %-11s | %-5s | %-8s | %s\n", right ? "ok" : "NOT OK", ways[way],
		certificates[rows[row].certificate],
		rows[row].trust != NULL ? rows[row].trust : "(none)",
		rows[row].pin != NULL ? rows[row].pin : "-", came ? "came" : "nothing",
		attempt->outcome == DONE ? "logged in" : attempt->err.text);
	return right ? 0 : 1;
}

START_TEST(test_matrix)
{
	static struct attempt attempts[WAYS][ROWS];
	enum way last = smtps != 0 ? SMTP_STARTTLS : IMAP_STARTTLS;
	int wrong = 0;

	for (enum way way = 0; way <= last; way++)
		for (size_t row = 0; row < ROWS; row++) {
			struct attempt *attempt = &attempts[way][row];

			/* With TLS from the first byte on there is nothing to strip. */
			if (rows[row].certificate == STRIPPED && (way == IMAPS || way == SMTPS))
				continue;
			prepare(attempt, row, way);
			attempt->outcome = log_in(&attempt->server, way, "secret", &attempt->err);
		}
	log_settle();
	printf("        | way           | certificate   | ca_file     | pin   | login    | said\n");
	for (enum way way = 0; way <= last; way++)
		for (size_t row = 0; row < ROWS; row++)
			if (attempts[way][row].server.port != 0)
				wrong += judge(&attempts[way][row], row, way);
	fflush(stdout);
	ck_assert_int_eq(wrong, 0);
}
END_TEST

static const struct {
	enum conf_auth auth;
	const char *name, *password;
	bool good;
} logins[] = {
	{ AUTH_AUTO, "auto", "secret", true },
	{ AUTH_PLAIN, "plain", "secret", true },
	{ AUTH_LOGIN, "login", "secret", true },
	{ AUTH_SCRAM, "scram", "secret", true },
	{ AUTH_XOAUTH2, "xoauth2", "TOKEN", true },
	{ AUTH_OAUTHBEARER, "oauthbearer", "TOKEN", true },
	{ AUTH_AUTO, "auto", "hunter22", false },
	{ AUTH_PLAIN, "plain", "hunter22", false },
	{ AUTH_LOGIN, "login", "hunter22", false },
	{ AUTH_SCRAM, "scram", "hunter22", false },
	{ AUTH_XOAUTH2, "xoauth2", "OLD TOKEN", false },
	{ AUTH_OAUTHBEARER, "oauthbearer", "OLD TOKEN", false },
};

/* Every kind of login at every door, with a right word and a wrong one. */
START_TEST(test_logins)
{
	const char *password = logins[_i].password;
	enum way last = smtps != 0 ? SMTP_STARTTLS : IMAP_STARTTLS;

	if (text_ends(password, "TOKEN"))
		password = text_equal(password, "TOKEN") ? dovecot.token : dovecot.old_token;
	for (enum way way = 0; way <= last; way++) {
		struct attempt attempt = { .host = "" };

		prepare(&attempt, 0, way);
		attempt.server.auth = logins[_i].auth;
		attempt.server.user = "desk";
		attempt.outcome = log_in(&attempt.server, way, password, &attempt.err);
		printf("%-11s | %-13s | %-5s | %s\n", logins[_i].name, ways[way],
			logins[_i].good ? "right" : "wrong",
			attempt.outcome == DONE ? "logged in" : attempt.err.text);
		ck_assert_msg((attempt.outcome == DONE) == logins[_i].good, "%s", attempt.err.text);
		ck_assert_ptr_null(strstr(attempt.err.text, password));
		ck_assert(logins[_i].good || strstr(attempt.err.text, "login") != NULL);
	}
	fflush(stdout);
}
END_TEST

/* Beside Dovecot, by its script; what it prints is its ports. */
static void
postfix(const char *what)
{
	const char *script = dovecot_script();
	char command[1024];
	FILE *out;

	snprintf(command, sizeof command, "%.*spostfix.sh %s %s",
		(int)(strlen(script) - strlen("dovecot.sh")), script, what, dovecot.dir);
	out = popen(command, "r");
	if (out == NULL)
		abort();
	if (fscanf(out, "%d %d", &smtps, &submission) != 2)
		smtps = submission = 0;
	pclose(out);
}

static Suite *
suite_tls(void)
{
	Suite *suite = suite_create("tls");
	TCase *real = tcase_create("real");

	if (dovecot.runs) {
		tcase_add_test(real, test_matrix);
		tcase_add_loop_test(real, test_logins, 0, sizeof logins / sizeof *logins);
	}
	tcase_set_timeout(real, 120);
	suite_add_tcase(suite, real);
	return suite;
}

int
main(void)
{
	bool whole;
	int failed;

	pipe_start();
	dovecot = dovecot_start("");
	if (dovecot.runs)
		postfix("start");
	whole = smtps != 0;
	failed = unit_run(suite_tls());
	if (whole)
		postfix("stop");
	failed = dovecot_verdict(&dovecot, failed);
	dovecot_stop(&dovecot);
	return failed == EXIT_SUCCESS && !whole ? 77 : failed;
}
