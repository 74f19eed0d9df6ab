/*
 * Reads a span as the conf writes it: "3 business days", "2 weeks". What it
 * means on a calendar is calendar.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/calendar.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

#define SPAN_DIGITS 4
#define SPAN_LONGEST 3650

struct unit_word {
	const char *word;
	enum span_unit unit;
	int times;
};

static const struct unit_word unit_words[] = {
	{ "day", SPAN_DAYS, 1 },
	{ "week", SPAN_DAYS, 7 },
	{ "month", SPAN_MONTHS, 1 },
	{ "business day", SPAN_BUSINESS_DAYS, 1 },
};

/* The word itself or with an s: "1 days" is no mistake worth refusing. */
static bool
word_is(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 && (text[len] == '\0' || text_equal(text + len, "s"));
}

bool
span_read(const char *text, struct span *span_r)
{
	char digits[SPAN_DIGITS + 1] = "";
	size_t len = text != NULL ? strspn(text, "0123456789") : 0;
	int64_t count;

	if (len == 0 || len > SPAN_DIGITS || text[len] != ' ')
		return false;
	memcpy(digits, text, len);
	if (!text_number(digits, 0, SPAN_LONGEST, &count))
		return false;
	for (size_t i = 0; i < sizeof(unit_words) / sizeof(unit_words[0]); i++) {
		const struct unit_word *unit = &unit_words[i];

		if (!word_is(text + len + 1, unit->word) || count * unit->times > SPAN_LONGEST)
			continue;
		*span_r = (struct span){ (int)count * unit->times, unit->unit };
		return true;
	}
	return false;
}
