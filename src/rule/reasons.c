/*
 * Reads the lines of `message why` that tell of numbers and sites. Knows no
 * message and no case: only the form of these lines.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/reasons.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

static const char *
next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end != NULL ? end + 1 : line + strlen(line);
}

/* What follows `before` and `word` in that line; NULL when it begins otherwise. */
static const char *
behind(const char *line, const char *before, const char *word)
{
	if (!text_starts(line, before))
		return NULL;
	line += strlen(before);
	return text_starts(line, word) ? line + strlen(word) : NULL;
}

bool
reasons_name_number(const char *why, const char *number, bool own)
{
	for (const char *line = why; line != NULL && *line != '\0'; line = next_line(line)) {
		const char *rest = behind(line, "number: ", number);

		if (rest != NULL && text_starts(rest, " in the ") &&
		    !(own && text_starts(rest, " in the " REASONS_QUOTED)))
			return true;
	}
	return false;
}

bool
reasons_name_site(const char *why, const char *site)
{
	for (const char *line = why; line != NULL && *line != '\0'; line = next_line(line)) {
		const char *rest = behind(line, "site: ", site);

		if (rest != NULL && (*rest == '\n' || *rest == '\0'))
			return true;
	}
	return false;
}
