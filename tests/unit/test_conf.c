/*
 * The conf file: a good one with every default, and a table of mistakes, each
 * made by one replacement in a small good conf, each with the whole line that
 * must be told. Called with --keys it prints the table of keys for the lint.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/conf.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "rule/calendar.h"
#include "rule/phrase.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rule.h"

#define TOLD_MAX (256 * 1024)
#define DESK_KEY "0123456789ABCDEF0123456789ABCDEF01234567"
#define OTHER_KEY "89ABCDEF0123456789ABCDEF0123456789ABCDEF"

/* Each line's number stands before it; the tables below rely on them. */
static const char good[] =
	/*  1 */ "state_dir = \"state\"\n"
	/*  2 */ "hours = \"09:00-18:00\"\n"
	/*  3 */ "alert_command = \"\"\n"
	/*  4 */ "reader_timeout = 30\n"
	/*  5 */ "feed_file = \"\"\n"
	/*  6 */ "desk: { www: {\n"
	/*  7 */ "  name = \"窓口\"\n"
	/*  8 */ "  address = \"security@example.co.jp\"\n"
	/*  9 */ "  aliases = []\n"
	/* 10 */ "  sites = [\"https://www.example.co.jp/\"]\n"
	/* 11 */ "  language = \"ja\"\n"
	/* 12 */ "  time_zone = \"Asia/Tokyo\"\n"
	/* 13 */ "  trusted_authserv_id = []\n"
	/* 14 */ "  keep_unrelated = false\n"
	/* 15 */ "  imap: {\n"
	/* 16 */ "    url = \"imaps://imap.example.co.jp\"\n"
	/* 17 */ "    tls = \"required\"\n"
	/* 18 */ "    user = \"security\"\n"
	/* 19 */ "    password_file = \"secret\"\n"
	/* 20 */ "    folders = [\"INBOX\"]\n"
	/* 21 */ "    after = \"keep\"\n"
	/* 22 */ "    max_size = 52428800\n"
	/* 23 */ "  }\n"
	/* 24 */ "  smtp: {\n"
	/* 25 */ "    url = \"smtp://127.0.0.1:2525\"\n"
	/* 26 */ "    tls = \"none\"\n"
	/* 27 */ "  }\n"
	/* 28 */ "  pgp: { home = \"gnupg\"\n"
	/* 29 */ "    key = \"" DESK_KEY "\"\n"
	/* 30 */ "  }\n"
	/* 31 */ "  acknowledge: { contact = \"auto\"\n"
	/* 32 */ "    max_age = \"7 days\"\n"
	/* 33 */ "    per_day = 20\n"
	/* 34 */ "  }\n"
	/* 35 */ "} }\n"
	/* 36 */ "coordinator: { IPA: {\n"
	/* 37 */ "  addresses = [\"vuln-contact@ipa.go.jp\"]\n"
	/* 38 */ "  number = \"IPA#([0-9]{8})\"\n"
	/* 39 */ "  keys = []\n"
	/* 40 */ "  remediation = \"3 months\"\n"
	/* 41 */ "} }\n"
	/* 42 */ "form: { contact: {\n"
	/* 43 */ "  from = [\"www@example.co.jp\"]\n"
	/* 44 */ "  text_field = \"内容\"\n"
	/* 45 */ "} }\n"
	/* 46 */ "staff: { officer: {\n"
	/* 47 */ "  address = \"officer@example.co.jp\"\n"
	/* 48 */ "  role = \"officer\"\n"
	/* 49 */ "  digest_at = \"09:00\"\n"
	/* 50 */ "} }\n"
	/* 51 */ "calendar: {\n"
	/* 52 */ "  closed = [\"12-29..01-03\"]\n"
	/* 53 */ "}\n";

static char base[40] = "/tmp/conf-test-XXXXXX";
static struct arena *arena;

static const char *
at_base(const char *name)
{
	return arena_printf(arena, "%s/%s", base, name);
}

static void
put(const char *name, const char *bytes, mode_t mode)
{
	int fd = open(at_base(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(io_write_all(fd, bytes, strlen(bytes)), 0);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

/* One of the golden messages' certificates. */
static void
put_certificate(const char *name, const char *certificate)
{
	const char *source = getenv("srcdir");
	struct err err;
	size_t len;
	char *pem;

	ck_assert_int_eq(io_read_file(arena, arena_printf(arena, "%s/tests/messages/keys/smime/%s",
		source != NULL ? source : ".", certificate), 65536, &pem, &len, &err), DONE);
	put(name, pem, 0644);
}

static const char *const files[] = {
	"secret", "open-secret", "group-secret", "own-group-secret", "imap.password",
		"smtp.password",
	"ca.pem", "roots.pem", "leaf.pem", "broken.pem", "empty.conf", "bad.phrases", "good.phrases", "bad.overrides", "good.overrides",
	"latin1.overrides", "sub/part.conf", "sub/secret", "data/ipa.phrases",
	"data/checklist.tsv",
	"data/other.phrases", "nodata/checklist.tsv", "m.conf", "part.conf", "unreadable",
};

static const char checklist[] = "1.1\treceive\tno\tstaff\t題\tTitle\n";

static void
make(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	ck_assert_ptr_nonnull(mkdtemp(base));
	ck_assert_int_eq(mkdir(at_base("sub"), 0700), 0);
	ck_assert_int_eq(mkdir(at_base("data"), 0700), 0);
	ck_assert_int_eq(mkdir(at_base("nodata"), 0700), 0);
	put("secret", "x\n", 0600);
	put("sub/secret", "x\n", 0400);
	put("imap.password", "x\n", 0600);
	put("smtp.password", "x\n", 0600);
	put("open-secret", "x\n", 0644);
	put("group-secret", "x\n", 0640);
	put("own-group-secret", "x\n", 0640);
	ck_assert_int_eq(chown(at_base("own-group-secret"), (uid_t)-1, getegid()), 0);
	put("ca.pem", "", 0644);
	put("bad.phrases", "phrase\tno-such-meaning\n", 0644);
	put("good.phrases", "情報処理推進機構\tidentity\nお知らせ\tcontact\n詳細情報\tdetails\n", 0644);
	put_certificate("roots.pem", "root.pem");
	put_certificate("leaf.pem", "ipa.pem");
	put("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0644);
	put("bad.overrides", "2026-10-01 closed\nnext Monday\n", 0644);
	put("good.overrides", "2026-10-01 closed\n", 0644);
	put("latin1.overrides", "2026-10-01 closed \xe9\n", 0644);
	put("data/ipa.phrases", "情報処理推進機構\tidentity\nお知らせ\tcontact\n", 0644);
	put("data/other.phrases", "情報処理推進機構\tidentity\n", 0644);
	put("data/checklist.tsv", checklist, 0644);
	put("nodata/checklist.tsv", "nonsense\n", 0644);
}

static void
drop(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(at_base(files[i]));
	rmdir(at_base("sub"));
	rmdir(at_base("data"));
	rmdir(at_base("nodata"));
	rmdir(base);
	arena_free(&arena);
}

/* text with the only `from` in it made `to`. */
static char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	ck_assert_msg(at != NULL && strstr(at + 1, from) == NULL, "not there once: %s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* '@' stands for the folder. */
static char *
with_base(const char *text)
{
	struct text out;

	text_init(&out, arena, TOLD_MAX);
	for (; *text != '\0'; text++)
		if (*text == '@' && (text[1] == '/' || text[1] == ';'))
			text_add(&out, base);
		else
			text_add_char(&out, *text);
	return out.data;
}

static struct conf *
read_conf(const char *bytes, struct text *told)
{
	put("m.conf", bytes, 0644);
	text_init(told, arena, TOLD_MAX);
	return conf_read(arena, at_base("m.conf"), at_base("data"), NULL, told);
}

static struct conf *
read_good(const char *bytes)
{
	struct text told;
	struct conf *conf = read_conf(bytes, &told);

	ck_assert_str_eq(told.data, "");
	ck_assert_ptr_nonnull(conf);
	return conf;
}

static const struct {
	const char *from, *to;
	const char *told;	/* behind "FILE:", '@' for the folder */
} mistakes[] = {
	/* names */
	{ "reader_timeout", "reader_timeuot", "4: reader_timeuot: is not known; did you mean "
	  "\"reader_timeout\"?" },
	{ "feed_file", "nothing_like_it",
	  "5: nothing_like_it: is not known; known here: state_dir, hours, alert_command, "
	  "reader_timeout, feed_file, desk, coordinator, form, staff, calendar" },
	{ "    folders", "    fodlers", "20: desk.www.imap.fodlers: is not known; did you mean "
	  "\"folders\"?" },
	{ "  pgp: { home", "  pgp: { homes = \"x\"  home", "28: desk.www.pgp.homes: is not "
	  "known; did you mean \"home\"?" },
	{ "www: {", "w*w: {", "6: desk.w*w: is no title; at most 64 letters, digits, '-' and "
	  "'_'" },
	{ "calendar: {", "calender: {", "51: calender: is not known; did you mean \"calendar\"?" },
	/* types */
	{ "\"state\"", "5", "1: state_dir: is a number; a text in quotes is wanted" },
	{ "timeout = 30", "timeout = \"30\"", "4: reader_timeout: is a text; a whole number is "
	  "wanted, without quotes" },
	{ "timeout = 30", "timeout = 30.5",
	  "4: reader_timeout: is a number with a point; a whole number is wanted, without "
	  "quotes" },
	{ "aliases = []", "aliases = \"a@example.jp\"",
	  "9: desk.www.aliases: is a text; a list is wanted, like [\"one\", \"two\"]" },
	{ "aliases = []", "aliases = [1]", "9: desk.www.aliases: is a number; a text in quotes "
	  "is wanted" },
	{ "aliases = []", "aliases = (\"a@example.jp\", true)",
	  "9: desk.www.aliases: is true or false; a text in quotes is wanted" },
	{ "unrelated = false", "unrelated = \"no\"",
	  "14: desk.www.keep_unrelated: is a text; true or false is wanted, without quotes" },
	{ "language = \"ja\"", "language = { }", "11: desk.www.language: is a group; a text in "
	  "quotes is wanted" },
	{ "language = \"ja\"", "language = [\"ja\"]", "11: desk.www.language: is a list; a text "
	  "in quotes is wanted" },
	/* bounds */
	{ "timeout = 30", "timeout = 0", "4: reader_timeout: 0 is out of bounds; 1 to 3600 are "
	  "wanted" },
	{ "timeout = 30", "timeout = 4294967326L",
	  "4: reader_timeout: 4294967326 is out of bounds; 1 to 3600 are wanted" },
	{ "52428800", "1000", "22: desk.www.imap.max_size: 1000 is out of bounds; 1024 to "
	  "1073741824 are wanted" },
	{ "52428800", "5368709120",
	  "22: (syntax): 5368709120 is too large a number; at most 9 digits" },
	{ "52428800", "-3221225472",
	  "22: (syntax): 3221225472 is too large a number; at most 9 digits" },
	{ "52428800", "5368709120L",
	  "22: desk.www.imap.max_size: 5368709120 is out of bounds; 1024 to 1073741824 are "
	  "wanted" },
	{ "per_day = 20", "per_day = -1",
	  "33: desk.www.acknowledge.per_day: -1 is out of bounds; 0 to 100000 are wanted" },
	{ "[\"INBOX\"]", "[]", "20: desk.www.imap.folders: has 0 entries; 1 to 256 are wanted" },
	{ "\"窓口\"", "\"\"", "7: desk.www.name: is empty; it must be given" },
	/* what must be given */
	{ "  name = \"窓口\"\n", "\n",
	  "6: desk.www.name: is missing; it must be given, like \"Security contact of Example "
	  "Inc.\"" },
	{ "  sites = [\"https://www.example.co.jp/\"]\n", "\n",
	  "6: desk.www.sites: is missing; it must be given, like "
	  "[\"https://www.example.co.jp/\"]" },
	{ "    user = \"security\"\n", "\n",
	  "15: desk.www.imap.user: is missing; it must be given, like \"security\"" },
	{ "    key = \"" DESK_KEY "\"\n", "\n", "28: desk.www.pgp.key: is missing; it must be "
	  "given, like "
	  "the 40 hex digits of gpg --fingerprint" },
	{ "  role = \"officer\"\n", "\n", "46: staff.officer.role: is missing; it must be "
	  "given, like \"officer\"" },
	{ "  from = [\"www@example.co.jp\"]\n", "\n",
	  "42: form.contact.from: is missing; it must be given, like [\"www@example.co.jp\"]" },
	{ "    password_file = \"secret\"\n", "\n",
	  "15: desk.www.imap.password_file: is missing; it or password_command must be given" },
	/* words */
	{ "\"ja\"", "\"de\"", "11: desk.www.language: \"de\" is not known; one of \"ja\", "
	  "\"en\"" },
	{ "contact = \"auto\"", "contact = \"Auto\"",
	  "31: desk.www.acknowledge.contact: \"Auto\" is not known; one of \"auto\", \"hold\", "
	  "\"off\"" },
	{ "after = \"keep\"", "after = \"move:\"",
	  "21: desk.www.imap.after: \"move:\" is not known; \"keep\", \"flag\" or "
	  "\"move:FOLDER\"" },
	{ "role = \"officer\"", "role = \"boss\"", "48: staff.officer.role: \"boss\" is not "
	  "known; one of \"officer\", "
	  "\"decision-maker\", \"implementer\", \"vendor\"" },
	{ "  closed", "  country = \"DE\" closed", "52: calendar.country: \"DE\" is not known; "
	  "one of \"JP\"" },
	/* control characters */
	{ "\"窓口\"", "\"a\\r\\nBcc: b\"",
	  "7: desk.www.name: \"a??Bcc: b\" has a line break or another control character in it; "
	  "leave it out" },
	{ "[\"INBOX\"]", "[\"IN\\x07BOX\"]",
	  "20: desk.www.imap.folders: \"IN?BOX\" has a line break or another control character "
	  "in it; leave it out" },
	{ "\"窓口\"", "\"\\xff\"", "7: desk.www.name: \"\xef\xbf\xbd\" is not UTF-8; save the "
	  "file as UTF-8" },
	{ "[\"INBOX\"]", "[\"INBOX/*\"]",
	  "20: desk.www.imap.folders: \"INBOX/*\" is no folder's name; no '*' or '%', "
	  "at most 255 bytes" },
	/* addresses, sites, domains */
	{ "\"security@example.co.jp\"", "\"security\"",
	  "8: desk.www.address: \"security\" is not a mail address; like "
	  "\"security@example.co.jp\"" },
	{ "[\"vuln-contact@ipa.go.jp\"]", "[\"a b@ipa.go.jp\"]", "37: "
	  "coordinator.IPA.addresses: \"a b@ipa.go.jp\" is not a "
	  "mail address; like \"security@example.co.jp\"" },
	{ "\"https://www.example.co.jp/\"", "\"www.example.co.jp\"", "10: desk.www.sites: "
	  "\"www.example.co.jp\" is not a "
	  "site's URL; like \"https://www.example.co.jp/\"" },
	{ "\"https://www.example.co.jp/\"", "\"https://me@www.example.co.jp/\"",
	  "10: desk.www.sites: \"https://me@www.example.co.jp/\" is not a site's URL; like "
	  "\"https://www.example.co.jp/\"" },
	{ "\"https://www.example.co.jp/\"", "\"https://a.jp/\", \"https://A.jp/\"",
	  "10: desk.www.sites: \"https://A.jp/\" stands there twice; once is enough" },
	{ "  keys = []", "  keys = [] smime = [\"ipa go jp\"]",
	  "39: coordinator.IPA.smime: \"ipa go jp\" is not a domain; like \"ipa.go.jp\"" },
	{ "  keys = []", "  keys = [] smime = [\"\"]",
	  "39: coordinator.IPA.smime: is empty; it must be given" },
	{ "authserv_id = []", "authserv_id = [] smime: { roots = \"ca.pem\" trust = \"full\" }",
	  "13: desk.www.smime.roots: @/ca.pem: it holds no certificate; a file of CA certificates "
	  "(PEM)\n"
	  "@/m.conf:13: desk.www.smime.trust: \"full\" is not known; one of \"authenticated\", "
	  "\"verified\"" },
	{ "authserv_id = []", "authserv_id = [] smime: { roots = \"data\" }",
	  "13: desk.www.smime.roots: @/data is not a file; a file is wanted" },
	{ "authserv_id = []", "authserv_id = [] smime: { roots = \"leaf.pem\" }",
	  "13: desk.www.smime.roots: @/leaf.pem holds no root: none of its certificates is issued by "
	  "itself; add the CA's root certificate (PEM)" },
	{ "authserv_id = []", "authserv_id = [\"mx example\"]", "13: "
	  "desk.www.trusted_authserv_id: \"mx example\" is not an "
	  "authserv-id; what stands first in your server's own Authentication-Results, like "
	  "\"mx.example.co.jp\"" },
	/* servers */
	{ "imaps://imap.example.co.jp", "pop3://imap.example.co.jp", "16: desk.www.imap.url: "
	  "\"pop3://imap.example.co.jp\" is "
	  "not a server's URL; \"imaps://HOST\" or \"imaps://HOST:PORT\", no user, no path "
	  "(imap:// with tls = "
	  "\"starttls\")" },
	{ "imaps://imap.example.co.jp", "imaps://me@imap.example", "16: desk.www.imap.url: "
	  "\"imaps://me@imap.example\" is "
	  "not a server's URL; \"imaps://HOST\" or \"imaps://HOST:PORT\", no user, no path "
	  "(imap:// with tls = "
	  "\"starttls\")" },
	{ "127.0.0.1:2525", "127.0.0.1:70000", "25: desk.www.smtp.url: "
	  "\"smtp://127.0.0.1:70000\" is not a server's URL; "
	  "\"smtps://HOST\" or \"smtps://HOST:PORT\", no user, no path (smtp:// with tls = "
	  "\"starttls\")" },
	{ "tls = \"required\"", "tls = \"starttls\"",
	  "17: desk.www.imap.tls: contradicts the imaps:// of the url; \"required\", or imap:// "
	  "there" },
	{ "tls = \"required\"", "tls = \"none\"",
	  "17: desk.www.imap.tls: contradicts the imaps:// of the url; \"required\", or imap:// "
	  "there" },
	{ "imaps://imap", "imap://imap", "17: desk.www.imap.tls: \"required\" and the url's "
	  "imap:// do not go together; "
	  "\"starttls\", or imaps:// in the url" },
	{ "127.0.0.1:2525", "128.0.0.1", "26: desk.www.smtp.tls: \"none\" is for loopback "
	  "addresses only; \"starttls\", or "
	  "smtps:// in the url" },
	{ "127.0.0.1:2525", "[2001:db8::1]", "26: desk.www.smtp.tls: \"none\" is for loopback "
	  "addresses only; \"starttls\", "
	  "or smtps:// in the url" },
	{ "tls = \"required\"", "pin = \"sha256//abc=\"", "17: desk.www.imap.pin: "
	  "\"sha256//abc=\" is not a pin; \"sha256//\" "
	  "and the base64 of the public key's SHA-256 (44 characters)" },
	{ "    user = \"security\"", "    user = \"security\" password_command = \"pass\"",
	  "18: desk.www.imap.password_command: stands beside a password_file; give one of the "
	  "two" },
	{ "    tls = \"none\"", "    tls = \"none\" password_file = \"secret\"",
	  "24: desk.www.smtp.user: is missing, though there is a password; give it, or no "
	  "password" },
	{ "after = \"keep\"", "after = \"move:INBOX\"", "21: desk.www.imap.after: moves to "
	  "\"INBOX\", which is read from; a "
	  "folder that is not in folders" },
	{ "after = \"keep\"", "sent_folder = \"\"", "21: desk.www.imap.sent_folder: is empty, "
	  "though save_sent is true; name "
	  "it, or save_sent = false" },
	/* files */
	{ "\"secret\"", "\"open-secret\"", "19: desk.www.imap.password_file: @/open-secret "
	  "holds a secret and all the world "
	  "may read it (mode 0644); chmod 0600 it" },
	{ "  pgp: { home = \"gnupg\"", "  pgp: { passphrase_file = \"open-secret\"",
	  "28: desk.www.pgp.passphrase_file: "
	  "@/open-secret holds a secret and all the world may read it (mode 0644); chmod 0600 "
	  "it" },
	{ "\"secret\"", "\"sub\"", "19: desk.www.imap.password_file: @/sub is not a file; a "
	  "file is wanted" },
	{ "feed_file = \"\"", "feed_file = \"nowhere/feed.ics\"",
	  "5: feed_file: the folder of @/nowhere/feed.ics is not there; make it, or name "
	  "another" },
	{ "feed_file = \"\"", "feed_file = \"sub\"", "5: feed_file: @/sub is not a file; a "
	  "file's name is wanted" },
	{ "  closed", "  overrides = \"bad.overrides\" closed", "52: calendar.overrides: line 2 "
	  "of @/bad.overrides is not "
	  "understood; \"YYYY-MM-DD closed\" or \"YYYY-MM-DD open\"" },
	{ "  closed", "  overrides = \"latin1.overrides\" closed", "52: calendar.overrides: "
	  "line 1 of @/latin1.overrides is "
	  "not understood; \"YYYY-MM-DD closed\" or \"YYYY-MM-DD open\"" },
	/* fingerprints */
	{ "    key = \"" DESK_KEY, "    key = \"0x01234567", "29: desk.www.pgp.key: "
	  "\"0x01234567\" is not a fingerprint; the "
	  "40 hex digits of gpg --fingerprint, not a key id" },
	{ "  keys = []", "  keys = [\"" OTHER_KEY "0\"]", "39: coordinator.IPA.keys: "
	  "\"" OTHER_KEY "0\" is not a fingerprint; "
	  "the 40 hex digits of gpg --fingerprint, not a key id" },
	{ "  keys = []", "  root_key = \"IPA\"", "39: coordinator.IPA.root_key: \"IPA\" is not "
	  "a fingerprint; the 40 hex "
	  "digits of gpg --fingerprint, not a key id" },
	/* times */
	{ "Asia/Tokyo", "Asia/Kyoto", "12: desk.www.time_zone: \"Asia/Kyoto\" is not known "
	  "here; a name of the time zone "
	  "database, like \"Asia/Tokyo\"" },
	{ "Asia/Tokyo", "../../etc/passwd", "12: desk.www.time_zone: \"../../etc/passwd\" is "
	  "not known here; a name of the "
	  "time zone database, like \"Asia/Tokyo\"" },
	{ "09:00-18:00", "9-18", "2: hours: \"9-18\" is not a part of the day; like "
	  "\"09:00-18:00\"" },
	{ "09:00-18:00", "18:00-09:00", "2: hours: \"18:00-09:00\" is not a part of the day; "
	  "like \"09:00-18:00\"" },
	{ "09:00-18:00", "09:00-24:01", "2: hours: \"09:00-24:01\" is not a part of the day; "
	  "like \"09:00-18:00\"" },
	{ "digest_at = \"09:00\"", "digest_at = \"24:00\"",
	  "49: staff.officer.digest_at: \"24:00\" is not a time of day; like \"09:00\", or \"\" "
	  "for none" },
	{ "\"7 days\"", "\"a week\"", "32: desk.www.acknowledge.max_age: \"a week\" is no span "
	  "of time; like \"3 business "
	  "days\", \"45 days\", \"2 weeks\" or \"3 months\"" },
	{ "\"3 months\"", "\"9999 months\"", "40: coordinator.IPA.remediation: \"9999 months\" "
	  "is no span of time; like \"3 "
	  "business days\", \"45 days\", \"2 weeks\" or \"3 months\"" },
	{ "12-29..01-03", "12-32", "52: calendar.closed: \"12-32\" names no day; like "
	  "\"2026-08-13\", "
	  "\"2026-08-13..2026-08-15\" or, for each year, \"12-29..01-03\"" },
	{ "12-29..01-03", "2026-02-29", "52: calendar.closed: \"2026-02-29\" names no day; like "
	  "\"2026-08-13\", "
	  "\"2026-08-13..2026-08-15\" or, for each year, \"12-29..01-03\"" },
	{ "12-29..01-03", "2026-08-15..2026-08-13", "52: calendar.closed: "
	  "\"2026-08-15..2026-08-13\" names no day; like "
	  "\"2026-08-13\", \"2026-08-13..2026-08-15\" or, for each year, \"12-29..01-03\"" },
	{ "12-29..01-03", "2026-12-29..01-03", "52: calendar.closed: \"2026-12-29..01-03\" "
	  "names no day; like \"2026-08-13\", "
	  "\"2026-08-13..2026-08-15\" or, for each year, \"12-29..01-03\"" },
	/* patterns */
	/* several values together */
	{ "aliases = []", "aliases = [\"SECURITY@example.co.jp\"]",
	  "9: desk.www.aliases: hold the desk's own address; leave it out" },
	{ "vuln-contact@ipa.go.jp", "security@example.co.jp",
	  "37: coordinator.IPA.addresses: \"security@example.co.jp\" is a desk's own address; "
	  "the coordinator's is wanted" },
	{ "officer@example.co.jp", "security@example.co.jp", "47: staff.officer.address: is a "
	  "desk's own address, whose mail "
	  "would come back to it; the person's own is wanted" },
	{ "  digest_at", "  desks = [\"shop\"] digest_at",
	  "49: staff.officer.desks: there is no desk \"shop\"; a title under desk, or [] for "
	  "all" },
	{ "  digest_at", "  deputy = \"nobody\" digest_at",
	  "49: staff.officer.deputy: there is no staff \"nobody\"; another staff title, or \"\"" },
	{ "  digest_at", "  deputy = \"officer\" digest_at",
	  "49: staff.officer.deputy: is the person itself; another staff title, or \"\"" },
	{ "  remediation = \"3 months\"\n", "} JPCERT: { addresses = "
	  "[\"VULN-contact@ipa.go.jp\"]\n",
	  "40: coordinator.JPCERT.addresses: \"VULN-contact@ipa.go.jp\" is the coordinator "
	  "IPA's too; it can be one's only" },
	{ "  keys = []\n  remediation = \"3 months\"\n",
	  "  keys = [\"" OTHER_KEY "\"] } B: { addresses = [\"a@b.jp\"]\n keys = "
	  "[\"" OTHER_KEY "\"]\n",
	  "40: coordinator.B.keys: " OTHER_KEY " is pinned for IPA too; a key is one's only" },
	/* the syntax */
	{ "feed_file = \"\"", "hours = \"\"", "5: (syntax): duplicate setting name; look at "
	  "this line and the one before it" },
	{ "calendar: {", "@include \"nowhere.conf\"\ncalendar: {",
	  "51: @include: @/nowhere.conf: No such file or directory; a file beside @/m.conf, or "
	  "an absolute path" },
	{ "calendar: {", "@include \"sub\"\ncalendar: {", "51: @include: @/sub is not a file; "
	  "name a file" },
};

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

START_TEST(one_mistake)
{
	struct text told;

	ck_assert_ptr_null(read_conf(replaced(good, mistakes[_i].from, mistakes[_i].to), &told));
	ck_assert_str_eq(told.data,
		with_base(arena_printf(arena, "@/m.conf:%s\n", mistakes[_i].told)));
}
END_TEST

/* Those whose words are partly another module's, or that are told with more than one line. */
static const struct {
	const char *from, *to, *begins, *has;
} wider[] = {
	{ "calendar: {", "calendar = 1; form2 = {", "@/m.conf:51: calendar: is not a group; "
	  "like calendar: { … }\n"
	  "@/m.conf:51: form2: is not known; did you mean \"form\"?\n", "" },
	{ "  keys = []", "  phrases = \"bad.phrases\"", "@/m.conf:39: coordinator.IPA.phrases: "
	  "@/bad.phrases: ", "1" },
	{ "  keys = []", "  phrases = \"nowhere.phrases\"", "@/m.conf:39: "
	  "coordinator.IPA.phrases: ",
	  "; a file of phrases beside this one or in @/data\n" },
	{ "IPA#([0-9]{8})", "IPA#([0-9]{8}", "@/m.conf:38: coordinator.IPA.number: "
	  "\"IPA#([0-9]{8}\" cannot be used: ",
	  "; a POSIX extended expression like \"IPA#([0-9]{8})\"\n" },
	{ "IPA#([0-9]{8})", "[0-9]*", "@/m.conf:38: coordinator.IPA.number: \"[0-9]*\" cannot "
	  "be used: ", "; " },
	{ "aliases = []", "aliases = [", "@/m.conf:10: (syntax): syntax error; ", "" },
	{ "\"secret\"", "\"nowhere\"", "@/m.conf:19: desk.www.imap.password_file: @/nowhere "
	  "cannot be read: No such file or "
	  "directory; a file that user ", " may read\n" },
	{ "authserv_id = []", "authserv_id = [] smime: { roots = \"broken.pem\" }",
	  "@/m.conf:13: desk.www.smime.roots: @/broken.pem: a certificate in it cannot be read: ",
	  "; a file of CA certificates (PEM)\n" },
	{ "authserv_id = []", "authserv_id = [] smime: { roots = \"nowhere.pem\" }",
	  "@/m.conf:13: desk.www.smime.roots: @/nowhere.pem cannot be read: No such file or "
	  "directory; a file that user ", " may read\n" },
	{ "desk: { www: {", "desks: { www: {", "@/m.conf:1: desk: there is none; at least one "
	  "contact window, like desk: { "
	  "www: { … } }\n@/m.conf:6: desks: is not known; did you mean \"desk\"?\n", "" },
	{ "desk: { www: {", "desk: { a = 5\n www: {", "@/m.conf:6: desk.a: is not a group; like "
	  "a: { … }\n", "" },
};

START_TEST(wider_mistake)
{
	const char *begins = with_base(wider[_i].begins);
	struct text told;

	ck_assert_ptr_null(read_conf(replaced(good, wider[_i].from, wider[_i].to), &told));
	ck_assert_msg(text_starts(told.data, begins), "%s", told.data);
	ck_assert_msg(strstr(told.data + strlen(begins), with_base(wider[_i].has)) != NULL,
		"%s", told.data);
}
END_TEST

START_TEST(roots_are_read)
{
	const char *text = replaced(good, "authserv_id = []",
		"authserv_id = [] smime: { roots = \"roots.pem\" trust = \"verified\" }");
	const struct conf *conf = read_good(text);
	const struct conf_smime *smime = &conf->desks[0].smime;

	ck_assert_str_eq(smime->roots, at_base("roots.pem"));
	ck_assert(conf->policy.desks[0].smime_verified);
	ck_assert_uint_eq(smime->certificates.count, 1);
	ck_assert(smime->certificates.at[0].root);
	ck_assert_str_eq(smime->certificates.at[0].name, "CN=TEST KEY Root of the golden messages");
	ck_assert_uint_eq(strlen(smime->certificates.at[0].sha1), 40);
}
END_TEST

START_TEST(all_at_once)
{
	const char *text = replaced(good, "hours = \"09:00-18:00\"", "hours = 9");
	struct text told;

	text = replaced(text, "timeout = 30", "timeout = 0");
	text = replaced(text, "  keep_unrelated", "  keep_it");
	text = replaced(text, "tls = \"none\"", "tls = \"starttls\" user = \"u\"");
	text = replaced(text, "  role", "  roles");
	text = replaced(text, "  aliases = []", "  aliases = [\"x\", \"y@example.jp\", \"z\"]");
	ck_assert_ptr_null(read_conf(text, &told));
	ck_assert_str_eq(told.data, with_base(
		"@/m.conf:2: hours: is a number; a text in quotes is wanted\n"
		"@/m.conf:4: reader_timeout: 0 is out of bounds; 1 to 3600 are wanted\n"
		"@/m.conf:9: desk.www.aliases: \"x\" is not a mail address; like "
		"\"security@example.co.jp\"\n"
		"@/m.conf:9: desk.www.aliases: \"z\" is not a mail address; like "
		"\"security@example.co.jp\"\n"
		"@/m.conf:14: desk.www.keep_it: is not known; known here: name, address, "
		"aliases, sites, "
		"language, time_zone, trusted_authserv_id, keep_unrelated, imap, smtp, pgp, "
		"acknowledge, "
		"smime, deadline\n"
		"@/m.conf:24: desk.www.smtp.password_file: is missing; it or password_command "
		"must be given\n"
		"@/m.conf:46: staff.officer.role: is missing; it must be given, like \"officer\"\n"
		"@/m.conf:48: staff.officer.roles: is not known; did you mean \"role\"?\n"));
}
END_TEST

START_TEST(many_of_them)
{
	struct text coordinators, sites, told;

	text_init(&coordinators, arena, TOLD_MAX);
	text_init(&sites, arena, TOLD_MAX);
	for (int i = 0; i < 8; i++)
		text_addf(&coordinators, "} C%d: { addresses = [\"c%d@example.org\"]\n", i, i);
	for (int i = 0; i < 32; i++)
		text_addf(&sites, ", \"https://site%d.example/\"", i);
	ck_assert_ptr_null(read_conf(replaced(good, "  remediation = \"3 months\"\n",
		coordinators.data), &told));
	ck_assert_str_eq(told.data,
		with_base("@/m.conf:47: coordinator: 9 of them are too many; at most 8\n"));
	ck_assert_ptr_null(read_conf(replaced(good, "example.co.jp/\"", arena_printf(arena,
		"example.co.jp/\"%s",
		sites.data)), &told));
	ck_assert_str_eq(told.data, with_base("@/m.conf:10: desk.www.sites: has 33 entries; 1 "
		"to 32 are wanted\n"));
}
END_TEST

START_TEST(no_file)
{
	struct text told;

	text_init(&told, arena, TOLD_MAX);
	ck_assert_ptr_null(conf_read(arena, at_base("nowhere.conf"), at_base("data"), NULL, &told));
	ck_assert_str_eq(told.data, with_base("@/nowhere.conf:1: (file): No such file or "
		"directory; name it "
		"with -c\n"));
	text_init(&told, arena, TOLD_MAX);
	ck_assert_ptr_null(conf_read(arena, at_base("sub"), at_base("data"), NULL, &told));
	ck_assert_str_eq(told.data, with_base("@/sub:1: (file): is not a file; name one with "
		"-c\n"));
	put("empty.conf", "", 0644);
	text_init(&told, arena, TOLD_MAX);
	ck_assert_ptr_null(conf_read(arena, at_base("empty.conf"), at_base("nodata"), NULL, &told));
	ck_assert(text_starts(told.data, with_base("@/empty.conf:1: desk: there is none; ")));
	ck_assert_ptr_nonnull(strstr(told.data, with_base("@/nodata/checklist.tsv:1: "
		"(checklist): ")));
}
END_TEST

/* A secret that a foreign group may read; who may not give files away cannot try. */
START_TEST(foreign_group)
{
	struct text told;

	conf_close(read_good(replaced(good, "\"secret\"", "\"own-group-secret\"")));
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chown(at_base("group-secret"), (uid_t)-1, getegid() + 1), 0);
	ck_assert_ptr_null(read_conf(replaced(good, "\"secret\"", "\"group-secret\""), &told));
	ck_assert(text_starts(told.data, with_base(arena_printf(arena,
		"@/m.conf:19: desk.www.imap.password_file: "
		"@/group-secret holds a secret and the group %u may read it (mode 0640); ",
		(unsigned)getegid() + 1))));
}
END_TEST

/* Mistakes in an included file bear its name; its paths are its own folder's. */
START_TEST(includes)
{
	const char *imap = "  imap: {\n    url = \"imaps://imap.example.co.jp\"\n    tls = "
		"\"required\"\n"
		"    user = \"security\"\n    password_file = \"secret\"\n    folders = "
		"[\"INBOX\"]\n"
		"    after = \"keep\"\n    max_size = 52428800\n  }\n";
	const char *text = replaced(good, imap,
		"@include \"sub/part.conf\"\n/*\n@include \"nowhere\"\n*/\n");
	struct conf *conf;
	struct text told;
	char here[512];

	put("sub/part.conf", imap, 0644);
	conf = read_good(text);
	ck_assert_str_eq(conf->desks[0].imap.server.password_file, at_base("sub/secret"));
	ck_assert_str_eq(conf->desks[0].pgp.home, at_base("gnupg"));
	conf_close(conf);
	conf = read_good(replaced(text, "\"sub/part.conf\"", with_base("\"@/sub/part.conf\"")));
	ck_assert_str_eq(conf->desks[0].imap.server.password_file, at_base("sub/secret"));
	conf_close(conf);
	put("sub/part.conf", replaced(imap, "\"required\"", "\"maybe\""), 0644);
	ck_assert_ptr_null(read_conf(text, &told));
	ck_assert_str_eq(told.data, with_base("@/sub/part.conf:3: desk.www.imap.tls: \"maybe\" "
		"is not known; one of "
		"\"required\", \"starttls\", \"none\"\n"));
	put("sub/part.conf", replaced(imap, "\"required\"", "required"), 0644);
	ck_assert_ptr_null(read_conf(text, &told));
	ck_assert_msg(strstr(told.data, "part.conf:3: (syntax): syntax error; ") != NULL, "%s",
		told.data);
	put("part.conf", "@include \"part.conf\"\n", 0644);
	ck_assert_ptr_null(read_conf("@include \"part.conf\"\n", &told));
	ck_assert(strstr(told.data, "too many files one in another; at most 10\n") != NULL);
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	ck_assert_int_eq(chdir(base), 0);
	put("m.conf", good, 0644);
	text_init(&told, arena, TOLD_MAX);
	conf = conf_read(arena, "m.conf", "data", NULL, &told);
	ck_assert_msg(conf != NULL, "%s", told.data);
	ck_assert_str_eq(conf->file, at_base("m.conf"));
	ck_assert_str_eq(conf->desks[0].imap.server.password_file, at_base("secret"));
	conf_close(conf);
	ck_assert_int_eq(chdir(here), 0);
}
END_TEST

/* Only what must be given: the rest has the sample's values. */
static const char least[] =
	"desk: { www: { name = \"n\" address = \"a@example.jp\" sites = [\"http://例.jp\"]\n"
	"imap: { url = \"imaps://h.example:1993/\" user = \"u\" password_command = \"c\" }\n"
	"smtp: { url = \"smtps://[::1]\" } pgp: { key = \"0123 4567 89ab cdef 0123  4567 89AB "
	"CDEF 0123 4567\" } } }\n"
	"coordinator: { IPA: { addresses = [\"i@ipa.go.jp\"] } other: { addresses = "
	"[\"o@example.org\"] } }\n"
	"form: { f: { from = [\"w@example.jp\"] text_field = \"t\" } }\n"
	"staff: { s: { address = \"s@example.jp\" role = \"vendor\" } }\n";

static void
expect_span(struct span span, int count, enum span_unit unit)
{
	ck_assert_int_eq(span.count, count);
	ck_assert_int_eq(span.unit, unit);
}

static void
expect_desk(const struct policy_desk *desk)
{
	const struct policy_acknowledge *acknowledge = &desk->acknowledge;
	const struct policy_deadlines *deadline = &desk->deadline;

	ck_assert_str_eq(desk->title, "www");
	ck_assert_str_eq(desk->key, DESK_KEY);
	ck_assert_uint_eq(desk->aliases.count, 0);
	ck_assert_str_eq(desk->sites.at[0], "http://例.jp");
	ck_assert_int_eq(desk->language, LANGUAGE_JA);
	ck_assert_str_eq(desk->time_zone, "Asia/Tokyo");
	ck_assert_uint_eq(desk->authserv_ids.count, 0);
	ck_assert(!desk->keep_unrelated);
	ck_assert(!desk->smime_verified);
	ck_assert_str_eq(desk->sent_folder, "Sent");
	ck_assert_int_eq(acknowledge->contact, ANSWER_AUTO);
	ck_assert_int_eq(acknowledge->encryption, ANSWER_AUTO);
	ck_assert_int_eq(acknowledge->details, ANSWER_AUTO);
	ck_assert_int_eq(acknowledge->follow_up, ANSWER_OFF);
	ck_assert_int_eq(acknowledge->finder, ANSWER_HOLD);
	ck_assert(!acknowledge->without_key_clear);
	expect_span(acknowledge->max_age, 7, SPAN_DAYS);
	ck_assert_int_eq(acknowledge->per_day, 20);
	expect_span(deadline->acknowledge, 1, SPAN_BUSINESS_DAYS);
	expect_span(deadline->contact, 3, SPAN_BUSINESS_DAYS);
	expect_span(deadline->encryption, 3, SPAN_BUSINESS_DAYS);
	expect_span(deadline->investigation, 10, SPAN_BUSINESS_DAYS);
	expect_span(deadline->finder, 5, SPAN_BUSINESS_DAYS);
	expect_span(deadline->vendor_receipt, 2, SPAN_BUSINESS_DAYS);
	expect_span(deadline->their_answer, 10, SPAN_BUSINESS_DAYS);
	expect_span(deadline->warn_before, 3, SPAN_BUSINESS_DAYS);
}

static void
expect_ports(const struct conf_desk *desk)
{
	const struct conf_imap *imap = &desk->imap;

	ck_assert_str_eq(imap->server.host, "h.example");
	ck_assert_int_eq(imap->server.port, 1993);
	ck_assert(imap->server.implicit_tls);
	ck_assert_int_eq(imap->server.tls, TLS_REQUIRED);
	ck_assert_int_eq(imap->server.auth, AUTH_AUTO);
	ck_assert_str_eq(imap->server.user, "u");
	ck_assert_str_eq(imap->server.password_file, "");
	ck_assert_str_eq(imap->server.password_command, "c");
	ck_assert_str_eq(imap->server.ca_file, "");
	ck_assert_str_eq(imap->server.pin, "");
	ck_assert_uint_eq(imap->folders.count, 2);
	ck_assert_str_eq(imap->folders.at[0], "INBOX");
	ck_assert_str_eq(imap->folders.at[1], "Junk");
	ck_assert_str_eq(imap->sent_folder, "Sent");
	ck_assert(imap->save_sent && imap->idle);
	ck_assert_int_eq(imap->after, AFTER_KEEP);
	ck_assert_str_eq(imap->move_to, "");
	ck_assert_int_eq(imap->poll_interval, 60);
	ck_assert_int_eq(imap->max_size, 50L * 1024 * 1024);
	ck_assert_str_eq(desk->smtp.host, "::1");
	ck_assert_int_eq(desk->smtp.port, 465);
	ck_assert(desk->smtp.implicit_tls);
	ck_assert_int_eq(desk->smtp.tls, TLS_REQUIRED);
	ck_assert_str_eq(desk->smtp.user, "");
	ck_assert_str_eq(desk->smtp.password_file, "");
	ck_assert_str_eq(desk->smtp.password_command, "");
	ck_assert_int_eq(desk->smtp.auth, AUTH_AUTO);
	ck_assert_str_eq(desk->pgp.home, "/var/lib/madoguchi/gnupg");
	ck_assert_str_eq(desk->pgp.key, DESK_KEY);
	ck_assert_str_eq(desk->pgp.passphrase_file, "");
	ck_assert_str_eq(desk->smime.roots, "");
	ck_assert_uint_eq(desk->smime.certificates.count, 0);
}

START_TEST(defaults)
{
	const struct conf *conf = read_good(least);
	const struct policy *policy = &conf->policy;

	ck_assert_str_eq(conf->state_dir, "/var/lib/madoguchi");
	ck_assert_int_eq(policy->hours_from, 9 * 60);
	ck_assert_int_eq(policy->hours_to, 18 * 60);
	ck_assert_str_eq(conf->alert_command, "");
	ck_assert_int_eq(conf->reader_timeout, 30);
	ck_assert_str_eq(conf->feed_file, "");
	ck_assert_str_eq(conf->data_dir, at_base("data"));
	ck_assert_str_eq(conf->file, at_base("m.conf"));
	ck_assert_uint_eq(conf->checklist.count, 1);
	ck_assert_uint_eq(policy->desk_count, 1);
	expect_desk(&policy->desks[0]);
	expect_ports(&conf->desks[0]);
	ck_assert_str_eq(policy->country, "JP");
	ck_assert_uint_eq(policy->closed_count, 1);
	ck_assert_int_eq(policy->closed[0].from_year, 0);
	ck_assert_int_eq(policy->closed[0].from_month, 12);
	ck_assert_int_eq(policy->closed[0].from_day, 29);
	ck_assert_int_eq(policy->closed[0].to_year, 0);
	ck_assert_int_eq(policy->closed[0].to_month, 1);
	ck_assert_int_eq(policy->closed[0].to_day, 3);
	ck_assert_uint_eq(policy->overrides.count, 0);
}
END_TEST

START_TEST(defaults_of_people)
{
	const struct policy *policy = &read_good(least)->policy;
	const struct policy_coordinator *ipa = &policy->coordinators[0];
	const struct policy_form *form = &policy->forms[0];
	const struct policy_staff *staff = &policy->staff[0];

	ck_assert_uint_eq(policy->coordinator_count, 2);
	ck_assert_str_eq(ipa->name, "IPA");
	ck_assert_str_eq(ipa->number, "");
	ck_assert_ptr_null(ipa->pattern);
	ck_assert_uint_eq(ipa->keys.count, 0);
	ck_assert_str_eq(ipa->root_key, "");
	ck_assert_str_eq(ipa->enquiries, "");
	expect_span(ipa->remediation, 3, SPAN_MONTHS);
	ck_assert_ptr_nonnull(ipa->phrases);
	ck_assert_uint_eq(phrase_book_count(ipa->phrases), 2);
	ck_assert_uint_eq(ipa->smime.count, 0);
	ck_assert_ptr_null(policy->coordinators[1].phrases);
	ck_assert_uint_eq(policy->form_count, 1);
	ck_assert_str_eq(form->title, "f");
	ck_assert_str_eq(form->reply_field, "");
	ck_assert_str_eq(form->only_if, "");
	ck_assert_uint_eq(policy->staff_count, 1);
	ck_assert_int_eq(staff->role, ROLE_VENDOR);
	ck_assert_uint_eq(staff->desks.count, 0);
	ck_assert_str_eq(staff->key, "");
	ck_assert_int_eq(staff->language, LANGUAGE_JA);
	ck_assert_int_eq(staff->digest_minute, 9 * 60);
	ck_assert(!staff->digest_every_day);
	ck_assert(staff->alerts);
	ck_assert_str_eq(staff->deputy, "");
}
END_TEST

static const struct {
	const char *line;
	size_t phrases;	/* 0: none */
} books[] = {
	{ "", 2 }, { "phrases = \"\"", 0 }, { "phrases = \"ipa.phrases\"", 2 },
	  { "phrases = \"other.phrases\"", 1 },
	{ "phrases = \"good.phrases\"", 3 }, { "phrases = \"./data/other.phrases\"", 1 },
};

START_TEST(finds_phrases)
{
	struct conf *conf = read_good(replaced(good, "  keys = []", books[_i].line));
	const struct phrase_book *book = conf->policy.coordinators[0].phrases;

	ck_assert_uint_eq(book != NULL ? phrase_book_count(book) : 0, books[_i].phrases);
	ck_assert_ptr_nonnull(conf->policy.coordinators[0].pattern);
	conf_close(conf);
	ck_assert_ptr_null(conf->policy.coordinators[0].pattern);
}
END_TEST

START_TEST(other_values)
{
	const char *text = replaced(good, "hours = \"09:00-18:00\"", "hours = \"00:00-24:00\"");
	struct conf *conf;

	text = replaced(text, "after = \"keep\"", "after = \"move:Archive\" auth = \"xoauth2\" "
		"idle = false");
	text = replaced(text, "digest_at = \"09:00\"", "digest_at = \"\" digest_days = "
		"\"every\" desks = [\"www\"]");
	text = replaced(text, "contact = \"auto\"", "contact = \"off\" without_key = \"clear\"");
	text = replaced(text, "[\"12-29..01-03\"]", "[\"02-29\", \"2026-08-13\", "
		"\"2026-08-13..2026-08-15\"] "
		"overrides = \"good.overrides\" country = \"\"");
	text = replaced(text, "smtp://127.0.0.1:2525", "smtp://localhost");
	text = replaced(text, "  keys = []", "  keys = [\"" OTHER_KEY "\"] smime = "
		"(\"IPA.go.jp\")");
	conf = read_good(text);
	ck_assert_int_eq(conf->policy.hours_from, 0);
	ck_assert_int_eq(conf->policy.hours_to, 24 * 60);
	ck_assert_int_eq(conf->desks[0].imap.after, AFTER_MOVE);
	ck_assert_str_eq(conf->desks[0].imap.move_to, "Archive");
	ck_assert_int_eq(conf->desks[0].imap.server.auth, AUTH_XOAUTH2);
	ck_assert_int_eq(conf->desks[0].imap.server.port, 993);
	ck_assert(!conf->desks[0].imap.idle);
	ck_assert_int_eq(conf->desks[0].smtp.port, 587);
	ck_assert(!conf->desks[0].smtp.implicit_tls);
	ck_assert_int_eq(conf->desks[0].smtp.tls, TLS_NONE);
	ck_assert_int_eq(conf->policy.staff[0].digest_minute, -1);
	ck_assert(conf->policy.staff[0].digest_every_day);
	ck_assert_int_eq(conf->policy.desks[0].acknowledge.contact, ANSWER_OFF);
	ck_assert(conf->policy.desks[0].acknowledge.without_key_clear);
	ck_assert_uint_eq(conf->policy.overrides.count, 1);
	ck_assert_int_eq(conf->policy.overrides.at[0].days, clock_days(2026, 10, 1));
	ck_assert(!conf->policy.overrides.at[0].open);
	ck_assert_str_eq(conf->policy.country, "");
	ck_assert_uint_eq(conf->policy.closed_count, 3);
	ck_assert_int_eq(conf->policy.closed[2].to_day, 15);
	ck_assert_int_eq(conf->policy.closed[2].to_year, 2026);
	ck_assert_str_eq(conf->policy.coordinators[0].keys.at[0], OTHER_KEY);
	ck_assert_str_eq(conf->policy.coordinators[0].smime.at[0], "ipa.go.jp");
	ck_assert_str_eq(conf->state_dir, at_base("state"));
	conf_close(conf);
}
END_TEST

START_TEST(sample)
{
	size_t len;
	char *text = rule_conf(arena, "madoguchi.conf.sample", &len);
	struct conf *conf;

	text[len] = '\0';
	conf = read_good(text);
	ck_assert_str_eq(conf->policy.desks[0].name, "例示株式会社 セキュリティ窓口");
	ck_assert_str_eq(conf->policy.forms[0].text_field, "お問い合わせ内容");
	ck_assert_uint_eq(conf->policy.closed_count, 2);
	ck_assert_str_eq(conf->policy.coordinators[0].smime.at[0], "ipa.go.jp");
	ck_assert_str_eq(conf->desks[0].smtp.password_file, at_base("smtp.password"));
	conf_close(conf);
}
END_TEST

#define COORDINATOR_KEY "1111111111111111111111111111111111111111"
#define STAFF_KEY "2222222222222222222222222222222222222222"

static const struct {
	const char *here[4], *secret;
	const char *told;
} rings[] = {
	{ { DESK_KEY, OTHER_KEY, COORDINATOR_KEY, STAFF_KEY }, DESK_KEY, "" },
	{ { DESK_KEY, OTHER_KEY, COORDINATOR_KEY, STAFF_KEY }, OTHER_KEY,
	  "@/m.conf:29: desk.www.pgp.key: " DESK_KEY " is in the keyring @/gnupg without its "
	  "secret half; import that "
	  "too, or name the desk's own key\n" },
	{ { OTHER_KEY }, OTHER_KEY,
	  "@/m.conf:29: desk.www.pgp.key: " DESK_KEY " is not in the keyring @/gnupg; madoguchi "
	  "keys import FILE, or "
	  "leave it out\n"
	  "@/m.conf:39: coordinator.IPA.keys: " COORDINATOR_KEY " is not in the keyring "
	  "@/gnupg; madoguchi keys import "
	  "FILE, or leave it out\n"
	  "@/m.conf:49: staff.officer.key: " STAFF_KEY " is not in the keyring @/gnupg; "
	  "madoguchi keys import FILE, or "
	  "leave it out\n" },
	{ { NULL }, NULL, "" },
};

static const char *
named(const char *value, struct text *told)
{
	struct text quoted;
	const struct conf *conf;

	text_init(&quoted, arena, TOLD_MAX);
	conf_put_string(&quoted, value);
	conf = read_conf(replaced(good, "\"窓口\"", quoted.data), told);
	return conf != NULL ? conf->policy.desks[0].name : NULL;
}

/* Pieces of which any string of a conf file's own marks can be put together. */
static const char *const pieces[] = {
	"\"", "\\", "\\\\", "\\\"", "x", " ", "//", "/*", "*/", "#", ";", "{", "}", "=", "@include \"a\"",
	"窓", "é", "\\x41", "\\n", "%s", "$HOME", "[", "]", "(", ",", "'", "9999999999",
};

/* Whatever a person types comes back, byte for byte. */
START_TEST(written_strings_come_back)
{
	unsigned seed = 20261128 + (unsigned)_i;

	for (int i = 0; i < 20; i++) {
		struct text value, told;

		text_init(&value, arena, 190);
		text_add(&value, "n");
		for (int n = rand_r(&seed) % 12; n > 0; n--)
			text_add(&value, pieces[(size_t)rand_r(&seed) % COUNT(pieces)]);
		text_add(&value, ".");
		ck_assert_msg(text_equal(named(value.data, &told), value.data), "%s: %s", value.data,
			told.data);
	}
}
END_TEST

/* A control character ends no string: it is read as a part of it, and refused as such. */
START_TEST(written_controls_are_seen)
{
	const char value[] = { 'a', (char)(_i + 1), '\n', '@', 'i', 'n', 'c', 'l', 'u', 'd', 'e', '\0' };
	struct text told;

	ck_assert_ptr_null(named(value, &told));
	ck_assert_ptr_nonnull(strstr(told.data,
		"7: desk.www.name: \"a"));
	ck_assert_ptr_nonnull(strstr(told.data, "has a line break or another control character in it"));
}
END_TEST

/* What a backup has to take along. */
START_TEST(files_that_it_names)
{
	struct text told;
	const struct conf *conf;
	static const char *const want[] = { "@/part.conf", "@/secret", "@/ca.pem", "@/good.phrases",
		"@/good.overrides" };

	put("part.conf", "", 0644);
	conf = read_conf(replaced(replaced(replaced(good, "tls = \"required\"",
						   "tls = \"required\" ca_file = \"ca.pem\""),
					  "remediation = \"3 months\"", "phrases = \"good.phrases\""),
				 "calendar: {", "@include \"part.conf\"\ncalendar: { overrides = \"good.overrides\""),
		&told);
	ck_assert_msg(conf != NULL, "%s", told.data);
	ck_assert_uint_eq(conf->files.count, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		bool there = false;

		for (size_t k = 0; k < conf->files.count; k++)
			there = there || text_equal(conf->files.at[k], with_base(want[i]));
		ck_assert_msg(there, "%s", want[i]);
	}
	/* The shipped phrases are no file of the conf's. */
	conf = read_conf(good, &told);
	ck_assert_ptr_nonnull(conf);
	ck_assert_uint_eq(conf->files.count, 1);
}
END_TEST

/* The row of `rings` that holds at the moment: its last one cannot be listed. */
static int ring;

static bool
list_ring(struct arena *to, const char *home, const struct conf_ring_key **keys_r, size_t *count_r)
{
	struct conf_ring_key *keys = arena_calloc(to, 4, sizeof(*keys));

	ck_assert_str_eq(home, at_base("gnupg"));
	*count_r = 0;
	while (*count_r < 4 && rings[ring].here[*count_r] != NULL) {
		keys[*count_r].fpr = rings[ring].here[*count_r];
		keys[*count_r].secret = text_equal(keys[*count_r].fpr, rings[ring].secret);
		++*count_r;
	}
	*keys_r = keys;
	return *count_r > 0;
}

static const char *
with_keys(void)
{
	const char *text = replaced(good, "  keys = []", "  keys = [\"" COORDINATOR_KEY "\"] "
		"root_key = \"" OTHER_KEY "\"");

	return replaced(text, "  digest_at", "  key = \"" STAFF_KEY "\" digest_at");
}

START_TEST(keyring)
{
	struct text told;
	struct conf *conf;

	ring = _i;
	put("m.conf", with_keys(), 0644);
	text_init(&told, arena, TOLD_MAX);
	conf = conf_read(arena, at_base("m.conf"), at_base("data"), list_ring, &told);
	ck_assert_str_eq(told.data, with_base(rings[_i].told));
	ck_assert((conf != NULL) == (rings[_i].told[0] == '\0'));
	conf_close(conf);
}
END_TEST

/* What lacks in the keyring is told beside the other mistakes, in the order of the file. */
START_TEST(keyring_and_more)
{
	struct text told;
	const char *one, *two, *three;

	ring = 2;
	put("m.conf", replaced(with_keys(), "role = \"officer\"", "role = \"king\""), 0644);
	text_init(&told, arena, TOLD_MAX);
	ck_assert_ptr_null(
		conf_read(arena, at_base("m.conf"), at_base("data"), list_ring, &told));
	one = strstr(told.data, ": desk.www.pgp.key: " DESK_KEY " is not in the keyring ");
	two = strstr(told.data, ": staff.officer.role: ");
	three = strstr(told.data, ": staff.officer.key: " STAFF_KEY " is not in the keyring ");
	ck_assert_msg(one != NULL && two > one && three > two, "%s", told.data);
}
END_TEST

static bool
list_each_own(struct arena *to, const char *home, const struct conf_ring_key **keys_r, size_t *count_r)
{
	struct conf_ring_key *keys = arena_calloc(to, 1, sizeof(*keys));

	keys[0] = (struct conf_ring_key){ text_ends(home, "shop") ? OTHER_KEY : DESK_KEY, true };
	*keys_r = keys;
	*count_r = 1;
	return true;
}

/* A desk's own key, and staff of another desk, are nothing to this desk's keyring. */
START_TEST(keyring_of_another_desk)
{
	const char *text = replaced(replaced(least,
		" } } }\ncoordinator",
		" } }\nshop: { name = \"n\" address = \"b@example.jp\" sites = [\"http://b.jp\"]\n"
		"imap: { url = \"imaps://h.example\" user = \"u\" password_command = \"c\" }\n"
		"smtp: { url = \"smtps://h.example\" } pgp: { home = \"shop\" key = \"" OTHER_KEY
		"\" } } "
		"}\ncoordinator"),
		"role = \"vendor\"", "role = \"vendor\" desks = [\"shop\"] key = "
		"\"" STAFF_KEY "\"");
	struct text told;

	put("m.conf", text, 0644);
	text_init(&told, arena, TOLD_MAX);
	ck_assert_ptr_null(
		conf_read(arena, at_base("m.conf"), at_base("data"), list_each_own, &told));
	ck_assert_ptr_nonnull(strstr(told.data, ": staff.s.key: " STAFF_KEY " is not in the "
		"keyring "));
	ck_assert_ptr_eq(strchr(told.data, '\n') + 1, told.data + told.len);
}
END_TEST

START_TEST(table)
{
	size_t count;
	const struct conf_key *keys = conf_keys(&count);

	ck_assert_uint_gt(count, 70);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(keys[i].path, keys[j].path);
}
END_TEST

static Suite *
suite_conf(void)
{
	Suite *suite = suite_create("conf");
	TCase *tcase = tcase_create("conf");

	tcase_add_unchecked_fixture(tcase, make, drop);
	tcase_add_loop_test(tcase, one_mistake, 0, COUNT(mistakes));
	tcase_add_loop_test(tcase, wider_mistake, 0, COUNT(wider));
	tcase_add_test(tcase, roots_are_read);
	tcase_add_test(tcase, all_at_once);
	tcase_add_test(tcase, many_of_them);
	tcase_add_test(tcase, no_file);
	tcase_add_test(tcase, foreign_group);
	tcase_add_test(tcase, includes);
	tcase_add_test(tcase, defaults);
	tcase_add_test(tcase, defaults_of_people);
	tcase_add_loop_test(tcase, finds_phrases, 0, COUNT(books));
	tcase_add_test(tcase, other_values);
	tcase_add_test(tcase, sample);
	tcase_add_loop_test(tcase, written_strings_come_back, 0, 20);
	tcase_add_loop_test(tcase, written_controls_are_seen, 0, 31);
	tcase_add_test(tcase, files_that_it_names);
	tcase_add_loop_test(tcase, keyring, 0, COUNT(rings));
	tcase_add_test(tcase, keyring_and_more);
	tcase_add_test(tcase, keyring_of_another_desk);
	tcase_add_test(tcase, table);
	suite_add_tcase(suite, tcase);
	return suite;
}

/* For tests/lint/conf-keys.sh: path, tab, default ("-" for a key that must be given). */
static int
print_keys(void)
{
	size_t count;
	const struct conf_key *keys = conf_keys(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\n", keys[i].path, keys[i].fallback != NULL ? keys[i].fallback
		: "-");
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--keys") == 0)
		return print_keys();
	return unit_run(suite_conf());
}
