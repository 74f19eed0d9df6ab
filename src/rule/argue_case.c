/*
 * The argument on the case and on what followed: by what the mail joined it,
 * what spoke against that, the answer and the deadlines.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/argue.h"

#include "base/clock.h"
#include "base/text.h"
#include "rule/policy.h"

#include <string.h>

static size_t
bounded(size_t count)
{
	return count < DECIDE_CASES ? count : DECIDE_CASES;
}

static const struct decide_case *
listed(const struct decide_case *list, size_t count, int64_t id)
{
	for (size_t i = 0; i < bounded(count); i++) {
		if (list[i].id == id)
			return &list[i];
	}
	return NULL;
}

/* The case as one of the mail's own numbers led to it, NULL when none did. */
static const struct decide_case *
by_own_number(const struct argument *argument, int64_t id)
{
	const struct decide_known *known = argument->known;
	const struct decide_first *first = &argument->decision->first;

	for (size_t i = 0; i < bounded(known->by_number_count); i++) {
		const struct decide_case *at = &known->by_number[i];

		for (size_t k = 0; k < argument->own_numbers && at->id == id; k++) {
			if (text_equal(first->numbers.hit[k].number, at->number))
				return at;
		}
	}
	return NULL;
}

/* --- joined --- */

static void
say_joined(const struct argument *argument, struct text *text)
{
	const struct decide_known *known = argument->known;
	int64_t id = argument->decision->thread.join;
	const struct decide_case *number = by_own_number(argument, id);
	bool referred = listed(known->by_reference, known->by_reference_count, id) != NULL;

	text_addf(text, "case: joins case %lld: ", (long long)id);
	if (known->put == id)
		text_add(text, "a person put it there");
	else if (known->bounced_case == id && argument->decision->thread.row == ROW_BOUNCE)
		text_add(text, "the letter that came back was one of its own");
	else if (number != NULL)
		text_addf(text, "its number %s is %s that case%s", number->number,
			number->number_bound ? "bound to" : "claimed by",
			referred ? ", and its References lead there too" : "");
	else if (referred)
		text_add(text, "its References lead to mail of that case");
	else if (known->in == id)
		text_add(text, "it was there already");
	else if (listed(known->by_site, known->by_site_count, id) != NULL)
		text_add(text, "the only open case of that coordinator without a number that is "
			"about this site");
	else
		text_add(text, "a number in what it quotes is that case's");
	text_add(text, "\n");
}

/* --- a new one --- */

static const char *
why_new(const struct argument *argument)
{
	const struct decision *decision = argument->decision;

	if (decision->thread.row == ROW_SUSPECT)
		return "what is not believed joins none";
	if (decision->thread.row == ROW_FORM)
		return "nothing is joined through a web form";
	if (argument->own_numbers > 0)
		return "no case here has its number bound to it";
	return decision->thread.site_doubt ? "the site could mean several"
					   : "neither number, References nor site lead to one";
}

static void
say_unfiled(const struct argument *argument, struct text *text)
{
	int64_t beside = argument->decision->thread.shown_beside;

	text_add(text, "case: belongs to none: who wrote it takes part in none");
	if (beside != 0)
		text_addf(text, "; shown beside case %lld, of which it speaks", (long long)beside);
	text_add(text, "\n");
}

/* --- against --- */

static void
say_cases(const char *before, const int64_t *ids, size_t count, const char *behind, struct text *text)
{
	if (count == 0)
		return;
	text_addf(text, "%scase%s ", before, count > 1 ? "s" : "");
	for (size_t i = 0; i < count; i++)
		text_addf(text, "%s%lld", i > 0 ? ", " : "", (long long)ids[i]);
	text_add(text, behind);
}

static void
argue_against(const struct argument *argument, struct text *text)
{
	const struct decide_known *known = argument->known;
	const struct decision *decision = argument->decision;
	int64_t elsewhere[DECIDE_CASES];
	size_t count = 0;

	for (size_t i = 0; i < bounded(known->by_reference_count); i++) {
		if (known->by_reference[i].id != decision->thread.join)
			elsewhere[count++] = known->by_reference[i].id;
	}
	say_cases("against: its References lead to ", elsewhere, count,
		decision->first.use_references ? "; its number was followed\n"
					       : "; of such a mail they count for nothing\n", text);
	say_cases("against: its number is named by ", decision->thread.beside,
		decision->thread.beside_count, " too, and they stay apart until a person merges them\n",
		text);
	if (decision->thread.site_doubt)
		text_add(text, "against: several open cases are about its site\n");
	if (decision->first.number_unsigned)
		text_add(text, "against: a number stands only outside the signed part, and counts "
			"for nothing\n");
}

void
argue_case(const struct argument *argument, struct text *text)
{
	switch (argument->decision->thread.place) {
	case PLACE_JOIN:
		say_joined(argument, text);
		break;
	case PLACE_NEW:
		text_addf(text, "case: opens a new case: %s\n", why_new(argument));
		break;
	case PLACE_UNFILED:
		say_unfiled(argument, text);
		break;
	default:
		text_add(text, "case: belongs to none\n");
	}
	argue_against(argument, text);
}

/* --- what followed --- */

static void
argue_deadlines(const struct argument *argument, struct text *text)
{
	const struct decision *decision = argument->decision;
	const char *zone = argument->policy->desks[argument->desk].time_zone;

	for (size_t i = 0; decision->opens_deadlines && i < decision->open_count; i++) {
		struct clock_civil civil;

		clock_civil(decision->opens[i].due, zone, &civil);
		text_addf(text, "deadline: %s, due %04d-%02d-%02d %02d:%02d, %s [RULES 2]\n",
			deadline_kind_name(decision->opens[i].kind), civil.year, civil.month,
			civil.day, civil.hour, civil.minute,
			decision->opens[i].source == SOURCE_MAIL
				? "asked for in its text"
				: "counted from when the mail was received");
	}
	if (!decision->opens_deadlines || decision->open_count == 0)
		text_add(text, "deadline: none\n");
}

void
argue_outcome(const struct argument *argument, struct text *text)
{
	const struct decision *decision = argument->decision;

	text_add(text, "answer: ");
	if (decision->answer == KIND_OWN)
		text_add(text, "none");
	else
		text_addf(text, "%s%s%s, %s", mail_kind_name(decision->answer),
			decision->answer_stage != STAGE_NONE ? " of stage " : "",
			decision->answer_stage != STAGE_NONE ? stage_name(decision->answer_stage) : "",
			outbox_state_name(decision->answer_state));
	text_addf(text, ": %s [RULES 2, %s]\n", answer_why_text(decision->answer_why),
		decide_row_name(decision->thread.row));
	argue_deadlines(argument, text);
}
