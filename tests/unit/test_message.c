/*
 * Messages as values: the mails that coordinators, gateways, servers and
 * enemies send, and what must be read out of each.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/limits.h"

#include "unit.h"

#include <string.h>

#define ARENA_CAP ((size_t)192 * 1024 * 1024)
#define HEAD "From: IPA <vuln-contact@ipa.example>\r\nSubject: x\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define ARMOUR "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----"

static struct arena *arena;
static struct message message;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	mime_start();
	charset_open_all();
}

static void
tear_down(void)
{
	charset_close_all();
	arena_free(&arena);
}

static void
read_string(const char *bytes, bool is_protected)
{
	message_read(arena, bytes, strlen(bytes), is_protected ? "" : NULL, &message);
}

START_TEST(header_fields)
{
	read_string("Return-Path: <>\r\nAuthentication-Results: mx.example; dmarc=pass\r\n"
		"Authentication-Results: other.example; dkim=fail\r\n"
		"From: =?ISO-2022-JP?B?GyRCPnBKcxsoQg==?= <Vuln-Contact@IPA.example>,"
		" b@example.jp\r\n"
		"Sender: s@example.jp\r\nReply-To: r@example.jp\r\n"
		"To: g: a@example.jp, b@example.jp;\r\nCc: c@example.jp\r\n"
		"Subject: =?ISO-2022-JP?B?GyRCIVobKEJJUEEjMTIzNBskQiFbGyhC?=\r\n"
		"Message-ID: <1@ipa.example>\r\nIn-Reply-To: <b@www> (his mail)\r\n"
		"References: <a@www> <b@www>\r\n <c@www>\r\n"
		"Date: Sun, 22 Nov 2026 09:00:00 +0900\r\nAuto-Submitted: auto-replied\r\n"
		"List-Id: <l.example>\r\nX-Madoguchi: alert; desk=www\r\n\r\nbody\r\n", false);
	ck_assert_str_eq(message.subject, "【IPA#1234】");
	ck_assert_uint_eq(message.from_count, 2);
	ck_assert_str_eq(message.from[0].addr, "Vuln-Contact@ipa.example");
	ck_assert_str_eq(message.from[0].name, "情報");
	ck_assert_str_eq(message.from[1].addr, "b@example.jp");
	ck_assert_str_eq(message.sender[0].addr, "s@example.jp");
	ck_assert_str_eq(message.reply_to[0].addr, "r@example.jp");
	ck_assert_uint_eq(message.to_count, 2);
	ck_assert_str_eq(message.cc[0].addr, "c@example.jp");
	ck_assert_str_eq(message.message_id, "<1@ipa.example>");
	ck_assert_uint_eq(message.reference_count, 3);
	ck_assert_str_eq(message.references[0], "<a@www>");
	ck_assert_str_eq(message.references[1], "<b@www>");
	ck_assert_str_eq(message.references[2], "<c@www>");
	/* 2026-11-22 00:00:00 UTC is 20,779 days after the epoch. */
	ck_assert(message.has_date);
	ck_assert_int_eq(message.date, INT64_C(20779) * CLOCK_DAY);
	ck_assert(message.auto_submitted && message.bulk && message.null_return_path);
	ck_assert_str_eq(message.x_madoguchi, "alert; desk=www");
	ck_assert_uint_eq(message.auth_results_count, 2);
	ck_assert_str_eq(message.auth_results[0], "mx.example; dmarc=pass");
	ck_assert_int_eq(message.form, MESSAGE_PLAIN);
	ck_assert_str_eq(message.text, "body\n");
	ck_assert(!message.broken && !message.duplicate_field && !message.has_nul);
	ck_assert(!message.subject_protected && !message.no_text);
}
END_TEST

START_TEST(nothing_there)
{
	read_string("", false);
	ck_assert_str_eq(message.subject, "");
	ck_assert(message.message_id == NULL && message.x_madoguchi == NULL);
	ck_assert_uint_eq(message.from_count + message.to_count + message.reference_count, 0);
	ck_assert_uint_eq(message.auth_results_count + message.attachment_count, 0);
	ck_assert_str_eq(message.text, "");
	ck_assert_str_eq(message.own_text, "");
	ck_assert_str_eq(message.quoted_text, "");
	ck_assert(message.no_text && message.broken && !message.has_date);
	ck_assert_int_eq(message.limit, MIME_BROKEN);
}
END_TEST

static const struct { const char *fields; bool automatic, bulk, null_path; } robots[] = {
	{ "Auto-Submitted: no\r\n", false, false, false },
	{ "Auto-Submitted: Auto-Generated; x=y\r\n", true, false, false },
	{ "Precedence: BULK\r\n", false, true, false },
	{ "Precedence: first-class\r\n", false, false, false },
	{ "precedence: list\r\n", false, true, false },
	{ "List-Unsubscribe: <x>\r\n", false, true, false },
	{ "Return-Path: <a@example.jp>\r\n", false, false, false },
	{ "Return-Path:  <> \r\n", false, false, true },
};

START_TEST(robots_are_known)
{
	read_string(arena_printf(arena, "%s\r\nx", robots[_i].fields), false);
	ck_assert_int_eq(message.auto_submitted, robots[_i].automatic);
	ck_assert_int_eq(message.bulk, robots[_i].bulk);
	ck_assert_int_eq(message.null_return_path, robots[_i].null_path);
}
END_TEST

static const struct { const char *bytes; bool duplicate; } doubles[] = {
	{ "From: a@x\r\nTo: b@x\r\nReceived: x\r\nReceived: y\r\n\r\n", false },
	{ "From: a@x\r\nfrom: b@x\r\n\r\n", true },
	{ "Subject: a\r\nSubject: a\r\n\r\n", true },
	{ "Date: a\r\nDate: b\r\n\r\n", true },
	{ "Message-ID: <a@b>\r\nMessage-ID: <a@b>\r\n\r\n", true },
	{ "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n", true },
	{ MIXED "--b\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx\r\n--b--",
		true },
};

START_TEST(duplicates_are_told)
{
	read_string(doubles[_i].bytes, false);
	ck_assert_int_eq(message.duplicate_field, doubles[_i].duplicate);
}
END_TEST

struct reading {
	const char *what;
	const char *bytes;
	const char *text;
	const char *attachments;	/* "name:type:size " of each */
	bool html_only, no_text;
};

#define ALTERNATIVE(plain, html) HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" \
	"Content-Type: text/plain; charset=utf-8\r\n\r\n" plain "\r\n--b\r\n" \
	"Content-Type: text/html; charset=utf-8\r\n\r\n" html "\r\n--b--\r\n"

static const struct reading readings[] = {
	{ "plain", HEAD "\r\nhi\r\n", "hi\n", "", false, false },
	{ "two texts and a footer are joined", MIXED "--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n"
		"--b\r\nContent-Type: text/plain; name=x.txt\r\n\r\nthree\r\n--b--\r\n",
		"one\ntwo\nthree", "x.txt:text/plain:5 ", false, false },
	{ "an attached text is not read", MIXED "--b\r\n\r\none\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.log\r\n\r\nlog\r\n--b--\r\n",
		"one", "a.log:text/plain:3 ", false, false },
	{ "plain before HTML", HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		"--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--b--\r\n",
		"plain", "", false, false },
	{ "HTML where plain is empty", HEAD "Content-Type: multipart/alternative; boundary=b\r\n"
		"\r\n"
		"--b\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--b--\r\n",
		" \nhtml\n", "", true, false },
	{ "HTML where plain is blank in another script", ALTERNATIVE("\xc2\xa0\xe3\x80\x80\r\n", "<p>html"),
		"html\n", "", true, false },
	{ "HTML where plain stands in for it", ALTERNATIVE("このメールはHTMLです\r\n", "<p>html text"),
		"html text\n", "", true, false },
	{ "a stand-in where HTML says no more", ALTERNATIVE("View this mail in HTML\r\n", "View this mail in HTML"),
		"View this mail in HTML\n", "", false, false },
	{ "a stand-in where HTML is blank", ALTERNATIVE("View this mail in HTML\r\n", "<img src=x>&nbsp;"),
		"View this mail in HTML\n", "", false, false },
	{ "a stand-in beside no HTML", HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\nView this mail in HTML",
		"View this mail in HTML", "", false, false },
	{ "a stand-in and an attached page", MIXED "--b\r\n\r\nView this mail in HTML\r\n--b\r\n"
		"Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>html\r\n--b--\r\n",
		"View this mail in HTML", "(none):text/html:7 ", false, false },
	{ "HTML alone", HEAD "Content-Type: text/html; charset=utf-8\r\n\r\n<p>a</p>&lt;",
		"a\n<\n", "", true, false },
	{ "HTML beside, not instead", MIXED "--b\r\nContent-Type: text/html\r\n\r\n<p>a\r\n"
		"--b\r\n\r\nfooter\r\n--b--\r\n", "a\nfooter", "", false, false },
	{ "alternative whose HTML is related to a picture", HEAD
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n"
		"--b\r\n"
		"Content-Type: multipart/related; boundary=c\r\n\r\n--c\r\n"
		"Content-Type: text/html\r\n\r\n"
		"x\r\n--c\r\nContent-Type: image/png\r\n\r\nPNG\r\n--c--\r\n--b--\r\n",
		"plain", "(none):image/png:3 ", false, false },
	{ "what is all of the mail is read, whatever it is marked as",
		"Content-Type: text/plain\r\n"
		"Content-Disposition: attachment; filename=m.txt\r\n\r\nall of it\r\n",
		"all of it\n", "m.txt:text/plain:11 ", false, false },
	{ "but a file is a file", "Content-Type: image/png\r\n"
		"Content-Disposition: attachment; filename=m.png\r\n\r\nPNG\r\n",
		"", "m.png:image/png:5 ", false, true },
	{ "a mail sent on is an attachment, and a quotation", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Type: message/rfc822\r\n\r\nSubject: old\r\n\r\nold text\r\n--b--\r\n",
		"see\n> Subject: old\n> \n> old text\n", "(none):message/rfc822:24 ", false, false },
	{ "base64 of ISO-2022-JP", HEAD "Content-Type: text/plain; charset=ISO-2022-JP\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nGyRCPGgwN0hWOWYbKEI=\r\n",
		"取扱番号", "", false, false },
	{ "flowed", HEAD "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\na \r\nb\r\n",
		"ab\n", "", false, false },
	/* A container that holds no part is the text that it is; one whose parts are its own words too. */
	{ "an inner container without parts", MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
		"no parts\r\n--b--\r\n", "no parts", "", false, false },
	{ "an inner container without a boundary", MIXED "--b\r\nContent-Type: multipart/mixed\r\n\r\n"
		"no boundary\r\n--b--\r\n", "no boundary", "", false, false },
	{ "an empty part", MIXED "--b\r\n--b\r\n\r\nsee\r\n--b--\r\n", "see", "", false, false },
	{ "only a picture", MIXED "--b\r\nContent-Type: image/png\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n",
		"", "(none):image/png:3 ", false, true },
	{ "clear-signed", HEAD "\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
		"- -----\r\nIPA#12345678\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nab\r\n"
		"-----END PGP SIGNATURE-----\r\n", "-----\nIPA#12345678\n", "", false, false },
};

START_TEST(text_and_attachments)
{
	const struct reading *want = &readings[_i];
	struct text list;

	read_string(want->bytes, false);
	ck_assert_msg(text_equal(message.text, want->text), "%s: '%s'", want->what, message.text);
	text_init(&list, arena, 10000);
	for (size_t i = 0; i < message.attachment_count; i++)
		text_addf(&list, "%s:%s:%zu ", message.attachments[i].name ?
			message.attachments[i].name : "(none)", message.attachments[i].type,
			message.attachments[i].size);
	ck_assert_msg(text_equal(list.data, want->attachments), "%s: '%s'", want->what, list.data);
	ck_assert_msg(message.html_only == want->html_only, "%s", want->what);
	ck_assert_msg(message.no_text == want->no_text, "%s", want->what);
}
END_TEST

/* What came twice is kept twice, where it differs. */
static const struct { const char *bytes, *read, *html; bool stub; } twins[] = {
	{ ALTERNATIVE("one two\r\n", "<p>one</p> two."), NULL, NULL, false },
	{ ALTERNATIVE("one two\r\n", "<p>one</p> <b>two</b>"), NULL, NULL, false },
	{ ALTERNATIVE("one\r\n", "two"), "one\n", "two\n", false },
	{ ALTERNATIVE("> one\r\ntwo\r\n", "<blockquote>one</blockquote>two"), NULL, NULL, false },
	{ ALTERNATIVE(" \r\n", "two"), NULL, NULL, false },
	{ ALTERNATIVE("one\r\n", ""), "one\n", "", false },
	{ ALTERNATIVE("View this mail in HTML\r\n", "two"), "View this mail in HTML\ntwo\n", "two\n", true },
	{ ALTERNATIVE("\xe3\x80\x80\r\n", "two"), NULL, NULL, false },
	{ HEAD "Content-Type: text/html\r\n\r\n<p>one", NULL, NULL, false },
	{ MIXED "--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\n", NULL, NULL, false },
	/* What stands outside of the alternative is no twin. */
	{ MIXED "--b\r\n\r\nabove\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n"
		"one\r\n--c\r\nContent-Type: text/html\r\n\r\ntwo\r\n--c--\r\n--b--\r\n", "\none", "two\n", false },
};

START_TEST(twins_are_kept)
{
	read_string(twins[_i].bytes, false);
	ck_assert_msg((twins[_i].read == NULL) == (message.read_twin == NULL), "%d", _i);
	ck_assert_int_eq(message.text_stub, twins[_i].stub);
	if (twins[_i].read == NULL)
		return;
	ck_assert_msg(text_equal(message.read_twin, twins[_i].read), "%d: '%s'", _i, message.read_twin);
	ck_assert_msg(text_equal(message.html_twin, twins[_i].html), "%d: '%s'", _i, message.html_twin);
}
END_TEST

/* What it costs to read so many stand-ins beside one large page. */
static int64_t
stubs_cost(int count)
{
	struct text bytes;
	int64_t from;

	text_init(&bytes, arena, 4u << 20);
	text_add(&bytes, HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n");
	for (int i = 0; i < count; i++)
		text_add(&bytes, "--b\r\n\r\nView this mail in HTML\r\n");
	text_add(&bytes, "--b\r\nContent-Type: text/html\r\n\r\n");
	for (int i = 0; i < 100000; i++)
		text_add(&bytes, "<p><b>x ");
	text_add(&bytes, "\r\n--b--\r\n");
	from = unit_cpu_ms();
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert(message.text_stub);
	return unit_cpu_ms() - from;
}

/* Hundreds cost what a few do. */
START_TEST(many_stubs_cost_little)
{
	int64_t few = stubs_cost(5), many = stubs_cost(490);

	ck_assert_msg(many <= 3 * few + 250, "%lld ms, and %lld ms for five", (long long)many,
		(long long)few);
}
END_TEST

START_TEST(own_is_parted_from_quoted)
{
	read_string(HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\nわかりました。\r\n\r\n"
		"On 22 Nov IPA wrote:\r\n> IPA#12345678\r\n", false);
	ck_assert_str_eq(message.own_text, "わかりました。\n\n");
	ck_assert_str_eq(message.quoted_text, "On 22 Nov IPA wrote:\nIPA#12345678\n");
}
END_TEST

struct sealing {
	const char *what;
	const char *bytes;
	enum message_form form;
	const char *crypt;
	const char *covered;
	const char *text;
	size_t attachments;
};

#define VERSION_PART "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
#define SEALED "Content-Type: multipart/encrypted; boundary=e;\r\n" \
	" protocol=\"application/pgp-encrypted\"\r\n\r\n--e\r\n" VERSION_PART \
	"--e\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" ARMOUR \
	"\r\n--e--\r\n"
#define SIGNED_PART "Content-Type: text/plain\r\n\r\ntext \r\n\r\n"
#define SIGNED "Content-Type: multipart/signed; boundary=s; micalg=pgp-sha256;\r\n" \
	" protocol=\"application/pgp-signature\"\r\n\r\nnot signed\r\n--s\r\n" \
	SIGNED_PART "\r\n--s\r\n" \
	"Content-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n"

#define CLEAR "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n- - x\r\n" \
	"-----BEGIN PGP SIGNATURE-----\r\n\r\nsig\r\n-----END PGP SIGNATURE-----"

static const struct sealing sealings[] = {
	{ "RFC 3156 encrypted", HEAD SEALED, MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "", 0 },
	{ "inside a gateway's mixed, with its footer", MIXED "--b\r\n" SEALED
		"\r\n--b\r\n\r\nfooter\r\n--b--\r\n", MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL,
		"footer", 0 },
	{ "as Exchange mangles it", MIXED "--b\r\n\r\n\r\n--b\r\n" VERSION_PART "--b\r\n"
		"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
		"\r\n"
		"LS0tLS1CRUdJTg==\r\n--b--\r\n", MESSAGE_PGP_ENCRYPTED, "-----BEGIN", NULL, "",
		0 },
	{ "encrypted without its second part",
		HEAD "Content-Type: multipart/encrypted; boundary=e\r\n"
		"\r\n--e\r\n" VERSION_PART "--e--\r\n", MESSAGE_PGP_ENCRYPTED, "Version: 1", NULL,
		"", 0 },
	{ "a sealed mail that was sent on", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Type: message/rfc822\r\n\r\n" SEALED "\r\n--b--\r\n",
		MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "see\n> \n", 1 },
	{ "RFC 3156 signed", HEAD SIGNED, MESSAGE_PGP_SIGNED, "sig", SIGNED_PART, "text \n\n", 0 },
	{ "signed, in a list's mixed", MIXED "--b\r\n" SIGNED "\r\n--b\r\n\r\nfooter\r\n--b--\r\n",
		MESSAGE_PGP_SIGNED, "sig", SIGNED_PART, "text \n\nfooter", 0 },
	{ "signed, stored with bare line feeds", "Content-Type: multipart/signed; boundary=s;\n"
		" protocol=\"application/pgp-signature\"\n\n--s\nContent-Type: text/plain\n\n"
		"text \n\n\n"
		"--s\nContent-Type: application/pgp-signature\n\nsig\n--s--\n",
		MESSAGE_PGP_SIGNED, "sig", SIGNED_PART, "text \n\n", 0 },
	{ "S/MIME signed, detached", HEAD "Content-Type: multipart/signed; boundary=s;\r\n"
		" protocol=\"application/pkcs7-signature\"\r\n\r\n--s\r\n" SIGNED_PART "\r\n"
		"--s\r\n"
		"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nc2ln\r\n--s--\r\n",
		MESSAGE_SMIME_SIGNED, "sig", SIGNED_PART, "text \n\n", 0 },
	{ "signed by an unknown protocol", HEAD "Content-Type: multipart/signed; boundary=s;\r\n"
		" protocol=\"application/x-other\"\r\n\r\n--s\r\n\r\ntext\r\n--s\r\n"
		"Content-Type: application/x-other\r\n\r\nsig\r\n--s--\r\n",
		MESSAGE_PLAIN, NULL, NULL, "text", 1 },
	{ "signed without a signature", HEAD "Content-Type: multipart/signed; boundary=s;\r\n"
		" protocol=\"application/pgp-signature\"\r\n\r\n--s\r\n\r\ntext\r\n--s--\r\n",
		MESSAGE_PLAIN, NULL, NULL, "text", 0 },
	{ "S/MIME opaque", HEAD "Content-Type: application/pkcs7-mime; smime-type=signed-data;\r\n"
		" name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n",
		MESSAGE_SMIME_SIGNED, "abc", NULL, "", 0 },
	{ "S/MIME enveloped", HEAD "Content-Type: application/x-pkcs7-mime; "
		"smime-type=enveloped-data; name=smime.p7m\r\n"
		"Content-Disposition: attachment\r\n\r\nabc",
		MESSAGE_SMIME_ENCRYPTED, "abc", NULL, "", 0 },
	{ "S/MIME certificates only", HEAD "Content-Type: application/pkcs7-mime; "
		"smime-type=certs-only; name=smime.p7c\r\n\r\nabc", MESSAGE_PLAIN, NULL, NULL, "",
		1 },
	{ "inline armour", HEAD "\r\n" ARMOUR "\r\n", MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "", 0 },
	{ "inline armour between words", HEAD "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"before\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n=3Dab12\r\n"
		"-----END PGP MESSAGE-----\r\nafter\r\n", MESSAGE_PGP_ENCRYPTED,
		"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n=ab12\r\n-----END PGP MESSAGE-----",
		NULL,
		"before\nafter\n", 0 },
	{ "clear-signed between words", HEAD "\r\nbefore\r\n" CLEAR "\r\nafter\r\n",
		MESSAGE_PGP_SIGNED, CLEAR, NULL, "before\n- x\nafter\n", 0 },
	{ "a quoted clear-signed text", HEAD "\r\n> -----BEGIN PGP SIGNED MESSAGE-----\r\n> x\r\n",
		MESSAGE_PLAIN, NULL, NULL, "> -----BEGIN PGP SIGNED MESSAGE-----\n> x\n", 0 },
	{ "armour that is quoted", HEAD "\r\n> " ARMOUR "\r\n", MESSAGE_PLAIN, NULL, NULL,
		"> -----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", 0 },
	{ "attached armour", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Type: application/octet-stream\r\n"
		"Content-Disposition: attachment; filename=Message.PGP\r\n\r\n\r\n" ARMOUR "\r\n"
		"--b--\r\n",
		MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "see", 0 },
	{ "armour behind a banner's part", MIXED "--b\r\n\r\nbanner\r\n--b\r\n\r\n" ARMOUR
		"\r\n--b--\r\n", MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "banner\n", 0 },
	{ "armour made HTML of", HEAD "Content-Type: text/html\r\n\r\n<p>see<br>-----BEGIN PGP "
		"MESSAGE-----<br><br>hQEMA<br>-----END PGP MESSAGE-----</p>",
		MESSAGE_PGP_ENCRYPTED, "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n"
		"-----END PGP MESSAGE-----", NULL, "see\n", 0 },
	{ "attached packets", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\x85\x01\x0c\x03" "abcd\r\n"
		"--b--\r\n", MESSAGE_PGP_ENCRYPTED, "\x85\x01\x0c\x03" "abcd", NULL, "see", 0 },
	{ "the same under a name that says nothing of it", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.bin\r\n\r\n\x85\x01\x0c\x03" "abcd\r\n"
		"--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "packets of a version that there is not", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\x85\x01\x0c\x09" "abcd\r\n"
		"--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "armour indented, and with hard blanks", HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\nsee\r\n"
		"\xc2\xa0 -----BEGIN\xc2\xa0PGP MESSAGE-----\r\n\t\r\n\xe3\x80\x80hQEMA\r\n"
		" -----END PGP MESSAGE-----\r\n", MESSAGE_PGP_ENCRYPTED,
		"-----BEGIN PGP MESSAGE-----\r\n\nhQEMA\r\n-----END PGP MESSAGE-----",
		NULL, NULL, 0 },
	{ "signed text indented is nobody's", HEAD "\r\n  -----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n  x\r\n",
		MESSAGE_PLAIN, NULL, NULL, NULL, 0 },
	{ "packets of the new kind, one byte of length", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xc1\x5e\x03" "abcdefgh\r\n"
		"--b--\r\n", MESSAGE_PGP_ENCRYPTED, "\xc1\x5e\x03" "abcdefgh", NULL, "see", 0 },
	{ "two bytes of length", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xc1\xc0\x10\x03" "abcdefgh\r\n"
		"--b--\r\n", MESSAGE_PGP_ENCRYPTED, "\xc1\xc0\x10\x03" "abcdefgh", NULL, "see", 0 },
	{ "five bytes of length, and no version that there is", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xc1\xff\x01\x01\x01\x01\x09" "ab\r\n"
		"--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "a partial length", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xd2\xed\x01" "abcdefgh\r\n"
		"--b--\r\n", MESSAGE_PGP_ENCRYPTED, "\xd2\xed\x01" "abcdefgh", NULL, "see", 0 },
	{ "packets of a key", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xc6\x33\x04" "abcdefgh\r\n"
		"--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "too few bytes", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.gpg\r\n\r\n\xc1\x5e\x03\r\n"
		"--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "a signed file by its name", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=a.txt.asc\r\n\r\n" CLEAR "\r\n--b--\r\n",
		MESSAGE_PGP_SIGNED, CLEAR, NULL, "see", 0 },
	{ "a signed file by another name", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=security.txt\r\n\r\n" CLEAR
		"\r\n--b--\r\n", MESSAGE_PLAIN, NULL, NULL, "see", 1 },
	{ "a container whose control part is gone",
		HEAD "Content-Type: multipart/encrypted; boundary=e\r\n\r\n--e\r\n\r\n" ARMOUR
		"\r\n--e--\r\n", MESSAGE_PGP_ENCRYPTED, ARMOUR, NULL, "", 0 },
	{ "a signature round a ciphertext", HEAD "Content-Type: multipart/signed; boundary=s;\r\n"
		" protocol=\"application/pgp-signature\"\r\n\r\n--s\r\n" SEALED "\r\n--s\r\n"
		"Content-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n",
		MESSAGE_PGP_SIGNED, "sig", SEALED, "", 0 },
	{ "an attached key is no message", MIXED "--b\r\n\r\nsee\r\n--b\r\n"
		"Content-Disposition: attachment; filename=key.asc\r\n\r\n"
		"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n--b--\r\n", MESSAGE_PLAIN, NULL, NULL,
		"see", 1 },
};

static void
check_bytes(const char *what, const unsigned char *got, size_t len, const char *want)
{
	if (want)
		ck_assert_msg(len == strlen(want) && memcmp(got, want, len) == 0, "%s: '%.*s'",
			what, (int)len, (const char *)got);
	else
		ck_assert_msg(got == NULL && len == 0, "%s", what);
}

START_TEST(what_must_be_opened)
{
	const struct sealing *want = &sealings[_i];

	read_string(want->bytes, false);
	ck_assert_msg(message.form == want->form, "%s: form %d", want->what, (int)message.form);
	check_bytes(want->what, message.crypt, message.crypt_len, want->crypt);
	check_bytes(want->what, message.covered, message.covered_len, want->covered);
	if (want->text)
		ck_assert_msg(text_equal(message.text, want->text), "%s: '%s'", want->what,
			message.text);
	ck_assert_msg(message.attachment_count == want->attachments, "%s: %zu attachments",
		want->what, message.attachment_count);
}
END_TEST

/* RFC 4880 6.2: the armour's Charset goes before the part's; an entity tells its own. */
static const struct { const char *bytes, *charset; } inner_charsets[] = {
	{ HEAD "\r\n" ARMOUR "\r\n", "" },
	{ HEAD "Content-Type: text/plain; charset=EUC-JP\r\n\r\n" ARMOUR "\r\n", "EUC-JP" },
	{ HEAD "Content-Type: text/plain; charset=EUC-JP\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n"
		"Version: x\r\ncharset: ISO-2022-JP\r\n\r\nCharset: x\r\n"
		"-----END PGP MESSAGE-----\r\n", "ISO-2022-JP" },
	{ HEAD "\r\n-----BEGIN PGP MESSAGE-----\r\nCharset: \xff\xfe\r\n\r\nx\r\n", "" },
	{ HEAD "\r\n" CLEAR "\r\n", "" },
	{ HEAD SEALED, NULL },
	{ HEAD SIGNED, NULL },
};

START_TEST(inner_charset)
{
	read_string(inner_charsets[_i].bytes, false);
	if (inner_charsets[_i].charset == NULL)
		ck_assert(message.crypt_charset == NULL);
	else
		ck_assert_str_eq(message.crypt_charset, inner_charsets[_i].charset);
}
END_TEST

/* Beside a ciphertext in a text: sealed ones first, then signed ones, as many as are kept. */
#define OURS "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMB\r\n-----END PGP MESSAGE-----"
#define ATTACHED(name, block) "--b\r\nContent-Disposition: attachment; filename=" name "\r\n\r\n" block "\r\n"
static const struct {
	const char *what, *bytes, *others[MESSAGE_OTHERS];
	bool more;
	const char *first;	/* NULL: not looked at */
} besides[] = {
	{ "one", HEAD "\r\n" ARMOUR "\r\n", { NULL }, false, NULL },
	{ "two", HEAD "\r\n" ARMOUR "\r\n" OURS "\r\n", { OURS }, true, NULL },
	{ "a signed one before", HEAD "\r\n" CLEAR "\r\n" OURS "\r\n", { CLEAR }, true, NULL },
	{ "in another part", MIXED "--b\r\n\r\n" CLEAR "\r\n--b\r\n\r\n" ARMOUR "\r\n--b\r\n\r\n"
		OURS "\r\n--b--\r\n", { OURS, CLEAR }, true, NULL },
	{ "the same again", MIXED "--b\r\n\r\n" ARMOUR "\r\n" ARMOUR "\r\n--b\r\n\r\n" ARMOUR
		"\r\n--b--\r\n", { NULL }, false, NULL },
	{ "not in a file", MIXED "--b\r\n\r\n" ARMOUR "\r\n--b\r\n"
		"Content-Disposition: attachment\r\n\r\n" OURS "\r\n--b--\r\n", { NULL }, false, NULL },
	{ "more than are kept", HEAD "\r\n" ARMOUR "\r\n" OURS "\r\n" OURS "\r\n" OURS "\r\n"
		CLEAR "\r\n", { OURS, OURS, OURS }, true, NULL },
	{ "two files", MIXED ATTACHED("a.gpg", ARMOUR) ATTACHED("b.gpg", OURS) "--b--\r\n", { OURS }, true,
		ARMOUR },
	{ "a picture goes last", MIXED ATTACHED("a.PNG.gpg", CLEAR) ATTACHED("a.png.asc", OURS)
		ATTACHED("a.txt.asc", CLEAR) ATTACHED("b", ARMOUR) "--b--\r\n", { CLEAR, OURS, CLEAR }, true,
		ARMOUR },
	{ "a picture alone", MIXED ATTACHED("a.png.gpg", OURS) "--b--\r\n", { NULL }, false, OURS },
	{ "the same file again", MIXED ATTACHED("a.gpg", OURS) ATTACHED("b.gpg", OURS) "--b--\r\n",
		{ NULL }, false, OURS },
	{ "more files than are kept", MIXED ATTACHED("a.gpg", ARMOUR) ATTACHED("b.gpg", OURS)
		ATTACHED("c.gpg", OURS) ATTACHED("d.gpg", OURS) ATTACHED("e.gpg", CLEAR) "--b--\r\n",
		{ OURS, OURS, OURS }, true, ARMOUR },
	{ "no file beside a text", MIXED "--b\r\n\r\n" ARMOUR "\r\n" ATTACHED("a.gpg", OURS)
		ATTACHED("b.gpg", OURS) "--b--\r\n", { NULL }, false, ARMOUR },
	{ "two signed ones are texts", HEAD "\r\n" CLEAR "\r\n" CLEAR "\r\n", { NULL }, false, NULL },
};

START_TEST(blocks_beside)
{
	size_t count = 0;

	read_string(besides[_i].bytes, false);
	while (count < MESSAGE_OTHERS && besides[_i].others[count])
		count++;
	ck_assert_msg(message.other_count == count && message.more_blocks == besides[_i].more,
		"%s: %zu others", besides[_i].what, message.other_count);
	if (besides[_i].first)
		check_bytes(besides[_i].what, message.crypt, message.crypt_len, besides[_i].first);
	for (size_t i = 0; i < count; i++) {
		check_bytes(besides[_i].what, message.others[i].bytes, message.others[i].len,
			besides[_i].others[i]);
		ck_assert(!message.others[i].charset || *message.others[i].charset == '\0');
	}
}
END_TEST

/* A mail inside is quoted, as deep as mails are read; what it holds sealed is to be opened. */
#define INNER "From: a@b\r\nSubject: s\r\n"
#define FILE822 "Content-Type: message/rfc822\r\n\r\n"
static const struct { const char *bytes, *own, *quoted; enum message_form form; } nests[] = {
	{ MIXED "--b\r\n\r\nsee\r\n--b\r\n" FILE822 INNER "\r\nit\r\n--b--\r\n", "see\n",
		"From: a@b\nSubject: s\n\nit\n", MESSAGE_PLAIN },
	{ HEAD FILE822 INNER FILE822 INNER FILE822 INNER FILE822 "Subject: deep\r\n\r\nx\r\n", "",
		"From: a@b\nSubject: s\n\nFrom: a@b\nSubject: s\n\nFrom: a@b\nSubject: s\n\n",
		MESSAGE_PLAIN },
	{ HEAD FILE822 INNER "\r\n" ARMOUR "\r\n", "", "From: a@b\nSubject: s\n\n",
		MESSAGE_PGP_ENCRYPTED },
	{ HEAD FILE822 INNER "\r\n" CLEAR "\r\n", "", "From: a@b\nSubject: s\n\n- x\n", MESSAGE_PLAIN },
	{ HEAD "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n" FILE822
		INNER "\r\n" ARMOUR "\r\n--b--\r\n", "failed", "", MESSAGE_PLAIN },
};

START_TEST(mails_inside)
{
	read_string(nests[_i].bytes, false);
	ck_assert_str_eq(message.own_text, nests[_i].own);
	ck_assert_str_eq(message.quoted_text, nests[_i].quoted);
	ck_assert_int_eq(message.form, nests[_i].form);
}
END_TEST

/* RFC 8551 3.1: the mail itself in a wrapper, or one that is sent on. "x" stands in HEAD's Subject. */
#define SAID "Content-Type: message/rfc822; forwarded=no\r\n"
#define SIGNED_ENTITY(entity) HEAD "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"" \
	"\r\n\r\n--b\r\n" entity "\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nsig\r\n--b--\r\n"
#define IT INNER "\r\nit\r\n> old\r\n"
static const struct {
	const char *bytes, *outer_from, *own, *quoted, *subject;
	bool proven;
	size_t attachments;
} wrappers[] = {
	{ SAID "\r\n" IT, "", "it\n", "old\n", "s", true, 0 },
	{ SAID "\r\n" IT, "c@d", "it\n", "old\n", "s", true, 0 },
	{ "Content-Type: Message/RFC822; x=y; FORWARDED=\"NO\"\r\n\r\n" IT, "", "it\n", "old\n", "s", true, 0 },
	{ SAID "Content-Transfer-Encoding: base64\r\n\r\nRnJvbTogYUBiDQpTdWJqZWN0OiBzDQoNCml0DQo=\r\n", "",
		"it\n", "", "s", true, 0 },
	/* One that says nothing is one where From is the From outside. */
	{ FILE822 IT, "A@b", "it\n", "old\n", "s", true, 0 },
	{ FILE822 IT, "", "", "From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ FILE822 IT, "c@d", "", "From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ FILE822 "From: a@b\r\n" IT, "a@b", "", "From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ FILE822 "From: a@b, c@d\r\n\r\nit\r\n", "a@b", "", "From: a@b\n\nit\n", "", false, 1 },
	{ FILE822 "Subject: s\r\n\r\nit\r\n", "a@b", "", "Subject: s\n\nit\n", "", false, 1 },
	/* Sent on: as it says, as a file, with words beside it, or in a mail that came in clear. */
	{ "Content-Type: message/rfc822; forwarded=yes\r\n\r\n" IT, "a@b", "",
		"From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ SAID "Content-Disposition: attachment\r\n\r\n" IT, "a@b", "",
		"From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\n" SAID "\r\n" IT "--b--\r\n",
		"a@b", "see\n", "From: a@b\nSubject: s\n\nit\nold\n", "", false, 1 },
	{ HEAD SAID "\r\n" IT, NULL, "", "From: a@b\nSubject: s\n\nit\nold\n", "x", false, 1 },
	{ SAID "\r\n", "", "", "\n", "", false, 1 },
	/* Of a signed mail as it came the wrapper's words are read too, and its Subject. */
	{ SIGNED_ENTITY(SAID "\r\n" IT), NULL, "it\n", "old\n", "s", true, 0 },
	{ SIGNED_ENTITY(FILE822 IT), NULL, "", "From: a@b\nSubject: s\n\nit\nold\n", "x", false, 1 },
	{ SIGNED_ENTITY(FILE822 "From: vuln-contact@ipa.example\r\nSubject: s\r\n\r\nit\r\n"), NULL, "it\n", "",
		"s", true, 0 },
	{ SIGNED_ENTITY(SAID "\r\n" INNER "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nit\r\n--c\r\n"
		"Content-Type: image/png\r\nContent-Disposition: attachment\r\n\r\nP\r\n--c--\r\n"), NULL, "it", "", "s",
		true, 1 },
};

START_TEST(wrapped_mails)
{
	message_read(arena, wrappers[_i].bytes, strlen(wrappers[_i].bytes), wrappers[_i].outer_from,
		&message);
	ck_assert_str_eq(message.own_text, wrappers[_i].own);
	ck_assert_str_eq(message.quoted_text, wrappers[_i].quoted);
	ck_assert_str_eq(message.subject, wrappers[_i].subject);
	ck_assert_int_eq(message.subject_protected, wrappers[_i].proven);
	ck_assert_int_eq(message.from_protected, wrappers[_i].proven && wrappers[_i].outer_from);
	ck_assert_uint_eq(message.attachment_count, wrappers[_i].attachments);
}
END_TEST

/* What is odd about a wrapper is odd about the mail in it. */
START_TEST(wrapped_oddly)
{
	static const char twice[] = SAID SAID "\r\n" IT;
	static const char rubbish[] = SAID "Content-Transfer-Encoding: base64\r\n\r\nRnJvbTogYUBiDQoNCml0!\r\n";

	message_read(arena, twice, strlen(twice), "", &message);
	ck_assert(message.duplicate_field && !message.broken);
	ck_assert_str_eq(message.own_text, "it\n");
	message_read(arena, rubbish, strlen(rubbish), "", &message);
	ck_assert(message.broken && !message.duplicate_field);
	ck_assert_str_eq(message.own_text, "it");
}
END_TEST

/* RFC 9788 and its older kind: only what was sealed or signed may say so. */
static const struct { const char *bytes; bool opened; const char *text; bool from; } marks[] = {
	{ "From: a@b\r\nContent-Type: text/plain; hp=cipher; hp-legacy-display=1\r\n\r\nSubject: x\r\n\r\nwords",
		true, "words", true },
	{ "From: a@b\r\nContent-Type: text/plain; hp=cipher; hp-legacy-display=1\r\n\r\nSubject: x\r\n\r\nwords",
		false, "Subject: x\n\nwords", false },
	{ "From: a@b\r\nContent-Type: text/plain; hp-legacy-display=1\r\n\r\nSubject: x\r\n\r\nwords",
		true, "Subject: x\n\nwords", false },
	{ "From: a@b\r\nContent-Type: text/plain; hp=plain\r\n\r\nwords", true, "words", false },
	{ "Content-Type: text/plain; hp=clear\r\n\r\nwords", true, "words", false },
	{ "From: a@b\r\nContent-Type: multipart/mixed; boundary=b; protected-headers=v1\r\n\r\n--b\r\n"
		"Content-Type: text/plain; protected-headers=v1\r\n\r\nSubject: x\r\n--b\r\n\r\nwords\r\n--b--\r\n",
		false, "Subject: x\nwords", false },
	{ "From: a@b\r\nContent-Type: multipart/mixed; boundary=b; protected-headers=v1\r\n\r\n--b\r\n"
		"Content-Type: text/rfc822-headers; protected-headers=v1\r\nContent-Disposition: inline\r\n"
		"\r\nSubject: x\r\n--b\r\n\r\nwords\r\n--b--\r\n", true, "words", true },
};

START_TEST(protected_marks)
{
	read_string(marks[_i].bytes, marks[_i].opened);
	ck_assert_str_eq(message.text, marks[_i].text);
	ck_assert_int_eq(message.from_protected, marks[_i].from);
}
END_TEST

/* What came out of a ciphertext says itself what it is. */
static const struct { const char *bytes; size_t len; const char *text, *type; } insides[] = {
	{ "Content-Type: text/plain\r\n\r\nx", sizeof("Content-Type: text/plain\r\n\r\nx") - 1, "x", NULL },
	{ "\r\nx", sizeof("\r\nx") - 1, "x", NULL },
	{ "Subject: a\r\n\r\nx", sizeof("Subject: a\r\n\r\nx") - 1, "x", NULL },
	{ "Subject: a\r\nno field\r\n\r\nx", sizeof("Subject: a\r\nno field\r\n\r\nx") - 1,
		"Subject: a\nno field\n\nx", NULL },
	{ "URL: https://a/\r\n\r\nx", sizeof("URL: https://a/\r\n\r\nx") - 1, "URL: https://a/\n\nx", NULL },
	{ "words\r\n", sizeof("words\r\n") - 1, "words\n", NULL },
	{ "PK\3\4x", sizeof("PK\3\4x") - 1, "", "application/zip" },
	{ "%PDF-1.4 x", sizeof("%PDF-1.4 x") - 1, "", "application/pdf" },
	{ "a\0b", sizeof("a\0b") - 1, "", "application/octet-stream" },
};

START_TEST(what_came_out)
{
	const char *type = insides[_i].type;

	message_read(arena, insides[_i].bytes, insides[_i].len, "", &message);
	ck_assert_str_eq(message.text, insides[_i].text);
	ck_assert_uint_eq(message.attachment_count, type != NULL);
	if (type != NULL)
		ck_assert_str_eq(message.attachments[0].type, type);
	ck_assert(!message.has_nul && message.no_text == (type != NULL));
}
END_TEST

/* A block in opened words counts where it is all of them. */
START_TEST(block_in_words)
{
	static const char alone[] = "\r\n" CLEAR "\r\n", beside[] = "words\r\n" CLEAR "\r\n";

	message_read_words(arena, alone, strlen(alone), "utf-8", "", &message);
	ck_assert_int_eq(message.form, MESSAGE_PGP_SIGNED);
	message_read_words(arena, beside, strlen(beside), "utf-8", "", &message);
	ck_assert_int_eq(message.form, MESSAGE_PLAIN);
}
END_TEST

START_TEST(loose_signatures)
{
	static const struct { const char *name, *body; bool loose; } files[] = {
		{ "a.pdf.asc", "-----BEGIN PGP SIGNATURE-----\r\n", true },
		{ "a.pdf.sig", "\x88\x75\x04\x01" "abcd", true },
		{ "a.pdf.bin", "\x88\x75\x04\x01" "abcd", false },
		{ "a.png", "\x89PNG\r\n\x1a\n1234", false },
		{ "a.sig", "not one at all", false },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		read_string(arena_printf(arena, MIXED "--b\r\n\r\nsee\r\n--b\r\n"
			"Content-Disposition: attachment; filename=%s\r\n\r\n%s\r\n--b--\r\n",
			files[i].name, files[i].body), false);
		ck_assert_msg(message.loose_signature == files[i].loose, "%s", files[i].name);
		ck_assert_uint_eq(message.attachment_count, 1);
	}
	read_string(HEAD SIGNED, false);
	ck_assert(!message.loose_signature);
}
END_TEST

/* Bare words may look like a header, or be in any charset. */
START_TEST(words_are_no_entity)
{
	static const char words[] = "Subject: a\r\n\r\nb\r\n", jis[] = "\033$BFbMF\033(B\r\n";

	message_read_words(arena, words, strlen(words), "utf-8", "", &message);
	ck_assert_str_eq(message.text, "Subject: a\n\nb\n");
	ck_assert_str_eq(message.subject, "");
	ck_assert(!message.broken && !message.charset_guessed && !message.no_text);
	message_read_words(arena, jis, strlen(jis), "ISO-2022-JP", "", &message);
	ck_assert_str_eq(message.own_text, "内容\n");
	ck_assert(!message.charset_guessed && message.attachment_count == 0);
	message_read_words(arena, jis, strlen(jis), "", "", &message);
	ck_assert_str_eq(message.text, "内容\n");
	message_read_words(arena, "", 0, "", "", &message);
	ck_assert(message.no_text);
}
END_TEST

static const struct { const char *bytes; bool is_protected; const char *subject; bool proven; }
subjects[] = {
	{ "Subject: a\r\n\r\nx", true, "a", false },
	{ "Content-Type: text/plain; protected-headers=\"v1\"\r\nSubject: a\r\n\r\nx", true, "a",
		true },
	{ "Content-Type: text/plain; hp=\"cipher\"\r\nSubject: a\r\nHP-Outer: Subject: [...]\r\n"
		"\r\nx",
		true, "a", true },
	{ "Content-Type: text/plain; HP=clear\r\nSubject: a\r\n\r\nx", true, "a", true },
	{ "Content-Type: text/plain; hp=\"other\"\r\nSubject: a\r\n\r\nx", true, "a", false },
	{ "Content-Type: text/plain; hp=\"cipher\"\r\n\r\nx", true, "", false },
	/* The mark proves nothing on bytes that nobody protected. */
	{ "Content-Type: text/plain; hp=\"cipher\"\r\nSubject: a\r\n\r\nx", false, "a", false },
	{ "Subject: outer\r\nContent-Type: multipart/signed; boundary=s;\r\n"
		" protocol=\"application/pgp-signature\"\r\n\r\n--s\r\n"
		"Content-Type: text/plain; hp=clear\r\n"
		"Subject: inner\r\n\r\nx\r\n--s\r\nContent-Type: application/pgp-signature\r\n"
		"\r\nsig\r\n"
		"--s--\r\n", false, "inner", true },
	{ "Subject: outer\r\nContent-Type: multipart/mixed; boundary=s\r\n\r\n--s\r\n"
		"Content-Type: text/plain; hp=clear\r\nSubject: inner\r\n\r\nx\r\n--s--\r\n",
		false, "outer", false },
};

START_TEST(protected_subject)
{
	read_string(subjects[_i].bytes, subjects[_i].is_protected);
	ck_assert_str_eq(message.subject, subjects[_i].subject);
	ck_assert_int_eq(message.subject_protected, subjects[_i].proven);
}
END_TEST

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" \
	"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" \
	"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@example.jp\r\n"

static const struct { const char *bytes; bool report, failed; const char *id; } reports[] = {
	{ REPORT "Action: Failed\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
		"Message-ID: <1@www>\r\n\r\nx\r\n--b--\r\n", true, true, "<1@www>" },
	{ REPORT "Action: delayed\r\n\r\nAction: failed (really)\r\n--b\r\n"
		"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@www>\r\n--b--\r\n",
		true, true, "<1@www>" },
	{ REPORT "Action: delayed\r\n--b\r\nContent-Type: message/rfc822\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nTWVzc2FnZS1JRDogPDFAd3d3PgoKeA==\r\n"
		"--b--\r\n",
		true, false, "<1@www>" },
	{ REPORT "Action: delivered\r\n--b--\r\n", true, false, NULL },
	/* Of an address that is not ASCII (RFC 6533). */
	{ "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: message/global-delivery-status\r\n\r\nAction: failed\r\n--b\r\n"
		"Content-Type: message/global-headers\r\n\r\nMessage-ID: <1@www>\r\n--b--\r\n",
		true, true, "<1@www>" },
	{ "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: message/global\r\n\r\nMessage-ID: <1@www>\r\n\r\n--b--\r\n",
		true, false, "<1@www>" },
	/* The first that tells counts; one that says nothing, or no id, is passed over. */
	{ REPORT "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n"
		"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: none\r\n\r\nx\r\n--b\r\n"
		"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@www>\r\n--b\r\n"
		"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <2@www>\r\n--b--\r\n",
		true, false, "<1@www>" },
	{ "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: message/delivery-status\r\n\r\n--b--\r\n", true, false, NULL },
	{ "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status"
		"\r\n\r\nAction: failed\r\n--b--\r\n", false, false, NULL },
	{ "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n"
		"\r\n"
		"--b\r\n\r\nread\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
		"Action: failed\r\n--b--\r\n", false, false, NULL },
	{ "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n--b--\r\n",
		false, false, NULL },
};

START_TEST(delivery_reports)
{
	read_string(reports[_i].bytes, false);
	ck_assert_int_eq(message.delivery_report, reports[_i].report);
	ck_assert_int_eq(message.report_failed, reports[_i].failed);
	if (reports[_i].id)
		ck_assert_str_eq(message.report_original_id, reports[_i].id);
	else
		ck_assert(message.report_original_id == NULL);
}
END_TEST

static const struct { const char *bytes; bool shown; } shown_reports[] = {
	{ "Content-Type: multipart/report; report-type=\"Disposition-Notification\"; boundary=b\r\n"
		"\r\n--b\r\n\r\nread\r\n--b--\r\n", true },
	{ "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n"
		"Content-Type: message/disposition-notification\r\n\r\n"
		"Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n", true },
	{ "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n"
		"Content-Type: message/disposition-notification\r\n\r\nx\r\n--b--\r\n", false },
	{ REPORT "Action: failed\r\n--b--\r\n", false },
	{ "Subject: Read: a report\r\n\r\nread\r\n", false },
};

START_TEST(shown_report)
{
	read_string(shown_reports[_i].bytes, false);
	ck_assert_int_eq(message.display_report, shown_reports[_i].shown);
	ck_assert(!shown_reports[_i].shown || !message.delivery_report);
}
END_TEST

static const struct { const char *bytes; bool abuse; } abuse_reports[] = {
	{ "Content-Type: multipart/report; report-type=\"Feedback-Report\"; boundary=b\r\n\r\n"
		"--b\r\n\r\nSpam.\r\n--b--\r\n", true },
	{ "X-XARF: PLAIN\r\n\r\nScans.\r\n", true },
	{ "X-ARF: yes\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nScans.\r\n"
		"--b--\r\n", true },
	{ REPORT "Action: failed\r\n--b--\r\n", false },
	{ "Content-Type: multipart/mixed; report-type=feedback-report; boundary=b\r\n\r\n"
		"--b\r\n\r\nSpam.\r\n--b--\r\n", false },
	{ "X-XARFS: 1\r\n\r\nx\r\n", false },
};

START_TEST(abuse_report)
{
	read_string(abuse_reports[_i].bytes, false);
	ck_assert_int_eq(message.abuse_report, abuse_reports[_i].abuse);
	ck_assert(!abuse_reports[_i].abuse || !message.delivery_report);
}
END_TEST

static const struct { const char *type, *body; bool unknown, damaged, guessed; } charsets[] = {
	{ "text/plain; charset=utf-8", "脆弱性", false, false, false },
	{ "text/plain; charset=utf-8", "a\xff", false, true, false },
	{ "text/plain", "脆弱性", false, false, true },
	{ "text/plain; charset=x-klingon", "\x8e\xe6\x88\xb5", true, false, false },
};

START_TEST(charset_trouble_is_told)
{
	read_string(arena_printf(arena, "Content-Type: %s\r\n\r\n%s", charsets[_i].type,
		charsets[_i].body), false);
	ck_assert_int_eq(message.charset_unknown, charsets[_i].unknown);
	ck_assert_int_eq(message.charset_damaged, charsets[_i].damaged);
	ck_assert_int_eq(message.charset_guessed, charsets[_i].guessed);
}
END_TEST

START_TEST(nul_is_told)
{
	static const char bytes[] = "Subject: x\r\n\r\na\0b\r\n";

	message_read(arena, bytes, sizeof(bytes) - 1, NULL, &message);
	ck_assert(message.has_nul);
	ck_assert_str_eq(message.text, "a\xef\xbf\xbd" "b\n");
}
END_TEST

/* What is looked at ends at the limit, in whole characters, and the rest costs nothing. */
START_TEST(text_is_capped)
{
	static const char word[] = "脆弱性";
	struct text bytes;
	size_t before;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n");
	while (bytes.len < 8u * LIMIT_TEXT_BYTES)
		text_addf(&bytes, "%s%s%s%s\r\n", word, word, word, word);
	before = arena_used(arena);
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_uint_le(strlen(message.text), LIMIT_TEXT_BYTES);
	ck_assert_uint_ge(strlen(message.text), LIMIT_TEXT_BYTES - 4);
	ck_assert(utf8_valid(message.text, strlen(message.text)));
	ck_assert(!message.charset_damaged && message.limit == MIME_FINE);
	ck_assert_uint_lt(arena_used(arena) - before, 16u * LIMIT_TEXT_BYTES);
}
END_TEST

/* Many long texts are decoded once each, and looked through for armour without a copy that stays. */
START_TEST(many_texts_cost_their_bytes)
{
	struct text bytes;
	size_t before;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, MIXED);
	for (int i = 0; i < 12; i++) {
		text_add(&bytes, "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n");
		for (size_t k = 0; k < LIMIT_TEXT_BYTES / 60; k++)
			text_add(&bytes, "UEdQIHRleHQgb2YgYSBwYXJ0IHRoYXQgaXMgbG9uZyBhbmQgZHJ5IC4uLg0K\r\n");
	}
	text_add(&bytes, "--b--\r\n");
	before = arena_used(arena);
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_uint_ge(strlen(message.text), LIMIT_TEXT_BYTES - 4);
	ck_assert_uint_lt(arena_used(arena) - before, 20u * LIMIT_TEXT_BYTES);
}
END_TEST

/* The same of twenty mails inside: all of them together cost as much as one text does. */
START_TEST(text_of_mails_inside_is_capped)
{
	struct text bytes;
	size_t before;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, MIXED);
	for (int i = 0; i < 20; i++) {
		text_add(&bytes, "--b\r\n" FILE822 "Content-Type: text/plain; charset=utf-8\r\n\r\n");
		for (size_t k = 0; k < LIMIT_TEXT_BYTES / 10; k++)
			text_add(&bytes, "脆弱性x\r\n");
	}
	text_add(&bytes, "--b--\r\n");
	before = arena_used(arena);
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_uint_le(strlen(message.text), LIMIT_TEXT_BYTES);
	ck_assert(utf8_valid(message.text, strlen(message.text)));
	ck_assert_uint_lt(arena_used(arena) - before, 40u * LIMIT_TEXT_BYTES);
}
END_TEST

START_TEST(large_attachment_costs_no_memory)
{
	struct text bytes;
	size_t before;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, MIXED "--b\r\n\r\nhi\r\n--b\r\nContent-Type: application/zip\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t i = 0; i < 200000; i++)
		text_add(&bytes, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY\r\n");
	text_add(&bytes, "\r\n--b--\r\n");
	before = arena_used(arena);
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_uint_eq(message.attachment_count, 1);
	ck_assert_uint_eq(message.attachments[0].size, 200000 * 24);
	ck_assert_uint_lt(arena_used(arena) - before, 64u * 1024);
}
END_TEST

START_TEST(limits_are_handed_on)
{
	struct text bytes;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, HEAD);
	for (int i = 0; i < LIMIT_HEADER_LINES + 10; i++)
		text_addf(&bytes, "X-%d: y\r\n", i);
	text_add(&bytes, "\r\nhi\r\n");
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_int_eq(message.limit, MIME_HEADER_TOO_LONG);
	ck_assert(message.broken && message.no_text);
	ck_assert_str_eq(message.from[0].addr, "vuln-contact@ipa.example");
	ck_assert_str_eq(message.subject, "x");
}
END_TEST

/* A thread of thousands keeps its beginning, and no list grows with what a stranger writes. */
START_TEST(references_are_capped)
{
	struct text bytes;

	text_init(&bytes, arena, ARENA_CAP / 4);
	text_add(&bytes, "References:");
	for (int i = 0; i < 3000; i++)
		text_addf(&bytes, "\r\n <%d@example.jp>", i);
	text_add(&bytes, "\r\n\r\n");
	message_read(arena, bytes.data, bytes.len, NULL, &message);
	ck_assert_uint_ge(message.reference_count, 100);
	ck_assert_uint_le(message.reference_count, 3000);
	ck_assert_str_eq(message.references[0], "<0@example.jp>");
}
END_TEST

#define LOOP(tcase, test, table) \
	tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof((table)[0]))

static Suite *
suite_message(void)
{
	Suite *suite = suite_create("message");
	TCase *tcase = tcase_create("message");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, header_fields);
	tcase_add_test(tcase, nothing_there);
	LOOP(tcase, robots_are_known, robots);
	LOOP(tcase, duplicates_are_told, doubles);
	LOOP(tcase, text_and_attachments, readings);
	tcase_add_test(tcase, own_is_parted_from_quoted);
	LOOP(tcase, what_must_be_opened, sealings);
	LOOP(tcase, protected_subject, subjects);
	LOOP(tcase, delivery_reports, reports);
	LOOP(tcase, shown_report, shown_reports);
	LOOP(tcase, abuse_report, abuse_reports);
	LOOP(tcase, charset_trouble_is_told, charsets);
	LOOP(tcase, inner_charset, inner_charsets);
	LOOP(tcase, blocks_beside, besides);
	LOOP(tcase, twins_are_kept, twins);
	tcase_add_test(tcase, many_stubs_cost_little);
	LOOP(tcase, mails_inside, nests);
	LOOP(tcase, wrapped_mails, wrappers);
	tcase_add_test(tcase, wrapped_oddly);
	LOOP(tcase, protected_marks, marks);
	LOOP(tcase, what_came_out, insides);
	tcase_add_test(tcase, block_in_words);
	tcase_add_test(tcase, loose_signatures);
	tcase_add_test(tcase, words_are_no_entity);
	tcase_add_test(tcase, nul_is_told);
	tcase_add_test(tcase, text_is_capped);
	tcase_add_test(tcase, text_of_mails_inside_is_capped);
	tcase_add_test(tcase, many_texts_cost_their_bytes);
	tcase_add_test(tcase, large_attachment_costs_no_memory);
	tcase_add_test(tcase, limits_are_handed_on);
	tcase_add_test(tcase, references_are_capped);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_message());
}
