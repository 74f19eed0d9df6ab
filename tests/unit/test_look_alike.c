/*
 * What passes itself off as a coordinator and what does not: domains by labels,
 * confusables and one edit, display names, and the parts beneath (Punycode,
 * skeletons). Punycode samples are those of RFC 3492 7.1 and well-known names.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/utf8.h"
#include "rule/confusable.h"
#include "rule/phrase.h"
#include "rule/policy.h"
#include "rule/trust.h"

#include "unit.h"

#include <string.h>

#define SIZE(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define IPA 0
#define JPCERT 1
#define SHORT 2
#define GOVERN 3
#define NONE (-1)

static const char *const ipa_addresses[] = { "vuln-contact@ipa.go.jp" };
static const char *const jpcert_addresses[] = { "vuls@jpcert.or.jp", "vultures@jpcert.or.jp" };
static const char *const short_addresses[] = { "cert@a.nl" };
static const char *const govern_addresses[] = { "cert@govern.example" };
static struct policy_coordinator coordinators[] = {
	{ .name = "IPA", .addresses = { 1, (const char **)ipa_addresses } },
	{ .name = "JPCERT/CC", .addresses = { 2, (const char **)jpcert_addresses } },
	{ .name = "CERTCC", .addresses = { 1, (const char **)short_addresses } },
	{ .name = "GOV-CERT", .addresses = { 1, (const char **)govern_addresses } },
};
static const struct policy_desk desk = { .title = "www", .address = "security@example.co.jp" };
static const struct policy_staff staff[] = { { .title = "police", .address = "desk@npa.go.jp" } };
static const struct policy policy = {
	.desks = &desk, .desk_count = 1, .coordinators = coordinators, .coordinator_count = 4,
	.staff = staff, .staff_count = 1,
};

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const struct {
	const char *address, *name;
	int like;
} senders[] = {
	/* the true ones */
	{ "vuln-contact@ipa.go.jp", NULL, NONE },
	{ "Vuln-Contact@IPA.go.jp", "IPA", NONE },
	{ "vultures@jpcert.or.jp", "JPCERT/CC", NONE },
	/* A name that is written from right to left reads as the coordinator's address. */
	{ "x@example.net", "\xe2\x80\xaepj.og.api@tcatnoc-nluv\xe2\x80\xac", IPA },
	{ "x@example.net", "pj.og.api@tcatnoc-nluv", NONE },
	/* the true domain, another address: not the coordinator's, not alike */
	{ "isec-info@ipa.go.jp", NULL, NONE },
	{ "xxx@xxx.ipa.go.jp", NULL, NONE },
	{ "xxx@jitec.ipa.go.jp", "山田", NONE },
	/* labels inside */
	{ "vuln-contact@ipa.go.jp.evil.com", NULL, IPA },
	{ "vuln-contact@mail.ipa.go.jp.evil.com", NULL, IPA },
	{ "vuln-contact@ipa.go.jp-security.com", NULL, IPA },
	{ "vuln-contact@security-ipa.go.jp.example.net", NULL, IPA },
	{ "vuln-contact@ipa-go-jp.com", NULL, IPA },
	{ "vuln-contact@ipa-go.jp", NULL, IPA },
	{ "vuls@jpcert.or.jp.example.org", NULL, JPCERT },
	{ "x@xipa.go.jp.example.org", NULL, NONE },	/* another label */
	{ "x@ipa.go.example.jp", NULL, NONE },
	/* confusables */
	{ "vuln-contact@\xd1\x96\xd1\x80\xd0\xb0.go.jp", NULL, IPA },	/* all of ipa Cyrillic */
	/* the same, as the DNS has it */
	{ "vuln-contact@xn--80a5a0d.go.jp", NULL, IPA },	
	{ "vuln-contact@XN--80a5a0d.go.jp", NULL, IPA },
	{ "vuln-contact@mail.xn--80a5a0d.go.jp", NULL, IPA },
	{ "vuln-contact@xn--80a5a0d.go.jp.evil.com", NULL, IPA },
	{ "vuln-contact@ipa.g\xce\xbf.jp", NULL, IPA },			/* Greek omicron */
	{ "vuln-contact@ipa.g0.jp", NULL, IPA },
	{ "vuln-contact@1pa.go.jp", NULL, IPA },
	{ "vuln-contact@lpa.go.jp", NULL, IPA },
	/* full width */
	{ "vuln-contact@\xef\xbd\x89\xef\xbd\x90\xef\xbd\x81.go.jp", NULL, IPA },
	{ "vuln-contact@ip\xe2\x80\x8b""a.go.jp", NULL, IPA },	/* a zero width space in it */
	{ "vuls@jpcelt.or.jp", NULL, JPCERT },
	/* one edit */
	{ "vuln-contact@ipaa.go.jp", NULL, IPA },
	{ "vuln-contact@ip.go.jp", NULL, IPA },
	{ "vuln-contact@iba.go.jp", NULL, IPA },
	{ "vuln-contact@pia.go.jp", NULL, IPA },	/* two letters swapped */
	{ "vuln-contact@ipa.og.jp", NULL, IPA },
	{ "vuln-contact@ipa.go.jo", NULL, IPA },
	{ "vuln-contact@ip\xc3\xa4.go.jp", NULL, IPA },
	{ "vuln-contact@mail.ipaa.go.jp", NULL, IPA },
	{ "vuls@jpcrt.or.jp", NULL, JPCERT },
	{ "cert@govem.example", NULL, GOVERN },		/* r and n as m */
	{ "cert@goversn.example", NULL, GOVERN },	/* a letter between them */
	{ "cert@mail.goversn.example", NULL, GOVERN },
	/* two edits, or another name */
	{ "desk@iba.ne.jp", NULL, NONE },
	{ "x@jpo.go.jp", NULL, NONE },
	{ "x@example.com", NULL, NONE },
	{ "x@meti.go.jp", NULL, NONE },
	{ "x@go.jp", NULL, NONE },
	{ "x@a.nk", NULL, NONE },			/* too short for edits */
	{ "x@a.nl.example.com", NULL, SHORT },
	/* our own people's domains are known */
	{ "chief@npa.go.jp", NULL, NONE },
	{ "someone@example.co.jp", NULL, NONE },
	{ "chief@npa.go.jp", "IPA", IPA },		/* but not what their names say */
	/* what stands before the '@' */
	{ "vuln-contact.ipa.go.jp@example.net", NULL, IPA },
	{ "\"vuln-contact@ipa.go.jp\"@example.net", NULL, IPA },
	{ "ipa@example.net", NULL, NONE },
	/* display names */
	{ "a@example.net", "IPA", IPA },
	{ "a@example.net", "IPA セキュリティセンター", IPA },
	{ "a@example.net", "独立行政法人(IPA)", IPA },
	{ "a@example.net", "ＩＰＡ", IPA },
	{ "a@example.net", "ipa support", IPA },
	{ "a@example.net", "lPA Security Center", IPA },		/* a small L */
	{ "a@example.net", "\xd0\x86\xd0\xa0\xd0\x90", IPA },		/* Cyrillic capitals */
	{ "a@example.net", "I\xc2\xadPA", IPA },			/* a soft hyphen */
	{ "a@example.net", "vuln-contact@ipa.go.jp", IPA },
	{ "a@example.net", "<vuln-contact@ipa.go.jp>", IPA },
	{ "a@example.net", "security at ipa.go.jp", IPA },
	{ "a@example.net", "jpcert/cc 担当", JPCERT },
	{ "isec-info@ipa.go.jp", "IPA セキュリティセンター", IPA },
	{ "a@example.net", "IPAddress Ltd", NONE },
	{ "a@example.net", "Hipa", NONE },
	{ "a@example.net", "JPCERT", NONE },
	{ "a@example.net", "山田太郎", NONE },
	{ "a@example.net", "", NONE },
	/* nothing to go by */
	{ "", NULL, NONE },
	{ "", "IPA", IPA },
	{ "@", NULL, NONE },
	{ "a@", NULL, NONE },
	{ "a@...", NULL, NONE },
	{ "a@-.-", NULL, NONE },
};

START_TEST(test_sender)
{
	int coordinator = NONE;
	bool like = trust_look_alike(arena, &policy, senders[_i].address, senders[_i].name,
		&coordinator);

	ck_assert_msg(coordinator == senders[_i].like, "%s \"%s\": %d", senders[_i].address,
		senders[_i].name != NULL ? senders[_i].name : "", coordinator);
	ck_assert_int_eq(like, senders[_i].like >= 0);
}
END_TEST

/* What the conf's own names, which are ASCII, cannot be. */
static const struct {
	const char *name;
	bool like;
} identities[] = {
	{ "情報処理推進機構", true },
	{ "独立行政法人情報処理推進機構 セキュリティセンター", true },
	{ "独立行政法人 情報処理 推進機構", true },
	{ "独立行政法人情報・処理推進機構", true },
	{ "\xe2\x80\xae" "構機進推理処報情", true },
	{ "Information-Technology Promotion Agency, Japan", true },
	{ "Information Technology Promotion Agency", true },
	{ "\xd0\x86nformation-technology Promotion \xd0\x90gency", true },
	{ "Information-technology Promotion Agencies", false },
	{ "情報処理学会", false },
	{ "推進機構", false },
	/* the conf's name, with and without the signs */
	{ "IPA", true },
	{ "I.P.A.", true },
	{ "I P A", true },
	{ "I・P・A", true },
	{ "I-PA", false },
	{ "I Pa", false },
	{ "/", false },
	{ "お詫び申し上げます", false },	/* in the book, but no name */
	{ "山田太郎", false },
	{ "", false },
	{ NULL, false },
};

static const struct {
	const char *name, *display_name;
	bool like;
} apart[] = {
	{ "CERTCC", "CERT/CC", true },
	{ "CERTCC", "Cert-CC Team", true },
	{ "CERTCC", "the CERT CC", true },
	{ "CERTCC", "KrCERT/CC", false },
	{ "CERTCC", "CERT/CCX", false },
	{ "CERTCC", "CERT", false },
	{ "JPCERT/CC", "JPCERTCC", true },
	{ "JPCERT/CC", "JPCERT", false },
	{ "GOV-CERT", "GOV CERT", true },
	{ "//", "//", false },
	{ "I", "I", false },
	{ NULL, "IPA", false },
};

START_TEST(test_apart)
{
	const struct policy_coordinator coordinator = { .name = apart[_i].name };

	ck_assert_int_eq(trust_name_alike(arena, &coordinator, apart[_i].display_name),
		apart[_i].like);
}
END_TEST

START_TEST(test_identity)
{
	static const char lines[] = "情報処理推進機構\tidentity\n"
		"Information-technology Promotion Agency\tidentity\n"
		"お詫び申し上げます\tclosing\n";
	struct phrase_book *book;
	struct err err;

	ck_assert_int_eq(phrase_book_read(arena, lines, strlen(lines), &book, &err), DONE);
	coordinators[IPA].phrases = book;
	ck_assert_int_eq(trust_name_alike(arena, &coordinators[IPA], identities[_i].name),
		identities[_i].like);
	coordinators[IPA].phrases = NULL;
}
END_TEST

static const struct {
	const char *label, *text;	/* NULL: not Punycode */
} labels[] = {
	{ "bcher-kva", "bücher" },
	{ "mnchen-3ya", "münchen" },
	{ "80ak6aa92e", "аррӏе" },
	{ "ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文" },
	{ "3B-ww4c5e180e575a65lsy2b", "3年B組金八先生" },
	{ "MajiKoi5-783gue6qz075azm5e", "MajiでKoiする5秒前" },
	{ "de-jg4avhby1noc0d", "パフィーdeルンバ" },
	{ "d9juau41awczczp", "そのスピードで" },
	{ "-> $1.00 <--", "-> $1.00 <-" },
	{ "a-", "a" },
	{ "BCHER-KVA", "BüCHER" },
	{ "a-\xc3\xbc", NULL },
	{ "ls8h", "💩" },
	{ "w-9999999999", NULL },
	{ "ib9b", NULL },			/* half of a pair */
	{ "", NULL },
	{ "99999999", NULL },			/* past the last code point */
	{ "a-zzzzzzzzzzzzzzzzzzzzzz", NULL },	/* overflows */
	{ "bcher-kv", NULL },			/* ends inside a number */
	{ "bcher-k_a", NULL },
	{ "b\xc3\xbc-kva", NULL },		/* not ASCII before the hyphen */
	/* 65 bytes */
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-", NULL },
};

START_TEST(test_punycode)
{
	uint32_t points[PUNYCODE_LABEL_MAX];
	size_t count = 0;
	bool decoded = punycode_decode(labels[_i].label, strlen(labels[_i].label), points, &count);

	const char *text = labels[_i].text;

	ck_assert_int_eq(decoded, text != NULL);
	for (size_t i = 0; decoded && i < count; i++)
		ck_assert_uint_eq(points[i], utf8_next(&text));
	ck_assert(!decoded || *text == '\0');
}
END_TEST

static const struct {
	const char *domain, *shown;
} domains[] = {
	{ "", "" },
	{ "example.co.jp", "example.co.jp" },
	{ "xn--bcher-kva.example", "bücher.example" },
	{ "xn--", "xn--" },
	{ "xn--99999999.jp", "xn--99999999.jp" },
	{ ".xn--bcher-kva.", ".bücher." },
	{ "..", ".." },
};

START_TEST(test_domain)
{
	ck_assert_str_eq(confusable_domain(arena, domains[_i].domain), domains[_i].shown);
}
END_TEST

static const struct {
	const char *one, *other;
	bool same;
} skeletons[] = {
	{ "paypal", "раураӏ", true },
	{ "modern", "modem", true },
	{ "w", "vv", true },
	{ "ILLINOIS", "1lI1n0iS", true },
	{ "Ａｂｃ", "abc", true },
	{ "ꓲꓑꓮ", "ipa", true },	/* Lisu */
	{ "go\xe2\x80\x8d", "go", true },
	{ "ipa", "iba", false },
	{ "情報", "情報", true },
	{ "情報", "倩報", false },
	{ "", "", true },
};

START_TEST(test_skeleton)
{
	const char *one = confusable_skeleton(arena, skeletons[_i].one);
	const char *other = confusable_skeleton(arena, skeletons[_i].other);

	ck_assert_msg((strcmp(one, other) == 0) == skeletons[_i].same, "%s %s", one, other);
}
END_TEST

static Suite *
suite_look_alike(void)
{
	Suite *suite = suite_create("look_alike");
	TCase *tcase = tcase_create("look_alike");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_sender, 0, SIZE(senders));
	tcase_add_loop_test(tcase, test_apart, 0, SIZE(apart));
	tcase_add_loop_test(tcase, test_identity, 0, SIZE(identities));
	tcase_add_loop_test(tcase, test_punycode, 0, SIZE(labels));
	tcase_add_loop_test(tcase, test_domain, 0, SIZE(domains));
	tcase_add_loop_test(tcase, test_skeleton, 0, SIZE(skeletons));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_look_alike());
}
