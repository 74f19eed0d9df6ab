/*
 * What a stranger or a conf could slip into a line of ours: CR, LF, NUL and
 * every other control character, in every place of each value that goes out.
 * Nothing of it reaches a wire or a header that is composed, and a mail that
 * tries it does not lose its answer by that.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "fake_server.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/compose.h"
#include "mail/message.h"
#include "port/imap_private.h"
#include "port/pipe.h"
#include "port/sasl.h"
#include "port/smtp.h"
#include "unit.h"

#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)
#define ARMOUR "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
#define MAILS 4000

/* C0 and DEL as bytes, C1, and the line and paragraph separators as UTF-8. */
static const char *
control(size_t i)
{
	static char text[4];

	memset(text, 0, sizeof text);
	if (i < 0x20)
		text[0] = (char)i;
	else if (i == 0x20)
		text[0] = 0x7F;
	else
		memcpy(text, (char[]){ '\xC2', (char)(0x80 + i - 0x21) }, 2);
	return text;
}

#define CONTROLS (0x21 + 0x20) /* number 0 is NUL, which ends a value: it is left out below */

/* word with a control character put before its byte `at`. */
static const char *
spoil(const char *word, size_t at, const char *what)
{
	static char spoilt[256];

	snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)at, word, what, word + at);
	return spoilt;
}

static bool
offered(const void *context, const char *mechanism)
{
	(void)context;
	(void)mechanism;
	return true;
}

static enum outcome
submit(struct smtp *smtp, const char *from, const char *to)
{
	struct smtp_result result;
	struct err err;

	return smtp_submit(smtp, from, to, "a: b\r\n\r\n", 8, &result, &err);
}

/* Folder, user, password, addresses. The port is one where nobody listens: a try would be LATER. */
START_TEST(test_values)
{
	static const char folder[] = "INBOX/\xE7\xAA\x93\xE5\x8F\xA3", address[] = "desk@example.jp";
	const char *what = control((size_t)_i);
	struct conf_server server = { .host = "127.0.0.1", .port = 1, .tls = TLS_NONE, .ca_file = "",
		.pin = "", .user = "" };
	char name[IMAP_NAME_MAX], quoted[IMAP_NAME_MAX];
	struct sasl *sasl = NULL;
	struct smtp *smtp = NULL;
	struct err err;

	ck_assert_int_eq(smtp_open(&server, NULL, &smtp, &err), DONE);
	ck_assert_int_eq(submit(smtp, address, address), LATER);
	ck_assert_int_eq(imap_name(folder, name, &err), DONE);
	for (size_t at = 0; at < sizeof address; at++) {
		const char *spoilt = spoil(address, at, what);

		ck_assert_int_eq(submit(smtp, spoilt, address), NEVER);
		ck_assert_int_eq(submit(smtp, address, spoilt), NEVER);
		ck_assert(!imap_quote(spoilt, quoted, sizeof quoted));
		server.user = spoilt;
		if (_i <= 0x20)
			ck_assert_int_eq(sasl_open(&server, "pass", offered, NULL, &sasl, &err), NEVER);
		server.user = "desk";
		if (_i <= 0x20)
			ck_assert_int_eq(sasl_open(&server, spoilt, offered, NULL, &sasl, &err), NEVER);
	}
	for (size_t at = 0; at <= 6; at++)
		ck_assert_int_eq(imap_name(spoil(folder, at, what), name, &err), NEVER);
	smtp_close(&smtp);
}
END_TEST

#define CAPABLE "C CAPABILITY", "S * CAPABILITY IMAP4rev1 AUTH=PLAIN", "S $T OK done"

/* Every call that takes a name says nothing at all for a bad one: the next word is LOGOUT. */
START_TEST(test_imap_wire)
{
	static const char *const steps[] = { "S * OK hi", CAPABLE, "C AUTHENTICATE PLAIN", "S + ",
		"C AGRlc2sAc2VjcmV0", "S $T OK done", CAPABLE, "C LOGOUT", "S * BYE", "S $T OK done",
		NULL };
	static const char bad[] = "INBOX\r\nA1 DELETE INBOX";
	struct fake fake = fake_start(steps);
	struct conf_server server = { .host = "127.0.0.1", .port = fake.port, .tls = TLS_NONE,
		.ca_file = "", .pin = "", .user = "desk" };
	struct imap_folder folder;
	struct imap *imap = NULL;
	struct err err;
	bool there;

	ck_assert_msg(imap_connect(&server, "secret", &imap, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(imap_select(imap, bad, &folder, &err), NEVER);
	ck_assert_int_eq(imap_status(imap, bad, &folder, &err), NEVER);
	ck_assert_int_eq(imap_move(imap, 1, bad, &err), NEVER);
	ck_assert_int_eq(imap_append(imap, bad, "a", 1, &err), NEVER);
	ck_assert_int_eq(imap_has(imap, bad, "<a@b>", &there, &err), NEVER);
	ck_assert_int_eq(imap_has(imap, "INBOX", "<a\r\nA1 DELETE INBOX@b>", &there, &err), NEVER);
	imap_close(&imap);
	ck_assert(fake_played(&fake));
}
END_TEST

/* A generator of our own: the same mails on every machine. */
static uint32_t
draw(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

static const struct {
	const char *bytes;
	size_t len;
} tricks[] = {
	{ "\r\nBcc: victim@example.org\r\n", 27 },
	{ "\nBcc: victim@example.org\n", 25 },
	{ "\rBcc: victim@example.org\r", 25 },
	{ "\r\n\r\nbody", 8 },
	{ "\r\n .\r\n", 6 },
	{ "\0", 1 },
	{ "\0\r\n", 3 },
	{ "\x0B", 1 },
	{ "\x1B]0;x\x07", 6 },
	{ "\x7F", 1 },
	{ "\xC2\x85", 2 },
	{ "\xE2\x80\xA8", 3 },
	{ "\r\n ", 3 },
	{ "\r\n\t", 3 },
	{ "=?utf-8?Q?a=0D=0ABcc:_victim@example.org?=", 42 },
	{ "=?utf-8?B?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw0K?=", 48 },
	{ "\"\\\r\nx\"", 6 },
	{ "(\r\n)", 4 },
	{ ">\r\nX: <", 7 },
};

static void
add_spoilt(struct text *raw, uint32_t *state, const char *name, const char *value)
{
	size_t at = draw(state, (uint32_t)strlen(value) + 1);
	size_t trick = draw(state, sizeof tricks / sizeof *tricks);

	text_addf(raw, "%s: ", name);
	text_add_bytes(raw, value, at);
	if (draw(state, 2) == 0)
		text_add_bytes(raw, tricks[trick].bytes, tricks[trick].len);
	text_addf(raw, "%s\r\n", value + at);
}

static bool
is_word(const char *id)
{
	for (; *id != '\0'; id++)
		if ((unsigned char)*id <= ' ' || *id == 0x7F)
			return false;
	return true;
}

/* The names at the beginnings of lines, and that nothing in them is a control character. */
static void
check_header(const struct text *made)
{
	static const char *const ours[] = { "Date", "From", "To", "Subject", "Message-ID",
		"In-Reply-To", "References", "MIME-Version", "Content-Type", "Auto-Submitted",
		"X-Madoguchi" };
	const char *line = made->data, *end = strstr(made->data, "\r\n\r\n");
	size_t i;

	ck_assert_ptr_nonnull(end);
	for (const char *at = line; at < end; at++)
		ck_assert((*at >= ' ' && *at < 0x7F) || *at == '\t' ||
			(*at == '\r' && at[1] == '\n') || (*at == '\n' && at[-1] == '\r'));
	for (; line < end; line = strstr(line, "\r\n") + 2) {
		if (*line == ' ' || *line == '\t')
			continue;
		for (i = 0; i < sizeof ours / sizeof *ours; i++)
			if (strncmp(line, ours[i], strlen(ours[i])) == 0 && line[strlen(ours[i])] == ':')
				break;
		ck_assert_msg(i < sizeof ours / sizeof *ours, "%.40s", line);
	}
}

/* The answer to a mail, with what an answer takes from it. */
static void
answer(struct arena *arena, const struct message *message)
{
	const char *to = message->reply_to_count > 0 ? message->reply_to[0].addr :
		message->from_count > 0		     ? message->from[0].addr :
						       "";
	struct compose_mail mail = { .from_name = "desk",
		.from = "security@example.jp",
		.to = address_valid(to) ? to : "vuln-contact@ipa.go.jp",
		.subject = "Receipt",
		.outer_subject = "Re: Message",
		.message_id = "<1@example.jp>",
		.in_reply_to = message->message_id,
		.references = message->references,
		.reference_count = message->reference_count,
		.date = "Sun, 22 Nov 2026 09:00:00 +0900",
		.auto_submitted = "auto-replied",
		.x_madoguchi = "acknowledgement; desk=www",
		.text = "received\n" };
	struct text made;
	struct err err = { "" };

	ck_assert_msg(compose_encrypted(arena, &mail, ARMOUR, strlen(ARMOUR), &made, &err) == DONE,
		"%s", err.text);
	check_header(&made);
}

START_TEST(test_received)
{
	uint32_t state = 20261122;

	mime_start();
	charset_open_all();
	for (int i = 0; i < MAILS; i++) {
		struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
		struct message message;
		struct text raw;

		text_init(&raw, arena, 65536);
		add_spoilt(&raw, &state, "From", "Finder <finder@example.org>");
		add_spoilt(&raw, &state, "Reply-To", "\"A, B\" <reply@example.org>");
		add_spoilt(&raw, &state, "Subject", "[IPA#12345678] a hole");
		add_spoilt(&raw, &state, "Message-ID", "<12.34@mail.example.org>");
		add_spoilt(&raw, &state, "In-Reply-To", "<56@mail.example.org>");
		add_spoilt(&raw, &state, "References", "<56@mail.example.org> <78@mail.example.org>");
		text_add(&raw, "\r\nbody\r\n");
		message_read(arena, raw.data, raw.len, NULL, &message);
		ck_assert(message.message_id == NULL || is_word(message.message_id));
		for (size_t k = 0; k < message.reference_count; k++)
			ck_assert_msg(is_word(message.references[k]), "%s", message.references[k]);
		answer(arena, &message);
		arena_free(&arena);
	}
	charset_close_all();
}
END_TEST

static Suite *
suite_injection(void)
{
	Suite *suite = suite_create("injection");
	TCase *tests = tcase_create("injection");

	tcase_add_loop_test(tests, test_values, 1, CONTROLS);
	tcase_add_test(tests, test_imap_wire);
	tcase_add_test(tests, test_received);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	pipe_start();
	return unit_run(suite_injection());
}
