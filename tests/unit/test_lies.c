/*
 * Servers that lie: each is given a whole session of the wire, which must end
 * within its patience and its memory, say what happened, and have taken no
 * message but those that came whole. Prints the table. (Single answers are in
 * test_imap_fault.c and test_smtp.c; what becomes of the wire is told by the story
 * of the lying server.)
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "fake_server.h"
#include "port/imap.h"
#include "port/pipe.h"
#include "port/smtp.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#define STEPS 48
#define FROM "security@example.co.jp"
#define TO "vuln-contact@ipa.go.jp"
#define TEXT "Subject: a\r\n\r\nb\r\n"

/* A session's patience; all of it together may take SESSION_MS on a machine that is busy. */
#define COMMAND_MS 700
#define SILENCE_MS 500
#define SESSION_MS 15000
#define GROWTH_KB (64 * 1024) /* libetpan makes 24 bytes of one in the worst of answers */

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

#define CAPABLE "C CAPABILITY", "S * CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN", "S $T OK done"
#define LOGIN                                                                                      \
	"S * OK hi", CAPABLE, "C AUTHENTICATE PLAIN", "S + ", "C AGRlc2sAc2VjcmV0", "S $T OK done",  \
		CAPABLE
#define SELECT                                                                                     \
	"C SELECT INBOX", "S * 1 EXISTS", "S * OK [UIDVALIDITY 7] v", "S * OK [UIDNEXT 6] n",        \
		"S $T OK [READ-WRITE] done"
#define LIST                                                                                       \
	"C UID FETCH 5:1004",                                                                        \
		"S * 1 FETCH (UID 5 RFC822.SIZE 10 INTERNALDATE \"22-Nov-2026 09:00:00 +0900\")",    \
		"S $T OK done", "C FETCH 1 (UID)", "S * 1 FETCH (UID 5)", "S $T OK done"
#define FETCH "C UID FETCH 5 (UID BODY.PEEK[])"
#define BODY "S * 1 FETCH (UID 5 BODY[] {10}", "S 12345678\r\n)", "S $T OK done"
#define IDLE "C IDLE", "S + idling"

static const struct {
	const char *name;
	const char *steps[STEPS];
	enum outcome outcome;
	size_t messages; /* taken whole */
	const char *sentence;
} lies[] = {
	{ "none: an honest server", { LOGIN, SELECT, LIST, FETCH, BODY, IDLE, "S * 2 EXISTS",
		"C DONE", "S $T OK done", "Q" }, DONE, 1, "" },
	{ "greeting without an end", { "F 5000000", "E" }, LATER, 0, "sent more" },
	{ "greeting again and again", { "L * OK hi" }, LATER, 0, "" },
	{ "greeting, a byte at a time", { "D * OK hi " }, LATER, 0, "in time" },
	{ "capabilities without an end", { "S * OK hi", "C CAPABILITY",
		"L * CAPABILITY IMAP4rev1 AUTH=PLAIN" }, LATER, 0, "" },
	{ "one capability of 5 MB", { "S * OK hi", "C CAPABILITY", "R * CAPABILITY ", "F 5000000",
		"E" }, LATER, 0, "sent more" },
	{ "login answered by a flood", { "S * OK hi", CAPABLE, "C AUTHENTICATE PLAIN",
		"L * OK wait" }, LATER, 0, "sent more" },
	{ "answer to another tag", { LOGIN, "C SELECT", "S Z99 OK done", "E" }, LATER, 0, "" },
	{ "SELECT answered by a flood", { LOGIN, "C SELECT", "L * OK wait" }, LATER, 0, "sent more" },
	{ "numbers beyond 32 bits", { LOGIN, "C SELECT", "S * 99999999999 EXISTS",
		"S * OK [UIDVALIDITY 99999999999] v", "S $T OK done", "E" }, LATER, 0, "" },
	{ "UIDVALIDITY 0", { LOGIN, "C SELECT", "S * 1 EXISTS", "S * OK [UIDVALIDITY 0] v",
		"S $T OK done", "E" }, NEVER, 0, "no lasting numbers" },
	{ "4000000000 messages, and none there", { LOGIN, "C SELECT", "S * 4000000000 EXISTS",
		"S * OK [UIDVALIDITY 7] v", "S * OK [UIDNEXT 6] n", "S $T OK done", "C UID FETCH",
		"S $T OK done", "C FETCH 4000000000 (UID)", "E" }, LATER, 0, "in time" },
	{ "a list of 100000 made up messages", { LOGIN, SELECT, "C UID FETCH 5:1004",
		"L * 1 FETCH (UID 7 RFC822.SIZE 5)" }, LATER, 0, "sent more" },
	{ "structure nested 1000 deep", { LOGIN, SELECT, "C UID FETCH 5:1004",
		"R * 1 FETCH (BODYSTRUCTURE ", "N 1000", "S ", "S $T OK done", "E" }, LATER, 0,
		"cannot be read" },
	{ "literal of 20 digits", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {99999999999999999999}", "E" }, LATER, 0, "" },
	{ "literal of 4 GB", { LOGIN, SELECT, LIST, FETCH, "S * 1 FETCH (UID 5 BODY[] {4294967295}",
		"F 50000000", "E" }, LATER, 0, "sent more" },
	{ "literal longer than its bytes", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {1000}", "S 12345678", "S )", "S $T OK done", "E" }, LATER, 0,
		"in time" },
	{ "literal shorter than its bytes", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {2}", "S 12345678", "S )", "S $T OK done", "E" }, LATER, 0,
		"cannot be read" },
	{ "literal+ in an answer", { LOGIN, SELECT, LIST, FETCH, "S * 1 FETCH (UID 5 BODY[] {10+}",
		"S 12345678\r\n)", "S $T OK done", "E" }, LATER, 0, "cannot be read" },
	{ "literal, a byte at a time", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {100000}", "D x" }, LATER, 0, "in time" },
	{ "BYE inside a literal", { LOGIN, SELECT, LIST, FETCH, "S * 1 FETCH (UID 5 BODY[] {100}",
		"R abc\r\n* BYE gone\r\n", "X" }, LATER, 0, "broke" },
	{ "10 bytes announced, 50 MB sent", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {50000000}", "F 50000000", "E" }, LATER, 0, "sent more" },
	{ "messages that were not asked for", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 99 BODY[] {3}", "S abc)", "S $T OK done", "C UID FETCH 5 (UID)",
		"S * 1 FETCH (UID 5)", "S $T OK done", "E" }, LATER, 0, "does not give" },
	{ "the same message a hundred times", { LOGIN, SELECT, LIST, FETCH,
		"S * 1 FETCH (UID 5 BODY[] {3}", "S abc)", "S * 1 FETCH (UID 5 BODY[] {3}", "S xyz)",
		"S * 1 FETCH (UID 5 BODY[] {3}", "S xyz)", "S $T OK done", "C IDLE", "X" }, LATER, 1,
		"broke" },
	{ "EXPUNGE under the reader", { LOGIN, SELECT, LIST, FETCH, "S * 1 EXPUNGE", "S $T OK done",
		"C UID FETCH 5 (UID)", "S $T OK done", IDLE, "S * 1 EXISTS", "C DONE", "S $T OK done",
		"Q" }, DONE, 0, "" },
	{ "BYE in the middle of a command", { LOGIN, SELECT, LIST, FETCH, "S * BYE down", "X" }, LATER,
		0, "" },
	{ "IDLE answered by a flood", { LOGIN, SELECT, LIST, FETCH, BODY, "C IDLE", "L * OK wait" },
		LATER, 1, "sent more" },
	{ "news glued to +, then a flood", { LOGIN, SELECT, LIST, FETCH, BODY, "C IDLE",
		"R + idling\r\n* 2 EXISTS\r\n", "L * 3 EXISTS" }, LATER, 1, "sent more" },
	{ "words without an end in IDLE", { LOGIN, SELECT, LIST, FETCH, BODY, IDLE,
		"L * OK still here" }, LATER, 1, "sent more" },
	{ "a line without an end in IDLE", { LOGIN, SELECT, LIST, FETCH, BODY, IDLE,
		"D * 2 EXISTS " }, LATER, 1, "" },
	{ "untagged lines before +", { LOGIN, SELECT, LIST, FETCH, BODY, "C IDLE", "S * OK wait",
		"S * 2 EXISTS", "S + idling", "C DONE", "S * 3 EXISTS", "S $T OK done", "Q" }, DONE, 1,
		"" },
	{ "a continuation nobody waits for", { LOGIN, "C SELECT", "S + go on", "S $T OK done", "E" },
		NEVER, 0, "no lasting numbers" },
	{ "NUL bytes for an answer", { LOGIN, "C SELECT", "S %0%0%0%0", "S $T OK done", "E" }, LATER,
		0, "" },
};

struct taken {
	size_t count;
};

static bool
take(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct taken *taken = context;

	(void)bytes;
	(void)len;
	ck_assert_uint_eq(uid, 5);
	taken->count++;
	return true;
}

/* What a wire does in one round: until the first step that fails. */
static enum outcome
session(int port, struct taken *taken, struct err *err_r)
{
	static const struct imap_patience patience = {
		.connect_ms = 2000, .command_ms = COMMAND_MS, .silence_ms = SILENCE_MS
	};
	struct conf_server server = { .host = "127.0.0.1", .port = port, .tls = TLS_NONE,
		.ca_file = "", .pin = "", .user = "desk" };
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap_folder folder;
	struct imap_list list;
	struct imap *imap = NULL;
	enum imap_wake wake;
	enum outcome outcome;

	outcome = imap_connect_with(&server, "secret", &patience, &imap, err_r);
	if (outcome == DONE)
		outcome = imap_select(imap, "INBOX", &folder, err_r);
	if (outcome == DONE)
		outcome = imap_list(imap, arena, 4, &list, err_r);
	if (outcome == DONE)
		outcome = imap_fetch(imap, list.items, list.count, false, take, taken, err_r);
	if (outcome == DONE)
		outcome = imap_idle(imap, -1, 2 * SILENCE_MS, &wake, err_r);
	imap_close(&imap);
	arena_free(&arena);
	return outcome;
}

static long
peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
tell(const char *protocol, const char *name, int64_t started, long before, enum outcome outcome,
	const struct err *err)
{
	static const char *const outcomes[] = { "done", "later", "never" };
	long growth = peak_kb() - before;
	int64_t took = clock_mono_ms() - started;

	printf("%s | %-36s | %-5s | %5lld ms | %5ld kB | %s\n", protocol, name, outcomes[outcome],
		(long long)took, growth, err->text);
	fflush(stdout);
	ck_assert_int_lt(took, SESSION_MS);
	ck_assert(SANITIZED || growth < GROWTH_KB);
}

START_TEST(test_imap)
{
	struct fake fake = fake_start(lies[_i].steps);
	struct taken taken = { .count = 0 };
	struct err err = { "" };
	int64_t started = clock_mono_ms();
	long before = peak_kb();
	enum outcome outcome = session(fake.port, &taken, &err);

	tell("imap", lies[_i].name, started, before, outcome, &err);
	ck_assert_msg(outcome == lies[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_uint_eq(taken.count, lies[_i].messages);
	ck_assert_msg(strstr(err.text, lies[_i].sentence) != NULL, "%s", err.text);
	ck_assert((outcome == DONE) == (err.text[0] == '\0'));
	kill(fake.pid, SIGKILL);
}
END_TEST

#define HELLO "S 220 hi", "C EHLO", "S 250-hi\r\n250 SIZE 100000"
#define ENVELOPE                                                                                   \
	"C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 354 go on"

static const struct {
	const char *name;
	const char *steps[STEPS];
	enum outcome outcome;
	bool unknown;
	const char *sentence;
} smtp_lies[] = {
	{ "none: an honest server", { HELLO, ENVELOPE, "U", "S 250 taken", "Q" }, DONE, false, "" },
	{ "greeting without an end", { "L 220-hi" }, LATER, false, "sent more" },
	{ "greeting, a byte at a time", { "D 220-hi " }, LATER, false, "in time" },
	{ "EHLO without an end", { "S 220 hi", "C EHLO", "L 250-AUTH PLAIN" }, LATER, false,
		"sent more" },
	{ "reply of 5 MB", { HELLO, "C MAIL", "F 5000000", "E" }, LATER, false, "sent more" },
	{ "reply, a byte at a time", { HELLO, ENVELOPE, "U", "D 250-ok " }, LATER, true,
		"may have taken" },
	{ "reply before its question", { "R 220 hi\r\n250 hi\r\n", "E" }, LATER, false,
		"cannot be read" },
	{ "all replies at once", { HELLO, "C MAIL",
		"R 250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", "E" }, LATER, false, "cannot be read" },
	{ "taken before it was sent", { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA",
		"R 354 go\r\n250 taken\r\n", "E" }, LATER, false, "cannot be read" },
	{ "250 to DATA", { HELLO, "C MAIL", "S 250 ok", "C RCPT", "S 250 ok", "C DATA", "S 250 taken",
		"E" }, LATER, false, "cannot be read" },
	{ "garbage after the end", { HELLO, ENVELOPE, "U", "S taken, I think", "E" }, LATER, true,
		"may have taken" },
	{ "cut after the end", { HELLO, ENVELOPE, "U", "X" }, LATER, true, "may have taken" },
	{ "silence after the end", { HELLO, ENVELOPE, "U", "E" }, LATER, true, "may have taken" },
	{ "NUL bytes in a refusal", { HELLO, "C MAIL", "S 550 %0no%0", "Q" }, NEVER, false,
		"550 ?no?" },
	{ "an IMAP server", { "S * OK hi", "E" }, LATER, false, "cannot be read" },
};

START_TEST(test_smtp)
{
	struct fake fake = fake_start(smtp_lies[_i].steps);
	struct conf_server server = { .host = "127.0.0.1", .port = fake.port, .tls = TLS_NONE,
		.ca_file = "", .pin = "", .user = "" };
	struct smtp_result result = { .code = 0 };
	struct smtp *smtp = NULL;
	struct err err = { "" };
	int64_t started = clock_mono_ms();
	long before = peak_kb();
	enum outcome outcome;

	ck_assert_int_eq(smtp_open(&server, NULL, &smtp, &err), DONE);
	smtp_patience(smtp, 1, 2);
	outcome = smtp_submit(smtp, FROM, TO, TEXT, sizeof TEXT - 1, &result, &err);
	smtp_close(&smtp);
	tell("smtp", smtp_lies[_i].name, started, before, outcome, &err);
	ck_assert_msg(outcome == smtp_lies[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_int_eq(result.unknown, smtp_lies[_i].unknown);
	ck_assert_msg(strstr(err.text, smtp_lies[_i].sentence) != NULL, "%s", err.text);
	kill(fake.pid, SIGKILL);
}
END_TEST

static Suite *
suite_lies(void)
{
	Suite *suite = suite_create("lies");
	TCase *tests = tcase_create("lies");

	tcase_add_loop_test(tests, test_imap, 0, sizeof lies / sizeof *lies);
	tcase_add_loop_test(tests, test_smtp, 0, sizeof smtp_lies / sizeof *smtp_lies);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	pipe_start();
	return unit_run(suite_lies());
}
