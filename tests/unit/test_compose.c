/*
 * Mails that we write: fit for every relay, readable again by ourselves, and
 * nothing in them that a value brought along.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose.h"

#include "base/arena.h"
#include "base/clock.h"
#include "mail/charset.h"
#include "mail/compose_private.h"
#include "mail/message.h"

#include "unit.h"

#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)
#define ARMOUR "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
#define SIGNATURE "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
#define SUBJECT "[IPA#12345678] 脆弱性関連情報のご連絡を受領いたしました（窓口より）"

static struct arena *arena;
static struct compose_mail mail;
static struct text made;
static struct err err;

static const char *const references[] = { "<1@ipa.example>", "<2@www.example.jp>" };
static const char *const cc[] = { "a@example.jp", "b@example.jp" };

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	mime_start();
	charset_open_all();
	mail = (struct compose_mail){
		.from_name = "窓口, 株式会社 \"例\" (www)", .from = "security@www.example.jp",
		.to = "vuln-contact@ipa.example", .cc = cc, .cc_count = 2,
		.subject = SUBJECT, .outer_subject = "[IPA#12345678] Reply",
		.message_id = "<3.4@www.example.jp>", .in_reply_to = "<2@www.example.jp>",
		.references = references, .reference_count = 2,
		.date = "Sun, 22 Nov 2026 09:00:00 +0900", .auto_submitted = "auto-replied",
		.x_madoguchi = "acknowledgement; desk=www", .text = "受領しました。\n\n以上\n",
	};
}

static void
tear_down(void)
{
	charset_close_all();
	arena_free(&arena);
}

static enum outcome
encrypt(const char *armour)
{
	return compose_encrypted(arena, &mail, armour, strlen(armour), &made, &err);
}

/* 7-bit, CRLF alone, short lines, no blank at a line's end: nothing that a relay would change. */
static void
check_clean(const struct text *text)
{
	size_t line = 0;

	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->data[i];

		ck_assert_msg(c < 0x7f && (c >= 0x20 || strchr("\t\r\n", c)), "byte %02x", c);
		if (c == '\n') {
			ck_assert(i > 0 && text->data[i - 1] == '\r');
			ck_assert_msg(line <= 78, "a line of %zu", line);
			line = 0;
		} else if (c == '\r') {
			ck_assert(i + 1 < text->len && text->data[i + 1] == '\n');
			ck_assert(i == 0 || text->data[i - 1] != ' ');
		} else {
			if (line == 0)
				ck_assert(strncmp(text->data + i, "From ", 5) != 0 && c != '.');
			line++;
		}
	}
	ck_assert_uint_eq(line, 0);
}

static void
check_mail(const struct message *message, const char *subject)
{
	ck_assert_str_eq(message->subject, subject);
	ck_assert_uint_eq(message->from_count, 1);
	ck_assert_str_eq(message->from[0].addr, "security@www.example.jp");
	ck_assert_str_eq(message->from[0].name, "窓口, 株式会社 \"例\" (www)");
	ck_assert_str_eq(message->to[0].addr, "vuln-contact@ipa.example");
	ck_assert_uint_eq(message->cc_count, 2);
	ck_assert_str_eq(message->message_id, "<3.4@www.example.jp>");
	ck_assert_uint_eq(message->reference_count, 2);
	ck_assert_str_eq(message->references[0], "<1@ipa.example>");
	ck_assert_str_eq(message->x_madoguchi, "acknowledgement; desk=www");
	ck_assert(message->has_date && message->auto_submitted);
	ck_assert(!message->broken && !message->duplicate_field && !message->charset_guessed);
}

static const struct { const char *text, *html; size_t attachments; } bodies[] = {
	{ "受領しました。\n\n以上\n", NULL, 0 },
	{ "plain ascii\n", NULL, 0 },
	{ "From the desk:\n.\n..dots\nblank \ntab\t\n-- \n=3D\nFrom\n", NULL, 0 },
	{ "", NULL, 0 },
	{ "text\n", "<p>text 脆弱性</p>\n", 0 },
	{ "text\n", NULL, 3 },
	{ "text\n", "<p>text</p>\n", 3 },
};

static const struct compose_attachment attachments[] = {
	{ "key.asc", "application/pgp-keys", "-----BEGIN", 10 },
	{ "脆弱性の詳細についての説明資料その一（改訂版）.pdf", "application/pdf", "\0\1\2\xff", 4 },
	{ NULL, "text/calendar", "", 0 },
};

/* The entity as the sealer would open it again. */
START_TEST(inner_is_read_back)
{
	struct message message;

	mail.text = bodies[_i].text;
	mail.html = bodies[_i].html;
	mail.attachments = attachments;
	mail.attachment_count = bodies[_i].attachments;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	check_clean(&made);
	message_read(arena, made.data, made.len, "", &message);
	check_mail(&message, SUBJECT);
	ck_assert(message.subject_protected);
	ck_assert_str_eq(message.text, bodies[_i].text);
	ck_assert_uint_eq(message.attachment_count, bodies[_i].attachments);
	if (message.attachment_count == 0)
		return;
	ck_assert_str_eq(message.attachments[0].type, "application/pgp-keys");
	ck_assert_str_eq(message.attachments[1].name, attachments[1].name);
	ck_assert_uint_eq(message.attachments[1].size, 4);
	ck_assert(message.attachments[2].name == NULL);
}
END_TEST

static size_t
count_of(const char *text, const char *word)
{
	size_t count = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		count++;
	return count;
}

/* RFC 9788: what stands outside is told inside, when and only when the mail is sealed. */
START_TEST(inner_is_marked)
{
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	ck_assert_uint_eq(count_of(made.data, "hp=\"cipher\""), 1);
	ck_assert_uint_eq(count_of(made.data, "protected-headers=\"v1\""), 1);
	ck_assert(strstr(made.data, "\r\nHP-Outer: Subject: [IPA#12345678] Reply\r\n") != NULL);
	ck_assert(strstr(made.data, "\r\nHP-Outer: Date: Sun, 22 Nov 2026 09:00:00 +0900\r\n"));
	ck_assert(strstr(made.data, "\r\nHP-Outer: Message-ID: <3.4@www.example.jp>\r\n"));
	ck_assert(strstr(made.data, "\r\nHP-Outer: To: vuln-contact@ipa.example\r\n"));
	ck_assert_uint_eq(count_of(made.data, "\r\nHP-Outer: "), 10);
	ck_assert_int_eq(compose_inner(arena, &mail, false, &made, &err), DONE);
	ck_assert_uint_eq(count_of(made.data, "hp=\"clear\""), 1);
	ck_assert_uint_eq(count_of(made.data, "HP-Outer"), 0);
}
END_TEST

/*
 * RFC 9788 2.1.1, 2.2 and 5.2.1, byte for byte: every field that is no MIME one
 * stands inside as it is meant, then as it stands outside; outside, only the
 * Subject is another. Of a signed mail both are the same, and nothing is HP-Outer.
 */
#define FIELDS(prefix, subject) \
	prefix "From: \"Desk\"\r\n <security@www.example.jp>\r\n" \
	prefix "To: vuln-contact@ipa.example\r\n" \
	prefix "Cc: a@example.jp,\r\n b@example.jp\r\n" \
	prefix "Subject: " subject "\r\n" \
	prefix "Date: Sun, 22 Nov 2026 09:00:00 +0900\r\n" \
	prefix "Message-ID: <3.4@www.example.jp>\r\n" \
	prefix "In-Reply-To: <2@www.example.jp>\r\n" \
	prefix "References: <1@ipa.example>\r\n <2@www.example.jp>\r\n" \
	prefix "Auto-Submitted: auto-replied\r\n" \
	prefix "X-Madoguchi: acknowledgement; desk=www\r\n" \
	prefix "Autocrypt: addr=security@www.example.jp;\r\n keydata=AAAA\r\n"

START_TEST(inner_byte_for_byte)
{
	mail.from_name = "Desk";
	mail.subject = "IPA#12345678: received";
	mail.text = "Received.\n";
	mail.autocrypt = "addr=security@www.example.jp; keydata=AAAA";
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	ck_assert_str_eq(made.data, "Content-Type: text/plain; charset=\"utf-8\";\r\n"
		" protected-headers=\"v1\"; hp=\"cipher\"\r\n"
		FIELDS("", "IPA#12345678: received")
		FIELDS("HP-Outer: ", "[IPA#12345678] Reply")
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nReceived.\r\n");
	ck_assert_int_eq(encrypt(ARMOUR), DONE);
	ck_assert(text_starts(made.data, FIELDS("", "[IPA#12345678] Reply")
		"MIME-Version: 1.0\r\nContent-Type: multipart/encrypted;\r\n"));
	ck_assert_int_eq(compose_inner(arena, &mail, false, &made, &err), DONE);
	ck_assert_str_eq(made.data, "Content-Type: text/plain; charset=\"utf-8\";\r\n"
		" protected-headers=\"v1\"; hp=\"clear\"\r\n"
		FIELDS("", "IPA#12345678: received")
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nReceived.\r\n");
}
END_TEST

START_TEST(encrypted_is_read_back)
{
	struct message message;

	mail.autocrypt = "addr=security@www.example.jp; prefer-encrypt=mutual; keydata="
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB==";
	ck_assert_int_eq(encrypt(ARMOUR), DONE);
	check_clean(&made);
	message_read(arena, made.data, made.len, NULL, &message);
	check_mail(&message, "[IPA#12345678] Reply");
	ck_assert_int_eq(message.form, MESSAGE_PGP_ENCRYPTED);
	ck_assert_mem_eq(message.crypt, "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n", 38);
	ck_assert(message.no_text && message.attachment_count == 0);
	ck_assert(strstr(made.data, "脆") == NULL && strstr(made.data, "6ISG") == NULL);
	ck_assert(strstr(made.data, "\r\nAutocrypt: addr=security@www.example.jp;\r\n") != NULL);
}
END_TEST

START_TEST(signed_is_read_back)
{
	struct text entity;
	struct message message;

	mail.attachments = attachments;
	mail.attachment_count = 2;
	ck_assert_int_eq(compose_inner(arena, &mail, false, &entity, &err), DONE);
	ck_assert_int_eq(compose_signed(arena, &mail, entity.data, entity.len, SIGNATURE,
		strlen(SIGNATURE), "pgp-sha512", &made, &err), DONE);
	check_clean(&made);
	message_read(arena, made.data, made.len, NULL, &message);
	check_mail(&message, SUBJECT);
	ck_assert_int_eq(message.form, MESSAGE_PGP_SIGNED);
	ck_assert_uint_eq(message.covered_len, entity.len);
	ck_assert_mem_eq(message.covered, entity.data, entity.len);
	ck_assert_mem_eq(message.crypt, "-----BEGIN PGP SIGNATURE-----\r\n", 31);
	ck_assert(message.subject_protected);
	ck_assert_str_eq(message.text, mail.text);
}
END_TEST

static const char *const bad_values[] = { "a\r\nBcc: x@example.jp", "a\nb", "a\rb", "a\tb",
	"a\x7f",
	"a\x1b[1m", "\xc2\x85", "\xff", "a\xe8\x84" };

static void
refused(const char *what)
{
	struct text entity = { .len = 7 };

	err.text[0] = '\0';
	ck_assert_msg(compose_inner(arena, &mail, true, &entity, &err) == NEVER, "%s", what);
	ck_assert_msg(err.text[0] != '\0', "%s", what);
	ck_assert_uint_eq(entity.len, 7);
	ck_assert_int_eq(compose_encrypted(arena, &mail, ARMOUR, strlen(ARMOUR), &entity, &err),
		NEVER);
	ck_assert_int_eq(compose_signed(arena, &mail, "x", 1, SIGNATURE, strlen(SIGNATURE),
		"pgp-sha512", &entity, &err), NEVER);
}

/* Each value that is a line, with each thing that can break a line. */
/* RFC 2231: a short name in one piece; and what may stand bare inside a seal (RFC 2046 5.2.1). */
static const struct { const char *name, *type, *bytes, *want; } files[] = {
	{ "詳細.pdf", "application/pdf", "x", ";\r\n filename*=UTF-8''%E8%A9%B3%E7%B4%B0.pdf\r\n" },
	{ "a\"b.txt", "text/plain", "x", ";\r\n filename*=UTF-8''a%22b.txt\r\n" },
	{ "a.eml", "message/rfc822", "Subject: x\n\nx\n", "Content-Type: message/rfc822\r\n" },
	{ "a.eml", "message/rfc822", "Subject: \xe3\x81\x82\n\nx\n", "Content-Type: application/octet-stream\r\n" },
	{ "", "text/plain", "x", "Content-Disposition: attachment\r\n" },
};

START_TEST(attached_files)
{
	struct compose_attachment file = { files[_i].name, files[_i].type, files[_i].bytes,
		strlen(files[_i].bytes) };

	mail.attachments = &file;
	mail.attachment_count = 1;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	ck_assert_msg(strstr(made.data, files[_i].want) != NULL, "%s", made.data);
}
END_TEST

static const char long_line[] = "Subject: x\n\n"
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";

/* A line that no relay takes is no line to be put bare. */
START_TEST(long_lines_are_encoded)
{
	struct text bytes;
	struct compose_attachment file = { "a.eml", "message/rfc822", NULL, 0 };

	text_init(&bytes, arena, COMPOSE_MAX);
	for (int i = 0; i < 12; i++)
		text_add(&bytes, i == 0 ? long_line : long_line + strlen("Subject: x\n\n"));
	file.bytes = bytes.data;
	file.len = bytes.len;
	mail.attachments = &file;
	mail.attachment_count = 1;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	ck_assert(strstr(made.data, "message/rfc822") == NULL);
}
END_TEST

START_TEST(control_characters_are_refused)
{
	const char *bad = bad_values[_i];
	const char **places[] = { &mail.from_name, &mail.from, &mail.to, &mail.subject,
		&mail.outer_subject, &mail.message_id, &mail.date, &mail.auto_submitted,
		&mail.x_madoguchi, &mail.autocrypt };
	struct compose_attachment attachment = { bad, "text/plain", "x", 1 };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *good = *places[i];

		*places[i] = bad;
		refused("a value");
		*places[i] = good;
	}
	mail.cc = &bad;
	mail.cc_count = 1;
	refused("cc");
	mail.cc_count = 0;
	mail.attachments = &attachment;
	mail.attachment_count = 1;
	refused("attachment's name");
	attachment = (struct compose_attachment){ "a", bad, "x", 1 };
	refused("attachment's type");
}
END_TEST

START_TEST(odd_mails_are_refused)
{
	const char *bad = "<a@b>\r\nX: y";

	mail.text = "a\x1b[1m";
	refused("escape in the text");
	mail.text = "a\xff";
	refused("bad UTF-8");
	mail.text = NULL;
	refused("no text");
	mail.text = "x\n";
	mail.html = "\x01";
	refused("control character in HTML");
	mail.html = NULL;
	mail.references = &bad;
	mail.reference_count = 1;
	refused("references");
	mail.reference_count = 0;
	mail.in_reply_to = bad;
	refused("in-reply-to");
	mail.in_reply_to = NULL;
	mail.message_id = "no brackets";
	refused("message id");
	mail.message_id = "<a@b>";
	mail.from = "not an address";
	refused("from");
	mail.from = "a@example.jp";
	mail.to = "a@example.jp, b@example.jp";
	refused("two addressees");
	mail.to = "a@example.jp";
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
}
END_TEST

START_TEST(what_is_no_armour_is_refused)
{
	static const char *const bad[] = { "", "hello", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
		"-----BEGIN PGP MESSAGE-----\n\x80\n", "\n-----BEGIN PGP MESSAGE-----\n" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(encrypt(bad[i]), NEVER);
		ck_assert_int_eq(compose_signed(arena, &mail, "x", 1, bad[i], strlen(bad[i]),
			"pgp-sha256", &made, &err), NEVER);
	}
	ck_assert_int_eq(compose_signed(arena, &mail, "x", 1, SIGNATURE, strlen(SIGNATURE),
		"pgp-sha256\r\nX: y", &made, &err), NEVER);
}
END_TEST

/* Whatever Message-IDs we answer: those that no field can hold are left out. */
START_TEST(references_of_others)
{
	char longest[2000] = "<";
	const char *many[2003];
	struct message message;

	memset(longest + 1, 'a', 1500);
	longest[1501] = '>';
	for (size_t i = 0; i < 2000; i++)
		many[i] = arena_printf(arena, "<%zu.aaaaaaaaaaaaaaaaaaaa@ipa.example>", i);
	many[2000] = longest;
	many[2001] = "<脆@ipa.example>";
	many[2002] = "<a b@ipa.example>";
	mail.references = many;
	mail.reference_count = 2003;
	mail.in_reply_to = many[2001];
	ck_assert_int_eq(encrypt(ARMOUR), DONE);
	check_clean(&made);
	ck_assert_uint_gt(count_of(made.data, "aaa@ipa.example>"), 500);
	ck_assert(strstr(made.data, "<1999.aaaaaaaaaaaaaaaaaaaa@ipa.example>") != NULL);
	ck_assert(strstr(made.data, "In-Reply-To") == NULL && strstr(made.data, "a b@") == NULL);
	message_read(arena, made.data, made.len, NULL, &message);
	ck_assert_str_eq(message.references[0], many[0]);
}
END_TEST

/* A mail sent on stands as it is where it may; base64 is forbidden for it. */
START_TEST(message_is_attached)
{
	struct compose_attachment attachment = { "a.eml", "message/rfc822",
		"Subject: in\n\nFrom x\n", 20 };
	struct message message;

	mail.attachments = &attachment;
	mail.attachment_count = 1;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	message_read(arena, made.data, made.len, "", &message);
	ck_assert_str_eq(message.attachments[0].type, "message/rfc822");
	ck_assert(strstr(made.data, "\r\nSubject: in\r\n\r\nFrom x\r\n") != NULL);
	ck_assert_int_eq(compose_inner(arena, &mail, false, &made, &err), DONE);
	check_clean(&made);
	attachment.bytes = "Subject: \xff\n\nFrom x\n";
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	check_clean(&made);
	message_read(arena, made.data, made.len, "", &message);
	ck_assert_str_eq(message.attachments[0].type, "application/octet-stream");
	ck_assert_uint_eq(message.attachments[0].size, 20);
}
END_TEST

/* RFC 2045 6.7, by hand. */
static const struct { const char *text, *want; } quoted[] = {
	{ "", "" },
	{ "a\n", "a\r\n" },
	{ "a", "a\r\n" },
	{ "a\r\nb\n", "a\r\nb\r\n" },
	{ "a \nb\t\n \n", "a=20\r\nb=09\r\n=20\r\n" },
	{ "a=b\n", "a=3Db\r\n" },
	{ "é\n", "=C3=A9\r\n" },
	{ ".\nFrom x\nFrom\n", "=2E\r\n=46rom x\r\nFrom\r\n" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
		},
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\n"
		"=2Eb\r\n" },
};

START_TEST(quoted_printable)
{
	text_init(&made, arena, 1000);
	compose_quoted_printable(&made, quoted[_i].text);
	ck_assert_str_eq(made.data, quoted[_i].want);
}
END_TEST

/* RFC 4648 10. */
static const struct { const char *bytes, *want; } base64s[] = {
	{ "", "" }, { "f", "Zg==\r\n" }, { "fo", "Zm8=\r\n" }, { "foo", "Zm9v\r\n" },
	{ "foob", "Zm9vYg==\r\n" }, { "fooba", "Zm9vYmE=\r\n" }, { "foobar", "Zm9vYmFy\r\n" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\r\n"
		"Yg==\r\n" },
};

START_TEST(base64)
{
	text_init(&made, arena, 1000);
	compose_base64(&made, base64s[_i].bytes, strlen(base64s[_i].bytes));
	ck_assert_str_eq(made.data, base64s[_i].want);
}
END_TEST

START_TEST(boundaries_differ)
{
	char a[COMPOSE_BOUNDARY_SIZE], b[COMPOSE_BOUNDARY_SIZE];

	compose_boundary(a);
	compose_boundary(b);
	ck_assert_uint_eq(strlen(a), COMPOSE_BOUNDARY_SIZE - 1);
	ck_assert_mem_eq(a, "=_", 2);
	ck_assert_str_ne(a, b);
}
END_TEST

/* An entity that was left open, and what is to stand in it. */
static enum outcome
carry(const char *bytes, size_t len, bool whole, const char *charset, struct text *whole_r)
{
	struct compose_carried carried = { bytes, len, whole, charset };

	mail.carries = true;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	return compose_carry(arena, made.data, made.len, &carried, whole_r, &err);
}

#define ENTITY "Content-Type: text/plain; charset=utf-8\r\nSubject: " SUBJECT "\r\n" \
	"Content-Transfer-Encoding: 8bit\r\n\r\n\xe8\xa9\xb3\xe7\xb4\xb0\r\n"
#define JIS "\x1b$B>\\:Y\x1b(B\n"
#define SJIS "\x8f\xda\x8d\xd7\n"

/* What comes out of ciphertexts: the words are those that a reader would read. */
static const struct {
	const char *bytes;
	bool whole;
	const char *charset;
	const char *type, *words;	/* words: NULL, it is a file */
} carrieds[] = {
	{ ENTITY, false, NULL, "message/rfc822", "詳細" },
	{ ENTITY, false, "", "message/rfc822", "詳細" },
	{ "From: a@b\nTo: c@d\nSubject: x\n\nwords\n", true, NULL, "message/rfc822", "words" },
	{ "no header at all\n", true, NULL, "message/rfc822", NULL },
	{ "\nwords\n", false, NULL, "message/rfc822", "words" },
	{ "Dear all,\nwords\n", false, NULL, "text/plain; charset=\"utf-8\"", "words" },
	{ "Note: words\n", false, "utf-8", "text/plain; charset=\"utf-8\"", "Note: words" },
	{ JIS, false, "", "text/plain; charset=\"iso-2022-jp\"", "詳細" },
	{ JIS, false, "ISO-2022-JP", "text/plain; charset=\"ISO-2022-JP\"", "詳細" },
	{ SJIS, false, "shift_jis", "text/plain; charset=\"shift_jis\"", "詳細" },
	{ SJIS, false, "", "application/octet-stream", NULL },
	{ "words\n", false, "x\"\r\nSubject: evil", "text/plain; charset=\"utf-8\"", "words" },
};

START_TEST(what_is_carried_is_read_back)
{
	struct text whole;
	struct message got;
	const char *part;

	ck_assert_int_eq(carry(carrieds[_i].bytes, strlen(carrieds[_i].bytes), carrieds[_i].whole,
		carrieds[_i].charset, &whole), DONE);
	message_read(arena, whole.data, whole.len, "", &got);
	ck_assert_str_eq(got.subject, SUBJECT);
	ck_assert(!got.broken && !got.duplicate_field);
	ck_assert_msg(strstr(got.text, "受領しました。") != NULL, "%s", got.text);
	if (carrieds[_i].words != NULL)
		ck_assert_msg(strstr(got.text, carrieds[_i].words) != NULL, "%s", got.text);
	/* The letter's own words go first. */
	part = strstr(strstr(whole.data, "\r\n\r\n"), carrieds[_i].type);
	ck_assert_msg(part != NULL, "%s", whole.data);
	ck_assert_ptr_null(strstr(whole.data, "evil"));
	ck_assert_msg(text_ends_ci(whole.data, "--\r\n"), "%s", whole.data);
}
END_TEST

/* Lines of any length and 8-bit bytes stand as they are: a signature inside stays good. */
START_TEST(a_message_stands_as_it_came)
{
	char *bytes = arena_printf(arena, "Subject: x\r\n\r\n--=_0123456789abcdef0123456789abcdef--\r\n%0*d\r\n\xe8\xa9\xb3 \r\n",
		5000, 1);
	struct text whole;

	ck_assert_int_eq(carry(bytes, strlen(bytes), true, NULL, &whole), DONE);
	ck_assert_ptr_nonnull(strstr(whole.data, bytes));
	ck_assert_ptr_nonnull(strstr(whole.data, "Content-Transfer-Encoding: 8bit\r\n\r\nSubject: x"));
}
END_TEST

START_TEST(nul_bytes_are_carried_as_a_file)
{
	static const char bytes[] = "Content-Type: text/plain\n\na\0b\n";
	struct text whole;

	ck_assert_int_eq(carry(bytes, sizeof(bytes) - 1, false, NULL, &whole), DONE);
	ck_assert_ptr_nonnull(strstr(whole.data, "filename=\"message.eml\""));
	ck_assert_ptr_nonnull(strstr(whole.data, "Q29udGVudC1UeXBl"));
	ck_assert_uint_eq(strlen(whole.data), whole.len);
}
END_TEST

START_TEST(what_cannot_be_carried_is_refused)
{
	struct compose_carried carried = { "words", 5, false, "utf-8" };
	const char *bytes = arena_alloc(arena, COMPOSE_CARRIED_MAX + 1);
	struct text whole, open;

	/* Too large, or nothing. */
	ck_assert_int_eq(carry(bytes, COMPOSE_CARRIED_MAX + 1, true, NULL, &whole), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "24 MiB"));
	ck_assert_int_eq(carry("", 0, true, NULL, &whole), NEVER);
	/* It holds the boundary: by chance it cannot. */
	open = made;
	carried.bytes = arena_strndup(arena, open.data + open.len - 40, 38);
	carried.len = 38;
	ck_assert_int_eq(compose_carry(arena, open.data, open.len, &carried, &whole, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "boundary"));
	/* The entity has no open part. */
	carried = (struct compose_carried){ "words", 5, false, "utf-8" };
	ck_assert_int_eq(compose_carry(arena, open.data, open.len - 2, &carried, &whole, &err), NEVER);
	ck_assert_int_eq(compose_carry(arena, "\r\n", 2, &carried, &whole, &err), NEVER);
	mail.carries = false;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), DONE);
	ck_assert_int_eq(compose_carry(arena, made.data, made.len, &carried, &whole, &err), NEVER);
	/* In clear nothing is carried. */
	mail.carries = true;
	ck_assert_int_eq(compose_inner(arena, &mail, false, &made, &err), NEVER);
}
END_TEST

START_TEST(too_large_a_mail_is_refused)
{
	struct compose_attachment attachment = { "a", "application/zip",
		arena_alloc(arena, COMPOSE_MAX), COMPOSE_MAX };

	mail.attachments = &attachment;
	mail.attachment_count = 1;
	ck_assert_int_eq(compose_inner(arena, &mail, true, &made, &err), NEVER);
	ck_assert(strstr(err.text, "48 MiB") != NULL);
}
END_TEST

#define LOOP(tcase, test, table) \
	tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof((table)[0]))

static Suite *
suite_compose(void)
{
	Suite *suite = suite_create("compose");
	TCase *tcase = tcase_create("compose");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	LOOP(tcase, inner_is_read_back, bodies);
	tcase_add_test(tcase, inner_is_marked);
	tcase_add_test(tcase, inner_byte_for_byte);
	tcase_add_loop_test(tcase, attached_files, 0, sizeof(files) / sizeof(files[0]));
	tcase_add_test(tcase, long_lines_are_encoded);
	tcase_add_test(tcase, encrypted_is_read_back);
	tcase_add_test(tcase, signed_is_read_back);
	LOOP(tcase, control_characters_are_refused, bad_values);
	tcase_add_test(tcase, odd_mails_are_refused);
	tcase_add_test(tcase, what_is_no_armour_is_refused);
	tcase_add_test(tcase, references_of_others);
	tcase_add_test(tcase, message_is_attached);
	LOOP(tcase, quoted_printable, quoted);
	LOOP(tcase, base64, base64s);
	tcase_add_test(tcase, boundaries_differ);
	LOOP(tcase, what_is_carried_is_read_back, carrieds);
	tcase_add_test(tcase, a_message_stands_as_it_came);
	tcase_add_test(tcase, nul_bytes_are_carried_as_a_file);
	tcase_add_test(tcase, what_cannot_be_carried_is_refused);
	tcase_add_test(tcase, too_large_a_mail_is_refused);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_compose());
}
