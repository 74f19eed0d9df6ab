/*
 * port/imap against servers that misbehave: scripted word for word, so that
 * what is sent to them is looked at too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap.h"

#include "base/arena.h"
#include "base/clock.h"
#include "fake_server.h"
#include "port/pipe.h"
#include "unit.h"

#include <string.h>

#define STEPS 48

/* "\0desk\0secret" */
#define PLAIN_CODED "AGRlc2sAc2VjcmV0"
#define CAPABLE(caps) "C CAPABILITY", "S * CAPABILITY IMAP4rev1" caps, "S $T OK done"
#define SCRAM " AUTH=PLAIN AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256"
#define LOGIN(caps)                                                                               \
	"S * OK hi", CAPABLE(" AUTH=PLAIN" caps), "C AUTHENTICATE PLAIN", "S + ",                 \
		"C " PLAIN_CODED, "S $T OK done", CAPABLE(" AUTH=PLAIN" caps)
#define SELECTED                                                                                  \
	"S * 3 EXISTS", "S * OK [UIDVALIDITY 7] v", "S * OK [UIDNEXT 20] n",                      \
		"S $T OK [READ-WRITE] done"
#define SELECT "C SELECT INBOX", SELECTED
#define LOGOUT "C LOGOUT", "S * BYE", "S $T OK done"

static const struct imap_patience patience = {
	.connect_ms = 2000, .command_ms = 700, .silence_ms = 500
};

static enum outcome
connect_to(const struct fake *fake, enum conf_auth auth, struct imap **imap_r, struct err *err_r)
{
	struct conf_server server = { .host = "127.0.0.1",
		.port = fake->port,
		.tls = TLS_NONE,
		.auth = auth,
		.user = "desk",
		.ca_file = "",
		.pin = "" };
	const char *password = auth == AUTH_XOAUTH2 || auth == AUTH_OAUTHBEARER ? "tok" : "secret";

	return imap_connect_with(&server, password, &patience, imap_r, err_r);
}

static struct imap *
connected(const struct fake *fake)
{
	struct imap *imap = NULL;
	struct err err = { "" };

	ck_assert_msg(connect_to(fake, AUTH_AUTO, &imap, &err) == DONE, "%s", err.text);
	return imap;
}

static struct imap *
selected(const struct fake *fake)
{
	struct imap *imap = connected(fake);
	struct imap_folder folder;
	struct err err = { "" };

	ck_assert_msg(imap_select(imap, "INBOX", &folder, &err) == DONE, "%s", err.text);
	return imap;
}

static const struct {
	const char *steps[STEPS];
	enum conf_auth auth;
	enum outcome outcome;
	const char *sentence;
} logins[] = {
	{ { LOGIN(""), "Q" }, AUTH_AUTO, DONE, "" },
	{ { "S * PREAUTH hi", CAPABLE(""), "Q" }, AUTH_AUTO, DONE, "" },
	{ { "S * OK hi", "C CAPABILITY", "S * OK news", "S * CAPABILITY IMAP4rev1 AUTH=PLAIN",
		  "S $T OK done", "C AUTHENTICATE PLAIN", "S * OK wait", "S + ", "C " PLAIN_CODED,
		  "S * OK wait", "S $T OK done", CAPABLE(""), "Q" },
		AUTH_AUTO, DONE, "" },
	{ { "S * OK hi", CAPABLE(""), "C LOGIN \"desk\" \"secret\"", "S $T OK done", CAPABLE(""),
		  "Q" },
		AUTH_AUTO, DONE, "" },
	{ { "S * OK hi", CAPABLE(" LOGINDISABLED"), "Q" }, AUTH_AUTO, NEVER, "no login of a kind" },
	{ { "S * OK hi", CAPABLE(" LOGINDISABLED"), "Q" }, AUTH_LOGIN, NEVER, "disabled LOGIN" },
	{ { "S * BYE too many", "Q" }, AUTH_AUTO, LATER, "refuses the connection: too many" },
	{ { "S SSH-2.0-OpenSSH", "Q" }, AUTH_AUTO, LATER, "" },
	{ { "F 5000000", "Q" }, AUTH_AUTO, LATER, "sent more" },
	{ { "D * OK this never ends, ", NULL }, AUTH_AUTO, LATER, "in time" },
	{ { "Q" }, AUTH_AUTO, LATER, "in time" },
	{ { "X" }, AUTH_AUTO, LATER, "broke" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "X" }, AUTH_AUTO, LATER,
		"broke" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "S + ", "C A", "Q" }, AUTH_AUTO,
		LATER, "in time" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "S + ", "C A",
		  "S $T NO [UNAVAILABLE] later", "Q" },
		AUTH_AUTO, LATER, "UNAVAILABLE" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "S $T BAD no", "Q" }, AUTH_AUTO,
		NEVER, "BAD no" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "S + ", "C A",
		  "S $T NO wrong: secret", "Q" },
		AUTH_AUTO, NEVER, "left out" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE", "S + ", "C A",
		  "S $T NO " PLAIN_CODED, "Q" },
		AUTH_AUTO, NEVER, "left out" },
	/* "user=desk\1auth=Bearer tok\1\1" */
	{ { "S * OK hi", CAPABLE(""), "C AUTHENTICATE XOAUTH2", "S + ",
		  "C dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHRvawEB\r", "S $T OK done", CAPABLE(""), "Q" },
		AUTH_XOAUTH2, DONE, "" },
	{ { "S * OK hi", CAPABLE(""), "C AUTHENTICATE XOAUTH2", "S + ", "C dXNl",
		  "S + eyJzdGF0dXMiOiI0MDAifQ==", "C \r\n", "S $T NO invalid", "Q" },
		AUTH_XOAUTH2, NEVER, "invalid" },
	{ { "S * OK hi", CAPABLE(""), "C AUTHENTICATE OAUTHBEARER", "S + ",
		  "C bixhPWRlc2ssAWhvc3Q9MTI3LjAuMC4xAXBvcnQ9", "S $T OK done", CAPABLE(""), "Q" },
		AUTH_OAUTHBEARER, DONE, "" },
	{ { "S * OK hi", CAPABLE(""), "C AUTHENTICATE OAUTHBEARER", "S + ", "C bix",
		  "S + eyJzdGF0dXMiOiI0MDAifQ==", "C AQ==\r\n", "S $T NO invalid", "Q" },
		AUTH_OAUTHBEARER, NEVER, "invalid" },
	/* SCRAM: the strongest that is offered, and never another one after a lie. */
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "Q" }, AUTH_SCRAM, NEVER, "no login by SCRAM" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN AUTH=SCRAM-SHA-1"), "C AUTHENTICATE SCRAM-SHA-1\r",
		  "S $T NO not here", "Q" },
		AUTH_AUTO, NEVER, "not here" },
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM-SHA-256\r", "S + ", "C biws",
		  "S $T OK welcome", "Q" },
		AUTH_AUTO, NEVER, "does not prove" },
	/* Another nonce than ours; what is no base64; nothing. */
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM", "S + ", "C biws",
		  "S + cj1hYmMscz1BQUFBLGk9NDA5Ng==", "C *\r\n", "S $T NO given up", "Q" },
		AUTH_AUTO, NEVER, "is not right" },
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM", "S + ", "C biws", "S + %0%%%",
		  "C *\r\n", "S $T NO given up", "Q" },
		AUTH_AUTO, NEVER, "rounds" },
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM", "S + ", "C biws", "S +",
		  "C *\r\n", "X" },
		AUTH_AUTO, NEVER, "rounds" },
	/* "r=abc,s=AAAA,i=2000000000": hours of computing; and i=1: next to none. */
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM", "S + ", "C biws",
		  "S + cj1hYmMscz1BQUFBLGk9MjAwMDAwMDAwMA==", "C *\r\n", "Q" },
		AUTH_AUTO, NEVER, "rounds" },
	{ { "S * OK hi", CAPABLE(SCRAM), "C AUTHENTICATE SCRAM", "S + ", "C biws",
		  "S + cj1hYmMscz1BQUFBLGk9MQ==", "C *\r\n", "S $T NO given up", "Q" },
		AUTH_AUTO, NEVER, "asks for 1 rounds" },
	/* Asked for more and more. */
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE PLAIN", "S + ",
		  "C " PLAIN_CODED, "S + ", "C *\r\n", "S $T NO given up", "Q" },
		AUTH_AUTO, NEVER, "asks for more" },
	{ { "S * OK hi", CAPABLE(" AUTH=PLAIN"), "C AUTHENTICATE PLAIN", "S * BYE c2VjcmV0", "X" },
		AUTH_AUTO, LATER, "left out" },
};

START_TEST(test_login)
{
	struct fake fake = fake_start(logins[_i].steps);
	struct imap *imap = NULL;
	struct err err = { "" };
	int64_t started = clock_mono_ms();
	enum outcome outcome = connect_to(&fake, logins[_i].auth, &imap, &err);

	ck_assert_msg(outcome == logins[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, logins[_i].sentence) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "secret"));
	ck_assert_ptr_null(strstr(err.text, PLAIN_CODED));
	imap_close(&imap);
	ck_assert_int_lt(clock_mono_ms() - started, 4500);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	enum imap_wake wake;
	const char *sentence;
} idles[] = {
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "W 50", "S * 4 EXISTS", "C DONE",
		  "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	/* Untagged lines before the "+". */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S * OK wait", "S * 1 FETCH (FLAGS (\\Seen))",
		  "S + idling", "C DONE", "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_TIME, "" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S * 4 EXISTS", "S + idling", "C DONE",
		  "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	/* A line that comes in two pieces. */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "R * 4 EX", "W 100", "S ISTS",
		  "C DONE", "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S * 3 EXISTS", "S * 2 EXPUNGE",
		  "C DONE", "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_TIME, "" },
	/* One gone, one come. */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S * 2 EXPUNGE", "S * 3 EXISTS",
		  "C DONE", "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S * 1 FETCH (BODY[] {12}",
		  "R * 9 EXISTS\r\n", "S )", "C DONE", "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_TIME, "" },
	/* It comes with the farewell. */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "C DONE", "S * 4 EXISTS",
		  "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S * OK [UIDVALIDITY 8] new", "C DONE",
		  "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S * BYE going down", "Q" }, LATER, 0,
		"going down" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S * BYE going down", "Q" }, LATER, 0,
		"going down" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "X" }, LATER, 0, "broke" },
	/* A connection that a firewall forgot: silent after DONE. */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "C DONE", "Q" }, LATER, 0, "in time" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "Q" }, LATER, 0, "in time" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "F 5000000", "Q" }, LATER, 0,
		"sent more" },
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S + idling", "S who are you", "Q" }, LATER, 0, "" },
	/* Refused: then by NOOP. */
	{ { LOGIN(" IDLE"), SELECT, "C IDLE", "S $T NO not for you", "C NOOP", "S * 4 EXISTS",
		  "S $T OK done", LOGOUT },
		DONE, IMAP_WAKE_NEWS, "" },
	{ { LOGIN(""), SELECT, "C NOOP", "S $T OK done", LOGOUT }, DONE, IMAP_WAKE_TIME, "" },
	{ { LOGIN(""), SELECT, "C NOOP", "S * 4 EXISTS", "S $T OK done", LOGOUT }, DONE,
		IMAP_WAKE_NEWS, "" },
	{ { LOGIN(""), SELECT, "C NOOP", "X" }, LATER, 0, "broke" },
	{ { LOGIN(""), SELECT, "C NOOP", "Q" }, LATER, 0, "in time" },
	{ { LOGIN(""), SELECT, "S * BYE bored", "X" }, LATER, 0, "" },
};

START_TEST(test_idle)
{
	struct fake fake = fake_start(idles[_i].steps);
	struct imap *imap = selected(&fake);
	struct imap_folder folder;
	struct err err = { "" };
	enum imap_wake wake = IMAP_WAKE_FD;
	enum outcome outcome = imap_idle(imap, -1, 300, &wake, &err);

	ck_assert_msg(outcome == idles[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, idles[_i].sentence) != NULL, "%s", err.text);
	if (outcome == DONE)
		ck_assert_int_eq(wake, idles[_i].wake);
	else
		ck_assert_int_eq(imap_select(imap, "INBOX", &folder, &err), LATER);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

/* All in one packet: nothing may be left lying in a buffer until the time is up. */
START_TEST(test_idle_glued)
{
	static const char *const steps[] = { LOGIN(" IDLE"), SELECT, "C IDLE",
		"R + idling\r\n* OK hm\r\n* 4 EXISTS\r\n* 1 RECENT\r\n", "C DONE", "S $T OK done",
		LOGOUT, NULL };
	struct fake fake = fake_start(steps);
	struct imap *imap = selected(&fake);
	struct err err = { "" };
	enum imap_wake wake = IMAP_WAKE_FD;
	int64_t started = clock_mono_ms();

	ck_assert_msg(imap_idle(imap, -1, 5000, &wake, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(wake, IMAP_WAKE_NEWS);
	ck_assert_int_lt(clock_mono_ms() - started, 3000);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

struct given {
	size_t count;
	uint32_t uids[10];
	size_t lens[10];
	char bytes[10][64];
	unsigned sleep_ms;
};

static bool
take(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct given *given = context;

	ck_assert_uint_lt(given->count, 10);
	given->uids[given->count] = uid;
	given->lens[given->count] = len;
	memcpy(given->bytes[given->count++], bytes, len < 64 ? len : 64);
	usleep(given->sleep_ms * 1000);
	return true;
}

/* Asked for: UIDs 5 and 6, of 10 bytes each. given: what must have come, "5=text 6=text". */
static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	const char *given;
	const char *sentence;
} fetches[] = {
	{ { LOGIN(""), SELECT, "C UID FETCH 5,6 (UID BODY.PEEK[])",
		  "S * 1 FETCH (UID 5 BODY[] {5}", "S abcde)", "S * 2 FETCH (UID 6 BODY[] {3}",
		  "S xyz)", "S $T OK done", "Q" },
		DONE, "5=abcde 6=xyz ", "" },
	/* In any order, with other things in between. */
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 2 FETCH (BODY[] {3}", "S xyz UID 6)",
		  "S * 9 EXISTS", "S * 3 FETCH (FLAGS (\\Seen))",
		  "S * 1 FETCH (FLAGS () BODY[] {5}", "S abcde RFC822.SIZE 7 UID 5)",
		  "S $T OK done", "Q" },
		DONE, "6=xyz 5=abcde ", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] \"short\")",
		  "S * 2 FETCH (UID 6 BODY[] NIL)", "S $T OK done", "Q" },
		DONE, "5=short 6= ", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {0}", "S )",
		  "S * 2 FETCH (UID 6 BODY[] \"\")", "S $T OK done", "Q" },
		DONE, "5= 6= ", "" },
	/* What was not asked for, twice, or without a body. */
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 4 FETCH (UID 99 BODY[] {5}", "S alien)",
		  "S * 1 FETCH (UID 5 BODY[] {5}", "S abcde)", "S * 1 FETCH (UID 5 BODY[] {5}",
		  "S other)", "S * 2 FETCH (UID 6 FLAGS ())", "S * 2 FETCH (BODY[] {4}", "S none)",
		  "S $T OK done", "C UID FETCH 5,6 (UID)", "S * 1 FETCH (UID 5)", "S $T OK done",
		  "Q" },
		DONE, "5=abcde ", "" },
	/* Gone, both of them. */
	{ { LOGIN(""), SELECT, "C UID FETCH", "S $T OK done", "C UID FETCH 5,6 (UID)",
		  "S $T OK done", "Q" },
		DONE, "", "" },
	/* Not gone: the server can't read one of them. It must not be passed over. */
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 2 FETCH (UID 6 BODY[] {3}", "S xyz)",
		  "S $T NO [SERVERBUG] oops", "Q" },
		LATER, "6=xyz ", "SERVERBUG" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 2 FETCH (UID 6 BODY[] {3}", "S xyz)",
		  "S $T OK done", "C UID FETCH 5,6 (UID)", "S * 1 FETCH (UID 5)",
		  "S * 2 FETCH (UID 6)", "S $T OK done", "Q" },
		LATER, "6=xyz ", "UID 5" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {3}", "S xyz)",
		  "S $T OK done", "C UID FETCH", "X" },
		LATER, "5=xyz ", "broke" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S $T NO [EXPUNGEISSUED] gone", "Q" }, LATER, "",
		"EXPUNGEISSUED" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {5}", "R abc", "X" },
		LATER, "", "broke" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {5}", "S abcde)",
		  "S * BYE down", "X" },
		LATER, "5=abcde ", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {5}", "S abcde)", "Q" },
		LATER, "5=abcde ", "in time" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {5}", "D x", NULL },
		LATER, "", "" },
	/* Far more than was announced. */
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {400000000}", "F 9000000",
		  "Q" },
		LATER, "", "sent more" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "F 9000000", "Q" }, LATER, "", "sent more" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {99999999999999999999}",
		  "S abc)", "S $T OK done", "Q" },
		LATER, "", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 FETCH (UID 5 BODY[] {-1}", "S abc)",
		  "S $T OK done", "Q" },
		LATER, "", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S * 1 GARBAGE ((((", "S $T OK done", "Q" }, LATER,
		"", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S zzz OK done", "Q" }, LATER, "", "" },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S $T BAD what", "Q" }, LATER, "", "" },
};

START_TEST(test_fetch)
{
	static const struct imap_item items[] = { { .uid = 5, .size = 10 },
		{ .uid = 6, .size = 10 } };
	struct fake fake = fake_start(fetches[_i].steps);
	struct imap *imap = selected(&fake);
	struct given given = { .count = 0 };
	struct err err = { "" };
	char text[512] = "";
	enum outcome outcome;
	size_t i;

	outcome = imap_fetch(imap, items, 2, false, take, &given, &err);
	ck_assert_msg(outcome == fetches[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, fetches[_i].sentence) != NULL, "%s", err.text);
	for (i = 0; i < given.count; i++)
		snprintf(text + strlen(text), 100, "%u=%.*s ", given.uids[i], (int)given.lens[i],
			given.bytes[i]);
	ck_assert_str_eq(text, fetches[_i].given);
	imap_close(&imap);
	kill(fake.pid, SIGKILL);
}
END_TEST

START_TEST(test_fetch_nul)
{
	static const char *const steps[] = { LOGIN(""), SELECT,
		"C UID FETCH 5 (UID BODY.PEEK[HEADER]<0.262144>)",
		"S * 1 FETCH (UID 5 BODY[HEADER]<0> {6}", "R a%0b%0\r\n", "S )", "S $T OK done",
		LOGOUT, NULL };
	static const struct imap_item item = { .uid = 5, .size = 70000000 };
	struct fake fake = fake_start(steps);
	struct imap *imap = selected(&fake);
	struct given given = { .count = 0 };
	struct err err = { "" };

	ck_assert_msg(
		imap_fetch(imap, &item, 1, true, take, &given, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(given.count, 1);
	ck_assert_uint_eq(given.lens[0], 6);
	ck_assert_int_eq(memcmp(given.bytes[0], "a\0b\0\r\n", 6), 0);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

/* A message whose size the caller does not know, of more than a small reply's bytes. */
START_TEST(test_fetch_unknown_size)
{
	static const char *const steps[] = { LOGIN(""), SELECT, "C UID FETCH 5 (UID BODY.PEEK[])",
		"S * 1 FETCH (UID 5 BODY[] {5000000}", "F 5000000", "S )", "S $T OK done", LOGOUT,
		NULL };
	static const struct imap_item item = { .uid = 5 };
	struct fake fake = fake_start(steps);
	struct imap *imap = selected(&fake);
	struct given given = { .count = 0 };
	struct err err = { "" };

	ck_assert_msg(
		imap_fetch(imap, &item, 1, false, take, &given, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(given.lens[0], 5000000);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

/* The taker's time is not the server's: 400 ms twice are more than the command may last. */
START_TEST(test_fetch_slow_taker)
{
	static const char *const steps[] = { LOGIN(""), SELECT, "C UID FETCH",
		"S * 1 FETCH (UID 5 BODY[] {5}", "S abcde)", "S * 2 FETCH (UID 6 BODY[] {3}",
		"S xyz)", "W 900", "S $T OK done", LOGOUT, NULL };
	static const struct imap_item items[] = { { .uid = 5, .size = 10 },
		{ .uid = 6, .size = 10 } };
	struct fake fake = fake_start(steps);
	struct imap *imap = selected(&fake);
	struct given given = { .sleep_ms = 400 };
	struct err err = { "" };

	ck_assert_msg(
		imap_fetch(imap, items, 2, false, take, &given, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(given.count, 2);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

/* date -u -d "…" +%s gives the seconds. */
static const struct {
	const char *date;
	int64_t seconds;
} dates[] = {
	{ "22-Nov-2026 09:00:00 +0900", 1795305600 },
	{ "21-Nov-2026 19:30:00 -0430", 1795305600 },
	{ "29-Feb-2024 23:59:59 +0000", 1709251199 },
	{ " 1-Mar-2026 00:00:00 +1345", 1772273700 },
	{ "31-Dec-1999 23:59:60 +0000", 946684800 },
	{ "31-Feb-2026 00:00:00 +0000", 0 },
	{ "01-Jan-0001 00:00:00 +0000", 0 },
	{ "01-Jan-1970 00:00:00 +0900", 0 },
	{ "22-Nov-2026 25:00:00 +0000", 0 },
};

START_TEST(test_internal_date)
{
	char fetch[256];
	const char *steps[] = { LOGIN(""), SELECT,
		"C UID FETCH 5:1004 (UID RFC822.SIZE INTERNALDATE)", fetch, "S $T OK done",
		"C FETCH 3 (UID)", "S * 3 FETCH (UID 9)", "S $T OK done", LOGOUT, NULL };
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap_list list;
	struct imap *imap;
	struct fake fake;
	struct err err = { "" };

	snprintf(fetch, sizeof fetch,
		"S * 3 FETCH (INTERNALDATE \"%s\" RFC822.SIZE 4000000000 UID 9)", dates[_i].date);
	fake = fake_start(steps);
	imap = selected(&fake);
	ck_assert_msg(imap_list(imap, arena, 4, &list, &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(list.items[0].size, 4000000000u);
	ck_assert_int_eq(list.items[0].internal_date, dates[_i].seconds * CLOCK_SECOND);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
	arena_free(&arena);
}
END_TEST

#define WHOLE(uid) " FETCH (UID " uid " RFC822.SIZE 5 INTERNALDATE \"22-Nov-2026 09:00:00 +0900\")"

/* What is above UID 4. uids: what must be listed. */
static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	uint32_t uids[5];
} lists[] = {
	/* Nothing new: "5:1004" may give the last message although it lies below. */
	{ { LOGIN(""), SELECT, "C UID FETCH 5:1004", "S * 3" WHOLE("4"), "S $T OK done",
		  "C FETCH 3 (UID)", "S * 3 FETCH (UID 4)", "S $T OK done", LOGOUT },
		DONE, { 0 } },
	/* Out of order, twice, without size, without UID, not asked for: all that is there. */
	{ { LOGIN(""), SELECT, "C UID FETCH 5:1004", "S * 3" WHOLE("7"), "S * 2" WHOLE("5"),
		  "S * 2" WHOLE("5"), "S * 1 FETCH (UID 6)", "S * 1 FETCH (FLAGS (\\Seen))",
		  "S * 1" WHOLE("3"), "S $T OK done", "C FETCH 3 (UID)", "S * 3 FETCH (UID 7)",
		  "S $T OK done", LOGOUT },
		DONE, { 5, 6, 7 } },
	/* Flags that change far behind, told in between: nothing before them is passed over. */
	{ { LOGIN(""), SELECT, "C UID FETCH 5:1004", "S * 3 FETCH (UID 9000 FLAGS (\\Seen))",
		  "S * 1" WHOLE("5"), "S $T OK done", "C FETCH 3 (UID)", "S * 3 FETCH (UID 9000)",
		  "S $T OK done", "C FETCH 2 (UID)", "S * 2 FETCH (UID 6000)", "S $T OK done",
		  "C FETCH 1 (UID)", "S * 1 FETCH (UID 5)", "S $T OK done",
		  "C FETCH 2:3 (UID RFC822.SIZE INTERNALDATE)", "S * 1 FETCH (UID 5 FLAGS ())",
		  "S * 3" WHOLE("9000"), "S * 2" WHOLE("6000"), "S $T OK done", LOGOUT },
		DONE, { 5, 6000, 9000 } },
	/* Far away: the first of them is looked for by halves. */
	{ { LOGIN(""), SELECT, "C UID FETCH 5:1004", "S $T OK done", "C FETCH 3 (UID)",
		  "S * 3 FETCH (UID 50000)", "S $T OK done", "C FETCH 2 (UID)",
		  "S * 2 FETCH (UID 40000)", "S $T OK done", "C FETCH 1 (UID)",
		  "S * 1 FETCH (UID 2)", "S $T OK done",
		  "C FETCH 2:3 (UID RFC822.SIZE INTERNALDATE)", "S * 2" WHOLE("40000"),
		  "S * 3" WHOLE("50000"), "S $T OK done", LOGOUT },
		DONE, { 40000, 50000 } },
	/* The one asked about is gone: the walk begins before it. */
	{ { LOGIN(""), SELECT, "C UID FETCH 5:1004", "S $T OK done", "C FETCH 3 (UID)",
		  "S * 3 FETCH (UID 50000)", "S $T OK done", "C FETCH 2 (UID)", "S $T OK done",
		  "C FETCH 1 (UID)", "S $T OK done", "C FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)",
		  "S * 1" WHOLE("3"), "S * 3" WHOLE("50000"), "S $T OK done", LOGOUT },
		DONE, { 50000 } },
	{ { LOGIN(""), "C SELECT", "S * 0 EXISTS", "S * OK [UIDVALIDITY 7] v",
		  "S * OK [UIDNEXT 20] n", "S $T OK [READ-WRITE] done", "C UID FETCH 5:1004",
		  "S $T OK done", LOGOUT },
		DONE, { 0 } },
	{ { LOGIN(""), SELECT, "C UID FETCH", "X" }, LATER, { 0 } },
	{ { LOGIN(""), SELECT, "C UID FETCH", "F 5000000", "Q" }, LATER, { 0 } },
	{ { LOGIN(""), SELECT, "C UID FETCH", "S $T NO [SERVERBUG] oops", "Q" }, LATER, { 0 } },
};

START_TEST(test_list)
{
	struct fake fake = fake_start(lists[_i].steps);
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = selected(&fake);
	struct imap_list list = { .count = 0 };
	struct err err = { "" };
	enum outcome outcome = imap_list(imap, arena, 4, &list, &err);
	size_t i;

	ck_assert_msg(outcome == lists[_i].outcome, "%d: %s", outcome, err.text);
	for (i = 0; i < list.count; i++)
		ck_assert_uint_eq(list.items[i].uid, lists[_i].uids[i]);
	ck_assert_uint_eq(lists[_i].uids[list.count], 0);
	ck_assert(!list.more);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
	struct imap_folder folder;
} selects[] = {
	{ { LOGIN(""), SELECT, LOGOUT }, DONE, { 7, 20, 3 } },
	{ { LOGIN(""), "C SELECT", "S * 3 EXISTS", "S * OK [UIDVALIDITY 7] v",
		  "S $T OK [READ-ONLY] done", "C STATUS INBOX (UIDVALIDITY UIDNEXT MESSAGES)",
		  "S * STATUS INBOX (UIDNEXT 21 UIDVALIDITY 7 MESSAGES 3)", "S $T OK done",
		  LOGOUT },
		DONE, { 7, 21, 3 } },
	{ { LOGIN(""), "C SELECT", "S * 3 EXISTS", "S $T OK [READ-WRITE] done", "Q" }, NEVER,
		{ 0 } },
	{ { LOGIN(""), "C SELECT", "S $T NO no such mailbox", "Q" }, NEVER, { 0 } },
	{ { LOGIN(""), "C SELECT", "S $T NO [NONEXISTENT] no such mailbox", "Q" }, NEVER, { 0 } },
	{ { LOGIN(""), "C SELECT", "S $T NO [UNAVAILABLE] try later", "Q" }, LATER, { 0 } },
	{ { LOGIN(""), "C SELECT", "S $T NO [INUSE] try later", "Q" }, LATER, { 0 } },
	{ { LOGIN(""), "C SELECT", "S $T BAD what", "Q" }, LATER, { 0 } },
	{ { LOGIN(""), "C SELECT", "S * BYE down", "X" }, LATER, { 0 } },
	{ { LOGIN(""), "C SELECT", "D * 3 EXISTS ", NULL }, LATER, { 0 } },
	/* A literal that nobody asked for, and that no memory could hold. */
	{ { LOGIN(""), "C SELECT", "S * 1 FETCH (BODY[] {4000000000}", "F 5000000", "Q" }, LATER,
		{ 0 } },
};

START_TEST(test_select)
{
	struct fake fake = fake_start(selects[_i].steps);
	struct imap *imap = connected(&fake);
	struct imap_folder folder = { 0 };
	struct err err = { "" };
	enum outcome outcome = imap_select(imap, "INBOX", &folder, &err);

	ck_assert_msg(outcome == selects[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(memcmp(&folder, &selects[_i].folder, sizeof folder), 0);
	imap_close(&imap);
	kill(fake.pid, SIGKILL);
}
END_TEST

/* A folder that is selected already. */
static const struct {
	const char *steps[STEPS];
	struct imap_folder folder;
} again[] = {
	{ { LOGIN(""), SELECT, "C NOOP", "S $T OK done", LOGOUT }, { 7, 20, 3 } },
	{ { LOGIN(""), SELECT, "C NOOP", "S * 2 EXPUNGE", "S $T OK done", LOGOUT }, { 7, 20, 2 } },
	{ { LOGIN(""), SELECT, "C NOOP", "S * 4 EXISTS", "S $T OK done", "C SELECT INBOX",
		  "S * 4 EXISTS", "S * OK [UIDVALIDITY 7] v", "S * OK [UIDNEXT 21] n",
		  "S $T OK done", LOGOUT },
		{ 7, 21, 4 } },
	/* One gone, one come: the number is the same. */
	{ { LOGIN(""), SELECT, "C NOOP", "S * 1 EXPUNGE", "S * 3 EXISTS", "S $T OK done",
		  "C SELECT INBOX", "S * 3 EXISTS", "S * OK [UIDVALIDITY 7] v",
		  "S * OK [UIDNEXT 21] n", "S $T OK done", LOGOUT },
		{ 7, 21, 3 } },
	{ { LOGIN(""), SELECT, "C NOOP", "S * OK [UIDVALIDITY 8] all is new", "S $T OK done",
		  "C SELECT INBOX", "S * 1 EXISTS", "S * OK [UIDVALIDITY 8] v",
		  "S * OK [UIDNEXT 2] n", "S $T OK done", LOGOUT },
		{ 8, 2, 1 } },
};

START_TEST(test_select_again)
{
	struct fake fake = fake_start(again[_i / 2].steps);
	struct imap *imap = selected(&fake);
	struct imap_folder folder = { 0 };
	struct err err = { "" };

	if (_i % 2 == 0)
		ck_assert_int_eq(imap_select(imap, "INBOX", &folder, &err), DONE);
	else
		ck_assert_int_eq(imap_status(imap, "INBOX", &folder, &err), DONE);
	ck_assert_int_eq(memcmp(&folder, &again[_i / 2].folder, sizeof folder), 0);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
} statuses[] = {
	{ { LOGIN(""), "C STATUS Junk", "S * STATUS Junk (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 3)",
		  "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(""), "C STATUS Junk", "S $T OK done", "Q" }, LATER },
	{ { LOGIN(""), "C STATUS Junk", "S * STATUS Junk ()", "S $T OK done", "Q" }, LATER },
	{ { LOGIN(""), "C STATUS Junk", "S * STATUS Junk (MESSAGES 1)", "S $T OK done", "Q" },
		LATER },
	{ { LOGIN(""), "C STATUS Junk", "S $T NO nothing here", "Q" }, NEVER },
	{ { LOGIN(""), "C STATUS Junk", "S $T NO [LIMIT] too often", "Q" }, LATER },
};

START_TEST(test_status)
{
	struct fake fake = fake_start(statuses[_i].steps);
	struct imap *imap = connected(&fake);
	struct imap_folder folder = { 0 };
	struct err err = { "" };
	enum outcome outcome = imap_status(imap, "Junk", &folder, &err);

	ck_assert_msg(outcome == statuses[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_uint_eq(folder.uid_validity, outcome == DONE ? 3 : 0);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
} moves[] = {
	{ { LOGIN(" MOVE"), SELECT, "C UID MOVE 5 Done", "S * OK [COPYUID 3 5 1] moved",
		  "S * 1 EXPUNGE", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(" MOVE"), SELECT, "C UID MOVE 5 Done", "S $T NO [TRYCREATE] none",
		  "C CREATE Done", "S $T OK done", "C UID MOVE 5 Done", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(" MOVE"), SELECT, "C UID MOVE", "S $T NO [OVERQUOTA] full", "Q" }, LATER },
	{ { LOGIN(" MOVE"), SELECT, "C UID MOVE", "S $T NO never", "Q" }, NEVER },
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID COPY 5 Done", "S $T NO [TRYCREATE] none",
		  "C CREATE Done", "S $T OK done", "C UID COPY 5 Done",
		  "S $T OK [COPYUID 3 5 1] done", "C UID STORE 5 +FLAGS.SILENT (\\Deleted)",
		  "S $T OK done", "C UID EXPUNGE 5", "S * 1 EXPUNGE", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID COPY 5 Done", "S $T NO full", "Q" }, NEVER },
	{ { LOGIN(""), SELECT, LOGOUT }, NEVER },
};

START_TEST(test_move)
{
	struct fake fake = fake_start(moves[_i].steps);
	struct imap *imap = selected(&fake);
	struct err err = { "" };
	enum outcome outcome = imap_move(imap, 5, "Done", &err);

	ck_assert_msg(outcome == moves[_i].outcome, "%d: %s", outcome, err.text);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
} removals[] = {
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID SEARCH", "S * SEARCH 4 5", "S $T OK done",
		  "C UID STORE 5 +FLAGS.SILENT (\\Deleted)", "S $T OK done", "C UID EXPUNGE 5",
		  "S * 1 EXPUNGE", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID SEARCH", "S * SEARCH 4 55", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID SEARCH", "S * SEARCH", "S $T OK done", LOGOUT }, DONE },
	{ { LOGIN(" UIDPLUS"), SELECT, "C UID SEARCH", "S $T NO never", "Q" }, NEVER },
	/* What others have marked must stay: no plain EXPUNGE. */
	{ { LOGIN(""), SELECT, "C UID SEARCH", "S * SEARCH 5", "S $T OK done",
		  "C UID STORE 5 +FLAGS.SILENT (\\Deleted)", "S $T OK done", LOGOUT },
		NEVER },
};

START_TEST(test_remove)
{
	struct fake fake = fake_start(removals[_i].steps);
	struct imap *imap = selected(&fake);
	struct err err = { "" };
	enum outcome outcome = imap_remove(imap, 5, "<drill.1@example.co.jp>", &err);

	ck_assert_msg(outcome == removals[_i].outcome, "%d: %s", outcome, err.text);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

static const struct {
	const char *steps[STEPS];
	enum outcome outcome;
} appends[] = {
	{ { LOGIN(""), "C APPEND \"Sent\" (\\Seen) {7}", "S + go on", "B 9",
		  "S $T OK [APPENDUID 1 2] done", LOGOUT },
		DONE },
	{ { LOGIN(""), "C APPEND", "S * 4 EXISTS", "S * OK busy", "S + go on", "B 9",
		  "S * 5 EXISTS", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(""), "C APPEND", "S $T NO [TRYCREATE] none", "C CREATE Sent", "S $T OK done",
		  "C APPEND", "S + go on", "B 9", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(""), "C APPEND", "S + go on", "B 9", "S $T NO [TRYCREATE] none", "C CREATE Sent",
		  "S $T OK done", "C APPEND", "S + go on", "B 9", "S $T OK done", LOGOUT },
		DONE },
	{ { LOGIN(""), "C APPEND", "S $T NO [TRYCREATE] none", "C CREATE Sent", "S $T NO may not",
		  "Q" },
		NEVER },
	{ { LOGIN(""), "C APPEND", "S $T NO too large", "Q" }, NEVER },
	{ { LOGIN(""), "C APPEND", "S $T NO [OVERQUOTA] full", "Q" }, LATER },
	{ { LOGIN(""), "C APPEND", "S + go on", "B 9", "X" }, LATER },
	{ { LOGIN(""), "C APPEND", "S + go on", "B 9", "Q" }, LATER },
	{ { LOGIN(""), "C APPEND", "Q" }, LATER },
	{ { LOGIN(""), "C APPEND", "S * BYE down", "Q" }, LATER },
};

START_TEST(test_append)
{
	struct fake fake = fake_start(appends[_i].steps);
	struct imap *imap = connected(&fake);
	struct err err = { "" };
	enum outcome outcome = imap_append(imap, "Sent", "a: \xE5\r\n\r\n", 7, &err);

	ck_assert_msg(outcome == appends[_i].outcome, "%d: %s", outcome, err.text);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

static Suite *
suite_imap_fault(void)
{
	Suite *suite = suite_create("imap_fault");
	TCase *faults = tcase_create("faults");

	tcase_add_loop_test(faults, test_login, 0, sizeof logins / sizeof *logins);
	tcase_add_loop_test(faults, test_idle, 0, sizeof idles / sizeof *idles);
	tcase_add_test(faults, test_idle_glued);
	tcase_add_loop_test(faults, test_fetch, 0, sizeof fetches / sizeof *fetches);
	tcase_add_test(faults, test_fetch_nul);
	tcase_add_test(faults, test_fetch_unknown_size);
	tcase_add_test(faults, test_fetch_slow_taker);
	tcase_add_loop_test(faults, test_internal_date, 0, sizeof dates / sizeof *dates);
	tcase_add_loop_test(faults, test_list, 0, sizeof lists / sizeof *lists);
	tcase_add_loop_test(faults, test_select, 0, sizeof selects / sizeof *selects);
	tcase_add_loop_test(faults, test_select_again, 0, 2 * sizeof again / sizeof *again);
	tcase_add_loop_test(faults, test_status, 0, sizeof statuses / sizeof *statuses);
	tcase_add_loop_test(faults, test_move, 0, sizeof moves / sizeof *moves);
	tcase_add_loop_test(faults, test_remove, 0, sizeof removals / sizeof *removals);
	tcase_add_loop_test(faults, test_append, 0, sizeof appends / sizeof *appends);
	tcase_set_timeout(faults, 15);
	suite_add_tcase(suite, faults);
	return suite;
}

int
main(void)
{
	pipe_start();
	return unit_run(suite_imap_fault());
}
