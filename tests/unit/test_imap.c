/*
 * port/imap on a real Dovecot: what it promises of folders, messages, flags,
 * IDLE and login. Faults are in test_imap_fault.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "dovecot.h"
#include "port/pipe.h"
#include "unit.h"

#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED
#endif

static struct dovecot dovecot;

static struct conf_server
server(enum conf_auth auth)
{
	return (struct conf_server){ .host = "127.0.0.1",
		.port = dovecot.imaps,
		.implicit_tls = true,
		.tls = TLS_REQUIRED,
		.auth = auth,
		.user = "desk",
		.ca_file = dovecot.ca,
		.pin = "" };
}

static struct imap *
connected_by(bool tls)
{
	struct conf_server real = server(AUTH_AUTO);
	struct imap *imap = NULL;
	struct err err = { "" };

	if (!tls) {
		real.implicit_tls = false;
		real.tls = TLS_NONE;
		real.port = dovecot.imap;
	}
	ck_assert_msg(imap_connect(&real, "secret", &imap, &err) == DONE, "%s", err.text);
	return imap;
}

/* In clear: a tenth of the time, where TLS makes no difference. */
static struct imap *
connected(void)
{
	return connected_by(false);
}

static void
append(struct imap *imap, const char *folder, const char *text)
{
	struct err err = { "" };

	ck_assert_msg(imap_append(imap, folder, text, strlen(text), &err) == DONE, "%s", err.text);
}

static struct imap_folder
select_folder(struct imap *imap, const char *folder)
{
	struct imap_folder values = { 0 };
	struct err err = { "" };

	ck_assert_msg(imap_select(imap, folder, &values, &err) == DONE, "%s", err.text);
	return values;
}

static struct imap_list
list_above(struct imap *imap, struct arena *arena, uint32_t after)
{
	struct imap_list list = { 0 };
	struct err err = { "" };

	ck_assert_msg(imap_list(imap, arena, after, &list, &err) == DONE, "%s", err.text);
	return list;
}

static const struct {
	int port_of_imaps;
	enum conf_tls tls;
	enum conf_auth auth;
	const char *password;
	enum outcome outcome;
	const char *sentence;
} logins[] = {
	{ 1, TLS_REQUIRED, AUTH_AUTO, "secret", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_PLAIN, "secret", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_LOGIN, "secret", DONE, "" },
	{ 0, TLS_STARTTLS, AUTH_AUTO, "secret", DONE, "" },
	{ 0, TLS_STARTTLS, AUTH_LOGIN, "secret", DONE, "" },
	{ 0, TLS_NONE, AUTH_AUTO, "secret", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_AUTO, "hunter2", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_LOGIN, "hunter2", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_LOGIN, "hunter\"2\\", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_LOGIN, "h\xC3\xBCnter2", NEVER, "auth = \"plain\"" },
	{ 1, TLS_REQUIRED, AUTH_PLAIN, "h\xC3\xBCnter2", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_AUTO, "", NEVER, "empty" },
	{ 1, TLS_REQUIRED, AUTH_AUTO, "a\r\nb LOGOUT", NEVER, "control" },
	{ 1, TLS_REQUIRED, AUTH_SCRAM, "secret", DONE, "" },
	{ 0, TLS_STARTTLS, AUTH_SCRAM, "secret", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_SCRAM, "hunter2", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_XOAUTH2, "TOKEN", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_OAUTHBEARER, "TOKEN", DONE, "" },
	{ 0, TLS_STARTTLS, AUTH_OAUTHBEARER, "TOKEN", DONE, "" },
	{ 1, TLS_REQUIRED, AUTH_XOAUTH2, "OLD TOKEN", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_OAUTHBEARER, "OLD TOKEN", NEVER, "AUTHENTICATIONFAILED" },
	{ 1, TLS_REQUIRED, AUTH_XOAUTH2, "hunter2", NEVER, "refuses the login" },
};

START_TEST(test_login)
{
	struct conf_server real = server(logins[_i].auth);
	const char *password = logins[_i].password;
	struct imap *imap = NULL;
	struct err err = { "" };
	enum outcome outcome;

	if (text_ends(password, "TOKEN"))
		password = text_equal(password, "TOKEN") ? dovecot.token : dovecot.old_token;
	real.implicit_tls = logins[_i].port_of_imaps != 0;
	real.port = real.implicit_tls ? dovecot.imaps : dovecot.imap;
	real.tls = logins[_i].tls;
	outcome = imap_connect(&real, password, &imap, &err);
	ck_assert_msg(outcome == logins[_i].outcome, "%d: %s", outcome, err.text);
	ck_assert_msg(strstr(err.text, logins[_i].sentence) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter"));
	ck_assert_ptr_null(strstr(err.text, dovecot.old_token));
	imap_close(&imap);
	imap_close(&imap);
}
END_TEST

START_TEST(test_status)
{
	struct imap *imap = connected();
	struct imap *other = connected();
	struct imap_folder first, second, other_view;
	struct err err = { "" };

	append(imap, "Status", "Subject: 1\r\n\r\n1\r\n");
	ck_assert_int_eq(imap_status(imap, "Status", &first, &err), DONE);
	ck_assert_uint_ne(first.uid_validity, 0);
	ck_assert_uint_eq(first.messages, 1);
	ck_assert_uint_eq(first.uid_next, 2);
	second = select_folder(imap, "Status");
	ck_assert_int_eq(memcmp(&first, &second, sizeof first), 0);
	/* What another session brings shows in the selected folder too. */
	append(other, "Status", "Subject: 2\r\n\r\n2\r\n");
	ck_assert_int_eq(imap_status(imap, "Status", &second, &err), DONE);
	ck_assert_uint_eq(second.uid_next, 3);
	ck_assert_uint_eq(second.messages, 2);
	append(other, "Status", "Subject: 3\r\n\r\n3\r\n");
	second = select_folder(imap, "Status");
	ck_assert_uint_eq(second.uid_next, 4);
	ck_assert_int_eq(imap_status(other, "Status", &other_view, &err), DONE);
	ck_assert_int_eq(memcmp(&other_view, &second, sizeof second), 0);
	imap_close(&imap);
	imap_close(&other);
}
END_TEST

START_TEST(test_no_folder)
{
	struct imap *imap = connected();
	struct imap_folder folder = { 1, 2, 3 };
	struct err err = { "" };

	ck_assert_int_eq(imap_status(imap, "Nowhere", &folder, &err), NEVER);
	ck_assert_str_ne(err.text, "");
	ck_assert_int_eq(imap_select(imap, "Nowhere", &folder, &err), NEVER);
	ck_assert_uint_eq(folder.messages, 3);
	/* The session lives on. */
	ck_assert_int_eq(imap_status(imap, "INBOX", &folder, &err), DONE);
	imap_close(&imap);
}
END_TEST

static const struct {
	const char *name;
	const char *on_disk; /* what Dovecot makes of it, NULL when it must not be sent at all */
} names[] = {
	{ "Plain", ".Plain" },
	{ "With blank", ".With blank" },
	{ "q\"u\\o", ".q\"u\\o" },
	{ "brace{5}", ".brace{5}" },
	{ "R&D", ".R&-D" },
	/* U+53D7 U+4FE1 is 53 D7 4F E1: U9dP4Q */
	{ "\xE5\x8F\x97\xE4\xBF\xA1", ".&U9dP4Q-" },
	/* U+1F4E7 is D83D DCE7: 2D3c5w */
	{ "\xF0\x9F\x93\xA7x", ".&2D3c5w-x" },
	/* RFC 3501 section 5.1.3's own: "Entw&APw-rfe" */
	{ "Entw\xC3\xBCrfe", ".Entw&APw-rfe" },
	{ "", NULL },
	{ "a\r\nb DELETE INBOX", NULL },
	{ "a\nb", NULL },
	{ "tab\t", NULL },
	{ "del\x7F", NULL },
	{ "c1\xC2\x85", NULL },
	{ "bad\xFF", NULL },
};

START_TEST(test_names)
{
	struct imap *imap = connected();
	struct imap_folder folder;
	struct err err = { "" };
	char path[256];
	bool there;

	if (names[_i].on_disk == NULL) {
		ck_assert_int_eq(imap_append(imap, names[_i].name, "x\r\n", 3, &err), NEVER);
		ck_assert_int_eq(imap_select(imap, names[_i].name, &folder, &err), NEVER);
		ck_assert_int_eq(imap_status(imap, names[_i].name, &folder, &err), NEVER);
		ck_assert_int_eq(imap_has(imap, names[_i].name, "<a@b>", &there, &err), NEVER);
	} else {
		append(imap, names[_i].name, "Message-ID: <a@b>\r\n\r\nx\r\n");
		snprintf(path, sizeof path, "%s/mail/%s/cur", dovecot.dir, names[_i].on_disk);
		ck_assert_msg(access(path, F_OK) == 0, "%s", path);
		ck_assert_uint_eq(select_folder(imap, names[_i].name).messages, 1);
		ck_assert_int_eq(imap_status(imap, names[_i].name, &folder, &err), DONE);
	}
	imap_close(&imap);
}
END_TEST

START_TEST(test_long_name)
{
	struct imap *imap = connected();
	struct imap_folder folder;
	struct err err = { "" };
	char name[257];

	memset(name, 'n', 256);
	name[256] = '\0';
	ck_assert_int_eq(imap_status(imap, name, &folder, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "255"));
	imap_close(&imap);
}
END_TEST

/* What imap_fetch() gave. */
struct given {
	size_t count;
	uint32_t uids[200];
	size_t lens[200];
	char last[4096];
	size_t stop_after;
};

static bool
take(void *context, uint32_t uid, const char *bytes, size_t len)
{
	struct given *given = context;

	given->uids[given->count] = uid;
	given->lens[given->count++] = len;
	snprintf(given->last, sizeof given->last, "%.*s", (int)len, bytes);
	return given->count != given->stop_after;
}

START_TEST(test_messages)
{
	static const char text[] =
		"Subject: \xE5\x8F\x97\r\nX: y\r\n\r\n8-bit: \xE5\x8F\x97\r\n.\r\nend\r\n";
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected_by(true);
	int64_t before = clock_now() / CLOCK_SECOND * CLOCK_SECOND;
	struct given given = { 0 };
	struct imap_item gone[3];
	struct imap_list list;
	struct err err = { "" };

	append(imap, "Messages", text);
	append(imap, "Messages", "Subject: second\r\n\r\n2\r\n");
	select_folder(imap, "Messages");
	list = list_above(imap, arena, 0);
	ck_assert_uint_eq(list.count, 2);
	ck_assert(!list.more);
	ck_assert_uint_eq(list.items[0].uid, 1);
	ck_assert_uint_eq(list.items[1].uid, 2);
	ck_assert_uint_eq(list.items[0].size, sizeof text - 1);
	ck_assert_int_ge(list.items[0].internal_date, before);
	ck_assert_int_le(list.items[0].internal_date, clock_now());
	ck_assert_uint_eq(list_above(imap, arena, 1).count, 1);
	ck_assert_uint_eq(list_above(imap, arena, 2).count, 0);
	ck_assert_uint_eq(list_above(imap, arena, 4000000000u).count, 0);
	ck_assert_uint_eq(list_above(imap, arena, UINT32_MAX).count, 0);
	ck_assert_int_eq(imap_fetch(imap, list.items, 1, false, take, &given, &err), DONE);
	ck_assert_uint_eq(given.count, 1);
	ck_assert_uint_eq(given.uids[0], 1);
	ck_assert_str_eq(given.last, text);
	ck_assert_int_eq(imap_fetch(imap, list.items, 1, true, take, &given, &err), DONE);
	ck_assert_str_eq(given.last, "Subject: \xE5\x8F\x97\r\nX: y\r\n\r\n");
	/* One that is not there is left out. */
	given.count = 0;
	gone[0] = list.items[0];
	gone[1] = (struct imap_item){ .uid = 77, .size = 10 };
	gone[2] = list.items[1];
	ck_assert_int_eq(imap_fetch(imap, gone, 3, false, take, &given, &err), DONE);
	ck_assert_uint_eq(given.count, 2);
	ck_assert_uint_eq(given.uids[1], 2);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

/* A shell's word on the Maildir of the folder Look, which is its working folder. */
static bool
shell_says(const char *command)
{
	char line[320];
	FILE *shell;

	snprintf(line, sizeof line, "cd %s/mail/.Look && %s", dovecot.dir, command);
	shell = popen(line, "r");
	return shell != NULL && pclose(shell) == 0;
}

static bool
writable(struct imap *imap, const char *folder)
{
	struct err err = { "" };
	bool yes = false;

	ck_assert_msg(imap_writable(imap, folder, &yes, &err) == DONE, "%s", err.text);
	return yes;
}

/* A look shows the newest, and what was recent to others stays so. */
START_TEST(test_look)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected(), *other = connected();
	struct given given = { 0 };
	struct imap_folder state;
	struct imap_list list;
	struct err err = { "" };
	bool yes = false;

	for (int i = 0; i < 4; i++)
		append(imap, "Look", "Subject: a\r\n\r\nb\r\n");
	/* One that no session has had for its own yet. */
	ck_assert(shell_says("printf 'Subject: a\\n\\nb\\n' >new/1.a.b && chmod 666 new/1.a.b"));
	ck_assert_int_eq(imap_examine(imap, "No such folder", &state, &err), NEVER);
	ck_assert_int_eq(imap_newest(imap, arena, 3, &list, &err), LATER);
	ck_assert_int_eq(imap_examine(imap, "Look", &state, &err), DONE);
	ck_assert_uint_eq(state.messages, 5);
	ck_assert_int_eq(imap_newest(imap, arena, 3, &list, &err), DONE);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_uint_eq(list.items[0].uid, 3);
	ck_assert_uint_eq(list.items[2].uid, 5);
	ck_assert_int_eq(imap_fetch(imap, list.items, 3, true, take, &given, &err), DONE);
	ck_assert_uint_eq(given.count, 3);
	ck_assert_str_eq(given.last, "Subject: a\r\n\r\n");
	ck_assert_int_eq(imap_newest(imap, arena, 50, &list, &err), DONE);
	ck_assert_uint_eq(list.count, 5);
	ck_assert(shell_says("test -e new/1.a.b"));
	ck_assert(writable(imap, "Look"));
	ck_assert(!shell_says("test -e new/1.a.b"));
	ck_assert(shell_says("chmod 500 cur"));
	ck_assert(!writable(other, "Look"));
	ck_assert_int_eq(imap_writable(imap, "No such folder", &yes, &err), NEVER);
	ck_assert_uint_eq(imap_abilities(imap),
		IMAP_CAN_IDLE | IMAP_CAN_MOVE | IMAP_CAN_UIDPLUS | IMAP_CAN_LITERAL);
	imap_close(&imap);
	imap_close(&other);
	arena_free(&arena);
}
END_TEST

/* An empty folder has no newest. */
START_TEST(test_look_empty)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected();
	struct imap_folder state;
	struct imap_list list = { .count = 9 };
	struct err err = { "" };

	ck_assert_int_eq(imap_examine(imap, "INBOX", &state, &err), DONE);
	ck_assert_uint_eq(state.messages, 0);
	ck_assert_int_eq(imap_newest(imap, arena, 3, &list, &err), DONE);
	ck_assert_uint_eq(list.count, 0);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

/* What is fetched is not marked as read. */
START_TEST(test_peek)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected();
	struct given given = { 0 };
	struct imap_list list;
	struct err err = { "" };
	char path[256];
	FILE *file;

	/* Delivered, not appended: new mail has no flags. */
	append(imap, "Peek", "Subject: 1\r\n\r\n1\r\n");
	snprintf(path, sizeof path, "%s/mail/.Peek/cur/1700000000.M1.x:2,", dovecot.dir);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("Subject: 2\n\nNUL and all\n", file);
	fclose(file);
	select_folder(imap, "Peek");
	list = list_above(imap, arena, 1);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_int_eq(imap_fetch(imap, list.items, 1, false, take, &given, &err), DONE);
	ck_assert_str_eq(given.last, "Subject: 2\r\n\r\nNUL and all\r\n");
	ck_assert_int_eq(imap_fetch(imap, list.items, 1, true, take, &given, &err), DONE);
	imap_close(&imap);
	ck_assert_msg(access(path, F_OK) == 0, "the file has got flags");
	arena_free(&arena);
}
END_TEST

START_TEST(test_batches)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected_by(true);
	struct given given = { 0 };
	struct imap_list list;
	struct err err = { "" };
	int i;

	for (i = 0; i < 120; i++)
		append(imap, "Batches", "Subject: many\r\n\r\nx\r\n");
	select_folder(imap, "Batches");
	list = list_above(imap, arena, 0);
	ck_assert_uint_eq(list.count, 120);
	ck_assert_int_eq(imap_fetch(imap, list.items, 120, false, take, &given, &err), DONE);
	ck_assert_uint_eq(given.count, 120);
	for (i = 0; i < 120; i++)
		ck_assert_uint_eq(given.uids[i], (uint32_t)i + 1);
	/* The taker may stop; the session stays of use. */
	given = (struct given){ .stop_after = 7 };
	ck_assert_int_eq(imap_fetch(imap, list.items, 120, false, take, &given, &err), LATER);
	ck_assert_uint_eq(given.count, 7);
	given = (struct given){ 0 };
	ck_assert_int_eq(imap_fetch(imap, list.items + 119, 1, false, take, &given, &err), DONE);
	ck_assert_uint_eq(given.uids[0], 120);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

/* One of three that the server can't read: the others come, and it is not passed over. */
START_TEST(test_unreadable)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected();
	struct given given = { 0 };
	struct imap_list list;
	struct err err = { "" };
	char command[256];
	int i;

	for (i = 0; i < 3; i++)
		append(imap, "Unreadable", "Subject: x\r\n\r\nx\r\n");
	select_folder(imap, "Unreadable");
	list = list_above(imap, arena, 0);
	ck_assert_uint_eq(list.count, 3);
	imap_close(&imap);
	snprintf(command, sizeof command,
		"cd %s/mail/.Unreadable/cur && chmod 000 $(ls | head -2 | tail -1)", dovecot.dir);
	pclose(popen(command, "r"));
	imap = connected();
	select_folder(imap, "Unreadable");
	ck_assert_int_eq(imap_fetch(imap, list.items, 3, false, take, &given, &err), LATER);
	ck_assert_uint_lt(given.count, 3);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

static bool
count_only(void *context, uint32_t uid, const char *bytes, size_t len)
{
	size_t *total = context;

	(void)uid;
	(void)bytes;
	*total += len;
	return true;
}

#ifndef SANITIZED /* a sanitizer keeps what was freed */
static long
peak_kb(void)
{
	char line[256];
	long peak = 0;
	FILE *file = fopen("/proc/self/status", "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak = strtol(line + 6, NULL, 10);
	fclose(file);
	return peak;
}

/* Two hundred messages of 100 KB: memory holds one of them, and libetpan's lists. */
START_TEST(test_memory)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected();
	static char text[100002];
	struct imap_list list;
	struct err err = { "" };
	size_t total = 0;
	long before;
	int i;

	memset(text, 'x', sizeof text);
	memcpy(text, "Subject: big\r\n\r\n", 16);
	for (i = 100; i < 100000; i += 100)
		memcpy(text + i, "\r\n", 2);
	for (i = 0; i < 200; i++)
		ck_assert_int_eq(imap_append(imap, "Memory", text, 100000, &err), DONE);
	select_folder(imap, "Memory");
	list = list_above(imap, arena, 0);
	before = peak_kb();
	ck_assert_int_eq(
		imap_fetch(imap, list.items, list.count, false, count_only, &total, &err), DONE);
	ck_assert_uint_eq(total, 200 * 100000);
	ck_assert_msg(peak_kb() - before < 2048, "%ld kB more", peak_kb() - before);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST
#endif

/* UIDs far apart, as after a great clearance: every one is found, in order. */
START_TEST(test_sparse)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected();
	char path[256];
	FILE *file;
	struct imap_list list;
	size_t i;

	append(imap, "Sparse", "Subject: 1\r\n\r\n1\r\n");
	imap_close(&imap);
	/* Dovecot's own list of UIDs (version 3): UID, then the file. */
	snprintf(path, sizeof path, "%s/mail/.Sparse/dovecot-uidlist", dovecot.dir);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "3 V1700000000 N4000000000 G0123456789abcdef0123456789abcdef\n");
	for (i = 0; i < 30; i++)
		fprintf(file, "%zu :%zu.M1.x\n", i == 0 ? (size_t)5 : i * 100000000,
			1700000000 + i);
	fclose(file);
	for (i = 0; i < 30; i++) {
		snprintf(path, sizeof path, "%s/mail/.Sparse/cur/%zu.M1.x:2,", dovecot.dir,
			1700000000 + i);
		file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		fputs("Subject: x\n\nx\n", file);
		fclose(file);
	}
	snprintf(path, sizeof path,
		"rm -f %s/mail/.Sparse/dovecot.index* %s/mail/.Sparse/cur/*,S=*", dovecot.dir,
		dovecot.dir);
	pclose(popen(path, "r"));
	imap = connected();
	select_folder(imap, "Sparse");
	list = list_above(imap, arena, 0);
	ck_assert_uint_ge(list.count, 30);
	ck_assert_uint_eq(list.items[0].uid, 5);
	for (i = 1; i < 30; i++)
		ck_assert_uint_eq(list.items[i].uid, i * 100000000);
	list = list_above(imap, arena, 2800000000u);
	ck_assert_uint_ge(list.count, 1);
	ck_assert_uint_eq(list.items[0].uid, 2900000000u);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

START_TEST(test_has)
{
	struct imap *imap = connected();
	struct err err = { "" };
	bool there = false;

	append(imap, "Sent", "Message-ID: <one.1@example.co.jp>\r\n\r\n1\r\n");
	ck_assert_int_eq(imap_has(imap, "Sent", "<one.1@example.co.jp>", &there, &err), DONE);
	ck_assert(there);
	ck_assert_int_eq(imap_has(imap, "Sent", "<one@example.co.jp>", &there, &err), DONE);
	ck_assert(!there);
	append(imap, "Sent", "Message-ID: <two@example.co.jp>\r\n\r\n2\r\n");
	ck_assert_int_eq(imap_has(imap, "Sent", "<two@example.co.jp>", &there, &err), DONE);
	ck_assert(there);
	ck_assert_int_eq(imap_has(imap, "Nowhere", "<two@example.co.jp>", &there, &err), NEVER);
	imap_close(&imap);
}
END_TEST

static const char *const bad_ids[] = {
	"",
	"<",
	"<>",
	"a@b",
	"<a@b",
	"<a\"@b>",
	"<a\\@b>",
	"<a b@c>",
	"<a\r\n@b>",
	"<a\x7F@b>",
	"<\xC3\xBC@b>",
};

START_TEST(test_bad_id)
{
	struct imap *imap = connected();
	struct err err = { "" };
	bool there = false;

	ck_assert_int_eq(imap_has(imap, "INBOX", bad_ids[_i], &there, &err), NEVER);
	select_folder(imap, "INBOX");
	ck_assert_int_eq(imap_remove(imap, 1, bad_ids[_i], &err), NEVER);
	imap_close(&imap);
}
END_TEST

/* How many messages lie in a folder on disk. */
static size_t
files_in(const char *folder)
{
	char command[512];
	size_t count = 0;
	FILE *out;

	snprintf(command, sizeof command, "find %s/mail/%s/cur %s/mail/%s/new -type f | wc -l",
		dovecot.dir, folder, dovecot.dir, folder);
	out = popen(command, "r");
	ck_assert_int_eq(fscanf(out, "%zu", &count), 1);
	pclose(out);
	return count;
}

START_TEST(test_flag_and_move)
{
	struct imap *imap = connected();
	struct err err = { "" };
	char path[256], line[64] = "";
	FILE *file;

	append(imap, "Work", "Subject: 1\r\n\r\n1\r\n");
	append(imap, "Work", "Subject: 2\r\n\r\n2\r\n");
	ck_assert_int_eq(imap_flag(imap, 1, &err), LATER); /* nothing is selected */
	select_folder(imap, "Work");
	ck_assert_msg(imap_flag(imap, 1, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(imap_flag(imap, 1, &err), DONE);
	ck_assert_int_eq(imap_flag(imap, 99, &err), DONE);
	snprintf(path, sizeof path, "%s/mail/.Work/dovecot-keywords", dovecot.dir);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
	fclose(file);
	ck_assert_str_eq(line, "0 $MadoguchiFiled\n");
	ck_assert_msg(imap_move(imap, 1, "Done \xE6\xB8\x88", &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(files_in(".Work"), 1);
	ck_assert_uint_eq(select_folder(imap, "Work").messages, 1);
	ck_assert_int_eq(imap_move(imap, 1, "Done \xE6\xB8\x88", &err), DONE);
	ck_assert_uint_eq(select_folder(imap, "Done \xE6\xB8\x88").messages, 1);
	imap_close(&imap);
}
END_TEST

/* The UID must be that of a message that bears the Message-ID: no other is touched. */
START_TEST(test_remove)
{
	struct imap *imap = connected();
	struct err err = { "" };

	append(imap, "Drill", "Message-ID: <drill.1@example.co.jp>\r\n\r\n1\r\n");
	append(imap, "Drill", "Message-ID: <two@example.co.jp>\r\n\r\n2\r\n");
	append(imap, "Drill", "Message-ID: <drill.1@example.co.jp>\r\n\r\n3\r\n");
	select_folder(imap, "Drill");
	ck_assert_int_eq(imap_remove(imap, 2, "<drill.1@example.co.jp>", &err), DONE);
	ck_assert_int_eq(imap_remove(imap, 1, "<drill.2@example.co.jp>", &err), DONE);
	ck_assert_int_eq(imap_remove(imap, 9, "<drill.1@example.co.jp>", &err), DONE);
	ck_assert_uint_eq(files_in(".Drill"), 3);
	ck_assert_msg(imap_remove(imap, 1, "<drill.1@example.co.jp>", &err) == DONE, "%s", err.text);
	ck_assert_uint_eq(files_in(".Drill"), 2);
	ck_assert_uint_eq(select_folder(imap, "Drill").messages, 2);
	ck_assert_int_eq(imap_remove(imap, 1, "<drill.1@example.co.jp>", &err), DONE);
	imap_close(&imap);
}
END_TEST

/* Another session, in its own process, appends after a while. */
static pid_t
append_later(const char *folder, unsigned after_ms)
{
	struct imap *imap;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	imap = connected();
	usleep(after_ms * 1000);
	append(imap, folder, "Subject: news\r\n\r\nnews\r\n");
	imap_close(&imap);
	_exit(0);
}

START_TEST(test_idle_news)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected_by(true);
	struct err err = { "" };
	enum imap_wake wake = IMAP_WAKE_TIME;
	pid_t pid;

	append(imap, "Idle", "Subject: 1\r\n\r\n1\r\n");
	select_folder(imap, "Idle");
	pid = append_later("Idle", 200);
	ck_assert_msg(imap_idle(imap, -1, 10000, &wake, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(wake, IMAP_WAKE_NEWS);
	waitpid(pid, NULL, 0);
	ck_assert_uint_eq(list_above(imap, arena, 1).count, 1);
	/* Told once. */
	ck_assert_int_eq(imap_idle(imap, -1, 50, &wake, &err), DONE);
	ck_assert_int_eq(wake, IMAP_WAKE_TIME);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

START_TEST(test_idle_wake)
{
	struct imap *imap = connected_by(true);
	struct err err = { "" };
	enum imap_wake wake = IMAP_WAKE_TIME;
	int fd = eventfd(1, EFD_CLOEXEC);
	int64_t started;

	ck_assert_int_eq(imap_idle(imap, fd, 10000, &wake, &err), LATER); /* nothing is selected */
	select_folder(imap, "INBOX");
	started = clock_mono_ms();
	ck_assert_msg(imap_idle(imap, fd, 10000, &wake, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(wake, IMAP_WAKE_FD);
	ck_assert_int_eq(imap_idle(imap, -1, 0, &wake, &err), DONE);
	ck_assert_int_eq(wake, IMAP_WAKE_TIME);
	ck_assert_int_lt(clock_mono_ms() - started, 5000);
	/* The session is out of IDLE. */
	select_folder(imap, "INBOX");
	close(fd);
	imap_close(&imap);
}
END_TEST

/* News that came while something else was done are not slept over. */
START_TEST(test_idle_missed)
{
	struct imap *imap = connected_by(true);
	struct imap *other = connected();
	struct imap_item item = { .uid = 1, .size = 100 };
	struct given given = { 0 };
	struct err err = { "" };
	enum imap_wake wake = IMAP_WAKE_TIME;

	append(imap, "Missed", "Subject: 1\r\n\r\n1\r\n");
	select_folder(imap, "Missed");
	append(other, "Missed", "Subject: 2\r\n\r\n2\r\n");
	ck_assert_int_eq(imap_fetch(imap, &item, 1, false, take, &given, &err), DONE);
	ck_assert_int_eq(imap_idle(imap, -1, 3000, &wake, &err), DONE);
	ck_assert_int_eq(wake, IMAP_WAKE_NEWS);
	imap_close(&imap);
	imap_close(&other);
}
END_TEST

/* A folder that was made anew has another UIDVALIDITY, and the caller sees it. */
START_TEST(test_uid_validity)
{
	struct imap *imap = connected();
	struct imap_folder before, after;
	struct err err = { "" };
	char command[256];

	append(imap, "Anew", "Subject: 1\r\n\r\n1\r\n");
	before = select_folder(imap, "Anew");
	select_folder(imap, "INBOX");
	snprintf(command, sizeof command, "rm -rf %s/mail/.Anew", dovecot.dir);
	pclose(popen(command, "r"));
	append(imap, "Anew", "Subject: other\r\n\r\n1\r\n");
	after = select_folder(imap, "Anew");
	ck_assert_uint_ne(before.uid_validity, after.uid_validity);
	ck_assert_int_eq(imap_status(imap, "Anew", &before, &err), DONE);
	ck_assert_uint_eq(before.uid_validity, after.uid_validity);
	imap_close(&imap);
}
END_TEST

START_TEST(test_append_large)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 20);
	struct imap *imap = connected_by(true);
	static char text[3000000];
	struct imap_list list;
	struct err err = { "" };
	size_t i, total = 0;

	memset(text, 'y', sizeof text);
	for (i = 998; i < sizeof text; i += 1000)
		memcpy(text + i, "\r\n", 2);
	ck_assert_msg(imap_append(imap, "Large", text, sizeof text, &err) == DONE, "%s", err.text);
	select_folder(imap, "Large");
	list = list_above(imap, arena, 0);
	ck_assert_uint_eq(list.items[0].size, sizeof text);
	ck_assert_int_eq(imap_fetch(imap, list.items, 1, false, count_only, &total, &err), DONE);
	ck_assert_uint_eq(total, sizeof text);
	imap_close(&imap);
	arena_free(&arena);
}
END_TEST

static Suite *
suite_imap(void)
{
	Suite *suite = suite_create("imap");
	TCase *real = tcase_create("dovecot");

	if (!dovecot.runs)
		return suite;
	tcase_add_loop_test(real, test_login, 0, sizeof logins / sizeof *logins);
	tcase_add_test(real, test_status);
	tcase_add_test(real, test_no_folder);
	tcase_add_loop_test(real, test_names, 0, sizeof names / sizeof *names);
	tcase_add_test(real, test_long_name);
	tcase_add_test(real, test_messages);
	tcase_add_test(real, test_look);
	tcase_add_test(real, test_look_empty);
	tcase_add_test(real, test_peek);
	tcase_add_test(real, test_unreadable);
	tcase_add_test(real, test_batches);
#ifndef SANITIZED
	tcase_add_test(real, test_memory);
#endif
	tcase_add_test(real, test_sparse);
	tcase_add_test(real, test_has);
	tcase_add_loop_test(real, test_bad_id, 0, sizeof bad_ids / sizeof *bad_ids);
	tcase_add_test(real, test_flag_and_move);
	tcase_add_test(real, test_remove);
	tcase_add_test(real, test_idle_news);
	tcase_add_test(real, test_idle_wake);
	tcase_add_test(real, test_idle_missed);
	tcase_add_test(real, test_uid_validity);
	tcase_add_test(real, test_append_large);
	tcase_set_timeout(real, 30);
	suite_add_tcase(suite, real);
	return suite;
}

int
main(void)
{
	int failed;

	pipe_start();
	dovecot = dovecot_start("");
	failed = unit_run(suite_imap());
	failed = dovecot_verdict(&dovecot, failed);
	dovecot_stop(&dovecot);
	return failed;
}
