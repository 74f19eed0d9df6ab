/*
 * Reads what form mailers write: a label, a colon or bracket, a value, one below
 * the other. Labels match in every spelling that rule/fold.c knows (お問い合わせ,
 * お問合せ) and with every decoration that mailers put around them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/form.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/message.h"
#include "rule/fold.h"
#include "rule/phrase.h"
#include "rule/policy.h"

#include <string.h>

#define LABEL_MAX 160	/* bytes of a line in which a label must end */
#define LABEL_PARTS 6	/* words of a line of which a label may consist */
#define LABEL_LINES 4000	/* lines of a text that are looked at */
#define VALUE_LINES 3	/* empty lines between a label and its value */

/* What may part a label from its value. */
static const char *const parters[] = {
	":", "：", "=", "＝", "\t", "】", "]", "］", "」", "』", "〕", "》", ">", "＞", "　",
	"|", "｜", " ",
};

/* What may stand behind a label and is no part of it, as folded. */
static const char *const trailers[] = {
	"必須", "任意", "required", ")", "(", "]", "】", "」", "』", "〕", "》", "*", "※", ":",
	"=", "-", ">", "|", " ",
};

static bool
is_decoration(const char *at)
{
	while (*at != '\0') {
		const char *here = at;

		for (size_t i = 0; i < sizeof(trailers) / sizeof(trailers[0]) && at == here; i++) {
			if (text_starts(at, trailers[i]))
				at += strlen(trailers[i]);
		}
		if (at == here)
			return false;
	}
	return true;
}

/* Whether the len bytes are the label (folded), decorated or not. */
static bool
is_label(struct arena *arena, const char *at, size_t len, const char *label)
{
	struct fold fold;
	const char *found;

	fold_make(arena, arena_strndup(arena, at, len), &fold);
	found = strstr(fold.text, label);
	return found != NULL && fold.line[found - fold.text] &&
		is_decoration(found + strlen(label));
}

static size_t
parter_at(const char *at)
{
	for (size_t i = 0; i < sizeof(parters) / sizeof(parters[0]); i++) {
		if (text_starts(at, parters[i]))
			return strlen(parters[i]);
	}
	return 0;
}

/* Where the value begins on the line, if it begins with the label; NULL if it does not. */
static const char *
line_value(struct arena *arena, const char *line, size_t len, const char *label)
{
	size_t most = len < LABEL_MAX ? len : LABEL_MAX;
	int tries = 0;

	if (len <= LABEL_MAX && is_label(arena, line, len, label))
		return line + len;
	for (size_t i = 1; i < most; i++) {
		size_t parter = parter_at(line + i);

		if (parter == 0)
			continue;
		if (tries++ == LABEL_PARTS)
			break;
		if (!is_label(arena, line, i, label))
			continue;
		for (i += parter; i < len && (parter = parter_at(line + i)) > 0; i += parter)
			;
		return line + i;
	}
	return NULL;
}

/* Where the value of that label begins in the text; NULL when no line has the label. */
static const char *
value_find(struct arena *arena, const char *text, const char *label)
{
	const char *folded = phrase_match_copy(arena, label);
	struct fold whole;

	if (folded[0] == '\0')
		return NULL;
	/* Most texts lack the label altogether: one look tells. */
	fold_make(arena, text, &whole);
	if (strstr(whole.text, folded) == NULL)
		return NULL;
	for (size_t at = 0, lines = 0; text[at] != '\0' && lines < LABEL_LINES; lines++) {
		size_t len = strcspn(text + at, "\n");
		const char *value = len > 0 ? line_value(arena, text + at, len, folded) : NULL;

		if (value != NULL)
			return value;
		at += len + (text[at + len] == '\n');
	}
	return NULL;
}

static bool
is_from(const struct policy_form *form, const struct message *message)
{
	if (message->from_count != 1 || message->from[0].addr[0] == '\0')
		return false;
	for (size_t i = 0; i < form->from.count; i++) {
		if (address_equal(form->from.at[i], message->from[0].addr))
			return true;
	}
	return false;
}

int
form_find(struct arena *arena, const struct policy *policy, const struct message *message)
{
	int first = -1;

	for (size_t i = 0; i < policy->form_count; i++) {
		if (!is_from(&policy->forms[i], message))
			continue;
		if (form_chosen(arena, &policy->forms[i], message))
			return (int)i;
		if (first < 0)
			first = (int)i;
	}
	return first;
}

bool
form_chosen(struct arena *arena, const struct policy_form *form, const struct message *message)
{
	const char *wanted;

	if (form->only_if == NULL || form->only_if[0] == '\0')
		return true;
	wanted = phrase_match_copy(arena, form->only_if);
	return strstr(phrase_match_copy(arena, message->text), wanted) != NULL ||
		strstr(phrase_match_copy(arena, message->subject), wanted) != NULL;
}

const char *
form_text(struct arena *arena, const struct policy_form *form, const struct message *message)
{
	const char *value = NULL;

	if (form->text_field != NULL)
		value = value_find(arena, message->text, form->text_field);
	return value != NULL ? value : message->text;
}

const char *
form_reply(struct arena *arena, const struct policy_form *form, const struct message *message)
{
	const char *value = NULL;
	char *address;

	if (form->reply_field != NULL)
		value = value_find(arena, message->text, form->reply_field);
	if (value == NULL)
		return NULL;
	for (int lines = 0; *value == '\n' && lines <= VALUE_LINES; lines++)
		value++;
	value += strspn(value, " \t<");
	if (text_starts_ci(value, "mailto:"))
		value += strlen("mailto:");
	address = utf8_nfkc(arena, arena_strndup(arena, value, strcspn(value, " \t\r\n<>()[],;")));
	return address_valid(address) ? address : NULL;
}
