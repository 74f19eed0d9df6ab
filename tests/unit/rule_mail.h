/*
 * A desk to judge mail for, and mail read the way the reader reads it. Shared by
 * the tests of rule/observe and rule/stage.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_RULE_MAIL_H
#define UNIT_RULE_MAIL_H

#include "mail/message.h"
#include "rule.h"
#include "rule/facts.h"
#include "rule/observe.h"

#include <string.h>

#define RULE_ARENA_CAP ((size_t)64 * 1024 * 1024)

#define RULE_LIST(list) { sizeof(list) / sizeof((list)[0]), list }

enum { IPA, JPCERT };

/* One desk with three sites, two coordinators of which one has a phrase book, two forms. */
static inline struct policy *
rule_policy(struct arena *arena)
{
	static const char *sites[] = {
		"https://www.example.co.jp/", "https://shop.example.jp/store/",
		"https://staging.example.co.jp:8443/",
	};
	static const char *ids[] = { "mx.example.co.jp" };
	static const char *ipa[] = { "vuln-contact@ipa.go.jp" };
	static const char *jpcert[] = { "vuls@jpcert.or.jp" };
	static const char *mailer[] = { "www@example.co.jp" };
	static const char *mailers[] = { "form@example.co.jp", "form2@example.co.jp" };
	static struct policy_desk desk = {
		.title = "www", .name = "窓口", .address = "security@example.co.jp",
		.sites = RULE_LIST(sites), .authserv_ids = RULE_LIST(ids),
	};
	static struct policy_coordinator coordinators[] = {
		{ .name = "IPA", .addresses = RULE_LIST(ipa), .enquiries = "" },
		{ .name = "JPCERT", .addresses = RULE_LIST(jpcert), .enquiries = "" },
	};
	static struct policy_form forms[] = {
		{ .title = "contact", .from = RULE_LIST(mailer), .text_field = "お問い合わせ内容",
			.reply_field = "メールアドレス",
			.only_if = "セキュリティ上の問題について" },
		{ .title = "all", .from = RULE_LIST(mailers), .text_field = "Message",
			.reply_field = "E-mail", .only_if = "" },
	};
	static struct policy policy = {
		.desks = &desk, .desk_count = 1,
		.coordinators = coordinators, .coordinator_count = 2,
		.forms = forms, .form_count = 2, .country = "JP",
	};

	coordinators[IPA].pattern = rule_pattern(arena, "IPA#([0-9]{8})");
	coordinators[IPA].phrases = rule_book(arena);
	coordinators[JPCERT].pattern = rule_pattern(arena, "JPCERT#([0-9]{8})");
	return &policy;
}

static inline void
rule_policy_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->coordinator_count; i++)
		rule_pattern_free((struct policy_coordinator *)&policy->coordinators[i]);
}

/* A message from its From, Subject and body, all in UTF-8. */
static inline struct message *
rule_message(struct arena *arena, const char *from, const char *subject, const char *body)
{
	struct message *message = arena_alloc(arena, sizeof(*message));
	char *raw = arena_printf(arena,
		"From: %s\nTo: security@example.co.jp\nSubject: %s\nMessage-ID: <1@test.example>\n"
		"Date: Mon, 02 Nov 2026 10:00:00 +0900\nMIME-Version: 1.0\n"
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s",
		from, subject, body);

	message_read(arena, raw, strlen(raw), NULL, message);
	return message;
}

#endif
