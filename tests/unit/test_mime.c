/*
 * The tree of parts: what is found where, to the byte, and that no message can
 * make the reading of it dear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/limits.h"
#include "mail/mime_scan.h"

#include "unit.h"

#include <string.h>

#define ARENA_CAP ((size_t)192 * 1024 * 1024)
#define PARTS_MAX 8

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	mime_start();
}

static void
tear_down(void)
{
	arena_free(&arena);
}

struct part {
	int parent;
	const char *type;
	const char *body;	/* NULL: not looked at */
	const char *raw;
};

struct shape {
	const char *what;
	const char *message;
	bool broken;
	bool duplicate;
	enum mime_limit limit;
	struct part parts[PARTS_MAX];
};

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static const struct shape shapes[] = {
	{ "one part", "Subject: x\r\n\r\nhello\r\n", .parts = {
		{ -1, "text/plain", "hello\r\n", NULL } } },
	{ "no header", "\r\nhello\r\n", .parts = { { -1, "text/plain", "hello\r\n", NULL } } },
	{ "no field at all", "hello there\r\nyou\r\n", .parts = {
		{ -1, "text/plain", "hello there\r\nyou\r\n", NULL } } },
	{ "nothing", "", .limit = MIME_BROKEN, .parts = {
		{ -1, "text/plain", "", NULL } } },
	{ "header without a body", "Content-Type: text/html", .parts = {
		{ -1, "text/html", "", NULL } } },
	{ "type that cannot be read", "Content-Type: text\r\n\r\nx", .broken = true, .parts = {
		{ -1, "text/plain", "x", NULL } } },
	{ "case and comment in the type",
		"Content-Type: (a) TEXT/(b)HTML ; charset=UTF-8\r\n\r\nx", .parts = {
		{ -1, "text/html", "x", NULL } } },
	{ "two parts, preamble, epilogue", MIXED "before\r\n--b\r\nContent-Type: text/html\r\n\r\n"
		"one\r\n\r\n--b\r\n\r\ntwo\r\n--b--\r\nafter\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/html", "one\r\n", "Content-Type: text/html\r\n\r\none\r\n" },
		{ 0, "text/plain", "two", "\r\ntwo" } } },
	{ "bare line feeds", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo"
		"\n--b--\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one", "\none" },
		{ 0, "text/plain", "two", "\ntwo" } } },
	{ "mixed line ends", MIXED "--b\r\n\r\none\n--b\r\n\r\ntwo\r\n--b--\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one", "\r\none" },
		{ 0, "text/plain", "two", "\r\ntwo" } } },
	{ "blanks behind a boundary", MIXED "--b \t\r\n\r\none\r\n--b--  \r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one", "\r\none" } } },
	{ "no line is taken for a boundary that only begins like one",
		MIXED "--b\r\n\r\none\r\n--bc\r\n--b-\r\n --b\r\n--b--\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one\r\n--bc\r\n--b-\r\n --b",
			"\r\none\r\n--bc\r\n--b-\r\n --b" } } },
	{ "signed part that is a multipart with blanks at its end",
		"Content-Type: multipart/signed; boundary=\"s\"; micalg=pgp-sha256;\r\n"
		"\tprotocol=\"application/PGP-signature\"\r\n\r\n--s\r\n" MIXED
		"--b\r\n\r\none\r\n--b--\r\n\r\n\r\n--s\r\n"
		"Content-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n", .parts = {
		{ -1, "multipart/signed", NULL, NULL },
		{ 0, "multipart/mixed", NULL, MIXED "--b\r\n\r\none\r\n--b--\r\n\r\n" },
		{ 1, "text/plain", "one", "\r\none" },
		{ 0, "application/pgp-signature", "sig",
			"Content-Type: application/pgp-signature\r\n\r\nsig" } } },
	{ "a message inside stays closed", MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\n"
		"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n"
		"--b--\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "message/rfc822", "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
			"--c\r\n\r\nx\r\n--c--", NULL } } },
	{ "a message at the root, too", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
		.parts = { { -1, "message/rfc822", "Subject: x\r\n\r\ny", NULL } } },
	{ "digest", "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n"
		"Subject: in\r\n\r\nbody\r\n--b--\r\n", .parts = {
		{ -1, "multipart/digest", NULL, NULL },
		{ 0, "message/rfc822", "Subject: in\r\n\r\nbody", NULL } } },
	{ "base64 and quoted-printable", MIXED "--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\n"
		"aGVs\r\nbG8=\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
		"a=3Db=\r\nc=20\r\n--b--\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "hello", NULL },
		{ 0, "text/plain", "a=bc ", NULL } } },
	{ "bad base64", "Content-Transfer-Encoding: base64\r\n\r\naGVs!!bG8=\r\n", .broken = true,
		.parts = { { -1, "text/plain", "hello", NULL } } },
	{ "base64 that goes on behind its padding", "Content-Transfer-Encoding: base64\r\n\r\n"
		"aGVsbG8=\r\naGVsbG8=\r\n", .broken = true, .parts = {
		{ -1, "text/plain", "hello", NULL } } },
	{ "uuencoded", "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n"
		"%:&5L;&\\\r\n`\r\nend\r\n", .parts = { { -1, "text/plain", "hello", NULL } } },
	{ "uuencoded without a beginning", "Content-Transfer-Encoding: uuencode\r\n\r\nabc\r\n",
		.broken = true, .parts = { { -1, "text/plain", "abc\r\n", NULL } } },
	{ "unknown encoding", "Content-Transfer-Encoding: x-zip\r\n\r\nabc", .broken = true,
		.parts = { { -1, "text/plain", "abc", NULL } } },
	{ "no end boundary", MIXED "--b\r\n\r\none\r\n", .broken = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one\r\n", "\r\none\r\n" } } },
	{ "no boundary parameter: all of it is text",
		"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\none\r\n", .broken = true,
		.parts = {
		{ -1, "text/plain", "--b\r\n\r\none\r\n", NULL } } },
	{ "a boundary that never comes: all of it is text",
		MIXED "one\r\n", .broken = true, .parts = {
		{ -1, "text/plain", "one\r\n", NULL } } },
	{ "boundary that is a quote", "Content-Type: multipart/mixed; boundary=\"\\\"\"\r\n\r\n"
		"--\"\r\n\r\none\r\n--\"--\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one", "\r\none" } } },
	{ "a type given twice", "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx",
		.duplicate = true, .parts = { { -1, "text/plain", "x", NULL } } },
	{ "a part's type given twice", MIXED "--b\r\nContent-Type: text/plain\r\n"
		"Content-Type: text/html\r\n\r\nx\r\n--b--\r\n", .duplicate = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/html", "x", NULL } } },
	/* Of a part the last type counts, for GMime as for us. */
	{ "a container and a text", MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n"
		"Content-Type: text/plain\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n", .duplicate = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "--c\r\n\r\nx\r\n--c--", NULL } } },
	{ "a text and a container", MIXED "--b\r\nContent-Type: text/plain\r\n"
		"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
		.duplicate = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "multipart/mixed", NULL, NULL },
		{ 1, "text/plain", "x", NULL } } },
	/* GMime reads on where we find no type: what it opens is open. */
	{ "a container of no type", MIXED "--b\r\nContent-Type: multipart/mixed/x; boundary=c\r\n\r\n--c\r\n\r\nx\r\n"
		"--c--\r\n--b--\r\n", .broken = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "multipart/mixed", NULL, NULL },
		{ 1, "text/plain", "x", NULL } } },
	{ "an encoding given twice", MIXED "--b\r\nContent-Transfer-Encoding: 7bit\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n",
		.duplicate = true, .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "hello", NULL } } },
	{ "mbox line on top", "From a@example.jp Sun Nov 22\n" MIXED "--b\r\n\r\none\r\n--b--\r\n",
		.parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/plain", "one", "\r\none" } } },
	{ "empty part", MIXED "--b\r\nContent-Type: text/html\r\n\r\n\r\n--b--\r\n", .parts = {
		{ -1, "multipart/mixed", NULL, NULL },
		{ 0, "text/html", "", "Content-Type: text/html\r\n\r\n" } } },
};

static void
check_part(const struct shape *shape, const struct part *want, struct mime_part *got)
{
	const unsigned char *body;

	ck_assert_msg(got->parent == want->parent, "%s: parent %d", shape->what, got->parent);
	ck_assert_msg(text_equal(got->type, want->type), "%s: %s", shape->what, got->type);
	if (want->body) {
		body = mime_body(arena, got);
		ck_assert_msg(got->body_len == strlen(want->body) &&
			memcmp(body, want->body, got->body_len) == 0, "%s: body of %zu bytes",
			shape->what, got->body_len);
	}
	if (want->raw)
		ck_assert_msg(got->raw && got->raw_len == strlen(want->raw) &&
			memcmp(got->raw, want->raw, got->raw_len) == 0, "%s: raw of %zu bytes",
			shape->what, got->raw_len);
}

START_TEST(shape_is_read)
{
	const struct shape *shape = &shapes[_i];
	struct mime_tree tree;
	size_t count = 0;

	mime_read(arena, shape->message, strlen(shape->message), &tree);
	ck_assert_msg(tree.limit == shape->limit, "%s: limit %d", shape->what, (int)tree.limit);
	ck_assert_msg(tree.broken == shape->broken, "%s: broken %d", shape->what, tree.broken);
	ck_assert_msg(tree.duplicate_type == shape->duplicate, "%s", shape->what);
	while (count < PARTS_MAX && shape->parts[count].type)
		count++;
	ck_assert_msg(tree.count == count, "%s: %zu parts", shape->what, tree.count);
	for (size_t i = 0; i < count; i++)
		check_part(shape, &shape->parts[i], &tree.parts[i]);
	ck_assert(tree.parts[0].raw == NULL);
}
END_TEST

START_TEST(fields_of_a_part_are_read)
{
	static const char message[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: text/plain; charset=\"ISO-2022-JP\"; name=other.txt;\r\n"
		" format=flowed\r\n"
		"Content-Disposition: Attachment;\r\n filename*=utf-8''%E7%AA%93%E5%8F%A3.txt\r\n"
		"\r\nx\r\n--b\r\nContent-Type: image/png; name=\"=?UTF-8?B?56qT5Y+j?=\"\r\n"
		"Content-Disposition: inline\r\n\r\ny\r\n--b--\r\n";
	struct mime_tree tree;

	mime_read(arena, message, sizeof(message) - 1, &tree);
	ck_assert_uint_eq(tree.count, 3);
	ck_assert(tree.parts[0].multipart && !tree.parts[1].multipart);
	ck_assert_str_eq(tree.parts[1].charset, "ISO-2022-JP");
	ck_assert_str_eq(tree.parts[1].name, "窓口.txt");
	ck_assert_str_eq(tree.parts[1].content_type, "text/plain; charset=\"ISO-2022-JP\"; "
		"name=other.txt; format=flowed");
	ck_assert(tree.parts[1].attachment && !tree.parts[2].attachment);
	ck_assert_str_eq(tree.parts[2].name, "窓口");
	ck_assert_int_eq(tree.parts[2].depth, 1);
	ck_assert(tree.parts[2].charset == NULL);
}
END_TEST

START_TEST(protocol_is_lower_case)
{
	static const char message[] = "Content-Type: multipart/signed; boundary=b;\r\n"
		" protocol=\"Application/PGP-Signature\"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
	struct mime_tree tree;

	mime_read(arena, message, sizeof(message) - 1, &tree);
	ck_assert_str_eq(tree.parts[0].protocol, "application/pgp-signature");
}
END_TEST

/* A NUL in a body is a byte like any other; in a header GMime may give up, and then it is said. */
START_TEST(nul_bytes)
{
	static const char body[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\n\r\nx\0y\r\n--b--\r\n";
	static const char value[] = "Subject: a\0b\r\nContent-Type: text/html\r\n\r\nx\0y";
	static const char name[] = "A: b\r\nSub\0ject: x\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
	struct mime_tree tree;

	mime_read(arena, body, sizeof(body) - 1, &tree);
	ck_assert_uint_eq(tree.count, 2);
	ck_assert_uint_eq(tree.parts[1].body_len, 3);
	ck_assert_mem_eq(mime_body(arena, &tree.parts[1]), "x\0y", 3);
	mime_read(arena, value, sizeof(value) - 1, &tree);
	ck_assert_str_eq(tree.parts[0].type, "text/html");
	ck_assert_uint_eq(tree.parts[0].body_len, 3);
	mime_read(arena, name, sizeof(name) - 1, &tree);
	ck_assert(tree.count >= 1);
}
END_TEST

/* The decoded size is told without decoding; the head is a head. */
START_TEST(body_is_decoded_when_asked_for)
{
	static const char message[] = "Content-Transfer-Encoding: base64\r\n\r\n"
		"MTIzNDU2Nzg5MA==\r\n";
	struct mime_tree tree;
	size_t len = 99;

	mime_read(arena, message, sizeof(message) - 1, &tree);
	ck_assert(tree.parts[0].body == NULL);
	ck_assert_uint_eq(tree.parts[0].body_len, 10);
	ck_assert_mem_eq(mime_body_head(arena, &tree.parts[0], 4, &len), "1234", 4);
	ck_assert_uint_eq(len, 4);
	ck_assert_mem_eq(mime_body(arena, &tree.parts[0]), "1234567890", 10);
	ck_assert(tree.parts[0].body != NULL);
}
END_TEST

/* A head that is long enough is there already; who keeps none gets one of his own each time. */
START_TEST(heads_are_kept)
{
	static const char message[] = "Content-Transfer-Encoding: base64\r\n\r\n"
		"MTIzNDU2Nzg5MA==\r\n";
	const unsigned char *first;
	struct mime_tree tree;
	struct mime_part bare;
	size_t len;

	mime_read(arena, message, sizeof(message) - 1, &tree);
	first = mime_body_head(arena, &tree.parts[0], 6, &len);
	ck_assert_ptr_eq(mime_body_head(arena, &tree.parts[0], 4, &len), first);
	ck_assert_uint_eq(len, 4);
	ck_assert_ptr_ne(mime_body_head(arena, &tree.parts[0], 8, &len), first);
	bare = tree.parts[0];
	bare.head = NULL;
	ck_assert_mem_eq(mime_body_head(arena, &bare, 8, &len), "12345678", 8);
	ck_assert_mem_eq(mime_body_head(arena, &bare, 99, &len), "1234567890", 10);
	ck_assert_uint_eq(len, 10);
}
END_TEST

/* Whoever starts twice finds messages closed as before. */
START_TEST(started_twice)
{
	static const char message[] = MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n"
		"y\r\n--b--\r\n";
	struct mime_tree tree;

	mime_start();
	mime_read(arena, message, sizeof(message) - 1, &tree);
	ck_assert_uint_eq(tree.count, 2);
	ck_assert(tree.parts[1].message);
}
END_TEST

/* A piece, n times over, between a beginning and an end; %zu in it counts. */
struct flood {
	const char *what;
	const char *begin;
	const char *piece;
	size_t times;
	const char *end;
	enum mime_limit limit;
	size_t parts;	/* 0: not looked at */
};

static const struct flood floods[] = {
	{ "multiparts nested 10,000 deep", "Subject: x\r\n",
		"Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", 10000,
		"\r\nx", MIME_TOO_DEEP, LIMIT_DEPTH + 1 },
	{ "as deep as is allowed", "Subject: x\r\n",
		"Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", LIMIT_DEPTH,
		"\r\nx", MIME_FINE, LIMIT_DEPTH + 1 },
	{ "one deeper", "Subject: x\r\n",
		"Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", LIMIT_DEPTH + 1,
		"\r\nx", MIME_TOO_DEEP, LIMIT_DEPTH + 1 },
	{ "messages nested 100,000 deep", "Subject: x\r\n",
		"Content-Type: message/rfc822\r\n\r\n", 100000, "x", MIME_FINE, 1 },
	{ "100,000 parts", MIXED, "--b\r\n\r\nx\r\n", 100000, "--b--\r\n",
		MIME_TOO_MANY_PARTS, 0 },
	{ "15,000 parts", MIXED, "--b\r\n\r\nx\r\n", 15000, "--b--\r\n", MIME_TOO_MANY_PARTS,
		LIMIT_PARTS },
	{ "as many parts as are allowed", MIXED, "--b\r\n\r\nx\r\n", LIMIT_PARTS - 1, "--b--\r\n",
		MIME_FINE, LIMIT_PARTS },
	{ "one part more", MIXED, "--b\r\n\r\nx\r\n", LIMIT_PARTS, "--b--\r\n",
		MIME_TOO_MANY_PARTS, LIMIT_PARTS },
	{ "a million header lines", "", "X-%zu: y\r\n", 1000000, "\r\nx", MIME_HEADER_TOO_LONG,
		0 },
	{ "a million header lines of a part", MIXED "--b\r\n", "X-%zu: y\r\n", 1000000,
		"\r\nx\r\n--b--\r\n", MIME_HEADER_TOO_LONG, 0 },
	{ "30,000 of them", MIXED "--b\r\n", "X-%zu: y\r\n", 30000, "\r\nx\r\n--b--\r\n",
		MIME_HEADER_TOO_LONG, 0 },
	{ "groups nested in an address of a message inside",
		MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: ", "a:", 1500000,
		"\r\n\r\nx\r\n--b--\r\n", MIME_FINE, 2 },
	{ "the same in a digest", "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n"
		"From: ", "a:", 1500000, "\r\n\r\nx\r\n--b--\r\n", MIME_FINE, 2 },
	{ "the same in a part's own field", MIXED "--b\r\nFrom: ", "a:", 1500000,
		"\r\n\r\nx\r\n--b--\r\n", MIME_FINE, 2 },
	{ "the same at the root", "From: ", "a:", 30000, "\r\n" MIXED "--b\r\n\r\nx\r\n--b--\r\n",
		MIME_FINE, 2 },
	{ "a log of a million lines that look like fields is no header",
		MIXED "--b\r\n\r\n", "12:%zu: y\r\n", 1000000, "\r\n--b--\r\n", MIME_FINE, 2 },
	{ "a million comments in a field", "Content-Type: text/plain ", "(", 1000000, "\r\n\r\nx",
		MIME_HEADER_TOO_LONG, 0 },
	{ "a million comments in a part's field", MIXED "--b\r\nContent-Type: text/plain ", "(",
		1000000, "\r\n\r\nx\r\n--b--\r\n", MIME_FINE, 2 },
	{ "a million parameters", MIXED "--b\r\nContent-Type: text/plain", "; name*%zu*=x",
		1000000, "\r\n\r\nx\r\n--b--\r\n", MIME_HEADER_TOO_LONG, 0 },
	{ "a part's field of 20 MB", MIXED "--b\r\n", "XXXXXXXXXXXXXXXXXXXX", 1000000,
		"\r\n\r\nx\r\n--b--\r\n", MIME_HEADER_TOO_LONG, 0 },
	{ "100,000 boundaries and no boundary", "Content-Type: multipart/mixed\r\n\r\n",
		"--b\r\n\r\nx\r\n", 100000, "", MIME_TOO_MANY_PARTS, 0 },
	{ "16 MB of bad base64", "Content-Transfer-Encoding: base64\r\n\r\n", "!=!=!=!=A=B=C=D=",
		1000000, "", MIME_FINE, 1 },
	{ "empty lines", MIXED "--b\r\n\r\n", "\r\n", 2000000, "--b--", MIME_FINE, 2 },
	{ "16 MB before the first boundary", MIXED, "0123456789abcdef", 1000000,
		"\r\n--b\r\n\r\nx\r\n--b--", MIME_FINE, 1 },
	{ "16 MB behind the last", MIXED "--b\r\n\r\nx\r\n--b--\r\n\r\n", "0123456789abcdef",
		1000000, "", MIME_FINE, 2 },
};

static void
build(struct text *out, const struct flood *flood, size_t times)
{
	text_init(out, arena, ARENA_CAP / 4);
	text_add(out, flood->begin);
	for (size_t i = 0; i < times; i++) {
		const char *at = flood->piece, *mark;

		while ((mark = strstr(at, "%zu")) != NULL) {
			text_add_bytes(out, at, (size_t)(mark - at));
			text_addf(out, "%zu", i);
			at = mark + 3;
		}
		text_add(out, at);
	}
	text_add(out, flood->end);
	ck_assert(!out->full);
}

/* Reads it with so many of its pieces; what that takes in processor time. */
static int64_t
cost(const struct flood *flood, size_t times, struct mime_tree *tree_r)
{
	struct text message;
	int64_t start;

	build(&message, flood, times);
	start = unit_cpu_ms();
	mime_read(arena, message.data, message.len, tree_r);
	return unit_cpu_ms() - start;
}

START_TEST(flood_costs_little)
{
	const struct flood *flood = &floods[_i];
	struct mime_tree tree;
	struct text message;
	int64_t quarter, whole;
	size_t before;

	quarter = cost(flood, flood->times / 4, &tree);
	whole = cost(flood, flood->times, &tree);
	ck_assert_msg(unit_linear(quarter, whole), "%s: %lld ms, a quarter %lld ms", flood->what,
		(long long)whole, (long long)quarter);
	build(&message, flood, flood->times);
	before = arena_used(arena);
	mime_read(arena, message.data, message.len, &tree);
	ck_assert_msg(tree.limit == flood->limit, "%s: limit %d", flood->what, (int)tree.limit);
	if (flood->parts > 0)
		ck_assert_msg(tree.count == flood->parts, "%s: %zu", flood->what, tree.count);
	ck_assert_msg(arena_used(arena) - before < 8 * 1024 * 1024, "%s: %zu bytes", flood->what,
		arena_used(arena) - before);
}
END_TEST

START_TEST(too_large_a_message_is_not_touched)
{
	struct mime_tree tree;

	/* Only the length says so: not a byte may be read. */
	mime_read(arena, "x", (size_t)LIMIT_MESSAGE_BYTES + 1, &tree);
	ck_assert_int_eq(tree.limit, MIME_TOO_LARGE);
	ck_assert_uint_eq(tree.count, 0);
}
END_TEST

static const struct {
	const char *bytes;
	const char *boundary;
	size_t count;
	bool closed;
	struct mime_span spans[3];
} scans[] = {
	{ "", "b", 0, false, { { 0, 0 } } },
	{ "--b", "b", 0, false, { { 0, 0 } } },
	{ "--b\n", "b", 0, false, { { 0, 0 } } },
	{ "--b\nx", "b", 1, false, { { 4, 5 } } },
	{ "--b\n--b--", "b", 1, true, { { 4, 4 } } },
	{ "--b\nx\n--b--", "b", 1, true, { { 4, 5 } } },
	{ "--b\r\nx\r\n--b--", "b", 1, true, { { 5, 6 } } },
	{ "p\n--b\nx\n--b\ny\n--b--\ne\n--b\nz", "b", 2, true, { { 6, 7 }, { 12, 13 } } },
	{ "--b--\n--b\nx", "b", 0, true, { { 0, 0 } } },
	{ "--b\nA: b\n--b\n\n--b--", "b", 2, true, { { 4, 8 }, { 13, 13 } } },
	{ "--\nx\n----", "", 1, true, { { 3, 4 } } },
	{ "--bb\n--b\nx", "b", 1, false, { { 9, 10 } } },
};

START_TEST(scan_finds_parts)
{
	struct mime_span whole = { 0, strlen(scans[_i].bytes) }, spans[3];
	const unsigned char *bytes = (const unsigned char *)scans[_i].bytes;
	struct mime_division division;
	struct mime_lines lines;

	ck_assert_int_eq(mime_scan_lines(arena, bytes, whole.end, 0, &lines), MIME_FINE);
	mime_scan_parts(&lines, whole, scans[_i].boundary, spans, 3, &division);
	ck_assert_uint_eq(division.count, scans[_i].count);
	ck_assert_int_eq(division.closed, scans[_i].closed);
	for (size_t i = 0; i < scans[_i].count; i++) {
		ck_assert_uint_eq(spans[i].at, scans[_i].spans[i].at);
		ck_assert_uint_eq(spans[i].end, scans[_i].spans[i].end);
	}
}
END_TEST

/* Ends of the whole, and what a limited range sees of a larger list. */
START_TEST(scan_keeps_to_its_range)
{
	static const unsigned char bytes[] = "pre\n--b\nx\n--b--\npost\n--b\n";
	struct mime_span whole = { 0, sizeof(bytes) - 1 }, inner = { 4, 10 }, span;
	struct mime_division division;
	struct mime_lines lines;

	ck_assert_int_eq(mime_scan_lines(arena, bytes, whole.end, 0, &lines), MIME_FINE);
	ck_assert_uint_eq(lines.count, 3);
	mime_scan_parts(&lines, whole, "b", &span, 1, &division);
	ck_assert_uint_eq(division.first, 4);
	ck_assert_uint_eq(division.end, 16);
	mime_scan_parts(&lines, inner, "b", &span, 1, &division);
	ck_assert(!division.closed && division.count == 1 && division.end == 10);
	ck_assert_uint_eq(span.end, 10);
	mime_scan_parts(&lines, whole, "c", &span, 1, &division);
	ck_assert(division.count == 0 && division.first == whole.end && !division.closed);
}
END_TEST

static Suite *
suite_mime(void)
{
	Suite *suite = suite_create("mime");
	TCase *tree = tcase_create("tree"), *cost = tcase_create("cost");

	tcase_add_checked_fixture(tree, set_up, tear_down);
	tcase_add_checked_fixture(cost, set_up, tear_down);
	tcase_add_loop_test(tree, shape_is_read, 0, sizeof(shapes) / sizeof(shapes[0]));
	tcase_add_test(tree, fields_of_a_part_are_read);
	tcase_add_test(tree, protocol_is_lower_case);
	tcase_add_test(tree, nul_bytes);
	tcase_add_test(tree, body_is_decoded_when_asked_for);
	tcase_add_test(tree, heads_are_kept);
	tcase_add_test(tree, started_twice);
	tcase_add_loop_test(tree, scan_finds_parts, 0, sizeof(scans) / sizeof(scans[0]));
	tcase_add_loop_test(cost, flood_costs_little, 0, sizeof(floods) / sizeof(floods[0]));
	tcase_add_test(tree, scan_keeps_to_its_range);
	tcase_add_test(cost, too_large_a_message_is_not_touched);
	tcase_set_timeout(cost, 20);
	suite_add_tcase(suite, tree);
	suite_add_tcase(suite, cost);
	return suite;
}

int
main(void)
{
	return unit_run(suite_mime());
}
