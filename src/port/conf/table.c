/*
 * The one table of keys: name, default as the sample writes it, how it is read,
 * bounds and place. Parser, defaults, mistakes, sample and man page all come
 * from here or are tested against it. Holds no code.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

static const char *const tls_words[] = { "required", "starttls", "none", NULL };
static const char *const auth_words[] = {
	"auto", "plain", "login", "scram", "xoauth2", "oauthbearer", NULL
};
static const char *const answer_words[] = { "auto", "hold", "off", NULL };
static const char *const without_words[] = { "hold", "clear", NULL };
static const char *const trust_words[] = { "authenticated", "verified", NULL };
static const char *const language_words[] = { "ja", "en", NULL };
static const char *const role_words[] = {
	"officer", "decision-maker", "implementer", "vendor", NULL
};
static const char *const digest_words[] = { "business", "every", NULL };
static const char *const country_words[] = { "JP", NULL };
static const char *const imap_schemes[] = { "imap", "imaps", "143", "993", NULL };
static const char *const smtp_schemes[] = { "smtp", "smtps", "587", "465", NULL };

#define KEY(name, value, ...) { name, value, &(const struct conf_spec){ __VA_ARGS__ } }
#define IN(where, type, member) .base = (where), .offset = offsetof(struct type, member)

#define CONF(member) IN(BASE_CONF, conf, member)
#define POLICY(member) IN(BASE_POLICY, policy, member)
#define WINDOW(member) IN(BASE_DESK_POLICY, policy_desk, member)
#define DESK(member) IN(BASE_DESK, conf_desk, member)
#define WHO(member) IN(BASE_COORDINATOR, policy_coordinator, member)
#define FORM(member) IN(BASE_FORM, policy_form, member)
#define STAFF(member) IN(BASE_STAFF, policy_staff, member)

#define TEXT(least, most) .read = conf_string, .min = (least), .max = (most)
#define ITEM(least, check) \
	.read = conf_string, .min = (least), .max = CONF_STRING_MAX, .item = (check)
#define LIST(least, most, check) .read = conf_list, .min = (least), .max = (most), .item = (check)
#define WORD(list) .read = conf_word, .words = (list)
#define EITHER(list) .read = conf_switch, .words = (list)
#define NUMBER(least, most) .read = conf_int, .min = (least), .max = (most)
#define BOOL .read = conf_bool
#define SPAN .read = conf_span

static const struct conf_key keys[] = {
	KEY("state_dir", "\"/var/lib/madoguchi\"", ITEM(1, conf_path), CONF(state_dir)),
	KEY("hours", "\"09:00-18:00\"", .read = conf_hours, POLICY(hours_from)),
	KEY("alert_command", "\"\"", TEXT(0, CONF_STRING_MAX), CONF(alert_command)),
	KEY("reader_timeout", "30", NUMBER(1, 3600), CONF(reader_timeout)),
	KEY("feed_file", "\"\"", ITEM(0, conf_feed), CONF(feed_file)),

	KEY("desk.*.name", NULL, TEXT(1, 200), WINDOW(name),
		.like = "\"Security contact of Example Inc.\""),
	KEY("desk.*.address", NULL, ITEM(1, conf_address), WINDOW(address),
		.like = "\"security@example.co.jp\""),
	KEY("desk.*.aliases", "[]", LIST(0, CONF_LIST_MAX, conf_address), WINDOW(aliases)),
	KEY("desk.*.sites", NULL, LIST(1, CONF_SITES_MAX, conf_site), WINDOW(sites),
		.like = "[\"https://www.example.co.jp/\"]"),
	KEY("desk.*.language", "\"ja\"", WORD(language_words), WINDOW(language)),
	KEY("desk.*.time_zone", "\"Asia/Tokyo\"", ITEM(1, conf_zone), WINDOW(time_zone)),
	KEY("desk.*.trusted_authserv_id", "[]", LIST(0, CONF_LIST_MAX, conf_token),
		WINDOW(authserv_ids)),
	KEY("desk.*.keep_unrelated", "false", BOOL, WINDOW(keep_unrelated)),

	KEY("desk.*.imap.url", NULL, .read = conf_url, .words = imap_schemes, DESK(imap.server),
		.like = "\"imaps://imap.example.co.jp\""),
	KEY("desk.*.imap.tls", "\"required\"", WORD(tls_words), DESK(imap.server.tls)),
	KEY("desk.*.imap.ca_file", "\"\"", ITEM(0, conf_file), DESK(imap.server.ca_file)),
	KEY("desk.*.imap.pin", "\"\"", ITEM(0, conf_pin), DESK(imap.server.pin)),
	KEY("desk.*.imap.user", NULL, TEXT(1, 255), DESK(imap.server.user),
		.like = "\"security\""),
	KEY("desk.*.imap.password_file", "\"\"", ITEM(0, conf_secret),
		DESK(imap.server.password_file)),
	KEY("desk.*.imap.password_command", "\"\"", TEXT(0, CONF_STRING_MAX),
		DESK(imap.server.password_command)),
	KEY("desk.*.imap.auth", "\"auto\"", WORD(auth_words), DESK(imap.server.auth)),
	KEY("desk.*.imap.folders", "[\"INBOX\", \"Junk\"]", LIST(1, CONF_LIST_MAX, conf_folder),
		DESK(imap.folders)),
	KEY("desk.*.imap.sent_folder", "\"Sent\"", ITEM(0, conf_folder), DESK(imap.sent_folder)),
	KEY("desk.*.imap.save_sent", "true", BOOL, DESK(imap.save_sent)),
	KEY("desk.*.imap.after", "\"keep\"", .read = conf_after, DESK(imap)),
	KEY("desk.*.imap.idle", "true", BOOL, DESK(imap.idle)),
	KEY("desk.*.imap.poll_interval", "60", NUMBER(1, 86400), DESK(imap.poll_interval)),
	KEY("desk.*.imap.max_size", "52428800", .read = conf_long, .min = 1024, .max = 1L << 30,
		DESK(imap.max_size)),

	KEY("desk.*.smtp.url", NULL, .read = conf_url, .words = smtp_schemes, DESK(smtp),
		.like = "\"smtps://smtp.example.co.jp\""),
	KEY("desk.*.smtp.tls", "\"required\"", WORD(tls_words), DESK(smtp.tls)),
	KEY("desk.*.smtp.user", "\"\"", TEXT(0, 255), DESK(smtp.user)),
	KEY("desk.*.smtp.ca_file", "\"\"", ITEM(0, conf_file), DESK(smtp.ca_file)),
	KEY("desk.*.smtp.pin", "\"\"", ITEM(0, conf_pin), DESK(smtp.pin)),
	KEY("desk.*.smtp.password_file", "\"\"", ITEM(0, conf_secret), DESK(smtp.password_file)),
	KEY("desk.*.smtp.password_command", "\"\"", TEXT(0, CONF_STRING_MAX),
		DESK(smtp.password_command)),
	KEY("desk.*.smtp.auth", "\"auto\"", WORD(auth_words), DESK(smtp.auth)),

	KEY("desk.*.pgp.home", "\"/var/lib/madoguchi/gnupg\"", ITEM(1, conf_path), DESK(pgp.home)),
	KEY("desk.*.pgp.key", NULL, ITEM(1, conf_fpr), WINDOW(key),
		.like = "the 40 hex digits of gpg --fingerprint"),
	KEY("desk.*.pgp.passphrase_file", "\"\"", ITEM(0, conf_secret), DESK(pgp.passphrase_file)),

	KEY("desk.*.acknowledge.contact", "\"auto\"", WORD(answer_words),
		WINDOW(acknowledge.contact)),
	KEY("desk.*.acknowledge.encryption", "\"auto\"", WORD(answer_words),
		WINDOW(acknowledge.encryption)),
	KEY("desk.*.acknowledge.details", "\"auto\"", WORD(answer_words),
		WINDOW(acknowledge.details)),
	KEY("desk.*.acknowledge.follow_up", "\"off\"", WORD(answer_words),
		WINDOW(acknowledge.follow_up)),
	KEY("desk.*.acknowledge.finder", "\"hold\"", WORD(answer_words),
		WINDOW(acknowledge.finder)),
	KEY("desk.*.acknowledge.without_key", "\"hold\"", EITHER(without_words),
		WINDOW(acknowledge.without_key_clear)),
	KEY("desk.*.acknowledge.max_age", "\"7 days\"", SPAN, WINDOW(acknowledge.max_age)),
	KEY("desk.*.acknowledge.per_day", "20", NUMBER(0, 100000), WINDOW(acknowledge.per_day)),

	KEY("desk.*.smime.roots", "\"\"", .read = conf_roots, DESK(smime)),
	KEY("desk.*.smime.trust", "\"authenticated\"", EITHER(trust_words),
		WINDOW(smime_verified)),

	KEY("desk.*.deadline.acknowledge", "\"1 business day\"", SPAN,
		WINDOW(deadline.acknowledge)),
	KEY("desk.*.deadline.contact", "\"3 business days\"", SPAN, WINDOW(deadline.contact)),
	KEY("desk.*.deadline.encryption", "\"3 business days\"", SPAN, WINDOW(deadline.encryption)),
	KEY("desk.*.deadline.investigation", "\"10 business days\"", SPAN,
		WINDOW(deadline.investigation)),
	KEY("desk.*.deadline.finder", "\"5 business days\"", SPAN, WINDOW(deadline.finder)),
	KEY("desk.*.deadline.vendor_receipt", "\"2 business days\"", SPAN,
		WINDOW(deadline.vendor_receipt)),
	KEY("desk.*.deadline.their_answer", "\"10 business days\"", SPAN,
		WINDOW(deadline.their_answer)),
	KEY("desk.*.deadline.warn_before", "\"3 business days\"", SPAN,
		WINDOW(deadline.warn_before)),

	KEY("coordinator.*.addresses", NULL, LIST(1, CONF_LIST_MAX, conf_address), WHO(addresses),
		.like = "[\"vuln-contact@ipa.go.jp\"]"),
	KEY("coordinator.*.number", "\"\"", .read = conf_number, .base = BASE_COORDINATOR),
	KEY("coordinator.*.keys", "[]", LIST(0, CONF_LIST_MAX, conf_fpr), WHO(keys)),
	KEY("coordinator.*.root_key", "\"\"", ITEM(0, conf_fpr), WHO(root_key)),
	KEY("coordinator.*.enquiries", "\"\"", ITEM(0, conf_address), WHO(enquiries)),
	KEY("coordinator.*.remediation", "\"3 months\"", SPAN, WHO(remediation)),
	KEY("coordinator.*.phrases", "\"\"", .read = conf_phrases, .base = BASE_COORDINATOR),
	KEY("coordinator.*.smime", "[]", LIST(0, CONF_LIST_MAX, conf_domain), WHO(smime)),

	KEY("form.*.from", NULL, LIST(1, CONF_LIST_MAX, conf_address), FORM(from),
		.like = "[\"www@example.co.jp\"]"),
	KEY("form.*.text_field", NULL, TEXT(1, 200), FORM(text_field),
		.like = "\"お問い合わせ内容\""),
	KEY("form.*.reply_field", "\"\"", TEXT(0, 200), FORM(reply_field)),
	KEY("form.*.only_if", "\"\"", TEXT(0, 200), FORM(only_if)),

	KEY("staff.*.address", NULL, ITEM(1, conf_address), STAFF(address),
		.like = "\"officer@example.co.jp\""),
	KEY("staff.*.role", NULL, WORD(role_words), STAFF(role),
		.like = "\"officer\""),
	KEY("staff.*.desks", "[]", LIST(0, CONF_DESKS_MAX, NULL), STAFF(desks)),
	KEY("staff.*.key", "\"\"", ITEM(0, conf_fpr), STAFF(key)),
	KEY("staff.*.language", "\"ja\"", WORD(language_words), STAFF(language)),
	KEY("staff.*.digest_at", "\"09:00\"", .read = conf_time, STAFF(digest_minute)),
	KEY("staff.*.digest_days", "\"business\"", EITHER(digest_words), STAFF(digest_every_day)),
	KEY("staff.*.alerts", "true", BOOL, STAFF(alerts)),
	KEY("staff.*.deputy", "\"\"", TEXT(0, 64), STAFF(deputy)),

	KEY("calendar.country", "\"JP\"", ITEM(0, NULL), .words = country_words, POLICY(country)),
	KEY("calendar.holidays", "\"\"", .read = conf_holidays, POLICY(holidays)),
	KEY("calendar.closed", "[\"12-29..01-03\"]", .read = conf_closed, POLICY(closed)),
	KEY("calendar.overrides", "\"\"", .read = conf_overrides, POLICY(overrides)),
};

const struct conf_key *
conf_keys(size_t *count_r)
{
	*count_r = sizeof(keys) / sizeof(keys[0]);
	return keys;
}
