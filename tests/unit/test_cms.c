/*
 * mail/cms: kinds, what stands inside, counts, open lengths; and what is made to
 * be dear: deep nests, thousands of certificates, every cut of a good one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/cms.h"

#include "base/arena.h"
#include "mail/limits.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"

static struct arena *arena;

struct bytes {
	const unsigned char *at;
	size_t len;
};

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)512 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

/* One element round these bytes, of a length that is told in four bytes or left open. */
static struct bytes
wrap(unsigned char tag, struct bytes inside, bool open)
{
	unsigned char *out = arena_alloc(arena, inside.len + 8), *at = out;

	*at++ = tag;
	*at++ = open ? 0x80 : 0x84;
	for (int shift = 24; !open && shift >= 0; shift -= 8)
		*at++ = (unsigned char)(inside.len >> shift);
	memcpy(at, inside.at, inside.len);
	at += inside.len;
	if (open) {
		memcpy(at, "\0\0", 2);
		at += 2;
	}
	return (struct bytes){ out, (size_t)(at - out) };
}

static struct bytes
join(struct bytes a, struct bytes b)
{
	unsigned char *out = arena_alloc(arena, a.len + b.len + 1);

	memcpy(out, a.at, a.len);
	memcpy(out + a.len, b.at, b.len);
	return (struct bytes){ out, a.len + b.len };
}

static struct bytes
text(const char *bytes, size_t len)
{
	return (struct bytes){ (const unsigned char *)bytes, len };
}

#define TEXT(literal) text(literal, sizeof(literal) - 1)

/* So many small elements. */
static struct bytes
many(size_t count)
{
	char *out = arena_alloc(arena, 2 * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(out + 2 * i, "\x30\x00", 2);
	return text(out, 2 * count);
}

static struct bytes
signed_data(struct bytes content, bool opaque, size_t certificates, size_t signers, bool open)
{
	struct bytes info = TEXT(DATA), data = TEXT("\x02\x01\x01\x31\x00");

	if (opaque)
		info = join(info, wrap(0xa0, wrap(open ? 0x24 : 0x04, open ? wrap(0x04, content, false) :
			content, open), open));
	data = join(data, wrap(0x30, info, open));
	if (certificates > 0)
		data = join(data, wrap(0xa0, many(certificates), open));
	data = join(data, wrap(0x31, many(signers), open));
	return wrap(0x30, join(TEXT(SIGNED), wrap(0xa0, wrap(0x30, data, open), open)), open);
}

static struct cms_look
look_at(struct bytes bytes)
{
	/* Of the very size: what reads past the end is found by the sanitizer. */
	unsigned char *exact = mem_alloc(bytes.len + 1);
	struct cms_look look;

	memcpy(exact + 1, bytes.at, bytes.len);
	cms_look(exact + 1, bytes.len, &look);
	free(exact);
	return look;
}

static const struct {
	const char *bytes;
	size_t len;
	enum cms_kind kind;
} kinds[] = {
#define KIND(literal, kind) { literal, sizeof(literal) - 1, kind }
	KIND("", CMS_NONE),
	KIND("\x30", CMS_NONE),
	KIND("\x30\x00", CMS_NONE),
	KIND("abc", CMS_NONE),
	KIND("-----BEGIN PKCS7-----", CMS_NONE),
	KIND("\x30\x0b" SIGNED, CMS_SIGNED),
	KIND("\x30\x80" SIGNED "\0\0", CMS_SIGNED),
	KIND("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", CMS_ENCRYPTED),
	KIND("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", CMS_ENCRYPTED),
	KIND("\x30\x0b" DATA, CMS_OTHER),
	KIND("\x30\x0d\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", CMS_ENCRYPTED),
	KIND("\x30\x0d\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", CMS_OTHER),
	KIND("\x30\x05\x06\x03\x55\x04\x03", CMS_NONE),
	KIND("\x30\x84\xff\xff\xff\xff" SIGNED, CMS_NONE),
	KIND("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff" SIGNED, CMS_NONE),
	KIND("\x30\x89\x01\xff\xff\xff\xff\xff\xff\xff\xff" SIGNED, CMS_NONE),
	KIND("\x04\x80" SIGNED, CMS_NONE),
};

START_TEST(a_kind)
{
	struct cms_look look = look_at(text(kinds[_i].bytes, kinds[_i].len));

	ck_assert_int_eq(look.kind, kinds[_i].kind);
	ck_assert(!cms_fits(&look));
}
END_TEST

/* _i: bit 0 the text stands inside, bit 1 lengths are open. */
START_TEST(signed_data_is_counted)
{
	bool opaque = (_i & 1) != 0, open = (_i & 2) != 0;
	struct bytes whole = signed_data(TEXT("words of a mail"), opaque, 3, 2, open);
	struct cms_look look = look_at(whole);

	ck_assert(look.whole && cms_fits(&look));
	ck_assert_int_eq(look.content, opaque);
	ck_assert_uint_eq(look.certificates, 3);
	ck_assert_uint_eq(look.signers, 2);
	ck_assert_uint_lt(look.frame, whole.len);
	for (size_t len = 0; len < whole.len; len++) {
		look = look_at((struct bytes){ whole.at, len });
		ck_assert(!look.whole || open);
	}
}
END_TEST

START_TEST(too_much_does_not_fit)
{
	struct cms_look look = look_at(signed_data(TEXT("x"), false, LIMIT_CMS_CERTIFICATES, 1, false));

	ck_assert(cms_fits(&look));
	look = look_at(signed_data(TEXT("x"), false, LIMIT_CMS_CERTIFICATES + 1, 1, false));
	ck_assert(look.whole && !cms_fits(&look));
	look = look_at(signed_data(TEXT("x"), false, 1, LIMIT_CMS_SIGNERS + 1, false));
	ck_assert(look.whole && !cms_fits(&look));
	/* The text may be large, what stands round it may not. */
	look = look_at(signed_data(many(200000), true, 1, 1, false));
	ck_assert(cms_fits(&look));
	look = look_at(signed_data(TEXT("x"), false, LIMIT_CMS_FRAME_BYTES / 2, 1, false));
	ck_assert(!cms_fits(&look));
}
END_TEST

static int64_t
cost(size_t count)
{
	char *nest = arena_alloc(arena, 2 * count + 64);
	int64_t before = unit_cpu_ms();

	for (size_t i = 0; i < count; i++)
		memcpy(nest + 2 * i, "\x30\x80", 2);
	look_at(text(nest, 2 * count));
	memcpy(nest, "\x30\x80" SIGNED "\xa0\x80\x30\x80\x02\x01\x01", 20);
	look_at(text(nest, 2 * count));
	look_at(signed_data(TEXT("x"), true, count, count, true));
	return unit_cpu_ms() - before;
}

START_TEST(a_nest_costs_no_more_than_its_bytes)
{
	int64_t quarter = cost(400000), whole = cost(1600000);

	ck_assert_msg(unit_linear(quarter, whole), "%lld ms, %lld ms", (long long)quarter,
		(long long)whole);
}
END_TEST

static Suite *
suite_cms(void)
{
	Suite *suite = suite_create("cms");
	TCase *tcase = tcase_create("cms");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_kind, 0, COUNT(kinds));
	tcase_add_loop_test(tcase, signed_data_is_counted, 0, 4);
	tcase_add_test(tcase, too_much_does_not_fit);
	tcase_add_test(tcase, a_nest_costs_no_more_than_its_bytes);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_cms());
}
