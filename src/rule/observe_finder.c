/*
 * A layer's facts about a finder's report: its words, the signs round it and what
 * was learned of letters, put together by rule/finder_settle.c. Of a sealed text
 * nothing comes out but what it was taken for.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/observe_part.h"

#include "mail/address.h"
#include "mail/message.h"
#include "rule/facts.h"
#include "rule/finder_letter.h"
#include "rule/policy.h"
#include "rule/told.h"
#include "rule/words.h"

#include <string.h>

#define HOST_MAX 253		/* bytes of a host name */

/* Whether the text names the window's domain, or a host below it, other than as a mail address. */
static bool
names_domain(const struct observe_reading *reading)
{
	const char *domain = address_domain(reading->policy->desks[reading->desk].address);
	const char *text = reading->own != NULL ? phrase_text_copy(reading->own) : "";
	const char *at = domain[0] != '\0' ? strstr(text, domain) : NULL;

	for (; at != NULL; at = strstr(at + 1, domain)) {
		const char *word = at;

		while (word > text && at - word < HOST_MAX &&
			(words_byte(word[-1]) || word[-1] == '.' || word[-1] == '-'))
			word--;
		if ((word == text || word[-1] != '@') && (word == at || at[-1] == '.') &&
			!words_byte(at[strlen(domain)]))
			return true;
	}
	return false;
}

/* A first mail may pass on what somebody else wrote; in an answer that is what was answered. */
void
observe_letter(const struct observe_reading *reading, bool sealed, const struct facts_layer *layer,
	struct finder_letter *letter_r)
{
	const struct message *message = reading->message;
	struct finder_setting setting = {
		.site = layer->sites != 0 || names_domain(reading),
		.sealed = sealed,
		.answer = message->reference_count > 0 || observe_is_answer(message->subject),
	};

	setting.elsewhere = !setting.site && layer->foreign_urls > 0;
	finder_setting_read(message, &setting);
	finder_judge(reading->own, setting.site, &letter_r->words);
	setting.trade = letter_r->words.trade;
	finder_weigh(reading->own, message->reference_count == 0 ? reading->quoted : NULL, &setting,
		&letter_r->balance);
	letter_r->text = reading->own;
	letter_r->sealed = sealed;
}

/*
 * What he tells of others is a sealed text's content, so of a sealed report it is
 * not told: then he is asked.
 */
void
observe_finder(const struct observe_reading *reading, bool sealed, struct facts_layer *layer)
{
	struct finder_letter letter;
	struct finder_verdict quoted;
	enum finder_sense sense;
	struct told told;
	int score;

	observe_letter(reading, sealed, layer, &letter);
	sense = finder_settle(&letter, &score);
	finder_judge(reading->quoted, false, &quoted);
	layer->finder_words = sense == FINDER_REPORT;
	layer->finder_weak = sense == FINDER_WEAK;
	layer->finder_doubt = sense == FINDER_DOUBTFUL ||
		(sense == FINDER_NOTHING && reading->message->abuse_report);
	layer->finder_notice = reading->message->abuse_report || finder_is_notice(&letter);
	layer->finder_score = sealed ? 0 : score;
	layer->finder_signs = sealed ? 0 : letter.balance.signs;
	layer->finder_quoted = quoted.report;
	layer->vulnerability_words = letter.words.kind;
	layer->bulk_words = letter.words.bulk;
	if (sealed)
		return;
	told_find(reading->own, &told);
	layer->told_reported = told.reported;
	layer->told_publication = told.publication;
}
