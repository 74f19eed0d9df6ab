/*
 * Which mails may be handed over. What nobody believes, or could not read whole,
 * stays here: a person looks at it first. Knows no keys and no addressees.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/hand_over.h"

#include "rule/facts.h"

#include <string.h>

/* Whether one of the lines is that problem. */
static bool
has_problem(const char *lines, enum problem problem)
{
	const char *word = problem_text(problem);
	size_t len = strlen(word);

	for (const char *line = lines; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strcspn(line, "\n") == len && strncmp(line, word, len) == 0)
			return true;
	}
	return false;
}

const char *
hand_over_refused(const struct record_message *message)
{
	if (message->direction != DIRECTION_IN)
		return "it is one that went out";
	if (message->trust == TRUST_SUSPECT)
		return "it is suspect: say with message trust that it is genuine, first";
	if (message->kind == KIND_UNREADABLE)
		return "it could not be read";
	if (!message->has_raw)
		return "nothing but its header fields is kept";
	/* One block of several would pass for the whole. */
	if (has_problem(message->problems, PROBLEM_SEVERAL_BLOCKS))
		return "it holds several OpenPGP blocks, which are not opened together";
	return NULL;
}

const struct record_message *
hand_over_choose(const struct record_message *list, size_t count)
{
	const struct record_message *chosen = NULL;

	for (size_t i = 0; i < count; i++) {
		bool details = list[i].kind == KIND_DETAILS;

		if (hand_over_refused(&list[i]) == NULL &&
			(chosen == NULL || details || chosen->kind != KIND_DETAILS))
			chosen = &list[i];
	}
	return chosen;
}

bool
hand_over_by_alert(enum alert_kind kind)
{
	return hand_over_ticks(kind) || kind == ALERT_CORRESPONDENCE || kind == ALERT_PASS_ON;
}

bool
hand_over_ticks(enum alert_kind kind)
{
	return kind == ALERT_NEW_CASE || kind == ALERT_DETAILS || kind == ALERT_FORM ||
		kind == ALERT_FINDER;
}
