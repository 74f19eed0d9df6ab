/*
 * What a letter to staff says of a mail and of days, in its reader's words: the params of an
 * outbox entry spell kinds as commands do and times as JSON does, whoever will read them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "flow/templates.h"
#include "rule/checklist.h"
#include "rule/facts.h"
#include "view/mailtext.h"
#include "view/spoken.h"

#include <string.h>

/* What is said, and where. */
struct speaking {
	struct arena *arena;
	const char *zone;
	enum language language;
};

static const char *
say_kind(const struct speaking *speaking, const char *word)
{
	enum mail_kind kind;

	return mail_kind_read(word, &kind) ? spoken_mail_kind(kind, speaking->language) : word;
}

static const char *
say_trust(const struct speaking *speaking, const char *word)
{
	for (int trust = 0; trust < TRUSTS; trust++) {
		if (text_equal(trust_name((enum trust)trust), word))
			return spoken_trust((enum trust)trust, speaking->language);
	}
	return word;
}

static const char *
say_time(const struct speaking *speaking, const char *word)
{
	int64_t at;

	return clock_parse(word, speaking->zone, &at)
		? spoken_time(speaking->arena, at, speaking->zone) : word;
}

static const char *
say_due(const struct speaking *speaking, const char *word)
{
	int64_t due;

	return clock_parse(word, speaking->zone, &due)
		? spoken_due(speaking->arena, due, speaking->zone, speaking->language) : word;
}

/* "acknowledge 2026-12-02T23:59:59+09:00"; what is due in an incident has a name of its own. */
static const char *
say_deadline(const struct speaking *speaking, const char *word)
{
	size_t len = strcspn(word, " ");
	struct record_deadline deadline = { .item = arena_strndup(speaking->arena, word, len) };

	if (deadline_kind_read(deadline.item, &deadline.kind))
		deadline.item = NULL;
	else if (incident_find(deadline.item) == NULL)
		return word;
	if (word[len] == '\0')
		return word;
	return arena_printf(speaking->arena, "%s%s%s", spoken_deadline(&deadline, speaking->language),
		speaking->language == LANGUAGE_EN ? ", " : "、", say_due(speaking, word + len + 1));
}

/* What can be done about it: by kind, so that the advice is one that helps. */
void
letter_deadline_values(struct arena *arena, const char *deadline,
	struct mailtext_value *values_r)
{
	size_t len = deadline != NULL ? strcspn(deadline, " ") : 0;
	enum template_value what = VALUE_TROUBLE;
	enum deadline_kind kind;

	if (len == 0)
		return;
	values_r[VALUE_DEADLINE_KIND].value = arena_strndup(arena, deadline, len);
	if (deadline_kind_read(values_r[VALUE_DEADLINE_KIND].value, &kind)) {
		if (kind == DEADLINE_REMEDIATION)
			what = VALUE_EXTENDS;
		else if (kind == DEADLINE_THEIR_ANSWER || kind == DEADLINE_VENDOR_RECEIPT)
			what = VALUE_THEY_OWE;
		else
			what = VALUE_WE_OWE;
	}
	values_r[what].value = "yes";
}

static const char *
say_doubt(const struct speaking *speaking, const char *word)
{
	for (int doubt = PROBLEM_DUE_WEEKDAY; doubt <= PROBLEM_DUE_BEYOND_CALENDAR; doubt++) {
		if (text_equal(problem_text((enum problem)doubt), word))
			return spoken_due_doubt((enum problem)doubt, speaking->language);
	}
	return word;
}

static const char *
say_reason(const struct speaking *speaking, const char *word)
{
	return spoken_held_why(word, speaking->language);
}

static const struct {
	const char *name;
	const char *(*say)(const struct speaking *speaking, const char *word);
} sayings[] = {
	{ "kind", say_kind },
	{ "trust", say_trust },
	{ "received_at", say_time },
	{ "since", say_time },
	{ "ends", say_time },
	{ "requested", say_due },
	{ "deadline", say_deadline },
	{ "doubt", say_doubt },
	{ "reason", say_reason },
};

const char *
letter_spoken(struct arena *arena, const char *zone, enum language language, const char *name,
	const char *value)
{
	struct speaking speaking = { arena, zone, language };

	for (size_t i = 0; value != NULL && i < sizeof(sayings) / sizeof(sayings[0]); i++) {
		if (text_equal(sayings[i].name, name))
			return sayings[i].say(&speaking, value);
	}
	return value;
}
